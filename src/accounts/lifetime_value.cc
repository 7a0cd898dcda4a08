#include "fivek/accounts/lifetime_value.h"

#include <algorithm>
#include <cmath>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fivek/base/real.h"
#include "fivek/base/reason.h"
#include "fivek/base/special.h"
#include "src/accounts/lifetime_checks.h"
#include "src/base/logit.h"
#include "src/base/not_finite.h"

namespace fivek {
namespace {

// ---- What is allowed --------------------------------------------------------

absl::Status CheckParameter(const char* name, double value, double most) {
  if (value >= kLeastParameter && value <= most) return absl::OkStatus();
  return Refuse(Reason::kValueRange,
                absl::StrCat(name, " ", value, "; allowed: ", kLeastParameter,
                             " to ", most));
}

absl::Status CheckTime(const char* name, double value) {
  if (value >= 0.0 && value <= kMostTime) return absl::OkStatus();
  return Refuse(Reason::kValueRange,
                absl::StrCat(name, " ", value, "; allowed: 0 to ", kMostTime));
}

// Row -1: of no table.
Where Cell(int64_t row, int32_t column) {
  return row < 0 ? Where{} : Where{row, column};
}

absl::Status CheckFrequency(int64_t frequency, int64_t row) {
  if (frequency >= 0 && frequency <= kMostFrequency) return absl::OkStatus();
  return Refuse(
      Reason::kValueRange,
      absl::StrCat("frequency ", frequency, "; allowed: 0 to ", kMostFrequency),
      Cell(row, 0));
}

}  // namespace

absl::Status CheckModel(const BgNbd& model) {
  absl::Status allowed = CheckParameter("r", model.r, kMostShape);
  if (allowed.ok()) allowed = CheckParameter("alpha", model.alpha, kMostScale);
  if (allowed.ok()) allowed = CheckParameter("a", model.a, kMostShape);
  if (allowed.ok()) allowed = CheckParameter("b", model.b, kMostShape);
  return allowed;
}

absl::Status CheckModel(const GammaGamma& model) {
  absl::Status allowed = CheckParameter("p", model.p, kMostShape);
  if (allowed.ok()) allowed = CheckParameter("q", model.q, kMostShape);
  if (allowed.ok()) allowed = CheckParameter("v", model.v, kMostScale);
  return allowed;
}

absl::Status CheckHistory(const BuyerHistory& history, int64_t row) {
  absl::Status allowed = CheckFrequency(history.frequency, row);
  if (!allowed.ok()) return allowed;
  allowed = CheckTime("age", history.age);
  if (!allowed.ok()) return AtRow(allowed, Cell(row, 2));
  const bool fits = history.frequency == 0 ? history.recency == 0.0
                                           : history.recency > 0.0 &&
                                                 history.recency <= history.age;
  if (fits) return absl::OkStatus();
  return Refuse(
      Reason::kValueRange,
      absl::StrCat("recency ", history.recency, "; allowed: ",
                   history.frequency == 0
                       ? "0 where frequency is 0"
                       : absl::StrCat("above 0, up to age ", history.age)),
      Cell(row, 1));
}

absl::Status CheckSpend(int64_t frequency, double mean_value, int64_t row) {
  absl::Status allowed = CheckFrequency(frequency, row);
  if (!allowed.ok() || frequency == 0) return allowed;
  if (mean_value >= kLeastMeanValue && mean_value <= kMostMeanValue) {
    return allowed;
  }
  return Refuse(Reason::kValueRange,
                absl::StrCat("mean_value ", mean_value, "; allowed: ",
                             kLeastMeanValue, " to ", kMostMeanValue),
                Cell(row, 1));
}

namespace {

// ---- Purchases to come ------------------------------------------------------

// 1 - e^-y, y >= 0, to a few ulp.
double OneMinusExp(double y) {
  if (y > 0.5) return 1.0 - Exp(-y);
  double term = y;
  double sum = y;
  for (int k = 2; k < 30; ++k) {
    term *= -y / k;
    sum += term;
    if (std::abs(term) <= 0x1p-55 * sum) break;
  }
  return sum;
}

// Of a customer who is alive: `rate` and 1 / tau are the shape and scale of his
// rate in units of the horizon, `leave` and `stay` those of the probability to
// leave, p. What is expected is E[(1 - (1 + p tau)^-rate) / p].
struct Alive {
  double rate, tau, leave, stay;
};

// By the number K of purchases that there would be if nobody left, which is
// negative binomial: sum of P(K = k) (m_0 + ... + m_(k-1)), m_j the probability
// to be there after j of them. The weights are scaled, so their sum divides.
double ExpectedBySeries(const Alive& c) {
  const double z = c.tau / (1.0 + c.tau);
  double weight = 1.0;  // (rate)_k z^k / k!
  double made = 0.0;    // m_0 + ... + m_(k-1)
  double there = 1.0;   // m_k
  double weights = 1.0;
  double sum = 0.0;
  double k = 0.0;
  while (true) {
    k += 1.0;
    weight *= (c.rate + k - 1.0) / k * z;
    made += there;
    there *= (c.stay + k - 1.0) / (c.leave + c.stay + k - 1.0);
    weights += weight;
    sum += weight * made;
    // What follows falls at least as a geometric series of this.
    const double ratio = std::max((c.rate + k) / (k + 1.0) * z, z);
    if (ratio < 1.0) {
      const double rest = weight * ratio / (1.0 - ratio);
      if (rest <= 0x1p-56 * weights &&
          rest * (made + there / (1.0 - ratio)) <= 0x1p-56 * sum) {
        return sum / weights;
      }
    }
    if (weight > 0x1p500) {
      weight *= 0x1p-500;
      weights *= 0x1p-500;
      sum *= 0x1p-500;
    }
  }
}

// By the trapezoid rule over u = ln(p / (1 - p)), where density and integrand
// are smooth on a strip of pi / 2 to both sides: its error falls as
// e^(-pi^2 / step). Sums of densities divide, as above. Where both have become
// geometric, what is left of them is added by formula.
class Quadrature {
 public:
  explicit Quadrature(const Alive& c)
      : c_(c),
        mode_(Log(c.leave / c.stay)),
        at_mode_(LogDensity(mode_)),
        step_(std::min(
            0.2, 0.6 * std::sqrt(Trigamma(c.leave) + Trigamma(c.stay)))) {}

  double Expected() {
    Add(mode_, 1.0);
    Go(-1.0);
    Go(1.0);
    return sum_ / weights_;
  }

 private:
  double LogDensity(double u) const {
    return -c_.leave * SoftPlus(-u) - c_.stay * SoftPlus(u);
  }
  // The purchases of who leaves with the probability of u.
  double ExpectedAt(double u) const {
    const double p = Sigmoid(u);
    if (p < 1e-290) return c_.rate * c_.tau;
    return OneMinusExp(c_.rate * Log1p(p * c_.tau)) / p;
  }
  void Add(double u, double weight) {
    weights_ += weight;
    sum_ += weight * ExpectedAt(u);
  }

  void Go(double direction) {
    const double near = direction < 0.0 ? c_.leave : c_.stay;
    const double far = direction < 0.0 ? c_.stay : c_.leave;
    const double steep =
        direction < 0.0 ? (c_.rate + 1.0) * c_.tau : c_.rate + 1.0;
    const double flat = Log(std::max({1.0, far, steep})) + 39.0;
    const double most = c_.rate * c_.tau;
    double before = 1.0;
    double i = 0.0;
    while (true) {
      i += 1.0;
      const double u = mode_ + direction * i * step_;
      const double weight = Exp(LogDensity(u) - at_mode_);
      Add(u, weight);
      if (direction * u >= flat) {
        // Each is e^(-near step) of the one before, and buys the same.
        const double fall = near * step_;
        const double rest = weight * Exp(-fall) / OneMinusExp(fall);
        weights_ += rest;
        sum_ += rest * ExpectedAt(u);
        return;
      }
      const double ratio = weight / before;
      before = weight;
      if (!(ratio < 1.0)) continue;
      const double rest = weight * ratio / (1.0 - ratio);
      const double by = direction < 0.0 ? most : ExpectedAt(u);
      if (rest <= 0x1p-58 * weights_ && rest * by <= 0x1p-58 * sum_) return;
    }
  }

  Alive c_;
  double mode_, at_mode_, step_;
  double weights_ = 0.0, sum_ = 0.0;
};

double ExpectedWhileAlive(const Alive& c) {
  if (c.tau == 0.0) return 0.0;
  constexpr double kMostTerms = 3000.0;
  const double mean = c.rate * c.tau;
  const double terms =
      mean + 10.0 * std::sqrt(mean * (1.0 + c.tau)) + 40.0 * (1.0 + c.tau);
  if (terms <= kMostTerms) return ExpectedBySeries(c);
  return Quadrature(c).Expected();
}

// Within E[X(t)] and E[Y(t)]: the shapes after `history`.
double ExpectedWhileAlive(const BgNbd& model, const BuyerHistory& history,
                          double horizon) {
  const auto x = static_cast<double>(history.frequency);
  return ExpectedWhileAlive({model.r + x, horizon / (model.alpha + history.age),
                             model.a, model.b + x});
}

// ln of the odds of having left after the last purchase.
double LogOddsOfLeft(const BgNbd& model, const BuyerHistory& history) {
  const auto x = static_cast<double>(history.frequency);
  const double silence = history.age - history.recency;
  return Log(model.a / (model.b + (x - 1.0))) +
         (model.r + x) * Log1p(silence / (model.alpha + history.recency));
}

double AliveOf(const BgNbd& model, const BuyerHistory& history) {
  if (history.frequency == 0) return 1.0;
  return Sigmoid(-LogOddsOfLeft(model, history));
}

absl::Status CheckOptions(const LifetimeOptions& options) {
  if (options.months < 1 || options.months > kMostMonths) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("months ", options.months, "; allowed: 1 to ",
                               kMostMonths));
  }
  if (!(options.monthly_discount >= 0.0 && options.monthly_discount <= 1.0)) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("monthly_discount ", options.monthly_discount,
                               "; allowed: 0 to 1"));
  }
  const double most = kMostTime / kMostMonths;
  if (!(options.month > 0.0 && options.month <= most)) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat("month ", options.month, "; allowed: above 0, to ", most));
  }
  return absl::OkStatus();
}

}  // namespace

// ---- Likelihoods ------------------------------------------------------------

absl::StatusOr<double> LogLikelihoodOf(const BgNbd& model,
                                       const BuyerHistory& history) {
  absl::Status allowed = CheckModel(model);
  if (allowed.ok()) allowed = CheckHistory(history, -1);
  if (!allowed.ok()) return allowed;
  const auto x = static_cast<double>(history.frequency);
  const double never_left = -model.r * Log1p(history.age / model.alpha) -
                            x * Log(model.alpha + history.age);
  if (history.frequency == 0) return never_left;
  return LogGammaRise(model.r, x) + LogGammaRise(model.b, x) -
         LogGammaRise(model.a + model.b, x) + never_left +
         SoftPlus(LogOddsOfLeft(model, history));
}

absl::StatusOr<double> LogLikelihoodOf(const GammaGamma& model,
                                       int64_t frequency, double mean_value) {
  absl::Status allowed = CheckModel(model);
  if (allowed.ok()) allowed = CheckSpend(frequency, mean_value, -1);
  if (!allowed.ok()) return allowed;
  if (frequency == 0) {
    return Refuse(Reason::kValueRange,
                  "frequency 0; allowed: 1 or more, as there is no mean");
  }
  const auto x = static_cast<double>(frequency);
  const double total = x * mean_value;
  return -LogBeta(model.p * x, model.q) - model.q * Log1p(total / model.v) -
         model.p * x * Log1p(model.v / total) - Log(mean_value);
}

// ---- Predictions ------------------------------------------------------------

absl::optional<BuyerHistory> HistoryOf(const CustomerPurchases& customer,
                                       double days_per_unit) {
  if (customer.purchase_days == 0) return absl::nullopt;
  return BuyerHistory{customer.frequency(), customer.recency / days_per_unit,
                      customer.age / days_per_unit};
}

absl::StatusOr<Outlook> OutlookOf(const BgNbd& model,
                                  const BuyerHistory& history, double horizon) {
  absl::Status allowed = CheckModel(model);
  if (allowed.ok()) allowed = CheckHistory(history, -1);
  if (allowed.ok()) allowed = CheckTime("horizon", horizon);
  if (!allowed.ok()) return allowed;
  const double rate = model.r + static_cast<double>(history.frequency);
  const double scale = model.alpha + history.recency;
  Outlook outlook;
  outlook.alive = AliveOf(model, history);
  outlook.expected =
      outlook.alive * ExpectedWhileAlive(model, history, horizon);
  outlook.since = history.age - history.recency;
  outlook.gap = scale / rate;
  outlook.waits = Exp(-rate * Log1p(outlook.since / scale));
  if (outlook.since > outlook.gap) {
    outlook.due = outlook.alive < 0.5 ? OrderDue::kOverdue : OrderDue::kLate;
  }
  return outlook;
}

absl::StatusOr<double> ExpectedOfNew(const BgNbd& model, double horizon) {
  absl::Status allowed = CheckModel(model);
  if (allowed.ok()) allowed = CheckTime("horizon", horizon);
  if (!allowed.ok()) return allowed;
  return ExpectedWhileAlive(model, BuyerHistory{}, horizon);
}

absl::StatusOr<double> ExpectedValue(const GammaGamma& model, int64_t frequency,
                                     double mean_value) {
  absl::Status allowed = CheckModel(model);
  if (allowed.ok()) allowed = CheckSpend(frequency, mean_value, -1);
  if (!allowed.ok()) return allowed;
  const auto x = static_cast<double>(frequency);
  const double total = frequency == 0 ? 0.0 : x * mean_value;
  const double shape = model.p * x + (model.q - 1.0);
  if (!(shape > 0.0)) return kInfinity;
  return model.p * (model.v + total) / shape;
}

absl::StatusOr<double> LifetimeValue(const BgNbd& model,
                                     const BuyerHistory& history,
                                     double value_per_order,
                                     const LifetimeOptions& options) {
  absl::Status allowed = CheckModel(model);
  if (allowed.ok()) allowed = CheckHistory(history, -1);
  if (allowed.ok()) allowed = CheckOptions(options);
  if (!allowed.ok()) return allowed;
  if (!(value_per_order >= 0.0)) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("value_per_order ", value_per_order,
                               "; allowed: 0 or more"));
  }
  if (value_per_order == kInfinity) return kInfinity;
  double before = 0.0;
  double discount = 1.0;
  RunningSum orders;
  for (int32_t i = 1; i <= options.months; ++i) {
    const double until = ExpectedWhileAlive(model, history, i * options.month);
    discount /= 1.0 + options.monthly_discount;
    orders.Add((until - before) * discount);
    before = until;
  }
  return value_per_order * AliveOf(model, history) * orders.Total();
}

}  // namespace fivek
