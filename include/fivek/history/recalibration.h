// From a score to a probability that was right so far, and how far it can be
// trusted: Platt's curve, isotonic regression and Venn-Abers intervals.
//
//   VennAbers v = *VennAbers::Fit(scores, won);  // of deals that have closed
//   VennInterval p = *v.At(0.33);
//   p.low, p.high                                // 1/4 and 1/2
//   p.merged                                     // 0.4
//
// Scores are doubles from -1e6 to 1e6, larger ones for better deals; outcomes 0
// or 1. Everything here should be fitted to forecasts of deals that the score
// itself was not fitted to.
//
// Errors: kInvalidArgument, naming the row and the column (0 score or forecast,
// 1 outcome), for NaN, for what is out of range, for lengths that differ and
// for no rows. The same rows in any order give the same bits, on every machine.
// Thread-safety: immutable values, pure functions. Source: Platt 1999; Vovk,
// Petej 2014; Zadrozny, Elkan 2002.
#ifndef FIVEK_HISTORY_RECALIBRATION_H_
#define FIVEK_HISTORY_RECALIBRATION_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "fivek/history/metrics.h"

namespace fivek {

inline constexpr double kLargestScore = 1e6;

// ---- Platt ------------------------------------------------------------------

// p = 1 / (1 + e^(a score + b)); a is below 0 where high scores win.
struct PlattCurve {
  double a = 0.0;
  double b = 0.0;

  double At(double score) const;
};

// Of least log loss beside targets that are not quite 0 and 1: (won + 1) /
// (won + 2) for won rows and 1 / (lost + 2) for lost ones. So there is a curve
// for rows of one outcome and for scores that separate, and it is never sure.
// a = 0 if all scores are equal. Accuracy 1e-10. O(n log n).
absl::StatusOr<PlattCurve> FitPlatt(absl::Span<const double> score,
                                    absl::Span<const uint8_t> won);

// ---- Venn-Abers -------------------------------------------------------------

// What isotonic regression says of a deal if it is added as lost (low) and as
// won (high): one of the two is right on the average, whatever the score is, if
// deals are exchangeable. low < merged < high.
struct VennInterval {
  double low = 0.0;
  double high = 1.0;
  double merged = 0.5;  // high / (1 - low + high), the least regretted.

  // As many closed deals would leave this interval: 1 / (high - low) - 1.
  double EffectiveN() const { return 1.0 / (high - low) - 1.0; }
};

class VennAbers {
 public:
  // O(n log n). Means are compared as fractions, so ties are ties.
  static absl::StatusOr<VennAbers> Fit(absl::Span<const double> score,
                                       absl::Span<const uint8_t> won);

  // Of rows that are counted: of `rows` with a score, `won` were. The scores
  // rise. The columns of an error are 0 score, 1 won, 2 rows.
  static absl::StatusOr<VennAbers> FitCounts(absl::Span<const double> score,
                                             absl::Span<const int64_t> won,
                                             absl::Span<const int64_t> rows);

  // O(log n). kInvalidArgument for a score out of range.
  absl::StatusOr<VennInterval> At(double score) const;
  // Of each score: m in O(m log n). The column of an error is 0.
  absl::StatusOr<std::vector<VennInterval>> At(
      absl::Span<const double> score) const;

 private:
  VennInterval Between(double score) const;

  std::vector<double> score_;  // Rising, each once.
  std::vector<double> low_;    // Of a deal with that score.
  std::vector<double> high_;
};

// ---- A step of recalibration, if it is worth it -----------------------------

// Part of the ABI: append, never renumber.
enum class RecalibrationKind : uint8_t {
  kIdentity = 0,  // The forecasts stay as they are.
  kPlatt = 1,     // A curve over their log-odds.
  kIsotonic = 2,  // Steps.
};

// Fewer rows than this leave isotonic regression with steps at 0 and 1.
inline constexpr size_t kLeastIsotonicRows = 200;

// Forecasts set right by what happened since, for a model that has drifted.
//
//   Recalibration step = *Recalibration::Choose(forecasts, won, ids);
//   std::vector<double> right = *step.Apply(absl::MakeConstSpan(next));
//   std::string bytes = step.Serialise();  // Recalibration::Read(bytes)
class Recalibration {
 public:
  // Chooses among the kinds by forecasts of rows that the step was not fitted
  // to, in 5 folds by the hash of `id`: rows with one id stay together. Platt
  // and, from kLeastIsotonicRows on, isotonic regression are compared with the
  // forecasts as they are (CompareForecasts, metrics.h). Of those that are
  // adopted the one with the least log loss is; if none is, kIdentity. The
  // chosen one is fitted to all rows. O(n log n).
  static absl::StatusOr<Recalibration> Choose(absl::Span<const double> forecast,
                                              absl::Span<const uint8_t> won,
                                              absl::Span<const uint64_t> id);

  RecalibrationKind kind() const { return kind_; }
  // Why: of the chosen kind, or of Platt if that is kIdentity.
  const GateResult& gate() const { return gate_; }

  // kInvalidArgument unless 0 <= forecast <= 1.
  absl::StatusOr<double> Apply(double forecast) const;
  // Of each forecast: m of them in O(m log n). The column of an error is 0.
  absl::StatusOr<std::vector<double>> Apply(
      absl::Span<const double> forecast) const;

  // ---- The serialised form, all numbers little-endian on every machine
  //
  //   offset  bytes
  //        0      8  "5Kadjust"
  //        8      4  version, 1
  //       12      4  kind
  //       16      8  number of steps, n; 0 unless the kind is kIsotonic
  //       24      8  verdict; 4 bytes of 0
  //       32     40  rows, losses of base and model, mean and sd of the gain
  //       72     16  a and b of the curve, 0 unless the kind is kPlatt
  //       88  16 x n steps: the forecast it begins at, its value
  //                8  FNV-1a, 64 bits, of all bytes before
  std::string Serialise() const;
  // Sets right to the same bits as what was written. kDataLoss (kDataDamaged)
  // for anything but what Serialise writes.
  static absl::StatusOr<Recalibration> Read(absl::string_view bytes);

 private:
  double Corrected(double forecast) const;
  RecalibrationKind kind_ = RecalibrationKind::kIdentity;
  GateResult gate_;
  PlattCurve curve_;
  std::vector<double> from_;  // Where steps begin; the first holds below too.
  std::vector<double> step_;
};

}  // namespace fivek

#endif  // FIVEK_HISTORY_RECALIBRATION_H_
