// What a learned number says of itself, as C has it: out, and in.
#ifndef FIVEK_CAPI_ESTIMATE_OUT_H_
#define FIVEK_CAPI_ESTIMATE_OUT_H_

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "capi/barrier.h"
#include "capi/fivek.h"
#include "fivek/base/reason.h"
#include "fivek/history/estimate.h"

namespace fivek::capi {

inline fivek_estimate EstimateOut(const Estimate& e) {
  return {e.value, e.low, e.high, e.effective_n, static_cast<int32_t>(e.source),
          0};
}

// What its own function does not check.
inline fivek_status ReadEstimate(const fivek_estimate& in, const char* name,
                                 Estimate* out, fivek_error* error) {
  if (in.reserved != 0) {
    return Report(Reason::kReservedNotZero,
                  absl::StrCat(name, ".reserved is not zero"), error);
  }
  if (in.source < FIVEK_SOURCE_LADDER || in.source > FIVEK_SOURCE_NO_SIGNAL) {
    return Report(
        Reason::kUnknownCode,
        absl::StrCat(name, ".source ", in.source, "; allowed: 0 to 3"), error);
  }
  *out = {in.value, in.low, in.high, in.effective_n,
          static_cast<Source>(in.source)};
  return FIVEK_OK;
}

}  // namespace fivek::capi

#endif  // FIVEK_CAPI_ESTIMATE_OUT_H_
