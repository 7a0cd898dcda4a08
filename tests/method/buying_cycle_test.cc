#include "fivek/method/buying_cycle.h"

#include <array>
#include <cstdint>
#include <limits>
#include <random>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using testing::AllOf;
using testing::HasSubstr;
__extension__ using Wide = __int128;

constexpr int32_t kMinInt = std::numeric_limits<int32_t>::min();
constexpr int32_t kMaxInt = std::numeric_limits<int32_t>::max();

TEST(BuyingCycleTest, IsTheTableOfTheMethod) {
  struct Want {
    const char *stage, *stage_zh, *action, *action_zh;
    int share;
  };
  const Want want[6] = {
      {"recognise problem", "觉察问题", "explore and listen", "探察聆听", 79},
      {"decide to solve", "决定解决", "probe the impact", "试探冲击", 2},
      {"set criteria", "制定标准", "confirm needs", "确认需求", 5},
      {"evaluate options", "选择评价", "present and persuade", "展示说服", 3},
      {"purchase", "实际购买", "ask for the business", "要求生意", 2},
      {"experience and feedback", "感受反馈", "follow up and maintain",
       "跟踪维护", 9},
  };
  ASSERT_EQ(kBuyingCycle.size(), 6U);
  for (size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(static_cast<size_t>(kBuyingCycle[i].code), i);
    EXPECT_STREQ(kBuyingCycle[i].stage.en, want[i].stage);
    EXPECT_STREQ(kBuyingCycle[i].stage.zh, want[i].stage_zh);
    EXPECT_STREQ(kBuyingCycle[i].action.en, want[i].action);
    EXPECT_STREQ(kBuyingCycle[i].action.zh, want[i].action_zh);
    EXPECT_EQ(kBuyingCycle[i].market_share_percent, want[i].share);
  }
}

TEST(BuyingCycleTest, SevenStepsMapOntoTheCycle) {
  const int want[7] = {0, 0, 1, 2, 3, 4, 4};
  const std::pair<const char*, const char*> names[7] = {
      {"prospecting", "潜在客户识别"},
      {"first contact", "初步接触"},
      {"needs analysis", "需求分析"},
      {"solution design", "方案制定"},
      {"presentation", "方案展示"},
      {"negotiation and objections", "谈判与处理异议"},
      {"closing and signing", "成交与签约"}};
  for (int step = 0; step < 7; ++step) {
    const auto got = StageOfStep(step);
    ASSERT_TRUE(got.ok());
    EXPECT_EQ(static_cast<int>(*got), want[step]) << step;
    const StepRow& row = kSevenSteps[static_cast<size_t>(step)];
    EXPECT_STREQ(row.name.en, names[step].first);
    EXPECT_STREQ(row.name.zh, names[step].second);
  }
  for (const int32_t step : {-1, 7, kMinInt, kMaxInt}) {
    EXPECT_THAT(StageOfStep(step),
                Refused(Reason::kUnknownCode,
                        AllOf(HasSubstr(absl::StrCat("step ", step)),
                              HasSubstr("0 to 6"))));
  }
}

TEST(BuyingCycleTest, FivePeopleDecide) {
  const std::pair<const char*, const char*> want[5] = {
      {"decision maker", "决策人"},
      {"purchaser", "采购人员"},
      {"supporter", "支持者"},
      {"technical evaluator", "技术人员"},
      {"user", "使用者"}};
  ASSERT_EQ(kRoles.size(), 5U);
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(static_cast<size_t>(kRoles[i].code), i);
    EXPECT_STREQ(kRoles[i].name.en, want[i].first);
    EXPECT_STREQ(kRoles[i].name.zh, want[i].second);
  }
}

TEST(AlignTest, IsActionMinusStage) {
  for (int action = -2; action <= 8; ++action) {
    for (int stage = -2; stage <= 8; ++stage) {
      const auto got = Align(action, stage);
      const bool known = action >= 0 && action <= 5 && stage >= 0 && stage <= 5;
      ASSERT_EQ(got.ok(), known) << action << " " << stage;
      if (known) {
        EXPECT_EQ(got->steps, action - stage);
        EXPECT_EQ(got->aligned(), action == stage);
      }
    }
  }
  EXPECT_THAT(Align(6, 0),
              Refused(Reason::kUnknownCode, AllOf(HasSubstr("selling action 6"),
                                                  HasSubstr("0 to 5"))));
  EXPECT_THAT(Align(0, -1),
              Refused(Reason::kUnknownCode, AllOf(HasSubstr("buying stage -1"),
                                                  HasSubstr("0 to 5"))));
  EXPECT_FALSE(Align(kMaxInt, kMinInt).ok());
}

TEST(MeasureAlignmentTest, CountsWhatAlignSays) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<uint8_t> actions(random() % 60);
    std::vector<uint8_t> stages(actions.size());
    int64_t aligned = 0;
    int64_t ahead = 0;
    int64_t behind = 0;
    for (size_t i = 0; i < actions.size(); ++i) {
      actions[i] = static_cast<uint8_t>(random() % 6);
      stages[i] = static_cast<uint8_t>(random() % 6);
      ++(actions[i] == stages[i]  ? aligned
         : actions[i] > stages[i] ? ahead
                                  : behind);
    }
    const auto got = MeasureAlignment(actions, stages);
    ASSERT_TRUE(got.ok());
    EXPECT_EQ(got->aligned, aligned);
    EXPECT_EQ(got->ahead, ahead);
    EXPECT_EQ(got->behind, behind);
    if (actions.empty()) {
      EXPECT_EQ(got->aligned_ppm, -1);
    } else {
      const auto n = static_cast<int64_t>(actions.size());
      EXPECT_LE(std::abs(got->aligned_ppm * n - aligned * 1'000'000), n / 2);
    }
  }
}

TEST(MeasureAlignmentTest, NamesTheRowOfAnUnknownCode) {
  const auto bad_action =
      MeasureAlignment(std::vector<uint8_t>{0, 6}, std::vector<uint8_t>{0, 0});
  EXPECT_THAT(bad_action, RefusedFor(Reason::kUnknownCode));
  EXPECT_EQ(WhereOf(bad_action.status()).row, 1);
  const auto bad_stage = MeasureAlignment(std::vector<uint8_t>{0, 0, 5},
                                          std::vector<uint8_t>{0, 0, 255});
  EXPECT_THAT(bad_stage, RefusedFor(Reason::kUnknownCode));
  EXPECT_EQ(WhereOf(bad_stage.status()).row, 2);
  EXPECT_THAT(MeasureAlignment(std::vector<uint8_t>{0}, std::vector<uint8_t>{}),
              RefusedFor(Reason::kValueRange));
}

TEST(CompareWithMarketTest, TheReferenceItselfDiffersNowhere) {
  const auto got = CompareWithMarket({79, 2, 5, 3, 2, 9});
  ASSERT_TRUE(got.ok());
  EXPECT_THAT(got->share_ppm, testing::ElementsAre(790'000, 20'000, 50'000,
                                                   30'000, 20'000, 90'000));
  EXPECT_THAT(got->difference_ppm, testing::Each(0));
}

TEST(CompareWithMarketTest, EqualsTheOracle) {
  constexpr int kReference[6] = {79, 2, 5, 3, 2, 9};
  std::mt19937_64 random(8);
  for (int round = 0; round < 5000; ++round) {
    std::array<int64_t, 6> customers = {};
    Wide total = 0;
    for (int64_t& count : customers) {
      count = static_cast<int64_t>(random() >> (4 + random() % 60));
      total += count;
    }
    const auto got = CompareWithMarket(customers);
    if (total > std::numeric_limits<int64_t>::max()) {
      ASSERT_FALSE(got.ok());
      continue;
    }
    ASSERT_TRUE(got.ok()) << got.status();
    for (size_t i = 0; i < 6; ++i) {
      if (total == 0) {
        EXPECT_EQ(got->share_ppm[i], -1);
        EXPECT_EQ(got->difference_ppm[i], 0);
        continue;
      }
      const Wide scaled = Wide{customers[i]} * 1'000'000;
      Wide share = scaled / total;
      const Wide twice = 2 * (scaled - share * total);
      if (twice > total || (twice == total && share % 2 == 1)) ++share;
      ASSERT_EQ(got->share_ppm[i], static_cast<int32_t>(share));
      ASSERT_EQ(got->difference_ppm[i],
                static_cast<int32_t>(share) - kReference[i] * 10'000);
    }
  }
}

TEST(CompareWithMarketTest, RefusesNegativeCountsAndOverflow) {
  EXPECT_THAT(CompareWithMarket({0, 0, -1, 0, 0, 0}),
              Refused(Reason::kValueRange,
                      AllOf(HasSubstr("stage 2"), HasSubstr("-1"))));
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  EXPECT_THAT(CompareWithMarket({kMax, 1, 0, 0, 0, 0}),
              RefusedFor(Reason::kOverflow));
  EXPECT_TRUE(CompareWithMarket({kMax, 0, 0, 0, 0, 0}).ok());
}

TEST(GapsOfTest, EveryNestedBuyingCenter) {
  for (unsigned identified = 0; identified < 64; ++identified) {
    for (unsigned met = 0; met < 64; ++met) {
      for (unsigned supportive = 0; supportive < 64; ++supportive) {
        const BuyingCenter center = {static_cast<uint8_t>(identified),
                                     static_cast<uint8_t>(met),
                                     static_cast<uint8_t>(supportive)};
        const auto got = GapsOf(center, 2);
        if (((identified | met | supportive) & 32) != 0) {
          ASSERT_THAT(got, RefusedFor(Reason::kUnknownCode));
          continue;
        }
        if ((met & ~identified) != 0 || (supportive & ~met) != 0) {
          ASSERT_THAT(got, RefusedFor(Reason::kValueRange));
          continue;
        }
        ASSERT_TRUE(got.ok()) << got.status();
        int people = 0;
        for (unsigned role = 0; role < 5; ++role) {
          if ((met >> role & 1) != 0) ++people;
        }
        uint32_t want = 0;
        if ((identified & 1) == 0) want += 1;
        if ((met & 1) == 0) want += 2;
        if (people < 2) want += 4;
        if (supportive == 0) want += 8;
        ASSERT_EQ(*got, want) << identified << " " << met << " " << supportive;
      }
    }
  }
}

TEST(GapsOfTest, HowManyToMeetIsThePolicys) {
  const BuyingCenter three = {0b111, 0b111, 0b001};
  EXPECT_EQ(*GapsOf(three, 0), 0U);
  EXPECT_EQ(*GapsOf(three, 3), 0U);
  EXPECT_EQ(*GapsOf(three, 4),
            static_cast<uint32_t>(BuyingCenterGap::kSingleThreaded));
  EXPECT_EQ(*GapsOf({}, 0), 1U + 2U + 8U);
}

}  // namespace
}  // namespace fivek
