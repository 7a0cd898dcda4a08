// A review for people: tables in English or Chinese.
#ifndef FIVEK_TOOL_REVIEW_TEXT_H_
#define FIVEK_TOOL_REVIEW_TEXT_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "fivek/base/language.h"
#include "src/tool/review.h"

namespace fivek::tool {

// `file` is what the review is of. Colour only if asked.
std::string ReviewText(const Review& review, absl::string_view file,
                       Language language, bool colour);

// What could not be read, for the error stream; empty if all was.
std::string ReviewErrors(const Review& review, Language language);

// The rows that could not be read, for the error stream; empty if all were.
std::string RowErrorsText(absl::Span<const std::string> messages, int64_t count,
                          Language language);

// "a1b2...": sixteen hexadecimal digits.
std::string PolicyHashText(const Policy& policy);

}  // namespace fivek::tool

#endif  // FIVEK_TOOL_REVIEW_TEXT_H_
