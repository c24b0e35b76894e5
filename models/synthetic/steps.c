/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * steps: actors that each take a number of steps on an object of their own, and the last on a
 * shared one.  For measuring: its cost is the engine's.
 *
 * Exact, by hand: n actors of m steps have (n*m)! / (m!)^n executions, 184756 for 2 of 10; they
 * fall in n! classes, the orders of the last steps.
 */
#include "heddle/model.h"

enum param { ACTORS, STEPS };

#define STEPS_ACTORS_MAX 16u

struct own {
    uint32_t value;
} __attribute__((aligned(16)));

struct steps {
    struct own own[STEPS_ACTORS_MAX];
    uint32_t shared;
};

static void run(void *state, unsigned instance)
{
    struct steps *steps = state;
    uint32_t last = (uint32_t)hd_param(STEPS) - 1;

    for (uint32_t i = 0; i < last; i++)
        hd_write_once(&steps->own[instance].value, i);
    (void)hd_fetch_add(&steps->shared, 1);
}

static void setup(void *state)
{
    struct steps *steps = state;

    for (int i = 0; i < (int)hd_param(ACTORS); i++)
        hd_name(&steps->own[i], "own", i);
    hd_name(&steps->shared, "shared", -1);
}

static void check(void *state)
{
    const struct steps *steps = state;

    HD_CHECK(steps->shared == hd_param(ACTORS), "lost-step", "an atomic increment is missing");
}

static const struct hd_param_info params[] = {
    [ACTORS] = { "actors", "who take the steps", 2, 1, STEPS_ACTORS_MAX },
    [STEPS] = { "steps", "of each actor, the last on the shared object", 10, 1, 1000 },
    { NULL }
};

static const struct hd_variant_info variants[] = {
    { "plain", "nothing but steps", HD_POSITIVE },
    { NULL }
};

static const struct hd_role_info roles[] = {
    { .name = "actor", .summary = "takes steps", .run = run, .count_param = ACTORS + 1 },
    { NULL }
};

static const struct hd_workload_info workloads[] = {
    { "2x10", "two actors, ten steps", "", { { "plain", "holds", NULL } } },
    { "8x10", "eight actors, ten steps", "actors=8", { { "plain", "holds", NULL } } },
    { "2x100", "two actors, a hundred steps", "steps=100", { { "plain", "holds", NULL } } },
    { NULL }
};

static const char *const kinds[] = { "lost-step", NULL };

const struct hd_scenario synthetic_steps = {
    .name = "steps",
    .summary = "nothing but steps, for measuring",
    .passport = {
        .source = "our own",
        .functions = "none",
        .kept = "marked writes to own objects, one atomic increment of a shared one",
        .left_out = "everything else",
        .invariants = "the increments add up",
        .reference = "counts of executions in the source",
        .evidence = HD_SYNTHETIC,
    },
    .step_limit = 20000,
    .variants = variants,
    .params = params,
    .roles = roles,
    .workloads = workloads,
    .vary = "actors steps",
    .kinds = kinds,
    .state_bytes = sizeof(struct steps),
    .setup = setup,
    .check = check,
};
