#include "fivek/history/competing_risks.h"

#include <algorithm>
#include <cmath>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fivek/base/reason.h"

namespace fivek {

void RiskAccumulator::AddDay(int64_t at_risk,
                             const std::array<int64_t, kCauses>& ended) {
  CompetingRisks& r = total_;
  if (!(r.survival > 0.0)) return;
  const auto n = static_cast<double>(at_risk);
  int64_t all = 0;
  std::array<double, kCauses> hazard;
  for (size_t j = 0; j < kCauses; ++j) {
    all += ended[j];
    hazard[j] = static_cast<double>(ended[j]) / n;
  }
  if (all == 0) return;
  const double left = static_cast<double>(all) / n;
  const double stay = static_cast<double>(at_risk - all) / n;

  // (S, F) x (I + dLambda), and the variance of dLambda itself on top.
  auto& c = r.covariance;
  const std::array<double, kCauses + 1> before = c[0];
  const double scale = r.survival * r.survival / n;
  for (size_t i = 1; i <= kCauses; ++i) {
    const double h = hazard[i - 1];
    for (size_t j = i; j <= kCauses; ++j) {
      const double g = hazard[j - 1];
      const double increment = i == j ? h * (1.0 - h) : -h * g;
      c[i][j] +=
          h * before[j] + g * before[i] + h * g * before[0] + scale * increment;
      c[j][i] = c[i][j];
    }
    c[0][i] = stay * (before[i] + h * before[0]) - scale * h * (1.0 - left);
    c[i][0] = c[0][i];
  }
  c[0][0] = stay * stay * before[0] + scale * left * (1.0 - left);

  for (size_t j = 0; j < kCauses; ++j) {
    r.incidence[j] += r.survival * hazard[j];
    r.ended[j] += ended[j];
  }
  r.survival *= stay;
}

namespace {

absl::Status CheckRows(absl::Span<const int32_t> entry,
                       absl::Span<const int32_t> time,
                       absl::Span<const uint8_t> event) {
  if (entry.size() != time.size() || entry.size() != event.size()) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat(entry.size(), " entries, ", time.size(), " times and ",
                     event.size(), " events; allowed: as many"));
  }
  for (size_t i = 0; i < entry.size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    if (entry[i] < 0) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("entry ", entry[i], "; allowed: 0 or more"),
                    {row, 0});
    }
    if (time[i] <= entry[i] || time[i] > kMaxRiskDay) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("time ", time[i], "; allowed: above entry ",
                                 entry[i], ", to ", kMaxRiskDay),
                    {row, 1});
    }
    if (event[i] > kCauses) {
      return Refuse(
          Reason::kUnknownCode,
          absl::StrCat("event ", event[i], "; allowed: 0 to ", kCauses),
          {row, 2});
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CompetingRisks> AalenJohansen(absl::Span<const int32_t> entry,
                                             absl::Span<const int32_t> time,
                                             absl::Span<const uint8_t> event,
                                             std::vector<RiskDay>* curve) {
  absl::Status fits = CheckRows(entry, time, event);
  if (!fits.ok()) return fits;
  if (curve != nullptr) curve->clear();
  if (time.empty()) return CompetingRisks();
  const auto days =
      static_cast<size_t>(*std::max_element(time.begin(), time.end())) + 1;
  std::vector<int64_t> joined(days);  // Less those who left the day before.
  std::vector<std::array<int64_t, kCauses>> ended(days);
  for (size_t i = 0; i < time.size(); ++i) {
    const auto last = static_cast<size_t>(time[i]);
    ++joined[static_cast<size_t>(entry[i]) + 1];
    if (last + 1 < days) --joined[last + 1];
    if (event[i] > 0) ++ended[last][event[i] - 1U];
  }
  RiskAccumulator risks;
  int64_t at_risk = 0;
  for (size_t day = 1; day < days; ++day) {
    at_risk += joined[day];
    const std::array<int64_t, kCauses>& here = ended[day];
    if (here == std::array<int64_t, kCauses>{}) continue;
    risks.AddDay(at_risk, here);
    if (curve == nullptr) continue;
    const CompetingRisks& total = risks.total();
    curve->push_back({static_cast<int32_t>(day), at_risk, here, total.survival,
                      total.incidence});
  }
  return risks.total();
}

Share ConversionOf(const CompetingRisks& risks) {
  Share share;
  const double won = risks.incidence[0];
  const double lost = risks.incidence[1];
  const double known = won + lost;
  const double most = known + risks.survival;
  if (!(known > 0.0)) return share;
  share.value = won / known;
  share.lowest = won / most;
  share.highest = (won + risks.survival) / most;
  const auto& c = risks.covariance;
  const double variance = (lost * lost * c[1][1] + won * won * c[2][2] -
                           2.0 * won * lost * c[1][2]) /
                          (known * known * known * known);
  if (variance > 0.0 && won > 0.0 && lost > 0.0) {
    share.standard_error = std::sqrt(variance);
    share.effective_n = share.value * (lost / known) / variance;
  } else {
    share.effective_n = static_cast<double>(risks.ended[0] + risks.ended[1]);
  }
  return share;
}

}  // namespace fivek
