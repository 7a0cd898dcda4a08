// Matches a refusal: its reason, the status code that belongs to the reason,
// and its message.
//
//   EXPECT_THAT(ParseAmount("1,5", 2),
//               Refused(Reason::kMalformedText, HasSubstr("1,5")));
#ifndef FIVEK_TESTS_REFUSED_H_
#define FIVEK_TESTS_REFUSED_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "fivek/base/reason.h"
#include "gmock/gmock.h"

namespace fivek {

inline const absl::Status& StatusOf(const absl::Status& status) {
  return status;
}
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

MATCHER_P2(Refused, reason, message, "") {
  const absl::Status& status = StatusOf(arg);
  *result_listener << status << ", reason "
                   << static_cast<int>(ReasonOf(status));
  return ReasonOf(status) == reason && status.code() == CodeOf(reason) &&
         testing::ExplainMatchResult(message, std::string(status.message()),
                                     result_listener);
}

// Refused, whatever the message says.
MATCHER_P(RefusedFor, reason, "") {
  const absl::Status& status = StatusOf(arg);
  *result_listener << status;
  return ReasonOf(status) == reason && status.code() == CodeOf(reason);
}

}  // namespace fivek

#endif  // FIVEK_TESTS_REFUSED_H_
