/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rungs: a ladder that only one order of many climbs.  One actor counts from 1 to 30; the other
 * looks 30 times, and at five of its looks the count has to be just so.  A wrong count at one of
 * them, and the ladder is gone; nothing else goes wrong before the top.
 *
 * By hand: 30 counts and 30 looks have C(60,30) = 1.2e17 orders.  To climb, look number l must come
 * when the count is c, so a ladder leaves the product of C(l' - 1 - l + c' - c, c' - c) over its
 * rungs: for `near` one order in 23 thousand, for the others one in 3.5e11.
 *
 * For measuring what guides a fuzzer: `seen` keeps the rung in shared memory, `unseen` in a local
 * variable; `near` is as seen, but both actors go on at the same pace; `none` has a rung that
 * cannot be reached.
 */
#include "heddle/model.h"

enum variant { SEEN, UNSEEN, NEAR, NONE };

#define LOOKS 30
#define RUNGS 5
#define GONE  99u

struct rungs {
    struct {
        uint32_t value;
    } count __attribute__((aligned(16)));
    uint32_t rung;
};

static const struct rung {
    uint32_t look, count;
} diagonal[RUNGS] = { { 3, 4 }, { 8, 9 }, { 14, 15 }, { 19, 21 }, { 27, 26 } },
  away[RUNGS] = { { 2, 19 }, { 5, 21 }, { 6, 25 }, { 20, 27 }, { 29, 28 } },
  impossible[RUNGS] = { { 3, 4 }, { 8, 9 }, { 14, 15 }, { 19, 21 }, { 27, 20 } };

static const struct rung *ladder(void)
{
    if (hd_variant() == NONE)
        return impossible;
    return hd_variant() == NEAR ? diagonal : away;
}

static void counter(void *state, unsigned instance)
{
    struct rungs *rungs = state;

    (void)instance;
    for (uint32_t i = 1; i <= LOOKS; i++)
        hd_write_once(&rungs->count.value, i);
}

/* The rung is where the look before left it; who else would change it? */
static void watcher(void *state, unsigned instance)
{
    struct rungs *rungs = state;
    const struct rung *next = ladder();
    uint32_t rung = 0;

    (void)instance;
    for (uint32_t look = 1; look <= LOOKS; look++) {
        uint32_t count = hd_read_once(&rungs->count.value);

        if (hd_variant() != UNSEEN)
            rung = hd_read_once(&rungs->rung);
        if (rung >= RUNGS || look != next[rung].look)
            continue;
        rung = count == next[rung].count ? rung + 1 : GONE;
        if (hd_variant() != UNSEEN)
            hd_write_once(&rungs->rung, rung);
        HD_CHECK(rung != RUNGS, "top-rung", "all five were met, in order");
    }
}

static void setup(void *state)
{
    struct rungs *rungs = state;

    hd_name(&rungs->count.value, "count", -1);
    hd_name(&rungs->rung, "rung", -1);
}

static const struct hd_param_info params[] = { { NULL } };

static const struct hd_variant_info variants[] = {
    [SEEN] = { "seen", "the rung is in shared memory", HD_MUTANT },
    [UNSEEN] = { "unseen", "the rung is a local variable", HD_MUTANT },
    [NEAR] = { "near", "as seen, with rungs that both reach at the same pace", HD_MUTANT },
    [NONE] = { "none", "the last rung cannot be reached", HD_FIXED },
    { NULL }
};

static const struct hd_role_info roles[] = {
    { .name = "counter", .summary = "counts", .run = counter },
    { .name = "watcher", .summary = "looks", .run = watcher },
    { NULL }
};

static const struct hd_workload_info workloads[] = {
    { "hard-thirty", "thirty counts, thirty looks", "",
      { { "seen", "top-rung", "watcher" },
        { "unseen", "top-rung", "watcher" },
        { "near", "top-rung", "watcher" },
        { "none", "holds", NULL } } },
    { NULL }
};

static const char *const kinds[] = { "top-rung", NULL };

const struct hd_scenario synthetic_rungs = {
    .name = "rungs",
    .summary = "five switches that have to come just so: what guides a fuzzer?",
    .passport = {
        .source = "our own",
        .functions = "none",
        .kept = "a counter, who looks at it, and five of the looks that matter",
        .left_out = "everything else",
        .invariants = "the top rung is never reached",
        .reference = "bench/ablation",
        .evidence = HD_SYNTHETIC,
    },
    .variants = variants,
    .params = params,
    .roles = roles,
    .workloads = workloads,
    .kinds = kinds,
    .state_bytes = sizeof(struct rungs),
    .setup = setup,
};
