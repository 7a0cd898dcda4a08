#include "fivek/method/strength.h"

#include "absl/strings/str_cat.h"
#include "src/method/strength_kernel.h"

namespace fivek {
int32_t BalancedStrength(int32_t points_product) {
  return balance::Rounded(static_cast<uint32_t>(points_product));
}

Reason TryStrength(const MethodTables& tables, const Assessment& assessment,
                   Strength* out) {
  if (ComputeKnownStrength(tables, assessment, out)) return Reason::kNone;
  return ComputeStrength(tables, assessment, out);
}

absl::StatusOr<Strength> StrengthOf(const Policy& policy,
                                    const Assessment& assessment) {
  Strength strength;
  const Reason reason = TryStrength(policy.tables(), assessment, &strength);
  if (reason != Reason::kNone) return ExplainRefusal(assessment, reason);
  return strength;
}

absl::Status ExplainRefusal(const Assessment& assessment, Reason reason) {
  if (reason == Reason::kUnknownLevel) {
    for (const DimensionRow& row : kDimensions) {
      const int level = assessment.level[static_cast<size_t>(row.code)];
      if (level == kUnknown || level < row.levels) continue;
      return Refuse(
          reason,
          absl::StrCat(row.name.en, " level ", level, "; allowed: 0 to ",
                       row.levels - 1, ", or 255 for unknown"),
          {-1, static_cast<int32_t>(row.code)});
    }
  }
  if (assessment.reserved[0] != 0 || assessment.reserved[1] != 0) {
    return Refuse(reason, "reserved bytes of the assessment must be 0");
  }
  return Refuse(
      reason,
      absl::StrCat("by_decision_maker ", unsigned{assessment.by_decision_maker},
                   "; allowed: bits 0, 2, 3 (Problem, Vision, Value)"));
}

}  // namespace fivek
