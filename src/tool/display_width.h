// How much room text takes on a terminal, and how text from a file is made safe
// to print there.

#ifndef FIVEK_SRC_TOOL_DISPLAY_WIDTH_H_
#define FIVEK_SRC_TOOL_DISPLAY_WIDTH_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace fivek::tool {

// Columns of one code point by Unicode 15: 2 for East Asian Wide and Fullwidth,
// 0 for combining marks, format characters and the trailing parts of a Hangul
// syllable, else 1. Sequences are not looked at, as in most terminals: an emoji
// joined of three counts as three.
int CodePointWidth(char32_t code_point);

// Columns of valid UTF-8; a byte that is not valid counts as 1.
size_t DisplayWidth(absl::string_view text);

// `text` if it fits `width` columns, else its longest start that fits together
// with an ellipsis (U+2026). Never wider than `width`; empty for 0.
std::string Truncated(absl::string_view text, size_t width);

// `text` with everything spelled out that would steer a terminal or hide text:
// control characters (\n, \t, \x1B, \u0085), line and paragraph separators and
// characters that turn the writing direction (\u202E), the byte order mark, and
// bytes that are not valid UTF-8 (\xFF).
std::string EscapeControls(absl::string_view text);

// `text` out of a file as a message shows it: in quotes, spelled out as above,
// cut to 60 columns.
std::string Quoted(absl::string_view text);

}  // namespace fivek::tool

#endif  // FIVEK_SRC_TOOL_DISPLAY_WIDTH_H_
