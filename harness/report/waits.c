/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/waits.h"

#include <string.h>

#include "base/assert.h"

bool hd_op_tries(uint8_t op)
{
    return op == HD_OP_TRYLOCK || op == HD_OP_TRYGET;
}

bool hd_op_takes(uint8_t op)
{
    return op == HD_OP_LOCK || op == HD_OP_TRYLOCK || op == HD_OP_WRITE_LOCK ||
           op == HD_OP_READ_LOCK || op == HD_OP_RCU_LOCK;
}

bool hd_op_drops(uint8_t op)
{
    return op == HD_OP_UNLOCK || op == HD_OP_READ_UNLOCK || op == HD_OP_RCU_UNLOCK;
}

/* A trylock on a rwsem is one operation for readers and writers; how it is written tells. */
static bool is_shared(const struct hd_step *step, const struct hd_site *site)
{
    return step->op == HD_OP_READ_LOCK || step->op == HD_OP_RCU_LOCK ||
           (step->op == HD_OP_TRYLOCK && site && strncmp(site->what, "down_read", 9) == 0);
}

/* Readers don't mind readers. */
const struct hd_hold *hd_waits_obstacle(const struct hd_waits *waits, const struct hd_step *step)
{
    for (uint32_t i = 0; i < waits->held_count; i++) {
        const struct hd_hold *hold = &waits->held[i];

        if (hold->object == step->object && hold->object != HD_OBJECT_NONE &&
            !(hold->shared && step->op == HD_OP_READ_LOCK))
            return hold;
    }
    return NULL;
}

/* Bit locks may be dropped by somebody else than their holder, so the actor's own hold comes first,
 * then anybody's; the latest of each, since RCU read sections and read locks nest. */
static void drop(struct hd_waits *waits, const struct hd_step *step)
{
    uint32_t found = waits->held_count;

    for (uint32_t i = 0; i < waits->held_count; i++) {
        const struct hd_hold *hold = &waits->held[i];

        if (hold->object != step->object)
            continue;
        if (hold->actor == step->actor || found == waits->held_count ||
            waits->held[found].actor != step->actor)
            found = i;
    }
    if (found == waits->held_count)
        return; /* taken in the set-up, or never: the engine's oracles judge that */
    waits->held_count--;
    memmove(&waits->held[found], &waits->held[found + 1],
            (waits->held_count - found) * sizeof waits->held[0]);
}

/* Records what was in the way of a step, as things are now. */
static void obstruct(struct hd_waits *waits, const struct hd_step *step, uint32_t at, bool waited)
{
    const struct hd_hold *hold = hd_waits_obstacle(waits, step);

    if (!hold || hold->actor == step->actor)
        return;
    waits->steps[at].waited = waited;
    waits->steps[at].holder = hold->actor;
    waits->steps[at].since = hold->since;
}

void hd_waits_apply(struct hd_waits *waits, const struct hd_trace *trace, uint32_t at)
{
    const struct hd_step *step = &trace->steps[at];

    if (step->outcome && hd_op_drops(step->op))
        drop(waits, step);
    else if (step->outcome && hd_op_takes(step->op))
        waits->held[waits->held_count++] = (struct hd_hold){
            step->object, step->actor, is_shared(step, trace->wheres[at].site), at
        };
}

bool hd_waits_compute(struct hd_pool *pool, const struct hd_trace *trace,
                      struct hd_waits *ret_waits)
{
    struct hd_waits waits = { 0 };
    uint32_t next[HD_ACTORS_MAX]; /* [a]: the step that actor a takes after the current one */
    uint32_t *after = hd_pool_array(pool, trace->length, sizeof *after); /* [i]: after step i */

    waits.steps = hd_pool_array(pool, trace->length, sizeof *waits.steps);
    waits.held = hd_pool_array(pool, trace->length, sizeof *waits.held); /* a step takes one */
    if (!after || !waits.steps || !waits.held)
        return false;
    for (uint32_t i = 0; i < HD_ACTORS_MAX; i++)
        next[i] = HD_STEP_NONE;
    for (uint32_t i = trace->length; i-- > 0;) {
        HD_ASSERT(trace->steps[i].actor < HD_ACTORS_MAX);
        after[i] = next[trace->steps[i].actor];
        next[trace->steps[i].actor] = i;
        waits.steps[i] = (struct hd_wait){ false, HD_ACTOR_NONE, HD_STEP_NONE };
    }

    for (uint32_t i = 0; i < trace->length; i++) {
        const struct hd_step *step = &trace->steps[i];

        if (!step->outcome && hd_op_tries(step->op))
            obstruct(&waits, step, i, false);
        hd_waits_apply(&waits, trace, i);
        /* With this step done, the actor stands before its next one: held by another, it waits. */
        if (after[i] != HD_STEP_NONE && hd_op_takes(trace->steps[after[i]].op) &&
            !hd_op_tries(trace->steps[after[i]].op))
            obstruct(&waits, &trace->steps[after[i]], after[i], true);
    }
    *ret_waits = waits;
    return true;
}
