// Log-odds and back, where neither end loses digits.
#ifndef FIVEK_SRC_BASE_LOGIT_H_
#define FIVEK_SRC_BASE_LOGIT_H_

#include "fivek/base/real.h"

namespace fivek {

// 1 / (1 + e^-z).
inline double Sigmoid(double z) {
  if (z >= 0.0) return 1.0 / (1.0 + Exp(-z));
  const double odds = Exp(z);
  return odds / (1.0 + odds);
}

// ln(p / (1 - p)) for p above 0 and below 1.
inline double Logit(double p) { return Log(p) - Log1p(-p); }

// ln(1 + e^z).
inline double SoftPlus(double z) {
  return z > 0.0 ? z + Log1p(Exp(-z)) : Log1p(Exp(z));
}

}  // namespace fivek

#endif  // FIVEK_SRC_BASE_LOGIT_H_
