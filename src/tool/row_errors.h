// Rows that cannot be read fail themselves: the first messages and how many
// there are.
#ifndef FIVEK_TOOL_ROW_ERRORS_H_
#define FIVEK_TOOL_ROW_ERRORS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace fivek::tool {

struct RowErrors {
  size_t kept = 20;
  std::vector<std::string> messages;  // The first `kept`.
  int64_t count = 0;

  void Add(const absl::Status& status) {
    ++count;
    if (messages.size() < kept) messages.emplace_back(status.message());
  }
};

}  // namespace fivek::tool

#endif  // FIVEK_TOOL_ROW_ERRORS_H_
