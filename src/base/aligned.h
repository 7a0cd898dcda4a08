// What scoring.h and rollup.h ask of a column, and the C interface of every
// pointer.
#ifndef FIVEK_SRC_BASE_ALIGNED_H_
#define FIVEK_SRC_BASE_ALIGNED_H_

#include <cstdint>

namespace fivek {

template <typename T>
bool IsAligned(const T* column) {
  return reinterpret_cast<uintptr_t>(column) % alignof(T) == 0;
}

// All at once, for calls of some nanoseconds.
template <typename... T>
bool AllAligned(const T*... pointers) {
  return ((reinterpret_cast<uintptr_t>(pointers) % alignof(T)) | ...) == 0;
}

}  // namespace fivek

#endif  // FIVEK_SRC_BASE_ALIGNED_H_
