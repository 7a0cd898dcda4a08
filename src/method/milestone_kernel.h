// The one place that decides stage and milestone, inline for the kernels.
#ifndef FIVEK_SRC_METHOD_MILESTONE_KERNEL_H_
#define FIVEK_SRC_METHOD_MILESTONE_KERNEL_H_

#include <cstdint>

#include "absl/base/attributes.h"
#include "fivek/method/evidence.h"
#include "fivek/method/milestone.h"
#include "fivek/method/policy.h"

namespace fivek {

// For any policy; the contract is not signed. Kept out of line, as it would
// take the registers of the common case.
Position PositionByRungs(const MethodTables& tables, EvidenceMask evidence);

ABSL_ATTRIBUTE_ALWAYS_INLINE inline Position ComputePosition(
    const MethodTables& tables, EvidenceMask evidence) {
  if ((evidence & Bit(kContractSigned)) != 0) {
    return {static_cast<uint8_t>(Stage::kExperience),
            static_cast<uint8_t>(Milestone::kClosedWon)};
  }
#if defined(__GNUC__)
  if (tables.in_order) {
    // Not empty: the contract is needed, and not signed.
    const int first = __builtin_ctz(
        tables.needed_through_milestone[kMilestoneCount - 1] & ~evidence);
    return {tables.stage_if_first_missing[first],
            tables.milestone_if_first_missing[first]};
  }
#endif
  return PositionByRungs(tables, evidence);
}

}  // namespace fivek

#endif  // FIVEK_SRC_METHOD_MILESTONE_KERNEL_H_
