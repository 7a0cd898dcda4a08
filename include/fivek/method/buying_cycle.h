// The problem-centred buying cycle, the selling action that belongs to each of
// its stages (PCSS), and the people who take part in the decision.
//
//      0 recognise  ->  1 decide    ->  2 set
//        problem          to solve        criteria
//          ^                                |
//          |                                v
//      5 experience <-  4 purchase  <-  3 evaluate
//        and feedback                     options
//
// The customer's process decides; selling follows it. It is a cycle: stage 5
// leads back to stage 0 of the same account (repurchase, cross-sell). Where a
// customer stands is not somebody's opinion but follows from the evidence
// (milestone.h).
//
// An action that belongs k stages past the buyer's stage is *ahead* by k, k
// stages before it *behind* by k; *alignment* is the share of actions with
// k = 0. Selling starts only when pain is found: no presentation before the
// need is confirmed. Action 3 in stages 0-2 shows as ahead.
//
//   Alignment a = *Align(3, 0);  // presents while the problem is not seen
//   a.steps;  // 3: three stages ahead of the buyer
//
// Units: shares in ppm (probability.h). Thread-safety: pure functions.
// Source: domain.md §3.
#ifndef FIVEK_METHOD_BUYING_CYCLE_H_
#define FIVEK_METHOD_BUYING_CYCLE_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "fivek/base/language.h"

namespace fivek {

// Where the *customer* stands. Part of the ABI: append, never renumber.
enum class Stage : uint8_t {
  kRecogniseProblem = 0,
  kDecideToSolve = 1,
  kSetCriteria = 2,
  kEvaluateOptions = 3,
  kPurchase = 4,
  kExperience = 5,
};

inline constexpr int kStageCount = 6;

// What the *seller* does: one selling action for each buying stage, with the
// stage's code.
enum class Action : uint8_t {
  kExploreAndListen = 0,
  kProbeTheImpact = 1,
  kConfirmNeeds = 2,
  kPresentAndPersuade = 3,
  kAskForTheBusiness = 4,
  kFollowUpAndMaintain = 5,
};

struct StageRow {
  Stage code;
  // The reference distribution: of a market's customers at one moment.
  int8_t market_share_percent;
  Bilingual stage, action;
};

// clang-format off
inline constexpr std::array<StageRow, kStageCount> kBuyingCycle = {{
    {Stage::kRecogniseProblem, 79, {"recognise problem",       "觉察问题"}, {"explore and listen",     "探察聆听"}},
    {Stage::kDecideToSolve,     2, {"decide to solve",         "决定解决"}, {"probe the impact",       "试探冲击"}},
    {Stage::kSetCriteria,       5, {"set criteria",            "制定标准"}, {"confirm needs",          "确认需求"}},
    {Stage::kEvaluateOptions,   3, {"evaluate options",        "选择评价"}, {"present and persuade",   "展示说服"}},
    {Stage::kPurchase,          2, {"purchase",                "实际购买"}, {"ask for the business",   "要求生意"}},
    {Stage::kExperience,        9, {"experience and feedback", "感受反馈"}, {"follow up and maintain", "跟踪维护"}},
}};

// The widely used seven-step selling process, and where each step stands in the
// cycle. Step 6 is closing: the customer is purchasing from step 5 on.
struct StepRow {
  uint8_t code;
  Stage stage;
  Bilingual name;
};
inline constexpr std::array<StepRow, 7> kSevenSteps = {{
    {0, Stage::kRecogniseProblem, {"prospecting",                "潜在客户识别"}},
    {1, Stage::kRecogniseProblem, {"first contact",              "初步接触"}},
    {2, Stage::kDecideToSolve,    {"needs analysis",             "需求分析"}},
    {3, Stage::kSetCriteria,      {"solution design",            "方案制定"}},
    {4, Stage::kEvaluateOptions,  {"presentation",               "方案展示"}},
    {5, Stage::kPurchase,         {"negotiation and objections", "谈判与处理异议"}},
    {6, Stage::kPurchase,         {"closing and signing",        "成交与签约"}},
}};

// The five people who take part in a decision, each with own needs. Part of the
// ABI. (`ShownBy` in evidence.h has other codes for them.)
enum class Role : uint8_t {
  kDecisionMaker = 0,
  kPurchaser = 1,
  kSupporter = 2,
  kTechnicalEvaluator = 3,
  kUser = 4,
};
struct RoleRow {
  Role code;
  Bilingual name;
};
inline constexpr std::array<RoleRow, 5> kRoles = {{
    {Role::kDecisionMaker,      {"decision maker",      "决策人"}},
    {Role::kPurchaser,          {"purchaser",           "采购人员"}},
    {Role::kSupporter,          {"supporter",           "支持者"}},
    {Role::kTechnicalEvaluator, {"technical evaluator", "技术人员"}},
    {Role::kUser,               {"user",                "使用者"}},
}};
// clang-format on

constexpr bool IsSoundCycle() {
  int total = 0;
  for (size_t i = 0; i < kBuyingCycle.size(); ++i) {
    if (static_cast<size_t>(kBuyingCycle[i].code) != i) return false;
    total += kBuyingCycle[i].market_share_percent;
  }
  for (size_t i = 0; i < kSevenSteps.size(); ++i) {
    if (kSevenSteps[i].code != i) return false;
    if (i > 0 && kSevenSteps[i].stage < kSevenSteps[i - 1].stage) return false;
  }
  for (size_t i = 0; i < kRoles.size(); ++i) {
    if (static_cast<size_t>(kRoles[i].code) != i) return false;
  }
  return total == 100;
}
static_assert(IsSoundCycle(), "codes in order; shares sum to 100; steps rise");

// How a selling action stands to the buyer's stage.
struct Alignment {
  int32_t steps;  // Action - stage: > 0 ahead of the buyer, < 0 behind; -5..5.

  bool aligned() const { return steps == 0; }
};

// kInvalidArgument unless both codes are 0..5. O(1).
absl::StatusOr<Alignment> Align(int32_t action, int32_t stage);

// Many logged actions beside the stage the buyer had at that time.
struct AlignmentShare {
  int64_t aligned = 0, ahead = 0, behind = 0;
  // The alignment: aligned / all, rounded half to even; -1 if there are none.
  int32_t aligned_ppm = -1;
};

// actions[i] beside stages[i]. kInvalidArgument if there are not as many of
// both, or for an unknown code, naming the row. O(n).
absl::StatusOr<AlignmentShare> MeasureAlignment(
    absl::Span<const uint8_t> actions, absl::Span<const uint8_t> stages);

// The vendor's own customers by stage beside the reference distribution of a
// market: share in ppm and difference (own minus reference) for each stage.
// Each share is rounded half to even, so the six may miss 10^6 by a few ppm.
struct MarketComparison {
  std::array<int32_t, kStageCount> share_ppm;       // -1 if there are none.
  std::array<int32_t, kStageCount> difference_ppm;  // 0 if there are none.
};

// kInvalidArgument if a count is negative, kOutOfRange if the total does not
// fit an int64. O(1).
absl::StatusOr<MarketComparison> CompareWithMarket(
    const std::array<int64_t, kStageCount>& customers);

// Where a step of the seven-step process stands. kInvalidArgument unless 0..6.
absl::StatusOr<Stage> StageOfStep(int32_t step);

// The five people of one opportunity: known, met, on our side; bit = Role code.
// Whoever is met is identified, whoever supports us was met.
struct BuyingCenter {
  uint32_t identified = 0;
  uint32_t met = 0;
  uint32_t supportive = 0;
};

// What a manager is warned of; bits of the result. Part of the ABI.
enum class BuyingCenterGap : uint32_t {
  kDecisionMakerUnknown = 1,
  kDecisionMakerNotMet = 2,
  kSingleThreaded = 4,  // Fewer people met than the policy's `roles_met`.
  kNoSupport = 8,       // Nobody is supportive.
};

// The gaps of a buying center, as a mask of BuyingCenterGap. `roles_met` is the
// least number of people to meet (policy threshold, built-in 2).
// kInvalidArgument for unknown role bits, or if the three sets are not nested.
// O(1).
absl::StatusOr<uint32_t> GapsOf(const BuyingCenter& center, int roles_met);

}  // namespace fivek

#endif  // FIVEK_METHOD_BUYING_CYCLE_H_
