#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Documents show what the command really does: docs/models.md is what the passports say, and each
# command that a document shows runs and prints what stands below it.
# shellcheck disable=SC2016 # what stands between single quotes is Markdown
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"

generate() { # STATUS ARGUMENT...
    local expected=$1 status=0
    shift
    "$source_dir/scripts/generate-docs" "$@" >"$out" 2>"$err" || status=$?
    ran="generate-docs $*"
    [ "$status" -eq "$expected" ] || fail "$ran: exit status $status, expected $expected"
}

generate 0 --check "$heddle"

# The check can fail, and what it asks for makes it pass.
mkdir -p tree/docs
document() {
    printf '%s\n' '# A tree' 'Text.' "$1" 'build/release/heddle --version' 'ls docs' '```' \
        'It prints:' '```text output' "$2" "$3" '```' '```sh' 'nowhere' '```' >tree/README.md
}
version=$("$heddle" --version)
document '```sh run' "$version" x.md
printf 'text\n' >tree/docs/x.md
generate 0 --check "$heddle" tree
document '```sh run' 'heddle 0.0.0' x.md
generate 1 --check "$heddle" tree
says '^-heddle 0\.0\.0$'
says "^\\+$version\$"
says '^README.md is not what .* scripts/generate-docs '
generate 0 "$heddle" tree
generate 0 --check "$heddle" tree
grep -qxF "$version" tree/README.md || fail "the output was not written"
grep -qxF 'nowhere' tree/README.md || fail "another block was touched"

# A command that doesn't end as announced.
document '```sh run status=3' "$version" x.md
generate 1 --check "$heddle" tree
says 'README.md: block 1 ended with status 0, not 3'
printf '%s\n' '```sh run' 'build/release/heddle replay nowhere' '```' >tree/README.md
generate 1 --check "$heddle" tree
says 'block 1 ended with status 2, not 0'
printf '%s\n' '```sh run status=2' 'build/release/heddle replay nowhere' '```' >tree/README.md
generate 0 --check "$heddle" tree

generate 4 --check ./nowhere tree
generate 2 --check a b c
finish
