#include "fivek/base/fraction.h"

#include <cstdint>
#include <limits>

#include "bench/seeded.h"
#include "fivek/base/reason.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using absl::int128;
using testing::HasSubstr;

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();

ExactRatio Ratio(int128 numerator, int128 denominator) {
  ExactRatio ratio(numerator);
  ratio.DivideBy(denominator);
  return ratio;
}

TEST(FractionTest, RoundsOnce) {
  EXPECT_EQ(*Ratio(5, 2).Rounded(Rounding::kHalfEven), 2);
  EXPECT_EQ(*Ratio(7, 2).Rounded(Rounding::kHalfEven), 4);
  EXPECT_EQ(*Ratio(-5, 2).Rounded(Rounding::kHalfEven), -2);
  EXPECT_EQ(*Ratio(5, -2).Rounded(Rounding::kHalfAwayFromZero), -3);
  EXPECT_EQ(*Ratio(5, 2).Rounded(Rounding::kHalfAwayFromZero), 3);
  EXPECT_EQ(*Ratio(8, 3).Rounded(Rounding::kHalfEven), 3);
  EXPECT_EQ(*Ratio(7, 3).Rounded(Rounding::kHalfEven), 2);
}

TEST(FractionTest, CeilingsAreExact) {
  EXPECT_EQ(*Ratio(670, 3).Ceiling(), 224);
  EXPECT_EQ(*Ratio(669, 3).Ceiling(), 223);
  EXPECT_EQ(*Ratio(-670, 3).Ceiling(), -223);
  EXPECT_EQ(*Ratio(0, 3).Ceiling(), 0);
  EXPECT_EQ(*Ratio(kMost, 2).Ceiling(), int64_t{1} << 62);
}

// DivideRounded is the oracle.
TEST(FractionTest, AgreesWithDivideRounded) {
  bench::SplitMix64 random(1);
  for (int i = 0; i < 20000; ++i) {
    const auto a = static_cast<int64_t>(random.Next()) >> random.Below(63);
    const auto b = static_cast<int64_t>(random.Next()) >> random.Below(63);
    const auto d = static_cast<int64_t>(random.Next() >> 1 >> random.Below(62));
    if (d == 0) continue;
    for (const Rounding rounding :
         {Rounding::kHalfEven, Rounding::kHalfAwayFromZero}) {
      const int128 want = DivideRounded(int128(a) * b, d, rounding);
      ExactRatio ratio(a);
      ratio.MultiplyBy(b);
      ratio.DivideBy(d);
      const auto got = ratio.Rounded(rounding);
      if (want < kLeast || want > kMost) {
        EXPECT_FALSE(got.ok());
      } else {
        EXPECT_EQ(*got, static_cast<int64_t>(want));
      }
    }
  }
}

TEST(FractionTest, CancelsBeforeItGrows) {
  ExactRatio ratio(kMost);
  for (int i = 0; i < 10; ++i) {
    ratio.MultiplyBy(kMost);
    ratio.DivideBy(kMost);
  }
  EXPECT_EQ(*ratio.Rounded(Rounding::kHalfEven), kMost);
  ratio.MultiplyBy(kMost - 1);
  EXPECT_FALSE(ratio.overflowed());
  ratio.MultiplyBy(kMost - 2);
  EXPECT_TRUE(ratio.overflowed());
  EXPECT_THAT(ratio.Rounded(Rounding::kHalfEven),
              Refused(Reason::kOverflow, HasSubstr("128 bits")));
  EXPECT_THAT(ratio.Ceiling(), RefusedFor(Reason::kOverflow));
}

TEST(FractionTest, TheEnds) {
  EXPECT_TRUE(Ratio(1, 0).overflowed());
  EXPECT_TRUE(Ratio(0, 0).overflowed());
  for (const int128 a : {absl::Int128Min(), absl::Int128Max(), int128(-1)}) {
    for (const int128 b : {absl::Int128Min(), absl::Int128Max(), int128(-1)}) {
      ExactRatio product(a);
      product.MultiplyBy(b);
      const ExactRatio ratio = Ratio(a, b);
      if (a == b && !ratio.overflowed()) {
        EXPECT_EQ(*ratio.Ceiling(), 1);
      }
    }
  }
  EXPECT_THAT(ExactRatio(absl::Int128Max()).Ceiling(),
              Refused(Reason::kOverflow, HasSubstr("64 bits")));
}

TEST(FractionTest, Doubles) {
  EXPECT_EQ(Ratio(1, 11).AsDouble(), 1.0 / 11);
  EXPECT_EQ(DoubleOf(-1), -1.0);
  EXPECT_EQ(DoubleOf(int128(1) << 100), 0x1p100);
  EXPECT_EQ(DoubleOf(absl::Int128Min()), -0x1p127);
  EXPECT_EQ(DoubleOf(kLeast), -0x1p63);
}

TEST(FractionTest, Checks) {
  EXPECT_TRUE(CheckFraction("x", {7, 2}).ok());
  EXPECT_TRUE(CheckShare("x", {2, 2}).ok());
  EXPECT_THAT(CheckFraction("rate", {-1, 2}),
              Refused(Reason::kValueRange, HasSubstr("rate -1/2")));
  EXPECT_THAT(CheckFraction("rate", {1, 0}), RefusedFor(Reason::kValueRange));
  EXPECT_THAT(CheckShare("rate", {3, 2}),
              Refused(Reason::kValueRange, HasSubstr("0 to 1")));
  EXPECT_THAT(CheckShare("rate", {1, -2}), RefusedFor(Reason::kValueRange));
}

}  // namespace
}  // namespace fivek
