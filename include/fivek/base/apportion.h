// Whole seats by shares: Webster's method, with bounds.
//
//   *ApportionSeats(10, {6, 6, 2}, {}, {});              // 5 4 1
//   *ApportionSeats(40, {420, 260, 150, 90, 50, 20, 10}, // 18 9 6 4 1 1 1
//                   {1, 1, 1, 1, 1, 1, 1},
//                   {40, 9, 40, 40, 1, 40, 40});
//
// Everybody has his least first. Then seat by seat goes to the largest
// weight / (2 x + 1) of those who have fewer seats x than their most. Of equal
// quotients the one that comes first in the order given is served first: that
// is the only place where the order matters. Who weighs 0 gets his least and no
// more. Among all divisions within the bounds this is one with the least sum of
// x^2 / weight, and one more seat never takes a seat from anybody.
//
// Units: seats, people, pieces; weights in any unit, as only their ratios
// count. Exact: quotients are compared as products in 128 bits. Errors:
// kInvalidArgument. Cost: O(n log n + 60 n), whatever the number of seats.
// Thread-safety: pure functions. Source: statistics.md §7 (invitations);
// Balinski and Young 1982, §§ A3, A8.
#ifndef FIVEK_BASE_APPORTION_H_
#define FIVEK_BASE_APPORTION_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace fivek {

// 2^50: beyond what is counted in seats, and small enough for 128 bits.
inline constexpr int64_t kMostSeats = int64_t{1} << 50;

// Divides `seats` among as many as there are weights. `least` is what each gets
// at least, `most` at most; empty: 0, and `seats`. kInvalidArgument, naming the
// row and the column (0 weight, 1 least, 2 most), unless the lengths are equal
// and 0 <= least <= most; and unless sum of least <= seats <= sum of most,
// where the most of who weighs 0 counts as his least: so many seats cannot be
// given. 0 <= seats <= kMostSeats.
absl::StatusOr<std::vector<int64_t>> ApportionSeats(
    int64_t seats, absl::Span<const uint64_t> weight,
    absl::Span<const int64_t> least, absl::Span<const int64_t> most);

}  // namespace fivek

#endif  // FIVEK_BASE_APPORTION_H_
