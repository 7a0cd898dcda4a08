#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/types/span.h"
#include "src/base/utf8.h"
#include "src/tool/pipe_format.h"

namespace fivek::tool {
namespace {

// Whether a cell may end at `p`, which stands in a line that ends with LF.
bool IsCellEnd(const char* p) {
  return *p == '\t' || *p == '\n' || (*p == '\r' && p[1] == '\n');
}

// The room that the scores take at most: each an int64 and a tab, a tab before
// them and an LF behind.
constexpr size_t kMostOfScores = 21 * kPipeScores.size();

char* AppendNumber(int64_t number, char* to) {
  if (number >= 0 && number < 10) {  // As most are: codes.
    *to = static_cast<char>('0' + number);
    return to + 1;
  }
  return std::to_chars(to, to + 20, number).ptr;
}

// For a message: not more than a person reads.
std::string NamesFound(absl::Span<const absl::string_view> names) {
  constexpr size_t kMost = 20;
  std::string found =
      absl::StrJoin(names.subspan(0, std::min(names.size(), kMost)), ", ",
                    [](std::string* to, absl::string_view name) {
                      absl::StrAppend(to, ShownInPipe(name));
                    });
  if (names.size() > kMost) absl::StrAppend(&found, ", ...");
  return found;
}

class TsvFormatter : public PipeFormatter {
 public:
  explicit TsvFormatter(std::vector<PipeColumn> columns)
      : columns_(std::move(columns)) {
    for (const PipeColumn column : columns_) {
      if (column == PipeColumn::kId) has_id_ = true;
    }
  }

  absl::string_view Read(absl::string_view lines, size_t most,
                         PipeRows* rows) override {
    const char* p = lines.data();
    end_ = p + lines.size();
    for (; p != end_ && most > 0 && !rows->full(); --most) {
      p = ReadLine(p, rows);
    }
    return {p, static_cast<size_t>(end_ - p)};
  }

  void Write(const PipeRows& rows, std::string* out) override {
    rows.ForEachAnswer([this, out](const PipeAnswer& answer) {
      if (answer.id.has_value()) {
        out->append(answer.id->data(), answer.id->size());
      }
      char scores[kMostOfScores];
      char* p = scores;
      if (has_id_) *p++ = '\t';
      for (const absl::optional<int64_t>& score : answer.scores) {
        if (score.has_value()) p = AppendNumber(*score, p);
        *p++ = '\t';
      }
      if (answer.error != nullptr) {
        out->append(scores, static_cast<size_t>(p - scores));
        out->append(*answer.error);
        p = scores;
      }
      *p++ = '\n';
      out->append(scores, static_cast<size_t>(p - scores));
    });
  }

 private:
  // Reads one line; returns where the next one begins.
  const char* ReadLine(const char* p, PipeRows* rows) {
    const char* const line = p;
    rows->Begin();
    PipeValues values;
    for (size_t i = 0; i < columns_.size(); ++i) {
      const char* const end = columns_[i] == PipeColumn::kId
                                  ? ReadId(p, rows)
                                  : ReadNumber(columns_[i], p, &values);
      if (end == nullptr) return Refuse(line, i, rows);
      if (i + 1 < columns_.size()) {
        if (*end != '\t') break;  // A line end: too few cells.
        p = end + 1;
      } else if (*end != '\t') {
        if (!rows->Put(values))
          return Refuse(line, FirstBad(values, rows), rows);
        return end + (*end == '\r' ? 2 : 1);
      }
    }
    return Refuse(line, columns_.size(), rows);
  }

  size_t FirstBad(const PipeValues& values, PipeRows* rows) const {
    size_t i = 0;
    while (columns_[i] == PipeColumn::kId ||
           rows->IsAllowed(columns_[i], values.Of(columns_[i]))) {
      ++i;
    }
    return i;
  }

  // Both return the end of the cell; nullptr if it is bad.
  static const char* ReadId(const char* cell, PipeRows* rows) {
    const char* p = cell;
    unsigned any = 0;
    for (;; ++p) {
      const auto byte = static_cast<unsigned char>(*p);
      if (byte < ' ' || byte == 0x7F) break;
      any |= byte;
    }
    const absl::string_view id(cell, static_cast<size_t>(p - cell));
    if (!IsCellEnd(p) || (any >= 0x80 && !IsUtf8(id))) return nullptr;
    rows->SetId(id);
    return p;
  }

  static const char* ReadNumber(PipeColumn column, const char* cell,
                                PipeValues* values) {
    const char* p = cell;
    const bool negative = *p == '-';
    if (negative) ++p;
    const char* const digits = p;
    uint64_t sum = 0;
    for (;; ++p) {
      const auto digit = static_cast<unsigned>(*p) - '0';
      if (digit > 9) break;
      sum = 10 * sum + digit;
    }
    if (!IsCellEnd(p)) return nullptr;
    if (p == digits) return negative ? nullptr : p;
    auto value = static_cast<int64_t>(negative ? 0 - sum : sum);
    // More digits may be too many for 64 bits.
    constexpr ptrdiff_t kSafeDigits = 18;
    if (p - digits > kSafeDigits &&
        std::from_chars(cell, p, value).ec != std::errc()) {
      return nullptr;
    }
    values->Set(column, value);
    return p;
  }

  // Says what is wrong with a line whose cell `bad` is, or which has not as
  // many cells as it should; returns where the next one begins.
  const char* Refuse(const char* line, size_t bad, PipeRows* rows) {
    const char* const end = std::find(line, end_, '\n');
    const std::vector<absl::string_view> cells = absl::StrSplit(
        WithoutCr({line, static_cast<size_t>(end - line)}), '\t');
    const bool is_whole = cells.size() == columns_.size();
    std::string error = absl::StrCat("row ", rows->lines());
    if (is_whole && bad < cells.size()) {
      absl::StrAppend(&error, ", column ", bad + 1, " \"",
                      kPipeColumns[static_cast<size_t>(columns_[bad])],
                      "\": \"", ShownInPipe(cells[bad]),
                      "\"; allowed: ", rows->Allowed(columns_[bad]));
    } else {
      absl::StrAppend(&error, ": ", cells.size(),
                      cells.size() == 1 ? " cell" : " cells",
                      "; the header names ", columns_.size());
    }
    // An id is echoed wherever it stands, if the cells are under their names.
    rows->SetId(absl::string_view());
    for (size_t i = 0; is_whole && i < cells.size(); ++i) {
      if (columns_[i] == PipeColumn::kId) ReadId(cells[i].data(), rows);
    }
    rows->Refuse(std::move(error));
    return end + 1;
  }

  const std::vector<PipeColumn> columns_;
  bool has_id_ = false;
  const char* end_ = nullptr;  // Of the lines that are being read.
};

}  // namespace

absl::StatusOr<std::unique_ptr<PipeFormatter>> MakeTsvFormatter(
    absl::string_view line, std::string* out) {
  const std::vector<absl::string_view> names = absl::StrSplit(line, '\t');
  std::vector<PipeColumn> columns;
  uint32_t seen = 0;
  for (const absl::string_view name : names) {
    const auto column = PipeColumnFromName(name);
    const uint32_t bit =
        column.has_value() ? uint32_t{1} << static_cast<int>(*column) : 0;
    if (!column.has_value() || (seen & bit) != 0) {
      return absl::InvalidArgumentError(absl::StrCat(
          "header: column ", columns.size() + 1, " \"", ShownInPipe(name),
          column.has_value() ? "\" stands twice" : "\" is unknown",
          "; allowed, in any order: ", PipeColumnNames(),
          "; found: ", NamesFound(names)));
    }
    seen |= bit;
    columns.push_back(*column);
  }
  auto formatter = std::make_unique<TsvFormatter>(std::move(columns));
  if ((seen & 1) != 0) absl::StrAppend(out, "id\t");
  absl::StrAppend(out, absl::StrJoin(kPipeScores, "\t"), "\n");
  return formatter;
}

}  // namespace fivek::tool
