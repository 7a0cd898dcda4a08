# fivek's C library as a port for vcpkg, of the tree around this file:
#
#   vcpkg install fivek --overlay-ports=cmake/vcpkg
#
# Untried with vcpkg itself, which no machine of ours has;
# cmake/check_vcpkg.cmake runs it with stand-ins for vcpkg's functions.
# The port "abseil" is not used: the C library contains an Abseil that it builds
# itself, so that it can be shared or static whatever the triplet says. A
# triplet may say in which folder Abseil's source is (FIVEK_ABSEIL_SOURCE_DIR);
# without it cmake/Abseil.cmake decides.
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH source)  # cmake/vcpkg
cmake_path(GET source PARENT_PATH source)  # cmake
cmake_path(GET source PARENT_PATH source)

string(COMPARE EQUAL "${VCPKG_LIBRARY_LINKAGE}" "dynamic" shared)
string(COMPARE EQUAL "${VCPKG_LIBRARY_LINKAGE}" "static" static)
set(options
  -DFIVEK_BUILD_SHARED=${shared}
  -DFIVEK_BUILD_STATIC=${static}
  -DFIVEK_BUILD_TOOL=OFF
  -DFIVEK_BUILD_TESTS=OFF)
if(FIVEK_ABSEIL_SOURCE_DIR)
  list(APPEND options -DFIVEK_ABSEIL_SOURCE_DIR=${FIVEK_ABSEIL_SOURCE_DIR})
endif()

vcpkg_cmake_configure(SOURCE_PATH ${source} OPTIONS ${options})
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH lib/cmake/fivek)
vcpkg_fixup_pkgconfig()

# Of both configurations one is enough.
file(REMOVE_RECURSE
  ${CURRENT_PACKAGES_DIR}/debug/include
  ${CURRENT_PACKAGES_DIR}/debug/share
  ${CURRENT_PACKAGES_DIR}/share/doc)
file(INSTALL ${CMAKE_CURRENT_LIST_DIR}/usage
  DESTINATION ${CURRENT_PACKAGES_DIR}/share/${PORT})
vcpkg_install_copyright(FILE_LIST ${source}/LICENSE)
