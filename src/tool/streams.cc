#include <cerrno>
#include <cstdio>
#include <cstring>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "src/tool/commands.h"
#include "src/tool/display_width.h"

namespace fivek::tool {

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) {
    return absl::NotFoundError(
        absl::StrCat("cannot open ", path, ": ", std::strerror(errno)));
  }
  const absl::Cleanup close = [file] { std::fclose(file); };
  std::string text;
  char block[1 << 16];
  size_t count = 0;
  while ((count = std::fread(block, 1, sizeof block, file)) > 0) {
    text.append(block, count);
  }
  if (std::ferror(file) != 0) {
    return absl::DataLossError(
        absl::StrCat("cannot read ", path, ": ", std::strerror(errno)));
  }
  return text;
}

absl::Status WriteFile(const std::string& path, absl::string_view bytes) {
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) {
    return absl::NotFoundError(
        absl::StrCat("cannot write ", path, ": ", std::strerror(errno)));
  }
  const bool written =
      std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  // Closing writes too.
  if (std::fclose(file) != 0 || !written) {
    return absl::DataLossError(
        absl::StrCat("cannot write ", path, ": ", std::strerror(errno)));
  }
  return absl::OkStatus();
}

absl::Status WriteOut(absl::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() ||
      std::fflush(stdout) != 0) {
    return absl::DataLossError(
        absl::StrCat("cannot write: ", std::strerror(errno)));
  }
  return absl::OkStatus();
}

void WriteError(absl::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
}

int Fail(const absl::Status& status) {
  WriteError(absl::StrCat("fivek: ", EscapeControls(status.message()), "\n"));
  return kExitBadInput;
}

}  // namespace fivek::tool
