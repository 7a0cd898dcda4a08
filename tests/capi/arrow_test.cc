// fivek_score_arrow against fivek_score_columns: whatever types, offsets, nulls
// and dictionaries a batch comes with, its scores are those of plain columns
// with the same values, byte for byte. And what it refuses, and who frees what.
#include <algorithm>
#include <array>
#include <climits>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "capi/fivek_arrow.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/capi/arrow_producer.h"
#include "tests/run_at_once.h"

namespace {

using fivek::RunAtOnce;
using fivek::arrow_test::Bytes;
using fivek::arrow_test::Cell;
using fivek::arrow_test::kBigEndian;
using fivek::arrow_test::MakeArray;
using fivek::arrow_test::MakeBatch;
using fivek::arrow_test::MakeEncoded;
using fivek::arrow_test::Node;
using fivek::arrow_test::NullCount;
using fivek::arrow_test::WidthOf;

constexpr size_t kEvidence = 6;
constexpr size_t kOutcome = 7;
constexpr size_t kAmount = 8;
constexpr std::array<const char*, 9> kNames = {
    "problem",           "power",    "vision",  "value", "control",
    "by_decision_maker", "evidence", "outcome", "amount"};
const std::vector<std::string> kIntegers = {"c", "C", "s", "S",
                                            "i", "I", "l", "L"};

// A number that no column holds.
const Cell kMisfit = Cell::Wide(0, 99);

// ---- The result -------------------------------------------------------------

// A result that is released in the end.
struct Scores {
  Scores() {
    std::memset(static_cast<void*>(&schema), 0xA5, sizeof schema);
    std::memset(static_cast<void*>(&array), 0xA5, sizeof array);
    std::memset(&error, 0, sizeof error);
    error.struct_size = sizeof error;
  }
  Scores(const Scores&) = delete;
  Scores& operator=(const Scores&) = delete;
  ~Scores() {
    if (status != FIVEK_OK) return;
    if (array.release != nullptr) array.release(&array);
    if (schema.release != nullptr) schema.release(&schema);
  }
  template <typename T>
  const T* Column(int64_t column) const {
    return static_cast<const T*>(array.children[column]->buffers[1]);
  }
  bool IsNull(int64_t column, size_t row) const {
    const auto* const bits =
        static_cast<const uint8_t*>(array.children[column]->buffers[0]);
    return bits != nullptr && (bits[row / 8] >> (row % 8) & 1) == 0;
  }
  bool Untouched() const {
    const auto same = [](const void* bytes, size_t size) {
      const auto* const p = static_cast<const uint8_t*>(bytes);
      return std::all_of(p, p + size, [](uint8_t b) { return b == 0xA5; });
    };
    return same(&schema, sizeof schema) && same(&array, sizeof array);
  }

  ArrowSchema schema;
  ArrowArray array;
  fivek_error error;
  fivek_status status = FIVEK_INTERNAL;
};

std::unique_ptr<Scores> Score(Node* batch,
                              const fivek_policy* policy = nullptr) {
  batch->Export();
  auto scores = std::make_unique<Scores>();
  scores->status =
      fivek_score_arrow(policy, &batch->schema, &batch->array, &scores->schema,
                        &scores->array, &scores->error);
  EXPECT_EQ(batch->Released(), 0) << "the batch is borrowed";
  return scores;
}

// ---- The oracle -------------------------------------------------------------

// A batch as what it means: the fields that there are, a cell for each row.
using Meaning = std::map<size_t, std::vector<Cell>>;

struct Book {
  explicit Book(size_t n)
      : rows(n), evidence(n, 0), amount(n, 0), amount_null(n, 0) {
    for (size_t c = 0; c < 8; ++c) {
      bytes.emplace_back(n, c < 5 ? uint8_t{FIVEK_UNKNOWN} : uint8_t{0});
    }
    strength.resize(n), weakest.resize(n), stage.resize(n);
    milestone.resize(n), product.resize(n), probability.resize(n);
    expected.resize(n), status.resize(n);
  }
  void Score(const fivek_policy* policy) {
    const fivek_score_in in = {sizeof in,       0,
                               bytes[0].data(), bytes[1].data(),
                               bytes[2].data(), bytes[3].data(),
                               bytes[4].data(), bytes[5].data(),
                               evidence.data(), bytes[7].data(),
                               amount.data()};
    const fivek_score_out out = {sizeof out,       0,
                                 strength.data(),  weakest.data(),
                                 product.data(),   stage.data(),
                                 milestone.data(), probability.data(),
                                 expected.data(),  status.data()};
    size_t bad = 0;
    ASSERT_EQ(fivek_score_columns(policy, &in, &out, rows, &bad, nullptr),
              FIVEK_OK);
  }

  size_t rows;
  std::vector<std::vector<uint8_t>> bytes;
  std::vector<uint32_t> evidence;
  std::vector<int64_t> amount;
  std::vector<char> amount_null;
  std::vector<uint8_t> strength, weakest, stage, milestone;
  std::vector<int32_t> product, probability;
  std::vector<int64_t> expected;
  std::vector<fivek_status> status;
};

bool OutcomeOf(const std::string& text, int64_t* code) {
  for (int32_t i = 0; fivek_label("outcome", i, "en") != nullptr; ++i) {
    if (text == fivek_label("outcome", i, "en")) {
      *code = i;
      return true;
    }
  }
  return false;
}

// The rows of plain columns that mean the same. A row that does not fit gets a
// level that there is not.
Book BookOf(const Meaning& meaning, size_t rows,
            const std::vector<bool>& valid = {},
            int64_t most_amount = INT64_MAX) {
  Book book(rows);
  std::vector<char> misfit(rows, 0);
  for (const auto& [column, cells] : meaning) {
    EXPECT_EQ(cells.size(), rows);
    for (size_t i = 0; i < rows; ++i) {
      const Cell& cell = cells[i];
      if (cell.null || (!valid.empty() && !valid[i])) {
        if (column == kAmount) book.amount_null[i] = 1;
        continue;
      }
      int64_t value = cell.low;
      bool fits = cell.IsInt64();
      if (!cell.text.empty()) fits = OutcomeOf(cell.text, &value);
      if (column == kAmount) {
        fits = fits && value <= most_amount &&
               (most_amount == INT64_MAX || value >= -most_amount);
        if (fits) book.amount[i] = value;
      } else if (column == kEvidence) {
        fits = fits && value >= 0 && value <= int64_t{UINT32_MAX};
        if (fits) book.evidence[i] = static_cast<uint32_t>(value);
      } else {
        fits = fits && value >= 0 && value <= 255;
        if (fits) book.bytes[column][i] = static_cast<uint8_t>(value);
      }
      if (!fits) misfit[i] = 1;
    }
  }
  for (size_t i = 0; i < rows; ++i) {
    if (misfit[i] != 0) book.bytes[0][i] = 254;
  }
  return book;
}

struct WantColumn {
  const char* name;
  const char* format;
  size_t width;
};
constexpr std::array<WantColumn, 8> kWant = {{{"strength", "C", 1},
                                              {"weakest", "C", 1},
                                              {"product_ppm", "i", 4},
                                              {"stage", "C", 1},
                                              {"milestone", "C", 1},
                                              {"probability_ppm", "i", 4},
                                              {"expected_amount", "l", 8},
                                              {"row_status", "i", 4}}};

// A dictionary of labels and its array.
void ExpectLabels(const char* set, const ArrowSchema& schema,
                  const ArrowArray& array) {
  EXPECT_STREQ(schema.format, "u");
  EXPECT_EQ(array.n_buffers, 3);
  EXPECT_EQ(array.null_count, 0);
  EXPECT_EQ(array.offset, 0);
  EXPECT_EQ(array.buffers[0], nullptr);
  const auto* const offsets = static_cast<const int32_t*>(array.buffers[1]);
  const auto* const text = static_cast<const char*>(array.buffers[2]);
  EXPECT_EQ(fivek_label(set, static_cast<int32_t>(array.length), "en"),
            nullptr);
  for (int32_t i = 0; i < array.length; ++i) {
    EXPECT_EQ(std::string(text + offsets[i], text + offsets[i + 1]),
              fivek_label(set, i, "en"));
  }
}

// That what a buffer is padded with is zero, and where it begins.
void ExpectPadded(const void* buffer, size_t size) {
  ASSERT_NE(buffer, nullptr);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(buffer) % 64, 0U);
  const auto* const bytes = static_cast<const uint8_t*>(buffer);
  for (size_t i = size; i % 64 != 0; ++i) ASSERT_EQ(bytes[i], 0) << i;
}

void ExpectScores(const Scores& scores, Book book,
                  const fivek_policy* policy = nullptr,
                  const std::string& amount_format = "l") {
  ASSERT_EQ(scores.status, FIVEK_OK) << scores.error.message;
  ASSERT_NO_FATAL_FAILURE(book.Score(policy));
  const size_t rows = book.rows;
  const auto n = static_cast<int64_t>(rows);
  EXPECT_STREQ(scores.schema.format, "+s");
  EXPECT_EQ(scores.schema.dictionary, nullptr);
  EXPECT_EQ(scores.array.length, n);
  EXPECT_EQ(scores.array.offset, 0);
  EXPECT_EQ(scores.array.null_count, 0);
  EXPECT_EQ(scores.array.n_buffers, 1);
  EXPECT_EQ(scores.array.buffers[0], nullptr);
  EXPECT_EQ(scores.array.dictionary, nullptr);
  ASSERT_EQ(scores.schema.n_children, 8);
  ASSERT_EQ(scores.array.n_children, 8);

  // Decimals are as wide again, filled with the sign.
  const bool decimal = amount_format != "l";
  std::vector<int64_t> wide;
  for (const int64_t amount : book.expected) {
    const int64_t high = amount < 0 ? -1 : 0;
    wide.push_back(kBigEndian ? high : amount);
    wide.push_back(kBigEndian ? amount : high);
  }
  const std::array<const void*, 8> values = {
      book.strength.data(),
      book.weakest.data(),
      book.product.data(),
      book.stage.data(),
      book.milestone.data(),
      book.probability.data(),
      decimal ? static_cast<const void*>(wide.data()) : book.expected.data(),
      book.status.data()};
  for (size_t c = 0; c < 8; ++c) {
    SCOPED_TRACE(kWant[c].name);
    const ArrowSchema& schema = *scores.schema.children[c];
    const ArrowArray& array = *scores.array.children[c];
    const bool is_amount = c == 6;
    EXPECT_STREQ(schema.name, kWant[c].name);
    EXPECT_EQ(schema.format, is_amount ? amount_format : kWant[c].format);
    EXPECT_EQ(schema.flags, c == 7 ? 0 : ARROW_FLAG_NULLABLE);
    EXPECT_EQ(schema.metadata, nullptr);
    EXPECT_EQ(schema.n_children, 0);
    EXPECT_EQ(array.n_children, 0);
    EXPECT_EQ(array.length, n);
    EXPECT_EQ(array.offset, 0);
    ASSERT_EQ(array.n_buffers, 2);
    const size_t width = is_amount && decimal ? 16 : kWant[c].width;
    ExpectPadded(array.buffers[1], rows * width);
    if (rows > 0) {
      ASSERT_EQ(std::memcmp(array.buffers[1], values[c], rows * width), 0);
    }
    int64_t nulls = 0;
    for (size_t i = 0; i < rows; ++i) {
      const bool bad = book.status[i] != FIVEK_OK;
      bool null = bad && c != 7;
      if (c == 1) null = book.weakest[i] == 255;
      if (c == 2) null = book.product[i] == -1;
      if (c == 6) null = bad || book.amount_null[i] != 0;
      ASSERT_EQ(scores.IsNull(static_cast<int64_t>(c), i), null) << i;
      nulls += null ? 1 : 0;
    }
    EXPECT_EQ(array.null_count, nulls);
    EXPECT_EQ(array.buffers[0] == nullptr, nulls == 0);
    if (nulls > 0) {
      ExpectPadded(array.buffers[0], (rows + 7) / 8);
      const auto last = static_cast<const uint8_t*>(array.buffers[0])[rows / 8];
      if (rows % 8 != 0) {
        EXPECT_EQ(last >> (rows % 8), 0);
      }
    }
    const bool labels = c == 3 || c == 4;
    ASSERT_EQ(schema.dictionary != nullptr, labels);
    ASSERT_EQ(array.dictionary != nullptr, labels);
    if (labels)
      ExpectLabels(kWant[c].name, *schema.dictionary, *array.dictionary);
  }
}

// ---- Values -----------------------------------------------------------------

// The edges of a format's numbers and of what a column holds.
std::vector<Cell> EdgesOf(const std::string& format) {
  const size_t bits = 8 * WidthOf(format);
  const bool is_signed = format[0] >= 'a';
  std::vector<Cell> cells;
  for (const int64_t value : {int64_t{0},
                              int64_t{1},
                              int64_t{3},
                              int64_t{5},
                              int64_t{8},
                              int64_t{127},
                              int64_t{128},
                              int64_t{254},
                              int64_t{255},
                              int64_t{256},
                              int64_t{259},
                              int64_t{0xFFFF},
                              int64_t{0x10000},
                              int64_t{0x7FFFFFFF},
                              int64_t{0x80000000},
                              int64_t{0xFFFFFFFF},
                              int64_t{0x100000000},
                              int64_t{0x100000003},
                              INT64_MAX,
                              int64_t{-1},
                              int64_t{-3},
                              int64_t{-128},
                              int64_t{-256},
                              int64_t{-32768},
                              int64_t{INT32_MIN},
                              INT64_MIN}) {
    const int64_t low =
        is_signed
            ? -1 - (bits == 64 ? INT64_MAX : (int64_t{1} << (bits - 1)) - 1)
            : 0;
    int64_t high = INT64_MAX;
    if (bits < 64) high = (int64_t{1} << (is_signed ? bits - 1 : bits)) - 1;
    if (value >= low && value <= high) cells.push_back(Cell::Of(value));
  }
  if (format == "L") {
    cells.push_back(Cell::Wide(-1, 0));
    cells.push_back(Cell::Wide(INT64_MIN, 0));
    cells.push_back(Cell::Wide(INT64_MIN + 3, 0));
  }
  return cells;
}

enum class Nulls { kNone, kSome, kAll };

void PutNulls(Nulls nulls, std::vector<Cell>* cells) {
  for (size_t i = 0; i < cells->size(); ++i) {
    if (nulls == Nulls::kAll || (nulls == Nulls::kSome && i % 3 == 1)) {
      (*cells)[i] = Cell::Null();
    }
  }
}

// `cells` behind `count` rows that belong to another slice.
std::vector<Cell> Behind(int64_t count, std::vector<Cell> cells) {
  cells.insert(cells.begin(), static_cast<size_t>(count), Cell::Of(2));
  return cells;
}

template <typename... Fields>
std::vector<std::unique_ptr<Node>> List(Fields... fields) {
  std::vector<std::unique_ptr<Node>> list;
  (list.push_back(std::move(fields)), ...);
  return list;
}

std::unique_ptr<Node> Levels(const char* name, std::vector<int64_t> values) {
  std::vector<Cell> cells;
  for (const int64_t value : values) cells.push_back(Cell::Of(value));
  return MakeArray(name, "C", cells);
}

// ---- Every type in every field ----------------------------------------------

TEST(ArrowTest, EveryIntegerTypeInEveryField) {
  for (size_t column = 0; column < kNames.size(); ++column) {
    for (const std::string& format : kIntegers) {
      for (const Nulls nulls : {Nulls::kNone, Nulls::kSome, Nulls::kAll}) {
        for (const int64_t offset : {0, 1, 7, 8, 67}) {
          for (const int64_t before : {0, 3}) {
            for (const auto said : {NullCount::kSaid, NullCount::kUnknown}) {
              SCOPED_TRACE(testing::Message()
                           << kNames[column] << " " << format << " offset "
                           << offset << " behind " << before);
              std::vector<Cell> cells = EdgesOf(format);
              PutNulls(nulls, &cells);
              const size_t rows = cells.size();
              Node batch = MakeBatch(
                  List(MakeArray(kNames[column], format, Behind(before, cells),
                                 offset, said)),
                  static_cast<int64_t>(rows), before);
              const auto scores = Score(&batch);
              ASSERT_NO_FATAL_FAILURE(
                  ExpectScores(*scores, BookOf({{column, cells}}, rows)));
            }
          }
        }
      }
    }
  }
}

TEST(ArrowTest, EveryIntegerTypeByDictionary) {
  for (size_t column = 0; column < kNames.size(); ++column) {
    for (const std::string& format : kIntegers) {
      for (const std::string& index_format : kIntegers) {
        for (const Nulls nulls : {Nulls::kNone, Nulls::kSome, Nulls::kAll}) {
          for (const int64_t offset : {0, 9}) {
            SCOPED_TRACE(testing::Message() << kNames[column] << " " << format
                                            << " by " << index_format);
            std::vector<Cell> words = EdgesOf(format);
            PutNulls(nulls, &words);
            // Each word, each edge of the index, and null.
            std::vector<Cell> indices = EdgesOf(index_format);
            for (size_t i = 0; i < words.size(); ++i) {
              indices.push_back(Cell::Of(static_cast<int64_t>(i)));
            }
            indices.push_back(Cell::Null());
            std::vector<Cell> cells;
            for (const Cell& index : indices) {
              const bool inside =
                  index.IsInt64() && index.low >= 0 &&
                  index.low < static_cast<int64_t>(words.size());
              cells.push_back(index.null ? Cell::Null()
                              : inside   ? words[static_cast<size_t>(index.low)]
                                         : kMisfit);
            }
            Node batch = MakeBatch(
                List(MakeEncoded(kNames[column], index_format, indices,
                                 MakeArray("", format, words, offset), offset)),
                static_cast<int64_t>(indices.size()));
            const auto scores = Score(&batch);
            ASSERT_NO_FATAL_FAILURE(
                ExpectScores(*scores, BookOf({{column, cells}}, cells.size())));
          }
        }
      }
    }
  }
}

TEST(ArrowTest, NothingButNulls) {
  for (size_t column = 0; column < kNames.size(); ++column) {
    const std::vector<Cell> cells(11, Cell::Null());
    Node batch = MakeBatch(List(MakeArray(kNames[column], "n", cells)), 11);
    ExpectScores(*Score(&batch), BookOf({{column, cells}}, 11));
    std::vector<Cell> indices(11, Cell::Of(0));
    indices[4] = Cell::Of(1);
    std::vector<Cell> means = cells;
    means[4] = kMisfit;
    Node encoded =
        MakeBatch(List(MakeEncoded(kNames[column], "c", indices,
                                   MakeArray("", "n", {Cell::Null()}))),
                  11);
    ExpectScores(*Score(&encoded), BookOf({{column, means}}, 11));
  }
}

TEST(ArrowTest, AnEmptyDictionaryHasNoValues) {
  const std::vector<Cell> indices = {Cell::Of(0), Cell::Null(), Cell::Of(-1)};
  for (const bool null_buffers : {false, true}) {
    auto words = MakeArray("", "l", {}, 5);
    Node batch = MakeBatch(
        List(MakeEncoded("amount", "i", indices, std::move(words))), 3);
    Node* const dictionary = batch.children[0]->dictionary.get();
    batch.Export();
    if (null_buffers) {
      dictionary->array.buffers = nullptr;
    } else {
      dictionary->pointers[1] = nullptr;
    }
    Scores scores;
    scores.status =
        fivek_score_arrow(nullptr, &batch.schema, &batch.array, &scores.schema,
                          &scores.array, &scores.error);
    ExpectScores(scores,
                 BookOf({{kAmount, {kMisfit, Cell::Null(), kMisfit}}}, 3));
  }
}

TEST(ArrowTest, OutcomesInWords) {
  const std::vector<std::string> words = {"open",
                                          "on hold",
                                          "won",
                                          "lost",
                                          "void",
                                          "ope",
                                          "opens",
                                          "Open",
                                          "on  hold",
                                          "on hol",
                                          "x",
                                          "开放",
                                          "on holdx",
                                          " won",
                                          "vo id",
                                          std::string("won\0", 4),
                                          std::string(1, '\0'),
                                          std::string(200, 'o')};
  for (const char* const format : {"u", "U"}) {
    for (const Nulls nulls : {Nulls::kNone, Nulls::kSome}) {
      for (const int64_t offset : {0, 5}) {
        std::vector<Cell> cells;
        for (const std::string& word : words) cells.push_back(Cell::Text(word));
        PutNulls(nulls, &cells);
        const auto rows = static_cast<int64_t>(cells.size());
        Node plain =
            MakeBatch(List(MakeArray("outcome", format, cells, offset)), rows);
        ExpectScores(*Score(&plain), BookOf({{kOutcome, cells}}, cells.size()));

        std::vector<Cell> indices;
        for (int64_t i = rows; i >= -1; --i) indices.push_back(Cell::Of(i));
        std::vector<Cell> means(cells.rbegin(), cells.rend());
        means.insert(means.begin(), kMisfit);
        means.push_back(kMisfit);
        Node encoded =
            MakeBatch(List(MakeEncoded("outcome", "s", indices,
                                       MakeArray("", format, cells, offset))),
                      static_cast<int64_t>(indices.size()));
        ExpectScores(*Score(&encoded),
                     BookOf({{kOutcome, means}}, means.size()));
      }
    }
  }
}

// An empty text, with or without a buffer of texts.
TEST(ArrowTest, AnEmptyTextIsNoOutcome) {
  for (const bool null_text : {false, true}) {
    Node batch = MakeBatch(
        List(MakeArray("outcome", "u", {Cell::Text(""), Cell::Null()})), 2);
    batch.children[0]->buffers[1].Put(2, int32_t{0});  // The null has none too.
    batch.Export();
    if (null_text) batch.children[0]->pointers[2] = nullptr;
    Scores scores;
    scores.status =
        fivek_score_arrow(nullptr, &batch.schema, &batch.array, &scores.schema,
                          &scores.array, &scores.error);
    ExpectScores(scores, BookOf({{kOutcome, {kMisfit, Cell::Null()}}}, 2));
  }
}

// Offsets that fall, or point before or behind the texts, make a row bad; no
// byte outside is read.
TEST(ArrowTest, OffsetsOfTextsThatCannotBe) {
  for (const char* const format : {"u", "U"}) {
    const auto cells = std::vector<Cell>(6, Cell::Text("won"));
    Node batch = MakeBatch(List(MakeArray("outcome", format, cells)), 6);
    const auto put = [&](size_t i, int32_t offset) {
      if (format[0] == 'u') {
        batch.children[0]->buffers[1].Put(i, offset);
      } else {
        batch.children[0]->buffers[1].Put(i, int64_t{offset});
      }
    };
    put(1, -3);    // Rows 0 and 1.
    put(4, 1000);  // Rows 3 and 4.
    std::vector<Cell> means = cells;
    for (const size_t i : {size_t{0}, size_t{1}, size_t{3}, size_t{4}})
      means[i] = kMisfit;
    ExpectScores(*Score(&batch), BookOf({{kOutcome, means}}, 6));
  }
}

TEST(ArrowTest, DecimalsOfEveryPrecision) {
  for (int64_t precision = 1; precision <= 38; ++precision) {
    int64_t most = INT64_MAX;
    if (precision <= 18) {
      most = 1;
      for (int64_t i = 0; i < precision; ++i) most *= 10;
      --most;
    }
    std::vector<Cell> cells = {Cell::Of(0),
                               Cell::Of(5),
                               Cell::Of(-5),
                               Cell::Of(most),
                               Cell::Of(-most),
                               Cell::Null(),
                               Cell::Wide(0, 1),
                               Cell::Wide(-1, 0),
                               Cell::Wide(1, -1),
                               Cell::Wide(INT64_MAX, -1),
                               Cell::Wide(INT64_MIN, 0),
                               Cell::Wide(7, INT64_MAX),
                               Cell::Wide(7, INT64_MIN)};
    cells.push_back(Cell::Of(most == INT64_MAX ? INT64_MIN : most + 1));
    cells.push_back(Cell::Of(most == INT64_MAX ? INT64_MIN + 1 : -most - 1));
    const size_t rows = cells.size();
    const auto n = static_cast<int64_t>(rows);
    // Half of it is expected: the rounding is seen.
    std::vector<Cell> evidence(rows, Cell::Of(0x1FFF));
    for (const int scale : {0, 2, 38, -3, INT_MIN}) {
      for (const char* const width : {"", ",128"}) {
        const std::string want =
            "d:" + std::to_string(precision) + "," + std::to_string(scale);
        SCOPED_TRACE(want + width);
        const std::string format = want + width;
        Node plain = MakeBatch(List(MakeArray("amount", format, cells, 3),
                                    MakeArray("evidence", "I", evidence)),
                               n);
        ExpectScores(
            *Score(&plain),
            BookOf({{kAmount, cells}, {kEvidence, evidence}}, rows, {}, most),
            nullptr, want);
        std::vector<Cell> indices;
        for (int64_t i = 0; i < n; ++i) indices.push_back(Cell::Of(n - 1 - i));
        const std::vector<Cell> means(cells.rbegin(), cells.rend());
        Node encoded =
            MakeBatch(List(MakeEncoded("amount", "L", indices,
                                       MakeArray("", format, cells, 1)),
                           MakeArray("evidence", "I", evidence)),
                      n);
        ExpectScores(
            *Score(&encoded),
            BookOf({{kAmount, means}, {kEvidence, evidence}}, rows, {}, most),
            nullptr, want);
      }
    }
  }
}

// ---- Whole batches ----------------------------------------------------------

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}
  uint64_t Next() { return engine_(); }
  int64_t Below(int64_t limit) {
    return static_cast<int64_t>(Next() % static_cast<uint64_t>(limit));
  }
  bool Sometimes(int64_t of) { return Below(of) == 0; }

 private:
  std::mt19937_64 engine_;
};

// A batch of any shape, and what it means.
struct AnyBatch {
  AnyBatch(Random* random, size_t rows_wanted) : rows(rows_wanted) {
    constexpr int64_t kBelow[9] = {6, 8, 4, 7, 7, 16, 1 << 22, 5, 1 << 30};
    const int64_t before = random->Sometimes(2) ? random->Below(70) : 0;
    if (random->Sometimes(3)) {
      for (size_t i = 0; i < rows; ++i) valid.push_back(!random->Sometimes(9));
    }
    std::vector<std::unique_ptr<Node>> fields;
    std::vector<size_t> columns;
    for (size_t c = 0; c < kNames.size(); ++c) {
      if (!random->Sometimes(8)) columns.push_back(c);
    }
    if (columns.empty()) columns.push_back(kAmount);
    std::shuffle(columns.begin(), columns.end(),
                 std::mt19937_64(random->Next()));
    for (const size_t c : columns) {
      fields.push_back(MakeArray("id", "l", {}));  // Of no interest.
      // Mostly the column's own type, as that is scored in place.
      std::string format = c == kEvidence ? "I" : (c == kAmount ? "l" : "C");
      if (random->Sometimes(3)) {
        format = kIntegers[static_cast<size_t>(random->Below(8))];
      }
      const bool text = c == kOutcome && random->Sometimes(3);
      const bool is_decimal = c == kAmount && random->Sometimes(3);
      if (text) format = random->Sometimes(2) ? "u" : "U";
      if (is_decimal) format = decimal = "d:30,2";
      const int64_t nulls = random->Sometimes(2) ? 0 : random->Below(30) + 1;
      const int64_t bad = random->Sometimes(2) ? 0 : random->Below(300) + 1;
      const std::vector<Cell> edges =
          text         ? std::vector<Cell>{Cell::Text("none")}
          : is_decimal ? std::vector<Cell>{kMisfit}
                       : EdgesOf(format);
      const auto any = [&]() -> Cell {
        if (nulls > 0 && random->Sometimes(nulls)) return Cell::Null();
        if (bad > 0 && random->Sometimes(bad)) {
          return edges[static_cast<size_t>(
              random->Below(static_cast<int64_t>(edges.size())))];
        }
        int64_t value = random->Below(kBelow[c]);
        if (c == 5) value &= 0b01101;
        const size_t bits = 8 * WidthOf(format) - (format[0] >= 'a' ? 1 : 0);
        if (!text && !is_decimal && bits < 63) value %= int64_t{1} << bits;
        return text ? Cell::Text(fivek_label("outcome",
                                             static_cast<int32_t>(value), "en"))
                    : Cell::Of(value);
      };
      const int64_t offset = random->Sometimes(2) ? random->Below(100) : 0;
      const auto all = static_cast<size_t>(before) + rows;
      std::vector<Cell> cells;
      if (random->Sometimes(4)) {
        std::vector<Cell> words;
        for (int64_t i = random->Below(200); i >= 0; --i)
          words.push_back(any());
        const auto count = static_cast<int64_t>(words.size());
        std::vector<Cell> indices;
        for (size_t i = 0; i < all; ++i) {
          const bool null = nulls > 0 && random->Sometimes(nulls);
          const bool misfit = !null && bad > 0 && random->Sometimes(bad);
          const int64_t index = misfit ? -1 : random->Below(count);
          indices.push_back(null ? Cell::Null() : Cell::Of(index));
          cells.push_back(null     ? Cell::Null()
                          : misfit ? kMisfit
                                   : words[static_cast<size_t>(index)]);
        }
        const char* const index_format = random->Sometimes(2) ? "s" : "i";
        fields.push_back(MakeEncoded(
            kNames[c], index_format, indices,
            MakeArray("", format, words, random->Below(20)), offset));
      } else {
        for (size_t i = 0; i < all; ++i) cells.push_back(any());
        fields.push_back(MakeArray(
            kNames[c], format, cells, offset,
            random->Sometimes(2) ? NullCount::kSaid : NullCount::kUnknown));
      }
      cells.erase(cells.begin(),
                  cells.begin() + static_cast<ptrdiff_t>(before));
      meaning[c] = std::move(cells);
    }
    node =
        MakeBatch(std::move(fields), static_cast<int64_t>(rows), before, valid);
  }

  size_t rows;
  std::vector<bool> valid;
  Meaning meaning;
  std::string decimal = "l";
  Node node;
};

TEST(ArrowTest, AnyBatchIsScoredAsItsColumns) {
  Random random(20);
  for (int i = 0; i < 250; ++i) {
    SCOPED_TRACE(i);
    // Some reach beyond one tile and beyond two.
    const int64_t most = i % 10 == 0 ? 5000 : 300;
    AnyBatch any(&random, static_cast<size_t>(random.Below(most)));
    ASSERT_NO_FATAL_FAILURE(ExpectScores(
        *Score(&any.node), BookOf(any.meaning, any.rows, any.valid), nullptr,
        any.decimal));
  }
}

// Rows are scored some thousands at a time: one that differs from all others,
// wherever it is.
TEST(ArrowTest, OneRowAmongThousands) {
  constexpr size_t kRows = 5000;
  Meaning even;
  for (const size_t c : {size_t{0}, size_t{1}, size_t{2}, size_t{3}, size_t{4},
                         kEvidence, kAmount}) {
    even[c] = std::vector<Cell>(kRows, Cell::Of(3));
  }
  for (const size_t row :
       {size_t{0}, size_t{7}, size_t{2047}, size_t{2048}, size_t{2056},
        size_t{4095}, size_t{4096}, size_t{4999}}) {
    for (const size_t column : {size_t{1}, kEvidence, kAmount}) {
      for (const Cell& cell :
           {Cell::Null(), Cell::Of(-1), Cell::Of(int64_t{1} << 33)}) {
        SCOPED_TRACE(testing::Message() << kNames[column] << " row " << row);
        Meaning meaning = even;
        meaning[column][row] = cell;
        std::vector<std::unique_ptr<Node>> fields;
        for (const auto& [c, cells] : meaning) {
          fields.push_back(MakeArray(kNames[c], "l", cells));
        }
        Node batch = MakeBatch(std::move(fields), kRows);
        ASSERT_NO_FATAL_FAILURE(
            ExpectScores(*Score(&batch), BookOf(meaning, kRows)));
      }
    }
  }
}

// A slice of a batch gives the slice of its scores.
TEST(ArrowTest, SlicesOfABatchAndOfItsFields) {
  constexpr int64_t kRows = 70;
  Random random(3);
  AnyBatch any(&random, kRows);
  while (any.node.offset != 0 || any.meaning.size() < 9) {
    any = AnyBatch(&random, kRows);
  }
  const Book whole = BookOf(any.meaning, kRows, any.valid);
  const auto slice = [&](size_t begin, size_t end) {
    Book book(end - begin);
    for (size_t i = begin; i < end; ++i) {
      for (size_t c = 0; c < 8; ++c)
        book.bytes[c][i - begin] = whole.bytes[c][i];
      book.evidence[i - begin] = whole.evidence[i];
      book.amount[i - begin] = whole.amount[i];
      book.amount_null[i - begin] = whole.amount_null[i];
    }
    return book;
  };
  for (int64_t begin = 0; begin <= kRows; ++begin) {
    for (int64_t end = begin; end <= kRows; ++end) {
      // As a struct is sliced: one offset for all.
      any.node.offset = begin;
      any.node.length = end - begin;
      any.node.null_count = any.valid.empty() ? 0 : -1;
      const auto scores = Score(&any.node);
      ASSERT_NO_FATAL_FAILURE(ExpectScores(
          *scores, slice(static_cast<size_t>(begin), static_cast<size_t>(end)),
          nullptr, any.decimal));
      if (!any.valid.empty()) continue;
      // As a table is sliced: each field by itself.
      any.node.offset = 0;
      for (auto& field : any.node.children) {
        field->offset += begin;
        field->length -= kRows - (end - begin);
        field->null_count = -1;
      }
      const auto by_field = Score(&any.node);
      for (auto& field : any.node.children) {
        field->offset -= begin;
        field->length += kRows - (end - begin);
      }
      ASSERT_NO_FATAL_FAILURE(ExpectScores(
          *by_field,
          slice(static_cast<size_t>(begin), static_cast<size_t>(end)), nullptr,
          any.decimal));
    }
  }
}

// Arrow asks for no alignment.
TEST(ArrowTest, BuffersThatAreNotAligned) {
  for (const size_t column : {kEvidence, kAmount}) {
    for (const char* const format : {"I", "l", "i", "L"}) {
      std::vector<Cell> cells;
      for (int64_t i = 0; i < 100; ++i) cells.push_back(Cell::Of(i * 1000));
      for (size_t shift = 1; shift < 8; ++shift) {
        Node batch =
            MakeBatch(List(MakeArray(kNames[column], format, cells)), 100);
        const Bytes& data = batch.children[0]->buffers[1];
        const Bytes shifted(data.size() + shift);
        std::memcpy(shifted.data() + shift, data.data(), data.size());
        batch.Export();
        batch.children[0]->pointers[1] = shifted.data() + shift;
        Scores scores;
        scores.status =
            fivek_score_arrow(nullptr, &batch.schema, &batch.array,
                              &scores.schema, &scores.array, &scores.error);
        ASSERT_NO_FATAL_FAILURE(
            ExpectScores(scores, BookOf({{column, cells}}, 100)));
      }
    }
  }
}

TEST(ArrowTest, NoRows) {
  for (const std::string& format : {std::string("C"), std::string("u"),
                                    std::string("n"), std::string("l")}) {
    for (const int how : {0, 1, 2}) {
      Node batch = MakeBatch(List(MakeArray("outcome", format, {})), 0);
      batch.Export();
      if (how == 1) {
        for (const void*& pointer : batch.children[0]->pointers) {
          pointer = nullptr;
        }
      }
      if (how == 2) {
        batch.array.buffers = nullptr;
        batch.children[0]->array.buffers = nullptr;
      }
      Scores scores;
      scores.status =
          fivek_score_arrow(nullptr, &batch.schema, &batch.array,
                            &scores.schema, &scores.array, &scores.error);
      ExpectScores(scores, Book(0));
    }
  }
}

// Fields without a name that is known are not looked at.
TEST(ArrowTest, OtherFieldsAreIgnored) {
  Node batch = MakeBatch(
      List(Levels("problem2", {1}), Levels("Problem", {1}),
           Levels("power", {3}), Levels("", {1}), Levels("valu", {1})),
      1);
  batch.Export();
  batch.children[0]->array = {};
  batch.children[1]->schema.format = nullptr;
  batch.children[3]->schema.name = nullptr;
  batch.children[4]->array.length = -1;
  Scores scores;
  scores.status =
      fivek_score_arrow(nullptr, &batch.schema, &batch.array, &scores.schema,
                        &scores.array, &scores.error);
  ExpectScores(scores, BookOf({{1, {Cell::Of(3)}}}, 1));
}

// ---- The policy -------------------------------------------------------------

uint64_t HashIn(const char* metadata) {
  const auto number = [&metadata] {
    int32_t value = 0;
    std::memcpy(&value, metadata, sizeof value);
    metadata += sizeof value;
    return value;
  };
  const auto text = [&] {
    const auto size = static_cast<size_t>(number());
    std::string value(metadata, size);
    metadata += size;
    return value;
  };
  EXPECT_EQ(number(), 1);
  EXPECT_EQ(text(), "fivek.policy");
  const std::string value = text();
  EXPECT_EQ(value.size(), 16U);
  return std::stoull(value, nullptr, 16);
}

TEST(ArrowTest, ThePolicyScoresAndSignsTheResult) {
  const std::string json = R"({"fivek_policy": 1, "name": "ours",
    "rubric": {"power": {"7": {"points": 18}}},
    "ladder": {"2": {"yield_ppm": 300000}}, "rounding": "half_away_from_zero",
    "labels": {"stage": {"0": {"en": "sees it", "zh": "看到"}}}})";
  const fivek_policy* policy = nullptr;
  ASSERT_EQ(fivek_policy_from_json(json.data(), json.size(), &policy, nullptr),
            FIVEK_OK);
  const std::vector<Cell> power(4, Cell::Of(7));
  const std::vector<Cell> evidence(4, Cell::Of(0xFF));
  const std::vector<Cell> amount = {Cell::Of(5), Cell::Of(-5), Cell::Of(15),
                                    Cell::Of(1234567)};
  Node batch = MakeBatch(
      List(MakeArray("power", "C", power), MakeArray("evidence", "I", evidence),
           MakeArray("amount", "l", amount)),
      4);
  const Meaning meaning = {
      {1, power}, {kEvidence, evidence}, {kAmount, amount}};
  const auto built_in = Score(&batch);
  const auto ours = Score(&batch, policy);
  ExpectScores(*built_in, BookOf(meaning, 4));
  ExpectScores(*ours, BookOf(meaning, 4), policy);
  EXPECT_EQ(HashIn(built_in->schema.metadata), fivek_policy_hash(nullptr));
  EXPECT_EQ(HashIn(ours->schema.metadata), fivek_policy_hash(policy));
  EXPECT_NE(fivek_policy_hash(nullptr), fivek_policy_hash(policy));
  EXPECT_NE(built_in->Column<int64_t>(6)[3], ours->Column<int64_t>(6)[3]);
  fivek_policy_release(policy);
  // The result does not need it.
  EXPECT_EQ(ours->Column<uint8_t>(0)[0], 18);
  EXPECT_STREQ(ours->schema.children[0]->name, "strength");
}

// ---- Ownership --------------------------------------------------------------

Node SmallBatch() {
  std::vector<Cell> amount = {Cell::Of(100), Cell::Null(), Cell::Of(300)};
  return MakeBatch(
      List(Levels("problem", {1, 9, 3}), MakeArray("amount", "d:9,2", amount)),
      3);
}

// Every child and dictionary lives by itself once it is moved out, whichever is
// released first.
TEST(ArrowTest, PartsCanBeMovedOut) {
  for (int order = 0; order < 64; ++order) {
    Node batch = SmallBatch();
    auto scores = Score(&batch);
    ASSERT_EQ(scores->status, FIVEK_OK);
    std::vector<ArrowArray> arrays;
    std::vector<ArrowSchema> schemas;
    const auto take = [&](ArrowArray* array, ArrowSchema* schema) {
      arrays.push_back(*array);
      schemas.push_back(*schema);
      array->release = nullptr;
      schema->release = nullptr;
    };
    // Some of the children, and of what stays a dictionary.
    for (int64_t c = 0; c < 8; ++c) {
      if ((order + c) % 3 == 0) {
        take(scores->array.children[c], scores->schema.children[c]);
      } else if (scores->array.children[c]->dictionary != nullptr &&
                 order % 2 == 0) {
        take(scores->array.children[c]->dictionary,
             scores->schema.children[c]->dictionary);
      }
    }
    if (order % 4 < 2) scores.reset();
    if (order % 5 < 2) {
      std::reverse(arrays.begin(), arrays.end());
      std::reverse(schemas.begin(), schemas.end());
    }
    for (size_t i = 0; i < arrays.size(); ++i) {
      EXPECT_NE(schemas[i].format[0], '\0');
      EXPECT_NE(schemas[i].name, nullptr);
      if (arrays[i].dictionary != nullptr && arrays[i].dictionary->release) {
        ExpectLabels(schemas[i].name, *schemas[i].dictionary,
                     *arrays[i].dictionary);
      }
      // Every byte that it says it has.
      const auto* const bytes =
          static_cast<const uint8_t*>(arrays[i].buffers[1]);
      EXPECT_GE(std::count(bytes, bytes + arrays[i].length, uint8_t{0}), 0);
      arrays[i].release(&arrays[i]);
      schemas[i].release(&schemas[i]);
      EXPECT_EQ(arrays[i].release, nullptr);
      EXPECT_EQ(schemas[i].release, nullptr);
    }
  }
}

TEST(ArrowTest, PartsAreReleasedByAnyThread) {
  for (int round = 0; round < 50; ++round) {
    Node batch = SmallBatch();
    Scores scores;
    batch.Export();
    ASSERT_EQ(fivek_score_arrow(nullptr, &batch.schema, &batch.array,
                                &scores.schema, &scores.array, nullptr),
              FIVEK_OK);
    std::vector<std::function<void()>> parts;
    for (int64_t c = 0; c < 8; ++c) {
      ArrowArray array = *scores.array.children[c];
      ArrowSchema schema = *scores.schema.children[c];
      scores.array.children[c]->release = nullptr;
      scores.schema.children[c]->release = nullptr;
      parts.emplace_back([array, schema]() mutable {
        EXPECT_EQ(array.length, 3);
        array.release(&array);
        schema.release(&schema);
      });
    }
    parts.emplace_back([&scores] {
      scores.array.release(&scores.array);
      scores.schema.release(&scores.schema);
    });
    RunAtOnce(parts.size(), [&parts](size_t i) { parts[i](); });
  }
}

// ---- What is refused --------------------------------------------------------

struct Refusal {
  const char* name;
  std::function<void(Node*)> spoil;  // Of an exported batch.
  int32_t reason;
  int32_t column;
  const char* says;
};
void PrintTo(const Refusal& refusal, std::ostream* os) { *os << refusal.name; }

// Fields: problem (C), evidence (I), outcome (u, encoded), amount (d).
Node GoodBatch() {
  return MakeBatch(
      List(Levels("problem", {1, 2, 3, 4}),
           MakeArray("evidence", "I",
                     {Cell::Of(1), Cell::Null(), Cell::Of(3), Cell::Of(4)}),
           MakeEncoded(
               "outcome", "c",
               {Cell::Of(0), Cell::Of(1), Cell::Of(0), Cell::Of(1)},
               MakeArray("", "u", {Cell::Text("open"), Cell::Text("won")})),
           MakeArray("amount", "d:9,2",
                     {Cell::Of(1), Cell::Of(2), Cell::Of(3), Cell::Of(4)})),
      3, 1);
}

Node* Child(Node* batch, size_t i) { return batch->children[i].get(); }
void SetFormat(Node* node, const char* format) { node->schema.format = format; }

constexpr int32_t kNull = FIVEK_REASON_NULL_POINTER;
constexpr int32_t kRange = FIVEK_REASON_VALUE_RANGE;
constexpr int32_t kType = FIVEK_REASON_WRONG_TYPE;

const Refusal kRefusals[] = {
    {"SchemaReleased", [](Node* b) { b->schema.release = nullptr; }, kNull, -1,
     "batch: the schema is released"},
    {"ArrayReleased", [](Node* b) { b->array.release = nullptr; }, kNull, -1,
     "batch: the array is released"},
    {"NoFormat", [](Node* b) { SetFormat(b, nullptr); }, kType, -1,
     "batch: format \"\"; allowed: a struct (+s)"},
    {"NotAStruct", [](Node* b) { SetFormat(b, "+l"); }, kType, -1,
     "batch: format \"+l\"; allowed: a struct (+s)"},
    {"NegativeLength", [](Node* b) { b->array.length = -1; }, kRange, -1,
     "batch: length -1; allowed: 0 to "},
    {"HugeLength", [](Node* b) { b->array.length = INT64_MAX; }, kRange, -1,
     "batch: length 9223372036854775807; allowed: 0 to "},
    // A row of the widest result takes 263 bits: their bytes, in a size_t,
    // would be few.
    {"LengthOfTooLargeAResult",
     [](Node* b) { b->array.length = SIZE_MAX / 263 * 8 + 9; }, kRange, -1,
     "batch: length "},
    {"NegativeOffset", [](Node* b) { b->array.offset = -1; }, kRange, -1,
     "batch: offset -1; allowed: 0 to "},
    {"HugeOffset", [](Node* b) { b->array.offset = INT64_MAX; }, kRange, -1,
     "batch: offset 9223372036854775807; allowed: 0 to"},
    {"NullCountBelow", [](Node* b) { b->array.null_count = -2; }, kRange, -1,
     "batch: null_count -2; allowed: -1 to 3, the length"},
    {"NullCountAbove", [](Node* b) { b->array.null_count = 4; }, kRange, -1,
     "batch: null_count 4; allowed: -1 to 3, the length"},
    {"BatchBuffers", [](Node* b) { b->array.n_buffers = 2; }, kRange, -1,
     "batch: n_buffers 2; allowed: 1 for its format"},
    {"BatchNoBuffers", [](Node* b) { b->array.buffers = nullptr; }, kNull, -1,
     "batch: buffers is NULL; allowed only at length 0, given: 3"},
    {"BatchNullsWithoutValidity", [](Node* b) { b->array.null_count = 1; },
     kNull, -1,
     "batch: null_count 1 without a validity buffer; allowed: -1, 0"},
    {"BatchWithADictionary",
     [](Node* b) { b->array.dictionary = &Child(b, 0)->array; }, kType, -1,
     "batch: it has a dictionary; allowed: none, as it is a struct"},
    {"ChildrenDiffer", [](Node* b) { b->array.n_children = 3; }, kRange, -1,
     "batch: n_children 3 and in its schema 4; allowed: the same, 0 or more"},
    {"ChildrenNegative",
     [](Node* b) { b->array.n_children = b->schema.n_children = -1; }, kRange,
     -1, "batch: n_children -1 and in its schema -1"},
    {"NoSchemaChildren", [](Node* b) { b->schema.children = nullptr; }, kNull,
     -1, "batch: children is NULL; allowed only without children, given: 4"},
    {"NoArrayChildren", [](Node* b) { b->array.children = nullptr; }, kNull, -1,
     "batch: children is NULL"},
    {"ASchemaChildIsNull", [](Node* b) { b->child_schemas[2] = nullptr; },
     kNull, -1, "batch: child 2 is NULL"},
    {"AnArrayChildIsNull", [](Node* b) { b->child_arrays[1] = nullptr; }, kNull,
     -1, "batch: child 1 is NULL"},
    {"NoFieldIsKnown",
     [](Node* b) {
       for (const auto& child : b->children) child->schema.name = "x";
     },
     FIVEK_REASON_MISSING_KEY, -1,
     "batch: none of its 4 fields is known; allowed: any of problem, power, "
     "vision, value, control, by_decision_maker, evidence, outcome, amount"},
    {"NoFields",
     [](Node* b) { b->array.n_children = b->schema.n_children = 0; },
     FIVEK_REASON_MISSING_KEY, -1, "batch: none of its 0 fields is known"},
    {"AFieldTwice", [](Node* b) { Child(b, 3)->schema.name = "problem"; },
     FIVEK_REASON_DUPLICATE_KEY, 0,
     "field \"problem\": child 3 has the name again; allowed: once"},

    {"FieldSchemaReleased",
     [](Node* b) { Child(b, 0)->schema.release = nullptr; }, kNull, 0,
     "field \"problem\": the schema is released"},
    {"FieldArrayReleased",
     [](Node* b) { Child(b, 1)->array.release = nullptr; }, kNull, kEvidence,
     "field \"evidence\": the array is released"},
    {"FieldFormatIsNull", [](Node* b) { SetFormat(Child(b, 0), nullptr); },
     kNull, 0, "field \"problem\": format is NULL"},
    {"FieldFormatIsEmpty", [](Node* b) { SetFormat(Child(b, 0), ""); }, kType,
     0, "field \"problem\": format \"\"; allowed: integers (c C s S i I l L)"},
    {"ALevelAsDouble", [](Node* b) { SetFormat(Child(b, 0), "g"); }, kType, 0,
     "field \"problem\": format \"g\"; allowed: integers (c C s S i I l L), "
     "null (n), or a dictionary of these"},
    {"ALevelAsText", [](Node* b) { SetFormat(Child(b, 0), "u"); }, kType, 0,
     "field \"problem\": format \"u\"; allowed:"},
    {"ALevelAsDecimal", [](Node* b) { SetFormat(Child(b, 0), "d:9,2"); }, kType,
     0, "field \"problem\": format \"d:9,2\"; allowed:"},
    {"AFormatWithMore", [](Node* b) { SetFormat(Child(b, 0), "Cx"); }, kType, 0,
     "field \"problem\": format \"Cx\"; allowed:"},
    {"ALongFormatIsCut",
     [](Node* b) {
       SetFormat(Child(b, 0),
                 "+us:0123456789012345678901234567890123456789012345");
     },
     kType, 0,
     "field \"problem\": format \"+us:012345678901234567890123456789012345\"; "
     "allowed:"},
    {"AnAmountAsText", [](Node* b) { SetFormat(Child(b, 3), "U"); }, kType,
     kAmount,
     "field \"amount\": format \"U\"; allowed: integers (c C s S i I l L), "
     "null (n), decimal128 (d:P,S), or a dictionary of these"},
    {"ADecimalOf256Bits", [](Node* b) { SetFormat(Child(b, 3), "d:9,2,256"); },
     kType, kAmount,
     "field \"amount\": format \"d:9,2,256\" is a decimal of 256 bits; "
     "allowed: 128"},
    {"ADecimalOfNoDigits", [](Node* b) { SetFormat(Child(b, 3), "d:0,2"); },
     kRange, kAmount,
     "field \"amount\": format \"d:0,2\" has precision 0; allowed: 1 to 38"},
    {"ADecimalOfManyDigits", [](Node* b) { SetFormat(Child(b, 3), "d:39,2"); },
     kRange, kAmount, "has precision 39; allowed: 1 to 38"},
    {"ADecimalWithoutScale", [](Node* b) { SetFormat(Child(b, 3), "d:9"); },
     kType, kAmount, "field \"amount\": format \"d:9\"; allowed:"},
    {"ADecimalWithoutNumbers", [](Node* b) { SetFormat(Child(b, 3), "d:"); },
     kType, kAmount, "field \"amount\": format \"d:\"; allowed:"},
    {"ADecimalWithAComma", [](Node* b) { SetFormat(Child(b, 3), "d:9,2,"); },
     kType, kAmount, "field \"amount\": format \"d:9,2,\"; allowed:"},
    {"ADecimalWithMore", [](Node* b) { SetFormat(Child(b, 3), "d:9,2,128,1"); },
     kType, kAmount, "format \"d:9,2,128,1\"; allowed:"},
    {"ADecimalWithASpace", [](Node* b) { SetFormat(Child(b, 3), "d: 9,2"); },
     kType, kAmount, "format \"d: 9,2\"; allowed:"},
    {"ADecimalBeyondInt",
     [](Node* b) { SetFormat(Child(b, 3), "d:9,2147483648"); }, kType, kAmount,
     "format \"d:9,2147483648\"; allowed:"},
    {"FieldWithChildren", [](Node* b) { Child(b, 0)->schema.n_children = 1; },
     kRange, 0, "field \"problem\": n_children 1; allowed: 0 for its format"},
    {"FieldArrayWithChildren",
     [](Node* b) { Child(b, 0)->array.n_children = 2; }, kRange, 0,
     "field \"problem\": n_children 2; allowed: 0"},
    {"FieldTooShort", [](Node* b) { Child(b, 0)->array.length = 3; }, kRange, 0,
     "field \"problem\": length 3; allowed: 4 or more, offset and length of "
     "the batch"},
    {"FieldNegativeLength", [](Node* b) { Child(b, 0)->array.length = -4; },
     kRange, 0, "field \"problem\": length -4; allowed: 0 to"},
    {"FieldNegativeOffset", [](Node* b) { Child(b, 0)->array.offset = -1; },
     kRange, 0, "field \"problem\": offset -1; allowed: 0 to"},
    {"FieldHugeOffset",
     [](Node* b) { Child(b, 0)->array.offset = INT64_MAX - 3; }, kRange, 0,
     "field \"problem\": offset 9223372036854775804; allowed: 0 to"},
    {"FieldNullCount", [](Node* b) { Child(b, 1)->array.null_count = 5; },
     kRange, kEvidence,
     "field \"evidence\": null_count 5; allowed: -1 to 4, the length"},
    {"FieldBuffers", [](Node* b) { Child(b, 0)->array.n_buffers = 1; }, kRange,
     0, "field \"problem\": n_buffers 1; allowed: 2 for its format"},
    {"NullTypeWithBuffers", [](Node* b) { SetFormat(Child(b, 0), "n"); },
     kRange, 0, "field \"problem\": n_buffers 2; allowed: 0 for its format"},
    {"FieldNoBuffers", [](Node* b) { Child(b, 0)->array.buffers = nullptr; },
     kNull, 0, "field \"problem\": buffers is NULL; allowed only at length 0"},
    {"FieldNoData", [](Node* b) { Child(b, 0)->pointers[1] = nullptr; }, kNull,
     0,
     "field \"problem\": buffer 1 is NULL; allowed only at length 0, given: 4"},
    {"FieldNullsWithoutValidity",
     [](Node* b) { Child(b, 1)->pointers[0] = nullptr; }, kNull, kEvidence,
     "field \"evidence\": null_count 1 without a validity buffer"},

    {"DictionaryOnlyInSchema",
     [](Node* b) { Child(b, 2)->array.dictionary = nullptr; }, kNull, kOutcome,
     "field \"outcome\": a dictionary is in its schema only; allowed: in both "
     "or in none"},
    {"DictionaryOnlyInArray",
     [](Node* b) { Child(b, 2)->schema.dictionary = nullptr; }, kNull, kOutcome,
     "field \"outcome\": a dictionary is in its array only"},
    {"IndicesAsText", [](Node* b) { SetFormat(Child(b, 2), "u"); }, kType,
     kOutcome, "field \"outcome\": format \"u\"; allowed: integers"},
    {"IndicesAsNull",
     [](Node* b) {
       SetFormat(Child(b, 2), "n");
       Child(b, 2)->array.n_buffers = 0;
     },
     kType, kOutcome,
     "field \"outcome\": format \"n\" with a dictionary; allowed: indices"},
    {"DictionaryOfDictionary",
     [](Node* b) {
       Child(b, 2)->dictionary->schema.dictionary = &Child(b, 0)->schema;
     },
     kType, kOutcome,
     "dictionary of field \"outcome\": it has a dictionary itself; allowed: "
     "values"},
    {"DictionaryOfDoubles",
     [](Node* b) { SetFormat(Child(b, 2)->dictionary.get(), "g"); }, kType,
     kOutcome,
     "dictionary of field \"outcome\": format \"g\"; allowed: integers (c C s "
     "S i I l L), null (n), text (u U)"},
    {"DictionaryReleased",
     [](Node* b) { Child(b, 2)->dictionary->array.release = nullptr; }, kNull,
     kOutcome, "dictionary of field \"outcome\": the array is released"},
    {"DictionarySchemaReleased",
     [](Node* b) { Child(b, 2)->dictionary->schema.release = nullptr; }, kNull,
     kOutcome, "dictionary of field \"outcome\": the schema is released"},
    {"DictionaryNegativeLength",
     [](Node* b) { Child(b, 2)->dictionary->array.length = -1; }, kRange,
     kOutcome, "dictionary of field \"outcome\": length -1"},
    {"DictionaryBuffers",
     [](Node* b) { Child(b, 2)->dictionary->array.n_buffers = 2; }, kRange,
     kOutcome,
     "dictionary of field \"outcome\": n_buffers 2; allowed: 3 for its format"},
    {"NoTexts", [](Node* b) { Child(b, 2)->dictionary->pointers[2] = nullptr; },
     kNull, kOutcome,
     "dictionary of field \"outcome\": buffer 2 is NULL and the last text ends "
     "at 7; allowed: 0"},
    {"TextsEndBeforeTheyBegin",
     [](Node* b) { Child(b, 2)->dictionary->buffers[1].Put(2, int32_t{-1}); },
     kRange, kOutcome,
     "dictionary of field \"outcome\": the last text ends at -1; allowed: 0 or "
     "more"},
};

class ArrowRefusalTest : public testing::TestWithParam<Refusal> {};

TEST_P(ArrowRefusalTest, SaysWhatAndWhere) {
  const Refusal& want = GetParam();
  Node batch = GoodBatch();
  ASSERT_EQ(Score(&batch)->status, FIVEK_OK);
  batch.Export();
  want.spoil(&batch);
  Scores scores;
  scores.status =
      fivek_score_arrow(nullptr, &batch.schema, &batch.array, &scores.schema,
                        &scores.array, &scores.error);
  EXPECT_EQ(scores.status, FIVEK_INVALID_ARGUMENT);
  EXPECT_EQ(scores.error.status, FIVEK_INVALID_ARGUMENT);
  EXPECT_EQ(scores.error.reason, want.reason);
  EXPECT_EQ(scores.error.column, want.column);
  EXPECT_EQ(scores.error.row, -1);
  EXPECT_THAT(std::string(scores.error.message), testing::HasSubstr(want.says));
  EXPECT_TRUE(scores.Untouched());
  EXPECT_EQ(batch.Released(), 0);
  EXPECT_EQ(fivek_score_arrow(nullptr, &batch.schema, &batch.array,
                              &scores.schema, &scores.array, nullptr),
            FIVEK_INVALID_ARGUMENT);
}
INSTANTIATE_TEST_SUITE_P(Batch, ArrowRefusalTest, testing::ValuesIn(kRefusals),
                         [](const auto& p) {
                           return std::string(p.param.name);
                         });

TEST(ArrowTest, TheResultMayNotReplaceTheBatch) {
  Node batch = GoodBatch();
  batch.Export();
  Scores scores;
  EXPECT_EQ(fivek_score_arrow(nullptr, &batch.schema, &batch.array,
                              &batch.schema, &scores.array, &scores.error),
            FIVEK_INVALID_ARGUMENT);
  EXPECT_STREQ(scores.error.message,
               "the result is to replace the batch; allowed: structures of its "
               "own");
  EXPECT_EQ(fivek_score_arrow(nullptr, &batch.schema, &batch.array,
                              &scores.schema, &batch.array, nullptr),
            FIVEK_INVALID_ARGUMENT);
  EXPECT_NE(batch.schema.release, nullptr);
  EXPECT_TRUE(scores.Untouched());
}

}  // namespace
