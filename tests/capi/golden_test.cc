// The golden vectors through the C interface, and nothing but it.
#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "capi/fivek.h"
#include "tests/capi/golden_call.h"
#include "tests/golden/golden_functions.h"

namespace fivek {
namespace {

// The same fields, with the size.
template <typename Struct>
Struct WithSize(Struct s) {
  s.struct_size = sizeof s;
  return s;
}

struct C {
  using Assessment = fivek_assessment;
  using Strength = fivek_strength;
  using Standing = fivek_standing;
  using Opportunity = fivek_opportunity;
  using Event = fivek_event;
  using Alignment = fivek_alignment;
  using Claim = fivek_claim;
  using ScoreInput = fivek_score_in;
  using Deal = fivek_deal;
  using DealScore = fivek_deal_score;
  using ScoreOutput = fivek_score_out;
  using Calibration = fivek_calibration;
  using RollupInput = fivek_rollup_in;

  class Policy {
   public:
    explicit Policy(const std::string& json) {
      if (json.empty()) return;
      auto error = Sized<fivek_error>();
      EXPECT_EQ(
          fivek_policy_from_json(json.data(), json.size(), &policy_, &error),
          FIVEK_OK)
          << error.message;
    }
    ~Policy() { fivek_policy_release(policy_); }
    Policy(const Policy&) = delete;
    Policy& operator=(const Policy&) = delete;

    const fivek_policy* get() const { return policy_; }

   private:
    const fivek_policy* policy_ = nullptr;
  };

  struct Release {
    void operator()(fivek_rollup* rollup) const {
      fivek_rollup_release(rollup);
    }
  };
  using Rollup = std::unique_ptr<fivek_rollup, Release>;

  static int RubricPoints(int32_t dimension, int32_t level, int32_t column,
                          int32_t* points) {
    return fivek_rubric_points(nullptr, dimension, level, column, points,
                               nullptr);
  }
  static int StrengthOf(const Policy& p, const Assessment& a, Strength* out) {
    *out = Sized<Strength>();
    return fivek_strength_of(p.get(), &a, out, nullptr);
  }

  static int StandingOf(uint32_t evidence, Standing* out) {
    *out = Sized<Standing>();
    return fivek_standing_of(nullptr, evidence, nullptr, 0, out, nullptr);
  }
  static int PositionOf(uint32_t evidence, int32_t* stage, int32_t* milestone) {
    Standing standing;
    StandingOf(evidence, &standing);
    int32_t yield_ppm = -1;
    uint32_t missing_for_next = 0;
    const int status =
        fivek_milestone_of(nullptr, evidence, stage, milestone, &yield_ppm,
                           &missing_for_next, nullptr);
    EXPECT_EQ(yield_ppm, standing.yield_ppm);
    EXPECT_EQ(missing_for_next, standing.missing_for_next);
    return status;
  }
  static int EvidenceRule(int32_t item, int32_t* stage, int32_t* gate) {
    auto rule = Sized<fivek_evidence_rule>();
    const int status = fivek_evidence_rule_of(nullptr, item, &rule, nullptr);
    *stage = rule.stage;
    *gate = rule.gate;
    return status;
  }
  static bool IsProven(int32_t item, int32_t shown_by, int32_t proof) {
    int32_t proven = -1;
    EXPECT_EQ(fivek_evidence_is_proven(nullptr, item, shown_by, proof, &proven,
                                       nullptr),
              FIVEK_OK);
    return proven != 0;
  }

  static Opportunity NewOpportunity(int64_t created_at) {
    Opportunity state;
    EXPECT_EQ(fivek_opportunity_init(&state, created_at, nullptr), FIVEK_OK);
    return state;
  }
  static int Apply(const Policy& p, const Event& event, Opportunity* state) {
    return fivek_opportunity_apply(p.get(), state, &event, nullptr);
  }
  static std::vector<int> ApplyAll(const Policy& p,
                                   const std::vector<Event>& events,
                                   Opportunity* state) {
    const std::vector<uint32_t> rows(events.size(), 0);
    std::vector<fivek_status> statuses(events.size(), -1);
    EXPECT_EQ(
        fivek_apply_events(p.get(), state, 1, rows.data(), events.data(),
                           events.size(), statuses.data(), nullptr, nullptr),
        FIVEK_OK);
    return statuses;
  }

  static int ExpectedAmount(int64_t amount, int32_t ppm, int64_t* out) {
    return fivek_amount_expect(nullptr, amount, ppm, out, nullptr);
  }
  static int ExpectedTotal(const std::vector<int64_t>& amount,
                           const std::vector<int32_t>& ppm, int64_t* out) {
    return fivek_amount_total(nullptr, amount.data(), ppm.data(), amount.size(),
                              out, nullptr);
  }
  static int DayFromDate(const std::array<int32_t, 3>& date, int32_t* day) {
    return fivek_day_from_date(date[0], date[1], date[2], day, nullptr);
  }
  static std::array<int32_t, 3> DateFromDay(int32_t day) {
    std::array<int32_t, 3> date = {};
    EXPECT_EQ(fivek_day_to_date(day, &date[0], &date[1], &date[2], nullptr),
              FIVEK_OK);
    return date;
  }
  static int ParseDay(const std::string& text, int32_t* day) {
    return fivek_day_parse(text.data(), text.size(), day, nullptr);
  }
  static std::string FormatDay(int32_t day) {
    char written[11] = "";
    size_t needed = 0;
    EXPECT_EQ(fivek_day_format(day, written, sizeof written, &needed, nullptr),
              FIVEK_OK);
    return written;
  }
  static int ParseInstant(const std::string& text, int64_t* instant) {
    return fivek_instant_parse(text.data(), text.size(), instant, nullptr);
  }

  static int StageOfStep(int32_t step, int32_t* stage) {
    return fivek_step_stage(step, stage, nullptr);
  }
  static int MeasureAlignment(const std::vector<uint8_t>& actions,
                              const std::vector<uint8_t>& stages,
                              Alignment* out) {
    *out = Sized<Alignment>();
    return fivek_actions_measure(actions.data(), stages.data(), actions.size(),
                                 out, nullptr);
  }
  static int Align(int32_t action, int32_t stage, int32_t* steps) {
    return fivek_action_align(action, stage, steps, nullptr);
  }
  static int CompareWithMarket(const std::array<int64_t, 6>& accounts,
                               std::array<int32_t, 6>* share,
                               std::array<int32_t, 6>* difference) {
    return fivek_market_compare(accounts.data(), share->data(),
                                difference->data(), nullptr);
  }
  static int ClaimedMilestone(int32_t ppm, int32_t* milestone) {
    return fivek_claim_milestone(nullptr, ppm, milestone, nullptr);
  }
  static int AuditClaim(int32_t claimed, uint32_t evidence, uint32_t proven,
                        Claim* out) {
    *out = Sized<Claim>();
    return fivek_claim_audit(nullptr, claimed, evidence, proven, out, nullptr);
  }
  static int BrokenScoreRules(const Assessment& a, uint32_t evidence,
                              uint32_t* broken) {
    return fivek_score_rules_broken(nullptr, &a, evidence, broken, nullptr);
  }

  static int ScoreDeal(const Policy& p, const Deal& deal, DealScore* out) {
    return fivek_score_deal(p.get(), &deal, out, nullptr);
  }
  static int ScoreColumns(const Policy& p, const Calibration* calibration,
                          const ScoreInput& in, const ScoreOutput& out,
                          size_t rows, size_t* bad_rows, GoldenWhere* where) {
    const ScoreInput from = WithSize(in);
    const ScoreOutput to = WithSize(out);
    Failure failure;
    int status = 0;
    if (calibration == nullptr) {
      status = fivek_score_columns(p.get(), &from, &to, rows, bad_rows,
                                   failure.get());
    } else {
      const Calibration learned = WithSize(*calibration);
      status = fivek_score_columns_calibrated(p.get(), &learned, &from, &to,
                                              rows, bad_rows, failure.get());
    }
    *where = failure.where();
    return status;
  }

  static Rollup NewRollup(int32_t by) {
    fivek_rollup* rollup = nullptr;
    EXPECT_EQ(fivek_rollup_create(by, &rollup, nullptr), FIVEK_OK);
    return Rollup(rollup);
  }
  static int Add(const Rollup& rollup, const RollupInput& in, size_t rows,
                 GoldenWhere* where) {
    const RollupInput from = WithSize(in);
    Failure failure;
    const int status =
        fivek_rollup_add(rollup.get(), &from, rows, failure.get());
    *where = failure.where();
    return status;
  }
  static int Merge(const Rollup& into, const Rollup& from) {
    return fivek_rollup_merge(into.get(), from.get(), nullptr);
  }
  static std::pair<int, GoldenGroup> Group(int status,
                                           const fivek_rollup_group& g) {
    return {status,
            {g.owner, g.milestone, g.count, g.won, g.lost, g.unknown, g.amount,
             g.expected}};
  }
  static std::vector<std::pair<int, GoldenGroup>> Groups(const Rollup& rollup) {
    size_t count = 0;
    EXPECT_EQ(fivek_rollup_groups(rollup.get(), &count, nullptr), FIVEK_OK);
    std::vector<std::pair<int, GoldenGroup>> groups;
    auto group = Sized<fivek_rollup_group>();
    for (size_t i = 0; i < count; ++i) {
      const int status =
          fivek_rollup_group_of(rollup.get(), i, &group, nullptr);
      groups.push_back(Group(status, group));
    }
    EXPECT_EQ(fivek_rollup_group_of(rollup.get(), count, &group, nullptr),
              FIVEK_NOT_FOUND);
    return groups;
  }
  static std::pair<int, GoldenGroup> Total(const Rollup& rollup) {
    auto total = Sized<fivek_rollup_group>();
    const int status = fivek_rollup_total(rollup.get(), &total, nullptr);
    return Group(status, total);
  }
  static std::string Write(const Rollup& rollup) {
    size_t needed = 0;
    EXPECT_EQ(fivek_rollup_write(rollup.get(), nullptr, 0, &needed, nullptr),
              FIVEK_OK);
    std::vector<uint8_t> bytes(needed);
    EXPECT_EQ(fivek_rollup_write(rollup.get(), bytes.data(), bytes.size(),
                                 &needed, nullptr),
              FIVEK_OK);
    return std::string(bytes.begin(), bytes.end());
  }
  static int Read(const std::string& bytes, Rollup* rollup) {
    fivek_rollup* read = nullptr;
    const int status =
        fivek_rollup_read(reinterpret_cast<const uint8_t*>(bytes.data()),
                          bytes.size(), &read, nullptr);
    EXPECT_EQ(read != nullptr, status == FIVEK_OK);
    rollup->reset(read);
    return status;
  }

  static int WilsonOf(int64_t successes, int64_t trials, double z, double* rate,
                      double* low, double* high) {
    return fivek_wilson(successes, trials, z, rate, low, high, nullptr);
  }
  static int Evaluate(const std::vector<double>& forecast,
                      const std::vector<uint8_t>& won, GoldenJson* fields,
                      GoldenWhere* where) {
    auto q = Sized<fivek_forecast_quality>();
    Failure failure;
    const int status = fivek_forecasts_evaluate(Start(forecast), Start(won),
                                                won.size(), &q, failure.get());
    *where = failure.where();
    const auto or_null = [&q](uint32_t bit, double value) {
      if ((q.undefined & bit) == 0) return GoldenJson(value);
      EXPECT_EQ(value, 0.0);
      return GoldenJson();
    };
    *fields = {
        {"rows", q.rows},
        {"won", q.won},
        {"base_rate", q.base_rate},
        {"mean_forecast", q.mean_forecast},
        {"brier", q.brier},
        {"log_loss", q.log_loss},
        {"brier_skill", or_null(FIVEK_UNDEFINED_BRIER_SKILL, q.brier_skill)},
        {"auc", or_null(FIVEK_UNDEFINED_AUC, q.auc)},
        {"spiegelhalter_z",
         or_null(FIVEK_UNDEFINED_SPIEGELHALTER, q.spiegelhalter_z)},
        {"ece_width", q.ece_width},
        {"mce_width", q.mce_width},
        {"ece_mass", q.ece_mass},
        {"reliability", q.reliability},
        {"resolution", q.resolution},
        {"uncertainty", q.uncertainty},
        {"within_bin_variance", q.within_bin_variance},
        {"within_bin_covariance", q.within_bin_covariance},
        {"miscalibration", q.miscalibration},
        {"discrimination", q.discrimination},
        {"recalibrated_brier", q.recalibrated_brier}};
    return status;
  }
  static int Reliability(const std::vector<double>& forecast,
                         const std::vector<uint8_t>& won, int32_t binning,
                         double z, std::vector<GoldenBin>* bins,
                         GoldenWhere* where) {
    std::array<fivek_reliability_bin, FIVEK_FORECAST_BINS> table = {};
    Failure failure;
    const int status =
        fivek_forecasts_reliability(Start(forecast), Start(won), won.size(),
                                    binning, z, table.data(), failure.get());
    *where = failure.where();
    for (const fivek_reliability_bin& bin : table) {
      bins->push_back({bin.rows, bin.won, bin.mean_forecast,
                       bin.lowest_forecast, bin.highest_forecast, bin.rate,
                       bin.low, bin.high});
    }
    return status;
  }
  static int Compare(const std::vector<double>& base,
                     const std::vector<double>& model,
                     const std::vector<uint8_t>& won, GoldenJson* fields,
                     GoldenWhere* where) {
    auto gate = Sized<fivek_forecast_gate>();
    Failure failure;
    const int status =
        fivek_forecasts_compare(Start(base), Start(model), Start(won),
                                won.size(), &gate, failure.get());
    *where = failure.where();
    const bool has_z = (gate.undefined & FIVEK_UNDEFINED_GATE_Z) == 0;
    EXPECT_TRUE(has_z || gate.z == 0.0);
    *fields = {{"verdict", gate.verdict},
               {"rows", gate.rows},
               {"base_log_loss", gate.base_log_loss},
               {"model_log_loss", gate.model_log_loss},
               {"mean_gain", gate.mean_gain},
               {"sd_gain", gate.sd_gain},
               {"z", has_z ? GoldenJson(gate.z) : GoldenJson()}};
    return status;
  }
  static int IsotonicFitOf(const std::vector<double>& value,
                           const std::vector<double>* weight,
                           std::vector<double>* fit, GoldenWhere* where) {
    fit->resize(value.size());
    Failure failure;
    const int status = fivek_isotonic_fit(
        value.data(), weight == nullptr ? nullptr : Start(*weight),
        value.size(), fit->data(), failure.get());
    *where = failure.where();
    return status;
  }
};

}  // namespace

GoldenInterface InterfaceUnderTest() {
  GoldenFunctions functions = GoldenFunctionsOf<C>::All();
  functions.merge(HistoryFunctions());
  functions.merge(LeadsFunctions());
  functions.merge(MovementFunctions());
  functions.merge(GradesFunctions());
  functions.merge(CoverageFunctions());
  functions.merge(CustomersFunctions());
  // What the C interface has no function for.
  return {functions, {"ppm_product", "fnv1a64"}};
}

}  // namespace fivek
