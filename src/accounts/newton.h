// The maximum of a smooth function of a few positive parameters, by Newton's
// method on their logarithms. One order of operations, so the same bits on
// every machine.
#ifndef FIVEK_SRC_ACCOUNTS_NEWTON_H_
#define FIVEK_SRC_ACCOUNTS_NEWTON_H_

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fivek/base/real.h"
#include "src/base/cholesky.h"

namespace fivek {

// A value with its first and second derivatives.
template <size_t kCount>
class Derivatives {
 public:
  void AddValue(double x) { value_.Add(x); }
  void AddFirst(size_t i, double x) { first_[i].Add(x); }
  // j <= i.
  void AddSecond(size_t i, size_t j, double x) { second_[Place(i, j)].Add(x); }

  double value() const { return value_.Total(); }
  double first(size_t i) const { return first_[i].Total(); }
  double second(size_t i, size_t j) const {
    return second_[Place(i, j)].Total();
  }

 private:
  static constexpr size_t Place(size_t i, size_t j) {
    return i * (i + 1) / 2 + j;
  }

  RunningSum value_;
  std::array<RunningSum, kCount> first_;
  std::array<RunningSum, kCount*(kCount + 1) / 2> second_;
};

template <size_t kCount>
struct Maximum {
  std::array<double, kCount> at = {};
  // Standard errors of the logarithms.
  std::array<double, kCount> log_error = {};
  double gradient = 0.0;  // The largest, by logarithm.
  int32_t steps = 0;
  bool found = false;   // Else `at` is where it ran out of bounds, or flat.
  size_t farthest = 0;  // The parameter nearest to its bounds then.
};

// `function` maps an array of parameters to Derivatives. Parameters that leave
// [1 / most, most] have no maximum worth the name.
template <size_t kCount, typename Function>
Maximum<kCount> Maximise(const std::array<double, kCount>& start, double most,
                         const Function& function) {
  constexpr int kMostSteps = 200;
  constexpr double kLastStep = 1e-9;
  constexpr double kLongestStep = 2.0;  // Times e^2 at most.
  Maximum<kCount> best;
  best.at = start;
  Derivatives<kCount> now = function(best.at);
  const double bound = Log(most);
  for (; best.steps < kMostSteps; ++best.steps) {
    // By logarithms: d/d ln p = p d/dp, and once more.
    std::array<double, kCount> gradient;
    std::vector<double> curvature(kCount * kCount);
    best.gradient = 0.0;
    double largest_curvature = 0.0;
    for (size_t i = 0; i < kCount; ++i) {
      gradient[i] = best.at[i] * now.first(i);
      best.gradient = std::max(best.gradient, std::abs(gradient[i]));
      for (size_t j = 0; j <= i; ++j) {
        curvature[i * kCount + j] =
            -best.at[i] * best.at[j] * now.second(i, j) -
            (i == j ? gradient[i] : 0.0);
      }
      largest_curvature =
          std::max(largest_curvature, std::abs(curvature[i * kCount + i]));
    }
    Cholesky solver(curvature, kCount);
    const bool is_newton = solver.ok();
    double more = 1e-4 * largest_curvature;
    while (!solver.ok()) {
      if (!(more > 0.0 && more < 1e300)) return best;
      std::vector<double> damped = curvature;
      for (size_t i = 0; i < kCount; ++i) damped[i * kCount + i] += more;
      solver = Cholesky(std::move(damped), kCount);
      more *= 4.0;
    }
    std::array<double, kCount> move = gradient;
    solver.Solve(move.data());
    double length = 0.0;
    for (const double m : move) length = std::max(length, std::abs(m));
    if (is_newton && length < kLastStep) {
      best.found = true;
      for (size_t i = 0; i < kCount; ++i) {
        std::array<double, kCount> unit = {};
        unit[i] = 1.0;
        solver.Solve(unit.data());
        best.log_error[i] = std::sqrt(unit[i]);
        // The last step too: what is left is of its square.
        best.at[i] *= Exp(move[i]);
      }
      return best;
    }
    double share = length > kLongestStep ? kLongestStep / length : 1.0;
    // What is less than this is rounding.
    const double slack = 1e-14 * (1.0 + std::abs(now.value()));
    for (int halving = 0; halving < 60; ++halving) {
      std::array<double, kCount> next;
      for (size_t i = 0; i < kCount; ++i) {
        next[i] = best.at[i] * Exp(share * move[i]);
      }
      const Derivatives<kCount> there = function(next);
      if (there.value() >= now.value() - slack) {
        best.at = next;
        now = there;
        break;
      }
      share /= 2.0;
    }
    for (size_t i = 0; i < kCount; ++i) {
      if (std::abs(Log(best.at[i])) > std::abs(Log(best.at[best.farthest]))) {
        best.farthest = i;
      }
    }
    if (!(std::abs(Log(best.at[best.farthest])) <= bound)) return best;
  }
  return best;
}

}  // namespace fivek

#endif  // FIVEK_SRC_ACCOUNTS_NEWTON_H_
