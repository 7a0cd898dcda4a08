// The batch kernels that this processor can run.
#ifndef FIVEK_SRC_PIPELINE_SCORE_KERNELS_H_
#define FIVEK_SRC_PIPELINE_SCORE_KERNELS_H_

#include <cstddef>

#include "absl/types/span.h"
#include "fivek/pipeline/scoring.h"
#include "src/pipeline/score_tables.h"

namespace fivek {

struct ScoreTargetInfo {
  const char* name;
  ScoreKernel* kernel;  // Null: rows are scored one by one.
  size_t block;         // Rows.
};

// What all of them have to equal.
inline constexpr ScoreTargetInfo kRowByRow = {"rows", nullptr, 0};

// Those that this processor can run, the best first, "scalar" last.
absl::Span<const ScoreTargetInfo> ScoreTargets();

// ScoreColumns by the target given.
absl::Status ScoreColumnsOn(const ScoreTargetInfo& target,
                            const MethodTables& tables, const ScoreInput& in,
                            const ScoreOutput& out, size_t rows,
                            size_t* bad_rows, const Calibration* calibration);

}  // namespace fivek

#endif  // FIVEK_SRC_PIPELINE_SCORE_KERNELS_H_
