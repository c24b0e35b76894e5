#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# From nothing the fuzzer finds the race, keeps the input and writes a case beside it; both replay
# to the violation, and under the fixed order the case holds.
# usage: finds.sh HEDDLE FUZZER
set -u

heddle=$1 fuzzer=$2
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
export HEDDLE_FIND=buffers-missing
fail() { # WHY
    echo "$1"
    tail -n 30 "$dir/out"
    exit 1
}
"$fuzzer" -seed=1 -runs=300000 -artifact_prefix="$dir/" >"$dir/out" 2>&1 && fail "nothing was found"
set -- "$dir"/crash-*
[ -f "$1" ] || fail "no artifact was left"
artifact=$1
set -- "$dir"/*.sched
[ -f "$1" ] || fail "no case was written"
grep -q '^ *CPU 0 ' "$dir/out" || fail "no table was printed"
grep -q "heddle replay $1" "$dir/out" || fail "no command was printed"
"$heddle" replay --quiet "$artifact" >"$dir/out" 2>&1
[ $? -eq 1 ] || fail "the artifact does not replay to a violation"
grep -q '^verdict buffers-missing at gfs2_page_add_databufs$' "$dir/out" || fail "but to another"
"$heddle" replay --quiet "$1" >"$dir/out" 2>&1 || fail "the case does not do what it expects"
"$heddle" replay --quiet --variant merged "$1" >"$dir/out" 2>&1 || fail "the fixed order goes wrong"
