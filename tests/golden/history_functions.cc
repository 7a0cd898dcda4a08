// The golden vectors of what is learned from history, through the C++
// interface.
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "fivek/base/reason.h"
#include "fivek/history/competing_risks.h"
#include "fivek/history/durations.h"
#include "fivek/history/evidence_model.h"
#include "fivek/history/funnel.h"
#include "fivek/history/ladder.h"
#include "fivek/history/logistic.h"
#include "fivek/history/pls_compat.h"
#include "fivek/history/recalibration.h"
#include "fivek/history/scorecard.h"
#include "fivek/history/sellers.h"
#include "fivek/history/shrinkage.h"
#include "fivek/history/visits.h"
#include "fivek/method/policy.h"
#include "tests/golden/golden_answer.h"
#include "tests/golden/golden_input.h"

namespace fivek {
namespace {

using Json = GoldenJson;

Fraction FractionOf(const Json& pair) { return {pair.at(0), pair.at(1)}; }

std::vector<int32_t> EntryOf(const Json& input) {
  return NumbersOrNone<int32_t>(input, "entry");
}

// ---- Rates, chains, durations -----------------------------------------------

Json RateShrink(const Json& input) {
  const double trials = Real(input.at("trials"));
  const auto p = ShrinkRate(Real(input.at("prior")), Real(input.at("strength")),
                            Real(input.at("successes")), trials);
  if (!p.ok()) return Refused(p.status());
  const Estimate e = EstimateOf(*p, trials);
  return Result(0, {{"alpha", RealJson(p->alpha)},
                    {"beta", RealJson(p->beta)},
                    {"mean", e.value},
                    {"sd", p->sd},
                    {"low", e.low},
                    {"high", e.high},
                    {"effective_n", e.effective_n},
                    {"source", static_cast<int>(e.source)}});
}

Json GroupsFit(const Json& input) {
  const auto fit =
      FitBetaBinomial(Reals(input, "successes"), Reals(input, "trials"));
  if (!fit.ok()) return Refused(fit.status());
  return Result(0, {{"groups", fit->groups},
                    {"alpha", RealJson(fit->alpha)},
                    {"beta", RealJson(fit->beta)},
                    {"mean", fit->mean},
                    {"strength", RealJson(fit->strength)}});
}

Json ChainSolve(const Json& input) {
  const auto wins = AbsorbingChain(Reals(input, "moves"), Reals(input, "won"));
  if (!wins.ok()) return Refused(wins.status());
  return Result(0, {{"probability", *wins}});
}

// Estimates as columns.
class Estimates {
 public:
  void Add(const Estimate& e) {
    fields_["value"].push_back(e.value);
    fields_["low"].push_back(e.low);
    fields_["high"].push_back(e.high);
    fields_["effective_n"].push_back(e.effective_n);
    fields_["source"].push_back(static_cast<int>(e.source));
  }
  const Json& fields() const { return fields_; }

 private:
  Json fields_ = {{"value", Json::array()},
                  {"low", Json::array()},
                  {"high", Json::array()},
                  {"effective_n", Json::array()},
                  {"source", Json::array()}};
};

Json RatesDown(const Json& input) {
  const std::vector<double> strength = Reals(input, "strength");
  const std::vector<double> successes = Reals(input, "successes");
  const std::vector<double> trials = Reals(input, "trials");
  std::vector<ShrinkLevel> levels;
  for (size_t i = 0; i < trials.size(); ++i) {
    levels.push_back({strength[i], successes[i], trials[i]});
  }
  const auto rates = ShrinkDown(Real(input.at("prior")), levels);
  if (!rates.ok()) return Refused(rates.status());
  Estimates estimates;
  for (size_t i = 0; i < trials.size(); ++i) {
    estimates.Add(EstimateOf((*rates)[i], trials[i]));
  }
  return Result(0, estimates.fields());
}

Json ToConversions(const Json& input) {
  const auto conversions = LadderToConversions(Reals(input, "probability"));
  if (!conversions.ok()) return Refused(conversions.status());
  return Result(0, {{"conversion", *conversions}});
}

Json ToLadder(const Json& input) {
  const auto ladder = ConversionsToLadder(Reals(input, "conversion"));
  if (!ladder.ok()) return Refused(ladder.status());
  return Result(0, {{"probability", *ladder}});
}

Json FiveKAnswer(const Json& input) {
  const auto five = FiveKOf(input.at("points").get<EvidencePoints>());
  if (!five.ok()) return Refused(five.status());
  return Result(0, {{"product", five->product},
                    {"geometric_mean", five->geometric_mean},
                    {"arithmetic_mean", five->arithmetic_mean},
                    {"smoothed_product", five->smoothed_product},
                    {"log_feature", five->log_feature},
                    {"drag_share", five->drag_share},
                    {"weakest", five->weakest}});
}

Json RisksFit(const Json& input) {
  const auto time = Numbers<int32_t>(input, "time");
  std::vector<int32_t> entry = EntryOf(input);
  entry.resize(time.size(), 0);
  const auto risks =
      AalenJohansen(entry, time, Numbers<uint8_t>(input, "event"));
  if (!risks.ok()) return Refused(risks.status());
  const Share share = ConversionOf(*risks);
  Json covariance = Json::array();
  for (const auto& row : risks->covariance) {
    for (const double c : row) covariance.push_back(c);
  }
  return Result(0, {{"ended", risks->ended},
                    {"survival", risks->survival},
                    {"incidence", risks->incidence},
                    {"covariance", covariance},
                    {"conversion", share.value},
                    {"standard_error", share.standard_error},
                    {"lowest", share.lowest},
                    {"highest", share.highest},
                    {"effective_n", share.effective_n}});
}

Json DurationsFit(const Json& input) {
  const auto d = FitDurations(Numbers<int32_t>(input, "time"),
                              Numbers<uint8_t>(input, "ended"), EntryOf(input));
  if (!d.ok()) return Refused(d.status());
  const auto mean = d->RestrictedMean(input.at("tau"));
  if (!mean.ok()) return Refused(mean.status());
  const auto quantile = [&d](Fraction q) {
    return d->Quantile(q)->value_or(-1);
  };
  Json fields = {{"longest", d->longest},
                 {"visits", d->visits},
                 {"ended", d->ended},
                 {"quarter", quantile({1, 4})},
                 {"median", quantile({1, 2})},
                 {"three_quarters", quantile({3, 4})},
                 {"restricted_mean", OrNull(*mean)}};
  for (const char* name : {"day", "at_risk", "ended_then", "survival", "se"}) {
    fields[name] = Json::array();
  }
  for (const DurationStep& step : d->steps) {
    fields["day"].push_back(step.day);
    fields["at_risk"].push_back(step.at_risk);
    fields["ended_then"].push_back(step.ended);
    fields["survival"].push_back(step.survival);
    fields["se"].push_back(step.se);
  }
  return Result(0, fields);
}

Json StalledFind(const Json& input) {
  const auto deals =
      FindStalled(Numbers<int32_t>(input, "winners"), FractionOf(input.at("q")),
                  Numbers<int32_t>(input, "ages"));
  if (!deals.ok()) return Refused(deals.status());
  return Result(0, {{"threshold", deals->threshold},
                    {"stalled", deals->stalled},
                    {"share_longer", deals->share_longer}});
}

// ---- The funnel and sellers -------------------------------------------------

Json Velocity(const Json& input) {
  const PipelineVelocity velocity = {
      input.at("open_deals"), FractionOf(input.at("win")),
      Int64Of(input.at("average_won")), input.at("cycle_days")};
  const auto amount = VelocityOver(velocity, input.at("days"));
  if (!amount.ok()) return Refused(amount.status());
  const auto per_day = VelocityPerDay(velocity);
  if (!per_day.ok()) return Refused(per_day.status());
  return Result(0, {{"amount", Text(*amount)}, {"per_day", *per_day}});
}

Json Coverage(const Json& input) {
  const auto c =
      MeasureCoverage(Int64Of(input.at("open")), Int64Of(input.at("goal")),
                      Int64Of(input.at("won")));
  if (!c.ok()) return Refused(c.status());
  return Result(0, {{"goal_met", c->goal_met ? 1 : 0},
                    {"coverage", RealJson(c->coverage)}});
}

Json NeededCoverageOf(const Json& input) {
  const auto needed =
      NeededCoverage(Int64Of(input.at("won")), Int64Of(input.at("lost")));
  if (!needed.ok()) return Refused(needed.status());
  return Result(
      0, {{"coverage", needed->has_value() ? Json(**needed) : Json("inf")}});
}

Json FunnelReached(const Json& input) {
  const auto funnel = MeasureFunnel(Numbers<uint8_t>(input, "highest"),
                                    input.at("rungs"), Real(input.at("z")));
  if (!funnel.ok()) return Refused(funnel.status());
  Json fields;
  for (const FunnelRung& rung : *funnel) {
    fields["reached"].push_back(rung.reached);
    fields["rate"].push_back(rung.to_next.rate);
    fields["low"].push_back(rung.to_next.low);
    fields["high"].push_back(rung.to_next.high);
  }
  return Result(0, fields);
}

void PutRate(const char* prefix, const Proportion& p, Json* fields) {
  const std::string name = prefix;
  (*fields)[name + "rate"] = p.rate;
  (*fields)[name + "low"] = p.low;
  (*fields)[name + "high"] = p.high;
}

Json SlippageMeasure(const Json& input) {
  std::vector<DueDeal> states;
  for (const uint8_t state : Numbers<uint8_t>(input, "state")) {
    states.push_back(static_cast<DueDeal>(state));
  }
  const auto s =
      MeasureSlippage(states, Numbers<int64_t>(input, "amount"),
                      Numbers<int32_t>(input, "pushes"), Real(input.at("z")));
  if (!s.ok()) return Refused(s.status());
  // Here it has 128 bits; the vectors say what 64 do.
  if (s->due_amount > std::numeric_limits<int64_t>::max()) {
    return RefusedAt(static_cast<int>(absl::StatusCode::kOutOfRange), {});
  }
  Json fields = {
      {"due", s->due},
      {"pushed", s->pushed},
      {"won", s->won},
      {"lost", s->lost},
      {"due_amount", Text(static_cast<int64_t>(s->due_amount))},
      {"pushed_amount", Text(static_cast<int64_t>(s->pushed_amount))},
      {"push_amount_rate", OrNull(s->push_amount_rate)},
      {"mean_pushes", OrNull(s->mean_pushes)},
      {"times", Json::array()}};
  PutRate("push_", s->push_rate, &fields);
  PutRate("closed_", s->win_rate_of_closed, &fields);
  PutRate("due_", s->win_rate_of_due, &fields);
  for (const PushedTimes& group : s->by_pushes) {
    Json one = {{"pushes", group.pushes},
                {"deals", group.deals},
                {"won", group.won},
                {"closed", group.closed}};
    PutRate("", group.win_rate, &one);
    fields["times"].push_back(one);
  }
  return Result(0, fields);
}

Json ActivityPlan(const Json& input) {
  std::vector<Fraction> conversions;
  for (const Json& pair : input.at("conversions")) {
    conversions.push_back(FractionOf(pair));
  }
  const auto plan = PlanActivity(Int64Of(input.at("goal")),
                                 Int64Of(input.at("average_won")), conversions);
  if (!plan.ok()) return Refused(plan.status());
  Json steps = Json::array();
  for (const int64_t step : *plan) steps.push_back(Text(step));
  return Result(0, {{"plan", steps}});
}

Json ProductivityOf(const Json& input) {
  const auto p = MeasureProductivity(
      {FractionOf(input.at("before")), FractionOf(input.at("after")),
       input.at("sellers"), input.at("working_days"),
       FractionOf(input.at("calls_per_deal")),
       Int64Of(input.at("average_won"))});
  if (!p.ok()) return Refused(p.status());
  return Result(0, {{"lift", p->lift},
                    {"extra_calls", p->extra_calls},
                    {"extra_deals", p->extra_deals},
                    {"extra_revenue", p->extra_revenue},
                    {"sellers_equivalent", p->sellers_equivalent}});
}

Json SellersRank(const Json& input) {
  SellerOptions options;
  if (input.contains("prior")) {
    const std::vector<double> prior = Reals(input, "prior");
    options.prior = SellerPrior{prior[0], prior[1]};
  }
  const auto ranking = RankSellers(Numbers<int64_t>(input, "won"),
                                   Numbers<int64_t>(input, "closed"),
                                   RealsOrNone(input, "expected"), options);
  if (!ranking.ok()) return Refused(ranking.status());
  Json fields = {
      {"used", {ranking->prior_mean, RealJson(ranking->prior_strength)}}};
  for (const char* name : {"mean", "sd", "low", "high", "source", "mix_ratio",
                           "rank", "tied", "surely_better"}) {
    fields[name] = Json::array();
  }
  for (const SellerRate& seller : ranking->sellers) {
    fields["mean"].push_back(seller.rate.value);
    fields["sd"].push_back(seller.posterior.sd);
    fields["low"].push_back(seller.rate.low);
    fields["high"].push_back(seller.rate.high);
    fields["source"].push_back(static_cast<int>(seller.rate.source));
    fields["mix_ratio"].push_back(seller.mix_ratio.value_or(0.0));
    fields["rank"].push_back(seller.rank);
    fields["tied"].push_back(seller.tied);
    fields["surely_better"].push_back(seller.surely_better);
  }
  return Result(0, fields);
}

Json TopShareOf(const Json& input) {
  const auto top = TakeShare(Numbers<int64_t>(input, "values"),
                             FractionOf(input.at("share")),
                             static_cast<ShareEnd>(input.at("end").get<int>()),
                             static_cast<TieRule>(input.at("ties").get<int>()));
  if (!top.ok()) return Refused(top.status());
  return Result(0, {{"places", top->k},
                    {"boundary", Text(top->boundary)},
                    {"tied", top->tied},
                    {"tied_numerator", top->at_boundary.numerator},
                    {"tied_denominator", top->at_boundary.denominator},
                    {"weight", top->weight}});
}

// ---- Visits and the ladder --------------------------------------------------

std::vector<StageVisit> VisitsOf(const Json& input) {
  std::vector<StageVisit> visits;
  for (const Json& v : input.at("visits")) {
    visits.push_back(
        {v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], 0});
  }
  return visits;
}

Json VisitsFromMoves(const Json& input) {
  std::vector<StageMove> moves;
  for (const Json& m : input.at("moves")) {
    moves.push_back({m[0], m[1], m[2], m[3], m[4], m[5], m[6]});
  }
  const auto visits = VisitsOfMoves(moves, input.at("as_of"));
  if (!visits.ok()) return Refused(visits.status());
  EXPECT_EQ(CheckVisits(*visits, input.at("as_of")), absl::OkStatus());
  Json rows = Json::array();
  for (const StageVisit& v : *visits) {
    rows.push_back({v.deal, v.stage, v.entered, v.left, v.spent, v.end, v.to,
                    v.segment, v.team, v.seller});
  }
  return Result(0, {{"visits", rows}});
}

VisitStatistics StatisticsOf(const Json& input) {
  VisitWindow window;
  window.from = input.value("from", window.from);
  window.as_of = input.at("as_of");
  VisitStatistics statistics = *VisitStatistics::Create(window);
  EXPECT_EQ(statistics.Add(VisitsOf(input)), absl::OkStatus());
  return statistics;
}

absl::StatusOr<Ladder> LadderOf(const Json& input) {
  LadderOptions options;
  options.strength = Real(input.at("strength"));
  options.learn_strength = input.value("learn_strength", 0) == 1;
  return FitLadder(Policy().tables(), StatisticsOf(input), options);
}

LadderGroup GroupOf(const Json& input) {
  const Json& group = input.at("group");
  return {group[0], group[1], group[2], group[3]};
}

Json VisitsCounts(const Json& input) {
  Json counts = Json::array();
  for (const VisitGroup& group : StatisticsOf(input).Groups()) {
    for (const VisitCell& cell : group.cells) {
      counts.push_back({group.segment, group.team, group.seller, cell.rung(),
                        static_cast<int>(cell.kind()), cell.step(),
                        cell.count});
    }
  }
  return Result(0, {{"counts", counts}});
}

Json VisitsWindow(const Json& input) {
  const VisitStatistics statistics = StatisticsOf(input);
  const VisitWindow& window = statistics.window();
  return Result(0, {{"from", window.from},
                    {"as_of", window.as_of},
                    {"added", statistics.visits()}});
}

Json LadderGroups(const Json& input) {
  const auto ladder = LadderOf(input);
  if (!ladder.ok()) return Refused(ladder.status());
  Json groups = Json::array();
  for (const LadderGroup& group : ladder->Groups()) {
    groups.push_back({group.depth, group.segment, group.team, group.seller});
  }
  return Result(0, {{"groups", groups}});
}

Json LadderWon(const Json& input) {
  const auto ladder = LadderOf(input);
  if (!ladder.ok()) return Refused(ladder.status());
  Estimates estimates;
  for (const int32_t milestone : Numbers<int32_t>(input, "milestone")) {
    const auto won = ladder->Won(GroupOf(input), milestone);
    if (!won.ok()) return Refused(won.status());
    estimates.Add(*won);
  }
  return Result(0, estimates.fields());
}

Json LadderExplain(const Json& input) {
  const auto ladder = LadderOf(input);
  if (!ladder.ok()) return Refused(ladder.status());
  Estimates estimates;
  for (const int32_t milestone : Numbers<int32_t>(input, "milestone")) {
    const auto rung = ladder->Explain(GroupOf(input), milestone);
    if (!rung.ok()) return Refused(rung.status());
    estimates.Add(rung->conversion);
  }
  return Result(0, estimates.fields());
}

Json LadderWonAtAge(const Json& input) {
  const auto ladder = LadderOf(input);
  if (!ladder.ok()) return Refused(ladder.status());
  const auto days = Numbers<int32_t>(input, "days");
  Estimates estimates;
  for (size_t i = 0; i < days.size(); ++i) {
    const auto won =
        ladder->WonAtAge(GroupOf(input), input.at("milestone").at(i), days[i]);
    if (!won.ok()) return Refused(won.status());
    estimates.Add(*won);
  }
  return Result(0, estimates.fields());
}

Json LadderWonWithin(const Json& input) {
  const auto ladder = LadderOf(input);
  if (!ladder.ok()) return Refused(ladder.status());
  const auto within = ladder->Within(input.at("horizon"));
  if (!within.ok()) return Refused(within.status());
  const auto days = Numbers<int32_t>(input, "days");
  Estimates estimates;
  Json statuses = Json::array();
  for (size_t i = 0; i < days.size(); ++i) {
    const auto won =
        within->Won(GroupOf(input), input.at("milestone").at(i), days[i]);
    const int status = static_cast<int>(won.status().code());
    if (!won.ok() && input.at("by_row") == 0) {
      return RefusedAt(status, {static_cast<int64_t>(i), -1});
    }
    statuses.push_back(status);
    estimates.Add(won.ok() ? *won : Estimate());
  }
  Json fields = estimates.fields();
  fields["row_status"] = statuses;
  return Result(0, fields);
}

Json LadderExplainAges(const Json& input) {
  const auto ladder = LadderOf(input);
  if (!ladder.ok()) return Refused(ladder.status());
  const auto ages = ladder->ExplainAges(input.at("milestone"));
  if (!ages.ok()) return Refused(ages.status());
  constexpr const char* kEnded[] = {"advanced", "lost", "moved_back"};
  constexpr const char* kHazard[] = {"advance_hazard", "loss_hazard",
                                     "back_hazard"};
  Json fields;
  for (const AgeExplanation& age : *ages) {
    fields["exposures"].push_back(age.exposures);
    for (size_t j = 0; j < kCauses; ++j) {
      fields[kEnded[j]].push_back(age.ended[j]);
      fields[kHazard[j]].push_back(age.hazard[j]);
    }
    fields["odds_ratio"].push_back(age.odds_ratio);
  }
  return Result(0, fields);
}

Json LadderFit(const Json& input) {
  const auto ladder = LadderOf(input);
  if (!ladder.ok()) return Refused(ladder.status());
  Json fields;
  for (int32_t milestone = 0; milestone <= kRungCount; ++milestone) {
    fields["won"].push_back(ladder->Won(GroupOf(input), milestone)->value);
  }
  for (int32_t milestone = 0; milestone < kRungCount; ++milestone) {
    const RungExplanation rung = *ladder->Explain(GroupOf(input), milestone);
    EXPECT_EQ(rung.won.value, fields["won"][static_cast<size_t>(milestone)]);
    const Json one = {{"visits", rung.visits},
                      {"advanced", rung.advanced},
                      {"lost", rung.lost},
                      {"moved_back", rung.moved_back},
                      {"open", rung.open},
                      {"observed", rung.observed.value},
                      {"standard_error", rung.observed.standard_error},
                      {"lowest", rung.observed.lowest},
                      {"highest", rung.observed.highest},
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
  const auto ladder = LadderOf(input);
  if (!ladder.ok()) return Refused(ladder.status());
  const auto table = ladder->Table(GroupOf(input));
  if (!table.ok()) return Refused(table.status());
  return Result(0, {{"ppm", *table}});
}

Json MartingaleCheck(const Json& input) {
  const auto gaps =
      CheckMartingale(StatisticsOf(input), Reals(input, "probability"));
  if (!gaps.ok()) return Refused(gaps.status());
  Json fields;
  for (const MartingaleGap& gap : *gaps) {
    fields["moves"].push_back(gap.moves);
    fields["said"].push_back(gap.said);
    fields["mean_next"].push_back(gap.mean_next);
    fields["gap"].push_back(gap.gap);
    fields["standard_error"].push_back(gap.standard_error);
  }
  return Result(0, fields);
}

Json AgesBucket(const Json& input) {
  Json buckets = Json::array();
  for (const int32_t days : Numbers<int32_t>(input, "days")) {
    buckets.push_back(AgeBucketOf(days));
  }
  return Result(0, {{"bucket", buckets}});
}

// ---- Learned probabilities --------------------------------------------------

Json LogisticFit(const Json& input) {
  const std::vector<double> features = Reals(input, "feature");
  const std::vector<double> offset = RealsOrNone(input, "offset");
  const std::vector<double> weight = RealsOrNone(input, "weight");
  const auto won = Numbers<uint8_t>(input, "won");
  LogisticRows rows;
  rows.columns = input.at("columns");
  rows.features = features;
  rows.won = won;
  rows.offset = offset;
  rows.weight = weight;
  LogisticOptions options;
  options.l2 = input.at("l2");
  options.non_negative = input.value("non_negative", 0) == 1;
  const auto model = FitLogistic(rows, options);
  if (!model.ok()) return Refused(model.status());
  std::vector<double> standard_error;
  for (size_t i = 0; i <= rows.columns; ++i) {
    standard_error.push_back(model->StandardError(i));
  }
  return Result(0, {{"intercept", model->intercept},
                    {"weights", model->weights},
                    {"standard_error", standard_error},
                    {"objective", model->objective}});
}

Json PlattFit(const Json& input) {
  const auto curve =
      FitPlatt(Reals(input, "score"), Numbers<uint8_t>(input, "won"));
  if (!curve.ok()) return Refused(curve.status());
  return Result(0, {{"a", curve->a}, {"b", curve->b}});
}

Json VennAbersAt(const Json& input) {
  const auto fit =
      VennAbers::Fit(Reals(input, "score"), Numbers<uint8_t>(input, "won"));
  if (!fit.ok()) return Refused(fit.status());
  const auto intervals = fit->At(Reals(input, "at"));
  if (!intervals.ok()) return Refused(intervals.status());
  Json fields = {{"low", Json::array()},
                 {"high", Json::array()},
                 {"merged", Json::array()}};
  for (const VennInterval& interval : *intervals) {
    fields["low"].push_back(interval.low);
    fields["high"].push_back(interval.high);
    fields["merged"].push_back(interval.merged);
  }
  return Result(0, fields);
}

Json RecalibrationFit(const Json& input) {
  const auto step = Recalibration::Choose(Reals(input, "forecast"),
                                          Numbers<uint8_t>(input, "won"),
                                          Numbers<uint64_t>(input, "id"));
  if (!step.ok()) return Refused(step.status());
  const std::vector<double> at = Reals(input, "at");
  const auto right = step->Apply(absl::MakeConstSpan(at));
  if (!right.ok()) return Refused(right.status());
  const auto read = Recalibration::Read(step->Serialise());
  EXPECT_TRUE(read.ok()) << read.status();
  const GateResult& gate = step->gate();
  return Result(0, {{"kind", static_cast<int>(step->kind())},
                    {"verdict", static_cast<int>(gate.verdict)},
                    {"rows", gate.rows},
                    {"base_log_loss", gate.base_log_loss},
                    {"model_log_loss", gate.model_log_loss},
                    {"right", *right}});
}

Json EvidencePredictFrom(const Json& input) {
  const auto model = EvidenceModel::Read(BytesOf(input.at("model")));
  EXPECT_TRUE(model.ok()) << model.status();
  if (!model.ok()) return {};
  const Json& l = input.at("ladder");
  const Estimate ladder = {Real(l[0]), Real(l[1]), Real(l[2]), Real(l[3]),
                           static_cast<Source>(l[4].get<int>())};
  EvidencePoints points;
  input.at("points").get_to(points);
  const uint8_t stage = input.at("stage");
  const auto p = model->Predict(stage, ladder, points);
  if (!p.ok()) return Refused(p.status());
  const EvidenceExplanation why = *model->Explain(stage, ladder.value, points);
  return Result(0, {{"value", p->value},
                    {"low", p->low},
                    {"high", p->high},
                    {"effective_n", RealJson(p->effective_n)},
                    {"source", static_cast<int>(p->source)},
                    {"verdict", static_cast<int>(model->gate().verdict)},
                    {"log_odds", why.log_odds},
                    {"ladder_log_odds", why.ladder_log_odds},
                    {"intercept", why.intercept},
                    {"log_odds_share", why.log_odds_share},
                    {"probability_ppm", why.probability_ppm},
                    {"reference_ppm", why.reference_ppm},
                    {"share_ppm", why.share_ppm}});
}

Json ScorecardScores(const Json& input) {
  const auto card = Scorecard::Read(BytesOf(input.at("card")));
  EXPECT_TRUE(card.ok()) << card.status();
  if (!card.ok()) return {};
  const auto level = Numbers<uint32_t>(input, "level");
  const std::vector<double> value = Reals(input, "value");
  const size_t rows = level.size();
  ScoreColumn columns[2];
  columns[0].level = level;
  columns[1].value = value;
  std::vector<uint8_t> missing;
  if (input.contains("missing")) {
    missing = Numbers<uint8_t>(input, "missing");
    columns[0].missing = absl::MakeConstSpan(missing).first(rows);
    columns[1].missing = absl::MakeConstSpan(missing).last(rows);
  }
  const auto scores = card->Scores(columns, rows);
  if (!scores.ok()) return Refused(scores.status());
  Estimates estimates;
  for (const int32_t score : *scores) estimates.Add(card->Probability(score));
  Json fields = estimates.fields();
  fields["score"] = *scores;
  return Result(0, fields);
}

Json PlsProbabilities(const Json& input) {
  PlsOptions options;
  options.fields = input.at("closed").at(0).at(2).size();
  options.stages = input.at("stages");
  PlsCompat pls = *PlsCompat::Create(options);
  for (const Json& lead : input.at("closed")) {
    const std::vector<uint32_t> value = lead[2];
    EXPECT_EQ(pls.Add({lead[0], lead[1], value, {}}, lead[3] == 1),
              absl::OkStatus());
  }
  Json fields;
  for (const Json& lead : input.at("ask")) {
    const std::vector<uint32_t> value = lead[2];
    const auto p = *pls.Probability({lead[0], lead[1], value, {}});
    fields["percent"].push_back(p->percent);
    fields["raw_percent"].push_back(p->raw_percent);
  }
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
      {"fivek_coverage_needed", NeededCoverageOf},
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
