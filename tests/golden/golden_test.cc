// The golden vectors through the C++ interface.
#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "fivek/base/calendar.h"
#include "fivek/base/money.h"
#include "fivek/method/buying_cycle.h"
#include "fivek/method/evidence.h"
#include "fivek/method/milestone.h"
#include "fivek/method/opportunity.h"
#include "fivek/method/policy.h"
#include "fivek/method/rubric.h"
#include "fivek/method/strength.h"
#include "fivek/pipeline/audit.h"
#include "gtest/gtest.h"
#include "src/base/fnv1a.h"
#include "tests/golden/golden_cases.h"

namespace fivek {
namespace {

using Json = GoldenJson;

Json Refused(const absl::Status& status) {
  return Refusal(static_cast<int>(status.code()));
}

// Amounts stand as text, as JSON numbers end at 2^53 in some languages.
int64_t AmountOf(const Json& text) {
  int64_t amount = 0;
  EXPECT_TRUE(absl::SimpleAtoi(text.get<std::string>(), &amount)) << text;
  return amount;
}

Assessment AssessmentOf(const Json& input) {
  Assessment a;
  for (size_t d = 0; d < 5; ++d) a.level[d] = input.at("level").at(d);
  a.by_decision_maker = input.at("by_decision_maker");
  if (input.contains("reserved")) {
    for (size_t i = 0; i < 2; ++i) a.reserved[i] = input["reserved"].at(i);
  }
  return a;
}

// ---- Rubric and strength ---------------------------------------------------

Json RubricPoints(const Json& input) {
  const size_t d = input.at("dimension");
  Assessment a;
  a.level[d] = input.at("level");
  if (input.at("by_decision_maker") == 1) {
    a.by_decision_maker = static_cast<uint8_t>(1U << d);
  }
  const auto strength = StrengthOf(Policy(), a);
  if (!strength.ok()) return Refused(strength.status());
  return {{"status", 0}, {"points", strength->points[d]}};
}

Json StrengthOfAssessment(const Json& input) {
  const auto s = StrengthOf(Policy(), AssessmentOf(input));
  if (!s.ok()) return Refused(s.status());
  return {{"status", 0},
          {"total", s->total},
          {"highest_reachable", s->highest_reachable},
          {"points", s->points},
          {"product_ppm", s->product_ppm},
          {"product_max_ppm", s->product_max_ppm},
          {"balanced", s->balanced},
          {"weakest", s->weakest},
          {"unknown_mask", s->unknown_mask},
          {"next_level", s->next_level},
          {"next_gain", s->next_gain}};
}

// Points that no level earns come from a policy in which all levels of a
// dimension earn them.
Json StrengthOfPoints(const Json& input) {
  PolicyBuilder builder;
  for (size_t d = 0; d < 5; ++d) {
    const int32_t points = input.at("points").at(d);
    for (auto& level : builder.rubric[d]) {
      level.sponsor = level.decision_maker = points;
    }
  }
  const auto policy = builder.Build();
  if (!policy.ok()) return Refused(policy.status());
  Assessment a;
  a.level = {0, 0, 0, 0, 0};
  const auto s = StrengthOf(*policy, a);
  if (!s.ok()) return Refused(s.status());
  return {{"status", 0},
          {"total", s->total},
          {"product_ppm", s->product_ppm},
          {"balanced", s->balanced},
          {"weakest", s->weakest}};
}

// ---- Evidence and milestones -----------------------------------------------

Json MilestoneOfMask(const Json& input) {
  const Standing s = StandingOf(Policy(), input.at("evidence"));
  return {{"status", 0},
          {"stage", static_cast<int>(s.stage)},
          {"milestone", static_cast<int>(s.milestone)},
          {"yield_ppm", s.yield_ppm},
          {"missing_for_next", s.missing_for_next}};
}

Json SkippedItems(const Json& input) {
  return {{"status", 0},
          {"skipped", StandingOf(Policy(), input.at("evidence")).skipped}};
}

Json EvidenceItem(const Json& input) {
  const EvidenceRow& row = kEvidenceItems.at(input.at("item").get<size_t>());
  Json result = {{"status", 0},
                 {"stage", static_cast<int>(row.rule.stage)},
                 {"gate", nullptr},
                 {"gate_yield_ppm", nullptr}};
  if (row.rule.gate != Milestone::kUnqualified) {
    const auto gate = static_cast<size_t>(row.rule.gate);
    result["gate"] = gate;
    result["gate_yield_ppm"] = kLadder[gate].yield_ppm;
  }
  return result;
}

// As the state machine sees it: one confirmation for each person and proof.
Json EvidenceProven(const Json& input) {
  Json proven = Json::array();
  for (int32_t shown_by = 0; shown_by < 8; ++shown_by) {
    Json row = Json::array();
    for (int32_t proof = 0; proof < 6; ++proof) {
      Opportunity state = NewOpportunity(0);
      Event event;
      event.code = input.at("item");
      // After-sales items can be confirmed once the deal is won.
      if (event.code >= kFirstAfterSales && event.code < kEvidenceCount) {
        Event signature;
        signature.code = kContractSigned;
        EXPECT_TRUE(ApplyEvent(Policy(), signature, &state).ok());
      }
      event.shown_by = shown_by;
      event.proof = proof;
      EXPECT_TRUE(ApplyEvent(Policy(), event, &state).ok());
      row.push_back((state.proven & Bit(event.code)) != 0 ? 1 : 0);
    }
    proven.push_back(row);
  }
  return {{"status", 0}, {"proven", proven}};
}

// ---- The opportunity -------------------------------------------------------

Json StateJson(const Opportunity& o) {
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

Opportunity StateOf(const Json& json) {
  Opportunity o;
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

Json OpportunityInit(const Json& input) {
  return {{"status", 0},
          {"state", StateJson(NewOpportunity(input.at("created_at")))}};
}

Json OpportunityApply(const Json& input) {
  PolicyBuilder builder;
  if (input.contains("unproven")) {
    EXPECT_EQ(input["unproven"], "require");
    builder.unproven = Unproven::kRequire;
  }
  const Policy policy = builder.Build().value();
  Opportunity state = input.contains("state")
                          ? StateOf(input["state"])
                          : NewOpportunity(input.at("created_at"));
  Json results = Json::array();
  for (const Json& e : input.at("events")) {
    Event event;
    event.at = e.at("at");
    event.kind = e.at("kind");
    event.code = e.at("code");
    event.shown_by = e.at("shown_by");
    event.proof = e.at("proof");
    event.reference = results.size();
    const absl::Status status = ApplyEvent(policy, event, &state);
    results.push_back({{"status", static_cast<int>(status.code())},
                       {"state", StateJson(state)}});
  }
  return results;
}

// ---- Money and calendar ----------------------------------------------------

Json ExpectedAmountOf(const Json& input) {
  const auto amount =
      ExpectedAmount(AmountOf(input.at("amount")), input.at("ppm"));
  if (!amount.ok()) return Refused(amount.status());
  return {{"status", 0}, {"expected_amount", absl::StrCat(*amount)}};
}

Json ExpectedTotal(const Json& input) {
  ExactTotal total;
  for (size_t i = 0; i < input.at("amount").size(); ++i) {
    const int64_t amount = AmountOf(input["amount"][i]);
    const int32_t ppm = input.at("ppm").at(i);
    // An accumulator takes what was checked; this is the check.
    const auto row = ExpectedAmount(amount, ppm);
    if (!row.ok()) return Refused(row.status());
    total.AddExpected(amount, ppm);
  }
  const auto rounded = total.Rounded(Rounding::kHalfEven);
  if (!rounded.ok()) return Refused(rounded.status());
  return {{"status", 0}, {"expected_amount", absl::StrCat(*rounded)}};
}

Json DaysOfDate(const Json& input) {
  const auto day =
      DayFromDate({input.at("year"), input.at("month"), input.at("day")});
  if (!day.ok()) return Refused(day.status());
  return {{"status", 0}, {"days", *day}};
}

Json ParseDate(const Json& input) {
  const auto day = ParseDay(input.at("text").get<std::string>());
  if (!day.ok()) return Refused(day.status());
  return {{"status", 0}, {"days", *day}};
}

Json ParseInstantOf(const Json& input) {
  const auto instant = ParseInstant(input.at("text").get<std::string>());
  if (!instant.ok()) return Refused(instant.status());
  return {{"status", 0}, {"seconds", *instant}};
}

// ---- The buying cycle and the audit ----------------------------------------

Json StageOfSevenStep(const Json& input) {
  const auto stage = StageOfStep(input.at("step"));
  if (!stage.ok()) return Refused(stage.status());
  return {{"status", 0}, {"stage", static_cast<int>(*stage)}};
}

Json AlignmentOf(const Json& input) {
  const auto actions = input.at("action").get<std::vector<uint8_t>>();
  const auto stages = input.at("stage").get<std::vector<uint8_t>>();
  const auto share = MeasureAlignment(actions, stages);
  if (!share.ok()) return Refused(share.status());
  Json delta = Json::array();
  for (size_t i = 0; i < actions.size(); ++i) {
    delta.push_back(Align(actions[i], stages[i])->steps);
  }
  Json result = {{"status", 0},
                 {"delta", delta},
                 {"aligned", share->aligned},
                 {"ahead", share->ahead},
                 {"behind", share->behind},
                 {"total", share->aligned + share->ahead + share->behind},
                 {"share_ppm", nullptr}};
  if (share->aligned_ppm >= 0) result["share_ppm"] = share->aligned_ppm;
  return result;
}

Json MarketShares(const Json& input) {
  std::array<int64_t, kStageCount> accounts = {};
  for (size_t i = 0; i < accounts.size(); ++i) {
    accounts[i] = input.at("accounts").at(i);
  }
  const auto comparison = CompareWithMarket(accounts);
  if (!comparison.ok()) return Refused(comparison.status());
  Json reference = Json::array();
  for (const StageRow& row : kBuyingCycle) {
    reference.push_back(row.market_share_percent * 10'000);
  }
  // Without accounts there are no shares.
  Json shares(kStageCount, nullptr);
  Json gaps = shares;
  if (comparison->share_ppm[0] >= 0) {
    shares = comparison->share_ppm;
    gaps = comparison->difference_ppm;
  }
  return {{"status", 0},
          {"share_ppm", shares},
          {"reference_ppm", reference},
          {"gap_ppm", gaps}};
}

Json ClaimedMilestoneOf(const Json& input) {
  const auto milestone = ClaimedMilestone(Policy(), input.at("ppm"));
  if (!milestone.ok()) return Refused(milestone.status());
  return {{"status", 0}, {"milestone", static_cast<int>(*milestone)}};
}

Json ClaimAuditOf(const Json& input) {
  const auto claimed = ClaimedMilestone(Policy(), input.at("ppm"));
  if (!claimed.ok()) return Refused(claimed.status());
  const auto audit = AuditClaim(Policy(), static_cast<int32_t>(*claimed),
                                input.at("evidence"), 0);
  if (!audit.ok()) return Refused(audit.status());
  const char* const verdicts[] = {"in_line", "over", "under"};
  return {{"status", 0},
          {"claimed_milestone", static_cast<int>(audit->claimed)},
          {"supported_milestone", static_cast<int>(audit->supported)},
          {"rungs", audit->rungs},
          {"verdict", verdicts[static_cast<size_t>(audit->verdict)]},
          {"missing", audit->missing}};
}

Json ScoreContradictions(const Json& input) {
  const auto broken =
      BrokenScoreRules(Policy(), AssessmentOf(input), input.at("evidence"));
  if (!broken.ok()) return Refused(broken.status());
  Json rules = Json::array();
  for (int rule = 0; rule < 32; ++rule) {
    if ((*broken >> rule & 1) != 0) rules.push_back(rule);
  }
  return {{"status", 0}, {"rules", rules}};
}

Json Fnv1a64Of(const Json& input) {
  const uint64_t hash = Fnv1a64(input.at("text").get<std::string>());
  return {{"status", 0},
          {"hash", absl::StrCat(hash)},
          {"hex", absl::StrFormat("%016x", hash)}};
}

const GoldenFunctions& CppFunctions() {
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
      {"parse_instant", ParseInstantOf},
      {"stage_of_seven_step", StageOfSevenStep},
      {"alignment", AlignmentOf},
      {"market_shares", MarketShares},
      {"claimed_milestone", ClaimedMilestoneOf},
      {"claim_audit", ClaimAuditOf},
      {"score_contradictions", ScoreContradictions},
      {"fnv1a64", Fnv1a64Of},
  };
  return *kFunctions;
}

// The library multiplies one amount with one probability, never ratios with
// each other (the deal product of five points is in strength.json).
const std::set<std::string>& NotInCpp() {
  static const auto* const kAbsent = new std::set<std::string>{"ppm_product"};
  return *kAbsent;
}

// At least so many cases run, so that an emptied file fails.
const std::map<std::string, int>& LeastCases() {
  static const auto* const kLeast = new std::map<std::string, int>{
      {"calendar.json", 267},    {"cycle.json", 236},
      {"evidence.json", 54},     {"hash.json", 15},
      {"milestone.json", 516},   {"money.json", 239},
      {"opportunity.json", 331}, {"rubric.json", 54},
      {"strength.json", 482},
  };
  return *kLeast;
}

class GoldenTest : public testing::TestWithParam<std::string> {};

TEST_P(GoldenTest, TheCppInterfaceAgrees) {
  const int ran = RunGoldenFile(GetParam(), CppFunctions(), NotInCpp());
  const auto least = LeastCases().find(GetParam());
  EXPECT_GE(ran, least == LeastCases().end() ? 1 : least->second);
}
INSTANTIATE_TEST_SUITE_P(Cpp, GoldenTest, testing::ValuesIn(GoldenFiles()),
                         [](const auto& p) {
                           return std::string(
                               p.param.substr(0, p.param.find('.')));
                         });

TEST(GoldenFilesTest, NoneHasGoneMissing) {
  const std::vector<std::string> files = GoldenFiles();
  for (const auto& [file, least] : LeastCases()) {
    EXPECT_EQ(std::count(files.begin(), files.end(), file), 1) << file;
  }
}

}  // namespace
}  // namespace fivek
