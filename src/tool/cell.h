// Reads the cells that have a form of their own: levels, who showed them,
// evidence, outcomes, milestones. Amounts, probabilities and dates are read by
// fivek/base. An error says what was given and what is allowed; the caller adds
// the place (CsvReader::FieldError). Blanks around a cell are ignored.
//
// Errors: kInvalidArgument. Pure functions.

#ifndef FIVEK_SRC_TOOL_CELL_H_
#define FIVEK_SRC_TOOL_CELL_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fivek/method/policy.h"

namespace fivek::tool {

// What a stage of the CRM, or an outcome cell, says about the opportunity. The
// numbers are the outcome codes of the method.
enum class OutcomeKind : uint8_t {
  kOpen = 0,
  kOnHold = 1,
  kWon = 2,
  kLost = 3,
  kVoid = 4,
};

// "open", "hold", "won", "lost", "void" (ASCII case does not matter).
absl::StatusOr<OutcomeKind> ParseOutcome(absl::string_view cell);
absl::string_view OutcomeName(OutcomeKind kind);

// The code 0..6 of a milestone, as a number or as its name in either language
// of the policy (ASCII case does not matter).
absl::StatusOr<int32_t> ParseMilestone(absl::string_view cell,
                                       const Policy& policy);

// A level 0..`highest`; 255 (unknown) for a blank cell.
absl::StatusOr<uint8_t> ParseLevel(absl::string_view cell, uint8_t highest);

// The dimensions that the decision maker showed, as a mask: a number whose bits
// are 0 (problem), 2 (vision) and 3 (value) only, or these words with blanks
// between them. A blank cell is 0.
absl::StatusOr<uint8_t> ParseByDecisionMaker(absl::string_view cell);

struct EvidenceEntry {
  uint8_t item;      // 0..31
  uint8_t shown_by;  // 0..7; 0 (not stated) if left out
  uint8_t proof;     // 0..5; 0 (not stated) if left out
};

// Entries ITEM[:SHOWN_BY[:PROOF]] in codes, blanks between them: "0:1:3 2:1 7".
// `out` is replaced; it is empty on error and for a blank cell. An item that
// stands twice is an error.
absl::Status ParseEvidence(absl::string_view cell,
                           std::vector<EvidenceEntry>* out);

}  // namespace fivek::tool

#endif  // FIVEK_SRC_TOOL_CELL_H_
