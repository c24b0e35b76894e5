#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The terminal is left as it was found, whatever ends the program; keys lead where they should.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

i1=$source_dir/corpus/gfs2-jdata-write/i1.sched
refused 'a case file is needed' tui
refused 'one case at a time' tui "$i1" "$i1"
refused 'a terminal is needed' tui "$i1"

if ! command -v script >/dev/null; then
    [ "$failures" -eq 0 ] || exit 1
    printf 'the rest is skipped: no script, of bsdutils, to make a terminal\n'
    exit 77
fi

# in_terminal COMMAND: what a terminal of 80 by 24 gets of it; keys come from standard input.
in_terminal() {
    NO_COLOR=1 HEDDLE=$heddle I1=$i1 timeout 60 script -qec "stty rows 24 cols 80; $1" /dev/null \
        >"$out" 2>"$err"
    ran="in a terminal: $1"
}
# Waits until it has drawn.
up() {
    for _ in {1..200}; do
        grep -q 'j k  *step' "$out" && break
        sleep 0.1
    done
}
# The programs in quotes are for the shell inside.
# shellcheck disable=SC2016
watched='before=$(stty -g); "$HEDDLE" tui "$I1"; echo "status $?"
    [ "$before" = "$(stty -g)" ] && echo restored'

: >"$out"
(
    up
    printf 'P'
    sleep 1
    printf 'q'
    sleep 1
) | in_terminal "$watched"
says 'status 0'
says 'restored'
grep -q $'\033\[?1049h' "$out" || fail "$ran: keeps no screen of its own"
grep -q $'\033\[?1049l' "$out" || fail "$ran: does not give the screen back"
says '<-- buffers-missing' # it begins at the wrong step
says '<preempts>'          # where P has led
says 'writer .*next read folio\[0\]\.private'

# A signal ends it: first the terminal is put right, then it is as if it had not been caught.
: >"$out"
# shellcheck disable=SC2016
(
    up
    kill -TERM "$(cat pid)"
    sleep 1
) | in_terminal 'before=$(stty -g); sh -c "echo \$\$ >pid; exec \"\$HEDDLE\" tui \"\$I1\""
    echo "status $?"; [ "$before" = "$(stty -g)" ] && echo restored'
says 'status 143'
says 'restored'
grep -q $'\033\[?1049l' "$out" || fail "$ran: does not give the screen back"
finish
