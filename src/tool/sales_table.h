// Sales: who bought when for how much, read from a table with a row for each
// order, invoice or won deal.
//
//   customer,date,amount
//   Acme,2024-01-05,1200.50
//   Acme,2024-02-01,-80.00       // A credit note.
//
// What a row says
// - account: a text. Rows without one are counted, and left out.
// - day: YYYY-MM-DD, or a date-time with its zone.
// - amount: with a map in its unit, else in major units (1200.50) with up to
//   two decimals, or as the currency has them. Blank: unknown, which is not
//   zero: such rows are counted, and left out.
// - currency: by a column, or by the map; the same in all rows, as amounts of
//   different currencies are not added.
// - outcome or stage: only what is won is a sale. Other deals are counted. By a
//   map, as it says; without one a column `outcome`. Without either every row
//   is a sale.
//
// Errors, each of one row: a day or amount that cannot be read, no day, another
// currency, a stage that the map does not know. Any order of rows gives the
// same table but for the order of sales.
#ifndef FIVEK_TOOL_SALES_TABLE_H_
#define FIVEK_TOOL_SALES_TABLE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "src/tool/column_map.h"
#include "src/tool/csv.h"
#include "src/tool/row_errors.h"

namespace fivek::tool {

struct SalesTable {
  // Columns, a row for each sale; an account is a place in the list of names,
  // which is sorted.
  std::vector<uint64_t> account;
  std::vector<int32_t> day;
  std::vector<int64_t> amount;  // Minor units.
  std::vector<std::string> accounts;

  std::string currency;  // Empty: not known.
  int minor_digits = 2;
  int64_t rows_read = 0;
  int64_t not_won = 0;
  int64_t without_account = 0;
  int64_t without_amount = 0;
};

struct SalesOptions {
  // Null: the built-in map that fits the header and has an account, an amount
  // and a day; if there is none, the names of the columns.
  const ColumnMap* map = nullptr;
  // Called with the bytes read so far.
  std::function<void(int64_t)> progress = [](int64_t) {};
};

struct SalesInput {
  SalesTable table;
  RowErrors errors;  // Any: bad input.
};

// Reads a whole file. An error is returned only if nothing can be read: no
// header, a missing column, a source that fails.
absl::StatusOr<SalesInput> ReadSales(CsvSource source,
                                     const SalesOptions& options);

}  // namespace fivek::tool

#endif  // FIVEK_TOOL_SALES_TABLE_H_
