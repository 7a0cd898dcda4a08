#include "src/tool/deal_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/charconv.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "src/tool/cell.h"
#include "src/tool/display_width.h"

namespace fivek::tool {
namespace {

constexpr FieldName kDealFields[] = {
    {Field::kOutcome, "outcome"},
    {Field::kOutcome, "status"},
    {Field::kOutcome, "result"},
    {Field::kOutcome, "deal_status"},
    {Field::kOutcome, "opportunity_status"},
    {Field::kOutcome, "deal_stage"},
    {Field::kOutcome, "stage"},
    {Field::kOutcome, "stage_name"},
    {Field::kOutcome, "stagename"},
};

constexpr struct {
  absl::string_view text;
  OutcomeKind kind;
} kOutcomeWords[] = {
    {"won", OutcomeKind::kWon},          {"closed won", OutcomeKind::kWon},
    {"closed_won", OutcomeKind::kWon},   {"closedwon", OutcomeKind::kWon},
    {"win", OutcomeKind::kWon},          {"赢单", OutcomeKind::kWon},
    {"lost", OutcomeKind::kLost},        {"closed lost", OutcomeKind::kLost},
    {"closed_lost", OutcomeKind::kLost}, {"closedlost", OutcomeKind::kLost},
    {"loss", OutcomeKind::kLost},        {"输单", OutcomeKind::kLost},
};

constexpr absl::string_view kMissingWords[] = {"null", "n/a", "#n/a", "nan",
                                               "\\n"};

OutcomeKind OutcomeOfWord(absl::string_view text) {
  for (const auto& word : kOutcomeWords) {
    if (absl::EqualsIgnoreCase(text, word.text)) return word.kind;
  }
  return OutcomeKind::kOpen;
}

bool IsMissing(absl::string_view text) {
  return text.empty() ||
         std::any_of(std::begin(kMissingWords), std::end(kMissingWords),
                     [text](absl::string_view word) {
                       return absl::EqualsIgnoreCase(text, word);
                     });
}

// Three groups of digits, one of them a year, with one of - / . between them
// (2024-01-31, 31.1.2024, 1/31/2024), also with a time behind it. Which of the
// others is the month does not matter here.
bool IsDate(absl::string_view text) {
  const absl::string_view date = text.substr(0, text.find_first_of(" T"));
  const size_t first = date.find_first_of("-/.");
  if (first == absl::string_view::npos) return false;
  const size_t second = date.find(date[first], first + 1);
  if (second == absl::string_view::npos) return false;
  const std::array<absl::string_view, 3> groups = {
      date.substr(0, first), date.substr(first + 1, second - first - 1),
      date.substr(second + 1)};
  int years = 0;
  for (const absl::string_view group : groups) {
    const bool digits = std::all_of(group.begin(), group.end(), [](char c) {
      return absl::ascii_isdigit(static_cast<unsigned char>(c));
    });
    if (!digits || group.empty() || (group.size() > 2 && group.size() != 4)) {
      return false;
    }
    years += group.size() == 4 ? 1 : 0;
  }
  return years == 1;
}

// [-+]digits[.digits], of a double.
absl::optional<double> PlainNumber(absl::string_view text) {
  const absl::string_view digits =
      text.substr(!text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0);
  const bool is_plain =
      !digits.empty() && std::all_of(digits.begin(), digits.end(), [](char c) {
        return absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '.';
      });
  if (!is_plain) return absl::nullopt;
  double number = 0.0;
  const auto [end, error] =
      absl::from_chars(digits.data(), digits.data() + digits.size(), number,
                       absl::chars_format::fixed);
  if (error != std::errc() || end != digits.data() + digits.size()) {
    return absl::nullopt;
  }
  return text[0] == '-' ? 0.0 - number : number;  // -0 is 0.
}

// A whole number from 0 to below `limit`.
absl::optional<int32_t> WholeNumber(absl::string_view text, int32_t limit) {
  int32_t number = 0;
  if (!absl::SimpleAtoi(text, &number) || number < 0 || number >= limit) {
    return absl::nullopt;
  }
  return number;
}

std::string NotAFold(absl::string_view text) {
  return absl::StrCat("fold ", Quoted(text), "; allowed: 0 to ",
                      kMostFolds - 1);
}

}  // namespace

absl::Span<const FieldName> DealFieldNames() { return kDealFields; }

// ---- Folds ------------------------------------------------------------------

absl::StatusOr<std::vector<int32_t>> ReadFolds(CsvSource source) {
  CsvReader reader(std::move(source));
  const absl::Status header = reader.ReadHeader();
  if (!header.ok()) return header;
  const int row_column = FindColumn(reader.header(), "row");
  const int fold_column = FindColumn(reader.header(), "fold");
  if (row_column < 0 || fold_column < 0) {
    return absl::NotFoundError(
        absl::StrCat("folds need the columns \"row\" and \"fold\"; there are: ",
                     QuotedNames(reader.header())));
  }
  std::vector<int32_t> folds;
  while (reader.Next()) {
    if (!reader.status().ok()) return reader.status();
    const auto text = [&reader](int column) {
      return absl::StripAsciiWhitespace(
          reader.record().fields[static_cast<size_t>(column)]);
    };
    const auto row =
        WholeNumber(text(row_column), std::numeric_limits<int32_t>::max());
    const auto fold = WholeNumber(text(fold_column), kMostFolds);
    if (!row.has_value()) {
      return reader.FieldError(
          static_cast<size_t>(row_column),
          absl::StrCat("row ", Quoted(text(row_column)),
                       "; allowed: a whole number, 0 or more"));
    }
    if (!fold.has_value()) {
      return reader.FieldError(static_cast<size_t>(fold_column),
                               NotAFold(text(fold_column)));
    }
    // Rows may come in any order; memory only for as many as were read.
    if (static_cast<size_t>(*row) > folds.size() + (size_t{1} << 20)) {
      return reader.FieldError(static_cast<size_t>(row_column),
                               absl::StrCat("row ", *row, " is far behind"));
    }
    if (static_cast<size_t>(*row) >= folds.size()) {
      folds.resize(static_cast<size_t>(*row) + 1, -1);
    }
    int32_t& place = folds[static_cast<size_t>(*row)];
    if (place >= 0) {
      return reader.FieldError(static_cast<size_t>(row_column),
                               absl::StrCat("row ", *row, " stands twice"));
    }
    place = *fold;
  }
  const auto missing = std::find(folds.begin(), folds.end(), -1);
  if (missing != folds.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat("row ", missing - folds.begin(), " has no fold"));
  }
  return folds;
}

// ---- Rows -------------------------------------------------------------------

absl::StatusOr<DealReader> DealReader::Create(const DealOptions& options,
                                              const ColumnMap* map,
                                              const ColumnBinding& columns,
                                              const CsvReader& reader,
                                              RowErrors* errors) {
  DealReader deals(options, map, columns, reader, errors);
  const absl::Status bound = deals.Bind();
  if (!bound.ok()) return bound;
  return deals;
}

absl::Status DealReader::Bind() {
  const std::vector<std::string>& header = reader_->header();
  const auto find = [&header](absl::string_view name) -> absl::StatusOr<int> {
    const int column = FindColumn(header, name);
    if (column >= 0) return column;
    return absl::NotFoundError(
        absl::StrCat("there is no column ", Quoted(name),
                     "; there are: ", QuotedNames(header)));
  };
  std::vector<bool> taken(header.size(), false);
  // The surer one gives its name; both say the outcome.
  for (const Field field : {Field::kStage, Field::kOutcome}) {
    const int column = columns_->index(field);
    if (column < 0) continue;
    outcome_place_ = static_cast<size_t>(column);
    taken[outcome_place_] = true;
    table_.outcome_column = header[outcome_place_];
  }
  if (!options_->fold_column.empty()) {
    if (!options_->folds.empty()) {
      return absl::InvalidArgumentError(
          "folds are given by a column and by a file; allowed: one of them");
    }
    const absl::StatusOr<int> column = find(options_->fold_column);
    if (!column.ok()) return column.status();
    fold_column_ = *column;
    taken[static_cast<size_t>(*column)] = true;
  }
  for (const std::string& name : options_->without) {
    const absl::StatusOr<int> column = find(name);
    if (!column.ok()) return column.status();
    const auto place = static_cast<size_t>(*column);
    if (!taken[place]) {
      table_.skipped.push_back({header[place], SkipReason::kWithout});
    }
    taken[place] = true;
  }
  for (size_t i = 0; i < header.size(); ++i) {
    if (taken[i]) continue;
    features_.emplace_back();
    features_.back().place = i;
    features_.back().identity =
        columns_->index(Field::kId) == static_cast<int>(i);
  }
  return absl::OkStatus();
}

OutcomeKind DealReader::OutcomeOf() const {
  const auto text = [this](Field field) {
    return absl::StripAsciiWhitespace(
        columns_->text(field, reader_->record().fields));
  };
  const absl::string_view outcome = text(Field::kOutcome);
  if (!outcome.empty() || map_ == nullptr) return OutcomeOfWord(outcome);
  const absl::string_view stage = text(Field::kStage);
  const StageMeaning* const meaning = map_->FindStage(stage);
  return meaning == nullptr ? OutcomeOfWord(stage) : meaning->kind;
}

absl::Status DealReader::ReadRow() {
  const auto& fields = reader_->record().fields;
  const OutcomeKind outcome = OutcomeOf();
  if (outcome != OutcomeKind::kWon && outcome != OutcomeKind::kLost) {
    ++table_.open_deals;
    constexpr size_t kExamples = 5;
    if (outcomes_.size() < kExamples) outcomes_.Of(fields[outcome_place_]);
    return absl::OkStatus();
  }
  absl::optional<int32_t> fold;
  if (fold_column_ >= 0) {
    const auto place = static_cast<size_t>(fold_column_);
    const absl::string_view text = absl::StripAsciiWhitespace(fields[place]);
    fold = WholeNumber(text, kMostFolds);
    if (!fold.has_value()) return reader_->FieldError(place, NotAFold(text));
  } else if (!options_->folds.empty()) {
    const auto row = static_cast<size_t>(table_.rows_read - 1);
    if (row >= options_->folds.size()) {
      return absl::InvalidArgumentError(absl::StrCat(
          CsvPlace(reader_->record().row, reader_->record().line, -1, ""),
          ": no fold; there are folds of ", options_->folds.size(),
          " rows of data"));
    }
    fold = options_->folds[row];
  }
  if (fold.has_value()) table_.fold.push_back(*fold);
  table_.won.push_back(outcome == OutcomeKind::kWon ? 1 : 0);
  table_.row.push_back(reader_->record().row);
  for (Column& column : features_) {
    column.cells.push_back(
        column.texts.Of(absl::StripAsciiWhitespace(fields[column.place])));
  }
  return absl::OkStatus();
}

void DealReader::Read() {
  ++table_.rows_read;
  const absl::Status read =
      reader_->status().ok() ? ReadRow() : reader_->status();
  if (!read.ok()) errors_->Add(read);
}

// ---- Columns ----------------------------------------------------------------

void DealReader::FinishColumn(const Column& column) {
  const std::string& name = reader_->header()[column.place];
  const auto skip = [this, &name](SkipReason reason) {
    table_.skipped.push_back({name, reason});
  };
  if (column.identity) return skip(SkipReason::kIdentity);
  std::vector<uint32_t> place;
  const std::vector<std::string> texts = column.texts.Sorted(&place);
  FeatureColumn feature;
  feature.name = name;
  // By place in `texts`: the level, or that it is missing.
  std::vector<uint32_t> level_of;
  std::vector<double> number_of;
  std::set<double> numbers;
  bool all_dates = true;
  bool all_numbers = true;
  for (const std::string& text : texts) {
    const bool missing = IsMissing(text);
    const absl::optional<double> number =
        missing ? absl::nullopt : PlainNumber(text);
    number_of.push_back(number.value_or(0.0));
    level_of.push_back(missing ? kMissingLevel
                               : static_cast<uint32_t>(feature.levels.size()));
    if (missing) continue;
    feature.levels.push_back(text);
    if (OutcomeOfWord(text) != OutcomeKind::kOpen) {
      return skip(SkipReason::kOutcome);
    }
    all_dates = all_dates && IsDate(text);
    all_numbers = all_numbers && number.has_value();
    if (number.has_value()) numbers.insert(*number);
  }
  for (const uint32_t cell : column.cells) {
    feature.missing += level_of[place[cell]] == kMissingLevel ? 1 : 0;
  }
  const size_t known =
      column.cells.size() - static_cast<size_t>(feature.missing);
  if (known == 0) return skip(SkipReason::kEmpty);
  if (all_dates) return skip(SkipReason::kDate);
  feature.numeric = all_numbers && numbers.size() > kFewNumbers;
  if (!feature.numeric && known > 1 && feature.levels.size() == known) {
    return skip(SkipReason::kIdentity);
  }
  for (const uint32_t cell : column.cells) {
    const uint32_t text = place[cell];
    if (feature.numeric) {
      feature.number.push_back(number_of[text]);
      feature.known.push_back(level_of[text] == kMissingLevel ? 0 : 1);
    } else {
      feature.level.push_back(level_of[text]);
    }
  }
  if (feature.numeric) feature.levels.clear();
  table_.columns.push_back(std::move(feature));
}

absl::StatusOr<DealTable> DealReader::Finish() {
  if (options_->folds.size() > static_cast<size_t>(table_.rows_read)) {
    return absl::InvalidArgumentError(
        absl::StrCat("there are folds of ", options_->folds.size(),
                     " rows, but ", table_.rows_read, " rows of data"));
  }
  if (table_.won.empty() && errors_->count == 0) {
    std::string allowed;
    for (const auto& word : kOutcomeWords) {
      absl::StrAppend(&allowed, allowed.empty() ? "" : ", ", word.text);
    }
    std::vector<uint32_t> place;
    return absl::InvalidArgumentError(absl::StrCat(
        "no deal is won or lost: column ", Quoted(table_.outcome_column),
        " has ", QuotedNames(outcomes_.Sorted(&place)), "; allowed: ", allowed,
        ", and all else for open deals"));
  }
  for (const Column& column : features_) FinishColumn(column);
  features_.clear();
  return std::move(table_);
}

}  // namespace fivek::tool
