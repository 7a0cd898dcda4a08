#include "fivek/history/sellers.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>
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
using testing::ElementsAre;
using testing::HasSubstr;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

using Counts = std::vector<int64_t>;
using Numbers = std::vector<double>;

SellerOptions WithPrior(double mean, double strength) {
  SellerOptions options;
  options.prior = SellerPrior{mean, strength};
  return options;
}

// The prior of ten sellers in statistics.md.
SellerOptions TenSellers() {
  const double alpha = 3.448458042358033;
  const double beta = 5.083720464133348;
  return WithPrior(alpha / (alpha + beta), alpha + beta);
}

TEST(RankSellersTest, Known) {
  const SellerRanking r =
      *RankSellers({2, 45, 0}, {2, 70, 3}, {}, TenSellers());
  EXPECT_NEAR(r.sellers[0].rate.value, 0.5173153910181015, 1e-15);
  EXPECT_NEAR(r.sellers[0].rate.low, 0.273, 0.0005);
  EXPECT_NEAR(r.sellers[0].rate.high, 0.758, 0.0005);
  EXPECT_NEAR(r.sellers[1].rate.value, 0.617, 0.0005);
  EXPECT_NEAR(r.sellers[1].rate.low, 0.526, 0.0005);
  EXPECT_NEAR(r.sellers[1].rate.high, 0.705, 0.0005);
  EXPECT_NEAR(r.sellers[2].rate.value, 0.2990291938697377, 1e-15);
  EXPECT_EQ(r.sellers[1].rank, 1);
  EXPECT_EQ(r.sellers[0].rank, 2);
  EXPECT_EQ(r.sellers[2].rank, 3);
  EXPECT_EQ(r.sellers[0].rate.source, Source::kPrior);
  EXPECT_EQ(r.sellers[1].rate.source, Source::kShrunk);
  EXPECT_EQ(r.sellers[0].surely_better, 0);
  EXPECT_FALSE(r.sellers[0].mix_ratio.has_value());
}

TEST(RankSellersTest, TheSellersOwnPrior) {
  const Counts won = {2, 45, 0, 12, 7, 30, 3, 18, 9, 1};
  const Counts closed = {2, 70, 3, 40, 10, 80, 4, 60, 14, 9};
  const SellerRanking r = *RankSellers(won, closed, {}, {});
  const BetaBinomialFit fit = *FitBetaBinomial(
      Numbers(won.begin(), won.end()), Numbers(closed.begin(), closed.end()));
  EXPECT_EQ(r.prior_mean, fit.mean);
  EXPECT_EQ(r.prior_strength, fit.strength);
  for (size_t i = 0; i < won.size(); ++i) {
    // By definition.
    int64_t rank = 1;
    int64_t better = 0;
    int64_t tied = -1;
    for (const SellerRate& other : r.sellers) {
      rank += other.rate.low > r.sellers[i].rate.low ? 1 : 0;
      tied += other.rate.low == r.sellers[i].rate.low ? 1 : 0;
      better += other.rate.low > r.sellers[i].rate.high ? 1 : 0;
    }
    EXPECT_EQ(r.sellers[i].rank, rank);
    EXPECT_EQ(r.sellers[i].tied, tied);
    EXPECT_EQ(r.sellers[i].surely_better, better);
  }
}

TEST(RankSellersTest, TiesShareARank) {
  const SellerRanking r =
      *RankSellers({5, 8, 5, 0}, {10, 10, 10, 0}, {}, WithPrior(0.3, 20));
  EXPECT_EQ(r.sellers[1].rank, 1);
  EXPECT_EQ(r.sellers[0].rank, 2);
  EXPECT_EQ(r.sellers[2].rank, 2);
  EXPECT_EQ(r.sellers[0].tied, 1);
  EXPECT_EQ(r.sellers[3].rank, 4);
  EXPECT_EQ(r.sellers[3].tied, 0);
  // Nobody to judge by: the prior.
  EXPECT_EQ(r.sellers[3].rate.value, 0.3);
  EXPECT_EQ(r.sellers[3].rate.effective_n, 0.0);
}

TEST(RankSellersTest, SellersThatDoNotDiffer) {
  const SellerRanking r = *RankSellers({5, 10, 5}, {10, 20, 10}, {}, {});
  EXPECT_EQ(r.prior_strength, kInfinity);
  for (const SellerRate& seller : r.sellers) {
    EXPECT_EQ(seller.rate.value, 0.5);
    EXPECT_EQ(seller.rank, 1);
    EXPECT_EQ(seller.tied, 2);
  }
}

TEST(RankSellersTest, SurelyBetter) {
  const SellerRanking r =
      *RankSellers({900, 100}, {1000, 1000}, {}, WithPrior(0.5, 20));
  EXPECT_EQ(r.sellers[0].surely_better, 0);
  EXPECT_EQ(r.sellers[1].surely_better, 1);
}

TEST(RankSellersTest, Mix) {
  const SellerRanking r =
      *RankSellers({6, 0, 6}, {10, 0, 10}, {6.0, 0.0, 2.0}, WithPrior(0.5, 20));
  EXPECT_EQ(r.sellers[0].mix_ratio.value(), 1.0);
  EXPECT_EQ(r.sellers[1].mix_ratio.value(), 1.0);
  EXPECT_EQ(r.sellers[2].mix_ratio.value(), 16.0 / 12.0);
}

TEST(RankSellersTest, AnyOrderGivesTheSame) {
  for (uint64_t seed = 0; seed < 10; ++seed) {
    SplitMix64 random(seed);
    Counts won;
    Counts closed;
    for (int i = 0; i < 12; ++i) {
      closed.push_back(random.Below(40));
      won.push_back(random.Below(static_cast<uint32_t>(closed.back()) + 1));
    }
    const SellerRanking before = *RankSellers(won, closed, {}, {});
    std::reverse(won.begin(), won.end());
    std::reverse(closed.begin(), closed.end());
    const SellerRanking after = *RankSellers(won, closed, {}, {});
    for (size_t i = 0; i < 12; ++i) {
      EXPECT_EQ(before.sellers[i].rate.low, after.sellers[11 - i].rate.low);
      EXPECT_EQ(before.sellers[i].rank, after.sellers[11 - i].rank);
    }
  }
}

TEST(RankSellersTest, Refusals) {
  EXPECT_THAT(RankSellers({1}, {1, 2}, {}, {}),
              Refused(Reason::kValueRange, HasSubstr("1 won, 2 closed")));
  EXPECT_THAT(RankSellers({1}, {1}, {0.5, 0.5}, {}),
              Refused(Reason::kValueRange, HasSubstr("2 expected")));
  const auto won = RankSellers({0, 3}, {1, 2}, {}, {});
  EXPECT_THAT(won, Refused(Reason::kValueRange, HasSubstr("won 3")));
  EXPECT_EQ(WhereOf(won.status()).row, 1);
  EXPECT_EQ(WhereOf(won.status()).column, 0);
  const auto closed = RankSellers({0}, {-2}, {}, {});
  EXPECT_THAT(closed, Refused(Reason::kValueRange, HasSubstr("closed -2")));
  EXPECT_EQ(WhereOf(closed.status()).column, 1);
  EXPECT_THAT(RankSellers({0}, {2'000'000'000'000}, {}, {}),
              RefusedFor(Reason::kValueRange));
  for (const double bad : {-0.1, 2.1, kNaN}) {
    const auto expected = RankSellers({1}, {2}, {bad}, {});
    EXPECT_THAT(expected, Refused(Reason::kValueRange, HasSubstr("expected")));
    EXPECT_EQ(WhereOf(expected.status()).column, 2);
  }
  EXPECT_THAT(RankSellers({0}, {0}, {}, {}),
              Refused(Reason::kValueRange, HasSubstr("no group has trials")));
  EXPECT_THAT(RankSellers({}, {}, {}, WithPrior(1.5, 20)),
              Refused(Reason::kValueRange, HasSubstr("prior 1.5")));
  EXPECT_THAT(RankSellers({}, {}, {}, WithPrior(0.5, -1)),
              Refused(Reason::kValueRange, HasSubstr("strength -1")));
  EXPECT_TRUE(RankSellers({}, {}, {}, WithPrior(0.5, 1))->sellers.empty());
}

// ---- Top and bottom ---------------------------------------------------------

constexpr TieRule kRules[] = {TieRule::kFractional, TieRule::kInclude,
                              TieRule::kExclude, TieRule::kOrdinal};

TEST(TakeShareTest, Known) {
  const Counts values = {10, 9, 9, 9, 8, 7, 6, 5};
  const TopShare f =
      *TakeShare(values, {1, 4}, ShareEnd::kTop, TieRule::kFractional);
  EXPECT_EQ(f.k, 2);
  EXPECT_EQ(f.boundary, 9);
  EXPECT_EQ(f.tied, 3);
  EXPECT_EQ(f.at_boundary.numerator, 1);
  EXPECT_EQ(f.at_boundary.denominator, 3);
  EXPECT_THAT(f.weight, ElementsAre(1, 1.0 / 3, 1.0 / 3, 1.0 / 3, 0, 0, 0, 0));
  EXPECT_THAT(
      TakeShare(values, {1, 4}, ShareEnd::kTop, TieRule::kInclude)->weight,
      ElementsAre(1, 1, 1, 1, 0, 0, 0, 0));
  EXPECT_THAT(
      TakeShare(values, {1, 4}, ShareEnd::kTop, TieRule::kExclude)->weight,
      ElementsAre(1, 0, 0, 0, 0, 0, 0, 0));
  EXPECT_THAT(
      TakeShare(values, {1, 4}, ShareEnd::kTop, TieRule::kOrdinal)->weight,
      ElementsAre(1, 1, 0, 0, 0, 0, 0, 0));
  // All fit, so nobody is left out.
  EXPECT_THAT(
      TakeShare(values, {1, 2}, ShareEnd::kTop, TieRule::kExclude)->weight,
      ElementsAre(1, 1, 1, 1, 0, 0, 0, 0));
  EXPECT_THAT(
      TakeShare(values, {1, 4}, ShareEnd::kBottom, TieRule::kExclude)->weight,
      ElementsAre(0, 0, 0, 0, 0, 0, 1, 1));
}

TEST(TakeShareTest, Reference) {
  const auto cases = ReferenceCases("funnel", "top_share");
  FIVEK_NEEDS_REFERENCE(cases);
  for (const auto& one : cases) {
    const auto& in = one.at("input");
    const auto& want = one.at("expected");
    const auto values = in.at("value").get<Counts>();
    const Fraction share = {in.at("share")[0], in.at("share")[1]};
    const auto take = [&](TieRule rule) {
      return *TakeShare(values, share, ShareEnd::kTop, rule);
    };
    const auto members = [&](TieRule rule) {
      std::vector<size_t> all;
      const TopShare top = take(rule);
      for (size_t i = 0; i < top.weight.size(); ++i) {
        if (top.weight[i] > 0.0) all.push_back(i);
      }
      return all;
    };
    EXPECT_EQ(take(TieRule::kInclude).k, want.at("k").get<int64_t>());
    EXPECT_EQ(take(TieRule::kInclude).boundary,
              want.at("boundary").get<int64_t>());
    using Places = std::vector<size_t>;
    EXPECT_EQ(members(TieRule::kInclude),
              want.at("include_ties").get<Places>());
    EXPECT_EQ(members(TieRule::kExclude),
              want.at("exclude_ties").get<Places>());
    EXPECT_EQ(members(TieRule::kOrdinal), want.at("ordinal").get<Places>());
    EXPECT_EQ(take(TieRule::kFractional).weight,
              want.at("fractional_weight").get<Numbers>());
  }
}

// k = max(1, floor(n/4 + 1/2)).
TEST(TakeShareTest, Places) {
  const int64_t want[] = {1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4};
  for (size_t n = 1; n <= std::size(want); ++n) {
    Counts values(n);
    std::iota(values.begin(), values.end(), 0);
    for (const TieRule rule : kRules) {
      const TopShare top = *TakeShare(values, {1, 4}, ShareEnd::kTop, rule);
      EXPECT_EQ(top.k, want[n - 1]) << n;
      EXPECT_EQ(std::accumulate(top.weight.begin(), top.weight.end(), 0.0),
                static_cast<double>(top.k));
    }
    EXPECT_EQ(TakeShare(values, {1, 1}, ShareEnd::kTop, kRules[0])->k,
              static_cast<int64_t>(n));
  }
}

TEST(TakeShareTest, Properties) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    SplitMix64 random(seed);
    Counts values(1 + random.Below(20));
    for (int64_t& v : values) v = static_cast<int64_t>(random.Below(6)) - 3;
    const Fraction share = {1, 1 + random.Below(5)};
    for (const ShareEnd end : {ShareEnd::kTop, ShareEnd::kBottom}) {
      std::vector<TopShare> by_rule;
      for (const TieRule rule : kRules) {
        by_rule.push_back(*TakeShare(values, share, end, rule));
      }
      const TopShare& fractional = by_rule[0];
      // The places are shared out exactly.
      int64_t sure = 0;
      for (size_t i = 0; i < values.size(); ++i) {
        const bool is_tied = values[i] == fractional.boundary;
        sure += !is_tied && fractional.weight[i] == 1.0 ? 1 : 0;
        EXPECT_GE(by_rule[1].weight[i], fractional.weight[i]);
        EXPECT_LE(by_rule[2].weight[i], fractional.weight[i]);
        if (!is_tied) {
          EXPECT_EQ(by_rule[3].weight[i], fractional.weight[i]);
        }
      }
      EXPECT_EQ(fractional.at_boundary.numerator + sure, fractional.k);
      EXPECT_EQ(fractional.at_boundary.denominator, fractional.tied);
      EXPECT_EQ(std::accumulate(by_rule[3].weight.begin(),
                                by_rule[3].weight.end(), 0.0),
                static_cast<double>(fractional.k));
      // The bottom is the top of the mirror.
      Counts mirror = values;
      for (int64_t& v : mirror) v = -v;
      const ShareEnd other =
          end == ShareEnd::kTop ? ShareEnd::kBottom : ShareEnd::kTop;
      EXPECT_EQ(TakeShare(mirror, share, other, TieRule::kFractional)->weight,
                fractional.weight);
    }
  }
}

TEST(TakeShareTest, Refusals) {
  EXPECT_THAT(TakeShare({}, {1, 4}, ShareEnd::kTop, TieRule::kInclude),
              Refused(Reason::kValueRange, HasSubstr("no values")));
  EXPECT_THAT(TakeShare({1}, {0, 4}, ShareEnd::kTop, TieRule::kInclude),
              Refused(Reason::kValueRange, HasSubstr("share 0")));
  EXPECT_THAT(TakeShare({1}, {5, 4}, ShareEnd::kTop, TieRule::kInclude),
              Refused(Reason::kValueRange, HasSubstr("share 5/4")));
  EXPECT_THAT(TakeShare({1}, {1, 4}, ShareEnd::kTop, static_cast<TieRule>(4)),
              Refused(Reason::kUnknownCode, HasSubstr("tie rule 4")));
  EXPECT_THAT(TakeShare({1}, {1, 4}, static_cast<ShareEnd>(2), kRules[0]),
              Refused(Reason::kUnknownCode, HasSubstr("end 2")));
}

}  // namespace
}  // namespace fivek
