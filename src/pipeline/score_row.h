// One row of a book, by the rules of scoring.h: what the batch kernels have to
// equal, and what scores the rows that they leave.
#ifndef FIVEK_SRC_PIPELINE_SCORE_ROW_H_
#define FIVEK_SRC_PIPELINE_SCORE_ROW_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/base/attributes.h"
#include "absl/base/optimization.h"
#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "fivek/base/money.h"
#include "fivek/base/probability.h"
#include "fivek/base/reason.h"
#include "fivek/method/opportunity.h"
#include "fivek/method/policy.h"
#include "fivek/method/strength.h"
#include "fivek/pipeline/scoring.h"
#include "src/base/aligned.h"
#include "src/method/milestone_kernel.h"
#include "src/method/strength_kernel.h"

namespace fivek {

// The probabilities of open deals by milestone and age.
struct OpenProbability {
  const int32_t* ppm;
  uint32_t buckets;
};

// `outcome` is a code that there is, `age_bucket` below open.buckets.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline int32_t ProbabilityOf(
    const OpenProbability& open, uint32_t milestone, uint32_t age_bucket,
    uint32_t outcome) {
  return ProbabilityOf(static_cast<Outcome>(outcome),
                       open.ppm[milestone * open.buckets + age_bucket]);
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

// The shortest way, for amounts of 41 bits: *scaled is the amount x 2^22, for
// ExpectedByShare. False for others.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline bool ScaleAmount(int64_t amount,
                                                     int64_t* scaled) {
  return !__builtin_mul_overflow(amount, int64_t{1} << 22, scaled);
}

// Half to even too, with `share` = ShareOf(ppm).
//
// The product's high half is the exact result x 2^21, within 1/2 if certain and
// else within 1/4, rounded down. What is exact is a whole number of millionths,
// 2.09 of these units. So a tie, at 2^20 behind the point, comes out there or
// one lower, and everything else at two lower or less, or at one higher or
// more: adding 2^20 - 1 to an even number and 2^20 + 1 to an odd one carries
// where it has to.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline int64_t ExpectedByShare(int64_t scaled,
                                                            int64_t share) {
#if defined(__SIZEOF_INT128__)
  __extension__ using Product = __int128;
  const auto high = static_cast<int64_t>(Product{scaled} * share >> 64);
#else
  const int64_t high = absl::Int128High64(absl::int128(scaled) * share);
#endif
  return (high + ((1 << 20) - 1) + (high >> 20 & 2)) >> 21;
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

// A deal with known levels and a usual amount, by a policy whose items are in
// order: what has been looked up of it, and what follows, on one path.
struct PlainDeal {
  uint32_t two, three;  // See PackGroup.
  uint32_t cell;        // Of the tables of deals.
  int64_t scaled;       // See ScaleAmount.

  uint32_t Strength() const { return (two + three) >> 16 & 0xFF; }
  uint32_t Weakest() const {
    // By value: of references, the compiler would make a jump.
    const auto lower = [](uint32_t a, uint32_t b) { return a < b ? a : b; };
    return lower(two, three) >> 24 & 7;
  }
  int32_t Product() const {
    return ProductPpm(static_cast<int32_t>((two & 0xFFFF) * (three & 0xFFFF)));
  }
  uint64_t Place(const MethodTables& tables) const {  // See PackPlace.
    return tables.deal_place[cell];
  }
  int32_t Ppm(const MethodTables& tables) const {
    return tables.deal_ppm[cell];
  }
  int64_t Expected(const MethodTables& tables) const {
    return ExpectedByShare(scaled, tables.deal_share[cell]);
  }
};

// Looks up what a deal needs; its assessment is packed. False if it is not
// plain.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline bool FindPlainDeal(
    const MethodTables& tables, uint64_t packed, EvidenceMask evidence,
    uint32_t outcome, int64_t amount, PlainDeal* out) {
  if (ABSL_PREDICT_FALSE(IsSpecial(packed, tables.not_plain)) ||
      ABSL_PREDICT_FALSE(outcome >= kOutcomeCount) ||
      ABSL_PREDICT_FALSE(!ScaleAmount(amount, &out->scaled))) {
    return false;
  }
  out->two = tables.first_two[FirstTwoIndex(packed)];
  out->three = tables.last_three[LastThreeIndex(packed)];
  out->cell = 8 * FirstMissing(tables, evidence) + outcome;
  return true;
}

// False, with *out as it was, for a deal that is not plain. Any structs with
// the fields of DealRow and DealScore: the C interface computes straight into
// the caller's.
template <typename DealLike, typename DealScoreLike>
ABSL_ATTRIBUTE_ALWAYS_INLINE inline bool ComputePlainDeal(
    const MethodTables& tables, const DealLike& deal, DealScoreLike* out) {
  PlainDeal plain;
  if (!FindPlainDeal(tables, PackAssessment(deal.assessment), deal.evidence,
                     static_cast<uint32_t>(deal.outcome), deal.amount,
                     &plain)) {
    return false;
  }
  out->product_ppm = plain.Product();
  out->strength = static_cast<int32_t>(plain.Strength());
  out->weakest = static_cast<int32_t>(plain.Weakest());
  const uint64_t place = plain.Place(tables);
  out->stage = static_cast<int32_t>(place);
  out->milestone = static_cast<int32_t>(place >> 32);
  out->probability_ppm = plain.Ppm(tables);
  out->expected_amount = plain.Expected(tables);
  return true;
}

// ---- Rows of columns: any structs with the fields of ScoreInput and
// ScoreOutput

// In one test: those of four bytes count as the half of those of eight.
template <typename In, typename Out>
bool AreAligned(const In& in, const Out& out) {
  const auto bits = [](const void* column) {
    return reinterpret_cast<uintptr_t>(column);
  };
  constexpr uintptr_t kWide = alignof(int64_t);
  constexpr uintptr_t kTimes = kWide / alignof(int32_t);
  const uintptr_t wide = bits(in.amount) | bits(out.expected_amount);
  const uintptr_t narrow = bits(in.evidence) | bits(out.product_ppm) |
                           bits(out.probability_ppm) | bits(out.row_status);
  return ((wide | narrow * kTimes) & (kWide - 1)) == 0;
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

// True, with the row scored, if it is plain. For the C interface's smallest
// calls: from column to column, in few registers.
template <typename In, typename Out>
ABSL_ATTRIBUTE_ALWAYS_INLINE inline bool ScorePlainRow(
    const MethodTables& tables, const In& in, const Out& out, size_t i) {
  // One column after the other, as a pointer that waits takes a register.
  uint64_t packed = 0;
  const auto has_level = [&packed, i](const uint8_t* column, int dimension) {
    if (ABSL_PREDICT_FALSE(column == nullptr)) return false;
    packed |= uint64_t{column[i]} << (8 * dimension);
    return true;
  };
  if (!has_level(in.problem, 0) || !has_level(in.power, 1) ||
      !has_level(in.vision, 2) || !has_level(in.value, 3) ||
      !has_level(in.control, 4)) {
    return false;
  }
  packed |= uint64_t{At(in.by_decision_maker, i, uint8_t{0})} << 40;
  PlainDeal plain;
  if (!FindPlainDeal(tables, packed, At(in.evidence, i, EvidenceMask{0}),
                     At(in.outcome, i, uint8_t{0}),
                     At(in.amount, i, int64_t{0}), &plain)) {
    return false;
  }
  if (out.product_ppm != nullptr) out.product_ppm[i] = plain.Product();
  Put(out.strength, i, plain.Strength());
  Put(out.weakest, i, plain.Weakest());
  const uint64_t place = plain.Place(tables);
  Put(out.stage, i, place);
  Put(out.milestone, i, place >> 32);
  if (out.expected_amount != nullptr) {
    out.expected_amount[i] = plain.Expected(tables);
  }
  Put(out.probability_ppm, i, plain.Ppm(tables));
  Put(out.row_status, i, 0);
  return true;
}

}  // namespace fivek

#endif  // FIVEK_SRC_PIPELINE_SCORE_ROW_H_
