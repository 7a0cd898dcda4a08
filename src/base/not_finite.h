// The doubles that are no numbers to calculate with, and what is one.
#ifndef FIVEK_SRC_BASE_NOT_FINITE_H_
#define FIVEK_SRC_BASE_NOT_FINITE_H_

#include <limits>

namespace fivek {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
inline constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();

inline constexpr bool IsFinite(double x) {
  return -kInfinity < x && x < kInfinity;
}

}  // namespace fivek

#endif  // FIVEK_SRC_BASE_NOT_FINITE_H_
