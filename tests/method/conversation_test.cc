#include "fivek/method/conversation.h"

#include <cstdint>
#include <limits>
#include <map>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// domain.md §9.
const std::map<int, const char*> kWantSignals = {
    {0, "face and attitude change"},
    {1, "looks you in the eye"},
    {2, "shows childlike excitement"},
    {3, "customers smile at each other"},
    {16, "starts to nod again and again"},
    {17, "nervous movements"},
    {18, "moves to a better place to talk"},
    {19, "reads the manual closely"},
    {32, "talks around price"},
    {33, "asks about after-sales service"},
    {34, "asks how it is used"},
    {35, "asks in earnest about the product"},
    {36, "wants to try it"},
    {37, "compares it with other products"},
    {38, "shows liking"},
};

TEST(SignalsTest, AreTheCatalogue) {
  ASSERT_EQ(kSignals.size(), kWantSignals.size());
  for (const NamedCode& signal : kSignals) {
    const auto want = kWantSignals.find(signal.code);
    ASSERT_NE(want, kWantSignals.end()) << int{signal.code};
    EXPECT_STREQ(signal.name.en, want->second);
  }
}

TEST(SignalsTest, TheGroupFollowsFromTheCode) {
  for (int32_t code = -20; code < 300; ++code) {
    const auto got = GroupOfSignal(code);
    if (kWantSignals.count(code) == 0) {
      ASSERT_THAT(got, Refused(Reason::kUnknownCode,
                               HasSubstr("allowed: 0-3, 16-19, 32-38")));
      continue;
    }
    ASSERT_TRUE(got.ok()) << code;
    EXPECT_EQ(*got, code < 16   ? SignalGroup::kExpression
                    : code < 32 ? SignalGroup::kPosture
                                : SignalGroup::kSpeech);
  }
  EXPECT_FALSE(GroupOfSignal(std::numeric_limits<int32_t>::min()).ok());
  EXPECT_FALSE(GroupOfSignal(std::numeric_limits<int32_t>::max()).ok());
}

TEST(ObjectionsTest, AreTheCatalogue) {
  const std::pair<const char*, const char*> want[4] = {
      {"strategic priority", "战略优先"},
      {"timing or policy priority", "策略优先"},
      {"team readiness", "团队"},
      {"price", "价格"}};
  ASSERT_EQ(kObjections.size(), 4U);
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(kObjections[i].code, i);
    EXPECT_STREQ(kObjections[i].name.en, want[i].first);
    EXPECT_STREQ(kObjections[i].name.zh, want[i].second);
  }
  ASSERT_EQ(kSayings.size(), 3U);
  EXPECT_STREQ(kSayings[0].saying.en, "I will think about it");
  EXPECT_THAT(kSayings[0].response.en, HasSubstr("what the worry is"));
  EXPECT_STREQ(kSayings[1].saying.en, "no money now");
  EXPECT_THAT(kSayings[1].response.en, HasSubstr("when it arrives"));
  EXPECT_STREQ(kSayings[2].saying.en, "I must ask the chairman");
  EXPECT_THAT(kSayings[2].response.en, AllOf(HasSubstr("not the key person"),
                                             HasSubstr("follow the advice"),
                                             HasSubstr("reason for a no")));
}

TEST(PainDiscoveryTest, NarrowsInFourQuestionsAndSixAreas) {
  ASSERT_EQ(kPainQuestions.size(), 4U);
  EXPECT_THAT(kPainQuestions[0].name.en, HasSubstr("unsatisfactory"));
  EXPECT_THAT(kPainQuestions[2].name.en, HasSubstr("need"));
  EXPECT_THAT(kPainQuestions[3].name.en, HasSubstr("product attribute"));
  const char* const areas[6] = {"results", "users", "market size",
                                "brand",   "team",  "business model"};
  ASSERT_EQ(kPainAreas.size(), 6U);
  for (size_t i = 0; i < 6; ++i) EXPECT_STREQ(kPainAreas[i].name.en, areas[i]);
}

TEST(QualificationTest, AllTwentySevenCombinations) {
  const Answer answers[] = {Answer::kNo, Answer::kYes, Answer::kNotAsked};
  for (const Answer key_person : answers) {
    for (const Answer wish : answers) {
      for (const Answer means : answers) {
        const Answer given[3] = {key_person, wish, means};
        // A no decides, the first one is named; else the first open question.
        int first_no = -1;
        int first_open = -1;
        uint32_t failed = 0;
        uint32_t open = 0;
        for (int i = 2; i >= 0; --i) {
          failed = 2 * failed + (given[i] == Answer::kNo ? 1 : 0);
          open = 2 * open + (given[i] == Answer::kNotAsked ? 1 : 0);
          if (given[i] == Answer::kNo) first_no = i;
          if (given[i] == Answer::kNotAsked) first_open = i;
        }
        const auto got = Qualify({key_person, wish, means});
        ASSERT_TRUE(got.ok());
        EXPECT_EQ(got->failed, failed);
        EXPECT_EQ(got->open, open);
        if (first_no >= 0) {
          EXPECT_EQ(got->verdict, QualificationVerdict::kNotQualified);
          EXPECT_EQ(got->next_question, first_no);
        } else if (first_open >= 0) {
          EXPECT_EQ(got->verdict, QualificationVerdict::kPending);
          EXPECT_EQ(got->next_question, first_open);
        } else {
          EXPECT_EQ(got->verdict, QualificationVerdict::kQualified);
          EXPECT_EQ(got->next_question, -1);
        }
      }
    }
  }
}

TEST(QualificationTest, RefusesOtherAnswers) {
  for (int answer = 2; answer < 255; ++answer) {
    const auto bad = static_cast<Answer>(answer);
    for (int place = 0; place < 3; ++place) {
      // A no before it must not hide the bad answer.
      Qualification q = {Answer::kNo, Answer::kNo, Answer::kNo};
      (place == 0 ? q.key_person : place == 1 ? q.wish : q.means) = bad;
      ASSERT_THAT(Qualify(q),
                  Refused(Reason::kUnknownCode,
                          HasSubstr("answer " + std::to_string(answer))));
    }
  }
}

TEST(QualificationTest, QuestionsInOrder) {
  ASSERT_EQ(kQualificationQuestions.size(), 3U);
  EXPECT_THAT(kQualificationQuestions[0].name.en, HasSubstr("key person"));
  EXPECT_THAT(kQualificationQuestions[1].name.en, HasSubstr("wish"));
  EXPECT_THAT(kQualificationQuestions[2].name.en, HasSubstr("pay"));
}

}  // namespace
}  // namespace fivek
