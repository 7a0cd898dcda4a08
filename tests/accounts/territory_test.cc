#include "fivek/accounts/territory.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <set>

#include "fivek/base/reason.h"
#include "gtest/gtest.h"
#include "tests/accounts/random.h"
#include "tests/history/reference.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Work = std::vector<int64_t>;
using Sellers = std::vector<int32_t>;

// The least largest load, by trying all.
int64_t Optimum(const Work& workload, size_t sellers) {
  Work load(sellers);
  int64_t best = std::numeric_limits<int64_t>::max();
  const std::function<void(size_t)> place = [&](size_t i) {
    if (i == workload.size()) {
      best = std::min(best, *std::max_element(load.begin(), load.end()));
      return;
    }
    for (size_t s = 0; s < sellers; ++s) {
      load[s] += workload[i];
      if (load[s] < best) place(i + 1);
      load[s] -= workload[i];
    }
  };
  place(0);
  return best;
}

// No move and no exchange between any two makes them more even.
bool IsLocalOptimum(const Work& workload, const TerritoryPlan& plan) {
  const auto& load = plan.balance.load;
  const auto shifts = [&](int64_t from, int64_t to, int64_t by) {
    return by > 0 && by < from - to;
  };
  for (size_t i = 0; i < workload.size(); ++i) {
    const int64_t from = load[static_cast<size_t>(plan.seller[i])];
    for (const int64_t to : load) {
      if (shifts(from, to, workload[i])) return false;
    }
    for (size_t j = 0; j < workload.size(); ++j) {
      if (plan.seller[i] != plan.seller[j] &&
          shifts(from, load[static_cast<size_t>(plan.seller[j])],
                 workload[i] - workload[j])) {
        return false;
      }
    }
  }
  return true;
}

// The moves lead from what was to what is, and each account moves once.
void ExpectMovesLeadThere(const Work& workload, Sellers seller,
                          const TerritoryPlan& plan, bool once) {
  std::set<int64_t> moved;
  for (const TerritoryMove& move : plan.moves) {
    int32_t& owner = seller[static_cast<size_t>(move.account)];
    EXPECT_EQ(owner, move.from);
    EXPECT_NE(move.from, move.to);
    owner = move.to;
    EXPECT_TRUE(moved.insert(move.account).second || !once);
  }
  EXPECT_EQ(seller, plan.seller);
  const TerritoryBalance end =
      *MeasureTerritories(workload, seller, plan.balance.load.size());
  EXPECT_EQ(end.load, plan.balance.load);
  EXPECT_EQ(end.max, plan.balance.max);
  EXPECT_LE(plan.balance.max, plan.first.max);
  EXPECT_LE(plan.bound, plan.balance.max);
  EXPECT_EQ(plan.gap, plan.balance.max - plan.bound);
}

TEST(BalanceTerritoriesTest, Reference) {
  const Work workload = {13, 11, 9, 8, 7, 6, 5, 4, 3, 2};
  const TerritoryPlan plan = *BalanceTerritories(workload, 3);
  EXPECT_THAT(plan.first.load, ElementsAre(24, 22, 22));
  EXPECT_EQ(plan.balance.max, 23);
  EXPECT_EQ(plan.bound, 23);
  EXPECT_EQ(plan.gap, 0);
  const auto cases = ReferenceCases("allocation", "balance");
  FIVEK_NEEDS_REFERENCE(cases);
  for (const nlohmann::json& one : cases) {
    const nlohmann::json& want = one.at("expected");
    const TerritoryPlan p =
        *BalanceTerritories(one.at("input").at("workload").get<Work>(),
                            one.at("input").at("reps").get<size_t>());
    EXPECT_EQ(p.first.load, want.at("lpt_loads").get<Work>());
    EXPECT_EQ(p.first.max, want.at("lpt_max"));
    EXPECT_EQ(p.balance.max, want.at("optimal_max"));
  }
}

TEST(BalanceTerritoriesTest, SmallOnesBesideTheOptimum) {
  SplitMix64 random(1);
  int optimal = 0;
  for (int i = 0; i < 300; ++i) {
    Work workload;
    const int64_t n = random.Below(10);
    for (int64_t k = 0; k < n; ++k) workload.push_back(random.Below(30));
    const auto sellers = static_cast<size_t>(1 + random.Below(4));
    const int64_t best = Optimum(workload, sellers);
    const TerritoryPlan plan = *BalanceTerritories(workload, sellers);
    const auto m = static_cast<int64_t>(sellers);
    EXPECT_LE(3 * m * plan.first.max, (4 * m - 1) * best) << i;  // Graham.
    EXPECT_GE(plan.balance.max, best);
    EXPECT_LE(plan.bound, best);
    EXPECT_FALSE(plan.limited);
    EXPECT_TRUE(IsLocalOptimum(workload, plan)) << i;
    if (plan.balance.max == best) ++optimal;
  }
  EXPECT_GE(optimal, 280);
}

TEST(BalanceTerritoriesTest, LargeOnes) {
  SplitMix64 random(2);
  for (const size_t sellers : {size_t{2}, size_t{9}, size_t{30}}) {
    for (const int64_t n : {40, 200}) {
      Work workload;
      for (int64_t k = 0; k < n; ++k) {
        workload.push_back(random.Below(1'000'000) * random.Below(100));
      }
      const TerritoryPlan plan = *BalanceTerritories(workload, sellers);
      EXPECT_TRUE(IsLocalOptimum(workload, plan));
      EXPECT_LE(plan.balance.max, plan.first.max);
    }
  }
}

TEST(BalanceTerritoriesTest, LoadsDoNotDependOnTheOrder) {
  SplitMix64 random(3);
  for (int i = 0; i < 40; ++i) {
    Work workload;
    for (int k = 0; k < 25; ++k) workload.push_back(random.Below(12));
    const auto order = Shuffled(workload.size(), &random);
    EXPECT_EQ(BalanceTerritories(workload, 4)->balance.load,
              BalanceTerritories(Picked(workload, order), 4)->balance.load);
  }
}

// The bound: three of seven equal accounts at one of three sellers.
TEST(BalanceTerritoriesTest, Bounds) {
  EXPECT_EQ(BalanceTerritories(Work(7, 5), 3)->bound, 15);
  EXPECT_EQ(BalanceTerritories({9, 1, 1}, 3)->bound, 9);
  EXPECT_EQ(BalanceTerritories({3, 3, 2}, 2)->bound, 5);
  EXPECT_EQ(BalanceTerritories({2, 2, 2}, 2)->bound, 4);
  EXPECT_EQ(BalanceTerritories({}, 3)->bound, 0);
  EXPECT_EQ(BalanceTerritories({}, 3)->balance.max_to_mean, absl::nullopt);
}

TEST(MeasureTerritoriesTest, HowUneven) {
  const TerritoryBalance b = *MeasureTerritories({6, 2, 1}, {0, 0, 2}, 3);
  EXPECT_THAT(b.load, ElementsAre(8, 0, 1));
  EXPECT_EQ(b.total, 9);
  EXPECT_EQ(b.max, 8);
  EXPECT_EQ(b.min, 0);
  EXPECT_NEAR(b.max_to_mean.value(), 8.0 / 3.0, 1e-15);
  EXPECT_EQ(MeasureTerritories({2, 2}, {0, 1}, 2)->max_to_mean, 1.0);
}

TEST(RebalanceTerritoriesTest, WithinTheLimit) {
  SplitMix64 random(4);
  for (int i = 0; i < 60; ++i) {
    Work workload;
    Sellers seller;
    for (int k = 0; k < 30; ++k) {
      workload.push_back(1 + random.Below(50));
      // Most at the first one.
      const int64_t s = random.Below(8);
      seller.push_back(static_cast<int32_t>(s < 4 ? s : 0));
    }
    for (const int64_t most : {0, 1, 2, 3, 6, 100}) {
      const TerritoryPlan plan =
          *RebalanceTerritories(workload, seller, 4, most);
      EXPECT_LE(plan.moves.size(), static_cast<size_t>(most));
      ExpectMovesLeadThere(workload, seller, plan, true);
      EXPECT_EQ(plan.first.load, MeasureTerritories(workload, seller, 4)->load);
      if (most == 0) {
        EXPECT_THAT(plan.moves, IsEmpty());
        EXPECT_TRUE(plan.limited);
      }
      if (most == 100) {
        EXPECT_FALSE(plan.limited);
      }
    }
  }
}

// The first step is the best there is, by trying all.
TEST(RebalanceTerritoriesTest, TheBestStepFirst) {
  SplitMix64 random(5);
  for (int i = 0; i < 200; ++i) {
    Work workload;
    Sellers seller;
    for (int k = 0; k < 12; ++k) {
      workload.push_back(random.Below(40));
      seller.push_back(static_cast<int32_t>(random.Below(3)));
    }
    const Work load = MeasureTerritories(workload, seller, 3)->load;
    int64_t best = 0;  // By account; a move counts twice.
    for (size_t a = 0; a < 12; ++a) {
      const int64_t from = load[static_cast<size_t>(seller[a])];
      for (const int64_t to : load) {
        best = std::max(best, 2 * workload[a] * (from - to - workload[a]));
      }
      for (size_t b = 0; b < 12; ++b) {
        if (seller[a] == seller[b]) continue;
        const int64_t to = load[static_cast<size_t>(seller[b])];
        const int64_t shift = workload[a] - workload[b];
        best = std::max(best, shift * (from - to - shift));
      }
    }
    const TerritoryPlan plan = *RebalanceTerritories(workload, seller, 3, 2);
    if (best == 0) {
      EXPECT_THAT(plan.moves, IsEmpty());
      continue;
    }
    ASSERT_FALSE(plan.moves.empty());
    const TerritoryMove first = plan.moves[0];
    const int64_t difference = load[static_cast<size_t>(first.from)] -
                               load[static_cast<size_t>(first.to)];
    int64_t shift = workload[static_cast<size_t>(first.account)];
    const int64_t moved = 2 * shift * (difference - shift);
    // Two moves back and forth look like an exchange.
    if (moved != best) {
      ASSERT_EQ(plan.moves.size(), 2U);
      EXPECT_EQ(plan.moves[1].from, first.to);
      EXPECT_EQ(plan.moves[1].to, first.from);
      shift -= workload[static_cast<size_t>(plan.moves[1].account)];
      EXPECT_EQ(shift * (difference - shift), best) << i;
    }
  }
}

TEST(TerritoriesTest, LargestWork) {
  const Work workload = {kMostWorkload - 3, 1, 1, 1};
  const TerritoryPlan plan =
      *RebalanceTerritories(workload, {0, 0, 0, 0}, 2, 9);
  EXPECT_EQ(plan.balance.max, kMostWorkload - 3);
  EXPECT_EQ(plan.gap, 0);
}

TEST(TerritoriesTest, Refusals) {
  EXPECT_THAT(BalanceTerritories({1}, 0),
              Refused(Reason::kValueRange, HasSubstr("sellers 0; allowed: 1")));
  EXPECT_THAT(BalanceTerritories({1}, kMostTerritories + 1),
              Refused(Reason::kValueRange, HasSubstr("sellers 1001")));
  auto refused = BalanceTerritories({1, -1}, 2);
  EXPECT_THAT(refused, Refused(Reason::kValueRange, HasSubstr("workload -1")));
  EXPECT_EQ(WhereOf(refused.status()).row, 1);
  EXPECT_EQ(WhereOf(refused.status()).column, 0);
  refused = BalanceTerritories({kMostWorkload, 1}, 2);
  EXPECT_THAT(refused, Refused(Reason::kOverflow, HasSubstr("workload adds")));
  EXPECT_EQ(WhereOf(refused.status()).row, 1);
  EXPECT_THAT(MeasureTerritories({1, 1}, {0}, 2),
              Refused(Reason::kValueRange, HasSubstr("seller 1 elements")));
  const auto measured = MeasureTerritories({1, 1}, {0, 2}, 2);
  EXPECT_THAT(measured, Refused(Reason::kValueRange,
                                HasSubstr("seller 2; allowed: 0 to 1")));
  EXPECT_EQ(WhereOf(measured.status()).row, 1);
  EXPECT_EQ(WhereOf(measured.status()).column, 1);
  EXPECT_THAT(RebalanceTerritories({1}, {-1}, 2, 1),
              RefusedFor(Reason::kValueRange));
  EXPECT_THAT(RebalanceTerritories({1}, {0}, 2, -1),
              Refused(Reason::kValueRange, HasSubstr("most_moved -1")));
}

}  // namespace
}  // namespace fivek
