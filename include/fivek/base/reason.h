// Why something was refused.
//
// Every error of the library is an absl::Status whose message says what was
// given, what is allowed and where. A program cannot branch on a message, so
// each error also carries a `Reason`: a stable number, the same in C++ and in
// C (`fivek_error.reason`). The status code follows from the reason; that table
// is in one place, `CodeOf`.
//
//   absl::StatusOr<Strength> s = StrengthOf(policy, assessment);
//   if (ReasonOf(s.status()) == Reason::kUnknownLevel) { ... }
//
// Thread-safety: pure functions. Cost: an error allocates; success never does.
// Source: design.md §3.
#ifndef FIVEK_BASE_REASON_H_
#define FIVEK_BASE_REASON_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace fivek {

// Part of the ABI: append, never renumber.
enum class Reason : int32_t {
  kNone = 0,

  // The call itself.
  kNullPointer = 1,
  kStructSize = 2,       // Smaller than the first release's, or above 4096.
  kReservedNotZero = 3,  // A reserved field or an unknown tail is set.
  kBufferTooSmall = 4,
  kOutOfMemory = 5,
  kInternal = 6,
  kNotFound = 7,  // No such thing in the policy.

  // Values and texts.
  kValueRange = 10,
  kMalformedText = 11,
  kOverflow = 12,
  kCurrencyMismatch = 13,
  kUnknownCurrency = 14,

  // Codes of the method.
  kUnknownDimension = 20,
  kUnknownLevel = 21,
  kUnknownEvidence = 22,
  kUnknownEvent = 23,
  kUnknownShownBy = 24,
  kUnknownProof = 25,
  kUnknownCode = 26,  // Any other table: stage, action, milestone, role, ...

  // The opportunity as a state machine.
  kEventOutOfOrder = 30,
  kEventNotAllowed = 31,
  kEvidenceRepeated = 32,
  kEvidenceUnproven = 33,
  kStateCorrupt = 34,  // A state that init and events cannot have made.
  kRowRange = 35,      // A row number outside the table.
  kWaiverNotAllowed = 36,
  kCycleLimit = 37,  // The cycle number is the largest int32.

  // The policy.
  kJsonSyntax = 40,
  kUnknownKey = 41,
  kDuplicateKey = 42,
  kWrongType = 43,
  kMissingKey = 44,
  kPointsNotMonotone = 45,
  kYieldFalls = 46,
  kGateCycle = 47,
  kPolicyValue = 48,

  // Serialised bytes.
  kDataDamaged = 49,  // Not what this library wrote.

  // Learning from history.
  kNoHistory = 50,  // It says too little to answer.
};

// The status code that a reason is reported with, the same everywhere:
// kInvalidArgument for a call that can never succeed, kFailedPrecondition for
// one that the present state, policy or history forbids, kNotFound for what the
// policy and ISO 4217 lack, kOutOfRange for a result that does not fit,
// kResourceExhausted for memory and buffers, kDataLoss for damaged serialised
// bytes.
absl::StatusCode CodeOf(Reason reason);

// Where in the caller's data: -1 means "not in a table". A row is 0-based for
// arrays. A column is the 0-based number of an input column; for a refused
// level, its dimension.
struct Where {
  int64_t row = -1;
  int32_t column = -1;
};

// Makes the error for `reason`. `reason` must not be kNone.
absl::Status Refuse(Reason reason, absl::string_view message, Where where = {});

// The reason and the place of an error made by `Refuse`; kNone and {-1, -1} for
// OK and for errors from elsewhere.
Reason ReasonOf(const absl::Status& status);
Where WhereOf(const absl::Status& status);

// The same error with its place set: for a loop that knows the row of a
// function that does not.
absl::Status AtRow(const absl::Status& status, Where where);

}  // namespace fivek

#endif  // FIVEK_BASE_REASON_H_
