#!/bin/sh
# check_consumers.sh RELEASE_BUILD_DIR WORK_DIR
#
# Uses fivek the ways that other projects do: the installed C library by
# pkg-config and CMake, shared and static, on a machine without a C++ compiler,
# in C++20, and beside an Abseil of the program; the C++ libraries embedded as a
# folder and by FetchContent, with and without an Abseil in the parent project,
# and installed.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=$1
work=$2
rm -rf "$work"
mkdir -p "$work"
work=$(CDPATH='' cd -- "$work" && pwd)
c=$root/tests/consumer/c
cxx=$root/tests/consumer/cxx

step() { echo "-- $*"; }

# configure SOURCE BUILD [option...], then build all of it and run `consumer`.
# Unoptimised, as what counts here is that it builds, and Abseil is large.
consume() {
  source=$1
  dir=$2
  shift 2
  cmake -G Ninja -S "$source" -B "$dir" -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_CXX_FLAGS_DEBUG=-O0 "$@" \
    >"$dir.log" 2>&1 || { cat "$dir.log"; exit 1; }
  cmake --build "$dir" >"$dir.log" 2>&1 || { cat "$dir.log"; exit 1; }
  "$dir/consumer"
}

step "the C library, installed and moved"
cmake --install "$build" --prefix "$work/first" >"$work/install.log"
mv "$work/first" "$work/prefix"
if grep -r -l -F "$work/first" "$work/prefix"; then
  echo "the installed tree knows where it was installed (above)" >&2
  exit 1
fi
PKG_CONFIG_PATH=$(dirname "$(find "$work/prefix" -name fivek.pc)")
libdir=$(dirname "$PKG_CONFIG_PATH")
export PKG_CONFIG_PATH
pkg-config --exact-version=0.1.0 fivek

# For C nothing is needed but C: a machine whose tools are these.
tools=$work/tools
mkdir -p "$tools"
for tool in sh gcc cc as ld ar ranlib make cmake ninja pkg-config; do
  ln -s "$(command -v "$tool")" "$tools/$tool"
done
c_only() {
  (
    unset CC CXX CMAKE_C_COMPILER_LAUNCHER CMAKE_CXX_COMPILER_LAUNCHER
    PATH=$tools
    "$@"
  )
}
for compiler in c++ g++ clang++; do
  if c_only command -v "$compiler"; then
    echo "the machine without C++ has $compiler" >&2
    exit 1
  fi
done

for component in shared static; do
  step "C99, no C++ compiler, make and pkg-config, $component"
  mkdir "$work/c_make_$component"
  c_only make -s -C "$work/c_make_$component" \
    -f "$root/tests/consumer/make/Makefile" SOURCE="$c" LINK=$component
  LD_LIBRARY_PATH=$libdir "$work/c_make_$component/consumer_$component"

  step "C99, no C++ compiler, find_package, $component"
  c_only consume "$c" "$work/c_cmake_$component" \
    -DCMAKE_PREFIX_PATH="$work/prefix" -DCONSUMER_COMPONENT=$component
done
if readelf -d "$work/c_make_static/consumer_static" | grep NEEDED; then
  echo "the static program needs libraries (above)" >&2
  exit 1
fi

# What it leaves out of a struct is zero, which gcc warns of in C++ only.
step "C++20, the C header, pkg-config"
# shellcheck disable=SC2046  # Flags are words.
g++ -std=c++20 -pedantic-errors -Wall -Wextra -Werror \
  -Wno-missing-field-initializers \
  $(pkg-config --cflags fivek) "$cxx/c_header.cc" -o "$work/c_header" \
  $(pkg-config --libs fivek)
LD_LIBRARY_PATH=$libdir "$work/c_header"

step "C++ with the system's Abseil and the C library, shared and static"
consume "$root/tests/consumer/abseil" "$work/abseil_system" \
  -DCMAKE_PREFIX_PATH="$work/prefix"
"$work/abseil_system/consumer_static"

step "C++ with an Abseil from source and the C library, shared and static"
consume "$root/tests/consumer/abseil" "$work/abseil_source" \
  -DCMAKE_PREFIX_PATH="$work/prefix" \
  -DCONSUMER_ABSEIL_SOURCE_DIR="$root/build/_abseil/src"
"$work/abseil_source/consumer_static"

step "C++20, the folder, with the parent's Abseil, as a unity build"
consume "$cxx" "$work/cxx_parent" -DCONSUMER_FIVEK=folder \
  -DFIVEK_DIR="$root" -DCONSUMER_ABSEIL=ON -DCMAKE_UNITY_BUILD=ON

step "C++20, FetchContent, with Abseil from source and the C library"
consume "$cxx" "$work/cxx_fetched" -DCONSUMER_FIVEK=fetched \
  -DFETCHCONTENT_SOURCE_DIR_FIVEK="$root" \
  -DFIVEK_ABSEIL_SOURCE_DIR="$root/build/_abseil/src" \
  -DCMAKE_CXX_FLAGS_DEBUG="-O2 -DNDEBUG" # What a compiler cache has seen.
nm -D --defined-only "$work/cxx_fetched/_deps/fivek-build/libfivek.so" |
  grep -q fivek_version_string

step "C++20, installed with the system's Abseil"
cmake -G Ninja -S "$root" -B "$work/cxx_system" -DCMAKE_BUILD_TYPE=Debug \
  -DCMAKE_CXX_FLAGS_DEBUG=-O0 \
  -DFIVEK_ABSEIL=system -DFIVEK_BUILD_CAPI=OFF -DFIVEK_BUILD_TOOL=OFF \
  -DFIVEK_BUILD_TESTS=OFF >"$work/cxx_system.log" 2>&1 ||
  { cat "$work/cxx_system.log"; exit 1; }
cmake --build "$work/cxx_system" >"$work/cxx_system.log" 2>&1 ||
  { cat "$work/cxx_system.log"; exit 1; }
cmake --install "$work/cxx_system" --prefix "$work/cxx_first" \
  >"$work/install.log"
mv "$work/cxx_first" "$work/cxx_prefix"
consume "$cxx" "$work/cxx_installed" -DCONSUMER_FIVEK=installed \
  -DCMAKE_PREFIX_PATH="$work/cxx_prefix"

step "the projects in README.md"
python3 "$root/tests/readme_test.py" installed "$root" "$build" \
  "$work/readme_installed"
python3 "$root/tests/readme_test.py" embedded "$root" "$work/readme_embedded" \
  -DFIVEK_ABSEIL=system -DFIVEK_BUILD_CAPI=OFF -DCMAKE_BUILD_TYPE=Debug

step "an Abseil that does not fit is named"
case $(cmake -G Ninja -S "$root" -B "$work/misfit" -DFIVEK_ABSEIL=system \
  -DFIVEK_BUILD_TESTS=OFF -DFIVEK_BUILD_TOOL=OFF 2>&1 | tr -s ' \n' '  ') in
  *"not position independent: configure with -DFIVEK_ABSEIL=source"*)
    echo "refused, with words" ;;
  *"the installed Abseil into a library - works"*)
    echo "this system's Abseil fits" ;;
  *)
    echo "neither accepted nor refused clearly" >&2
    exit 1 ;;
esac
