# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Functions of the tests beside it; each reads this file first, with the command's path as $1:
#   . "$(dirname "$0")/lib.sh"
# Leaves the test in an empty directory of its own, which is removed at the end.

set -u
heddle=$(readlink -f "${1:?usage: $0 PATH-OF-HEDDLE}")
[ -x "$heddle" ] || exit 2
tests=$(cd "$(dirname "$0")" && pwd) || exit 2
# shellcheck disable=SC2034 # used by those that read this
source_dir=$(cd "$tests/../.." && pwd) || exit 2
scratch=$(mktemp -d) || exit 2
trap 'chmod -R u+rwx "$scratch"; rm -rf "$scratch"' EXIT
cd "$scratch" || exit 2
failures=0

# Streams of the latest `run`, outside the directory that tests look into.
out=$scratch/.stdout
err=$scratch/.stderr

fail() {
    printf 'FAILED: %s\n' "$*"
    sed 's/^/  stdout: /' "$out" | head -n 40
    sed 's/^/  stderr: /' "$err" | head -n 40
    failures=$((failures + 1))
}

# run STATUS ARGUMENT...: heddle ends with this status, and no sanitizer has anything to say.
run() {
    local expected=$1 status=0
    shift
    "$heddle" "$@" >"$out" 2>"$err" || status=$?
    ran="heddle $*"
    [ "$status" -eq "$expected" ] || fail "$ran: exit status $status, expected $expected"
    if grep -qE 'Sanitizer|runtime error' "$err"; then
        fail "$ran: a sanitizer's report"
    fi
}

# refused PATTERN ARGUMENT...: exit status 2, nothing on stdout, one line on stderr that matches.
refused() {
    local pattern=$1
    shift
    run 2 "$@"
    [ ! -s "$out" ] || fail "$ran: wrote to stdout"
    [ "$(wc -l <"$err")" -eq 1 ] || fail "$ran: not one line on stderr"
    grep -qE -- "^(ring-)?heddle( $1)?: .*$pattern" "$err" || fail "$ran: stderr lacks /$pattern/"
}

# says PATTERN: a line of the latest run's stdout matches.
says() {
    grep -qE -- "$1" "$out" || fail "$ran: stdout lacks /$1/"
}

# says_not PATTERN: none does.
says_not() {
    if grep -qE -- "$1" "$out"; then
        fail "$ran: stdout has /$1/"
    fi
}

# complains PATTERN: a line of the latest run's stderr matches.
complains() {
    grep -qE -- "$1" "$err" || fail "$ran: stderr lacks /$1/"
}

# silent: the latest run wrote nothing to stderr.
silent() {
    [ ! -s "$err" ] || fail "$ran: wrote to stderr"
}

# equal FILE FILE WHAT
equal() {
    cmp -s "$1" "$2" || fail "$3 differs"
}

# found [DIRECTORY]: sets $case to the only case file there; beside it may lie the same as it was
# found, .raw.sched.
# shellcheck disable=SC2034 # used by those that read this
found() {
    local file files=()
    for file in "${1:-.}"/*.sched; do
        [[ $file == *.raw.sched ]] || files+=("$file")
    done
    if [ ${#files[@]} -ne 1 ] || [ ! -f "${files[0]}" ]; then
        fail "not one case file: ${files[*]}"
    fi
    case=${files[0]}
}

# no_leftovers DIRECTORY: nothing but cases in it, and nothing hidden.
no_leftovers() {
    local rest
    rest=$(find "$1" -mindepth 1 ! -name '*.sched' ! -name .stdout ! -name .stderr)
    [ -z "$rest" ] || fail "left behind: $rest"
}

finish() {
    [ "$failures" -eq 0 ] || exit 1
    printf 'all as expected\n'
    exit 0
}
