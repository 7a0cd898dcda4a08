// What sales say of the accounts: who makes the value and who moved, how
// steadily they order, who is slipping away, what they will still buy, and how
// many visits that deserves; and how it is told, in tables for people in
// English or Chinese and in JSON for programs.
#ifndef FIVEK_TOOL_ACCOUNTS_REPORT_H_
#define FIVEK_TOOL_ACCOUNTS_REPORT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "fivek/accounts/abc.h"
#include "fivek/accounts/abc_movement.h"
#include "fivek/accounts/coverage.h"
#include "fivek/accounts/lifetime_value.h"
#include "fivek/accounts/purchases.h"
#include "fivek/accounts/rfm.h"
#include "fivek/accounts/xyz.h"
#include "fivek/base/language.h"
#include "src/tool/row_errors.h"
#include "src/tool/sales_table.h"

namespace fivek::tool {

struct AccountsOptions {
  absl::optional<int32_t> as_of;  // None: the last day in the data.
  // Sales before this day are compared with those from it on. None: the middle
  // of the period.
  absl::optional<int32_t> since;
  int32_t horizon = 90;  // Days to look ahead.
};

// An account with sales up to the day; in the order of value, the largest
// first, then by name.
struct AccountLine {
  size_t name = 0;  // In SalesTable::accounts.
  CustomerPurchases purchases;
  uint8_t abc = 0;
  absl::optional<XyzRow> xyz;
  uint8_t recency = 0, frequency = 0, money = 0;  // Scores.
  uint8_t segment = 0;
  // Where there is a model and a purchase.
  absl::optional<Outlook> outlook;
  absl::optional<double> expected_value;  // Minor units, in the horizon.
  // Between the two parts of the period.
  uint8_t class_before = kAbcNoClass, class_since = kAbcNoClass;
  AbcCause cause = AbcCause::kNone;
};

// Of a class, or of all accounts.
struct OutlookSum {
  int64_t accounts = 0;  // With an outlook.
  double alive = 0.0;    // Accounts to expect to be customers still.
  double orders = 0.0;   // To expect in the horizon.
  absl::optional<double> value;
  int64_t late = 0, overdue = 0;
};

struct SegmentSum {
  int64_t accounts = 0;
  absl::int128 value = 0;  // Totals that fit need not add up to one.
};

struct AccountsReport {
  SalesTable sales;
  RowErrors errors;
  int32_t first_day = 0, as_of = 0, since = 0, horizon = 0;
  int64_t orders = 0, credits = 0, sales_after = 0;

  std::vector<AccountLine> lines;
  AbcResult abc;
  AbcMovement movement;      // Its rows are those of `lines`.
  int32_t months = 0;        // Whole ones in the period.
  AbcXyzMatrix matrix = {};  // Of 2 months or more.
  std::array<SegmentSum, kRfmSegmentCount> segments;
  // Why there is none, if so.
  absl::StatusOr<BgNbdFit> orders_model = absl::UnknownError("");
  absl::StatusOr<GammaGammaFit> value_model = absl::UnknownError("");
  std::array<OutlookSum, kAbcClassCount> outlook;
  VisitOptions visit_options;  // Visits a year by class, as usual.
  SellerVisits visits;         // What that needs, whoever makes them.

  // What a manager should look into: an A that is overdue or fell.
  std::vector<size_t> OverdueA() const;
  std::vector<size_t> FallenA() const;
  bool HasFindings() const;
};

// kInvalidArgument if there are no sales up to the day, or `since` is not in
// the period.
absl::StatusOr<AccountsReport> ReportAccounts(SalesInput input,
                                              const AccountsOptions& options);

// `file` is what was read. Names up to `named` accounts in each list.
std::string AccountsText(const AccountsReport& report, absl::string_view file,
                         size_t named, Language language, bool colour);
absl::StatusOr<std::string> AccountsJson(const AccountsReport& report,
                                         absl::string_view file);

}  // namespace fivek::tool

#endif  // FIVEK_TOOL_ACCOUNTS_REPORT_H_
