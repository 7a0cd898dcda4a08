# cmake -DOUT=dir -DFILES="a.map;b.map" -P EmbedFiles.cmake
#
# Writes OUT/embedded_maps.h and .cc: the column maps as C++ raw strings, in
# the order of their names, each under its file name without ".map".
set(header [=[
// Generated from src/tool/maps by cmake/EmbedFiles.cmake.
#ifndef FIVEK_TOOL_EMBEDDED_MAPS_H_
#define FIVEK_TOOL_EMBEDDED_MAPS_H_

#include <cstddef>
#include <string_view>

namespace fivek::tool {

struct EmbeddedMap {
  std::string_view name;  // As in "maven_crm" for maps/maven_crm.map.
  std::string_view text;
};

// In the order of their names.
extern const EmbeddedMap kEmbeddedMaps[];
extern const std::size_t kEmbeddedMapCount;

}  // namespace fivek::tool

#endif  // FIVEK_TOOL_EMBEDDED_MAPS_H_
]=])
set(rows "")
set(count 0)
list(SORT FILES)
foreach(path IN LISTS FILES)
  cmake_path(GET path STEM LAST_ONLY name)
  file(READ ${path} text)
  if(text MATCHES "\\)fivek_map\"")
    message(FATAL_ERROR "${path} has the text that ends a raw string")
  endif()
  string(APPEND rows "    {\"${name}\", R\"fivek_map(${text})fivek_map\"},\n")
  math(EXPR count "${count} + 1")
endforeach()
if(count EQUAL 0)
  set(rows "    {\"\", \"\"},\n")
endif()
file(WRITE ${OUT}/embedded_maps.h "${header}")
file(WRITE ${OUT}/embedded_maps.cc
"// Generated from src/tool/maps by cmake/EmbedFiles.cmake.
#include \"embedded_maps.h\"

namespace fivek::tool {

const EmbeddedMap kEmbeddedMaps[] = {
${rows}};
const std::size_t kEmbeddedMapCount = ${count};

}  // namespace fivek::tool
")
