#include "fivek/history/durations.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fivek/base/real.h"
#include "fivek/base/reason.h"

namespace fivek {
namespace {

// What is added up of visits that are the same fraction of a whole.
constexpr double kQuantileTolerance = 1e-12;

enum Column : int32_t { kTime = 0, kEnded = 1, kEntry = 2 };

absl::Status RefuseDay(const char* name, int32_t day, size_t row,
                       int32_t column) {
  return Refuse(Reason::kValueRange,
                absl::StrCat(name, " ", day, " days; allowed: 0 or more"),
                {static_cast<int64_t>(row), column});
}

absl::Status CheckQuantile(Fraction q) {
  absl::Status share = CheckShare("quantile", q);
  if (!share.ok() || q.numerator > 0) return share;
  return Refuse(Reason::kValueRange, "quantile 0; allowed: above 0, to 1");
}

// What happens on a day: visits that come under watch after it, end on it, or
// are watched to it and no longer.
struct Day {
  int32_t day;
  int64_t entered, ended, left;
};

bool IsEarlier(const Day& x, const Day& y) { return x.day < y.day; }

// One a visit, in any order, of the days of which something is known.
class DayTable {
 public:
  DayTable(int32_t longest, size_t visits) {
    // Counted where there are about as many days as visits, sorted elsewhere.
    const size_t days = static_cast<size_t>(longest) + 1;
    is_direct_ = days <= 4 * visits + 1024;
    if (!is_direct_) return;
    days_.resize(days);
    for (size_t i = 0; i < days; ++i) days_[i].day = static_cast<int32_t>(i);
  }

  void Add(const Day& day) {
    if (!is_direct_) {
      days_.push_back(day);
      return;
    }
    Day& to = days_[static_cast<size_t>(day.day)];
    to.entered += day.entered;
    to.ended += day.ended;
    to.left += day.left;
  }

  // By day; some may share one.
  const std::vector<Day>& Ordered() {
    if (!is_direct_) std::sort(days_.begin(), days_.end(), IsEarlier);
    return days_;
  }

 private:
  bool is_direct_;
  std::vector<Day> days_;
};

}  // namespace

double Durations::Survival(int32_t day) const {
  const auto after = std::upper_bound(
      steps.begin(), steps.end(), day,
      [](int32_t d, const DurationStep& step) { return d < step.day; });
  return after == steps.begin() ? 1.0 : (after - 1)->survival;
}

absl::StatusOr<absl::optional<int32_t>> Durations::Quantile(Fraction q) const {
  absl::Status allowed = CheckQuantile(q);
  if (!allowed.ok()) return allowed;
  // What may be left: exact in the numerator.
  const double left = static_cast<double>(q.denominator - q.numerator) /
                      static_cast<double>(q.denominator);
  for (const DurationStep& step : steps) {
    if (step.survival <= left + kQuantileTolerance) {
      return absl::optional<int32_t>(step.day);
    }
  }
  return absl::optional<int32_t>();
}

absl::StatusOr<absl::optional<double>> Durations::RestrictedMean(
    int32_t tau) const {
  if (tau < 0) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("tau ", tau, " days; allowed: 0 or more"));
  }
  const double left = steps.empty() ? 1.0 : steps.back().survival;
  if (tau > longest && left > 0.0) return absl::optional<double>();
  RunningSum area;
  int32_t from = 0;
  double survival = 1.0;
  for (const DurationStep& step : steps) {
    if (step.day >= tau) break;
    area.Add(survival * (step.day - from));
    from = step.day;
    survival = step.survival;
  }
  area.Add(survival * (tau - from));
  return absl::optional<double>(area.Total());
}

absl::StatusOr<Durations> FitDurations(absl::Span<const int32_t> time,
                                       absl::Span<const uint8_t> ended,
                                       absl::Span<const int32_t> entry) {
  if (ended.size() != time.size() ||
      (!entry.empty() && entry.size() != time.size())) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat(time.size(), " times, ", ended.size(), " ended, ",
                     entry.size(), " entries; allowed: as many, entries none"));
  }
  Durations d;
  d.visits = static_cast<int64_t>(time.size());
  for (size_t i = 0; i < time.size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    if (time[i] < 0) return RefuseDay("time", time[i], i, kTime);
    if (ended[i] > 1) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("ended ", ended[i], "; allowed: 0 and 1"),
                    {row, kEnded});
    }
    if (!entry.empty()) {
      if (entry[i] < 0) return RefuseDay("entry", entry[i], i, kEntry);
      if (entry[i] > 0 && entry[i] >= time[i]) {
        return Refuse(Reason::kValueRange,
                      absl::StrCat("entry ", entry[i],
                                   " days; allowed: below the time, ", time[i]),
                      {row, kEntry});
      }
    }
    d.longest = std::max(d.longest, time[i]);
    d.ended += ended[i];
  }
  DayTable table(d.longest, time.size());
  int64_t at_risk = 0;
  for (size_t i = 0; i < time.size(); ++i) {
    table.Add({time[i], 0, ended[i], 1 - ended[i]});
    if (!entry.empty() && entry[i] > 0) {
      table.Add({entry[i], 1, 0, 0});
    } else {
      ++at_risk;
    }
  }
  const std::vector<Day>& days = table.Ordered();
  double survival = 1.0;
  RunningSum hazard;  // Greenwood's sum.
  for (size_t i = 0; i < days.size();) {
    Day day = {days[i].day, 0, 0, 0};
    for (; i < days.size() && days[i].day == day.day; ++i) {
      day.entered += days[i].entered;
      day.ended += days[i].ended;
      day.left += days[i].left;
    }
    if (day.ended > 0) {
      const auto n = static_cast<double>(at_risk);
      const auto stay = static_cast<double>(at_risk - day.ended);
      survival *= stay / n;
      double se = 0.0;
      if (survival > 0.0) {
        hazard.Add(static_cast<double>(day.ended) / n / stay);
        se = survival * std::sqrt(hazard.Total());
      }
      d.steps.push_back({day.day, at_risk, day.ended, survival, se});
    }
    at_risk += day.entered - day.ended - day.left;
  }
  return d;
}

absl::StatusOr<StalledDeals> FindStalled(absl::Span<const int32_t> winners,
                                         Fraction q,
                                         absl::Span<const int32_t> ages) {
  absl::Status allowed = CheckQuantile(q);
  if (!allowed.ok()) return allowed;
  if (winners.empty()) {
    return Refuse(Reason::kValueRange, "no winners; allowed: 1 or more");
  }
  for (size_t i = 0; i < winners.size(); ++i) {
    if (winners[i] < 0) return RefuseDay("a winner's", winners[i], i, 0);
  }
  for (size_t i = 0; i < ages.size(); ++i) {
    if (ages[i] < 0) return RefuseDay("age", ages[i], i, 1);
  }
  std::vector<int32_t> sorted(winners.begin(), winners.end());
  std::sort(sorted.begin(), sorted.end());
  // The least k with k / n >= q, and so the k-th of them.
  const auto n = static_cast<int64_t>(sorted.size());
  ExactRatio least(n);
  least.MultiplyBy(q);
  const absl::StatusOr<int64_t> k = least.Ceiling();
  if (!k.ok()) return k.status();
  StalledDeals deals;
  deals.threshold = sorted[static_cast<size_t>(*k - 1)];
  deals.stalled.reserve(ages.size());
  deals.share_longer.reserve(ages.size());
  for (const int32_t age : ages) {
    const auto longer =
        sorted.end() - std::upper_bound(sorted.begin(), sorted.end(), age);
    deals.stalled.push_back(age > deals.threshold ? 1 : 0);
    deals.share_longer.push_back(static_cast<double>(longer) /
                                 static_cast<double>(n));
  }
  return deals;
}

}  // namespace fivek
