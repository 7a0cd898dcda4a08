// Portfolio, triangle, visits, hours and the allocation of effort.
#include <cstdint>
#include <vector>

#include "bench/seeded.h"
#include "benchmark/benchmark.h"
#include "fivek/accounts/coverage.h"
#include "fivek/accounts/effort.h"
#include "fivek/accounts/golden_triangle.h"
#include "fivek/accounts/portfolio.h"

namespace fivek::bench {
namespace {

void BM_SortPortfolio(benchmark::State& state) {
  const auto n = static_cast<size_t>(state.range(0));
  SplitMix64 random(1);
  std::vector<int32_t> a(n);
  std::vector<int32_t> r(n);
  for (size_t i = 0; i < n; ++i) {
    a[i] = static_cast<int32_t>(random.Below(101));
    r[i] = static_cast<int32_t>(random.Below(101));
  }
  PortfolioOptions options;
  options.within = 5;
  for (auto _ : state) {
    benchmark::DoNotOptimize(SortPortfolio(a, {}, r, {}, options));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_SortPortfolio)->Arg(1 << 20)->Unit(benchmark::kMillisecond);

void BM_CheckTriangles(benchmark::State& state) {
  const auto n = static_cast<size_t>(state.range(0));
  SplitMix64 random(2);
  std::vector<TriangleAccount> accounts(n);
  for (TriangleAccount& a : accounts) {
    a.target_day = 18990 + static_cast<int32_t>(random.Below(40));
    a.last_contact = 18900 + static_cast<int32_t>(random.Below(100));
    a.information = random.Below(256);
    a.grade = static_cast<uint8_t>(random.Below(4));
  }
  TriangleOptions options;
  options.as_of = 19000;
  options.required_information = 0b1111;
  for (auto _ : state) {
    benchmark::DoNotOptimize(CheckTriangles(accounts, {}, options));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_CheckTriangles)->Arg(1 << 20)->Unit(benchmark::kMillisecond);

void BM_PlanVisits(benchmark::State& state) {
  const auto n = static_cast<size_t>(state.range(0));
  SplitMix64 random(3);
  std::vector<VisitAccount> accounts(n);
  for (VisitAccount& a : accounts) {
    a = {random.Below(100), static_cast<uint8_t>(random.Below(4)),
         static_cast<int32_t>(random.Below(30)),
         static_cast<int32_t>(random.Below(30))};
  }
  const std::vector<VisitSeller> sellers(100, VisitSeller{220, 30, {11, 2}});
  for (auto _ : state) {
    benchmark::DoNotOptimize(PlanVisits(accounts, sellers, {}));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_PlanVisits)->Arg(1 << 20)->Unit(benchmark::kMillisecond);

void BM_HoursAgainstValue(benchmark::State& state) {
  const auto n = static_cast<size_t>(state.range(0));
  SplitMix64 random(4);
  std::vector<int64_t> hours(n);
  std::vector<int64_t> value(n);
  std::vector<uint8_t> grade(n);
  for (size_t i = 0; i < n; ++i) {
    hours[i] = random.Below(500);
    value[i] = random.Below(10'000'000);
    grade[i] = static_cast<uint8_t>(random.Below(4));
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(CompareHoursAndValue(hours, value, grade));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_HoursAgainstValue)->Arg(1 << 20)->Unit(benchmark::kMillisecond);

std::vector<EffortAccount> Accounts(size_t n, ResponseForm form) {
  SplitMix64 random(5);
  std::vector<EffortAccount> accounts(n);
  for (EffortAccount& a : accounts) {
    a.value = 1000.0 + random.Below(100000);
    a.form = form;
    a.cap = 20;
    a.shape = (form == ResponseForm::kSigmoid ? 8.0 : 0.01) *
              (1.0 + random.Below(60));
    a.steepness = 3.0;
  }
  return accounts;
}

// Items are visits that are given.
void BM_EffortGreedy(benchmark::State& state) {
  const auto n = static_cast<size_t>(state.range(0));
  const std::vector<EffortAccount> accounts =
      Accounts(n, ResponseForm::kExponential);
  const auto budget = static_cast<int32_t>(4 * n);
  for (auto _ : state) {
    benchmark::DoNotOptimize(AllocateEffort(accounts, {budget}));
  }
  state.SetItemsProcessed(state.iterations() * budget);
}
BENCHMARK(BM_EffortGreedy)
    ->Range(1 << 8, 1 << 17)
    ->Unit(benchmark::kMillisecond);

// Items are cells times the cap: what is tried.
void BM_EffortDynamic(benchmark::State& state) {
  const auto n = static_cast<size_t>(state.range(0));
  const std::vector<EffortAccount> accounts =
      Accounts(n, ResponseForm::kSigmoid);
  const auto budget = static_cast<int32_t>(4 * n);
  for (auto _ : state) {
    benchmark::DoNotOptimize(AllocateEffort(accounts, {budget}));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * budget * 20);
}
BENCHMARK(BM_EffortDynamic)
    ->Arg(1 << 7)
    ->Arg(1 << 10)
    ->Unit(benchmark::kMillisecond);

void BM_EffortHull(benchmark::State& state) {
  const auto n = static_cast<size_t>(state.range(0));
  const std::vector<EffortAccount> accounts =
      Accounts(n, ResponseForm::kSigmoid);
  const auto budget = static_cast<int32_t>(4 * n);
  double gap = 0.0;
  for (auto _ : state) {
    const auto plan = AllocateEffort(accounts, {budget, EffortMethod::kHull});
    gap = (plan->bound - plan->total) / plan->bound;
  }
  state.counters["gap_ppm"] = gap * 1e6;
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_EffortHull)
    ->Arg(1 << 10)
    ->Arg(1 << 17)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace fivek::bench
