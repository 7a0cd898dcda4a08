#include "fivek/history/hazards.h"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "fivek/base/reason.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/history/made_history.h"
#include "tests/history/reference.h"

namespace fivek {
namespace {

using testing::HasSubstr;

TEST(HazardsTest, FollowTheReference) {
  const auto cases = ReferenceCases("calibration", "hazard_forecast");
  FIVEK_NEEDS_REFERENCE(cases);
  for (const auto& one : cases) {
    const auto& input = one.at("input");
    const auto& want = one.at("expected");
    const double near = one.at("rel_tol");
    const auto ages = ForecastByHazards(
        input.at("hazard_won").get<std::vector<double>>(),
        input.at("hazard_lost").get<std::vector<double>>(), 4);
    ASSERT_TRUE(ages.ok()) << ages.status();
    ASSERT_EQ(ages->size(), want.at("p_won_ever_by_age").size());
    for (size_t a = 0; a < ages->size(); ++a) {
      const auto number = [&want, a](const char* name) {
        return want.at(name)[a].get<double>();
      };
      EXPECT_THAT((*ages)[a].won_within,
                  IsNear(number("p_won_within_4_by_age"), near));
      EXPECT_THAT((*ages)[a].open_after,
                  IsNear(number("p_open_after_4_by_age"), near));
      EXPECT_THAT((*ages)[a].won_ever,
                  IsNear(number("p_won_ever_by_age"), near));
    }
  }
}

// The definition, deal by deal and step by step.
TEST(HazardsTest, FollowTheDefinition) {
  for (uint64_t seed = 0; seed < 100; ++seed) {
    Seeded random(seed);
    const auto n = static_cast<size_t>(random.Below(12)) + 1;
    std::vector<double> won;
    std::vector<double> lost;
    for (size_t i = 0; i < n; ++i) {
      won.push_back(random.Unit() * 0.5);
      lost.push_back(random.Unit() * 0.5);
    }
    const int32_t horizon = random.Below(30);
    const auto ages = ForecastByHazards(won, lost, horizon);
    ASSERT_TRUE(ages.ok());
    for (size_t a = 0; a <= n; ++a) {
      long double open = 1;
      long double within = 0;
      long double ever = 0;
      for (int32_t u = 0; u < 4000; ++u) {
        if (u == horizon) {
          EXPECT_NEAR((*ages)[a].won_within, static_cast<double>(within),
                      1e-14);
          EXPECT_NEAR((*ages)[a].open_after, static_cast<double>(open), 1e-14);
        }
        const size_t step = std::min(a + static_cast<size_t>(u), n - 1);
        within += open * won[step];
        ever = within;
        open *= 1 - static_cast<long double>(won[step]) - lost[step];
      }
      if (won[n - 1] + lost[n - 1] > 0.01) {
        EXPECT_NEAR((*ages)[a].won_ever, static_cast<double>(ever), 1e-12);
      }
    }
  }
}

TEST(HazardsTest, NobodyLeavesAndAllLeave) {
  const auto none = *ForecastByHazards({0.0}, {0.0}, 10);
  EXPECT_EQ(none[0].won_ever, 0.0);
  EXPECT_EQ(none[0].open_after, 1.0);
  const auto all = *ForecastByHazards({0.9}, {0.1}, 1);
  EXPECT_EQ(all[0].won_within, 0.9);
  EXPECT_EQ(all[1].open_after, 0.0);
  EXPECT_NEAR(all[0].won_ever, 0.9, 1e-15);
}

TEST(HazardsTest, Refusals) {
  const auto expect = [](const absl::Status& status, Where where,
                         const char* words) {
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << words;
    EXPECT_EQ(WhereOf(status).row, where.row);
    EXPECT_EQ(WhereOf(status).column, where.column);
    EXPECT_THAT(std::string(status.message()), HasSubstr(words));
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  expect(ForecastByHazards({}, {}, 1).status(), {},
         "0 and 0 hazards; allowed: as many, 1 to 10000");
  expect(ForecastByHazards({0.1}, {0.1, 0.1}, 1).status(), {},
         "1 and 2 hazards");
  expect(ForecastByHazards({0.1, nan}, {0.1, 0.1}, 1).status(), {1, 0},
         "hazard nan; allowed: 0 to 1");
  expect(ForecastByHazards({0.1}, {-0.1}, 1).status(), {0, 1},
         "hazard -0.1 beside 0.1");
  expect(ForecastByHazards({0.6}, {0.5}, 1).status(), {0, 1},
         "hazard 0.5 beside 0.6; allowed: 0 to 1, together too");
  expect(ForecastByHazards({0.1}, {0.1}, -1).status(), {},
         "horizon -1; allowed: 0 to 10000");
  expect(ForecastByHazards({0.1}, {0.1}, 10'001).status(), {}, "horizon 10001");
}

}  // namespace
}  // namespace fivek
