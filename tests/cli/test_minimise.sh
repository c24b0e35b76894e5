#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Minimising and explaining from the command line: files, streams, exit statuses.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# ---- A finding is minimised, and kept as it was found ----
mkdir both raw
run 1 explore p1/old --strategy pct --out both --quiet
found both
minimal=$case
says 'minimised: segments [0-9]+ -> 3, preemptions [0-9]+ -> 1; as found: both/.*\.raw\.sched$'
found_raw=${minimal%.sched}.raw.sched
[ "$(grep -c '^run' "$minimal")" -eq 3 ] || fail "not three segments in $minimal"
[ "$(grep -c '^run' "$found_raw")" -ge 3 ] || fail "the raw case is smaller than the minimised"
grep -qE '^# found by heddle .* seed 1, execution [0-9]+$' "$minimal" || fail "no origin"
grep -qE '^# minimised by heddle .*: segments ' "$minimal" || fail "no account in $minimal"
grep -qE '^expect +new +holds$' "$minimal" || fail "no expect of the fixed variant"
run 0 replay --quiet --all-variants "$minimal"
run 0 replay --quiet "$found_raw"
run 1 explore p1/old --strategy pct --out raw --quiet --no-minimise
says_not 'minimised'
found raw
equal "$case" "$found_raw" "the case as it was found"
[ "$(find raw -type f | wc -l)" -eq 1 ] || fail "more than one file with --no-minimise"

# ---- The same by hand ----
run 0 minimise "$found_raw" -o again.sched
silent
for pass in actors tail switches words values; do
    says "^$pass +[0-9]+ +[0-9]+$"
done
says '^segments [0-9]+ -> 3$'
says '^preemptions [0-9]+ -> 1$'
says '^fewest preemptions: yes, no schedule with 0 fails so \([0-9]+ executions\)$'
says '^written to again\.sched$'
grep -v '^#' "$minimal" >a
grep -v '^#' again.sched >b
equal a b "what minimise makes of the raw case"

# ---- A minimal case stays as it is, to the byte ----
{
    head -n 1 again.sched
    echo '# by hand'
    tail -n +2 again.sched | sed 's/until end$/until end   # so/'
} >commented.sched
run 0 minimise commented.sched -o commented.out
equal commented.sched commented.out "a minimal case with comments"
run 0 minimise again.sched -o again.sched --quiet
[ ! -s "$out" ] || fail "$ran: wrote to stdout"

# ---- Without -o: the case on stdout, the account on stderr ----
run 0 minimise "$found_raw"
equal "$out" again.sched "the case on stdout"
complains '^segments [0-9]+ -> 3$'
run 0 minimise "$found_raw" --quiet --backend thread
equal "$out" again.sched "the case of the thread backend"
silent

# ---- Stopped ----
run 5 minimise "$found_raw" --attempts 1 -o stopped.sched
says '^stopped: more could perhaps be cut$'
run 0 replay --quiet stopped.sched
run 0 minimise "$found_raw" --confirm 0
complains '^fewest preemptions: not known \(0 executions'
run 0 minimise "$found_raw" --confirm all
complains '^fewest preemptions: yes'

# ---- Refused: status 2 where there is nothing to minimise, 3 where it is another failure ----
sed -e '/^run/d' -e '/^expect/d' -e '/^digest/d' again.sched >holds.sched
for command in minimise explain; do
    refused 'holds\.sched: does not fail' "$command" holds.sched
    sed '/^run/d' again.sched >gone.sched
    run 3 "$command" gone.sched
    complains 'gone\.sched: diverged: expected null-dereference at journal_add, got holds'
    sed 's/^digest.*/digest old 0123456789abcdef/' again.sched >stale.sched
    run 3 "$command" stale.sched
    complains 'stale\.sched: stale: .* instead of 0123456789abcdef'
    refused 'missing\.sched: ' "$command" missing.sched
    refused 'a case file is needed' "$command"
    refused 'is a second' "$command" again.sched holds.sched
    refused "found 'memry'" "$command" again.sched --oracle memry
done
refused '--confirm' minimise again.sched --confirm never
refused 'no/such/directory' minimise "$found_raw" -o no/such/directory/x.sched
[ ! -e no ] || fail "something was made of a directory that isn't there"

# ---- Explained ----
cat >i1.sched <<'END'
heddle case 1
scenario  gfs2-jdata-write
variant   old
run       writer      until hook
run       flusher     until end
run       completion  until end
run       reclaimer   until end
expect    old         buffers-missing at gfs2_page_add_databufs
END
run 0 explain i1.sched
silent
says '^Critical pair: drop_buffers\(\) before gfs2_pin\(\)$'
says '^  first +reclaimer: read bh\[0\]\.b_count in buffer_busy\(\), called by drop_buffers\(\)'
says '^  then +writer: rmw bh\[0\]\.b_count in get_bh\(\), called by gfs2_pin\(\)'
says '^State that differs first: 0 here, 1 there$'
says '^Window of the switch away from writer: [0-9]+ points, [0-9]+ of them with this failure$'
says '^  opened by +writer: unlock folio\[0\]\.lock in folio_unlock\(\)'
says '^It fails: +\| It passes:$'
run 0 explain i1.sched --stacked
says '^It passes:$'
[ "$(awk 'length > 75' "$out" | grep -c '^  *CPU')" -eq 0 ] || fail "a stacked table is too wide"
run 0 explain i1.sched --quiet
says_not 'It fails:'
run 0 minimise i1.sched -o i1.min.sched
says '^segments 4 -> 4$'
says '^preemptions 1 -> 1$'
finish
