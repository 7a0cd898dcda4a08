#include "src/tool/csv.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/utf8.h"

namespace fivek::tool {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// One record as read: its place, its fields or what is wrong with it.
struct Read {
  int64_t row = 0, line = 0;
  std::vector<std::string> fields;
  std::string error;
  int64_t bad_column = -1;
  friend bool operator==(const Read& a, const Read& b) {
    return a.row == b.row && a.line == b.line && a.fields == b.fields &&
           a.error == b.error && a.bad_column == b.bad_column;
  }
};
void PrintTo(const Read& r, std::ostream* os) {
  *os << "row " << r.row << " line " << r.line << " "
      << testing::PrintToString(r.fields) << " [" << r.error << "] column "
      << r.bad_column;
}

struct File {
  std::string header_error;
  std::vector<std::string> header;
  std::vector<Read> records;
};

File ReadAll(absl::string_view text, const CsvOptions& options = {}) {
  File file;
  CsvReader reader(CsvSourceFromText(text), options);
  if (absl::Status status = reader.ReadHeader(); !status.ok()) {
    file.header_error = std::string(status.message());
    return file;
  }
  file.header = reader.header();
  while (reader.Next()) {
    Read read;
    read.row = reader.record().row;
    read.line = reader.record().line;
    for (const absl::string_view field : reader.record().fields) {
      read.fields.emplace_back(field);
    }
    read.error = std::string(reader.status().message());
    read.bad_column = reader.bad_column();
    if (!reader.status().ok()) {
      EXPECT_TRUE(read.fields.empty());
    }
    file.records.push_back(std::move(read));
  }
  EXPECT_FALSE(reader.Next());
  return file;
}

std::vector<std::string> Fields(const File& file, size_t i) {
  return i < file.records.size() ? file.records[i].fields
                                 : std::vector<std::string>{"no such record"};
}

TEST(CsvTest, ReadsPlainFields) {
  const File file = ReadAll("id,name\n1,Acme\n2,Beta\n");
  EXPECT_THAT(file.header, ElementsAre("id", "name"));
  ASSERT_EQ(file.records.size(), 2u);
  EXPECT_EQ(file.records[0], (Read{2, 2, {"1", "Acme"}, "", -1}));
  EXPECT_EQ(file.records[1], (Read{3, 3, {"2", "Beta"}, "", -1}));
}

TEST(CsvTest, ReadsEveryLineEnd) {
  for (const absl::string_view end : {"\n", "\r\n", "\r"}) {
    for (const bool last : {true, false}) {
      const std::string text = absl::StrCat("a,b", end, "1,2", end, "3,4",
                                            last ? end : absl::string_view());
      const File file = ReadAll(text);
      ASSERT_EQ(file.records.size(), 2u) << text;
      EXPECT_EQ(file.records[0], (Read{2, 2, {"1", "2"}, "", -1}));
      EXPECT_EQ(file.records[1], (Read{3, 3, {"3", "4"}, "", -1}));
    }
  }
}

TEST(CsvTest, KeepsSeparatorsLineEndsAndQuotesInQuotes) {
  const File file =
      ReadAll("a,b\n\"x, \"\"y\"\"\",\"1\r\n2\n3\r4\"\n\"\"\"\",\"\"\n5,6\n");
  ASSERT_EQ(file.records.size(), 3u);
  EXPECT_EQ(file.records[0],
            (Read{2, 2, {"x, \"y\"", "1\r\n2\n3\r4"}, "", -1}));
  EXPECT_EQ(file.records[1], (Read{3, 6, {"\"", ""}, "", -1}));
  EXPECT_EQ(file.records[2], (Read{4, 7, {"5", "6"}, "", -1}));
}

TEST(CsvTest, TakesAQuoteInsideAPlainFieldAsText) {
  const File file = ReadAll("a,b\n5\" pipe,x\"y\"\n \"q\",2\n");
  EXPECT_THAT(Fields(file, 0), ElementsAre("5\" pipe", "x\"y\""));
  EXPECT_THAT(Fields(file, 1), ElementsAre(" \"q\"", "2"));
}

TEST(CsvTest, KeepsBlanksAndEmptyFields) {
  const File file = ReadAll("a,b,c\n , ,\n,,\n1,2,");
  EXPECT_THAT(Fields(file, 0), ElementsAre(" ", " ", ""));
  EXPECT_THAT(Fields(file, 1), ElementsAre("", "", ""));
  EXPECT_THAT(Fields(file, 2), ElementsAre("1", "2", ""));
}

TEST(CsvTest, SkipsLinesWithoutAnyCharacter) {
  const File file = ReadAll("\n\r\na,b\n\n1,2\r\n\r\n\r\r3,4\n\n");
  ASSERT_EQ(file.records.size(), 2u);
  EXPECT_EQ(file.records[0], (Read{2, 5, {"1", "2"}, "", -1}));
  EXPECT_EQ(file.records[1], (Read{3, 9, {"3", "4"}, "", -1}));
}

TEST(CsvTest, AnEmptyQuotedFieldIsARecord) {
  const File file = ReadAll("a\n\"\"\n\nx\n");
  ASSERT_EQ(file.records.size(), 2u);
  EXPECT_THAT(Fields(file, 0), ElementsAre(""));
}

TEST(CsvTest, StripsTheByteOrderMark) {
  EXPECT_THAT(ReadAll("\xEF\xBB\xBF"
                      "a,b\n1,2\n")
                  .header,
              ElementsAre("a", "b"));
  EXPECT_THAT(ReadAll("\xEF\xBB\xBF\"a\",b\n1,2\n").header,
              ElementsAre("a", "b"));
}

TEST(CsvTest, TrimsTheNamesInTheHeader) {
  EXPECT_THAT(ReadAll(" a ,\"\tb \"\n1,2\n").header, ElementsAre("a", "b"));
}

struct SniffCase {
  const char* name;
  absl::string_view text;
  char want;
};
void PrintTo(const SniffCase& c, std::ostream* os) { *os << c.name; }
const SniffCase kSniffCases[] = {
    {"Comma", "a,b;c,d\n1\n", ','},
    {"Semicolon", "a;b;c,d\n1\n", ';'},
    {"Tab", "a\tb,c\td\n1\n", '\t'},
    {"TieIsComma", "a;b,c\n1\n", ','},
    {"TieIsSemicolonBeforeTab", "a\tb;c\n1\n", ';'},
    {"OneColumnIsComma", "a\n1;2;3\n", ','},
    {"QuotedDoesNotCount", "\"a,b,c\";d\n1\n", ';'},
    {"DoubledQuotesStayQuoted", "\"a\"\",,,\";d\n1\n", ';'},
    {"QuoteInPlainTextIsText", "5\",6\",a;b\n1\n", ','},
    {"OnlyTheHeaderCounts", "a;b\n1,2,3,4,5\n", ';'},
    {"QuotedLineEndsStayInTheHeader", "\"a\n,\";b;c\n1\n", ';'},
};
class SniffTest : public testing::TestWithParam<SniffCase> {};
TEST_P(SniffTest, FindsTheSeparatorAtAnyBlockSize) {
  for (size_t block = 1; block <= GetParam().text.size(); ++block) {
    CsvOptions options;
    options.block_size = block;
    CsvReader reader(CsvSourceFromText(GetParam().text), options);
    EXPECT_TRUE(reader.ReadHeader().ok());
    EXPECT_EQ(reader.separator(), GetParam().want) << block;
  }
}
INSTANTIATE_TEST_SUITE_P(Csv, SniffTest, testing::ValuesIn(kSniffCases),
                         [](const auto& p) {
                           return std::string(p.param.name);
                         });

TEST(CsvTest, TheCallerMayNameTheSeparator) {
  CsvOptions options;
  options.separator = ';';
  EXPECT_THAT(ReadAll("a,b\n1,2\n", options).header, ElementsAre("a,b"));
}

struct HeaderCase {
  const char* name;
  absl::string_view text;
  absl::string_view want;  // The whole message.
};
void PrintTo(const HeaderCase& c, std::ostream* os) { *os << c.name; }
const HeaderCase kHeaderCases[] = {
    {"EmptyFile", "", "the file is empty"},
    {"OnlyAByteOrderMark", "\xEF\xBB\xBF", "the file is empty"},
    {"OnlyLineEnds", "\n\r\n\r", "the file is empty"},
    {"HeaderOnly", "a,b\n", "the file has a header but no rows"},
    {"HeaderWithoutLineEnd", "a,b", "the file has a header but no rows"},
    {"HeaderAndEmptyLines", "a,b\n\n\r\n", "the file has a header but no rows"},
    {"EmptyName", "a,,c\n1,2,3\n",
     "row 1 (line 1), column 2: the column has "
     "no name"},
    {"BlankName", "a,b,\" \"\n1,2,3\n",
     "row 1 (line 1), column 3: the column has no name"},
    {"DuplicateName", "\na,b, a\n1,2,3\n",
     "row 1 (line 2), column 3: the name \"a\" stands in column 1 too"},
    {"UnterminatedQuote", "a,\"b\n1,2\n",
     "row 1 (line 1), column 2: the quote opened on line 1 is never closed"},
    {"TextAfterQuote", "a,\"b\"c\n1,2\n",
     "row 1 (line 1), column 2: text after the closing quote (a quote inside a "
     "quoted field is written twice)"},
    {"InvalidUtf8", "a,b\xD6\xD0\n1,2\n",
     "row 1 (line 1), column 2: invalid UTF-8: byte 0xD6 at byte 2 of the "
     "field (save the file as UTF-8)"},
    {"Utf16LittleEndian",
     absl::string_view("\xFF\xFE"
                       "a\0,\0",
                       6),
     "the file is UTF-16; save it as UTF-8 (\"CSV UTF-8\")"},
    {"Utf16BigEndian", absl::string_view("\xFE\xFF\0a\0,", 6),
     "the file is UTF-16; save it as UTF-8 (\"CSV UTF-8\")"},
    {"Nul", absl::string_view("a\0,b\n1,2\n", 9),
     "row 1 (line 1), column 1: NUL byte at byte 2 of the field"},
};
class HeaderTest : public testing::TestWithParam<HeaderCase> {};
TEST_P(HeaderTest, IsRefused) {
  for (size_t block = 1; block <= GetParam().text.size() + 1; ++block) {
    CsvOptions options;
    options.block_size = block;
    CsvReader reader(CsvSourceFromText(GetParam().text), options);
    const absl::Status status = reader.ReadHeader();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(status.message(), GetParam().want) << block;
  }
}
INSTANTIATE_TEST_SUITE_P(Csv, HeaderTest, testing::ValuesIn(kHeaderCases),
                         [](const auto& p) {
                           return std::string(p.param.name);
                         });

TEST(CsvTest, ALongHeaderIsRefused) {
  CsvOptions options;
  options.max_record = 8;
  EXPECT_EQ(ReadAll("abcd,efgh\n1,2\n", options).header_error,
            "row 1 (line 1), column 2: the record is longer than 8 bytes");
  EXPECT_EQ(ReadAll("abcd,efg\n1,2\n", options).header_error, "");
}

// Found by fuzzing: the separators counted must not depend on the blocks.
TEST(CsvTest, ALongHeaderIsRefusedAlikeAtAnyBlockSize) {
  CsvOptions options;
  options.max_record = 8;
  for (size_t block = 1; block < 30; ++block) {
    options.block_size = block;
    EXPECT_EQ(ReadAll("ab;cd;efgh,,,,,,\n1,2\n", options).header_error,
              "row 1 (line 1), column 3: the record is longer than 8 bytes");
  }
}

struct BadRecordCase {
  const char* name;
  absl::string_view record;  // Stands as row 3 of a file with 4 rows.
  absl::string_view want;    // Behind "row 3 (line 3), ".
  int64_t column;
};
void PrintTo(const BadRecordCase& c, std::ostream* os) { *os << c.name; }
const BadRecordCase kBadRecords[] = {
    {"TooFewFields", "1,2",
     "column 3 \"c\": missing: found 2 fields, expected 3 as in the header", 2},
    {"TooManyFields", "1,2,3,4,5",
     "column 4: not in the header: found 5 fields, expected 3", 3},
    {"TextAfterQuote", "1,\"2\"x,3",
     "column 2 \"b\": text after the closing quote (a quote inside a quoted "
     "field is written twice)",
     1},
    {"BlankAfterQuote", "\"1\" ,2,3",
     "column 1 \"a\": text after the closing quote (a quote inside a quoted "
     "field is written twice)",
     0},
    {"InvalidUtf8", "1,2,xy\xFFz",
     "column 3 \"c\": invalid UTF-8: byte 0xFF at byte 3 of the field (save "
     "the file as UTF-8)",
     2},
    {"Overlong", "1,\xC0\xAF,3",
     "column 2 \"b\": invalid UTF-8: byte 0xC0 at byte 1 of the field (save "
     "the file as UTF-8)",
     1},
    {"Surrogate", "\xED\xA0\x80,2,3",
     "column 1 \"a\": invalid UTF-8: byte 0xED at byte 1 of the field (save "
     "the file as UTF-8)",
     0},
    {"CutSequence", "\xE4\xBA,2,3",
     "column 1 \"a\": invalid UTF-8: byte 0xE4 at byte 1 of the field (save "
     "the file as UTF-8)",
     0},
    {"Nul", absl::string_view("1,2,3\0", 6),
     "column 3 \"c\": NUL byte at byte 2 of the field", 2},
    {"NulBeforeInvalidUtf8", absl::string_view("1,\0\xFF,3", 6),
     "column 2 \"b\": NUL byte at byte 1 of the field", 1},
    {"InvalidUtf8BeforeNul", absl::string_view("1,\xFF\0,3", 6),
     "column 2 \"b\": invalid UTF-8: byte 0xFF at byte 1 of the field (save "
     "the file as UTF-8)",
     1},
    {"TooLong", "1,2,012345678901234567890123456",
     "column 3 \"c\": the record is longer than 30 bytes", 2},
    {"TooLongInQuotes", "1,\"012345678901234567890123456789\",2",
     "column 2 \"b\": the record is longer than 30 bytes (is the quote opened "
     "on line 3 closed?)",
     1},
};
class BadRecordTest : public testing::TestWithParam<BadRecordCase> {};
TEST_P(BadRecordTest, FailsItselfAndNothingElse) {
  for (const absl::string_view end : {"\n", "\r\n", "\r"}) {
    const std::string text = absl::StrCat("a,b,c", end, "1,2,3", end,
                                          GetParam().record, end, "4,5,6", end);
    for (size_t block = 1; block <= text.size(); ++block) {
      CsvOptions options;
      options.block_size = block;
      options.max_record = 30;
      const File file = ReadAll(text, options);
      ASSERT_EQ(file.records.size(), 3u);
      EXPECT_EQ(file.records[0], (Read{2, 2, {"1", "2", "3"}, "", -1}));
      EXPECT_EQ(file.records[1],
                (Read{3,
                      3,
                      {},
                      absl::StrCat("row 3 (line 3), ", GetParam().want),
                      GetParam().column}));
      EXPECT_EQ(file.records[2], (Read{4, 4, {"4", "5", "6"}, "", -1}));
    }
  }
}
INSTANTIATE_TEST_SUITE_P(Csv, BadRecordTest, testing::ValuesIn(kBadRecords),
                         [](const auto& p) {
                           return std::string(p.param.name);
                         });

TEST(CsvTest, AQuoteNeverClosedIsOneErrorWhereItOpened) {
  const absl::string_view text = "a,b\n1,2\n\"x\ny\",\"3\n4,5\n6,7\n";
  for (const size_t limit : {size_t{1} << 20, size_t{10}}) {
    for (size_t block = 1; block <= text.size(); ++block) {
      CsvOptions options;
      options.block_size = block;
      options.max_record = limit;
      const File file = ReadAll(text, options);
      ASSERT_EQ(file.records.size(), 2u);
      EXPECT_EQ(file.records[1],
                (Read{3,
                      3,
                      {},
                      "row 3 (line 3), column 2 \"b\": the quote opened on "
                      "line 4 is never closed",
                      1}));
    }
  }
}

TEST(CsvTest, CountsLinesInsideALongRecord) {
  CsvOptions options;
  options.max_record = 10;
  for (size_t block = 1; block < 40; ++block) {
    options.block_size = block;
    const File file =
        ReadAll("a,b\n\"1\r\n2\n3\r4567890\",2\r\n8,9\n", options);
    ASSERT_EQ(file.records.size(), 2u);
    EXPECT_THAT(file.records[0].error, HasSubstr("longer than 10 bytes"));
    EXPECT_EQ(file.records[1], (Read{3, 6, {"8", "9"}, "", -1}));
  }
}

TEST(CsvTest, ARecordOfExactlyTheLimitIsFine) {
  CsvOptions options;
  options.max_record = 9;
  for (size_t block = 1; block < 24; ++block) {
    options.block_size = block;
    for (const absl::string_view end : {"\n", "\r\n", "\r"}) {
      const std::string text =
          absl::StrCat("a,b", end, "1234,\"67\"", end, "1,2");
      const File file = ReadAll(text, options);
      EXPECT_THAT(Fields(file, 0), ElementsAre("1234", "67"));
      EXPECT_THAT(Fields(file, 1), ElementsAre("1", "2"));
    }
  }
}

TEST(CsvTest, AMegabyteIsTheLimitAndMemoryStaysBounded) {
  const std::string longest(size_t{1} << 20, 'x');
  const File file =
      ReadAll(absl::StrCat("a\n", longest, "\n", longest, "y\nz\n"));
  ASSERT_EQ(file.records.size(), 3u);
  EXPECT_EQ(Fields(file, 0), std::vector<std::string>{longest});
  EXPECT_EQ(file.records[1].error,
            "row 3 (line 3), column 1 \"a\": the record is longer than 1048576 "
            "bytes");
  EXPECT_THAT(Fields(file, 2), ElementsAre("z"));
}

TEST(CsvTest, PlacesAnErrorOfTheCaller) {
  CsvReader reader(CsvSourceFromText("a,b\x1B\n1,2\n"));
  ASSERT_TRUE(reader.ReadHeader().ok());
  ASSERT_TRUE(reader.Next());
  EXPECT_EQ(reader.FieldError(1, "no amount").message(),
            "row 2 (line 2), column 2 \"b\\x1B\": no amount");
  EXPECT_EQ(CsvPlace(7, 9, -1, ""), "row 7 (line 9)");
  EXPECT_EQ(CsvPlace(7, 9, 0, std::string(100, 'x')),
            absl::StrCat("row 7 (line 9), column 1 \"", std::string(59, 'x'),
                         "\xE2\x80\xA6\""));
}

TEST(CsvTest, AFailureOfTheSourceEndsTheFile) {
  for (const size_t good : {0u, 1u, 2u}) {
    size_t calls = 0;
    CsvOptions options;
    options.block_size = 8;
    CsvReader reader(
        [&](char* to, size_t capacity) -> absl::StatusOr<size_t> {
          if (calls++ == good) return absl::DataLossError("the disk is gone");
          const absl::string_view text = "a,b\n1,2\n3,4\n5,6\n";
          const size_t n = std::min(capacity, size_t{8});
          text.substr(8 * (calls - 1)).copy(to, n);
          return n;
        },
        options);
    absl::Status status = reader.ReadHeader();
    int records = 0;
    if (status.ok()) {
      while (reader.Next()) {
        status = reader.status();
        if (status.ok()) ++records;
      }
      EXPECT_FALSE(reader.Next());
    }
    EXPECT_EQ(status, absl::DataLossError("the disk is gone"));
    EXPECT_EQ(records, good == 2 ? 3 : good == 1 ? 1 : 0);
  }
}

TEST(CsvTest, ReadsADescriptor) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const absl::string_view text = "a,b\n1,2\n";
  ASSERT_EQ(write(ends[1], text.data(), text.size()), 8);
  close(ends[1]);
  CsvReader reader(CsvSourceFromDescriptor(ends[0]));
  EXPECT_TRUE(reader.ReadHeader().ok());
  EXPECT_TRUE(reader.Next());
  EXPECT_THAT(reader.record().fields, ElementsAre("1", "2"));
  EXPECT_FALSE(reader.Next());
  EXPECT_EQ(reader.bytes_read(), 8);
  close(ends[0]);
}

TEST(CsvTest, AFolderCannotBeRead) {
  const int folder = open("/", O_RDONLY);
  ASSERT_GE(folder, 0);
  CsvReader reader(CsvSourceFromDescriptor(folder));
  const absl::Status status = reader.ReadHeader();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("the file cannot be read: "));
  close(folder);
}

// The oracle: the rules of csv.h once more, a byte at a time over the whole
// text, with the separator known. Errors are kinds, not messages.
enum class Wrong { kNothing, kQuote, kOpen, kText, kCount, kLong };

struct OracleRecord {
  int64_t row, line;
  std::vector<std::string> fields;
  Wrong wrong;
  int64_t column;
};

std::vector<OracleRecord> Oracle(const std::string& text, char separator,
                                 size_t limit) {
  std::vector<OracleRecord> records;
  size_t i = 0;
  int64_t row = 0, line = 1;
  const auto at = [&](size_t k) { return k < text.size() ? text[k] : '\0'; };
  const auto line_end = [&](size_t k) {
    return k < text.size() && (text[k] == '\n' || text[k] == '\r');
  };
  const auto take_line_end = [&] {
    i += at(i) == '\r' && at(i + 1) == '\n' ? 2u : 1u;
    ++line;
  };
  while (i < text.size()) {
    if (line_end(i)) {
      take_line_end();
      continue;
    }
    OracleRecord record{++row, line, {}, Wrong::kNothing, -1};
    const size_t begin = i;
    std::vector<size_t> field_begin;
    const auto wrong = [&](Wrong what, int64_t column) {
      if (record.wrong != Wrong::kNothing) return;
      record.wrong = what;
      record.column = column;
    };
    for (;;) {
      const int64_t column = static_cast<int64_t>(record.fields.size());
      field_begin.push_back(i);
      std::string field;
      if (at(i) == '"') {
        ++i;
        while (i < text.size() && (text[i] != '"' || at(i + 1) == '"')) {
          if (line_end(i) && !(text[i] == '\n' && text[i - 1] == '\r')) ++line;
          field += text[i];
          i += text[i] == '"' ? 2u : 1u;
        }
        if (i == text.size()) {
          record.wrong = Wrong::kOpen;
          record.column = column;
          break;
        }
        ++i;
        if (i < text.size() && text[i] != separator && !line_end(i)) {
          wrong(Wrong::kQuote, column);
          while (i < text.size() && text[i] != separator && !line_end(i)) ++i;
        }
      } else {
        while (i < text.size() && text[i] != separator && !line_end(i)) {
          field += text[i++];
        }
      }
      record.fields.push_back(field);
      if (i < text.size() && text[i] == separator) {
        ++i;
        continue;
      }
      break;
    }
    if (record.wrong != Wrong::kOpen && i - begin > limit) {
      record.wrong = Wrong::kLong;
      // The column that holds the first byte too many; a separator belongs to
      // the field before it.
      record.column = std::upper_bound(field_begin.begin(), field_begin.end(),
                                       begin + limit) -
                      field_begin.begin() - 1;
    }
    for (size_t k = 0; k < record.fields.size(); ++k) {
      if (record.wrong == Wrong::kNothing &&
          (!IsUtf8(record.fields[k]) ||
           absl::StrContains(record.fields[k], '\0'))) {
        wrong(Wrong::kText, static_cast<int64_t>(k));
      }
    }
    if (!records.empty() && record.wrong == Wrong::kNothing &&
        record.fields.size() != records[0].fields.size()) {
      wrong(Wrong::kCount,
            static_cast<int64_t>(
                std::min(record.fields.size(), records[0].fields.size())));
    }
    records.push_back(record);
    if (line_end(i)) take_line_end();
  }
  return records;
}

Wrong KindOf(absl::string_view message) {
  if (message.empty()) return Wrong::kNothing;
  if (absl::StrContains(message, "text after")) return Wrong::kQuote;
  if (absl::StrContains(message, "never closed")) return Wrong::kOpen;
  if (absl::StrContains(message, "longer than")) return Wrong::kLong;
  if (absl::StrContains(message, "fields, expected")) return Wrong::kCount;
  return Wrong::kText;
}

void CompareWithOracle(const std::string& text, const CsvOptions& options) {
  SCOPED_TRACE(absl::StrCat("block ", options.block_size, " limit ",
                            options.max_record, " text ",
                            testing::PrintToString(text)));
  const File file = ReadAll(text, options);
  ASSERT_EQ(file.header_error, "");
  const std::vector<OracleRecord> want =
      Oracle(text, options.separator, options.max_record);
  ASSERT_EQ(file.records.size() + 1, want.size());
  for (size_t i = 0; i < file.records.size(); ++i) {
    const Read& got = file.records[i];
    const OracleRecord& record = want[i + 1];
    EXPECT_EQ(got.row, record.row);
    EXPECT_EQ(got.line, record.line);
    EXPECT_EQ(KindOf(got.error), record.wrong) << got.error;
    EXPECT_EQ(got.bad_column, record.column) << got.error;
    if (record.wrong == Wrong::kNothing) {
      EXPECT_EQ(got.fields, record.fields);
    }
  }
}

std::string RandomText(std::mt19937* random) {
  static constexpr absl::string_view kPieces[] = {
      ",",    ",", "\n",   "\n", "\r\n",       "\r",           "\"",      "\"",
      "\"\"", "a", "bcde", " ",  "0123456789", "\xE4\xBA\x91", "\xE4\xBA"};
  std::string text = "h,i,\"j k\"\nx";
  const size_t n = (*random)() % 40;
  for (size_t i = 0; i < n; ++i) {
    // Hardly ever a NUL.
    if ((*random)() % 200 == 0) text += '\0';
    absl::StrAppend(&text, kPieces[(*random)() % std::size(kPieces)]);
  }
  return text;
}

TEST(CsvOracleTest, RandomTextAtEveryBlockSize) {
  std::mt19937 random(20260101);
  for (int trial = 0; trial < 600; ++trial) {
    const std::string text = RandomText(&random);
    for (size_t block = 1; block <= text.size() + 1; ++block) {
      CsvOptions options;
      options.separator = ',';
      options.block_size = block;
      options.max_record = 10 + random() % 60;
      CompareWithOracle(text, options);
      if (testing::Test::HasFailure()) return;
    }
  }
}

TEST(CsvOracleTest, MuchRandomText) {
  std::mt19937 random(20260102);
  for (int trial = 0; trial < 20000; ++trial) {
    CsvOptions options;
    options.separator = ',';
    options.block_size = 1 + random() % 100;
    options.max_record = 10 + random() % 200;
    CompareWithOracle(RandomText(&random), options);
    if (testing::Test::HasFailure()) return;
  }
}

// A source that gives as little as it likes.
TEST(CsvOracleTest, ShortReadsChangeNothing) {
  std::mt19937 random(20260103);
  for (int trial = 0; trial < 2000; ++trial) {
    const std::string text = RandomText(&random);
    const File want = ReadAll(text);
    absl::string_view rest = text;
    CsvReader reader([&](char* to, size_t capacity) -> absl::StatusOr<size_t> {
      const size_t n =
          std::min({capacity, rest.size(), size_t{1} + random() % 7});
      rest.copy(to, n);
      rest.remove_prefix(n);
      return n;
    });
    EXPECT_EQ(reader.ReadHeader().message(), want.header_error);
    for (const Read& read : want.records) {
      ASSERT_TRUE(reader.Next());
      EXPECT_EQ(reader.status().message(), read.error);
      EXPECT_EQ(std::vector<std::string>(reader.record().fields.begin(),
                                         reader.record().fields.end()),
                read.fields);
    }
    if (want.header_error.empty()) {
      EXPECT_FALSE(reader.Next());
    }
  }
}

}  // namespace
}  // namespace fivek::tool
