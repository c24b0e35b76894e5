#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Raw fuzz artifacts: replayed, shown, turned into cases and back; and what is wrong with them said.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

seeds=$source_dir/corpus/seeds/schedule
cp "$seeds/i1" crash-0123
cp "$seeds/i1" plain
printf '\3\377\0' >race

# By its name, by --scenario, by the environment; a plain file is no artifact.
run 1 replay --quiet crash-0123
says '^verdict buffers-missing at gfs2_page_add_databufs$'
run 1 replay --quiet --scenario gfs2-jdata-write/old plain
says '^verdict buffers-missing at gfs2_page_add_databufs$'
run 0 replay --quiet --scenario gfs2-jdata-write/merged plain
says '^verdict holds$'
export HEDDLE_SCENARIO=gfs2-jdata-write/merged
run 0 replay --quiet crash-0123
unset HEDDLE_SCENARIO
refused 'plain:1:1: expected text' replay plain

# show tells it, and the command that repeats it names the scenario.
run 0 show --scenario counter/marked --format table race
says 'heddle replay --scenario counter/marked race'

# There and back.
run 0 case --from-fuzz crash-0123
cp "$out" i1.sched
says '^expect +old +buffers-missing at gfs2_page_add_databufs$'
run 0 replay --quiet i1.sched
run 0 case --to-fuzz i1.sched
cmp "$out" "$seeds/i1" || fail "the bytes of the case are not those it was made of"
for seed in "$seeds"/*; do
    case=$source_dir/corpus/gfs2-jdata-write/${seed##*/}.sched
    [ -f "$case" ] || continue
    run 0 case --to-fuzz "$case"
    cmp "$out" "$seed" || fail "$seed is not what its case says: see scripts/generate-seeds"
done

# Nothing at all, and more than there are choices.
: >crash-empty
run 0 replay --quiet crash-empty
says '^verdict holds$'
head -c 1048576 /dev/zero | tr '\0' '\377' >crash-long
run 0 replay --quiet crash-long
says '^digest '
head -c 1048577 /dev/zero >crash-too-long
refused 'crash-too-long' replay crash-too-long

refused 'no place for a digest' replay --rebless crash-0123
refused "unknown|expected a scenario" replay --scenario nonsense crash-0123
refused 'exclude each other' case --from-fuzz --to-fuzz crash-0123
refused "a case file is needed" case --to-fuzz

finish
