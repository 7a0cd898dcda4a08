// What moved in the pipeline between two days: frozen snapshots of a book, and
// the waterfall from the open amount that was due in a period then to what is
// due in it now, to the cent.
//
//   Snapshot monday = *Snapshot::Of({taken_at, policy_hash}, rows);
//   std::string bytes = monday.Serialise();       // keep it
//   Waterfall w = *MeasureMovement(monday, friday, {q3_begin, q3_end});
//   w.opening.amount;                             // open and due in the
//   quarter w.by[Movement::kPushed].amount;               // below 0: it left
//   w.closing.amount == w.opening.amount + w.MovedAmount();   // always
//
// Which deals count: those that are open (on hold is not) and due in the
// period, [from, to) of close days; one without a close day is due in none.
//
// Attribution, for a deal with amount A then and B now. What happened to the
// amount comes first, then what happened to the deal, so each cent is in
// exactly one class:
//
//   then    now                      classes
//   counts  counts                   grown or shrunk by B - A; none if equal
//   counts  open, not due in it      grown or shrunk by B - A, pushed -B
//   counts  won, lost, hold, void    grown or shrunk by B - A, that class -B
//   counts  not in the book          removed -A
//   open, not due in it    counts    pulled in +B
//   closed, void, on hold  counts    reopened +B
//   not in the book        counts    new +B
//   all else                         none
//
// So a deal of 100 that grew to 120 and was pushed to the next quarter is grown
// +20 and pushed -120, and the next quarter opens with 120; one that was won at
// 80 is shrunk -20 and won -80, what was booked. Who sets the amount of lost
// deals to 0 finds it under shrunk. Pushed includes deals that lost their close
// day or were moved before the period.
//
// The serialised form, all numbers little-endian on every machine:
//
//   offset  bytes
//        0      8  "5Ksnapsh"
//        8      4  version, 1
//       12      4  0
//       16      8  taken at, seconds since 1970 UTC
//       24      8  hash of the policy
//       32      8  number of deals, n
//       40  24 x n by rising deal
//                    0  8  deal        8  8  amount, minor units
//                   16  4  close day  20  1  outcome   21  1  milestone
//                   22  2  0
//   40 + 24n    8  FNV-1a, 64 bits, of all bytes before
//
// Units: minor units of one currency, days since 1970. Cost: sorting a snapshot
// O(n log n) unless it is in order; the waterfall O(n + m). Memory: 24 bytes a
// deal. Thread-safety: a Snapshot does not change, so any thread may read it.
// Source: design.md §2, statistics.md §4.
#ifndef FIVEK_PIPELINE_MOVEMENT_H_
#define FIVEK_PIPELINE_MOVEMENT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "fivek/method/opportunity.h"

namespace fivek {

// ---- Snapshots --------------------------------------------------------------

inline constexpr int32_t kNoCloseDay = std::numeric_limits<int32_t>::min();
inline constexpr uint8_t kNoMilestone = 255;

struct SnapshotRow {
  uint64_t deal = 0;   // The caller's own id.
  int64_t amount = 0;  // Minor units.
  int32_t close_day = kNoCloseDay;
  Outcome outcome = Outcome::kOpen;
  uint8_t milestone = kNoMilestone;  // Milestone, or not given.
};

struct SnapshotStamp {
  int64_t taken_at = 0;      // Seconds since 1970 UTC.
  uint64_t policy_hash = 0;  // Of the policy that the milestones are by.
};

class Snapshot {
 public:
  // The rows in any order; the same rows make the same snapshot and the same
  // bytes. kInvalidArgument, naming the row and the column (in the order of
  // SnapshotRow), for an unknown outcome or milestone and for a deal that is
  // given twice.
  static absl::StatusOr<Snapshot> Of(SnapshotStamp stamp,
                                     absl::Span<const SnapshotRow> rows);

  // What Serialise wrote. kDataLoss (kDataDamaged) for anything else: magic,
  // version, length, checksum, order, codes. Allocates in proportion to the
  // bytes given.
  static absl::StatusOr<Snapshot> Read(absl::string_view bytes);
  std::string Serialise() const;

  const SnapshotStamp& stamp() const { return stamp_; }
  // By rising deal.
  absl::Span<const SnapshotRow> rows() const { return rows_; }

 private:
  SnapshotStamp stamp_;
  std::vector<SnapshotRow> rows_;
};

// ---- Movement ---------------------------------------------------------------

// Part of the ABI: append, never renumber.
enum class Movement : uint8_t {
  kNew = 0,
  kPulledIn = 1,
  kReopened = 2,
  kGrown = 3,
  kShrunk = 4,
  kPushed = 5,
  kWon = 6,
  kLost = 7,
  kOnHold = 8,
  kVoid = 9,
  kRemoved = 10,
};
inline constexpr int kMovementCount = 11;

// Close days, from < to.
struct ClosePeriod {
  int32_t from = 0;
  int32_t to = 0;
};

struct MovedSums {
  int64_t count = 0;        // Deals.
  absl::int128 amount = 0;  // Signed: what it adds to the open amount.

  // In minor units. kOutOfRange if it does not fit an int64.
  absl::StatusOr<int64_t> AmountTotal() const;
};

struct MovedByClass : std::array<MovedSums, kMovementCount> {
  using Base = std::array<MovedSums, kMovementCount>;
  MovedSums& operator[](Movement m) {
    return Base::operator[](static_cast<size_t>(m));
  }
  const MovedSums& operator[](Movement m) const {
    return Base::operator[](static_cast<size_t>(m));
  }
};

// Amounts and counts reconcile: closing is opening and all that moved. Grown
// and shrunk change no count.
struct Waterfall {
  ClosePeriod period;
  MovedSums opening, closing;
  MovedByClass by;

  absl::int128 MovedAmount() const;
  int64_t MovedCount() const;

  // Adds that of other deals: parts of a book, each with snapshots of its own,
  // add up to the whole in any order. kInvalidArgument, and nothing is added,
  // if the period is another one.
  absl::Status Merge(const Waterfall& other);
};

// From `then` to `now`. kInvalidArgument unless period.from < period.to and
// `now` was taken no earlier than `then`. No total can overflow.
absl::StatusOr<Waterfall> MeasureMovement(const Snapshot& then,
                                          const Snapshot& now,
                                          ClosePeriod period);

// One movement of one deal; its amount is signed.
struct DealMovement {
  uint64_t deal = 0;
  Movement movement = Movement::kNew;
  absl::int128 amount = 0;
};

// The movements that the waterfall adds up, by deal; up to two a deal, the
// amount's first. Refused likewise.
absl::StatusOr<std::vector<DealMovement>> ListMovements(const Snapshot& then,
                                                        const Snapshot& now,
                                                        ClosePeriod period);

}  // namespace fivek

#endif  // FIVEK_PIPELINE_MOVEMENT_H_
