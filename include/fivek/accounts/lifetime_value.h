// What customers without a contract will still buy: who is probably gone, how
// many orders the others will place, and what they are worth. BG/NBD (Fader,
// Hardie, Lee 2005) for orders, gamma-gamma (Fader, Hardie 2013) for amounts.
//
//   BuyerColumns buyers = {frequency, recency, age};
//   BgNbdFit fit = *FitBgNbd(buyers);
//   Outlook o = *OutlookOf(fit.model, {2, 30.43, 38.86}, 39.0);
//   o.alive;                     // 0.7266: still a customer
//   o.expected;                  // 1.226 purchases in the next 39 weeks
//   o.due;                       // kNotYet, kLate or kOverdue
//
// A history is of one customer: `frequency`, repeat purchases (days with one
// after the first); `recency`, the time from the first purchase to the last;
// `age`, that from the first to now. All times are in one unit, weeks or days,
// and so is alpha; amounts are in one unit, and so is v.
//
// BG/NBD: a customer buys at random at a rate of his own, gamma(r, alpha) among
// customers, and after each purchase leaves with a probability of his own,
// beta(a, b). A known oddity: who bought once only is alive for certain.
// Gamma-gamma: amounts of purchases are independent of how often; p, q, v.
//
// A model learned from few is a guess, and customers who never bought again or
// are all alike have no largest likelihood: that is refused, with what runs
// away, rather than answered with a number. Fitted parameters carry standard
// errors.
//
// Errors: kInvalidArgument for values out of range; kFailedPrecondition
// (kNoHistory) for a history that says too little. Accuracy: of fitted
// parameters 1e-7 of themselves beside the largest likelihood; of likelihoods
// and predictions 1e-11 of themselves for a frequency up to 1000. The same bits
// on every machine and for every order of rows. Cost: as given at each.
// Thread-safety: pure functions. Source: statistics.md §5.
#ifndef FIVEK_ACCOUNTS_LIFETIME_VALUE_H_
#define FIVEK_ACCOUNTS_LIFETIME_VALUE_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "fivek/accounts/purchases.h"

namespace fivek {

// ---- Histories --------------------------------------------------------------

inline constexpr int64_t kMostFrequency = 1'000'000;
inline constexpr double kMostTime = 1e9;
inline constexpr double kLeastMeanValue = 1e-9;
inline constexpr double kMostMeanValue = 1e15;

struct BuyerHistory {
  int64_t frequency = 0;  // 0 to kMostFrequency.
  double recency = 0.0;   // 0 where frequency is 0, else above 0, up to age.
  double age = 0.0;       // 0 to kMostTime.
};

// Of a summary, in units of so many days: 7 for weeks. Nothing for who never
// bought.
absl::optional<BuyerHistory> HistoryOf(const CustomerPurchases& customer,
                                       double days_per_unit);

struct BuyerColumns {
  absl::Span<const int64_t> frequency;
  absl::Span<const double> recency, age;
};

struct SpendColumns {
  absl::Span<const int64_t> frequency;  // Repeat purchases.
  // Of a repeat purchase: kLeastMeanValue to kMostMeanValue; not read where
  // frequency is 0. One that credit notes took to 0 or below has to be left
  // out.
  absl::Span<const double> mean_value;
};

// ---- Models -----------------------------------------------------------------

// Every parameter: 1e-6 to 1e12, a, b, p, q and r to 1e6.
inline constexpr double kLeastParameter = 1e-6;
inline constexpr double kMostShape = 1e6;
inline constexpr double kMostScale = 1e12;

struct BgNbd {
  double r = 0.0, alpha = 0.0, a = 0.0, b = 0.0;
};

struct GammaGamma {
  double p = 0.0, q = 0.0, v = 0.0;
};

// A parameter and what it is uncertain by, from the curvature of the likelihood
// in its logarithm: value e^(+-1.96 standard error / value) is the interval.
struct FittedParameter {
  double value = 0.0;
  double standard_error = 0.0;
  double low = 0.0, high = 0.0;  // 95 %.
};

struct FitQuality {
  int64_t customers = 0;        // That were looked at.
  int64_t repeaters = 0;        // Of these, with a frequency above 0.
  double log_likelihood = 0.0;  // In the caller's units.
  // The largest |d ln L / d ln parameter| of a customer, before the last step,
  // which is below 1e-9 of each parameter.
  double gradient = 0.0;
  int32_t steps = 0;
};

struct BgNbdFit {
  BgNbd model;
  FittedParameter r, alpha, a, b;
  FitQuality quality;
};

struct GammaGammaFit {
  GammaGamma model;
  FittedParameter p, q, v;
  FitQuality quality;  // Customers are those with a repeat purchase.
};

// The parameters of the largest likelihood, by Newton's method on their
// logarithms. kInvalidArgument, naming row and column (0 frequency, 1 recency,
// 2 age), unless lengths are equal and every history is in range: a recency
// beyond the age is an error. kFailedPrecondition if nobody bought again or no
// parameters within 1e-5 to 1e5 (alpha: times the geometric mean of ages) are
// the best. O(n log n) and 0.3 us a customer and step, of which there are
// about 10.
absl::StatusOr<BgNbdFit> FitBgNbd(const BuyerColumns& buyers);

// The same; who has no repeat purchase is left out. Columns: 0 frequency, 1
// mean value. v: times the geometric mean of the means.
absl::StatusOr<GammaGammaFit> FitGammaGamma(const SpendColumns& buyers);

// ln L of a history; of a mean, as a density of it, frequency above 0. Any
// model and history in range; else kInvalidArgument.
absl::StatusOr<double> LogLikelihoodOf(const BgNbd& model,
                                       const BuyerHistory& history);
absl::StatusOr<double> LogLikelihoodOf(const GammaGamma& model,
                                       int64_t frequency, double mean_value);

// ---- Predictions ------------------------------------------------------------

// Whether the next order should have come. Part of the ABI: append, never
// renumber.
enum class OrderDue : uint8_t {
  kNotYet = 0,   // Silent for no longer than the expected gap.
  kLate = 1,     // For longer, but probably still a customer.
  kOverdue = 2,  // For longer, and alive below 1/2: probably lost.
};
inline constexpr int kOrderDueCount = 3;

struct Outlook {
  double alive = 0.0;     // P(still a customer); 1 where frequency is 0.
  double expected = 0.0;  // Purchases in the time asked for.
  double since = 0.0;     // The silence: age - recency.
  // One by the rate expected of this customer on the day of the last order:
  // (alpha + recency) / (r + frequency), his own gaps and those of all, each by
  // its weight.
  double gap = 0.0;
  double waits = 0.0;  // P(a gap is longer than the silence | alive).
  OrderDue due = OrderDue::kNotYet;
};

// Of the next `horizon`, 0 to kMostTime. E[Y(t) | x, t_x, T] is summed as
// positive terms only, so a = 1 needs no limit. kInvalidArgument unless model,
// history and horizon are in range. Up to a microsecond; where the horizon is
// 100 times the age or the frequency in the thousands, up to 100.
absl::StatusOr<Outlook> OutlookOf(const BgNbd& model,
                                  const BuyerHistory& history, double horizon);

// E[X(t)] of a new customer, the purchase that makes him one not counted.
absl::StatusOr<double> ExpectedOfNew(const BgNbd& model, double horizon);

// E[M | x, m], the mean value of a purchase to come: p (v + x m) / (p x + q -
// 1); without a repeat purchase that of all, `mean_value` not read. infinity
// where p x + q <= 1, as a heavy tail has no mean.
absl::StatusOr<double> ExpectedValue(const GammaGamma& model, int64_t frequency,
                                     double mean_value);

inline constexpr int32_t kMostMonths = 1200;

struct LifetimeOptions {
  int32_t months = 12;             // 1 to kMostMonths.
  double monthly_discount = 0.01;  // 0 to 1: of the last day of each month.
  double month = 30.0;  // In the model's unit: 30 days are 30.0 / 7 weeks.
};

// The value of the purchases of the coming months, today: sum over i of
// value_per_order (E[Y(i month)] - E[Y((i - 1) month)]) / (1 + discount)^i.
// kInvalidArgument unless all are in range, value_per_order 0 or more (infinity
// too: an infinite value). `months` times the cost of OutlookOf.
absl::StatusOr<double> LifetimeValue(const BgNbd& model,
                                     const BuyerHistory& history,
                                     double value_per_order,
                                     const LifetimeOptions& options);

}  // namespace fivek

#endif  // FIVEK_ACCOUNTS_LIFETIME_VALUE_H_
