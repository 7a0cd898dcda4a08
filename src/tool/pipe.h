// `fivek pipe`: opportunities on standard input, scores on standard output, one
// line for one.

#ifndef FIVEK_SRC_TOOL_PIPE_H_
#define FIVEK_SRC_TOOL_PIPE_H_

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fivek/method/policy.h"
#include "src/tool/csv.h"
#include "src/tool/line_blocks.h"

namespace fivek::tool {

// What `fivek pipe --help` says of input and output: the contract of ScorePipe.
extern const char kPipeHelp[];

struct PipeOptions {
  bool json = false;   // JSON lines, else TSV.
  bool flush = false;  // Every line is answered before the next one is read.
  Policy policy;
  LineBlocksOptions blocks;
};

struct PipeCount {
  int64_t rows = 0, bad = 0;
};

// Scores what `source` has, to its end. A bad row is answered by its error and
// the run goes on. `write` is called with whole lines, after each line with
// `flush`, else in pieces of about 64 KiB; what it is given does not depend on
// how the source delivers, but for the size of the pieces.
//
// kInvalidArgument for an empty input and for a header that cannot be read;
// what the source and `write` report, as it is.
absl::StatusOr<PipeCount> ScorePipe(
    CsvSource source, absl::FunctionRef<absl::Status(absl::string_view)> write,
    const PipeOptions& options);

}  // namespace fivek::tool

#endif  // FIVEK_SRC_TOOL_PIPE_H_
