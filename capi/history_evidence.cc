// The C functions of ../include/fivek/history/evidence_model.h.
#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "capi/barrier.h"
#include "capi/counted.h"
#include "capi/estimate_out.h"
#include "capi/fivek.h"
#include "capi/learning_checks.h"
#include "capi/sized_struct.h"
#include "fivek/history/evidence_model.h"

using fivek::Reason;
using fivek::capi::CheckRows;
using fivek::capi::CheckStruct;
using fivek::capi::EstimateOut;
using fivek::capi::Give;
using fivek::capi::Guard;
using fivek::capi::HandOut;
using fivek::capi::ReadEstimate;
using fivek::capi::Report;
using fivek::capi::WriteBytes;

struct fivek_evidence_model : fivek::capi::Counted {
  explicit fivek_evidence_model(fivek::EvidenceModel m) : model(std::move(m)) {}

  fivek::EvidenceModel model;
};

fivek_status fivek_evidence_fit(const fivek_evidence_deal* deals, size_t n,
                                int32_t from_day, int32_t as_of,
                                double* out_of_fold,
                                const fivek_evidence_model** out,
                                fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(deals);
    FIVEK_ALIGNED(out_of_fold);
    FIVEK_NOT_NULL(out);
    const fivek_status fits = CheckRows(n, error);
    if (fits != FIVEK_OK) return fits;
    std::vector<fivek::EvidenceDeal> read;
    for (size_t i = 0; i < n; ++i) {
      const fivek_evidence_deal& deal = deals[i];
      if (deal.reserved != 0) {
        return Report(Reason::kReservedNotZero, "deals.reserved is not zero",
                      error, {static_cast<int64_t>(i), -1});
      }
      fivek::EvidencePoints points;
      std::copy_n(deal.points, points.size(), points.begin());
      read.push_back({deal.id, deal.ladder, deal.known_on, deal.closed_on,
                      deal.stage, points, deal.won});
    }
    fivek::EvidenceOptions window;
    window.from_day = from_day;
    window.as_of = as_of;
    auto fit = fivek::EvidenceModel::Fit(read, window);
    if (!fit.ok()) return Report(fit.status(), error);
    HandOut(std::move(fit->model), fit->out_of_fold, out_of_fold, out);
    return FIVEK_OK;
  });
}

void fivek_evidence_retain(const fivek_evidence_model* model) {
  fivek::capi::Retain(model);
}

void fivek_evidence_release(const fivek_evidence_model* model) {
  fivek::capi::Release(model);
}

fivek_status fivek_evidence_describe(const fivek_evidence_model* model,
                                     fivek_evidence_info* out,
                                     fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(model);
    const fivek_status fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    const fivek::EvidenceModel& m = model->model;
    fivek_evidence_info result = {};
    result.verdict = static_cast<int32_t>(m.gate().verdict);
    result.rows = m.gate().rows;
    result.intercept = m.intercept();
    const auto weights = m.weights();
    std::copy(weights.begin(), weights.end(), result.weight);
    result.l2 = m.l2();
    result.base_log_loss = m.gate().base_log_loss;
    result.model_log_loss = m.gate().model_log_loss;
    Give(result, out);
    return FIVEK_OK;
  });
}

namespace {

// Predicts and explains: `predict` gives the estimate.
template <typename Predict>
fivek_status PredictEvidence(const fivek_evidence_model* model, int32_t stage,
                             double ladder, const uint8_t* points,
                             Predict predict, fivek_estimate* out,
                             fivek_evidence_explanation* why,
                             fivek_error* error) {
  if (stage < 0 || stage >= fivek::kEvidenceStages) {
    return Report(Reason::kUnknownCode,
                  absl::StrCat("stage ", stage, "; allowed: 0 to ",
                               fivek::kEvidenceStages - 1),
                  error);
  }
  const auto code = static_cast<uint8_t>(stage);
  fivek::EvidencePoints five;
  std::copy_n(points, five.size(), five.begin());
  const absl::StatusOr<fivek::Estimate> estimate = predict(code, five);
  if (!estimate.ok()) return Report(estimate.status(), error);
  const auto explained = model->model.Explain(code, ladder, five);
  if (!explained.ok()) return Report(explained.status(), error);
  fivek_evidence_explanation result = {};
  result.verdict = static_cast<int32_t>(model->model.gate().verdict);
  result.log_odds = explained->log_odds;
  result.ladder_log_odds = explained->ladder_log_odds;
  result.intercept = explained->intercept;
  result.probability_ppm = explained->probability_ppm;
  result.reference_ppm = explained->reference_ppm;
  for (size_t k = 0; k < five.size(); ++k) {
    result.log_odds_share[k] = explained->log_odds_share[k];
    result.share_ppm[k] = explained->share_ppm[k];
  }
  *out = EstimateOut(*estimate);
  Give(result, why);
  return FIVEK_OK;
}

}  // namespace

fivek_status fivek_evidence_predict(const fivek_evidence_model* model,
                                    int32_t stage, double ladder,
                                    const uint8_t* points, fivek_estimate* out,
                                    fivek_evidence_explanation* why,
                                    fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(model);
    FIVEK_NOT_NULL(points);
    FIVEK_NOT_NULL(out);
    const fivek_status fits = CheckStruct(why, "why", error);
    if (fits != FIVEK_OK) return fits;
    const auto predict = [&](uint8_t code, const fivek::EvidencePoints& five) {
      return model->model.Predict(code, ladder, five);
    };
    return PredictEvidence(model, stage, ladder, points, predict, out, why,
                           error);
  });
}

fivek_status fivek_evidence_predict_from(
    const fivek_evidence_model* model, int32_t stage,
    const fivek_estimate* ladder, const uint8_t* points, fivek_estimate* out,
    fivek_evidence_explanation* why, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(model);
    FIVEK_NOT_NULL(ladder);
    FIVEK_NOT_NULL(points);
    FIVEK_NOT_NULL(out);
    fivek_status fits = CheckStruct(why, "why", error);
    if (fits != FIVEK_OK) return fits;
    fivek::Estimate prior;
    fits = ReadEstimate(*ladder, "ladder", &prior, error);
    if (fits != FIVEK_OK) return fits;
    const auto predict = [&](uint8_t code, const fivek::EvidencePoints& five) {
      return model->model.Predict(code, prior, five);
    };
    return PredictEvidence(model, stage, prior.value, points, predict, out, why,
                           error);
  });
}

fivek_status fivek_evidence_write(const fivek_evidence_model* model,
                                  uint8_t* buf, size_t cap, size_t* needed,
                                  fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(model);
    return WriteBytes(model->model.Serialise(), buf, cap, needed, error);
  });
}

fivek_status fivek_evidence_read(const uint8_t* bytes, size_t len,
                                 const fivek_evidence_model** out,
                                 fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_TEXT_NOT_NULL(bytes, len);
    FIVEK_NOT_NULL(out);
    auto model = fivek::EvidenceModel::Read(fivek::capi::BytesIn(bytes, len));
    if (!model.ok()) return Report(model.status(), error);
    *out = new fivek_evidence_model(*std::move(model));
    return FIVEK_OK;
  });
}

// ---- The five as they are ---------------------------------------------------

fivek_status fivek_five_k_of(const uint8_t* points, fivek_five_k* out,
                             fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(points);
    const fivek_status fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    fivek::EvidencePoints five;
    std::copy_n(points, five.size(), five.begin());
    const auto answer = fivek::FiveKOf(five);
    if (!answer.ok()) return Report(answer.status(), error);
    fivek_five_k result = {};
    result.weakest = answer->weakest;
    result.product = answer->product;
    result.geometric_mean = answer->geometric_mean;
    result.arithmetic_mean = answer->arithmetic_mean;
    result.smoothed_product = answer->smoothed_product;
    for (size_t k = 0; k < five.size(); ++k) {
      result.log_feature[k] = answer->log_feature[k];
      result.drag_share[k] = answer->drag_share[k];
    }
    Give(result, out);
    return FIVEK_OK;
  });
}
