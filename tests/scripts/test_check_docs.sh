#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every rule of check-docs: what is allowed passes, one planted breach is caught at its line.
# shellcheck disable=SC2016 # what stands between single quotes is Markdown
set -u
# shellcheck source=tests/scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck disable=SC2034 # used by lib.sh
checker=check-docs

sound_tree() {
    rm -rf "${tree:?}"/*
    printf 'enum hd_error hd_execute(void);\n#define HD_ACTORS_MAX 64\n' |
        plant harness/include/heddle/heddle.h
    printf '#include "x.h"\n' | plant harness/base/buf.c
    printf '# Words, and `more`\n\ntext\n' | plant docs/GLOSSARY.md
    plant README.md <<'END'
# The first heading
[words](docs/GLOSSARY.md), [one](docs/GLOSSARY.md#words-and-more), [here](#the-first-heading),
[there](docs/../docs/./GLOSSARY.md), [outside](https://example.org/nothing), [a folder](docs/),
`harness/base/buf.c`, `harness/base/`, `harness/<layer>/*.c`, `build/release/heddle`, `and/or`,
`hd_execute()`, `hd_execute`, `HD_ACTORS_MAX`, `harness/base/buf.c:12`
```sh
harness/nowhere hd_nowhere [no](nowhere.md)
# no heading
```
END
}

# breach WHAT TEXT REASON: as line 3 of a document in docs/.
breach() {
    sound_tree
    printf '\n%s\n' "$2" | plant docs/x.md
    catches "$1" docs/x.md:3: "$3"
}

sound_tree
passes "a sound tree"
breach "a dead link" 'see [this](nowhere.md)' "no docs/nowhere.md"
breach "a dead link upwards" 'see [this](../nowhere.md)' "no nowhere.md"
breach "the second link of a line" '[a](GLOSSARY.md) [b](b.md)' "no docs/b.md"
breach "a dead anchor" '[a](GLOSSARY.md#nothing)' "no heading #nothing in docs/GLOSSARY.md"
breach "a dead anchor here" '[a](#nothing)' "no heading #nothing in docs/x.md"
breach "a heading that is a comment in a block" '[a](../README.md#no-heading)' "no heading"
breach "a path that is gone" 'in `harness/base/gone.c`' "no harness/base/gone.c"
breach "a pattern that nothing meets" 'in `docs/*.html`' "nothing like docs/*.html"
breach "a placeholder that nothing meets" 'in `harness/<layer>/x.c`' "nothing like"
breach "a function that is gone" 'calls `hd_gone()`' "no hd_gone in the sources"
breach "a constant that is gone" 'at most `HD_GONE`' "no HD_GONE in the sources"

rm -rf "${tree:?}"/*
if "$scripts/check-docs" "$tree" >/dev/null 2>&1; then
    echo "a tree without documents passes"
    failed=1
fi
exit $failed
