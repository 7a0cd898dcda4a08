// The `fn` of the golden vectors (README.md beside this file), once for every
// interface: `Api` is a struct of its types and of static functions that do
// nothing but call it. They give a status number, and on 0 the result.
//
// The structs of the interfaces have fields of the same names. Where an
// interface says a thing in two ways, both are asked and have to agree.
#ifndef FIVEK_TESTS_GOLDEN_GOLDEN_FUNCTIONS_H_
#define FIVEK_TESTS_GOLDEN_GOLDEN_FUNCTIONS_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "tests/golden/golden_cases.h"
#include "tests/golden/golden_input.h"

namespace fivek {

struct GoldenGroup {
  uint32_t owner = 0;
  int32_t milestone = 0;
  int64_t count = 0, won = 0, lost = 0, unknown = 0, amount = 0, expected = 0;
};

struct GoldenBin {
  int64_t rows = 0, won = 0;
  double mean_forecast = 0, lowest_forecast = 0, highest_forecast = 0;
  double rate = 0, low = 0, high = 0;
};

template <typename Api>
class GoldenFunctionsOf {
  using Json = GoldenJson;
  using Opportunity = typename Api::Opportunity;
  using Policy = typename Api::Policy;  // Of a JSON text; "": built in.

 public:
  static GoldenFunctions All() {
    return {
        {"rubric_points", RubricPoints},
        {"fivek_strength_of", StrengthOfAssessment},
        {"strength_of_points", StrengthOfPoints},
        {"fivek_milestone_of", MilestoneOfMask},
        {"skipped_items", SkippedItems},
        {"evidence_item", EvidenceItem},
        {"evidence_proven", EvidenceProven},
        {"fivek_opportunity_init", OpportunityInit},
        {"fivek_opportunity_apply", OpportunityApply},
        {"expected_amount", ExpectedAmount},
        {"expected_total", ExpectedTotal},
        {"days_of_date", DaysOfDate},
        {"parse_date", ParseDate},
        {"parse_instant", ParseInstant},
        {"stage_of_seven_step", StageOfSevenStep},
        {"alignment", Alignment},
        {"market_shares", MarketShares},
        {"claimed_milestone", ClaimedMilestone},
        {"claim_audit", ClaimAudit},
        {"score_contradictions", ScoreContradictions},
        {"fivek_score_columns", ScoreColumns},
        {"fivek_rollup_add", RollupAdd},
        {"fivek_rollup_read", RollupRead},
        {"fivek_wilson", WilsonOf},
        {"fivek_forecasts_evaluate", ForecastsEvaluate},
        {"fivek_forecasts_reliability", ForecastsReliability},
        {"fivek_forecasts_compare", ForecastsCompare},
        {"fivek_isotonic_fit", IsotonicFitOf},
    };
  }

 private:
  static constexpr int kContract = 18;  // The item that wins the deal.
  static constexpr int kItems = 22;     // Of the method.

  static typename Api::Assessment AssessmentOf(const Json& input) {
    typename Api::Assessment a = {};
    for (size_t d = 0; d < 5; ++d) a.level[d] = input.at("level").at(d);
    a.by_decision_maker = input.at("by_decision_maker");
    if (input.contains("reserved")) {
      for (size_t i = 0; i < 2; ++i) a.reserved[i] = input["reserved"].at(i);
    }
    return a;
  }

  // ---- Rubric and strength -------------------------------------------------

  static Json RubricPoints(const Json& input) {
    int32_t points = 0;
    const int status =
        Api::RubricPoints(input.at("dimension"), input.at("level"),
                          input.at("by_decision_maker"), &points);
    return Result(status, {{"points", points}});
  }

  static Json StrengthOfAssessment(const Json& input) {
    typename Api::Strength s = {};
    const int status = Api::StrengthOf(Policy(""), AssessmentOf(input), &s);
    return Result(status, {{"total", s.total},
                           {"highest_reachable", s.highest_reachable},
                           {"points", s.points},
                           {"product_ppm", s.product_ppm},
                           {"product_max_ppm", s.product_max_ppm},
                           {"balanced", s.balanced},
                           {"weakest", s.weakest},
                           {"unknown_mask", s.unknown_mask},
                           {"next_level", s.next_level},
                           {"next_gain", s.next_gain}});
  }

  // Points that no level earns come from a policy in which all levels of a
  // dimension earn them.
  static Json StrengthOfPoints(const Json& input) {
    const struct {
      const char* key;
      int levels;
      bool two_columns;
    } rows[] = {{"problem", 6, true},
                {"power", 8, false},
                {"vision", 4, true},
                {"value", 7, true},
                {"control", 7, false}};
    Json policy = {{"fivek_policy", 1}};
    for (size_t d = 0; d < 5; ++d) {
      const Json& points = input.at("points").at(d);
      for (int level = 0; level < rows[d].levels; ++level) {
        policy["rubric"][rows[d].key][std::to_string(level)] =
            rows[d].two_columns
                ? Json{{"sponsor", points}, {"decision_maker", points}}
                : Json{{"points", points}};
      }
    }
    typename Api::Assessment a = {};
    for (auto& level : a.level) level = 0;
    typename Api::Strength s = {};
    const int status = Api::StrengthOf(Policy(policy.dump()), a, &s);
    return Result(status, {{"total", s.total},
                           {"product_ppm", s.product_ppm},
                           {"balanced", s.balanced},
                           {"weakest", s.weakest}});
  }

  // ---- Evidence and milestones ---------------------------------------------

  static typename Api::Standing StandingOf(uint32_t evidence) {
    typename Api::Standing s = {};
    EXPECT_EQ(Api::StandingOf(evidence, &s), 0);
    int32_t stage = -1;
    int32_t milestone = -1;
    EXPECT_EQ(Api::PositionOf(evidence, &stage, &milestone), 0);
    EXPECT_EQ(static_cast<int>(s.stage), stage);
    EXPECT_EQ(static_cast<int>(s.milestone), milestone);
    EXPECT_EQ(s.advised, 0U);
    EXPECT_EQ(s.waived, 0U);
    return s;
  }

  static Json MilestoneOfMask(const Json& input) {
    const auto s = StandingOf(input.at("evidence"));
    return Result(0, {{"stage", static_cast<int>(s.stage)},
                      {"milestone", static_cast<int>(s.milestone)},
                      {"yield_ppm", s.yield_ppm},
                      {"missing_for_next", s.missing_for_next}});
  }

  static Json SkippedItems(const Json& input) {
    return Result(0, {{"skipped", StandingOf(input.at("evidence")).skipped}});
  }

  static int GateOf(int item) {
    int32_t stage = -1;
    int32_t gate = -1;
    EXPECT_EQ(Api::EvidenceRule(item, &stage, &gate), 0);
    return gate;
  }

  // The yield of a gate is that of a deal with all that the gates up to it ask.
  static Json EvidenceItem(const Json& input) {
    int32_t stage = -1;
    int32_t gate = -1;
    const int status = Api::EvidenceRule(input.at("item"), &stage, &gate);
    Json fields = {
        {"stage", stage}, {"gate", nullptr}, {"gate_yield_ppm", nullptr}};
    if (status == 0 && gate != 0) {
      uint32_t evidence = 0;
      for (int item = 0; item < kItems; ++item) {
        if (GateOf(item) != 0 && GateOf(item) <= gate) evidence |= 1U << item;
      }
      const auto standing = StandingOf(evidence);
      EXPECT_EQ(static_cast<int>(standing.milestone), gate);
      fields["gate"] = gate;
      fields["gate_yield_ppm"] = standing.yield_ppm;
    }
    return Result(status, fields);
  }

  // By the state machine: one confirmation for each person and proof. The
  // function that only answers says the same of the method's own items.
  static Json EvidenceProven(const Json& input) {
    const int item = input.at("item");
    const Policy policy("");
    Json proven = Json::array();
    for (int32_t shown_by = 0; shown_by < 8; ++shown_by) {
      Json row = Json::array();
      for (int32_t proof = 0; proof < 6; ++proof) {
        Opportunity state = Api::NewOpportunity(0);
        typename Api::Event event = {};
        // After-sales items can be confirmed once the deal is won.
        if (item > kContract && item < kItems) {
          event.code = kContract;
          EXPECT_EQ(Api::Apply(policy, event, &state), 0);
        }
        event.code = item;
        event.shown_by = shown_by;
        event.proof = proof;
        EXPECT_EQ(Api::Apply(policy, event, &state), 0);
        const bool by_event = (state.proven >> item & 1) != 0;
        if (item < kItems) {
          EXPECT_EQ(Api::IsProven(item, shown_by, proof), by_event) << item;
        }
        row.push_back(by_event ? 1 : 0);
      }
      proven.push_back(row);
    }
    return Result(0, {{"proven", proven}});
  }

  // ---- The opportunity -----------------------------------------------------

  static Json StateJson(const Opportunity& o) {
    return {{"evidence", o.evidence},
            {"outcome", o.outcome},
            {"cycle", o.cycle},
            {"stage", o.stage},
            {"milestone", o.milestone},
            {"highest_milestone", o.highest_milestone},
            {"regressions", o.regressions},
            {"lost_reason", o.lost_reason},
            {"stage_since", o.stage_since},
            {"milestone_since", o.milestone_since},
            {"last_event_at", o.last_event_at},
            {"proven", o.proven},
            {"reserved", o.reserved}};
  }

  static Opportunity StateOf(const Json& json) {
    Opportunity o = {};
    o.evidence = json.at("evidence");
    o.outcome = json.at("outcome");
    o.cycle = json.at("cycle");
    o.stage = json.at("stage");
    o.milestone = json.at("milestone");
    o.highest_milestone = json.at("highest_milestone");
    o.regressions = json.at("regressions");
    o.lost_reason = json.at("lost_reason");
    o.stage_since = json.at("stage_since");
    o.milestone_since = json.at("milestone_since");
    o.last_event_at = json.at("last_event_at");
    o.proven = json.at("proven");
    o.reserved = json.at("reserved");
    return o;
  }

  static Json OpportunityInit(const Json& input) {
    return Result(
        0, {{"state", StateJson(Api::NewOpportunity(input.at("created_at")))}});
  }

  // One by one; the whole log at once must end in the same state.
  static Json OpportunityApply(const Json& input) {
    Json document = {{"fivek_policy", 1}};
    if (input.contains("unproven")) document["unproven"] = input["unproven"];
    const Policy policy(input.contains("unproven") ? document.dump() : "");
    Opportunity state = input.contains("state")
                            ? StateOf(input["state"])
                            : Api::NewOpportunity(input.at("created_at"));
    Opportunity at_once = state;
    Json results = Json::array();
    std::vector<typename Api::Event> events;
    std::vector<int> statuses;
    for (const Json& e : input.at("events")) {
      typename Api::Event event = {};
      event.at = e.at("at");
      event.kind = e.at("kind");
      event.code = e.at("code");
      event.shown_by = e.at("shown_by");
      event.proof = e.at("proof");
      event.reference = results.size();
      events.push_back(event);
      statuses.push_back(Api::Apply(policy, event, &state));
      results.push_back(
          {{"status", statuses.back()}, {"state", StateJson(state)}});
    }
    EXPECT_EQ(Api::ApplyAll(policy, events, &at_once), statuses);
    EXPECT_EQ(std::memcmp(&at_once, &state, sizeof state), 0);
    return results;
  }

  // ---- Money and calendar --------------------------------------------------

  static Json ExpectedAmount(const Json& input) {
    int64_t amount = 0;
    const int status = Api::ExpectedAmount(Int64Of(input.at("amount")),
                                           input.at("ppm"), &amount);
    return Result(status, {{"expected_amount", Text(amount)}});
  }

  static Json ExpectedTotal(const Json& input) {
    const auto amount = Numbers<int64_t>(input, "amount");
    const auto ppm = Numbers<int32_t>(input, "ppm");
    int64_t total = 0;
    const int status = Api::ExpectedTotal(amount, ppm, &total);
    return Result(status, {{"expected_amount", Text(total)}});
  }

  static Json DaysOfDate(const Json& input) {
    const std::array<int32_t, 3> date = {input.at("year"), input.at("month"),
                                         input.at("day")};
    int32_t day = 0;
    const int status = Api::DayFromDate(date, &day);
    if (status == 0) {
      EXPECT_EQ(Api::DateFromDay(day), date);
    }
    return Result(status, {{"days", day}});
  }

  static Json ParseDate(const Json& input) {
    const auto text = input.at("text").get<std::string>();
    int32_t day = 0;
    const int status = Api::ParseDay(text, &day);
    if (status == 0) {
      EXPECT_EQ(Api::FormatDay(day), text);
    }
    return Result(status, {{"days", day}});
  }

  static Json ParseInstant(const Json& input) {
    int64_t instant = 0;
    const int status =
        Api::ParseInstant(input.at("text").get<std::string>(), &instant);
    return Result(status, {{"seconds", instant}});
  }

  // ---- The buying cycle and the audit --------------------------------------

  static Json StageOfSevenStep(const Json& input) {
    int32_t stage = 0;
    const int status = Api::StageOfStep(input.at("step"), &stage);
    return Result(status, {{"stage", stage}});
  }

  static Json Alignment(const Json& input) {
    const auto actions = Numbers<uint8_t>(input, "action");
    const auto stages = Numbers<uint8_t>(input, "stage");
    typename Api::Alignment share = {};
    const int status = Api::MeasureAlignment(actions, stages, &share);
    Json delta = Json::array();
    for (size_t i = 0; i < actions.size(); ++i) {
      int32_t steps = 0;
      EXPECT_EQ(Api::Align(actions[i], stages[i], &steps), status);
      delta.push_back(steps);
    }
    return Result(status,
                  {{"delta", delta},
                   {"aligned", share.aligned},
                   {"ahead", share.ahead},
                   {"behind", share.behind},
                   {"total", share.aligned + share.ahead + share.behind},
                   {"share_ppm",
                    share.aligned_ppm < 0 ? Json() : Json(share.aligned_ppm)}});
  }

  static Json MarketShares(const Json& input) {
    using Shares = std::array<int32_t, 6>;
    const auto accounts = input.at("accounts").get<std::array<int64_t, 6>>();
    Shares share = {};
    Shares difference = {};
    const int status = Api::CompareWithMarket(accounts, &share, &difference);
    // The reference is what a market is compared with.
    Shares one_share = {};
    Shares one_difference = {};
    EXPECT_EQ(
        Api::CompareWithMarket({1, 0, 0, 0, 0, 0}, &one_share, &one_difference),
        0);
    Json result = Result(status, Json::object());
    for (size_t i = 0; i < 6 && status == 0; ++i) {
      const bool known = share[i] >= 0;
      result["share_ppm"].push_back(known ? Json(share[i]) : Json());
      result["gap_ppm"].push_back(known ? Json(difference[i]) : Json());
      result["reference_ppm"].push_back(one_share[i] - one_difference[i]);
    }
    return result;
  }

  static Json ClaimedMilestone(const Json& input) {
    int32_t milestone = 0;
    const int status = Api::ClaimedMilestone(input.at("ppm"), &milestone);
    return Result(status, {{"milestone", milestone}});
  }

  static Json ClaimAudit(const Json& input) {
    int32_t milestone = 0;
    int status = Api::ClaimedMilestone(input.at("ppm"), &milestone);
    if (status != 0) return Refusal(status);
    typename Api::Claim audit = {};
    status = Api::AuditClaim(milestone, input.at("evidence"), 0, &audit);
    const char* const verdicts[] = {"in_line", "over", "under"};
    return Result(status,
                  {{"claimed_milestone", static_cast<int>(audit.claimed)},
                   {"supported_milestone", static_cast<int>(audit.supported)},
                   {"rungs", audit.rungs},
                   {"verdict", verdicts[static_cast<size_t>(audit.verdict)]},
                   {"missing", audit.missing}});
  }

  static Json ScoreContradictions(const Json& input) {
    uint32_t broken = 0;
    const int status = Api::BrokenScoreRules(AssessmentOf(input),
                                             input.at("evidence"), &broken);
    Json rules = Json::array();
    for (int rule = 0; rule < 32; ++rule) {
      if ((broken >> rule & 1) != 0) rules.push_back(rule);
    }
    return Result(status, {{"rules", rules}});
  }

  // ---- Columns -------------------------------------------------------------

  // An input that may not be given.
  template <typename T>
  struct In {
    In(const Json& columns, const char* name)
        : given(columns.contains(name)),
          numbers(given ? Numbers<T>(columns, name) : std::vector<T>()) {}
    const T* get() const { return given ? numbers.data() : nullptr; }
    T At(size_t row, T absent) const { return given ? numbers[row] : absent; }

    bool given;
    std::vector<T> numbers;
  };

  // An output that may not be wanted, with rows behind that stay as they are.
  template <typename T>
  struct Out {
    static constexpr T kUntouched = static_cast<T>(0x5B5B5B5B5B5B5B5B);
    static constexpr size_t kBehind = 4;

    Out(const Json& input, const char* column, size_t size)
        : name(column), rows(size), numbers(size + kBehind, kUntouched) {
      for (const Json& one : input.at("wanted")) wanted |= one == name;
    }
    T* get() { return wanted ? numbers.data() : nullptr; }
    // That a row is what another function says of it, if it is wanted.
    void Expect(size_t row, int64_t value) const {
      if (wanted) {
        EXPECT_EQ(int64_t{numbers[row]}, value) << name << ", row " << row;
      }
    }

    // The first `written` rows go into the result; no other was touched.
    void AddTo(Json& result, size_t written) const {
      for (size_t i = wanted ? written : 0; i < numbers.size(); ++i) {
        EXPECT_EQ(numbers[i], kUntouched) << name << ", row " << i;
      }
      if (!wanted) return;
      Json& column = result[name] = Json::array();
      for (size_t i = 0; i < written; ++i) {
        column.push_back(sizeof(T) == 8 ? Text(numbers[i]) : Json(numbers[i]));
      }
    }

    const char* name;
    size_t rows;
    std::vector<T> numbers;
    bool wanted = false;
  };

  static Json ScoreColumns(const Json& input) {
    const Json& columns = input.at("columns");
    const size_t rows = input.at("rows");
    const In<uint8_t> problem(columns, "problem"), power(columns, "power"),
        vision(columns, "vision"), value(columns, "value"),
        control(columns, "control"), by(columns, "by_decision_maker"),
        outcome(columns, "outcome");
    const In<uint32_t> evidence(columns, "evidence");
    const In<int64_t> amount(columns, "amount");
    typename Api::ScoreInput in = {};
    in.problem = problem.get();
    in.power = power.get();
    in.vision = vision.get();
    in.value = value.get();
    in.control = control.get();
    in.by_decision_maker = by.get();
    in.evidence = evidence.get();
    in.outcome = outcome.get();
    in.amount = amount.get();

    Out<uint8_t> strength(input, "strength", rows),
        weakest(input, "weakest", rows), stage(input, "stage", rows),
        milestone(input, "milestone", rows);
    Out<int32_t> product(input, "product_ppm", rows),
        probability(input, "probability_ppm", rows),
        row_status(input, "row_status", rows);
    Out<int64_t> expected(input, "expected_amount", rows);
    typename Api::ScoreOutput out = {};
    out.strength = strength.get();
    out.weakest = weakest.get();
    out.product_ppm = product.get();
    out.stage = stage.get();
    out.milestone = milestone.get();
    out.probability_ppm = probability.get();
    out.expected_amount = expected.get();
    out.row_status = row_status.get();

    const Json& learned = input.value("calibration", Json::object());
    const In<int32_t> ppm(learned, "ppm");
    const In<uint8_t> age_bucket(learned, "age_bucket");
    typename Api::Calibration calibration = {};
    calibration.ppm = ppm.get();
    calibration.buckets = learned.value("buckets", 0);
    calibration.age_bucket = age_bucket.get();

    const Policy policy(input.contains("policy") ? input["policy"].dump()
                                                 : std::string());
    size_t bad_rows = 0;
    GoldenWhere where;
    const int status = Api::ScoreColumns(
        policy, input.contains("calibration") ? &calibration : nullptr, in, out,
        rows, &bad_rows, &where);
    // Each row by itself is a deal, which says the same.
    const size_t good =
        status == 0 ? rows
                    : static_cast<size_t>(std::max<int64_t>(where.row, 0));
    for (size_t i = 0; i < good && !input.contains("calibration"); ++i) {
      typename Api::Deal deal = {};
      deal.assessment.level[0] = problem.At(i, 255);
      deal.assessment.level[1] = power.At(i, 255);
      deal.assessment.level[2] = vision.At(i, 255);
      deal.assessment.level[3] = value.At(i, 255);
      deal.assessment.level[4] = control.At(i, 255);
      deal.assessment.by_decision_maker = by.At(i, 0);
      deal.evidence = evidence.At(i, 0);
      deal.outcome = static_cast<decltype(deal.outcome)>(outcome.At(i, 0));
      deal.amount = amount.At(i, 0);
      typename Api::DealScore score = {};
      const int of_deal = Api::ScoreDeal(policy, deal, &score);
      row_status.Expect(i, of_deal);
      if (of_deal != 0) continue;
      strength.Expect(i, score.strength);
      weakest.Expect(i, score.weakest);
      stage.Expect(i, score.stage);
      milestone.Expect(i, score.milestone);
      product.Expect(i, score.product_ppm);
      probability.Expect(i, score.probability_ppm);
      expected.Expect(i, score.expected_amount);
    }
    Json result = {{"status", status}, {"bad_rows", bad_rows}};
    size_t written = rows;
    if (status != 0) {
      result["row"] = where.row;
      result["column"] = where.column;
      written = static_cast<size_t>(std::max<int64_t>(where.row, 0));
    }
    strength.AddTo(result, written);
    weakest.AddTo(result, written);
    product.AddTo(result, written);
    stage.AddTo(result, written);
    milestone.AddTo(result, written);
    probability.AddTo(result, written);
    expected.AddTo(result, written);
    row_status.AddTo(result, written);
    return result;
  }

  // ---- Roll-ups ------------------------------------------------------------

  static Json GroupJson(const std::pair<int, GoldenGroup>& read) {
    const GoldenGroup& group = read.second;
    return Result(read.first, {{"owner", group.owner},
                               {"milestone", group.milestone},
                               {"count", group.count},
                               {"won", group.won},
                               {"lost", group.lost},
                               {"unknown", group.unknown},
                               {"amount", Text(group.amount)},
                               {"expected", Text(group.expected)}});
  }

  static Json RollupJson(typename Api::Rollup& rollup) {
    Json groups = Json::array();
    for (const auto& group : Api::Groups(rollup)) {
      groups.push_back(GroupJson(group));
    }
    return {{"groups", groups},
            {"total", GroupJson(Api::Total(rollup))},
            {"bytes", HexOf(Api::Write(rollup))}};
  }

  // All rows at once; also halves of them in roll-ups that are merged, and what
  // was written and read again.
  static Json RollupAdd(const Json& input) {
    const Json& columns = input.at("columns");
    const size_t rows = input.at("rows");
    const int by = input.at("by");
    const In<uint8_t> milestone(columns, "milestone"),
        outcome(columns, "outcome");
    const In<int64_t> amount(columns, "amount");
    const In<int32_t> probability(columns, "probability_ppm");
    const In<uint32_t> owner(columns, "owner");
    const auto part = [&](size_t begin) {
      const auto from = [begin](const auto* column) {
        return column == nullptr ? nullptr : column + begin;
      };
      typename Api::RollupInput in = {};
      in.milestone = from(milestone.get());
      in.outcome = from(outcome.get());
      in.amount = from(amount.get());
      in.probability_ppm = from(probability.get());
      in.owner = from(owner.get());
      return in;
    };
    typename Api::Rollup whole = Api::NewRollup(by);
    GoldenWhere where;
    const int status = Api::Add(whole, part(0), rows, &where);
    const Json result = RollupJson(whole);
    if (status != 0) {
      EXPECT_EQ(result["groups"], Json::array()) << "of rows that were refused";
      return {{"status", status}, {"row", where.row}, {"column", where.column}};
    }

    typename Api::Rollup first = Api::NewRollup(by);
    typename Api::Rollup second = Api::NewRollup(by);
    EXPECT_EQ(Api::Add(first, part(0), rows / 2, &where), 0);
    EXPECT_EQ(Api::Add(second, part(rows / 2), rows - rows / 2, &where), 0);
    EXPECT_EQ(Api::Merge(second, first), 0);
    EXPECT_EQ(RollupJson(second), result) << "merged";
    EXPECT_EQ(RollupRead(result), Result(0, result)) << "read again";
    return Result(0, result);
  }

  static Json RollupRead(const Json& input) {
    const std::string bytes = BytesOf(input.at("bytes"));
    typename Api::Rollup rollup = Api::NewRollup(0);
    const int status = Api::Read(bytes, &rollup);
    return Result(status, status == 0 ? RollupJson(rollup) : Json::object());
  }

  // ---- Forecasts and outcomes ----------------------------------------------

  static Json WilsonOf(const Json& input) {
    double rate = 0;
    double low = 0;
    double high = 0;
    const int status = Api::WilsonOf(input.at("successes"), input.at("trials"),
                                     Real(input.at("z")), &rate, &low, &high);
    return Result(status, {{"rate", rate}, {"low", low}, {"high", high}});
  }

  static Json ForecastsEvaluate(const Json& input) {
    Json fields;
    GoldenWhere where;
    const int status =
        Api::Evaluate(Reals(input, "forecast"), Numbers<uint8_t>(input, "won"),
                      &fields, &where);
    return status == 0 ? Result(0, fields) : RefusedAt(status, where);
  }

  static Json ForecastsReliability(const Json& input) {
    std::vector<GoldenBin> bins;
    GoldenWhere where;
    const int status = Api::Reliability(
        Reals(input, "forecast"), Numbers<uint8_t>(input, "won"),
        input.at("binning"), Real(input.at("z")), &bins, &where);
    if (status != 0) return RefusedAt(status, where);
    Json fields;
    for (const GoldenBin& bin : bins) {
      fields["rows"].push_back(bin.rows);
      fields["won"].push_back(bin.won);
      fields["mean_forecast"].push_back(bin.mean_forecast);
      fields["lowest_forecast"].push_back(bin.lowest_forecast);
      fields["highest_forecast"].push_back(bin.highest_forecast);
      fields["rate"].push_back(bin.rate);
      fields["low"].push_back(bin.low);
      fields["high"].push_back(bin.high);
    }
    return Result(0, fields);
  }

  static Json ForecastsCompare(const Json& input) {
    Json fields;
    GoldenWhere where;
    const int status =
        Api::Compare(Reals(input, "base"), Reals(input, "model"),
                     Numbers<uint8_t>(input, "won"), &fields, &where);
    return status == 0 ? Result(0, fields) : RefusedAt(status, where);
  }

  static Json IsotonicFitOf(const Json& input) {
    const bool weighted = input.contains("weight");
    const std::vector<double> weight =
        weighted ? Reals(input, "weight") : std::vector<double>();
    std::vector<double> fit;
    GoldenWhere where;
    const int status = Api::IsotonicFitOf(
        Reals(input, "value"), weighted ? &weight : nullptr, &fit, &where);
    return status == 0 ? Result(0, {{"fit", fit}}) : RefusedAt(status, where);
  }
};

}  // namespace fivek

#endif  // FIVEK_TESTS_GOLDEN_GOLDEN_FUNCTIONS_H_
