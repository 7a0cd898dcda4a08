#!/bin/sh
# check_packages.sh BUILD_DIR OTHER_BUILD_DIR WORK_DIR
#
# Makes the Debian packages of two builds (preset "package"), which have to be
# the same bytes, and looks whether they are sound: lintian, the SPDX document,
# the control files. Then unpacks them into an empty root, where nothing of the
# system is touched, and uses what is there. Leaves them in WORK_DIR/packages.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=$1
again=$2
work=$3
rm -rf "$work"
mkdir -p "$work"
work=$(CDPATH='' cd -- "$work" && pwd)
export LC_ALL=C

step() { echo "-- $*"; }
fail() {
  echo "packages: $*" >&2
  exit 1
}

step "two builds, on two days, in two places of the world"
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-1700000000}
export SOURCE_DATE_EPOCH
# CPack goes on after a script of ours that failed, but says so.
pack() {
  (cd "$1" && cpack -B "$2") >"$2.log" 2>&1 || { cat "$2.log"; exit 1; }
  if grep -q -E 'CMake (Error|Warning)' "$2.log"; then
    cat "$2.log"
    exit 1
  fi
}
(umask 022 && TZ=UTC pack "$build" "$work/packages")
(umask 077 && TZ=Asia/Shanghai pack "$again" "$work/again")
count=0
for package in "$work/packages"/*.deb; do
  cmp "$package" "$work/again/$(basename "$package")"
  count=$((count + 1))
done
[ "$count" -eq 3 ] || fail "$count packages instead of 3"

step "lintian"
# It may be asked as root: what it reads are packages of our own.
lintian --allow-root --no-cfg --fail-on error,warning --tag-display-limit 0 \
  --show-overrides "$work/packages"/*.deb

step "unpacked into an empty root"
mkdir "$work/tree"
for package in "$work/packages"/*.deb; do
  name=$(dpkg-deb -f "$package" Package)
  dpkg-deb -R "$package" "$work/tree/$name"
  dpkg-deb -x "$package" "$work/root"
  (cd "$work/tree/$name" && md5sum --quiet -c DEBIAN/md5sums)
  dpkg-deb --fsys-tarfile "$package" | tar -t | grep -v '/$' >>"$work/files"
  case $name=$(dpkg-deb -f "$package" Multi-Arch) in
    fivek=foreign | libfivek-dev=same | libfivek0.1=same) ;;
    *) fail "$name has no right Multi-Arch field" ;;
  esac
done
if sort "$work/files" | uniq -d | grep .; then
  fail "in two packages (above)"
fi
# Not in the changelogs, which nobody has built.
if grep -r -l -F -e "$root" -e "$work" "$work/root"; then
  fail "the files above know where they were built"
fi
version=$(dpkg-deb -f "$work"/packages/libfivek0.1_*.deb Version)
[ "$(dpkg-deb -f "$work"/packages/libfivek-dev_*.deb Depends)" = \
  "libfivek0.1 (= $version)" ] || fail "libfivek-dev fits any libfivek0.1"

step "symbols: what the library has, and what a program then depends on"
library=$(find "$work/tree/libfivek0.1" -name 'libfivek.so.0.1.*')
mkdir -p "$work/debian"
echo 'Source: fivek' >"$work/debian/control"
printf '\nPackage: libfivek0.1\nArchitecture: any\n' >>"$work/debian/control"
(cd "$work" && dpkg-gensymbols -c4 -plibfivek0.1 -v"$version" -e"$library" \
  -Itree/libfivek0.1/DEBIAN/symbols -O/dev/null)

libdir=$(dirname "$(find "$work/root" -name libfivek.a)")
case $libdir in
  "$work/root/usr/lib/"?*) ;;
  *) fail "not the folder of one architecture: $libdir" ;;
esac
PKG_CONFIG_LIBDIR=$libdir/pkgconfig
export PKG_CONFIG_LIBDIR
for link in shared static; do
  step "C99, make and pkg-config, $link"
  mkdir "$work/make_$link"
  make -s -C "$work/make_$link" -f "$root/tests/consumer/make/Makefile" \
    SOURCE="$root/tests/consumer/c" LINK=$link
  LD_LIBRARY_PATH=$libdir "$work/make_$link/consumer_$link"
done
(cd "$work" && dpkg-shlibdeps -O -Stree/libfivek0.1 \
  -l"$libdir" make_shared/consumer_shared) >"$work/depends"
grep -q 'libfivek0.1 (>= 0.1)' "$work/depends" ||
  fail "dpkg-shlibdeps says: $(cat "$work/depends")"

step "C99, find_package"
cmake -G Ninja -S "$root/tests/consumer/c" -B "$work/find" \
  -DCMAKE_PREFIX_PATH="$work/root/usr" >"$work/find.log"
grep -q "^fivek_DIR:PATH=$work/root/usr/" "$work/find/CMakeCache.txt" ||
  fail "find_package found another fivek"
cmake --build "$work/find" >"$work/find.log"
"$work/find/consumer"

step "the command"
"$work/root/usr/bin/fivek" sample --rows 20 >"$work/sample.csv"
status=0
"$work/root/usr/bin/fivek" review "$work/sample.csv" >"$work/review" || status=$?
[ "$status" -le 1 ] || fail "fivek review: exit code $status"
grep -q 'rows reviewed: 20 of 20' "$work/review" || fail "fivek review"

step "SPDX"
document=$work/root/usr/share/doc/libfivek-dev/fivek.spdx.json
if [ -x "$root/build/_python/bin/pyspdxtools" ]; then
  "$root/build/_python/bin/pyspdxtools" -i "$document"
else
  echo "without spdx-tools: skipped"
fi
rm -r "$work"/tree/*/DEBIAN # Not of what is installed.
spdx=$(cd "$work/tree" && python3 "$root/cmake/spdx.py" check "$document" \
  --package libfivek0.1=libfivek0.1 --package libfivek-dev=libfivek-dev \
  --package fivek=fivek)
echo "$count packages, $spdx"
