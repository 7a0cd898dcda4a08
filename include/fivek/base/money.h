// Money: exact, in minor units, never mixed.
//
// An amount is an int64 count of the currency's minor unit (cents for USD, yen
// for JPY, fils for KWD). Nothing here is floating point. An expected amount is
// amount x probability, rounded once; a total of many expected amounts adds the
// exact 128-bit products and is rounded once, so two deals of 1 234.50 at 25 %
// make 617.25 and not twice the rounded 308.62.
//
//   ExactTotal total;
//   total.AddExpected(123450, 250000);
//   total.AddExpected(123450, 250000);
//   total.Rounded(Rounding::kHalfEven);  // 61725 (617.25)
//
// Units: minor units; probabilities in parts per million (probability.h).
// Errors: as each function says; overflow is always an error, never a wrap.
// Thread-safety: values and pure functions; an ExactTotal belongs to one thread
// at a time. Source: design.md §3.
#ifndef FIVEK_BASE_MONEY_H_
#define FIVEK_BASE_MONEY_H_

#include <cstdint>
#include <string>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace fivek {

// What happens to exactly half a minor unit.
enum class Rounding : uint8_t {
  kHalfEven = 0,          // 0.5 -> 0, 1.5 -> 2, -0.5 -> 0. The default.
  kHalfAwayFromZero = 1,  // 0.5 -> 1, 1.5 -> 2, -0.5 -> -1.
};

// numerator / denominator, rounded to the nearest integer once. `denominator` >
// 0. Exact; O(1).
absl::int128 DivideRounded(absl::int128 numerator, int64_t denominator,
                           Rounding rounding);

// amount x ppm / 10^6, rounded once. The result always fits: |result| <=
// |amount|. kInvalidArgument unless 0 <= ppm <= 10^6. O(1).
absl::StatusOr<int64_t> ExpectedAmount(int64_t amount, int32_t ppm,
                                       Rounding rounding = Rounding::kHalfEven);

// A sum that is exact until it is read. Merging partial totals in any order and
// any grouping gives the same total.
class ExactTotal {
 public:
  ExactTotal() = default;

  // Adds a whole amount. Overflow of 128 bits (over 10^13 rows of the largest
  // amount) is remembered and reported by `Rounded`.
  void Add(int64_t amount);

  // Adds amount x ppm / 10^6 without rounding. `ppm` is 0..10^6, not checked.
  void AddExpected(int64_t amount, int32_t ppm);

  void Merge(const ExactTotal& other);

  // The total in minor units. kOutOfRange if it does not fit an int64.
  absl::StatusOr<int64_t> Rounded(Rounding rounding) const;

  // The exact total in millionths of a minor unit; meaningless if
  // `overflowed()`.
  absl::int128 millionths() const { return millionths_; }
  bool overflowed() const { return overflowed_; }

 private:
  void AddMillionths(absl::int128 addend);

  absl::int128 millionths_ = 0;
  bool overflowed_ = false;
};

// ISO 4217 alphabetic code, e.g. "USD".
class Currency {
 public:
  // kInvalidArgument unless `code` is three capital letters A-Z.
  static absl::StatusOr<Currency> FromCode(absl::string_view code);

  std::string code() const { return std::string(code_, 3); }

  friend bool operator==(Currency a, Currency b) {
    return a.code_[0] == b.code_[0] && a.code_[1] == b.code_[1] &&
           a.code_[2] == b.code_[2];
  }
  friend bool operator!=(Currency a, Currency b) { return !(a == b); }
  friend bool operator<(Currency a, Currency b) {
    return absl::string_view(a.code_, 3) < absl::string_view(b.code_, 3);
  }

 private:
  Currency(char a, char b, char c) : code_{a, b, c} {}
  char code_[3];
};

struct Money {
  int64_t minor_units;
  Currency currency;
};

// kFailedPrecondition (kCurrencyMismatch) if the currencies differ: there is no
// rate to convert with. kOutOfRange if the sum does not fit.
absl::StatusOr<Money> Sum(const Money& a, const Money& b);

// How many decimals a currency's minor unit has (ISO 4217, 2024).
struct CurrencyRow {
  const char* code;
  int8_t minor_digits;
};

// All currencies in circulation, in order of their code.
absl::Span<const CurrencyRow> IsoCurrencies();

// kNotFound if the code is not in `IsoCurrencies` (a policy can add it).
absl::StatusOr<int> MinorDigits(Currency currency);

// At most four decimals are in use (CLF, UYW).
inline constexpr int kMaxMinorDigits = 4;

// Reads "1234.5", "-0.07", "+12": digits with at most one '.' and at most
// `minor_digits` decimals (more are accepted if they are zeros). Signs lead; no
// spaces, no grouping, no exponent: what a group separator means depends on a
// locale, and this library has none. kInvalidArgument for other text,
// kOutOfRange if the amount does not fit.
absl::StatusOr<int64_t> ParseAmount(absl::string_view text, int minor_digits);

// The inverse: "1234.50". Digits outside 0..kMaxMinorDigits: as the nearest.
std::string FormatAmount(int64_t minor_units, int minor_digits);

}  // namespace fivek

#endif  // FIVEK_BASE_MONEY_H_
