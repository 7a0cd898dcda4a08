// Visits: how long deals stayed on each rung of the ladder and how they left
// it, read from a table with a row for each visit.
//
//   deal,stage,entered,left,outcome
//   D1,1,2024-01-01,2024-01-20,
//   D1,2,2024-01-20,,              // D1 advanced from 1, and still is on 2.
//   D2,1,2024-01-05,2024-02-01,lost
//
// What a row says
// - deal, entered: a text and a day (YYYY-MM-DD, or a date-time with its zone).
// - stage: a milestone 0..6 or its name; with a map what [stages] says of it. A
//   row of milestone 6, or of a stage that is lost or void, is no visit: it
//   says how the deal ended, on the day it was entered.
// - left: a day; blank: the day on which the next visit was entered, or if
// there
//   is none, still there.
// - outcome: of the visit (advanced, moved back) or of the deal (won, lost,
// void,
//   open, hold); the rows before the last one may have that of the deal too.
// - segment, team, seller: texts; blank: unknown. Those of the row stand.
//
// How a visit ended
// - As its outcome says, if that is advanced or moved back.
// - Else by the next visit: advanced to a higher stage (also past others),
//   moved back to a lower one. A loss with rows behind it was taken back.
// - The last one by the outcome of the deal: won is advanced, lost is lost.
//   Else it is open: what came is not known, from `left` on if that is given.
// - Where to: the stage of the next visit, closed won; where no row says it,
// the
//   rung above or below.
// Rows of one deal that follow each other in one stage are one visit.
//
// Errors, each of one row: a blank deal or day, a cell that cannot be read,
// left before entered, won or lost on a day that is not said. If visits of a
// deal overlap, none of them is taken. Any order of rows gives the same table.
#ifndef FIVEK_TOOL_VISIT_TABLE_H_
#define FIVEK_TOOL_VISIT_TABLE_H_

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "fivek/method/policy.h"
#include "src/tool/column_map.h"
#include "src/tool/csv.h"
#include "src/tool/kept_texts.h"
#include "src/tool/row_errors.h"

namespace fivek::tool {

enum class VisitEnd : uint8_t {
  kOpen = 0,
  kAdvanced = 1,
  kLost = 2,
  kMovedBack = 3,
};

inline constexpr int32_t kStillThere = std::numeric_limits<int32_t>::max();
inline constexpr uint32_t kNoText = std::numeric_limits<uint32_t>::max();

// Columns, a row for each visit, by deal and then by time. Numbers of texts are
// places in the lists of names, which are sorted.
struct VisitTable {
  std::vector<uint32_t> deal;
  std::vector<uint8_t> stage;  // 0..5.
  std::vector<int32_t> entered;
  std::vector<int32_t> left;  // kStillThere: not left.
  std::vector<VisitEnd> end;
  std::vector<uint8_t> to;  // Milestone, if advanced or moved back; else 0.
  std::vector<uint32_t> segment, team, seller;  // kNoText: unknown.
  std::vector<std::string> deals, segments, teams, sellers;

  int64_t rows_read = 0;
  int64_t deals_won = 0, deals_lost = 0;  // As they ended.
  int64_t deals_reopened = 0;             // Lost once, but not in the end.
  int64_t rows_merged = 0;                // One visit with the row before.
};

// The names by which a column is known without a map (ASCII case does not
// matter), and the fields without which there are no visits.
absl::Span<const FieldName> VisitFieldNames();
absl::Span<const Field> VisitFieldsNeeded();

class VisitReader {
 public:
  // All must outlive the reader; `map` may be null.
  VisitReader(const Policy& policy, const ColumnMap* map,
              const ColumnBinding& columns, const CsvReader& reader,
              RowErrors* errors)
      : policy_(policy),
        map_(map),
        columns_(columns),
        reader_(reader),
        errors_(*errors) {}

  // Takes the reader's record, good or bad.
  void Read();

  // Once, after all records.
  VisitTable Finish();

 private:
  enum class Word : uint8_t {
    kNone,
    kOpen,
    kAdvanced,
    kMovedBack,
    kWon,
    kLost,
    kVoid,
  };
  struct Row {
    uint32_t deal;
    int32_t stage;  // kWonRow.. are no visits.
    int32_t entered, left;
    Word word;
    uint32_t segment, team, seller;
    int64_t row, line;
  };

  absl::string_view Text(Field field) const;
  absl::Status At(Field field, absl::string_view what) const;
  absl::Status AtRow(const Row& row, Field field, absl::string_view what) const;
  absl::Status ReadRow(Row* row);
  absl::Status ReadStage(Row* row) const;
  absl::Status ReadDay(Field field, int32_t* day) const;
  absl::Status ReadWord(Word* word) const;
  static bool IsVisit(const Row& row);
  void FinishDeal(std::vector<Row> rows);
  absl::Status CheckDeal(const std::vector<Row>& rows) const;
  struct End {
    VisitEnd end = VisitEnd::kOpen;
    int32_t left = kStillThere;
    int32_t to = 0;
  };
  absl::StatusOr<End> EndOf(const Row& row, const Row* next) const;

  const Policy& policy_;
  const ColumnMap* const map_;
  const ColumnBinding& columns_;
  const CsvReader& reader_;
  RowErrors& errors_;
  std::vector<Row> rows_;
  TextNumbers deals_, segments_, teams_, sellers_;
  VisitTable table_;
};

}  // namespace fivek::tool

#endif  // FIVEK_TOOL_VISIT_TABLE_H_
