#include "src/tool/accounts_report.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fivek/base/calendar.h"

namespace fivek::tool {
namespace {

constexpr uint8_t kA = static_cast<uint8_t>(AbcClass::kA);

// Months since the year 0; the first day of one.
int32_t MonthOf(int32_t day) {
  const Date date = *DateFromDay(day);
  return date.year * 12 + date.month - 1;
}
int32_t FirstDayOf(int32_t month) {
  return *DayFromDate({month / 12, month % 12 + 1, 1});
}

class Reporter {
 public:
  Reporter(SalesInput input, const AccountsOptions& options)
      : options_(options) {
    report_.sales = std::move(input.table);
    report_.errors = std::move(input.errors);
    report_.horizon = options.horizon;
  }

  absl::StatusOr<AccountsReport> Report() && {
    for (const auto step :
         {&Reporter::SetPeriod, &Reporter::Summarize, &Reporter::Grade,
          &Reporter::Compare, &Reporter::Steady, &Reporter::Segment,
          &Reporter::Forecast, &Reporter::Visit}) {
      const absl::Status done = (this->*step)();
      if (!done.ok()) return done;
    }
    return std::move(report_);
  }

 private:
  absl::Status SetPeriod() {
    const std::vector<int32_t>& day = report_.sales.day;
    if (day.empty()) {
      return absl::InvalidArgumentError("no sales of any account");
    }
    const auto [first, last] = std::minmax_element(day.begin(), day.end());
    report_.first_day = *first;
    report_.as_of = options_.as_of.value_or(*last);
    if (report_.as_of < report_.first_day) {
      return absl::InvalidArgumentError(absl::StrCat(
          "as of ", FormatDay(report_.as_of),
          "; allowed: from the first sale on, ", FormatDay(report_.first_day)));
    }
    const int32_t length = report_.as_of - report_.first_day + 1;
    report_.since = options_.since.value_or(report_.first_day + length / 2);
    if (report_.since <= report_.first_day || report_.since > report_.as_of) {
      // Nothing to compare in a single day, unless it was asked for.
      if (!options_.since.has_value()) return absl::OkStatus();
      return absl::InvalidArgumentError(absl::StrCat(
          "since ", FormatDay(report_.since),
          "; allowed: after the first sale, ", FormatDay(report_.first_day),
          ", up to ", FormatDay(report_.as_of)));
    }
    return absl::OkStatus();
  }

  absl::Status Summarize() {
    PurchaseRows rows;
    rows.customer = report_.sales.account;
    rows.day = report_.sales.day;
    rows.amount = report_.sales.amount;
    auto summary = SummarizePurchases(rows, report_.as_of);
    if (!summary.ok()) return summary.status();
    report_.sales_after = summary->rows_after;
    for (const CustomerPurchases& customer : summary->customers) {
      AccountLine line;
      line.name = static_cast<size_t>(customer.customer);
      line.purchases = customer;
      report_.orders += customer.orders;
      report_.credits += customer.credits;
      report_.lines.push_back(line);
    }
    std::sort(report_.lines.begin(), report_.lines.end(),
              [](const AccountLine& x, const AccountLine& y) {
                return x.purchases.total != y.purchases.total
                           ? x.purchases.total > y.purchases.total
                           : x.name < y.name;
              });
    line_of_.assign(report_.sales.accounts.size(), report_.lines.size());
    for (size_t i = 0; i < report_.lines.size(); ++i) {
      line_of_[report_.lines[i].name] = i;
      totals_.push_back(report_.lines[i].purchases.total);
    }
    return absl::OkStatus();
  }

  absl::Status Grade() {
    std::vector<uint8_t> classes(totals_.size());
    auto abc = ClassifyAbc(totals_, {}, absl::MakeSpan(classes));
    if (!abc.ok()) return abc.status();
    report_.abc = *abc;
    for (size_t i = 0; i < classes.size(); ++i) {
      report_.lines[i].abc = classes[i];
    }
    return absl::OkStatus();
  }

  // Calls `see(line, day, amount)` for each sale up to the day.
  template <typename See>
  void ForEachSale(See see) {
    const SalesTable& sales = report_.sales;
    for (size_t i = 0; i < sales.day.size(); ++i) {
      if (sales.day[i] > report_.as_of) continue;
      see(line_of_[static_cast<size_t>(sales.account[i])], sales.day[i],
          sales.amount[i]);
    }
  }

  absl::Status Compare() {
    const size_t n = report_.lines.size();
    std::vector<int64_t> before(n, kAbcAbsent);
    std::vector<int64_t> since(n, kAbcAbsent);
    // Parts of a total that fits; a part with credit notes may not.
    bool fits = true;
    ForEachSale([&](size_t line, int32_t day, int64_t amount) {
      int64_t& sum = (day < report_.since ? before : since)[line];
      if (sum == kAbcAbsent) sum = 0;
      fits = !__builtin_add_overflow(sum, amount, &sum) && fits;
    });
    if (!fits) return absl::OutOfRangeError("a sum of sales does not fit");
    std::vector<uint8_t> class_before(n);
    std::vector<uint8_t> class_since(n);
    std::vector<uint8_t> cause(n);
    auto movement =
        CompareAbc(before, since, {}, absl::MakeSpan(class_before),
                   absl::MakeSpan(class_since), absl::MakeSpan(cause));
    if (!movement.ok()) return movement.status();
    report_.movement = *movement;
    for (size_t i = 0; i < n; ++i) {
      report_.lines[i].class_before = class_before[i];
      report_.lines[i].class_since = class_since[i];
      report_.lines[i].cause = static_cast<AbcCause>(cause[i]);
    }
    return absl::OkStatus();
  }

  absl::Status Steady() {
    // From the first month that is whole to the last.
    int32_t first = MonthOf(report_.first_day);
    if (FirstDayOf(first) < report_.first_day) ++first;
    int32_t end = MonthOf(report_.as_of);
    if (report_.as_of < kLastDay && MonthOf(report_.as_of + 1) > end) ++end;
    report_.months = std::min(std::max(end - first, 0),
                              static_cast<int32_t>(kMostXyzPeriods));
    first = end - report_.months;
    if (report_.months < 2) return absl::OkStatus();
    const size_t n = report_.lines.size();
    const auto months = static_cast<size_t>(report_.months);
    std::vector<int64_t> value(n * months);
    bool fits = true;
    ForEachSale([&](size_t line, int32_t day, int64_t amount) {
      const int32_t month = MonthOf(day) - first;
      if (month < 0 || month >= report_.months) return;
      int64_t& sum = value[line * months + static_cast<size_t>(month)];
      fits = !__builtin_add_overflow(sum, amount, &sum) && fits;
    });
    if (!fits) return absl::OutOfRangeError("a sum of sales does not fit");
    std::vector<XyzRow> rows(n);
    const absl::Status classified =
        ClassifyXyz(value, months, {}, absl::MakeSpan(rows));
    if (!classified.ok()) return classified;
    std::vector<uint8_t> abc;
    std::vector<uint8_t> xyz;
    for (size_t i = 0; i < n; ++i) {
      report_.lines[i].xyz = rows[i];
      abc.push_back(report_.lines[i].abc);
      xyz.push_back(static_cast<uint8_t>(rows[i].xyz));
    }
    auto matrix = CrossAbcXyz(totals_, abc, xyz);
    if (!matrix.ok()) return matrix.status();
    report_.matrix = *matrix;
    return absl::OkStatus();
  }

  absl::Status Segment() {
    std::vector<int32_t> last_day;
    std::vector<int64_t> frequency;
    for (const AccountLine& line : report_.lines) {
      last_day.push_back(line.purchases.last_day);
      frequency.push_back(line.purchases.purchase_days);
    }
    RfmOptions options;
    options.as_of = report_.as_of;
    auto scores = ScoreRfm({last_day, frequency, totals_}, options);
    if (!scores.ok()) return scores.status();
    std::vector<uint8_t> segment(report_.lines.size());
    const absl::Status assigned = RfmSegments::Default().Assign(
        scores->recency.score, scores->frequency.score, scores->money.score,
        absl::MakeSpan(segment));
    if (!assigned.ok()) return assigned;
    for (size_t i = 0; i < segment.size(); ++i) {
      AccountLine& line = report_.lines[i];
      line.recency = scores->recency.score[i];
      line.frequency = scores->frequency.score[i];
      line.money = scores->money.score[i];
      line.segment = segment[i];
      SegmentSum& sum = report_.segments[segment[i]];
      ++sum.accounts;
      sum.value += line.purchases.total;
    }
    return absl::OkStatus();
  }

  // A history that says too little is no error: then nothing is forecast.
  absl::Status Forecast() {
    std::vector<int64_t> frequency;
    std::vector<double> recency;
    std::vector<double> age;
    std::vector<int64_t> paid_frequency;
    std::vector<double> mean;
    for (const AccountLine& line : report_.lines) {
      const auto history = HistoryOf(line.purchases, 1.0);
      if (!history.has_value()) continue;
      frequency.push_back(history->frequency);
      recency.push_back(history->recency);
      age.push_back(history->age);
      const double repeat = line.purchases.mean_repeat().value_or(0.0);
      if (repeat < kLeastMeanValue) continue;
      paid_frequency.push_back(history->frequency);
      mean.push_back(repeat);
    }
    report_.orders_model = FitBgNbd({frequency, recency, age});
    report_.value_model = FitGammaGamma({paid_frequency, mean});
    if (!report_.orders_model.ok()) return absl::OkStatus();
    for (AccountLine& line : report_.lines) {
      const absl::Status looked = LookAhead(&line);
      if (!looked.ok()) return looked;
    }
    return absl::OkStatus();
  }

  absl::Status LookAhead(AccountLine* line) {
    const auto history = HistoryOf(line->purchases, 1.0);
    if (!history.has_value()) return absl::OkStatus();
    const auto outlook = OutlookOf(report_.orders_model->model, *history,
                                   static_cast<double>(report_.horizon));
    if (!outlook.ok()) return outlook.status();
    line->outlook = *outlook;
    OutlookSum& sum = report_.outlook[line->abc];
    ++sum.accounts;
    sum.alive += outlook->alive;
    sum.orders += outlook->expected;
    sum.late += outlook->due == OrderDue::kLate ? 1 : 0;
    sum.overdue += outlook->due == OrderDue::kOverdue ? 1 : 0;
    if (!report_.value_model.ok()) return absl::OkStatus();
    const double repeat = line->purchases.mean_repeat().value_or(0.0);
    const auto each = ExpectedValue(
        report_.value_model->model,
        repeat < kLeastMeanValue ? 0 : history->frequency, repeat);
    if (!each.ok()) return each.status();
    line->expected_value = outlook->expected * *each;
    sum.value = sum.value.value_or(0.0) + *line->expected_value;
    return absl::OkStatus();
  }

  absl::Status Visit() {
    std::vector<VisitAccount> accounts;
    for (const AccountLine& line : report_.lines) {
      VisitAccount account;
      account.grade = line.abc;
      accounts.push_back(account);
    }
    const auto plan =
        PlanVisits(accounts, {VisitSeller()}, report_.visit_options);
    if (!plan.ok()) return plan.status();
    report_.visits = plan->total;
    return absl::OkStatus();
  }

  const AccountsOptions options_;
  AccountsReport report_;
  std::vector<size_t> line_of_;  // By name.
  std::vector<int64_t> totals_;  // By line.
};

}  // namespace

std::vector<size_t> AccountsReport::OverdueA() const {
  std::vector<size_t> list;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].abc == kA && lines[i].outlook.has_value() &&
        lines[i].outlook->due == OrderDue::kOverdue) {
      list.push_back(i);
    }
  }
  return list;
}

std::vector<size_t> AccountsReport::FallenA() const {
  std::vector<size_t> list;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].class_before == kA && lines[i].class_since != kA) {
      list.push_back(i);
    }
  }
  return list;
}

bool AccountsReport::HasFindings() const {
  return !OverdueA().empty() || !FallenA().empty();
}

absl::StatusOr<AccountsReport> ReportAccounts(SalesInput input,
                                              const AccountsOptions& options) {
  return Reporter(std::move(input), options).Report();
}

}  // namespace fivek::tool
