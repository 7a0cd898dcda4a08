#include "fivek/accounts/abc.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "fivek/base/money.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/history/reference.h"
#include "tests/history/shared_csv.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using testing::HasSubstr;

constexpr AbcRule kRules[] = {AbcRule::kCrossing, AbcRule::kInclusive,
                              AbcRule::kFixedCounts};
constexpr AbcTies kTies[] = {AbcTies::kTogether, AbcTies::kByRow};

AbcOptions Rule(AbcRule rule, AbcTies ties = AbcTies::kTogether) {
  AbcOptions options;
  options.rule = rule;
  options.ties = ties;
  return options;
}

std::vector<uint8_t> Classes(const std::vector<int64_t>& value,
                             const AbcOptions& options) {
  std::vector<uint8_t> out(value.size(), 77);
  EXPECT_TRUE(ClassifyAbc(value, options, absl::MakeSpan(out)).ok());
  return out;
}

std::string Letters(const std::vector<uint8_t>& classes) {
  std::string letters;
  for (const uint8_t c : classes) letters += "ABCN"[c];
  return letters;
}

// ---- The oracle: sorts, and adds one by one ---------------------------------

struct Slow {
  std::vector<uint8_t> classes;
  AbcResult result;
};

Slow Oracle(const std::vector<int64_t>& value, const AbcOptions& o) {
  std::vector<size_t> order(value.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t x, size_t y) { return value[x] > value[y]; });
  absl::int128 total = 0;
  for (const int64_t v : value) total += std::max<int64_t>(v, 0);
  const bool counted = o.rule == AbcRule::kFixedCounts;
  // Whether what starts after `before` and ends at `end` belongs to a class.
  const auto belongs = [&](absl::int128 before, absl::int128 end, int32_t ppm,
                           int64_t count) {
    if (counted) return before < count;
    const absl::int128 share = total * ppm;
    return o.rule == AbcRule::kInclusive ? end * 1'000'000 <= share
                                         : before * 1'000'000 < share;
  };
  Slow slow;
  slow.classes.assign(value.size(), 3);
  absl::int128 before = 0;
  for (size_t i = 0; i < order.size() && value[order[i]] >= 0;) {
    size_t end = i + 1;
    while (o.ties == AbcTies::kTogether && end < order.size() &&
           value[order[end]] == value[order[i]]) {
      ++end;
    }
    const int64_t each = value[order[i]];
    const absl::int128 weight =
        (counted ? absl::int128(1) : absl::int128(each)) *
        static_cast<int64_t>(end - i);
    for (size_t k = i; k < end; ++k) {
      const absl::int128 both = before + weight;
      slow.classes[order[k]] =
          each == 0                                               ? 2
          : belongs(before, both, o.a_ppm, o.a_count)             ? 0
          : belongs(before, both, o.b_ppm, o.a_count + o.b_count) ? 1
                                                                  : 2;
    }
    before += weight;
    i = end;
  }
  slow.result.total = total;
  for (size_t i = 0; i < value.size(); ++i) {
    AbcGroup& group = slow.result.of[slow.classes[i]];
    ++group.count;
    group.value += value[i];
    if (slow.classes[i] < 2) {
      group.lowest = std::min(group.lowest.value_or(value[i]), value[i]);
    }
  }
  return slow;
}

void ExpectLikeOracle(const std::vector<int64_t>& value,
                      const AbcOptions& options) {
  SCOPED_TRACE(testing::Message()
               << value.size() << " values, rule "
               << static_cast<int>(options.rule) << ", ties "
               << static_cast<int>(options.ties) << ", " << options.a_ppm << " "
               << options.b_ppm << ", " << options.a_count << " "
               << options.b_count);
  const Slow slow = Oracle(value, options);
  std::vector<uint8_t> out(value.size(), 77);
  const auto fast = ClassifyAbc(value, options, absl::MakeSpan(out));
  ASSERT_TRUE(fast.ok()) << fast.status();
  ASSERT_EQ(out, slow.classes);
  EXPECT_EQ(fast->total, slow.result.total);
  for (size_t c = 0; c < 4; ++c) {
    EXPECT_EQ(fast->of[c].count, slow.result.of[c].count) << c;
    EXPECT_EQ(fast->of[c].value, slow.result.of[c].value) << c;
    EXPECT_EQ(fast->of[c].lowest, slow.result.of[c].lowest) << c;
  }
}

// ---- Known answers
// -----------------------------------------------------------

TEST(AbcTest, PublishedCases) {
  struct Case {
    std::vector<int64_t> value;
    const char* crossing;
    const char* by_row;
    const char* inclusive;
    const char* inclusive_by_row;
  };
  const Case cases[] = {
      {{40, 30, 15, 10, 5}, "AAABC", "AAABC", "AABBC", "AABBC"},
      {{9000, 500, 300, 200}, "ABCC", "ABCC", "BBCC", "BBCC"},
      {{5, 5, 5, 5, 5, 5, 5, 5, 5, 5},
       "AAAAAAAAAA",
       "AAAAAAAABB",
       "CCCCCCCCCC",
       "AAAAAAAABC"},
      {{500, 0, 300, -120, 150, 50, 0},
       "ACANBCC",
       "ACANBCC",
       "ACANBCC",
       "ACANBCC"},
      {{7}, "A", "A", "C", "C"},
      {{0, 0}, "CC", "CC", "CC", "CC"},
      {{-1, 0, -2}, "NCN", "NCN", "NCN", "NCN"},
      {{}, "", "", "", ""},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Letters(Classes(c.value, {})), c.crossing);
    EXPECT_EQ(
        Letters(Classes(c.value, Rule(AbcRule::kCrossing, AbcTies::kByRow))),
        c.by_row);
    EXPECT_EQ(Letters(Classes(c.value, Rule(AbcRule::kInclusive))),
              c.inclusive);
    EXPECT_EQ(
        Letters(Classes(c.value, Rule(AbcRule::kInclusive, AbcTies::kByRow))),
        c.inclusive_by_row);
  }
}

TEST(AbcTest, ReferenceVectors) {
  const auto cases = ReferenceCases("segmentation", "abc");
  FIVEK_NEEDS_REFERENCE(cases);
  for (const auto& one : cases) {
    SCOPED_TRACE(one.at("id"));
    const auto& input = one.at("input");
    const std::vector<int64_t> value = input.at("value");
    const auto share = [&](const char* name) {
      const int32_t of = input.at(name).at(0);
      const int32_t parts = input.at(name).at(1);
      EXPECT_EQ(of * 1'000'000 % parts, 0);
      return of * 1'000'000 / parts;
    };
    const auto expect = [&](const char* name, AbcRule rule, AbcTies ties) {
      if (!one.at("expected").contains(name)) return;
      AbcOptions options = Rule(rule, ties);
      options.a_ppm = share("a");
      options.b_ppm = share("b");
      EXPECT_EQ(Letters(Classes(value, options)), one["expected"][name])
          << name;
    };
    expect("inclusive", AbcRule::kInclusive, AbcTies::kByRow);
    expect("crossing", AbcRule::kCrossing, AbcTies::kByRow);
    expect("crossing_tie_group", AbcRule::kCrossing, AbcTies::kTogether);
  }
}

TEST(AbcTest, The47Items) {
  const SharedCsv table = ReadSharedCsv("abc_47_items/items.csv", ',');
  if (table.rows.empty()) {
    GTEST_SKIP() << "no abc_47_items in " FIVEK_SHARED_DATA_DIR;
  }
  std::vector<int64_t> usage;
  std::string published;
  for (const auto& row : table.rows) {
    usage.push_back(
        *ParseAmount(row.at(table.Column("annual_dollar_usage")), 2));
    published += row.at(table.Column("class_by_annual_dollar_usage"));
  }
  ASSERT_EQ(usage.size(), 47u);
  const auto counts = [&](AbcOptions options, int32_t a, int32_t b) {
    options.a_ppm = a;
    options.b_ppm = b;
    std::vector<uint8_t> out(usage.size());
    const AbcResult r = *ClassifyAbc(usage, options, absl::MakeSpan(out));
    EXPECT_EQ(r.total, 5168478);
    return std::vector<int64_t>{r.of[0].count, r.of[1].count, r.of[2].count};
  };
  const AbcOptions inside = Rule(AbcRule::kCrossing);
  const AbcOptions outside = Rule(AbcRule::kInclusive);
  using Counts = std::vector<int64_t>;
  EXPECT_EQ(counts(inside, 700'000, 900'000), (Counts{10, 11, 26}));
  EXPECT_EQ(counts(outside, 700'000, 900'000), (Counts{9, 11, 27}));
  EXPECT_EQ(counts(inside, 750'000, 950'000), (Counts{11, 17, 19}));
  EXPECT_EQ(counts(outside, 750'000, 950'000), (Counts{10, 17, 20}));
  EXPECT_EQ(counts(inside, 800'000, 950'000), (Counts{14, 14, 19}));
  EXPECT_EQ(counts(outside, 800'000, 950'000), (Counts{13, 14, 20}));
  AbcOptions fixed = Rule(AbcRule::kFixedCounts);
  fixed.a_count = 10;
  fixed.b_count = 14;
  EXPECT_EQ(Letters(Classes(usage, fixed)), published);
}

// ---- Against the oracle
// ------------------------------------------------------

// All books of up to six accounts with values -1 to 4, all rules and bounds
// that such small sums can tell apart.
TEST(AbcTest, EverySmallBook) {
  const std::vector<AbcOptions> all = [] {
    std::vector<AbcOptions> list;
    for (const AbcTies ties : kTies) {
      for (const AbcRule rule : {AbcRule::kCrossing, AbcRule::kInclusive}) {
        for (const auto& [a, b] : {std::pair{800'000, 950'000},
                                   {0, 0},
                                   {0, 500'000},
                                   {500'000, 500'000},
                                   {333'333, 1'000'000},
                                   {250'000, 750'000},
                                   {1'000'000, 1'000'000}}) {
          AbcOptions o = Rule(rule, ties);
          o.a_ppm = a;
          o.b_ppm = b;
          list.push_back(o);
        }
      }
      for (int64_t a = 0; a < 4; ++a) {
        for (int64_t b = 0; b < 3; ++b) {
          AbcOptions o = Rule(AbcRule::kFixedCounts, ties);
          o.a_count = a;
          o.b_count = b;
          list.push_back(o);
        }
      }
    }
    return list;
  }();
  for (size_t n = 0; n <= 5; ++n) {
    size_t books = 1;
    for (size_t i = 0; i < n; ++i) books *= 6;
    for (size_t book = 0; book < books; ++book) {
      std::vector<int64_t> value;
      for (size_t rest = book, i = 0; i < n; ++i, rest /= 6) {
        value.push_back(static_cast<int64_t>(rest % 6) - 1);
      }
      for (const AbcOptions& o : all) {
        ExpectLikeOracle(value, o);
        if (HasFatalFailure()) return;
      }
    }
  }
}

// Books of all shapes: what is rare, alike, huge or next to a power of two.
std::vector<int64_t> Book(std::mt19937_64& random, size_t n, int shape) {
  std::vector<int64_t> value;
  for (size_t i = 0; i < n; ++i) {
    const uint64_t r = random();
    const auto any = static_cast<int64_t>(r >> 1);
    switch (shape) {
      case 0:  // Log-uniform.
        value.push_back(any >> (random() % 63));
        break;
      case 1:  // Many ties.
        value.push_back(static_cast<int64_t>(r % 7) * 100);
        break;
      case 2:  // The largest.
        value.push_back(std::numeric_limits<int64_t>::max() -
                        static_cast<int64_t>(r % 3));
        break;
      case 3:  // In one bucket, far apart.
        value.push_back((int64_t{1} << 40) + static_cast<int64_t>(r >> 32));
        break;
      case 4:  // Any sign.
        value.push_back(static_cast<int64_t>(r) >> (random() % 60));
        break;
      case 5:  // Around powers of two.
        value.push_back((int64_t{1} << (r % 62)) +
                        static_cast<int64_t>(random() % 3) - 1);
        break;
      default:  // Nearly all equal.
        value.push_back(r % 50 == 0 ? static_cast<int64_t>(r % 1000) : 123456);
    }
  }
  return value;
}

TEST(AbcTest, RandomBooks) {
  std::mt19937_64 random(20261122);
  for (const size_t n :
       {1u, 2u, 10u, 100u, 1023u, 1024u, 1025u, 3000u, 20000u}) {
    for (int shape = 0; shape <= 6; ++shape) {
      const std::vector<int64_t> value = Book(random, n, shape);
      for (const AbcRule rule : kRules) {
        for (const AbcTies ties : kTies) {
          AbcOptions o = Rule(rule, ties);
          o.a_count = static_cast<int64_t>(n / 10);
          o.b_count = static_cast<int64_t>(random() % (n + 2));
          ExpectLikeOracle(value, o);
          o.a_ppm = static_cast<int32_t>(random() % 1'000'001);
          o.b_ppm = o.a_ppm +
                    static_cast<int32_t>(
                        random() % static_cast<uint64_t>(1'000'001 - o.a_ppm));
          ExpectLikeOracle(value, o);
          if (HasFatalFailure()) return;
        }
      }
    }
  }
}

TEST(AbcTest, OrderAndUnitDoNotMatter) {
  std::mt19937_64 random(3);
  for (int shape = 0; shape <= 6; ++shape) {
    std::vector<int64_t> value = Book(random, 2000, shape);
    for (int64_t& v : value) v /= 1000;
    for (const AbcRule rule : kRules) {
      AbcOptions o = Rule(rule);
      o.a_count = 150;
      o.b_count = 400;
      const std::vector<uint8_t> classes = Classes(value, o);
      std::vector<int64_t> scaled = value;
      for (int64_t& v : scaled) v *= 997;
      EXPECT_EQ(Classes(scaled, o), classes) << shape;
      std::vector<size_t> order(value.size());
      std::iota(order.begin(), order.end(), size_t{0});
      std::shuffle(order.begin(), order.end(), random);
      std::vector<int64_t> shuffled;
      for (const size_t row : order) shuffled.push_back(value[row]);
      const std::vector<uint8_t> again = Classes(shuffled, o);
      for (size_t i = 0; i < order.size(); ++i) {
        ASSERT_EQ(again[i], classes[order[i]]) << shape;
      }
    }
  }
}

TEST(AbcTest, Refusals) {
  const std::vector<int64_t> value = {1, 2, 3};
  std::vector<uint8_t> out(3, 77);
  const auto refused = [&](AbcOptions o, Reason reason, const char* message) {
    EXPECT_THAT(ClassifyAbc(value, o, absl::MakeSpan(out)),
                Refused(reason, HasSubstr(message)));
    EXPECT_EQ(out, std::vector<uint8_t>(3, 77));
  };
  AbcOptions o;
  o.a_ppm = -1;
  refused(o, Reason::kValueRange,
          "a_ppm -1, b_ppm 950000; allowed: 0 <= a_ppm");
  o.a_ppm = 950'001;
  refused(o, Reason::kValueRange, "a_ppm 950001");
  o = {};
  o.b_ppm = 1'000'001;
  refused(o, Reason::kValueRange, "b_ppm 1000001; allowed");
  o = Rule(AbcRule::kFixedCounts);
  o.a_count = -1;
  refused(o, Reason::kValueRange, "a_count -1, b_count 0; allowed: 0 or more");
  o.a_count = 0;
  o.b_count = -7;
  refused(o, Reason::kValueRange, "b_count -7");
  refused(Rule(static_cast<AbcRule>(3)), Reason::kUnknownCode,
          "rule 3; allowed: 0 to 2");
  refused(Rule(AbcRule::kCrossing, static_cast<AbcTies>(2)),
          Reason::kUnknownCode, "ties 2; allowed: 0 to 1");
  EXPECT_THAT(
      ClassifyAbc(value, {}, absl::MakeSpan(out).first(2)),
      Refused(Reason::kValueRange, HasSubstr("out of 2 rows; allowed: 3")));
  EXPECT_EQ(out, std::vector<uint8_t>(3, 77));
}

}  // namespace
}  // namespace fivek
