#!/bin/sh
# demo.sh [FILE [fivek review arguments]]
#
# Sets the machine up, builds the fivek command and reviews an invented sample
# pipeline with it, or the export FILE. Ends well also if the review has
# findings: they are what it is for.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
start=$(date +%s)
sh "$root/cmake/setup.sh"
if command -v ccache >/dev/null 2>&1; then
  export CMAKE_C_COMPILER_LAUNCHER="${CMAKE_C_COMPILER_LAUNCHER-ccache}"
  export CMAKE_CXX_COMPILER_LAUNCHER="${CMAKE_CXX_COMPILER_LAUNCHER-ccache}"
fi

log=$root/build/demo.log
mkdir -p "$root/build"
echo "demo: building (a minute or two the first time)" >&2
if ! { (cd "$root" && cmake --preset release) &&
  cmake --build "$root/build/release" --target fivek_tool; } >"$log" 2>&1; then
  cat "$log" >&2
  echo "demo: the build failed, as above" >&2
  exit 1
fi

if [ $# -eq 0 ]; then
  set -- "$root/tests/data/sample_pipeline.csv"
fi
echo "demo: fivek review $*" >&2
begin=$(date +%s%N)
status=0
"$root/build/release/fivek" review "$@" || status=$?
end=$(date +%s%N)
echo "demo: the review took $(((end - begin) / 1000000)) ms," \
  "all together $(($(date +%s) - start)) s" >&2
case $status in
  0 | 1) exit 0 ;; # 1: the review has findings.
  *) exit "$status" ;;
esac
