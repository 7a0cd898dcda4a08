#include "src/tool/line_blocks.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace fivek::tool {

LineBlocks::LineBlocks(CsvSource source, const LineBlocksOptions& options)
    : source_(std::move(source)),
      options_(options),
      buffer_(options.max_line + 1 + options.block_size) {}

// Moves what is left to the front, which is little, and reads behind it.
absl::Status LineBlocks::Fill() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  const auto count =
      source_(buffer_.data() + end_,
              std::min(options_.block_size, buffer_.size() - end_ - 1));
  if (!count.ok()) return count.status();
  end_ += *count;
  at_end_ = *count == 0;
  return absl::OkStatus();
}

absl::StatusOr<LineBlocks::Kind> LineBlocks::Next() {
  for (;;) {
    const absl::string_view rest(buffer_.data() + begin_, end_ - begin_);
    if (skipping_) {
      const size_t lf = rest.find('\n');
      begin_ = lf == absl::string_view::npos ? end_ : begin_ + lf + 1;
      if (lf != absl::string_view::npos || at_end_) {
        skipping_ = false;
        return kLongLine;
      }
    } else {
      // No line of what fits a longest line can be longer.
      const absl::string_view window = rest.substr(0, options_.max_line + 1);
      const size_t lf = window.rfind('\n');
      if (lf != absl::string_view::npos) {
        lines_ = window.substr(0, lf + 1);
        begin_ += lf + 1;
        return kLines;
      }
      if (window.size() > options_.max_line) {
        skipping_ = true;
        continue;
      }
      if (at_end_) {
        if (rest.empty()) return kEnd;
        buffer_[end_++] = '\n';
        continue;
      }
    }
    const absl::Status status = Fill();
    if (!status.ok()) return status;
  }
}

}  // namespace fivek::tool
