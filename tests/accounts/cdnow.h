// The sample of CDNOW's customers that stands beside the project, if it does.
#ifndef FIVEK_TESTS_ACCOUNTS_CDNOW_H_
#define FIVEK_TESTS_ACCOUNTS_CDNOW_H_

#include <cstdint>
#include <string>
#include <vector>

#include "fivek/accounts/purchases.h"
#include "fivek/base/calendar.h"
#include "fivek/base/money.h"
#include "tests/history/shared_csv.h"

namespace fivek {

struct Cdnow {
  std::vector<uint64_t> customer;
  std::vector<int32_t> day;
  std::vector<int64_t> cents;

  PurchaseRows rows() const { return {customer, day, cents}; }
};

inline Cdnow ReadCdnow() {
  const SharedCsv table = ReadSharedCsv("cdnow_sample/cdnow_sample.csv", ',');
  Cdnow cdnow;
  for (const auto& row : table.rows) {
    cdnow.customer.push_back(std::stoull(row[table.Column("customer_id")]));
    cdnow.day.push_back(*ParseDay(row[table.Column("date")]));
    cdnow.cents.push_back(*ParseAmount(row[table.Column("dollars")], 2));
  }
  return cdnow;
}

}  // namespace fivek

#define FIVEK_NEEDS_CDNOW(cdnow)                                 \
  if ((cdnow).day.empty()) {                                     \
    GTEST_SKIP() << "no cdnow_sample in " FIVEK_SHARED_DATA_DIR; \
  }

#endif  // FIVEK_TESTS_ACCOUNTS_CDNOW_H_
