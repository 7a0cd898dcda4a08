// The arithmetic of strength.h, for any struct that has the fields of
// Assessment and Strength: the C interface computes straight into the caller's
// struct.
#ifndef FIVEK_SRC_METHOD_STRENGTH_KERNEL_H_
#define FIVEK_SRC_METHOD_STRENGTH_KERNEL_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include "absl/base/attributes.h"
#include "fivek/base/reason.h"
#include "fivek/method/policy.h"
#include "fivek/method/rubric.h"
#include "fivek/method/strength.h"

// 100 x (product of points / 20^5)^(1/5), rounded, in integers: a table says
// the balanced strength of products a little smaller, one comparison the rest.
namespace fivek::balance {

inline constexpr int32_t kTopProduct = 20 * 20 * 20 * 20 * 20;

// least[b] is the smallest product of points whose balanced strength is b:
// 5 x p^(1/5) >= b - 1/2  <=>  p >= (2b - 1)^5 / 100000. The left side of that
// is odd and the right is not, so equality, a tie, cannot occur.
constexpr std::array<int32_t, 102> MakeLeast() {
  std::array<int32_t, 102> least = {};
  for (int64_t b = 1; b <= 101; ++b) {
    const int64_t odd = 2 * b - 1;
    const int64_t fifth = odd * odd * odd * odd * odd;
    least[static_cast<size_t>(b)] =
        static_cast<int32_t>((fifth + 99'999) / 100'000);
  }
  return least;
}
inline constexpr std::array<int32_t, 102> kLeast = MakeLeast();
static_assert(kLeast[1] == 1 && kLeast[100] <= kTopProduct &&
                  kLeast[101] > kTopProduct,
              "0 is balanced 0, 20^5 is 100");

// A cell is the exponent and the first five fraction bits of product + 1 as a
// float, which holds it exactly: 3 % wide, so 0.6 % of the fifth root, and the
// balanced strength inside one cell differs by at most 1. An entry is that of
// the smallest product in the cell times 2^24, and what a product lacks from
// 2^24 at which it is one more: entry + product, over 2^24, is the answer.
static_assert(std::numeric_limits<float>::is_iec559 &&
              kTopProduct < (1 << 24) - 1);
inline constexpr int kFractionBits = 5;
inline constexpr uint32_t kFirstCell = 127U << kFractionBits;  // 1.0
inline constexpr size_t kCells = size_t{22} << kFractionBits;

constexpr std::array<uint32_t, kCells> MakeEntries() {
  std::array<uint32_t, kCells> entries = {};
  size_t b = 0;
  for (size_t cell = 0; cell < kCells; ++cell) {
    const size_t exponent = cell >> kFractionBits;
    const uint64_t mantissa =
        (cell & ((1U << kFractionBits) - 1)) + (1U << kFractionBits);
    // The smallest integer in the cell, less the one that was added.
    const auto low = static_cast<int32_t>(
        ((mantissa << exponent) + (1U << kFractionBits) - 1) >> kFractionBits);
    while (b < 100 && kLeast[b + 1] <= low - 1) ++b;
    entries[cell] = (static_cast<uint32_t>(b) << 24) + (1U << 24) -
                    static_cast<uint32_t>(kLeast[b + 1]);
  }
  return entries;
}
inline constexpr std::array<uint32_t, kCells> kEntries = MakeEntries();

inline int32_t Rounded(uint32_t points_product) {
  // Signed, as that conversion is one instruction.
  const auto shifted =
      static_cast<float>(static_cast<int32_t>(points_product) + 1);
  uint32_t bits = 0;
  std::memcpy(&bits, &shifted, sizeof bits);
  const uint32_t cell = (bits >> (23 - kFractionBits)) - kFirstCell;
  return static_cast<int32_t>((kEntries[cell] + points_product) >> 24);
}

}  // namespace fivek::balance

namespace fivek {

// The eight bytes of an assessment as one number, the first level lowest.
template <typename AssessmentLike>
inline uint64_t PackAssessment(const AssessmentLike& a) {
  return uint64_t{a.level[0]} | uint64_t{a.level[1]} << 8 |
         uint64_t{a.level[2]} << 16 | uint64_t{a.level[3]} << 24 |
         uint64_t{a.level[4]} << 32 | uint64_t{a.by_decision_maker} << 40 |
         uint64_t{a.reserved[0]} << 48 | uint64_t{a.reserved[1]} << 56;
}

// Anything that is refused or unknown; what is left is known and in range.
// `special` may have more bits, to leave out more.
inline bool IsSpecial(uint64_t packed,
                      uint64_t special = kLevelBits | kReservedBits) {
  // A byte of 0x80 and more carries into the next one, and is special itself.
  return (((packed + kAboveHighest) | packed) & special) != 0;
}

// The groups of five levels that are known and in range.
struct LevelGroups {
  const LevelGroup *first, *second, *third;

  uint32_t Total() const { return first->total + second->total + third->total; }
  uint32_t Product() const {
    return first->product * second->product * third->product;
  }
  uint32_t Weakest() const {
    // By value: of references, the compiler would make a jump.
    const auto lower = [](uint32_t a, uint32_t b) { return a < b ? a : b; };
    return lower(lower(first->weakest, second->weakest), third->weakest);
  }
};
template <typename Levels>
ABSL_ATTRIBUTE_ALWAYS_INLINE inline LevelGroups GroupsOf(
    const MethodTables& tables, const Levels& level, size_t by) {
  return {
      &tables.problem_power[level[0] + size_t{8} * level[1] + (by & 1) * 64],
      &tables.vision_value[level[2] + size_t{4} * level[3] + (by & 12) * 8],
      &tables.control[level[4]]};
}

// True, with *out written, if all levels are known and nothing is refused.
// Takes one path without branches, since levels in a book are as good as
// random.
template <typename AssessmentLike, typename StrengthLike>
ABSL_ATTRIBUTE_ALWAYS_INLINE inline bool ComputeKnownStrength(
    const MethodTables& tables, const AssessmentLike& assessment,
    StrengthLike* out) {
  if (IsSpecial(PackAssessment(assessment))) return false;
  const LevelGroups groups =
      GroupsOf(tables, assessment.level, assessment.by_decision_maker);
  // What is read is written at once: few registers are enough.
  std::memcpy(&out->points[0], groups.first->points, 2 * sizeof(int32_t));
  std::memcpy(&out->points[2], groups.second->points, 2 * sizeof(int32_t));
  out->points[4] = groups.third->points[0];
  const auto total = static_cast<int32_t>(groups.Total());
  out->total = total;
  out->highest_reachable = total;
  out->unknown_mask = 0;
  const uint32_t weakest = groups.Weakest();
  out->weakest = static_cast<int32_t>(weakest >> 24 & 7);
  out->next_level = static_cast<int16_t>(weakest);
  out->next_gain = static_cast<uint8_t>(weakest >> 16);
  const uint32_t product = groups.Product();
  const int32_t ppm = ProductPpm(static_cast<int32_t>(product));
  out->product_ppm = ppm;
  out->product_max_ppm = ppm;
  out->balanced = balance::Rounded(product);
  return true;
}

// Any assessment, one dimension after the other.
template <typename AssessmentLike, typename StrengthLike>
inline Reason ComputeStrength(const MethodTables& tables,
                              const AssessmentLike& assessment,
                              StrengthLike* out) {
  const uint32_t by_decision_maker = assessment.by_decision_maker;
  if ((by_decision_maker & ~uint32_t{kTwoColumnDimensions}) != 0 ||
      (assessment.reserved[0] | assessment.reserved[1]) != 0) {
    return Reason::kReservedNotZero;
  }
  for (size_t d = 0; d < kDimensionCount; ++d) {
    const uint32_t level = assessment.level[d];
    if (level != kUnknown && level >= tables.levels[d]) {
      return Reason::kUnknownLevel;
    }
  }
  uint32_t total = 0;
  uint32_t reachable = 0;
  uint32_t product = 1;
  uint32_t product_max = 1;
  uint32_t unknown_mask = 0;
  uint32_t weakest = 0xFFFF'FFFF;
  for (size_t d = 0; d < kDimensionCount; ++d) {
    const uint32_t level = assessment.level[d];
    if (level == kUnknown) {
      unknown_mask |= 1U << d;
      out->points[d] = -1;
      reachable += tables.top_points[d];
      product = 0;
      product_max *= tables.top_points[d];
      // Without points: weaker than any other but an earlier one without.
      weakest = std::min(weakest, static_cast<uint32_t>(d) << 24);
      continue;
    }
    const LevelGroup own = GroupOf(tables, static_cast<Dimension>(d),
                                   static_cast<int>(by_decision_maker >> d & 1),
                                   static_cast<int>(level));
    out->points[d] = own.points[0];
    total += own.total;
    reachable += own.total;
    product *= own.product;
    product_max *= own.product;
    weakest = std::min(weakest, own.weakest);
  }
  out->total = static_cast<int32_t>(total);
  out->highest_reachable = static_cast<int32_t>(reachable);
  out->product_ppm = ProductPpm(static_cast<int32_t>(product));
  out->product_max_ppm = ProductPpm(static_cast<int32_t>(product_max));
  out->balanced = balance::Rounded(product);
  out->weakest = static_cast<int32_t>(weakest >> 24 & 7);
  out->unknown_mask = static_cast<int32_t>(unknown_mask);
  out->next_level = static_cast<int16_t>(weakest);
  out->next_gain = static_cast<uint8_t>(weakest >> 16);
  if ((unknown_mask >> static_cast<uint32_t>(out->weakest) & 1) != 0) {
    out->weakest = kUnknown;
    out->next_level = -1;
    out->next_gain = 0;
  }
  return Reason::kNone;
}

}  // namespace fivek

#endif  // FIVEK_SRC_METHOD_STRENGTH_KERNEL_H_
