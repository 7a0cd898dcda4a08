#include "fivek/history/logistic.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fivek/base/reason.h"
#include "src/base/cholesky.h"
#include "src/base/logit.h"

namespace fivek {
namespace {

constexpr double kLastStep = 1e-10;
constexpr int kMostNewtonSteps = 100;

// ---- Input ------------------------------------------------------------------

bool Within(double x, double limit) { return -limit <= x && x <= limit; }

absl::Status RefuseValue(const char* what, double value, const char* allowed,
                         size_t row, size_t column) {
  return Refuse(Reason::kValueRange,
                absl::StrCat(what, " ", value, "; allowed: ", allowed),
                {static_cast<int64_t>(row), static_cast<int32_t>(column)});
}

absl::Status Check(const LogisticRows& rows, const LogisticOptions& options) {
  const size_t n = rows.won.size();
  const size_t k = rows.columns;
  if (k > kMostFeatures) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat(k, " columns; allowed: ", kMostFeatures, " or fewer"));
  }
  if (!(options.l2 >= 0.0 && options.l2 <= kLargestWeight)) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("l2 ", options.l2, "; allowed: 0 to 1e9"));
  }
  const auto optional = [n](size_t size) { return size == 0 || size == n; };
  if (rows.features.size() != n * k || !optional(rows.offset.size()) ||
      !optional(rows.weight.size())) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat(rows.features.size(), " features, ", rows.offset.size(),
                     " offsets and ", rows.weight.size(), " weights of ", n,
                     " rows with ", k, " columns; allowed: one for each"));
  }
  bool some_won = false;
  bool some_lost = false;
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < k; ++j) {
      if (!Within(rows.features[i * k + j], kLargestFeature)) {
        return RefuseValue("feature", rows.features[i * k + j], "-1e6 to 1e6",
                           i, j);
      }
    }
    if (rows.won[i] > 1) {
      return RefuseValue("outcome", rows.won[i], "0 and 1", i, k);
    }
    if (!rows.offset.empty() && !Within(rows.offset[i], kLargestOffset)) {
      return RefuseValue("offset", rows.offset[i], "-50 to 50", i, k + 1);
    }
    if (!rows.weight.empty() &&
        !(rows.weight[i] >= kLeastWeight && rows.weight[i] <= kLargestWeight)) {
      return RefuseValue("weight", rows.weight[i], "1e-9 to 1e9", i, k + 2);
    }
    (rows.won[i] == 1 ? some_won : some_lost) = true;
  }
  if (!some_won || !some_lost) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("all of ", n, " rows are ",
                               some_won    ? "won"
                               : some_lost ? "lost"
                                           : "none",
                               "; allowed: some won and some lost"));
  }
  return absl::OkStatus();
}

// ---- Rows in their own order ------------------------------------------------

// Rows that differ in nothing but outcome are one, with two weights.
struct Points {
  size_t columns;         // The 1 of the intercept included.
  std::vector<double> x;  // By rows; the first is that 1.
  std::vector<double> offset, won, lost;

  size_t size() const { return offset.size(); }
};

Points PointsOf(const LogisticRows& rows) {
  const size_t n = rows.won.size();
  const size_t k = rows.columns;
  const auto offset = [&](size_t i) {
    return rows.offset.empty() ? 0.0 : rows.offset[i];
  };
  const auto weight = [&](size_t i) {
    return rows.weight.empty() ? 1.0 : rows.weight[i];
  };
  // -1, 0 or 1.
  const auto compare = [&](size_t a, size_t b) {
    const double* const of_a = rows.features.data() + a * k;
    const double* const of_b = rows.features.data() + b * k;
    for (size_t j = 0; j < k; ++j) {
      if (of_a[j] != of_b[j]) return of_a[j] < of_b[j] ? -1 : 1;
    }
    if (offset(a) != offset(b)) return offset(a) < offset(b) ? -1 : 1;
    return 0;
  };
  std::vector<size_t> order(n);
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    const int by_point = compare(a, b);
    if (by_point != 0) return by_point < 0;
    return std::make_pair(rows.won[a], weight(a)) <
           std::make_pair(rows.won[b], weight(b));
  });
  Points points;
  points.columns = k + 1;
  for (size_t i = 0; i < n; ++i) {
    const size_t row = order[i];
    if (i == 0 || compare(order[i - 1], row) != 0) {
      points.x.push_back(1.0);
      for (size_t j = 0; j < k; ++j) {
        points.x.push_back(rows.features[row * k + j] + 0.0);  // No -0.
      }
      points.offset.push_back(offset(row) + 0.0);
      points.won.push_back(0.0);
      points.lost.push_back(0.0);
    }
    (rows.won[row] == 1 ? points.won : points.lost).back() += weight(row);
  }
  return points;
}

// ---- The minimum ------------------------------------------------------------

class Fit {
 public:
  Fit(const Points& points, double l2)
      : points_(points), l2_(l2), beta_(points.columns), z_(points.size()) {}

  const std::vector<double>& beta() const { return beta_; }
  double objective() const { return objective_; }
  int steps() const { return steps_; }

  // Moves the coefficients that are `free` to where the objective is least.
  bool Minimise(const std::vector<size_t>& free) {
    objective_ = ObjectiveAt(beta_);
    for (int step = 0; step < kMostNewtonSteps; ++step, ++steps_) {
      const Cholesky hessian(HessianOf(free), free.size());
      if (!hessian.ok()) return false;
      const std::vector<double> gradient = Gradient();
      std::vector<double> move(free.size());
      for (size_t i = 0; i < free.size(); ++i) move[i] = gradient[free[i]];
      hessian.Solve(move.data());
      double largest = 0.0;
      for (const double m : move) largest = std::max(largest, std::abs(m));
      if (!(largest <= 1e12)) return false;
      // What is less than this is rounding.
      const double slack = 1e-13 * (1.0 + std::abs(objective_));
      std::vector<double> next;
      double at_next = 0.0;
      double length = 1.0;
      for (int halving = 0; halving < 60; ++halving) {
        next = beta_;
        for (size_t i = 0; i < free.size(); ++i) {
          next[free[i]] -= length * move[i];
        }
        at_next = ObjectiveAt(next);
        if (at_next <= objective_ + slack) break;
        length /= 2;
      }
      beta_ = std::move(next);
      objective_ = at_next;
      if (length * largest < kLastStep) return true;
    }
    return false;
  }

  // Of the objective, at where the last one was computed.
  std::vector<double> Gradient() const {
    const size_t k = points_.columns;
    std::vector<double> gradient(k);
    for (size_t i = 0; i < points_.size(); ++i) {
      const double p = Sigmoid(z_[i]);
      const double residual =
          points_.lost[i] * p - points_.won[i] * Sigmoid(-z_[i]);
      const double* const x = &points_.x[i * k];
      for (size_t j = 0; j < k; ++j) gradient[j] += residual * x[j];
    }
    for (size_t j = 1; j < k; ++j) gradient[j] += l2_ * beta_[j];
    return gradient;
  }

  std::vector<double> HessianOf(const std::vector<size_t>& free) const {
    const size_t k = points_.columns;
    const size_t m = free.size();
    std::vector<double> hessian(m * m);
    for (size_t i = 0; i < points_.size(); ++i) {
      const double curvature =
          (points_.won[i] + points_.lost[i]) * Sigmoid(z_[i]) * Sigmoid(-z_[i]);
      const double* const x = &points_.x[i * k];
      for (size_t a = 0; a < m; ++a) {
        const double scaled = curvature * x[free[a]];
        for (size_t b = 0; b <= a; ++b) {
          hessian[a * m + b] += scaled * x[free[b]];
        }
      }
    }
    for (size_t a = 0; a < m; ++a) {
      if (free[a] > 0) hessian[a * m + a] += l2_;
    }
    return hessian;
  }

  void MoveTo(std::vector<double> beta) {
    objective_ = ObjectiveAt(beta);
    beta_ = std::move(beta);
  }

 private:
  double ObjectiveAt(const std::vector<double>& beta) {
    const size_t k = points_.columns;
    double objective = 0.0;
    for (size_t i = 0; i < points_.size(); ++i) {
      const double* const x = &points_.x[i * k];
      double z = points_.offset[i];
      for (size_t j = 0; j < k; ++j) z += beta[j] * x[j];
      z_[i] = z;
      if (points_.won[i] > 0.0) objective += points_.won[i] * SoftPlus(-z);
      if (points_.lost[i] > 0.0) objective += points_.lost[i] * SoftPlus(z);
    }
    double squares = 0.0;
    for (size_t j = 1; j < k; ++j) squares += beta[j] * beta[j];
    return objective + l2_ / 2 * squares;
  }

  const Points& points_;
  double l2_;
  std::vector<double> beta_;
  std::vector<double> z_;
  double objective_ = 0.0;
  int steps_ = 0;
};

// Frees the weight that the objective falls fastest for, one at a time, and
// takes back those that would fall below 0 on the way. Each round ends lower
// than the one before, so no set of weights comes twice.
bool MinimiseNonNegative(Fit* fit, std::vector<size_t>* free) {
  const size_t k = fit->beta().size();
  if (!fit->Minimise(*free)) return false;
  for (size_t round = 0; round < 10 * k; ++round) {
    const std::vector<double> gradient = fit->Gradient();
    size_t steepest = 0;
    double slope = -1e-9 * (1.0 + std::abs(fit->objective()));
    for (size_t j = 1; j < k; ++j) {
      const bool is_free =
          std::find(free->begin(), free->end(), j) != free->end();
      if (!is_free && gradient[j] < slope) {
        slope = gradient[j];
        steepest = j;
      }
    }
    if (steepest == 0) return true;
    free->push_back(steepest);
    std::sort(free->begin(), free->end());
    while (true) {
      const std::vector<double> from = fit->beta();
      if (!fit->Minimise(*free)) return false;
      double length = 1.0;  // How far all stay 0 or above.
      for (const size_t j : *free) {
        if (j == 0 || fit->beta()[j] > 0.0) continue;
        const double fall = from[j] - fit->beta()[j];
        length = std::min(length, fall > 0.0 ? from[j] / fall : 0.0);
      }
      if (length == 1.0) {
        const bool none_below = std::none_of(
            free->begin(), free->end(),
            [&](size_t j) { return j > 0 && fit->beta()[j] <= 0.0; });
        if (none_below) break;
      }
      std::vector<double> at(k);
      std::vector<size_t> kept;
      for (const size_t j : *free) {
        const double to = fit->beta()[j];
        at[j] = from[j] + length * (to - from[j]);
        const bool at_bound =
            j > 0 && to <= 0.0 && (at[j] <= 1e-15 || length == 1.0);
        if (at_bound) {
          at[j] = 0.0;
        } else {
          kept.push_back(j);
        }
      }
      *free = std::move(kept);
      fit->MoveTo(std::move(at));
    }
  }
  return true;
}

}  // namespace

double LogisticModel::StandardError(size_t i) const {
  return std::sqrt(covariance[i * (weights.size() + 1) + i]);
}

double LogisticModel::LogOdds(absl::Span<const double> features) const {
  double z = intercept;
  for (size_t j = 0; j < weights.size(); ++j) z += weights[j] * features[j];
  return z;
}

double LogisticModel::Variance(absl::Span<const double> features) const {
  const size_t k = weights.size() + 1;
  const auto x = [&](size_t i) { return i == 0 ? 1.0 : features[i - 1]; };
  double variance = 0.0;
  for (size_t i = 0; i < k; ++i) {
    for (size_t j = 0; j < k; ++j) {
      variance += x(i) * covariance[i * k + j] * x(j);
    }
  }
  return std::max(variance, 0.0);
}

absl::StatusOr<LogisticModel> FitLogistic(const LogisticRows& rows,
                                          const LogisticOptions& options) {
  const absl::Status fits = Check(rows, options);
  if (!fits.ok()) return fits;
  const Points points = PointsOf(rows);
  const size_t k = points.columns;
  Fit fit(points, options.l2);
  std::vector<size_t> free = {0};
  bool found = false;
  if (options.non_negative) {
    found = MinimiseNonNegative(&fit, &free);
  } else {
    free.resize(k);
    std::iota(free.begin(), free.end(), size_t{0});
    found = fit.Minimise(free);
  }
  const size_t m = free.size();
  const Cholesky hessian(found ? fit.HessianOf(free) : std::vector<double>(1),
                         found ? m : 1);
  if (!found || !hessian.ok()) {
    return Refuse(Reason::kOverflow,
                  absl::StrCat("no minimum with l2 ", options.l2, " and ",
                               k - 1, " columns; a larger l2 has one"));
  }
  LogisticModel model;
  model.intercept = fit.beta()[0];
  model.weights.assign(fit.beta().begin() + 1, fit.beta().end());
  model.objective = fit.objective();
  model.steps = fit.steps();
  model.covariance.resize(k * k);
  for (size_t a = 0; a < m; ++a) {
    std::vector<double> column(m);
    column[a] = 1.0;
    hessian.Solve(column.data());
    for (size_t b = 0; b < m; ++b) {
      model.covariance[free[b] * k + free[a]] = column[b];
    }
  }
  return model;
}

}  // namespace fivek
