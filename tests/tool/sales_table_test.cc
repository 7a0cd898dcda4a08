#include "src/tool/sales_table.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fivek::tool {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

SalesInput Read(absl::string_view text, const ColumnMap* map = nullptr) {
  SalesOptions options;
  options.map = map;
  auto input = ReadSales(CsvSourceFromText(text), options);
  EXPECT_TRUE(input.ok()) << input.status();
  return input.ok() ? *std::move(input) : SalesInput();
}

absl::Status Refusal(absl::string_view text, const ColumnMap* map = nullptr) {
  SalesOptions options;
  options.map = map;
  return ReadSales(CsvSourceFromText(text), options).status();
}

TEST(SalesTableTest, OrdersByNamesOfColumns) {
  const SalesInput input = Read(
      "customer,date,amount\n"
      "Bo,2024-02-01,-80.00\n"
      "Acme,2024-01-05,1200.5\n"
      "Bo,2024-01-31T23:30:00-02:00,0\n");
  const SalesTable& t = input.table;
  EXPECT_EQ(input.errors.count, 0);
  EXPECT_THAT(t.accounts, ElementsAre("Acme", "Bo"));
  EXPECT_THAT(t.account, ElementsAre(1, 0, 1));
  EXPECT_THAT(t.day, ElementsAre(19754, 19727, 19754));
  EXPECT_THAT(t.amount, ElementsAre(-8000, 120050, 0));
  EXPECT_EQ(t.rows_read, 3);
  EXPECT_EQ(t.currency, "");
  EXPECT_EQ(t.minor_digits, 2);
}

TEST(SalesTableTest, WhatIsNoSaleIsCounted) {
  const SalesInput input = Read(
      "account,closed,amount,outcome\n"
      "A,2024-01-05,5,won\n"
      "A,2024-01-05,5,lost\n"
      "A,,5,open\n"
      "A,2024-01-05,5,\n"
      ",2024-01-05,5,won\n"
      "A,2024-01-05,,won\n");
  EXPECT_EQ(input.errors.count, 0);
  EXPECT_THAT(input.table.amount, ElementsAre(500));
  EXPECT_EQ(input.table.not_won, 3);
  EXPECT_EQ(input.table.without_account, 1);
  EXPECT_EQ(input.table.without_amount, 1);
}

TEST(SalesTableTest, ByTheBuiltInMapThatFits) {
  const SalesInput input = Read(
      "opportunity_id,sales_agent,product,account,deal_stage,engage_date,"
      "close_date,close_value\n"
      "1,Ann,X,Acme,Won,2017-01-01,2017-03-01,1054\n"
      "2,Ann,X,Acme,Lost,2017-01-01,2017-03-01,0\n"
      "3,Ann,X,,Engaging,2017-01-01,,\n"
      "4,Ann,X,Acme,Parked,2017-01-01,,\n");
  EXPECT_THAT(input.table.amount, ElementsAre(105400));
  EXPECT_EQ(input.table.currency, "USD");
  EXPECT_EQ(input.table.not_won, 2);
  ASSERT_EQ(input.errors.count, 1);
  EXPECT_THAT(input.errors.messages[0],
              AllOf(HasSubstr("row 5"), HasSubstr("deal_stage"),
                    HasSubstr("maven_crm does not know the stage \"Parked\"")));
}

TEST(SalesTableTest, AMapOfTheCaller) {
  const auto map = *ColumnMap::Parse(
      "[columns]\nid = no\naccount = who\nclosed = when\namount = much\n"
      "[options]\namount_unit = minor\ncurrency = JPY\n",
      "ours");
  const SalesInput input = Read("no,who,when,much\n1,A,2024-01-01,700\n", &map);
  EXPECT_THAT(input.table.amount, ElementsAre(700));
  EXPECT_EQ(input.table.currency, "JPY");
  EXPECT_EQ(input.table.minor_digits, 0);
  const auto without = *ColumnMap::Parse("[columns]\nid = no\n", "short");
  EXPECT_THAT(std::string(Refusal("no,who\n1,A\n", &without).message()),
              HasSubstr("the column map short must have the keys account, "
                        "closed and amount"));
}

TEST(SalesTableTest, RowsThatCannotBeRead) {
  const SalesInput input = Read(
      "account,date,amount,currency\n"
      "A,2024-01-05,5,USD\n"
      "A,2024-13-05,5,USD\n"
      "A,,5,USD\n"
      "A,2024-01-05,5.001,USD\n"
      "A,2024-01-05,5,EUR\n"
      "A,2024-01-05,5\n"
      "A,2024-01-05,7,USD\n");
  EXPECT_THAT(input.table.amount, ElementsAre(500, 700));
  EXPECT_EQ(input.table.rows_read, 7);
  ASSERT_EQ(input.errors.count, 5);
  EXPECT_THAT(input.errors.messages[0], HasSubstr("row 3"));
  EXPECT_THAT(input.errors.messages[0], HasSubstr("2024-13-5"));
  EXPECT_THAT(input.errors.messages[1], HasSubstr("the day is blank"));
  EXPECT_THAT(input.errors.messages[2], HasSubstr("5.001"));
  EXPECT_THAT(input.errors.messages[3],
              HasSubstr("currency \"EUR\"; allowed: that of the rows before, "
                        "\"USD\""));
  EXPECT_THAT(input.errors.messages[4], HasSubstr("row 7"));
}

TEST(SalesTableTest, UnknownCurrencies) {
  const SalesInput input = Read(
      "account,date,amount,currency\nA,2024-01-05,5,dollar\n"
      "A,2024-01-05,5,QQQ\nA,2024-01-05,5.123,KWD\n");
  EXPECT_EQ(input.errors.count, 2);
  EXPECT_THAT(input.table.amount, ElementsAre(5123));
  EXPECT_EQ(input.table.minor_digits, 3);
}

TEST(SalesTableTest, FilesWithoutSales) {
  EXPECT_THAT(std::string(Refusal("a,b\n1,2\n").message()),
              AllOf(HasSubstr("no sales: it needs the columns account or"),
                    HasSubstr("customer"), HasSubstr("it has: \"a\", \"b\"")));
  EXPECT_FALSE(Refusal("").ok());
}

}  // namespace
}  // namespace fivek::tool
