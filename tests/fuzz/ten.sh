#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# From an empty corpus the fuzzer finds the race of gfs2's journaled data within a minute, ten times
# of ten.
# usage: ten.sh FUZZER
set -u

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
export HEDDLE_SCENARIO=gfs2-jdata-write/old HEDDLE_FIND=buffers-missing
failed=0 seed=1
while [ $seed -le 10 ]; do
    mkdir "$dir/$seed"
    "$1" -seed=$seed -max_total_time=60 -print_final_stats=1 -artifact_prefix="$dir/$seed/" \
        >"$dir/out" 2>&1
    if [ -n "$(find "$dir/$seed" -name 'crash-*')" ]; then
        echo "seed $seed: $(sed -n 's/^stat::number_of_executed_units: *//p' "$dir/out") executions"
    else
        echo "seed $seed: not found within a minute"
        tail -n 5 "$dir/out"
        failed=1
    fi
    seed=$((seed + 1))
done
exit $failed
