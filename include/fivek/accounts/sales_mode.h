// The sales mode 销售模式 that fits what a customer cares about, and who on the
// team does what in which phase.
//
//   SalesModeChoice c = *ChooseSalesMode({20, 10, 60, 10});
//   c.mode;        // 1: solution, by 60 against 30 and 10
//   TeamPersonOf(1, 1)->phases;  // bits 1 and 2: proposes and maintains
//
// Price and efficiency make a sale transactional (shorten the cycle), making
// the product work a solution sale, a lasting relationship a key account's
// (company to company, function to function). Labels: the sets concern,
// sales.mode, sales.mode.practice, team.function, team.phase, team.trait,
// team.grouping.
//
// Errors: kInvalidArgument. Cost: O(1). Thread-safety: constants and pure
// functions. Source: domain.md §8.
#ifndef FIVEK_ACCOUNTS_SALES_MODE_H_
#define FIVEK_ACCOUNTS_SALES_MODE_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace fivek {

// ---- The mode ---------------------------------------------------------------

// Codes are part of the ABI: append, never renumber.
enum class SalesMode : uint8_t {
  kTransactional = 0,  // 交易型
  kSolution = 1,       // 解决方案型
  kKeyAccount = 2,     // 要客型
};
inline constexpr int kSalesModeCount = 3;

// What a customer cares about.
enum class Concern : uint8_t {
  kPrice = 0,
  kEfficiency = 1,
  kProductWorks = 2,
  kRelationship = 3,
};
inline constexpr int kConcernCount = 4;

struct ConcernRow {
  Concern concern;
  SalesMode mode;
};
// clang-format off
inline constexpr std::array<ConcernRow, kConcernCount> kConcernModes = {{
    {Concern::kPrice,        SalesMode::kTransactional},
    {Concern::kEfficiency,   SalesMode::kTransactional},
    {Concern::kProductWorks, SalesMode::kSolution},
    {Concern::kRelationship, SalesMode::kKeyAccount},
}};
// clang-format on
constexpr bool IsSound(const std::array<ConcernRow, kConcernCount>& rows) {
  uint32_t modes = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (static_cast<size_t>(rows[i].concern) != i) return false;
    modes |= uint32_t{1} << static_cast<int>(rows[i].mode);
  }
  return modes == (uint32_t{1} << kSalesModeCount) - 1;
}
static_assert(IsSound(kConcernModes), "in order; each mode has a concern");

inline constexpr int32_t kMostConcernWeight = 100;
inline constexpr int32_t kConcernUnknown = -1;
inline constexpr int32_t kModeUndecided = 255;

struct SalesModeChoice {
  int32_t mode = kModeUndecided;  // SalesMode; undecided by a tie or by what is
                                  // not known.
  uint32_t possible = 0;          // Bit = mode that none is surely ahead of.
  uint32_t unknown = 0;           // Bit = concern whose weight is not known.
  // The sum of its concerns' weights, where unknown ones are 0 and where they
  // are kMostConcernWeight.
  std::array<int32_t, kSalesModeCount> low = {};
  std::array<int32_t, kSalesModeCount> high = {};
  // Of a decided mode: by how much it leads the next at least.
  int32_t lead = 0;
};

// `weight` of each concern: 0 (does not matter) to 100, or kConcernUnknown. The
// mode is the one whose sum is above all others, whatever unknown weights are.
// Equal sums decide nothing: `possible` names them. 100 points shared out over
// the four concerns, or one concern at 100, are both fine. kInvalidArgument,
// naming the column, for other weights and another number of them than four.
absl::StatusOr<SalesModeChoice> ChooseSalesMode(
    absl::Span<const int32_t> weight);

// ---- The team ---------------------------------------------------------------

// Bits of a mask of functions that take part. Part of the ABI.
enum class TeamFunction : uint8_t {
  kField = 0,
  kTelephone = 1,
  kTechnical = 2,
  kExecutiveSponsor = 3,
  kFinance = 4,
  kEngineering = 5,
};
inline constexpr int kTeamFunctionCount = 6;
inline constexpr uint32_t kAllTeamFunctions = (1U << kTeamFunctionCount) - 1;

enum class TeamPhase : uint8_t {
  kDevelopment = 0,  // 客户开发
  kProposal = 1,     // 方案和谈判
  kMaintenance = 2,  // 客户维护
};
inline constexpr int kTeamPhaseCount = 3;

enum class TeamTrait : uint8_t {
  kConfidence = 0,
  kComprehension = 1,
  kInfluence = 2,
  kAgreeableness = 3,
  kConstancy = 4,
};
inline constexpr int kTeamTraitCount = 5;

constexpr uint32_t Bit(TeamTrait trait) {
  return uint32_t{1} << static_cast<int>(trait);
}

// The traits that a phase asks for.
struct PhaseRow {
  TeamPhase phase;
  uint32_t traits;
};
// clang-format off
inline constexpr std::array<PhaseRow, kTeamPhaseCount> kPhaseTraits = {{
    {TeamPhase::kDevelopment, Bit(TeamTrait::kConfidence) | Bit(TeamTrait::kComprehension) | Bit(TeamTrait::kInfluence)},
    {TeamPhase::kProposal,    Bit(TeamTrait::kComprehension) | Bit(TeamTrait::kInfluence)},
    {TeamPhase::kMaintenance, Bit(TeamTrait::kAgreeableness) | Bit(TeamTrait::kConstancy)},
}};
// clang-format on
constexpr bool IsSound(const std::array<PhaseRow, kTeamPhaseCount>& rows) {
  uint32_t traits = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (static_cast<size_t>(rows[i].phase) != i || rows[i].traits == 0) {
      return false;
    }
    traits |= rows[i].traits;
  }
  return traits == (uint32_t{1} << kTeamTraitCount) - 1;
}
static_assert(IsSound(kPhaseTraits), "in order; every trait is asked for");

// Who does which phase. Part of the ABI.
enum class TeamGrouping : uint8_t {
  kOneSeller = 0,                       // One does all.
  kDeveloperAndRest = 1,                // A developer, and one for the rest.
  kDeveloperProposerAndMaintainer = 2,  // One develops and proposes, one keeps.
  kOneEach = 3,                         // One for each phase.
};
inline constexpr int kTeamGroupingCount = 4;

// The person, from 0 on, for each phase.
struct GroupingRow {
  TeamGrouping grouping;
  std::array<uint8_t, kTeamPhaseCount> person;
};
// clang-format off
inline constexpr std::array<GroupingRow, kTeamGroupingCount> kGroupings = {{
    // grouping                                      develop propose maintain
    {TeamGrouping::kOneSeller,                       {{0,      0,      0}}},
    {TeamGrouping::kDeveloperAndRest,                {{0,      1,      1}}},
    {TeamGrouping::kDeveloperProposerAndMaintainer,  {{0,      0,      1}}},
    {TeamGrouping::kOneEach,                         {{0,      1,      2}}},
}};
// clang-format on
constexpr bool IsSound(
    const std::array<GroupingRow, kTeamGroupingCount>& rows) {
  for (size_t i = 0; i < rows.size(); ++i) {
    if (static_cast<size_t>(rows[i].grouping) != i) return false;
    if (rows[i].person[0] != 0) return false;
    for (size_t p = 1; p < rows[i].person.size(); ++p) {
      const int step = rows[i].person[p] - rows[i].person[p - 1];
      if (step != 0 && step != 1) return false;
    }
    for (size_t other = 0; other < i; ++other) {
      if (rows[other].person[1] == rows[i].person[1] &&
          rows[other].person[2] == rows[i].person[2]) {
        return false;
      }
    }
  }
  return true;
}
static_assert(IsSound(kGroupings),
              "in order; persons follow the phases; no grouping twice");

// What one person of a grouping has to do and to be.
struct TeamPerson {
  int32_t people = 0;   // In the grouping.
  uint32_t phases = 0;  // Bit = phase of this person.
  uint32_t traits = 0;  // Bit = trait that these ask for.
};

// kInvalidArgument (kUnknownCode) for an unknown grouping, and a person who is
// not in it (0 to people - 1).
absl::StatusOr<TeamPerson> TeamPersonOf(int32_t grouping, int32_t person);

}  // namespace fivek

#endif  // FIVEK_ACCOUNTS_SALES_MODE_H_
