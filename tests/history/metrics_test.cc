#include "fivek/history/metrics.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "bench/seeded.h"
#include "fivek/base/real.h"
#include "fivek/base/reason.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/history/reference.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using bench::SplitMix64;
using testing::HasSubstr;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Rows {
  std::vector<double> p;
  std::vector<uint8_t> won;
};

double Unit(SplitMix64* random) {
  return static_cast<double>(random->Next() >> 11) * 0x1p-53;
}

// Forecasts with few or many ties, the ends too, and outcomes that follow them
// more or less.
Rows MakeRows(uint64_t seed, size_t n, uint32_t values) {
  SplitMix64 random(seed);
  Rows rows;
  for (size_t i = 0; i < n; ++i) {
    const double p =
        values == 0 ? Unit(&random)
                    : static_cast<double>(random.Below(values + 1)) / values;
    rows.p.push_back(p);
    rows.won.push_back(Unit(&random) < 0.2 + 0.6 * p * p ? 1 : 0);
  }
  return rows;
}

std::vector<Rows> ManyRows() {
  std::vector<Rows> all;
  for (const size_t n : {1U, 2U, 3U, 10U, 57U, 400U, 3000U}) {
    for (const uint32_t values : {0U, 1U, 2U, 10U, 64U}) {
      all.push_back(MakeRows(n + values, n, values));
    }
  }
  return all;
}

Rows Shuffled(const Rows& rows, uint64_t seed) {
  SplitMix64 random(seed);
  Rows all = rows;
  for (size_t i = all.p.size(); i > 1; --i) {
    const size_t j = random.Below(static_cast<uint32_t>(i));
    std::swap(all.p[i - 1], all.p[j]);
    std::swap(all.won[i - 1], all.won[j]);
  }
  return all;
}

// Every number of an evaluation, as bits.
std::vector<uint64_t> BitsOf(const ForecastQuality& q) {
  std::vector<uint64_t> bits = {static_cast<uint64_t>(q.rows),
                                static_cast<uint64_t>(q.won)};
  for (const double x :
       {q.base_rate, q.mean_forecast, q.brier, q.log_loss,
        q.brier_skill.value_or(kNaN), q.auc.value_or(kNaN),
        q.spiegelhalter_z.value_or(kNaN), q.ece_width, q.mce_width, q.ece_mass,
        q.murphy.reliability, q.murphy.resolution, q.murphy.uncertainty,
        q.murphy.within_bin_variance, q.murphy.within_bin_covariance,
        q.corp.miscalibration, q.corp.discrimination, q.corp.uncertainty,
        q.corp.recalibrated_brier}) {
    bits.emplace_back();
    std::memcpy(&bits.back(), &x, sizeof x);
  }
  return bits;
}

std::vector<uint64_t> BitsOf(const ReliabilityTable& table) {
  std::vector<uint64_t> bits;
  for (const ReliabilityBin& bin : table) {
    bits.push_back(static_cast<uint64_t>(bin.rows));
    bits.push_back(static_cast<uint64_t>(bin.won));
    for (const double x :
         {bin.mean_forecast, bin.lowest_forecast, bin.highest_forecast,
          bin.observed.rate, bin.observed.low, bin.observed.high}) {
      bits.emplace_back();
      std::memcpy(&bits.back(), &x, sizeof x);
    }
  }
  return bits;
}

constexpr ForecastBinning kBinnings[] = {ForecastBinning::kEqualWidth,
                                         ForecastBinning::kEqualMass};

// ---- Known values -----------------------------------------------------------

TEST(MetricsTest, Reference) {
  const auto cases = ReferenceCases("scoring", "evaluate");
  FIVEK_NEEDS_REFERENCE(cases);
  for (const auto& one : cases) {
    SCOPED_TRACE(one.at("id").get<std::string>());
    const auto p = one.at("input").at("p").get<std::vector<double>>();
    const auto won = one.at("input").at("won").get<std::vector<uint8_t>>();
    EXPECT_EQ(one.at("input").at("log_clip").get<double>(), kLeastLikelihood);
    const auto& want = one.at("expected");
    const double tolerance = one.at("rel_tol");
    const auto near = [&](const nlohmann::json& value) {
      return IsNear(value.get<double>(), tolerance);
    };
    const ForecastQuality q = *EvaluateForecasts(p, won);
    EXPECT_THAT(q.brier, near(want.at("brier")));
    EXPECT_THAT(q.log_loss, near(want.at("log_loss")));
    EXPECT_THAT(q.auc.value(), near(want.at("auc")));
    EXPECT_THAT(q.ece_width, near(want.at("ece_width10")));
    EXPECT_THAT(q.mce_width, near(want.at("mce_width10")));
    EXPECT_THAT(q.base_rate, near(want.at("base_rate")));
    EXPECT_THAT(q.brier_skill.value(), near(want.at("brier_skill")));
    const auto& murphy = want.at("murphy");
    EXPECT_THAT(q.murphy.reliability, near(murphy.at("reliability")));
    EXPECT_THAT(q.murphy.resolution, near(murphy.at("resolution")));
    EXPECT_THAT(q.murphy.uncertainty, near(murphy.at("uncertainty")));
    EXPECT_THAT(q.murphy.within_bin_variance,
                near(murphy.at("within_bin_variance")));
    EXPECT_THAT(q.murphy.within_bin_covariance,
                near(murphy.at("within_bin_covariance")));
    const auto& corp = want.at("corp");
    EXPECT_THAT(q.corp.miscalibration, near(corp.at("miscalibration")));
    EXPECT_THAT(q.corp.discrimination, near(corp.at("discrimination")));
    EXPECT_THAT(q.corp.uncertainty, near(corp.at("uncertainty")));
    EXPECT_THAT(q.corp.recalibrated_brier, near(corp.at("recalibrated_brier")));
    const ReliabilityTable table =
        *MeasureReliability(p, won, ForecastBinning::kEqualWidth, kZ95);
    for (const auto& bin : want.at("bin_table")) {
      const ReliabilityBin& got = table.at(bin.at("bin").get<size_t>());
      EXPECT_EQ(got.rows, bin.at("n").get<int64_t>());
      EXPECT_THAT(got.mean_forecast, near(bin.at("mean_p")));
      EXPECT_THAT(got.observed.rate, near(bin.at("rate")));
    }
  }
}

// The same, for where the vectors are not: statistics.md section 2.
TEST(MetricsTest, TwentyForecasts) {
  const Rows rows = {
      {0.05, 0.1,  0.1,  0.2, 0.25, 0.25, 0.3,  0.4, 0.5, 0.5,
       0.6,  0.65, 0.75, 0.8, 0.9,  0.9,  0.95, 1.0, 0.0, 0.35},
      {0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 0}};
  const ForecastQuality q = *EvaluateForecasts(rows.p, rows.won);
  EXPECT_EQ(q.rows, 20);
  EXPECT_EQ(q.won, 10);
  EXPECT_THAT(q.brier, IsNear(0.203375, 1e-15));
  EXPECT_THAT(q.log_loss, IsNear(0.598855705801031, 1e-15));
  EXPECT_EQ(q.auc.value(), 0.77);
  EXPECT_THAT(q.ece_width, IsNear(0.1925, 1e-15));
  EXPECT_THAT(q.murphy.reliability, IsNear(0.05984375, 1e-15));
  EXPECT_THAT(q.murphy.resolution, IsNear(0.10416666666666667, 1e-15));
  EXPECT_EQ(q.murphy.uncertainty, 0.25);
  EXPECT_THAT(q.corp.miscalibration, IsNear(0.03444642857142857, 1e-15));
  EXPECT_THAT(q.corp.discrimination, IsNear(0.08107142857142857, 1e-15));
}

TEST(MetricsTest, PerfectAndPerfectlyWrong) {
  const ForecastQuality right = *EvaluateForecasts({0, 1, 1, 0}, {0, 1, 1, 0});
  EXPECT_EQ(right.brier, 0.0);
  EXPECT_EQ(right.auc.value(), 1.0);
  EXPECT_EQ(right.brier_skill.value(), 1.0);
  EXPECT_EQ(right.log_loss, -Log1p(-1e-15));
  EXPECT_EQ(right.corp.miscalibration, 0.0);
  EXPECT_EQ(right.corp.discrimination, 0.25);
  EXPECT_FALSE(right.spiegelhalter_z.has_value());
  const ForecastQuality wrong = *EvaluateForecasts({1, 0, 0, 1}, {0, 1, 1, 0});
  EXPECT_EQ(wrong.brier, 1.0);
  EXPECT_EQ(wrong.auc.value(), 0.0);
  EXPECT_EQ(wrong.brier_skill.value(), -3.0);
  EXPECT_EQ(wrong.log_loss, -Log(1e-15));
  EXPECT_EQ(wrong.corp.miscalibration, 1.0 - 0.25);
}

// One class: what is undefined says so, the rest stands.
TEST(MetricsTest, OneOutcomeOnly) {
  for (const uint8_t outcome : {uint8_t{0}, uint8_t{1}}) {
    const ForecastQuality q =
        *EvaluateForecasts({0.2, 0.4, 0.9}, {outcome, outcome, outcome});
    EXPECT_FALSE(q.auc.has_value());
    EXPECT_FALSE(q.brier_skill.has_value());
    EXPECT_TRUE(q.spiegelhalter_z.has_value());
    EXPECT_EQ(q.murphy.uncertainty, 0.0);
    EXPECT_EQ(q.corp.recalibrated_brier, 0.0);
    EXPECT_EQ(q.corp.miscalibration, q.brier);
  }
}

// Forecasts of 0, 1/2 and 1 have no surprise to standardise.
TEST(MetricsTest, SpiegelhalterIsNoneWithoutAVariance) {
  EXPECT_FALSE(
      EvaluateForecasts({0, 0.5, 1}, {1, 1, 1})->spiegelhalter_z.has_value());
  const double z = *EvaluateForecasts({0.2}, {1})->spiegelhalter_z;
  EXPECT_THAT(z, IsNear(0.8 * 0.6 / std::sqrt(0.36 * 0.16), 1e-15));
}

// ---- Bins -------------------------------------------------------------------

TEST(MetricsTest, TheTenthsBeginABin) {
  for (int k = 0; k <= 10; ++k) {
    const double tenth = k / 10.0;
    const double below = std::nextafter(tenth, -1.0);
    const double above = std::nextafter(tenth, 2.0);
    for (const auto& [p, bin] :
         {std::make_pair(below, k - 1), std::make_pair(tenth, k),
          std::make_pair(above, k)}) {
      if (p < 0.0 || p > 1.0) continue;
      const ReliabilityTable table =
          *MeasureReliability({p}, {1}, ForecastBinning::kEqualWidth, kZ95);
      EXPECT_EQ(table.at(static_cast<size_t>(std::min(bin, 9))).rows, 1) << p;
    }
  }
}

TEST(MetricsTest, EqualMass) {
  std::vector<double> p;
  std::vector<uint8_t> won;
  for (int i = 0; i < 20; ++i) {
    p.push_back(0.001 * i);
    won.push_back(i % 2 == 0 ? 1 : 0);
  }
  const ReliabilityTable table =
      *MeasureReliability(p, won, ForecastBinning::kEqualMass, kZ95);
  for (size_t i = 0; i < table.size(); ++i) {
    EXPECT_EQ(table[i].rows, 2);
    EXPECT_EQ(table[i].won, 1);
    EXPECT_EQ(table[i].lowest_forecast, p[2 * i]);
    EXPECT_EQ(table[i].highest_forecast, p[2 * i + 1]);
  }
}

// A constant has one gap, however its rows would be cut.
TEST(MetricsTest, TiesShareABin) {
  const Rows rows = MakeRows(1, 500, 0);
  const std::vector<double> constant(500, 0.45);
  const ForecastQuality q = *EvaluateForecasts(constant, rows.won);
  const double gap = std::fabs(0.45 - q.base_rate);
  EXPECT_THAT(q.ece_mass, IsNear(gap, 1e-15));
  EXPECT_THAT(q.ece_width, IsNear(gap, 1e-15));
  const ReliabilityTable table = *MeasureReliability(
      constant, rows.won, ForecastBinning::kEqualMass, kZ95);
  EXPECT_EQ(table[5].rows, 500);
  EXPECT_EQ(table[0].rows, 0);
  EXPECT_EQ(table[0].observed.low, 0.0);
  EXPECT_EQ(table[0].observed.high, 1.0);
}

TEST(MetricsTest, ATableHasAllRowsInOrder) {
  for (const Rows& rows : ManyRows()) {
    for (const ForecastBinning binning : kBinnings) {
      const ReliabilityTable table =
          *MeasureReliability(rows.p, rows.won, binning, kZ90);
      int64_t all = 0;
      int64_t won = 0;
      double highest = -1.0;
      for (const ReliabilityBin& bin : table) {
        all += bin.rows;
        won += bin.won;
        const Proportion observed = *Wilson(bin.won, bin.rows, kZ90);
        EXPECT_EQ(bin.observed.low, observed.low);
        EXPECT_EQ(bin.observed.rate, observed.rate);
        EXPECT_EQ(bin.observed.high, observed.high);
        if (bin.rows == 0) continue;
        EXPECT_GT(bin.lowest_forecast, highest);
        EXPECT_GE(bin.mean_forecast, bin.lowest_forecast * (1 - 1e-15));
        EXPECT_LE(bin.mean_forecast, bin.highest_forecast * (1 + 1e-15));
        highest = bin.highest_forecast;
      }
      const ForecastQuality q = *EvaluateForecasts(rows.p, rows.won);
      EXPECT_EQ(all, q.rows);
      EXPECT_EQ(won, q.won);
    }
  }
}

// ---- Properties -------------------------------------------------------------

TEST(MetricsTest, AnyOrderGivesTheSameBits) {
  for (const Rows& rows : ManyRows()) {
    const auto bits = BitsOf(*EvaluateForecasts(rows.p, rows.won));
    for (uint64_t seed = 1; seed <= 5; ++seed) {
      const Rows other = Shuffled(rows, seed);
      EXPECT_EQ(BitsOf(*EvaluateForecasts(other.p, other.won)), bits);
      for (const ForecastBinning binning : kBinnings) {
        EXPECT_EQ(BitsOf(*MeasureReliability(other.p, other.won, binning, 2)),
                  BitsOf(*MeasureReliability(rows.p, rows.won, binning, 2)));
      }
    }
  }
  // 0 is one number, whatever its sign.
  EXPECT_EQ(BitsOf(*EvaluateForecasts({0.0, -0.0, 0.3}, {1, 0, 1})),
            BitsOf(*EvaluateForecasts({-0.0, 0.0, 0.3}, {1, 0, 1})));
  EXPECT_EQ(MeasureReliability({-0.0}, {1}, ForecastBinning::kEqualWidth, kZ95)
                ->at(0)
                .rows,
            1);
}

TEST(MetricsTest, DecompositionsSumToTheBrierScore) {
  for (const Rows& rows : ManyRows()) {
    const ForecastQuality q = *EvaluateForecasts(rows.p, rows.won);
    const MurphyTerms& m = q.murphy;
    EXPECT_NEAR(m.reliability - m.resolution + m.uncertainty +
                    m.within_bin_variance - m.within_bin_covariance,
                q.brier, 8 * 0x1p-53);
    const CorpTerms& c = q.corp;
    EXPECT_NEAR(c.miscalibration - c.discrimination + c.uncertainty, q.brier,
                8 * 0x1p-53);
    EXPECT_NEAR(c.uncertainty - c.discrimination, c.recalibrated_brier,
                8 * 0x1p-53);
    EXPECT_GE(c.miscalibration, 0.0);
    EXPECT_GE(c.discrimination, 0.0);
  }
}

// Straight from the definitions, in a longer type where there is one.
TEST(MetricsTest, AsTheDefinitionsSay) {
  for (const Rows& rows : ManyRows()) {
    const size_t n = rows.p.size();
    long double brier = 0;
    long double loss = 0;
    long double surprise = 0;
    long double variance = 0;
    uint64_t pairs = 0;
    uint64_t twice = 0;
    for (size_t i = 0; i < n; ++i) {
      const long double p = rows.p[i];
      const long double y = rows.won[i];
      brier += (p - y) * (p - y);
      const long double likelihood = y > 0 ? p : 1 - p;
      loss -= std::log(std::clamp(likelihood, 1e-15L, 1 - 1e-15L));
      surprise += (y - p) * (1 - 2 * p);
      variance += (1 - 2 * p) * (1 - 2 * p) * p * (1 - p);
      for (size_t j = 0; j < n && rows.won[i] == 1; ++j) {
        if (rows.won[j] == 1) continue;
        ++pairs;
        if (rows.p[i] >= rows.p[j]) ++twice;
        if (rows.p[i] > rows.p[j]) ++twice;
      }
    }
    const ForecastQuality q = *EvaluateForecasts(rows.p, rows.won);
    const auto count = static_cast<long double>(n);
    EXPECT_THAT(q.brier, IsNear(static_cast<double>(brier / count), 1e-14));
    EXPECT_THAT(q.log_loss, IsNear(static_cast<double>(loss / count), 1e-14));
    EXPECT_EQ(q.auc.has_value(), pairs > 0);
    if (pairs > 0) {
      EXPECT_EQ(*q.auc, static_cast<double>(twice) /
                            (2.0 * static_cast<double>(pairs)));
    }
    EXPECT_EQ(q.spiegelhalter_z.has_value(), variance > 0);
    if (variance > 0) {
      EXPECT_THAT(
          *q.spiegelhalter_z,
          IsNear(static_cast<double>(surprise / std::sqrt(variance)), 1e-12));
    }
  }
}

// Winning and losing are each other's mirror.
TEST(MetricsTest, Mirror) {
  const Rows rows = MakeRows(9, 1000, 64);  // 1 - p is exact.
  Rows mirror = rows;
  for (double& p : mirror.p) p = 1.0 - p;
  for (uint8_t& won : mirror.won) won = won == 1 ? 0 : 1;
  const ForecastQuality q = *EvaluateForecasts(rows.p, rows.won);
  const ForecastQuality m = *EvaluateForecasts(mirror.p, mirror.won);
  EXPECT_THAT(m.brier, IsNear(q.brier, 1e-15));
  EXPECT_THAT(m.log_loss, IsNear(q.log_loss, 1e-15));
  EXPECT_EQ(*m.auc, *q.auc);
  EXPECT_THAT(m.corp.miscalibration, IsNear(q.corp.miscalibration, 1e-15));
}

// Rows k times are rows of weight k.
TEST(MetricsTest, RepeatedRowsAreWeights) {
  const Rows rows = MakeRows(5, 300, 20);
  Rows thrice;
  for (int i = 0; i < 3; ++i) {
    thrice.p.insert(thrice.p.end(), rows.p.begin(), rows.p.end());
    thrice.won.insert(thrice.won.end(), rows.won.begin(), rows.won.end());
  }
  const ForecastQuality q = *EvaluateForecasts(rows.p, rows.won);
  const ForecastQuality t = *EvaluateForecasts(thrice.p, thrice.won);
  EXPECT_THAT(t.brier, IsNear(q.brier, 1e-15));
  EXPECT_THAT(t.log_loss, IsNear(q.log_loss, 1e-15));
  EXPECT_EQ(*t.auc, *q.auc);
  EXPECT_THAT(t.ece_mass, IsNear(q.ece_mass, 1e-15));
  EXPECT_THAT(*t.spiegelhalter_z,
              IsNear(*q.spiegelhalter_z * std::sqrt(3.0), 1e-14));
}

// FNV-1a of all bits: what this says on one machine it has to say on others.
TEST(MetricsTest, TheSameBitsOnEveryMachine) {
  uint64_t hash = 0xCBF29CE484222325;
  const auto add = [&hash](const std::vector<uint64_t>& all) {
    for (const uint64_t bits : all) hash = (hash ^ bits) * 0x100000001B3;
  };
  for (const Rows& rows : ManyRows()) {
    add(BitsOf(*EvaluateForecasts(rows.p, rows.won)));
    for (const ForecastBinning binning : kBinnings) {
      add(BitsOf(*MeasureReliability(rows.p, rows.won, binning, kZ95)));
    }
  }
  EXPECT_EQ(hash, 626396417338810461U);
}

// ---- The gate ---------------------------------------------------------------

TEST(MetricsTest, TheGateAdoptsWhatIsSurelyBetter) {
  Rows rows = MakeRows(3, 2000, 0);
  std::vector<double> better;
  for (const double p : rows.p) better.push_back(0.2 + 0.6 * p * p);
  const std::vector<double> constant(2000, 0.4);
  const GateResult adopted = *CompareForecasts(constant, better, rows.won);
  EXPECT_EQ(adopted.verdict, GateVerdict::kAdopt);
  EXPECT_GT(adopted.z.value(), kGateZ);
  EXPECT_EQ(adopted.rows, 2000);
  EXPECT_THAT(adopted.mean_gain,
              IsNear(adopted.base_log_loss - adopted.model_log_loss, 1e-15));
  EXPECT_THAT(adopted.base_log_loss,
              IsNear(EvaluateForecasts(constant, rows.won)->log_loss, 1e-15));
  EXPECT_THAT(adopted.model_log_loss,
              IsNear(EvaluateForecasts(better, rows.won)->log_loss, 1e-15));
  // The other way round it is not better.
  const GateResult back = *CompareForecasts(better, constant, rows.won);
  EXPECT_EQ(back.verdict, GateVerdict::kNotBetter);
  EXPECT_EQ(*back.z, -*adopted.z);
  EXPECT_EQ(back.sd_gain, adopted.sd_gain);
}

TEST(MetricsTest, TheGateByHand) {
  // Gains: ln 2 - ln 4/3 twice, and ln 2 - ln 4 = -ln 2 once.
  const GateResult gate =
      *CompareForecasts({0.5, 0.5, 0.5}, {0.75, 0.75, 0.75}, {1, 1, 0});
  const double up = std::log(1.5);
  const double down = -std::log(2.0);
  const double mean = (2 * up + down) / 3;
  const double sd = std::sqrt(
      (2 * (up - mean) * (up - mean) + (down - mean) * (down - mean)) / 2);
  EXPECT_THAT(gate.mean_gain, IsNear(mean, 1e-15));
  EXPECT_THAT(gate.sd_gain, IsNear(sd, 1e-15));
  EXPECT_THAT(gate.z.value(), IsNear(mean / (sd / std::sqrt(3.0)), 1e-15));
  EXPECT_EQ(gate.verdict, GateVerdict::kNotSure);
}

TEST(MetricsTest, TheGateSaysWhyNot) {
  const std::vector<double> half = {0.5, 0.5};
  EXPECT_EQ(CompareForecasts({0.5}, {0.9}, {1})->verdict,
            GateVerdict::kTooFewRows);
  const GateResult same = *CompareForecasts(half, half, {1, 0});
  EXPECT_EQ(same.verdict, GateVerdict::kNotBetter);
  EXPECT_EQ(same.mean_gain, 0.0);
  EXPECT_FALSE(same.z.has_value());
  // Better by as much on every row: there is no spread to doubt it.
  const std::vector<double> nine(10, 0.9);
  const GateResult all = *CompareForecasts(std::vector<double>(10, 0.5), nine,
                                           std::vector<uint8_t>(10, 1));
  EXPECT_EQ(all.verdict, GateVerdict::kAdopt);
  EXPECT_EQ(all.sd_gain, 0.0);
  EXPECT_FALSE(all.z.has_value());
}

TEST(MetricsTest, TheGateOfAnyOrderGivesTheSameBits) {
  const Rows rows = MakeRows(4, 500, 0);
  std::vector<size_t> order(500);
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto gate = [&] {
    std::vector<double> base;
    std::vector<double> model;
    std::vector<uint8_t> won;
    for (const size_t i : order) {
      base.push_back(rows.p[i]);
      model.push_back(0.2 + 0.6 * rows.p[i]);
      won.push_back(rows.won[i]);
    }
    const GateResult g = *CompareForecasts(base, model, won);
    std::vector<uint64_t> bits;
    for (const double x : {g.base_log_loss, g.model_log_loss, g.mean_gain,
                           g.sd_gain, g.z.value()}) {
      bits.emplace_back();
      std::memcpy(&bits.back(), &x, sizeof x);
    }
    return bits;
  };
  const std::vector<uint64_t> bits = gate();
  SplitMix64 random(2);
  for (int trial = 0; trial < 10; ++trial) {
    for (size_t i = order.size(); i > 1; --i) {
      std::swap(order[i - 1], order[random.Below(static_cast<uint32_t>(i))]);
    }
    EXPECT_EQ(gate(), bits);
  }
}

// ---- Refusals ---------------------------------------------------------------

std::pair<int64_t, int32_t> PlaceOf(const absl::Status& status) {
  return {WhereOf(status).row, WhereOf(status).column};
}

TEST(MetricsTest, RefusesByRowAndValue) {
  const struct {
    double p;
    const char* says;
  } kBad[] = {{kNaN, "nan"},
              {-kNaN, "nan"},
              {kInfinity, "inf"},
              {-kInfinity, "-inf"},
              {1.5, "1.5"},
              {-5e-324, "-4.9"},
              {std::nextafter(1.0, 2.0), "1 + 2.22045e-16"},
              {75.0, "75"}};
  for (const auto& bad : kBad) {
    const std::vector<double> p = {0.1, 0.2, bad.p};
    const std::vector<double> good = {0.1, 0.2, 0.3};
    const std::vector<uint8_t> won = {0, 1, 1};
    const auto q = EvaluateForecasts(p, won);
    EXPECT_THAT(q, Refused(Reason::kValueRange,
                           HasSubstr(std::string("forecast ") + bad.says)));
    EXPECT_EQ(PlaceOf(q.status()), std::make_pair(int64_t{2}, 0));
    const auto table =
        MeasureReliability(p, won, ForecastBinning::kEqualMass, kZ95);
    EXPECT_EQ(PlaceOf(table.status()), std::make_pair(int64_t{2}, 0));
    const auto of_base = CompareForecasts(p, good, won);
    EXPECT_THAT(of_base,
                Refused(Reason::kValueRange,
                        HasSubstr(std::string("base forecast ") + bad.says)));
    EXPECT_EQ(PlaceOf(of_base.status()), std::make_pair(int64_t{2}, 0));
    const auto of_model = CompareForecasts(good, p, won);
    EXPECT_THAT(of_model,
                Refused(Reason::kValueRange,
                        HasSubstr(std::string("model forecast ") + bad.says)));
    EXPECT_EQ(PlaceOf(of_model.status()), std::make_pair(int64_t{2}, 1));
  }
  for (const uint8_t bad : {uint8_t{2}, uint8_t{255}}) {
    const auto q = EvaluateForecasts({0.1, 0.2}, {0, bad});
    EXPECT_THAT(q, Refused(Reason::kValueRange,
                           HasSubstr("outcome " + std::to_string(bad))));
    EXPECT_EQ(PlaceOf(q.status()), std::make_pair(int64_t{1}, 1));
    EXPECT_EQ(PlaceOf(CompareForecasts({0.1}, {0.1}, {bad}).status()),
              std::make_pair(int64_t{0}, 2));
  }
}

TEST(MetricsTest, RefusesLengths) {
  EXPECT_THAT(EvaluateForecasts({}, {}),
              Refused(Reason::kValueRange, HasSubstr("no rows")));
  EXPECT_THAT(
      EvaluateForecasts({0.5}, {0, 1}),
      Refused(Reason::kValueRange, HasSubstr("1 forecasts and 2 outcomes")));
  EXPECT_THAT(CompareForecasts({}, {}, {}),
              Refused(Reason::kValueRange, HasSubstr("no rows")));
  EXPECT_THAT(
      CompareForecasts({0.5}, {0.5, 0.5}, {1}),
      Refused(Reason::kValueRange, HasSubstr("2 forecasts and 1 outcomes")));
  const double one = 0.5;
  const uint8_t won = 1;
  const size_t many = (size_t{1} << 31) + 1;  // Nothing of it is read.
  EXPECT_THAT(EvaluateForecasts({&one, many}, {&won, many}),
              Refused(Reason::kOverflow, HasSubstr("2147483649 rows")));
  EXPECT_THAT(
      MeasureReliability({0.5}, {1}, static_cast<ForecastBinning>(2), 1),
      Refused(Reason::kUnknownCode, HasSubstr("binning 2")));
  EXPECT_THAT(MeasureReliability({0.5}, {1}, ForecastBinning::kEqualWidth, -1),
              Refused(Reason::kValueRange, HasSubstr("z -1")));
}

}  // namespace
}  // namespace fivek
