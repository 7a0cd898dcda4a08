# The C library: everything of fivek, and what it needs of Abseil, in one file
# that shows the functions of capi/symbols.txt and nothing else. How that is
# done in each format of object files says cmake/ObjectFormat.cmake.
#
#   fivek_capi    the object files, also for tests of the C functions
#   fivek_shared  libfivek.so, fivek.dll; fivek::shared
#   fivek_static  libfivek.a;  fivek::static
#   fivek::fivek  the shared one, or the static one if it is the only one

# Reads `file` (lines: symbol, version node, since; # starts a comment) and
# writes the same names into `dir` as every linker, and objcopy, wants them:
#
#   fivek.map      a version script, for ELF
#   fivek.def      a module definition, for Windows
#   fivek.exports  a list of symbols, for Mach-O
#   keep.txt       one name a line
function(fivek_read_symbols file dir)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(STRINGS ${file} lines REGEX "^[^#]")
  set(nodes "")
  set(symbols "")
  set(since "")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "#.*" "" line "${line}")
    if(line MATCHES "^[ \t]*$")
      continue()
    endif()
    if(NOT line MATCHES "^(fivek_[a-z0-9_]+)[ \t]+(FIVEK_[0-9.]+)[ \t]+([0-9.]+)[ \t]*$")
      message(FATAL_ERROR "fivek: ${file}: not \"symbol node since\", as in "
        "\"fivek_version_number FIVEK_0.1 0.1\": ${line}")
    endif()
    if(CMAKE_MATCH_1 IN_LIST symbols)
      message(FATAL_ERROR "fivek: ${file}: listed twice: ${CMAKE_MATCH_1}")
    endif()
    list(APPEND symbols ${CMAKE_MATCH_1})
    list(APPEND nodes ${CMAKE_MATCH_2})
    list(APPEND in_${CMAKE_MATCH_2} ${CMAKE_MATCH_1})
    list(APPEND since "${CMAKE_MATCH_1}@${CMAKE_MATCH_2} ${CMAKE_MATCH_3}")
  endforeach()
  # For packages: symbol@node since.
  set_property(DIRECTORY PROPERTY FIVEK_SYMBOLS_SINCE "${since}")
  list(REMOVE_DUPLICATES nodes)  # In order of appearance: oldest first.
  set(map "")
  set(parent "")
  foreach(node IN LISTS nodes)
    list(JOIN in_${node} ";\n    " names)
    string(APPEND map "${node} {\n  global:\n    ${names};\n")
    if(NOT parent)
      string(APPEND map "  local:\n    *;\n")
    endif()
    string(APPEND map "}${parent};\n")
    set(parent " ${node}")
  endforeach()
  list(JOIN symbols "\n" keep)
  list(JOIN symbols "\n  " def)
  list(JOIN symbols "\n_" exports)
  file(CONFIGURE OUTPUT ${dir}/fivek.map CONTENT "${map}" @ONLY)
  file(CONFIGURE OUTPUT ${dir}/fivek.def @ONLY
    CONTENT "LIBRARY fivek.dll\nEXPORTS\n  ${def}\n")
  file(CONFIGURE OUTPUT ${dir}/fivek.exports CONTENT "_${exports}\n" @ONLY)
  file(CONFIGURE OUTPUT ${dir}/keep.txt CONTENT "${keep}\n" @ONLY)
endfunction()

# fivek_c_library(SRCS ... DEPS ... HEADERS ... SYMBOLS file SOVERSION x.y)
function(fivek_c_library)
  cmake_parse_arguments(PARSE_ARGV 0 ARG "" "SYMBOLS;SOVERSION"
    "SRCS;DEPS;HEADERS")
  set(FIVEK_CAPI_HEADERS ${ARG_HEADERS} PARENT_SCOPE)
  set(dir ${PROJECT_BINARY_DIR}/capi)
  fivek_read_symbols(${PROJECT_SOURCE_DIR}/${ARG_SYMBOLS} ${dir})

  add_library(fivek_capi OBJECT ${ARG_SRCS})
  fivek_target_defaults(fivek_capi)
  target_compile_definitions(fivek_capi PRIVATE FIVEK_BUILDING_LIBRARY)
  target_include_directories(fivek_capi PUBLIC ${PROJECT_SOURCE_DIR}/capi)
  target_include_directories(fivek_capi PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(fivek_capi PUBLIC ${ARG_DEPS})

  if(FIVEK_BUILD_SHARED)
    set(list ${dir}/${FIVEK_EXPORT_LIST})
    add_library(fivek_shared SHARED $<TARGET_OBJECTS:fivek_capi>)
    add_library(fivek::shared ALIAS fivek_shared)
    fivek_target_defaults(fivek_shared)
    set_target_properties(fivek_shared PROPERTIES
      PREFIX ""
      OUTPUT_NAME ${FIVEK_SHARED_NAME}
      EXPORT_NAME shared
      VERSION ${PROJECT_VERSION}
      SOVERSION ${ARG_SOVERSION}
      LINKER_LANGUAGE CXX
      LINK_DEPENDS ${list})
    target_include_directories(fivek_shared INTERFACE
      $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/capi>
      $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    # What fivek.h imports by; the library itself is built without.
    target_compile_definitions(fivek_shared INTERFACE
      $<$<PLATFORM_ID:Windows>:FIVEK_SHARED>)
    target_link_libraries(fivek_shared PRIVATE ${ARG_DEPS})
    target_link_options(fivek_shared PRIVATE
      ${FIVEK_EXPORT_OPTION}${list} ${FIVEK_DROP_UNUSED} ${FIVEK_SHARED_FLAGS})
  endif()

  if(FIVEK_BUILD_STATIC)
    # One object file: the linker takes from the archives what is needed and
    # drops the rest. Then everything is made local but the C functions, so that
    # a program may have an Abseil of its own.
    if(NOT FIVEK_OBJECT_LINK)
      message(FATAL_ERROR "fivek: no static C library on ${CMAKE_SYSTEM_NAME}: "
        "configure with -DFIVEK_BUILD_STATIC=OFF")
    endif()
    add_executable(fivek_relocatable $<TARGET_OBJECTS:fivek_capi>)
    set_target_properties(fivek_relocatable PROPERTIES
      OUTPUT_NAME fivek_relocatable
      SUFFIX .o
      RUNTIME_OUTPUT_DIRECTORY ${dir}
      LINKER_LANGUAGE CXX
      POSITION_INDEPENDENT_CODE OFF  # -pie and -r exclude each other.
      LINK_DEPENDS ${dir}/keep.txt)
    target_link_libraries(fivek_relocatable PRIVATE ${ARG_DEPS})
    target_link_options(fivek_relocatable PRIVATE ${FIVEK_OBJECT_LINK})
    if(FIVEK_OBJECT_KEEP)
      file(STRINGS ${dir}/keep.txt symbols)
      list(TRANSFORM symbols PREPEND ${FIVEK_OBJECT_KEEP})
      target_link_options(fivek_relocatable PRIVATE ${symbols})
    endif()
    if(FIVEK_OBJECT_LOCAL)
      set(make_object
        ${FIVEK_OBJECT_LOCAL} --keep-global-symbols=${dir}/keep.txt)
    else()
      set(make_object ${CMAKE_COMMAND} -E copy)
    endif()
    add_custom_command(
      OUTPUT ${dir}/fivek.o
      COMMAND ${make_object} $<TARGET_FILE:fivek_relocatable> ${dir}/fivek.o
      DEPENDS fivek_relocatable ${dir}/keep.txt
      COMMENT "Making the one object of libfivek.a"
      VERBATIM)
    add_library(fivek_static STATIC ${dir}/fivek.o)
    add_library(fivek::static ALIAS fivek_static)
    set_source_files_properties(${dir}/fivek.o PROPERTIES
      GENERATED ON EXTERNAL_OBJECT ON)
    # As a C library that needs these, a project without C++ can link it.
    set_target_properties(fivek_static PROPERTIES
      OUTPUT_NAME fivek EXPORT_NAME static LINKER_LANGUAGE C)
    target_include_directories(fivek_static INTERFACE
      $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/capi>
      $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    target_link_libraries(fivek_static INTERFACE ${FIVEK_STATIC_NEEDS})
  endif()

  if(FIVEK_BUILD_SHARED)
    add_library(fivek::fivek ALIAS fivek_shared)
  elseif(FIVEK_BUILD_STATIC)
    add_library(fivek::fivek ALIAS fivek_static)
  endif()
endfunction()
