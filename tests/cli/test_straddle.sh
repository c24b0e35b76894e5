#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Rules for the page at a file's old end: the table, one case by hand, random cases, refusals.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

run 0 straddle
silent
says '^kernel +2 +4160 +3528 +0 +56 +none$'
says '^posted +2 +4160 +3528 +3192 +535 +s0=1 pos=16$'
says '^kernel +4 +4160 +2928 +0 +144 +none$'
says '^posted +4 +4160 +2928 +2736 +941 +s0=1 pos=16$'
says '^kernel +8 +4160 +1824 +0 +224 +none$'
says '^posted +8 +4160 +1824 +1824 +1657 +s0=1 pos=16$'
says '^kernel +16 +4160 +0 +0 +0 +none$'
says '^posted +16 +4160 +0 +0 +2705 +none$'
run 1 straddle --rule posted
says_not '^kernel'
run 0 straddle --rule posted --block 16
run 0 straddle --rule posted-at-end
run 1 straddle --rule posted-at-end --op truncate
run 0 straddle --op truncate
says '^kernel +4 +4160 +3072 +0 +0 +none$'

# One case.
run 1 straddle --rule posted --s0 1024 --pos 10000 --block 1024 --page 4096
says '^needed +page 0$'
says '^posted +protects page 2: misses page 0$'
run 0 straddle --s0 1024 --pos 10000
says '^kernel +protects page 0$'
says '^posted +protects page 2: misses page 0$'
run 0 straddle --rule posted --s0 1024 --pos 10000 --folio 16384
says '^posted +protects pages 0 \.\. 3$'
run 0 straddle --s0 100 --pos 1500
says '^needed +nothing$'
says '^kernel +protects page 0: needless$'
run 0 straddle --op truncate --s0 100 --pos 1500
says '^needed +page 0$'
run 0 straddle --s0 4611686018427387903 --pos 4611686018427387904 --block 1073741824
says '^needed +nothing$'

# Random cases: the same for the same seed.
run 0 straddle --random 20k --seed 7
cp "$out" first
says '^kernel +any +20000 +[1-9][0-9]* +0 '
run 0 straddle --random 20k --seed 7
equal "$out" first "the same seed's table"
run 1 straddle --random 20k --rule posted

refused 'a rule' straddle --rule postd
refused 'neither write nor truncate' straddle --op read
refused 'go together' straddle --s0 1
refused 'go together' straddle --pos 1
refused 'no power of two' straddle --block 1000
refused 'not in 1 ' straddle --page 0
refused 'not in 0 ' straddle --s0 4611686018427387905 --pos 1
refused 'at least a page' straddle --s0 1 --pos 2 --folio 2048
refused 'use --random' straddle --page 4096
refused 'makes up its own' straddle --random 5 --s0 1 --pos 2
refused 'unexpected argument' straddle posted
finish
