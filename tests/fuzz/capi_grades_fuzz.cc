// Any values, graded by any options: refused and nothing written, or classes
// that add up, that are the same in any order and at any scale where the header
// says so, and a movement and a matrix that agree with them.
//
// Input: 1 byte of rule and ties, 8 of bounds, 2 of counts, 1 of shift, then
// rows of 9 bytes: a value and what becomes of it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "capi/fivek.h"
#include "tests/fuzz/capi_need.h"
#include "tests/fuzz/need.h"

using fivek::Accepted;
using fivek::Bytes;
using fivek::Exact;
using fivek::Need;

namespace {

constexpr size_t kMostRows = 200;

using Values = Exact<int64_t>;
using Classes = Exact<uint8_t>;

struct Graded {
  bool ok = false;
  Classes classes;
  fivek_abc abc = {};
};

Graded Grade(const Values& value, const fivek_abc_options& options) {
  Graded graded;
  auto classes = Classes::Canary(value.size());
  auto out = fivek::SizedCanary<fivek_abc>();
  graded.ok = Accepted(
      [&](uint8_t* to, fivek_abc* abc, fivek_error* error) {
        return fivek_abc_grade(value.get(), value.size(), &options, to, abc,
                               error);
      },
      classes, out);
  graded.classes.Swap(&classes);
  graded.abc = out[0];
  return graded;
}

void CheckSums(const Values& value, const Graded& graded) {
  int64_t count[4] = {};
  int64_t sum[4] = {};
  for (size_t i = 0; i < value.size(); ++i) {
    const uint8_t c = graded.classes[i];
    Need(c <= FIVEK_ABC_NEGATIVE, "a class is one of four");
    Need((c == FIVEK_ABC_NEGATIVE) == (value[i] < 0), "N is below 0");
    Need(value[i] != 0 || c == FIVEK_ABC_C, "zero is C");
    ++count[c];
    sum[c] = static_cast<int64_t>(static_cast<uint64_t>(sum[c]) +
                                  static_cast<uint64_t>(value[i]));
    if (c < 2) {
      Need(value[i] >= graded.abc.lowest[c], "none is below the lowest");
    }
  }
  Need(std::equal(count, count + 4, graded.abc.count), "counts add up");
  Need(std::equal(sum, sum + 4, graded.abc.value), "values add up");
}

void CheckOrder(const Values& value, const Graded& graded, bool together) {
  for (size_t i = 0; i < value.size(); ++i) {
    for (size_t k = 0; k < i; ++k) {
      if (value[i] == value[k]) {
        Need(together ? graded.classes[i] == graded.classes[k]
                      : graded.classes[i] >= graded.classes[k],
             "equal values share a class, or go by row");
      } else {
        const size_t more = value[i] > value[k] ? i : k;
        Need(graded.classes[more] <= graded.classes[i + k - more],
             "a larger value has no worse class");
      }
    }
  }
}

void CheckMovement(const Values& then, const Values& now,
                   const fivek_abc_options& options, const Graded& graded) {
  auto class_then = Classes::Canary(then.size());
  auto class_now = Classes::Canary(then.size());
  auto cause = Classes::Canary(then.size());
  auto out = fivek::SizedCanary<fivek_abc_movement>();
  const bool compared = Accepted(
      [&](uint8_t* a, uint8_t* b, uint8_t* c, fivek_abc_movement* m,
          fivek_error* error) {
        return fivek_abc_compare(then.get(), now.get(), then.size(), &options,
                                 a, b, c, m, error);
      },
      class_then, class_now, cause, out);
  Need(!compared || options.ties == FIVEK_EQUALS_TOGETHER,
       "only together is compared");
  if (!compared) return;
  const fivek_abc_movement& m = out[0];
  Need(std::accumulate(m.moved, m.moved + 25, int64_t{0}) ==
           static_cast<int64_t>(then.size()),
       "each moves once");
  Need(std::accumulate(m.causes, m.causes + 6, int64_t{0}) ==
           static_cast<int64_t>(then.size()),
       "each has a cause");
  for (size_t i = 0; i < then.size(); ++i) {
    const bool there = then[i] != INT64_MIN;
    Need(class_then[i] == (there ? graded.classes[i] : 255),
         "classes of then are those of then");
    Need((cause[i] == FIVEK_CAUSE_NONE) == (class_then[i] == class_now[i]),
         "who moved has a cause");
  }
  for (size_t b = 0; b < 2; ++b) {
    if (m.mover[b] < 0) continue;
    const auto row = static_cast<size_t>(m.mover[b]);
    Need(row < then.size() && then[row] != now[row], "a mover has changed");
  }
}

void CheckMatrix(const Values& value, const Graded& graded) {
  auto rows = Exact<fivek_xyz_row>::Canary(value.size());
  Need(Accepted(
           [&](fivek_xyz_row* to, fivek_error* error) {
             return fivek_xyz_classify(value.get(), value.size(), 1, 0, 0, 1,
                                       to, error);
           },
           rows),
       "one period is enough");
  Classes xyz(value.size());
  for (size_t i = 0; i < value.size(); ++i) {
    xyz[i] = rows[i].xyz;
    Need(rows[i].cv == (value[i] > 0 ? 0.0 : -1.0), "one period varies not");
    Need((xyz[i] == FIVEK_XYZ_X) == (value[i] > 0), "without a mean it is Z");
  }
  auto count = Values::Canary(12);
  auto sum = Values::Canary(12);
  Need(Accepted(
           [&](int64_t* counts, int64_t* sums, fivek_error* error) {
             return fivek_abc_xyz_cross(value.get(), graded.classes.get(),
                                        xyz.get(), value.size(), counts, sums,
                                        error);
           },
           count, sum),
       "what adds up by class adds up by cell");
  for (size_t c = 0; c < 4; ++c) {
    Need(count[3 * c] + count[3 * c + 1] + count[3 * c + 2] ==
             graded.abc.count[c],
         "cells add up to classes");
  }
}

void CheckSteadiness(const Values& value, size_t periods, int32_t x_ppm,
                     int32_t y_ppm) {
  if (periods == 0) return;
  const size_t n = value.size() / periods;
  Values whole(n * periods);
  std::copy(value.begin(), value.begin() + whole.size(), whole.begin());
  auto rows = Exact<fivek_xyz_row>::Canary(n);
  const auto classify = [&](fivek_xyz_row* to, fivek_error* error) {
    return fivek_xyz_classify(whole.get(), n, periods, x_ppm, y_ppm, 12, to,
                              error);
  };
  if (!Accepted(classify, rows)) return;
  for (size_t i = 0; i < n; ++i) {
    std::reverse(whole.get() + i * periods, whole.get() + (i + 1) * periods);
  }
  auto backwards = Exact<fivek_xyz_row>::Canary(n);
  Need(Accepted(classify, backwards) && rows.SameBytes(backwards),
       "the order of periods does not matter");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Bytes bytes(data, size);
  fivek_abc_options options = {};
  options.struct_size = sizeof options;
  const auto codes = bytes.Take<uint8_t>();
  options.rule = codes & 3;
  options.ties = codes >> 2 & 1;
  options.a_ppm = static_cast<int32_t>(bytes.Take<uint32_t>() % 1'000'003) - 1;
  options.b_ppm = static_cast<int32_t>(bytes.Take<uint32_t>() % 1'000'003) - 1;
  options.a_count = bytes.Take<int8_t>();
  options.b_count = bytes.Take<int8_t>();
  const uint32_t shift = bytes.Below(64);
  const size_t n = std::min(bytes.left() / 9, kMostRows);
  Values value(n);
  Values now(n);
  for (size_t i = 0; i < n; ++i) {
    value[i] = bytes.Take<int64_t>() >> shift;
    const auto change = bytes.Take<uint8_t>();
    now[i] = change < 100   ? value[i]
             : change < 110 ? INT64_MIN
             : change < 240 ? value[i] / 8 * (change % 8)
                            : -5;
  }
  CheckSteadiness(value, 1 + codes % 16, options.a_ppm, options.b_ppm);
  const Graded graded = Grade(value, options);
  if (!graded.ok) return 0;
  const bool together = options.ties == FIVEK_EQUALS_TOGETHER;
  CheckSums(value, graded);
  CheckOrder(value, graded, together);
  if (together) {
    const Graded reversed = Grade(value.Reversed(), options);
    Need(reversed.ok && reversed.classes.Reversed().SameBytes(graded.classes),
         "any order gives the same classes");
  }
  if (options.rule == FIVEK_CUT_CROSSING && together) {
    auto classes = Classes::Canary(n);
    Need(fivek_abc_classify(value.get(), n, options.a_ppm, options.b_ppm,
                            classes.get(), nullptr) == FIVEK_OK &&
             classes.SameBytes(graded.classes),
         "the short way is the same");
  }
  if (shift >= 8) {  // So that a larger unit fits.
    Values scaled(value);
    for (int64_t& v : scaled) v *= 100;
    const Graded cents = Grade(scaled, options);
    Need(!cents.ok || cents.classes.SameBytes(graded.classes),
         "the unit of money does not matter");
  }
  CheckMatrix(value, graded);
  CheckMovement(value, now, options, graded);
  return 0;
}
