#include <cstddef>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "embedded_maps.h"
#include "src/tool/column_map.h"

namespace fivek::tool {

absl::Span<const BuiltinMap> BuiltinMaps() {
  static const auto* const maps = [] {
    auto* const all = new std::vector<BuiltinMap>;
    for (size_t i = 0; i < kEmbeddedMapCount; ++i) {
      const EmbeddedMap& map = kEmbeddedMaps[i];
      all->push_back({absl::string_view(map.name.data(), map.name.size()),
                      absl::string_view(map.text.data(), map.text.size())});
    }
    return all;
  }();
  return *maps;
}

}  // namespace fivek::tool
