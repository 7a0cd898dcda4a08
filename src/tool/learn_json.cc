#include <limits>
#include <utility>

#include "fivek/base/calendar.h"
#include "src/tool/display_width.h"
#include "src/tool/json_writer.h"
#include "src/tool/learn_report.h"
#include "src/tool/review_text.h"

namespace fivek::tool {
namespace {

constexpr const char* kSources[] = {"ladder", "shrunk", "learned", "no_signal"};
constexpr const char* kVerdicts[] = {"adopt", "too_few_rows", "not_better",
                                     "not_sure"};
constexpr const char* kLineKinds[] = {"level", "range", "other", "missing"};
constexpr const char* kSkipReasons[] = {"empty", "date", "identity", "outcome",
                                        "without"};

class LearnJsonWriter {
 public:
  LearnJsonWriter(const LearnReport& report, Language language)
      : report_(report), language_(language), json_(&out_) {}

  absl::StatusOr<std::string> Write(absl::string_view file) {
    json_.BeginObject();
    Text("file", file);
    json_.Key("policy_hash").String(PolicyHashText(report_.policy));
    if (const auto* const deals = std::get_if<DealReport>(&report_.found)) {
      json_.Key("kind").String("deals");
      json_.Key("adopted").Bool(deals->adopted());
      Deals(*deals);
    } else {
      const auto& visits = std::get<VisitReport>(report_.found);
      json_.Key("kind").String("visits");
      json_.Key("adopted").Bool(visits.adopted());
      Visits(visits);
    }
    json_.Key("errors").BeginObject();
    json_.Key("rows").Int(report_.errors.count);
    json_.Key("messages").BeginArray();
    for (const std::string& error : report_.errors.messages) {
      json_.String(EscapeControls(error));
    }
    json_.EndArray();
    json_.EndObject();
    json_.EndObject();
    const absl::Status status = json_.Finish();
    if (!status.ok()) return status;
    return std::move(out_);
  }

 private:
  // Texts of the file may be any bytes.
  void Text(const char* key, absl::string_view text) {
    json_.Key(key).String(EscapeControls(text));
  }

  void Number(const char* key, const Estimate& estimate) {
    json_.Key(key).BeginObject();
    json_.Key("value").Double(estimate.value);
    json_.Key("low").Double(estimate.low);
    json_.Key("high").Double(estimate.high);
    json_.Key("effective_n").Double(estimate.effective_n);
    json_.Key("source").String(kSources[static_cast<size_t>(estimate.source)]);
    json_.EndObject();
  }

  void Number(const char* key, const absl::optional<Estimate>& estimate) {
    if (estimate.has_value()) {
      Number(key, *estimate);
    } else {
      json_.Key(key).Null();
    }
  }

  void Score(const char* key, const absl::optional<ForecastScore>& score) {
    json_.Key(key);
    if (!score.has_value()) {
      json_.Null();
      return;
    }
    json_.BeginObject();
    json_.Key("rows").Int(score->rows);
    json_.Key("won").Int(score->won);
    Number("auc", score->auc);
    Number("brier", score->brier);
    Number("log_loss", score->log_loss);
    Number("calibration_error", score->calibration_error);
    json_.EndObject();
  }

  void Gate(const char* key, const absl::optional<GateResult>& gate) {
    json_.Key(key);
    if (!gate.has_value()) {
      json_.Null();
      return;
    }
    json_.BeginObject();
    json_.Key("verdict").String(kVerdicts[static_cast<size_t>(gate->verdict)]);
    json_.Key("rows").Int(gate->rows);
    json_.Key("base_log_loss").Double(gate->base_log_loss);
    json_.Key("model_log_loss").Double(gate->model_log_loss);
    json_.Key("mean_gain").Double(gate->mean_gain);
    json_.Key("sd_gain").Double(gate->sd_gain);
    json_.Key("z");
    if (gate->z.has_value()) {
      json_.Double(*gate->z);
    } else {
      json_.Null();
    }
    json_.EndObject();
  }

  // ---- Deals ----------------------------------------------------------------

  // Null at the ends of the line of numbers.
  void End(const char* key, double value) {
    json_.Key(key);
    if (value - value == 0.0) {
      json_.Double(value);
    } else {
      json_.Null();
    }
  }

  void Answer(const DealAnswer& answer) {
    json_.BeginObject();
    json_.Key("kind").String(kLineKinds[static_cast<size_t>(answer.kind)]);
    if (answer.kind == ScoreLineKind::kLevel) Text("answer", answer.text);
    if (answer.kind == ScoreLineKind::kRange) {
      End("from", answer.from);
      End("to_below", answer.to);
    }
    json_.Key("points").Int(answer.points);
    json_.Key("deals").Int(answer.rows);
    json_.Key("won").Int(answer.won);
    Number("win_rate", answer.rate);
    json_.EndObject();
  }

  void Deals(const DealReport& deals) {
    json_.Key("rows").BeginObject();
    json_.Key("read").Int(deals.rows_read);
    json_.Key("closed").Int(deals.rows);
    json_.Key("won").Int(deals.won);
    json_.Key("open").Int(deals.open_deals);
    json_.EndObject();
    Text("outcome_column", deals.outcome_column);
    Gate("gate", deals.card->gate());
    Number("base_rate", deals.base_rate);
    json_.Key("points_to_double_odds").Int(kPointsToDoubleOdds);
    json_.Key("scorecard").BeginArray();
    for (const DealQuestion& question : deals.questions) {
      json_.BeginObject();
      Text("column", question.column);
      json_.Key("answers").BeginArray();
      for (const DealAnswer& answer : question.answers) Answer(answer);
      json_.EndArray();
      json_.EndObject();
    }
    json_.EndArray();
    json_.Key("scores").BeginArray();
    for (const ScoreBand& band : deals.bands) {
      json_.BeginObject();
      json_.Key("first").Int(band.first);
      json_.Key("last").Int(band.last);
      json_.Key("middle").Int(band.middle);
      json_.Key("deals").Int(band.deals);
      Number("probability", band.probability);
      json_.EndObject();
    }
    json_.EndArray();
    json_.Key("unseen").BeginObject();
    json_.Key("folds").String(deals.folds_given ? "given" : "by_content");
    Score("scorecard", deals.scorecard);
    Score("constant", deals.constant);
    Score("pls_compat", deals.pls_compat);
    json_.EndObject();
    json_.Key("columns_left_out").BeginArray();
    for (const SkippedColumn& column : deals.skipped) {
      json_.BeginObject();
      Text("column", column.name);
      json_.Key("why").String(kSkipReasons[static_cast<size_t>(column.reason)]);
      json_.EndObject();
    }
    json_.EndArray();
  }

  // ---- Visits ---------------------------------------------------------------

  void Rung(const VisitReport& visits, size_t s) {
    const RungReport& rung = visits.rungs[s];
    const char* const label = report_.policy.Label(
        LabelSet::kMilestone, static_cast<int32_t>(s), language_);
    json_.BeginObject();
    json_.Key("milestone").Int(static_cast<int64_t>(s));
    json_.Key("name");
    if (label == nullptr) {
      json_.Null();
    } else {
      json_.String(label);
    }
    json_.Key("visits").Int(rung.learned.visits);
    json_.Key("advanced").Int(rung.learned.advanced);
    json_.Key("lost").Int(rung.learned.lost);
    json_.Key("moved_back").Int(rung.learned.moved_back);
    json_.Key("open").Int(rung.learned.open);
    const bool left = rung.learned.advanced + rung.learned.lost > 0;
    Number("observed_conversion",
           left ? absl::optional<Estimate>(rung.observed) : absl::nullopt);
    Number("conversion", rung.learned.conversion);
    Number("prior_conversion", rung.prior_conversion);
    Number("won", rung.learned.won);
    Number("prior_won", rung.prior_won);
    json_.Key("won_at_age").BeginArray();
    for (size_t b = 0; b < kAgeBuckets; ++b) {
      json_.BeginObject();
      json_.Key("days").Int(kAgeBucketDays[b].first_day);
      Number("won", rung.at_age[b]);
      json_.EndObject();
    }
    json_.EndArray();
    json_.Key("moves").Int(visits.gaps[s].moves);
    const bool moved = visits.gaps[s].moves > 0;
    Number("gap", moved ? absl::optional<Estimate>(visits.gaps[s].learned)
                        : absl::nullopt);
    Number("prior_gap", moved ? absl::optional<Estimate>(visits.gaps[s].prior)
                              : absl::nullopt);
    json_.EndObject();
  }

  void Visits(const VisitReport& visits) {
    json_.Key("from").String(FormatDay(visits.from));
    json_.Key("as_of").String(FormatDay(visits.as_of));
    json_.Key("strength").Double(visits.strength);
    json_.Key("rows_read").Int(visits.rows_read);
    json_.Key("visits").Int(visits.visits);
    json_.Key("visits_later").Int(visits.later);
    json_.Key("deals").BeginObject();
    json_.Key("all").Int(visits.deals);
    json_.Key("won").Int(visits.deals_won);
    json_.Key("lost").Int(visits.deals_lost);
    json_.Key("open").Int(visits.deals_open);
    json_.EndObject();
    Number("closed_rate", visits.closed_rate);
    json_.Key("milestones").BeginArray();
    for (size_t s = kRungCount; s-- > 0;) Rung(visits, s);
    json_.EndArray();
    json_.Key("expected_wins").BeginObject();
    json_.Key("open_deals").Int(visits.wins.open_deals);
    Number("in_the_end", visits.wins.in_the_end);
    Number("by_prior", visits.wins.by_prior);
    Number("by_closed_rate", visits.wins.by_closed);
    json_.Key("days");
    if (visits.within.has_value()) {
      json_.Int(*visits.within);
    } else {
      json_.Null();
    }
    Number("within_days", visits.wins.within);
    json_.Key("why_not_within").String(visits.wins.why_not_within);
    json_.EndObject();
    const VisitCheck& check = visits.check;
    json_.Key("out_of_sample").BeginObject();
    json_.Key("as_of").String(FormatDay(check.as_of));
    json_.Key("open_then").Int(check.open_then);
    json_.Key("decided_since").Int(check.decided);
    json_.Key("won_since").Int(check.won);
    Score("learned", check.learned);
    Score("prior", check.prior);
    Score("closed_rate", check.by_closed);
    Gate("gate_prior", check.beside_prior);
    Gate("gate_closed_rate", check.beside_closed);
    json_.EndObject();
  }

  const LearnReport& report_;
  const Language language_;
  std::string out_;
  JsonWriter json_;
};

}  // namespace

absl::StatusOr<std::string> LearnJson(const LearnReport& report,
                                      absl::string_view file,
                                      Language language) {
  return LearnJsonWriter(report, language).Write(file);
}

}  // namespace fivek::tool
