#include "fivek/history/wilson.h"

#include <cmath>
#include <cstdint>
#include <limits>

#include "fivek/base/reason.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/history/reference.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using testing::HasSubstr;

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

TEST(WilsonTest, Known) {
  const Proportion p = *Wilson(37, 120, kZ95);
  EXPECT_EQ(p.rate, 37.0 / 120.0);
  EXPECT_THAT(p.low, IsNear(0.23272736988916293, 1e-15));
  EXPECT_THAT(p.high, IsNear(0.3958299772380067, 1e-15));
  const Proportion few = *Wilson(2, 2, kZ95);
  EXPECT_THAT(few.low, IsNear(0.34238022750665303, 1e-15));
  EXPECT_EQ(few.high, 1.0);
}

TEST(WilsonTest, Reference) {
  const auto cases = ReferenceCases("funnel", "wilson");
  FIVEK_NEEDS_REFERENCE(cases);
  for (const auto& one : cases) {
    const double tolerance = one.at("rel_tol");
    EXPECT_EQ(one.at("expected").at("z95").get<double>(), kZ95);
    for (const auto& row : one.at("expected").at("rows")) {
      SCOPED_TRACE(row.dump());
      const Proportion at95 = *Wilson(row.at("x"), row.at("n"), kZ95);
      const Proportion at90 = *Wilson(row.at("x"), row.at("n"), kZ90);
      EXPECT_THAT(at95.low, IsNear(row.at("lo95").get<double>(), tolerance));
      EXPECT_THAT(at95.high, IsNear(row.at("hi95").get<double>(), tolerance));
      EXPECT_THAT(at90.low, IsNear(row.at("lo90").get<double>(), tolerance));
      EXPECT_THAT(at90.high, IsNear(row.at("hi90").get<double>(), tolerance));
    }
  }
}

// A small rate keeps its digits: a difference of roots would have none.
TEST(WilsonTest, TheLowEndKeepsItsDigits) {
  const Proportion p = *Wilson(1, 1'000'000, kZ95);
  EXPECT_NEAR(p.low / 1.7652457674537147e-07, 1.0, 1e-14);
  // One in 10^18: low is n^-1 / (1 + z^2/2 + z sqrt(1 + z^2/4)).
  const Proportion rare = *Wilson(1, 1'000'000'000'000'000'000, 2.0);
  EXPECT_NEAR(rare.low * 1e18 * (3.0 + 2.0 * std::sqrt(2.0)), 1.0, 1e-14);
}

TEST(WilsonTest, NothingIsKnownOfNoTrials) {
  for (const double z : {0.0, 1.0, kZ95, 1e300}) {
    const Proportion p = *Wilson(0, 0, z);
    EXPECT_EQ(p.rate, 0.0);
    EXPECT_EQ(p.low, 0.0);
    EXPECT_EQ(p.high, 1.0);
  }
}

TEST(WilsonTest, EndsAreExact) {
  for (const int64_t n : {int64_t{1}, int64_t{2}, int64_t{3}, int64_t{1000},
                          int64_t{1} << 53, kMost}) {
    for (const double z :
         {0.0, 5e-324, 1e-200, 2.3e-162, 1e-160, 0.1, kZ95, 40.0, 1e80, 1e154,
          1e300, std::numeric_limits<double>::max()}) {
      EXPECT_EQ(Wilson(0, n, z)->low, 0.0);
      EXPECT_FALSE(std::signbit(Wilson(0, n, z)->low));
      EXPECT_EQ(Wilson(n, n, z)->high, 1.0);
    }
  }
}

// So wide that only the ends are left: low is rate^2 / (z^2 / n).
TEST(WilsonTest, AWideInterval) {
  const Proportion p = *Wilson(1, 2, 1e80);
  EXPECT_NEAR(p.low / 5e-161, 1.0, 1e-14);
  EXPECT_EQ(p.high, 1.0);
}

TEST(WilsonTest, ZeroIsTheRateAlone) {
  for (const int64_t x : {0, 1, 7, 30}) {
    const Proportion p = *Wilson(x, 30, 0.0);
    EXPECT_EQ(p.low, p.rate);
    EXPECT_EQ(p.high, p.rate);
  }
}

// The ends solve the equation, contain the rate, widen with z and are each
// other's mirror.
TEST(WilsonTest, Properties) {
  for (const int64_t n : {1, 2, 5, 17, 100, 4711}) {
    for (int64_t x = 0; x <= n; x += n < 100 ? 1 : 97) {
      Proportion narrower = {static_cast<double>(x) / static_cast<double>(n),
                             1.0, 0.0};
      for (const double z : {0.0, 0.5, 1.0, kZ90, kZ95, 5.0, 100.0}) {
        SCOPED_TRACE(testing::Message() << x << " of " << n << " at " << z);
        const Proportion p = *Wilson(x, n, z);
        ASSERT_LE(0.0, p.low);
        ASSERT_LE(p.low, p.rate);
        ASSERT_LE(p.rate, p.high);
        ASSERT_LE(p.high, 1.0);
        EXPECT_LE(p.low, narrower.low);
        EXPECT_GE(p.high, narrower.high);
        narrower = p;
        for (const double end : {p.low, p.high}) {
          const double off = end - p.rate;
          EXPECT_NEAR(off * off * static_cast<double>(n),
                      z * z * end * (1.0 - end),
                      1e-15 * (static_cast<double>(n) + z * z));
        }
        const Proportion mirror = *Wilson(n - x, n, z);
        EXPECT_NEAR(p.low, 1.0 - mirror.high, 1e-15);
        EXPECT_NEAR(p.high, 1.0 - mirror.low, 1e-15);
      }
    }
  }
}

TEST(WilsonTest, LargestCounts) {
  for (const int64_t x : {int64_t{1}, kMost / 2, kMost - 1}) {
    for (const double z : {1e-160, kZ95, 1e90, 1e200}) {
      const Proportion p = *Wilson(x, kMost, z);
      EXPECT_LE(0.0, p.low);
      EXPECT_LE(p.low, p.rate);
      EXPECT_LE(p.rate, p.high);
      EXPECT_LE(p.high, 1.0);
    }
  }
}

TEST(WilsonTest, Refusals) {
  EXPECT_THAT(Wilson(0, -1, kZ95),
              Refused(Reason::kValueRange, HasSubstr("trials -1")));
  EXPECT_THAT(Wilson(-1, 5, kZ95),
              Refused(Reason::kValueRange, HasSubstr("successes -1")));
  EXPECT_THAT(Wilson(6, 5, kZ95),
              Refused(Reason::kValueRange, HasSubstr("successes 6")));
  for (const double z : {-1e-300, -1.0, std::numeric_limits<double>::infinity(),
                         -std::numeric_limits<double>::infinity(),
                         std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_THAT(Wilson(1, 2, z), Refused(Reason::kValueRange, HasSubstr("z ")));
    EXPECT_THAT(Wilson(0, 0, z), Refused(Reason::kValueRange, HasSubstr("z ")));
  }
}

}  // namespace
}  // namespace fivek
