// Any bytes as a policy: refused with a reason and a place, or a policy whose
// document is canonical.
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fivek/base/reason.h"
#include "fivek/method/policy.h"
#include "fivek/method/strength.h"
#include "tests/fuzz/need.h"

using fivek::Need;

namespace {}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view json(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<fivek::Policy> policy = fivek::Policy::FromJson(json);
  if (!policy.ok()) {
    Need(fivek::ReasonOf(policy.status()) != fivek::Reason::kNone,
         "a refusal has a reason");
    const absl::string_view message = policy.status().message();
    Need(!message.empty() && message[0] == '/', "a refusal names its place");
    Need(message.size() < 1000, "a message is short");
    return 0;
  }
  const std::string document = policy->ToJson();
  const absl::StatusOr<fivek::Policy> again = fivek::Policy::FromJson(document);
  Need(again.ok(), "the document of a policy is a policy");
  Need(again->hash() == policy->hash(), "it has the same hash");
  Need(again->ToJson() == document, "it is canonical");

  // What was accepted can be used.
  const fivek::Standing standing = fivek::StandingOf(
      *policy, static_cast<fivek::EvidenceMask>(policy->hash()));
  Need(fivek::IsProbability(standing.yield_ppm), "a yield is a probability");
  fivek::Assessment assessment;
  assessment.level = {5, 7, 3, 6, 6};
  const auto strength = fivek::StrengthOf(*policy, assessment);
  Need(strength.ok(), "the top levels exist");
  Need(strength->total <= 100, "five times twenty points at most");
  for (int set = 0; set < fivek::kLabelSetCount; ++set) {
    const auto s = static_cast<fivek::LabelSet>(set);
    for (int32_t i = 0; fivek::CodeAt(s, i) != -1; ++i) {
      Need(policy->Label(s, fivek::CodeAt(s, i), fivek::Language::kChinese) !=
               nullptr,
           "every code has a label");
    }
  }
  return 0;
}
