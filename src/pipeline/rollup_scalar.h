// For tests: a roll-up that adds rows one by one, as on a processor without a
// kernel.
#ifndef FIVEK_SRC_PIPELINE_ROLLUP_SCALAR_H_
#define FIVEK_SRC_PIPELINE_ROLLUP_SCALAR_H_

#include "fivek/pipeline/rollup.h"

namespace fivek {

Rollup ScalarRollup(RollupBy by);

}  // namespace fivek

#endif  // FIVEK_SRC_PIPELINE_ROLLUP_SCALAR_H_
