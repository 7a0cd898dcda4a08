// The policy as a JSON document: only syntax, types and keys. What the values
// may be is decided by PolicyBuilder::Build.
#ifndef FIVEK_SRC_METHOD_POLICY_JSON_H_
#define FIVEK_SRC_METHOD_POLICY_JSON_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fivek/method/policy.h"

namespace fivek {

absl::StatusOr<PolicyBuilder> PolicyFromJson(absl::string_view json);

// The canonical text. kInvalidArgument if a text is not UTF-8.
absl::StatusOr<std::string> PolicyToJson(const PolicyBuilder& policy);

// The hash of the built-in policy, stated so that a change of the method's
// tables shows in a review; a test compares it with the document.
inline constexpr uint64_t kBuiltInPolicyHash = 0x692ad10c3f459f89;

}  // namespace fivek

#endif  // FIVEK_SRC_METHOD_POLICY_JSON_H_
