// Real numbers whose bits are the same on every machine: exp, log and sums of
// doubles in plain IEEE arithmetic, without the C library's, which differ from
// one to the next. `std::sqrt` is exact by IEEE 754 and needs no replacement.
//
//   Log(0.5);                       // -0.6931471805599453
//   SumInOrder({1e16, 1.0, -1e16})  // 1: the lost part is kept
//
// Accuracy is in ulp, the distance of two doubles beside the exact result; all
// need rounding to nearest and code that fuses and reorders nothing, as the
// library is compiled. Errors: none; a result that is no number is NaN, always
// the same one. Cost: O(1), some nanoseconds; sums O(n). Thread-safety: pure
// functions; a RunningSum is one thread's.
#ifndef FIVEK_BASE_REAL_H_
#define FIVEK_BASE_REAL_H_

#include "absl/types/span.h"

namespace fivek {

// e^x within 0.65 ulp; where the result is subnormal within 1. Infinity above
// 709.78, 0 below -745.13, NaN for NaN.
double Exp(double x);

// The natural logarithm within 0.9 ulp, subnormal arguments too. -infinity for
// 0 of either sign, infinity for infinity, NaN below 0 and for NaN.
double Log(double x);

// Log(1 + x) without the loss of 1 + x, within 0.9 ulp: for small x the result
// is about x. -infinity for -1, infinity for infinity, NaN below -1 and for
// NaN.
double Log1p(double x);

// A sum that carries what each addition rounds off. With u = 2^-53, the error
// for n < 2^50 finite numbers is at most u |sum| + 1.1 (n u)^2 sum |x_i|: as if
// it were computed in twice the precision and rounded once (Ogita, Rump, Oishi
// 2005, Sum2). The bits depend on the order, so what must not depend on the
// order of rows is summed in an order of its own. Where a partial sum is not
// finite, the total is NaN.
class RunningSum {
 public:
  void Add(double x) {
    const double sum = sum_ + x;
    const double of_x = sum - sum_;
    lost_ += (sum_ - (sum - of_x)) + (x - of_x);
    sum_ = sum;
  }
  double Total() const { return sum_ + lost_; }

 private:
  double sum_ = 0.0;
  double lost_ = 0.0;
};

// The RunningSum of the numbers, first to last; 0 of none.
double SumInOrder(absl::Span<const double> numbers);

}  // namespace fivek

#endif  // FIVEK_BASE_REAL_H_
