#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Programs on the command line: paths with blanks, arguments, cases that outlive a compilation,
# programs linked with gcc's TSan, and what is refused.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"
[ -e "$(dirname "$heddle")/libheddle_native.so" ] || {
    echo "skipped: this build has no runtime for programs"
    exit 77
}
programs=$tests/programs

# ---- A path with blanks, and arguments: both are in the case ----
mkdir "a b"
cat >args.c <<'END'
#include <assert.h>
#include <string.h>

int main(int argc, char **argv)
{
    assert(argc != 3 || strcmp(argv[1], "3 +/") != 0 || strcmp(argv[2], "x") != 0);
    return 0;
}
END
HEDDLE_CC=gcc run 0 cc -o "a b/args" args.c
run 0 explore --quiet --runs 10 "./a b/args"
run 1 explore --quiet "./a b/args" -- "3 +/" x
found .
grep -qE '^scenario +\./a%20b/args\+3%20%2b%2f\+x$' "$case" || fail "not the program in $case"
run 0 replay --quiet "$case"
says '^verdict assertion at main$'
rm -f ./*.sched

# ---- A case outlives a compilation: it names functions and variables ----
HEDDLE_CC=gcc run 0 cc -O2 -DOLD -DRELOCK -o p1 "$source_dir/bench/p1.c"
run 1 explore --quiet ./p1
found .
grep -qE '^run +thread\[0\] +after F\.unlock$' "$case" || fail "no variable in $case"
HEDDLE_CC=clang run 0 cc -O0 -DOLD -DRELOCK -o p1 "$source_dir/bench/p1.c"
run 3 replay --quiet "$case" # the verdict is the same, the steps are others
says '^verdict null-dereference at journal_add$'
complains 'stale: the verdict is as expected'
run 0 replay --quiet --rebless "$case"
run 0 replay --quiet "$case"
rm -f ./*.sched

# ---- Linked with gcc's shared TSan ----
gcc -g -fsanitize=thread -o tsan "$programs/lost_update.c" || fail "gcc -fsanitize=thread"
run 1 explore --quiet ./tsan
says '^\./tsan/program: assertion at main$'

# ---- Refused ----
gcc -o plain "$programs/counter.c" || fail "gcc"
refused 'not linked with the runtime' explore ./plain
HEDDLE_CC=no-such-compiler run 4 cc args.c
complains "no compiler 'no-such-compiler'"
printf 'void __tsan_no_such(void);\nint main(void) { __tsan_no_such(); return 0; }\n' >unknown.c
HEDDLE_CC=gcc run 1 cc -o unknown unknown.c
complains '__tsan_no_such'
finish
