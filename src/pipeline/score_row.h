// One row of a book, by the rules of scoring.h: what the batch kernels have to
// equal, and what scores the rows that they leave.
#ifndef FIVEK_SRC_PIPELINE_SCORE_ROW_H_
#define FIVEK_SRC_PIPELINE_SCORE_ROW_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/base/attributes.h"
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
  uint64_t assessment;  // PackAssessment.
  EvidenceMask evidence;
  uint32_t outcome, age_bucket;
  int64_t amount;
};

struct RowScore {
  uint8_t strength = 0, weakest = kUnknown, stage = 0, milestone = 0;
  int32_t product_ppm = -1, probability_ppm = 0;
  int64_t expected_amount = 0;
};

// Whether the milestone says how probable an outcome is; if not, what does.
struct OutcomeProbability {
  bool open;
  int32_t ppm;
};
inline constexpr std::array<OutcomeProbability, kOutcomeCount>
    kOutcomeProbability = {{
        {true, 0},          // Open.
        {true, 0},          // On hold.
        {false, kCertain},  // Won.
        {false, 0},         // Lost.
        {false, 0},         // Void.
    }};

// The probabilities of open deals by milestone and age.
struct OpenProbability {
  const int32_t* ppm;
  uint32_t buckets;
};

// amount x ppm / 10^6 in 64 bits, as ExpectedAmount. `ppm` is 0..10^6.
inline int64_t ExpectedOf(int64_t amount, int32_t ppm, Rounding rounding) {
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

// False for a bad row, with *out as it was.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline bool ComputeRow(const MethodTables& tables,
                                                    const OpenProbability& open,
                                                    const Row& row,
                                                    RowScore* out) {
  if (row.outcome >= kOutcomeCount || row.age_bucket >= open.buckets) {
    return false;
  }
  const uint64_t packed = row.assessment;
  const auto byte = [packed](int d) -> size_t {
    return packed >> 8 * d & 0xFF;
  };
  if (!IsSpecial(packed)) {
    const LevelGroup& first =
        tables.problem_power[byte(0) + 8 * byte(1) + (byte(5) & 1) * 64];
    const LevelGroup& second =
        tables.vision_value[byte(2) + 4 * byte(3) + (byte(5) & 12) * 8];
    const LevelGroup& third = tables.control[byte(4)];
    const auto lower = [](uint32_t a, uint32_t b) { return a < b ? a : b; };
    out->strength =
        static_cast<uint8_t>(first.total + second.total + third.total);
    out->weakest = static_cast<uint8_t>(
        lower(lower(first.weakest, second.weakest), third.weakest) >> 24 & 7);
    out->product_ppm = ProductPpm(
        static_cast<int32_t>(first.product * second.product * third.product));
  } else {
    Assessment assessment;
    for (int d = 0; d < kDimensionCount; ++d) {
      assessment.level[static_cast<size_t>(d)] = static_cast<uint8_t>(byte(d));
    }
    assessment.by_decision_maker = static_cast<uint8_t>(byte(5));
    Strength strength;
    if (TryStrength(tables, assessment, &strength) != Reason::kNone) {
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
  out->probability_ppm =
      outcome.open
          ? open.ppm[position.milestone * open.buckets + row.age_bucket]
          : outcome.ppm;
  out->expected_amount =
      ExpectedOf(row.amount, out->probability_ppm, tables.rounding);
  return true;
}

}  // namespace fivek

#endif  // FIVEK_SRC_PIPELINE_SCORE_ROW_H_
