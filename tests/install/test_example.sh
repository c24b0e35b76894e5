#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A project that has never seen this tree: docs/examples/ring, built against what was installed, by
# find_package() and by pkg-config, finds its race, replays it, and holds once it is fixed.  Every
# command of its README is executed.
# shellcheck source=tests/install/lib.sh
. "$(dirname "$0")/lib.sh"

prefix=$scratch/prefix
install_to "$prefix"
cp -R "$source_dir/docs/examples/ring" 'a project'
cd 'a project' || exit 2

# The same compiler and sanitizer as the libraries; `cc` is that of the README.
CC=$(cached CMAKE_C_COMPILER)
CFLAGS="$(cached CMAKE_C_FLAGS) -Wall -Wextra -pedantic -Werror -Wno-missing-field-initializers"
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name heddle.pc)")
export CC CFLAGS PKG_CONFIG_PATH CMAKE_PREFIX_PATH=$prefix
mkdir "$scratch/bin"
# shellcheck disable=SC2016 # for that script
printf '#!/bin/sh\nexec "$CC" $CFLAGS "$@"\n' >"$scratch/bin/cc"
chmod +x "$scratch/bin/cc"
PATH=$scratch/bin:$PATH

awk -v scratch="$scratch" -f "$source_dir/scripts/doc-blocks.awk" README.md
for block in 1 2 3 4; do
    status=0
    sh -eu "$scratch/$block.sh" >"$out" 2>"$err" || status=$?
    ran="block $block of the README"
    if [ "$status" -ne "$(cat "$scratch/$block.status")" ]; then
        fail "$ran: exit status $status"
        exit 1
    fi
    case $block in
    1) says 'ring-heddle/early-head .*Passed' ;;
    2)
        says '^ring/old: wrong-item at consume$'
        says 'Where: consume\(\) \(model/ring\.c:[0-9]+\)'
        says 'ring-heddle replay build/ring-old-wrong-item-'
        ;;
    3)
        says '^ring +old \(broken\), fixed \(fixed\): '
        says '^verdict wrong-item at consume$'
        says '^digest 8706e10e2129ef9d$'
        says '^verdict holds$'
        says "^ring/fixed: no violation in 88 executions .*, the strategy's whole space\$"
        ;;
    4) says '^verdict holds$' ;;
    esac
done
[ ! -e "$scratch/5.sh" ] || fail "the README has more blocks than this test knows"

heddle=build/ring-heddle
found build
run 0 replay --quiet "$case"
run 1 explore ring/old --oracle race --quiet --out build
says '^ring/old: data-race at ring_pop$'
refused 'expected a scenario' explore gfs2-jdata-write
run 0 help
says '^Usage: ring-heddle COMMAND'
equal cases/early-head.sched "$source_dir/docs/examples/ring/cases/early-head.sched" 'the case'

# Another minor version is not what was asked for.
sed -i 's/find_package(heddle 0\.1 /find_package(heddle 0.2 /' CMakeLists.txt
ran='find_package(heddle 0.2)'
if cmake -B build >"$out" 2>"$err"; then
    fail "$ran: found"
fi
complains 'heddleConfig\.cmake, version: 0\.1\.'
finish
