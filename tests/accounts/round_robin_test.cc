#include "fivek/accounts/round_robin.h"

#include <numeric>
#include <vector>

#include "fivek/base/reason.h"
#include "gtest/gtest.h"
#include "tests/accounts/random.h"
#include "tests/history/reference.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

using Numbers = std::vector<int64_t>;

std::vector<int32_t> Turns(const Numbers& weight, size_t n) {
  Numbers credit(weight.size());
  std::vector<int32_t> turns(n);
  EXPECT_TRUE(
      TakeTurns(weight, {}, absl::MakeSpan(credit), absl::MakeSpan(turns))
          .ok());
  return turns;
}

TEST(NextInTurnTest, Reference) {
  EXPECT_THAT(Turns({5, 1, 1}, 7), ElementsAre(0, 0, 1, 0, 2, 0, 0));
  const auto cases = ReferenceCases("allocation", "round_robin");
  FIVEK_NEEDS_REFERENCE(cases);
  for (const nlohmann::json& one : cases) {
    EXPECT_EQ(Turns(one.at("input").at("weight").get<Numbers>(),
                    one.at("input").at("n")),
              one.at("expected").at("sequence").get<std::vector<int32_t>>());
  }
}

// All weights of up to three sellers: in every window of their sum, each has
// exactly as many turns.
TEST(NextInTurnTest, EveryWindowIsFair) {
  for (int64_t a = 0; a <= 6; ++a) {
    for (int64_t b = 0; b <= 6; ++b) {
      for (int64_t c = 1; c <= 6; ++c) {
        const Numbers weight = {a, b, c};
        const auto sum = static_cast<size_t>(a + b + c);
        const std::vector<int32_t> turns = Turns(weight, 3 * sum);
        for (size_t from = 0; from + sum <= turns.size(); ++from) {
          Numbers served(3);
          for (size_t i = from; i < from + sum; ++i) {
            ++served[static_cast<size_t>(turns[i])];
          }
          ASSERT_EQ(served, weight) << from;
        }
      }
    }
  }
}

TEST(NextInTurnTest, CreditsEndWhereTheyBegan) {
  SplitMix64 random(1);
  for (int i = 0; i < 50; ++i) {
    Numbers weight;
    for (int s = 0; s < 8; ++s) weight.push_back(random.Below(20));
    weight.push_back(1);
    Numbers credit(weight.size());
    const int64_t sum =
        std::accumulate(weight.begin(), weight.end(), int64_t{0});
    for (int64_t t = 0; t < sum; ++t) {
      EXPECT_TRUE(NextInTurn(weight, {}, absl::MakeSpan(credit)).ok());
      EXPECT_EQ(std::accumulate(credit.begin(), credit.end(), int64_t{0}), 0);
      for (const int64_t one : credit) EXPECT_LT(std::abs(one), sum * 9);
    }
    EXPECT_THAT(credit, Each(0));
  }
}

TEST(NextInTurnTest, TheAbsentKeepTheirCredit) {
  const Numbers weight = {1, 1, 1};
  Numbers credit(3);
  EXPECT_EQ(*NextInTurn(weight, {}, absl::MakeSpan(credit)), 0U);
  const Numbers before = credit;
  EXPECT_EQ(*NextInTurn(weight, {0, 1, 0}, absl::MakeSpan(credit)), 2U);
  EXPECT_EQ(credit[1], before[1]);
  EXPECT_EQ(*NextInTurn(weight, {}, absl::MakeSpan(credit)), 1U);
}

TEST(NextInTurnTest, OneByOneIsManyAtOnce) {
  const Numbers weight = {3, 0, 7, 2};
  Numbers credit(4);
  const std::vector<int32_t> turns = Turns(weight, 40);
  for (const int32_t turn : turns) {
    EXPECT_EQ(
        static_cast<int32_t>(*NextInTurn(weight, {}, absl::MakeSpan(credit))),
        turn);
    EXPECT_NE(turn, 1);
  }
}

TEST(NextInTurnTest, LargestBounds) {
  const Numbers weight = {kMostTurnWeight, kMostTurnWeight};
  Numbers credit = {-kMostCredit, kMostCredit};
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(*NextInTurn(weight, {1, 0}, absl::MakeSpan(credit)), 1U);
  }
  EXPECT_EQ(credit[1], kMostCredit);
}

TEST(NextInTurnTest, Refusals) {
  Numbers credit = {1, 2};
  const auto next = [&](const Numbers& weight,
                        const std::vector<uint8_t>& absent) {
    return NextInTurn(weight, absent, absl::MakeSpan(credit)).status();
  };
  EXPECT_THAT(next({1}, {}),
              Refused(Reason::kValueRange, HasSubstr("weight 1, absent 0")));
  EXPECT_THAT(next({1, 1}, {0}),
              Refused(Reason::kValueRange, HasSubstr("absent 1")));
  absl::Status refused = next({1, -1}, {});
  EXPECT_THAT(refused, Refused(Reason::kValueRange,
                               HasSubstr("weight -1; allowed: 0 to 1000000")));
  EXPECT_EQ(WhereOf(refused).row, 1);
  EXPECT_EQ(WhereOf(refused).column, 0);
  EXPECT_THAT(next({1, kMostTurnWeight + 1}, {}),
              RefusedFor(Reason::kValueRange));
  refused = next({1, 1}, {0, 2});
  EXPECT_THAT(refused,
              Refused(Reason::kValueRange, HasSubstr("absent 2; allowed: 0")));
  EXPECT_EQ(WhereOf(refused).column, 1);
  EXPECT_THAT(next({0, 1}, {0, 1}),
              Refused(Reason::kValueRange, HasSubstr("nobody")));
  EXPECT_THAT(credit, ElementsAre(1, 2));
  credit[1] = kMostCredit + 1;
  refused = next({1, 1}, {});
  EXPECT_THAT(refused, Refused(Reason::kValueRange, HasSubstr("credit 2")));
  EXPECT_EQ(WhereOf(refused).column, 2);
  std::vector<int32_t> turns = {9};
  EXPECT_FALSE(
      TakeTurns({1, 1}, {}, absl::MakeSpan(credit), absl::MakeSpan(turns))
          .ok());
  EXPECT_THAT(turns, ElementsAre(9));
}

}  // namespace
}  // namespace fivek
