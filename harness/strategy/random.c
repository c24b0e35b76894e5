/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Random walk, with a patience drawn for each execution: at each choice the running actor goes on,
 * but with probability 2^-j one of the enabled actors is drawn, all equally likely.  j is uniform
 * in 0 .. HD_PATIENCE_MAX - 1, so that an execution switches at every choice, or hardly ever.
 *
 * Source     folklore; measured as a baseline that is hard to beat by Thomson, Donaldson, Betts:
 *            "Concurrency Testing Using Schedule Bounding: an Empirical Study", PPoPP 2014.
 * Guarantee  a given schedule with c[i] actors enabled at its i-th choice is taken with probability
 *            at least 1 / (HD_PATIENCE_MAX * c[0] * c[1] * ...): that of the plain walk, j = 0.
 * Departs    the plain walk draws at every choice.  A race that needs one of four actors to stand
 *            still while the others take forty steps is then met once in (4/3)^40 executions.
 *            And forced moves consume no randomness.
 * Cost       O(n) a choice, for the place of a bit; one allocation, when created.
 */
#include <stddef.h>

#include "base/alloc.h"
#include "base/assert.h"
#include "base/prng.h"
#include "strategy/create.h"

#define HD_PATIENCE_MAX 7u

struct walk {
    struct hd_strategy base; /* first: walk_of() relies on it */
    struct hd_prng prng;
    uint64_t impatient; /* draw when the next number is at or below this: 2^(64-j) - 1 */
};

static_assert(offsetof(struct walk, base) == 0, "walk_of() casts a strategy to the walk around it");

static struct walk *walk_of(struct hd_strategy *strategy)
{
    return (struct walk *)strategy;
}

static bool walk_begin(struct hd_strategy *strategy)
{
    struct walk *walk = walk_of(strategy);

    walk->impatient = UINT64_MAX >> hd_prng_below(&walk->prng, HD_PATIENCE_MAX);
    return true; /* a random search exhausts nothing; the budget ends it */
}

static hd_actor_id walk_pick(struct hd_strategy *strategy, const struct hd_choice *choice)
{
    struct walk *walk = walk_of(strategy);

    if (hd_set_has(choice->enabled, choice->running) && hd_prng_next(&walk->prng) > walk->impatient)
        return choice->running;
    return hd_set_nth(choice->enabled, hd_prng_below(&walk->prng, choice->enabled_count));
}

static void walk_end(struct hd_strategy *strategy, const struct hd_trace *trace)
{
    (void)strategy;
    (void)trace;
}

static void walk_free(struct hd_strategy *strategy)
{
    hd_dealloc(walk_of(strategy));
}

static const struct hd_strategy_ops walk_ops = {
    .name = "random",
    .begin = walk_begin,
    .pick = walk_pick,
    .end = walk_end,
    .free = walk_free,
};

enum hd_error hd_random_create(const struct hd_strategy_options *options,
                               struct hd_strategy **ret_strategy)
{
    struct walk *walk = hd_alloc_array(1, sizeof *walk);

    if (!walk)
        return HD_E_NOMEM;
    walk->base.ops = &walk_ops;
    hd_prng_seed(&walk->prng, options->seed);
    *ret_strategy = &walk->base;
    return HD_OK;
}
