#include "fivek/base/real.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include "src/base/not_finite.h"

namespace fivek {
namespace {

// ln 2 in two parts. The high one ends in 11 zero bits, so that a multiple of
// it up to 2^11 is exact.
constexpr double kLn2High = 0x1.62e42fefa3800p-1;
constexpr double kLn2Low = 0x1.ef35793c76730p-45;
constexpr double kOneByLn2 = 0x1.71547652b82fep+0;
constexpr double kSqrt2 = 0x1.6a09e667f3bcdp+0;

constexpr int kFractionBits = 52;
constexpr int kBias = 1023;
constexpr uint64_t kFraction = (uint64_t{1} << kFractionBits) - 1;

// 2^exponent for -1022 to 1023.
double PowerOfTwo(int exponent) {
  const uint64_t bits = static_cast<uint64_t>(exponent + kBias)
                        << kFractionBits;
  double power;
  std::memcpy(&power, &bits, sizeof power);
  return power;
}

// x = 2^exponent (1 + f) with sqrt(1/2) < 1 + f <= sqrt(2), for finite x > 0.
// Exact.
struct Split {
  int exponent;
  double f;
};

Split SplitOf(double x) {
  int exponent = 0;
  if (x < std::numeric_limits<double>::min()) {  // Subnormal.
    x *= 0x1p54;
    exponent = -54;
  }
  uint64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  exponent += static_cast<int>(bits >> kFractionBits) - kBias;
  bits = (bits & kFraction) | static_cast<uint64_t>(kBias) << kFractionBits;
  double mantissa;
  std::memcpy(&mantissa, &bits, sizeof mantissa);
  if (mantissa > kSqrt2) {
    mantissa *= 0.5;
    ++exponent;
  }
  return {exponent, mantissa - 1.0};
}

// c[0] + c[1] x + c[2] x^2 + ..., of an odd count. Even and odd powers by
// themselves: one after the other takes twice as long.
template <size_t kCount>
double Polynomial(const double (&c)[kCount], double x) {
  static_assert(kCount % 2 == 1 && kCount >= 3);
  const double square = x * x;
  double even = c[kCount - 1];
  double odd = c[kCount - 2];
  for (size_t i = kCount - 3; i > 0; i -= 2) {
    even = c[i] + square * even;
    odd = c[i - 1] + square * odd;
  }
  return c[0] + (x * odd + square * even);
}

// ln(2^exponent (1 + f)) + rest. With s = f / (2 + f),
// ln(1 + f) = 2 artanh s = f - (f^2/2 - s (f^2/2 + R)),
// R = 2/3 s^2 + 2/5 s^4 + ..., where the large part, f, is exact. |s| <= 0.172:
// what is cut off is below 2^-65 of the result.
double LogOf(Split x, double rest) {
  const double f = x.f;
  const double s = f / (2.0 + f);
  const double z = s * s;
  constexpr double kTwoByOdd[] = {2.0 / 3,  2.0 / 5,  2.0 / 7,  2.0 / 9,
                                  2.0 / 11, 2.0 / 13, 2.0 / 15, 2.0 / 17,
                                  2.0 / 19, 2.0 / 21, 2.0 / 23};
  const double r = z * Polynomial(kTwoByOdd, z);
  const double half_square = 0.5 * f * f;
  const double k = x.exponent;
  return k * kLn2High -
         ((half_square - (s * (half_square + r) + (k * kLn2Low + rest))) - f);
}

}  // namespace

double Exp(double x) {
  if (x != x) return kNotANumber;
  if (x > 0x1.62e42fefa39efp+9) return kInfinity;
  if (x < -746.0) return 0.0;
  // x = k ln 2 + r + rest, |r| < 0.35.
  const int k = static_cast<int>(x * kOneByLn2 + (x < 0 ? -0.5 : 0.5));
  const double high = x - k * kLn2High;
  const double low = k * kLn2Low;
  const double r = high - low;
  const double rest = (high - r) - low;
  // e^r = 1 + r + r^2 (1/2! + r/3! + ...): what is cut off is below 2^-60.
  constexpr double kOneByFactorial[] = {
      1.0 / 2,          1.0 / 6,        1.0 / 24,        1.0 / 120,
      1.0 / 720,        1.0 / 5040,     1.0 / 40320,     1.0 / 362880,
      1.0 / 3628800,    1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800,
      1.0 / 87178291200};
  const double p = Polynomial(kOneByFactorial, r);
  const double one_and_r = 1.0 + r;
  const double lost = r - (one_and_r - 1.0);
  const double y = one_and_r + (lost + (r * r * p + rest * one_and_r));
  if (k > 1023) return y * 2.0 * PowerOfTwo(k - 1);
  if (k >= -1021) return y * PowerOfTwo(k);
  return y * PowerOfTwo(k + 1000) * 0x1p-1000;  // Rounded to a subnormal.
}

double Log(double x) {
  if (!(x >= 0.0)) return kNotANumber;
  if (x == 0.0) return -kInfinity;
  if (x == kInfinity) return kInfinity;
  return LogOf(SplitOf(x), 0.0);
}

double Log1p(double x) {
  if (!(x >= -1.0)) return kNotANumber;
  if (x == -1.0) return -kInfinity;
  if (x == kInfinity) return kInfinity;
  if (-0x1p-54 < x && x < 0x1p-54) return x;  // x^2 / 2 is below half an ulp.
  if (-0.29 < x && x < 0.41) return LogOf({0, x}, 0.0);
  const double u = 1.0 + x;
  // What 1 + x rounded off.
  const double lost = x > 1.0 ? 1.0 - (u - x) : x - (u - 1.0);
  return LogOf(SplitOf(u), lost / u);
}

double SumInOrder(absl::Span<const double> numbers) {
  RunningSum sum;
  for (const double number : numbers) sum.Add(number);
  return sum.Total();
}

}  // namespace fivek
