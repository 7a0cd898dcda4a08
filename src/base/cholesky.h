// Symmetric positive definite systems, by Cholesky's L L'. One order of
// operations, so the same bits on every machine.
#ifndef FIVEK_SRC_BASE_CHOLESKY_H_
#define FIVEK_SRC_BASE_CHOLESKY_H_

#include <cmath>
#include <cstddef>
#include <vector>

namespace fivek {

class Cholesky {
 public:
  // Of the size x size matrix, by rows; what is above the diagonal is not read.
  // Not ok() unless it is positive definite beyond rounding.
  Cholesky(std::vector<double> matrix, size_t size)
      : l_(std::move(matrix)), n_(size) {
    for (size_t i = 0; i < n_; ++i) {
      double* const row = &l_[i * n_];
      const double before = row[i];
      for (size_t j = 0; j <= i; ++j) {
        const double* const other = &l_[j * n_];
        double sum = row[j];
        for (size_t k = 0; k < j; ++k) sum -= row[k] * other[k];
        row[j] = j < i ? sum / other[j] : sum;
      }
      if (!(row[i] > 1e-14 * before)) return;  // NaN too.
      row[i] = std::sqrt(row[i]);
    }
    ok_ = true;
  }

  bool ok() const { return ok_; }

  // x becomes the solution of A s = x.
  void Solve(double* x) const {
    for (size_t i = 0; i < n_; ++i) {
      const double* const row = &l_[i * n_];
      double sum = x[i];
      for (size_t k = 0; k < i; ++k) sum -= row[k] * x[k];
      x[i] = sum / row[i];
    }
    for (size_t i = n_; i-- > 0;) {
      const double* const row = &l_[i * n_];
      const double value = x[i] / row[i];
      x[i] = value;
      for (size_t k = 0; k < i; ++k) x[k] -= row[k] * value;
    }
  }

 private:
  std::vector<double> l_;
  size_t n_;
  bool ok_ = false;
};

}  // namespace fivek

#endif  // FIVEK_SRC_BASE_CHOLESKY_H_
