# Toolchain: cross-compiles with Debian's packages for FIVEK_CROSS and runs what
# was built on this machine. Installed by cmake/setup.sh --cross.
#
#   aarch64, s390x, ...  Linux on that machine, under QEMU
#   mingw                64-bit Windows by MinGW-w64, under Wine
#   wasm                 WebAssembly by Emscripten, in Node
#
#   cmake --preset aarch64
#   cmake --build build/aarch64 --target golden_test
#   ctest --test-dir build/aarch64 -R golden_test

set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES FIVEK_CROSS)

if(FIVEK_CROSS STREQUAL "mingw")
  set(CMAKE_SYSTEM_NAME Windows)
  set(CMAKE_SYSTEM_PROCESSOR x86_64)
  set(fivek_triplet x86_64-w64-mingw32)
  # posix: the other one has no std::mutex, which Abseil needs.
  set(CMAKE_C_COMPILER ${fivek_triplet}-gcc-posix)
  set(CMAKE_CXX_COMPILER ${fivek_triplet}-g++-posix)
  set(CMAKE_RC_COMPILER ${fivek_triplet}-windres)
  # Test programs need no DLL of the compiler's, which would have to be found.
  set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
  find_program(FIVEK_WINE NAMES wine64 wine PATHS /usr/lib/wine
    NO_CMAKE_FIND_ROOT_PATH)
  mark_as_advanced(FIVEK_WINE)
  set(FIVEK_WINEPREFIX ${CMAKE_BINARY_DIR}/wine CACHE PATH
    "The Windows that Wine makes for tests")
  # Without words on what it lacks.
  set(CMAKE_CROSSCOMPILING_EMULATOR ${CMAKE_COMMAND} -E env
    WINEPREFIX=${FIVEK_WINEPREFIX} WINEDEBUG=-all
    WINEDLLOVERRIDES=mscoree,mshtml= ${FIVEK_WINE})
elseif(FIVEK_CROSS STREQUAL "wasm")
  find_program(FIVEK_EMCC emcc)
  mark_as_advanced(FIVEK_EMCC)
  execute_process(COMMAND em-config EMSCRIPTEN_ROOT
    OUTPUT_VARIABLE fivek_emscripten OUTPUT_STRIP_TRAILING_WHITESPACE)
  include(${fivek_emscripten}/cmake/Modules/Platform/Emscripten.cmake)
  # The library lets no exception out, but its barrier has to catch them.
  set(CMAKE_CXX_FLAGS_INIT -fwasm-exceptions)
  # Test programs read files. Compiled at once: newer Nodes have a fetch(),
  # which this Emscripten takes for a browser's.
  set(CMAKE_EXE_LINKER_FLAGS_INIT "-sNODERAWFS=1 -sEXIT_RUNTIME=1 \
-sALLOW_MEMORY_GROWTH=1 -sWASM_ASYNC_COMPILATION=0")
  find_program(FIVEK_NODE NAMES node nodejs NO_CMAKE_FIND_ROOT_PATH)
  mark_as_advanced(FIVEK_NODE)
  set(CMAKE_CROSSCOMPILING_EMULATOR ${FIVEK_NODE})
else()
  set(CMAKE_SYSTEM_NAME Linux)
  set(CMAKE_SYSTEM_PROCESSOR ${FIVEK_CROSS})
  set(fivek_triplet ${FIVEK_CROSS}-linux-gnu)
  set(CMAKE_C_COMPILER ${fivek_triplet}-gcc)
  set(CMAKE_CXX_COMPILER ${fivek_triplet}-g++)
  set(CMAKE_CROSSCOMPILING_EMULATOR
    qemu-${FIVEK_CROSS} -L /usr/${fivek_triplet})
endif()

# Header-only packages of the host serve every machine; its libraries do not.
if(fivek_triplet)
  set(CMAKE_FIND_ROOT_PATH /usr/${fivek_triplet})
endif()
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE BOTH)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE BOTH)
# Beside those of another system's C library /usr/include must not be looked
# into, so what is taken of it is copied.
get_property(fivek_trying GLOBAL PROPERTY IN_TRY_COMPILE)
if(NOT CMAKE_SYSTEM_NAME STREQUAL "Linux" AND NOT fivek_trying AND
   EXISTS /usr/include/nlohmann)
  set(fivek_host ${CMAKE_BINARY_DIR}/_host)
  file(COPY /usr/include/nlohmann DESTINATION ${fivek_host}/include)
  file(COPY /usr/share/cmake/nlohmann_json DESTINATION ${fivek_host}/share/cmake)
  set(nlohmann_json_DIR ${fivek_host}/share/cmake/nlohmann_json)
endif()
