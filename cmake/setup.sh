#!/bin/sh
# setup.sh [--full] [--cross]
#
# Installs what is missing to build and test fivek on Debian or Ubuntu, and
# says what it does. With everything there it does nothing and asks nobody.
# --full adds what .ci/run needs: clang and its tools, benchmarks, valgrind,
# libabigail, Doxygen, lintian, languages that call the library, and in
# build/_python the Python packages of cmake/python.txt, which some tests use.
# --cross adds compilers for other machines, QEMU, MinGW-w64, Wine and Emscripten
# (400 MB to download).
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)

full=no
cross=no
for argument in "$@"; do
  case $argument in
    --full) full=yes ;;
    --cross) cross=yes ;;
    -h | --help)
      sed -n '2,/^set/{/^#/s/^# \{0,1\}//p;}' "$0"
      exit 0
      ;;
    *)
      echo "setup: unknown argument \"$argument\"; known: --full, --cross" >&2
      exit 2
      ;;
  esac
done

missing=''

# need PACKAGE [COMMAND]: the package, unless the command is there anyhow.
need() {
  if [ $# -gt 1 ] && command -v "$2" >/dev/null 2>&1; then return; fi
  if command -v dpkg-query >/dev/null 2>&1; then
    # shellcheck disable=SC2016  # The format is dpkg-query's to expand.
    case $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) in
      installed) return ;;
    esac
  fi
  missing="$missing $1"
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo "$@"
  else
    echo "setup: neither root nor sudo; run this as root:" "$@" >&2
    exit 1
  fi
}

install_missing() {
  [ -n "$missing" ] || return 0
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "setup: no apt-get here; install what Debian calls$missing" >&2
    exit 1
  fi
  echo "setup: installing$missing"
  as_root apt-get -q -o DPkg::Lock::Timeout=300 update
  # shellcheck disable=SC2086  # Package names are words.
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
    -o DPkg::Lock::Timeout=300 install --no-install-recommends $missing
  missing=''
}

need g++ g++
need cmake cmake
need ninja-build ninja
need pkg-config pkg-config
need binutils objcopy
need dpkg-dev dpkg-source # Unpacks Abseil's source package.
need libgtest-dev
need libgmock-dev
need nlohmann-json3-dev
need libcli11-dev
need python3 python3
if [ "$full" = yes ]; then
  need git git
  need clang clang++
  need clang-format clang-format
  need clang-tidy clang-tidy
  need lld ld.lld
  need libbenchmark-dev
  need libabsl-dev
  need valgrind valgrind
  need abigail-tools abidiff
  need doxygen doxygen
  need luajit luajit
  need php-cli php
  need python3-cffi
  need lintian lintian
  need file file # CPack asks it what is a program.
  need make make
  need ccache ccache
  # A Python that has it already may be none of the distribution's.
  python3 -c 'import ensurepip, venv' >/dev/null 2>&1 || need python3-venv
fi
if [ "$cross" = yes ]; then
  need g++-aarch64-linux-gnu aarch64-linux-gnu-g++
  need g++-s390x-linux-gnu s390x-linux-gnu-g++
  need qemu-user qemu-aarch64
  need g++-mingw-w64-x86-64-posix x86_64-w64-mingw32-g++-posix
  need wine64 wine64
  need emscripten emcc
  need nodejs node
  need googletest # Its source.
fi
install_missing

if [ "$full" = yes ]; then
  # The sanitizers and libFuzzer of the clang that is there, a package of
  # their own in some releases.
  runtime=$(clang++ -print-runtime-dir)
  if ! ls "$runtime"/libclang_rt.fuzzer*.a >/dev/null 2>&1; then
    version=$(clang++ -dumpversion)
    need "libclang-rt-${version%%.*}-dev"
    install_missing
  fi
fi

# Anew if the list has changed. From the package index that pip is configured
# for; there need not be one.
python_packages() {
  list=$root/cmake/python.txt
  place=$root/build/_python
  if cmp -s "$list" "$place/python.txt"; then return; fi
  echo "setup: putting the packages of cmake/python.txt into build/_python"
  rm -rf "$place"
  if python3 -m venv "$place" &&
    "$place/bin/python" -m pip install --quiet --disable-pip-version-check \
      --retries 1 --timeout 60 --only-binary :all: --requirement "$list"; then
    cp "$list" "$place/python.txt"
  else
    rm -rf "$place"
    echo "setup: no Python packages; the tests that use them are skipped"
  fi
}

if [ "$full" = yes ]; then python_packages; fi

version=$(cmake --version | sed -n '1s/[^0-9]*\([0-9]*\)\.\([0-9]*\).*/\1 \2/p')
if [ "${version% *}" -lt 3 ] ||
  { [ "${version% *}" -eq 3 ] && [ "${version#* }" -lt 25 ]; }; then
  echo "setup: CMake is ${version% *}.${version#* }, fivek needs 3.25" >&2
  exit 1
fi
