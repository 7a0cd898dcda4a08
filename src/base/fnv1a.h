// The hash that names a policy's content and guards serialised bytes.
#ifndef FIVEK_SRC_BASE_FNV1A_H_
#define FIVEK_SRC_BASE_FNV1A_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace fivek {

// FNV-1a, 64 bits. Texts that differ in one byte differ in hash: every step is
// a bijection.
constexpr uint64_t Fnv1a64(absl::string_view text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3;
  }
  return hash;
}

}  // namespace fivek

#endif  // FIVEK_SRC_BASE_FNV1A_H_
