#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Each program of programs/ says in its second line what is to be found in it, whatever compiled it.
# What is found repeats, and fails in the same way when it is minimised.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"
[ -e "$(dirname "$heddle")/libheddle_native.so" ] || {
    echo "skipped: this build has no runtime for programs"
    exit 77
}

# verdict PROGRAM EXPECTED
verdict() {
    local program=$1 expected=$2
    rm -f ./*.sched
    if [ "$expected" = holds ]; then
        run 0 explore --quiet --runs 300 --twice "$program"
        return
    fi
    run 1 explore --quiet --runs 20k "$program"
    says "^$program/program: $expected"
    found .
    run 0 replay --quiet "$case"
    says "^verdict $expected"
}

for source in "$tests"/programs/*.c; do
    expected=$(sed -n '2s,^/\* verdict: \(.*\) \*/$,\1,p' "$source")
    [ -n "$expected" ] || fail "$source: no verdict"
    program=./$(basename "$source" .c)
    for compiler in "gcc -O0" "clang -O2"; do
        HEDDLE_CC=$compiler run 0 cc -Wall -Werror -o "$program" "$source"
        verdict "$program" "$expected"
    done
done
finish
