// The golden vectors of leads, territories, visits and seats, through the C++
// interface.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "fivek/accounts/assignment.h"
#include "fivek/accounts/invitation.h"
#include "fivek/accounts/lead.h"
#include "fivek/accounts/round_robin.h"
#include "fivek/accounts/territory.h"
#include "fivek/accounts/visit_policy.h"
#include "fivek/base/apportion.h"
#include "fivek/base/reason.h"
#include "fivek/method/conversation.h"
#include "tests/golden/golden_answer.h"
#include "tests/golden/golden_input.h"

namespace fivek {
namespace {

using Json = GoldenJson;
using Int64s = std::vector<int64_t>;

template <typename T>
Json List(const std::vector<T>& codes) {
  Json list = Json::array();
  for (const T code : codes) list.push_back(static_cast<int64_t>(code));
  return list;
}

// ---- Leads ------------------------------------------------------------------

Json Classify(const Json& input) {
  const auto funds = Numbers<int64_t>(input, "funds");
  const Int64s own = NumbersOrNone<int64_t>(input, "thresholds");
  std::vector<uint8_t> classes(funds.size());
  const absl::Status status = ClassifyLeads(
      funds,
      input.contains("thresholds") ? absl::Span<const int64_t>(own)
                                   : absl::Span<const int64_t>(kLeadThresholds),
      absl::MakeSpan(classes));
  if (!status.ok()) return Refused(status);
  return Result(0, {{"lead_class", List(classes)}});
}

// Columns of a case.
struct Leads {
  explicit Leads(const Json& input)
      : funds(Numbers<int64_t>(input, "funds")),
        probability(Numbers<int32_t>(input, "probability")),
        id(NumbersOrNone<uint64_t>(input, "id")),
        team(NumbersOrNone<uint64_t>(input, "team")),
        close_day(NumbersOrNone<int32_t>(input, "close_day")) {}
  LeadColumns Columns() const {
    return {funds, probability, id, team, close_day};
  }

  Int64s funds;
  std::vector<int32_t> probability;
  std::vector<uint64_t> id, team;
  std::vector<int32_t> close_day;
};

Json Value(const Json& input) {
  const Leads leads(input);
  Int64s value(leads.funds.size());
  const absl::Status status =
      ValueLeads(leads.Columns(), absl::MakeSpan(value));
  if (!status.ok()) return Refused(status);
  return Result(0, {{"value", Texts(value)}});
}

Json Rank(const Json& input) {
  const Leads leads(input);
  const auto ranking = RankLeads(leads.Columns());
  if (!ranking.ok()) return Refused(ranking.status());
  return Result(0, {{"value", Texts(ranking->value)},
                    {"rank", ranking->rank},
                    {"order", ranking->order}});
}

Json QualifyAll(const Json& input) {
  const auto key_person = Numbers<uint8_t>(input, "key_person");
  const auto wish = Numbers<uint8_t>(input, "wish");
  const auto means = Numbers<uint8_t>(input, "means");
  Json result = Result(0, {{"verdict", Json::array()},
                           {"open", Json::array()},
                           {"failed", Json::array()}});
  for (size_t i = 0; i < wish.size(); ++i) {
    const auto one =
        Qualify({static_cast<Answer>(key_person[i]),
                 static_cast<Answer>(wish[i]), static_cast<Answer>(means[i])});
    if (!one.ok()) {
      return Refused(AtRow(one.status(), {static_cast<int64_t>(i), -1}));
    }
    result["verdict"].push_back(static_cast<int>(one->verdict));
    result["open"].push_back(one->open);
    result["failed"].push_back(one->failed);
  }
  return result;
}

Json FollowUps(const Json& input) {
  const auto plan =
      PlanFollowUps(Numbers<uint8_t>(input, "lead_class"),
                    Numbers<int32_t>(input, "last_contact"),
                    Numbers<int32_t>(input, "interval"), input.at("today"));
  if (!plan.ok()) return Refused(plan.status());
  return Result(0, {{"due", plan->due}, {"state", List(plan->state)}});
}

Json TeamJson(const ExpectedLeads& e) {
  Json numbers = {std::to_string(e.team)};
  for (const int64_t number :
       {e.leads, e.value, e.funds, e.without_probability,
        e.funds_without_probability, e.without_funds, e.undated, e.outside}) {
    numbers.push_back(Text(number));
  }
  return numbers;
}

Json Forecast(const Json& input) {
  const Leads leads(input);
  const auto forecast = ForecastLeads(
      leads.Columns(), {input.at("from_day"), input.at("to_day")});
  if (!forecast.ok()) return Refused(forecast.status());
  Json teams = Json::array();
  for (const ExpectedLeads& team : forecast->teams) {
    teams.push_back(TeamJson(team));
  }
  return Result(0, {{"teams", teams}, {"total", TeamJson(forecast->total)}});
}

Json DecayAll(const Json& input) {
  const auto value = Numbers<int32_t>(input, "value");
  const auto age = Numbers<int32_t>(input, "age");
  Json out = Json::array();
  for (size_t i = 0; i < value.size(); ++i) {
    const auto left = Decay(value[i], age[i], input.at("half_life"));
    if (!left.ok()) {
      // One of them has no row.
      return input.at("half_life") < 1
                 ? Refused(left.status())
                 : Refused(AtRow(left.status(), {static_cast<int64_t>(i),
                                                 value[i] < 0 ? 0 : 1}));
    }
    out.push_back(*left);
  }
  return Result(0, {{"out", out}});
}

// ---- Who gets them ----------------------------------------------------------

Json Assign(const Json& input) {
  const auto score = Numbers<int64_t>(input, "score");
  const auto capacity = Numbers<int64_t>(input, "capacity");
  const std::vector<uint64_t> lead_id =
      NumbersOrNone<uint64_t>(input, "lead_id");
  const std::vector<uint64_t> seller_id =
      NumbersOrNone<uint64_t>(input, "seller_id");
  const auto a =
      AssignLeads({score, capacity, input.at("leads"), lead_id, seller_id});
  if (!a.ok()) return Refused(a.status());
  for (const int64_t lead : a->unassigned) {
    EXPECT_EQ(a->seller[static_cast<size_t>(lead)], kUnassigned);
  }
  return Result(0, {{"seller", a->seller},
                    {"total", Text(a->total)},
                    {"bound", Text(a->bound)},
                    {"gap", Text(a->gap)},
                    {"seller_price", Texts(a->seller_price)},
                    {"lead_price", Texts(a->lead_price)},
                    {"unassigned", a->unassigned.size()},
                    {"greedy_by_edge", Text(a->greedy_by_edge)},
                    {"greedy_by_lead", Text(a->greedy_by_lead)}});
}

Json RoundRobin(const Json& input) {
  auto credit = Numbers<int64_t>(input, "credit");
  std::vector<int32_t> turns(input.at("n").get<size_t>());
  const absl::Status status =
      TakeTurns(Numbers<int64_t>(input, "weight"),
                NumbersOrNone<uint8_t>(input, "absent"), absl::MakeSpan(credit),
                absl::MakeSpan(turns));
  if (!status.ok()) return Refused(status);
  return Result(0, {{"seller", turns}, {"credit", Texts(credit)}});
}

// ---- Territories ------------------------------------------------------------

Json PlanJson(const TerritoryPlan& p, const TerritoryBalance& load) {
  return Result(0, {{"load", Texts(load.load)},
                    {"total", Text(p.first.total)},
                    {"first_max", Text(p.first.max)},
                    {"first_min", Text(p.first.min)},
                    {"max", Text(p.balance.max)},
                    {"min", Text(p.balance.min)},
                    {"bound", Text(p.bound)},
                    {"gap", Text(p.gap)},
                    {"limited", p.limited ? 1 : 0}});
}

Json Balance(const Json& input) {
  const auto plan = BalanceTerritories(Numbers<int64_t>(input, "workload"),
                                       input.at("sellers"));
  if (!plan.ok()) return Refused(plan.status());
  return PlanJson(*plan, plan->balance);
}

Json Rebalance(const Json& input) {
  const auto plan = RebalanceTerritories(
      Numbers<int64_t>(input, "workload"), Numbers<int32_t>(input, "seller"),
      input.at("sellers"), input.at("most_moved"));
  if (!plan.ok()) return Refused(plan.status());
  Json result = PlanJson(*plan, plan->first);
  result["moves"] = Json::array();
  for (const TerritoryMove& move : plan->moves) {
    result["moves"].push_back({move.account, move.from, move.to});
  }
  return result;
}

// ---- Visits and events ------------------------------------------------------

Json VisitPolicyCheck(const Json& input) {
  VisitPolicy policy;
  if (input.contains("cap")) {
    policy.cap = input.at("cap");
    for (size_t g = 0; g < 3; ++g) {
      policy.mix_ppm[g] = input.at("mix_ppm").at(g);
    }
  }
  const auto mix = MeasureVisits(Numbers<int64_t>(input, "visits"), policy);
  if (!mix.ok()) return Refused(mix.status());
  Json result = Result(0, {{"unseen", mix->unseen},
                           {"seen", mix->seen},
                           {"broken", mix->broken},
                           {"visits", mix->visits},
                           {"visits_over_cap", mix->visits_over_cap},
                           {"over_cap", mix->over_cap}});
  for (const VisitMixGroup& group : mix->of) {
    result["accounts"].push_back(group.accounts);
    result["share_ppm"].push_back(group.share_ppm);
  }
  return result;
}

Json Apportion(const Json& input) {
  const auto seats = ApportionSeats(Int64Of(input.at("seats")),
                                    NumbersOrNone<uint64_t>(input, "weight"),
                                    NumbersOrNone<int64_t>(input, "least"),
                                    NumbersOrNone<int64_t>(input, "most"));
  if (!seats.ok()) return Refused(seats.status());
  return Result(0, {{"out", Texts(*seats)}});
}

Json Invite(const Json& input) {
  const auto plan = ApportionInvitations(
      Int64Of(input.at("seats")), NumbersOrNone<uint64_t>(input, "share"),
      NumbersOrNone<int64_t>(input, "least"),
      NumbersOrNone<int64_t>(input, "most"),
      NumbersOrNone<uint64_t>(input, "need"), input.at("classes"));
  if (!plan.ok()) return Refused(plan.status());
  return Result(0, {{"by_territory", Texts(plan->by_territory)},
                    {"by_class", Texts(plan->by_class)},
                    {"table", Texts(plan->table)}});
}

}  // namespace

GoldenFunctions LeadsFunctions() {
  return {
      {"fivek_leads_classify", Classify},
      {"fivek_leads_value", Value},
      {"fivek_leads_rank", Rank},
      {"fivek_leads_qualify", QualifyAll},
      {"fivek_leads_follow_up", FollowUps},
      {"fivek_leads_forecast", Forecast},
      {"fivek_leads_decay", DecayAll},
      {"fivek_leads_assign", Assign},
      {"fivek_round_robin_next", RoundRobin},
      {"fivek_territories_balance", Balance},
      {"fivek_territories_rebalance", Rebalance},
      {"fivek_visit_policy_check", VisitPolicyCheck},
      {"fivek_seats_apportion", Apportion},
      {"fivek_invitations_apportion", Invite},
  };
}

}  // namespace fivek
