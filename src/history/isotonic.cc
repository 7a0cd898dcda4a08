#include "fivek/history/isotonic.h"

#include <cstdint>
#include <limits>

#include "absl/strings/str_cat.h"
#include "fivek/base/reason.h"

namespace fivek {
namespace {

bool IsFinite(double x) {
  constexpr double kMost = std::numeric_limits<double>::max();
  return -kMost <= x && x <= kMost;
}

}  // namespace

void PoolAdjacentViolators(std::vector<PooledBlock>* blocks) {
  size_t used = 0;
  for (const PooledBlock& next : *blocks) {
    PooledBlock block = next;  // Its place may be written.
    while (used > 0 && (*blocks)[used - 1].mean > block.mean) {
      const PooledBlock& before = (*blocks)[--used];
      block.total += before.total;
      block.weight += before.weight;
      block.mean = block.total / block.weight;
      block.first = before.first;
    }
    (*blocks)[used++] = block;
  }
  blocks->resize(used);
}

absl::StatusOr<std::vector<double>> IsotonicFit(
    absl::Span<const double> values, absl::Span<const double> weights) {
  if (values.size() != weights.size()) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat(values.size(), " values and ", weights.size(),
                               " weights; allowed: as many"));
  }
  std::vector<PooledBlock> blocks;
  blocks.reserve(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    if (!IsFinite(values[i])) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("value ", values[i], "; allowed: finite"),
                    {row, 0});
    }
    if (!(weights[i] > 0.0) || !IsFinite(weights[i])) {
      return Refuse(
          Reason::kValueRange,
          absl::StrCat("weight ", weights[i], "; allowed: above 0, finite"),
          {row, 1});
    }
    blocks.push_back({values[i], values[i] * weights[i], weights[i], i});
  }
  PoolAdjacentViolators(&blocks);
  std::vector<double> fit(values.size());
  for (size_t b = 0; b < blocks.size(); ++b) {
    if (!IsFinite(blocks[b].mean)) {
      return Refuse(Reason::kOverflow, "the sum of weighted values",
                    {static_cast<int64_t>(blocks[b].first), 0});
    }
    const size_t end =
        b + 1 < blocks.size() ? blocks[b + 1].first : values.size();
    for (size_t i = blocks[b].first; i < end; ++i) fit[i] = blocks[b].mean;
  }
  return fit;
}

}  // namespace fivek
