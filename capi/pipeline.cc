// The C interface of include/fivek/pipeline.
#include "absl/base/attributes.h"
#include "absl/base/optimization.h"
#include "absl/strings/str_cat.h"
#include "capi/barrier.h"
#include "capi/fivek.h"
#include "capi/sized_struct.h"
#include "fivek/pipeline/audit.h"
#include "fivek/pipeline/scoring.h"
#include "src/pipeline/score_row.h"

using fivek::Reason;
using fivek::capi::CheckStruct;
using fivek::capi::Give;
using fivek::capi::Given;
using fivek::capi::Guard;
using fivek::capi::PolicyOf;
using fivek::capi::Report;
using fivek::capi::SameBytes;
using fivek::capi::TablesOf;

namespace {

fivek_status ScoreColumns(const fivek_policy* policy,
                          const fivek::Calibration* calibration,
                          const fivek_score_in* in, const fivek_score_out* out,
                          size_t rows, size_t* bad_rows, fivek_error* error) {
  fivek_status fits = CheckStruct(in, "in", error);
  if (fits == FIVEK_OK) fits = CheckStruct(out, "out", error);
  if (fits != FIVEK_OK) return fits;
  FIVEK_ALIGNED(bad_rows);
  const fivek_score_in from = Given(*in);
  const fivek_score_out to = Given(*out);
  if ((from.reserved | to.reserved) != 0) {
    return Report(Reason::kReservedNotZero, "reserved must be 0", error);
  }
  const fivek::ScoreInput input = {
      from.problem,  from.power,   from.vision,
      from.value,    from.control, from.by_decision_maker,
      from.evidence, from.outcome, from.amount};
  const fivek::ScoreOutput output = {
      to.strength,  to.weakest,         to.product_ppm,     to.stage,
      to.milestone, to.probability_ppm, to.expected_amount, to.row_status};
  const absl::Status status = fivek::ScoreColumns(
      TablesOf(policy), input, output, rows, bad_rows, calibration);
  return status.ok() ? FIVEK_OK : Report(status, error);
}

// Whether columns are as fivek_score_columns takes them.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline bool FitColumns(
    const fivek_score_in& in, const fivek_score_out& out) {
  return in.struct_size == sizeof in && out.struct_size == sizeof out &&
         (in.reserved | out.reserved) == 0 && fivek::AreAligned(in, out);
}

// A few plain rows.
ABSL_ATTRIBUTE_NOINLINE bool ScoreFew(const fivek::MethodTables& tables,
                                      const fivek_score_in& in,
                                      const fivek_score_out& out, size_t rows) {
  for (size_t row = 0; row < rows; ++row) {
    if (!fivek::ScorePlainRow(tables, in, out, row)) return false;
  }
  return true;
}

// The whole of fivek_score_columns, for all but one plain row.
ABSL_ATTRIBUTE_NOINLINE fivek_status ScoreWithChecks(const fivek_policy* policy,
                                                     const fivek_score_in* in,
                                                     const fivek_score_out* out,
                                                     size_t rows,
                                                     size_t* bad_rows,
                                                     fivek_error* error) {
  // A few plain rows without a frame for errors.
  constexpr size_t kFew = 16;
  if (rows <= kFew && in != nullptr && out != nullptr &&
      fivek::AllAligned(in, out, bad_rows) && FitColumns(*in, *out) &&
      ScoreFew(TablesOf(policy), *in, *out, rows)) {
    if (bad_rows != nullptr) *bad_rows = 0;
    return FIVEK_OK;
  }
  return Guard(error, [&]() -> fivek_status {
    return ScoreColumns(policy, nullptr, in, out, rows, bad_rows, error);
  });
}

// The whole of fivek_score_deal, for all but the common case.
ABSL_ATTRIBUTE_NOINLINE fivek_status
ScoreDealWithChecks(const fivek_policy* policy, const fivek_deal* deal,
                    fivek_deal_score* out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(deal);
    FIVEK_NOT_NULL(out);
    const fivek::MethodTables& tables = TablesOf(policy);
    const auto row = SameBytes<fivek::DealRow>(*deal);
    fivek::DealScore score;
    if (!fivek::ComputeAnyDeal(tables, {tables.yield_ppm, 1}, row, 0, &score)) {
      return Report(fivek::ExplainDeal(tables, row), error);
    }
    *out = SameBytes<fivek_deal_score>(score);
    return FIVEK_OK;
  });
}

}  // namespace

fivek_status fivek_claim_audit(const fivek_policy* policy, int32_t claimed,
                               uint32_t evidence, uint32_t proven,
                               fivek_claim* out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    const fivek_status fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    const auto audit =
        fivek::AuditClaim(PolicyOf(policy), claimed, evidence, proven);
    if (!audit.ok()) return Report(audit.status(), error);
    fivek_claim result = {};
    result.verdict = static_cast<int32_t>(audit->verdict);
    result.claimed = static_cast<int32_t>(audit->claimed);
    result.supported = static_cast<int32_t>(audit->supported);
    result.proven_milestone = static_cast<int32_t>(audit->proven_milestone);
    result.rungs = audit->rungs;
    result.missing = audit->missing;
    Give(result, out);
    return FIVEK_OK;
  });
}

fivek_status fivek_claim_milestone(const fivek_policy* policy, int32_t ppm,
                                   int32_t* milestone, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(milestone);
    const auto claimed = fivek::ClaimedMilestone(PolicyOf(policy), ppm);
    if (!claimed.ok()) return Report(claimed.status(), error);
    *milestone = static_cast<int32_t>(*claimed);
    return FIVEK_OK;
  });
}

fivek_status fivek_score_rules_broken(const fivek_policy* policy,
                                      const fivek_assessment* assessment,
                                      uint32_t evidence, uint32_t* broken,
                                      fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(assessment);
    FIVEK_NOT_NULL(broken);
    const auto rules = fivek::BrokenScoreRules(
        PolicyOf(policy), SameBytes<fivek::Assessment>(*assessment), evidence);
    if (!rules.ok()) return Report(rules.status(), error);
    *broken = *rules;
    return FIVEK_OK;
  });
}

fivek_status fivek_score_rule_of(const fivek_policy* policy, int32_t index,
                                 fivek_score_rule* out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    const fivek_status fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    const fivek::Policy own = PolicyOf(policy);
    const auto rules = own.score_rules();
    if (index < 0) {
      return Report(Reason::kValueRange,
                    absl::StrCat("score rule ", index, "; allowed: 0 or more"),
                    error);
    }
    if (static_cast<size_t>(index) >= rules.size()) {
      return Report(
          Reason::kNotFound,
          absl::StrCat("score rule ", index, "; the policy has ", rules.size()),
          error);
    }
    const fivek::ScoreRule& rule = rules[static_cast<size_t>(index)];
    fivek_score_rule result = {};
    result.dimension = static_cast<int32_t>(rule.dimension);
    result.least_points = rule.least_points;
    result.only_by_decision_maker = rule.only_by_decision_maker ? 1 : 0;
    result.item = rule.item;
    Give(result, out);
    return FIVEK_OK;
  });
}

fivek_status fivek_score_columns(const fivek_policy* policy,
                                 const fivek_score_in* in,
                                 const fivek_score_out* out, size_t rows,
                                 size_t* bad_rows, fivek_error* error) {
  // One plain row without a frame for errors: it cannot throw.
  if (ABSL_PREDICT_TRUE(rows == 1 && in != nullptr && out != nullptr &&
                        fivek::AllAligned(in, out, bad_rows) &&
                        FitColumns(*in, *out)) &&
      fivek::ScorePlainRow(TablesOf(policy), *in, *out, 0)) {
    if (bad_rows != nullptr) *bad_rows = 0;
    return FIVEK_OK;
  }
  return ScoreWithChecks(policy, in, out, rows, bad_rows, error);
}

fivek_status fivek_score_columns_calibrated(
    const fivek_policy* policy, const fivek_calibration* calibration,
    const fivek_score_in* in, const fivek_score_out* out, size_t rows,
    size_t* bad_rows, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    const fivek_status fits = CheckStruct(calibration, "calibration", error);
    if (fits != FIVEK_OK) return fits;
    const fivek_calibration given = Given(*calibration);
    const fivek::Calibration table = {given.ppm, given.buckets,
                                      given.age_bucket};
    return ScoreColumns(policy, &table, in, out, rows, bad_rows, error);
  });
}

fivek_status fivek_score_deal(const fivek_policy* policy,
                              const fivek_deal* deal, fivek_deal_score* out,
                              fivek_error* error) {
  // The common case without a frame for errors: it cannot throw.
  const fivek::MethodTables& tables = TablesOf(policy);
  if (ABSL_PREDICT_TRUE(deal != nullptr && out != nullptr &&
                        fivek::AllAligned(deal, out)) &&
      fivek::ComputePlainDeal(tables, *deal, out)) {
    return FIVEK_OK;
  }
  return ScoreDealWithChecks(policy, deal, out, error);
}

const char* fivek_score_target(void) { return fivek::ScoreTarget(); }
