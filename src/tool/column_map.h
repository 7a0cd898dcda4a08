// A column map says how an export is read: which of its columns is which field
// of an opportunity, and what its stage names mean. Nothing is guessed: a stage
// name that is not in the map is unknown, and the caller says so.
//
// The format: lines `key = value`, in three sections. Empty lines and lines
// that start with `#` say nothing (a `#` further on is part of the line).
// Blanks around keys and values are ignored.
//
//   [columns]             # field of fivek = name of the column in the file
//   id = opportunity_id
//   stage = deal_stage
//   amount = close_value
//   title? = name         # with `?`: the file need not have this column
//
//   [stages]              # name of the stage in the file = kind[, claim]
//   Negotiation = open, 75%
//   Closed Won = won, 6
//
//   [options]
//   amount_unit = major
//   currency = USD
//
// [columns] fields
//   id                    required; unique in the file
//   title account owner product      text
//   stage                 a name that [stages] explains
//   outcome               open, hold, won, lost or void; stands above the kind
//                         of the stage; blank: the stage decides
//   probability           what the CRM claims, in probability_unit
//   milestone             what the CRM claims: a code 0..6 or its name
//   amount                in amount_unit; blank: unknown, which is not zero
//   currency              ISO 4217; or one for all rows under [options]
//   created closed        dates YYYY-MM-DD
//   problem power vision value control   levels; blank: unknown
//   by_decision_maker     see cell.h
//   evidence              see cell.h
//   entered left          days of a visit to the stage (visit_table.h); with
//                         them [stages] may be left out
//   segment team          text
//
// [stages] kind: open, hold, won, lost, void. Claim: the milestone (0..6) or
// the probability (a number with `%`, up to four decimals) that the CRM claims
// with this stage; none if left out. The last `=` of the line separates.
//
// [options]
//   probability_unit      percent, fraction or ppm; required with probability
//   amount_unit           major (1234.50) or minor (123450); required with
//                         amount
//   currency              ISO 4217; required with amount if no column has it
//
// Names of columns and stages match exactly, blanks around them aside. Where no
// name matches exactly, one that differs only in the case of ASCII letters
// does, if there is just one.

#ifndef FIVEK_SRC_TOOL_COLUMN_MAP_H_
#define FIVEK_SRC_TOOL_COLUMN_MAP_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "fivek/base/probability.h"
#include "src/tool/cell.h"

namespace fivek::tool {

enum class Field : uint8_t {
  kId,
  kTitle,
  kAccount,
  kOwner,
  kProduct,
  kStage,
  kOutcome,
  kProbability,
  kMilestone,
  kAmount,
  kCurrency,
  kCreated,
  kClosed,
  kProblem,
  kPower,
  kVision,
  kValue,
  kControl,
  kByDecisionMaker,
  kEvidence,
  kEntered,
  kLeft,
  kSegment,
  kTeam,
};
inline constexpr size_t kFieldCount = 24;

// The key of the field in a map, as in "by_decision_maker".
absl::string_view FieldKey(Field field);

enum class AmountUnit : uint8_t { kMajor, kMinor };

// What a stage name says: the kind, and what the CRM claims with it.
struct StageMeaning {
  OutcomeKind kind = OutcomeKind::kOpen;
  int32_t milestone = -1;    // Claimed code 0..6, or -1.
  int32_t probability = -1;  // Claimed ppm, or -1. At most one of the two.
};

class ColumnMap {
 public:
  // `name` stands before the line number in errors ("maven_crm, line 12: ...").
  // Errors: kInvalidArgument for an unknown section or key, a key or stage that
  // stands twice, a value that is not allowed, a missing requirement, text that
  // is not UTF-8.
  static absl::StatusOr<ColumnMap> Parse(absl::string_view text,
                                         absl::string_view name);

  absl::string_view name() const { return name_; }

  // The name of the column in the file; empty if the map has none.
  absl::string_view column(Field field) const;

  // Whether the file need not have the column.
  bool optional(Field field) const;

  // What a stage name says; null if the map does not know it.
  const StageMeaning* FindStage(absl::string_view name) const;

  // As declared; meaningful where the map has the column.
  ProbabilityUnit probability_unit() const { return probability_unit_; }
  AmountUnit amount_unit() const { return amount_unit_; }

  // The currency of all rows; empty if a column has it.
  absl::string_view currency() const { return currency_; }

 private:
  struct Column {
    std::string name;
    bool optional = false;
  };
  struct Parser;

  std::string name_;
  std::array<Column, kFieldCount> columns_;
  std::vector<StageMeaning> stages_;
  absl::flat_hash_map<std::string, int> stage_index_;
  // By lower case; -1 where names differ only in case.
  absl::flat_hash_map<std::string, int> folded_stage_index_;
  ProbabilityUnit probability_unit_ = ProbabilityUnit::kPercent;
  AmountUnit amount_unit_ = AmountUnit::kMajor;
  std::string currency_;
};

// Position of the column called `name`, exact before folded case; -1 if there
// is none, or several that differ only in case.
int FindColumn(absl::Span<const std::string> header, absl::string_view name);

// "\"a\", \"b\"", fit for a message.
std::string QuotedNames(absl::Span<const std::string> names);

// A name that a column with the field may have.
struct FieldName {
  Field field;
  absl::string_view name;
};

// Where the fields of a map are in one file.
class ColumnBinding {
 public:
  // Without a map: for each field the first of `names` that the file has.
  static ColumnBinding ByNames(absl::Span<const FieldName> names,
                               absl::Span<const std::string> header);

  // kNotFound if the file lacks a column that the map requires, or has amounts
  // without their currency: the message names what is missing and the columns
  // that the file has.
  static absl::StatusOr<ColumnBinding> Bind(
      const ColumnMap& map, absl::Span<const std::string> header);

  bool has(Field field) const { return index(field) >= 0; }

  // Position of the column in the file; -1 if it has none.
  int index(Field field) const { return index_[static_cast<size_t>(field)]; }

  // The text of the field in a record; empty if the file has no such column.
  absl::string_view text(Field field,
                         absl::Span<const absl::string_view> record) const {
    const int i = index(field);
    return i < 0 ? absl::string_view() : record[static_cast<size_t>(i)];
  }

 private:
  std::array<int, kFieldCount> index_;
};

// A map that comes with the tool.
struct BuiltinMap {
  absl::string_view name;  // As in "maven_crm".
  absl::string_view text;
};

// The files of src/tool/maps, embedded by the build, in order of their names.
absl::Span<const BuiltinMap> BuiltinMaps();

// The map that fits the header of a file: of `maps`, the only one whose every
// required column is there. kNotFound if none fits and kFailedPrecondition if
// several do; the message lists the maps and the columns of the file.
absl::StatusOr<ColumnMap> ChooseMap(absl::Span<const BuiltinMap> maps,
                                    absl::Span<const std::string> header);

// The map of this name. kNotFound lists the names that there are.
absl::StatusOr<ColumnMap> FindMap(absl::Span<const BuiltinMap> maps,
                                  absl::string_view name);

}  // namespace fivek::tool

#endif  // FIVEK_SRC_TOOL_COLUMN_MAP_H_
