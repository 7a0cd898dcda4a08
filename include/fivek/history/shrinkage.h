// Rates of few deals, pulled towards a prior: what a rate is believed to be
// after some trials, how strongly groups should be pulled together, and the
// probabilities of winning that step-by-step rates multiply to.
//
//   BetaPosterior p = *ShrinkRate(0.10, 20, 3, 12);
//   p.mean;          // 0.15625, where 3 of 12 alone would say 0.25
//   p.low, p.high;   // 0.0658 and 0.2714
//   Estimate e = EstimateOf(p, 12);
//
// Model: a rate has a beta distribution. A prior of the given mean counts as
// `strength` trials before the first: alpha = prior x strength + successes,
// beta = (1 - prior) x strength + failures.
//
// Units: rates as fractions in [0, 1]. Trials are doubles, as an effective
// number of them need not be whole. Errors: kInvalidArgument, as each function
// says. Accuracy: as special.h; means within some ulp. Cost: as each says.
// Thread-safety: pure functions; the same bits on every machine and for any
// order of groups. Source: statistics.md §1.
#ifndef FIVEK_HISTORY_SHRINKAGE_H_
#define FIVEK_HISTORY_SHRINKAGE_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "fivek/history/estimate.h"

namespace fivek {

// Trials and a finite strength are at most this.
inline constexpr double kMostTrials = 1e12;

// ---- One rate ---------------------------------------------------------------

// Where a mean of very few trials is near 0 or 1 it may lie outside [low,
// high]: most of what is believed is then nearer to the end than the mean is.
struct BetaPosterior {
  double alpha = 0.0;
  double beta = 0.0;
  double mean = 0.0;
  double sd = 0.0;
  double low = 0.0;   // The 5 % quantile.
  double high = 1.0;  // That of 95 %.
};

// The posterior of a rate. `strength` may be infinite: the prior exactly, with
// no spread (alpha and beta are infinite, or 0 on the side of a prior of 0 or
// 1). If alpha or beta is 0 (a prior of 0 or 1 that no trial contradicts), all
// that is believed is 0 or 1. Strength 0 and no trials: nothing is known, so
// the mean is the prior and [low, high] is [0, 1].
//
// kInvalidArgument unless 0 <= prior <= 1, strength is infinite or in [0,
// kMostTrials], and 0 <= successes <= trials <= kMostTrials. 6
// microseconds, 120 where alpha and beta are above 500.
absl::StatusOr<BetaPosterior> ShrinkRate(double prior, double strength,
                                         double successes, double trials);

// Fewer independent trials than this tell nothing beside a prior: what is
// published is still the posterior, but its source is the ladder.
inline constexpr double kLeastEffectiveN = 5.0;

// kPrior below `kLeastEffectiveN` trials, kShrunk from there on: the one place
// that decides. low and high contain the mean.
Estimate EstimateOf(const BetaPosterior& posterior, double effective_n);

// ---- A hierarchy ------------------------------------------------------------

struct ShrinkLevel {
  double strength = 0.0;
  double successes = 0.0;
  double trials = 0.0;
};

// From the top down (all, segment, team, seller): the prior of the first is
// `prior`, that of each other the mean of the one above. As many posteriors as
// levels. kInvalidArgument as ShrinkRate, with the row of the level.
absl::StatusOr<std::vector<BetaPosterior>> ShrinkDown(
    double prior, absl::Span<const ShrinkLevel> levels);

// ---- How strongly to pull ---------------------------------------------------

// What the groups themselves say of the prior. alpha = mean x strength, beta =
// (1 - mean) x strength.
//   strength infinite   the groups differ no more than chance makes them (one
//                       group, equal rates, one trial each): the pooled rate
//                       for all; alpha and beta are infinite, or 0 where the
//                       rate is 0 or 1.
//   strength 0          every group won all or lost all, and not all the same:
//                       nothing to pull towards; mean is the share of groups
//                       that won all.
struct BetaBinomialFit {
  double alpha = 0.0;
  double beta = 0.0;
  double mean = 0.0;      // The prior for ShrinkRate.
  double strength = 0.0;  // And its strength.
  int64_t groups = 0;     // Those with trials.
};

// Empirical Bayes: the prior under which the groups' counts are most likely,
// by Newton's method in ln alpha and ln beta. Groups without trials say
// nothing.
//
//   BetaBinomialFit fit = *FitBetaBinomial({5, 10, 5, 20}, {10, 20, 10, 40});
//   fit.strength;   // infinity: all have one rate
//
// kInvalidArgument, naming row and column (0 successes, 1 trials), unless the
// lengths are equal, 0 <= successes <= trials <= kMostTrials and some group has
// trials. Accuracy: where the likelihood has a clear top, alpha and beta within
// 1e-9 of themselves; a strength above 1e9 is called infinite. Cost: O(n log n)
// and some 4 microseconds a group.
absl::StatusOr<BetaBinomialFit> FitBetaBinomial(
    absl::Span<const double> successes, absl::Span<const double> trials);

// ---- From steps to probabilities --------------------------------------------

// The conversions behind a ladder of probabilities of winning, P_s / P_(s+1):
// {0.10, 0.25, 0.50, 0.75, 0.90, 1} has 2/5, 1/2, 2/3, 5/6, 9/10. One fewer
// than rungs. kInvalidArgument, with the row, unless there are 2 rungs or more
// that do not fall, all but the first are above 0 and the last is 1.
absl::StatusOr<std::vector<double>> LadderToConversions(
    absl::Span<const double> ladder);

// And back: the products from each rung to the top, and 1. kInvalidArgument,
// with the row, unless there is one or more and all are in [0, 1], above 0 but
// for the first.
absl::StatusOr<std::vector<double>> ConversionsToLadder(
    absl::Span<const double> conversions);

// Stages of an absorbing chain.
inline constexpr int kMostChainStages = 8;

// The probability of winning in the end from each of n stages, where deals move
// forward, backward and skip: `moves` is n x n, by rows, the probability that
// the next move from a stage leads to another (or to itself), `won` that it
// wins; what is left of 1 is lost.
//
//   AbsorbingChain({0, 0.5, 0.2, 0}, {0, 0.4});   // 0.2222, 0.4444
//
// kInvalidArgument, naming the row and the column (n is `won`), unless 1 <= n
// <= kMostChainStages, all are in [0, 1], no row adds up to more than 1 and
// deals can leave from every stage; sums are compared within 1e-12. Accuracy:
// within 1e-15 / the least probability, from a stage, ever to leave in n moves.
// O(n^3).
absl::StatusOr<std::vector<double>> AbsorbingChain(
    absl::Span<const double> moves, absl::Span<const double> won);

}  // namespace fivek

#endif  // FIVEK_HISTORY_SHRINKAGE_H_
