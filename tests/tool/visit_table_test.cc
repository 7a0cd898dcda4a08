#include "src/tool/visit_table.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "bench/seeded.h"
#include "fivek/base/calendar.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/tool/learn_input.h"

namespace fivek::tool {
namespace {

using bench::SplitMix64;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

LearnInput InputOf(const std::string& csv, const ColumnMap* map = nullptr) {
  LearnOptions options;
  options.map = map;
  auto input = ReadLearnInput(CsvSourceFromText(csv), options);
  EXPECT_TRUE(input.ok()) << input.status();
  if (!input.ok()) return {};
  EXPECT_EQ(input->kind(), LearnKind::kVisits);
  return *std::move(input);
}

// "D1 1 2024-01-01..2024-01-20 advanced" for each visit.
std::vector<std::string> Told(const VisitTable& t) {
  const char* const ends[] = {"open", "advanced", "lost", "back"};
  std::vector<std::string> told;
  for (size_t i = 0; i < t.deal.size(); ++i) {
    told.push_back(absl::StrCat(
        t.deals[t.deal[i]], " ", int{t.stage[i]}, " ", FormatDay(t.entered[i]),
        "..", t.left[i] == kStillThere ? "" : FormatDay(t.left[i]), " ",
        ends[static_cast<size_t>(t.end[i])]));
  }
  return told;
}

VisitTable VisitsOf(const std::string& csv, const ColumnMap* map = nullptr) {
  LearnInput input = InputOf(csv, map);
  EXPECT_THAT(input.errors.messages, IsEmpty());
  return std::get<VisitTable>(std::move(input.table));
}

constexpr char kHeader[] = "deal,stage,entered,left,outcome\n";

std::vector<std::string> ToldOf(const std::string& rows) {
  return Told(VisitsOf(absl::StrCat(kHeader, rows)));
}

// ---- How a visit ended ------------------------------------------------------

TEST(VisitTableTest, ByTheNextVisitOrTheDeal) {
  const VisitTable t =
      VisitsOf(absl::StrCat(kHeader,
                            "D1,1,2024-01-01,2024-01-20,\n"
                            "D1,2,2024-01-20,,\n"
                            "D2,1,2024-01-05,2024-02-01,lost\n"
                            "D3,4,2024-01-05,2024-01-06,Won\n"));
  EXPECT_THAT(Told(t), ElementsAre("D1 1 2024-01-01..2024-01-20 advanced",
                                   "D1 2 2024-01-20.. open",
                                   "D2 1 2024-01-05..2024-02-01 lost",
                                   "D3 4 2024-01-05..2024-01-06 advanced"));
  EXPECT_EQ(t.rows_read, 4);
  EXPECT_EQ(t.deals_won, 1);
  EXPECT_EQ(t.deals_lost, 1);
  EXPECT_EQ(t.deals_reopened, 0);
}

TEST(VisitTableTest, SkipsStagesAndMovesBack) {
  EXPECT_THAT(ToldOf("D,1,2024-01-01,,\n"
                     "D,4,2024-01-05,,\n"
                     "D,2,2024-01-09,,\n"
                     "D,3,2024-01-12,,\n"),
              ElementsAre("D 1 2024-01-01..2024-01-05 advanced",
                          "D 4 2024-01-05..2024-01-09 back",
                          "D 2 2024-01-09..2024-01-12 advanced",
                          "D 3 2024-01-12.. open"));
}

TEST(VisitTableTest, WhereTo) {
  const VisitTable t = VisitsOf(
      absl::StrCat(kHeader,
                   "A,1,2024-01-01,,\nA,4,2024-01-05,,\nA,2,2024-01-09,,\n"
                   "B,1,2024-01-01,2024-01-05,won\n"
                   "C,1,2024-01-01,2024-01-05,advanced\n"
                   "D,2,2024-01-01,2024-01-05,moved back\n"
                   "E,2,2024-01-01,2024-01-05,lost\n"
                   "F,3,2024-01-01,,\nF,6,2024-01-05,,\n"
                   "G,2,2024-01-01,2024-01-05,moved back\nG,3,2024-01-05,,\n"));
  //                            A        B  C  D  E  F  G
  EXPECT_THAT(t.to, ElementsAre(4, 2, 0, 6, 2, 1, 0, 6, 1, 0));
  const LearnInput lowest =
      InputOf(absl::StrCat(kHeader, "A,0,2024-01-01,2024-01-05,moved back\n"));
  EXPECT_THAT(lowest.errors.messages,
              ElementsAre("row 2 (line 2), column 5 \"outcome\": outcome "
                          "\"moved back\" of milestone 0; allowed: of 1 to 5"));
}

// Days between two visits are spent in none of them.
TEST(VisitTableTest, AGapStays) {
  EXPECT_THAT(ToldOf("D,1,2024-01-01,2024-01-03,\nD,2,2024-01-05,,\n"),
              ElementsAre("D 1 2024-01-01..2024-01-03 advanced",
                          "D 2 2024-01-05.. open"));
}

TEST(VisitTableTest, WhatTheVisitItselfSaysStands) {
  EXPECT_THAT(ToldOf("D,1,2024-01-01,2024-01-03,moved back\n"
                     "D,2,2024-01-05,2024-01-09,Advanced\n"),
              ElementsAre("D 1 2024-01-01..2024-01-03 back",
                          "D 2 2024-01-05..2024-01-09 advanced"));
}

TEST(VisitTableTest, TheOutcomeOfTheDealMayStandInEveryRow) {
  const VisitTable t =
      VisitsOf(absl::StrCat(kHeader,
                            "D,1,2024-01-01,2024-01-03,lost\n"
                            "D,2,2024-01-03,2024-01-09,lost\n"
                            "E,1,2024-01-01,2024-01-03,won\n"
                            "E,5,2024-01-03,2024-01-09,won\n"));
  EXPECT_THAT(Told(t), ElementsAre("D 1 2024-01-01..2024-01-03 advanced",
                                   "D 2 2024-01-03..2024-01-09 lost",
                                   "E 1 2024-01-01..2024-01-03 advanced",
                                   "E 5 2024-01-03..2024-01-09 advanced"));
  EXPECT_EQ(t.deals_won, 1);
  EXPECT_EQ(t.deals_lost, 1);
  EXPECT_EQ(t.deals_reopened, 0);
}

TEST(VisitTableTest, OpenUntilADay) {
  EXPECT_THAT(
      ToldOf("A,1,2024-01-01,2024-01-03,\n"
             "B,1,2024-01-01,2024-01-03,void\n"
             "C,1,2024-01-01,2024-01-03,hold\n"
             "D,1,2024-01-01,,open\n"),
      ElementsAre("A 1 2024-01-01..2024-01-03 open",
                  "B 1 2024-01-01..2024-01-03 open",
                  "C 1 2024-01-01..2024-01-03 open", "D 1 2024-01-01.. open"));
}

TEST(VisitTableTest, ARowOfTheLastMilestoneIsAWin) {
  const VisitTable t = VisitsOf(absl::StrCat(kHeader,
                                             "D,5,2024-01-01,,\n"
                                             "D,6,2024-01-09,,\n"
                                             "E,closed won,2024-01-09,,\n"));
  EXPECT_THAT(Told(t), ElementsAre("D 5 2024-01-01..2024-01-09 advanced"));
  EXPECT_EQ(t.deals_won, 2);
}

TEST(VisitTableTest, RowsInOneStageAreOneVisit) {
  const VisitTable t =
      VisitsOf(absl::StrCat(kHeader,
                            "D,1,2024-01-01,2024-01-03,\n"
                            "D,1,2024-01-03,2024-01-07,\n"
                            "D,1,2024-01-08,2024-01-09,lost\n"));
  EXPECT_THAT(Told(t), ElementsAre("D 1 2024-01-01..2024-01-09 lost"));
  EXPECT_EQ(t.rows_merged, 2);
}

// A day in no stage at all: both on one day, the lower one first.
TEST(VisitTableTest, VisitsOfNoDays) {
  EXPECT_THAT(ToldOf("D,3,2024-01-01,2024-01-01,\n"
                     "D,4,2024-01-01,,\n"
                     "D,2,2024-01-01,2024-01-01,\n"),
              ElementsAre("D 2 2024-01-01..2024-01-01 advanced",
                          "D 3 2024-01-01..2024-01-01 advanced",
                          "D 4 2024-01-01.. open"));
}

TEST(VisitTableTest, ALossThatWasTakenBack) {
  const VisitTable t =
      VisitsOf(absl::StrCat(kHeader,
                            "D,2,2024-01-01,2024-01-03,lost\n"
                            "D,3,2024-02-01,2024-02-09,won\n"));
  EXPECT_THAT(Told(t), ElementsAre("D 2 2024-01-01..2024-01-03 advanced",
                                   "D 3 2024-02-01..2024-02-09 advanced"));
  EXPECT_EQ(t.deals_reopened, 1);
  EXPECT_EQ(t.deals_lost, 0);
  EXPECT_EQ(t.deals_won, 1);
}

// ---- What is read -----------------------------------------------------------

TEST(VisitTableTest, NamesOfColumnsInAnyCaseAndOrder) {
  const VisitTable t = VisitsOf(
      "Team\tOPPORTUNITY_ID\tMilestone\tnote\tSegment\tEntered\tSales_Agent\n"
      "\"North\"\tD\t\"decision settled\"\tx\tBig\t2024-01-01\tBo\n"
      "South\tE\t等候结案\tx\t\t2024-01-01\tAnn\n");
  EXPECT_EQ(t.stage[0], 4);
  EXPECT_EQ(t.stage[1], 5);
  EXPECT_THAT(t.teams, ElementsAre("North", "South"));
  EXPECT_THAT(t.segments, ElementsAre("Big"));
  EXPECT_THAT(t.sellers, ElementsAre("Ann", "Bo"));
  EXPECT_THAT(t.team, ElementsAre(0, 1));
  EXPECT_THAT(t.segment, ElementsAre(0, kNoText));
  EXPECT_THAT(t.seller, ElementsAre(1, 0));
}

TEST(VisitTableTest, DateTimesAreTheirDayInUtc) {
  EXPECT_THAT(ToldOf("D,1,2024-01-01T00:30:00.5+02:00,2024-01-02T23:59:59Z,\n"),
              ElementsAre("D 1 2023-12-31..2024-01-02 open"));
}

TEST(VisitTableTest, AMapRenamesAndExplainsStages) {
  const auto map = ColumnMap::Parse(
      "[columns]\nid = Case\nstage = Phase\nentered = From\nleft? = To\n"
      "[stages]\nOffer = open, 50%\nTalk = open, 1\nYes = won\n"
      "No = lost\nNever = void\nOdd = open\n",
      "ours");
  ASSERT_TRUE(map.ok()) << map.status();
  const VisitTable t = VisitsOf(
      "Phase;Case;From\n"
      "Talk;A;2024-01-01\nOffer;A;2024-01-05\nYes;A;2024-01-09\n"
      "Talk;B;2024-01-01\nNo;B;2024-01-03\n"
      "Talk;C;2024-01-01\nNo;C;2024-01-03\n4;C;2024-01-08\n"
      "Talk;D;2024-01-01\nNever;D;2024-01-02\n",
      &*map);
  EXPECT_THAT(Told(t), ElementsAre("A 1 2024-01-01..2024-01-05 advanced",
                                   "A 3 2024-01-05..2024-01-09 advanced",
                                   "B 1 2024-01-01..2024-01-03 lost",
                                   "C 1 2024-01-01..2024-01-08 advanced",
                                   "C 4 2024-01-08.. open",
                                   "D 1 2024-01-01..2024-01-02 open"));
  EXPECT_EQ(t.deals_won, 1);
  EXPECT_EQ(t.deals_lost, 1);
  EXPECT_EQ(t.deals_reopened, 1);
  const LearnInput odd = InputOf("Phase;Case;From\nOdd;A;2024-01-01\n", &*map);
  EXPECT_THAT(odd.errors.messages,
              ElementsAre("row 2 (line 2), column 1 \"Phase\": the column map "
                          "ours says no milestone of the stage \"Odd\""));
}

TEST(VisitTableTest, AMapOfVisitsNeedsNoStages) {
  const auto map = ColumnMap::Parse(
      "[columns]\nid = Case\nstage = Phase\nentered = From\n", "ours");
  ASSERT_TRUE(map.ok()) << map.status();
  EXPECT_THAT(Told(VisitsOf("Case,Phase,From\nA,2,2024-01-01\n", &*map)),
              ElementsAre("A 2 2024-01-01.. open"));
}

// Whatever the order of the rows.
TEST(VisitTableTest, AnyOrderGivesTheSameTable) {
  SplitMix64 random(7);
  std::vector<std::string> rows;
  for (int deal = 0; deal < 60; ++deal) {
    int32_t day = 19000 + static_cast<int32_t>(random.Below(50));
    const uint32_t visits = 1 + random.Below(5);
    for (uint32_t i = 0; i < visits; ++i) {
      const int32_t left = day + static_cast<int32_t>(random.Below(4));
      const char* const outcomes[] = {"", "lost", "won", "void", "open"};
      rows.push_back(absl::StrCat(
          "D", deal, ",", random.Below(6), ",", FormatDay(day), ",",
          FormatDay(left), ",", i + 1 < visits ? "" : outcomes[random.Below(5)],
          ",S", random.Below(4)));
      day = left;
    }
  }
  const auto table = [&rows] {
    return VisitsOf(absl::StrCat("deal,stage,entered,left,outcome,seller\n",
                                 absl::StrJoin(rows, "\n"), "\n"));
  };
  const VisitTable first = table();
  ASSERT_GT(first.deal.size(), 100U);
  for (int trial = 0; trial < 10; ++trial) {
    for (size_t i = rows.size(); i > 1; --i) {
      std::swap(rows[i - 1], rows[random.Below(static_cast<uint32_t>(i))]);
    }
    const VisitTable again = table();
    EXPECT_EQ(Told(again), Told(first));
    EXPECT_EQ(again.seller, first.seller);
    EXPECT_EQ(again.sellers, first.sellers);
    EXPECT_EQ(again.rows_merged, first.rows_merged);
  }
}

// ---- Refusals ---------------------------------------------------------------

TEST(VisitTableTest, BadRowsFailThemselves) {
  const struct {
    const char* rows;
    const char* says;
  } kBad[] = {
      {",1,2024-01-01,,", "column 1 \"deal\": the deal is blank"},
      {"D,1,,,", "column 3 \"entered\": the day is blank"},
      {"D,7,2024-01-01,,",
       "column 2 \"stage\": milestone \"7\"; allowed: 0 to 6 or its name"},
      {"D,,2024-01-01,,", "column 2 \"stage\": milestone \"\""},
      {"D,1,2024-02-30,,", "column 3 \"entered\": "},
      {"D,1,2024-01-01 10:00:00,,", "column 3 \"entered\": "},
      {"D,1,2024-01-01,soon,", "column 4 \"left\": "},
      {"D,1,2024-01-09,2024-01-08,",
       "column 4 \"left\": 2024-01-08 is before it was entered, 2024-01-09"},
      {"D,1,2024-01-01,,closed",
       "column 5 \"outcome\": outcome \"closed\"; allowed: blank, open, hold, "
       "advanced, moved back, won, lost, void"},
      {"D,1,2024-01-01,,lost",
       "column 4 \"left\": outcome \"lost\", but not the day the stage was "
       "left"},
      {"D,1,2024-01-01,,won", "outcome \"won\", but not the day"},
      {"D,1,2024-01-01,,moved back", "outcome \"moved back\", but not"},
      {"D,1,2024-01-01,,advanced", "outcome \"advanced\", but not"},
      {"D,1,2024-01-01", "found 3 fields, expected 5"},
  };
  for (const auto& bad : kBad) {
    SCOPED_TRACE(bad.rows);
    const LearnInput input =
        InputOf(absl::StrCat(kHeader, bad.rows, "\nE,1,2024-01-01,,\n"));
    EXPECT_EQ(input.errors.count, 1);
    ASSERT_EQ(input.errors.messages.size(), 1U);
    EXPECT_THAT(input.errors.messages[0], HasSubstr("row 2 (line 2), "));
    EXPECT_THAT(input.errors.messages[0], HasSubstr(bad.says));
    EXPECT_THAT(Told(std::get<VisitTable>(input.table)),
                ElementsAre("E 1 2024-01-01.. open"));
  }
}

TEST(VisitTableTest, VisitsThatOverlap) {
  const LearnInput input = InputOf(absl::StrCat(kHeader,
                                                "D,2,2024-01-05,,\n"
                                                "D,1,2024-01-01,2024-01-06,\n"
                                                "E,1,2024-01-01,,\n"));
  EXPECT_THAT(input.errors.messages,
              ElementsAre("row 2 (line 2), column 3 \"entered\": 2024-01-05 is "
                          "before the visit of row 3 was left, 2024-01-06"));
  EXPECT_THAT(Told(std::get<VisitTable>(input.table)),
              ElementsAre("E 1 2024-01-01.. open"));
}

TEST(VisitTableTest, OnlyTheFirstErrorsAreKept) {
  std::string rows;
  for (int i = 0; i < 30; ++i) rows += "D,9,2024-01-01,,\n";
  const LearnInput input = InputOf(absl::StrCat(kHeader, rows));
  EXPECT_EQ(input.errors.count, 30);
  EXPECT_EQ(input.errors.messages.size(), 20U);
}

}  // namespace
}  // namespace fivek::tool
