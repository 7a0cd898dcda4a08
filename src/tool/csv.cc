#include "src/tool/csv.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/tool/display_width.h"
#include "src/tool/utf8.h"

namespace fivek::tool {
namespace {

// Scanning looks at eight bytes at a time. Bytes are numbered from the low end
// of the word on every platform; compilers make one load of this.
constexpr size_t kWord = 8;
constexpr uint64_t kOnes = 0x0101010101010101;
constexpr uint64_t kHighs = 0x8080808080808080;

uint64_t LoadWord(const char* p) {
  const auto* b = reinterpret_cast<const unsigned char*>(p);
  return uint64_t{b[0]} | uint64_t{b[1]} << 8 | uint64_t{b[2]} << 16 |
         uint64_t{b[3]} << 24 | uint64_t{b[4]} << 32 | uint64_t{b[5]} << 40 |
         uint64_t{b[6]} << 48 | uint64_t{b[7]} << 56;
}

uint64_t Repeat(char c) { return kOnes * static_cast<unsigned char>(c); }

// High bit of the bytes of `word` that are zero. Exact for the lowest one; a
// higher byte may be marked wrongly, but only above a true mark.
uint64_t ZeroBytes(uint64_t word) { return (word - kOnes) & ~word & kHighs; }

size_t LowestByte(uint64_t marks) {
  return static_cast<size_t>(__builtin_ctzll(marks)) / 8;
}

// The first separator or line end in [p, end), else end. Reads up to a word
// past the end.
const char* FindFieldEnd(const char* p, const char* end, uint64_t separators) {
  constexpr uint64_t kLf = kOnes * '\n', kCr = kOnes * '\r';
  for (; p < end; p += kWord) {
    const uint64_t word = LoadWord(p);
    const uint64_t marks = ZeroBytes(word ^ separators) |
                           ZeroBytes(word ^ kLf) | ZeroBytes(word ^ kCr);
    if (marks != 0) return std::min(p + LowestByte(marks), end);
  }
  return end;
}

// Whether [p, end) holds ASCII without NUL only. Reads up to a word past the
// end.
bool IsPlainAscii(const char* p, const char* end) {
  uint64_t bad = 0;
  for (; end - p >= static_cast<ptrdiff_t>(kWord); p += kWord) {
    const uint64_t word = LoadWord(p);
    bad |= word | ZeroBytes(word);
  }
  if (p < end) {
    const uint64_t keep = (uint64_t{1} << (8 * (end - p))) - 1;
    const uint64_t word = (LoadWord(p) & keep) | (Repeat(' ') & ~keep);
    bad |= word | ZeroBytes(word);
  }
  return (bad & kHighs) == 0;
}

bool IsLineEnd(char c) { return c == '\n' || c == '\r'; }

// Line ends in `text`; CRLF is one.
int64_t CountLineEnds(absl::string_view text) {
  int64_t count = 0;
  char last = '\0';
  for (const char c : text) {
    if (c == '\r' || (c == '\n' && last != '\r')) ++count;
    last = c;
  }
  return count;
}

constexpr char kSeparators[] = {',', ';', '\t'};
constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr absl::string_view kUtf16Marks[] = {"\xFF\xFE", "\xFE\xFF"};

}  // namespace

CsvSource CsvSourceFromDescriptor(int descriptor) {
  return [descriptor](char* to, size_t capacity) -> absl::StatusOr<size_t> {
    for (;;) {
      const ssize_t n = ::read(descriptor, to, capacity);
      if (n >= 0) return static_cast<size_t>(n);
      if (errno != EINTR) {
        return absl::DataLossError(
            absl::StrCat("the file cannot be read: ", std::strerror(errno)));
      }
    }
  };
}

CsvSource CsvSourceFromText(absl::string_view text) {
  return [text](char* to, size_t capacity) mutable -> absl::StatusOr<size_t> {
    const size_t n = std::min(capacity, text.size());
    if (n > 0) std::memcpy(to, text.data(), n);
    text.remove_prefix(n);
    return n;
  };
}

std::string CsvPlace(int64_t row, int64_t line, int64_t column,
                     absl::string_view name) {
  std::string place = absl::StrFormat("row %d (line %d)", row, line);
  if (column >= 0) {
    absl::StrAppendFormat(&place, ", column %d", column + 1);
    if (!name.empty()) {
      absl::StrAppend(&place, " ", Quoted(name));
    }
  }
  return place;
}

CsvReader::CsvReader(CsvSource source, const CsvOptions& options)
    : source_(std::move(source)),
      options_(options),
      separator_(options.separator) {}

void CsvReader::Fail(int64_t column, absl::string_view what) {
  bad_column_ = column;
  record_.fields = {};
  absl::string_view name;
  if (column >= 0 && static_cast<size_t>(column) < header_.size()) {
    name = header_[static_cast<size_t>(column)];
  }
  status_ = absl::InvalidArgumentError(absl::StrCat(
      CsvPlace(record_.row, record_.line, column, name), ": ", what));
}

absl::Status CsvReader::FieldError(size_t column,
                                   absl::string_view what) const {
  const absl::string_view name = column < header_.size()
                                     ? absl::string_view(header_[column])
                                     : absl::string_view();
  return absl::InvalidArgumentError(absl::StrCat(
      CsvPlace(record_.row, record_.line, static_cast<int64_t>(column), name),
      ": ", what));
}

// Gets at least as many bytes as are waiting, so that scanning a long record
// again after each fill costs twice its length at most. False if the source
// failed.
bool CsvReader::Fill() {
  const size_t have = end_ - begin_;
  const size_t want = std::max({options_.block_size, have, size_t{1}});
  if (begin_ > 0 && have > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, have);
  }
  begin_ = 0;
  end_ = have;
  if (buffer_.size() < have + want + kWord) {
    buffer_.resize(have + want + kWord);
  }
  while (!at_end_ && end_ < have + want) {
    const absl::StatusOr<size_t> got =
        source_(buffer_.data() + end_, have + want - end_);
    if (!got.ok()) {
      failed_ = true;
      bad_column_ = -1;
      record_.fields = {};
      status_ = got.status();
      return false;
    }
    at_end_ = *got == 0;
    end_ += *got;
    bytes_read_ += static_cast<int64_t>(*got);
  }
  return true;
}

// True if a record starts at begin_; false at the end and on failure.
bool CsvReader::SkipEmptyLines() {
  for (;;) {
    if (begin_ == end_) {
      if (at_end_ || !Fill() || begin_ == end_) return false;
    }
    const char c = buffer_[begin_];
    const bool second_half = pending_lf_ && c == '\n';
    pending_lf_ = false;
    if (!IsLineEnd(c)) return true;
    ++begin_;
    if (!second_half) ++line_;
    pending_lf_ = c == '\r';
  }
}

// Finds the fields of the record at begin_. False if its end is not in the
// buffer and more may come.
bool CsvReader::ScanRecord() {
  fields_.clear();
  doubled_.clear();
  any_quoted_ = false;
  text_after_quote_ = -1;
  unterminated_ = false;
  const uint64_t separators = Repeat(separator_);
  const char* const base = buffer_.data();
  const char* const end = base + end_;
  const char* p = base + begin_;
  for (;;) {
    if (p < end && *p == '"') {
      any_quoted_ = true;
      const char* const text = p + 1;
      const char* close = text;
      bool doubled = false;
      for (;;) {
        close = static_cast<const char*>(
            std::memchr(close, '"', static_cast<size_t>(end - close)));
        if (close == nullptr) {
          if (!at_end_) return false;
          unterminated_ = true;
          open_quote_ = static_cast<size_t>(p - base);
          record_end_ = next_ = end_;
          return true;
        }
        if (close + 1 == end && !at_end_) return false;
        if (close + 1 == end || close[1] != '"') break;
        doubled = true;
        close += 2;
      }
      if (doubled) doubled_.push_back(fields_.size());
      fields_.emplace_back(text, static_cast<size_t>(close - text));
      p = close + 1;
      if (p < end && *p != separator_ && !IsLineEnd(*p)) {
        if (text_after_quote_ < 0) {
          text_after_quote_ = static_cast<int64_t>(fields_.size()) - 1;
        }
        p = FindFieldEnd(p, end, separators);
      }
    } else {
      const char* const text = p;
      p = FindFieldEnd(p, end, separators);
      fields_.emplace_back(text, static_cast<size_t>(p - text));
    }
    if (p == end) {
      if (!at_end_) return false;
      record_end_ = next_ = end_;
      return true;
    }
    if (*p == separator_) {
      ++p;
      continue;
    }
    record_end_ = static_cast<size_t>(p - base);
    next_ = record_end_ + 1;
    return true;
  }
}

// Reads a record, good or bad, into record_ and status_; false at the end.
bool CsvReader::ReadRecord() {
  if (failed_) return false;
  status_ = absl::OkStatus();
  bad_column_ = -1;
  record_.fields = {};
  if (!SkipEmptyLines()) return failed_;
  record_.row = ++row_;
  record_.line = line_;
  bool complete = ScanRecord();
  while (!complete && end_ - begin_ <= options_.max_record) {
    if (!Fill()) return true;
    complete = ScanRecord();
  }
  if (complete && unterminated_) {
    const size_t column = fields_.size();
    const int64_t line =
        record_.line + CountLineEnds(absl::string_view(buffer_.data() + begin_,
                                                       open_quote_ - begin_));
    Fail(static_cast<int64_t>(column),
         absl::StrFormat("the quote opened on line %d is never closed", line));
    begin_ = next_;
  } else if (!complete || record_end_ - begin_ > options_.max_record) {
    SkipLongRecord();
  } else {
    FinishRecord();
  }
  return true;
}

// Uses up the record that ScanRecord found.
void CsvReader::FinishRecord() {
  if (any_quoted_) {
    line_ += CountLineEnds(
        absl::string_view(buffer_.data() + begin_, record_end_ - begin_));
  }
  if (next_ > record_end_) {
    ++line_;
    pending_lf_ = buffer_[record_end_] == '\r';
  }
  record_.fields = fields_;
  if (text_after_quote_ >= 0) {
    Fail(text_after_quote_,
         "text after the closing quote (a quote inside a quoted field is "
         "written twice)");
  } else if (!IsPlainAscii(buffer_.data() + begin_,
                           buffer_.data() + record_end_)) {
    CheckText();
  }
  for (const size_t i : doubled_) {
    // The text is used up, so the buffer may be changed in place.
    char* const text = buffer_.data() + (fields_[i].data() - buffer_.data());
    char* to = text;
    for (size_t k = 0; k < fields_[i].size(); ++k) {
      *to++ = text[k];
      if (text[k] == '"') ++k;
    }
    fields_[i] = absl::string_view(text, static_cast<size_t>(to - text));
  }
  begin_ = next_;
}

void CsvReader::CheckText() {
  for (size_t i = 0; i < fields_.size(); ++i) {
    const char* const text = fields_[i].data();
    if (IsPlainAscii(text, text + fields_[i].size())) continue;
    const size_t nul = fields_[i].find('\0');
    const size_t valid = ValidUtf8Prefix(fields_[i].substr(0, nul));
    if (valid == fields_[i].size()) continue;
    if (valid == nul) {
      Fail(static_cast<int64_t>(i),
           absl::StrFormat("NUL byte at byte %d of the field", valid + 1));
    } else {
      Fail(static_cast<int64_t>(i),
           absl::StrFormat(
               "invalid UTF-8: byte 0x%02X at byte %d of the field (save the "
               "file as UTF-8)",
               static_cast<unsigned char>(fields_[i][valid]), valid + 1));
    }
    return;
  }
}

// Passes over a record that is too long to hold, block by block, by the same
// rules as ScanRecord.
void CsvReader::SkipLongRecord() {
  enum class At { kFieldStart, kPlain, kQuoted, kQuoteSeen };
  At at = At::kFieldStart;
  size_t length = 0;  // Bytes of the record so far.
  int64_t column = 0, line = record_.line;
  int64_t quote_line = 0;  // Where the last quote opened.
  int64_t limit_column = 0,
          limit_quote_line = 0;  // Where the limit was passed.
  char last = '\0';
  for (;; ++begin_) {
    if (begin_ == end_) {
      if (at_end_) break;
      if (!Fill()) return;
      if (begin_ == end_) break;
    }
    const char c = buffer_[begin_];
    if (at == At::kQuoteSeen)
      at = c == '"' ? At::kQuoted : At::kPlain;
    else if (at == At::kQuoted) {
      if (c == '"') at = At::kQuoteSeen;
    } else if (at == At::kFieldStart && c == '"') {
      at = At::kQuoted;
      quote_line = line;
    } else {
      at = At::kPlain;
    }
    if (at == At::kPlain) {
      if (IsLineEnd(c)) break;
      if (c == separator_) at = At::kFieldStart;
    }
    if (length++ == options_.max_record) {
      limit_column = column;
      limit_quote_line =
          at == At::kQuoted || at == At::kQuoteSeen ? quote_line : 0;
    }
    if (c == '\r' || (c == '\n' && last != '\r')) ++line;
    if (at == At::kFieldStart) ++column;
    last = c;
  }
  line_ = line;
  if (begin_ < end_) {
    ++line_;
    pending_lf_ = buffer_[begin_] == '\r';
    ++begin_;
  } else if (at == At::kQuoted) {
    Fail(column, absl::StrFormat("the quote opened on line %d is never closed",
                                 quote_line));
    return;
  }
  std::string what = absl::StrFormat("the record is longer than %d bytes",
                                     options_.max_record);
  if (limit_quote_line > 0) {
    absl::StrAppendFormat(&what, " (is the quote opened on line %d closed?)",
                          limit_quote_line);
  }
  Fail(limit_column, what);
}

// Sets separator_ from the header line at begin_; false on failure of the
// source. Of a header longer than max_record, which ReadRecord refuses, only
// the start counts.
bool CsvReader::SniffSeparator() {
  for (;;) {
    size_t count[sizeof(kSeparators)] = {};
    // What counts must not depend on how much is in the buffer.
    const size_t seen = std::min(end_ - begin_, options_.max_record);
    bool complete = at_end_ || seen == options_.max_record;
    bool in_quotes = false, may_open = true;
    for (size_t i = begin_; i < begin_ + seen; ++i) {
      const char c = buffer_[i];
      const bool was_in_quotes = in_quotes;
      if (c == '"' && (in_quotes || may_open)) in_quotes = !in_quotes;
      may_open = was_in_quotes && !in_quotes;  // For the second of two.
      if (in_quotes) continue;
      if (IsLineEnd(c)) {
        complete = true;
        break;
      }
      for (size_t k = 0; k < sizeof(kSeparators); ++k) {
        if (c != kSeparators[k]) continue;
        ++count[k];
        may_open = true;
      }
    }
    if (complete) {
      const auto* const most =
          std::max_element(std::begin(count), std::end(count));
      separator_ = kSeparators[most - std::begin(count)];
      return true;
    }
    if (!Fill()) return false;
  }
}

absl::Status CsvReader::ReadHeader() {
  while (!at_end_ && end_ < kByteOrderMark.size()) {
    if (!Fill()) return status_;
  }
  const absl::string_view start(buffer_.data(), end_);
  for (const absl::string_view mark : kUtf16Marks) {
    if (start.substr(0, mark.size()) == mark) {
      return absl::InvalidArgumentError(
          "the file is UTF-16; save it as UTF-8 (\"CSV UTF-8\")");
    }
  }
  if (start.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    begin_ = kByteOrderMark.size();
  }
  if (!SkipEmptyLines()) {
    return failed_ ? status_ : absl::InvalidArgumentError("the file is empty");
  }
  if (separator_ == '\0' && !SniffSeparator()) return status_;
  ReadRecord();
  if (!status_.ok()) return status_;

  std::vector<std::string> names;
  absl::flat_hash_map<absl::string_view, size_t> first;
  names.reserve(fields_.size());
  for (const absl::string_view field : fields_) {
    names.emplace_back(absl::StripAsciiWhitespace(field));
  }
  for (size_t i = 0; i < names.size(); ++i) {
    const int64_t column = static_cast<int64_t>(i);
    if (names[i].empty()) {
      Fail(column, "the column has no name");
      return status_;
    }
    const auto [found, inserted] = first.emplace(names[i], i);
    if (!inserted) {
      Fail(column, absl::StrFormat("the name %s stands in column %d too",
                                   Quoted(names[i]), found->second + 1));
      return status_;
    }
  }
  if (!SkipEmptyLines()) {
    return failed_ ? status_
                   : absl::InvalidArgumentError(
                         "the file has a header but no rows");
  }
  header_ = std::move(names);
  return absl::OkStatus();
}

bool CsvReader::Next() {
  if (!ReadRecord()) return false;
  const size_t found = fields_.size(), expected = header_.size();
  if (!status_.ok() || found == expected) return true;
  if (found < expected) {
    Fail(static_cast<int64_t>(found),
         absl::StrFormat("missing: found %d fields, expected %d as in the "
                         "header",
                         found, expected));
  } else {
    Fail(static_cast<int64_t>(expected),
         absl::StrFormat("not in the header: found %d fields, expected %d",
                         found, expected));
  }
  return true;
}

}  // namespace fivek::tool
