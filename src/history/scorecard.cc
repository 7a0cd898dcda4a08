#include "fivek/history/scorecard.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "fivek/base/reason.h"
#include "fivek/history/recalibration.h"
#include "src/base/logit.h"
#include "src/base/not_finite.h"
#include "src/base/serial.h"
#include "src/history/fold.h"
#include "src/history/gate.h"
#include "src/history/one_hot_fit.h"

namespace fivek {
namespace {

constexpr double kPoint = 0.69314718055994531 / kPointsToDoubleOdds;
// The ridge is chosen on as many rows in all: a part of many, few many times.
constexpr size_t kChoiceRows = 8192;
constexpr size_t kMostFoldings = 8;
// Steps of weights at which a fit ends: a seventh of a point where forecasts
// are compared, for the card itself what does not move a rounding.
constexpr double kRoughStep = 1e-2;
constexpr double kFineStep = 1e-5;
// Beyond that a score is as good as sure, and points stay exact sums.
constexpr int32_t kMostPoints = 1'000'000;

int64_t ToPoints(double log_odds) {
  return static_cast<int64_t>(std::floor(log_odds / kPoint + 0.5));
}

// ---- Input ------------------------------------------------------------------

std::string NameOf(const ScoreColumn& column, size_t c) {
  return column.name.empty()
             ? absl::StrCat("column ", c)
             : absl::StrCat("column ", c, " (", column.name, ")");
}

template <typename... Args>
absl::Status RefuseAt(size_t row, size_t column, const Args&... why) {
  return Refuse(Reason::kValueRange, absl::StrCat(why...),
                {static_cast<int64_t>(row), static_cast<int32_t>(column)});
}

absl::Status CheckShape(absl::Span<const ScoreColumn> columns, size_t rows) {
  for (size_t c = 0; c < columns.size(); ++c) {
    const ScoreColumn& column = columns[c];
    const bool has_levels = !column.level.empty();
    const bool has_values = !column.value.empty();
    const size_t given = column.level.size() + column.value.size();
    const auto optional = [rows](size_t n) { return n == 0 || n == rows; };
    if (has_levels == has_values || given != rows ||
        !optional(column.missing.size()) || !optional(column.known_on.size())) {
      return Refuse(
          Reason::kValueRange,
          absl::StrCat(NameOf(column, c), " has ", column.level.size(),
                       " levels, ", column.value.size(), " values, ",
                       column.missing.size(), " missing and ",
                       column.known_on.size(), " days of ", rows,
                       " rows; allowed: levels or values, one a row"),
          {-1, static_cast<int32_t>(c)});
    }
  }
  return absl::OkStatus();
}

absl::Status CheckAnswer(const ScoreColumn& column, size_t c, size_t row) {
  if (!column.missing.empty() && column.missing[row] > 1) {
    return RefuseAt(row, c, NameOf(column, c), ": missing ",
                    column.missing[row], "; allowed: 0 and 1");
  }
  const bool missing = !column.missing.empty() && column.missing[row] == 1;
  if (!missing && !column.value.empty() && !IsFinite(column.value[row])) {
    return RefuseAt(row, c, NameOf(column, c), ": value ", column.value[row],
                    "; allowed: finite, or missing");
  }
  return absl::OkStatus();
}

absl::Status CheckTable(const ScoreTable& table,
                        const ScorecardOptions& options) {
  const size_t n = table.won.size();
  const size_t columns = table.columns.size();
  if (columns < 1 || columns > kMostScoreColumns) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat(columns, " columns; allowed: 1 to ", kMostScoreColumns));
  }
  if (n > kMostOneHotRows) {
    return Refuse(
        Reason::kOverflow,
        absl::StrCat(n, " rows; allowed: ", kMostOneHotRows, " or fewer"));
  }
  if (options.bins < 2 || options.bins > kMostScoreBins) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("bins ", options.bins, "; allowed: 2 to ",
                               kMostScoreBins));
  }
  if (options.l2 != 0.0 && !(options.l2 >= 0.01 && options.l2 <= 1e6)) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat("l2 ", options.l2, "; allowed: 0, or 0.01 to 1e6"));
  }
  if (options.from_day > options.as_of) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("a window from day ", options.from_day,
                               " to day ", options.as_of,
                               "; allowed: that ends when it begins or later"));
  }
  const auto optional = [n](size_t size) { return size == 0 || size == n; };
  if (!optional(table.group.size()) || !optional(table.closed_on.size()) ||
      !optional(table.simpler.size())) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat(table.group.size(), " groups, ",
                               table.closed_on.size(), " days and ",
                               table.simpler.size(), " simpler forecasts of ",
                               n, " rows; allowed: none or one a row"));
  }
  return CheckShape(table.columns, n);
}

absl::Status CheckRow(const ScoreTable& table, const ScorecardOptions& options,
                      size_t row) {
  const size_t columns = table.columns.size();
  if (table.won[row] > 1) {
    return RefuseAt(row, columns, "outcome ", table.won[row],
                    "; allowed: 0 and 1");
  }
  if (!table.simpler.empty() &&
      !(table.simpler[row] >= 0.0 && table.simpler[row] <= 1.0)) {
    return RefuseAt(row, columns + 2, "simpler forecast ", table.simpler[row],
                    "; allowed: 0 to 1");
  }
  const int32_t known_by = table.closed_on.empty()
                               ? options.as_of
                               : std::min(options.as_of, table.closed_on[row]);
  for (size_t c = 0; c < columns; ++c) {
    const ScoreColumn& column = table.columns[c];
    const bool any_level = !column.level.empty() && column.missing.empty();
    if (any_level && column.known_on.empty()) continue;
    const absl::Status fits = CheckAnswer(column, c, row);
    if (!fits.ok()) return fits;
    if (!column.known_on.empty() && column.known_on[row] > known_by) {
      return RefuseAt(row, c, NameOf(column, c), " became known on day ",
                      column.known_on[row], "; allowed: up to day ", known_by,
                      ", when the outcome was");
    }
  }
  return absl::OkStatus();
}

// ---- Lines ------------------------------------------------------------------

// Finds the line of an answer in a column.
class ColumnLines {
 public:
  static ColumnLines OfLevels(std::vector<uint32_t> levels) {
    ColumnLines lines;
    lines.levels_ = std::move(levels);
    lines.MakeDirect();
    return lines;
  }
  static ColumnLines OfEdges(std::vector<double> edges) {
    ColumnLines lines;
    lines.numeric_ = true;
    lines.edges_ = std::move(edges);
    return lines;
  }

  bool numeric() const { return numeric_; }
  // Levels and other, or ranges; then missing.
  size_t size() const {
    return numeric_ ? edges_.size() + 2 : levels_.size() + 2;
  }
  size_t missing() const { return size() - 1; }

  size_t Of(uint32_t level) const {
    if (level < direct_.size()) return direct_[level];
    const auto at = std::lower_bound(levels_.begin(), levels_.end(), level);
    if (at == levels_.end() || *at != level) return levels_.size();
    return static_cast<size_t>(at - levels_.begin());
  }
  size_t Of(double value) const {
    size_t line = 0;
    for (const double edge : edges_) line += edge <= value ? 1 : 0;
    return line;
  }

  ScoreLine Describe(size_t i) const {
    ScoreLine line;
    if (i == missing()) {
      line.kind = ScoreLineKind::kMissing;
    } else if (numeric_) {
      line.kind = ScoreLineKind::kRange;
      line.from = -kInfinity;
      line.to = kInfinity;
      if (i > 0) line.from = edges_[i - 1];
      if (i < edges_.size()) line.to = edges_[i];
    } else if (i == levels_.size()) {
      line.kind = ScoreLineKind::kOther;
    } else {
      line.level = levels_[i];
    }
    return line;
  }

 private:
  void MakeDirect() {
    constexpr uint32_t kMostDirect = 1 << 12;
    uint32_t limit = 0;
    for (const uint32_t level : levels_) {
      if (level < kMostDirect) limit = level + 1;
    }
    direct_.assign(limit, static_cast<uint16_t>(levels_.size()));
    for (size_t i = 0; i < levels_.size(); ++i) {
      if (levels_[i] < limit) direct_[levels_[i]] = static_cast<uint16_t>(i);
    }
  }

  bool numeric_ = false;
  std::vector<uint32_t> levels_;  // Rising.
  std::vector<double> edges_;     // Rising: where a range begins.
  std::vector<uint16_t> direct_;  // The line of a small level.
};

// The levels that have a line of their own, rising.
std::vector<uint32_t> LevelsOf(const ScoreColumn& column,
                               const std::vector<size_t>& rows, size_t most) {
  std::vector<std::pair<int64_t, uint32_t>> counts;  // Rows, level.
  constexpr uint32_t kMostDirect = 1 << 16;
  std::vector<uint32_t> direct(kMostDirect);
  std::vector<uint32_t> large;
  for (const size_t row : rows) {
    if (!column.missing.empty() && column.missing[row] == 1) continue;
    const uint32_t level = column.level[row];
    if (level < kMostDirect) {
      ++direct[level];
    } else {
      large.push_back(level);
    }
  }
  for (uint32_t level = 0; level < kMostDirect; ++level) {
    if (direct[level] > 0) counts.emplace_back(direct[level], level);
  }
  std::sort(large.begin(), large.end());
  for (size_t i = 0; i < large.size();) {
    size_t end = i;
    while (end < large.size() && large[end] == large[i]) ++end;
    counts.emplace_back(static_cast<int64_t>(end - i), large[i]);
    i = end;
  }
  // The most frequent first, of equal ones the lower code.
  std::sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  std::vector<uint32_t> levels;
  for (const auto& [count, level] : counts) {
    if (count < kLeastLevelRows || levels.size() == most) break;
    levels.push_back(level);
  }
  std::sort(levels.begin(), levels.end());
  return levels;
}

// Sets edges[b] to what is at rank n b / bins in order, for low < b < high;
// values outside [begin, end) are in order already.
void SelectRanks(std::vector<double>* values, size_t begin, size_t end,
                 size_t bins, size_t low, size_t high,
                 std::vector<double>* edges) {
  if (high - low < 2) return;
  const size_t middle = (low + high) / 2;
  const size_t rank = values->size() * middle / bins;
  const auto at = [&](size_t i) {
    return values->begin() + static_cast<std::ptrdiff_t>(i);
  };
  if (rank >= begin && rank < end) {
    std::nth_element(at(begin), at(rank), at(end));
  }
  (*edges)[middle] = (*values)[rank];
  SelectRanks(values, begin, rank, bins, low, middle, edges);
  SelectRanks(values, std::min(rank + 1, end), end, bins, middle, high, edges);
}

// Where the ranges of a numeric column begin, but for the first.
std::vector<double> EdgesOf(const ScoreColumn& column,
                            const std::vector<size_t>& rows, size_t bins) {
  std::vector<double> values;
  values.reserve(rows.size());
  for (const size_t row : rows) {
    if (!column.missing.empty() && column.missing[row] == 1) continue;
    values.push_back(column.value[row] + 0.0);  // No -0.
  }
  if (values.empty()) return {};
  const double least = *std::min_element(values.begin(), values.end());
  std::vector<double> edges(bins + 1, least);
  SelectRanks(&values, 0, values.size(), bins, 0, bins, &edges);
  edges.pop_back();
  // None is below `least`; a range that no row is in is none.
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  edges.erase(edges.begin());
  return edges;
}

// ---- Rows as lines ----------------------------------------------------------

// Rows of the window, those of a fold together.
struct CodedRows {
  size_t columns = 0;
  size_t lines = 0;
  std::vector<uint16_t> line;
  std::vector<uint8_t> won;
  std::vector<size_t> from_row;               // Of the table.
  std::array<size_t, kFolds + 1> begin = {};  // Of each fold.

  size_t size() const { return won.size(); }
  OneHotRows Part(size_t first, size_t end) const {
    return {columns, lines, line.data() + first * columns, won.data() + first,
            end - first};
  }
  std::vector<OneHotRows> All() const { return {Part(0, size())}; }
  std::vector<OneHotRows> Without(size_t fold) const {
    return {Part(0, begin[fold]), Part(begin[fold + 1], size())};
  }
};

int64_t CountWon(const std::vector<OneHotRows>& parts) {
  int64_t won = 0;
  for (const OneHotRows& part : parts) {
    won += std::accumulate(part.won, part.won + part.rows, int64_t{0});
  }
  return won;
}

int64_t CountRows(const std::vector<OneHotRows>& parts) {
  size_t rows = 0;
  for (const OneHotRows& part : parts) rows += part.rows;
  return static_cast<int64_t>(rows);
}

// Puts rows together by fold; `key` is what their hash is of.
CodedRows OrderByFold(const std::vector<size_t>& rows,
                      const std::vector<uint16_t>& line,
                      const std::vector<uint64_t>& key,
                      absl::Span<const uint8_t> won, size_t columns,
                      size_t lines) {
  CodedRows coded;
  coded.columns = columns;
  coded.lines = lines;
  coded.line.resize(line.size());
  coded.won.resize(rows.size());
  coded.from_row.resize(rows.size());
  std::vector<uint8_t> fold(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    fold[i] = static_cast<uint8_t>(FoldOf(key[i]));
    ++coded.begin[fold[i] + 1U];
  }
  std::partial_sum(coded.begin.begin(), coded.begin.end(), coded.begin.begin());
  std::array<size_t, kFolds + 1> next = coded.begin;
  for (size_t i = 0; i < rows.size(); ++i) {
    const size_t to = next[fold[i]]++;
    std::copy_n(&line[i * columns], columns, &coded.line[to * columns]);
    coded.won[to] = won[rows[i]];
    coded.from_row[to] = rows[i];
  }
  return coded;
}

// ---- Points -----------------------------------------------------------------

struct CardPoints {
  double offset = 0.0;
  std::vector<int32_t> of_line;
};

CardPoints CardPointsOf(const OneHotModel& model,
                        const std::vector<size_t>& first) {
  CardPoints points;
  points.of_line.resize(model.weight.size());
  int64_t total = 0;
  for (size_t c = 0; c + 1 < first.size(); ++c) {
    int64_t least = std::numeric_limits<int64_t>::max();
    for (size_t i = first[c]; i < first[c + 1]; ++i) {
      least = std::min(least, ToPoints(model.weight[i]));
    }
    for (size_t i = first[c]; i < first[c + 1]; ++i) {
      points.of_line[i] =
          static_cast<int32_t>(ToPoints(model.weight[i]) - least);
    }
    total += least;
  }
  points.offset = model.intercept + static_cast<double>(total) * kPoint;
  return points;
}

int32_t ScoreOf(const std::vector<int32_t>& points, const uint16_t* line,
                size_t columns) {
  int32_t score = 0;
  for (size_t c = 0; c < columns; ++c) score += points[line[c]];
  return score;
}

double ProbabilityOf(double offset, int32_t score) {
  return Sigmoid(offset + score * kPoint);
}

// ---- Folds ------------------------------------------------------------------

// The rate of some rows, never quite 0 or 1.
double RateOf(int64_t won, int64_t rows) {
  return (static_cast<double>(won) + 0.5) / (static_cast<double>(rows) + 1.0);
}

OneHotModel StartOf(const std::vector<OneHotRows>& parts) {
  OneHotModel model;
  model.intercept = Logit(RateOf(CountWon(parts), CountRows(parts)));
  model.weight.resize(parts.front().lines);
  return model;
}

// One model for each fold, fitted to the others.
using FoldModels = std::array<OneHotModel, kFolds>;

FoldModels StartFolds(const CodedRows& rows) {
  FoldModels models;
  for (size_t fold = 0; fold < kFolds; ++fold) {
    models[fold] = StartOf(rows.Without(fold));
  }
  return models;
}

// The curvature for one l2, of as many rows as all folds but one have.
struct Ridge {
  Ridge(const OneHotCurvature& curvature, double l2_given, size_t rows,
        int64_t won)
      : l2(l2_given),
        factor(curvature.Factorise(kOthers * static_cast<double>(rows),
                                   kOthers * static_cast<double>(won),
                                   l2_given)) {}
  static constexpr double kOthers = 1.0 - 1.0 / kFolds;
  double l2;
  Cholesky factor;
};

bool FitFolds(const CodedRows& rows, const Ridge& ridge, FoldModels* models) {
  for (size_t fold = 0; fold < kFolds; ++fold) {
    const std::vector<OneHotRows> parts = rows.Without(fold);
    const int64_t others = CountRows(parts);
    const int64_t others_won = CountWon(parts);
    // Of one outcome there is nothing to fit: the rate stays.
    if (others_won == 0 || others_won == others) continue;
    if (!FitOneHot(parts, ridge.l2, ridge.factor, kRoughStep,
                   &(*models)[fold])) {
      return false;
    }
  }
  return true;
}

// What each fold's model gives the rows of that fold, in order of `rows`.
std::vector<double> OutOfFold(const CodedRows& rows, const FoldModels& models,
                              const std::vector<size_t>& first) {
  std::vector<double> forecast(rows.size());
  for (size_t fold = 0; fold < kFolds; ++fold) {
    const CardPoints points = CardPointsOf(models[fold], first);
    for (size_t i = rows.begin[fold]; i < rows.begin[fold + 1]; ++i) {
      const uint16_t* const line = &rows.line[i * rows.columns];
      forecast[i] = ProbabilityOf(points.offset,
                                  ScoreOf(points.of_line, line, rows.columns));
    }
  }
  return forecast;
}

absl::Status NoMinimum() {
  return Refuse(Reason::kOverflow, "no minimum; a larger l2 has one");
}

// The l2 of kScorecardL2 with the least log loss of forecasts out of fold, over
// all of the foldings; of few rows a single one is a throw of dice. `models`
// become those of the first folding.
absl::StatusOr<double> ChooseL2(const std::vector<CodedRows>& foldings,
                                const OneHotCurvature& curvature,
                                const std::vector<size_t>& first,
                                FoldModels* models) {
  constexpr size_t kCount = kScorecardL2.size();
  std::array<FoldModels, kCount> of_first;
  std::array<double, kCount> loss = {};
  std::vector<Ridge> ridges;
  ridges.reserve(kCount);
  for (const double l2 : kScorecardL2) {
    ridges.emplace_back(curvature, l2, foldings.front().size(),
                        CountWon(foldings.front().All()));
  }
  for (const CodedRows& rows : foldings) {
    FoldModels fitted = StartFolds(rows);
    for (size_t i = kCount; i-- > 0;) {  // From one to the next it is near.
      if (!FitFolds(rows, ridges[i], &fitted)) {
        return NoMinimum();
      }
      const auto quality =
          EvaluateForecasts(OutOfFold(rows, fitted, first), rows.won);
      if (!quality.ok()) return quality.status();
      loss[i] += quality->log_loss;
      if (&rows == foldings.data()) of_first[i] = fitted;
    }
  }
  const auto least = std::min_element(loss.begin(), loss.end());
  const auto chosen = static_cast<size_t>(least - loss.begin());
  *models = of_first[chosen];
  return kScorecardL2[chosen];
}

std::vector<double> BaseOutOfFold(const CodedRows& rows) {
  std::vector<double> forecast(rows.size());
  for (size_t fold = 0; fold < kFolds; ++fold) {
    const std::vector<OneHotRows> parts = rows.Without(fold);
    const double rate = RateOf(CountWon(parts), CountRows(parts));
    std::fill(
        forecast.begin() + static_cast<std::ptrdiff_t>(rows.begin[fold]),
        forecast.begin() + static_cast<std::ptrdiff_t>(rows.begin[fold + 1]),
        rate);
  }
  return forecast;
}

}  // namespace

// ---- The card ---------------------------------------------------------------

// All rows whose score in another fold's card was this.
struct ScoreCount {
  int32_t score;
  int64_t rows, won;
};

struct Scorecard::State {
  std::vector<ColumnLines> columns;
  std::vector<size_t> first;  // Line of each column, and the end.
  std::vector<ScoreLine> lines;
  std::vector<int32_t> points;  // Of lines, as they are in `lines`.
  double offset = 0.0;
  double l2 = 0.0;
  int64_t rows = 0;
  int64_t won = 0;
  GateResult gate;
  std::vector<ScoreCount> calibration;  // Empty if there is no signal.
  VennAbers intervals;

  bool adopted() const { return gate.verdict == GateVerdict::kAdopt; }

  size_t LineOf(const ScoreColumn& column, size_t c, size_t row) const {
    const ColumnLines& lines_of = columns[c];
    if (!column.missing.empty() && column.missing[row] == 1) {
      return first[c] + lines_of.missing();
    }
    return first[c] + (lines_of.numeric() ? lines_of.Of(column.value[row])
                                          : lines_of.Of(column.level[row]));
  }
  absl::StatusOr<size_t> LineOf(const ScoreAnswer& answer, size_t c) const {
    const ColumnLines& lines_of = columns[c];
    if (answer.missing) return first[c] + lines_of.missing();
    if (!lines_of.numeric()) return first[c] + lines_of.Of(answer.level);
    if (!IsFinite(answer.value)) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("column ", c, ": value ", answer.value,
                                 "; allowed: finite, or missing"),
                    {-1, static_cast<int32_t>(c)});
    }
    return first[c] + lines_of.Of(answer.value);
  }

  absl::Status MakeIntervals();
  absl::Status FitPoints(const ScoreTable& table,
                         const ScorecardOptions& options,
                         const CodedRows& coded,
                         const std::vector<CodedRows>& foldings,
                         std::vector<double>* out_of_fold);
};

absl::Status Scorecard::State::MakeIntervals() {
  if (calibration.empty()) return absl::OkStatus();
  std::vector<double> scores;
  std::vector<int64_t> rows_of;
  std::vector<int64_t> won_of;
  for (const ScoreCount& count : calibration) {
    scores.push_back(count.score);
    rows_of.push_back(count.rows);
    won_of.push_back(count.won);
  }
  absl::StatusOr<VennAbers> fit = VennAbers::FitCounts(scores, won_of, rows_of);
  if (!fit.ok()) return fit.status();
  intervals = *std::move(fit);
  return absl::OkStatus();
}

absl::Status Scorecard::State::FitPoints(const ScoreTable& table,
                                         const ScorecardOptions& options,
                                         const CodedRows& coded,
                                         const std::vector<CodedRows>& foldings,
                                         std::vector<double>* out_of_fold) {
  const CodedRows& sample = foldings.front();
  const OneHotCurvature curvature(sample.Part(0, sample.size()));
  FoldModels models = StartFolds(coded);
  l2 = options.l2;
  if (l2 == 0.0) {
    const absl::StatusOr<double> chosen =
        ChooseL2(foldings, curvature, first, &models);
    if (!chosen.ok()) return chosen.status();
    l2 = *chosen;
  }
  const Ridge ridge(curvature, l2, coded.size(), won);
  if (!FitFolds(coded, ridge, &models)) return NoMinimum();
  *out_of_fold = OutOfFold(coded, models, first);
  const std::vector<double>& forecast = *out_of_fold;

  absl::StatusOr<GateResult> beside =
      CompareForecasts(BaseOutOfFold(coded), forecast, coded.won);
  if (beside.ok() && !table.simpler.empty() &&
      beside->verdict == GateVerdict::kAdopt) {
    std::vector<double> simpler;
    simpler.reserve(coded.size());
    for (const size_t row : coded.from_row) {
      simpler.push_back(table.simpler[row]);
    }
    beside = CompareForecasts(simpler, forecast, coded.won);
  }
  if (!beside.ok()) return beside.status();
  gate = *beside;
  if (!adopted()) return absl::OkStatus();

  // What the folds have in common is near.
  OneHotModel model = models[0];
  for (size_t fold = 1; fold < kFolds; ++fold) {
    model.intercept += models[fold].intercept;
    for (size_t i = 0; i < model.weight.size(); ++i) {
      model.weight[i] += models[fold].weight[i];
    }
  }
  model.intercept /= kFolds;
  for (double& weight : model.weight) weight /= kFolds;
  if (!FitOneHot(coded.All(), l2, ridge.factor, kFineStep, &model)) {
    return NoMinimum();
  }
  CardPoints fitted = CardPointsOf(model, first);
  offset = fitted.offset;
  points = std::move(fitted.of_line);
  std::vector<std::pair<int32_t, uint8_t>> scored(coded.size());
  for (size_t i = 0; i < coded.size(); ++i) {
    scored[i] = {static_cast<int32_t>(ToPoints(Logit(forecast[i]) - offset)),
                 coded.won[i]};
  }
  std::sort(scored.begin(), scored.end());
  for (const auto& [score, outcome] : scored) {
    if (calibration.empty() || calibration.back().score != score) {
      calibration.push_back({score, 0, 0});
    }
    ++calibration.back().rows;
    calibration.back().won += outcome;
  }
  return MakeIntervals();
}

Scorecard::Scorecard(std::shared_ptr<const State> state)
    : state_(std::move(state)) {}

absl::StatusOr<ScorecardFit> Scorecard::Fit(const ScoreTable& table,
                                            const ScorecardOptions& options) {
  const absl::Status fits = CheckTable(table, options);
  if (!fits.ok()) return fits;
  const size_t columns = table.columns.size();
  std::vector<size_t> rows;
  rows.reserve(table.won.size());
  auto state = std::make_shared<State>();
  for (size_t row = 0; row < table.won.size(); ++row) {
    if (!table.closed_on.empty() && (table.closed_on[row] < options.from_day ||
                                     table.closed_on[row] > options.as_of)) {
      continue;
    }
    const absl::Status row_fits = CheckRow(table, options, row);
    if (!row_fits.ok()) return row_fits;
    rows.push_back(row);
    state->won += table.won[row];
  }
  state->rows = static_cast<int64_t>(rows.size());
  const int64_t lost = state->rows - state->won;
  if (state->won == 0 || lost == 0) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat("of ", state->rows, " rows in the window ", state->won,
                     " are won and ", lost, " lost; allowed: some of each"));
  }

  // The lines, and each row as lines.
  const size_t most = std::min(kMostLevelsOfColumn, kMostLines / columns) - 2;
  state->first.push_back(0);
  for (const ScoreColumn& column : table.columns) {
    const size_t bins = std::min(static_cast<size_t>(options.bins), most);
    state->columns.push_back(
        column.level.empty()
            ? ColumnLines::OfEdges(EdgesOf(column, rows, bins))
            : ColumnLines::OfLevels(LevelsOf(column, rows, most)));
    state->first.push_back(state->first.back() + state->columns.back().size());
  }
  const size_t line_count = state->first.back();
  std::vector<uint16_t> line(rows.size() * columns);
  std::vector<uint64_t> key(rows.size(), 0xcbf29ce484222325);
  for (size_t i = 0; i < rows.size(); ++i) {
    for (size_t c = 0; c < columns; ++c) {
      const size_t of_row = state->LineOf(table.columns[c], c, rows[i]);
      line[i * columns + c] = static_cast<uint16_t>(of_row);
      key[i] = (key[i] ^ of_row) * 0x100000001b3;
    }
  }
  std::vector<int64_t> rows_of(line_count);
  std::vector<int64_t> won_of(line_count);
  for (size_t i = 0; i < rows.size(); ++i) {
    for (size_t c = 0; c < columns; ++c) {
      ++rows_of[line[i * columns + c]];
      won_of[line[i * columns + c]] += table.won[rows[i]];
    }
  }
  if (!table.group.empty()) {
    for (size_t i = 0; i < rows.size(); ++i) key[i] = table.group[rows[i]];
  }
  const CodedRows coded =
      OrderByFold(rows, line, key, table.won, columns, line_count);

  state->points.assign(line_count, 0);
  state->offset = Logit(RateOf(state->won, state->rows));
  state->gate.rows = state->rows;
  std::vector<double> forecast(coded.size(), RateOf(state->won, state->rows));
  if (state->rows >= kLeastScoreRows && state->won >= kLeastScoreOutcomes &&
      lost >= kLeastScoreOutcomes) {
    // A part that is the same whatever the order: by another hash.
    std::vector<size_t> part;
    std::vector<uint16_t> part_line;
    std::vector<uint64_t> part_key;
    const double share =
        static_cast<double>(kChoiceRows) / static_cast<double>(rows.size());
    for (size_t i = 0; share < 1.0 && i < rows.size(); ++i) {
      const uint64_t hash = MixBits(key[i] ^ 0x5ca1ab1e);
      if (static_cast<double>(hash >> 11) * 0x1p-53 > share) continue;
      part.push_back(rows[i]);
      part_key.push_back(key[i]);
      part_line.insert(part_line.end(), &line[i * columns],
                       &line[i * columns] + columns);
    }
    std::vector<CodedRows> foldings;
    if (part.size() >= kChoiceRows / 2) {
      foldings.push_back(OrderByFold(part, part_line, part_key, table.won,
                                     columns, line_count));
    } else {
      foldings.push_back(coded);
    }
    const size_t repeats = std::min(kMostFoldings, kChoiceRows / rows.size());
    std::vector<uint64_t> other_key(rows.size());
    for (size_t repeat = 1; repeat < repeats; ++repeat) {
      for (size_t i = 0; i < rows.size(); ++i) {
        other_key[i] = MixBits(key[i] + repeat);
      }
      foldings.push_back(
          OrderByFold(rows, line, other_key, table.won, columns, line_count));
    }
    const absl::Status fitted =
        state->FitPoints(table, options, coded, foldings, &forecast);
    if (!fitted.ok()) return fitted;
  }

  for (size_t c = 0; c < columns; ++c) {
    for (size_t i = 0; i < state->columns[c].size(); ++i) {
      const size_t at = state->first[c] + i;
      ScoreLine described = state->columns[c].Describe(i);
      described.column = static_cast<int32_t>(c);
      described.points = state->points[at];
      described.rows = rows_of[at];
      described.won = won_of[at];
      described.rate = *Wilson(won_of[at], rows_of[at], kZ90);
      state->lines.push_back(described);
    }
  }
  std::vector<double> out_of_fold(table.won.size(), -1.0);
  for (size_t i = 0; i < coded.size(); ++i) {
    out_of_fold[coded.from_row[i]] = forecast[i];
  }
  return ScorecardFit{Scorecard(std::move(state)), std::move(out_of_fold)};
}

// ---- A deal -----------------------------------------------------------------

absl::StatusOr<std::vector<ScorePart>> Scorecard::Explain(
    absl::Span<const ScoreAnswer> answers) const {
  const State& s = *state_;
  if (answers.size() != s.columns.size()) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat(answers.size(), " answers; allowed: ",
                               s.columns.size(), ", one a column"));
  }
  std::vector<ScorePart> parts;
  for (size_t c = 0; c < answers.size(); ++c) {
    const absl::StatusOr<size_t> line = s.LineOf(answers[c], c);
    if (!line.ok()) return line.status();
    parts.push_back({static_cast<int32_t>(c), static_cast<int32_t>(*line),
                     s.points[*line]});
  }
  return parts;
}

absl::StatusOr<int32_t> Scorecard::Score(
    absl::Span<const ScoreAnswer> answers) const {
  const absl::StatusOr<std::vector<ScorePart>> parts = Explain(answers);
  if (!parts.ok()) return parts.status();
  int32_t score = 0;
  for (const ScorePart& part : *parts) score += part.points;
  return score;
}

absl::StatusOr<Estimate> Scorecard::Predict(
    absl::Span<const ScoreAnswer> answers) const {
  const absl::StatusOr<int32_t> score = Score(answers);
  if (!score.ok()) return score.status();
  return Probability(*score);
}

Estimate Scorecard::Probability(int32_t score) const {
  const State& s = *state_;
  Estimate estimate;
  if (!s.adopted()) {
    const Proportion rate = *Wilson(s.won, s.rows, kZ90);
    estimate.value = rate.rate;
    estimate.low = rate.low;
    estimate.high = rate.high;
    estimate.effective_n = static_cast<double>(s.rows);
    estimate.source = Source::kNoSignal;
    return estimate;
  }
  estimate.value = ProbabilityOf(s.offset, score);
  const double limit = kMostPoints;
  const VennInterval interval =
      *s.intervals.At(std::min(std::max<double>(score, -limit), limit));
  estimate.low = std::min(interval.low, estimate.value);
  estimate.high = std::max(interval.high, estimate.value);
  estimate.effective_n = interval.EffectiveN();
  estimate.source = Source::kLearned;
  return estimate;
}

absl::StatusOr<std::vector<int32_t>> Scorecard::Scores(
    absl::Span<const ScoreColumn> columns, size_t rows) const {
  const State& s = *state_;
  if (columns.size() != s.columns.size()) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat(columns.size(), " columns; allowed: ", s.columns.size()));
  }
  std::vector<int32_t> scores(rows);
  if (rows == 0) return scores;
  const absl::Status fits = CheckShape(columns, rows);
  if (!fits.ok()) return fits;
  for (size_t c = 0; c < columns.size(); ++c) {
    if (columns[c].level.empty() != s.columns[c].numeric()) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat(NameOf(columns[c], c), " has ",
                                 s.columns[c].numeric() ? "levels" : "values",
                                 "; allowed: as it was fitted"),
                    {-1, static_cast<int32_t>(c)});
    }
    for (size_t row = 0; row < rows; ++row) {
      const absl::Status known = CheckAnswer(columns[c], c, row);
      if (!known.ok()) return known;
      scores[row] += s.points[s.LineOf(columns[c], c, row)];
    }
  }
  return scores;
}

const std::vector<ScoreLine>& Scorecard::Table() const { return state_->lines; }
size_t Scorecard::columns() const { return state_->columns.size(); }
double Scorecard::offset() const { return state_->offset; }
int64_t Scorecard::rows() const { return state_->rows; }
int64_t Scorecard::won() const { return state_->won; }
double Scorecard::l2() const { return state_->l2; }
const GateResult& Scorecard::gate() const { return state_->gate; }

// ---- The serialised form ----------------------------------------------------

namespace {

constexpr SerialForm kScorecardForm = {"scorecard", "5Kpoints", 1};
constexpr size_t kScorecardSize = 44 + kGateSize;
constexpr size_t kLineSize = 48;
constexpr size_t kCalibrationStepSize = 24;

template <typename... Args>
absl::Status NoScorecard(const Args&... why) {
  return Damaged(kScorecardForm, absl::StrCat(why...));
}

// Whether `won` of `rows` can be.
bool IsCount(int64_t won, int64_t rows) {
  return 0 <= won && won <= rows &&
         rows <= static_cast<int64_t>(kMostOneHotRows);
}

// The lines of a column as they are listed, or nothing if no column has them.
absl::StatusOr<ColumnLines> LinesOf(absl::Span<const ScoreLine> lines) {
  const auto bad = [&lines] {
    return NoScorecard("the lines of column ", lines.front().column,
                       " are not those of a column");
  };
  if (lines.size() < 2 || lines.back().kind != ScoreLineKind::kMissing) {
    return bad();
  }
  const absl::Span<const ScoreLine> answers = lines.first(lines.size() - 1);
  ColumnLines result = ColumnLines::OfLevels({});
  if (answers.front().kind == ScoreLineKind::kRange) {
    std::vector<double> edges;
    for (const ScoreLine& line : answers.subspan(1)) {
      edges.push_back(line.from);
      if (!IsFinite(line.from)) return bad();
      const size_t n = edges.size();
      if (n > 1 && !(edges[n - 2] < edges[n - 1])) return bad();
    }
    result = ColumnLines::OfEdges(std::move(edges));
  } else {
    std::vector<uint32_t> levels;
    for (const ScoreLine& line : answers.first(answers.size() - 1)) {
      if (!levels.empty() && levels.back() >= line.level) return bad();
      levels.push_back(line.level);
    }
    result = ColumnLines::OfLevels(std::move(levels));
  }
  for (size_t i = 0; i < lines.size(); ++i) {
    const ScoreLine want = result.Describe(i);
    const ScoreLine& line = lines[i];
    if (line.kind != want.kind || line.level != want.level ||
        line.from != want.from || line.to != want.to) {
      return bad();
    }
  }
  return result;
}

}  // namespace

std::string Scorecard::Serialise() const {
  const State& s = *state_;
  SerialWriter out(kScorecardForm,
                   kScorecardSize + s.lines.size() * kLineSize +
                       s.calibration.size() * kCalibrationStepSize);
  out.Put32(static_cast<uint32_t>(s.columns.size()));
  out.Put32(static_cast<uint32_t>(s.lines.size()));
  out.Put32(static_cast<uint32_t>(s.calibration.size()));
  out.Put64(static_cast<uint64_t>(s.rows));
  out.Put64(static_cast<uint64_t>(s.won));
  out.PutDouble(s.offset);
  out.PutDouble(s.l2);
  PutGate(s.gate, &out);
  for (const ScoreLine& line : s.lines) {
    out.Put32(static_cast<uint32_t>(line.column));
    out.Put32(static_cast<uint32_t>(line.kind));
    out.Put32(line.level);
    out.Put32(static_cast<uint32_t>(line.points));
    out.Put64(static_cast<uint64_t>(line.rows));
    out.Put64(static_cast<uint64_t>(line.won));
    out.PutDouble(line.from);
    out.PutDouble(line.to);
  }
  for (const ScoreCount& count : s.calibration) {
    out.Put32(static_cast<uint32_t>(count.score));
    out.Put32(0);
    out.Put64(static_cast<uint64_t>(count.rows));
    out.Put64(static_cast<uint64_t>(count.won));
  }
  return out.Finish();
}

absl::StatusOr<Scorecard> Scorecard::Read(absl::string_view bytes) {
  absl::StatusOr<SerialReader> opened =
      SerialReader::Open(kScorecardForm, bytes);
  if (!opened.ok()) return opened.status();
  SerialReader& reader = *opened;
  const size_t size = reader.left();
  const uint32_t columns = reader.Take32();
  const uint32_t lines = reader.Take32();
  const uint32_t scores = reader.Take32();
  if (columns < 1 || columns > kMostScoreColumns || lines > kMostLines ||
      size != kScorecardSize + uint64_t{lines} * kLineSize +
                  uint64_t{scores} * kCalibrationStepSize) {
    return NoScorecard(bytes.size(), " bytes are not those of ", columns,
                       " columns, ", lines, " lines and ", scores, " scores");
  }

  auto state = std::make_shared<State>();
  state->rows = reader.TakeSigned64();
  state->won = reader.TakeSigned64();
  state->offset = reader.TakeDouble();
  state->l2 = reader.TakeDouble();
  const absl::optional<GateResult> gate = TakeGate(&reader);
  if (!IsCount(state->won, state->rows) || state->won == 0 ||
      state->won == state->rows || !gate.has_value() ||
      gate->rows != state->rows || !(std::abs(state->offset) <= 1e6) ||
      !IsWithin(state->l2, 0.0, 1e6)) {
    return NoScorecard("what is said of the fit cannot be");
  }
  state->gate = *gate;

  for (uint32_t i = 0; i < lines; ++i) {
    ScoreLine line;
    line.column = reader.TakeSigned32();
    const uint32_t kind = reader.Take32();
    line.level = reader.Take32();
    line.points = reader.TakeSigned32();
    line.rows = reader.TakeSigned64();
    line.won = reader.TakeSigned64();
    line.from = reader.TakeDouble();
    line.to = reader.TakeDouble();
    const bool points_fit =
        line.points >= 0 && line.points <= (state->adopted() ? kMostPoints : 0);
    if (kind > static_cast<uint32_t>(ScoreLineKind::kMissing) || !points_fit ||
        !IsCount(line.won, line.rows)) {
      return NoScorecard("line ", i, " cannot be");
    }
    line.kind = static_cast<ScoreLineKind>(kind);
    line.rate = *Wilson(line.won, line.rows, kZ90);
    state->lines.push_back(line);
    state->points.push_back(line.points);
  }
  state->first.push_back(0);
  for (uint32_t c = 0; c < columns; ++c) {
    const size_t begin = state->first.back();
    size_t at = begin;
    int64_t rows = 0;
    int64_t won = 0;
    for (; at < lines && state->lines[at].column == static_cast<int32_t>(c);
         ++at) {
      rows += state->lines[at].rows;
      won += state->lines[at].won;
    }
    if (at == begin || rows != state->rows || won != state->won) {
      return NoScorecard("the lines of column ", c, " do not add up");
    }
    absl::StatusOr<ColumnLines> column =
        LinesOf(absl::MakeConstSpan(state->lines).subspan(begin, at - begin));
    if (!column.ok()) return column.status();
    state->columns.push_back(*std::move(column));
    state->first.push_back(at);
  }
  if (state->first.back() != lines) return NoScorecard("lines of no column");

  int64_t rows = 0;
  int64_t won = 0;
  for (uint32_t i = 0; i < scores; ++i) {
    ScoreCount count = {};
    count.score = reader.TakeSigned32();
    const uint32_t zero = reader.Take32();
    count.rows = reader.TakeSigned64();
    count.won = reader.TakeSigned64();
    if (zero != 0 || count.rows < 1 || !IsCount(count.won, count.rows) ||
        std::abs(static_cast<double>(count.score)) > kMostPoints ||
        (i > 0 && state->calibration.back().score >= count.score)) {
      return NoScorecard("score ", i, " cannot be");
    }
    rows += count.rows;
    won += count.won;
    state->calibration.push_back(count);
  }
  const bool adds_up =
      state->adopted() ? rows == state->rows && won == state->won : scores == 0;
  if (!adds_up) return NoScorecard("the scores do not add up");
  const absl::Status made = state->MakeIntervals();
  if (!made.ok()) return NoScorecard(made.message());
  return Scorecard(std::move(state));
}

}  // namespace fivek
