#include "fivek/pipeline/audit.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "fivek/base/probability.h"
#include "fivek/base/reason.h"

namespace fivek {

absl::StatusOr<ClaimAudit> AuditClaim(const Policy& policy, int32_t claimed,
                                      EvidenceMask evidence,
                                      EvidenceMask proven) {
  if (claimed < 0 || claimed >= kMilestoneCount) {
    return Refuse(Reason::kUnknownCode,
                  absl::StrCat("claimed milestone ", claimed,
                               "; allowed: 0 to ", kMilestoneCount - 1));
  }
  if ((proven & ~evidence) != 0) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("proven items that are not evidence: ",
                               DescribeItems(proven & ~evidence)));
  }
  const MethodTables& tables = policy.tables();
  ClaimAudit audit;
  audit.claimed = static_cast<Milestone>(claimed);
  audit.supported =
      static_cast<Milestone>(PositionOf(tables, evidence).milestone);
  audit.proven_milestone =
      static_cast<Milestone>(PositionOf(tables, proven).milestone);
  audit.rungs = claimed - static_cast<int32_t>(audit.supported);
  if (std::abs(audit.rungs) <= policy.thresholds().claim_tolerance_rungs) {
    return audit;
  }
  if (audit.rungs < 0) {
    audit.verdict = ClaimVerdict::kUnderClaimed;
    return audit;
  }
  audit.verdict = ClaimVerdict::kOverClaimed;
  audit.missing = tables.needed_through_milestone[claimed] & ~evidence;
  return audit;
}

absl::StatusOr<Milestone> ClaimedMilestone(const Policy& policy, int32_t ppm) {
  if (!IsProbability(ppm)) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("claimed probability ", ppm,
                               " ppm; allowed: 0 to ", kCertain));
  }
  const MethodTables& tables = policy.tables();
  int rung = 0;
  for (int m = 1; m < kMilestoneCount; ++m) {
    if (tables.yield_ppm[m] <= ppm) rung = m;
  }
  return static_cast<Milestone>(rung);
}

absl::StatusOr<uint32_t> BrokenScoreRules(const Policy& policy,
                                          const Assessment& assessment,
                                          EvidenceMask evidence) {
  Strength strength;
  const Reason reason = TryStrength(policy.tables(), assessment, &strength);
  if (reason != Reason::kNone) return ExplainRefusal(assessment, reason);
  uint32_t broken = 0;
  uint32_t bit = 1;
  for (const ScoreRule& rule : policy.score_rules()) {
    const auto d = static_cast<size_t>(rule.dimension);
    const bool by_decision_maker = (assessment.by_decision_maker >> d & 1) != 0;
    // Unknown points are -1, below every rule.
    const bool applies = strength.points[d] >= rule.least_points &&
                         (by_decision_maker || !rule.only_by_decision_maker);
    if (applies && (evidence & Bit(rule.item)) == 0) broken |= bit;
    bit <<= 1;
  }
  return broken;
}

}  // namespace fivek
