// One row of a book, by the rules of scoring.h: what the batch kernels have to
// equal, and what scores the rows that they leave.
#ifndef FIVEK_SRC_PIPELINE_SCORE_ROW_H_
#define FIVEK_SRC_PIPELINE_SCORE_ROW_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/base/attributes.h"
#include "absl/base/optimization.h"
#include "fivek/base/money.h"
#include "fivek/base/probability.h"
#include "fivek/base/reason.h"
#include "fivek/method/opportunity.h"
#include "fivek/method/policy.h"
#include "fivek/method/strength.h"
#include "src/method/milestone_kernel.h"
#include "src/method/strength_kernel.h"

namespace fivek {

struct Row {
  uint32_t level[kDimensionCount];
  uint32_t by_decision_maker;
  EvidenceMask evidence;
  uint32_t outcome, age_bucket;
  int64_t amount;

  Assessment ToAssessment() const {
    Assessment assessment;
    for (size_t d = 0; d < kDimensionCount; ++d) {
      assessment.level[d] = static_cast<uint8_t>(level[d]);
    }
    assessment.by_decision_maker = static_cast<uint8_t>(by_decision_maker);
    return assessment;
  }
};

// Whether a level is unknown or refused, or a bit that must not be is set.
// Adding what lacks from 128 to the number of levels shows what is above.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline bool IsSpecialRow(const Row& row) {
  uint32_t levels = 0;
  for (size_t d = 0; d < kDimensionCount; ++d) {
    levels |=
        row.level[d] + (0x80 - static_cast<uint32_t>(kDimensions[d].levels));
  }
  return ((levels & ~uint32_t{0x7F}) |
          (row.by_decision_maker & ~uint32_t{kTwoColumnDimensions})) != 0;
}

struct RowScore {
  uint8_t strength = 0, weakest = kUnknown, stage = 0, milestone = 0;
  int32_t product_ppm = -1, probability_ppm = 0;
  int64_t expected_amount = 0;
};

// How probable an outcome is: where it is open, the milestone says; else a
// number does. Masks, as outcomes in a book are too mixed for a branch.
struct OutcomeProbability {
  int32_t open;  // All ones or 0.
  int32_t closed_ppm;
};
inline constexpr std::array<OutcomeProbability, kOutcomeCount>
    kOutcomeProbability = {{
        {-1, 0},        // Open.
        {-1, 0},        // On hold.
        {0, kCertain},  // Won.
        {0, 0},         // Lost.
        {0, 0},         // Void.
    }};

// The probabilities of open deals by milestone and age.
struct OpenProbability {
  const int32_t* ppm;
  uint32_t buckets;
};

// amount x ppm / 10^6 in 64 bits, as ExpectedAmount. `ppm` is 0..10^6.
ABSL_ATTRIBUTE_NOINLINE inline int64_t ExpectedOfFar(int64_t amount,
                                                     int32_t ppm,
                                                     Rounding rounding) {
  constexpr uint64_t kMillion = 1'000'000;
  const auto p = static_cast<uint64_t>(ppm);
  const uint64_t sign = amount < 0 ? ~uint64_t{0} : 0;
  const uint64_t magnitude = (static_cast<uint64_t>(amount) ^ sign) - sign;
  const uint64_t part = magnitude % kMillion * p;
  const uint64_t rest = part % kMillion;
  uint64_t result = magnitude / kMillion * p + part / kMillion;
  // A tie goes up if the number below is odd, or always.
  const uint64_t tie_up =
      rounding == Rounding::kHalfAwayFromZero ? 1 : result & 1;
  result += rest * 2 + tie_up > kMillion ? 1 : 0;
  return static_cast<int64_t>((result ^ sign) - sign);
}

// The same with one division where the product fits, as it nearly always does.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline int64_t ExpectedOf(int64_t amount,
                                                       int32_t ppm,
                                                       Rounding rounding) {
  constexpr uint64_t kMillion = 1'000'000;
  constexpr uint64_t kNear = uint64_t{1} << 43;
  if (ABSL_PREDICT_FALSE(static_cast<uint64_t>(amount) + kNear >= 2 * kNear ||
                         rounding != Rounding::kHalfEven)) {
    return ExpectedOfFar(amount, ppm, rounding);
  }
  // Made positive by an even number of millions, so that division rounds down.
  const uint64_t shifted =
      static_cast<uint64_t>(amount * ppm) + kNear * kMillion + kMillion / 2;
  const uint64_t half_up = shifted / kMillion;
  const uint64_t tie = half_up * kMillion == shifted ? 1 : 0;
  return static_cast<int64_t>(half_up - (half_up & tie) - kNear);
}

// False for a bad row, with *out as it was.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline bool ComputeRow(const MethodTables& tables,
                                                    const OpenProbability& open,
                                                    const Row& row,
                                                    RowScore* out) {
  if (row.outcome >= kOutcomeCount || row.age_bucket >= open.buckets) {
    return false;
  }
  if (!IsSpecialRow(row)) {
    const LevelGroups groups =
        GroupsOf(tables, row.level, row.by_decision_maker);
    out->strength = static_cast<uint8_t>(groups.Total());
    out->weakest = static_cast<uint8_t>(groups.Weakest() >> 24 & 7);
    out->product_ppm = ProductPpm(static_cast<int32_t>(groups.Product()));
  } else {
    Strength strength;
    if (TryStrength(tables, row.ToAssessment(), &strength) != Reason::kNone) {
      return false;
    }
    bool known_zero = false;
    for (const int32_t points : strength.points) known_zero |= points == 0;
    out->strength = static_cast<uint8_t>(strength.total);
    out->weakest = static_cast<uint8_t>(strength.weakest);
    out->product_ppm =
        strength.unknown_mask == 0 || known_zero ? strength.product_ppm : -1;
  }
  const Position position = ComputePosition(tables, row.evidence);
  out->stage = position.stage;
  out->milestone = position.milestone;
  const OutcomeProbability& outcome = kOutcomeProbability[row.outcome];
  const int32_t yield =
      open.ppm[position.milestone * open.buckets + row.age_bucket];
  out->probability_ppm = (yield & outcome.open) | outcome.closed_ppm;
  out->expected_amount =
      ExpectedOf(row.amount, out->probability_ppm, tables.rounding);
  return true;
}

}  // namespace fivek

#endif  // FIVEK_SRC_PIPELINE_SCORE_ROW_H_
