#include "fivek/history/isotonic.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "bench/seeded.h"
#include "fivek/base/reason.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/history/reference.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using bench::SplitMix64;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// The formula: max over a <= i of min over b >= i of the mean of a..b.
std::vector<double> MaxMin(const std::vector<double>& y,
                           const std::vector<double>& w) {
  const size_t n = y.size();
  std::vector<double> fit(n, -kInfinity);
  for (size_t a = 0; a < n; ++a) {
    std::vector<double> mean(n);
    double total = 0.0;
    double weight = 0.0;
    for (size_t b = a; b < n; ++b) {
      total += y[b] * w[b];
      weight += w[b];
      mean[b] = total / weight;
    }
    double least = kInfinity;
    for (size_t i = n; i-- > a;) {
      least = std::min(least, mean[i]);
      fit[i] = std::max(fit[i], least);
    }
  }
  return fit;
}

TEST(IsotonicTest, Known) {
  EXPECT_THAT(*IsotonicFit({}, {}), IsEmpty());
  EXPECT_THAT(*IsotonicFit({7}, {3}), ElementsAre(7));
  EXPECT_THAT(*IsotonicFit({1, 3, 2, 4}, {1, 1, 1, 1}),
              ElementsAre(1, 2.5, 2.5, 4));
  EXPECT_THAT(*IsotonicFit({3, 1}, {1, 3}), ElementsAre(1.5, 1.5));
  // The last one pulls down all before it.
  EXPECT_THAT(*IsotonicFit({1, 2, 3, -6}, {1, 1, 1, 1}),
              ElementsAre(0, 0, 0, 0));
}

TEST(IsotonicTest, Reference) {
  const auto cases = ReferenceCases("calibration", "isotonic");
  FIVEK_NEEDS_REFERENCE(cases);
  for (const auto& one : cases) {
    SCOPED_TRACE(one.at("id").get<std::string>());
    const auto fit =
        *IsotonicFit(one.at("input").at("y").get<std::vector<double>>(),
                     one.at("input").at("w").get<std::vector<double>>());
    const auto want = one.at("expected").at("fit").get<std::vector<double>>();
    ASSERT_EQ(fit.size(), want.size());
    for (size_t i = 0; i < fit.size(); ++i) {
      EXPECT_THAT(fit[i], IsNear(want[i], one.at("rel_tol").get<double>()));
    }
  }
}

TEST(IsotonicTest, WhatRisesIsGivenBack) {
  const std::vector<double> rises = {-1.1, 0.1, 0.1, 0.3, 0.7, 1e9};
  EXPECT_EQ(*IsotonicFit(rises, {0.3, 0.7, 3, 1e-9, 7, 11}), rises);
}

TEST(IsotonicTest, AsTheFormulaSays) {
  SplitMix64 random(11);
  for (int trial = 0; trial < 400; ++trial) {
    const size_t n = 1 + random.Below(60);
    // Few values make ties, many make chains of pooling.
    const uint32_t values = trial % 2 == 0 ? 3 : 1000;
    std::vector<double> y(n);
    std::vector<double> w(n);
    for (size_t i = 0; i < n; ++i) {
      y[i] = random.Below(values) - 0.1 * (trial % 3) * static_cast<double>(i);
      w[i] = 1 + random.Below(trial % 5 == 0 ? 1 : 9);
    }
    const std::vector<double> fit = *IsotonicFit(y, w);
    EXPECT_EQ(*IsotonicFit(y), *IsotonicFit(y, std::vector<double>(n, 1.0)));
    const std::vector<double> want = MaxMin(y, w);
    ASSERT_EQ(fit.size(), n);
    EXPECT_TRUE(std::is_sorted(fit.begin(), fit.end()));
    for (size_t i = 0; i < n; ++i) {
      EXPECT_THAT(fit[i], IsNear(want[i], 1e-13)) << i << " of " << n;
    }
  }
}

TEST(IsotonicTest, Refusals) {
  const auto row_and_column = [](const absl::Status& status) {
    const Where where = WhereOf(status);
    return std::make_pair(where.row, where.column);
  };
  EXPECT_THAT(
      IsotonicFit({1, 2}, {1}),
      Refused(Reason::kValueRange, HasSubstr("2 values and 1 weights")));
  for (const double bad : {kNaN, kInfinity, -kInfinity}) {
    const auto fit = IsotonicFit({1, bad}, {1, 1});
    EXPECT_THAT(fit, Refused(Reason::kValueRange, HasSubstr("value ")));
    EXPECT_EQ(row_and_column(fit.status()), std::make_pair(int64_t{1}, 0));
  }
  for (const double bad : {kNaN, kInfinity, 0.0, -1.0}) {
    const auto fit = IsotonicFit({1, 2, 3}, {1, 1, bad});
    EXPECT_THAT(fit, Refused(Reason::kValueRange, HasSubstr("weight ")));
    EXPECT_EQ(row_and_column(fit.status()), std::make_pair(int64_t{2}, 1));
  }
  EXPECT_THAT(IsotonicFit({1, kNaN}),
              Refused(Reason::kValueRange, HasSubstr("value nan")));
  EXPECT_THAT(IsotonicFit({1e308, -1e308}, {10, 1}),
              RefusedFor(Reason::kOverflow));
  const double one = 1.0;
  const size_t many = kMostValues + 1;  // Nothing of it is read.
  EXPECT_THAT(IsotonicFit({&one, many}),
              Refused(Reason::kOverflow, HasSubstr("2147483649 values")));
  EXPECT_THAT(IsotonicFit({&one, many}, {&one, many}),
              RefusedFor(Reason::kOverflow));
}

}  // namespace
}  // namespace fivek
