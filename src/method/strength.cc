#include "fivek/method/strength.h"

#include "absl/strings/str_cat.h"

namespace fivek {
namespace {

constexpr int32_t kTopProduct = 20 * 20 * 20 * 20 * 20;

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
constexpr std::array<int32_t, 102> kLeast = MakeLeast();
static_assert(kLeast[1] == 1 && kLeast[100] <= kTopProduct &&
                  kLeast[101] > kTopProduct,
              "0 is balanced 0, 20^5 is 100");

// The product's binary exponent and next five bits: 3 % wide, so 0.6 % of the
// fifth root, and the balanced strength inside one cell differs by at most 1.
constexpr int kFractionBits = 5;
constexpr int kCells = 22 << kFractionBits;

int HighestBit(uint32_t value) {
#if defined(__GNUC__)
  return 31 - __builtin_clz(value);
#else
  int bit = 0;
  while (value >>= 1) ++bit;
  return bit;
#endif
}

constexpr uint32_t CellOf(uint32_t product, int highest_bit) {
  // (1 + fraction) x 2^exponent without the leading one.
  const uint32_t scaled = highest_bit >= kFractionBits
                              ? product >> (highest_bit - kFractionBits)
                              : product << (kFractionBits - highest_bit);
  return (static_cast<uint32_t>(highest_bit) << kFractionBits) +
         (scaled - (1U << kFractionBits));
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
      start[(static_cast<size_t>(e) << kFractionBits) + f] =
          static_cast<uint8_t>(b);
    }
  }
  return start;
}
constexpr std::array<uint8_t, kCells> kStart = MakeStart();

}  // namespace

int32_t BalancedStrength(int32_t points_product) {
  if (points_product <= 0) return 0;
  const auto product = static_cast<uint32_t>(points_product);
  const size_t start = kStart[CellOf(product, HighestBit(product))];
  return static_cast<int32_t>(start) +
         (points_product >= kLeast[start + 1] ? 1 : 0);
}

Reason TryStrength(const MethodTables& tables, const Assessment& assessment,
                   Strength* out) {
  const unsigned by_decision_maker = assessment.by_decision_maker;
  if ((by_decision_maker & ~unsigned{kTwoColumnDimensions}) != 0 ||
      (assessment.reserved[0] | assessment.reserved[1]) != 0) {
    return Reason::kReservedNotZero;
  }
  std::array<int32_t, kDimensionCount> points = {};
  int32_t unknown_mask = 0;
  int32_t total = 0;
  int32_t reachable = 0;
  int32_t product = 1;
  int32_t product_max = 1;
  // Lowest points, then lowest code: the smallest points x 8 + code.
  int32_t lowest = kMaxPoints * 8 + kDimensionCount;
  for (int d = 0; d < kDimensionCount; ++d) {
    const auto i = static_cast<size_t>(d);
    const unsigned level = assessment.level[i];
    int32_t known = 0;
    if (level < tables.levels[i]) {
      known = tables.points[i][by_decision_maker >> i & 1][level];
      points[i] = known;
      reachable += known;
      product_max *= known;
    } else if (level == kUnknown) {
      unknown_mask |= 1 << d;
      points[i] = -1;
      reachable += tables.top_points[i];
      product_max *= tables.top_points[i];
    } else {
      return Reason::kUnknownLevel;
    }
    total += known;
    product *= known;
    const int32_t key = known * 8 + d;
    lowest = key < lowest ? key : lowest;
  }
  out->total = total;
  out->highest_reachable = reachable;
  out->points = points;
  out->product_ppm = ProductPpm(product);
  out->product_max_ppm = ProductPpm(product_max);
  out->balanced = BalancedStrength(product);
  out->unknown_mask = unknown_mask;
  out->weakest = kUnknown;
  out->next_level = -1;
  out->next_gain = 0;
  const int weakest = lowest & 7;
  if ((unknown_mask >> weakest & 1) == 0) {
    const auto i = static_cast<size_t>(weakest);
    const unsigned next = assessment.level[i] + 1U;
    out->weakest = weakest;
    if (next < tables.levels[i]) {
      out->next_level = static_cast<int32_t>(next);
      out->next_gain =
          tables.points[i][by_decision_maker >> i & 1][next] - points[i];
    }
  }
  return Reason::kNone;
}

absl::StatusOr<Strength> StrengthOf(const Policy& policy,
                                    const Assessment& assessment) {
  Strength strength;
  const Reason reason = TryStrength(policy.tables(), assessment, &strength);
  if (reason != Reason::kNone) return ExplainRefusal(assessment, reason);
  return strength;
}

absl::Status ExplainRefusal(const Assessment& assessment, Reason reason) {
  if (reason == Reason::kUnknownLevel) {
    for (const DimensionRow& row : kDimensions) {
      const int level = assessment.level[static_cast<size_t>(row.code)];
      if (level == kUnknown || level < row.levels) continue;
      return Refuse(
          reason,
          absl::StrCat(row.name.en, " level ", level, "; allowed: 0 to ",
                       row.levels - 1, ", or 255 for unknown"),
          {-1, static_cast<int32_t>(row.code)});
    }
  }
  if (assessment.reserved[0] != 0 || assessment.reserved[1] != 0) {
    return Refuse(reason, "reserved bytes of the assessment must be 0");
  }
  return Refuse(
      reason,
      absl::StrCat("by_decision_maker ", unsigned{assessment.by_decision_maker},
                   "; allowed: bits 0, 2, 3 (Problem, Vision, Value)"));
}

}  // namespace fivek
