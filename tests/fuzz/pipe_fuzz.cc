// Any bytes through `fivek pipe`: every line is answered by one line, and
// neither the size of the blocks nor --flush changes a byte.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/base/utf8.h"
#include "src/tool/pipe.h"
#include "tests/fuzz/need.h"

using fivek::Need;

namespace {

using fivek::IsUtf8;
using fivek::tool::CsvSourceFromText;
using fivek::tool::PipeOptions;
using fivek::tool::ScorePipe;

// The output and how the run ended.
std::string Run(absl::string_view input, PipeOptions options, size_t block_size,
                bool flush) {
  options.blocks.block_size = block_size;
  options.flush = flush;
  std::string out;
  const auto count = ScorePipe(
      CsvSourceFromText(input),
      [&out](absl::string_view piece) {
        Need(!piece.empty() && piece.back() == '\n', "whole lines are written");
        absl::StrAppend(&out, piece);
        return absl::OkStatus();
      },
      options);
  if (!count.ok()) return std::string(count.status().message());

  auto lines = std::count(input.begin(), input.end(), '\n');
  if (input.back() != '\n') ++lines;
  Need(lines == std::count(out.begin(), out.end(), '\n'),
       "a line for each line");
  Need(count->bad <= count->rows, "no more rows are bad than there are");
  Need(IsUtf8(out), "the output is UTF-8");
  Need(out.find('\0') == std::string::npos, "no NUL");
  return absl::StrCat(out, count->rows, " ", count->bad);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  PipeOptions options;
  options.json = (data[0] & 1) != 0;
  options.blocks.max_line = 160;
  const size_t block_size = 1 + data[1];
  const absl::string_view input(reinterpret_cast<const char*>(data) + 2,
                                size - 2);
  const std::string whole = Run(input, options, input.size() + 1, false);
  Need(!whole.empty(), "an end is told");
  Need(Run(input, options, block_size, false) == whole, "by blocks");
  Need(Run(input, options, block_size, true) == whole, "with flush");
  return 0;
}
