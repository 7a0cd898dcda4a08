#include "fivek/accounts/rfm.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "absl/numeric/int128.h"
#include "bench/seeded.h"
#include "fivek/base/calendar.h"
#include "fivek/base/reason.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/accounts/cdnow.h"
#include "tests/history/reference.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using bench::SplitMix64;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

using Values = std::vector<int64_t>;
using Days = std::vector<int32_t>;
using Scores = std::vector<uint8_t>;

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();

// By definition.
int64_t MidRank(const Values& values, size_t row, int32_t classes) {
  absl::int128 less = 0;
  absl::int128 equal = 0;
  for (const int64_t v : values) {
    if (v < values[row]) ++less;
    if (v == values[row]) ++equal;
  }
  const absl::int128 n = static_cast<int64_t>(values.size());
  return 1 + static_cast<int64_t>(classes * (2 * less + equal - 1) / (2 * n));
}

// ---- Scores -----------------------------------------------------------------

TEST(ScoreByRankTest, Reference) {
  const auto cases = ReferenceCases("segmentation", "rfm_quintile");
  FIVEK_NEEDS_REFERENCE(cases);
  for (const auto& one : cases) {
    const auto values = one.at("input").at("value").get<Values>();
    EXPECT_EQ(ScoreByRank(values, 5)->score,
              one.at("expected").at("midrank_recommended").get<Scores>());
  }
}

TEST(ScoreByRankTest, Known) {
  const RankScores s =
      *ScoreByRank({12, 15, 15, 15,  20,  20,  35,  35,  50,  50,
                    50, 50, 80, 120, 120, 300, 300, 300, 300, 1000},
                   5);
  EXPECT_THAT(s.score, ElementsAre(1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4,
                                   5, 5, 5, 5, 5));
  ASSERT_EQ(s.classes.size(), 5u);
  EXPECT_EQ(s.classes[3].score, 4);
  EXPECT_EQ(s.classes[3].lowest, 80);
  EXPECT_EQ(s.classes[3].highest, 120);
  EXPECT_EQ(s.classes[3].customers, 3);
}

TEST(ScoreByRankTest, FewCustomersMakeFewClasses) {
  EXPECT_THAT(ScoreByRank({7}, 5)->score, ElementsAre(1));
  EXPECT_THAT(ScoreByRank({7, 8}, 5)->score, ElementsAre(1, 3));
  EXPECT_THAT(ScoreByRank({7, 8, 9}, 5)->score, ElementsAre(1, 2, 4));
  EXPECT_THAT(ScoreByRank({7, 8, 9, 9}, 5)->score, ElementsAre(1, 2, 4, 4));
  EXPECT_EQ(ScoreByRank({7, 8}, 5)->classes.size(), 2u);
  EXPECT_TRUE(ScoreByRank({}, 5)->score.empty());
  EXPECT_TRUE(ScoreByRank({}, 5)->classes.empty());
  // All equal: the middle.
  EXPECT_THAT(ScoreByRank(Values(9, -3), 5)->score, Each(3));
}

TEST(ScoreByRankTest, AsByDefinition) {
  for (uint64_t seed = 0; seed < 400; ++seed) {
    SplitMix64 random(seed);
    Values values(1 + random.Below(40));
    const uint32_t distinct = 1 + random.Below(30);
    for (int64_t& v : values) {
      v = static_cast<int64_t>(random.Below(distinct)) - 7;
      if (random.Below(20) == 0) v = random.Below(2) == 0 ? kMost : kLeast;
    }
    for (const int32_t classes : {2, 3, 4, 5, 10, 255}) {
      const RankScores s = *ScoreByRank(values, classes);
      int64_t counted = 0;
      for (size_t c = 0; c < s.classes.size(); ++c) {
        counted += s.classes[c].customers;
        EXPECT_GE(s.classes[c].customers, 1);
        EXPECT_LE(s.classes[c].lowest, s.classes[c].highest);
        if (c > 0) {
          EXPECT_GT(s.classes[c].score, s.classes[c - 1].score);
          EXPECT_GT(s.classes[c].lowest, s.classes[c - 1].highest);
        }
      }
      EXPECT_EQ(counted, static_cast<int64_t>(values.size()));
      for (size_t i = 0; i < values.size(); ++i) {
        EXPECT_EQ(s.score[i], MidRank(values, i, classes));
      }
    }
  }
}

// Neither the order nor a unit of money nor any rising scale matters.
TEST(ScoreByRankTest, OrderAndUnitFree) {
  SplitMix64 random(5);
  Values values(2000);
  for (int64_t& v : values) {
    v = static_cast<int64_t>(random.Below(500)) * random.Below(500) - 999;
  }
  const Scores want = ScoreByRank(values, 5)->score;
  Values other = values;
  for (int64_t& v : other) v = v * 1000003 + 17;
  EXPECT_EQ(ScoreByRank(other, 5)->score, want);
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  for (size_t i = order.size(); i > 1; --i) {
    std::swap(order[i - 1], order[random.Below(static_cast<uint32_t>(i))]);
  }
  for (size_t i = 0; i < order.size(); ++i) other[i] = values[order[i]];
  const Scores shuffled = ScoreByRank(other, 5)->score;
  for (size_t i = 0; i < order.size(); ++i) {
    EXPECT_EQ(shuffled[i], want[order[i]]);
  }
}

TEST(ScoreRfmTest, MoreIsBetterAndNeverBoughtIsApart) {
  const Days last = {100, kNeverBought, 90, 80, 100};
  const Values frequency = {5, 0, 0, 7, 5};
  const Values money = {-10, 99999, 500, 20, 20};
  RfmOptions options;
  options.as_of = 100;
  const RfmScores s = *ScoreRfm({last, frequency, money}, options);
  EXPECT_EQ(s.scored, 4);
  EXPECT_EQ(s.never_bought, 1);
  EXPECT_THAT(s.recency.score, ElementsAre(4, 0, 2, 1, 4));
  EXPECT_THAT(s.frequency.score, ElementsAre(2, 0, 1, 4, 2));
  EXPECT_THAT(s.money.score, ElementsAre(1, 0, 4, 2, 2));
  EXPECT_EQ(s.recency.classes.back().highest, 100);
  options.recency_classes = 2;
  options.frequency_classes = 255;
  options.money_classes = 3;
  const RfmScores other = *ScoreRfm({last, frequency, money}, options);
  EXPECT_THAT(other.recency.score, ElementsAre(2, 0, 1, 1, 2));
  EXPECT_THAT(other.frequency.score, ElementsAre(96, 0, 1, 192, 96));
  EXPECT_THAT(other.money.score, ElementsAre(1, 0, 3, 2, 2));
  EXPECT_EQ(ScoreRfm({}, options)->scored, 0);
}

TEST(ScoreRfmTest, Cdnow) {
  const Cdnow cdnow = ReadCdnow();
  FIVEK_NEEDS_CDNOW(cdnow);
  const int32_t as_of = *ParseDay("1997-09-30");
  const PurchaseSummary s = *SummarizePurchases(cdnow.rows(), as_of);
  Days last;
  Values frequency;
  Values money;
  for (const CustomerPurchases& c : s.customers) {
    last.push_back(c.last_day);
    frequency.push_back(c.purchase_days);
    money.push_back(c.total);
  }
  RfmOptions options;
  options.as_of = as_of;
  const RfmScores scores = *ScoreRfm({last, frequency, money}, options);
  const Values days(last.begin(), last.end());
  for (size_t i = 0; i < last.size(); i += 13) {
    EXPECT_EQ(scores.recency.score[i], MidRank(days, i, 5));
    EXPECT_EQ(scores.frequency.score[i], MidRank(frequency, i, 5));
    EXPECT_EQ(scores.money.score[i], MidRank(money, i, 5));
  }
  // 1,411 of 2,357 bought once only: 2, not the four classes of NTILE.
  EXPECT_EQ(scores.frequency.classes[0].score, 2);
  EXPECT_EQ(scores.frequency.classes[0].customers, 1411);
}

TEST(ScoreRfmTest, Refusals) {
  for (const int32_t bad : {-1, 0, 1, 256}) {
    EXPECT_THAT(ScoreByRank({1}, bad),
                Refused(Reason::kValueRange, HasSubstr("classes")));
    RfmOptions options;
    options.recency_classes = bad;
    EXPECT_THAT(ScoreRfm({}, options),
                Refused(Reason::kValueRange, HasSubstr("recency_classes")));
    options = {};
    options.frequency_classes = bad;
    EXPECT_THAT(ScoreRfm({}, options),
                Refused(Reason::kValueRange, HasSubstr("frequency_classes")));
    options = {};
    options.money_classes = bad;
    EXPECT_THAT(ScoreRfm({}, options),
                Refused(Reason::kValueRange, HasSubstr("money_classes")));
  }
  RfmOptions options;
  options.as_of = 10;
  const auto refuse = [&](const Days& last, const Values& frequency,
                          const Values& money) {
    return ScoreRfm({last, frequency, money}, options).status();
  };
  EXPECT_THAT(refuse({1}, {}, {1}),
              Refused(Reason::kValueRange, HasSubstr("frequency has 0")));
  EXPECT_THAT(refuse({1}, {1}, {}),
              Refused(Reason::kValueRange, HasSubstr("money 0")));
  for (const int32_t bad : {11, kFirstDay - 1}) {
    const absl::Status status = refuse({1, bad}, {1, 1}, {1, 1});
    EXPECT_THAT(status, Refused(Reason::kValueRange, HasSubstr("last_day")));
    EXPECT_EQ(WhereOf(status).row, 1);
    EXPECT_EQ(WhereOf(status).column, 0);
  }
  absl::Status status = refuse({1, 2}, {1, -1}, {1, 1});
  EXPECT_THAT(status, Refused(Reason::kValueRange, HasSubstr("frequency -1")));
  EXPECT_EQ(WhereOf(status).row, 1);
  EXPECT_EQ(WhereOf(status).column, 1);
  status = refuse({kNeverBought}, {2}, {1});
  EXPECT_THAT(status, Refused(Reason::kValueRange, HasSubstr("frequency 2")));
  options.as_of = kLastDay + 1;
  EXPECT_THAT(refuse({}, {}, {}),
              Refused(Reason::kValueRange, HasSubstr("as_of")));
}

// ---- Segments ---------------------------------------------------------------

// The built-in rules have no gap and no overlap, so their order is no matter.
constexpr int RulesFor(int32_t recency, int32_t mean) {
  int count = 0;
  for (const RfmRule& rule : kRfmRules) {
    if (rule.recency.Contains(recency) && rule.frequency.Contains(mean)) {
      ++count;
    }
  }
  return count;
}
constexpr bool IsExact() {
  for (int32_t r = 1; r <= 5; ++r) {
    for (int32_t fm = 1; fm <= 5; ++fm) {
      if (RulesFor(r, fm) != 1) return false;
    }
  }
  return true;
}
static_assert(IsExact(), "one rule for every pair of scores");

TEST(RfmSegmentsTest, Default) {
  const RfmSegments segments = RfmSegments::Default();
  EXPECT_EQ(segments.SegmentOf(5, 5, 5), 0);
  EXPECT_EQ(segments.SegmentOf(5, 4, 3), 0);  // 3.5 is a 4.
  EXPECT_EQ(segments.SegmentOf(1, 5, 5), 8);
  EXPECT_EQ(segments.SegmentOf(1, 1, 1), 10);
  EXPECT_EQ(segments.SegmentOf(0, 0, 0), 11);
  std::vector<int> seen(kRfmSegmentCount);
  for (int32_t r = -1; r <= 6; ++r) {
    for (int32_t f = -1; f <= 6; ++f) {
      for (int32_t m = -1; m <= 6; ++m) {
        const int32_t segment = segments.SegmentOf(r, f, m);
        const bool known = std::min({r, f, m}) >= 1 && std::max({r, f, m}) <= 5;
        if (!known && !(r == 0 && f == 0 && m == 0)) {
          EXPECT_EQ(segment, -1);
          continue;
        }
        ASSERT_GE(segment, 0);
        ++seen[static_cast<size_t>(segment)];
        if (!known) continue;
        for (const RfmRule& rule : kRfmRules) {
          EXPECT_EQ(rule.segment == segment,
                    rule.recency.Contains(r) &&
                        rule.frequency.Contains((f + m + 1) / 2));
        }
      }
    }
  }
  EXPECT_THAT(seen, Each(testing::Ge(1)));
}

TEST(RfmSegmentsTest, FirstRuleWins) {
  RfmSegmentOptions options;
  options.recency_classes = 3;
  options.frequency_classes = 4;
  options.money_classes = 2;
  options.never_bought = 200;
  const std::vector<RfmRule> rules = {{7, {3, 3}, {4, 4}, {2, 2}},
                                      {1, {2, 3}, {1, 4}, {1, 2}},
                                      {7, {1, 3}, {3, 4}, {1, 2}},
                                      {254, {1, 3}, {1, 4}, {1, 2}}};
  const RfmSegments segments = *RfmSegments::FromRules(rules, options);
  for (int32_t r = 1; r <= 3; ++r) {
    for (int32_t f = 1; f <= 4; ++f) {
      for (int32_t m = 1; m <= 2; ++m) {
        const int32_t want = r == 3 && f == 4 && m == 2 ? 7
                             : r >= 2                   ? 1
                             : f >= 3                   ? 7
                                                        : 254;
        EXPECT_EQ(segments.SegmentOf(r, f, m), want);
      }
    }
  }
  EXPECT_EQ(segments.SegmentOf(0, 0, 0), 200);
  EXPECT_EQ(segments.SegmentOf(4, 1, 1), -1);
  EXPECT_EQ(segments.SegmentOf(1, 5, 1), -1);
  EXPECT_EQ(segments.SegmentOf(1, 1, 3), -1);

  Scores out(3);
  EXPECT_TRUE(segments
                  .Assign(Scores{3, 0, 1}, Scores{4, 0, 1}, Scores{2, 0, 2},
                          absl::MakeSpan(out))
                  .ok());
  EXPECT_THAT(out, ElementsAre(7, 200, 254));
  const absl::Status refused = segments.Assign(
      Scores{3, 1, 1}, Scores{4, 0, 1}, Scores{2, 1, 1}, absl::MakeSpan(out));
  EXPECT_THAT(refused, Refused(Reason::kValueRange, HasSubstr("frequency 0")));
  EXPECT_EQ(WhereOf(refused).row, 1);
  EXPECT_EQ(WhereOf(refused).column, 1);
  EXPECT_THAT(out, ElementsAre(7, 200, 254));  // Nothing is written.
  EXPECT_THAT(
      segments.Assign(Scores{1}, Scores{1}, Scores{1}, absl::MakeSpan(out)),
      Refused(Reason::kValueRange, HasSubstr("segment 3 rows of 1")));
}

TEST(RfmSegmentsTest, Refusals) {
  const RfmRule all = {0, {1, 5}, {1, 5}, {1, 5}};
  const auto from = [](const std::vector<RfmRule>& rules,
                       const RfmSegmentOptions& options) {
    return RfmSegments::FromRules(rules, options).status();
  };
  EXPECT_THAT(from({}, {}),
              Refused(Reason::kValueRange, HasSubstr("rules: 0")));
  EXPECT_THAT(from(std::vector<RfmRule>(256, all), {}),
              Refused(Reason::kValueRange, HasSubstr("rules: 256")));
  absl::Status status = from({all, all}, {});
  EXPECT_THAT(status, Refused(Reason::kValueRange, HasSubstr("rule 1")));
  EXPECT_EQ(WhereOf(status).row, 1);
  RfmRule rule = all;
  rule.money = {1, 4};
  EXPECT_THAT(from({rule}, {}),
              Refused(Reason::kValueRange,
                      HasSubstr("recency 1, frequency 1, money 5")));
  rule = all;
  rule.segment = 255;
  status = from({all, rule}, {});
  EXPECT_THAT(status, Refused(Reason::kUnknownCode, HasSubstr("segment 255")));
  EXPECT_EQ(WhereOf(status).row, 1);
  for (const RfmRange bad : {RfmRange{0, 5}, RfmRange{1, 6}, RfmRange{3, 2}}) {
    const char* const names[] = {"recency", "frequency", "money"};
    for (int axis = 0; axis < 3; ++axis) {
      rule = all;
      (axis == 0   ? rule.recency
       : axis == 1 ? rule.frequency
                   : rule.money) = bad;
      status = from({rule}, {});
      EXPECT_THAT(status, Refused(Reason::kValueRange, HasSubstr(names[axis])));
      EXPECT_EQ(WhereOf(status).column, axis + 1);
    }
  }
  RfmSegmentOptions options;
  options.axes = static_cast<RfmAxes>(2);
  EXPECT_THAT(from({all}, options),
              Refused(Reason::kUnknownCode, HasSubstr("axes 2")));
  options = {};
  options.axes = RfmAxes::kMean;
  options.money_classes = 4;
  EXPECT_THAT(from({all}, options),
              Refused(Reason::kValueRange, HasSubstr("money_classes 4")));
  options = {};
  options.recency_classes = 1;
  EXPECT_THAT(from({all}, options),
              Refused(Reason::kValueRange, HasSubstr("recency_classes 1")));
  options = {};
  options.recency_classes = options.frequency_classes = 255;
  EXPECT_TRUE(
      RfmSegments::FromRules({{0, {1, 255}, {1, 255}, {1, 5}}}, options).ok());
  options.money_classes = 255;
  EXPECT_THAT(from({all}, options),
              Refused(Reason::kValueRange, HasSubstr("16581375")));
  options = {};
  options.never_bought = -1;
  EXPECT_THAT(from({all}, options),
              Refused(Reason::kUnknownCode, HasSubstr("never_bought -1")));
}

}  // namespace
}  // namespace fivek
