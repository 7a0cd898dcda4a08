#include "fivek/history/evidence_model.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "bench/seeded.h"
#include "fivek/base/real.h"
#include "fivek/base/reason.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/fnv1a.h"
#include "tests/history/reference.h"
#include "tests/history/serial_form.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using bench::SplitMix64;
using testing::Each;
using testing::HasSubstr;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

constexpr std::array<double, 5> kRungs = {0.1, 0.25, 0.5, 0.75, 0.9};

double SigmoidOf(double z) { return 1.0 / (1.0 + std::exp(-z)); }

// Deals on the ladder; `strength` is the weight of the first two dimensions.
std::vector<EvidenceDeal> MakeDeals(uint64_t seed, size_t n, double strength,
                                    double gaps = 0.1) {
  SplitMix64 random(seed);
  const auto unit = [&random] {
    return static_cast<double>(random.Next() >> 11) * 0x1p-53;
  };
  std::vector<EvidenceDeal> deals;
  for (size_t i = 0; i < n; ++i) {
    EvidenceDeal deal;
    deal.id = 1000 + i;
    deal.stage = static_cast<uint8_t>(random.Below(5));
    deal.ladder = kRungs[deal.stage];
    deal.known_on = static_cast<int32_t>(i);
    deal.closed_on = static_cast<int32_t>(i + 10);
    double z = Log(deal.ladder / (1 - deal.ladder));
    for (size_t k = 0; k < 5; ++k) {
      deal.points[k] = static_cast<uint8_t>(random.Below(21));
      if (k < 2) z += strength * (Log((deal.points[k] + 1) / 21.0) + 0.86);
      if (unit() < gaps) deal.points[k] = kUnknownPoints;
    }
    deal.won = unit() < 1 / (1 + Exp(-z)) ? 1 : 0;
    deals.push_back(deal);
  }
  return deals;
}

TEST(EvidenceModelTest, FindsWhatIsThere) {
  const auto deals = MakeDeals(1, 3000, 1.0);
  const EvidenceModel model = EvidenceModel::Fit(deals, {})->model;
  ASSERT_EQ(model.gate().verdict, GateVerdict::kAdopt);
  EXPECT_NEAR(model.weights()[0], 1.0, 0.25);
  EXPECT_NEAR(model.weights()[1], 1.0, 0.25);
  for (size_t k = 2; k < 5; ++k) EXPECT_LT(model.weights()[k], 0.2);
  EXPECT_THAT(model.weights(), Each(testing::Ge(0.0)));
}

TEST(EvidenceModelTest, MoreEvidenceNeverCountsAgainst) {
  // A second dimension that seems to.
  const auto deals = MakeDeals(2, 2000, -1.0);
  const EvidenceModel model = EvidenceModel::Fit(deals, {})->model;
  EXPECT_EQ(model.weights()[0], 0.0);
  EXPECT_EQ(model.weights()[1], 0.0);
  const auto fit = EvidenceModel::Fit(MakeDeals(3, 2000, 1.0), {});
  for (uint8_t points = 0; points < 20; ++points) {
    const auto less = fit->model.Predict(2, 0.5, {points, 10, 10, 10, 10});
    const auto more = fit->model.Predict(
        2, 0.5, {static_cast<uint8_t>(points + 1), 10, 10, 10, 10});
    EXPECT_LT(less->value, more->value);
  }
}

TEST(EvidenceModelTest, UnknownIsTheMeanOfTheStage) {
  const EvidenceModel model =
      EvidenceModel::Fit(MakeDeals(4, 1500, 1.0), {})->model;
  EvidencePoints unknown;
  unknown.fill(kUnknownPoints);
  const EvidenceExplanation why = *model.Explain(1, 0.25, unknown);
  EXPECT_THAT(why.log_odds_share, Each(0.0));
  EXPECT_THAT(why.share_ppm, Each(0));
  EXPECT_EQ(why.probability_ppm, why.reference_ppm);
}

TEST(EvidenceModelTest, ExplanationsAddUp) {
  const EvidenceModel model =
      EvidenceModel::Fit(MakeDeals(5, 1500, 1.0), {})->model;
  ASSERT_EQ(model.gate().verdict, GateVerdict::kAdopt);
  SplitMix64 random(6);
  for (int trial = 0; trial < 2000; ++trial) {
    EvidencePoints points;
    for (uint8_t& p : points) {
      p = static_cast<uint8_t>(random.Below(22));
      if (p == 21) p = kUnknownPoints;
    }
    const auto stage = static_cast<uint8_t>(random.Below(7));
    const double ladder = (random.Below(999) + 1) / 1000.0;
    const EvidenceExplanation why = *model.Explain(stage, ladder, points);
    double z = why.ladder_log_odds + why.intercept;
    int32_t ppm = why.reference_ppm;
    for (size_t k = 0; k < 5; ++k) {
      z += why.log_odds_share[k];
      ppm += why.share_ppm[k];
      if (points[k] != kUnknownPoints) continue;
      EXPECT_EQ(why.share_ppm[k], 0);
    }
    EXPECT_EQ(z, why.log_odds);
    EXPECT_EQ(ppm, why.probability_ppm);
    const Estimate p = *model.Predict(stage, ladder, points);
    EXPECT_NEAR(p.value, SigmoidOf(z), 1e-14);
    EXPECT_NEAR(p.value, why.probability_ppm / 1e6, 6e-7);
    EXPECT_LE(p.low, p.value);
    EXPECT_LE(p.value, p.high);
    EXPECT_EQ(p.source, Source::kShrunk);
    EXPECT_GT(p.effective_n, 0.0);
  }
}

// Shapley's value the slow way: all orders of the dimensions.
TEST(EvidenceModelTest, SharesAreShapleys) {
  const EvidenceModel model =
      EvidenceModel::Fit(MakeDeals(7, 1500, 1.0), {})->model;
  const EvidencePoints points = {20, 2, 7, 0, 13};
  const EvidenceExplanation why = *model.Explain(3, 0.75, points);
  std::array<size_t, 5> order = {0, 1, 2, 3, 4};
  std::array<double, 5> value = {};
  do {
    double z = why.ladder_log_odds + why.intercept;
    for (const size_t k : order) {
      const double before = SigmoidOf(z);
      z += why.log_odds_share[k];
      value[k] += (SigmoidOf(z) - before) / 120;
    }
  } while (std::next_permutation(order.begin(), order.end()));
  for (size_t k = 0; k < 5; ++k) {
    EXPECT_NEAR(why.share_ppm[k], 1e6 * value[k], 1.5);
  }
}

TEST(EvidenceModelTest, NoSignalLeavesTheLadder) {
  const auto deals = MakeDeals(8, 1000, 0.0);
  const EvidenceFit fit = *EvidenceModel::Fit(deals, {});
  EXPECT_NE(fit.model.gate().verdict, GateVerdict::kAdopt);
  const Estimate p = *fit.model.Predict(2, 0.5, deals[0].points);
  EXPECT_EQ(p.value, 0.5);
  EXPECT_EQ(p.low, 0.0);
  EXPECT_EQ(p.high, 1.0);
  EXPECT_EQ(p.source, Source::kNoSignal);
  EXPECT_EQ(fit.model.Explain(2, 0.5, deals[0].points)->probability_ppm,
            500000);
}

TEST(EvidenceModelTest, TooLittleHistoryIsTheLadder) {
  auto deals = MakeDeals(9, 200, 1.0);
  for (EvidenceDeal& deal : deals) deal.won = 1;
  for (const absl::Span<const EvidenceDeal> some :
       {absl::MakeConstSpan(deals), absl::MakeConstSpan(deals).first(40),
        absl::MakeConstSpan(deals).first(0)}) {
    const EvidenceModel model = EvidenceModel::Fit(some, {})->model;
    const Estimate p = *model.Predict(4, 0.9, deals[0].points);
    EXPECT_EQ(p.value, 0.9);
    EXPECT_EQ(p.source, Source::kPrior);
    EXPECT_EQ(p.effective_n, 0.0);
  }
}

TEST(EvidenceModelTest, TheLadderIsUncertainToo) {
  const EvidenceModel model =
      EvidenceModel::Fit(MakeDeals(14, 2000, 1.0), {})->model;
  ASSERT_EQ(model.gate().verdict, GateVerdict::kAdopt);
  const EvidencePoints points = {12, 3, 20, 7, 9};
  const auto logit = [](double p) { return std::log(p / (1 - p)); };
  const Estimate bare = *model.Predict(2, 0.5, points);
  const Estimate ladder = {0.5, 0.4, 0.7, 60.0, Source::kShrunk};
  const Estimate both = *model.Predict(2, ladder, points);
  EXPECT_EQ(both.value, bare.value);
  EXPECT_EQ(both.source, Source::kShrunk);
  // Distances in log-odds, at right angles.
  EXPECT_NEAR(
      logit(both.value) - logit(both.low),
      std::hypot(logit(bare.value) - logit(bare.low), logit(0.5) - logit(0.4)),
      1e-12);
  EXPECT_NEAR(
      logit(both.high) - logit(both.value),
      std::hypot(logit(bare.high) - logit(bare.value), logit(0.7) - logit(0.5)),
      1e-12);
  EXPECT_NEAR(1 / both.effective_n, 1 / bare.effective_n + 1 / 60.0, 1e-15);
  // A ladder that is exact adds nothing; one that nothing is known of, all.
  const double infinity = std::numeric_limits<double>::infinity();
  const Estimate exact = {0.5, 0.5, 0.5, infinity, Source::kLearned};
  EXPECT_EQ(model.Predict(2, exact, points)->low, bare.low);
  EXPECT_EQ(model.Predict(2, exact, points)->effective_n, bare.effective_n);
  const Estimate unknown = {0.5, 0.0, 1.0, 0.0, Source::kPrior};
  EXPECT_EQ(model.Predict(2, unknown, points)->low, 0.0);
  EXPECT_EQ(model.Predict(2, unknown, points)->high, 1.0);
  EXPECT_EQ(model.Predict(2, unknown, points)->effective_n, 0.0);
}

TEST(EvidenceModelTest, WithoutASignalTheLadderStaysAsItIs) {
  const Estimate ladder = {0.5, 0.4, 0.7, 60.0, Source::kShrunk};
  const auto is_ladder = [&](const Estimate& p, Source source) {
    EXPECT_EQ(p.value, ladder.value);
    EXPECT_EQ(p.low, ladder.low);
    EXPECT_EQ(p.high, ladder.high);
    EXPECT_EQ(p.effective_n, ladder.effective_n);
    EXPECT_EQ(p.source, source);
  };
  const EvidenceModel untried = EvidenceModel::Fit({}, {})->model;
  is_ladder(*untried.Predict(2, ladder, {}), Source::kShrunk);
  const EvidenceModel refused =
      EvidenceModel::Fit(MakeDeals(8, 1000, 0.0), {})->model;
  ASSERT_NE(refused.gate().verdict, GateVerdict::kAdopt);
  is_ladder(*refused.Predict(2, ladder, {}), Source::kNoSignal);
}

TEST(EvidenceModelTest, ALadderThatCannotBe) {
  for (const EvidenceModel& model :
       {EvidenceModel::Fit({}, {})->model,
        EvidenceModel::Fit(MakeDeals(1, 900, 1.0), {})->model}) {
    for (const Estimate& bad :
         {Estimate{0.5, 0.6, 0.7, 1.0, Source::kPrior},
          Estimate{0.5, 0.4, 0.45, 1.0, Source::kPrior},
          Estimate{0.5, -0.1, 0.7, 1.0, Source::kPrior},
          Estimate{0.5, 0.4, 1.5, 1.0, Source::kPrior},
          Estimate{0.5, kNaN, 0.7, 1.0, Source::kPrior},
          Estimate{0.5, 0.4, kNaN, 1.0, Source::kPrior}}) {
      const auto p = model.Predict(2, bad, {});
      EXPECT_THAT(p, Refused(Reason::kValueRange, HasSubstr("ladder 0.5 in")));
      EXPECT_EQ(WhereOf(p.status()).column, 1);
    }
    for (const double bad : {-1.0, kNaN}) {
      EXPECT_THAT(
          model.Predict(2, Estimate{0.5, 0.4, 0.7, bad, Source::kPrior}, {}),
          Refused(Reason::kValueRange, HasSubstr("effective_n ")));
    }
    EXPECT_THAT(
        model.Predict(2, Estimate{1.0, 0.4, 1.0, 1.0, Source::kPrior}, {}),
        Refused(Reason::kValueRange, HasSubstr("ladder 1")));
  }
}

TEST(EvidenceModelTest, PerfectSeparationIsNotSure) {
  auto deals = MakeDeals(10, 300, 0.0, 0.0);
  for (EvidenceDeal& deal : deals) deal.points[3] = deal.won == 1 ? 20 : 0;
  const EvidenceModel model = EvidenceModel::Fit(deals, {})->model;
  ASSERT_EQ(model.gate().verdict, GateVerdict::kAdopt);
  const Estimate p = *model.Predict(2, 0.5, {10, 10, 10, 20, 10});
  EXPECT_GT(p.value, 0.9);
  EXPECT_LT(p.high, 1.0);
}

TEST(EvidenceModelTest, AStageWithoutHistory) {
  auto deals = MakeDeals(11, 1000, 1.0);
  for (EvidenceDeal& deal : deals) deal.points[4] = kUnknownPoints;
  const EvidenceModel model = EvidenceModel::Fit(deals, {})->model;
  EXPECT_EQ(model.weights()[4], 0.0);
  EXPECT_TRUE(model.Predict(6, 0.5, {1, 2, 3, 4, 5}).ok());
}

TEST(EvidenceModelTest, AnyOrderAndAWindow) {
  auto deals = MakeDeals(12, 900, 1.0);
  EvidenceOptions window;
  window.from_day = 210;
  window.as_of = 809;
  const EvidenceFit want = *EvidenceModel::Fit(deals, window);
  EXPECT_EQ(want.model.gate().rows, 600);
  EXPECT_EQ(want.out_of_fold[199], -1.0);
  EXPECT_GT(want.out_of_fold[200], 0.0);
  std::reverse(deals.begin(), deals.end());
  const EvidenceFit got = *EvidenceModel::Fit(deals, window);
  EXPECT_EQ(got.model.weights(), want.model.weights());
  EXPECT_EQ(got.model.intercept(), want.model.intercept());
  EXPECT_EQ(got.model.Predict(0, 0.1, deals[0].points)->low,
            want.model.Predict(0, 0.1, deals[0].points)->low);
}

// ---- The serialised form ----------------------------------------------------

EvidenceModel FitOf(const std::vector<EvidenceDeal>& deals) {
  return EvidenceModel::Fit(deals, {})->model;
}

void ExpectTheSame(const EvidenceModel& got, const EvidenceModel& want) {
  EXPECT_EQ(got.gate().verdict, want.gate().verdict);
  EXPECT_EQ(got.gate().z, want.gate().z);
  EXPECT_EQ(got.l2(), want.l2());
  EXPECT_EQ(got.intercept(), want.intercept());
  EXPECT_EQ(got.weights(), want.weights());
  SplitMix64 random(14);
  for (int trial = 0; trial < 500; ++trial) {
    EvidencePoints points;
    for (uint8_t& p : points) {
      p = static_cast<uint8_t>(random.Below(22));
      if (p == 21) p = kUnknownPoints;
    }
    const auto stage = static_cast<uint8_t>(random.Below(kEvidenceStages));
    const double ladder = (random.Below(999) + 1) / 1000.0;
    const Estimate a = *got.Predict(stage, ladder, points);
    const Estimate b = *want.Predict(stage, ladder, points);
    EXPECT_EQ(a.value, b.value);
    EXPECT_EQ(a.low, b.low);
    EXPECT_EQ(a.high, b.high);
    EXPECT_EQ(a.effective_n, b.effective_n);
    EXPECT_EQ(a.source, b.source);
    const EvidenceExplanation why = *got.Explain(stage, ladder, points);
    const EvidenceExplanation other = *want.Explain(stage, ladder, points);
    EXPECT_EQ(why.log_odds, other.log_odds);
    EXPECT_EQ(why.log_odds_share, other.log_odds_share);
    EXPECT_EQ(why.share_ppm, other.share_ppm);
  }
}

// All that Fit gives is read: signal or none, odd data too.
TEST(EvidenceModelTest, ReadsWhatItWrote) {
  std::vector<EvidenceDeal> separated = MakeDeals(10, 300, 0.0, 0.0);
  for (EvidenceDeal& deal : separated) deal.points[3] = deal.won == 1 ? 20 : 0;
  std::vector<EvidenceDeal> alike = MakeDeals(15, 20000, 1.0, 0.0);
  for (EvidenceDeal& deal : alike) deal.points.fill(deal.points[0]);
  std::vector<EvidenceDeal> unknown = MakeDeals(16, 1000, 1.0);
  for (EvidenceDeal& deal : unknown) deal.points[4] = kUnknownPoints;
  std::vector<EvidenceDeal> sure = MakeDeals(17, 1000, 1.0);
  for (EvidenceDeal& deal : sure) deal.ladder = deal.won == 1 ? 1e-9 : 1 - 1e-9;
  const EvidenceModel models[] = {
      EvidenceModel(),
      FitOf({}),
      FitOf(MakeDeals(1, 3000, 1.0)),
      FitOf(MakeDeals(8, 1000, 0.0)),
      FitOf(MakeDeals(9, 49, 1.0)),
      FitOf(MakeDeals(18, 70, 3.0)),
      FitOf(separated),
      FitOf(alike),
      FitOf(unknown),
      FitOf(sure),
  };
  int adopted = 0;
  for (const EvidenceModel& model : models) {
    SCOPED_TRACE(&model - models);
    const std::string bytes = model.Serialise();
    EXPECT_EQ(bytes.size(), 696);
    const absl::StatusOr<EvidenceModel> read = EvidenceModel::Read(bytes);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->Serialise(), bytes);
    ExpectTheSame(*read, model);
    adopted += model.gate().verdict == GateVerdict::kAdopt ? 1 : 0;
  }
  EXPECT_EQ(adopted, 6);
}

TEST(EvidenceModelTest, AnyOrderGivesTheSameBytes) {
  std::vector<EvidenceDeal> deals = MakeDeals(12, 900, 1.0);
  const std::string want = FitOf(deals).Serialise();
  SplitMix64 random(3);
  for (int round = 0; round < 3; ++round) {
    for (size_t i = deals.size(); i > 1; --i) {
      std::swap(deals[i - 1], deals[random.Below(static_cast<uint32_t>(i))]);
    }
    EXPECT_EQ(FitOf(deals).Serialise(), want);
  }
}

// A number that was printed once: other compilers and machines have the same.
TEST(EvidenceModelTest, TheSameBytesOnEveryMachine) {
  EXPECT_EQ(Fnv1a64(FitOf(MakeDeals(20, 3000, 1.0)).Serialise()),
            7245553193829384612U);
}

TEST(EvidenceModelTest, RefusesDamagedBytes) {
  ExpectDamageIsSeen(FitOf(MakeDeals(1, 900, 1.0)).Serialise(),
                     EvidenceModel::Read);
  ExpectDamageIsSeen(FitOf(MakeDeals(8, 1000, 0.0)).Serialise(),
                     EvidenceModel::Read);
}

// Where each number is: intercept, weights, means and covariance.
size_t AtWeight(size_t i) { return 72 + 8 * i; }
size_t AtMean(size_t stage, size_t k) { return 120 + 8 * (5 * stage + k); }
size_t AtCovariance(size_t i, size_t j) { return 400 + 8 * (6 * i + j); }

TEST(EvidenceModelTest, RefusesNumbersThatCannotBe) {
  const EvidenceModel model = FitOf(MakeDeals(2, 900, 1.0));
  const std::string good = model.Serialise();
  ASSERT_EQ(model.gate().verdict, GateVerdict::kAdopt);
  // One weight is held at 0, one is not.
  size_t held = 0;
  while (held < 5 && model.weights()[held] > 0.0) ++held;
  ASSERT_LT(held, 5) << "no weight is 0";
  ASSERT_GT(model.weights()[0], 0.0);
  const size_t zero = 1 + held;
  struct Case {
    const char* words;
    Forgery forgery;
  };
  const Case cases[] = {
      {"of the fit", Forge32("zeros", 12, 1)},
      {"of the fit", Forge("l2: none of those", 16, 2.0)},
      {"of the fit", Forge("l2: not a number", 16, kNaN)},
      {"of the fit", Forge("l2: not tried", 16, 0.0)},
      {"of the fit", Forge32("verdict", 24, 3)},
      {"of the fit", Forge64("too few rows to try", 32, 49)},
      {"of the fit", Forge64("rows: below 0", 32, ~uint64_t{0})},
      {"of the fit", Forge("gain", 56, 0.5)},
      {"weights", Forge("intercept: not a number", AtWeight(0), kNaN)},
      {"weights", Forge("intercept: too large", AtWeight(0), 100.0)},
      {"weights", Forge("intercept: -0", AtWeight(0), -0.0)},
      {"weights", Forge("weight: below 0", AtWeight(1), -1e-9)},
      {"weights", Forge("weight: -0", AtWeight(zero), -0.0)},
      {"weights", Forge("weight: not a number", AtWeight(1), kNaN)},
      {"weights", Forge("weight: infinite", AtWeight(1), kInfinity)},
      {"weights", Forge("weight: too large for l2", AtWeight(1), 900.0)},
      {"covariance", Forge("weight: not a held one", AtWeight(zero), 0.5)},
      {"covariance", Forge("weight: a held one", AtWeight(1), 0.0)},
      {"dimension 0 in stage 0", Forge("mean: above 0", AtMean(0, 0), 1e-9)},
      {"dimension 4 in stage 6", Forge("mean: below 0", AtMean(6, 4), -3.05)},
      {"dimension 2 in stage 1", Forge("mean: no number", AtMean(1, 2), kNaN)},
      {"dimension 3 in stage 5", Forge("mean: -0", AtMean(5, 3), -0.0)},
      {"covariance", Forge("no variance", AtCovariance(0, 0), 0.0)},
      {"covariance", Forge("variance: NaN", AtCovariance(0, 0), kNaN)},
      {"covariance", Forge("variance: below 0", AtCovariance(1, 1), -1.0)},
      {"covariance", Forge("infinite", AtCovariance(0, 0), kInfinity)},
      {"covariance", Forge("of more rows", AtCovariance(0, 0), 4.0 / 901)},
      {"covariance", Forge("of more rows", AtCovariance(1, 1), 1.0 / 2150)},
      {"covariance", Forge("beyond l2", AtCovariance(1, 1), 4.0)},
      {"covariance", Forge("one side", AtCovariance(0, 1), 1e-3)},
      {"covariance", Forge("other side", AtCovariance(1, 0), 1e-3)},
      {"covariance", Forge("NaN aside", AtCovariance(2, 1), kNaN)},
      {"covariance", Forge("held: variance", AtCovariance(zero, zero), 1e-9)},
      {"covariance", Forge("held: below", AtCovariance(zero, 0), 1e-300)},
      {"covariance", Forge("held: above", AtCovariance(0, zero), -1e-300)},
      {"covariance", Forge("held: -0", AtCovariance(0, zero), -0.0)},
  };
  for (const Case& c : cases) {
    EXPECT_THAT(EvidenceModel::Read(Forged(good, c.forgery)),
                Refused(Reason::kDataDamaged, HasSubstr(c.words)))
        << c.forgery.name;
  }
}

// Symmetric, each pair within its bound, and yet no matrix of variances.
TEST(EvidenceModelTest, RefusesACovarianceThatIsNotDefinite) {
  const EvidenceModel model = FitOf(MakeDeals(1, 900, 1.0));
  ASSERT_GT(model.weights()[1], 0.0);
  std::string bytes = model.Serialise();
  const auto put = [&bytes](size_t i, size_t j, double x) {
    bytes = Forged(bytes, Forge("", AtCovariance(i, j), x));
  };
  for (size_t i = 0; i < 3; ++i) {
    for (size_t j = 0; j < 6; ++j) {
      put(i, j, i == j ? 0.01 : 0.0);
      put(j, i, i == j ? 0.01 : 0.0);
    }
  }
  EXPECT_TRUE(EvidenceModel::Read(bytes).ok());
  const auto correlate = [&put](size_t i, size_t j, double x) {
    put(i, j, 0.01 * x);
    put(j, i, 0.01 * x);
  };
  correlate(0, 1, 0.9);
  correlate(1, 2, 0.9);
  EXPECT_THAT(EvidenceModel::Read(bytes),
              Refused(Reason::kDataDamaged, HasSubstr("covariance")));
  correlate(0, 2, 0.9);
  EXPECT_TRUE(EvidenceModel::Read(bytes).ok());
}

TEST(EvidenceModelTest, RefusesWeightsWithoutASignal) {
  const std::string refused = FitOf(MakeDeals(8, 1000, 0.0)).Serialise();
  const std::string untried = FitOf(MakeDeals(9, 40, 1.0)).Serialise();
  const std::string none = FitOf({}).Serialise();
  for (const std::string* good : {&refused, &untried}) {
    for (const Forgery& forgery : {
             Forge("intercept", AtWeight(0), 1e-9),
             Forge("intercept: -0", AtWeight(0), -0.0),
             Forge("weight", AtWeight(5), 1e-9),
             Forge("variance", AtCovariance(3, 3), 0.1),
             Forge("not a number", AtCovariance(5, 0), kNaN),
         }) {
      EXPECT_THAT(EvidenceModel::Read(Forged(*good, forgery)),
                  Refused(Reason::kDataDamaged, HasSubstr("without a signal")))
          << forgery.name;
    }
  }
  EXPECT_THAT(EvidenceModel::Read(Forged(untried, Forge("l2", 16, 1.0))),
              Refused(Reason::kDataDamaged, HasSubstr("of the fit")));
  EXPECT_THAT(EvidenceModel::Read(Forged(refused, Forge("l2", 16, 0.0))),
              Refused(Reason::kDataDamaged, HasSubstr("of the fit")));
  EXPECT_THAT(EvidenceModel::Read(Forged(none, Forge("", AtMean(2, 2), -1.0))),
              Refused(Reason::kDataDamaged, HasSubstr("dimension 2")));
}

// ---- Refusals ---------------------------------------------------------------

// Of a deal that was sure of anything, the others are learned from all the
// same.
TEST(EvidenceModelTest, LaddersOfAllSizesAreFitted) {
  for (const double ladder :
       {kLeastEvidenceLadder, 1e-9, std::nextafter(1.0, 0.0)}) {
    for (const bool won : {false, true}) {
      auto deals = MakeDeals(13, 400, 1.0);
      deals[7].ladder = ladder;
      deals[7].won = won ? 1 : 0;
      const auto fit = EvidenceModel::Fit(deals, {});
      ASSERT_TRUE(fit.ok()) << fit.status();
      const std::string bytes = fit->model.Serialise();
      ASSERT_TRUE(EvidenceModel::Read(bytes).ok());
    }
  }
}

TEST(EvidenceModelTest, Refusals) {
  const auto good = MakeDeals(13, 60, 1.0);
  const auto refuses = [&good](auto change, Reason reason, const char* message,
                               int32_t column) {
    auto deals = good;
    change(&deals[7]);
    const auto fit = EvidenceModel::Fit(deals, {});
    EXPECT_THAT(fit, Refused(reason, HasSubstr(message)));
    EXPECT_EQ(WhereOf(fit.status()).row, 7);
    EXPECT_EQ(WhereOf(fit.status()).column, column);
  };
  for (const double bad : {0.0, 1.0, -0.1, kNaN, 1e-22}) {
    refuses([bad](EvidenceDeal* d) { d->ladder = bad; }, Reason::kValueRange,
            "ladder ", 1);
  }
  refuses([](EvidenceDeal* d) { d->ladder = 1e-300; }, Reason::kValueRange,
          "1e-300 of a closed deal; allowed: 1e-21 or more", 1);
  refuses([](EvidenceDeal* d) { d->known_on = d->closed_on + 1; },
          Reason::kValueRange, "known on day 18; allowed: up to day 17", 2);
  refuses([](EvidenceDeal* d) { d->stage = 7; }, Reason::kUnknownCode,
          "stage 7", 4);
  refuses([](EvidenceDeal* d) { d->points[2] = 21; }, Reason::kValueRange,
          "points 21 of dimension 2", 5);
  refuses([](EvidenceDeal* d) { d->won = 2; }, Reason::kValueRange, "outcome 2",
          6);
  EvidenceOptions window;
  window.from_day = 2;
  window.as_of = 1;
  EXPECT_THAT(EvidenceModel::Fit(good, window),
              Refused(Reason::kValueRange, HasSubstr("from day 2 to day 1")));
  for (const EvidenceModel& model :
       {EvidenceModel::Fit({}, {})->model,
        EvidenceModel::Fit(MakeDeals(1, 900, 1.0), {})->model}) {
    EXPECT_THAT(model.Predict(7, 0.5, {}), RefusedFor(Reason::kUnknownCode));
    EXPECT_THAT(model.Predict(0, 1.0, {}), RefusedFor(Reason::kValueRange));
    EXPECT_THAT(model.Explain(0, kNaN, {}), RefusedFor(Reason::kValueRange));
    EXPECT_THAT(model.Explain(0, 0.5, {21}), RefusedFor(Reason::kValueRange));
  }
}

TEST(FiveKTest, Reference) {
  const auto cases = ReferenceCases("scoring", "five_k");
  FIVEK_NEEDS_REFERENCE(cases);
  for (const auto& one : cases) {
    SCOPED_TRACE(one.at("id").get<std::string>());
    const FiveK five =
        *FiveKOf(one.at("input").at("evidence").get<EvidencePoints>());
    const auto& want = one.at("expected");
    const auto tolerance = one.at("rel_tol").get<double>();
    const auto near = [&](double got, const char* name) {
      EXPECT_THAT(got, IsNear(want.at(name).get<double>(), tolerance)) << name;
    };
    near(five.product, "product");
    near(five.geometric_mean, "geometric_mean");
    near(five.arithmetic_mean, "arithmetic_mean");
    near(five.smoothed_product, "smoothed_product");
    uint32_t weakest = 0;
    for (const uint32_t k : want.at("weakest")) weakest |= 1U << k;
    EXPECT_EQ(five.weakest, weakest);
    for (size_t k = 0; k < 5; ++k) {
      EXPECT_THAT(
          five.log_feature[k],
          IsNear(want.at("smoothed_log_features")[k].get<double>(), tolerance));
      EXPECT_THAT(five.drag_share[k],
                  IsNear(want.at("drag_share")[k].get<double>(), tolerance));
    }
  }
}

TEST(FiveKTest, NoEvidence) {
  const FiveK five = *FiveKOf({0, 20, 20, 20, 20});
  EXPECT_EQ(five.product, 0.0);
  EXPECT_EQ(five.geometric_mean, 0.0);
  EXPECT_NEAR(five.log_feature[0], -3.0445, 1e-4);
  EXPECT_EQ(five.drag_share[0], 1.0);
  EXPECT_EQ(five.weakest, 1U);
  EXPECT_THAT(FiveKOf({1, 1, 21, 1, 1}),
              Refused(Reason::kValueRange, HasSubstr("points 21")));
  EXPECT_THAT(FiveKOf({1, 255, 1, 1, 1}), RefusedFor(Reason::kValueRange));
}

}  // namespace
}  // namespace fivek
