#!/bin/sh
# check_conan.sh WORK_DIR [KIND...]
#
# Makes the Conan package, shared and static unless KINDs are given, and builds
# and runs a C program with it. In a home of its own and without a remote.
# Where there is no `conan` it says so and does nothing.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
work=$1
shift
if ! command -v conan >/dev/null 2>&1; then
  echo "no conan here (a Python package): skipped"
  exit 0
fi
if [ $# -eq 0 ]; then set -- shared static; fi
rm -rf "$work"
mkdir -p "$work"
CONAN_HOME=$(CDPATH='' cd -- "$work" && pwd)
export CONAN_HOME
conan profile detect
for kind in "$@"; do
  case $kind in
    shared) shared=True ;;
    static) shared=False ;;
    *)
      echo "check_conan: shared or static, not \"$kind\"" >&2
      exit 2
      ;;
  esac
  conan create "$root/cmake/conan" --no-remote \
    -o "fivek/*:shared=$shared" -o "fivek/*:system_json=True" \
    -c "user.fivek:abseil_source_dir=$root/build/_abseil/src" \
    -c "tools.cmake.cmaketoolchain:generator=Ninja" \
    -c "tools.cmake.cmake_layout:test_folder=$CONAN_HOME/test_$kind" \
    --test-folder "$root/cmake/conan/test_package" >"$work/$kind.log" 2>&1 || {
    cat "$work/$kind.log"
    exit 1
  }
  grep -q '^fivek .* works$' "$work/$kind.log" || {
    cat "$work/$kind.log"
    exit 1
  }
  conan cache clean "*" >/dev/null
done
echo "$(conan --version): $*"
