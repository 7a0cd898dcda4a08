// Money: one expected amount, and exact totals of a column.
#include <benchmark/benchmark.h>

#include <vector>

#include "bench/seeded.h"
#include "fivek/base/money.h"

namespace fivek::bench {
namespace {

struct Book {
  std::vector<int64_t> amount;
  std::vector<int32_t> ppm;
};

Book MakeBook(size_t rows) {
  SplitMix64 random(1);
  Book book;
  for (size_t i = 0; i < rows; ++i) {
    book.amount.push_back(random.Below(100'000'000));
    book.ppm.push_back(static_cast<int32_t>(random.Below(1'000'001)));
  }
  return book;
}

void BM_ExpectedAmount(benchmark::State& state) {
  const Book book = MakeBook(1 << 12);
  size_t i = 0;
  for (auto _ : state) {
    i = (i + 1) & ((1 << 12) - 1);
    benchmark::DoNotOptimize(ExpectedAmount(book.amount[i], book.ppm[i]));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ExpectedAmount);

void BM_ExactTotal(benchmark::State& state) {
  const auto rows = static_cast<size_t>(state.range(0));
  const Book book = MakeBook(rows);
  for (auto _ : state) {
    ExactTotal total;
    for (size_t i = 0; i < rows; ++i) {
      total.AddExpected(book.amount[i], book.ppm[i]);
    }
    benchmark::DoNotOptimize(total.Rounded(Rounding::kHalfEven));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * state.range(0) * 12);
}
BENCHMARK(BM_ExactTotal)->Arg(1 << 12)->Arg(1 << 20);

}  // namespace
}  // namespace fivek::bench
