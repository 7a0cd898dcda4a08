#include "src/pipeline/score_calibrated.h"

#include <algorithm>

namespace fivek {

bool AreBuckets(const uint8_t* age_bucket, uint32_t buckets, size_t rows) {
  if (age_bucket == nullptr) return true;
  uint8_t highest = 0;
  for (size_t i = 0; i < rows; ++i) highest = std::max(highest, age_bucket[i]);
  return highest < buckets;
}

void ScoreCalibrated(const OpenProbability& open, const CalibratedRows& columns,
                     size_t rows) {
  // Copies, which no store can change.
  const CalibratedRows c = columns;
  const int32_t* const table = open.ppm;
  const uint32_t buckets = open.buckets;
  for (size_t i = 0; i < rows; ++i) {
    const OutcomeProbability& outcome =
        kOutcomeProbability[At(c.outcome, i, uint8_t{0})];
    const uint32_t age = At(c.age_bucket, i, uint8_t{0});
    const int32_t yield = table[c.milestone[i] * buckets + age];
    const int32_t ppm = (yield & outcome.open) | outcome.closed_ppm;
    Put(c.probability_ppm, i, ppm);
    if (c.expected_amount != nullptr) {
      const int64_t amount = At(c.amount, i, int64_t{0});
      c.expected_amount[i] = ABSL_PREDICT_TRUE(IsNear(amount))
                                 ? ExpectedOfNear(amount, ppm)
                                 : ExpectedOf(amount, ppm, Rounding::kHalfEven);
    }
  }
}

}  // namespace fivek
