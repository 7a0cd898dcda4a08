#include "fivek/accounts/lead.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "fivek/base/money.h"
#include "fivek/base/reason.h"
#include "gtest/gtest.h"
#include "tests/accounts/random.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr int64_t kMaxFunds = std::numeric_limits<int64_t>::max();

// Columns that a test owns.
struct Leads {
  std::vector<int64_t> funds;
  std::vector<int32_t> probability;
  std::vector<uint64_t> id, team;
  std::vector<int32_t> close_day;

  LeadColumns Columns() const {
    return {funds, probability, id, team, close_day};
  }
};

Leads RandomLeads(size_t n, SplitMix64* random) {
  Leads leads;
  for (size_t i = 0; i < n; ++i) {
    const int64_t what = random->Below(10);
    leads.funds.push_back(what == 0 ? kUnknownFunds : random->Below(40));
    leads.probability.push_back(
        what == 1 ? kUnknownLeadPpm
                  : static_cast<int32_t>(random->Below(5) * 250'000));
    leads.id.push_back(random->Next());
    leads.team.push_back(static_cast<uint64_t>(random->Below(4)));
    leads.close_day.push_back(
        what == 2 ? kNoLeadDay : static_cast<int32_t>(random->Below(60)));
  }
  return leads;
}

Leads Shuffle(const Leads& leads, const std::vector<size_t>& order) {
  return {Picked(leads.funds, order), Picked(leads.probability, order),
          Picked(leads.id, order), Picked(leads.team, order),
          Picked(leads.close_day, order)};
}

std::vector<uint8_t> Classes(const std::vector<int64_t>& funds,
                             const std::vector<int64_t>& thresholds) {
  std::vector<uint8_t> out(funds.size(), 77);
  EXPECT_TRUE(ClassifyLeads(funds, thresholds, absl::MakeSpan(out)).ok());
  return out;
}

TEST(ClassifyLeadsTest, OnAThresholdIsTheBetterClass) {
  EXPECT_THAT(Classes({0, 9, 10, 99, 100, kMaxFunds, kUnknownFunds}, {10, 100}),
              ElementsAre(2, 2, 1, 1, 0, 0, kNoLeadClass));
  EXPECT_THAT(Classes({5, 0}, {}), ElementsAre(0, 0));
  std::vector<uint8_t> out(2);
  ASSERT_TRUE(
      ClassifyLeads({999'999, 10'000'000}, kLeadThresholds, absl::MakeSpan(out))
          .ok());
  EXPECT_THAT(out, ElementsAre(2, 0));
}

// By counting the thresholds that are above.
TEST(ClassifyLeadsTest, AllOfASmallDomain) {
  const std::vector<int64_t> thresholds = {1, 3, 4, 9};
  for (int64_t funds = 0; funds < 12; ++funds) {
    const auto above = std::count_if(thresholds.begin(), thresholds.end(),
                                     [&](int64_t t) { return t > funds; });
    EXPECT_EQ(Classes({funds}, thresholds)[0], above);
  }
}

TEST(ClassifyLeadsTest, ScalingChangesNoClass) {
  SplitMix64 random(1);
  std::vector<int64_t> funds;
  for (int i = 0; i < 100; ++i) funds.push_back(random.Below(50));
  std::vector<int64_t> thousand = funds;
  for (int64_t& one : thousand) one *= 1000;
  EXPECT_EQ(Classes(funds, {10, 20}), Classes(thousand, {10'000, 20'000}));
}

TEST(ClassifyLeadsTest, Refusals) {
  std::vector<uint8_t> out = {7};
  const auto classify = [&](const std::vector<int64_t>& funds,
                            const std::vector<int64_t>& thresholds) {
    return ClassifyLeads(funds, thresholds, absl::MakeSpan(out));
  };
  absl::Status refused = classify({1}, {5, 5});
  EXPECT_THAT(refused, Refused(Reason::kValueRange,
                               HasSubstr("thresholds 5; allowed: above 5")));
  EXPECT_EQ(WhereOf(refused).row, 1);
  EXPECT_THAT(classify({1}, {0}), RefusedFor(Reason::kValueRange));
  EXPECT_THAT(classify({1, 2}, {}),
              Refused(Reason::kValueRange, HasSubstr("class 1 elements")));
  refused = classify({-2}, {});
  EXPECT_THAT(refused, Refused(Reason::kValueRange,
                               HasSubstr("funds -2; allowed: 0 or more")));
  EXPECT_EQ(WhereOf(refused).row, 0);
  EXPECT_EQ(WhereOf(refused).column, 0);
  EXPECT_THAT(classify({1}, std::vector<int64_t>(33, 1)),
              Refused(Reason::kValueRange, HasSubstr("thresholds 33")));
  EXPECT_THAT(out, ElementsAre(7));
}

TEST(ValueLeadsTest, RoundsHalfToEvenOnce) {
  Leads leads;
  leads.funds = {1, 3, 5, kMaxFunds, kUnknownFunds, 7, 0};
  leads.probability = {500'000, 500'000, 500'000, 1'000'000, 1, -1, 1'000'000};
  std::vector<int64_t> value(7);
  ASSERT_TRUE(ValueLeads(leads.Columns(), absl::MakeSpan(value)).ok());
  EXPECT_THAT(value,
              ElementsAre(0, 2, 2, kMaxFunds, kUnknownFunds, kUnknownFunds, 0));
}

TEST(RankLeadsTest, TiesShareARank) {
  Leads leads;
  //             10       6        10       unknown        6
  leads.funds = {20, 6, 10, 5, 12};
  leads.probability = {500'000, 1'000'000, 1'000'000, -1, 500'000};
  leads.id = {1, 2, 3, 4, 5};
  const LeadRanking r = *RankLeads(leads.Columns());
  EXPECT_THAT(r.value, ElementsAre(10, 6, 10, kUnknownFunds, 6));
  EXPECT_THAT(r.rank, ElementsAre(1, 3, 1, 0, 3));
  // The surer one first.
  EXPECT_THAT(r.order, ElementsAre(2, 0, 1, 4, 3));
  EXPECT_EQ(r.unknown, 1);
}

TEST(RankLeadsTest, AnyOrderOfRowsGivesTheSame) {
  SplitMix64 random(2);
  for (int i = 0; i < 50; ++i) {
    const Leads leads = RandomLeads(40, &random);
    const auto order = Shuffled(40, &random);
    const LeadRanking a = *RankLeads(leads.Columns());
    const LeadRanking b = *RankLeads(Shuffle(leads, order).Columns());
    EXPECT_EQ(Picked(a.rank, order), b.rank);
    for (size_t k = 0; k < 40; ++k) {
      EXPECT_EQ(static_cast<size_t>(a.order[k]),
                order[static_cast<size_t>(b.order[k])]);
    }
    // The rank is one more than those above.
    for (size_t k = 0; k < 40; ++k) {
      if (a.value[k] == kUnknownFunds) continue;
      const auto above =
          std::count_if(a.value.begin(), a.value.end(),
                        [&](int64_t v) { return v > a.value[k]; });
      EXPECT_EQ(a.rank[k], above + 1);
    }
  }
}

TEST(RankLeadsTest, Refusals) {
  Leads leads;
  leads.funds = {1, 2};
  leads.probability = {1, 1'000'001};
  leads.id = {1, 2};
  auto refused = RankLeads(leads.Columns());
  EXPECT_THAT(refused, Refused(Reason::kValueRange,
                               HasSubstr("probability 1000001; allowed: 0")));
  EXPECT_EQ(WhereOf(refused.status()).row, 1);
  EXPECT_EQ(WhereOf(refused.status()).column, 1);
  leads.probability[1] = -2;
  EXPECT_THAT(RankLeads(leads.Columns()), RefusedFor(Reason::kValueRange));
  leads.probability[1] = 2;
  leads.id[1] = 1;
  refused = RankLeads(leads.Columns());
  EXPECT_THAT(refused, Refused(Reason::kValueRange,
                               HasSubstr("id 1 is that of row 0 too")));
  EXPECT_EQ(WhereOf(refused.status()).row, 1);
  EXPECT_EQ(WhereOf(refused.status()).column, 2);
  leads.id = {1};
  EXPECT_THAT(RankLeads(leads.Columns()),
              Refused(Reason::kValueRange, HasSubstr("id 1 elements")));
  leads.id = {1, 2};
  leads.probability = {1};
  EXPECT_THAT(RankLeads(leads.Columns()),
              Refused(Reason::kValueRange, HasSubstr("probability 1 el")));
  std::vector<int64_t> value = {5};
  EXPECT_FALSE(ValueLeads(leads.Columns(), absl::MakeSpan(value)).ok());
  EXPECT_THAT(value, ElementsAre(5));
}

TEST(PlanFollowUpsTest, EveryState) {
  const FollowUpPlan plan = *PlanFollowUps(
      {0, 0, 0, 2, 1, kNoLeadClass, kNoLeadClass},
      {92, 93, 94, 93, kNoLeadDay, 93, kNoLeadDay}, kFollowUpDays, 100);
  EXPECT_THAT(plan.due, ElementsAre(99, 100, 101, 123, 100, kNoLeadDay, 100));
  EXPECT_THAT(plan.state, ElementsAre(FollowUp::kOverdue, FollowUp::kDue,
                                      FollowUp::kUpcoming, FollowUp::kUpcoming,
                                      FollowUp::kDue, FollowUp::kNoInterval,
                                      FollowUp::kDue));
  EXPECT_THAT(plan.count, ElementsAre(1, 3, 2, 1));
}

TEST(PlanFollowUpsTest, Refusals) {
  const auto plan = [](const std::vector<uint8_t>& c,
                       const std::vector<int32_t>& last,
                       const std::vector<int32_t>& interval, int32_t today) {
    return PlanFollowUps(c, last, interval, today).status();
  };
  EXPECT_THAT(plan({0}, {}, {1}, 0),
              Refused(Reason::kValueRange, HasSubstr("last_contact 0 el")));
  absl::Status refused = plan({0}, {0}, {1, 0}, 0);
  EXPECT_THAT(refused, Refused(Reason::kValueRange, HasSubstr("interval 0")));
  EXPECT_EQ(WhereOf(refused).row, 1);
  refused = plan({0, 1}, {0, 0}, {1}, 0);
  EXPECT_THAT(refused, Refused(Reason::kUnknownCode,
                               HasSubstr("class 1; allowed: below 1")));
  EXPECT_EQ(WhereOf(refused).row, 1);
  EXPECT_EQ(WhereOf(refused).column, 5);
  refused = plan({0}, {8}, {1}, 7);
  EXPECT_THAT(refused, Refused(Reason::kValueRange,
                               HasSubstr("last_contact 8; allowed: today, 7")));
  EXPECT_EQ(WhereOf(refused).column, 6);
  const int32_t top = std::numeric_limits<int32_t>::max();
  EXPECT_THAT(plan({0}, {top}, {1}, top), RefusedFor(Reason::kOverflow));
  EXPECT_TRUE(plan({0}, {top - 1}, {1}, top).ok());
}

TEST(ForecastLeadsTest, WhichLeadsCount) {
  Leads leads;
  leads.team = {7, 7, 7, 3, 7, 7, 7};
  leads.funds = {123'450, 123'450, 500, 900, kUnknownFunds, 1, 1};
  leads.probability = {250'000, 250'000, -1, 0, 5, 1'000'000, 1};
  leads.close_day = {10, 19, 10, 15, 11, 20, kNoLeadDay};
  const LeadForecast f = *ForecastLeads(leads.Columns(), {10, 20});
  ASSERT_EQ(f.teams.size(), 2U);
  const ExpectedLeads& three = f.teams[0];
  EXPECT_EQ(three.team, 3U);
  EXPECT_EQ(three.leads, 1);  // 0 % is known.
  EXPECT_EQ(three.value, 0);
  EXPECT_EQ(three.funds, 900);
  const ExpectedLeads& seven = f.teams[1];
  EXPECT_EQ(seven.leads, 2);
  EXPECT_EQ(seven.value, 61'725);  // Not twice the rounded 30 862.
  EXPECT_EQ(seven.without_probability, 1);
  EXPECT_EQ(seven.funds_without_probability, 500);
  EXPECT_EQ(seven.without_funds, 1);
  EXPECT_EQ(seven.outside, 1);
  EXPECT_EQ(seven.undated, 1);
  EXPECT_EQ(f.total.leads, 3);
  EXPECT_EQ(f.total.value, 61'725);
  EXPECT_TRUE(ForecastLeads({}, {0, 0})->teams.empty());
}

TEST(ForecastLeadsTest, AnyOrderAndAnyPartsAddUp) {
  SplitMix64 random(3);
  for (int i = 0; i < 30; ++i) {
    const Leads leads = RandomLeads(60, &random);
    const auto order = Shuffled(60, &random);
    const LeadForecast a = *ForecastLeads(leads.Columns(), {10, 40});
    const LeadForecast b =
        *ForecastLeads(Shuffle(leads, order).Columns(), {10, 40});
    ASSERT_EQ(a.teams.size(), b.teams.size());
    ExactTotal all;
    int64_t rows = 0;
    for (size_t t = 0; t < a.teams.size(); ++t) {
      const ExpectedLeads& x = a.teams[t];
      EXPECT_EQ(x.value, b.teams[t].value);
      EXPECT_EQ(x.funds_without_probability,
                b.teams[t].funds_without_probability);
      rows += x.leads + x.without_probability + x.without_funds + x.undated +
              x.outside;
    }
    EXPECT_EQ(rows, 60);
    for (size_t k = 0; k < 60; ++k) {
      const int32_t day = leads.close_day[k];
      if (leads.funds[k] == kUnknownFunds || leads.probability[k] < 0 ||
          day < 10 || day >= 40) {
        continue;
      }
      all.AddExpected(leads.funds[k], leads.probability[k]);
    }
    EXPECT_EQ(a.total.value, *all.Rounded(Rounding::kHalfEven));
  }
}

TEST(ForecastLeadsTest, Refusals) {
  Leads leads;
  leads.funds = {kMaxFunds, kMaxFunds};
  leads.probability = {1'000'000, 1'000'000};
  leads.team = {1, 2};
  leads.close_day = {0, 0};
  // Each team fits, all together do not.
  EXPECT_THAT(ForecastLeads(leads.Columns(), {0, 1}),
              Refused(Reason::kOverflow, HasSubstr("funds add up")));
  leads.probability = {-1, -1};
  EXPECT_THAT(ForecastLeads(leads.Columns(), {0, 1}),
              RefusedFor(Reason::kOverflow));
  EXPECT_THAT(ForecastLeads(leads.Columns(), {1, 0}),
              Refused(Reason::kValueRange, HasSubstr("from_day 1, to_day 0")));
  leads.team = {1};
  EXPECT_THAT(ForecastLeads(leads.Columns(), {0, 1}),
              Refused(Reason::kValueRange, HasSubstr("team 1 elements")));
  leads.team = {1, 2};
  leads.close_day = {};
  EXPECT_THAT(ForecastLeads(leads.Columns(), {0, 1}),
              Refused(Reason::kValueRange, HasSubstr("close_day 0 elem")));
}

TEST(DecayTest, WholeHalfLivesAreExact) {
  EXPECT_EQ(*Decay(123'457, 0, 30), 123'457);
  EXPECT_EQ(*Decay(1'000'000, 30, 30), 500'000);
  EXPECT_EQ(*Decay(1'000'001, 30, 30), 500'000);  // Half to even.
  EXPECT_EQ(*Decay(1'000'003, 30, 30), 500'002);
  EXPECT_EQ(*Decay(1'000'000, 19, 1), 2);  // 1.907...
  EXPECT_EQ(*Decay(std::numeric_limits<int32_t>::max(), 31, 1), 1);
  EXPECT_EQ(*Decay(std::numeric_limits<int32_t>::max(), 32, 1), 0);
  EXPECT_EQ(*Decay(1, std::numeric_limits<int32_t>::max(), 1), 0);
}

TEST(DecayTest, NeverGrowsAndIsNear) {
  for (const int32_t half_life : {1, 7, 30, 365}) {
    int32_t before = 1'000'000;
    for (int32_t age = 0; age < 3000; ++age) {
      const int32_t now = *Decay(1'000'000, age, half_life);
      EXPECT_LE(now, before);
      EXPECT_NEAR(now, 1e6 * std::exp2(-static_cast<double>(age) / half_life),
                  0.5 + 1e-6);
      before = now;
    }
  }
  EXPECT_EQ(*Decay(1'000'000, 15, 30), 707'107);
  EXPECT_EQ(*Decay(std::numeric_limits<int32_t>::max(), 1, 2), 1'518'500'249);
}

TEST(DecayTest, Refusals) {
  EXPECT_THAT(Decay(-1, 0, 1),
              Refused(Reason::kValueRange, HasSubstr("value -1")));
  EXPECT_THAT(Decay(1, -1, 1),
              Refused(Reason::kValueRange, HasSubstr("age -1")));
  EXPECT_THAT(Decay(1, 1, 0),
              Refused(Reason::kValueRange, HasSubstr("half_life 0")));
}

}  // namespace
}  // namespace fivek
