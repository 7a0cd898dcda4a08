// One row of a book, by the rules of scoring.h: what the batch kernels have to
// equal, and what scores the rows that they leave.
#ifndef FIVEK_SRC_PIPELINE_SCORE_ROW_H_
#define FIVEK_SRC_PIPELINE_SCORE_ROW_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/base/attributes.h"
#include "absl/base/optimization.h"
#include "absl/status/status.h"
#include "fivek/base/money.h"
#include "fivek/base/probability.h"
#include "fivek/base/reason.h"
#include "fivek/method/opportunity.h"
#include "fivek/method/policy.h"
#include "fivek/method/strength.h"
#include "fivek/pipeline/scoring.h"
#include "src/method/milestone_kernel.h"
#include "src/method/strength_kernel.h"
#include "src/pipeline/aligned.h"

namespace fivek {

// How probable an outcome is: where it is open, the milestone says; else a
// number does. Masks, as outcomes in a book are too mixed for a branch.
struct OutcomeProbability {
  int32_t open;  // All ones or 0.
  int32_t closed_ppm;
};
inline constexpr std::array<OutcomeProbability, kOutcomeCount>
    kOutcomeProbability = {{
        {-1, 0},        // Open.
        {-1, 0},        // On hold.
        {0, kCertain},  // Won.
        {0, 0},         // Lost.
        {0, 0},         // Void.
    }};

// The probabilities of open deals by milestone and age.
struct OpenProbability {
  const int32_t* ppm;
  uint32_t buckets;
};

// `outcome` is a code that there is, `age_bucket` below open.buckets.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline int32_t ProbabilityOf(
    const OpenProbability& open, uint32_t milestone, uint32_t age_bucket,
    uint32_t outcome) {
  const OutcomeProbability& by_outcome = kOutcomeProbability[outcome];
  const int32_t yield = open.ppm[milestone * open.buckets + age_bucket];
  return (yield & by_outcome.open) | by_outcome.closed_ppm;
}

// Amounts whose product with a probability fits: nearly all.
inline constexpr uint64_t kNear = uint64_t{1} << 43;
constexpr bool IsNear(int64_t amount) {
  return static_cast<uint64_t>(amount) + kNear < 2 * kNear;
}

// amount x ppm / 10^6, half to even, as ExpectedAmount. `ppm` is 0..10^6.
constexpr int64_t ExpectedOfNear(int64_t amount, int32_t ppm) {
  constexpr uint64_t kMillion = 1'000'000;
  // Made positive by an even number of millions, so that division rounds down.
  const uint64_t shifted =
      static_cast<uint64_t>(amount * ppm) + kNear * kMillion + kMillion / 2;
  const uint64_t half_up = shifted / kMillion;
  const uint64_t tie = half_up * kMillion == shifted ? 1 : 0;
  return static_cast<int64_t>(half_up - (half_up & tie) - kNear);
}

// The same in 64 bits for any amount.
inline int64_t ExpectedOf(int64_t amount, int32_t ppm, Rounding rounding) {
  constexpr uint64_t kMillion = 1'000'000;
  const auto p = static_cast<uint64_t>(ppm);
  const uint64_t sign = amount < 0 ? ~uint64_t{0} : 0;
  const uint64_t magnitude = (static_cast<uint64_t>(amount) ^ sign) - sign;
  const uint64_t part = magnitude % kMillion * p;
  const uint64_t rest = part % kMillion;
  uint64_t result = magnitude / kMillion * p + part / kMillion;
  // A tie goes up if the number below is odd, or always.
  const uint64_t tie_up =
      rounding == Rounding::kHalfAwayFromZero ? 1 : result & 1;
  result += rest * 2 + tie_up > kMillion ? 1 : 0;
  return static_cast<int64_t>((result ^ sign) - sign);
}

// Half to even, of any amount.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline int64_t ExpectedHalfEven(int64_t amount,
                                                             int32_t ppm) {
  return ABSL_PREDICT_TRUE(IsNear(amount))
             ? ExpectedOfNear(amount, ppm)
             : ExpectedOf(amount, ppm, Rounding::kHalfEven);
}

// A deal whose outcome may be none of the codes.
struct DealRow {
  Assessment assessment;
  EvidenceMask evidence;
  int32_t outcome;
  int64_t amount;
};

// Any deal. False for a bad one, with *out as it was.
bool ComputeAnyDeal(const MethodTables& tables, const OpenProbability& open,
                    const DealRow& deal, uint32_t age_bucket, DealScore* out);

// Why ComputeAnyDeal says false of a deal that has no age.
absl::Status ExplainDeal(const MethodTables& tables, const DealRow& deal);

// Known levels, a policy in order, a usual amount: one path, for any structs
// that have the fields of DealRow and DealScore, as the C interface computes
// straight into the caller's. False, with *out as it was, for all else.
template <typename DealLike, typename DealScoreLike>
ABSL_ATTRIBUTE_ALWAYS_INLINE inline bool ComputePlainDeal(
    const MethodTables& tables, const OpenProbability& open,
    const DealLike& deal, uint32_t age_bucket, DealScoreLike* out) {
  const auto code = static_cast<uint32_t>(deal.outcome);
  if (IsSpecial(PackAssessment(deal.assessment)) || code >= kOutcomeCount ||
      age_bucket >= open.buckets || !tables.plain || !IsNear(deal.amount)) {
    return false;
  }
  const LevelGroups groups = GroupsOf(tables, deal.assessment.level,
                                      deal.assessment.by_decision_maker);
  // All is read before anything is written, which could change it for all that
  // the compiler knows.
  const uint32_t total = groups.Total();
  const uint32_t weakest = groups.Weakest();
  const uint32_t product = groups.Product();
  out->strength = static_cast<int32_t>(total);
  out->weakest = static_cast<int32_t>(weakest >> 24 & 7);
  out->product_ppm = ProductPpm(static_cast<int32_t>(product));
  const uint64_t place = PlaceInOrder(tables, deal.evidence);
  const auto milestone = static_cast<uint32_t>(place >> 32);
  out->stage = static_cast<int32_t>(place);
  out->milestone = static_cast<int32_t>(milestone);
  const int32_t ppm = ProbabilityOf(open, milestone, age_bucket, code);
  out->probability_ppm = ppm;
  out->expected_amount = ExpectedOfNear(deal.amount, ppm);
  return true;
}

// ---- Rows of columns: any structs with the fields of ScoreInput and
// ScoreOutput

template <typename In, typename Out>
bool AreAligned(const In& in, const Out& out) {
  return IsAligned(in.evidence) && IsAligned(in.amount) &&
         IsAligned(out.product_ppm) && IsAligned(out.probability_ppm) &&
         IsAligned(out.expected_amount) && IsAligned(out.row_status);
}

template <typename T>
T At(const T* column, size_t row, T absent) {
  return column != nullptr ? column[row] : absent;
}

template <typename In>
ABSL_ATTRIBUTE_ALWAYS_INLINE inline DealRow RowAt(const In& in, size_t i) {
  DealRow row;
  row.assessment.level[0] = At(in.problem, i, kUnknown);
  row.assessment.level[1] = At(in.power, i, kUnknown);
  row.assessment.level[2] = At(in.vision, i, kUnknown);
  row.assessment.level[3] = At(in.value, i, kUnknown);
  row.assessment.level[4] = At(in.control, i, kUnknown);
  row.assessment.by_decision_maker = At(in.by_decision_maker, i, uint8_t{0});
  row.evidence = At(in.evidence, i, EvidenceMask{0});
  row.outcome = At(in.outcome, i, uint8_t{0});
  row.amount = At(in.amount, i, int64_t{0});
  return row;
}

template <typename T, typename From>
void Put(T* column, size_t row, From value) {
  if (column != nullptr) column[row] = static_cast<T>(value);
}

template <typename Out>
ABSL_ATTRIBUTE_ALWAYS_INLINE inline void PutRow(const Out& out, size_t i,
                                                const DealScore& score,
                                                absl::StatusCode status) {
  Put(out.strength, i, score.strength);
  Put(out.weakest, i, score.weakest);
  Put(out.product_ppm, i, score.product_ppm);
  Put(out.stage, i, score.stage);
  Put(out.milestone, i, score.milestone);
  Put(out.probability_ppm, i, score.probability_ppm);
  Put(out.expected_amount, i, score.expected_amount);
  Put(out.row_status, i, static_cast<int32_t>(status));
}

// True, with all rows scored, if all are plain. For a few, which are not worth
// what many are prepared for.
template <typename In, typename Out>
ABSL_ATTRIBUTE_ALWAYS_INLINE inline bool ScorePlainRows(
    const MethodTables& tables, const In& in, const Out& out, size_t rows) {
  for (size_t row = 0; row < rows; ++row) {
    DealScore score;
    if (!ComputePlainDeal(tables, {tables.yield_ppm, 1}, RowAt(in, row), 0,
                          &score)) {
      return false;
    }
    PutRow(out, row, score, absl::StatusCode::kOk);
  }
  return true;
}

}  // namespace fivek

#endif  // FIVEK_SRC_PIPELINE_SCORE_ROW_H_
