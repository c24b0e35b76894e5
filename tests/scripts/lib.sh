# shellcheck shell=sh disable=SC2034,SC2154 # `checker` comes from, `failed` goes to the tests
# SPDX-License-Identifier: LGPL-2.1-or-later
# For the tests of checkers: plant something in a small tree of its own and see what they say.
# Sets $scripts, and $tree, an empty directory with a blank in its name.

scripts=$(cd "$(dirname "$0")/../../scripts" && pwd) || exit 1
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
tree="$scratch/a tree"
mkdir "$tree"
failed=0
licence=$(printf 'SPDX-License-%s' Identifier) # apart, or licence checkers would take it up

# plant FILE: standard input becomes the file, under a licence line.
plant() {
    mkdir -p "$tree/$(dirname "$1")"
    { echo "/* $licence: GPL-2.0-only */" && cat; } >"$tree/$1"
}

# passes WHAT: the checker finds nothing in the tree.
passes() {
    if ! "$scripts/$checker" "$tree" >"$scratch/out" 2>&1; then
        echo "$1: refused, and should not be:"
        cat "$scratch/out"
        failed=1
    fi
}

# catches WHAT FILE:LINE TEXT: the checker fails, with exactly this complaint and no other.
catches() {
    if "$scripts/$checker" "$tree" >"$scratch/out" 2>&1; then
        echo "$1: not caught"
        failed=1
    elif ! grep -F "$2" "$scratch/out" | grep -qF "$3" ||
        [ "$(grep -cE '^[^ ]+:[0-9]+: ' "$scratch/out")" -ne 1 ]; then
        echo "$1: caught with other words than '$2 ... $3':"
        cat "$scratch/out"
        failed=1
    fi
}
