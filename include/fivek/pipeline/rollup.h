// Sums of a book by milestone, by owner, or by both, which merge.
//
// A roll-up takes the columns that ScoreColumns writes, beside outcome, amount
// and owner, and keeps for each group the number of rows, what is won, lost and
// unknown, and exact totals of amount and expected amount. Any parts of a book,
// rolled up in any order on any number of threads, each in a roll-up of its
// own, and merged in any order, give the same groups and the same bytes:
// nothing is rounded before it is read.
//
//   Rollup rollup(RollupBy::kBoth);
//   RollupColumns columns;
//   columns.milestone = milestone.data();            // of ScoreColumns
//   columns.probability_ppm = probability.data();    // of ScoreColumns
//   columns.outcome = outcome.data();
//   columns.amount = amount.data();
//   columns.owner = owner.data();
//   absl::Status status = rollup.Add(columns, amount.size());
//   status.Update(rollup.Merge(other));
//   for (const RollupGroup& group : rollup.Groups()) {
//     group.owner, group.milestone, group.sums.count
//     group.sums.ExpectedRounded(Rounding::kHalfEven)
//   }
//
// Rules
//   Won, lost  rows with that outcome. Open, on hold and void rows are in the
//              count only: leaving some out is the caller's choice.
//   Unknown    rows without a probability (-1, or no such column). Their amount
//              is in `amount`; nothing of them is in `expected`, which is why
//              they are counted. An explicit 0 % is known. A row may be won and
//              unknown.
//   Amounts    of one currency: amounts of different ones do not add up, so
//              have one roll-up for each.
//   Groups     exist where a row is, and are listed by owner, then milestone,
//              both ascending.
//   Bound      2^43 rows in a roll-up: up to there no total can overflow 128
//              bits, whatever the amounts are.
//
// The serialised form, all numbers little-endian on every machine:
//
//   offset  bytes
//        0      8  "5Krollup"
//        8      4  version, 1
//       12      4  grouping (RollupBy)
//       16      8  number of groups, n
//       24  72 x n groups as they are listed:
//                    0  4  owner; 0 if not grouped by owner
//                    4  4  milestone; 0 if not grouped by milestone
//                    8  8  count     16  8  won
//                   24  8  lost      32  8  unknown
//                   40 16  amount, minor units, two's complement
//                   56 16  expected, millionths of a minor unit, likewise
//   24 + 72n    8  FNV-1a, 64 bits, of all bytes before
//
// Units: minor units, ppm. Cost: memory speed with AVX2 and owners below 2^16,
// some nanoseconds a row elsewhere; see the README. Memory: at most 2 KiB for
// each owner and 256 KiB. Thread-safety: a Rollup belongs to one thread at a
// time; const functions may run in many. Source: design.md §1, §3.
#ifndef FIVEK_PIPELINE_ROLLUP_H_
#define FIVEK_PIPELINE_ROLLUP_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fivek/base/money.h"

namespace fivek {

// What has sums of its own. Part of the ABI and of the serialised form: append,
// never renumber.
enum class RollupBy : uint8_t { kMilestone = 0, kOwner = 1, kBoth = 2 };

inline constexpr int64_t kMaxRollupRows = int64_t{1} << 43;

// One element a row, aligned to its type. nullptr: not given.
struct RollupColumns {
  const uint8_t* milestone = nullptr;        // Milestone; else all 0.
  const uint8_t* outcome = nullptr;          // Outcome; else all open.
  const int64_t* amount = nullptr;           // Minor units; else all 0.
  const int32_t* probability_ppm = nullptr;  // -1 and else: unknown.
  const uint32_t* owner = nullptr;           // Any key; else all 0.
};

struct RollupSums {
  int64_t count = 0, won = 0, lost = 0, unknown = 0;
  absl::int128 amount = 0;
  absl::int128 expected_millionths = 0;  // Sum of amount x ppm.

  // In minor units. kOutOfRange if it does not fit an int64.
  absl::StatusOr<int64_t> AmountTotal() const;
  // Rounded here, once. kOutOfRange likewise.
  absl::StatusOr<int64_t> ExpectedRounded(Rounding rounding) const;
};

struct RollupGroup {
  uint32_t owner = 0;      // 0 if not grouped by owner.
  int32_t milestone = -1;  // -1 if not grouped by milestone.
  RollupSums sums;
};

class Rollup {
 public:
  explicit Rollup(RollupBy by);
  // What was moved from can be assigned to or destroyed, nothing else.
  Rollup(Rollup&&) noexcept;
  Rollup& operator=(Rollup&&) noexcept;
  ~Rollup();

  RollupBy by() const;

  // Adds `rows` rows. Whole or not at all: the first row with a milestone above
  // 6, an outcome above 4 or a probability outside -1..10^6 fails the call,
  // kInvalidArgument with row, column (by the order of RollupColumns), value
  // and what is allowed, and nothing is added. All columns are checked, whether
  // the grouping needs them or not. kInvalidArgument also for a misaligned
  // column, kOutOfRange beyond kMaxRollupRows. Allocates only for owners not
  // seen before.
  absl::Status Add(const RollupColumns& columns, size_t rows);

  // Adds all that is in `other`, which may be this one. kInvalidArgument if it
  // is grouped otherwise, kOutOfRange beyond kMaxRollupRows; nothing is changed
  // then. Associative and commutative.
  absl::Status Merge(const Rollup& other);

  // In order of owner, then milestone; none is empty. O(n log n) in the number
  // of groups.
  std::vector<RollupGroup> Groups() const;

  // Of all rows.
  RollupSums Total() const;

  // The form above: the same bytes for the same sums.
  std::string Serialise() const;

  // Reads what Serialise wrote. kDataLoss (kDataDamaged) for anything else:
  // magic, version, grouping, length, checksum, order, a group that is empty or
  // that no rows can make. Allocates in proportion to the bytes given.
  static absl::StatusOr<Rollup> Read(absl::string_view bytes);

 private:
  struct State;
  friend Rollup ScalarRollup(RollupBy by);  // For tests.

  std::unique_ptr<State> state_;
};

}  // namespace fivek

#endif  // FIVEK_PIPELINE_ROLLUP_H_
