// From orders to customers: how often each one bought, when first and last, and
// for how much, as of a day.
//
//   PurchaseRows rows;
//   rows.customer = {7, 7, 9, 7};
//   rows.day = {100, 130, 120, 130};
//   rows.amount = {5000, 2000, 900, 1000};       // 50.00, 20.00, ...
//   PurchaseSummary s = *SummarizePurchases(rows, 150);
//   s.customers[0].purchase_days;                // 2: day 130 is one purchase
//   s.customers[0].mean_repeat();                // 3000.0
//
// What a customer orders on one day is one purchase. A row below 0 is a credit
// note: it lowers the totals and is no purchase. A row of 0 is a purchase. Rows
// after the day are left out, as if they were not known yet.
//
// Units: days since 1970; amounts in minor units of one currency. Errors:
// kInvalidArgument and kOutOfRange. Cost: O(n log n) and 24 bytes a row.
// Thread-safety: pure functions; the same result for any order of rows.
#ifndef FIVEK_ACCOUNTS_PURCHASES_H_
#define FIVEK_ACCOUNTS_PURCHASES_H_

#include <cstdint>
#include <limits>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

namespace fivek {

// The last day of a customer who never bought.
inline constexpr int32_t kNeverBought = std::numeric_limits<int32_t>::min();

struct PurchaseRows {
  absl::Span<const uint64_t> customer;  // The caller's own id.
  absl::Span<const int32_t> day;        // kFirstDay to kLastDay of calendar.h.
  absl::Span<const int64_t> amount;     // Below 0: a credit note.
};

struct CustomerPurchases {
  uint64_t customer = 0;
  int32_t first_day = kNeverBought;  // So for credit notes alone.
  int32_t last_day = kNeverBought;
  int32_t recency = 0;        // Days from first to last.
  int32_t age = 0;            // Days from the first to the day asked for.
  int64_t orders = 0;         // Rows that are purchases.
  int64_t credits = 0;        // Rows that are credit notes.
  int64_t purchase_days = 0;  // Days with a purchase.
  int64_t total = 0;          // Of all rows.
  int64_t repeat_total = 0;   // Of the rows after the first day of purchase.

  // Repeat purchases: days with a purchase after the first such day.
  int64_t frequency() const {
    return purchase_days > 0 ? purchase_days - 1 : 0;
  }
  // Of a repeat purchase, in minor units; nothing without one.
  absl::optional<double> mean_repeat() const {
    if (frequency() == 0) return absl::nullopt;
    return static_cast<double>(repeat_total) / static_cast<double>(frequency());
  }
};

struct PurchaseSummary {
  std::vector<CustomerPurchases> customers;  // By id. Who has no row is not.
  int64_t purchase_days = 0;                 // Of all.
  int64_t rows_after = 0;                    // Left out.
};

// As of the end of `as_of`. kInvalidArgument, naming row and column (1 day),
// unless lengths are equal and days are in range; kOutOfRange where a
// customer's total does not fit.
absl::StatusOr<PurchaseSummary> SummarizePurchases(const PurchaseRows& rows,
                                                   int32_t as_of);

}  // namespace fivek

#endif  // FIVEK_ACCOUNTS_PURCHASES_H_
