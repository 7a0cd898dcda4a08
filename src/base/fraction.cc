#include "fivek/base/fraction.h"

#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fivek/base/reason.h"

namespace fivek {
namespace {

using absl::int128;
using absl::uint128;

// The size of a value, of the smallest too.
uint128 SizeOf(int128 value) {
  const auto size = static_cast<uint128>(value);
  return value < 0 ? -size : size;
}

uint128 CommonDivisor(uint128 a, uint128 b) {
  while (b != 0) {
    a %= b;
    std::swap(a, b);
  }
  return a;
}

constexpr uint128 kMost = static_cast<uint128>(absl::Int128Max());

// Makes `factor` and the other side of the fraction bar smaller by what they
// share. Nothing is left of a factor that does not fit.
bool Cancel(int128* factor, int128* other) {
  const uint128 divisor = CommonDivisor(SizeOf(*factor), SizeOf(*other));
  if (divisor > 1) {
    if (divisor > kMost) return false;
    *factor /= static_cast<int128>(divisor);
    *other /= static_cast<int128>(divisor);
  }
  return true;
}

// *value *= factor, if it fits.
bool Grow(int128* value, int128 factor) {
  const uint128 size = SizeOf(factor);
  if (size != 0 && SizeOf(*value) > kMost / size) return false;
  *value *= factor;
  return true;
}

absl::StatusOr<int64_t> Int64Of(int128 value) {
  if (value < std::numeric_limits<int64_t>::min() ||
      value > std::numeric_limits<int64_t>::max()) {
    return Refuse(Reason::kOverflow, "the result does not fit 64 bits");
  }
  return static_cast<int64_t>(value);
}

absl::Status RefuseOverflow() {
  return Refuse(Reason::kOverflow, "the exact product does not fit 128 bits");
}

}  // namespace

absl::Status CheckFraction(absl::string_view name, Fraction fraction) {
  if (fraction.numerator >= 0 && fraction.denominator > 0) {
    return absl::OkStatus();
  }
  return Refuse(
      Reason::kValueRange,
      absl::StrCat(name, " ", fraction.numerator, "/", fraction.denominator,
                   "; allowed: 0 or more, over 1 or more"));
}

absl::Status CheckShare(absl::string_view name, Fraction share) {
  absl::Status fraction = CheckFraction(name, share);
  if (!fraction.ok() || share.numerator <= share.denominator) return fraction;
  return Refuse(Reason::kValueRange,
                absl::StrCat(name, " ", share.numerator, "/", share.denominator,
                             "; allowed: 0 to 1"));
}

void ExactRatio::MultiplyBy(int128 factor) {
  if (overflowed_) return;
  overflowed_ = !Cancel(&factor, &denominator_) || !Grow(&numerator_, factor);
}

void ExactRatio::DivideBy(int128 divisor) {
  if (overflowed_) return;
  overflowed_ = divisor == 0 || !Cancel(&divisor, &numerator_) ||
                !Grow(&denominator_, divisor);
  if (denominator_ < 0) {
    if (numerator_ == absl::Int128Min()) overflowed_ = true;
    if (overflowed_) return;
    numerator_ = -numerator_;
    denominator_ = -denominator_;
  }
}

double ExactRatio::AsDouble() const {
  return DoubleOf(numerator_) / DoubleOf(denominator_);
}

absl::StatusOr<int64_t> ExactRatio::Rounded(Rounding rounding) const {
  if (overflowed_) return RefuseOverflow();
  int128 whole = numerator_ / denominator_;
  // Twice the rest may not fit.
  const uint128 rest = SizeOf(numerator_ % denominator_);
  const uint128 other = static_cast<uint128>(denominator_) - rest;
  const bool up = rest > other ||
                  (rest == other &&
                   (rounding == Rounding::kHalfAwayFromZero || whole % 2 != 0));
  if (up) whole += numerator_ < 0 ? -1 : 1;
  return Int64Of(whole);
}

absl::StatusOr<int64_t> ExactRatio::Ceiling() const {
  if (overflowed_) return RefuseOverflow();
  int128 whole = numerator_ / denominator_;
  if (numerator_ > 0 && numerator_ % denominator_ != 0) ++whole;
  return Int64Of(whole);
}

double DoubleOf(int128 value) {
  const uint128 size = SizeOf(value);
  const double double_size =
      static_cast<double>(absl::Uint128High64(size)) * 0x1p64 +
      static_cast<double>(absl::Uint128Low64(size));
  return value < 0 ? -double_size : double_size;
}

}  // namespace fivek
