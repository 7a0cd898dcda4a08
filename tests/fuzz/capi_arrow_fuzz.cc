// Any structures as a record batch: refused without a trace, or scored, each
// row as its values say when they are read one by one; no byte is read beyond
// what lengths and offsets demand, and nothing is lost.
//
// The C Data Interface does not carry the sizes of buffers, so that they are as
// large as they have to be is the producer's promise. Here it is kept to the
// byte wherever a batch could be accepted; what cannot be is to be refused
// before any buffer is read.
//
// Input: a stream of bytes that make up the batch, its fields, then values. It
// reads as zeros where it ends.
#include <algorithm>
#include <array>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "capi/fivek_arrow.h"
#include "tests/fuzz/need.h"

using fivek::Need;

namespace {

class Input {
 public:
  Input(const uint8_t* data, size_t size) : data_(data), size_(size) {}
  uint8_t Byte() {
    if (at_ == size_) return 0;
    return data_[at_++];
  }
  // True for one value of 256, so that most of a batch is as it should be.
  bool Rarely() { return Byte() == 0xEE; }
  int64_t Number() {
    uint64_t value = 0;
    for (int i = 0; i < 8; ++i) value |= uint64_t{Byte()} << (8 * i);
    return static_cast<int64_t>(value);
  }
  size_t left() const { return size_ - at_; }

 private:
  const uint8_t* data_;
  size_t size_, at_ = 0;
};

constexpr std::array<const char*, 12> kNames = {
    "problem",  "power",   "vision", "value", "control", "by_decision_maker",
    "evidence", "outcome", "amount", "id",    "",        "Problem"};
constexpr std::array<const char*, 24> kFormats = {
    "C",  "c", "s",   "S",     "i",       "I",     "l",         "L",
    "n",  "u", "U",   "d:9,2", "d:38,-5", "d:1,0", "d:9,2,256", "g",
    "+s", "",  "d:9", "Cx",    "vu",      "d:0,0", "d:19,4",    "d:18,0,128"};
constexpr int64_t kMostRows = 4200;  // Beyond two tiles.

// An array, its schema, and what they point to.
struct Node {
  std::string format;
  std::string name;
  std::vector<std::unique_ptr<uint8_t[]>> memory;
  std::vector<const void*> buffers;
  std::unique_ptr<Node> dictionary;
  std::vector<std::unique_ptr<Node>> children;
  std::vector<ArrowSchema*> child_schemas;
  std::vector<ArrowArray*> child_arrays;
  ArrowSchema schema = {};
  ArrowArray array = {};

  static void Release(ArrowSchema* /*schema*/) {
    Need(false, "a schema is borrowed");
  }
  static void Release(ArrowArray* /*array*/) {
    Need(false, "an array is borrowed");
  }
};

bool IsText(const std::string& format) {
  return format == "u" || format == "U";
}

size_t WidthOf(const std::string& format) {
  if (format.empty()) return 0;
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

// Memory of `size` bytes, the first of them from the input.
uint8_t* Allocate(size_t size, Input* input, Node* node) {
  node->memory.emplace_back(new uint8_t[size]());
  uint8_t* const bytes = node->memory.back().get();
  for (size_t i = 0; i < size && input->left() > 0; ++i)
    bytes[i] = input->Byte();
  return bytes;
}

// Offsets and texts: the last offset says how many bytes there are. The others
// are any.
void AddTexts(size_t elements, Input* input, Node* node) {
  static constexpr const char* kWords[] = {"open", "on hold", "won", "lost",
                                           "void", "",        "x",   "opens"};
  const bool wide = node->format == "U";
  std::string text;
  std::vector<int64_t> ends = {0};
  for (size_t i = 0; i < elements; ++i) {
    text += kWords[input->Byte() % 8];
    ends.push_back(static_cast<int64_t>(text.size()));
  }
  if (input->Rarely()) ends[input->Byte() % ends.size()] = input->Number();
  node->memory.emplace_back(new uint8_t[ends.size() * (wide ? 8 : 4)]);
  for (size_t i = 0; i < ends.size(); ++i) {
    const auto narrow = static_cast<int32_t>(ends[i]);
    if (!wide) ends[i] = narrow;
    std::memcpy(node->memory.back().get() + i * (wide ? 8 : 4),
                wide ? static_cast<const void*>(&ends[i]) : &narrow,
                wide ? 8 : 4);
  }
  node->buffers[1] = node->memory.back().get();
  // No promise of more texts than there are can be kept.
  if (ends.back() > static_cast<int64_t>(text.size())) {
    const auto last = static_cast<int64_t>(text.size());
    std::memcpy(node->memory.back().get() + elements * (wide ? 8 : 4), &last,
                wide ? 8 : 4);
  }
  node->memory.emplace_back(new uint8_t[text.size()]);
  std::copy(text.begin(), text.end(), node->memory.back().get());
  node->buffers[2] = node->memory.back().get();
}

// An array of at least `needed` elements, or of any number if that is below 0.
std::unique_ptr<Node> MakeArray(int64_t needed, int depth, Input* input) {
  auto node = std::make_unique<Node>();
  node->name = kNames[input->Byte() % kNames.size()];
  const uint8_t format = input->Byte();
  // Mostly integers.
  node->format = kFormats[format % (format < 128 ? 12 : kFormats.size())];
  const int64_t length =
      needed < 0 ? input->Byte() : needed + input->Byte() % 4;
  const int64_t offset = input->Byte() % 16;
  const auto elements = static_cast<size_t>(length + offset);

  int64_t buffers = node->format == "n" ? 0 : (IsText(node->format) ? 3 : 2);
  if (node->format == "+s") buffers = 1;
  node->buffers.assign(3, nullptr);
  bool validity = input->Byte() % 2 == 1;
  if (buffers > 0 && validity) {
    node->buffers[0] = Allocate((elements + 7) / 8, input, node.get());
  }
  if (IsText(node->format)) {
    AddTexts(elements, input, node.get());
  } else if (buffers > 1) {
    const size_t shift = input->Byte() % 4 == 1 ? 1 : 0;  // Not aligned.
    node->buffers[1] =
        Allocate(elements * WidthOf(node->format) + shift, input, node.get()) +
        shift;
  }
  int64_t nulls = 0;
  if (buffers > 0 && validity) {
    nulls = input->Byte() % 2 == 0 ? -1 : std::min<int64_t>(length, 1);
  }
  if (depth == 0 && input->Byte() % 4 == 1) {
    node->dictionary = MakeArray(-1, 1, input);
  }
  node->schema = {node->format.c_str(),
                  node->name.c_str(),
                  nullptr,
                  2,
                  0,
                  nullptr,
                  node->dictionary ? &node->dictionary->schema : nullptr,
                  Node::Release,
                  nullptr};
  node->array = {length,
                 nulls,
                 offset,
                 buffers,
                 0,
                 node->buffers.data(),
                 nullptr,
                 node->dictionary ? &node->dictionary->array : nullptr,
                 Node::Release,
                 nullptr};
  return node;
}

// Breaks something that only a refusal can answer. Nothing that would promise
// larger buffers and be accepted.
void Spoil(Node* node, Input* input) {
  constexpr int64_t kWrong[] = {-1, -2, INT64_MIN, INT64_MAX,
                                INT64_MAX / 40 + 1};
  const int64_t wrong = kWrong[input->Byte() % 5];
  switch (input->Byte() % 14) {
    case 0:
      node->array.length = wrong;
      break;
    case 1:
      node->array.offset = wrong;
      break;
    case 2:
      node->array.null_count = wrong;  // -1 is allowed.
      break;
    case 3:
      node->array.n_buffers = wrong;
      break;
    case 4:
      node->array.n_children = wrong;
      break;
    case 5:
      node->schema.n_children = wrong;
      break;
    case 6:
      node->array.buffers = nullptr;
      break;
    case 7:
      node->buffers[1] = nullptr;
      break;
    case 8:
      node->buffers[2] = nullptr;
      break;
    case 9:
      node->array.release = nullptr;
      break;
    case 10:
      node->schema.release = nullptr;
      break;
    case 11:
      node->schema.format = nullptr;
      break;
    case 12:
      node->schema.dictionary = nullptr;
      break;
    default:
      node->array.dictionary = nullptr;
      break;
  }
}

// ---- One value at a time ----------------------------------------------------

bool IsValid(const Node& node, int64_t i) {
  if (node.format == "n") return false;
  const auto* const bits = static_cast<const uint8_t*>(node.buffers[0]);
  // A count of 0 is believed.
  if (bits == nullptr || node.array.null_count == 0) return true;
  const auto at = static_cast<size_t>(i + node.array.offset);
  return (bits[at / 8] >> (at % 8) & 1) != 0;
}

struct Value {
  bool null = false, fits = false;
  int64_t number = 0;
};

// The value at i, as far as an int64 holds it.
Value ValueAt(const Node& node, int64_t i) {
  Value value;
  value.null = !IsValid(node, i);
  if (value.null) return value;
  const auto at = static_cast<size_t>(i + node.array.offset);
  const auto* const data = static_cast<const uint8_t*>(node.buffers[1]);
  if (IsText(node.format)) {
    const auto end_at = [&](size_t k) {
      int64_t wide = 0;
      int32_t narrow = 0;
      if (node.format == "U") {
        std::memcpy(&wide, data + k * 8, 8);
        return wide;
      }
      std::memcpy(&narrow, data + k * 4, 4);
      return int64_t{narrow};
    };
    const int64_t last =
        end_at(static_cast<size_t>(node.array.length + node.array.offset));
    const int64_t begin = end_at(at);
    const int64_t end = end_at(at + 1);
    if (begin < 0 || end < begin || end > last) return value;
    const auto* const text = static_cast<const char*>(node.buffers[2]);
    const std::string word(text + begin, text + end);
    for (int32_t code = 0; code < 5; ++code) {
      if (word == fivek_label("outcome", code, "en")) {
        value.fits = true;
        value.number = code;
      }
    }
    return value;
  }
  const size_t width = WidthOf(node.format);
  const bool is_signed = node.format[0] >= 'a';
  unsigned char bytes[16];
  std::memcpy(bytes, data + at * width, width);
  const bool negative = is_signed && (bytes[width - 1] & 0x80) != 0;
  std::memset(bytes + width, negative ? 0xFF : 0, 16 - width);
  int64_t high = 0;
  std::memcpy(&value.number, bytes, 8);
  std::memcpy(&high, bytes + 8, 8);
  value.fits = high == (value.number < 0 ? -1 : 0);
  if (node.format[0] == 'd') {
    const int precision = std::atoi(node.format.c_str() + 2);
    std::string digits = std::to_string(value.number);
    if (digits[0] == '-') digits.erase(0, 1);
    value.fits &= digits.size() <= static_cast<size_t>(precision);
  }
  return value;
}

Value CellAt(const Node& field, int64_t row) {
  const Value value = ValueAt(field, row);
  if (field.dictionary == nullptr || value.null || !value.fits) return value;
  if (value.number < 0 || value.number >= field.dictionary->array.length) {
    return {};
  }
  return ValueAt(*field.dictionary, value.number);
}

// The row as plain columns have it. `amount_null` says whether there is none.
void CheckRow(const Node& batch, const ArrowArray& out, int64_t row,
              bool decimal) {
  uint8_t bytes[8] = {255, 255, 255, 255, 255, 0, 0, 0};
  uint32_t evidence = 0;
  int64_t amount = 0;
  bool amount_null = false;
  bool misfit = false;
  const int64_t at = row + batch.array.offset;
  for (const auto& field : batch.children) {
    const auto column = static_cast<size_t>(
        std::find(kNames.begin(), kNames.begin() + 9, field->name) -
        kNames.begin());
    if (column == 9) continue;
    const Value value =
        IsValid(batch, row) ? CellAt(*field, at) : Value{true, false, 0};
    if (value.null) {
      amount_null |= column == 8;
      continue;
    }
    const int64_t most = column == 8   ? INT64_MAX
                         : column == 6 ? int64_t{UINT32_MAX}
                                       : 255;
    if (!value.fits || (column != 8 && value.number < 0) ||
        value.number > most) {
      misfit = true;
    } else if (column == 8) {
      amount = value.number;
    } else if (column == 6) {
      evidence = static_cast<uint32_t>(value.number);
    } else {
      bytes[column] = static_cast<uint8_t>(value.number);
    }
  }
  if (misfit) bytes[0] = 254;
  const fivek_score_in in = {sizeof in, 0,         bytes,     bytes + 1,
                             bytes + 2, bytes + 3, bytes + 4, bytes + 5,
                             &evidence, bytes + 7, &amount};
  uint8_t strength = 0, weakest = 0, stage = 0, milestone = 0;
  int32_t product = 0, probability = 0;
  int64_t expected = 0;
  fivek_status status = 0;
  const fivek_score_out one = {sizeof one, 0,      &strength,  &weakest,
                               &product,   &stage, &milestone, &probability,
                               &expected,  &status};
  Need(fivek_score_columns(nullptr, &in, &one, 1, nullptr, nullptr) == FIVEK_OK,
       "one row is scored");
  const auto is = [&](int64_t column, const void* want, size_t size,
                      bool want_null) {
    const ArrowArray& child = *out.children[column];
    const auto* const values = static_cast<const uint8_t*>(child.buffers[1]);
    const auto* const bits = static_cast<const uint8_t*>(child.buffers[0]);
    const auto i = static_cast<size_t>(row);
    Need(std::memcmp(values + i * size, want, size) == 0, "a value");
    Need((bits != nullptr && (bits[i / 8] >> (i % 8) & 1) == 0) == want_null,
         "a null");
  };
  const bool bad = status != FIVEK_OK;
  is(0, &strength, 1, bad);
  is(1, &weakest, 1, weakest == 255);
  is(2, &product, 4, product == -1);
  is(3, &stage, 1, bad);
  is(4, &milestone, 1, bad);
  is(5, &probability, 4, bad);
  const int64_t wide[2] = {expected, expected < 0 ? -1 : 0};
  is(6, wide, decimal ? 16 : 8, bad || amount_null);
  is(7, &status, 4, false);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Input input(data, size);
  Node batch;
  batch.format = input.Rarely() ? "+l" : "+s";
  const uint8_t many = input.Byte();
  const int64_t rows = many < 250 ? many % 70 : kMostRows - many;
  const int64_t offset = input.Byte() % 20;
  const size_t fields = input.Byte() % 11;
  const bool validity = input.Byte() % 2 == 1;
  batch.buffers.assign(3, nullptr);
  if (validity) {
    batch.buffers[0] =
        Allocate(static_cast<size_t>(rows + offset + 7) / 8, &input, &batch);
  }
  for (size_t i = 0; i < fields; ++i) {
    batch.children.push_back(MakeArray(rows + offset, 0, &input));
    batch.child_schemas.push_back(&batch.children.back()->schema);
    batch.child_arrays.push_back(&batch.children.back()->array);
  }
  batch.schema = {batch.format.c_str(),
                  "",
                  nullptr,
                  0,
                  static_cast<int64_t>(fields),
                  batch.child_schemas.data(),
                  nullptr,
                  Node::Release,
                  nullptr};
  batch.array = {rows,
                 validity ? -1 : 0,
                 offset,
                 1,
                 static_cast<int64_t>(fields),
                 batch.buffers.data(),
                 batch.child_arrays.data(),
                 nullptr,
                 Node::Release,
                 nullptr};
  const bool spoilt = input.Byte() % 4 == 1;
  if (spoilt) {
    const size_t which = input.Byte() % (fields + 1);
    Node* node = which == fields ? &batch : batch.children[which].get();
    if (node->dictionary != nullptr && input.Byte() % 2 == 1) {
      node = node->dictionary.get();
    }
    Spoil(node, &input);
  }

  ArrowSchema out_schema;
  ArrowArray out;
  std::memset(static_cast<void*>(&out_schema), 0xA5, sizeof out_schema);
  std::memset(static_cast<void*>(&out), 0xA5, sizeof out);
  const ArrowSchema schema_before = out_schema;
  const ArrowArray before = out;
  fivek_error error = {};
  error.struct_size = sizeof error;
  const fivek_status status = fivek_score_arrow(
      nullptr, &batch.schema, &batch.array, &out_schema, &out, &error);
  if (status != FIVEK_OK) {
    Need(status == FIVEK_INVALID_ARGUMENT, "a refusal");
    Need(error.reason != 0 && error.message_len > 0, "it says why");
    Need(error.column >= -1 && error.column < 9, "and where");
    Need(std::memcmp(&out, &before, sizeof out) == 0 &&
             std::memcmp(&out_schema, &schema_before, sizeof out_schema) == 0,
         "and leaves no trace");
    return 0;
  }
  Need(out.length == batch.array.length && out.n_children == 8 &&
           out_schema.n_children == 8,
       "a row for each row");
  const bool decimal = out_schema.children[6]->format[0] == 'd';
  for (int64_t row = 0; row < out.length; ++row) {
    // Of very many, some.
    if (out.length > 100 && row % 97 != 0 && row % 2048 > 1) continue;
    CheckRow(batch, out, row, decimal);
  }
  // Parts that are moved out live on.
  ArrowArray moved = *out.children[many % 8];
  ArrowSchema moved_schema = *out_schema.children[many % 8];
  out.children[many % 8]->release = nullptr;
  out_schema.children[many % 8]->release = nullptr;
  out.release(&out);
  out_schema.release(&out_schema);
  Need(moved.length == rows && moved_schema.name[0] != '\0', "a moved child");
  moved.release(&moved);
  moved_schema.release(&moved_schema);
  return 0;
}
