// The golden vectors through the C interface, and nothing but it.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "capi/fivek.h"
#include "gtest/gtest-spi.h"
#include "gtest/gtest.h"
#include "tests/golden/golden_cases.h"

namespace fivek {
namespace {

using Json = GoldenJson;

// A result struct, ready to be filled.
template <typename Struct>
Struct Sized() {
  Struct s;
  std::memset(&s, 0, sizeof s);
  s.struct_size = sizeof s;
  return s;
}

// A policy for as long as it is needed.
class OwnPolicy {
 public:
  explicit OwnPolicy(const std::string& json) {
    fivek_error error = Sized<fivek_error>();
    EXPECT_EQ(
        fivek_policy_from_json(json.data(), json.size(), &policy_, &error),
        FIVEK_OK)
        << error.message;
  }
  ~OwnPolicy() { fivek_policy_release(policy_); }
  OwnPolicy(const OwnPolicy&) = delete;
  OwnPolicy& operator=(const OwnPolicy&) = delete;

  const fivek_policy* get() const { return policy_; }

 private:
  const fivek_policy* policy_ = nullptr;
};

// Amounts stand as text, as JSON numbers end at 2^53 in some languages.
int64_t AmountOf(const Json& text) {
  return std::strtoll(text.get<std::string>().c_str(), nullptr, 10);
}

fivek_assessment AssessmentOf(const Json& input) {
  fivek_assessment a = {};
  for (size_t d = 0; d < 5; ++d) a.level[d] = input.at("level").at(d);
  a.by_decision_maker = input.at("by_decision_maker");
  if (input.contains("reserved")) {
    for (size_t i = 0; i < 2; ++i) a.reserved[i] = input["reserved"].at(i);
  }
  return a;
}

// ---- Rubric and strength ---------------------------------------------------

Json RubricPoints(const Json& input) {
  int32_t points = 0;
  const fivek_status status =
      fivek_rubric_points(nullptr, input.at("dimension"), input.at("level"),
                          input.at("by_decision_maker"), &points, nullptr);
  if (status != FIVEK_OK) return Refusal(status);
  return {{"status", 0}, {"points", points}};
}

Json StrengthOfAssessment(const Json& input) {
  const fivek_assessment a = AssessmentOf(input);
  auto s = Sized<fivek_strength>();
  const fivek_status status = fivek_strength_of(nullptr, &a, &s, nullptr);
  if (status != FIVEK_OK) return Refusal(status);
  return {{"status", 0},
          {"total", s.total},
          {"highest_reachable", s.highest_reachable},
          {"points", s.points},
          {"product_ppm", s.product_ppm},
          {"product_max_ppm", s.product_max_ppm},
          {"balanced", s.balanced},
          {"weakest", s.weakest},
          {"unknown_mask", s.unknown_mask},
          {"next_level", s.next_level},
          {"next_gain", s.next_gain}};
}

// Points that no level earns come from a policy in which all levels of a
// dimension earn them.
Json StrengthOfPoints(const Json& input) {
  const struct {
    const char* key;
    int levels;
    bool two_columns;
  } kDimensions[] = {{"problem", 6, true},
                     {"power", 8, false},
                     {"vision", 4, true},
                     {"value", 7, true},
                     {"control", 7, false}};
  Json policy = {{"fivek_policy", 1}};
  for (size_t d = 0; d < 5; ++d) {
    const Json& points = input.at("points").at(d);
    for (int level = 0; level < kDimensions[d].levels; ++level) {
      policy["rubric"][kDimensions[d].key][std::to_string(level)] =
          kDimensions[d].two_columns
              ? Json{{"sponsor", points}, {"decision_maker", points}}
              : Json{{"points", points}};
    }
  }
  const OwnPolicy own(policy.dump());
  const fivek_assessment a = {};
  auto s = Sized<fivek_strength>();
  const fivek_status status = fivek_strength_of(own.get(), &a, &s, nullptr);
  if (status != FIVEK_OK) return Refusal(status);
  return {{"status", 0},
          {"total", s.total},
          {"product_ppm", s.product_ppm},
          {"balanced", s.balanced},
          {"weakest", s.weakest}};
}

// ---- Evidence and milestones -----------------------------------------------

struct Milestone {
  int32_t stage = -1, milestone = -1, yield_ppm = -1;
  uint32_t missing_for_next = 0;
};

Milestone MilestoneOf(uint32_t evidence) {
  Milestone m;
  EXPECT_EQ(fivek_milestone_of(nullptr, evidence, &m.stage, &m.milestone,
                               &m.yield_ppm, &m.missing_for_next, nullptr),
            FIVEK_OK);
  return m;
}

// The other function that says the same agrees.
fivek_standing StandingOf(uint32_t evidence) {
  auto standing = Sized<fivek_standing>();
  EXPECT_EQ(
      fivek_standing_of(nullptr, evidence, nullptr, 0, &standing, nullptr),
      FIVEK_OK);
  const Milestone m = MilestoneOf(evidence);
  EXPECT_EQ(standing.stage, m.stage);
  EXPECT_EQ(standing.milestone, m.milestone);
  EXPECT_EQ(standing.yield_ppm, m.yield_ppm);
  EXPECT_EQ(standing.missing_for_next, m.missing_for_next);
  EXPECT_EQ(standing.advised, 0U);
  EXPECT_EQ(standing.waived, 0U);
  return standing;
}

Json MilestoneOfMask(const Json& input) {
  const fivek_standing s = StandingOf(input.at("evidence"));
  return {{"status", 0},
          {"stage", s.stage},
          {"milestone", s.milestone},
          {"yield_ppm", s.yield_ppm},
          {"missing_for_next", s.missing_for_next}};
}

Json SkippedItems(const Json& input) {
  return {{"status", 0}, {"skipped", StandingOf(input.at("evidence")).skipped}};
}

fivek_evidence_rule RuleOf(int32_t item) {
  auto rule = Sized<fivek_evidence_rule>();
  EXPECT_EQ(fivek_evidence_rule_of(nullptr, item, &rule, nullptr), FIVEK_OK);
  return rule;
}

// The yield of a gate is that of a deal with all that the gates up to it ask.
Json EvidenceItem(const Json& input) {
  const fivek_evidence_rule rule = RuleOf(input.at("item"));
  Json result = {{"status", 0},
                 {"stage", rule.stage},
                 {"gate", nullptr},
                 {"gate_yield_ppm", nullptr}};
  if (rule.gate == 0) return result;
  uint32_t evidence = 0;
  for (int32_t item = 0; item < FIVEK_EVIDENCE_COUNT; ++item) {
    const int32_t gate = RuleOf(item).gate;
    if (gate != 0 && gate <= rule.gate) evidence |= 1U << item;
  }
  const Milestone m = MilestoneOf(evidence);
  EXPECT_EQ(m.milestone, rule.gate);
  result["gate"] = rule.gate;
  result["gate_yield_ppm"] = m.yield_ppm;
  return result;
}

// By the state machine: one confirmation for each person and proof. The
// function that only answers says the same of the method's own items.
Json EvidenceProven(const Json& input) {
  const int32_t item = input.at("item");
  Json proven = Json::array();
  for (int32_t shown_by = 0; shown_by < 8; ++shown_by) {
    Json row = Json::array();
    for (int32_t proof = 0; proof < 6; ++proof) {
      fivek_opportunity state;
      EXPECT_EQ(fivek_opportunity_init(&state, 0, nullptr), FIVEK_OK);
      fivek_event event = {};
      // After-sales items can be confirmed once the deal is won.
      if (item > FIVEK_EVIDENCE_CONTRACT && item < FIVEK_EVIDENCE_COUNT) {
        event.code = FIVEK_EVIDENCE_CONTRACT;
        EXPECT_EQ(fivek_opportunity_apply(nullptr, &state, &event, nullptr),
                  FIVEK_OK);
      }
      event.code = item;
      event.shown_by = shown_by;
      event.proof = proof;
      EXPECT_EQ(fivek_opportunity_apply(nullptr, &state, &event, nullptr),
                FIVEK_OK);
      const int by_event = (state.proven >> item & 1) != 0 ? 1 : 0;
      int32_t by_answer = by_event;
      EXPECT_EQ(fivek_evidence_is_proven(nullptr, item, shown_by, proof,
                                         &by_answer, nullptr),
                item < FIVEK_EVIDENCE_COUNT ? FIVEK_OK : FIVEK_INVALID_ARGUMENT)
          << item;
      EXPECT_EQ(by_answer, by_event) << item;
      row.push_back(by_event);
    }
    proven.push_back(row);
  }
  return {{"status", 0}, {"proven", proven}};
}

// ---- The opportunity -------------------------------------------------------

Json StateJson(const fivek_opportunity& o) {
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

fivek_opportunity StateOf(const Json& json) {
  fivek_opportunity o = {};
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

fivek_opportunity NewOpportunity(const Json& created_at) {
  fivek_opportunity state;
  EXPECT_EQ(fivek_opportunity_init(&state, created_at, nullptr), FIVEK_OK);
  return state;
}

Json OpportunityInit(const Json& input) {
  return {{"status", 0},
          {"state", StateJson(NewOpportunity(input.at("created_at")))}};
}

// One by one; the whole log at once must end in the same state.
Json OpportunityApply(const Json& input) {
  Json document = {{"fivek_policy", 1}};
  if (input.contains("unproven")) document["unproven"] = input["unproven"];
  const OwnPolicy own(document.dump());
  const fivek_policy* const policy =
      input.contains("unproven") ? own.get() : nullptr;
  fivek_opportunity state = input.contains("state")
                                ? StateOf(input["state"])
                                : NewOpportunity(input.at("created_at"));
  fivek_opportunity at_once = state;
  Json results = Json::array();
  std::vector<fivek_event> events;
  std::vector<fivek_status> statuses;
  for (const Json& e : input.at("events")) {
    fivek_event event = {};
    event.at = e.at("at");
    event.kind = e.at("kind");
    event.code = e.at("code");
    event.shown_by = e.at("shown_by");
    event.proof = e.at("proof");
    event.reference = results.size();
    events.push_back(event);
    statuses.push_back(
        fivek_opportunity_apply(policy, &state, &event, nullptr));
    results.push_back(
        {{"status", statuses.back()}, {"state", StateJson(state)}});
  }
  const std::vector<uint32_t> rows(events.size(), 0);
  std::vector<fivek_status> bulk(events.size(), -1);
  EXPECT_EQ(fivek_apply_events(policy, &at_once, 1, rows.data(), events.data(),
                               events.size(), bulk.data(), nullptr, nullptr),
            FIVEK_OK);
  EXPECT_EQ(bulk, statuses);
  EXPECT_EQ(std::memcmp(&at_once, &state, sizeof state), 0);
  return results;
}

// ---- Money and calendar ----------------------------------------------------

Json ExpectedAmountOf(const Json& input) {
  int64_t amount = 0;
  const fivek_status status = fivek_amount_expect(
      nullptr, AmountOf(input.at("amount")), input.at("ppm"), &amount, nullptr);
  if (status != FIVEK_OK) return Refusal(status);
  return {{"status", 0}, {"expected_amount", std::to_string(amount)}};
}

Json ExpectedTotal(const Json& input) {
  std::vector<int64_t> amounts;
  for (const Json& amount : input.at("amount")) {
    amounts.push_back(AmountOf(amount));
  }
  const auto ppm = input.at("ppm").get<std::vector<int32_t>>();
  int64_t total = 0;
  const fivek_status status = fivek_amount_total(
      nullptr, amounts.data(), ppm.data(), amounts.size(), &total, nullptr);
  if (status != FIVEK_OK) return Refusal(status);
  return {{"status", 0}, {"expected_amount", std::to_string(total)}};
}

Json DaysOfDate(const Json& input) {
  int32_t day = 0;
  const fivek_status status = fivek_day_from_date(
      input.at("year"), input.at("month"), input.at("day"), &day, nullptr);
  if (status != FIVEK_OK) return Refusal(status);
  int32_t year = 0;
  int32_t month = 0;
  int32_t day_of_month = 0;
  EXPECT_EQ(fivek_day_to_date(day, &year, &month, &day_of_month, nullptr),
            FIVEK_OK);
  EXPECT_EQ(year, input.at("year"));
  EXPECT_EQ(month, input.at("month"));
  EXPECT_EQ(day_of_month, input.at("day"));
  return {{"status", 0}, {"days", day}};
}

Json ParseDate(const Json& input) {
  const auto text = input.at("text").get<std::string>();
  int32_t day = 0;
  const fivek_status status =
      fivek_day_parse(text.data(), text.size(), &day, nullptr);
  if (status != FIVEK_OK) return Refusal(status);
  char written[11] = "";
  size_t needed = 0;
  EXPECT_EQ(fivek_day_format(day, written, sizeof written, &needed, nullptr),
            FIVEK_OK);
  EXPECT_EQ(written, text);
  return {{"status", 0}, {"days", day}};
}

Json ParseInstant(const Json& input) {
  const auto text = input.at("text").get<std::string>();
  int64_t instant = 0;
  const fivek_status status =
      fivek_instant_parse(text.data(), text.size(), &instant, nullptr);
  if (status != FIVEK_OK) return Refusal(status);
  return {{"status", 0}, {"seconds", instant}};
}

// ---- The buying cycle and the audit ----------------------------------------

Json StageOfSevenStep(const Json& input) {
  int32_t stage = 0;
  const fivek_status status =
      fivek_step_stage(input.at("step"), &stage, nullptr);
  if (status != FIVEK_OK) return Refusal(status);
  return {{"status", 0}, {"stage", stage}};
}

Json Alignment(const Json& input) {
  const auto actions = input.at("action").get<std::vector<uint8_t>>();
  const auto stages = input.at("stage").get<std::vector<uint8_t>>();
  auto share = Sized<fivek_alignment>();
  const fivek_status status = fivek_actions_measure(
      actions.data(), stages.data(), actions.size(), &share, nullptr);
  if (status != FIVEK_OK) return Refusal(status);
  Json delta = Json::array();
  for (size_t i = 0; i < actions.size(); ++i) {
    int32_t steps = 0;
    EXPECT_EQ(fivek_action_align(actions[i], stages[i], &steps, nullptr),
              FIVEK_OK);
    delta.push_back(steps);
  }
  Json result = {{"status", 0},
                 {"delta", delta},
                 {"aligned", share.aligned},
                 {"ahead", share.ahead},
                 {"behind", share.behind},
                 {"total", share.aligned + share.ahead + share.behind},
                 {"share_ppm", nullptr}};
  if (share.aligned_ppm >= 0) result["share_ppm"] = share.aligned_ppm;
  return result;
}

Json MarketShares(const Json& input) {
  const auto accounts = input.at("accounts").get<std::vector<int64_t>>();
  std::array<int32_t, 6> share = {};
  std::array<int32_t, 6> difference = {};
  const fivek_status status = fivek_market_compare(
      accounts.data(), share.data(), difference.data(), nullptr);
  if (status != FIVEK_OK) return Refusal(status);
  Json result = {{"status", 0}};
  // The reference is what a market is compared with.
  const std::array<int64_t, 6> one = {1, 0, 0, 0, 0, 0};
  std::array<int32_t, 6> one_share = {};
  std::array<int32_t, 6> one_difference = {};
  EXPECT_EQ(fivek_market_compare(one.data(), one_share.data(),
                                 one_difference.data(), nullptr),
            FIVEK_OK);
  for (size_t i = 0; i < 6; ++i) {
    const bool known = share[i] >= 0;
    result["share_ppm"].push_back(known ? Json(share[i]) : Json());
    result["gap_ppm"].push_back(known ? Json(difference[i]) : Json());
    result["reference_ppm"].push_back(one_share[i] - one_difference[i]);
  }
  return result;
}

Json ClaimedMilestone(const Json& input) {
  int32_t milestone = 0;
  const fivek_status status =
      fivek_claim_milestone(nullptr, input.at("ppm"), &milestone, nullptr);
  if (status != FIVEK_OK) return Refusal(status);
  return {{"status", 0}, {"milestone", milestone}};
}

Json ClaimAudit(const Json& input) {
  int32_t claimed = 0;
  fivek_status status =
      fivek_claim_milestone(nullptr, input.at("ppm"), &claimed, nullptr);
  if (status != FIVEK_OK) return Refusal(status);
  auto audit = Sized<fivek_claim>();
  status = fivek_claim_audit(nullptr, claimed, input.at("evidence"), 0, &audit,
                             nullptr);
  if (status != FIVEK_OK) return Refusal(status);
  const char* const verdicts[] = {"in_line", "over", "under"};
  return {{"status", 0},
          {"claimed_milestone", audit.claimed},
          {"supported_milestone", audit.supported},
          {"rungs", audit.rungs},
          {"verdict", verdicts[audit.verdict]},
          {"missing", audit.missing}};
}

Json ScoreContradictions(const Json& input) {
  const fivek_assessment a = AssessmentOf(input);
  uint32_t broken = 0;
  const fivek_status status = fivek_score_rules_broken(
      nullptr, &a, input.at("evidence"), &broken, nullptr);
  if (status != FIVEK_OK) return Refusal(status);
  Json rules = Json::array();
  for (int rule = 0; rule < 32; ++rule) {
    if ((broken >> rule & 1) != 0) rules.push_back(rule);
  }
  return {{"status", 0}, {"rules", rules}};
}

const GoldenFunctions& CFunctions() {
  static const auto* const kFunctions = new GoldenFunctions{
      {"rubric_points", RubricPoints},
      {"fivek_strength_of", StrengthOfAssessment},
      {"strength_of_points", StrengthOfPoints},
      {"fivek_milestone_of", MilestoneOfMask},
      {"skipped_items", SkippedItems},
      {"evidence_item", EvidenceItem},
      {"evidence_proven", EvidenceProven},
      {"fivek_opportunity_init", OpportunityInit},
      {"fivek_opportunity_apply", OpportunityApply},
      {"expected_amount", ExpectedAmountOf},
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
  };
  return *kFunctions;
}

// What the C interface has no function for.
const std::set<std::string>& NotInC() {
  static const auto* const kAbsent =
      new std::set<std::string>{"ppm_product", "fnv1a64"};
  return *kAbsent;
}

// How many cases ran when this was written: fewer is a loss.
const std::map<std::string, int>& LeastCases() {
  static const auto* const kLeast = new std::map<std::string, int>{
      {"calendar.json", 267},    {"cycle.json", 236},
      {"evidence.json", 54},     {"hash.json", 0},
      {"milestone.json", 516},   {"money.json", 239},
      {"opportunity.json", 331}, {"rubric.json", 54},
      {"strength.json", 482},
  };
  return *kLeast;
}

class GoldenTest : public testing::TestWithParam<std::string> {};

TEST_P(GoldenTest, TheCInterfaceAgrees) {
  const int ran = RunGoldenFile(GetParam(), CFunctions(), NotInC());
  const auto least = LeastCases().find(GetParam());
  EXPECT_GE(ran, least == LeastCases().end() ? 1 : least->second);
}
INSTANTIATE_TEST_SUITE_P(C, GoldenTest, testing::ValuesIn(GoldenFiles()),
                         [](const auto& p) {
                           return std::string(
                               p.param.substr(0, p.param.find('.')));
                         });

TEST(GoldenFilesTest, NoneHasGoneMissing) {
  const std::vector<std::string> files = GoldenFiles();
  for (const auto& least : LeastCases()) {
    EXPECT_EQ(std::count(files.begin(), files.end(), least.first), 1)
        << least.first;
  }
}

// A vector that nobody runs is a vector that nobody misses.
TEST(GoldenFilesTest, AnUnknownFunctionFails) {
  testing::TestPartResultArray failures;
  int ran = -1;
  {
    const testing::ScopedFakeTestPartResultReporter reporter(
        testing::ScopedFakeTestPartResultReporter::
            INTERCEPT_ONLY_CURRENT_THREAD,
        &failures);
    ran = RunGoldenFile("rubric.json", {{"rubric_point", RubricPoints}}, {});
  }
  EXPECT_EQ(ran, 0);
  ASSERT_EQ(failures.size(), 54);
  EXPECT_NE(std::string(failures.GetTestPartResult(0).message())
                .find("unknown fn rubric_points"),
            std::string::npos);
}

}  // namespace
}  // namespace fivek
