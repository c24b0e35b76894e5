#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A corpus has interleaving coverage: each input is in it, and what two schedules show of a pair is
# more than what one does.
# usage: coverage.sh DRIVER [EMULATOR-OF-DRIVER|""] SEEDS
set -u

driver=$1 emulator=$2 seeds=$3
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
export HEDDLE_EXPECTED=ok
cover() { # NAME INPUT: writes $dir/NAME.txt
    HEDDLE_COVERAGE=$dir/$1 ${emulator:+"$emulator"} "$driver" "$2" >"$dir/out" 2>&1 ||
        { cat "$dir/out"; exit 1; }
}
both() { # NAME: how many pairs were seen in both orders
    sed -n 's/^ *\([0-9]*\) seen in both orders$/\1/p' "$dir/$1.txt"
}
cover one "$seeds/i1"
cover all "$seeds"
count=$(find "$seeds" -type f | wc -l)
if ! grep -q "^gfs2-jdata-write/old, $count executions: " "$dir/all.txt"; then
    cat "$dir/all.txt"
    exit 1
fi
grep -q '</svg>' "$dir/all.svg" || exit 1
echo "pairs in both orders: $(both one) of one input, $(both all) of all"
[ "$(both all)" -gt "$(both one)" ]
