#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What is listed: one a line, the name first, so that other programs can read it.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

run 0 list
cp "$out" default
says '^gfs2-jdata-write +old \(broken\), '
says '^p1 '
run 0 list scenarios
equal "$out" default "the default list"
run 0 list strategies
for strategy in random pct pos dfs; do
    says "^$strategy +[a-z]"
done
run 0 list oracles
for oracle in property memory race deadlock livelock balance durability; do
    says "^$oracle +[a-z]"
done
run 0 list formats
for format in table steps json; do
    says "^$format +"
done
run 0 list models
says '^gfs2-jdata-write +read-in-source: Linux 6'
says '^counter +synthetic: '
run 0 list --markdown models
says '^## gfs2-jdata-write$'
says '^\| .old. \| broken \| '
says '^\| .mutant-[a-z-]+. \| mutant \| '
says '^\*\*Left out\.\*\* '
says_not '^[^|].{100,}' # prose is wrapped, tables are not
refused 'only models can be listed with --markdown, not strategies' list --markdown strategies
run 0 list landmarks gfs2-jdata-write
says '^hook +old=gfs2_iomap_page_done .*merged=gfs2_iomap_put_folio'
run 0 list workloads gfs2-jdata-write
says '^n1 '
run 0 list params gfs2-jdata-write
says '^pos +[0-9]+ '

# Each name that is listed is one that is understood.
run 0 list
cut -d ' ' -f 1 "$out" >names
while read -r name; do
    for topic in landmarks workloads params; do
        run 0 list "$topic" "$name"
        silent
    done
    run 0 list workloads "$name"
    cut -d ' ' -f 1 "$out" >workloads
    while read -r workload; do
        "$heddle" explore "$name" --workload "$workload" --runs 1 --quiet --jobs 1 \
            >"$out" 2>"$err" || [ $? -eq 1 ] || fail "explore $name --workload $workload"
        silent
    done <workloads
done <names
finish
