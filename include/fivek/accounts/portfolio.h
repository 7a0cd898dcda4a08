// The portfolio of accounts 客户等级评估: how attractive an account is and how
// good the relationship with it, which of four (or nine) cells that makes, and
// how far it is from another cell.
//
//   PortfolioOptions options;                       // cuts at 50 and 50
//   options.within = 5;
//   Portfolio p = *SortPortfolio({80, 80, 48}, {}, {70, 20, 10}, {}, options);
//   p.accounts[1].cell;                             // 1: develop
//   p.accounts[2].near_cells;                       // bit 1: 2 points from it
//
// Scores are of any scale that the cuts are of, 0 to kMostPortfolioScore: 0 to
// 100, or what WeighScores makes. At or above a cut is high: a score that is
// equal to the cut belongs to the higher level. Multiplying scores and cuts by
// a constant changes no cell, nor does the order of accounts.
//
// Unknown is not low: an account that may be in several cells by what is known
// is in none, and `possible` says in which it may be.
//
// Errors: kInvalidArgument (kValueRange) with row and column, as each function
// says. Cost: O(n). Thread-safety: pure functions. Source: domain.md §8,
// statistics.md §5.
#ifndef FIVEK_ACCOUNTS_PORTFOLIO_H_
#define FIVEK_ACCOUNTS_PORTFOLIO_H_

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace fivek {

inline constexpr int32_t kMostPortfolioScore = 1'000'000;
inline constexpr int32_t kScoreUnknown = -1;

// ---- Scores of weighted criteria --------------------------------------------

inline constexpr int32_t kMostCriterion = 100;
inline constexpr int32_t kMostCriterionWeight = 1'000'000;
inline constexpr int kMostCriteria = 1000;

// What the criteria come to, in ppm of the scale: 0 to 10^6, where all at 100
// are 10^6. Rounded down, so that a score is at or above a cut in whole ppm
// exactly where the unrounded one is. What is unknown may be 0 or 100.
struct ScoreRange {
  int32_t low = 0;
  int32_t high =
      kMostPortfolioScore;  // Equal to `low` if all that weighs is known.
  // The mean of the known criteria, by their weights; kScoreUnknown of none. A
  // guess that the unknown are like the known, for showing only.
  int32_t of_known = kScoreUnknown;
  int32_t unknown = 0;  // Criteria with a weight that are unknown.
};

// Sum of weight x score / sum of weights for each account. `score` has one row
// for each account with a score for each weight, 0 to 100 or kScoreUnknown.
// kInvalidArgument, naming row (account) and column (criterion), unless there
// are 1 to kMostCriteria weights of 0 to kMostCriterionWeight that are not all
// 0 (row -1), `score` has whole rows, and scores are in range. O(n criteria).
absl::StatusOr<std::vector<ScoreRange>> WeighScores(
    absl::Span<const int32_t> weight, absl::Span<const int32_t> score);

// ---- Cells ------------------------------------------------------------------

// Part of the ABI. As the label sets portfolio.cell and portfolio.strategy say
// it: key (grow and protect), prospective (develop), ordinary (maintain),
// ignore (serve at low cost).
enum class PortfolioCell : uint8_t {
  kKey = 0,          // high attractiveness, strong relationship
  kProspective = 1,  // high, weak
  kOrdinary = 2,     // low, strong
  kIgnore = 3,       // low, weak
};
inline constexpr int32_t kCellUnknown = 255;
inline constexpr int32_t kNoDistance = std::numeric_limits<int32_t>::min();

// One axis: high from `high` on; with `medium`, medium from it on up to there.
struct PortfolioAxis {
  int32_t high = 50;
  int32_t medium = kScoreUnknown;  // kScoreUnknown: two levels.
};

struct PortfolioOptions {
  // Both have two levels, or both three.
  PortfolioAxis attractiveness;
  PortfolioAxis relationship;
  // An account is borderline where a cut is at most so far from its score.
  int32_t within = 0;
};

// Where an account stands. Levels are 0 low, 1 high, or 0 low, 1 medium, 2
// high; kCellUnknown. With k levels a cell is (k - 1 - attractiveness) k + (k -
// 1 - relationship): PortfolioCell of two, 0 (both high) to 8 of three.
struct PortfolioAccount {
  int32_t cell = kCellUnknown;
  int32_t attractiveness = kCellUnknown;
  int32_t relationship = kCellUnknown;
  // Score - cut: 0 or more is at or above it. Of the nearer of two cuts, of
  // equally near ones the lower. kNoDistance where the score is not known.
  int32_t attractiveness_distance = kNoDistance;
  int32_t relationship_distance = kNoDistance;
  uint32_t possible = 0;    // Bit = cell that it may be in, by what is known.
  uint32_t near_cells = 0;  // Other cells beyond cuts that are at most `within`
                            // away, on one axis or on both.
};

struct Portfolio {
  int32_t levels = 2;
  std::array<int64_t, 9> count = {};  // Accounts by cell.
  int64_t unknown = 0;                // Accounts in no cell.
  int64_t borderline = 0;             // Accounts with near_cells.
  std::vector<PortfolioAccount> accounts;
};

// The cell of each account. A score is 0 to kMostPortfolioScore or
// kScoreUnknown. Where `attractiveness_most` or `relationship_most` are given
// (not empty), the score is known to lie between the two columns only
// (ScoreRange), and must not be above the second; unknown in one of the two
// leaves that end open. kInvalidArgument, naming the row and the column (0
// attractiveness, 1 its most, 2 relationship, 3 its most), unless lengths are
// equal, scores in range, cuts 0 < medium < high <= kMostPortfolioScore (high
// may be 0 to kMostPortfolioScore without a medium), and 0 <= within <=
// kMostPortfolioScore.
absl::StatusOr<Portfolio> SortPortfolio(
    absl::Span<const int32_t> attractiveness,
    absl::Span<const int32_t> attractiveness_most,
    absl::Span<const int32_t> relationship,
    absl::Span<const int32_t> relationship_most,
    const PortfolioOptions& options);

}  // namespace fivek

#endif  // FIVEK_ACCOUNTS_PORTFOLIO_H_
