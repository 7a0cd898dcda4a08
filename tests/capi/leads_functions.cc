// The golden vectors of leads, territories, visits and seats, through the C
// interface and nothing but it.
#include <cstdint>
#include <string>
#include <vector>

#include "capi/fivek.h"
#include "tests/capi/golden_call.h"

namespace fivek {
namespace {

using Json = GoldenJson;
using Int64s = std::vector<int64_t>;

// ---- Leads ------------------------------------------------------------------

Json Classify(const Json& input) {
  const OptionalColumn<int64_t> funds(input, "funds");
  const OptionalColumn<int64_t> thresholds(input, "thresholds");
  std::vector<uint8_t> classes(funds.size());
  Failure failure;
  const int status =
      fivek_leads_classify(funds.get(), funds.size(), thresholds.get(),
                           thresholds.size(), Start(classes), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"lead_class", classes}});
}

Json Value(const Json& input) {
  const OptionalColumn<int64_t> funds(input, "funds");
  const OptionalColumn<int32_t> ppm(input, "probability");
  Int64s value(funds.size());
  Failure failure;
  const int status = fivek_leads_value(funds.get(), ppm.get(), funds.size(),
                                       Start(value), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"value", Texts(value)}});
}

Json Rank(const Json& input) {
  const OptionalColumn<int64_t> funds(input, "funds");
  const OptionalColumn<int32_t> ppm(input, "probability");
  const OptionalColumn<uint64_t> id(input, "id");
  Int64s value(funds.size());
  Int64s rank(funds.size());
  Int64s order(funds.size());
  Failure failure;
  const int status =
      fivek_leads_rank(funds.get(), ppm.get(), id.get(), funds.size(),
                       Start(value), Start(rank), Start(order), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"value", Texts(value)}, {"rank", rank}, {"order", order}});
}

Json Qualify(const Json& input) {
  const OptionalColumn<uint8_t> key_person(input, "key_person");
  const OptionalColumn<uint8_t> wish(input, "wish");
  const OptionalColumn<uint8_t> means(input, "means");
  const size_t n = wish.size();
  std::vector<uint8_t> verdict(n);
  std::vector<uint32_t> open(n);
  std::vector<uint32_t> failed(n);
  Failure failure;
  const int status = fivek_leads_qualify(
      key_person.get(), wish.get(), means.get(), n, Start(verdict), Start(open),
      Start(failed), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"verdict", verdict}, {"open", open}, {"failed", failed}});
}

Json FollowUp(const Json& input) {
  const OptionalColumn<uint8_t> classes(input, "lead_class");
  const OptionalColumn<int32_t> last(input, "last_contact");
  const OptionalColumn<int32_t> interval(input, "interval");
  std::vector<int32_t> due(classes.size());
  std::vector<uint8_t> state(classes.size());
  Failure failure;
  const int status =
      fivek_leads_follow_up(classes.get(), last.get(), classes.size(),
                            interval.get(), interval.size(), input.at("today"),
                            Start(due), Start(state), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"due", due}, {"state", state}});
}

Json TeamJson(const fivek_lead_team& t) {
  EXPECT_EQ(t.reserved, 0);
  Json numbers = {std::to_string(t.team)};
  for (const int64_t number :
       {t.leads, t.value, t.funds, t.without_probability,
        t.funds_without_probability, t.without_funds, t.undated, t.outside}) {
    numbers.push_back(Text(number));
  }
  return numbers;
}

Json Forecast(const Json& input) {
  const OptionalColumn<uint64_t> team(input, "team");
  const OptionalColumn<int64_t> funds(input, "funds");
  const OptionalColumn<int32_t> ppm(input, "probability");
  const OptionalColumn<int32_t> close_day(input, "close_day");
  fivek_lead_team total = {};
  std::vector<fivek_lead_team> list;
  Failure failure;
  const int status = TakeList(
      [&](fivek_lead_team* out, size_t cap, size_t* count) {
        return fivek_leads_forecast(team.get(), funds.get(), ppm.get(),
                                    close_day.get(), team.size(),
                                    input.at("from_day"), input.at("to_day"),
                                    &total, out, cap, count, failure.get());
      },
      &list);
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json teams = Json::array();
  for (const fivek_lead_team& one : list) teams.push_back(TeamJson(one));
  return Result(0, {{"teams", teams}, {"total", TeamJson(total)}});
}

Json Decay(const Json& input) {
  const OptionalColumn<int32_t> value(input, "value");
  const OptionalColumn<int32_t> age(input, "age");
  std::vector<int32_t> out(value.size());
  Failure failure;
  const int status =
      fivek_leads_decay(value.get(), age.get(), value.size(),
                        input.at("half_life"), Start(out), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"out", out}});
}

// ---- Who gets them ----------------------------------------------------------

Json Assign(const Json& input) {
  const OptionalColumn<int64_t> score(input, "score");
  const OptionalColumn<int64_t> capacity(input, "capacity");
  const OptionalColumn<uint64_t> lead_id(input, "lead_id");
  const OptionalColumn<uint64_t> seller_id(input, "seller_id");
  const size_t leads = input.at("leads");
  std::vector<int32_t> seller(leads);
  Int64s seller_price(capacity.size());
  Int64s lead_price(leads);
  auto out = Sized<fivek_assignment>();
  Failure failure;
  const int status = fivek_leads_assign(
      score.get(), leads, capacity.get(), capacity.size(), lead_id.get(),
      seller_id.get(), Start(seller), Start(seller_price), Start(lead_price),
      &out, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"seller", seller},
                    {"total", Text(out.total)},
                    {"bound", Text(out.bound)},
                    {"gap", Text(out.gap)},
                    {"seller_price", Texts(seller_price)},
                    {"lead_price", Texts(lead_price)},
                    {"unassigned", out.unassigned},
                    {"greedy_by_edge", Text(out.greedy_by_edge)},
                    {"greedy_by_lead", Text(out.greedy_by_lead)}});
}

Json RoundRobin(const Json& input) {
  const OptionalColumn<int64_t> weight(input, "weight");
  const OptionalColumn<uint8_t> absent(input, "absent");
  auto credit = Numbers<int64_t>(input, "credit");
  std::vector<int32_t> turns(input.at("n").get<size_t>());
  Failure failure;
  const int status = fivek_round_robin_next(
      weight.get(), absent.get(), weight.size(), Start(credit), Start(turns),
      turns.size(), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"seller", turns}, {"credit", Texts(credit)}});
}

// ---- Territories ------------------------------------------------------------

Json BalanceJson(const fivek_territory_balance& b, const Int64s& load) {
  return Result(0, {{"load", Texts(load)},
                    {"total", Text(b.total)},
                    {"first_max", Text(b.first_max)},
                    {"first_min", Text(b.first_min)},
                    {"max", Text(b.max)},
                    {"min", Text(b.min)},
                    {"bound", Text(b.bound)},
                    {"gap", Text(b.gap)},
                    {"limited", b.limited}});
}

Json Balance(const Json& input) {
  const OptionalColumn<int64_t> workload(input, "workload");
  const size_t sellers = input.at("sellers");
  std::vector<int32_t> seller(workload.size());
  Int64s load(sellers);
  auto out = Sized<fivek_territory_balance>();
  Failure failure;
  const int status = fivek_territories_balance(
      workload.get(), workload.size(), sellers, Start(seller), Start(load),
      &out, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return BalanceJson(out, load);
}

Json Rebalance(const Json& input) {
  const OptionalColumn<int64_t> workload(input, "workload");
  const OptionalColumn<int32_t> seller(input, "seller");
  const size_t sellers = input.at("sellers");
  Int64s load(sellers);
  auto out = Sized<fivek_territory_balance>();
  std::vector<fivek_territory_move> list;
  Failure failure;
  const int status = TakeList(
      [&](fivek_territory_move* moves, size_t cap, size_t* count) {
        return fivek_territories_rebalance(
            workload.get(), seller.get(), workload.size(), sellers,
            input.at("most_moved"), Start(load), &out, moves, cap, count,
            failure.get());
      },
      &list);
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json result = BalanceJson(out, load);
  result["moves"] = Json::array();
  for (const fivek_territory_move& move : list) {
    result["moves"].push_back({move.account, move.from, move.to});
  }
  return result;
}

// ---- Visits and events ------------------------------------------------------

Json VisitPolicyCheck(const Json& input) {
  const OptionalColumn<int64_t> visits(input, "visits");
  auto rules = Sized<fivek_visit_policy>();
  const bool has_rules = input.contains("cap");
  if (has_rules) {
    rules.cap = input.at("cap");
    for (size_t g = 0; g < 3; ++g) rules.mix_ppm[g] = input.at("mix_ppm").at(g);
  }
  auto mix = Sized<fivek_visit_mix>();
  Int64s over_cap;
  Failure failure;
  const int status = TakeList(
      [&](int64_t* rows, size_t cap, size_t* count) {
        return fivek_visit_policy_check(has_rules ? &rules : nullptr,
                                        visits.get(), visits.size(), &mix, rows,
                                        cap, count, failure.get());
      },
      &over_cap);
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  EXPECT_EQ(mix.reserved, 0);
  Json result = Result(0, {{"unseen", mix.unseen},
                           {"seen", mix.seen},
                           {"broken", mix.broken},
                           {"visits", mix.visits},
                           {"visits_over_cap", mix.visits_over_cap},
                           {"over_cap", over_cap}});
  for (size_t g = 0; g < 3; ++g) {
    result["accounts"].push_back(mix.accounts[g]);
    result["share_ppm"].push_back(mix.share_ppm[g]);
  }
  return result;
}

Json Apportion(const Json& input) {
  const OptionalColumn<uint64_t> weight(input, "weight");
  const OptionalColumn<int64_t> least(input, "least");
  const OptionalColumn<int64_t> most(input, "most");
  Int64s out(weight.size());
  Failure failure;
  const int status = fivek_seats_apportion(
      Int64Of(input.at("seats")), weight.get(), least.get(), most.get(),
      weight.size(), Start(out), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"out", Texts(out)}});
}

Json Invite(const Json& input) {
  const OptionalColumn<uint64_t> share(input, "share");
  const OptionalColumn<int64_t> least(input, "least");
  const OptionalColumn<int64_t> most(input, "most");
  const OptionalColumn<uint64_t> need(input, "need");
  const size_t classes = input.at("classes");
  Int64s by_territory(share.size());
  Int64s by_class(classes);
  Int64s table(need.size());
  Failure failure;
  const int status = fivek_invitations_apportion(
      Int64Of(input.at("seats")), share.get(), least.get(), most.get(),
      share.size(), need.get(), classes, Start(by_territory), Start(by_class),
      Start(table), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"by_territory", Texts(by_territory)},
                    {"by_class", Texts(by_class)},
                    {"table", Texts(table)}});
}

}  // namespace

GoldenFunctions LeadsFunctions() {
  return {
      {"fivek_leads_classify", Classify},
      {"fivek_leads_value", Value},
      {"fivek_leads_rank", Rank},
      {"fivek_leads_qualify", Qualify},
      {"fivek_leads_follow_up", FollowUp},
      {"fivek_leads_forecast", Forecast},
      {"fivek_leads_decay", Decay},
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
