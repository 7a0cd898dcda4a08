// The fields of a record batch that scoring knows, a tile of rows at a time: in
// place where they are of the right type, aligned and without nulls, else
// converted.
#ifndef FIVEK_CAPI_ARROW_INPUT_H_
#define FIVEK_CAPI_ARROW_INPUT_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "capi/arrow_values.h"
#include "capi/fivek_arrow.h"
#include "fivek/pipeline/score_columns.h"

namespace fivek::capi {

// Rows that are converted and scored at a time, so that they stay in a cache. A
// multiple of 8, so that no byte of a bitmap is in two tiles.
inline constexpr size_t kTileRows = 2048;

// What a tile is converted into.
struct ArrowTile {
  alignas(64) int64_t amount[kTileRows];
  int64_t index[kTileRows];
  uint32_t evidence[kTileRows];
  uint8_t bytes[7][kTileRows];  // Columns 0 to 5, and the outcome.
  uint8_t valid[kTileRows];     // Of the column read last.
  uint8_t misfit[kTileRows];    // Likewise.
  uint8_t bad[kTileRows];       // Rows in which any column does not fit.
};

// A tile's columns.
struct ArrowColumns {
  ScoreInput in;
  const uint8_t* amount_valid = nullptr;  // Bytes; nullptr: no nulls.
};

class ArrowInput {
 public:
  // Finds and checks the fields. Both have to live as long as this.
  static absl::StatusOr<ArrowInput> Of(const ArrowSchema& schema,
                                       const ArrowArray& array);

  size_t rows() const { return rows_; }
  // Of the amount. The type is kInt64 if it is no decimal.
  const ArrowFormat& amount_format() const { return amount_format_; }

  // Rows first .. first + count - 1, count <= kTileRows, good until the next
  // call. A row with a value that its column cannot hold gets an outcome that
  // is none.
  ArrowColumns Read(size_t first, size_t count, ArrowTile* tile) const;

 private:
  static constexpr size_t kFieldCount = 9;

  struct Field {
    ArrowValues values;      // Or indices,
    ArrowValues dictionary;  // if there is one.
  };

  // What a column had in a tile.
  struct RowsMet {
    bool nulls = false, misfits = false;
  };

  absl::Status ReadField(size_t column, const ArrowSchema& schema,
                         const ArrowArray& array);
  template <typename T>
  const T* ReadColumn(size_t column, T null, size_t first, size_t count,
                      ArrowTile* tile, T* room, RowsMet* met) const;

  size_t rows_ = 0;
  size_t offset_ = 0;                  // Of the batch.
  const uint8_t* validity_ = nullptr;  // Of the batch.
  ArrowFormat amount_format_ = {ValueType::kInt64, 0, 0};
  std::array<Field, kFieldCount> fields_;
};

}  // namespace fivek::capi

#endif  // FIVEK_CAPI_ARROW_INPUT_H_
