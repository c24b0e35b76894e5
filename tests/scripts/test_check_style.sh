#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every rule of check-style: what is allowed passes, one planted breach is caught at its line.
set -u
# shellcheck source=tests/scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck disable=SC2034 # used by lib.sh
checker=check-style

# lines COUNT TEXT
lines() {
    awk -v count="$1" -v text="$2" 'BEGIN { for (i = 0; i < count; i++) print text }'
}

sound_tree() {
    rm -rf "${tree:?}"/*
    mkdir "$tree/scripts"
    plant harness/base/a.c <<'C'
static int time_left(int strcpy_count); /* strcpy(a, b) in a comment, and "time(0)" */
void f(void)
{
    put("rand() in a string", time_left(clock->time(1)));
}
C
    { echo "# $licence: LGPL-2.1-or-later" && echo "# nothing"; } >"$tree/scripts/style-exceptions"
}

# breach WHAT FILE TEXT REASON: the text stands in line 2.
breach() {
    sound_tree
    printf '%b\n' "$3" | plant "$2"
    catches "$1" "$2:2:" "$4"
    rm "$tree/$2"
}

sound_tree
passes "a sound tree"

breach "a tab" harness/base/x.c '\tint x;' "a tab"
breach "a blank at the end" harness/base/x.c 'int x; ' "a blank at the end"
breach "strcpy" harness/base/x.c 'x = strcpy(a, b);' "strcpy() is banned"
breach "strcpy after a string" tests/base/x.c 'f("\\"", strcpy (a, b));' "strcpy() is banned"
breach "strcpy after a comment" fuzz/x.c '/* a */ strcpy(a, b);' "strcpy() is banned"
breach "sprintf" bench/x.c 'sprintf(a, "");' "sprintf() is banned"
breach "strcat" harness/base/x.c 'strcat(a, b);' "strcat() is banned"
breach "gets" harness/base/x.c 'gets(a);' "gets() is banned"
breach "rand" harness/base/x.c 'x = rand();' "rand() is banned"
breach "time" models/gfs2/x.c 'x = time(NULL);' "time() is banned"
breach "clock_gettime" harness/base/x.c 'clock_gettime(a, b);' "clock_gettime() is banned"

sound_tree
lines 1 "$(printf '%0100d' 0)" | plant harness/base/x.c
passes "100 columns"
lines 1 "$(printf '%0101d' 0)" | plant harness/base/x.c
catches "101 columns" harness/base/x.c:2: "over 100 columns"
echo "width harness/base/x.c for once" >>"$tree/scripts/style-exceptions"
passes "101 columns, excepted"

sound_tree
{ echo 'void f(void)' && echo '{' && lines 68 '    x();' && echo '}'; } | plant harness/base/x.c
passes "a function of 70 lines"
{ echo 'void f(void)' && echo '{' && lines 69 '    x();' && echo '}'; } | plant harness/base/x.c
catches "a function of 71 lines" harness/base/x.c:3: "a function of 71 lines"

sound_tree
lines 399 'int x;' | plant harness/base/x.c
passes "a file of 400 lines"
lines 400 'int x;' | plant harness/base/x.c
catches "a file of 401 lines" harness/base/x.c:401: "a file of 401 lines"
echo "length harness/base/x.c for once" >>"$tree/scripts/style-exceptions"
passes "a file of 401 lines, excepted"
rm "$tree/harness/base/x.c"
if "$scripts/check-style" "$tree" >"$scratch/out" 2>&1 || ! grep -q "no longer" "$scratch/out"; then
    echo "an exception that nobody needs passes"
    failed=1
fi

sound_tree
echo 'x = time(NULL);' | plant harness/explore/x.c
echo "clock harness/explore/x.c for once" >>"$tree/scripts/style-exceptions"
passes "time(), excepted"
echo 'x = time(NULL);' | plant bench/x.c
passes "time() in a benchmark"

sound_tree
echo 'int x;' >"$tree/harness/base/x.c"
catches "no licence" harness/base/x.c:1: "no SPDX line"

rm -rf "${tree:?}"/*
if "$scripts/check-style" "$tree" >/dev/null 2>&1; then
    echo "an empty tree passes"
    failed=1
fi
exit $failed
