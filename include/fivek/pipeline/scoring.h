// Scoring a book of opportunities: columns in, columns out.
//
// One call scores any number of rows: 5K strength and its weakest dimension,
// the product of the dimensions, stage and milestone from the evidence, the
// probability of the milestone, and the expected amount, exact to the cent.
// Each column is an array with one element a row. What is not given is unknown,
// what is not wanted is not computed.
//
//   ScoreInput in;
//   in.problem = problem.data();      // and so on
//   in.evidence = evidence.data();
//   in.amount = amount.data();
//   ScoreOutput out;
//   out.expected_amount = expected.data();
//   absl::Status status =
//       ScoreColumns(policy.tables(), in, out, amount.size());
//
// A row means what the one-row functions say: strength, weakest and product are
// those of StrengthOf, stage and milestone those of PositionOf, the expected
// amount is ExpectedAmount(amount, probability).
//
// Cost: near memory speed on processors with AVX2 or AVX-512; AArch64 has a
// kernel too, whose speed has not been measured; about 10 nanoseconds a row
// elsewhere. See the README for figures. The results are the same bits
// everywhere, also where a host has told its doubles to round otherwise or to
// trap. Allocates nothing unless a call is refused.
// Thread-safety: pure functions. Source: domain.md §2, §4, §5.
#ifndef FIVEK_PIPELINE_SCORING_H_
#define FIVEK_PIPELINE_SCORING_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "fivek/method/evidence.h"
#include "fivek/method/opportunity.h"
#include "fivek/method/policy.h"
#include "fivek/method/strength.h"
#include "fivek/pipeline/score_columns.h"

namespace fivek {

// Probabilities learned elsewhere, in place of the policy's yields for rows
// that are open or on hold: ppm[milestone * buckets + age_bucket].
struct Calibration {
  const int32_t* ppm = nullptr;         // kMilestoneCount x buckets, 0..10^6.
  int32_t buckets = 0;                  // 1..256.
  const uint8_t* age_bucket = nullptr;  // A column; nullptr: all 0.
};

// One deal, for callers without columns. The amount is in minor units.
struct Deal {
  Assessment assessment;
  EvidenceMask evidence = 0;
  Outcome outcome = Outcome::kOpen;
  int64_t amount = 0;
};
// See ScoreOutput.
struct DealScore {
  int32_t strength = 0, weakest = kUnknown, product_ppm = -1;
  int32_t stage = 0, milestone = 0;
  int32_t probability_ppm = 0;
  int64_t expected_amount = 0;
};

// Scores one deal, by the same rules: kInvalidArgument for what makes a row
// bad, and for reserved bytes that are set. Some nanoseconds.
absl::StatusOr<DealScore> ScoreDeal(const MethodTables& tables,
                                    const Deal& deal);

// Scores `rows` rows.
//
// A row with a level that the rubric does not have, a decision maker bit in a
// dimension with one column, an unknown outcome or an age bucket beyond the
// table is bad, whatever is wanted of it. With `row_status` it gets its code
// there, the outputs strength 0, weakest 255, product -1, stage, milestone,
// probability and expected amount 0, and the call goes on. Without, the first
// bad row fails the call, kInvalidArgument with row, column (by the order of
// ScoreInput), value and what is allowed; the rows before it are scored.
// `bad_rows`, if given, becomes the number of bad rows met.
//
// kInvalidArgument also for a misaligned column and for a calibration that is
// no table of probabilities; then nothing is written.
absl::Status ScoreColumns(const MethodTables& tables, const ScoreInput& in,
                          const ScoreOutput& out, size_t rows,
                          size_t* bad_rows = nullptr,
                          const Calibration* calibration = nullptr);

// What ScoreColumns runs on this processor: "avx512", "avx2", "neon" or
// "scalar". Policies that round otherwise than half to even are scored row by
// row everywhere, in 20 to 40 nanoseconds a row. A calibration costs a few
// nanoseconds a row, evidence that is not in the order of its gates one or two.
const char* ScoreTarget();

}  // namespace fivek

#endif  // FIVEK_PIPELINE_SCORING_H_
