# The one place that decides where Abseil comes from. In this order:
#
#   1. The targets of a parent project, if it has absl::status already.
#   2. FIVEK_ABSEIL=system: the installed package. No version is asked for:
#      Abseil's packages do not compare versions the way CMake does.
#   3. FIVEK_ABSEIL=source (the default): built from source together with
#      fivek, position independent and hidden, so that the C library can
#      contain it. The source is the first of
#        a. the folder FIVEK_ABSEIL_SOURCE_DIR;
#        b. the distribution's own source package, fetched by apt;
#        c. the pinned release of the Abseil project, checked by its hash.
#
# Afterwards FIVEK_ABSEIL_PROVIDER is "parent", "system" or "source".

set(FIVEK_ABSEIL "source" CACHE STRING
  "Where Abseil comes from: source or system (a parent's targets win)")
set_property(CACHE FIVEK_ABSEIL PROPERTY STRINGS source system)
set(FIVEK_ABSEIL_SOURCE_DIR "" CACHE PATH
  "A folder with Abseil's source, for FIVEK_ABSEIL=source")

# Fetches the distribution's source package of Abseil into `dir`/src. The
# system's apt configuration is read and nothing of the system is changed: the
# package lists go to a folder of their own. On failure `dir`/src is absent and
# `dir`/apt.log says why.
function(fivek_abseil_from_distribution dir)
  find_program(FIVEK_APT_GET apt-get)
  find_program(FIVEK_DPKG_SOURCE dpkg-source)
  mark_as_advanced(FIVEK_APT_GET FIVEK_DPKG_SOURCE)
  if(NOT FIVEK_APT_GET OR NOT FIVEK_DPKG_SOURCE)
    return()
  endif()
  message(STATUS "fivek: fetching the distribution's source of Abseil")
  set(work ${dir}/apt)
  file(REMOVE_RECURSE ${work})
  file(MAKE_DIRECTORY ${work}/lists/partial ${work}/archives/partial)

  # The configured sources, asked for source packages instead of binaries.
  file(GLOB sources /etc/apt/sources.list /etc/apt/sources.list.d/*.list
    /etc/apt/sources.list.d/*.sources)
  set(count 0)
  foreach(source IN LISTS sources)
    file(READ ${source} text)
    if(source MATCHES "\\.sources$")
      set(ending sources)
      string(REGEX REPLACE "(^|\n)Types:[^\n]*" "\\1Types: deb-src"
        text "${text}")
    else()
      set(ending list)
      string(REGEX REPLACE "(^|\n)deb-src[ \t][^\n]*" "\\1" text "${text}")
      string(REGEX REPLACE "(^|\n)deb([ \t])" "\\1deb-src\\2" text "${text}")
    endif()
    math(EXPR count "${count} + 1")
    file(WRITE ${work}/parts/${count}.${ending} "${text}")
  endforeach()

  # The sandbox user of apt cannot write to a folder of root's; what the
  # machine hangs on to updates is not meant for these lists.
  file(WRITE ${work}/apt.conf
    "#clear APT::Update::Pre-Invoke;\n"
    "#clear APT::Update::Post-Invoke;\n"
    "#clear APT::Update::Post-Invoke-Success;\n"
    "APT::Sandbox::User \"root\";\n"
    "Acquire::Languages \"none\";\n"
    "Acquire::Retries \"2\";\n"
    "Acquire::http::Timeout \"20\";\n"
    "Dir::Etc::SourceList \"/dev/null\";\n"
    "Dir::Etc::SourceParts \"${work}/parts\";\n"
    "Dir::State::Lists \"${work}/lists\";\n"
    "Dir::Cache::Archives \"${work}/archives\";\n"
    "Dir::Cache::pkgcache \"\";\n"
    "Dir::Cache::srcpkgcache \"\";\n")
  file(WRITE ${dir}/apt.log "")
  foreach(arguments "update" "source;abseil")
    execute_process(
      COMMAND ${FIVEK_APT_GET} -q -c ${work}/apt.conf ${arguments}
      WORKING_DIRECTORY ${work}
      RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
    file(APPEND ${dir}/apt.log "apt-get ${arguments}: ${result}\n${output}\n")
    # An update that misses one of several archives may still have Abseil's.
  endforeach()
  file(GLOB unpacked ${work}/abseil-*/CMakeLists.txt)
  if(result EQUAL 0 AND unpacked)
    list(GET unpacked 0 unpacked)
    cmake_path(GET unpacked PARENT_PATH unpacked)
    file(RENAME ${unpacked} ${dir}/src)
    file(REMOVE_RECURSE ${work})
  else()
    message(STATUS "fivek: the distribution offers none, see ${dir}/apt.log")
  endif()
endfunction()

# Fetches the pinned release, the one that Debian 12 has, into `dir`/src.
function(fivek_abseil_from_release dir)
  message(STATUS "fivek: fetching the pinned release of Abseil; without a network "
    "give FIVEK_ABSEIL_SOURCE_DIR, or an installed one by FIVEK_ABSEIL=system")
  include(FetchContent)
  set(FETCHCONTENT_QUIET OFF)
  FetchContent_Populate(fivek_abseil
    URL https://github.com/abseil/abseil-cpp/archive/refs/tags/20220623.1.tar.gz
    URL_HASH
      SHA256=91ac87d30cc6d79f9ab974c51874a704de9c2647c40f6932597329a282217ba8
    DOWNLOAD_EXTRACT_TIMESTAMP FALSE
    SOURCE_DIR ${dir}/release
    BINARY_DIR ${dir}/release-build
    SUBBUILD_DIR ${dir}/release-fetch)
  file(RENAME ${dir}/release ${dir}/src)
endfunction()

# Sets `out` to a folder with Abseil's source. What was fetched is kept: for a
# top-level fivek in build/_abseil, which all presets share.
function(fivek_abseil_source_dir out)
  if(FIVEK_ABSEIL_SOURCE_DIR)
    if(NOT EXISTS ${FIVEK_ABSEIL_SOURCE_DIR}/absl/status/status.h)
      message(FATAL_ERROR "fivek: FIVEK_ABSEIL_SOURCE_DIR is "
        "\"${FIVEK_ABSEIL_SOURCE_DIR}\", which has no absl/status/status.h. "
        "Give the folder that has Abseil's CMakeLists.txt.")
    endif()
    set(${out} ${FIVEK_ABSEIL_SOURCE_DIR} PARENT_SCOPE)
    return()
  endif()
  if(PROJECT_IS_TOP_LEVEL)
    set(dir ${PROJECT_SOURCE_DIR}/build/_abseil)
  else()
    set(dir ${CMAKE_BINARY_DIR}/_abseil)
  endif()
  if(NOT EXISTS ${dir}/src)
    file(MAKE_DIRECTORY ${dir})
    file(LOCK ${dir}/lock GUARD FUNCTION TIMEOUT 300)
    if(NOT EXISTS ${dir}/src)
      fivek_abseil_from_distribution(${dir})
    endif()
    if(NOT EXISTS ${dir}/src)
      fivek_abseil_from_release(${dir})
    endif()
  endif()
  set(${out} ${dir}/src PARENT_SCOPE)
endfunction()

# Takes libatomic, which Debian's package lets the linker drop by options of
# GNU's, out of all targets in the folder `dir` and below.
function(fivek_abseil_without_libatomic dir)
  get_property(subdirectories DIRECTORY ${dir} PROPERTY SUBDIRECTORIES)
  foreach(subdirectory IN LISTS subdirectories)
    fivek_abseil_without_libatomic(${subdirectory})
  endforeach()
  get_property(targets DIRECTORY ${dir} PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    foreach(property LINK_LIBRARIES INTERFACE_LINK_LIBRARIES)
      get_target_property(libraries ${target} ${property})
      if(libraries)
        list(FILTER libraries EXCLUDE REGEX "--(push|pop)-state|-latomic")
        set_property(TARGET ${target} PROPERTY ${property} "${libraries}")
      endif()
    endforeach()
  endforeach()
endfunction()

# Adds Abseil's targets. A function, so that none of these variables leaks.
function(fivek_add_abseil source_dir)
  set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)  # Its options obey these variables.
  set(BUILD_SHARED_LIBS OFF)
  set(BUILD_TESTING OFF)
  set(ABSL_BUILD_TESTING OFF)
  set(ABSL_ENABLE_INSTALL OFF)
  set(ABSL_PROPAGATE_CXX_STD ON)
  set(CMAKE_CXX_STANDARD 17)
  set(CMAKE_CXX_STANDARD_REQUIRED ON)
  set(CMAKE_CXX_EXTENSIONS OFF)
  set(CMAKE_CXX_CLANG_TIDY "")
  set(CMAKE_UNITY_BUILD OFF)  # Its files share names.
  set(CMAKE_EXPORT_COMPILE_COMMANDS OFF)
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
  set(CMAKE_CXX_VISIBILITY_PRESET hidden)
  set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
  set(CMAKE_WARN_DEPRECATED OFF)
  set(CMAKE_MESSAGE_LOG_LEVEL WARNING)
  # Inherited by the subdirectory only: taken back for our own targets, or their
  # warnings would be off too.
  get_directory_property(own_options COMPILE_OPTIONS)
  # Its headers name the folder that they are in too.
  set(FIVEK_ABSEIL_OBJECT_FLAGS -fmacro-prefix-map=${source_dir}=abseil)
  set(FIVEK_ABSEIL_OBJECT_FLAGS ${FIVEK_ABSEIL_OBJECT_FLAGS} PARENT_SCOPE)
  add_compile_options(-w -g0 ${FIVEK_OBJECT_FLAGS} ${FIVEK_ABSEIL_OBJECT_FLAGS}
    ${FIVEK_SANITIZE_COMPILE})
  if(PROJECT_IS_TOP_LEVEL)
    # The same in every preset, so that a compiler cache compiles it once; with
    # sanitizers, which no other build shares, as fast as it compiles.
    set(flags "-O2 -DNDEBUG")
    if(FIVEK_SANITIZE)
      set(flags "-O0 -DNDEBUG")
    endif()
    foreach(config DEBUG RELEASE RELWITHDEBINFO)
      set(CMAKE_CXX_FLAGS_${config} ${flags})
    endforeach()
  endif()
  add_subdirectory(${source_dir} ${PROJECT_BINARY_DIR}/_abseil
    EXCLUDE_FROM_ALL SYSTEM)
  set_directory_properties(PROPERTIES COMPILE_OPTIONS "${own_options}")
  if(NOT FIVEK_LINKER_IS_GNU)
    fivek_abseil_without_libatomic(${source_dir})
  endif()
endfunction()

if(TARGET absl::status)
  set(FIVEK_ABSEIL_PROVIDER parent)
elseif(FIVEK_ABSEIL STREQUAL "system")
  find_package(absl REQUIRED)
  set(FIVEK_ABSEIL_PROVIDER system)
elseif(FIVEK_ABSEIL STREQUAL "source")
  fivek_abseil_source_dir(fivek_abseil_source)
  fivek_add_abseil(${fivek_abseil_source})
  set(FIVEK_ABSEIL_PROVIDER source)
else()
  message(FATAL_ERROR
    "fivek: FIVEK_ABSEIL is \"${FIVEK_ABSEIL}\"; it can be source or system.")
endif()

# The C library contains Abseil and shows nothing of it, so Abseil must consist
# of position independent archives. What is built here does, a parent's target
# says so, an installed one is tried. Sets `out` to ON, or to OFF and `why` to
# what is wrong and what to do about it.
function(fivek_abseil_fits_c_library out why)
  set(${out} ON PARENT_SCOPE)
  set(${why} "" PARENT_SCOPE)
  if(FIVEK_ABSEIL_PROVIDER STREQUAL "source")
    return()
  endif()
  get_target_property(target absl::status ALIASED_TARGET)
  if(NOT target)
    set(target absl::status)
  endif()
  get_target_property(imported ${target} IMPORTED)
  get_target_property(type ${target} TYPE)
  if(imported)
    set(whose "the installed Abseil (${absl_DIR})")
  else()
    set(whose "the parent project's Abseil")
  endif()
  set(debian "Debian's libabsl-dev archives are not position independent: \
configure with -DFIVEK_ABSEIL=source, or -DFIVEK_BUILD_CAPI=OFF")

  if(type STREQUAL "SHARED_LIBRARY")
    set(${out} OFF PARENT_SCOPE)
    set(${why} "${whose} is a set of shared libraries, and the C library has \
to contain its Abseil. ${debian}." PARENT_SCOPE)
    return()
  endif()
  if(NOT imported)
    get_target_property(relocatable ${target} POSITION_INDEPENDENT_CODE)
    if(NOT relocatable)
      set(${out} OFF PARENT_SCOPE)
      set(${why} "${whose} is not position independent: set \
CMAKE_POSITION_INDEPENDENT_CODE to ON before Abseil is added, or configure \
with -DFIVEK_BUILD_CAPI=OFF." PARENT_SCOPE)
    endif()
    return()
  endif()

  set(dir ${PROJECT_BINARY_DIR}/abseil_check)
  if(NOT DEFINED FIVEK_ABSEIL_LINKS)
    file(WRITE ${dir}/check.cc
      "#include \"absl/status/status.h\"\n"
      "#include \"absl/strings/str_cat.h\"\n"
      "extern \"C\" int fivek_check(int n) {\n"
      "  return absl::InvalidArgumentError(absl::StrCat(n)).raw_code();\n"
      "}\n")
    file(WRITE ${dir}/CMakeLists.txt
      "cmake_minimum_required(VERSION 3.25)\n"
      "project(check LANGUAGES CXX)\n"
      "set(CMAKE_POSITION_INDEPENDENT_CODE ON)\n"
      "find_package(absl REQUIRED)\n"
      "add_library(check SHARED check.cc)\n"
      "target_compile_features(check PRIVATE cxx_std_17)\n"
      "target_link_libraries(check PRIVATE absl::status absl::strings)\n")
    message(CHECK_START "fivek: linking the installed Abseil into a library")
    try_compile(FIVEK_ABSEIL_LINKS
      PROJECT check SOURCE_DIR ${dir} BINARY_DIR ${dir}/build
      CMAKE_FLAGS -Dabsl_DIR=${absl_DIR}
      OUTPUT_VARIABLE log)
    file(WRITE ${dir}/log.txt "${log}")
    if(FIVEK_ABSEIL_LINKS)
      message(CHECK_PASS "works")
    else()
      message(CHECK_FAIL "fails")
    endif()
  endif()
  if(NOT FIVEK_ABSEIL_LINKS)
    unset(FIVEK_ABSEIL_LINKS CACHE)  # Look again after a repair.
    set(${out} OFF PARENT_SCOPE)
    set(${why} "${whose} links into no shared library. ${debian}. The \
linker's words are in ${dir}/log.txt." PARENT_SCOPE)
  endif()
endfunction()
