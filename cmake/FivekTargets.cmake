# The functions that CMakeLists.txt is written in: one call for each target.
# Standard, include folders, warnings and flags live here, once. Nothing here
# touches a global flag or variable, so a parent project stays as it was.

# Every object: sections that the linker can drop, no symbols of our own
# making visible, the same floating point results everywhere.
set(FIVEK_OBJECT_FLAGS -ffunction-sections -fdata-sections)
set(FIVEK_LIBRARY_FLAGS ${FIVEK_OBJECT_FLAGS} -ffp-contract=off)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # A unique symbol would escape the version script and pin the library.
  list(APPEND FIVEK_OBJECT_FLAGS $<$<COMPILE_LANGUAGE:CXX>:-fno-gnu-unique>)
  list(APPEND FIVEK_LIBRARY_FLAGS $<$<COMPILE_LANGUAGE:CXX>:-fno-gnu-unique>)
endif()

set(FIVEK_WARNING_FLAGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  -Wsign-conversion)
if(FIVEK_WERROR)
  list(APPEND FIVEK_WARNING_FLAGS -Werror)
endif()

set(FIVEK_SANITIZE_COMPILE "")
set(FIVEK_SANITIZE_LINK "")
if(FIVEK_SANITIZE)
  set(FIVEK_SANITIZE_COMPILE -fsanitize=${FIVEK_SANITIZE}
    -fno-sanitize-recover=all -fno-omit-frame-pointer)
  set(FIVEK_SANITIZE_LINK -fsanitize=${FIVEK_SANITIZE})
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
    ${FIVEK_WARNING_FLAGS} ${FIVEK_LIBRARY_FLAGS} ${FIVEK_SANITIZE_COMPILE})
  target_link_options(${target} PRIVATE ${FIVEK_SANITIZE_LINK})
endfunction()

# TEMPORARY, while the first sources are being written: leaves out files that
# do not exist yet.
function(fivek_existing out)
  set(found "")
  foreach(file IN LISTS ARGN)
    if(EXISTS ${PROJECT_SOURCE_DIR}/${file})
      list(APPEND found ${file})
    else()
      message(STATUS "fivek: not there yet: ${file}")
    endif()
  endforeach()
  set(${out} ${found} PARENT_SCOPE)
endfunction()

# fivek_library(name SRCS ... [DEPS ...] [PRIVATE_DEPS ...])
# A C++ library fivek_<name>, also called fivek::<name>.
function(fivek_library name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SRCS;DEPS;PRIVATE_DEPS")
  fivek_existing(ARG_SRCS ${ARG_SRCS})
  if(NOT ARG_SRCS)
    file(WRITE ${PROJECT_BINARY_DIR}/empty.cc "")
    set(ARG_SRCS ${PROJECT_BINARY_DIR}/empty.cc)
  endif()
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

# fivek_test(name SRCS ... [DEPS ...] [LABELS ...])
# A GoogleTest program, one CTest test.
function(fivek_test name)
  if(NOT FIVEK_BUILD_TESTS)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SRCS;DEPS;LABELS")
  fivek_existing(ARG_SRCS ${ARG_SRCS})
  if(NOT ARG_SRCS)
    return()
  endif()
  add_executable(${name} ${ARG_SRCS})
  fivek_target_defaults(${name})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(${name} PRIVATE
    FIVEK_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
    FIVEK_SHARED_DATA_DIR="${FIVEK_SHARED_DATA_DIR}")
  target_link_libraries(${name} PRIVATE
    ${ARG_DEPS} GTest::gmock GTest::gtest GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT 600)
endfunction()
