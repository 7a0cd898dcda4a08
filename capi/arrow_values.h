// The values of one Arrow array, whatever integer, decimal or text they are, as
// the numbers that scoring wants. The array belongs to the caller.
//
// Nothing is believed but what cannot be checked: that buffers are as large as
// lengths and offsets say. Buffers need not be aligned.
#ifndef FIVEK_CAPI_ARROW_VALUES_H_
#define FIVEK_CAPI_ARROW_VALUES_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "capi/fivek_arrow.h"
#include "fivek/base/reason.h"

namespace fivek::capi {

enum class ValueType : uint8_t {
  kAbsent,
  kNull,
  kInt8,
  kUint8,
  kInt16,
  kUint16,
  kInt32,
  kUint32,
  kInt64,
  kUint64,
  kDecimal128,
  kText32,  // Offsets of 32 bits.
  kText64,
};

// What a field takes beside integers and nulls.
enum class AlsoTakes : uint8_t { kNothing, kText, kDecimal };

struct ArrowFormat {
  ValueType type = ValueType::kAbsent;
  int32_t precision = 0, scale = 0;  // Of a decimal.
};

struct ArrowValues {
  ValueType type = ValueType::kAbsent;
  const uint8_t* validity = nullptr;  // One bit each; nullptr: no nulls.
  const uint8_t* data = nullptr;      // Values or offsets of texts.
  const uint8_t* text = nullptr;
  size_t offset = 0;  // What comes before value 0, in all buffers but `text`.
  size_t length = 0;  // Values behind the offset.
  // Decimals: the largest. Texts: where the last of them ends.
  int64_t limit = 0;
};

// Where an error is: `name` as in `field "amount"`.
struct ArrowPlace {
  absl::string_view name;
  int32_t column = -1;
};

// An error at a place, as in `field "amount": offset -1; allowed: 0 or more`.
absl::Status RefuseAt(const ArrowPlace& place, Reason reason,
                      absl::string_view what);

// Bytes that a row takes at most in any array or result.
inline constexpr ptrdiff_t kMostArrowRowBytes = 40;

// More elements no array has, so that no sum or product of sizes overflows.
inline constexpr int64_t kMostArrowElements = PTRDIFF_MAX / kMostArrowRowBytes;

// Lengths, offsets, counts and pointers of any array with `buffers` buffers.
absl::Status CheckArrowArray(const ArrowPlace& place, const ArrowArray& array,
                             int64_t buffers);

// The type that a format string names. kInvalidArgument for one that is not
// taken.
absl::StatusOr<ArrowFormat> ReadArrowFormat(const ArrowPlace& place,
                                            const char* format, AlsoTakes also);

// An array of that type, without children.
absl::StatusOr<ArrowValues> ReadArrowValues(const ArrowPlace& place,
                                            const ArrowSchema& schema,
                                            const ArrowArray& array,
                                            const ArrowFormat& format);

// Values first .. first + count - 1. `misfit` becomes 1 where a value is no
// number that `To` holds, or no label of an outcome, else 0; `out` is any
// number there, and where `valid` is 0. False if every value fits: `misfit` is
// as it was then. To: uint8_t, uint32_t, int64_t.
template <typename To>
bool ReadRows(const ArrowValues& values, size_t first, size_t count,
              const uint8_t* valid, To* out, uint8_t* misfit);

// The values at[0] .. at[count - 1]. Where `valid` is 0 or `misfit` is 1
// already nothing is read or written; elsewhere `misfit` may become 1.
template <typename To>
void ReadRowsAt(const ArrowValues& values, const int64_t* at, size_t count,
                const uint8_t* valid, To* out, uint8_t* misfit);

// ---- Validity: bitmaps and bytes that are 0 or 1 ----------------------------

// valid[i] &= bit first + i, for i < count rounded up to 8. False if none of
// `count` bits is 0: `valid` is as it was then.
bool AndValidity(const uint8_t* bits, size_t first, size_t count,
                 uint8_t* valid);

// The opposite; `valid` is read up to a multiple of 8. Gives the number of 0s
// among `count`, and writes 0 bits behind them.
size_t PackValidity(const uint8_t* valid, size_t count, uint8_t* bits);

}  // namespace fivek::capi

#endif  // FIVEK_CAPI_ARROW_VALUES_H_
