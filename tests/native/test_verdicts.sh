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
        run 0 explore --quiet --runs 2000 --twice "$program"
        return
    fi
    run 1 explore --quiet --runs 20k "$program"
    says "^$program/program: $expected"
    found .
    run 0 replay --quiet "$case"
    says "^verdict $expected"
}

for compiler in gcc clang; do
    for source in "$tests"/programs/*.c; do
        expected=$(sed -n '2s,^/\* verdict: \(.*\) \*/$,\1,p' "$source")
        [ -n "$expected" ] || fail "$source: no verdict"
        for level in 0 2; do
            program=./$(basename "$source" .c)
            HEDDLE_CC=$compiler run 0 cc "-O$level" -Wall -Werror -o "$program" "$source"
            verdict "$program" "$expected"
        done
    done
done
finish
