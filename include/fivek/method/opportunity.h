// The opportunity as a state machine driven by verified events.
//
//   event                      allowed when      effect
//   0 evidence confirmed       open (0-18 and    sets the item; may advance
//                              vendor's items),  stage and milestone; 18 wins
//                              won (18-21)       the deal; 19-21 complete
//                                                stage 5
//   1 evidence withdrawn       open              clears the item; may regress;
//                                                counts a regression if the
//                                                milestone falls
//   2 sponsor changed          open              clears 2-6: the new sponsor
//                                                qualifies anew
//   3 decision maker changed   open              clears 7-10 and 13-17: the new
//                                                decision maker qualifies anew
//   4 put on hold              open              on hold
//   5 resumed                  on hold           open
//   6 lost (reason)            open, on hold     lost
//   7 reopened                 lost, void        open, evidence kept
//   8 cycle restarted          won               cycle + 1, no evidence, open
//   9 voided (reason)          open, on hold     void
//
// Everything else is refused, and a refused event changes no bit: an event
// older than the last one, an unknown code, an item confirmed again without
// becoming proven, an event that the outcome forbids, and unproven evidence if
// the policy requires proof. Two events may bear the same time. Lost, on hold
// and void keep the evidence.
//
// An item confirmed again with the proof that it lacked becomes proven; that is
// all that 18 can do while won. What is cleared or withdrawn is proven no more.
// A vendor's item that the policy does not attach is kept and moves nothing.
//
// A change of sponsor or decision maker lets the milestone fall but counts no
// regression: the customer changed, nobody's evidence was wrong. Confirmed
// evidence for a later gate is kept and counts as soon as the earlier gates
// fill. Withdrawing an item that is not there is accepted and changes only
// `last_event_at`. A new cycle keeps `highest_milestone` and `regressions`.
//
// Same events, same state, on any machine; a log of n events costs O(n).
//
//   Opportunity deal = NewOpportunity(created_at);
//   Event event;
//   event.at = seconds;
//   event.kind = int32_t(EventKind::kEvidenceConfirmed);
//   event.code = 0;
//   absl::Status s = ApplyEvent(Policy(), event, &deal);
//
// Thread-safety: pure functions; a state belongs to one thread at a time.
// Source: domain.md §6.
#ifndef FIVEK_METHOD_OPPORTUNITY_H_
#define FIVEK_METHOD_OPPORTUNITY_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "fivek/base/language.h"
#include "fivek/base/probability.h"
#include "fivek/base/reason.h"
#include "fivek/method/evidence.h"
#include "fivek/method/milestone.h"

namespace fivek {

// Part of the ABI: append, never renumber.
enum class Outcome : uint8_t {
  kOpen = 0,
  kOnHold = 1,
  kWon = 2,
  kLost = 3,
  kVoid = 4,  // A duplicate, a test: neither won nor lost, in no win rate.
};
inline constexpr int kOutcomeCount = 5;

// How probable an outcome is: where it is open, the milestone says; else a
// number does. Masks, as outcomes in a book are too mixed for a branch.
struct OutcomeProbability {
  int32_t open;  // All ones or 0.
  int32_t closed_ppm;
};
inline constexpr std::array<OutcomeProbability, kOutcomeCount>
    kOutcomeProbability = {{
        {-1, 0},        // Open.
        {-1, 0},        // On hold.
        {0, kCertain},  // Won.
        {0, 0},         // Lost.
        {0, 0},         // Void.
    }};

// `open_ppm` is what is probable while the deal is open.
constexpr int32_t ProbabilityOf(Outcome outcome, int32_t open_ppm) {
  const OutcomeProbability& row =
      kOutcomeProbability[static_cast<size_t>(outcome)];
  return (open_ppm & row.open) | row.closed_ppm;
}

// Part of the ABI: append, never renumber.
enum class EventKind : uint8_t {
  kEvidenceConfirmed = 0,
  kEvidenceWithdrawn = 1,
  kSponsorChanged = 2,
  kDecisionMakerChanged = 3,
  kPutOnHold = 4,
  kResumed = 5,
  kLost = 6,
  kReopened = 7,
  kCycleRestarted = 8,
  kVoided = 9,
};
inline constexpr int kEventKindCount = 10;

// clang-format off
inline constexpr std::array<NamedCode, kOutcomeCount> kOutcomes = {{
    {0, {"open",    "进行中"}},
    {1, {"on hold", "搁置"}},
    {2, {"won",     "赢单"}},
    {3, {"lost",    "输单"}},
    {4, {"void",    "无效"}},
}};

inline constexpr std::array<NamedCode, kEventKindCount> kEvents = {{
    {0, {"evidence confirmed",     "验证结果已确认"}},
    {1, {"evidence withdrawn",     "验证结果已撤回"}},
    {2, {"sponsor changed",        "经办人变更"}},
    {3, {"decision maker changed", "决策者变更"}},
    {4, {"put on hold",            "搁置"}},
    {5, {"resumed",                "恢复"}},
    {6, {"lost",                   "输单"}},
    {7, {"reopened",               "重新打开"}},
    {8, {"cycle restarted",        "进入新周期"}},
    {9, {"voided",                 "作废"}},
}};
// clang-format on

// The whole state, 64 bytes, laid out as `fivek_opportunity` in the C
// interface; a table of them is the normal way to keep a book.
struct Opportunity {
  EvidenceMask evidence = 0;      // What was confirmed and not withdrawn.
  int32_t outcome = 0;            // Outcome.
  int32_t cycle = 1;              // 1 for the first purchase; + 1 by event 8.
  int32_t stage = 0;              // Stage, from the evidence.
  int32_t milestone = 0;          // Milestone, from the evidence.
  int32_t highest_milestone = 0;  // The highest ever reached, in any cycle.
  int32_t regressions = 0;        // Withdrawals that made the milestone fall.
  int32_t lost_reason = -1;       // Of lost and void, the vendor's; -1: none.
  int64_t stage_since = 0;        // Entry into the stage: seconds since 1970.
  int64_t milestone_since = 0;    // Entry into the milestone.
  int64_t last_event_at = 0;
  EvidenceMask proven = 0;  // The part of `evidence` that is proven.
  uint32_t reserved = 0;
};
static_assert(sizeof(Opportunity) == 64, "the contract's layout");

// One thing that happened, 32 bytes, laid out as `fivek_event`.
struct Event {
  int64_t at = 0;          // Instant: seconds since 1970 UTC.
  int32_t kind = 0;        // EventKind.
  int32_t code = 0;        // Item for 0, 1; reason >= 0 for 6, 9; else ignored.
  int32_t shown_by = 0;    // ShownBy, for 0; else ignored.
  int32_t proof = 0;       // Proof, for 0; else ignored.
  uint64_t reference = 0;  // The caller's id of the proof; not in the state.
};
static_assert(sizeof(Event) == 32, "the contract's layout");

// A new opportunity: open, first cycle, no evidence.
Opportunity NewOpportunity(int64_t created_at);

// Applies one event, or says why not and leaves every byte of the state as it
// was. The message names the event, the item and what would be allowed.
//
// kInvalidArgument for an unknown kind, item (not 0..31), reason (below 0),
// shown_by or proof, and for a state that is not plausible (kStateCorrupt: a
// code out of range, `proven` not part of `evidence`, `reserved` not 0).
// kFailedPrecondition for an event older than the last (kEventOutOfOrder), one
// that the outcome forbids (kEventNotAllowed), a repeat (kEvidenceRepeated) and
// unproven evidence where the policy requires proof (kEvidenceUnproven).
// kOutOfRange if the cycle number cannot grow (kCycleLimit). O(1).
absl::Status ApplyEvent(const Policy& policy, const Event& event,
                        Opportunity* state);

// The same without a message, for inner loops: kNone, or the reason. A few
// nanoseconds, allocates nothing.
Reason TryEvent(const MethodTables& tables, const Event& event,
                Opportunity* state);

// The message for a refusal of `event` in `state` for `reason`, as TryEvent
// gave it.
absl::Status ExplainRefusal(const Policy& policy, const Event& event,
                            const Opportunity& state, Reason reason);

// The state after a whole log. Errors as ApplyEvent; the row is the index of
// the first refused event. O(n).
absl::StatusOr<Opportunity> ReplayLog(const Policy& policy, int64_t created_at,
                                      absl::Span<const Event> log);

struct BulkResult {
  size_t refused = 0;
  size_t first_refused = 0;  // Index of the event; only if refused > 0.
  Reason first_reason = Reason::kNone;
};

// Applies events[i] to table[row[i]], in order. With `reasons` (as many as
// there are events) each event gets its own kNone or reason and a refused one
// fails only itself; without (empty) the first refused event ends the call, the
// events before it stay applied. `row` and `events` have the same length. Rows
// outside the table are kRowRange. O(n), prefetches, allocates nothing.
BulkResult ApplyEvents(const MethodTables& tables,
                       absl::Span<const Event> events,
                       absl::Span<const uint32_t> row,
                       absl::Span<Opportunity> table,
                       absl::Span<Reason> reasons);

}  // namespace fivek

#endif  // FIVEK_METHOD_OPPORTUNITY_H_
