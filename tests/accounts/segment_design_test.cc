#include "fivek/accounts/segment_design.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/numeric/int128.h"
#include "bench/seeded.h"
#include "fivek/base/money.h"
#include "fivek/base/reason.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using absl::int128;
using bench::SplitMix64;
using testing::HasSubstr;

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
constexpr int64_t kTrillion = 1'000'000'000'000;

MarketSegment Of(int64_t market, int32_t coverage, int32_t win, int64_t deal) {
  MarketSegment s;
  s.market = market;
  s.coverage_ppm = coverage;
  s.win_rate_ppm = win;
  s.average_deal = deal;
  return s;
}

TEST(SegmentTest, Known) {
  const MarketSegment s = Of(400, 500000, 250000, 1200000);
  const SegmentBook b = *EstimateSegments({s});
  const SegmentResult& r = b.segments[0];
  EXPECT_EQ(r.result, 60000000);
  EXPECT_EQ(b.total, 60000000);
  EXPECT_EQ(r.share_ppm, 1000000);
  EXPECT_EQ(r.coverage_point, 1200000);
  EXPECT_EQ(r.win_rate_point, 2400000);
  EXPECT_EQ(r.best_point, 1U << 2);
  EXPECT_EQ(r.market_tenth, 6000000);
  EXPECT_EQ(r.coverage_tenth, 6000000);
  EXPECT_EQ(r.best_tenth, 0b1111U);
  EXPECT_EQ(r.capped_point | r.capped_tenth, 0U);
  EXPECT_EQ(*CoverageNeeded(s, 90000000), 750000);
  EXPECT_EQ(*WinRateNeeded(s, 90000000), 375000);
  EXPECT_EQ(*CoverageNeeded(s, 90000001), 750001);
  EXPECT_EQ(*CoverageNeeded(s, 150000000), 1250000) << "no coverage is enough";
  EXPECT_EQ(*CoverageNeeded(s, 0), 0);
}

TEST(SegmentTest, Missing) {
  MarketSegment s;
  EXPECT_EQ(EstimateSegments({s})->segments[0].missing, 0b111111U);
  s.named = 0b101;
  s.mode = 2;
  s.grouping = 3;
  s.functions = 0b100001;
  EXPECT_EQ(EstimateSegments({s})->segments[0].missing, 0b000010U);
}

TEST(SegmentTest, CappedRates) {
  const SegmentResult r =
      EstimateSegments({Of(1000, 995000, 950000, 100)})->segments[0];
  EXPECT_EQ(r.coverage_point, 475);
  EXPECT_EQ(r.win_rate_point, 995);
  EXPECT_EQ(r.capped_point, 0b010U);
  EXPECT_EQ(r.capped_tenth, 0b110U);
  EXPECT_EQ(r.coverage_tenth, 475);
  EXPECT_EQ(r.win_rate_tenth, 4975);
  EXPECT_EQ(r.best_tenth, 0b1001U);
  const SegmentResult top =
      EstimateSegments({Of(1000, 1000000, 1000000, 100)})->segments[0];
  EXPECT_EQ(top.coverage_point, 0);
  EXPECT_EQ(top.best_point, 0U);
  EXPECT_EQ(top.capped_tenth, 0b110U);
}

// By 128-bit products, and by doing it: the gain is what the changed segment
// brings more.
TEST(SegmentTest, GainsAreWhatChangesBring) {
  SplitMix64 random(12);
  std::vector<MarketSegment> segments;
  int128 total = 0;
  for (int i = 0; i < 2000; ++i) {
    const MarketSegment s =
        Of(random.Below(5000), 1000 * static_cast<int32_t>(random.Below(1001)),
           1000 * static_cast<int32_t>(random.Below(1001)),
           random.Below(10'000'000));
    const int128 exact =
        int128(s.market) * s.coverage_ppm * s.win_rate_ppm * s.average_deal;
    total += exact;
    const SegmentResult r = EstimateSegments({s})->segments[0];
    EXPECT_EQ(r.result, DivideRounded(exact, kTrillion, Rounding::kHalfEven));
    const auto gain = [&](MarketSegment changed) {
      const int128 now = int128(changed.market) * changed.coverage_ppm *
                         changed.win_rate_ppm * changed.average_deal;
      return DivideRounded(now - exact, kTrillion, Rounding::kHalfEven);
    };
    MarketSegment changed = s;
    changed.coverage_ppm = std::min(s.coverage_ppm + 10000, 1000000);
    EXPECT_EQ(r.coverage_point, gain(changed));
    changed = s;
    changed.win_rate_ppm = std::min(s.win_rate_ppm + 10000, 1000000);
    EXPECT_EQ(r.win_rate_point, gain(changed));
    changed = s;
    changed.win_rate_ppm = std::min(s.win_rate_ppm / 10 * 11, 1000000);
    EXPECT_EQ(r.win_rate_tenth, gain(changed));
    changed = s;
    changed.coverage_ppm = std::min(s.coverage_ppm / 10 * 11, 1000000);
    EXPECT_EQ(r.coverage_tenth, gain(changed));
    EXPECT_EQ(r.market_tenth, r.average_deal_tenth);
    segments.push_back(s);
  }
  const SegmentBook book = *EstimateSegments(segments);
  EXPECT_EQ(book.total, DivideRounded(total, kTrillion, Rounding::kHalfEven));
  std::reverse(segments.begin(), segments.end());
  const SegmentBook other = *EstimateSegments(segments);
  EXPECT_EQ(other.total, book.total);
  int64_t shares = 0;
  for (size_t i = 0; i < segments.size(); ++i) {
    EXPECT_EQ(other.segments[i].share_ppm,
              book.segments[segments.size() - 1 - i].share_ppm);
    shares += other.segments[i].share_ppm;
  }
  EXPECT_NEAR(static_cast<double>(shares), 1e6, 1000.0);
}

// The total is rounded once: two halves make a whole.
TEST(SegmentTest, HalvesOfACent) {
  const MarketSegment half = Of(1, 500000, 1000000, 1);
  const SegmentBook b = *EstimateSegments({half, half});
  EXPECT_EQ(b.segments[0].result, 0) << "to even";
  EXPECT_EQ(b.total, 1);
  EXPECT_EQ(b.segments[0].share_ppm, 500000);
}

// The least that is enough, by trying the one below.
TEST(SegmentTest, NeededIsTheLeast) {
  SplitMix64 random(13);
  for (int i = 0; i < 2000; ++i) {
    MarketSegment s = Of(1 + random.Below(500), 0,
                         1 + static_cast<int32_t>(random.Below(1000000)),
                         1 + random.Below(100000));
    const int64_t goal = random.Below(20'000'000);
    const int64_t needed = *CoverageNeeded(s, goal);
    const int128 each = int128(s.market) * s.win_rate_ppm * s.average_deal;
    EXPECT_GE(each * needed, int128(goal) * kTrillion);
    if (needed > 0) {
      EXPECT_LT(each * (needed - 1), int128(goal) * kTrillion);
    }
    std::swap(s.coverage_ppm, s.win_rate_ppm);
    EXPECT_EQ(*WinRateNeeded(s, goal), needed);
  }
  EXPECT_EQ(*CoverageNeeded(Of(kMost, 0, 1000000, kMost), kMost), 1);
  EXPECT_EQ(*CoverageNeeded(Of(kMost, 0, 1, kMost), 1), 1);
}

TEST(SegmentTest, TheLargest) {
  EXPECT_EQ(EstimateSegments({Of(kMost, 1000000, 1000000, 1)})->total, kMost);
  EXPECT_THAT(EstimateSegments({Of(kMost, 0, 1000000, kMost)}),
              RefusedFor(Reason::kOverflow))
      << "what a point of coverage would give";
  EXPECT_EQ(EstimateSegments({Of(kMost, 0, 0, kMost)})->segments[0].share_ppm,
            -1);
  auto b = EstimateSegments({Of(1, 1, 1, 1), Of(kMost, 1000000, 1000000, 2)});
  EXPECT_THAT(b, Refused(Reason::kOverflow, HasSubstr("does not fit")));
  EXPECT_EQ(WhereOf(b.status()).row, 1);
  const MarketSegment half = Of(kMost / 2 + 1, 1000000, 1000000, 1);
  b = EstimateSegments({half, half});
  EXPECT_THAT(b, Refused(Reason::kOverflow, HasSubstr("the total")));
  EXPECT_EQ(WhereOf(b.status()).row, -1);
  EXPECT_THAT(CoverageNeeded(Of(1, 0, 1, 1), kMost),
              RefusedFor(Reason::kOverflow));
}

TEST(SegmentTest, Refusals) {
  const auto refuse = [](MarketSegment s, Reason reason, const char* message,
                         int32_t column) {
    const auto b = EstimateSegments({MarketSegment(), s});
    EXPECT_THAT(b, Refused(reason, HasSubstr(message)));
    EXPECT_EQ(WhereOf(b.status()).row, 1);
    EXPECT_EQ(WhereOf(b.status()).column, column);
    EXPECT_THAT(CoverageNeeded(s, 1), RefusedFor(reason));
    EXPECT_THAT(WinRateNeeded(s, 1), RefusedFor(reason));
  };
  refuse(Of(-1, 0, 0, 0), Reason::kValueRange, "market -1", 0);
  refuse(Of(0, 1000001, 0, 0), Reason::kValueRange, "coverage_ppm 1000001", 1);
  refuse(Of(0, 0, -1, 0), Reason::kValueRange, "win_rate_ppm -1", 2);
  refuse(Of(0, 0, 0, -5), Reason::kValueRange, "average_deal -5", 3);
  MarketSegment s;
  s.mode = 3;
  refuse(s, Reason::kUnknownCode, "mode 3; allowed: 0 to 2, or 255", 4);
  s = MarketSegment();
  s.grouping = 4;
  refuse(s, Reason::kUnknownCode, "grouping 4", 5);
  s = MarketSegment();
  s.functions = 64;
  refuse(s, Reason::kUnknownCode, "functions 64; allowed: 0 to 63", 6);
  s = MarketSegment();
  s.named = 8;
  refuse(s, Reason::kUnknownCode, "named 8; allowed: 0 to 7", 7);
  EXPECT_THAT(CoverageNeeded(Of(1, 1, 1, 1), -1),
              Refused(Reason::kValueRange, HasSubstr("goal -1")));
  EXPECT_THAT(CoverageNeeded(Of(1, 1, 0, 1), 1),
              RefusedFor(Reason::kNoHistory));
  EXPECT_THAT(WinRateNeeded(Of(1, 0, 1, 1), 1), RefusedFor(Reason::kNoHistory));
  EXPECT_EQ(*WinRateNeeded(Of(0, 0, 0, 0), 0), 0);
}

}  // namespace
}  // namespace fivek
