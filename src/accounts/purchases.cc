#include "fivek/accounts/purchases.h"

#include <algorithm>
#include <cstddef>
#include <tuple>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fivek/base/calendar.h"
#include "fivek/base/reason.h"

namespace fivek {
namespace {

struct Row {
  uint64_t customer;
  int64_t amount;
  int32_t day;
};

bool IsDay(int32_t day) { return kFirstDay <= day && day <= kLastDay; }

absl::Status RefuseDay(const char* name, int32_t day, Where where) {
  return Refuse(
      Reason::kValueRange,
      absl::StrCat(name, " ", day, "; allowed: ", kFirstDay, " to ", kLastDay),
      where);
}

absl::Status Check(const PurchaseRows& rows, int32_t as_of) {
  const size_t n = rows.customer.size();
  if (rows.day.size() != n || rows.amount.size() != n) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("day has ", rows.day.size(), " and amount ",
                               rows.amount.size(), " rows of ", n,
                               "; allowed: one for each customer given"));
  }
  if (!IsDay(as_of)) return RefuseDay("as_of", as_of, {});
  for (size_t i = 0; i < n; ++i) {
    if (!IsDay(rows.day[i])) {
      return RefuseDay("day", rows.day[i], {static_cast<int64_t>(i), 1});
    }
  }
  return absl::OkStatus();
}

bool Fits(absl::int128 total) {
  return std::numeric_limits<int64_t>::min() <= total &&
         total <= std::numeric_limits<int64_t>::max();
}

// The rows [from, to) are one customer's, by day.
absl::StatusOr<CustomerPurchases> CustomerOf(const Row* from, const Row* to,
                                             int32_t as_of) {
  CustomerPurchases c;
  c.customer = from->customer;
  absl::int128 total = 0;
  absl::int128 until_first = 0;  // The first day of purchase included.
  for (const Row* row = from; row != to; ++row) {
    total += row->amount;
    if (row->amount < 0) {
      ++c.credits;
    } else {
      ++c.orders;
      if (c.purchase_days == 0) c.first_day = row->day;
      if (row->day != c.last_day) ++c.purchase_days;
      c.last_day = row->day;
    }
    if (c.purchase_days == 0 || row->day == c.first_day) until_first = total;
  }
  const absl::int128 repeat = total - until_first;
  if (!Fits(total) || !Fits(repeat)) {
    return Refuse(Reason::kOverflow,
                  absl::StrCat("amount: the total of customer ", c.customer,
                               " does not fit 64-bit minor units"));
  }
  c.total = static_cast<int64_t>(total);
  c.repeat_total = static_cast<int64_t>(repeat);
  if (c.purchase_days > 0) {
    c.recency = c.last_day - c.first_day;
    c.age = as_of - c.first_day;
  }
  return c;
}

}  // namespace

absl::StatusOr<PurchaseSummary> SummarizePurchases(const PurchaseRows& rows,
                                                   int32_t as_of) {
  absl::Status allowed = Check(rows, as_of);
  if (!allowed.ok()) return allowed;
  PurchaseSummary summary;
  std::vector<Row> known;
  known.reserve(rows.customer.size());
  for (size_t i = 0; i < rows.customer.size(); ++i) {
    if (rows.day[i] > as_of) {
      ++summary.rows_after;
    } else {
      known.push_back({rows.customer[i], rows.amount[i], rows.day[i]});
    }
  }
  std::sort(known.begin(), known.end(), [](const Row& a, const Row& b) {
    return std::tie(a.customer, a.day) < std::tie(b.customer, b.day);
  });
  const Row* const end = known.data() + known.size();
  for (const Row* from = known.data(); from != end;) {
    const Row* to = from;
    while (to != end && to->customer == from->customer) ++to;
    absl::StatusOr<CustomerPurchases> customer = CustomerOf(from, to, as_of);
    if (!customer.ok()) return customer.status();
    summary.purchase_days += customer->purchase_days;
    summary.customers.push_back(*customer);
    from = to;
  }
  return summary;
}

}  // namespace fivek
