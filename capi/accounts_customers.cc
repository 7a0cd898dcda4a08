// The C functions of ../include/fivek/accounts/{purchases,rfm,
// lifetime_value}.h.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "capi/barrier.h"
#include "capi/fivek.h"
#include "capi/learning_checks.h"
#include "capi/list_out.h"
#include "capi/sized_struct.h"
#include "fivek/accounts/lifetime_value.h"
#include "fivek/accounts/purchases.h"
#include "fivek/accounts/rfm.h"
#include "src/accounts/lifetime_checks.h"

using fivek::BuyerHistory;
using fivek::Reason;
using fivek::capi::CheckRows;
using fivek::capi::CheckStruct;
using fivek::capi::Give;
using fivek::capi::Given;
using fivek::capi::Guard;
using fivek::capi::Report;
using fivek::capi::SameBytes;
using fivek::capi::WriteList;

// ---- Purchases --------------------------------------------------------------

fivek_status fivek_purchases_summarize(
    const uint64_t* customer, const int32_t* day, const int64_t* amount,
    size_t n, int32_t as_of, fivek_customer_purchases* out, size_t cap,
    size_t* count, int64_t* rows_after, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(customer);
    FIVEK_NOT_NULL(day);
    FIVEK_NOT_NULL(amount);
    FIVEK_LIST_NOT_NULL(out, cap, count);
    FIVEK_NOT_NULL(rows_after);
    const fivek_status fits = CheckRows(n, error);
    if (fits != FIVEK_OK) return fits;
    const auto summary = fivek::SummarizePurchases(
        {{customer, n}, {day, n}, {amount, n}}, as_of);
    if (!summary.ok()) return Report(summary.status(), error);
    std::vector<fivek_customer_purchases> list;
    list.reserve(summary->customers.size());
    for (const fivek::CustomerPurchases& c : summary->customers) {
      list.push_back({c.customer, c.orders, c.credits, c.purchase_days, c.total,
                      c.repeat_total, c.first_day, c.last_day, c.recency,
                      c.age});
    }
    const fivek_status written = WriteList(list, out, cap, count, error);
    if (written == FIVEK_OK) *rows_after = summary->rows_after;
    return written;
  });
}

// ---- RFM --------------------------------------------------------------------

namespace {

int32_t ClassesOr5(int32_t classes) {
  return classes == 0 ? fivek::kDefaultRfmClasses : classes;
}

// The rules of a caller, or the built-in ones.
absl::StatusOr<fivek::RfmSegments> SegmentsOf(
    const fivek_rfm_rule* rules, size_t rule_count,
    const fivek_rfm_segment_options* given) {
  if (rules == nullptr) return fivek::RfmSegments::Default();
  fivek::RfmSegmentOptions options;
  if (given != nullptr) {
    const fivek_rfm_segment_options from = Given(*given);
    if (from.axes != FIVEK_AXES_EACH && from.axes != FIVEK_AXES_MEAN) {
      return fivek::Refuse(
          Reason::kUnknownCode,
          absl::StrCat("axes ", from.axes, "; allowed: 0 and 1"));
    }
    options.axes = static_cast<fivek::RfmAxes>(from.axes);
    options.recency_classes = ClassesOr5(from.recency_classes);
    options.frequency_classes = ClassesOr5(from.frequency_classes);
    options.money_classes = ClassesOr5(from.money_classes);
    options.never_bought = from.never_bought;
  }
  std::vector<fivek::RfmRule> list;
  // So many are refused, and not read.
  const size_t known = rule_count <= 255 ? rule_count : 0;
  for (size_t i = 0; i < known; ++i) {
    const fivek_rfm_rule& r = rules[i];
    if (r.reserved != 0) {
      return fivek::Refuse(Reason::kReservedNotZero,
                           "rules.reserved is not zero",
                           {static_cast<int64_t>(i), -1});
    }
    list.push_back({r.segment,
                    {r.recency_low, r.recency_high},
                    {r.frequency_low, r.frequency_high},
                    {r.money_low, r.money_high}});
  }
  if (known != rule_count) {
    return fivek::Refuse(
        Reason::kValueRange,
        absl::StrCat("rule_count ", rule_count, "; allowed: 1 to 255"));
  }
  return fivek::RfmSegments::FromRules(list, options);
}

}  // namespace

fivek_status fivek_rank_score(const int64_t* value, size_t n, int32_t classes,
                              uint8_t* score, fivek_rank_class* list,
                              size_t cap, size_t* count, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(value);
    FIVEK_NOT_NULL(score);
    FIVEK_LIST_NOT_NULL(list, cap, count);
    const fivek_status fits = CheckRows(n, error);
    if (fits != FIVEK_OK) return fits;
    const auto scores = fivek::ScoreByRank({value, n}, classes);
    if (!scores.ok()) return Report(scores.status(), error);
    std::vector<fivek_rank_class> made;
    made.reserve(scores->classes.size());
    for (const fivek::RankClass& c : scores->classes) {
      made.push_back({c.lowest, c.highest, c.customers, c.score, 0});
    }
    const fivek_status written = WriteList(made, list, cap, count, error);
    if (written != FIVEK_OK) return written;
    std::copy(scores->score.begin(), scores->score.end(), score);
    return FIVEK_OK;
  });
}

fivek_status fivek_rfm_score(const int32_t* last_day, const int64_t* frequency,
                             const int64_t* money, size_t n,
                             const fivek_rfm_options* options,
                             uint8_t* recency_score, uint8_t* frequency_score,
                             uint8_t* money_score, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(last_day);
    FIVEK_NOT_NULL(frequency);
    FIVEK_NOT_NULL(money);
    fivek_status fits = CheckStruct(options, "options", error);
    if (fits != FIVEK_OK) return fits;
    FIVEK_NOT_NULL(recency_score);
    FIVEK_NOT_NULL(frequency_score);
    FIVEK_NOT_NULL(money_score);
    fits = CheckRows(n, error);
    if (fits != FIVEK_OK) return fits;
    const fivek_rfm_options given = Given(*options);
    if (given.reserved != 0) {
      return Report(Reason::kReservedNotZero, "options.reserved is not zero",
                    error);
    }
    const auto scores = fivek::ScoreRfm(
        {{last_day, n}, {frequency, n}, {money, n}},
        {given.as_of, ClassesOr5(given.recency_classes),
         ClassesOr5(given.frequency_classes), ClassesOr5(given.money_classes)});
    if (!scores.ok()) return Report(scores.status(), error);
    const std::pair<const fivek::RankScores*, uint8_t*> axes[] = {
        {&scores->recency, recency_score},
        {&scores->frequency, frequency_score},
        {&scores->money, money_score}};
    for (const auto& [from, to] : axes) {
      std::copy(from->score.begin(), from->score.end(), to);
    }
    return FIVEK_OK;
  });
}

fivek_status fivek_rfm_segments(const uint8_t* recency,
                                const uint8_t* frequency, const uint8_t* money,
                                size_t n, const fivek_rfm_rule* rules,
                                size_t rule_count,
                                const fivek_rfm_segment_options* options,
                                uint8_t* segment, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(recency);
    FIVEK_NOT_NULL(frequency);
    FIVEK_NOT_NULL(money);
    FIVEK_ALIGNED(rules);
    FIVEK_NOT_NULL(segment);
    if (options != nullptr) {
      const fivek_status fits = CheckStruct(options, "options", error);
      if (fits != FIVEK_OK) return fits;
    }
    const fivek_status fits = CheckRows(n, error);
    if (fits != FIVEK_OK) return fits;
    const auto segments = SegmentsOf(rules, rule_count, options);
    if (!segments.ok()) return Report(segments.status(), error);
    return Report(segments->Assign({recency, n}, {frequency, n}, {money, n},
                                   {segment, n}),
                  error);
  });
}

// ---- Lifetime value ---------------------------------------------------------

namespace {

fivek_fit_quality QualityOut(const fivek::FitQuality& quality,
                             absl::Span<const fivek::FittedParameter> all) {
  fivek_fit_quality out = {};
  out.steps = quality.steps;
  out.customers = quality.customers;
  out.repeaters = quality.repeaters;
  out.log_likelihood = quality.log_likelihood;
  out.gradient = quality.gradient;
  for (size_t i = 0; i < all.size(); ++i) {
    out.standard_error[i] = all[i].standard_error;
    out.low[i] = all[i].low;
    out.high[i] = all[i].high;
  }
  return out;
}

// NULL is allowed.
fivek_status CheckQuality(const fivek_fit_quality* quality,
                          fivek_error* error) {
  if (quality == nullptr) return FIVEK_OK;
  return CheckStruct(quality, "quality", error);
}

// Fills `out` with what `one` makes of each row that `check` allows. Without a
// row_status the first bad row ends it, before memory is taken.
template <typename Result, typename Check, typename One>
fivek_status ForEachRow(size_t n, const Check& check, const One& one,
                        Result* out, fivek_status* row_status,
                        fivek_error* error) {
  const fivek_status fits = CheckRows(n, error);
  if (fits != FIVEK_OK) return fits;
  if (row_status == nullptr) {
    for (size_t i = 0; i < n; ++i) {
      const absl::Status allowed = check(i);
      if (!allowed.ok()) return Report(allowed, error);
    }
  }
  std::vector<Result> results(n);
  std::vector<fivek_status> statuses(row_status == nullptr ? 0 : n);
  for (size_t i = 0; i < n; ++i) {
    const absl::Status allowed = check(i);
    if (allowed.ok()) {
      const fivek_status made = one(i, &results[i]);
      if (made != FIVEK_OK) return made;
    } else {
      statuses[i] = static_cast<fivek_status>(allowed.code());
    }
  }
  std::copy(results.begin(), results.end(), out);
  if (row_status != nullptr) {
    std::copy(statuses.begin(), statuses.end(), row_status);
  }
  return FIVEK_OK;
}

// What a function says of one row, once the row is allowed.
template <typename Result>
fivek_status Take(const absl::StatusOr<Result>& from, Result* to,
                  fivek_error* error) {
  if (!from.ok()) return Report(from.status(), error);
  *to = *from;
  return FIVEK_OK;
}

}  // namespace

fivek_status fivek_bg_nbd_fit(const int64_t* frequency, const double* recency,
                              const double* age, size_t n, fivek_bg_nbd* model,
                              fivek_fit_quality* quality, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(frequency);
    FIVEK_NOT_NULL(recency);
    FIVEK_NOT_NULL(age);
    FIVEK_NOT_NULL(model);
    fivek_status fits = CheckQuality(quality, error);
    if (fits == FIVEK_OK) fits = CheckRows(n, error);
    if (fits != FIVEK_OK) return fits;
    const auto fit = fivek::FitBgNbd({{frequency, n}, {recency, n}, {age, n}});
    if (!fit.ok()) return Report(fit.status(), error);
    *model = SameBytes<fivek_bg_nbd>(fit->model);
    if (quality != nullptr) {
      Give(QualityOut(fit->quality, {fit->r, fit->alpha, fit->a, fit->b}),
           quality);
    }
    return FIVEK_OK;
  });
}

fivek_status fivek_bg_nbd_log_likelihood(const fivek_bg_nbd* model,
                                         const int64_t* frequency,
                                         const double* recency,
                                         const double* age, size_t n,
                                         double* out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(model);
    FIVEK_NOT_NULL(frequency);
    FIVEK_NOT_NULL(recency);
    FIVEK_NOT_NULL(age);
    FIVEK_NOT_NULL(out);
    const auto bg_nbd = SameBytes<fivek::BgNbd>(*model);
    const absl::Status allowed = fivek::CheckModel(bg_nbd);
    if (!allowed.ok()) return Report(allowed, error);
    const auto at = [&](size_t i) {
      return BuyerHistory{frequency[i], recency[i], age[i]};
    };
    return ForEachRow(
        n,
        [&](size_t i) {
          return fivek::CheckHistory(at(i), static_cast<int64_t>(i));
        },
        [&](size_t i, double* to) {
          return Take(fivek::LogLikelihoodOf(bg_nbd, at(i)), to, error);
        },
        out, nullptr, error);
  });
}

fivek_status fivek_bg_nbd_predict(const fivek_bg_nbd* model,
                                  const int64_t* frequency,
                                  const double* recency, const double* age,
                                  size_t n, double horizon, fivek_outlook* out,
                                  fivek_status* row_status,
                                  fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(model);
    FIVEK_NOT_NULL(frequency);
    FIVEK_NOT_NULL(recency);
    FIVEK_NOT_NULL(age);
    FIVEK_NOT_NULL(out);
    FIVEK_ALIGNED(row_status);
    const auto bg_nbd = SameBytes<fivek::BgNbd>(*model);
    // Model and horizon, of which no row is.
    const auto allowed = fivek::OutlookOf(bg_nbd, {}, horizon);
    if (!allowed.ok()) return Report(allowed.status(), error);
    const auto at = [&](size_t i) {
      return BuyerHistory{frequency[i], recency[i], age[i]};
    };
    return ForEachRow(
        n,
        [&](size_t i) {
          return fivek::CheckHistory(at(i), static_cast<int64_t>(i));
        },
        [&](size_t i, fivek_outlook* to) {
          const auto o = fivek::OutlookOf(bg_nbd, at(i), horizon);
          if (!o.ok()) return Report(o.status(), error);
          *to = {o->alive, o->expected, o->since,
                 o->gap,   o->waits,    static_cast<int32_t>(o->due),
                 0};
          return FIVEK_OK;
        },
        out, row_status, error);
  });
}

fivek_status fivek_bg_nbd_expect_new(const fivek_bg_nbd* model, double horizon,
                                     double* expected, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(model);
    FIVEK_NOT_NULL(expected);
    return Take(fivek::ExpectedOfNew(SameBytes<fivek::BgNbd>(*model), horizon),
                expected, error);
  });
}

fivek_status fivek_gamma_gamma_fit(const int64_t* frequency,
                                   const double* mean_value, size_t n,
                                   fivek_gamma_gamma* model,
                                   fivek_fit_quality* quality,
                                   fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(frequency);
    FIVEK_NOT_NULL(mean_value);
    FIVEK_NOT_NULL(model);
    fivek_status fits = CheckQuality(quality, error);
    if (fits == FIVEK_OK) fits = CheckRows(n, error);
    if (fits != FIVEK_OK) return fits;
    const auto fit = fivek::FitGammaGamma({{frequency, n}, {mean_value, n}});
    if (!fit.ok()) return Report(fit.status(), error);
    *model = SameBytes<fivek_gamma_gamma>(fit->model);
    if (quality != nullptr) {
      Give(QualityOut(fit->quality, {fit->p, fit->q, fit->v}), quality);
    }
    return FIVEK_OK;
  });
}

fivek_status fivek_gamma_gamma_log_likelihood(const fivek_gamma_gamma* model,
                                              const int64_t* frequency,
                                              const double* mean_value,
                                              size_t n, double* out,
                                              fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(model);
    FIVEK_NOT_NULL(frequency);
    FIVEK_NOT_NULL(mean_value);
    FIVEK_NOT_NULL(out);
    const auto gamma = SameBytes<fivek::GammaGamma>(*model);
    const absl::Status allowed = fivek::CheckModel(gamma);
    if (!allowed.ok()) return Report(allowed, error);
    return ForEachRow(
        n,
        [&](size_t i) -> absl::Status {
          const auto row = static_cast<int64_t>(i);
          // Without a purchase there is no mean to be likely.
          const auto one =
              fivek::LogLikelihoodOf(gamma, frequency[i], mean_value[i]);
          absl::Status fits =
              fivek::CheckSpend(frequency[i], mean_value[i], row);
          return fits.ok() ? fivek::AtRow(one.status(), {row, 0}) : fits;
        },
        [&](size_t i, double* to) {
          return Take(
              fivek::LogLikelihoodOf(gamma, frequency[i], mean_value[i]), to,
              error);
        },
        out, nullptr, error);
  });
}

fivek_status fivek_gamma_gamma_predict(const fivek_gamma_gamma* model,
                                       const int64_t* frequency,
                                       const double* mean_value, size_t n,
                                       double* out, fivek_status* row_status,
                                       fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(model);
    FIVEK_NOT_NULL(frequency);
    FIVEK_NOT_NULL(mean_value);
    FIVEK_NOT_NULL(out);
    FIVEK_ALIGNED(row_status);
    const auto gamma = SameBytes<fivek::GammaGamma>(*model);
    const absl::Status allowed = fivek::CheckModel(gamma);
    if (!allowed.ok()) return Report(allowed, error);
    return ForEachRow(
        n,
        [&](size_t i) {
          return fivek::CheckSpend(frequency[i], mean_value[i],
                                   static_cast<int64_t>(i));
        },
        [&](size_t i, double* to) {
          return Take(fivek::ExpectedValue(gamma, frequency[i], mean_value[i]),
                      to, error);
        },
        out, row_status, error);
  });
}

fivek_status fivek_lifetime_value(const fivek_bg_nbd* model,
                                  const int64_t* frequency,
                                  const double* recency, const double* age,
                                  const double* value_per_order, size_t n,
                                  const fivek_lifetime_options* options,
                                  double* out, fivek_status* row_status,
                                  fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(model);
    FIVEK_NOT_NULL(frequency);
    FIVEK_NOT_NULL(recency);
    FIVEK_NOT_NULL(age);
    FIVEK_NOT_NULL(value_per_order);
    FIVEK_NOT_NULL(out);
    FIVEK_ALIGNED(row_status);
    fivek::LifetimeOptions how;
    if (options != nullptr) {
      const fivek_status fits = CheckStruct(options, "options", error);
      if (fits != FIVEK_OK) return fits;
      const fivek_lifetime_options given = Given(*options);
      how = {given.months, given.monthly_discount, given.month};
    }
    const auto bg_nbd = SameBytes<fivek::BgNbd>(*model);
    // Model and options, of which no row is.
    const auto allowed = fivek::LifetimeValue(bg_nbd, {}, 0.0, how);
    if (!allowed.ok()) return Report(allowed.status(), error);
    const auto at = [&](size_t i) {
      return BuyerHistory{frequency[i], recency[i], age[i]};
    };
    return ForEachRow(
        n,
        [&](size_t i) {
          absl::Status fits =
              fivek::CheckHistory(at(i), static_cast<int64_t>(i));
          if (!fits.ok() || value_per_order[i] >= 0.0) return fits;
          return fivek::Refuse(
              Reason::kValueRange,
              absl::StrCat("value_per_order ", value_per_order[i],
                           "; allowed: 0 or more"),
              {static_cast<int64_t>(i), 3});
        },
        [&](size_t i, double* to) {
          return Take(
              fivek::LifetimeValue(bg_nbd, at(i), value_per_order[i], how), to,
              error);
        },
        out, row_status, error);
  });
}
