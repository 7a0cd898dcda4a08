// What a learned number says of itself, as C has it.
#ifndef FIVEK_CAPI_ESTIMATE_OUT_H_
#define FIVEK_CAPI_ESTIMATE_OUT_H_

#include <cstdint>

#include "capi/fivek.h"
#include "fivek/history/estimate.h"

namespace fivek::capi {

inline fivek_estimate EstimateOut(const Estimate& e) {
  return {e.value, e.low, e.high, e.effective_n, static_cast<int32_t>(e.source),
          0};
}

}  // namespace fivek::capi

#endif  // FIVEK_CAPI_ESTIMATE_OUT_H_
