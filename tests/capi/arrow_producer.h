// A producer of Arrow record batches for tests: any types, offsets, nulls and
// dictionaries, in buffers of exactly the size that they need, so that a
// sanitizer sees a byte read beyond them.
#ifndef FIVEK_TESTS_CAPI_ARROW_PRODUCER_H_
#define FIVEK_TESTS_CAPI_ARROW_PRODUCER_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "capi/fivek_arrow.h"

namespace fivek::arrow_test {

inline constexpr bool kBigEndian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

// Bytes on the heap, no more than asked for.
class Bytes {
 public:
  Bytes() = default;
  explicit Bytes(size_t size) : data_(new uint8_t[size]()), size_(size) {}
  uint8_t* data() const { return data_.get(); }
  size_t size() const { return size_; }
  template <typename T>
  void Put(size_t i, T value) {
    std::memcpy(data_.get() + i * sizeof value, &value, sizeof value);
  }

 private:
  std::unique_ptr<uint8_t[]> data_;
  size_t size_ = 0;
};

// One value of any column: null, a number of 128 bits, or a text.
struct Cell {
  bool null = false;
  int64_t low = 0, high = 0;
  std::string text;

  static Cell Null() { return {true, 0, 0, {}}; }
  static Cell Of(int64_t value) {
    return {false, value, value < 0 ? -1 : 0, {}};
  }
  static Cell Wide(int64_t low, int64_t high) { return {false, low, high, {}}; }
  static Cell Text(std::string text) { return {false, 0, 0, std::move(text)}; }
  bool IsInt64() const { return high == (low < 0 ? -1 : 0); }
};

// An array with its schema, and what it has inside. Nothing may be moved once
// Export was called.
struct Node {
  std::string format, name;
  int64_t length = 0, offset = 0, null_count = 0;
  std::vector<Bytes> buffers;
  std::vector<std::unique_ptr<Node>> children;
  std::unique_ptr<Node> dictionary;

  ArrowSchema schema = {};
  ArrowArray array = {};
  std::vector<ArrowSchema*> child_schemas;
  std::vector<ArrowArray*> child_arrays;
  std::vector<const void*> pointers;
  int released = 0;

  static void ReleaseSchema(ArrowSchema* schema) {
    ++static_cast<Node*>(schema->private_data)->released;
    schema->release = nullptr;
  }
  static void ReleaseArray(ArrowArray* array) {
    ++static_cast<Node*>(array->private_data)->released;
    array->release = nullptr;
  }

  // Fills `schema` and `array`.
  void Export() {
    child_schemas.clear();
    child_arrays.clear();
    pointers.clear();
    for (const auto& child : children) {
      child->Export();
      child_schemas.push_back(&child->schema);
      child_arrays.push_back(&child->array);
    }
    if (dictionary != nullptr) dictionary->Export();
    // An empty validity buffer is none.
    for (size_t i = 0; i < buffers.size(); ++i) {
      pointers.push_back(i == 0 && buffers[i].size() == 0 ? nullptr
                                                          : buffers[i].data());
    }
    const auto count = static_cast<int64_t>(children.size());
    schema = {format.c_str(),
              name.c_str(),
              nullptr,
              ARROW_FLAG_NULLABLE,
              count,
              child_schemas.data(),
              dictionary == nullptr ? nullptr : &dictionary->schema,
              ReleaseSchema,
              this};
    array = {length,
             null_count,
             offset,
             static_cast<int64_t>(pointers.size()),
             count,
             pointers.data(),
             child_arrays.data(),
             dictionary == nullptr ? nullptr : &dictionary->array,
             ReleaseArray,
             this};
  }

  int Released() const {
    int sum = released;
    for (const auto& child : children) sum += child->Released();
    return sum + (dictionary == nullptr ? 0 : dictionary->Released());
  }
};

// Whether null_count is said or left to be counted.
enum class NullCount { kSaid, kUnknown };

inline void PutValidity(const std::vector<Cell>& cells, int64_t offset,
                        NullCount said, Node* node) {
  int64_t nulls = 0;
  for (const Cell& cell : cells) nulls += cell.null ? 1 : 0;
  node->null_count = said == NullCount::kSaid ? nulls : -1;
  if (nulls == 0) {
    node->buffers.emplace_back(0);
    return;
  }
  // What comes before the offset looks like nulls, what comes behind too.
  const auto skip = static_cast<size_t>(offset);
  Bytes bits((skip + cells.size() + 7) / 8);
  for (size_t i = 0; i < cells.size(); ++i) {
    if (!cells[i].null) bits.data()[(skip + i) / 8] |= 1U << ((skip + i) % 8);
  }
  node->buffers.push_back(std::move(bits));
}

inline size_t WidthOf(const std::string& format) {
  switch (format[0]) {
    case 'c':
    case 'C':
      return 1;
    case 's':
    case 'S':
      return 2;
    case 'i':
    case 'I':
      return 4;
    case 'd':
      return 16;
    default:
      return 8;
  }
}

// An array of integers, decimals, texts ("u", "U") or nulls ("n") with `offset`
// elements before it that nobody should look at. What is below a null is not to
// be read either: a value that fits nowhere.
inline std::unique_ptr<Node> MakeArray(const std::string& name,
                                       const std::string& format,
                                       const std::vector<Cell>& cells,
                                       int64_t offset = 0,
                                       NullCount said = NullCount::kSaid) {
  auto node = std::make_unique<Node>();
  node->format = format;
  node->name = name;
  node->length = static_cast<int64_t>(cells.size());
  node->offset = offset;
  if (format == "n") {
    node->null_count = node->length;
    return node;
  }
  PutValidity(cells, offset, said, node.get());
  const auto skip = static_cast<size_t>(offset);
  if (format == "u" || format == "U") {
    std::string text(7 * skip, '#');
    std::vector<size_t> ends;
    for (size_t i = 0; i < skip; ++i) ends.push_back(7 * i);
    ends.push_back(text.size());
    for (const Cell& cell : cells) {
      text += cell.null ? "won" : cell.text;
      ends.push_back(text.size());
    }
    Bytes offsets(ends.size() * (format == "u" ? 4 : 8));
    for (size_t i = 0; i < ends.size(); ++i) {
      if (format == "u") {
        offsets.Put(i, static_cast<int32_t>(ends[i]));
      } else {
        offsets.Put(i, static_cast<int64_t>(ends[i]));
      }
    }
    Bytes data(text.size());
    if (!text.empty()) std::memcpy(data.data(), text.data(), text.size());
    node->buffers.push_back(std::move(offsets));
    node->buffers.push_back(std::move(data));
    return node;
  }
  const size_t width = WidthOf(format);
  Bytes data((skip + cells.size()) * width);
  std::memset(data.data(), 0xA5, data.size());
  for (size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].null) continue;
    // A number of 128 bits as this machine has it, of which the lowest bytes.
    uint8_t words[16];
    std::memcpy(words + (kBigEndian ? 8 : 0), &cells[i].low, 8);
    std::memcpy(words + (kBigEndian ? 0 : 8), &cells[i].high, 8);
    std::memcpy(data.data() + (skip + i) * width,
                words + (kBigEndian ? sizeof words - width : 0), width);
  }
  node->buffers.push_back(std::move(data));
  return node;
}

// The same by a dictionary that has `cells`: a row is an index, or null.
inline std::unique_ptr<Node> MakeEncoded(const std::string& name,
                                         const std::string& index_format,
                                         const std::vector<Cell>& indices,
                                         std::unique_ptr<Node> dictionary,
                                         int64_t offset = 0) {
  auto node = MakeArray(name, index_format, indices, offset);
  node->dictionary = std::move(dictionary);
  return node;
}

// A batch of `rows` rows behind `offset` others, which its fields have too.
inline Node MakeBatch(std::vector<std::unique_ptr<Node>> fields, int64_t rows,
                      int64_t offset = 0, const std::vector<bool>& valid = {}) {
  Node batch;
  batch.format = "+s";
  batch.length = rows;
  batch.offset = offset;
  batch.children = std::move(fields);
  if (valid.empty()) {
    batch.buffers.emplace_back(0);
    return batch;
  }
  std::vector<Cell> cells;
  for (const bool is_valid : valid) {
    cells.push_back(is_valid ? Cell::Of(1) : Cell::Null());
  }
  PutValidity(cells, offset, NullCount::kSaid, &batch);
  return batch;
}

}  // namespace fivek::arrow_test

#endif  // FIVEK_TESTS_CAPI_ARROW_PRODUCER_H_
