#!/bin/sh
# test.sh [ctest arguments]
#
# Sets the machine up, builds everything optimised and with assertions (preset
# "test") and runs all tests.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
sh cmake/setup.sh
if command -v ccache >/dev/null 2>&1; then
  export CMAKE_C_COMPILER_LAUNCHER="${CMAKE_C_COMPILER_LAUNCHER-ccache}"
  export CMAKE_CXX_COMPILER_LAUNCHER="${CMAKE_CXX_COMPILER_LAUNCHER-ccache}"
  # Otherwise it takes nothing that uses a precompiled header.
  export CCACHE_SLOPPINESS="${CCACHE_SLOPPINESS-pch_defines,time_macros}"
fi
cmake --preset test
cmake --build --preset test
ctest --preset test --output-on-failure -j2 "$@"
