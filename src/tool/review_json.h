// A review for programs: one JSON document. Amounts are integers in minor units
// beside their currency; nothing is rounded that the library did not round.
#ifndef FIVEK_TOOL_REVIEW_JSON_H_
#define FIVEK_TOOL_REVIEW_JSON_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fivek/base/language.h"
#include "src/tool/review.h"

namespace fivek::tool {

absl::StatusOr<std::string> ReviewJson(const Review& review,
                                       absl::string_view file,
                                       Language language);

}  // namespace fivek::tool

#endif  // FIVEK_TOOL_REVIEW_JSON_H_
