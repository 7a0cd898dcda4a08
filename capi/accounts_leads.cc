// The C functions of ../include/fivek/accounts/{lead,assignment,round_robin,
// territory,visit_policy,invitation}.h and base/apportion.h.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "capi/barrier.h"
#include "capi/fivek.h"
#include "capi/learning_checks.h"
#include "capi/list_out.h"
#include "capi/sized_struct.h"
#include "fivek/accounts/assignment.h"
#include "fivek/accounts/invitation.h"
#include "fivek/accounts/lead.h"
#include "fivek/accounts/round_robin.h"
#include "fivek/accounts/territory.h"
#include "fivek/accounts/visit_policy.h"
#include "fivek/base/apportion.h"
#include "fivek/base/reason.h"
#include "fivek/method/conversation.h"

using fivek::capi::CheckRows;
using fivek::capi::CheckStruct;
using fivek::capi::Give;
using fivek::capi::Given;
using fivek::capi::Guard;
using fivek::capi::Report;
using fivek::capi::WriteList;

namespace {

// Columns that may be left out.
template <typename T>
absl::Span<const T> OrNone(const T* column, size_t n) {
  return {column, column == nullptr ? 0 : n};
}

template <typename T>
void CopyTo(const std::vector<T>& from, T* to) {
  if (to != nullptr) std::copy(from.begin(), from.end(), to);
}

// How many elements a table has, or none of those that no memory has: they are
// refused before any is read.
size_t TableSize(size_t rows, size_t columns) {
  using fivek::capi::kMostRows;
  return columns == 0 || rows <= kMostRows / columns ? rows * columns : 0;
}

}  // namespace

// ---- Leads ------------------------------------------------------------------

fivek_status fivek_leads_classify(const int64_t* funds, size_t n,
                                  const int64_t* thresholds, size_t k,
                                  uint8_t* lead_class, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(funds);
    if (k > 0) FIVEK_NOT_NULL(thresholds);
    FIVEK_ALIGNED(thresholds);
    FIVEK_NOT_NULL(lead_class);
    const absl::Span<const int64_t> own(thresholds, k);
    return Report(
        fivek::ClassifyLeads(
            {funds, n}, thresholds == nullptr ? fivek::kLeadThresholds : own,
            {lead_class, n}),
        error);
  });
}

fivek_status fivek_leads_value(const int64_t* funds, const int32_t* probability,
                               size_t n, int64_t* value, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(funds);
    FIVEK_NOT_NULL(probability);
    FIVEK_NOT_NULL(value);
    fivek::LeadColumns leads;
    leads.funds = {funds, n};
    leads.probability = {probability, n};
    return Report(fivek::ValueLeads(leads, {value, n}), error);
  });
}

fivek_status fivek_leads_rank(const int64_t* funds, const int32_t* probability,
                              const uint64_t* id, size_t n, int64_t* value,
                              int64_t* rank, int64_t* order,
                              fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(funds);
    FIVEK_NOT_NULL(probability);
    FIVEK_NOT_NULL(id);
    FIVEK_NOT_NULL(value);
    FIVEK_NOT_NULL(rank);
    FIVEK_NOT_NULL(order);
    const fivek_status fits = CheckRows(n, error);
    if (fits != FIVEK_OK) return fits;
    fivek::LeadColumns leads;
    leads.funds = {funds, n};
    leads.probability = {probability, n};
    leads.id = {id, n};
    const auto ranking = fivek::RankLeads(leads);
    if (!ranking.ok()) return Report(ranking.status(), error);
    CopyTo(ranking->value, value);
    CopyTo(ranking->rank, rank);
    CopyTo(ranking->order, order);
    return FIVEK_OK;
  });
}

fivek_status fivek_leads_qualify(const uint8_t* key_person, const uint8_t* wish,
                                 const uint8_t* means, size_t n,
                                 uint8_t* verdict, uint32_t* open,
                                 uint32_t* failed, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(key_person);
    FIVEK_NOT_NULL(wish);
    FIVEK_NOT_NULL(means);
    FIVEK_NOT_NULL(verdict);
    FIVEK_NOT_NULL(open);
    FIVEK_NOT_NULL(failed);
    const auto qualify = [&](size_t i) {
      return fivek::Qualify({static_cast<fivek::Answer>(key_person[i]),
                             static_cast<fivek::Answer>(wish[i]),
                             static_cast<fivek::Answer>(means[i])});
    };
    for (size_t i = 0; i < n; ++i) {  // Nothing is written before all are good.
      const auto result = qualify(i);
      if (!result.ok()) {
        return Report(
            fivek::AtRow(result.status(), {static_cast<int64_t>(i), -1}),
            error);
      }
    }
    for (size_t i = 0; i < n; ++i) {
      const auto result = qualify(i);
      verdict[i] = static_cast<uint8_t>(result->verdict);
      open[i] = result->open;
      failed[i] = result->failed;
    }
    return FIVEK_OK;
  });
}

fivek_status fivek_leads_follow_up(const uint8_t* lead_class,
                                   const int32_t* last_contact, size_t n,
                                   const int32_t* interval, size_t classes,
                                   int32_t today, int32_t* due, uint8_t* state,
                                   fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(lead_class);
    FIVEK_NOT_NULL(last_contact);
    if (classes > 0) FIVEK_NOT_NULL(interval);
    FIVEK_ALIGNED(interval);
    FIVEK_NOT_NULL(due);
    FIVEK_NOT_NULL(state);
    const fivek_status fits = CheckRows(n, error);
    if (fits != FIVEK_OK) return fits;
    const absl::Span<const int32_t> own(interval, classes);
    const auto plan = fivek::PlanFollowUps(
        {lead_class, n}, {last_contact, n},
        interval == nullptr ? fivek::kFollowUpDays : own, today);
    if (!plan.ok()) return Report(plan.status(), error);
    CopyTo(plan->due, due);
    for (const fivek::FollowUp one : plan->state) {
      *state++ = static_cast<uint8_t>(one);
    }
    return FIVEK_OK;
  });
}

static fivek_lead_team LeadTeamOut(const fivek::ExpectedLeads& e) {
  return {e.team,
          e.leads,
          e.value,
          e.funds,
          e.without_probability,
          e.funds_without_probability,
          e.without_funds,
          e.undated,
          e.outside,
          0};
}

fivek_status fivek_leads_forecast(const uint64_t* team, const int64_t* funds,
                                  const int32_t* probability,
                                  const int32_t* close_day, size_t n,
                                  int32_t from_day, int32_t to_day,
                                  fivek_lead_team* total,
                                  fivek_lead_team* teams, size_t cap,
                                  size_t* count, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(team);
    FIVEK_NOT_NULL(funds);
    FIVEK_NOT_NULL(probability);
    FIVEK_NOT_NULL(close_day);
    FIVEK_NOT_NULL(total);
    FIVEK_LIST_NOT_NULL(teams, cap, count);
    const fivek_status fits = CheckRows(n, error);
    if (fits != FIVEK_OK) return fits;
    fivek::LeadColumns leads;
    leads.funds = {funds, n};
    leads.probability = {probability, n};
    leads.team = {team, n};
    leads.close_day = {close_day, n};
    const auto forecast = fivek::ForecastLeads(leads, {from_day, to_day});
    if (!forecast.ok()) return Report(forecast.status(), error);
    std::vector<fivek_lead_team> list;
    list.reserve(forecast->teams.size());
    for (const fivek::ExpectedLeads& one : forecast->teams) {
      list.push_back(LeadTeamOut(one));
    }
    const fivek_status written = WriteList(list, teams, cap, count, error);
    if (written == FIVEK_OK) *total = LeadTeamOut(forecast->total);
    return written;
  });
}

fivek_status fivek_leads_decay(const int32_t* value, const int32_t* age,
                               size_t n, int32_t half_life, int32_t* out,
                               fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(value);
    FIVEK_NOT_NULL(age);
    FIVEK_NOT_NULL(out);
    const fivek_status fits = CheckRows(n, error);
    if (fits != FIVEK_OK) return fits;
    const auto rule = fivek::Decay(0, 0, half_life);
    if (!rule.ok()) return Report(rule.status(), error);
    for (size_t i = 0; i < n; ++i) {  // Nothing is written before all are good.
      const auto left = fivek::Decay(value[i], age[i], half_life);
      if (!left.ok()) {
        return Report(fivek::AtRow(left.status(), {static_cast<int64_t>(i),
                                                   value[i] < 0 ? 0 : 1}),
                      error);
      }
    }
    for (size_t i = 0; i < n; ++i) {
      out[i] = *fivek::Decay(value[i], age[i], half_life);
    }
    return FIVEK_OK;
  });
}

// ---- Who gets them ----------------------------------------------------------

fivek_status fivek_leads_assign(const int64_t* score, size_t leads,
                                const int64_t* capacity, size_t sellers,
                                const uint64_t* lead_id,
                                const uint64_t* seller_id, int32_t* seller,
                                int64_t* seller_price, int64_t* lead_price,
                                fivek_assignment* out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(score);
    FIVEK_NOT_NULL(capacity);
    FIVEK_ALIGNED(lead_id);
    FIVEK_ALIGNED(seller_id);
    FIVEK_NOT_NULL(seller);
    FIVEK_ALIGNED(seller_price);
    FIVEK_ALIGNED(lead_price);
    const fivek_status fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    fivek::AssignmentProblem problem;
    problem.score = {score, TableSize(leads, sellers)};
    problem.capacity = {capacity, sellers};
    problem.leads = leads;
    problem.lead_id = OrNone(lead_id, leads);
    problem.seller_id = OrNone(seller_id, sellers);
    const auto assigned = fivek::AssignLeads(problem);
    if (!assigned.ok()) return Report(assigned.status(), error);
    fivek_assignment result = {};
    result.total = assigned->total;
    result.bound = assigned->bound;
    result.gap = assigned->gap;
    result.unassigned = static_cast<int64_t>(assigned->unassigned.size());
    result.greedy_by_edge = assigned->greedy_by_edge;
    result.greedy_by_lead = assigned->greedy_by_lead;
    CopyTo(assigned->seller, seller);
    CopyTo(assigned->seller_price, seller_price);
    CopyTo(assigned->lead_price, lead_price);
    Give(result, out);
    return FIVEK_OK;
  });
}

fivek_status fivek_round_robin_next(const int64_t* weight,
                                    const uint8_t* absent, size_t sellers,
                                    int64_t* credit, int32_t* seller, size_t n,
                                    fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(weight);
    FIVEK_NOT_NULL(credit);
    FIVEK_NOT_NULL(seller);
    return Report(fivek::TakeTurns({weight, sellers}, OrNone(absent, sellers),
                                   {credit, sellers}, {seller, n}),
                  error);
  });
}

// ---- Territories ------------------------------------------------------------

static fivek_territory_balance TerritoriesOut(const fivek::TerritoryPlan& p) {
  fivek_territory_balance result = {};
  result.limited = p.limited ? 1 : 0;
  result.total = p.first.total;
  result.first_max = p.first.max;
  result.first_min = p.first.min;
  result.max = p.balance.max;
  result.min = p.balance.min;
  result.bound = p.bound;
  result.gap = p.gap;
  result.first_max_to_mean = p.first.max_to_mean.value_or(0.0);
  result.max_to_mean = p.balance.max_to_mean.value_or(0.0);
  return result;
}

fivek_status fivek_territories_balance(const int64_t* workload, size_t n,
                                       size_t sellers, int32_t* seller,
                                       int64_t* load,
                                       fivek_territory_balance* out,
                                       fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(workload);
    FIVEK_NOT_NULL(seller);
    FIVEK_ALIGNED(load);
    fivek_status fits = CheckStruct(out, "out", error);
    if (fits == FIVEK_OK) fits = CheckRows(n, error);
    if (fits != FIVEK_OK) return fits;
    const auto plan = fivek::BalanceTerritories({workload, n}, sellers);
    if (!plan.ok()) return Report(plan.status(), error);
    CopyTo(plan->seller, seller);
    CopyTo(plan->balance.load, load);
    Give(TerritoriesOut(*plan), out);
    return FIVEK_OK;
  });
}

fivek_status fivek_territories_rebalance(
    const int64_t* workload, const int32_t* seller, size_t n, size_t sellers,
    int64_t most_moved, int64_t* load, fivek_territory_balance* out,
    fivek_territory_move* moves, size_t cap, size_t* count,
    fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(workload);
    FIVEK_NOT_NULL(seller);
    FIVEK_ALIGNED(load);
    fivek_status fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    FIVEK_LIST_NOT_NULL(moves, cap, count);
    fits = CheckRows(n, error);
    if (fits != FIVEK_OK) return fits;
    const auto plan = fivek::RebalanceTerritories({workload, n}, {seller, n},
                                                  sellers, most_moved);
    if (!plan.ok()) return Report(plan.status(), error);
    std::vector<fivek_territory_move> list;
    list.reserve(plan->moves.size());
    for (const fivek::TerritoryMove& move : plan->moves) {
      list.push_back({move.account, move.from, move.to});
    }
    const fivek_status written = WriteList(list, moves, cap, count, error);
    if (written != FIVEK_OK) return written;
    CopyTo(plan->first.load, load);
    Give(TerritoriesOut(*plan), out);
    return FIVEK_OK;
  });
}

// ---- Visits and events ------------------------------------------------------

fivek_status fivek_visit_policy_check(const fivek_visit_policy* rules,
                                      const int64_t* visits, size_t n,
                                      fivek_visit_mix* out, int64_t* over_cap,
                                      size_t cap, size_t* count,
                                      fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    fivek::VisitPolicy policy;
    if (rules != nullptr) {
      const fivek_status fits = CheckStruct(rules, "rules", error);
      if (fits != FIVEK_OK) return fits;
      const fivek_visit_policy given = Given(*rules);
      policy.cap = given.cap;
      std::copy(given.mix_ppm, given.mix_ppm + fivek::kVisitGroups,
                policy.mix_ppm.begin());
    }
    FIVEK_NOT_NULL(visits);
    const fivek_status fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    FIVEK_LIST_NOT_NULL(over_cap, cap, count);
    const auto mix = fivek::MeasureVisits({visits, n}, policy);
    if (!mix.ok()) return Report(mix.status(), error);
    fivek_visit_mix result = {};
    result.broken = mix->broken;
    result.unseen = mix->unseen;
    result.seen = mix->seen;
    for (size_t g = 0; g < mix->of.size(); ++g) {
      result.accounts[g] = mix->of[g].accounts;
      result.share_ppm[g] = mix->of[g].share_ppm;
    }
    result.visits = mix->visits;
    result.visits_over_cap = mix->visits_over_cap;
    const fivek_status written =
        WriteList(mix->over_cap, over_cap, cap, count, error);
    if (written == FIVEK_OK) Give(result, out);
    return written;
  });
}

fivek_status fivek_seats_apportion(int64_t seats, const uint64_t* weight,
                                   const int64_t* least, const int64_t* most,
                                   size_t n, int64_t* out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(weight);
    FIVEK_ALIGNED(least);
    FIVEK_ALIGNED(most);
    FIVEK_NOT_NULL(out);
    const fivek_status fits = CheckRows(n, error);
    if (fits != FIVEK_OK) return fits;
    const auto divided = fivek::ApportionSeats(
        seats, {weight, n}, OrNone(least, n), OrNone(most, n));
    if (!divided.ok()) return Report(divided.status(), error);
    CopyTo(*divided, out);
    return FIVEK_OK;
  });
}

fivek_status fivek_invitations_apportion(
    int64_t seats, const uint64_t* share, const int64_t* least,
    const int64_t* most, size_t territories, const uint64_t* need,
    size_t classes, int64_t* by_territory, int64_t* by_class, int64_t* table,
    fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(share);
    FIVEK_ALIGNED(least);
    FIVEK_ALIGNED(most);
    FIVEK_NOT_NULL(need);
    FIVEK_NOT_NULL(by_territory);
    FIVEK_ALIGNED(by_class);
    FIVEK_NOT_NULL(table);
    const fivek_status fits = CheckRows(territories, error);
    if (fits != FIVEK_OK) return fits;
    const auto plan = fivek::ApportionInvitations(
        seats, {share, territories}, OrNone(least, territories),
        OrNone(most, territories), {need, TableSize(territories, classes)},
        classes);
    if (!plan.ok()) return Report(plan.status(), error);
    CopyTo(plan->by_territory, by_territory);
    CopyTo(plan->by_class, by_class);
    CopyTo(plan->table, table);
    return FIVEK_OK;
  });
}
