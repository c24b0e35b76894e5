#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# AFL++ must find the canary by itself, and keep the input that shows it.
# usage: afl.sh PROGRAM
set -u

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/in"
printf 'cod!' >"$dir/in/seed"
export AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_BENCH_UNTIL_CRASH=1
unset ASAN_OPTIONS UBSAN_OPTIONS LSAN_OPTIONS TSAN_OPTIONS # it has opinions about them
export AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1
afl-fuzz -s 1 -V 120 -i "$dir/in" -o "$dir/found" -- "$1" >"$dir/out" 2>&1
for artifact in "$dir"/found/default/crashes/id*; do
    if [ "$(head -c 4 "$artifact" 2>/dev/null)" = tuna ]; then
        exit 0
    fi
done
echo "the canary was not found"
tail -n 20 "$dir/out"
exit 1
