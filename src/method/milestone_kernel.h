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

// The items of `needed` that a deal waits for: none once the contract is
// signed.
constexpr EvidenceMask MissingOf(EvidenceMask needed, EvidenceMask evidence) {
  const auto is_signed = static_cast<EvidenceMask>(
      static_cast<int32_t>(evidence << (31 - kContractSigned)) >> 31);
  return needed & ~(evidence | is_signed);
}

#if defined(__GNUC__)
// The item that a deal waits for first, if tables.needed_in_order is not 0;
// that of kNoneMissing if none.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline uint32_t FirstMissing(
    const MethodTables& tables, EvidenceMask evidence) {
  const EvidenceMask missing = MissingOf(tables.needed_in_order, evidence);
  return static_cast<uint32_t>(__builtin_ctz(missing | kNoneMissing));
}

// Where a deal stands, likewise: see PackPlace.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline uint64_t PlaceInOrder(
    const MethodTables& tables, EvidenceMask evidence) {
  return tables.place_if_first_missing[FirstMissing(tables, evidence)];
}
#endif

ABSL_ATTRIBUTE_ALWAYS_INLINE inline Position ComputePosition(
    const MethodTables& tables, EvidenceMask evidence) {
#if defined(__GNUC__)
  if (tables.needed_in_order != 0) {
    const uint64_t place = PlaceInOrder(tables, evidence);
    return {static_cast<uint8_t>(place), static_cast<uint8_t>(place >> 32)};
  }
#endif
  if ((evidence & Bit(kContractSigned)) != 0) {
    return {static_cast<uint8_t>(Stage::kExperience),
            static_cast<uint8_t>(Milestone::kClosedWon)};
  }
  return PositionByRungs(tables, evidence);
}

}  // namespace fivek

#endif  // FIVEK_SRC_METHOD_MILESTONE_KERNEL_H_
