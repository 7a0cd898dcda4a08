// The columns that scoring.h reads and writes. A column is an array with one
// element a row, aligned to its type, and belongs to the caller.
//
// Source: domain.md §2, §4, §5.
#ifndef FIVEK_PIPELINE_SCORE_COLUMNS_H_
#define FIVEK_PIPELINE_SCORE_COLUMNS_H_

#include <cstdint>

namespace fivek {

// nullptr: not given. Levels are unknown then, evidence empty, the outcome open
// and the amount 0.
struct ScoreInput {
  // Levels of the rubric, or kUnknown (255).
  const uint8_t* problem = nullptr;
  const uint8_t* power = nullptr;
  const uint8_t* vision = nullptr;
  const uint8_t* value = nullptr;
  const uint8_t* control = nullptr;
  // Bits of kTwoColumnDimensions, as in Assessment.
  const uint8_t* by_decision_maker = nullptr;
  const uint32_t* evidence = nullptr;  // EvidenceMask.
  const uint8_t* outcome = nullptr;    // Outcome.
  const int64_t* amount = nullptr;     // Minor units of one currency.
};

// nullptr: not wanted. No output may overlap an input or another output.
struct ScoreOutput {
  uint8_t* strength = nullptr;  // Known points, 0..100.
  // The dimension with the fewest points, the first of equals; 255 where that
  // is an unknown one, as it may have more.
  uint8_t* weakest = nullptr;
  // prod(points / 20), half to even; -1 where a dimension is unknown and no
  // known one has 0 points.
  int32_t* product_ppm = nullptr;
  uint8_t* stage = nullptr;      // Stage, of the evidence.
  uint8_t* milestone = nullptr;  // Milestone, of the evidence.
  // 10^6 for won, 0 for lost and void, the milestone's yield for open and on
  // hold.
  int32_t* probability_ppm = nullptr;
  // amount x probability_ppm / 10^6, rounded once as the policy says. Any
  // amount has one: |expected| <= |amount|.
  int64_t* expected_amount = nullptr;
  int32_t* row_status = nullptr;  // absl::StatusCode; 0: the row is good.
};

}  // namespace fivek

#endif  // FIVEK_PIPELINE_SCORE_COLUMNS_H_
