#include "fivek/history/recalibration.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "bench/seeded.h"
#include "fivek/base/reason.h"
#include "fivek/history/isotonic.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/fnv1a.h"
#include "tests/history/reference.h"
#include "tests/history/serial_form.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using bench::SplitMix64;
using testing::HasSubstr;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Rows {
  std::vector<double> score;
  std::vector<uint8_t> won;
  std::vector<uint64_t> id;
};

double Unit(SplitMix64* random) {
  return static_cast<double>(random->Next() >> 11) * 0x1p-53;
}

// Won with the probability `true_rate` of a forecast.
template <typename F>
Rows MakeRows(uint64_t seed, size_t n, uint32_t values, F true_rate) {
  SplitMix64 random(seed);
  Rows rows;
  for (size_t i = 0; i < n; ++i) {
    const double p = (random.Below(values) + 0.5) / values;
    rows.score.push_back(p);
    rows.won.push_back(Unit(&random) < true_rate(p) ? 1 : 0);
    rows.id.push_back(i);
  }
  return rows;
}

double Same(double p) { return p; }

// ---- Platt ------------------------------------------------------------------

TEST(PlattTest, Reference) {
  const auto cases = ReferenceCases("calibration", "platt");
  FIVEK_NEEDS_REFERENCE(cases);
  for (const auto& one : cases) {
    const PlattCurve curve =
        *FitPlatt(one.at("input").at("score").get<std::vector<double>>(),
                  one.at("input").at("label").get<std::vector<uint8_t>>());
    const auto tolerance = one.at("rel_tol").get<double>();
    const auto& want = one.at("expected");
    EXPECT_THAT(curve.a, IsNear(want.at("A").get<double>(), tolerance));
    EXPECT_THAT(curve.b, IsNear(want.at("B").get<double>(), tolerance));
    EXPECT_THAT(curve.At(0.0),
                IsNear(want.at("p_at_0").get<double>(), tolerance));
  }
}

TEST(PlattTest, IsNeverSure) {
  // Separated.
  const PlattCurve apart = *FitPlatt({0, 1, 2, 3}, {0, 0, 1, 1});
  EXPECT_LT(apart.a, 0.0);
  EXPECT_GT(apart.At(0.0), 0.0);
  EXPECT_LT(apart.At(3.0), 1.0);
  // One outcome: (3 + 1) / (3 + 2).
  const PlattCurve won = *FitPlatt({1, 2, 3}, {1, 1, 1});
  EXPECT_NEAR(won.At(2.0), 0.8, 1e-12);
  EXPECT_NEAR(won.At(-100.0), 0.8, 1e-9);
  // One score.
  const PlattCurve flat = *FitPlatt({5, 5, 5}, {1, 0, 0});
  EXPECT_EQ(flat.a, 0.0);
  EXPECT_NEAR(flat.At(5.0), (2.0 / 3 + 2 * 0.25) / 3, 1e-12);
}

TEST(PlattTest, ScoresOfAnyScale) {
  const Rows rows = MakeRows(4, 200, 50, Same);
  const PlattCurve curve = *FitPlatt(rows.score, rows.won);
  std::vector<double> moved;
  moved.reserve(rows.score.size());
  for (const double s : rows.score) moved.push_back(5e5 + 1e5 * s);
  const PlattCurve other = *FitPlatt(moved, rows.won);
  EXPECT_NEAR(other.At(5.3e5), curve.At(0.3), 1e-8);
}

// ---- Venn-Abers -------------------------------------------------------------

// Isotonic regression of all rows with one more.
double WithOneMore(const Rows& rows, double score, uint8_t outcome) {
  std::vector<std::pair<double, uint8_t>> all;
  for (size_t i = 0; i < rows.score.size(); ++i) {
    all.emplace_back(rows.score[i], rows.won[i]);
  }
  all.emplace_back(score, outcome);
  std::sort(all.begin(), all.end());
  std::vector<double> scores;
  std::vector<double> mean;
  std::vector<double> weight;
  for (const auto& [s, y] : all) {
    if (scores.empty() || scores.back() != s) {
      scores.push_back(s);
      mean.push_back(0.0);
      weight.push_back(0.0);
    }
    mean.back() += y;
    weight.back() += 1.0;
  }
  for (size_t i = 0; i < mean.size(); ++i) mean[i] /= weight[i];
  const std::vector<double> fit = *IsotonicFit(mean, weight);
  const auto at = std::find(scores.begin(), scores.end(), score);
  return fit[static_cast<size_t>(at - scores.begin())];
}

TEST(VennAbersTest, AsTwoRegressionsSay) {
  SplitMix64 random(21);
  for (int trial = 0; trial < 60; ++trial) {
    const size_t n = 1 + random.Below(80);
    const Rows rows = MakeRows(100 + static_cast<uint64_t>(trial), n,
                               trial % 3 == 0 ? 5 : 200, Same);
    const VennAbers fit = *VennAbers::Fit(rows.score, rows.won);
    std::vector<double> at = rows.score;
    for (int i = -1; i <= 20; ++i) at.push_back(i / 19.0);
    const std::vector<VennInterval> all = *fit.At(absl::MakeConstSpan(at));
    for (size_t i = 0; i < at.size(); ++i) {
      const VennInterval v = *fit.At(at[i]);
      EXPECT_NEAR(v.low, WithOneMore(rows, at[i], 0), 1e-12) << at[i];
      EXPECT_NEAR(v.high, WithOneMore(rows, at[i], 1), 1e-12) << at[i];
      EXPECT_LT(v.low, v.high);
      EXPECT_NEAR(v.merged, v.high / (1 - v.low + v.high), 1e-15);
      EXPECT_LE(v.low, v.merged);
      EXPECT_LE(v.merged, v.high);
      EXPECT_EQ(all[i].low, v.low);
      EXPECT_EQ(all[i].high, v.high);
    }
  }
}

TEST(VennAbersTest, EffectiveRows) {
  // Nine closed deals with one score: the tenth has a tenth of the say.
  const std::vector<double> score(9, 1.0);
  const std::vector<uint8_t> won = {1, 1, 1, 0, 0, 0, 0, 0, 0};
  const VennInterval v = *(*VennAbers::Fit(score, won)).At(1.0);
  EXPECT_EQ(v.low, 0.3);
  EXPECT_EQ(v.high, 0.4);
  EXPECT_NEAR(v.EffectiveN(), 9.0, 1e-12);
  // Beyond all scores one side is open.
  EXPECT_EQ((*VennAbers::Fit(score, won)).At(2.0)->high, 1.0);
  EXPECT_EQ((*VennAbers::Fit(score, won)).At(0.0)->low, 0.0);
}

TEST(VennAbersTest, RightOnTheAverage) {
  const Rows past = MakeRows(5, 2000, 1000, Same);
  const Rows next = MakeRows(6, 4000, 1000, Same);
  const VennAbers fit = *VennAbers::Fit(past.score, past.won);
  double low = 0.0;
  double high = 0.0;
  double won = 0.0;
  for (size_t i = 0; i < next.score.size(); ++i) {
    const VennInterval v = *fit.At(next.score[i]);
    low += v.low;
    high += v.high;
    won += next.won[i];
  }
  EXPECT_LT(low / 4000, won / 4000 + 0.02);
  EXPECT_GT(high / 4000, won / 4000 - 0.02);
}

TEST(VennAbersTest, AnyOrder) {
  Rows rows = MakeRows(8, 500, 100, Same);
  const VennAbers fit = *VennAbers::Fit(rows.score, rows.won);
  std::reverse(rows.score.begin(), rows.score.end());
  std::reverse(rows.won.begin(), rows.won.end());
  const VennAbers other = *VennAbers::Fit(rows.score, rows.won);
  for (int i = 0; i <= 100; ++i) {
    EXPECT_EQ(fit.At(i / 100.0)->merged, other.At(i / 100.0)->merged);
  }
}

// ---- Recalibration ----------------------------------------------------------

absl::StatusOr<Recalibration> ChooseOf(const Rows& rows) {
  return Recalibration::Choose(rows.score, rows.won, rows.id);
}

// The odds have halved since the model was fitted.
double Halved(double p) { return p / (2 - p); }

Rows CurveRows() { return MakeRows(32, 1500, 40, Halved); }
Recalibration CurveOf() { return *ChooseOf(CurveRows()); }

// No curve fits these.
double Stairs(double p) { return p < 0.45 ? 0.1 : p < 0.5 ? 0.9 : 0.6; }

Rows StepRows() { return MakeRows(33, 4000, 20, Stairs); }
Recalibration StepsOf() { return *ChooseOf(StepRows()); }

TEST(RecalibrationTest, WhatIsRightStays) {
  const Rows rows = MakeRows(31, 3000, 40, Same);
  const Recalibration step =
      *Recalibration::Choose(rows.score, rows.won, rows.id);
  EXPECT_EQ(step.kind(), RecalibrationKind::kIdentity);
  EXPECT_NE(step.gate().verdict, GateVerdict::kAdopt);
  EXPECT_EQ(*step.Apply(0.37), 0.37);
}

TEST(RecalibrationTest, DriftIsSetRight) {
  const Recalibration step = CurveOf();
  EXPECT_EQ(step.kind(), RecalibrationKind::kPlatt);
  EXPECT_EQ(step.gate().verdict, GateVerdict::kAdopt);
  EXPECT_NEAR(*step.Apply(0.5), Halved(0.5), 0.04);
  EXPECT_GT(*step.Apply(0.0), -1e-300);
  EXPECT_LE(*step.Apply(1.0), 1.0);
}

TEST(RecalibrationTest, StepsWhereNoCurveFits) {
  const Recalibration step = StepsOf();
  EXPECT_EQ(step.kind(), RecalibrationKind::kIsotonic);
  EXPECT_NEAR(*step.Apply(0.2), 0.1, 0.03);
  EXPECT_NEAR(*step.Apply(0.0), 0.1, 0.06);  // Below all forecasts.
  EXPECT_NEAR(*step.Apply(0.9), 0.63, 0.06);
}

TEST(RecalibrationTest, FewRowsHaveNoSteps) {
  const auto stairs = [](double p) { return p < 0.5 ? 0.02 : 0.98; };
  for (uint64_t seed = 1; seed < 20; ++seed) {
    const Rows rows = MakeRows(seed, kLeastIsotonicRows - 1, 20, stairs);
    EXPECT_NE(Recalibration::Choose(rows.score, rows.won, rows.id)->kind(),
              RecalibrationKind::kIsotonic);
  }
}

TEST(RecalibrationTest, OneRowAndOneOutcome) {
  EXPECT_EQ(Recalibration::Choose({0.5}, {1}, {7})->kind(),
            RecalibrationKind::kIdentity);
  const std::vector<double> half(300, 0.5);
  const std::vector<uint8_t> won(300, 1);
  std::vector<uint64_t> id(300);
  for (size_t i = 0; i < id.size(); ++i) id[i] = i;
  // All won: forecasts of a half were too low; it is still not sure.
  const double p = *Recalibration::Choose(half, won, id)->Apply(0.5);
  EXPECT_GT(p, 0.9);
}

TEST(RecalibrationTest, ManyAtOnce) {
  for (const Recalibration& step : {Recalibration(), CurveOf(), StepsOf()}) {
    std::vector<double> forecast;
    for (int i = 0; i <= 100; ++i) forecast.push_back(i / 100.0);
    const std::vector<double> all = *step.Apply(absl::MakeConstSpan(forecast));
    ASSERT_EQ(all.size(), forecast.size());
    for (size_t i = 0; i < all.size(); ++i) {
      EXPECT_EQ(all[i], *step.Apply(forecast[i]));
    }
    EXPECT_TRUE(step.Apply(absl::Span<const double>())->empty());
    for (const double bad : {kNaN, -1e-9, 1.1}) {
      forecast[57] = bad;
      const auto refused = step.Apply(absl::MakeConstSpan(forecast));
      EXPECT_THAT(refused, Refused(Reason::kValueRange, HasSubstr("0 to 1")));
      EXPECT_EQ(WhereOf(refused.status()).row, 57);
      EXPECT_EQ(WhereOf(refused.status()).column, 0);
    }
  }
}

// ---- The serialised form ----------------------------------------------------

TEST(RecalibrationTest, ReadsWhatItWrote) {
  const std::vector<double> half(300, 0.5);
  const std::vector<uint8_t> won(300, 1);
  std::vector<uint64_t> id(300);
  for (size_t i = 0; i < id.size(); ++i) id[i] = i;
  // Two forecasts as near as doubles are, and what cannot be set right.
  std::vector<double> near = half;
  std::vector<uint8_t> some = won;
  for (size_t i = 0; i < 100; ++i) near[i] = std::nextafter(0.5, 0.0);
  for (size_t i = 0; i < 90; ++i) some[i] = 0;
  std::vector<double> sure = half;
  for (size_t i = 0; i < 300; ++i) sure[i] = some[i] == 1 ? 1.0 : 0.0;
  // Half of what was 0.9 is won: the curve is flat, at log-odds of 0.
  const std::vector<double> high(300, 0.9);
  std::vector<uint8_t> other = won;
  for (size_t i = 0; i < 300; i += 2) other[i] = 0;
  const Recalibration steps[] = {
      Recalibration(),
      *Recalibration::Choose({0.5}, {1}, {7}),
      *ChooseOf(MakeRows(31, 3000, 40, Same)),
      CurveOf(),
      StepsOf(),
      *Recalibration::Choose(half, won, id),
      *Recalibration::Choose(near, some, id),
      *Recalibration::Choose(sure, won, id),
      *Recalibration::Choose(high, other, id),
  };
  int adopted = 0;
  for (const Recalibration& step : steps) {
    SCOPED_TRACE(&step - steps);
    const std::string bytes = step.Serialise();
    const absl::StatusOr<Recalibration> read = Recalibration::Read(bytes);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->Serialise(), bytes);
    EXPECT_EQ(read->kind(), step.kind());
    EXPECT_EQ(read->gate().verdict, step.gate().verdict);
    EXPECT_EQ(read->gate().z, step.gate().z);
    for (int i = 0; i <= 1000; ++i) {
      EXPECT_EQ(*read->Apply(i / 1000.0), *step.Apply(i / 1000.0));
    }
    EXPECT_EQ(*read->Apply(near[0]), *step.Apply(near[0]));
    adopted += step.gate().verdict == GateVerdict::kAdopt ? 1 : 0;
  }
  EXPECT_EQ(adopted, 6);
}

TEST(RecalibrationTest, AnyOrderGivesTheSameBytes) {
  for (const auto& make : {CurveRows, StepRows}) {
    Rows rows = make();
    const std::string want = ChooseOf(rows)->Serialise();
    SplitMix64 random(3);
    for (int round = 0; round < 3; ++round) {
      for (size_t i = rows.score.size(); i > 1; --i) {
        const size_t j = random.Below(static_cast<uint32_t>(i));
        std::swap(rows.score[i - 1], rows.score[j]);
        std::swap(rows.won[i - 1], rows.won[j]);
        std::swap(rows.id[i - 1], rows.id[j]);
      }
      EXPECT_EQ(ChooseOf(rows)->Serialise(), want);
    }
  }
}

// Numbers that were printed once: other compilers and machines have the same.
TEST(RecalibrationTest, TheSameBytesOnEveryMachine) {
  EXPECT_EQ(Fnv1a64(CurveOf().Serialise()), 7434088510026084228U);
  EXPECT_EQ(Fnv1a64(StepsOf().Serialise()), 2740003150900351549U);
}

TEST(RecalibrationTest, RefusesDamagedBytes) {
  ExpectDamageIsSeen(Recalibration().Serialise(), Recalibration::Read);
  ExpectDamageIsSeen(CurveOf().Serialise(), Recalibration::Read);
  ExpectDamageIsSeen(StepsOf().Serialise(), Recalibration::Read);
}

TEST(RecalibrationTest, RefusesNumbersThatCannotBe) {
  const std::string none = Recalibration().Serialise();
  const std::string same = ChooseOf(MakeRows(31, 3000, 40, Same))->Serialise();
  const std::string curve = CurveOf().Serialise();
  const std::string steps = StepsOf().Serialise();
  const size_t count = (steps.size() - 96) / 16;
  ASSERT_GT(count, 3);
  const auto at_from = [](size_t i) { return 88 + 16 * i; };
  const auto at_value = [](size_t i) { return 96 + 16 * i; };
  struct Case {
    const std::string* good;
    const char* words;
    Forgery forgery;
  };
  const Case cases[] = {
      {&same, "the choice", Forge32("kind: a curve", 12, 1)},
      {&same, "the choice", Forge32("kind: none", 12, 3)},
      {&same, "the choice", Forge32("verdict: adopted", 24, 0)},
      {&same, "the choice", Forge64("rows: none", 32, 0)},
      {&same, "the choice", Forge("loss: not a number", 40, kNaN)},
      {&same, "the curve", Forge("no curve: a", 72, 1e-9)},
      {&same, "the curve", Forge("no curve: -0", 72, -0.0)},
      {&same, "the curve", Forge("no curve: b", 80, kNaN)},
      {&same, "bytes are not those of 1 steps", Forge64("steps", 16, 1)},
      {&none, "the choice", Forge64("rows without a comparison", 32, 5)},
      {&curve, "the choice", Forge32("kind: none", 12, 0)},
      {&curve, "the curve", Forge32("kind: steps", 12, 2)},
      {&curve, "the choice", Forge32("verdict: not sure", 24, 3)},
      {&curve, "the curve", Forge("a: not a number", 72, kNaN)},
      {&curve, "the curve", Forge("a: too large", 72, -1e33)},
      {&curve, "the curve", Forge("a: -0", 72, -0.0)},
      {&curve, "the curve", Forge("b: not a number", 80, kNaN)},
      {&curve, "the curve", Forge("b: infinite", 80, -kInfinity)},
      {&curve, "the curve", Forge("b: far from all", 80, 100.0)},
      {&curve, "the curve", Forge("b: -0", 80, -0.0)},
      {&curve, "not those of 2147483648 steps",
       Forge64("steps", 16, uint64_t{1} << 31)},
      {&steps, "cannot be", Forge32("kind: a curve", 12, 1)},
      {&steps, "not those of 0 steps", Forge64("steps: none", 16, 0)},
      {&steps, "bytes are not those", Forge64("one less", 16, count - 1)},
      {&steps, "bytes are not those", Forge64("one more", 16, count + 1)},
      // 16 times that, in 64 bits, is what there is.
      {&steps, "bytes are not those",
       Forge64("too many", 16, (uint64_t{1} << 60) + count)},
      {&steps, "the choice", Forge64("too few rows", 32, 199)},
      {&steps, "the curve", Forge("a of no curve", 72, -1.0)},
      {&steps, "step 0", Forge("below 0", at_from(0), -0.1)},
      {&steps, "step 0", Forge("-0", at_from(0), -0.0)},
      {&steps, "step 1", Forge("not a number", at_from(1), kNaN)},
      {&steps, "step 2", Forge("above 1", at_from(2), 1.1)},
      {&steps, "step 1", Forge("does not rise", at_from(0), 0.999)},
      {&steps, "step 0", Forge("share: NaN", at_value(0), kNaN)},
      {&steps, "step 0", Forge("share: below 0", at_value(0), -0.1)},
      {&steps, "step 0", Forge("share: -0", at_value(0), -0.0)},
      {&steps, "step 0", Forge("share: of more rows", at_value(0), 1e-5)},
      {&steps, "step 2", Forge("share: nearly 1", at_value(2), 1 - 1e-5)},
      {&steps, "step 2", Forge("share: above 1", at_value(2), 1.5)},
      {&steps, "step 1", Forge("share: falls", at_value(0), 1.0)},
  };
  for (const Case& c : cases) {
    EXPECT_THAT(Recalibration::Read(Forged(*c.good, c.forgery)),
                Refused(Reason::kDataDamaged, HasSubstr(c.words)))
        << c.forgery.name;
  }
}

// Each step in its place, and more of them than rows that were compared; none.
TEST(RecalibrationTest, RefusesMoreStepsThanRows) {
  const std::string good = StepsOf().Serialise();
  const auto with_steps = [&good](size_t count) {
    std::string bytes = good.substr(0, 88);
    bytes.resize(88 + 16 * count + 8);
    for (size_t i = 0; i < count; ++i) {
      const double from = static_cast<double>(i) / 5000.0;
      Overwrite(&bytes, Forge("", 88 + 16 * i, from));
      Overwrite(&bytes, Forge("", 96 + 16 * i, 0.5));
    }
    return Recalibration::Read(Forged(bytes, Forge64("", 16, count)));
  };
  EXPECT_TRUE(with_steps(4000).ok());
  EXPECT_THAT(with_steps(4001), Refused(Reason::kDataDamaged,
                                        HasSubstr("4001 steps of 4000 rows")));
  EXPECT_THAT(with_steps(0),
              Refused(Reason::kDataDamaged, HasSubstr("0 steps of 4000 rows")));
}

// ---- Refusals ---------------------------------------------------------------

TEST(RecalibrationTest, Refusals) {
  for (const double bad : {kNaN, 1e7, -1e7}) {
    EXPECT_THAT(FitPlatt({0, bad}, {0, 1}),
                Refused(Reason::kValueRange, HasSubstr("score ")));
    const auto fit = VennAbers::Fit({0, bad}, {0, 1});
    EXPECT_THAT(fit, Refused(Reason::kValueRange, HasSubstr("score ")));
    EXPECT_EQ(WhereOf(fit.status()).row, 1);
    EXPECT_EQ(WhereOf(fit.status()).column, 0);
    const VennAbers good = *VennAbers::Fit({0, 1}, {0, 1});
    EXPECT_THAT(good.At(bad), RefusedFor(Reason::kValueRange));
    EXPECT_THAT(good.At(absl::Span<const double>({1.0, bad})),
                RefusedFor(Reason::kValueRange));
    EXPECT_THAT(Recalibration::Choose({0.5, bad}, {0, 1}, {1, 2}),
                RefusedFor(Reason::kValueRange));
    const Recalibration none = *Recalibration::Choose({0.5}, {1}, {1});
    EXPECT_THAT(none.Apply(bad), RefusedFor(Reason::kValueRange));
  }
  EXPECT_THAT(FitPlatt({0, 1}, {0, 2}),
              Refused(Reason::kValueRange, HasSubstr("outcome 2")));
  EXPECT_THAT(FitPlatt({0, 1}, {0}),
              Refused(Reason::kValueRange, HasSubstr("2 scores and 1")));
  EXPECT_THAT(FitPlatt({}, {}),
              Refused(Reason::kValueRange, HasSubstr("0 rows")));
  EXPECT_THAT(VennAbers::Fit({}, {}), RefusedFor(Reason::kValueRange));
  EXPECT_TRUE(VennAbers::FitCounts({0, 1}, {0, 1}, {1, 1}).ok());
  EXPECT_THAT(VennAbers::FitCounts({}, {}, {}),
              Refused(Reason::kValueRange, HasSubstr("0 scores")));
  EXPECT_THAT(VennAbers::FitCounts({1, 1}, {0, 1}, {1, 1}),
              Refused(Reason::kValueRange, HasSubstr("rising")));
  EXPECT_THAT(VennAbers::FitCounts({0, 1}, {0, 2}, {1, 1}),
              Refused(Reason::kValueRange, HasSubstr("won 2")));
  EXPECT_THAT(VennAbers::FitCounts({0, 1}, {0, 0}, {1, 0}),
              Refused(Reason::kValueRange, HasSubstr("rows 0")));
  EXPECT_THAT(VennAbers::FitCounts({0, 1}, {0, 0}, {1, int64_t{1} << 31}),
              RefusedFor(Reason::kValueRange));
  EXPECT_THAT(Recalibration::Choose({0.5, 1.5}, {0, 1}, {1, 2}),
              Refused(Reason::kValueRange, HasSubstr("0 to 1")));
  EXPECT_THAT(Recalibration::Choose({0.5, 0.5}, {0, 1}, {1}),
              Refused(Reason::kValueRange, HasSubstr("1 ids of 2")));
}

}  // namespace
}  // namespace fivek
