#!/bin/sh
# check_exports.sh BUILD_DIR
#
# Checks the finished C libraries of a release build against the contract:
# they show the functions of capi/symbols.txt and nothing else.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=$1
so=$build/libfivek.so
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

# The shared library: names and version nodes.
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
# A newer system has newer ones and says nothing of those of Debian 12.
if [ "$(getconf GNU_LIBC_VERSION)" = "glibc 2.36" ]; then
  most GLIBC "$most_glibc"
  most GLIBCXX "$most_glibcxx"
fi
strip -o "$work/stripped" "$so"
size=$(wc -c <"$work/stripped")
[ "$size" -lt 1500000 ] || fail "libfivek.so has $size bytes stripped"

# The static library.
nm -g --defined-only "$archive" | awk 'NF == 3 {print $3}' |
  LC_ALL=C sort >"$work/a"
same "the symbols of libfivek.a" "$work/names" "$work/a"
if nm -u "$archive" | grep -i -E 'absl|nlohmann|5fivek'; then
  fail "libfivek.a lacks something of its own (above)"
fi
if [ "$(readelf -gW "$archive" | grep -c 'group section')" -ne 0 ]; then
  fail "libfivek.a has groups that a linker may merge with another Abseil's"
fi

[ "$failed" -eq 0 ] || exit 1
echo "$(wc -l <"$work/names") functions, $size bytes stripped, needs" \
  "$(tr '\n' ' ' <"$work/needed")GLIBC_$(newest GLIBC)" \
  "GLIBCXX_$(newest GLIBCXX)"
