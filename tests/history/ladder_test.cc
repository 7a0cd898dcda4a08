#include "fivek/history/ladder.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "fivek/base/reason.h"
#include "fivek/history/shrinkage.h"
#include "fivek/method/policy.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/history/made_history.h"

namespace fivek {
namespace {

using testing::HasSubstr;

constexpr int32_t kAsOf = 270;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr LadderGroup kAll = {};

VisitStatistics StatisticsOf(absl::Span<const StageVisit> visits) {
  auto statistics = VisitStatistics::Create({0, kAsOf});
  EXPECT_TRUE(statistics.ok());
  EXPECT_TRUE(statistics->Add(visits).ok());
  return *std::move(statistics);
}

Ladder FitTo(absl::Span<const StageVisit> visits, LadderOptions options = {}) {
  auto ladder = FitLadder(Policy().tables(), StatisticsOf(visits), options);
  EXPECT_TRUE(ladder.ok()) << ladder.status();
  return *std::move(ladder);
}

MadeHistory Made(int32_t deals) {
  MadeHistory made;
  made.conversion = {0, 0.4, 0.5, 2.0 / 3, 5.0 / 6, 0.9};
  made.deals = deals;
  return made;
}

StageVisit VisitOf(int32_t stage, int32_t end, int32_t days = 5) {
  StageVisit visit;
  visit.stage = stage;
  visit.left = end == 0 ? 0 : days;
  visit.end = end;
  visit.to = end == 1 ? stage + 1 : end == 3 ? stage - 1 : 0;
  return visit;
}
void Append(std::vector<StageVisit>* visits, int count,
            const StageVisit& visit) {
  visits->insert(visits->end(), static_cast<size_t>(count), visit);
}

void ExpectSound(const Estimate& e) {
  EXPECT_LE(0.0, e.low);
  EXPECT_LE(e.low, e.value);
  EXPECT_LE(e.value, e.high);
  EXPECT_LE(e.high, 1.0);
  EXPECT_GE(e.effective_n, 0.0);
}

// ---- Against the prior ------------------------------------------------------

TEST(LadderTest, WithoutHistoryItIsThePolicys) {
  const Ladder ladder = FitTo({});
  for (int32_t m = 0; m < kMilestoneCount; ++m) {
    const double want = kLadder[static_cast<size_t>(m)].yield_ppm / 1e6;
    for (const LadderGroup& group :
         {kAll, Segment(3), Team(3, 4), Seller(3, 4, 5)}) {
      const Estimate won = *ladder.Won(group, m);
      EXPECT_EQ(won.value, want);
      EXPECT_EQ(won.source, Source::kPrior);
      EXPECT_EQ(won.effective_n, 0.0);
      ExpectSound(won);
      const Estimate aged = *ladder.WonAtAge(group, m, 50);
      EXPECT_EQ(aged.value, want);
      EXPECT_EQ(aged.source, Source::kPrior);
    }
  }
  const std::vector<int32_t> table = *ladder.Table(kAll);
  ASSERT_EQ(table.size(), size_t{kMilestoneCount} * kAgeBuckets);
  for (size_t i = 0; i < table.size(); ++i) {
    EXPECT_EQ(table[i], kLadder[i / kAgeBuckets].yield_ppm);
  }
}

// statistics.md §1: five conversions, advanced 180 90 55 40 30, lost 260 80 30
// 12 2, strength 20, no open deals.
TEST(LadderTest, TheFactorisedLadder) {
  const int advanced[] = {180, 90, 55, 40, 30};
  const int lost[] = {260, 80, 30, 12, 2};
  const double probability[] = {0.10170042969432748, 0.24884147691165234,
                                0.4727988061321395, 0.7264957264957265,
                                0.9230769230769231};
  const double sd[] = {0.013765504347866945, 0.0306132115925395,
                       0.04815525346489466, 0.0528140074420759,
                       0.03660238087929896};
  std::vector<StageVisit> visits;
  for (int s = 1; s <= 5; ++s) {
    Append(&visits, advanced[s - 1], VisitOf(s, 1, 3));
    Append(&visits, lost[s - 1], VisitOf(s, 2, 9));
  }
  const Ladder ladder = FitTo(visits);
  for (int s = 1; s <= 5; ++s) {
    const Estimate won = *ladder.Won(kAll, s);
    EXPECT_NEAR(won.value, probability[s - 1], 1e-13);
    EXPECT_EQ(won.source, Source::kShrunk);
    // A beta of that mean and standard deviation.
    const double variance = sd[s - 1] * sd[s - 1];
    const double trials = won.value * (1 - won.value) / variance - 1;
    const BetaPosterior beta = *ShrinkRate(won.value, trials, 0, 0);
    EXPECT_NEAR(won.low, beta.low, 1e-10);
    EXPECT_NEAR(won.high, beta.high, 1e-10);
    const RungExplanation why = *ladder.Explain(kAll, s);
    EXPECT_EQ(why.advanced, advanced[s - 1]);
    EXPECT_EQ(why.lost, lost[s - 1]);
    EXPECT_EQ(why.open, 0);
    EXPECT_EQ(why.visits, why.advanced + why.lost);
    EXPECT_NEAR(why.conversion.effective_n, advanced[s - 1] + lost[s - 1],
                1e-6);
    EXPECT_EQ(why.won.value, won.value);
    EXPECT_EQ(why.through, why.conversion.value);
    EXPECT_NEAR(why.conversion.value,
                (20 * why.prior + advanced[s - 1]) /
                    (20.0 + static_cast<double>(why.visits)),
                1e-13);
  }
  // Only the last conversion is in its rung's probability.
  EXPECT_NEAR(ladder.Won(kAll, 5)->effective_n, 32, 1e-6);
}

TEST(LadderTest, StrengthIsTheWeightOfThePrior) {
  std::vector<StageVisit> visits;
  Append(&visits, 2, VisitOf(5, 1));
  Append(&visits, 6, VisitOf(5, 2));
  EXPECT_NEAR(FitTo(visits, {0.0}).Won(kAll, 5)->value, 0.25, 1e-15);
  EXPECT_EQ(FitTo(visits, {0.0}).Won(kAll, 5)->source, Source::kLearned);
  EXPECT_NEAR(FitTo(visits, {8.0}).Won(kAll, 5)->value, (0.9 + 0.25) / 2,
              1e-15);
  EXPECT_EQ(FitTo(visits, {kInfinity}).Won(kAll, 5)->value, 0.9);
  // Below five deals the ladder is what is believed.
  Append(&visits, 1, VisitOf(4, 1));
  const RungExplanation few = *FitTo(visits).Explain(kAll, 4);
  EXPECT_EQ(few.conversion.source, Source::kPrior);
  EXPECT_EQ(few.conversion.effective_n, 1.0);
}

// Rises whatever the history is: moves back, skips, few deals, any strength.
TEST(LadderTest, FiveDealsAreHistory) {
  // Whatever the last digits of the sum of five are.
  for (int lost = 1; lost < 5; ++lost) {
    std::vector<StageVisit> visits;
    Append(&visits, lost, VisitOf(5, 2));
    Append(&visits, 5 - lost, VisitOf(5, 1));
    EXPECT_EQ(FitTo(visits).Won(kAll, 5)->source, Source::kShrunk) << lost;
    EXPECT_EQ(FitTo(visits, {0.0}).Won(kAll, 5)->source, Source::kLearned)
        << lost;
    EXPECT_EQ(FitTo(visits).Explain(kAll, 5)->conversion.source,
              Source::kShrunk);
    visits.pop_back();
    EXPECT_EQ(FitTo(visits).Won(kAll, 5)->source, Source::kPrior) << lost;
  }
}

TEST(LadderTest, WhatHistoryAloneIsCertainOfIsNotThePriors) {
  std::vector<StageVisit> visits;
  Append(&visits, 12, VisitOf(3, 2));
  const Ladder none = FitTo(visits, {0.0});
  for (int32_t milestone = 1; milestone < 4; ++milestone) {
    const Estimate e = *none.Won(kAll, milestone);
    EXPECT_EQ(e.value, 0.0);
    EXPECT_EQ(e.effective_n, 12.0);
    EXPECT_EQ(e.source, Source::kLearned);
  }
  EXPECT_EQ(none.Won(kAll, 4)->source, Source::kPrior);
  visits.clear();
  Append(&visits, 7, VisitOf(4, 1));
  Append(&visits, 9, VisitOf(5, 1));
  const Ladder all = FitTo(visits, {0.0});
  EXPECT_EQ(all.Won(kAll, 4)->effective_n, 7.0);
  EXPECT_EQ(all.Won(kAll, 4)->source, Source::kLearned);
  EXPECT_EQ(all.Won(kAll, 5)->effective_n, 9.0);
  visits.clear();
  Append(&visits, 4, VisitOf(5, 1));
  EXPECT_EQ(FitTo(visits, {0.0}).Won(kAll, 5)->source, Source::kPrior);
}

TEST(LadderTest, RisesAlways) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    Seeded random(seed);
    MadeHistory made;
    for (size_t s = 0; s < kRungCount; ++s) {
      made.conversion[s] = random.Unit();
      made.back[s] = s == 0 ? 0.0 : random.Unit() * 0.7;
    }
    made.first_rung = random.Below(6);
    made.deals = random.Below(60);
    LadderOptions options;
    if (seed % 3 == 0) options.strength = 0.0;
    const Ladder ladder = FitTo(MakeVisits(made, seed), options);
    double before = 0.0;
    for (int32_t m = 0; m < kMilestoneCount; ++m) {
      const Estimate won = *ladder.Won(kAll, m);
      ExpectSound(won);
      EXPECT_LE(before, won.value) << seed << " " << m;
      before = won.value;
    }
    EXPECT_EQ(before, 1.0);
  }
}

// A deal on each rung is five deals, but not of any one number.
TEST(LadderTest, FewDealsOnManyRungsAreFew) {
  std::vector<StageVisit> visits;
  for (int32_t s = 1; s <= 5; ++s) Append(&visits, 1, VisitOf(s, 1));
  const Ladder ladder = FitTo(visits);
  for (int32_t m = 0; m <= 5; ++m) {
    const Estimate won = *ladder.Won(kAll, m);
    EXPECT_LT(won.effective_n, 5.0);
    EXPECT_EQ(won.source, Source::kPrior) << m;
  }
  // Many deals on the rung tell of a group's few ones.
  StageVisit mine = VisitOf(5, 1);
  mine.seller = 7;
  Append(&visits, 1, mine);
  Append(&visits, 40, VisitOf(5, 2));
  const Estimate mine_won = *FitTo(visits).Won(Seller(0, 0, 7), 5);
  EXPECT_EQ(mine_won.source, Source::kShrunk);
  EXPECT_NEAR(mine_won.effective_n, 1.0, 1e-9);
}

// Where all that is known is moves back, rungs below are not above.
TEST(LadderTest, RisesWithMovesBackAlone) {
  std::vector<StageVisit> visits;
  Append(&visits, 9, VisitOf(5, 3));
  const Ladder ladder = FitTo(visits);
  EXPECT_LT(ladder.Won(kAll, 5)->value, 0.9);
  EXPECT_LE(ladder.Won(kAll, 4)->value, ladder.Won(kAll, 5)->value);
}

// With moves back it is the absorbing chain of its shares.
TEST(LadderTest, MovesBackAreAChain) {
  MadeHistory made = Made(3000);
  made.back = {0, 0, 0.3, 0.2, 0.1, 0.25};
  made.first_rung = 1;
  const Ladder ladder = FitTo(MakeVisits(made, 2), {0.0});
  std::vector<double> moves(25);
  std::vector<double> won(5);
  for (int32_t s = 1; s <= 5; ++s) {
    const RungExplanation why = *ladder.Explain(kAll, s);
    const auto row = static_cast<size_t>(s - 1);
    const double up = (1 - why.back) * why.conversion.value;
    if (s < 5) moves[row * 5 + row + 1] = up;
    if (s == 5) won[row] = up;
    if (s > 1) moves[row * 5 + row - 1] = why.back;
    EXPECT_EQ(s > 1, why.moved_back > 0);
  }
  const auto chain = AbsorbingChain(moves, won);
  ASSERT_TRUE(chain.ok()) << chain.status();
  for (int32_t s = 1; s <= 5; ++s) {
    EXPECT_NEAR(ladder.Won(kAll, s)->value,
                (*chain)[static_cast<size_t>(s - 1)], 1e-13);
  }
}

TEST(LadderTest, ClosedWonIsCertainAndNotLearned) {
  const Ladder ladder = FitTo(MakeVisits(Made(500), 1));
  const Estimate won = *ladder.Won(kAll, 6);
  EXPECT_EQ(won.value, 1.0);
  EXPECT_EQ(won.low, 1.0);
  EXPECT_EQ(won.high, 1.0);
  EXPECT_EQ(ladder.WonAtAge(kAll, 6, 10)->value, 1.0);
  EXPECT_EQ(ladder.Within(10)->Won(kAll, 6, 10)->value, 1.0);
}

// ---- Groups -----------------------------------------------------------------

// statistics.md §1: .5 -> 300 of 1000 -> 50 of 100 -> 2 of 2, strength 20.
TEST(LadderTest, AGroupIsPulledTowardsWhatItIsPartOf) {
  std::vector<StageVisit> visits;
  const auto add = [&visits](uint32_t segment, uint32_t team, uint32_t seller,
                             int advanced, int lost) {
    StageVisit visit = VisitOf(2, 1);
    visit.segment = segment;
    visit.team = team;
    visit.seller = seller;
    Append(&visits, advanced, visit);
    visit.end = 2;
    visit.to = 0;
    Append(&visits, lost, visit);
  };
  add(1, 1, 1, 2, 0);
  add(1, 1, 2, 0, 2);      // Team 1 of segment 1: 2 of 4.
  add(1, 2, 1, 48, 48);    // Segment 1: 50 of 100.
  add(2, 1, 1, 250, 650);  // All: 300 of 1000.
  const Ladder ladder = FitTo(visits);
  const double all = (20 * 0.5 + 300) / 1020;
  const double segment = (20 * all + 50) / 120;
  const double team = (20 * segment + 2) / 24;
  const double seller = (20 * team + 2) / 22;
  const auto conversion = [&ladder](const LadderGroup& group) {
    return ladder.Explain(group, 2)->conversion;
  };
  EXPECT_NEAR(conversion(kAll).value, 31.0 / 102, 1e-13);
  EXPECT_NEAR(conversion(Segment(1)).value, 143.0 / 306, 1e-13);
  EXPECT_NEAR(conversion(Segment(1)).value, segment, 1e-13);
  EXPECT_NEAR(conversion(Team(1, 1)).value, team, 1e-13);
  EXPECT_NEAR(conversion(Seller(1, 1, 1)).value, seller, 1e-13);
  EXPECT_EQ(conversion(Seller(1, 1, 1)).effective_n, 2.0);
  EXPECT_EQ(conversion(Seller(1, 1, 1)).source, Source::kShrunk);
  // The only team's only seller is the segment.
  EXPECT_EQ(conversion(Seller(2, 1, 1)).value, conversion(Segment(2)).value);
  EXPECT_EQ(conversion(Seller(2, 1, 1)).low, conversion(Segment(2)).low);
  // One that nobody knows has its parent's mean and a new group's spread.
  const Estimate unknown = *ladder.Won(Seller(1, 1, 77), 2);
  const Estimate parent = *ladder.Won(Team(1, 1), 2);
  EXPECT_EQ(unknown.value, parent.value);
  EXPECT_EQ(unknown.effective_n, 0.0);
  EXPECT_LT(unknown.low, parent.low);
  EXPECT_EQ(ladder.Won(Team(9, 9), 2)->value, ladder.Won(kAll, 2)->value);
  EXPECT_EQ(ladder.Explain(Seller(1, 1, 77), 2).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(ladder.Groups().size(), 1U + 2 + 3 + 4);
}

TEST(LadderTest, StrengthLearnedFromTheGroups) {
  // Sellers that are all alike are pulled together, others are let be.
  for (const bool alike : {true, false}) {
    std::vector<StageVisit> visits;
    for (uint32_t seller = 1; seller <= 10; ++seller) {
      const int advanced = alike ? 50 : static_cast<int>(seller) * 9;
      StageVisit visit = VisitOf(2, 1);
      visit.seller = seller;
      Append(&visits, advanced, visit);
      visit.end = 2;
      visit.to = 0;
      Append(&visits, 100 - advanced, visit);
    }
    LadderOptions options;
    options.learn_strength = true;
    const RungExplanation why =
        *FitTo(visits, options).Explain(Seller(0, 0, 9), 2);
    if (alike) {
      EXPECT_EQ(why.strength, kInfinity);
      EXPECT_EQ(why.conversion.value, why.prior);
    } else {
      EXPECT_LT(why.strength, 10.0);
      EXPECT_GT(why.strength, 1.0);
      EXPECT_NEAR(why.conversion.value, 0.81, 0.03);
    }
  }
  // Too few groups to tell.
  std::vector<StageVisit> visits;
  for (uint32_t seller = 1; seller <= 4; ++seller) {
    StageVisit visit = VisitOf(2, 1);
    visit.seller = seller;
    Append(&visits, 50, visit);
  }
  LadderOptions options;
  options.learn_strength = true;
  EXPECT_EQ(FitTo(visits, options).Explain(Seller(0, 0, 1), 2)->strength, 20.0);
}

// ---- Open deals -------------------------------------------------------------

// statistics.md §1: true conversions off the ladder's by up to 0.15, 270 days
// of history. The root mean square error over the milestones must not be above
// that of its last column.
TEST(LadderTest, ErrorsOnMadeHistories) {
  struct Row {
    int32_t deals;
    int histories;
    double most;
  };
  for (const Row& row : {Row{30, 1000, 0.076},
                         {100, 1000, 0.066},
                         {400, 800, 0.045},
                         {2000, 200, 0.027}}) {
    double squares[3] = {};
    for (int i = 0; i < row.histories; ++i) {
      const auto seed = static_cast<uint64_t>(row.deals * 1000 + i);
      Seeded random(seed);
      MadeHistory made = Made(row.deals);
      for (size_t s = 1; s < kRungCount; ++s) {
        made.conversion[s] =
            std::min(made.conversion[s] + (random.Unit() * 0.3 - 0.15), 0.98);
      }
      made.long_tails = true;
      made.days_up = 20;
      made.days_lost = 8;  // Losses are known sooner.
      const auto truth = TrueLadder(made);
      const std::vector<StageVisit> visits = MakeVisits(made, seed);
      std::vector<StageVisit> closed;
      for (const StageVisit& visit : visits) {
        if (visit.end != 0) closed.push_back(visit);
      }
      const Ladder learned = FitTo(visits);
      const Ladder closed_only = FitTo(closed);
      for (int32_t m = 1; m <= 5; ++m) {
        const double want = truth[static_cast<size_t>(m)];
        const double said[] = {kLadder[static_cast<size_t>(m)].yield_ppm / 1e6,
                               closed_only.Won(kAll, m)->value,
                               learned.Won(kAll, m)->value};
        for (int k = 0; k < 3; ++k) {
          squares[k] += (said[k] - want) * (said[k] - want);
        }
      }
    }
    const auto rmse = [&](int k) {
      return std::sqrt(squares[k] / (5.0 * row.histories));
    };
    std::printf(
        "%5d deals: RMSE static %.4f, closed only m=20 %.4f, "
        "learned m=20 %.4f; allowed %.3f\n",
        row.deals, rmse(0), rmse(1), rmse(2), row.most);
    EXPECT_LE(rmse(2), row.most);
    EXPECT_LE(rmse(2), rmse(0));
  }
}

// Wins take 120 days, losses 40: closed deals alone see the losses first.
TEST(LadderTest, SlowWinsAreNotMissed) {
  MadeHistory made;
  made.conversion = {0, 0, 0, 0, 0, 0.3};
  made.first_rung = 5;
  made.deals = 20'000;
  made.as_of = kAsOf;
  made.days_up = 240;
  made.days_lost = 80;
  const std::vector<StageVisit> visits = MakeVisits(made, 3);
  double advanced = 0;
  double lost = 0;
  for (const StageVisit& v : visits) {
    advanced += v.end == 1 ? 1 : 0;
    lost += v.end == 2 ? 1 : 0;
  }
  const double naive = advanced / (advanced + lost);
  const RungExplanation why = *FitTo(visits, {0.0}).Explain(kAll, 5);
  EXPECT_LT(naive, 0.25);
  EXPECT_NEAR(why.conversion.value, 0.3, 0.02);
  const double error = 3 * why.observed.standard_error;
  EXPECT_LT(error, 0.02);
  EXPECT_NEAR(why.conversion.value, 0.3, error);
  EXPECT_LE(why.observed.lowest, why.observed.value);
  EXPECT_GE(why.observed.highest, why.observed.value);
}

// ---- Age and time -----------------------------------------------------------

TEST(LadderTest, AgeTells) {
  MadeHistory made = Made(4000);
  made.days_up = 20;  // Who goes up does so within 20 days.
  made.days_lost = 100;
  const Ladder ladder = FitTo(MakeVisits(made, 5));
  const auto ages = *ladder.ExplainAges(1);
  EXPECT_GT(ages[0].exposures, 0);
  EXPECT_GT(ages[0].odds_ratio, ages[3].odds_ratio);
  double before = 1.0;
  for (const int32_t days : {0, 10, 25, 50, 80}) {
    const Estimate won = *ladder.WonAtAge(kAll, 1, days);
    ExpectSound(won);
    EXPECT_LT(won.value, days < 30 ? before : 0.001);
    EXPECT_EQ(won.source, Source::kShrunk);
    before = won.value;
  }
  const std::vector<int32_t> table = *ladder.Table(kAll);
  for (size_t b = 0; b < kAgeBuckets; ++b) {
    const AgeBucket days = kAgeBucketDays[b];
    const double first = ladder.WonAtAge(kAll, 1, days.first_day)->value;
    const double last =
        ladder.WonAtAge(kAll, 1, std::min(days.last_day, 200))->value;
    const double ppm = table[kAgeBuckets + b];
    EXPECT_LE(std::min(first, last) * 1e6 - 1, ppm) << b;
    EXPECT_GE(std::max(first, last) * 1e6 + 1, ppm) << b;
  }
}

// The reference of hazards by age: one rung, then won.
TEST(LadderTest, WithinAHorizonAllAreWonWhoAreInTheEnd) {
  MadeHistory made = Made(5000);
  made.back = {0, 0, 0.2, 0.1, 0.2, 0.1};
  const Ladder ladder = FitTo(MakeVisits(made, 6));
  for (int32_t m = 1; m <= 5; ++m) {
    double before = 0.0;
    for (const int32_t horizon : {1, 7, 30, 90, 365, 3000}) {
      const WinHorizon within = *ladder.Within(horizon);
      const Estimate won = *within.Won(kAll, m, 5);
      ExpectSound(won);
      EXPECT_LE(before, won.value);
      before = won.value;
      EXPECT_LE(won.value, ladder.WonAtAge(kAll, m, 5)->value);
    }
    EXPECT_NEAR(before, ladder.WonAtAge(kAll, m, 5)->value, 1e-9);
  }
}

// A rung that is left each day by one in ten upwards and one in ten out.
TEST(LadderTest, WithinIsTheGeometricSum) {
  std::vector<StageVisit> visits;
  int left = 400'000;
  for (int day = 0; left > 100; ++day) {
    const int tenth = left / 10;
    Append(&visits, tenth, VisitOf(5, 1, day));
    Append(&visits, tenth, VisitOf(5, 2, day));
    left -= 2 * tenth;
  }
  const Ladder ladder = FitTo(visits);
  for (const int32_t horizon : {1, 2, 10}) {
    const double want = 0.5 * (1 - std::pow(0.8, horizon));
    EXPECT_NEAR(ladder.Within(horizon)->Won(kAll, 5, 3)->value, want, 2e-3);
  }
}

TEST(LadderTest, WhereHistoryDoesNotSayWhenItIsNotSaid) {
  std::vector<StageVisit> visits;
  Append(&visits, 3, VisitOf(5, 1));
  Append(&visits, 1, VisitOf(5, 2));
  const auto few = FitTo(visits).Within(30)->Won(kAll, 5, 0);
  EXPECT_EQ(few.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(few.status()), Reason::kNoHistory);
  EXPECT_THAT(std::string(few.status().message()),
              HasSubstr("3 deals went up from milestone 5 and 1 were lost"));
  Append(&visits, 1, VisitOf(5, 2));
  EXPECT_TRUE(FitTo(visits).Within(30)->Won(kAll, 5, 0).ok());
  EXPECT_FALSE(FitTo(visits).Within(30)->Won(kAll, 4, 0).ok());
  std::vector<StageVisit> none;
  Append(&none, 9, VisitOf(5, 2));
  EXPECT_FALSE(FitTo(none).Within(30)->Won(kAll, 5, 0).ok());
}

// ---- The martingale ---------------------------------------------------------

TEST(MartingaleTest, GapsAreWhatTheCountsSay) {
  std::vector<StageVisit> visits;
  Append(&visits, 6, VisitOf(2, 1));
  Append(&visits, 3, VisitOf(2, 2));
  Append(&visits, 1, VisitOf(2, 3));
  Append(&visits, 4, VisitOf(2, 0));
  const double ladder[] = {0, 0.1, 0.25, 0.5, 0.75, 0.9, 1};
  const auto gaps = *CheckMartingale(StatisticsOf(visits), ladder);
  EXPECT_EQ(gaps[2].moves, 10);
  EXPECT_EQ(gaps[2].said, 0.25);
  EXPECT_NEAR(gaps[2].mean_next, (6 * 0.5 + 0.1) / 10, 1e-15);
  EXPECT_NEAR(gaps[2].gap, 0.06, 1e-15);
  const double variance = (6 * 0.19 * 0.19 + 3 * 0.31 * 0.31 + 0.21 * 0.21) / 9;
  EXPECT_NEAR(gaps[2].standard_error, std::sqrt(variance / 10), 1e-15);
  EXPECT_EQ(gaps[3].moves, 0);
  EXPECT_EQ(gaps[3].gap, 0.0);
}

TEST(MartingaleTest, ALearnedLadderHasNone) {
  for (const bool moves_back : {false, true}) {
    MadeHistory made = Made(5000);
    if (moves_back) made.back = {0, 0, 0.2, 0.1, 0.2, 0.1};
    std::vector<StageVisit> visits = MakeVisits(made, 7);
    visits.erase(std::remove_if(visits.begin(), visits.end(),
                                [](const auto& v) { return v.end == 0; }),
                 visits.end());
    const Ladder ladder = FitTo(visits, {0.0});
    std::vector<double> probability;
    for (int32_t m = 0; m < kMilestoneCount; ++m) {
      probability.push_back(ladder.Won(kAll, m)->value);
    }
    // Visits taken up again are watched late, so shares are not plain counts.
    const double near = moves_back ? 0.01 : 1e-12;
    const auto gaps = *CheckMartingale(StatisticsOf(visits), probability);
    for (const MartingaleGap& gap : gaps) {
      EXPECT_NEAR(gap.gap, 0.0, near) << gap.milestone;
      EXPECT_EQ(gap.moves > 0, gap.milestone > 0);
    }
  }
}

TEST(MartingaleTest, Refusals) {
  const VisitStatistics none = StatisticsOf({});
  EXPECT_THAT(std::string(CheckMartingale(none, {0.1}).status().message()),
              HasSubstr("1 probabilities; allowed: 7"));
  const double bad[] = {0, 0.1, 0.25, 1.5, 0.75, 0.9, 1};
  const absl::Status status = CheckMartingale(none, bad).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(WhereOf(status).row, 3);
}

// ---- Order, refusals --------------------------------------------------------

TEST(LadderTest, AnyOrderAndPartitionGivesTheSameBits) {
  MadeHistory made = Made(800);
  made.back = {0, 0, 0.2, 0.1, 0.2, 0.1};
  made.sellers = 3;
  made.teams = 2;
  made.segments = 2;
  std::vector<StageVisit> visits = MakeVisits(made, 8);
  LadderOptions options;
  options.learn_strength = true;
  const Ladder want = FitTo(visits, options);
  const WinHorizon want_within = *want.Within(60);
  Seeded random(4);
  for (int round = 0; round < 5; ++round) {
    for (size_t i = visits.size(); i > 1; --i) {
      std::swap(visits[i - 1], visits[random.Next() % i]);
    }
    const size_t half = random.Next() % visits.size();
    const auto span = absl::MakeConstSpan(visits);
    VisitStatistics statistics = StatisticsOf(span.subspan(half));
    ASSERT_TRUE(statistics.Merge(StatisticsOf(span.subspan(0, half))).ok());
    const Ladder got = *FitLadder(Policy().tables(), statistics, options);
    const WinHorizon got_within = *got.Within(60);
    for (const LadderGroup& group : want.Groups()) {
      EXPECT_EQ(*got.Table(group), *want.Table(group));
      for (int32_t m = 0; m <= 6; ++m) {
        const Estimate a = *got.Won(group, m);
        const Estimate b = *want.Won(group, m);
        EXPECT_EQ(a.value, b.value);
        EXPECT_EQ(a.low, b.low);
        EXPECT_EQ(a.high, b.high);
        EXPECT_EQ(a.effective_n, b.effective_n);
        if (m > 0) {
          EXPECT_EQ(got_within.Won(group, m, 9)->value,
                    want_within.Won(group, m, 9)->value);
        }
      }
    }
  }
}

TEST(LadderTest, Refusals) {
  const VisitStatistics none = StatisticsOf({});
  for (const double strength :
       {-1.0, 2e12, std::numeric_limits<double>::quiet_NaN()}) {
    const auto ladder = FitLadder(Policy().tables(), none, {strength});
    EXPECT_EQ(ladder.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(ladder.status().message()), HasSubstr("strength "));
  }
  const Ladder ladder = FitTo({});
  const auto expect = [](const absl::Status& status, const char* words) {
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << words;
    EXPECT_THAT(std::string(status.message()), HasSubstr(words));
  };
  expect(ladder.Won(kAll, 7).status(), "milestone 7; allowed: 0 to 6");
  expect(ladder.Won(kAll, -1).status(), "milestone -1");
  expect(ladder.Won({4, 0, 0, 0}, 1).status(), "depth 4; allowed: 0 to 3");
  expect(ladder.Won({1, 2, 3, 0}, 1).status(),
         "segment 2, team 3, seller 0 at depth 1; allowed: 0 below the depth");
  expect(ladder.Table({-1, 0, 0, 0}).status(), "depth -1");
  expect(ladder.WonAtAge(kAll, 1, -1).status(), "days -1; allowed: 0 or more");
  expect(ladder.Explain(kAll, 6).status(), "milestone 6; allowed: 0 to 5");
  expect(ladder.ExplainAges(6).status(), "milestone 6; allowed: 0 to 5");
  expect(ladder.Within(0).status(), "a horizon of 0 days; allowed: 1 to 3660");
  expect(ladder.Within(3661).status(), "a horizon of 3661 days");
  expect(ladder.Within(9)->Won(kAll, 1, -1).status(), "days -1");
  expect(ladder.Within(9)->Won(kAll, 8, 1).status(), "milestone 8");
}

TEST(AgeBucketTest, CoverAllDays) {
  for (int32_t days = 0; days < 400; ++days) {
    const AgeBucket bucket =
        kAgeBucketDays[static_cast<size_t>(AgeBucketOf(days))];
    EXPECT_LE(bucket.first_day, days);
    EXPECT_GE(bucket.last_day, days);
  }
  EXPECT_EQ(AgeBucketOf(-3), 0);
  EXPECT_EQ(AgeBucketOf(INT32_MAX), 6);
}

}  // namespace
}  // namespace fivek
