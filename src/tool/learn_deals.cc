#include "src/tool/learn_deals.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fivek/history/pls_compat.h"
#include "fivek/history/wilson.h"
#include "src/base/fnv1a.h"
#include "src/history/fold.h"

namespace fivek::tool {
namespace {

constexpr int32_t kBandPoints = 10;
constexpr int32_t kMostBands = 15;

Estimate RateOf(int64_t won, int64_t rows, Source source) {
  const Proportion rate = *Wilson(won, rows, kZ90);
  return {rate.rate, rate.low, rate.high, static_cast<double>(rows), source};
}

// Some rows of a table, as the models want them.
class Rows {
 public:
  Rows(const DealTable& table, const std::vector<size_t>& rows) {
    for (const size_t row : rows) won_.push_back(table.won[row]);
    parts_.resize(table.columns.size());
    for (size_t c = 0; c < table.columns.size(); ++c) {
      const FeatureColumn& from = table.columns[c];
      Part& to = parts_[c];
      for (const size_t row : rows) {
        const bool known = from.numeric ? from.known[row] != 0
                                        : from.level[row] != kMissingLevel;
        to.missing.push_back(known ? 0 : 1);
        if (from.numeric) {
          to.value.push_back(from.number[row]);
        } else {
          to.level.push_back(known ? from.level[row] : 0);
        }
      }
      ScoreColumn column;
      column.name = from.name;
      column.level = to.level;
      column.value = to.value;
      column.missing = to.missing;
      columns_.push_back(column);
    }
  }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  absl::Span<const ScoreColumn> columns() const { return columns_; }
  absl::Span<const uint8_t> won() const { return won_; }
  size_t size() const { return won_.size(); }
  int64_t wins() const { return std::count(won_.begin(), won_.end(), 1); }

  absl::StatusOr<ScorecardFit> Fit() const {
    ScoreTable table;
    table.columns = columns_;
    table.won = won_;
    return Scorecard::Fit(table, {});
  }

 private:
  struct Part {
    std::vector<uint32_t> level;
    std::vector<double> value;
    std::vector<uint8_t> missing;
  };
  std::vector<Part> parts_;
  std::vector<uint8_t> won_;
  std::vector<ScoreColumn> columns_;
};

std::vector<size_t> AllRows(const DealTable& table) {
  std::vector<size_t> rows(table.won.size());
  for (size_t i = 0; i < rows.size(); ++i) rows[i] = i;
  return rows;
}

// ---- The card as people read it ---------------------------------------------

std::vector<DealQuestion> QuestionsOf(const DealTable& table,
                                      const Scorecard& card) {
  std::vector<DealQuestion> questions(table.columns.size());
  for (size_t c = 0; c < questions.size(); ++c) {
    questions[c].column = table.columns[c].name;
  }
  for (const ScoreLine& line : card.Table()) {
    if (line.rows == 0) continue;  // Nobody gave that answer.
    const auto c = static_cast<size_t>(line.column);
    DealAnswer answer;
    answer.kind = line.kind;
    answer.from = line.from;
    answer.to = line.to;
    if (line.kind == ScoreLineKind::kLevel) {
      answer.text = table.columns[c].levels[line.level];
    }
    answer.points = line.points;
    answer.rows = line.rows;
    answer.won = line.won;
    answer.rate = RateOf(line.won, line.rows, Source::kLearned);
    questions[c].most_points = std::max(questions[c].most_points, line.points);
    questions[c].answers.push_back(std::move(answer));
  }
  for (DealQuestion& question : questions) {
    std::stable_sort(question.answers.begin(), question.answers.end(),
                     [](const DealAnswer& a, const DealAnswer& b) {
                       return a.points > b.points;
                     });
  }
  std::stable_sort(questions.begin(), questions.end(),
                   [](const DealQuestion& a, const DealQuestion& b) {
                     return a.most_points > b.most_points;
                   });
  return questions;
}

std::vector<ScoreBand> BandsOf(const Scorecard& card,
                               const std::vector<int32_t>& scores) {
  const auto [least, most] = std::minmax_element(scores.begin(), scores.end());
  // Points are sums of lines whose least is 0.
  int32_t width = kBandPoints;
  while ((*most - *least) / width >= kMostBands) width *= 2;
  std::vector<ScoreBand> bands;
  for (int32_t first = *least / width * width; first <= *most; first += width) {
    ScoreBand band;
    band.first = first;
    band.last = first + width - 1;
    band.middle = first + width / 2;
    band.probability = card.Probability(band.middle);
    bands.push_back(band);
  }
  for (const int32_t score : scores) {
    ++bands[static_cast<size_t>((score - bands[0].first) / width)].deals;
  }
  return bands;
}

// ---- On deals not seen ------------------------------------------------------

// What a row says, but for its outcome.
uint64_t ContentOf(const DealTable& table, size_t row) {
  std::string content;
  for (const FeatureColumn& column : table.columns) {
    if (!column.numeric) {
      const uint32_t level = column.level[row];
      const bool known = level != kMissingLevel;
      absl::StrAppend(&content, known ? column.levels[level].size() + 1 : 0,
                      ":", known ? column.levels[level] : "");
      continue;
    }
    const double number = column.number[row] + 0.0;  // No -0.
    uint64_t bits = 0;
    std::memcpy(&bits, &number, sizeof(bits));
    absl::StrAppend(&content, column.known[row] != 0 ? 1 : 0, ":", bits, ";");
  }
  return Fnv1a64(content);
}

std::vector<int32_t> FoldsOf(const DealTable& table) {
  if (!table.fold.empty()) return table.fold;
  std::vector<int32_t> folds;
  for (size_t row = 0; row < table.won.size(); ++row) {
    folds.push_back(FoldOf(ContentOf(table, row)));
  }
  return folds;
}

// The codes of each column for PlsCompat, which has no numbers: each is a
// value of its own.
std::vector<std::vector<uint32_t>> PlsValues(const DealTable& table) {
  std::vector<std::vector<uint32_t>> values(
      table.won.size(), std::vector<uint32_t>(table.columns.size()));
  for (size_t c = 0; c < table.columns.size(); ++c) {
    const FeatureColumn& column = table.columns[c];
    std::vector<double> numbers = column.number;
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    for (size_t row = 0; row < values.size(); ++row) {
      uint32_t value = 0;
      if (!column.numeric) {
        value = column.level[row];  // kMissingLevel is kPlsNoValue.
      } else if (column.known[row] == 0) {
        value = kPlsNoValue;
      } else {
        value = static_cast<uint32_t>(std::lower_bound(numbers.begin(),
                                                       numbers.end(),
                                                       column.number[row]) -
                                      numbers.begin());
      }
      values[row][c] = value;
    }
  }
  return values;
}
static_assert(kMissingLevel == kPlsNoValue, "no answer is no value");

class OutOfFold {
 public:
  explicit OutOfFold(const DealTable& table)
      : table_(table),
        fold_(FoldsOf(table)),
        values_(PlsValues(table)),
        scorecard_(table.won.size()),
        constant_(table.won.size()),
        pls_(table.won.size()) {}

  absl::Status Run(DealReport* report) {
    const std::set<int32_t> folds(fold_.begin(), fold_.end());
    if (folds.size() < 2) return absl::OkStatus();
    for (const int32_t fold : folds) {
      const absl::Status done = Forecast(fold);
      if (!done.ok()) return done;
    }
    for (const auto& [to, forecast] :
         {std::pair(&report->scorecard, &scorecard_),
          std::pair(&report->constant, &constant_),
          std::pair(&report->pls_compat, &pls_)}) {
      const auto score = ScoreForecasts(*forecast, table_.won);
      if (!score.ok()) return score.status();
      *to = *score;
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Forecast(int32_t fold) {
    std::vector<size_t> rest;
    std::vector<size_t> here;
    for (size_t row = 0; row < fold_.size(); ++row) {
      (fold_[row] == fold ? here : rest).push_back(row);
    }
    const Rows seen(table_, rest);
    const Rows asked(table_, here);
    const double rate =
        static_cast<double>(seen.wins()) / static_cast<double>(seen.size());
    for (const size_t row : here) scorecard_[row] = constant_[row] = rate;
    // Of one outcome no card can be made: the rate is all that is known.
    if (rate > 0.0 && rate < 1.0) {
      const auto fit = seen.Fit();
      if (!fit.ok()) return fit.status();
      const auto scores = fit->card.Scores(asked.columns(), asked.size());
      if (!scores.ok()) return scores.status();
      for (size_t i = 0; i < here.size(); ++i) {
        scorecard_[here[i]] = fit->card.Probability((*scores)[i]).value;
      }
    }
    return ForecastPls(rest, here);
  }

  absl::Status ForecastPls(const std::vector<size_t>& rest,
                           const std::vector<size_t>& here) {
    PlsOptions options;
    options.fields = table_.columns.size();
    options.stages = 2;  // The one before, and the won one.
    auto pls = PlsCompat::Create(options);
    if (!pls.ok()) return pls.status();
    const auto lead = [this](size_t row) {
      PlsLead of_row;
      of_row.team = 1;
      of_row.value = values_[row];
      return of_row;
    };
    for (const size_t row : rest) {
      const absl::Status added = pls->Add(lead(row), table_.won[row] == 1);
      if (!added.ok()) return added;
    }
    for (const size_t row : here) {
      const auto percent = pls->Probability(lead(row));
      if (!percent.ok()) return percent.status();
      pls_[row] =
          percent->has_value() ? (*percent)->percent / 100.0 : constant_[row];
    }
    return absl::OkStatus();
  }

  const DealTable& table_;
  const std::vector<int32_t> fold_;
  const std::vector<std::vector<uint32_t>> values_;
  std::vector<double> scorecard_, constant_, pls_;
};

}  // namespace

absl::StatusOr<DealReport> LearnDeals(const DealTable& table) {
  if (table.columns.empty()) {
    return absl::InvalidArgumentError(
        "no column is left to learn from; allowed: one or more that are not "
        "empty, dates, names or the outcome");
  }
  DealReport report;
  report.outcome_column = table.outcome_column;
  report.rows_read = table.rows_read;
  report.open_deals = table.open_deals;
  report.skipped = table.skipped;
  report.folds_given = !table.fold.empty();
  const Rows all(table, AllRows(table));
  report.rows = static_cast<int64_t>(all.size());
  report.won = all.wins();
  auto fit = all.Fit();
  if (!fit.ok()) return fit.status();
  report.card = std::move(fit->card);
  report.base_rate =
      RateOf(report.won, report.rows,
             report.adopted() ? Source::kLearned : Source::kNoSignal);
  if (report.adopted()) {
    report.questions = QuestionsOf(table, *report.card);
    const auto scores = report.card->Scores(all.columns(), all.size());
    if (!scores.ok()) return scores.status();
    report.bands = BandsOf(*report.card, *scores);
  }
  const absl::Status compared = OutOfFold(table).Run(&report);
  if (!compared.ok()) return compared;
  return report;
}

}  // namespace fivek::tool
