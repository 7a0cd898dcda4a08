// Ridge logistic regression: log-odds that are linear in features, pulled
// towards 0, with an intercept that is not. The minimum of
//
//   sum over rows of weight x ln(1 + e^(-y z)) + l2 / 2 x sum w_k^2,
//   z = offset + intercept + sum w_k x_k,  y = 1 for won and -1 for lost,
//
// which is unique for l2 above 0, perfect separation included.
//
//   LogisticRows rows;
//   rows.columns = 1;
//   rows.features = {0.0, 1.0, 2.0, 3.0};     // row by row
//   rows.won = {0, 1, 0, 1};
//   LogisticModel model = *FitLogistic(rows, {});
//   model.intercept + model.weights[0] * 2.0  // log-odds of a deal with a 2
//
// Weights may be kept from falling below 0: then a feature that is said to
// help never counts against a deal, and one that seems to has the weight 0.
//
// Units: l2 = 1 on features that span 1 says that a weight is within 1 logit of
// 0 with a probability of 68 %. Accuracy: Newton steps until the last is below
// 1e-10. Rows are put into an order of their own and equal ones added up: the
// same rows in any order give the same bits, on every machine. Cost: O(n log n)
// once and O(n k^2) a step, of which there are 5 to 10. Thread-safety: pure
// functions. Source: statistics.md §2; Lawson, Hanson 1974 (active set).
#ifndef FIVEK_HISTORY_LOGISTIC_H_
#define FIVEK_HISTORY_LOGISTIC_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace fivek {

inline constexpr size_t kMostFeatures = 256;
inline constexpr double kLargestFeature = 1e6;
inline constexpr double kLargestOffset = 50.0;
inline constexpr double kLeastWeight = 1e-9;
inline constexpr double kLargestWeight = 1e9;

struct LogisticRows {
  size_t columns = 0;                 // 0: an intercept alone.
  absl::Span<const double> features;  // columns a row, row after row.
  absl::Span<const uint8_t> won;      // 0 or 1 a row.
  absl::Span<const double> offset;    // Log-odds, -50 to 50; empty: 0.
  absl::Span<const double> weight;    // 1e-9 to 1e9; empty: 1.
};

struct LogisticOptions {
  double l2 = 1.0;  // 0 to 1e9.
  bool non_negative = false;
};

struct LogisticModel {
  double intercept = 0.0;
  std::vector<double> weights;
  double objective = 0.0;
  // H^-1, by rows, the intercept first: what the weights are uncertain by.
  // Those held at 0 have a row and a column of 0.
  std::vector<double> covariance;
  int steps = 0;

  // sqrt of the diagonal of H^-1; 0 is the intercept's.
  double StandardError(size_t i) const;
  // Of features, of as many as weights, without offset.
  double LogOdds(absl::Span<const double> features) const;
  // The variance of that.
  double Variance(absl::Span<const double> features) const;
};

// kInvalidArgument, naming row and column (0 to columns - 1 features, then won,
// offset, weight), for values out of range and NaN, for lengths that do not
// match, for no rows and for rows of one outcome only, which say nothing of the
// other. kOutOfRange if there is no minimum: l2 is 0 and columns depend on each
// other or separate won from lost.
absl::StatusOr<LogisticModel> FitLogistic(const LogisticRows& rows,
                                          const LogisticOptions& options);

}  // namespace fivek

#endif  // FIVEK_HISTORY_LOGISTIC_H_
