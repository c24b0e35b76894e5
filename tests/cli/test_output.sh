#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Output that can't be written: said in one line, exit status 2, and nothing half-written.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# ---- The output directory ----
refused 'no-such-directory: .*No such file' explore counter/marked --out no-such-directory
: >file
refused 'file: .*Not a directory' explore counter/marked --out file
refused 'file/below: .*Not a directory' explore counter/marked --out file/below
refused '--out: a directory is needed' explore counter/marked --out ''
if [ "$(id -u)" -ne 0 ]; then
    mkdir read-only
    chmod a-w read-only
    refused 'read-only: .*Permission denied' explore counter/marked --out read-only
fi
# Refused before the search, not after it.
SECONDS=0
refused 'Not a directory' explore counter/locked --out file --runs 1000G
[ "$SECONDS" -lt 10 ] || fail "searched first"

# ---- A full directory: as if, by a limit of 0 bytes on the size of files ----
mkdir full
: >"$out"
(
    ulimit -f 0
    "$heddle" explore counter/marked --out full 2>&1 >/dev/null
    echo "$?"
) | cat >"$err"
ran="explore into a full directory"
[ "$(tail -n 1 "$err")" = 2 ] || fail "$ran: not exit status 2"
[ "$(wc -l <"$err")" -eq 2 ] || fail "$ran: not one line"
complains '^heddle explore: full/counter-marked-.*: File too large; .* is execution [0-9]+'
[ -z "$(ls -A full)" ] || fail "$ran: left $(ls -A full)"

# ---- Standard output ----
if [ -w /dev/full ]; then
    for arguments in --version --help 'help explore' list 'list oracles' \
        'explore counter/locked --runs 10'; do
        status=0
        # shellcheck disable=SC2086 # words
        "$heddle" $arguments >/dev/full 2>"$err" || status=$?
        ran="heddle $arguments >/dev/full"
        [ "$status" -eq 2 ] || fail "$ran: exit status $status"
        complains '^heddle: cannot write to standard output: '
    done
    # A finding keeps its status: its case is on disk.
    mkdir kept
    status=0
    "$heddle" explore counter/marked --out kept >/dev/full 2>"$err" || status=$?
    ran="explore with a finding >/dev/full"
    [ "$status" -eq 1 ] || fail "$ran: exit status $status"
    complains 'cannot write to standard output'
    found kept
    run 0 replay --quiet "$case"
    status=0
    "$heddle" case --canonical "$case" >/dev/full 2>"$err" || status=$?
    [ "$status" -eq 2 ] || fail "case --canonical >/dev/full: exit status $status"
fi

# ---- A case that can't be rewritten stays as it was ----
if [ "$(id -u)" -ne 0 ]; then
    sed 's/^\(digest .* \).*/\10123456789abcdef/' "$case" >stale.sched
    mkdir locked
    cp stale.sched locked/
    chmod a-w locked
    run 2 replay --quiet --rebless locked/stale.sched
    complains 'locked/stale\.sched: '
    chmod u+w locked
    equal locked/stale.sched stale.sched "a case that can't be rewritten"
    no_leftovers locked
fi
finish
