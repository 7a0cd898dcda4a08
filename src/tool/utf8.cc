#include "src/tool/utf8.h"

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "src/base/utf8.h"

namespace fivek::tool {

CodePoint DecodeUtf8(absl::string_view text) {
  const size_t length = Utf8Length(text);
  if (length == 0) return {0, 0};
  const auto byte = [text](size_t i) {
    return static_cast<uint32_t>(static_cast<unsigned char>(text[i]));
  };
  if (length == 1) return {static_cast<char32_t>(byte(0)), 1};
  // The bits of the lead behind those that tell the length.
  uint32_t value = byte(0) & (0x7FU >> length);
  for (size_t i = 1; i < length; ++i) value = (value << 6) | (byte(i) & 0x3F);
  return {static_cast<char32_t>(value), length};
}

size_t ValidUtf8Prefix(absl::string_view text) {
  size_t i = 0;
  while (i < text.size()) {
    const size_t length = Utf8Length(text.substr(i));
    if (length == 0) break;
    i += length;
  }
  return i;
}

}  // namespace fivek::tool
