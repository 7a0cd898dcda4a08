#include "src/tool/deal_table.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bench/seeded.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/tool/learn_input.h"

namespace fivek::tool {
namespace {

using bench::SplitMix64;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

absl::StatusOr<LearnInput> Read(const std::string& csv,
                                const LearnOptions& options = {}) {
  return ReadLearnInput(CsvSourceFromText(csv), options);
}

DealTable DealsOf(const std::string& csv, const LearnOptions& options = {}) {
  auto input = Read(csv, options);
  EXPECT_TRUE(input.ok()) << input.status();
  if (!input.ok()) return {};
  EXPECT_THAT(input->errors.messages, IsEmpty());
  EXPECT_EQ(input->kind(), LearnKind::kDeals);
  return std::get<DealTable>(std::move(input->table));
}

// "name", "name:reason" of what was skipped.
std::vector<std::string> SkippedOf(const DealTable& table) {
  const char* const reasons[] = {"empty", "date", "identity", "outcome",
                                 "without"};
  std::vector<std::string> skipped;
  for (const SkippedColumn& column : table.skipped) {
    skipped.push_back(absl::StrCat(
        column.name, ":", reasons[static_cast<size_t>(column.reason)]));
  }
  return skipped;
}

std::vector<std::string> NamesOf(const DealTable& table) {
  std::vector<std::string> names;
  for (const FeatureColumn& column : table.columns) {
    names.push_back(column.name);
  }
  return names;
}

// A table of one feature, half of whose deals are won.
FeatureColumn FeatureOf(const std::vector<std::string>& cells) {
  std::string csv = "x,y,status\n";
  for (size_t i = 0; i < cells.size(); ++i) {
    absl::StrAppend(&csv, cells[i], ",k", i / 2, i % 2 == 0 ? ",won" : ",lost",
                    "\n");
  }
  const DealTable table = DealsOf(csv);
  EXPECT_FALSE(table.columns.empty());
  EXPECT_EQ(table.columns.at(0).name, "x");
  return table.columns.at(0);
}

TEST(DealTableTest, OutcomesAndFeatures) {
  const DealTable t = DealsOf(
      "Client;Budget;Status\n"
      "Current;Yes;Won\n"
      "New;No;LOST\n"
      "New;\"Yes\";Open\n"
      "New;;closed won\n"
      "Current;Yes;\n"
      "New; Yes ;输单\n");
  EXPECT_EQ(t.outcome_column, "Status");
  EXPECT_EQ(t.rows_read, 6);
  EXPECT_EQ(t.open_deals, 2);
  EXPECT_THAT(t.won, ElementsAre(1, 0, 1, 0));
  EXPECT_THAT(t.row, ElementsAre(2, 3, 5, 7));
  EXPECT_THAT(t.fold, IsEmpty());
  EXPECT_THAT(t.skipped, IsEmpty());
  ASSERT_THAT(NamesOf(t), ElementsAre("Client", "Budget"));
  EXPECT_THAT(t.columns[0].levels, ElementsAre("Current", "New"));
  EXPECT_THAT(t.columns[0].level, ElementsAre(0, 1, 1, 1));
  EXPECT_EQ(t.columns[0].missing, 0);
  EXPECT_THAT(t.columns[1].levels, ElementsAre("No", "Yes"));
  EXPECT_THAT(t.columns[1].level, ElementsAre(1, 0, kMissingLevel, 1));
  EXPECT_EQ(t.columns[1].missing, 1);
}

// ---- Kinds of columns -------------------------------------------------------

std::vector<std::string> Numbers(size_t different) {
  std::vector<std::string> cells;
  for (size_t i = 0; i < 2 * different; ++i) {
    cells.push_back(absl::StrCat(static_cast<double>(i / 2) - 2.5));
  }
  return cells;
}

TEST(DealTableTest, MoreThanTwelveNumbersAreNumeric) {
  EXPECT_FALSE(FeatureOf(Numbers(12)).numeric);
  EXPECT_EQ(FeatureOf(Numbers(12)).levels.size(), 12U);
  const FeatureColumn x = FeatureOf(Numbers(13));
  EXPECT_TRUE(x.numeric);
  EXPECT_EQ(x.number.size(), 26U);
  EXPECT_EQ(x.number[0], -2.5);
  EXPECT_EQ(x.number[25], 9.5);
  EXPECT_THAT(x.level, IsEmpty());
  EXPECT_THAT(x.levels, IsEmpty());
}

// 1, 1.0 and +1 are one number, and so are -0 and 0.
TEST(DealTableTest, NumbersAreDifferentByValue) {
  std::vector<std::string> cells = Numbers(12);
  for (const char* const same : {"1.50", "+1.5", "01.5", "-2.500"}) {
    cells.emplace_back(same);
    cells.emplace_back(same);
  }
  EXPECT_FALSE(FeatureOf(cells).numeric);
  cells.emplace_back("-0");
  cells.emplace_back("0");
  const FeatureColumn x = FeatureOf(cells);
  EXPECT_TRUE(x.numeric);
  EXPECT_FALSE(std::signbit(x.number[x.number.size() - 2]));
}

TEST(DealTableTest, OneTextMakesNumbersLevels) {
  for (const char* const text :
       {"1e3", "1,5", "0x10", "inf", "--1", "+-1", "1.2.3", ".", "-", "12 %"}) {
    SCOPED_TRACE(text);
    std::vector<std::string> cells = Numbers(20);
    cells.push_back(absl::StrCat("\"", text, "\""));
    EXPECT_FALSE(FeatureOf(cells).numeric);
  }
}

TEST(DealTableTest, MissingCells) {
  std::vector<std::string> cells = Numbers(13);
  for (const char* const missing :
       {"", " ", "NULL", "null", "N/A", "#N/A", "NaN", "\\N"}) {
    cells.emplace_back(missing);
  }
  const FeatureColumn x = FeatureOf(cells);
  EXPECT_TRUE(x.numeric);
  EXPECT_EQ(x.missing, 8);
  EXPECT_EQ(x.known[25], 1);
  EXPECT_EQ(x.known[26], 0);
  EXPECT_EQ(x.number[26], 0.0);
  // A real answer.
  EXPECT_THAT(FeatureOf({"Unknown", "Unknown", "No", "No"}).levels,
              ElementsAre("No", "Unknown"));
}

TEST(DealTableTest, WhatIsSkippedIsNamed) {
  const DealTable t = DealsOf(
      "opportunity_id,created,at,account,notes,none,Stage,outcome,note\n"
      "A1,2024-01-01,2024-01-01 10:00:00,Acme,n1,,Closed Won,won,x\n"
      "B2,2024-01-02,2024-01-02T10:00:00Z,Acme,n2,NULL,Closed Lost,lost,\n"
      "C3,,2024-01-02T10:00:00Z,Bell,,,Closed Won,won,y\n");
  EXPECT_EQ(t.outcome_column, "outcome");
  EXPECT_THAT(NamesOf(t), ElementsAre("account"));
  EXPECT_THAT(SkippedOf(t),
              ElementsAre("opportunity_id:identity", "created:date", "at:date",
                          "notes:identity", "none:empty", "Stage:outcome",
                          "note:identity"));
}

TEST(DealTableTest, Dates) {
  const auto is_skipped = [](const std::string& a, const std::string& b) {
    const DealTable t = DealsOf(
        absl::StrCat("x,status\n", a, ",won\n", b, ",lost\n", a, ",won\n"));
    return t.columns.empty() && t.skipped.at(0).reason == SkipReason::kDate;
  };
  EXPECT_TRUE(is_skipped("2024-01-31", "2024-02-01"));
  EXPECT_TRUE(is_skipped("31.1.2024", "1.2.2024"));
  EXPECT_TRUE(is_skipped("1/31/2024", "2/1/2024 10:00"));
  EXPECT_TRUE(is_skipped("2024/1/31T10:00:00+01:00", "NULL"));
  EXPECT_FALSE(is_skipped("2024-01-31", "soon"));
  for (const char* const text :
       {"1.2.3", "2024-01", "2024-01-31-01", "2024-2025-1", "2024.5",
        "2024-01/31", "-1-2024", "2024-a-1", "2024-1-234", "2024"}) {
    EXPECT_FALSE(is_skipped(text, text)) << text;
  }
}

TEST(DealTableTest, WithoutColumns) {
  LearnOptions options;
  options.deals.without = {"CLOSE_VALUE", "status"};
  const DealTable t = DealsOf(
      "close_value,product,status\n1,a,won\n0,a,lost\n1,b,lost\n", options);
  EXPECT_THAT(NamesOf(t), ElementsAre("product"));
  EXPECT_THAT(SkippedOf(t), ElementsAre("close_value:without"));
  options.deals.without = {"valeu"};
  EXPECT_THAT(
      Read("close_value,product,status\n1,a,won\n", options).status().message(),
      AllOf(HasSubstr("no column \"valeu\""),
            HasSubstr("\"close_value\", \"product\", \"status\"")));
}

// ---- Folds ------------------------------------------------------------------

TEST(DealTableTest, AFoldColumn) {
  LearnOptions options;
  options.deals.fold_column = "Fold";
  const std::string header = "fold,product,status\n";
  const DealTable t = DealsOf(
      absl::StrCat(header, "0,a,won\nx,a,open\n 4 ,b,lost\n999,b,won\n"),
      options);
  EXPECT_THAT(t.fold, ElementsAre(0, 4, 999));
  EXPECT_THAT(NamesOf(t), ElementsAre("product"));
  for (const char* const bad : {"-1", "1000", "a", "", "1.5"}) {
    const auto input =
        Read(absl::StrCat(header, bad, ",a,won\n1,a,lost\n"), options);
    ASSERT_TRUE(input.ok());
    EXPECT_THAT(
        input->errors.messages,
        ElementsAre(absl::StrCat("row 2 (line 2), column 1 \"fold\": fold \"",
                                 bad, "\"; allowed: 0 to 999")));
  }
}

TEST(DealTableTest, FoldsOfAFile) {
  const auto folds =
      ReadFolds(CsvSourceFromText("row,fold,group\n1,4,x\n0,2,x\n2,0,x\n"));
  ASSERT_TRUE(folds.ok()) << folds.status();
  EXPECT_THAT(*folds, ElementsAre(2, 4, 0));
  LearnOptions options;
  options.deals.folds = *folds;
  const std::string rows = "product,status\na,won\na,open\nb,lost\n";
  EXPECT_THAT(DealsOf(rows, options).fold, ElementsAre(2, 0));
  EXPECT_THAT(Read("product,status\na,won\n", options).status().message(),
              HasSubstr("folds of 3 rows, but 1 rows of data"));
  const auto more = Read(absl::StrCat(rows, "b,lost\n"), options);
  ASSERT_TRUE(more.ok());
  EXPECT_THAT(more->errors.messages,
              ElementsAre("row 5 (line 5): no fold; there are folds of 3 rows "
                          "of data"));
  options.deals.fold_column = "product";
  EXPECT_THAT(Read(rows, options).status().message(),
              HasSubstr("by a column and by a file"));
}

TEST(DealTableTest, BadFolds) {
  const struct {
    const char* csv;
    const char* says;
  } kBad[] = {
      {"row,group\n0,1\n", "folds need the columns \"row\" and \"fold\""},
      {"row,fold\n0,1\n0,1\n",
       "row 3 (line 3), column 1 \"row\": row 0 stands"},
      {"row,fold\n0,1\n2,1\n", "row 1 has no fold"},
      {"row,fold\n0,1000\n", "fold \"1000\"; allowed: 0 to 999"},
      {"row,fold\n-1,0\n", "row \"-1\"; allowed: a whole number"},
      {"row,fold\n2000000000,0\n", "row 2000000000 is far behind"},
      {"row,fold\n0\n", "found 1 fields, expected 2"},
      {"row,fold\n", "no rows"},
  };
  for (const auto& bad : kBad) {
    SCOPED_TRACE(bad.csv);
    const auto folds = ReadFolds(CsvSourceFromText(bad.csv));
    ASSERT_FALSE(folds.ok());
    EXPECT_THAT(folds.status().message(), HasSubstr(bad.says));
  }
}

// ---- As a whole -------------------------------------------------------------

TEST(DealTableTest, NoDealIsWonOrLost) {
  const auto input = Read("product,status\na,active\nb,paused\n");
  EXPECT_THAT(input.status().message(),
              AllOf(HasSubstr("no deal is won or lost: column \"status\" has "
                              "\"active\", \"paused\""),
                    HasSubstr("allowed: won, closed won")));
}

// One outcome is for the fitting to answer.
TEST(DealTableTest, OneOutcomeIsRead) {
  EXPECT_THAT(DealsOf("product,status\na,won\na,won\n").won, ElementsAre(1, 1));
}

TEST(DealTableTest, ABadRecordFailsItself) {
  const auto input = Read("product,status\na,won,x\na,lost\n");
  ASSERT_TRUE(input.ok());
  EXPECT_EQ(input->errors.count, 1);
  EXPECT_THAT(input->errors.messages[0], HasSubstr("row 2 (line 2), column 3"));
  EXPECT_THAT(std::get<DealTable>(input->table).won, ElementsAre(0));
}

// The same columns whatever the order of the rows: by row, what they say.
TEST(DealTableTest, AnyOrderGivesTheSameColumns) {
  SplitMix64 random(9);
  std::vector<std::string> rows;
  for (int i = 0; i < 200; ++i) {
    const char* const outcomes[] = {"won", "lost", "open"};
    rows.push_back(absl::StrCat(
        "id", i, ",L", random.Below(9), ",", random.Below(100), ",",
        random.Below(4) == 0 ? "" : "set", ",", outcomes[random.Below(3)]));
  }
  // The rows that were kept, told by the columns.
  const auto told = [&rows] {
    const DealTable t = DealsOf(absl::StrCat("id,level,number,some,status\n",
                                             absl::StrJoin(rows, "\n"), "\n"));
    std::vector<std::string> lines;
    for (size_t i = 0; i < t.won.size(); ++i) {
      lines.push_back(absl::StrCat(int{t.won[i]}, " ", t.columns[0].level[i],
                                   " ", t.columns[1].number[i], " ",
                                   t.columns[2].level[i]));
    }
    std::sort(lines.begin(), lines.end());
    for (const FeatureColumn& column : t.columns) {
      lines.push_back(absl::StrCat(column.name, column.numeric ? " n " : " c ",
                                   absl::StrJoin(column.levels, "|")));
    }
    return lines;
  };
  const std::vector<std::string> first = told();
  ASSERT_GT(first.size(), 100U);
  for (int trial = 0; trial < 5; ++trial) {
    for (size_t i = rows.size(); i > 1; --i) {
      std::swap(rows[i - 1], rows[random.Below(static_cast<uint32_t>(i))]);
    }
    EXPECT_EQ(told(), first);
  }
}

// ---- Maps -------------------------------------------------------------------

TEST(DealTableTest, AMapSaysOutcomeAndId) {
  const auto map = ColumnMap::Parse(
      "[columns]\nid = Key\nstage = Phase\noutcome? = End\n"
      "[stages]\nSigned = won\nGone = lost\nTalk = open\n",
      "ours");
  ASSERT_TRUE(map.ok()) << map.status();
  LearnOptions options;
  options.map = &*map;
  const DealTable t =
      DealsOf("Key,Phase,product\n1,Signed,a\n1,Gone,a\n2,Talk,b\n", options);
  EXPECT_EQ(t.outcome_column, "Phase");
  EXPECT_THAT(t.won, ElementsAre(1, 0));
  EXPECT_EQ(t.open_deals, 1);
  EXPECT_THAT(SkippedOf(t), ElementsAre("Key:identity"));
  // The outcome stands above the stage.
  const DealTable both =
      DealsOf("Key,Phase,End,product\n1,Talk,won,a\n2,Gone,,a\n3,Gone,open,a\n",
              options);
  EXPECT_EQ(both.outcome_column, "End");
  EXPECT_THAT(both.won, ElementsAre(1, 0));
  EXPECT_THAT(NamesOf(both), ElementsAre("product"));
}

// ---- Real files -------------------------------------------------------------

absl::StatusOr<LearnInput> ReadFileOf(const std::string& path,
                                      const LearnOptions& options = {}) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return absl::NotFoundError(path);
  auto input = ReadLearnInput(CsvSourceFromDescriptor(descriptor), options);
  close(descriptor);
  return input;
}

TEST(DealTableTest, Salvirt) {
  const auto input =
      ReadFileOf(absl::StrCat(FIVEK_SOURCE_DIR, "/tests/data/salvirt_b2b.csv"));
  ASSERT_TRUE(input.ok()) << input.status();
  EXPECT_THAT(input->errors.messages, IsEmpty());
  const auto& t = std::get<DealTable>(input->table);
  EXPECT_EQ(t.outcome_column, "Status");
  EXPECT_EQ(t.rows_read, 448);
  EXPECT_EQ(t.open_deals, 0);
  EXPECT_EQ(std::count(t.won.begin(), t.won.end(), 1), 227);
  EXPECT_EQ(std::count(t.won.begin(), t.won.end(), 0), 221);
  EXPECT_THAT(t.skipped, IsEmpty());
  ASSERT_EQ(t.columns.size(), 22U);
  for (const FeatureColumn& column : t.columns) {
    EXPECT_FALSE(column.numeric) << column.name;
    EXPECT_EQ(column.missing, 0) << column.name;
  }
  const FeatureColumn& client = t.columns[14];
  EXPECT_EQ(client.name, "Client");
  EXPECT_THAT(client.levels, ElementsAre("Current", "New", "Past"));
  // Seller 1 won 0.668 of 178.
  const FeatureColumn& seller = t.columns[1];
  int64_t of_seller_1 = 0;
  int64_t won = 0;
  for (size_t i = 0; i < t.won.size(); ++i) {
    if (seller.levels[seller.level[i]] != "Seller 1") continue;
    ++of_seller_1;
    won += t.won[i];
  }
  EXPECT_EQ(of_seller_1, 178);
  EXPECT_EQ(won, 119);
}

TEST(DealTableTest, SalvirtsFolds) {
  const std::string path =
      absl::StrCat(FIVEK_SHARED_DATA_DIR, "/salvirt_b2b/folds.csv");
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) GTEST_SKIP() << path << " is not there";
  const auto folds = ReadFolds(CsvSourceFromDescriptor(descriptor));
  close(descriptor);
  ASSERT_TRUE(folds.ok()) << folds.status();
  EXPECT_EQ(folds->size(), 448U);
  LearnOptions options;
  options.deals.folds = *folds;
  const auto input = ReadFileOf(
      absl::StrCat(FIVEK_SOURCE_DIR, "/tests/data/salvirt_b2b.csv"), options);
  ASSERT_TRUE(input.ok()) << input.status();
  EXPECT_EQ(std::get<DealTable>(input->table).fold, *folds);
  EXPECT_EQ(*std::max_element(folds->begin(), folds->end()), 4);
}

TEST(DealTableTest, Maven) {
  const std::string path =
      absl::StrCat(FIVEK_SHARED_DATA_DIR, "/maven_crm/sales_pipeline.csv");
  LearnOptions options;
  options.deals.without = {"close_value"};
  const auto input = ReadFileOf(path, options);
  if (!input.ok() && input.status().code() == absl::StatusCode::kNotFound) {
    GTEST_SKIP() << path << " is not there";
  }
  ASSERT_TRUE(input.ok()) << input.status();
  EXPECT_THAT(input->errors.messages, IsEmpty());
  const auto& t = std::get<DealTable>(input->table);
  EXPECT_EQ(t.outcome_column, "deal_stage");
  EXPECT_EQ(t.rows_read, 8800);
  EXPECT_EQ(t.open_deals, 2089);
  EXPECT_EQ(std::count(t.won.begin(), t.won.end(), 1), 4238);
  EXPECT_EQ(std::count(t.won.begin(), t.won.end(), 0), 2473);
  EXPECT_THAT(NamesOf(t), ElementsAre("sales_agent", "product", "account"));
  EXPECT_EQ(t.columns[0].levels.size(), 30U);
  EXPECT_EQ(t.columns[1].levels.size(), 7U);
  EXPECT_EQ(t.columns[2].levels.size(), 85U);
  EXPECT_THAT(SkippedOf(t),
              ElementsAre("close_value:without", "opportunity_id:identity",
                          "engage_date:date", "close_date:date"));
  // The same by the map that comes with the tool; its value too.
  const auto map = FindMap(BuiltinMaps(), "maven_crm");
  ASSERT_TRUE(map.ok());
  LearnOptions by_map;
  by_map.map = &*map;
  const auto mapped = ReadFileOf(path, by_map);
  ASSERT_TRUE(mapped.ok()) << mapped.status();
  const auto& m = std::get<DealTable>(mapped->table);
  EXPECT_EQ(m.won, t.won);
  EXPECT_THAT(NamesOf(m),
              ElementsAre("sales_agent", "product", "account", "close_value"));
  EXPECT_TRUE(m.columns[3].numeric);
}

}  // namespace
}  // namespace fivek::tool
