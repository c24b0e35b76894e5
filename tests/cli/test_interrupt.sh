#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Ctrl-C and SIGTERM end a search cleanly, with what was found so far.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# interrupted SIGNAL ARGUMENT...: sends the signal after half a second; sets $status.
interrupted() {
    local signal=$1
    shift
    status=0
    timeout --preserve-status --signal="$signal" --kill-after=60 0.7 "$heddle" "$@" \
        >"$out" 2>"$err" || status=$?
    ran="heddle $* with SIG$signal"
}

for signal in INT TERM; do
    for jobs in 1 3; do
        interrupted "$signal" explore counter/locked --runs 1000G --jobs "$jobs"
        [ "$status" -eq 5 ] || fail "$ran: exit status $status, expected 5"
        says '^counter/locked: no violation in [0-9]+ executions .*, stopped$'
        silent
    done
done
interrupted INT explore counter/locked --runs 1000G --backend thread
[ "$status" -eq 5 ] || fail "$ran: exit status $status, expected 5"

# What was found before the signal is kept.
mkdir cases
interrupted INT explore counter/marked --runs 1000G --keep-going --out cases --quiet
[ "$status" -eq 1 ] || fail "$ran: exit status $status, expected 1"
no_leftovers cases
for file in cases/*.sched; do
    run 0 replay --quiet "$file"
done

# On a terminal there is progress, and without colours.
if command -v script >/dev/null; then
    printf -v command '%q explore counter/locked --time 900ms --runs 1000G' "$heddle"
    TERM=xterm script -qec "$command" /dev/null >"$out" 2>"$err" </dev/null
    ran="explore on a terminal"
    says '[0-9]+ executions, [0-9]+/s, 0 findings, [0-9]+ s'
    if grep -q $'\033' "$out"; then
        fail "$ran: escape sequences"
    fi
    printf -v command '%q explore counter/locked --time 900ms --runs 1000G --quiet' "$heddle"
    script -qec "$command" /dev/null >"$out" 2>"$err" </dev/null
    ran="explore --quiet on a terminal"
    says_not '[0-9]/s'
fi
finish
