// The design of a strategic segment 目标客群 and its arithmetic: expected
// result = market size x coverage x win rate x average deal, what more of each
// factor would give, and how much of one a goal takes.
//
//   MarketSegment s;
//   s.market = 400;             // target customers
//   s.coverage_ppm = 500000;    // half of them are reached
//   s.win_rate_ppm = 250000;
//   s.average_deal = 1200000;   // 12 000.00
//   SegmentBook b = *EstimateSegments({s});
//   b.segments[0].result;          // 60000000: 600 000.00
//   b.segments[0].coverage_point;  // 1200000: one more point of coverage,
//   b.segments[0].win_rate_point;  // 2400000: or of the win rate
//   *CoverageNeeded(s, 90000000);  // 750000
//
// The result is exact and rounded once, half to even; so is the total over
// segments, which need not be the sum of rounded results. It is a product of
// four: 1 % more of any factor gives 1 % more (elasticity 1), as long as a rate
// stays at or below 100 %. One point more of a rate gives the more, the higher
// the other rate is: the lower of the two rates is the one to lift.
//
// Units: customers; ppm; minor units. Errors: kInvalidArgument with row and
// column; kOutOfRange where a result does not fit 64 bits. Cost: O(n).
// Thread-safety: pure functions. Source: domain.md §8.
#ifndef FIVEK_ACCOUNTS_SEGMENT_DESIGN_H_
#define FIVEK_ACCOUNTS_SEGMENT_DESIGN_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "fivek/accounts/sales_mode.h"

namespace fivek {

// What a design names; bits of `named` and `missing`. The texts stay with the
// caller. Part of the ABI; the label set segment.part.
enum class SegmentPart : uint8_t {
  kTarget = 0,     // target customers
  kOffer = 1,      //
  kProcess = 2,    // the sales process
  kFunctions = 3,  // team functions: named by `functions`
  kMode = 4,       // named by `mode`
  kGrouping = 5,   // named by `grouping`
};
inline constexpr int kSegmentPartCount = 6;
inline constexpr uint32_t kSegmentTexts = 0b111;  // Bits that `named` may have.

inline constexpr int32_t kGroupingOpen = 255;

struct MarketSegment {
  int64_t market = 0;        // Customers: 0 or more.
  int32_t coverage_ppm = 0;  // 0 to 10^6, as the win rate.
  int32_t win_rate_ppm = 0;
  int64_t average_deal = 0;          // Minor units: 0 or more.
  int32_t mode = kModeUndecided;     // SalesMode, or kModeUndecided.
  int32_t grouping = kGroupingOpen;  // TeamGrouping, or kGroupingOpen.
  uint32_t functions = 0;            // Bit = TeamFunction.
  uint32_t named = 0;                // Bit = SegmentPart 0 to 2.
};

// The four factors; bits of masks. Part of the ABI; the label set
// segment.factor.
enum class SegmentFactor : uint8_t {
  kMarket = 0,
  kCoverage = 1,
  kWinRate = 2,
  kAverageDeal = 3,
};
inline constexpr int kSegmentFactorCount = 4;

struct SegmentResult {
  int64_t result = 0;
  // Of the exact total of all segments, so also the elasticity of the total by
  // each factor of this segment. -1 where the total is 0.
  int32_t share_ppm = -1;
  uint32_t missing = 0;  // Bit = SegmentPart that the design does not name.
  // What is gained by one point (10 000 ppm) more of a rate, or by what is
  // left to 100 %, where that is less: `capped` has the factor's bit.
  int64_t coverage_point = 0;
  int64_t win_rate_point = 0;
  // What is gained by 10 % more of the factor; a rate again to 100 % at most.
  int64_t market_tenth = 0;
  int64_t coverage_tenth = 0;
  int64_t win_rate_tenth = 0;
  int64_t average_deal_tenth = 0;
  uint32_t capped_point = 0, capped_tenth = 0;
  // The factors that give most, of equal exact gains all: by a point (coverage
  // and win rate), and by a tenth. 0 where nothing is gained.
  uint32_t best_point = 0, best_tenth = 0;
};

struct SegmentBook {
  int64_t total = 0;
  std::vector<SegmentResult> segments;
};

// kInvalidArgument, naming the row and the column (0 market, 1 coverage_ppm, 2
// win_rate_ppm, 3 average_deal, 4 mode, 5 grouping, 6 functions, 7 named).
absl::StatusOr<SegmentBook> EstimateSegments(
    absl::Span<const MarketSegment> segments);

// The least coverage, or win rate, in ppm with which the segment's exact result
// is at least the goal, the other factors as they are: above 10^6 no such rate
// is enough, and the number says by how much. 0 for a goal of 0.
// kInvalidArgument unless the segment is as above and goal >= 0;
// kFailedPrecondition (kNoHistory) where another factor is 0 and the goal is
// not; kOutOfRange where it does not fit.
absl::StatusOr<int64_t> CoverageNeeded(const MarketSegment& segment,
                                       int64_t goal);
absl::StatusOr<int64_t> WinRateNeeded(const MarketSegment& segment,
                                      int64_t goal);

}  // namespace fivek

#endif  // FIVEK_ACCOUNTS_SEGMENT_DESIGN_H_
