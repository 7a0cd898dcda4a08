#include "fivek/history/funnel.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fivek/base/reason.h"
#include "src/base/not_finite.h"

namespace fivek {
namespace {

constexpr int kMostRungs = 256;

absl::Status CheckNotNegative(const char* name, int64_t value) {
  if (value >= 0) return absl::OkStatus();
  return Refuse(Reason::kValueRange,
                absl::StrCat(name, " ", value, "; allowed: 0 or more"));
}

absl::Status CheckPositive(const char* name, int64_t value) {
  if (value > 0) return absl::OkStatus();
  return Refuse(Reason::kValueRange,
                absl::StrCat(name, " ", value, "; allowed: above 0"));
}

// The first that is not OK.
template <typename... Status>
absl::Status FirstRefusal(Status... statuses) {
  for (absl::Status status : {absl::Status(std::move(statuses))...}) {
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<ExactRatio> RatioOf(const PipelineVelocity& v) {
  absl::Status allowed =
      FirstRefusal(CheckNotNegative("open deals", v.open_deals),
                   CheckShare("win rate", v.win_rate),
                   CheckPositive("cycle days", v.cycle_days));
  if (!allowed.ok()) return allowed;
  ExactRatio ratio(v.open_deals);
  ratio.MultiplyBy(v.win_rate);
  ratio.MultiplyBy(v.average_won);
  ratio.DivideBy(v.cycle_days);
  return ratio;
}

absl::StatusOr<double> AsDouble(const ExactRatio& ratio) {
  if (!ratio.overflowed()) return ratio.AsDouble();
  return Refuse(Reason::kOverflow, "the exact product does not fit 128 bits");
}

}  // namespace

// ---- Ever reached -----------------------------------------------------------

absl::StatusOr<std::vector<FunnelRung>> MeasureFunnel(
    absl::Span<const uint8_t> highest, int rungs, double z) {
  if (rungs < 1 || rungs > kMostRungs) {
    return Refuse(Reason::kValueRange, absl::StrCat(rungs,
                                                    " rungs; allowed: 1 "
                                                    "to ",
                                                    kMostRungs));
  }
  std::vector<FunnelRung> funnel(static_cast<size_t>(rungs));
  for (size_t i = 0; i < highest.size(); ++i) {
    if (highest[i] >= rungs) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("highest rung ", highest[i],
                                 "; allowed: 0 to ", rungs - 1),
                    {static_cast<int64_t>(i), 0});
    }
    ++funnel[highest[i]].reached;
  }
  int64_t next = 0;  // Of the last rung, 0 of 0.
  for (size_t rung = funnel.size(); rung > 0; --rung) {
    FunnelRung& at = funnel[rung - 1];
    at.reached += next;
    const bool is_last = rung == funnel.size();
    const absl::StatusOr<Proportion> to_next =
        Wilson(next, is_last ? 0 : at.reached, z);
    if (!to_next.ok()) return to_next.status();
    at.to_next = *to_next;
    next = at.reached;
  }
  return funnel;
}

// ---- Velocity ---------------------------------------------------------------

absl::StatusOr<double> VelocityPerDay(const PipelineVelocity& velocity) {
  const absl::StatusOr<ExactRatio> ratio = RatioOf(velocity);
  if (!ratio.ok()) return ratio.status();
  return AsDouble(*ratio);
}

absl::StatusOr<int64_t> VelocityOver(const PipelineVelocity& velocity,
                                     int64_t days, Rounding rounding) {
  absl::StatusOr<ExactRatio> ratio = RatioOf(velocity);
  if (!ratio.ok()) return ratio.status();
  absl::Status allowed = CheckNotNegative("days", days);
  if (!allowed.ok()) return allowed;
  ratio->MultiplyBy(days);
  return ratio->Rounded(rounding);
}

// ---- Coverage ---------------------------------------------------------------

absl::StatusOr<PipelineCoverage> MeasureCoverage(int64_t open, int64_t goal,
                                                 int64_t won) {
  absl::Status allowed = FirstRefusal(CheckNotNegative("open amount", open),
                                      CheckNotNegative("goal", goal),
                                      CheckNotNegative("won amount", won));
  if (!allowed.ok()) return allowed;
  PipelineCoverage c;
  c.goal_met = won >= goal;
  c.coverage =
      c.goal_met ? kInfinity
                 : static_cast<double>(open) / static_cast<double>(goal - won);
  return c;
}

absl::StatusOr<absl::optional<double>> NeededCoverage(int64_t won,
                                                      int64_t lost) {
  absl::Status allowed = FirstRefusal(CheckNotNegative("won amount", won),
                                      CheckNotNegative("lost amount", lost));
  if (!allowed.ok()) return allowed;
  if (won == 0) return absl::optional<double>();
  ExactRatio needed(absl::int128(won) + lost);
  needed.DivideBy(won);
  return absl::optional<double>(needed.AsDouble());
}

// ---- Slippage ---------------------------------------------------------------

absl::StatusOr<Slippage> MeasureSlippage(absl::Span<const DueDeal> state,
                                         absl::Span<const int64_t> amount,
                                         absl::Span<const int32_t> pushes,
                                         double z) {
  if (amount.size() != state.size() || pushes.size() != state.size()) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat(state.size(), " states, ", amount.size(), " amounts, ",
                     pushes.size(), " pushes; allowed: as many"));
  }
  Slippage s;
  s.due = static_cast<int64_t>(state.size());
  int64_t all_pushes = 0;
  std::vector<std::pair<int32_t, DueDeal>> rows;
  rows.reserve(state.size());
  for (size_t i = 0; i < state.size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    if (static_cast<int>(state[i]) >= kDueDealCount) {
      return Refuse(Reason::kUnknownCode,
                    absl::StrCat("state ", static_cast<int>(state[i]),
                                 "; allowed: 0 to ", kDueDealCount - 1),
                    {row, 0});
    }
    absl::Status allowed = CheckNotNegative("amount", amount[i]);
    if (!allowed.ok()) return AtRow(allowed, {row, 1});
    allowed = CheckNotNegative("pushes", pushes[i]);
    if (!allowed.ok()) return AtRow(allowed, {row, 2});
    const bool is_pushed = state[i] == DueDeal::kPushed;
    s.pushed += is_pushed ? 1 : 0;
    s.won += state[i] == DueDeal::kWon ? 1 : 0;
    s.lost += state[i] == DueDeal::kLost ? 1 : 0;
    s.due_amount += amount[i];
    s.pushed_amount += is_pushed ? amount[i] : 0;
    all_pushes += pushes[i];
    rows.emplace_back(pushes[i], state[i]);
  }
  const struct {
    Proportion* to;
    int64_t of, all;
  } rates[] = {{&s.push_rate, s.pushed, s.due},
               {&s.win_rate_of_closed, s.won, s.won + s.lost},
               {&s.win_rate_of_due, s.won, s.due}};
  for (const auto& rate : rates) {
    const absl::StatusOr<Proportion> p = Wilson(rate.of, rate.all, z);
    if (!p.ok()) return p.status();
    *rate.to = *p;
  }
  if (s.due_amount > 0) {
    s.push_amount_rate = DoubleOf(s.pushed_amount) / DoubleOf(s.due_amount);
  }
  if (s.due > 0) {
    s.mean_pushes =
        static_cast<double>(all_pushes) / static_cast<double>(s.due);
  }
  std::sort(rows.begin(), rows.end());
  for (const auto& [times, what] : rows) {
    if (s.by_pushes.empty() || s.by_pushes.back().pushes != times) {
      s.by_pushes.emplace_back();
      s.by_pushes.back().pushes = times;
    }
    PushedTimes& group = s.by_pushes.back();
    ++group.deals;
    group.won += what == DueDeal::kWon ? 1 : 0;
    group.closed += what == DueDeal::kWon || what == DueDeal::kLost ? 1 : 0;
  }
  for (PushedTimes& group : s.by_pushes) {
    group.win_rate = *Wilson(group.won, group.closed, z);
  }
  return s;
}

// ---- Activity ---------------------------------------------------------------

absl::StatusOr<std::vector<int64_t>> PlanActivity(
    int64_t goal, int64_t average_won, absl::Span<const Fraction> conversions) {
  absl::Status allowed =
      FirstRefusal(CheckNotNegative("goal", goal),
                   CheckPositive("average won amount", average_won));
  if (!allowed.ok()) return allowed;
  for (size_t i = 0; i < conversions.size(); ++i) {
    allowed = FirstRefusal(
        CheckShare("conversion", conversions[i]),
        CheckPositive("a conversion's numerator", conversions[i].numerator));
    if (!allowed.ok()) return AtRow(allowed, {static_cast<int64_t>(i), 0});
  }
  std::vector<int64_t> plan;
  plan.reserve(conversions.size() + 1);
  ExactRatio deals(goal);
  deals.DivideBy(average_won);
  absl::StatusOr<int64_t> needed = deals.Ceiling();
  if (!needed.ok()) return needed.status();
  plan.push_back(*needed);
  for (size_t i = 0; i < conversions.size(); ++i) {
    ExactRatio before(plan.back());
    before.DivideBy(conversions[i]);
    needed = before.Ceiling();
    if (!needed.ok()) {
      return AtRow(needed.status(), {static_cast<int64_t>(i), 0});
    }
    plan.push_back(*needed);
  }
  return plan;
}

absl::StatusOr<Productivity> MeasureProductivity(
    const ProductivityChange& change) {
  absl::Status allowed = FirstRefusal(
      CheckFraction("calls before", change.before),
      CheckPositive("calls before: numerator", change.before.numerator),
      CheckFraction("calls after", change.after),
      CheckNotNegative("sellers", change.sellers),
      CheckNotNegative("working days", change.working_days),
      CheckFraction("calls per deal", change.calls_per_deal),
      CheckPositive("calls per deal: numerator",
                    change.calls_per_deal.numerator),
      CheckNotNegative("average won amount", change.average_won));
  if (!allowed.ok()) return allowed;
  const Fraction before = change.before;
  const Fraction after = change.after;
  // after - before, over both denominators.
  ExactRatio gain(absl::int128(after.numerator) * before.denominator -
                  absl::int128(before.numerator) * after.denominator);
  gain.DivideBy(after.denominator);
  gain.DivideBy(before.denominator);
  ExactRatio lift = gain;
  lift.DivideBy(before);
  ExactRatio equivalent = lift;
  equivalent.MultiplyBy(change.sellers);
  ExactRatio calls = gain;
  calls.MultiplyBy(change.sellers);
  calls.MultiplyBy(change.working_days);
  ExactRatio deals = calls;
  deals.DivideBy(change.calls_per_deal);
  ExactRatio revenue = deals;
  revenue.MultiplyBy(change.average_won);
  Productivity p;
  const std::pair<double*, const ExactRatio*> results[] = {
      {&p.lift, &lift},
      {&p.extra_calls, &calls},
      {&p.extra_deals, &deals},
      {&p.extra_revenue, &revenue},
      {&p.sellers_equivalent, &equivalent}};
  for (const auto& [to, ratio] : results) {
    const absl::StatusOr<double> value = AsDouble(*ratio);
    if (!value.ok()) return value.status();
    *to = *value;
  }
  return p;
}

}  // namespace fivek
