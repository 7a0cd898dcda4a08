// Invitations to an event: whole people, by the market share of each territory
// and, within it, by the need of each class of customers.
//
//   // Two territories, three classes (A, B, C).
//   InvitationPlan plan = *ApportionInvitations(
//       10, {60, 40}, {}, {}, {8, 4, 0, 1, 1, 2}, 3);
//   plan.by_territory;  // 6 4
//   plan.table;         // 4 2 0 | 1 1 2
//
// Both steps are Webster's method (base/apportion.h), the first within the
// bounds of each territory; of equal quotients the first territory, the first
// class. A class without need has no seats.
//
// Units: people; shares and need in any unit. Exact. Errors: kInvalidArgument.
// Cost: that of ApportionSeats for the territories and for each of them.
// Thread-safety: pure functions. Source: domain.md §9, statistics.md §7.
#ifndef FIVEK_ACCOUNTS_INVITATION_H_
#define FIVEK_ACCOUNTS_INVITATION_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace fivek {

struct InvitationPlan {
  std::vector<int64_t> by_territory;
  std::vector<int64_t> by_class;  // Of all territories.
  std::vector<int64_t> table;     // Territory after territory, by class.
};

// `share`, `least` and `most` are of each territory, as in ApportionSeats;
// `need` is of each class in each territory, territory after territory.
// kInvalidArgument as there; unless there are 1 or more classes and as many
// needs as territories x classes (column 3); and for a territory that is due
// seats and has no need at all (its row, column 3): nobody there would come.
absl::StatusOr<InvitationPlan> ApportionInvitations(
    int64_t seats, absl::Span<const uint64_t> share,
    absl::Span<const int64_t> least, absl::Span<const int64_t> most,
    absl::Span<const uint64_t> need, size_t classes);

}  // namespace fivek

#endif  // FIVEK_ACCOUNTS_INVITATION_H_
