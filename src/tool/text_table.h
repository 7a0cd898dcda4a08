// Tables, numbers and bars for people to read on a terminal.

#ifndef FIVEK_SRC_TOOL_TEXT_TABLE_H_
#define FIVEK_SRC_TOOL_TEXT_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace fivek::tool {

// Columns for names out of a file.
inline constexpr size_t kNameWidth = 28;

// "8,800", "-1,234".
std::string GroupedCount(int64_t count);

// Minor units as "10,005,534.00"; `minor_digits` as in fivek/base/money.h.
std::string GroupedAmount(int64_t minor_units, int minor_digits);

// A number as "1.5".
std::string Tenths(double value);

// Parts per million as "63.15 %", rounded half to even to `decimals`, 0..4.
std::string PercentText(int32_t ppm, int decimals);

// The same of a share 0 to 1.
std::string Percent(double share, int decimals = 1);

// A bar of block characters, `width` columns long for `whole`, in eighths of a
// column. A part that is not zero shows at least an eighth; a part below zero
// shows nothing and one above `whole` fills the width.
std::string Bar(int64_t part, int64_t whole, size_t width);

enum class Ink : uint8_t { kPlain, kBold, kDim, kRed, kGreen, kYellow };

// `text` in that ink if `colour`, else as it is. The text must be safe to print
// (EscapeControls).
std::string Painted(absl::string_view text, Ink ink, bool colour);

// `text` with blanks added to `width` columns; longer text is left alone.
enum class Align : uint8_t { kLeft, kRight };
std::string Padded(absl::string_view text, size_t width, Align align);

struct TableColumn {
  std::string title;
  Align align = Align::kLeft;
  size_t max_width = 0;  // Longer cells are cut with an ellipsis; 0: never.
};

// Columns as wide as their widest cell by display width, two blanks apart.
// What a cell holds is escaped, so that text from a file cannot steer the
// terminal. No line ends in blanks.
class TextTable {
 public:
  explicit TextTable(std::vector<TableColumn> columns);

  // Cells that are left out are blank; cells beyond the columns are dropped.
  void AddRow(const std::vector<std::string>& cells, Ink ink = Ink::kPlain);

  // A line across the table, as above a total.
  void AddRule();

  // The table, each line with `\n`. The titles and a rule come first, unless
  // all titles are empty. Colour only if asked.
  std::string Render(bool colour) const;

 private:
  struct Row {
    std::vector<std::string> cells;  // Empty: a rule.
    Ink ink = Ink::kPlain;
  };

  std::vector<std::string> Fit(const std::vector<std::string>& cells) const;

  std::vector<TableColumn> columns_;
  std::vector<Row> rows_;
};

}  // namespace fivek::tool

#endif  // FIVEK_SRC_TOOL_TEXT_TABLE_H_
