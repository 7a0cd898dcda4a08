// The C functions of ../include/fivek/history/ that learn: logistic.h,
// recalibration.h, scorecard.h, evidence_model.h, pls_compat.h.

// Before the method's: gcc takes Source::kLadder for one that hides theirs.
// clang-format off
#include "fivek/history/estimate.h"
// clang-format on

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "capi/barrier.h"
#include "capi/estimate_out.h"
#include "capi/fivek.h"
#include "capi/sized_struct.h"
#include "fivek/history/evidence_model.h"
#include "fivek/history/logistic.h"
#include "fivek/history/pls_compat.h"
#include "fivek/history/recalibration.h"
#include "fivek/history/scorecard.h"

using fivek::Reason;
using fivek::capi::CheckStruct;
using fivek::capi::EstimateOut;
using fivek::capi::Give;
using fivek::capi::Given;
using fivek::capi::Guard;
using fivek::capi::Report;
using fivek::capi::WriteBytes;

struct fivek_scorecard {
  explicit fivek_scorecard(fivek::Scorecard c) : card(std::move(c)) {}

  fivek::Scorecard card;
  mutable std::atomic<int64_t> references{1};
};

struct fivek_evidence_model {
  explicit fivek_evidence_model(fivek::EvidenceModel m) : model(std::move(m)) {}

  fivek::EvidenceModel model;
  mutable std::atomic<int64_t> references{1};
};

struct fivek_pls_compat {
  explicit fivek_pls_compat(fivek::PlsCompat p) : pls(std::move(p)) {}

  fivek::PlsCompat pls;
};

namespace {

template <typename Handle>
void Retain(const Handle* handle) {
  if (handle != nullptr) {
    handle->references.fetch_add(1, std::memory_order_relaxed);
  }
}

template <typename Handle>
void Release(const Handle* handle) {
  if (handle != nullptr &&
      handle->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    delete handle;
  }
}

fivek_status CheckFlag(const char* name, int32_t flag, fivek_error* error) {
  if (flag == 0 || flag == 1) return FIVEK_OK;
  return Report(Reason::kValueRange,
                absl::StrCat(name, " ", flag, "; allowed: 0 and 1"), error);
}

// No vector, and no product of two counts, is larger.
constexpr size_t kMostRows = size_t{1} << 31;

fivek_status CheckRows(size_t rows, fivek_error* error) {
  if (rows <= kMostRows) return FIVEK_OK;
  return Report(Reason::kOverflow,
                absl::StrCat(rows, " rows; allowed: 2^31 or fewer"), error);
}

}  // namespace

// ---- Logistic regression, Platt, Venn-Abers ---------------------------------

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
    for (size_t i = 0; i < m; ++i) {
      if (!(at[i] >= -fivek::kLargestScore && at[i] <= fivek::kLargestScore)) {
        return Report(Reason::kValueRange,
                      absl::StrCat("at ", at[i], "; allowed: -1e6 to 1e6"),
                      error, {static_cast<int64_t>(i), -1});
      }
    }
    const auto intervals = fit->At(absl::Span<const double>(at, m));
    if (!intervals.ok()) return Report(intervals.status(), error);
    for (size_t i = 0; i < m; ++i) {
      low[i] = (*intervals)[i].low;
      high[i] = (*intervals)[i].high;
      merged[i] = (*intervals)[i].merged;
    }
    return FIVEK_OK;
  });
}

// ---- Scorecards -------------------------------------------------------------

namespace {

// The answers of a deal; as many as the card has columns are read.
fivek_status ReadAnswers(const fivek_scorecard* card,
                         const fivek_score_answer* answers, size_t n,
                         std::vector<fivek::ScoreAnswer>* read,
                         fivek_error* error) {
  const size_t columns = card->card.columns();
  if (n != columns) {
    return Report(
        Reason::kValueRange,
        absl::StrCat(n, " answers; allowed: ", columns, ", one a column"),
        error);
  }
  for (size_t i = 0; i < n; ++i) {
    if (answers[i].missing > 1) {
      return Report(
          Reason::kValueRange,
          absl::StrCat("missing ", answers[i].missing, "; allowed: 0 and 1"),
          error, {-1, static_cast<int32_t>(i)});
    }
    read->push_back(
        {answers[i].level, answers[i].value, answers[i].missing == 1});
  }
  return FIVEK_OK;
}

}  // namespace

fivek_status fivek_scorecard_fit(const fivek_score_table* table, size_t levels,
                                 size_t values, size_t rows,
                                 const fivek_score_options* options,
                                 double* out_of_fold,
                                 const fivek_scorecard** out,
                                 fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    fivek_status fits = CheckStruct(table, "table", error);
    if (fits != FIVEK_OK) return fits;
    const fivek_score_table t = Given(*table);
    fivek::ScorecardOptions chosen;
    if (options != nullptr) {
      fits = CheckStruct(options, "options", error);
      if (fits != FIVEK_OK) return fits;
      const fivek_score_options o = Given(*options);
      chosen.bins = o.bins;
      chosen.from_day = o.from_day;
      chosen.as_of = o.as_of;
      chosen.l2 = o.l2;
    }
    FIVEK_ALIGNED(out_of_fold);
    FIVEK_NOT_NULL(out);
    if (t.reserved != 0) {
      return Report(Reason::kReservedNotZero, "table.reserved is not zero",
                    error);
    }
    if (levels > 0) FIVEK_NOT_NULL(t.level);
    if (values > 0) FIVEK_NOT_NULL(t.value);
    FIVEK_ALIGNED(t.known_on);
    FIVEK_NOT_NULL(t.won);
    FIVEK_ALIGNED(t.group);
    FIVEK_ALIGNED(t.closed_on);
    FIVEK_ALIGNED(t.simpler);
    if (levels > fivek::kMostScoreColumns ||
        values > fivek::kMostScoreColumns) {
      return Report(Reason::kValueRange,
                    absl::StrCat(levels, " and ", values, " columns; allowed: ",
                                 fivek::kMostScoreColumns, " together"),
                    error);
    }
    fits = CheckRows(rows, error);
    if (fits != FIVEK_OK) return fits;
    std::vector<fivek::ScoreColumn> columns(levels + values);
    for (size_t c = 0; c < columns.size(); ++c) {
      if (c < levels) {
        columns[c].level = {t.level + c * rows, rows};
      } else {
        columns[c].value = {t.value + (c - levels) * rows, rows};
      }
      if (t.missing != nullptr) {
        columns[c].missing = {t.missing + c * rows, rows};
      }
      if (t.known_on != nullptr) {
        columns[c].known_on = {t.known_on + c * rows, rows};
      }
    }
    fivek::ScoreTable all;
    all.columns = columns;
    all.won = {t.won, rows};
    if (t.group != nullptr) all.group = {t.group, rows};
    if (t.closed_on != nullptr) all.closed_on = {t.closed_on, rows};
    if (t.simpler != nullptr) all.simpler = {t.simpler, rows};
    auto fit = fivek::Scorecard::Fit(all, chosen);
    if (!fit.ok()) return Report(fit.status(), error);
    const auto* const card = new fivek_scorecard(std::move(fit->card));
    if (out_of_fold != nullptr) {
      std::copy(fit->out_of_fold.begin(), fit->out_of_fold.end(), out_of_fold);
    }
    *out = card;
    return FIVEK_OK;
  });
}

void fivek_scorecard_retain(const fivek_scorecard* card) { Retain(card); }

void fivek_scorecard_release(const fivek_scorecard* card) { Release(card); }

fivek_status fivek_scorecard_describe(const fivek_scorecard* card,
                                      fivek_scorecard_info* out,
                                      fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(card);
    const fivek_status fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    const fivek::Scorecard& c = card->card;
    fivek_scorecard_info result = {};
    result.verdict = static_cast<int32_t>(c.gate().verdict);
    result.columns = static_cast<int32_t>(c.columns());
    result.lines = static_cast<int32_t>(c.Table().size());
    result.rows = c.rows();
    result.won = c.won();
    result.offset = c.offset();
    result.l2 = c.l2();
    result.base_log_loss = c.gate().base_log_loss;
    result.model_log_loss = c.gate().model_log_loss;
    Give(result, out);
    return FIVEK_OK;
  });
}

fivek_status fivek_scorecard_line(const fivek_scorecard* card, size_t index,
                                  fivek_score_line* out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(card);
    const fivek_status fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    const std::vector<fivek::ScoreLine>& lines = card->card.Table();
    if (index >= lines.size()) {
      return Report(
          Reason::kNotFound,
          absl::StrCat("line ", index, "; the card has ", lines.size()), error);
    }
    const fivek::ScoreLine& line = lines[index];
    fivek_score_line result = {};
    result.column = line.column;
    result.kind = static_cast<int32_t>(line.kind);
    result.level = line.level;
    result.from = line.from;
    result.to = line.to;
    result.points = line.points;
    result.rows = line.rows;
    result.won = line.won;
    result.rate = line.rate.rate;
    result.low = line.rate.low;
    result.high = line.rate.high;
    Give(result, out);
    return FIVEK_OK;
  });
}

fivek_status fivek_scorecard_predict(const fivek_scorecard* card,
                                     const fivek_score_answer* answers,
                                     size_t n, int32_t* score,
                                     fivek_estimate* out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(card);
    FIVEK_NOT_NULL(answers);
    FIVEK_NOT_NULL(score);
    FIVEK_NOT_NULL(out);
    std::vector<fivek::ScoreAnswer> read;
    const fivek_status fits = ReadAnswers(card, answers, n, &read, error);
    if (fits != FIVEK_OK) return fits;
    const auto sum = card->card.Score(read);
    if (!sum.ok()) return Report(sum.status(), error);
    *out = EstimateOut(card->card.Probability(*sum));
    *score = *sum;
    return FIVEK_OK;
  });
}

fivek_status fivek_scorecard_explain(const fivek_scorecard* card,
                                     const fivek_score_answer* answers,
                                     size_t n, int32_t* line, int32_t* points,
                                     fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(card);
    FIVEK_NOT_NULL(answers);
    FIVEK_NOT_NULL(line);
    FIVEK_NOT_NULL(points);
    std::vector<fivek::ScoreAnswer> read;
    const fivek_status fits = ReadAnswers(card, answers, n, &read, error);
    if (fits != FIVEK_OK) return fits;
    const auto parts = card->card.Explain(read);
    if (!parts.ok()) return Report(parts.status(), error);
    for (size_t i = 0; i < n; ++i) {
      line[i] = (*parts)[i].line;
      points[i] = (*parts)[i].points;
    }
    return FIVEK_OK;
  });
}

fivek_status fivek_scorecard_write(const fivek_scorecard* card, uint8_t* buf,
                                   size_t cap, size_t* needed,
                                   fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(card);
    return WriteBytes(card->card.Serialise(), reinterpret_cast<char*>(buf), cap,
                      needed, error);
  });
}

fivek_status fivek_scorecard_read(const uint8_t* bytes, size_t len,
                                  const fivek_scorecard** out,
                                  fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_TEXT_NOT_NULL(bytes, len);
    FIVEK_NOT_NULL(out);
    auto card = fivek::Scorecard::Read(
        fivek::capi::TextIn(reinterpret_cast<const char*>(bytes), len));
    if (!card.ok()) return Report(card.status(), error);
    *out = new fivek_scorecard(*std::move(card));
    return FIVEK_OK;
  });
}

// ---- Evidence ---------------------------------------------------------------

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
    const auto* const model = new fivek_evidence_model(std::move(fit->model));
    if (out_of_fold != nullptr) {
      std::copy(fit->out_of_fold.begin(), fit->out_of_fold.end(), out_of_fold);
    }
    *out = model;
    return FIVEK_OK;
  });
}

void fivek_evidence_retain(const fivek_evidence_model* model) { Retain(model); }

void fivek_evidence_release(const fivek_evidence_model* model) {
  Release(model);
}

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
    if (stage < 0 || stage >= fivek::kEvidenceStages) {
      return Report(Reason::kUnknownCode,
                    absl::StrCat("stage ", stage, "; allowed: 0 to ",
                                 fivek::kEvidenceStages - 1),
                    error);
    }
    const auto code = static_cast<uint8_t>(stage);
    fivek::EvidencePoints five;
    std::copy_n(points, five.size(), five.begin());
    const auto estimate = model->model.Predict(code, ladder, five);
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
  });
}

// ---- Lead scoring to compare with -------------------------------------------

namespace {

fivek_status ChangePls(fivek_pls_compat* pls, const fivek::PlsLead& lead,
                       int32_t won, bool add, fivek_error* error) {
  const fivek_status fits = CheckFlag("won", won, error);
  if (fits != FIVEK_OK) return fits;
  return Report(
      add ? pls->pls.Add(lead, won == 1) : pls->pls.Remove(lead, won == 1),
      error);
}

fivek::PlsLead LeadOf(const fivek_pls_compat* pls, uint32_t team,
                      uint32_t stage, const uint32_t* value,
                      const uint32_t* tag, size_t tags) {
  return {team, stage, {value, pls->pls.fields()}, {tag, tags}};
}

}  // namespace

fivek_status fivek_pls_create(size_t fields, uint32_t stages,
                              int64_t least_tag_leads, int32_t clamp,
                              fivek_pls_compat** out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(out);
    const fivek_status fits = CheckFlag("clamp", clamp, error);
    if (fits != FIVEK_OK) return fits;
    fivek::PlsOptions options;
    options.fields = fields;
    options.stages = stages;
    options.least_tag_leads = least_tag_leads;
    options.clamp = clamp == 1;
    auto pls = fivek::PlsCompat::Create(options);
    if (!pls.ok()) return Report(pls.status(), error);
    *out = new fivek_pls_compat(*std::move(pls));
    return FIVEK_OK;
  });
}

void fivek_pls_release(fivek_pls_compat* pls) { delete pls; }

fivek_status fivek_pls_add(fivek_pls_compat* pls, uint32_t team, uint32_t stage,
                           const uint32_t* value, const uint32_t* tag,
                           size_t tags, int32_t won, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(pls);
    FIVEK_NOT_NULL(value);
    if (tags > 0) FIVEK_NOT_NULL(tag);
    FIVEK_ALIGNED(tag);
    return ChangePls(pls, LeadOf(pls, team, stage, value, tag, tags), won, true,
                     error);
  });
}

fivek_status fivek_pls_remove(fivek_pls_compat* pls, uint32_t team,
                              uint32_t stage, const uint32_t* value,
                              const uint32_t* tag, size_t tags, int32_t won,
                              fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(pls);
    FIVEK_NOT_NULL(value);
    if (tags > 0) FIVEK_NOT_NULL(tag);
    FIVEK_ALIGNED(tag);
    return ChangePls(pls, LeadOf(pls, team, stage, value, tag, tags), won,
                     false, error);
  });
}

fivek_status fivek_pls_probability(const fivek_pls_compat* pls, uint32_t team,
                                   uint32_t stage, const uint32_t* value,
                                   const uint32_t* tag, size_t tags,
                                   double* percent, double* raw_percent,
                                   fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(pls);
    FIVEK_NOT_NULL(value);
    if (tags > 0) FIVEK_NOT_NULL(tag);
    FIVEK_ALIGNED(tag);
    FIVEK_NOT_NULL(percent);
    FIVEK_NOT_NULL(raw_percent);
    const auto probability =
        pls->pls.Probability(LeadOf(pls, team, stage, value, tag, tags));
    if (!probability.ok()) return Report(probability.status(), error);
    if (!probability->has_value()) {
      return Report(Reason::kNotFound, "no lead has closed", error);
    }
    *percent = (*probability)->percent;
    *raw_percent = (*probability)->raw_percent;
    return FIVEK_OK;
  });
}
