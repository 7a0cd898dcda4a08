// What a pipeline does on the whole: how many deals reach each milestone, what
// flows through it a day, whether it covers a goal, how often close dates slip,
// and what activity a goal takes.
//
//   PipelineVelocity v{40, {1, 4}, 1'200'000, 60};
//   VelocityOver(v, 1)          // 200000 a day
//   PlanActivity(100'000'000, 1'500'000, {{3, 10}, {2, 5}, {1, 4}})
//                               // 67, 224, 560, 2240
//
// Counts and amounts are exact: products in 128 bits, rounded once. Units:
// amounts in minor units of one currency, rates as fractions in [0, 1], days.
// Errors: as each function says; kInvalidArgument for what is out of range,
// kOutOfRange for results that do not fit. Cost: O(n). Thread-safety: pure
// functions; the same bits on every machine and for any order of rows. Source:
// statistics.md §4, domain.md.
#ifndef FIVEK_HISTORY_FUNNEL_H_
#define FIVEK_HISTORY_FUNNEL_H_

#include <cstdint>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "fivek/base/fraction.h"
#include "fivek/base/money.h"
#include "fivek/history/wilson.h"

namespace fivek {

// ---- Ever reached -----------------------------------------------------------

// Deals that reached a rung or went beyond it, which means through it: a rung
// that was skipped counts as reached.
struct FunnelRung {
  int64_t reached = 0;
  Proportion to_next;  // Of those, with Wilson's interval; of the last rung
                       // nothing is known.
};

// `highest` is the highest rung each deal ever reached, 0 to rungs - 1. Deals
// that had no time yet to go on pull conversions down: leave them out, or take
// the ladder's. kInvalidArgument, naming the row, unless 1 <= rungs <= 256,
// all are below `rungs` and z is as in Wilson.
absl::StatusOr<std::vector<FunnelRung>> MeasureFunnel(
    absl::Span<const uint8_t> highest, int rungs, double z);

// ---- Velocity ---------------------------------------------------------------

// Open deals x win rate x average won amount / cycle: what the pipeline brings
// a day if all goes on as it did. An identity of four averages, no forecast.
struct PipelineVelocity {
  int64_t open_deals = 0;   // 0 or more.
  Fraction win_rate;        // 0 to 1.
  int64_t average_won = 0;  // Minor units.
  int64_t cycle_days = 0;   // From the first day to the win; above 0.
};

// In minor units a day, within 2^-51 of itself. kInvalidArgument as above,
// kOutOfRange if the exact product is beyond 128 bits.
absl::StatusOr<double> VelocityPerDay(const PipelineVelocity& velocity);

// In `days` days, 0 or more, in minor units, rounded once.
absl::StatusOr<int64_t> VelocityOver(const PipelineVelocity& velocity,
                                     int64_t days,
                                     Rounding rounding = Rounding::kHalfEven);

// ---- Coverage ---------------------------------------------------------------

struct PipelineCoverage {
  bool goal_met = false;  // won >= goal
  double coverage = 0.0;  // open / (goal - won); infinity if the goal is met.
};

// kInvalidArgument unless all are 0 or more.
absl::StatusOr<PipelineCoverage> MeasureCoverage(int64_t open, int64_t goal,
                                                 int64_t won);

// The coverage that a goal takes, 1 / the win rate of amounts: (won + lost) /
// won. Nothing where nothing was won. kInvalidArgument unless both are 0 or
// more.
absl::StatusOr<absl::optional<double>> NeededCoverage(int64_t won,
                                                      int64_t lost);

// ---- Slippage ---------------------------------------------------------------

// What became of a deal that was due in the period, by its end. Part of the
// ABI: append, never renumber.
enum class DueDeal : uint8_t {
  kOpen = 0,    // Not closed, and still due then.
  kPushed = 1,  // Not closed, its close date moved out of the period.
  kWon = 2,
  kLost = 3,
};
inline constexpr int kDueDealCount = 4;

// The closed ones among the deals that were pushed so many times in their life.
struct PushedTimes {
  int32_t pushes = 0;
  int64_t deals = 0;
  int64_t won = 0;
  int64_t closed = 0;
  Proportion win_rate;  // won / closed
};

// Proportions with Wilson's interval.
struct Slippage {
  int64_t due = 0, pushed = 0, won = 0, lost = 0;
  absl::int128 due_amount = 0, pushed_amount = 0;
  Proportion push_rate;                     // pushed / due
  absl::optional<double> push_amount_rate;  // Nothing of no amount.
  absl::optional<double> mean_pushes;       // Nothing of no deals.
  Proportion win_rate_of_closed;            // won / (won + lost)
  Proportion win_rate_of_due;               // won / due
  std::vector<PushedTimes> by_pushes;       // By rising number, none empty.
};

// One row a deal that was due by its first claimed close date: its state,
// amount and how often its close date was moved, all told. kInvalidArgument,
// naming the row and the column (0 state, 1 amount, 2 pushes), unless the
// lengths are equal, states are known, amounts and pushes 0 or more and z is as
// in Wilson. O(n log n).
absl::StatusOr<Slippage> MeasureSlippage(absl::Span<const DueDeal> state,
                                         absl::Span<const int64_t> amount,
                                         absl::Span<const int32_t> pushes,
                                         double z);

// ---- Activity ---------------------------------------------------------------

// What has to be done to reach a goal: the deals to win, and before each step
// as many as its conversion takes, rounded up step by step. `conversions` run
// from the last step, the win, to the first. One more number than conversions.
// kInvalidArgument, naming the row, unless goal >= 0, average_won > 0 and
// conversions are above 0, to 1; kOutOfRange beyond int64.
absl::StatusOr<std::vector<int64_t>> PlanActivity(
    int64_t goal, int64_t average_won, absl::Span<const Fraction> conversions);

// More activity a day, and what it is worth if all else stays.
struct ProductivityChange {
  Fraction before, after;  // Calls a seller and day; before above 0.
  int64_t sellers = 0;     // 0 or more, as all below.
  int64_t working_days = 0;
  Fraction calls_per_deal;  // Above 0.
  int64_t average_won = 0;  // Minor units.
};

struct Productivity {
  double lift = 0.0;                // after / before - 1: 5.5 to 6 is 1/11.
  double extra_calls = 0.0;         // sellers x days x (after - before)
  double extra_deals = 0.0;         // extra calls / calls per deal
  double extra_revenue = 0.0;       // extra deals x average won
  double sellers_equivalent = 0.0;  // sellers x lift
};

// Within 2^-50 of themselves, below 0 where `after` is less. kInvalidArgument
// as above; kOutOfRange if an exact product is beyond 128 bits.
absl::StatusOr<Productivity> MeasureProductivity(
    const ProductivityChange& change);

}  // namespace fivek

#endif  // FIVEK_HISTORY_FUNNEL_H_
