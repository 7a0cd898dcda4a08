// The visit policy: how often accounts are seen before they decide. A third
// visit is seldom what was missing.
//
//   VisitMix mix = *MeasureVisits({1, 1, 2, 1, 4, 0}, {});
//   mix.of[0];      // 3 of 5 accounts seen once: 600 000 ppm
//   mix.broken;     // once below 65 %, three or more above 10 %: 0b101
//   mix.over_cap;   // {4}: the row that was seen 4 times, above 2
//
// The mix is of accounts that were seen at all; those that were not are counted
// apart. Bounds are compared exactly, as counts x 10^6 with ppm x accounts, so
// that exactly 25 % is not above 25 %. The upper bounds of twice and of three
// or more are what the policy asks; the share seen once is what they leave, and
// "about" in it is the lower bound given here.
//
// Units: visits before a decision, or up to now. Errors: kInvalidArgument.
// Cost: O(n). Thread-safety: pure functions; the order of rows changes nothing
// but the order of over_cap. Source: domain.md §9.
#ifndef FIVEK_ACCOUNTS_VISIT_POLICY_H_
#define FIVEK_ACCOUNTS_VISIT_POLICY_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace fivek {

// Index of the mix: seen once, twice, three times or more. Part of the ABI.
inline constexpr int kVisitGroups = 3;

struct VisitPolicy {
  int64_t cap = 2;  // At most so many visits before a decision; 1 or more.
  // At least this share once, at most these twice and more often; ppm.
  std::array<int32_t, kVisitGroups> mix_ppm = {650'000, 250'000, 100'000};
};

struct VisitMixGroup {
  int64_t accounts = 0;
  int32_t share_ppm = 0;  // Of those seen, half to even; 0 if nobody was.
};

struct VisitMix {
  int64_t unseen = 0;  // In no group.
  int64_t seen = 0;
  std::array<VisitMixGroup, kVisitGroups> of;
  uint32_t broken = 0;  // Bit g: the bound of group g; 0 if nobody was seen.
  int64_t visits = 0;   // Of all.
  int64_t visits_over_cap = 0;    // Beyond the cap: time for other accounts.
  std::vector<int64_t> over_cap;  // Rows with more visits than the cap.
};

// The mix of a team. kInvalidArgument unless visits are 0 to 2^31 - 1 (row,
// column 0), the cap is 1 or more and the shares 0 to 10^6.
absl::StatusOr<VisitMix> MeasureVisits(absl::Span<const int64_t> visits,
                                       const VisitPolicy& policy);

}  // namespace fivek

#endif  // FIVEK_ACCOUNTS_VISIT_POLICY_H_
