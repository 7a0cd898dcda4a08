// Whom the sellers reach, and how often: visits needed, planned and done
// against each seller's capacity; where the hours go against where the value
// is; the share of target accounts that are reached (coverage) and of their
// potential that is ours (penetration).
//
//   VisitOptions options;                        // A 24, B 12, C 4, N 0
//   VisitPlan p = *PlanVisits({{0, 0, 20, 18}}, {{60, 5, {11, 2}}}, options);
//   p.sellers[0].capacity;                       // 302: 55 days x 5.5
//   p.sellers[0].shortfall;                      // 6
//
//   HoursReport h = *CompareHoursAndValue({10, 30}, {900, 100}, {0, 2});
//   h.mismatch_ppm;                              // 650000: 65 % are elsewhere
//   h.classes[2].index_ppm;                      // 7500000: 7.5 times its
//   value
//
// All exact in integers; shares are in ppm, rounded half to even once. Unknown
// is not zero: what is not known is counted by itself and is in no sum. The
// order of accounts changes nothing but the order of results; multiplying all
// values, or all hours, by a constant changes no share.
//
// Classes are those of abc.h: 0 A, 1 B, 2 C, 3 N (returns above purchases),
// kGradeUnknown. Arrays by class have kClassSlots places: A, B, C, N, unknown.
//
// Errors: kInvalidArgument (kValueRange, kUnknownCode) with row and column, as
// each function says; kOutOfRange where a sum does not fit 64 bits. Cost: O(n +
// sellers). Thread-safety: pure functions. Source: domain.md §8.
#ifndef FIVEK_ACCOUNTS_COVERAGE_H_
#define FIVEK_ACCOUNTS_COVERAGE_H_

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "fivek/accounts/golden_triangle.h"
#include "fivek/base/fraction.h"

namespace fivek {

inline constexpr int kClassSlots = 5;
inline constexpr int kUnknownSlot = 4;

// ---- Visits -----------------------------------------------------------------

inline constexpr int32_t kMostVisits = 1'000'000;  // Of one account or day.
inline constexpr int32_t kVisitsUnknown = -1;

// One account in the period that is planned.
struct VisitAccount {
  uint32_t seller = 0;               // Its number in the list of sellers.
  uint8_t grade = 0;                 // 0 to 3, or kGradeUnknown.
  int32_t planned = kVisitsUnknown;  // 0 to kMostVisits, or kVisitsUnknown.
  int32_t done = kVisitsUnknown;
};

// What a seller can do in the period: (days - other_days) x visits_a_day,
// rounded down.
struct VisitSeller {
  int32_t days = 0;        // Working days: 0 to kMostIntervalDays.
  int32_t other_days = 0;  // For other work: 0 to `days`.
  Fraction visits_a_day;   // To kMostVisits; 5.5 is {11, 2}.
};

struct VisitOptions {
  // Visits that an account of each class needs in the period: 0 to kMostVisits.
  // The default is for a year: an A every second week, a B each month, a C each
  // quarter, an N none. Domain.md says the order only; set what was agreed.
  std::array<int32_t, 4> frequency = {24, 12, 4, 0};
};

// Of accounts together.
struct VisitSum {
  int64_t accounts = 0;
  int64_t needed = 0;   // By their classes; of unknown class none is known.
  int64_t planned = 0;  // Of those that are known.
  int64_t done = 0;
  // Sums of max(0, needed - done) and of max(0, done - needed) over accounts
  // whose class and visits are known: more visits to one account make up for no
  // other.
  int64_t shortfall = 0;
  int64_t beyond = 0;
  int64_t planned_unknown = 0;  // Accounts whose plan is not known,
  int64_t done_unknown = 0;     // and whose visits are not.
};

struct SellerVisits {
  int64_t capacity = 0;
  int64_t left = 0;          // capacity - needed; below 0: overloaded.
  int64_t left_planned = 0;  // capacity - planned.
  int64_t shortfall = 0;     // all.shortfall
  VisitSum all;
  std::array<VisitSum, kClassSlots> classes;
};

struct VisitPlan {
  std::vector<SellerVisits> sellers;
  SellerVisits total;  // Of all sellers.
};

// kInvalidArgument, naming the row and the column (of accounts: 0 seller, 1
// grade, 2 planned, 3 done; of sellers: 10 days, 11 other_days, 12
// visits_a_day; of frequency: row -1, column 20 + class).
absl::StatusOr<VisitPlan> PlanVisits(absl::Span<const VisitAccount> accounts,
                                     absl::Span<const VisitSeller> sellers,
                                     const VisitOptions& options);

// ---- Hours against value ----------------------------------------------------

inline constexpr int64_t kAmountUnknown = std::numeric_limits<int64_t>::min();
inline constexpr int64_t kHoursUnknown = -1;

// An account or a class: its share of the hours beside that of the value.
struct HoursShare {
  int32_t hours_ppm = -1;  // -1: no hours at all, or not known.
  int32_t value_ppm = -1;
  // hours share / value share: 10^6 is even, above it more hours than value.
  // -1 where that is not known or divides by 0, or is above 64 bits.
  int64_t index_ppm = -1;
};

// Part of the ABI.
enum class HoursVerdict : uint8_t {
  kEven = 0,       // The same share, or nothing of either.
  kMoreHours = 1,  // More hours than value.
  kMoreValue = 2,  // More value than hours.
  kNotKnown = 255,
};

struct HoursClass : HoursShare {
  int64_t accounts = 0;  // With hours and value known.
  int64_t hours = 0;
  int64_t value = 0;
  HoursVerdict verdict = HoursVerdict::kNotKnown;
};

struct HoursReport {
  int64_t accounts = 0;        // That are compared.
  int64_t unknown = 0;         // Hours or value are not known: in no sum.
  int64_t negative = 0;        // Value below 0: in no sum; the hours go
  int64_t negative_hours = 0;  // nowhere, and are reported here.
  int64_t hours = 0;
  int64_t value = 0;
  // Half the sum over accounts of |hours share - value share|, exact: the share
  // of the hours that would have to move for each account to have hours by
  // value. -1 without hours or value. The same over classes: never more.
  int32_t mismatch_ppm = -1;
  int32_t class_mismatch_ppm = -1;
  uint32_t more_hours = 0;  // Bit = class slot with more hours than value,
  uint32_t more_value = 0;  // and the reverse.
  std::array<HoursClass, kClassSlots> classes;
  std::vector<HoursShare> shares;  // By account.
};

// `hours` are in any unit, 0 or more or kHoursUnknown; `value` in minor units,
// or kAmountUnknown; `grade` is empty (all unknown) or a class for each.
// kInvalidArgument, naming row and column (0 hours, 1 value, 2 grade).
absl::StatusOr<HoursReport> CompareHoursAndValue(
    absl::Span<const int64_t> hours, absl::Span<const int64_t> value,
    absl::Span<const uint8_t> grade);

// ---- Coverage and penetration -----------------------------------------------

inline constexpr uint8_t kReachedUnknown = 255;  // Else 0 no, 1 yes.

// Target accounts of a class, or all.
struct ReachSum {
  int64_t targets = 0;
  int64_t reached = 0;
  int64_t unknown = 0;  // Nobody knows whether they were reached.
  // reached / (targets - unknown): the coverage rate. Between `low` (nobody of
  // the unknown is reached) and `high` (all are). -1 of none.
  int32_t coverage_ppm = -1, low_ppm = -1, high_ppm = -1;
  // own / potential over target accounts whose own sales and potential are
  // known and whose potential is above 0. -1 of none; above 10^6 where more was
  // sold than was thought possible.
  int64_t penetration_accounts = 0;
  int64_t penetration_unknown = 0;  // Targets without one of the two.
  int64_t no_potential = 0;         // Targets with a known potential of 0.
  int64_t above_potential = 0;      // Accounts that bought more than that.
  int64_t own = 0, potential = 0;
  absl::optional<int64_t> penetration_ppm;  // May be negative, as `own`.
};

struct ReachReport {
  std::array<ReachSum, kClassSlots> classes;
  ReachSum total;
  int64_t others = 0;          // Accounts that are no targets,
  int64_t others_reached = 0;  // of which reached: effort beside the targets.
};

// `target` is 0 or 1; `reached` 0, 1 or kReachedUnknown. `own` is what the
// account buys from us, kAmountUnknown; `potential` 0 or more, what it buys
// from all, or kAmountUnknown; both empty where nothing is known of any.
// `grade` as above. kInvalidArgument, naming row and column (0 target, 1
// reached, 2 own, 3 potential, 4 grade).
absl::StatusOr<ReachReport> MeasureReach(absl::Span<const uint8_t> target,
                                         absl::Span<const uint8_t> reached,
                                         absl::Span<const int64_t> own,
                                         absl::Span<const int64_t> potential,
                                         absl::Span<const uint8_t> grade);

// ---- A rate against its goal ------------------------------------------------

// The two goals of a sales mode are a coverage rate and a win rate: each is a
// count of a count.
struct RateAgainstGoal {
  int32_t rate_ppm = -1;  // part / whole; -1 where whole is 0.
  int32_t gap_ppm = 0;    // rate - goal; 0 where there is no rate.
  bool met = false;       // part / whole >= goal, exactly.
  int64_t missing = 0;    // How many more of the same whole it takes.
};

// kInvalidArgument unless 0 <= part <= whole and 0 <= goal_ppm <= 10^6. Without
// a whole the goal is met only if it is 0.
absl::StatusOr<RateAgainstGoal> CheckRateGoal(int64_t part, int64_t whole,
                                              int32_t goal_ppm);

}  // namespace fivek

#endif  // FIVEK_ACCOUNTS_COVERAGE_H_
