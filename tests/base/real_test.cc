#include "fivek/base/real.h"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace fivek {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kLeast = std::numeric_limits<double>::denorm_min();
constexpr double kLeastNormal = std::numeric_limits<double>::min();
constexpr double kMost = std::numeric_limits<double>::max();

class SplitMix64 {
 public:
  explicit SplitMix64(uint64_t seed) : state_(seed) {}
  uint64_t Next() {
    uint64_t z = state_ += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }
  double Unit() { return static_cast<double>(Next() >> 11) * 0x1p-53; }

 private:
  uint64_t state_;
};

uint64_t BitsOf(double x) {
  uint64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}

double FromBits(uint64_t bits) {
  double x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

// The distance in ulp of a double from what a longer type says.
double UlpOff(double got, long double want) {
  int exponent = 0;
  std::frexp(want, &exponent);  // want = 0.5..1 x 2^exponent
  exponent = std::max(exponent - 53, -1074);
  return static_cast<double>(
      std::fabs(std::ldexp(static_cast<long double>(got) - want, -exponent)));
}

// Arguments of all sizes at which a function is tried.
std::vector<double> Sweep(double from, double to, int steps) {
  std::vector<double> all;
  for (int i = 0; i <= steps; ++i) {
    all.push_back(from + (to - from) * (static_cast<double>(i) / steps));
  }
  return all;
}

std::vector<double> PositiveOfAllSizes(int count) {
  SplitMix64 random(1);
  std::vector<double> all = {kLeast, kLeastNormal, kMost, 1.0, 0.5, 2.0};
  // Where the logarithm is split, and where it is 0.
  for (const double x : {1.0, std::sqrt(0.5), std::sqrt(2.0), 0.29, 0.41}) {
    double up = x;
    double down = x;
    for (int i = 0; i < 1000; ++i) {
      all.push_back(up = std::nextafter(up, 2.0));
      all.push_back(down = std::nextafter(down, 0.0));
    }
  }
  for (int i = 0; i < count; ++i) {
    all.push_back(FromBits(random.Next() % 0x7FF0000000000000));
    all.push_back(FromBits(random.Next() % 0x0010000000000000));  // Subnormal.
  }
  for (const double x : Sweep(1e-3, 4.0, count)) all.push_back(x);
  return all;
}

// ---- Accuracy ---------------------------------------------------------------

constexpr int kMany = 200'000;

// A longer type need not have functions of its length: those of WebAssembly's C
// library go through double. The exponential of 1 is no double.
bool HasLongerFunctions() {
  volatile long double one = 1.0L;  // Not computed by the compiler.
  const long double e = std::exp(one);
  return LDBL_MANT_DIG >= 64 &&
         e != static_cast<long double>(static_cast<double>(e));
}

#define SKIP_WITHOUT_A_LONGER_TYPE()                           \
  if (!HasLongerFunctions()) {                                 \
    GTEST_SKIP() << "nothing is computed beyond double here."; \
  }

TEST(RealTest, ExpIsWithinItsBound) {
  SKIP_WITHOUT_A_LONGER_TYPE();
  double normal = 0.0;
  double subnormal = 0.0;
  std::vector<double> all = Sweep(-745.13, 709.78, kMany);
  for (const double x : Sweep(-1.0, 1.0, kMany)) all.push_back(x);
  for (const double x : Sweep(-745.13, -708.0, kMany)) all.push_back(x);
  for (const double x : Sweep(-1e-8, 1e-8, 1000)) all.push_back(x);
  for (const double x : all) {
    const double got = Exp(x);
    const double off = UlpOff(got, std::exp(static_cast<long double>(x)));
    (got < kLeastNormal ? subnormal : normal) =
        std::max(got < kLeastNormal ? subnormal : normal, off);
  }
  RecordProperty("normal", std::to_string(normal));
  RecordProperty("subnormal", std::to_string(subnormal));
  EXPECT_LE(normal, 0.65);
  EXPECT_LE(subnormal, 1.0);
}

TEST(RealTest, LogIsWithinItsBound) {
  SKIP_WITHOUT_A_LONGER_TYPE();
  double most = 0.0;
  for (const double x : PositiveOfAllSizes(kMany)) {
    most =
        std::max(most, UlpOff(Log(x), std::log(static_cast<long double>(x))));
  }
  RecordProperty("most", std::to_string(most));
  EXPECT_LE(most, 0.9);
}

TEST(RealTest, Log1pIsWithinItsBound) {
  SKIP_WITHOUT_A_LONGER_TYPE();
  double most = 0.0;
  std::vector<double> all = PositiveOfAllSizes(kMany);
  const size_t positive = all.size();
  for (size_t i = 0; i < positive; ++i) {
    if (all[i] < 1.0) all.push_back(-all[i]);
  }
  for (const double x : Sweep(-0.9999, 0.5, kMany)) all.push_back(x);
  for (double x = 1.0; x > 1e-16; x *= 0.9) all.push_back(-1.0 + x);
  for (const double x : all) {
    if (x <= -1.0) continue;
    most = std::max(most,
                    UlpOff(Log1p(x), std::log1p(static_cast<long double>(x))));
  }
  RecordProperty("most", std::to_string(most));
  EXPECT_LE(most, 0.9);
}

// ---- Values that are known --------------------------------------------------

TEST(RealTest, Exact) {
  EXPECT_EQ(Exp(0.0), 1.0);
  EXPECT_EQ(Exp(-0.0), 1.0);
  EXPECT_EQ(Exp(kLeast), 1.0);
  EXPECT_EQ(BitsOf(Log(1.0)), 0U);
  EXPECT_EQ(BitsOf(Log1p(0.0)), 0U);
  EXPECT_EQ(BitsOf(Log1p(-0.0)), BitsOf(-0.0));
  EXPECT_EQ(Log1p(kLeast), kLeast);
  EXPECT_EQ(Log1p(-kLeast), -kLeast);
}

// The nearest doubles to values of 50 digits.
TEST(RealTest, Known) {
  EXPECT_DOUBLE_EQ(Exp(1.0), 2.7182818284590452354);
  EXPECT_DOUBLE_EQ(Exp(-1.0), 0.36787944117144232160);
  EXPECT_DOUBLE_EQ(Log(2.0), 0.69314718055994530942);
  EXPECT_DOUBLE_EQ(Log(10.0), 2.3025850929940456840);
  EXPECT_DOUBLE_EQ(Log(1e-15), -34.538776394910684);
  EXPECT_DOUBLE_EQ(Log(kLeast), -744.44007192138126232);
  EXPECT_DOUBLE_EQ(Log(kMost), 709.78271289338399684);
  EXPECT_DOUBLE_EQ(Log1p(-1e-15), -1.0000000000000005000e-15);
  EXPECT_DOUBLE_EQ(Log1p(1.0), 0.69314718055994530942);
}

TEST(RealTest, Ends) {
  EXPECT_EQ(Exp(kInfinity), kInfinity);
  EXPECT_LT(Exp(0x1.62e42fefa39efp+9), kInfinity);
  EXPECT_EQ(Exp(std::nextafter(0x1.62e42fefa39efp+9, 800.0)), kInfinity);
  EXPECT_EQ(Exp(kMost), kInfinity);
  EXPECT_EQ(Exp(-745.13), kLeast);
  EXPECT_EQ(BitsOf(Exp(-745.2)), 0U);
  EXPECT_EQ(BitsOf(Exp(-kMost)), 0U);
  EXPECT_EQ(BitsOf(Exp(-kInfinity)), 0U);
  EXPECT_EQ(Log(0.0), -kInfinity);
  EXPECT_EQ(Log(-0.0), -kInfinity);
  EXPECT_EQ(Log(kInfinity), kInfinity);
  EXPECT_EQ(Log1p(-1.0), -kInfinity);
  EXPECT_EQ(Log1p(kInfinity), kInfinity);
  EXPECT_GT(Log1p(kMost), 709.0);
}

TEST(RealTest, NoNumberIsAlwaysTheSame) {
  const uint64_t nan = BitsOf(kNaN);
  for (const double x : {kNaN, -kNaN, FromBits(0x7FF0000000000001)}) {
    EXPECT_EQ(BitsOf(Exp(x)), nan);
    EXPECT_EQ(BitsOf(Log(x)), nan);
    EXPECT_EQ(BitsOf(Log1p(x)), nan);
  }
  for (const double x : {-kLeast, -1.0, -kMost, -kInfinity}) {
    EXPECT_EQ(BitsOf(Log(x)), nan);
  }
  for (const double x : {std::nextafter(-1.0, -2.0), -kMost, -kInfinity}) {
    EXPECT_EQ(BitsOf(Log1p(x)), nan);
  }
}

TEST(RealTest, Rises) {
  double exp_before = 0.0;
  double log_before = -kInfinity;
  double log1p_before = -kInfinity;
  for (const double x : Sweep(1e-6, 700.0, kMany)) {
    EXPECT_GE(Exp(x), exp_before);
    EXPECT_GE(Log(x), log_before);
    EXPECT_GE(Log1p(x), log1p_before);
    exp_before = Exp(x);
    log_before = Log(x);
    log1p_before = Log1p(x);
  }
}

// FNV-1a of the bits of all results: what this says on one machine it has to
// say on every other.
TEST(RealTest, TheSameBitsOnEveryMachine) {
  uint64_t hash = 0xCBF29CE484222325;
  const auto add = [&hash](double result) {
    hash = (hash ^ BitsOf(result)) * 0x100000001B3;
  };
  SplitMix64 random(7);
  for (int i = 0; i < 100'000; ++i) {
    const double unit = random.Unit();
    add(Exp(1500.0 * unit - 760.0));
    add(Log(unit));
    add(Log1p(-unit));
    add(Log(FromBits(random.Next() % 0x7FF0000000000000)));
    add(Log1p(FromBits(random.Next() % 0x7FF0000000000000)));
  }
  EXPECT_EQ(hash, 4290496927128166835U);
}

// ---- Sums -------------------------------------------------------------------

TEST(RealTest, SumsOfFewNumbers) {
  EXPECT_EQ(BitsOf(SumInOrder({})), 0U);
  EXPECT_EQ(SumInOrder({0.1}), 0.1);
  EXPECT_EQ(SumInOrder({1e16, 1.0, -1e16}), 1.0);
  EXPECT_EQ(SumInOrder({1.0, 1e100, 1.0, -1e100}), 2.0);
  const std::vector<double> tenths(10, 0.1);
  EXPECT_EQ(SumInOrder(tenths), 1.0);  // Plainly added they are 1 - 2^-53.
  EXPECT_TRUE(std::isnan(SumInOrder({kInfinity, 1.0})));
}

// Numbers of the form m x 2^-40 with |m| < 2^40, whose sum is exact in 64 bits.
TEST(RealTest, SumsAreWithinTheirBound) {
  SplitMix64 random(3);
  constexpr int kCount = 100'000;
  std::vector<double> numbers;
  int64_t exact = 0;
  double absolute = 0.0;
  for (int i = 0; i < kCount; ++i) {
    const auto m =
        static_cast<int64_t>(random.Next() >> 23) - (int64_t{1} << 40);
    exact += m;
    // Of very different sizes: each with its opposite far away.
    numbers.push_back(static_cast<double>(m) * 0x1p-40);
    numbers.push_back(i % 2 == 0 ? 0x1p50 : -0x1p50);
    absolute += std::fabs(numbers[numbers.size() - 2]) + 0x1p50;
  }
  const double want = static_cast<double>(exact) * 0x1p-40;
  constexpr double kUnit = 0x1p-53;
  const double n_u = 2 * kCount * kUnit;
  EXPECT_LE(std::fabs(SumInOrder(numbers) - want),
            kUnit * std::fabs(want) + n_u * n_u * absolute * 1.001);
  double plain = 0.0;
  for (const double x : numbers) plain += x;
  EXPECT_GT(std::fabs(plain - want), 1.0);  // What it is there for.
}

}  // namespace
}  // namespace fivek
