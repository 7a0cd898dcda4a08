// UTF-8 in texts that came from outside.
#ifndef FIVEK_SRC_BASE_UTF8_H_
#define FIVEK_SRC_BASE_UTF8_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace fivek {

// How many bytes the character takes that `text`, which is not empty, begins
// with; 0 if it begins with none: a stray or missing continuation byte, an
// overlong form, a surrogate, a value above U+10FFFF.
inline size_t Utf8Length(absl::string_view text) {
  const auto byte = [text](size_t i) {
    return static_cast<unsigned char>(text[i]);
  };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  }
  const bool valid =
      !(lead == 0xE0 && byte(1) < 0xA0) && !(lead == 0xED && byte(1) > 0x9F) &&
      !(lead == 0xF0 && byte(1) < 0x90) && !(lead == 0xF4 && byte(1) > 0x8F);
  return valid ? length : 0;
}

inline bool IsUtf8(absl::string_view text) {
  while (!text.empty()) {
    const size_t length = Utf8Length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace fivek

#endif  // FIVEK_SRC_BASE_UTF8_H_
