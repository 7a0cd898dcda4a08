// The C functions of ../include/fivek/history/scorecard.h.
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
#include "fivek/history/scorecard.h"

using fivek::Reason;
using fivek::capi::CheckRows;
using fivek::capi::CheckStruct;
using fivek::capi::EstimateOut;
using fivek::capi::Give;
using fivek::capi::Given;
using fivek::capi::Guard;
using fivek::capi::HandOut;
using fivek::capi::Report;
using fivek::capi::WriteBytes;

struct fivek_scorecard : fivek::capi::Counted {
  explicit fivek_scorecard(fivek::Scorecard c) : card(std::move(c)) {}

  fivek::Scorecard card;
};

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

// What fivek_score_table has of the answers.
struct Answers {
  const uint32_t* level;
  const double* value;
  const uint8_t* missing;
  const int32_t* known_on;
};

// Categories, then numbers.
fivek_status ReadColumns(const Answers& t, size_t levels, size_t values,
                         size_t rows, std::vector<fivek::ScoreColumn>* columns,
                         fivek_error* error) {
  if (levels > fivek::kMostScoreColumns || values > fivek::kMostScoreColumns) {
    return Report(Reason::kValueRange,
                  absl::StrCat(levels, " and ", values, " columns; allowed: ",
                               fivek::kMostScoreColumns, " together"),
                  error);
  }
  const fivek_status fits = CheckRows(rows, error);
  if (fits != FIVEK_OK) return fits;
  columns->resize(levels + values);
  for (size_t c = 0; c < columns->size(); ++c) {
    fivek::ScoreColumn& column = (*columns)[c];
    if (c < levels) {
      column.level = {t.level + c * rows, rows};
    } else {
      column.value = {t.value + (c - levels) * rows, rows};
    }
    if (t.missing != nullptr) column.missing = {t.missing + c * rows, rows};
    if (t.known_on != nullptr) column.known_on = {t.known_on + c * rows, rows};
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
    std::vector<fivek::ScoreColumn> columns;
    fits = ReadColumns({t.level, t.value, t.missing, t.known_on}, levels,
                       values, rows, &columns, error);
    if (fits != FIVEK_OK) return fits;
    fivek::ScoreTable all;
    all.columns = columns;
    all.won = {t.won, rows};
    if (t.group != nullptr) all.group = {t.group, rows};
    if (t.closed_on != nullptr) all.closed_on = {t.closed_on, rows};
    if (t.simpler != nullptr) all.simpler = {t.simpler, rows};
    auto fit = fivek::Scorecard::Fit(all, chosen);
    if (!fit.ok()) return Report(fit.status(), error);
    HandOut(std::move(fit->card), fit->out_of_fold, out_of_fold, out);
    return FIVEK_OK;
  });
}

void fivek_scorecard_retain(const fivek_scorecard* card) {
  fivek::capi::Retain(card);
}

void fivek_scorecard_release(const fivek_scorecard* card) {
  fivek::capi::Release(card);
}

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

fivek_status fivek_scorecard_scores(const fivek_scorecard* card,
                                    const uint32_t* level, const double* value,
                                    const uint8_t* missing, size_t levels,
                                    size_t values, size_t rows, int32_t* score,
                                    fivek_estimate* out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(card);
    if (levels > 0) FIVEK_NOT_NULL(level);
    if (values > 0) FIVEK_NOT_NULL(value);
    FIVEK_NOT_NULL(score);
    FIVEK_ALIGNED(level);
    FIVEK_ALIGNED(value);
    FIVEK_ALIGNED(out);
    std::vector<fivek::ScoreColumn> columns;
    const fivek_status fits =
        ReadColumns({level, value, missing, nullptr}, levels, values, rows,
                    &columns, error);
    if (fits != FIVEK_OK) return fits;
    const auto scores = card->card.Scores(columns, rows);
    if (!scores.ok()) return Report(scores.status(), error);
    std::copy(scores->begin(), scores->end(), score);
    if (out == nullptr) return FIVEK_OK;
    for (const int32_t sum : *scores) {
      *out++ = EstimateOut(card->card.Probability(sum));
    }
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
    return WriteBytes(card->card.Serialise(), buf, cap, needed, error);
  });
}

fivek_status fivek_scorecard_read(const uint8_t* bytes, size_t len,
                                  const fivek_scorecard** out,
                                  fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_TEXT_NOT_NULL(bytes, len);
    FIVEK_NOT_NULL(out);
    auto card = fivek::Scorecard::Read(fivek::capi::BytesIn(bytes, len));
    if (!card.ok()) return Report(card.status(), error);
    *out = new fivek_scorecard(*std::move(card));
    return FIVEK_OK;
  });
}
