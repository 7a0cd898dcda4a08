#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "fivek/base/calendar.h"
#include "fivek/base/money.h"
#include "fivek/method/labels.h"
#include "src/tool/accounts_messages.h"
#include "src/tool/accounts_report.h"
#include "src/tool/display_width.h"
#include "src/tool/text_table.h"

namespace fivek::tool {
namespace {

constexpr const char* kLetters[] = {"A", "B", "C", "N"};
constexpr const char* kXyzLetters[] = {"X", "Y", "Z"};

// "12.3 %", exact before it is rounded.
std::string ShareOf(absl::int128 part, absl::int128 whole) {
  if (whole <= 0) return "";
  // Half away from 0 of a ratio that is below 2^20, in ppm.
  const absl::int128 ppm = (part * 2'000'000 / whole + (part < 0 ? -1 : 1)) / 2;
  return PercentText(static_cast<int32_t>(ppm), 1);
}

class AccountsTextWriter {
 public:
  AccountsTextWriter(const AccountsReport& report, size_t named,
                     Language language, bool colour)
      : report_(report), named_(named), language_(language), colour_(colour) {}

  std::string Write(absl::string_view file) {
    WriteHead(file);
    WriteClasses();
    WriteMovement();
    WriteSteadiness();
    WriteSegments();
    WriteOutlook();
    WriteVisits();
    WriteLargest();
    WriteOverdue();
    WriteFallen();
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

  TableColumn Left(const Bilingual& title, size_t most = 0) const {
    return {S(title), Align::kLeft, most};
  }
  TableColumn Right(const Bilingual& title) const {
    return {S(title), Align::kRight};
  }

  std::string Amount(absl::int128 minor_units) const {
    // Sums of classes are parts of totals that fit, or of nothing printable.
    if (minor_units > INT64_MAX || minor_units < INT64_MIN) return "> 64 bit";
    return GroupedAmount(static_cast<int64_t>(minor_units),
                         report_.sales.minor_digits);
  }
  std::string Amount(double minor_units) const {
    if (!(std::fabs(minor_units) < 9e18)) return "> 64 bit";
    return Amount(absl::int128(std::llround(minor_units)));
  }

  const std::string& Name(const AccountLine& line) const {
    return report_.sales.accounts[line.name];
  }

  void WriteHead(absl::string_view file) {
    Line(Painted(
        absl::StrCat(S(accounts_say::kTitle), " ", EscapeControls(file)),
        Ink::kBold, colour_));
    std::string line = absl::StrCat(
        GroupedCount(report_.orders), " ", S(accounts_say::kSales), ", ",
        GroupedCount(static_cast<int64_t>(report_.lines.size())), " ",
        S(accounts_say::kAccounts), ", ", FormatDay(report_.first_day), " ",
        S(accounts_say::kTo), " ", FormatDay(report_.as_of));
    if (!report_.sales.currency.empty()) {
      absl::StrAppend(&line, ", ", report_.sales.currency);
    }
    if (report_.credits > 0) {
      absl::StrAppend(&line, ", ", GroupedCount(report_.credits), " ",
                      S(accounts_say::kCredits));
    }
    Line(line);
    std::string left_out;
    const auto add = [&](int64_t count, const Bilingual& what) {
      if (count == 0) return;
      absl::StrAppend(&left_out, left_out.empty() ? "" : ", ",
                      GroupedCount(count), " ", S(what));
    };
    add(report_.sales.not_won, accounts_say::kNotWon);
    add(report_.sales.without_account, accounts_say::kNoAccount);
    add(report_.sales.without_amount, accounts_say::kNoAmount);
    add(report_.sales_after, accounts_say::kAfter);
    if (left_out.empty()) return;
    Line(absl::StrCat(S(accounts_say::kLeftOut), ": ", left_out));
  }

  void WriteClasses() {
    Heading(S(accounts_say::kClasses));
    TextTable table({Left(accounts_say::kClass), Right(accounts_say::kAccounts),
                     Right(accounts_say::kShare), Right(accounts_say::kValue),
                     Right(accounts_say::kShare), Right(accounts_say::kFrom)});
    const AbcResult& abc = report_.abc;
    const auto accounts = static_cast<int64_t>(report_.lines.size());
    for (size_t c = 0; c < abc.of.size(); ++c) {
      const AbcGroup& group = abc.of[c];
      if (c == 3 && group.count == 0) continue;
      table.AddRow(
          {c == 3 ? S(accounts_say::kNegative) : kLetters[c],
           GroupedCount(group.count), ShareOf(group.count, accounts),
           Amount(group.value), c == 3 ? "" : ShareOf(group.value, abc.total),
           group.lowest.has_value() ? Amount(absl::int128(*group.lowest))
                                    : ""});
    }
    table.AddRule();
    table.AddRow({S(accounts_say::kTotal), GroupedCount(accounts), "",
                  Amount(abc.total)});
    Print(table);
  }

  void WriteMovement() {
    Heading(
        absl::StrCat(S(accounts_say::kMoved), " ", FormatDay(report_.since)));
    std::vector<TableColumn> columns = {Left(accounts_say::kBeforeSince)};
    for (const char* letter : kLetters) {
      columns.push_back({letter, Align::kRight});
    }
    columns.push_back(Right(accounts_say::kNothing));
    TextTable table(std::move(columns));
    const AbcMovement& m = report_.movement;
    for (size_t from = 0; from < m.moved.size(); ++from) {
      std::vector<std::string> cells = {from < 4 ? kLetters[from]
                                                 : S(accounts_say::kNothing)};
      int64_t all = 0;
      for (const int64_t count : m.moved[from]) {
        cells.push_back(count == 0 ? "" : GroupedCount(count));
        all += count;
      }
      if (all > 0) table.AddRow(cells);
    }
    Print(table);
    WriteBoundary(m.a, accounts_say::kBoundary[0]);
    WriteBoundary(m.b, accounts_say::kBoundary[1]);
  }

  // "An A had at least 1,200.00, now 1,450.00 (moved by Acme)"
  void WriteBoundary(const AbcBoundary& boundary, const Bilingual& what) {
    if (!boundary.then.has_value() || !boundary.now.has_value()) return;
    std::string line = absl::StrCat(
        S(what), " ", Amount(absl::int128(*boundary.then)), ", ",
        S(accounts_say::kNow), " ", Amount(absl::int128(*boundary.now)));
    if (boundary.mover >= 0) {
      const AccountLine& mover =
          report_.lines[static_cast<size_t>(boundary.mover)];
      absl::StrAppend(&line, " (", S(accounts_say::kMover), " ",
                      Truncated(EscapeControls(Name(mover)), kNameWidth), ")");
    }
    Line(line);
  }

  void WriteSteadiness() {
    if (report_.months < 2) {
      Heading(S(accounts_say::kTooFewMonths));
      return;
    }
    Heading(absl::StrCat(S(accounts_say::kSteady), ", ", report_.months, " ",
                         S(accounts_say::kMonths)));
    std::vector<TableColumn> columns = {Left(accounts_say::kClass)};
    for (const char* letter : kXyzLetters) {
      columns.push_back({letter, Align::kRight});
      columns.push_back(Right(accounts_say::kValue));
    }
    TextTable table(std::move(columns));
    for (size_t c = 0; c < report_.matrix.size(); ++c) {
      if (report_.abc.of[c].count == 0) continue;
      std::vector<std::string> cells = {kLetters[c]};
      for (const AbcXyzCell& cell : report_.matrix[c]) {
        cells.push_back(cell.count == 0 ? "" : GroupedCount(cell.count));
        cells.push_back(cell.count == 0 ? "" : Amount(cell.value));
      }
      table.AddRow(cells);
    }
    Print(table);
    if (report_.months < XyzOptions().least_periods) {
      Line(S(accounts_say::kShort));
    }
  }

  void WriteSegments() {
    Heading(S(accounts_say::kSegments));
    TextTable table({Left(accounts_say::kSegment),
                     Right(accounts_say::kAccounts),
                     Right(accounts_say::kShare), Right(accounts_say::kValue),
                     Right(accounts_say::kShare)});
    const auto accounts = static_cast<int64_t>(report_.lines.size());
    for (size_t s = 0; s < report_.segments.size(); ++s) {
      const SegmentSum& sum = report_.segments[s];
      if (sum.accounts == 0) continue;
      table.AddRow({SegmentName(s), GroupedCount(sum.accounts),
                    ShareOf(sum.accounts, accounts), Amount(sum.value),
                    ShareOf(sum.value, report_.abc.total)});
    }
    Print(table);
  }

  std::string SegmentName(size_t segment) const {
    return Label(LabelSet::kRfmSegment, static_cast<int32_t>(segment),
                 language_);
  }
  std::string DueName(OrderDue due) const {
    return Label(LabelSet::kOrderDue, static_cast<int32_t>(due), language_);
  }

  void WriteOutlook() {
    Heading(absl::StrCat(S(accounts_say::kOutlook), " ", report_.horizon));
    if (!report_.orders_model.ok()) {
      Line(absl::StrCat(
          S(accounts_say::kNoModel), ": ",
          EscapeControls(report_.orders_model.status().message())));
      return;
    }
    const bool valued = report_.value_model.ok();
    std::vector<TableColumn> columns = {
        Left(accounts_say::kClass), Right(accounts_say::kAccounts),
        Right(accounts_say::kStill), Right(accounts_say::kOrders)};
    if (valued) columns.push_back(Right(accounts_say::kExpectedValue));
    columns.push_back({DueName(OrderDue::kLate), Align::kRight});
    columns.push_back({DueName(OrderDue::kOverdue), Align::kRight});
    TextTable table(std::move(columns));
    OutlookSum all;
    for (size_t c = 0; c < report_.outlook.size(); ++c) {
      const OutlookSum& sum = report_.outlook[c];
      if (sum.accounts == 0) continue;
      AddOutlook(kLetters[c], sum, valued, &table);
      all.accounts += sum.accounts;
      all.alive += sum.alive;
      all.orders += sum.orders;
      all.late += sum.late;
      all.overdue += sum.overdue;
      if (sum.value.has_value()) {
        all.value = all.value.value_or(0.0) + *sum.value;
      }
    }
    table.AddRule();
    AddOutlook(S(accounts_say::kTotal), all, valued, &table);
    Print(table);
    WriteModels();
  }

  void AddOutlook(const std::string& name, const OutlookSum& sum, bool valued,
                  TextTable* table) const {
    std::vector<std::string> cells = {name, GroupedCount(sum.accounts),
                                      Tenths(sum.alive), Tenths(sum.orders)};
    if (valued) {
      cells.push_back(sum.value.has_value() ? Amount(*sum.value) : "");
    }
    cells.push_back(GroupedCount(sum.late));
    cells.push_back(GroupedCount(sum.overdue));
    table->AddRow(cells);
  }

  static std::string Parameter(const char* name, const FittedParameter& p) {
    return absl::StrFormat("%s %.4g [%.4g, %.4g]", name, p.value, p.low,
                           p.high);
  }

  void WriteModels() {
    const BgNbdFit& orders = *report_.orders_model;
    Line(absl::StrCat(S(accounts_say::kModel), ": ", Parameter("r", orders.r),
                      ", ", Parameter("alpha", orders.alpha), ", ",
                      Parameter("a", orders.a), ", ", Parameter("b", orders.b),
                      "; ", GroupedCount(orders.quality.repeaters), " ",
                      S(accounts_say::kRepeaters)));
    if (report_.value_model.ok()) {
      const GammaGammaFit& value = *report_.value_model;
      Line(absl::StrCat(S(accounts_say::kValueModel), ": ",
                        Parameter("p", value.p), ", ", Parameter("q", value.q),
                        ", ", Parameter("v", value.v)));
    } else {
      Line(
          absl::StrCat(S(accounts_say::kNoValueModel), ": ",
                       EscapeControls(report_.value_model.status().message())));
    }
    if (orders.quality.repeaters < orders.quality.customers) {
      Line(S(accounts_say::kOnce));
    }
  }

  void WriteVisits() {
    Heading(S(accounts_say::kVisits));
    TextTable table(
        {Left(accounts_say::kClass), Right(accounts_say::kAccounts),
         Right(accounts_say::kEach), Right(accounts_say::kVisitCount),
         Right(accounts_say::kShare), Right(accounts_say::kShareOfValue)});
    const SellerVisits& visits = report_.visits;
    for (size_t c = 0; c < 3; ++c) {
      const VisitSum& sum = visits.classes[c];
      table.AddRow({kLetters[c], GroupedCount(sum.accounts),
                    GroupedCount(report_.visit_options.frequency[c]),
                    GroupedCount(sum.needed),
                    ShareOf(sum.needed, visits.all.needed),
                    ShareOf(report_.abc.of[c].value, report_.abc.total)});
    }
    table.AddRule();
    table.AddRow({S(accounts_say::kTotal), GroupedCount(visits.all.accounts),
                  "", GroupedCount(visits.all.needed)});
    Print(table);
  }

  // ---- Accounts by name
  // -------------------------------------------------------

  void WriteLargest() {
    Heading(S(accounts_say::kLargest));
    std::vector<TableColumn> columns = {
        Left(accounts_say::kAccount, kNameWidth),
        Left(accounts_say::kClass),
        Left(accounts_say::kScores),
        Left(accounts_say::kSegment),
        Right(accounts_say::kValue),
        Right(accounts_say::kShare),
        Left(accounts_say::kLastOrder)};
    const bool ahead = report_.orders_model.ok();
    if (ahead) {
      columns.push_back(Right(accounts_say::kAlive));
      columns.push_back(Left(accounts_say::kNextOrder));
      columns.push_back(Right(accounts_say::kOrders));
    }
    TextTable table(std::move(columns));
    for (size_t i = 0; i < std::min(named_, report_.lines.size()); ++i) {
      const AccountLine& line = report_.lines[i];
      std::vector<std::string> cells = {
          Name(line),
          absl::StrCat(kLetters[line.abc],
                       line.xyz.has_value()
                           ? kXyzLetters[static_cast<size_t>(line.xyz->xyz)]
                           : ""),
          absl::StrCat(line.recency, "-", line.frequency, "-", line.money),
          SegmentName(line.segment),
          Amount(absl::int128(line.purchases.total)),
          ShareOf(line.purchases.total, report_.abc.total),
          line.purchases.last_day == kNeverBought
              ? ""
              : FormatDay(line.purchases.last_day)};
      if (ahead && line.outlook.has_value()) {
        cells.push_back(Percent(line.outlook->alive));
        cells.push_back(DueName(line.outlook->due));
        cells.push_back(Tenths(line.outlook->expected));
      }
      table.AddRow(cells);
    }
    Print(table);
  }

  void WriteMore(size_t count) {
    if (count <= named_) return;
    Line(absl::StrCat("+ ", GroupedCount(static_cast<int64_t>(count - named_)),
                      " ", S(accounts_say::kMore)));
  }

  void WriteOverdue() {
    if (!report_.orders_model.ok()) return;
    Heading(S(accounts_say::kOverdue));
    const std::vector<size_t> list = report_.OverdueA();
    if (list.empty()) return Line(S(accounts_say::kNobody));
    TextTable table(
        {Left(accounts_say::kAccount, kNameWidth), Right(accounts_say::kValue),
         Left(accounts_say::kLastOrder), Right(accounts_say::kSilent),
         Right(accounts_say::kGap), Right(accounts_say::kAlive)});
    for (size_t i = 0; i < std::min(named_, list.size()); ++i) {
      const AccountLine& line = report_.lines[list[i]];
      table.AddRow(
          {Name(line), Amount(absl::int128(line.purchases.total)),
           FormatDay(line.purchases.last_day), Tenths(line.outlook->since),
           Tenths(line.outlook->gap), Percent(line.outlook->alive)},
          Ink::kYellow);
    }
    Print(table);
    WriteMore(list.size());
  }

  void WriteFallen() {
    Heading(S(accounts_say::kFallen));
    const std::vector<size_t> list = report_.FallenA();
    if (list.empty()) return Line(S(accounts_say::kNobody));
    TextTable table({Left(accounts_say::kAccount, kNameWidth),
                     Right(accounts_say::kValue), Left(accounts_say::kNow),
                     Left(accounts_say::kWhy)});
    for (size_t i = 0; i < std::min(named_, list.size()); ++i) {
      const AccountLine& line = report_.lines[list[i]];
      table.AddRow(
          {Name(line), Amount(absl::int128(line.purchases.total)),
           line.class_since == kAbcNoClass ? "" : kLetters[line.class_since],
           S(accounts_say::kCauses[static_cast<size_t>(line.cause)])},
          Ink::kYellow);
    }
    Print(table);
    WriteMore(list.size());
  }

  const AccountsReport& report_;
  const size_t named_;
  const Language language_;
  const bool colour_;
  std::string out_;
};

}  // namespace

std::string AccountsText(const AccountsReport& report, absl::string_view file,
                         size_t named, Language language, bool colour) {
  return AccountsTextWriter(report, named, language, colour).Write(file);
}

}  // namespace fivek::tool
