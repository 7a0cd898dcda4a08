#include "fivek/method/milestone.h"

#include "absl/strings/str_cat.h"
#include "fivek/base/reason.h"
#include "fivek/method/evidence.h"
#include "fivek/method/policy.h"
#include "src/method/milestone_kernel.h"

namespace fivek {

Position PositionByRungs(const MethodTables& tables, EvidenceMask evidence) {
  // The masks grow from rung to rung, so the complete ones come first and
  // counting them finds the highest. Compilers make vector code of it.
  uint32_t milestones = 0;
  uint32_t stages = 0;
  for (int i = 0; i < kRungs; ++i) {
    const EvidenceMask milestone = tables.needed_through_milestone[i];
    const EvidenceMask stage = tables.needed_through_stage[i];
    milestones += static_cast<uint32_t>((evidence & milestone) == milestone);
    stages += static_cast<uint32_t>((evidence & stage) == stage);
  }
  // Milestone 0 waits for nothing and was counted.
  return {static_cast<uint8_t>(stages), static_cast<uint8_t>(milestones - 1)};
}

Position PositionOf(const MethodTables& tables, EvidenceMask evidence) {
  return ComputePosition(tables, evidence);
}

Standing StandingOf(const MethodTables& tables, EvidenceMask evidence) {
  const Position position = ComputePosition(tables, evidence);
  Standing standing;
  standing.stage = static_cast<Stage>(position.stage);
  standing.milestone = static_cast<Milestone>(position.milestone);
  standing.yield_ppm = tables.yield_ppm[position.milestone];
  const EvidenceMask before_signing =
      tables
          .needed_through_milestone[static_cast<int>(Milestone::kPendingClose)];
  if (standing.milestone == Milestone::kClosedWon) {
    standing.skipped = before_signing & ~evidence;
    return standing;
  }
  const int next = position.milestone + 1;
  // What the milestones below wait for is there.
  standing.missing_for_next = tables.needed_through_milestone[next] & ~evidence;
  standing.advised = tables.advised_for[next] & ~evidence;
  return standing;
}

Standing StandingOf(const Policy& policy, EvidenceMask evidence) {
  return StandingOf(policy.tables(), evidence);
}

absl::StatusOr<Standing> StandingWithWaivers(const Policy& policy,
                                             EvidenceMask evidence,
                                             absl::Span<const Waiver> waivers) {
  const MethodTables& tables = policy.tables();
  EvidenceMask waived = 0;
  for (size_t i = 0; i < waivers.size(); ++i) {
    const Where where = {static_cast<int64_t>(i), -1};
    const Waiver& waiver = waivers[i];
    if (waiver.item < 0 || waiver.item >= kEvidenceBits ||
        (tables.attached & Bit(waiver.item)) == 0) {
      return Refuse(Reason::kUnknownEvidence,
                    absl::StrCat("waiver of evidence ", waiver.item,
                                 "; allowed: ", DescribeItems(tables.attached)),
                    where);
    }
    if ((tables.waivable & Bit(waiver.item)) == 0) {
      return Refuse(Reason::kWaiverNotAllowed,
                    absl::StrCat("evidence ", waiver.item,
                                 " cannot be waived; the policy lets these be "
                                 "waived: ",
                                 DescribeItems(tables.waivable)),
                    where);
    }
    bool known = false;
    for (const WaiverReason& reason : policy.waiver_reasons()) {
      known = known || reason.code == waiver.reason;
    }
    if (!known) {
      return Refuse(
          Reason::kUnknownCode,
          absl::StrCat("waiver of evidence ", waiver.item, " for reason ",
                       waiver.reason, "; the policy names no such reason"),
          where);
    }
    waived |= Bit(waiver.item);
  }
  waived &= ~evidence;
  Standing standing = StandingOf(tables, evidence | waived);
  standing.waived = waived;
  return standing;
}

}  // namespace fivek
