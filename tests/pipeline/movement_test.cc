#include "fivek/pipeline/movement.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "bench/seeded.h"
#include "fivek/base/reason.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/refused.h"
#include "tests/seal.h"

namespace fivek {
namespace {

using absl::int128;
using bench::SplitMix64;
using testing::HasSubstr;

using Rows = std::vector<SnapshotRow>;

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
constexpr ClosePeriod kQuarter = {100, 200};

Snapshot At(int64_t taken_at, const Rows& rows) {
  return *Snapshot::Of({taken_at, 7}, rows);
}

Waterfall Moved(const Rows& then, const Rows& now) {
  return *MeasureMovement(At(1, then), At(2, now), kQuarter);
}

bool AreEqual(const MovedSums& a, const MovedSums& b) {
  return a.count == b.count && a.amount == b.amount;
}

bool AreEqual(const Waterfall& a, const Waterfall& b) {
  for (int i = 0; i < kMovementCount; ++i) {
    const auto m = static_cast<Movement>(i);
    if (!AreEqual(a.by[m], b.by[m])) return false;
  }
  return AreEqual(a.opening, b.opening) && AreEqual(a.closing, b.closing);
}

// ---- Known ------------------------------------------------------------------

struct MovedCase {
  const char* name;
  Rows then, now;
  std::vector<std::pair<Movement, int64_t>> want;
};
void PrintTo(const MovedCase& c, std::ostream* os) { *os << c.name; }

SnapshotRow Deal(int64_t amount, int32_t day,
                 Outcome outcome = Outcome::kOpen) {
  return {1, amount, day, outcome, 3};
}

using M = Movement;
using O = Outcome;

// clang-format off
const MovedCase kCases[] = {
    {"Nothing",       {},                    {},                    {}},
    {"Stays",         {Deal(100, 150)},      {Deal(100, 199)},      {}},
    {"Grows",         {Deal(100, 150)},      {Deal(120, 150)},      {{M::kGrown, 20}}},
    {"Shrinks",       {Deal(100, 150)},      {Deal(-20, 150)},      {{M::kShrunk, -120}}},
    {"New",           {},                    {Deal(100, 100)},      {{M::kNew, 100}}},
    {"NewElsewhere",  {},                    {Deal(100, 200)},      {}},
    {"NewAndWon",     {},                    {Deal(100, 150, O::kWon)}, {}},
    {"PulledIn",      {Deal(100, 200)},      {Deal(130, 199)},      {{M::kPulledIn, 130}}},
    {"GotADay",       {Deal(100, kNoCloseDay)}, {Deal(100, 150)},   {{M::kPulledIn, 100}}},
    {"WasOverdue",    {Deal(100, 99)},       {Deal(100, 100)},      {{M::kPulledIn, 100}}},
    {"Pushed",        {Deal(100, 150)},      {Deal(100, 200)},      {{M::kPushed, -100}}},
    {"GrownAndPushed", {Deal(100, 150)},     {Deal(120, 250)},      {{M::kGrown, 20}, {M::kPushed, -120}}},
    {"LostItsDay",    {Deal(100, 150)},      {Deal(100, kNoCloseDay)}, {{M::kPushed, -100}}},
    {"WonForLess",    {Deal(100, 150)},      {Deal(80, 150, O::kWon)}, {{M::kShrunk, -20}, {M::kWon, -80}}},
    {"WonElsewhere",  {Deal(100, 150)},      {Deal(100, 300, O::kWon)}, {{M::kWon, -100}}},
    {"Lost",          {Deal(100, 150)},      {Deal(100, 150, O::kLost)}, {{M::kLost, -100}}},
    {"OnHold",        {Deal(100, 150)},      {Deal(100, 150, O::kOnHold)}, {{M::kOnHold, -100}}},
    {"Void",          {Deal(100, 150)},      {Deal(100, 150, O::kVoid)}, {{M::kVoid, -100}}},
    {"Removed",       {Deal(100, 150)},      {},                    {{M::kRemoved, -100}}},
    {"RemovedElsewhere", {Deal(100, 250)},   {},                    {}},
    {"Reopened",      {Deal(100, 150, O::kLost)}, {Deal(90, 150)},  {{M::kReopened, 90}}},
    {"Resumed",       {Deal(100, 150, O::kOnHold)}, {Deal(100, 150)}, {{M::kReopened, 100}}},
    {"LostStaysLost", {Deal(100, 150, O::kLost)}, {Deal(90, 150, O::kLost)}, {}},
};
// clang-format on

class MovedTest : public testing::TestWithParam<MovedCase> {};

TEST_P(MovedTest, FollowsTheTable) {
  const Waterfall w = Moved(GetParam().then, GetParam().now);
  MovedByClass want = {};
  for (const auto& [movement, amount] : GetParam().want) {
    want[movement] = {1, amount};
  }
  for (int i = 0; i < kMovementCount; ++i) {
    const auto m = static_cast<Movement>(i);
    EXPECT_TRUE(AreEqual(w.by[m], want[m])) << "class " << i;
  }
  const auto listed =
      *ListMovements(At(1, GetParam().then), At(2, GetParam().now), kQuarter);
  ASSERT_EQ(listed.size(), GetParam().want.size());
  for (size_t i = 0; i < listed.size(); ++i) {
    EXPECT_EQ(listed[i].deal, 1U);
    EXPECT_EQ(listed[i].movement, GetParam().want[i].first);
    EXPECT_EQ(listed[i].amount, GetParam().want[i].second);
  }
}

INSTANTIATE_TEST_SUITE_P(Movement, MovedTest, testing::ValuesIn(kCases),
                         [](const auto& p) {
                           return std::string(p.param.name);
                         });

// ---- All pairs of states ----------------------------------------------------

// Every state that a deal can be in: absent or an outcome, a day before, in,
// after the period or none, one of three amounts.
std::vector<Rows> AllStates() {
  std::vector<Rows> states = {{}};
  for (int outcome = 0; outcome < kOutcomeCount; ++outcome) {
    for (const int32_t day : {kNoCloseDay, 99, 100, 199, 200}) {
      for (const int64_t amount : {int64_t{-5}, int64_t{0}, int64_t{40}}) {
        states.push_back({Deal(amount, day, static_cast<Outcome>(outcome))});
      }
    }
  }
  return states;
}

bool IsOpenAndDue(const Rows& rows) {
  return !rows.empty() && rows[0].outcome == Outcome::kOpen &&
         rows[0].close_day >= 100 && rows[0].close_day < 200;
}

TEST(MovementTest, EveryPairOfStatesReconciles) {
  for (const Rows& then : AllStates()) {
    for (const Rows& now : AllStates()) {
      const Waterfall w = Moved(then, now);
      EXPECT_EQ(w.opening.count, IsOpenAndDue(then) ? 1 : 0);
      EXPECT_EQ(w.closing.count, IsOpenAndDue(now) ? 1 : 0);
      EXPECT_EQ(w.opening.amount, IsOpenAndDue(then) ? then[0].amount : 0);
      EXPECT_EQ(w.closing.amount, IsOpenAndDue(now) ? now[0].amount : 0);
      EXPECT_EQ(w.opening.amount + w.MovedAmount(), w.closing.amount);
      EXPECT_EQ(w.opening.count + w.MovedCount(), w.closing.count);
      // At most one class that moves the deal, and one that moves its amount,
      // by its sign.
      int moves = 0;
      for (int i = 0; i < kMovementCount; ++i) {
        const auto m = static_cast<Movement>(i);
        if (m != M::kGrown && m != M::kShrunk) {
          moves += static_cast<int>(w.by[m].count);
        }
      }
      EXPECT_EQ(moves, IsOpenAndDue(then) != IsOpenAndDue(now) ? 1 : 0);
      EXPECT_GE(w.by[M::kGrown].amount, 0);
      EXPECT_LE(w.by[M::kShrunk].amount, 0);
      EXPECT_EQ(w.by[M::kGrown].count, w.by[M::kGrown].amount > 0 ? 1 : 0);
      EXPECT_EQ(w.by[M::kShrunk].count, w.by[M::kShrunk].amount < 0 ? 1 : 0);
    }
  }
}

// ---- Books ------------------------------------------------------------------

Rows RandomBook(uint64_t seed, uint32_t deals) {
  SplitMix64 random(seed);
  Rows rows;
  for (uint32_t deal = 0; deal < deals; ++deal) {
    if (random.Below(4) == 0) continue;
    SnapshotRow row;
    row.deal = deal * uint64_t{0x100000001};
    row.amount = static_cast<int64_t>(random.Below(1000)) - 100;
    row.close_day = random.Below(10) == 0
                        ? kNoCloseDay
                        : static_cast<int32_t>(50 + random.Below(200));
    row.outcome = random.Below(2) == 0
                      ? Outcome::kOpen
                      : static_cast<Outcome>(random.Below(kOutcomeCount));
    row.milestone = static_cast<uint8_t>(random.Below(7));
    rows.push_back(row);
  }
  return rows;
}

Rows Shuffled(Rows rows, uint64_t seed) {
  SplitMix64 random(seed);
  for (size_t i = rows.size(); i > 1; --i) {
    std::swap(rows[i - 1], rows[random.Below(static_cast<uint32_t>(i))]);
  }
  return rows;
}

// Deal by deal, each in a waterfall of its own.
TEST(MovementTest, Oracle) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const Rows then = RandomBook(seed, 80);
    const Rows now = RandomBook(seed + 1000, 80);
    std::map<uint64_t, std::pair<Rows, Rows>> deals;
    for (const SnapshotRow& row : then) deals[row.deal].first = {row};
    for (const SnapshotRow& row : now) deals[row.deal].second = {row};
    Waterfall sum;
    sum.period = kQuarter;
    for (const auto& [deal, pair] : deals) {
      ASSERT_TRUE(sum.Merge(Moved(pair.first, pair.second)).ok());
    }
    const Waterfall whole = Moved(then, now);
    EXPECT_TRUE(AreEqual(whole, sum));
    EXPECT_EQ(whole.opening.amount + whole.MovedAmount(), whole.closing.amount);
    EXPECT_EQ(whole.opening.count + whole.MovedCount(), whole.closing.count);
    // The list adds up to the same.
    MovedByClass listed = {};
    uint64_t before = 0;
    const std::vector<DealMovement> list =
        *ListMovements(At(1, then), At(2, now), kQuarter);
    for (const DealMovement& m : list) {
      EXPECT_LE(before, m.deal);
      before = m.deal;
      ++listed[m.movement].count;
      listed[m.movement].amount += m.amount;
    }
    for (int i = 0; i < kMovementCount; ++i) {
      const auto m = static_cast<Movement>(i);
      EXPECT_TRUE(AreEqual(whole.by[m], listed[m]));
    }
  }
}

TEST(MovementTest, AnyOrderAndAnyPartition) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const Rows then = RandomBook(seed, 200);
    const Rows now = RandomBook(seed + 1000, 200);
    const Waterfall whole = Moved(then, now);
    EXPECT_TRUE(
        AreEqual(whole, Moved(Shuffled(then, seed), Shuffled(now, seed + 1))));
    Rows parts[2][3];
    for (const SnapshotRow& row : then) parts[0][row.deal % 3].push_back(row);
    for (const SnapshotRow& row : now) parts[1][row.deal % 3].push_back(row);
    Waterfall sum = Moved(parts[0][2], parts[1][2]);
    ASSERT_TRUE(sum.Merge(Moved(parts[0][0], parts[1][0])).ok());
    ASSERT_TRUE(sum.Merge(Moved(parts[0][1], parts[1][1])).ok());
    EXPECT_TRUE(AreEqual(whole, sum));
    // From Monday to Friday and back to Monday's own: nothing moved.
    const Waterfall none = Moved(then, then);
    EXPECT_EQ(none.MovedCount(), 0);
    for (const MovedSums& sums : none.by) EXPECT_EQ(sums.count, 0);
  }
}

TEST(MovementTest, LargestAmounts) {
  Rows then;
  Rows now;
  for (uint64_t deal = 0; deal < 10; ++deal) {
    then.push_back({deal, kLeast, 150, Outcome::kOpen, 0});
    now.push_back({deal, kMost, 150, Outcome::kOpen, 0});
  }
  const Waterfall w = Moved(then, now);
  EXPECT_EQ(w.by[M::kGrown].amount, (int128(kMost) - kLeast) * 10);
  EXPECT_EQ(w.opening.amount + w.MovedAmount(), w.closing.amount);
  EXPECT_THAT(w.closing.AmountTotal(),
              Refused(Reason::kOverflow, HasSubstr("64-bit")));
  EXPECT_EQ(*Moved({then[0]}, {}).opening.AmountTotal(), kLeast);
  EXPECT_EQ(Moved({then[0]}, {}).by[M::kRemoved].amount, -int128(kLeast));
}

TEST(MovementTest, Refusals) {
  const Snapshot empty = At(5, {});
  for (const ClosePeriod bad : {ClosePeriod{5, 5}, ClosePeriod{6, 5}}) {
    EXPECT_THAT(MeasureMovement(empty, empty, bad),
                Refused(Reason::kValueRange, HasSubstr("period from day")));
    EXPECT_THAT(ListMovements(empty, empty, bad),
                RefusedFor(Reason::kValueRange));
  }
  EXPECT_THAT(MeasureMovement(empty, At(4, {}), kQuarter),
              Refused(Reason::kValueRange, HasSubstr("taken at 4")));
  Waterfall w = Moved({}, {Deal(1, 150)});
  Waterfall other = w;
  other.period.to = 201;
  EXPECT_THAT(w.Merge(other),
              Refused(Reason::kValueRange, HasSubstr("100 to 201")));
  EXPECT_EQ(w.closing.count, 1);
  EXPECT_TRUE(w.Merge(w).ok());
  EXPECT_EQ(w.closing.count, 2);
}

// ---- Snapshots --------------------------------------------------------------

TEST(SnapshotTest, Refusals) {
  SnapshotRow bad = Deal(1, 1);
  bad.outcome = static_cast<Outcome>(5);
  const auto outcome = Snapshot::Of({}, {Deal(1, 1), bad});
  EXPECT_THAT(outcome, Refused(Reason::kUnknownCode, HasSubstr("outcome 5")));
  EXPECT_EQ(WhereOf(outcome.status()).row, 1);
  EXPECT_EQ(WhereOf(outcome.status()).column, 3);
  bad = Deal(1, 1);
  bad.milestone = 7;
  const auto milestone = Snapshot::Of({}, {bad});
  EXPECT_THAT(milestone,
              Refused(Reason::kUnknownCode, HasSubstr("milestone 7")));
  EXPECT_EQ(WhereOf(milestone.status()).column, 4);
  Rows rows = {Deal(1, 1), Deal(2, 1), Deal(3, 1), Deal(4, 1)};
  rows[0].deal = 9;
  rows[3].deal = 3;
  const auto twice = Snapshot::Of({}, rows);
  EXPECT_THAT(twice, Refused(Reason::kValueRange, HasSubstr("deal 1 is")));
  EXPECT_EQ(WhereOf(twice.status()).row, 2);
  EXPECT_EQ(WhereOf(twice.status()).column, 0);
}

TEST(SnapshotTest, RoundTrip) {
  for (const uint32_t deals : {0U, 1U, 100U}) {
    const Rows rows = RandomBook(deals, deals);
    const Snapshot snapshot = *Snapshot::Of({-3, 0xFEDCBA9876543210}, rows);
    const std::string bytes = snapshot.Serialise();
    EXPECT_EQ(bytes.size(), 48 + 24 * rows.size());
    const Snapshot back = *Snapshot::Read(bytes);
    EXPECT_EQ(back.Serialise(), bytes);
    EXPECT_EQ(back.stamp().taken_at, -3);
    EXPECT_EQ(back.stamp().policy_hash, 0xFEDCBA9876543210);
    ASSERT_EQ(back.rows().size(), rows.size());
    for (size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(back.rows()[i].deal, rows[i].deal);
      EXPECT_EQ(back.rows()[i].amount, rows[i].amount);
      EXPECT_EQ(back.rows()[i].close_day, rows[i].close_day);
      EXPECT_EQ(back.rows()[i].outcome, rows[i].outcome);
      EXPECT_EQ(back.rows()[i].milestone, rows[i].milestone);
    }
    EXPECT_EQ(Snapshot::Of(snapshot.stamp(), Shuffled(rows, 3))->Serialise(),
              bytes);
  }
}

// The form is what the header says: it is read by others.
TEST(SnapshotTest, Bytes) {
  const std::string bytes =
      Snapshot::Of({0x0102, 3}, {{0xA1, -2, 5, Outcome::kWon, 4}})->Serialise();
  std::string want = "5Ksnapsh";
  want += std::string("\1\0\0\0\0\0\0\0", 8);
  want += std::string("\2\1\0\0\0\0\0\0", 8);
  want += std::string("\3\0\0\0\0\0\0\0", 8);
  want += std::string("\1\0\0\0\0\0\0\0", 8);
  want += std::string("\xA1\0\0\0\0\0\0\0", 8);
  want += std::string("\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 8);
  want += std::string("\5\0\0\0\2\4\0\0", 8);
  EXPECT_EQ(bytes.substr(0, bytes.size() - 8), want);
}

// Whatever is changed or cut is noticed.
TEST(SnapshotTest, DamageIsNoticed) {
  const std::string good = At(1, RandomBook(1, 6)).Serialise();
  for (size_t i = 0; i < good.size(); ++i) {
    for (const int bit : {1, 128}) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ bit);
      EXPECT_THAT(Snapshot::Read(bad), RefusedFor(Reason::kDataDamaged));
    }
    EXPECT_THAT(Snapshot::Read(good.substr(0, i)),
                RefusedFor(Reason::kDataDamaged));
  }
  EXPECT_THAT(Snapshot::Read(good + good), RefusedFor(Reason::kDataDamaged));
}

// With a checksum that matches.
std::string Sealed(std::string bytes) {
  Seal(&bytes);
  return bytes;
}

TEST(SnapshotTest, WhatIsNotItsOwnIsRefused) {
  Rows rows = {Deal(1, 1), Deal(2, 2)};
  rows[1].deal = 2;
  const std::string good = At(1, rows).Serialise();
  const struct {
    size_t at;
    char value;
    const char* says;
  } kSpoilt[] = {
      {0, '6', "begin with"},
      {8, 2, "version 2"},
      {12, 1, "reserved number"},
      {32, 3, "3 deals"},
      {40 + 20, 5, "row 0"},
      {40 + 21, 7, "row 0"},
      {40 + 22, 1, "row 0"},
      {40, 2, "row 1 is out of order"},
      {40, 3, "row 1 is out of order"},
  };
  for (const auto& c : kSpoilt) {
    std::string bad = good;
    bad[c.at] = c.value;
    EXPECT_THAT(Snapshot::Read(Sealed(bad)),
                Refused(Reason::kDataDamaged, HasSubstr(c.says)));
  }
  EXPECT_TRUE(Snapshot::Read(Sealed(good)).ok());
}

}  // namespace
}  // namespace fivek
