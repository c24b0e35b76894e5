#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What is installed is complete, and goes away again without a trace.
# shellcheck source=tests/install/lib.sh
. "$(dirname "$0")/lib.sh"

prefix=$scratch/'a prefix'
mkdir "$prefix"
: >"$prefix/not ours"
install_to "$prefix"
for file in bin/heddle 'lib*/libheddle.a' 'lib*/libheddle_command.a' include/heddle/model.h \
    include/heddle/command.h 'lib*/cmake/heddle/heddleConfig.cmake' 'lib*/pkgconfig/heddle.pc' \
    share/bash-completion/completions/heddle; do
    # shellcheck disable=SC2086 # a pattern
    compgen -G "$prefix"/$file >/dev/null || compgen -G "$prefix/lib/*/${file#lib\*/}" >/dev/null ||
        fail "$file was not installed"
done
heddle=$prefix/bin/heddle run 0 --version
[ "$(find "$prefix" ! -type d -printf x | wc -c)" -eq $(($(grep -c . manifest) + 1)) ] ||
    fail "the manifest is not what is there"
! grep -rlF -e "$source_dir" -e "$build" "$prefix" --include='*.cmake' --include='*.pc' \
    --include='*.h' || fail "the installed files know where they were built"

do_ cmake -D manifest=manifest -P "$source_dir/scripts/install/uninstall.cmake"
left=$(find "$prefix" -type f -o -name 'heddle*')
[ "$left" = "$prefix/not ours" ] || fail "left behind: $left"

# Below DESTDIR, as packages are built; and a folder with something else in it stays.
export DESTDIR=$scratch/stage
install_to /opt/heddle
[ -x "$DESTDIR/opt/heddle/bin/heddle" ] || fail "DESTDIR was not obeyed"
: >"$DESTDIR/opt/heddle/include/heddle/mine.h"
do_ cmake -D manifest=manifest -P "$source_dir/scripts/install/uninstall.cmake"
left=$(find "$DESTDIR" -type f)
[ "$left" = "$DESTDIR/opt/heddle/include/heddle/mine.h" ] || fail "left behind: $left"

# Nothing to uninstall.
if cmake -D manifest=nowhere -P "$source_dir/scripts/install/uninstall.cmake" 2>"$err"; then
    fail "uninstalled what was never installed"
fi
complains 'nothing was installed from here'
finish
