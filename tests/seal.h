// Serialised bytes that were changed, with a checksum that fits again: what a
// reader has to find by what they say.
#ifndef FIVEK_TESTS_SEAL_H_
#define FIVEK_TESTS_SEAL_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace fivek {

// Of eight bytes or more; the last eight are FNV-1a 64 of those before.
inline void Seal(std::string* bytes) {
  const size_t end = bytes->size() - 8;
  uint64_t hash = 0xcbf29ce484222325;
  for (size_t i = 0; i < end; ++i) {
    hash = (hash ^ static_cast<unsigned char>((*bytes)[i])) * 0x100000001b3;
  }
  for (size_t i = 0; i < 8; ++i) {
    (*bytes)[end + i] = static_cast<char>(hash >> 8 * i);
  }
}

}  // namespace fivek

#endif  // FIVEK_TESTS_SEAL_H_
