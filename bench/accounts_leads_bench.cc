// 10^4 leads to 100 sellers, dense, by how the scores are distributed: the
// optimum with its proof. Counters: `gap` to the bound (0 proves the optimum)
// and the two greedy totals as a share of it. Also what else is done with
// leads, in rows a second.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "bench/seeded.h"
#include "fivek/accounts/assignment.h"
#include "fivek/accounts/lead.h"
#include "fivek/accounts/round_robin.h"
#include "fivek/accounts/territory.h"
#include "fivek/base/apportion.h"

namespace fivek::bench {
namespace {

enum Scores : int64_t {
  kUniform,     // Each pair by itself, 0 to 10^6.
  kTies,        // Each pair one of ten.
  kCorrelated,  // Value of the lead x skill of the seller, and some noise.
  kProduct,     // The same without noise: the longest paths.
  kSparse,      // One pair in ten can be.
};

std::vector<int64_t> MakeScores(size_t leads, size_t sellers, Scores kind) {
  SplitMix64 random(7);
  std::vector<int64_t> skill;
  for (size_t s = 0; s < sellers; ++s) skill.push_back(100 + random.Below(900));
  std::vector<int64_t> score;
  score.reserve(leads * sellers);
  for (size_t l = 0; l < leads; ++l) {
    const int64_t value = 100 + random.Below(1'000'000);
    for (size_t s = 0; s < sellers; ++s) {
      switch (kind) {
        case kUniform:
          score.push_back(random.Below(1'000'000));
          break;
        case kTies:
          score.push_back(random.Below(10));
          break;
        case kCorrelated:
          score.push_back(value * skill[s] / 1000 + random.Below(100'000));
          break;
        case kProduct:
          score.push_back(value * skill[s]);
          break;
        case kSparse:
          score.push_back(random.Below(10) == 0 ? random.Below(1'000'000)
                                                : kNoScore);
          break;
      }
    }
  }
  return score;
}

// range: the scores, and the capacity of all sellers in percent of the leads.
void BM_AssignLeads(benchmark::State& state) {
  constexpr size_t kLeads = 10'000;
  constexpr size_t kSellers = 100;
  const auto score =
      MakeScores(kLeads, kSellers, static_cast<Scores>(state.range(0)));
  const std::vector<int64_t> capacity(kSellers, state.range(1));
  AssignmentProblem problem;
  problem.score = score;
  problem.capacity = capacity;
  problem.leads = kLeads;
  Assignment last;
  for (auto _ : state) {
    last = *AssignLeads(problem);
    benchmark::DoNotOptimize(last.total);
  }
  const auto total = static_cast<double>(last.total);
  state.counters["gap"] = static_cast<double>(last.gap);
  state.counters["unassigned"] = static_cast<double>(last.unassigned.size());
  state.counters["by_edge"] = static_cast<double>(last.greedy_by_edge) / total;
  state.counters["by_lead"] = static_cast<double>(last.greedy_by_lead) / total;
  state.SetItemsProcessed(state.iterations() * int64_t{kLeads});
}
BENCHMARK(BM_AssignLeads)
    ->Unit(benchmark::kMillisecond)
    ->ArgsProduct({{kUniform, kTies, kCorrelated, kProduct, kSparse},
                   {50, 100, 150}});

struct Leads {
  explicit Leads(size_t n) {
    SplitMix64 random(3);
    for (size_t i = 0; i < n; ++i) {
      funds.push_back(random.Below(1'000'000'000));
      probability.push_back(static_cast<int32_t>(random.Below(1'000'001)));
      id.push_back(random.Next());
      team.push_back(random.Below(50));
      close_day.push_back(static_cast<int32_t>(random.Below(60)));
    }
    columns = {funds, probability, id, team, close_day};
  }

  std::vector<int64_t> funds;
  std::vector<int32_t> probability, close_day;
  std::vector<uint64_t> id, team;
  LeadColumns columns;
};

void BM_RankLeads(benchmark::State& state) {
  const Leads leads(static_cast<size_t>(state.range(0)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(RankLeads(leads.columns)->order.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_RankLeads)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

void BM_ForecastLeads(benchmark::State& state) {
  const Leads leads(static_cast<size_t>(state.range(0)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        ForecastLeads(leads.columns, {0, 30})->total.value);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_ForecastLeads)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

void BM_NextInTurn(benchmark::State& state) {
  SplitMix64 random(5);
  std::vector<int64_t> weight;
  for (int64_t s = 0; s < state.range(0); ++s) {
    weight.push_back(1 + random.Below(10));
  }
  std::vector<int64_t> credit(weight.size());
  for (auto _ : state) {
    benchmark::DoNotOptimize(*NextInTurn(weight, {}, absl::MakeSpan(credit)));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_NextInTurn)->Arg(10)->Arg(100);

// range: accounts, sellers. `ratio` is the largest load over the bound.
void BM_BalanceTerritories(benchmark::State& state) {
  SplitMix64 random(11);
  std::vector<int64_t> workload;
  for (int64_t i = 0; i < state.range(0); ++i) {
    workload.push_back(1 + random.Below(10'000));
  }
  double ratio = 0.0;
  for (auto _ : state) {
    const TerritoryPlan plan =
        *BalanceTerritories(workload, static_cast<size_t>(state.range(1)));
    ratio =
        static_cast<double>(plan.balance.max) / static_cast<double>(plan.bound);
  }
  state.counters["ratio"] = ratio;
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_BalanceTerritories)
    ->Args({300, 100})
    ->Args({10'000, 100})
    ->Args({100'000, 1000})
    ->Unit(benchmark::kMillisecond);

void BM_ApportionSeats(benchmark::State& state) {
  SplitMix64 random(13);
  std::vector<uint64_t> weight;
  for (int64_t i = 0; i < state.range(0); ++i) {
    weight.push_back(random.Below(1'000'000));
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(ApportionSeats(1'000'000, weight, {}, {})->data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_ApportionSeats)->Arg(100)->Arg(10'000);

}  // namespace
}  // namespace fivek::bench
