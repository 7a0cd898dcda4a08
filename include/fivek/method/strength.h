// Sales strength: what the five 5K dimensions make of a deal.
//
//   strength           sum of the five points, 0..100
//   deal product       the formula itself, prod(points / 20), 0..1: one zero
//                      makes it zero. A deal with one missing factor does not
//                      close, however strong the others are; the sum hides
//                      that, so both are given
//   balanced strength  100 x the geometric mean of points / 20: the product on
//                      the sum's scale
//   weakest dimension  the lowest points; ties go to the lower code, as the
//                      formula's order is the order of work
//   next level         what must be seen to climb one level in the weakest
//                      dimension, shown by the same person, and the points
//                      gained
//
// Missing is not zero. A dimension that was not assessed (level 255) leaves the
// strength as the known points, with the highest reachable and the unknown
// dimensions beside it; the product becomes the interval [0, max]; and the
// weakest dimension is undefined, unless a known dimension without points comes
// before every unknown one.
//
//   Assessment a;
//   a.level = {3, 3, 2, 4, 1};
//   absl::StatusOr<Strength> s = StrengthOf(Policy(), a);
//   s->total;       // 27
//   s->weakest;     // 2 (Vision: 4 points; Value and Control tie at 4)
//   s->next_level;  // 3, which gains 2 points; what it asks to be seen:
//   Policy().Label(LabelSet::kLevelVision, 3, Language::kEnglish);
//
// Units: points; product in ppm, balanced 0..100, both rounded half to even
// once and exact. Cost: a few nanoseconds; allocates only for an error.
// Thread-safety: pure functions. Source: domain.md §2.
#ifndef FIVEK_METHOD_STRENGTH_H_
#define FIVEK_METHOD_STRENGTH_H_

#include <array>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "fivek/base/reason.h"
#include "fivek/method/policy.h"
#include "fivek/method/rubric.h"

namespace fivek {

// What a seller assessed; 8 bytes, laid out as `fivek_assessment`.
struct Assessment {
  std::array<uint8_t, kDimensionCount> level = {kUnknown, kUnknown, kUnknown,
                                                kUnknown, kUnknown};
  // Bit d: dimension d was shown by the decision maker. Only the bits of
  // kTwoColumnDimensions; that of an unknown level means nothing.
  uint8_t by_decision_maker = 0;
  std::array<uint8_t, 2> reserved = {0, 0};
};
static_assert(sizeof(Assessment) == 8, "the contract's layout");

struct Strength {
  int32_t total = 0;              // Known points.
  int32_t highest_reachable = 0;  // If every unknown dimension were at its top.
  // By dimension; -1: unknown.
  std::array<int32_t, kDimensionCount> points = {-1, -1, -1, -1, -1};
  // The deal product. Lower end: 0 if anything is unknown.
  int32_t product_ppm = 0;
  int32_t product_max_ppm = 0;  // Upper end: equal when all is known.
  int32_t balanced = 0;         // Of the lower end.
  int32_t weakest = kUnknown;   // Dimension, or kUnknown while undefined.
  int32_t unknown_mask = 0;     // Bit d: dimension d was not assessed.
  int32_t next_level = -1;      // In the weakest; -1 at its top or undefined.
  int32_t next_gain = 0;        // Points that the next level adds.
};

// kInvalidArgument for a level above the highest but 255 (kUnknownLevel; names
// the dimension, the level given and the highest allowed; the error's column is
// the dimension), and for a bit of `by_decision_maker` other than 0, 2, 3 or a
// reserved byte that is set (kReservedNotZero).
absl::StatusOr<Strength> StrengthOf(const Policy& policy,
                                    const Assessment& assessment);

// The same without a message, for inner loops: kNone, or the reason with *out
// as it was.
Reason TryStrength(const MethodTables& tables, const Assessment& assessment,
                   Strength* out);

// The message for an assessment that was refused.
absl::Status ExplainRefusal(const Assessment& assessment, Reason reason);

// prod(points / 20) of the five points in ppm, rounded half to even once.
// `points_product` is the product of five numbers 0..20.
constexpr int32_t ProductPpm(int32_t points_product) {
  // x 10^6 / 20^5 = x 5 / 16; adding 7, or 8 to an odd quotient, rounds.
  const uint32_t scaled = static_cast<uint32_t>(points_product) * 5;
  return static_cast<int32_t>((scaled + 7 + (scaled / 16) % 2) / 16);
}

// 100 x (points_product / 20^5)^(1/5), rounded; no tie can occur. Its argument
// is as above.
int32_t BalancedStrength(int32_t points_product);

}  // namespace fivek

#endif  // FIVEK_METHOD_STRENGTH_H_
