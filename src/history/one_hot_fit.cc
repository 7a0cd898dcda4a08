#include "src/history/one_hot_fit.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <deque>
#include <utility>

namespace fivek {
namespace {

constexpr double kScale = 0x1p36;
constexpr size_t kMemory = 8;
constexpr int kMostPasses = 400;

using Vector = std::vector<double>;

double Dot(const Vector& a, const Vector& b) {
  double sum = 0.0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// The sum of a row's weights: four sums at a time, since each addition waits
// for the one before.
double SumOf(const double* weight, const uint16_t* line, size_t columns) {
  double sum[4] = {};
  size_t c = 0;
  for (; c + 4 <= columns; c += 4) {
    sum[0] += weight[line[c]];
    sum[1] += weight[line[c + 1]];
    sum[2] += weight[line[c + 2]];
    sum[3] += weight[line[c + 3]];
  }
  for (; c < columns; ++c) sum[0] += weight[line[c]];
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

// 1 / (1 + e^-z) within 2e-9 and without a branch: a pass is for this and for
// memory, and its fits end at steps of 1e-5. e^-z = 2^k e^r with |r| < 0.35.
double QuickSigmoid(double z) {
  const double x = -std::min(std::max(z, -40.0), 40.0);
  // Adding this rounds to an integer, in the low bits.
  constexpr double kRound = 0x1.8p52;
  const double shifted = x * 1.4426950408889634 + kRound;
  const double k = shifted - kRound;
  const double r = x - k * 0.69314718055994531;
  const double square = r * r;
  const double power =
      (1.0 + r) + square * ((0.5 + r * (1.0 / 6)) +
                            square * ((1.0 / 24 + r * (1.0 / 120)) +
                                      square * (1.0 / 720 + r * (1.0 / 5040))));
  uint64_t exponent;
  std::memcpy(&exponent, &shifted, sizeof exponent);
  uint64_t bits;
  std::memcpy(&bits, &power, sizeof bits);
  bits += exponent << 52;  // What is above its 12 bits falls off.
  double odds;
  std::memcpy(&odds, &bits, sizeof odds);
  return 1.0 / (1.0 + odds);
}

// At theta: the intercept, then the weights.
Vector GradientAt(const Vector& theta, const std::vector<OneHotRows>& parts,
                  double l2) {
  constexpr size_t kBlock = 128;
  std::vector<int64_t> sums(theta.size());
  const double* const weight = theta.data() + 1;
  int64_t* const of_line = sums.data() + 1;
  for (const OneHotRows& part : parts) {
    const size_t columns = part.columns;
    for (size_t begin = 0; begin < part.rows; begin += kBlock) {
      const size_t rows = std::min(kBlock, part.rows - begin);
      const uint16_t* const line = part.line + begin * columns;
      const uint8_t* const won = part.won + begin;
      double z[kBlock];
      int64_t residual[kBlock];
      for (size_t i = 0; i < rows; ++i) {
        z[i] = theta[0] + SumOf(weight, line + i * columns, columns);
      }
      for (size_t i = 0; i < rows; ++i) {
        residual[i] =
            static_cast<int64_t>((QuickSigmoid(z[i]) - won[i]) * kScale);
      }
      int64_t total = 0;
      for (size_t i = 0; i < rows; ++i) {
        const int64_t of_row = residual[i];  // For all the compiler knows, a
        total += of_row;                     // sum may be where it is.
        const uint16_t* const lines = line + i * columns;
        for (size_t c = 0; c < columns; ++c) of_line[lines[c]] += of_row;
      }
      sums[0] += total;
    }
  }
  Vector gradient(theta.size());
  gradient[0] = static_cast<double>(sums[0]) / kScale;
  for (size_t i = 1; i < theta.size(); ++i) {
    gradient[i] = static_cast<double>(sums[i]) / kScale + l2 * theta[i];
  }
  return gradient;
}

// What was learned of the curvature by a step.
struct Step {
  Vector move, turn;  // Of theta, of the gradient.
  double product;     // Of the two; above 0.
};

// L-BFGS: about -H^-1 gradient.
Vector Direction(const Vector& gradient, const std::deque<Step>& steps,
                 const Cholesky& curvature) {
  Vector d = gradient;
  std::vector<double> share(steps.size());
  for (size_t i = steps.size(); i-- > 0;) {
    share[i] = Dot(steps[i].move, d) / steps[i].product;
    for (size_t j = 0; j < d.size(); ++j) d[j] -= share[i] * steps[i].turn[j];
  }
  curvature.Solve(d.data());
  for (size_t i = 0; i < steps.size(); ++i) {
    const double back = Dot(steps[i].turn, d) / steps[i].product;
    for (size_t j = 0; j < d.size(); ++j) {
      d[j] += (share[i] - back) * steps[i].move[j];
    }
  }
  for (double& x : d) x = -x;
  return d;
}

}  // namespace

OneHotCurvature::OneHotCurvature(const OneHotRows& sample)
    : size_(1 + sample.lines),
      rows_(static_cast<double>(sample.rows)),
      pairs_(size_ * size_) {
  const uint16_t* line = sample.line;
  for (size_t i = 0; i < sample.rows; ++i, line += sample.columns) {
    ++pairs_[0];
    for (size_t a = 0; a < sample.columns; ++a) {
      uint32_t* const row = &pairs_[(size_t{1} + line[a]) * size_];
      ++row[0];
      // The lines of later columns have larger numbers.
      for (size_t b = 0; b <= a; ++b) ++row[1 + line[b]];
    }
  }
}

Cholesky OneHotCurvature::Factorise(double rows, double won, double l2) const {
  // As if all rows had the rate of all; a little less, as forecasts spread.
  const double rate = (won + 1.0) / (rows + 2.0);
  const double scale = 0.8 * rate * (1.0 - rate) * rows / rows_;
  std::vector<double> matrix(size_ * size_);
  for (size_t i = 0; i < matrix.size(); ++i) matrix[i] = scale * pairs_[i];
  matrix[0] += 1e-3;
  for (size_t i = 1; i < size_; ++i) matrix[i * size_ + i] += l2;
  return Cholesky(std::move(matrix), size_);
}

bool FitOneHot(const std::vector<OneHotRows>& parts, double l2,
               const Cholesky& curvature, double last_step,
               OneHotModel* model) {
  Vector theta = {model->intercept};
  theta.insert(theta.end(), model->weight.begin(), model->weight.end());
  Vector gradient = GradientAt(theta, parts, l2);
  std::deque<Step> steps;
  for (int passes = 1; passes < kMostPasses;) {
    const Vector direction = Direction(gradient, steps, curvature);
    const double slope = Dot(direction, gradient);
    double largest = 0.0;
    for (const double x : direction) largest = std::max(largest, std::abs(x));
    if (largest < last_step || !(slope < 0.0)) {
      model->intercept = theta[0];
      model->weight.assign(theta.begin() + 1, theta.end());
      return largest < 1.0;
    }
    // Back, if it went far beyond the least of this direction; the objective is
    // convex, so where the slope would be 0 is between.
    double length = std::min(1.0, 8.0 / largest);
    Vector next(theta.size());
    Vector there;
    while (passes < kMostPasses) {
      for (size_t i = 0; i < theta.size(); ++i) {
        next[i] = theta[i] + length * direction[i];
      }
      there = GradientAt(next, parts, l2);
      ++passes;
      const double slope_there = Dot(direction, there);
      if (slope_there <= 0.5 * -slope) break;
      length *= slope / (slope - slope_there);
    }
    Step step;
    step.move.resize(theta.size());
    step.turn.resize(theta.size());
    for (size_t i = 0; i < theta.size(); ++i) {
      step.move[i] = next[i] - theta[i];
      step.turn[i] = there[i] - gradient[i];
    }
    step.product = Dot(step.move, step.turn);
    if (step.product > 0.0) steps.push_back(std::move(step));
    if (steps.size() > kMemory) steps.pop_front();
    theta = std::move(next);
    gradient = std::move(there);
  }
  return false;
}

}  // namespace fivek
