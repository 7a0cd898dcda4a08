// The two ways in which `fivek pipe` reads rows and writes answers.

#ifndef FIVEK_SRC_TOOL_PIPE_FORMAT_H_
#define FIVEK_SRC_TOOL_PIPE_FORMAT_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/tool/pipe_rows.h"

namespace fivek::tool {

class PipeFormatter {
 public:
  virtual ~PipeFormatter() = default;

  // Reads up to `most` lines of `lines`, all of which end with LF, into `rows`,
  // each as a good row or as a bad one; fewer if the rows are full. Returns the
  // lines left over. The ids of the rows may stand in `lines`.
  virtual absl::string_view Read(absl::string_view lines, size_t most,
                                 PipeRows* rows) = 0;

  // Appends a line for each row.
  virtual void Write(const PipeRows& rows, std::string* out) = 0;
};

// Tab-separated values under the header `line`, without its line end; appends
// the header of the answers. kInvalidArgument if a column is unknown or stands
// twice; names those allowed and those found.
absl::StatusOr<std::unique_ptr<PipeFormatter>> MakeTsvFormatter(
    absl::string_view line, std::string* out);

// One JSON object a line.
std::unique_ptr<PipeFormatter> MakeJsonLinesFormatter();

// `line` without the CR before its end.
inline absl::string_view WithoutCr(absl::string_view line) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

}  // namespace fivek::tool

#endif  // FIVEK_SRC_TOOL_PIPE_FORMAT_H_
