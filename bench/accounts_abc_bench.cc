// ABC beside sorting, and beside what reading the values costs.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <utility>
#include <vector>

#include "bench/paired.h"
#include "bench/seeded.h"
#include "fivek/accounts/abc.h"

namespace fivek::bench {
namespace {

// Values as of a market: most small, few huge, over seven powers of ten.
std::vector<int64_t> Values(size_t n) {
  SplitMix64 random(1);
  std::vector<int64_t> values;
  for (size_t i = 0; i < n; ++i) {
    uint64_t v = 100 + random.Below(900);
    for (int step = 0; step < 12; ++step) {
      if (random.Below(2) == 0) v = v * (105 + random.Below(190)) / 100;
    }
    values.push_back(static_cast<int64_t>(v));
  }
  return values;
}

// Two passes over the values, one of which writes a byte for each.
void TwoPasses(const std::vector<int64_t>& value, std::vector<uint8_t>* out) {
  int64_t sum = 0;
  for (const int64_t v : value) sum += v;
  Clobber(&sum);
  for (size_t i = 0; i < value.size(); ++i) {
    (*out)[i] = static_cast<uint8_t>(value[i] >> 8);
  }
  Clobber(out->data());
}

void BySorting(const std::vector<int64_t>& value, std::vector<uint8_t>* out) {
  std::vector<std::pair<int64_t, uint32_t>> order(value.size());
  for (size_t i = 0; i < value.size(); ++i) {
    order[i] = {-value[i], static_cast<uint32_t>(i)};
  }
  std::sort(order.begin(), order.end());
  int64_t total = 0;
  for (const int64_t v : value) total += v;
  int64_t before = 0;
  for (const auto& [negated, row] : order) {
    (*out)[row] = before < total / 100 * 80 ? 0 : before < total / 100 * 95;
    before -= negated;
  }
  Clobber(out->data());
}

void Run(size_t n, double seconds) {
  const std::vector<int64_t> value = Values(n);
  std::vector<uint8_t> out(n);
  const auto classify = [&] {
    const auto result = ClassifyAbc(value, {}, absl::MakeSpan(out));
    Clobber(&result);
    Clobber(out.data());
  };
  const Paired passes =
      Pair(seconds, classify, [&] { TwoPasses(value, &out); });
  std::printf(
      "abc/%zu: %.3f ms, of two passes over the values (%.3f ms) %.2f "
      "[%.2f, %.2f]\n",
      n, passes.first.median * 1e3, passes.second.median * 1e3,
      passes.ratio.median, passes.ratio.low, passes.ratio.high);
  const Paired sorted =
      Pair(seconds, classify, [&] { BySorting(value, &out); });
  std::printf(
      "abc/%zu: std::sort of pairs takes %.1f times as long [%.1f, "
      "%.1f]\n",
      n, sorted.ratio.median, sorted.ratio.low, sorted.ratio.high);
}

}  // namespace
}  // namespace fivek::bench

int main(int argc, char** argv) {
  const double seconds = fivek::bench::SecondsFrom(argc, argv);
  for (const size_t n : {size_t{100}, size_t{100'000}, size_t{1'000'000}}) {
    fivek::bench::Run(n, seconds);
  }
  // At ten million a round is seconds long.
  if (seconds >= 0.5) fivek::bench::Run(10'000'000, seconds);
}
