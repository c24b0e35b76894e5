# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# For the tests of what `cmake --install` leaves: tests/cli/lib.sh, and a way to install the build
# that the command under test belongs to.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../cli/lib.sh"

# shellcheck disable=SC2154 # of lib.sh
build=$(dirname "$heddle")
if [ ! -f "$build/CMakeCache.txt" ]; then
    echo "skipped: $heddle is not in the folder of a build"
    exit 77
fi
if grep -q '^CMAKE_CROSSCOMPILING_EMULATOR:' "$build/CMakeCache.txt"; then
    echo "skipped: what is built for another machine is not installed on this one"
    exit 77
fi

# cached NAME: a value of the build's cache.
cached() {
    sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt"
}

# do_ COMMAND...: must succeed; its output is shown if it doesn't.
do_() {
    ran=$*
    "$@" >"$out" 2>"$err" || {
        fail "$ran: exit status $?"
        exit 1
    }
}

# The manifest of a build says what was installed last, so only one test at a time may install.
# install_to PREFIX
install_to() {
    exec 9>"$build/install.lock"
    flock 9
    do_ cmake --install "$build" --prefix "$1"
    cp "$build/install_manifest.txt" manifest
    exec 9>&-
}
