// Exact fractions: rates and averages that are counted, and what they multiply
// to, rounded once where it is read.
//
//   ExactRatio velocity(40);             // 40 deals
//   velocity.MultiplyBy(1'200'000);      // of 12 000.00
//   velocity.MultiplyBy(Fraction{1, 4}); // of which a quarter is won
//   velocity.DivideBy(60);               // in 60 days
//   velocity.Rounded(Rounding::kHalfEven);   // 200000 a day
//
// Units: the caller's. Errors: overflow of 128 bits is remembered and reported
// by what reads. Cost: a greatest common divisor for each factor, below a
// microsecond. Thread-safety: values and pure functions.
#ifndef FIVEK_BASE_FRACTION_H_
#define FIVEK_BASE_FRACTION_H_

#include <cstdint>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fivek/base/money.h"

namespace fivek {

// numerator / denominator as it was counted: 2 of 4 is not 1 of 2.
struct Fraction {
  int64_t numerator = 0;
  int64_t denominator = 1;
};

// kInvalidArgument, saying `name`, unless numerator >= 0 and denominator > 0;
// of a share, unless it is at most 1 too.
absl::Status CheckFraction(absl::string_view name, Fraction fraction);
absl::Status CheckShare(absl::string_view name, Fraction share);

// A product and quotient of integers in lowest terms, in 128 bits.
class ExactRatio {
 public:
  explicit ExactRatio(absl::int128 value) : numerator_(value) {}

  void MultiplyBy(absl::int128 factor);
  // By 0 is remembered as an overflow.
  void DivideBy(absl::int128 divisor);
  void MultiplyBy(Fraction f) {
    MultiplyBy(f.numerator);
    DivideBy(f.denominator);
  }
  void DivideBy(Fraction f) {
    MultiplyBy(f.denominator);
    DivideBy(f.numerator);
  }

  bool overflowed() const { return overflowed_; }

  // Within 2^-51 of itself; meaningless if `overflowed()`.
  double AsDouble() const;
  // The nearest integer, and the least that is not below. kOutOfRange if it
  // does not fit an int64, or after an overflow.
  absl::StatusOr<int64_t> Rounded(Rounding rounding) const;
  absl::StatusOr<int64_t> Ceiling() const;

 private:
  absl::int128 numerator_;
  absl::int128 denominator_ = 1;  // Above 0.
  bool overflowed_ = false;
};

// An integer of 128 bits as the double that is nearest to it but for an ulp,
// the same on every machine.
double DoubleOf(absl::int128 value);

}  // namespace fivek

#endif  // FIVEK_BASE_FRACTION_H_
