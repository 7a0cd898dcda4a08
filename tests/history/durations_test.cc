#include "fivek/history/durations.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
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

constexpr int32_t kMost = std::numeric_limits<int32_t>::max();

using Days = std::vector<int32_t>;
using Flags = std::vector<uint8_t>;

const Days kTime = {3, 5, 5, 8, 8, 9, 12, 15, 15, 21, 30, 30, 42, 60};
const Flags kEnded = {1, 1, 0, 1, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0};

TEST(DurationsTest, Known) {
  const Durations d = *FitDurations(kTime, kEnded, {});
  const double want[] = {0.9285714285714286, 0.8571428571428571,
                         0.7012987012987013, 0.6136363636363636,
                         0.525974025974026,  0.3944805194805195,
                         0.19724025974025974};
  ASSERT_EQ(d.steps.size(), 7U);
  for (size_t i = 0; i < 7; ++i) {
    EXPECT_THAT(d.steps[i].survival, IsNear(want[i], 1e-15));
  }
  EXPECT_EQ(d.visits, 14);
  EXPECT_EQ(d.ended, 8);
  EXPECT_EQ(d.longest, 60);
  EXPECT_EQ(d.Quantile({1, 4})->value(), 8);
  EXPECT_EQ(d.Quantile({1, 2})->value(), 30);
  EXPECT_EQ(d.Quantile({3, 4})->value(), 42);
  EXPECT_FALSE(d.Quantile({9, 10})->has_value());
  EXPECT_THAT(d.RestrictedMean(30)->value(), IsNear(19.964285714285715, 1e-15));
  EXPECT_EQ(d.RestrictedMean(0)->value(), 0.0);
  EXPECT_TRUE(d.RestrictedMean(60)->has_value());
  EXPECT_FALSE(d.RestrictedMean(61)->has_value());
  EXPECT_EQ(d.Survival(2), 1.0);
  EXPECT_EQ(d.Survival(3), d.steps[0].survival);
  EXPECT_EQ(d.Survival(100), d.steps[6].survival);
}

TEST(DurationsTest, Reference) {
  const auto cases = ReferenceCases("funnel", "kaplan_meier");
  FIVEK_NEEDS_REFERENCE(cases);
  for (const auto& one : cases) {
    const double tolerance = one.at("rel_tol");
    const auto& want = one.at("expected");
    const Durations d =
        *FitDurations(one.at("input").at("time").get<Days>(),
                      one.at("input").at("event").get<Flags>(), {});
    ASSERT_EQ(d.steps.size(), want.at("time").size());
    for (size_t i = 0; i < d.steps.size(); ++i) {
      EXPECT_EQ(d.steps[i].day, want.at("time")[i].get<int32_t>());
      EXPECT_EQ(d.steps[i].at_risk, want.at("at_risk")[i].get<int64_t>());
      EXPECT_EQ(d.steps[i].ended, want.at("events")[i].get<int64_t>());
      EXPECT_THAT(d.steps[i].survival,
                  IsNear(want.at("survival")[i].get<double>(), tolerance));
      EXPECT_THAT(d.steps[i].se,
                  IsNear(want.at("se")[i].get<double>(), tolerance));
    }
    EXPECT_EQ(d.Quantile({1, 4})->value(), want.at("q25").get<int32_t>());
    EXPECT_EQ(d.Quantile({1, 2})->value(), want.at("median").get<int32_t>());
    EXPECT_EQ(d.Quantile({3, 4})->value(), want.at("q75").get<int32_t>());
    EXPECT_THAT(d.RestrictedMean(30)->value(),
                IsNear(want.at("restricted_mean_30").get<double>(), tolerance));
  }
}

struct Visits {
  Days time;
  Flags ended;
  Days entry;
};

Visits MakeVisits(uint64_t seed, int n, uint32_t range, bool truncated) {
  SplitMix64 random(seed);
  Visits v;
  for (int i = 0; i < n; ++i) {
    const auto time = static_cast<int32_t>(random.Below(range));
    v.time.push_back(time);
    v.ended.push_back(random.Below(3) > 0 ? 1 : 0);
    if (!truncated) continue;
    const bool late = time > 1 && random.Below(2) == 0;
    v.entry.push_back(
        late ? static_cast<int32_t>(random.Below(static_cast<uint32_t>(time)))
             : 0);
  }
  return v;
}

// By definition: day after day, everybody is looked at.
std::vector<DurationStep> Slow(const Visits& v) {
  std::vector<DurationStep> steps;
  double survival = 1.0;
  double hazard = 0.0;
  const int32_t longest = *std::max_element(v.time.begin(), v.time.end());
  for (int32_t day = 0; day <= longest; ++day) {
    int64_t at_risk = 0;
    int64_t ended = 0;
    for (size_t i = 0; i < v.time.size(); ++i) {
      const int32_t entry = v.entry.empty() ? 0 : v.entry[i];
      const bool watched = (entry == 0 || entry < day) && day <= v.time[i];
      at_risk += watched ? 1 : 0;
      ended += watched && v.time[i] == day && v.ended[i] == 1 ? 1 : 0;
    }
    if (ended == 0) continue;
    const auto n = static_cast<double>(at_risk);
    const auto d = static_cast<double>(ended);
    survival *= 1.0 - d / n;
    hazard += at_risk == ended ? 0.0 : d / (n * (n - d));
    steps.push_back(
        {day, at_risk, ended, survival, survival * std::sqrt(hazard)});
  }
  return steps;
}

TEST(DurationsTest, Oracle) {
  for (uint64_t seed = 0; seed < 120; ++seed) {
    const uint32_t range = seed % 3 == 0 ? 8 : seed % 3 == 1 ? 90 : 6000;
    const Visits v =
        MakeVisits(seed, 1 + static_cast<int>(seed), range, seed % 2 == 1);
    const Durations d = *FitDurations(v.time, v.ended, v.entry);
    const std::vector<DurationStep> want = Slow(v);
    ASSERT_EQ(d.steps.size(), want.size());
    for (size_t i = 0; i < want.size(); ++i) {
      EXPECT_EQ(d.steps[i].day, want[i].day);
      EXPECT_EQ(d.steps[i].at_risk, want[i].at_risk);
      EXPECT_EQ(d.steps[i].ended, want[i].ended);
      EXPECT_NEAR(d.steps[i].survival, want[i].survival, 1e-13);
      EXPECT_NEAR(d.steps[i].se, want[i].se, 1e-13);
    }
    // The area, day by day.
    double area = 0.0;
    for (int32_t day = 0; day < d.longest; ++day) area += d.Survival(day);
    EXPECT_NEAR(d.RestrictedMean(d.longest)->value(), area, 1e-9);
  }
}

TEST(DurationsTest, AnyOrderGivesTheSameBits) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    for (const uint32_t range : {30U, 100'000'000U}) {
      Visits v = MakeVisits(seed, 60, range, true);
      const Durations before = *FitDurations(v.time, v.ended, v.entry);
      SplitMix64 random(seed);
      for (size_t i = v.time.size(); i > 1; --i) {
        const size_t j = random.Below(static_cast<uint32_t>(i));
        std::swap(v.time[i - 1], v.time[j]);
        std::swap(v.ended[i - 1], v.ended[j]);
        std::swap(v.entry[i - 1], v.entry[j]);
      }
      const Durations after = *FitDurations(v.time, v.ended, v.entry);
      ASSERT_EQ(before.steps.size(), after.steps.size());
      for (size_t i = 0; i < after.steps.size(); ++i) {
        EXPECT_EQ(before.steps[i].survival, after.steps[i].survival);
        EXPECT_EQ(before.steps[i].se, after.steps[i].se);
      }
    }
  }
}

// Nobody open: the empirical distribution.
TEST(DurationsTest, WithoutOpenOnes) {
  const Durations d =
      *FitDurations({4, 1, 2, 3, 5, 6, 7, 8, 9, 10}, Flags(10, 1), {});
  for (int32_t day = 0; day <= 10; ++day) {
    EXPECT_NEAR(d.Survival(day), 1.0 - day / 10.0, 1e-15);
  }
  for (int64_t k = 1; k <= 10; ++k) {
    EXPECT_EQ(d.Quantile({k, 10})->value(), k);
  }
  EXPECT_NEAR(d.RestrictedMean(10)->value(), 5.5, 1e-14);
  // All is over: the mean of all of them.
  EXPECT_NEAR(d.RestrictedMean(kMost)->value(), 5.5, 1e-14);
  EXPECT_EQ(d.steps.back().se, 0.0);
}

TEST(DurationsTest, DegenerateInput) {
  const Durations none = *FitDurations({}, {}, {});
  EXPECT_TRUE(none.steps.empty());
  EXPECT_FALSE(none.Quantile({1, 2})->has_value());
  EXPECT_EQ(none.RestrictedMean(0)->value(), 0.0);
  EXPECT_FALSE(none.RestrictedMean(1)->has_value());
  const Durations open = *FitDurations({5, 9}, {0, 0}, {});
  EXPECT_TRUE(open.steps.empty());
  EXPECT_EQ(open.RestrictedMean(9)->value(), 9.0);
  // The same day.
  const Durations same = *FitDurations({0, 0, 0, 7}, {1, 1, 0, 1}, {});
  EXPECT_EQ(same.steps[0].day, 0);
  EXPECT_EQ(same.steps[0].at_risk, 4);
  EXPECT_EQ(same.steps[0].survival, 0.5);
  EXPECT_EQ(same.Quantile({1, 2})->value(), 0);
  EXPECT_EQ(same.RestrictedMean(7)->value(), 3.5);
  // Far away.
  const Durations far = *FitDurations({kMost, 1}, {1, 0}, {});
  EXPECT_EQ(far.Quantile({1, 1})->value(), kMost);
  EXPECT_EQ(far.RestrictedMean(kMost)->value(), static_cast<double>(kMost));
}

TEST(DurationsTest, Refusals) {
  EXPECT_THAT(FitDurations({1, 2}, {1}, {}),
              Refused(Reason::kValueRange, HasSubstr("2 times, 1 ended")));
  EXPECT_THAT(FitDurations({1, 2}, {1, 1}, {0}),
              Refused(Reason::kValueRange, HasSubstr("1 entries")));
  const auto time = FitDurations({1, -2}, {1, 1}, {});
  EXPECT_THAT(time, Refused(Reason::kValueRange, HasSubstr("time -2")));
  EXPECT_EQ(WhereOf(time.status()).row, 1);
  EXPECT_EQ(WhereOf(time.status()).column, 0);
  const auto ended = FitDurations({1}, {2}, {});
  EXPECT_THAT(ended, Refused(Reason::kValueRange, HasSubstr("ended 2")));
  EXPECT_EQ(WhereOf(ended.status()).column, 1);
  EXPECT_THAT(FitDurations({1}, {1}, {-1}),
              Refused(Reason::kValueRange, HasSubstr("entry -1")));
  const auto late = FitDurations({5}, {1}, {5});
  EXPECT_THAT(late, Refused(Reason::kValueRange, HasSubstr("below the time")));
  EXPECT_EQ(WhereOf(late.status()).column, 2);
  const Durations d = *FitDurations(kTime, kEnded, {});
  EXPECT_THAT(d.Quantile({0, 1}),
              Refused(Reason::kValueRange, HasSubstr("quantile 0")));
  EXPECT_THAT(d.Quantile({3, 2}),
              Refused(Reason::kValueRange, HasSubstr("quantile 3/2")));
  EXPECT_THAT(d.RestrictedMean(-1),
              Refused(Reason::kValueRange, HasSubstr("tau -1")));
}

// ---- Standing still ---------------------------------------------------------

TEST(StalledTest, Known) {
  const StalledDeals s = *FindStalled({4, 6, 7, 9, 10, 12, 14, 15, 18, 25},
                                      {9, 10}, {17, 18, 19, 26});
  EXPECT_EQ(s.threshold, 18);
  EXPECT_THAT(s.stalled, ElementsAre(0, 0, 1, 1));
  EXPECT_THAT(s.share_longer, ElementsAre(0.2, 0.1, 0.1, 0.0));
}

TEST(StalledTest, Reference) {
  const auto cases = ReferenceCases("funnel", "stalled");
  FIVEK_NEEDS_REFERENCE(cases);
  for (const auto& one : cases) {
    const auto& in = one.at("input");
    const auto& want = one.at("expected");
    const StalledDeals s = *FindStalled(
        in.at("durations_won").get<Days>(),
        {in.at("quantile")[0], in.at("quantile")[1]}, in.at("age").get<Days>());
    EXPECT_EQ(s.threshold, want.at("threshold").get<int32_t>());
    for (size_t i = 0; i < s.stalled.size(); ++i) {
      EXPECT_EQ(s.stalled[i] == 1, want.at("stalled")[i].get<bool>());
      EXPECT_EQ(
          s.share_longer[i],
          want.at("share_of_won_that_took_longer_than_age")[i].get<double>());
    }
  }
}

// By definition: the smallest duration with a share q at or below it.
TEST(StalledTest, Oracle) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    SplitMix64 random(seed);
    Days winners(1 + random.Below(30));
    for (int32_t& w : winners) w = static_cast<int32_t>(random.Below(20));
    const int64_t den = 1 + random.Below(12);
    const int64_t num =
        1 + static_cast<int64_t>(random.Below(static_cast<uint32_t>(den)));
    int32_t want = kMost;
    for (const int32_t d : winners) {
      const int64_t below = std::count_if(winners.begin(), winners.end(),
                                          [d](int32_t w) { return w <= d; });
      if (below * den >= num * static_cast<int64_t>(winners.size())) {
        want = std::min(want, d);
      }
    }
    EXPECT_EQ(FindStalled(winners, {num, den}, {})->threshold, want);
  }
}

TEST(StalledTest, Refusals) {
  EXPECT_THAT(FindStalled({}, {9, 10}, {1}),
              Refused(Reason::kValueRange, HasSubstr("no winners")));
  const auto winner = FindStalled({1, -1}, {9, 10}, {1});
  EXPECT_THAT(winner, Refused(Reason::kValueRange, HasSubstr("winner's -1")));
  EXPECT_EQ(WhereOf(winner.status()).row, 1);
  const auto age = FindStalled({1}, {9, 10}, {-5});
  EXPECT_THAT(age, Refused(Reason::kValueRange, HasSubstr("age -5")));
  EXPECT_EQ(WhereOf(age.status()).column, 1);
  for (const Fraction q : {Fraction{0, 1}, {-1, 2}, {1, 0}, {11, 10}}) {
    EXPECT_THAT(FindStalled({1}, q, {}),
                Refused(Reason::kValueRange, HasSubstr("quantile")));
  }
}

}  // namespace
}  // namespace fivek
