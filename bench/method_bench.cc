// The method in C++: one strength, one position, one event, one policy.
#include <benchmark/benchmark.h>

#include <vector>

#include "bench/seeded.h"
#include "fivek/method/opportunity.h"
#include "fivek/method/policy.h"
#include "fivek/method/strength.h"

namespace fivek::bench {
namespace {

constexpr size_t kInputs = 1 << 12;

void BM_TryStrength(benchmark::State& state) {
  SplitMix64 random(1);
  std::vector<Assessment> inputs(kInputs);
  for (Assessment& input : inputs) {
    for (size_t d = 0; d < kDimensionCount; ++d) {
      input.level[d] =
          static_cast<uint8_t>(random.Below(kDimensions[d].levels));
    }
    input.by_decision_maker =
        static_cast<uint8_t>(random.Next() & kTwoColumnDimensions);
  }
  size_t i = 0;
  for (auto _ : state) {
    Strength strength;
    i = (i + 1) & (kInputs - 1);
    benchmark::DoNotOptimize(TryStrength(kBuiltInTables, inputs[i], &strength));
    benchmark::DoNotOptimize(strength);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_TryStrength);

void BM_PositionOf(benchmark::State& state) {
  SplitMix64 random(2);
  std::vector<EvidenceMask> inputs(kInputs);
  for (EvidenceMask& input : inputs) {
    input = static_cast<EvidenceMask>(random.Next()) & Bits(0, 17);
  }
  size_t i = 0;
  for (auto _ : state) {
    i = (i + 1) & (kInputs - 1);
    benchmark::DoNotOptimize(PositionOf(kBuiltInTables, inputs[i]));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_PositionOf);

void BM_PolicyFromJson(benchmark::State& state) {
  const std::string json = Policy().ToJson();
  for (auto _ : state) benchmark::DoNotOptimize(Policy::FromJson(json));
  state.SetBytesProcessed(state.iterations() *
                          static_cast<int64_t>(json.size()));
}
BENCHMARK(BM_PolicyFromJson);

}  // namespace
}  // namespace fivek::bench
