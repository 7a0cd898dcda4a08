// The name of every code of the method, in English and Chinese.
//
//   Label(LabelSet::kMilestone, 3, Language::kChinese);  // "合格决策者"
//   *LabelSetFromName("level.problem");  // LabelSet::kLevelProblem
//
// The texts are static, end with a NUL, and are the built-in ones; a policy can
// say other words for the same code (Policy::Label). Each text stands in the
// table of its own header; this header only finds it. O(1) in all sets but
// `signal`, whose codes have gaps. Thread-safety: pure functions.
// Source: domain.md §2-6, §8, §9.
#ifndef FIVEK_METHOD_LABELS_H_
#define FIVEK_METHOD_LABELS_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "fivek/base/language.h"
#include "fivek/method/rubric.h"

namespace fivek {

// Append, never renumber.
enum class LabelSet : uint8_t {
  kDimension = 0,
  kDimensionQuestion = 1,
  kLevelProblem = 2,
  kLevelPower = 3,
  kLevelVision = 4,
  kLevelValue = 5,
  kLevelControl = 6,
  kStage = 7,
  kAction = 8,
  kStep = 9,
  kRole = 10,
  kEvidence = 11,
  kShownBy = 12,
  kProof = 13,
  kMilestone = 14,
  kOutcome = 15,
  kEvent = 16,
  kSignal = 17,
  kSignalGroup = 18,
  kObjection = 19,
  kSaying = 20,
  kSayingResponse = 21,
  kPainQuestion = 22,
  kPainArea = 23,
  kQualificationQuestion = 24,
  kPortfolioCell = 25,
  kPortfolioStrategy = 26,
  kTriangleCorner = 27,
  kConcern = 28,
  kSalesMode = 29,
  kSalesModePractice = 30,
  kTeamFunction = 31,
  kTeamPhase = 32,
  kTeamTrait = 33,
  kTeamGrouping = 34,
  kSegmentPart = 35,
  kSegmentFactor = 36,
  kRfmSegment = 37,
  kOrderDue = 38,
  kFollowUp = 39,
  kVisitGroup = 40,
  kHoursVerdict = 41,
};
inline constexpr int kLabelSetCount = 42;

// The names that the C interface and JSON use: "dimension",
// "dimension.question", "level.problem" .. "level.control", "stage", "action",
// "step", "role", "evidence", "shown_by", "proof", "milestone", "outcome",
// "event", "signal", "signal.group", "objection", "saying", "saying.response",
// "pain.question", "pain.area", "qualification.question", "portfolio.cell",
// "portfolio.strategy", "triangle.corner", "concern", "sales.mode",
// "sales.mode.practice", "team.function", "team.phase", "team.trait",
// "team.grouping", "segment.part", "segment.factor", "rfm_segment",
// "order_due", "follow_up", "visit_group", "hours_verdict". nullptr and nothing
// for any other set and name.
const char* NameOf(LabelSet set);
absl::optional<LabelSet> LabelSetFromName(absl::string_view name);

// The set that names the levels of a dimension.
constexpr LabelSet LevelSet(Dimension dimension) {
  return static_cast<LabelSet>(static_cast<int>(LabelSet::kLevelProblem) +
                               static_cast<int>(dimension));
}

// The label, or nullptr if the set has no such code.
const char* Label(LabelSet set, int32_t code, Language language);

// The codes of a set, in order: the first is CodeAt(set, 0); -1 past the last.
int32_t CodeAt(LabelSet set, int32_t index);

}  // namespace fivek

#endif  // FIVEK_METHOD_LABELS_H_
