// The response of an account to visits, and the gain of one more.
#ifndef FIVEK_SRC_ACCOUNTS_RESPONSE_H_
#define FIVEK_SRC_ACCOUNTS_RESPONSE_H_

#include <cstdint>

#include "fivek/accounts/effort.h"

namespace fivek {

// r(v); account as effort.h says it, v >= 0.
double ResponseAt(const EffortAccount& account, int64_t v);

// r(v + 1) - r(v), without the loss of a difference in the concave forms.
double ResponseGain(const EffortAccount& account, int64_t v);

// x^e for x > 0.
double PowerOf(double x, double e);

}  // namespace fivek

#endif  // FIVEK_SRC_ACCOUNTS_RESPONSE_H_
