#include "fivek/base/reason.h"

#include <limits>
#include <set>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace fivek {
namespace {

using C = absl::StatusCode;
using R = Reason;

struct ReasonCase {
  int32_t number;  // Part of the ABI.
  Reason reason;
  absl::StatusCode code;
};

const ReasonCase kReasons[] = {
    {0, R::kNone, C::kOk},
    {1, R::kNullPointer, C::kInvalidArgument},
    {2, R::kStructSize, C::kInvalidArgument},
    {3, R::kReservedNotZero, C::kInvalidArgument},
    {4, R::kBufferTooSmall, C::kResourceExhausted},
    {5, R::kOutOfMemory, C::kResourceExhausted},
    {6, R::kInternal, C::kInternal},
    {7, R::kNotFound, C::kNotFound},
    {10, R::kValueRange, C::kInvalidArgument},
    {11, R::kMalformedText, C::kInvalidArgument},
    {12, R::kOverflow, C::kOutOfRange},
    {13, R::kCurrencyMismatch, C::kFailedPrecondition},
    {14, R::kUnknownCurrency, C::kNotFound},
    {20, R::kUnknownDimension, C::kInvalidArgument},
    {21, R::kUnknownLevel, C::kInvalidArgument},
    {22, R::kUnknownEvidence, C::kInvalidArgument},
    {23, R::kUnknownEvent, C::kInvalidArgument},
    {24, R::kUnknownShownBy, C::kInvalidArgument},
    {25, R::kUnknownProof, C::kInvalidArgument},
    {26, R::kUnknownCode, C::kInvalidArgument},
    {30, R::kEventOutOfOrder, C::kFailedPrecondition},
    {31, R::kEventNotAllowed, C::kFailedPrecondition},
    {32, R::kEvidenceRepeated, C::kFailedPrecondition},
    {33, R::kEvidenceUnproven, C::kFailedPrecondition},
    {34, R::kStateCorrupt, C::kInvalidArgument},
    {35, R::kRowRange, C::kInvalidArgument},
    {36, R::kWaiverNotAllowed, C::kFailedPrecondition},
    {37, R::kCycleLimit, C::kOutOfRange},
    {40, R::kJsonSyntax, C::kInvalidArgument},
    {41, R::kUnknownKey, C::kInvalidArgument},
    {42, R::kDuplicateKey, C::kInvalidArgument},
    {43, R::kWrongType, C::kInvalidArgument},
    {44, R::kMissingKey, C::kInvalidArgument},
    {45, R::kPointsNotMonotone, C::kInvalidArgument},
    {46, R::kYieldFalls, C::kInvalidArgument},
    {47, R::kGateCycle, C::kInvalidArgument},
    {48, R::kPolicyValue, C::kInvalidArgument},
    {49, R::kDataDamaged, C::kDataLoss},
    {50, R::kNoHistory, C::kFailedPrecondition},
};

TEST(ReasonTest, NumbersAndCodesAreStable) {
  for (const ReasonCase& c : kReasons) {
    EXPECT_EQ(static_cast<int32_t>(c.reason), c.number);
    EXPECT_EQ(CodeOf(c.reason), c.code) << "reason " << c.number;
  }
}

TEST(ReasonTest, ANumberFromElsewhereIsInternal) {
  std::set<int32_t> known;
  for (const ReasonCase& c : kReasons) known.insert(c.number);
  for (int32_t number = -2; number < 100; ++number) {
    if (known.count(number) != 0) continue;
    EXPECT_EQ(CodeOf(static_cast<Reason>(number)), C::kInternal) << number;
  }
}

TEST(ReasonTest, ARefusalCarriesReasonMessageAndPlace) {
  for (const ReasonCase& c : kReasons) {
    if (c.reason == Reason::kNone) continue;
    const absl::Status status = Refuse(c.reason, "what was given", {7, 3});
    EXPECT_EQ(status.code(), c.code);
    EXPECT_EQ(status.message(), "what was given");
    EXPECT_EQ(ReasonOf(status), c.reason);
    EXPECT_EQ(WhereOf(status).row, 7);
    EXPECT_EQ(WhereOf(status).column, 3);
  }
}

TEST(ReasonTest, WithoutAPlaceItIsNotInATable) {
  const absl::Status status = Refuse(Reason::kValueRange, "x");
  EXPECT_EQ(WhereOf(status).row, -1);
  EXPECT_EQ(WhereOf(status).column, -1);
}

TEST(ReasonTest, RowsAreKeptInFull) {
  constexpr int64_t kRow = std::numeric_limits<int64_t>::max();
  constexpr int32_t kColumn = std::numeric_limits<int32_t>::max();
  const absl::Status status = Refuse(Reason::kValueRange, "x", {kRow, kColumn});
  EXPECT_EQ(WhereOf(status).row, kRow);
  EXPECT_EQ(WhereOf(status).column, kColumn);
}

TEST(ReasonTest, OkAndErrorsFromElsewhereHaveNone) {
  for (const absl::Status& status :
       {absl::OkStatus(), absl::InternalError("elsewhere"),
        absl::InvalidArgumentError("")}) {
    EXPECT_EQ(ReasonOf(status), Reason::kNone);
    EXPECT_EQ(WhereOf(status).row, -1);
    EXPECT_EQ(WhereOf(status).column, -1);
  }
}

TEST(ReasonTest, AForeignPayloadOfOurNameIsNotRead) {
  absl::Status status = absl::InvalidArgumentError("forged");
  status.SetPayload("fivek/refusal", absl::Cord("short"));
  EXPECT_EQ(ReasonOf(status), Reason::kNone);
  EXPECT_EQ(WhereOf(status).row, -1);
}

TEST(ReasonTest, AtRowChangesOnlyThePlace) {
  const absl::Status inner = Refuse(Reason::kUnknownLevel, "level 9", {-1, 2});
  const absl::Status placed = AtRow(inner, {41, 5});
  EXPECT_EQ(placed.code(), inner.code());
  EXPECT_EQ(placed.message(), inner.message());
  EXPECT_EQ(ReasonOf(placed), Reason::kUnknownLevel);
  EXPECT_EQ(WhereOf(placed).row, 41);
  EXPECT_EQ(WhereOf(placed).column, 5);
  EXPECT_EQ(WhereOf(inner).row, -1) << "the original stays as it was";
}

TEST(ReasonTest, AtRowLeavesOkAlone) {
  EXPECT_EQ(AtRow(absl::OkStatus(), {1, 1}), absl::OkStatus());
}

}  // namespace
}  // namespace fivek
