#include "fivek/base/special.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include "fivek/base/real.h"
#include "src/base/not_finite.h"

namespace fivek {
namespace {

constexpr double kHalfLn2Pi = 0.91893853320467274178;
constexpr double kOneBySqrt2Pi = 0.39894228040143267794;

// From here on the asymptotic series are cut off below half an ulp; what is
// below is brought there by the recurrence.
constexpr double kFar = 12.0;

// c[0] + c[1] x + ...
template <size_t kCount>
double Horner(const double (&c)[kCount], double x) {
  double sum = c[kCount - 1];
  for (size_t i = kCount - 1; i > 0; --i) sum = sum * x + c[i - 1];
  return sum;
}

// ---- Gamma ------------------------------------------------------------------

// B_2k / (2k (2k - 1)), of ln Gamma.
constexpr double kStirling[] = {1.0 / 12,    -1.0 / 360,      1.0 / 1260,
                                -1.0 / 1680, 1.0 / 1188,      -691.0 / 360360,
                                1.0 / 156,   -3617.0 / 122400};
// B_2k / 2k, of its derivative.
constexpr double kDigamma[] = {1.0 / 12,   -1.0 / 120,    1.0 / 252,
                               -1.0 / 240, 1.0 / 132,     -691.0 / 32760,
                               1.0 / 12,   -3617.0 / 8160};
// B_2k, of the second.
constexpr double kTrigamma[] = {1.0 / 6,   -1.0 / 30,     1.0 / 42,
                                -1.0 / 30, 5.0 / 66,      -691.0 / 2730,
                                7.0 / 6,   -3617.0 / 510, 43867.0 / 798};

// ln Gamma(x) - ((x - 1/2) ln x - x + ln(2 pi) / 2), x >= kFar.
double StirlingTail(double x) {
  const double one_by_x = 1.0 / x;
  return one_by_x * Horner(kStirling, one_by_x * one_by_x);
}

double LogGammaFar(double x) {
  return (x - 0.5) * Log(x) - x + kHalfLn2Pi + StirlingTail(x);
}

// The same difference for all x > 0: what Stirling's formula leaves.
double StirlingError(double x) {
  if (x >= kFar) return StirlingTail(x);
  return LogGamma(x) - ((x - 0.5) * Log(x) - x + kHalfLn2Pi);
}

// t - ln(1 + t) for |t| <= 0.4, where a difference would lose all. With s =
// t / (2 + t), ln(1 + t) = 2 (s + s^3/3 + ...), t - 2 s = s t.
double LossOfLog(double t) {
  constexpr double kTwoByOdd[] = {
      2.0 / 3,  2.0 / 5,  2.0 / 7,  2.0 / 9,  2.0 / 11, 2.0 / 13, 2.0 / 15,
      2.0 / 17, 2.0 / 19, 2.0 / 21, 2.0 / 23, 2.0 / 25, 2.0 / 27};
  const double s = t / (2.0 + t);
  const double z = s * s;
  return s * (t - z * Horner(kTwoByOdd, z));
}

// ---- Beta -------------------------------------------------------------------

bool IsBeta(double a, double b) {
  return a > 0.0 && b > 0.0 && a <= kMostBeta && b <= kMostBeta;
}

// The logarithm of x^a y^b / B(a, b), x + y = 1, by how far `off` = a y - b x
// the mean is from x: the large terms of the logarithms cancel on paper.
class BetaPower {
 public:
  BetaPower(double a, double b)
      : a_(a),
        b_(b),
        n_(a + b),
        at_mean_(0.5 * (Log(a) + Log(b) - Log(n_)) - kHalfLn2Pi +
                 (StirlingError(n_) - StirlingError(a) - StirlingError(b))) {}

  double a() const { return a_; }
  double b() const { return b_; }
  double n() const { return n_; }
  double at_mean() const { return at_mean_; }

  double At(double x, double y, double off) const {
    return at_mean_ - Part(a_, x, -off) - Part(b_, y, off);
  }
  double Off(double x, double y) const { return a_ * y - b_ * x; }

 private:
  // part g(t / part), g(t) = t - ln(1 + t), 1 + t = n x / part.
  double Part(double part, double x, double t) const {
    if (std::abs(t) <= 0.4 * part) return part * LossOfLog(t / part);
    const double log =
        part < 1.0 ? Log(n_) + Log(x) - Log(part) : Log(n_ / part * x);
    return t - part * log;
  }

  double a_, b_, n_;
  double at_mean_;
};

// What is at most x and what is above it.
struct Tails {
  double lower, upper;
};

// I_x(a, b) / (x^a y^b / (a B(a, b))) for x up to about the mean, `off` =
// a y - b x: by the continued fraction of Didonato and Morris 1992, which needs
// neither a + b nor 1 - x. Of the order of sqrt(min(a, b)) steps.
double BetaFraction(double x, double y, double off, double a, double b) {
  constexpr int kMostSteps = 5000;
  constexpr double kLeast = 1e-300;  // Instead of 0.
  const auto away_from_0 = [](double v) {
    return std::abs(v) < kLeast ? kLeast : v;
  };
  double value = away_from_0((off + 1.0) / (a + 1.0));
  double c = value;
  double d = 0.0;
  for (int i = 1; i <= kMostSteps; ++i) {
    const double n = i;
    const double s = a + 2.0 * n - 1.0;
    const double w = n * (b - n) * x;
    // The first numerator is less by the factor a of the whole.
    const double last = i == 1 ? 1.0 : a + n - 1.0;
    const double over = last / s * ((a + b + n - 1.0) / s * x) * w;
    const double under =
        n + w / s + (a + n) / (s + 2.0) * (off + 1.0 + n * (1.0 + y));
    d = 1.0 / away_from_0(under + over * d);
    c = away_from_0(under + over / c);
    const double step = c * d;
    value *= step;
    if (std::abs(step - 1.0) <= 0x1p-53) break;
  }
  return 1.0 / value;
}

// Gauss and Legendre's 16 points of (-1, 1), the positive half.
struct Node {
  double at, weight;
};
constexpr Node kNodes[] = {
    {0.09501250983763744019, 0.1894506104550684963},
    {0.2816035507792589132, 0.1826034150449235889},
    {0.4580167776572273863, 0.1691565193950025382},
    {0.6178762444026437484, 0.1495959888165767321},
    {0.7554044083550030339, 0.1246289712555338721},
    {0.8656312023878317439, 0.09515851168249278481},
    {0.9445750230732325761, 0.06225352393864789286},
    {0.9894009349916499326, 0.02715245941175409485},
};

// The lower tail where a and b are large, by integrating the density down from
// x: it falls all the way, at least as a normal one does.
double LargeLowerTail(const BetaPower& power, double x, double y, double off) {
  constexpr int kMostPanels = 60;
  const double a = power.a();
  const double b = power.b();
  const double sd = std::sqrt(a / power.n() * (b / power.n()) / power.n());
  const double fall = std::abs((a - 1.0) / x - (b - 1.0) / y);
  const double width = sd / std::max(1.0, fall * sd / 8.0);
  RunningSum sum;
  double total = 0.0;
  for (int panel = 0; panel < kMostPanels; ++panel) {
    double part = 0.0;
    const auto add = [&](double at, double weight) {
      const double down = width * (panel + at);
      const double to = x - down;
      if (!(to > 0.0)) return;
      const double from_1 = y + down;
      const double log = power.At(to, from_1, off + power.n() * down);
      part += weight * Exp(log) / (to * from_1);
    };
    for (const Node& node : kNodes) {
      add(0.5 - 0.5 * node.at, node.weight);
      add(0.5 + 0.5 * node.at, node.weight);
    }
    sum.Add(part * 0.5 * width);
    total = sum.Total();
    if (part * width <= 1e-18 * total) break;
  }
  return std::min(total, 1.0);
}

// x <= about the mean a / (a + b).
double LowerTail(const BetaPower& power, double x, double y) {
  constexpr double kLarge = 500.0;
  if (x == 0.0) return 0.0;
  const double a = power.a();
  const double b = power.b();
  const double off = power.Off(x, y);
  if (a > kLarge && b > kLarge) return LargeLowerTail(power, x, y, off);
  const double log = power.At(x, y, off) - Log(a);
  return std::min(Exp(log) * BetaFraction(x, y, off, a, b), 1.0);
}

// Both ends of the same variable, so that the smaller tail keeps its digits.
struct BetaEnds {
  BetaEnds(double a, double b) : from_0(a, b), from_1(b, a) {}

  Tails TailsAt(double x) const {
    const double y = 1.0 - x;
    const double a = from_0.a();
    const double b = from_0.b();
    const bool large = a > 1.0 && b > 1.0;
    const bool low = large ? b * x <= a * y : x <= (a + 1.0) / (a + b + 2.0);
    if (low) {
      const double lower = LowerTail(from_0, x, y);
      return {lower, 1.0 - lower};
    }
    const double upper = LowerTail(from_1, y, x);
    return {1.0 - upper, upper};
  }

  BetaPower from_0, from_1;
};

// The double in the middle of two of [0, 1], by the order of doubles: 62 times
// is from one end to the other.
double Between(double low, double high) {
  uint64_t from;
  uint64_t to;
  std::memcpy(&from, &low, sizeof from);
  std::memcpy(&to, &high, sizeof to);
  from += (to - from) / 2;
  double middle;
  std::memcpy(&middle, &from, sizeof middle);
  return middle;
}

// ---- Normal -----------------------------------------------------------------

// e^(-x^2 / 2) / sqrt(2 pi), x^2 in two parts, the first exact.
double NormalDensity(double x) {
  const double high = std::floor(std::abs(x) * 16.0) / 16.0;
  const double low = (std::abs(x) - high) * (std::abs(x) + high);
  return kOneBySqrt2Pi * Exp(-0.5 * high * high) * Exp(-0.5 * low);
}

// From here on by the continued fraction, below by the series.
constexpr double kNormalTail = 1.75;

// What is above x beside the density at x: Mills' ratio, x >= kNormalTail.
double TailByDensity(double x) {
  double below = x;
  for (int k = 200; k > 0; --k) below = x + k / below;
  return 1.0 / below;
}

// What is between 0 and x, |x| < kNormalTail: x + x^3/3 + x^5/15 + ...
double NormalFromMiddle(double x) {
  double term = x;
  double sum = x;
  for (int odd = 3; odd < 100; odd += 2) {
    term *= x * x / odd;
    sum += term;
    if (std::abs(term) <= 0x1p-55 * std::abs(sum)) break;
  }
  return sum * NormalDensity(x);
}

// The x >= 0 above which is q <= 1/2.
double UpperNormalQuantile(double q) {
  if (q == 0.5) return 0.0;
  // Abramowitz and Stegun 26.2.23, off by 4.5e-4.
  const double t = std::sqrt(-2.0 * Log(q));
  double x = t - (2.515517 + t * (0.802853 + t * 0.010328)) /
                     (1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  constexpr int kSteps = 4;  // Newton's: the error is squared by each.
  for (int i = 0; i < kSteps; ++i) {
    if (x < kNormalTail) {
      x += (0.5 - q - NormalFromMiddle(x)) / NormalDensity(x);
    } else {  // Of the logarithm, which is nearly a parabola.
      const double mills = TailByDensity(x);
      x += (Log(mills) - kHalfLn2Pi - 0.5 * x * x - Log(q)) * mills;
    }
  }
  return x;
}

}  // namespace

// ---- Gamma ------------------------------------------------------------------

double LogGamma(double x) {
  if (!(x > 0.0)) return kNotANumber;
  if (x == kInfinity) return kInfinity;
  if (x == 1.0 || x == 2.0) return 0.0;
  if (x >= kFar) return LogGammaFar(x);
  double product = x;
  x += 1.0;
  while (x < kFar) {
    product *= x;
    x += 1.0;
  }
  return LogGammaFar(x) - Log(product);
}

double LogBeta(double a, double b) {
  if (!IsBeta(a, b)) return kNotANumber;
  if (a > b) std::swap(a, b);
  // ln(x^a y^b) at the mean, less the power there.
  return -a * Log1p(b / a) - b * Log1p(a / b) - BetaPower(a, b).at_mean();
}

double LogGammaRise(double x, double d) {
  if (!(x > 0.0) || !(d >= 0.0) || x > kMostBeta || d > kMostBeta) {
    return kNotANumber;
  }
  double product = 1.0;
  while (x < kFar) {
    product *= 1.0 + d / x;
    x += 1.0;
  }
  const double log = (x + d - 0.5) * Log1p(d / x) + (d * Log(x) - d) +
                     (StirlingTail(x + d) - StirlingTail(x));
  return log - Log(product);
}

double Digamma(double x) {
  if (!(x > 0.0)) return kNotANumber;
  RunningSum below;
  while (x < kFar) {
    below.Add(1.0 / x);
    x += 1.0;
  }
  const double one_by_x = 1.0 / x;
  const double square = one_by_x * one_by_x;
  below.Add(0.5 * one_by_x + square * Horner(kDigamma, square));
  return Log(x) - below.Total();
}

double Trigamma(double x) {
  if (!(x > 0.0)) return kNotANumber;
  RunningSum sum;
  while (x < kFar) {
    sum.Add(1.0 / x / x);
    x += 1.0;
  }
  const double one_by_x = 1.0 / x;
  const double square = one_by_x * one_by_x;
  sum.Add(one_by_x);
  sum.Add(0.5 * square + one_by_x * square * Horner(kTrigamma, square));
  return sum.Total();
}

double DigammaRise(double x, double d) {
  if (!(x > 0.0) || !(d >= 0.0) || x > kMostBeta || d > kMostBeta) {
    return kNotANumber;
  }
  RunningSum sum;
  while (x < kFar) {
    sum.Add(d / x / (x + d));
    x += 1.0;
  }
  const double to = x + d;
  sum.Add(Log1p(d / x));
  sum.Add(0.5 * d / x / to);
  // 1/x^2 - 1/to^2 and what follows, each a multiple of d.
  const double from_square = 1.0 / x / x;
  const double to_square = 1.0 / to / to;
  const double fall = d * (x + to) / x / x / to / to;
  double power = 0.0;  // (from^k - to^k) / (from - to), by Horner's rule.
  double value = 0.0;
  for (size_t i = std::size(kDigamma); i > 0; --i) {
    power = power * to_square + value;
    value = value * from_square + kDigamma[i - 1];
  }
  power = power * to_square + value;
  sum.Add(fall * power);
  return sum.Total();
}

// ---- Beta -------------------------------------------------------------------

double RegularizedBeta(double x, double a, double b) {
  if (!IsBeta(a, b) || !(x >= 0.0 && x <= 1.0)) return kNotANumber;
  return BetaEnds(a, b).TailsAt(x).lower;
}

double BetaQuantile(double q, double a, double b) {
  if (!IsBeta(a, b) || !(q >= 0.0 && q <= 1.0)) return kNotANumber;
  if (q == 0.0 || q == 1.0) return q;
  const BetaEnds ends(a, b);
  const BetaPower& power = ends.from_0;
  const double n = a + b;
  const double sd = std::sqrt(a / n * (b / n) / (n + 1.0));
  double low = 0.0;
  double high = 1.0;
  double x = a / n + NormalQuantile(q) * sd;
  if (!(low < x && x < high)) x = Between(low, high);
  constexpr int kMostSteps = 200;
  constexpr int kNewtonSteps = 40;  // After them only halves: 62 are enough.
  for (int i = 0; i < kMostSteps; ++i) {
    const Tails tails = ends.TailsAt(x);
    const double above = q <= 0.5 ? tails.lower - q : (1.0 - q) - tails.upper;
    if (above == 0.0) return x;
    (above < 0.0 ? low : high) = x;
    const double y = 1.0 - x;
    const double density = Exp(power.At(x, y, power.Off(x, y))) / x / y;
    const bool is_steep = density > std::numeric_limits<double>::max();
    double next = x - above / density;
    if (next == x && !is_steep) return x;
    if (i >= kNewtonSteps || is_steep || !(low < next && next < high)) {
      next = Between(low, high);
      if (next == low) break;
    }
    x = next;
  }
  return low;
}

// ---- Normal -----------------------------------------------------------------

double NormalCdf(double x) {
  if (x != x) return kNotANumber;
  if (std::abs(x) < kNormalTail) return 0.5 + NormalFromMiddle(x);
  if (std::abs(x) > 40.0) return x < 0.0 ? 0.0 : 1.0;
  const double tail = NormalDensity(x) * TailByDensity(std::abs(x));
  return x < 0.0 ? tail : 1.0 - tail;
}

double NormalQuantile(double q) {
  if (!(q >= 0.0 && q <= 1.0)) return kNotANumber;
  if (q == 0.0) return -kInfinity;
  if (q == 1.0) return kInfinity;
  return q < 0.5 ? -UpperNormalQuantile(q) : UpperNormalQuantile(1.0 - q);
}

}  // namespace fivek
