// Forecasts and outcomes of any bytes, in memory that ends with them: refused
// at the first bad row and nothing changed, or numbers that belong together and
// do not depend on the order of rows. Beside a model, which is the forecast of
// the next row; and fitted to rise, with the next rows as weights.
//
// Input: 1 byte of struct_size, 1 of binning, 1 of how forecasts are read, 8 of
// z, then 9 a row: forecast and outcome.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "capi/fivek.h"
#include "tests/fuzz/need.h"

using fivek::Need;

namespace {

// Exactly as long as it is said to be, so that a sanitizer sees any more.
struct Rows {
  explicit Rows(size_t rows)
      : n(rows), forecast(new double[rows]), won(new uint8_t[rows]) {}

  size_t n;
  std::unique_ptr<double[]> forecast;
  std::unique_ptr<uint8_t[]> won;
};

Rows RowsOf(const uint8_t* data, size_t size, uint8_t reading) {
  Rows rows(std::min<size_t>(size / 9, 4096));
  for (size_t i = 0; i < rows.n; ++i) {
    std::memcpy(&rows.forecast[i], data + 9 * i, sizeof rows.forecast[i]);
    rows.won[i] = data[9 * i + 8];
    if (reading % 4 == 0) continue;  // As it is; else what is mostly good.
    rows.won[i] %= 2;
    const uint8_t byte = data[9 * i];
    rows.forecast[i] = reading % 4 == 1 ? byte / 255.0
                       : reading % 4 == 2
                           ? byte % 11 / 10.0
                           : data[9 * i + 1] / 256.0 + byte / 65536.0;
  }
  return rows;
}

// The first row that is bad, and its column; -1 if none is.
int64_t FirstBad(const Rows& rows, int32_t* column) {
  for (size_t i = 0; i < rows.n; ++i) {
    *column = rows.forecast[i] >= 0.0 && rows.forecast[i] <= 1.0 ? 1 : 0;
    if (*column == 0 || rows.won[i] > 1) return static_cast<int64_t>(i);
  }
  *column = -1;
  return -1;
}

bool IsNear(double a, double b) { return std::fabs(a - b) <= 1e-14; }

void CheckQuality(const Rows& rows, const fivek_forecast_quality& q) {
  int64_t won = 0;
  for (size_t i = 0; i < rows.n; ++i) won += rows.won[i];
  Need(q.rows == static_cast<int64_t>(rows.n) && q.won == won, "the counts");
  const bool one_outcome = won == 0 || won == q.rows;
  Need(((q.undefined & FIVEK_UNDEFINED_AUC) != 0) == one_outcome &&
           ((q.undefined & FIVEK_UNDEFINED_BRIER_SKILL) != 0) == one_outcome,
       "undefined with one outcome");
  Need(q.brier >= 0 && q.brier <= 1, "the score is 0 to 1");
  Need(q.auc >= 0 && q.auc <= 1, "the share is 0 to 1");
  Need(q.log_loss > 0 && q.log_loss < 34.6, "the loss is bounded");
  Need(q.spiegelhalter_z == q.spiegelhalter_z, "z is a number");
  Need(q.mce_width + 1e-15 >= q.ece_width && q.mce_width <= 1,
       "the largest is above the mean");
  Need(IsNear(q.reliability - q.resolution + q.uncertainty +
                  q.within_bin_variance - q.within_bin_covariance,
              q.brier),
       "Murphy's terms sum to the score");
  Need(IsNear(q.miscalibration - q.discrimination + q.uncertainty, q.brier),
       "and those without bins");
  Need(q.miscalibration >= 0 && q.discrimination >= 0, "which are not below 0");
}

void CheckBins(const Rows& rows, const fivek_reliability_bin* bins) {
  int64_t all = 0;
  double highest = -1;
  for (int i = 0; i < FIVEK_FORECAST_BINS; ++i) {
    const fivek_reliability_bin& bin = bins[i];
    all += bin.rows;
    Need(bin.won >= 0 && bin.won <= bin.rows, "who won is in the bin");
    Need(0 <= bin.low && bin.low <= bin.rate && bin.rate <= bin.high &&
             bin.high <= 1,
         "the interval contains the rate");
    if (bin.rows == 0) continue;
    Need(bin.lowest_forecast > highest, "no forecast is in two bins");
    Need(bin.lowest_forecast <= bin.highest_forecast, "lowest and highest");
    highest = bin.highest_forecast;
  }
  Need(all == static_cast<int64_t>(rows.n), "every row is in a bin");
}

// Those of the next row.
std::unique_ptr<double[]> Rotated(const Rows& rows) {
  std::unique_ptr<double[]> next(new double[rows.n]);
  for (size_t i = 0; i < rows.n; ++i) {
    next[i] = rows.forecast[(i + 1) % rows.n];
  }
  return next;
}

void CheckGate(const Rows& rows, bool are_good) {
  const std::unique_ptr<double[]> model = Rotated(rows);
  fivek_forecast_gate gate;
  std::memset(&gate, 0xA5, sizeof gate);
  gate.struct_size = sizeof gate;
  const fivek_forecast_gate before = gate;
  const fivek_status status = fivek_forecasts_compare(
      rows.forecast.get(), model.get(), rows.won.get(), rows.n, &gate, nullptr);
  Need((status == FIVEK_OK) == are_good, "compared if all is good");
  if (status != FIVEK_OK) {
    Need(status == FIVEK_INVALID_ARGUMENT, "nothing else can be wrong");
    Need(std::memcmp(&gate, &before, sizeof gate) == 0,
         "a refused gate is unchanged");
    return;
  }
  Need(gate.rows == static_cast<int64_t>(rows.n), "the rows");
  Need(IsNear(gate.mean_gain, gate.base_log_loss - gate.model_log_loss),
       "the gain is that of the mean losses");
  Need(gate.sd_gain >= 0 && gate.sd_gain < 70 && gate.z == gate.z,
       "the spread and z are numbers");
  const bool has_z = (gate.undefined & FIVEK_UNDEFINED_GATE_Z) == 0;
  Need(has_z == (gate.sd_gain > 0) && (has_z || gate.z == 0),
       "z if there is a spread");
  Need(gate.verdict == (rows.n < 2                ? FIVEK_COMPARED_TOO_FEW_ROWS
                        : gate.mean_gain <= 0     ? FIVEK_COMPARED_NOT_BETTER
                        : has_z && gate.z < 1.645 ? FIVEK_COMPARED_NOT_SURE
                                                  : FIVEK_COMPARED_ADOPT),
       "the verdict");
  fivek_forecast_gate back = before;
  Need(fivek_forecasts_compare(model.get(), rows.forecast.get(), rows.won.get(),
                               rows.n, &back, nullptr) == FIVEK_OK &&
           back.mean_gain == -gate.mean_gain && back.z == -gate.z,
       "what one gains the other loses");
}

void CheckIsotonic(const Rows& rows, bool weighted) {
  const std::unique_ptr<double[]> weight = Rotated(rows);
  bool are_good = true;
  double lowest = INFINITY;
  double highest = -INFINITY;
  for (size_t i = 0; i < rows.n; ++i) {
    are_good = are_good && std::isfinite(rows.forecast[i]);
    if (weighted) {
      are_good = are_good && weight[i] > 0 && std::isfinite(weight[i]);
    }
    lowest = std::fmin(lowest, rows.forecast[i]);
    highest = std::fmax(highest, rows.forecast[i]);
  }
  const std::unique_ptr<double[]> fit(new double[rows.n]);
  std::memset(fit.get(), 0xA5, rows.n * sizeof fit[0]);
  const fivek_status status =
      fivek_isotonic_fit(rows.forecast.get(), weighted ? weight.get() : nullptr,
                         rows.n, fit.get(), nullptr);
  if (status != FIVEK_OK) {
    Need(status == (are_good ? FIVEK_OUT_OF_RANGE : FIVEK_INVALID_ARGUMENT),
         "a sum is too large, or a row is bad");
    const auto* const bytes = reinterpret_cast<const uint8_t*>(fit.get());
    Need(std::all_of(bytes, bytes + rows.n * sizeof fit[0],
                     [](uint8_t byte) { return byte == 0xA5; }),
         "a refused fit is unchanged");
    return;
  }
  Need(are_good, "fitted if all is good");
  Need(std::is_sorted(fit.get(), fit.get() + rows.n), "the fit rises");
  if (rows.n == 0 || lowest < 0 || highest > 1) return;
  Need(fit[0] >= lowest - 1e-12 && fit[rows.n - 1] <= highest + 1e-12,
       "and stays within the values");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr size_t kHead = 3 + sizeof(double);
  if (size < kHead) return 0;
  double z;
  std::memcpy(&z, data + 3, sizeof z);
  const int32_t binning = data[1] % 3;
  const Rows rows = RowsOf(data + kHead, size - kHead, data[2]);
  int32_t column = -1;
  const int64_t bad = FirstBad(rows, &column);
  const bool are_good = rows.n > 0 && bad < 0;

  // As much memory as the caller claims.
  const uint32_t claimed = data[0];
  std::vector<uint8_t> out(std::max<size_t>(claimed, sizeof(uint32_t)));
  std::memcpy(out.data(), &claimed, sizeof claimed);
  const std::vector<uint8_t> before = out;
  fivek_error error = {};
  error.struct_size = sizeof error;
  const fivek_status status = fivek_forecasts_evaluate(
      rows.forecast.get(), rows.won.get(), rows.n,
      reinterpret_cast<fivek_forecast_quality*>(out.data()), &error);
  const bool fits = claimed >= sizeof(fivek_forecast_quality);
  Need((status == FIVEK_OK) == (fits && are_good), "accepted if all is good");
  if (status == FIVEK_OK) {
    fivek_forecast_quality q;
    std::memcpy(&q, out.data(), sizeof q);
    Need(q.struct_size == claimed, "its size is the caller's");
    Need(std::all_of(out.begin() + sizeof q, out.end(),
                     [](uint8_t byte) { return byte == 0; }),
         "its tail is empty");
    CheckQuality(rows, q);
    // Backwards, which is another order.
    std::reverse(rows.forecast.get(), rows.forecast.get() + rows.n);
    std::reverse(rows.won.get(), rows.won.get() + rows.n);
    std::vector<uint8_t> again = before;
    Need(fivek_forecasts_evaluate(
             rows.forecast.get(), rows.won.get(), rows.n,
             reinterpret_cast<fivek_forecast_quality*>(again.data()),
             nullptr) == FIVEK_OK &&
             again == out,
         "any order gives the same bits");
  } else {
    Need(status == FIVEK_INVALID_ARGUMENT, "nothing else can be wrong");
    Need(out == before, "a refusal changes nothing");
    if (fits && bad >= 0) {
      Need(error.row == bad && error.column == column, "the first bad row");
    }
  }

  fivek_reliability_bin bins[FIVEK_FORECAST_BINS];
  std::memset(bins, 0xA5, sizeof bins);
  fivek_reliability_bin untouched[FIVEK_FORECAST_BINS];
  std::memcpy(untouched, bins, sizeof bins);
  const bool is_z = z >= 0 && z <= 1.7976931348623157e308;
  const fivek_status table = fivek_forecasts_reliability(
      rows.forecast.get(), rows.won.get(), rows.n, binning, z, bins, nullptr);
  Need((table == FIVEK_OK) == (are_good && is_z && binning < 2),
       "a table if all is good");
  if (table == FIVEK_OK) {
    CheckBins(rows, bins);
  } else {
    Need(std::memcmp(bins, untouched, sizeof bins) == 0,
         "a refused table is unchanged");
  }
  CheckGate(rows, are_good);
  CheckIsotonic(rows, data[2] % 2 == 1);
  return 0;
}
