#include "fivek/base/probability.h"

#include "absl/strings/str_cat.h"
#include "fivek/base/money.h"
#include "fivek/base/reason.h"

namespace fivek {
namespace {

// Decimals of a ppm in each unit: 12.3456 % and 0.123456 are 123 456 ppm.
constexpr int DecimalsOf(ProbabilityUnit unit) {
  switch (unit) {
    case ProbabilityUnit::kPercent:
      return 4;
    case ProbabilityUnit::kFraction:
      return 6;
    case ProbabilityUnit::kPpm:
      return 0;
  }
  return 0;
}

absl::Status Malformed(absl::string_view text, ProbabilityUnit unit) {
  const char* const allowed = unit == ProbabilityUnit::kPercent ? "0 to 100"
                              : unit == ProbabilityUnit::kFraction
                                  ? "0 to 1"
                                  : "0 to 1000000";
  return Refuse(Reason::kMalformedText,
                absl::StrCat("probability \"", text.substr(0, 40),
                             "\"; allowed: a plain decimal from ", allowed));
}

}  // namespace

absl::StatusOr<int32_t> PpmFromRatio(int64_t part, int64_t whole) {
  if (whole <= 0 || part < 0 || part > whole) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("ratio ", part, " / ", whole,
                               "; allowed: 0 <= part <= whole, whole > 0"));
  }
  return static_cast<int32_t>(
      DivideRounded(absl::int128(part) * kCertain, whole, Rounding::kHalfEven));
}

absl::StatusOr<int32_t> ParseProbability(absl::string_view text,
                                         ProbabilityUnit unit) {
  const int decimals_kept = DecimalsOf(unit);
  int64_t kept = 0;
  int decimals = 0;
  bool point = false;
  bool any = false;
  int first_cut = -1;     // The first decimal beyond a ppm, if there is one,
  bool more_cut = false;  // and whether anything but zeros follows it.
  for (const char c : text) {
    if (c == '.' && !point) {
      point = true;
      continue;
    }
    if (c < '0' || c > '9') return Malformed(text, unit);
    any = true;
    const int digit = c - '0';
    if (point && decimals == decimals_kept) {
      if (first_cut < 0) {
        first_cut = digit;
      } else if (digit != 0) {
        more_cut = true;
      }
      continue;
    }
    if (point) ++decimals;
    kept = kept * 10 + digit;
    if (kept > kCertain) return Malformed(text, unit);
  }
  if (!any) return Malformed(text, unit);
  for (; decimals < decimals_kept; ++decimals) kept *= 10;
  const bool up =
      first_cut > 5 || (first_cut == 5 && (more_cut || kept % 2 != 0));
  // Checked before rounding, so that 100.00000001 % is refused.
  if (kept > kCertain || (kept == kCertain && (first_cut > 0 || more_cut))) {
    return Malformed(text, unit);
  }
  return static_cast<int32_t>(kept + (up ? 1 : 0));
}

std::string FormatPercent(int32_t ppm) {
  std::string text = FormatAmount(ppm, 4);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return absl::StrCat(text, " %");
}

}  // namespace fivek
