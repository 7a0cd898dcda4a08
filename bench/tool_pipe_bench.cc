// `fivek pipe` from memory to memory: rows a second on one core, without what
// the system takes for pipes. CPU time; --benchmark_repetitions=9 shows the
// spread.
#include <benchmark/benchmark.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "bench/seeded.h"
#include "fivek/method/evidence.h"
#include "fivek/method/rubric.h"
#include "src/tool/pipe.h"
#include "src/tool/pipe_rows.h"

namespace fivek::tool {
namespace {

using bench::SplitMix64;

// A book with all columns; a tenth of the levels is unknown. Skewed amounts.
std::string Book(size_t rows, bool json) {
  SplitMix64 random(1);
  std::string text;
  if (!json) {
    for (const absl::string_view name : kPipeColumns) {
      absl::StrAppend(&text, name, name == kPipeColumns.back() ? "\n" : "\t");
    }
  }
  for (size_t row = 0; row < rows; ++row) {
    const std::string id = absl::StrCat("OPP-", 1000000 + row);
    absl::StrAppend(&text, json ? "{\"id\":\"" : "", id, json ? "\"" : "");
    const auto put = [&](PipeColumn column, absl::string_view value) {
      if (!json) {
        absl::StrAppend(&text, "\t", value);
      } else if (!value.empty()) {
        absl::StrAppend(&text, ",\"", kPipeColumns[static_cast<size_t>(column)],
                        "\":", value);
      }
    };
    for (size_t d = 0; d < kDimensionCount; ++d) {
      const uint32_t level = random.Below(kDimensions[d].levels);
      put(static_cast<PipeColumn>(1 + d),
          random.Below(10) == 0 ? "" : absl::StrCat(level));
    }
    put(PipeColumn::kByDecisionMaker,
        absl::StrCat(random.Next() & kTwoColumnDimensions));
    put(PipeColumn::kEvidence,
        absl::StrCat(random.Next() &
                     Bits(0, static_cast<int>(1 + random.Below(18)))));
    put(PipeColumn::kOutcome, absl::StrCat(random.Below(5)));
    put(PipeColumn::kAmount,
        absl::StrCat((random.Next() >> 40) << random.Below(8)));
    absl::StrAppend(&text, json ? "}\n" : "\n");
  }
  return text;
}

void Run(benchmark::State& state, bool json, size_t rows) {
  const std::string book = Book(rows, json);
  PipeOptions options;
  options.json = json;
  size_t written = 0;
  for (auto _ : state) {
    const auto count = ScorePipe(
        CsvSourceFromText(book),
        [&written](absl::string_view text) {
          benchmark::DoNotOptimize(text.data());
          written += text.size();
          return absl::OkStatus();
        },
        options);
    if (!count.ok() || count->bad != 0 ||
        count->rows != static_cast<int64_t>(rows)) {
      state.SkipWithError("not all rows are good");
      break;
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(rows));
  state.SetBytesProcessed(state.iterations() *
                              static_cast<int64_t>(book.size()) +
                          static_cast<int64_t>(written));
}

void BM_PipeTsv(benchmark::State& state) { Run(state, false, 1000000); }
void BM_PipeJsonLines(benchmark::State& state) { Run(state, true, 100000); }
BENCHMARK(BM_PipeTsv)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_PipeJsonLines)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace fivek::tool
