# Debian packages of the C library and the command, made by `cpack`:
#
#   libfivek0.1   libfivek.so.0.1, named by its soname: several can be installed
#   libfivek-dev  headers, the link, the archive, pkg-config, CMake, the schema,
#                 and the SPDX document of all three
#   fivek         the command and its manual page
#
# Only for the layout of the preset "package". The C++ libraries are in none: an
# Abseil that was built here is nobody else's. Nobody's host is named; .invalid
# is the name reserved for that.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME fivek)
set(CPACK_PACKAGE_VENDOR "fivek developers")
set(CPACK_PACKAGE_CONTACT "fivek developers <fivek@fivek.invalid>")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")  # Each package has its own.
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
  WORLD_READ WORLD_EXECUTE)

# ---- Which files -----------------------------------------------------------
set(CPACK_COMPONENTS_ALL runtime shared static devel tool)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENT_RUNTIME_GROUP lib)
set(CPACK_COMPONENT_SHARED_GROUP dev)
set(CPACK_COMPONENT_STATIC_GROUP dev)
set(CPACK_COMPONENT_DEVEL_GROUP dev)
set(CPACK_COMPONENT_TOOL_GROUP command)

# ---- What they say of themselves -------------------------------------------
get_target_property(FIVEK_SOVERSION fivek_shared SOVERSION)
set(fivek_runtime libfivek${FIVEK_SOVERSION})
set(fivek_revision 0fivek1)  # Older than any that a distribution makes.
set(fivek_words "fivek knows how a complex sale works: what was verified, where
the buyer stands, what probability that supports, what is missing for the
next step, and where the CRM claims more than the evidence shows.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE ${fivek_revision})
set(CPACK_DEBIAN_PACKAGE_SOURCE fivek)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)

set(CPACK_DEBIAN_LIB_PACKAGE_NAME ${fivek_runtime})
set(CPACK_DEBIAN_LIB_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIB_DESCRIPTION "sales method as a C library
${fivek_words}
.
This package has the shared library, which shows C functions only.")

set(CPACK_DEBIAN_DEV_PACKAGE_NAME libfivek-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS
  "${fivek_runtime} (= ${PROJECT_VERSION}-${fivek_revision})")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Its archive: what a program needs that links libfivek.a.
  string(REGEX MATCH "^[0-9]+" fivek_gcc "${CMAKE_CXX_COMPILER_VERSION}")
  set(CPACK_DEBIAN_DEV_PACKAGE_SUGGESTS "libstdc++-${fivek_gcc}-dev")
endif()
set(CPACK_DEBIAN_DEV_DESCRIPTION "sales method as a C library (development)
${fivek_words}
.
This package has the C header, the static library and what pkg-config and
CMake need to find them. No C++ compiler is needed to use them.")

set(CPACK_DEBIAN_COMMAND_PACKAGE_NAME fivek)
set(CPACK_DEBIAN_COMMAND_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_COMMAND_DESCRIPTION "review of a sales pipeline by its evidence
${fivek_words}
.
This package has the command, which reviews an export of opportunities and
scores them in a pipe.")

# How they stand beside those of another architecture; see finish.cmake.
set(FIVEK_MULTIARCH
  "${fivek_runtime}=same;libfivek-dev=same;fivek=foreign")

# ---- Control files, made of capi/symbols.txt -------------------------------
# symbols: dpkg-shlibdeps reads in it since which version each function is
# there, so a program depends on the oldest library that has all it calls.
set(fivek_control ${PROJECT_BINARY_DIR}/control)
get_directory_property(fivek_symbols FIVEK_SYMBOLS_SINCE)
list(TRANSFORM fivek_symbols REPLACE "^[^@]+@([^ ]+) " "\\1@\\1 "
  OUTPUT_VARIABLE fivek_nodes)
list(REMOVE_DUPLICATES fivek_nodes)
list(TRANSFORM fivek_nodes REPLACE "(.+)" " \\1\n")
list(TRANSFORM fivek_symbols REPLACE "(.+)" " \\1\n")
list(JOIN fivek_nodes "" fivek_nodes)
list(JOIN fivek_symbols "" fivek_symbols)
file(CONFIGURE OUTPUT ${fivek_control}/symbols @ONLY CONTENT
  "libfivek.so.${FIVEK_SOVERSION} ${fivek_runtime} #MINVER#
* Build-Depends-Package: libfivek-dev
${fivek_nodes}${fivek_symbols}")
file(CONFIGURE OUTPUT ${fivek_control}/shlibs @ONLY CONTENT
  "libfivek ${FIVEK_SOVERSION} ${fivek_runtime} (>= ${PROJECT_VERSION})\n")
file(CONFIGURE OUTPUT ${fivek_control}/triggers @ONLY CONTENT
  "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_LIB_PACKAGE_CONTROL_EXTRA
  "${fivek_control}/symbols;${fivek_control}/shlibs;${fivek_control}/triggers")

# ---- What is compiled in: for the SPDX document ----------------------------
file(STRINGS ${fivek_abseil_source}/absl/base/config.h fivek_lines
  REGEX "^#define ABSL_LTS_RELEASE_(VERSION|PATCH_LEVEL) [0-9]+")
string(REGEX REPLACE "[^0-9;]" "" fivek_lines "${fivek_lines}")
list(JOIN fivek_lines "." FIVEK_ABSEIL_VERSION)  # Empty: between two releases.
set(FIVEK_JSON_VERSION ${nlohmann_json_VERSION})
set(FIVEK_CLI11_VERSION ${CLI11_VERSION})

# ---- Before and after CPack packs ------------------------------------------
find_package(Python3 REQUIRED COMPONENTS Interpreter)
foreach(name CMAKE_CURRENT_SOURCE_DIR CMAKE_INSTALL_MANDIR CMAKE_STRIP
    Python3_EXECUTABLE FIVEK_ABSEIL_VERSION FIVEK_JSON_VERSION
    FIVEK_CLI11_VERSION FIVEK_MULTIARCH FIVEK_DPKG_DEB)
  set(CPACK_${name} "${${name}}")
endforeach()
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_SOURCE_DIR}/cmake/debian/date.cmake)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/debian/stage.cmake)
set(CPACK_POST_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/debian/finish.cmake)
include(CPack)
