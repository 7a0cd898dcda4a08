// Days and instants without a clock or a time zone.
//
// A day is an int32 count of days since 1970-01-01, an instant an int64 count
// of seconds since 1970-01-01T00:00:00Z (leap seconds are not counted, as in
// POSIX). The calendar is the proleptic Gregorian one, years 1..9999. The time
// is always an argument: nothing here asks what day it is.
//
//   absl::StatusOr<int32_t> d = ParseDay("2017-03-01");  // 17226
//   FormatDay(*d);                                       // "2017-03-01"
//
// Errors: kInvalidArgument. Cost: O(1), O(length) for texts. Thread-safety:
// pure functions. Source: design.md §3.
#ifndef FIVEK_BASE_CALENDAR_H_
#define FIVEK_BASE_CALENDAR_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fivek {

inline constexpr int32_t kFirstDay = -719162;  // 0001-01-01
inline constexpr int32_t kLastDay = 2932896;   // 9999-12-31
inline constexpr int64_t kSecondsPerDay = 86400;

struct Date {
  int32_t year;   // 1..9999
  int32_t month;  // 1..12
  int32_t day;    // 1..31
};

// A date that does not exist (2023-02-29) is an error, never the next day.
absl::StatusOr<int32_t> DayFromDate(const Date& date);

// `day` in kFirstDay..kLastDay.
absl::StatusOr<Date> DateFromDay(int32_t day);

// 0 Monday .. 6 Sunday. Any int32.
int WeekdayOf(int32_t day);

// The UTC day that an instant falls on (rounds towards the past, also before
// 1970). kInvalidArgument outside kFirstDay..kLastDay.
absl::StatusOr<int32_t> DayOfInstant(int64_t instant);

// Reads exactly "YYYY-MM-DD".
absl::StatusOr<int32_t> ParseDay(absl::string_view text);

// "YYYY-MM-DD". `day` in kFirstDay..kLastDay, else the number itself.
std::string FormatDay(int32_t day);

// Reads ISO 8601: "YYYY-MM-DD" (midnight UTC), or
// "YYYY-MM-DDTHH:MM[:SS[.f...]]" with 'T' or a space, then "Z" or an offset
// "+HH:MM" or "-HH:MM". A time without zone is an error: it does not name an
// instant; so are 24:00 and second 60. Fractions of a second are cut off.
absl::StatusOr<int64_t> ParseInstant(absl::string_view text);

}  // namespace fivek

#endif  // FIVEK_BASE_CALENDAR_H_
