#include "fivek/history/logistic.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <string>
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
using testing::HasSubstr;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Table {
  size_t columns = 0;
  std::vector<double> features;
  std::vector<uint8_t> won;
  std::vector<double> offset;
  std::vector<double> weight;

  LogisticRows rows() const { return {columns, features, won, offset, weight}; }
};

LogisticOptions With(double l2, bool non_negative = false) {
  LogisticOptions options;
  options.l2 = l2;
  options.non_negative = non_negative;
  return options;
}

Table ReferenceTable(const nlohmann::json& one) {
  Table table;
  table.columns = 5;
  for (const auto& row : one.at("input").at("evidence")) {
    for (const int points : row) table.features.push_back(points / 20.0);
  }
  table.won = one.at("input").at("won").get<std::vector<uint8_t>>();
  return table;
}

Table RandomTable(uint64_t seed, size_t n, size_t columns) {
  SplitMix64 random(seed);
  Table table;
  table.columns = columns;
  for (size_t i = 0; i < n; ++i) {
    double z = -0.5;
    for (size_t j = 0; j < columns; ++j) {
      table.features.push_back(random.Below(5) / 4.0 - (j == 1 ? 0.25 : 0.0));
      z += (static_cast<double>(j) - 1.0) * table.features.back();
    }
    const double unit = static_cast<double>(random.Next() >> 11) * 0x1p-53;
    table.won.push_back(unit < 1.0 / (1.0 + std::exp(-z)) ? 1 : 0);
    table.offset.push_back(random.Below(3) / 2.0);
    table.weight.push_back(1.0 + random.Below(3) / 3.0);
  }
  return table;
}

// The gradient of the objective as it is written in the header.
std::vector<double> GradientAt(const Table& t, const LogisticModel& m,
                               double l2) {
  std::vector<double> g(t.columns + 1);
  for (size_t i = 0; i < t.won.size(); ++i) {
    const double* const x = &t.features[i * t.columns];
    double z = m.LogOdds({x, t.columns});
    if (!t.offset.empty()) z += t.offset[i];
    const double w = t.weight.empty() ? 1.0 : t.weight[i];
    const double r = w * (1.0 / (1.0 + std::exp(-z)) - t.won[i]);
    g[0] += r;
    for (size_t j = 0; j < t.columns; ++j) g[j + 1] += r * x[j];
  }
  for (size_t j = 0; j < t.columns; ++j) g[j + 1] += l2 * m.weights[j];
  return g;
}

TEST(LogisticTest, Reference) {
  const auto cases = ReferenceCases("scoring", "fit_logistic");
  FIVEK_NEEDS_REFERENCE(cases);
  for (const auto& one : cases) {
    SCOPED_TRACE(one.at("id").get<std::string>());
    Table table = ReferenceTable(one);
    if (one.at("input").contains("offset")) {
      ASSERT_EQ(one.at("input").at("offset"), "logit(0.25) on every row");
      table.offset.assign(table.won.size(), std::log(0.25 / 0.75));
    }
    const LogisticModel model = *FitLogistic(
        table.rows(), With(one.at("input").at("l2").get<double>()));
    const auto& want = one.at("expected");
    const auto tolerance = one.at("rel_tol").get<double>();
    EXPECT_THAT(model.intercept,
                IsNear(want.at("intercept").get<double>(), tolerance));
    EXPECT_THAT(model.objective,
                IsNear(want.at("objective").get<double>(), tolerance));
    const auto coef = want.at("coef").get<std::vector<double>>();
    for (size_t j = 0; j < coef.size(); ++j) {
      EXPECT_THAT(model.weights[j], IsNear(coef[j], tolerance));
    }
    if (!want.contains("se")) continue;
    const auto se = want.at("se").get<std::vector<double>>();
    for (size_t j = 0; j < se.size(); ++j) {
      EXPECT_THAT(model.StandardError(j), IsNear(se[j], tolerance));
    }
    const auto p = want.at("p_first3").get<std::vector<double>>();
    for (size_t i = 0; i < p.size(); ++i) {
      const double z = model.LogOdds({&table.features[i * 5], 5});
      EXPECT_THAT(1.0 / (1.0 + std::exp(-z)), IsNear(p[i], tolerance));
    }
  }
}

TEST(LogisticTest, ReferenceNonNegative) {
  const auto cases = ReferenceCases("scoring", "fit_logistic");
  FIVEK_NEEDS_REFERENCE(cases);
  const Table table = ReferenceTable(cases.front());
  const LogisticModel model = *FitLogistic(table.rows(), With(1.0, true));
  EXPECT_THAT(model.intercept, IsNear(-2.342470470494419, 1e-9));
  EXPECT_THAT(model.weights[0], IsNear(1.0535956592858926, 1e-9));
  EXPECT_THAT(model.weights[1], IsNear(1.6002944411686766, 1e-9));
  EXPECT_EQ(model.weights[2], 0.0);
  EXPECT_THAT(model.weights[3], IsNear(1.2501592161360462, 1e-9));
  EXPECT_EQ(model.weights[4], 0.0);
  EXPECT_THAT(model.objective, IsNear(35.368090889315596, 1e-9));
  EXPECT_EQ(model.StandardError(3), 0.0);
  const std::vector<double> g = GradientAt(table, model, 1.0);
  EXPECT_NEAR(g[3], 0.670, 5e-4);
  EXPECT_NEAR(g[5], 2.167, 5e-4);
}

TEST(LogisticTest, PerfectSeparationIsFinite) {
  Table table;
  table.columns = 5;
  // 5 points in all dimensions, twice, and 15.
  for (const double points : {5, 5, 15, 15}) {
    table.features.insert(table.features.end(), 5, points / 20);
  }
  table.won = {0, 0, 1, 1};
  const LogisticModel model = *FitLogistic(table.rows(), With(1.0));
  EXPECT_THAT(model.intercept, IsNear(-0.956626318011593, 1e-9));
  for (const double w : model.weights) {
    EXPECT_THAT(w, IsNear(0.3826505272046372, 1e-9));
  }
}

TEST(LogisticTest, TheGradientIsZero) {
  for (size_t seed = 1; seed < 20; ++seed) {
    const Table table = RandomTable(seed, 40 + 10 * seed, 1 + seed % 6);
    for (const double l2 : {0.01, 1.0, 30.0}) {
      const LogisticModel model = *FitLogistic(table.rows(), With(l2));
      for (const double g : GradientAt(table, model, l2)) {
        EXPECT_NEAR(g, 0.0, 1e-8);
      }
      EXPECT_LT(model.steps, 15);
    }
  }
}

// Every set of weights at 0, the slow way.
TEST(LogisticTest, NonNegativeAsEverySetSays) {
  for (uint64_t seed = 1; seed < 30; ++seed) {
    const size_t k = 2 + seed % 4;
    const Table table = RandomTable(seed, 60, k);
    double least = kInfinity;
    std::vector<double> best;
    for (uint32_t set = 0; set < 1U << k; ++set) {
      Table part = table;
      part.columns = 0;
      part.features.clear();
      std::vector<size_t> kept;
      for (size_t j = 0; j < k; ++j) {
        if ((set >> j & 1U) != 0) kept.push_back(j);
      }
      part.columns = kept.size();
      for (size_t i = 0; i < table.won.size(); ++i) {
        for (const size_t j : kept) {
          part.features.push_back(table.features[i * k + j]);
        }
      }
      const LogisticModel model = *FitLogistic(part.rows(), With(1.0));
      const bool allowed =
          std::all_of(model.weights.begin(), model.weights.end(),
                      [](double w) { return w >= 0.0; });
      if (!allowed || model.objective >= least) continue;
      least = model.objective;
      best.assign(k, 0.0);
      for (size_t j = 0; j < kept.size(); ++j) best[kept[j]] = model.weights[j];
    }
    const LogisticModel model = *FitLogistic(table.rows(), With(1.0, true));
    EXPECT_THAT(model.objective, IsNear(least, 1e-10)) << seed;
    for (size_t j = 0; j < k; ++j) {
      EXPECT_GE(model.weights[j], 0.0);
      EXPECT_NEAR(model.weights[j], best[j], 1e-8) << seed;
    }
  }
}

TEST(LogisticTest, AnyOrderOfRowsGivesTheSameBits) {
  const Table table = RandomTable(7, 300, 4);
  const LogisticModel want = *FitLogistic(table.rows(), With(0.3));
  SplitMix64 random(3);
  for (int trial = 0; trial < 5; ++trial) {
    std::vector<size_t> order(table.won.size());
    std::iota(order.begin(), order.end(), size_t{0});
    for (size_t i = order.size(); i > 1; --i) {
      std::swap(order[i - 1], order[random.Below(static_cast<uint32_t>(i))]);
    }
    Table shuffled;
    shuffled.columns = 4;
    for (const size_t i : order) {
      for (size_t j = 0; j < 4; ++j) {
        shuffled.features.push_back(table.features[i * 4 + j]);
      }
      shuffled.won.push_back(table.won[i]);
      shuffled.offset.push_back(table.offset[i]);
      shuffled.weight.push_back(table.weight[i]);
    }
    const LogisticModel got = *FitLogistic(shuffled.rows(), With(0.3));
    EXPECT_EQ(got.intercept, want.intercept);
    EXPECT_EQ(got.weights, want.weights);
    EXPECT_EQ(got.covariance, want.covariance);
    EXPECT_EQ(got.objective, want.objective);
  }
}

TEST(LogisticTest, AWeightIsSoManyRows) {
  Table once = RandomTable(5, 50, 2);
  once.weight.assign(50, 3.0);
  Table often = once;
  often.weight.clear();
  for (int copy = 0; copy < 2; ++copy) {
    often.features.insert(often.features.end(), once.features.begin(),
                          once.features.end());
    often.won.insert(often.won.end(), once.won.begin(), once.won.end());
    often.offset.insert(often.offset.end(), once.offset.begin(),
                        once.offset.end());
  }
  EXPECT_EQ(FitLogistic(often.rows(), With(1.0))->weights,
            FitLogistic(once.rows(), With(1.0))->weights);
}

TEST(LogisticTest, AConstantColumnSaysNothing) {
  Table table = RandomTable(9, 80, 2);
  for (size_t i = 0; i < 80; ++i) table.features[2 * i] = 0.7;
  const LogisticModel model = *FitLogistic(table.rows(), With(1.0));
  EXPECT_NEAR(model.weights[0], 0.0, 1e-9);
}

TEST(LogisticTest, NoColumnsAreTheRate) {
  Table table;
  table.won = {1, 0, 0, 0};
  const LogisticModel model = *FitLogistic(table.rows(), With(1.0));
  EXPECT_NEAR(model.intercept, -std::log(3.0), 1e-12);
  EXPECT_NEAR(model.Variance({}), 1.0 / (4 * 0.1875), 1e-9);
}

TEST(LogisticTest, Refusals) {
  const Table good = RandomTable(1, 20, 2);
  const auto refusal = [](const Table& table, double l2 = 1.0) {
    return FitLogistic(table.rows(), With(l2));
  };
  for (const double bad : {kNaN, kInfinity, 1.1e6}) {
    Table table = good;
    table.features[7] = bad;
    EXPECT_THAT(refusal(table),
                Refused(Reason::kValueRange, HasSubstr("feature ")));
    EXPECT_EQ(WhereOf(refusal(table).status()).row, 3);
    EXPECT_EQ(WhereOf(refusal(table).status()).column, 1);
    table = good;
    table.offset[2] = bad;
    EXPECT_THAT(refusal(table),
                Refused(Reason::kValueRange, HasSubstr("offset ")));
    table = good;
    table.weight[2] = bad == 1.1e6 ? 0.0 : bad;
    EXPECT_THAT(refusal(table),
                Refused(Reason::kValueRange, HasSubstr("weight ")));
    EXPECT_EQ(WhereOf(refusal(table).status()).column, 4);
    EXPECT_THAT(refusal(good, bad == 1.1e6 ? -1.0 : bad),
                Refused(Reason::kValueRange, HasSubstr("l2 ")));
  }
  Table table = good;
  table.won[4] = 2;
  EXPECT_THAT(refusal(table),
              Refused(Reason::kValueRange, HasSubstr("outcome 2")));
  table.won.assign(20, 1);
  EXPECT_THAT(refusal(table),
              Refused(Reason::kValueRange, HasSubstr("20 rows are won")));
  table.won.assign(20, 0);
  EXPECT_THAT(refusal(table),
              Refused(Reason::kValueRange, HasSubstr("20 rows are lost")));
  EXPECT_THAT(refusal({}), Refused(Reason::kValueRange, HasSubstr("0 rows")));
  table = good;
  table.features.pop_back();
  EXPECT_THAT(refusal(table),
              Refused(Reason::kValueRange, HasSubstr("39 features")));
  table.columns = kMostFeatures + 1;
  EXPECT_THAT(refusal(table),
              Refused(Reason::kValueRange, HasSubstr("257 columns")));
  // Nothing holds the weights: separated, and depending on each other.
  Table separated;
  separated.columns = 1;
  separated.features = {0, 1};
  separated.won = {0, 1};
  EXPECT_THAT(refusal(separated, 0.0),
              Refused(Reason::kOverflow, HasSubstr("no minimum")));
  table = good;
  for (size_t i = 0; i < 20; ++i) {
    table.features[2 * i] = table.features[2 * i + 1];
  }
  EXPECT_THAT(refusal(table, 0.0), RefusedFor(Reason::kOverflow));
}

}  // namespace
}  // namespace fivek
