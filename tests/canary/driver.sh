#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The plain fuzz driver: passes good inputs, notices a bad one, refuses to have run nothing.
# usage: driver.sh PROGRAM [EMULATOR...]
set -u

program=$1
shift
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/good" "$dir/bad" "$dir/empty" "$dir/with space"
printf 'tun' >"$dir/good/short"
: >"$dir/good/nothing"
printf 'cod!' >"$dir/with space/a name"
printf 'cod' >"$dir/bad/0"
printf 'tuna' >"$dir/bad/1"

failed=0
expect() { # CONDITION WHAT ARGUMENTS...
    condition=$1 what=$2
    shift 2
    ${emulator:+"$emulator"} "$program" "$@" >"$dir/out" 2>&1
    status=$?
    if ! test "$status" "$condition" "$wanted"; then
        echo "$what: exit status $status, wanted $condition $wanted"
        cat "$dir/out"
        failed=1
    fi
}
emulator=${1:-}

wanted=0
expect -eq "good inputs" "$dir/good" "$dir/with space"
grep -q "a name: 4 bytes" "$dir/out" || { echo "an input is not named"; failed=1; }
wanted=1
expect -eq "nothing named"
expect -eq "an empty directory" "$dir/empty"
expect -eq "a missing file among good ones" "$dir/good" "$dir/absent"
wanted=128
expect -gt "a bad input" "$dir/bad"
tail -n 5 "$dir/out" | grep -q "bad/1: 4 bytes" || { echo "the culprit is not named"; failed=1; }
exit $failed
