#include "src/tool/forecast_score.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/status/status.h"
#include "fivek/history/metrics.h"
#include "gtest/gtest.h"
#include "tests/history/made_history.h"

namespace fivek::tool {
namespace {

struct Forecasts {
  std::vector<double> forecast;
  std::vector<uint8_t> won;
};

Forecasts Made(int rows, uint64_t seed) {
  Seeded random(seed);
  Forecasts made;
  for (int i = 0; i < rows; ++i) {
    made.forecast.push_back(random.Unit());
    made.won.push_back(random.Unit() < made.forecast.back() ? 1 : 0);
  }
  return made;
}

TEST(ForecastScoreTest, ValuesAreThoseOfTheLibrary) {
  const Forecasts made = Made(500, 1);
  const auto score = ScoreForecasts(made.forecast, made.won);
  const auto quality = EvaluateForecasts(made.forecast, made.won);
  ASSERT_TRUE(score.ok() && quality.ok());
  EXPECT_EQ(score->auc->value, *quality->auc);
  EXPECT_EQ(score->brier.value, quality->brier);
  EXPECT_EQ(score->log_loss.value, quality->log_loss);
  EXPECT_EQ(score->calibration_error.value, quality->ece_mass);
  EXPECT_EQ(score->brier.effective_n, 500);
  EXPECT_EQ(score->brier.source, Source::kLearned);
}

// The Brier score is a mean, whose standard error is known: over many tables
// the jackknife's is the same on average.
TEST(ForecastScoreTest, IntervalsAreThoseOfAMean) {
  double ratio = 0.0;
  constexpr int kTables = 40;
  for (int t = 0; t < kTables; ++t) {
    const Forecasts made = Made(400, static_cast<uint64_t>(t) + 100);
    const auto score = ScoreForecasts(made.forecast, made.won);
    ASSERT_TRUE(score.ok());
    double squares = 0.0;
    for (size_t i = 0; i < 400; ++i) {
      const double off = made.forecast[i] - made.won[i];
      const double more = off * off - score->brier.value;
      squares += more * more;
    }
    const double error = std::sqrt(squares / 399 / 400);
    ratio += (score->brier.high - score->brier.low) / 2 / (1.645 * error);
  }
  EXPECT_NEAR(ratio / kTables, 1.0, 0.1);
}

TEST(ForecastScoreTest, AnyOrderOfRows) {
  Forecasts made = Made(100, 2);
  const auto before = ScoreForecasts(made.forecast, made.won);
  std::reverse(made.forecast.begin(), made.forecast.end());
  std::reverse(made.won.begin(), made.won.end());
  const auto after = ScoreForecasts(made.forecast, made.won);
  ASSERT_TRUE(before.ok() && after.ok());
  EXPECT_EQ(before->auc->low, after->auc->low);
  EXPECT_EQ(before->log_loss.high, after->log_loss.high);
  EXPECT_EQ(before->calibration_error.high, after->calibration_error.high);
}

TEST(ForecastScoreTest, TooLittleToSay) {
  const auto few = ScoreForecasts({0.2, 0.7}, {0, 1});
  ASSERT_TRUE(few.ok());
  EXPECT_EQ(few->auc->value, 1.0);
  EXPECT_EQ(few->auc->low, 0.0);
  EXPECT_EQ(few->brier.low, 0.0);
  EXPECT_EQ(few->brier.high, 1.0);
  // All won: no pair to compare. One lost: gone with its part.
  std::vector<uint8_t> won(40, 1);
  const std::vector<double> half(40, 0.5);
  EXPECT_FALSE(ScoreForecasts(half, won)->auc.has_value());
  won[0] = 0;
  const auto one = ScoreForecasts(half, won);
  EXPECT_EQ(one->auc->low, 0.0);
  EXPECT_EQ(one->auc->high, 1.0);
  EXPECT_EQ(one->brier.low, 0.25);  // Whoever is left out.
}

TEST(ForecastScoreTest, Refusals) {
  EXPECT_EQ(ScoreForecasts({}, {}).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ScoreForecasts({1.5}, {1}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace fivek::tool
