// Cuts a stream into blocks of whole lines, in constant memory.
//
//   LineBlocks blocks(CsvSourceFromDescriptor(fd), {});
//   for (;;) {
//     const auto next = blocks.Next();
//     if (!next.ok()) return next.status();
//     if (*next == LineBlocks::kEnd) break;
//     if (*next == LineBlocks::kLongLine) Complain();
//     if (*next == LineBlocks::kLines) Use(blocks.lines());
//   }
//
// What stands in the stream comes out in its order, however it was delivered:
// a block takes what has arrived and never waits for more than one whole line.

#ifndef FIVEK_SRC_TOOL_LINE_BLOCKS_H_
#define FIVEK_SRC_TOOL_LINE_BLOCKS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/tool/csv.h"

namespace fivek::tool {

struct LineBlocksOptions {
  size_t block_size = size_t{256} << 10;  // Bytes asked for at once, > 0.
  size_t max_line = size_t{64} << 10;     // Bytes without the LF, > 0.
};

class LineBlocks {
 public:
  enum Kind : uint8_t {
    kLines,     // lines() has one line or more.
    kLongLine,  // A line longer than max_line, which was skipped.
    kEnd,
  };

  LineBlocks(CsvSource source, const LineBlocksOptions& options);

  // Reads on. Errors: what the source reports, as it is.
  absl::StatusOr<Kind> Next();

  // Lines that end with LF each, the last of the stream too, which need not
  // have had one. None is longer than max_line. Valid until the next Next().
  absl::string_view lines() const { return lines_; }

 private:
  absl::Status Fill();

  CsvSource source_;
  const LineBlocksOptions options_;
  // buffer_[begin_, end_) is not used up yet; room for one more LF behind it.
  std::vector<char> buffer_;
  size_t begin_ = 0, end_ = 0;
  bool at_end_ = false;    // The source has no more.
  bool skipping_ = false;  // Inside a line that is too long.
  absl::string_view lines_;
};

}  // namespace fivek::tool

#endif  // FIVEK_SRC_TOOL_LINE_BLOCKS_H_
