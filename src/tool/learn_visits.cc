#include "src/tool/learn_visits.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fivek/base/calendar.h"
#include "fivek/base/real.h"
#include "fivek/base/reason.h"
#include "fivek/history/wilson.h"
#include "src/tool/display_width.h"

namespace fivek::tool {
namespace {

constexpr int32_t kTop = kRungCount;  // Closed won.

size_t Place(int32_t rung) { return static_cast<size_t>(rung); }

Estimate EstimateOf(const Proportion& rate, int64_t n) {
  return {rate.rate, rate.low, rate.high, static_cast<double>(n),
          Source::kLearned};
}

// ---- Deals ------------------------------------------------------------------

enum class DealEnd : uint8_t { kOpen, kWon, kLost, kVoid };

struct DealState {
  DealEnd end = DealEnd::kOpen;
  int32_t rung = 0;
  int32_t age = 0;  // Days on the rung, of an open deal.
};

// By deal; those without a visit yet are not there. `visits` by deal and time.
std::map<uint64_t, DealState> StatesOf(const std::vector<StageVisit>& visits,
                                       int32_t as_of) {
  std::map<uint64_t, DealState> states;
  for (const StageVisit& visit : visits) {
    DealState& state = states[visit.deal];
    state.rung = visit.stage;
    state.age = visit.spent + as_of - visit.entered;
    switch (static_cast<fivek::VisitEnd>(visit.end)) {
      case fivek::VisitEnd::kOpen:
        state.end = DealEnd::kOpen;
        break;
      case fivek::VisitEnd::kAdvanced:
      case fivek::VisitEnd::kMovedBack:
        // On a rung that no row tells of yet: entered when this was left.
        state.end = visit.to == kTop ? DealEnd::kWon : DealEnd::kOpen;
        state.rung = visit.to;
        state.age = as_of - visit.left;
        break;
      case fivek::VisitEnd::kLost:
        state.end = DealEnd::kLost;
        break;
      case fivek::VisitEnd::kVoid:
        state.end = DealEnd::kVoid;
        break;
    }
  }
  return states;
}

absl::optional<Estimate> ClosedRate(
    const std::map<uint64_t, DealState>& states) {
  int64_t won = 0;
  int64_t closed = 0;
  for (const auto& [deal, state] : states) {
    won += state.end == DealEnd::kWon ? 1 : 0;
    closed += state.end == DealEnd::kWon || state.end == DealEnd::kLost ? 1 : 0;
  }
  if (closed == 0) return absl::nullopt;
  return EstimateOf(*Wilson(won, closed, kZ90), closed);
}

// ---- Ladders ----------------------------------------------------------------

struct Ladders {
  VisitStatistics statistics;
  Ladder learned, prior;
};

absl::Status ExplainVisit(const absl::Status& status, const VisitTable& table,
                          const std::vector<StageVisit>& visits) {
  const int64_t row = WhereOf(status).row;
  if (row < 0) return status;
  const StageVisit& visit = visits[static_cast<size_t>(row)];
  return absl::Status(
      status.code(),
      absl::StrCat(
          "deal ", Quoted(table.deals[static_cast<size_t>(visit.deal)]),
          ", entered ", FormatDay(visit.entered), ": ", status.message()));
}

absl::StatusOr<Ladders> FitLadders(const VisitTable& table,
                                   const std::vector<StageVisit>& visits,
                                   const Policy& policy,
                                   const VisitWindow& window, double strength) {
  auto statistics = VisitStatistics::Create(window);
  auto nothing = VisitStatistics::Create(window);
  if (!statistics.ok()) return statistics.status();
  if (!nothing.ok()) return nothing.status();
  const absl::Status added = statistics->Add(visits);
  if (!added.ok()) return ExplainVisit(added, table, visits);
  LadderOptions options;
  options.strength = strength;
  auto learned = FitLadder(policy.tables(), *statistics, options);
  if (!learned.ok()) return learned.status();
  auto prior = FitLadder(policy.tables(), *nothing, options);
  if (!prior.ok()) return prior.status();
  return Ladders{*std::move(statistics), *std::move(learned),
                 *std::move(prior)};
}

absl::StatusOr<std::array<RungReport, kRungCount>> RungsOf(
    const Ladders& ladders) {
  std::array<RungReport, kRungCount> rungs;
  for (int32_t m = 0; m < kRungCount; ++m) {
    RungReport& rung = rungs[Place(m)];
    const auto learned = ladders.learned.Explain({}, m);
    if (!learned.ok()) return learned.status();
    const auto prior = ladders.prior.Explain({}, m);
    if (!prior.ok()) return prior.status();
    rung.learned = *learned;
    rung.prior_conversion = prior->conversion;
    rung.prior_won = prior->won;
    const Share& share = learned->observed;
    rung.observed = {share.value, std::min(share.lowest, share.value),
                     std::max(share.highest, share.value), share.effective_n,
                     Source::kLearned};
    for (size_t bucket = 0; bucket < kAgeBuckets; ++bucket) {
      const auto won =
          ladders.learned.WonAtAge({}, m, kAgeBucketDays[bucket].first_day);
      if (!won.ok()) return won.status();
      rung.at_age[bucket] = *won;
    }
  }
  return rungs;
}

absl::StatusOr<std::array<Estimate, kRungCount>> GapsOf(
    const VisitStatistics& statistics, const Ladder& ladder, Source source) {
  std::array<double, kMilestoneCount> won;
  for (int32_t m = 0; m < kMilestoneCount; ++m) {
    const auto said = ladder.Won({}, m);
    if (!said.ok()) return said.status();
    won[Place(m)] = said->value;
  }
  const auto gaps = CheckMartingale(statistics, won);
  if (!gaps.ok()) return gaps.status();
  std::array<Estimate, kRungCount> estimates;
  for (size_t s = 0; s < kRungCount; ++s) {
    const MartingaleGap& gap = (*gaps)[s];
    // One move has no spread: it can have led anywhere.
    const bool known = gap.moves > 1;
    const double by = kZ90 * gap.standard_error;
    estimates[s] = {gap.gap, known ? gap.gap - by : -gap.said,
                    known ? gap.gap + by : 1.0 - gap.said,
                    static_cast<double>(gap.moves), source};
  }
  return estimates;
}

// ---- Open deals -------------------------------------------------------------

// Sums what is believed of deals, some of them alike. Interval: as if what is
// not known of them were one and the same error, so it is not too narrow.
class WinSum {
 public:
  void Add(const Estimate& one, int64_t deals) {
    const auto n = static_cast<double>(deals);
    value_.Add(n * one.value);
    low_.Add(n * one.low);
    high_.Add(n * one.high);
    least_n_ = any_ ? std::min(least_n_, one.effective_n) : one.effective_n;
    // One number that is the ladder's makes the sum no better than that.
    if (!any_ || one.source == Source::kPrior) source_ = one.source;
    any_ = true;
  }
  Estimate Total() const {
    return {value_.Total(), low_.Total(), high_.Total(), least_n_, source_};
  }

 private:
  RunningSum value_, low_, high_;
  double least_n_ = 0.0;
  Source source_ = Source::kPrior;
  bool any_ = false;
};

absl::StatusOr<ExpectedWins> WinsOf(const Ladders& ladders,
                                    const std::map<uint64_t, DealState>& states,
                                    absl::optional<int32_t> within) {
  std::map<std::pair<int32_t, int32_t>, int64_t> open;  // By rung and age.
  ExpectedWins wins;
  for (const auto& [deal, state] : states) {
    if (state.end != DealEnd::kOpen) continue;
    ++open[{state.rung, state.age}];
    ++wins.open_deals;
  }
  absl::optional<WinHorizon> horizon;
  if (within.has_value()) {
    auto made = ladders.learned.Within(*within);
    if (!made.ok()) return made.status();
    horizon = *std::move(made);
  }
  WinSum in_the_end;
  WinSum by_prior;
  WinSum in_time;
  for (const auto& [where, deals] : open) {
    const auto won = ladders.learned.WonAtAge({}, where.first, where.second);
    if (!won.ok()) return won.status();
    in_the_end.Add(*won, deals);
    const auto prior = ladders.prior.Won({}, where.first);
    if (!prior.ok()) return prior.status();
    by_prior.Add(*prior, deals);
    if (!horizon.has_value() || !wins.why_not_within.empty()) continue;
    const auto soon = horizon->Won({}, where.first, where.second);
    if (soon.ok()) {
      in_time.Add(*soon, deals);
    } else if (soon.status().code() == absl::StatusCode::kFailedPrecondition) {
      wins.why_not_within = std::string(soon.status().message());
    } else {
      return soon.status();
    }
  }
  wins.in_the_end = in_the_end.Total();
  wins.by_prior = by_prior.Total();
  if (horizon.has_value() && wins.why_not_within.empty()) {
    wins.within = in_time.Total();
  }
  if (const auto rate = ClosedRate(states); rate.has_value()) {
    WinSum by_closed;
    by_closed.Add(*rate, wins.open_deals);
    wins.by_closed = by_closed.Total();
  }
  return wins;
}

// ---- Out of sample ----------------------------------------------------------

absl::Status Score(const std::vector<double>& forecast,
                   const std::vector<uint8_t>& won,
                   absl::optional<ForecastScore>* to) {
  const auto score = ScoreForecasts(forecast, won);
  if (!score.ok()) return score.status();
  *to = *score;
  return absl::OkStatus();
}

absl::Status Gate(const std::vector<double>& base,
                  const std::vector<double>& model,
                  const std::vector<uint8_t>& won,
                  absl::optional<GateResult>* to) {
  const auto gate = CompareForecasts(base, model, won);
  if (!gate.ok()) return gate.status();
  *to = *gate;
  return absl::OkStatus();
}

absl::StatusOr<VisitCheck> CheckOutOfSample(
    const VisitTable& table, const Policy& policy, const VisitReport& report,
    const std::map<uint64_t, DealState>& now) {
  VisitCheck check;
  const int64_t days = int64_t{report.as_of} - report.from;
  check.as_of = static_cast<int32_t>(report.from + days * 2 / 3);
  const std::vector<StageVisit> visits = StageVisitsOf(table, check.as_of);
  const auto ladders = FitLadders(table, visits, policy,
                                  {report.from, check.as_of}, report.strength);
  if (!ladders.ok()) return ladders.status();
  const auto then = StatesOf(visits, check.as_of);
  const absl::optional<Estimate> rate = ClosedRate(then);
  std::vector<double> learned;
  std::vector<double> prior;
  std::vector<uint8_t> won;
  std::map<std::pair<int32_t, int32_t>, double> known;
  for (const auto& [deal, state] : then) {
    if (state.end != DealEnd::kOpen) continue;
    ++check.open_then;
    const DealEnd end = now.at(deal).end;
    if (end != DealEnd::kWon && end != DealEnd::kLost) continue;
    const auto [place, is_new] = known.try_emplace({state.rung, state.age});
    if (is_new) {
      const auto one = ladders->learned.WonAtAge({}, state.rung, state.age);
      if (!one.ok()) return one.status();
      place->second = one->value;
    }
    learned.push_back(place->second);
    prior.push_back(ladders->prior.Won({}, state.rung)->value);
    won.push_back(end == DealEnd::kWon ? 1 : 0);
    check.won += won.back();
  }
  check.decided = static_cast<int64_t>(won.size());
  if (won.empty()) return check;
  absl::Status status = Score(learned, won, &check.learned);
  status.Update(Score(prior, won, &check.prior));
  status.Update(Gate(prior, learned, won, &check.beside_prior));
  if (rate.has_value()) {
    const std::vector<double> closed(won.size(), rate->value);
    status.Update(Score(closed, won, &check.by_closed));
    status.Update(Gate(closed, learned, won, &check.beside_closed));
  }
  if (!status.ok()) return status;
  return check;
}

}  // namespace

std::vector<StageVisit> StageVisitsOf(const VisitTable& table, int32_t as_of) {
  std::vector<StageVisit> visits;
  std::array<int32_t, kRungCount> used = {};  // Steps of the deal on each rung.
  bool forward = true;
  for (size_t i = 0; i < table.deal.size(); ++i) {
    if (i == 0 || table.deal[i] != table.deal[i - 1]) {
      used = {};
      forward = true;
    }
    if (table.entered[i] > as_of) continue;
    const auto key = [](uint32_t name) {
      return name == kNoText ? 0 : name + 1;
    };
    StageVisit visit;
    visit.deal = table.deal[i];
    visit.stage = table.stage[i];
    visit.entered = table.entered[i];
    visit.spent = forward ? 0 : used[table.stage[i]];
    visit.segment = key(table.segment[i]);
    visit.team = key(table.team[i]);
    visit.seller = key(table.seller[i]);
    if (table.left[i] <= as_of) {
      visit.left = table.left[i];
      visit.to = table.to[i];
      fivek::VisitEnd end = fivek::VisitEnd::kVoid;  // Not seen from then on.
      if (table.end[i] == VisitEnd::kAdvanced) end = fivek::VisitEnd::kAdvanced;
      if (table.end[i] == VisitEnd::kLost) end = fivek::VisitEnd::kLost;
      if (table.end[i] == VisitEnd::kMovedBack) {
        end = fivek::VisitEnd::kMovedBack;
      }
      visit.end = static_cast<int32_t>(end);
      const int64_t steps =
          int64_t{visit.spent} + visit.left - visit.entered + 1;
      // More than that is refused, whatever comes after it.
      used[table.stage[i]] =
          static_cast<int32_t>(std::min<int64_t>(steps, kMaxRiskDay));
      for (int32_t k = visit.stage + 1; k < std::min(visit.to, kTop); ++k) {
        used[Place(k)] = 1;
      }
      forward = visit.to > visit.stage;
      if (visit.to == kTop) used = {};
    }
    visits.push_back(visit);
  }
  return visits;
}

absl::StatusOr<VisitReport> LearnVisits(const VisitTable& table,
                                        const Policy& policy,
                                        const LearnVisitsOptions& options) {
  if (table.deal.empty()) {
    return absl::InvalidArgumentError(
        "no visit to learn from; allowed: one row or more that can be read");
  }
  VisitReport report;
  const auto [first, latest] =
      std::minmax_element(table.entered.begin(), table.entered.end());
  int32_t last = *latest;
  for (const int32_t left : table.left) {
    if (left != kStillThere) last = std::max(last, left);
  }
  report.from = options.from.value_or(*first);
  report.as_of = options.as_of.value_or(last);
  report.strength = options.strength;
  report.within = options.within;
  report.rows_read = table.rows_read;
  if (report.as_of < *first) {
    return absl::InvalidArgumentError(absl::StrCat(
        "as-of ", FormatDay(report.as_of), "; allowed: ", FormatDay(*first),
        ", the first day in the data, or later"));
  }
  if (report.from > report.as_of) {
    return absl::InvalidArgumentError(
        absl::StrCat("from ", FormatDay(report.from),
                     "; allowed: up to as-of, ", FormatDay(report.as_of)));
  }
  const std::vector<StageVisit> visits = StageVisitsOf(table, report.as_of);
  report.visits = static_cast<int64_t>(visits.size());
  report.later = static_cast<int64_t>(table.deal.size() - visits.size());
  const auto ladders = FitLadders(
      table, visits, policy, {report.from, report.as_of}, options.strength);
  if (!ladders.ok()) return ladders.status();
  const auto states = StatesOf(visits, report.as_of);
  report.deals = static_cast<int64_t>(states.size());
  for (const auto& [deal, state] : states) {
    report.deals_open += state.end == DealEnd::kOpen ? 1 : 0;
    report.deals_won += state.end == DealEnd::kWon ? 1 : 0;
    report.deals_lost += state.end == DealEnd::kLost ? 1 : 0;
  }
  report.closed_rate = ClosedRate(states);
  const auto rungs = RungsOf(*ladders);
  if (!rungs.ok()) return rungs.status();
  report.rungs = *rungs;
  const auto learned_gaps =
      GapsOf(ladders->statistics, ladders->learned, Source::kShrunk);
  const auto prior_gaps =
      GapsOf(ladders->statistics, ladders->prior, Source::kPrior);
  if (!learned_gaps.ok()) return learned_gaps.status();
  if (!prior_gaps.ok()) return prior_gaps.status();
  for (size_t s = 0; s < kRungCount; ++s) {
    report.gaps[s].learned = (*learned_gaps)[s];
    report.gaps[s].prior = (*prior_gaps)[s];
    report.gaps[s].moves = static_cast<int64_t>((*learned_gaps)[s].effective_n);
  }
  auto wins = WinsOf(*ladders, states, options.within);
  if (!wins.ok()) return wins.status();
  report.wins = *std::move(wins);
  auto check = CheckOutOfSample(table, policy, report, states);
  if (!check.ok()) return check.status();
  report.check = *std::move(check);
  report.model = ladders->statistics.Serialise();
  return report;
}

}  // namespace fivek::tool
