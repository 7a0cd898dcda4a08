#include "src/tool/text_table.h"

#include <cstdint>
#include <limits>
#include <string>

#include "gtest/gtest.h"
#include "src/tool/display_width.h"

namespace fivek::tool {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

TEST(NumberTest, GroupsThousands) {
  EXPECT_EQ(GroupedCount(0), "0");
  EXPECT_EQ(GroupedCount(999), "999");
  EXPECT_EQ(GroupedCount(8800), "8,800");
  EXPECT_EQ(GroupedCount(-1234), "-1,234");
  EXPECT_EQ(GroupedCount(-123), "-123");
  EXPECT_EQ(GroupedCount(kMax), "9,223,372,036,854,775,807");
  EXPECT_EQ(GroupedCount(kMin), "-9,223,372,036,854,775,808");
}

TEST(NumberTest, WritesAmountsFromMinorUnits) {
  EXPECT_EQ(GroupedAmount(1000553400, 2), "10,005,534.00");
  EXPECT_EQ(GroupedAmount(-5, 2), "-0.05");
  EXPECT_EQ(GroupedAmount(1234, 0), "1,234");
  EXPECT_EQ(GroupedAmount(1234567, 3), "1,234.567");
  EXPECT_EQ(GroupedAmount(kMin, 2), "-92,233,720,368,547,758.08");
}

TEST(NumberTest, WritesPercentRoundedHalfToEven) {
  EXPECT_EQ(PercentText(631500, 2), "63.15 %");
  EXPECT_EQ(PercentText(631500, 1), "63.2 %");  // 63.15: 63.2 is even.
  EXPECT_EQ(PercentText(632500, 1), "63.2 %");  // 63.25: 63.2 is even.
  EXPECT_EQ(PercentText(632501, 1), "63.3 %");
  EXPECT_EQ(PercentText(5000, 0), "0 %");
  EXPECT_EQ(PercentText(15000, 0), "2 %");
  EXPECT_EQ(PercentText(999999, 2), "100.00 %");
  EXPECT_EQ(PercentText(1, 4), "0.0001 %");
  EXPECT_EQ(PercentText(0, 0), "0 %");
  EXPECT_EQ(PercentText(-250000, 0), "-25 %");
  EXPECT_EQ(PercentText(-1, 0), "0 %");
  EXPECT_EQ(PercentText(std::numeric_limits<int32_t>::min(), 4),
            "-214,748.3648 %");
}

TEST(BarTest, CountsEighths) {
  EXPECT_EQ(Bar(0, 10, 4), "");
  EXPECT_EQ(Bar(-1, 10, 4), "");
  EXPECT_EQ(Bar(1, 0, 4), "");
  EXPECT_EQ(Bar(10, 10, 2), "\u2588\u2588");
  EXPECT_EQ(Bar(5, 10, 3), "\u2588\u258C");
  EXPECT_EQ(Bar(1, 1000000, 3), "\u258F");
  EXPECT_EQ(Bar(7, 8, 1), "\u2589");
  EXPECT_EQ(Bar(20, 10, 2), "\u2588\u2588");
  EXPECT_EQ(Bar(kMax, kMax, 2), "\u2588\u2588");
  EXPECT_EQ(Bar(5, 10, 0), "");
}

TEST(TextTableTest, AlignsByDisplayWidth) {
  TextTable table({{"account"}, {"amount", Align::kRight}});
  table.AddRow({"Acme", "1,234.00"});
  table.AddRow({"海棠纺织", "5.00"});
  table.AddRow({"e\u0301t\u00E9", "12.00"});
  table.AddRule();
  table.AddRow({"", "1,251.00"});
  EXPECT_EQ(table.Render(false),
            "account     amount\n"
            "------------------\n"
            "Acme      1,234.00\n"
            "海棠纺织      5.00\n"
            "e\u0301t\u00E9          12.00\n"
            "------------------\n"
            "          1,251.00\n");
}

TEST(TextTableTest, LeavesOutEmptyTitlesAndTrailingBlanks) {
  TextTable table({{""}, {""}});
  table.AddRow({"a"});
  table.AddRow({"bbb", "c", "dropped"});
  EXPECT_EQ(table.Render(true), "a\nbbb  c\n");
  EXPECT_EQ(TextTable({}).Render(true), "");
}

TEST(TextTableTest, CutsLongCells) {
  TextTable table({{"name", Align::kLeft, 6}, {"n", Align::kRight}});
  table.AddRow({"海棠纺织", "1"});
  table.AddRow({"abcdefgh", "22"});
  EXPECT_EQ(table.Render(false),
            "name     n\n"
            "----------\n"
            "海棠\u2026    1\n"
            "abcde\u2026  22\n");
}

TEST(TextTableTest, ColoursOnlyIfAsked) {
  TextTable table({{"a"}});
  table.AddRow({"x"}, Ink::kRed);
  EXPECT_EQ(table.Render(false), "a\n-\nx\n");
  EXPECT_EQ(table.Render(true),
            "\x1B[1ma\x1B[0m\n\x1B[2m-\x1B[0m\n\x1B[31mx\x1B[0m\n");
  EXPECT_EQ(Painted("x", Ink::kGreen, false), "x");
  EXPECT_EQ(Painted("", Ink::kGreen, true), "");
}

TEST(TextTableTest, TextFromAFileCannotSteerTheTerminal) {
  TextTable table({{"a\x1B"}, {"b"}});
  table.AddRow({"x\x1B[2J\ny", "\u202E1"}, Ink::kBold);
  EXPECT_EQ(table.Render(false),
            "a\\x1B        b\n"
            "--------------------\n"
            "x\\x1B[2J\\ny  \\u202E1\n");
}

}  // namespace
}  // namespace fivek::tool
