#include "src/tool/text_table.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "fivek/base/money.h"
#include "src/tool/display_width.h"

namespace fivek::tool {
namespace {

// Puts commas into the digits before the decimal point.
std::string Grouped(absl::string_view number) {
  std::string out;
  if (!number.empty() && number.front() == '-') {
    out = "-";
    number.remove_prefix(1);
  }
  const size_t whole = std::min(number.find('.'), number.size());
  for (size_t i = 0; i < whole; ++i) {
    if (i > 0 && (whole - i) % 3 == 0) out += ',';
    out += number[i];
  }
  absl::StrAppend(&out, number.substr(whole));
  return out;
}

constexpr absl::string_view kFullBlock = "\xE2\x96\x88";  // U+2588

constexpr absl::string_view kInkCodes[] = {"",         "\x1B[1m",  "\x1B[2m",
                                           "\x1B[31m", "\x1B[32m", "\x1B[33m"};
constexpr absl::string_view kGap = "  ";

}  // namespace

std::string GroupedCount(int64_t count) { return Grouped(absl::StrCat(count)); }

std::string GroupedAmount(int64_t minor_units, int minor_digits) {
  return Grouped(FormatAmount(minor_units, minor_digits));
}

std::string Tenths(double value) { return absl::StrFormat("%.1f", value); }

std::string Percent(double share, int decimals) {
  return PercentText(static_cast<int32_t>(std::floor(share * 1e6 + 0.5)),
                     decimals);
}

std::string PercentText(int32_t ppm, int decimals) {
  const int kept = std::clamp(decimals, 0, 4);
  int64_t unit = 1;  // ppm in the last decimal that is kept.
  for (int i = kept; i < 4; ++i) unit *= 10;
  const int64_t size = ppm < 0 ? -int64_t{ppm} : int64_t{ppm};
  int64_t rounded = size / unit;
  const int64_t twice = 2 * (size % unit);
  if (twice > unit || (twice == unit && rounded % 2 == 1)) ++rounded;
  const int64_t per_percent = 10000 / unit;
  std::string out = absl::StrCat(ppm < 0 && rounded != 0 ? "-" : "",
                                 Grouped(absl::StrCat(rounded / per_percent)));
  if (kept > 0) {
    absl::StrAppendFormat(&out, ".%0*d", kept, rounded % per_percent);
  }
  return out + " %";
}

std::string Bar(int64_t part, int64_t whole, size_t width) {
  if (part <= 0 || whole <= 0) return std::string();
  const absl::int128 room = absl::int128(width) * 8;
  const absl::int128 exact = absl::int128(part) * room / whole;
  const auto eighths = static_cast<size_t>(
      std::clamp<absl::int128>(exact, std::min<absl::int128>(1, room), room));
  std::string bar;
  for (size_t i = 0; i < eighths / 8; ++i) absl::StrAppend(&bar, kFullBlock);
  if (const size_t rest = eighths % 8; rest > 0) {
    // U+258F is one eighth, U+2589 seven.
    bar += "\xE2\x96";
    bar += static_cast<char>(static_cast<unsigned char>(0x90 - rest));
  }
  return bar;
}

std::string Painted(absl::string_view text, Ink ink, bool colour) {
  if (!colour || ink == Ink::kPlain || text.empty()) return std::string(text);
  return absl::StrCat(kInkCodes[static_cast<size_t>(ink)], text, "\x1B[0m");
}

std::string Padded(absl::string_view text, size_t width, Align align) {
  const size_t used = DisplayWidth(text);
  const std::string blanks(used < width ? width - used : 0, ' ');
  return align == Align::kLeft ? absl::StrCat(text, blanks)
                               : absl::StrCat(blanks, text);
}

TextTable::TextTable(std::vector<TableColumn> columns)
    : columns_(std::move(columns)) {}

std::vector<std::string> TextTable::Fit(
    const std::vector<std::string>& cells) const {
  std::vector<std::string> fit(columns_.size());
  for (size_t i = 0; i < std::min(cells.size(), fit.size()); ++i) {
    fit[i] = EscapeControls(cells[i]);
    const size_t limit = columns_[i].max_width;
    if (limit > 0) fit[i] = Truncated(fit[i], limit);
  }
  return fit;
}

void TextTable::AddRow(const std::vector<std::string>& cells, Ink ink) {
  if (columns_.empty()) return;
  rows_.push_back({Fit(cells), ink});
}

void TextTable::AddRule() { rows_.push_back({}); }

std::string TextTable::Render(bool colour) const {
  std::vector<std::string> titles;
  bool any_title = false;
  for (const TableColumn& column : columns_) {
    titles.push_back(column.title);
    any_title |= !column.title.empty();
  }
  std::vector<Row> rows;
  if (any_title) {
    rows.push_back({Fit(titles), Ink::kBold});
    rows.push_back({});
  }
  rows.insert(rows.end(), rows_.begin(), rows_.end());

  std::vector<size_t> width(columns_.size(), 0);
  for (const Row& row : rows) {
    for (size_t i = 0; i < row.cells.size(); ++i) {
      width[i] = std::max(width[i], DisplayWidth(row.cells[i]));
    }
  }
  size_t total = 0;
  for (const size_t w : width) total += w;
  if (!width.empty()) total += kGap.size() * (width.size() - 1);

  std::string out;
  for (const Row& row : rows) {
    std::string line;
    Ink ink = row.ink;
    if (row.cells.empty()) {
      line.assign(total, '-');
      ink = Ink::kDim;
    }
    for (size_t i = 0; i < row.cells.size(); ++i) {
      absl::StrAppend(&line, i > 0 ? kGap : "",
                      Padded(row.cells[i], width[i], columns_[i].align));
    }
    absl::StripTrailingAsciiWhitespace(&line);
    absl::StrAppend(&out, Painted(line, ink, colour), "\n");
  }
  return out;
}

}  // namespace fivek::tool
