// A million stage visits learned from, by the number of sellers who made them.
// Reading the same visits alone says what of it is memory.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bench/seeded.h"
#include "fivek/history/ladder.h"
#include "fivek/history/visits.h"
#include "fivek/method/policy.h"

namespace fivek::bench {
namespace {

constexpr int32_t kAsOf = 1000;

// Visits of up to a year over three years; those that as-of cuts are open.
std::vector<StageVisit> MakeVisits(size_t n, uint32_t sellers) {
  SplitMix64 random(1);
  std::vector<StageVisit> visits(n);
  for (size_t i = 0; i < n; ++i) {
    StageVisit& visit = visits[i];
    visit.deal = i;
    visit.stage = static_cast<int32_t>(random.Below(5)) + 1;
    visit.entered = static_cast<int32_t>(random.Below(kAsOf + 1));
    visit.left = visit.entered + static_cast<int32_t>(random.Below(365));
    visit.seller = random.Below(sellers);
    visit.team = visit.seller / 8;
    visit.segment = visit.team / 8;
    if (visit.left > kAsOf) continue;
    const bool up = random.Below(10) < 6;
    visit.end =
        static_cast<int32_t>(up ? VisitEnd::kAdvanced : VisitEnd::kLost);
    visit.to = up ? visit.stage + 1 : 0;
  }
  return visits;
}

std::vector<StageVisit> VisitsFor(const benchmark::State& state) {
  return MakeVisits(static_cast<size_t>(state.range(0)),
                    static_cast<uint32_t>(state.range(1)));
}

void CountRows(benchmark::State* state) {
  const int64_t rows = state->iterations() * state->range(0);
  state->SetItemsProcessed(rows);
  state->SetBytesProcessed(rows * static_cast<int64_t>(sizeof(StageVisit)));
}

void BM_ReadVisits(benchmark::State& state) {
  const std::vector<StageVisit> visits = VisitsFor(state);
  for (auto _ : state) {
    int64_t sum = 0;
    for (const StageVisit& visit : visits) {
      sum += visit.left - visit.entered + visit.end + visit.stage +
             static_cast<int32_t>(visit.seller);
    }
    benchmark::DoNotOptimize(sum);
  }
  CountRows(&state);
}
BENCHMARK(BM_ReadVisits)->Args({1'000'000, 1})->Unit(benchmark::kMillisecond);

void BM_AddVisits(benchmark::State& state) {
  const std::vector<StageVisit> visits = VisitsFor(state);
  for (auto _ : state) {
    auto statistics = VisitStatistics::Create({0, kAsOf});
    if (!statistics->Add(visits).ok()) state.SkipWithError("refused");
    benchmark::DoNotOptimize(statistics);
  }
  CountRows(&state);
}
BENCHMARK(BM_AddVisits)
    ->Args({1'000'000, 1})
    ->Args({1'000'000, 100})
    ->Args({1'000'000, 1000})
    ->Unit(benchmark::kMillisecond);

// All of it: visits in, ladder out.
void BM_LearnLadder(benchmark::State& state) {
  const std::vector<StageVisit> visits = VisitsFor(state);
  const Policy policy;
  for (auto _ : state) {
    auto statistics = VisitStatistics::Create({0, kAsOf});
    if (!statistics->Add(visits).ok()) state.SkipWithError("refused");
    auto ladder = FitLadder(policy.tables(), *statistics, {});
    benchmark::DoNotOptimize(ladder);
  }
  CountRows(&state);
}
BENCHMARK(BM_LearnLadder)
    ->Args({1'000'000, 1})
    ->Args({1'000'000, 100})
    ->Args({1'000'000, 1000})
    ->Args({10'000, 10})
    ->Unit(benchmark::kMillisecond);

void BM_Horizon(benchmark::State& state) {
  auto statistics = VisitStatistics::Create({0, kAsOf});
  if (!statistics->Add(MakeVisits(100'000, 1)).ok()) {
    state.SkipWithError("refused");
  }
  const Ladder ladder = *FitLadder(Policy().tables(), *statistics, {});
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        ladder.Within(static_cast<int32_t>(state.range(0))));
  }
}
BENCHMARK(BM_Horizon)->Arg(90)->Arg(365)->Unit(benchmark::kMillisecond);

void BM_WonAtAge(benchmark::State& state) {
  auto statistics = VisitStatistics::Create({0, kAsOf});
  if (!statistics->Add(MakeVisits(100'000, 1)).ok()) {
    state.SkipWithError("refused");
  }
  const Ladder ladder = *FitLadder(Policy().tables(), *statistics, {});
  for (auto _ : state) {
    benchmark::DoNotOptimize(ladder.WonAtAge({}, 2, 40));
  }
}
BENCHMARK(BM_WonAtAge);

}  // namespace
}  // namespace fivek::bench
