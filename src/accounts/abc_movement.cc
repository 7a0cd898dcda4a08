#include "fivek/accounts/abc_movement.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fivek/base/reason.h"

namespace fivek {
namespace {

struct Graded {
  AbcResult result;
  std::vector<uint8_t> classes;
};

absl::StatusOr<Graded> Grade(absl::Span<const int64_t> value,
                             const AbcOptions& options) {
  Graded graded;
  graded.classes.resize(value.size());
  auto result = ClassifyAbc(value, options, absl::MakeSpan(graded.classes));
  if (!result.ok()) return result.status();
  graded.result = *result;
  // Absent accounts were taken for negative ones, as which they are in no
  // total.
  AbcGroup& negative = graded.result.of[3];
  for (size_t i = 0; i < value.size(); ++i) {
    if (value[i] != kAbcAbsent) continue;
    graded.classes[i] = kAbcNoClass;
    --negative.count;
    negative.value -= kAbcAbsent;
  }
  return graded;
}

// The least value above each boundary.
struct Bounds {
  absl::optional<int64_t> a;
  absl::optional<int64_t> b;
};

Bounds BoundsOf(const AbcResult& r) {
  const absl::optional<int64_t>& a = r.of[0].lowest;
  const absl::optional<int64_t>& b = r.of[1].lowest;
  return {a, b.has_value() ? b : a};
}

uint8_t ClassBy(const Bounds& bounds, int64_t value) {
  if (value < 0) return static_cast<uint8_t>(AbcClass::kNegative);
  if (bounds.a.has_value() && value >= *bounds.a) return 0;
  if (bounds.b.has_value() && value >= *bounds.b) return 1;
  return static_cast<uint8_t>(AbcClass::kC);
}

AbcCause CauseOf(const Bounds& bounds_then, uint8_t then, uint8_t now,
                 int64_t value_now) {
  if (then == now) return AbcCause::kNone;
  if (then == kAbcNoClass) return AbcCause::kCame;
  if (now == kAbcNoClass) return AbcCause::kLeft;
  const uint8_t by_then = ClassBy(bounds_then, value_now);
  if (by_then == now) return AbcCause::kOwn;
  return by_then == then ? AbcCause::kBoundary : AbcCause::kBoth;
}

// |x - y|, which need not fit an int64.
uint64_t Distance(int64_t x, int64_t y) {
  return x < y ? static_cast<uint64_t>(y) - static_cast<uint64_t>(x)
               : static_cast<uint64_t>(x) - static_cast<uint64_t>(y);
}

// The row whose value changed most; -1: none changed.
int64_t LargestChange(absl::Span<const int64_t> then,
                      absl::Span<const int64_t> now) {
  const auto present = [](int64_t v) { return v == kAbcAbsent ? 0 : v; };
  int64_t row = -1;
  uint64_t largest = 0;
  for (size_t i = 0; i < then.size(); ++i) {
    const uint64_t change = Distance(present(then[i]), present(now[i]));
    if (change <= largest) continue;
    largest = change;
    row = static_cast<int64_t>(i);
  }
  return row;
}

int64_t FirstRowOf(absl::Span<const int64_t> value,
                   const absl::optional<int64_t>& wanted) {
  if (!wanted.has_value()) return -1;
  return std::find(value.begin(), value.end(), *wanted) - value.begin();
}

AbcBoundary Boundary(absl::Span<const int64_t> values_then,
                     absl::Span<const int64_t> values_now,
                     const absl::optional<int64_t>& then,
                     const absl::optional<int64_t>& now,
                     const absl::optional<int64_t>& without, int64_t mover) {
  AbcBoundary boundary;
  boundary.then = then;
  boundary.now = now;
  boundary.row_then = FirstRowOf(values_then, then);
  boundary.row_now = FirstRowOf(values_now, now);
  if (then.has_value() && now.has_value() && without.has_value() &&
      *now != *then && Distance(*without, *then) <= Distance(*now, *then) / 2) {
    boundary.mover = mover;
    boundary.without_mover = without;
  }
  return boundary;
}

absl::Status CheckLength(absl::string_view name, size_t length, size_t rows) {
  if (length == 0 || length == rows) return absl::OkStatus();
  return Refuse(Reason::kValueRange,
                absl::StrCat(name, " of ", length, " rows; allowed: ", rows,
                             ", or none"));
}

}  // namespace

absl::StatusOr<AbcMovement> CompareAbc(absl::Span<const int64_t> then,
                                       absl::Span<const int64_t> now,
                                       const AbcOptions& options,
                                       absl::Span<uint8_t> class_then,
                                       absl::Span<uint8_t> class_now,
                                       absl::Span<uint8_t> cause) {
  if (now.size() != then.size()) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("now of ", now.size(),
                               " rows; allowed: ", then.size(), ", as then"));
  }
  for (const absl::Status& s :
       {CheckLength("class_then", class_then.size(), then.size()),
        CheckLength("class_now", class_now.size(), then.size()),
        CheckLength("cause", cause.size(), then.size())}) {
    if (!s.ok()) return s;
  }
  if (options.ties == AbcTies::kByRow) {
    return Refuse(Reason::kValueRange,
                  "ties 1, by row; allowed: 0, as only a value has bounds");
  }
  auto graded_then = Grade(then, options);
  if (!graded_then.ok()) return graded_then.status();
  auto graded_now = Grade(now, options);
  if (!graded_now.ok()) return graded_now.status();

  AbcMovement m;
  m.then = graded_then->result;
  m.now = graded_now->result;
  const Bounds bounds_then = BoundsOf(m.then);
  const Bounds bounds_now = BoundsOf(m.now);
  for (size_t i = 0; i < then.size(); ++i) {
    const uint8_t from = graded_then->classes[i];
    const uint8_t to = graded_now->classes[i];
    const AbcCause why = CauseOf(bounds_then, from, to, now[i]);
    ++m.moved[std::min<size_t>(from, kAbcClassCount)]
             [std::min<size_t>(to, kAbcClassCount)];
    ++m.causes[static_cast<size_t>(why)];
    if (!class_then.empty()) class_then[i] = from;
    if (!class_now.empty()) class_now[i] = to;
    if (!cause.empty()) cause[i] = static_cast<uint8_t>(why);
  }

  const int64_t mover = LargestChange(then, now);
  Bounds without;
  if (mover >= 0) {
    const auto row = static_cast<size_t>(mover);
    std::vector<int64_t> as_then(now.begin(), now.end());
    as_then[row] = then[row];
    without = BoundsOf(Grade(as_then, options)->result);
  }
  m.a = Boundary(then, now, bounds_then.a, bounds_now.a, without.a, mover);
  m.b = Boundary(then, now, bounds_then.b, bounds_now.b, without.b, mover);
  return m;
}

}  // namespace fivek
