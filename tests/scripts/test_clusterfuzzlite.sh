#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# .clusterfuzzlite/build.sh outside a container, with the variables it gets there: every target is
# built, runs its seeds, and has them as an archive beside it.  77: no clang.
set -u

root=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
command -v clang >/dev/null && command -v clang++ >/dev/null || exit 77
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/src" "$dir/work" "$dir/out"
ln -s "$root" "$dir/src/heddle"
flags="-O1 -fno-omit-frame-pointer -gline-tables-only -fsanitize=address -fsanitize=fuzzer-no-link"
if ! SRC="$dir/src" WORK="$dir/work" OUT="$dir/out" CC=clang CXX=clang++ CFLAGS="$flags" \
    CXXFLAGS="$flags" LIB_FUZZING_ENGINE=-fsanitize=fuzzer \
    "$root/.clusterfuzzlite/build.sh" >"$dir/log" 2>&1; then
    tail -n 40 "$dir/log"
    exit 1
fi
failed=0
for source in "$root"/fuzz/fuzz_*.c; do
    target=$(basename "$source" .c)
    seeds=$root/corpus/seeds/${target#fuzz_}
    for file in "$target" "$target.options" "${target}_seed_corpus.zip"; do
        [ -s "$dir/out/$file" ] || { echo "$file is missing"; failed=1; }
    done
    if ! HEDDLE_EXPECTED=ok ASAN_OPTIONS=detect_leaks=0 "$dir/out/$target" -runs=0 "$seeds" \
        >"$dir/log" 2>&1; then
        echo "$target does not run its seeds"
        tail -n 20 "$dir/log"
        failed=1
    fi
done
if ldd "$dir/out/fuzz_schedule" | grep -E 'jansson|urcu'; then
    echo "the targets need libraries that the machines which run them lack"
    failed=1
fi
exit $failed
