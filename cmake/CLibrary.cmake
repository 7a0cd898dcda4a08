# The C library: everything of fivek, and what it needs of Abseil, in one file
# that shows the functions of capi/symbols.txt and nothing else.
#
#   fivek_capi    the object files, also for tests of the C functions
#   fivek_shared  libfivek.so; fivek::shared
#   fivek_static  libfivek.a;  fivek::static
#   fivek::fivek  the shared one, or the static one if it is the only one

# Reads `file` (lines: symbol, version node, since; # starts a comment) and
# writes what the linker and objcopy need into `dir`: fivek.map, keep.txt.
function(fivek_read_symbols file dir)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(STRINGS ${file} lines REGEX "^[^#]")
  set(nodes "")
  set(symbols "")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "#.*" "" line "${line}")
    if(line MATCHES "^[ \t]*$")
      continue()
    endif()
    if(NOT line MATCHES "^(fivek_[a-z0-9_]+)[ \t]+(FIVEK_[0-9.]+)[ \t]+[0-9.]+[ \t]*$")
      message(FATAL_ERROR "fivek: ${file}: not \"symbol node since\", as in "
        "\"fivek_version_number FIVEK_0.1 0.1\": ${line}")
    endif()
    if(CMAKE_MATCH_1 IN_LIST symbols)
      message(FATAL_ERROR "fivek: ${file}: listed twice: ${CMAKE_MATCH_1}")
    endif()
    list(APPEND symbols ${CMAKE_MATCH_1})
    list(APPEND nodes ${CMAKE_MATCH_2})
    list(APPEND in_${CMAKE_MATCH_2} ${CMAKE_MATCH_1})
  endforeach()
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
  file(CONFIGURE OUTPUT ${dir}/fivek.map CONTENT "${map}" @ONLY)
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
    add_library(fivek_shared SHARED $<TARGET_OBJECTS:fivek_capi>)
    add_library(fivek::shared ALIAS fivek_shared)
    fivek_target_defaults(fivek_shared)
    set_target_properties(fivek_shared PROPERTIES
      OUTPUT_NAME fivek
      EXPORT_NAME shared
      VERSION ${PROJECT_VERSION}
      SOVERSION ${ARG_SOVERSION}
      LINKER_LANGUAGE CXX
      LINK_DEPENDS ${dir}/fivek.map)
    target_include_directories(fivek_shared INTERFACE
      $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/capi>
      $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    target_link_libraries(fivek_shared PRIVATE ${ARG_DEPS})
    # nodelete: without it a hidden Abseil crashes the host when a thread ends
    # after dlclose. A sanitizer's runtime is found in the program, not here.
    target_link_options(fivek_shared PRIVATE
      LINKER:--version-script=${dir}/fivek.map
      LINKER:--exclude-libs,ALL
      LINKER:--gc-sections
      LINKER:--as-needed
      LINKER:-z,nodelete
      LINKER:-z,relro
      LINKER:-z,now)
    if(NOT FIVEK_SANITIZE)
      target_link_options(fivek_shared PRIVATE LINKER:-z,defs)
    endif()
  endif()

  if(FIVEK_BUILD_STATIC)
    # One object file: the linker takes from the archives what is needed and
    # drops the rest, then objcopy makes everything local but the C functions,
    # so that a program may have an Abseil of its own. Groups are resolved
    # here (--force-group-allocation): a later link must not merge them with
    # those of another Abseil.
    add_executable(fivek_relocatable $<TARGET_OBJECTS:fivek_capi>)
    set_target_properties(fivek_relocatable PROPERTIES
      OUTPUT_NAME fivek_relocatable
      SUFFIX .o
      RUNTIME_OUTPUT_DIRECTORY ${dir}
      LINKER_LANGUAGE CXX
      POSITION_INDEPENDENT_CODE OFF  # -pie and -r exclude each other.
      LINK_DEPENDS ${dir}/keep.txt)
    target_link_libraries(fivek_relocatable PRIVATE ${ARG_DEPS})
    file(STRINGS ${dir}/keep.txt symbols)
    list(TRANSFORM symbols PREPEND LINKER:--undefined=)
    target_link_options(fivek_relocatable PRIVATE
      -r -nostdlib LINKER:--force-group-allocation LINKER:--gc-sections
      ${symbols})
    add_custom_command(
      OUTPUT ${dir}/fivek.o
      # A weak reference that only dropped code made stays behind: _ZTH*.
      COMMAND ${CMAKE_OBJCOPY} --keep-global-symbols=${dir}/keep.txt
        --wildcard --strip-unneeded-symbol=_ZTH*
        $<TARGET_FILE:fivek_relocatable> ${dir}/fivek.o
      DEPENDS fivek_relocatable ${dir}/keep.txt
      COMMENT "Making everything in libfivek.a local but the C functions"
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
    target_link_libraries(fivek_static INTERFACE stdc++ m pthread)
  endif()

  if(FIVEK_BUILD_SHARED)
    add_library(fivek::fivek ALIAS fivek_shared)
  elseif(FIVEK_BUILD_STATIC)
    add_library(fivek::fivek ALIAS fivek_static)
  endif()
endfunction()
