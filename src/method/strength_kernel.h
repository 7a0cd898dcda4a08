// The arithmetic of strength.h, for any struct that has the fields of
// Assessment and Strength: the C interface computes straight into the caller's
// struct.
//
// Written without branches on the data, since levels in a book are as good as
// random: the only ones are the refusals, which are not expected.
#ifndef FIVEK_SRC_METHOD_STRENGTH_KERNEL_H_
#define FIVEK_SRC_METHOD_STRENGTH_KERNEL_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/base/attributes.h"
#include "fivek/base/reason.h"
#include "fivek/method/policy.h"
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

// The product's binary exponent and next five bits: 3 % wide, so 0.6 % of the
// fifth root, and the balanced strength inside one cell differs by at most 1.
inline constexpr int kFractionBits = 5;
inline constexpr int kCells = 23 << kFractionBits;

inline uint32_t HighestBit(uint32_t value) {
#if defined(__GNUC__)
  return 31U - static_cast<uint32_t>(__builtin_clz(value));
#else
  uint32_t bit = 0;
  while (value >>= 1) ++bit;
  return bit;
#endif
}

// 0 in cell 0; another product, with its leading one, in 32 and up.
inline size_t CellOf(uint32_t product) {
  const uint32_t exponent = HighestBit(product | 1);
  return (exponent << kFractionBits) + (product << kFractionBits >> exponent);
}

// The balanced strength of the smallest product in each cell.
constexpr std::array<uint8_t, kCells> MakeStart() {
  std::array<uint8_t, kCells> start = {};
  size_t b = 0;
  for (int e = 0; e < 22; ++e) {
    for (uint32_t f = 0; f < (1U << kFractionBits); ++f) {
      const uint64_t mantissa = (uint64_t{1} << kFractionBits) + f;
      const uint64_t low = (mantissa << e) >> kFractionBits;
      while (b < 100 && static_cast<uint64_t>(kLeast[b + 1]) <= low) ++b;
      start[(static_cast<size_t>(e) << kFractionBits) + mantissa] =
          static_cast<uint8_t>(b);
    }
  }
  return start;
}
inline constexpr std::array<uint8_t, kCells> kStart = MakeStart();

inline int32_t Rounded(int32_t points_product) {
  const size_t start = kStart[CellOf(static_cast<uint32_t>(points_product))];
  return static_cast<int32_t>(start) +
         static_cast<int32_t>(points_product >= kLeast[start + 1]);
}

}  // namespace fivek::balance

namespace fivek {

template <typename AssessmentLike, typename StrengthLike>
ABSL_ATTRIBUTE_ALWAYS_INLINE inline Reason ComputeStrength(
    const MethodTables& tables, const AssessmentLike& assessment,
    StrengthLike* out) {
  const uint32_t by_decision_maker = assessment.by_decision_maker;
  if ((by_decision_maker & ~uint32_t{kTwoColumnDimensions}) != 0 ||
      (assessment.reserved[0] | assessment.reserved[1]) != 0) {
    return Reason::kReservedNotZero;
  }
  // Spelled out, as compilers do not unroll so short a loop.
  const auto level = [&](size_t d, uint32_t column) {
    return tables.packed_level[d][column + assessment.level[d]];
  };
  // A bit of by_decision_maker, moved to 256, chooses the right column.
  const uint64_t problem = level(0, (by_decision_maker & 1) * 256);
  const uint64_t power = level(1, 0);
  const uint64_t vision = level(2, (by_decision_maker & 4) * 64);
  const uint64_t value = level(3, (by_decision_maker & 8) * 32);
  const uint64_t control = level(4, 0);
  const uint64_t sum = problem + power + vision + value + control;
  if ((sum & kRefusedMask) != 0) return Reason::kUnknownLevel;
  const auto unknown_mask = static_cast<uint32_t>(sum >> 16 & 0xFF);
  const auto lower = [](uint64_t a, uint64_t b) { return a < b ? a : b; };
  const uint64_t lowest =
      lower(lower(lower(problem, power), lower(vision, value)), control);
  const auto points = [](uint64_t packed) {
    return static_cast<int32_t>(packed & 0xFF);
  };
  out->points[0] = points(problem);
  out->points[1] = points(power);
  out->points[2] = points(vision);
  out->points[3] = points(value);
  out->points[4] = points(control);
  const int32_t product = points(problem) * points(power) *
                          (points(vision) * points(value)) * points(control);
  out->total = static_cast<uint8_t>(sum);
  out->highest_reachable = static_cast<uint8_t>(sum >> 8);
  out->product_ppm = ProductPpm(product);
  out->product_max_ppm = out->product_ppm;
  out->balanced = balance::Rounded(product);
  out->weakest = static_cast<int32_t>(lowest >> 56) % 8;
  out->unknown_mask = static_cast<int32_t>(unknown_mask);
  // Sign extension is meant: 255 is "none", -1.
  // NOLINTNEXTLINE(bugprone-signed-char-misuse)
  out->next_level = static_cast<int8_t>(lowest >> 48);
  out->next_gain = static_cast<uint8_t>(lowest >> 40);
  if (unknown_mask == 0) return Reason::kNone;

  const auto reachable = [](uint64_t packed) {
    return static_cast<int32_t>(packed >> 8 & 0xFF);
  };
  const int32_t product_max = reachable(problem) * reachable(power) *
                              reachable(vision) * reachable(value) *
                              reachable(control);
  for (size_t d = 0; d < kDimensionCount; ++d) {
    if ((unknown_mask >> d & 1) != 0) out->points[d] = -1;
  }
  out->product_max_ppm = ProductPpm(product_max);
  if ((unknown_mask >> static_cast<uint32_t>(out->weakest) & 1) != 0) {
    out->weakest = kUnknown;
    out->next_level = -1;
    out->next_gain = 0;
  }
  return Reason::kNone;
}

}  // namespace fivek

#endif  // FIVEK_SRC_METHOD_STRENGTH_KERNEL_H_
