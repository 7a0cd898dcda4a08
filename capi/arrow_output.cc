#include "capi/arrow_output.h"

#include <atomic>
#include <cstring>
#include <new>
#include <utility>

#include "absl/base/config.h"
#include "absl/strings/str_format.h"
#include "capi/arrow_input.h"
#include "fivek/base/language.h"
#include "fivek/method/labels.h"
#include "fivek/method/rubric.h"

namespace fivek::capi {
namespace {

constexpr size_t kAlignment = 64;

enum Column : size_t {
  kStrength,
  kWeakest,
  kProductPpm,
  kStage,
  kMilestone,
  kProbabilityPpm,
  kExpectedAmount,
  kRowStatus,
  kColumns,
};

struct ColumnRow {
  const char* name;
  const char* format;
  size_t width;
  int32_t labels;  // LabelSet of the dictionary; -1: none.
};

// clang-format off
constexpr std::array<ColumnRow, kColumns> kColumnRows = {{
    {"strength",        "C", 1, -1},
    {"weakest",         "C", 1, -1},
    {"product_ppm",     "i", 4, -1},
    {"stage",           "C", 1, static_cast<int32_t>(LabelSet::kStage)},
    {"milestone",       "C", 1, static_cast<int32_t>(LabelSet::kMilestone)},
    {"probability_ppm", "i", 4, -1},
    {"expected_amount", "l", 8, -1},  // Or a decimal of 16 bytes.
    {"row_status",      "i", 4, -1},
}};
// clang-format on
constexpr size_t kDecimalWidth = 16;

constexpr size_t MostRowBytes() {
  size_t bytes = 1;  // Eight bits of validity.
  for (const ColumnRow& row : kColumnRows) bytes += row.width;
  return bytes - kColumnRows[kExpectedAmount].width + kDecimalWidth;
}
static_assert(MostRowBytes() <= kMostArrowRowBytes);

constexpr size_t Padded(size_t size) {
  return (size + kAlignment - 1) / kAlignment * kAlignment;
}

constexpr size_t BitmapBytes(size_t rows) { return rows / 8 + (rows % 8 != 0); }

// ---- Ownership --------------------------------------------------------------
//
// All arrays of a result are in one block of memory, and all schemas in
// another. Each of them, also when it was moved out, counts as an owner until
// it is released; the last one frees the block. One block, because an allocator
// is more likely to keep one than to give back and fetch anew the pages of
// eight.

// Place of the arrays: the batch, the columns, their dictionaries.
constexpr size_t kBatchArray = 0;
constexpr size_t kFirstColumn = 1;
constexpr size_t kFirstDictionary = kFirstColumn + kColumns;
constexpr size_t kArrays = kFirstDictionary + 2;

struct alignas(kAlignment) ArrayBlock {
  std::atomic<size_t> owners{0};
  const void* buffers[kArrays][3] = {};
  ArrowArray arrays[kArrays] = {};
  ArrowArray* children[kColumns] = {};
  // The buffers follow.
};

struct SchemaBlock {
  std::atomic<size_t> owners{0};
  ArrowSchema schemas[kArrays] = {};
  ArrowSchema* children[kColumns] = {};
  char decimal[32] = {};
  char metadata[64] = {};
};

void Free(ArrayBlock* block) {
  block->~ArrayBlock();
  ::operator delete (block, std::align_val_t{kAlignment});
}

void Free(SchemaBlock* block) { delete block; }

// The release callback of Structure, which is ArrowArray or ArrowSchema.
template <typename Block, typename Structure>
void Release(Structure* structure) {
  const auto release = [](Structure* part) {
    if (part != nullptr && part->release != nullptr) part->release(part);
  };
  for (int64_t i = 0; i < structure->n_children; ++i) {
    release(structure->children[i]);
  }
  release(structure->dictionary);
  // Before it may be freed, as it is part of the block unless it was moved out.
  structure->release = nullptr;
  auto* const block = static_cast<Block*>(structure->private_data);
  if (block->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) Free(block);
}

// One more owner, with what all have in common.
template <typename Block, typename Structure>
void Own(Block* block, Structure* structure) {
  structure->private_data = block;
  structure->release = Release<Block, Structure>;
  block->owners.fetch_add(1, std::memory_order_relaxed);
}

// ---- Arrays -----------------------------------------------------------------

const char* LabelOf(int32_t set, size_t code) {
  return Label(static_cast<LabelSet>(set), static_cast<int32_t>(code),
               Language::kEnglish);
}

struct LabelSizes {
  size_t count = 0, bytes = 0;
};

LabelSizes SizesOf(int32_t set) {
  LabelSizes sizes;
  while (const char* const label = LabelOf(set, sizes.count)) {
    ++sizes.count;
    sizes.bytes += std::strlen(label);
  }
  return sizes;
}

// The sizes of buffers 0, 1 and 2 of each array.
using BufferSizes = std::array<std::array<size_t, 3>, kArrays>;

BufferSizes SizesOf(size_t rows, bool decimal) {
  BufferSizes sizes = {};
  size_t dictionary = kFirstDictionary;
  for (size_t i = 0; i < kColumns; ++i) {
    const ColumnRow& row = kColumnRows[i];
    const bool wide = i == kExpectedAmount && decimal;
    sizes[kFirstColumn + i] = {i == kRowStatus ? 0 : BitmapBytes(rows),
                               rows * (wide ? kDecimalWidth : row.width), 0};
    if (row.labels < 0) continue;
    const LabelSizes labels = SizesOf(row.labels);
    sizes[dictionary++] = {0, (labels.count + 1) * sizeof(int32_t),
                           labels.bytes};
  }
  return sizes;
}

// The English labels of a set, in order of the codes.
void PutLabels(int32_t set, void* offsets, void* text) {
  int32_t end = 0;
  for (size_t code = 0;; ++code) {
    static_cast<int32_t*>(offsets)[code] = end;
    const char* const label = LabelOf(set, code);
    if (label == nullptr) return;
    const size_t size = std::strlen(label);
    std::memcpy(static_cast<char*>(text) + end, label, size);
    end += static_cast<int32_t>(size);
  }
}

// A batch whose columns are not filled. What pads a buffer is zero.
void MakeArrays(size_t rows, bool decimal, ArrowArray* out) {
  const BufferSizes sizes = SizesOf(rows, decimal);
  size_t total = sizeof(ArrayBlock);
  for (const auto& of_array : sizes) {
    for (const size_t size : of_array) total += Padded(size);
  }
  void* const memory = ::operator new (total, std::align_val_t{kAlignment});
  auto* const block = new (memory) ArrayBlock;
  auto* at = static_cast<uint8_t*>(memory) + sizeof(ArrayBlock);
  const auto make = [&](size_t i, size_t length, int64_t buffers) {
    for (size_t b = 0; b < 3; ++b) {
      const size_t size = sizes[i][b];
      // There is a validity buffer or not; others are there with no bytes too.
      block->buffers[i][b] = b == 0 && size == 0 ? nullptr : at;
      std::memset(at + size, 0, Padded(size) - size);
      at += Padded(size);
    }
    ArrowArray* const array = &block->arrays[i];
    array->length = static_cast<int64_t>(length);
    array->n_buffers = buffers;
    array->buffers = block->buffers[i];
    Own(block, array);
    return array;
  };
  ArrowArray* const batch = make(kBatchArray, rows, 1);
  batch->n_children = kColumns;
  batch->children = block->children;
  size_t dictionary = kFirstDictionary;
  for (size_t i = 0; i < kColumns; ++i) {
    block->children[i] = make(kFirstColumn + i, rows, 2);
    const int32_t labels = kColumnRows[i].labels;
    if (labels < 0) continue;
    ArrowArray* const texts = make(dictionary++, SizesOf(labels).count, 3);
    PutLabels(labels, const_cast<void*>(texts->buffers[1]),
              const_cast<void*>(texts->buffers[2]));
    block->children[i]->dictionary = texts;
  }
  *out = *batch;
}

// ---- Schemas ----------------------------------------------------------------

// One pair, as Arrow writes metadata: counts and lengths as int32 of the
// machine, texts without a NUL.
void WriteMetadata(uint64_t policy_hash, char* out) {
  constexpr absl::string_view kKey = "fivek.policy";
  char value[17];
  absl::SNPrintF(value, sizeof value, "%016x", policy_hash);
  const auto put = [&out](const void* bytes, size_t size) {
    std::memcpy(out, bytes, size);
    out += size;
  };
  const auto put_text = [&put](absl::string_view text) {
    const auto size = static_cast<int32_t>(text.size());
    put(&size, sizeof size);
    put(text.data(), text.size());
  };
  constexpr int32_t kPairs = 1;
  put(&kPairs, sizeof kPairs);
  put_text(kKey);
  put_text(value);
}

void MakeSchemas(const ArrowFormat& amount, uint64_t policy_hash,
                 ArrowSchema* out) {
  auto* const block = new SchemaBlock;
  // `format` and `name` live as long as the block.
  const auto make = [block](size_t i, const char* format, const char* name,
                            int64_t flags) {
    ArrowSchema* const schema = &block->schemas[i];
    schema->format = format;
    schema->name = name;
    schema->flags = flags;
    Own(block, schema);
    return schema;
  };
  ArrowSchema* const batch = make(kBatchArray, "+s", "", 0);
  WriteMetadata(policy_hash, block->metadata);
  batch->metadata = block->metadata;
  batch->n_children = kColumns;
  batch->children = block->children;
  absl::SNPrintF(block->decimal, sizeof block->decimal, "d:%d,%d",
                 amount.precision, amount.scale);
  size_t dictionary = kFirstDictionary;
  for (size_t i = 0; i < kColumns; ++i) {
    const ColumnRow& row = kColumnRows[i];
    const bool wide =
        i == kExpectedAmount && amount.type == ValueType::kDecimal128;
    block->children[i] =
        make(kFirstColumn + i, wide ? block->decimal : row.format, row.name,
             i == kRowStatus ? 0 : ARROW_FLAG_NULLABLE);
    if (row.labels < 0) continue;
    block->children[i]->dictionary = make(dictionary++, "u", "", 0);
  }
  *out = *batch;
}

}  // namespace

ArrowOutput::ArrowOutput(size_t rows, const ArrowFormat& amount,
                         uint64_t policy_hash)
    : decimal_(amount.type == ValueType::kDecimal128) {
  static_assert(kColumns == kColumnCount);
  MakeSchemas(amount, policy_hash, &schema_);
  try {
    MakeArrays(rows, decimal_, &array_);
  } catch (...) {
    schema_.release(&schema_);
    throw;
  }
}

ArrowOutput::~ArrowOutput() {
  if (schema_.release != nullptr) schema_.release(&schema_);
  if (array_.release != nullptr) array_.release(&array_);
}

uint8_t* ArrowOutput::ValuesOf(size_t column) {
  return static_cast<uint8_t*>(
      const_cast<void*>(array_.children[column]->buffers[1]));
}

ScoreOutput ArrowOutput::Columns(size_t first, size_t count) {
  const auto at = [&](size_t column, auto zero) {
    return reinterpret_cast<decltype(zero)*>(ValuesOf(column)) + first;
  };
  ScoreOutput out;
  out.strength = at(kStrength, uint8_t{});
  out.weakest = at(kWeakest, uint8_t{});
  out.product_ppm = at(kProductPpm, int32_t{});
  out.stage = at(kStage, uint8_t{});
  out.milestone = at(kMilestone, uint8_t{});
  out.probability_ppm = at(kProbabilityPpm, int32_t{});
  // Decimals are twice as wide: into the second half of their rows.
  out.expected_amount = decimal_
                            ? at(kExpectedAmount, int64_t{}) + first + count
                            : at(kExpectedAmount, int64_t{});
  out.row_status = at(kRowStatus, int32_t{});
  return out;
}

void ArrowOutput::Scored(size_t first, size_t count, bool any_bad,
                         const uint8_t* amount_valid) {
  const ScoreOutput out = Columns(first, count);
  if (decimal_) {
    // From the first on, no amount is overwritten before it is read.
    uint8_t* const wide = ValuesOf(kExpectedAmount) + first * kDecimalWidth;
    for (size_t i = 0; i < count; ++i) {
      int64_t amount;
      std::memcpy(&amount, wide + (count + i) * sizeof amount, sizeof amount);
      int64_t words[2] = {amount, amount < 0 ? -1 : 0};
#if defined(ABSL_IS_BIG_ENDIAN)
      std::swap(words[0], words[1]);
#endif
      std::memcpy(wide + i * kDecimalWidth, words, sizeof words);
    }
  }

  uint8_t valid[kTileRows] = {};
  const auto add = [&](size_t column) {
    const bool nulls = std::memchr(valid, 0, count) != nullptr;
    AddNulls(column, nulls ? valid : nullptr, first, count);
  };
  const uint8_t* const weakest = out.weakest;
  for (size_t i = 0; i < count; ++i) valid[i] = weakest[i] != kUnknown ? 1 : 0;
  add(kWeakest);
  const int32_t* const product = out.product_ppm;
  for (size_t i = 0; i < count; ++i) valid[i] = product[i] >= 0 ? 1 : 0;
  add(kProductPpm);
  if (any_bad) {
    const int32_t* const status = out.row_status;
    for (size_t i = 0; i < count; ++i) valid[i] = status[i] == FIVEK_OK ? 1 : 0;
  } else {
    std::memset(valid, 1, count);
  }
  for (const size_t column : {kStrength, kStage, kMilestone, kProbabilityPpm}) {
    add(column);
  }
  if (amount_valid != nullptr) {
    for (size_t i = 0; i < count; ++i) valid[i] &= amount_valid[i];
  }
  add(kExpectedAmount);
}

// `valid` nullptr: no nulls.
void ArrowOutput::AddNulls(size_t column, const uint8_t* valid, size_t first,
                           size_t count) {
  auto* const bits = static_cast<uint8_t*>(
      const_cast<void*>(array_.children[column]->buffers[0]));
  if (valid == nullptr) {
    if (nulls_[column] == 0) return;  // Filled when there is one.
    std::memset(bits + first / 8, 0xFF, count / 8);
    if (count % 8 != 0) {
      bits[(first + count) / 8] = static_cast<uint8_t>(0xFF >> (8 - count % 8));
    }
    return;
  }
  if (nulls_[column] == 0) std::memset(bits, 0xFF, first / 8);
  nulls_[column] += PackValidity(valid, count, bits + first / 8);
}

void ArrowOutput::MoveTo(ArrowSchema* schema, ArrowArray* array) {
  for (size_t i = 0; i < kColumns; ++i) {
    ArrowArray* const child = array_.children[i];
    child->null_count = static_cast<int64_t>(nulls_[i]);
    if (nulls_[i] == 0) child->buffers[0] = nullptr;
  }
  *schema = schema_;
  *array = array_;
  schema_.release = nullptr;
  array_.release = nullptr;
}

}  // namespace fivek::capi
