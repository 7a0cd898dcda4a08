// UTF-8 as text from outside: checked, never trusted.

#ifndef FIVEK_SRC_TOOL_UTF8_H_
#define FIVEK_SRC_TOOL_UTF8_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace fivek::tool {

struct CodePoint {
  char32_t value;
  size_t length;  // Bytes, 1..4; 0 if the bytes are not valid UTF-8.
};

// Reads the code point at the start of `text`, which must not be empty. Bytes
// that are not valid UTF-8 (a stray continuation byte, an overlong form, a
// surrogate, a value above U+10FFFF, a cut sequence) give length 0.
CodePoint DecodeUtf8(absl::string_view text);

// The length of the longest valid prefix: text.size() if all of it is valid.
size_t ValidUtf8Prefix(absl::string_view text);

inline bool IsValidUtf8(absl::string_view text) {
  return ValidUtf8Prefix(text) == text.size();
}

}  // namespace fivek::tool

#endif  // FIVEK_SRC_TOOL_UTF8_H_
