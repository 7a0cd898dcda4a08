#include "src/tool/column_map.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "fivek/base/probability.h"
#include "src/base/utf8.h"
#include "src/tool/cell.h"
#include "src/tool/display_width.h"

namespace fivek::tool {
namespace {

// In the order of Field.
constexpr std::array<absl::string_view, kFieldCount> kFieldKeys = {
    "id",
    "title",
    "account",
    "owner",
    "product",
    "stage",
    "outcome",
    "probability",
    "milestone",
    "amount",
    "currency",
    "created",
    "closed",
    "problem",
    "power",
    "vision",
    "value",
    "control",
    "by_decision_maker",
    "evidence",
    "entered",
    "left",
    "segment",
    "team"};
static_assert(static_cast<size_t>(Field::kTeam) == kFieldCount - 1,
              "a key for each field");

constexpr absl::string_view kSections[] = {"columns", "stages", "options"};
constexpr absl::string_view kOptions[] = {"probability_unit", "amount_unit",
                                          "currency"};

// The value of an option is one of few words; the index is the code.
constexpr absl::string_view kProbabilityUnits[] = {"percent", "fraction",
                                                   "ppm"};
constexpr absl::string_view kAmountUnits[] = {"major", "minor"};

// The index of `word`, or -1.
template <typename Words>
int IndexOf(const Words& words, absl::string_view word) {
  int i = 0;
  for (const absl::string_view candidate : words) {
    if (candidate == word) return i;
    ++i;
  }
  return -1;
}

absl::StatusOr<StageMeaning> ParseStageMeaning(absl::string_view value) {
  StageMeaning meaning;
  const size_t comma = value.find(',');
  absl::StatusOr<OutcomeKind> kind = ParseOutcome(value.substr(0, comma));
  if (!kind.ok()) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "%s is no kind of stage; allowed are open, hold, won, lost, void",
        Quoted(absl::StripAsciiWhitespace(value.substr(0, comma)))));
  }
  meaning.kind = *kind;
  if (comma == absl::string_view::npos) return meaning;
  const absl::string_view claim =
      absl::StripAsciiWhitespace(value.substr(comma + 1));
  if (claim.size() == 1 && claim[0] >= '0' && claim[0] <= '6') {
    meaning.milestone = claim[0] - '0';
    return meaning;
  }
  absl::string_view percent = claim;
  if (absl::ConsumeSuffix(&percent, "%")) {
    const absl::StatusOr<int32_t> ppm = ParseProbability(
        absl::StripTrailingAsciiWhitespace(percent), ProbabilityUnit::kPercent);
    if (ppm.ok()) {
      meaning.probability = *ppm;
      return meaning;
    }
  }
  return absl::InvalidArgumentError(absl::StrFormat(
      "%s is no claim; allowed are a milestone 0..6 and a probability as in "
      "75%%",
      Quoted(claim)));
}

bool IsCurrencyCode(absl::string_view code) {
  if (code.size() != 3) return false;
  for (const char c : code) {
    if (c < 'A' || c > 'Z') return false;
  }
  return true;
}

std::string MapNames(absl::Span<const BuiltinMap> maps) {
  return absl::StrJoin(maps, ", ", [](std::string* out, const BuiltinMap& map) {
    absl::StrAppend(out, map.name);
  });
}

}  // namespace

int FindColumn(absl::Span<const std::string> header, absl::string_view name) {
  int folded = -1;
  int matches = 0;
  for (size_t i = 0; i < header.size(); ++i) {
    const absl::string_view candidate = absl::StripAsciiWhitespace(header[i]);
    if (candidate == name) return static_cast<int>(i);
    if (absl::EqualsIgnoreCase(candidate, name)) {
      folded = static_cast<int>(i);
      ++matches;
    }
  }
  return matches == 1 ? folded : -1;
}

std::string QuotedNames(absl::Span<const std::string> names) {
  return absl::StrJoin(names, ", ",
                       [](std::string* out, absl::string_view name) {
                         absl::StrAppend(out, Quoted(name));
                       });
}

ColumnBinding ColumnBinding::ByNames(absl::Span<const FieldName> names,
                                     absl::Span<const std::string> header) {
  ColumnBinding binding;
  binding.index_.fill(-1);
  for (const FieldName& candidate : names) {
    int& index = binding.index_[static_cast<size_t>(candidate.field)];
    if (index < 0) index = FindColumn(header, candidate.name);
  }
  return binding;
}

absl::string_view FieldKey(Field field) {
  return kFieldKeys[static_cast<size_t>(field)];
}

struct ColumnMap::Parser {
  ColumnMap map;
  int section = -1;  // Index into kSections.
  std::array<bool, std::size(kSections)> section_seen = {};
  std::array<bool, std::size(kOptions)> option_seen = {};

  absl::Status Line(absl::string_view line) {
    if (line.front() == '[') return Section(line);
    if (section < 0) {
      return absl::InvalidArgumentError(
          "a section must come first: [columns], [stages] or [options]");
    }
    // A stage name may hold `=`, and so may the name of a column.
    const size_t equals = section == 1 ? line.rfind('=') : line.find('=');
    if (equals == absl::string_view::npos) {
      return absl::InvalidArgumentError(
          absl::StrFormat("%s is not of the form key = value", Quoted(line)));
    }
    const absl::string_view key =
        absl::StripAsciiWhitespace(line.substr(0, equals));
    const absl::string_view value =
        absl::StripAsciiWhitespace(line.substr(equals + 1));
    if (key.empty() || value.empty()) {
      return absl::InvalidArgumentError(
          absl::StrFormat("the %s is missing in %s",
                          key.empty() ? "key" : "value", Quoted(line)));
    }
    if (section == 0) return ColumnLine(key, value);
    return section == 1 ? StageLine(key, value) : OptionLine(key, value);
  }

  absl::Status Section(absl::string_view line) {
    absl::string_view name = line.substr(1);
    section = absl::ConsumeSuffix(&name, "]")
                  ? IndexOf(kSections, absl::StripAsciiWhitespace(name))
                  : -1;
    if (section < 0) {
      return absl::InvalidArgumentError(absl::StrFormat(
          "unknown section %s; allowed are [columns], [stages], [options]",
          Quoted(line)));
    }
    if (std::exchange(section_seen[static_cast<size_t>(section)], true)) {
      return absl::InvalidArgumentError(
          absl::StrFormat("the section %s stands twice", Quoted(line)));
    }
    return absl::OkStatus();
  }

  absl::Status ColumnLine(absl::string_view key, absl::string_view value) {
    const bool optional = absl::ConsumeSuffix(&key, "?");
    key = absl::StripTrailingAsciiWhitespace(key);
    const int field = IndexOf(kFieldKeys, key);
    if (field < 0) {
      return absl::InvalidArgumentError(
          absl::StrFormat("unknown key %s in [columns]; allowed are %s",
                          Quoted(key), absl::StrJoin(kFieldKeys, ", ")));
    }
    Column& column = map.columns_[static_cast<size_t>(field)];
    if (!column.name.empty()) {
      return absl::InvalidArgumentError(
          absl::StrFormat("the key %s stands twice", Quoted(key)));
    }
    if (optional && field == static_cast<int>(Field::kId)) {
      return absl::InvalidArgumentError("the id cannot be left out");
    }
    column.name = std::string(value);
    column.optional = optional;
    return absl::OkStatus();
  }

  absl::Status StageLine(absl::string_view key, absl::string_view value) {
    const absl::StatusOr<StageMeaning> meaning = ParseStageMeaning(value);
    if (!meaning.ok()) return meaning.status();
    const int index = static_cast<int>(map.stages_.size());
    if (!map.stage_index_.emplace(std::string(key), index).second) {
      return absl::InvalidArgumentError(
          absl::StrFormat("the stage %s stands twice", Quoted(key)));
    }
    map.stages_.push_back(*meaning);
    const auto [folded, inserted] =
        map.folded_stage_index_.emplace(absl::AsciiStrToLower(key), index);
    if (!inserted) folded->second = -1;
    return absl::OkStatus();
  }

  absl::Status OptionLine(absl::string_view key, absl::string_view value) {
    const int option = IndexOf(kOptions, key);
    if (option < 0) {
      return absl::InvalidArgumentError(
          absl::StrFormat("unknown key %s in [options]; allowed are %s",
                          Quoted(key), absl::StrJoin(kOptions, ", ")));
    }
    if (std::exchange(option_seen[static_cast<size_t>(option)], true)) {
      return absl::InvalidArgumentError(
          absl::StrFormat("the key %s stands twice", Quoted(key)));
    }
    std::string allowed;
    if (option == 0) {
      const int unit = IndexOf(kProbabilityUnits, value);
      map.probability_unit_ = static_cast<ProbabilityUnit>(unit);
      if (unit < 0) allowed = absl::StrJoin(kProbabilityUnits, ", ");
    } else if (option == 1) {
      const int unit = IndexOf(kAmountUnits, value);
      map.amount_unit_ = static_cast<AmountUnit>(unit);
      if (unit < 0) allowed = absl::StrJoin(kAmountUnits, ", ");
    } else {
      map.currency_ = std::string(value);
      if (!IsCurrencyCode(value)) allowed = "three capital letters as in USD";
    }
    if (allowed.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrFormat(
        "%s = %s: allowed are %s", key, Quoted(value), allowed));
  }

  // What only the whole map can tell; empty if it is complete.
  absl::string_view Missing() const {
    const auto mapped = [this](Field field) {
      return !map.column(field).empty();
    };
    if (!mapped(Field::kId)) return "[columns] must have the key \"id\"";
    const bool may_lack_stages =
        mapped(Field::kStage) && mapped(Field::kEntered);
    if (mapped(Field::kStage) != !map.stages_.empty() && !may_lack_stages) {
      return mapped(Field::kStage)
                 ? "a stage is mapped, so [stages] must say what the names mean"
                 : "[stages] is there, so [columns] must have the key "
                   "\"stage\"";
    }
    if (mapped(Field::kProbability) && !option_seen[0]) {
      return "a probability is mapped, so [options] must have the key "
             "\"probability_unit\" (percent, fraction or ppm)";
    }
    if (mapped(Field::kAmount) && !option_seen[1]) {
      return "an amount is mapped, so [options] must have the key "
             "\"amount_unit\" (major or minor)";
    }
    if (mapped(Field::kCurrency) && option_seen[2]) {
      return "the currency is given twice: in [columns] and in [options]";
    }
    if (mapped(Field::kAmount) && !mapped(Field::kCurrency) &&
        !option_seen[2]) {
      return "an amount is mapped, so [columns] or [options] must have the key "
             "\"currency\"";
    }
    return "";
  }
};

absl::StatusOr<ColumnMap> ColumnMap::Parse(absl::string_view text,
                                           absl::string_view name) {
  Parser parser;
  parser.map.name_ = std::string(name);
  absl::ConsumePrefix(&text, "\xEF\xBB\xBF");
  for (int number = 1; !text.empty(); ++number) {
    const size_t end = text.find('\n');
    const absl::string_view raw = text.substr(0, end);
    text.remove_prefix(raw.size() + (end == absl::string_view::npos ? 0 : 1));
    const absl::string_view line = absl::StripAsciiWhitespace(raw);
    absl::Status status;
    if (!IsUtf8(line) || absl::StrContains(line, '\0')) {
      status = absl::InvalidArgumentError(
          "the line is not UTF-8 text; save the map as UTF-8");
    } else if (!line.empty() && line.front() != '#') {
      status = parser.Line(line);
    }
    if (!status.ok()) {
      return absl::InvalidArgumentError(absl::StrFormat(
          "column map %s, line %d: %s", name, number, status.message()));
    }
  }
  if (const absl::string_view missing = parser.Missing(); !missing.empty()) {
    return absl::InvalidArgumentError(
        absl::StrFormat("column map %s: %s", name, missing));
  }
  return std::move(parser.map);
}

absl::string_view ColumnMap::column(Field field) const {
  return columns_[static_cast<size_t>(field)].name;
}

bool ColumnMap::optional(Field field) const {
  return columns_[static_cast<size_t>(field)].optional;
}

const StageMeaning* ColumnMap::FindStage(absl::string_view name) const {
  name = absl::StripAsciiWhitespace(name);
  int index = -1;
  if (const auto exact = stage_index_.find(name); exact != stage_index_.end()) {
    index = exact->second;
  } else if (const auto folded =
                 folded_stage_index_.find(absl::AsciiStrToLower(name));
             folded != folded_stage_index_.end()) {
    index = folded->second;
  }
  return index < 0 ? nullptr : &stages_[static_cast<size_t>(index)];
}

absl::StatusOr<ColumnBinding> ColumnBinding::Bind(
    const ColumnMap& map, absl::Span<const std::string> header) {
  ColumnBinding binding;
  std::vector<std::string> missing;
  for (size_t i = 0; i < kFieldCount; ++i) {
    const Field field = static_cast<Field>(i);
    const absl::string_view name = map.column(field);
    binding.index_[i] = name.empty() ? -1 : FindColumn(header, name);
    if (!name.empty() && binding.index_[i] < 0 && !map.optional(field)) {
      missing.emplace_back(name);
    }
  }
  if (missing.empty()) {
    if (binding.has(Field::kAmount) && !binding.has(Field::kCurrency) &&
        map.currency().empty()) {
      return absl::NotFoundError(absl::StrFormat(
          "the file has amounts (%s) but lacks the column %s that the column "
          "map %s takes their currency from; it has: %s",
          Quoted(map.column(Field::kAmount)),
          Quoted(map.column(Field::kCurrency)), map.name(),
          QuotedNames(header)));
    }
    return binding;
  }
  return absl::NotFoundError(absl::StrFormat(
      "the file lacks %s %s that the column map %s needs; it has: %s",
      missing.size() == 1 ? "the column" : "the columns", QuotedNames(missing),
      map.name(), QuotedNames(header)));
}

absl::StatusOr<ColumnMap> ChooseMap(absl::Span<const BuiltinMap> maps,
                                    absl::Span<const std::string> header) {
  std::vector<std::string> fitting;
  ColumnMap chosen;
  for (const BuiltinMap& builtin : maps) {
    absl::StatusOr<ColumnMap> map =
        ColumnMap::Parse(builtin.text, builtin.name);
    if (!map.ok()) return map.status();
    if (!ColumnBinding::Bind(*map, header).ok()) continue;
    fitting.emplace_back(builtin.name);
    chosen = *std::move(map);
  }
  if (fitting.size() == 1) return chosen;
  if (fitting.empty()) {
    return absl::NotFoundError(absl::StrFormat(
        "no built-in column map (%s) fits the columns of the file: %s",
        MapNames(maps), QuotedNames(header)));
  }
  return absl::FailedPreconditionError(absl::StrFormat(
      "several built-in column maps (%s) fit the columns of the file: %s; name "
      "the one to use",
      absl::StrJoin(fitting, ", "), QuotedNames(header)));
}

absl::StatusOr<ColumnMap> FindMap(absl::Span<const BuiltinMap> maps,
                                  absl::string_view name) {
  for (const BuiltinMap& map : maps) {
    if (map.name == name) return ColumnMap::Parse(map.text, map.name);
  }
  return absl::NotFoundError(
      absl::StrFormat("there is no built-in column map %s; there are: %s",
                      Quoted(name), MapNames(maps)));
}

}  // namespace fivek::tool
