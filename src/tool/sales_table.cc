#include "src/tool/sales_table.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "fivek/base/calendar.h"
#include "fivek/base/money.h"
#include "src/tool/cell.h"
#include "src/tool/display_width.h"
#include "src/tool/kept_texts.h"

namespace fivek::tool {
namespace {

constexpr FieldName kSalesFields[] = {
    {Field::kAccount, "account"},      {Field::kAccount, "account_id"},
    {Field::kAccount, "account_name"}, {Field::kAccount, "customer"},
    {Field::kAccount, "customer_id"},  {Field::kAccount, "customer_name"},
    {Field::kAccount, "company"},      {Field::kAccount, "client"},
    {Field::kClosed, "date"},          {Field::kClosed, "day"},
    {Field::kClosed, "order_date"},    {Field::kClosed, "invoice_date"},
    {Field::kClosed, "closed"},        {Field::kClosed, "close_date"},
    {Field::kAmount, "amount"},        {Field::kAmount, "value"},
    {Field::kAmount, "revenue"},       {Field::kAmount, "total"},
    {Field::kAmount, "dollars"},       {Field::kAmount, "close_value"},
    {Field::kCurrency, "currency"},    {Field::kOutcome, "outcome"},
};
constexpr Field kSalesFieldsNeeded[] = {Field::kAccount, Field::kClosed,
                                        Field::kAmount};

bool HasNeeded(const ColumnBinding& columns) {
  return std::all_of(std::begin(kSalesFieldsNeeded),
                     std::end(kSalesFieldsNeeded),
                     [&columns](Field field) { return columns.has(field); });
}

// "account or account_id or ...; date or ...".
std::string NeededNames() {
  std::string list;
  for (const Field field : kSalesFieldsNeeded) {
    absl::StrAppend(&list, list.empty() ? "" : "; ");
    bool first = true;
    for (const FieldName& one : kSalesFields) {
      if (one.field != field) continue;
      absl::StrAppend(&list, first ? "" : " or ", one.name);
      first = false;
    }
  }
  return list;
}

class SalesReader {
 public:
  SalesReader(const ColumnMap* map, ColumnBinding columns,
              const CsvReader& reader, SalesInput* input)
      : map_(map), columns_(columns), reader_(reader), input_(*input) {}

  // Takes the reader's record, good or bad.
  void Read() {
    ++table().rows_read;
    const absl::Status read =
        reader_.status().ok() ? ReadRow() : reader_.status();
    if (!read.ok()) input_.errors.Add(read);
  }

  // Once, after all records.
  void Finish() {
    std::vector<uint32_t> place;
    table().accounts = accounts_.Sorted(&place);
    for (uint64_t& account : table().account) {
      account = place[static_cast<size_t>(account)];
    }
  }

 private:
  SalesTable& table() { return input_.table; }

  absl::string_view Text(Field field) const {
    return absl::StripAsciiWhitespace(
        columns_.text(field, reader_.record().fields));
  }

  absl::Status At(Field field, absl::string_view what) const {
    return reader_.FieldError(static_cast<size_t>(columns_.index(field)), what);
  }

  // Whether the row is of something that was bought.
  absl::StatusOr<bool> IsWon() const {
    const absl::string_view outcome = Text(Field::kOutcome);
    if (!outcome.empty()) {
      const auto kind = ParseOutcome(outcome);
      if (!kind.ok()) return At(Field::kOutcome, kind.status().message());
      return *kind == OutcomeKind::kWon;
    }
    if (map_ == nullptr || !columns_.has(Field::kStage)) {
      return !columns_.has(Field::kOutcome);
    }
    const absl::string_view stage = Text(Field::kStage);
    const StageMeaning* const meaning = map_->FindStage(stage);
    if (meaning != nullptr) return meaning->kind == OutcomeKind::kWon;
    return At(Field::kStage,
              absl::StrCat("the column map ", map_->name(),
                           " does not know the stage ", Quoted(stage)));
  }

  absl::StatusOr<int32_t> ReadDay() const {
    const absl::string_view text = Text(Field::kClosed);
    if (text.empty()) return At(Field::kClosed, "the day is blank");
    constexpr size_t kDayLength = 10;  // YYYY-MM-DD
    absl::StatusOr<int32_t> day = 0;
    if (text.size() <= kDayLength) {
      day = ParseDay(text);
    } else {
      const absl::StatusOr<int64_t> instant = ParseInstant(text);
      day = instant.ok() ? DayOfInstant(*instant)
                         : absl::StatusOr<int32_t>(instant.status());
    }
    if (!day.ok()) return At(Field::kClosed, day.status().message());
    return day;
  }

  // The first row with a currency decides.
  absl::Status CheckCurrency() {
    const absl::string_view code = columns_.has(Field::kCurrency)
                                       ? Text(Field::kCurrency)
                                   : map_ != nullptr ? map_->currency()
                                                     : absl::string_view();
    const Field field =
        columns_.has(Field::kCurrency) ? Field::kCurrency : Field::kAmount;
    if (has_currency_) {
      if (code == table().currency) return absl::OkStatus();
      return At(field,
                absl::StrCat("currency \"", Truncated(EscapeControls(code), 10),
                             "\"; allowed: that of the rows before, \"",
                             table().currency, "\""));
    }
    if (!code.empty()) {
      const auto currency = Currency::FromCode(code);
      if (!currency.ok()) return At(field, currency.status().message());
      const auto digits = MinorDigits(*currency);
      if (!digits.ok()) return At(field, digits.status().message());
      table().minor_digits = *digits;
    }
    table().currency = std::string(code);
    has_currency_ = true;
    return absl::OkStatus();
  }

  absl::Status ReadRow() {
    const auto won = IsWon();
    if (!won.ok()) return won.status();
    if (!*won) {
      ++table().not_won;
      return absl::OkStatus();
    }
    const absl::string_view amount = Text(Field::kAmount);
    if (Text(Field::kAccount).empty()) {
      ++table().without_account;
      return absl::OkStatus();
    }
    if (amount.empty()) {
      ++table().without_amount;
      return absl::OkStatus();
    }
    const auto day = ReadDay();
    if (!day.ok()) return day.status();
    const absl::Status currency = CheckCurrency();
    if (!currency.ok()) return currency;
    const bool minor =
        map_ != nullptr && map_->amount_unit() == AmountUnit::kMinor;
    const auto parsed = ParseAmount(amount, minor ? 0 : table().minor_digits);
    if (!parsed.ok()) return At(Field::kAmount, parsed.status().message());
    table().account.push_back(accounts_.Of(Text(Field::kAccount)));
    table().day.push_back(*day);
    table().amount.push_back(*parsed);
    return absl::OkStatus();
  }

  const ColumnMap* map_;
  const ColumnBinding columns_;
  const CsvReader& reader_;
  SalesInput& input_;
  TextNumbers accounts_;
  bool has_currency_ = false;
};

struct Layout {
  const ColumnMap* map;
  ColumnBinding columns;
};

absl::StatusOr<Layout> LayoutBy(const ColumnMap& map, const CsvReader& reader) {
  auto columns = ColumnBinding::Bind(map, reader.header());
  if (!columns.ok()) return columns.status();
  if (HasNeeded(*columns)) return Layout{&map, *std::move(columns)};
  return absl::NotFoundError(
      absl::StrCat("the column map ", map.name(),
                   " must have the keys account, closed and amount, and the "
                   "file their columns; it has: ",
                   QuotedNames(reader.header())));
}

absl::StatusOr<Layout> LayoutByNames(const CsvReader& reader) {
  const ColumnBinding columns =
      ColumnBinding::ByNames(kSalesFields, reader.header());
  if (HasNeeded(columns)) return Layout{nullptr, columns};
  return absl::NotFoundError(absl::StrCat(
      "no sales: it needs the columns ", NeededNames(),
      ", or a column map; it has: ", QuotedNames(reader.header())));
}

}  // namespace

absl::StatusOr<SalesInput> ReadSales(CsvSource source,
                                     const SalesOptions& options) {
  CsvReader reader(std::move(source));
  const absl::Status header = reader.ReadHeader();
  if (!header.ok()) return header;
  absl::StatusOr<ColumnMap> builtin = ChooseMap(BuiltinMaps(), reader.header());
  absl::StatusOr<Layout> layout = absl::NotFoundError("no map");
  if (options.map != nullptr) {
    layout = LayoutBy(*options.map, reader);
  } else {
    if (builtin.ok()) layout = LayoutBy(*builtin, reader);
    if (!layout.ok()) layout = LayoutByNames(reader);
  }
  if (!layout.ok()) return layout.status();
  SalesInput input;
  SalesReader sales(layout->map, layout->columns, reader, &input);
  while (reader.Next()) {
    if (!reader.status().ok() &&
        reader.status().code() != absl::StatusCode::kInvalidArgument) {
      return reader.status();
    }
    sales.Read();
    options.progress(reader.bytes_read());
  }
  sales.Finish();
  return input;
}

}  // namespace fivek::tool
