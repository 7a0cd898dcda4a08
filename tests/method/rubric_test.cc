#include "fivek/method/rubric.h"

#include <vector>

#include "gtest/gtest.h"

namespace fivek {
namespace {

// domain.md §2, read again by hand.
struct Row {
  int sponsor, decision_maker;
  const char* seen;
};
const std::vector<Row> kWant[] = {
    // Problem
    {{0, 12, "the seller cannot describe need, pain or cause"},
     {2, 13, "the seller assumes a need"},
     {4, 14, "the seller assumes a pain"},
     {6, 16, "the customer admits a need"},
     {8, 18, "the customer admits the cause or symptom"},
     {10, 20, "the customer admits the pain"}},
    // Power
    {{0, 0, "the decision maker is unknown"},
     {4, 4, "the decision maker is known"},
     {8, 8, "the buying and decision process is understood"},
     {9, 9, "the sponsor agrees to refer the decision maker"},
     {10, 10, "the decision maker agrees to explore further"},
     {14, 14, "the decision maker agrees to the content of the value plan"},
     {16, 16, "the decision maker agrees to the content of the proposal"},
     {20, 20, "the decision maker agrees to buy"}},
    // Vision
    {{0, 8, "no vision was created, or a competitor's vision stands"},
     {2, 10, "a vision built on the product was created"},
     {4, 15, "a vision that sets us apart was created"},
     {6, 20, "the customer agrees to the vision"}},
    // Value
    {{0, 8, "no value was found"},
     {1, 10, "the solution the customer asks for cannot be quantified"},
     {2, 12, "the seller found the value"},
     {3, 14, "the customer states that value"},
     {4, 16, "the customer verifies the value"},
     {5, 18, "customer and seller verify the value together"},
     {6, 20,
      "the customer agrees to the common value and it meets the financial "
      "criteria"}},
    // Control
    {{0, 0, "nothing is in writing"},
     {4, 4, "the sponsor states and admits problem and pain"},
     {8, 8, "the sponsor introduces the decision maker"},
     {10, 10,
      "the decision maker admits the problem and discusses the solution"},
     {14, 14, "the decision maker confirms the solution and revises it"},
     {16, 16, "a review before the proposal takes place"},
     {20, 20, "the evaluation plan is complete"}},
};

TEST(RubricTest, IsTheTableOfTheMethod) {
  for (int d = 0; d < kDimensionCount; ++d) {
    const auto dimension = static_cast<Dimension>(d);
    const std::vector<Row>& want = kWant[d];
    const absl::Span<const RubricRow> got = Rubric(dimension);
    ASSERT_EQ(got.size(), want.size()) << "dimension " << d;
    ASSERT_EQ(LevelCount(dimension), static_cast<int>(want.size()));
    for (size_t level = 0; level < want.size(); ++level) {
      EXPECT_EQ(got[level].level, level);
      EXPECT_EQ(got[level].sponsor, want[level].sponsor) << d << "." << level;
      EXPECT_EQ(got[level].decision_maker, want[level].decision_maker)
          << d << "." << level;
      EXPECT_STREQ(got[level].seen.en, want[level].seen);
    }
  }
}

TEST(RubricTest, DimensionsAreTheFormula) {
  struct Want {
    const char *key, *en, *zh;
    bool two_columns;
    int levels;
  };
  const Want want[] = {{"problem", "Problem", "问题", true, 6},
                       {"power", "Power", "权力", false, 8},
                       {"vision", "Vision", "愿景", true, 4},
                       {"value", "Value", "价值", true, 7},
                       {"control", "Control", "控制", false, 7}};
  for (size_t d = 0; d < 5; ++d) {
    const DimensionRow& row = kDimensions[d];
    EXPECT_EQ(static_cast<size_t>(row.code), d);
    EXPECT_STREQ(row.key, want[d].key);
    EXPECT_STREQ(row.name.en, want[d].en);
    EXPECT_STREQ(row.name.zh, want[d].zh);
    EXPECT_EQ(row.by_decision_maker, want[d].two_columns);
    EXPECT_EQ(row.levels, want[d].levels);
  }
  EXPECT_EQ(kTwoColumnDimensions, 1 + 4 + 8);
  EXPECT_EQ(kUnknown, 255);
  EXPECT_EQ(kMaxPoints, 20);
}

TEST(RubricTest, UnsoundTablesAreSeen) {
  constexpr Bilingual kText = {"x", "x"};
  using Two = std::array<RubricRow, 2>;
  EXPECT_TRUE(IsSound(Two{{{0, 0, 8, kText}, {1, 2, 20, kText}}}, true));
  EXPECT_FALSE(IsSound(Two{{{0, 0, 8, kText}, {1, 2, 19, kText}}}, true));
  EXPECT_FALSE(IsSound(Two{{{0, 2, 8, kText}, {1, 2, 20, kText}}}, true));
  EXPECT_FALSE(IsSound(Two{{{0, 8, 8, kText}, {1, 9, 20, kText}}}, true));
  EXPECT_FALSE(IsSound(Two{{{1, 0, 8, kText}, {0, 2, 20, kText}}}, true));
  EXPECT_FALSE(IsSound(Two{{{0, 0, 8, kText}, {1, 20, 20, kText}}}, false));
  EXPECT_TRUE(IsSound(Two{{{0, 0, 0, kText}, {1, 20, 20, kText}}}, false));
}

}  // namespace
}  // namespace fivek
