// The record batch that scoring gives: memory that its new owner frees by the
// release callbacks of the Arrow C Data Interface.
#ifndef FIVEK_CAPI_ARROW_OUTPUT_H_
#define FIVEK_CAPI_ARROW_OUTPUT_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "capi/arrow_values.h"
#include "capi/fivek_arrow.h"
#include "fivek/pipeline/score_columns.h"

namespace fivek::capi {

class ArrowOutput {
 public:
  // Room for `rows` rows, not filled. Throws std::bad_alloc.
  ArrowOutput(size_t rows, const ArrowFormat& amount, uint64_t policy_hash);
  ~ArrowOutput();
  ArrowOutput(const ArrowOutput&) = delete;
  ArrowOutput& operator=(const ArrowOutput&) = delete;

  // Where the scores of rows first .. first + count - 1 go.
  ScoreOutput Columns(size_t first, size_t count);

  // Those rows are scored, and some of them are bad, or not. Tiles come in
  // order; `first` is a multiple of 8, and `amount_valid` has a byte for each
  // row, or is nullptr.
  void Scored(size_t first, size_t count, bool any_bad,
              const uint8_t* amount_valid);

  // Hands everything over. Cannot fail.
  void MoveTo(ArrowSchema* schema, ArrowArray* array);

 private:
  static constexpr size_t kColumnCount = 8;

  uint8_t* ValuesOf(size_t column);
  void AddNulls(size_t column, const uint8_t* valid, size_t first,
                size_t count);

  bool decimal_;
  std::array<size_t, kColumnCount> nulls_ = {};
  ArrowSchema schema_ = {};
  ArrowArray array_ = {};
};

}  // namespace fivek::capi

#endif  // FIVEK_CAPI_ARROW_OUTPUT_H_
