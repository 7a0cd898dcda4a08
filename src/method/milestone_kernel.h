// The one place that decides stage and milestone, inline for the kernels.
#ifndef FIVEK_SRC_METHOD_MILESTONE_KERNEL_H_
#define FIVEK_SRC_METHOD_MILESTONE_KERNEL_H_

#include <cstdint>

#include "fivek/method/evidence.h"
#include "fivek/method/milestone.h"
#include "fivek/method/policy.h"

namespace fivek {

inline Position ComputePosition(const MethodTables& tables,
                                EvidenceMask evidence) {
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

}  // namespace fivek

#endif  // FIVEK_SRC_METHOD_MILESTONE_KERNEL_H_
