#include "fivek/pipeline/scoring.h"

#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivek/base/money.h"
#include "fivek/method/milestone.h"
#include "fivek/method/opportunity.h"
#include "fivek/method/strength.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/pipeline/score_kernels.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using testing::HasSubstr;

constexpr uint8_t kLevels[5] = {6, 8, 4, 7, 7};

// The columns of a book, each of which may be absent, with room before and
// behind so that they start at any offset and a stray write shows.
template <typename T>
struct Column {
  static constexpr size_t kGuard = 64;

  void Make(size_t rows, size_t offset, T fill) {
    data.assign(rows + 2 * kGuard, fill);
    start = kGuard - offset;
    size = rows;
  }
  T* get() { return present ? data.data() + start : nullptr; }
  T& operator[](size_t i) { return data[start + i]; }

  std::vector<T> data;
  size_t start = 0, size = 0;
  bool present = true;
};

struct Inputs {
  Column<uint8_t> level[5], by;
  Column<uint32_t> evidence;
  Column<uint8_t> outcome;
  Column<int64_t> amount;

  ScoreInput Get() {
    return {level[0].get(), level[1].get(), level[2].get(),
            level[3].get(), level[4].get(), by.get(),
            evidence.get(), outcome.get(),  amount.get()};
  }
};

struct Outputs {
  Column<uint8_t> strength, weakest, stage, milestone;
  Column<int32_t> product, probability, status;
  Column<int64_t> expected;

  ScoreOutput Get() {
    return {strength.get(),  weakest.get(),     product.get(),  stage.get(),
            milestone.get(), probability.get(), expected.get(), status.get()};
  }
  void Make(size_t rows, std::minstd_rand& random) {
    const auto offset = [&] { return random() % 64; };
    strength.Make(rows, offset(), 0xAB);
    weakest.Make(rows, offset(), 0xAB);
    stage.Make(rows, offset(), 0xAB);
    milestone.Make(rows, offset(), 0xAB);
    product.Make(rows, offset(), 0x5A5A5A5A);
    probability.Make(rows, offset(), 0x5A5A5A5A);
    status.Make(rows, offset(), 0x5A5A5A5A);
    expected.Make(rows, offset(), 0x5A5A5A5A5A5A5A5A);
  }
  auto All() const {
    return std::tie(strength.data, weakest.data, stage.data, milestone.data,
                    product.data, probability.data, status.data, expected.data);
  }
};

// What a book is made of: how often a level is unknown, a value is bad, an
// amount is huge; one in so many, 0: never.
struct Mix {
  uint32_t unknown = 0, bad = 0, huge = 0;
};

Inputs MakeInputs(size_t rows, const Mix& mix, std::minstd_rand& random) {
  Inputs in;
  const auto one_in = [&](uint32_t n) { return n != 0 && random() % n == 0; };
  const auto offset = [&] { return random() % 64; };
  for (int d = 0; d < 5; ++d) {
    in.level[d].Make(rows, offset(), 0);
    for (size_t i = 0; i < rows; ++i) {
      in.level[d][i] = static_cast<uint8_t>(random() % kLevels[d]);
      if (one_in(mix.unknown)) in.level[d][i] = kUnknown;
      if (one_in(mix.bad)) {
        in.level[d][i] =
            static_cast<uint8_t>(kLevels[d] + random() % (255U - kLevels[d]));
      }
    }
  }
  in.by.Make(rows, offset(), 0);
  in.evidence.Make(rows, offset(), 0);
  in.outcome.Make(rows, offset(), 0);
  in.amount.Make(rows, offset(), 0);
  std::mt19937_64 wide(random());
  for (size_t i = 0; i < rows; ++i) {
    in.by[i] = static_cast<uint8_t>(random() & 0b01101);
    if (one_in(mix.bad)) in.by[i] = static_cast<uint8_t>(random());
    // Often a prefix of the items, so that all milestones occur.
    const auto bits = static_cast<uint32_t>(wide());
    in.evidence[i] =
        random() % 2 == 0 ? bits : Bits(0, static_cast<int>(random() % 22));
    if (random() % 4 == 0) in.evidence[i] &= ~(1U << random() % 32);
    in.outcome[i] = static_cast<uint8_t>(random() % kOutcomeCount);
    if (one_in(mix.bad)) in.outcome[i] = static_cast<uint8_t>(random());
    // Of all sizes up to 2^50; multiples of 10 make ties.
    const int shift = 14 + static_cast<int>(random() % 40);
    auto amount = static_cast<int64_t>(wide()) >> shift;
    if (random() % 2 == 0) amount = amount / 10 * 10;
    if (one_in(mix.huge)) amount = static_cast<int64_t>(wide());
    in.amount[i] = amount;
  }
  return in;
}

// Row by row from the public functions, with a policy's yields.
void Oracle(const Policy& policy, Inputs& in, Outputs& out, size_t rows,
            size_t* bad) {
  *bad = 0;
  for (size_t i = 0; i < rows; ++i) {
    Assessment assessment;
    for (size_t d = 0; d < 5; ++d) {
      assessment.level[d] = in.level[d].present ? in.level[d][i] : kUnknown;
    }
    assessment.by_decision_maker = in.by.present ? in.by[i] : 0;
    const uint32_t outcome = in.outcome.present ? in.outcome[i] : 0;
    const auto strength = StrengthOf(policy, assessment);
    const bool good = strength.ok() && outcome < kOutcomeCount;
    if (!good) ++*bad;
    const auto put = [&](auto& column, auto value, auto if_bad) {
      if (!column.present) return;
      using T = std::decay_t<decltype(column[i])>;
      column[i] = good ? static_cast<T>(value) : static_cast<T>(if_bad);
    };
    const Strength s = good ? *strength : Strength();
    bool zero = false;
    for (const int32_t points : s.points) zero = zero || points == 0;
    put(out.strength, s.total, 0);
    put(out.weakest, s.weakest, 255);
    put(out.product, s.unknown_mask == 0 || zero ? s.product_ppm : -1, -1);
    const Position position =
        PositionOf(policy.tables(), in.evidence.present ? in.evidence[i] : 0);
    put(out.stage, position.stage, 0);
    put(out.milestone, position.milestone, 0);
    int32_t ppm = policy.tables().yield_ppm[position.milestone];
    if (outcome == 2) ppm = 1'000'000;
    if (outcome == 3 || outcome == 4) ppm = 0;
    put(out.probability, ppm, 0);
    const int64_t amount = in.amount.present ? in.amount[i] : 0;
    put(out.expected, *ExpectedAmount(amount, ppm, policy.tables().rounding),
        0);
    put(out.status, 0, 3);
  }
}

class EachTarget : public testing::TestWithParam<const char*> {
 protected:
  // Null, with the test skipped, where the processor lacks the target.
  const ScoreTargetInfo* Target() {
    for (const ScoreTargetInfo& target : ScoreTargets()) {
      if (std::string(target.name) == GetParam()) return &target;
    }
    return nullptr;
  }
};

void ExpectSame(const Policy& policy, const ScoreTargetInfo& target,
                size_t rows, const Mix& mix, std::minstd_rand& random) {
  Inputs in = MakeInputs(rows, mix, random);
  for (auto& level : in.level) level.present = random() % 16 != 0;
  in.by.present = random() % 8 != 0;
  in.evidence.present = random() % 8 != 0;
  in.outcome.present = random() % 4 != 0;
  in.amount.present = random() % 8 != 0;
  Outputs out;
  out.Make(rows, random);
  const uint32_t wanted = random() % 4 == 0 ? random() % 256 : 255;
  out.strength.present = (wanted & 1) != 0;
  out.weakest.present = (wanted & 2) != 0;
  out.stage.present = (wanted & 4) != 0;
  out.milestone.present = (wanted & 8) != 0;
  out.product.present = (wanted & 16) != 0;
  out.probability.present = (wanted & 32) != 0;
  out.expected.present = (wanted & 64) != 0;
  if (mix.bad == 0) out.status.present = (wanted & 128) != 0;
  Outputs want = out;
  size_t want_bad = 0;
  Oracle(policy, in, want, rows, &want_bad);
  size_t bad = 12345;
  ASSERT_EQ(ScoreColumnsOn(target, policy.tables(), in.Get(), out.Get(), rows,
                           &bad, nullptr),
            absl::OkStatus());
  ASSERT_EQ(bad, want_bad);
  for (size_t i = 0; i < rows; ++i) {
    const std::string where = absl::StrCat("row ", i, " of ", rows);
    ASSERT_EQ(int{out.strength[i]}, int{want.strength[i]}) << where;
    ASSERT_EQ(int{out.weakest[i]}, int{want.weakest[i]}) << where;
    ASSERT_EQ(out.product[i], want.product[i]) << where;
    ASSERT_EQ(int{out.stage[i]}, int{want.stage[i]}) << where;
    ASSERT_EQ(int{out.milestone[i]}, int{want.milestone[i]}) << where;
    ASSERT_EQ(out.probability[i], want.probability[i]) << where;
    ASSERT_EQ(out.expected[i], want.expected[i])
        << where << " amount " << in.amount[i] << " ppm "
        << want.probability[i];
    ASSERT_EQ(out.status[i], want.status[i]) << where;
  }
  // Nothing before or behind a column was touched.
  ASSERT_TRUE(out.All() == want.All());
}

TEST_P(EachTarget, EqualsTheOneRowFunctions) {
  const ScoreTargetInfo* const target = Target();
  if (target == nullptr) GTEST_SKIP() << "not on this processor";
  std::minstd_rand random(1);
  const Policy policy;
  for (size_t rows = 0; rows <= 300; ++rows) {
    for (const Mix& mix : {Mix{}, Mix{20, 0, 0}, Mix{0, 0, 40}, Mix{3, 0, 3},
                           Mix{0, 300, 0}, Mix{6, 50, 50}}) {
      ASSERT_NO_FATAL_FAILURE(ExpectSame(policy, *target, rows, mix, random));
    }
  }
  ASSERT_NO_FATAL_FAILURE(
      ExpectSame(policy, *target, 100'000, {0, 0, 0}, random));
  ASSERT_NO_FATAL_FAILURE(
      ExpectSame(policy, *target, 100'000, {50, 1000, 1000}, random));
}

TEST_P(EachTarget, ScoresByAPolicysOwnNumbers) {
  const ScoreTargetInfo* const target = Target();
  if (target == nullptr) GTEST_SKIP() << "not on this processor";
  std::minstd_rand random(2);
  PolicyBuilder odd;
  odd.ladder = {1, 123'457, 333'333, 500'001, 777'777, 999'999, 1'000'000};
  odd.rubric[0][0] = {1, 2, {"a", "b"}};
  PolicyBuilder away;
  away.rounding = Rounding::kHalfAwayFromZero;
  PolicyBuilder vendor;
  vendor.evidence[25] = {1,
                         2,
                         GateMode::kBlocking,
                         Witness::kAnyone,
                         ProofDemand::kOutsideTheSeller,
                         {3},
                         {"own", "own"}};
  PolicyBuilder advisory;
  advisory.evidence[6].mode = GateMode::kAdvisory;
  for (const PolicyBuilder& builder : {odd, away, vendor, advisory}) {
    const auto policy = builder.Build();
    ASSERT_TRUE(policy.ok()) << policy.status();
    for (const size_t rows : {1U, 63U, 64U, 65U, 129U, 2000U}) {
      ASSERT_NO_FATAL_FAILURE(
          ExpectSame(*policy, *target, rows, {30, 500, 500}, random));
    }
  }
}

// Ties, and amounts around what the vector arithmetic takes.
TEST_P(EachTarget, RoundsHalfToEvenAtEverySize) {
  const ScoreTargetInfo* const target = Target();
  if (target == nullptr) GTEST_SKIP() << "not on this processor";
  std::vector<int64_t> amounts;
  constexpr auto kMax = std::numeric_limits<int64_t>::max();
  for (int bit = 0; bit < 63; ++bit) {
    for (int64_t delta = -12; delta <= 12; ++delta) {
      const int64_t base = int64_t{1} << bit;
      amounts.push_back(base > kMax - 12 ? kMax : base + delta);
      amounts.push_back(-(base > kMax - 12 ? kMax : base + delta));
    }
  }
  amounts.push_back(std::numeric_limits<int64_t>::min());
  amounts.push_back(kMax);
  for (const int32_t ppm : {1, 2, 3, 5, 10, 100'000, 250'000, 499'999, 500'000,
                            500'001, 750'000, 900'000, 999'999, 1'000'000}) {
    PolicyBuilder builder;
    builder.ladder.fill(ppm);
    builder.ladder.back() = 1'000'000;
    const Policy policy = *builder.Build();
    std::vector<int64_t> expected(amounts.size());
    ScoreInput in;
    in.amount = amounts.data();
    ScoreOutput out;
    out.expected_amount = expected.data();
    ASSERT_EQ(ScoreColumnsOn(*target, policy.tables(), in, out, amounts.size(),
                             nullptr, nullptr),
              absl::OkStatus());
    for (size_t i = 0; i < amounts.size(); ++i) {
      ASSERT_EQ(expected[i],
                *ExpectedAmount(amounts[i], ppm, Rounding::kHalfEven))
          << amounts[i] << " at " << ppm;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(, EachTarget,
                         testing::Values("avx512", "avx2", "neon", "scalar"),
                         [](const auto& test) {
                           return std::string(test.param);
                         });

TEST(ScoreTargetsTest, EndWithScalarAndStartWithTheOneUsed) {
  ASSERT_FALSE(ScoreTargets().empty());
  EXPECT_STREQ(ScoreTargets().back().name, "scalar");
  EXPECT_STREQ(ScoreTargets().front().name, ScoreTarget());
}

}  // namespace
}  // namespace fivek
