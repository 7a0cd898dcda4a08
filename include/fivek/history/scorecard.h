// A points scorecard, learned from the deals that have closed: for each answer
// to each question so many points, as in the 5K rubric, and a probability for
// their sum. It goes over columns that the vendor has: industry, source,
// seller, size; categories and numbers.
//
//   ScoreColumn column;
//   column.name = "source";
//   column.level = {3, 1, 1, 2, ...};         // one a row, the caller's codes
//   ScoreTable table;
//   table.columns = {column, ...};
//   table.won = {1, 0, 0, 1, ...};
//   ScorecardFit fit = *Scorecard::Fit(table, {});
//   fit.card.gate().verdict                   // kAdopt, or why not
//   fit.card.Score(answers)                   // 43
//   fit.card.Probability(43)                  // 0.61 in [0.48, 0.66], kLearned
//   fit.card.Explain(answers)                 // 17 + 0 + 26: adds up to 43
//
// The rule
//   log-odds = offset + score x ln 2 / 10: ten points more double the odds. The
//   score is the sum of whole points, one line of each column; the lowest line
//   of a column has 0. Nothing else goes into the probability, so points
//   explain it completely.
//
// How points come about: ridge logistic regression on all columns at once
// (logistic.h), the ridge chosen among kScorecardL2 by folds (of few rows by 8
// ways to fold them), weights rounded to points. A level of fewer than
// kLeastLevelRows rows, or beyond the most frequent ones (kMostLines lines in
// all columns together), is one of "other"; so is a level that was never seen.
// No answer is an answer of its own. Numbers are cut at quantiles of the rows;
// points need not rise with them.
//
// Signal or none: forecasts of rows that a card was not fitted to, in 5 folds,
// are compared with the rate of the other folds, and with `simpler` if that is
// given (CompareForecasts, metrics.h). A card that is not adopted has no points
// at all: each deal has the base rate, and the source kNoSignal. The ridge is
// chosen on the same folds, one of four: what that flatters is below what the
// gate asks for.
//
// Folds are by the hash of `group`, so rows of one deal or account are never on
// both sides; without `group`, by the hash of the answers, so rows with the
// same answers are together. That is careful, not clever: where few columns
// make many different deals look the same, give the ids.
//
// Units: points; probabilities in [0, 1]; days since 1970. Intervals are those
// of Venn-Abers on the same forecasts (recalibration.h), widened to hold the
// value where they do not. Order: the same rows in any order give the same card
// and the same bytes, on every machine; the order of columns is part of the
// card. Cost: O(rows x columns) a pass, 100 to 200 passes over parts of up to
// 8192 rows and some 40 over all. Thread-safety: immutable, cheap to copy.
// Source: statistics.md §2; Böhning 1992, Nocedal 1980 (the fit); Vovk, Petej
// 2014.
#ifndef FIVEK_HISTORY_SCORECARD_H_
#define FIVEK_HISTORY_SCORECARD_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "fivek/history/estimate.h"
#include "fivek/history/metrics.h"
#include "fivek/history/wilson.h"

namespace fivek {

inline constexpr int kPointsToDoubleOdds = 10;
inline constexpr size_t kMostScoreColumns = 64;
inline constexpr size_t kMostLines = 1024;
inline constexpr size_t kMostLevelsOfColumn = 64;
inline constexpr int64_t kLeastLevelRows = 3;
inline constexpr int kMostScoreBins = 16;
// Fewer closed deals, won or lost, are not asked for a signal.
inline constexpr int64_t kLeastScoreRows = 50;
inline constexpr int64_t kLeastScoreOutcomes = 10;
inline constexpr std::array<double, 4> kScorecardL2 = {1, 3, 10, 30};

// One question and its answers, one a row. Either levels or values are given.
struct ScoreColumn {
  absl::string_view name;             // For messages.
  absl::Span<const uint32_t> level;   // Any codes.
  absl::Span<const double> value;     // Finite.
  absl::Span<const uint8_t> missing;  // 1: no answer; empty: all have one.
  // The day on which the answer became known; empty: it is not checked.
  absl::Span<const int32_t> known_on;
};

struct ScoreTable {
  absl::Span<const ScoreColumn> columns;
  absl::Span<const uint8_t> won;        // 0 or 1, of deals that have closed.
  absl::Span<const uint64_t> group;     // The deal or account; may be empty.
  absl::Span<const int32_t> closed_on;  // May be empty.
  // What forecast the same deals before they closed, as the ladder; empty: the
  // base rate alone is to beat.
  absl::Span<const double> simpler;
};

struct ScorecardOptions {
  // The window: rows that closed from `from_day` to `as_of`, both included;
  // others are left out. All rows, if there is no `closed_on`.
  int32_t from_day = std::numeric_limits<int32_t>::min();
  int32_t as_of = std::numeric_limits<int32_t>::max();
  int32_t bins = 5;  // Of numeric columns, 2 to kMostScoreBins.
  double l2 = 0.0;   // 0: chosen; else 0.01 to 1e6.
};

// Part of the ABI and of the serialised form: append, never renumber.
enum class ScoreLineKind : uint8_t {
  kLevel = 0,    // Has that level.
  kRange = 1,    // from <= value < to.
  kOther = 2,    // A level that has no line.
  kMissing = 3,  // No answer.
};

// A line of the card, to be printed: what it takes, what it is worth, and what
// the deals that have it say by themselves.
struct ScoreLine {
  int32_t column = 0;
  ScoreLineKind kind = ScoreLineKind::kLevel;
  uint32_t level = 0;
  double from = 0.0, to = 0.0;  // -infinity and infinity at the ends.
  int32_t points = 0;
  int64_t rows = 0, won = 0;
  Proportion rate;  // won / rows, with z of 90 %.
};

// An answer of one deal: the level or the value, as its column has it.
struct ScoreAnswer {
  uint32_t level = 0;
  double value = 0.0;
  bool missing = false;
};

struct ScorePart {
  int32_t column = 0;
  int32_t line = 0;  // In Table().
  int32_t points = 0;
};

struct ScorecardFit;

class Scorecard {
 public:
  // kInvalidArgument, naming row and column (the columns, then won, closed_on,
  // simpler), for values out of range and NaN, for lengths that do not match,
  // for no columns or too many, for no rows in the window, and for rows of one
  // outcome only, which say nothing of the other. Also for an answer that was
  // not known by the day the deal closed, or by `as_of`: it is a result of the
  // outcome, or from the future, not a sign of it. kOutOfRange above 2^26 rows.
  static absl::StatusOr<ScorecardFit> Fit(const ScoreTable& table,
                                          const ScorecardOptions& options);

  // ---- A deal
  // Answers, one for each column in order. kInvalidArgument for another number
  // of them and for a value that is not finite, naming the column.
  absl::StatusOr<int32_t> Score(absl::Span<const ScoreAnswer> answers) const;
  absl::StatusOr<Estimate> Predict(absl::Span<const ScoreAnswer> answers) const;
  absl::StatusOr<std::vector<ScorePart>> Explain(
      absl::Span<const ScoreAnswer> answers) const;
  // Of a score: what Predict says.
  Estimate Probability(int32_t score) const;

  // ---- Many
  // The score of each row; columns as those of the fit, in that order. O(n).
  absl::StatusOr<std::vector<int32_t>> Scores(
      absl::Span<const ScoreColumn> columns, size_t rows) const;

  // ---- The card
  const std::vector<ScoreLine>& Table() const;
  size_t columns() const;
  double offset() const;  // Log-odds of a score of 0.
  int64_t rows() const;   // Fitted to.
  int64_t won() const;
  double l2() const;
  const GateResult& gate() const;

  // ---- The serialised form, all numbers little-endian on every machine
  //
  //   offset  bytes
  //        0      8  "5Kpoints"
  //        8      4  version, 1
  //       12      4  number of columns
  //       16      4  number of lines, n
  //       20      4  number of scores, m
  //       24     16  rows, won
  //       40     16  offset, l2
  //       56      4  verdict; 4 bytes of 0
  //       64     40  rows, losses of base and model, mean and sd of the gain
  //      104  48 x n lines: column, kind, level, points, rows, won, from, to
  //           24 x m scores of rows in other folds: score, 4 bytes of 0, rows,
  //                  won
  //                8  FNV-1a, 64 bits, of all bytes before
  std::string Serialise() const;
  // kDataLoss (kDataDamaged) for anything but what Serialise writes.
  static absl::StatusOr<Scorecard> Read(absl::string_view bytes);

 private:
  struct State;
  explicit Scorecard(std::shared_ptr<const State> state);

  std::shared_ptr<const State> state_;
};

struct ScorecardFit {
  Scorecard card;
  // The forecast of each row by a card that was not fitted to it; -1 outside
  // the window. What the gate compared, adopted or not; without enough rows to
  // ask, the base rate.
  std::vector<double> out_of_fold;
};

}  // namespace fivek

#endif  // FIVEK_HISTORY_SCORECARD_H_
