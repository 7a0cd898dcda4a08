#include "fivek/history/competing_risks.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "fivek/base/reason.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/history/reference.h"

namespace fivek {
namespace {

using testing::HasSubstr;

struct Deals {
  std::vector<int32_t> entry, time;
  std::vector<uint8_t> event;

  absl::StatusOr<CompetingRisks> Fit(
      std::vector<RiskDay>* curve = nullptr) const {
    return AalenJohansen(entry, time, event, curve);
  }
};

Deals RandomDeals(uint32_t seed, size_t n, int32_t longest, bool late) {
  std::mt19937 random(seed);
  Deals deals;
  for (size_t i = 0; i < n; ++i) {
    const auto time =
        static_cast<int32_t>(random() % static_cast<uint32_t>(longest)) + 1;
    deals.entry.push_back(
        late ? static_cast<int32_t>(random() % static_cast<uint32_t>(time))
             : 0);
    deals.time.push_back(time);
    deals.event.push_back(static_cast<uint8_t>(random() % 4));
  }
  return deals;
}

// The definition, in long double, one day and one deal at a time.
struct Slow {
  long double survival = 1;
  long double incidence[kCauses] = {};
};
Slow SlowRisks(const Deals& deals) {
  Slow slow;
  int32_t last = 0;
  for (const int32_t time : deals.time) last = std::max(last, time);
  for (int32_t day = 1; day <= last; ++day) {
    int n = 0;
    int d[kCauses] = {};
    for (size_t i = 0; i < deals.time.size(); ++i) {
      if (deals.entry[i] < day && day <= deals.time[i]) ++n;
      if (deals.time[i] == day && deals.event[i] > 0) ++d[deals.event[i] - 1];
    }
    if (n == 0) continue;
    const long double before = slow.survival;
    for (size_t j = 0; j < kCauses; ++j) {
      slow.incidence[j] += before * d[j] / n;
      slow.survival -= before * d[j] / n;
    }
  }
  return slow;
}

TEST(CompetingRisksTest, FollowsTheReference) {
  const auto cases = ReferenceCases("calibration", "aalen_johansen");
  FIVEK_NEEDS_REFERENCE(cases);
  for (const auto& one : cases) {
    SCOPED_TRACE(one.at("id").get<std::string>());
    const auto& input = one.at("input");
    const auto& want = one.at("expected");
    const Deals deals = {input.at("entry").get<std::vector<int32_t>>(),
                         input.at("time").get<std::vector<int32_t>>(),
                         input.at("event").get<std::vector<uint8_t>>()};
    std::vector<RiskDay> curve;
    const auto got = deals.Fit(&curve);
    ASSERT_TRUE(got.ok()) << got.status();
    const double near = one.at("rel_tol");
    if (want.contains("time")) {
      ASSERT_EQ(curve.size(), want.at("time").size());
      for (size_t i = 0; i < curve.size(); ++i) {
        EXPECT_EQ(curve[i].day, want.at("time")[i]);
        EXPECT_EQ(curve[i].at_risk, want.at("at_risk")[i]);
        EXPECT_EQ(curve[i].ended[0], want.at("won")[i]);
        EXPECT_EQ(curve[i].ended[1], want.at("lost")[i]);
        EXPECT_THAT(curve[i].survival,
                    IsNear(want.at("survival")[i].get<double>(), near));
        EXPECT_THAT(curve[i].incidence[0],
                    IsNear(want.at("cif_won")[i].get<double>(), near));
        EXPECT_THAT(curve[i].incidence[1],
                    IsNear(want.at("cif_lost")[i].get<double>(), near));
      }
    }
    const Share share = ConversionOf(*got);
    if (want.contains("win_lower")) {
      EXPECT_THAT(share.lowest,
                  IsNear(want.at("win_lower").get<double>(), near));
      EXPECT_THAT(share.highest,
                  IsNear(want.at("win_upper").get<double>(), near));
      EXPECT_THAT(
          share.value,
          IsNear(want.at("win_point_extrapolated").get<double>(), near));
    }
    if (want.contains("se_survival")) {
      const auto& c = got->covariance;
      EXPECT_THAT(std::sqrt(c[0][0]),
                  IsNear(want.at("se_survival").get<double>(), near));
      EXPECT_THAT(std::sqrt(c[1][1]),
                  IsNear(want.at("se_cif_won").get<double>(), near));
      EXPECT_THAT(std::sqrt(c[2][2]),
                  IsNear(want.at("se_cif_lost").get<double>(), near));
      EXPECT_THAT(c[1][2], IsNear(want.at("cov_won_lost").get<double>(), near));
    }
  }
}

// statistics.md §1: ten deals, some watched from later on.
TEST(CompetingRisksTest, SumsToOneAndFollowsTheDefinition) {
  for (uint32_t seed = 0; seed < 200; ++seed) {
    const Deals deals = RandomDeals(seed, seed % 40 + 1, 30, seed % 2 == 1);
    const auto got = deals.Fit();
    ASSERT_TRUE(got.ok());
    double sum = got->survival;
    const Slow slow = SlowRisks(deals);
    EXPECT_NEAR(got->survival, static_cast<double>(slow.survival), 1e-14);
    for (size_t j = 0; j < kCauses; ++j) {
      sum += got->incidence[j];
      EXPECT_NEAR(got->incidence[j], static_cast<double>(slow.incidence[j]),
                  1e-14);
    }
    EXPECT_NEAR(sum, 1.0, 1e-12);
    for (size_t i = 0; i <= kCauses; ++i) {
      double row = 0.0;  // A sum that is always 1 varies with nothing.
      for (size_t j = 0; j <= kCauses; ++j) {
        row += got->covariance[i][j];
        EXPECT_EQ(got->covariance[i][j], got->covariance[j][i]);
      }
      EXPECT_NEAR(row, 0.0, 1e-14);
      EXPECT_GE(got->covariance[i][i], -1e-15);
    }
  }
}

// Without censoring and late entry nothing but the counts matters.
TEST(CompetingRisksTest, WithoutOpenDealsItIsTheMultinomial) {
  Deals deals = RandomDeals(7, 500, 60, false);
  std::array<double, kCauses> count = {};
  for (uint8_t& event : deals.event) {
    if (event == 0) event = 2;
    count[event - 1U] += 1.0;
  }
  const auto got = deals.Fit();
  ASSERT_TRUE(got.ok());
  EXPECT_NEAR(got->survival, 0.0, 1e-15);
  for (size_t i = 0; i < kCauses; ++i) {
    const double p = count[i] / 500;
    EXPECT_NEAR(got->incidence[i], p, 1e-14);
    EXPECT_NEAR(got->covariance[i + 1][i + 1], p * (1 - p) / 500, 1e-14);
    const double q = count[(i + 1) % kCauses] / 500;
    EXPECT_NEAR(got->covariance[i + 1][(i + 1) % kCauses + 1], -p * q / 500,
                1e-14);
  }
  const Share share = ConversionOf(*got);
  EXPECT_NEAR(share.effective_n, count[0] + count[1], 1e-9);
  EXPECT_NEAR(share.lowest, share.highest, 1e-15);
}

TEST(CompetingRisksTest, AnyOrderGivesTheSameBits) {
  Deals deals = RandomDeals(3, 300, 50, true);
  const auto want = deals.Fit();
  std::mt19937 random(1);
  for (int round = 0; round < 20; ++round) {
    for (size_t i = deals.time.size() - 1; i > 0; --i) {
      const size_t j = random() % (i + 1);
      std::swap(deals.entry[i], deals.entry[j]);
      std::swap(deals.time[i], deals.time[j]);
      std::swap(deals.event[i], deals.event[j]);
    }
    const auto got = deals.Fit();
    EXPECT_EQ(got->survival, want->survival);
    EXPECT_EQ(got->incidence, want->incidence);
    EXPECT_EQ(got->covariance, want->covariance);
  }
}

TEST(CompetingRisksTest, NothingKnownIsSaidSo) {
  const auto none = AalenJohansen({}, {}, {});
  ASSERT_TRUE(none.ok());
  EXPECT_EQ(none->survival, 1.0);
  const Share share = ConversionOf(*none);
  EXPECT_EQ(share.effective_n, 0.0);
  EXPECT_EQ(share.lowest, 0.0);
  EXPECT_EQ(share.highest, 1.0);
  const auto open = AalenJohansen({0, 0}, {9, 9}, {0, 0});
  EXPECT_EQ(ConversionOf(*open).highest, 1.0);
  EXPECT_EQ(ConversionOf(*open).effective_n, 0.0);
}

// One deal seen alone on its first day and gone: what comes after tells
// nothing, however many deals there are.
TEST(CompetingRisksTest, AfterTheLastIsGoneNothingIsLearned) {
  const auto got = AalenJohansen({0, 5, 5, 5}, {1, 6, 7, 8}, {1, 2, 2, 2});
  ASSERT_TRUE(got.ok());
  EXPECT_EQ(got->incidence[0], 1.0);
  EXPECT_EQ(ConversionOf(*got).effective_n, 1.0);
}

TEST(CompetingRisksTest, OnlyOneCauseIsCountedNotTrusted) {
  const auto got = AalenJohansen({0, 0, 0}, {1, 2, 3}, {1, 1, 0});
  const Share share = ConversionOf(*got);
  EXPECT_EQ(share.value, 1.0);
  EXPECT_EQ(share.effective_n, 2.0);
  EXPECT_LT(share.lowest, 1.0);
}

TEST(CompetingRisksTest, Refusals) {
  const auto expect = [](const absl::StatusOr<CompetingRisks>& got, Where where,
                         const char* words) {
    ASSERT_FALSE(got.ok()) << words;
    EXPECT_EQ(got.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(WhereOf(got.status()).row, where.row);
    EXPECT_EQ(WhereOf(got.status()).column, where.column);
    EXPECT_THAT(std::string(got.status().message()), HasSubstr(words));
  };
  expect(AalenJohansen({0}, {1, 2}, {0}), {},
         "1 entries, 2 times and 1 events; allowed: as many");
  expect(AalenJohansen({0, -1}, {1, 2}, {0, 0}), {1, 0},
         "entry -1; allowed: 0 or more");
  expect(AalenJohansen({3}, {3}, {0}), {0, 1},
         "time 3; allowed: above entry 3");
  expect(AalenJohansen({0}, {kMaxRiskDay + 1}, {0}), {0, 1}, "to 100000");
  expect(AalenJohansen({0}, {1}, {4}), {0, 2}, "event 4; allowed: 0 to 3");
}

}  // namespace
}  // namespace fivek
