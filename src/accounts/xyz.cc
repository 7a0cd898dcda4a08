#include "fivek/accounts/xyz.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "fivek/base/reason.h"
#include "src/accounts/wide_unsigned.h"

namespace fivek {
namespace {

using absl::uint128;

constexpr uint64_t kMillionSquared = 1'000'000'000'000;

absl::Status CheckOptions(const XyzOptions& o) {
  if (!(0 <= o.x_ppm && o.x_ppm <= o.y_ppm)) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("x_ppm ", o.x_ppm, ", y_ppm ", o.y_ppm,
                               "; allowed: 0 <= x_ppm <= y_ppm"));
  }
  if (o.least_periods < 1) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("least_periods ", o.least_periods,
                               "; allowed: 1 or more"));
  }
  return absl::OkStatus();
}

// With sum S of n periods and sum of squares Q, CV^2 = (n Q - S^2) / S^2: at
// most (ppm / 10^6)^2 where n Q 10^12 <= S^2 (10^12 + ppm^2). S is below 2^76,
// n Q below 2^151 and ppm below 2^31, so that 256 bits hold all of it.
struct Moments {
  uint128 sum = 0;  // If it is above 0.
  WideUnsigned sum_of_squares;
  uint64_t periods = 0;
};

bool IsAtMost(const Moments& m, int32_t ppm) {
  const auto bound = static_cast<uint64_t>(ppm);
  WideUnsigned left = m.sum_of_squares;
  left.MultiplyBy(m.periods * kMillionSquared);
  WideUnsigned right = WideUnsigned::Square(m.sum);
  right.MultiplyBy(kMillionSquared + bound * bound);
  return left <= right;
}

double CvOf(const Moments& m) {
  WideUnsigned variance = m.sum_of_squares;
  variance.MultiplyBy(m.periods);
  variance.Subtract(WideUnsigned::Square(m.sum));
  return std::sqrt(variance.AsDouble()) / WideUnsigned(m.sum).AsDouble();
}

XyzRow RowOf(absl::Span<const int64_t> value, const XyzOptions& options) {
  absl::int128 sum = 0;
  Moments m;
  m.periods = value.size();
  bool empty = false;
  for (const int64_t v : value) {
    const uint64_t magnitude =
        v < 0 ? ~static_cast<uint64_t>(v) + 1 : static_cast<uint64_t>(v);
    sum += v;
    m.sum_of_squares.Add(WideUnsigned(uint128(magnitude) * magnitude));
    empty = empty || v == 0;
  }
  XyzRow row;
  row.intermittent =
      empty && value.size() < static_cast<size_t>(options.least_periods) ? 1
                                                                         : 0;
  row.cv = -1.0;
  if (sum <= 0) return row;
  m.sum = static_cast<uint128>(sum);
  row.cv = CvOf(m);
  row.xyz = IsAtMost(m, options.x_ppm)   ? XyzClass::kX
            : IsAtMost(m, options.y_ppm) ? XyzClass::kY
                                         : XyzClass::kZ;
  return row;
}

absl::Status BadClass(absl::string_view name, uint8_t code, int classes,
                      Where where) {
  return Refuse(Reason::kUnknownCode,
                absl::StrCat(name, " ", code, "; allowed: 0 to ", classes - 1),
                where);
}

}  // namespace

absl::Status ClassifyXyz(absl::Span<const int64_t> value, size_t periods,
                         const XyzOptions& options, absl::Span<XyzRow> out) {
  absl::Status allowed = CheckOptions(options);
  if (!allowed.ok()) return allowed;
  if (periods < 1 || periods > kMostXyzPeriods) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat("periods ", periods, "; allowed: 1 to ", kMostXyzPeriods));
  }
  if (value.size() % periods != 0 || value.size() / periods != out.size()) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat(value.size(), " values for ", out.size(),
                               " rows; allowed: ", periods, " for each"));
  }
  for (size_t i = 0; i < out.size(); ++i) {
    out[i] = RowOf(value.subspan(i * periods, periods), options);
  }
  return absl::OkStatus();
}

absl::StatusOr<AbcXyzMatrix> CrossAbcXyz(absl::Span<const int64_t> value,
                                         absl::Span<const uint8_t> abc,
                                         absl::Span<const uint8_t> xyz) {
  if (abc.size() != value.size() || xyz.size() != value.size()) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat(value.size(), " values, ", abc.size(), " abc, ",
                               xyz.size(), " xyz; allowed: as many"));
  }
  AbcXyzMatrix matrix = {};
  for (size_t i = 0; i < value.size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    if (abc[i] >= kAbcClassCount) {
      return BadClass("abc", abc[i], kAbcClassCount, {row, 1});
    }
    if (xyz[i] >= kXyzClassCount) {
      return BadClass("xyz", xyz[i], kXyzClassCount, {row, 2});
    }
    AbcXyzCell& cell = matrix[abc[i]][xyz[i]];
    ++cell.count;
    cell.value += value[i];
  }
  return matrix;
}

}  // namespace fivek
