#include "fivek/accounts/visit_policy.h"

#include <limits>

#include "fivek/base/reason.h"
#include "gtest/gtest.h"
#include "tests/accounts/random.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Visits = std::vector<int64_t>;

// So many accounts seen once, twice, three times.
Visits Team(int once, int twice, int more) {
  Visits visits;
  visits.insert(visits.end(), static_cast<size_t>(once), 1);
  visits.insert(visits.end(), static_cast<size_t>(twice), 2);
  visits.insert(visits.end(), static_cast<size_t>(more), 3);
  return visits;
}

TEST(MeasureVisitsTest, TheExample) {
  const VisitMix mix = *MeasureVisits({1, 1, 2, 1, 4, 0}, {});
  EXPECT_EQ(mix.unseen, 1);
  EXPECT_EQ(mix.seen, 5);
  EXPECT_EQ(mix.of[0].accounts, 3);
  EXPECT_EQ(mix.of[0].share_ppm, 600'000);
  EXPECT_EQ(mix.of[1].share_ppm, 200'000);
  EXPECT_EQ(mix.of[2].share_ppm, 200'000);
  EXPECT_EQ(mix.broken, 0b101U);
  EXPECT_THAT(mix.over_cap, ElementsAre(4));
  EXPECT_EQ(mix.visits, 9);
  EXPECT_EQ(mix.visits_over_cap, 2);
}

// Every team of up to 24, by shares that are compared as fractions.
TEST(MeasureVisitsTest, BoundsAreExact) {
  EXPECT_EQ(MeasureVisits(Team(13, 5, 2), {})->broken, 0U);
  for (int once = 0; once <= 24; ++once) {
    for (int twice = 0; once + twice <= 24; ++twice) {
      for (int more = 0; once + twice + more <= 24; ++more) {
        const int seen = once + twice + more;
        const VisitMix mix = *MeasureVisits(Team(once, twice, more), {});
        uint32_t broken = 0;
        if (20 * once < 13 * seen) broken |= 1;
        if (4 * twice > seen) broken |= 2;
        if (10 * more > seen) broken |= 4;
        ASSERT_EQ(mix.broken, broken) << once << " " << twice << " " << more;
        ASSERT_EQ(mix.of[0].accounts, once);
        ASSERT_EQ(mix.over_cap.size(), static_cast<size_t>(more));
      }
    }
  }
}

TEST(MeasureVisitsTest, NobodySeen) {
  const VisitMix mix = *MeasureVisits({0, 0}, {});
  EXPECT_EQ(mix.unseen, 2);
  EXPECT_EQ(mix.broken, 0U);
  EXPECT_THAT(MeasureVisits({}, {})->over_cap, IsEmpty());
}

TEST(MeasureVisitsTest, OwnPolicy) {
  VisitPolicy policy;
  policy.cap = 1;
  policy.mix_ppm = {0, 1'000'000, 0};
  const VisitMix mix = *MeasureVisits({2, 2, 1}, policy);
  EXPECT_EQ(mix.broken, 0U);
  EXPECT_THAT(mix.over_cap, ElementsAre(0, 1));
}

TEST(MeasureVisitsTest, AnyOrderGivesTheSameMix) {
  SplitMix64 random(1);
  Visits visits;
  for (int i = 0; i < 200; ++i) visits.push_back(random.Below(5));
  const VisitMix before = *MeasureVisits(visits, {});
  const auto order = Shuffled(visits.size(), &random);
  const VisitMix after = *MeasureVisits(Picked(visits, order), {});
  EXPECT_EQ(before.broken, after.broken);
  for (size_t g = 0; g < 3; ++g) {
    EXPECT_EQ(before.of[g].accounts, after.of[g].accounts);
  }
  EXPECT_EQ(before.over_cap.size(), after.over_cap.size());
}

TEST(MeasureVisitsTest, Refusals) {
  const auto refused = MeasureVisits({1, -1}, {});
  EXPECT_THAT(refused, Refused(Reason::kValueRange,
                               HasSubstr("visits -1; allowed: 0 to")));
  EXPECT_EQ(WhereOf(refused.status()).row, 1);
  EXPECT_EQ(WhereOf(refused.status()).column, 0);
  EXPECT_THAT(MeasureVisits({int64_t{1} << 31}, {}),
              RefusedFor(Reason::kValueRange));
  EXPECT_TRUE(MeasureVisits({std::numeric_limits<int32_t>::max()}, {}).ok());
  VisitPolicy policy;
  policy.cap = 0;
  EXPECT_THAT(MeasureVisits({}, policy),
              Refused(Reason::kValueRange, HasSubstr("cap 0; allowed: 1")));
  policy.cap = 2;
  policy.mix_ppm[1] = 1'000'001;
  EXPECT_THAT(MeasureVisits({}, policy),
              Refused(Reason::kValueRange, HasSubstr("mix_ppm 1000001")));
}

}  // namespace
}  // namespace fivek
