#include "fivek/history/ladder.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fivek/base/probability.h"
#include "fivek/base/real.h"
#include "fivek/base/reason.h"
#include "fivek/history/shrinkage.h"
#include "src/base/not_finite.h"

namespace fivek {
namespace {

constexpr double kHazardStrength = 20.0;  // Exposures of the rung's hazard.
constexpr auto kTop = static_cast<size_t>(kRungCount);  // Closed won.

// From this step on hazards are constant. Step 1 is the day of age 0.
constexpr int32_t kTailStep = kAgeBucketDays[kAgeBuckets - 1].first_day + 1;

constexpr size_t BucketOfStep(int32_t step) {
  return static_cast<size_t>(AgeBucketOf(step - 1));
}

// ---- What the statistics have of a rung -------------------------------------

struct RungCounts {
  int64_t watched = 0;
  std::array<int64_t, kCauses> ended = {};
  CompetingRisks risks;
  std::array<int64_t, kRungCount> back_to = {};
  std::array<int64_t, kAgeBuckets> exposures = {};
  std::array<std::array<int64_t, kCauses>, kAgeBuckets> ended_at_age = {};

  int64_t left() const { return ended[0] + ended[1] + ended[2]; }
};
using LadderCounts = std::array<RungCounts, kRungCount>;

// Counts by step, for one rung at a time.
class StepCounts {
 public:
  void Add(const VisitCell& cell, RungCounts* counts) {
    const auto step = static_cast<size_t>(cell.step());
    if (cell.kind() == VisitCount::kBackTo) {
      counts->back_to[step] += cell.count;
      return;
    }
    if (step + 2 > change_.size()) {
      change_.resize(step + 2);
      ended_.resize(step + 2);
    }
    longest_ = std::max(longest_, step);
    if (cell.kind() == VisitCount::kLate) {
      change_[1] -= cell.count;
      change_[step + 1] += cell.count;
      return;
    }
    change_[1] += cell.count;
    change_[step + 1] -= cell.count;
    if (cell.kind() == VisitCount::kWatched) {
      counts->watched += cell.count;
    } else {
      const size_t cause = static_cast<size_t>(cell.kind()) -
                           static_cast<size_t>(VisitCount::kAdvanced);
      ended_[step][cause] += cell.count;
    }
  }

  // Sums up what was added, and forgets it.
  void Finish(RungCounts* counts) {
    RiskAccumulator risks;
    int64_t at_risk = 0;
    for (size_t step = 1; step <= longest_; ++step) {
      at_risk += change_[step];
      const size_t bucket = BucketOfStep(static_cast<int32_t>(step));
      counts->exposures[bucket] += at_risk;
      const std::array<int64_t, kCauses>& here = ended_[step];
      if ((here[0] | here[1] | here[2]) == 0) continue;
      risks.AddDay(at_risk, here);
      for (size_t j = 0; j < kCauses; ++j) {
        counts->ended[j] += here[j];
        counts->ended_at_age[bucket][j] += here[j];
      }
    }
    counts->risks = risks.total();
    change_.assign(change_.size(), 0);
    ended_.assign(ended_.size(), {});
    longest_ = 0;
  }

 private:
  // Who comes to be at risk at a step, less who no longer is.
  std::vector<int64_t> change_;
  std::vector<std::array<int64_t, kCauses>> ended_;
  size_t longest_ = 0;
};

// ---- What was made of it ----------------------------------------------------

struct Rung {
  RungCounts counts;
  Share observed;
  double prior = 0.0;
  double strength = 0.0;
  double path_n = 0.0;  // effective_n of this group and all above it.
  double conversion = 0.0;
  double back = 0.0;
  std::array<double, kRungCount> back_to = {};  // Shares of `back`.
  double through = 0.0;
};

struct Node {
  LadderGroup group;
  std::array<Rung, kRungCount> rungs;
  std::array<double, kMilestoneCount> won = {};
};

double Shrunk(double prior, double strength, double value, double n) {
  if (n == 0.0 || strength == kInfinity) return prior;
  return (strength * prior + n * value) / (strength + n);
}

// The share that leaves rung `s` upwards in the end, if `conversion` of those
// who do not move back go up at once.
double ThroughOf(const std::array<Rung, kRungCount>& rungs, size_t s,
                 double conversion) {
  const Rung& rung = rungs[s];
  if (rung.back == 0.0) return conversion;
  double again = 0.0;
  for (size_t t = 0; t < s; ++t) {
    double up = rung.back * rung.back_to[t];
    for (size_t k = t; k < s; ++k) up *= rungs[k].through;
    again += up;
  }
  if (!(again < 1.0)) return 0.0;
  return (1.0 - rung.back) * conversion / (1.0 - again);
}

// Fills what follows from the counts, the strength and the parent; of the root
// that is the policy's ladder.
void Shrink(const std::array<double, kRungCount>& prior, const Node* parent,
            Node* node) {
  for (size_t s = 0; s < kTop; ++s) {
    Rung& rung = node->rungs[s];
    const Rung* const above = parent == nullptr ? nullptr : &parent->rungs[s];
    const double n = rung.observed.effective_n;
    rung.prior = above == nullptr ? prior[s] : above->conversion;
    rung.path_n = n + (above == nullptr ? 0.0 : above->path_n);
    rung.conversion = Shrunk(rung.prior, rung.strength, rung.observed.value, n);
    const auto left = static_cast<double>(rung.counts.left());
    const auto& incidence = rung.counts.risks.incidence;
    const double moved = incidence[0] + incidence[1] + incidence[2];
    rung.back = Shrunk(above == nullptr ? 0.0 : above->back, rung.strength,
                       moved > 0.0 ? incidence[2] / moved : 0.0,
                       moved > 0.0 ? left : 0.0);
    const int64_t back = rung.counts.ended[2];
    for (size_t t = 0; t < s; ++t) {
      if (back > 0) {
        rung.back_to[t] = static_cast<double>(rung.counts.back_to[t]) /
                          static_cast<double>(back);
      } else if (above != nullptr) {
        rung.back_to[t] = above->back_to[t];
      }
    }
    rung.through = ThroughOf(node->rungs, s, rung.conversion);
  }
}

// ---- Age and time -----------------------------------------------------------

// How deals leave a rung, day by day, by hazards of age buckets.
class RungTiming {
 public:
  RungTiming() = default;
  explicit RungTiming(const RungCounts& counts) {
    int64_t exposures = 0;
    for (const int64_t bucket : counts.exposures) exposures += bucket;
    for (size_t j = 0; j < kCauses; ++j) {
      const double pooled = exposures == 0
                                ? 0.0
                                : static_cast<double>(counts.ended[j]) /
                                      static_cast<double>(exposures);
      for (size_t b = 0; b < kAgeBuckets; ++b) {
        hazard_[b][j] =
            (static_cast<double>(counts.ended_at_age[b][j]) +
             kHazardStrength * pooled) /
            (static_cast<double>(counts.exposures[b]) + kHazardStrength);
      }
    }
    const std::array<double, kCauses>& last = hazard_[kAgeBuckets - 1];
    const double all = last[0] + last[1] + last[2];
    ever_.resize(kTailStep + 1);
    if (!(all > 0.0)) return;
    for (size_t j = 0; j < kCauses; ++j) ever_[kTailStep][j] = last[j] / all;
    for (int32_t step = kTailStep - 1; step > 0; --step) {
      const auto place = static_cast<size_t>(step);
      for (size_t j = 0; j < kCauses; ++j) {
        ever_[place][j] = Hazard(step)[j] + Stay(step) * ever_[place + 1][j];
      }
    }
  }

  const std::array<double, kCauses>& Hazard(int32_t step) const {
    return hazard_[BucketOfStep(step)];
  }
  double Stay(int32_t step) const {
    const std::array<double, kCauses>& h = Hazard(step);
    return 1.0 - (h[0] + h[1] + h[2]);
  }
  // By which cause those leave in the end who are there before `step`.
  const std::array<double, kCauses>& Ever(int32_t step) const {
    return ever_[static_cast<size_t>(std::min(step, kTailStep))];
  }
  // Beside those at entry; 1 where history does not tell.
  double OddsRatio(int32_t step) const { return Ratio(Ever(step)); }
  // Of deals somewhere in a bucket: by how many are left on each of its days.
  double OddsRatioIn(size_t bucket) const {
    const int32_t first = kAgeBucketDays[bucket].first_day + 2;
    if (first > kTailStep) return OddsRatio(first);
    const int32_t last =
        std::min(kAgeBucketDays[bucket].last_day + 2, kTailStep);
    std::array<double, kCauses> ever = {};
    double here = 1.0;
    for (int32_t step = first; step <= last; ++step) {
      for (size_t j = 0; j < kCauses; ++j) ever[j] += here * Ever(step)[j];
      here *= Stay(step);
    }
    return Ratio(ever);
  }

 private:
  double Ratio(const std::array<double, kCauses>& ever) const {
    const std::array<double, kCauses>& entry = Ever(1);
    const double same = ever[1] * entry[0];
    return same > 0.0 && entry[1] > 0.0 ? ever[0] * entry[1] / same : 1.0;
  }

  std::array<std::array<double, kCauses>, kAgeBuckets> hazard_ = {};
  std::vector<std::array<double, kCauses>> ever_;
};

double WithOdds(double p, double ratio) {
  const double up = p * ratio;
  return up / (up + (1.0 - p));
}

// ---- Estimates --------------------------------------------------------------

// A product of independent betas: its mean, and the trials that a beta of that
// mean and variance stands for.
class BetaProduct {
 public:
  void Times(double mean, double concentration) {
    if (!(mean > 0.0)) {
      mean_ = 0.0;
      return;
    }
    // E x^2 / (E x)^2 - 1, which multiplies as (1 + a)(1 + b) - 1.
    const double spread = (1.0 - mean) / (mean * (concentration + 1.0));
    spread_ += spread + spread_ * spread;
    mean_ *= mean;
  }
  double concentration(double mean) const {
    if (!(mean_ > 0.0) || !(spread_ > 0.0)) return kInfinity;
    const double trials = (1.0 - mean) / (mean * spread_) - 1.0;
    if (trials > kMostTrials) return kInfinity;
    return std::max(trials, 0.0);
  }

 private:
  double mean_ = 1.0;
  double spread_ = 0.0;
};

// How many deals say that a product is 0 or 1: of the factors that are 0 the
// best known, else of all the least.
class CertainBy {
 public:
  void Times(double mean, double n) {
    if (mean > 0.0) {
      least_ = std::min(least_, n);
    } else {
      is_zero_ = true;
      most_ = std::max(most_, n);
    }
  }
  double n() const { return is_zero_ ? most_ : least_; }

 private:
  bool is_zero_ = false;
  double most_ = 0.0;
  double least_ = kMostTrials;
};

// The same product, by how much is known of each factor.
struct ProductKnown {
  BetaProduct here;   // By this group's deals and the prior.
  BetaProduct path;   // By those of the groups above too.
  BetaProduct prior;  // By the prior alone.
  CertainBy here_certain, path_certain;

  void Times(double mean, double strength, double n, double path_n) {
    here.Times(mean, strength + n);
    path.Times(mean, strength + path_n);
    prior.Times(mean, strength);
    here_certain.Times(mean, n);
    path_certain.Times(mean, path_n);
  }
};

// As many trials as history adds to the prior's.
double TrialsAdded(const BetaProduct& product, const BetaProduct& prior,
                   double mean) {
  const double before = prior.concentration(mean);
  if (before == kInfinity) return 0.0;  // Nothing was listened to.
  return std::max(std::min(product.concentration(mean), kMostTrials) - before,
                  0.0);
}

// Five deals are five, whatever the last digits of a sum of them are.
constexpr double kLastDigits = 1e-12;

// `mean`, with the spread of the product; `strength` is the largest of a
// factor.
absl::StatusOr<Estimate> EstimateOfProduct(double mean,
                                           const ProductKnown& product,
                                           double strength) {
  const auto posterior =
      ShrinkRate(mean, product.here.concentration(mean), 0.0, 0.0);
  if (!posterior.ok()) return posterior.status();
  double added = TrialsAdded(product.here, product.prior, mean);
  double added_above = TrialsAdded(product.path, product.prior, mean);
  if (strength == 0.0 && (mean == 0.0 || mean == 1.0)) {
    // Certain, and not by the prior, which nobody listened to.
    added = product.here_certain.n();
    added_above = product.path_certain.n();
  }
  // A small group's number is history's if its parents' is.
  Estimate estimate = EstimateOf(*posterior, added_above * (1.0 + kLastDigits));
  estimate.value = mean;  // Not as alpha / (alpha + beta) has it.
  estimate.low = std::min(estimate.low, mean);
  estimate.high = std::max(estimate.high, mean);
  estimate.effective_n = added;
  if (estimate.source == Source::kShrunk && strength == 0.0) {
    estimate.source = Source::kLearned;
  }
  return estimate;
}

// ---- Groups -----------------------------------------------------------------

std::tuple<int32_t, uint32_t, uint32_t, uint32_t> KeyOf(
    const LadderGroup& group) {
  return {group.depth, group.segment, group.team, group.seller};
}

LadderGroup GroupAt(int32_t depth, uint32_t segment, uint32_t team,
                    uint32_t seller) {
  return {depth, depth > 0 ? segment : 0, depth > 1 ? team : 0,
          depth > 2 ? seller : 0};
}

LadderGroup ParentOf(const LadderGroup& group) {
  return GroupAt(group.depth - 1, group.segment, group.team, group.seller);
}

absl::Status CheckGroup(const LadderGroup& group) {
  if (group.depth < 0 || group.depth >= kLadderDepths) {
    return Refuse(Reason::kUnknownCode,
                  absl::StrCat("depth ", group.depth, "; allowed: 0 to ",
                               kLadderDepths - 1));
  }
  const LadderGroup clean =
      GroupAt(group.depth, group.segment, group.team, group.seller);
  if (KeyOf(clean) == KeyOf(group)) return absl::OkStatus();
  return Refuse(Reason::kValueRange,
                absl::StrCat("segment ", group.segment, ", team ", group.team,
                             ", seller ", group.seller, " at depth ",
                             group.depth, "; allowed: 0 below the depth"));
}

absl::Status CheckMilestone(int32_t milestone, int32_t most) {
  if (0 <= milestone && milestone <= most) return absl::OkStatus();
  return Refuse(Reason::kUnknownCode, absl::StrCat("milestone ", milestone,
                                                   "; allowed: 0 to ", most));
}

absl::Status CheckDays(int32_t days) {
  if (days >= 0) return absl::OkStatus();
  return Refuse(Reason::kValueRange,
                absl::StrCat("days ", days, "; allowed: 0 or more"));
}

}  // namespace

// ---- The ladder -------------------------------------------------------------

struct Ladder::State {
  LadderOptions options;
  std::array<double, kMilestoneCount> ladder = {};  // The policy's.
  std::array<double, kRungCount> prior = {};        // Its conversions.
  std::vector<Node> nodes;                          // By depth, then keys.
  std::map<std::tuple<int32_t, uint32_t, uint32_t, uint32_t>, size_t> places;
  // For groups that are not known.
  std::array<std::array<double, kRungCount>, kLadderDepths> strength = {};
  std::array<RungTiming, kRungCount> timing;
  // P(won in the end) at entry by the hazards alone.
  std::array<double, kMilestoneCount> ever = {};

  const Node* Find(const LadderGroup& group) const {
    const auto found = places.find(KeyOf(group));
    return found == places.end() ? nullptr : &nodes[found->second];
  }

  // The group, or what its parents say of one that is not known.
  Node NodeOf(const LadderGroup& group) const {
    const Node* const known = Find(group);
    if (known != nullptr) return *known;
    const Node parent = NodeOf(ParentOf(group));
    Node node;
    node.group = group;
    for (size_t s = 0; s < kTop; ++s) {
      node.rungs[s].strength = strength[static_cast<size_t>(group.depth)][s];
    }
    Complete(&parent, &node);
    return node;
  }

  void Complete(const Node* parent, Node* node) const {
    Shrink(prior, parent, node);
    node->won[kTop] = 1.0;
    bool learned = false;
    for (size_t s = kTop; s-- > 0;) {
      const Rung& rung = node->rungs[s];
      learned = learned || rung.path_n > 0.0 || rung.back > 0.0;
      // The ladder itself, not the product of its conversions.
      node->won[s] = learned ? rung.through * node->won[s + 1] : ladder[s];
    }
  }

  // That a deal at rung `s` is won, with `conversion` there.
  absl::StatusOr<Estimate> Won(const Node& node, size_t s, double conversion,
                               double n, double share) const {
    if (s == kTop) {
      Estimate certain;
      certain.value = certain.low = share;
      certain.high = share;
      return certain;
    }
    const Rung& here = node.rungs[s];
    const bool as_at_entry = conversion == here.conversion;
    const double through =
        as_at_entry ? here.through : ThroughOf(node.rungs, s, conversion);
    const double value =
        share * (as_at_entry ? node.won[s] : through * node.won[s + 1]);
    ProductKnown product;
    product.Times(through, here.strength, n, here.path_n);
    double most = here.strength;
    for (size_t k = s + 1; k < kTop; ++k) {
      const Rung& rung = node.rungs[k];
      product.Times(rung.through, rung.strength, rung.observed.effective_n,
                    rung.path_n);
      most = std::max(most, rung.strength);
    }
    return EstimateOfProduct(value, product, most);
  }

  // What is known of those who left a rung at an age in `bucket` or later.
  static double EffectiveAt(const Rung& rung, size_t bucket) {
    int64_t ended = 0;
    for (size_t b = bucket; b < kAgeBuckets; ++b) {
      ended += rung.counts.ended_at_age[b][0] + rung.counts.ended_at_age[b][1];
    }
    return std::min(rung.observed.effective_n, static_cast<double>(ended));
  }

  absl::StatusOr<Estimate> WonAt(const Node& node, size_t s, double odds_ratio,
                                 size_t bucket, double share) const {
    if (s == kTop) return Won(node, s, 1.0, 0.0, share);
    const Rung& rung = node.rungs[s];
    return Won(node, s, WithOdds(rung.conversion, odds_ratio),
               EffectiveAt(rung, bucket), share);
  }
};

namespace {

// The nodes of the statistics, with their counts.
std::vector<Node> CountGroups(const std::vector<VisitGroup>& groups) {
  std::vector<Node> nodes;
  StepCounts steps;
  for (int32_t depth = 0; depth < kLadderDepths; ++depth) {
    for (size_t i = 0; i < groups.size() || (depth == 0 && i == 0);) {
      Node node;
      size_t end = i;
      if (!groups.empty()) {
        const auto group_of = [&groups, depth](size_t g) {
          return GroupAt(depth, groups[g].segment, groups[g].team,
                         groups[g].seller);
        };
        node.group = group_of(i);
        while (end < groups.size() &&
               KeyOf(group_of(end)) == KeyOf(node.group)) {
          ++end;
        }
      }
      std::vector<size_t> next(end - i);
      for (size_t s = 0; s < kTop; ++s) {
        RungCounts& counts = node.rungs[s].counts;
        for (size_t g = i; g < end; ++g) {
          const std::vector<VisitCell>& cells = groups[g].cells;
          size_t& c = next[g - i];
          for (; c < cells.size() && cells[c].rung() == s; ++c) {
            steps.Add(cells[c], &counts);
          }
        }
        steps.Finish(&counts);
        node.rungs[s].observed = ConversionOf(counts.risks);
      }
      nodes.push_back(node);
      i = std::max(end, i + 1);
    }
  }
  return nodes;
}

std::array<double, kMilestoneCount> EverByHazards(
    const std::array<RungTiming, kRungCount>& timing, const Node& all) {
  Node node;
  for (size_t s = 0; s < kTop; ++s) {
    const std::array<double, kCauses>& ends = timing[s].Ever(1);
    Rung& rung = node.rungs[s];
    rung.back = ends[2];
    rung.back_to = all.rungs[s].back_to;
    const double out = ends[0] + ends[1];
    rung.through = ThroughOf(node.rungs, s, out > 0.0 ? ends[0] / out : 0.0);
  }
  std::array<double, kMilestoneCount> ever;
  ever[kTop] = 1.0;
  for (size_t s = kTop; s-- > 0;) {
    ever[s] = node.rungs[s].through * ever[s + 1];
  }
  return ever;
}

// How strongly groups of a depth are pulled together on a rung.
absl::StatusOr<double> LearnStrength(const std::vector<Node>& nodes,
                                     int32_t depth, size_t s,
                                     double otherwise) {
  std::vector<double> advanced;
  std::vector<double> trials;
  for (const Node& node : nodes) {
    const auto& ended = node.rungs[s].counts.ended;
    if (node.group.depth != depth || ended[0] + ended[1] == 0) continue;
    advanced.push_back(static_cast<double>(ended[0]));
    trials.push_back(static_cast<double>(ended[0] + ended[1]));
  }
  if (advanced.size() < kLeastGroups) return otherwise;
  const auto fit = FitBetaBinomial(advanced, trials);
  if (!fit.ok()) return fit.status();
  return fit->strength;
}

}  // namespace

absl::StatusOr<Ladder> FitLadder(const MethodTables& tables,
                                 const VisitStatistics& statistics,
                                 const LadderOptions& options) {
  if (!(options.strength >= 0.0) ||
      (options.strength > kMostTrials && options.strength != kInfinity)) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat("strength ", options.strength, "; allowed: 0 to ",
                     kMostTrials, " or infinity"));
  }
  auto state = std::make_shared<Ladder::State>();
  state->options = options;
  const auto& yields = tables.yield_ppm;
  for (size_t m = 0; m < kMilestoneCount; ++m) {
    state->ladder[m] = static_cast<double>(yields[m]) / kCertain;
  }
  for (size_t s = 0; s < kTop; ++s) {
    if (yields[s + 1] > 0) {
      state->prior[s] =
          static_cast<double>(yields[s]) / static_cast<double>(yields[s + 1]);
    }
  }
  state->nodes = CountGroups(statistics.Groups());
  std::vector<Node>& nodes = state->nodes;
  for (int32_t depth = 0; depth < kLadderDepths; ++depth) {
    for (size_t s = 0; s < kTop; ++s) {
      double& strength = state->strength[static_cast<size_t>(depth)][s];
      strength = options.strength;
      if (depth == 0 || !options.learn_strength) continue;
      const auto learned = LearnStrength(nodes, depth, s, strength);
      if (!learned.ok()) return learned.status();
      strength = *learned;
    }
  }
  std::map<std::tuple<int32_t, uint32_t, uint32_t, uint32_t>, int> children;
  for (size_t i = 0; i < nodes.size(); ++i) {
    state->places[KeyOf(nodes[i].group)] = i;
    if (nodes[i].group.depth > 0) ++children[KeyOf(ParentOf(nodes[i].group))];
  }
  for (Node& node : nodes) {  // Parents come first.
    const Node* parent = nullptr;
    if (node.group.depth > 0) {
      parent = state->Find(ParentOf(node.group));
      if (children[KeyOf(parent->group)] == 1) {
        const LadderGroup group = node.group;
        node = *parent;  // The same deals do not count twice.
        node.group = group;
        continue;
      }
    }
    for (size_t s = 0; s < kTop; ++s) {
      node.rungs[s].strength =
          state->strength[static_cast<size_t>(node.group.depth)][s];
    }
    state->Complete(parent, &node);
  }
  for (size_t s = 0; s < kTop; ++s) {
    state->timing[s] = RungTiming(nodes.front().rungs[s].counts);
  }
  state->ever = EverByHazards(state->timing, nodes.front());
  return Ladder(std::move(state));
}

absl::StatusOr<Estimate> Ladder::Won(const LadderGroup& group,
                                     int32_t milestone) const {
  absl::Status fits = CheckGroup(group);
  fits.Update(CheckMilestone(milestone, kRungCount));
  if (!fits.ok()) return fits;
  const Node node = state_->NodeOf(group);
  const auto s = static_cast<size_t>(milestone);
  if (s == kTop) return state_->Won(node, s, 1.0, 0.0, 1.0);
  const Rung& rung = node.rungs[s];
  return state_->Won(node, s, rung.conversion, rung.observed.effective_n, 1.0);
}

absl::StatusOr<Estimate> Ladder::WonAtAge(const LadderGroup& group,
                                          int32_t milestone,
                                          int32_t days) const {
  absl::Status fits = CheckGroup(group);
  fits.Update(CheckMilestone(milestone, kRungCount));
  fits.Update(CheckDays(days));
  if (!fits.ok()) return fits;
  const auto s = static_cast<size_t>(milestone);
  const int32_t step = std::min(days, kTailStep) + 2;
  return state_->WonAt(state_->NodeOf(group), s,
                       s == kTop ? 1.0 : state_->timing[s].OddsRatio(step),
                       static_cast<size_t>(AgeBucketOf(days)), 1.0);
}

absl::StatusOr<RungExplanation> Ladder::Explain(const LadderGroup& group,
                                                int32_t milestone) const {
  absl::Status fits = CheckGroup(group);
  fits.Update(CheckMilestone(milestone, kRungCount - 1));
  if (!fits.ok()) return fits;
  const Node* const node = state_->Find(group);
  if (node == nullptr) {
    return Refuse(Reason::kNotFound,
                  absl::StrCat("segment ", group.segment, ", team ", group.team,
                               ", seller ", group.seller, " at depth ",
                               group.depth, "; allowed: groups with visits"));
  }
  const Rung& rung = node->rungs[static_cast<size_t>(milestone)];
  RungExplanation why;
  why.advanced = rung.counts.ended[0];
  why.lost = rung.counts.ended[1];
  why.moved_back = rung.counts.ended[2];
  why.open = rung.counts.watched;
  why.visits = why.open + rung.counts.left();
  why.risks = rung.counts.risks;
  why.observed = rung.observed;
  why.prior = rung.prior;
  why.strength = rung.strength;
  why.back = rung.back;
  why.through = rung.through;
  ProductKnown product;
  product.Times(rung.conversion, rung.strength, rung.observed.effective_n,
                rung.path_n);
  const auto conversion =
      EstimateOfProduct(rung.conversion, product, rung.strength);
  if (!conversion.ok()) return conversion.status();
  why.conversion = *conversion;
  const auto won = Won(group, milestone);
  if (!won.ok()) return won.status();
  why.won = *won;
  return why;
}

absl::StatusOr<std::array<AgeExplanation, kAgeBuckets>> Ladder::ExplainAges(
    int32_t milestone) const {
  absl::Status fits = CheckMilestone(milestone, kRungCount - 1);
  if (!fits.ok()) return fits;
  const auto s = static_cast<size_t>(milestone);
  const RungCounts& counts = state_->nodes.front().rungs[s].counts;
  std::array<AgeExplanation, kAgeBuckets> ages;
  for (size_t b = 0; b < kAgeBuckets; ++b) {
    ages[b].exposures = counts.exposures[b];
    ages[b].ended = counts.ended_at_age[b];
    ages[b].hazard = state_->timing[s].Hazard(kAgeBucketDays[b].first_day + 1);
    ages[b].odds_ratio = state_->timing[s].OddsRatioIn(b);
  }
  return ages;
}

absl::StatusOr<std::vector<int32_t>> Ladder::Table(
    const LadderGroup& group) const {
  absl::Status fits = CheckGroup(group);
  if (!fits.ok()) return fits;
  const Node node = state_->NodeOf(group);
  std::vector<int32_t> table;
  for (size_t m = 0; m < kMilestoneCount; ++m) {
    for (size_t b = 0; b < kAgeBuckets; ++b) {
      double value = 1.0;
      if (m < kTop) {
        const double conversion = WithOdds(node.rungs[m].conversion,
                                           state_->timing[m].OddsRatioIn(b));
        value = conversion == node.rungs[m].conversion
                    ? node.won[m]
                    : ThroughOf(node.rungs, m, conversion) * node.won[m + 1];
      }
      table.push_back(static_cast<int32_t>(std::floor(value * kCertain + 0.5)));
    }
  }
  return table;
}

std::vector<LadderGroup> Ladder::Groups() const {
  std::vector<LadderGroup> groups;
  groups.reserve(state_->nodes.size());
  for (const Node& node : state_->nodes) groups.push_back(node.group);
  return groups;
}

// ---- Within a time ----------------------------------------------------------

absl::StatusOr<WinHorizon> Ladder::Within(int32_t days) const {
  if (days < 1 || days > kMaxHorizon) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("a horizon of ", days, " days; allowed: 1 to ",
                               kMaxHorizon));
  }
  return WinHorizon(*this, days);
}

namespace {

// That a deal is won within `days` steps which is on rung `s` before `step`.
// It may go up twice in a day, but not back and up.
double WonSoon(const std::array<RungTiming, kRungCount>& timing,
               const Node& all,
               const std::array<std::vector<double>, kMilestoneCount>& won,
               size_t s, int32_t step, int32_t days) {
  double total = 0.0;
  double here = 1.0;
  for (int32_t day = 1; day <= days; ++day, ++step) {
    const std::array<double, kCauses>& h = timing[s].Hazard(step);
    const auto left = static_cast<size_t>(days - day);
    double next = h[0] * won[s + 1][left + 1];
    if (h[2] > 0.0) {
      for (size_t t = 0; t < s; ++t) {
        next += h[2] * all.rungs[s].back_to[t] * won[t][left];
      }
    }
    total += here * next;
    here *= timing[s].Stay(step);
  }
  return total;
}

}  // namespace

WinHorizon::WinHorizon(Ladder ladder, int32_t days)
    : ladder_(std::move(ladder)), days_(days) {
  const Ladder::State& state = *ladder_.state_;
  for (auto& won : won_) won.resize(static_cast<size_t>(days) + 1);
  won_[kTop].assign(won_[kTop].size(), 1.0);
  for (int32_t h = 1; h <= days; ++h) {
    for (size_t s = kTop; s-- > 0;) {
      won_[s][static_cast<size_t>(h)] =
          WonSoon(state.timing, state.nodes.front(), won_, s, 1, h);
    }
  }
}

absl::StatusOr<Estimate> WinHorizon::Won(const LadderGroup& group,
                                         int32_t milestone,
                                         int32_t days) const {
  absl::Status fits = CheckGroup(group);
  fits.Update(CheckMilestone(milestone, kRungCount));
  fits.Update(CheckDays(days));
  if (!fits.ok()) return fits;
  const Ladder::State& state = *ladder_.state_;
  const auto s = static_cast<size_t>(milestone);
  const Node node = state.NodeOf(group);
  if (s == kTop) return state.WonAt(node, s, 1.0, 0, 1.0);
  const Node& all = state.nodes.front();
  for (size_t k = s; k < kTop; ++k) {
    const auto& ended = all.rungs[k].counts.ended;
    if (static_cast<double>(ended[0] + ended[1]) < kLeastEffectiveN ||
        ended[0] == 0) {
      return Refuse(
          Reason::kNoHistory,
          absl::StrCat(ended[0], " deals went up from milestone ", k, " and ",
                       ended[1], " were lost there; allowed: 1 and ",
                       kLeastEffectiveN,
                       " together, to say when deals are won"));
    }
  }
  // By the hazards alone: won in time, and won in the end.
  const int32_t step = std::min(days, kTailStep) + 2;
  const double soon = WonSoon(state.timing, all, won_, s, step, days_);
  const std::array<double, kCauses>& now = state.timing[s].Ever(step);
  double end = now[0] * state.ever[s + 1];
  for (size_t t = 0; t < s; ++t) {
    end += now[2] * all.rungs[s].back_to[t] * state.ever[t];
  }
  const double share = std::min(soon / end, 1.0);
  return state.WonAt(node, s, state.timing[s].OddsRatio(step),
                     static_cast<size_t>(AgeBucketOf(days)), share);
}

// ---- The martingale ---------------------------------------------------------

absl::StatusOr<std::array<MartingaleGap, kRungCount>> CheckMartingale(
    const VisitStatistics& statistics, absl::Span<const double> probability) {
  if (probability.size() != kMilestoneCount) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat(probability.size(),
                               " probabilities; allowed: ", kMilestoneCount));
  }
  for (size_t m = 0; m < kMilestoneCount; ++m) {
    if (!(probability[m] >= 0.0 && probability[m] <= 1.0)) {
      return Refuse(
          Reason::kValueRange,
          absl::StrCat("probability ", probability[m], "; allowed: 0 to 1"),
          {static_cast<int64_t>(m), 0});
    }
  }
  // By rung, where to: up, lost, back to each.
  std::array<std::array<int64_t, 2 + kRungCount>, kRungCount> moves = {};
  for (const VisitGroup& group : statistics.Groups()) {
    for (const VisitCell& cell : group.cells) {
      auto& from = moves[cell.rung()];
      if (cell.kind() == VisitCount::kAdvanced) from[0] += cell.count;
      if (cell.kind() == VisitCount::kLost) from[1] += cell.count;
      if (cell.kind() == VisitCount::kBackTo) {
        from[2 + static_cast<size_t>(cell.step())] += cell.count;
      }
    }
  }
  std::array<MartingaleGap, kRungCount> gaps;
  for (size_t s = 0; s < kTop; ++s) {
    MartingaleGap& gap = gaps[s];
    gap.milestone = static_cast<int32_t>(s);
    gap.said = probability[s];
    std::array<double, 2 + kRungCount> next = {probability[s + 1], 0.0};
    for (size_t t = 0; t < kTop; ++t) next[2 + t] = probability[t];
    RunningSum sum;
    for (size_t i = 0; i < next.size(); ++i) {
      gap.moves += moves[s][i];
      sum.Add(static_cast<double>(moves[s][i]) * next[i]);
    }
    if (gap.moves == 0) continue;
    const auto n = static_cast<double>(gap.moves);
    gap.mean_next = sum.Total() / n;
    gap.gap = gap.mean_next - gap.said;
    if (gap.moves < 2) continue;
    RunningSum squares;
    for (size_t i = 0; i < next.size(); ++i) {
      const double off = next[i] - gap.mean_next;
      squares.Add(static_cast<double>(moves[s][i]) * off * off);
    }
    gap.standard_error = std::sqrt(squares.Total() / (n - 1.0) / n);
  }
  return gaps;
}

}  // namespace fivek
