// Wilson's score interval: how far a rate of few trials can be trusted. With
// few deals the usual interval leaves [0, 1], this one does not.
//
//   Proportion won = *Wilson(37, 120, kZ95);
//   won.rate;            // 0.3083
//   won.low, won.high;   // 0.2327, 0.3958
//
// Units: fractions in [0, 1]. Accuracy: within 1e-15, low also within 1e-14 of
// itself. Cost: O(1). Thread-safety: pure functions; the same bits on every
// machine. Source: Wilson 1927.
#ifndef FIVEK_HISTORY_WILSON_H_
#define FIVEK_HISTORY_WILSON_H_

#include <cstdint>

#include "absl/status/statusor.h"

namespace fivek {

// Two-sided standard normal quantiles: 95 % and 90 % of it lie within +-z.
inline constexpr double kZ95 = 1.9599639845400543;
inline constexpr double kZ90 = 1.6448536269514722;

// 0 <= low <= rate <= high <= 1.
struct Proportion {
  double rate = 0.0;
  double low = 0.0;
  double high = 1.0;
};

// successes / trials and its interval, the solutions p of
// (p - rate)^2 = z^2 p (1 - p) / trials. No success: low is exactly 0; only
// successes: high is exactly 1. No trials: nothing is known, so the interval is
// [0, 1], and the rate, which is none, 0. z = 0: the rate alone.
//
// kInvalidArgument unless 0 <= successes <= trials and z is finite and >= 0.
absl::StatusOr<Proportion> Wilson(int64_t successes, int64_t trials, double z);

}  // namespace fivek

#endif  // FIVEK_HISTORY_WILSON_H_
