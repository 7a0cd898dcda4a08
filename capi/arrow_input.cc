#include "capi/arrow_input.h"

#include <cstring>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "fivek/method/rubric.h"
#include "src/base/aligned.h"

namespace fivek::capi {
namespace {

constexpr size_t kEvidenceColumn = 6;
constexpr size_t kOutcomeColumn = 7;
constexpr size_t kAmountColumn = 8;
constexpr uint8_t kNoOutcome = 255;

struct FieldRow {
  const char* name;
  const char* place;
  const char* dictionary;
  AlsoTakes also;
};

// In the order of ScoreInput, as errors number them.
#define FIVEK_FIELD(name, also) \
  { #name, "field \"" #name "\"", "dictionary of field \"" #name "\"", also }
constexpr FieldRow kFieldRows[] = {
    FIVEK_FIELD(problem, AlsoTakes::kNothing),
    FIVEK_FIELD(power, AlsoTakes::kNothing),
    FIVEK_FIELD(vision, AlsoTakes::kNothing),
    FIVEK_FIELD(value, AlsoTakes::kNothing),
    FIVEK_FIELD(control, AlsoTakes::kNothing),
    FIVEK_FIELD(by_decision_maker, AlsoTakes::kNothing),
    FIVEK_FIELD(evidence, AlsoTakes::kNothing),
    FIVEK_FIELD(outcome, AlsoTakes::kText),
    FIVEK_FIELD(amount, AlsoTakes::kDecimal),
};
#undef FIVEK_FIELD

constexpr ArrowPlace kBatch = {"batch", -1};

// The column of that name, or -1.
int32_t ColumnOf(const char* name) {
  if (name == nullptr) return -1;
  for (size_t i = 0; i < std::size(kFieldRows); ++i) {
    if (std::strcmp(name, kFieldRows[i].name) == 0) {
      return static_cast<int32_t>(i);
    }
  }
  return -1;
}

template <typename T>
constexpr ValueType kOwnType = ValueType::kAbsent;
template <>
constexpr ValueType kOwnType<uint8_t> = ValueType::kUint8;
template <>
constexpr ValueType kOwnType<uint32_t> = ValueType::kUint32;
template <>
constexpr ValueType kOwnType<int64_t> = ValueType::kInt64;

// The column itself, where it can be scored as it is.
template <typename T>
const T* InPlace(const ArrowValues& values, size_t first) {
  if (values.type != kOwnType<T>) return nullptr;
  const uint8_t* const data = values.data + (values.offset + first) * sizeof(T);
  const T* const column = reinterpret_cast<const T*>(data);
  return IsAligned(column) ? column : nullptr;
}

// Follows indices: outside the dictionary is a misfit, a null there is a null
// here.
template <typename T>
void ReadByDictionary(const ArrowValues& indices, const ArrowValues& dictionary,
                      size_t first, size_t count, ArrowTile* tile, T* room) {
  if (!ReadRows(indices, first, count, tile->valid, tile->index,
                tile->misfit)) {
    std::memset(tile->misfit, 0, count);
  }
  const bool all_null = dictionary.type == ValueType::kNull;
  for (size_t i = 0; i < count; ++i) {
    if ((tile->valid[i] & ~tile->misfit[i]) == 0) continue;
    const auto index = static_cast<uint64_t>(tile->index[i]);
    if (index >= dictionary.length) {
      tile->misfit[i] = 1;
    } else if (dictionary.validity != nullptr) {
      const size_t at = dictionary.offset + static_cast<size_t>(index);
      tile->valid[i] = dictionary.validity[at / 8] >> (at % 8) & 1;
    } else if (all_null) {
      tile->valid[i] = 0;
    }
  }
  ReadRowsAt(dictionary, tile->index, count, tile->valid, room, tile->misfit);
}

// Rows that are valid and do not fit are bad. Whether there are any.
bool KeepMisfits(ArrowTile* tile, size_t count) {
  uint8_t any = 0;
  for (size_t i = 0; i < count; ++i) {
    const uint8_t bad = tile->valid[i] & tile->misfit[i];
    tile->bad[i] |= bad;
    any |= bad;
  }
  return any != 0;
}

// Without a branch, as nulls come at random.
template <typename T>
void PutNulls(const uint8_t* valid, T null, size_t count, T* out) {
  for (size_t i = 0; i < count; ++i) {
    const auto keep = static_cast<T>(T{0} - static_cast<T>(valid[i]));
    out[i] = static_cast<T>((out[i] & keep) | (null & ~keep));
  }
}

absl::Status CheckBatch(const ArrowSchema& schema, const ArrowArray& array) {
  const auto refuse = [](Reason reason, absl::string_view what) {
    return RefuseAt(kBatch, reason, what);
  };
  if (schema.release == nullptr) {
    return refuse(Reason::kNullPointer, "the schema is released");
  }
  if (schema.format == nullptr || std::strcmp(schema.format, "+s") != 0) {
    return refuse(
        Reason::kWrongType,
        absl::StrCat(
            "format \"",
            schema.format == nullptr
                ? ""
                : absl::string_view(schema.format, strnlen(schema.format, 40)),
            "\"; allowed: a struct (+s)"));
  }
  absl::Status status = CheckArrowArray(kBatch, array, 1);
  if (!status.ok()) return status;
  if (schema.dictionary != nullptr || array.dictionary != nullptr) {
    return refuse(Reason::kWrongType,
                  "it has a dictionary; allowed: none, as it is a struct");
  }
  if (schema.n_children < 0 || array.n_children != schema.n_children) {
    return refuse(
        Reason::kValueRange,
        absl::StrCat("n_children ", array.n_children, " and in its schema ",
                     schema.n_children, "; allowed: the same, 0 or more"));
  }
  if (schema.n_children > 0 &&
      (schema.children == nullptr || array.children == nullptr)) {
    return refuse(Reason::kNullPointer,
                  absl::StrCat("children is NULL; allowed only without "
                               "children, given: ",
                               schema.n_children));
  }
  if (!AllAligned(schema.children, array.children)) {
    return refuse(Reason::kValueRange, "children is not aligned to its type");
  }
  for (int64_t i = 0; i < schema.n_children; ++i) {
    if (schema.children[i] == nullptr || array.children[i] == nullptr) {
      return refuse(Reason::kNullPointer,
                    absl::StrCat("child ", i, " is NULL"));
    }
    if (!AllAligned(schema.children[i], array.children[i])) {
      return refuse(Reason::kValueRange,
                    absl::StrCat("child ", i, " is not aligned to its type"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ArrowInput> ArrowInput::Of(const ArrowSchema& schema,
                                          const ArrowArray& array) {
  static_assert(std::size(kFieldRows) == kFieldCount);
  absl::Status status = CheckBatch(schema, array);
  if (!status.ok()) return status;

  ArrowInput input;
  input.rows_ = static_cast<size_t>(array.length);
  input.offset_ = static_cast<size_t>(array.offset);
  if (array.length > 0 && array.null_count != 0) {
    input.validity_ = static_cast<const uint8_t*>(array.buffers[0]);
  }
  std::array<bool, kFieldCount> found = {};
  bool any = false;
  for (int64_t i = 0; i < schema.n_children; ++i) {
    const int32_t column = ColumnOf(schema.children[i]->name);
    if (column < 0) continue;
    const auto place = static_cast<size_t>(column);
    if (found[place]) {
      return RefuseAt(
          {kFieldRows[place].place, column}, Reason::kDuplicateKey,
          absl::StrCat("child ", i, " has the name again; allowed: once"));
    }
    found[place] = any = true;
    status = input.ReadField(place, *schema.children[i], *array.children[i]);
    if (!status.ok()) return status;
  }
  if (!any) {
    std::string names;
    for (const FieldRow& row : kFieldRows) {
      absl::StrAppend(&names, names.empty() ? "" : ", ", row.name);
    }
    return RefuseAt(kBatch, Reason::kMissingKey,
                    absl::StrCat("none of its ", schema.n_children,
                                 " fields is known; allowed: any of ", names));
  }
  return input;
}

absl::Status ArrowInput::ReadField(size_t column, const ArrowSchema& schema,
                                   const ArrowArray& array) {
  const FieldRow& row = kFieldRows[column];
  const ArrowPlace place = {row.place, static_cast<int32_t>(column)};
  const bool encoded = schema.dictionary != nullptr;
  if (encoded != (array.dictionary != nullptr)) {
    return RefuseAt(
        place, Reason::kNullPointer,
        absl::StrCat("a dictionary is in its ", encoded ? "schema" : "array",
                     " only; allowed: in both or in none"));
  }
  if (!AllAligned(schema.dictionary, array.dictionary)) {
    return RefuseAt(place, Reason::kValueRange,
                    "its dictionary is not aligned to its type");
  }
  absl::StatusOr<ArrowFormat> format = ReadArrowFormat(
      place, schema.format, encoded ? AlsoTakes::kNothing : row.also);
  if (!format.ok()) return format.status();
  if (encoded && format->type == ValueType::kNull) {
    return RefuseAt(place, Reason::kWrongType,
                    "format \"n\" with a dictionary; allowed: indices (c C s S "
                    "i I l L)");
  }
  absl::StatusOr<ArrowValues> values =
      ReadArrowValues(place, schema, array, *format);
  if (!values.ok()) return values.status();
  if (values->length < offset_ + rows_) {
    return RefuseAt(
        place, Reason::kValueRange,
        absl::StrCat("length ", values->length, "; allowed: ", offset_ + rows_,
                     " or more, offset and length of the batch"));
  }
  values->offset += offset_;
  fields_[column].values = *values;

  if (encoded) {
    const ArrowPlace inside = {row.dictionary, place.column};
    if (schema.dictionary->dictionary != nullptr ||
        array.dictionary->dictionary != nullptr) {
      return RefuseAt(inside, Reason::kWrongType,
                      "it has a dictionary itself; allowed: values");
    }
    format = ReadArrowFormat(inside, schema.dictionary->format, row.also);
    if (!format.ok()) return format.status();
    values =
        ReadArrowValues(inside, *schema.dictionary, *array.dictionary, *format);
    if (!values.ok()) return values.status();
    fields_[column].dictionary = *values;
  }
  if (column == kAmountColumn && format->type == ValueType::kDecimal128) {
    amount_format_ = *format;
  }
  return absl::OkStatus();
}

template <typename T>
const T* ArrowInput::ReadColumn(size_t column, T null, size_t first,
                                size_t count, ArrowTile* tile, T* room,
                                RowsMet* met) const {
  const ArrowValues& values = fields_[column].values;
  const ArrowValues& dictionary = fields_[column].dictionary;
  const bool encoded = dictionary.type != ValueType::kAbsent;
  *met = {};
  if (values.type == ValueType::kAbsent) return nullptr;
  const T* const in_place = encoded ? nullptr : InPlace<T>(values, first);
  if (in_place != nullptr && validity_ == nullptr &&
      values.validity == nullptr) {
    return in_place;
  }

  // All rows are valid until a bitmap says no.
  bool nulls = values.type == ValueType::kNull;
  std::memset(tile->valid, nulls ? 0 : 1, (count + 7) / 8 * 8);
  if (validity_ != nullptr) {
    nulls |= AndValidity(validity_, offset_ + first, count, tile->valid);
  }
  if (values.validity != nullptr) {
    nulls |=
        AndValidity(values.validity, values.offset + first, count, tile->valid);
  }
  if (in_place != nullptr && !nulls) return in_place;

  bool misfits = true;
  if (encoded) {
    ReadByDictionary(values, dictionary, first, count, tile, room);
  } else {
    misfits = ReadRows(values, first, count, tile->valid, room, tile->misfit);
  }
  if (misfits) misfits = KeepMisfits(tile, count);
  PutNulls(tile->valid, null, count, room);
  met->nulls = std::memchr(tile->valid, 0, count) != nullptr;
  met->misfits = misfits;
  return room;
}

ArrowColumns ArrowInput::Read(size_t first, size_t count,
                              ArrowTile* tile) const {
  ArrowColumns columns;
  ScoreInput& in = columns.in;
  std::memset(tile->bad, 0, count);
  RowsMet met;
  bool misfits = false;
  const auto bytes = [&](size_t column, size_t room, uint8_t null) {
    const uint8_t* const read = ReadColumn<uint8_t>(
        column, null, first, count, tile, tile->bytes[room], &met);
    misfits |= met.misfits;
    return read;
  };
  in.problem = bytes(0, 0, kUnknown);
  in.power = bytes(1, 1, kUnknown);
  in.vision = bytes(2, 2, kUnknown);
  in.value = bytes(3, 3, kUnknown);
  in.control = bytes(4, 4, kUnknown);
  in.by_decision_maker = bytes(5, 5, 0);
  in.outcome = bytes(kOutcomeColumn, 6, 0);
  in.evidence = ReadColumn<uint32_t>(kEvidenceColumn, 0, first, count, tile,
                                     tile->evidence, &met);
  misfits |= met.misfits;
  in.amount = ReadColumn<int64_t>(kAmountColumn, 0, first, count, tile,
                                  tile->amount, &met);
  misfits |= met.misfits;
  // The amount's are still there, as it was read last.
  if (met.nulls) columns.amount_valid = tile->valid;

  if (misfits) {
    uint8_t* const outcome = tile->bytes[6];
    if (in.outcome == nullptr) {
      std::memset(outcome, 0, count);
    } else if (in.outcome != outcome) {
      std::memcpy(outcome, in.outcome, count);
    }
    for (size_t i = 0; i < count; ++i) {
      if (tile->bad[i] != 0) outcome[i] = kNoOutcome;
    }
    in.outcome = outcome;
  }
  return columns;
}

}  // namespace fivek::capi
