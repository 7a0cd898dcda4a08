#include "src/tool/cell.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "fivek/method/labels.h"
#include "fivek/method/milestone.h"
#include "gtest/gtest.h"

namespace fivek::tool {
namespace {

std::string Evidence(absl::string_view cell) {
  std::vector<EvidenceEntry> entries = {{9, 9, 9}};
  const absl::Status status = ParseEvidence(cell, &entries);
  if (!status.ok()) {
    EXPECT_TRUE(entries.empty());
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    return std::string(status.message());
  }
  std::string out;
  for (const EvidenceEntry& e : entries) {
    absl::StrAppend(&out, e.item, "/", e.shown_by, "/", e.proof, " ");
  }
  return out;
}

TEST(EvidenceCellTest, ReadsItemsWithAndWithoutProvenance) {
  EXPECT_EQ(Evidence(""), "");
  EXPECT_EQ(Evidence(" \t"), "");
  EXPECT_EQ(Evidence("0:1:3 2:1  7\t31:7:5"), "0/1/3 2/1/0 7/0/0 31/7/5 ");
  EXPECT_EQ(Evidence(" 18:2:4 "), "18/2/4 ");
  EXPECT_EQ(Evidence("5:0:0"), "5/0/0 ");
}

TEST(EvidenceCellTest, RefusesEverythingElse) {
  constexpr absl::string_view kForm =
      " is not ITEM[:SHOWN_BY[:PROOF]] in codes";
  for (const absl::string_view bad :
       {"x", "1,2", "-1", "1:", "1:2:", ":1:2", "1::2", "1:2:3:4",
        "1:2:3:", "1.5", "0001", "+1"}) {
    EXPECT_EQ(Evidence(absl::StrCat("0 ", bad)),
              absl::StrCat("evidence \"", bad, "\"", kForm));
  }
  EXPECT_EQ(Evidence("32"), "evidence \"32\" has item 32; allowed are 0..31");
  EXPECT_EQ(Evidence("1:8"),
            "evidence \"1:8\" has shown-by 8; allowed are 0..7");
  EXPECT_EQ(Evidence("1:2:6"),
            "evidence \"1:2:6\" has proof 6; allowed are 0..5");
  EXPECT_EQ(Evidence("3 4 3:1:2"),
            "evidence \"3:1:2\" names item 3 for the second time");
}

TEST(LevelCellTest, ReadsALevelOrUnknown) {
  EXPECT_EQ(*ParseLevel("0", 5), 0);
  EXPECT_EQ(*ParseLevel(" 5 ", 5), 5);
  EXPECT_EQ(*ParseLevel("", 5), 255);
  EXPECT_EQ(*ParseLevel("  ", 5), 255);
  for (const absl::string_view bad : {"6", "255", "-1", "1.0", "x", "1 2"}) {
    EXPECT_EQ(ParseLevel(bad, 5).status().message(),
              absl::StrCat("level \"", bad,
                           "\" is not a whole number 0..5 (leave the cell "
                           "blank if it is unknown)"));
  }
}

TEST(ByDecisionMakerCellTest, ReadsMasksAndWords) {
  for (const int mask : {0, 1, 4, 5, 8, 9, 12, 13}) {
    EXPECT_EQ(*ParseByDecisionMaker(absl::StrCat(mask)), mask);
  }
  EXPECT_EQ(*ParseByDecisionMaker(""), 0);
  EXPECT_EQ(*ParseByDecisionMaker("problem"), 1);
  EXPECT_EQ(*ParseByDecisionMaker(" Value  VISION "), 12);
  for (const absl::string_view bad :
       {"2", "3", "14", "16", "power", "-1", "problem,value", "1 4"}) {
    EXPECT_EQ(ParseByDecisionMaker(bad).status().message(),
              absl::StrCat("\"", bad,
                           "\" is neither a sum of 1 (problem), 4 (vision) and "
                           "8 (value) nor made of the words problem, vision "
                           "and value"));
  }
}

TEST(OutcomeCellTest, ReadsTheFiveWords) {
  EXPECT_EQ(*ParseOutcome("open"), OutcomeKind::kOpen);
  EXPECT_EQ(*ParseOutcome(" Hold"), OutcomeKind::kOnHold);
  EXPECT_EQ(*ParseOutcome("WON"), OutcomeKind::kWon);
  EXPECT_EQ(*ParseOutcome("lost"), OutcomeKind::kLost);
  EXPECT_EQ(*ParseOutcome("void"), OutcomeKind::kVoid);
  EXPECT_EQ(ParseOutcome("closed\x1B").status().message(),
            "outcome \"closed\\x1B\" is none of open, hold, won, lost, void");
  EXPECT_FALSE(ParseOutcome("").ok());
  for (int code = 0; code < 5; ++code) {
    const auto kind = static_cast<OutcomeKind>(code);
    EXPECT_EQ(*ParseOutcome(OutcomeName(kind)), kind);
  }
}

TEST(MilestoneCellTest, ACodeOrItsName) {
  const Policy policy;
  for (int32_t code = 0; code < kMilestoneCount; ++code) {
    EXPECT_EQ(*ParseMilestone(absl::StrCat(" ", code), policy), code);
    for (const Language language : {Language::kEnglish, Language::kChinese}) {
      EXPECT_EQ(*ParseMilestone(
                    policy.Label(LabelSet::kMilestone, code, language), policy),
                code);
    }
  }
  EXPECT_EQ(*ParseMilestone("Qualified SPONSOR", policy), 2);
  for (const absl::string_view bad : {"", "7", "-1", "06", "sponsor"}) {
    EXPECT_EQ(
        ParseMilestone(bad, policy).status().message(),
        absl::StrCat("milestone \"", bad, "\"; allowed: 0 to 6 or its name"));
  }
  // A vendor's own name, and no longer the built-in one.
  const auto ours = Policy::FromJson(
      R"({"fivek_policy": 1, "labels": {"milestone": {"2": {"en": "has a friend",
          "zh": "有内线"}}}})");
  ASSERT_TRUE(ours.ok()) << ours.status();
  EXPECT_EQ(*ParseMilestone("Has a Friend", *ours), 2);
  EXPECT_FALSE(ParseMilestone("qualified sponsor", *ours).ok());
}

}  // namespace
}  // namespace fivek::tool
