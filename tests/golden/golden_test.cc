// The golden vectors through the C++ interface.
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "fivek/base/calendar.h"
#include "fivek/base/money.h"
#include "fivek/base/reason.h"
#include "fivek/history/isotonic.h"
#include "fivek/history/metrics.h"
#include "fivek/history/wilson.h"
#include "fivek/method/buying_cycle.h"
#include "fivek/method/evidence.h"
#include "fivek/method/milestone.h"
#include "fivek/method/opportunity.h"
#include "fivek/method/policy.h"
#include "fivek/method/rubric.h"
#include "fivek/method/strength.h"
#include "fivek/pipeline/audit.h"
#include "fivek/pipeline/rollup.h"
#include "fivek/pipeline/scoring.h"
#include "src/base/fnv1a.h"
#include "tests/golden/golden_answer.h"
#include "tests/golden/golden_functions.h"

namespace fivek {
namespace {

int Code(const absl::Status& status) { return static_cast<int>(status.code()); }

int Code(const absl::Status& status, GoldenWhere* where) {
  const Where at = WhereOf(status);
  *where = {at.row, at.column};
  return Code(status);
}

// The status; the value, or what `as` makes of it, if there is one.
template <typename T, typename To, typename As>
int Take(absl::StatusOr<T> from, To* to, const As& as) {
  if (from.ok()) *to = as(*std::move(from));
  return Code(from.status());
}
template <typename T, typename To>
int Take(absl::StatusOr<T> from, To* to) {
  return Take(std::move(from), to,
              [](T&& value) { return static_cast<To>(std::move(value)); });
}

fivek::Policy PolicyOf(const std::string& json) {
  if (json.empty()) return fivek::Policy();
  auto policy = fivek::Policy::FromJson(json);
  EXPECT_TRUE(policy.ok()) << policy.status();
  return *policy;
}

const EvidenceRule& RuleOf(int32_t item) {
  return kEvidenceItems.at(static_cast<size_t>(item)).rule;
}

struct Cpp {
  using Assessment = fivek::Assessment;
  using Strength = fivek::Strength;
  using Standing = fivek::Standing;
  using Opportunity = fivek::Opportunity;
  using Event = fivek::Event;
  using Alignment = AlignmentShare;
  using Claim = fivek::ClaimAudit;
  using ScoreInput = fivek::ScoreInput;
  using Deal = fivek::Deal;
  using DealScore = fivek::DealScore;
  using ScoreOutput = fivek::ScoreOutput;
  using Calibration = fivek::Calibration;
  using RollupInput = RollupColumns;
  using Rollup = fivek::Rollup;
  struct Policy {
    explicit Policy(const std::string& json) : policy(PolicyOf(json)) {}
    fivek::Policy policy;
  };

  static int RubricPoints(size_t dimension, uint8_t level, int column,
                          int32_t* points) {
    Assessment a;
    a.level[dimension] = level;
    a.by_decision_maker = static_cast<uint8_t>(column << dimension);
    return Take(fivek::StrengthOf(fivek::Policy(), a), points,
                [dimension](const Strength& s) { return s.points[dimension]; });
  }
  static int StrengthOf(const Policy& p, const Assessment& a, Strength* out) {
    return Take(fivek::StrengthOf(p.policy, a), out);
  }

  static int StandingOf(uint32_t evidence, Standing* out) {
    *out = fivek::StandingOf(fivek::Policy(), evidence);
    return 0;
  }
  static int PositionOf(uint32_t evidence, int32_t* stage, int32_t* milestone) {
    const Position at = fivek::PositionOf(kBuiltInTables, evidence);
    *stage = at.stage;
    *milestone = at.milestone;
    return 0;
  }
  static int EvidenceRule(int32_t item, int32_t* stage, int32_t* gate) {
    const fivek::EvidenceRule& rule = RuleOf(item);
    *stage = static_cast<int32_t>(rule.stage);
    *gate = static_cast<int32_t>(rule.gate);
    return 0;
  }
  static bool IsProven(int item, int32_t shown_by, int32_t proof) {
    return fivek::IsProven(RuleOf(item), static_cast<ShownBy>(shown_by),
                           static_cast<Proof>(proof));
  }

  static Opportunity NewOpportunity(int64_t created_at) {
    return fivek::NewOpportunity(created_at);
  }
  static int Apply(const Policy& p, const Event& event, Opportunity* state) {
    return Code(ApplyEvent(p.policy, event, state));
  }
  static std::vector<int> ApplyAll(const Policy& p,
                                   const std::vector<Event>& events,
                                   Opportunity* state) {
    const std::vector<uint32_t> rows(events.size(), 0);
    std::vector<Reason> reasons(events.size());
    ApplyEvents(p.policy.tables(), events, rows, absl::MakeSpan(state, 1),
                absl::MakeSpan(reasons));
    std::vector<int> statuses;
    for (const Reason reason : reasons) {
      statuses.push_back(static_cast<int>(CodeOf(reason)));
    }
    return statuses;
  }

  static int ExpectedAmount(int64_t amount, int32_t ppm, int64_t* out) {
    return Take(fivek::ExpectedAmount(amount, ppm), out);
  }
  // An accumulator takes what was checked.
  static int ExpectedTotal(const std::vector<int64_t>& amount,
                           const std::vector<int32_t>& ppm, int64_t* out) {
    ExactTotal total;
    for (size_t i = 0; i < amount.size(); ++i) {
      int64_t one = 0;
      const int status = ExpectedAmount(amount[i], ppm[i], &one);
      if (status != 0) return status;
      total.AddExpected(amount[i], ppm[i]);
    }
    return Take(total.Rounded(Rounding::kHalfEven), out);
  }
  static int DayFromDate(const std::array<int32_t, 3>& date, int32_t* day) {
    return Take(fivek::DayFromDate({date[0], date[1], date[2]}), day);
  }
  static std::array<int32_t, 3> DateFromDay(int32_t day) {
    const Date date = fivek::DateFromDay(day).value_or(Date());
    return {date.year, date.month, date.day};
  }
  static int ParseDay(const std::string& text, int32_t* day) {
    return Take(fivek::ParseDay(text), day);
  }
  static std::string FormatDay(int32_t day) { return fivek::FormatDay(day); }
  static int ParseInstant(const std::string& text, int64_t* instant) {
    return Take(fivek::ParseInstant(text), instant);
  }

  static int StageOfStep(int32_t step, int32_t* stage) {
    return Take(fivek::StageOfStep(step), stage);
  }
  static int MeasureAlignment(const std::vector<uint8_t>& actions,
                              const std::vector<uint8_t>& stages,
                              Alignment* out) {
    return Take(fivek::MeasureAlignment(actions, stages), out);
  }
  static int Align(int32_t action, int32_t stage, int32_t* steps) {
    return Take(fivek::Align(action, stage), steps,
                [](const fivek::Alignment& a) { return a.steps; });
  }
  static int CompareWithMarket(const std::array<int64_t, 6>& accounts,
                               std::array<int32_t, 6>* share,
                               std::array<int32_t, 6>* difference) {
    MarketComparison comparison = {};
    const int status = Take(fivek::CompareWithMarket(accounts), &comparison);
    *share = comparison.share_ppm;
    *difference = comparison.difference_ppm;
    return status;
  }
  static int ClaimedMilestone(int32_t ppm, int32_t* milestone) {
    return Take(fivek::ClaimedMilestone(fivek::Policy(), ppm), milestone);
  }
  static int AuditClaim(int32_t claimed, uint32_t evidence, uint32_t proven,
                        Claim* out) {
    return Take(fivek::AuditClaim(fivek::Policy(), claimed, evidence, proven),
                out);
  }
  static int BrokenScoreRules(const Assessment& a, uint32_t evidence,
                              uint32_t* broken) {
    return Take(fivek::BrokenScoreRules(fivek::Policy(), a, evidence), broken);
  }

  static int ScoreDeal(const Policy& p, const Deal& deal, DealScore* out) {
    return Take(fivek::ScoreDeal(p.policy.tables(), deal), out);
  }
  static int ScoreColumns(const Policy& p, const Calibration* calibration,
                          const ScoreInput& in, const ScoreOutput& out,
                          size_t rows, size_t* bad_rows, GoldenWhere* where) {
    return Code(fivek::ScoreColumns(p.policy.tables(), in, out, rows, bad_rows,
                                    calibration),
                where);
  }

  static Rollup NewRollup(int by) { return Rollup(static_cast<RollupBy>(by)); }
  static int Add(Rollup& rollup, const RollupInput& in, size_t rows,
                 GoldenWhere* where) {
    return Code(rollup.Add(in, rows), where);
  }
  static int Merge(Rollup& into, const Rollup& from) {
    return Code(into.Merge(from));
  }
  static std::pair<int, GoldenGroup> GroupOf(const RollupGroup& group) {
    const RollupSums& sums = group.sums;
    GoldenGroup out = {group.owner, group.milestone, sums.count, sums.won,
                       sums.lost,   sums.unknown,    0,          0};
    int status = Take(sums.AmountTotal(), &out.amount);
    if (status == 0) {
      status = Take(sums.ExpectedRounded(Rounding::kHalfEven), &out.expected);
    }
    return {status, out};
  }
  static std::vector<std::pair<int, GoldenGroup>> Groups(const Rollup& rollup) {
    std::vector<std::pair<int, GoldenGroup>> groups;
    for (const RollupGroup& group : rollup.Groups()) {
      groups.push_back(GroupOf(group));
    }
    return groups;
  }
  static std::pair<int, GoldenGroup> Total(const Rollup& rollup) {
    return GroupOf({0, -1, rollup.Total()});
  }
  static std::string Write(const Rollup& rollup) { return rollup.Serialise(); }
  static int Read(const std::string& bytes, Rollup* rollup) {
    return Take(Rollup::Read(bytes), rollup);
  }

  static int WilsonOf(int64_t successes, int64_t trials, double z, double* rate,
                      double* low, double* high) {
    const auto interval = Wilson(successes, trials, z);
    const Proportion p = interval.value_or(Proportion());
    *rate = p.rate;
    *low = p.low;
    *high = p.high;
    return Code(interval.status());
  }
  static int Evaluate(const std::vector<double>& forecast,
                      const std::vector<uint8_t>& won, GoldenJson* fields,
                      GoldenWhere* where) {
    const auto quality = EvaluateForecasts(forecast, won);
    if (!quality.ok()) return Code(quality.status(), where);
    const ForecastQuality& q = *quality;
    EXPECT_EQ(q.corp.uncertainty, q.murphy.uncertainty);
    *fields = {{"rows", q.rows},
               {"won", q.won},
               {"base_rate", q.base_rate},
               {"mean_forecast", q.mean_forecast},
               {"brier", q.brier},
               {"log_loss", q.log_loss},
               {"brier_skill", OrNull(q.brier_skill)},
               {"auc", OrNull(q.auc)},
               {"spiegelhalter_z", OrNull(q.spiegelhalter_z)},
               {"ece_width", q.ece_width},
               {"mce_width", q.mce_width},
               {"ece_mass", q.ece_mass},
               {"reliability", q.murphy.reliability},
               {"resolution", q.murphy.resolution},
               {"uncertainty", q.murphy.uncertainty},
               {"within_bin_variance", q.murphy.within_bin_variance},
               {"within_bin_covariance", q.murphy.within_bin_covariance},
               {"miscalibration", q.corp.miscalibration},
               {"discrimination", q.corp.discrimination},
               {"recalibrated_brier", q.corp.recalibrated_brier}};
    return 0;
  }
  static int Reliability(const std::vector<double>& forecast,
                         const std::vector<uint8_t>& won, int32_t binning,
                         double z, std::vector<GoldenBin>* bins,
                         GoldenWhere* where) {
    const auto table = MeasureReliability(
        forecast, won, static_cast<ForecastBinning>(binning), z);
    if (!table.ok()) return Code(table.status(), where);
    for (const ReliabilityBin& bin : *table) {
      bins->push_back({bin.rows, bin.won, bin.mean_forecast,
                       bin.lowest_forecast, bin.highest_forecast,
                       bin.observed.rate, bin.observed.low, bin.observed.high});
    }
    return 0;
  }
  static int Compare(const std::vector<double>& base,
                     const std::vector<double>& model,
                     const std::vector<uint8_t>& won, GoldenJson* fields,
                     GoldenWhere* where) {
    const auto gate = CompareForecasts(base, model, won);
    if (!gate.ok()) return Code(gate.status(), where);
    *fields = {{"verdict", static_cast<int>(gate->verdict)},
               {"rows", gate->rows},
               {"base_log_loss", gate->base_log_loss},
               {"model_log_loss", gate->model_log_loss},
               {"mean_gain", gate->mean_gain},
               {"sd_gain", gate->sd_gain},
               {"z", OrNull(gate->z)}};
    return 0;
  }
  static int IsotonicFitOf(const std::vector<double>& value,
                           const std::vector<double>* weight,
                           std::vector<double>* fit, GoldenWhere* where) {
    auto fitted =
        weight == nullptr ? IsotonicFit(value) : IsotonicFit(value, *weight);
    if (!fitted.ok()) return Code(fitted.status(), where);
    *fit = *std::move(fitted);
    return 0;
  }
};

GoldenJson Fnv1a64Of(const GoldenJson& input) {
  const uint64_t hash = Fnv1a64(input.at("text").get<std::string>());
  return {{"status", 0},
          {"hash", absl::StrCat(hash)},
          {"hex", absl::StrFormat("%016x", hash)}};
}

}  // namespace

GoldenInterface InterfaceUnderTest() {
  GoldenFunctions functions = GoldenFunctionsOf<Cpp>::All();
  functions.merge(HistoryFunctions());
  functions.merge(LeadsFunctions());
  functions.merge(MovementFunctions());
  functions.merge(GradesFunctions());
  functions.merge(CoverageFunctions());
  functions.merge(CustomersFunctions());
  functions["fnv1a64"] = Fnv1a64Of;
  // The library multiplies one amount with one probability, never ratios with
  // each other (the deal product of five points is in strength.json).
  return {functions, {"ppm_product"}};
}

}  // namespace fivek
