// The rows that `fivek pipe` has read and not yet answered, as columns.

#ifndef FIVEK_SRC_TOOL_PIPE_ROWS_H_
#define FIVEK_SRC_TOOL_PIPE_ROWS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "fivek/method/opportunity.h"
#include "fivek/method/policy.h"
#include "fivek/method/rubric.h"

namespace fivek::tool {

// The levels stand in the order of Dimension.
enum class PipeColumn : uint8_t {
  kId,
  kProblem,
  kPower,
  kVision,
  kValue,
  kControl,
  kByDecisionMaker,
  kEvidence,
  kOutcome,
  kAmount,
};
inline constexpr std::array<absl::string_view, 10> kPipeColumns = {
    "id",      "problem",           "power",    "vision",  "value",
    "control", "by_decision_maker", "evidence", "outcome", "amount"};
// What is answered behind the id.
inline constexpr std::array<absl::string_view, 8> kPipeScores = {
    "strength",  "weakest",         "product_ppm",     "stage",
    "milestone", "probability_ppm", "expected_amount", "error"};

absl::optional<PipeColumn> PipeColumnFromName(absl::string_view name);

// "id, problem, ...": for messages.
std::string PipeColumnNames();

// `text` from the input, fit to be shown in a message: short, and nothing in it
// that ends a line, separates cells or is not UTF-8.
std::string ShownInPipe(absl::string_view text);

// The answer to one row.
struct PipeAnswer {
  absl::optional<absl::string_view> id;  // Empty: not given.
  // Those of kPipeScores in their order; empty: undefined. A bad row has none.
  std::array<absl::optional<int64_t>, kPipeScores.size() - 1> scores;
  const std::string* error;  // nullptr: the row is good.
};

// The numbers of a row, by column.
struct PipeValues {
  void Set(PipeColumn column, int64_t number) {
    value[static_cast<size_t>(column)] = number;
    given |= uint32_t{1} << static_cast<int>(column);
  }
  int64_t Of(PipeColumn column) const {
    return value[static_cast<size_t>(column)];
  }
  bool Has(PipeColumn column) const {
    return (given >> static_cast<int>(column) & 1) != 0;
  }

  // What is not given is this.
  std::array<int64_t, kPipeColumns.size()> value = {
      0, kUnknown, kUnknown, kUnknown, kUnknown, kUnknown, 0, 0, 0, 0};
  uint32_t given = 0;  // Bit c: column c.
};

// Filled row by row: Begin, perhaps SetId, then Put or Refuse. About 80 bytes a
// row; allocates for bad rows only.
class PipeRows {
 public:
  static constexpr size_t kCapacity = 1024;  // The columns fit a level 2 cache.

  // `lines` were taken from the input before the first row. `tables` must
  // outlive the rows.
  PipeRows(const MethodTables& tables, int64_t lines)
      : tables_(tables), lines_(lines) {}

  bool full() const { return size_ == kCapacity; }
  size_t size() const { return size_; }
  int64_t bad() const { return bad_; }      // So far, in all batches.
  int64_t lines() const { return lines_; }  // So far: the row's number.

  // Begins a row. Not if full.
  void Begin() {
    ids_[size_++] = absl::string_view();
    ++lines_;
  }

  // Whether a column, which is not the id, takes the number.
  bool IsAllowed(PipeColumn column, int64_t value) const {
    // A negative number is more than any number allowed.
    const auto code = static_cast<uint64_t>(value);
    switch (column) {
      case PipeColumn::kProblem:
      case PipeColumn::kPower:
      case PipeColumn::kVision:
      case PipeColumn::kValue:
      case PipeColumn::kControl:
        return (code < tables_.levels[Dimension(column)]) | (code == kUnknown);
      case PipeColumn::kByDecisionMaker:
        return (code & ~uint64_t{kTwoColumnDimensions}) == 0;
      case PipeColumn::kEvidence:
        return code <= ~EvidenceMask{0};
      case PipeColumn::kOutcome:
        return code < kOutcomeCount;
      case PipeColumn::kAmount:
        return true;
      case PipeColumn::kId:
        break;
    }
    return false;
  }

  // Fills the row just begun; false if one of the values is not allowed.
  bool Put(const PipeValues& values) {
    // Without branches: which column comes next is as good as random to a
    // processor that has just met numbers of random lengths.
    const size_t i = size_ - 1;
    bool allowed = true;
    for (size_t d = 0; d < kDimensionCount; ++d) {
      const auto column = static_cast<PipeColumn>(d + 1);
      allowed &= IsAllowed(column, values.Of(column));
      level_[d][i] = static_cast<uint8_t>(values.Of(column));
    }
    const auto put = [&](PipeColumn column, auto& to) {
      allowed &= IsAllowed(column, values.Of(column));
      to = static_cast<std::decay_t<decltype(to)>>(values.Of(column));
    };
    put(PipeColumn::kByDecisionMaker, by_decision_maker_[i]);
    put(PipeColumn::kEvidence, evidence_[i]);
    put(PipeColumn::kOutcome, outcome_[i]);
    put(PipeColumn::kAmount, amount_[i]);
    has_amount_[i] = values.Has(PipeColumn::kAmount);
    return allowed;
  }

  // `id`, not null, must live until the answers are written.
  void SetId(absl::string_view id) { ids_[size_ - 1] = id; }

  // The row just begun is bad, whatever was put; its id stays.
  void Refuse(std::string error);

  // Which numbers a column takes: "0 to 7; ...".
  std::string Allowed(PipeColumn column) const;

  // Scores all rows, whose answers are there then until Clear.
  absl::Status Score();
  template <typename Use>
  void ForEachAnswer(Use use) const {
    auto error = errors_.begin();
    for (size_t row = 0; row < size_; ++row) {
      const bool is_bad = error != errors_.end() && error->first == row;
      use(Answer(row, is_bad ? &(error++)->second : nullptr));
    }
  }
  void Clear() {
    size_ = 0;
    errors_.clear();
  }

 private:
  template <typename T>
  using Column = std::array<T, kCapacity>;

  static constexpr size_t Dimension(PipeColumn column) {
    return static_cast<size_t>(column) -
           static_cast<size_t>(PipeColumn::kProblem);
  }

  PipeAnswer Answer(size_t row, const std::string* error) const {
    PipeAnswer answer = {};
    if (ids_[row].data() != nullptr) answer.id = ids_[row];
    answer.error = error;
    if (error != nullptr) return answer;
    auto& [strength, weakest, product, stage, milestone, probability,
           expected] = answer.scores;
    strength = strength_[row];
    if (weakest_[row] != kUnknown) weakest = weakest_[row];
    if (product_ppm_[row] >= 0) product = product_ppm_[row];
    stage = stage_[row];
    milestone = milestone_[row];
    probability = probability_ppm_[row];
    if (has_amount_[row]) expected = expected_amount_[row];
    return answer;
  }

  const MethodTables& tables_;
  size_t size_ = 0;
  int64_t bad_ = 0;
  int64_t lines_;
  std::vector<std::pair<size_t, std::string>> errors_;  // By row, rising.

  Column<absl::string_view> ids_;  // Null: not given.
  std::array<Column<uint8_t>, kDimensionCount> level_;
  Column<uint8_t> by_decision_maker_, outcome_;
  Column<EvidenceMask> evidence_;
  Column<int64_t> amount_;
  Column<bool> has_amount_;

  Column<uint8_t> strength_, weakest_, stage_, milestone_;
  Column<int32_t> product_ppm_, probability_ppm_;
  Column<int64_t> expected_amount_;
};

}  // namespace fivek::tool

#endif  // FIVEK_SRC_TOOL_PIPE_ROWS_H_
