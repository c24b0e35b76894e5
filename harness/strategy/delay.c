/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Delay bounding: a fixed round, and a few delays.
 *
 * Without a delay the actors run in the order of their numbers, each as far as it goes.  A delay
 * passes over the one whose turn it is: the next in the round that can run takes it.
 *
 * Source     Emmi, Qadeer, Rakamaric: "Delay-Bounded Scheduling", POPL 2011.
 * Guarantee  a given schedule of at most d delays is taken with probability at least
 *            1 / ((d + 1) * k^d), for at most k choices.
 * Departs    from the paper in that the delays are drawn, not enumerated: their number, uniform in
 *            0 .. d, and each of their places among the k choices of the longest execution so far
 *            (or the first guess).  Several may fall on one choice, and add up.
 * Cost       O(n + d) a choice; one allocation, when created.
 */
#include <stddef.h>

#include "base/alloc.h"
#include "base/assert.h"
#include "base/prng.h"
#include "strategy/create.h"
#include "strategy/default.h"

#define DELAYS_DEFAULT 3

struct delay {
    struct hd_strategy base; /* first: delay_of() relies on it */
    struct hd_prng prng;
    uint32_t bound;                /* d */
    uint32_t choices;              /* k, at least 1 */
    uint32_t count;                /* delays of this execution */
    uint32_t at[HD_PCT_DEPTH_MAX]; /* [i], i < count: the choice of a delay */
};

static_assert(offsetof(struct delay, base) == 0,
              "delay_of() casts a strategy to the delay around it");

static struct delay *delay_of(struct hd_strategy *strategy)
{
    return (struct delay *)strategy;
}

static bool delay_begin(struct hd_strategy *strategy)
{
    struct delay *delay = delay_of(strategy);

    delay->count = hd_prng_below(&delay->prng, delay->bound + 1);
    for (uint32_t i = 0; i < delay->count; i++)
        delay->at[i] = hd_prng_below(&delay->prng, delay->choices);
    return true; /* a random search exhausts nothing; the budget ends it */
}

/* The next in the round that can run. */
static hd_actor_id next_of(hd_actor_set enabled, hd_actor_id actor)
{
    hd_actor_set behind = actor < HD_ACTORS_MAX - 1 ? enabled & ~((hd_actor_bit(actor) << 1) - 1)
                                                    : 0;

    return hd_set_nth(behind ? behind : enabled, 0);
}

static hd_actor_id delay_pick(struct hd_strategy *strategy, const struct hd_choice *choice)
{
    struct delay *delay = delay_of(strategy);
    hd_actor_id turn = choice->running;

    if (turn == HD_ACTOR_NONE)
        turn = hd_set_nth(choice->enabled, 0);
    else if (!hd_set_has(choice->enabled, turn))
        turn = next_of(choice->enabled, turn);
    for (uint32_t i = 0; i < delay->count; i++)
        if (delay->at[i] == choice->index)
            turn = next_of(choice->enabled, turn);
    return turn;
}

/* k must bound the length of an execution, or its last choices would never see a delay. */
static void delay_end(struct hd_strategy *strategy, const struct hd_trace *trace)
{
    struct delay *delay = delay_of(strategy);

    if (delay->choices < trace->choices)
        delay->choices = trace->choices;
}

static void delay_free(struct hd_strategy *strategy)
{
    hd_dealloc(delay_of(strategy));
}

static const struct hd_strategy_ops delay_ops = {
    .name = "delay",
    .begin = delay_begin,
    .pick = delay_pick,
    .end = delay_end,
    .free = delay_free,
};

enum hd_error hd_delay_create(const struct hd_strategy_options *options,
                              struct hd_strategy **ret_strategy)
{
    struct delay *delay;

    if (options->depth > HD_PCT_DEPTH_MAX)
        return HD_E_RANGE;
    delay = hd_alloc_array(1, sizeof *delay);
    if (!delay)
        return HD_E_NOMEM;
    delay->base.ops = &delay_ops;
    delay->bound = options->depth ? options->depth : DELAYS_DEFAULT;
    delay->choices = options->choices ? options->choices : 1;
    hd_prng_seed(&delay->prng, options->seed);
    *ret_strategy = &delay->base;
    return HD_OK;
}
