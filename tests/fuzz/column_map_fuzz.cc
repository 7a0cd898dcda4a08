// Any bytes are a map or an error that names the map; a map that is taken can
// be used.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "src/tool/cell.h"
#include "src/tool/column_map.h"

using fivek::tool::ColumnBinding;
using fivek::tool::ColumnMap;
using fivek::tool::Field;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<ColumnMap> map = ColumnMap::Parse(text, "fuzz");
  if (!map.ok()) {
    if (!absl::StartsWith(map.status().message(), "column map fuzz")) {
      std::abort();
    }
  } else {
    std::vector<std::string> header;
    for (size_t i = 0; i < fivek::tool::kFieldCount; ++i) {
      const absl::string_view name = map->column(static_cast<Field>(i));
      if (!name.empty()) header.emplace_back(name);
    }
    // Every column that the map names is there.
    const absl::StatusOr<ColumnBinding> binding =
        ColumnBinding::Bind(*map, header);
    if (!binding.ok() || !binding->has(Field::kId)) std::abort();
    map->FindStage(text);
  }
  std::vector<fivek::tool::EvidenceEntry> entries;
  fivek::tool::ParseEvidence(text, &entries).IgnoreError();
  fivek::tool::ParseByDecisionMaker(text).status().IgnoreError();
  fivek::tool::ParseLevel(text, 7).status().IgnoreError();
  return 0;
}
