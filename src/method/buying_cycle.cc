#include "fivek/method/buying_cycle.h"

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "fivek/base/money.h"
#include "fivek/base/probability.h"
#include "fivek/base/reason.h"

namespace fivek {
namespace {

constexpr uint8_t kAllRoles = (1U << kRoles.size()) - 1;

constexpr uint8_t RoleBit(Role role) {
  return static_cast<uint8_t>(1U << static_cast<unsigned>(role));
}

int CountBits(unsigned bits) {
  int count = 0;
  for (; bits != 0; bits &= bits - 1) ++count;
  return count;
}

constexpr uint32_t Gap(BuyingCenterGap gap) {
  return static_cast<uint32_t>(gap);
}

}  // namespace

absl::StatusOr<Alignment> Align(int32_t action, int32_t stage) {
  if (action < 0 || action >= kStageCount) {
    return Refuse(Reason::kUnknownCode,
                  absl::StrCat("selling action ", action, "; allowed: 0 to ",
                               kStageCount - 1));
  }
  if (stage < 0 || stage >= kStageCount) {
    return Refuse(Reason::kUnknownCode,
                  absl::StrCat("buying stage ", stage, "; allowed: 0 to ",
                               kStageCount - 1));
  }
  return Alignment{action - stage};
}

absl::StatusOr<AlignmentShare> MeasureAlignment(
    absl::Span<const uint8_t> actions, absl::Span<const uint8_t> stages) {
  if (actions.size() != stages.size()) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat(actions.size(), " actions and ", stages.size(),
                               " stages; each action needs its stage"));
  }
  AlignmentShare share;
  for (size_t i = 0; i < actions.size(); ++i) {
    const absl::StatusOr<Alignment> one = Align(actions[i], stages[i]);
    if (!one.ok()) {
      return AtRow(one.status(), {static_cast<int64_t>(i), -1});
    }
    if (one->steps == 0) ++share.aligned;
    if (one->steps > 0) ++share.ahead;
    if (one->steps < 0) ++share.behind;
  }
  if (!actions.empty()) {
    const auto ppm =
        PpmFromRatio(share.aligned, static_cast<int64_t>(actions.size()));
    if (!ppm.ok()) return ppm.status();
    share.aligned_ppm = *ppm;
  }
  return share;
}

absl::StatusOr<MarketComparison> CompareWithMarket(
    const std::array<int64_t, kStageCount>& customers) {
  ExactTotal exact;
  for (size_t i = 0; i < customers.size(); ++i) {
    if (customers[i] < 0) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("count of customers in stage ", i, " is ",
                                 customers[i], "; allowed: 0 or more"));
    }
    exact.Add(customers[i]);
  }
  const absl::StatusOr<int64_t> total = exact.Rounded(Rounding::kHalfEven);
  if (!total.ok()) return total.status();
  MarketComparison comparison;
  comparison.share_ppm.fill(-1);
  comparison.difference_ppm.fill(0);
  if (*total == 0) return comparison;
  for (size_t i = 0; i < customers.size(); ++i) {
    const absl::StatusOr<int32_t> ppm = PpmFromRatio(customers[i], *total);
    if (!ppm.ok()) return ppm.status();
    comparison.share_ppm[i] = *ppm;
    comparison.difference_ppm[i] =
        *ppm - kBuyingCycle[i].market_share_percent * (kCertain / 100);
  }
  return comparison;
}

absl::StatusOr<Stage> StageOfStep(int32_t step) {
  if (step < 0 || static_cast<size_t>(step) >= kSevenSteps.size()) {
    return Refuse(Reason::kUnknownCode,
                  absl::StrCat("step ", step,
                               " of the seven-step process; allowed: 0 to ",
                               kSevenSteps.size() - 1));
  }
  return kSevenSteps[static_cast<size_t>(step)].stage;
}

absl::StatusOr<uint32_t> GapsOf(const BuyingCenter& center, int roles_met) {
  const struct {
    const char* name;
    uint32_t roles;
  } kSets[] = {{"identified", center.identified},
               {"met", center.met},
               {"supportive", center.supportive}};
  for (const auto& [name, roles] : kSets) {
    if (roles > kAllRoles) {
      return Refuse(
          Reason::kUnknownCode,
          absl::StrCat("roles ", name, ": ", roles, "; allowed: 0 to ",
                       unsigned{kAllRoles}, " (a bit for each of five)"));
    }
  }
  if ((center.met & ~center.identified) != 0 ||
      (center.supportive & ~center.met) != 0) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat("people met (", center.met, ") must be identified (",
                     center.identified, "), supportive ones (",
                     center.supportive, ") met"));
  }
  constexpr uint8_t kMaker = RoleBit(Role::kDecisionMaker);
  uint32_t gaps = 0;
  if ((center.identified & kMaker) == 0) {
    gaps |= Gap(BuyingCenterGap::kDecisionMakerUnknown);
  }
  if ((center.met & kMaker) == 0) {
    gaps |= Gap(BuyingCenterGap::kDecisionMakerNotMet);
  }
  if (CountBits(center.met) < roles_met) {
    gaps |= Gap(BuyingCenterGap::kSingleThreaded);
  }
  if (center.supportive == 0) gaps |= Gap(BuyingCenterGap::kNoSupport);
  return gaps;
}

}  // namespace fivek
