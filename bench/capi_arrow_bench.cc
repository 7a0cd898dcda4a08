// A record batch beside plain columns: what fivek_score_arrow costs over
// fivek_score_columns on the same rows. It takes and frees memory for its
// result in every call, so columns into fresh memory stand beside it too.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <string>
#include <vector>

#include "bench/paired.h"
#include "bench/seeded.h"
#include "capi/fivek_arrow.h"

namespace fivek::bench {
namespace {

void Check(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "%s was refused\n", what);
  std::exit(1);
}

void KeepSchema(ArrowSchema* /*schema*/) {}
void KeepArray(ArrowArray* /*array*/) {}

// Bytes of any type on a line of their own.
class Buffer {
 public:
  explicit Buffer(size_t bytes)
      : data_(std::aligned_alloc(64, (bytes + 63) / 64 * 64)) {
    Check(data_ != nullptr, "memory");
  }
  Buffer(Buffer&& other) noexcept : data_(other.data_) {
    other.data_ = nullptr;
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { std::free(data_); }
  template <typename T>
  T* as() const {
    return static_cast<T*>(data_);
  }

 private:
  void* data_;
};

constexpr std::array<const char*, 9> kNames = {
    "problem",           "power",    "vision",  "value", "control",
    "by_decision_maker", "evidence", "outcome", "amount"};
constexpr std::array<size_t, 8> kOutWidths = {1, 1, 4, 1, 1, 4, 8, 4};

// How the fields of a batch come.
struct Shape {
  const char* name;
  bool wide;     // Everything as int64.
  bool nulls;    // One level in 16 is null.
  bool decimal;  // The amount as decimal128.
  bool text;     // The outcome as text.
};

class Book {
 public:
  Book(size_t rows, const Shape& shape) : rows_(rows) {
    SplitMix64 random(7);
    constexpr uint32_t kLevels[5] = {6, 8, 4, 7, 7};
    for (size_t c = 0; c < kNames.size(); ++c) {
      const size_t width = c == 6 ? 4 : (c == 8 ? 8 : 1);
      plain_.emplace_back(rows * width);
      for (size_t i = 0; i < rows; ++i) {
        if (c < 5) {
          plain_[c].as<uint8_t>()[i] =
              static_cast<uint8_t>(random.Below(kLevels[c]));
        } else if (c == 5) {
          plain_[c].as<uint8_t>()[i] = random.Next() & 0b01101;
        } else if (c == 6) {
          plain_[c].as<uint32_t>()[i] =
              ((1U << random.Below(20)) - 1) & ~(1U << random.Below(32));
        } else if (c == 7) {
          plain_[c].as<uint8_t>()[i] = static_cast<uint8_t>(random.Below(5));
        } else {
          plain_[c].as<int64_t>()[i] =
              static_cast<int64_t>(random.Next() >> 30);
        }
      }
    }
    for (size_t c = 0; c < kNames.size(); ++c) AddField(c, shape, &random);
    schema_ = {"+s",    "",         nullptr, 0, 9, schema_children_,
               nullptr, KeepSchema, nullptr};
    array_ = {static_cast<int64_t>(rows),
              0,
              0,
              1,
              9,
              no_buffer_,
              array_children_,
              nullptr,
              KeepArray,
              nullptr};
    for (const size_t width : kOutWidths) {
      out_.emplace_back(rows * width);
      std::memset(out_.back().as<uint8_t>(), 0, rows * width);
    }
  }
  Book(const Book&) = delete;
  Book& operator=(const Book&) = delete;

  void Columns(const std::vector<Buffer>& to) const {
    const auto bytes = [this](size_t c) { return plain_[c].as<uint8_t>(); };
    const fivek_score_in in = {sizeof(fivek_score_in),
                               0,
                               bytes(0),
                               bytes(1),
                               bytes(2),
                               bytes(3),
                               bytes(4),
                               bytes(5),
                               plain_[6].as<uint32_t>(),
                               bytes(7),
                               plain_[8].as<int64_t>()};
    const fivek_score_out out = {
        sizeof(fivek_score_out), 0,
        to[0].as<uint8_t>(),     to[1].as<uint8_t>(),
        to[2].as<int32_t>(),     to[3].as<uint8_t>(),
        to[4].as<uint8_t>(),     to[5].as<int32_t>(),
        to[6].as<int64_t>(),     to[7].as<fivek_status>()};
    Check(fivek_score_columns(nullptr, &in, &out, rows_, nullptr, nullptr) ==
              FIVEK_OK,
          "a book");
    for (const Buffer& buffer : to) Clobber(buffer.as<uint8_t>());
  }
  void KeptColumns() const { Columns(out_); }
  void FreshColumns() const {
    std::vector<Buffer> fresh;
    for (const size_t width : kOutWidths) fresh.emplace_back(rows_ * width);
    Columns(fresh);
  }
  void Arrow() const {
    ArrowSchema schema;
    ArrowArray array;
    Check(fivek_score_arrow(nullptr, &schema_, &array_, &schema, &array,
                            nullptr) == FIVEK_OK,
          "a batch");
    Clobber(array.children[0]->buffers[1]);
    array.release(&array);
    schema.release(&schema);
  }

 private:
  struct Field {
    ArrowSchema schema;
    ArrowArray array;
    const void* buffers[3];
  };

  void AddField(size_t c, const Shape& shape, SplitMix64* random) {
    Field& field = fields_[c];
    const char* format = c == 6 ? "I" : (c == 8 ? "l" : "C");
    field.buffers[1] = plain_[c].as<uint8_t>();
    int64_t buffers = 2;
    if (shape.text && c == 7) {
      constexpr const char* kLabels[] = {"open", "on hold", "won", "lost",
                                         "void"};
      format = "u";
      buffers = 3;
      std::string text;
      made_.emplace_back((rows_ + 1) * sizeof(int32_t));
      auto* const offsets = made_.back().as<int32_t>();
      for (size_t i = 0; i < rows_; ++i) {
        offsets[i] = static_cast<int32_t>(text.size());
        text += kLabels[plain_[c].as<uint8_t>()[i]];
      }
      offsets[rows_] = static_cast<int32_t>(text.size());
      field.buffers[1] = offsets;
      made_.emplace_back(text.size());
      std::memcpy(made_.back().as<char>(), text.data(), text.size());
      field.buffers[2] = made_.back().as<char>();
    } else if (shape.decimal && c == 8) {
      format = "d:18,2";
      made_.emplace_back(rows_ * 16);
      for (size_t i = 0; i < rows_; ++i) {
        made_.back().as<int64_t>()[2 * i] = plain_[c].as<int64_t>()[i];
        made_.back().as<int64_t>()[2 * i + 1] = 0;
      }
      field.buffers[1] = made_.back().as<uint8_t>();
    } else if (shape.wide && c != 8) {
      format = "l";
      made_.emplace_back(rows_ * 8);
      for (size_t i = 0; i < rows_; ++i) {
        made_.back().as<int64_t>()[i] =
            c == 6 ? plain_[c].as<uint32_t>()[i] : plain_[c].as<uint8_t>()[i];
      }
      field.buffers[1] = made_.back().as<uint8_t>();
    }
    field.buffers[0] = nullptr;
    if (shape.nulls && c < 5) {
      made_.emplace_back(rows_ / 8 + 1);
      for (size_t i = 0; i <= rows_ / 8; ++i) {
        made_.back().as<uint8_t>()[i] = static_cast<uint8_t>(
            random->Next() | random->Next() | random->Next() | random->Next());
      }
      field.buffers[0] = made_.back().as<uint8_t>();
    }
    field.schema = {format,  kNames[c], nullptr,    2,      0,
                    nullptr, nullptr,   KeepSchema, nullptr};
    field.array = {static_cast<int64_t>(rows_),
                   -1,
                   0,
                   buffers,
                   0,
                   field.buffers,
                   nullptr,
                   nullptr,
                   KeepArray,
                   nullptr};
    schema_children_[c] = &field.schema;
    array_children_[c] = &field.array;
  }

  size_t rows_;
  std::vector<Buffer> plain_, made_, out_;
  Field fields_[9];
  ArrowSchema* schema_children_[9];
  ArrowArray* array_children_[9];
  const void* no_buffer_[1] = {nullptr};
  ArrowSchema schema_;
  ArrowArray array_;
};

void Run(size_t rows, const Shape& shape, double seconds) {
  const Book book(rows, shape);
  const Paired kept = Pair(
      seconds, [&] { book.KeptColumns(); }, [&] { book.Arrow(); });
  const Paired fresh = Pair(
      seconds, [&] { book.FreshColumns(); }, [&] { book.Arrow(); });
  const auto rows_ns = [rows](double s) {
    return s * 1e9 / static_cast<double>(rows);
  };
  std::printf(
      "%9zu  %-22s %6.2f  %6.2f  %6.2f   %.2f (%.2f-%.2f)   %.2f "
      "(%.2f-%.2f)\n",
      rows, shape.name, rows_ns(kept.second.median), rows_ns(kept.first.median),
      rows_ns(fresh.first.median), kept.ratio.median, kept.ratio.low,
      kept.ratio.high, fresh.ratio.median, fresh.ratio.low, fresh.ratio.high);
}

}  // namespace
}  // namespace fivek::bench

int main(int argc, char** argv) {
  using fivek::bench::Shape;
  constexpr Shape kShapes[] = {
      {"as scored", false, false, false, false},
      {"levels with nulls", false, true, false, false},
      {"all int64", true, false, false, false},
      {"decimals and texts", false, false, true, true},
  };
  const double seconds = fivek::bench::SecondsFrom(argc, argv);
  std::printf(
      "fivek_score_arrow beside fivek_score_columns, all eight columns, %s\n"
      "                                      ns a row           times of "
      "columns\n"
      "     rows  batch                   arrow    kept   fresh   into kept "
      "memory   into fresh memory\n",
      fivek_score_target());
  for (const size_t rows : {size_t{10'000}, size_t{1'000'000}}) {
    for (const Shape& shape : kShapes) fivek::bench::Run(rows, shape, seconds);
  }
  return 0;
}
