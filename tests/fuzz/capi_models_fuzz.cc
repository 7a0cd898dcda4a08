// Any rows to learn from: refused with a reason and nothing changed, or a model
// that is the same for the rows in another order and whose parts add up.
//
// Input: 1 byte of the model, 1 of the rows, then values.
#include <algorithm>
#include <cstddef>
#include <cstdint>
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

Exact<uint8_t> Written(const fivek_scorecard* card) {
  size_t needed = 0;
  Need(fivek_scorecard_write(card, nullptr, 0, &needed, nullptr) == FIVEK_OK,
       "the length is given");
  Exact<uint8_t> bytes(needed);
  Need(fivek_scorecard_write(card, bytes.get(), needed, &needed, nullptr) ==
           FIVEK_OK,
       "exactly enough is enough");
  return bytes;
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
  const Exact<uint8_t> bytes = Written(card[0]);
  Need(bytes.SameBytes(Written(other[0])) &&
           out_of_fold.SameBytes(again.Reversed()),
       "the same bits");
  AnswerCard(in, card[0]);
  AnswerCard(in, card[0]);
  Exact<const fivek_scorecard*> read(1);
  Need(fivek_scorecard_read(bytes.get(), bytes.size(), read.get(), nullptr) ==
               FIVEK_OK &&
           bytes.SameBytes(Written(read[0])),
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
  constexpr void (*kModels[])(Bytes*, size_t) = {Logistic, Curves, Scorecard,
                                                 Evidence, Leads};
  Bytes in(data, size);
  const uint32_t model = in.Below(sizeof kModels / sizeof kModels[0]);
  kModels[model](&in, in.Below(48));
  return 0;
}
