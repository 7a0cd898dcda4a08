#include "src/tool/pipe_rows.h"

#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "fivek/pipeline/scoring.h"
#include "src/tool/display_width.h"

namespace fivek::tool {

absl::optional<PipeColumn> PipeColumnFromName(absl::string_view name) {
  for (size_t i = 0; i < kPipeColumns.size(); ++i) {
    if (kPipeColumns[i] == name) return static_cast<PipeColumn>(i);
  }
  return absl::nullopt;
}

std::string PipeColumnNames() { return absl::StrJoin(kPipeColumns, ", "); }

std::string ShownInPipe(absl::string_view text) {
  // A cell may have a thousand times what is shown of it.
  return Truncated(EscapeControls(text.substr(0, 400)), 60);
}

void PipeRows::Refuse(std::string error) {
  Put(PipeValues());
  ++bad_;
  errors_.emplace_back(size_ - 1, std::move(error));
}

std::string PipeRows::Allowed(PipeColumn column) const {
  switch (column) {
    case PipeColumn::kId:
      return "UTF-8 without control characters";
    case PipeColumn::kByDecisionMaker:
      return "a sum of 1 (problem), 4 (vision) and 8 (value)";
    case PipeColumn::kEvidence:
      return absl::StrCat("0 to ", ~EvidenceMask{0});
    case PipeColumn::kOutcome:
      return absl::StrCat("0 to ", kOutcomeCount - 1);
    case PipeColumn::kAmount:
      return absl::StrCat("whole minor units, ",
                          std::numeric_limits<int64_t>::min(), " to ",
                          std::numeric_limits<int64_t>::max());
    default:
      return absl::StrCat("0 to ", tables_.levels[Dimension(column)] - 1,
                          ", or ", kUnknown, " or nothing if unknown");
  }
}

absl::Status PipeRows::Score() {
  const ScoreInput in = {
      level_[0].data(), level_[1].data(), level_[2].data(),
      level_[3].data(), level_[4].data(), by_decision_maker_.data(),
      evidence_.data(), outcome_.data(),  amount_.data()};
  const ScoreOutput out = {strength_.data(),        weakest_.data(),
                           product_ppm_.data(),     stage_.data(),
                           milestone_.data(),       probability_ppm_.data(),
                           expected_amount_.data(), nullptr};
  return ScoreColumns(tables_, in, out, size_);
}

}  // namespace fivek::tool
