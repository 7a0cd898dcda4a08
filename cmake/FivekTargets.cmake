# The functions that CMakeLists.txt is written in: one call for each target.
# Standard, include folders, warnings and flags live here, once. Nothing here
# touches a global flag or variable, so a parent project stays as it was.

# Every object, Abseil's too: sections that the linker can drop; no name of the
# folder that it was built in, so that the same source gives the same bytes.
set(FIVEK_OBJECT_FLAGS -ffunction-sections -fdata-sections
  -fmacro-prefix-map=${PROJECT_SOURCE_DIR}=fivek)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # A unique symbol would escape the version script and pin the library; a
  # thread-local variable with a constant initializer (Abseil has one) would
  # leave a weak reference to a function that initializes it.
  list(APPEND FIVEK_OBJECT_FLAGS
    $<$<COMPILE_LANGUAGE:CXX>:-fno-gnu-unique>
    $<$<COMPILE_LANGUAGE:CXX>:-fno-extern-tls-init>)
endif()
# Every object of ours: the same floating point results everywhere.
# What is not to be one vector instruction is slower as one: gathering a few
# fields in a vector register costs more than storing them one by one.
set(FIVEK_LIBRARY_FLAGS ${FIVEK_OBJECT_FLAGS} -ffp-contract=off
  -fno-tree-slp-vectorize)

# Warnings are ours to read, not those who embed fivek.
set(FIVEK_WARNING_FLAGS "")
if(PROJECT_IS_TOP_LEVEL OR FIVEK_WERROR)
  list(APPEND FIVEK_WARNING_FLAGS -Wall -Wextra -Wpedantic -Wshadow
    -Wconversion -Wsign-conversion)
endif()
if(FIVEK_WERROR)
  list(APPEND FIVEK_WARNING_FLAGS -Werror)
endif()
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # It takes the sources for headers, which others would include.
  list(APPEND FIVEK_WARNING_FLAGS -Wno-subobject-linkage)
endif()

set(FIVEK_SANITIZE_COMPILE "")
set(FIVEK_SANITIZE_LINK "")
if(FIVEK_SANITIZE)
  set(FIVEK_SANITIZE_COMPILE -fsanitize=${FIVEK_SANITIZE}
    -fno-sanitize-recover=all -fno-omit-frame-pointer)
  set(FIVEK_SANITIZE_LINK -fsanitize=${FIVEK_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # What is inserted makes gcc 12 warn of its own std::regex.
    list(APPEND FIVEK_SANITIZE_COMPILE -Wno-maybe-uninitialized)
  endif()
endif()
if(FIVEK_FUZZ)
  list(APPEND FIVEK_SANITIZE_COMPILE -fsanitize=fuzzer-no-link)
endif()

# What all targets of ours have in common.
function(fivek_target_defaults target)
  set_target_properties(${target} PROPERTIES
    CXX_EXTENSIONS OFF
    CXX_VISIBILITY_PRESET hidden
    C_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    POSITION_INDEPENDENT_CODE ON)
  target_compile_features(${target} PRIVATE cxx_std_17)
  target_compile_options(${target} PRIVATE
    ${FIVEK_WARNING_FLAGS} ${FIVEK_LIBRARY_FLAGS} ${FIVEK_ABSEIL_OBJECT_FLAGS}
    ${FIVEK_SANITIZE_COMPILE})
  target_link_options(${target} PRIVATE ${FIVEK_SANITIZE_LINK})
endfunction()

# fivek_library(name SRCS ... [DEPS ...] [PRIVATE_DEPS ...])
# A C++ library fivek_<name>, also called fivek::<name>.
function(fivek_library name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SRCS;DEPS;PRIVATE_DEPS")
  add_library(fivek_${name} STATIC ${ARG_SRCS})
  add_library(fivek::${name} ALIAS fivek_${name})
  fivek_target_defaults(fivek_${name})
  set_target_properties(fivek_${name} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(fivek_${name} PUBLIC cxx_std_17)
  target_include_directories(fivek_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_include_directories(fivek_${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(fivek_${name} PUBLIC ${ARG_DEPS})
  foreach(dep IN LISTS ARG_PRIVATE_DEPS)
    # Header-only: no consumer of an installed fivek needs to find it.
    target_link_libraries(fivek_${name} PRIVATE $<BUILD_INTERFACE:${dep}>)
  endforeach()
endfunction()

# fivek_kernel(library source option...)
# A source of fivek_<library> compiled with the options of a processor that may
# not be there; see src/pipeline/score_block.h for what it may contain.
function(fivek_kernel library source)
  target_sources(fivek_${library} PRIVATE ${source})
  set_source_files_properties(${source} PROPERTIES COMPILE_OPTIONS "${ARGN}")
endfunction()

# GoogleTest from source, for a machine that no package of it is made for.
function(fivek_add_googletest source_dir)
  set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)  # Its options obey these variables.
  set(INSTALL_GTEST OFF)
  set(CMAKE_WARN_DEPRECATED OFF)
  add_subdirectory(${source_dir} ${PROJECT_BINARY_DIR}/_googletest
    EXCLUDE_FROM_ALL SYSTEM)
endfunction()

# Registers a test of target `name`. For each label there is a target
# tests_<label> that builds just the tests which have it.
function(fivek_add_test name labels)
  add_test(NAME ${name} ${ARGN})
  set_tests_properties(${name} PROPERTIES LABELS "${labels}" TIMEOUT 600)
  foreach(label IN LISTS labels)
    if(NOT TARGET tests_${label})
      add_custom_target(tests_${label})
    endif()
    add_dependencies(tests_${label} ${name})
  endforeach()
endfunction()

# fivek_test(name SRCS ... [DEPS ...] [LABELS ...] [COMPUTES])
# A GoogleTest program, one CTest test. One that computes much itself is not
# compiled with FIVEK_TEST_FLAGS.
function(fivek_test name)
  if(NOT FIVEK_BUILD_TESTS)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 ARG "COMPUTES" "" "SRCS;DEPS;LABELS")
  add_executable(${name} ${ARG_SRCS})
  fivek_target_defaults(${name})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(${name} PRIVATE
    FIVEK_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
    FIVEK_SHARED_DATA_DIR="${FIVEK_SHARED_DATA_DIR}")
  target_link_libraries(${name} PRIVATE
    ${ARG_DEPS} GTest::gmock GTest::gtest GTest::gtest_main)
  if(NOT ARG_COMPUTES)
    fivek_compile_cheaply(${name})
  endif()
  fivek_add_test(${name} "${ARG_LABELS}" COMMAND ${name})
endfunction()

# Compiles the GoogleTest program `name` with FIVEK_TEST_FLAGS, and what most of
# them include once for all. CMAKE_DISABLE_PRECOMPILE_HEADERS shows what one
# forgot to include.
function(fivek_compile_cheaply name)
  target_compile_options(${name} PRIVATE ${FIVEK_TEST_FLAGS})
  if(CMAKE_DISABLE_PRECOMPILE_HEADERS)
    return()
  endif()
  if(NOT TARGET fivek_precompiled)
    file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/precompiled.cc
      CONTENT "int main() {}\n")
    add_executable(fivek_precompiled ${PROJECT_BINARY_DIR}/precompiled.cc)
    fivek_target_defaults(fivek_precompiled)
    target_link_libraries(fivek_precompiled PRIVATE fivek::base
      GTest::gmock GTest::gtest GTest::gtest_main nlohmann_json::nlohmann_json)
    target_precompile_headers(fivek_precompiled PRIVATE
      <gmock/gmock.h> <gtest/gtest.h> <nlohmann/json.hpp>
      <absl/status/statusor.h> <absl/strings/str_cat.h>)
    target_compile_options(fivek_precompiled PRIVATE ${FIVEK_TEST_FLAGS})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      target_compile_options(fivek_precompiled PRIVATE -fpch-preprocess)
    endif()
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # For compiler caches, which see no other way what is precompiled.
    target_compile_options(${name} PRIVATE -fpch-preprocess)
  endif()
  target_precompile_headers(${name} REUSE_FROM fivek_precompiled)
endfunction()

# fivek_c_test(name SRCS ... [DEPS ...] [LABELS ...] [ARGS ...])
# A test program written in C99, as strictly as the compiler can take it.
function(fivek_c_test name)
  if(NOT FIVEK_BUILD_TESTS OR NOT TARGET fivek::fivek)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SRCS;DEPS;LABELS;ARGS")
  add_executable(${name} ${ARG_SRCS})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_options(${name} PRIVATE -std=c99 -pedantic-errors
    ${FIVEK_WARNING_FLAGS} -Wstrict-prototypes ${FIVEK_SANITIZE_COMPILE})
  target_compile_definitions(${name} PRIVATE
    FIVEK_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_options(${name} PRIVATE ${FIVEK_SANITIZE_LINK})
  if(FIVEK_SANITIZE)
    # What the sanitizers of the library ask for is in their C++ runtime.
    set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
  endif()
  target_link_libraries(${name} PRIVATE ${ARG_DEPS})
  fivek_add_test(${name} "${ARG_LABELS}" COMMAND ${name} ${ARG_ARGS})
endfunction()

# fivek_load_test(name SRCS ... [LABELS ...] [ARGS ...])
# A test in C that links nothing of fivek: it loads the library whose file it is
# given, before ARGS.
function(fivek_load_test name)
  if(NOT FIVEK_BUILD_TESTS OR NOT TARGET fivek_shared)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SRCS;LABELS;ARGS")
  fivek_c_test(${name} SRCS ${ARG_SRCS} LABELS ${ARG_LABELS}
    DEPS ${CMAKE_DL_LIBS} pthread
    ARGS $<TARGET_FILE:fivek_shared> ${ARG_ARGS})
  add_dependencies(${name} fivek_shared)
endfunction()

# The library fivek_contract_lists: what the C headers declare, as lists that a
# test includes; tests/abi/contract.py makes them.
function(fivek_add_contract_lists)
  if(NOT FIVEK_BUILD_TESTS)
    return()
  endif()
  set(script ${PROJECT_SOURCE_DIR}/tests/abi/contract.py)
  set(dir ${PROJECT_BINARY_DIR}/abi)
  set(lists ${dir}/contract_table.inc ${dir}/fivek_refused_calls.h)
  file(MAKE_DIRECTORY ${dir})
  file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/capi/fivek*.h)
  add_custom_command(
    OUTPUT ${lists}
    COMMAND Python3::Interpreter ${script} lists ${dir}
    DEPENDS ${headers} ${script} ${PROJECT_SOURCE_DIR}/capi/header_text.py
    COMMENT "Listing what the C headers declare"
    VERBATIM)
  # Compiled after they are made; the target lets several tests share them.
  add_custom_target(fivek_make_contract_lists DEPENDS ${lists})
  add_library(fivek_contract_lists INTERFACE)
  add_dependencies(fivek_contract_lists fivek_make_contract_lists)
  target_include_directories(fivek_contract_lists INTERFACE ${dir})
endfunction()

# fivek_refuse_each(name source)
# The objects of a test in C, to be called as c_test_main, in which each call of
# the C interface that can fail does so for want of memory before it succeeds:
# see tests/capi/refuse_each.h.
function(fivek_refuse_each name source)
  if(NOT FIVEK_BUILD_TESTS)
    return()
  endif()
  add_library(${name} OBJECT ${source})
  target_include_directories(${name} PRIVATE
    ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/capi)
  target_link_libraries(${name} PRIVATE fivek_contract_lists)
  target_compile_definitions(${name} PRIVATE main=c_test_main)
  target_compile_options(${name} PRIVATE -std=c99
    ${FIVEK_WARNING_FLAGS} ${FIVEK_SANITIZE_COMPILE}
    -include ${PROJECT_SOURCE_DIR}/tests/capi/refuse_each.h)
endfunction()

# fivek_script_test(name SCRIPT file ARGS ...)
# A test written in Python, one CTest test. It is skipped if it exits with 77.
function(fivek_script_test name)
  if(NOT FIVEK_BUILD_TESTS)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "SCRIPT" "ARGS")
  # Not as a target: CTest would give it to the emulator of another machine.
  fivek_add_test(${name} "" COMMAND
    ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/${ARG_SCRIPT} ${ARG_ARGS})
  set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77)
endfunction()

# That README.md says what is so. Its C++ example is built from its own text.
function(fivek_readme_tests)
  if(NOT FIVEK_BUILD_TESTS)
    return()
  endif()
  set(script ${PROJECT_SOURCE_DIR}/tests/readme_test.py)
  set(dir ${PROJECT_BINARY_DIR}/readme)
  file(MAKE_DIRECTORY ${dir})
  add_custom_command(
    OUTPUT ${dir}/deal.cc
    COMMAND Python3::Interpreter ${script} extract ${PROJECT_SOURCE_DIR} deal.cc
      ${dir}/deal.cc
    DEPENDS ${PROJECT_SOURCE_DIR}/README.md ${script}
    COMMENT "Taking the C++ example out of README.md"
    VERBATIM)
  add_executable(readme_cpp_example ${dir}/deal.cc)
  fivek_target_defaults(readme_cpp_example)
  target_link_libraries(readme_cpp_example PRIVATE fivek::pipeline)
  set(arguments --cpp-example $<TARGET_FILE:readme_cpp_example>)
  if(TARGET capi_score_example)
    list(APPEND arguments --c-example $<TARGET_FILE:capi_score_example>)
  endif()
  if(TARGET fivek_tool)
    list(APPEND arguments --tool $<TARGET_FILE:fivek_tool>)
  endif()
  fivek_script_test(readme_test SCRIPT tests/readme_test.py
    ARGS check ${PROJECT_SOURCE_DIR} ${arguments})
  # A library with a sanitizer in it serves no ordinary program.
  if(TARGET fivek_shared AND TARGET fivek_static AND FIVEK_INSTALL
      AND NOT FIVEK_SANITIZE)
    fivek_script_test(readme_installed_test SCRIPT tests/readme_test.py
      ARGS installed ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}
        ${dir}/installed)
  endif()
endfunction()

# fivek_bench(name SRCS ... [DEPS ...])
# A Google Benchmark program in build/<preset>/bench.
function(fivek_bench name)
  if(NOT FIVEK_BENCH)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SRCS;DEPS")
  add_executable(${name} ${ARG_SRCS})
  fivek_target_defaults(${name})
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bench)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE
    ${ARG_DEPS} benchmark::benchmark benchmark::benchmark_main)
endfunction()

# fivek_bench_tool(name SRCS ... [DEPS ...])
# A program in build/<preset>/bench_tools that a script of bench/ runs.
function(fivek_bench_tool name)
  if(NOT FIVEK_BENCH)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SRCS;DEPS")
  add_executable(${name} ${ARG_SRCS})
  fivek_target_defaults(${name})
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bench_tools)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
  string(STRIP "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${type}}" flags)
  target_compile_definitions(${name} PRIVATE
    FIVEK_COMPILER_ID="${CMAKE_CXX_COMPILER_ID}" FIVEK_FLAGS="${flags}")
  target_link_libraries(${name} PRIVATE ${ARG_DEPS})
endfunction()

# fivek_fuzz(name SRCS ... [DEPS ...])
# The fuzz target build/<preset>/fuzz/<name>_fuzz, with its seeds in
# tests/fuzz/corpus/<name>. With FIVEK_FUZZ libFuzzer drives it; in other builds
# with tests it runs the seeds only. A CTest test with the label fuzz.
function(fivek_fuzz name)
  if(NOT FIVEK_FUZZ AND NOT FIVEK_BUILD_TESTS)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SRCS;DEPS")
  set(target ${name}_fuzz)
  set(seeds ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name})
  add_executable(${target} ${ARG_SRCS})
  fivek_target_defaults(${target})
  set_target_properties(${target} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/fuzz)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${target} PRIVATE ${ARG_DEPS})
  if(FIVEK_FUZZ)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    # GNU's linker takes five times as long, and there are many programs.
    find_program(FIVEK_LLD ld.lld)
    mark_as_advanced(FIVEK_LLD)
    if(FIVEK_LLD)
      target_link_options(${target} PRIVATE -fuse-ld=lld)
    endif()
    fivek_add_test(${target} fuzz COMMAND ${target} -runs=0 ${seeds})
  else()
    target_sources(${target} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/run_seeds.cc)
    fivek_add_test(${target} fuzz COMMAND ${target} ${seeds})
  endif()
endfunction()

# Compiles every header of include/ alone that no source of its name includes
# first, and all of them together, twice. Those of capi/ have
# tests/abi/headers_test.py.
function(fivek_check_headers)
  if(NOT FIVEK_BUILD_TESTS OR FIVEK_SANITIZE)
    return()  # A sanitizer has nothing to find here.
  endif()
  set(dir ${PROJECT_BINARY_DIR}/headers)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS
    RELATIVE ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/include/*.h)
  set(units "")
  foreach(header IN LISTS headers)
    string(REGEX REPLACE "^fivek/(.*)h$" "src/\\1cc" source ${header})
    set(first "")
    if(EXISTS ${PROJECT_SOURCE_DIR}/${source})
      file(STRINGS ${PROJECT_SOURCE_DIR}/${source} first
        REGEX "^#include" LIMIT_COUNT 1)
    endif()
    if(NOT first STREQUAL "#include \"${header}\"")
      string(MAKE_C_IDENTIFIER ${header} unit)
      file(CONFIGURE OUTPUT ${dir}/${unit}.cc CONTENT "#include \"${header}\"\n")
      list(APPEND units ${dir}/${unit}.cc)
    endif()
  endforeach()
  # In one program no name may stand for two things.
  list(TRANSFORM headers PREPEND "#include \"")
  list(TRANSFORM headers APPEND "\"\n")
  list(JOIN headers "" all)
  file(CONFIGURE OUTPUT ${dir}/all.cc @ONLY CONTENT "${all}${all}")
  add_library(fivek_headers OBJECT ${units} ${dir}/all.cc)
  fivek_target_defaults(fivek_headers)
  set_target_properties(fivek_headers PROPERTIES UNITY_BUILD OFF)
  target_link_libraries(fivek_headers PRIVATE ${ARGN})
endfunction()

# fivek_command(SRCS ... MAPS ... [DEPS ...])
# The fivek command: main.cc and the library fivek_tool_lib, which the tests of
# the tool link too. MAPS are embedded; include "embedded_maps.h" for them.
function(fivek_command)
  if(NOT FIVEK_BUILD_TOOL)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 0 ARG "" "" "SRCS;MAPS;DEPS")
  set(dir ${PROJECT_BINARY_DIR}/tool_maps)
  list(TRANSFORM ARG_MAPS PREPEND ${PROJECT_SOURCE_DIR}/)
  add_custom_command(
    OUTPUT ${dir}/embedded_maps.cc ${dir}/embedded_maps.h
    COMMAND ${CMAKE_COMMAND} -DOUT=${dir} "-DFILES=${ARG_MAPS}"
      -P ${PROJECT_SOURCE_DIR}/cmake/EmbedFiles.cmake
    DEPENDS ${ARG_MAPS} ${PROJECT_SOURCE_DIR}/cmake/EmbedFiles.cmake
    COMMENT "Embedding the column maps"
    VERBATIM)
  add_custom_target(fivek_tool_maps DEPENDS ${dir}/embedded_maps.cc)
  add_library(fivek_tool_lib STATIC
    ${ARG_SRCS} ${dir}/embedded_maps.cc ${dir}/embedded_maps.h)
  fivek_target_defaults(fivek_tool_lib)
  target_include_directories(fivek_tool_lib PUBLIC ${PROJECT_SOURCE_DIR})
  target_include_directories(fivek_tool_lib SYSTEM PUBLIC ${dir})
  target_link_libraries(fivek_tool_lib PUBLIC ${ARG_DEPS})

  add_executable(fivek_tool src/tool/main.cc)
  fivek_target_defaults(fivek_tool)
  set_target_properties(fivek_tool PROPERTIES OUTPUT_NAME fivek)
  target_link_libraries(fivek_tool PRIVATE fivek_tool_lib)
  target_link_options(fivek_tool PRIVATE ${FIVEK_DROP_UNUSED})
endfunction()
