#include "fivek/base/reason.h"

#include <cstddef>
#include <cstring>
#include <string>

#include "absl/strings/cord.h"
#include "absl/types/optional.h"

namespace fivek {
namespace {

constexpr absl::string_view kPayloadUrl = "fivek/refusal";

struct Payload {
  int64_t row;
  int32_t column;
  int16_t reason;
};

// A Cord keeps so many bytes in itself. One that allocates may lose memory if
// there is no more of it while Abseil samples that Cord.
constexpr size_t kPayloadSize = 14;
static_assert(kPayloadSize <= 15);
static_assert(offsetof(Payload, reason) + sizeof(int16_t) == kPayloadSize);

absl::optional<Payload> PayloadOf(const absl::Status& status) {
  const absl::optional<absl::Cord> cord = status.GetPayload(kPayloadUrl);
  if (!cord.has_value() || cord->size() != kPayloadSize) {
    return absl::nullopt;
  }
  const std::string bytes(*cord);
  Payload payload;
  std::memcpy(&payload, bytes.data(), kPayloadSize);
  return payload;
}

void SetPayload(absl::Status* status, Reason reason, Where where) {
  const Payload payload = {where.row, where.column,
                           static_cast<int16_t>(reason)};
  char bytes[kPayloadSize];
  std::memcpy(bytes, &payload, kPayloadSize);
  status->SetPayload(kPayloadUrl,
                     absl::Cord(absl::string_view(bytes, kPayloadSize)));
}

}  // namespace

absl::StatusCode CodeOf(Reason reason) {
  switch (reason) {
    case Reason::kNone:
      return absl::StatusCode::kOk;
    case Reason::kBufferTooSmall:
    case Reason::kOutOfMemory:
      return absl::StatusCode::kResourceExhausted;
    case Reason::kInternal:
      return absl::StatusCode::kInternal;
    case Reason::kOverflow:
    case Reason::kCycleLimit:
      return absl::StatusCode::kOutOfRange;
    case Reason::kCurrencyMismatch:
    case Reason::kEventOutOfOrder:
    case Reason::kEventNotAllowed:
    case Reason::kEvidenceRepeated:
    case Reason::kEvidenceUnproven:
    case Reason::kWaiverNotAllowed:
    case Reason::kNoHistory:
      return absl::StatusCode::kFailedPrecondition;
    case Reason::kNotFound:
    case Reason::kUnknownCurrency:
      return absl::StatusCode::kNotFound;
    case Reason::kDataDamaged:
      return absl::StatusCode::kDataLoss;
    case Reason::kNullPointer:
    case Reason::kStructSize:
    case Reason::kReservedNotZero:
    case Reason::kValueRange:
    case Reason::kMalformedText:
    case Reason::kUnknownDimension:
    case Reason::kUnknownLevel:
    case Reason::kUnknownEvidence:
    case Reason::kUnknownEvent:
    case Reason::kUnknownShownBy:
    case Reason::kUnknownProof:
    case Reason::kUnknownCode:
    case Reason::kStateCorrupt:
    case Reason::kRowRange:
    case Reason::kJsonSyntax:
    case Reason::kUnknownKey:
    case Reason::kDuplicateKey:
    case Reason::kWrongType:
    case Reason::kMissingKey:
    case Reason::kPointsNotMonotone:
    case Reason::kYieldFalls:
    case Reason::kGateCycle:
    case Reason::kPolicyValue:
      return absl::StatusCode::kInvalidArgument;
  }
  return absl::StatusCode::kInternal;
}

absl::Status Refuse(Reason reason, absl::string_view message, Where where) {
  absl::Status status(CodeOf(reason), message);
  SetPayload(&status, reason, where);
  return status;
}

Reason ReasonOf(const absl::Status& status) {
  const absl::optional<Payload> payload = PayloadOf(status);
  return payload.has_value() ? static_cast<Reason>(payload->reason)
                             : Reason::kNone;
}

Where WhereOf(const absl::Status& status) {
  const absl::optional<Payload> payload = PayloadOf(status);
  return payload.has_value() ? Where{payload->row, payload->column} : Where{};
}

absl::Status AtRow(const absl::Status& status, Where where) {
  absl::Status placed = status;
  if (!placed.ok()) {
    SetPayload(&placed, ReasonOf(status), where);
  }
  return placed;
}

}  // namespace fivek
