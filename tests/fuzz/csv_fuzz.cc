// Any bytes, cut into blocks of any size, are read to the end without harm, and
// the size of the blocks changes nothing.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/tool/csv.h"

namespace {

using fivek::tool::CsvOptions;
using fivek::tool::CsvReader;
using fivek::tool::CsvSourceFromText;

std::string ReadAll(absl::string_view text, size_t block_size) {
  CsvOptions options;
  options.block_size = block_size;
  options.max_record = 64;
  CsvReader reader(CsvSourceFromText(text), options);
  std::string all(reader.ReadHeader().message());
  if (!all.empty()) return all;
  while (reader.Next()) {
    absl::StrAppend(&all, reader.record().row, ":", reader.record().line, "{",
                    reader.status().message(), "}", reader.bad_column());
    for (const absl::string_view field : reader.record().fields) {
      absl::StrAppend(&all, "[", field, "]");
    }
    if (reader.status().ok() !=
        (reader.record().fields.size() == reader.header().size())) {
      std::abort();
    }
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const size_t block_size = 1 + data[0];
  const absl::string_view text(reinterpret_cast<const char*>(data) + 1,
                               size - 1);
  if (ReadAll(text, block_size) != ReadAll(text, size)) std::abort();
  return 0;
}
