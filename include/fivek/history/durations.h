// How long deals take, those that are not over yet counted with the rest, and
// which ones have stood still for too long.
//
//   Durations d = *FitDurations(days, ended, {});
//   d.Quantile({1, 2});        // 30, or nothing: half have not left yet
//   d.RestrictedMean(30);      // 19.96 days of the first 30
//
// A closed deal's duration alone is short where wins are young: the median of
// the closed ones in the example is 10. Kaplan and Meier's estimate uses what
// the open ones have survived.
//
// Units: whole days, 0 or more. Errors: kInvalidArgument, as each function
// says. Cost: O(n) where the longest duration is not much above n, else
// O(n log n); then O(days). Thread-safety: pure functions and const ones; the
// same bits on every machine and for any order of visits. Source: Kaplan, Meier
// 1958; Greenwood 1926; statistics.md §4.
#ifndef FIVEK_HISTORY_DURATIONS_H_
#define FIVEK_HISTORY_DURATIONS_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "fivek/base/fraction.h"

namespace fivek {

// ---- Survival ---------------------------------------------------------------

// A day on which visits ended.
struct DurationStep {
  int32_t day = 0;
  int64_t at_risk = 0;  // Watched and not over before that day.
  int64_t ended = 0;
  double survival = 1.0;  // The share that takes longer.
  double se = 0.0;        // Greenwood's; 0 once none is left.
};

struct Durations {
  std::vector<DurationStep> steps;  // By day.
  int64_t visits = 0;
  int64_t ended = 0;
  int32_t longest = 0;  // The last day that is watched.

  // The share of visits that takes longer than `day`; 1 before the first step.
  double Survival(int32_t day) const;

  // The smallest day with 1 - survival >= q, compared within 1e-12; nothing
  // where that is not reached: too many are still open. kInvalidArgument unless
  // 0 < q <= 1.
  absl::StatusOr<absl::optional<int32_t>> Quantile(Fraction q) const;

  // The mean of min(duration, tau): the area below the survival to `tau`.
  // Nothing where visits are left at the longest day and `tau` is beyond it.
  // kInvalidArgument unless tau >= 0.
  absl::StatusOr<absl::optional<double>> RestrictedMean(int32_t tau) const;
};

// `time` is how long a visit took, or has taken so far; `ended` is 1 if it is
// over and 0 if it is open. `entry` is the age at which it came under watch
// (left truncation: moved back in, or older than the history): it is at risk
// after that day only, and those that ended before are nobody's to see. Empty:
// all are watched from the start, as with 0.
//
// No visits: no steps. kInvalidArgument, naming the row and the column (0 time,
// 1 ended, 2 entry), unless the lengths are equal, days are 0 or more, ended is
// 0 or 1 and entry is below time, or both are 0.
absl::StatusOr<Durations> FitDurations(absl::Span<const int32_t> time,
                                       absl::Span<const uint8_t> ended,
                                       absl::Span<const int32_t> entry);

// ---- Standing still ---------------------------------------------------------

// A deal is stalled when it is older, in its stage, than winners were when they
// left it: older than the smallest of their durations that a share q of them
// did not exceed.
struct StalledDeals {
  int32_t threshold = 0;             // Days.
  std::vector<uint8_t> stalled;      // 1: older than that. One a deal.
  std::vector<double> share_longer;  // Of the winners, that took longer.
};

// kInvalidArgument, naming the row and the column (0 winners, 1 ages), for no
// winners, days below 0 and unless 0 < q <= 1. Exact but for one division.
// O((w + n) log w).
absl::StatusOr<StalledDeals> FindStalled(absl::Span<const int32_t> winners,
                                         Fraction q,
                                         absl::Span<const int32_t> ages);

}  // namespace fivek

#endif  // FIVEK_HISTORY_DURATIONS_H_
