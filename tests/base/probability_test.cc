#include "fivek/base/probability.h"

#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using testing::HasSubstr;
using U = ProbabilityUnit;
__extension__ using Wide = __int128;

TEST(ProbabilityTest, TheRangeIsZeroToAMillion) {
  EXPECT_TRUE(IsProbability(0));
  EXPECT_TRUE(IsProbability(1'000'000));
  EXPECT_FALSE(IsProbability(-1));
  EXPECT_FALSE(IsProbability(1'000'001));
  EXPECT_FALSE(IsProbability(std::numeric_limits<int32_t>::min()));
  EXPECT_FALSE(IsProbability(std::numeric_limits<int32_t>::max()));
}

// part x 10^6 / whole, half to even, by comparing what is left with what it
// would take to the next ppm.
int32_t RatioOracle(int64_t part, int64_t whole) {
  const Wide scaled = Wide{part} * 1'000'000;
  Wide down = scaled / whole;
  const Wide twice_rest = 2 * (scaled - down * whole);
  if (twice_rest > whole || (twice_rest == whole && down % 2 == 1)) ++down;
  return static_cast<int32_t>(down);
}

TEST(PpmFromRatioTest, EqualsTheOracleOnSmallNumbers) {
  for (int64_t whole = 1; whole <= 300; ++whole) {
    for (int64_t part = 0; part <= whole; ++part) {
      ASSERT_EQ(PpmFromRatio(part, whole).value(), RatioOracle(part, whole))
          << part << "/" << whole;
    }
  }
}

TEST(PpmFromRatioTest, HalfAPpmGoesToEven) {
  EXPECT_EQ(*PpmFromRatio(1, 2'000'000), 0);  // 0.5
  EXPECT_EQ(*PpmFromRatio(3, 2'000'000), 2);  // 1.5
  EXPECT_EQ(*PpmFromRatio(5, 2'000'000), 2);  // 2.5
}

TEST(PpmFromRatioTest, EqualsTheOracleOnRandomLargeNumbers) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 200'000; ++i) {
    const auto whole = static_cast<int64_t>((random() >> (random() % 62)) >> 1);
    if (whole == 0) continue;
    const auto part =
        static_cast<int64_t>(random() % (static_cast<uint64_t>(whole) + 1));
    ASSERT_EQ(PpmFromRatio(part, whole).value(), RatioOracle(part, whole))
        << part << "/" << whole;
  }
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(*PpmFromRatio(kMax, kMax), 1'000'000);
  EXPECT_EQ(*PpmFromRatio(0, kMax), 0);
  EXPECT_EQ(*PpmFromRatio(kMax - 1, kMax), 1'000'000);
}

TEST(PpmFromRatioTest, RefusesWhatIsNoShare) {
  constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
  for (const auto& [part, whole] : {std::pair<int64_t, int64_t>{0, 0},
                                    {1, 0},
                                    {-1, 5},
                                    {6, 5},
                                    {1, -5},
                                    {-1, -5},
                                    {kMin, kMin},
                                    {0, kMin}}) {
    EXPECT_THAT(PpmFromRatio(part, whole),
                Refused(Reason::kValueRange,
                        HasSubstr(absl::StrCat(part, " / ", whole))));
  }
}

TEST(ParseProbabilityTest, ReadsEveryPpmInEveryUnit) {
  for (int32_t ppm = 0; ppm <= kCertain; ++ppm) {
    const std::string percent =
        absl::StrFormat("%d.%04d", ppm / 10'000, ppm % 10'000);
    const std::string fraction =
        absl::StrFormat("%d.%06d", ppm / kCertain, ppm % kCertain);
    ASSERT_EQ(ParseProbability(percent, U::kPercent).value(), ppm) << percent;
    ASSERT_EQ(ParseProbability(fraction, U::kFraction).value(), ppm)
        << fraction;
    ASSERT_EQ(ParseProbability(absl::StrCat(ppm), U::kPpm).value(), ppm);
  }
}

struct ReadCase {
  const char* text;
  ProbabilityUnit unit;
  int32_t want;
};

TEST(ParseProbabilityTest, RoundsHalfToEvenAndAcceptsPlainDecimals) {
  for (const ReadCase& c : {
           ReadCase{"75", U::kPercent, 750'000},
           {"0.75", U::kFraction, 750'000},
           {"33.333", U::kPercent, 333'330},
           {"100", U::kPercent, 1'000'000},
           {"100.0000000000", U::kPercent, 1'000'000},
           {"1", U::kFraction, 1'000'000},
           {"1.000000000", U::kFraction, 1'000'000},
           {"000075", U::kPercent, 750'000},
           {".5", U::kFraction, 500'000},
           {"5.", U::kPercent, 50'000},
           {"0", U::kPercent, 0},
           {"0.00005", U::kPercent, 0},  // 0.5 ppm
           {"0.00015", U::kPercent, 2},  // 1.5 ppm
           {"0.00025", U::kPercent, 2},  // 2.5 ppm
           {"0.000250000000001", U::kPercent, 3},
           {"0.00024999999999999", U::kPercent, 2},
           {"0.0000005", U::kFraction, 0},
           {"0.0000015", U::kFraction, 2},
           {"0.99999951", U::kFraction, 1'000'000},
           {"12.5", U::kPpm, 12},
           {"13.5", U::kPpm, 14},
           {"12.51", U::kPpm, 13},
       }) {
    const auto got = ParseProbability(c.text, c.unit);
    ASSERT_TRUE(got.ok()) << c.text << ": " << got.status();
    EXPECT_EQ(*got, c.want) << c.text;
  }
}

TEST(ParseProbabilityTest, RefusesOtherTextAndNeverClamps) {
  for (const char* const text : {"",
                                 ".",
                                 "-1",
                                 "+1",
                                 " 1",
                                 "1 ",
                                 "1%",
                                 "1 %",
                                 "1e1",
                                 "0x10",
                                 "1,5",
                                 "1.5.5",
                                 "nan",
                                 "inf",
                                 "100.00000001",
                                 "100.0001",
                                 "101",
                                 "1000",
                                 "99999999999999999999999999999999",
                                 "\xff",
                                 "1\n"}) {
    EXPECT_THAT(ParseProbability(text, U::kPercent),
                Refused(Reason::kMalformedText, HasSubstr("0 to 100")))
        << text;
  }
  EXPECT_THAT(ParseProbability("1.0000001", U::kFraction),
              Refused(Reason::kMalformedText, HasSubstr("0 to 1")));
  EXPECT_THAT(ParseProbability("1000001", U::kPpm),
              Refused(Reason::kMalformedText, HasSubstr("0 to 1000000")));
  EXPECT_THAT(ParseProbability("1000000.5", U::kPpm),
              RefusedFor(Reason::kMalformedText));
  EXPECT_THAT(ParseProbability("2", U::kFraction),
              RefusedFor(Reason::kMalformedText));
  EXPECT_THAT(ParseProbability(std::string("1\0", 2), U::kPercent),
              RefusedFor(Reason::kMalformedText));
}

TEST(ParseProbabilityTest, AVeryLongTextIsReadAndShownInPart) {
  EXPECT_EQ(*ParseProbability("50." + std::string(100'000, '0'), U::kPercent),
            500'000);
  const auto got = ParseProbability(std::string(100'000, '9'), U::kPercent);
  ASSERT_FALSE(got.ok());
  EXPECT_LT(got.status().message().size(), 200U);
}

TEST(FormatPercentTest, ShowsAsManyDecimalsAsNeeded) {
  EXPECT_EQ(FormatPercent(0), "0 %");
  EXPECT_EQ(FormatPercent(250'000), "25 %");
  EXPECT_EQ(FormatPercent(631'500), "63.15 %");
  EXPECT_EQ(FormatPercent(1), "0.0001 %");
  EXPECT_EQ(FormatPercent(100), "0.01 %");
  EXPECT_EQ(FormatPercent(1'000'000), "100 %");
  EXPECT_EQ(FormatPercent(-250'000), "-25 %");
  EXPECT_EQ(FormatPercent(-1), "-0.0001 %");
  EXPECT_EQ(FormatPercent(std::numeric_limits<int32_t>::min()),
            "-214748.3648 %");
  EXPECT_EQ(FormatPercent(std::numeric_limits<int32_t>::max()),
            "214748.3647 %");
}

TEST(FormatPercentTest, IsReadBackForEveryPpm) {
  for (int32_t ppm = 0; ppm <= kCertain; ppm += 7) {
    std::string text = FormatPercent(ppm);
    ASSERT_EQ(text.substr(text.size() - 2), " %");
    text.resize(text.size() - 2);
    ASSERT_EQ(ParseProbability(text, U::kPercent).value(), ppm) << text;
  }
}

}  // namespace
}  // namespace fivek
