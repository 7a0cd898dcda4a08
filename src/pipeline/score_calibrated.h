// What a calibration says of rows whose milestones are known: the part of
// scoring.h that the batch kernels leave out.
#ifndef FIVEK_SRC_PIPELINE_SCORE_CALIBRATED_H_
#define FIVEK_SRC_PIPELINE_SCORE_CALIBRATED_H_

#include <cstddef>
#include <cstdint>

#include "src/pipeline/score_row.h"

namespace fivek {

// Columns of some rows; nullptr: not given, not wanted.
struct CalibratedRows {
  const uint8_t* milestone;  // Given.
  const uint8_t* outcome;    // Codes that there are.
  const uint8_t* age_bucket;
  const int64_t* amount;
  int32_t* probability_ppm;
  int64_t* expected_amount;
};

// Whether all ages are in a table.
bool AreBuckets(const uint8_t* age_bucket, uint32_t buckets, size_t rows);

// Probabilities, half to even expected amounts. All ages are in the table.
void ScoreCalibrated(const OpenProbability& open, const CalibratedRows& columns,
                     size_t rows);

}  // namespace fivek

#endif  // FIVEK_SRC_PIPELINE_SCORE_CALIBRATED_H_
