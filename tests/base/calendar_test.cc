#include "fivek/base/calendar.h"

#include <cstdint>
#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using testing::HasSubstr;

constexpr int32_t kMinInt = std::numeric_limits<int32_t>::min();
constexpr int32_t kMaxInt = std::numeric_limits<int32_t>::max();

// The calendar as everybody learns it.
bool IsLeap(int year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}
int DaysInMonth(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeap(year) ? 29 : kDays[month - 1];
}

TEST(CalendarTest, EveryDayOfYears1To9999FollowsTheOneBefore) {
  int32_t number = -719162;  // 0001-01-01
  int weekday = 0;           // A Monday.
  for (int year = 1; year <= 9999; ++year) {
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; day <= DaysInMonth(year, month); ++day) {
        const absl::StatusOr<int32_t> got = DayFromDate({year, month, day});
        ASSERT_TRUE(got.ok()) << year << "-" << month << "-" << day;
        ASSERT_EQ(*got, number) << year << "-" << month << "-" << day;
        const absl::StatusOr<Date> date = DateFromDay(number);
        ASSERT_TRUE(date.ok()) << number;
        ASSERT_TRUE(date->year == year && date->month == month &&
                    date->day == day)
            << number;
        ASSERT_EQ(WeekdayOf(number), weekday) << number;
        ++number;
        weekday = (weekday + 1) % 7;
      }
    }
  }
  EXPECT_EQ(number - 1, kLastDay);
}

TEST(CalendarTest, KnownDays) {
  EXPECT_EQ(*DayFromDate({1970, 1, 1}), 0);
  EXPECT_EQ(*DayFromDate({1969, 12, 31}), -1);
  EXPECT_EQ(*DayFromDate({2000, 2, 29}), 11016);
  EXPECT_EQ(*DayFromDate({2017, 3, 1}), 17226);
  EXPECT_EQ(*DayFromDate({2038, 1, 19}), 24855);
  EXPECT_EQ(WeekdayOf(0), 3);      // Thursday.
  EXPECT_EQ(WeekdayOf(11016), 1);  // 29 February 2000 was a Tuesday.
}

TEST(CalendarTest, TextOfEveryDayFrom1600To2400IsReadBack) {
  int32_t number = *DayFromDate({1600, 1, 1});
  for (int year = 1600; year <= 2400; ++year) {
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; day <= DaysInMonth(year, month); ++day, ++number) {
        const std::string text = absl::StrCat(
            year, month < 10 ? "-0" : "-", month, day < 10 ? "-0" : "-", day);
        ASSERT_EQ(FormatDay(number), text);
        ASSERT_EQ(ParseDay(text).value(), number) << text;
      }
    }
  }
}

TEST(CalendarTest, DatesThatDoNotExistAreErrors) {
  for (const int year : {-1, 0, 1, 4, 100, 400, 1900, 2000, 2023, 2024, 9999,
                         10000, kMinInt, kMaxInt}) {
    for (int month = -1; month <= 14; ++month) {
      for (int day = -1; day <= 33; ++day) {
        const bool exists = year >= 1 && year <= 9999 && month >= 1 &&
                            month <= 12 && day >= 1 &&
                            day <= DaysInMonth(year, month);
        const auto got = DayFromDate({year, month, day});
        ASSERT_EQ(got.ok(), exists) << year << "-" << month << "-" << day;
        if (!exists) {
          ASSERT_THAT(got, RefusedFor(Reason::kValueRange));
        }
      }
    }
  }
  EXPECT_THAT(DayFromDate({2023, 2, 29}),
              Refused(Reason::kValueRange, HasSubstr("2023-2-29")));
  EXPECT_FALSE(DayFromDate({kMaxInt, kMaxInt, kMaxInt}).ok());
  EXPECT_FALSE(DayFromDate({kMinInt, kMinInt, kMinInt}).ok());
  EXPECT_FALSE(DayFromDate({2024, kMaxInt, 1}).ok());
  EXPECT_FALSE(DayFromDate({2024, 1, kMinInt}).ok());
}

TEST(CalendarTest, DaysOutsideYears1To9999AreErrors) {
  for (const int32_t day : {kMinInt, -719163, 2932897, kMaxInt}) {
    EXPECT_THAT(DateFromDay(day),
                Refused(Reason::kValueRange, HasSubstr(absl::StrCat(day))));
    EXPECT_EQ(FormatDay(day), absl::StrCat(day));
  }
  EXPECT_EQ(FormatDay(kFirstDay), "0001-01-01");
  EXPECT_EQ(FormatDay(kLastDay), "9999-12-31");
}

TEST(CalendarTest, WeekdaysOfAnyNumber) {
  // 2^31 = 2 (mod 7), so INT32_MIN is two days before day 0 in the week.
  EXPECT_EQ(WeekdayOf(kMinInt), 1);
  EXPECT_EQ(WeekdayOf(kMaxInt), 4);
  EXPECT_EQ(WeekdayOf(-1), 2);
  EXPECT_EQ(WeekdayOf(-7), 3);
}

TEST(CalendarTest, AnInstantFallsOnTheDayThatHasBegun) {
  for (const int32_t day : {kFirstDay, -2, -1, 0, 1, 17226, kLastDay}) {
    const int64_t midnight = int64_t{day} * 86400;
    EXPECT_EQ(DayOfInstant(midnight).value(), day);
    EXPECT_EQ(DayOfInstant(midnight + 1).value(), day);
    EXPECT_EQ(DayOfInstant(midnight + 86399).value(), day);
  }
  EXPECT_EQ(*DayOfInstant(-1), -1);
  for (const int64_t instant :
       {int64_t{-719162} * 86400 - 1, int64_t{2932897} * 86400,
        std::numeric_limits<int64_t>::min(),
        std::numeric_limits<int64_t>::max()}) {
    EXPECT_THAT(DayOfInstant(instant),
                Refused(Reason::kValueRange, HasSubstr(absl::StrCat(instant))));
  }
}

TEST(ParseDayTest, RefusesOtherText) {
  for (const char* const text :
       {"", "2017", "2017-03", "2017-3-1", "17-03-01", "2017/03/01",
        "2017-03-01 ", " 2017-03-01", "2017-03-01T00:00:00Z", "+2017-03-01",
        "-001-01-01", "12017-03-01", "2017-0a-01", "2017-03-0", "01.03.2017",
        "2017-03-01\n",
        "\xef\xbb\xbf"
        "2017-03-01",
        "２０１７-03-01"}) {
    EXPECT_THAT(ParseDay(text),
                Refused(Reason::kMalformedText, HasSubstr("YYYY-MM-DD")))
        << text;
  }
  for (const char* const text :
       {"0000-01-01", "2023-02-29", "1900-02-29", "2017-00-01", "2017-13-01",
        "2017-04-31", "2017-01-00", "2017-01-32"}) {
    EXPECT_THAT(ParseDay(text), RefusedFor(Reason::kValueRange)) << text;
  }
  EXPECT_FALSE(ParseDay(std::string("2017-03-01\0", 11)).ok());
  EXPECT_LT(ParseDay(std::string(100'000, 'x')).status().message().size(),
            200U);
}

struct InstantCase {
  const char* text;
  int64_t want;
};

TEST(ParseInstantTest, ReadsIso8601) {
  constexpr int64_t kDay = 17226 * int64_t{86400};  // 2017-03-01
  for (const InstantCase& c : {
           InstantCase{"1970-01-01", 0},
           {"1970-01-01T00:00:00Z", 0},
           {"1969-12-31T23:59:59Z", -1},
           {"2017-03-01", kDay},
           {"2017-03-01T12:34Z", kDay + 45240},
           {"2017-03-01 12:34Z", kDay + 45240},
           {"2017-03-01T12:34:56Z", kDay + 45296},
           {"2017-03-01T12:34:56.9Z", kDay + 45296},
           {"2017-03-01T12:34:56.000000000001Z", kDay + 45296},
           {"2017-03-01T12:34:56+08:00", kDay + 45296 - 28800},
           {"2017-03-01T12:34:56-08:00", kDay + 45296 + 28800},
           {"2017-03-01T00:00:00+05:45", kDay - 20700},
           {"2017-03-01T12:34:56+00:00", kDay + 45296},
           {"2017-03-01T12:34:56-00:00", kDay + 45296},
           {"2017-03-01T23:59:59-23:59", kDay + 86399 + 86340},
           {"1969-12-31T23:59:59.9Z", -1},  // Cut off towards the second.
           {"0001-01-01", int64_t{-719162} * 86400},
           {"9999-12-31T23:59:59Z", int64_t{2932897} * 86400 - 1},
       }) {
    const auto got = ParseInstant(c.text);
    ASSERT_TRUE(got.ok()) << c.text << ": " << got.status();
    EXPECT_EQ(*got, c.want) << c.text;
  }
}

TEST(ParseInstantTest, RefusesWhatNamesNoInstant) {
  for (const char* const text : {"",
                                 "2017-03-01T",
                                 "2017-03-01 ",
                                 "2017-03-01T12",
                                 "2017-03-01T12:34",
                                 "2017-03-01T12:34:56",
                                 "2017-03-01T12:34:56.Z",
                                 "2017-03-01T12:34:60Z",
                                 "2017-03-01T24:00:00Z",
                                 "2017-03-01T12:60:00Z",
                                 "2017-03-01T1:00:00Z",
                                 "2017-03-01T12:34:56+8",
                                 "2017-03-01T12:34:56+24:00",
                                 "2017-03-01T12:34:56+08:60",
                                 "2017-03-01T12:34:56ZZ",
                                 "2017-03-01T12:34:56Z ",
                                 "2017-03-01T12:34:5aZ",
                                 "2017-03-01Z",
                                 "2017-03-01X12:34:56Z",
                                 "now"}) {
    EXPECT_THAT(ParseInstant(text),
                Refused(Reason::kMalformedText, HasSubstr("+HH:MM")))
        << text;
  }
  EXPECT_THAT(ParseInstant("2023-02-29T00:00:00Z"),
              RefusedFor(Reason::kValueRange));
}

}  // namespace
}  // namespace fivek
