#include "fivek/history/shrinkage.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fivek/base/real.h"
#include "fivek/base/reason.h"
#include "fivek/base/special.h"
#include "src/base/not_finite.h"

namespace fivek {
namespace {

bool IsRate(double p) { return p >= 0.0 && p <= 1.0; }

absl::Status CheckCounts(double successes, double trials, int64_t row = -1) {
  const bool in_table = row >= 0;
  if (!(trials >= 0.0 && trials <= kMostTrials)) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat("trials ", trials, "; allowed: 0 to ", kMostTrials),
        {row, in_table ? 1 : -1});
  }
  if (!(successes >= 0.0 && successes <= trials)) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("successes ", successes,
                               "; allowed: 0 to the trials, ", trials),
                  {row, in_table ? 0 : -1});
  }
  return absl::OkStatus();
}

// All that is believed is one rate.
BetaPosterior Point(double rate, double weight) {
  BetaPosterior p;
  p.alpha = rate > 0.0 ? weight : 0.0;
  p.beta = rate < 1.0 ? weight : 0.0;
  p.mean = p.low = p.high = rate;
  return p;
}

// ---- Beta-binomial likelihood -----------------------------------------------

struct BetaGroup {
  double won, lost;

  double trials() const { return won + lost; }
};

// Its logarithm, its gradient and its second derivatives, in ln a and ln b.
struct Likelihood {
  double value;
  double by_a, by_b;
  double by_aa, by_ab, by_bb;
};

// ln of the likelihood: the sum of ln B(a + won, b + lost) - ln B(a, b).
Likelihood LikelihoodAt(const std::vector<BetaGroup>& groups, double a,
                        double b) {
  RunningSum value;
  RunningSum first_a;
  RunningSum first_b;
  RunningSum second_a;
  RunningSum second_b;
  RunningSum second_n;
  const double n = a + b;
  const double at_a = Trigamma(a);
  const double at_b = Trigamma(b);
  const double at_n = Trigamma(n);
  for (const BetaGroup& group : groups) {
    const double trials = group.trials();
    value.Add(LogGammaRise(a, group.won));
    value.Add(LogGammaRise(b, group.lost));
    value.Add(-LogGammaRise(n, trials));
    const double of_n = -DigammaRise(n, trials);
    first_a.Add(DigammaRise(a, group.won));
    first_a.Add(of_n);
    first_b.Add(DigammaRise(b, group.lost));
    first_b.Add(of_n);
    second_a.Add(Trigamma(a + group.won) - at_a);
    second_b.Add(Trigamma(b + group.lost) - at_b);
    second_n.Add(at_n - Trigamma(n + trials));
  }
  Likelihood l;
  l.value = value.Total();
  l.by_a = a * first_a.Total();
  l.by_b = b * first_b.Total();
  l.by_aa = a * a * (second_a.Total() + second_n.Total()) + l.by_a;
  l.by_bb = b * b * (second_b.Total() + second_n.Total()) + l.by_b;
  l.by_ab = a * b * second_n.Total();
  return l;
}

// The step to the top of the parabola, or uphill where there is none, no longer
// than e^2 either way.
std::pair<double, double> StepUp(const Likelihood& l) {
  // The smallest shift of both squares that makes the surface fall both ways.
  const double mean = 0.5 * (l.by_aa + l.by_bb);
  const double half = 0.5 * (l.by_aa - l.by_bb);
  const double most = mean + std::sqrt(half * half + l.by_ab * l.by_ab);
  const double size = std::abs(l.by_aa) + std::abs(l.by_bb) + 1e-300;
  const double shift = most < -1e-12 * size ? 0.0 : most + 1e-3 * size;
  const double aa = l.by_aa - shift;
  const double bb = l.by_bb - shift;
  const double det = aa * bb - l.by_ab * l.by_ab;
  double da = (l.by_ab * l.by_b - bb * l.by_a) / det;
  double db = (l.by_ab * l.by_a - aa * l.by_b) / det;
  const double longest = std::max(std::abs(da), std::abs(db));
  if (!(longest <= std::numeric_limits<double>::max())) return {0.0, 0.0};
  if (longest > 2.0) {
    da *= 2.0 / longest;
    db *= 2.0 / longest;
  }
  return {da, db};
}

struct BetaFit {
  double a, b, value;
};

// From a start to a top of the likelihood; where it rises without end, to
// beyond kMostStrength.
constexpr double kMostStrength = 1e9;

BetaFit Climb(const std::vector<BetaGroup>& groups, double a, double b) {
  constexpr int kMostSteps = 200;
  constexpr int kMostHalves = 40;
  Likelihood l = LikelihoodAt(groups, a, b);
  for (int i = 0; i < kMostSteps && a + b <= kMostStrength; ++i) {
    auto [da, db] = StepUp(l);
    const bool last = std::abs(da) < 1e-10 && std::abs(db) < 1e-10;
    // Near the top the likelihood is flat to its last digits, where only the
    // gradient says where to go.
    const double noise = 1e-13 * (1.0 + std::abs(l.value));
    bool rose = false;
    for (int half = 0; half < kMostHalves && !rose; ++half) {
      const double to_a = a * Exp(da);
      const double to_b = b * Exp(db);
      if (to_a > 1e-9 && to_b > 1e-9 && to_a < 1e12 && to_b < 1e12) {
        const Likelihood next = LikelihoodAt(groups, to_a, to_b);
        if (next.value >= l.value - noise) {
          a = to_a;
          b = to_b;
          l = next;
          rose = true;
        }
      }
      if (rose) break;
      da *= 0.5;
      db *= 0.5;
    }
    if (!rose || last) break;
  }
  return {a, b, l.value};
}

// ---- Chains -----------------------------------------------------------------

constexpr double kSumTolerance = 1e-12;

// A row of moves and what is beside the equals sign.
using ChainRow = std::array<double, kMostChainStages + 1>;

}  // namespace

// ---- One rate ---------------------------------------------------------------

absl::StatusOr<BetaPosterior> ShrinkRate(double prior, double strength,
                                         double successes, double trials) {
  if (!IsRate(prior)) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("prior ", prior, "; allowed: 0 to 1"));
  }
  if (!(strength >= 0.0 &&
        (strength <= kMostTrials || strength == kInfinity))) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("strength ", strength, "; allowed: 0 to ",
                               kMostTrials, " and infinity"));
  }
  absl::Status counts = CheckCounts(successes, trials);
  if (!counts.ok()) return counts;
  if (strength == kInfinity) return Point(prior, kInfinity);
  BetaPosterior p;
  p.alpha = prior * strength + successes;
  p.beta = (1.0 - prior) * strength + (trials - successes);
  const double n = p.alpha + p.beta;
  if (n == 0.0) {
    p.mean = prior;
    p.sd = std::sqrt(prior * (1.0 - prior));
    return p;
  }
  if (p.alpha == 0.0) return Point(0.0, p.beta);
  if (p.beta == 0.0) return Point(1.0, p.alpha);
  p.mean = p.alpha / n;
  p.sd = std::sqrt(p.mean * (p.beta / n) / (n + 1.0));
  p.low = BetaQuantile(0.05, p.alpha, p.beta);
  p.high = BetaQuantile(0.95, p.alpha, p.beta);
  return p;
}

Estimate EstimateOf(const BetaPosterior& posterior, double effective_n) {
  Estimate e;
  e.value = posterior.mean;
  e.low = std::min(posterior.low, posterior.mean);
  e.high = std::max(posterior.high, posterior.mean);
  e.effective_n = effective_n;
  e.source = effective_n < kLeastEffectiveN ? Source::kPrior : Source::kShrunk;
  return e;
}

// ---- A hierarchy ------------------------------------------------------------

absl::StatusOr<std::vector<BetaPosterior>> ShrinkDown(
    double prior, absl::Span<const ShrinkLevel> levels) {
  std::vector<BetaPosterior> posteriors;
  posteriors.reserve(levels.size());
  for (const ShrinkLevel& level : levels) {
    const absl::StatusOr<BetaPosterior> p =
        ShrinkRate(prior, level.strength, level.successes, level.trials);
    if (!p.ok()) {
      const auto row = static_cast<int64_t>(posteriors.size());
      return AtRow(p.status(), {row, -1});
    }
    posteriors.push_back(*p);
    prior = p->mean;
  }
  return posteriors;
}

// ---- How strongly to pull ---------------------------------------------------

absl::StatusOr<BetaBinomialFit> FitBetaBinomial(
    absl::Span<const double> successes, absl::Span<const double> trials) {
  if (successes.size() != trials.size()) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat(successes.size(), " successes and ",
                               trials.size(), " trials; allowed: as many"));
  }
  std::vector<BetaGroup> groups;
  for (size_t i = 0; i < trials.size(); ++i) {
    absl::Status fits =
        CheckCounts(successes[i], trials[i], static_cast<int64_t>(i));
    if (!fits.ok()) return fits;
    if (trials[i] > 0.0) {
      groups.push_back({successes[i], trials[i] - successes[i]});
    }
  }
  if (groups.empty()) {
    return Refuse(Reason::kValueRange,
                  "no group has trials; allowed: 1 or more");
  }
  // In an order of their own, so that sums have the same bits.
  std::sort(groups.begin(), groups.end(),
            [](const BetaGroup& x, const BetaGroup& y) {
              return x.won != y.won ? x.won < y.won : x.lost < y.lost;
            });
  const auto count = static_cast<double>(groups.size());
  RunningSum won;
  RunningSum lost;
  double all_won = 0.0;
  double all_lost = 0.0;
  bool has_more_than_1 = false;
  for (const BetaGroup& group : groups) {
    won.Add(group.won);
    lost.Add(group.lost);
    all_won += group.lost == 0.0 ? 1.0 : 0.0;
    all_lost += group.won == 0.0 ? 1.0 : 0.0;
    has_more_than_1 = has_more_than_1 || group.trials() > 1.0;
  }
  BetaBinomialFit fit;
  fit.groups = static_cast<int64_t>(groups.size());
  const double rate = won.Total() / (won.Total() + lost.Total());
  const auto pooled = [&] {
    fit.mean = rate;
    fit.strength = kInfinity;
    fit.alpha = rate > 0.0 ? kInfinity : 0.0;
    fit.beta = rate < 1.0 ? kInfinity : 0.0;
    return fit;
  };
  if (groups.size() < 2 || !has_more_than_1 || rate == 0.0 || rate == 1.0) {
    return pooled();
  }
  if (all_won + all_lost == count) {
    fit.mean = all_won / count;
    return fit;
  }
  // How fast the likelihood rises from the pooled rate as 1 / strength leaves 0
  // (Tarone 1979), and what it is there.
  RunningSum rise;
  RunningSum at_pooled;
  for (const BetaGroup& group : groups) {
    const double n = group.trials();
    rise.Add(0.5 * group.won * (group.won - 1.0) / rate);
    rise.Add(0.5 * group.lost * (group.lost - 1.0) / (1.0 - rate));
    rise.Add(-0.5 * n * (n - 1.0));
    if (group.won > 0.0) at_pooled.Add(group.won * Log(rate));
    if (group.lost > 0.0) at_pooled.Add(group.lost * Log1p(-rate));
  }
  // A top may be behind a valley: from a strong prior and from a weak one.
  BetaFit best = {0.0, 0.0, at_pooled.Total()};
  const double spread = 1e-12 * std::abs(best.value);
  for (const double strength : {2.0, 50.0, 2000.0}) {
    const BetaFit top = Climb(groups, rate * strength, (1.0 - rate) * strength);
    if (top.a + top.b <= kMostStrength && top.value > best.value + spread) {
      best = top;
    }
    // The first is enough where the likelihood leaves the pooled rate uphill.
    if (rise.Total() > 0.0 && best.a > 0.0) break;
  }
  if (best.a == 0.0) return pooled();
  fit.alpha = best.a;
  fit.beta = best.b;
  fit.strength = best.a + best.b;
  fit.mean = best.a / fit.strength;
  return fit;
}

// ---- From steps to probabilities --------------------------------------------

absl::StatusOr<std::vector<double>> LadderToConversions(
    absl::Span<const double> ladder) {
  if (ladder.size() < 2) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat(ladder.size(), " rungs; allowed: 2 or more"));
  }
  for (size_t i = 0; i < ladder.size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    if (!IsRate(ladder[i]) || (i > 0 && ladder[i] == 0.0)) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("probability ", ladder[i], "; allowed: ",
                                 i > 0 ? "above 0, to 1" : "0 to 1"),
                    {row, 0});
    }
    if (i > 0 && ladder[i] < ladder[i - 1]) {
      return Refuse(Reason::kYieldFalls,
                    absl::StrCat("probability ", ladder[i], " after ",
                                 ladder[i - 1], "; allowed: no less"),
                    {row, 0});
    }
  }
  if (ladder.back() != 1.0) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat("the last probability is ", ladder.back(), "; allowed: 1"),
        {static_cast<int64_t>(ladder.size() - 1), 0});
  }
  std::vector<double> conversions(ladder.size() - 1);
  for (size_t i = 0; i < conversions.size(); ++i) {
    conversions[i] = ladder[i] / ladder[i + 1];
  }
  return conversions;
}

absl::StatusOr<std::vector<double>> ConversionsToLadder(
    absl::Span<const double> conversions) {
  if (conversions.empty()) {
    return Refuse(Reason::kValueRange, "no conversions; allowed: 1 or more");
  }
  for (size_t i = 0; i < conversions.size(); ++i) {
    if (!IsRate(conversions[i]) || (i > 0 && conversions[i] == 0.0)) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("conversion ", conversions[i], "; allowed: ",
                                 i > 0 ? "above 0, to 1" : "0 to 1"),
                    {static_cast<int64_t>(i), 0});
    }
  }
  std::vector<double> ladder(conversions.size() + 1, 1.0);
  for (size_t i = conversions.size(); i > 0; --i) {
    ladder[i - 1] = conversions[i - 1] * ladder[i];
  }
  return ladder;
}

absl::StatusOr<std::vector<double>> AbsorbingChain(
    absl::Span<const double> moves, absl::Span<const double> won) {
  const size_t n = won.size();
  if (n < 1 || n > kMostChainStages) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat(n, " stages; allowed: 1 to ", kMostChainStages));
  }
  if (moves.size() != n * n) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat(moves.size(), " moves of ", n,
                               " stages; allowed: ", n * n));
  }
  // (I - Q) x = r, and from where deals leave at once.
  std::array<ChainRow, kMostChainStages> rows = {};
  std::array<bool, kMostChainStages> leaves = {};
  for (size_t i = 0; i < n; ++i) {
    RunningSum sum;
    for (size_t j = 0; j <= n; ++j) {
      const double p = j < n ? moves[i * n + j] : won[i];
      if (!IsRate(p)) {
        return Refuse(
            Reason::kValueRange,
            absl::StrCat(j < n ? "moves " : "won ", p, "; allowed: 0 to 1"),
            {static_cast<int64_t>(i), static_cast<int32_t>(j)});
      }
      sum.Add(p);
      rows[i][j] = j == n ? p : (i == j ? 1.0 - p : -p);
    }
    const double total = sum.Total();
    if (total > 1.0 + kSumTolerance) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("probabilities of a stage add up to 1 + ",
                                 total - 1.0, "; allowed: 1 or less"),
                    {static_cast<int64_t>(i), -1});
    }
    leaves[i] = won[i] > 0.0 || total < 1.0 - kSumTolerance;
  }
  for (size_t round = 0; round < n; ++round) {
    for (size_t i = 0; i < n; ++i) {
      for (size_t j = 0; j < n; ++j) {
        leaves[i] = leaves[i] || (leaves[j] && moves[i * n + j] > 0.0);
      }
    }
  }
  for (size_t i = 0; i < n; ++i) {
    if (!leaves[i]) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("deals never leave from stage ", i,
                                 "; allowed: a way to won or lost"),
                    {static_cast<int64_t>(i), -1});
    }
  }
  for (size_t i = 0; i < n; ++i) {
    size_t pivot = i;
    for (size_t k = i + 1; k < n; ++k) {
      if (std::abs(rows[k][i]) > std::abs(rows[pivot][i])) pivot = k;
    }
    std::swap(rows[i], rows[pivot]);
    if (rows[i][i] == 0.0) {
      return Refuse(Reason::kValueRange,
                    "deals hardly ever leave; allowed: a way to won or lost");
    }
    for (size_t k = i + 1; k < n; ++k) {
      const double factor = rows[k][i] / rows[i][i];
      for (size_t j = i; j <= n; ++j) rows[k][j] -= factor * rows[i][j];
    }
  }
  std::vector<double> wins(n);
  for (size_t i = n; i > 0; --i) {
    double sum = rows[i - 1][n];
    for (size_t j = i; j < n; ++j) sum -= rows[i - 1][j] * wins[j];
    // Beyond 0 and 1 only by rounding.
    wins[i - 1] = std::clamp(sum / rows[i - 1][i - 1], 0.0, 1.0);
  }
  return wins;
}

}  // namespace fivek
