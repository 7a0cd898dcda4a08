// The C functions of ../include/fivek/history/{shrinkage,durations,funnel,
// sellers}.h.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "capi/barrier.h"
#include "capi/estimate_out.h"
#include "capi/fivek.h"
#include "capi/learning_checks.h"
#include "capi/list_out.h"
#include "capi/sized_struct.h"
#include "fivek/history/durations.h"
#include "fivek/history/funnel.h"
#include "fivek/history/sellers.h"
#include "fivek/history/shrinkage.h"
#include "src/base/not_finite.h"

using fivek::Fraction;
using fivek::Reason;
using fivek::capi::CheckRows;
using fivek::capi::CheckStruct;
using fivek::capi::EstimateOut;
using fivek::capi::Give;
using fivek::capi::Given;
using fivek::capi::Guard;
using fivek::capi::Report;
using fivek::capi::WriteList;

// ---- Rates of few deals and chains ------------------------------------------

fivek_status fivek_rate_shrink(double prior, double strength, double successes,
                               double trials, fivek_rate* out,
                               fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    const fivek_status fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    const auto p = fivek::ShrinkRate(prior, strength, successes, trials);
    if (!p.ok()) return Report(p.status(), error);
    const fivek::Estimate e = fivek::EstimateOf(*p, trials);
    fivek_rate result = {};
    result.source = static_cast<int32_t>(e.source);
    result.alpha = p->alpha;
    result.beta = p->beta;
    result.mean = e.value;
    result.sd = p->sd;
    result.low = e.low;
    result.high = e.high;
    result.effective_n = e.effective_n;
    Give(result, out);
    return FIVEK_OK;
  });
}

fivek_status fivek_beta_binomial_fit(const double* successes,
                                     const double* trials, size_t n,
                                     fivek_beta_binomial* out,
                                     fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(successes);
    FIVEK_NOT_NULL(trials);
    const fivek_status fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    const auto fit = fivek::FitBetaBinomial({successes, n}, {trials, n});
    if (!fit.ok()) return Report(fit.status(), error);
    fivek_beta_binomial result = {};
    result.groups = fit->groups;
    result.alpha = fit->alpha;
    result.beta = fit->beta;
    result.mean = fit->mean;
    result.strength = fit->strength;
    Give(result, out);
    return FIVEK_OK;
  });
}

fivek_status fivek_rates_shrink_down(double prior, const double* strength,
                                     const double* successes,
                                     const double* trials, size_t n,
                                     fivek_estimate* out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(strength);
    FIVEK_NOT_NULL(successes);
    FIVEK_NOT_NULL(trials);
    FIVEK_NOT_NULL(out);
    std::vector<fivek::ShrinkLevel> levels;
    for (size_t i = 0; i < n; ++i) {
      levels.push_back({strength[i], successes[i], trials[i]});
    }
    const auto rates = fivek::ShrinkDown(prior, levels);
    if (!rates.ok()) return Report(rates.status(), error);
    for (size_t i = 0; i < n; ++i) {
      out[i] = EstimateOut(fivek::EstimateOf((*rates)[i], trials[i]));
    }
    return FIVEK_OK;
  });
}

fivek_status fivek_ladder_to_conversions(const double* probability, size_t n,
                                         double* conversion,
                                         fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(probability);
    FIVEK_NOT_NULL(conversion);
    const auto result = fivek::LadderToConversions({probability, n});
    if (!result.ok()) return Report(result.status(), error);
    std::copy(result->begin(), result->end(), conversion);
    return FIVEK_OK;
  });
}

fivek_status fivek_conversions_to_ladder(const double* conversion, size_t n,
                                         double* probability,
                                         fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(conversion);
    FIVEK_NOT_NULL(probability);
    const auto result = fivek::ConversionsToLadder({conversion, n});
    if (!result.ok()) return Report(result.status(), error);
    std::copy(result->begin(), result->end(), probability);
    return FIVEK_OK;
  });
}

fivek_status fivek_absorbing_chain_solve(const double* moves, const double* won,
                                         size_t n, double* probability,
                                         fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(moves);
    FIVEK_NOT_NULL(won);
    FIVEK_NOT_NULL(probability);
    // n x n may not fit; what is refused is not read.
    const size_t known = n <= fivek::kMostChainStages ? n * n : 0;
    const auto wins = fivek::AbsorbingChain({moves, known}, {won, n});
    if (!wins.ok()) return Report(wins.status(), error);
    std::copy(wins->begin(), wins->end(), probability);
    return FIVEK_OK;
  });
}

// ---- Durations --------------------------------------------------------------

fivek_status fivek_durations_fit(const int32_t* time, const uint8_t* ended,
                                 const int32_t* entry, size_t n, int32_t tau,
                                 fivek_durations* out,
                                 fivek_duration_step* steps, size_t cap,
                                 size_t* count, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(time);
    FIVEK_NOT_NULL(ended);
    FIVEK_ALIGNED(entry);
    const fivek_status fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    FIVEK_LIST_NOT_NULL(steps, cap, count);
    const auto d = fivek::FitDurations({time, n}, {ended, n},
                                       {entry, entry == nullptr ? 0 : n});
    if (!d.ok()) return Report(d.status(), error);
    const auto mean = d->RestrictedMean(tau);
    if (!mean.ok()) return Report(mean.status(), error);
    fivek_durations result = {};
    result.longest = d->longest;
    result.visits = d->visits;
    result.ended = d->ended;
    const std::pair<int32_t*, Fraction> quantiles[] = {
        {&result.quarter, {1, 4}},
        {&result.median, {1, 2}},
        {&result.three_quarters, {3, 4}}};
    for (const auto& [to, q] : quantiles) *to = d->Quantile(q)->value_or(-1);
    result.has_restricted_mean = mean->has_value() ? 1 : 0;
    result.restricted_mean = mean->value_or(0.0);
    std::vector<fivek_duration_step> list;
    list.reserve(d->steps.size());
    for (const fivek::DurationStep& step : d->steps) {
      list.push_back(
          {step.day, 0, step.at_risk, step.ended, step.survival, step.se});
    }
    const fivek_status written = WriteList(list, steps, cap, count, error);
    if (written == FIVEK_OK) Give(result, out);
    return written;
  });
}

fivek_status fivek_stalled_find(const int32_t* winners, size_t n_winners,
                                int64_t q_numerator, int64_t q_denominator,
                                const int32_t* ages, size_t n,
                                int32_t* threshold, uint8_t* stalled,
                                double* share_longer, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(winners);
    FIVEK_NOT_NULL(ages);
    FIVEK_NOT_NULL(threshold);
    FIVEK_NOT_NULL(stalled);
    FIVEK_NOT_NULL(share_longer);
    const auto deals = fivek::FindStalled(
        {winners, n_winners}, {q_numerator, q_denominator}, {ages, n});
    if (!deals.ok()) return Report(deals.status(), error);
    *threshold = deals->threshold;
    for (const uint8_t is_stalled : deals->stalled) *stalled++ = is_stalled;
    for (const double share : deals->share_longer) *share_longer++ = share;
    return FIVEK_OK;
  });
}

// ---- The funnel -------------------------------------------------------------

fivek_status fivek_funnel_reached(const uint8_t* highest, size_t n,
                                  int32_t rungs, double z,
                                  fivek_funnel_rung* out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(highest);
    FIVEK_NOT_NULL(out);
    const auto funnel = fivek::MeasureFunnel({highest, n}, rungs, z);
    if (!funnel.ok()) return Report(funnel.status(), error);
    for (const fivek::FunnelRung& rung : *funnel) {
      *out++ = {rung.reached, rung.to_next.rate, rung.to_next.low,
                rung.to_next.high};
    }
    return FIVEK_OK;
  });
}

fivek_status fivek_velocity(int64_t open_deals, int64_t win_numerator,
                            int64_t win_denominator, int64_t average_won,
                            int64_t cycle_days, int64_t days, int64_t* amount,
                            double* per_day, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(amount);
    FIVEK_NOT_NULL(per_day);
    const fivek::PipelineVelocity velocity = {
        open_deals, {win_numerator, win_denominator}, average_won, cycle_days};
    const auto over = fivek::VelocityOver(velocity, days);
    if (!over.ok()) return Report(over.status(), error);
    const auto one_day = fivek::VelocityPerDay(velocity);
    if (!one_day.ok()) return Report(one_day.status(), error);
    *amount = *over;
    *per_day = *one_day;
    return FIVEK_OK;
  });
}

fivek_status fivek_coverage(int64_t open, int64_t goal, int64_t won,
                            int32_t* goal_met, double* coverage,
                            fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(goal_met);
    FIVEK_NOT_NULL(coverage);
    const auto c = fivek::MeasureCoverage(open, goal, won);
    if (!c.ok()) return Report(c.status(), error);
    *goal_met = c->goal_met ? 1 : 0;
    *coverage = c->coverage;
    return FIVEK_OK;
  });
}

fivek_status fivek_coverage_needed(int64_t won, int64_t lost, double* coverage,
                                   fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(coverage);
    const auto needed = fivek::NeededCoverage(won, lost);
    if (!needed.ok()) return Report(needed.status(), error);
    *coverage = needed->value_or(fivek::kInfinity);
    return FIVEK_OK;
  });
}

fivek_status fivek_slippage_measure(const uint8_t* state, const int64_t* amount,
                                    const int32_t* pushes, size_t n, double z,
                                    fivek_slippage* out,
                                    fivek_pushed_times* times, size_t cap,
                                    size_t* count, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(state);
    FIVEK_NOT_NULL(amount);
    FIVEK_NOT_NULL(pushes);
    fivek_status fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    FIVEK_LIST_NOT_NULL(times, cap, count);
    fits = CheckRows(n, error);
    if (fits != FIVEK_OK) return fits;
    std::vector<fivek::DueDeal> states;
    states.reserve(n);
    for (size_t i = 0; i < n; ++i) {
      states.push_back(static_cast<fivek::DueDeal>(state[i]));
    }
    const auto slippage =
        fivek::MeasureSlippage(states, {amount, n}, {pushes, n}, z);
    if (!slippage.ok()) return Report(slippage.status(), error);
    const fivek::Slippage& s = *slippage;
    if (s.due_amount > std::numeric_limits<int64_t>::max()) {
      return Report(Reason::kOverflow,
                    "the total does not fit 64-bit minor units", error);
    }
    fivek_slippage result = {};
    if (!s.push_amount_rate.has_value()) {
      result.undefined |= FIVEK_SLIPPAGE_NO_AMOUNT;
    }
    if (!s.mean_pushes.has_value()) {
      result.undefined |= FIVEK_SLIPPAGE_NO_DEALS;
    }
    result.due = s.due;
    result.pushed = s.pushed;
    result.won = s.won;
    result.lost = s.lost;
    result.due_amount = static_cast<int64_t>(s.due_amount);
    result.pushed_amount = static_cast<int64_t>(s.pushed_amount);
    result.push_rate = s.push_rate.rate;
    result.push_low = s.push_rate.low;
    result.push_high = s.push_rate.high;
    result.push_amount_rate = s.push_amount_rate.value_or(0.0);
    result.mean_pushes = s.mean_pushes.value_or(0.0);
    result.closed_rate = s.win_rate_of_closed.rate;
    result.closed_low = s.win_rate_of_closed.low;
    result.closed_high = s.win_rate_of_closed.high;
    result.due_rate = s.win_rate_of_due.rate;
    result.due_low = s.win_rate_of_due.low;
    result.due_high = s.win_rate_of_due.high;
    std::vector<fivek_pushed_times> list;
    list.reserve(s.by_pushes.size());
    for (const fivek::PushedTimes& group : s.by_pushes) {
      list.push_back({group.pushes, 0, group.deals, group.won, group.closed,
                      group.win_rate.rate, group.win_rate.low,
                      group.win_rate.high});
    }
    const fivek_status written = WriteList(list, times, cap, count, error);
    if (written == FIVEK_OK) Give(result, out);
    return written;
  });
}

fivek_status fivek_activity_plan(int64_t goal, int64_t average_won,
                                 const int64_t* numerator,
                                 const int64_t* denominator, size_t n,
                                 int64_t* plan, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(numerator);
    FIVEK_NOT_NULL(denominator);
    FIVEK_NOT_NULL(plan);
    std::vector<Fraction> conversions;
    conversions.reserve(n);
    for (size_t i = 0; i < n; ++i) {
      conversions.push_back({numerator[i], denominator[i]});
    }
    const auto steps = fivek::PlanActivity(goal, average_won, conversions);
    if (!steps.ok()) return Report(steps.status(), error);
    for (const int64_t step : *steps) *plan++ = step;
    return FIVEK_OK;
  });
}

fivek_status fivek_productivity_of(const fivek_activity_change* change,
                                   fivek_productivity* out,
                                   fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    fivek_status fits = CheckStruct(change, "change", error);
    if (fits == FIVEK_OK) fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    const fivek_activity_change given = Given(*change);
    if (given.reserved != 0) {
      return Report(Reason::kReservedNotZero, "change.reserved is not zero",
                    error);
    }
    const auto p = fivek::MeasureProductivity(
        {{given.before_numerator, given.before_denominator},
         {given.after_numerator, given.after_denominator},
         given.sellers,
         given.working_days,
         {given.calls_per_deal_numerator, given.calls_per_deal_denominator},
         given.average_won});
    if (!p.ok()) return Report(p.status(), error);
    fivek_productivity result = {};
    result.lift = p->lift;
    result.extra_calls = p->extra_calls;
    result.extra_deals = p->extra_deals;
    result.extra_revenue = p->extra_revenue;
    result.sellers_equivalent = p->sellers_equivalent;
    Give(result, out);
    return FIVEK_OK;
  });
}

// ---- Sellers ----------------------------------------------------------------

fivek_status fivek_sellers_rank(const int64_t* won, const int64_t* closed,
                                const double* expected, size_t n,
                                const double* prior, double* used,
                                fivek_seller_rate* out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(won);
    FIVEK_NOT_NULL(closed);
    FIVEK_ALIGNED(expected);
    FIVEK_ALIGNED(prior);
    FIVEK_ALIGNED(used);
    FIVEK_NOT_NULL(out);
    fivek::SellerOptions options;
    if (prior != nullptr) {
      options.prior = fivek::SellerPrior{prior[0], prior[1]};
    }
    const auto ranking =
        fivek::RankSellers({won, n}, {closed, n},
                           {expected, expected == nullptr ? 0 : n}, options);
    if (!ranking.ok()) return Report(ranking.status(), error);
    for (const fivek::SellerRate& seller : ranking->sellers) {
      *out++ = {seller.rate.value,
                seller.posterior.sd,
                seller.rate.low,
                seller.rate.high,
                seller.mix_ratio.value_or(0.0),
                seller.rank,
                seller.tied,
                seller.surely_better,
                static_cast<int32_t>(seller.rate.source),
                0};
    }
    if (used != nullptr) {
      used[0] = ranking->prior_mean;
      used[1] = ranking->prior_strength;
    }
    return FIVEK_OK;
  });
}

fivek_status fivek_top_share(const int64_t* values, size_t n, int64_t numerator,
                             int64_t denominator, int32_t end, int32_t ties,
                             double* weight, fivek_share* out,
                             fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(values);
    FIVEK_NOT_NULL(weight);
    const fivek_status fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    if (end != FIVEK_SHARE_TOP && end != FIVEK_SHARE_BOTTOM) {
      return Report(Reason::kUnknownCode,
                    absl::StrCat("end ", end, "; allowed: 0 and 1"), error);
    }
    if (ties < 0 || ties >= fivek::kTieRuleCount) {
      return Report(Reason::kUnknownCode,
                    absl::StrCat("ties ", ties, "; allowed: 0 to ",
                                 fivek::kTieRuleCount - 1),
                    error);
    }
    const auto top = fivek::TakeShare({values, n}, {numerator, denominator},
                                      static_cast<fivek::ShareEnd>(end),
                                      static_cast<fivek::TieRule>(ties));
    if (!top.ok()) return Report(top.status(), error);
    for (const double w : top->weight) *weight++ = w;
    fivek_share result = {};
    result.places = top->k;
    result.boundary = top->boundary;
    result.tied = top->tied;
    result.tied_numerator = top->at_boundary.numerator;
    result.tied_denominator = top->at_boundary.denominator;
    Give(result, out);
    return FIVEK_OK;
  });
}
