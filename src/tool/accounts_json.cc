#include <cmath>
#include <string>
#include <utility>

#include "absl/numeric/int128.h"
#include "fivek/base/calendar.h"
#include "src/tool/accounts_report.h"
#include "src/tool/display_width.h"
#include "src/tool/json_writer.h"

namespace fivek::tool {
namespace {

constexpr const char* kClasses[] = {"A", "B", "C", "N"};
constexpr const char* kXyz[] = {"X", "Y", "Z"};
constexpr const char* kSegments[] = {"champions",
                                     "loyal",
                                     "potential_loyal",
                                     "new",
                                     "promising",
                                     "need_attention",
                                     "about_to_sleep",
                                     "at_risk",
                                     "cannot_lose",
                                     "hibernating",
                                     "lost",
                                     "no_orders"};
static_assert(std::size(kSegments) == kRfmSegmentCount);
constexpr const char* kDue[] = {"not_yet", "late", "overdue"};
constexpr const char* kCauses[] = {"none", "own",  "boundary",
                                   "both", "came", "left"};

class AccountsJsonWriter {
 public:
  explicit AccountsJsonWriter(const AccountsReport& report)
      : report_(report), json_(&out_) {}

  absl::StatusOr<std::string> Write(absl::string_view file) {
    json_.BeginObject();
    json_.Key("file").String(EscapeControls(file));
    json_.Key("currency").String(EscapeControls(report_.sales.currency));
    json_.Key("minor_digits").Int(report_.sales.minor_digits);
    Day("first_day", report_.first_day);
    Day("as_of", report_.as_of);
    Day("since", report_.since);
    json_.Key("horizon_days").Int(report_.horizon);
    json_.Key("sales").Int(report_.orders);
    json_.Key("credit_notes").Int(report_.credits);
    LeftOut();
    Classes();
    Movement();
    Steadiness();
    Segments();
    Outlook();
    Visits();
    Accounts();
    Errors();
    json_.EndObject();
    const absl::Status status = json_.Finish();
    if (!status.ok()) return status;
    return std::move(out_);
  }

 private:
  void Day(const char* key, int32_t day) {
    json_.Key(key).String(FormatDay(day));
  }
  // Minor units; null if they do not fit.
  void Amount(const char* key, absl::int128 minor_units) {
    json_.Key(key);
    if (minor_units > INT64_MAX || minor_units < INT64_MIN) {
      json_.Null();
    } else {
      json_.Int(static_cast<int64_t>(minor_units));
    }
  }
  void Amount(const char* key, const absl::optional<int64_t>& minor_units) {
    json_.Key(key);
    if (minor_units.has_value()) {
      json_.Int(*minor_units);
    } else {
      json_.Null();
    }
  }
  void Real(const char* key, const absl::optional<double>& value) {
    json_.Key(key);
    if (value.has_value() && std::isfinite(*value)) {
      json_.Double(*value);
    } else {
      json_.Null();
    }
  }
  void Class(const char* key, uint8_t c) {
    json_.Key(key);
    if (c == kAbcNoClass) {
      json_.Null();
    } else {
      json_.String(kClasses[c]);
    }
  }
  void Name(const char* key, int64_t line) {
    json_.Key(key);
    if (line < 0) {
      json_.Null();
    } else {
      const size_t name = report_.lines[static_cast<size_t>(line)].name;
      json_.String(EscapeControls(report_.sales.accounts[name]));
    }
  }

  void LeftOut() {
    json_.Key("left_out").BeginObject();
    json_.Key("not_won").Int(report_.sales.not_won);
    json_.Key("without_account").Int(report_.sales.without_account);
    json_.Key("without_amount").Int(report_.sales.without_amount);
    json_.Key("after").Int(report_.sales_after);
    json_.EndObject();
  }

  void Classes() {
    json_.Key("classes").BeginArray();
    for (size_t c = 0; c < report_.abc.of.size(); ++c) {
      const AbcGroup& group = report_.abc.of[c];
      json_.BeginObject();
      json_.Key("class").String(kClasses[c]);
      json_.Key("accounts").Int(group.count);
      Amount("value", group.value);
      Amount("lowest", group.lowest);
      json_.EndObject();
    }
    json_.EndArray();
    Amount("total", report_.abc.total);
  }

  void Boundary(const char* key, const AbcBoundary& boundary) {
    json_.Key(key).BeginObject();
    Amount("before", boundary.then);
    Amount("since", boundary.now);
    Name("mover", boundary.mover);
    Amount("without_mover", boundary.without_mover);
    json_.EndObject();
  }

  void Movement() {
    const AbcMovement& m = report_.movement;
    json_.Key("movement").BeginObject();
    json_.Key("moved").BeginArray();  // From A, B, C, N, no sales.
    for (const auto& from : m.moved) {
      json_.BeginArray();
      for (const int64_t count : from) json_.Int(count);
      json_.EndArray();
    }
    json_.EndArray();
    Boundary("boundary_a", m.a);
    Boundary("boundary_b", m.b);
    json_.EndObject();
  }

  void Steadiness() {
    json_.Key("months").Int(report_.months);
    json_.Key("abc_xyz").BeginArray();
    for (size_t c = 0; report_.months >= 2 && c < report_.matrix.size(); ++c) {
      for (size_t x = 0; x < report_.matrix[c].size(); ++x) {
        const AbcXyzCell& cell = report_.matrix[c][x];
        json_.BeginObject();
        json_.Key("class").String(kClasses[c]);
        json_.Key("xyz").String(kXyz[x]);
        json_.Key("accounts").Int(cell.count);
        Amount("value", cell.value);
        json_.EndObject();
      }
    }
    json_.EndArray();
  }

  void Segments() {
    json_.Key("segments").BeginArray();
    for (size_t s = 0; s < report_.segments.size(); ++s) {
      json_.BeginObject();
      json_.Key("segment").String(kSegments[s]);
      json_.Key("accounts").Int(report_.segments[s].accounts);
      Amount("value", report_.segments[s].value);
      json_.EndObject();
    }
    json_.EndArray();
  }

  void Parameter(const char* name, const FittedParameter& p) {
    json_.Key(name).BeginObject();
    Real("value", p.value);
    Real("low", p.low);
    Real("high", p.high);
    json_.EndObject();
  }
  void Quality(const FitQuality& quality) {
    json_.Key("customers").Int(quality.customers);
    json_.Key("repeaters").Int(quality.repeaters);
    Real("log_likelihood", quality.log_likelihood);
    json_.EndObject();
  }
  void NoModel(const absl::Status& why) {
    json_.BeginObject();
    json_.Key("why_not").String(EscapeControls(why.message()));
    json_.EndObject();
  }

  void Outlook() {
    json_.Key("orders_model");
    if (report_.orders_model.ok()) {
      const BgNbdFit& fit = *report_.orders_model;
      json_.BeginObject();
      Parameter("r", fit.r);
      Parameter("alpha_days", fit.alpha);
      Parameter("a", fit.a);
      Parameter("b", fit.b);
      Quality(fit.quality);
    } else {
      NoModel(report_.orders_model.status());
    }
    json_.Key("value_model");
    if (report_.value_model.ok()) {
      const GammaGammaFit& fit = *report_.value_model;
      json_.BeginObject();
      Parameter("p", fit.p);
      Parameter("q", fit.q);
      Parameter("v", fit.v);
      Quality(fit.quality);
    } else {
      NoModel(report_.value_model.status());
    }
    json_.Key("outlook").BeginArray();
    for (size_t c = 0; c < report_.outlook.size(); ++c) {
      const OutlookSum& sum = report_.outlook[c];
      json_.BeginObject();
      json_.Key("class").String(kClasses[c]);
      json_.Key("accounts").Int(sum.accounts);
      Real("still_customers", sum.alive);
      Real("orders", sum.orders);
      Real("value", sum.value);
      json_.Key("late").Int(sum.late);
      json_.Key("overdue").Int(sum.overdue);
      json_.EndObject();
    }
    json_.EndArray();
  }

  void Visits() {
    json_.Key("visits_a_year").BeginArray();
    for (size_t c = 0; c < report_.visit_options.frequency.size(); ++c) {
      json_.BeginObject();
      json_.Key("class").String(kClasses[c]);
      json_.Key("each").Int(report_.visit_options.frequency[c]);
      json_.Key("visits").Int(report_.visits.classes[c].needed);
      json_.EndObject();
    }
    json_.EndArray();
  }

  void Accounts() {
    json_.Key("accounts").BeginArray();
    for (size_t i = 0; i < report_.lines.size(); ++i) {
      const AccountLine& line = report_.lines[i];
      const CustomerPurchases& bought = line.purchases;
      json_.BeginObject();
      Name("account", static_cast<int64_t>(i));
      json_.Key("value").Int(bought.total);
      json_.Key("orders").Int(bought.orders);
      json_.Key("class").String(kClasses[line.abc]);
      if (line.xyz.has_value()) {
        json_.Key("xyz").String(kXyz[static_cast<size_t>(line.xyz->xyz)]);
        Real("variation", line.xyz->cv < 0.0
                              ? absl::optional<double>()
                              : absl::optional<double>(line.xyz->cv));
        json_.Key("intermittent").Bool(line.xyz->intermittent != 0);
      }
      json_.Key("recency").Int(line.recency);
      json_.Key("frequency").Int(line.frequency);
      json_.Key("money").Int(line.money);
      json_.Key("segment").String(kSegments[line.segment]);
      Class("class_before", line.class_before);
      Class("class_since", line.class_since);
      json_.Key("cause").String(kCauses[static_cast<size_t>(line.cause)]);
      if (bought.last_day != kNeverBought) Day("last_order", bought.last_day);
      if (line.outlook.has_value()) {
        Real("still_a_customer", line.outlook->alive);
        Real("expected_orders", line.outlook->expected);
        Real("expected_value", line.expected_value);
        Real("days_silent", line.outlook->since);
        Real("usual_gap_days", line.outlook->gap);
        json_.Key("next_order")
            .String(kDue[static_cast<size_t>(line.outlook->due)]);
      }
      json_.EndObject();
    }
    json_.EndArray();
  }

  void Errors() {
    json_.Key("errors").BeginObject();
    json_.Key("rows").Int(report_.errors.count);
    json_.Key("messages").BeginArray();
    for (const std::string& error : report_.errors.messages) {
      json_.String(EscapeControls(error));
    }
    json_.EndArray();
    json_.EndObject();
  }

  const AccountsReport& report_;
  std::string out_;
  JsonWriter json_;
};

}  // namespace

absl::StatusOr<std::string> AccountsJson(const AccountsReport& report,
                                         absl::string_view file) {
  return AccountsJsonWriter(report).Write(file);
}

}  // namespace fivek::tool
