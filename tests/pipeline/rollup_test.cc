#include "fivek/pipeline/rollup.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "fivek/base/reason.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/pipeline/key_index.h"
#include "src/pipeline/rollup_scalar.h"
#include "tests/run_at_once.h"
#include "tests/seal.h"

namespace fivek {
namespace {

using testing::HasSubstr;

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr RollupBy kAllGroupings[] = {RollupBy::kMilestone, RollupBy::kOwner,
                                      RollupBy::kBoth};

struct Book {
  std::vector<uint8_t> milestone, outcome;
  std::vector<int64_t> amount;
  std::vector<int32_t> ppm;
  std::vector<uint32_t> owner;

  size_t rows() const { return owner.size(); }
  RollupColumns From(size_t row) const {
    return {milestone.data() + row, outcome.data() + row, amount.data() + row,
            ppm.data() + row, owner.data() + row};
  }
  Book Rows(const std::vector<size_t>& order) const {
    Book book;
    for (const size_t i : order) {
      book.milestone.push_back(milestone[i]);
      book.outcome.push_back(outcome[i]);
      book.amount.push_back(amount[i]);
      book.ppm.push_back(ppm[i]);
      book.owner.push_back(owner[i]);
    }
    return book;
  }
};

// What keys and amounts are like.
enum class Owners { kFew, kMany, kSpread };
enum class Amounts { kUsual, kAny };

Book RandomBook(uint32_t seed, size_t rows, Owners owners, Amounts amounts) {
  std::mt19937_64 random(seed);
  const auto below = [&random](uint64_t n) { return random() % n; };
  const int64_t edges[] = {0,
                           1,
                           -1,
                           kMax,
                           kMin,
                           1LL << 42,
                           -(1LL << 42),
                           (1LL << 42) - 1,
                           -(1LL << 42) - 1};
  Book book;
  for (size_t i = 0; i < rows; ++i) {
    book.milestone.push_back(static_cast<uint8_t>(below(7)));
    book.outcome.push_back(static_cast<uint8_t>(below(5)));
    book.ppm.push_back(static_cast<int32_t>(below(1'000'002)) - 1);
    if (below(10) == 0) book.ppm.back() = below(2) == 0 ? 1'000'000 : -1;
    book.amount.push_back(static_cast<int64_t>(below(1ULL << 43)) -
                          (1LL << 42));
    if (amounts == Amounts::kAny && below(40) == 0) {
      book.amount.back() =
          below(2) == 0 ? edges[below(9)] : static_cast<int64_t>(random());
    }
    const uint64_t key = owners == Owners::kFew ? below(10) : below(3000);
    book.owner.push_back(static_cast<uint32_t>(
        owners == Owners::kSpread ? key * 2654435761 : key));
  }
  return book;
}

// The obvious way.
using Key = std::pair<uint32_t, int32_t>;
std::map<Key, RollupSums> Oracle(RollupBy by, const Book& book) {
  std::map<Key, RollupSums> groups;
  for (size_t i = 0; i < book.rows(); ++i) {
    RollupSums& sums =
        groups[{by == RollupBy::kMilestone ? 0 : book.owner[i],
                by == RollupBy::kOwner ? -1 : int32_t{book.milestone[i]}}];
    ++sums.count;
    if (book.outcome[i] == 2) ++sums.won;
    if (book.outcome[i] == 3) ++sums.lost;
    sums.amount += book.amount[i];
    if (book.ppm[i] == -1) {
      ++sums.unknown;
    } else {
      sums.expected_millionths += absl::int128(book.amount[i]) * book.ppm[i];
    }
  }
  return groups;
}

auto Parts(const RollupSums& s) {
  return std::make_tuple(s.count, s.won, s.lost, s.unknown, s.amount,
                         s.expected_millionths);
}

void ExpectEqual(const Rollup& rollup, const std::map<Key, RollupSums>& want) {
  const std::vector<RollupGroup> got = rollup.Groups();
  ASSERT_EQ(got.size(), want.size());
  RollupSums total;
  size_t i = 0;
  for (const auto& [key, sums] : want) {
    ASSERT_EQ(got[i].owner, key.first);
    ASSERT_EQ(got[i].milestone, key.second);
    ASSERT_EQ(Parts(got[i].sums), Parts(sums)) << key.first << key.second;
    total.count += sums.count;
    total.won += sums.won;
    total.lost += sums.lost;
    total.unknown += sums.unknown;
    total.amount += sums.amount;
    total.expected_millionths += sums.expected_millionths;
    ++i;
  }
  EXPECT_EQ(Parts(rollup.Total()), Parts(total));
}

TEST(RollupTest, EqualsTheObviousWay) {
  uint32_t seed = 0;
  for (const RollupBy by : kAllGroupings) {
    for (const Owners owners : {Owners::kFew, Owners::kMany, Owners::kSpread}) {
      for (const Amounts amounts : {Amounts::kUsual, Amounts::kAny}) {
        for (const size_t rows :
             {0U, 1U, 31U, 32U, 33U, 1023U, 1025U, 20'000U}) {
          const Book book = RandomBook(++seed, rows, owners, amounts);
          const auto want = Oracle(by, book);
          Rollup fast(by);
          ASSERT_TRUE(fast.Add(book.From(0), rows).ok());
          ExpectEqual(fast, want);
          Rollup scalar = ScalarRollup(by);
          ASSERT_TRUE(scalar.Add(book.From(0), rows).ok());
          ExpectEqual(scalar, want);
          if (testing::Test::HasFailure()) return;
        }
      }
    }
  }
}

// Over a million rows of the largest kind in one group: what a vector of sums
// has room for.
TEST(RollupTest, ManyLargeRowsInOneGroup) {
  constexpr size_t kRows = 4096;
  constexpr int kTimes = 300;
  for (const int64_t amount : {(1LL << 42) - 1, -(1LL << 42), -1LL}) {
    for (const int32_t ppm : {999'999, -1}) {
      for (const bool scalar : {false, true}) {
        Book book;
        book.milestone.assign(kRows, 6);
        book.outcome.assign(kRows, ppm == -1 ? 3 : 2);
        book.amount.assign(kRows, amount);
        book.ppm.assign(kRows, ppm);
        book.owner.assign(kRows, 7);
        Rollup rollup =
            scalar ? ScalarRollup(RollupBy::kBoth) : Rollup(RollupBy::kBoth);
        for (int i = 0; i < kTimes; ++i) {
          ASSERT_TRUE(rollup.Add(book.From(0), kRows).ok());
        }
        const RollupSums total = rollup.Total();
        const int64_t n = int64_t{kRows} * kTimes;
        EXPECT_EQ(total.count, n);
        EXPECT_EQ(total.won, ppm == -1 ? 0 : n);
        EXPECT_EQ(total.lost, ppm == -1 ? n : 0);
        EXPECT_EQ(total.unknown, ppm == -1 ? n : 0);
        EXPECT_EQ(total.amount, absl::int128(amount) * n);
        EXPECT_EQ(total.expected_millionths,
                  absl::int128(amount) * n * std::max(ppm, 0));
      }
    }
  }
}

TEST(RollupTest, WhatIsNotGiven) {
  Rollup rollup(RollupBy::kBoth);
  ASSERT_TRUE(rollup.Add(RollupColumns(), 5000).ok());
  const std::vector<RollupGroup> groups = rollup.Groups();
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].owner, 0U);
  EXPECT_EQ(groups[0].milestone, 0);
  RollupSums want;
  want.count = want.unknown = 5000;
  EXPECT_EQ(Parts(groups[0].sums), Parts(want));
}

TEST(RollupTest, RoundsOnce) {
  const int64_t amount[] = {123450, 123450};
  const int32_t ppm[] = {250000, 250000};
  RollupColumns columns;
  columns.amount = amount;
  columns.probability_ppm = ppm;
  Rollup rollup(RollupBy::kMilestone);
  ASSERT_TRUE(rollup.Add(columns, 2).ok());
  EXPECT_EQ(*rollup.Total().ExpectedRounded(Rounding::kHalfEven), 61725);
  EXPECT_EQ(*rollup.Total().AmountTotal(), 246900);
  ASSERT_TRUE(rollup.Add(columns, 1).ok());  // 92587.5
  EXPECT_EQ(*rollup.Total().ExpectedRounded(Rounding::kHalfEven), 92588);
}

TEST(RollupTest, ATotalThatDoesNotFitIsAnError) {
  const int64_t amount[] = {kMax, 1};
  const int32_t ppm[] = {1'000'000, 1'000'000};
  RollupColumns columns;
  columns.amount = amount;
  columns.probability_ppm = ppm;
  Rollup rollup(RollupBy::kOwner);
  ASSERT_TRUE(rollup.Add(columns, 1).ok());
  EXPECT_EQ(*rollup.Total().AmountTotal(), kMax);
  EXPECT_EQ(*rollup.Total().ExpectedRounded(Rounding::kHalfEven), kMax);
  ASSERT_TRUE(rollup.Add(columns, 2).ok());
  for (const absl::Status& status :
       {rollup.Total().AmountTotal().status(),
        rollup.Total().ExpectedRounded(Rounding::kHalfEven).status()}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
    EXPECT_EQ(ReasonOf(status), Reason::kOverflow);
  }
}

// All of them belong in the first places of the table of owners.
TEST(RollupTest, KeysMadeToCollide) {
  uint32_t inverse = 1;
  for (int i = 0; i < 5; ++i) inverse *= 2 - 0x9E3779B1 * inverse;
  ASSERT_EQ(inverse * 0x9E3779B1, 1U);
  KeyIndex index;
  std::map<uint32_t, uint32_t> want;
  EXPECT_TRUE(index.empty());
  EXPECT_EQ(index.Find(0), 0U);
  for (uint32_t i = 1; i <= 3000; ++i) {
    const uint32_t key = i % 2 == 0 ? inverse * i : i * 7919;
    if (!want.emplace(key, i).second) continue;
    EXPECT_EQ(index.Find(key), 0U);
    index.Add(key, i);
    EXPECT_EQ(index.Find(key), i);
  }
  for (const auto& [key, number] : want) EXPECT_EQ(index.Find(key), number);
  for (uint32_t key = 0; key < 10'000; ++key) {
    EXPECT_EQ(index.Find(key), want.count(key) == 0 ? 0 : want[key]);
  }
  EXPECT_FALSE(index.empty());
}

// ---- Merging ----------------------------------------------------------------

// Cuts the rows into parts, adds them in any order on some threads, merges in
// any order, some on the way through their bytes.
std::string RollUpInParts(const Book& book, RollupBy by, uint32_t seed,
                          size_t threads) {
  std::mt19937 random(seed);
  std::vector<size_t> cuts = {0, book.rows()};
  for (size_t i = 0; i < random() % 20; ++i) {
    cuts.push_back(random() % (book.rows() + 1));
  }
  std::sort(cuts.begin(), cuts.end());
  std::vector<std::pair<size_t, size_t>> parts;
  for (size_t i = 1; i < cuts.size(); ++i) {
    parts.emplace_back(cuts[i - 1], cuts[i]);
  }
  std::shuffle(parts.begin(), parts.end(), random);

  std::vector<Rollup> rollups;
  for (size_t t = 0; t < threads; ++t) {
    rollups.push_back(t % 3 == 2 ? ScalarRollup(by) : Rollup(by));
  }
  RunAtOnce(threads, [&](size_t t) {
    for (size_t p = t; p < parts.size(); p += threads) {
      const auto [begin, end] = parts[p];
      EXPECT_TRUE(rollups[t].Add(book.From(begin), end - begin).ok());
    }
  });
  std::shuffle(rollups.begin(), rollups.end(), random);
  while (rollups.size() > 1) {
    const size_t into = random() % (rollups.size() - 1);
    auto read = Rollup::Read(rollups.back().Serialise());
    EXPECT_TRUE(read.ok()) << read.status();
    if (!read.ok()) return "";
    EXPECT_TRUE(
        rollups[into].Merge(random() % 2 == 0 ? rollups.back() : *read).ok());
    rollups.pop_back();
  }
  return rollups[0].Serialise();
}

TEST(RollupTest, PartsInAnyOrderOnAnyThreadsMakeTheSameBytes) {
  uint32_t seed = 0;
  for (const RollupBy by : kAllGroupings) {
    for (const Owners owners : {Owners::kMany, Owners::kSpread}) {
      const Book book = RandomBook(++seed, 9000, owners, Amounts::kAny);
      Rollup whole(by);
      ASSERT_TRUE(whole.Add(book.From(0), book.rows()).ok());
      const std::string want = whole.Serialise();
      std::vector<size_t> order(book.rows());
      for (size_t i = 0; i < order.size(); ++i) order[i] = i;
      for (size_t threads = 1; threads <= 6; ++threads) {
        std::shuffle(order.begin(), order.end(), std::mt19937(++seed));
        EXPECT_EQ(RollUpInParts(book, by, ++seed, threads), want);
        EXPECT_EQ(RollUpInParts(book.Rows(order), by, ++seed, threads), want);
      }
    }
  }
}

TEST(RollupTest, MergesWithItself) {
  for (const RollupBy by : kAllGroupings) {
    const Book book = RandomBook(5, 3000, Owners::kMany, Amounts::kAny);
    Rollup once(by);
    ASSERT_TRUE(once.Add(book.From(0), book.rows()).ok());
    Rollup twice(by);
    ASSERT_TRUE(twice.Add(book.From(0), book.rows()).ok());
    ASSERT_TRUE(twice.Add(book.From(0), book.rows()).ok());
    ASSERT_TRUE(once.Merge(once).ok());
    EXPECT_EQ(once.Serialise(), twice.Serialise());
  }
}

TEST(RollupTest, OtherGroupingsDoNotMerge) {
  Rollup into(RollupBy::kOwner);
  ASSERT_TRUE(into.Add(RollupColumns(), 3).ok());
  const std::string before = into.Serialise();
  for (const RollupBy by : {RollupBy::kMilestone, RollupBy::kBoth}) {
    Rollup from(by);
    ASSERT_TRUE(from.Add(RollupColumns(), 3).ok());
    const absl::Status status = into.Merge(from);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(ReasonOf(status), Reason::kValueRange);
    EXPECT_THAT(std::string(status.message()), HasSubstr("one by owner"));
  }
  EXPECT_EQ(into.Serialise(), before);
}

// ---- Refusals ---------------------------------------------------------------

struct BadRow {
  const char* name;
  void (*spoil)(Book* book, size_t row);
  int32_t column;
  Reason reason;
  const char* message;
};
const BadRow kBadRows[] = {
    {"Milestone", [](Book* b, size_t i) { b->milestone[i] = 7; }, 0,
     Reason::kUnknownCode, "milestone 7; allowed: 0 to 6"},
    {"Outcome", [](Book* b, size_t i) { b->outcome[i] = 255; }, 1,
     Reason::kUnknownCode, "outcome 255; allowed: 0 to 4"},
    {"Probability", [](Book* b, size_t i) { b->ppm[i] = 1'000'001; }, 3,
     Reason::kValueRange, "probability 1000001 ppm; allowed: 0 to 1000000"},
    {"BelowUnknown", [](Book* b, size_t i) { b->ppm[i] = -2; }, 3,
     Reason::kValueRange, "probability -2 ppm; allowed: 0 to 1000000"},
    {"Lowest",
     [](Book* b, size_t i) { b->ppm[i] = std::numeric_limits<int32_t>::min(); },
     3, Reason::kValueRange, "-1 for unknown"},
};

TEST(RollupTest, ABadRowFailsTheCallAndNothingIsAdded) {
  uint32_t seed = 100;
  for (const RollupBy by : kAllGroupings) {
    for (const BadRow& bad : kBadRows) {
      for (const size_t row : {0U, 5U, 1500U, 2999U}) {
        for (const bool scalar : {false, true}) {
          SCOPED_TRACE(bad.name);
          const Owners owners = row == 5 ? Owners::kSpread : Owners::kMany;
          const Book good = RandomBook(++seed, 2000, owners, Amounts::kAny);
          Book spoilt = RandomBook(++seed, 3000, owners, Amounts::kAny);
          bad.spoil(&spoilt, row);
          if (row + 1 < 3000) bad.spoil(&spoilt, row + 1);  // Not the first.
          Rollup rollup = scalar ? ScalarRollup(by) : Rollup(by);
          ASSERT_TRUE(rollup.Add(good.From(0), good.rows()).ok());
          const std::string before = rollup.Serialise();

          const absl::Status status = rollup.Add(spoilt.From(0), spoilt.rows());
          EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
          EXPECT_EQ(ReasonOf(status), bad.reason);
          EXPECT_EQ(WhereOf(status).row, static_cast<int64_t>(row));
          EXPECT_EQ(WhereOf(status).column, bad.column);
          EXPECT_THAT(std::string(status.message()),
                      HasSubstr("row " + std::to_string(row) + ": "));
          EXPECT_THAT(std::string(status.message()), HasSubstr(bad.message));
          EXPECT_EQ(rollup.Serialise(), before);
          EXPECT_EQ(Parts(rollup.Total()),
                    Parts(Rollup::Read(before)->Total()));

          // It goes on as if nothing had been.
          ASSERT_TRUE(rollup.Add(good.From(0), good.rows()).ok());
          Rollup twice(by);
          ASSERT_TRUE(twice.Add(good.From(0), good.rows()).ok());
          ASSERT_TRUE(twice.Merge(twice).ok());
          ASSERT_EQ(rollup.Serialise(), twice.Serialise());
        }
      }
    }
  }
}

TEST(RollupTest, MisalignedColumnsAreRefused) {
  alignas(8) const unsigned char bytes[32] = {};
  RollupColumns amount;
  amount.amount = reinterpret_cast<const int64_t*>(bytes + 4);
  RollupColumns ppm;
  ppm.probability_ppm = reinterpret_cast<const int32_t*>(bytes + 2);
  RollupColumns owner;
  owner.owner = reinterpret_cast<const uint32_t*>(bytes + 1);
  Rollup rollup(RollupBy::kBoth);
  for (const RollupColumns& columns : {amount, ppm, owner}) {
    const absl::Status status = rollup.Add(columns, 1);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), HasSubstr("not aligned"));
  }
  EXPECT_EQ(rollup.Total().count, 0);
}

// ---- Bytes ------------------------------------------------------------------

void SetNumber(std::string* bytes, size_t at, uint64_t value, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    (*bytes)[at + i] = static_cast<char>(value >> 8 * i & 0xFF);
  }
  Seal(bytes);
}

// Two owners with the same sums: 3 rows, 1 won, 1 lost, 1 unknown.
std::string SmallBytes(RollupBy by) {
  const uint8_t outcome[] = {2, 3, 0, 2, 3, 0};
  const int64_t amount[] = {100, 200, -50, 100, 200, -50};
  const int32_t ppm[] = {1'000'000, 0, -1, 1'000'000, 0, -1};
  const uint32_t owner[] = {4, 4, 4, 0x01020304, 0x01020304, 0x01020304};
  const uint8_t milestone[] = {5, 5, 5, 5, 5, 5};
  Rollup rollup(by);
  EXPECT_TRUE(rollup.Add({milestone, outcome, amount, ppm, owner}, 6).ok());
  return rollup.Serialise();
}

// The format, byte for byte: it never changes.
TEST(RollupTest, TheSerialisedForm) {
  const std::string bytes = SmallBytes(RollupBy::kBoth);
  ASSERT_EQ(bytes.size(), 24U + 2 * 72 + 8);
  EXPECT_EQ(bytes.substr(0, 24),
            std::string("5Krollup\1\0\0\0\2\0\0\0\2\0\0\0\0\0\0\0", 24));
  EXPECT_EQ(bytes.substr(96, 72),
            std::string("\4\3\2\1\5\0\0\0"                    // Place.
                        "\3\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0"    // Count, won.
                        "\1\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0"    // Lost, unknown.
                        "\372\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"  // 250.
                        "\0\341\365\5\0\0\0\0\0\0\0\0\0\0\0\0",  // 10^8.
                        72));
  std::string again = bytes;
  Seal(&again);
  EXPECT_EQ(again, bytes);
}

void ExpectDamaged(const std::string& bytes, const char* message) {
  const auto read = Rollup::Read(bytes);
  ASSERT_FALSE(read.ok()) << message;
  EXPECT_EQ(read.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(ReasonOf(read.status()), Reason::kDataDamaged);
  EXPECT_THAT(std::string(read.status().message()), HasSubstr(message));
}

TEST(RollupTest, ReadingWhatWasWritten) {
  uint32_t seed = 0;
  for (const RollupBy by : kAllGroupings) {
    for (const size_t rows : {0U, 1U, 5000U}) {
      const Book book =
          RandomBook(++seed, rows, Owners::kSpread, Amounts::kAny);
      Rollup rollup(by);
      ASSERT_TRUE(rollup.Add(book.From(0), rows).ok());
      auto read = Rollup::Read(rollup.Serialise());
      ASSERT_TRUE(read.ok()) << read.status();
      EXPECT_EQ(read->by(), by);
      ExpectEqual(*read, Oracle(by, book));
      // It is one like any other.
      ASSERT_TRUE(read->Add(book.From(0), rows).ok());
      ASSERT_TRUE(rollup.Merge(rollup).ok());
      EXPECT_EQ(read->Serialise(), rollup.Serialise());
    }
  }
}

TEST(RollupTest, EveryDamagedByteIsFound) {
  for (const RollupBy by : kAllGroupings) {
    const std::string bytes = SmallBytes(by);
    for (size_t i = 0; i < bytes.size(); ++i) {
      for (int bit = 0; bit < 8; ++bit) {
        std::string damaged = bytes;
        damaged[i] = static_cast<char>(damaged[i] ^ 1 << bit);
        ExpectDamaged(damaged, "roll-up: ");
      }
      ExpectDamaged(bytes.substr(0, i), "roll-up: ");
      ExpectDamaged(bytes.substr(i + 1), "roll-up: ");
    }
    for (const size_t more : {1U, 8U, 72U}) {
      std::string longer = bytes + std::string(more, '\0');
      ExpectDamaged(longer, "the checksum does not match");
      Seal(&longer);
      ExpectDamaged(longer, "bytes are not those of");
    }
  }
}

TEST(RollupTest, WhatNoRollupWritesIsRefused) {
  constexpr size_t kFirst = 24;
  constexpr size_t kSecond = 96;
  const std::string bytes = SmallBytes(RollupBy::kBoth);
  const auto expect = [&bytes](size_t at, uint64_t value, size_t size,
                               const char* message) {
    std::string other = bytes;
    SetNumber(&other, at, value, size);
    ExpectDamaged(other, message);
  };
  expect(0, 'x', 1, "does not begin with 5Krollup");
  expect(8, 2, 4, "version 2; known: 1");
  expect(8, 0, 4, "version 0");
  expect(12, 3, 4, "grouping 3; known: 0 to 2");
  expect(12, 0, 4, "is owner 4, milestone 5 by milestone");
  expect(12, 1, 4, "is owner 4, milestone 5 by owner");
  expect(16, 1, 8, "are not those of 1 groups");
  expect(16, ~uint64_t{0}, 8, "are not those of");
  expect(16, uint64_t{1} << 61, 8, "are not those of");
  expect(kFirst + 4, 7, 4, "milestone 7");
  expect(kSecond, 4, 4, "group 1 is out of order");
  expect(kSecond, 3, 4, "group 1 is out of order");
  const char* const kSums = "group 1 has sums that no rows have";
  const uint64_t minus = ~uint64_t{0};
  expect(kSecond + 8, 0, 8, kSums);
  expect(kSecond + 8, 1, 8, kSums);
  expect(kSecond + 8, minus, 8, kSums);
  expect(kSecond + 8, uint64_t{1} << 43, 8, kSums);  // With the first's.
  expect(kSecond + 8, (uint64_t{1} << 43) + 1, 8, kSums);
  expect(kSecond + 16, 3, 8, kSums);  // Won and lost.
  expect(kSecond + 16, minus, 8, kSums);
  expect(kSecond + 24, 3, 8, kSums);
  expect(kSecond + 24, minus, 8, kSums);
  expect(kSecond + 32, 4, 8, kSums);
  expect(kSecond + 32, minus, 8, kSums);
  expect(kSecond + 32, 3, 8, kSums);  // All unknown, yet expected.
  expect(kSecond + 48, 2, 8, kSums);  // More than 3 x 2^63.
  expect(kSecond + 48, minus - 2, 8, kSums);
  expect(kSecond + 64, uint64_t{1} << 20, 8, kSums);
}

TEST(RollupTest, TheMostRows) {
  std::string bytes = SmallBytes(RollupBy::kBoth);
  const uint64_t rest = static_cast<uint64_t>(kMaxRollupRows) - 3;
  SetNumber(&bytes, 96 + 8, rest, 8);
  auto full = Rollup::Read(bytes);
  ASSERT_TRUE(full.ok()) << full.status();
  Rollup one(RollupBy::kBoth);
  ASSERT_TRUE(one.Add(RollupColumns(), 1).ok());
  const std::string before = one.Serialise();
  // Where addresses have 32 bits no single call can have too many.
  constexpr auto kMost = std::numeric_limits<size_t>::max();
  Rollup& any = kMost > uint64_t{kMaxRollupRows} ? one : *full;
  for (const absl::Status& status :
       {full->Add(RollupColumns(), 1), full->Merge(one), one.Merge(*full),
        full->Merge(*full), any.Add(RollupColumns(), kMost)}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
    EXPECT_EQ(ReasonOf(status), Reason::kOverflow);
    EXPECT_THAT(std::string(status.message()), HasSubstr("8796093022208"));
  }
  EXPECT_EQ(full->Serialise(), bytes);
  EXPECT_EQ(one.Serialise(), before);
}

}  // namespace
}  // namespace fivek
