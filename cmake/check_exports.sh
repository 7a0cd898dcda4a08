#!/bin/sh
# check_exports.sh BUILD_DIR
#
# Checks the finished C libraries of a build against the contract: they show the
# functions of capi/symbols.txt and nothing else. So say the lists for all
# linkers, and what this build has: libfivek.so and libfivek.a of a release
# build, or fivek.dll, or libfivek.a of WebAssembly.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=$1
so=$build/libfivek.so
dll=$build/fivek.dll
archive=$build/libfivek.a
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# The newest of these that may be asked for: those of Debian 12 and gcc 11, so
# capi/README.md says.
most_glibc=2.34
most_glibcxx=3.4.29

fail() {
  echo "exports: $*" >&2
  failed=1
}

# same WHAT FILE1 FILE2: reports the lines by which two lists differ.
same() {
  diff "$2" "$3" >"$work/diff" ||
    fail "$1 differ from capi/symbols.txt (<):" "$(cat "$work/diff")"
}

sed -e 's/#.*//' "$root/capi/symbols.txt" | awk 'NF {print $1 " " $2}' |
  LC_ALL=C sort >"$work/nodes"
cut -d' ' -f1 "$work/nodes" >"$work/names"

# The lists that linkers read.
lists=$build/capi
awk '$2 == "{" {node = $1} /^    fivek_/ {sub(";", ""); print $1 " " node}' \
  "$lists/fivek.map" | LC_ALL=C sort >"$work/map"
same "the symbols of fivek.map" "$work/nodes" "$work/map"
[ "$(head -n 2 "$lists/fivek.def" | tr '\n' ' ')" = \
  "LIBRARY fivek.dll EXPORTS " ] || fail "fivek.def starts in another way"
sed -e 1,2d -e 's/^ *//' "$lists/fivek.def" | LC_ALL=C sort >"$work/def"
same "the symbols of fivek.def" "$work/names" "$work/def"
sed -e 's/^_//' -e t -e 's/^/without _: /' "$lists/fivek.exports" |
  LC_ALL=C sort >"$work/exports"
same "the symbols of fivek.exports" "$work/names" "$work/exports"

# newest PREFIX: the newest version of PREFIX that the library asks for.
newest() {
  readelf -VW "$so" | sed -n "s/.*Name: $1_\([0-9.]*\) .*/\1/p" | sort -V |
    tail -n 1
}
# most PREFIX VERSION: the library asks for none that is newer.
most() {
  version=$(newest "$1")
  [ "$(printf '%s\n' "$version" "$2" | sort -V | tail -n 1)" = "$2" ] ||
    fail "libfivek.so needs $1_$version, newer than $1_$2"
}

# Names and version nodes of the shared library for Linux.
check_so() {
  nm -D --defined-only "$so" | awk '$2 != "A" {print $3}' |
    sed -e 's/@@*/ /' | LC_ALL=C sort >"$work/so"
  same "the symbols of libfivek.so" "$work/nodes" "$work/so"
  if nm -D "$so" | grep -i -E 'absl|nlohmann|5fivek'; then
    fail "libfivek.so shows C++ or Abseil (above)"
  fi
  readelf -dW "$so" >"$work/dynamic"
  sed -n 's/.*(NEEDED).*\[\(.*\)\].*/\1/p' "$work/dynamic" >"$work/needed"
  if grep -v -E '^(libc|libm|libstdc\+\+|libgcc_s|ld-linux[a-z0-9_-]*)\.so' \
    "$work/needed"; then
    fail "libfivek.so needs another library (above)"
  fi
  if grep -q TEXTREL "$work/dynamic"; then fail "libfivek.so has TEXTREL"; fi
  if grep -q -E 'RPATH|RUNPATH' "$work/dynamic"; then
    fail "libfivek.so has a run path"
  fi
  grep -q 'Flags:.*NODELETE' "$work/dynamic" || fail "libfivek.so lacks NODELETE"
  soname=$(sed -n 's/.*(SONAME).*\[\(.*\)\].*/\1/p' "$work/dynamic")
  [ "$soname" = libfivek.so.0.1 ] || fail "the soname is $soname"
  # A newer system has newer ones and says nothing of those of Debian 12.
  if [ "$(getconf GNU_LIBC_VERSION)" = "glibc 2.36" ]; then
    most GLIBC "$most_glibc"
    most GLIBCXX "$most_glibcxx"
  fi
  if readelf -rW "$so" | grep 'fivek_'; then
    fail "libfivek.so calls its own functions by name (above): another copy in" \
      "the process would answer"
  fi
  strip -o "$work/stripped" "$so"
  size=$(wc -c <"$work/stripped")
  [ "$size" -lt 2000000 ] || fail "libfivek.so has $size bytes stripped"
  needs=" stripped, needs $(tr '\n' ' ' <"$work/needed")GLIBC_$(newest GLIBC)"
  needs="$needs GLIBCXX_$(newest GLIBCXX)"
}

check_archive() {
  nm -g --defined-only "$archive" | awk 'NF == 3 {print $3}' |
    LC_ALL=C sort >"$work/a"
  same "the symbols of libfivek.a" "$work/names" "$work/a"
  if nm -u "$archive" | grep -i -E 'absl|nlohmann|5fivek'; then
    fail "libfivek.a lacks something of its own (above)"
  fi
  if [ "$(readelf -gW "$archive" | grep -c 'group section')" -ne 0 ]; then
    fail "libfivek.a has groups that a linker may merge with another Abseil's"
  fi
}

# The names in the DLL and in its import library, and the DLLs that it needs:
# those that every Windows has.
check_dll() {
  x86_64-w64-mingw32-objdump -p "$dll" >"$work/dll"
  sed -n '/^\[Ordinal\/Name Pointer\] Table/,/^$/s/^\t\[.* //p' "$work/dll" |
    LC_ALL=C sort >"$work/dll_names"
  same "the symbols of fivek.dll" "$work/names" "$work/dll_names"
  x86_64-w64-mingw32-nm -g --defined-only "$build/libfivek.dll.a" 2>&1 |
    awk '$2 == "T" {print $3}' | LC_ALL=C sort >"$work/import"
  same "the symbols of libfivek.dll.a" "$work/names" "$work/import"
  grep -q '^Name[[:space:]].* fivek\.dll$' "$work/dll" ||
    fail "the DLL has another name than fivek.dll"
  sed -n 's/^[[:space:]]*DLL Name: //p' "$work/dll" >"$work/needed"
  if grep -v -i -E '^(kernel32|advapi32|dbghelp|msvcrt)\.dll$' \
    "$work/needed"; then
    fail "fivek.dll needs another library (above)"
  fi
  x86_64-w64-mingw32-strip -o "$work/stripped" "$dll"
  size=$(wc -c <"$work/stripped")
  [ "$size" -lt 3500000 ] || fail "fivek.dll has $size bytes stripped"
  needs=" stripped, needs $(tr '\n' ' ' <"$work/needed")"
}

# No tool makes symbols of WebAssembly local, so others may be there too.
check_wasm_archive() {
  emnm --defined-only "$archive" | awk '$3 ~ /^fivek_/ {print $3}' |
    LC_ALL=C sort >"$work/a"
  same "the C functions of libfivek.a" "$work/names" "$work/a"
  if emnm -u "$archive" | grep -i -E 'absl|nlohmann|5fivek'; then
    fail "libfivek.a lacks something of its own (above)"
  fi
  size=$(wc -c <"$archive")
  needs=''
}

if [ -e "$dll" ]; then
  check_dll
elif [ -e "$so" ]; then
  check_so
  check_archive
else
  check_wasm_archive
fi

[ "$failed" -eq 0 ] || exit 1
echo "$(wc -l <"$work/names") functions, $size bytes$needs"
