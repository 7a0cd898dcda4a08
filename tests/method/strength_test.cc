#include "fivek/method/strength.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// The points of domain.md §2, [dimension][by decision maker][level].
struct Points {
  std::vector<int> column[2];
};
using Rubrics = std::array<Points, 5>;
const Rubrics& BuiltIn() {
  static const auto* const kRubrics = new Rubrics{{
      // Problem
      {{{0, 2, 4, 6, 8, 10}, {12, 13, 14, 16, 18, 20}}},
      // Power
      {{{0, 4, 8, 9, 10, 14, 16, 20}, {0, 4, 8, 9, 10, 14, 16, 20}}},
      // Vision
      {{{0, 2, 4, 6}, {8, 10, 15, 20}}},
      // Value
      {{{0, 1, 2, 3, 4, 5, 6}, {8, 10, 12, 14, 16, 18, 20}}},
      // Control
      {{{0, 4, 8, 10, 14, 16, 20}, {0, 4, 8, 10, 14, 16, 20}}},
  }};
  return *kRubrics;
}

// product x 10^6 / 20^5, half to even.
int32_t ProductOracle(int64_t product) {
  const int64_t n = product * 1'000'000;
  const int64_t d = 20 * 20 * 20 * 20 * 20;
  int64_t ppm = n / d;
  const int64_t twice_rest = 2 * (n - ppm * d);
  if (twice_rest > d || (twice_rest == d && ppm % 2 == 1)) ++ppm;
  return static_cast<int32_t>(ppm);
}

// The whole number nearest to 100 x (product / 20^5)^(1/5): the largest b with
// (b - 1/2)^5 <= 100^5 x product / 20^5, in whole numbers.
int32_t BalancedOracle(int64_t product) {
  int32_t best = 0;
  for (int64_t b = 1; b <= 100; ++b) {
    const int64_t twice = 2 * b - 1;
    const int64_t left = twice * twice * twice * twice * twice;  // x 32
    const int64_t right = product * (3125 * 32);  // 100^5 / 20^5 = 3125
    if (left == right) ADD_FAILURE() << "a tie at " << product;
    if (left < right) best = static_cast<int32_t>(b);
  }
  return best;
}

Strength Oracle(const Rubrics& rubrics, const Assessment& a) {
  Strength s;
  s.total = 0;
  s.highest_reachable = 0;
  int64_t low = 1;
  int64_t high = 1;
  int lowest = 1000;
  int weakest = -1;
  for (size_t d = 0; d < 5; ++d) {
    const size_t column = a.by_decision_maker >> d & 1;
    int known = 0;
    if (a.level[d] == 255) {
      const int top = rubrics[d].column[1].back();
      s.points[d] = -1;
      s.unknown_mask += 1 << d;
      s.highest_reachable += top;
      low = 0;
      high *= top;
    } else {
      known = rubrics[d].column[column][a.level[d]];
      s.points[d] = known;
      s.total += known;
      s.highest_reachable += known;
      low *= known;
      high *= known;
    }
    if (known < lowest) {
      lowest = known;
      weakest = static_cast<int>(d);
    }
  }
  s.product_ppm = ProductOracle(low);
  s.product_max_ppm = ProductOracle(high);
  s.balanced = BalancedOracle(low);
  s.weakest = 255;
  s.next_level = -1;
  s.next_gain = 0;
  const auto w = static_cast<size_t>(weakest);
  if (a.level[w] != 255) {
    s.weakest = weakest;
    const auto& points = rubrics[w].column[a.by_decision_maker >> w & 1];
    if (size_t{a.level[w]} + 1 < points.size()) {
      s.next_level = a.level[w] + 1;
      s.next_gain = points[size_t{a.level[w]} + 1] - points[a.level[w]];
    }
  }
  return s;
}

bool Same(const Strength& a, const Strength& b) {
  return a.total == b.total && a.highest_reachable == b.highest_reachable &&
         a.points == b.points && a.product_ppm == b.product_ppm &&
         a.product_max_ppm == b.product_max_ppm && a.balanced == b.balanced &&
         a.weakest == b.weakest && a.unknown_mask == b.unknown_mask &&
         a.next_level == b.next_level && a.next_gain == b.next_gain;
}

std::string Show(const Strength& s) {
  return absl::StrCat(
      "total ", s.total, " reachable ", s.highest_reachable, " points ",
      s.points[0], " ", s.points[1], " ", s.points[2], " ", s.points[3], " ",
      s.points[4], " product ", s.product_ppm, "..", s.product_max_ppm,
      " balanced ", s.balanced, " weakest ", s.weakest, " unknown ",
      s.unknown_mask, " next ", s.next_level, " gain ", s.next_gain);
}

std::string Show(const Assessment& a) {
  return absl::StrCat("levels ", int{a.level[0]}, " ", int{a.level[1]}, " ",
                      int{a.level[2]}, " ", int{a.level[3]}, " ",
                      int{a.level[4]}, " by decision maker ",
                      int{a.by_decision_maker});
}

constexpr int kLevels[5] = {6, 8, 4, 7, 7};
constexpr uint8_t kFlags[8] = {0, 1, 4, 5, 8, 9, 12, 13};

// Calls `check` for all levels, with unknown as one more, and all flags: 7 x 9
// x 5 x 8 x 8 x 8 assessments. The 6 x 8 x 4 x 7 x 7 x 8 known ones are among
// them.
template <typename Check>
void ForAllAssessments(Check check) {
  Assessment a;
  const auto level = [](int index, int count) {
    return static_cast<uint8_t>(index == count ? 255 : index);
  };
  for (int i0 = 0; i0 <= kLevels[0]; ++i0) {
    for (int i1 = 0; i1 <= kLevels[1]; ++i1) {
      for (int i2 = 0; i2 <= kLevels[2]; ++i2) {
        for (int i3 = 0; i3 <= kLevels[3]; ++i3) {
          for (int i4 = 0; i4 <= kLevels[4]; ++i4) {
            a.level = {level(i0, 6), level(i1, 8), level(i2, 4), level(i3, 7),
                       level(i4, 7)};
            for (const uint8_t flags : kFlags) {
              a.by_decision_maker = flags;
              if (!check(a)) return;
            }
          }
        }
      }
    }
  }
}

TEST(StrengthTest, EqualsTheOracleForEveryAssessment) {
  const Policy policy;
  int known = 0;
  int all = 0;
  ForAllAssessments([&](const Assessment& a) {
    const Strength want = Oracle(BuiltIn(), a);
    const absl::StatusOr<Strength> got = StrengthOf(policy, a);
    Strength tried;
    const Reason reason = TryStrength(policy.tables(), a, &tried);
    EXPECT_TRUE(got.ok() && Same(*got, want))
        << Show(a) << "\n got " << (got.ok() ? Show(*got) : "an error")
        << "\nwant " << Show(want);
    EXPECT_TRUE(reason == Reason::kNone && Same(tried, want)) << Show(a);
    ++all;
    if (want.unknown_mask == 0) ++known;
    return !testing::Test::HasFailure();
  });
  if (!HasFailure()) {
    EXPECT_EQ(known, 6 * 8 * 4 * 7 * 7 * 8);
    EXPECT_EQ(all, 7 * 9 * 5 * 8 * 8 * 8);
  }
}

TEST(StrengthTest, HoldsWhatItPromises) {
  const Policy policy;
  ForAllAssessments([&](const Assessment& a) {
    Strength s;
    EXPECT_EQ(TryStrength(policy.tables(), a, &s), Reason::kNone);
    EXPECT_LE(s.total, s.highest_reachable);
    EXPECT_LE(s.product_ppm, s.product_max_ppm);
    EXPECT_GE(s.total, 0);
    EXPECT_LE(s.highest_reachable, 100);
    EXPECT_LE(s.balanced, 100);
    // The geometric mean is never above the arithmetic one.
    EXPECT_LE(s.balanced, s.total);
    if (s.unknown_mask == 0) {
      EXPECT_EQ(s.total, s.highest_reachable);
      EXPECT_EQ(s.product_ppm, s.product_max_ppm);
      EXPECT_NE(s.weakest, 255);
    }
    return !testing::Test::HasFailure();
  });
}

TEST(StrengthTest, TheExampleOfTheHeader) {
  Assessment a;
  a.level = {3, 3, 2, 4, 1};
  const absl::StatusOr<Strength> s = StrengthOf(Policy(), a);
  ASSERT_TRUE(s.ok());
  EXPECT_EQ(s->total, 27);
  EXPECT_EQ(s->weakest, 2);
  EXPECT_EQ(s->next_level, 3);
  EXPECT_EQ(s->next_gain, 2);
}

TEST(StrengthTest, TheFlagOfAnUnknownLevelMeansNothing) {
  Assessment with;
  with.by_decision_maker = 13;
  const absl::StatusOr<Strength> a = StrengthOf(Policy(), with);
  const absl::StatusOr<Strength> b = StrengthOf(Policy(), Assessment());
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_TRUE(Same(*a, *b));
  EXPECT_EQ(b->total, 0);
  EXPECT_EQ(b->highest_reachable, 100);
  EXPECT_EQ(b->product_ppm, 0);
  EXPECT_EQ(b->product_max_ppm, 1'000'000);
  EXPECT_EQ(b->unknown_mask, 31);
  EXPECT_EQ(b->weakest, 255);
}

TEST(StrengthTest, AKnownZeroOfLowerCodeIsTheWeakestWhateverIsUnknown) {
  Assessment a;
  a.level = {0, 255, 255, 255, 255};
  EXPECT_EQ(StrengthOf(Policy(), a)->weakest, 0);
  a.level = {255, 0, 255, 255, 255};  // Problem may turn out to be 0 too.
  EXPECT_EQ(StrengthOf(Policy(), a)->weakest, 255);
}

TEST(BalancedStrengthTest, EqualsTheOracleForEveryProduct) {
  int32_t wrong = 0;
  for (int32_t product = 0; product <= 3'200'000; ++product) {
    // The oracle by search, but starting where the last one ended.
    static int32_t b = 0;
    if (product == 0) b = 0;
    while (b < 100) {
      const int64_t next = 2 * int64_t{b} + 1;
      if (next * next * next * next * next >= int64_t{product} * 100'000) break;
      ++b;
    }
    if (BalancedStrength(product) != b) {
      ++wrong;
      ASSERT_LT(wrong, 5) << product;
      EXPECT_EQ(BalancedStrength(product), b) << product;
    }
  }
  for (int32_t product = 0; product <= 3'200'000; product += 1009) {
    ASSERT_EQ(BalancedStrength(product), BalancedOracle(product)) << product;
  }
  EXPECT_EQ(BalancedStrength(0), 0);
  EXPECT_EQ(BalancedStrength(3'200'000), 100);
  EXPECT_EQ(BalancedStrength(100'000), 50);  // Ten everywhere.
}

TEST(ProductPpmTest, EqualsTheOracleForEveryProduct) {
  for (int32_t product = 0; product <= 3'200'000; ++product) {
    ASSERT_EQ(ProductPpm(product), ProductOracle(product)) << product;
  }
}

TEST(ProductPpmTest, HalfAPpmGoesToEven) {
  EXPECT_EQ(ProductPpm(8), 2);    // 2.5
  EXPECT_EQ(ProductPpm(24), 8);   // 7.5
  EXPECT_EQ(ProductPpm(40), 12);  // 12.5
}

// Refusals leave the output alone: filled with something before, the same
// after.
void ExpectUntouched(const Assessment& a, Reason want) {
  Strength before;
  std::memset(static_cast<void*>(&before), 0x5a, sizeof before);
  Strength after = before;
  EXPECT_EQ(TryStrength(Policy().tables(), a, &after), want) << Show(a);
  EXPECT_EQ(
      std::memcmp(static_cast<const void*>(&before), &after, sizeof before), 0)
      << Show(a);
}

TEST(StrengthRefusalTest, NamesTheDimensionTheLevelAndTheHighestAllowed) {
  const char* const names[5] = {"Problem", "Power", "Vision", "Value",
                                "Control"};
  for (size_t d = 0; d < 5; ++d) {
    for (int level = 0; level < 255; ++level) {
      Assessment a;
      a.level[d] = static_cast<uint8_t>(level);
      if (level < kLevels[d]) {
        EXPECT_TRUE(StrengthOf(Policy(), a).ok());
        continue;
      }
      const auto got = StrengthOf(Policy(), a);
      ASSERT_THAT(
          got,
          Refused(Reason::kUnknownLevel,
                  AllOf(HasSubstr(absl::StrCat(names[d], " level ", level)),
                        HasSubstr(absl::StrCat("0 to ", kLevels[d] - 1)))));
      EXPECT_EQ(got.status().code(), absl::StatusCode::kInvalidArgument);
      EXPECT_EQ(WhereOf(got.status()).column, static_cast<int32_t>(d));
      ExpectUntouched(a, Reason::kUnknownLevel);
    }
  }
}

TEST(StrengthRefusalTest, TheFirstOfSeveralBadLevelsIsNamed) {
  Assessment a;
  a.level = {5, 8, 9, 0, 200};
  EXPECT_THAT(StrengthOf(Policy(), a),
              Refused(Reason::kUnknownLevel, HasSubstr("Power level 8")));
}

TEST(StrengthRefusalTest, OnlyTwoColumnDimensionsHaveADecisionMaker) {
  for (int flags = 0; flags < 256; ++flags) {
    Assessment a;
    a.level = {0, 0, 0, 0, 0};
    a.by_decision_maker = static_cast<uint8_t>(flags);
    if ((flags & ~13) == 0) {
      EXPECT_TRUE(StrengthOf(Policy(), a).ok()) << flags;
      continue;
    }
    EXPECT_THAT(
        StrengthOf(Policy(), a),
        Refused(Reason::kReservedNotZero,
                AllOf(HasSubstr(absl::StrCat("by_decision_maker ", flags)),
                      HasSubstr("Problem, Vision, Value"))));
    ExpectUntouched(a, Reason::kReservedNotZero);
    // Also where the level is unknown: the bit has no meaning at all.
    a.level = {255, 255, 255, 255, 255};
    ExpectUntouched(a, Reason::kReservedNotZero);
  }
}

TEST(StrengthRefusalTest, ReservedBytesAreZero) {
  for (const size_t byte : {size_t{0}, size_t{1}}) {
    for (int value = 1; value < 256; ++value) {
      Assessment a;
      a.reserved[byte] = static_cast<uint8_t>(value);
      EXPECT_THAT(StrengthOf(Policy(), a),
                  Refused(Reason::kReservedNotZero, HasSubstr("reserved")));
      ExpectUntouched(a, Reason::kReservedNotZero);
    }
  }
}

// Another rubric: any points that do not fall, also tops below 20 and equal
// neighbours.
TEST(StrengthPolicyTest, EqualsTheOracleUnderOtherPoints) {
  std::mt19937 random(9);
  for (int round = 0; round < 12; ++round) {
    PolicyBuilder builder;
    Rubrics rubrics;
    for (size_t d = 0; d < 5; ++d) {
      const bool two_columns = d != 1 && d != 4;
      const auto levels = static_cast<size_t>(kLevels[d]);
      std::vector<int> low(levels);
      std::vector<int> high(levels);
      for (size_t i = 0; i < levels; ++i) {
        low[i] = static_cast<int>(random() % 21);
        high[i] = static_cast<int>(random() % 21);
      }
      std::sort(low.begin(), low.end());
      std::sort(high.begin(), high.end());
      for (size_t i = 0; i < levels; ++i) {
        if (!two_columns) high[i] = low[i];
        // The larger of two sorted columns is sorted too.
        const int maker = std::max(low[i], high[i]);
        low[i] = std::min(low[i], high[i]);
        high[i] = maker;
        builder.rubric[d][i].sponsor = low[i];
        builder.rubric[d][i].decision_maker = high[i];
      }
      rubrics[d] = {{low, high}};
    }
    const absl::StatusOr<Policy> policy = builder.Build();
    ASSERT_TRUE(policy.ok()) << policy.status();
    int step = 0;
    ForAllAssessments([&](const Assessment& a) {
      if (++step % 17 != round) return true;
      const absl::StatusOr<Strength> got = StrengthOf(*policy, a);
      const Strength want = Oracle(rubrics, a);
      EXPECT_TRUE(got.ok() && Same(*got, want))
          << Show(a) << "\n got " << (got.ok() ? Show(*got) : "an error")
          << "\nwant " << Show(want);
      return !testing::Test::HasFailure();
    });
    ASSERT_FALSE(HasFailure());
  }
}

TEST(AssessmentTest, HasTheLayoutOfTheContract) {
  EXPECT_EQ(sizeof(Assessment), 8U);
  EXPECT_EQ(offsetof(Assessment, level), 0U);
  EXPECT_EQ(offsetof(Assessment, by_decision_maker), 5U);
  EXPECT_EQ(offsetof(Assessment, reserved), 6U);
}

}  // namespace
}  // namespace fivek
