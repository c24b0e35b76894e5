#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion in bash offers what there is.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

heddle() {
    command "$heddle" "$@"
}
# shellcheck source=scripts/completion/heddle.bash
. "$source_dir/scripts/completion/heddle.bash"

# offers WORD... -- EXPECTED...: the last word is completed to these, and maybe others.
offers() {
    COMP_WORDS=()
    while [ "$1" != -- ]; do
        COMP_WORDS+=("$1")
        shift
    done
    shift
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _heddle
    printf '%s\n' "${COMPREPLY[@]}" >"$out"
    : >"$err"
    ran="completion of ${COMP_WORDS[*]}"
    for expected; do
        grep -qxF -- "$expected" "$out" || fail "$ran: lacks $expected"
    done
}

offers heddle '' -- list explore replay show case help
offers heddle ex -- explore
says_not '^list$'
offers heddle explore gfs2-jdata-write/ -- gfs2-jdata-write/old gfs2-jdata-write/merged
offers heddle explore --s -- --strategy= --seed=
offers heddle explore p1 --strategy '' -- random pct pos dfs
offers heddle explore p1 --strategy = p -- pct pos
says_not '^random$'
offers heddle explore gfs2-jdata-write/old --workload n -- n1 n7
offers heddle explore gfs2-jdata-write/old -p po -- pos=
offers heddle explore p1 --backend '' -- fiber thread
offers heddle list '' -- scenarios strategies landmarks
offers heddle list landmarks gfs2-j -- gfs2-jdata-write
offers heddle replay --fo -- --format=
offers heddle gate --format '' -- text ktap junit sarif github markdown
says_not '^table$'
offers heddle replay --format '' -- table steps json
: >x.sched
offers heddle replay '' -- x.sched
finish
