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
  const OpenProbability learned = open;
  for (size_t i = 0; i < rows; ++i) {
    const int32_t ppm =
        ProbabilityOf(learned, c.milestone[i], At(c.age_bucket, i, uint8_t{0}),
                      At(c.outcome, i, uint8_t{0}));
    Put(c.probability_ppm, i, ppm);
    if (c.expected_amount != nullptr) {
      c.expected_amount[i] = ExpectedHalfEven(At(c.amount, i, int64_t{0}), ppm);
    }
  }
}

}  // namespace fivek
