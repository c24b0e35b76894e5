# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Functions of the scripts beside it; each reads this file first:  . "$(dirname "$0")/lib.sh"
# Sets $root, the top of the tree.

# shellcheck disable=SC2034 # used by those that read this
root=$(cd "$(dirname "$0")/.." && pwd) || exit 2

# Of the running script, in front of what it says.
script=scripts/$(basename "$0")

say() {
    printf '%s: %s\n' "$script" "$*"
}

# die STATUS MESSAGE...
die() {
    status=$1
    shift
    printf '%s: %s\n' "$script" "$*" >&2
    exit "$status"
}

usage() {
    die 2 "usage: $script $*"
}

# As many jobs as there are processors, for CMake and CTest alike, unless the caller has said so.
use_all_processors() {
    CMAKE_BUILD_PARALLEL_LEVEL=${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}
    CTEST_PARALLEL_LEVEL=${CTEST_PARALLEL_LEVEL:-$CMAKE_BUILD_PARALLEL_LEVEL}
    export CMAKE_BUILD_PARALLEL_LEVEL CTEST_PARALLEL_LEVEL
}

# The sanitizers of clang 14 need their shadow free, and fail at random where the kernel spreads
# mappings over more than 28 bits.  There, and only there, runs the command without randomisation.
# Programs must not care: where even that is forbidden (some containers), it runs as it is.
with_room_for_shadow() {
    bits=$(cat /proc/sys/vm/mmap_rnd_bits 2>/dev/null || echo 28)
    if [ "$bits" -gt 28 ] && setarch "$(uname -m)" -R true 2>/dev/null; then
        setarch "$(uname -m)" -R "$@"
    else
        "$@"
    fi
}
