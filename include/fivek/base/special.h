// Functions of probability theory whose bits are the same on every machine: the
// gamma and beta family, for what is believed of a rate, and the normal
// distribution, in the arithmetic of real.h.
//
//   BetaQuantile(0.05, 5.0, 27.0);   // 0.06578: 5 of 32, at the least
//   LogBeta(2.0, 3.0);               // ln(1/12)
//   NormalQuantile(0.975);           // 1.959964
//
// Errors: none; outside the ranges given the result is NaN. Every loop has a
// bound. Cost: O(1), some 100 nanoseconds; the normal ones up to a microsecond,
// RegularizedBeta from below one to ten, BetaQuantile from 3 to 60.
// Thread-safety: pure functions. Source: Abramowitz and Stegun
// 1964, chapters 6 and 26; Loader 2000 (power
// terms of a beta); Didonato and Morris 1992 (its continued fraction).
#ifndef FIVEK_BASE_SPECIAL_H_
#define FIVEK_BASE_SPECIAL_H_

namespace fivek {

// The largest argument of the functions of two; LogGamma takes all.
inline constexpr double kMostBeta = 1e15;

// ln Gamma(x), x > 0: within 1e-14 + 1e-15 |result|. infinity for infinity.
double LogGamma(double x);

// ln B(a, b) = ln(Gamma(a) Gamma(b) / Gamma(a + b)), 0 < a, b <= kMostBeta:
// within 2e-14 + 1e-15 |result|, where the three logarithms would lose all.
double LogBeta(double a, double b);

// ln(Gamma(x + d) / Gamma(x)), x > 0, d >= 0: within 2e-14 + 2e-15 |result|.
double LogGammaRise(double x, double d);

// The derivative of LogGamma, and its derivative, x > 0: within 1e-14 +
// 2e-15 |result|, Trigamma within 2e-15 of itself.
double Digamma(double x);
double Trigamma(double x);

// Digamma(x + d) - Digamma(x), x > 0, d >= 0: within 4e-15 of itself, however
// small d / x is.
double DigammaRise(double x, double d);

// I_x(a, b), the probability that a beta variable of a and b is at most x:
// for 1e-3 <= a, b <= 1e12 and 0 <= x <= 1 within 1e-11 of itself, beside what
// an error of 2^-52 in x makes of it. 0 < a, b <= kMostBeta are answered.
double RegularizedBeta(double x, double a, double b);

// The x with I_x(a, b) = q, 0 <= q <= 1, to the double at which the search no
// longer moves: within 1e-11 of itself for 1e-3 <= a, b <= 1e12. 0 where all
// doubles above it are too large.
double BetaQuantile(double q, double a, double b);

// The probability that a standard normal variable is at most x: within 2e-14 of
// itself where that is not subnormal.
double NormalCdf(double x);

// The x with NormalCdf(x) = q: within 1e-14 (1 + |x|). -infinity for 0,
// infinity for 1, NaN outside [0, 1]. NormalQuantile(1 - q) is exactly
// -NormalQuantile(q) where 1 - q is exact.
double NormalQuantile(double q);

}  // namespace fivek

#endif  // FIVEK_BASE_SPECIAL_H_
