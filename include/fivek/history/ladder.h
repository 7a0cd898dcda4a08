// The ladder of probabilities learned from history: what 10, 25, 50, 75 and
// 90 % really are for those who sell here, and how sure that is.
//
//   Ladder ladder = *FitLadder(Policy().tables(), statistics, {});
//   Estimate e = *ladder.Won({}, 3);           // Of all deals at milestone 3.
//   e = *ladder.WonAtAge(Team(7, 2), 3, 45);   // There for 45 days.
//   WinHorizon quarter = *ladder.Within(90);
//   e = *quarter.Won({}, 3, 45);               // ... and won within 90 days.
//   RungExplanation why = *ladder.Explain({}, 3);
//   ScoreColumns(..., &calibration)            // with ladder.Table({})
//
// Model. What is learned is not the ladder but its conversions: c_s, of those
// who leave rung s up or out, the share that goes up. The method's ladder is
// the product of its own conversions, so the learned one, a product too, rises
// by construction.
//
//   Estimate   Aalen-Johansen (competing_risks.h), so open deals count as long
//              as they were watched; n_eff = c (1 - c) / variance.
//   Shrinkage  towards the prior c0 with `strength` pseudo-deals:
//              (strength c0 + n_eff c) / (strength + n_eff). The prior of all
//              deals is the policy's ladder, that of a segment what was learned
//              of all, that of a team its segment's, of a seller the team's. A
//              group that is all its parent has is its parent.
//   Back       a rung that deals fall back from is left upwards in the end with
//              probability u_s = f_s / (1 - sum_t b_t u_t .. u_(s-1)), f_s and
//              b_t being the shares that go up and back to t. P_s = u_s .. u_5.
//   Interval   conversions are independent betas, u_s too as one of as many
//              trials as c_s; the product has the mean and variance of theirs,
//              and is taken for a beta of these. Its trials less those of the
//              prior are effective_n. What is certain with a strength of 0 is
//              so by as many deals as its least known factor, or of factors
//              that are 0 the best known.
//   Age        hazards per age bucket, each shrunk to that of the rung with 20
//              exposures, the last held constant, give the odds of going up at
//              an age beside those at entry; c_s at an age is c_s with its odds
//              times that ratio. They also say how soon deals are won: one
//              that goes up may go on the same day, one that falls back is
//              there from the next day on. Both are learned of all deals. At an
//              age no more is known of c_s than those say who left up or out in
//              its bucket or later.
//   Exact      with no history every number is the policy's, to the bit. Closed
//              won is 1 and never learned.
//
// Age is in days on the as-of day: as_of - the day the milestone was entered.
//
// Units: probabilities in [0, 1]; table in ppm. Cost: fitting about 30
// nanoseconds a cell of the statistics and group depth; Won some 100
// microseconds, nearly all of it the interval; a horizon of H days 3 H^2
// operations. Same bits on every machine and for any order and partition of the
// visits. Thread-safety: a Ladder is immutable and cheap to copy; many threads
// may use it. Source: statistics.md §1.
#ifndef FIVEK_HISTORY_LADDER_H_
#define FIVEK_HISTORY_LADDER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "fivek/history/competing_risks.h"
#include "fivek/history/estimate.h"
#include "fivek/history/visits.h"
#include "fivek/method/policy.h"

namespace fivek {

// ---- Whose ------------------------------------------------------------------

// Whose deals: all of them, or a segment's, a team's in it, a seller's in that.
struct LadderGroup {
  int32_t depth = 0;  // 0 all, 1 segment, 2 team, 3 seller.
  uint32_t segment = 0, team = 0, seller = 0;  // 0 below `depth`.
};
inline constexpr int kLadderDepths = 4;

constexpr LadderGroup Segment(uint32_t segment) { return {1, segment, 0, 0}; }
constexpr LadderGroup Team(uint32_t segment, uint32_t team) {
  return {2, segment, team, 0};
}
constexpr LadderGroup Seller(uint32_t segment, uint32_t team, uint32_t seller) {
  return {3, segment, team, seller};
}

// ---- How old ----------------------------------------------------------------

struct AgeBucket {
  int32_t first_day, last_day;
};
inline constexpr int kAgeBuckets = 7;
// Part of the meaning of `age_bucket` columns: never change.
inline constexpr std::array<AgeBucket, kAgeBuckets> kAgeBucketDays = {{
    {0, 7},
    {8, 14},
    {15, 30},
    {31, 60},
    {61, 90},
    {91, 180},
    {181, kMaxRiskDay},
}};

// The bucket of an age; of one below 0 the first.
constexpr int AgeBucketOf(int32_t days) {
  int bucket = 0;
  while (bucket + 1 < kAgeBuckets &&
         days > kAgeBucketDays[static_cast<size_t>(bucket)].last_day) {
    ++bucket;
  }
  return bucket;
}

// ---- Fitting ----------------------------------------------------------------

inline constexpr double kDefaultStrength = 20.0;

struct LadderOptions {
  // Pseudo-deals of the prior for each conversion: 0 to 10^12. 0 trusts history
  // alone; infinity does not listen to it.
  double strength = kDefaultStrength;
  // Below `all`, take the strength from how much groups of a depth differ, by
  // empirical Bayes, where there are kLeastGroups of them that moved.
  bool learn_strength = false;
};
inline constexpr size_t kLeastGroups = 5;

// What is known of one rung, and what was made of it.
struct RungExplanation {
  // Visits that were watched, and how they ended: they add up. What was skipped
  // counts as advanced.
  int64_t visits = 0, advanced = 0, lost = 0, moved_back = 0, open = 0;
  CompetingRisks risks;   // Causes: advanced, lost, moved back.
  Share observed;         // Of those who left up or out, up.
  double prior = 0.0;     // What it was shrunk to,
  double strength = 0.0;  // with so many pseudo-deals.
  Estimate conversion;    // c_s.
  double back = 0.0;      // Share of moves that go back.
  double through = 0.0;   // u_s: c_s, with the moves back and up again.
  Estimate won;           // P_s.
};

// What is known of a rung at an age, of all deals.
struct AgeExplanation {
  int64_t exposures = 0;  // Days on which a deal might have left.
  std::array<int64_t, kCauses> ended = {};
  std::array<double, kCauses> hazard = {};  // A day's, shrunk.
  double odds_ratio = 1.0;  // Odds of going up, beside those at entry.
};

class WinHorizon;

class Ladder {
 public:
  // The probability that a deal that enters `milestone` is won in the end. A
  // group that is not known has what its parent says, with the spread of a new
  // group. kInvalidArgument for a milestone outside 0..6, a depth outside 0..3
  // or a key below the depth that is not 0.
  absl::StatusOr<Estimate> Won(const LadderGroup& group,
                               int32_t milestone) const;

  // That a deal is won in the end which has been at `milestone` for `days`.
  // Errors as Won, and kInvalidArgument for days below 0.
  absl::StatusOr<Estimate> WonAtAge(const LadderGroup& group, int32_t milestone,
                                    int32_t days) const;

  // The counts behind a rung, 0..5. kNotFound for a group that is not known.
  absl::StatusOr<RungExplanation> Explain(const LadderGroup& group,
                                          int32_t milestone) const;
  absl::StatusOr<std::array<AgeExplanation, kAgeBuckets>> ExplainAges(
      int32_t milestone) const;

  // For ScoreColumns: ppm[milestone * kAgeBuckets + age bucket], what is
  // believed of a deal somewhere in that bucket, of those who came to its first
  // day, on each day those still there. Errors as Won.
  absl::StatusOr<std::vector<int32_t>> Table(const LadderGroup& group) const;

  // Forecasts of wins within `days` after the as-of day, 1..3660.
  absl::StatusOr<WinHorizon> Within(int32_t days) const;

  // All deals, then the groups with visits of their own, by depth, then keys.
  std::vector<LadderGroup> Groups() const;

  struct State;

 private:
  friend class WinHorizon;
  friend absl::StatusOr<Ladder> FitLadder(const MethodTables& tables,
                                          const VisitStatistics& statistics,
                                          const LadderOptions& options);
  explicit Ladder(std::shared_ptr<const State> state)
      : state_(std::move(state)) {}

  std::shared_ptr<const State> state_;
};

// kInvalidArgument for a strength that is not 0 to 10^12 or infinite.
absl::StatusOr<Ladder> FitLadder(const MethodTables& tables,
                                 const VisitStatistics& statistics,
                                 const LadderOptions& options);

inline constexpr int32_t kMaxHorizon = 3660;

// When deals are won: the share of those won in the end that are won in time,
// by the hazards of the rungs on the way.
class WinHorizon {
 public:
  // The probability that a deal which has been at `milestone` for `days` on the
  // as-of day is won within the horizon; never above WonAtAge. Errors as
  // WonAtAge; kFailedPrecondition if fewer than 5 deals have left a rung on the
  // way or none went up: then history does not say when. O(horizon).
  absl::StatusOr<Estimate> Won(const LadderGroup& group, int32_t milestone,
                               int32_t days) const;

 private:
  friend class Ladder;
  WinHorizon(Ladder ladder, int32_t days);

  Ladder ladder_;
  int32_t days_;
  // won_[s][h]: that a deal is won in h steps that enters s on the first.
  std::array<std::vector<double>, kMilestoneCount> won_;
};

// ---- The simplest test ------------------------------------------------------

// What a ladder says of a rung, and what became of those who left it. A
// probability that is right stays so on average: it is a martingale.
struct MartingaleGap {
  int32_t milestone = 0;  // 0..5.
  int64_t moves = 0;      // Out of it; open visits are none.
  double said = 0.0;
  double mean_next = 0.0;  // Mean of the probabilities moved to; lost is 0.
  double gap = 0.0;        // mean_next - said; 0 without moves.
  double standard_error = 0.0;  // Of mean_next; 0 below two moves.
};

// `probability` by milestone, any ladder's: 7 in [0, 1], else kInvalidArgument
// with the row. In a young history more losses are known than wins, or fewer,
// as one is quicker; then there are gaps although the ladder is right.
absl::StatusOr<std::array<MartingaleGap, kRungCount>> CheckMartingale(
    const VisitStatistics& statistics, absl::Span<const double> probability);

}  // namespace fivek

#endif  // FIVEK_HISTORY_LADDER_H_
