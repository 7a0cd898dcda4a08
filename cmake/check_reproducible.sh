#!/bin/sh
# check_reproducible.sh RELEASE_BUILD_DIR WORK_DIR
#
# Builds the C libraries once more, from a copy of the source in another folder
# and without a compiler cache, and compares them with those of
# RELEASE_BUILD_DIR byte by byte.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=$1
work=$2
rm -rf "$work"
mkdir -p "$work/another/place/build"
copy=$(CDPATH='' cd -- "$work" && pwd)/another/place
(cd "$root" && git ls-files -z --cached --others --exclude-standard |
  tar -c --null -T -) | tar -x -C "$copy"
cp -r "$root/build/_abseil" "$copy/build"

unset CMAKE_C_COMPILER_LAUNCHER CMAKE_CXX_COMPILER_LAUNCHER
CCACHE_DISABLE=1
export CCACHE_DISABLE
cd "$copy"
cmake --preset release -DFIVEK_BUILD_TOOL=OFF
cmake --build build/release -j "$(nproc)" \
  --target fivek_shared --target fivek_static
cd "$root"
for library in libfivek.so libfivek.a; do
  cmp "$build/$library" "$copy/build/release/$library"
  if grep -a -F "$root" "$build/$library"; then
    echo "$library names the folder that it was built in (above)" >&2
    exit 1
  fi
done
sha256sum "$build/libfivek.so" | cut -d ' ' -f 1
