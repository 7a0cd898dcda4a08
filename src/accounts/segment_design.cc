#include "fivek/accounts/segment_design.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fivek/base/money.h"
#include "fivek/base/probability.h"
#include "fivek/base/reason.h"
#include "src/accounts/exact_share.h"

namespace fivek {
namespace {

using absl::int128;
using absl::uint128;

constexpr int64_t kTrillion = kMillion * kMillion;  // ppm x ppm of 1.
constexpr int32_t kPoint = 10'000;                  // One percentage point.

constexpr uint32_t Bit(SegmentFactor factor) {
  return uint32_t{1} << static_cast<int>(factor);
}
constexpr uint32_t Bit(SegmentPart part) {
  return uint32_t{1} << static_cast<int>(part);
}

absl::Status CheckCode(const char* name, int32_t code, int32_t count,
                       int32_t none, Where where) {
  if ((code >= 0 && code < count) || code == none) return absl::OkStatus();
  return Refuse(Reason::kUnknownCode,
                absl::StrCat(name, " ", code, "; allowed: 0 to ", count - 1,
                             ", or ", none),
                where);
}

absl::Status CheckMask(const char* name, uint32_t mask, uint32_t most,
                       Where where) {
  if ((mask & ~most) == 0) return absl::OkStatus();
  return Refuse(Reason::kUnknownCode,
                absl::StrCat(name, " ", mask, "; allowed: 0 to ", most), where);
}

absl::Status CheckAmount(const char* name, int64_t x, Where where) {
  if (x >= 0) return absl::OkStatus();
  return Refuse(Reason::kValueRange,
                absl::StrCat(name, " ", x, "; allowed: 0 or more"), where);
}

absl::Status CheckRate(const char* name, int32_t ppm, Where where) {
  if (IsProbability(ppm)) return absl::OkStatus();
  return Refuse(Reason::kValueRange,
                absl::StrCat(name, " ", ppm, "; allowed: 0 to ", kCertain),
                where);
}

absl::Status CheckSegment(const MarketSegment& s, int64_t row) {
  const absl::Status checks[] = {
      CheckAmount("market", s.market, {row, 0}),
      CheckRate("coverage_ppm", s.coverage_ppm, {row, 1}),
      CheckRate("win_rate_ppm", s.win_rate_ppm, {row, 2}),
      CheckAmount("average_deal", s.average_deal, {row, 3}),
      CheckCode("mode", s.mode, kSalesModeCount, kModeUndecided, {row, 4}),
      CheckCode("grouping", s.grouping, kTeamGroupingCount, kGroupingOpen,
                {row, 5}),
      CheckMask("functions", s.functions, kAllTeamFunctions, {row, 6}),
      CheckMask("named", s.named, kSegmentTexts, {row, 7})};
  for (const absl::Status& check : checks) {
    if (!check.ok()) return check;
  }
  return absl::OkStatus();
}

// *product *= factor, both 0 or more; false where it does not fit.
bool MultiplyBy(int128 factor, int128* product) {
  if (factor != 0 && *product > absl::Int128Max() / factor) return false;
  *product *= factor;
  return true;
}

// The product of four factors of 0 or more. What does not fit 128 bits does not
// fit 64 after the division by 10^12 or 10^13 either.
bool Product(const std::array<int64_t, 4>& factors, int128* product) {
  *product = 1;
  if (std::find(factors.begin(), factors.end(), 0) != factors.end()) {
    *product = 0;
    return true;
  }
  for (const int64_t factor : factors) {
    if (!MultiplyBy(factor, product)) return false;
  }
  return true;
}

absl::Status RefuseResult() {
  return Refuse(Reason::kOverflow,
                "market x coverage x win rate x average deal does not fit 64 "
                "bits");
}

// numerator / denominator rounded, if it fits an int64.
bool Round(int128 numerator, int64_t denominator, int64_t* out) {
  const int128 rounded =
      DivideRounded(numerator, denominator, Rounding::kHalfEven);
  if (rounded > std::numeric_limits<int64_t>::max()) return false;
  *out = static_cast<int64_t>(rounded);
  return true;
}

// A factor's gain, exact: a product of four over a denominator of ppm x ppm x
// `tenths`.
struct Gain {
  SegmentFactor factor;
  int128 exact = 0;
  int64_t* to;
};

template <size_t kGains>
uint32_t BestOf(const std::array<Gain, kGains>& gains) {
  int128 most = 0;
  uint32_t best = 0;
  for (const Gain& gain : gains) {
    if (gain.exact <= 0 || gain.exact < most) continue;
    if (gain.exact > most) best = 0;
    most = gain.exact;
    best |= Bit(gain.factor);
  }
  return best;
}

uint32_t MissingOf(const MarketSegment& s) {
  uint32_t missing = kSegmentTexts & ~s.named;
  if (s.functions == 0) missing |= Bit(SegmentPart::kFunctions);
  if (s.mode == kModeUndecided) missing |= Bit(SegmentPart::kMode);
  if (s.grouping == kGroupingOpen) missing |= Bit(SegmentPart::kGrouping);
  return missing;
}

// A step up of a rate, up to what is left; `capped` gets its bit.
int32_t StepOf(int32_t step, int32_t left, SegmentFactor factor,
               uint32_t* capped) {
  if (step <= left) return step;
  *capped |= Bit(factor);
  return left;
}

bool GainPoints(const MarketSegment& s, SegmentResult* out) {
  const int32_t coverage = StepOf(kPoint, kCertain - s.coverage_ppm,
                                  SegmentFactor::kCoverage, &out->capped_point);
  const int32_t win_rate = StepOf(kPoint, kCertain - s.win_rate_ppm,
                                  SegmentFactor::kWinRate, &out->capped_point);
  std::array<Gain, 2> gains = {{
      {SegmentFactor::kCoverage, 0, &out->coverage_point},
      {SegmentFactor::kWinRate, 0, &out->win_rate_point},
  }};
  if (!Product({s.market, coverage, s.win_rate_ppm, s.average_deal},
               &gains[0].exact) ||
      !Product({s.market, s.coverage_ppm, win_rate, s.average_deal},
               &gains[1].exact)) {
    return false;
  }
  out->best_point = BestOf(gains);
  return Round(gains[0].exact, kTrillion, gains[0].to) &&
         Round(gains[1].exact, kTrillion, gains[1].to);
}

// A tenth of a rate need not be whole ppm: steps in tenths of a ppm. `exact` is
// the product of the four factors.
bool GainTenths(const MarketSegment& s, int128 exact, SegmentResult* out) {
  const int32_t coverage =
      StepOf(s.coverage_ppm, 10 * (kCertain - s.coverage_ppm),
             SegmentFactor::kCoverage, &out->capped_tenth);
  const int32_t win_rate =
      StepOf(s.win_rate_ppm, 10 * (kCertain - s.win_rate_ppm),
             SegmentFactor::kWinRate, &out->capped_tenth);
  std::array<Gain, 4> gains = {{
      {SegmentFactor::kMarket, exact, &out->market_tenth},
      {SegmentFactor::kCoverage, 0, &out->coverage_tenth},
      {SegmentFactor::kWinRate, 0, &out->win_rate_tenth},
      {SegmentFactor::kAverageDeal, exact, &out->average_deal_tenth},
  }};
  if (!Product({s.market, coverage, s.win_rate_ppm, s.average_deal},
               &gains[1].exact) ||
      !Product({s.market, s.coverage_ppm, win_rate, s.average_deal},
               &gains[2].exact)) {
    return false;
  }
  out->best_tenth = BestOf(gains);
  for (const Gain& gain : gains) {
    if (!Round(gain.exact, 10 * kTrillion, gain.to)) return false;
  }
  return true;
}

// The least ppm of the rate that is left out, by the other three.
absl::StatusOr<int64_t> RateNeeded(int64_t market, int32_t other_ppm,
                                   int64_t average_deal, int64_t goal) {
  absl::Status allowed = CheckAmount("goal", goal, {});
  if (!allowed.ok()) return allowed;
  if (goal == 0) return 0;
  if (market == 0 || other_ppm == 0 || average_deal == 0) {
    return Refuse(Reason::kNoHistory,
                  "goal above 0 with a market, rate or average deal of 0");
  }
  int128 each = 0;  // What one ppm brings, in 10^-12.
  if (!Product({market, other_ppm, average_deal, 1}, &each)) {
    return 1;  // More than any goal.
  }
  const int128 needed = (int128(goal) * kTrillion - 1) / each + 1;
  if (needed > std::numeric_limits<int64_t>::max()) {
    return Refuse(Reason::kOverflow, "the rate needed does not fit 64 bits");
  }
  return static_cast<int64_t>(needed);
}

}  // namespace

absl::StatusOr<SegmentBook> EstimateSegments(
    absl::Span<const MarketSegment> segments) {
  SegmentBook book;
  std::vector<int128> exact;
  exact.reserve(segments.size());
  book.segments.reserve(segments.size());
  int128 total = 0;
  for (size_t i = 0; i < segments.size(); ++i) {
    const MarketSegment& s = segments[i];
    const auto row = static_cast<int64_t>(i);
    absl::Status allowed = CheckSegment(s, row);
    if (!allowed.ok()) return allowed;
    SegmentResult result;
    int128 product = 0;
    if (!Product({s.market, s.coverage_ppm, s.win_rate_ppm, s.average_deal},
                 &product) ||
        !Round(product, kTrillion, &result.result) || !GainPoints(s, &result) ||
        !GainTenths(s, product, &result)) {
      return AtRow(RefuseResult(), {row, -1});
    }
    result.missing = MissingOf(s);
    if (!AddTo(product, &total)) return AtRow(RefuseResult(), {row, -1});
    exact.push_back(product);
    book.segments.push_back(result);
  }
  if (!Round(total, kTrillion, &book.total)) {
    return Refuse(Reason::kOverflow,
                  "the total of all segments does not fit 64 bits");
  }
  for (size_t i = 0; i < exact.size() && total > 0; ++i) {
    book.segments[i].share_ppm = static_cast<int32_t>(ScaledShare(
        static_cast<uint128>(exact[i]), static_cast<uint128>(total), kCertain));
  }
  return book;
}

absl::StatusOr<int64_t> CoverageNeeded(const MarketSegment& segment,
                                       int64_t goal) {
  absl::Status allowed = CheckSegment(segment, -1);
  if (!allowed.ok()) return allowed;
  return RateNeeded(segment.market, segment.win_rate_ppm, segment.average_deal,
                    goal);
}

absl::StatusOr<int64_t> WinRateNeeded(const MarketSegment& segment,
                                      int64_t goal) {
  absl::Status allowed = CheckSegment(segment, -1);
  if (!allowed.ok()) return allowed;
  return RateNeeded(segment.market, segment.coverage_ppm, segment.average_deal,
                    goal);
}

}  // namespace fivek
