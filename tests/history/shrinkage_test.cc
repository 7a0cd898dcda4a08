#include "fivek/history/shrinkage.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>
#include <vector>

#include "bench/seeded.h"
#include "fivek/base/reason.h"
#include "fivek/base/special.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/history/reference.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using bench::SplitMix64;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

using Numbers = std::vector<double>;

// ---- One rate ---------------------------------------------------------------

TEST(ShrinkRateTest, Known) {
  const BetaPosterior p = *ShrinkRate(0.10, 20, 3, 12);
  EXPECT_EQ(p.mean, 0.15625);
  EXPECT_THAT(p.sd, IsNear(0.06320623710592894, 1e-15));
  EXPECT_THAT(p.low, IsNear(0.06578047054601774, 1e-14));
  EXPECT_THAT(p.high, IsNear(0.2713711815575147, 1e-14));
  EXPECT_THAT(ShrinkRate(0.5, 20, 2, 2)->mean,
              IsNear(0.5454545454545454, 1e-15));
}

TEST(ShrinkRateTest, Reference) {
  const auto cases = ReferenceCases("calibration", "beta_binomial_shrink");
  FIVEK_NEEDS_REFERENCE(cases);
  for (const auto& one : cases) {
    const auto& in = one.at("input");
    const auto& want = one.at("expected");
    const double tolerance = one.at("rel_tol");
    const BetaPosterior p = *ShrinkRate(in.at("prior"), in.at("strength"),
                                        in.at("won"), in.at("closed"));
    EXPECT_THAT(p.mean, IsNear(want.at("mean").get<double>(), tolerance));
    EXPECT_THAT(p.sd, IsNear(want.at("sd").get<double>(), tolerance));
    EXPECT_THAT(p.low, IsNear(want.at("q05").get<double>(), tolerance));
    EXPECT_THAT(p.high, IsNear(want.at("q95").get<double>(), tolerance));
  }
}

TEST(ShrinkRateTest, InfiniteStrengthIsThePrior) {
  for (const double prior : {0.0, 0.3, 1.0}) {
    const BetaPosterior p = *ShrinkRate(prior, kInfinity, 1, 4);
    EXPECT_EQ(p.mean, prior);
    EXPECT_EQ(p.low, prior);
    EXPECT_EQ(p.high, prior);
    EXPECT_EQ(p.sd, 0.0);
    EXPECT_EQ(p.alpha, prior > 0.0 ? kInfinity : 0.0);
    EXPECT_EQ(p.beta, prior < 1.0 ? kInfinity : 0.0);
  }
}

TEST(ShrinkRateTest, APriorOfZeroOrOne) {
  const BetaPosterior never = *ShrinkRate(0, 20, 0, 5);
  EXPECT_EQ(never.mean, 0.0);
  EXPECT_EQ(never.high, 0.0);
  const BetaPosterior always = *ShrinkRate(1, 20, 5, 5);
  EXPECT_EQ(always.mean, 1.0);
  EXPECT_EQ(always.low, 1.0);
  EXPECT_EQ(always.sd, 0.0);
  // Contradicted, it is a rate as any.
  const BetaPosterior other = *ShrinkRate(0, 20, 1, 5);
  EXPECT_EQ(other.mean, 0.04);
  EXPECT_GT(other.high, 0.04);
}

TEST(ShrinkRateTest, NothingIsKnown) {
  const BetaPosterior p = *ShrinkRate(0.25, 0, 0, 0);
  EXPECT_EQ(p.mean, 0.25);
  EXPECT_EQ(p.low, 0.0);
  EXPECT_EQ(p.high, 1.0);
  EXPECT_EQ(ShrinkRate(0.25, 0, 3, 4)->mean, 0.75);
}

TEST(ShrinkRateTest, Properties) {
  for (const double prior : {0.001, 0.1, 0.5, 0.9}) {
    for (const double strength : {0.5, 1.0, 20.0, 1e6, 1e12}) {
      for (const double trials : {0.0, 0.25, 1.0, 7.0, 1e5, 1e12}) {
        for (const double share : {0.0, 0.2, 1.0}) {
          const double successes = share * trials;
          const BetaPosterior p =
              *ShrinkRate(prior, strength, successes, trials);
          // Between the prior and the rate.
          const double rate = trials > 0.0 ? share : prior;
          EXPECT_GE(p.mean, std::min(prior, rate) - 1e-15);
          EXPECT_LE(p.mean, std::max(prior, rate) + 1e-15);
          EXPECT_LE(0.0, p.low);
          EXPECT_LE(p.low, p.high);
          EXPECT_LE(p.high, 1.0);
          // Success and failure are each other's mirror.
          const BetaPosterior mirror =
              *ShrinkRate(1.0 - prior, strength, trials - successes, trials);
          EXPECT_NEAR(p.mean, 1.0 - mirror.mean, 1e-15);
          EXPECT_NEAR(p.low, 1.0 - mirror.high, 1e-11);
          EXPECT_NEAR(p.sd, mirror.sd, 1e-15);
        }
      }
    }
  }
}

TEST(ShrinkRateTest, Refusals) {
  for (const double bad : {-0.1, 1.1, kNaN, kInfinity}) {
    EXPECT_THAT(ShrinkRate(bad, 20, 1, 2),
                Refused(Reason::kValueRange, HasSubstr("prior ")));
  }
  for (const double bad : {-1.0, kNaN, 2e12, -kInfinity}) {
    EXPECT_THAT(ShrinkRate(0.1, bad, 1, 2),
                Refused(Reason::kValueRange, HasSubstr("strength ")));
  }
  for (const double bad : {-1.0, kNaN, 2e12, kInfinity}) {
    EXPECT_THAT(ShrinkRate(0.1, 20, 0, bad),
                Refused(Reason::kValueRange, HasSubstr("trials ")));
  }
  for (const double bad : {-1.0, 2.5, kNaN, kInfinity}) {
    EXPECT_THAT(ShrinkRate(0.1, 20, bad, 2),
                Refused(Reason::kValueRange, HasSubstr("successes ")));
  }
}

TEST(EstimateOfTest, FewTrialsAreTheLadder) {
  const BetaPosterior p = *ShrinkRate(0.10, 20, 3, 12);
  const Estimate e = EstimateOf(p, 12);
  EXPECT_EQ(e.value, p.mean);
  EXPECT_EQ(e.low, p.low);
  EXPECT_EQ(e.high, p.high);
  EXPECT_EQ(e.effective_n, 12.0);
  EXPECT_EQ(e.source, Source::kShrunk);
  EXPECT_EQ(EstimateOf(p, 5).source, Source::kShrunk);
  EXPECT_EQ(EstimateOf(p, 4.99).source, Source::kPrior);
  EXPECT_EQ(EstimateOf(p, 0).source, Source::kPrior);
}

// Nearly all of it at 0: the mean is above the 95 % quantile.
TEST(EstimateOfTest, ContainsTheMean) {
  const BetaPosterior p = *ShrinkRate(0.01, 1, 0, 0);
  ASSERT_GT(p.mean, p.high);
  const Estimate e = EstimateOf(p, 0);
  EXPECT_LE(e.low, e.value);
  EXPECT_EQ(e.high, e.value);
}

// ---- A hierarchy ------------------------------------------------------------

TEST(ShrinkDownTest, Known) {
  const std::vector<BetaPosterior> p =
      *ShrinkDown(0.5, {{20, 300, 1000}, {20, 50, 100}, {20, 2, 2}});
  ASSERT_EQ(p.size(), 3U);
  EXPECT_THAT(p[0].mean, IsNear(31.0 / 102, 1e-15));
  EXPECT_THAT(p[1].mean, IsNear(143.0 / 306, 1e-15));
  EXPECT_THAT(p[2].mean, IsNear(868.0 / 1683, 1e-15));
  EXPECT_TRUE(ShrinkDown(0.5, {})->empty());
}

TEST(ShrinkDownTest, Reference) {
  const auto cases = ReferenceCases("calibration", "hierarchical_shrink");
  FIVEK_NEEDS_REFERENCE(cases);
  for (const auto& one : cases) {
    const auto& in = one.at("input");
    std::vector<ShrinkLevel> levels;
    for (size_t i = 0; i < in.at("won").size(); ++i) {
      levels.push_back(
          {in.at("strength")[i], in.at("won")[i], in.at("closed")[i]});
    }
    const auto got = *ShrinkDown(in.at("prior"), levels);
    for (size_t i = 0; i < levels.size(); ++i) {
      EXPECT_THAT(got[i].mean,
                  IsNear(one.at("expected").at("mean")[i].get<double>(),
                         one.at("rel_tol").get<double>()));
    }
  }
}

TEST(ShrinkDownTest, NamesTheLevel) {
  const auto refused = ShrinkDown(0.5, {{20, 1, 2}, {-1, 1, 2}});
  EXPECT_THAT(refused, Refused(Reason::kValueRange, HasSubstr("strength -1")));
  EXPECT_EQ(WhereOf(refused.status()).row, 1);
}

// ---- How strongly to pull ---------------------------------------------------

// Plain, in the order given.
double LogLikelihood(const Numbers& won, const Numbers& n, double a, double b) {
  double sum = 0.0;
  for (size_t i = 0; i < n.size(); ++i) {
    sum += LogBeta(a + won[i], b + n[i] - won[i]) - LogBeta(a, b);
  }
  return sum;
}

struct Sample {
  Numbers won, n;
};

Sample MakeSample(uint64_t seed, int groups, uint32_t trials) {
  SplitMix64 random(seed);
  Sample s;
  for (int i = 0; i < groups; ++i) {
    const uint32_t n = random.Below(trials + 1);
    const double rate = 0.1 + 0.08 * random.Below(11);
    int won = 0;
    for (uint32_t k = 0; k < n; ++k) {
      won += random.Below(1000) < 1000 * rate ? 1 : 0;
    }
    s.won.push_back(won);
    s.n.push_back(n);
  }
  return s;
}

TEST(FitBetaBinomialTest, Reference) {
  const auto cases = ReferenceCases("calibration", "eb_beta_binomial");
  FIVEK_NEEDS_REFERENCE(cases);
  for (const auto& one : cases) {
    SCOPED_TRACE(one.dump());
    const Numbers won = one.at("input").at("won");
    const Numbers n = one.at("input").at("closed");
    const auto& want = one.at("expected");
    const double tolerance = one.at("rel_tol");
    const BetaBinomialFit fit = *FitBetaBinomial(won, n);
    if (want.contains("strength") && want.at("strength") == "inf") {
      EXPECT_EQ(fit.strength, kInfinity);
    }
    if (want.contains("alpha")) {
      EXPECT_THAT(fit.alpha, IsNear(want.at("alpha").get<double>(), tolerance));
      EXPECT_THAT(fit.beta, IsNear(want.at("beta").get<double>(), tolerance));
    }
    for (size_t i = 0; i < n.size(); ++i) {
      EXPECT_THAT(ShrinkRate(fit.mean, fit.strength, won[i], n[i])->mean,
                  IsNear(want.at("shrunk")[i].get<double>(), tolerance));
    }
  }
}

// Ten sellers, worked out in 40 digits.
TEST(FitBetaBinomialTest, Known) {
  const Numbers won = {2, 45, 0, 12, 7, 30, 3, 18, 9, 1};
  const Numbers n = {2, 70, 3, 40, 10, 80, 4, 60, 14, 9};
  const BetaBinomialFit fit = *FitBetaBinomial(won, n);
  EXPECT_NEAR(fit.alpha, 3.7631880405854338, 1e-12);
  EXPECT_NEAR(fit.beta, 4.546783445568199, 1e-12);
  EXPECT_EQ(fit.groups, 10);
  // Those of statistics.md: 2 of 2 and 0 of 3 by its prior.
  const double mean =
      3.448458042358033 / (3.448458042358033 + 5.083720464133348);
  const double strength = 3.448458042358033 + 5.083720464133348;
  EXPECT_NEAR(ShrinkRate(mean, strength, 2, 2)->mean, 0.5173153910181015,
              1e-15);
  EXPECT_NEAR(ShrinkRate(mean, strength, 0, 3)->mean, 0.2990291938697377,
              1e-15);
}

// The gradient is 0 and nothing near is more likely.
TEST(FitBetaBinomialTest, IsTheMostLikely) {
  int fitted = 0;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    const Sample s = MakeSample(seed, 3 + static_cast<int>(seed) % 20, 30);
    const BetaBinomialFit fit = *FitBetaBinomial(s.won, s.n);
    SCOPED_TRACE(seed);
    if (fit.strength == kInfinity) continue;
    ++fitted;
    EXPECT_NEAR(fit.alpha + fit.beta, fit.strength, 1e-12 * fit.strength);
    EXPECT_NEAR(fit.mean, fit.alpha / fit.strength, 1e-15);
    double by_a = 0.0;
    double by_b = 0.0;
    for (size_t i = 0; i < s.n.size(); ++i) {
      const double of_n = DigammaRise(fit.strength, s.n[i]);
      by_a += DigammaRise(fit.alpha, s.won[i]) - of_n;
      by_b += DigammaRise(fit.beta, s.n[i] - s.won[i]) - of_n;
    }
    EXPECT_NEAR(by_a * fit.alpha, 0.0, 1e-10);
    EXPECT_NEAR(by_b * fit.beta, 0.0, 1e-10);
    const double top = LogLikelihood(s.won, s.n, fit.alpha, fit.beta);
    for (int i = 0; i < 12 * 12; ++i) {
      const double a = 0.05 * std::pow(3.0, i / 12);
      const double b = 0.05 * std::pow(3.0, i % 12);
      EXPECT_LE(LogLikelihood(s.won, s.n, a, b), top + 1e-9);
    }
  }
  EXPECT_GT(fitted, 20);
}

TEST(FitBetaBinomialTest, AnyOrderGivesTheSameBits) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Sample s = MakeSample(seed, 15, 20);
    const BetaBinomialFit before = *FitBetaBinomial(s.won, s.n);
    SplitMix64 random(seed);
    for (size_t i = s.n.size(); i > 1; --i) {
      const size_t j = random.Below(static_cast<uint32_t>(i));
      std::swap(s.n[i - 1], s.n[j]);
      std::swap(s.won[i - 1], s.won[j]);
    }
    const BetaBinomialFit after = *FitBetaBinomial(s.won, s.n);
    EXPECT_EQ(before.alpha, after.alpha);
    EXPECT_EQ(before.beta, after.beta);
    EXPECT_EQ(before.mean, after.mean);
    EXPECT_EQ(before.strength, after.strength);
  }
}

TEST(FitBetaBinomialTest, TheSameBitsOnEveryMachine) {
  uint64_t hash = 0xCBF29CE484222325;
  const auto add = [&hash](double result) {
    uint64_t bits;
    std::memcpy(&bits, &result, sizeof bits);
    hash = (hash ^ bits) * 0x100000001B3;
  };
  for (uint64_t seed = 0; seed < 10; ++seed) {
    const Sample s = MakeSample(seed, 12, 30);
    const BetaBinomialFit fit = *FitBetaBinomial(s.won, s.n);
    add(fit.alpha);
    add(fit.beta);
    for (size_t i = 0; i < s.n.size(); ++i) {
      const BetaPosterior p =
          *ShrinkRate(fit.mean, fit.strength, s.won[i], s.n[i]);
      add(p.mean);
      add(p.low);
      add(p.high);
    }
  }
  EXPECT_EQ(hash, 15301143188708800622U);
}

TEST(FitBetaBinomialTest, GroupsThatDoNotDiffer) {
  const struct {
    Numbers won, n;
    double rate;
  } kCases[] = {
      {{5, 10, 5, 20}, {10, 20, 10, 40}, 0.5},  // Equal rates.
      {{3}, {12}, 0.25},                        // One group.
      {{3, 0}, {12, 0}, 0.25},                  // One with trials.
      {{1, 0, 0, 1}, {1, 1, 1, 1}, 0.5},        // One trial each.
      {{0, 0}, {5, 7}, 0.0},                    // Never.
      {{5, 7}, {5, 7}, 1.0},                    // Always.
      {{1, 2, 1, 2}, {3, 4, 3, 4}, 3.0 / 7},    // Less than chance.
  };
  for (const auto& c : kCases) {
    const BetaBinomialFit fit = *FitBetaBinomial(c.won, c.n);
    EXPECT_EQ(fit.strength, kInfinity);
    EXPECT_EQ(fit.mean, c.rate);
    EXPECT_EQ(fit.alpha, c.rate > 0.0 ? kInfinity : 0.0);
    EXPECT_EQ(fit.beta, c.rate < 1.0 ? kInfinity : 0.0);
  }
}

TEST(FitBetaBinomialTest, AllOrNothing) {
  const BetaBinomialFit fit = *FitBetaBinomial({5, 0, 3, 1}, {5, 7, 3, 1});
  EXPECT_EQ(fit.strength, 0.0);
  EXPECT_EQ(fit.mean, 0.75);
  EXPECT_EQ(fit.alpha, 0.0);
  EXPECT_EQ(fit.groups, 4);
}

TEST(FitBetaBinomialTest, EndsOnEverySmallTable) {
  // Two and three groups of up to 4 trials, all that can be.
  std::vector<std::pair<double, double>> counts;
  for (int n = 0; n <= 4; ++n) {
    for (int won = 0; won <= n; ++won) counts.emplace_back(won, n);
  }
  for (const auto& x : counts) {
    for (const auto& y : counts) {
      for (const auto& z : counts) {
        const Numbers won = {x.first, y.first, z.first};
        const Numbers n = {x.second, y.second, z.second};
        const auto fit = FitBetaBinomial(won, n);
        if (x.second + y.second + z.second == 0.0) {
          EXPECT_FALSE(fit.ok());
          continue;
        }
        EXPECT_TRUE(fit->mean >= 0.0 && fit->mean <= 1.0);
        EXPECT_TRUE(fit->strength >= 0.0);
        EXPECT_TRUE(ShrinkRate(fit->mean, fit->strength, 1, 2).ok());
      }
    }
  }
}

TEST(FitBetaBinomialTest, LargeCounts) {
  const BetaBinomialFit fit =
      *FitBetaBinomial({3e11, 5e11, 1e11}, {1e12, 1e12, 1e12});
  EXPECT_GT(fit.strength, 1.0);
  EXPECT_LT(fit.strength, 100.0);
  EXPECT_NEAR(fit.mean, 0.3, 0.02);
}

TEST(FitBetaBinomialTest, Refusals) {
  EXPECT_THAT(FitBetaBinomial({1}, {2, 3}),
              Refused(Reason::kValueRange, HasSubstr("1 successes and 2")));
  EXPECT_THAT(FitBetaBinomial({}, {}),
              Refused(Reason::kValueRange, HasSubstr("no group")));
  EXPECT_THAT(FitBetaBinomial({0, 0}, {0, 0}),
              Refused(Reason::kValueRange, HasSubstr("no group")));
  const auto above = FitBetaBinomial({1, 4}, {2, 3});
  EXPECT_THAT(above, Refused(Reason::kValueRange, HasSubstr("successes 4")));
  EXPECT_EQ(WhereOf(above.status()).row, 1);
  EXPECT_EQ(WhereOf(above.status()).column, 0);
  const auto negative = FitBetaBinomial({0, 0}, {2, -3});
  EXPECT_THAT(negative, Refused(Reason::kValueRange, HasSubstr("trials -3")));
  EXPECT_EQ(WhereOf(negative.status()).column, 1);
  EXPECT_THAT(FitBetaBinomial({kNaN}, {2}), RefusedFor(Reason::kValueRange));
  EXPECT_THAT(FitBetaBinomial({1}, {kInfinity}),
              RefusedFor(Reason::kValueRange));
}

// ---- From steps to probabilities --------------------------------------------

TEST(LadderTest, Reference) {
  const auto cases = ReferenceCases("calibration", "ladder_to_conversions");
  FIVEK_NEEDS_REFERENCE(cases);
  for (const auto& one : cases) {
    const Numbers ladder = one.at("input").at("ladder");
    const Numbers conversions = *LadderToConversions(ladder);
    const Numbers want = one.at("expected").at("conversions");
    ASSERT_EQ(conversions.size(), want.size());
    for (size_t i = 0; i < want.size(); ++i) {
      EXPECT_THAT(conversions[i],
                  IsNear(want[i], one.at("rel_tol").get<double>()));
    }
  }
}

TEST(LadderTest, AndBack) {
  const Numbers ladder = {0, 0.1, 0.25, 0.5, 0.5, 0.9, 1};
  const Numbers back = *ConversionsToLadder(*LadderToConversions(ladder));
  ASSERT_EQ(back.size(), ladder.size());
  for (size_t i = 0; i < ladder.size(); ++i) {
    EXPECT_NEAR(back[i], ladder[i], 1e-15);
  }
  EXPECT_THAT(*ConversionsToLadder({0.5, 0.5}), ElementsAre(0.25, 0.5, 1.0));
}

TEST(LadderTest, Refusals) {
  EXPECT_THAT(LadderToConversions({1}),
              Refused(Reason::kValueRange, HasSubstr("1 rungs")));
  EXPECT_THAT(LadderToConversions({0.5, 0.4, 1}),
              Refused(Reason::kYieldFalls, HasSubstr("0.4 after 0.5")));
  EXPECT_THAT(LadderToConversions({0.5, 0.9}),
              Refused(Reason::kValueRange, HasSubstr("last probability")));
  EXPECT_THAT(LadderToConversions({0, 0, 1}),
              Refused(Reason::kValueRange, HasSubstr("above 0")));
  for (const double bad : {-0.1, 1.5, kNaN}) {
    EXPECT_THAT(LadderToConversions({bad, 1}), RefusedFor(Reason::kValueRange));
    EXPECT_THAT(ConversionsToLadder({0.5, bad}),
                RefusedFor(Reason::kValueRange));
  }
  EXPECT_THAT(ConversionsToLadder({}),
              Refused(Reason::kValueRange, HasSubstr("no conversions")));
  EXPECT_THAT(ConversionsToLadder({0.5, 0}),
              Refused(Reason::kValueRange, HasSubstr("above 0")));
}

// Forwards only, it is the ladder.
TEST(AbsorbingChainTest, WithoutBackMovesItIsTheLadder) {
  const Numbers c = {0.4, 0.5, 2.0 / 3, 5.0 / 6, 0.9};
  Numbers moves(25, 0.0);
  Numbers won(5, 0.0);
  for (size_t i = 0; i < 4; ++i) moves[i * 5 + i + 1] = c[i];
  won[4] = c[4];
  const Numbers ladder = *ConversionsToLadder(c);
  const Numbers p = *AbsorbingChain(moves, won);
  for (size_t i = 0; i < 5; ++i) EXPECT_NEAR(p[i], ladder[i], 1e-15);
}

TEST(AbsorbingChainTest, Known) {
  // x0 = x1 / 2; x1 = x0 / 5 + 2/5.
  const Numbers two = *AbsorbingChain({0, 0.5, 0.2, 0}, {0, 0.4});
  EXPECT_NEAR(two[0], 2.0 / 9, 1e-15);
  EXPECT_NEAR(two[1], 4.0 / 9, 1e-15);
  // To itself: as if that move did not count.
  EXPECT_NEAR((*AbsorbingChain({0.5}, {0.2}))[0], 0.4, 1e-15);
  EXPECT_EQ((*AbsorbingChain({0}, {1}))[0], 1.0);
  EXPECT_EQ((*AbsorbingChain({0}, {0}))[0], 0.0);
}

// As many moves as are needed, one after the other.
TEST(AbsorbingChainTest, Oracle) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    SplitMix64 random(seed);
    const size_t n = 1 + random.Below(kMostChainStages);
    Numbers moves;
    Numbers won;
    for (size_t i = 0; i < n; ++i) {
      std::vector<double> weight(n + 2);
      double sum = 0.0;
      for (double& w : weight) sum += w = random.Below(10);
      weight.back() += 3.0;  // Lost.
      sum += 3.0;
      for (size_t j = 0; j < n; ++j) moves.push_back(weight[j] / sum);
      won.push_back(weight[n] / sum);
    }
    Numbers at(n, 0.0);
    for (int round = 0; round < 4000; ++round) {
      Numbers next = won;
      for (size_t i = 0; i < n; ++i) {
        for (size_t j = 0; j < n; ++j) next[i] += moves[i * n + j] * at[j];
      }
      at = next;
    }
    const Numbers p = *AbsorbingChain(moves, won);
    for (size_t i = 0; i < n; ++i) EXPECT_NEAR(p[i], at[i], 1e-13);
  }
}

TEST(AbsorbingChainTest, Refusals) {
  EXPECT_THAT(AbsorbingChain({}, {}),
              Refused(Reason::kValueRange, HasSubstr("0 stages")));
  EXPECT_THAT(AbsorbingChain(Numbers(81, 0.0), Numbers(9, 0.1)),
              Refused(Reason::kValueRange, HasSubstr("9 stages")));
  EXPECT_THAT(AbsorbingChain({0, 0}, {0.1, 0.1}),
              Refused(Reason::kValueRange, HasSubstr("2 moves")));
  for (const double bad : {-0.1, 1.1, kNaN, kInfinity}) {
    const auto move = AbsorbingChain({0, 0.1, bad, 0}, {0.1, 0.1});
    EXPECT_THAT(move, Refused(Reason::kValueRange, HasSubstr("moves ")));
    EXPECT_EQ(WhereOf(move.status()).row, 1);
    EXPECT_EQ(WhereOf(move.status()).column, 0);
    const auto won = AbsorbingChain({0, 0.1, 0, 0}, {bad, 0.1});
    EXPECT_THAT(won, Refused(Reason::kValueRange, HasSubstr("won ")));
    EXPECT_EQ(WhereOf(won.status()).column, 2);
  }
  EXPECT_THAT(AbsorbingChain({0.5, 0.3, 0, 0}, {0.3, 0.1}),
              Refused(Reason::kValueRange, HasSubstr("add up to 1 + 0.1")));
  // Round and round.
  const auto never = AbsorbingChain({0, 1, 1, 0}, {0, 0});
  EXPECT_THAT(never,
              Refused(Reason::kValueRange, HasSubstr("never leave from")));
  EXPECT_THAT(AbsorbingChain({0, 0.5, 0, 1}, {0.5, 0}),
              Refused(Reason::kValueRange, HasSubstr("from stage 1")));
}

}  // namespace
}  // namespace fivek
