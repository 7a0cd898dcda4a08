#include "fivek/pipeline/scoring.h"

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#endif

#include <cfenv>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "fivek/base/money.h"
#include "fivek/method/milestone.h"
#include "fivek/method/opportunity.h"
#include "fivek/method/strength.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/pipeline/score_kernels.h"
#include "src/pipeline/score_row.h"
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
    return std::string(kRowByRow.name) == GetParam() ? &kRowByRow : nullptr;
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

// A vendor's item, so that the order of codes is not that of gates.
void AddOwnItem(PolicyBuilder* builder) {
  builder->evidence[25] = {1,
                           2,
                           GateMode::kBlocking,
                           Witness::kAnyone,
                           ProofDemand::kOutsideTheSeller,
                           {3},
                           {"own", "own"}};
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
  AddOwnItem(&vendor);
  PolicyBuilder advisory;
  advisory.evidence[6].mode = GateMode::kAdvisory;
  for (const PolicyBuilder& builder : {odd, away, vendor, advisory}) {
    const auto policy = builder.Build();
    ASSERT_TRUE(policy.ok()) << policy.status();
    for (const size_t rows : {1U, 63U, 64U, 65U, 129U, 20'000U}) {
      ASSERT_NO_FATAL_FAILURE(
          ExpectSame(*policy, *target, rows, {30, 500, 500}, random));
    }
  }
}

// Every mask of the method's items, with a vendor's item out of order and
// without.
TEST_P(EachTarget, PlacesEveryMask) {
  const ScoreTargetInfo* const target = Target();
  if (target == nullptr) GTEST_SKIP() << "not on this processor";
  PolicyBuilder vendor;
  AddOwnItem(&vendor);
  constexpr size_t kChunk = 1 << 16;
  for (const Policy& policy : {Policy(), *vendor.Build()}) {
    std::vector<EvidenceMask> masks(kChunk);
    std::vector<uint8_t> stage(kChunk);
    std::vector<uint8_t> milestone(kChunk);
    ScoreInput in;
    in.evidence = masks.data();
    ScoreOutput out;
    out.stage = stage.data();
    out.milestone = milestone.data();
    for (EvidenceMask first = 0; first < EvidenceMask{1} << 22;
         first += kChunk) {
      for (size_t i = 0; i < kChunk; ++i) {
        masks[i] = first + static_cast<EvidenceMask>(i);
        if (i % 3 == 0) masks[i] |= EvidenceMask{1} << 25;
      }
      ASSERT_TRUE(ScoreColumnsOn(*target, policy.tables(), in, out, kChunk,
                                 nullptr, nullptr)
                      .ok());
      for (size_t i = 0; i < kChunk; ++i) {
        const Position want = PositionOf(policy.tables(), masks[i]);
        ASSERT_EQ(stage[i], want.stage) << masks[i];
        ASSERT_EQ(milestone[i], want.milestone) << masks[i];
      }
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

bool SameBytes(const Outputs& a, const Outputs& b) {
  return a.All() == b.All();
}

// Any subset of columns at any offset, beside the rows one by one. As many rows
// as FIVEK_TEST_ROWS says.
TEST_P(EachTarget, EqualsTheRows) {
  const ScoreTargetInfo* const target = Target();
  if (target == nullptr) GTEST_SKIP() << "not on this processor";
  const char* const wanted = std::getenv("FIVEK_TEST_ROWS");
  const size_t total =
      wanted == nullptr ? 300'000 : static_cast<size_t>(std::stoull(wanted));
  std::minstd_rand random(3);
  const auto any = [&random](uint32_t below) {
    return static_cast<uint32_t>(random() % below);
  };
  const Policy policy;
  for (size_t done = 0; done < total;) {
    const size_t rows = random() % 301;
    done += rows;
    const Mix mix = {any(4) == 0 ? any(30) : 0,
                     any(4) == 0 ? 100 + any(300) : 0,
                     any(4) == 0 ? any(300) : 0};
    Inputs in = MakeInputs(rows, mix, random);
    const uint32_t given = any(2) == 0 ? 511 : any(512);
    for (uint32_t d = 0; d < 5; ++d)
      in.level[d].present = (given >> d & 1) != 0;
    in.by.present = (given >> 5 & 1) != 0;
    in.evidence.present = (given >> 6 & 1) != 0;
    in.outcome.present = (given >> 7 & 1) != 0;
    in.amount.present = (given >> 8 & 1) != 0;
    Outputs out;
    out.Make(rows, random);
    const uint32_t asked = any(2) == 0 ? 127 : any(128);
    out.strength.present = (asked & 1) != 0;
    out.weakest.present = (asked & 2) != 0;
    out.stage.present = (asked & 4) != 0;
    out.milestone.present = (asked & 8) != 0;
    out.product.present = (asked & 16) != 0;
    out.probability.present = (asked & 32) != 0;
    out.expected.present = (asked & 64) != 0;
    Outputs slow = out;
    size_t bad = 0;
    size_t slow_bad = 0;
    ASSERT_TRUE(ScoreColumnsOn(*target, policy.tables(), in.Get(), out.Get(),
                               rows, &bad, nullptr)
                    .ok());
    ASSERT_TRUE(ScoreColumnsOn(kRowByRow, policy.tables(), in.Get(), slow.Get(),
                               rows, &slow_bad, nullptr)
                    .ok());
    ASSERT_EQ(bad, slow_bad);
    ASSERT_TRUE(SameBytes(out, slow)) << rows << " rows after " << done;
  }
}

// Large books are written past the cache, aligned or not.
TEST_P(EachTarget, EqualsTheRowsBeyondTheCache) {
  const ScoreTargetInfo* const target = Target();
  if (target == nullptr) GTEST_SKIP() << "not on this processor";
  std::minstd_rand random(4);
  const Policy policy;
  constexpr size_t kRows = 700'001;
  Inputs in = MakeInputs(kRows, {5000, 100'000, 10'000}, random);
  Outputs out;
  out.Make(kRows, random);
  // One column aligned to a line, the others wherever they are.
  for (size_t i = 0; i < 64; ++i) {
    out.expected.start = Column<int64_t>::kGuard - i;
    if (reinterpret_cast<uintptr_t>(out.expected.get()) % 64 == 0) break;
  }
  for (size_t i = 0; i < 64; ++i) {
    out.strength.start = Column<uint8_t>::kGuard - i;
    if (reinterpret_cast<uintptr_t>(out.strength.get()) % 64 == 0) break;
  }
  Outputs slow = out;
  size_t bad = 0;
  size_t slow_bad = 0;
  ASSERT_TRUE(ScoreColumnsOn(*target, policy.tables(), in.Get(), out.Get(),
                             kRows, &bad, nullptr)
                  .ok());
  ASSERT_TRUE(ScoreColumnsOn(kRowByRow, policy.tables(), in.Get(), slow.Get(),
                             kRows, &slow_bad, nullptr)
                  .ok());
  ASSERT_EQ(bad, slow_bad);
  ASSERT_GT(bad, 0U);
  ASSERT_TRUE(SameBytes(out, slow));
}

// Learned probabilities, in tiles and row by row: any columns, bad rows and
// ages.
TEST_P(EachTarget, ScoresCalibratedBooksAsRows) {
  const ScoreTargetInfo* const target = Target();
  if (target == nullptr) GTEST_SKIP() << "not on this processor";
  std::minstd_rand random(12);
  const Policy policy;
  for (int round = 0; round < 60; ++round) {
    const size_t rows = random() % 5000;
    const uint32_t few = random() % 2 == 0 ? 0 : 1;
    Inputs in = MakeInputs(rows, {few * 30, few * 2000, few * 700}, random);
    for (auto& level : in.level) level.present = random() % 8 != 0;
    in.outcome.present = random() % 4 != 0;
    in.amount.present = random() % 4 != 0;
    in.evidence.present = random() % 8 != 0;
    const auto buckets = static_cast<uint32_t>(1 + random() % 256);
    std::vector<int32_t> ppm(size_t{kMilestoneCount} * buckets);
    for (int32_t& p : ppm) p = static_cast<int32_t>(random() % 1'000'001);
    std::vector<uint8_t> age(rows);
    for (uint8_t& a : age) {
      const bool beyond = few != 0 && random() % 3000 == 0;
      a = beyond ? 255 : static_cast<uint8_t>(random() % buckets);
    }
    const Calibration calibration = {ppm.data(), static_cast<int32_t>(buckets),
                                     random() % 4 == 0 ? nullptr : age.data()};
    Outputs out;
    out.Make(rows, random);
    const uint32_t wanted = random() % 2 == 0 ? 255 : random() % 256;
    out.strength.present = (wanted & 1) != 0;
    out.milestone.present = (wanted & 2) != 0;
    out.probability.present = (wanted & 4) != 0;
    out.expected.present = (wanted & 8) != 0;
    out.status.present = (wanted & 16) != 0;
    Outputs slow = out;
    size_t bad = 0;
    size_t slow_bad = 0;
    const absl::Status got =
        ScoreColumnsOn(*target, policy.tables(), in.Get(), out.Get(), rows,
                       &bad, &calibration);
    const absl::Status want =
        ScoreColumnsOn(kRowByRow, policy.tables(), in.Get(), slow.Get(), rows,
                       &slow_bad, &calibration);
    ASSERT_EQ(got, want);
    ASSERT_EQ(bad, slow_bad);
    ASSERT_TRUE(SameBytes(out, slow)) << rows << " rows";
  }
}

// A host may have told its doubles to round otherwise, or to trap.
TEST_P(EachTarget, DoesNotCareHowDoublesRound) {
  const ScoreTargetInfo* const target = Target();
  if (target == nullptr) GTEST_SKIP() << "not on this processor";
  std::minstd_rand random(13);
  const Policy policy;
  constexpr size_t kRows = 3000;
  Inputs in = MakeInputs(kRows, {30, 500, 0}, random);
  Outputs usual;
  usual.Make(kRows, random);
  const Outputs untouched = usual;
  const auto score = [&](Outputs& out) {
    return ScoreColumnsOn(*target, policy.tables(), in.Get(), out.Get(), kRows,
                          nullptr, nullptr);
  };
  ASSERT_EQ(score(usual), absl::OkStatus());
  std::fenv_t before;
  ASSERT_EQ(std::fegetenv(&before), 0);
  for (const int mode : {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO}) {
    Outputs out = untouched;
    ASSERT_EQ(std::fesetround(mode), 0);
    const absl::Status status = score(out);
    ASSERT_EQ(std::fesetenv(&before), 0);
    ASSERT_EQ(status, absl::OkStatus());
    EXPECT_TRUE(SameBytes(out, usual)) << mode;
  }
#if defined(__GLIBC__) && defined(__x86_64__)
  Outputs out = untouched;
  ASSERT_NE(feenableexcept(FE_INEXACT), -1);
  const absl::Status status = score(out);
  ASSERT_EQ(std::fesetenv(&before), 0);
  ASSERT_EQ(status, absl::OkStatus());
  EXPECT_TRUE(SameBytes(out, usual));
#endif
}

INSTANTIATE_TEST_SUITE_P(
    , EachTarget, testing::Values("avx512", "avx2", "neon", "scalar", "rows"),
    [](const auto& test) { return std::string(test.param); });

TEST(ScoreTargetsTest, EndWithScalarAndStartWithTheOneUsed) {
  ASSERT_FALSE(ScoreTargets().empty());
  EXPECT_STREQ(ScoreTargets().back().name, "scalar");
  EXPECT_STREQ(ScoreTargets().front().name, ScoreTarget());
}

// What the processor has by another source than the library's: a kernel that
// was left out by mistake would be skipped above without a word.
TEST(ScoreTargetsTest, UseWhatTheProcessorHas) {
  std::vector<std::string> want;
#if defined(__linux__) && defined(__x86_64__)
  std::ifstream cpuinfo("/proc/cpuinfo");
  std::string line;
  while (std::getline(cpuinfo, line) && line.rfind("flags", 0) != 0) {
  }
  if (line.empty()) GTEST_SKIP() << "no flags in /proc/cpuinfo";
  const auto has = [padded = line + " "](const std::string& flag) {
    return padded.find(" " + flag + " ") != std::string::npos;
  };
  if (has("avx512f") && has("avx512bw") && has("avx512cd") && has("avx512dq") &&
      has("avx512vl") && has("fma")) {
    want.push_back("avx512");
  }
  if (has("avx2") && has("fma")) want.push_back("avx2");
#elif defined(__AARCH64EL__)
  want.push_back("neon");
#endif
  want.push_back("scalar");
  std::vector<std::string> found;
  for (const ScoreTargetInfo& target : ScoreTargets()) {
    found.push_back(target.name);
  }
  EXPECT_EQ(found, want);
}

// ---- Calls ------------------------------------------------------------------

TEST(ScoreColumnsTest, StopsAtTheFirstBadRowAndSaysWhatIsAllowed) {
  const Policy policy;
  std::vector<uint8_t> power(200, 3);
  std::vector<uint8_t> outcome(200, 0);
  power[150] = 8;
  outcome[170] = 9;
  std::vector<uint8_t> strength(200, 77);
  ScoreInput in;
  in.power = power.data();
  in.outcome = outcome.data();
  ScoreOutput out;
  out.strength = strength.data();
  size_t bad = 0;
  const absl::Status status = ScoreColumns(policy.tables(), in, out, 200, &bad);
  EXPECT_EQ(ReasonOf(status), Reason::kUnknownLevel);
  EXPECT_EQ(WhereOf(status).row, 150);
  EXPECT_EQ(WhereOf(status).column, 1);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("row 150: Power level 8; allowed: 0 to 7"));
  EXPECT_EQ(bad, 1U);
  EXPECT_NE(strength[149], 77);
  for (size_t i = 150; i < 200; ++i) EXPECT_EQ(strength[i], 77) << i;
  power[150] = 3;
  const absl::Status next = ScoreColumns(policy.tables(), in, out, 200);
  EXPECT_EQ(WhereOf(next).row, 170);
  EXPECT_EQ(WhereOf(next).column, 7);
  EXPECT_THAT(std::string(next.message()),
              HasSubstr("outcome 9; allowed: 0 to 4"));
}

// One deal is a row, whatever its policy, levels and amount.
TEST(ScoreDealTest, EqualsItsRow) {
  std::minstd_rand random(11);
  PolicyBuilder away;
  away.rounding = Rounding::kHalfAwayFromZero;
  for (const Policy& policy : {Policy(), *away.Build()}) {
    constexpr size_t kRows = 2000;
    Inputs in = MakeInputs(kRows, {20, 5, 4}, random);
    Outputs out;
    out.Make(kRows, random);
    size_t bad = 0;
    ASSERT_TRUE(ScoreColumnsOn(kRowByRow, policy.tables(), in.Get(), out.Get(),
                               kRows, &bad, nullptr)
                    .ok());
    ASSERT_GT(bad, 0U);
    for (size_t i = 0; i < kRows; ++i) {
      Deal deal;
      for (size_t d = 0; d < 5; ++d) deal.assessment.level[d] = in.level[d][i];
      deal.assessment.by_decision_maker = in.by[i];
      deal.evidence = in.evidence[i];
      deal.outcome = static_cast<Outcome>(in.outcome[i]);
      deal.amount = in.amount[i];
      const auto score = ScoreDeal(policy.tables(), deal);
      ASSERT_EQ(score.ok(), out.status[i] == 0) << i;
      if (!score.ok()) {
        EXPECT_GE(WhereOf(score.status()).column, 0) << score.status();
        continue;
      }
      ASSERT_EQ(score->strength, out.strength[i]);
      ASSERT_EQ(score->weakest, out.weakest[i]);
      ASSERT_EQ(score->product_ppm, out.product[i]);
      ASSERT_EQ(score->stage, out.stage[i]);
      ASSERT_EQ(score->milestone, out.milestone[i]);
      ASSERT_EQ(score->probability_ppm, out.probability[i]);
      ASSERT_EQ(score->expected_amount, out.expected[i]);
    }
  }
}

// The short way takes what is known, no more, and says what the general one
// does: any level, any decision maker bits.
TEST(PlainDealTest, EqualsAnyDealForEveryLevel) {
  PolicyBuilder steep;
  for (auto& level : steep.rubric[0]) level.sponsor = level.decision_maker;
  steep.rubric[4].back() = {20, 20, {}};
  PolicyBuilder away;
  away.rounding = Rounding::kHalfAwayFromZero;
  constexpr uint8_t kTried[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 128, 254, 255};
  for (const Policy& policy :
       {Policy(), Policy(*steep.Build()), Policy(*away.Build())}) {
    const MethodTables& tables = policy.tables();
    const bool known_to_it = tables.rounding == Rounding::kHalfEven;
    size_t plain_deals = 0;
    DealRow deal = {{}, 0x1FF, 0, 12'345'678};
    for (uint32_t i = 0; i < 12 * 12 * 12 * 12 * 12 * 16; ++i) {
      uint32_t rest = i / 16;
      bool known = (i & 0b0010) == 0;
      for (size_t d = 0; d < 5; ++d, rest /= 12) {
        deal.assessment.level[d] = kTried[rest % 12];
        known = known && deal.assessment.level[d] < kLevels[d];
      }
      deal.assessment.by_decision_maker = static_cast<uint8_t>(i % 16);
      DealScore plain;
      const bool is_plain = ComputePlainDeal(tables, deal, &plain);
      ASSERT_EQ(is_plain, known && known_to_it) << i;
      if (!is_plain) continue;
      ++plain_deals;
      DealScore any;
      ASSERT_TRUE(ComputeAnyDeal(tables, {tables.yield_ppm, 1}, deal, 0, &any));
      ASSERT_EQ(plain.strength, any.strength) << i;
      ASSERT_EQ(plain.weakest, any.weakest) << i;
      ASSERT_EQ(plain.product_ppm, any.product_ppm) << i;
    }
    EXPECT_EQ(plain_deals, known_to_it ? size_t{6 * 8 * 4 * 7 * 7 * 8} : 0);
  }
}

// Each milestone, stage and probability, by the items that are there.
TEST(PlainDealTest, EqualsAnyDealForEveryMaskAndOutcome) {
  PolicyBuilder builder;
  builder.ladder = {1, 100'001, 250'000, 333'333, 666'667, 999'999, 1'000'000};
  for (const Policy& policy : {Policy(), Policy(*builder.Build())}) {
    const MethodTables& tables = policy.tables();
    DealRow deal = {{{0, 0, 0, 0, 0}, 0, {}}, 0, 0, 0};
    for (uint32_t i = 0; i < (1U << 22); i += i < 4096 ? 1 : 41) {
      deal.evidence = i << 31 | i;
      deal.outcome = static_cast<int32_t>(i % 5);
      deal.amount = int64_t{i} * 7919 - 5'000'000'000;
      DealScore plain;
      DealScore any;
      ASSERT_TRUE(ComputePlainDeal(tables, deal, &plain)) << i;
      ASSERT_TRUE(ComputeAnyDeal(tables, {tables.yield_ppm, 1}, deal, 0, &any));
      ASSERT_EQ(plain.stage, any.stage) << i;
      ASSERT_EQ(plain.milestone, any.milestone) << i;
      ASSERT_EQ(plain.probability_ppm, any.probability_ppm) << i;
      ASSERT_EQ(plain.expected_amount, any.expected_amount) << i;
    }
    for (const int32_t outcome : {-1, 5, std::numeric_limits<int32_t>::min()}) {
      deal.outcome = outcome;
      DealScore unwanted;
      EXPECT_FALSE(ComputePlainDeal(tables, deal, &unwanted)) << outcome;
    }
  }
}

// By a share: ties and their neighbours, at both ends of the amounts and about
// 0, for every probability.
TEST(ExpectedByShareTest, EqualsTheDivision) {
  constexpr int64_t kMost = int64_t{1} << 41;
  int64_t scaled = 0;
  EXPECT_FALSE(ScaleAmount(kMost, &scaled));
  EXPECT_FALSE(ScaleAmount(-kMost - 1, &scaled));
  size_t ties = 0;
  const auto check = [&](int64_t amount, int32_t ppm) {
    if (amount < -kMost || amount >= kMost) return;
    ASSERT_TRUE(ScaleAmount(amount, &scaled));
    const absl::int128 product = absl::int128(amount) * ppm;
    ties += product % 1'000'000 == 500'000 ? 1U : 0U;
    ASSERT_EQ(ExpectedByShare(scaled, ShareOf(ppm)),
              static_cast<int64_t>(
                  DivideRounded(product, 1'000'000, Rounding::kHalfEven)))
        << amount << " " << ppm;
  };
  for (int32_t ppm = 0; ppm <= kCertain; ppm += ppm % 1000 < 10 ? 1 : 7) {
    // ppm x inverse = common, modulo a million.
    int64_t common = kCertain;
    int64_t inverse = 0;
    for (int64_t next = ppm, next_inverse = 1; next != 0;) {
      const int64_t times = common / next;
      common = std::exchange(next, common - times * next);
      inverse = std::exchange(next_inverse, inverse - times * next_inverse);
    }
    const int64_t period = kCertain / common;
    for (const int64_t remainder :
         {int64_t{499'999}, int64_t{500'000}, int64_t{500'001},
          500'000 - common, 500'000 + common, common, -common}) {
      if (remainder % common != 0) continue;
      const int64_t amount = remainder / common * inverse % period;
      for (const int64_t from : {-kMost, int64_t{0}, kMost - 2 * period}) {
        check(from - from % period + amount, ppm);
        check(from - from % period + amount + period, ppm);
      }
    }
    check(-kMost, ppm);
    check(kMost - 1, ppm);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(ties, 100'000U);
}

TEST(ScoreColumnsTest, CalibrationIsByMilestoneAndAge) {
  const Policy policy;
  constexpr int kBuckets = 3;
  std::vector<int32_t> ppm(size_t{kMilestoneCount} * kBuckets);
  for (size_t i = 0; i < ppm.size(); ++i) ppm[i] = static_cast<int32_t>(i) * 7;
  std::vector<uint32_t> evidence;
  std::vector<uint8_t> age, outcome;
  for (const uint32_t items : {0U, 0x1FU, 0xFFU, 0x1FFFU, 0x7FFFU, 0x3FFFFU}) {
    for (uint8_t bucket = 0; bucket < kBuckets; ++bucket) {
      for (uint8_t o = 0; o < kOutcomeCount; ++o) {
        evidence.push_back(items);
        age.push_back(bucket);
        outcome.push_back(o);
      }
    }
  }
  const size_t rows = age.size();
  std::vector<int32_t> got(rows);
  ScoreInput in;
  in.evidence = evidence.data();
  in.outcome = outcome.data();
  ScoreOutput out;
  out.probability_ppm = got.data();
  Calibration calibration = {ppm.data(), kBuckets, age.data()};
  ASSERT_TRUE(
      ScoreColumns(policy.tables(), in, out, rows, nullptr, &calibration).ok());
  for (size_t i = 0; i < rows; ++i) {
    const int milestone = static_cast<int>(i) / (kBuckets * kOutcomeCount);
    int32_t want = (milestone * kBuckets + age[i]) * 7;
    if (outcome[i] == 2) want = 1'000'000;
    if (outcome[i] > 2) want = 0;
    EXPECT_EQ(got[i], want) << i;
  }
}

#if defined(__linux__)
// More rows than 2^31 in a book whose pages are one page, over and over.
TEST(ScoreColumnsTest, CountsBeyondThirtyOneBits) {
  constexpr size_t kPage = size_t{1} << 20;
  constexpr size_t kRows = (size_t{1} << 31) + kPage;
  const int file = memfd_create("book", 0);
  ASSERT_GE(file, 0);
  ASSERT_EQ(ftruncate(file, kPage), 0);
  void* const range = mmap(nullptr, kRows, PROT_NONE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (range == MAP_FAILED) GTEST_SKIP() << "no room for the addresses";
  auto* const base = static_cast<uint8_t*>(range);
  for (size_t at = 0; at < kRows; at += kPage) {
    ASSERT_NE(mmap(base + at, kPage, PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_FIXED, file, 0),
              MAP_FAILED);
  }
  // The last mebibyte has pages of its own, and one bad row.
  ASSERT_NE(mmap(base + kRows - kPage, kPage, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0),
            MAP_FAILED);
  base[kRows - 3] = 200;
  ScoreInput in;
  in.control = base;
  size_t bad = 0;
  const absl::Status status =
      ScoreColumns(Policy().tables(), in, ScoreOutput(), kRows, &bad);
  EXPECT_EQ(ReasonOf(status), Reason::kUnknownLevel) << status;
  EXPECT_EQ(WhereOf(status).row, static_cast<int64_t>(kRows) - 3);
  EXPECT_EQ(bad, 1U);
  munmap(range, kRows);
  close(file);
}
#endif

}  // namespace
}  // namespace fivek
