#include "fivek/history/hazards.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fivek/base/reason.h"

namespace fivek {
namespace {

absl::Status CheckHazards(absl::Span<const double> won,
                          absl::Span<const double> lost, int32_t horizon) {
  if (won.size() != lost.size() || won.empty() || won.size() > kMostHazards) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat(won.size(), " and ", lost.size(),
                     " hazards; allowed: as many, 1 to ", kMostHazards));
  }
  if (horizon < 0 || horizon > kMostHazardSteps) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("horizon ", horizon, "; allowed: 0 to ",
                               kMostHazardSteps));
  }
  for (size_t i = 0; i < won.size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    if (!(won[i] >= 0.0 && won[i] <= 1.0)) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("won hazard ", won[i], "; allowed: 0 to 1"),
                    {row, 0});
    }
    if (!(lost[i] >= 0.0 && lost[i] <= 1.0 && won[i] + lost[i] <= 1.0)) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("lost hazard ", lost[i], " beside ", won[i],
                                 "; allowed: 0 to 1, together too"),
                    {row, 1});
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<HazardForecast>> ForecastByHazards(
    absl::Span<const double> won, absl::Span<const double> lost,
    int32_t horizon) {
  absl::Status fits = CheckHazards(won, lost, horizon);
  if (!fits.ok()) return fits;
  const size_t n = won.size();
  const auto stay = [&](size_t step) {
    return std::max(1.0 - won[step] - lost[step], 0.0);
  };
  std::vector<HazardForecast> ages(n + 1);
  const double leave = won[n - 1] + lost[n - 1];
  ages[n].won_ever = leave > 0.0 ? won[n - 1] / leave : 0.0;
  for (size_t age = n; age-- > 0;) {
    ages[age].won_ever = won[age] + stay(age) * ages[age + 1].won_ever;
  }
  // One step more at a time, of all ages: the same as for the next age, later.
  for (HazardForecast& age : ages) age.open_after = 1.0;
  for (int32_t step = 0; step < horizon; ++step) {
    for (size_t age = 0; age <= n; ++age) {
      const size_t now = std::min(age, n - 1);
      const HazardForecast& next = ages[std::min(age + 1, n)];
      ages[age].won_within = won[now] + stay(now) * next.won_within;
      ages[age].open_after = stay(now) * next.open_after;
    }
  }
  return ages;
}

}  // namespace fivek
