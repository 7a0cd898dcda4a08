#include "fivek/base/special.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "fivek/base/real.h"
#include "gtest/gtest.h"

namespace fivek {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kLeast = std::numeric_limits<double>::denorm_min();

// ---- Known values, worked out in 50 digits and more -------------------------

struct GammaRow {
  double x, log_gamma, digamma, trigamma;
};
struct PairRow {
  double a, b;
  double log_beta, log_gamma_rise, digamma_rise;
};
struct BetaRow {
  double x, a, b, lower, upper;
};
struct QuantileRow {
  double q, a, b, x;
};
struct NormalRow {
  double from, to;
};
// clang-format off
constexpr GammaRow kGamma[] = {
    {1e-300, 690.77552789821371, -9.9999999999999997e+299, kInfinity},
    {0.001, 6.9071788853838537, -1000.5755719318103, 1000001.6425331958},
    {0.1, 2.2527126517342059, -10.423754940411076, 101.43329915079275},
    {0.5, 0.57236494292470009, -1.9635100260214235, 4.9348022005446793},
    {1.4616321449683622, -0.12148629053584961, -9.2412655217294275e-17, 0.96767224544762125},
    {1.5, -0.12078223763524522, 0.036489973978576521, 0.93480220054467931},
    {2.5, 0.28468287047291916, 0.70315664064524319, 0.49035775610023486},
    {3.99, 1.7792124970502047, 1.2532754293946024, 0.28462560259345516},
    {7.25, 7.0521854507385394, 1.910453526883736, 0.14787923315893217},
    {11.999, 17.499865227646106, 2.4425747743291192, 0.086909420732240824},
    {12.0, 17.502307845873886, 2.442661679975812, 0.086901872871768391},
    {30.5, 72.953471184169408, 3.4012436689616611, 0.033330248112801609},
    {1000.0, 5905.2204232091812, 6.9072551956488121, 0.0010005001666666333},
    {100000000.0, 1742068066.1038347, 18.420680738952365, 1.000000005e-8},
    {1000000000000000.0, 3.3538776394910669e+16, 34.538776394910685, 1.0000000000000005e-15},
};
constexpr PairRow kPairs[] = {
    {0.001, 0.001, 7.6009008170083474, -0.69372193162449372, 500.00164133545687},
    {0.001, 1000000000000.0, 6.8795478642679256, 2.6631021115908772e+13, 1028.2065930477383},
    {0.5, 0.5, 1.1447298858494002, -0.57236494292470009, 1.3862943611198906},
    {4.316, 0.2153, 1.1512043241605267, 0.29486961525029593, 0.054595136520647963},
    {2.0, 3.0, -2.4849066497880003, 3.1780538303479456, 1.0833333333333333},
    {3.448458042358033, 5.083720464133348, -5.1667923581846198, 8.471709969618898, 0.99811588060358533},
    {11.5, 12.5, -16.580327579260687, 35.314675091197132, 0.75883671664952573},
    {100.0, 0.001, 6.9025787185060491, 0.0046001668778045851, 1.0050116161172019e-5},
    {100000.0, 300000.0, -224938.75152978362, 3708394.6907912192, 1.3862981111277031},
    {100000000.0, 0.7, -12.633609273184988, 12.894476519716655, 7.0000000104999995e-9},
    {4144208994.5, 3240303302.25, -5063093343.6274065, 72781974215.256538, 0.57767293742550379},
    {1000000000000.0, 1000000000000.0, -1.3862943611324406e+12, 2.8017315477048092e+13, 0.69314718056019531},
    {1000000000000.0, 0.001, 6.8795478642679256, 0.027631021115928049, 1.0000000000004995e-15},
};
constexpr BetaRow kBeta[] = {
    {0.25, 2.0, 3.0, 0.26171875, 0.73828125},
    {0.5, 0.5, 0.5, 0.5, 0.5},
    {0.9, 0.01, 7.0, 0.99999999983969729, 1.6030271248703956e-10},
    {0.001, 0.001, 0.001, 0.49655933563910564, 0.50344066436089436},
    {0.73, 1.0065, 0.0016, 0.0020787812453790759, 0.99792121875462092},
    {0.3, 20.0, 40.0, 0.29982167525229308, 0.70017832474770692},
    {0.34, 400.0, 800.0, 0.68969860892711075, 0.31030139107288925},
    {0.5, 600.0, 600.0, 0.5, 0.5},
    {0.497, 9000.0, 9000.0, 0.2104154557494868, 0.7895845442505132},
    {0.2, 4000.0, 14000.0, 9.7778333409154232e-14, 0.99999999999990222},
    {1e-09, 0.001, 1000.0, 0.98684764068255219, 0.01315235931744781},
    {2.5e-11, 3.5, 100000000000.0, 0.34003677032097251, 0.65996322967902749},
    {0.99, 5000.0, 40.0, 0.057246078438145147, 0.94275392156185485},
    {1e-06, 1000.0, 1000000000.0, 0.50421785248425957, 0.49578214751574043},
};
constexpr QuantileRow kQuantiles[] = {
    {0.05, 5.0, 27.0, 0.065780470546017741},
    {0.95, 5.0, 27.0, 0.27137118155751469},
    {0.05, 12.0, 10.0, 0.37190113708124509},
    {0.5, 0.5, 0.5, 0.5},
    {0.95, 0.001, 2.0, 1.9477257662454688e-23},
    {0.5, 0.01, 0.01, 0.5},
    {0.05, 2.0, 1000000000000.0, 3.5536151069842124e-13},
    {0.95, 0.001, 1000000000000.0, 2.9735875496481958e-35},
    {0.95, 1.2, 240000000000.0, 1.4052763640367743e-11},
    {1e-12, 3.0, 4.0, 3.684133294738866e-5},
    {0.999999, 50.0, 2000.0, 0.043987092506406178},
    {0.05, 700.0, 2100.0, 0.23664423344175103},
    {0.95, 700.0, 2100.0, 0.26355884136420419},
    {0.05, 30000.0, 10000.0, 0.74643173304160429},
    {0.95, 1000000.0, 3000000.0, 0.25035619226880875},
};
constexpr NormalRow kNormal[] = {
    {-37.5, 4.6053530095819548e-308},
    {-20.25, 1.77619986494957e-91},
    {-8.0, 6.2209605742717841e-16},
    {-4.1, 2.0657506912546771e-5},
    {-2.0, 0.022750131948179207},
    {-1.76, 0.039203903287482651},
    {-1.74, 0.040929508978807368},
    {-1.0, 0.15865525393145705},
    {-0.001, 0.49960105778608894},
    {0.0, 0.5},
    {1e-10, 0.50000000003989423},
    {0.5, 0.6914624612740131},
    {1.5, 0.93319279873114193},
    {3.0, 0.99865010196836991},
    {8.0, 0.99999999999999938},
};
constexpr NormalRow kNormalQuantiles[] = {
    {5e-324, -38.467405617144346},
    {1e-300, -37.047096299361199},
    {1e-20, -9.2623400897984076},
    {0.001, -3.0902323061678135},
    {0.025, -1.9599639845400542},
    {0.04, -1.75068607125217},
    {0.05, -1.6448536269514727},
    {0.25, -0.67448975019608174},
    {0.4999, -0.00025066283008800749},
    {0.75, 0.67448975019608174},
    {0.95, 1.6448536269514723},
    {0.975, 1.9599639845400539},
    {0.9999999, 5.1993375822906611},
};
// clang-format on

double RelativelyOff(double got, double want) {
  return std::abs(got - want) / std::abs(want);
}

TEST(SpecialTest, GammaFunctions) {
  for (const GammaRow& row : kGamma) {
    SCOPED_TRACE(row.x);
    EXPECT_NEAR(LogGamma(row.x), row.log_gamma,
                1e-14 + 1e-15 * std::abs(row.log_gamma));
    EXPECT_NEAR(Digamma(row.x), row.digamma,
                1e-14 + 2e-15 * std::abs(row.digamma));
    if (std::isfinite(row.trigamma)) {
      EXPECT_LE(RelativelyOff(Trigamma(row.x), row.trigamma), 2e-15);
    }
  }
  EXPECT_EQ(LogGamma(1.0), 0.0);
  EXPECT_EQ(LogGamma(2.0), 0.0);
  EXPECT_EQ(LogGamma(kInfinity), kInfinity);
}

TEST(SpecialTest, PairFunctions) {
  for (const PairRow& row : kPairs) {
    SCOPED_TRACE(testing::Message() << row.a << " and " << row.b);
    EXPECT_NEAR(LogBeta(row.a, row.b), row.log_beta,
                2e-14 + 1e-15 * std::abs(row.log_beta));
    EXPECT_EQ(LogBeta(row.a, row.b), LogBeta(row.b, row.a));
    EXPECT_NEAR(LogGammaRise(row.a, row.b), row.log_gamma_rise,
                2e-14 + 2e-15 * std::abs(row.log_gamma_rise));
    EXPECT_LE(RelativelyOff(DigammaRise(row.a, row.b), row.digamma_rise),
              4e-15);
  }
  EXPECT_EQ(LogGammaRise(3.0, 0.0), 0.0);
  EXPECT_EQ(DigammaRise(3.0, 0.0), 0.0);
}

TEST(SpecialTest, Beta) {
  for (const BetaRow& row : kBeta) {
    SCOPED_TRACE(testing::Message() << row.x << ": " << row.a << ", " << row.b);
    // What an error of 2^-52 in x makes of it.
    const double density =
        Exp((row.a - 1.0) * Log(row.x) + (row.b - 1.0) * Log1p(-row.x) -
            LogBeta(row.a, row.b));
    const double of_x = row.x * density * 0x1p-52;
    EXPECT_NEAR(RegularizedBeta(row.x, row.a, row.b), row.lower,
                1e-11 * row.lower + of_x);
    if (row.x == 0.25 || row.x == 0.5) {  // 1 - x is exact.
      EXPECT_NEAR(RegularizedBeta(1.0 - row.x, row.b, row.a), row.upper,
                  1e-11 * row.upper + of_x);
    }
  }
}

TEST(SpecialTest, BetaQuantiles) {
  for (const QuantileRow& row : kQuantiles) {
    SCOPED_TRACE(testing::Message() << row.q << ": " << row.a << ", " << row.b);
    EXPECT_LE(RelativelyOff(BetaQuantile(row.q, row.a, row.b), row.x), 1e-11);
  }
  // 10^-1001 is no double.
  EXPECT_EQ(BetaQuantile(0.05, 1e-3, 1e-3), 0.0);
  EXPECT_GE(BetaQuantile(0.95, 1e-3, 1e-3), 1.0 - 0x1p-53);
}

TEST(SpecialTest, Normal) {
  for (const NormalRow& row : kNormal) {
    EXPECT_LE(RelativelyOff(NormalCdf(row.from), row.to), 2e-14) << row.from;
  }
  for (const NormalRow& row : kNormalQuantiles) {
    EXPECT_NEAR(NormalQuantile(row.from), row.to,
                1e-14 * (1.0 + std::abs(row.to)))
        << row.from;
  }
  EXPECT_EQ(NormalCdf(-kInfinity), 0.0);
  EXPECT_EQ(NormalCdf(kInfinity), 1.0);
  EXPECT_EQ(NormalQuantile(0.0), -kInfinity);
  EXPECT_EQ(NormalQuantile(1.0), kInfinity);
  EXPECT_EQ(NormalQuantile(0.5), 0.0);
}

// ---- Properties -------------------------------------------------------------

// From one number up to another, each by the same factor above the last.
std::vector<double> Sizes(double from, double to, double factor) {
  std::vector<double> all;
  while (from < to) {
    all.push_back(from);
    from *= factor;
  }
  return all;
}

TEST(SpecialTest, Recurrences) {
  for (const double x : Sizes(1e-3, 1e6, 1.37)) {
    SCOPED_TRACE(x);
    const double step = LogGamma(x + 1.0) - LogGamma(x);
    EXPECT_NEAR(step, Log(x), 2e-14 + 2e-15 * std::abs(LogGamma(x + 1.0)));
    EXPECT_NEAR(Digamma(x + 1.0) - Digamma(x), 1.0 / x, 3e-14 + 1e-14 / x);
    EXPECT_LE(RelativelyOff(DigammaRise(x, 1.0), 1.0 / x), 4e-15);
    EXPECT_NEAR(Trigamma(x) - Trigamma(x + 1.0), 1.0 / x / x,
                1e-14 * Trigamma(x));
  }
}

// A beta of whole numbers is a sum of binomial probabilities.
TEST(SpecialTest, BetaOfWholeNumbersIsABinomialTail) {
  for (int a = 1; a <= 9; ++a) {
    for (int b = 1; b <= 9; ++b) {
      const int n = a + b - 1;
      for (const double x : {0.01, 0.125, 0.3, 0.5, 0.71, 0.9, 0.999}) {
        double tail = 0.0;
        double choose = 1.0;
        for (int k = 0; k <= n; ++k) {
          if (k >= a) {
            double term = choose;
            for (int i = 0; i < k; ++i) term *= x;
            for (int i = k; i < n; ++i) term *= 1.0 - x;
            tail += term;
          }
          choose = choose * (n - k) / (k + 1);
        }
        EXPECT_NEAR(RegularizedBeta(x, a, b), tail, 1e-14)
            << x << ": " << a << ", " << b;
      }
    }
  }
}

// Every shape of the range: ends in a bounded number of steps, is between 0 and
// 1, rises with q and is the quantile.
TEST(SpecialTest, QuantilesOfAllShapes) {
  for (const double a : Sizes(1e-3, 2e12, 31.0)) {
    for (const double b : Sizes(1e-3, 2e12, 31.0)) {
      SCOPED_TRACE(testing::Message() << a << ", " << b);
      double before = 0.0;
      for (const double q : {1e-300, 1e-9, 0.05, 0.3, 0.5, 0.95, 0.999999}) {
        const double x = BetaQuantile(q, a, b);
        ASSERT_LE(before, x);
        ASSERT_LE(x, 1.0);
        before = x;
        // Where doubles are dense enough, that of the quantile is near.
        const double up = std::min(x + 4e-16 * x, 1.0);
        const double down = x - 4e-16 * x;
        EXPECT_LE(RegularizedBeta(down, a, b), q * (1.0 + 1e-11) + 1e-300);
        if (x > 1e-300 && x < 1.0 - 1e-15) {
          EXPECT_GE(RegularizedBeta(up, a, b), q * (1.0 - 1e-11));
        }
      }
    }
  }
}

TEST(SpecialTest, BetaRisesAndEnds) {
  for (const double a : {1e-3, 0.7, 1.0, 5.0, 499.0, 501.0, 1e6}) {
    for (const double b : {1e-3, 0.7, 1.0, 5.0, 499.0, 501.0, 1e6}) {
      EXPECT_EQ(RegularizedBeta(0.0, a, b), 0.0);
      EXPECT_EQ(RegularizedBeta(1.0, a, b), 1.0);
      double before = 0.0;
      for (int i = 0; i <= 200; ++i) {
        const double now = RegularizedBeta(i / 200.0, a, b);
        ASSERT_GE(now, before - 1e-13);
        ASSERT_LE(now, 1.0);
        before = now;
      }
    }
  }
}

TEST(SpecialTest, NormalRoundTripAndMirror) {
  for (int i = 0; i < 260; ++i) {
    const double x = -37.0 + 0.173 * i;
    const double p = NormalCdf(x);
    EXPECT_NEAR(p + NormalCdf(-x), 1.0, 1e-15);
    if (x > 5.0) continue;
    EXPECT_NEAR(NormalQuantile(p), x, 1e-9 * (1.0 + std::abs(x)));
  }
  for (const double q : {0.25, 0.125, 0.4375, 0x1p-20}) {
    EXPECT_EQ(NormalQuantile(1.0 - q), -NormalQuantile(q));
  }
}

TEST(SpecialTest, TheSameBitsOnEveryMachine) {
  uint64_t hash = 0xCBF29CE484222325;
  const auto add = [&hash](double result) {
    uint64_t bits;
    std::memcpy(&bits, &result, sizeof bits);
    hash = (hash ^ bits) * 0x100000001B3;
  };
  for (const double a : Sizes(1e-3, 2e12, 17.0)) {
    add(LogGamma(a));
    add(Digamma(a));
    add(Trigamma(a));
    for (const double b : Sizes(1e-3, 2e12, 17.0)) {
      add(LogBeta(a, b));
      add(LogGammaRise(a, b));
      add(DigammaRise(a, b));
      add(RegularizedBeta(0.3, a, b));
      add(BetaQuantile(0.05, a, b));
    }
  }
  for (int i = 1; i < 100; ++i) {
    add(NormalQuantile(0.01 * i));
    add(NormalCdf(0.3 * i - 15.0));
  }
  EXPECT_EQ(hash, 12290924457220563653U);
}

TEST(SpecialTest, OutsideTheRangesThereIsNoNumber) {
  for (const double bad : {0.0, -1.0, -kInfinity, kNaN}) {
    EXPECT_TRUE(std::isnan(LogGamma(bad)));
    EXPECT_TRUE(std::isnan(Digamma(bad)));
    EXPECT_TRUE(std::isnan(Trigamma(bad)));
    EXPECT_TRUE(std::isnan(LogGammaRise(bad, 1.0)));
    EXPECT_TRUE(std::isnan(DigammaRise(bad, 1.0)));
  }
  for (const double bad : {0.0, -1.0, 2e15, kInfinity, kNaN}) {
    EXPECT_TRUE(std::isnan(LogBeta(bad, 1.0)));
    EXPECT_TRUE(std::isnan(LogBeta(1.0, bad)));
    EXPECT_TRUE(std::isnan(RegularizedBeta(0.5, bad, 1.0)));
    EXPECT_TRUE(std::isnan(BetaQuantile(0.5, 1.0, bad)));
  }
  for (const double bad : {-kLeast, -1.0, 1.1, kInfinity, kNaN}) {
    EXPECT_TRUE(std::isnan(RegularizedBeta(bad, 1.0, 1.0)));
    EXPECT_TRUE(std::isnan(BetaQuantile(bad, 1.0, 1.0)));
    EXPECT_TRUE(std::isnan(NormalQuantile(bad)));
  }
  EXPECT_TRUE(std::isnan(LogGammaRise(1.0, -1.0)));
  EXPECT_TRUE(std::isnan(DigammaRise(1.0, kNaN)));
  EXPECT_TRUE(std::isnan(NormalCdf(kNaN)));
}

// The least numbers and the largest: an answer, in time.
TEST(SpecialTest, TheEndsOfTheRange) {
  for (const double a : {kLeast, 1e-300, 1e-9, 1.0, 1e9, kMostBeta}) {
    for (const double b : {kLeast, 1e-300, 1e-9, 1.0, 1e9, kMostBeta}) {
      for (const double x : {0.0, kLeast, 1e-9, 0.5, 1.0 - 0x1p-53, 1.0}) {
        const double p = RegularizedBeta(x, a, b);
        EXPECT_TRUE(p >= 0.0 && p <= 1.0) << x << ": " << a << ", " << b;
        const double quantile = BetaQuantile(x, a, b);
        EXPECT_TRUE(quantile >= 0.0 && quantile <= 1.0)
            << x << ": " << a << ", " << b;
      }
    }
  }
}

}  // namespace
}  // namespace fivek
