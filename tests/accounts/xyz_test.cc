#include "fivek/accounts/xyz.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using testing::HasSubstr;

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();

XyzRow One(const std::vector<int64_t>& value, const XyzOptions& options = {}) {
  XyzRow row;
  EXPECT_EQ(ClassifyXyz(value, value.size(), options, absl::MakeSpan(&row, 1)),
            absl::OkStatus());
  return row;
}

std::string ClassAndCv(const XyzRow& row) {
  return std::string(1, "XYZ"[static_cast<int>(row.xyz)]) + " " +
         std::to_string(row.cv);
}

TEST(XyzTest, KnownAnswers) {
  EXPECT_EQ(ClassAndCv(One({100, 110, 90})), "X 0.081650");
  EXPECT_EQ(ClassAndCv(One({300, 0, 0})), "Z 1.414214");
  EXPECT_EQ(ClassAndCv(One({5})), "X 0.000000");
  EXPECT_EQ(ClassAndCv(One({7, 7, 7, 7})), "X 0.000000");
  // Mean 4 and deviation 1 are exactly a quarter; 2 of 4 a half.
  EXPECT_EQ(ClassAndCv(One({3, 5})), "X 0.250000");
  EXPECT_EQ(ClassAndCv(One({2, 6})), "Y 0.500000");
  EXPECT_EQ(ClassAndCv(One({299, 501})), "Y 0.252500");
  EXPECT_EQ(ClassAndCv(One({1999, 6001})), "Z 0.500250");
  // Without a mean above 0 there is no CV.
  EXPECT_EQ(ClassAndCv(One({0, 0})), "Z -1.000000");
  EXPECT_EQ(ClassAndCv(One({5, -5})), "Z -1.000000");
  EXPECT_EQ(ClassAndCv(One({5, -6})), "Z -1.000000");
  EXPECT_EQ(ClassAndCv(One({6, -5})), "Z 11.000000");
}

TEST(XyzTest, BoundsThatAreGiven) {
  XyzOptions wide;
  wide.x_ppm = 500'000;
  wide.y_ppm = 1'000'000;
  EXPECT_EQ(One({2, 6}, wide).xyz, XyzClass::kX);
  EXPECT_EQ(One({0, 6}, wide).xyz, XyzClass::kY);
  wide.x_ppm = wide.y_ppm = 0;
  EXPECT_EQ(One({6, 6}, wide).xyz, XyzClass::kX);
  EXPECT_EQ(One({kMost, kMost - 1}, wide).xyz, XyzClass::kZ);
  wide.y_ppm = std::numeric_limits<int32_t>::max();
  EXPECT_EQ(One({kMost, kMost - 1}, wide).xyz, XyzClass::kY);
  EXPECT_EQ(One({kMost, kLeast + 2}, wide).xyz, XyzClass::kZ);
}

TEST(XyzTest, SaysWhatIsTooShort) {
  std::vector<int64_t> months(11, 10);
  EXPECT_EQ(One(months).intermittent, 0);
  months[3] = 0;
  EXPECT_EQ(One(months).intermittent, 1);
  months.push_back(10);
  EXPECT_EQ(One(months).intermittent, 0);
  XyzOptions longer;
  longer.least_periods = 13;
  EXPECT_EQ(One(months, longer).intermittent, 1);
}

// In 128 bits, which hold squares of small amounts; not above a bound is
// n Q 10^12 <= S^2 (10^12 + bound^2).
TEST(XyzTest, SmallAmountsLikeOracle) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 20'000; ++round) {
    const size_t n = 1 + random() % 24;
    std::vector<int64_t> value;
    for (size_t i = 0; i < n; ++i) {
      value.push_back(static_cast<int64_t>(random() % 2000) -
                      (round % 3 == 0 ? 300 : 0));
    }
    XyzOptions options;
    options.x_ppm = static_cast<int32_t>(random() % 900'000);
    options.y_ppm = options.x_ppm + static_cast<int32_t>(random() % 900'000);
    absl::int128 sum = 0;
    absl::int128 squares = 0;
    for (const int64_t v : value) {
      sum += v;
      squares += v * v;
    }
    const auto within = [&](int64_t ppm) {
      return sum > 0 && static_cast<int64_t>(n) * squares * 1'000'000'000'000 <=
                            sum * sum * (1'000'000'000'000 + ppm * ppm);
    };
    const XyzClass want = within(options.x_ppm)   ? XyzClass::kX
                          : within(options.y_ppm) ? XyzClass::kY
                                                  : XyzClass::kZ;
    const XyzRow row = One(value, options);
    ASSERT_EQ(row.xyz, want) << round;
    const double mean = static_cast<double>(sum) / static_cast<double>(n);
    double variance = 0.0;
    for (const int64_t v : value) {
      const double off = static_cast<double>(v) - mean;
      variance += off * off / static_cast<double>(n);
    }
    const double cv = sum > 0 ? std::sqrt(variance) / mean : -1.0;
    ASSERT_NEAR(row.cv, cv, 1e-12 * std::max(1.0, cv)) << round;
  }
}

// The largest amounts there are: what is next to a bound is told apart.
TEST(XyzTest, HugeAmounts) {
  EXPECT_EQ(ClassAndCv(One(std::vector<int64_t>(kMostXyzPeriods, kMost))),
            "X 0.000000");
  // Deviation d around a mean of 4 d is a quarter.
  const int64_t d = kMost / 5;
  EXPECT_EQ(One({3 * d, 5 * d}).xyz, XyzClass::kX);
  EXPECT_EQ(One({3 * d - 1, 5 * d}).xyz, XyzClass::kY);
  EXPECT_EQ(One({3 * d + 1, 5 * d}).xyz, XyzClass::kX);
  EXPECT_EQ(One({kLeast, kMost}).cv, -1.0);
  EXPECT_EQ(One({kLeast, kMost, 2}).xyz, XyzClass::kZ);
  EXPECT_GT(One({kLeast, kMost, 2}).cv, 1e18);
  std::vector<int64_t> steep(kMostXyzPeriods, 0);
  steep[17] = kMost;
  EXPECT_NEAR(One(steep).cv, std::sqrt(4095.0), 1e-13);
}

TEST(XyzTest, OrderAndUnitDoNotMatter) {
  std::mt19937_64 random(8);
  for (int round = 0; round < 2000; ++round) {
    std::vector<int64_t> value;
    for (size_t i = 0; i < 12; ++i) {
      value.push_back(static_cast<int64_t>(random() % 100));
    }
    const XyzRow row = One(value);
    std::shuffle(value.begin(), value.end(), random);
    EXPECT_EQ(One(value).xyz, row.xyz);
    EXPECT_EQ(One(value).cv, row.cv);
    for (int64_t& v : value) v *= 1'000'003;
    EXPECT_EQ(One(value).xyz, row.xyz);
  }
}

TEST(XyzTest, RowsAreAccounts) {
  std::vector<XyzRow> rows(2);
  ASSERT_EQ(ClassifyXyz({100, 110, 90, 300, 0, 0}, 3, {}, absl::MakeSpan(rows)),
            absl::OkStatus());
  EXPECT_EQ(ClassAndCv(rows[0]), "X 0.081650");
  EXPECT_EQ(ClassAndCv(rows[1]), "Z 1.414214");
  EXPECT_EQ(ClassifyXyz({}, 3, {}, {}), absl::OkStatus());
}

TEST(XyzTest, Refusals) {
  std::vector<XyzRow> rows(2);
  rows[0].cv = 77.0;
  const std::vector<int64_t> value = {1, 2, 3, 4};
  const auto refused = [&](XyzOptions o, size_t periods, const char* message) {
    EXPECT_THAT(ClassifyXyz(value, periods, o, absl::MakeSpan(rows)),
                Refused(Reason::kValueRange, HasSubstr(message)));
    EXPECT_EQ(rows[0].cv, 77.0);
  };
  XyzOptions o;
  o.x_ppm = -1;
  refused(o, 2, "x_ppm -1, y_ppm 500000; allowed: 0 <= x_ppm <= y_ppm");
  o.x_ppm = 500'001;
  refused(o, 2, "x_ppm 500001");
  o = {};
  o.least_periods = 0;
  refused(o, 2, "least_periods 0; allowed: 1 or more");
  refused({}, 0, "periods 0; allowed: 1 to 4096");
  refused({}, 4097, "periods 4097");
  refused({}, 3, "4 values for 2 rows; allowed: 3 for each");
  refused({}, 1, "4 values for 2 rows; allowed: 1 for each");
}

TEST(AbcXyzTest, CountsAndSums) {
  const AbcXyzMatrix m =
      *CrossAbcXyz({10, 20, 5, -3, 1}, {0, 0, 1, 3, 2}, {0, 0, 2, 2, 1});
  EXPECT_EQ(m[0][0].count, 2);
  EXPECT_EQ(m[0][0].value, 30);
  EXPECT_EQ(m[1][2].count, 1);
  EXPECT_EQ(m[3][2].value, -3);
  EXPECT_EQ(m[2][1].value, 1);
  int64_t all = 0;
  for (const auto& row : m) {
    for (const AbcXyzCell& cell : row) all += cell.count;
  }
  EXPECT_EQ(all, 5);
}

TEST(AbcXyzTest, Refusals) {
  const auto short_one = CrossAbcXyz({1, 2}, {0}, {0, 0});
  EXPECT_THAT(short_one, Refused(Reason::kValueRange,
                                 HasSubstr("2 values, 1 abc, 2 xyz")));
  const auto bad_abc = CrossAbcXyz({1, 2}, {0, 4}, {0, 0});
  EXPECT_THAT(bad_abc, Refused(Reason::kUnknownCode,
                               HasSubstr("abc 4; allowed: 0 to 3")));
  EXPECT_EQ(WhereOf(bad_abc.status()).row, 1);
  EXPECT_EQ(WhereOf(bad_abc.status()).column, 1);
  const auto bad_xyz = CrossAbcXyz({1, 2}, {0, 0}, {3, 0});
  EXPECT_THAT(bad_xyz, Refused(Reason::kUnknownCode,
                               HasSubstr("xyz 3; allowed: 0 to 2")));
  EXPECT_EQ(WhereOf(bad_xyz.status()).row, 0);
  EXPECT_EQ(WhereOf(bad_xyz.status()).column, 2);
}

}  // namespace
}  // namespace fivek
