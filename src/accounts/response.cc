#include "src/accounts/response.h"

#include <cmath>

#include "fivek/base/real.h"

namespace fivek {
namespace {

// e^x - 1 without the loss of a difference near 0.
double ExpM1(double x) {
  if (std::fabs(x) > 0.25) return Exp(x) - 1.0;
  // 16 terms: the next is below 2^-80 of the first.
  double sum = 0.0;
  for (int i = 16; i >= 2; --i) sum = (sum + 1.0) * x / i;
  return x + x * sum;
}

}  // namespace

double PowerOf(double x, double e) {
  const int whole = static_cast<int>(e);
  if (e != whole) return Exp(e * Log(x));
  // Exact as long as it fits.
  double power = 1.0;
  for (int i = 0; i < whole; ++i) power *= x;
  return power;
}

double ResponseAt(const EffortAccount& account, int64_t v) {
  if (v == 0) return 0.0;
  const auto x = static_cast<double>(v);
  switch (account.form) {
    case ResponseForm::kExponential:
      return -ExpM1(-account.shape * x);
    case ResponseForm::kHyperbolic:
      return x / (x + account.shape);
    case ResponseForm::kPowerLaw:
      return PowerOf(x, account.shape);
    case ResponseForm::kSigmoid:
      break;
  }
  // So that x^s may be infinite.
  return 1.0 / (1.0 + account.shape / PowerOf(x, account.steepness));
}

double ResponseGain(const EffortAccount& account, int64_t v) {
  const auto x = static_cast<double>(v);
  switch (account.form) {
    case ResponseForm::kExponential:
      return Exp(-account.shape * x) * -ExpM1(-account.shape);
    case ResponseForm::kHyperbolic:
      return account.shape / ((x + account.shape) * (x + 1.0 + account.shape));
    case ResponseForm::kPowerLaw:
      if (v == 0 || account.shape == 1.0) return 1.0;
      return PowerOf(x, account.shape) * ExpM1(account.shape * Log1p(1.0 / x));
    case ResponseForm::kSigmoid:
      break;
  }
  return ResponseAt(account, v + 1) - ResponseAt(account, v);
}

}  // namespace fivek
