// The golden vectors of purchases, RFM and lifetime values, through the C
// interface and nothing but it.
#include <cstdint>
#include <string>
#include <vector>

#include "capi/fivek.h"
#include "tests/capi/golden_call.h"

namespace fivek {
namespace {

using Json = GoldenJson;

Json PurchasesSummarize(const Json& input) {
  std::vector<uint64_t> customer;
  for (const Json& id : input.at("customer")) customer.push_back(Uint64Of(id));
  const auto day = Numbers<int32_t>(input, "day");
  const auto amount = Numbers<int64_t>(input, "amount");
  int64_t rows_after = 0;
  Failure failure;
  std::vector<fivek_customer_purchases> list;
  const int status = TakeList(
      [&](fivek_customer_purchases* out, size_t cap, size_t* count) {
        return fivek_purchases_summarize(
            Start(customer), Start(day), Start(amount), day.size(),
            input.at("as_of"), out, cap, count, &rows_after, failure.get());
      },
      &list);
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json customers = Json::array();
  for (const fivek_customer_purchases& c : list) {
    customers.push_back({std::to_string(c.customer), c.orders, c.credits,
                         c.purchase_days, Text(c.total), Text(c.repeat_total),
                         c.first_day, c.last_day, c.recency, c.age});
  }
  return Result(0, {{"customers", customers}, {"rows_after", rows_after}});
}

Json RankScore(const Json& input) {
  const auto value = Numbers<int64_t>(input, "value");
  std::vector<uint8_t> score(value.size());
  std::vector<fivek_rank_class> list;
  Failure failure;
  const int status = TakeList(
      [&](fivek_rank_class* out, size_t cap, size_t* count) {
        return fivek_rank_score(Start(value), value.size(), input.at("classes"),
                                Start(score), out, cap, count, failure.get());
      },
      &list);
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json classes = Json::array();
  for (const fivek_rank_class& c : list) {
    EXPECT_EQ(c.reserved, 0U);
    classes.push_back({c.score, Text(c.lowest), Text(c.highest), c.customers});
  }
  return Result(0, {{"score", score}, {"classes", classes}});
}

Json RfmScore(const Json& input) {
  const auto last = Numbers<int32_t>(input, "last_day");
  const auto frequency = Numbers<int64_t>(input, "frequency");
  const auto money = Numbers<int64_t>(input, "money");
  auto options = Sized<fivek_rfm_options>();
  options.as_of = input.at("as_of");
  options.recency_classes = input.at("classes")[0];
  options.frequency_classes = input.at("classes")[1];
  options.money_classes = input.at("classes")[2];
  std::vector<uint8_t> r(last.size());
  std::vector<uint8_t> f(last.size());
  std::vector<uint8_t> m(last.size());
  Failure failure;
  const int status =
      fivek_rfm_score(Start(last), Start(frequency), Start(money), last.size(),
                      &options, Start(r), Start(f), Start(m), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"recency", r}, {"frequency", f}, {"money", m}});
}

Json SegmentsOf(const Json& input) {
  const auto r = Numbers<uint8_t>(input, "recency");
  const auto f = Numbers<uint8_t>(input, "frequency");
  const auto m = Numbers<uint8_t>(input, "money");
  std::vector<fivek_rfm_rule> rules;
  auto options = Sized<fivek_rfm_segment_options>();
  const bool own = input.contains("rules");
  if (own) {
    for (const Json& x : input.at("rules")) {
      rules.push_back({x[0], x[1], x[2], x[3], x[4], x[5], x[6], 0});
    }
    options.axes = input.at("axes");
    options.recency_classes = input.at("classes")[0];
    options.frequency_classes = input.at("classes")[1];
    options.money_classes = input.at("classes")[2];
    options.never_bought = input.at("never_bought");
  }
  std::vector<uint8_t> segment(r.size());
  Failure failure;
  const int status = fivek_rfm_segments(
      Start(r), Start(f), Start(m), r.size(), own ? Start(rules) : nullptr,
      rules.size(), own ? &options : nullptr, Start(segment), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"segment", segment}});
}

fivek_bg_nbd BgNbdOf(const Json& m) { return {m[0], m[1], m[2], m[3]}; }
fivek_gamma_gamma GammaGammaOf(const Json& m) { return {m[0], m[1], m[2]}; }

struct Histories {
  explicit Histories(const Json& input)
      : frequency(Numbers<int64_t>(input, "frequency")),
        recency(Reals(input, "recency")),
        age(Reals(input, "age")) {}
  std::vector<int64_t> frequency;
  std::vector<double> recency, age;
};

Json FitJson(const std::vector<double>& model,
             const fivek_fit_quality& quality) {
  return Result(0,
                {{"model", model},
                 {"standard_error",
                  std::vector<double>(quality.standard_error,
                                      quality.standard_error + model.size())},
                 {"log_likelihood", quality.log_likelihood},
                 {"customers", quality.customers},
                 {"repeaters", quality.repeaters}});
}

Json BgNbdFitOf(const Json& input) {
  const Histories h(input);
  fivek_bg_nbd m = {};
  auto quality = Sized<fivek_fit_quality>();
  Failure failure;
  const int status =
      fivek_bg_nbd_fit(Start(h.frequency), Start(h.recency), Start(h.age),
                       h.age.size(), &m, &quality, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return FitJson({m.r, m.alpha, m.a, m.b}, quality);
}

Json BgNbdLog(const Json& input) {
  const Histories h(input);
  const fivek_bg_nbd model = BgNbdOf(input.at("model"));
  std::vector<double> out(h.age.size());
  Failure failure;
  const int status = fivek_bg_nbd_log_likelihood(
      &model, Start(h.frequency), Start(h.recency), Start(h.age), h.age.size(),
      Start(out), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"out", out}});
}

Json BgNbdPredict(const Json& input) {
  const Histories h(input);
  const fivek_bg_nbd model = BgNbdOf(input.at("model"));
  std::vector<fivek_outlook> out(h.age.size());
  Failure failure;
  const int status = fivek_bg_nbd_predict(
      &model, Start(h.frequency), Start(h.recency), Start(h.age), h.age.size(),
      input.at("horizon"), Start(out), nullptr, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json fields;
  for (const fivek_outlook& o : out) {
    EXPECT_EQ(o.reserved, 0U);
    fields["alive"].push_back(o.alive);
    fields["expected"].push_back(o.expected);
    fields["since"].push_back(o.since);
    fields["gap"].push_back(o.gap);
    fields["waits"].push_back(o.waits);
    fields["due"].push_back(o.due);
  }
  return Result(0, fields);
}

Json BgNbdExpectNew(const Json& input) {
  const fivek_bg_nbd model = BgNbdOf(input.at("model"));
  double expected = 0.0;
  Failure failure;
  const int status = fivek_bg_nbd_expect_new(&model, input.at("horizon"),
                                             &expected, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"expected", expected}});
}

Json GammaGammaFitOf(const Json& input) {
  const auto frequency = Numbers<int64_t>(input, "frequency");
  const auto mean = Reals(input, "mean_value");
  fivek_gamma_gamma m = {};
  auto quality = Sized<fivek_fit_quality>();
  Failure failure;
  const int status = fivek_gamma_gamma_fit(
      Start(frequency), Start(mean), mean.size(), &m, &quality, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return FitJson({m.p, m.q, m.v}, quality);
}

template <typename Call>
Json OfSpends(const Json& input, const Call& call) {
  const fivek_gamma_gamma model = GammaGammaOf(input.at("model"));
  const auto frequency = Numbers<int64_t>(input, "frequency");
  const auto mean = Reals(input, "mean_value");
  std::vector<double> values(mean.size());
  Failure failure;
  const int status = call(&model, Start(frequency), Start(mean), mean.size(),
                          Start(values), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json out = Json::array();
  for (const double value : values) out.push_back(RealJson(value));
  return Result(0, {{"out", out}});
}

Json GammaGammaLog(const Json& input) {
  return OfSpends(input, fivek_gamma_gamma_log_likelihood);
}

Json GammaGammaPredict(const Json& input) {
  return OfSpends(
      input, [](const fivek_gamma_gamma* model, const int64_t* frequency,
                const double* mean, size_t n, double* out, fivek_error* error) {
        return fivek_gamma_gamma_predict(model, frequency, mean, n, out,
                                         nullptr, error);
      });
}

Json LifetimeValues(const Json& input) {
  const Histories h(input);
  const fivek_bg_nbd model = BgNbdOf(input.at("model"));
  const auto each = Reals(input, "value_per_order");
  auto options = Sized<fivek_lifetime_options>();
  options.months = input.at("months");
  options.monthly_discount = input.at("monthly_discount");
  options.month = input.at("month");
  std::vector<double> out(each.size());
  Failure failure;
  const int status = fivek_lifetime_value(
      &model, Start(h.frequency), Start(h.recency), Start(h.age), Start(each),
      each.size(), &options, Start(out), nullptr, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"out", out}});
}

}  // namespace

GoldenFunctions CustomersFunctions() {
  return {
      {"fivek_purchases_summarize", PurchasesSummarize},
      {"fivek_rank_score", RankScore},
      {"fivek_rfm_score", RfmScore},
      {"fivek_rfm_segments", SegmentsOf},
      {"fivek_bg_nbd_fit", BgNbdFitOf},
      {"fivek_bg_nbd_log_likelihood", BgNbdLog},
      {"fivek_bg_nbd_predict", BgNbdPredict},
      {"fivek_bg_nbd_expect_new", BgNbdExpectNew},
      {"fivek_gamma_gamma_fit", GammaGammaFitOf},
      {"fivek_gamma_gamma_log_likelihood", GammaGammaLog},
      {"fivek_gamma_gamma_predict", GammaGammaPredict},
      {"fivek_lifetime_value", LifetimeValues},
  };
}

}  // namespace fivek
