// A progress bar for a long read. It counts bytes instead of asking a clock: a
// new picture every hundredth of the file, but not for less than 16 MiB, which
// is about ten a second at the speed of the reader.

#ifndef FIVEK_SRC_TOOL_PROGRESS_H_
#define FIVEK_SRC_TOOL_PROGRESS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "absl/strings/string_view.h"

namespace fivek::tool {

class ProgressBar {
 public:
  // `write` prints text on the terminal. On anything but a terminal nothing is
  // ever written. `total` is the size of the file in bytes, negative if unknown
  // (a pipe).
  ProgressBar(bool terminal, int64_t total,
              std::function<void(absl::string_view)> write);
  ~ProgressBar() { Clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // `bytes` are done in all. Cheap enough for every record.
  void Update(int64_t bytes) {
    if (bytes >= next_) Draw(bytes);
  }

  // Takes the bar off the screen; it comes back with the next picture.
  void Clear();

 private:
  void Draw(int64_t bytes);

  const int64_t total_;
  const std::function<void(absl::string_view)> write_;
  int64_t step_, next_;
  size_t drawn_ = 0;  // Columns on the screen.
};

}  // namespace fivek::tool

#endif  // FIVEK_SRC_TOOL_PROGRESS_H_
