#include "fivek/accounts/visit_policy.h"

#include <algorithm>
#include <cstddef>
#include <limits>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fivek/base/probability.h"
#include "fivek/base/reason.h"

namespace fivek {
namespace {

constexpr int64_t kMostPlanned = std::numeric_limits<int32_t>::max();

absl::Status CheckPolicy(const VisitPolicy& policy) {
  if (policy.cap < 1) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("cap ", policy.cap, "; allowed: 1 or more"));
  }
  for (const int32_t ppm : policy.mix_ppm) {
    if (!IsProbability(ppm)) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("mix_ppm ", ppm, "; allowed: 0 to 1000000"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<VisitMix> MeasureVisits(absl::Span<const int64_t> visits,
                                       const VisitPolicy& policy) {
  absl::Status allowed = CheckPolicy(policy);
  if (!allowed.ok()) return allowed;
  VisitMix mix;
  for (size_t i = 0; i < visits.size(); ++i) {
    const int64_t n = visits[i];
    const auto row = static_cast<int64_t>(i);
    if (n < 0 || n > kMostPlanned) {
      return Refuse(
          Reason::kValueRange,
          absl::StrCat("visits ", n, "; allowed: 0 to ", kMostPlanned),
          {row, 0});
    }
    mix.visits += n;
    if (n > policy.cap) {
      mix.over_cap.push_back(row);
      mix.visits_over_cap += n - policy.cap;
    }
    if (n == 0) {
      ++mix.unseen;
      continue;
    }
    ++mix.seen;
    ++mix.of[static_cast<size_t>(std::min(n, int64_t{kVisitGroups}) - 1)]
          .accounts;
  }
  if (mix.seen == 0) return mix;
  for (size_t g = 0; g < mix.of.size(); ++g) {
    VisitMixGroup& group = mix.of[g];
    group.share_ppm = *PpmFromRatio(group.accounts, mix.seen);
    const absl::int128 share = absl::int128(group.accounts) * kCertain;
    const absl::int128 bound = absl::int128(mix.seen) * policy.mix_ppm[g];
    const bool broken = g == 0 ? share < bound : share > bound;
    if (broken) mix.broken |= uint32_t{1} << g;
  }
  return mix;
}

}  // namespace fivek
