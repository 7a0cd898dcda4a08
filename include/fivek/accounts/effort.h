// How many visits for each account: the allocation of a budget of visits that
// brings most, when each further visit to an account brings something else.
//
//   // Value when all is won; by the response 1 - e^(-k visits); at most 12.
//   EffortAccount a = {100000.0, ResponseForm::kExponential, 12, 0.3};
//   EffortAccount b = {60000.0, ResponseForm::kExponential, 10, 0.55};
//   EffortPlan p = *AllocateEffort({a, b}, {5});
//   p.visits;          // 3 2: what the best 5 visits are
//   p.shadow_price;    // what the last of them brings
//
// Maximises the sum of value x r(visits), visits whole numbers of at most `cap`
// each and of at most the budget together. Responses r, with r(0) = 0:
//
//   form          r(v)               parameters           concave
//   kExponential  1 - e^(-k v)       shape k > 0          yes
//   kHyperbolic   v / (v + c)        shape c > 0          yes
//   kPowerLaw     v^p                0 < shape p <= 1     yes
//   kSigmoid      v^s / (c + v^s)    shape c > 0, s > 0   if s <= 1
//
// or a table of the caller's own values for each account and number of visits.
//
// What decides:
// - kGreedy gives the next visit to whoever gains most by it: the optimum where
//   no account's gains ever rise (concave). Of equal gains the lowest index.
// - kDynamic tries all: the optimum of any response.
// - kHull takes whole steps of the responses' concave hulls: near the optimum,
//   for what is too large for kDynamic.
// - kAuto is kGreedy if all are concave, else kDynamic, or kHull where that
//   takes more than kMostEffortCells. Gains that rise by rounding only, below
//   2^-48 of the account's largest value, count as not rising.
// - A visit that gains nothing is not made. Of equal totals, equal as doubles,
//   the one with fewest visits, of these the one with most for the lowest
//   index: so do kGreedy and kDynamic.
//
// Prices. `shadow_price` is what the budget's last visit brings, best(B) -
// best(B - 1): what one visit less costs; 0 if the budget is not used up.
// `next_gain` is what one more would bring, best(B + 1) - best(B). By kGreedy
// they are the gain of the last pick and of the first that was not made; by
// kHull the slopes of the hull there.
//
// Units: values in any unit, as doubles; budget and caps in visits. Errors:
// kInvalidArgument, naming row and column, as each function says. Accuracy: r
// within 2^-42 relative; gains of the concave forms too, not only differences
// of r. The same bits on every machine; multiplying all values by a power of
// two multiplies total and prices and changes no visit. Cost: kGreedy O(n + B
// log n), kDynamic O(n B cap) and 4 bytes for each of n (B + 2) cells, kHull
// O(sum of caps log n). Thread-safety: pure functions. Source: statistics.md
// §7 (Fox 1966; CALLPLAN, Lodish 1971).
#ifndef FIVEK_ACCOUNTS_EFFORT_H_
#define FIVEK_ACCOUNTS_EFFORT_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace fivek {

// Part of the ABI: append, never renumber.
enum class ResponseForm : uint8_t {
  kExponential = 0,
  kHyperbolic = 1,
  kPowerLaw = 2,
  kSigmoid = 3,
};
inline constexpr int kResponseFormCount = 4;

enum class EffortMethod : uint8_t {
  kAuto = 0,
  kGreedy = 1,
  kDynamic = 2,
  kHull = 3,
};
inline constexpr int kEffortMethodCount = 4;

inline constexpr double kMostEffortValue = 1e18;
inline constexpr double kLeastResponseShape = 1e-9;
inline constexpr double kMostResponseShape = 1e18;
inline constexpr double kMostSteepness = 64.0;
// Of kDynamic; also the most visits that are given, and points of responses
// that are looked at one by one.
inline constexpr int64_t kMostEffortCells = int64_t{1} << 26;

struct EffortAccount {
  double value = 0.0;  // 0 to kMostEffortValue.
  ResponseForm form = ResponseForm::kExponential;
  int32_t cap = 0;  // Most visits: 0 or more.
  double shape =
      1.0;  // k, c or p: kLeastResponseShape to kMostResponseShape; p to 1.
  double steepness =
      1.0;  // s of kSigmoid: kLeastResponseShape to kMostSteepness.
};

struct EffortOptions {
  int32_t budget = 0;
  EffortMethod method = EffortMethod::kAuto;
};

struct EffortPlan {
  std::vector<int32_t> visits;
  std::vector<int32_t> picks;  // Accounts in the order of visits; of kGreedy.
  int64_t spent = 0;           // The sum of `visits`.
  double total = 0.0;          // What they bring.
  // No allocation brings more: by the concave hulls. `total` itself where all
  // are concave and kGreedy gave the visits.
  double bound = 0.0;
  double shadow_price = 0.0;
  double next_gain = 0.0;
  EffortMethod method = EffortMethod::kGreedy;  // That was used.
  bool concave = false;                         // All of the accounts are.
  bool optimal = false;  // By kDynamic, or kGreedy of concave ones.
};

// value x r(visits) of one account. kInvalidArgument unless the account is as
// above and 0 <= visits.
absl::StatusOr<double> ResponseValue(const EffortAccount& account,
                                     int64_t visits);

// kInvalidArgument, naming the row and the column (0 value, 1 form, 2 cap, 3
// shape, 4 steepness), unless accounts are as above and the budget is 0 or
// more; also where more than kMostEffortCells would be needed.
absl::StatusOr<EffortPlan> AllocateEffort(
    absl::Span<const EffortAccount> accounts, const EffortOptions& options);

// The same of a table: `response` has a row of `width` values for each account,
// of 0, 1, .. width - 1 visits, within kMostEffortValue of 0. The first need
// not be 0: what comes without a visit counts in `total`. `cap` is empty (width
// - 1 for all) or 0 to width - 1 for each account; values beyond it are not
// read. Gains below 0 are never taken. kInvalidArgument, naming row and column
// (of `response`; of cap, -1).
absl::StatusOr<EffortPlan> AllocateEffortTable(
    absl::Span<const double> response, size_t width,
    absl::Span<const int32_t> cap, const EffortOptions& options);

// An account's response from two numbers that a manager knows: which share of
// its potential today's visits reach, and which share any number of them would
// (saturation).
struct EffortCalibration {
  double potential = 0.0;  // 0 to kMostEffortValue.
  int32_t visits = 0;      // Today's: 1 or more.
  double share_today = 0.0;
  double share_saturation = 1.0;  // share_today < share_saturation <= 1.
  ResponseForm form = ResponseForm::kExponential;  // Not kPowerLaw: it never
                                                   // saturates.
  double steepness = 1.0;                          // Of kSigmoid.
  int32_t cap = 0;
};

// value = potential x share_saturation, and the shape with which today's visits
// reach share_today. kInvalidArgument unless 0 < share_today and the rest is as
// above; kOutOfRange where the shape would be outside kLeastResponseShape to
// kMostResponseShape.
absl::StatusOr<EffortAccount> CalibrateEffort(
    const EffortCalibration& calibration);

}  // namespace fivek

#endif  // FIVEK_ACCOUNTS_EFFORT_H_
