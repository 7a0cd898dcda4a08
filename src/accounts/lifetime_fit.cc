// The fits of lifetime_value.h.

#include <algorithm>
#include <array>
#include <cstddef>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fivek/accounts/lifetime_value.h"
#include "fivek/base/real.h"
#include "fivek/base/reason.h"
#include "fivek/base/special.h"
#include "src/accounts/lifetime_checks.h"
#include "src/accounts/newton.h"
#include "src/base/logit.h"

namespace fivek {
namespace {

constexpr double kMostFitted = 1e5;  // And the least is one by this.

// What is the same for all customers with as many purchases.
struct Group {
  double x;
  double customers;
};

absl::Status RefuseLengths(size_t n, size_t first, const char* name,
                           size_t second) {
  return Refuse(
      Reason::kValueRange,
      absl::StrCat(name, " has ", std::min(first, second), " rows of ", n,
                   "; allowed: one for each frequency"));
}

absl::Status RefuseRunaway(const char* parameter, double value) {
  return Refuse(Reason::kNoHistory,
                absl::StrCat("no parameters are the best: ", parameter,
                             " runs to ", value >= 1.0 ? "infinity" : "0",
                             ", as these histories cannot tell"));
}

FittedParameter Fitted(double value, double log_error) {
  constexpr double kZ95 = 1.959963984540054;
  const double factor = Exp(kZ95 * log_error);
  return {value, value * log_error, value / factor, value * factor};
}

// ---- BG/NBD -----------------------------------------------------------------

// Equal histories are one, with a count; by frequency, recency, age. Times are
// in units of the geometric mean of ages, which no single customer decides.
struct Pattern {
  double x, recency, age, customers;
};

class BgNbdLikelihood {
 public:
  // Takes histories that are in order.
  BgNbdLikelihood(const std::vector<BuyerHistory>& histories, double unit) {
    const BuyerHistory* before = nullptr;
    for (const BuyerHistory& h : histories) {
      const auto x = static_cast<double>(h.frequency);
      if (before == nullptr || before->frequency != h.frequency) {
        groups_.push_back({x, 0.0});
      }
      groups_.back().customers += 1.0;
      if (before == nullptr || before->frequency != h.frequency ||
          before->recency != h.recency || before->age != h.age) {
        patterns_.push_back({x, h.recency / unit, h.age / unit, 0.0});
      }
      patterns_.back().customers += 1.0;
      before = &h;
    }
  }

  Derivatives<4> operator()(const std::array<double, 4>& at) const {
    const double r = at[0];
    const double alpha = at[1];
    const double a = at[2];
    const double b = at[3];
    Derivatives<4> d;
    for (const Group& g : groups_) {
      const double n = g.customers;
      const double stays = Trigamma(a + b) - Trigamma(a + b + g.x);
      const double leaves = DigammaRise(a + b, g.x);
      d.AddValue(n * (LogGammaRise(r, g.x) + LogGammaRise(b, g.x) -
                      LogGammaRise(a + b, g.x)));
      d.AddFirst(0, n * DigammaRise(r, g.x));
      d.AddFirst(2, -n * leaves);
      d.AddFirst(3, n * (DigammaRise(b, g.x) - leaves));
      d.AddSecond(0, 0, n * (Trigamma(r + g.x) - Trigamma(r)));
      d.AddSecond(2, 2, n * stays);
      d.AddSecond(3, 2, n * stays);
      d.AddSecond(3, 3, n * (stays + Trigamma(b + g.x) - Trigamma(b)));
    }
    for (const Pattern& c : patterns_) AddPattern(c, r, alpha, a, b, &d);
    return d;
  }

 private:
  // The part that times are in: ln of two ways to have been silent since the
  // last purchase, alive and gone, the second weighing `gone`.
  static void AddPattern(const Pattern& c, double r, double alpha, double a,
                         double b, Derivatives<4>* d) {
    const double n = c.customers;
    const double rate = r + c.x;
    const double end = alpha + c.age;
    const double last = alpha + c.recency;
    const double since_first = Log1p(c.age / alpha);
    double gone = 0.0;
    double value = -r * since_first;
    if (c.x > 0.0) {
      const double chances = b + (c.x - 1.0);
      const double silence = Log1p((c.age - c.recency) / last);
      const double odds = Log(a / chances) + rate * silence;
      gone = Sigmoid(odds);
      value += SoftPlus(odds) - c.x * Log(end);
      // What the second way has more than the first.
      const double more[4] = {silence,
                              -rate * ((c.age - c.recency) / (last * end)),
                              1.0 / a, -1.0 / chances};
      const double spread = n * gone * (1.0 - gone);
      for (size_t i = 0; i < 4; ++i) {
        d->AddFirst(i, n * gone * more[i]);
        for (size_t j = 0; j <= i; ++j) {
          d->AddSecond(i, j, spread * more[i] * more[j]);
        }
      }
      d->AddSecond(2, 2, -n * gone * more[2] * more[2]);
      d->AddSecond(3, 3, n * gone * more[3] * more[3]);
    }
    d->AddValue(n * value);
    d->AddFirst(0, -n * since_first);
    d->AddFirst(1, n * (r * c.age - c.x * alpha) / (alpha * end));
    const double by_end = (1.0 - gone) / end;
    const double by_last = gone / last;
    d->AddSecond(1, 0, n * (1.0 / alpha - by_end - by_last));
    d->AddSecond(
        1, 1, n * (rate * (by_end / end + by_last / last) - r / alpha / alpha));
  }

  std::vector<Group> groups_;
  std::vector<Pattern> patterns_;
};

absl::StatusOr<std::vector<BuyerHistory>> HistoriesOf(
    const BuyerColumns& buyers) {
  const size_t n = buyers.frequency.size();
  if (buyers.recency.size() != n) {
    return RefuseLengths(n, buyers.recency.size(), "recency", n);
  }
  if (buyers.age.size() != n) {
    return RefuseLengths(n, buyers.age.size(), "age", n);
  }
  const auto at = [&](size_t i) {  // Without -0.
    return BuyerHistory{buyers.frequency[i], buyers.recency[i] + 0.0,
                        buyers.age[i] + 0.0};
  };
  for (size_t i = 0; i < n; ++i) {
    absl::Status allowed = CheckHistory(at(i), static_cast<int64_t>(i));
    if (!allowed.ok()) return allowed;
  }
  std::vector<BuyerHistory> histories;
  histories.reserve(n);
  for (size_t i = 0; i < n; ++i) histories.push_back(at(i));
  std::sort(histories.begin(), histories.end(),
            [](const BuyerHistory& a, const BuyerHistory& b) {
              return std::tie(a.frequency, a.recency, a.age) <
                     std::tie(b.frequency, b.recency, b.age);
            });
  return histories;
}

// ---- Gamma-gamma ------------------------------------------------------------

// x purchases of a mean of `mean`, in units of the geometric mean of all.
struct Spend {
  double x, mean, customers;
};

class GammaGammaLikelihood {
 public:
  // Takes spends that are in order, by x and mean.
  explicit GammaGammaLikelihood(std::vector<Spend> spends)
      : spends_(std::move(spends)) {
    for (const Spend& s : spends_) {
      if (groups_.empty() || groups_.back().x != s.x) {
        groups_.push_back({s.x, 0.0});
      }
      groups_.back().customers += s.customers;
    }
  }

  Derivatives<3> operator()(const std::array<double, 3>& at) const {
    const double p = at[0];
    const double q = at[1];
    const double v = at[2];
    Derivatives<3> d;
    for (const Group& g : groups_) {
      const double n = g.customers;
      const double px = p * g.x;
      const double of_sum = Trigamma(px + q);
      d.AddValue(-n * LogBeta(px, q));
      d.AddFirst(0, n * g.x * DigammaRise(px, q));
      d.AddFirst(1, n * DigammaRise(q, px));
      d.AddSecond(0, 0, n * g.x * g.x * (of_sum - Trigamma(px)));
      d.AddSecond(1, 0, n * g.x * of_sum);
      d.AddSecond(1, 1, n * (of_sum - Trigamma(q)));
    }
    for (const Spend& s : spends_) {
      const double n = s.customers;
      const double total = s.x * s.mean;
      const double all = v + total;
      const double by_total = Log1p(v / total);
      const double by_v = Log1p(total / v);
      d.AddValue(-n * (q * by_v + p * s.x * by_total));
      d.AddFirst(0, -n * s.x * by_total);
      d.AddFirst(1, -n * by_v);
      d.AddFirst(2, n * (q * total - p * s.x * v) / (v * all));
      d.AddSecond(2, 0, -n * s.x / all);
      d.AddSecond(2, 1, n * (total / (v * all)));
      d.AddSecond(2, 2, n * ((p * s.x + q) / all / all - q / v / v));
    }
    return d;
  }

 private:
  std::vector<Group> groups_;
  std::vector<Spend> spends_;
};

absl::StatusOr<std::vector<Spend>> SpendsOf(const SpendColumns& buyers) {
  const size_t n = buyers.frequency.size();
  if (buyers.mean_value.size() != n) {
    return RefuseLengths(n, buyers.mean_value.size(), "mean_value", n);
  }
  std::vector<Spend> spends;
  for (size_t i = 0; i < n; ++i) {
    const absl::Status allowed = CheckSpend(
        buyers.frequency[i], buyers.mean_value[i], static_cast<int64_t>(i));
    if (!allowed.ok()) return allowed;
    if (buyers.frequency[i] == 0) continue;
    spends.push_back(
        {static_cast<double>(buyers.frequency[i]), buyers.mean_value[i], 1.0});
  }
  std::sort(spends.begin(), spends.end(), [](const Spend& a, const Spend& b) {
    return std::tie(a.x, a.mean) < std::tie(b.x, b.mean);
  });
  return spends;
}

// Equal ones become one, means by the unit.
std::vector<Spend> Compress(const std::vector<Spend>& spends, double unit) {
  std::vector<Spend> distinct;
  double before = 0.0;
  for (const Spend& s : spends) {
    if (distinct.empty() || distinct.back().x != s.x || before != s.mean) {
      distinct.push_back({s.x, s.mean / unit, 0.0});
      before = s.mean;
    }
    distinct.back().customers += 1.0;
  }
  return distinct;
}

// The start of a search with the largest value.
template <size_t kCount, size_t kStarts, typename Likelihood>
std::array<double, kCount> BestOf(
    const std::array<double, kCount> (&starts)[kStarts],
    const Likelihood& likelihood) {
  size_t best = 0;
  double most = 0.0;
  for (size_t i = 0; i < kStarts; ++i) {
    const double value = likelihood(starts[i]).value();
    if (i == 0 || value > most) {
      best = i;
      most = value;
    }
  }
  return starts[best];
}

}  // namespace

absl::StatusOr<BgNbdFit> FitBgNbd(const BuyerColumns& buyers) {
  absl::StatusOr<std::vector<BuyerHistory>> histories = HistoriesOf(buyers);
  if (!histories.ok()) return histories.status();
  BgNbdFit fit;
  RunningSum log_ages;
  double aged = 0.0;
  for (const BuyerHistory& h : *histories) {
    fit.quality.repeaters += h.frequency > 0 ? 1 : 0;
    if (h.age == 0.0) continue;
    log_ages.Add(Log(h.age));
    aged += 1.0;
  }
  fit.quality.customers = static_cast<int64_t>(histories->size());
  if (fit.quality.repeaters == 0) {
    return Refuse(Reason::kNoHistory,
                  absl::StrCat("frequency: none of ", fit.quality.customers,
                               " customers bought again, which says nothing "
                               "of how often they do"));
  }
  // Above 0, as who bought again has an age.
  const double unit = Exp(log_ages.Total() / aged);
  const BgNbdLikelihood likelihood(*histories, unit);
  constexpr std::array<double, 4> kStarts[] = {
      {0.3, 0.1, 0.8, 2.5}, {1.0, 0.3, 1.0, 1.0}, {1.0, 0.1, 0.3, 3.0},
      {3.0, 0.3, 0.1, 3.0}, {0.1, 1.0, 1.0, 3.0}, {10.0, 1.0, 1.0, 10.0}};
  const Maximum<4> best =
      Maximise<4>(BestOf(kStarts, likelihood), kMostFitted, likelihood);
  if (!best.found) {
    constexpr const char* kNames[] = {"r", "alpha", "a", "b"};
    return RefuseRunaway(kNames[best.farthest], best.at[best.farthest]);
  }
  fit.model = {best.at[0], best.at[1] * unit, best.at[2], best.at[3]};
  const absl::Status allowed = CheckModel(fit.model);
  if (!allowed.ok()) return allowed;
  fit.r = Fitted(fit.model.r, best.log_error[0]);
  fit.alpha = Fitted(fit.model.alpha, best.log_error[1]);
  fit.a = Fitted(fit.model.a, best.log_error[2]);
  fit.b = Fitted(fit.model.b, best.log_error[3]);
  fit.quality.gradient =
      best.gradient / static_cast<double>(fit.quality.customers);
  fit.quality.steps = best.steps;
  RunningSum sum;
  for (const BuyerHistory& h : *histories) {
    sum.Add(*LogLikelihoodOf(fit.model, h));
  }
  fit.quality.log_likelihood = sum.Total();
  return fit;
}

absl::StatusOr<GammaGammaFit> FitGammaGamma(const SpendColumns& buyers) {
  const absl::StatusOr<std::vector<Spend>> spends = SpendsOf(buyers);
  if (!spends.ok()) return spends.status();
  if (spends->empty()) {
    return Refuse(Reason::kNoHistory,
                  absl::StrCat("frequency: none of ", buyers.frequency.size(),
                               " customers bought again, so that no mean "
                               "value is known"));
  }
  const auto customers = static_cast<double>(spends->size());
  RunningSum log_means;
  for (const Spend& s : *spends) log_means.Add(Log(s.mean));
  const double unit = Exp(log_means.Total() / customers);
  const GammaGammaLikelihood likelihood(Compress(*spends, unit));
  constexpr std::array<double, 3> kStarts[] = {
      {6.0, 4.0, 0.5},  {1.0, 3.0, 2.0},   {3.0, 3.0, 1.0},
      {20.0, 5.0, 0.2}, {100.0, 5.0, 0.1}, {1.0, 20.0, 20.0}};
  const Maximum<3> best =
      Maximise<3>(BestOf(kStarts, likelihood), kMostFitted, likelihood);
  if (!best.found) {
    constexpr const char* kNames[] = {"p", "q", "v"};
    return RefuseRunaway(kNames[best.farthest], best.at[best.farthest]);
  }
  GammaGammaFit fit;
  fit.model = {best.at[0], best.at[1], best.at[2] * unit};
  const absl::Status allowed = CheckModel(fit.model);
  if (!allowed.ok()) return allowed;
  fit.p = Fitted(fit.model.p, best.log_error[0]);
  fit.q = Fitted(fit.model.q, best.log_error[1]);
  fit.v = Fitted(fit.model.v, best.log_error[2]);
  fit.quality.customers = static_cast<int64_t>(spends->size());
  fit.quality.repeaters = fit.quality.customers;
  fit.quality.gradient = best.gradient / customers;
  fit.quality.steps = best.steps;
  RunningSum sum;
  for (const Spend& s : *spends) {
    sum.Add(*LogLikelihoodOf(fit.model, static_cast<int64_t>(s.x), s.mean));
  }
  fit.quality.log_likelihood = sum.Total();
  return fit;
}

}  // namespace fivek
