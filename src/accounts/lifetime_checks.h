// What the models and histories of lifetime_value.h are allowed to be.
#ifndef FIVEK_SRC_ACCOUNTS_LIFETIME_CHECKS_H_
#define FIVEK_SRC_ACCOUNTS_LIFETIME_CHECKS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "fivek/accounts/lifetime_value.h"
#include "fivek/base/reason.h"

namespace fivek {

absl::Status CheckModel(const BgNbd& model);
absl::Status CheckModel(const GammaGamma& model);

// Of `row` of a table, or of no table.
absl::Status CheckHistory(const BuyerHistory& history, int64_t row);

// The mean value is read where frequency is above 0 only.
absl::Status CheckSpend(int64_t frequency, double mean_value, int64_t row);

}  // namespace fivek

#endif  // FIVEK_SRC_ACCOUNTS_LIFETIME_CHECKS_H_
