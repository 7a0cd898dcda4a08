// The probability ladder: milestones reached by evidence alone.
//
//   milestone                    yield  reached when (evidence.h)
//   0 unqualified                  0 %  -
//   1 qualified prospect          10 %  0-4
//   2 qualified sponsor           25 %  + 5-7
//   3 qualified decision maker    50 %  + 8-12
//   4 decision settled            75 %  + 13-14
//   5 pending close               90 %  + 15-17
//   6 closed won                 100 %  + 18
//
// The milestone is the highest rung whose evidence, and all below it, is
// complete. The buying stage is the first one whose evidence is incomplete:
// stage 0 waits for 0-6, 1 for 7-10, 2 for 11-12, 3 for 13-14, 4 for 15-18.
// A signed contract (18) wins the deal: stage 5 and milestone 6, even where
// earlier evidence is missing; those items are *skipped steps*, for coaching.
// After-sales items (19-21) never move a milestone; with all three stage 5 is
// complete. Stage and milestone are pure functions of the evidence mask and the
// policy; a claim has no part in them. Evidence for a later gate counts as soon
// as the earlier gates fill. Losing, holding and voiding: opportunity.h.
//
//   const Standing s = StandingOf(Policy(), Bits(0, 5) | Bit(7));
//   s.milestone;         // kQualifiedProspect: item 6 is missing
//   s.missing_for_next;  // Bit(6)
//
// The yields are the *prior*; what a vendor's history says about each rung
// replaces them as it accumulates. Units: yields in ppm (probability.h). Cost:
// O(1), a few nanoseconds.
// Thread-safety: pure functions. Source: domain.md §5.
#ifndef FIVEK_METHOD_MILESTONE_H_
#define FIVEK_METHOD_MILESTONE_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "fivek/base/language.h"
#include "fivek/base/probability.h"
#include "fivek/method/buying_cycle.h"

namespace fivek {

class Policy;
struct MethodTables;

// A set of evidence items (evidence.h): bit = code, 0-21 the method's own,
// 22-31 the vendor's.
using EvidenceMask = uint32_t;

// Part of the ABI: append, never renumber.
enum class Milestone : uint8_t {
  kUnqualified = 0,
  kQualifiedProspect = 1,
  kQualifiedSponsor = 2,
  kQualifiedDecisionMaker = 3,
  kDecisionSettled = 4,
  kPendingClose = 5,
  kClosedWon = 6,
};

inline constexpr int kMilestoneCount = 7;

struct MilestoneRow {
  Milestone code;
  int32_t yield_ppm;  // The probability that the milestone stands for.
  Bilingual name;
};

// clang-format off
inline constexpr std::array<MilestoneRow, kMilestoneCount> kLadder = {{
    {Milestone::kUnqualified,                    0, {"unqualified",              "未合格"}},
    {Milestone::kQualifiedProspect,        100'000, {"qualified prospect",       "合格潜在客户"}},
    {Milestone::kQualifiedSponsor,         250'000, {"qualified sponsor",        "合格经办人"}},
    {Milestone::kQualifiedDecisionMaker,   500'000, {"qualified decision maker", "合格决策者"}},
    {Milestone::kDecisionSettled,          750'000, {"decision settled",         "决策定案"}},
    {Milestone::kPendingClose,             900'000, {"pending close",            "等候结案"}},
    {Milestone::kClosedWon,              1'000'000, {"closed won",               "结案"}},
}};
// clang-format on

constexpr bool IsSound(const std::array<MilestoneRow, kMilestoneCount>& rows) {
  for (size_t i = 0; i < rows.size(); ++i) {
    if (static_cast<size_t>(rows[i].code) != i) return false;
    if (!IsProbability(rows[i].yield_ppm)) return false;
    if (i > 0 && rows[i].yield_ppm <= rows[i - 1].yield_ppm) return false;
  }
  return rows[kMilestoneCount - 1].yield_ppm == kCertain;
}
static_assert(IsSound(kLadder), "codes in order; yields rise to 100 %");

// Where an opportunity stands by its evidence.
struct Standing {
  Stage stage = Stage::kRecogniseProblem;
  Milestone milestone = Milestone::kUnqualified;
  int32_t yield_ppm = 0;
  // The items still to confirm for the next milestone; empty at closed won.
  EvidenceMask missing_for_next = 0;
  // Signed with gaps: the required items of the milestones below that are
  // missing. Empty while the contract is not signed.
  EvidenceMask skipped = 0;
  // Items that the policy only advises for the next milestone and that are
  // missing; they hold nothing up. Empty under the built-in policy.
  EvidenceMask advised = 0;
  // Items that counted because they were waived, not because they were seen.
  EvidenceMask waived = 0;
};

// Any mask is allowed; items that the policy does not have count for nothing.
Standing StandingOf(const Policy& policy, EvidenceMask evidence);
Standing StandingOf(const MethodTables& tables, EvidenceMask evidence);

// A gate left open on purpose, with a reason that the policy names. The state
// of an opportunity (opportunity.h) counts no waivers.
struct Waiver {
  int32_t item = 0;
  int32_t reason = 0;  // Code of one of the policy's `waiver_reasons`.
};

// As `StandingOf`, where waived items count as present. kInvalidArgument for an
// unknown item or reason, kFailedPrecondition if the policy does not let the
// item be waived (the built-in policy lets none); the error's row is the index
// of the waiver. O(n).
absl::StatusOr<Standing> StandingWithWaivers(const Policy& policy,
                                             EvidenceMask evidence,
                                             absl::Span<const Waiver> waivers);

// Only the milestone and the stage: what inner loops need.
struct Position {
  uint8_t stage;
  uint8_t milestone;
};
Position PositionOf(const MethodTables& tables, EvidenceMask evidence);

}  // namespace fivek

#endif  // FIVEK_METHOD_MILESTONE_H_
