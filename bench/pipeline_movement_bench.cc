// A book of a million deals frozen, and what moved in it between two days,
// beside a plain pass that adds the amounts of both books.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bench/seeded.h"
#include "fivek/pipeline/movement.h"

namespace fivek::bench {
namespace {

constexpr ClosePeriod kQuarter = {20000, 20091};

SnapshotRow RandomRow(uint64_t deal, SplitMix64* random) {
  SnapshotRow row;
  row.deal = deal;
  row.amount = random->Below(100'000'000);
  row.close_day = kQuarter.from - 30 + static_cast<int32_t>(random->Below(180));
  const uint32_t outcome = random->Below(10);  // Most are open.
  row.outcome = static_cast<Outcome>(outcome < 5 ? outcome : 0);
  row.milestone = static_cast<uint8_t>(random->Below(7));
  return row;
}

std::vector<SnapshotRow> MakeBook(size_t n, bool in_order) {
  SplitMix64 random(1);
  std::vector<SnapshotRow> rows;
  for (size_t i = 0; i < n; ++i) {
    rows.push_back(RandomRow(in_order ? i : random.Next(), &random));
  }
  return rows;
}

// A week later: of ten deals seven as they were, two changed, one gone and
// another come.
std::vector<SnapshotRow> Later(const std::vector<SnapshotRow>& book) {
  SplitMix64 random(2);
  std::vector<SnapshotRow> rows;
  for (const SnapshotRow& row : book) {
    const uint32_t what = random.Below(10);
    rows.push_back(what < 7   ? row
                   : what < 9 ? RandomRow(row.deal, &random)
                              : RandomRow(random.Next() | 1ULL << 63, &random));
  }
  return rows;
}

void CountRows(benchmark::State* state, int64_t books) {
  const int64_t rows = state->iterations() * state->range(0) * books;
  state->SetItemsProcessed(rows);
  state->SetBytesProcessed(rows * static_cast<int64_t>(sizeof(SnapshotRow)));
}

// range(1): 1 for rows by rising deal, which need no sorting.
void BM_SnapshotOf(benchmark::State& state) {
  const auto rows =
      MakeBook(static_cast<size_t>(state.range(0)), state.range(1) == 1);
  for (auto _ : state) benchmark::DoNotOptimize(Snapshot::Of({1, 2}, rows));
  CountRows(&state, 1);
}
BENCHMARK(BM_SnapshotOf)->Args({1'000'000, 1})->Args({1'000'000, 0});

struct TwoDays {
  explicit TwoDays(const benchmark::State& state)
      : rows(MakeBook(static_cast<size_t>(state.range(0)), true)),
        then(*Snapshot::Of({1, 2}, rows)),
        now(*Snapshot::Of({2, 2}, Later(rows))) {}

  std::vector<SnapshotRow> rows;
  Snapshot then, now;
};

void BM_PlainPass(benchmark::State& state) {
  const TwoDays days(state);
  for (auto _ : state) {
    int64_t sum = 0;
    for (const Snapshot* book : {&days.then, &days.now}) {
      for (const SnapshotRow& row : book->rows()) sum += row.amount;
    }
    benchmark::DoNotOptimize(sum);
  }
  CountRows(&state, 2);
}
BENCHMARK(BM_PlainPass)->Arg(1'000'000);

void BM_MeasureMovement(benchmark::State& state) {
  const TwoDays days(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(MeasureMovement(days.then, days.now, kQuarter));
  }
  CountRows(&state, 2);
}
BENCHMARK(BM_MeasureMovement)->Arg(1'000'000);

void BM_ListMovements(benchmark::State& state) {
  const TwoDays days(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(ListMovements(days.then, days.now, kQuarter));
  }
  CountRows(&state, 2);
}
BENCHMARK(BM_ListMovements)->Arg(1'000'000);

void BM_SerialiseAndRead(benchmark::State& state) {
  const TwoDays days(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(Snapshot::Read(days.then.Serialise()));
  }
  CountRows(&state, 1);
}
BENCHMARK(BM_SerialiseAndRead)->Arg(1'000'000);

}  // namespace
}  // namespace fivek::bench
