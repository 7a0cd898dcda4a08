// XYZ: how steadily an account orders. X hardly varies, Y somewhat, Z is not to
// be foretold. With ABC it says where a plan holds: an AX is planned, an AZ
// watched, a CZ not kept in stock.
//
//   // Two accounts, three months each.
//   std::vector<XyzRow> rows(2);
//   ClassifyXyz({100, 110, 90, 300, 0, 0}, 3, {}, absl::MakeSpan(rows));
//   rows[0].cv;         // 0.0816: an X
//   rows[1].cv;         // 1.4142: a Z
//   rows[1].intermittent;  // 1: three periods, two of them empty, say little
//
// What decides: the coefficient of variation CV = standard deviation / mean,
// of the population (divided by n), against two bounds: X up to the first, Y up
// to the second, both inclusive, else Z. A mean of 0 or below is Z: it has no
// CV. Exact in integers: a period's order, the order of periods and a constant
// factor change no class.
//
// Units: minor units, or any count, for each period; bounds in ppm. Errors:
// kInvalidArgument, as the function says. Accuracy: classes exact, cv within
// 1e-15 of itself. Cost: O(values), some 10 ns each. Thread-safety: pure
// functions. Source: statistics.md §5.
#ifndef FIVEK_ACCOUNTS_XYZ_H_
#define FIVEK_ACCOUNTS_XYZ_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "fivek/accounts/abc.h"

namespace fivek {

// Part of the ABI: append, never renumber.
enum class XyzClass : uint8_t { kX = 0, kY = 1, kZ = 2 };
inline constexpr int kXyzClassCount = 3;

struct XyzOptions {
  int32_t x_ppm = 250'000;  // 0 <= x_ppm <= y_ppm; 500 000 and 1 000 000 are as
  int32_t y_ppm = 500'000;  // common.
  int32_t least_periods = 12;  // 1 or more: see XyzRow::intermittent.
};

// The most periods of an account.
inline constexpr size_t kMostXyzPeriods = 4096;

struct XyzRow {
  XyzClass xyz = XyzClass::kZ;
  // 1: a period is empty and there are fewer than least_periods, so the class
  // says little.
  uint8_t intermittent = 0;
  double cv = 0.0;  // -1 where the mean is 0 or below.
};

// `value` holds the periods of the first account, then of the next, empty ones
// as 0; `periods` for each. kInvalidArgument, with nothing written, unless
// options are in range, 1 <= periods <= kMostXyzPeriods, and there are
// periods x out.size() values.
absl::Status ClassifyXyz(absl::Span<const int64_t> value, size_t periods,
                         const XyzOptions& options, absl::Span<XyzRow> out);

// ---- ABC and XYZ together ---------------------------------------------------

struct AbcXyzCell {
  int64_t count = 0;
  absl::int128 value = 0;
};

// By class of abc.h, then of XYZ.
using AbcXyzMatrix =
    std::array<std::array<AbcXyzCell, kXyzClassCount>, kAbcClassCount>;

// How many accounts, and how much value, in each pair of classes.
// kInvalidArgument, naming the row and the column (0 value, 1 abc, 2 xyz), for
// lengths that differ and classes that are none. O(n).
absl::StatusOr<AbcXyzMatrix> CrossAbcXyz(absl::Span<const int64_t> value,
                                         absl::Span<const uint8_t> abc,
                                         absl::Span<const uint8_t> xyz);

}  // namespace fivek

#endif  // FIVEK_ACCOUNTS_XYZ_H_
