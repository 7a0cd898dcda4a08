// The state machine of opportunity.h: its table, and the code that obeys it,
// for any struct that has the fields of Opportunity and Event. The C interface
// changes the caller's struct in place.
#ifndef FIVEK_SRC_METHOD_OPPORTUNITY_KERNEL_H_
#define FIVEK_SRC_METHOD_OPPORTUNITY_KERNEL_H_

#include <cstddef>
#include <cstdint>
#include <limits>

#include "absl/base/attributes.h"
#include "fivek/base/reason.h"
#include "fivek/method/evidence.h"
#include "fivek/method/milestone.h"
#include "fivek/method/opportunity.h"
#include "fivek/method/policy.h"
#include "src/method/milestone_kernel.h"

namespace fivek::machine {

using O = Outcome;
using E = EventKind;

inline constexpr EvidenceMask kNone = 0;
inline constexpr EvidenceMask kAll = ~EvidenceMask{0};

// The machine: one row for each permitted (outcome, event). No row: refused.
struct Transition {
  Outcome from;
  EventKind on;
  Outcome to;
  EvidenceMask items;   // Which items the event may name; kNone: it names none.
  EvidenceMask clears;  // What no longer holds afterwards.
};

// clang-format off
inline constexpr Transition kTransitions[] = {
    // from     on                         to          items              clears
    {O::kOpen,   E::kEvidenceConfirmed,    O::kOpen,   ~kAfterSalesItems, kNone},
    {O::kWon,    E::kEvidenceConfirmed,    O::kWon,    Bits(18, 21),      kNone},
    {O::kOpen,   E::kEvidenceWithdrawn,    O::kOpen,   kAll,              kNone},
    {O::kOpen,   E::kSponsorChanged,       O::kOpen,   kNone,             Bits(2, 6)},
    {O::kOpen,   E::kDecisionMakerChanged, O::kOpen,   kNone,             Bits(7, 10) | Bits(13, 17)},
    {O::kOpen,   E::kPutOnHold,            O::kOnHold, kNone,             kNone},
    {O::kOnHold, E::kResumed,              O::kOpen,   kNone,             kNone},
    {O::kOpen,   E::kLost,                 O::kLost,   kNone,             kNone},
    {O::kOnHold, E::kLost,                 O::kLost,   kNone,             kNone},
    {O::kLost,   E::kReopened,             O::kOpen,   kNone,             kNone},
    {O::kVoid,   E::kReopened,             O::kOpen,   kNone,             kNone},
    {O::kWon,    E::kCycleRestarted,       O::kOpen,   kNone,             kAll},
    {O::kOpen,   E::kVoided,               O::kVoid,   kNone,             kNone},
    {O::kOnHold, E::kVoided,               O::kVoid,   kNone,             kNone},
};
// clang-format on

constexpr bool NamesItem(EventKind kind) {
  return kind == E::kEvidenceConfirmed || kind == E::kEvidenceWithdrawn;
}

constexpr bool NamesReason(EventKind kind) {
  return kind == E::kLost || kind == E::kVoided;
}

constexpr bool IsSound() {
  bool seen[kOutcomeCount][kEventKindCount] = {};
  for (const Transition& t : kTransitions) {
    bool& cell = seen[static_cast<int>(t.from)][static_cast<int>(t.on)];
    if (cell) return false;
    cell = true;
    if (NamesItem(t.on) != (t.items != kNone)) return false;
  }
  return true;
}
static_assert(IsSound(),
              "at most one row for each (from, on); the evidence "
              "events, and only they, name items");

// The same rows by outcome and event, with what an event does spelled as masks
// and numbers, so that one line of arithmetic serves all events.
struct Cell {
  bool allowed = false;
  uint8_t to = 0;            // Outcome.
  uint8_t to_if_signed = 0;  // Outcome, if the event confirms the contract.
  uint8_t new_cycle = 0;     // 1: the cycle number grows.
  EvidenceMask items = kNone;
  EvidenceMask sets = kNone;         // Of the item: all or none.
  EvidenceMask clears = kNone;       // Whatever the item.
  EvidenceMask clears_item = kNone;  // Of the item: all or none.
  // lost_reason = (lost_reason & keeps) | (code & takes) | puts.
  int32_t keeps_reason = -1, takes_reason = 0, puts_reason = 0;
};
struct Machine {
  Cell cells[kOutcomeCount][kEventKindCount];
  // Codes below this are known; as unsigned numbers, so none is negative.
  uint64_t code_limit[kEventKindCount];
};
constexpr Machine MakeMachine() {
  Machine machine = {};
  for (const Transition& t : kTransitions) {
    Cell& cell =
        machine.cells[static_cast<int>(t.from)][static_cast<int>(t.on)];
    cell.allowed = true;
    cell.to = static_cast<uint8_t>(t.to);
    cell.to_if_signed =
        t.on == E::kEvidenceConfirmed ? static_cast<uint8_t>(O::kWon) : cell.to;
    cell.new_cycle = t.on == E::kCycleRestarted ? 1 : 0;
    cell.items = t.items;
    cell.sets = t.on == E::kEvidenceConfirmed ? kAll : kNone;
    cell.clears = t.clears;
    cell.clears_item = t.on == E::kEvidenceWithdrawn ? kAll : kNone;
    if (NamesReason(t.on)) {
      cell.keeps_reason = 0;
      cell.takes_reason = -1;
    } else if (t.on == E::kReopened) {
      cell.puts_reason = -1;
    }
  }
  for (int kind = 0; kind < kEventKindCount; ++kind) {
    const auto event = static_cast<EventKind>(kind);
    machine.code_limit[kind] = NamesItem(event)     ? uint64_t{kEvidenceBits}
                               : NamesReason(event) ? uint64_t{1} << 31
                                                    : uint64_t{1} << 32;
  }
  return machine;
}
inline constexpr Machine kMachine = MakeMachine();

static_assert((kMachine.cells[0][0].items & kMachine.cells[0][1].items &
               kPlainItems) == kPlainItems &&
                  kMachine.cells[0][0].to == 0 && kMachine.cells[0][1].to == 0,
              "a plain item can always be confirmed and withdrawn while open");

// Whether `state` can have come from NewOpportunity and events: a table filled
// with something else must not index beyond ours.
template <typename OpportunityLike>
inline bool IsPlausible(const OpportunityLike& state) {
  // Counts of 5 to 8 end at 7 with 8 - count added; a negative one has high
  // bits of its own.
  const auto within = [](int32_t value, uint32_t count) {
    const auto code = static_cast<uint32_t>(value);
    return code | (code + (8 - count));
  };
  constexpr uint32_t kBeyond = ~uint32_t{7};
  const uint32_t codes = within(state.outcome, kOutcomeCount) |
                         within(state.stage, kStageCount) |
                         within(state.milestone, kMilestoneCount) |
                         within(state.highest_milestone, kMilestoneCount);
  return ((codes & kBeyond) | (state.proven & ~state.evidence) |
          state.reserved) == 0;
}
static_assert(kOutcomeCount <= 8 && kStageCount <= 8 && kMilestoneCount <= 8,
              "codes of three bits");

// Two fields beside each other as one number, which is one load.
constexpr uint64_t Pair(int32_t first, int32_t second) {
  return PackPlace(first, second);
}

}  // namespace fivek::machine

namespace fivek {

// The evidence has brought the opportunity to `position`, perhaps where it was.
template <typename OpportunityLike>
ABSL_ATTRIBUTE_NOINLINE inline void MoveTo(int32_t stage, int32_t milestone,
                                           int64_t at, bool withdrawn,
                                           OpportunityLike* state) {
  if (stage != state->stage) {
    state->stage = stage;
    state->stage_since = at;
  }
  if (milestone != state->milestone) {
    const bool regresses =
        withdrawn && milestone < state->milestone &&
        state->regressions < std::numeric_limits<int32_t>::max();
    state->regressions += regresses ? 1 : 0;
    state->milestone = milestone;
    state->milestone_since = at;
    state->highest_milestone = milestone > state->highest_milestone
                                   ? milestone
                                   : state->highest_milestone;
  }
}

// What most events are: a plain item, confirmed or withdrawn while the deal is
// open. Applies it without a branch on the data, or returns false with nothing
// changed: then it is another event or refused, and ComputeAnyEvent says which.
template <typename EventLike, typename OpportunityLike>
ABSL_ATTRIBUTE_ALWAYS_INLINE inline bool ComputePlainEvent(
    const MethodTables& tables, const EventLike& event,
    OpportunityLike* state) {
#if defined(__GNUC__)
  static_assert(static_cast<int>(Outcome::kOpen) == 0 &&
                static_cast<int>(EventKind::kEvidenceConfirmed) == 0 &&
                static_cast<int>(EventKind::kEvidenceWithdrawn) == 1);
  using machine::Pair;
  const uint64_t kind_code = Pair(event.kind, event.code);
  const auto code = static_cast<uint32_t>(event.code) % kEvidenceBits;
  // All ones to confirm, 0 to withdraw, where provenance is ignored.
  const uint64_t confirms = static_cast<uint32_t>(event.kind) - uint64_t{1};
  const uint64_t provenance = Pair(event.shown_by, event.proof) & confirms;
  const uint64_t place = Pair(state->stage, state->milestone);
  const uint64_t highest = static_cast<uint32_t>(state->highest_milestone);
  const EvidenceMask evidence = state->evidence;
  const EvidenceMask proven = state->proven;

  const EvidenceMask item = EvidenceMask{1} << code;
  const EvidenceMask confirmed = item & static_cast<EvidenceMask>(confirms);
  const EvidenceMask proves =
      item & tables.proven_by[provenance % 8][(provenance >> 32) % 8];
  // Adding what lacks from 8 to a count makes what is not below it show.
  constexpr uint64_t kBelow8 = Pair(7, 7);
  const uint64_t codes =
      provenance | (provenance + Pair(8 - kShownByCount, 8 - kProofCount)) |
      place | (place + Pair(8 - kStageCount, 8 - kMilestoneCount)) | highest |
      (highest + (8 - kMilestoneCount));
  // A confirmation is refused if it repeats, proving nothing new, or if it
  // proves nothing and has to.
  const EvidenceMask refused =
      (confirmed &
       (proven | (~proves & (evidence | tables.refused_unproven)))) |
      (item & tables.special_items) | (evidence & Bit(kContractSigned)) |
      (proven & ~evidence) | static_cast<uint32_t>(state->outcome) |
      state->reserved;
  if (((kind_code & ~Pair(1, kEvidenceBits - 1)) | (codes & ~kBelow8) |
       refused) != 0 ||
      event.at < state->last_event_at) {
    return false;
  }
  const EvidenceMask keeps = ~(item ^ confirmed);
  const EvidenceMask now = (evidence & keeps) | confirmed;
  state->evidence = now;
  state->proven = (proven & keeps) | proves;
  state->last_event_at = event.at;
  // Not empty: the contract is needed, and not signed.
  const int first = __builtin_ctz(tables.needed_in_order & ~now);
  const uint64_t to = tables.place_if_first_missing[first];
  if (to != place) {
    MoveTo(static_cast<int32_t>(to), static_cast<int32_t>(to >> 32), event.at,
           confirmed == 0, state);
  }
  return true;
#else
  return false;
#endif
}

// Any event. Kept out of line, as it would take the registers of the plain one.
template <typename EventLike, typename OpportunityLike>
ABSL_ATTRIBUTE_NOINLINE inline Reason ComputeAnyEvent(
    const MethodTables& tables, const EventLike& event,
    OpportunityLike* state) {
  const auto kind = static_cast<uint32_t>(event.kind);
  if (kind >= kEventKindCount) return Reason::kUnknownEvent;
  const auto code = static_cast<uint32_t>(event.code);
  const bool names_item = machine::NamesItem(static_cast<EventKind>(kind));
  if (code >= machine::kMachine.code_limit[kind]) {
    return names_item ? Reason::kUnknownEvidence : Reason::kUnknownCode;
  }
  const bool confirms =
      kind == static_cast<uint32_t>(EventKind::kEvidenceConfirmed);
  const auto shown_by = confirms ? static_cast<uint32_t>(event.shown_by) : 0U;
  const auto proof = confirms ? static_cast<uint32_t>(event.proof) : 0U;
  if (shown_by >= kShownByCodes.size()) return Reason::kUnknownShownBy;
  if (proof >= kProofCodes.size()) return Reason::kUnknownProof;
  if (!machine::IsPlausible(*state)) return Reason::kStateCorrupt;
  const int64_t at = event.at;
  if (at < state->last_event_at) return Reason::kEventOutOfOrder;
  const machine::Cell& cell = machine::kMachine.cells[state->outcome][kind];
  const EvidenceMask item =
      names_item ? EvidenceMask{1} << (code % kEvidenceBits) : 0;
  if (!cell.allowed || (item & ~cell.items) != 0) {
    return Reason::kEventNotAllowed;
  }
  // Nothing is proven by an event without provenance (0, 0).
  const EvidenceMask proves = item & tables.proven_by[shown_by][proof];
  const EvidenceMask confirmed = item & cell.sets;
  if ((confirmed & state->evidence) != 0 && (proves & ~state->proven) == 0) {
    return Reason::kEvidenceRepeated;
  }
  if ((confirmed & ~proves & tables.refused_unproven) != 0) {
    return Reason::kEvidenceUnproven;
  }
  if (cell.new_cycle != 0 &&
      state->cycle == std::numeric_limits<int32_t>::max()) {
    return Reason::kCycleLimit;
  }

  const EvidenceMask keeps = ~(cell.clears | (item & cell.clears_item));
  state->evidence = (state->evidence & keeps) | confirmed;
  state->proven = (state->proven & keeps) | proves;
  state->outcome =
      (confirmed & Bit(kContractSigned)) != 0 ? cell.to_if_signed : cell.to;
  state->last_event_at = at;
  state->cycle += cell.new_cycle;
  state->lost_reason = (state->lost_reason & cell.keeps_reason) |
                       (event.code & cell.takes_reason) | cell.puts_reason;
  const Position position = ComputePosition(tables, state->evidence);
  MoveTo(position.stage, position.milestone, at, cell.clears_item != 0, state);
  return Reason::kNone;
}

template <typename EventLike, typename OpportunityLike>
ABSL_ATTRIBUTE_ALWAYS_INLINE inline Reason ComputeEvent(
    const MethodTables& tables, const EventLike& event,
    OpportunityLike* state) {
  if (ComputePlainEvent(tables, event, state)) return Reason::kNone;
  return ComputeAnyEvent(tables, event, state);
}

// Calls `put(i, reason)` for each event, which says whether to go on.
template <typename EventLike, typename OpportunityLike, typename Put>
ABSL_ATTRIBUTE_ALWAYS_INLINE inline BulkResult ComputeEvents(
    const MethodTables& tables, const EventLike* events, const uint32_t* row,
    size_t count, OpportunityLike* table, size_t rows, Put put) {
  // Far enough ahead to hide a cache miss, near enough to stay in the cache.
  constexpr size_t kAhead = 24;
  BulkResult result;
  for (size_t i = 0; i < count; ++i) {
#if defined(__GNUC__)
    if (i + kAhead < count && row[i + kAhead] < rows) {
      // A record that does not begin with a line is in two.
      const OpportunityLike* const next = &table[row[i + kAhead]];
      __builtin_prefetch(next, 1);
      __builtin_prefetch(&next->reserved, 1);
    }
#endif
    const Reason reason = row[i] < rows
                              ? ComputeEvent(tables, events[i], &table[row[i]])
                              : Reason::kRowRange;
    if (reason != Reason::kNone) {
      if (result.refused == 0) {
        result.first_refused = i;
        result.first_reason = reason;
      }
      ++result.refused;
    }
    if (!put(i, reason)) break;
  }
  return result;
}

// Without a place for each event's result: the first refusal ends the call.
inline bool UntilRefused(size_t /*i*/, Reason reason) {
  return reason == Reason::kNone;
}

}  // namespace fivek

#endif  // FIVEK_SRC_METHOD_OPPORTUNITY_KERNEL_H_
