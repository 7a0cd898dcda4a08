// What a batch kernel is given, and the kernels. Includes nothing with inline
// functions: see score_block.h.
#ifndef FIVEK_SRC_PIPELINE_SCORE_TABLES_H_
#define FIVEK_SRC_PIPELINE_SCORE_TABLES_H_

#include <cstddef>
#include <cstdint>

#include "fivek/pipeline/score_columns.h"

namespace fivek {

// The policy's tables in the form of byte shuffles.
struct BlockTables {
  // By dimension: 8 x decision maker + level; kNoPoints where there is none.
  uint8_t points[5][16];
  // Places are stage + 16 x milestone.
  bool in_order;                // The items are, by their gates; else by rungs.
  uint32_t needed;              // In order: items,
  uint8_t place[32];            // and the place by the first of them missing.
  uint32_t milestone_rungs[6];  // Else: the items of each, which grow.
  uint32_t stage_rungs[6];
  uint8_t place_of_nothing;  // Without evidence.
  // By outcome: all ones where the milestone counts; else the code, below.
  uint8_t open[16], closed[16];
  int32_t ppm[8];  // By code: the milestone, 7 for what is lost.
};

inline constexpr int kNoPoints = 0x80;

// Of the method; scoring.cc checks them.
inline constexpr int kBlockContractItem = 18;
inline constexpr int kBlockOutcomes = 5;
inline constexpr int kBlockNotByDecisionMaker = 0b1111'0010;
inline constexpr int kBlockPlaceSigned = 5 + 16 * 6;

// What of the columns takes part, and how it is written.
struct ScorePlan {
  bool levels;      // Columns of levels, or what follows from them.
  bool all_levels;  // All of the former are given.
  bool deal;        // The other columns, but the status.
  // Nothing but the strength of levels that are all given.
  bool only_strength;
  bool stream;  // Write past the cache: it would not keep the outputs.
};

// Scores whole blocks from `row` on; returns the first row not scored: less
// than a block is left, or the block there needs score_row.h. Into such a block
// a kernel writes what it will be given or nothing.
using ScoreKernel = size_t(const BlockTables& tables, const ScoreInput& in,
                           const ScoreOutput& out, size_t row, size_t rows,
                           const ScorePlan& plan);

ScoreKernel ScoreBlocksAvx2;
ScoreKernel ScoreBlocksAvx512;
ScoreKernel ScoreBlocksNeon;
ScoreKernel ScoreBlocksScalar;
inline constexpr size_t kScalarBlock = 128;

}  // namespace fivek

#endif  // FIVEK_SRC_PIPELINE_SCORE_TABLES_H_
