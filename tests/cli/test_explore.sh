#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Exploring from the command line: what is found, where it goes, and that neither the number of
# workers nor the directory changes it.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

old=(gfs2-jdata-write/old --find buffers-missing)

# ---- A finding is a file, a report and an exit status ----
mkdir one
run 1 explore "${old[@]}" --seed 1 --jobs 1 --out one
silent # in a pipe, no progress
says '^gfs2-jdata-write/old: buffers-missing at gfs2_page_add_databufs$'
says 'seed 1\), written to one/gfs2-jdata-write-old-buffers-missing-[0-9a-f]{16}\.sched$'
found one
says "heddle replay $case"
[ "$(grep -c 'heddle replay' "$out")" -eq 1 ] || fail "the command that repeats it, not once"
grep -qE '^# found by heddle .* seed 1, execution [0-9]+$' "$case" || fail "no origin in the case"
grep -qE '^expect +old +buffers-missing at gfs2_page_add_databufs$' "$case" || fail "no expect"
grep -qE '^digest +old +[0-9a-f]{16}$' "$case" || fail "no digest"
no_leftovers one
run 0 replay --quiet "$case"
says '^verdict buffers-missing at gfs2_page_add_databufs$'

# ---- One answer, however many workers ----
cp "$out" replayed
for jobs in 2 3; do
    mkdir "jobs$jobs"
    run 1 explore "${old[@]}" --seed 1 --jobs "$jobs" --out "jobs$jobs"
    equal "one/$(basename "$case")" "jobs$jobs/$(basename "$case")" "the case of $jobs workers"
done
for jobs in 1 2 3; do
    mkdir "many$jobs"
    run 1 explore counter/marked --runs 20k --keep-going --jobs "$jobs" --out "many$jobs" --quiet
    sed "s/many$jobs/DIRECTORY/" "$out" >"many$jobs.out"
    equal many1.out "many$jobs.out" "the output of $jobs workers"
    diff -r many1 "many$jobs" >/dev/null || fail "the cases of $jobs workers differ"
    run 0 explore counter/locked --runs 20k --jobs "$jobs"
    cp "$out" "none$jobs.out"
    equal none1.out "none$jobs.out" "the output of $jobs workers that find nothing"
done

# ---- The backend doesn't change it either ----
mkdir threads
run 1 explore "${old[@]}" --seed 1 --out threads --backend thread --quiet
equal "$case" "threads/$(basename "$case")" "the case of the thread backend"

# ---- Another seed, another strategy ----
for strategy in random pct pos; do
    mkdir "$strategy"
    run 1 explore gfs2-jdata-write/old --find "buffers-missing at gfs2_page_add_databufs" \
        --seed 0x2a --strategy "$strategy" --out "$strategy" --quiet
    says "\($strategy, seed 42\)"
    found "$strategy"
    run 0 replay --quiet "$case"
done
mkdir twice
run 1 explore counter/marked --twice --out twice --quiet

# ---- Where there is nothing to find ----
run 0 explore gfs2-jdata-write/merged --runs 2k
says '^gfs2-jdata-write/merged: no violation in 2000 executions \([a-z]+, seed 1\)$'
run 0 explore counter/locked --strategy dfs --preemptions 1
says 'the strategy.s whole space'
run 0 explore counter/marked --find no_such_function --runs 2k
says 'no violation of no_such_function in 2000 executions'
says '^[0-9]+ other violations$'

# ---- Time ----
run 5 explore gfs2-jdata-write/merged --time 300ms
says 'stopped$'
run 0 explore gfs2-jdata-write/merged --time 10m --runs 500

# ---- Coverage: in words and as a picture; not written is an error, but for a finding ----
run 0 explore counter/locked --runs 2k --coverage 'cov er'
grep -q '^counter/locked, 2000 executions: ' 'cov er.txt' || fail "no coverage in words"
grep -q '</svg>' 'cov er.svg' || fail "no coverage as a picture"
run 2 explore counter/locked --runs 2k --coverage absent/directory
complains 'absent/directory'
run 1 explore counter/marked --quiet --coverage absent/directory
complains 'absent/directory'
rm -f counter-marked-*.sched

# ---- Swarms ----
run 2 explore counter --faults some
complains 'expected --faults \(given, harmless, all\)'
run 0 explore gfs2-jdata-write/merged --runs 5k --faults given
cp "$out" given.out
run 0 explore gfs2-jdata-write/merged --runs 5k --workload overwrite
equal given.out "$out" "the output with a workload of one's own"

# ---- From elsewhere, into a directory with a space ----
mkdir -p 'a b/c d'
cd 'a b' || exit 2
run 1 explore counter/marked --out 'c d'
found 'c d'
says "heddle replay 'c d/"
run 0 replay --quiet "$case"
cd "$scratch" || exit 2
mkdir here
cd here || exit 2
run 1 explore counter/marked --quiet
found .
no_leftovers .
finish
