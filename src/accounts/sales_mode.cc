#include "fivek/accounts/sales_mode.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "fivek/base/reason.h"

namespace fivek {

absl::StatusOr<SalesModeChoice> ChooseSalesMode(
    absl::Span<const int32_t> weight) {
  if (weight.size() != kConcernCount) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("weight of ", weight.size(),
                               " concerns; allowed: ", kConcernCount));
  }
  SalesModeChoice choice;
  for (size_t i = 0; i < weight.size(); ++i) {
    const int32_t w = weight[i];
    if (w < kConcernUnknown || w > kMostConcernWeight) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("weight ", w, "; allowed: 0 to ",
                                 kMostConcernWeight, ", or ", kConcernUnknown),
                    {-1, static_cast<int32_t>(i)});
    }
    const auto mode = static_cast<size_t>(kConcernModes[i].mode);
    const bool unknown = w == kConcernUnknown;
    if (unknown) choice.unknown |= uint32_t{1} << i;
    choice.low[mode] += unknown ? 0 : w;
    choice.high[mode] += unknown ? kMostConcernWeight : w;
  }
  for (size_t mode = 0; mode < kSalesModeCount; ++mode) {
    int32_t others_low = 0;
    int32_t others_high = 0;
    for (size_t other = 0; other < kSalesModeCount; ++other) {
      if (other == mode) continue;
      others_low = std::max(others_low, choice.low[other]);
      others_high = std::max(others_high, choice.high[other]);
    }
    if (choice.high[mode] >= others_low) {
      choice.possible |= uint32_t{1} << mode;
    }
    if (choice.low[mode] > others_high) {
      choice.mode = static_cast<int32_t>(mode);
      choice.lead = choice.low[mode] - others_high;
    }
  }
  return choice;
}

absl::StatusOr<TeamPerson> TeamPersonOf(int32_t grouping, int32_t person) {
  if (grouping < 0 || grouping >= kTeamGroupingCount) {
    return Refuse(Reason::kUnknownCode,
                  absl::StrCat("grouping ", grouping, "; allowed: 0 to ",
                               kTeamGroupingCount - 1));
  }
  const GroupingRow& row = kGroupings[static_cast<size_t>(grouping)];
  TeamPerson result;
  result.people = row.person.back() + 1;
  if (person < 0 || person >= result.people) {
    return Refuse(
        Reason::kUnknownCode,
        absl::StrCat("person ", person, "; allowed: 0 to ", result.people - 1));
  }
  for (size_t phase = 0; phase < row.person.size(); ++phase) {
    if (row.person[phase] != person) continue;
    result.phases |= uint32_t{1} << phase;
    result.traits |= kPhaseTraits[phase].traits;
  }
  return result;
}

}  // namespace fivek
