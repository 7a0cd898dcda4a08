// Quotients of 128-bit integers, exact until they are rounded once.
#ifndef FIVEK_SRC_ACCOUNTS_EXACT_SHARE_H_
#define FIVEK_SRC_ACCOUNTS_EXACT_SHARE_H_

#include <cstdint>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fivek {

// x in millionths.
inline constexpr int64_t kMillion = 1'000'000;

// factor x part / whole, rounded half to even, where 0 <= part <= whole, 0 <
// whole <= 2^127: the result is at most the factor.
int64_t ScaledShare(absl::uint128 part, absl::uint128 whole, uint32_t factor);

// part / whole in ppm, of either sign, rounded half to even; whole > 0.
// kOutOfRange, saying `name`, where it does not fit an int64.
absl::StatusOr<int64_t> PpmOf(absl::string_view name, int64_t part,
                              int64_t whole);

// *sum += x; false, and nothing changed, where it does not fit.
bool AddTo(int64_t x, int64_t* sum);
bool AddTo(absl::int128 x, absl::int128* sum);

}  // namespace fivek

#endif  // FIVEK_SRC_ACCOUNTS_EXACT_SHARE_H_
