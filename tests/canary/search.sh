#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# libFuzzer must find the canary by itself, and keep the input that shows it.
# usage: search.sh PROGRAM
set -u

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
"$1" -seed=1 -runs=2000000 -artifact_prefix="$dir/" >"$dir/out" 2>&1
status=$?
for artifact in "$dir"/crash-*; do
    if [ "$status" -ne 0 ] && [ "$(head -c 4 "$artifact" 2>/dev/null)" = tuna ]; then
        exit 0
    fi
done
echo "the canary was not found: exit status $status"
tail -n 20 "$dir/out"
exit 1
