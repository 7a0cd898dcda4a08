#include "fivek/accounts/lifetime_value.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "bench/seeded.h"
#include "fivek/base/calendar.h"
#include "fivek/base/real.h"
#include "fivek/base/reason.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/accounts/cdnow.h"
#include "tests/history/reference.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using bench::SplitMix64;
using testing::HasSubstr;

using Counts = std::vector<int64_t>;
using Numbers = std::vector<double>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// What the paper published.
constexpr BgNbd kPaper = {0.243, 4.414, 0.793, 2.426};
constexpr GammaGamma kPaperValue = {6.25, 3.74, 15.44};

MATCHER_P2(IsWithin, want, relative, "") {
  *result_listener << "off by " << (arg - want) / std::fabs(want)
                   << " of itself";
  return std::fabs(arg - want) <= relative * std::fabs(want);
}

// ---- Data -------------------------------------------------------------------

struct Buyers {
  Counts frequency;
  Numbers recency, age;

  void Add(const BuyerHistory& h) {
    frequency.push_back(h.frequency);
    recency.push_back(h.recency);
    age.push_back(h.age);
  }
  size_t size() const { return age.size(); }
  BuyerHistory at(size_t i) const { return {frequency[i], recency[i], age[i]}; }
  BuyerColumns all() const { return {frequency, recency, age}; }
};

struct Spenders {
  Counts frequency;
  Numbers mean;
  SpendColumns all() const { return {frequency, mean}; }
};

// The calibration half, in weeks and dollars.
struct CdnowBuyers {
  Buyers buyers;
  Spenders spenders;
};
CdnowBuyers CalibrationOf(const Cdnow& cdnow, double days_per_unit = 7.0,
                          double cents = 100.0) {
  CdnowBuyers all;
  const PurchaseSummary s =
      *SummarizePurchases(cdnow.rows(), *ParseDay("1997-09-30"));
  for (const CustomerPurchases& c : s.customers) {
    all.buyers.Add(*HistoryOf(c, days_per_unit));
    all.spenders.frequency.push_back(c.frequency());
    all.spenders.mean.push_back(c.mean_repeat().value_or(0.0) / cents);
  }
  return all;
}

// A number in (0, 1).
double Uniform(SplitMix64* random) {
  return (static_cast<double>(random->Next() >> 11) + 0.5) * 0x1p-53;
}

// Customers who buy as a BG/NBD with r = 1 (exponential rates) and a = 1 (so
// that p = 1 - u^(1/b)) says.
Buyers MadeBuyers(uint64_t seed, int n, double alpha, double b) {
  SplitMix64 random(seed);
  Buyers made;
  for (int i = 0; i < n; ++i) {
    const double rate = -std::log(Uniform(&random)) / alpha;
    const double p = 1.0 - std::pow(Uniform(&random), 1.0 / b);
    BuyerHistory h;
    h.age = std::floor(20.0 + 32.0 * Uniform(&random));
    double now = 0.0;
    do {  // Nobody leaves at the purchase that makes a customer.
      now += -std::log(Uniform(&random)) / rate;
      if (!(now < h.age)) break;
      ++h.frequency;
      h.recency = now;
    } while (Uniform(&random) >= p);
    made.Add(h);
  }
  return made;
}

template <typename T>
std::vector<T> Picked(const std::vector<T>& all,
                      const std::vector<size_t>& order) {
  std::vector<T> picked;
  for (const size_t i : order) picked.push_back(all[i]);
  return picked;
}

std::vector<size_t> Shuffled(size_t n, uint64_t seed) {
  SplitMix64 random(seed);
  std::vector<size_t> order(n);
  std::iota(order.begin(), order.end(), size_t{0});
  for (size_t i = n; i > 1; --i) {
    std::swap(order[i - 1], order[random.Below(static_cast<uint32_t>(i))]);
  }
  return order;
}

uint64_t BitsOf(double x) {
  uint64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}

std::array<uint64_t, 13> BitsOf(const BgNbdFit& fit) {
  return {BitsOf(fit.r.value),
          BitsOf(fit.alpha.value),
          BitsOf(fit.a.value),
          BitsOf(fit.b.value),
          BitsOf(fit.r.standard_error),
          BitsOf(fit.alpha.standard_error),
          BitsOf(fit.a.standard_error),
          BitsOf(fit.b.standard_error),
          BitsOf(fit.r.low),
          BitsOf(fit.b.high),
          BitsOf(fit.quality.log_likelihood),
          BitsOf(fit.quality.gradient),
          static_cast<uint64_t>(fit.quality.steps)};
}

double LikelihoodOf(const BgNbd& model, const Buyers& buyers) {
  RunningSum sum;
  for (size_t i = 0; i < buyers.size(); ++i) {
    sum.Add(*LogLikelihoodOf(model, buyers.at(i)));
  }
  return sum.Total();
}

double LikelihoodOf(const GammaGamma& model, const Spenders& spenders) {
  RunningSum sum;
  for (size_t i = 0; i < spenders.mean.size(); ++i) {
    if (spenders.frequency[i] == 0) continue;
    sum.Add(*LogLikelihoodOf(model, spenders.frequency[i], spenders.mean[i]));
  }
  return sum.Total();
}

// ---- Predictions, worked out in 120 digits ----------------------------------

struct OutlookRow {
  BgNbd model;
  BuyerHistory history;
  double horizon, alive, expected;
};
// clang-format off
const OutlookRow kOutlooks[] = {
    {{0.243, 4.414, 0.793, 2.426}, {2, 30.43, 38.86}, 39.0, 0.72657857008067291, 1.2260281747671445},
    {{0.243, 4.414, 0.793, 2.426}, {0, 0.0, 38.86}, 39.0, 1.0, 0.19509805201126264},
    {{0.243, 4.414, 0.793, 2.426}, {26, 30.86, 31.0}, 52.0, 0.96891564971752507, 25.758195936483514},
    {{0.243, 4.414, 0.793, 2.426}, {2, 30.43, 38.86}, 0.001, 0.72657857008067291, 3.766017595015737e-5},
    {{0.243, 4.414, 0.793, 2.426}, {2, 30.43, 38.86}, 10000.0, 0.72657857008067291, 24.644526554713102},
    {{0.243, 4.414, 0.793, 2.426}, {2, 30.43, 38.86}, 1000000.0, 0.72657857008067291, 87.328040046510504},
    {{0.243, 4.414, 0.793, 2.426}, {0, 0.0, 0.0}, 1000000000.0, 1.0, 256.25492550312434},
    {{0.243, 4.414, 1.0, 2.426}, {2, 30.43, 38.86}, 39.0, 0.67817561485440387, 1.1021367860399558},
    {{0.243, 4.414, 1.0, 2.426}, {2, 30.43, 38.86}, 100000.0, 0.67817561485440387, 20.845869977573673},
    {{0.243, 4.414, 1.0, 2.426}, {0, 0.0, 10.0}, 39.0, 1.0, 0.47595262143326615},
    {{0.243, 4.414, 1.0000001, 2.426}, {2, 30.43, 38.86}, 39.0, 0.67817559302905953, 1.1021367314169068},
    {{2.5, 10.0, 0.01, 1.5}, {7, 29.43, 38.86}, 100000.0, 0.98987897841868397, 17973.305736238435},
    {{50.0, 40.0, 30.0, 20.0}, {12, 20.0, 38.0}, 100000.0, 8.9074328574663418e-8, 1.8736324286394719e-7},
    {{50.0, 40.0, 30.0, 20.0}, {12, 20.0, 38.0}, 300.0, 8.9074328574663418e-8, 1.8736324286394719e-7},
    {{1000.0, 1000.0, 2.0, 1000.0}, {100, 300.0, 365.0}, 1000000.0, 2.7023320983834195e-21, 2.971208250708317e-18},
    {{0.5, 2.0, 5.0, 0.5}, {1, 3.0, 4.0}, 10000000.0, 0.070694652969289795, 0.097205147745455057},
    {{0.5, 2.0, 5.0, 0.5}, {0, 0.0, 4.0}, 10000000.0, 1.0, 1.12406427991479},
    {{1.2, 3.0, 0.05, 0.3}, {1000, 3000.0, 3650.0}, 3650.0, 1.2713720573414388e-81, 1.2475640412477272e-78},
    {{1.2, 3.0, 0.05, 0.3}, {1000, 3000.0, 3650.0}, 1000000.0, 1.2713720573414388e-81, 2.7664299908518334e-76},
    {{1e-06, 0.001, 0.001, 0.001}, {1, 1.0, 2.0}, 1000.0, 0.33344421647243102, 165.60686219590271},
    {{1e-06, 0.001, 0.001, 0.001}, {1, 1.0, 2.0}, 10.0, 0.33344421647243102, 1.6634109515946429},
};
// clang-format on

TEST(OutlookTest, Known) {
  for (const OutlookRow& row : kOutlooks) {
    SCOPED_TRACE(testing::Message() << row.history.frequency << " "
                                    << row.horizon << " " << row.model.a);
    const Outlook o = *OutlookOf(row.model, row.history, row.horizon);
    EXPECT_THAT(o.alive, IsWithin(row.alive, 2e-13));
    EXPECT_THAT(o.expected, IsWithin(row.expected, 2e-13));
  }
}

TEST(OutlookTest, Published) {
  const BuyerHistory h = {2, 30.43, 38.86};
  EXPECT_THAT(*LogLikelihoodOf(kPaper, h), IsWithin(-9.45860630706627, 1e-14));
  const Outlook o = *OutlookOf(kPaper, h, 39.0);
  EXPECT_THAT(o.alive, IsWithin(0.726578570080673, 1e-14));
  EXPECT_THAT(o.expected, IsWithin(1.2260281747671444, 1e-14));
  EXPECT_NEAR(o.since, 8.43, 1e-14);
  EXPECT_THAT(o.gap, IsWithin((4.414 + 30.43) / 2.243, 1e-15));
  EXPECT_EQ(o.due, OrderDue::kNotYet);
  EXPECT_THAT(o.waits, IsWithin(std::pow(34.844 / 43.274, 2.243), 1e-14));
}

// By its definition: the mean over what customers there are, of a beta, in
// steps of ln(p / (1 - p)), and of the derivative in time, whose integral is
// what is expected.
TEST(OutlookTest, AsByIntegral) {
  for (const BgNbd& model :
       {kPaper, BgNbd{2.0, 10.0, 1.0, 3.0}, BgNbd{0.7, 3.0, 2.5, 0.4}}) {
    for (const BuyerHistory& h :
         {BuyerHistory{0, 0.0, 12.0}, BuyerHistory{3, 9.0, 12.0}}) {
      for (const double t : {0.5, 30.0, 3e4}) {
        const double x = static_cast<double>(h.frequency);
        const double stay = model.b + x;
        const double tau = t / (model.alpha + h.age);
        double sum = 0.0;
        double all = 0.0;
        for (double u = -300.0; u < 300.0; u += 0.01) {
          const double p = 1.0 / (1.0 + std::exp(-u));
          const double w =
              std::exp(model.a * std::log(p) - stay * std::log1p(std::exp(u)));
          all += w;
          sum += w * -std::expm1(-(model.r + x) * std::log1p(p * tau)) / p;
        }
        const Outlook o = *OutlookOf(model, h, t);
        EXPECT_THAT(o.expected, IsWithin(o.alive * sum / all, 1e-9));
      }
    }
  }
}

// The two ways to compute it meet where one takes over from the other.
TEST(OutlookTest, RisesWithTimeWithoutASeam) {
  for (const BgNbd& model :
       {kPaper, BgNbd{2.0, 10.0, 1.0, 3.0}, BgNbd{30.0, 20.0, 0.2, 8.0},
        BgNbd{0.5, 5.0, 40.0, 60.0}}) {
    for (const BuyerHistory& h :
         {BuyerHistory{0, 0.0, 12.0}, BuyerHistory{9, 9.0, 12.0}}) {
      double before = 0.0;
      double slope_before = kInfinity;
      for (double t = 1.0; t < 5000.0; t += 1.0) {
        const double now = OutlookOf(model, h, t)->expected;
        const double slope = now - before;
        EXPECT_GE(slope, -1e-12 * now);
        EXPECT_LE(slope, slope_before + 1e-11 * now) << t;
        before = now;
        slope_before = slope;
      }
      EXPECT_EQ(OutlookOf(model, h, 0.0)->expected, 0.0);
    }
  }
}

TEST(OutlookTest, NewCustomers) {
  // A customer of today who has not bought again yet is a new one.
  for (const double t : {0.0, 1.0, 39.0, 1e6}) {
    EXPECT_EQ(*ExpectedOfNew(kPaper, t),
              OutlookOf(kPaper, {0, 0.0, 0.0}, t)->expected);
  }
  // (a + b - 1) / (a - 1) x (1 - (alpha / (alpha + t))^r x 2F1)
  EXPECT_THAT(*ExpectedOfNew(kPaper, 1e9), IsWithin(256.25492550312434, 1e-13));
}

TEST(OutlookTest, Due) {
  // One who bought often and is silent since.
  const BuyerHistory lost = {20, 20.0, 60.0};
  Outlook o = *OutlookOf(kPaper, lost, 39.0);
  EXPECT_LT(o.alive, 0.01);
  EXPECT_EQ(o.due, OrderDue::kOverdue);
  o = *OutlookOf(kPaper, {20, 20.0, 21.0}, 39.0);
  EXPECT_EQ(o.due, OrderDue::kNotYet);
  o = *OutlookOf(kPaper, {20, 20.0, 21.5}, 39.0);
  EXPECT_GT(o.since, o.gap);
  EXPECT_GT(o.alive, 0.5);
  EXPECT_EQ(o.due, OrderDue::kLate);
  // Bought once: alive for certain by this model, however long ago.
  o = *OutlookOf(kPaper, {0, 0.0, 500.0}, 39.0);
  EXPECT_EQ(o.alive, 1.0);
  EXPECT_EQ(o.due, OrderDue::kLate);
  EXPECT_THAT(o.gap, IsWithin(4.414 / 0.243, 1e-15));
  // Most leave after a purchase: alive below 1/2, and yet nothing is due.
  o = *OutlookOf({1.0, 10.0, 5.0, 1.0}, {1, 10.0, 10.5}, 39.0);
  EXPECT_LT(o.alive, 0.5);
  EXPECT_EQ(o.due, OrderDue::kNotYet);
}

// Weeks or days: only the unit of alpha and of times.
TEST(OutlookTest, UnitFree) {
  const BgNbd by_day = {kPaper.r, kPaper.alpha * 7.0, kPaper.a, kPaper.b};
  for (const int64_t x : {0, 1, 5}) {
    const double recency = x == 0 ? 0.0 : 20.0;
    const Outlook weeks = *OutlookOf(kPaper, {x, recency, 30.0}, 52.0);
    const Outlook days = *OutlookOf(by_day, {x, recency * 7.0, 210.0}, 364.0);
    EXPECT_THAT(days.alive, IsWithin(weeks.alive, 1e-14));
    EXPECT_THAT(days.expected, IsWithin(weeks.expected, 1e-13));
    EXPECT_THAT(days.gap, IsWithin(weeks.gap * 7.0, 1e-14));
    EXPECT_EQ(days.due, weeks.due);
  }
}

TEST(ExpectedValueTest, Reference) {
  const auto cases = ReferenceCases("segmentation", "gamma_gamma");
  FIVEK_NEEDS_REFERENCE(cases);
  for (const auto& one : cases) {
    const auto& in = one.at("input");
    const auto& want = one.at("expected");
    const double tolerance = one.at("rel_tol");
    const GammaGamma model = {in.at("p"), in.at("q"), in.at("v")};
    for (size_t i = 0; i < in.at("x").size(); ++i) {
      const int64_t x = in.at("x")[i];
      const double mean = in.at("mean_value")[i];
      EXPECT_THAT(
          *ExpectedValue(model, x, mean),
          IsWithin(want.at("expected_value")[i].get<double>(), tolerance));
      if (x == 0) continue;
      EXPECT_THAT(
          *LogLikelihoodOf(model, x, mean),
          IsWithin(want.at("log_likelihood")[i].get<double>(), tolerance));
    }
    EXPECT_THAT(*ExpectedValue(model, 0, kNaN),
                IsWithin(want.at("population_mean").get<double>(), tolerance));
  }
}

TEST(ExpectedValueTest, HeavyTailsHaveNoMean) {
  EXPECT_EQ(*ExpectedValue({2.0, 1.0, 5.0}, 0, 0.0), kInfinity);
  EXPECT_EQ(*ExpectedValue({2.0, 0.5, 5.0}, 0, 0.0), kInfinity);
  EXPECT_EQ(*ExpectedValue({0.2, 0.5, 5.0}, 1, 3.0), kInfinity);
  EXPECT_THAT(*ExpectedValue({2.0, 0.5, 5.0}, 1, 3.0),
              IsWithin(2.0 * 8.0 / 1.5, 1e-15));
  EXPECT_EQ(*LifetimeValue(kPaper, {2, 30.43, 38.86}, kInfinity, {}),
            kInfinity);
}

TEST(LifetimeValueTest, Published) {
  const BuyerHistory h = {2, 30.43, 38.86};
  LifetimeOptions options;
  options.month = 30.0 / 7.0;
  const double value = *ExpectedValue(kPaperValue, 2, 22.35);
  EXPECT_THAT(value, IsWithin(24.663713910761153, 1e-14));
  EXPECT_THAT(*LifetimeValue(kPaper, h, value, options),
              IsWithin(35.88165264756731, 1e-13));
  // A month without discount is what is expected in it.
  options.months = 1;
  options.monthly_discount = 0.0;
  EXPECT_THAT(
      *LifetimeValue(kPaper, h, 10.0, options),
      IsWithin(10.0 * OutlookOf(kPaper, h, 30.0 / 7.0)->expected, 1e-14));
  options.months = 12;
  EXPECT_THAT(
      *LifetimeValue(kPaper, h, 10.0, options),
      IsWithin(10.0 * OutlookOf(kPaper, h, 360.0 / 7.0)->expected, 1e-13));
  EXPECT_EQ(*LifetimeValue(kPaper, h, 0.0, options), 0.0);
}

// ---- Fits -------------------------------------------------------------------

TEST(FitBgNbdTest, Cdnow) {
  const Cdnow cdnow = ReadCdnow();
  FIVEK_NEEDS_CDNOW(cdnow);
  const Buyers buyers = CalibrationOf(cdnow).buyers;
  const BgNbdFit fit = *FitBgNbd(buyers.all());
  EXPECT_NEAR(fit.model.r, 0.2426, 5e-5);
  EXPECT_NEAR(fit.model.alpha, 4.4136, 5e-5);
  EXPECT_NEAR(fit.model.a, 0.7929, 5e-5);
  EXPECT_NEAR(fit.model.b, 2.4259, 5e-5);
  EXPECT_NEAR(fit.quality.log_likelihood, -9582.43, 5e-3);
  EXPECT_EQ(fit.quality.customers, 2357);
  EXPECT_EQ(fit.quality.repeaters, 946);
  EXPECT_LT(fit.quality.gradient, 1e-8);
  EXPECT_LT(fit.quality.steps, 20);
  EXPECT_EQ(LikelihoodOf(fit.model, buyers), fit.quality.log_likelihood);
  double expected = 0.0;
  for (size_t i = 0; i < buyers.size(); ++i) {
    expected += OutlookOf(fit.model, buyers.at(i), 39.0)->expected;
  }
  EXPECT_NEAR(expected, 1653.4, 0.05);

  // Weeks of two decimals, as published.
  const SharedCsv file =
      ReadSharedCsv("cdnow_sample/expected_summary_weeks.csv", ',');
  Buyers rounded;
  for (const auto& row : file.rows) {
    rounded.Add({std::stoll(row[1]), std::stod(row[2]), std::stod(row[3])});
  }
  const BgNbdFit of_file = *FitBgNbd(rounded.all());
  EXPECT_NEAR(of_file.model.r, 0.242593, 5e-7);
  EXPECT_NEAR(of_file.model.alpha, 4.413531, 1e-6);
  EXPECT_NEAR(of_file.model.a, 0.792886, 1e-6);
  EXPECT_NEAR(of_file.model.b, 2.425752, 2e-6);
  EXPECT_NEAR(of_file.quality.log_likelihood, -9582.42556, 5e-6);
}

TEST(FitGammaGammaTest, Cdnow) {
  const Cdnow cdnow = ReadCdnow();
  FIVEK_NEEDS_CDNOW(cdnow);
  Spenders spenders = CalibrationOf(cdnow).spenders;
  const GammaGammaFit exact = *FitGammaGamma(spenders.all());
  // Means in whole cents, as published.
  const PurchaseSummary summary =
      *SummarizePurchases(cdnow.rows(), *ParseDay("1997-09-30"));
  for (size_t i = 0; i < summary.customers.size(); ++i) {
    const CustomerPurchases& c = summary.customers[i];
    if (c.frequency() == 0) continue;
    const int64_t cents =
        (2 * c.repeat_total + c.frequency()) / (2 * c.frequency());
    spenders.mean[i] = static_cast<double>(cents) / 100.0;
  }
  const GammaGammaFit fit = *FitGammaGamma(spenders.all());
  EXPECT_NEAR(fit.model.p, 6.24880, 6e-6);
  EXPECT_NEAR(fit.model.q, 3.74459, 6e-6);
  EXPECT_NEAR(fit.model.v, 15.44775, 6e-5);
  EXPECT_NEAR(fit.quality.log_likelihood, -4055.92324, 6e-6);
  EXPECT_EQ(fit.quality.customers, 946);
  EXPECT_LT(fit.quality.gradient, 1e-8);
  // In cents: the same but for the unit.
  const GammaGammaFit in_cents =
      *FitGammaGamma(CalibrationOf(cdnow, 7.0, 1.0).spenders.all());
  EXPECT_THAT(in_cents.model.p, IsWithin(exact.model.p, 1e-9));
  EXPECT_THAT(in_cents.model.q, IsWithin(exact.model.q, 1e-9));
  EXPECT_THAT(in_cents.model.v, IsWithin(exact.model.v * 100.0, 1e-9));
}

TEST(FitBgNbdTest, FindsWhatMadeTheData) {
  const Buyers made = MadeBuyers(11, 20000, 8.0, 3.0);
  const BgNbdFit fit = *FitBgNbd(made.all());
  const double want[] = {1.0, 8.0, 1.0, 3.0};
  const FittedParameter got[] = {fit.r, fit.alpha, fit.a, fit.b};
  for (int i = 0; i < 4; ++i) {
    EXPECT_NEAR(got[i].value, want[i], 3.5 * got[i].standard_error) << i;
    EXPECT_LT(got[i].standard_error, 0.2 * want[i]);
    EXPECT_LT(got[i].low, got[i].value);
    EXPECT_GT(got[i].high, got[i].value);
    EXPECT_THAT(got[i].low * got[i].high,
                IsWithin(got[i].value * got[i].value, 1e-14));
  }
}

TEST(FitBgNbdTest, SameBitsInAnyOrder) {
  const Buyers made = MadeBuyers(3, 1000, 8.0, 3.0);
  const BgNbdFit fit = *FitBgNbd(made.all());
  for (uint64_t seed = 0; seed < 5; ++seed) {
    const std::vector<size_t> order = Shuffled(made.size(), seed);
    const Buyers other = {Picked(made.frequency, order),
                          Picked(made.recency, order), Picked(made.age, order)};
    EXPECT_EQ(BitsOf(*FitBgNbd(other.all())), BitsOf(fit));
  }
}

// Twice the customers: the same model, errors less by the root of 2.
TEST(FitBgNbdTest, UnitFreeAndTwiceTheCustomers) {
  const Buyers made = MadeBuyers(4, 800, 8.0, 3.0);
  const BgNbdFit fit = *FitBgNbd(made.all());
  Buyers twice = made;
  Buyers days;
  for (size_t i = 0; i < made.size(); ++i) {
    twice.Add(made.at(i));
    days.Add({made.frequency[i], made.recency[i] * 7.0, made.age[i] * 7.0});
  }
  const BgNbdFit of_twice = *FitBgNbd(twice.all());
  EXPECT_THAT(of_twice.model.r, IsWithin(fit.model.r, 1e-10));
  EXPECT_THAT(of_twice.model.b, IsWithin(fit.model.b, 1e-10));
  EXPECT_THAT(of_twice.a.standard_error * std::sqrt(2.0),
              IsWithin(fit.a.standard_error, 1e-8));
  EXPECT_THAT(of_twice.quality.log_likelihood,
              IsWithin(2.0 * fit.quality.log_likelihood, 1e-13));
  const BgNbdFit by_day = *FitBgNbd(days.all());
  EXPECT_THAT(by_day.model.r, IsWithin(fit.model.r, 1e-10));
  EXPECT_THAT(by_day.model.alpha, IsWithin(fit.model.alpha * 7.0, 1e-10));
  EXPECT_THAT(by_day.model.a, IsWithin(fit.model.a, 1e-10));
}

// Nothing near is better, and the errors are those of the curvature there, by
// differences of the likelihood alone.
TEST(FitBgNbdTest, IsTheMaximum) {
  const Buyers made = MadeBuyers(5, 400, 6.0, 2.0);
  const BgNbdFit fit = *FitBgNbd(made.all());
  const auto at = [&](const std::array<double, 4>& by) {
    return LikelihoodOf(
        {fit.model.r * std::exp(by[0]), fit.model.alpha * std::exp(by[1]),
         fit.model.a * std::exp(by[2]), fit.model.b * std::exp(by[3])},
        made);
  };
  SplitMix64 random(6);
  for (int i = 0; i < 300; ++i) {
    std::array<double, 4> by;
    const double size = std::pow(10.0, -3.0 * Uniform(&random));
    for (double& b : by) b = size * (2.0 * Uniform(&random) - 1.0) * 3.0;
    EXPECT_LT(at(by), fit.quality.log_likelihood);
  }
  constexpr double kStep = 1e-3;
  double information[4][4];
  for (size_t i = 0; i < 4; ++i) {
    for (size_t j = 0; j < 4; ++j) {
      double sum = 0.0;
      for (const double si : {-1.0, 1.0}) {
        for (const double sj : {-1.0, 1.0}) {
          std::array<double, 4> by = {};
          by[i] += si * kStep;
          by[j] += sj * kStep;
          sum += si * sj * at(by);
        }
      }
      information[i][j] = -sum / (4.0 * kStep * kStep);
    }
  }
  // Its inverse, by Gauss and Jordan.
  double inverse[4][4] = {};
  for (size_t i = 0; i < 4; ++i) inverse[i][i] = 1.0;
  for (size_t k = 0; k < 4; ++k) {
    const double pivot = information[k][k];
    for (size_t j = 0; j < 4; ++j) {
      information[k][j] /= pivot;
      inverse[k][j] /= pivot;
    }
    for (size_t i = 0; i < 4; ++i) {
      if (i == k) continue;
      const double factor = information[i][k];
      for (size_t j = 0; j < 4; ++j) {
        information[i][j] -= factor * information[k][j];
        inverse[i][j] -= factor * inverse[k][j];
      }
    }
  }
  const FittedParameter got[] = {fit.r, fit.alpha, fit.a, fit.b};
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_THAT(got[i].standard_error,
                IsWithin(got[i].value * std::sqrt(inverse[i][i]), 1e-3));
  }
}

TEST(FitGammaGammaTest, IsTheMaximumInAnyOrderAndUnit) {
  SplitMix64 random(8);
  Spenders made;
  for (int i = 0; i < 500; ++i) {
    const double own = 10.0 / Uniform(&random);
    const auto x = static_cast<int64_t>(random.Below(6));
    double total = 0.0;
    for (int64_t k = 0; k < x; ++k) {
      total += own * -std::log(Uniform(&random) * Uniform(&random));
    }
    made.frequency.push_back(x);
    made.mean.push_back(x == 0 ? -1.0 : total / static_cast<double>(x));
  }
  const GammaGammaFit fit = *FitGammaGamma(made.all());
  EXPECT_EQ(LikelihoodOf(fit.model, made), fit.quality.log_likelihood);
  // Of gamma(2) amounts; 1 / own is uniform, nearly a gamma of its own.
  EXPECT_NEAR(fit.model.p, 2.0, 4.0 * fit.p.standard_error);
  for (int i = 0; i < 300; ++i) {
    const double size = std::pow(10.0, -3.0 * Uniform(&random));
    const auto by = [&] {
      return std::exp(size * (2.0 * Uniform(&random) - 1.0) * 3.0);
    };
    const GammaGamma near = {fit.model.p * by(), fit.model.q * by(),
                             fit.model.v * by()};
    EXPECT_LT(LikelihoodOf(near, made), fit.quality.log_likelihood);
  }
  const std::vector<size_t> order = Shuffled(made.mean.size(), 2);
  const Spenders other = {Picked(made.frequency, order),
                          Picked(made.mean, order)};
  const GammaGammaFit again = *FitGammaGamma(other.all());
  EXPECT_EQ(BitsOf(again.model.p), BitsOf(fit.model.p));
  EXPECT_EQ(BitsOf(again.model.q), BitsOf(fit.model.q));
  EXPECT_EQ(BitsOf(again.model.v), BitsOf(fit.model.v));
  EXPECT_EQ(BitsOf(again.q.standard_error), BitsOf(fit.q.standard_error));
  EXPECT_EQ(BitsOf(again.quality.log_likelihood),
            BitsOf(fit.quality.log_likelihood));
  // Another unit.
  Spenders scaled = made;
  for (double& m : scaled.mean) m *= 1024.0;
  const GammaGammaFit of_scaled = *FitGammaGamma(scaled.all());
  EXPECT_THAT(of_scaled.model.p, IsWithin(fit.model.p, 1e-11));
  EXPECT_THAT(of_scaled.model.v, IsWithin(fit.model.v * 1024.0, 1e-11));
}

// ---- What says too little ---------------------------------------------------

TEST(FitBgNbdTest, DegenerateHistoriesAreRefused) {
  const auto fit = [](const std::vector<BuyerHistory>& histories) {
    Buyers buyers;
    for (const BuyerHistory& h : histories) buyers.Add(h);
    return FitBgNbd(buyers.all()).status();
  };
  EXPECT_THAT(fit({}), Refused(Reason::kNoHistory, HasSubstr("none of 0")));
  EXPECT_THAT(fit({{0, 0, 10}, {0, 0, 20}}),
              Refused(Reason::kNoHistory, HasSubstr("none of 2")));
  EXPECT_THAT(fit({{0, 0, 0}, {0, 0, 0}}), RefusedFor(Reason::kNoHistory));
  // One customer, and many of a kind.
  EXPECT_THAT(fit({{3, 20, 30}}),
              Refused(Reason::kNoHistory, HasSubstr("no parameters")));
  EXPECT_THAT(fit(std::vector<BuyerHistory>(100, {3, 20, 30})),
              RefusedFor(Reason::kNoHistory));
  // Everybody bought today: nobody is seen to leave.
  std::vector<BuyerHistory> alive;
  for (int64_t x = 1; x < 40; ++x) alive.push_back({x * x % 17 + 1, 30, 30});
  EXPECT_THAT(fit(alive), RefusedFor(Reason::kNoHistory));
  // As regular as no chance is.
  std::vector<BuyerHistory> regular;
  for (int i = 0; i < 50; ++i) {
    regular.push_back({9 + i % 2, 9.0 + i % 2, 10.5 + i % 2});
  }
  EXPECT_THAT(fit(regular), RefusedFor(Reason::kNoHistory));
}

TEST(FitGammaGammaTest, DegenerateSpendsAreRefused) {
  const auto fit = [](const Counts& frequency, const Numbers& mean) {
    return FitGammaGamma({frequency, mean}).status();
  };
  EXPECT_THAT(fit({}, {}), Refused(Reason::kNoHistory, HasSubstr("of 0")));
  EXPECT_THAT(fit({0, 0}, {kNaN, -5.0}),
              Refused(Reason::kNoHistory, HasSubstr("none of 2")));
  EXPECT_THAT(fit({2}, {5.0}), RefusedFor(Reason::kNoHistory));
  EXPECT_THAT(fit(Counts(50, 3), Numbers(50, 5.0)),
              Refused(Reason::kNoHistory, HasSubstr("runs to")));
}

// ---- Refusals ---------------------------------------------------------------

TEST(RefusalsTest, Histories) {
  const struct {
    BuyerHistory history;
    const char* message;
    int32_t column;
  } kBad[] = {
      {{-1, 0.0, 1.0}, "frequency -1", 0},
      {{kMostFrequency + 1, 0.5, 1.0}, "frequency 1000001", 0},
      {{1, 2.0, 1.0}, "recency 2", 1},  // t_x > T
      {{1, 0.0, 1.0}, "recency 0", 1},
      {{0, 1.0, 1.0}, "recency 1", 1},
      {{1, kNaN, 1.0}, "recency nan", 1},
      {{1, -1.0, 1.0}, "recency -1", 1},
      {{1, 1.0, kNaN}, "age nan", 2},
      {{1, 1.0, kInfinity}, "age inf", 2},
      {{0, 0.0, -1.0}, "age -1", 2},
      {{1, 1.0, 1.1e9}, "age 1.1e+09", 2},
  };
  for (const auto& bad : kBad) {
    SCOPED_TRACE(bad.message);
    Buyers buyers = MadeBuyers(3, 20, 8.0, 3.0);
    buyers.Add(bad.history);
    const auto fit = FitBgNbd(buyers.all());
    EXPECT_THAT(fit, Refused(Reason::kValueRange, HasSubstr(bad.message)));
    EXPECT_EQ(WhereOf(fit.status()).row, 20);
    EXPECT_EQ(WhereOf(fit.status()).column, bad.column);
    const auto outlook = OutlookOf(kPaper, bad.history, 1.0);
    EXPECT_THAT(outlook, Refused(Reason::kValueRange, HasSubstr(bad.message)));
    EXPECT_EQ(WhereOf(outlook.status()).row, -1);
    EXPECT_THAT(LogLikelihoodOf(kPaper, bad.history),
                RefusedFor(Reason::kValueRange));
    EXPECT_THAT(LifetimeValue(kPaper, bad.history, 1.0, {}),
                RefusedFor(Reason::kValueRange));
  }
  const Buyers two = MadeBuyers(3, 2, 8.0, 3.0);
  EXPECT_THAT(FitBgNbd({two.frequency, {}, two.age}),
              Refused(Reason::kValueRange, HasSubstr("recency has 0")));
  EXPECT_THAT(FitBgNbd({two.frequency, two.recency, {}}),
              Refused(Reason::kValueRange, HasSubstr("age has 0")));
}

TEST(RefusalsTest, Spends) {
  for (const double bad : {0.0, -3.0, kNaN, kInfinity, 1.1e15}) {
    const auto fit = FitGammaGamma({Counts{1, 2, 1}, Numbers{4.0, 6.0, bad}});
    EXPECT_THAT(fit, Refused(Reason::kValueRange, HasSubstr("mean_value ")));
    EXPECT_EQ(WhereOf(fit.status()).row, 2);
    EXPECT_EQ(WhereOf(fit.status()).column, 1);
    EXPECT_THAT(ExpectedValue(kPaperValue, 1, bad),
                RefusedFor(Reason::kValueRange));
    EXPECT_THAT(LogLikelihoodOf(kPaperValue, 1, bad),
                RefusedFor(Reason::kValueRange));
  }
  EXPECT_THAT(LogLikelihoodOf(kPaperValue, 0, 3.0),
              Refused(Reason::kValueRange, HasSubstr("frequency 0")));
  EXPECT_THAT(ExpectedValue(kPaperValue, -1, 3.0),
              Refused(Reason::kValueRange, HasSubstr("frequency -1")));
  EXPECT_THAT(FitGammaGamma({Counts{1}, {}}),
              Refused(Reason::kValueRange, HasSubstr("mean_value has 0")));
}

TEST(RefusalsTest, Models) {
  const char* const names[] = {"r ", "alpha ", "a ", "b "};
  for (int i = 0; i < 4; ++i) {
    for (const double bad : {0.0, -1.0, kNaN, kInfinity, 1e-7}) {
      BgNbd model = kPaper;
      (i == 0   ? model.r
       : i == 1 ? model.alpha
       : i == 2 ? model.a
                : model.b) = bad;
      EXPECT_THAT(OutlookOf(model, {0, 0.0, 1.0}, 1.0),
                  Refused(Reason::kValueRange, HasSubstr(names[i])));
      EXPECT_THAT(ExpectedOfNew(model, 1.0), RefusedFor(Reason::kValueRange));
    }
  }
  const char* const value_names[] = {"p ", "q ", "v "};
  for (int i = 0; i < 3; ++i) {
    for (const double bad : {0.0, -1.0, kNaN, kInfinity}) {
      GammaGamma model = kPaperValue;
      (i == 0 ? model.p : i == 1 ? model.q : model.v) = bad;
      EXPECT_THAT(ExpectedValue(model, 1, 1.0),
                  Refused(Reason::kValueRange, HasSubstr(value_names[i])));
    }
  }
}

TEST(RefusalsTest, Options) {
  const BuyerHistory h = {2, 30.43, 38.86};
  for (const double bad : {-1.0, kNaN, kInfinity, 1.1e9}) {
    EXPECT_THAT(OutlookOf(kPaper, h, bad),
                Refused(Reason::kValueRange, HasSubstr("horizon ")));
    EXPECT_THAT(ExpectedOfNew(kPaper, bad),
                Refused(Reason::kValueRange, HasSubstr("horizon ")));
  }
  const auto value = [&](int32_t months, double discount, double month,
                         double order) {
    return LifetimeValue(kPaper, h, order, {months, discount, month});
  };
  EXPECT_TRUE(value(1200, 1.0, 30.0, 1.0).ok());
  for (const int32_t bad : {0, -1, 1201}) {
    EXPECT_THAT(value(bad, 0.01, 30.0, 1.0),
                Refused(Reason::kValueRange, HasSubstr("months ")));
  }
  for (const double bad : {-0.01, 1.01, kNaN}) {
    EXPECT_THAT(value(12, bad, 30.0, 1.0),
                Refused(Reason::kValueRange, HasSubstr("monthly_discount ")));
  }
  for (const double bad : {0.0, -1.0, kNaN, 1e6}) {
    EXPECT_THAT(value(12, 0.01, bad, 1.0),
                Refused(Reason::kValueRange, HasSubstr("month ")));
  }
  for (const double bad : {-1.0, kNaN}) {
    EXPECT_THAT(value(12, 0.01, 30.0, bad),
                Refused(Reason::kValueRange, HasSubstr("value_per_order ")));
  }
}
}  // namespace
}  // namespace fivek
