// The C interface of include/fivek/base, and the library's version.
#include <string>

#include "absl/strings/str_cat.h"
#include "capi/barrier.h"
#include "capi/fivek.h"
#include "fivek/base/calendar.h"
#include "fivek/base/money.h"
#include "fivek/base/probability.h"

using fivek::Currency;
using fivek::Money;
using fivek::Reason;
using fivek::Where;
using fivek::capi::Guard;
using fivek::capi::PolicyOf;
using fivek::capi::Report;
using fivek::capi::TablesOf;
using fivek::capi::TextIn;
using fivek::capi::WriteText;

namespace {

constexpr uint32_t kMajor = 0;
constexpr uint32_t kMinor = 1;
constexpr uint32_t kPatch = 0;

#define FIVEK_STRINGIZE_(x) #x
#define FIVEK_STRINGIZE(x) FIVEK_STRINGIZE_(x)

// Hands a value out, or reports why there is none.
template <typename Value, typename Out>
fivek_status Give(const absl::StatusOr<Value>& value, Out* out,
                  fivek_error* error) {
  if (!value.ok()) return Report(value.status(), error);
  *out = static_cast<Out>(*value);
  return FIVEK_OK;
}

}  // namespace

uint32_t fivek_version_number(void) {
  return kMajor * 10000 + kMinor * 100 + kPatch;
}

uint32_t fivek_abi_version(void) { return FIVEK_ABI_VERSION; }

const char* fivek_version_string(void) { return "0.1.0"; }

const char* fivek_build_info_json(void) {
  return "{\"version\": \"0.1.0\", \"abi\": " FIVEK_STRINGIZE(
      FIVEK_ABI_VERSION) ", \"compiler\": \"" __VERSION__
                         "\", \"cplusplus\": " FIVEK_STRINGIZE(__cplusplus)
#if defined(NDEBUG)
                             ", \"assertions\": false}";
#else
                             ", \"assertions\": true}";
#endif
}

int32_t fivek_has_feature(const char* name) {
  if (name == nullptr) return 0;
  for (const absl::string_view feature :
       {"accounts", "arrow", "base", "history", "method", "pipeline", "policy",
        "rollup", "scoring"}) {
    if (feature == name) return 1;
  }
  return 0;
}

fivek_status fivek_amount_expect(const fivek_policy* policy, int64_t amount,
                                 int32_t ppm, int64_t* out,
                                 fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(out);
    return Give(fivek::ExpectedAmount(amount, ppm, TablesOf(policy).rounding),
                out, error);
  });
}

fivek_status fivek_amount_total(const fivek_policy* policy,
                                const int64_t* amount, const int32_t* ppm,
                                size_t n, int64_t* out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(out);
    if (n > 0) {
      FIVEK_NOT_NULL(amount);
      FIVEK_ALIGNED(ppm);
    }
    fivek::ExactTotal total;
    for (size_t i = 0; i < n; ++i) {
      const int32_t share = ppm == nullptr ? fivek::kCertain : ppm[i];
      if (!fivek::IsProbability(share)) {
        return Report(Reason::kValueRange,
                      absl::StrCat("probability ", share, " ppm in row ", i,
                                   "; allowed: 0 to 1000000"),
                      error, Where{static_cast<int64_t>(i), -1});
      }
      total.AddExpected(amount[i], share);
    }
    return Give(total.Rounded(TablesOf(policy).rounding), out, error);
  });
}

fivek_status fivek_currency_minor_digits(const fivek_policy* policy,
                                         const char* currency, int32_t* out,
                                         fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(currency);
    FIVEK_NOT_NULL(out);
    const auto code = Currency::FromCode(currency);
    if (!code.ok()) return Report(code.status(), error);
    return Give(PolicyOf(policy).MinorDigitsOf(*code), out, error);
  });
}

fivek_status fivek_money_sum(int64_t a, const char* currency_a, int64_t b,
                             const char* currency_b, int64_t* out,
                             fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(currency_a);
    FIVEK_NOT_NULL(currency_b);
    FIVEK_NOT_NULL(out);
    const auto code_a = Currency::FromCode(currency_a);
    if (!code_a.ok()) return Report(code_a.status(), error);
    const auto code_b = Currency::FromCode(currency_b);
    if (!code_b.ok()) return Report(code_b.status(), error);
    const auto sum = fivek::Sum(Money{a, *code_a}, Money{b, *code_b});
    if (!sum.ok()) return Report(sum.status(), error);
    *out = sum->minor_units;
    return FIVEK_OK;
  });
}

fivek_status fivek_amount_parse(const char* text, size_t len,
                                int32_t minor_digits, int64_t* out,
                                fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_TEXT_NOT_NULL(text, len);
    FIVEK_NOT_NULL(out);
    return Give(fivek::ParseAmount(TextIn(text, len), minor_digits), out,
                error);
  });
}

fivek_status fivek_amount_format(int64_t amount, int32_t minor_digits,
                                 char* buf, size_t cap, size_t* needed,
                                 fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    if (minor_digits < 0 || minor_digits > fivek::kMaxMinorDigits) {
      return Report(Reason::kValueRange,
                    absl::StrCat("minor digits ", minor_digits,
                                 "; allowed: 0 to ", fivek::kMaxMinorDigits),
                    error);
    }
    return WriteText(fivek::FormatAmount(amount, minor_digits), buf, cap,
                     needed, error);
  });
}

fivek_status fivek_probability_parse(const char* text, size_t len, int32_t unit,
                                     int32_t* ppm, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_TEXT_NOT_NULL(text, len);
    FIVEK_NOT_NULL(ppm);
    if (unit < FIVEK_UNIT_PERCENT || unit > FIVEK_UNIT_PPM) {
      return Report(Reason::kUnknownCode,
                    absl::StrCat("probability unit ", unit,
                                 "; allowed: 0 percent, 1 fraction, 2 ppm"),
                    error);
    }
    return Give(
        fivek::ParseProbability(TextIn(text, len),
                                static_cast<fivek::ProbabilityUnit>(unit)),
        ppm, error);
  });
}

fivek_status fivek_probability_format(int32_t ppm, char* buf, size_t cap,
                                      size_t* needed, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    return WriteText(fivek::FormatPercent(ppm), buf, cap, needed, error);
  });
}

fivek_status fivek_probability_ratio(int64_t part, int64_t whole, int32_t* ppm,
                                     fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(ppm);
    return Give(fivek::PpmFromRatio(part, whole), ppm, error);
  });
}

fivek_status fivek_day_from_date(int32_t year, int32_t month, int32_t day,
                                 int32_t* out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(out);
    return Give(fivek::DayFromDate({year, month, day}), out, error);
  });
}

fivek_status fivek_day_to_date(int32_t day, int32_t* year, int32_t* month,
                               int32_t* day_of_month, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(year);
    FIVEK_NOT_NULL(month);
    FIVEK_NOT_NULL(day_of_month);
    const auto date = fivek::DateFromDay(day);
    if (!date.ok()) return Report(date.status(), error);
    *year = date->year;
    *month = date->month;
    *day_of_month = date->day;
    return FIVEK_OK;
  });
}

fivek_status fivek_day_parse(const char* text, size_t len, int32_t* out,
                             fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_TEXT_NOT_NULL(text, len);
    FIVEK_NOT_NULL(out);
    return Give(fivek::ParseDay(TextIn(text, len)), out, error);
  });
}

fivek_status fivek_day_format(int32_t day, char* buf, size_t cap,
                              size_t* needed, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    const auto date = fivek::DateFromDay(day);
    if (!date.ok()) return Report(date.status(), error);
    return WriteText(fivek::FormatDay(day), buf, cap, needed, error);
  });
}

int32_t fivek_day_weekday(int32_t day) { return fivek::WeekdayOf(day); }

fivek_status fivek_day_of_instant(int64_t instant, int32_t* out,
                                  fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(out);
    return Give(fivek::DayOfInstant(instant), out, error);
  });
}

fivek_status fivek_instant_parse(const char* text, size_t len, int64_t* out,
                                 fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_TEXT_NOT_NULL(text, len);
    FIVEK_NOT_NULL(out);
    return Give(fivek::ParseInstant(TextIn(text, len)), out, error);
  });
}
