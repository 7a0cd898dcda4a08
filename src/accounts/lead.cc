#include "fivek/accounts/lead.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "fivek/base/money.h"
#include "fivek/base/probability.h"
#include "fivek/base/real.h"
#include "fivek/base/reason.h"

namespace fivek {
namespace {

// Columns, as errors give them.
constexpr int32_t kFundsColumn = 0;
constexpr int32_t kProbabilityColumn = 1;
constexpr int32_t kIdColumn = 2;
constexpr int32_t kTeamColumn = 3;
constexpr int32_t kCloseDayColumn = 4;
constexpr int32_t kClassColumn = 5;
constexpr int32_t kLastContactColumn = 6;

Where At(size_t row, int32_t column) {
  return {static_cast<int64_t>(row), column};
}

absl::Status CheckLength(absl::string_view name, size_t given, size_t leads,
                         int32_t column) {
  if (given == leads) return absl::OkStatus();
  return Refuse(Reason::kValueRange,
                absl::StrCat(name, " ", given, " elements; allowed: ", leads,
                             ", as many as leads"),
                {-1, column});
}

absl::Status CheckFunds(absl::Span<const int64_t> funds) {
  for (size_t i = 0; i < funds.size(); ++i) {
    if (funds[i] < 0 && funds[i] != kUnknownFunds) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("funds ", funds[i],
                                 "; allowed: 0 or more, or -1, unknown"),
                    At(i, kFundsColumn));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckValued(const LeadColumns& leads) {
  absl::Status allowed = CheckLength("probability", leads.probability.size(),
                                     leads.funds.size(), kProbabilityColumn);
  if (allowed.ok()) allowed = CheckFunds(leads.funds);
  if (!allowed.ok()) return allowed;
  for (size_t i = 0; i < leads.probability.size(); ++i) {
    const int32_t ppm = leads.probability[i];
    if (!IsProbability(ppm) && ppm != kUnknownLeadPpm) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("probability ", ppm,
                                 "; allowed: 0 to 1000000, or -1, unknown"),
                    At(i, kProbabilityColumn));
    }
  }
  return absl::OkStatus();
}

// After CheckValued.
int64_t ValueOf(const LeadColumns& leads, size_t row) {
  if (leads.funds[row] == kUnknownFunds ||
      leads.probability[row] == kUnknownLeadPpm) {
    return kUnknownFunds;
  }
  return *ExpectedAmount(leads.funds[row], leads.probability[row]);
}

}  // namespace

// ---- Class and value --------------------------------------------------------

absl::Status ClassifyLeads(absl::Span<const int64_t> funds,
                           absl::Span<const int64_t> thresholds,
                           absl::Span<uint8_t> out) {
  if (thresholds.size() > kMostLeadThresholds) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat("thresholds ", thresholds.size(),
                     " elements; allowed: at most ", kMostLeadThresholds));
  }
  for (size_t k = 0; k < thresholds.size(); ++k) {
    const int64_t below = k == 0 ? 0 : thresholds[k - 1];
    if (thresholds[k] <= below) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("thresholds ", thresholds[k],
                                 "; allowed: above ", below),
                    {static_cast<int64_t>(k), -1});
    }
  }
  absl::Status allowed =
      CheckLength("class", out.size(), funds.size(), kClassColumn);
  if (allowed.ok()) allowed = CheckFunds(funds);
  if (!allowed.ok()) return allowed;
  for (size_t i = 0; i < funds.size(); ++i) {
    const auto* const above =
        std::upper_bound(thresholds.begin(), thresholds.end(), funds[i]);
    out[i] = funds[i] == kUnknownFunds
                 ? kNoLeadClass
                 : static_cast<uint8_t>(thresholds.end() - above);
  }
  return absl::OkStatus();
}

absl::Status ValueLeads(const LeadColumns& leads, absl::Span<int64_t> value) {
  absl::Status allowed =
      CheckLength("value", value.size(), leads.funds.size(), kFundsColumn);
  if (allowed.ok()) allowed = CheckValued(leads);
  if (!allowed.ok()) return allowed;
  for (size_t i = 0; i < value.size(); ++i) value[i] = ValueOf(leads, i);
  return absl::OkStatus();
}

absl::StatusOr<LeadRanking> RankLeads(const LeadColumns& leads) {
  const size_t n = leads.funds.size();
  absl::Status allowed = CheckLength("id", leads.id.size(), n, kIdColumn);
  if (allowed.ok()) allowed = CheckValued(leads);
  if (!allowed.ok()) return allowed;
  std::vector<size_t> rows(n);
  std::iota(rows.begin(), rows.end(), size_t{0});
  // Of equal ids the second row given is the one refused.
  std::sort(rows.begin(), rows.end(), [&](size_t a, size_t b) {
    return std::pair(leads.id[a], a) < std::pair(leads.id[b], b);
  });
  for (size_t i = 1; i < n; ++i) {
    if (leads.id[rows[i]] == leads.id[rows[i - 1]]) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("id ", leads.id[rows[i]], " is that of row ",
                                 rows[i - 1], " too; allowed: each once"),
                    At(rows[i], kIdColumn));
    }
  }
  LeadRanking ranking;
  ranking.value.reserve(n);
  for (size_t i = 0; i < n; ++i) ranking.value.push_back(ValueOf(leads, i));
  // Unknown is the least of values, so it comes last.
  std::sort(rows.begin(), rows.end(), [&](size_t a, size_t b) {
    const int64_t of_a = ranking.value[a];
    const int64_t of_b = ranking.value[b];
    if (of_a != of_b) return of_a > of_b;
    if (of_a != kUnknownFunds && leads.probability[a] != leads.probability[b]) {
      return leads.probability[a] > leads.probability[b];
    }
    return leads.id[a] < leads.id[b];
  });
  ranking.rank.assign(n, 0);
  ranking.order.reserve(n);
  int64_t rank = 0;
  for (size_t i = 0; i < n; ++i) {
    const int64_t value = ranking.value[rows[i]];
    ranking.order.push_back(static_cast<int64_t>(rows[i]));
    if (value == kUnknownFunds) {
      ++ranking.unknown;
      continue;
    }
    if (i == 0 || value != ranking.value[rows[i - 1]]) {
      rank = static_cast<int64_t>(i) + 1;
    }
    ranking.rank[rows[i]] = rank;
  }
  return ranking;
}

// ---- Follow-up --------------------------------------------------------------

absl::StatusOr<FollowUpPlan> PlanFollowUps(
    absl::Span<const uint8_t> lead_class,
    absl::Span<const int32_t> last_contact, absl::Span<const int32_t> interval,
    int32_t today) {
  absl::Status allowed = CheckLength("last_contact", last_contact.size(),
                                     lead_class.size(), kLastContactColumn);
  if (!allowed.ok()) return allowed;
  for (size_t c = 0; c < interval.size(); ++c) {
    if (interval[c] < 1) {
      return Refuse(
          Reason::kValueRange,
          absl::StrCat("interval ", interval[c], "; allowed: 1 day or more"),
          {static_cast<int64_t>(c), -1});
    }
  }
  FollowUpPlan plan;
  plan.due.reserve(lead_class.size());
  plan.state.reserve(lead_class.size());
  for (size_t i = 0; i < lead_class.size(); ++i) {
    const uint8_t of = lead_class[i];
    const int32_t last = last_contact[i];
    if (of != kNoLeadClass && of >= interval.size()) {
      return Refuse(
          Reason::kUnknownCode,
          absl::StrCat("class ", static_cast<int>(of), "; allowed: below ",
                       interval.size(), ", or 255, none"),
          At(i, kClassColumn));
    }
    if (last != kNoLeadDay && last > today) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("last_contact ", last, "; allowed: today, ",
                                 today, ", or before"),
                    At(i, kLastContactColumn));
    }
    int32_t due = kNoLeadDay;
    FollowUp state = FollowUp::kNoInterval;
    if (last == kNoLeadDay) {
      due = today;
      state = FollowUp::kDue;
    } else if (of != kNoLeadClass) {
      const int64_t day = int64_t{last} + interval[of];
      if (day > std::numeric_limits<int32_t>::max()) {
        return Refuse(Reason::kOverflow,
                      absl::StrCat("last_contact ", last, " + ", interval[of],
                                   " days is no day that fits"),
                      At(i, kLastContactColumn));
      }
      due = static_cast<int32_t>(day);
      state = due < today    ? FollowUp::kOverdue
              : due == today ? FollowUp::kDue
                             : FollowUp::kUpcoming;
    }
    plan.due.push_back(due);
    plan.state.push_back(state);
    ++plan.count[static_cast<size_t>(state)];
  }
  return plan;
}

// ---- Expected new value -----------------------------------------------------

namespace {

// The sums of some leads, exact until they are read.
struct LeadSums {
  ExpectedLeads counts;
  ExactTotal value;
  absl::int128 funds = 0;
  absl::int128 funds_without_probability = 0;
};

void AddLead(const LeadColumns& leads, size_t row, LeadPeriod period,
             LeadSums* sums) {
  const int32_t day = leads.close_day[row];
  if (day == kNoLeadDay) {
    ++sums->counts.undated;
  } else if (day < period.from || day >= period.to) {
    ++sums->counts.outside;
  } else if (leads.funds[row] == kUnknownFunds) {
    ++sums->counts.without_funds;
  } else if (leads.probability[row] == kUnknownLeadPpm) {
    ++sums->counts.without_probability;
    sums->funds_without_probability += leads.funds[row];
  } else {
    ++sums->counts.leads;
    sums->funds += leads.funds[row];
    sums->value.AddExpected(leads.funds[row], leads.probability[row]);
  }
}

absl::StatusOr<ExpectedLeads> Rounded(const LeadSums& sums) {
  ExpectedLeads result = sums.counts;
  const absl::int128 most = std::numeric_limits<int64_t>::max();
  const absl::StatusOr<int64_t> value = sums.value.Rounded(Rounding::kHalfEven);
  if (!value.ok() || sums.funds > most ||
      sums.funds_without_probability > most) {
    return Refuse(Reason::kOverflow,
                  "funds add up to more than fits 64-bit minor units");
  }
  result.value = *value;
  result.funds = static_cast<int64_t>(sums.funds);
  result.funds_without_probability =
      static_cast<int64_t>(sums.funds_without_probability);
  return result;
}

}  // namespace

absl::StatusOr<LeadForecast> ForecastLeads(const LeadColumns& leads,
                                           LeadPeriod period) {
  const size_t n = leads.funds.size();
  if (period.from > period.to) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("from_day ", period.from, ", to_day ", period.to,
                               "; allowed: from_day up to to_day"));
  }
  absl::Status allowed = CheckLength("team", leads.team.size(), n, kTeamColumn);
  if (allowed.ok()) {
    allowed =
        CheckLength("close_day", leads.close_day.size(), n, kCloseDayColumn);
  }
  if (allowed.ok()) allowed = CheckValued(leads);
  if (!allowed.ok()) return allowed;
  std::vector<size_t> rows(n);
  std::iota(rows.begin(), rows.end(), size_t{0});
  std::sort(rows.begin(), rows.end(),
            [&](size_t a, size_t b) { return leads.team[a] < leads.team[b]; });
  LeadForecast forecast;
  LeadSums all;
  for (size_t i = 0; i < n;) {
    LeadSums sums;
    sums.counts.team = leads.team[rows[i]];
    for (; i < n && leads.team[rows[i]] == sums.counts.team; ++i) {
      AddLead(leads, rows[i], period, &sums);
      AddLead(leads, rows[i], period, &all);
    }
    const absl::StatusOr<ExpectedLeads> team = Rounded(sums);
    if (!team.ok()) return team.status();
    forecast.teams.push_back(*team);
  }
  const absl::StatusOr<ExpectedLeads> total = Rounded(all);
  if (!total.ok()) return total.status();
  forecast.total = *total;
  return forecast;
}

// ---- Decay ------------------------------------------------------------------

absl::StatusOr<int32_t> Decay(int32_t value, int32_t age, int32_t half_life) {
  if (value < 0) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("value ", value, "; allowed: 0 or more"));
  }
  if (age < 0) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("age ", age, "; allowed: 0 days or more"));
  }
  if (half_life < 1) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat("half_life ", half_life, "; allowed: 1 day or more"));
  }
  const int32_t halvings = age / half_life;
  const int32_t rest = age % half_life;
  if (halvings >= 32) return 0;  // Below half of one, whatever the value.
  const int64_t divisor = int64_t{1} << halvings;
  if (rest == 0) {
    return static_cast<int32_t>(
        DivideRounded(value, divisor, Rounding::kHalfEven));
  }
  constexpr double kLn2 = 0.6931471805599453;
  const double left =
      Exp(-kLn2 * (static_cast<double>(rest) / half_life)) *
      (static_cast<double>(value) / static_cast<double>(divisor));
  // A power of two with a fraction in its exponent is irrational: no tie.
  return static_cast<int32_t>(std::floor(left + 0.5));
}

}  // namespace fivek
