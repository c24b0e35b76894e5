#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# heddle kernel, as far as it goes without a kernel: plans, the cache, and what is refused.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
corpus=$source_dir/corpus

# A case becomes what processes do, and where they are held.
run 0 kernel plan "$corpus/gfs2-jdata-write/i1.sched"
says '^actor writer +pwrite /gfs2/file 0 4096$'
says '^actor reclaimer +pageout /gfs2/file 0 1$'
says '^step +writer until hook +run writer until it enters gfs2_iomap_page_done\|'
says '^step +completion until end +nothing to do: '
says '^kernel with gfs2_iomap_page_done\(\): variant old'
run 0 kernel plan "$corpus/gfs2-jdata-write/i1-partial.sched"
says '^actor writer +pwrite /gfs2/file 512 100$'
run 0 kernel plan "$corpus/gfs2-zero-copy/i2.sched"
says 'whose source vanishes$'

# missing PATTERN ARGUMENT...: exit status 4, and a reason.
missing() {
    local pattern=$1
    shift
    run 4 "$@"
    [ "$(wc -l <"$err")" -eq 1 ] || fail "$ran: not one line on stderr"
    grep -qE -- "$pattern" "$err" || fail "$ran: stderr lacks /$pattern/"
}

# declined PATTERN ARGUMENT...: the same with exit status 2.
declined() {
    local pattern=$1
    shift
    run 2 "$@"
    [ "$(wc -l <"$err")" -eq 1 ] || fail "$ran: not one line on stderr"
    grep -qE -- "^heddle kernel.*$pattern" "$err" || fail "$ran: stderr lacks /$pattern/"
}

# What can't be carried to a kernel says why.
missing 'landmark alloc has no mapping: .* inlined' kernel plan "$corpus/gfs2-jdata-write/i4.sched"
missing 'completion can only come directly after flusher' \
    kernel plan "$corpus/gfs2-jdata-write/i3.sched"
missing "the guest's file has block_size=4096" \
    kernel plan "$corpus/gfs2-jdata-write/n6-fsync.sched"
missing 'scenario counter has no mapping' kernel plan "$(
    printf 'heddle case 1\nscenario counter\nvariant marked\n' >c.sched
    echo c.sched
)"

# The cache: empty, with a kernel, with one that is half made, and where it can't be.
run 0 kernel list --cache cache
[ ! -s "$out" ] || fail "an empty cache has kernels"
missing 'no kernel is in the cache' kernel replay --cache cache \
    "$corpus/gfs2-jdata-write/i1.sched"
missing 'kernel 6.1 is not in the cache' kernel replay --cache cache --kernel 6.1 \
    "$corpus/gfs2-jdata-write/i1.sched"
mkdir -p cache/kernels/6.1 cache/kernels/6.12.part
printf '6.1.0-1-amd64' >cache/kernels/6.1/release
run 0 kernel list --cache cache
says '^6.1[[:blank:]]6.1.0-1-amd64$'
says_not '6.12'
missing 'blanks' kernel list --cache 'with a blank'

declined 'a version is needed' kernel fetch --cache cache
declined 'is no version' kernel fetch --cache cache ../../etc
declined 'is no version' kernel replay --cache cache --kernel 'a b' x.sched
declined 'go together' kernel replay --cache cache --bzimage x x.sched
declined 'a case file is needed' kernel replay --cache cache
declined 'cannot open' kernel replay --cache cache --kernel 6.1 absent.sched
declined 'fetch' kernel fethc
[ "$failures" -eq 0 ]
