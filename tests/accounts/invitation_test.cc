#include "fivek/accounts/invitation.h"

#include <numeric>

#include "fivek/base/apportion.h"
#include "fivek/base/reason.h"
#include "gtest/gtest.h"
#include "tests/accounts/random.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using Seats = std::vector<int64_t>;
using Weights = std::vector<uint64_t>;

TEST(ApportionInvitationsTest, TheExample) {
  const InvitationPlan plan =
      *ApportionInvitations(10, {60, 40}, {}, {}, {8, 4, 0, 1, 1, 2}, 3);
  EXPECT_THAT(plan.by_territory, ElementsAre(6, 4));
  EXPECT_THAT(plan.table, ElementsAre(4, 2, 0, 1, 1, 2));
  EXPECT_THAT(plan.by_class, ElementsAre(5, 3, 2));
}

TEST(ApportionInvitationsTest, TheQuotaOfTheReference) {
  const Weights share = {420, 260, 150, 90, 50, 20, 10};
  const Weights need(7, 1);
  const InvitationPlan plan = *ApportionInvitations(
      40, share, Seats(7, 1), {40, 9, 40, 40, 1, 40, 40}, need, 1);
  EXPECT_THAT(plan.by_territory, ElementsAre(18, 9, 6, 4, 1, 1, 1));
  EXPECT_EQ(plan.table, plan.by_territory);
}

TEST(ApportionInvitationsTest, RowsAndColumnsAddUp) {
  SplitMix64 random(1);
  for (int i = 0; i < 300; ++i) {
    const auto territories = static_cast<size_t>(1 + random.Below(6));
    const auto classes = static_cast<size_t>(1 + random.Below(4));
    Weights share;
    Weights need;
    for (size_t t = 0; t < territories; ++t) {
      share.push_back(static_cast<uint64_t>(1 + random.Below(100)));
      for (size_t c = 0; c < classes; ++c) {
        need.push_back(static_cast<uint64_t>(random.Below(9)));
      }
      ++need[t * classes];
    }
    const int64_t seats = random.Below(80);
    const InvitationPlan plan =
        *ApportionInvitations(seats, share, {}, {}, need, classes);
    EXPECT_EQ(plan.by_territory, *ApportionSeats(seats, share, {}, {}));
    Seats columns(classes);
    for (size_t t = 0; t < territories; ++t) {
      int64_t row = 0;
      for (size_t c = 0; c < classes; ++c) {
        const int64_t cell = plan.table[t * classes + c];
        if (need[t * classes + c] == 0) {
          EXPECT_EQ(cell, 0);
        }
        row += cell;
        columns[c] += cell;
      }
      EXPECT_EQ(row, plan.by_territory[t]);
    }
    EXPECT_EQ(columns, plan.by_class);
    EXPECT_EQ(std::accumulate(columns.begin(), columns.end(), int64_t{0}),
              seats);
  }
}

TEST(ApportionInvitationsTest, Refusals) {
  EXPECT_THAT(ApportionInvitations(1, {1, 1}, {}, {}, {1, 1, 1}, 2),
              Refused(Reason::kValueRange, HasSubstr("need 3 elements")));
  EXPECT_THAT(ApportionInvitations(1, {}, {}, {}, {}, 0),
              Refused(Reason::kValueRange, HasSubstr("classes 0")));
  const auto refused = ApportionInvitations(4, {1, 1}, {}, {}, {1, 1, 0, 0}, 2);
  EXPECT_THAT(refused, Refused(Reason::kValueRange,
                               HasSubstr("need 0 of all classes where 2")));
  EXPECT_EQ(WhereOf(refused.status()).row, 1);
  EXPECT_EQ(WhereOf(refused.status()).column, 3);
  EXPECT_THAT(ApportionInvitations(4, {1, 1}, {3, 3}, {}, {1, 1}, 1),
              Refused(Reason::kValueRange, HasSubstr("the sum of least, 6")));
  // Where nobody is due, nobody needs anything.
  EXPECT_TRUE(ApportionInvitations(1, {9, 1}, {}, {}, {1, 0}, 1).ok());
}

}  // namespace
}  // namespace fivek
