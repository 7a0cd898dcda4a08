// The C functions of ../include/fivek/history/logistic.h and recalibration.h.
#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "capi/barrier.h"
#include "capi/counted.h"
#include "capi/fivek.h"
#include "capi/learning_checks.h"
#include "capi/sized_struct.h"
#include "fivek/history/logistic.h"
#include "fivek/history/recalibration.h"

using fivek::Reason;
using fivek::capi::CheckFlag;
using fivek::capi::CheckRows;
using fivek::capi::CheckStruct;
using fivek::capi::Give;
using fivek::capi::Guard;
using fivek::capi::Report;
using fivek::capi::WriteBytes;

static_assert(FIVEK_RECALIBRATION_IDENTITY ==
              static_cast<int>(fivek::RecalibrationKind::kIdentity));
static_assert(FIVEK_RECALIBRATION_PLATT ==
              static_cast<int>(fivek::RecalibrationKind::kPlatt));
static_assert(FIVEK_RECALIBRATION_ISOTONIC ==
              static_cast<int>(fivek::RecalibrationKind::kIsotonic));

struct fivek_recalibration : fivek::capi::Counted {
  explicit fivek_recalibration(fivek::Recalibration r) : step(std::move(r)) {}

  fivek::Recalibration step;
};

fivek_status fivek_logistic_fit(const double* feature, size_t columns,
                                const uint8_t* won, const double* offset,
                                const double* weight, size_t n, double l2,
                                int32_t non_negative, double* intercept,
                                double* weights, double* standard_error,
                                double* objective, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(feature);
    FIVEK_NOT_NULL(won);
    FIVEK_ALIGNED(offset);
    FIVEK_ALIGNED(weight);
    FIVEK_NOT_NULL(intercept);
    FIVEK_NOT_NULL(weights);
    FIVEK_ALIGNED(standard_error);
    FIVEK_NOT_NULL(objective);
    fivek_status fits = CheckFlag("non_negative", non_negative, error);
    if (fits == FIVEK_OK) fits = CheckRows(n, error);
    if (fits != FIVEK_OK) return fits;
    if (columns > fivek::kMostFeatures) {
      return Report(Reason::kValueRange,
                    absl::StrCat(columns, " columns; allowed: ",
                                 fivek::kMostFeatures, " or fewer"),
                    error);
    }
    fivek::LogisticRows rows;
    rows.columns = columns;
    rows.features = {feature, n * columns};
    rows.won = {won, n};
    if (offset != nullptr) rows.offset = {offset, n};
    if (weight != nullptr) rows.weight = {weight, n};
    fivek::LogisticOptions options;
    options.l2 = l2;
    options.non_negative = non_negative == 1;
    const auto model = fivek::FitLogistic(rows, options);
    if (!model.ok()) return Report(model.status(), error);
    *intercept = model->intercept;
    std::copy(model->weights.begin(), model->weights.end(), weights);
    if (standard_error != nullptr) {
      for (size_t i = 0; i <= columns; ++i) {
        standard_error[i] = model->StandardError(i);
      }
    }
    *objective = model->objective;
    return FIVEK_OK;
  });
}

fivek_status fivek_platt_fit(const double* score, const uint8_t* won, size_t n,
                             double* a, double* b, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(score);
    FIVEK_NOT_NULL(won);
    FIVEK_NOT_NULL(a);
    FIVEK_NOT_NULL(b);
    const auto curve = fivek::FitPlatt({score, n}, {won, n});
    if (!curve.ok()) return Report(curve.status(), error);
    *a = curve->a;
    *b = curve->b;
    return FIVEK_OK;
  });
}

fivek_status fivek_venn_abers(const double* score, const uint8_t* won, size_t n,
                              const double* at, size_t m, double* low,
                              double* high, double* merged,
                              fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(score);
    FIVEK_NOT_NULL(won);
    FIVEK_NOT_NULL(at);
    FIVEK_NOT_NULL(low);
    FIVEK_NOT_NULL(high);
    FIVEK_NOT_NULL(merged);
    const fivek_status fits = CheckRows(m, error);
    if (fits != FIVEK_OK) return fits;
    const auto fit = fivek::VennAbers::Fit({score, n}, {won, n});
    if (!fit.ok()) return Report(fit.status(), error);
    const auto intervals = fit->At(absl::Span<const double>(at, m));
    if (!intervals.ok()) {
      const absl::Status& bad = intervals.status();
      return Report(fivek::ReasonOf(bad), absl::StrCat("at ", bad.message()),
                    error, {fivek::WhereOf(bad).row, 2});
    }
    for (size_t i = 0; i < m; ++i) {
      low[i] = (*intervals)[i].low;
      high[i] = (*intervals)[i].high;
      merged[i] = (*intervals)[i].merged;
    }
    return FIVEK_OK;
  });
}

// ---- Recalibration ----------------------------------------------------------

fivek_status fivek_recalibration_fit(const double* forecast, const uint8_t* won,
                                     const uint64_t* id, size_t n,
                                     const fivek_recalibration** out,
                                     fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(forecast);
    FIVEK_NOT_NULL(won);
    FIVEK_NOT_NULL(id);
    FIVEK_NOT_NULL(out);
    auto step = fivek::Recalibration::Choose({forecast, n}, {won, n}, {id, n});
    if (!step.ok()) return Report(step.status(), error);
    *out = new fivek_recalibration(*std::move(step));
    return FIVEK_OK;
  });
}

void fivek_recalibration_retain(const fivek_recalibration* recalibration) {
  fivek::capi::Retain(recalibration);
}

void fivek_recalibration_release(const fivek_recalibration* recalibration) {
  fivek::capi::Release(recalibration);
}

fivek_status fivek_recalibration_describe(
    const fivek_recalibration* recalibration, fivek_recalibration_info* out,
    fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(recalibration);
    const fivek_status fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    const fivek::GateResult& gate = recalibration->step.gate();
    fivek_recalibration_info result = {};
    result.kind = static_cast<int32_t>(recalibration->step.kind());
    result.verdict = static_cast<int32_t>(gate.verdict);
    result.rows = gate.rows;
    result.base_log_loss = gate.base_log_loss;
    result.model_log_loss = gate.model_log_loss;
    Give(result, out);
    return FIVEK_OK;
  });
}

fivek_status fivek_recalibration_apply(const fivek_recalibration* recalibration,
                                       const double* forecast, size_t n,
                                       double* out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(recalibration);
    FIVEK_NOT_NULL(forecast);
    FIVEK_NOT_NULL(out);
    const fivek_status fits = CheckRows(n, error);
    if (fits != FIVEK_OK) return fits;
    const auto right =
        recalibration->step.Apply(absl::Span<const double>(forecast, n));
    if (!right.ok()) return Report(right.status(), error);
    std::copy(right->begin(), right->end(), out);
    return FIVEK_OK;
  });
}

fivek_status fivek_recalibration_write(const fivek_recalibration* recalibration,
                                       uint8_t* buf, size_t cap, size_t* needed,
                                       fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(recalibration);
    return WriteBytes(recalibration->step.Serialise(), buf, cap, needed, error);
  });
}

fivek_status fivek_recalibration_read(const uint8_t* bytes, size_t len,
                                      const fivek_recalibration** out,
                                      fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_TEXT_NOT_NULL(bytes, len);
    FIVEK_NOT_NULL(out);
    auto step = fivek::Recalibration::Read(fivek::capi::BytesIn(bytes, len));
    if (!step.ok()) return Report(step.status(), error);
    *out = new fivek_recalibration(*std::move(step));
    return FIVEK_OK;
  });
}
