#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What is written on a command line and can't be meant: one line that says what, and exit status 2.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# ---- Commands ----
run 2
complains '^Usage: heddle COMMAND'
run 0 --help
says '^Usage: heddle COMMAND'
silent
run 0 help
says '^  explore '
run 0 --version
says '^heddle [0-9]+\.[0-9]+\.[0-9]+$'
for command in list explore replay show case; do
    run 0 help "$command"
    says "^Usage: heddle $command"
    run 0 "$command" --help
    silent
    grep -oE -- '--[a-z][a-z-]*' "$out" | sort -u | grep -vxE -- '--(help|usage)' >options
    while read -r option; do
        grep -qF -- "*$option*" "$source_dir/docs/heddle.1.scd" ||
            fail "heddle(1) lacks $option of $command"
    done <options
    rm options
    run 2 "$command" --no-such-option
    complains "^heddle $command: unrecognized option '--no-such-option'"
done
refused "found 'exlpore'; did you mean 'explore'" exlpore
refused "expected a command .*found 'frobnicate'" frobnicate

# ---- Names: scenario, variant, strategy, oracle, workload, key, value ----
refused "did you mean 'gfs2-jdata-write'" explore gfs2-jdata-writ
refused "expected a scenario.*found 'no-such-thing'" explore no-such-thing
refused "expected a variant \(.*old.*\), found 'ancient'" explore gfs2-jdata-write/ancient
refused "expected a variant" explore gfs2-jdata-write/
refused "not linked with the runtime" explore /bin/true
refused "a scenario is needed" explore
refused "'p1' is a second" explore gfs2-jdata-write p1
refused "did you mean 'random'" explore p1 --strategy randon
refused "expected a strategy \(random, pct, pos, " explore p1 --strategy greedy
refused "expected an oracle .*found 'memry'; did you mean 'memory'" explore p1 --oracle memry
refused "expected an oracle .*found ''" explore p1 --oracle memory,
refused "expected a backend \(fiber, thread, light\)" explore p1 --backend fibre-channel
refused "no-such-workload" explore gfs2-jdata-write --workload no-such-workload
refused "no_such_key" explore gfs2-jdata-write -p no_such_key=1
refused "KEY=VALUE is expected" explore gfs2-jdata-write -p pos
refused "pos" explore gfs2-jdata-write -p pos=somewhere
refused "pos" explore gfs2-jdata-write -p pos=
refused "pos" explore gfs2-jdata-write -p pos=99999999999999999999999
refused "completion" explore gfs2-jdata-write -p completion=maybe
refused "" explore gfs2-jdata-write -p reclaimer.after=never

# ---- Numbers, with their units ----
for seed in '' x 12x -1 ' 1' 0x 0xg 1.5 18446744073709551616 0x10000000000000000; do
    refused "--seed: '.*' is not a number" explore p1 --seed "$seed"
done
run 0 explore counter/locked --runs 10 --seed 18446744073709551615
run 0 explore counter/locked --runs 10 --seed 0xffffffffffffffff
says 'seed 18446744073709551615\)'
run 0 explore counter/locked --runs 10 --seed 0
for runs in '' 0 -5 ten 10x 1e6 99999999999999999999 99999999999G; do
    refused "--runs: '.*' is not a count" explore p1 --runs "$runs"
done
for time in '' 0s 10 s 5d -1s 1.5s 99999999999999999h; do
    refused "--time: '.*' is not a time" explore p1 --time "$time"
done
refused "--jobs: 0 is not in 1 \.\. 64" explore p1 --jobs 0
refused "--jobs: 65 is not in 1 \.\. 64" explore p1 --jobs 65
refused "--jobs: 'many' is not a number" explore p1 --jobs many
refused "--depth: 0 is not in" explore p1 --strategy pct --depth 0
refused "--preemptions: 'none' is not a number" explore p1 --strategy dfs --preemptions none

# ---- The other commands ----
refused "found 'scenario'; did you mean 'scenarios'" list scenario
refused "landmarks of which scenario" list landmarks
refused "did you mean 'gfs2-jdata-write'" list landmarks gfs2-jdata-writ
refused "expected a scenario" list params gfs2-jdata-write/old
refused "unexpected argument 'p1'" list strategies p1
refused "a case file is needed" replay
refused "exclude each other" replay --variant old --all-variants x.sched
refused "expected a format .*found 'tble'; did you mean 'table'" replay --format tble x.sched
refused "--runs" replay --runs 0 x.sched
refused "a case file is needed" show
refused "'b' is a second" show a b
refused "expected a format" show --format xml a
refused "--canonical, .* is needed" case a
refused "exclude each other" case --canonical --check a
refused "a case file is needed" case --check
no_leftovers .
finish
