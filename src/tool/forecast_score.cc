#include "src/tool/forecast_score.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "fivek/base/real.h"
#include "fivek/history/metrics.h"
#include "fivek/history/wilson.h"
#include "src/history/fold.h"

namespace fivek::tool {
namespace {

constexpr size_t kParts = 20;
constexpr size_t kMeasures = 4;

// By kMeasures: AUC, Brier score, log loss, calibration error.
using Measures = std::array<absl::optional<double>, kMeasures>;

Measures MeasuresOf(const ForecastQuality& quality) {
  return {quality.auc, quality.brier, quality.log_loss, quality.ece_mass};
}

// Without each part in turn; empty if there are too few deals.
absl::StatusOr<std::vector<Measures>> LeaveOut(
    const std::vector<std::pair<double, uint8_t>>& rows) {
  std::vector<Measures> parts;
  if (rows.size() < kParts) return parts;
  for (size_t part = 0; part < kParts; ++part) {
    std::vector<double> forecast;
    std::vector<uint8_t> won;
    for (size_t i = 0; i < rows.size(); ++i) {
      if (MixBits(i) % kParts == part) continue;
      forecast.push_back(rows[i].first);
      won.push_back(rows[i].second);
    }
    if (forecast.empty()) return std::vector<Measures>();
    const auto quality = EvaluateForecasts(forecast, won);
    if (!quality.ok()) return quality.status();
    parts.push_back(MeasuresOf(*quality));
  }
  return parts;
}

Estimate EstimateOf(double value, const std::vector<Measures>& parts,
                    size_t measure, double most, int64_t rows) {
  Estimate estimate;
  estimate.value = value;
  estimate.low = 0.0;
  estimate.high = most;
  estimate.effective_n = static_cast<double>(rows);
  estimate.source = Source::kLearned;
  if (parts.empty()) return estimate;
  RunningSum sum;
  for (const Measures& part : parts) {
    if (!part[measure].has_value()) return estimate;
    sum.Add(*part[measure]);
  }
  const double mean = sum.Total() / kParts;
  RunningSum squares;
  for (const Measures& part : parts) {
    squares.Add((*part[measure] - mean) * (*part[measure] - mean));
  }
  const double error =
      std::sqrt(squares.Total() * (kParts - 1) / static_cast<double>(kParts));
  estimate.low = std::max(0.0, value - kZ90 * error);
  estimate.high = std::min(most, value + kZ90 * error);
  return estimate;
}

}  // namespace

absl::StatusOr<ForecastScore> ScoreForecasts(absl::Span<const double> forecast,
                                             absl::Span<const uint8_t> won) {
  const auto quality = EvaluateForecasts(forecast, won);
  if (!quality.ok()) return quality.status();
  // Equal rows are alike, so parts do not depend on the order given.
  std::vector<std::pair<double, uint8_t>> rows;
  rows.reserve(forecast.size());
  for (size_t i = 0; i < forecast.size(); ++i) {
    rows.emplace_back(forecast[i], won[i]);
  }
  std::sort(rows.begin(), rows.end());
  const auto parts = LeaveOut(rows);
  if (!parts.ok()) return parts.status();
  const auto estimate = [&](size_t measure, double most) {
    return EstimateOf(*MeasuresOf(*quality)[measure], *parts, measure, most,
                      quality->rows);
  };
  ForecastScore score;
  score.rows = quality->rows;
  score.won = quality->won;
  if (quality->auc.has_value()) score.auc = estimate(0, 1.0);
  score.brier = estimate(1, 1.0);
  score.log_loss = estimate(2, -Log(kLeastLikelihood));
  score.calibration_error = estimate(3, 1.0);
  return score;
}

}  // namespace fivek::tool
