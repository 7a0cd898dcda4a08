// Who gets which lead: the assignment with the highest total score, its proof,
// and what one more place is worth.
//
//   const std::vector<int64_t> score = {3, 64, 27,  // Lead 0: by seller.
//                                       7, 76, 99};
//   AssignmentProblem problem;
//   problem.score = score;
//   problem.capacity = {1, 1, 1};
//   Assignment a = *AssignLeads(problem);
//   a.seller;            // {1, 2}
//   a.total;             // 163
//   a.seller_price[1];   // 0: one more place there would add nothing
//   a.gap;               // 0: no assignment has a higher total
//
// Every lead has at most one seller, and every seller at most `capacity` leads.
// A score is the value of a lead with a seller (probability x margin, less
// travel). One below 0 is never taken, as that lead is better left alone: so
// kNoScore is the score of a pair that cannot be (language, product). Score 0
// is taken where there is room.
//
// Which optimum. Often several assignments have the highest total. The result
// is the one that is lexicographically first: the first lead has the first
// seller that it has in any of them, then the second lead among those that are
// left, and so on; to be unassigned comes after all sellers. Leads and sellers
// are in the order of their ids, and in the order given without ids: with ids
// the result does not depend on the order of rows.
//
// Prices (the dual solution, in units of score). seller_price[s] is exactly
// what the total would gain from one more place of s, the capacities of the
// others being as they are. lead_price[l] is exactly what the total would lose
// without lead l. These prices are unique, though the assignment may not be.
// Always seller_price + lead_price >= score, with equality for each pair that
// is assigned; who has room has price 0, and so has a lead that is unassigned.
// So sum of capacity x seller_price + sum of lead_price is a bound for every
// assignment: `bound`. `gap` = bound - total, 0 always.
//
// Greedy totals, for comparison: by edge, the highest score of all that are
// still possible first (at least half of the optimum; of equal scores the first
// lead, then the first seller); by lead, each lead in order to the best seller
// who has room (the first one of equals).
//
// Units: integer scores up to kMostAssignmentScore. Exact; totals are
// kOutOfRange beyond 64 bits. Cost: leads are added one by one by a shortest
// path over the sellers: O(n m^2) at most for the paths, typically much less;
// 10^4 leads x 100 sellers take some tenths of a second. Memory O(m^2 + n)
// beside the scores, and n m where there are ids. Thread-safety: pure
// functions; the same result on every machine. Source: statistics.md §7; Kuhn
// 1955; Edmonds and Karp 1972.
#ifndef FIVEK_ACCOUNTS_ASSIGNMENT_H_
#define FIVEK_ACCOUNTS_ASSIGNMENT_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace fivek {

inline constexpr int64_t kNoScore = -1;
inline constexpr int64_t kMostAssignmentScore = int64_t{1} << 60;
inline constexpr size_t kMostAssignmentSellers = 2048;
inline constexpr int32_t kUnassigned = -1;

struct AssignmentProblem {
  absl::Span<const int64_t> score;     // Lead after lead, by seller.
  absl::Span<const int64_t> capacity;  // By seller; 0 or more.
  size_t leads = 0;
  // Empty, or each once.
  absl::Span<const uint64_t> lead_id;
  absl::Span<const uint64_t> seller_id;
};

struct Assignment {
  std::vector<int32_t> seller;      // By lead, or kUnassigned.
  std::vector<int64_t> unassigned;  // Leads without a seller, in order.
  int64_t total = 0;
  std::vector<int64_t> seller_price;
  std::vector<int64_t> lead_price;
  int64_t bound = 0;
  int64_t gap = 0;
  int64_t greedy_by_edge = 0;
  int64_t greedy_by_lead = 0;
};

// kInvalidArgument unless score has leads x capacity.size() elements, at most
// 2^31, none above kMostAssignmentScore (row: the lead, column: the seller);
// capacities are 0 or more (row: the seller); sellers are at most
// kMostAssignmentSellers, leads below 2^31, and ids as many or none, each once
// (row).
absl::StatusOr<Assignment> AssignLeads(const AssignmentProblem& problem);

}  // namespace fivek

#endif  // FIVEK_ACCOUNTS_ASSIGNMENT_H_
