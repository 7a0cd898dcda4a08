// How good forecasts of winning are, now that the outcomes are known, and
// whether a model may replace a simpler source.
//
//   ForecastQuality q = *EvaluateForecasts(forecast, won);
//   q.log_loss;              // what counts where money is multiplied by it
//   q.corp.miscalibration;   // how much of the Brier score is a wrong scale
//   if (q.auc.has_value()) ...   // else nobody won, or nobody lost
//
// Forecasts are doubles in [0, 1], outcomes 0 (lost) or 1 (won), one a row; a
// row given k times has weight k. Rows are put into an order of their own
// first: the same rows in any order give the same bits, on every machine.
//
// Errors: kInvalidArgument, naming the row and the column (0 forecast, 1
// outcome), for NaN, for what is out of range, for lengths that differ and for
// no rows; kOutOfRange above 2^31 rows. Accuracy: sums are compensated, so a
// score is within some 1e-15 of the exact one. Cost: O(n log n), 8 bytes a row
// and 16 for each distinct forecast. Thread-safety: pure functions. Source:
// Murphy 1973; Stephenson, Coelho, Jolliffe 2008; Dimitriadis, Gneiting, Jordan
// 2021; Spiegelhalter 1986.
#ifndef FIVEK_HISTORY_METRICS_H_
#define FIVEK_HISTORY_METRICS_H_

#include <array>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "fivek/history/wilson.h"

namespace fivek {

inline constexpr int kForecastBins = 10;

// What the log loss takes for a probability of 0, and 1 minus it for one of 1.
inline constexpr double kLeastLikelihood = 1e-15;

// Brier = reliability - resolution + uncertainty + within_bin_variance
//         - within_bin_covariance.
// The last two are 0 where all forecasts in a bin are the same; without them
// the identity does not hold. Bins of equal width.
struct MurphyTerms {
  double reliability =
      0.0;                  // Of bins: (mean forecast - rate)^2; small is good.
  double resolution = 0.0;  // (rate - rate of all)^2; large is good.
  double uncertainty = 0.0;  // Of the outcomes: rate x (1 - rate).
  double within_bin_variance = 0.0;
  double within_bin_covariance = 0.0;
};

// Brier = miscalibration - discrimination + uncertainty, without bins: beside
// the forecasts recalibrated by isotonic regression, equal ones together.
struct CorpTerms {
  double miscalibration = 0.0;  // Brier - recalibrated_brier; >= 0.
  double discrimination = 0.0;  // uncertainty - recalibrated_brier; >= 0.
  double uncertainty = 0.0;
  double recalibrated_brier = 0.0;
};

struct ForecastQuality {
  int64_t rows = 0;
  int64_t won = 0;
  double base_rate = 0.0;      // won / rows.
  double mean_forecast = 0.0;  // Equal to it, if right on the whole.
  double brier = 0.0;          // Mean (forecast - outcome)^2.
  // Mean -ln of the probability that was given to what happened, in
  // [kLeastLikelihood, 1 - kLeastLikelihood].
  double log_loss = 0.0;
  // 1 - brier / uncertainty: above 0 is better than the base rate. None if all
  // rows have one outcome.
  absl::optional<double> brier_skill;
  // The share of pairs of a won and a lost row in which the won one has the
  // higher forecast; ties are half. None if all rows have one outcome.
  absl::optional<double> auc;
  // Sum (y - p)(1 - 2p) / sqrt(sum (1 - 2p)^2 p (1 - p)): standard normal for
  // calibrated forecasts. None if all forecasts are 0, 1/2 or 1.
  absl::optional<double> spiegelhalter_z;
  // The mean and largest |mean forecast - rate| of bins. They are above 0 for
  // perfect forecasts too, the more so the fewer rows there are.
  double ece_width = 0.0;
  double mce_width = 0.0;
  double ece_mass = 0.0;
  MurphyTerms murphy;
  CorpTerms corp;
};

absl::StatusOr<ForecastQuality> EvaluateForecasts(
    absl::Span<const double> forecast, absl::Span<const uint8_t> won);

// Part of the ABI: append, never renumber.
enum class ForecastBinning : uint8_t {
  // [k/10, (k + 1)/10) with the doubles nearest to the tenths, the last one
  // with 1.
  kEqualWidth = 0,
  // By rank: rows a..b - 1 in order of forecasts, that have the same one, all
  // go to bin floor(10 (a + b) / 2n). Bins may be empty.
  kEqualMass = 1,
};

struct ReliabilityBin {
  int64_t rows = 0;
  int64_t won = 0;
  double mean_forecast = 0.0;  // 0 of no rows, as the next two.
  double lowest_forecast = 0.0;
  double highest_forecast = 0.0;
  Proportion observed;  // won / rows and Wilson's interval.
};

using ReliabilityTable = std::array<ReliabilityBin, kForecastBins>;

// What was forecast beside what happened; `z` is that of Wilson. Errors as
// above, and kInvalidArgument as Wilson for z.
absl::StatusOr<ReliabilityTable> MeasureReliability(
    absl::Span<const double> forecast, absl::Span<const uint8_t> won,
    ForecastBinning binning, double z);

// Why a model is adopted or not. Part of the ABI: append, never renumber.
enum class GateVerdict : uint8_t {
  kAdopt = 0,
  kTooFewRows = 1,  // One row has no spread.
  kNotBetter = 2,   // Its loss is not below that of the base.
  kNotSure = 3,     // It is, but by less than chance may give: z < kGateZ.
};

inline constexpr double kGateZ = 1.645;  // One in twenty by chance alone.

struct GateResult {
  GateVerdict verdict = GateVerdict::kTooFewRows;
  int64_t rows = 0;
  double base_log_loss = 0.0;
  double model_log_loss = 0.0;
  double mean_gain = 0.0;  // Of d = loss of the base - loss of the model.
  double sd_gain = 0.0;    // Of d, by n - 1; 0 of one row.
  // mean_gain / (sd_gain / sqrt(n)). None if sd_gain is 0; then every row has
  // the same gain, and its sign decides.
  absl::optional<double> z;
};

// Whether `model` may replace `base`: forecasts of the same rows, none of which
// either was fitted to. kAdopt if mean_gain > 0 and z >= kGateZ; else there is
// no signal, and the simpler source stays. Errors as above, with column 0 base,
// 1 model, 2 outcome.
absl::StatusOr<GateResult> CompareForecasts(absl::Span<const double> base,
                                            absl::Span<const double> model,
                                            absl::Span<const uint8_t> won);

}  // namespace fivek

#endif  // FIVEK_HISTORY_METRICS_H_
