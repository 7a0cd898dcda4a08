// The C interface of include/fivek/method.
#include <array>
#include <cstring>
#include <new>
#include <vector>

#include "absl/base/attributes.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "capi/barrier.h"
#include "capi/fivek.h"
#include "capi/sized_struct.h"
#include "fivek/method/buying_cycle.h"
#include "fivek/method/conversation.h"
#include "fivek/method/evidence.h"
#include "fivek/method/labels.h"
#include "fivek/method/milestone.h"
#include "fivek/method/opportunity.h"
#include "fivek/method/policy.h"
#include "fivek/method/strength.h"
#include "src/method/opportunity_kernel.h"
#include "src/method/strength_kernel.h"

using fivek::Reason;
using fivek::Where;
using fivek::capi::CheckStruct;
using fivek::capi::Give;
using fivek::capi::Guard;
using fivek::capi::PolicyOf;
using fivek::capi::Report;
using fivek::capi::SameBytes;
using fivek::capi::TablesOf;
using fivek::capi::TextIn;
using fivek::capi::WriteText;

// The C and C++ structs are the same bytes; what crosses is copied, so that no
// rule of aliasing is bent, and the compiler makes moves of it.
static_assert(sizeof(fivek_error) == 256);
static_assert(sizeof(fivek_assessment) == sizeof(fivek::Assessment));
static_assert(offsetof(fivek_assessment, by_decision_maker) ==
              offsetof(fivek::Assessment, by_decision_maker));
static_assert(sizeof(fivek_opportunity) == sizeof(fivek::Opportunity));
static_assert(offsetof(fivek_opportunity, outcome) ==
              offsetof(fivek::Opportunity, outcome));
static_assert(offsetof(fivek_opportunity, lost_reason) ==
              offsetof(fivek::Opportunity, lost_reason));
static_assert(offsetof(fivek_opportunity, last_event_at) ==
              offsetof(fivek::Opportunity, last_event_at));
static_assert(offsetof(fivek_opportunity, proven) ==
              offsetof(fivek::Opportunity, proven));
static_assert(sizeof(fivek_event) == sizeof(fivek::Event));
static_assert(offsetof(fivek_event, proof) == offsetof(fivek::Event, proof));
static_assert(sizeof(fivek_waiver) == sizeof(fivek::Waiver));
static_assert(sizeof(fivek_strength) ==
              sizeof(uint32_t) + sizeof(fivek::Strength));
static_assert(offsetof(fivek_strength, next_gain) ==
              sizeof(uint32_t) + offsetof(fivek::Strength, next_gain));

namespace {

fivek_status UnknownItem(const fivek::MethodTables& tables, int32_t item,
                         fivek_error* error) {
  return Report(Reason::kUnknownEvidence,
                absl::StrCat("evidence ", item, "; the policy has ",
                             fivek::DescribeItems(tables.attached)),
                error);
}

bool HasItem(const fivek::MethodTables& tables, int32_t item) {
  return item >= 0 && item < fivek::kEvidenceBits &&
         (tables.attached & fivek::Bit(item)) != 0;
}

// The proof that an item asks for at least, as a code.
int32_t LeastProof(fivek::ProofDemand demand) {
  return static_cast<int32_t>(demand == fivek::ProofDemand::kSignedOrRecorded
                                  ? fivek::Proof::kSignedDocument
                                  : fivek::Proof::kMeetingMinutes);
}

absl::Status Explain(const fivek_policy* policy, const fivek_event& event,
                     const fivek_opportunity& state, Reason reason) {
  return fivek::ExplainRefusal(PolicyOf(policy), SameBytes<fivek::Event>(event),
                               SameBytes<fivek::Opportunity>(state), reason);
}

const char* LabelOf(const fivek::Policy& policy, const char* set, int32_t code,
                    const char* lang) {
  if (set == nullptr || lang == nullptr) return nullptr;
  const auto label_set = fivek::LabelSetFromName(set);
  const auto language = fivek::LanguageFromTag(lang);
  if (!label_set.has_value() || !language.has_value()) return nullptr;
  return policy.Label(*label_set, code, *language);
}

// The whole of fivek_strength_of, for callers with a newer struct, unknown
// levels and everything that is refused.
ABSL_ATTRIBUTE_NOINLINE fivek_status StrengthWithChecks(
    const fivek_policy* policy, const fivek_assessment* assessment,
    fivek_strength* out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(assessment);
    const fivek_status fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    fivek_strength strength = {};
    const Reason reason =
        fivek::ComputeStrength(TablesOf(policy), *assessment, &strength);
    if (reason == Reason::kNone) {
      Give(strength, out);
      return FIVEK_OK;
    }
    return Report(fivek::ExplainRefusal(
                      SameBytes<fivek::Assessment>(*assessment), reason),
                  error);
  });
}

// The whole of fivek_opportunity_apply, for all but plain events.
ABSL_ATTRIBUTE_NOINLINE fivek_status ApplyWithChecks(const fivek_policy* policy,
                                                     fivek_opportunity* state,
                                                     const fivek_event* event,
                                                     fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(state);
    FIVEK_NOT_NULL(event);
    const Reason reason =
        fivek::ComputeAnyEvent(TablesOf(policy), *event, state);
    if (reason == Reason::kNone) return FIVEK_OK;
    return Report(Explain(policy, *event, *state, reason), error);
  });
}

}  // namespace

const char* fivek_label(const char* set, int32_t code, const char* lang) {
  return LabelOf(fivek::Policy(), set, code, lang);
}

int32_t fivek_label_code(const char* set, int32_t index) {
  if (set == nullptr) return -1;
  const auto label_set = fivek::LabelSetFromName(set);
  return label_set.has_value() ? fivek::CodeAt(*label_set, index) : -1;
}

fivek_status fivek_policy_from_json(const char* json, size_t len,
                                    const fivek_policy** out,
                                    fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_TEXT_NOT_NULL(json, len);
    FIVEK_NOT_NULL(out);
    auto policy = fivek::Policy::FromJson(TextIn(json, len));
    if (!policy.ok()) return Report(policy.status(), error);
    *out = new fivek_policy(*std::move(policy));
    return FIVEK_OK;
  });
}

fivek_status fivek_policy_to_json(const fivek_policy* policy, char* buf,
                                  size_t cap, size_t* needed,
                                  fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    return WriteText(PolicyOf(policy).ToJson(), buf, cap, needed, error);
  });
}

void fivek_policy_retain(const fivek_policy* policy) {
  fivek::capi::Retain(policy);
}

void fivek_policy_release(const fivek_policy* policy) {
  fivek::capi::Release(policy);
}

uint64_t fivek_policy_hash(const fivek_policy* policy) {
  return policy == nullptr ? fivek::Policy().hash() : policy->policy.hash();
}

const char* fivek_policy_label(const fivek_policy* policy, const char* set,
                               int32_t code, const char* lang) {
  if (policy == nullptr) return fivek_label(set, code, lang);
  return LabelOf(policy->policy, set, code, lang);
}

fivek_status fivek_strength_of(const fivek_policy* policy,
                               const fivek_assessment* assessment,
                               fivek_strength* out, fivek_error* error) {
  // The common case without a frame for errors: it cannot throw.
  if (assessment != nullptr && out != nullptr && fivek::IsAligned(out) &&
      out->struct_size == sizeof *out &&
      fivek::ComputeKnownStrength(TablesOf(policy), *assessment, out)) {
    return FIVEK_OK;
  }
  return StrengthWithChecks(policy, assessment, out, error);
}

fivek_status fivek_rubric_points(const fivek_policy* policy, int32_t dimension,
                                 int32_t level, int32_t by_decision_maker,
                                 int32_t* out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(out);
    if (dimension < 0 || dimension >= fivek::kDimensionCount) {
      return Report(Reason::kUnknownDimension,
                    absl::StrCat("dimension ", dimension, "; allowed: 0 to ",
                                 fivek::kDimensionCount - 1),
                    error);
    }
    const fivek::MethodTables& tables = TablesOf(policy);
    const fivek::DimensionRow& row =
        fivek::kDimensions[static_cast<size_t>(dimension)];
    if (level < 0 || level >= row.levels) {
      return Report(Reason::kUnknownLevel,
                    absl::StrCat(row.name.en, " level ", level,
                                 "; allowed: 0 to ", row.levels - 1),
                    error);
    }
    const int32_t highest_flag = row.by_decision_maker ? 1 : 0;
    if (by_decision_maker < 0 || by_decision_maker > highest_flag) {
      return Report(
          Reason::kValueRange,
          absl::StrCat("by_decision_maker ", by_decision_maker, " in ",
                       row.name.en, "; allowed: 0 to ", highest_flag),
          error);
    }
    *out = tables.points[dimension][by_decision_maker][level];
    return FIVEK_OK;
  });
}

fivek_status fivek_evidence_rule_of(const fivek_policy* policy, int32_t item,
                                    fivek_evidence_rule* out,
                                    fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    const fivek_status fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    const fivek::MethodTables& tables = TablesOf(policy);
    if (!HasItem(tables, item)) return UnknownItem(tables, item, error);
    const fivek::EvidenceRule& rule = tables.rule[item];
    fivek_evidence_rule result = {};
    result.stage = static_cast<int32_t>(rule.stage);
    result.gate = static_cast<int32_t>(rule.gate);
    result.mode = static_cast<int32_t>(tables.mode[item]);
    result.witness = static_cast<int32_t>(rule.witness);
    result.least_proof = LeastProof(rule.proof);
    result.prerequisites = tables.prerequisites[item];
    Give(result, out);
    return FIVEK_OK;
  });
}

fivek_status fivek_evidence_is_proven(const fivek_policy* policy, int32_t item,
                                      int32_t shown_by, int32_t proof,
                                      int32_t* out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(out);
    const fivek::MethodTables& tables = TablesOf(policy);
    if (!HasItem(tables, item)) return UnknownItem(tables, item, error);
    if (shown_by < 0 || shown_by > FIVEK_SHOWN_BY_SELLER) {
      return Report(Reason::kUnknownShownBy,
                    absl::StrCat("shown_by ", shown_by, "; allowed: 0 to ",
                                 FIVEK_SHOWN_BY_SELLER),
                    error);
    }
    if (proof < 0 || proof > FIVEK_PROOF_SYSTEM_RECORD) {
      return Report(Reason::kUnknownProof,
                    absl::StrCat("proof ", proof, "; allowed: 0 to ",
                                 FIVEK_PROOF_SYSTEM_RECORD),
                    error);
    }
    *out = (tables.proven_by[shown_by][proof] & fivek::Bit(item)) != 0 ? 1 : 0;
    return FIVEK_OK;
  });
}

fivek_status fivek_milestone_of(const fivek_policy* policy, uint32_t evidence,
                                int32_t* stage, int32_t* milestone,
                                int32_t* yield_ppm, uint32_t* missing_for_next,
                                fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(stage);
    FIVEK_NOT_NULL(milestone);
    FIVEK_NOT_NULL(yield_ppm);
    FIVEK_NOT_NULL(missing_for_next);
    const fivek::Standing standing =
        fivek::StandingOf(TablesOf(policy), evidence);
    *stage = static_cast<int32_t>(standing.stage);
    *milestone = static_cast<int32_t>(standing.milestone);
    *yield_ppm = standing.yield_ppm;
    *missing_for_next = standing.missing_for_next;
    return FIVEK_OK;
  });
}

fivek_status fivek_standing_of(const fivek_policy* policy, uint32_t evidence,
                               const fivek_waiver* waivers, size_t n,
                               fivek_standing* out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    if (n > 0) FIVEK_NOT_NULL(waivers);
    const fivek_status fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    std::vector<fivek::Waiver> given;
    given.reserve(n);
    for (size_t i = 0; i < n; ++i) {
      given.push_back({waivers[i].item, waivers[i].reason});
    }
    const auto standing =
        fivek::StandingWithWaivers(PolicyOf(policy), evidence, given);
    if (!standing.ok()) return Report(standing.status(), error);
    fivek_standing result = {};
    result.stage = static_cast<int32_t>(standing->stage);
    result.milestone = static_cast<int32_t>(standing->milestone);
    result.yield_ppm = standing->yield_ppm;
    result.missing_for_next = standing->missing_for_next;
    result.skipped = standing->skipped;
    result.advised = standing->advised;
    result.waived = standing->waived;
    Give(result, out);
    return FIVEK_OK;
  });
}

fivek_status fivek_opportunity_init(fivek_opportunity* out, int64_t created_at,
                                    fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(out);
    *out = SameBytes<fivek_opportunity>(fivek::NewOpportunity(created_at));
    return FIVEK_OK;
  });
}

fivek_status fivek_opportunity_apply(const fivek_policy* policy,
                                     fivek_opportunity* state,
                                     const fivek_event* event,
                                     fivek_error* error) {
  // The common case without a frame for errors: it cannot throw.
  if (state != nullptr && event != nullptr && fivek::AllAligned(state, event) &&
      fivek::ComputePlainEvent(TablesOf(policy), *event, state)) {
    return FIVEK_OK;
  }
  return ApplyWithChecks(policy, state, event, error);
}

fivek_status fivek_apply_events(const fivek_policy* policy,
                                fivek_opportunity* table, size_t rows,
                                const uint32_t* row, const fivek_event* events,
                                size_t n, fivek_status* event_status,
                                size_t* refused, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    if (n > 0) {
      FIVEK_NOT_NULL(row);
      FIVEK_NOT_NULL(events);
      if (rows > 0) FIVEK_NOT_NULL(table);
      FIVEK_ALIGNED(event_status);
    }
    FIVEK_ALIGNED(refused);
    const fivek::MethodTables& tables = TablesOf(policy);
    if (event_status != nullptr) {
      const fivek::BulkResult result = fivek::ComputeEvents(
          tables, events, row, n, table, rows,
          [event_status](size_t i, Reason reason) {
            event_status[i] =
                reason == Reason::kNone
                    ? FIVEK_OK
                    : static_cast<fivek_status>(fivek::CodeOf(reason));
            return true;
          });
      if (refused != nullptr) *refused = result.refused;
      return FIVEK_OK;
    }
    const fivek::BulkResult result = fivek::ComputeEvents(
        tables, events, row, n, table, rows, fivek::UntilRefused);
    if (refused != nullptr) *refused = result.refused;
    if (result.refused == 0) return FIVEK_OK;
    const size_t i = result.first_refused;
    const Where where = {static_cast<int64_t>(i), -1};
    // What is applied stays applied, so that the caller has to be told how far
    // it is, with memory for words or without.
    try {
      if (result.first_reason == Reason::kRowRange) {
        return Report(Reason::kRowRange,
                      absl::StrCat("row ", row[i], "; allowed: below ", rows,
                                   ", the rows of the table"),
                      error, where);
      }
      return Report(fivek::AtRow(Explain(policy, events[i], table[row[i]],
                                         result.first_reason),
                                 where),
                    error);
    } catch (const std::bad_alloc&) {
      return Report(result.first_reason, "no memory is left to say why", error,
                    where);
    }
  });
}

fivek_status fivek_action_align(int32_t action, int32_t stage, int32_t* steps,
                                fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(steps);
    const auto alignment = fivek::Align(action, stage);
    if (!alignment.ok()) return Report(alignment.status(), error);
    *steps = alignment->steps;
    return FIVEK_OK;
  });
}

fivek_status fivek_actions_measure(const uint8_t* action, const uint8_t* stage,
                                   size_t n, fivek_alignment* out,
                                   fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    if (n > 0) {
      FIVEK_NOT_NULL(action);
      FIVEK_NOT_NULL(stage);
    }
    const fivek_status fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    const auto share = fivek::MeasureAlignment({action, n}, {stage, n});
    if (!share.ok()) return Report(share.status(), error);
    fivek_alignment result = {};
    result.aligned_ppm = share->aligned_ppm;
    result.aligned = share->aligned;
    result.ahead = share->ahead;
    result.behind = share->behind;
    Give(result, out);
    return FIVEK_OK;
  });
}

fivek_status fivek_market_compare(const int64_t* customers, int32_t* share_ppm,
                                  int32_t* difference_ppm, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(customers);
    FIVEK_NOT_NULL(share_ppm);
    FIVEK_NOT_NULL(difference_ppm);
    std::array<int64_t, fivek::kStageCount> counts;
    std::copy_n(customers, counts.size(), counts.begin());
    const auto comparison = fivek::CompareWithMarket(counts);
    if (!comparison.ok()) return Report(comparison.status(), error);
    std::copy(comparison->share_ppm.begin(), comparison->share_ppm.end(),
              share_ppm);
    std::copy(comparison->difference_ppm.begin(),
              comparison->difference_ppm.end(), difference_ppm);
    return FIVEK_OK;
  });
}

fivek_status fivek_step_stage(int32_t step, int32_t* stage,
                              fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(stage);
    const auto found = fivek::StageOfStep(step);
    if (!found.ok()) return Report(found.status(), error);
    *stage = static_cast<int32_t>(*found);
    return FIVEK_OK;
  });
}

fivek_status fivek_buying_center_gaps(const fivek_policy* policy,
                                      uint32_t identified, uint32_t met,
                                      uint32_t supportive, uint32_t* gaps,
                                      fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(gaps);
    const auto found = fivek::GapsOf({identified, met, supportive},
                                     PolicyOf(policy).thresholds().roles_met);
    if (!found.ok()) return Report(found.status(), error);
    *gaps = *found;
    return FIVEK_OK;
  });
}

fivek_status fivek_signal_group(int32_t signal, int32_t* group,
                                fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(group);
    const auto found = fivek::GroupOfSignal(signal);
    if (!found.ok()) return Report(found.status(), error);
    *group = static_cast<int32_t>(*found);
    return FIVEK_OK;
  });
}

fivek_status fivek_contact_qualify(int32_t key_person, int32_t wish,
                                   int32_t means, int32_t* verdict,
                                   int32_t* next_question, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(verdict);
    FIVEK_NOT_NULL(next_question);
    for (const int32_t answer : {key_person, wish, means}) {
      if (answer < 0 || answer > FIVEK_UNKNOWN) {
        return Report(Reason::kUnknownCode,
                      absl::StrCat("answer ", answer,
                                   "; allowed: 0 no, 1 yes, 255 unknown"),
                      error);
      }
    }
    const auto result = fivek::Qualify({static_cast<fivek::Answer>(key_person),
                                        static_cast<fivek::Answer>(wish),
                                        static_cast<fivek::Answer>(means)});
    if (!result.ok()) return Report(result.status(), error);
    *verdict = static_cast<int32_t>(result->verdict);
    *next_question = result->next_question;
    return FIVEK_OK;
  });
}
