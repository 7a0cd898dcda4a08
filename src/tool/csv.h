// Reads comma-separated values (RFC 4180) as a stream, in constant memory.
//
//   CsvReader reader(CsvSourceFromDescriptor(fd));
//   if (absl::Status s = reader.ReadHeader(); !s.ok()) return s;
//   while (reader.Next()) {
//     if (!reader.status().ok()) { Report(reader.status()); continue; }
//     Use(reader.record().fields);  // As many as reader.header().
//   }
//
// What is read
// - UTF-8, with or without a byte order mark, checked.
// - Records end with LF, CRLF or CR; the last one may end with the file. Lines
//   without any character are skipped.
// - Fields are separated by `,` `;` or tab: the one that stands most often in
//   the header line outside quotes (on a tie, in this order).
// - A field that starts with `"` ends at the next single `"`; inside, `""`
//   stands for one quote, and separators and line ends are text. A quote
//   elsewhere in a field is plain text. Blanks are kept.
//
// Where something stands
// - row: the number of the record in the file, from 1; the header is row 1, so
//   the first row of data is row 2, as a spreadsheet shows it. Skipped empty
//   lines have no row number.
// - line: the physical line, from 1, on which the record starts.
// - column: from 1 in messages, with the name from the header.
//
// A bad record fails itself: Next() returns true, status() says row and column,
// and the next call goes on after it. The end of a bad record is found by the
// same rules. A quote that is never closed makes the rest of the file one bad
// record, reported where the quote opened.

#ifndef FIVEK_SRC_TOOL_CSV_H_
#define FIVEK_SRC_TOOL_CSV_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace fivek::tool {

// Puts up to `capacity` (> 0) bytes at `to`; returns how many, 0 at the end.
using CsvSource =
    std::function<absl::StatusOr<size_t>(char* to, size_t capacity)>;

// Reads an open file descriptor, which stays the caller's. A read that fails
// gives kDataLoss with the system's reason.
CsvSource CsvSourceFromDescriptor(int descriptor);

// Reads `text`, which must outlive the source.
CsvSource CsvSourceFromText(absl::string_view text);

struct CsvOptions {
  char separator = '\0';                  // '\0': found from the header line.
  size_t block_size = size_t{256} << 10;  // Bytes asked for at once, > 0.
  size_t max_record = size_t{1} << 20;    // Bytes; a longer record is an error.
};

struct CsvRecord {
  // Without quotes; valid until the next call of the reader. Empty if bad.
  absl::Span<const absl::string_view> fields;
  int64_t row = 0, line = 0;
};

// "row 5 (line 7), column 3 \"amount\"": the place as all messages write it.
// `column` counts from 0; a negative one is left out. Control characters of the
// name are escaped and a long name is cut.
std::string CsvPlace(int64_t row, int64_t line, int64_t column,
                     absl::string_view name);

// One thread at a time. About 2 * max_record + block_size bytes of memory.
class CsvReader {
 public:
  explicit CsvReader(CsvSource source, const CsvOptions& options = {});
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  // Reads the column names; call it first and once. Errors: kInvalidArgument
  // for an empty file, a header without rows, an empty name, a name that stands
  // twice (names are compared without blanks around them), a bad record, and
  // UTF-16; what the source reports, as it is.
  absl::Status ReadHeader();

  // The column names, without blanks around them. After ReadHeader.
  const std::vector<std::string>& header() const { return header_; }
  char separator() const { return separator_; }

  // Reads the next record, good or bad; false at the end of the file. After a
  // failure of the source (any code but kInvalidArgument) nothing follows.
  bool Next();

  // kInvalidArgument if the record just read is bad: unterminated quote, text
  // after a closing quote, number of fields other than in the header, invalid
  // UTF-8, NUL byte, longer than max_record.
  const absl::Status& status() const { return status_; }
  const CsvRecord& record() const { return record_; }

  // The column, from 0, that status() is about; -1 if it is about none.
  int64_t bad_column() const { return bad_column_; }

  // An error about a field of the current record, placed like the reader's own.
  absl::Status FieldError(size_t column, absl::string_view what) const;

  // Bytes taken from the source so far, for progress.
  int64_t bytes_read() const { return bytes_read_; }

 private:
  bool SkipEmptyLines();
  bool ReadRecord();
  bool ScanRecord();
  void SkipLongRecord();
  void FinishRecord();
  void CheckText();
  bool SniffSeparator();
  bool Fill();
  void Fail(int64_t column, absl::string_view what);

  CsvSource source_;
  const CsvOptions options_;
  char separator_ = '\0';
  std::vector<std::string> header_;

  // buffer_[begin_, end_) is not used up yet. Behind end_ there is room for one
  // more word, so that scanning by words may look past the end.
  std::vector<char> buffer_;
  size_t begin_ = 0, end_ = 0;
  bool at_end_ = false;  // The source has no more.
  bool failed_ = false;  // The source failed.
  bool pending_lf_ =
      false;  // The last line ended with CR: an LF belongs to it.
  int64_t row_ = 0, line_ = 1, bytes_read_ = 0;

  // What ScanRecord found; positions are offsets into buffer_.
  std::vector<absl::string_view> fields_;
  std::vector<size_t> doubled_;  // Fields that hold doubled quotes.
  bool any_quoted_ = false;
  size_t record_end_ = 0, next_ = 0;
  int64_t text_after_quote_ = -1;  // Column.
  size_t open_quote_ = 0;          // Offset of a quote that is never closed.
  bool unterminated_ = false;

  CsvRecord record_;
  absl::Status status_;
  int64_t bad_column_ = -1;
};

}  // namespace fivek::tool

#endif  // FIVEK_SRC_TOOL_CSV_H_
