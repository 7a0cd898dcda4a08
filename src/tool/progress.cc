#include "src/tool/progress.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"

namespace fivek::tool {
namespace {

constexpr int64_t kSmallestStep = int64_t{16} << 20;
constexpr int64_t kMegabyte = int64_t{1000} * 1000;
constexpr size_t kWidth = 30;

}  // namespace

ProgressBar::ProgressBar(bool terminal, int64_t total,
                         std::function<void(absl::string_view)> write)
    : total_(total),
      write_(std::move(write)),
      step_(std::max(kSmallestStep, total / 100)),
      next_(terminal ? step_ : std::numeric_limits<int64_t>::max()) {}

void ProgressBar::Draw(int64_t bytes) {
  if (next_ == std::numeric_limits<int64_t>::max()) return;
  next_ = bytes + step_;
  std::string text;
  if (total_ > 0) {
    // A file that grows while it is read stays at 100 %.
    const int64_t percent =
        std::min<int64_t>(bytes / std::max<int64_t>(total_ / 100, 1), 100);
    const size_t filled = static_cast<size_t>(percent) * kWidth / 100;
    text =
        absl::StrFormat("[%s%s] %3d %%  %d of %d MB", std::string(filled, '#'),
                        std::string(kWidth - filled, '.'), percent,
                        bytes / kMegabyte, total_ / kMegabyte);
  } else {
    text = absl::StrFormat("%d MB", bytes / kMegabyte);
  }
  const size_t length = text.size();
  if (length < drawn_) text.append(drawn_ - length, ' ');
  drawn_ = length;
  write_(absl::StrCat("\r", text));
}

void ProgressBar::Clear() {
  if (drawn_ == 0) return;
  write_(absl::StrCat("\r", std::string(drawn_, ' '), "\r"));
  drawn_ = 0;
}

}  // namespace fivek::tool
