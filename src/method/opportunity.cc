#include "fivek/method/opportunity.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "fivek/base/calendar.h"
#include "fivek/method/labels.h"
#include "fivek/method/policy.h"
#include "src/method/opportunity_kernel.h"

namespace fivek {
namespace {

using machine::kTransitions;
using machine::NamesItem;
using machine::Transition;

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

// Which rule of IsPlausible it breaks.
std::string WhatIsCorrupt(const Opportunity& state) {
  const struct {
    const char* name;
    int32_t code;
    int count;
  } kCodes[] = {
      {"outcome", state.outcome, kOutcomeCount},
      {"stage", state.stage, kStageCount},
      {"milestone", state.milestone, kMilestoneCount},
      {"highest_milestone", state.highest_milestone, kMilestoneCount},
  };
  for (const auto& [name, code, count] : kCodes) {
    if (code < 0 || code >= count) {
      return absl::StrCat(name, " ", code, "; allowed: 0 to ", count - 1);
    }
  }
  const EvidenceMask unknown = state.proven & ~state.evidence;
  return unknown != 0
             ? absl::StrCat("proven items that are not evidence: ",
                            DescribeItems(unknown))
             : absl::StrCat("reserved ", state.reserved, "; allowed: 0");
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
  return ComputeEvent(tables, event, state);
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
      return Refuse(
          reason,
          absl::StrCat("the opportunity was not made by init and events: ",
                       WhatIsCorrupt(state)));
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
  if (reasons.empty()) {
    return ComputeEvents(tables, events.data(), row.data(), events.size(),
                         table.data(), table.size(), UntilRefused);
  }
  return ComputeEvents(tables, events.data(), row.data(), events.size(),
                       table.data(), table.size(),
                       [reasons](size_t i, Reason reason) {
                         reasons[i] = reason;
                         return true;
                       });
}

}  // namespace fivek
