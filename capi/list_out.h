// Lists of structs that are as long as the data makes them: (out, cap, count),
// as texts out.
#ifndef FIVEK_CAPI_LIST_OUT_H_
#define FIVEK_CAPI_LIST_OUT_H_

#include <algorithm>
#include <cstddef>
#include <vector>

#include "capi/barrier.h"
#include "capi/fivek.h"
#include "fivek/base/reason.h"

namespace fivek::capi {

// Writes the whole list or, where there is no room, nothing but *count. After
// FIVEK_LIST_NOT_NULL.
template <typename Struct>
fivek_status WriteList(const std::vector<Struct>& list, Struct* out, size_t cap,
                       size_t* count, fivek_error* error) {
  *count = list.size();
  if (cap == 0) return FIVEK_OK;
  if (cap < list.size()) {
    return Report(Reason::kBufferTooSmall, "the buffer is smaller than needed",
                  error);
  }
  std::copy(list.begin(), list.end(), out);
  return FIVEK_OK;
}

}  // namespace fivek::capi

#define FIVEK_LIST_NOT_NULL(out, cap, count)          \
  do {                                                \
    if ((out) == nullptr && (cap) > 0) {              \
      return ::fivek::capi::NullPointer(#out, error); \
    }                                                 \
    FIVEK_ALIGNED(out);                               \
    FIVEK_NOT_NULL(count);                            \
  } while (false)

#endif  // FIVEK_CAPI_LIST_OUT_H_
