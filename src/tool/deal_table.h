// Deals and what is known of them: an outcome and features, read from a table
// with a row for each deal.
//
//   Client;Budget;Amount;Status
//   Current;Yes;1200;Won
//   New;No;800.5;Lost
//   New;Yes;950;Open            // Counted, and left out.
//
// Outcome: won and lost in the words of kOutcomeWords (ASCII case does not
// matter); all else is open. With a map its outcome column, else what [stages]
// says of its stage.
//
// Every other column is a feature, or is skipped and named:
// - Empty cells and NULL, N/A, #N/A, NaN and \N (in any case) are missing. A
//   column in which all are is skipped.
// - Dates and date-times only, in whatever order of day, month and year:
//   skipped.
// - Another text in every row that has one, or the id of the map: it tells who
//   the deal is, not how it is. Skipped.
// - Won or lost among its texts: it is the outcome once more. Skipped.
// - Plain numbers only (-12, 0.5), more than kFewNumbers different: numeric.
// - All else: categorical, its levels by the bytes of their texts.
// What is known only after the deal has ended has to be left out by the caller.
#ifndef FIVEK_TOOL_DEAL_TABLE_H_
#define FIVEK_TOOL_DEAL_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/tool/column_map.h"
#include "src/tool/csv.h"
#include "src/tool/kept_texts.h"
#include "src/tool/row_errors.h"

namespace fivek::tool {

inline constexpr size_t kFewNumbers = 12;
inline constexpr uint32_t kMissingLevel = std::numeric_limits<uint32_t>::max();
inline constexpr int32_t kMostFolds = 1000;

struct FeatureColumn {
  std::string name;
  bool numeric = false;
  int64_t missing = 0;
  // Numeric: a number for each row and whether it is known (0: it is not, and
  // the number is 0).
  std::vector<double> number;
  std::vector<uint8_t> known;
  // Categorical: a place in `levels` for each row, or kMissingLevel.
  std::vector<uint32_t> level;
  std::vector<std::string> levels;
};

enum class SkipReason : uint8_t {
  kEmpty,
  kDate,
  kIdentity,
  kOutcome,
  kWithout,  // The caller said so.
};

struct SkippedColumn {
  std::string name;
  SkipReason reason;
};

// Columns, a row for each deal that was won or lost, in the order of the file.
struct DealTable {
  std::string outcome_column;
  std::vector<uint8_t> won;
  std::vector<int32_t> fold;  // Empty: not given.
  std::vector<int64_t> row;   // Of the file, for messages.
  std::vector<FeatureColumn> columns;
  std::vector<SkippedColumn> skipped;

  int64_t rows_read = 0;
  int64_t open_deals = 0;
};

// The names by which the outcome is known without a map, the surest first
// (ASCII case does not matter).
absl::Span<const FieldName> DealFieldNames();

// The fold of each row of data, from a table with the columns `row` (from 0)
// and `fold` (0 to kMostFolds - 1). Every row up to the highest stands once.
// kInvalidArgument, as CsvReader places it, for anything else.
absl::StatusOr<std::vector<int32_t>> ReadFolds(CsvSource source);

struct DealOptions {
  std::vector<std::string> without;  // Names of columns.
  std::string fold_column;           // Empty: none.
  absl::Span<const int32_t> folds;   // By row of data; empty: none.
};

class DealReader {
 public:
  // All must outlive the reader; `map` may be null. kNotFound for a column that
  // `options` names and the file has not; kInvalidArgument for folds given in
  // two ways.
  static absl::StatusOr<DealReader> Create(const DealOptions& options,
                                           const ColumnMap* map,
                                           const ColumnBinding& columns,
                                           const CsvReader& reader,
                                           RowErrors* errors);

  // Takes the reader's record, good or bad.
  void Read();

  // Once, after all records. kInvalidArgument if no deal was won or lost: then
  // it is hardly the outcome; and if folds are left over.
  absl::StatusOr<DealTable> Finish();

 private:
  struct Column {
    size_t place;   // In the file.
    bool identity;  // By the map.
    TextNumbers texts;
    std::vector<uint32_t> cells;
  };

  DealReader(const DealOptions& options, const ColumnMap* map,
             const ColumnBinding& columns, const CsvReader& reader,
             RowErrors* errors)
      : options_(&options),
        map_(map),
        columns_(&columns),
        reader_(&reader),
        errors_(errors) {}

  absl::Status Bind();
  absl::Status ReadRow();
  OutcomeKind OutcomeOf() const;
  void FinishColumn(const Column& column);

  const DealOptions* options_;
  const ColumnMap* map_;
  const ColumnBinding* columns_;
  const CsvReader* reader_;
  RowErrors* errors_;
  int fold_column_ = -1;
  size_t outcome_place_ = 0;
  std::vector<Column> features_;
  TextNumbers outcomes_;  // That are open, for messages.
  DealTable table_;
};

}  // namespace fivek::tool

#endif  // FIVEK_TOOL_DEAL_TABLE_H_
