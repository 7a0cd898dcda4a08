// What visits to stages teach: the ladder of a vendor's own, beside that of the
// method, and how good both would have been on deals that they had not seen.
//
// All is as of one day. What happened later is not looked at: a visit that was
// left later is open, one that was entered later is not there.
//
// The check out of sample: the ladder is learned once more as of an earlier
// day, when two thirds of the days had passed, and says of the deals that were
// open then, and have been decided since, whether they will be won. The outcome
// decides between it, the method's ladder, and the share of wins among the
// deals that had closed by then.
//
// Any order of rows gives the same report, bit for bit.
#ifndef FIVEK_TOOL_LEARN_VISITS_H_
#define FIVEK_TOOL_LEARN_VISITS_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "fivek/history/estimate.h"
#include "fivek/history/ladder.h"
#include "fivek/history/metrics.h"
#include "fivek/history/visits.h"
#include "fivek/method/policy.h"
#include "src/tool/forecast_score.h"
#include "src/tool/visit_table.h"

namespace fivek::tool {

struct LearnVisitsOptions {
  absl::optional<int32_t> as_of;   // None: the last day in the table.
  absl::optional<int32_t> from;    // None: the first.
  absl::optional<int32_t> within;  // Days after as-of to forecast wins in.
  double strength = kDefaultStrength;
};

// The visits of a table as they were known on a day.
std::vector<StageVisit> StageVisitsOf(const VisitTable& table, int32_t as_of);

struct RungReport {
  RungExplanation learned;
  Estimate observed;  // Of those who left up or out, up: between its bounds.
  Estimate prior_conversion, prior_won;
  // P(won) of a deal that has been there since the first day of each bucket.
  std::array<Estimate, kAgeBuckets> at_age;
};

// A probability per rung, beside what became of those who left it.
struct GapReport {
  int64_t moves = 0;
  Estimate learned, prior;  // Mean of what came next, less what was said.
};

// How many of the open deals will be won.
struct ExpectedWins {
  int64_t open_deals = 0;
  Estimate in_the_end;  // By the ladder learned, at the age of each deal.
  Estimate by_prior;    // By the method's ladder, which knows no ages.
  absl::optional<Estimate> by_closed;  // By the share among closed deals.
  absl::optional<Estimate> within;     // By the ladder learned, in time.
  std::string why_not_within;          // Where history does not say when.
};

struct VisitCheck {
  int32_t as_of = 0;             // Of the ladder that forecast.
  int64_t open_then = 0;         // Deals.
  int64_t decided = 0, won = 0;  // Of them, since then.
  // None if no deal was decided since; by_closed also if none had closed.
  absl::optional<ForecastScore> learned, prior, by_closed;
  absl::optional<GateResult> beside_prior, beside_closed;
};

struct VisitReport {
  int32_t from = 0, as_of = 0;
  int64_t rows_read = 0;
  int64_t visits = 0, deals = 0;
  int64_t later = 0;  // Visits that were entered after as-of.
  int64_t deals_open = 0, deals_won = 0, deals_lost = 0;
  double strength = kDefaultStrength;
  absl::optional<int32_t> within;
  absl::optional<Estimate> closed_rate;  // Won of won and lost.
  std::array<RungReport, kRungCount> rungs;
  std::array<GapReport, kRungCount> gaps;
  ExpectedWins wins;
  VisitCheck check;
  std::string model;  // VisitStatistics::Serialise.

  // Whether the ladder learned forecast better than the method's.
  bool adopted() const {
    return check.beside_prior.has_value() &&
           check.beside_prior->verdict == GateVerdict::kAdopt;
  }
};

// kInvalidArgument for a table without visits by the as-of day, for days and
// strengths out of range, and for a visit that took longer than the library
// counts.
absl::StatusOr<VisitReport> LearnVisits(const VisitTable& table,
                                        const Policy& policy,
                                        const LearnVisitsOptions& options);

}  // namespace fivek::tool

#endif  // FIVEK_TOOL_LEARN_VISITS_H_
