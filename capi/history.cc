// The C functions of ../include/fivek/history/.
#include <algorithm>

#include "capi/barrier.h"
#include "capi/fivek.h"
#include "capi/sized_struct.h"
#include "fivek/history/isotonic.h"
#include "fivek/history/metrics.h"
#include "fivek/history/wilson.h"

using fivek::capi::CheckStruct;
using fivek::capi::Give;
using fivek::capi::Guard;
using fivek::capi::Report;

static_assert(FIVEK_FORECAST_BINS == fivek::kForecastBins);
static_assert(FIVEK_COMPARED_ADOPT ==
              static_cast<int>(fivek::GateVerdict::kAdopt));
static_assert(FIVEK_COMPARED_TOO_FEW_ROWS ==
              static_cast<int>(fivek::GateVerdict::kTooFewRows));
static_assert(FIVEK_COMPARED_NOT_BETTER ==
              static_cast<int>(fivek::GateVerdict::kNotBetter));
static_assert(FIVEK_COMPARED_NOT_SURE ==
              static_cast<int>(fivek::GateVerdict::kNotSure));

fivek_status fivek_wilson(int64_t successes, int64_t trials, double z,
                          double* rate, double* low, double* high,
                          fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(rate);
    FIVEK_NOT_NULL(low);
    FIVEK_NOT_NULL(high);
    const auto interval = fivek::Wilson(successes, trials, z);
    if (!interval.ok()) return Report(interval.status(), error);
    *rate = interval->rate;
    *low = interval->low;
    *high = interval->high;
    return FIVEK_OK;
  });
}

fivek_status fivek_forecasts_evaluate(const double* forecast,
                                      const uint8_t* won, size_t n,
                                      fivek_forecast_quality* out,
                                      fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(forecast);
    FIVEK_NOT_NULL(won);
    const fivek_status fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    const auto quality = fivek::EvaluateForecasts({forecast, n}, {won, n});
    if (!quality.ok()) return Report(quality.status(), error);
    const fivek::ForecastQuality& q = *quality;
    fivek_forecast_quality result = {};
    if (!q.brier_skill.has_value()) {
      result.undefined |= FIVEK_UNDEFINED_BRIER_SKILL;
    }
    if (!q.auc.has_value()) result.undefined |= FIVEK_UNDEFINED_AUC;
    if (!q.spiegelhalter_z.has_value()) {
      result.undefined |= FIVEK_UNDEFINED_SPIEGELHALTER;
    }
    result.rows = q.rows;
    result.won = q.won;
    result.base_rate = q.base_rate;
    result.mean_forecast = q.mean_forecast;
    result.brier = q.brier;
    result.log_loss = q.log_loss;
    result.brier_skill = q.brier_skill.value_or(0.0);
    result.auc = q.auc.value_or(0.0);
    result.spiegelhalter_z = q.spiegelhalter_z.value_or(0.0);
    result.ece_width = q.ece_width;
    result.mce_width = q.mce_width;
    result.ece_mass = q.ece_mass;
    result.reliability = q.murphy.reliability;
    result.resolution = q.murphy.resolution;
    result.uncertainty = q.murphy.uncertainty;
    result.within_bin_variance = q.murphy.within_bin_variance;
    result.within_bin_covariance = q.murphy.within_bin_covariance;
    result.miscalibration = q.corp.miscalibration;
    result.discrimination = q.corp.discrimination;
    result.recalibrated_brier = q.corp.recalibrated_brier;
    Give(result, out);
    return FIVEK_OK;
  });
}

fivek_status fivek_forecasts_reliability(const double* forecast,
                                         const uint8_t* won, size_t n,
                                         int32_t binning, double z,
                                         fivek_reliability_bin* bins,
                                         fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(forecast);
    FIVEK_NOT_NULL(won);
    FIVEK_NOT_NULL(bins);
    if (binning != FIVEK_BINNING_EQUAL_WIDTH &&
        binning != FIVEK_BINNING_EQUAL_MASS) {
      return Report(fivek::Reason::kUnknownCode,
                    absl::StrCat("binning ", binning, "; allowed: 0 and 1"),
                    error);
    }
    const auto table = fivek::MeasureReliability(
        {forecast, n}, {won, n}, static_cast<fivek::ForecastBinning>(binning),
        z);
    if (!table.ok()) return Report(table.status(), error);
    for (const fivek::ReliabilityBin& bin : *table) {
      *bins++ = {bin.rows,
                 bin.won,
                 bin.mean_forecast,
                 bin.lowest_forecast,
                 bin.highest_forecast,
                 bin.observed.rate,
                 bin.observed.low,
                 bin.observed.high};
    }
    return FIVEK_OK;
  });
}

fivek_status fivek_forecasts_compare(const double* base, const double* model,
                                     const uint8_t* won, size_t n,
                                     fivek_forecast_gate* out,
                                     fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(base);
    FIVEK_NOT_NULL(model);
    FIVEK_NOT_NULL(won);
    const fivek_status fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    const auto gate = fivek::CompareForecasts({base, n}, {model, n}, {won, n});
    if (!gate.ok()) return Report(gate.status(), error);
    fivek_forecast_gate result = {};
    if (!gate->z.has_value()) result.undefined |= FIVEK_UNDEFINED_GATE_Z;
    result.verdict = static_cast<int32_t>(gate->verdict);
    result.rows = gate->rows;
    result.base_log_loss = gate->base_log_loss;
    result.model_log_loss = gate->model_log_loss;
    result.mean_gain = gate->mean_gain;
    result.sd_gain = gate->sd_gain;
    result.z = gate->z.value_or(0.0);
    Give(result, out);
    return FIVEK_OK;
  });
}

fivek_status fivek_isotonic_fit(const double* value, const double* weight,
                                size_t n, double* fit, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    if (n > 0) {
      FIVEK_NOT_NULL(value);
      FIVEK_ALIGNED(weight);
      FIVEK_NOT_NULL(fit);
    }
    const auto fitted = weight == nullptr
                            ? fivek::IsotonicFit({value, n})
                            : fivek::IsotonicFit({value, n}, {weight, n});
    if (!fitted.ok()) return Report(fitted.status(), error);
    std::copy(fitted->begin(), fitted->end(), fit);
    return FIVEK_OK;
  });
}
