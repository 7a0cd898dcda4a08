#include "fivek/method/opportunity.h"

#include <algorithm>
#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "fivek/base/calendar.h"
#include "fivek/method/labels.h"
#include "fivek/method/policy.h"

namespace fivek {
namespace {

using O = Outcome;
using E = EventKind;

constexpr EvidenceMask kNone = 0;
constexpr EvidenceMask kAll = ~EvidenceMask{0};

// The machine: one row for each permitted (outcome, event). No row: refused.
struct Transition {
  Outcome from;
  EventKind on;
  Outcome to;
  EvidenceMask items;   // Which items the event may name; kNone: it names none.
  EvidenceMask clears;  // What no longer holds afterwards.
};

// clang-format off
constexpr Transition kTransitions[] = {
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

// The same rows by outcome and event, for one look-up an event.
struct Cell {
  bool allowed = false;
  uint8_t to = 0;
  EvidenceMask items = kNone;
  EvidenceMask clears = kNone;
};
struct Machine {
  Cell cells[kOutcomeCount][kEventKindCount];
};
constexpr Machine MakeMachine() {
  Machine machine = {};
  for (const Transition& t : kTransitions) {
    Cell& cell =
        machine.cells[static_cast<int>(t.from)][static_cast<int>(t.on)];
    cell.allowed = true;
    cell.to = static_cast<uint8_t>(t.to);
    cell.items = t.items;
    cell.clears = t.clears;
  }
  return machine;
}
constexpr Machine kMachine = MakeMachine();

// Whether `state` can have come from NewOpportunity and events: a table filled
// with something else must not index beyond ours.
bool IsPlausible(const Opportunity& state) {
  const auto below = [](int32_t value, int count) {
    return static_cast<uint32_t>(value) < static_cast<uint32_t>(count);
  };
  return below(state.outcome, kOutcomeCount) &&
         below(state.stage, kStageCount) &&
         below(state.milestone, kMilestoneCount) &&
         below(state.highest_milestone, kMilestoneCount) &&
         (state.proven & ~state.evidence) == 0 && state.reserved == 0;
}

// Brings stage and milestone in line with the evidence.
void Settle(const MethodTables& tables, int64_t at, Opportunity* state) {
  const Position position = PositionOf(tables, state->evidence);
  if (position.stage != state->stage) {
    state->stage = position.stage;
    state->stage_since = at;
  }
  if (position.milestone != state->milestone) {
    state->milestone = position.milestone;
    state->milestone_since = at;
    state->highest_milestone =
        std::max(state->highest_milestone, state->milestone);
  }
}

std::string NameOfItem(const Policy& policy, int32_t item) {
  const char* const label =
      policy.Label(LabelSet::kEvidence, item, Language::kEnglish);
  return label == nullptr ? absl::StrCat("evidence ", item)
                          : absl::StrCat("evidence ", item, " (", label, ")");
}

// The outcomes in which an event, or a confirmation of `item`, is permitted.
std::string AllowedOutcomes(EventKind kind, int32_t item) {
  std::string text;
  for (const Transition& t : kTransitions) {
    if (t.on != kind || (NamesItem(kind) && (t.items & Bit(item)) == 0)) {
      continue;
    }
    absl::StrAppend(&text, text.empty() ? "" : ", ",
                    kOutcomes[static_cast<size_t>(t.from)].name.en);
  }
  return text;
}

std::string ProofWanted(const EvidenceRule& rule) {
  const char* const proof = rule.proof == ProofDemand::kSignedOrRecorded
                                ? "proof 4 or 5"
                                : "proof 2 to 5";
  switch (rule.witness) {
    case Witness::kAnyone:
      return proof;
    case Witness::kSponsor:
      return absl::StrCat(proof,
                          ", shown by the sponsor (1) or the decision "
                          "maker (2)");
    case Witness::kDecisionMaker:
      return absl::StrCat(proof, ", shown by the decision maker (2)");
  }
  return proof;
}

}  // namespace

Opportunity NewOpportunity(int64_t created_at) {
  Opportunity state;
  state.stage_since = created_at;
  state.milestone_since = created_at;
  state.last_event_at = created_at;
  return state;
}

Reason TryEvent(const MethodTables& tables, const Event& event,
                Opportunity* state) {
  if (static_cast<uint32_t>(event.kind) >= kEventKindCount) {
    return Reason::kUnknownEvent;
  }
  const auto kind = static_cast<EventKind>(event.kind);
  EvidenceMask item = kNone;
  EvidenceMask proves = kNone;
  if (NamesItem(kind)) {
    if (static_cast<uint32_t>(event.code) >= kEvidenceBits) {
      return Reason::kUnknownEvidence;
    }
    item = Bit(event.code);
    if (kind == E::kEvidenceConfirmed) {
      if (static_cast<uint32_t>(event.shown_by) >= kShownByCodes.size()) {
        return Reason::kUnknownShownBy;
      }
      if (static_cast<uint32_t>(event.proof) >= kProofCodes.size()) {
        return Reason::kUnknownProof;
      }
      proves = item & tables.proven_by[event.shown_by][event.proof];
    }
  } else if (NamesReason(kind) && event.code < 0) {
    return Reason::kUnknownCode;
  }
  if (!IsPlausible(*state)) return Reason::kStateCorrupt;
  if (event.at < state->last_event_at) return Reason::kEventOutOfOrder;
  const Cell& cell = kMachine.cells[state->outcome][event.kind];
  if (!cell.allowed || (item & ~cell.items) != 0) {
    return Reason::kEventNotAllowed;
  }

  switch (kind) {
    case E::kEvidenceConfirmed: {
      const bool again = (state->evidence & item) != 0;
      if (again && (proves & ~state->proven) == 0) {
        return Reason::kEvidenceRepeated;
      }
      if (proves == 0 && tables.unproven == Unproven::kRequire) {
        return Reason::kEvidenceUnproven;
      }
      state->evidence |= item;
      state->proven |= proves;
      state->outcome = item == Bit(kContractSigned)
                           ? static_cast<int32_t>(O::kWon)
                           : cell.to;
      Settle(tables, event.at, state);
      break;
    }
    case E::kEvidenceWithdrawn: {
      const int32_t milestone_before = state->milestone;
      state->evidence &= ~item;
      state->proven &= ~item;
      Settle(tables, event.at, state);
      if (state->milestone < milestone_before &&
          state->regressions < std::numeric_limits<int32_t>::max()) {
        ++state->regressions;
      }
      break;
    }
    case E::kCycleRestarted:
      if (state->cycle == std::numeric_limits<int32_t>::max()) {
        return Reason::kCycleLimit;
      }
      ++state->cycle;
      [[fallthrough]];
    case E::kSponsorChanged:
    case E::kDecisionMakerChanged:
      state->evidence &= ~cell.clears;
      state->proven &= ~cell.clears;
      state->outcome = cell.to;
      Settle(tables, event.at, state);
      break;
    case E::kLost:
    case E::kVoided:
      state->outcome = cell.to;
      state->lost_reason = event.code;
      break;
    case E::kReopened:
      state->outcome = cell.to;
      state->lost_reason = -1;
      break;
    case E::kPutOnHold:
    case E::kResumed:
      state->outcome = cell.to;
      break;
  }
  state->last_event_at = event.at;
  return Reason::kNone;
}

absl::Status ExplainRefusal(const Policy& policy, const Event& event,
                            const Opportunity& state, Reason reason) {
  switch (reason) {
    case Reason::kUnknownEvent:
      return Refuse(reason,
                    absl::StrCat("event kind ", event.kind, "; allowed: 0 to ",
                                 kEventKindCount - 1));
    case Reason::kUnknownEvidence:
      return Refuse(reason,
                    absl::StrCat("evidence ", event.code, "; allowed: 0 to ",
                                 kEvidenceBits - 1));
    case Reason::kUnknownShownBy:
      return Refuse(
          reason, absl::StrCat("shown_by ", event.shown_by, "; allowed: 0 to ",
                               kShownByCodes.size() - 1));
    case Reason::kUnknownProof:
      return Refuse(reason,
                    absl::StrCat("proof ", event.proof, "; allowed: 0 to ",
                                 kProofCodes.size() - 1));
    case Reason::kStateCorrupt:
      return Refuse(reason,
                    "the opportunity was not made by init and events: outcome, "
                    "stage or milestone out of range, proven items that are "
                    "not evidence, or reserved not 0");
    case Reason::kEventOutOfOrder:
      return Refuse(
          reason,
          absl::StrCat("event at ", event.at, " is older than the last one at ",
                       state.last_event_at, "; allowed: that time or later"));
    case Reason::kCycleLimit:
      return Refuse(reason, "the cycle number cannot grow any further");
    default:
      break;
  }
  // What is left needs the names of event, item and outcome.
  const auto kind = static_cast<EventKind>(event.kind);
  const std::string name = kEvents[static_cast<size_t>(event.kind)].name.en;
  switch (reason) {
    case Reason::kUnknownCode:
      return Refuse(reason, absl::StrCat("event '", name, "' with reason ",
                                         event.code, "; allowed: 0 or more"));
    case Reason::kEventNotAllowed:
      return Refuse(
          reason, absl::StrCat(
                      "event '", name, "'",
                      NamesItem(kind)
                          ? absl::StrCat(" of ", NameOfItem(policy, event.code))
                          : "",
                      " while the opportunity is ",
                      kOutcomes[static_cast<size_t>(state.outcome)].name.en,
                      "; allowed while: ", AllowedOutcomes(kind, event.code)));
    case Reason::kEvidenceRepeated:
      return Refuse(
          reason,
          absl::StrCat(
              NameOfItem(policy, event.code), " is already ",
              (state.proven & Bit(event.code)) != 0
                  ? "proven"
                  : absl::StrCat(
                        "confirmed; to prove it: ",
                        ProofWanted(policy.tables().rule[event.code]))));
    case Reason::kEvidenceUnproven:
      return Refuse(
          reason,
          absl::StrCat(NameOfItem(policy, event.code), " with proof ",
                       event.proof, " shown by ", event.shown_by,
                       " is unproven, and the policy requires proof; needed: ",
                       ProofWanted(policy.tables().rule[event.code])));
    default:
      return Refuse(
          Reason::kInternal,
          absl::StrCat("unexpected reason ", static_cast<int32_t>(reason)));
  }
}

absl::Status ApplyEvent(const Policy& policy, const Event& event,
                        Opportunity* state) {
  const Reason reason = TryEvent(policy.tables(), event, state);
  if (reason == Reason::kNone) return absl::OkStatus();
  return ExplainRefusal(policy, event, *state, reason);
}

absl::StatusOr<Opportunity> ReplayLog(const Policy& policy, int64_t created_at,
                                      absl::Span<const Event> log) {
  Opportunity state = NewOpportunity(created_at);
  for (size_t i = 0; i < log.size(); ++i) {
    const absl::Status status = ApplyEvent(policy, log[i], &state);
    if (!status.ok()) return AtRow(status, {static_cast<int64_t>(i), -1});
  }
  return state;
}

BulkResult ApplyEvents(const MethodTables& tables,
                       absl::Span<const Event> events,
                       absl::Span<const uint32_t> row,
                       absl::Span<Opportunity> table,
                       absl::Span<Reason> reasons) {
  // Far enough ahead to hide a cache miss, near enough to stay in the cache.
  constexpr size_t kAhead = 24;
  BulkResult result;
  for (size_t i = 0; i < events.size(); ++i) {
#if defined(__GNUC__)
    if (i + kAhead < events.size() && row[i + kAhead] < table.size()) {
      __builtin_prefetch(&table[row[i + kAhead]], 1);
    }
#endif
    const Reason reason = row[i] < table.size()
                              ? TryEvent(tables, events[i], &table[row[i]])
                              : Reason::kRowRange;
    if (!reasons.empty()) reasons[i] = reason;
    if (reason != Reason::kNone) {
      if (result.refused == 0) {
        result.first_refused = i;
        result.first_reason = reason;
      }
      ++result.refused;
      if (reasons.empty()) break;
    }
  }
  return result;
}

}  // namespace fivek
