#include "fivek/base/calendar.h"

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/types/optional.h"
#include "fivek/base/reason.h"

namespace fivek {
namespace {

constexpr absl::CivilDay kEpoch(1970, 1, 1);
static_assert(absl::CivilDay(1, 1, 1) - kEpoch == kFirstDay, "0001-01-01");
static_assert(absl::CivilDay(9999, 12, 31) - kEpoch == kLastDay, "9999-12-31");

// Takes exactly `count` digits off the front of `text`.
absl::optional<int32_t> TakeDigits(absl::string_view* text, size_t count) {
  if (text->size() < count) return absl::nullopt;
  int32_t value = 0;
  for (const char c : text->substr(0, count)) {
    if (c < '0' || c > '9') return absl::nullopt;
    value = value * 10 + (c - '0');
  }
  text->remove_prefix(count);
  return value;
}

bool Take(absl::string_view* text, char c) {
  if (text->empty() || text->front() != c) return false;
  text->remove_prefix(1);
  return true;
}

absl::optional<Date> TakeDate(absl::string_view* text) {
  const auto year = TakeDigits(text, 4);
  if (!year.has_value() || !Take(text, '-')) return absl::nullopt;
  const auto month = TakeDigits(text, 2);
  if (!month.has_value() || !Take(text, '-')) return absl::nullopt;
  const auto day = TakeDigits(text, 2);
  if (!day.has_value()) return absl::nullopt;
  return Date{*year, *month, *day};
}

// Takes "HH:MM" and gives it in seconds; 24:00 is not a time of day.
absl::optional<int32_t> TakeHoursAndMinutes(absl::string_view* text) {
  const auto hours = TakeDigits(text, 2);
  if (!hours.has_value() || *hours > 23 || !Take(text, ':')) {
    return absl::nullopt;
  }
  const auto minutes = TakeDigits(text, 2);
  if (!minutes.has_value() || *minutes > 59) return absl::nullopt;
  return (*hours * 60 + *minutes) * 60;
}

// Takes "HH:MM[:SS[.f...]]" and a zone; gives seconds after midnight UTC of the
// written date.
absl::optional<int32_t> TakeTimeAndZone(absl::string_view* text) {
  auto time = TakeHoursAndMinutes(text);
  if (!time.has_value()) return absl::nullopt;
  if (Take(text, ':')) {
    const auto seconds = TakeDigits(text, 2);
    if (!seconds.has_value() || *seconds > 59) return absl::nullopt;
    *time += *seconds;
    if (Take(text, '.')) {
      if (!TakeDigits(text, 1).has_value()) return absl::nullopt;
      while (TakeDigits(text, 1).has_value()) {
      }
    }
  }
  if (Take(text, 'Z')) return time;
  const bool east = Take(text, '+');
  if (!east && !Take(text, '-')) return absl::nullopt;
  const auto offset = TakeHoursAndMinutes(text);
  if (!offset.has_value()) return absl::nullopt;
  return east ? *time - *offset : *time + *offset;
}

absl::Status Malformed(absl::string_view text, absl::string_view allowed) {
  return Refuse(
      Reason::kMalformedText,
      absl::StrCat("date \"", text.substr(0, 40), "\"; allowed: ", allowed));
}

}  // namespace

absl::StatusOr<int32_t> DayFromDate(const Date& date) {
  const absl::CivilDay day(date.year, date.month, date.day);
  // CivilDay carries overflow over (2023-02-29 is 2023-03-01); we do not.
  if (date.year < 1 || date.year > 9999 || day.year() != date.year ||
      day.month() != date.month || day.day() != date.day) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat("date ", date.year, "-", date.month, "-", date.day,
                     " does not exist; allowed: a day of the Gregorian "
                     "calendar, years 1 to 9999"));
  }
  return static_cast<int32_t>(day - kEpoch);
}

absl::StatusOr<Date> DateFromDay(int32_t day) {
  if (day < kFirstDay || day > kLastDay) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("day ", day, "; allowed: ", kFirstDay, " to ",
                               kLastDay, " (years 1 to 9999)"));
  }
  const absl::CivilDay civil = kEpoch + day;
  return Date{static_cast<int32_t>(civil.year()), civil.month(), civil.day()};
}

int WeekdayOf(int32_t day) {
  constexpr int kThursday = 3;  // 1970-01-01.
  const int64_t shifted = int64_t{day} + kThursday;
  return static_cast<int>(((shifted % 7) + 7) % 7);
}

absl::StatusOr<int32_t> DayOfInstant(int64_t instant) {
  int64_t day = instant / kSecondsPerDay;
  if (instant % kSecondsPerDay < 0) --day;
  if (day < kFirstDay || day > kLastDay) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat("instant ", instant, " s; allowed: years 1 to 9999"));
  }
  return static_cast<int32_t>(day);
}

absl::StatusOr<int32_t> ParseDay(absl::string_view text) {
  absl::string_view rest = text;
  const auto date = TakeDate(&rest);
  if (!date.has_value() || !rest.empty()) return Malformed(text, "YYYY-MM-DD");
  return DayFromDate(*date);
}

std::string FormatDay(int32_t day) {
  const absl::StatusOr<Date> date = DateFromDay(day);
  if (!date.ok()) return absl::StrCat(day);
  // Not StrFormat: without memory it ends the program.
  return absl::StrCat(absl::Dec(date->year, absl::kZeroPad4), "-",
                      absl::Dec(date->month, absl::kZeroPad2), "-",
                      absl::Dec(date->day, absl::kZeroPad2));
}

absl::StatusOr<int64_t> ParseInstant(absl::string_view text) {
  constexpr absl::string_view kAllowed =
      "YYYY-MM-DD, or YYYY-MM-DDTHH:MM[:SS] followed by Z or +HH:MM";
  absl::string_view rest = text;
  const auto date = TakeDate(&rest);
  if (!date.has_value()) return Malformed(text, kAllowed);
  int64_t seconds = 0;
  if (!rest.empty()) {
    if (!Take(&rest, 'T') && !Take(&rest, ' '))
      return Malformed(text, kAllowed);
    const auto time = TakeTimeAndZone(&rest);
    if (!time.has_value() || !rest.empty()) return Malformed(text, kAllowed);
    seconds = *time;
  }
  const absl::StatusOr<int32_t> day = DayFromDate(*date);
  if (!day.ok()) return day.status();
  return int64_t{*day} * kSecondsPerDay + seconds;
}

}  // namespace fivek
