#include "fivek/history/isotonic.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "fivek/base/reason.h"
#include "src/base/not_finite.h"

namespace fivek {
namespace {

absl::Status CheckValue(double value, size_t row) {
  if (IsFinite(value)) return absl::OkStatus();
  return Refuse(Reason::kValueRange,
                absl::StrCat("value ", value, "; allowed: finite"),
                {static_cast<int64_t>(row), 0});
}

absl::Status CheckWeight(double weight, size_t row) {
  if (weight > 0.0 && IsFinite(weight)) return absl::OkStatus();
  return Refuse(Reason::kValueRange,
                absl::StrCat("weight ", weight, "; allowed: above 0, finite"),
                {static_cast<int64_t>(row), 1});
}

// `weights` has as many as there are values, or none: 1 each.
absl::StatusOr<std::vector<double>> PoolAdjacent(
    absl::Span<const double> values, absl::Span<const double> weights) {
  if (values.size() > kMostValues) {
    return Refuse(Reason::kOverflow,
                  absl::StrCat(values.size(), " values; allowed: ", kMostValues,
                               " or fewer"));
  }
  for (size_t i = 0; i < values.size(); ++i) {
    absl::Status good = CheckValue(values[i], i);
    if (good.ok() && !weights.empty()) good = CheckWeight(weights[i], i);
    if (!good.ok()) return good;
  }
  std::vector<PooledBlock> blocks;
  blocks.reserve(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    const double weight = weights.empty() ? 1.0 : weights[i];
    blocks.push_back({values[i], values[i] * weight, weight, i});
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
  return PoolAdjacent(values, weights);
}

absl::StatusOr<std::vector<double>> IsotonicFit(
    absl::Span<const double> values) {
  return PoolAdjacent(values, {});
}

}  // namespace fivek
