// Which accounts changed class between two dates, whether by what they bought
// themselves or because a boundary moved past them, and who moved it: beside a
// customer who grew a lot, others become a B without having changed.
//
//   const std::vector<int64_t> then = {50, 30, 15, 5};
//   const std::vector<int64_t> now = {500, 30, 15, 5};
//   std::vector<uint8_t> cause(4);
//   AbcMovement m = *CompareAbc(then, now, {}, {}, {}, absl::MakeSpan(cause));
//   cause[1];      // 2, kBoundary: an A with 30 of 100, a B with 30 of 550
//   *m.a.then;     // 30: with this an account was an A
//   *m.a.now;      // 500
//   m.a.mover;     // 0: had that one stayed, it would still be 30
//
// The rules of classes are those of abc.h, with kTogether. Units: those of the
// values. Errors: kInvalidArgument, as the function says. Cost: O(n), three
// classifications. Thread-safety: pure. Source: domain.md §8, statistics.md §5.
#ifndef FIVEK_ACCOUNTS_ABC_MOVEMENT_H_
#define FIVEK_ACCOUNTS_ABC_MOVEMENT_H_

#include <array>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "fivek/accounts/abc.h"

namespace fivek {

// The value of an account that is not there (yet, or any more): in no class and
// no total of its date. Its class is kAbcNoClass.
inline constexpr int64_t kAbcAbsent = INT64_MIN;
inline constexpr uint8_t kAbcNoClass = 255;

// Why an account has another class than it had. Part of the ABI: append, never
// renumber.
enum class AbcCause : uint8_t {
  kNone = 0,      // It has the same.
  kOwn = 1,       // By the bounds of then, its value of now has the new class.
  kBoundary = 2,  // By them it has the old one: the bounds moved past it.
  kBoth = 3,      // By them it has a third.
  kCame = 4,
  kLeft = 5,
};
inline constexpr int kAbcCauseCount = 6;

// The boundary below A, or below B.
struct AbcBoundary {
  // The least value above it at each date; nothing where nobody is.
  absl::optional<int64_t> then;
  absl::optional<int64_t> now;
  // Who stands on it: the first row of that value; -1 nobody.
  int64_t row_then = -1;
  int64_t row_now = -1;
  // Who moved it: the row with the largest change of value (who came or left
  // changed from or to 0; the first of equals), if without that one change the
  // boundary would be at least half of the way back. -1: it did not move, or
  // no one row moved it.
  int64_t mover = -1;
  // Where it would be without that change; nothing where there is no mover.
  absl::optional<int64_t> without_mover;
};

struct AbcMovement {
  AbcResult then;
  AbcResult now;
  // How many went from a class (first index) to a class; 4: not there.
  std::array<std::array<int64_t, kAbcClassCount + 1>, kAbcClassCount + 1>
      moved = {};
  std::array<int64_t, kAbcCauseCount> causes = {};  // How many, by AbcCause.
  AbcBoundary a;                                    // Below A.
  AbcBoundary b;  // Below B: the least value of A or B.
};

// A row is an account, the same at both dates. The class of each row then and
// now, and its AbcCause, are written to spans that are as long as the values,
// or empty: not wanted. By the bounds of then a value is an A from the least
// value of an A on, a B from that of an A or B on; a value below 0 is N by any
// bounds.
//
// kInvalidArgument for lengths that differ, options out of range, and kByRow,
// by which the order decides and not the value; nothing is written then.
absl::StatusOr<AbcMovement> CompareAbc(absl::Span<const int64_t> then,
                                       absl::Span<const int64_t> now,
                                       const AbcOptions& options,
                                       absl::Span<uint8_t> class_then,
                                       absl::Span<uint8_t> class_now,
                                       absl::Span<uint8_t> cause);

}  // namespace fivek

#endif  // FIVEK_ACCOUNTS_ABC_MOVEMENT_H_
