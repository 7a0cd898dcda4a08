// The C interface beside what the machine can do at best, in one run.
//
// Single calls stand beside an empty call through a function pointer, bulk
// events beside a prefetched random read-modify-write of the same records.
// Repetitions of all benchmarks are interleaved at random and each ratio is
// taken within a repetition, so that a neighbour on the machine slows both
// sides. Printed: the median ratio, with the lowest and the highest.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "bench/seeded.h"
#include "capi/fivek.h"

namespace fivek::bench {
namespace {

constexpr size_t kInputs = 1 << 10;
constexpr int kRepetitions = 11;
constexpr uint32_t kTable = 1'000'000;  // Opportunities.
constexpr size_t kEvents = 1 << 22;     // Events of a bulk call.
constexpr size_t kAhead = 24;           // As far as the library prefetches.

// ---- Single calls -----------------------------------------------------------

using EmptyCall = fivek_status (*)(const fivek_policy*, const void*, void*,
                                   fivek_error*);
fivek_status Empty(const fivek_policy* /*policy*/, const void* /*in*/,
                   void* /*out*/, fivek_error* /*error*/) {
  return FIVEK_OK;
}
// Volatile: the compiler may not know what is called.
volatile EmptyCall empty_call = Empty;
decltype(&fivek_strength_of) volatile strength_of = fivek_strength_of;
decltype(&fivek_opportunity_apply) volatile opportunity_apply =
    fivek_opportunity_apply;
decltype(&fivek_milestone_of) volatile milestone_of = fivek_milestone_of;

std::vector<fivek_assessment> MakeAssessments() {
  constexpr uint32_t kLevels[5] = {6, 8, 4, 7, 7};
  SplitMix64 random(1);
  std::vector<fivek_assessment> inputs(kInputs);
  for (fivek_assessment& input : inputs) {
    for (int d = 0; d < 5; ++d) {
      input.level[d] = static_cast<uint8_t>(random.Below(kLevels[d]));
    }
    input.by_decision_maker = static_cast<uint8_t>(random.Next() & 0b01101);
    input.reserved[0] = input.reserved[1] = 0;
  }
  return inputs;
}

void BM_EmptyCall(benchmark::State& state) {
  const auto inputs = MakeAssessments();
  fivek_strength out = {};
  size_t i = 0;
  for (auto _ : state) {
    i = (i + 1) & (kInputs - 1);
    benchmark::DoNotOptimize(empty_call(nullptr, &inputs[i], &out, nullptr));
    benchmark::ClobberMemory();
  }
}

void BM_StrengthOf(benchmark::State& state) {
  const auto inputs = MakeAssessments();
  fivek_strength out = {};
  out.struct_size = sizeof out;
  size_t i = 0;
  for (auto _ : state) {
    i = (i + 1) & (kInputs - 1);
    const fivek_status status = strength_of(nullptr, &inputs[i], &out, nullptr);
    if (status != FIVEK_OK) state.SkipWithError("refused");
    benchmark::ClobberMemory();
  }
}

void BM_MilestoneOf(benchmark::State& state) {
  SplitMix64 random(3);
  std::vector<uint32_t> inputs(kInputs);
  for (uint32_t& input : inputs) {
    input = static_cast<uint32_t>(random.Next()) & 0x3FFFF;
  }
  int32_t stage = 0;
  int32_t milestone = 0;
  int32_t yield = 0;
  uint32_t missing = 0;
  size_t i = 0;
  for (auto _ : state) {
    i = (i + 1) & (kInputs - 1);
    benchmark::DoNotOptimize(milestone_of(
        nullptr, inputs[i], &stage, &milestone, &yield, &missing, nullptr));
    benchmark::ClobberMemory();
  }
}

// Confirms every item 0-17 of 64 opportunities in turn, then withdraws them, so
// that every event is legal and stages and milestones move.
void BM_OpportunityApply(benchmark::State& state) {
  constexpr size_t kDeals = 64;
  std::vector<fivek_opportunity> deals(kDeals);
  for (auto& deal : deals) fivek_opportunity_init(&deal, 0, nullptr);
  std::vector<fivek_event> events;
  for (int32_t kind = 0; kind < 2; ++kind) {
    for (int32_t item = 0; item < 18; ++item) {
      events.push_back({0, kind, item, 2, 4, 0});
    }
  }
  size_t deal = 0;
  size_t event = 0;
  for (auto _ : state) {
    const fivek_status status =
        opportunity_apply(nullptr, &deals[deal], &events[event], nullptr);
    if (status != FIVEK_OK) state.SkipWithError("refused");
    benchmark::ClobberMemory();
    if (++deal == kDeals) {
      deal = 0;
      if (++event == events.size()) event = 0;
    }
  }
}

// ---- Bulk events
// --------------------------------------------------------------

struct Bulk {
  std::vector<uint32_t> row;
  std::vector<fivek_event> events;
};

// Random ids; each event confirms an item that is missing or withdraws one that
// is there, so all are legal.
const Bulk& RandomEvents() {
  static const Bulk& bulk = *new Bulk([] {
    SplitMix64 random(4);
    std::vector<uint32_t> mask(kTable, 0);
    Bulk made;
    made.row.reserve(kEvents);
    made.events.reserve(kEvents);
    for (size_t i = 0; i < kEvents; ++i) {
      const uint32_t row = random.Below(kTable);
      const auto item = static_cast<int32_t>(random.Below(18));
      const uint32_t bit = uint32_t{1} << item;
      const int32_t kind = (mask[row] & bit) != 0 ? 1 : 0;
      mask[row] ^= bit;
      made.row.push_back(row);
      made.events.push_back({static_cast<int64_t>(i), kind, item, 2, 4, i});
    }
    return made;
  }());
  return bulk;
}

void BM_ReadModifyWrite(benchmark::State& state) {
  const Bulk& bulk = RandomEvents();
  std::vector<fivek_opportunity> table(kTable);
  for (auto _ : state) {
    for (size_t i = 0; i < kEvents; ++i) {
      if (i + kAhead < kEvents) {
        __builtin_prefetch(&table[bulk.row[i + kAhead]], 1);
      }
      fivek_opportunity& deal = table[bulk.row[i]];
      deal.evidence ^= 1;
      deal.last_event_at += static_cast<int64_t>(i);
    }
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kEvents));
}

void BM_ApplyEvents(benchmark::State& state) {
  const Bulk& bulk = RandomEvents();
  std::vector<fivek_opportunity> table(kTable);
  std::vector<fivek_status> status(kEvents);
  for (auto _ : state) {
    state.PauseTiming();
    for (auto& deal : table) fivek_opportunity_init(&deal, 0, nullptr);
    state.ResumeTiming();
    size_t refused = 0;
    fivek_apply_events(nullptr, table.data(), table.size(), bulk.row.data(),
                       bulk.events.data(), kEvents, status.data(), &refused,
                       nullptr);
    if (refused != 0) state.SkipWithError("refused");
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kEvents));
}

BENCHMARK(BM_EmptyCall)->Repetitions(kRepetitions);
BENCHMARK(BM_StrengthOf)->Repetitions(kRepetitions);
BENCHMARK(BM_MilestoneOf)->Repetitions(kRepetitions);
BENCHMARK(BM_OpportunityApply)->Repetitions(kRepetitions);
BENCHMARK(BM_ReadModifyWrite)
    ->Repetitions(kRepetitions)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(BM_ApplyEvents)
    ->Repetitions(kRepetitions)
    ->Unit(benchmark::kMillisecond);

// ---- Ratios
// ---------------------------------------------------------------------

// Prints what the console reporter prints, and keeps the CPU time of each
// repetition.
class RatioReporter : public benchmark::ConsoleReporter {
 public:
  RatioReporter() : ConsoleReporter(OO_None) {}

  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration || run.error_occurred) continue;
      times_[run.run_name.function_name][run.repetition_index] =
          run.cpu_accumulated_time / static_cast<double>(run.iterations);
    }
  }

  // `over` / `under` within each repetition.
  void PrintRatio(const char* text, const std::string& over,
                  const std::string& under) {
    std::vector<double> ratios;
    for (const auto& [repetition, time] : times_[over]) {
      const auto other = times_[under].find(repetition);
      if (other != times_[under].end()) {
        ratios.push_back(time / other->second);
      }
    }
    if (ratios.empty()) return;
    std::sort(ratios.begin(), ratios.end());
    std::printf("%-58s %6.2f (%.2f-%.2f)\n", text, ratios[ratios.size() / 2],
                ratios.front(), ratios.back());
  }

 private:
  std::map<std::string, std::map<int64_t, double>> times_;
};

}  // namespace
}  // namespace fivek::bench

int main(int argc, char** argv) {
  std::string interleave = "--benchmark_enable_random_interleaving=true";
  std::vector<char*> arguments(argv, argv + argc);
  arguments.insert(arguments.begin() + 1, interleave.data());
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  fivek::bench::RatioReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  std::printf("\nratio of CPU time, median (lowest-highest):\n");
  reporter.PrintRatio("fivek_strength_of / empty call (goal: <= 6)",
                      "BM_StrengthOf", "BM_EmptyCall");
  reporter.PrintRatio("fivek_opportunity_apply / empty call (goal: <= 6)",
                      "BM_OpportunityApply", "BM_EmptyCall");
  reporter.PrintRatio("fivek_milestone_of / empty call", "BM_MilestoneOf",
                      "BM_EmptyCall");
  reporter.PrintRatio("read-modify-write / fivek_apply_events (goal: >= 0.2)",
                      "BM_ReadModifyWrite", "BM_ApplyEvents");
  return 0;
}
