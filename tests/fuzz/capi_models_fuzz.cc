// Any rows to learn from: refused with a reason and nothing changed, or a model
// that is the same for the rows in another order and whose parts add up. What
// was learned says the same of many rows as of each.
//
// Input: 1 byte of the model, 1 of the rows, then values.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "capi/fivek.h"
#include "tests/fuzz/capi_need.h"
#include "tests/fuzz/need.h"

using fivek::Accepted;
using fivek::Bytes;
using fivek::Exact;
using fivek::Need;
using fivek::SizedCanary;

namespace {

// Mostly sixteenths from -4 to 4, now and then any.
Exact<double> Reals(Bytes* in, size_t n) {
  Exact<double> column(n);
  for (double& value : column) {
    value = in->Rarely() ? in->Take<double>() : in->Below(129) / 16.0 - 4.0;
  }
  return column;
}

Exact<uint8_t> Outcomes(Bytes* in, size_t n) {
  Exact<uint8_t> won(n);
  for (uint8_t& w : won) {
    const auto byte = in->Take<uint8_t>();
    w = byte == 0xEE ? byte : byte % 2;
  }
  return won;
}

bool IsSound(const fivek_estimate& e) {
  return 0.0 <= e.low && e.low <= e.value && e.value <= e.high && e.high <= 1.0;
}

// What is written of a model.
template <typename Model>
Exact<uint8_t> Written(fivek_status (*write)(const Model*, uint8_t*, size_t,
                                             size_t*, fivek_error*),
                       const Model* model) {
  size_t needed = 0;
  Need(write(model, nullptr, 0, &needed, nullptr) == FIVEK_OK,
       "the length is given");
  Exact<uint8_t> bytes(needed);
  Need(write(model, bytes.get(), needed, &needed, nullptr) == FIVEK_OK,
       "exactly enough is enough");
  return bytes;
}

// ---- Curves -----------------------------------------------------------------

void Logistic(Bytes* in, size_t n) {
  const size_t columns = in->Below(4);
  const auto feature = Reals(in, n * columns);
  const auto won = Outcomes(in, n);
  const auto offset = Reals(in, n);
  auto weight = Reals(in, n);
  for (double& w : weight) w = w < 0.0 ? -w : w == 0.0 ? 1.0 : w;
  const uint32_t given = in->Below(4);
  const double l2 = in->Rarely() ? in->Take<double>() : in->Below(9) / 4.0;
  const auto non_negative = static_cast<int32_t>(in->Below(16) % 3);
  // The rows from the last to the first, their features as they were.
  Exact<double> backwards(feature);
  for (size_t i = 0; i < n; ++i) {
    for (size_t c = 0; c < columns; ++c) {
      backwards[i * columns + c] = feature[(n - 1 - i) * columns + c];
    }
  }
  const auto fit = [&](bool reversed, Exact<double>* one, Exact<double>* w,
                       Exact<double>* errors, Exact<double>* objective) {
    const auto y = reversed ? won.Reversed() : won;
    const auto o = reversed ? offset.Reversed() : offset;
    const auto q = reversed ? weight.Reversed() : weight;
    return Accepted(
        [&](double* a, double* b, double* c, double* d, fivek_error* error) {
          return fivek_logistic_fit(reversed ? backwards.get() : feature.get(),
                                    columns, y.get(),
                                    (given & 1) != 0 ? o.get() : nullptr,
                                    (given & 2) != 0 ? q.get() : nullptr, n, l2,
                                    non_negative, a, b, c, d, error);
        },
        *one, *w, *errors, *objective);
  };
  auto one = Exact<double>::Canary(1);
  auto weights = Exact<double>::Canary(columns);
  auto errors = Exact<double>::Canary(columns + 1);
  auto objective = Exact<double>::Canary(1);
  auto one_again = Exact<double>::Canary(1);
  auto weights_again = Exact<double>::Canary(columns);
  auto errors_again = Exact<double>::Canary(columns + 1);
  auto objective_again = Exact<double>::Canary(1);
  const bool good = fit(false, &one, &weights, &errors, &objective);
  Need(good == fit(true, &one_again, &weights_again, &errors_again,
                   &objective_again),
       "good in any order");
  if (!good) return;
  Need(one.SameBytes(one_again) && weights.SameBytes(weights_again) &&
           errors.SameBytes(errors_again) &&
           objective.SameBytes(objective_again),
       "the same bits");
  Need(objective[0] >= 0.0 && one[0] - one[0] == 0.0, "a minimum");
  for (const double w : weights) {
    Need(w - w == 0.0 && (non_negative == 0 || w >= 0.0), "a weight");
  }
  for (const double e : errors) Need(e >= 0.0, "its error");
}

void Curves(Bytes* in, size_t n) {
  const auto score = Reals(in, n);
  const auto won = Outcomes(in, n);
  const auto at = Reals(in, in->Below(12));
  const auto platt = [&](const Exact<double>& x, const Exact<uint8_t>& y,
                         Exact<double>* a, Exact<double>* b) {
    return Accepted(
        [&](double* to_a, double* to_b, fivek_error* error) {
          return fivek_platt_fit(x.get(), y.get(), n, to_a, to_b, error);
        },
        *a, *b);
  };
  auto a = Exact<double>::Canary(1);
  auto b = Exact<double>::Canary(1);
  auto a_again = Exact<double>::Canary(1);
  auto b_again = Exact<double>::Canary(1);
  const bool good = platt(score, won, &a, &b);
  Need(good == platt(score.Reversed(), won.Reversed(), &a_again, &b_again),
       "good in any order");
  Need(a.SameBytes(a_again) && b.SameBytes(b_again), "the same bits");

  auto low = Exact<double>::Canary(at.size());
  auto high = Exact<double>::Canary(at.size());
  auto merged = Exact<double>::Canary(at.size());
  const auto venn = [&](const Exact<double>& x, const Exact<uint8_t>& y) {
    return Accepted(
        [&](double* l, double* h, double* m, fivek_error* error) {
          return fivek_venn_abers(x.get(), y.get(), n, at.get(), at.size(), l,
                                  h, m, error);
        },
        low, high, merged);
  };
  if (!venn(score, won)) return;
  for (size_t i = 0; i < at.size(); ++i) {
    Need(0.0 <= low[i] && low[i] <= merged[i] + 1e-12 &&
             merged[i] <= high[i] + 1e-12 && high[i] <= 1.0,
         "an interval and what it is merged to");
  }
  const Exact<double> before(merged);
  Need(venn(score.Reversed(), won.Reversed()) && merged.SameBytes(before),
       "the same bits");
}

// ---- Scorecards -------------------------------------------------------------

struct Table {
  Table(Bytes* in, size_t rows)
      : n(rows),
        level(rows),
        value(Reals(in, rows)),
        missing(2 * rows),
        won(Outcomes(in, rows)) {
    for (uint32_t& code : level) code = in->Below(3);
    for (uint8_t& m : missing) m = in->Below(8) == 0 ? 1 : 0;
  }
  Table Reversed() const {
    Table other(*this);
    std::reverse(other.level.begin(), other.level.end());
    std::reverse(other.value.begin(), other.value.end());
    std::reverse(other.missing.begin(), other.missing.begin() + n);
    std::reverse(other.missing.begin() + n, other.missing.end());
    std::reverse(other.won.begin(), other.won.end());
    return other;
  }

  size_t n;
  Exact<uint32_t> level;
  Exact<double> value;
  Exact<uint8_t> missing;
  Exact<uint8_t> won;
};

bool FitCard(const Table& table, double l2, Exact<double>* out_of_fold,
             Exact<const fivek_scorecard*>* card) {
  fivek_score_table t = {};
  t.struct_size = sizeof t;
  t.level = table.level.get();
  t.value = table.value.get();
  t.missing = table.missing.get();
  t.won = table.won.get();
  fivek_score_options options = {};
  options.struct_size = sizeof options;
  options.bins = 3;
  options.from_day = INT32_MIN;
  options.as_of = INT32_MAX;
  options.l2 = l2;
  return Accepted(
      [&](double* forecasts, const fivek_scorecard** out, fivek_error* error) {
        return fivek_scorecard_fit(&t, 1, 1, table.n, &options, forecasts, out,
                                   error);
      },
      *out_of_fold, *card);
}

void AnswerCard(Bytes* in, const fivek_scorecard* card) {
  Exact<fivek_score_answer> answers(in->Rarely() ? in->Below(4) : 2);
  for (fivek_score_answer& answer : answers) {
    answer.value = in->Rarely() ? in->Take<double>() : in->Below(64) / 8.0 - 4;
    answer.level = in->Below(5);
    answer.missing = in->Rarely() ? 2 : in->Below(2);
  }
  auto score = Exact<int32_t>::Canary(1);
  auto estimate = Exact<fivek_estimate>::Canary(1);
  auto line = Exact<int32_t>::Canary(answers.size());
  auto points = Exact<int32_t>::Canary(answers.size());
  const bool said = Accepted(
      [&](int32_t* s, fivek_estimate* e, fivek_error* error) {
        return fivek_scorecard_predict(card, answers.get(), answers.size(), s,
                                       e, error);
      },
      score, estimate);
  Need(said == Accepted(
                   [&](int32_t* l, int32_t* p, fivek_error* error) {
                     return fivek_scorecard_explain(
                         card, answers.get(), answers.size(), l, p, error);
                   },
                   line, points),
       "what is said is explained");
  if (!said) return;
  int32_t sum = 0;
  for (size_t i = 0; i < answers.size(); ++i) {
    sum += points[i];
    auto of = SizedCanary<fivek_score_line>();
    Need(fivek_scorecard_line(card, static_cast<size_t>(line[i]), of.get(),
                              nullptr) == FIVEK_OK &&
             of[0].column == static_cast<int32_t>(i) &&
             of[0].points == points[i],
         "a part is a line of the card");
  }
  Need(sum == score[0], "points add up");
  Need(IsSound(estimate[0]), "a sound estimate");
}

// Many rows have the scores that each of them has.
void ScoreRows(const Table& table, const fivek_scorecard* card) {
  auto score = Exact<int32_t>::Canary(table.n);
  auto estimate = Exact<fivek_estimate>::Canary(table.n);
  Need(Accepted(
           [&](int32_t* s, fivek_estimate* e, fivek_error* error) {
             return fivek_scorecard_scores(
                 card, table.level.get(), table.value.get(),
                 table.missing.get(), 1, 1, table.n, s, e, error);
           },
           score, estimate),
       "the rows that it was fitted to have scores");
  for (size_t i = 0; i < table.n; ++i) {
    const fivek_score_answer answers[2] = {
        {0.0, table.level[i], table.missing[i]},
        {table.value[i], 0, table.missing[table.n + i]}};
    auto one = Exact<int32_t>::Canary(1);
    auto its = Exact<fivek_estimate>::Canary(1);
    Need(fivek_scorecard_predict(card, answers, 2, one.get(), its.get(),
                                 nullptr) == FIVEK_OK &&
             one[0] == score[i] &&
             std::memcmp(its.get(), &estimate[i], sizeof its[0]) == 0,
         "many rows are as one");
  }
  // Without the estimates, which are not asked for; and bad rows.
  auto again = Exact<int32_t>::Canary(table.n);
  Need(fivek_scorecard_scores(card, table.level.get(), table.value.get(),
                              table.missing.get(), 1, 1, table.n, again.get(),
                              nullptr, nullptr) == FIVEK_OK &&
           again.SameBytes(score),
       "scores alone");
  if (table.n == 0) return;
  table.missing[table.n - 1] = 2;
  Need(!Accepted(
           [&](int32_t* s, fivek_estimate* e, fivek_error* error) {
             return fivek_scorecard_scores(
                 card, table.level.get(), table.value.get(),
                 table.missing.get(), 1, 1, table.n, s, e, error);
           },
           score, estimate),
       "an answer is missing or not");
  table.missing[table.n - 1] = 0;
}

void Scorecard(Bytes* in, size_t n) {
  const Table table(in, n);
  const double l2 = in->Rarely() ? in->Take<double>() : in->Below(3);
  auto out_of_fold = Exact<double>::Canary(n);
  auto again = Exact<double>::Canary(n);
  Exact<const fivek_scorecard*> card(1);
  Exact<const fivek_scorecard*> other(1);
  const bool good = FitCard(table, l2, &out_of_fold, &card);
  Need(good == FitCard(table.Reversed(), l2, &again, &other),
       "good in any order");
  if (!good) return;
  const Exact<uint8_t> bytes = Written(fivek_scorecard_write, card[0]);
  Need(bytes.SameBytes(Written(fivek_scorecard_write, other[0])) &&
           out_of_fold.SameBytes(again.Reversed()),
       "the same bits");
  AnswerCard(in, card[0]);
  AnswerCard(in, card[0]);
  ScoreRows(table, card[0]);
  Exact<const fivek_scorecard*> read(1);
  Need(fivek_scorecard_read(bytes.get(), bytes.size(), read.get(), nullptr) ==
               FIVEK_OK &&
           bytes.SameBytes(Written(fivek_scorecard_write, read[0])),
       "what was written is read");
  for (const auto& handle : {card[0], other[0], read[0]}) {
    fivek_scorecard_release(handle);
  }
}

// ---- Evidence ---------------------------------------------------------------

void Evidence(Bytes* in, size_t n) {
  Exact<fivek_evidence_deal> deals(n);
  uint64_t id = 0;
  for (fivek_evidence_deal& deal : deals) {
    deal.id = id++;
    deal.ladder = in->Rarely() ? in->Take<double>() : (1 + in->Below(15)) / 16.;
    deal.closed_on = static_cast<int32_t>(in->Below(100));
    deal.known_on = deal.closed_on - static_cast<int32_t>(in->Below(9));
    if (in->Rarely()) deal.known_on = INT32_MAX;
    deal.stage = static_cast<uint8_t>(in->Below(in->Rarely() ? 9 : 7));
    for (uint8_t& p : deal.points) {
      const auto byte = in->Take<uint8_t>();
      p = byte < 32 ? FIVEK_UNKNOWN : byte == 0xEE ? 21 : byte % 21;
    }
    deal.won = static_cast<uint8_t>(in->Below(2));
    deal.reserved = in->Rarely() ? 1 : 0;
  }
  const auto fit = [&](const Exact<fivek_evidence_deal>& of,
                       Exact<double>* out_of_fold,
                       Exact<const fivek_evidence_model*>* model) {
    return Accepted(
        [&](double* forecasts, const fivek_evidence_model** out,
            fivek_error* error) {
          return fivek_evidence_fit(of.get(), n, 10, 90, forecasts, out, error);
        },
        *out_of_fold, *model);
  };
  auto out_of_fold = Exact<double>::Canary(n);
  auto again = Exact<double>::Canary(n);
  Exact<const fivek_evidence_model*> model(1);
  Exact<const fivek_evidence_model*> other(1);
  const bool good = fit(deals, &out_of_fold, &model);
  Need(good == fit(deals.Reversed(), &again, &other), "good in any order");
  if (!good) return;
  Need(out_of_fold.SameBytes(again.Reversed()), "the same bits");
  Exact<uint8_t> points(5);
  for (uint8_t& p : points) p = static_cast<uint8_t>(in->Below(23));
  const auto stage = static_cast<int32_t>(in->Below(9)) - 1;
  const double ladder = in->Below(17) / 16.0;
  const auto predict = [&](const fivek_evidence_model* of,
                           Exact<fivek_estimate>* estimate,
                           Exact<fivek_evidence_explanation>* why) {
    return Accepted(
        [&](fivek_estimate* e, fivek_evidence_explanation* w,
            fivek_error* error) {
          return fivek_evidence_predict(of, stage, ladder, points.get(), e, w,
                                        error);
        },
        *estimate, *why);
  };
  auto estimate = Exact<fivek_estimate>::Canary(1);
  auto estimate_again = Exact<fivek_estimate>::Canary(1);
  auto why = SizedCanary<fivek_evidence_explanation>();
  auto why_again = SizedCanary<fivek_evidence_explanation>();
  if (predict(model[0], &estimate, &why)) {
    Need(predict(other[0], &estimate_again, &why_again) &&
             estimate.SameBytes(estimate_again) && why.SameBytes(why_again),
         "both say the same");
    Need(IsSound(estimate[0]), "a sound estimate");
    int32_t sum = why[0].reference_ppm;
    for (const int32_t share : why[0].share_ppm) sum += share;
    Need(sum == why[0].probability_ppm, "shares add up");
  }
  fivek_evidence_release(model[0]);
  fivek_evidence_release(other[0]);
}

// Models that were fitted once: of deals of which the first dimension tells,
// and of too few deals.
const fivek_evidence_model* EvidenceOf(size_t n) {
  Exact<fivek_evidence_deal> deals(n);
  for (size_t i = 0; i < n; ++i) {
    fivek_evidence_deal& deal = deals[i];
    deal.id = i;
    deal.ladder = 0.5;
    deal.stage = static_cast<uint8_t>(i % 3);
    for (size_t k = 0; k < 5; ++k) {
      deal.points[k] = static_cast<uint8_t>((k + 1) * 37 * i % 21);
    }
    deal.won = deal.points[0] * 10 > (i * 61) % 197 ? 1 : 0;
  }
  const fivek_evidence_model* model = nullptr;
  Need(fivek_evidence_fit(deals.get(), n, 0, 0, nullptr, &model, nullptr) ==
           FIVEK_OK,
       "deals are fitted");
  auto info = SizedCanary<fivek_evidence_info>();
  Need(fivek_evidence_describe(model, info.get(), nullptr) == FIVEK_OK &&
           info[0].verdict ==
               (n < 50 ? FIVEK_COMPARED_TOO_FEW_ROWS : FIVEK_COMPARED_ADOPT),
       "what tells is adopted");
  return model;
}

// An estimate of the ladder, mostly a good one.
fivek_estimate LadderEstimate(Bytes* in) {
  double p[3];
  for (double& x : p) {
    x = in->Rarely() ? in->Take<double>() : in->Below(129) / 128.0;
  }
  if (in->Below(8) != 0) {
    if (p[1] > p[0]) std::swap(p[0], p[1]);
    if (p[2] < p[1]) std::swap(p[1], p[2]);
    if (p[1] < p[0]) std::swap(p[0], p[1]);
  }
  fivek_estimate ladder = {};
  ladder.low = p[0];
  ladder.value = p[1];
  ladder.high = p[2];
  ladder.effective_n = in->Rarely() ? in->Take<double>() : in->Below(99);
  ladder.source = static_cast<int32_t>(in->Below(in->Rarely() ? 6 : 4));
  ladder.reserved = in->Rarely() ? 1 : 0;
  return ladder;
}

// n does not matter.
void EvidenceFrom(Bytes* in, size_t) {
  static const fivek_evidence_model* const kAdopted = EvidenceOf(600);
  static const fivek_evidence_model* const kUntried = EvidenceOf(30);
  const bool adopted = in->Below(4) != 0;
  const fivek_evidence_model* const model = adopted ? kAdopted : kUntried;
  const auto stage = static_cast<int32_t>(in->Below(in->Rarely() ? 9 : 7));
  Exact<uint8_t> points(5);
  for (uint8_t& p : points) {
    p = in->Rarely() ? in->Take<uint8_t>()
                     : static_cast<uint8_t>(in->Below(22));
    if (p == 21) p = FIVEK_UNKNOWN;
  }
  Exact<fivek_estimate> ladder(1);
  ladder[0] = LadderEstimate(in);
  const auto from = [&](Exact<fivek_estimate>* estimate,
                        Exact<fivek_evidence_explanation>* why) {
    return Accepted(
        [&](fivek_estimate* e, fivek_evidence_explanation* w,
            fivek_error* error) {
          return fivek_evidence_predict_from(model, stage, ladder.get(),
                                             points.get(), e, w, error);
        },
        *estimate, *why);
  };
  auto estimate = Exact<fivek_estimate>::Canary(1);
  auto why = SizedCanary<fivek_evidence_explanation>();
  if (!from(&estimate, &why)) return;
  Need(IsSound(estimate[0]), "a sound estimate");
  auto alone = Exact<fivek_estimate>::Canary(1);
  auto why_alone = SizedCanary<fivek_evidence_explanation>();
  Need(fivek_evidence_predict(model, stage, ladder[0].value, points.get(),
                              alone.get(), why_alone.get(),
                              nullptr) == FIVEK_OK &&
           why.SameBytes(why_alone) && estimate[0].value == alone[0].value,
       "how sure the ladder is does not move the value");
  if (!adopted) {
    Need(estimate.SameBytes(ladder), "without a model it is the ladder");
    return;
  }
  Need(estimate[0].low <= alone[0].low + 1e-12 &&
           estimate[0].high >= alone[0].high - 1e-12 &&
           estimate[0].effective_n <= alone[0].effective_n &&
           estimate[0].effective_n <= ladder[0].effective_n,
       "of two that are uncertain one is not more certain");
  // A ladder that is exact adds nothing.
  ladder[0].low = ladder[0].high = ladder[0].value;
  ladder[0].effective_n = HUGE_VAL;
  Need(from(&estimate, &why) && estimate.SameBytes(alone), "as of a number");
}

void FiveK(Bytes* in, size_t) {
  Exact<uint8_t> points(5);
  for (uint8_t& p : points) {
    p = in->Rarely() ? in->Take<uint8_t>()
                     : static_cast<uint8_t>(in->Below(21));
  }
  auto five = SizedCanary<fivek_five_k>();
  if (!Accepted(
          [&](fivek_five_k* out, fivek_error* error) {
            return fivek_five_k_of(points.get(), out, error);
          },
          five)) {
    Need(*std::max_element(points.begin(), points.end()) > 20, "out of range");
    return;
  }
  const fivek_five_k& f = five[0];
  Need(0.0 <= f.product && f.product <= f.geometric_mean + 1e-12 &&
           f.geometric_mean <= f.arithmetic_mean + 1e-12 &&
           f.arithmetic_mean <= 1.0,
       "a product, and means above it");
  const uint8_t least = *std::min_element(points.begin(), points.end());
  Need((f.product == 0.0) == (least == 0), "any 0 is the end");
  Need(f.smoothed_product > 0.0 && f.smoothed_product <= 1.0, "never 0");
  double drag = 0.0;
  for (size_t k = 0; k < 5; ++k) {
    Need((f.weakest >> k & 1) == (points[k] == least ? 1U : 0U), "the weakest");
    Need(f.log_feature[k] <= 0.0 && f.drag_share[k] >= 0.0, "what is missing");
    drag += f.drag_share[k];
  }
  Need(least == 20 ? drag == 0.0 : drag > 1 - 1e-12 && drag < 1 + 1e-12,
       "shares of what is missing add up");
}

// ---- Forecasts set right ----------------------------------------------------

struct Forecasts {
  Exact<double> forecast;
  Exact<uint8_t> won;
  Exact<uint64_t> id;

  Forecasts Reversed() const {
    return {forecast.Reversed(), won.Reversed(), id.Reversed()};
  }
};

// Each row up to eight times, as steps begin at 200.
Forecasts ForecastsOf(Bytes* in, size_t n) {
  const size_t times = 1 + in->Below(8);
  Forecasts all = {Exact<double>(n * times), Exact<uint8_t>(n * times),
                   Exact<uint64_t>(n * times)};
  for (size_t i = 0; i < n; ++i) {
    const double forecast =
        in->Rarely() ? in->Take<double>() : in->Below(65) / 64.0;
    // How many of them were won; now and then what is no outcome.
    const auto won = in->Take<uint8_t>();
    for (size_t t = 0; t < times; ++t) {
      all.forecast[t * n + i] = forecast;
      all.won[t * n + i] = won == 0xEE ? 2 : (t < won % (times + 1) ? 1 : 0);
      all.id[t * n + i] = t * n + i;
    }
  }
  return all;
}

Exact<double> Applied(const fivek_recalibration* step,
                      const Exact<double>& to) {
  Exact<double> right(to);  // In place.
  Need(fivek_recalibration_apply(step, right.get(), right.size(), right.get(),
                                 nullptr) == FIVEK_OK,
       "forecasts are set right");
  return right;
}

void Recalibrate(Bytes* in, size_t n) {
  const Forecasts rows = ForecastsOf(in, n);
  const auto fit = [](const Forecasts& of,
                      Exact<const fivek_recalibration*>* step) {
    return Accepted(
        [&](const fivek_recalibration** out, fivek_error* error) {
          return fivek_recalibration_fit(of.forecast.get(), of.won.get(),
                                         of.id.get(), of.won.size(), out,
                                         error);
        },
        *step);
  };
  Exact<const fivek_recalibration*> step(1);
  Exact<const fivek_recalibration*> other(1);
  const bool good = fit(rows, &step);
  Need(good == fit(rows.Reversed(), &other), "good in any order");
  if (!good) return;
  const Exact<uint8_t> bytes = Written(fivek_recalibration_write, step[0]);
  Need(bytes.SameBytes(Written(fivek_recalibration_write, other[0])),
       "the same bits");
  Exact<const fivek_recalibration*> read(1);
  Need(fivek_recalibration_read(bytes.get(), bytes.size(), read.get(),
                                nullptr) == FIVEK_OK &&
           bytes.SameBytes(Written(fivek_recalibration_write, read[0])),
       "what was written is read");

  auto info = SizedCanary<fivek_recalibration_info>();
  Need(fivek_recalibration_describe(step[0], info.get(), nullptr) == FIVEK_OK,
       "it is described");
  const int32_t kind = info[0].kind;
  const bool adopted = info[0].verdict == FIVEK_COMPARED_ADOPT;
  Need(info[0].rows == static_cast<int64_t>(rows.won.size()) &&
           adopted == (kind != FIVEK_RECALIBRATION_IDENTITY) &&
           (!adopted || info[0].model_log_loss < info[0].base_log_loss),
       "what is adopted is better");

  Exact<double> grid(66);
  for (size_t i = 0; i < 65; ++i) grid[i] = static_cast<double>(i) / 64.0;
  grid[65] = 1.0;
  const Exact<double> right = Applied(step[0], grid);
  Need(right.SameBytes(Applied(read[0], grid)), "what is read says the same");
  for (size_t i = 0; i < right.size(); ++i) {
    Need(0.0 <= right[i] && right[i] <= 1.0, "a probability");
    Need(kind != FIVEK_RECALIBRATION_IDENTITY || right[i] == grid[i],
         "none changes nothing");
    Need(kind != FIVEK_RECALIBRATION_ISOTONIC || i == 0 ||
             right[i - 1] <= right[i],
         "steps rise");
    double one = -1.0;
    Need(fivek_recalibration_apply(step[0], &grid[i], 1, &one, nullptr) ==
                 FIVEK_OK &&
             one == right[i],
         "many are as one");
  }
  const auto wild = Reals(in, in->Below(6));
  auto out = Exact<double>::Canary(wild.size());
  Accepted(
      [&](double* to, fivek_error* error) {
        return fivek_recalibration_apply(step[0], wild.get(), wild.size(), to,
                                         error);
      },
      out);
  for (const auto& handle : {step[0], other[0], read[0]}) {
    fivek_recalibration_release(handle);
  }
}

// ---- Leads ------------------------------------------------------------------

struct Lead {
  uint32_t team, stage;
  Exact<uint32_t> value, tag;
  int32_t won;
};

Lead LeadOf(Bytes* in) {
  Lead lead = {in->Below(3), in->Below(in->Rarely() ? 6 : 4),
               Exact<uint32_t>(2), Exact<uint32_t>(in->Below(3)),
               static_cast<int32_t>(in->Below(2))};
  if (lead.team == 2) lead.team = FIVEK_PLS_NONE;
  for (uint32_t& v : lead.value)
    v = in->Rarely() ? FIVEK_PLS_NONE : in->Below(3);
  for (uint32_t& t : lead.tag) t = in->Below(3);
  return lead;
}

void Leads(Bytes* in, size_t n) {
  Exact<fivek_pls_compat*> forth(1);
  Exact<fivek_pls_compat*> back(1);
  for (const auto* pls : {&forth, &back}) {
    Need(fivek_pls_create(2, 4, 2, 0, pls->get(), nullptr) == FIVEK_OK,
         "it begins without leads");
  }
  const auto change = [](auto function, fivek_pls_compat* pls,
                         const Lead& lead) {
    fivek_error error = fivek::NewError();
    const fivek_status status =
        function(pls, lead.team, lead.stage, lead.value.get(), lead.tag.get(),
                 lead.tag.size(), lead.won, &error);
    fivek::NeedSaid(status, error);
    return status == FIVEK_OK;
  };
  std::vector<Lead> leads;
  for (size_t i = 0; i < n; ++i) leads.push_back(LeadOf(in));
  std::vector<bool> added;
  for (const Lead& lead : leads) {
    added.push_back(change(fivek_pls_add, forth[0], lead));
  }
  // Another order, with one that is taken back.
  const Lead more = LeadOf(in);
  const bool has_more = change(fivek_pls_add, back[0], more);
  for (size_t i = n; i-- > 0;) {
    Need(change(fivek_pls_add, back[0], leads[i]) == added[i],
         "a lead is good or not");
  }
  if (has_more) {
    Need(change(fivek_pls_remove, back[0], more), "what was added is removed");
  }
  const Lead ask = LeadOf(in);
  const auto say = [&](const fivek_pls_compat* pls, Exact<double>* percent,
                       Exact<double>* raw) {
    return Accepted(
        [&](double* p, double* r, fivek_error* error) {
          return fivek_pls_probability(pls, ask.team, ask.stage,
                                       ask.value.get(), ask.tag.get(),
                                       ask.tag.size(), p, r, error);
        },
        *percent, *raw);
  };
  auto percent = Exact<double>::Canary(1);
  auto raw = Exact<double>::Canary(1);
  auto percent_again = Exact<double>::Canary(1);
  auto raw_again = Exact<double>::Canary(1);
  const bool good = say(forth[0], &percent, &raw);
  Need(good == say(back[0], &percent_again, &raw_again), "of the same leads");
  Need(percent.SameBytes(percent_again) && raw.SameBytes(raw_again),
       "the same bits");
  if (good) Need(0.0 <= raw[0] && raw[0] <= 100.0, "a percentage");
  fivek_pls_release(forth[0]);
  fivek_pls_release(back[0]);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr void (*kModels[])(Bytes*, size_t) = {
      Logistic, Curves,       Scorecard, Evidence,
      Leads,    EvidenceFrom, FiveK,     Recalibrate};
  Bytes in(data, size);
  const uint32_t model = in.Below(sizeof kModels / sizeof kModels[0]);
  kModels[model](&in, in.Below(48));
  return 0;
}
