// Ridge logistic regression on answers: each row has one of a column's lines,
// each line a weight. What logistic.h does for numbers, for many rows.
//
// Residuals are added as integers, so any order of rows gives the same bits
// without sorting them; the minimum is found by L-BFGS beside one factorised
// approximation of the curvature, so a step costs one pass over the rows.
#ifndef FIVEK_SRC_HISTORY_ONE_HOT_FIT_H_
#define FIVEK_SRC_HISTORY_ONE_HOT_FIT_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "src/base/cholesky.h"

namespace fivek {

// Sums of residuals of 2^36ths stay below 2^63.
inline constexpr size_t kMostOneHotRows = size_t{1} << 26;

// Rows of lines: `columns` numbers a row, each below `lines` and of its own
// column.
struct OneHotRows {
  size_t columns = 0;
  size_t lines = 0;
  const uint16_t* line = nullptr;
  const uint8_t* won = nullptr;
  size_t rows = 0;
};

// Log-odds = intercept + the weights of the row's lines.
struct OneHotModel {
  double intercept = 0.0;
  std::vector<double> weight;
};

// What is approximated of the curvature: from how many of some rows have each
// pair of lines. Any rows will do that are like those of the fit.
class OneHotCurvature {
 public:
  explicit OneHotCurvature(const OneHotRows& sample);

  // For `rows` rows of which `won` are won.
  Cholesky Factorise(double rows, double won, double l2) const;

 private:
  size_t size_;  // 1 + lines.
  double rows_;
  std::vector<uint32_t> pairs_;  // By rows; the lower half.
};

// Improves `model` until a step is below `last_step`, on all parts together:
// rows that lie apart. False if it does not get there.
bool FitOneHot(const std::vector<OneHotRows>& parts, double l2,
               const Cholesky& curvature, double last_step, OneHotModel* model);

}  // namespace fivek

#endif  // FIVEK_SRC_HISTORY_ONE_HOT_FIT_H_
