#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# gdb stops where a step is about to be taken, on the stack of the actor that takes it.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

mkdir 'a folder'
i1='a folder/i1.sched'
cp "$source_dir/corpus/gfs2-jdata-write/i1.sched" "$i1"

# ---- Without gdb: what is refused, and that stopping changes nothing ----
refused 'a case file is needed' replay --gdb
refused 'one execution of one case' replay --gdb "$i1" "$i1"
refused 'one execution of one case' replay --gdb --all-variants "$i1"
refused 'one execution of one case' replay --gdb --rebless "$i1"
refused 'one execution of one case' replay --gdb --runs 2 "$i1"
refused '--gdb: .*steps, from 0' replay --gdb=100000 "$i1"
refused '--gdb' replay --gdb=x "$i1"
refused 'oldd' replay --gdb --variant oldd "$i1"
for backend in fiber thread; do
    run 0 replay --stops --quiet --backend "$backend" "$i1" # verdict and digest are the file's
done
status=0
PATH=/nonexistent "$heddle" replay --gdb "$i1" >"$out" 2>"$err" || status=$?
ran="replay --gdb without gdb"
[ "$status" -eq 4 ] || fail "$ran: exit status $status"
complains '^heddle replay: gdb: No such file or directory$'

# ---- With it ----
skip() {
    [ "$failures" -eq 0 ] || exit 1
    printf 'the rest is skipped: %s\n' "$*"
    exit 77
}
command -v gdb >/dev/null || skip "there is no gdb"
file -L "$heddle" 2>/dev/null | grep -q 'shell script' && skip "the command runs in an emulator"
gdb -q -batch -ex run --args true 2>&1 | grep -q 'exited normally' ||
    skip "gdb may not trace here"

# Who takes a step, by the report.
actor_of() {
    "$heddle" show --format steps "$i1" |
        awk -v step="$1" '($1 == "*" ? $2 : $1) == step { print $1 == "*" ? $3 : $2; exit }'
}

# stops STEP FUNCTION ARGUMENT...: in that step's actor, with the function on its stack; and
# continuing leads to the next.
stops() {
    local step=$1 function=$2 actor next
    shift 2
    actor=$(actor_of "$step")
    next=$((step + 1))
    printf 'continue\n' |
        ASAN_OPTIONS=detect_leaks=0 timeout 120 "$heddle" replay --gdb="$step" "$@" "$i1" \
            >"$out" 2>"$err" || :
    ran="replay --gdb=$step $*"
    tr '\n' ' ' <"$out" | tr -s ' ' >.flat
    grep -qE "hit Breakpoint 1, hd_debugger_step \(step=(step@entry=)?$step, [^)]*\"$actor\"" \
        .flat || fail "$ran: does not stop in $actor"
    grep -qE "#[0-9]+ [^#]*$function \(" .flat || fail "$ran: $function() is not on the stack"
    grep -qE "hit Breakpoint 1, hd_debugger_step \(step=(step@entry=)?$next, " .flat ||
        fail "$ran: does not go on to step $next"
}

stops 16 iomap_write_iter
stops 47 end_bio_bh_io_sync
stops 60 shrink_inactive_list
stops 30 gfs2_jdata_writepages --backend fiber
stops 60 shrink_inactive_list --backend fiber
finish
