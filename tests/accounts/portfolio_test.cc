#include "fivek/accounts/portfolio.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
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
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

using Scores = std::vector<int32_t>;

TEST(PortfolioTest, Reference) {
  const auto cases = ReferenceCases("segmentation", "portfolio_matrix");
  FIVEK_NEEDS_REFERENCE(cases);
  const std::vector<std::string> names = {"grow_protect", "develop", "maintain",
                                          "serve_low_cost"};
  for (const auto& c : cases) {
    const auto& in = c.at("input");
    PortfolioOptions options;
    options.attractiveness.high = in.at("cut");
    options.relationship.high = in.at("cut");
    const Portfolio p =
        *SortPortfolio(in.at("attractiveness").get<Scores>(), {},
                       in.at("relationship").get<Scores>(), {}, options);
    std::vector<std::string> got;
    for (const PortfolioAccount& a : p.accounts) {
      got.push_back(names[static_cast<size_t>(a.cell)]);
    }
    EXPECT_EQ(got, c.at("expected").at("cell").get<std::vector<std::string>>());
  }
}

// All scores and cuts of a small scale, by definition.
TEST(PortfolioTest, EverySmallCase) {
  for (int32_t cut_a = 0; cut_a <= 4; ++cut_a) {
    for (int32_t cut_r = 0; cut_r <= 4; ++cut_r) {
      for (int32_t within = 0; within <= 2; ++within) {
        for (int32_t a = -1; a <= 4; ++a) {
          for (int32_t r = -1; r <= 4; ++r) {
            PortfolioOptions options;
            options.attractiveness.high = cut_a;
            options.relationship.high = cut_r;
            options.within = within;
            const Portfolio p = *SortPortfolio({a}, {}, {r}, {}, options);
            const PortfolioAccount& got = p.accounts[0];
            std::set<int32_t> possible;
            for (int32_t s = 0; s <= kMostPortfolioScore;
                 s = s < 5 ? s + 1 : s * 10) {
              for (int32_t t = 0; t <= kMostPortfolioScore;
                   t = t < 5 ? t + 1 : t * 10) {
                if ((a >= 0 && s != a) || (r >= 0 && t != r)) continue;
                possible.insert((s >= cut_a ? 0 : 2) + (t >= cut_r ? 0 : 1));
              }
            }
            uint32_t mask = 0;
            for (const int32_t cell : possible) mask |= 1U << cell;
            EXPECT_EQ(got.possible, mask);
            const bool one = possible.size() == 1;
            EXPECT_EQ(got.cell, one ? *possible.begin() : kCellUnknown);
            EXPECT_EQ(p.unknown, one ? 0 : 1);
            EXPECT_EQ(got.attractiveness_distance,
                      a < 0 ? kNoDistance : a - cut_a);
            EXPECT_EQ(got.relationship_distance,
                      r < 0 ? kNoDistance : r - cut_r);
            uint32_t near_cells = 0;
            if (one) {
              for (const int flip_a : {0, 2}) {
                for (const int flip_r : {0, 1}) {
                  if (flip_a != 0 && (a < 0 || std::abs(a - cut_a) > within)) {
                    continue;
                  }
                  if (flip_r != 0 && (r < 0 || std::abs(r - cut_r) > within)) {
                    continue;
                  }
                  near_cells |= 1U << (got.cell ^ flip_a ^ flip_r);
                }
              }
              near_cells &= ~mask;
            }
            EXPECT_EQ(got.near_cells, near_cells);
            EXPECT_EQ(p.borderline, near_cells != 0 ? 1 : 0);
          }
        }
      }
    }
  }
}

TEST(PortfolioTest, NineCells) {
  PortfolioOptions options;
  options.attractiveness = {70, 40};
  options.relationship = {60, 30};
  options.within = 5;
  const Portfolio p = *SortPortfolio({90, 90, 55, 39, 0, 69, 70}, {},
                                     {90, 10, 45, 30, 29, 25, -1}, {}, options);
  EXPECT_EQ(p.levels, 3);
  std::vector<int32_t> cells;
  for (const PortfolioAccount& a : p.accounts) cells.push_back(a.cell);
  EXPECT_THAT(cells, ElementsAre(0, 2, 4, 7, 8, 5, kCellUnknown));
  EXPECT_EQ(p.accounts[2].near_cells, 0U);
  EXPECT_EQ(p.accounts[2].attractiveness_distance, 15) << "the lower cut";
  EXPECT_EQ(p.accounts[2].relationship_distance, 15) << "as far from both";
  EXPECT_EQ(p.accounts[3].near_cells, 1U << 4 | 1U << 5 | 1U << 8);
  EXPECT_EQ(p.accounts[3].attractiveness_distance, -1);
  EXPECT_EQ(p.accounts[5].near_cells, 1U << 1 | 1U << 2 | 1U << 4);
  EXPECT_EQ(p.accounts[6].possible, 0b111U);
  EXPECT_EQ(p.accounts[6].attractiveness, 2);
  EXPECT_EQ(p.accounts[6].relationship, kCellUnknown);
  EXPECT_EQ(p.count[4], 1);
  EXPECT_EQ(p.unknown, 1);
}

TEST(PortfolioTest, WhatIsKnownInPartIsEnoughWhereItDecides) {
  PortfolioOptions options;
  options.within = 3;
  const Portfolio p =
      *SortPortfolio({50, 40, 51, -1}, {90, 60, 51, 49}, {10, 10, 48, 10},
                     {10, 10, -1, 10}, options);
  EXPECT_EQ(p.accounts[0].cell, 1) << "high, wherever in it";
  EXPECT_EQ(p.accounts[0].near_cells, 0U) << "no distance";
  EXPECT_EQ(p.accounts[0].attractiveness_distance, kNoDistance);
  EXPECT_EQ(p.accounts[1].cell, kCellUnknown);
  EXPECT_EQ(p.accounts[1].possible, 1U << 1 | 1U << 3);
  EXPECT_EQ(p.accounts[2].possible, 0b11U);
  EXPECT_EQ(p.accounts[3].cell, 3);
  EXPECT_EQ(p.unknown, 2);
}

TEST(PortfolioTest, OrderAndUnitChangeNothing) {
  SplitMix64 random(7);
  Scores a;
  Scores r;
  for (int i = 0; i < 500; ++i) {
    a.push_back(static_cast<int32_t>(random.Below(102)) - 1);
    r.push_back(static_cast<int32_t>(random.Below(102)) - 1);
  }
  PortfolioOptions options;
  options.within = 4;
  const Portfolio p = *SortPortfolio(a, {}, r, {}, options);
  Scores scaled_a;
  Scores scaled_r;
  for (size_t i = a.size(); i-- > 0;) {
    scaled_a.push_back(a[i] < 0 ? -1 : a[i] * 1000);
    scaled_r.push_back(r[i] < 0 ? -1 : r[i] * 1000);
  }
  options.attractiveness.high *= 1000;
  options.relationship.high *= 1000;
  options.within *= 1000;
  const Portfolio q = *SortPortfolio(scaled_a, {}, scaled_r, {}, options);
  EXPECT_EQ(q.count, p.count);
  EXPECT_EQ(q.borderline, p.borderline);
  int64_t sum = p.unknown;
  for (const int64_t count : p.count) sum += count;
  EXPECT_EQ(sum, 500);
  for (size_t i = 0; i < a.size(); ++i) {
    const PortfolioAccount& other = q.accounts[a.size() - 1 - i];
    EXPECT_EQ(other.cell, p.accounts[i].cell);
    EXPECT_EQ(other.near_cells, p.accounts[i].near_cells);
    EXPECT_EQ(other.possible, p.accounts[i].possible);
  }
}

TEST(PortfolioTest, Refusals) {
  const auto sort = [](const Scores& a, const Scores& a_most, const Scores& r,
                       const Scores& r_most, PortfolioOptions options = {}) {
    return SortPortfolio(a, a_most, r, r_most, options);
  };
  const auto at = [](const absl::StatusOr<Portfolio>& p) {
    const Where where = WhereOf(p.status());
    return std::pair<int64_t, int32_t>(where.row, where.column);
  };
  using Place = std::pair<int64_t, int32_t>;
  EXPECT_THAT(sort({1, 2}, {}, {1}, {}),
              Refused(Reason::kValueRange, HasSubstr("relationship 1")));
  EXPECT_THAT(sort({1}, {1, 2}, {1}, {}), RefusedFor(Reason::kValueRange));
  EXPECT_THAT(sort({1}, {}, {1}, {1, 2}), RefusedFor(Reason::kValueRange));
  auto bad = sort({1, -2}, {}, {1, 1}, {});
  EXPECT_THAT(bad, Refused(Reason::kValueRange,
                           AllOf(HasSubstr("attractiveness -2"),
                                 HasSubstr("0 to 1000000, or -1"))));
  EXPECT_EQ(at(bad), Place(1, 0));
  EXPECT_EQ(at(sort({1}, {kMostPortfolioScore + 1}, {1}, {})), Place(0, 1));
  EXPECT_EQ(at(sort({1}, {}, {kMostPortfolioScore + 1}, {})), Place(0, 2));
  EXPECT_EQ(at(sort({1}, {}, {1}, {-2})), Place(0, 3));
  bad = sort({1}, {}, {5}, {4});
  EXPECT_THAT(bad, Refused(Reason::kValueRange,
                           HasSubstr("relationship_most 4; allowed: "
                                     "relationship, 5, or above")));
  PortfolioOptions options;
  options.attractiveness.high = -1;
  EXPECT_THAT(sort({}, {}, {}, {}, options),
              Refused(Reason::kValueRange, HasSubstr("attractiveness high")));
  options = {};
  options.relationship.medium = 50;
  EXPECT_THAT(sort({}, {}, {}, {}, options),
              Refused(Reason::kValueRange, HasSubstr("medium cut 50")));
  options.relationship.medium = 20;
  EXPECT_THAT(sort({}, {}, {}, {}, options),
              Refused(Reason::kValueRange, HasSubstr("of both or of none")));
  options = {};
  options.within = -1;
  EXPECT_THAT(sort({}, {}, {}, {}, options),
              Refused(Reason::kValueRange, HasSubstr("within -1")));
  EXPECT_TRUE(sort({}, {}, {}, {}).ok());
}

// ---- Scores -----------------------------------------------------------------

TEST(WeighScoresTest, Known) {
  const auto scores = *WeighScores({3, 2, 1}, {100, 50, 0,     //
                                               -1, 50, 0,      //
                                               -1, -1, -1,     //
                                               100, 100, 100,  //
                                               1, 0, 0});
  EXPECT_EQ(scores[0].low, 666666) << "rounded down";
  EXPECT_EQ(scores[0].high, 666666);
  EXPECT_EQ(scores[0].unknown, 0);
  EXPECT_EQ(scores[1].low, 166666);
  EXPECT_EQ(scores[1].high, 666666);
  EXPECT_EQ(scores[1].of_known, 333333);
  EXPECT_EQ(scores[1].unknown, 1);
  EXPECT_EQ(scores[2].low, 0);
  EXPECT_EQ(scores[2].high, kMostPortfolioScore);
  EXPECT_EQ(scores[2].of_known, kScoreUnknown);
  EXPECT_EQ(scores[3].low, kMostPortfolioScore);
  EXPECT_EQ(scores[4].low, 5000);
  // What weighs nothing is not missed.
  EXPECT_EQ((*WeighScores({1, 0}, {7, -1}))[0].unknown, 0);
  EXPECT_EQ((*WeighScores({1, 0}, {7, -1}))[0].high, 70000);
}

// Each way to fill in what is unknown lies in the range, its ends are reached,
// and a cut in ppm says the same of the rounded score as of the exact one.
TEST(WeighScoresTest, RangesAreReached) {
  SplitMix64 random(11);
  for (int round = 0; round < 2000; ++round) {
    Scores weight;
    Scores score;
    int64_t total = 0;
    for (int i = 0; i < 4; ++i) {
      weight.push_back(static_cast<int32_t>(random.Below(5)));
      score.push_back(static_cast<int32_t>(random.Below(102)) - 1);
      total += weight.back();
    }
    if (total == 0) continue;
    const ScoreRange range = (*WeighScores(weight, score))[0];
    int32_t lowest = kMostPortfolioScore;
    int32_t highest = 0;
    for (const int32_t fill : {0, 37, 100}) {
      int64_t sum = 0;
      for (size_t i = 0; i < 4; ++i) {
        sum += int64_t{weight[i]} * (score[i] < 0 ? fill : score[i]);
      }
      const auto ppm = static_cast<int32_t>(sum * 10000 / total);
      lowest = std::min(lowest, ppm);
      highest = std::max(highest, ppm);
      const auto cut =
          static_cast<int32_t>(random.Below(kMostPortfolioScore + 1));
      EXPECT_EQ(ppm >= cut, sum * 10000 >= cut * total);
    }
    EXPECT_EQ(range.low, lowest);
    EXPECT_EQ(range.high, highest);
  }
}

TEST(WeighScoresTest, Refusals) {
  EXPECT_THAT(WeighScores({}, {}),
              Refused(Reason::kValueRange, HasSubstr("weight has 0 criteria")));
  EXPECT_THAT(WeighScores({0, 0}, {}),
              Refused(Reason::kValueRange, HasSubstr("weight is 0")));
  auto bad = WeighScores({1, -1}, {});
  EXPECT_THAT(bad, Refused(Reason::kValueRange, HasSubstr("weight -1")));
  EXPECT_EQ(WhereOf(bad.status()).column, 1);
  EXPECT_THAT(WeighScores({kMostCriterionWeight + 1}, {}),
              RefusedFor(Reason::kValueRange));
  EXPECT_THAT(WeighScores({1, 1}, {1, 2, 3}),
              Refused(Reason::kValueRange, HasSubstr("score has 3 values")));
  bad = WeighScores({1, 1}, {1, 2, 3, 101});
  EXPECT_THAT(bad, Refused(Reason::kValueRange,
                           HasSubstr("score 101; allowed: 0 to 100, or -1")));
  EXPECT_EQ(WhereOf(bad.status()).row, 1);
  EXPECT_EQ(WhereOf(bad.status()).column, 1);
  const Scores heaviest(kMostCriteria, kMostCriterionWeight);
  const Scores best(kMostCriteria, 100);
  EXPECT_EQ((*WeighScores(heaviest, best))[0].low, kMostPortfolioScore);
}

}  // namespace
}  // namespace fivek
