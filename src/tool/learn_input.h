// What `fivek learn FILE` learns from: a table of visits to stages
// (visit_table.h) or a table of deals with their outcome (deal_table.h).
//
// Which of the two it is, the header says: visits, if it has a deal, a stage
// and the day it was entered; deals, if it has an outcome. A column map says it
// by whether it has the key `entered`. LearnOptions::kind stands above both.
#ifndef FIVEK_TOOL_LEARN_INPUT_H_
#define FIVEK_TOOL_LEARN_INPUT_H_

#include <cstdint>
#include <functional>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "fivek/method/policy.h"
#include "src/tool/column_map.h"
#include "src/tool/csv.h"
#include "src/tool/deal_table.h"
#include "src/tool/row_errors.h"
#include "src/tool/visit_table.h"

namespace fivek::tool {

enum class LearnKind : uint8_t { kVisits, kDeals };

// "visits", "deals" (ASCII case does not matter).
absl::StatusOr<LearnKind> ParseLearnKind(absl::string_view text);

struct LearnOptions {
  Policy policy;
  const ColumnMap* map = nullptr;  // Null: by the names of the columns.
  absl::optional<LearnKind> kind;  // None: by the header.
  DealOptions deals;               // Of a table of deals only.
  // Called with the bytes read so far.
  std::function<void(int64_t)> progress = [](int64_t) {};
};

struct LearnInput {
  LearnKind kind() const {
    return std::holds_alternative<VisitTable>(table) ? LearnKind::kVisits
                                                     : LearnKind::kDeals;
  }

  std::variant<VisitTable, DealTable> table;
  RowErrors errors;  // Any: bad input.
};

// Reads a whole file. Rows that cannot be read fail themselves and are listed
// in `errors`. An error is returned only if nothing can be learned from: no
// header, a missing column, a source that fails, what the tables refuse as a
// whole.
absl::StatusOr<LearnInput> ReadLearnInput(CsvSource source,
                                          const LearnOptions& options);

}  // namespace fivek::tool

#endif  // FIVEK_TOOL_LEARN_INPUT_H_
