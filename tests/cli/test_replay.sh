#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Replaying: a case is held to its verdict and digest in its own variant, to the verdict in others.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

run 1 explore gfs2-jdata-write/old --find buffers-missing --quiet --no-minimise
found .
cp "$case" good.sched
rm "$case"

# ---- As expected ----
run 0 replay good.sched
says '^case good\.sched variant old$'
says '^verdict buffers-missing at gfs2_page_add_databufs$'
says '^digest [0-9a-f]{16}$'
says 'heddle replay good\.sched$'
digest=$(sed -n 's/^digest //p' "$out")
grep -q "^digest *old *$digest$" good.sched || fail "the digest printed is not the case's"
run 0 replay --quiet --backend thread good.sched
says "^digest $digest$"
run 0 replay --quiet --runs 1000 good.sched
says '^runs 1000 equal 1000$'
run 0 replay --quiet good.sched good.sched
[ "$(grep -c '^verdict ' "$out")" -eq 2 ] || fail "two files, not two verdicts"

# ---- In another variant ----
run 0 replay --variant merged good.sched
says '^case good\.sched variant merged$'
says '^verdict holds$'
says '--variant merged good\.sched$'
sed '/^digest/i expect    merged  holds' good.sched >both.sched
run 0 replay --variant merged --quiet both.sched
sed '/^digest/i expect    merged  buffers-missing at gfs2_page_add_databufs' good.sched >hope.sched
run 3 replay --variant merged --quiet hope.sched
complains 'hope\.sched: variant merged: expected buffers-missing .*, got holds$'

corpus=$source_dir/corpus/gfs2-jdata-write
run 0 replay --all-variants --quiet "$corpus/i1.sched"
[ "$(grep -c '^verdict ' "$out")" -ge 3 ] || fail "$ran: not all variants"
says_not 'variant mutant'
run 1 replay --variant mutant-no-refcount-gate --quiet "$corpus/i1.sched"

# ---- Without an expectation, the verdict decides ----
grep -v '^expect' good.sched >bare.sched
run 1 replay --quiet bare.sched
run 0 replay --quiet --variant merged bare.sched

# ---- Another verdict: diverged, with the first step that differs ----
sed 's/^expect.*/expect    old  holds/' good.sched >other.sched
run 3 replay --quiet other.sched
complains 'diverged: expected holds, got buffers-missing at gfs2_page_add_databufs'
cat >lost.sched <<'END'
heddle case 1
scenario  gfs2-jdata-write
variant   merged
run       writer      until hook
run       reclaimer   until end
run       flusher     until end
run       writer      until end
expect    merged      buffers-missing at gfs2_page_add_databufs
END
run 3 replay --quiet lost.sched
complains 'lost\.sched: variant merged: diverged: .* first differs at step [0-9]+: .* line 6 '

# ---- The same verdict, another digest: stale, and --rebless ----
sed "s/^\(digest *old *\).*/\10123456789abcdef/" good.sched >stale.sched
run 3 replay --quiet stale.sched
complains "stale: .* digest is $digest instead of 0123456789abcdef"
run 0 replay --quiet --rebless stale.sched
says "^rebless stale\.sched variant old: 0123456789abcdef -> $digest$"
silent
equal stale.sched good.sched "the reblessed case"
run 0 replay --quiet --rebless good.sched
says_not '^rebless'
grep -v '^digest' good.sched >fresh.sched
run 0 replay --quiet --rebless fresh.sched
says "^rebless fresh\.sched variant old: none -> $digest$"
run 0 replay --quiet fresh.sched
run 0 replay --quiet --rebless --variant merged both.sched
says '^rebless both\.sched variant merged: none -> '
grep -qE '^digest +merged +[0-9a-f]{16}$' both.sched || fail "no digest of the other variant"
run 0 replay --quiet both.sched
sed 's/^\(digest *merged *\).*/\10123456789abcdef/' both.sched >merged.sched
run 3 replay --quiet --variant merged merged.sched
complains 'variant merged: stale'
cp other.sched wrong.sched
run 3 replay --quiet --rebless wrong.sched
equal wrong.sched other.sched "a case with another verdict, after --rebless"
mkdir alone
cp stale.sched alone/x.sched
no_leftovers alone

# ---- The worst of several files decides, and a finding is the worst ----
sed "s/^\(digest *old *\).*/\10123456789abcdef/" good.sched >stale.sched
run 3 replay --quiet good.sched stale.sched good.sched
run 2 replay --quiet stale.sched missing.sched good.sched
run 1 replay --quiet stale.sched missing.sched bare.sched

# ---- Show: the report and nothing else ----
run 0 show good.sched
says 'heddle replay good\.sched$'
says_not '^verdict '
run 0 show --format steps good.sched
run 0 show --format json good.sched
if command -v python3 >/dev/null; then
    python3 -m json.tool <"$out" >/dev/null || fail "show --format json: no JSON"
fi
mkdir 'with space'
cp good.sched "with space/it's.sched"
run 0 replay "with space/it's.sched"
says "heddle replay 'with space/it'.''s\.sched'$"
finish
