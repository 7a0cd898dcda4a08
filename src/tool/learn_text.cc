#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "fivek/base/calendar.h"
#include "src/base/not_finite.h"
#include "src/tool/display_width.h"
#include "src/tool/learn_messages.h"
#include "src/tool/learn_report.h"
#include "src/tool/review_text.h"
#include "src/tool/text_table.h"

namespace fivek::tool {
namespace {

// "-1.2 %"; of gaps only, so points of a hundred.
std::string SignedPercent(double share) {
  return absl::StrCat(share > 0.0 ? "+" : "", Percent(share));
}

std::string Number(double value) { return absl::StrFormat("%.4f", value); }

class LearnTextWriter {
 public:
  LearnTextWriter(const LearnReport& report, Language language, bool colour)
      : report_(report), language_(language), colour_(colour) {}

  std::string Write(absl::string_view file) {
    Line(Painted(absl::StrCat(S(learn_say::kTitle), " ", EscapeControls(file)),
                 Ink::kBold, colour_));
    if (const auto* const deals = std::get_if<DealReport>(&report_.found)) {
      WriteDeals(*deals);
    } else {
      WriteVisits(std::get<VisitReport>(report_.found));
    }
    return std::move(out_);
  }

 private:
  const char* S(const Bilingual& what) const { return what.in(language_); }

  void Line(absl::string_view text) { absl::StrAppend(&out_, text, "\n"); }

  void Heading(absl::string_view text) {
    Line("");
    Line(Painted(text, Ink::kBold, colour_));
  }

  void Print(const TextTable& table) { out_ += table.Render(colour_); }

  const char* SourceName(Source source) const {
    return S(learn_say::kSources[static_cast<size_t>(source)]);
  }

  TableColumn Left(const Bilingual& title, size_t most = 0) const {
    return {S(title), Align::kLeft, most};
  }
  TableColumn Right(const Bilingual& title) const {
    return {S(title), Align::kRight};
  }

  // Value, low, high, n, source.
  void AddEstimate(std::vector<TableColumn>* columns,
                   const Bilingual& value) const {
    for (const Bilingual& title :
         {value, learn_say::kLow, learn_say::kHigh, learn_say::kN}) {
      columns->push_back(Right(title));
    }
    columns->push_back(Left(learn_say::kSource));
  }

  template <typename Show>
  void AddEstimate(std::vector<std::string>* cells, const Estimate& estimate,
                   Show show) const {
    for (const double number : {estimate.value, estimate.low, estimate.high}) {
      cells->push_back(show(number));
    }
    cells->push_back(Tenths(estimate.effective_n));
    cells->emplace_back(SourceName(estimate.source));
  }
  void AddShare(std::vector<std::string>* cells, const Estimate& share) const {
    AddEstimate(cells, share, [](double x) { return Percent(x); });
  }

  // "63.1 % (62.2 % to 64.1 %, n 6711.0, no signal)"
  std::string ShareText(const Estimate& e) const {
    return absl::StrCat(Percent(e.value), " (", Percent(e.low), " ",
                        S(learn_say::kPeriod), " ", Percent(e.high), ", ",
                        S(learn_say::kN), " ", Tenths(e.effective_n), ", ",
                        SourceName(e.source), ")");
  }

  // ---- Forecasts ------------------------------------------------------------

  struct Forecaster {
    const Bilingual& name;
    const absl::optional<ForecastScore>& score;
  };

  void WriteScores(const std::vector<Forecaster>& forecasters) {
    std::vector<TableColumn> columns = {Left(learn_say::kMeasure),
                                        Left(learn_say::kForecast)};
    AddEstimate(&columns, learn_say::kValue);
    TextTable table(std::move(columns));
    const auto add = [&](const Bilingual& measure, auto of) {
      bool first = true;
      for (const Forecaster& forecaster : forecasters) {
        if (!forecaster.score.has_value()) continue;
        const absl::optional<Estimate> estimate = of(*forecaster.score);
        if (!estimate.has_value()) continue;
        std::vector<std::string> cells = {first ? S(measure) : "",
                                          S(forecaster.name)};
        AddEstimate(&cells, *estimate, Number);
        table.AddRow(cells);
        first = false;
      }
    };
    add(learn_say::kAuc, [](const ForecastScore& s) { return s.auc; });
    add(learn_say::kBrier, [](const ForecastScore& s) {
      return absl::optional<Estimate>(s.brier);
    });
    add(learn_say::kLogLoss, [](const ForecastScore& s) {
      return absl::optional<Estimate>(s.log_loss);
    });
    add(learn_say::kEce, [](const ForecastScore& s) {
      return absl::optional<Estimate>(s.calibration_error);
    });
    Print(table);
    Line(S(learn_say::kMeasures));
  }

  // " (log loss 0.5210 against 0.6931, z 9.1; needed 1.645)"
  std::string GateNumbers(const GateResult& gate) const {
    std::string text = absl::StrCat(
        " (", S(learn_say::kLogLoss), " ", Number(gate.model_log_loss), " ",
        S(learn_say::kAgainst), " ", Number(gate.base_log_loss));
    if (gate.z.has_value()) {
      absl::StrAppend(
          &text, ", ", S(learn_say::kZ), " ", absl::StrFormat("%.2f", *gate.z),
          ", ", S(learn_say::kNeeded), " ", absl::StrFormat("%.3f", kGateZ));
    }
    return absl::StrCat(text, ")");
  }

  // ---- Deals ----------------------------------------------------------------

  std::string AnswerText(const DealAnswer& answer) const {
    switch (answer.kind) {
      case ScoreLineKind::kLevel:
        return answer.text;
      case ScoreLineKind::kOther:
        return S(learn_say::kOther);
      case ScoreLineKind::kMissing:
        return S(learn_say::kMissing);
      case ScoreLineKind::kRange:
        break;
    }
    std::string text;
    if (answer.from != -kInfinity) {
      absl::StrAppend(&text, S(learn_say::kFrom), " ", answer.from);
    }
    if (answer.to != kInfinity) {
      absl::StrAppend(&text, text.empty() ? "" : " ",
                      S(text.empty() ? learn_say::kBelow : learn_say::kTo), " ",
                      answer.to);
    }
    return text;
  }

  void WriteDeals(const DealReport& deals) {
    Line(absl::StrCat(
        "  ", S(learn_say::kClosedDeals), ": ", GroupedCount(deals.rows), "   ",
        S(learn_say::kWon), ": ", GroupedCount(deals.won), "   ",
        S(learn_say::kOpenLeftOut), ": ", GroupedCount(deals.open_deals), "   ",
        S(learn_say::kOutcomeColumn), ": ",
        EscapeControls(deals.outcome_column)));
    Line(S(learn_say::kIntervals));
    WriteVerdict(deals);
    if (deals.adopted()) {
      WriteCard(deals);
      WriteBands(deals);
    }
    Heading(absl::StrCat(
        S(learn_say::kUnseen), " (",
        S(deals.folds_given ? learn_say::kFoldsGiven : learn_say::kFoldsOwn),
        ")"));
    if (deals.scorecard.has_value()) {
      WriteScores({{learn_say::kTheScorecard, deals.scorecard},
                   {learn_say::kConstant, deals.constant},
                   {learn_say::kPlsCompat, deals.pls_compat}});
    } else {
      Line(S(learn_say::kOneFold));
    }
    if (deals.skipped.empty()) return;
    Heading(S(learn_say::kSkipped));
    TextTable table(
        {Left(learn_say::kColumn, kNameWidth), Left(learn_say::kReason)});
    for (const SkippedColumn& column : deals.skipped) {
      table.AddRow(
          {column.name,
           S(learn_say::kSkipReasons[static_cast<size_t>(column.reason)])});
    }
    Print(table);
  }

  void WriteVerdict(const DealReport& deals) {
    const GateResult& gate = deals.card->gate();
    const Bilingual* words = nullptr;
    switch (gate.verdict) {
      case GateVerdict::kAdopt:
        words = &learn_say::kAdopted;
        break;
      case GateVerdict::kTooFewRows:
        words = &learn_say::kTooFew;
        break;
      case GateVerdict::kNotBetter:
        words = &learn_say::kNotBetter;
        break;
      case GateVerdict::kNotSure:
        words = &learn_say::kNotSure;
        break;
    }
    Heading(absl::StrCat(
        S(learn_say::kVerdict), ": ", S(*words),
        gate.verdict == GateVerdict::kTooFewRows ? "" : GateNumbers(gate)));
    Line(absl::StrCat(
        S(deals.adopted() ? learn_say::kBaseRate : learn_say::kSoBaseRate),
        deals.adopted() ? ": " : " ", ShareText(deals.base_rate)));
  }

  void WriteCard(const DealReport& deals) {
    Heading(S(learn_say::kScorecard));
    std::vector<TableColumn> columns = {Left(learn_say::kColumn, kNameWidth),
                                        Left(learn_say::kAnswer, kNameWidth),
                                        Right(learn_say::kPoints),
                                        Right(learn_say::kWon)};
    AddEstimate(&columns, learn_say::kWinRate);
    TextTable table(std::move(columns));
    for (const DealQuestion& question : deals.questions) {
      bool first = true;
      for (const DealAnswer& answer : question.answers) {
        std::vector<std::string> cells = {
            first ? question.column : "", AnswerText(answer),
            absl::StrCat(answer.points), GroupedCount(answer.won)};
        AddShare(&cells, answer.rate);
        table.AddRow(cells);
        first = false;
      }
    }
    Print(table);
  }

  void WriteBands(const DealReport& deals) {
    Heading(S(learn_say::kBands));
    std::vector<TableColumn> columns = {Right(learn_say::kScore),
                                        Right(learn_say::kDeals),
                                        Right(learn_say::kMiddle)};
    AddEstimate(&columns, learn_say::kProbability);
    TextTable table(std::move(columns));
    for (const ScoreBand& band : deals.bands) {
      std::vector<std::string> cells = {
          absl::StrCat(band.first, "-", band.last), GroupedCount(band.deals),
          absl::StrCat(band.middle)};
      AddShare(&cells, band.probability);
      table.AddRow(cells);
    }
    Print(table);
  }

  // ---- Visits ---------------------------------------------------------------

  std::string Rung(size_t s) const {
    const char* const label = report_.policy.Label(
        LabelSet::kMilestone, static_cast<int32_t>(s), language_);
    return label == nullptr ? absl::StrCat(s) : label;
  }

  void WriteVisits(const VisitReport& visits) {
    Line(absl::StrCat(
        "  ", S(learn_say::kVisits), ": ", GroupedCount(visits.visits), "   ",
        S(learn_say::kDeals), ": ", GroupedCount(visits.deals), " (",
        S(learn_say::kWon), " ", GroupedCount(visits.deals_won), ", ",
        S(learn_say::kLost), " ", GroupedCount(visits.deals_lost), ", ",
        S(learn_say::kOpen), " ", GroupedCount(visits.deals_open), ")   ",
        FormatDay(visits.from), " ", S(learn_say::kPeriod), " ",
        FormatDay(visits.as_of)));
    Line(absl::StrCat("  ", S(learn_say::kStrength), ": ", visits.strength,
                      "   ", S(learn_say::kLater), ": ",
                      GroupedCount(visits.later)));
    Line(S(learn_say::kIntervals));
    WriteCounts(visits);
    WriteEstimates(
        visits, learn_say::kConversion,
        [](const RungReport& rung) { return rung.learned.conversion; },
        [](const RungReport& rung) { return rung.prior_conversion; });
    WriteEstimates(
        visits, learn_say::kLadder,
        [](const RungReport& rung) { return rung.learned.won; },
        [](const RungReport& rung) { return rung.prior_won; });
    WriteAges(visits);
    WriteGaps(visits);
    WriteWins(visits);
    WriteCheck(visits.check);
  }

  void WriteCounts(const VisitReport& visits) {
    Heading(S(learn_say::kCounts));
    TextTable table({Left(learn_say::kMilestone), Right(learn_say::kVisits),
                     Right(learn_say::kAdvanced), Right(learn_say::kLost),
                     Right(learn_say::kMovedBack), Right(learn_say::kOpen),
                     Right(learn_say::kWentUp), Right(learn_say::kAtLeast),
                     Right(learn_say::kAtMost), Right(learn_say::kN),
                     Left(learn_say::kSource)});
    for (size_t s = kRungCount; s-- > 0;) {
      const RungReport& rung = visits.rungs[s];
      const RungExplanation& why = rung.learned;
      std::vector<std::string> cells = {Rung(s),
                                        GroupedCount(why.visits),
                                        GroupedCount(why.advanced),
                                        GroupedCount(why.lost),
                                        GroupedCount(why.moved_back),
                                        GroupedCount(why.open)};
      if (why.advanced + why.lost > 0) AddShare(&cells, rung.observed);
      table.AddRow(cells, why.visits == 0 ? Ink::kDim : Ink::kPlain);
    }
    Print(table);
    Line(S(learn_say::kWentUpMeans));
  }

  // What was learned, and the method's beside it.
  template <typename Learned, typename Prior>
  void WriteEstimates(const VisitReport& visits, const Bilingual& heading,
                      Learned learned, Prior prior) {
    Heading(S(heading));
    std::vector<TableColumn> columns = {Left(learn_say::kMilestone)};
    AddEstimate(&columns, learn_say::kLearned);
    AddEstimate(&columns, learn_say::kPrior);
    TextTable table(std::move(columns));
    for (size_t s = kRungCount; s-- > 0;) {
      std::vector<std::string> cells = {Rung(s)};
      AddShare(&cells, learned(visits.rungs[s]));
      AddShare(&cells, prior(visits.rungs[s]));
      table.AddRow(cells);
    }
    Print(table);
  }

  void WriteAges(const VisitReport& visits) {
    Heading(S(learn_say::kAges));
    std::vector<TableColumn> columns = {Left(learn_say::kMilestone),
                                        Right(learn_say::kFromDay)};
    AddEstimate(&columns, learn_say::kProbability);
    TextTable table(std::move(columns));
    for (size_t s = kRungCount; s-- > 0;) {
      if (visits.rungs[s].learned.visits == 0) continue;
      for (size_t b = 0; b < kAgeBuckets; ++b) {
        std::vector<std::string> cells = {
            b == 0 ? Rung(s) : "", absl::StrCat(kAgeBucketDays[b].first_day)};
        AddShare(&cells, visits.rungs[s].at_age[b]);
        table.AddRow(cells);
      }
    }
    Print(table);
  }

  void WriteGaps(const VisitReport& visits) {
    Heading(S(learn_say::kGaps));
    std::vector<TableColumn> columns = {Left(learn_say::kMilestone)};
    AddEstimate(&columns, learn_say::kLearned);
    AddEstimate(&columns, learn_say::kPrior);
    TextTable table(std::move(columns));
    for (size_t s = kRungCount; s-- > 0;) {
      if (visits.gaps[s].moves == 0) continue;
      std::vector<std::string> cells = {Rung(s)};
      AddEstimate(&cells, visits.gaps[s].learned, SignedPercent);
      AddEstimate(&cells, visits.gaps[s].prior, SignedPercent);
      table.AddRow(cells);
    }
    Print(table);
  }

  void WriteWins(const VisitReport& visits) {
    const ExpectedWins& wins = visits.wins;
    Heading(absl::StrCat(S(learn_say::kWins), " (",
                         GroupedCount(wins.open_deals), ")"));
    std::vector<TableColumn> columns = {Left(learn_say::kForecast)};
    AddEstimate(&columns, learn_say::kWon);
    TextTable table(std::move(columns));
    const auto add = [&](const std::string& name, const Estimate& estimate) {
      std::vector<std::string> cells = {name};
      AddEstimate(&cells, estimate, Tenths);
      table.AddRow(cells);
    };
    if (wins.within.has_value()) {
      add(absl::StrCat(S(learn_say::kWithin), " ", *visits.within),
          *wins.within);
    }
    add(S(learn_say::kInTheEnd), wins.in_the_end);
    add(S(learn_say::kByPrior), wins.by_prior);
    if (wins.by_closed.has_value()) {
      add(S(learn_say::kByClosed), *wins.by_closed);
    }
    Print(table);
    if (!wins.why_not_within.empty()) {
      Line(absl::StrCat(S(learn_say::kNoWithin), ": ", wins.why_not_within));
    }
  }

  void WriteGate(const Bilingual& beside,
                 const absl::optional<GateResult>& gate) {
    if (!gate.has_value()) return;
    Line(absl::StrCat(
        S(learn_say::kVerdict), ", ", S(learn_say::kAgainst), " ", S(beside),
        ": ", S(learn_say::kGateWords[static_cast<size_t>(gate->verdict)]),
        GateNumbers(*gate)));
  }

  void WriteCheck(const VisitCheck& check) {
    Heading(S(learn_say::kCheck));
    Line(absl::StrCat(
        "  ", S(learn_say::kAsOf), " ", FormatDay(check.as_of), "   ",
        S(learn_say::kOpenThen), ": ", GroupedCount(check.open_then), "   ",
        S(learn_say::kDecided), ": ", GroupedCount(check.decided), "   ",
        S(learn_say::kWon), ": ", GroupedCount(check.won)));
    if (!check.learned.has_value()) {
      Line(S(learn_say::kNoneDecided));
      return;
    }
    WriteScores({{learn_say::kLadderLearned, check.learned},
                 {learn_say::kLadderPrior, check.prior},
                 {learn_say::kClosedOnly, check.by_closed}});
    WriteGate(learn_say::kLadderPrior, check.beside_prior);
    WriteGate(learn_say::kClosedOnly, check.beside_closed);
  }

  const LearnReport& report_;
  const Language language_;
  const bool colour_;
  std::string out_;
};

}  // namespace

std::string LearnReport::Model() const {
  if (const auto* const deals = std::get_if<DealReport>(&found)) {
    return deals->card->Serialise();
  }
  return std::get<VisitReport>(found).model;
}

bool LearnReport::adopted() const {
  return std::visit([](const auto& report) { return report.adopted(); }, found);
}

std::string LearnText(const LearnReport& report, absl::string_view file,
                      Language language, bool colour) {
  return LearnTextWriter(report, language, colour).Write(file);
}

}  // namespace fivek::tool
