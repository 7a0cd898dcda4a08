// Recency, frequency and money: each customer's rank among the others on three
// axes, as a score of 1 to 5, and the segment that the three make.
//
//   RfmColumns columns = {last_day, orders, revenue};
//   RfmScores scores = *ScoreRfm(columns, {as_of});
//   scores.recency.score[0];                      // 5: bought lately
//   const RfmSegments segments = RfmSegments::Default();
//   segments.SegmentOf(5, 4, 5);                  // 0: kChampions
//
// The score of a value by mid-rank, in whole numbers:
//   1 + floor(classes x (less + (equal - 1) / 2) / n),
// `less` customers having a lower value and `equal` the same one, oneself
// included. So equal values never differ; the order of customers, a unit of
// money and any other rising change of scale do not matter. All equal: all in
// the middle class, 3 of 5. With fewer customers than classes some classes are
// empty (of two customers, one has a 1 and the other a 3 of 5): no score is
// made up for them.
//
// More is better on each axis; of recency, the later last day is. Who never
// bought (last_day kNeverBought) has the score 0 on all three and is not among
// the n whom others are ranked with: unknown is not long ago.
//
// Units: days since 1970; money in minor units of one currency, below 0 too
// (more was credited than sold: the lowest scores). Errors: kInvalidArgument.
// Cost: O(n log n), 0.3 s for 10^6 customers. Thread-safety: pure functions;
// RfmSegments is immutable. Source: domain.md §8, statistics.md §5.
#ifndef FIVEK_ACCOUNTS_RFM_H_
#define FIVEK_ACCOUNTS_RFM_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "fivek/accounts/purchases.h"

namespace fivek {

// ---- Scores -----------------------------------------------------------------

inline constexpr int32_t kFewestRfmClasses = 2;
inline constexpr int32_t kMostRfmClasses = 255;
inline constexpr int32_t kDefaultRfmClasses = 5;

// What values have a score: where one class ends and the next begins.
struct RankClass {
  int32_t score = 0;
  int64_t lowest = 0, highest = 0;  // Of the values in it.
  int64_t customers = 0;            // 1 or more: empty classes are not listed.
};

struct RankScores {
  std::vector<uint8_t> score;      // In the order given.
  std::vector<RankClass> classes;  // By score.
};

// The mid-rank scores of one axis. kInvalidArgument unless classes is
// kFewestRfmClasses to kMostRfmClasses.
absl::StatusOr<RankScores> ScoreByRank(absl::Span<const int64_t> value,
                                       int32_t classes);

struct RfmColumns {
  absl::Span<const int32_t> last_day;   // Of an order; kNeverBought: none.
  absl::Span<const int64_t> frequency;  // 0 or more; 0 of who never bought.
  absl::Span<const int64_t> money;      // Of who never bought it is not read.
};

struct RfmOptions {
  int32_t as_of = 0;  // No last day is after it.
  int32_t recency_classes = kDefaultRfmClasses;
  int32_t frequency_classes = kDefaultRfmClasses;
  int32_t money_classes = kDefaultRfmClasses;
};

struct RfmScores {
  // The values of the recency classes are last days.
  RankScores recency, frequency, money;
  int64_t scored = 0;
  int64_t never_bought = 0;
};

// kInvalidArgument, naming row and column (0 last day, 1 frequency), unless
// lengths are equal, classes as in ScoreByRank, last days kFirstDay to as_of or
// kNeverBought, and frequencies in range.
absl::StatusOr<RfmScores> ScoreRfm(const RfmColumns& columns,
                                   const RfmOptions& options);

// ---- Segments ---------------------------------------------------------------

// The built-in segments. Part of the ABI: append, never renumber. Their names
// are the label set `rfm_segment`.
enum class RfmSegment : uint8_t {
  kChampions = 0,
  kLoyal = 1,
  kPotentialLoyal = 2,
  kNew = 3,
  kPromising = 4,
  kNeedAttention = 5,
  kAboutToSleep = 6,
  kAtRisk = 7,
  kCannotLose = 8,
  kHibernating = 9,
  kLost = 10,
  kNoOrders = 11,
};
inline constexpr int kRfmSegmentCount = 12;

// Scores from low to high, both included.
struct RfmRange {
  int32_t low = 1, high = 1;
  constexpr bool Contains(int32_t score) const {
    return low <= score && score <= high;
  }
};

struct RfmRule {
  int32_t segment = 0;  // 0 to kMostRfmSegment.
  RfmRange recency, frequency, money;
};
inline constexpr int32_t kMostRfmSegment = 254;

// What the rules look at beside recency.
enum class RfmAxes : uint8_t {
  kFrequencyAndMoney = 0,  // Each by its own range.
  // (frequency + money) / 2, halves up: by the range of frequency; that of
  // money is not read.
  kMean = 1,
};

// The built-in rules, of 5 classes and kMean: every pair of scores has exactly
// one row.
inline constexpr std::array<RfmRule, 11> kRfmRules = {{
    // segment recency  mean of frequency and money
    {0, {5, 5}, {4, 5}, {}},   // champions
    {1, {3, 4}, {4, 5}, {}},   // loyal
    {2, {4, 5}, {2, 3}, {}},   // potential loyal
    {3, {5, 5}, {1, 1}, {}},   // new
    {4, {4, 4}, {1, 1}, {}},   // promising
    {5, {3, 3}, {3, 3}, {}},   // need attention
    {6, {3, 3}, {1, 2}, {}},   // about to sleep
    {7, {1, 2}, {3, 4}, {}},   // at risk
    {8, {1, 2}, {5, 5}, {}},   // cannot lose
    {9, {2, 2}, {1, 2}, {}},   // hibernating
    {10, {1, 1}, {1, 2}, {}},  // lost
}};

struct RfmSegmentOptions {
  RfmAxes axes = RfmAxes::kFrequencyAndMoney;
  // With kMean those of frequency and money are equal.
  int32_t recency_classes = kDefaultRfmClasses;
  int32_t frequency_classes = kDefaultRfmClasses;
  int32_t money_classes = kDefaultRfmClasses;
  int32_t never_bought = 11;  // The segment of who has no scores.
};

// As many combinations of scores as a table may have.
inline constexpr int64_t kMostRfmCombinations = 1 << 20;

// A table from scores to segments.
class RfmSegments {
 public:
  // Of kRfmRules.
  static RfmSegments Default();

  // Of 1 to 255 rules of the caller. They are tried in order and the first that
  // fits wins. kInvalidArgument, naming the rule as the row, unless classes,
  // segments and ranges are allowed, at most kMostRfmCombinations, every
  // combination of scores has a rule and every rule wins somewhere: one that
  // never can is a mistake in the table.
  static absl::StatusOr<RfmSegments> FromRules(
      absl::Span<const RfmRule> rules, const RfmSegmentOptions& options);

  const RfmSegmentOptions& options() const { return options_; }

  // Of three scores: all 1 to the classes of each axis, or all 0 for who never
  // bought. -1 for any others.
  int32_t SegmentOf(int32_t recency, int32_t frequency, int32_t money) const;

  // Of columns, as ScoreRfm makes them. kInvalidArgument, naming row and
  // column, unless lengths are equal and SegmentOf has an answer.
  absl::Status Assign(absl::Span<const uint8_t> recency,
                      absl::Span<const uint8_t> frequency,
                      absl::Span<const uint8_t> money,
                      absl::Span<uint8_t> segment) const;

 private:
  RfmSegments() = default;
  size_t PlaceOf(int32_t recency, int32_t frequency, int32_t money) const;

  RfmSegmentOptions options_;
  std::vector<uint8_t> segment_;  // By PlaceOf.
};

}  // namespace fivek

#endif  // FIVEK_ACCOUNTS_RFM_H_
