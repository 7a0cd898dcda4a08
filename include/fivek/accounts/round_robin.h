// Whose turn it is: leads in a fair stream, smooth and by weight.
//
//   const std::vector<int64_t> weight = {5, 1, 1};
//   std::vector<int64_t> credit(3);  // The caller's; 0 at the beginning.
//   *NextInTurn(weight, {}, absl::MakeSpan(credit));  // 0, then 0 1 0 2 0 0
//
// Smooth weighted round robin: each turn every seller who is present gains his
// weight in credit, the one with the most credit is served (of equals the first
// one) and pays what all gained. So nobody waits longer than he must: with
// nobody absent and credits that began at 0, every window of W = sum of weights
// turns serves each seller exactly as often as his weight says, wherever it
// begins, and after W turns all credits are 0 again.
//
// Who is absent neither gains nor is served: he comes back with the credit he
// had, and there is no rush to make up for his absence. Weight 0 is never
// served.
//
// Units: turns. Bounds: weights 0 to 10^6, at most 10^6 sellers, so that no
// credit leaves +-10^18. Errors: kInvalidArgument; nothing is changed then.
// Cost: O(n) a turn, no memory. Thread-safety: the credits are one thread's.
// Source: statistics.md §7.
#ifndef FIVEK_ACCOUNTS_ROUND_ROBIN_H_
#define FIVEK_ACCOUNTS_ROUND_ROBIN_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace fivek {

inline constexpr int64_t kMostTurnWeight = 1'000'000;
inline constexpr size_t kMostTurnSellers = 1'000'000;
inline constexpr int64_t kMostCredit = 2'000'000'000'000'000'000;

// The seller who is next, by index; `credit` is as it is after that turn.
// `absent` has 0 or 1 for each seller, or is empty: nobody is. kInvalidArgument
// unless lengths are equal and as bounded above, the row and column (0 weight,
// 1 absent, 2 credit: within +-kMostCredit) of what is out of range, and if
// nobody present has a weight above 0.
absl::StatusOr<size_t> NextInTurn(absl::Span<const int64_t> weight,
                                  absl::Span<const uint8_t> absent,
                                  absl::Span<int64_t> credit);

// The next turns.size() sellers, the same as by as many calls.
absl::Status TakeTurns(absl::Span<const int64_t> weight,
                       absl::Span<const uint8_t> absent,
                       absl::Span<int64_t> credit, absl::Span<int32_t> turns);

}  // namespace fivek

#endif  // FIVEK_ACCOUNTS_ROUND_ROBIN_H_
