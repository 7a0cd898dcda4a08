// UTF-8 as text from outside: checked, never trusted. What is valid is decided
// in src/base/utf8.h.

#ifndef FIVEK_SRC_TOOL_UTF8_H_
#define FIVEK_SRC_TOOL_UTF8_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace fivek::tool {

struct CodePoint {
  char32_t value;
  size_t length;  // Bytes, 1..4; 0 if the bytes are not valid UTF-8.
};

// Reads the code point at the start of `text`, which must not be empty; length
// 0 where Utf8Length is.
CodePoint DecodeUtf8(absl::string_view text);

// The length of the longest valid prefix: text.size() if all of it is valid.
size_t ValidUtf8Prefix(absl::string_view text);

}  // namespace fivek::tool

#endif  // FIVEK_SRC_TOOL_UTF8_H_
