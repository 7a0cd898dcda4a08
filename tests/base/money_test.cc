#include "fivek/base/money.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using testing::HasSubstr;
__extension__ using Wide = __int128;

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

// n / d by rounding down to the lower whole number and looking at what is left.
Wide DivideOracle(Wide n, Wide d, Rounding rounding) {
  Wide floor = n / d;
  Wide left = n % d;
  if (left < 0) {
    --floor;
    left += d;
  }
  const Wide twice_left = 2 * left;
  if (twice_left < d) return floor;
  if (twice_left > d) return floor + 1;
  if (rounding == Rounding::kHalfEven) {
    return floor % 2 == 0 ? floor : floor + 1;
  }
  return n < 0 ? floor : floor + 1;
}

constexpr Rounding kRoundings[] = {Rounding::kHalfEven,
                                   Rounding::kHalfAwayFromZero};

TEST(DivideRoundedTest, EqualsTheOracleOnSmallNumbers) {
  for (const Rounding rounding : kRoundings) {
    for (int n = -500; n <= 500; ++n) {
      for (int d = 1; d <= 60; ++d) {
        ASSERT_EQ(static_cast<Wide>(DivideRounded(n, d, rounding)) ==
                      DivideOracle(n, d, rounding),
                  true)
            << n << "/" << d;
      }
    }
  }
}

TEST(DivideRoundedTest, TiesGoWhereTheRoundingSays) {
  struct Case {
    int n, even, away;
  };
  for (const Case& c : {Case{-5, -2, -3},
                        {-3, -2, -2},
                        {-1, 0, -1},
                        {1, 0, 1},
                        {3, 2, 2},
                        {5, 2, 3},
                        {7, 4, 4}}) {
    EXPECT_EQ(DivideRounded(c.n, 2, Rounding::kHalfEven), c.even) << c.n;
    EXPECT_EQ(DivideRounded(c.n, 2, Rounding::kHalfAwayFromZero), c.away)
        << c.n;
  }
}

TEST(DivideRoundedTest, EqualsTheOracleAtTheEndsOfTheRange) {
  std::vector<absl::int128> numerators = {absl::Int128Max(), absl::Int128Min()};
  for (int i = 1; i <= 20; ++i) {
    numerators.push_back(absl::Int128Max() - i);
    numerators.push_back(absl::Int128Min() + i);
    numerators.push_back(absl::int128(kMax) * kMax + i);
    numerators.push_back(absl::int128(kMin) * kMax - i);
  }
  for (const Rounding rounding : kRoundings) {
    for (const absl::int128 n : numerators) {
      for (const int64_t d : {int64_t{2}, int64_t{3}, int64_t{10},
                              int64_t{1'000'000}, kMax - 1, kMax}) {
        ASSERT_TRUE(static_cast<Wide>(DivideRounded(n, d, rounding)) ==
                    DivideOracle(static_cast<Wide>(n), d, rounding));
      }
    }
  }
}

TEST(ExpectedAmountTest, EqualsTheOracleOnRandomAmounts) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 500'000; ++i) {
    const int64_t amount = static_cast<int64_t>(random()) >> (random() % 64);
    const auto ppm = static_cast<int32_t>(random() % 1'000'001);
    for (const Rounding rounding : kRoundings) {
      const Wide want = DivideOracle(Wide{amount} * ppm, 1'000'000, rounding);
      const absl::StatusOr<int64_t> got = ExpectedAmount(amount, ppm, rounding);
      ASSERT_TRUE(got.ok());
      ASSERT_EQ(*got, static_cast<int64_t>(want)) << amount << " x " << ppm;
    }
  }
}

TEST(ExpectedAmountTest, HalfACentGoesToEven) {
  EXPECT_EQ(*ExpectedAmount(1, 500'000), 0);
  EXPECT_EQ(*ExpectedAmount(3, 500'000), 2);
  EXPECT_EQ(*ExpectedAmount(5, 500'000), 2);
  EXPECT_EQ(*ExpectedAmount(-1, 500'000), 0);
  EXPECT_EQ(*ExpectedAmount(-3, 500'000), -2);
  EXPECT_EQ(*ExpectedAmount(-5, 500'000), -2);
  EXPECT_EQ(*ExpectedAmount(1, 500'000, Rounding::kHalfAwayFromZero), 1);
  EXPECT_EQ(*ExpectedAmount(-5, 500'000, Rounding::kHalfAwayFromZero), -3);
  EXPECT_EQ(*ExpectedAmount(123'450, 250'000), 30'862);  // 308.625
}

TEST(ExpectedAmountTest, TheWholeRangeOfAmountsFits) {
  for (const int64_t amount : {kMin, kMin + 1, kMax - 1, kMax}) {
    EXPECT_EQ(*ExpectedAmount(amount, 0), 0);
    EXPECT_EQ(*ExpectedAmount(amount, 1'000'000), amount);
    const int64_t less = *ExpectedAmount(amount, 999'999);
    EXPECT_LT(amount < 0 ? less : -less, 0);
  }
}

TEST(ExpectedAmountTest, RefusesWhatIsNoProbability) {
  for (const int32_t ppm : {-1, 1'000'001, std::numeric_limits<int32_t>::min(),
                            std::numeric_limits<int32_t>::max()}) {
    EXPECT_THAT(ExpectedAmount(1, ppm),
                Refused(Reason::kValueRange, HasSubstr(absl::StrCat(ppm))));
  }
}

TEST(ExactTotalTest, RoundsOnceAndNotPerRow) {
  ExactTotal total;
  total.AddExpected(123'450, 250'000);
  total.AddExpected(123'450, 250'000);
  EXPECT_EQ(*total.Rounded(Rounding::kHalfEven), 61'725);
  EXPECT_EQ(*ExactTotal().Rounded(Rounding::kHalfEven), 0);
}

TEST(ExactTotalTest, AnyOrderAndAnyGroupingGiveTheSameTotal) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 50; ++round) {
    constexpr size_t kRows = 400;
    std::vector<std::pair<int64_t, int32_t>> rows(kRows);
    Wide exact = 0;
    for (auto& [amount, ppm] : rows) {
      amount = static_cast<int64_t>(random()) >> (random() % 20);
      ppm = static_cast<int32_t>(random() % 1'000'001);
      exact += Wide{amount} * ppm;
    }
    for (int shuffle = 0; shuffle < 4; ++shuffle) {
      std::shuffle(rows.begin(), rows.end(), random);
      std::vector<ExactTotal> parts(1 + random() % 9);
      for (const auto& [amount, ppm] : rows) {
        ExactTotal& part = parts[random() % parts.size()];
        if (ppm == 1'000'000) {
          part.Add(amount);
        } else {
          part.AddExpected(amount, ppm);
        }
      }
      std::shuffle(parts.begin(), parts.end(), random);
      ExactTotal total;
      for (const ExactTotal& part : parts) total.Merge(part);
      ASSERT_TRUE(static_cast<Wide>(total.millionths()) == exact);
      for (const Rounding rounding : kRoundings) {
        const Wide want = DivideOracle(exact, 1'000'000, rounding);
        const absl::StatusOr<int64_t> got = total.Rounded(rounding);
        if (want >= kMin && want <= kMax) {
          ASSERT_EQ(got.value(), static_cast<int64_t>(want));
        } else {
          ASSERT_THAT(got, RefusedFor(Reason::kOverflow));
        }
      }
    }
  }
}

TEST(ExactTotalTest, OnlyTheTotalHasToFit) {
  ExactTotal total;
  for (int i = 0; i < 1000; ++i) total.Add(kMax);
  EXPECT_THAT(total.Rounded(Rounding::kHalfEven),
              RefusedFor(Reason::kOverflow));
  EXPECT_EQ(total.Rounded(Rounding::kHalfEven).status().code(),
            absl::StatusCode::kOutOfRange);
  for (int i = 0; i < 999; ++i) total.Add(-kMax);
  EXPECT_EQ(total.Rounded(Rounding::kHalfEven).value(), kMax);
  EXPECT_FALSE(total.overflowed());
}

TEST(ExactTotalTest, TheEndsOfTheRange) {
  ExactTotal high;
  high.Add(kMax);
  high.AddExpected(1, 500'000);
  // kMax is odd, so half a cent more goes to kMax + 1 and does not fit.
  EXPECT_FALSE(high.Rounded(Rounding::kHalfEven).ok());
  high.AddExpected(-1, 1);
  EXPECT_EQ(high.Rounded(Rounding::kHalfEven).value(), kMax);
  ExactTotal low;
  low.Add(kMin);
  low.AddExpected(-1, 500'000);
  EXPECT_EQ(low.Rounded(Rounding::kHalfEven).value(), kMin);
  EXPECT_FALSE(low.Rounded(Rounding::kHalfAwayFromZero).ok());
}

TEST(ExactTotalTest, OverflowOf128BitsIsRememberedAndMerged) {
  for (const int64_t amount : {kMax, kMin}) {
    ExactTotal total;
    total.Add(amount);
    int doublings = 0;
    while (!total.overflowed() && doublings < 200) {
      const ExactTotal copy = total;
      total.Merge(copy);
      ++doublings;
    }
    EXPECT_GT(doublings, 43);  // 2^43 rows of the largest amount still fit.
    EXPECT_LT(doublings, 46);
    EXPECT_THAT(total.Rounded(Rounding::kHalfEven),
                RefusedFor(Reason::kOverflow));
    total.Add(0);
    EXPECT_TRUE(total.overflowed());
    ExactTotal other;
    other.Add(1);
    other.Merge(total);
    EXPECT_TRUE(other.overflowed());
    EXPECT_FALSE(other.Rounded(Rounding::kHalfEven).ok());
  }
}

Currency Code(absl::string_view code) {
  return Currency::FromCode(code).value();
}

TEST(CurrencyTest, IsThreeCapitalLetters) {
  EXPECT_EQ(Code("USD").code(), "USD");
  EXPECT_TRUE(Code("USD") == Code("USD"));
  EXPECT_TRUE(Code("USD") != Code("EUR"));
  EXPECT_TRUE(Code("EUR") < Code("USD"));
  EXPECT_FALSE(Code("USD") < Code("USD"));
  for (const std::string& code :
       {std::string(), std::string("US"), std::string("USDX"),
        std::string("usd"), std::string("US1"), std::string("US "),
        std::string("U\0D", 3), std::string("元"), std::string("Ü1")}) {
    EXPECT_THAT(Currency::FromCode(code),
                Refused(Reason::kMalformedText, HasSubstr("USD")))
        << code;
  }
}

TEST(CurrencyTest, DecimalsOfIso4217) {
  struct Case {
    const char* code;
    int digits;
  };
  for (const Case& c : {Case{"USD", 2},
                        {"EUR", 2},
                        {"CNY", 2},
                        {"JPY", 0},
                        {"KRW", 0},
                        {"KWD", 3},
                        {"BHD", 3},
                        {"TND", 3},
                        {"CLF", 4},
                        {"UYW", 4},
                        {"AED", 2},
                        {"ZWG", 2},
                        {"ISK", 0},
                        {"HUF", 2}}) {
    EXPECT_EQ(MinorDigits(Code(c.code)).value(), c.digits) << c.code;
  }
  for (const char* const code : {"AAA", "XXX", "ZZZ", "USC", "XAU"}) {
    EXPECT_THAT(MinorDigits(Code(code)),
                Refused(Reason::kUnknownCurrency, HasSubstr(code)));
  }
  EXPECT_EQ(MinorDigits(Code("XXX")).status().code(),
            absl::StatusCode::kNotFound);
}

TEST(CurrencyTest, EveryListedOneIsFound) {
  EXPECT_GT(IsoCurrencies().size(), 150U);
  std::string before;
  for (const CurrencyRow& row : IsoCurrencies()) {
    EXPECT_EQ(MinorDigits(Code(row.code)).value(), row.minor_digits);
    EXPECT_LT(before, row.code);
    before = row.code;
  }
}

TEST(SumTest, AddsWithinACurrency) {
  const absl::StatusOr<Money> sum =
      Sum({100, Code("USD")}, {-250, Code("USD")});
  ASSERT_TRUE(sum.ok());
  EXPECT_EQ(sum->minor_units, -150);
  EXPECT_EQ(sum->currency.code(), "USD");
  EXPECT_EQ(Sum({kMax, Code("USD")}, {kMin, Code("USD")})->minor_units, -1);
}

TEST(SumTest, RefusesToMixAndToWrap) {
  EXPECT_THAT(Sum({1, Code("USD")}, {1, Code("EUR")}),
              Refused(Reason::kCurrencyMismatch,
                      testing::AllOf(HasSubstr("USD"), HasSubstr("EUR"))));
  EXPECT_THAT(Sum({kMax, Code("USD")}, {1, Code("USD")}),
              RefusedFor(Reason::kOverflow));
  EXPECT_THAT(Sum({kMin, Code("USD")}, {-1, Code("USD")}),
              RefusedFor(Reason::kOverflow));
}

struct AmountCase {
  const char* text;
  int digits;
  int64_t want;
};

TEST(ParseAmountTest, ReadsPlainDecimals) {
  for (const AmountCase& c : {
           AmountCase{"0", 2, 0},
           {"-0", 2, 0},
           {"1234.5", 2, 123'450},
           {"-0.07", 2, -7},
           {"+12", 2, 1200},
           {"12", 0, 12},
           {"12.", 0, 12},
           {".5", 2, 50},
           {"1.2300", 2, 123},
           {"1.000", 0, 1},
           {"1.2345", 4, 12'345},
           {"000000000000000000000000001", 0, 1},
           {"9223372036854775807", 0, kMax},
           {"-9223372036854775808", 0, kMin},
           {"92233720368547758.07", 2, kMax},
           {"-92233720368547758.08", 2, kMin},
           {"-922337203685477.5808", 4, kMin},
       }) {
    const auto got = ParseAmount(c.text, c.digits);
    ASSERT_TRUE(got.ok()) << c.text << ": " << got.status();
    EXPECT_EQ(*got, c.want) << c.text;
  }
}

TEST(ParseAmountTest, RefusesOtherText) {
  for (const char* const text :
       {"",         "-",     "+",   ".",   "-.",    "1,234.50", "1 234",
        "1.234,50", "1'234", " 1",  "1 ",  "--1",   "+-1",      "1-",
        "1e3",      "0x1",   "nan", "inf", "1.2.3", "$1",       "1.234",
        "0.001",    "１",    "1\n", "(1)"}) {
    EXPECT_THAT(ParseAmount(text, 2),
                Refused(Reason::kMalformedText,
                        HasSubstr(absl::StrCat("\"", text, "\""))))
        << text;
  }
  EXPECT_THAT(ParseAmount("1.5", 0),
              Refused(Reason::kMalformedText, HasSubstr("0 decimals")));
  EXPECT_FALSE(ParseAmount(std::string("1\0", 2), 2).ok());
}

TEST(ParseAmountTest, WhatDoesNotFitIsOutOfRange) {
  for (const AmountCase& c : {AmountCase{"9223372036854775808", 0, 0},
                              {"-9223372036854775809", 0, 0},
                              {"92233720368547758.08", 2, 0},
                              {"-92233720368547758.09", 2, 0},
                              {"9223372036854775807", 1, 0},
                              {"99999999999999999999999999999999", 0, 0},
                              {"-99999999999999999999999999999999", 4, 0}}) {
    const auto got = ParseAmount(c.text, c.digits);
    EXPECT_THAT(got, RefusedFor(Reason::kOverflow)) << c.text;
    EXPECT_EQ(got.status().code(), absl::StatusCode::kOutOfRange);
  }
}

TEST(ParseAmountTest, DecimalsAreZeroToFour) {
  for (const int digits : {-1, 5, std::numeric_limits<int>::min(),
                           std::numeric_limits<int>::max()}) {
    EXPECT_THAT(ParseAmount("1", digits),
                Refused(Reason::kValueRange, HasSubstr("0 to 4")));
  }
}

TEST(ParseAmountTest, AVeryLongTextIsShownInPart) {
  const auto got = ParseAmount(std::string(100'000, '9'), 2);
  EXPECT_THAT(got, RefusedFor(Reason::kOverflow));
  EXPECT_LT(got.status().message().size(), 200U);
  EXPECT_EQ(*ParseAmount("1." + std::string(100'000, '0'), 2), 100);
}

TEST(FormatAmountTest, ShowsAllDecimals) {
  EXPECT_EQ(FormatAmount(123'450, 2), "1234.50");
  EXPECT_EQ(FormatAmount(-7, 2), "-0.07");
  EXPECT_EQ(FormatAmount(0, 2), "0.00");
  EXPECT_EQ(FormatAmount(0, 0), "0");
  EXPECT_EQ(FormatAmount(-5, 0), "-5");
  EXPECT_EQ(FormatAmount(1, 4), "0.0001");
  EXPECT_EQ(FormatAmount(kMin, 0), "-9223372036854775808");
  EXPECT_EQ(FormatAmount(kMin, 2), "-92233720368547758.08");
  EXPECT_EQ(FormatAmount(kMax, 3), "9223372036854775.807");
}

TEST(FormatAmountTest, IsReadBack) {
  std::mt19937_64 random(4);
  for (int digits = 0; digits <= kMaxMinorDigits; ++digits) {
    for (int i = 0; i < 50'000; ++i) {
      const int64_t amount =
          i == 0   ? kMin
          : i == 1 ? kMax
                   : static_cast<int64_t>(random()) >> (random() % 64);
      const std::string text = FormatAmount(amount, digits);
      ASSERT_EQ(ParseAmount(text, digits).value(), amount) << text;
    }
  }
}

}  // namespace
}  // namespace fivek
