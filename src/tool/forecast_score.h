// How good forecasts were, each measure with what it is worth: an interval, and
// the number of deals behind it.
//
// Intervals are those of a jackknife: the measure is taken again 20 times, each
// time without another twentieth of the deals, and low and high are 1.645
// standard errors away, within what the measure can be. With fewer than 20
// deals, or too few won or lost for that, they are all that it can be.
//
// The same deals in any order give the same bits. Cost: 21 evaluations
// (fivek/history/metrics.h). Source: Efron, Tibshirani 1993, ch. 11.
#ifndef FIVEK_TOOL_FORECAST_SCORE_H_
#define FIVEK_TOOL_FORECAST_SCORE_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "fivek/history/estimate.h"

namespace fivek::tool {

struct ForecastScore {
  int64_t rows = 0;
  int64_t won = 0;
  absl::optional<Estimate> auc;  // None if all deals have one outcome.
  Estimate brier;
  Estimate log_loss;
  Estimate calibration_error;  // ECE of ten bins with as many deals each.
};

// Errors as EvaluateForecasts.
absl::StatusOr<ForecastScore> ScoreForecasts(absl::Span<const double> forecast,
                                             absl::Span<const uint8_t> won);

}  // namespace fivek::tool

#endif  // FIVEK_TOOL_FORECAST_SCORE_H_
