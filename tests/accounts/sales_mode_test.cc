#include "fivek/accounts/sales_mode.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "fivek/base/reason.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(SalesModeTest, Known) {
  SalesModeChoice c = *ChooseSalesMode({20, 10, 60, 10});
  EXPECT_EQ(c.mode, 1);
  EXPECT_EQ(c.possible, 0b010U);
  EXPECT_THAT(c.low, ElementsAre(30, 60, 10));
  EXPECT_EQ(c.lead, 30);
  EXPECT_EQ(c.unknown, 0U);
  EXPECT_EQ(ChooseSalesMode({20, 25, 40, 15})->mode, 0);
  EXPECT_EQ(ChooseSalesMode({0, 0, 0, 1})->mode, 2);
  c = *ChooseSalesMode({20, 20, 40, 0});
  EXPECT_EQ(c.mode, kModeUndecided) << "a tie";
  EXPECT_EQ(c.possible, 0b011U);
  EXPECT_EQ(c.lead, 0);
  c = *ChooseSalesMode({0, 0, 0, 0});
  EXPECT_EQ(c.mode, kModeUndecided);
  EXPECT_EQ(c.possible, 0b111U);
  c = *ChooseSalesMode({100, 50, 20, -1});
  EXPECT_EQ(c.mode, 0) << "whatever the unknown weight is";
  EXPECT_EQ(c.lead, 50);
  EXPECT_EQ(c.unknown, 0b1000U);
  c = *ChooseSalesMode({50, 50, 20, -1});
  EXPECT_EQ(c.mode, kModeUndecided);
  EXPECT_EQ(c.possible, 0b101U);
}

// On a coarse scale, each way to know each unknown weight.
TEST(SalesModeTest, UnknownWeightsByAllThatTheyMayBe) {
  const std::vector<int32_t> scale = {0, 50, 100};
  std::array<int32_t, 4> w = {};
  for (int code = 0; code < 256; ++code) {
    std::vector<std::array<int32_t, 4>> ways(1);
    for (size_t i = 0; i < 4; ++i) {
      const int digit = code >> (2 * i) & 3;
      w[i] = digit == 3 ? -1 : scale[static_cast<size_t>(digit)];
      std::vector<std::array<int32_t, 4>> more;
      for (const auto& way : ways) {
        for (const int32_t value : scale) {
          if (w[i] >= 0 && value != w[i]) continue;
          more.push_back(way);
          more.back()[i] = value;
        }
      }
      ways = more;
    }
    uint32_t leads = 0;  // Modes that lead, or share the lead, in some way.
    std::array<bool, 3> always = {true, true, true};  // Alone ahead in all.
    for (const auto& way : ways) {
      const int32_t sums[3] = {way[0] + way[1], way[2], way[3]};
      const int32_t top = std::max({sums[0], sums[1], sums[2]});
      for (size_t m = 0; m < 3; ++m) {
        if (sums[m] == top) leads |= 1U << m;
        const bool alone =
            sums[m] == top && std::count(sums, sums + 3, top) == 1;
        always[m] = always[m] && alone;
      }
    }
    const SalesModeChoice c = *ChooseSalesMode(w);
    EXPECT_EQ(c.possible, leads) << code;
    int32_t mode = kModeUndecided;
    for (int32_t m = 0; m < 3; ++m) {
      if (always[static_cast<size_t>(m)]) mode = m;
    }
    EXPECT_EQ(c.mode, mode) << code;
  }
}

TEST(SalesModeTest, Refusals) {
  EXPECT_THAT(ChooseSalesMode({1, 2, 3}),
              Refused(Reason::kValueRange, HasSubstr("weight of 3 concerns")));
  for (const int32_t bad : {-2, 101}) {
    const auto c = ChooseSalesMode({1, 2, bad, 4});
    EXPECT_THAT(c, Refused(Reason::kValueRange,
                           HasSubstr("; allowed: 0 to 100, or -1")));
    EXPECT_EQ(WhereOf(c.status()).column, 2);
  }
}

TEST(TeamTest, PersonsOfGroupings) {
  // people, and the phases of each person.
  const struct {
    int32_t people;
    std::vector<uint32_t> phases;
  } kWant[] = {{1, {0b111}},
               {2, {0b001, 0b110}},
               {2, {0b011, 0b100}},
               {3, {0b001, 0b010, 0b100}}};
  constexpr uint32_t kTraits[] = {0b00111, 0b00110, 0b11000};
  for (int32_t g = 0; g < kTeamGroupingCount; ++g) {
    const auto& want = kWant[g];
    uint32_t phases = 0;
    for (int32_t p = 0; p < want.people; ++p) {
      const TeamPerson person = *TeamPersonOf(g, p);
      EXPECT_EQ(person.people, want.people);
      EXPECT_EQ(person.phases, want.phases[static_cast<size_t>(p)]);
      uint32_t traits = 0;
      for (size_t phase = 0; phase < 3; ++phase) {
        if ((person.phases >> phase & 1) != 0) traits |= kTraits[phase];
      }
      EXPECT_EQ(person.traits, traits);
      EXPECT_EQ(phases & person.phases, 0U);
      phases |= person.phases;
    }
    EXPECT_EQ(phases, 0b111U);
    EXPECT_THAT(TeamPersonOf(g, want.people),
                Refused(Reason::kUnknownCode, HasSubstr("person ")));
    EXPECT_THAT(TeamPersonOf(g, -1),
                Refused(Reason::kUnknownCode, HasSubstr("person -1")));
  }
  EXPECT_THAT(TeamPersonOf(4, 0), Refused(Reason::kUnknownCode,
                                          HasSubstr("grouping 4; allowed: 0")));
  EXPECT_THAT(TeamPersonOf(-1, 0), RefusedFor(Reason::kUnknownCode));
}

}  // namespace
}  // namespace fivek
