// A million forecasts beside their outcomes. Reading and sorting the same rows
// alone says how much of it is the order.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "bench/seeded.h"
#include "fivek/base/real.h"
#include "fivek/base/special.h"
#include "fivek/history/durations.h"
#include "fivek/history/isotonic.h"
#include "fivek/history/metrics.h"
#include "fivek/history/scorecard.h"
#include "fivek/history/shrinkage.h"

namespace fivek::bench {
namespace {

struct Rows {
  std::vector<double> forecast;
  std::vector<uint8_t> won;
};

// Forecasts of a ladder with `values` rungs; 0: all different.
Rows MakeRows(size_t n, uint32_t values) {
  SplitMix64 random(1);
  Rows rows;
  for (size_t i = 0; i < n; ++i) {
    const double unit = static_cast<double>(random.Next() >> 11) * 0x1p-53;
    const double p =
        values == 0 ? unit
                    : static_cast<double>(random.Below(values + 1)) / values;
    rows.forecast.push_back(p);
    rows.won.push_back(
        static_cast<double>(random.Next() >> 11) * 0x1p-53 < p ? 1 : 0);
  }
  return rows;
}

Rows RowsFor(const benchmark::State& state) {
  return MakeRows(static_cast<size_t>(state.range(0)),
                  static_cast<uint32_t>(state.range(1)));
}

void CountRows(benchmark::State* state) {
  const int64_t rows = state->iterations() * state->range(0);
  state->SetItemsProcessed(rows);
  state->SetBytesProcessed(rows * 9);  // A double and a byte.
}

void BM_SortAlone(benchmark::State& state) {
  const Rows rows = RowsFor(state);
  for (auto _ : state) {
    std::vector<uint64_t> keys(rows.forecast.size());
    std::memcpy(keys.data(), rows.forecast.data(),
                keys.size() * sizeof keys[0]);
    std::sort(keys.begin(), keys.end());
    benchmark::DoNotOptimize(keys.data());
  }
  CountRows(&state);
}
BENCHMARK(BM_SortAlone)->Args({1'000'000, 0})->Args({1'000'000, 100});

void BM_EvaluateForecasts(benchmark::State& state) {
  const Rows rows = RowsFor(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(EvaluateForecasts(rows.forecast, rows.won));
  }
  CountRows(&state);
}
BENCHMARK(BM_EvaluateForecasts)
    ->Args({1'000'000, 0})
    ->Args({1'000'000, 100})
    ->Args({10'000, 0});

void BM_CompareForecasts(benchmark::State& state) {
  const Rows rows = RowsFor(state);
  const std::vector<double> base(rows.forecast.size(), 0.5);
  for (auto _ : state) {
    benchmark::DoNotOptimize(CompareForecasts(base, rows.forecast, rows.won));
  }
  CountRows(&state);
}
BENCHMARK(BM_CompareForecasts)->Args({1'000'000, 0});

void BM_IsotonicFit(benchmark::State& state) {
  const Rows rows = RowsFor(state);
  const std::vector<double> weights(rows.forecast.size(), 1.0);
  for (auto _ : state) {
    benchmark::DoNotOptimize(IsotonicFit(rows.forecast, weights));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_IsotonicFit)->Args({1'000'000, 0});

template <double (*kFunction)(double)>
void BM_Real(benchmark::State& state) {
  const Rows rows = MakeRows(1 << 12, 0);
  size_t i = 0;
  for (auto _ : state) {
    i = (i + 1) & ((1 << 12) - 1);
    benchmark::DoNotOptimize(kFunction(rows.forecast[i]));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Real<Exp>);
BENCHMARK(BM_Real<Log>);
BENCHMARK(BM_Real<Log1p>);
BENCHMARK(BM_Real<LogGamma>);
BENCHMARK(BM_Real<NormalQuantile>);

// One rate with its interval, by how much is known of it.
void BM_ShrinkRate(benchmark::State& state) {
  const auto trials = static_cast<double>(state.range(0));
  for (auto _ : state) {
    benchmark::DoNotOptimize(ShrinkRate(0.1, 20.0, 0.25 * trials, trials));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ShrinkRate)->Arg(12)->Arg(1000)->Arg(100'000)->Arg(1'000'000'000);

void BM_FitBetaBinomial(benchmark::State& state) {
  SplitMix64 random(1);
  std::vector<double> won;
  std::vector<double> trials;
  for (int64_t i = 0; i < state.range(0); ++i) {
    trials.push_back(random.Below(60));
    won.push_back(random.Below(static_cast<uint32_t>(trials.back()) + 1));
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(FitBetaBinomial(won, trials));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_FitBetaBinomial)->Arg(10)->Arg(1000)->Arg(100'000);

void BM_FitDurations(benchmark::State& state) {
  SplitMix64 random(1);
  std::vector<int32_t> time;
  std::vector<uint8_t> ended;
  for (int64_t i = 0; i < state.range(0); ++i) {
    time.push_back(static_cast<int32_t>(random.Below(730)));
    ended.push_back(random.Below(3) > 0 ? 1 : 0);
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(FitDurations(time, ended, {}));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * state.range(0) * 5);
}
BENCHMARK(BM_FitDurations)->Arg(1000)->Arg(1'000'000);

// 14 categorical columns of 3 to 9 levels and 6 numeric ones of 5 ranges; a
// third of the columns say something.
void BM_FitScorecard(benchmark::State& state) {
  const auto n = static_cast<size_t>(state.range(0));
  constexpr size_t kColumns = 20;
  SplitMix64 random(1);
  std::vector<std::vector<uint32_t>> level(kColumns);
  std::vector<std::vector<double>> value(kColumns);
  std::vector<uint8_t> won;
  std::vector<uint64_t> group;
  for (size_t i = 0; i < n; ++i) {
    double z = -0.5;
    for (size_t c = 0; c < kColumns; ++c) {
      const auto levels = static_cast<uint32_t>(3 + c % 7);
      const uint32_t code = random.Below(levels);
      if (c < 14) {
        level[c].push_back(code);
      } else {
        value[c].push_back(code +
                           static_cast<double>(random.Next() >> 11) * 0x1p-53);
      }
      if (c % 3 == 0) z += 1.5 * code / levels - 0.75;
    }
    won.push_back(static_cast<double>(random.Next() >> 11) * 0x1p-53 <
                          1.0 / (1.0 + Exp(-z))
                      ? 1
                      : 0);
    group.push_back(i);
  }
  std::vector<ScoreColumn> columns(kColumns);
  for (size_t c = 0; c < kColumns; ++c) {
    columns[c].level = level[c];
    columns[c].value = value[c];
  }
  ScoreTable table;
  table.columns = columns;
  table.won = won;
  table.group = group;
  for (auto _ : state) {
    benchmark::DoNotOptimize(Scorecard::Fit(table, {}));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_FitScorecard)
    ->Arg(1000)
    ->Arg(100'000)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace fivek::bench
