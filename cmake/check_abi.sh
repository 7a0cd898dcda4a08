#!/bin/sh
# check_abi.sh BUILD_DIR [--record]
#
# A second opinion on the C ABI, from libabigail: what the functions and types
# are in the binary, by its debugging information, against what they were when
# the ABI got its number (tests/abi/v*/libfivek.abi). New functions pass.
# --record writes that file: for a new ABI version, and when a struct has grown
# at its end, which tests/abi/contract.py lets pass and this one reports.
#
# The functions of capi/ are compiled for this alone, as one source, with
# debugging information and without what they call; BUILD_DIR has the version
# script.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
map=$(CDPATH='' cd -- "$1" && pwd)/capi/fivek.map
abseil=${FIVEK_ABSEIL_SOURCE_DIR:-$root/build/_abseil/src}
cd "$root"
version=$(sed -n 's/^#define FIVEK_ABI_VERSION //p' capi/fivek.h)
was=tests/abi/v$version/libfivek.abi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# shellcheck disable=SC2086  # The launcher may be none.
for source in capi/*.cc; do echo "#include \"$source\""; done >"$work/all.cc"
${CMAKE_CXX_COMPILER_LAUNCHER:-} g++ -std=c++17 -O0 -g -fPIC \
  -fvisibility=hidden -DFIVEK_BUILDING_LIBRARY -I. -Iinclude -isystem "$abseil" \
  -c "$work/all.cc" -o "$work/all.o"
g++ -shared -Wl,--version-script="$map" -Wl,-soname,libfivek.so \
  -o "$work/libfivek.so" "$work/all.o"

# What is in the headers is public; what handles point to is not.
mkdir "$work/public"
cp capi/fivek.h capi/fivek_arrow.h "$work/public"
abidw --headers-dir "$work/public" --drop-private-types \
  --exported-interfaces-only --drop-undefined-syms --no-elf-needed \
  --no-comp-dir-path --no-corpus-path --no-show-locs \
  --out-file "$work/libfivek.abi" "$work/libfivek.so"
if [ "${2:-}" = --record ]; then
  cp "$work/libfivek.abi" "$was"
fi
abidiff --no-added-syms "$was" "$work/libfivek.abi"
echo "abidiff: as in $was, $(grep -c '<function-decl' "$was") functions then"
