/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Partial order sampling: a random priority for each pending operation, the highest goes first.
 *
 * An operation keeps its priority while others that have nothing to do with it pass, so how long it
 * waits doesn't depend on how many they are; when one that conflicts with it has been carried out,
 * it draws anew, so that losing one race says nothing about the next.
 *
 * Source     Yuan, Yang, Gu: "Partial Order Aware Concurrency Sampling", CAV 2018.
 * Guarantee  the paper's: each partial order of e events among n actors is sampled with at least
 *            1/n^e, which is all that a random walk can promise, times a factor of at least 1 that
 *            grows as fewer of the events race.  What the tests rely on follows from the algorithm
 *            itself: an operation that conflicts with none of the m events before it comes after
 *            all of them with probability 1/(m + 1), as the lowest of m + 1 equal draws; a random
 *            walk does so with 1/2^m.
 * Departs    priorities are drawn when they are first needed, at a choice, and also for operations
 *            that were blocked when the conflict came.  "Race" is hd_may_conflict(), which knows
 *            more kinds of operation than the paper's reads and writes.
 * Cost       O(n) a step taken, forced ones included, plus O(n) a choice; one allocation, when
 *            created.
 */
#include <stddef.h>

#include "base/alloc.h"
#include "base/assert.h"
#include "base/prng.h"
#include "strategy/create.h"

struct pos {
    struct hd_strategy base; /* first: pos_of() relies on it */
    struct hd_prng prng;
    uint32_t seen;      /* steps of this execution already looked at */
    hd_actor_set drawn; /* actors whose priority belongs to their pending operation */

    /* Of actors in drawn.  Should two be equal (2^-64), the lower-numbered actor goes first. */
    uint64_t priority[HD_ACTORS_MAX];
};

static_assert(offsetof(struct pos, base) == 0, "pos_of() casts a strategy to the pos around it");

static struct pos *pos_of(struct hd_strategy *strategy)
{
    return (struct pos *)strategy;
}

static bool pos_begin(struct hd_strategy *strategy)
{
    struct pos *pos = pos_of(strategy);

    pos->seen = 0;
    pos->drawn = 0;
    return true; /* a random search exhausts nothing; the budget ends it */
}

/*
 * Which actors' pending operations conflict with the step?  The one who took it is among them,
 * since steps of one actor always conflict: it has a new operation.  Whoever took none has the one
 * it had then, so looking at the pending operations now, some steps later, makes no difference.
 */
static hd_actor_set pos_conflicting(const struct hd_choice *choice, hd_actor_set among,
                                    const struct hd_step *step)
{
    hd_actor_set conflicting = 0;

    for (hd_actor_set set = among; set; set &= set - 1) {
        hd_actor_id actor = hd_set_nth(set, 0);

        if (actor == step->actor || hd_may_conflict(step, &choice->views[actor].pending))
            conflicting |= hd_actor_bit(actor);
    }
    return conflicting;
}

static hd_actor_id pos_pick(struct hd_strategy *strategy, const struct hd_choice *choice)
{
    struct pos *pos = pos_of(strategy);
    hd_actor_id best = HD_ACTOR_NONE;

    for (; pos->seen < choice->trace->length; pos->seen++)
        pos->drawn &= ~pos_conflicting(choice, pos->drawn, &choice->trace->steps[pos->seen]);

    for (hd_actor_set set = choice->enabled; set; set &= set - 1) {
        hd_actor_id actor = hd_set_nth(set, 0);

        if (!hd_set_has(pos->drawn, actor))
            pos->priority[actor] = hd_prng_next(&pos->prng);
        if (best == HD_ACTOR_NONE || pos->priority[actor] > pos->priority[best])
            best = actor;
    }
    pos->drawn |= choice->enabled;
    return best;
}

static void pos_end(struct hd_strategy *strategy, const struct hd_trace *trace)
{
    (void)strategy;
    (void)trace;
}

static void pos_free(struct hd_strategy *strategy)
{
    hd_dealloc(pos_of(strategy));
}

static const struct hd_strategy_ops pos_ops = {
    .name = "pos",
    .begin = pos_begin,
    .pick = pos_pick,
    .end = pos_end,
    .free = pos_free,
};

enum hd_error hd_pos_create(const struct hd_strategy_options *options,
                            struct hd_strategy **ret_strategy)
{
    struct pos *pos = hd_alloc_array(1, sizeof *pos);

    if (!pos)
        return HD_E_NOMEM;
    pos->base.ops = &pos_ops;
    hd_prng_seed(&pos->prng, options->seed);
    *ret_strategy = &pos->base;
    return HD_OK;
}
