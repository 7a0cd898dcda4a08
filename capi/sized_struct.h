// Structs that start with struct_size: how callers with an older or a newer
// header, and so with a shorter or a longer struct, are served by one library.
#ifndef FIVEK_CAPI_SIZED_STRUCT_H_
#define FIVEK_CAPI_SIZED_STRUCT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "capi/barrier.h"
#include "capi/fivek.h"
#include "fivek/base/reason.h"
#include "src/base/aligned.h"

namespace fivek::capi {

// The largest size that a caller may claim: nobody's tail is longer, and a wild
// size is not read.
inline constexpr uint32_t kMaxStructSize = 4096;

// The size up to the last field of the first release. A struct that has grown
// since gets a specialisation, beside the function that uses it.
template <typename Struct>
inline constexpr size_t kFirstSize = sizeof(Struct);

// Refuses a struct that cannot be where it is said to be, is shorter than that
// of the first release, or whose tail beyond what we know is set. FIVEK_OK if
// it can be read and written.
template <typename Struct>
fivek_status CheckStruct(const Struct* s, const char* name,
                         fivek_error* error) {
  static_assert(std::is_trivially_copyable_v<Struct>);
  static_assert(offsetof(Struct, struct_size) == 0);
  if (s == nullptr) return NullPointer(name, error);
  if (!IsAligned(s)) return MisalignedPointer(name, error);
  const size_t size = s->struct_size;
  if (size < kFirstSize<Struct> || size > kMaxStructSize) {
    return Report(Reason::kStructSize,
                  absl::StrCat(name, ".struct_size ", size, "; allowed: ",
                               kFirstSize<Struct>, " to ", kMaxStructSize),
                  error);
  }
  if (size <= sizeof(Struct)) return FIVEK_OK;
  const auto* const bytes = reinterpret_cast<const unsigned char*>(s);
  if (std::any_of(bytes + sizeof(Struct), bytes + size,
                  [](unsigned char byte) { return byte != 0; })) {
    return Report(Reason::kReservedNotZero,
                  "the struct's tail is newer than this library and not zero",
                  error);
  }
  return FIVEK_OK;
}

// What the caller gave, after CheckStruct. What an older caller does not have
// is zero: not given.
template <typename Struct>
Struct Given(const Struct& from) {
  Struct whole = {};
  std::memcpy(&whole, &from, std::min<size_t>(from.struct_size, sizeof whole));
  return whole;
}

// Writes a result as far as the caller's struct goes, after CheckStruct.
template <typename Struct>
void Give(Struct result, Struct* to) {
  result.struct_size = to->struct_size;
  std::memcpy(to, &result, std::min<size_t>(to->struct_size, sizeof result));
}

}  // namespace fivek::capi

#endif  // FIVEK_CAPI_SIZED_STRUCT_H_
