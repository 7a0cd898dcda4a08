#include "src/accounts/exact_share.h"

#include <limits>

#include "absl/strings/str_cat.h"
#include "fivek/base/money.h"
#include "fivek/base/reason.h"

namespace fivek {

int64_t ScaledShare(absl::uint128 part, absl::uint128 whole, uint32_t factor) {
  // Horner's rule by the bits of the factor: quotient and remainder of what of
  // it was read. The remainder doubled is below 2^128.
  uint64_t quotient = 0;
  absl::uint128 rest = 0;
  for (int bit = 31; bit >= 0; --bit) {
    quotient *= 2;
    rest *= 2;
    if (rest >= whole) {
      rest -= whole;
      ++quotient;
    }
    if ((factor >> bit & 1) == 0) continue;
    // rest + part may be above 2^128 where both are near 2^127; their
    // difference to `whole` is not.
    if (rest >= whole - part) {
      rest -= whole - part;
      ++quotient;
    } else {
      rest += part;
    }
  }
  const absl::uint128 other = whole - rest;
  if (rest > other || (rest == other && quotient % 2 == 1)) ++quotient;
  return static_cast<int64_t>(quotient);
}

absl::StatusOr<int64_t> PpmOf(absl::string_view name, int64_t part,
                              int64_t whole) {
  const absl::int128 ppm =
      DivideRounded(absl::int128(part) * kMillion, whole, Rounding::kHalfEven);
  if (ppm < std::numeric_limits<int64_t>::min() ||
      ppm > std::numeric_limits<int64_t>::max()) {
    return Refuse(Reason::kOverflow,
                  absl::StrCat(name, " ", part, " of ", whole,
                               " in ppm does not fit 64 bits"));
  }
  return static_cast<int64_t>(ppm);
}

bool AddTo(int64_t x, int64_t* sum) {
  const absl::int128 result = absl::int128(*sum) + x;
  if (result < std::numeric_limits<int64_t>::min() ||
      result > std::numeric_limits<int64_t>::max()) {
    return false;
  }
  *sum = static_cast<int64_t>(result);
  return true;
}

bool AddTo(absl::int128 x, absl::int128* sum) {
  if (x > 0 ? *sum > absl::Int128Max() - x : *sum < absl::Int128Min() - x) {
    return false;
  }
  *sum += x;
  return true;
}

}  // namespace fivek
