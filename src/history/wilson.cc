#include "fivek/history/wilson.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"
#include "fivek/base/reason.h"

namespace fivek {

absl::StatusOr<Proportion> Wilson(int64_t successes, int64_t trials, double z) {
  if (trials < 0) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("trials ", trials, "; allowed: 0 or more"));
  }
  if (successes < 0 || successes > trials) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("successes ", successes,
                               "; allowed: 0 to the trials, ", trials));
  }
  if (!(z >= 0.0 && z <= std::numeric_limits<double>::max())) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("z ", z, "; allowed: 0 or more, finite"));
  }
  Proportion p;
  if (trials == 0) return p;
  const auto n = static_cast<double>(trials);
  p.rate = static_cast<double>(successes) / n;
  const double other = static_cast<double>(trials - successes) / n;
  const double t = z * (z / n);
  if (t > 1e150) {  // Its square is beyond a double; 1 is less than its ulp.
    p.low = p.rate * p.rate / t;
  } else if (t > 1e-300) {
    // The larger root, and the smaller one by the product of both: differences
    // of what is nearly the same would lose it.
    const double sum =
        p.rate + t / 2 + std::sqrt(t * p.rate * other + t * t / 4);
    p.low = std::min(p.rate * p.rate / sum, p.rate);
    p.high = std::max(sum / (1.0 + t), p.rate);
  } else {
    p.low = p.rate;
    p.high = p.rate;
  }
  p.high = std::min(p.high, 1.0);
  return p;
}

}  // namespace fivek
