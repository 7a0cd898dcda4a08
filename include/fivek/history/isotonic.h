// Isotonic regression: the rising sequence that is nearest to a given one in
// weighted squares, by pooling adjacent violators. What it gives for outcomes
// in order of their forecasts are the forecasts recalibrated.
//
//   IsotonicFit({1, 3, 2, 4}, {1, 1, 1, 1});   // 1, 2.5, 2.5, 4
//
// Accuracy: a value that violates nothing is given back exactly; the mean of m
// pooled ones is within 2 m x 1.2e-16 of the largest of them. Cost: O(n), one
// allocation for the result and one to work in. Thread-safety: pure functions;
// the same bits on every machine. Source: Ayer et al. 1955.
#ifndef FIVEK_HISTORY_ISOTONIC_H_
#define FIVEK_HISTORY_ISOTONIC_H_

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace fivek {

// Values in a row that have one mean, or are to.
struct PooledBlock {
  double mean = 0.0;    // total / weight; of one value, the value.
  double total = 0.0;   // Sum of weight x value.
  double weight = 0.0;  // Above 0.
  size_t first = 0;     // The place of its first value.
};

// Pools neighbours, in place, until their means rise. What ties has to be one
// block before. Totals and weights that are integers below 2^53 stay exact.
void PoolAdjacentViolators(std::vector<PooledBlock>* blocks);

// More values are refused, before any of them is read; so pairs of rows can be
// counted in 64 bits.
inline constexpr size_t kMostValues = size_t{1} << 31;

// The fitted value of each value. kInvalidArgument, naming the row and the
// column (0 value, 1 weight), unless the lengths are equal, values are finite
// and weights finite and above 0; kOutOfRange if a sum is too large and above
// kMostValues.
absl::StatusOr<std::vector<double>> IsotonicFit(
    absl::Span<const double> values, absl::Span<const double> weights);

// The same with weights of 1.
absl::StatusOr<std::vector<double>> IsotonicFit(
    absl::Span<const double> values);

}  // namespace fivek

#endif  // FIVEK_HISTORY_ISOTONIC_H_
