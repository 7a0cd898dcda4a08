#include "fivek/accounts/abc_movement.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using testing::HasSubstr;

struct Compared {
  AbcMovement movement;
  std::string then, now;  // Letters; - is not there.
  std::vector<uint8_t> cause;
};

std::string Letters(const std::vector<uint8_t>& classes) {
  std::string letters;
  for (const uint8_t c : classes) letters += c == kAbcNoClass ? '-' : "ABCN"[c];
  return letters;
}

Compared Compare(const std::vector<int64_t>& then,
                 const std::vector<int64_t>& now,
                 const AbcOptions& options = {}) {
  std::vector<uint8_t> class_then(then.size(), 77);
  std::vector<uint8_t> class_now = class_then;
  std::vector<uint8_t> cause = class_then;
  const auto m = CompareAbc(then, now, options, absl::MakeSpan(class_then),
                            absl::MakeSpan(class_now), absl::MakeSpan(cause));
  EXPECT_TRUE(m.ok()) << m.status();
  return {*m, Letters(class_then), Letters(class_now), cause};
}

TEST(AbcMovementTest, OneWhoGrowsMovesTheBoundary) {
  const Compared c = Compare({50, 30, 15, 5}, {500, 30, 15, 5});
  EXPECT_EQ(c.then, "AABC");
  EXPECT_EQ(c.now, "ABCC");
  EXPECT_EQ(c.cause, (std::vector<uint8_t>{0, 2, 2, 0}));
  const AbcBoundary& a = c.movement.a;
  EXPECT_EQ(a.then, 30);
  EXPECT_EQ(a.now, 500);
  EXPECT_EQ(a.row_then, 1);
  EXPECT_EQ(a.row_now, 0);
  EXPECT_EQ(a.mover, 0);
  EXPECT_EQ(a.without_mover, 30);
  EXPECT_EQ(c.movement.b.then, 15);
  EXPECT_EQ(c.movement.b.now, 30);
  EXPECT_EQ(c.movement.b.mover, 0);
  EXPECT_EQ(c.movement.b.without_mover, 15);
  EXPECT_EQ(c.movement.moved[0][1], 1);
  EXPECT_EQ(c.movement.moved[1][2], 1);
  EXPECT_EQ(c.movement.causes[2], 2);
}

TEST(AbcMovementTest, WhoMovesByItself) {
  // 50 becomes 2: a C by the bounds of then, and now. Others rise beside it.
  const Compared c = Compare({50, 30, 15, 5}, {2, 30, 15, 5});
  EXPECT_EQ(c.then, "AABC");
  EXPECT_EQ(c.now, "CAAB");
  EXPECT_EQ(c.cause, (std::vector<uint8_t>{1, 0, 2, 2}));
  EXPECT_EQ(c.movement.a.mover, 0);
}

TEST(AbcMovementTest, OwnChangeAndBoundaryTogether) {
  // An A that sells 20 now would be a B by the bounds of then, but these rose.
  const Compared c = Compare({50, 30, 15, 5}, {900, 20, 15, 5});
  EXPECT_EQ(c.then, "AABC");
  EXPECT_EQ(c.now, "ACCC");
  EXPECT_EQ(c.cause, (std::vector<uint8_t>{0, 3, 2, 0}));
}

TEST(AbcMovementTest, WhoComesAndLeaves) {
  const Compared c =
      Compare({80, 15, 5, kAbcAbsent, -5}, {kAbcAbsent, 15, 5, 80, -5});
  EXPECT_EQ(c.then, "ABC-N");
  EXPECT_EQ(c.now, "-BCAN");
  EXPECT_EQ(c.cause, (std::vector<uint8_t>{5, 0, 0, 4, 0}));
  EXPECT_EQ(c.movement.moved[4][0], 1);
  EXPECT_EQ(c.movement.moved[0][4], 1);
  EXPECT_EQ(c.movement.moved[3][3], 1);
  EXPECT_EQ(c.movement.then.of[3].count, 1);
  EXPECT_EQ(c.movement.then.of[3].value, -5);
  EXPECT_EQ(c.movement.then.total, 100);
}

TEST(AbcMovementTest, ManyWhoMoveALittleAreNoMover) {
  // Each grows alike: undoing one change moves no boundary.
  const std::vector<int64_t> then = {30, 25, 20, 15, 10};
  std::vector<int64_t> now = then;
  for (int64_t& v : now) v += 100;
  const Compared c = Compare(then, now);
  EXPECT_NE(c.movement.a.then, c.movement.a.now);
  EXPECT_EQ(c.movement.a.mover, -1);
  EXPECT_EQ(c.movement.a.without_mover, absl::nullopt);
}

TEST(AbcMovementTest, NobodyAtEitherDate) {
  const Compared empty = Compare({}, {});
  EXPECT_EQ(empty.movement.a.then, absl::nullopt);
  EXPECT_EQ(empty.movement.a.row_then, -1);
  EXPECT_EQ(empty.movement.a.mover, -1);
  const Compared first = Compare({0, 0}, {5, 0});
  EXPECT_EQ(first.then, "CC");
  EXPECT_EQ(first.now, "AC");
  EXPECT_EQ(first.cause, (std::vector<uint8_t>{2, 0}));
  EXPECT_EQ(first.movement.a.then, absl::nullopt);
  EXPECT_EQ(first.movement.a.now, 5);
  EXPECT_EQ(first.movement.a.mover, -1);
}

// Classes are those of ClassifyAbc without who is not there, causes follow from
// the bounds, counts add up, and any order of rows says the same.
TEST(AbcMovementTest, RandomBooks) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 400; ++round) {
    const size_t n = random() % 60;
    AbcOptions options;
    options.rule = static_cast<AbcRule>(round % 3);
    options.a_count = static_cast<int64_t>(random() % 9);
    options.b_count = static_cast<int64_t>(random() % 9);
    std::vector<int64_t> then;
    std::vector<int64_t> now;
    for (size_t i = 0; i < n; ++i) {
      const auto draw = [&] {
        const uint64_t r = random();
        if (r % 10 == 0) return kAbcAbsent;
        return static_cast<int64_t>(r >> 40) % (r % 3 == 0 ? 20 : 5000) - 2;
      };
      then.push_back(draw());
      now.push_back(random() % 2 == 0 ? then.back() : draw());
    }
    const Compared c = Compare(then, now, options);
    const auto alone = [&](const std::vector<int64_t>& value) {
      std::vector<int64_t> there;
      for (const int64_t v : value) {
        if (v != kAbcAbsent) there.push_back(v);
      }
      std::vector<uint8_t> classes(there.size());
      EXPECT_TRUE(ClassifyAbc(there, options, absl::MakeSpan(classes)).ok());
      std::vector<uint8_t> all;
      size_t next = 0;
      for (const int64_t v : value) {
        all.push_back(v == kAbcAbsent ? kAbcNoClass : classes[next++]);
      }
      return Letters(all);
    };
    ASSERT_EQ(c.then, alone(then));
    ASSERT_EQ(c.now, alone(now));
    const AbcMovement& m = c.movement;
    int64_t moved = 0;
    for (const auto& from : m.moved) {
      moved += std::accumulate(from.begin(), from.end(), int64_t{0});
    }
    ASSERT_EQ(moved, static_cast<int64_t>(n));
    for (size_t i = 0; i < n; ++i) {
      const char by_then = now[i] < 0                        ? 'N'
                           : m.a.then && now[i] >= *m.a.then ? 'A'
                           : m.b.then && now[i] >= *m.b.then ? 'B'
                                                             : 'C';
      const int want = c.then[i] == c.now[i]  ? 0
                       : c.then[i] == '-'     ? 4
                       : c.now[i] == '-'      ? 5
                       : by_then == c.now[i]  ? 1
                       : by_then == c.then[i] ? 2
                                              : 3;
      ASSERT_EQ(c.cause[i], want) << i;
    }
    std::vector<size_t> order(n);
    std::iota(order.begin(), order.end(), size_t{0});
    std::shuffle(order.begin(), order.end(), random);
    std::vector<int64_t> then2;
    std::vector<int64_t> now2;
    for (const size_t row : order) {
      then2.push_back(then[row]);
      now2.push_back(now[row]);
    }
    const Compared again = Compare(then2, now2, options);
    for (size_t i = 0; i < n; ++i) {
      ASSERT_EQ(again.cause[i], c.cause[order[i]]);
    }
    EXPECT_EQ(again.movement.moved, m.moved);
    EXPECT_EQ(again.movement.b.now, m.b.now);
  }
}

TEST(AbcMovementTest, Refusals) {
  const std::vector<int64_t> two = {1, 2};
  std::vector<uint8_t> out(2, 77);
  std::vector<uint8_t> one(1, 77);
  AbcOptions options;
  const auto refused = [&](absl::Span<const int64_t> now,
                           absl::Span<uint8_t> then_out,
                           absl::Span<uint8_t> now_out,
                           absl::Span<uint8_t> cause, const char* message) {
    EXPECT_THAT(CompareAbc(two, now, options, then_out, now_out, cause),
                Refused(Reason::kValueRange, HasSubstr(message)));
    EXPECT_EQ(out, std::vector<uint8_t>(2, 77));
  };
  const auto all = absl::MakeSpan(out);
  const auto small = absl::MakeSpan(one);
  refused({1}, all, all, all, "now of 1 rows; allowed: 2, as then");
  refused(two, small, all, all, "class_then of 1 rows; allowed: 2, or none");
  refused(two, all, small, all, "class_now of 1 rows");
  refused(two, all, all, small, "cause of 1 rows");
  options.ties = AbcTies::kByRow;
  refused(two, all, all, all, "ties 1, by row; allowed: 0");
  options = {};
  options.a_ppm = -1;
  refused(two, all, all, all, "a_ppm -1");
}

}  // namespace
}  // namespace fivek
