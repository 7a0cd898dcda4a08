#include "fivek/method/labels.h"

#include <cstdint>
#include <cstring>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace fivek {
namespace {

constexpr Language kBoth[] = {Language::kEnglish, Language::kChinese};

// The contract: name and codes of every set.
struct SetCase {
  LabelSet set;
  const char* name;
  std::vector<int32_t> codes;
};

std::vector<int32_t> Upto(int32_t last) {
  std::vector<int32_t> codes;
  for (int32_t code = 0; code <= last; ++code) codes.push_back(code);
  return codes;
}

const std::vector<SetCase>& Sets() {
  static const auto* const kSets = new std::vector<SetCase>{
      {LabelSet::kDimension, "dimension", Upto(4)},
      {LabelSet::kDimensionQuestion, "dimension.question", Upto(4)},
      {LabelSet::kLevelProblem, "level.problem", Upto(5)},
      {LabelSet::kLevelPower, "level.power", Upto(7)},
      {LabelSet::kLevelVision, "level.vision", Upto(3)},
      {LabelSet::kLevelValue, "level.value", Upto(6)},
      {LabelSet::kLevelControl, "level.control", Upto(6)},
      {LabelSet::kStage, "stage", Upto(5)},
      {LabelSet::kAction, "action", Upto(5)},
      {LabelSet::kStep, "step", Upto(6)},
      {LabelSet::kRole, "role", Upto(4)},
      {LabelSet::kEvidence, "evidence", Upto(21)},
      {LabelSet::kShownBy, "shown_by", Upto(7)},
      {LabelSet::kProof, "proof", Upto(5)},
      {LabelSet::kMilestone, "milestone", Upto(6)},
      {LabelSet::kOutcome, "outcome", Upto(4)},
      {LabelSet::kEvent, "event", Upto(9)},
      {LabelSet::kSignal,
       "signal",
       {0, 1, 2, 3, 16, 17, 18, 19, 32, 33, 34, 35, 36, 37, 38}},
      {LabelSet::kSignalGroup, "signal.group", Upto(2)},
      {LabelSet::kObjection, "objection", Upto(3)},
      {LabelSet::kSaying, "saying", Upto(2)},
      {LabelSet::kSayingResponse, "saying.response", Upto(2)},
      {LabelSet::kPainQuestion, "pain.question", Upto(3)},
      {LabelSet::kPainArea, "pain.area", Upto(5)},
      {LabelSet::kQualificationQuestion, "qualification.question", Upto(2)},
      {LabelSet::kPortfolioCell, "portfolio.cell", Upto(3)},
      {LabelSet::kPortfolioStrategy, "portfolio.strategy", Upto(3)},
      {LabelSet::kTriangleCorner, "triangle.corner", Upto(2)},
      {LabelSet::kConcern, "concern", Upto(3)},
      {LabelSet::kSalesMode, "sales.mode", Upto(2)},
      {LabelSet::kSalesModePractice, "sales.mode.practice", Upto(2)},
      {LabelSet::kTeamFunction, "team.function", Upto(5)},
      {LabelSet::kTeamPhase, "team.phase", Upto(2)},
      {LabelSet::kTeamTrait, "team.trait", Upto(4)},
      {LabelSet::kTeamGrouping, "team.grouping", Upto(3)},
      {LabelSet::kSegmentPart, "segment.part", Upto(5)},
      {LabelSet::kSegmentFactor, "segment.factor", Upto(3)},
      {LabelSet::kRfmSegment, "rfm_segment", Upto(11)},
      {LabelSet::kOrderDue, "order_due", Upto(2)},
      {LabelSet::kFollowUp, "follow_up", Upto(3)},
      {LabelSet::kVisitGroup, "visit_group", Upto(2)},
      {LabelSet::kHoursVerdict, "hours_verdict", Upto(2)},
  };
  return *kSets;
}

// The code points of UTF-8 text; empty if it is not UTF-8.
std::vector<uint32_t> CodePoints(absl::string_view text) {
  std::vector<uint32_t> points;
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const size_t length = lead < 0x80            ? 1
                          : lead >> 5 == 0b110   ? 2
                          : lead >> 4 == 0b1110  ? 3
                          : lead >> 3 == 0b11110 ? 4
                                                 : 0;
    if (length == 0 || i + length > text.size()) return {};
    uint32_t point = length == 1 ? lead : lead & (0xffU >> (length + 1));
    for (size_t k = 1; k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if (next >> 6 != 0b10) return {};
      point = point << 6 | (next & 0x3f);
    }
    constexpr uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < kLeast[length] || point > 0x10ffff ||
        (point >= 0xd800 && point < 0xe000)) {
      return {};
    }
    points.push_back(point);
    i += length;
  }
  return points;
}

TEST(LabelsTest, SetsAreTheContract) {
  ASSERT_EQ(Sets().size(), static_cast<size_t>(kLabelSetCount));
  for (size_t i = 0; i < Sets().size(); ++i) {
    const SetCase& c = Sets()[i];
    EXPECT_EQ(static_cast<size_t>(c.set), i);
    EXPECT_STREQ(NameOf(c.set), c.name);
    EXPECT_EQ(LabelSetFromName(c.name), c.set) << c.name;
  }
  EXPECT_EQ(NameOf(static_cast<LabelSet>(kLabelSetCount)), nullptr);
  EXPECT_EQ(NameOf(static_cast<LabelSet>(255)), nullptr);
  for (const char* const name :
       {"", "Stage", "stages", "level", "level.", "level.Problem", " stage",
        "stage ", "outcomes", "dimension.questions"}) {
    EXPECT_EQ(LabelSetFromName(name), absl::nullopt) << name;
  }
  EXPECT_EQ(LabelSetFromName(absl::string_view("stage\0", 6)), absl::nullopt);
}

TEST(LabelsTest, CodesAreEnumeratedExactly) {
  for (const SetCase& c : Sets()) {
    std::vector<int32_t> got;
    for (int32_t i = 0; CodeAt(c.set, i) != -1; ++i) {
      got.push_back(CodeAt(c.set, i));
    }
    EXPECT_EQ(got, c.codes) << c.name;
    EXPECT_EQ(CodeAt(c.set, -1), -1);
    EXPECT_EQ(CodeAt(c.set, std::numeric_limits<int32_t>::min()), -1);
    EXPECT_EQ(CodeAt(c.set, std::numeric_limits<int32_t>::max()), -1);
  }
  EXPECT_EQ(CodeAt(static_cast<LabelSet>(kLabelSetCount), 0), -1);
}

TEST(LabelsTest, ExactlyTheCodesHaveLabels) {
  for (const SetCase& c : Sets()) {
    const std::set<int32_t> codes(c.codes.begin(), c.codes.end());
    for (int32_t code = -3; code < 300; ++code) {
      for (const Language language : kBoth) {
        EXPECT_EQ(Label(c.set, code, language) != nullptr,
                  codes.count(code) != 0)
            << c.name << " " << code;
      }
    }
    for (const int32_t code :
         {std::numeric_limits<int32_t>::min(),
          std::numeric_limits<int32_t>::max(), 256, 65536}) {
      EXPECT_EQ(Label(c.set, code, Language::kEnglish), nullptr);
    }
  }
  EXPECT_EQ(Label(static_cast<LabelSet>(kLabelSetCount), 0, Language::kEnglish),
            nullptr);
}

TEST(LabelsTest, EveryLabelIsTextInBothLanguages) {
  for (const SetCase& c : Sets()) {
    std::set<std::string> en;
    std::set<std::string> zh;
    for (const int32_t code : c.codes) {
      const char* const english = Label(c.set, code, Language::kEnglish);
      const char* const chinese = Label(c.set, code, Language::kChinese);
      ASSERT_NE(english, nullptr);
      ASSERT_NE(chinese, nullptr);
      const std::vector<uint32_t> english_points = CodePoints(english);
      const std::vector<uint32_t> chinese_points = CodePoints(chinese);
      EXPECT_FALSE(english_points.empty()) << c.name << " " << code;
      for (const uint32_t point : english_points) {
        EXPECT_TRUE(point >= ' ' && point < 0x7f) << english;
      }
      bool has_chinese = false;
      for (const uint32_t point : chinese_points) {
        has_chinese = has_chinese || (point >= 0x4e00 && point <= 0x9fff);
        EXPECT_GE(point, 0x20U) << chinese;
      }
      EXPECT_TRUE(has_chinese) << c.name << " " << code << ": " << chinese;
      EXPECT_TRUE(en.insert(english).second) << "twice: " << english;
      EXPECT_TRUE(zh.insert(chinese).second) << "twice: " << chinese;
    }
  }
}

TEST(LabelsTest, AreTheWordsOfTheMethod) {
  struct Word {
    LabelSet set;
    int32_t code;
    const char *en, *zh;
  };
  const Word words[] = {
      {LabelSet::kDimension, 0, "Problem", "问题"},
      {LabelSet::kDimension, 4, "Control", "控制"},
      {LabelSet::kStage, 2, "set criteria", "制定标准"},
      {LabelSet::kAction, 5, "follow up and maintain", "跟踪维护"},
      {LabelSet::kStep, 6, "closing and signing", "成交与签约"},
      {LabelSet::kRole, 0, "decision maker", "决策人"},
      {LabelSet::kEvidence, 6,
       "the consensus is written into a letter to the sponsor",
       "共识已整理到经办人信函"},
      {LabelSet::kEvidence, 18, "contract is signed", "已签约"},
      {LabelSet::kShownBy, 1, "sponsor", "经办人"},
      {LabelSet::kProof, 1, "seller's own note", "销售自述"},
      {LabelSet::kMilestone, 0, "unqualified", "未合格"},
      {LabelSet::kMilestone, 1, "qualified prospect", "合格潜在客户"},
      {LabelSet::kMilestone, 2, "qualified sponsor", "合格经办人"},
      {LabelSet::kMilestone, 3, "qualified decision maker", "合格决策者"},
      {LabelSet::kMilestone, 4, "decision settled", "决策定案"},
      {LabelSet::kMilestone, 5, "pending close", "等候结案"},
      {LabelSet::kMilestone, 6, "closed won", "结案"},
      {LabelSet::kOutcome, 4, "void", "无效"},
      {LabelSet::kEvent, 0, "evidence confirmed", nullptr},
      {LabelSet::kEvent, 9, "voided", nullptr},
      {LabelSet::kSignal, 38, "shows liking", nullptr},
      {LabelSet::kObjection, 0, "strategic priority", "战略优先"},
  };
  for (const Word& word : words) {
    EXPECT_STREQ(Label(word.set, word.code, Language::kEnglish), word.en);
    if (word.zh != nullptr) {
      EXPECT_STREQ(Label(word.set, word.code, Language::kChinese), word.zh);
    }
  }
}

TEST(LabelsTest, LevelsBelongToTheirDimension) {
  EXPECT_EQ(LevelSet(Dimension::kProblem), LabelSet::kLevelProblem);
  EXPECT_EQ(LevelSet(Dimension::kPower), LabelSet::kLevelPower);
  EXPECT_EQ(LevelSet(Dimension::kVision), LabelSet::kLevelVision);
  EXPECT_EQ(LevelSet(Dimension::kValue), LabelSet::kLevelValue);
  EXPECT_EQ(LevelSet(Dimension::kControl), LabelSet::kLevelControl);
}

TEST(LabelsTest, ALabelIsTheSamePointerEachTime) {
  EXPECT_EQ(Label(LabelSet::kStage, 1, Language::kChinese),
            Label(LabelSet::kStage, 1, Language::kChinese));
}

}  // namespace
}  // namespace fivek
