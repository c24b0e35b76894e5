#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The classes of p1, as the program itself has them: as many as two independent model checkers
# count, with either compiler, however much it optimises.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"
[ -e "$(dirname "$heddle")/libheddle_native.so" ] || {
    echo "skipped: this build has no runtime for programs"
    exit 77
}
"$heddle" help | grep -q '^  prove ' || {
    echo "skipped: this command does not prove"
    exit 77
}

HEDDLE_CC=gcc run 0 cc -o p1 "$source_dir/bench/p1.c"
status=0
"$heddle" prove ./p1 >"$out" 2>"$err" || status=$?
if [ "$status" -eq 4 ]; then
    echo "skipped: $(cat "$err")"
    exit 77
fi

while read -r writers folios buffers classes; do
    for compiler in "gcc -O0" "gcc -O2" "clang -O1" "clang -O3"; do
        HEDDLE_CC=$compiler run 0 cc "-DW=$writers" "-DN=$folios" "-DM=$buffers" -o p1 \
            "$source_dir/bench/p1.c"
        run 0 prove ./p1
        says "^classes $classes\$"
    done
done <<'END'
1 1 1 10
2 1 1 42
3 1 1 216
1 1 3 10
1 2 1 100
2 2 1 2516
END
HEDDLE_CC=gcc run 0 cc -DOLD -DRELOCK -o p1 "$source_dir/bench/p1.c"
run 1 prove ./p1
finish
