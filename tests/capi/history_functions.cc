// The golden vectors of what is learned from history, through the C interface
// and nothing but it.
#include <cstdint>
#include <string>
#include <vector>

#include "capi/fivek.h"
#include "tests/capi/golden_call.h"

namespace fivek {
namespace {

using Json = GoldenJson;

// {numerator, denominator}
struct Pair {
  explicit Pair(const Json& pair) : n(pair.at(0)), d(pair.at(1)) {}
  int64_t n, d;
};

// ---- Rates, chains, durations -----------------------------------------------

Json RateShrink(const Json& input) {
  auto rate = Sized<fivek_rate>();
  Failure failure;
  const int status =
      fivek_rate_shrink(Real(input.at("prior")), Real(input.at("strength")),
                        Real(input.at("successes")), Real(input.at("trials")),
                        &rate, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"alpha", RealJson(rate.alpha)},
                    {"beta", RealJson(rate.beta)},
                    {"mean", rate.mean},
                    {"sd", rate.sd},
                    {"low", rate.low},
                    {"high", rate.high},
                    {"effective_n", rate.effective_n},
                    {"source", rate.source}});
}

Json GroupsFit(const Json& input) {
  const std::vector<double> successes = Reals(input, "successes");
  const std::vector<double> trials = Reals(input, "trials");
  auto fit = Sized<fivek_beta_binomial>();
  Failure failure;
  const int status = fivek_beta_binomial_fit(
      Start(successes), Start(trials), trials.size(), &fit, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"groups", fit.groups},
                    {"alpha", RealJson(fit.alpha)},
                    {"beta", RealJson(fit.beta)},
                    {"mean", fit.mean},
                    {"strength", RealJson(fit.strength)}});
}

Json ChainSolve(const Json& input) {
  const std::vector<double> moves = Reals(input, "moves");
  const std::vector<double> won = Reals(input, "won");
  std::vector<double> probability(won.size());
  Failure failure;
  const int status = fivek_absorbing_chain_solve(
      Start(moves), Start(won), won.size(), Start(probability), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"probability", probability}});
}

// Estimates as columns.
Json EstimatesJson(const std::vector<fivek_estimate>& estimates) {
  Json fields;
  for (const char* name : {"value", "low", "high", "effective_n", "source"}) {
    fields[name] = Json::array();
  }
  for (const fivek_estimate& e : estimates) {
    EXPECT_EQ(e.reserved, 0);
    fields["value"].push_back(e.value);
    fields["low"].push_back(e.low);
    fields["high"].push_back(e.high);
    fields["effective_n"].push_back(e.effective_n);
    fields["source"].push_back(e.source);
  }
  return fields;
}

Json RatesDown(const Json& input) {
  const std::vector<double> strength = Reals(input, "strength");
  const std::vector<double> successes = Reals(input, "successes");
  const std::vector<double> trials = Reals(input, "trials");
  std::vector<fivek_estimate> rates(trials.size());
  Failure failure;
  const int status = fivek_rates_shrink_down(
      Real(input.at("prior")), Start(strength), Start(successes), Start(trials),
      trials.size(), Start(rates), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, EstimatesJson(rates));
}

Json ToConversions(const Json& input) {
  const std::vector<double> ladder = Reals(input, "probability");
  std::vector<double> conversions(ladder.empty() ? 0 : ladder.size() - 1);
  Failure failure;
  const int status = fivek_ladder_to_conversions(
      Start(ladder), ladder.size(), Start(conversions), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"conversion", conversions}});
}

Json ToLadder(const Json& input) {
  const std::vector<double> conversions = Reals(input, "conversion");
  std::vector<double> ladder(conversions.size() + 1);
  Failure failure;
  const int status = fivek_conversions_to_ladder(
      Start(conversions), conversions.size(), Start(ladder), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"probability", ladder}});
}

Json FiveKAnswer(const Json& input) {
  const auto points = Numbers<uint8_t>(input, "points");
  auto five = Sized<fivek_five_k>();
  Failure failure;
  const int status = fivek_five_k_of(Start(points), &five, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"product", five.product},
                    {"geometric_mean", five.geometric_mean},
                    {"arithmetic_mean", five.arithmetic_mean},
                    {"smoothed_product", five.smoothed_product},
                    {"log_feature", five.log_feature},
                    {"drag_share", five.drag_share},
                    {"weakest", five.weakest}});
}

Json RisksFit(const Json& input) {
  const auto time = Numbers<int32_t>(input, "time");
  const auto event = Numbers<uint8_t>(input, "event");
  auto risks = Sized<fivek_competing_risks>();
  Failure failure;
  const int status = fivek_competing_risks_fit(
      OptionalColumn<int32_t>(input, "entry").get(), Start(time), Start(event),
      time.size(), &risks, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"ended", risks.ended},
                    {"survival", risks.survival},
                    {"incidence", risks.incidence},
                    {"covariance", risks.covariance},
                    {"conversion", risks.conversion},
                    {"standard_error", risks.standard_error},
                    {"lowest", risks.lowest},
                    {"highest", risks.highest},
                    {"effective_n", risks.effective_n}});
}

Json DurationsFit(const Json& input) {
  const auto time = Numbers<int32_t>(input, "time");
  const auto ended = Numbers<uint8_t>(input, "ended");
  const OptionalColumn<int32_t> entry(input, "entry");
  auto d = Sized<fivek_durations>();
  std::vector<fivek_duration_step> steps;
  Failure failure;
  const int status = TakeList(
      [&](fivek_duration_step* list, size_t cap, size_t* count) {
        return fivek_durations_fit(Start(time), Start(ended), entry.get(),
                                   time.size(), input.at("tau"), &d, list, cap,
                                   count, failure.get());
      },
      &steps);
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  EXPECT_TRUE(d.has_restricted_mean == 1 || d.restricted_mean == 0.0);
  Json fields = {
      {"longest", d.longest},
      {"visits", d.visits},
      {"ended", d.ended},
      {"quarter", d.quarter},
      {"median", d.median},
      {"three_quarters", d.three_quarters},
      {"restricted_mean",
       d.has_restricted_mean == 1 ? Json(d.restricted_mean) : Json()}};
  for (const char* name : {"day", "at_risk", "ended_then", "survival", "se"}) {
    fields[name] = Json::array();
  }
  for (const fivek_duration_step& step : steps) {
    fields["day"].push_back(step.day);
    fields["at_risk"].push_back(step.at_risk);
    fields["ended_then"].push_back(step.ended);
    fields["survival"].push_back(step.survival);
    fields["se"].push_back(step.se);
  }
  return Result(0, fields);
}

Json StalledFind(const Json& input) {
  const auto winners = Numbers<int32_t>(input, "winners");
  const auto ages = Numbers<int32_t>(input, "ages");
  const Pair q(input.at("q"));
  int32_t threshold = 0;
  std::vector<uint8_t> stalled(ages.size());
  std::vector<double> share_longer(ages.size());
  Failure failure;
  const int status = fivek_stalled_find(
      Start(winners), winners.size(), q.n, q.d, Start(ages), ages.size(),
      &threshold, Start(stalled), Start(share_longer), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"threshold", threshold},
                    {"stalled", stalled},
                    {"share_longer", share_longer}});
}

// ---- The funnel and sellers -------------------------------------------------

Json Velocity(const Json& input) {
  const Pair win(input.at("win"));
  int64_t amount = 0;
  double per_day = 0.0;
  Failure failure;
  const int status =
      fivek_velocity(input.at("open_deals"), win.n, win.d,
                     Int64Of(input.at("average_won")), input.at("cycle_days"),
                     input.at("days"), &amount, &per_day, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"amount", Text(amount)}, {"per_day", per_day}});
}

Json Coverage(const Json& input) {
  int32_t goal_met = 0;
  double coverage = 0.0;
  Failure failure;
  const int status = fivek_coverage(
      Int64Of(input.at("open")), Int64Of(input.at("goal")),
      Int64Of(input.at("won")), &goal_met, &coverage, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"goal_met", goal_met}, {"coverage", RealJson(coverage)}});
}

Json CoverageNeeded(const Json& input) {
  double coverage = 0.0;
  Failure failure;
  const int status =
      fivek_coverage_needed(Int64Of(input.at("won")), Int64Of(input.at("lost")),
                            &coverage, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"coverage", RealJson(coverage)}});
}

Json FunnelReached(const Json& input) {
  const auto highest = Numbers<uint8_t>(input, "highest");
  std::vector<fivek_funnel_rung> funnel(256);
  Failure failure;
  const int32_t rungs = input.at("rungs");
  const int status =
      fivek_funnel_reached(Start(highest), highest.size(), rungs,
                           Real(input.at("z")), funnel.data(), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  funnel.resize(static_cast<size_t>(rungs));
  Json fields;
  for (const fivek_funnel_rung& rung : funnel) {
    fields["reached"].push_back(rung.reached);
    fields["rate"].push_back(rung.rate);
    fields["low"].push_back(rung.low);
    fields["high"].push_back(rung.high);
  }
  return Result(0, fields);
}

Json SlippageMeasure(const Json& input) {
  const auto state = Numbers<uint8_t>(input, "state");
  const auto amount = Numbers<int64_t>(input, "amount");
  const auto pushes = Numbers<int32_t>(input, "pushes");
  auto s = Sized<fivek_slippage>();
  std::vector<fivek_pushed_times> times;
  Failure failure;
  const int status = TakeList(
      [&](fivek_pushed_times* list, size_t cap, size_t* count) {
        return fivek_slippage_measure(
            Start(state), Start(amount), Start(pushes), state.size(),
            Real(input.at("z")), &s, list, cap, count, failure.get());
      },
      &times);
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  const auto or_null = [&s](double value, uint32_t bit) {
    if ((s.undefined & bit) == 0) return Json(value);
    EXPECT_EQ(value, 0.0);
    return Json();
  };
  Json groups = Json::array();
  for (const fivek_pushed_times& group : times) {
    groups.push_back({{"pushes", group.pushes},
                      {"deals", group.deals},
                      {"won", group.won},
                      {"closed", group.closed},
                      {"rate", group.rate},
                      {"low", group.low},
                      {"high", group.high}});
  }
  return Result(
      0, {{"due", s.due},
          {"pushed", s.pushed},
          {"won", s.won},
          {"lost", s.lost},
          {"due_amount", Text(s.due_amount)},
          {"pushed_amount", Text(s.pushed_amount)},
          {"push_rate", s.push_rate},
          {"push_low", s.push_low},
          {"push_high", s.push_high},
          {"push_amount_rate",
           or_null(s.push_amount_rate, FIVEK_SLIPPAGE_NO_AMOUNT)},
          {"mean_pushes", or_null(s.mean_pushes, FIVEK_SLIPPAGE_NO_DEALS)},
          {"closed_rate", s.closed_rate},
          {"closed_low", s.closed_low},
          {"closed_high", s.closed_high},
          {"due_rate", s.due_rate},
          {"due_low", s.due_low},
          {"due_high", s.due_high},
          {"times", groups}});
}

Json ActivityPlan(const Json& input) {
  std::vector<int64_t> numerator;
  std::vector<int64_t> denominator;
  for (const Json& conversion : input.at("conversions")) {
    const Pair pair(conversion);
    numerator.push_back(pair.n);
    denominator.push_back(pair.d);
  }
  std::vector<int64_t> plan(numerator.size() + 1);
  Failure failure;
  const int status = fivek_activity_plan(
      Int64Of(input.at("goal")), Int64Of(input.at("average_won")),
      Start(numerator), Start(denominator), numerator.size(), plan.data(),
      failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json steps = Json::array();
  for (const int64_t step : plan) steps.push_back(Text(step));
  return Result(0, {{"plan", steps}});
}

Json ProductivityOf(const Json& input) {
  auto change = Sized<fivek_activity_change>();
  const Pair before(input.at("before"));
  const Pair after(input.at("after"));
  const Pair calls(input.at("calls_per_deal"));
  change.before_numerator = before.n;
  change.before_denominator = before.d;
  change.after_numerator = after.n;
  change.after_denominator = after.d;
  change.sellers = input.at("sellers");
  change.working_days = input.at("working_days");
  change.calls_per_deal_numerator = calls.n;
  change.calls_per_deal_denominator = calls.d;
  change.average_won = Int64Of(input.at("average_won"));
  auto p = Sized<fivek_productivity>();
  Failure failure;
  const int status = fivek_productivity_of(&change, &p, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"lift", p.lift},
                    {"extra_calls", p.extra_calls},
                    {"extra_deals", p.extra_deals},
                    {"extra_revenue", p.extra_revenue},
                    {"sellers_equivalent", p.sellers_equivalent}});
}

Json SellersRank(const Json& input) {
  const auto won = Numbers<int64_t>(input, "won");
  const auto closed = Numbers<int64_t>(input, "closed");
  const std::vector<double> expected = RealsOrNone(input, "expected");
  const std::vector<double> prior = RealsOrNone(input, "prior");
  double used[2] = {};
  std::vector<fivek_seller_rate> sellers(won.size());
  Failure failure;
  const int status = fivek_sellers_rank(
      Start(won), Start(closed), expected.empty() ? nullptr : expected.data(),
      won.size(), prior.empty() ? nullptr : prior.data(), used, Start(sellers),
      failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json fields = {{"used", {used[0], RealJson(used[1])}}};
  for (const char* name : {"mean", "sd", "low", "high", "source", "mix_ratio",
                           "rank", "tied", "surely_better"}) {
    fields[name] = Json::array();
  }
  for (const fivek_seller_rate& seller : sellers) {
    fields["mean"].push_back(seller.mean);
    fields["sd"].push_back(seller.sd);
    fields["low"].push_back(seller.low);
    fields["high"].push_back(seller.high);
    fields["source"].push_back(seller.source);
    fields["mix_ratio"].push_back(seller.mix_ratio);
    fields["rank"].push_back(seller.rank);
    fields["tied"].push_back(seller.tied);
    fields["surely_better"].push_back(seller.surely_better);
  }
  return Result(0, fields);
}

Json TopShareOf(const Json& input) {
  const auto values = Numbers<int64_t>(input, "values");
  const Pair share(input.at("share"));
  std::vector<double> weight(values.size());
  auto top = Sized<fivek_share>();
  Failure failure;
  const int status = fivek_top_share(Start(values), values.size(), share.n,
                                     share.d, input.at("end"), input.at("ties"),
                                     Start(weight), &top, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"places", top.places},
                    {"boundary", Text(top.boundary)},
                    {"tied", top.tied},
                    {"tied_numerator", top.tied_numerator},
                    {"tied_denominator", top.tied_denominator},
                    {"weight", weight}});
}

// ---- Visits and the ladder --------------------------------------------------

Json VisitsFromMoves(const Json& input) {
  std::vector<fivek_stage_move> moves;
  for (const Json& m : input.at("moves")) {
    moves.push_back({m[0], m[1], m[2], m[3], m[4], m[5], m[6]});
  }
  const int32_t as_of = input.at("as_of");
  std::vector<fivek_stage_visit> visits;
  Failure failure;
  const int status = TakeList(
      [&](fivek_stage_visit* list, size_t cap, size_t* count) {
        return fivek_visits_from_moves(Start(moves), moves.size(), as_of, list,
                                       cap, count, failure.get());
      },
      &visits);
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  EXPECT_EQ(fivek_visits_check(Start(visits), visits.size(), as_of, nullptr),
            FIVEK_OK);
  Json rows = Json::array();
  for (const fivek_stage_visit& v : visits) {
    rows.push_back({v.deal, v.stage, v.entered, v.left, v.spent, v.end, v.to,
                    v.segment, v.team, v.seller});
  }
  return Result(0, {{"visits", rows}});
}

// The statistics of the visits of a case, for as long as it lives.
class Visits {
 public:
  explicit Visits(const Json& input) {
    std::vector<fivek_stage_visit> added;
    for (const Json& v : input.at("visits")) {
      added.push_back(
          {v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], 0});
    }
    constexpr int32_t kFirst = -719162;
    EXPECT_EQ(fivek_visits_create(input.value("from", kFirst),
                                  input.at("as_of"), &visits_, nullptr),
              FIVEK_OK);
    EXPECT_EQ(fivek_visits_add(visits_, Start(added), added.size(), nullptr),
              FIVEK_OK);
  }
  ~Visits() { fivek_visits_release(visits_); }
  Visits(const Visits&) = delete;
  Visits& operator=(const Visits&) = delete;

  const fivek_visits* get() const { return visits_; }

 private:
  fivek_visits* visits_ = nullptr;
};

// And the ladder learned of them.
class Ladder {
 public:
  explicit Ladder(const Json& input) {
    auto options = Sized<fivek_ladder_options>();
    options.strength = Real(input.at("strength"));
    options.learn_strength = input.value("learn_strength", 0);
    status_ = fivek_ladder_fit(nullptr, Visits(input).get(), &options, &ladder_,
                               failure_.get());
  }
  ~Ladder() { fivek_ladder_release(ladder_); }
  Ladder(const Ladder&) = delete;
  Ladder& operator=(const Ladder&) = delete;

  const fivek_ladder* get() const { return ladder_; }
  bool ok() const { return status_ == FIVEK_OK; }
  Json refusal() const { return RefusedAt(status_, failure_.where()); }

 private:
  const fivek_ladder* ladder_ = nullptr;
  Failure failure_;
  int status_;
};

fivek_ladder_group GroupOf(const Json& input) {
  const Json& group = input.at("group");
  return {group[0], group[1], group[2], group[3]};
}

Json VisitsCounts(const Json& input) {
  const Visits visits(input);
  std::vector<fivek_visit_count> list;
  Failure failure;
  const int status = TakeList(
      [&](fivek_visit_count* out, size_t cap, size_t* count) {
        return fivek_visits_counts(visits.get(), out, cap, count,
                                   failure.get());
      },
      &list);
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json counts = Json::array();
  for (const fivek_visit_count& c : list) {
    counts.push_back(
        {c.segment, c.team, c.seller, c.rung, c.kind, c.step, c.count});
  }
  return Result(0, {{"counts", counts}});
}

Json VisitsWindow(const Json& input) {
  const Visits visits(input);
  int32_t from = 0;
  int32_t as_of = 0;
  int64_t added = -1;
  Failure failure;
  const int status =
      fivek_visits_window(visits.get(), &from, &as_of, &added, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"from", from}, {"as_of", as_of}, {"added", added}});
}

Json LadderGroups(const Json& input) {
  const Ladder ladder(input);
  if (!ladder.ok()) return ladder.refusal();
  std::vector<fivek_ladder_group> list;
  Failure failure;
  const int status = TakeList(
      [&](fivek_ladder_group* out, size_t cap, size_t* count) {
        return fivek_ladder_groups(ladder.get(), out, cap, count,
                                   failure.get());
      },
      &list);
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json groups = Json::array();
  for (const fivek_ladder_group& group : list) {
    groups.push_back({group.depth, group.segment, group.team, group.seller});
  }
  return Result(0, {{"groups", groups}});
}

Json LadderWon(const Json& input) {
  const Ladder ladder(input);
  if (!ladder.ok()) return ladder.refusal();
  const fivek_ladder_group group = GroupOf(input);
  std::vector<fivek_estimate> estimates;
  for (const int32_t milestone : Numbers<int32_t>(input, "milestone")) {
    estimates.emplace_back();
    Failure failure;
    const int status = fivek_ladder_won(ladder.get(), &group, milestone,
                                        &estimates.back(), failure.get());
    if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  }
  return Result(0, EstimatesJson(estimates));
}

Json LadderExplain(const Json& input) {
  const Ladder ladder(input);
  if (!ladder.ok()) return ladder.refusal();
  const fivek_ladder_group group = GroupOf(input);
  std::vector<fivek_estimate> estimates;
  for (const int32_t milestone : Numbers<int32_t>(input, "milestone")) {
    auto rung = Sized<fivek_rung>();
    Failure failure;
    const int status = fivek_ladder_explain(ladder.get(), &group, milestone,
                                            &rung, failure.get());
    if (status != FIVEK_OK) return RefusedAt(status, failure.where());
    estimates.push_back(rung.conversion);
  }
  return Result(0, EstimatesJson(estimates));
}

Json LadderWonAtAge(const Json& input) {
  const Ladder ladder(input);
  if (!ladder.ok()) return ladder.refusal();
  const fivek_ladder_group group = GroupOf(input);
  const auto days = Numbers<int32_t>(input, "days");
  std::vector<fivek_estimate> estimates(days.size());
  for (size_t i = 0; i < days.size(); ++i) {
    Failure failure;
    const int status = fivek_ladder_won_at_age(
        ladder.get(), &group, input.at("milestone").at(i), days[i],
        &estimates[i], failure.get());
    if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  }
  return Result(0, EstimatesJson(estimates));
}

Json LadderWonWithin(const Json& input) {
  const Ladder ladder(input);
  if (!ladder.ok()) return ladder.refusal();
  const fivek_ladder_group group = GroupOf(input);
  const auto milestone = Numbers<int32_t>(input, "milestone");
  const auto days = Numbers<int32_t>(input, "days");
  std::vector<fivek_estimate> estimates(days.size());
  std::vector<fivek_status> row_status(days.size(), FIVEK_OK);
  Failure failure;
  const int status = fivek_ladder_won_within(
      ladder.get(), &group, input.at("horizon"), Start(milestone), Start(days),
      days.size(), Start(estimates),
      input.at("by_row") == 1 ? Start(row_status) : nullptr, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json fields = EstimatesJson(estimates);
  fields["row_status"] = row_status;
  return Result(0, fields);
}

Json LadderExplainAges(const Json& input) {
  const Ladder ladder(input);
  if (!ladder.ok()) return ladder.refusal();
  std::vector<fivek_rung_age> ages(FIVEK_AGE_BUCKETS);
  Failure failure;
  const int status = fivek_ladder_explain_ages(
      ladder.get(), input.at("milestone"), ages.data(), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json fields;
  for (const fivek_rung_age& age : ages) {
    fields["exposures"].push_back(age.exposures);
    fields["advanced"].push_back(age.advanced);
    fields["lost"].push_back(age.lost);
    fields["moved_back"].push_back(age.moved_back);
    fields["advance_hazard"].push_back(age.advance_hazard);
    fields["loss_hazard"].push_back(age.loss_hazard);
    fields["back_hazard"].push_back(age.back_hazard);
    fields["odds_ratio"].push_back(age.odds_ratio);
  }
  return Result(0, fields);
}

Json LadderFit(const Json& input) {
  const Ladder ladder(input);
  if (!ladder.ok()) return ladder.refusal();
  const fivek_ladder_group group = GroupOf(input);
  Json fields;
  for (int32_t milestone = 0; milestone <= 6; ++milestone) {
    fivek_estimate won = {};
    EXPECT_EQ(fivek_ladder_won(ladder.get(), &group, milestone, &won, nullptr),
              FIVEK_OK);
    fields["won"].push_back(won.value);
  }
  for (int32_t milestone = 0; milestone < 6; ++milestone) {
    auto rung = Sized<fivek_rung>();
    EXPECT_EQ(
        fivek_ladder_explain(ladder.get(), &group, milestone, &rung, nullptr),
        FIVEK_OK);
    EXPECT_EQ(rung.won.value, fields["won"][static_cast<size_t>(milestone)]);
    const Json one = {{"visits", rung.visits},
                      {"advanced", rung.advanced},
                      {"lost", rung.lost},
                      {"moved_back", rung.moved_back},
                      {"open", rung.open},
                      {"observed", rung.observed},
                      {"standard_error", rung.standard_error},
                      {"lowest", rung.lowest},
                      {"highest", rung.highest},
                      {"prior", rung.prior},
                      {"strength", RealJson(rung.strength)},
                      {"conversion", rung.conversion.value},
                      {"back", rung.back},
                      {"through", rung.through}};
    for (const auto& [name, value] : one.items()) {
      fields[name].push_back(value);
    }
  }
  return Result(0, fields);
}

Json LadderTable(const Json& input) {
  const Ladder ladder(input);
  if (!ladder.ok()) return ladder.refusal();
  const fivek_ladder_group group = GroupOf(input);
  std::vector<int32_t> ppm(7 * FIVEK_AGE_BUCKETS);
  Failure failure;
  const int status =
      fivek_ladder_table(ladder.get(), &group, ppm.data(), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"ppm", ppm}});
}

Json MartingaleCheck(const Json& input) {
  const std::vector<double> probability = Reals(input, "probability");
  std::vector<fivek_martingale_gap> gaps(6);
  Failure failure;
  const int status = fivek_martingale_check(
      Visits(input).get(), probability.data(), gaps.data(), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json fields;
  for (const fivek_martingale_gap& gap : gaps) {
    fields["moves"].push_back(gap.moves);
    fields["said"].push_back(gap.said);
    fields["mean_next"].push_back(gap.mean_next);
    fields["gap"].push_back(gap.gap);
    fields["standard_error"].push_back(gap.standard_error);
  }
  return Result(0, fields);
}

Json AgesBucket(const Json& input) {
  const auto days = Numbers<int32_t>(input, "days");
  std::vector<uint8_t> bucket(days.size());
  Failure failure;
  const int status =
      fivek_ages_bucket(Start(days), days.size(), Start(bucket), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"bucket", bucket}});
}

// ---- Learned probabilities --------------------------------------------------

Json LogisticFit(const Json& input) {
  const std::vector<double> feature = Reals(input, "feature");
  const std::vector<double> offset = RealsOrNone(input, "offset");
  const std::vector<double> weight = RealsOrNone(input, "weight");
  const auto won = Numbers<uint8_t>(input, "won");
  const size_t columns = input.at("columns");
  double intercept = 0.0;
  double objective = 0.0;
  std::vector<double> weights(columns);
  std::vector<double> standard_error(columns + 1);
  Failure failure;
  const int status = fivek_logistic_fit(
      Start(feature), columns, Start(won),
      offset.empty() ? nullptr : offset.data(),
      weight.empty() ? nullptr : weight.data(), won.size(), input.at("l2"),
      input.value("non_negative", 0), &intercept, Start(weights),
      standard_error.data(), &objective, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"intercept", intercept},
                    {"weights", weights},
                    {"standard_error", standard_error},
                    {"objective", objective}});
}

Json PlattFit(const Json& input) {
  const std::vector<double> score = Reals(input, "score");
  const auto won = Numbers<uint8_t>(input, "won");
  double a = 0.0;
  double b = 0.0;
  Failure failure;
  const int status = fivek_platt_fit(Start(score), Start(won), won.size(), &a,
                                     &b, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"a", a}, {"b", b}});
}

Json VennAbersAt(const Json& input) {
  const std::vector<double> score = Reals(input, "score");
  const std::vector<double> at = Reals(input, "at");
  const auto won = Numbers<uint8_t>(input, "won");
  std::vector<double> low(at.size());
  std::vector<double> high(at.size());
  std::vector<double> merged(at.size());
  Failure failure;
  const int status = fivek_venn_abers(
      Start(score), Start(won), won.size(), Start(at), at.size(), Start(low),
      Start(high), Start(merged), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"low", low}, {"high", high}, {"merged", merged}});
}

Json RecalibrationFit(const Json& input) {
  const std::vector<double> forecast = Reals(input, "forecast");
  const auto won = Numbers<uint8_t>(input, "won");
  const auto id = Numbers<uint64_t>(input, "id");
  const fivek_recalibration* step = nullptr;
  Failure failure;
  int status = fivek_recalibration_fit(Start(forecast), Start(won), Start(id),
                                       won.size(), &step, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  auto info = Sized<fivek_recalibration_info>();
  EXPECT_EQ(fivek_recalibration_describe(step, &info, nullptr), FIVEK_OK);
  std::vector<double> right = Reals(input, "at");
  status = fivek_recalibration_apply(step, Start(right), right.size(),
                                     Start(right), failure.get());
  fivek_recalibration_release(step);
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"kind", info.kind},
                    {"verdict", info.verdict},
                    {"rows", info.rows},
                    {"base_log_loss", info.base_log_loss},
                    {"model_log_loss", info.model_log_loss},
                    {"right", right}});
}

// Reads what an oracle wrote in hexadecimal.
template <typename Handle>
const Handle* ReadHex(fivek_status (*read)(const uint8_t*, size_t,
                                           const Handle**, fivek_error*),
                      const Json& hex) {
  const std::string bytes = BytesOf(hex);
  const Handle* handle = nullptr;
  EXPECT_EQ(read(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size(),
                 &handle, nullptr),
            FIVEK_OK);
  return handle;
}

Json EvidencePredictFrom(const Json& input) {
  const auto* const model = ReadHex(fivek_evidence_read, input.at("model"));
  const Json& l = input.at("ladder");
  const fivek_estimate ladder = {Real(l[0]), Real(l[1]), Real(l[2]),
                                 Real(l[3]), l[4],       0};
  const auto points = Numbers<uint8_t>(input, "points");
  fivek_estimate p = {};
  auto why = Sized<fivek_evidence_explanation>();
  Failure failure;
  const int status =
      fivek_evidence_predict_from(model, input.at("stage"), &ladder,
                                  points.data(), &p, &why, failure.get());
  fivek_evidence_release(model);
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"value", p.value},
                    {"low", p.low},
                    {"high", p.high},
                    {"effective_n", RealJson(p.effective_n)},
                    {"source", p.source},
                    {"verdict", why.verdict},
                    {"log_odds", why.log_odds},
                    {"ladder_log_odds", why.ladder_log_odds},
                    {"intercept", why.intercept},
                    {"log_odds_share", why.log_odds_share},
                    {"probability_ppm", why.probability_ppm},
                    {"reference_ppm", why.reference_ppm},
                    {"share_ppm", why.share_ppm}});
}

Json ScorecardScores(const Json& input) {
  const auto* const card = ReadHex(fivek_scorecard_read, input.at("card"));
  const auto level = Numbers<uint32_t>(input, "level");
  const std::vector<double> value = Reals(input, "value");
  std::vector<uint8_t> missing;
  const bool has_missing = input.contains("missing");
  if (has_missing) missing = Numbers<uint8_t>(input, "missing");
  std::vector<int32_t> score(level.size());
  std::vector<fivek_estimate> estimates(level.size());
  Failure failure;
  const int status = fivek_scorecard_scores(
      card, Start(level), Start(value), has_missing ? Start(missing) : nullptr,
      1, 1, level.size(), Start(score), Start(estimates), failure.get());
  fivek_scorecard_release(card);
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json fields = EstimatesJson(estimates);
  fields["score"] = score;
  return Result(0, fields);
}

Json PlsProbabilities(const Json& input) {
  fivek_pls_compat* pls = nullptr;
  EXPECT_EQ(fivek_pls_create(input.at("closed").at(0).at(2).size(),
                             input.at("stages"), 50, 0, &pls, nullptr),
            FIVEK_OK);
  const uint32_t no_tag = 0;
  for (const Json& lead : input.at("closed")) {
    const std::vector<uint32_t> value = lead[2];
    EXPECT_EQ(fivek_pls_add(pls, lead[0], lead[1], value.data(), &no_tag, 0,
                            lead[3], nullptr),
              FIVEK_OK);
  }
  Json fields;
  for (const Json& lead : input.at("ask")) {
    const std::vector<uint32_t> value = lead[2];
    double percent = 0.0;
    double raw_percent = 0.0;
    EXPECT_EQ(
        fivek_pls_probability(pls, lead[0], lead[1], value.data(), &no_tag, 0,
                              &percent, &raw_percent, nullptr),
        FIVEK_OK);
    fields["percent"].push_back(percent);
    fields["raw_percent"].push_back(raw_percent);
  }
  fivek_pls_release(pls);
  return Result(0, fields);
}

}  // namespace

GoldenFunctions HistoryFunctions() {
  return {
      {"fivek_rate_shrink", RateShrink},
      {"fivek_beta_binomial_fit", GroupsFit},
      {"fivek_absorbing_chain_solve", ChainSolve},
      {"fivek_rates_shrink_down", RatesDown},
      {"fivek_ladder_to_conversions", ToConversions},
      {"fivek_conversions_to_ladder", ToLadder},
      {"fivek_five_k_of", FiveKAnswer},
      {"fivek_competing_risks_fit", RisksFit},
      {"fivek_durations_fit", DurationsFit},
      {"fivek_stalled_find", StalledFind},
      {"fivek_velocity", Velocity},
      {"fivek_funnel_reached", FunnelReached},
      {"fivek_coverage", Coverage},
      {"fivek_coverage_needed", CoverageNeeded},
      {"fivek_slippage_measure", SlippageMeasure},
      {"fivek_activity_plan", ActivityPlan},
      {"fivek_productivity_of", ProductivityOf},
      {"fivek_sellers_rank", SellersRank},
      {"fivek_top_share", TopShareOf},
      {"fivek_visits_from_moves", VisitsFromMoves},
      {"fivek_visits_window", VisitsWindow},
      {"fivek_visits_counts", VisitsCounts},
      {"fivek_ladder_fit", LadderFit},
      {"fivek_ladder_groups", LadderGroups},
      {"fivek_ladder_won", LadderWon},
      {"fivek_ladder_won_at_age", LadderWonAtAge},
      {"fivek_ladder_won_within", LadderWonWithin},
      {"fivek_ladder_explain", LadderExplain},
      {"fivek_ladder_explain_ages", LadderExplainAges},
      {"fivek_ladder_table", LadderTable},
      {"fivek_martingale_check", MartingaleCheck},
      {"fivek_ages_bucket", AgesBucket},
      {"fivek_logistic_fit", LogisticFit},
      {"fivek_platt_fit", PlattFit},
      {"fivek_venn_abers", VennAbersAt},
      {"fivek_recalibration_fit", RecalibrationFit},
      {"fivek_evidence_predict_from", EvidencePredictFrom},
      {"fivek_scorecard_scores", ScorecardScores},
      {"fivek_pls_probability", PlsProbabilities},
  };
}

}  // namespace fivek
