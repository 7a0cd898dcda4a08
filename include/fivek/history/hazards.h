// What daily (or weekly) hazards of winning and losing say of a deal of some
// age: how likely it is won within a time, still open then, won in the end.
//
//   // By week since the stage was entered; the last holds for all later ones.
//   std::vector<HazardForecast> ages =
//       *ForecastByHazards({0.01, 0.03, 0.06}, {0.05, 0.05, 0.04}, 4);
//   ages[0].won_within;   // of a deal that has just come
//   ages[3].won_ever;     // of one that is three weeks old, or older
//
// With S(u) the share still open before step u, of a deal of age a:
//   won within H  sum over u = a+1 .. a+H of S(u)/S(a+1) h_won(u)
//   won ever      the same without end, closed by h_won / (h_won + h_lost)
//
// Units: fractions; steps of any length. Accuracy: within 1e-15 a step. Cost:
// O(n x horizon). Thread-safety: pure function; the same bits on every machine.
// Source: statistics.md §1.
#ifndef FIVEK_HISTORY_HAZARDS_H_
#define FIVEK_HISTORY_HAZARDS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace fivek {

struct HazardForecast {
  double won_within = 0.0;
  double open_after = 0.0;  // won_within, this and lost within add up to 1.
  double won_ever = 0.0;
};

inline constexpr size_t kMostHazards = 10'000;
inline constexpr int32_t kMostHazardSteps = 10'000;

// By age, from 0 to n: the last is that of all who are as old or older. n is
// the number of hazards, as many of each.
//
// kInvalidArgument, naming the row and the column (0 won, 1 lost), unless there
// is 1 or more, each is in [0, 1], the two of a step are together at most 1 and
// 0 <= horizon <= kMostHazardSteps. Where nobody ever leaves any more nobody is
// won either: won_ever counts those who do.
absl::StatusOr<std::vector<HazardForecast>> ForecastByHazards(
    absl::Span<const double> won, absl::Span<const double> lost,
    int32_t horizon);

}  // namespace fivek

#endif  // FIVEK_HISTORY_HAZARDS_H_
