// What the five dimensions say of a deal beyond its rung of the ladder, as far
// as history bears it out.
//
//   log-odds = log-odds of the ladder + b + sum of w_k x_k,   w_k >= 0
//   x_k = ln((points_k + 1) / 21), less its mean in the deal's stage
//
// For small probabilities this is the product of the five, each to a power that
// was learned; it never exceeds 1, and more evidence never counts against a
// deal. Points that are unknown (255) are the mean of the stage: x_k = 0.
//
//   EvidenceFit fit = *EvidenceModel::Fit(closed_deals, {});
//   Estimate p = *fit.model.Predict(stage, ladder, points);
//   p = *fit.model.Predict(stage, *learned.Won({}, stage), points);
//   EvidenceExplanation why = *fit.model.Explain(stage, ladder, points);
//   why.share_ppm[1]   // what the second dimension adds, in millionths
//   std::string bytes = fit.model.Serialise();  // EvidenceModel::Read(bytes)
//
// The model replaces the ladder only if it is better on deals it was not fitted
// to, in 5 folds by the hash of the id (CompareForecasts, metrics.h). Otherwise
// the probability is that of the ladder, source kNoSignal; with fewer than
// kLeastEvidenceDeals deals or kLeastEvidenceOutcomes won or lost nothing is
// tried, source kPrior. The ridge is chosen among kEvidenceL2 on the same
// folds.
//
// Units: points 0 to 20, probabilities in [0, 1], days since 1970. Intervals
// are 90 %: of a ladder given as a number those of the weights alone, and [0,
// 1] without a signal; of one given as an Estimate those of both, as if they
// were independent, combined in log-odds. Order: the same deals
// in any order give the same bits, on every machine. Cost: O(n log n), some 25
// fits of 5 weights. Thread-safety: immutable, pure functions. Source:
// statistics.md §2; Shapley 1953.
#ifndef FIVEK_HISTORY_EVIDENCE_MODEL_H_
#define FIVEK_HISTORY_EVIDENCE_MODEL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "fivek/history/estimate.h"
#include "fivek/history/logistic.h"
#include "fivek/history/metrics.h"

namespace fivek {

inline constexpr size_t kEvidenceDimensions = 5;
inline constexpr uint8_t kUnknownPoints = 255;
inline constexpr uint8_t kMostEvidencePoints = 20;
inline constexpr uint8_t kEvidenceStages = 7;  // Milestones 0 to 6.
inline constexpr size_t kLeastEvidenceDeals = 50;
inline constexpr size_t kLeastEvidenceOutcomes = 10;
inline constexpr std::array<double, 4> kEvidenceL2 = {0.3, 1, 3, 10};

using EvidencePoints = std::array<uint8_t, kEvidenceDimensions>;

// One deal of less would outweigh all others, if it was won.
inline constexpr double kLeastEvidenceLadder = 1e-21;

// A deal that has closed, as it stood before.
struct EvidenceDeal {
  uint64_t id = 0;  // Rows of one deal are in one fold.
  // Of its stage, or stage and age: kLeastEvidenceLadder or more, below 1.
  double ladder = 0.0;
  int32_t known_on = 0;        // The day from which on all of this was known.
  int32_t closed_on = 0;       // Not before.
  uint8_t stage = 0;           // Below kEvidenceStages.
  EvidencePoints points = {};  // By dimension; 255: unknown.
  uint8_t won = 0;             // 0 or 1.
};

struct EvidenceOptions {
  // The window: deals that closed in it, both days included.
  int32_t from_day = std::numeric_limits<int32_t>::min();
  int32_t as_of = std::numeric_limits<int32_t>::max();
};

struct EvidenceExplanation {
  // log_odds = ladder_log_odds + intercept + log_odds_share[0] + ... added in
  // that order, to the last bit.
  double log_odds = 0.0;
  double ladder_log_odds = 0.0;
  double intercept = 0.0;
  std::array<double, kEvidenceDimensions> log_odds_share = {};
  // probability_ppm = reference_ppm + the sum of share_ppm, exactly. The
  // reference is a deal with the mean evidence of its stage. Shares are
  // Shapley's: the mean over all orders in which dimensions become known of
  // what each adds. They are rounded down, and what is left goes to those that
  // lost most, of equal ones to the first.
  int32_t probability_ppm = 0;
  int32_t reference_ppm = 0;
  std::array<int32_t, kEvidenceDimensions> share_ppm = {};
};

struct EvidenceFit;

class EvidenceModel {
 public:
  // kInvalidArgument, naming the row and the column (by the order of
  // EvidenceDeal), for what is out of range, and for a deal that was known only
  // after it closed: that is the outcome, not a sign of it. No deals are none.
  static absl::StatusOr<EvidenceFit> Fit(absl::Span<const EvidenceDeal> deals,
                                         const EvidenceOptions& options);

  // kInvalidArgument as above.
  absl::StatusOr<Estimate> Predict(uint8_t stage, double ladder,
                                   const EvidencePoints& points) const;
  // With what is known of the ladder. Independent observations add up like
  // resistors: 1 / n = 1 / n of the ladder + 1 / n of the weights. A model that
  // is not adopted gives the ladder as it is, with the source kNoSignal if it
  // was tried. kInvalidArgument too unless 0 <= low <= value <= high <= 1 and
  // effective_n is 0 or more.
  absl::StatusOr<Estimate> Predict(uint8_t stage, const Estimate& ladder,
                                   const EvidencePoints& points) const;
  absl::StatusOr<EvidenceExplanation> Explain(
      uint8_t stage, double ladder, const EvidencePoints& points) const;

  // 0 without a signal.
  double intercept() const;
  std::array<double, kEvidenceDimensions> weights() const;
  double l2() const { return l2_; }
  const GateResult& gate() const { return gate_; }

  // ---- The serialised form, all numbers little-endian on every machine
  //
  //   offset  bytes
  //        0      8  "5Kweight"
  //        8      4  version, 1
  //       12      4  bytes of 0
  //       16      8  l2
  //       24      8  verdict; 4 bytes of 0
  //       32     40  rows, losses of base and model, mean and sd of the gain
  //       72     48  intercept, weights by dimension
  //      120    280  means of 5 dimensions in stage 0, in stage 1, ...
  //      400    288  covariance of intercept and weights, by rows
  //      688      8  FNV-1a, 64 bits, of all bytes before
  //
  // Without a signal intercept, weights and covariance are 0.
  std::string Serialise() const;
  // Predicts and explains the same bits as what was written. kDataLoss
  // (kDataDamaged) for anything but what Serialise writes.
  static absl::StatusOr<EvidenceModel> Read(absl::string_view bytes);

 private:
  bool adopted() const { return gate_.verdict == GateVerdict::kAdopt; }
  std::array<double, kEvidenceDimensions> Features(
      uint8_t stage, const EvidencePoints& points) const;

  // Of ln((points + 1) / 21).
  std::array<std::array<double, kEvidenceDimensions>, kEvidenceStages> mean_ =
      {};
  LogisticModel model_;  // Of no weights: all 0.
  double l2_ = 0.0;
  GateResult gate_;
};

struct EvidenceFit {
  EvidenceModel model;
  // The forecast of each deal by a model not fitted to it; -1 outside the
  // window.
  std::vector<double> out_of_fold;
};

// ---- The five as they are, without history ----------------------------------

struct FiveK {
  double product = 0.0;  // Of points / 20: any 0 is the end of the deal.
  double geometric_mean = 0.0;
  double arithmetic_mean = 0.0;
  // ln((points + 1) / 21): 0 at the top, -3.04 of no evidence.
  std::array<double, kEvidenceDimensions> log_feature = {};
  double smoothed_product = 0.0;  // e^ their sum.
  // Which part of what is missing is this dimension's; they add up to 1, or are
  // all 0 if nothing is missing.
  std::array<double, kEvidenceDimensions> drag_share = {};
  uint32_t weakest = 0;  // Bit k: no dimension has fewer points than k.
};

// kInvalidArgument for points above 20; 255 too: all five have to be known.
absl::StatusOr<FiveK> FiveKOf(const EvidencePoints& points);

}  // namespace fivek

#endif  // FIVEK_HISTORY_EVIDENCE_MODEL_H_
