// What several functions that learn ask of their arguments.
#ifndef FIVEK_CAPI_LEARNING_CHECKS_H_
#define FIVEK_CAPI_LEARNING_CHECKS_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "capi/barrier.h"
#include "capi/fivek.h"

namespace fivek::capi {

inline fivek_status CheckFlag(const char* name, int32_t flag,
                              fivek_error* error) {
  if (flag == 0 || flag == 1) return FIVEK_OK;
  return Report(Reason::kValueRange,
                absl::StrCat(name, " ", flag, "; allowed: 0 and 1"), error);
}

// No vector, and no product of two counts, is larger.
inline constexpr size_t kMostRows = size_t{1} << 31;

inline fivek_status CheckRows(size_t rows, fivek_error* error) {
  if (rows <= kMostRows) return FIVEK_OK;
  return Report(Reason::kOverflow,
                absl::StrCat(rows, " rows; allowed: 2^31 or fewer"), error);
}

}  // namespace fivek::capi

#endif  // FIVEK_CAPI_LEARNING_CHECKS_H_
