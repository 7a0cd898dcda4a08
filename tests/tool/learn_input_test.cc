// Which kind of table it is. What the tables are: visit_table_test.cc and
// deal_table_test.cc.
#include "src/tool/learn_input.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fivek::tool {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kBoth[] =
    "deal,stage,entered,left,status\nD,1,2024-01-01,2024-01-09,won\n";
constexpr char kDeals[] = "product,status\na,won\n";
constexpr char kVisits[] = "deal,stage,entered\nD,1,2024-01-01\n";

absl::StatusOr<LearnInput> Read(const std::string& csv,
                                absl::optional<LearnKind> kind = {},
                                const ColumnMap* map = nullptr) {
  LearnOptions options;
  options.kind = kind;
  options.map = map;
  return ReadLearnInput(CsvSourceFromText(csv), options);
}

TEST(LearnInputTest, TheHeaderSaysTheKind) {
  EXPECT_EQ(Read(kBoth)->kind(), LearnKind::kVisits);
  EXPECT_EQ(Read(kVisits)->kind(), LearnKind::kVisits);
  EXPECT_EQ(Read(kDeals)->kind(), LearnKind::kDeals);
  // A stage is the outcome where no day stands beside it.
  const auto stages = Read("deal,stage,product\nD,Won,a\nE,Lost,a\n");
  ASSERT_TRUE(stages.ok()) << stages.status();
  EXPECT_EQ(std::get<DealTable>(stages->table).outcome_column, "stage");
}

TEST(LearnInputTest, TheOptionStandsAboveIt) {
  const auto deals = Read(kBoth, LearnKind::kDeals);
  ASSERT_TRUE(deals.ok()) << deals.status();
  EXPECT_EQ(std::get<DealTable>(deals->table).outcome_column, "status");
  EXPECT_THAT(Read(kDeals, LearnKind::kVisits).status().message(),
              AllOf(HasSubstr("for visits it needs the columns deal or "),
                    HasSubstr("; stage or milestone"),
                    HasSubstr("; entered or"), Not(HasSubstr("for deals")),
                    HasSubstr("it has: \"product\", \"status\"")));
  EXPECT_THAT(Read("a,b\n1,2\n", LearnKind::kDeals).status().message(),
              AllOf(HasSubstr("for deals the column outcome or status"),
                    Not(HasSubstr("for visits"))));
}

TEST(LearnInputTest, NeitherKind) {
  EXPECT_THAT(Read("a,b\n1,2\n").status().message(),
              AllOf(HasSubstr("for visits"), HasSubstr("for deals"),
                    HasSubstr("it has: \"a\", \"b\"")));
}

TEST(LearnInputTest, AMapSaysTheKind) {
  const auto visits = ColumnMap::Parse(
      "[columns]\nid = deal\nstage = stage\nentered? = entered\n", "visits");
  const auto deals =
      ColumnMap::Parse("[columns]\nid = product\noutcome = status\n", "deals");
  const auto none = ColumnMap::Parse("[columns]\nid = product\n", "none");
  ASSERT_TRUE(visits.ok() && deals.ok() && none.ok());
  EXPECT_EQ(Read(kVisits, {}, &*visits)->kind(), LearnKind::kVisits);
  EXPECT_EQ(Read(kDeals, {}, &*deals)->kind(), LearnKind::kDeals);
  EXPECT_EQ(Read("deal,stage\nD,Won\n", {}, &*visits)->kind(),
            LearnKind::kDeals);
  EXPECT_THAT(Read(kDeals, LearnKind::kVisits, &*deals).status().message(),
              HasSubstr("deals must have the keys id, stage and entered"));
  EXPECT_THAT(Read(kDeals, {}, &*none).status().message(),
              HasSubstr("none must have the key outcome or stage"));
  EXPECT_THAT(Read(kVisits, {}, &*deals).status().message(),
              HasSubstr("lacks the columns \"product\", \"status\""));
}

TEST(LearnInputTest, WhatTheReaderRefuses) {
  EXPECT_THAT(Read("").status().message(), HasSubstr("the file is empty"));
  EXPECT_THAT(Read("deal,stage,entered\n").status().message(),
              HasSubstr("a header but no rows"));
  const CsvSource failing = [](char*, size_t) -> absl::StatusOr<size_t> {
    return absl::DataLossError("gone");
  };
  EXPECT_EQ(ReadLearnInput(failing, {}).status(), absl::DataLossError("gone"));
  // After the header.
  for (const char* const text : {kVisits, kDeals}) {
    bool first = true;
    const CsvSource cut = [&first, text](char* to,
                                         size_t) -> absl::StatusOr<size_t> {
      if (!first) return absl::DataLossError("gone");
      first = false;
      const std::string part = text;
      part.copy(to, part.size() - 1);
      return part.size() - 1;
    };
    EXPECT_EQ(ReadLearnInput(cut, {}).status(), absl::DataLossError("gone"));
  }
}

TEST(LearnInputTest, Kinds) {
  EXPECT_EQ(*ParseLearnKind("visits"), LearnKind::kVisits);
  EXPECT_EQ(*ParseLearnKind("Deals"), LearnKind::kDeals);
  EXPECT_THAT(ParseLearnKind("both").status().message(),
              HasSubstr("kind \"both\"; allowed: visits, deals"));
}

}  // namespace
}  // namespace fivek::tool
