#include "fivek/method/milestone.h"

#include "absl/strings/str_cat.h"
#include "fivek/base/reason.h"
#include "fivek/method/evidence.h"
#include "fivek/method/policy.h"

namespace fivek {
namespace {

// The part of the evidence that counts: an item does not as long as one of its
// prerequisites is missing. All of it under the built-in policy.
EvidenceMask Counting(const MethodTables& tables, EvidenceMask evidence) {
  EvidenceMask counting = evidence;
  for (EvidenceMask rest = tables.with_prerequisites & evidence; rest != 0;
       rest &= rest - 1) {
    for (int item = 0; item < kEvidenceBits; ++item) {
      if ((rest & (~rest + 1)) != Bit(item)) continue;
      if ((tables.prerequisites[item] & ~evidence) != 0) {
        counting &= ~Bit(item);
      }
    }
  }
  return counting;
}

// What must be confirmed so that every item of `wanted` counts.
EvidenceMask Missing(const MethodTables& tables, EvidenceMask wanted,
                     EvidenceMask evidence) {
  EvidenceMask needed = wanted;
  for (int item = 0; item < kEvidenceBits; ++item) {
    if ((wanted & tables.with_prerequisites & Bit(item)) != 0) {
      needed |= tables.prerequisites[item];
    }
  }
  return needed & ~evidence;
}

}  // namespace

Position PositionOf(const MethodTables& tables, EvidenceMask evidence) {
  if ((evidence & Bit(kContractSigned)) != 0) {
    return {static_cast<uint8_t>(Stage::kExperience),
            static_cast<uint8_t>(Milestone::kClosedWon)};
  }
  if ((evidence & tables.with_prerequisites) != 0) {
    evidence = Counting(tables, evidence);
  }
  // The masks grow from rung to rung, so the complete ones come first and
  // counting them finds the highest.
  const auto complete = [evidence](EvidenceMask needed) {
    return (evidence & needed) == needed ? 1U : 0U;
  };
  unsigned milestone = 0;
  for (int m = 1; m < static_cast<int>(Milestone::kClosedWon); ++m) {
    milestone += complete(tables.needed_through_milestone[m]);
  }
  unsigned stage = 0;
  for (int s = 0; s < static_cast<int>(Stage::kExperience); ++s) {
    stage += complete(tables.needed_through_stage[s]);
  }
  return {static_cast<uint8_t>(stage), static_cast<uint8_t>(milestone)};
}

Standing StandingOf(const MethodTables& tables, EvidenceMask evidence) {
  const Position position = PositionOf(tables, evidence);
  Standing standing;
  standing.stage = static_cast<Stage>(position.stage);
  standing.milestone = static_cast<Milestone>(position.milestone);
  standing.yield_ppm = tables.yield_ppm[position.milestone];
  const EvidenceMask before_signing =
      tables.needed_through_milestone[static_cast<int>(
          Milestone::kPendingClose)];
  if (standing.milestone == Milestone::kClosedWon) {
    standing.skipped = Missing(tables, before_signing, evidence);
    return standing;
  }
  const int next = position.milestone + 1;
  standing.missing_for_next =
      Missing(tables,
              tables.needed_through_milestone[next] &
                  ~tables.needed_through_milestone[next - 1],
              evidence);
  standing.advised = tables.advised_for[next] & ~evidence;
  return standing;
}

Standing StandingOf(const Policy& policy, EvidenceMask evidence) {
  return StandingOf(policy.tables(), evidence);
}

absl::StatusOr<Standing> StandingWithWaivers(
    const Policy& policy, EvidenceMask evidence,
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
                                 "; allowed: ",
                                 DescribeItems(tables.attached)),
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
      return Refuse(Reason::kUnknownCode,
                    absl::StrCat("waiver of evidence ", waiver.item,
                                 " for reason ", waiver.reason,
                                 "; the policy names no such reason"),
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
