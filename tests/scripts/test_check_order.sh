#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The rule of check-style about models: one call that reaches the model API an expression, unless C
# says which comes first.
set -u
# shellcheck source=tests/scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck disable=SC2034 # used by lib.sh
checker=check-style

# model STATEMENT: it stands in line 14 of a file of its own; see_flag and its kin reach the API.
model() {
    rm -rf "${tree:?}"/*
    mkdir "$tree/scripts"
    { echo "# $licence: LGPL-2.1-or-later" && echo "#"; } >"$tree/scripts/style-exceptions"
    plant models/x/help.h <<'C'
#define PEEK(x) \
    hd_load(x)
C
    plant models/x/x.c <<C
static int see_flag(int *x)
{
    return hd_load(x);
}
static int see_short(int *x) { return hd_load(x); }
static int see_none(int *x) { return *x; }
static int see_deep(int *x)
{
    return see_flag(x);
}
static void body(int *p, int *q)
{
    $1
}
C
}

allowed() {
    model "$1"
    passes "allowed: $1"
}

refused() {
    model "$1"
    catches "refused: $1" models/x/x.c:14: "${2-side by side}"
}

allowed 'x = hd_load(p);'
allowed 'hd_store(p, 1); hd_store(q, 1);'
allowed 'if (hd_load(p)) hd_store(p, 1);'
allowed 'if (!hd_load(p) && hd_load(q)) x = hd_load(q);'
allowed 'while (see_flag(p) || see_flag(q)) hd_step();'
allowed 'for (i = hd_load(p); i < hd_load(q); i++) hd_step();'
allowed 'x = hd_load(p) ? hd_load(q) : hd_load(p);'
allowed 'switch (hd_load(p)) { case 1: hd_step(); break; default: hd_step(); }'
allowed 'int a = hd_load(p), b = hd_load(q);'
allowed 'x = see_deep(q + see_flag(p));'
allowed 'x = see_none(p) + see_none(q) + see_flag(p);'
allowed 'hd_wait_event(q, hd_load(p) == 1);'
allowed 'HD_CHECK(hd_load(p) == 1, "kind", "detail");'
allowed 'hd_store(p, hd_self() + hd_param(1));'
allowed 'x = sizeof(hd_load(p)) + hd_load(p);'
allowed 'for_each(p) { hd_store(p, 1); hd_store(q, 1); }'
allowed 'f("hd_load(p)", hd_load(q)); /* hd_load(p) */'

refused 'x = hd_load(p) + hd_load(q);'
refused 'f(hd_load(p), hd_load(q));'
refused 'f(hd_load(p) && hd_load(q), hd_load(p));'
refused 'if (hd_load(p) == hd_load(q)) return;'
refused 'x = see_flag(p) + see_flag(q);'
refused 'x = see_deep(p) + see_deep(q);'
refused 'x = see_short(p) + see_short(q);'
refused 'x = PEEK(p) + PEEK(q);'
refused 'x = ops->see(p) + hd_load(q);'
refused 'a[hd_load(p)] = hd_load(q);'
refused 'struct pair x = { hd_load(p), hd_load(q) };'
refused 'hd_store(p, hd_load(q));' "within the arguments"
refused 'hd_cmpxchg(p, x, hd_load(q));' "within the arguments"

# A whole function on one line is looked into as well.
model 'return;'
echo 'static int both(int *p, int *q) { return hd_load(p) + hd_load(q); }' >>"$tree/models/x/x.c"
catches "a function on one line" models/x/x.c:16: "side by side"
exit $failed
