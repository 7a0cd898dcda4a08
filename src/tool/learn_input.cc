#include "src/tool/learn_input.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/tool/display_width.h"

namespace fivek::tool {
namespace {

bool HasVisits(const ColumnBinding& columns) {
  const auto needed = VisitFieldsNeeded();
  return std::all_of(needed.begin(), needed.end(),
                     [&columns](Field field) { return columns.has(field); });
}

// "deal or deal_id or ...", the names that a column with the field may have.
std::string NamesOf(Field field, absl::Span<const FieldName> names) {
  std::string list;
  for (const FieldName& one : names) {
    if (one.field != field) continue;
    absl::StrAppend(&list, list.empty() ? "" : " or ", one.name);
  }
  return list;
}

std::string NeededForVisits() {
  std::string list;
  for (const Field field : VisitFieldsNeeded()) {
    absl::StrAppend(&list, list.empty() ? "" : "; ",
                    NamesOf(field, VisitFieldNames()));
  }
  return list;
}

struct Chosen {
  LearnKind kind;
  ColumnBinding columns;
};

absl::StatusOr<Chosen> ChooseByMap(const LearnOptions& options,
                                   const CsvReader& reader) {
  auto columns = ColumnBinding::Bind(*options.map, reader.header());
  if (!columns.ok()) return columns.status();
  const bool visits = HasVisits(*columns);
  const LearnKind kind =
      options.kind.value_or(visits ? LearnKind::kVisits : LearnKind::kDeals);
  if (kind == LearnKind::kVisits && !visits) {
    return absl::NotFoundError(
        absl::StrCat("the column map ", options.map->name(),
                     " must have the keys id, stage and entered for visits"));
  }
  if (kind == LearnKind::kDeals && !columns->has(Field::kOutcome) &&
      !columns->has(Field::kStage)) {
    return absl::NotFoundError(
        absl::StrCat("the column map ", options.map->name(),
                     " must have the key outcome or stage for deals"));
  }
  return Chosen{kind, *std::move(columns)};
}

absl::StatusOr<Chosen> ChooseByNames(const LearnOptions& options,
                                     const CsvReader& reader) {
  const ColumnBinding visits =
      ColumnBinding::ByNames(VisitFieldNames(), reader.header());
  const ColumnBinding deals =
      ColumnBinding::ByNames(DealFieldNames(), reader.header());
  const bool may_be_visits = options.kind != LearnKind::kDeals;
  const bool may_be_deals = options.kind != LearnKind::kVisits;
  if (may_be_visits && HasVisits(visits)) {
    return Chosen{LearnKind::kVisits, visits};
  }
  if (may_be_deals && deals.has(Field::kOutcome)) {
    return Chosen{LearnKind::kDeals, deals};
  }
  std::string needed;
  if (may_be_visits) {
    absl::StrAppend(&needed, "for visits it needs the columns ",
                    NeededForVisits());
  }
  if (may_be_deals) {
    absl::StrAppend(&needed, needed.empty() ? "" : ", ",
                    "for deals the column ",
                    NamesOf(Field::kOutcome, DealFieldNames()));
  }
  return absl::NotFoundError(absl::StrCat(
      "nothing to learn from: ", needed,
      ", or a column map; it has: ", QuotedNames(reader.header())));
}

// Calls `read` for each record; false if the source failed.
template <typename Read>
bool ForEachRecord(CsvReader* reader, const LearnOptions& options, Read read) {
  while (reader->Next()) {
    if (!reader->status().ok() &&
        reader->status().code() != absl::StatusCode::kInvalidArgument) {
      return false;
    }
    read();
    options.progress(reader->bytes_read());
  }
  return true;
}

}  // namespace

absl::StatusOr<LearnKind> ParseLearnKind(absl::string_view text) {
  if (absl::EqualsIgnoreCase(text, "visits")) return LearnKind::kVisits;
  if (absl::EqualsIgnoreCase(text, "deals")) return LearnKind::kDeals;
  return absl::InvalidArgumentError(
      absl::StrCat("kind ", Quoted(text), "; allowed: visits, deals"));
}

absl::StatusOr<LearnInput> ReadLearnInput(CsvSource source,
                                          const LearnOptions& options) {
  CsvReader reader(std::move(source));
  const absl::Status header = reader.ReadHeader();
  if (!header.ok()) return header;
  const auto chosen = options.map == nullptr ? ChooseByNames(options, reader)
                                             : ChooseByMap(options, reader);
  if (!chosen.ok()) return chosen.status();
  LearnInput input;
  if (chosen->kind == LearnKind::kVisits) {
    VisitReader visits(options.policy, options.map, chosen->columns, reader,
                       &input.errors);
    if (!ForEachRecord(&reader, options, [&visits] { visits.Read(); })) {
      return reader.status();
    }
    input.table = visits.Finish();
    return input;
  }
  auto deals = DealReader::Create(options.deals, options.map, chosen->columns,
                                  reader, &input.errors);
  if (!deals.ok()) return deals.status();
  if (!ForEachRecord(&reader, options, [&deals] { deals->Read(); })) {
    return reader.status();
  }
  auto table = deals->Finish();
  if (!table.ok()) return table.status();
  input.table = *std::move(table);
  return input;
}

}  // namespace fivek::tool
