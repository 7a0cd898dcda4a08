// The C interface of include/fivek/pipeline/scoring.h for Arrow.
#include <algorithm>
#include <memory>

#include "capi/arrow_input.h"
#include "capi/arrow_output.h"
#include "capi/barrier.h"
#include "capi/fivek_arrow.h"
#include "fivek/pipeline/scoring.h"

using fivek::Reason;
using fivek::capi::ArrowColumns;
using fivek::capi::ArrowInput;
using fivek::capi::ArrowOutput;
using fivek::capi::ArrowTile;
using fivek::capi::Guard;
using fivek::capi::kTileRows;
using fivek::capi::Report;
using fivek::capi::TablesOf;

fivek_status fivek_score_arrow(const fivek_policy* policy,
                               const struct ArrowSchema* schema,
                               const struct ArrowArray* array,
                               struct ArrowSchema* out_schema,
                               struct ArrowArray* out_array,
                               fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(schema);
    FIVEK_NOT_NULL(array);
    FIVEK_NOT_NULL(out_schema);
    FIVEK_NOT_NULL(out_array);
    if (out_schema == schema || out_array == array) {
      return Report(Reason::kValueRange,
                    "the result is to replace the batch; allowed: structures "
                    "of its own",
                    error);
    }
    const absl::StatusOr<ArrowInput> input = ArrowInput::Of(*schema, *array);
    if (!input.ok()) return Report(input.status(), error);
    ArrowOutput output(input->rows(), input->amount_format(),
                       fivek_policy_hash(policy));
    const std::unique_ptr<ArrowTile> tile(new ArrowTile);  // Not filled.
    for (size_t first = 0; first < input->rows(); first += kTileRows) {
      const size_t count = std::min(kTileRows, input->rows() - first);
      const ArrowColumns columns = input->Read(first, count, tile.get());
      size_t bad = 0;
      const absl::Status status =
          fivek::ScoreColumns(TablesOf(policy), columns.in,
                              output.Columns(first, count), count, &bad);
      if (!status.ok()) return Report(status, error);
      output.Scored(first, count, bad > 0, columns.amount_valid);
    }
    output.MoveTo(out_schema, out_array);
    return FIVEK_OK;
  });
}
