#include "src/tool/visit_table.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "fivek/base/calendar.h"
#include "fivek/method/milestone.h"
#include "fivek/pipeline/audit.h"
#include "src/tool/cell.h"
#include "src/tool/display_width.h"

namespace fivek::tool {
namespace {

constexpr FieldName kVisitFields[] = {
    {Field::kId, "deal"},           {Field::kId, "deal_id"},
    {Field::kId, "opportunity"},    {Field::kId, "opportunity_id"},
    {Field::kId, "case_id"},        {Field::kId, "id"},
    {Field::kStage, "stage"},       {Field::kStage, "milestone"},
    {Field::kStage, "stage_name"},  {Field::kStage, "deal_stage"},
    {Field::kEntered, "entered"},   {Field::kEntered, "entered_at"},
    {Field::kEntered, "entry"},     {Field::kEntered, "stage_entered"},
    {Field::kEntered, "enter_day"}, {Field::kEntered, "date_entered"},
    {Field::kLeft, "left"},         {Field::kLeft, "left_at"},
    {Field::kLeft, "exit"},         {Field::kLeft, "stage_left"},
    {Field::kLeft, "leave_day"},    {Field::kLeft, "date_exited"},
    {Field::kOutcome, "outcome"},   {Field::kOutcome, "result"},
    {Field::kOutcome, "status"},    {Field::kSegment, "segment"},
    {Field::kSegment, "industry"},  {Field::kSegment, "region"},
    {Field::kTeam, "team"},         {Field::kTeam, "office"},
    {Field::kOwner, "seller"},      {Field::kOwner, "owner"},
    {Field::kOwner, "rep"},         {Field::kOwner, "sales_agent"},
};
constexpr Field kVisitFieldsNeeded[] = {Field::kId, Field::kStage,
                                        Field::kEntered};

// Rows that say how a deal ended; behind all visits of the day.
constexpr int32_t kWonRow = static_cast<int32_t>(Milestone::kClosedWon);
constexpr int32_t kLostRow = kWonRow + 1;
constexpr int32_t kVoidRow = kWonRow + 2;

}  // namespace

absl::Span<const FieldName> VisitFieldNames() { return kVisitFields; }
absl::Span<const Field> VisitFieldsNeeded() { return kVisitFieldsNeeded; }

bool VisitReader::IsVisit(const Row& row) { return row.stage < kWonRow; }

// ---- Rows -------------------------------------------------------------------

absl::string_view VisitReader::Text(Field field) const {
  return absl::StripAsciiWhitespace(
      columns_.text(field, reader_.record().fields));
}

absl::Status VisitReader::At(Field field, absl::string_view what) const {
  return reader_.FieldError(static_cast<size_t>(columns_.index(field)), what);
}

absl::Status VisitReader::AtRow(const Row& row, Field field,
                                absl::string_view what) const {
  const int column = columns_.index(field);
  const absl::string_view name =
      column < 0
          ? absl::string_view()
          : absl::string_view(reader_.header()[static_cast<size_t>(column)]);
  return absl::InvalidArgumentError(
      absl::StrCat(CsvPlace(row.row, row.line, column, name), ": ", what));
}

absl::Status VisitReader::ReadDay(Field field, int32_t* day) const {
  const absl::string_view text = Text(field);
  if (text.empty()) return absl::OkStatus();
  constexpr size_t kDayLength = 10;  // YYYY-MM-DD
  absl::StatusOr<int32_t> parsed = 0;
  if (text.size() <= kDayLength) {
    parsed = ParseDay(text);
  } else {
    const absl::StatusOr<int64_t> instant = ParseInstant(text);
    parsed = instant.ok() ? DayOfInstant(*instant)
                          : absl::StatusOr<int32_t>(instant.status());
  }
  if (!parsed.ok()) return At(field, parsed.status().message());
  *day = *parsed;
  return absl::OkStatus();
}

absl::Status VisitReader::ReadStage(Row* row) const {
  const absl::string_view text = Text(Field::kStage);
  if (const StageMeaning* const meaning =
          map_ == nullptr ? nullptr : map_->FindStage(text);
      meaning != nullptr) {
    if (meaning->kind == OutcomeKind::kWon) row->stage = kWonRow;
    if (meaning->kind == OutcomeKind::kLost) row->stage = kLostRow;
    if (meaning->kind == OutcomeKind::kVoid) row->stage = kVoidRow;
    if (!IsVisit(*row)) return absl::OkStatus();
    row->stage = meaning->milestone;
    if (meaning->probability >= 0) {
      const auto rung = ClaimedMilestone(policy_, meaning->probability);
      if (!rung.ok()) return At(Field::kStage, rung.status().message());
      row->stage = static_cast<int32_t>(*rung);
    }
    if (row->stage >= 0) return absl::OkStatus();
    return At(Field::kStage,
              absl::StrCat("the column map ", map_->name(),
                           " says no milestone of the stage ", Quoted(text)));
  }
  const absl::StatusOr<int32_t> milestone = ParseMilestone(text, policy_);
  if (!milestone.ok()) return At(Field::kStage, milestone.status().message());
  row->stage = *milestone;
  return absl::OkStatus();
}

absl::Status VisitReader::ReadWord(Word* word) const {
  static constexpr struct {
    absl::string_view text;
    Word word;
  } kWords[] = {{"open", Word::kOpen},         {"hold", Word::kOpen},
                {"advanced", Word::kAdvanced}, {"moved back", Word::kMovedBack},
                {"won", Word::kWon},           {"lost", Word::kLost},
                {"void", Word::kVoid}};
  const absl::string_view text = Text(Field::kOutcome);
  if (text.empty()) return absl::OkStatus();
  std::string allowed;
  for (const auto& one : kWords) {
    if (absl::EqualsIgnoreCase(text, one.text)) {
      *word = one.word;
      return absl::OkStatus();
    }
    absl::StrAppend(&allowed, allowed.empty() ? "" : ", ", one.text);
  }
  return At(Field::kOutcome, absl::StrCat("outcome ", Quoted(text),
                                          "; allowed: blank, ", allowed));
}

absl::Status VisitReader::ReadRow(Row* row) {
  row->row = reader_.record().row;
  row->line = reader_.record().line;
  if (Text(Field::kId).empty()) return At(Field::kId, "the deal is blank");
  if (Text(Field::kEntered).empty()) {
    return At(Field::kEntered, "the day is blank");
  }
  for (const absl::Status& read :
       {ReadStage(row), ReadDay(Field::kEntered, &row->entered),
        ReadDay(Field::kLeft, &row->left), ReadWord(&row->word)}) {
    if (!read.ok()) return read;
  }
  if (row->left < row->entered) {
    return At(Field::kLeft,
              absl::StrCat(FormatDay(row->left), " is before it was entered, ",
                           FormatDay(row->entered)));
  }
  // Only what is good gets numbers.
  const auto number = [this](Field field, TextNumbers* numbers) {
    const absl::string_view text = Text(field);
    return text.empty() ? kNoText : numbers->Of(text);
  };
  row->deal = number(Field::kId, &deals_);
  row->segment = number(Field::kSegment, &segments_);
  row->team = number(Field::kTeam, &teams_);
  row->seller = number(Field::kOwner, &sellers_);
  return absl::OkStatus();
}

void VisitReader::Read() {
  ++table_.rows_read;
  if (!reader_.status().ok()) return errors_.Add(reader_.status());
  Row row = {};
  row.left = kStillThere;
  const absl::Status read = ReadRow(&row);
  if (!read.ok()) return errors_.Add(read);
  if (!IsVisit(row)) {  // The stage says it all.
    row.left = kStillThere;
    row.word = Word::kNone;
  }
  rows_.push_back(row);
}

// ---- Deals ------------------------------------------------------------------

// That visits follow each other.
absl::Status VisitReader::CheckDeal(const std::vector<Row>& rows) const {
  for (size_t i = 1; i < rows.size(); ++i) {
    const Row& before = rows[i - 1];
    if (before.left == kStillThere || before.left <= rows[i].entered) continue;
    return AtRow(
        rows[i], Field::kEntered,
        absl::StrCat(FormatDay(rows[i].entered), " is before the visit of row ",
                     before.row, " was left, ", FormatDay(before.left)));
  }
  return absl::OkStatus();
}

absl::StatusOr<VisitReader::End> VisitReader::EndOf(const Row& row,
                                                    const Row* next) const {
  End end;
  end.left = row.left;
  if (next != nullptr && row.left == kStillThere) end.left = next->entered;
  Word word = row.word;
  if (next != nullptr && word != Word::kAdvanced && word != Word::kMovedBack) {
    if (IsVisit(*next)) {
      word = next->stage > row.stage ? Word::kAdvanced : Word::kMovedBack;
    } else {
      word = next->stage == kWonRow    ? Word::kWon
             : next->stage == kLostRow ? Word::kLost
                                       : Word::kVoid;
    }
  }
  switch (word) {
    case Word::kNone:
    case Word::kOpen:
    case Word::kVoid:
      return end;
    case Word::kAdvanced:
      end.end = VisitEnd::kAdvanced;
      end.to = next != nullptr && next->stage <= kWonRow
                   ? std::max(next->stage, row.stage + 1)
                   : row.stage + 1;
      break;
    case Word::kWon:
      end.end = VisitEnd::kAdvanced;
      end.to = kWonRow;
      break;
    case Word::kLost:
      end.end = VisitEnd::kLost;
      break;
    case Word::kMovedBack:
      end.end = VisitEnd::kMovedBack;
      end.to = next != nullptr ? std::min(next->stage, row.stage - 1)
                               : row.stage - 1;
      break;
  }
  if (end.to < 0) {
    return AtRow(row, Field::kOutcome,
                 "outcome \"moved back\" of milestone 0; allowed: of 1 to 5");
  }
  if (end.left != kStillThere) return end;
  return AtRow(row, columns_.has(Field::kLeft) ? Field::kLeft : Field::kOutcome,
               absl::StrCat("outcome \"",
                            end.end == VisitEnd::kLost        ? "lost"
                            : end.end == VisitEnd::kMovedBack ? "moved back"
                            : word == Word::kWon              ? "won"
                                                              : "advanced",
                            "\", but not the day the stage was left"));
}

// `rows` of one deal, in order.
void VisitReader::FinishDeal(std::vector<Row> rows) {
  const absl::Status good = CheckDeal(rows);
  if (!good.ok()) return errors_.Add(good);
  std::vector<Row> kept;
  bool was_lost = false;
  for (size_t i = 0; i < rows.size(); ++i) {
    const bool is_last = i + 1 == rows.size();
    was_lost |=
        !is_last && (rows[i].stage == kLostRow || rows[i].word == Word::kLost);
    if (!is_last && rows[i].stage > kWonRow) continue;  // Taken back.
    if (!kept.empty() && kept.back().stage == rows[i].stage) {
      kept.back().left = rows[i].left;
      kept.back().word = rows[i].word;
      ++table_.rows_merged;
    } else {
      kept.push_back(rows[i]);
    }
  }
  std::vector<End> ends(kept.size());
  for (size_t i = 0; i < kept.size(); ++i) {
    const Row* const next = i + 1 < kept.size() ? &kept[i + 1] : nullptr;
    if (!IsVisit(kept[i])) continue;
    const absl::StatusOr<End> known = EndOf(kept[i], next);
    if (!known.ok()) return errors_.Add(known.status());
    ends[i] = *known;
  }
  for (size_t i = 0; i < kept.size(); ++i) {
    if (!IsVisit(kept[i])) continue;
    table_.deal.push_back(kept[i].deal);
    table_.stage.push_back(static_cast<uint8_t>(kept[i].stage));
    table_.entered.push_back(kept[i].entered);
    table_.left.push_back(ends[i].left);
    table_.end.push_back(ends[i].end);
    table_.to.push_back(static_cast<uint8_t>(ends[i].to));
    table_.segment.push_back(kept[i].segment);
    table_.team.push_back(kept[i].team);
    table_.seller.push_back(kept[i].seller);
  }
  const Row& last = kept.back();
  const bool won = last.stage == kWonRow || last.word == Word::kWon;
  const bool lost = last.stage == kLostRow || last.word == Word::kLost;
  table_.deals_won += won ? 1 : 0;
  table_.deals_lost += lost && !won ? 1 : 0;
  table_.deals_reopened += was_lost && !lost ? 1 : 0;
}

VisitTable VisitReader::Finish() {
  // Numbers by the texts, and rows by what they say, so that the order of the
  // file does not matter.
  std::vector<uint32_t> deal;
  std::vector<uint32_t> segment;
  std::vector<uint32_t> team;
  std::vector<uint32_t> seller;
  table_.deals = deals_.Sorted(&deal);
  table_.segments = segments_.Sorted(&segment);
  table_.teams = teams_.Sorted(&team);
  table_.sellers = sellers_.Sorted(&seller);
  const auto place = [](const std::vector<uint32_t>& places, uint32_t* number) {
    if (*number != kNoText) *number = places[*number];
  };
  for (Row& row : rows_) {
    place(deal, &row.deal);
    place(segment, &row.segment);
    place(team, &row.team);
    place(seller, &row.seller);
  }
  const auto key = [](const Row& r) {
    return std::make_tuple(r.deal, r.entered, r.left, r.stage, r.word,
                           r.segment, r.team, r.seller, r.row);
  };
  std::sort(rows_.begin(), rows_.end(),
            [&key](const Row& a, const Row& b) { return key(a) < key(b); });
  for (auto first = rows_.begin(); first != rows_.end();) {
    const auto last = std::find_if(
        first, rows_.end(),
        [&first](const Row& row) { return row.deal != first->deal; });
    FinishDeal(std::vector<Row>(first, last));
    first = last;
  }
  rows_.clear();
  return std::move(table_);
}

}  // namespace fivek::tool
