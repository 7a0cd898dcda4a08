// The audit. Claim against evidence: the milestone or probability that the CRM
// claims beside the one that the evidence supports. Score against evidence:
// scores that contradict the evidence.
//
//   ClaimAudit a = *AuditClaim(Policy(), 4, Bits(0, 7), Bits(0, 4));
//   a.verdict;           // kOverClaimed: 75 % claimed, evidence supports 25 %
//   a.rungs;             // 2
//   a.missing;           // 8-14: what it takes to support the claim
//   a.proven_milestone;  // kQualifiedProspect: 5-7 are only said, not proven
//
// Units: ppm. Cost: O(1). Thread-safety: pure functions. Source: domain.md §7.
#ifndef FIVEK_PIPELINE_AUDIT_H_
#define FIVEK_PIPELINE_AUDIT_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "fivek/method/evidence.h"
#include "fivek/method/milestone.h"
#include "fivek/method/policy.h"
#include "fivek/method/strength.h"

namespace fivek {

// Part of the ABI: append, never renumber.
enum class ClaimVerdict : uint8_t {
  kInLine = 0,
  kOverClaimed = 1,   // The claim is higher than the evidence.
  kUnderClaimed = 2,  // The evidence is higher than the claim.
};

struct ClaimAudit {
  ClaimVerdict verdict = ClaimVerdict::kInLine;
  Milestone claimed = Milestone::kUnqualified;
  Milestone supported = Milestone::kUnqualified;
  // What the proven part of the evidence alone supports; below `supported`
  // where a seller's word carries a milestone.
  Milestone proven_milestone = Milestone::kUnqualified;
  int32_t rungs = 0;  // claimed - supported.
  // The items up to the claimed milestone that are not in the evidence; empty
  // unless over-claimed. A claim of closed won asks for all of them, 18 too.
  EvidenceMask missing = 0;
};

// Compares a claimed milestone (0..6) with the evidence. Within the policy's
// `claim_tolerance_rungs` the two are in line. kInvalidArgument for another
// milestone, or if `proven` is not part of `evidence`.
absl::StatusOr<ClaimAudit> AuditClaim(const Policy& policy, int32_t claimed,
                                      EvidenceMask evidence,
                                      EvidenceMask proven);

// The milestone that a claimed probability stands for: the highest rung whose
// yield is not above it (60 % claims the rung of 50 %), else unqualified.
// kInvalidArgument unless 0 <= ppm <= 10^6.
absl::StatusOr<Milestone> ClaimedMilestone(const Policy& policy, int32_t ppm);

// The score rules of the policy that an assessment breaks, as a mask: bit i =
// policy.score_rules()[i]. Unknown levels break none. Errors as StrengthOf.
absl::StatusOr<uint32_t> BrokenScoreRules(const Policy& policy,
                                          const Assessment& assessment,
                                          EvidenceMask evidence);

}  // namespace fivek

#endif  // FIVEK_PIPELINE_AUDIT_H_
