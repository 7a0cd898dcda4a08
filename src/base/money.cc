#include "fivek/base/money.h"

#include <algorithm>
#include <iterator>
#include <limits>

#include "absl/strings/str_cat.h"
#include "fivek/base/probability.h"
#include "fivek/base/reason.h"

namespace fivek {
namespace {

constexpr int64_t kMinAmount = std::numeric_limits<int64_t>::min();
constexpr int64_t kMaxAmount = std::numeric_limits<int64_t>::max();

// ISO 4217 currencies in circulation. Funds, metals and test codes are left
// out: no deal is priced in them.
constexpr CurrencyRow kIsoCurrencies[] = {
    {"AED", 2}, {"AFN", 2}, {"ALL", 2}, {"AMD", 2}, {"ANG", 2}, {"AOA", 2},
    {"ARS", 2}, {"AUD", 2}, {"AWG", 2}, {"AZN", 2}, {"BAM", 2}, {"BBD", 2},
    {"BDT", 2}, {"BGN", 2}, {"BHD", 3}, {"BIF", 0}, {"BMD", 2}, {"BND", 2},
    {"BOB", 2}, {"BRL", 2}, {"BSD", 2}, {"BTN", 2}, {"BWP", 2}, {"BYN", 2},
    {"BZD", 2}, {"CAD", 2}, {"CDF", 2}, {"CHF", 2}, {"CLF", 4}, {"CLP", 0},
    {"CNY", 2}, {"COP", 2}, {"CRC", 2}, {"CUP", 2}, {"CVE", 2}, {"CZK", 2},
    {"DJF", 0}, {"DKK", 2}, {"DOP", 2}, {"DZD", 2}, {"EGP", 2}, {"ERN", 2},
    {"ETB", 2}, {"EUR", 2}, {"FJD", 2}, {"FKP", 2}, {"GBP", 2}, {"GEL", 2},
    {"GHS", 2}, {"GIP", 2}, {"GMD", 2}, {"GNF", 0}, {"GTQ", 2}, {"GYD", 2},
    {"HKD", 2}, {"HNL", 2}, {"HTG", 2}, {"HUF", 2}, {"IDR", 2}, {"ILS", 2},
    {"INR", 2}, {"IQD", 3}, {"IRR", 2}, {"ISK", 0}, {"JMD", 2}, {"JOD", 3},
    {"JPY", 0}, {"KES", 2}, {"KGS", 2}, {"KHR", 2}, {"KMF", 0}, {"KPW", 2},
    {"KRW", 0}, {"KWD", 3}, {"KYD", 2}, {"KZT", 2}, {"LAK", 2}, {"LBP", 2},
    {"LKR", 2}, {"LRD", 2}, {"LSL", 2}, {"LYD", 3}, {"MAD", 2}, {"MDL", 2},
    {"MGA", 2}, {"MKD", 2}, {"MMK", 2}, {"MNT", 2}, {"MOP", 2}, {"MRU", 2},
    {"MUR", 2}, {"MVR", 2}, {"MWK", 2}, {"MXN", 2}, {"MYR", 2}, {"MZN", 2},
    {"NAD", 2}, {"NGN", 2}, {"NIO", 2}, {"NOK", 2}, {"NPR", 2}, {"NZD", 2},
    {"OMR", 3}, {"PAB", 2}, {"PEN", 2}, {"PGK", 2}, {"PHP", 2}, {"PKR", 2},
    {"PLN", 2}, {"PYG", 0}, {"QAR", 2}, {"RON", 2}, {"RSD", 2}, {"RUB", 2},
    {"RWF", 0}, {"SAR", 2}, {"SBD", 2}, {"SCR", 2}, {"SDG", 2}, {"SEK", 2},
    {"SGD", 2}, {"SHP", 2}, {"SLE", 2}, {"SOS", 2}, {"SRD", 2}, {"SSP", 2},
    {"STN", 2}, {"SVC", 2}, {"SYP", 2}, {"SZL", 2}, {"THB", 2}, {"TJS", 2},
    {"TMT", 2}, {"TND", 3}, {"TOP", 2}, {"TRY", 2}, {"TTD", 2}, {"TWD", 2},
    {"TZS", 2}, {"UAH", 2}, {"UGX", 0}, {"USD", 2}, {"UYU", 2}, {"UYW", 4},
    {"UZS", 2}, {"VED", 2}, {"VES", 2}, {"VND", 0}, {"VUV", 0}, {"WST", 2},
    {"XAF", 0}, {"XCD", 2}, {"XOF", 0}, {"XPF", 0}, {"YER", 2}, {"ZAR", 2},
    {"ZMW", 2}, {"ZWG", 2},
};

constexpr bool Before(const char* a, const char* b) {
  for (int i = 0; i < 3; ++i) {
    if (a[i] != b[i]) return a[i] < b[i];
  }
  return false;
}

template <size_t N>
constexpr bool IsSound(const CurrencyRow (&rows)[N]) {
  for (size_t i = 0; i < N; ++i) {
    if (rows[i].minor_digits < 0 || rows[i].minor_digits > kMaxMinorDigits) {
      return false;
    }
    if (i > 0 && !Before(rows[i - 1].code, rows[i].code)) return false;
  }
  return true;
}
static_assert(IsSound(kIsoCurrencies), "codes rise; at most 4 decimals");

bool IsDigit(char c) { return '0' <= c && c <= '9'; }

constexpr int64_t PowerOfTen(int digits) {
  int64_t power = 1;
  for (int i = 0; i < digits; ++i) power *= 10;
  return power;
}

absl::Status MalformedAmount(absl::string_view text, absl::string_view why) {
  return Refuse(Reason::kMalformedText,
                absl::StrCat("amount \"", text.substr(0, 40), "\": ", why,
                             "; allowed: digits with an optional leading sign "
                             "and one '.', e.g. -1234.50"));
}

}  // namespace

absl::int128 DivideRounded(absl::int128 numerator, int64_t denominator,
                           Rounding rounding) {
  const absl::int128 divisor = denominator;
  absl::int128 quotient = numerator / divisor;  // Towards zero.
  const absl::int128 remainder = numerator - quotient * divisor;
  const absl::int128 magnitude = remainder < 0 ? -remainder : remainder;
  // Compared with what is left up to the next multiple, so nothing can
  // overflow.
  const absl::int128 rest = divisor - magnitude;
  const bool tie = magnitude == rest;
  const bool away =
      magnitude > rest ||
      (tie && (rounding == Rounding::kHalfAwayFromZero || quotient % 2 != 0));
  if (away) quotient += numerator < 0 ? -1 : 1;
  return quotient;
}

absl::StatusOr<int64_t> ExpectedAmount(int64_t amount, int32_t ppm,
                                       Rounding rounding) {
  if (!IsProbability(ppm)) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat("probability ", ppm, " ppm; allowed: 0 to 1000000"));
  }
  return static_cast<int64_t>(
      DivideRounded(absl::int128(amount) * ppm, kCertain, rounding));
}

void ExactTotal::AddMillionths(absl::int128 addend) {
  const absl::int128 max = absl::Int128Max();
  const absl::int128 min = absl::Int128Min();
  if (addend >= 0 ? millionths_ > max - addend : millionths_ < min - addend) {
    overflowed_ = true;
    return;
  }
  millionths_ += addend;
}

void ExactTotal::Add(int64_t amount) {
  AddMillionths(absl::int128(amount) * kCertain);
}

void ExactTotal::AddExpected(int64_t amount, int32_t ppm) {
  AddMillionths(absl::int128(amount) * ppm);
}

void ExactTotal::Merge(const ExactTotal& other) {
  AddMillionths(other.millionths_);
  overflowed_ = overflowed_ || other.overflowed_;
}

absl::StatusOr<int64_t> ExactTotal::Rounded(Rounding rounding) const {
  const absl::int128 total = DivideRounded(millionths_, kCertain, rounding);
  if (overflowed_ || total < kMinAmount || total > kMaxAmount) {
    return Refuse(Reason::kOverflow,
                  "the total does not fit 64-bit minor units");
  }
  return static_cast<int64_t>(total);
}

absl::StatusOr<Currency> Currency::FromCode(absl::string_view code) {
  const bool capitals =
      code.size() == 3 && std::all_of(code.begin(), code.end(), [](char c) {
        return 'A' <= c && c <= 'Z';
      });
  if (!capitals) {
    return Refuse(Reason::kMalformedText,
                  absl::StrCat("currency \"", code.substr(0, 40),
                               "\"; allowed: three capital letters, e.g. USD"));
  }
  return Currency(code[0], code[1], code[2]);
}

absl::StatusOr<Money> Sum(const Money& a, const Money& b) {
  if (a.currency != b.currency) {
    return Refuse(
        Reason::kCurrencyMismatch,
        absl::StrCat("amounts of ", a.currency.code(), " and ",
                     b.currency.code(), " cannot be added; convert one first"));
  }
  const absl::int128 total =
      absl::int128(a.minor_units) + absl::int128(b.minor_units);
  if (total < kMinAmount || total > kMaxAmount) {
    return Refuse(
        Reason::kOverflow,
        absl::StrCat("the sum of ", a.minor_units, " and ", b.minor_units,
                     " does not fit 64-bit minor units"));
  }
  return Money{static_cast<int64_t>(total), a.currency};
}

absl::Span<const CurrencyRow> IsoCurrencies() { return kIsoCurrencies; }

absl::StatusOr<int> MinorDigits(Currency currency) {
  const std::string code = currency.code();
  const auto* const end = std::end(kIsoCurrencies);
  const auto* const row = std::lower_bound(
      std::begin(kIsoCurrencies), end, code.c_str(),
      [](const CurrencyRow& r, const char* c) { return Before(r.code, c); });
  if (row == end || code != row->code) {
    return Refuse(Reason::kUnknownCurrency,
                  absl::StrCat("currency ", code,
                               " is not in ISO 4217; a policy can add it"));
  }
  return row->minor_digits;
}

absl::StatusOr<int64_t> ParseAmount(absl::string_view text, int minor_digits) {
  if (minor_digits < 0 || minor_digits > kMaxMinorDigits) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("minor digits ", minor_digits,
                               "; allowed: 0 to ", kMaxMinorDigits));
  }
  absl::string_view rest = text;
  const bool negative = !rest.empty() && rest[0] == '-';
  if (!rest.empty() && (rest[0] == '-' || rest[0] == '+')) {
    rest.remove_prefix(1);
  }
  // Built up below zero, where the range is one larger.
  int64_t value = 0;
  bool point = false;
  int decimals = 0;
  int digits = 0;
  bool overflow = false;
  const auto append = [&value, &overflow](int digit) {
    if (value < (kMinAmount + digit) / 10) {
      overflow = true;
    } else {
      value = value * 10 - digit;
    }
  };
  for (const char c : rest) {
    if (c == '.') {
      if (point) return MalformedAmount(text, "a second '.'");
      point = true;
      continue;
    }
    if (!IsDigit(c)) {
      return MalformedAmount(text, text.empty() ? "empty" : "not a number");
    }
    ++digits;
    if (point && decimals == minor_digits) {
      if (c != '0') {
        return MalformedAmount(
            text, absl::StrCat("more than ", minor_digits, " decimals"));
      }
      continue;
    }
    if (point) ++decimals;
    append(c - '0');
  }
  if (digits == 0) {
    return MalformedAmount(text, text.empty() ? "empty" : "no digits");
  }
  for (; decimals < minor_digits; ++decimals) append(0);
  if (overflow || (!negative && value == kMinAmount)) {
    return Refuse(Reason::kOverflow,
                  absl::StrCat("amount \"", text.substr(0, 40),
                               "\" does not fit 64-bit minor units"));
  }
  return negative ? value : -value;
}

std::string FormatAmount(int64_t minor_units, int minor_digits) {
  const uint64_t magnitude = minor_units < 0
                                 ? ~static_cast<uint64_t>(minor_units) + 1
                                 : static_cast<uint64_t>(minor_units);
  const char* const sign = minor_units < 0 ? "-" : "";
  if (minor_digits <= 0) return absl::StrCat(sign, magnitude);
  const int digits = std::min(minor_digits, kMaxMinorDigits);
  const auto unit = static_cast<uint64_t>(PowerOfTen(digits));
  std::string fraction = absl::StrCat(magnitude % unit);
  fraction.insert(0, static_cast<size_t>(digits) - fraction.size(), '0');
  return absl::StrCat(sign, magnitude / unit, ".", fraction);
}

}  // namespace fivek
