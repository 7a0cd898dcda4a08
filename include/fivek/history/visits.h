// Stage visits: how long each deal stood on each rung of the ladder, and how
// it left. They are all that the ladder (ladder.h) is learned from.
//
//   VisitStatistics history = *VisitStatistics::Create({from, as_of});
//   absl::Status status = history.Add(visits);
//   status.Update(history.Merge(another_part));
//
// A visit counts its days as steps: the day it is entered is step 1, and one
// that ends on the day it began has taken 1 step. So no visit is lost for
// having been quick, and a deal that passes two rungs in a day has a step on
// each.
//
// Rules
//   As of     the last day of which all is known. What happened later must not
//             be in the data: a visit that was entered or left after it is
//             refused, as it would leak what is to be forecast.
//   Skipped   a deal that advances from rung 1 to 4 has passed 2 and 3 in a
//   step
//             each.
//   Back      a deal that moves back to a rung takes its earlier visit there up
//             again: `spent` has the steps it was there before, and it is
//             watched from the next on (left truncation).
//   Reopened  cancels the loss: the visit goes on as if it had not ended.
//   Void      a duplicate or a test tells nothing from then on: watched until
//             that day, like an open deal.
//   On hold   is open.
//   Window    of a history that is too old to be like today's only the steps
//             from day `from` on are counted: visits that ended before are left
//             out, those that began before are watched from that day on.
//
// A VisitStatistics has counts only, by (segment, team, seller), rung, way out
// and step. Any parts of a history, added in any order and merged, give the
// same statistics and the same bytes. A deal's visits may be in different
// parts.
//
// The serialised form, all numbers little-endian on every machine:
//
//   offset  bytes
//        0      8  "5Kvisits"
//        8      4  version, 1
//       12      8  from, as_of (4 each, two's complement)
//       20      8  visits added
//       28      8  number of groups; each group, in order of keys:
//                    0 12  segment, team, seller
//                   12  8  number of cells, n
//                   20 12 x n  rung << 20 | kind << 17 | step, 4 bytes; count,
//                   8
//  at the end   8  FNV-1a, 64 bits, of all bytes before
//
// Units: days since 1970. Cost: some 30 nanoseconds a visit, whole groups of
// them in any order; memory: 8 bytes for each visit of a call, 16 for each cell
// that is not 0. Thread-safety: one thread's at a time; const functions may run
// in many. Source: statistics.md §1.
#ifndef FIVEK_HISTORY_VISITS_H_
#define FIVEK_HISTORY_VISITS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "fivek/base/calendar.h"
#include "fivek/method/milestone.h"
#include "fivek/method/opportunity.h"

namespace fivek {

// The milestones that are left for another: all but closed won.
inline constexpr int kRungCount = kMilestoneCount - 1;

// Part of the ABI: append, never renumber.
enum class VisitEnd : uint8_t {
  kOpen = 0,      // Still there.
  kAdvanced = 1,  // To a higher milestone, closed won included.
  kLost = 2,
  kMovedBack = 3,
  kVoid = 4,
};

// One stay of one deal on one rung, 48 bytes, laid out as `fivek_stage_visit`.
struct StageVisit {
  uint64_t deal = 0;    // The caller's id; only CheckVisits looks at it.
  int32_t stage = 0;    // Milestone, 0..5.
  int32_t entered = 0;  // Day.
  int32_t left = 0;     // Day; not looked at while open.
  int32_t spent = 0;    // Steps here in earlier visits; see above.
  int32_t end = 0;      // VisitEnd.
  // The milestone afterwards: of kAdvanced above `stage`, of kMovedBack below;
  // else 0.
  int32_t to = 0;
  // Whose it is: a seller is in a team, a team in a segment. 0 where unused.
  uint32_t segment = 0, team = 0, seller = 0;
  uint32_t reserved = 0;
};
static_assert(sizeof(StageVisit) == 48, "the contract's layout");

// ---- Visits from what a system keeps ----------------------------------------

// Where a deal goes, beside the milestones 0..6.
inline constexpr int32_t kMoveLost = 7;
inline constexpr int32_t kMoveVoid = 8;
inline constexpr int32_t kMoveReopened = 9;  // To where it was before 7 or 8.

// One line of a stage history, 32 bytes, laid out as `fivek_stage_move`.
struct StageMove {
  uint64_t deal = 0;
  int32_t day = 0;
  int32_t sequence = 0;  // The order of a deal's moves on one day.
  int32_t to = 0;        // Milestone 0..6, or kMoveLost to kMoveReopened.
  uint32_t segment = 0, team = 0, seller = 0;  // Of the visit that begins.
};
static_assert(sizeof(StageMove) == 32, "the contract's layout");

// The visits that a stage history makes, by deal, then day. Moves may be in any
// order; those after `as_of` are not yet known and left out. A move to the
// milestone where the deal is, one that ends what has not begun, and one that
// reopens what is open, change nothing. After a win the next move begins a new
// cycle. A lost deal that moves to a milestone is reopened by that.
//
// kInvalidArgument, naming the row and the column (by the order of StageMove),
// for a milestone or day out of range, and for two moves of a deal with the
// same day and sequence. O(n log n).
absl::StatusOr<std::vector<StageVisit>> VisitsOfMoves(
    absl::Span<const StageMove> moves, int32_t as_of);

// Appends the moves that a log of the state machine (opportunity.h) makes, in
// order: milestones as they are reached and fall, the outcome. Days are UTC.
// Errors as ReplayLog, and kInvalidArgument for an instant without a calendar
// day; nothing is appended then. `like` gives deal and keys.
absl::Status AppendMoves(const Policy& policy, const StageMove& like,
                         int64_t created_at, absl::Span<const Event> log,
                         std::vector<StageMove>* moves);

// Whether visits are plausible together: each by itself as VisitStatistics::Add
// has it, and no two of a deal at one time: sorted by day, each is left before
// or on the day that the next is entered, and none follows one that is open or
// lost (reopening cancels a loss: make one visit of them). kInvalidArgument,
// naming the row and the column (by the order of StageVisit). O(n log n).
absl::Status CheckVisits(absl::Span<const StageVisit> visits, int32_t as_of);

// ---- Statistics -------------------------------------------------------------

struct VisitWindow {
  int32_t from = kFirstDay;
  int32_t as_of = kLastDay;
};

// What a cell counts. Part of the serialised form: append, never renumber.
enum class VisitCount : uint8_t {
  kWatched = 0,   // Not left at this step, and not seen after it.
  kAdvanced = 1,  // Left at this step, as the next two.
  kLost = 2,
  kMovedBack = 3,
  kLate = 4,    // Not watched up to this step: left truncation.
  kBackTo = 5,  // Of kMovedBack; the "step" is the milestone moved to.
};
inline constexpr int kVisitCountKinds = 6;

struct VisitCell {
  uint32_t code;  // As serialised.
  int64_t count;  // Above 0.

  size_t rung() const { return code >> 20; }
  VisitCount kind() const { return static_cast<VisitCount>(code >> 17 & 7); }
  int32_t step() const { return static_cast<int32_t>(code & 0x1FFFF); }
};

// The cells of one segment, team and seller, by rising code.
struct VisitGroup {
  uint32_t segment = 0, team = 0, seller = 0;
  std::vector<VisitCell> cells;
};

inline constexpr int64_t kMaxVisits = int64_t{1} << 43;

class VisitStatistics {
 public:
  // kInvalidArgument unless both days are of the calendar and from <= as_of.
  static absl::StatusOr<VisitStatistics> Create(const VisitWindow& window);
  // What was moved from can be assigned to or destroyed, nothing else.
  VisitStatistics(VisitStatistics&&) noexcept;
  VisitStatistics& operator=(VisitStatistics&&) noexcept;
  ~VisitStatistics();

  const VisitWindow& window() const;
  // That were added, those outside the window too.
  int64_t visits() const;

  // Adds visits, all or none. kInvalidArgument, naming the row and the column
  // (by the order of StageVisit), for a code out of range, a visit left before
  // it was entered, after as-of, or longer than 100 000 steps, and for
  // `reserved` that is set; kOutOfRange beyond kMaxVisits.
  absl::Status Add(absl::Span<const StageVisit> visits);

  // Adds all that is in `other`, which may be this one. kInvalidArgument if its
  // window is another, kOutOfRange beyond kMaxVisits; nothing is changed then.
  absl::Status Merge(const VisitStatistics& other);

  // In order of segment, team, seller; none is empty.
  std::vector<VisitGroup> Groups() const;

  // The form above: the same bytes for the same counts.
  std::string Serialise() const;

  // Reads what Serialise wrote. kDataLoss (kDataDamaged) for anything else,
  // counts that no visits can make included. Allocates in proportion to the
  // bytes given.
  static absl::StatusOr<VisitStatistics> Read(absl::string_view bytes);

 private:
  struct State;
  explicit VisitStatistics(const VisitWindow& window);

  std::unique_ptr<State> state_;
};

}  // namespace fivek

#endif  // FIVEK_HISTORY_VISITS_H_
