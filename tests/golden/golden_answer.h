// What the C++ interface says of refusals and of numbers that there may not be,
// as the golden vectors have it.
#ifndef FIVEK_TESTS_GOLDEN_GOLDEN_ANSWER_H_
#define FIVEK_TESTS_GOLDEN_GOLDEN_ANSWER_H_

#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "fivek/base/reason.h"
#include "tests/golden/golden_input.h"

namespace fivek {

inline GoldenJson Refused(const absl::Status& status) {
  const Where at = WhereOf(status);
  return RefusedAt(static_cast<int>(status.code()), {at.row, at.column});
}

inline GoldenJson OrNull(const absl::optional<double>& value) {
  return value.has_value() ? GoldenJson(*value) : GoldenJson();
}

}  // namespace fivek

#endif  // FIVEK_TESTS_GOLDEN_GOLDEN_ANSWER_H_
