#include "fivek/history/metrics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fivek/base/real.h"
#include "fivek/base/reason.h"
#include "fivek/history/isotonic.h"
#include "src/history/gate.h"

namespace fivek {
namespace {

// ---- Input ------------------------------------------------------------------

absl::Status CheckLengths(size_t forecasts, size_t outcomes) {
  if (forecasts != outcomes) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat(forecasts, " forecasts and ", outcomes,
                               " outcomes; allowed: as many"));
  }
  if (forecasts == 0) {
    return Refuse(Reason::kValueRange, "no rows; allowed: 1 or more");
  }
  if (forecasts > kMostValues) {
    return Refuse(
        Reason::kOverflow,
        absl::StrCat(forecasts, " rows; allowed: ", kMostValues, " or fewer"));
  }
  return absl::OkStatus();
}

bool IsForecast(double p) { return p >= 0.0 && p <= 1.0; }

absl::Status RefuseForecast(double p, size_t row, int32_t column,
                            const char* whose = "") {
  // The six digits of a message would call the next double after 1 a 1.
  const bool nearly = p > 1.0 && p < 1.0001;
  return Refuse(Reason::kValueRange,
                absl::StrCat(whose, "forecast ", nearly ? "1 + " : "",
                             nearly ? p - 1.0 : p, "; allowed: 0 to 1"),
                {static_cast<int64_t>(row), column});
}

absl::Status RefuseOutcome(uint8_t won, size_t row, int32_t column) {
  return Refuse(Reason::kValueRange,
                absl::StrCat("outcome ", won, "; allowed: 0 and 1"),
                {static_cast<int64_t>(row), column});
}

// ---- Rows in their own order ------------------------------------------------

// All rows with one forecast.
struct ForecastGroup {
  double p;
  uint32_t rows, won;

  double lost() const { return static_cast<double>(rows - won); }
};

// Groups by rising forecast. A forecast of [0, 1] as bits is ordered as the
// number is, and its sign, which only -0 has, makes room for the outcome.
absl::StatusOr<std::vector<ForecastGroup>> ForecastGroupsOf(
    absl::Span<const double> forecast, absl::Span<const uint8_t> won) {
  absl::Status fits = CheckLengths(forecast.size(), won.size());
  if (!fits.ok()) return fits;
  for (size_t i = 0; i < forecast.size(); ++i) {
    if (!IsForecast(forecast[i])) return RefuseForecast(forecast[i], i, 0);
    if (won[i] > 1) return RefuseOutcome(won[i], i, 1);
  }
  std::vector<uint64_t> keys(forecast.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    uint64_t bits;
    std::memcpy(&bits, &forecast[i], sizeof bits);
    keys[i] = bits << 1 | won[i];
  }
  std::sort(keys.begin(), keys.end());
  std::vector<ForecastGroup> groups;
  for (const uint64_t key : keys) {
    const uint64_t bits = key >> 1;
    double p;
    std::memcpy(&p, &bits, sizeof p);
    if (groups.empty() || groups.back().p != p) groups.push_back({p, 0, 0});
    ++groups.back().rows;
    groups.back().won += static_cast<uint32_t>(key & 1);
  }
  return groups;
}

// ---- Losses -----------------------------------------------------------------

constexpr double kMostLikelihood = 1.0 - kLeastLikelihood;

double LossIfWon(double p) {
  if (p < kLeastLikelihood) return -Log(kLeastLikelihood);
  return p > kMostLikelihood ? -Log1p(-kLeastLikelihood) : -Log(p);
}

double LossIfLost(double p) {
  if (1.0 - p < kLeastLikelihood) return -Log(kLeastLikelihood);
  return p < kLeastLikelihood ? -Log1p(-kLeastLikelihood) : -Log1p(-p);
}

// ---- Bins -------------------------------------------------------------------

struct Bin {
  RunningSum forecasts;
  int64_t rows = 0;
  int64_t won = 0;
  double lowest = 0.0;
  double highest = 0.0;

  double mean() const { return forecasts.Total() / static_cast<double>(rows); }
  double rate() const {
    return static_cast<double>(won) / static_cast<double>(rows);
  }
  double gap() const { return std::abs(mean() - rate()); }
};

using Bins = std::array<Bin, kForecastBins>;

// The bin of each group, from the lowest on.
class Binner {
 public:
  Binner(ForecastBinning binning, int64_t rows)
      : binning_(binning), rows_(rows) {}

  size_t Next(const ForecastGroup& group) {
    if (binning_ == ForecastBinning::kEqualWidth) {
      while (bin_ + 1 < kForecastBins &&
             group.p >= static_cast<double>(bin_ + 1) / kForecastBins) {
        ++bin_;
      }
    } else {
      const int64_t from = before_;
      before_ += group.rows;
      bin_ =
          static_cast<size_t>(kForecastBins * (from + before_) / (2 * rows_));
    }
    return bin_;
  }

 private:
  ForecastBinning binning_;
  int64_t rows_;
  int64_t before_ = 0;
  size_t bin_ = 0;
};

Bins FillBins(const std::vector<ForecastGroup>& groups, ForecastBinning binning,
              int64_t rows) {
  Bins bins;
  Binner binner(binning, rows);
  for (const ForecastGroup& group : groups) {
    Bin& bin = bins[binner.Next(group)];
    if (bin.rows == 0) bin.lowest = group.p;
    bin.highest = group.p;
    bin.forecasts.Add(group.p * group.rows);
    bin.rows += group.rows;
    bin.won += group.won;
  }
  return bins;
}

double CalibrationError(const Bins& bins, double n) {
  RunningSum sum;
  for (const Bin& bin : bins) {
    if (bin.rows > 0) sum.Add(static_cast<double>(bin.rows) * bin.gap());
  }
  return sum.Total() / n;
}

// ---- Decompositions ---------------------------------------------------------

double Square(double x) { return x * x; }

MurphyTerms MurphyOf(const std::vector<ForecastGroup>& groups, const Bins& bins,
                     const ForecastQuality& q) {
  RunningSum reliability;
  RunningSum resolution;
  for (const Bin& bin : bins) {
    if (bin.rows == 0) continue;
    const auto rows = static_cast<double>(bin.rows);
    reliability.Add(rows * Square(bin.mean() - bin.rate()));
    resolution.Add(rows * Square(bin.rate() - q.base_rate));
  }
  RunningSum variance;
  RunningSum covariance;
  Binner binner(ForecastBinning::kEqualWidth, q.rows);
  std::array<double, kForecastBins> means = {};
  std::array<double, kForecastBins> rates = {};
  for (size_t i = 0; i < bins.size(); ++i) {
    if (bins[i].rows == 0) continue;
    means[i] = bins[i].mean();
    rates[i] = bins[i].rate();
  }
  for (const ForecastGroup& group : groups) {
    const size_t i = binner.Next(group);
    const double off = group.p - means[i];
    variance.Add(group.rows * Square(off));
    covariance.Add(off * (group.won - group.rows * rates[i]));
  }
  const auto n = static_cast<double>(q.rows);
  MurphyTerms terms;
  terms.reliability = reliability.Total() / n;
  terms.resolution = resolution.Total() / n;
  terms.within_bin_variance = variance.Total() / n;
  terms.within_bin_covariance = 2.0 * covariance.Total() / n;
  return terms;
}

CorpTerms CorpOf(const std::vector<ForecastGroup>& groups,
                 const ForecastQuality& q) {
  std::vector<PooledBlock> blocks;
  blocks.reserve(groups.size());
  for (size_t i = 0; i < groups.size(); ++i) {
    const double won = groups[i].won;
    const double rows = groups[i].rows;
    blocks.push_back({won / rows, won, rows, i});
  }
  PoolAdjacentViolators(&blocks);
  RunningSum recalibrated;
  RunningSum discrimination;
  for (const PooledBlock& block : blocks) {
    recalibrated.Add(block.total * (block.weight - block.total) / block.weight);
    discrimination.Add(block.weight * Square(block.mean - q.base_rate));
  }
  const auto n = static_cast<double>(q.rows);
  CorpTerms terms;
  terms.recalibrated_brier = recalibrated.Total() / n;
  terms.discrimination = discrimination.Total() / n;
  // Nothing rising is nearer than that; what is below 0 is rounded.
  terms.miscalibration = std::max(q.brier - terms.recalibrated_brier, 0.0);
  return terms;
}

// Of 2 x the pairs that are in order, ties once.
absl::optional<double> AucOf(const std::vector<ForecastGroup>& groups,
                             uint64_t won, uint64_t lost) {
  if (won == 0 || lost == 0) return absl::nullopt;
  uint64_t twice = 0;
  uint64_t lost_below = 0;
  for (const ForecastGroup& group : groups) {
    const uint64_t lost_here = group.rows - group.won;
    twice += group.won * (2 * lost_below + lost_here);
    lost_below += lost_here;
  }
  return static_cast<double>(twice) / (2.0 * static_cast<double>(won * lost));
}

}  // namespace

absl::StatusOr<ForecastQuality> EvaluateForecasts(
    absl::Span<const double> forecast, absl::Span<const uint8_t> won) {
  const absl::StatusOr<std::vector<ForecastGroup>> ordered =
      ForecastGroupsOf(forecast, won);
  if (!ordered.ok()) return ordered.status();
  const std::vector<ForecastGroup>& groups = *ordered;
  ForecastQuality q;
  q.rows = static_cast<int64_t>(forecast.size());
  const auto n = static_cast<double>(q.rows);
  RunningSum forecasts;
  RunningSum squares;
  RunningSum losses;
  RunningSum surprise;
  RunningSum variance;
  for (const ForecastGroup& group : groups) {
    const double p = group.p;
    const double lost = group.lost();
    q.won += group.won;
    forecasts.Add(p * group.rows);
    if (group.won > 0) {
      squares.Add(group.won * Square(1.0 - p));
      losses.Add(group.won * LossIfWon(p));
    }
    if (lost > 0) {
      squares.Add(lost * Square(p));
      losses.Add(lost * LossIfLost(p));
    }
    const double lean = 1.0 - 2.0 * p;
    surprise.Add((group.won * (1.0 - p) - lost * p) * lean);
    variance.Add(group.rows * Square(lean) * p * (1.0 - p));
  }
  const auto wins = static_cast<double>(q.won);
  q.base_rate = wins / n;
  q.mean_forecast = forecasts.Total() / n;
  q.brier = squares.Total() / n;
  q.log_loss = losses.Total() / n;
  const double uncertainty = q.base_rate * ((n - wins) / n);
  if (uncertainty > 0.0) q.brier_skill = 1.0 - q.brier / uncertainty;
  q.auc = AucOf(groups, static_cast<uint64_t>(q.won),
                static_cast<uint64_t>(q.rows - q.won));
  if (variance.Total() > 0.0) {
    q.spiegelhalter_z = surprise.Total() / std::sqrt(variance.Total());
  }
  const Bins by_width = FillBins(groups, ForecastBinning::kEqualWidth, q.rows);
  q.ece_width = CalibrationError(by_width, n);
  for (const Bin& bin : by_width) {
    if (bin.rows > 0) q.mce_width = std::max(q.mce_width, bin.gap());
  }
  q.ece_mass = CalibrationError(
      FillBins(groups, ForecastBinning::kEqualMass, q.rows), n);
  q.murphy = MurphyOf(groups, by_width, q);
  q.murphy.uncertainty = uncertainty;
  q.corp = CorpOf(groups, q);
  q.corp.uncertainty = uncertainty;
  return q;
}

absl::StatusOr<ReliabilityTable> MeasureReliability(
    absl::Span<const double> forecast, absl::Span<const uint8_t> won,
    ForecastBinning binning, double z) {
  if (binning != ForecastBinning::kEqualWidth &&
      binning != ForecastBinning::kEqualMass) {
    return Refuse(Reason::kUnknownCode,
                  absl::StrCat("binning ", static_cast<int>(binning),
                               "; allowed: 0 and 1"));
  }
  const absl::StatusOr<std::vector<ForecastGroup>> groups =
      ForecastGroupsOf(forecast, won);
  if (!groups.ok()) return groups.status();
  const Bins bins =
      FillBins(*groups, binning, static_cast<int64_t>(forecast.size()));
  ReliabilityTable table;
  for (size_t i = 0; i < bins.size(); ++i) {
    const absl::StatusOr<Proportion> observed =
        Wilson(bins[i].won, bins[i].rows, z);
    if (!observed.ok()) return observed.status();
    table[i].observed = *observed;
    if (bins[i].rows == 0) continue;
    table[i].rows = bins[i].rows;
    table[i].won = bins[i].won;
    table[i].mean_forecast = bins[i].mean();
    table[i].lowest_forecast = bins[i].lowest;
    table[i].highest_forecast = bins[i].highest;
  }
  return table;
}

absl::StatusOr<GateResult> CompareForecasts(absl::Span<const double> base,
                                            absl::Span<const double> model,
                                            absl::Span<const uint8_t> won) {
  for (const auto& forecasts : {base, model}) {
    absl::Status fits = CheckLengths(forecasts.size(), won.size());
    if (!fits.ok()) return fits;
  }
  for (size_t i = 0; i < won.size(); ++i) {
    if (!IsForecast(base[i])) return RefuseForecast(base[i], i, 0, "base ");
    if (!IsForecast(model[i])) return RefuseForecast(model[i], i, 1, "model ");
    if (won[i] > 1) return RefuseOutcome(won[i], i, 2);
  }
  std::vector<double> base_losses(won.size());
  std::vector<double> model_losses(won.size());
  std::vector<double> gains(won.size());
  for (size_t i = 0; i < won.size(); ++i) {
    const auto loss = won[i] == 1 ? LossIfWon : LossIfLost;
    base_losses[i] = loss(base[i]);
    model_losses[i] = loss(model[i]);
    gains[i] = base_losses[i] - model_losses[i];
  }
  for (auto* const column : {&base_losses, &model_losses, &gains}) {
    std::sort(column->begin(), column->end());
  }
  const auto n = static_cast<double>(won.size());
  GateResult result;
  result.rows = static_cast<int64_t>(won.size());
  result.base_log_loss = SumInOrder(base_losses) / n;
  result.model_log_loss = SumInOrder(model_losses) / n;
  if (gains.front() == gains.back()) {  // Their mean is not to be rounded.
    result.mean_gain = gains.front();
  } else {
    result.mean_gain = SumInOrder(gains) / n;
    RunningSum squares;
    for (const double gain : gains)
      squares.Add(Square(gain - result.mean_gain));
    result.sd_gain = std::sqrt(squares.Total() / (n - 1.0));
  }
  DecideGate(&result);
  return result;
}

}  // namespace fivek
