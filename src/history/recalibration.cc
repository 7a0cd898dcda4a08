#include "fivek/history/recalibration.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "fivek/base/reason.h"
#include "fivek/history/isotonic.h"
#include "fivek/history/logistic.h"
#include "src/base/logit.h"
#include "src/base/serial.h"
#include "src/history/fold.h"
#include "src/history/gate.h"

namespace fivek {
namespace {

// ---- Input ------------------------------------------------------------------

// What scores may be, and what messages call one.
struct ScoreRange {
  absl::string_view name;
  double least, most;
};
constexpr ScoreRange kScores = {"score", -kLargestScore, kLargestScore};
constexpr ScoreRange kForecasts = {"forecast", 0.0, 1.0};

absl::Status CheckScore(double score, int64_t row, const ScoreRange& range) {
  if (score >= range.least && score <= range.most) return absl::OkStatus();
  return Refuse(Reason::kValueRange,
                absl::StrCat(range.name, " ", score, "; allowed: ", range.least,
                             " to ", range.most),
                {row, 0});
}

absl::Status CheckRows(absl::Span<const double> score,
                       absl::Span<const uint8_t> won, const ScoreRange& range) {
  if (score.size() != won.size()) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat(score.size(), " ", range.name, "s and ",
                               won.size(), " outcomes; allowed: as many"));
  }
  if (score.empty() || score.size() > kMostValues) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat(score.size(), " rows; allowed: 1 to 2^31"));
  }
  for (size_t i = 0; i < score.size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    const absl::Status fits = CheckScore(score[i], row, range);
    if (!fits.ok()) return fits;
    if (won[i] > 1) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("outcome ", won[i], "; allowed: 0 and 1"),
                    {row, 1});
    }
  }
  return absl::OkStatus();
}

// All rows with one score.
struct ScoreGroup {
  double score;
  int64_t rows, won;
};

std::vector<ScoreGroup> ScoreGroupsOf(absl::Span<const double> score,
                                      absl::Span<const uint8_t> won) {
  std::vector<ScoreGroup> groups(score.size());
  for (size_t i = 0; i < score.size(); ++i) {
    groups[i] = {score[i] + 0.0, 1, won[i]};  // No -0.
  }
  std::sort(groups.begin(), groups.end(),
            [](const ScoreGroup& a, const ScoreGroup& b) {
              return a.score < b.score;
            });
  size_t used = 0;
  for (const ScoreGroup& next : groups) {
    if (used > 0 && groups[used - 1].score == next.score) {
      groups[used - 1].rows += next.rows;
      groups[used - 1].won += next.won;
    } else {
      groups[used++] = next;
    }
  }
  groups.resize(used);
  return groups;
}

// ---- Fits that have been checked --------------------------------------------

absl::StatusOr<PlattCurve> PlattOf(const std::vector<ScoreGroup>& groups) {
  double won = 0.0;
  double lost = 0.0;
  for (const ScoreGroup& group : groups) {
    won += static_cast<double>(group.won);
    lost += static_cast<double>(group.rows - group.won);
  }
  const double target_won = (won + 1.0) / (won + 2.0);
  const double target_lost = 1.0 / (lost + 2.0);
  const double least = groups.front().score;
  const double range = groups.back().score - least;
  PlattCurve curve;
  if (range == 0.0) {
    const double target =
        (won * target_won + lost * target_lost) / (won + lost);
    curve.b = 0.0 - Logit(target);  // No -0, as below.
    return curve;
  }
  // A target between 0 and 1 is a row that was won in part and lost in part.
  std::vector<double> x;
  std::vector<double> weight;
  std::vector<uint8_t> outcome;
  for (const ScoreGroup& group : groups) {
    const auto wins = static_cast<double>(group.won);
    const auto losses = static_cast<double>(group.rows - group.won);
    const double target = wins * target_won + losses * target_lost;
    const double rest = wins + losses - target;
    x.insert(x.end(), 2, (group.score - least) / range);
    weight.insert(weight.end(), {target, rest});
    outcome.insert(outcome.end(), {1, 0});
  }
  LogisticRows rows;
  rows.columns = 1;
  rows.features = x;
  rows.won = outcome;
  rows.weight = weight;
  LogisticOptions options;
  options.l2 = 0.0;
  const absl::StatusOr<LogisticModel> fit = FitLogistic(rows, options);
  if (!fit.ok()) return fit.status();
  const double slope = fit->weights[0] / range;
  curve.a = 0.0 - slope;
  curve.b = slope * least - fit->intercept + 0.0;
  return curve;
}

double StepAt(absl::Span<const double> from, absl::Span<const double> value,
              double forecast) {
  const auto after = std::upper_bound(from.begin(), from.end(), forecast);
  const auto i = after == from.begin() ? 0 : after - from.begin() - 1;
  return value[static_cast<size_t>(i)];
}

struct Steps {
  std::vector<double> from, value;
};

Steps StepsOf(const std::vector<ScoreGroup>& groups) {
  std::vector<PooledBlock> blocks;
  blocks.reserve(groups.size());
  for (size_t i = 0; i < groups.size(); ++i) {
    const auto won = static_cast<double>(groups[i].won);
    const auto rows = static_cast<double>(groups[i].rows);
    blocks.push_back({won / rows, won, rows, i});
  }
  PoolAdjacentViolators(&blocks);
  Steps steps;
  for (const PooledBlock& block : blocks) {
    steps.from.push_back(groups[block.first].score);
    steps.value.push_back(block.mean);
  }
  return steps;
}

// Of a forecast; 0 and 1 have none, so the nearest that the log loss knows.
double ScoreOf(double forecast) {
  const double p =
      std::min(std::max(forecast, kLeastLikelihood), 1.0 - kLeastLikelihood);
  return Logit(p);
}

// ---- Venn-Abers -------------------------------------------------------------

struct Sums {
  int64_t rows, won;
};

// Whether the mean of a is above that of b.
bool IsAbove(const Sums& a, const Sums& b) {
  return a.won * b.rows > b.won * a.rows;
}

// Isotonic regression of every beginning of the groups at once, and of every
// end: a block's neighbour is the same in all of them.
class Pools {
 public:
  explicit Pools(const std::vector<ScoreGroup>& groups)
      : total_(groups.size() + 1), first_(groups.size()), end_(groups.size()) {
    const size_t n = groups.size();
    for (size_t i = 0; i < n; ++i) {
      total_[i + 1] = {total_[i].rows + groups[i].rows,
                       total_[i].won + groups[i].won};
    }
    for (size_t i = 0; i < n; ++i) {
      size_t first = i;
      while (first > 0 && IsAbove(Of(first_[first - 1], first),  //
                                  Of(first, i + 1))) {
        first = first_[first - 1];
      }
      first_[i] = first;
    }
    for (size_t i = n; i-- > 0;) {
      size_t end = i + 1;
      while (end < n && IsAbove(Of(i, end), Of(end, end_[end]))) {
        end = end_[end];
      }
      end_[i] = end;
    }
  }

  // The mean at group i if a row with this outcome is added to it.
  double MeanWith(size_t i, int64_t outcome) const {
    size_t first = i;
    size_t end = i + 1;
    while (true) {
      const Sums pool = With(Of(first, end), outcome);
      if (first > 0 && IsAbove(Of(first_[first - 1], first), pool)) {
        first = first_[first - 1];
      } else if (end < end_.size() && IsAbove(pool, Of(end, end_[end]))) {
        end = end_[end];
      } else {
        return static_cast<double>(pool.won) / static_cast<double>(pool.rows);
      }
    }
  }

 private:
  static Sums With(Sums sums, int64_t outcome) {
    return {sums.rows + 1, sums.won + outcome};
  }
  Sums Of(size_t first, size_t end) const {
    return {total_[end].rows - total_[first].rows,
            total_[end].won - total_[first].won};
  }

  std::vector<Sums> total_;    // Of the groups before.
  std::vector<size_t> first_;  // Of the block that ends at group i, if no other
                               // group follows.
  std::vector<size_t> end_;    // Of the block that begins at it, if none is
                               // before.
};

}  // namespace

double PlattCurve::At(double score) const { return Sigmoid(-(a * score + b)); }

absl::StatusOr<PlattCurve> FitPlatt(absl::Span<const double> score,
                                    absl::Span<const uint8_t> won) {
  const absl::Status fits = CheckRows(score, won, kScores);
  if (!fits.ok()) return fits;
  return PlattOf(ScoreGroupsOf(score, won));
}

absl::StatusOr<VennAbers> VennAbers::Fit(absl::Span<const double> score,
                                         absl::Span<const uint8_t> won) {
  const absl::Status fits = CheckRows(score, won, kScores);
  if (!fits.ok()) return fits;
  const std::vector<ScoreGroup> groups = ScoreGroupsOf(score, won);
  std::vector<double> scores;
  std::vector<int64_t> wins;
  std::vector<int64_t> rows;
  for (const ScoreGroup& group : groups) {
    scores.push_back(group.score);
    wins.push_back(group.won);
    rows.push_back(group.rows);
  }
  return FitCounts(scores, wins, rows);
}

absl::StatusOr<VennAbers> VennAbers::FitCounts(absl::Span<const double> score,
                                               absl::Span<const int64_t> won,
                                               absl::Span<const int64_t> rows) {
  const size_t n = score.size();
  if (won.size() != n || rows.size() != n || n == 0) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat(n, " scores, ", won.size(), " won and ", rows.size(),
                     " rows; allowed: as many, 1 or more"));
  }
  std::vector<ScoreGroup> groups;
  groups.reserve(n);
  int64_t total = 0;
  for (size_t i = 0; i < n; ++i) {
    const auto row = static_cast<int64_t>(i);
    const absl::Status fits = CheckScore(score[i], row, kScores);
    if (!fits.ok()) return fits;
    if (i > 0 && !(score[i - 1] < score[i])) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("score ", score[i], " after ", score[i - 1],
                                 "; allowed: rising"),
                    {row, 0});
    }
    if (rows[i] < 1 || rows[i] > static_cast<int64_t>(kMostValues) - total) {
      return Refuse(
          Reason::kValueRange,
          absl::StrCat("rows ", rows[i], "; allowed: 1 or more, 2^31 in all"),
          {row, 2});
    }
    if (won[i] < 0 || won[i] > rows[i]) {
      return Refuse(
          Reason::kValueRange,
          absl::StrCat("won ", won[i], "; allowed: 0 to the rows, ", rows[i]),
          {row, 1});
    }
    total += rows[i];
    groups.push_back({score[i] + 0.0, rows[i], won[i]});
  }
  const Pools pools(groups);
  VennAbers result;
  for (size_t i = 0; i < n; ++i) {
    result.score_.push_back(groups[i].score);
    result.low_.push_back(pools.MeanWith(i, 0));
    result.high_.push_back(pools.MeanWith(i, 1));
  }
  return result;
}

// A deal between two scores is pooled with the one above if it is won, with the
// one below if it is lost, as if it had that score.
VennInterval VennAbers::Between(double score) const {
  const auto at = std::lower_bound(score_.begin(), score_.end(), score);
  const auto i = static_cast<size_t>(at - score_.begin());
  VennInterval interval;
  interval.high = i < score_.size() ? high_[i] : 1.0;
  if (i < score_.size() && score_[i] == score) {
    interval.low = low_[i];
  } else {
    interval.low = i > 0 ? low_[i - 1] : 0.0;
  }
  interval.merged = interval.high / (1.0 - interval.low + interval.high);
  return interval;
}

absl::StatusOr<VennInterval> VennAbers::At(double score) const {
  const absl::Status fits = CheckScore(score, -1, kScores);
  if (!fits.ok()) return fits;
  return Between(score);
}

absl::StatusOr<std::vector<VennInterval>> VennAbers::At(
    absl::Span<const double> score) const {
  std::vector<VennInterval> intervals;
  intervals.reserve(score.size());
  for (size_t i = 0; i < score.size(); ++i) {
    const absl::Status fits =
        CheckScore(score[i], static_cast<int64_t>(i), kScores);
    if (!fits.ok()) return fits;
    intervals.push_back(Between(score[i]));
  }
  return intervals;
}

absl::StatusOr<Recalibration> Recalibration::Choose(
    absl::Span<const double> forecast, absl::Span<const uint8_t> won,
    absl::Span<const uint64_t> id) {
  const absl::Status fits = CheckRows(forecast, won, kForecasts);
  if (!fits.ok()) return fits;
  if (id.size() != won.size()) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat(id.size(), " ids of ", won.size(),
                               " rows; allowed: as many"));
  }
  const size_t n = won.size();
  const bool try_steps = n >= kLeastIsotonicRows;
  std::vector<double> by_curve(forecast.begin(), forecast.end());
  std::vector<double> by_steps = by_curve;
  std::vector<double> score(n);
  for (size_t i = 0; i < n; ++i) score[i] = ScoreOf(forecast[i]);
  for (int fold = 0; fold < kFolds; ++fold) {
    std::vector<double> scores;
    std::vector<double> forecasts;
    std::vector<uint8_t> outcomes;
    for (size_t i = 0; i < n; ++i) {
      if (FoldOf(id[i]) == fold) continue;
      scores.push_back(score[i]);
      forecasts.push_back(forecast[i]);
      outcomes.push_back(won[i]);
    }
    if (outcomes.empty()) continue;
    const auto curve = PlattOf(ScoreGroupsOf(scores, outcomes));
    if (!curve.ok()) return curve.status();
    const Steps steps =
        try_steps ? StepsOf(ScoreGroupsOf(forecasts, outcomes)) : Steps();
    for (size_t i = 0; i < n; ++i) {
      if (FoldOf(id[i]) != fold) continue;
      by_curve[i] = curve->At(score[i]);
      if (try_steps) {
        by_steps[i] = StepAt(steps.from, steps.value, forecast[i]);
      }
    }
  }
  Recalibration chosen;
  const auto curve_gate = CompareForecasts(forecast, by_curve, won);
  const auto steps_gate = CompareForecasts(forecast, by_steps, won);
  if (!curve_gate.ok()) return curve_gate.status();
  if (!steps_gate.ok()) return steps_gate.status();
  chosen.gate_ = *curve_gate;
  if (curve_gate->verdict == GateVerdict::kAdopt) {
    chosen.kind_ = RecalibrationKind::kPlatt;
  }
  if (try_steps && steps_gate->verdict == GateVerdict::kAdopt &&
      (chosen.kind_ == RecalibrationKind::kIdentity ||
       steps_gate->model_log_loss < curve_gate->model_log_loss)) {
    chosen.kind_ = RecalibrationKind::kIsotonic;
    chosen.gate_ = *steps_gate;
  }
  if (chosen.kind_ == RecalibrationKind::kPlatt) {
    const auto curve = PlattOf(ScoreGroupsOf(score, won));
    if (!curve.ok()) return curve.status();
    chosen.curve_ = *curve;
  } else if (chosen.kind_ == RecalibrationKind::kIsotonic) {
    Steps steps = StepsOf(ScoreGroupsOf(forecast, won));
    chosen.from_ = std::move(steps.from);
    chosen.step_ = std::move(steps.value);
  }
  return chosen;
}

double Recalibration::Corrected(double forecast) const {
  switch (kind_) {
    case RecalibrationKind::kPlatt:
      return curve_.At(ScoreOf(forecast));
    case RecalibrationKind::kIsotonic:
      return StepAt(from_, step_, forecast);
    case RecalibrationKind::kIdentity:
      break;
  }
  return forecast;
}

absl::StatusOr<double> Recalibration::Apply(double forecast) const {
  const absl::Status fits = CheckScore(forecast, -1, kForecasts);
  if (!fits.ok()) return fits;
  return Corrected(forecast);
}

absl::StatusOr<std::vector<double>> Recalibration::Apply(
    absl::Span<const double> forecast) const {
  std::vector<double> corrected;
  corrected.reserve(forecast.size());
  for (size_t i = 0; i < forecast.size(); ++i) {
    const absl::Status fits =
        CheckScore(forecast[i], static_cast<int64_t>(i), kForecasts);
    if (!fits.ok()) return fits;
    corrected.push_back(Corrected(forecast[i]));
  }
  return corrected;
}

// ---- The serialised form ----------------------------------------------------

namespace {

constexpr SerialForm kRecalibrationForm = {"recalibration", "5Kadjust", 1};
constexpr size_t kRecalibrationSize = 4 + 8 + kGateSize + 16;
constexpr size_t kStepSize = 16;

bool IsGateOf(RecalibrationKind kind, const GateResult& gate) {
  const bool adopted = gate.verdict == GateVerdict::kAdopt;
  switch (kind) {
    case RecalibrationKind::kIdentity:
      // Of none there is no comparison.
      return !adopted && WasCompared(gate) == (gate.rows > 0);
    case RecalibrationKind::kPlatt:
      return adopted;
    case RecalibrationKind::kIsotonic:
      return adopted && gate.rows >= static_cast<int64_t>(kLeastIsotonicRows);
  }
  return false;
}

// Log-odds of forecasts are within 34.54 of 0 and the mean target is above
// 1 / (2^31 + 2) and below 1 minus that, so somewhere there the curve is within
// 22 of 0. What differs by less than 1e-17 is one score, and the steps to the
// minimum add up to less than 1e15.
bool IsCurve(const PlattCurve& curve) {
  if (!IsWithin(curve.a, -1e32, 1e32)) return false;
  const double most = 22.0 + 34.6 * std::abs(curve.a);
  return IsWithin(curve.b, -most, most);
}

// Shares of `rows` rows or fewer.
bool IsShare(double value, int64_t rows) {
  const auto n = static_cast<double>(rows);
  return IsWithin(value, 0.0, 0.0) || value == 1.0 ||
         IsWithin(value, 1.0 / n, (n - 1.0) / n);
}

}  // namespace

std::string Recalibration::Serialise() const {
  SerialWriter out(kRecalibrationForm,
                   kRecalibrationSize + from_.size() * kStepSize);
  out.Put32(static_cast<uint32_t>(kind_));
  out.Put64(from_.size());
  PutGate(gate_, &out);
  out.PutDouble(curve_.a);
  out.PutDouble(curve_.b);
  for (size_t i = 0; i < from_.size(); ++i) {
    out.PutDouble(from_[i]);
    out.PutDouble(step_[i]);
  }
  return out.Finish();
}

absl::StatusOr<Recalibration> Recalibration::Read(absl::string_view bytes) {
  absl::StatusOr<SerialReader> opened =
      SerialReader::Open(kRecalibrationForm, bytes);
  if (!opened.ok()) return opened.status();
  SerialReader& reader = *opened;
  const size_t size = reader.left();
  const uint32_t kind = reader.Take32();
  const uint64_t steps = reader.Take64();
  if (steps > kMostValues || size != kRecalibrationSize + steps * kStepSize) {
    return Damaged(kRecalibrationForm,
                   absl::StrCat(bytes.size(), " bytes are not those of ", steps,
                                " steps"));
  }
  Recalibration read;
  read.kind_ = static_cast<RecalibrationKind>(kind);
  const absl::optional<GateResult> gate = TakeGate(&reader);
  if (kind > static_cast<uint32_t>(RecalibrationKind::kIsotonic) ||
      !gate.has_value() || !IsGateOf(read.kind_, *gate)) {
    return Damaged(kRecalibrationForm, "what is said of the choice cannot be");
  }
  read.gate_ = *gate;

  read.curve_.a = reader.TakeDouble();
  read.curve_.b = reader.TakeDouble();
  const bool is_curve = read.kind_ == RecalibrationKind::kPlatt
                            ? IsCurve(read.curve_)
                            : IsWithin(read.curve_.a, 0.0, 0.0) &&
                                  IsWithin(read.curve_.b, 0.0, 0.0);
  if (!is_curve) return Damaged(kRecalibrationForm, "the curve cannot be");

  const bool has_steps = read.kind_ == RecalibrationKind::kIsotonic;
  if (has_steps != (steps > 0) || steps > static_cast<uint64_t>(gate->rows)) {
    return Damaged(
        kRecalibrationForm,
        absl::StrCat(steps, " steps of ", gate->rows, " rows cannot be"));
  }
  for (uint64_t i = 0; i < steps; ++i) {
    const double from = reader.TakeDouble();
    const double value = reader.TakeDouble();
    const bool rises =
        i == 0 || (read.from_.back() < from && read.step_.back() <= value);
    if (!IsWithin(from, 0.0, 1.0) || !IsShare(value, gate->rows) || !rises) {
      return Damaged(kRecalibrationForm,
                     absl::StrCat("step ", i, " cannot be"));
    }
    read.from_.push_back(from);
    read.step_.push_back(value);
  }
  return read;
}

}  // namespace fivek
