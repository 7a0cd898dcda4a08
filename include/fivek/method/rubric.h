// The 5K formula and its rubric.
//
//   Problem x Power x Vision x Value x Control = Deal
//   问题    x 权力  x 愿景   x 价值  x 控制    = 成交
//
// Each of the five dimensions has ordered levels, 0 upwards: what was seen of
// the buyer. A level earns points, 0..20. In Problem, Vision and Value the
// points depend on who showed it: the sponsor (left column) or the decision
// maker (right). Power and Control have one column; their rows carry the same
// number twice. A dimension that was not assessed is unknown (255): missing is
// not zero. What the points make of a deal stands in strength.h.
//
//   for (const RubricRow& row : Rubric(Dimension::kPower)) { ... }
//   kVision[3].decision_maker;  // 20: the decision maker agrees to the vision
//
// The tables are the built-in method; a policy (policy.h) may change points and
// texts, never the codes. Units: points. Cost: O(1). Thread-safety: constants
// and pure functions. Source: domain.md §2.
#ifndef FIVEK_METHOD_RUBRIC_H_
#define FIVEK_METHOD_RUBRIC_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "fivek/base/language.h"

namespace fivek {

// Part of the ABI: append, never renumber. The order is the order of work.
enum class Dimension : uint8_t {
  kProblem = 0,
  kPower = 1,
  kVision = 2,
  kValue = 3,
  kControl = 4,
};

inline constexpr int kDimensionCount = 5;
inline constexpr int kMaxPoints = 20;     // Of one dimension.
inline constexpr int kMaxLevels = 8;      // Of any dimension.
inline constexpr uint8_t kUnknown = 255;  // Not assessed; not zero.

struct RubricRow {
  uint8_t level;  // Ordinal and part of the ABI: append, never renumber.
  uint8_t sponsor, decision_maker;  // Points 0..20, by who showed the evidence.
  Bilingual seen;                   // What was seen.
};

// clang-format off
// Problem 问题: has the buyer admitted a problem and its pain?
inline constexpr std::array<RubricRow, 6> kProblem = {{
    // level sponsor decision maker  what was seen
    {0,      0,      12, {"the seller cannot describe need, pain or cause",
                          "销售人员说不出客户的需求、痛苦或原因"}},
    {1,      2,      13, {"the seller assumes a need",
                          "销售人员假定客户有需求"}},
    {2,      4,      14, {"the seller assumes a pain",
                          "销售人员假定客户有痛苦"}},
    {3,      6,      16, {"the customer admits a need",
                          "客户承认需求"}},
    {4,      8,      18, {"the customer admits the cause or symptom",
                          "客户承认原因或症状"}},
    {5,     10,      20, {"the customer admits the pain",
                          "客户承认痛苦"}},
}};

// Power 权力: does the contact influence or make the decision?
inline constexpr std::array<RubricRow, 8> kPower = {{
    // level points twice            what was seen
    {0,      0,       0, {"the decision maker is unknown",
                          "不知道谁是决策者"}},
    {1,      4,       4, {"the decision maker is known",
                          "知道谁是决策者"}},
    {2,      8,       8, {"the buying and decision process is understood",
                          "了解购买与决策流程"}},
    {3,      9,       9, {"the sponsor agrees to refer the decision maker",
                          "经办人同意引荐决策者"}},
    {4,     10,      10, {"the decision maker agrees to explore further",
                          "决策者同意继续探究"}},
    {5,     14,      14, {"the decision maker agrees to the content of the value plan",
                          "决策者同意价值方案的内容"}},
    {6,     16,      16, {"the decision maker agrees to the content of the proposal",
                          "决策者同意提议的内容"}},
    {7,     20,      20, {"the decision maker agrees to buy",
                          "决策者同意购买"}},
}};

// Vision 愿景: does the buyer share the seller's vision of the solution?
inline constexpr std::array<RubricRow, 4> kVision = {{
    // level sponsor decision maker  what was seen
    {0,      0,       8, {"no vision was created, or a competitor's vision stands",
                          "没有建立愿景，或竞争对手的愿景占上风"}},
    {1,      2,      10, {"a vision built on the product was created",
                          "已建立基于产品的愿景"}},
    {2,      4,      15, {"a vision that sets us apart was created",
                          "已建立与众不同的愿景"}},
    {3,      6,      20, {"the customer agrees to the vision",
                          "客户认同愿景"}},
}};

// Value 价值: is there significant value that the buyer feels?
inline constexpr std::array<RubricRow, 7> kValue = {{
    // level sponsor decision maker  what was seen
    {0,      0,       8, {"no value was found",
                          "没有找到价值"}},
    {1,      1,      10, {"the solution the customer asks for cannot be quantified",
                          "客户要的解决方案无法量化"}},
    {2,      2,      12, {"the seller found the value",
                          "销售人员找到了价值"}},
    {3,      3,      14, {"the customer states that value",
                          "客户说出该价值"}},
    {4,      4,      16, {"the customer verifies the value",
                          "客户验证了价值"}},
    {5,      5,      18, {"customer and seller verify the value together",
                          "客户与销售人员共同验证价值"}},
    {6,      6,      20, {"the customer agrees to the common value and it meets the financial criteria",
                          "客户认同共同价值，且符合财务标准"}},
}};

// Control 控制: does the seller have influence on the buying process?
inline constexpr std::array<RubricRow, 7> kControl = {{
    // level points twice            what was seen
    {0,      0,       0, {"nothing is in writing",
                          "没有任何书面内容"}},
    {1,      4,       4, {"the sponsor states and admits problem and pain",
                          "经办人陈述并承认问题和痛苦"}},
    {2,      8,       8, {"the sponsor introduces the decision maker",
                          "经办人引荐了决策者"}},
    {3,     10,      10, {"the decision maker admits the problem and discusses the solution",
                          "决策者承认问题并讨论解决方案"}},
    {4,     14,      14, {"the decision maker confirms the solution and revises it",
                          "决策者确认并修改解决方案"}},
    {5,     16,      16, {"a review before the proposal takes place",
                          "已进行提议前审查"}},
    {6,     20,      20, {"the evaluation plan is complete",
                          "评估计划已完成"}},
}};

struct DimensionRow {
  Dimension code;
  const char* key;           // In JSON and column names.
  bool by_decision_maker;    // Two columns: it matters who showed the level.
  uint8_t levels;            // How many: codes 0 .. levels - 1.
  Bilingual name, question;  // The question that the dimension answers.
};

inline constexpr std::array<DimensionRow, kDimensionCount> kDimensions = {{
    // code                key        two columns  levels
    {Dimension::kProblem, "problem", true,  kProblem.size(), {"Problem", "问题"},
     {"Has the buyer admitted a problem and its pain?", "客户是否承认问题及其痛苦？"}},
    {Dimension::kPower,   "power",   false, kPower.size(),   {"Power", "权力"},
     {"Does the contact influence or make the decision?", "联系人是否影响或做出决策？"}},
    {Dimension::kVision,  "vision",  true,  kVision.size(),  {"Vision", "愿景"},
     {"Does the buyer share the seller's vision of the solution?", "客户是否认同解决方案的愿景？"}},
    {Dimension::kValue,   "value",   true,  kValue.size(),   {"Value", "价值"},
     {"Is there significant value that the buyer feels?", "是否有客户能感受到的重大价值？"}},
    {Dimension::kControl, "control", false, kControl.size(), {"Control", "控制"},
     {"Does the seller have influence on the buying process?", "销售人员能否影响购买流程？"}},
}};
// clang-format on

// The dimensions in which it matters who showed the level, as a bit mask:
// Problem, Vision, Value (bits 0, 2, 3).
inline constexpr uint8_t kTwoColumnDimensions = 0b01101;

// The built-in rows of a dimension, level 0 first; empty for any other code.
absl::Span<const RubricRow> Rubric(Dimension dimension);

// How many levels a dimension has, in every policy. `dimension` is 0..4.
constexpr int LevelCount(Dimension dimension) {
  return kDimensions[static_cast<size_t>(dimension)].levels;
}

template <size_t N>
constexpr bool IsSound(const std::array<RubricRow, N>& rows, bool two_columns) {
  if (N > kMaxLevels) return false;
  for (size_t i = 0; i < N; ++i) {
    if (rows[i].level != i) return false;
    if (two_columns ? rows[i].sponsor >= rows[i].decision_maker
                    : rows[i].sponsor != rows[i].decision_maker) {
      return false;
    }
    if (i > 0 && (rows[i].sponsor <= rows[i - 1].sponsor ||
                  rows[i].decision_maker <= rows[i - 1].decision_maker)) {
      return false;
    }
  }
  return rows[N - 1].decision_maker == kMaxPoints;
}
static_assert(IsSound(kProblem, true) && IsSound(kPower, false) &&
                  IsSound(kVision, true) && IsSound(kValue, true) &&
                  IsSound(kControl, false),
              "levels in order; points rise; decision maker above sponsor; "
              "top 20");

constexpr bool AreSound(const std::array<DimensionRow, kDimensionCount>& rows) {
  for (size_t i = 0; i < rows.size(); ++i) {
    if (static_cast<size_t>(rows[i].code) != i) return false;
    if (rows[i].by_decision_maker != ((kTwoColumnDimensions >> i & 1) != 0)) {
      return false;
    }
  }
  return true;
}
static_assert(AreSound(kDimensions), "codes in order; the mask says the same");

}  // namespace fivek

#endif  // FIVEK_METHOD_RUBRIC_H_
