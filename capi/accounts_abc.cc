// The C functions of ../include/fivek/accounts/{abc,abc_movement,xyz}.h.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "capi/barrier.h"
#include "capi/fivek.h"
#include "capi/sized_struct.h"
#include "fivek/accounts/abc.h"
#include "fivek/accounts/abc_movement.h"
#include "fivek/accounts/xyz.h"

using fivek::AbcBoundary;
using fivek::AbcOptions;
using fivek::Reason;
using fivek::capi::CheckStruct;
using fivek::capi::Give;
using fivek::capi::Given;
using fivek::capi::Guard;
using fivek::capi::Report;

static_assert(sizeof(fivek_xyz_row) == 16);

namespace {

constexpr size_t kClasses = fivek::kAbcClassCount;

// NULL is the default.
fivek_status ReadOptions(const fivek_abc_options* options, AbcOptions* to,
                         fivek_error* error) {
  if (options == nullptr) return FIVEK_OK;
  const fivek_status fits = CheckStruct(options, "options", error);
  if (fits != FIVEK_OK) return fits;
  const fivek_abc_options given = Given(*options);
  if (given.reserved != 0) {
    return Report(Reason::kReservedNotZero, "options.reserved is not zero",
                  error);
  }
  if (given.rule < 0 || given.rule >= fivek::kAbcRuleCount) {
    return Report(Reason::kUnknownCode,
                  absl::StrCat("rule ", given.rule, "; allowed: 0 to ",
                               fivek::kAbcRuleCount - 1),
                  error);
  }
  if (given.ties < 0 || given.ties >= fivek::kAbcTiesCount) {
    return Report(Reason::kUnknownCode,
                  absl::StrCat("ties ", given.ties, "; allowed: 0 to ",
                               fivek::kAbcTiesCount - 1),
                  error);
  }
  to->rule = static_cast<fivek::AbcRule>(given.rule);
  to->ties = static_cast<fivek::AbcTies>(given.ties);
  to->a_ppm = given.a_ppm;
  to->b_ppm = given.b_ppm;
  to->a_count = given.a_count;
  to->b_count = given.b_count;
  return FIVEK_OK;
}

// False if it does not fit.
bool Narrow(absl::int128 sum, int64_t* to) {
  if (sum < std::numeric_limits<int64_t>::min() ||
      sum > std::numeric_limits<int64_t>::max()) {
    return false;
  }
  *to = static_cast<int64_t>(sum);
  return true;
}

fivek_status TooLarge(fivek_error* error) {
  return Report(Reason::kOverflow, "a sum of values does not fit 64 bits",
                error);
}

void GiveBoundary(const AbcBoundary& from, size_t i, fivek_abc_movement* to) {
  to->then[i] = from.then.value_or(0);
  to->now[i] = from.now.value_or(0);
  to->row_then[i] = from.row_then;
  to->row_now[i] = from.row_now;
  to->mover[i] = from.mover;
  to->without_mover[i] = from.without_mover.value_or(0);
}

}  // namespace

fivek_status fivek_abc_classify(const int64_t* value, size_t n, int32_t a_ppm,
                                int32_t b_ppm, uint8_t* out_class,
                                fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(value);
    FIVEK_NOT_NULL(out_class);
    AbcOptions options;
    options.a_ppm = a_ppm;
    options.b_ppm = b_ppm;
    return Report(
        fivek::ClassifyAbc({value, n}, options, {out_class, n}).status(),
        error);
  });
}

fivek_status fivek_abc_grade(const int64_t* value, size_t n,
                             const fivek_abc_options* options,
                             uint8_t* out_class, fivek_abc* out,
                             fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(value);
    AbcOptions given;
    const fivek_status read = ReadOptions(options, &given, error);
    if (read != FIVEK_OK) return read;
    FIVEK_NOT_NULL(out_class);
    const fivek_status fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    // Classes are given only if all of the result is.
    std::vector<uint8_t> classes(n);
    const auto abc =
        fivek::ClassifyAbc({value, n}, given, absl::MakeSpan(classes));
    if (!abc.ok()) return Report(abc.status(), error);
    fivek_abc result = {};
    if (!Narrow(abc->total, &result.total)) return TooLarge(error);
    for (size_t c = 0; c < kClasses; ++c) {
      result.count[c] = abc->of[c].count;
      if (!Narrow(abc->of[c].value, &result.value[c])) return TooLarge(error);
    }
    for (size_t c = 0; c < 2; ++c) {
      result.lowest[c] = abc->of[c].lowest.value_or(0);
    }
    std::copy(classes.begin(), classes.end(), out_class);
    Give(result, out);
    return FIVEK_OK;
  });
}

fivek_status fivek_abc_compare(const int64_t* then, const int64_t* now,
                               size_t n, const fivek_abc_options* options,
                               uint8_t* class_then, uint8_t* class_now,
                               uint8_t* cause, fivek_abc_movement* out,
                               fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(then);
    FIVEK_NOT_NULL(now);
    AbcOptions given;
    const fivek_status read = ReadOptions(options, &given, error);
    if (read != FIVEK_OK) return read;
    const fivek_status fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    const auto wanted = [n](uint8_t* column) {
      return absl::Span<uint8_t>(column, column == nullptr ? 0 : n);
    };
    const auto m =
        fivek::CompareAbc({then, n}, {now, n}, given, wanted(class_then),
                          wanted(class_now), wanted(cause));
    if (!m.ok()) return Report(m.status(), error);
    fivek_abc_movement result = {};
    for (size_t from = 0; from < m->moved.size(); ++from) {
      for (size_t to = 0; to < m->moved.size(); ++to) {
        result.moved[m->moved.size() * from + to] = m->moved[from][to];
      }
    }
    std::copy(m->causes.begin(), m->causes.end(), result.causes);
    GiveBoundary(m->a, 0, &result);
    GiveBoundary(m->b, 1, &result);
    Give(result, out);
    return FIVEK_OK;
  });
}

fivek_status fivek_xyz_classify(const int64_t* value, size_t n, size_t periods,
                                int32_t x_ppm, int32_t y_ppm,
                                int32_t least_periods, fivek_xyz_row* out,
                                fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(value);
    FIVEK_NOT_NULL(out);
    // periods x n may not fit; what is refused is not read.
    const size_t known = periods <= fivek::kMostXyzPeriods ? periods * n : 0;
    std::vector<fivek::XyzRow> rows(n);
    absl::Status status =
        fivek::ClassifyXyz({value, known}, periods,
                           {x_ppm, y_ppm, least_periods}, absl::MakeSpan(rows));
    if (!status.ok()) return Report(status, error);
    for (size_t i = 0; i < n; ++i) {
      out[i] = {rows[i].cv,
                static_cast<uint8_t>(rows[i].xyz),
                rows[i].intermittent,
                {}};
    }
    return FIVEK_OK;
  });
}

fivek_status fivek_abc_xyz_cross(const int64_t* value, const uint8_t* abc,
                                 const uint8_t* xyz, size_t n, int64_t* count,
                                 int64_t* sum, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(value);
    FIVEK_NOT_NULL(abc);
    FIVEK_NOT_NULL(xyz);
    FIVEK_NOT_NULL(count);
    FIVEK_NOT_NULL(sum);
    const auto matrix = fivek::CrossAbcXyz({value, n}, {abc, n}, {xyz, n});
    if (!matrix.ok()) return Report(matrix.status(), error);
    std::array<int64_t, kClasses* fivek::kXyzClassCount> counts = {};
    std::array<int64_t, kClasses* fivek::kXyzClassCount> sums = {};
    size_t i = 0;
    for (const auto& row : *matrix) {
      for (const fivek::AbcXyzCell& cell : row) {
        counts[i] = cell.count;
        if (!Narrow(cell.value, &sums[i])) return TooLarge(error);
        ++i;
      }
    }
    std::copy(counts.begin(), counts.end(), count);
    std::copy(sums.begin(), sums.end(), sum);
    return FIVEK_OK;
  });
}
