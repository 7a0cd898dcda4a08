# cmake -DWORK=FOLDER -DLINKAGE=static|dynamic -P cmake/check_vcpkg.cmake
#
# Runs vcpkg's port without vcpkg: its functions are stood in for by what they
# do that matters here, for one configuration. Then builds and runs the C
# consumer with what was made. That vcpkg does the same is not shown by this.
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH root)
file(REMOVE_RECURSE ${WORK})
file(REAL_PATH ${WORK} work)
set(PORT fivek)
set(CURRENT_PACKAGES_DIR ${work}/package)
set(VCPKG_LIBRARY_LINKAGE ${LINKAGE})
set(FIVEK_ABSEIL_SOURCE_DIR ${root}/build/_abseil/src)

macro(run)
  execute_process(COMMAND ${ARGN} OUTPUT_FILE ${work}/log
    COMMAND_ERROR_IS_FATAL ANY)
endmacro()

function(vcpkg_cmake_configure)
  cmake_parse_arguments(PARSE_ARGV 0 ARG "" "SOURCE_PATH" "OPTIONS")
  file(MAKE_DIRECTORY ${work})
  # Flags that a compiler cache has seen.
  run(${CMAKE_COMMAND} -G Ninja -S ${ARG_SOURCE_PATH} -B ${work}/build
    -DCMAKE_BUILD_TYPE=Release "-DCMAKE_CXX_FLAGS_RELEASE=-O2 -DNDEBUG"
    -DFIVEK_WERROR=ON -DCMAKE_INSTALL_PREFIX=${CURRENT_PACKAGES_DIR}
    -DCMAKE_INSTALL_LIBDIR=lib ${ARG_OPTIONS})
endfunction()

function(vcpkg_cmake_install)
  run(${CMAKE_COMMAND} --build ${work}/build)
  run(${CMAKE_COMMAND} --install ${work}/build)
endfunction()

# Moves the files to share/fivek, a folder less deep.
function(vcpkg_cmake_config_fixup)
  cmake_parse_arguments(PARSE_ARGV 0 ARG "" "CONFIG_PATH" "")
  file(GLOB files ${CURRENT_PACKAGES_DIR}/${ARG_CONFIG_PATH}/*)
  if(NOT files)
    message(FATAL_ERROR "nothing in ${ARG_CONFIG_PATH}")
  endif()
  foreach(file IN LISTS files)
    cmake_path(GET file FILENAME name)
    file(READ ${file} text)
    string(REPLACE "/../../../" "/../../" text "${text}")
    set(up
      "get_filename_component(_IMPORT_PREFIX \"\${_IMPORT_PREFIX}\" PATH)\n")
    string(REPLACE "${up}${up}" "${up}" text "${text}")
    file(WRITE ${CURRENT_PACKAGES_DIR}/share/${PORT}/${name} "${text}")
  endforeach()
  file(REMOVE_RECURSE ${CURRENT_PACKAGES_DIR}/${ARG_CONFIG_PATH})
endfunction()

function(vcpkg_fixup_pkgconfig)
endfunction()

function(vcpkg_install_copyright)
  cmake_parse_arguments(PARSE_ARGV 0 ARG "" "" "FILE_LIST")
  file(COPY_FILE ${ARG_FILE_LIST}
    ${CURRENT_PACKAGES_DIR}/share/${PORT}/copyright)
endfunction()

include(${root}/cmake/vcpkg/fivek/portfile.cmake)

file(READ ${root}/cmake/vcpkg/fivek/vcpkg.json manifest)
string(JSON version GET "${manifest}" version)
file(STRINGS ${root}/CMakeLists.txt project REGEX "^project\\(fivek VERSION")
if(NOT project MATCHES "VERSION ${version} ")
  message(FATAL_ERROR "vcpkg.json has version ${version}: ${project}")
endif()

string(REPLACE "dynamic" "shared" component ${LINKAGE})
run(${CMAKE_COMMAND} -G Ninja -S ${root}/tests/consumer/c -B ${work}/consumer
  -DCMAKE_PREFIX_PATH=${CURRENT_PACKAGES_DIR}
  -DCONSUMER_COMPONENT=${component})
file(STRINGS ${work}/consumer/CMakeCache.txt found REGEX "^fivek_DIR:")
if(NOT found STREQUAL "fivek_DIR:PATH=${CURRENT_PACKAGES_DIR}/share/fivek")
  message(FATAL_ERROR "found another fivek: ${found}")
endif()
run(${CMAKE_COMMAND} --build ${work}/consumer)
run(${work}/consumer/consumer)
file(READ ${work}/log said)
message(STATUS "vcpkg's port with stand-ins, ${LINKAGE}: ${said}")
