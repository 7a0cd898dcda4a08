// Leads: how much money is there, what is it worth to us, who is next, when is
// he called again.
//
//   LeadColumns leads;
//   leads.funds = funds;            // What the customer has for this.
//   leads.probability = ppm;        // Of conversion.
//   leads.id = id;
//   LeadRanking ranking = *RankLeads(leads);
//   ranking.order[0];               // The row to begin with.
//
// - Class by available funds: thresholds rise, and who is on one belongs to the
//   better class. Class 0 (A) is the best, above or on the highest threshold;
//   with k thresholds there are k + 1 classes. By default A from 100 000.00, B
//   from 10 000.00, C below.
// - Value = funds x probability, rounded half to even once (base/money.h).
// - Rank by value: equal values share a rank, 1 + the number of leads with a
//   higher one. The order of a list is value, then probability, both falling,
//   then id, rising: nothing depends on the order of rows.
// - Unknown is not zero: a lead without funds or probability has no value and
//   no rank, stands last in the order, by id, and is counted apart.
// - Whether to visit (key person, wish, means) is decided in
//   method/conversation.h.
//
// Units: minor units of one currency, ppm, days since 1970. Errors: funds below
// 0, probabilities that are none and all else that is out of range are
// kInvalidArgument with the row and the column (0 funds, 1 probability, 2 id, 3
// team, 4 close_day, 5 class, 6 last_contact); totals that do not fit are
// kOutOfRange. What is written is written whole or not at all. Thread-safety:
// pure functions. Source: domain.md §9.
#ifndef FIVEK_ACCOUNTS_LEAD_H_
#define FIVEK_ACCOUNTS_LEAD_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace fivek {

// Of funds, and of a value that follows from them.
inline constexpr int64_t kUnknownFunds = -1;
inline constexpr int32_t kUnknownLeadPpm = -1;
// Of a close day and of a last contact: none is set, there was none.
inline constexpr int32_t kNoLeadDay = std::numeric_limits<int32_t>::min();

// Columns with one element a lead; those that a function does not name may be
// empty, the others are as long as `funds`.
struct LeadColumns {
  absl::Span<const int64_t> funds;        // 0 or more, or kUnknownFunds.
  absl::Span<const int32_t> probability;  // 0 to 10^6, or kUnknownLeadPpm.
  absl::Span<const uint64_t> id;          // Each once.
  absl::Span<const uint64_t> team;
  absl::Span<const int32_t> close_day;  // Expected, or kNoLeadDay.
};

// ---- Class and value --------------------------------------------------------

inline constexpr uint8_t kNoLeadClass = 255;  // Funds are unknown.
inline constexpr size_t kMostLeadThresholds = 32;
inline constexpr std::array<int64_t, 2> kLeadThresholds = {1'000'000,
                                                           10'000'000};

// The class of each lead. kInvalidArgument for thresholds that do not rise or
// are not above 0, or are too many (row: which one). O(n log k).
absl::Status ClassifyLeads(absl::Span<const int64_t> funds,
                           absl::Span<const int64_t> thresholds,
                           absl::Span<uint8_t> out);

// funds x probability of each lead, or kUnknownFunds. O(n).
absl::Status ValueLeads(const LeadColumns& leads, absl::Span<int64_t> value);

struct LeadRanking {
  std::vector<int64_t> value;  // As ValueLeads, by row.
  std::vector<int64_t> rank;   // By row, from 1; 0: its value is unknown.
  std::vector<int64_t> order;  // Rows, the first to call first.
  int64_t unknown = 0;         // Leads without a rank.
};

// Of funds, probability and id. O(n log n).
absl::StatusOr<LeadRanking> RankLeads(const LeadColumns& leads);

// ---- Follow-up --------------------------------------------------------------

// Part of the ABI: append, never renumber.
enum class FollowUp : uint8_t {
  kOverdue = 0,     // Due before today.
  kDue = 1,         // Today, or never contacted.
  kUpcoming = 2,    // Later.
  kNoInterval = 3,  // Contacted, but of no class: how often is not known.
};
inline constexpr int kFollowUpCount = 4;

// Days between contacts, of classes 0, 1, 2.
inline constexpr std::array<int32_t, 3> kFollowUpDays = {7, 14, 30};

struct FollowUpPlan {
  std::vector<int32_t> due;     // A day, or kNoLeadDay of kNoInterval.
  std::vector<FollowUp> state;  // By row.
  std::array<int64_t, kFollowUpCount> count = {};
};

// When each lead is due: its last contact + the interval of its class. Who was
// never contacted (kNoLeadDay) is due today. `lead_class` is an index of
// `interval` or kNoLeadClass. kInvalidArgument for another class, intervals
// below 1, and a last contact after today; kOutOfRange for a day that does not
// fit. O(n).
absl::StatusOr<FollowUpPlan> PlanFollowUps(
    absl::Span<const uint8_t> lead_class,
    absl::Span<const int32_t> last_contact, absl::Span<const int32_t> interval,
    int32_t today);

// ---- Expected new value -----------------------------------------------------

// Days, from <= close_day < to: the next month.
struct LeadPeriod {
  int32_t from = 0;
  int32_t to = 0;
};

struct ExpectedLeads {
  uint64_t team = 0;
  int64_t leads = 0;  // In the period, with funds and probability: counted.
  int64_t value = 0;  // Their exact sum, rounded half to even once.
  int64_t funds = 0;  // What they have together.
  // In the period, but not counted: no probability (with their funds), no
  // funds.
  int64_t without_probability = 0;
  int64_t funds_without_probability = 0;
  int64_t without_funds = 0;
  int64_t undated = 0;  // Without an expected close day.
  int64_t outside = 0;  // Of the period.
};

struct LeadForecast {
  std::vector<ExpectedLeads> teams;  // By team, rising.
  ExpectedLeads total;               // Rounded once by itself; team is 0.
};

// The roll-up by team of funds, probability, team and close_day. Sums are
// exact, so any order of rows gives the same. kInvalidArgument unless from <=
// to. O(n log n).
absl::StatusOr<LeadForecast> ForecastLeads(const LeadColumns& leads,
                                           LeadPeriod period);

// ---- Decay ------------------------------------------------------------------

// value x 2^(-age / half_life), rounded to the nearest integer: what is left of
// a probability in ppm, or of a score, that was given `age` days ago. Whole
// half-lives are exact (half to even); else the exact result is missed by at
// most 0.5 + 2 x 10^-6. Age 0 is the value itself. kInvalidArgument unless
// value >= 0, age >= 0 and half_life >= 1. O(1).
absl::StatusOr<int32_t> Decay(int32_t value, int32_t age, int32_t half_life);

}  // namespace fivek

#endif  // FIVEK_ACCOUNTS_LEAD_H_
