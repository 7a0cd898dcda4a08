// What closed deals teach: a scorecard, and how good it and others are on deals
// that they have not seen.
//
// Deals are put into folds, those of the table or else by what their rows say,
// so that equal rows are never on both sides. Each model is fitted to the other
// folds and asked about this one. The order of rows changes nothing but what a
// fold is, if the caller numbered rows.
#ifndef FIVEK_TOOL_LEARN_DEALS_H_
#define FIVEK_TOOL_LEARN_DEALS_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "fivek/history/estimate.h"
#include "fivek/history/scorecard.h"
#include "src/tool/deal_table.h"
#include "src/tool/forecast_score.h"

namespace fivek::tool {

struct DealAnswer {
  ScoreLineKind kind = ScoreLineKind::kLevel;
  std::string text;             // As the table has it, of kLevel only.
  double from = 0.0, to = 0.0;  // Of kRange only.
  int32_t points = 0;
  int64_t rows = 0, won = 0;
  Estimate rate;  // won / rows.
};

struct DealQuestion {
  std::string column;
  int32_t most_points = 0;          // The least is 0.
  std::vector<DealAnswer> answers;  // Those with the most points first.
};

// Deals whose score is in a range, and what a score in its middle stands for.
struct ScoreBand {
  int32_t first = 0, last = 0, middle = 0;
  int64_t deals = 0;
  Estimate probability;
};

struct DealReport {
  std::string outcome_column;
  int64_t rows_read = 0, open_deals = 0;
  int64_t rows = 0, won = 0;  // Of deals that have closed.
  Estimate base_rate;

  absl::optional<Scorecard> card;  // Always there.
  // Those with the widest spread of points first; none without signal.
  std::vector<DealQuestion> questions;
  std::vector<ScoreBand> bands;  // Rising; none without signal.

  bool folds_given = false;
  // On deals not seen; none if all rows are in one fold.
  absl::optional<ForecastScore> scorecard, constant, pls_compat;
  std::vector<SkippedColumn> skipped;

  bool adopted() const { return card->gate().verdict == GateVerdict::kAdopt; }
};

// kInvalidArgument if no column is left, or what Scorecard::Fit refuses.
absl::StatusOr<DealReport> LearnDeals(const DealTable& table);

}  // namespace fivek::tool

#endif  // FIVEK_TOOL_LEARN_DEALS_H_
