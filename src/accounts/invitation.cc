#include "fivek/accounts/invitation.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fivek/base/apportion.h"
#include "fivek/base/reason.h"

namespace fivek {

absl::StatusOr<InvitationPlan> ApportionInvitations(
    int64_t seats, absl::Span<const uint64_t> share,
    absl::Span<const int64_t> least, absl::Span<const int64_t> most,
    absl::Span<const uint64_t> need, size_t classes) {
  // Divided, as the product may not fit.
  if (classes == 0 || need.size() % classes != 0 ||
      need.size() / classes != share.size()) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("need ", need.size(), " elements, classes ",
                               classes, ", share ", share.size(),
                               "; allowed: 1 class or more, and a need for "
                               "each in each territory"),
                  {-1, 3});
  }
  auto by_territory = ApportionSeats(seats, share, least, most);
  if (!by_territory.ok()) return by_territory.status();
  InvitationPlan plan;
  plan.by_territory = *std::move(by_territory);
  plan.by_class.assign(classes, 0);
  plan.table.reserve(need.size());
  for (size_t t = 0; t < share.size(); ++t) {
    const absl::Span<const uint64_t> wanted =
        need.subspan(t * classes, classes);
    const int64_t due = plan.by_territory[t];
    const bool any = std::any_of(wanted.begin(), wanted.end(),
                                 [](uint64_t one) { return one > 0; });
    if (due > 0 && !any) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("need 0 of all classes where ", due,
                                 " seats are due; allowed: above 0 of one"),
                    {static_cast<int64_t>(t), 3});
    }
    const auto row = ApportionSeats(due, wanted, {}, {});
    if (!row.ok()) return row.status();
    for (size_t c = 0; c < classes; ++c) {
      plan.by_class[c] += (*row)[c];
      plan.table.push_back((*row)[c]);
    }
  }
  return plan;
}

}  // namespace fivek
