#include "fivek/accounts/effort.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>
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

using Visits = std::vector<int32_t>;
using Table = std::vector<double>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

EffortOptions By(int32_t budget, EffortMethod method = EffortMethod::kAuto) {
  return {budget, method};
}

TEST(EffortTest, Reference) {
  const auto cases = ReferenceCases("allocation", "allocate_effort");
  FIVEK_NEEDS_REFERENCE(cases);
  for (const auto& c : cases) {
    const auto& in = c.at("input");
    std::vector<EffortAccount> accounts;
    for (size_t i = 0; i < in.at("value").size(); ++i) {
      accounts.push_back({in.at("value")[i], ResponseForm::kExponential,
                          in.at("cap")[i], in.at("response")[i], 1.0});
    }
    const EffortPlan p = *AllocateEffort(accounts, By(in.at("budget")));
    const auto& want = c.at("expected");
    EXPECT_EQ(p.visits, want.at("visits").get<Visits>());
    EXPECT_EQ(p.picks, want.at("pick_order").get<Visits>());
    EXPECT_THAT(p.total, IsNear(want.at("total").get<double>(), 1e-12));
    EXPECT_THAT(p.shadow_price,
                IsNear(want.at("shadow_price").get<double>(), 1e-12));
    EXPECT_TRUE(p.concave);
    EXPECT_TRUE(p.optimal);
    EXPECT_EQ(p.method, EffortMethod::kGreedy);
  }
}

// Greedy takes what gains most at once, 7 + 4 + 1, and never looks beyond the
// account whose first visit gains nothing.
TEST(EffortTest, AThresholdThatGreedyDoesNotPass) {
  const Table lost = {0, 7, 8, 8,  //
                      0, 4, 4, 4,  //
                      0, 0, 2, 17};
  const EffortPlan p = *AllocateEffortTable(lost, 4, {}, By(3));
  EXPECT_EQ(p.method, EffortMethod::kDynamic);
  EXPECT_EQ(p.total, 17.0);
  EXPECT_THAT(p.visits, ElementsAre(0, 0, 3));
  EXPECT_FALSE(p.concave);
  EXPECT_TRUE(p.optimal);
  EXPECT_GE(p.bound, p.total);
  EXPECT_EQ(p.shadow_price, 6.0) << "11 with two visits";
  EXPECT_EQ(p.next_gain, 7.0) << "24 with four";
  EXPECT_EQ(
      AllocateEffortTable(lost, 4, {}, By(3, EffortMethod::kGreedy))->total,
      12.0);
}

// The best by looking at all: fewest visits, then most for the lowest index.
struct Best {
  double total = -kInfinity;
  Visits visits;
};
Best LookAtAll(const Table& response, size_t width, const Visits& cap,
               int32_t budget) {
  Best best;
  int64_t best_spent = 0;
  Visits now(cap.size(), 0);
  const std::function<void(size_t, int32_t)> look = [&](size_t i,
                                                        int32_t left) {
    if (i == cap.size()) {
      double total = 0.0;
      for (size_t k = 0; k < now.size(); ++k) {
        total += response[k * width + static_cast<size_t>(now[k])];
      }
      const int64_t spent = budget - left;
      if (total > best.total || (total == best.total &&
                                 (spent < best_spent || (spent == best_spent &&
                                                         now > best.visits)))) {
        best = {total, now};
        best_spent = spent;
      }
      return;
    }
    for (now[i] = 0; now[i] <= std::min(cap[i], left); ++now[i]) {
      look(i + 1, left - now[i]);
    }
    now[i] = 0;
  };
  look(0, budget);
  return best;
}

TEST(EffortTest, DynamicIsTheBestOfAll) {
  SplitMix64 random(5);
  for (int round = 0; round < 400; ++round) {
    const size_t n = 1 + random.Below(4);
    const size_t width = 1 + random.Below(5);
    Table response;
    Visits cap;
    for (size_t i = 0; i < n; ++i) {
      cap.push_back(
          static_cast<int32_t>(random.Below(static_cast<uint32_t>(width))));
      for (size_t v = 0; v < width; ++v) {
        response.push_back(static_cast<double>(random.Below(12)) - 1.0);
      }
    }
    const auto budget = static_cast<int32_t>(random.Below(10));
    const Best best = LookAtAll(response, width, cap, budget);
    const EffortPlan p = *AllocateEffortTable(
        response, width, cap, By(budget, EffortMethod::kDynamic));
    EXPECT_EQ(p.total, best.total);
    EXPECT_EQ(p.visits, best.visits);
    EXPECT_EQ(p.spent,
              std::accumulate(p.visits.begin(), p.visits.end(), int64_t{0}));
    EXPECT_EQ(p.next_gain,
              LookAtAll(response, width, cap, budget + 1).total - best.total);
    if (budget > 0) {
      EXPECT_EQ(p.shadow_price,
                best.total - LookAtAll(response, width, cap, budget - 1).total);
    }
    EXPECT_GE(p.bound, p.total);
    // Whole steps of the hull: allowed, and between.
    const EffortPlan hull = *AllocateEffortTable(
        response, width, cap, By(budget, EffortMethod::kHull));
    EXPECT_LE(hull.total, best.total);
    EXPECT_LE(hull.spent, budget);
    EXPECT_EQ(hull.bound, std::max(p.bound, hull.total));
    for (size_t i = 0; i < n; ++i) EXPECT_LE(hull.visits[i], cap[i]);
  }
}

TEST(EffortTest, GreedyIsTheBestOfConcaveOnes) {
  SplitMix64 random(6);
  for (int round = 0; round < 400; ++round) {
    const size_t n = 1 + random.Below(4);
    const size_t width = 5;
    Table response;
    for (size_t i = 0; i < n; ++i) {
      std::vector<uint32_t> gains;
      for (size_t v = 1; v < width; ++v) gains.push_back(random.Below(6));
      std::sort(gains.begin(), gains.end(), std::greater<>());
      response.push_back(static_cast<double>(random.Below(3)));
      for (const uint32_t gain : gains) {
        response.push_back(response.back() + gain);
      }
    }
    const auto budget = static_cast<int32_t>(random.Below(19));
    const Best best = LookAtAll(response, width, Visits(n, 4), budget);
    const EffortPlan p = *AllocateEffortTable(response, width, {}, By(budget));
    EXPECT_EQ(p.method, EffortMethod::kGreedy);
    EXPECT_EQ(p.total, best.total);
    EXPECT_EQ(p.visits, best.visits);
    EXPECT_EQ(p.bound, p.total);
    EXPECT_EQ(static_cast<int64_t>(p.picks.size()), p.spent);
    const EffortPlan d = *AllocateEffortTable(
        response, width, {}, By(budget, EffortMethod::kDynamic));
    EXPECT_EQ(d.visits, p.visits);
    EXPECT_EQ(d.shadow_price, p.shadow_price);
    EXPECT_EQ(d.next_gain, p.next_gain);
    EXPECT_EQ(d.bound, p.total) << "the hull is the response";
  }
}

TEST(EffortTest, FormsByGreedyAndDynamic) {
  SplitMix64 random(8);
  for (int round = 0; round < 100; ++round) {
    std::vector<EffortAccount> accounts;
    for (uint32_t i = 0; i < 6; ++i) {
      EffortAccount a;
      a.value = 1.0 + random.Below(100000);
      a.form = static_cast<ResponseForm>(random.Below(4));
      a.cap = static_cast<int32_t>(random.Below(12));
      a.shape = (1.0 + random.Below(99)) / 100.0;
      a.steepness = (1.0 + random.Below(99)) / 100.0;
      accounts.push_back(a);
    }
    const auto budget = static_cast<int32_t>(random.Below(50));
    const EffortPlan p = *AllocateEffort(accounts, By(budget));
    EXPECT_TRUE(p.concave);
    const EffortPlan d =
        *AllocateEffort(accounts, By(budget, EffortMethod::kDynamic));
    EXPECT_NEAR(d.total, p.total, 1e-9 * p.total);
    EXPECT_NEAR(d.shadow_price, p.shadow_price, 1e-6);
    // Twice the value, the same visits.
    for (EffortAccount& a : accounts) a.value *= 2.0;
    const EffortPlan twice = *AllocateEffort(accounts, By(budget));
    EXPECT_EQ(twice.visits, p.visits);
    EXPECT_EQ(twice.total, 2.0 * p.total);
    EXPECT_EQ(twice.shadow_price, 2.0 * p.shadow_price);
  }
}

TEST(EffortTest, ResponsesAreTheirFormulas) {
  for (int32_t v = 0; v <= 60; ++v) {
    for (const double shape : {1e-9, 1e-4, 0.02, 0.3, 0.99}) {
      const auto value = [&](ResponseForm form, double s = 1.0) {
        return *ResponseValue({1000.0, form, 0, shape, s}, v);
      };
      // Another library, so only near.
      EXPECT_THAT(value(ResponseForm::kExponential),
                  IsNear(-1000.0 * std::expm1(-shape * v), 1e-12));
      EXPECT_THAT(value(ResponseForm::kHyperbolic),
                  IsNear(1000.0 * v / (v + shape), 1e-12));
      EXPECT_THAT(value(ResponseForm::kPowerLaw),
                  IsNear(v == 0 ? 0.0 : 1000.0 * std::pow(v, shape), 1e-12));
      for (const double s : {0.5, 1.0, 2.0, 3.5, 64.0}) {
        const double power = std::pow(v, s);
        EXPECT_THAT(value(ResponseForm::kSigmoid, s),
                    IsNear(1000.0 * power / (shape + power), 1e-12));
      }
    }
  }
  // Where powers leave the range of doubles.
  EXPECT_EQ(*ResponseValue({5.0, ResponseForm::kSigmoid, 0, 2.0, 64.0},
                           std::numeric_limits<int64_t>::max()),
            5.0);
}

TEST(EffortTest, Sigmoid) {
  // Nobody gains much by one visit; two win most.
  const EffortAccount s = {100.0, ResponseForm::kSigmoid, 6, 8.0, 4.0};
  const EffortPlan p = *AllocateEffort({s, s, s}, By(4));
  EXPECT_EQ(p.method, EffortMethod::kDynamic);
  EXPECT_THAT(p.visits, ElementsAre(2, 2, 0));
  EXPECT_GE(p.bound, p.total);
  // Of two steps only falling gains are left: concave, though an S.
  const EffortAccount early = {100.0, ResponseForm::kSigmoid, 6, 0.01, 2.0};
  EXPECT_TRUE(AllocateEffort({early}, By(6))->concave);
}

TEST(EffortTest, EdgeCases) {
  const EffortAccount a = {100.0, ResponseForm::kExponential, 3, 0.5, 1.0};
  EffortAccount nothing = a;
  nothing.value = 0.0;
  // More than all may have: what is left is worth nothing.
  EffortPlan p = *AllocateEffort({a, a}, By(100));
  EXPECT_THAT(p.visits, ElementsAre(3, 3));
  EXPECT_EQ(p.shadow_price, 0.0);
  EXPECT_EQ(p.next_gain, 0.0);
  // As much as all may have: the last was worth something.
  p = *AllocateEffort({a, a}, By(6));
  EXPECT_GT(p.shadow_price, 0.0);
  EXPECT_EQ(p.next_gain, 0.0);
  // No budget.
  p = *AllocateEffort({a, a}, By(0));
  EXPECT_THAT(p.visits, ElementsAre(0, 0));
  EXPECT_EQ(p.total, 0.0);
  EXPECT_EQ(p.shadow_price, 0.0);
  EXPECT_GT(p.next_gain, 39.0);
  // What is worth nothing is not visited.
  p = *AllocateEffort({nothing, a, nothing}, By(9));
  EXPECT_THAT(p.visits, ElementsAre(0, 3, 0));
  EXPECT_EQ(p.spent, 3);
  p = *AllocateEffort({nothing, a}, By(9, EffortMethod::kDynamic));
  EXPECT_THAT(p.visits, ElementsAre(0, 3));
  EXPECT_EQ(p.spent, 3);
  // Equal gains: the lowest index first.
  p = *AllocateEffort({a, a, a}, By(4));
  EXPECT_THAT(p.picks, ElementsAre(0, 1, 2, 0));
  p = *AllocateEffort({}, By(4));
  EXPECT_TRUE(p.visits.empty());
  p = *AllocateEffort({}, By(4, EffortMethod::kDynamic));
  EXPECT_TRUE(p.visits.empty());
  EXPECT_EQ(p.total, 0.0);
  // Caps of 0, one visit.
  EffortAccount closed = a;
  closed.cap = 0;
  p = *AllocateEffort({closed, a}, By(1));
  EXPECT_THAT(p.visits, ElementsAre(0, 1));
}

TEST(EffortTest, TooLargeForAllWaysIsDoneByTheHull) {
  std::vector<EffortAccount> accounts;
  for (int i = 0; i < 2000; ++i) {
    accounts.push_back({100.0 + i, ResponseForm::kSigmoid, 20, 8.0, 3.0});
  }
  EffortPlan p = *AllocateEffort(accounts, By(40000));
  EXPECT_EQ(p.method, EffortMethod::kHull);
  EXPECT_FALSE(p.optimal);
  p = *AllocateEffort(accounts, By(36000));
  EXPECT_GE(p.total, 0.9999 * p.bound);
  EXPECT_LE(p.spent, 36000);
  EXPECT_THAT(AllocateEffort(accounts, By(36000, EffortMethod::kDynamic)),
              Refused(Reason::kValueRange, HasSubstr("need 72004000 cells")));
  EffortAccount endless = {1.0, ResponseForm::kExponential,
                           std::numeric_limits<int32_t>::max(), 0.1, 1.0};
  EXPECT_THAT(AllocateEffort({endless, endless}, By(100'000'000)),
              Refused(Reason::kValueRange, HasSubstr("need 100000000 visits")));
  EXPECT_TRUE(AllocateEffort({endless, endless}, By(100)).ok());
  EXPECT_THAT(AllocateEffort({endless, endless}, By(100, EffortMethod::kHull)),
              Refused(Reason::kValueRange, HasSubstr("points")));
}

TEST(EffortTest, Calibration) {
  EffortCalibration c;
  c.potential = 200000.0;
  c.visits = 4;
  c.share_today = 0.3;
  c.share_saturation = 0.5;
  for (const ResponseForm form :
       {ResponseForm::kExponential, ResponseForm::kHyperbolic,
        ResponseForm::kSigmoid}) {
    c.form = form;
    c.steepness = 2.5;
    const EffortAccount a = *CalibrateEffort(c);
    EXPECT_EQ(a.value, 100000.0);
    EXPECT_NEAR(*ResponseValue(a, 4), 60000.0, 1e-7);
    EXPECT_NEAR(*ResponseValue(a, 1'000'000'000), 100000.0, 1e-2);
  }
  EXPECT_NEAR(
      CalibrateEffort({1.0, 1, 0.5, 1.0, ResponseForm::kExponential})->shape,
      0.6931471805599453, 1e-15);
}

TEST(EffortTest, Refusals) {
  const EffortAccount a = {100.0, ResponseForm::kExponential, 3, 0.5, 1.0};
  const auto refuse = [&](EffortAccount bad, Reason reason, const char* message,
                          int32_t column) {
    const auto plan = AllocateEffort({a, bad}, By(1));
    EXPECT_THAT(plan, Refused(reason, HasSubstr(message)));
    EXPECT_EQ(WhereOf(plan.status()).row, 1);
    EXPECT_EQ(WhereOf(plan.status()).column, column);
    EXPECT_THAT(ResponseValue(bad, 0), RefusedFor(reason));
  };
  for (const double value : {-1.0, kNaN, kInfinity, 2e18}) {
    EffortAccount bad = a;
    bad.value = value;
    refuse(bad, Reason::kValueRange, "value ", 0);
  }
  EffortAccount bad = a;
  bad.form = static_cast<ResponseForm>(4);
  refuse(bad, Reason::kUnknownCode, "form 4; allowed: 0 to 3", 1);
  bad = a;
  bad.cap = -1;
  refuse(bad, Reason::kValueRange, "cap -1; allowed: 0 or more", 2);
  for (const double shape : {0.0, -0.5, kNaN, kInfinity}) {
    bad = a;
    bad.shape = shape;
    refuse(bad, Reason::kValueRange, "shape ", 3);
  }
  bad = {1.0, ResponseForm::kPowerLaw, 3, 1.5, 1.0};
  refuse(bad, Reason::kValueRange, "shape 1.5; allowed: 1e-09 to 1", 3);
  bad = {1.0, ResponseForm::kSigmoid, 3, 1.5, 65.0};
  refuse(bad, Reason::kValueRange, "steepness 65", 4);
  EXPECT_THAT(AllocateEffort({a}, By(-1)),
              Refused(Reason::kValueRange, HasSubstr("budget -1")));
  EXPECT_THAT(AllocateEffort({a}, By(1, static_cast<EffortMethod>(4))),
              Refused(Reason::kUnknownCode, HasSubstr("method 4")));
  EXPECT_THAT(ResponseValue(a, -1),
              Refused(Reason::kValueRange, HasSubstr("visits -1")));

  const Table table = {0, 1, 0, 2};
  EXPECT_THAT(AllocateEffortTable(table, 0, {}, By(1)),
              Refused(Reason::kValueRange, HasSubstr("width 0")));
  EXPECT_THAT(AllocateEffortTable(table, 3, {}, By(1)),
              Refused(Reason::kValueRange, HasSubstr("width 3 for 4 values")));
  EXPECT_THAT(AllocateEffortTable(table, 2, {1}, By(1)),
              Refused(Reason::kValueRange, HasSubstr("cap has 1 rows")));
  auto plan = AllocateEffortTable(table, 2, {1, 2}, By(1));
  EXPECT_THAT(
      plan, Refused(Reason::kValueRange, HasSubstr("cap 2; allowed: 0 to 1")));
  EXPECT_EQ(WhereOf(plan.status()).row, 1);
  EXPECT_THAT(AllocateEffortTable(table, 2, {}, By(-1)),
              RefusedFor(Reason::kValueRange));
  plan = AllocateEffortTable({0, 1, 0, kNaN}, 2, {}, By(1));
  EXPECT_THAT(plan, Refused(Reason::kValueRange, HasSubstr("response nan")));
  EXPECT_EQ(WhereOf(plan.status()).row, 1);
  EXPECT_EQ(WhereOf(plan.status()).column, 1);
  EXPECT_TRUE(AllocateEffortTable({0, 1, 0, kNaN}, 2, {1, 0}, By(1)).ok());

  const EffortCalibration fine = {1.0, 4, 0.3, 0.5};
  const auto calibrate = [&](void (*change)(EffortCalibration*)) {
    EffortCalibration c = fine;
    change(&c);
    return CalibrateEffort(c);
  };
  using C = EffortCalibration;
  EXPECT_THAT(calibrate([](C* c) { c->potential = -1.0; }),
              Refused(Reason::kValueRange, HasSubstr("potential -1")));
  EXPECT_THAT(calibrate([](C* c) { c->visits = 0; }),
              Refused(Reason::kValueRange, HasSubstr("visits 0")));
  EXPECT_THAT(calibrate([](C* c) { c->share_saturation = 1.5; }),
              Refused(Reason::kValueRange, HasSubstr("share_saturation 1.5")));
  EXPECT_THAT(calibrate([](C* c) { c->share_today = 0.5; }),
              Refused(Reason::kValueRange, HasSubstr("share_today 0.5")));
  EXPECT_THAT(calibrate([](C* c) { c->share_today = kNaN; }),
              Refused(Reason::kValueRange, HasSubstr("share_today nan")));
  EXPECT_THAT(calibrate([](C* c) { c->form = ResponseForm::kPowerLaw; }),
              Refused(Reason::kUnknownCode, HasSubstr("never saturates")));
  EXPECT_THAT(calibrate([](C* c) { c->cap = -1; }),
              Refused(Reason::kValueRange, HasSubstr("cap -1")));
  EXPECT_THAT(calibrate([](C* c) { c->share_today = 1e-300; }),
              Refused(Reason::kOverflow, HasSubstr("shape ")));
}

}  // namespace
}  // namespace fivek
