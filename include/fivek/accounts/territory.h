// Territories: work divided evenly over sellers, and how uneven it is.
//
//   const std::vector<int64_t> workload = {13, 11, 9, 8, 7, 6, 5, 4, 3, 2};
//   TerritoryPlan plan = *BalanceTerritories(workload, 3);
//   plan.first.max;     // 24: longest first
//   plan.balance.max;   // 23: after an exchange of two accounts
//   plan.bound;         // 23: nobody can do better, so it is the optimum
//
// New territories: the account with the most work first, each to the seller who
// has least so far (Graham 1969: at most 4/3 - 1/(3 m) times the optimum for m
// sellers; of equal accounts the first one, of equal sellers the first one).
// Then single accounts are moved, or two exchanged, as long as that makes two
// sellers more even: of all such steps always the one that lowers the sum of
// squared loads most for each account that moves; of equal ones that between
// the first sellers (a < b), then a move before an exchange, then that which
// gives the larger account, then that which takes the larger one back; which of
// several accounts with equal work goes is decided by their order. So the
// largest load never grows, and in the end no single step makes any two sellers
// more even: a local optimum, whose distance from the best is at most max -
// bound.
//
// Existing territories: the same steps from what there is, with a limit on how
// many accounts change their seller. Each account moves once at most.
//
// Units: any whole unit of work: minutes, visits, minor units. Exact. Errors:
// kInvalidArgument; kOutOfRange for a sum above kMostWorkload. Cost: O(n log n
// + n m), and O(n) on average a step, with at most n + 1000 steps;
// n accounts, m sellers. Thread-safety: pure functions. Source: domain.md §8,
// statistics.md §7.
#ifndef FIVEK_ACCOUNTS_TERRITORY_H_
#define FIVEK_ACCOUNTS_TERRITORY_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

namespace fivek {

inline constexpr size_t kMostTerritories = 1000;
inline constexpr int64_t kMostWorkload = int64_t{1} << 61;  // Of all together.

// How even some territories are.
struct TerritoryBalance {
  std::vector<int64_t> load;  // By seller.
  int64_t total = 0;
  int64_t max = 0;
  int64_t min = 0;
  // max / mean: 1 is even, m is one who does everything. Within 2^-51;
  // nothing where there is no work.
  absl::optional<double> max_to_mean;
};

struct TerritoryMove {
  int64_t account = 0;
  int32_t from = 0, to = 0;  // Sellers.
};

struct TerritoryPlan {
  std::vector<int32_t> seller;  // By account, in the end.
  TerritoryBalance first;       // Longest first, or as it was given.
  TerritoryBalance balance;     // In the end.
  // No division has a lower largest load: the mean, rounded up; the largest
  // account; and, for each k, the k + 1 smallest of the k m + 1 largest
  // accounts, as some seller has k + 1 of those.
  int64_t bound = 0;
  // How far the largest load is from it: 0 proves that none is better.
  int64_t gap = 0;
  // The steps in order; the two moves of an exchange follow each other.
  std::vector<TerritoryMove> moves;
  // A limit ended the steps: there is one more that would make two sellers more
  // even. Else this is a local optimum (of the accounts that have not moved,
  // where they move once).
  bool limited = false;
};

// Measures territories as they are: `seller` of each account, 0 to sellers - 1.
// kInvalidArgument unless 1 <= sellers <= kMostTerritories, the lengths are
// equal, workloads 0 or more (row, column 0) and sellers in range (row, column
// 1). O(n + m).
absl::StatusOr<TerritoryBalance> MeasureTerritories(
    absl::Span<const int64_t> workload, absl::Span<const int32_t> seller,
    size_t sellers);

// New territories. Errors as MeasureTerritories.
absl::StatusOr<TerritoryPlan> BalanceTerritories(
    absl::Span<const int64_t> workload, size_t sellers);

// Which accounts to move, at most `most_moved` (0 or more) of them.
absl::StatusOr<TerritoryPlan> RebalanceTerritories(
    absl::Span<const int64_t> workload, absl::Span<const int32_t> seller,
    size_t sellers, int64_t most_moved);

}  // namespace fivek

#endif  // FIVEK_ACCOUNTS_TERRITORY_H_
