#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# One schedule, one digest, in and out of fuzzers: the same bytes give the same verdict and digest
# in the plain driver, in `heddle replay`, by way of a case file, and in each fuzzer named.
# usage: digests.sh HEDDLE DRIVER [EMULATOR-OF-DRIVER|""] CORPUS [FUZZER...]
set -u

heddle=$1 driver=$2 emulator=$3 corpus=$4
shift 4
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
export HEDDLE_EXPECTED=ok HEDDLE_DIGEST=1
scenario=gfs2-jdata-write/old
failed=0 compared=0
# FILE: its verdict and digest, nothing else.  libFuzzer looks for leaks by running an input twice:
# what is said again is left out, and what is said differently is not.
lines() {
    grep -aE '^(verdict|digest) ' "$1" | awk '!said[$0]++'
}
differs() { # WHO FILE
    if ! lines "$2" | cmp -s - "$dir/want"; then
        echo "$name: $1 says"
        lines "$2"
        echo "instead of"
        cat "$dir/want"
        failed=1
    fi
}
for seed in "$corpus"/seeds/schedule/* "$corpus"/regress/schedule/*; do
    name=${seed##*/}
    ${emulator:+"$emulator"} "$driver" "$seed" >"$dir/out" 2>&1 || { cat "$dir/out"; exit 1; }
    lines "$dir/out" >"$dir/want"
    if [ "$(wc -l <"$dir/want")" -ne 2 ]; then
        echo "$name: the driver says no digest"
        exit 1
    fi
    "$heddle" replay --quiet --scenario $scenario "$seed" >"$dir/out" 2>&1
    differs "heddle replay" "$dir/out"
    "$heddle" replay --quiet --backend thread --scenario $scenario "$seed" >"$dir/out" 2>&1
    differs "heddle replay on threads" "$dir/out"
    "$heddle" case --from-fuzz --scenario $scenario "$seed" >"$dir/case.sched" || failed=1
    "$heddle" replay --quiet "$dir/case.sched" >"$dir/out" 2>&1
    differs "its case file" "$dir/out"
    "$heddle" case --to-fuzz "$dir/case.sched" >"$dir/bytes" || failed=1
    ${emulator:+"$emulator"} "$driver" "$dir/bytes" >"$dir/out" 2>&1
    differs "the bytes of its case file" "$dir/out"
    for fuzzer in "$@"; do
        "$fuzzer" "$seed" >"$dir/out" 2>&1
        if [ -s "$seed" ] || [ -n "$(lines "$dir/out")" ]; then # AFL++ runs nothing that is empty
            differs "$fuzzer" "$dir/out"
        fi
    done
    compared=$((compared + 1))
done
echo "$compared seeds compared"
[ "$compared" -gt 0 ] && exit $failed
