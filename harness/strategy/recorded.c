/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A recorded execution, repeated: the actors take their steps in the order of the trace.
 *
 * Forced moves are asked for as well, so each step is compared with the record, and one that can't
 * be repeated is known at once.  A step so wrong that it ended the execution untaken is not in the
 * trace; its actor is the last of the record.
 *
 * Source     record and replay of the schedule alone: everything else in an execution is a function
 *            of it.
 * Guarantee  on an unchanged, deterministic program, the same trace.  Anywhere else, the record as
 *            far as it can be followed, and the first step at which it could not.
 * Departs    in nothing.
 * Cost       O(1) a step; a byte for each step of the record, allocated when created.
 */
#include <stddef.h>

#include "base/alloc.h"
#include "base/assert.h"
#include "heddle/heddle.h"
#include "strategy/default.h"

struct recorded {
    struct hd_strategy base; /* first: recorded_of() relies on it */
    uint32_t divergence;     /* hd_recorded_divergence() */
    uint32_t count;
    hd_actor_id actors[]; /* [i]: took step i, or was about to */
};

static_assert(offsetof(struct recorded, base) == 0,
              "recorded_of() casts a strategy to the recorded around it");

static struct recorded *recorded_of(struct hd_strategy *strategy)
{
    return (struct recorded *)strategy;
}

/* Every execution is the same one; the caller decides how many there are. */
static bool recorded_begin(struct hd_strategy *strategy)
{
    recorded_of(strategy)->divergence = UINT32_MAX;
    return true;
}

static hd_actor_id recorded_pick(struct hd_strategy *strategy, const struct hd_choice *choice)
{
    struct recorded *recorded = recorded_of(strategy);
    uint32_t step = choice->trace->length;

    if (step >= recorded->count)
        return hd_go_on(choice);
    if (hd_set_has(choice->enabled, recorded->actors[step]))
        return recorded->actors[step];
    if (recorded->divergence == UINT32_MAX)
        recorded->divergence = step;
    return hd_go_on(choice);
}

static void recorded_end(struct hd_strategy *strategy, const struct hd_trace *trace)
{
    (void)strategy;
    (void)trace;
}

static void recorded_free(struct hd_strategy *strategy)
{
    hd_dealloc(recorded_of(strategy));
}

static const struct hd_strategy_ops recorded_ops = {
    .name = "recorded",
    .sees_forced = true,
    .begin = recorded_begin,
    .pick = recorded_pick,
    .end = recorded_end,
    .free = recorded_free,
};

enum hd_error hd_strategy_recorded(const struct hd_trace *trace, hd_actor_id last,
                                   struct hd_strategy **ret_strategy)
{
    struct recorded *recorded = hd_alloc_array(1, sizeof *recorded + trace->length + 1);

    if (!recorded)
        return HD_E_NOMEM;
    recorded->base.ops = &recorded_ops;
    recorded->divergence = UINT32_MAX;
    recorded->count = trace->length;
    for (uint32_t i = 0; i < trace->length; i++)
        recorded->actors[i] = trace->steps[i].actor;
    if (last != HD_ACTOR_NONE)
        recorded->actors[recorded->count++] = last;
    *ret_strategy = &recorded->base;
    return HD_OK;
}

uint32_t hd_recorded_divergence(const struct hd_strategy *recorded)
{
    HD_ASSERT(recorded->ops == &recorded_ops);
    return ((const struct recorded *)recorded)->divergence;
}
