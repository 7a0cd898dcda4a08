// Customers: from orders to histories, scores, and what they will still buy.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "bench/seeded.h"
#include "benchmark/benchmark.h"
#include "fivek/accounts/lifetime_value.h"
#include "fivek/accounts/purchases.h"
#include "fivek/accounts/rfm.h"
#include "fivek/base/real.h"

namespace fivek {
namespace {

using bench::SplitMix64;

struct Orders {
  std::vector<uint64_t> customer;
  std::vector<int32_t> day;
  std::vector<int64_t> amount;
};

// Of n customers over 730 days, about three each, some of many.
Orders RandomOrders(uint32_t n) {
  SplitMix64 random(1);
  Orders orders;
  for (uint32_t i = 0; i < n; ++i) {
    const uint32_t first = random.Below(400);
    const uint32_t often = 1 + random.Below(1 + random.Below(6));
    for (uint32_t k = 0; k < often; ++k) {
      orders.customer.push_back(i);
      orders.day.push_back(
          static_cast<int32_t>(first + random.Below(30 * often)));
      orders.amount.push_back(100 + random.Below(100000));
    }
  }
  return orders;
}

void BM_SummarizePurchases(benchmark::State& state) {
  const Orders orders = RandomOrders(static_cast<uint32_t>(state.range(0)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        SummarizePurchases({orders.customer, orders.day, orders.amount}, 730));
  }
  state.SetItemsProcessed(state.iterations() *
                          static_cast<int64_t>(orders.day.size()));
}
BENCHMARK(BM_SummarizePurchases)->Arg(100000)->Unit(benchmark::kMillisecond);

void BM_ScoreRfm(benchmark::State& state) {
  const auto n = static_cast<size_t>(state.range(0));
  SplitMix64 random(2);
  std::vector<int32_t> last(n);
  std::vector<int64_t> frequency(n);
  std::vector<int64_t> money(n);
  for (size_t i = 0; i < n; ++i) {
    last[i] = static_cast<int32_t>(random.Below(730));
    frequency[i] = random.Below(1 + random.Below(40));
    money[i] = int64_t{random.Below(1 << 20)} * random.Below(1 << 10);
  }
  RfmOptions options;
  options.as_of = 730;
  for (auto _ : state) {
    benchmark::DoNotOptimize(ScoreRfm({last, frequency, money}, options));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_ScoreRfm)->Arg(1000000)->Unit(benchmark::kMillisecond);

struct Histories {
  std::vector<int64_t> frequency;
  std::vector<double> recency, age, mean;
};

// Customers as the models have them: r = 1, alpha = 8, a = 1, b = 3; amounts
// of a gamma of their own.
Histories RandomHistories(uint32_t n) {
  SplitMix64 random(3);
  const auto uniform = [&] {
    return (static_cast<double>(random.Next() >> 11) + 0.5) * 0x1p-53;
  };
  Histories h;
  for (uint32_t i = 0; i < n; ++i) {
    const double rate = -Log(uniform()) / 8.0;
    const double leaves = 1.0 - Exp(Log(uniform()) / 3.0);
    const double own = 10.0 / -Log(uniform() * uniform());
    const double age = 20.0 + random.Below(32);
    int64_t frequency = 0;
    double recency = 0.0;
    double total = 0.0;
    double now = 0.0;
    do {
      now += -Log(uniform()) / rate;
      if (!(now < age)) break;
      ++frequency;
      recency = now;
      total += own * -Log(uniform() * uniform());
    } while (uniform() >= leaves);
    h.frequency.push_back(frequency);
    h.recency.push_back(recency);
    h.age.push_back(age);
    h.mean.push_back(frequency == 0 ? 0.0
                                    : total / static_cast<double>(frequency));
  }
  return h;
}

void BM_FitBgNbd(benchmark::State& state) {
  const Histories h = RandomHistories(static_cast<uint32_t>(state.range(0)));
  for (auto _ : state) {
    const auto fit = FitBgNbd({h.frequency, h.recency, h.age});
    if (!fit.ok()) state.SkipWithError("no fit");
    benchmark::DoNotOptimize(fit);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_FitBgNbd)->Arg(100000)->Unit(benchmark::kMillisecond);

void BM_FitGammaGamma(benchmark::State& state) {
  const Histories h = RandomHistories(static_cast<uint32_t>(state.range(0)));
  for (auto _ : state) {
    const auto fit = FitGammaGamma({h.frequency, h.mean});
    if (!fit.ok()) state.SkipWithError("no fit");
    benchmark::DoNotOptimize(fit);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_FitGammaGamma)->Arg(100000)->Unit(benchmark::kMillisecond);

// Up to 100 times the horizon: by the series, then by the integral.
void BM_OutlookOf(benchmark::State& state) {
  const Histories h = RandomHistories(1000);
  const BgNbd model = {0.243, 4.414, 0.793, 2.426};
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(OutlookOf(model,
                                       {h.frequency[i], h.recency[i], h.age[i]},
                                       static_cast<double>(state.range(0))));
    i = i + 1 == h.age.size() ? 0 : i + 1;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_OutlookOf)->Arg(39)->Arg(1000000);

}  // namespace
}  // namespace fivek
