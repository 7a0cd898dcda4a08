#include "capi/arrow_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <limits>
#include <system_error>
#include <type_traits>

#include "absl/base/config.h"
#include "absl/strings/str_cat.h"
#include "fivek/method/opportunity.h"
#include "src/base/aligned.h"

namespace fivek::capi {
namespace {

#if defined(ABSL_IS_BIG_ENDIAN)
constexpr bool kBigEndian = true;
#else
constexpr bool kBigEndian = false;
#endif

// What a message quotes of a text that may be any.
absl::string_view Quoted(const char* text) {
  constexpr size_t kMost = 40;
  return absl::string_view(text, strnlen(text, kMost));
}

struct FormatRow {
  char letter;
  ValueType type;
  int8_t buffers;
};

// clang-format off
constexpr std::array<FormatRow, 11> kFormats = {{
    {'n', ValueType::kNull,   0},
    {'c', ValueType::kInt8,   2},
    {'C', ValueType::kUint8,  2},
    {'s', ValueType::kInt16,  2},
    {'S', ValueType::kUint16, 2},
    {'i', ValueType::kInt32,  2},
    {'I', ValueType::kUint32, 2},
    {'l', ValueType::kInt64,  2},
    {'L', ValueType::kUint64, 2},
    {'u', ValueType::kText32, 3},
    {'U', ValueType::kText64, 3},
}};
// clang-format on

bool IsText(ValueType type) {
  return type == ValueType::kText32 || type == ValueType::kText64;
}

int64_t BuffersOf(ValueType type) {
  for (const FormatRow& row : kFormats) {
    if (row.type == type) return row.buffers;
  }
  return 2;  // Decimals.
}

// "P,S" or "P,S,W". False if it is neither.
bool ReadDecimal(absl::string_view text, ArrowFormat* format, int32_t* width) {
  int32_t* const parts[] = {&format->precision, &format->scale, width};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (size_t i = 0; i < 3; ++i) {
    const std::from_chars_result read = std::from_chars(at, end, *parts[i]);
    if (read.ec != std::errc()) return false;
    at = read.ptr;
    if (at == end) return i >= 1;
    if (*at != ',') return false;
    ++at;
  }
  return false;
}

// The largest number with so many digits, if that is an int64.
int64_t LargestOf(int32_t precision) {
  if (precision > std::numeric_limits<int64_t>::digits10) return INT64_MAX;
  int64_t power = 1;
  for (int32_t i = 0; i < precision; ++i) power *= 10;
  return power - 1;
}

// ---- Texts ------------------------------------------------------------------

// A label as a number: its bytes and, on top, its length.
constexpr size_t kMostLabelBytes = 7;
constexpr uint64_t PackLabel(absl::string_view text) {
  uint64_t packed = uint64_t{text.size()} << 56;
  for (size_t i = 0; i < text.size(); ++i) {
    packed |= uint64_t{static_cast<unsigned char>(text[i])} << (8 * i);
  }
  return packed;
}

constexpr bool FitPacked() {
  for (size_t i = 0; i < kOutcomes.size(); ++i) {
    if (kOutcomes[i].code != static_cast<int32_t>(i) ||
        absl::string_view(kOutcomes[i].name.en).size() > kMostLabelBytes) {
      return false;
    }
  }
  return true;
}
static_assert(FitPacked(), "codes in order; labels of at most 7 bytes");

// Labels where their hash says, without collisions: a text is compared once.
struct LabelTable {
  uint64_t factor = 1;
  uint64_t packed[8] = {};
  uint8_t code[8] = {};

  constexpr size_t SlotOf(uint64_t text) const {
    return static_cast<size_t>(text * factor >> 61);
  }
};

constexpr LabelTable MakeLabelTable() {
  for (uint64_t factor = 0x9E3779B97F4A7C15;; factor += 2) {
    LabelTable table;
    table.factor = factor;
    bool collides = false;
    for (size_t i = 0; i < kOutcomes.size(); ++i) {
      const uint64_t text = PackLabel(kOutcomes[i].name.en);
      const size_t slot = table.SlotOf(text);
      collides = collides || table.packed[slot] != 0;
      table.packed[slot] = text;
      table.code[slot] = static_cast<uint8_t>(i);
    }
    if (!collides) return table;
  }
}
constexpr LabelTable kOutcomeLabels = MakeLabelTable();

// The outcome with that label; false if it is none. `behind` bytes can be read
// from `text` on, `size` or more. Without branches on the text, as outcomes in
// a book are too mixed for them.
bool OutcomeOf(const uint8_t* text, size_t size, size_t behind, uint8_t* out) {
  if (size > kMostLabelBytes) return false;
  uint64_t packed = 0;
  if (!kBigEndian && behind >= sizeof packed) {
    std::memcpy(&packed, text, sizeof packed);
    packed &= (uint64_t{1} << (8 * size)) - 1;
  } else {
    for (size_t i = 0; i < size; ++i) packed |= uint64_t{text[i]} << (8 * i);
  }
  packed |= uint64_t{size} << 56;
  const size_t slot = kOutcomeLabels.SlotOf(packed);
  *out = kOutcomeLabels.code[slot];
  return packed != 0 && packed == kOutcomeLabels.packed[slot];
}

// ---- Reading ----------------------------------------------------------------

template <typename T>
T Load(const uint8_t* data, size_t i) {
  T value;
  std::memcpy(&value, data + i * sizeof value, sizeof value);
  return value;
}

// Whether some From is no To.
template <typename To, typename From>
constexpr bool kCanMisfit = (std::is_signed_v<From> && !std::is_signed_v<To>) ||
                            std::numeric_limits<From>::digits
                                > std::numeric_limits<To>::digits;

template <typename To, typename From>
constexpr bool Fits(From value) {
  // A negative number becomes one that is beyond every To.
  static_assert(std::numeric_limits<To>::max() <= INT64_MAX);
  return !kCanMisfit<To, From> ||
         static_cast<uint64_t>(value) <=
             static_cast<uint64_t>(std::numeric_limits<To>::max());
}

// Where row i is: one behind the other, or listed.
struct Consecutive {
  static constexpr bool kAll = true;  // Every row can be read.
  size_t first;
  size_t operator[](size_t i) const { return first + i; }
};
struct Listed {
  static constexpr bool kAll = false;
  const int64_t* at;
  size_t operator[](size_t i) const { return static_cast<size_t>(at[i]); }
};

// A number of any type, int8_t too, which is no character here.
template <typename To, typename From>
To Cast(From value) {
  return static_cast<To>(value);  // NOLINT(bugprone-signed-char-misuse)
}

// As ReadRows and ReadRowsAt. What is read again and again is in locals, as no
// compiler can know that bytes are not written over it.
template <typename From, typename To, typename Rows>
bool ReadIntegers(const ArrowValues& values, Rows rows, size_t count,
                  const uint8_t* valid, To* out, uint8_t* misfit) {
  const uint8_t* const data = values.data + values.offset * sizeof(From);
  if (Rows::kAll) {
    // What fits has no bit beyond To's: all together first, as vectors can.
    From bits = 0;
    for (size_t i = 0; i < count; ++i) {
      const From value = Load<From>(data, rows[i]);
      out[i] = Cast<To>(value);
      bits = static_cast<From>(bits | value);
    }
    if (!kCanMisfit<To, From> || Fits<To>(bits)) return false;
  }
  for (size_t i = 0; i < count; ++i) {
    if (!Rows::kAll && (valid[i] & ~misfit[i]) == 0) continue;
    const From value = Load<From>(data, rows[i]);
    out[i] = Cast<To>(value);
    misfit[i] = Fits<To>(value) ? 0 : 1;
  }
  return true;
}

template <typename Rows>
bool ReadDecimals(const ArrowValues& values, Rows rows, size_t count,
                  const uint8_t* valid, int64_t* out, uint8_t* misfit) {
  const uint8_t* const data = values.data + values.offset * 16;
  const int64_t most = values.limit;
  const int64_t least = most == INT64_MAX ? INT64_MIN : -most;
  for (size_t i = 0; i < count; ++i) {
    if (!Rows::kAll && (valid[i] & ~misfit[i]) == 0) continue;
    const size_t at = 2 * rows[i];
    const auto low = Load<int64_t>(data, kBigEndian ? at + 1 : at);
    const auto high = Load<int64_t>(data, kBigEndian ? at : at + 1);
    out[i] = low;
    misfit[i] = static_cast<uint8_t>(high != (low < 0 ? -1 : 0)) |
                static_cast<uint8_t>(low < least) |
                static_cast<uint8_t>(low > most);
  }
  return true;
}

template <typename Offset, typename Rows>
bool ReadTexts(const ArrowValues& values, Rows rows, size_t count,
               const uint8_t* valid, uint8_t* out, uint8_t* misfit) {
  const uint8_t* const offsets = values.data + values.offset * sizeof(Offset);
  const uint8_t* const text = values.text;
  const int64_t limit = values.limit;
  for (size_t i = 0; i < count; ++i) {
    if (Rows::kAll) misfit[i] = 0;
    if ((valid[i] & ~misfit[i]) == 0) continue;
    const auto begin = int64_t{Load<Offset>(offsets, rows[i])};
    const auto end = int64_t{Load<Offset>(offsets, rows[i] + 1)};
    const bool known = 0 <= begin && begin <= end && end <= limit &&
                       OutcomeOf(text + begin, static_cast<size_t>(end - begin),
                                 static_cast<size_t>(limit - begin), &out[i]);
    misfit[i] = known ? 0 : 1;
  }
  return true;
}

template <typename To, typename Rows>
bool Read(const ArrowValues& values, Rows rows, size_t count,
          const uint8_t* valid, To* out, uint8_t* misfit) {
  const auto integers = [&](auto zero) {
    return ReadIntegers<decltype(zero)>(values, rows, count, valid, out,
                                        misfit);
  };
  if constexpr (std::is_same_v<To, int64_t>) {
    if (values.type == ValueType::kDecimal128) {
      return ReadDecimals(values, rows, count, valid, out, misfit);
    }
  }
  if constexpr (std::is_same_v<To, uint8_t>) {
    if (values.type == ValueType::kText32) {
      return ReadTexts<int32_t>(values, rows, count, valid, out, misfit);
    }
    if (values.type == ValueType::kText64) {
      return ReadTexts<int64_t>(values, rows, count, valid, out, misfit);
    }
  }
  switch (values.type) {
    case ValueType::kInt8:
      return integers(int8_t{});
    case ValueType::kUint8:
      return integers(uint8_t{});
    case ValueType::kInt16:
      return integers(int16_t{});
    case ValueType::kUint16:
      return integers(uint16_t{});
    case ValueType::kInt32:
      return integers(int32_t{});
    case ValueType::kUint32:
      return integers(uint32_t{});
    case ValueType::kInt64:
      return integers(int64_t{});
    case ValueType::kUint64:
      return integers(uint64_t{});
    default:
      break;
  }
  // No row is valid.
  std::fill(out, out + count, To{0});
  return false;
}

// 8 bits as 8 bytes, the lowest first. Seven of them by one product without
// carries.
uint64_t SpreadBits(uint32_t bits) {
  const uint64_t low = uint64_t{bits & 0x7F} * 0x0002040810204081;
  const uint64_t bytes = (low & 0x0001010101010101) | uint64_t{bits >> 7 & 1}
                                                          << 56;
  return kBigEndian ? __builtin_bswap64(bytes) : bytes;
}

// Bits first .. first + count - 1, for count <= 8; no byte behind is read.
uint32_t BitsAt(const uint8_t* bits, size_t first, size_t count) {
  const size_t byte = first / 8;
  const size_t skip = first % 8;
  uint32_t result = bits[byte];
  if (skip + count > 8) result |= uint32_t{bits[byte + 1]} << 8;
  return (result >> skip) & (0xFFU >> (8 - count));
}

// Whether `count` bits are all 1.
bool AllSet(const uint8_t* bits, size_t first, size_t count) {
  while (count > 0 && (first % 8 != 0 || count < 8)) {
    const size_t part = std::min(count, 8 - first % 8);
    if (BitsAt(bits, first, part) != 0xFFU >> (8 - part)) return false;
    first += part;
    count -= part;
  }
  const uint8_t* const bytes = bits + first / 8;
  const size_t whole = count / 8;
  size_t i = 0;
  for (; i + 8 <= whole; i += 8) {
    if (Load<uint64_t>(bytes + i, 0) != ~uint64_t{0}) return false;
  }
  for (; i < whole; ++i) {
    if (bytes[i] != 0xFF) return false;
  }
  return count % 8 == 0 || AllSet(bits, first + whole * 8, count % 8);
}

}  // namespace

absl::Status RefuseAt(const ArrowPlace& place, Reason reason,
                      absl::string_view what) {
  return Refuse(reason, absl::StrCat(place.name, ": ", what),
                {-1, place.column});
}

absl::Status CheckArrowArray(const ArrowPlace& place, const ArrowArray& array,
                             int64_t buffers) {
  if (array.release == nullptr) {
    return RefuseAt(place, Reason::kNullPointer, "the array is released");
  }
  if (array.length < 0 || array.length > kMostArrowElements) {
    return RefuseAt(place, Reason::kValueRange,
                    absl::StrCat("length ", array.length, "; allowed: 0 to ",
                                 kMostArrowElements));
  }
  if (array.offset < 0 || array.offset > kMostArrowElements - array.length) {
    return RefuseAt(place, Reason::kValueRange,
                    absl::StrCat("offset ", array.offset, "; allowed: 0 to ",
                                 kMostArrowElements - array.length,
                                 " at length ", array.length));
  }
  if (array.null_count < -1 || array.null_count > array.length) {
    return RefuseAt(
        place, Reason::kValueRange,
        absl::StrCat("null_count ", array.null_count, "; allowed: -1 to ",
                     array.length, ", the length"));
  }
  if (array.n_buffers != buffers) {
    return RefuseAt(place, Reason::kValueRange,
                    absl::StrCat("n_buffers ", array.n_buffers,
                                 "; allowed: ", buffers, " for its format"));
  }
  if (array.length == 0 || buffers == 0) return absl::OkStatus();
  if (array.buffers == nullptr) {
    return RefuseAt(place, Reason::kNullPointer,
                    absl::StrCat("buffers is NULL; allowed only at length 0, "
                                 "given: ",
                                 array.length));
  }
  if (!IsAligned(array.buffers)) {
    return RefuseAt(place, Reason::kValueRange,
                    "buffers is not aligned to its type");
  }
  if (array.null_count > 0 && array.buffers[0] == nullptr) {
    return RefuseAt(place, Reason::kNullPointer,
                    absl::StrCat("null_count ", array.null_count,
                                 " without a validity buffer; allowed: -1, 0"));
  }
  if (buffers > 1 && array.buffers[1] == nullptr) {
    return RefuseAt(place, Reason::kNullPointer,
                    absl::StrCat("buffer 1 is NULL; allowed only at length 0, "
                                 "given: ",
                                 array.length));
  }
  return absl::OkStatus();
}

absl::StatusOr<ArrowFormat> ReadArrowFormat(const ArrowPlace& place,
                                            const char* format,
                                            AlsoTakes also) {
  if (format == nullptr) {
    return RefuseAt(place, Reason::kNullPointer, "format is NULL");
  }
  ArrowFormat read;
  if (format[0] == 'd' && format[1] == ':' && also == AlsoTakes::kDecimal) {
    int32_t width = 128;
    if (ReadDecimal(format + 2, &read, &width)) {
      if (width != 128) {
        return RefuseAt(
            place, Reason::kWrongType,
            absl::StrCat("format \"", Quoted(format), "\" is a decimal of ",
                         width, " bits; allowed: 128"));
      }
      constexpr int32_t kMostDigits = 38;
      if (read.precision < 1 || read.precision > kMostDigits) {
        return RefuseAt(
            place, Reason::kValueRange,
            absl::StrCat("format \"", Quoted(format), "\" has precision ",
                         read.precision, "; allowed: 1 to ", kMostDigits));
      }
      read.type = ValueType::kDecimal128;
      return read;
    }
  } else if (format[0] != '\0' && format[1] == '\0') {
    for (const FormatRow& row : kFormats) {
      if (row.letter == format[0] &&
          (also == AlsoTakes::kText || !IsText(row.type))) {
        read.type = row.type;
        return read;
      }
    }
  }
  absl::string_view too;
  if (also == AlsoTakes::kText) too = ", text (u U)";
  if (also == AlsoTakes::kDecimal) too = ", decimal128 (d:P,S)";
  return RefuseAt(
      place, Reason::kWrongType,
      absl::StrCat("format \"", Quoted(format),
                   "\"; allowed: integers (c C s S i I l L), null (n)", too,
                   ", or a dictionary of these"));
}

absl::StatusOr<ArrowValues> ReadArrowValues(const ArrowPlace& place,
                                            const ArrowSchema& schema,
                                            const ArrowArray& array,
                                            const ArrowFormat& format) {
  if (schema.release == nullptr) {
    return RefuseAt(place, Reason::kNullPointer, "the schema is released");
  }
  if (schema.n_children != 0 || array.n_children != 0) {
    const int64_t children =
        schema.n_children != 0 ? schema.n_children : array.n_children;
    return RefuseAt(
        place, Reason::kValueRange,
        absl::StrCat("n_children ", children, "; allowed: 0 for its format"));
  }
  absl::Status status = CheckArrowArray(place, array, BuffersOf(format.type));
  if (!status.ok()) return status;

  ArrowValues values;
  values.type = format.type;
  values.length = static_cast<size_t>(array.length);
  // Without buffers nothing has a place.
  if (array.length == 0 || format.type == ValueType::kNull) return values;
  values.offset = static_cast<size_t>(array.offset);
  const auto buffer = [&array](size_t i) {
    return static_cast<const uint8_t*>(array.buffers[i]);
  };
  if (array.null_count != 0) values.validity = buffer(0);
  values.data = buffer(1);
  if (format.type == ValueType::kDecimal128) {
    values.limit = LargestOf(format.precision);
  }
  if (IsText(format.type)) {
    const size_t last = values.offset + values.length;
    values.limit = format.type == ValueType::kText32
                       ? int64_t{Load<int32_t>(values.data, last)}
                       : Load<int64_t>(values.data, last);
    values.text = buffer(2);
    if (values.limit < 0) {
      return RefuseAt(place, Reason::kValueRange,
                      absl::StrCat("the last text ends at ", values.limit,
                                   "; allowed: 0 or more"));
    }
    if (values.limit > 0 && values.text == nullptr) {
      return RefuseAt(
          place, Reason::kNullPointer,
          absl::StrCat("buffer 2 is NULL and the last text ends at ",
                       values.limit, "; allowed: 0"));
    }
  }
  return values;
}

template <typename To>
bool ReadRows(const ArrowValues& values, size_t first, size_t count,
              const uint8_t* valid, To* out, uint8_t* misfit) {
  return Read(values, Consecutive{first}, count, valid, out, misfit);
}

template <typename To>
void ReadRowsAt(const ArrowValues& values, const int64_t* at, size_t count,
                const uint8_t* valid, To* out, uint8_t* misfit) {
  Read(values, Listed{at}, count, valid, out, misfit);
}

template bool ReadRows(const ArrowValues&, size_t, size_t, const uint8_t*,
                       uint8_t*, uint8_t*);
template bool ReadRows(const ArrowValues&, size_t, size_t, const uint8_t*,
                       uint32_t*, uint8_t*);
template bool ReadRows(const ArrowValues&, size_t, size_t, const uint8_t*,
                       int64_t*, uint8_t*);
template void ReadRowsAt(const ArrowValues&, const int64_t*, size_t,
                         const uint8_t*, uint8_t*, uint8_t*);
template void ReadRowsAt(const ArrowValues&, const int64_t*, size_t,
                         const uint8_t*, uint32_t*, uint8_t*);
template void ReadRowsAt(const ArrowValues&, const int64_t*, size_t,
                         const uint8_t*, int64_t*, uint8_t*);

bool AndValidity(const uint8_t* bits, size_t first, size_t count,
                 uint8_t* valid) {
  if (AllSet(bits, first, count)) return false;
  for (size_t i = 0; i < count; i += 8) {
    const size_t part = std::min<size_t>(count - i, 8);
    const uint64_t bytes = SpreadBits(BitsAt(bits, first + i, part)) &
                           Load<uint64_t>(valid + i, 0);
    std::memcpy(valid + i, &bytes, sizeof bytes);
  }
  return true;
}

size_t PackValidity(const uint8_t* valid, size_t count, uint8_t* bits) {
  uint64_t set = 0;
  for (size_t i = 0; i < count; i += 8) {
    uint64_t bytes = Load<uint64_t>(valid + i, 0);
    if (kBigEndian) bytes = __builtin_bswap64(bytes);
    if (count - i < 8) bytes &= (uint64_t{1} << (8 * (count - i))) - 1;
    // Byte k moves to bit 56 + k; the sum of all comes out on top.
    bits[i / 8] = static_cast<uint8_t>(bytes * 0x0102040810204080 >> 56);
    set += bytes * 0x0101010101010101 >> 56;
  }
  return count - static_cast<size_t>(set);
}

}  // namespace fivek::capi
