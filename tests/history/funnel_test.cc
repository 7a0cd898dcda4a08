#include "fivek/history/funnel.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "bench/seeded.h"
#include "fivek/base/reason.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/history/reference.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using bench::SplitMix64;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Fraction FractionOf(const nlohmann::json& pair) { return {pair[0], pair[1]}; }

// ---- Ever reached -----------------------------------------------------------

TEST(FunnelTest, Known) {
  // Five got to rung 0 and no further, two to 1, none to 2 alone, one to 3.
  const auto funnel = *MeasureFunnel({0, 1, 0, 0, 3, 0, 1, 0}, 4, kZ95);
  ASSERT_EQ(funnel.size(), 4U);
  EXPECT_EQ(funnel[0].reached, 8);
  EXPECT_EQ(funnel[1].reached, 3);
  EXPECT_EQ(funnel[2].reached, 1);  // Skipped, so gone through.
  EXPECT_EQ(funnel[3].reached, 1);
  EXPECT_EQ(funnel[0].to_next.rate, 0.375);
  EXPECT_EQ(funnel[0].to_next.low, Wilson(3, 8, kZ95)->low);
  EXPECT_EQ(funnel[2].to_next.high, 1.0);
  // Beyond the last there is nothing.
  EXPECT_EQ(funnel[3].to_next.rate, 0.0);
  EXPECT_EQ(funnel[3].to_next.low, 0.0);
  EXPECT_EQ(funnel[3].to_next.high, 1.0);
}

TEST(FunnelTest, Oracle) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    SplitMix64 random(seed);
    std::vector<uint8_t> highest(random.Below(40));
    for (uint8_t& h : highest) h = static_cast<uint8_t>(random.Below(7));
    const auto funnel = *MeasureFunnel(highest, 7, kZ90);
    for (size_t rung = 0; rung < 7; ++rung) {
      EXPECT_EQ(funnel[rung].reached,
                std::count_if(highest.begin(), highest.end(),
                              [rung](uint8_t h) { return h >= rung; }));
    }
  }
}

TEST(FunnelTest, Refusals) {
  EXPECT_THAT(MeasureFunnel({}, 0, kZ95),
              Refused(Reason::kValueRange, HasSubstr("0 rungs")));
  EXPECT_THAT(MeasureFunnel({}, 257, kZ95),
              Refused(Reason::kValueRange, HasSubstr("257 rungs")));
  const auto high = MeasureFunnel({0, 4}, 4, kZ95);
  EXPECT_THAT(high, Refused(Reason::kValueRange, HasSubstr("rung 4")));
  EXPECT_EQ(WhereOf(high.status()).row, 1);
  EXPECT_THAT(MeasureFunnel({0}, 1, -1.0),
              Refused(Reason::kValueRange, HasSubstr("z ")));
  EXPECT_EQ(MeasureFunnel({255}, 256, kZ95)->back().reached, 1);
}

// ---- Velocity ---------------------------------------------------------------

TEST(VelocityTest, Known) {
  const PipelineVelocity v{40, {1, 4}, 1'200'000, 60};
  EXPECT_EQ(*VelocityPerDay(v), 200000.0);
  EXPECT_EQ(*VelocityOver(v, 1), 200000);
  EXPECT_EQ(*VelocityOver(v, 91), 18200000);
  EXPECT_EQ(*VelocityOver(v, 0), 0);
}

TEST(VelocityTest, Reference) {
  const auto cases = ReferenceCases("funnel", "pipeline_velocity");
  FIVEK_NEEDS_REFERENCE(cases);
  for (const auto& one : cases) {
    const auto& in = one.at("input");
    const PipelineVelocity v{in.at("open_deals"), FractionOf(in.at("win_rate")),
                             in.at("average_won_cents"), in.at("cycle_days")};
    const auto& want = one.at("expected");
    EXPECT_THAT(*VelocityPerDay(v),
                IsNear(want.at("cents_per_day").get<double>(), 1e-15));
    EXPECT_EQ(static_cast<double>(*VelocityOver(v, 91)),
              want.at("per_quarter_91_days").get<double>());
  }
}

// Rounded once: a third of a cent a day is a cent in three.
TEST(VelocityTest, RoundsOnce) {
  const PipelineVelocity v{1, {1, 1}, 1, 3};
  EXPECT_EQ(*VelocityOver(v, 1), 0);
  EXPECT_EQ(*VelocityOver(v, 3), 1);
  EXPECT_EQ(*VelocityOver({1, {1, 1}, 1, 2}, 1), 0);
  EXPECT_EQ(*VelocityOver({1, {1, 1}, 1, 2}, 1, Rounding::kHalfAwayFromZero),
            1);
  EXPECT_EQ(*VelocityOver({1, {1, 1}, -300, 3}, 1), -100);
}

TEST(VelocityTest, LargestThatFit) {
  const PipelineVelocity v{kMost, {1, kMost}, kMost, 1};
  EXPECT_EQ(*VelocityOver(v, 1), kMost);
  EXPECT_THAT(VelocityOver(v, 2),
              Refused(Reason::kOverflow, HasSubstr("64 bits")));
  const PipelineVelocity beyond{kMost, {kMost - 1, kMost - 1}, kMost - 2, 1};
  EXPECT_THAT(VelocityOver(beyond, 1), RefusedFor(Reason::kOverflow));
  const PipelineVelocity far{kMost, {kMost - 1, kMost}, kMost - 2, 1};
  EXPECT_TRUE(VelocityPerDay(far).ok());
  EXPECT_THAT(VelocityOver(far, kMost - 5),
              Refused(Reason::kOverflow, HasSubstr("128 bits")));
}

TEST(VelocityTest, Refusals) {
  EXPECT_THAT(VelocityPerDay({1, {1, 4}, 1, 0}),
              Refused(Reason::kValueRange, HasSubstr("cycle days 0")));
  EXPECT_THAT(VelocityPerDay({1, {1, 4}, 1, -3}),
              Refused(Reason::kValueRange, HasSubstr("cycle days -3")));
  EXPECT_THAT(VelocityPerDay({-1, {1, 4}, 1, 1}),
              Refused(Reason::kValueRange, HasSubstr("open deals -1")));
  EXPECT_THAT(VelocityPerDay({1, {5, 4}, 1, 1}),
              Refused(Reason::kValueRange, HasSubstr("win rate 5/4")));
  EXPECT_THAT(VelocityOver({1, {1, 0}, 1, 1}, 1),
              Refused(Reason::kValueRange, HasSubstr("win rate 1/0")));
  EXPECT_THAT(VelocityOver({1, {1, 4}, 1, 1}, -1),
              Refused(Reason::kValueRange, HasSubstr("days -1")));
}

// ---- Coverage ---------------------------------------------------------------

TEST(CoverageTest, Known) {
  const PipelineCoverage c = *MeasureCoverage(300, 150, 50);
  EXPECT_FALSE(c.goal_met);
  EXPECT_EQ(c.coverage, 3.0);
  for (const int64_t won : {150, 151}) {
    const PipelineCoverage met = *MeasureCoverage(300, 150, won);
    EXPECT_TRUE(met.goal_met);
    EXPECT_EQ(met.coverage, kInfinity);
  }
  EXPECT_TRUE(MeasureCoverage(0, 0, 0)->goal_met);
  EXPECT_EQ(MeasureCoverage(0, 100, 0)->coverage, 0.0);
  EXPECT_EQ(MeasureCoverage(kMost, kMost, 0)->coverage, 1.0);
}

TEST(CoverageTest, Needed) {
  EXPECT_EQ(NeededCoverage(25, 75)->value(), 4.0);
  EXPECT_EQ(NeededCoverage(25, 0)->value(), 1.0);
  EXPECT_FALSE(NeededCoverage(0, 75)->has_value());
  EXPECT_EQ(NeededCoverage(kMost, kMost)->value(), 2.0);
}

TEST(CoverageTest, Refusals) {
  EXPECT_THAT(MeasureCoverage(-1, 0, 0),
              Refused(Reason::kValueRange, HasSubstr("open amount -1")));
  EXPECT_THAT(MeasureCoverage(0, -1, 0),
              Refused(Reason::kValueRange, HasSubstr("goal -1")));
  EXPECT_THAT(MeasureCoverage(0, 0, -1),
              Refused(Reason::kValueRange, HasSubstr("won amount -1")));
  EXPECT_THAT(NeededCoverage(-1, 0), RefusedFor(Reason::kValueRange));
  EXPECT_THAT(NeededCoverage(0, -1),
              Refused(Reason::kValueRange, HasSubstr("lost amount -1")));
}

// ---- Slippage ---------------------------------------------------------------

TEST(SlippageTest, Reference) {
  const auto cases = ReferenceCases("funnel", "slippage");
  FIVEK_NEEDS_REFERENCE(cases);
  for (const auto& one : cases) {
    const auto& in = one.at("input");
    const auto pushes = in.at("push_counts").get<std::vector<int32_t>>();
    std::vector<DueDeal> state(in.at("won").get<size_t>(), DueDeal::kWon);
    state.insert(state.end(), in.at("lost").get<size_t>(), DueDeal::kLost);
    state.insert(state.end(), in.at("pushed").get<size_t>(), DueDeal::kPushed);
    ASSERT_EQ(state.size(), pushes.size());
    // The amounts are given as totals: one deal of each kind has it all.
    std::vector<int64_t> amount(state.size());
    const int64_t pushed = in.at("pushed_amount_cents");
    amount.front() = in.at("due_amount_cents").get<int64_t>() - pushed;
    amount.back() = pushed;
    const Slippage s = *MeasureSlippage(state, amount, pushes, kZ95);
    const auto& want = one.at("expected");
    EXPECT_EQ(s.due, in.at("due_in_period").get<int64_t>());
    EXPECT_EQ(s.push_rate.rate, want.at("push_rate").get<double>());
    EXPECT_EQ(s.push_amount_rate.value(),
              want.at("push_rate_amount").get<double>());
    EXPECT_EQ(s.mean_pushes.value(), want.at("mean_pushes").get<double>());
    EXPECT_EQ(s.win_rate_of_closed.rate,
              want.at("win_rate_of_closed").get<double>());
    EXPECT_EQ(s.win_rate_of_due.rate, want.at("win_rate_of_due").get<double>());
  }
}

TEST(SlippageTest, ByPushes) {
  const Slippage s =
      *MeasureSlippage({DueDeal::kWon, DueDeal::kLost, DueDeal::kPushed,
                        DueDeal::kWon, DueDeal::kOpen},
                       {100, 0, 300, 50, 50}, {0, 2, 2, 0, 7}, kZ95);
  EXPECT_EQ(s.pushed, 1);
  EXPECT_EQ(s.push_amount_rate.value(), 0.6);
  EXPECT_EQ(s.mean_pushes.value(), 2.2);
  ASSERT_EQ(s.by_pushes.size(), 3U);
  EXPECT_EQ(s.by_pushes[0].pushes, 0);
  EXPECT_EQ(s.by_pushes[0].won, 2);
  EXPECT_EQ(s.by_pushes[0].win_rate.low, Wilson(2, 2, kZ95)->low);
  EXPECT_EQ(s.by_pushes[1].pushes, 2);
  EXPECT_EQ(s.by_pushes[1].deals, 2);
  EXPECT_EQ(s.by_pushes[1].closed, 1);
  EXPECT_EQ(s.by_pushes[2].pushes, 7);
  EXPECT_EQ(s.by_pushes[2].closed, 0);
  EXPECT_EQ(s.by_pushes[2].win_rate.high, 1.0);
}

TEST(SlippageTest, NothingDue) {
  const Slippage s = *MeasureSlippage({}, {}, {}, kZ95);
  EXPECT_EQ(s.push_rate.rate, 0.0);
  EXPECT_EQ(s.push_rate.high, 1.0);
  EXPECT_FALSE(s.mean_pushes.has_value());
  EXPECT_FALSE(s.push_amount_rate.has_value());
  EXPECT_TRUE(s.by_pushes.empty());
  EXPECT_FALSE(MeasureSlippage({DueDeal::kWon}, {0}, {1}, kZ95)
                   ->push_amount_rate.has_value());
}

TEST(SlippageTest, LargeAmounts) {
  const Slippage s =
      *MeasureSlippage({DueDeal::kPushed, DueDeal::kWon, DueDeal::kPushed},
                       {kMost, kMost, kMost}, {0, 0, 0}, kZ95);
  EXPECT_EQ(s.due_amount, absl::int128(kMost) * 3);
  EXPECT_NEAR(s.push_amount_rate.value(), 2.0 / 3, 1e-15);
}

TEST(SlippageTest, Refusals) {
  EXPECT_THAT(MeasureSlippage({DueDeal::kWon}, {}, {0}, kZ95),
              Refused(Reason::kValueRange, HasSubstr("1 states, 0 amounts")));
  const auto state = MeasureSlippage({static_cast<DueDeal>(4)}, {0}, {0}, kZ95);
  EXPECT_THAT(state, Refused(Reason::kUnknownCode, HasSubstr("state 4")));
  EXPECT_EQ(WhereOf(state.status()).column, 0);
  const auto amount = MeasureSlippage({DueDeal::kWon}, {-1}, {0}, kZ95);
  EXPECT_THAT(amount, Refused(Reason::kValueRange, HasSubstr("amount -1")));
  EXPECT_EQ(WhereOf(amount.status()).column, 1);
  const auto pushes = MeasureSlippage({DueDeal::kWon}, {1}, {-1}, kZ95);
  EXPECT_THAT(pushes, Refused(Reason::kValueRange, HasSubstr("pushes -1")));
  EXPECT_EQ(WhereOf(pushes.status()).column, 2);
  EXPECT_THAT(MeasureSlippage({}, {}, {}, -1.0),
              Refused(Reason::kValueRange, HasSubstr("z ")));
}

// ---- Activity ---------------------------------------------------------------

TEST(ActivityTest, Known) {
  EXPECT_THAT(*PlanActivity(100'000'000, 1'500'000, {{3, 10}, {2, 5}, {1, 4}}),
              ElementsAre(67, 224, 560, 2240));
  EXPECT_THAT(*PlanActivity(0, 1, {{1, 2}}), ElementsAre(0, 0));
  EXPECT_THAT(*PlanActivity(1, 10, {}), ElementsAre(1));
  EXPECT_THAT(*PlanActivity(10, 1, {{1, 1}}), ElementsAre(10, 10));
}

// What a double rounds up: 3 / (3/10) is 10, not 11.
TEST(ActivityTest, CeilingsAreExact) {
  for (int64_t n = 1; n < 300; ++n) {
    for (int64_t num = 1; num <= 10; ++num) {
      const int64_t want = (n * 10 + num - 1) / num;
      EXPECT_EQ(PlanActivity(n, 1, {{num, 10}})->back(), want);
    }
  }
  EXPECT_EQ(PlanActivity(kMost, kMost, {{1, kMost}})->back(), kMost);
}

TEST(ActivityTest, Refusals) {
  EXPECT_THAT(PlanActivity(-1, 1, {}),
              Refused(Reason::kValueRange, HasSubstr("goal -1")));
  EXPECT_THAT(PlanActivity(1, 0, {}),
              Refused(Reason::kValueRange, HasSubstr("average won amount 0")));
  for (const Fraction bad : {Fraction{0, 1}, {3, 2}, {1, 0}, {-1, 2}}) {
    const auto refused = PlanActivity(1, 1, {{1, 2}, bad});
    EXPECT_THAT(refused, Refused(Reason::kValueRange, HasSubstr("conversion")));
    EXPECT_EQ(WhereOf(refused.status()).row, 1);
  }
  EXPECT_THAT(PlanActivity(kMost, 1, {{1, 2}}), RefusedFor(Reason::kOverflow));
}

TEST(ProductivityTest, Reference) {
  const auto cases = ReferenceCases("funnel", "productivity");
  FIVEK_NEEDS_REFERENCE(cases);
  for (const auto& one : cases) {
    const auto& in = one.at("input");
    const auto& want = one.at("expected");
    const double tolerance = one.at("rel_tol");
    ProductivityChange change;
    change.before = FractionOf(in.at("before"));
    change.after = FractionOf(in.at("after"));
    change.sellers = in.at("reps");
    change.working_days = in.at("working_days");
    change.calls_per_deal = {in.at("calls_per_deal"), 1};
    change.average_won = in.at("average_won_cents");
    const Productivity p = *MeasureProductivity(change);
    const auto near = [&](const char* name) {
      return IsNear(want.at(name).get<double>(), tolerance);
    };
    EXPECT_THAT(p.lift, near("lift"));
    EXPECT_THAT(p.extra_calls, near("extra_calls"));
    EXPECT_THAT(p.extra_deals, near("extra_deals"));
    EXPECT_THAT(p.extra_revenue, near("extra_revenue_cents"));
    EXPECT_THAT(p.sellers_equivalent, near("reps_equivalent"));
  }
}

TEST(ProductivityTest, Known) {
  const ProductivityChange change = {{11, 2}, {6, 1}, 10, 220, {55, 1}, 150};
  const Productivity p = *MeasureProductivity(change);
  EXPECT_EQ(p.lift, 1.0 / 11);
  EXPECT_EQ(p.extra_calls, 1100.0);
  EXPECT_EQ(p.extra_deals, 20.0);
  EXPECT_EQ(p.extra_revenue, 3000.0);
  EXPECT_EQ(p.sellers_equivalent, 10.0 / 11);
  const Productivity less =
      *MeasureProductivity({{6, 1}, {0, 1}, 1, 1, {1, 1}, 1});
  EXPECT_EQ(less.lift, -1.0);
  EXPECT_EQ(less.extra_calls, -6.0);
}

TEST(ProductivityTest, Refusals) {
  const ProductivityChange good = {{11, 2}, {6, 1}, 10, 220, {55, 1}, 150};
  const struct {
    Fraction ProductivityChange::*part;
    Fraction value;
    const char* says;
  } kFractions[] = {
      {&ProductivityChange::before, {0, 1}, "calls before"},
      {&ProductivityChange::before, {1, 0}, "calls before 1/0"},
      {&ProductivityChange::after, {-1, 1}, "calls after -1/1"},
      {&ProductivityChange::calls_per_deal, {0, 1}, "calls per deal"},
      {&ProductivityChange::calls_per_deal, {1, -1}, "calls per deal 1/-1"}};
  for (const auto& c : kFractions) {
    ProductivityChange bad = good;
    bad.*c.part = c.value;
    EXPECT_THAT(MeasureProductivity(bad),
                Refused(Reason::kValueRange, HasSubstr(c.says)));
  }
  const struct {
    int64_t ProductivityChange::*part;
    const char* says;
  } kNumbers[] = {{&ProductivityChange::sellers, "sellers -1"},
                  {&ProductivityChange::working_days, "working days -1"},
                  {&ProductivityChange::average_won, "average won amount -1"}};
  for (const auto& c : kNumbers) {
    ProductivityChange bad = good;
    bad.*c.part = -1;
    EXPECT_THAT(MeasureProductivity(bad),
                Refused(Reason::kValueRange, HasSubstr(c.says)));
  }
  ProductivityChange large = good;
  large.after = {kMost, 1};
  large.sellers = kMost - 1;
  large.working_days = kMost - 2;
  EXPECT_THAT(MeasureProductivity(large), RefusedFor(Reason::kOverflow));
}

}  // namespace
}  // namespace fivek
