#include "fivek/base/apportion.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "fivek/base/reason.h"
#include "gtest/gtest.h"
#include "tests/accounts/random.h"
#include "tests/history/reference.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using Seats = std::vector<int64_t>;
using Weights = std::vector<uint64_t>;

// Seat by seat, as the rule says.
Seats OneByOne(int64_t seats, const Weights& weight, const Seats& least,
               const Seats& most) {
  Seats x = least;
  for (int64_t left = seats - std::accumulate(x.begin(), x.end(), int64_t{0});
       left > 0; --left) {
    size_t best = x.size();
    for (size_t i = 0; i < x.size(); ++i) {
      if (weight[i] == 0 || x[i] >= most[i]) continue;
      if (best == x.size() ||
          weight[i] * static_cast<uint64_t>(2 * x[best] + 1) >
              weight[best] * static_cast<uint64_t>(2 * x[i] + 1)) {
        best = i;
      }
    }
    ++x[best];
  }
  return x;
}

TEST(ApportionSeatsTest, Reference) {
  EXPECT_THAT(
      *ApportionSeats(40, {420, 260, 150, 90, 50, 20, 10},
                      {1, 1, 1, 1, 1, 1, 1}, {40, 9, 40, 40, 1, 40, 40}),
      ElementsAre(18, 9, 6, 4, 1, 1, 1));
  const auto cases = ReferenceCases("goals", "apportion");
  FIVEK_NEEDS_REFERENCE(cases);
  for (const nlohmann::json& one : cases) {
    const nlohmann::json& input = one.at("input");
    EXPECT_EQ(*ApportionSeats(input.at("total"),
                              input.at("weight").get<Weights>(), {}, {}),
              one.at("expected").at("webster").get<Seats>());
  }
}

TEST(ApportionSeatsTest, SmallOnesAsSeatBySeat) {
  SplitMix64 random(1);
  for (int i = 0; i < 4000; ++i) {
    const auto n = static_cast<size_t>(1 + random.Below(6));
    Weights weight;
    Seats least;
    Seats most;
    int64_t lowest = 0;
    int64_t highest = 0;
    const int64_t limit = i % 2 == 0 ? 6 : 1000;
    for (size_t k = 0; k < n; ++k) {
      weight.push_back(static_cast<uint64_t>(random.Below(limit)));
      least.push_back(random.Below(3));
      most.push_back(least.back() + random.Below(9));
      lowest += least.back();
      highest += weight.back() == 0 ? least.back() : most.back();
    }
    for (int64_t seats = lowest; seats <= highest; ++seats) {
      ASSERT_EQ(*ApportionSeats(seats, weight, least, most),
                OneByOne(seats, weight, least, most))
          << i << ", seats " << seats;
    }
    EXPECT_FALSE(ApportionSeats(lowest - 1, weight, least, most).ok());
    EXPECT_FALSE(ApportionSeats(highest + 1, weight, least, most).ok());
  }
}

// Sum of x^2 / weight is the least, by trying all.
TEST(ApportionSeatsTest, NearestToTheShares) {
  const Weights weight = {11, 7, 5};
  for (int64_t seats = 0; seats <= 12; ++seats) {
    const auto sum = [&](const Seats& x) {  // Times 11 x 7 x 5.
      return x[0] * x[0] * 35 + x[1] * x[1] * 55 + x[2] * x[2] * 77;
    };
    const Seats x = *ApportionSeats(seats, weight, {}, {});
    for (int64_t a = 0; a <= seats; ++a) {
      for (int64_t b = 0; a + b <= seats; ++b) {
        EXPECT_LE(sum(x), sum({a, b, seats - a - b}));
      }
    }
  }
}

TEST(ApportionSeatsTest, ManySeats) {
  SplitMix64 random(2);
  for (const int64_t seats : {int64_t{100'000}, kMostSeats}) {
    Weights weight;
    for (int i = 0; i < 50; ++i) weight.push_back(random.Next() >> 20);
    weight.push_back(1);
    const Seats x = *ApportionSeats(seats, weight, {}, {});
    EXPECT_EQ(std::accumulate(x.begin(), x.end(), int64_t{0}), seats);
    if (seats == 100'000) {
      EXPECT_EQ(x, OneByOne(seats, weight, Seats(51, 0), Seats(51, seats)));
    }
    // Nobody who has a seat should have given it to somebody else:
    // w[i] / (2 x[i] - 1) >= w[j] / (2 x[j] + 1).
    for (size_t i = 0; i < x.size(); ++i) {
      for (size_t j = 0; j < x.size(); ++j) {
        if (x[i] == 0 || i == j) continue;
        ASSERT_GE(
            absl::uint128(weight[i]) * static_cast<uint64_t>(2 * x[j] + 1),
            absl::uint128(weight[j]) * static_cast<uint64_t>(2 * x[i] - 1));
      }
    }
  }
}

TEST(ApportionSeatsTest, LargestAndSmallestWeights) {
  const uint64_t top = std::numeric_limits<uint64_t>::max();
  // The small one has all that the cap of the large one leaves.
  EXPECT_THAT(*ApportionSeats(kMostSeats, {top, 1}, {}, {5, kMostSeats}),
              ElementsAre(5, kMostSeats - 5));
  EXPECT_THAT(*ApportionSeats(7, {top, 1}, {}, {}), ElementsAre(7, 0));
  EXPECT_THAT(*ApportionSeats(8, {top, top, top - 1}, {}, {}),
              ElementsAre(3, 3, 2));
  EXPECT_THAT(*ApportionSeats(kMostSeats, {1, 1}, {}, {}),
              ElementsAre(kMostSeats / 2, kMostSeats / 2));
  EXPECT_THAT(*ApportionSeats(3, {1, 1}, {}, {}), ElementsAre(2, 1));
}

TEST(ApportionSeatsTest, MoreSeatsTakeNoneAway) {
  SplitMix64 random(3);
  Weights weight;
  for (int i = 0; i < 9; ++i) {
    weight.push_back(static_cast<uint64_t>(random.Below(500)));
  }
  Seats before(9, 0);
  for (int64_t seats = 0; seats < 300; ++seats) {
    const Seats now = *ApportionSeats(seats, weight, {}, {});
    for (size_t i = 0; i < now.size(); ++i) EXPECT_GE(now[i], before[i]);
    before = now;
  }
}

TEST(ApportionSeatsTest, NobodyAndNothing) {
  EXPECT_TRUE(ApportionSeats(0, {}, {}, {})->empty());
  EXPECT_THAT(*ApportionSeats(0, {0, 5}, {}, {}), ElementsAre(0, 0));
  EXPECT_THAT(*ApportionSeats(2, {0, 0}, {1, 1}, {}), ElementsAre(1, 1));
}

TEST(ApportionSeatsTest, Refusals) {
  EXPECT_THAT(ApportionSeats(-1, {1}, {}, {}),
              Refused(Reason::kValueRange, HasSubstr("seats -1; allowed: 0")));
  EXPECT_THAT(ApportionSeats(kMostSeats + 1, {1}, {}, {}),
              RefusedFor(Reason::kValueRange));
  EXPECT_THAT(ApportionSeats(1, {1}, {1, 2}, {}),
              Refused(Reason::kValueRange, HasSubstr("least 2")));
  EXPECT_THAT(ApportionSeats(1, {1}, {}, {1, 2}),
              Refused(Reason::kValueRange, HasSubstr("most 2")));
  auto refused = ApportionSeats(1, {1, 1}, {0, -1}, {});
  EXPECT_THAT(refused, Refused(Reason::kValueRange, HasSubstr("least -1")));
  EXPECT_EQ(WhereOf(refused.status()).row, 1);
  EXPECT_EQ(WhereOf(refused.status()).column, 1);
  refused = ApportionSeats(5, {1, 1}, {0, 3}, {9, 2});
  EXPECT_THAT(refused, Refused(Reason::kValueRange,
                               HasSubstr("most 2; allowed: the least, 3")));
  EXPECT_EQ(WhereOf(refused.status()).row, 1);
  EXPECT_EQ(WhereOf(refused.status()).column, 2);
  EXPECT_THAT(ApportionSeats(4, {1, 1}, {2, 3}, {}),
              Refused(Reason::kValueRange,
                      HasSubstr("seats 4; allowed: the sum of least, 5")));
  EXPECT_THAT(ApportionSeats(8, {1, 1, 0}, {}, {2, 3, 9}),
              Refused(Reason::kValueRange,
                      HasSubstr("who weigh above 0, 5, or fewer")));
  const int64_t top = std::numeric_limits<int64_t>::max();
  EXPECT_THAT(ApportionSeats(4, {1, 1, 1}, {top, top, top}, {}),
              Refused(Reason::kValueRange, HasSubstr("18446744073709551615")));
}

}  // namespace
}  // namespace fivek
