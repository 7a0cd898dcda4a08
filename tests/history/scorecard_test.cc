#include "fivek/history/scorecard.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "bench/seeded.h"
#include "fivek/base/real.h"
#include "fivek/base/reason.h"
#include "fivek/history/pls_compat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/fnv1a.h"
#include "tests/history/serial_form.h"
#include "tests/history/shared_csv.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using bench::SplitMix64;
using testing::HasSubstr;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

double Unit(SplitMix64* random) {
  return static_cast<double>(random->Next() >> 11) * 0x1p-53;
}

// What a ScoreTable looks at.
struct Data {
  struct Column {
    std::string name;
    std::vector<uint32_t> level;
    std::vector<double> value;
    std::vector<uint8_t> missing;
    std::vector<int32_t> known_on;
  };
  std::vector<Column> columns;
  std::vector<uint8_t> won;
  std::vector<uint64_t> group;
  std::vector<int32_t> closed_on;
  std::vector<double> simpler;

  std::vector<ScoreColumn> Columns() const {
    std::vector<ScoreColumn> all;
    for (const Column& c : columns) {
      all.push_back({c.name, c.level, c.value, c.missing, c.known_on});
    }
    return all;
  }
  absl::StatusOr<ScorecardFit> Fit(const ScorecardOptions& options = {}) const {
    const std::vector<ScoreColumn> all = Columns();
    return Scorecard::Fit({all, won, group, closed_on, simpler}, options);
  }
  std::vector<ScoreAnswer> Row(size_t i) const {
    std::vector<ScoreAnswer> row;
    for (const Column& c : columns) {
      ScoreAnswer answer;
      if (!c.level.empty()) answer.level = c.level[i];
      if (!c.value.empty()) answer.value = c.value[i];
      answer.missing = !c.missing.empty() && c.missing[i] == 1;
      row.push_back(answer);
    }
    return row;
  }
  // The rows at `order`, in that order.
  Data Take(const std::vector<size_t>& order) const {
    const auto take = [&order](const auto& from, auto* to) {
      if (from.empty()) return;
      for (const size_t i : order) to->push_back(from[i]);
    };
    Data data;
    for (const Column& c : columns) {
      Column part;
      part.name = c.name;
      take(c.level, &part.level);
      take(c.value, &part.value);
      take(c.missing, &part.missing);
      take(c.known_on, &part.known_on);
      data.columns.push_back(std::move(part));
    }
    take(won, &data.won);
    take(group, &data.group);
    take(closed_on, &data.closed_on);
    take(simpler, &data.simpler);
    return data;
  }
};

// Two columns with a signal, one number with a hump, one without, and gaps.
Data MakeData(uint64_t seed, size_t n, double strength = 1.0) {
  SplitMix64 random(seed);
  Data data;
  data.columns.resize(4);
  data.columns[0].name = "source";
  data.columns[2].name = "employees";
  for (size_t i = 0; i < n; ++i) {
    const uint32_t a = random.Below(4);
    const uint32_t b = random.Below(3);
    const double x = 100 * Unit(&random);
    const bool gap = random.Below(10) == 0;
    data.columns[0].level.push_back(a);
    data.columns[1].level.push_back(1000000 * b);
    data.columns[1].missing.push_back(gap ? 1 : 0);
    data.columns[2].value.push_back(x);
    data.columns[3].level.push_back(random.Below(5));
    const double z = strength * (0.8 * a - 1.2 + (gap ? -1.0 : 0.5 * b) +
                                 (x > 40 && x < 60 ? 1.5 : 0.0));
    data.won.push_back(Unit(&random) < 1 / (1 + Exp(-z)) ? 1 : 0);
    data.group.push_back(i);
    data.closed_on.push_back(static_cast<int32_t>(i));
  }
  return data;
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

// ---- What it says -----------------------------------------------------------

TEST(ScorecardTest, FindsWhatIsThere) {
  const Data data = MakeData(1, 4000);
  const ScorecardFit fit = *data.Fit();
  EXPECT_EQ(fit.card.gate().verdict, GateVerdict::kAdopt);
  const std::vector<ScoreLine>& table = fit.card.Table();
  // Levels 0 to 3 of the first column rise by 0.8 logits: about 11.5 points.
  EXPECT_EQ(table[0].points, 0);
  for (size_t level = 1; level < 4; ++level) {
    EXPECT_EQ(table[level].level, level);
    EXPECT_NEAR(table[level].points, 11.5 * static_cast<double>(level), 5);
  }
  for (const ScoreLine& line : table) {
    if (line.column == 3 && line.kind == ScoreLineKind::kLevel) {
      EXPECT_NEAR(line.points, 2.5, 4) << "a column without a signal";
    }
  }
}

TEST(ScorecardTest, PointsAddUpAndSayTheProbability) {
  const Data data = MakeData(2, 600);
  const ScorecardFit fit = *data.Fit();
  const std::vector<int32_t> scores =
      *fit.card.Scores(data.Columns(), data.won.size());
  for (size_t i = 0; i < data.won.size(); ++i) {
    const std::vector<ScoreAnswer> row = data.Row(i);
    const std::vector<ScorePart> parts = *fit.card.Explain(row);
    ASSERT_EQ(parts.size(), 4);
    int32_t sum = 0;
    for (size_t c = 0; c < 4; ++c) {
      const ScoreLine& line =
          fit.card.Table()[static_cast<size_t>(parts[c].line)];
      EXPECT_EQ(line.column, static_cast<int32_t>(c));
      EXPECT_EQ(line.points, parts[c].points);
      EXPECT_GE(parts[c].points, 0);
      sum += parts[c].points;
    }
    EXPECT_EQ(sum, *fit.card.Score(row));
    EXPECT_EQ(sum, scores[i]);
    const Estimate p = *fit.card.Predict(row);
    EXPECT_EQ(p.source, Source::kLearned);
    EXPECT_NEAR(
        p.value,
        1 / (1 + std::exp(-fit.card.offset() - sum * std::log(2.0) / 10)),
        1e-14);
    EXPECT_LE(p.low, p.value);
    EXPECT_LE(p.value, p.high);
    EXPECT_GT(p.effective_n, 0.0);
  }
}

TEST(ScorecardTest, TheTableCounts) {
  const Data data = MakeData(3, 500);
  const ScorecardFit fit = *data.Fit();
  std::vector<int64_t> rows(4);
  std::vector<int64_t> won(4);
  for (const ScoreLine& line : fit.card.Table()) {
    rows[static_cast<size_t>(line.column)] += line.rows;
    won[static_cast<size_t>(line.column)] += line.won;
    EXPECT_LE(line.rate.low, line.rate.rate);
    EXPECT_LE(line.rate.rate, line.rate.high);
    if (line.rows > 0) {
      EXPECT_EQ(line.rate.rate,
                static_cast<double>(line.won) / static_cast<double>(line.rows));
    }
  }
  for (size_t c = 0; c < 4; ++c) {
    EXPECT_EQ(rows[c], 500);
    EXPECT_EQ(won[c], fit.card.won());
  }
  // Ranges meet, from end to end.
  double from = -kInfinity;
  for (const ScoreLine& line : fit.card.Table()) {
    if (line.kind != ScoreLineKind::kRange) continue;
    EXPECT_EQ(line.from, from);
    EXPECT_NEAR(static_cast<double>(line.rows), 100, 1);
    from = line.to;
  }
  EXPECT_EQ(from, kInfinity);
}

// The points are those of the minimum: the slow way, by plain descent.
TEST(ScorecardTest, PointsAsThePlainFitSays) {
  const Data data = MakeData(4, 400);
  ScorecardOptions options;
  options.l2 = 3.0;
  const ScorecardFit fit = *data.Fit(options);
  ASSERT_EQ(fit.card.gate().verdict, GateVerdict::kAdopt);
  const std::vector<ScoreLine>& table = fit.card.Table();
  std::vector<std::vector<size_t>> lines;
  for (size_t i = 0; i < 400; ++i) {
    lines.emplace_back();
    const std::vector<ScorePart> parts = *fit.card.Explain(data.Row(i));
    for (const ScorePart& part : parts) {
      lines.back().push_back(static_cast<size_t>(part.line));
    }
  }
  std::vector<double> w(table.size());
  double b = 0.0;
  for (int pass = 0; pass < 20000; ++pass) {
    std::vector<double> g(w.size());
    double g0 = 0.0;
    for (size_t i = 0; i < 400; ++i) {
      double z = b;
      for (const size_t line : lines[i]) z += w[line];
      const double r = 1 / (1 + std::exp(-z)) - data.won[i];
      g0 += r;
      for (const size_t line : lines[i]) g[line] += r;
    }
    b -= 0.004 * g0;
    for (size_t j = 0; j < w.size(); ++j) w[j] -= 0.004 * (g[j] + 3.0 * w[j]);
  }
  for (size_t j = 0; j < w.size(); ++j) {
    double least = kInfinity;
    for (size_t k = 0; k < w.size(); ++k) {
      if (table[k].column != table[j].column) continue;
      least = std::min(least, std::floor(w[k] * 10 / std::log(2.0) + 0.5));
    }
    EXPECT_EQ(table[j].points,
              std::floor(w[j] * 10 / std::log(2.0) + 0.5) - least);
  }
}

TEST(ScorecardTest, AnyOrderOfRowsGivesTheSameBytes) {
  for (const size_t n :
       {size_t{300}, size_t{30000}}) {  // The latter chooses from a part.
    const Data data = MakeData(5, n);
    const ScorecardFit want = *data.Fit();
    for (uint64_t seed = 1; seed < 3; ++seed) {
      const std::vector<size_t> order = Shuffled(n, seed);
      const ScorecardFit got = *data.Take(order).Fit();
      EXPECT_EQ(got.card.Serialise(), want.card.Serialise());
      for (size_t i = 0; i < n; ++i) {
        ASSERT_EQ(got.out_of_fold[i], want.out_of_fold[order[i]]);
      }
    }
  }
}

// A number that was printed once: other compilers and machines have the same.
TEST(ScorecardTest, TheSameBytesOnEveryMachine) {
  EXPECT_EQ(Fnv1a64(MakeData(20, 20000).Fit()->card.Serialise()),
            8726509945029176414U);
}

// ---- Signal or none ---------------------------------------------------------

TEST(ScorecardTest, NoSignalIsSaid) {
  Data data = MakeData(6, 2000, 0.0);
  const ScorecardFit fit = *data.Fit();
  EXPECT_NE(fit.card.gate().verdict, GateVerdict::kAdopt);
  EXPECT_NE(fit.card.gate().verdict, GateVerdict::kTooFewRows);
  const Estimate p = *fit.card.Predict(data.Row(0));
  EXPECT_EQ(p.source, Source::kNoSignal);
  EXPECT_EQ(p.value, static_cast<double>(fit.card.won()) / 2000);
  for (const ScoreLine& line : fit.card.Table()) EXPECT_EQ(line.points, 0);
}

TEST(ScorecardTest, ASimplerForecastMayBeBetter) {
  Data data = MakeData(7, 1500);
  for (const uint8_t won : data.won) {
    data.simpler.push_back(won == 1 ? 0.9 : 0.1);
  }
  EXPECT_EQ(data.Fit()->card.gate().verdict, GateVerdict::kNotBetter);
  data.simpler.assign(data.won.size(), 0.5);
  EXPECT_EQ(data.Fit()->card.gate().verdict, GateVerdict::kAdopt);
}

TEST(ScorecardTest, FewRowsAreNotAsked) {
  for (const size_t n : {size_t{2}, size_t{10}, size_t{49}}) {
    Data data = MakeData(8, n, 5.0);
    data.won[0] = 0;
    data.won[1] = 1;
    const ScorecardFit fit = *data.Fit();
    EXPECT_EQ(fit.card.gate().verdict, GateVerdict::kTooFewRows);
    const Estimate p = *fit.card.Predict(data.Row(0));
    EXPECT_EQ(p.source, Source::kNoSignal);
    EXPECT_LT(p.low, p.value);
    EXPECT_LT(p.value, p.high);
  }
}

// ---- Odd data ---------------------------------------------------------------

TEST(ScorecardTest, PerfectSeparationIsNotSure) {
  Data data = MakeData(9, 200);
  for (size_t i = 0; i < 200; ++i) {
    data.columns[0].level[i] = data.won[i];
  }
  const ScorecardFit fit = *data.Fit();
  EXPECT_EQ(fit.card.gate().verdict, GateVerdict::kAdopt);
  const Estimate p = *fit.card.Predict(data.Row(0));
  EXPECT_GT(p.value, 0.0);
  EXPECT_LT(p.value, 1.0);
  EXPECT_LT(p.low, p.high);
}

TEST(ScorecardTest, ConstantColumnsSayNothing) {
  Data data = MakeData(10, 800);
  data.columns[3].level.assign(800, 7);
  data.columns[2].value.assign(800, -0.0);
  const ScorecardFit fit = *data.Fit();
  for (const ScoreLine& line : fit.card.Table()) {
    if (line.column < 2) continue;
    EXPECT_NEAR(line.points, 0, 1);
  }
}

TEST(ScorecardTest, AThousandLevels) {
  Data data = MakeData(11, 4000);
  SplitMix64 random(1);
  for (uint32_t& level : data.columns[3].level) {
    level = random.Below(1000) * 4294967U;
  }
  const ScorecardFit fit = *data.Fit();
  EXPECT_EQ(fit.card.gate().verdict, GateVerdict::kAdopt);
  size_t lines = 0;
  int64_t others = 0;
  for (const ScoreLine& line : fit.card.Table()) {
    if (line.column != 3) continue;
    ++lines;
    if (line.kind == ScoreLineKind::kOther) others = line.rows;
    if (line.kind == ScoreLineKind::kLevel) {
      EXPECT_GE(line.rows, kLeastLevelRows);
    }
  }
  EXPECT_EQ(lines, kMostLevelsOfColumn);
  EXPECT_GT(others, 3000);
  // A level that was never seen is as the others.
  std::vector<ScoreAnswer> row = data.Row(0);
  row[3].level = 5;
  EXPECT_EQ(
      fit.card.Table()[static_cast<size_t>((*fit.card.Explain(row))[3].line)]
          .kind,
      ScoreLineKind::kOther);
}

TEST(ScorecardTest, NoAnswerIsAnAnswer) {
  const Data data = MakeData(12, 5000);
  const ScorecardFit fit = *data.Fit();
  for (const ScoreLine& line : fit.card.Table()) {
    if (line.column != 1) continue;
    // It counts against a deal here, more than any level.
    EXPECT_EQ(line.points == 0, line.kind == ScoreLineKind::kMissing);
  }
  // Where it was never seen it has a line too.
  std::vector<ScoreAnswer> row = data.Row(0);
  row[0].missing = true;
  EXPECT_TRUE(fit.card.Predict(row).ok());
}

TEST(ScorecardTest, AWindow) {
  const Data data = MakeData(13, 3000);
  ScorecardOptions window;
  window.from_day = 1000;
  window.as_of = 1999;
  std::vector<size_t> inside(1000);
  std::iota(inside.begin(), inside.end(), size_t{1000});
  const ScorecardFit fit = *data.Fit(window);
  EXPECT_EQ(fit.card.Serialise(), data.Take(inside).Fit()->card.Serialise());
  EXPECT_EQ(fit.card.rows(), 1000);
  EXPECT_EQ(fit.out_of_fold[999], -1.0);
  EXPECT_GT(fit.out_of_fold[1000], 0.0);
  window.from_day = 5000;
  window.as_of = 6000;
  EXPECT_THAT(data.Fit(window),
              Refused(Reason::kValueRange, HasSubstr("of 0 rows")));
}

TEST(ScorecardTest, WhatWasKnownLaterIsRefused) {
  Data data = MakeData(14, 100);
  data.columns[0].known_on = data.closed_on;
  EXPECT_TRUE(data.Fit().ok());
  data.columns[0].known_on[40] = 41;
  EXPECT_THAT(data.Fit(),
              Refused(Reason::kValueRange,
                      HasSubstr("column 0 (source) became known on day 41; "
                                "allowed: up to day 40")));
  EXPECT_EQ(WhereOf(data.Fit().status()).row, 40);
  EXPECT_EQ(WhereOf(data.Fit().status()).column, 0);
  // Without closing days, by as_of.
  data.closed_on.clear();
  ScorecardOptions options;
  options.as_of = 50;
  EXPECT_THAT(data.Fit(options),
              Refused(Reason::kValueRange, HasSubstr("known on day 51")));
}

// ---- Refusals ---------------------------------------------------------------

TEST(ScorecardTest, Refusals) {
  const Data good = MakeData(15, 60);
  const auto refuses = [](const Data& data, const char* message,
                          const ScorecardOptions& options = {}) {
    EXPECT_THAT(data.Fit(options),
                Refused(Reason::kValueRange, HasSubstr(message)));
  };
  for (const double bad : {kNaN, kInfinity, -kInfinity}) {
    Data data = good;
    data.columns[2].value[7] = bad;
    refuses(data, "column 2 (employees): value");
    data.columns[2].missing.assign(60, 0);
    data.columns[2].missing[7] = 1;
    EXPECT_TRUE(data.Fit().ok()) << "a gap needs no value";
    data = good;
    data.simpler.assign(60, bad);
    refuses(data, "simpler forecast");
    ScorecardOptions options;
    options.l2 = bad;
    refuses(good, "l2 ", options);
  }
  Data data = good;
  data.columns[1].missing[3] = 2;
  refuses(data, "missing 2");
  data = good;
  data.won[5] = 2;
  refuses(data, "outcome 2");
  data.won.assign(60, 1);
  refuses(data, "60 are won and 0 lost");
  data.won.assign(60, 0);
  refuses(data, "0 are won and 60 lost");
  data = good;
  data.columns[0].level.pop_back();
  refuses(data, "column 0 (source) has 59 levels");
  data = good;
  data.columns[0].value = data.columns[2].value;
  refuses(data, "levels or values");
  data = good;
  data.group.pop_back();
  refuses(data, "59 groups");
  data = good;
  data.columns.clear();
  refuses(data, "0 columns");
  data.columns.assign(kMostScoreColumns + 1, good.columns[0]);
  refuses(data, "65 columns");
  ScorecardOptions options;
  options.bins = 1;
  refuses(good, "bins 1", options);
  options = {};
  options.from_day = 3;
  options.as_of = 2;
  refuses(good, "from day 3 to day 2", options);
  // At the limit.
  data = MakeData(16, 300);
  data.columns.resize(kMostScoreColumns, data.columns[2]);
  EXPECT_TRUE(data.Fit().ok());
}

TEST(ScorecardTest, RefusesAnswersOfAnotherShape) {
  const Data data = MakeData(17, 300);
  const Scorecard card = data.Fit()->card;
  std::vector<ScoreAnswer> row = data.Row(0);
  row[2].value = kNaN;
  EXPECT_THAT(card.Predict(row),
              Refused(Reason::kValueRange, HasSubstr("column 2")));
  row.pop_back();
  EXPECT_THAT(card.Score(row),
              Refused(Reason::kValueRange, HasSubstr("3 answers")));
  std::vector<ScoreColumn> columns = data.Columns();
  std::swap(columns[0], columns[2]);
  EXPECT_THAT(card.Scores(columns, 300),
              Refused(Reason::kValueRange, HasSubstr("has values")));
  columns.pop_back();
  EXPECT_THAT(card.Scores(columns, 300),
              Refused(Reason::kValueRange, HasSubstr("3 columns")));
  EXPECT_THAT(card.Scores(data.Columns(), 299),
              RefusedFor(Reason::kValueRange));
}

// ---- The serialised form ----------------------------------------------------

TEST(ScorecardTest, ReadsWhatItWrote) {
  for (const double strength : {0.0, 1.0}) {
    const Data data = MakeData(18, 700, strength);
    const Scorecard card = data.Fit()->card;
    const std::string bytes = card.Serialise();
    const Scorecard read = *Scorecard::Read(bytes);
    EXPECT_EQ(read.Serialise(), bytes);
    EXPECT_EQ(read.gate().z, card.gate().z);
    for (size_t i = 0; i < 700; ++i) {
      const Estimate a = *card.Predict(data.Row(i));
      const Estimate b = *read.Predict(data.Row(i));
      EXPECT_EQ(a.value, b.value);
      EXPECT_EQ(a.low, b.low);
      EXPECT_EQ(a.high, b.high);
      EXPECT_EQ(a.effective_n, b.effective_n);
      EXPECT_EQ(a.source, b.source);
    }
  }
}

TEST(ScorecardTest, RefusesDamagedBytes) {
  ExpectDamageIsSeen(MakeData(19, 200).Fit()->card.Serialise(),
                     Scorecard::Read);
}

// What the gate says is at 56: it is read with every model that has one.
TEST(ScorecardTest, RefusesGatesThatCannotBe) {
  const std::string adopted = MakeData(18, 700).Fit()->card.Serialise();
  const std::string untried = MakeData(18, 40).Fit()->card.Serialise();
  const GateResult gate = Scorecard::Read(adopted)->gate();
  ASSERT_EQ(gate.verdict, GateVerdict::kAdopt);
  for (const Forgery& forgery : {
           Forge32("verdict: too few", 56, 1),
           Forge32("verdict: not better", 56, 2),
           Forge32("verdict: not sure", 56, 3),
           Forge32("verdict: none", 56, 4),
           Forge32("zeros", 60, 1),
           Forge64("rows: other than fitted", 64, 699),
           Forge64("rows: none", 64, 0),
           Forge64("rows: below 0", 64, ~uint64_t{0}),
           Forge("base: not a number", 72, kNaN),
           Forge("base: below 0", 72, -gate.base_log_loss),
           Forge("base: 0", 72, 0.0),
           Forge("base: -0", 72, -0.0),
           Forge("base: too large", 72, 35.0),
           Forge("base: another gain", 72, gate.base_log_loss + 1e-9),
           Forge("model: not a number", 80, kNaN),
           Forge("model: 0", 80, 0.0),
           Forge("model: another gain", 80, gate.model_log_loss + 1e-9),
           Forge("gain: not a number", 88, kNaN),
           Forge("gain: infinite", 88, kInfinity),
           Forge("gain: not that of the losses", 88, gate.mean_gain * 1.001),
           Forge("sd: not a number", 96, kNaN),
           Forge("sd: below 0", 96, -gate.sd_gain),
           Forge("sd: -0", 96, -0.0),
           Forge("sd: too large", 96, 49.0),
           Forge("sd: would not be sure", 96, 40.0),
       }) {
    EXPECT_THAT(Scorecard::Read(Forged(adopted, forgery)),
                Refused(Reason::kDataDamaged,
                        HasSubstr("what is said of the fit cannot be")))
        << forgery.name;
  }
  for (const Forgery& forgery : {
           Forge32("a verdict of nothing", 56, 2),
           Forge("one loss", 72, 0.5),
           Forge("a gain of nothing", 88, 1e-13),
           Forge("a gain of -0", 88, -0.0),
           Forge("an sd of nothing", 96, 0.5),
       }) {
    EXPECT_THAT(Scorecard::Read(Forged(untried, forgery)),
                Refused(Reason::kDataDamaged, HasSubstr("of the fit")))
        << forgery.name;
  }
}

// ---- Real and realistic deals -----------------------------------------------

void Print(const char* model, const ForecastQuality& q) {
  std::printf("  %-14s AUC %.4f  Brier %.4f  log loss %.4f  ECE10 %.4f\n",
              model, q.auc.value_or(0.5), q.brier, q.log_loss, q.ece_width);
}

// One team, one stage before the won one.
std::vector<double> PlsForecasts(const Data& data,
                                 const std::vector<size_t>& fit_to,
                                 const std::vector<size_t>& of) {
  PlsOptions options;
  options.fields = data.columns.size();
  options.stages = 2;
  PlsCompat pls = *PlsCompat::Create(options);
  const auto values = [&data](size_t i) {
    std::vector<uint32_t> row;
    for (const ScoreAnswer& answer : data.Row(i)) {
      row.push_back(answer.missing ? kPlsNoValue : answer.level);
    }
    return row;
  };
  for (const size_t i : fit_to) {
    EXPECT_TRUE(pls.Add({1, 0, values(i), {}}, data.won[i] == 1).ok());
  }
  std::vector<double> forecast;
  for (const size_t i : of) {
    const std::vector<uint32_t> row = values(i);
    forecast.push_back((*pls.Probability({1, 0, row, {}}))->percent / 100);
  }
  return forecast;
}

TEST(ScorecardTest, Salvirt) {
  const SharedCsv table =
      ReadSharedCsv("salvirt_b2b/Salvirt_B2B_ML_dataset.csv", ';');
  const SharedCsv folds = ReadSharedCsv("salvirt_b2b/folds.csv", ',');
  if (table.rows.empty()) GTEST_SKIP() << "no Salvirt data";
  Data data;
  for (size_t c = 0; c + 1 < table.header.size(); ++c) {
    const CodedColumn column = CodeColumn(table, c);
    data.columns.push_back({column.name, column.level, {}, {}, {}});
  }
  std::vector<int> fold;
  for (size_t i = 0; i < table.rows.size(); ++i) {
    data.won.push_back(table.rows[i].back() == "Won" ? 1 : 0);
    fold.push_back(std::stoi(folds.rows.at(i).at(1)));
  }
  ASSERT_EQ(data.won.size(), 448);
  std::vector<double> card(448);
  std::vector<double> constant(448);
  std::vector<double> pls(448);
  for (const int held : {1, 2, 3, 4, 5, 0}) {
    std::vector<size_t> rest;
    std::vector<size_t> here;
    for (size_t i = 0; i < 448; ++i) {
      (fold[i] == held ? here : rest).push_back(i);
    }
    if (here.empty()) continue;
    const std::vector<double> of_pls = PlsForecasts(data, rest, here);
    for (size_t i = 0; i < here.size(); ++i) pls[here[i]] = of_pls[i];
    const ScorecardFit fit = *data.Take(rest).Fit();
    std::printf("  fold %d: l2 %g, verdict %d\n", held, fit.card.l2(),
                static_cast<int>(fit.card.gate().verdict));
    for (size_t i = 0; i < 448; ++i) {
      if (fold[i] != held) continue;
      card[i] = fit.card.Predict(data.Row(i))->value;
      constant[i] = static_cast<double>(fit.card.won()) /
                    static_cast<double>(fit.card.rows());
    }
  }
  const ForecastQuality q = *EvaluateForecasts(card, data.won);
  Print("scorecard", q);
  Print("pls_compat", *EvaluateForecasts(pls, data.won));
  Print("constant", *EvaluateForecasts(constant, data.won));
  EXPECT_GE(*q.auc, 0.813);
  EXPECT_LE(q.brier, 0.173);
}

TEST(ScorecardTest, MavenHasNoSignal) {
  const SharedCsv table = ReadSharedCsv("maven_crm/sales_pipeline.csv", ',');
  const SharedCsv accounts = ReadSharedCsv("maven_crm/accounts.csv", ',');
  const SharedCsv teams = ReadSharedCsv("maven_crm/sales_teams.csv", ',');
  if (table.rows.empty()) GTEST_SKIP() << "no Maven data";
  const size_t stage = table.Column("deal_stage");
  SharedCsv closed;
  closed.header = {"agent",  "product", "account",   "sector",
                   "office", "manager", "close_date"};
  const auto look_up = [](const SharedCsv& in, const std::string& key,
                          size_t column) {
    for (const auto& row : in.rows) {
      if (row[0] == key) return row.at(column);
    }
    return std::string();
  };
  Data data;
  for (const auto& row : table.rows) {
    if (row.at(stage) != "Won" && row.at(stage) != "Lost") continue;
    const std::string& agent = row.at(table.Column("sales_agent"));
    const std::string& account = row.at(table.Column("account"));
    closed.rows.push_back({agent, row.at(table.Column("product")), account,
                           look_up(accounts, account, 1),
                           look_up(teams, agent, 2), look_up(teams, agent, 1),
                           row.at(table.Column("close_date"))});
    data.won.push_back(row.at(stage) == "Won" ? 1 : 0);
    data.group.push_back(data.group.size());
  }
  ASSERT_EQ(data.won.size(), 6711);
  for (size_t c = 0; c < 6; ++c) {
    const CodedColumn column = CodeColumn(closed, c);
    data.columns.push_back({column.name, column.level, {}, column.missing, {}});
  }
  const ScorecardFit all = *data.Fit();
  EXPECT_NE(all.card.gate().verdict, GateVerdict::kAdopt);
  std::printf("  gate: base %.5f, card %.5f, verdict %d\n",
              all.card.gate().base_log_loss, all.card.gate().model_log_loss,
              static_cast<int>(all.card.gate().verdict));
  EXPECT_EQ(all.card.Predict(data.Row(0))->source, Source::kNoSignal);

  // Trained before October 2017, tested on the rest.
  std::vector<size_t> before;
  std::vector<size_t> after;
  for (size_t i = 0; i < closed.rows.size(); ++i) {
    (closed.rows[i].back() < "2017-10-01" ? before : after).push_back(i);
  }
  ASSERT_EQ(after.size(), 1985);
  const ScorecardFit past = *data.Take(before).Fit();
  EXPECT_NE(past.card.gate().verdict, GateVerdict::kAdopt);
  std::vector<double> forecast;
  std::vector<uint8_t> won;
  for (const size_t i : after) {
    forecast.push_back(past.card.Predict(data.Row(i))->value);
    won.push_back(data.won[i]);
  }
  const std::vector<double> constant(after.size(),
                                     static_cast<double>(past.card.won()) /
                                         static_cast<double>(past.card.rows()));
  const ForecastQuality q = *EvaluateForecasts(forecast, won);
  Print("scorecard", q);
  Print("pls_compat",
        *EvaluateForecasts(PlsForecasts(data, before, after), won));
  EXPECT_LE(q.log_loss, EvaluateForecasts(constant, won)->log_loss);
}

}  // namespace
}  // namespace fivek
