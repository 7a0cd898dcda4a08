// The golden vectors of purchases, RFM and lifetime values, through the C++
// interface.
#include <cstdint>
#include <string>
#include <vector>

#include "fivek/accounts/lifetime_value.h"
#include "fivek/accounts/purchases.h"
#include "fivek/accounts/rfm.h"
#include "fivek/base/reason.h"
#include "tests/golden/golden_answer.h"
#include "tests/golden/golden_input.h"

namespace fivek {
namespace {

using Json = GoldenJson;

// Of a function of one row, which does not know which it is, the row and the
// column that the table's function says.
Json RefusedIn(const absl::StatusOr<BgNbdFit>& table, size_t row,
               const absl::Status& status) {
  const Where at = WhereOf(table.status());
  EXPECT_EQ(at.row, static_cast<int64_t>(row));
  return RefusedAt(static_cast<int>(status.code()),
                   {static_cast<int64_t>(row), at.column});
}

Json PurchasesSummarize(const Json& input) {
  std::vector<uint64_t> customer;
  for (const Json& id : input.at("customer")) customer.push_back(Uint64Of(id));
  const auto day = Numbers<int32_t>(input, "day");
  const auto amount = Numbers<int64_t>(input, "amount");
  const auto summary =
      SummarizePurchases({customer, day, amount}, input.at("as_of"));
  if (!summary.ok()) return Refused(summary.status());
  Json customers = Json::array();
  for (const CustomerPurchases& c : summary->customers) {
    customers.push_back({std::to_string(c.customer), c.orders, c.credits,
                         c.purchase_days, Text(c.total), Text(c.repeat_total),
                         c.first_day, c.last_day, c.recency, c.age});
  }
  return Result(
      0, {{"customers", customers}, {"rows_after", summary->rows_after}});
}

Json RankScore(const Json& input) {
  const auto scores =
      ScoreByRank(Numbers<int64_t>(input, "value"), input.at("classes"));
  if (!scores.ok()) return Refused(scores.status());
  Json classes = Json::array();
  for (const RankClass& c : scores->classes) {
    classes.push_back({c.score, Text(c.lowest), Text(c.highest), c.customers});
  }
  return Result(0, {{"score", scores->score}, {"classes", classes}});
}

Json RfmScore(const Json& input) {
  const auto last = Numbers<int32_t>(input, "last_day");
  const auto frequency = Numbers<int64_t>(input, "frequency");
  const auto money = Numbers<int64_t>(input, "money");
  const Json& classes = input.at("classes");
  const auto scores =
      ScoreRfm({last, frequency, money},
               {input.at("as_of"), classes[0], classes[1], classes[2]});
  if (!scores.ok()) return Refused(scores.status());
  return Result(0, {{"recency", scores->recency.score},
                    {"frequency", scores->frequency.score},
                    {"money", scores->money.score}});
}

Json SegmentsOf(const Json& input) {
  absl::StatusOr<RfmSegments> segments = RfmSegments::Default();
  if (input.contains("rules")) {
    std::vector<RfmRule> rules;
    for (const Json& r : input.at("rules")) {
      rules.push_back({r[0], {r[1], r[2]}, {r[3], r[4]}, {r[5], r[6]}});
    }
    const Json& classes = input.at("classes");
    segments = RfmSegments::FromRules(
        rules, {static_cast<RfmAxes>(input.at("axes").get<int>()), classes[0],
                classes[1], classes[2], input.at("never_bought")});
  }
  if (!segments.ok()) return Refused(segments.status());
  const auto recency = Numbers<uint8_t>(input, "recency");
  std::vector<uint8_t> segment(recency.size());
  const absl::Status status = segments->Assign(
      recency, Numbers<uint8_t>(input, "frequency"),
      Numbers<uint8_t>(input, "money"), absl::MakeSpan(segment));
  if (!status.ok()) return Refused(status);
  return Result(0, {{"segment", segment}});
}

BgNbd BgNbdOf(const Json& m) { return {m[0], m[1], m[2], m[3]}; }
GammaGamma GammaGammaOf(const Json& m) { return {m[0], m[1], m[2]}; }

struct Histories {
  explicit Histories(const Json& input)
      : frequency(Numbers<int64_t>(input, "frequency")),
        recency(Reals(input, "recency")),
        age(Reals(input, "age")) {}
  size_t size() const { return age.size(); }
  BuyerHistory at(size_t i) const { return {frequency[i], recency[i], age[i]}; }
  absl::StatusOr<BgNbdFit> Fit() const {
    return FitBgNbd({frequency, recency, age});
  }
  std::vector<int64_t> frequency;
  std::vector<double> recency, age;
};

Json BgNbdFitOf(const Json& input) {
  const auto fit = Histories(input).Fit();
  if (!fit.ok()) return Refused(fit.status());
  const BgNbd& m = fit->model;
  return Result(0, {{"model", {m.r, m.alpha, m.a, m.b}},
                    {"standard_error",
                     {fit->r.standard_error, fit->alpha.standard_error,
                      fit->a.standard_error, fit->b.standard_error}},
                    {"log_likelihood", fit->quality.log_likelihood},
                    {"customers", fit->quality.customers},
                    {"repeaters", fit->quality.repeaters}});
}

Json BgNbdLog(const Json& input) {
  const Histories histories(input);
  Json out = Json::array();
  for (size_t i = 0; i < histories.size(); ++i) {
    const auto one =
        LogLikelihoodOf(BgNbdOf(input.at("model")), histories.at(i));
    if (!one.ok()) return RefusedIn(histories.Fit(), i, one.status());
    out.push_back(*one);
  }
  return Result(0, {{"out", out}});
}

Json BgNbdPredict(const Json& input) {
  const Histories histories(input);
  Json fields;
  for (size_t i = 0; i < histories.size(); ++i) {
    const auto o = OutlookOf(BgNbdOf(input.at("model")), histories.at(i),
                             input.at("horizon"));
    if (!o.ok()) return RefusedIn(histories.Fit(), i, o.status());
    fields["alive"].push_back(o->alive);
    fields["expected"].push_back(o->expected);
    fields["since"].push_back(o->since);
    fields["gap"].push_back(o->gap);
    fields["waits"].push_back(o->waits);
    fields["due"].push_back(static_cast<int>(o->due));
  }
  return Result(0, fields);
}

Json BgNbdExpectNew(const Json& input) {
  const auto expected =
      ExpectedOfNew(BgNbdOf(input.at("model")), input.at("horizon"));
  if (!expected.ok()) return Refused(expected.status());
  return Result(0, {{"expected", *expected}});
}

Json GammaGammaFitOf(const Json& input) {
  const auto fit = FitGammaGamma(
      {Numbers<int64_t>(input, "frequency"), Reals(input, "mean_value")});
  if (!fit.ok()) return Refused(fit.status());
  const GammaGamma& m = fit->model;
  return Result(
      0,
      {{"model", {m.p, m.q, m.v}},
       {"standard_error",
        {fit->p.standard_error, fit->q.standard_error, fit->v.standard_error}},
       {"log_likelihood", fit->quality.log_likelihood},
       {"customers", fit->quality.customers},
       {"repeaters", fit->quality.repeaters}});
}

// The values that `one` gives of each frequency and mean value.
template <typename One>
Json OfSpends(const Json& input, int32_t column, const One& one) {
  const GammaGamma model = GammaGammaOf(input.at("model"));
  const auto frequency = Numbers<int64_t>(input, "frequency");
  const auto mean = Reals(input, "mean_value");
  Json out = Json::array();
  for (size_t i = 0; i < mean.size(); ++i) {
    const absl::StatusOr<double> value = one(model, frequency[i], mean[i]);
    if (!value.ok()) {
      return RefusedAt(static_cast<int>(value.status().code()),
                       {static_cast<int64_t>(i), column});
    }
    out.push_back(RealJson(*value));
  }
  return Result(0, {{"out", out}});
}

Json GammaGammaLog(const Json& input) {
  return OfSpends(input, 0, [](const GammaGamma& m, int64_t x, double mean) {
    return LogLikelihoodOf(m, x, mean);
  });
}

Json GammaGammaPredict(const Json& input) {
  return OfSpends(input, 1, ExpectedValue);
}

Json LifetimeValues(const Json& input) {
  const Histories histories(input);
  const auto each = Reals(input, "value_per_order");
  const LifetimeOptions options = {
      input.at("months"), input.at("monthly_discount"), input.at("month")};
  Json out = Json::array();
  for (size_t i = 0; i < histories.size(); ++i) {
    const auto value = LifetimeValue(BgNbdOf(input.at("model")),
                                     histories.at(i), each[i], options);
    if (!value.ok()) {
      const bool is_row = each[i] < 0.0;
      return RefusedAt(
          static_cast<int>(value.status().code()),
          {is_row ? static_cast<int64_t>(i) : -1, is_row ? 3 : -1});
    }
    out.push_back(*value);
  }
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
