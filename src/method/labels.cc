#include "fivek/method/labels.h"

#include <array>
#include <cstddef>

#include "fivek/method/account_names.h"
#include "fivek/method/buying_cycle.h"
#include "fivek/method/conversation.h"
#include "fivek/method/evidence.h"
#include "fivek/method/milestone.h"
#include "fivek/method/opportunity.h"

namespace fivek {
namespace {

// One label of a set, wherever its table keeps it.
struct Entry {
  int32_t code;
  Bilingual text;
};

// A set is a function from index to entry over a table that knows its own row
// type; `Look<kTable, Read>` makes one.
struct SetRow {
  LabelSet set;
  const char* name;
  size_t size;
  Entry (*at)(size_t index);
};

template <const auto& kTable, Entry (*kRead)(decltype(kTable[0]))>
constexpr SetRow Make(LabelSet set, const char* name) {
  return {set, name, kTable.size(),
          [](size_t index) { return kRead(kTable[index]); }};
}

Entry ReadDimension(const DimensionRow& r) {
  return {static_cast<int32_t>(r.code), r.name};
}
Entry ReadQuestion(const DimensionRow& r) {
  return {static_cast<int32_t>(r.code), r.question};
}
Entry ReadLevel(const RubricRow& r) { return {r.level, r.seen}; }
Entry ReadStage(const StageRow& r) {
  return {static_cast<int32_t>(r.code), r.stage};
}
Entry ReadAction(const StageRow& r) {
  return {static_cast<int32_t>(r.code), r.action};
}
Entry ReadStep(const StepRow& r) { return {r.code, r.name}; }
Entry ReadRole(const RoleRow& r) {
  return {static_cast<int32_t>(r.code), r.name};
}
Entry ReadEvidence(const EvidenceRow& r) { return {r.code, r.text}; }
Entry ReadMilestone(const MilestoneRow& r) {
  return {static_cast<int32_t>(r.code), r.name};
}
Entry ReadNamed(const NamedCode& r) { return {r.code, r.name}; }
Entry ReadSaying(const SayingRow& r) { return {r.code, r.saying}; }
Entry ReadResponse(const SayingRow& r) { return {r.code, r.response}; }

// clang-format off
constexpr std::array<SetRow, kLabelSetCount> kSets = {{
    Make<kDimensions, ReadDimension>(LabelSet::kDimension, "dimension"),
    Make<kDimensions, ReadQuestion>(LabelSet::kDimensionQuestion, "dimension.question"),
    Make<kProblem, ReadLevel>(LabelSet::kLevelProblem, "level.problem"),
    Make<kPower, ReadLevel>(LabelSet::kLevelPower, "level.power"),
    Make<kVision, ReadLevel>(LabelSet::kLevelVision, "level.vision"),
    Make<kValue, ReadLevel>(LabelSet::kLevelValue, "level.value"),
    Make<kControl, ReadLevel>(LabelSet::kLevelControl, "level.control"),
    Make<kBuyingCycle, ReadStage>(LabelSet::kStage, "stage"),
    Make<kBuyingCycle, ReadAction>(LabelSet::kAction, "action"),
    Make<kSevenSteps, ReadStep>(LabelSet::kStep, "step"),
    Make<kRoles, ReadRole>(LabelSet::kRole, "role"),
    Make<kEvidenceItems, ReadEvidence>(LabelSet::kEvidence, "evidence"),
    Make<kShownByCodes, ReadNamed>(LabelSet::kShownBy, "shown_by"),
    Make<kProofCodes, ReadNamed>(LabelSet::kProof, "proof"),
    Make<kLadder, ReadMilestone>(LabelSet::kMilestone, "milestone"),
    Make<kOutcomes, ReadNamed>(LabelSet::kOutcome, "outcome"),
    Make<kEvents, ReadNamed>(LabelSet::kEvent, "event"),
    Make<kSignals, ReadNamed>(LabelSet::kSignal, "signal"),
    Make<kSignalGroups, ReadNamed>(LabelSet::kSignalGroup, "signal.group"),
    Make<kObjections, ReadNamed>(LabelSet::kObjection, "objection"),
    Make<kSayings, ReadSaying>(LabelSet::kSaying, "saying"),
    Make<kSayings, ReadResponse>(LabelSet::kSayingResponse, "saying.response"),
    Make<kPainQuestions, ReadNamed>(LabelSet::kPainQuestion, "pain.question"),
    Make<kPainAreas, ReadNamed>(LabelSet::kPainArea, "pain.area"),
    Make<kQualificationQuestions, ReadNamed>(LabelSet::kQualificationQuestion, "qualification.question"),
    Make<kPortfolioCells, ReadNamed>(LabelSet::kPortfolioCell, "portfolio.cell"),
    Make<kPortfolioStrategies, ReadNamed>(LabelSet::kPortfolioStrategy, "portfolio.strategy"),
    Make<kTriangleCorners, ReadNamed>(LabelSet::kTriangleCorner, "triangle.corner"),
    Make<kConcerns, ReadNamed>(LabelSet::kConcern, "concern"),
    Make<kSalesModes, ReadNamed>(LabelSet::kSalesMode, "sales.mode"),
    Make<kSalesModePractices, ReadNamed>(LabelSet::kSalesModePractice, "sales.mode.practice"),
    Make<kTeamFunctions, ReadNamed>(LabelSet::kTeamFunction, "team.function"),
    Make<kTeamPhases, ReadNamed>(LabelSet::kTeamPhase, "team.phase"),
    Make<kTeamTraits, ReadNamed>(LabelSet::kTeamTrait, "team.trait"),
    Make<kTeamGroupings, ReadNamed>(LabelSet::kTeamGrouping, "team.grouping"),
    Make<kSegmentParts, ReadNamed>(LabelSet::kSegmentPart, "segment.part"),
    Make<kSegmentFactors, ReadNamed>(LabelSet::kSegmentFactor, "segment.factor"),
    Make<kRfmSegmentNames, ReadNamed>(LabelSet::kRfmSegment, "rfm_segment"),
    Make<kOrderDueNames, ReadNamed>(LabelSet::kOrderDue, "order_due"),
    Make<kFollowUpNames, ReadNamed>(LabelSet::kFollowUp, "follow_up"),
    Make<kVisitGroupNames, ReadNamed>(LabelSet::kVisitGroup, "visit_group"),
    Make<kHoursVerdictNames, ReadNamed>(LabelSet::kHoursVerdict, "hours_verdict"),
}};
// clang-format on

constexpr bool IsSound(const std::array<SetRow, kLabelSetCount>& sets) {
  for (size_t i = 0; i < sets.size(); ++i) {
    if (static_cast<size_t>(sets[i].set) != i) return false;
  }
  return true;
}
static_assert(IsSound(kSets), "in the order of the codes");

const SetRow* Find(LabelSet set) {
  const auto index = static_cast<size_t>(set);
  return index < kSets.size() ? &kSets[index] : nullptr;
}

}  // namespace

const char* NameOf(LabelSet set) {
  const SetRow* const row = Find(set);
  return row == nullptr ? nullptr : row->name;
}

absl::optional<LabelSet> LabelSetFromName(absl::string_view name) {
  for (const SetRow& row : kSets) {
    if (name == row.name) return row.set;
  }
  return absl::nullopt;
}

const char* Label(LabelSet set, int32_t code, Language language) {
  const SetRow* const row = Find(set);
  if (row == nullptr || code < 0) return nullptr;
  // In most sets the code is the index.
  const auto direct = static_cast<size_t>(code);
  if (direct < row->size) {
    const Entry entry = row->at(direct);
    if (entry.code == code) return entry.text.in(language);
  }
  for (size_t i = 0; i < row->size; ++i) {
    const Entry entry = row->at(i);
    if (entry.code == code) return entry.text.in(language);
  }
  return nullptr;
}

int32_t CodeAt(LabelSet set, int32_t index) {
  const SetRow* const row = Find(set);
  if (row == nullptr || index < 0 || static_cast<size_t>(index) >= row->size) {
    return -1;
  }
  return row->at(static_cast<size_t>(index)).code;
}

}  // namespace fivek
