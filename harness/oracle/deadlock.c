/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Deadlock: tasks that have started and not ended, and nobody is enabled.  Since blocking is a
 * predicate the engine knows, "can never go on" is exact: no step of anybody's is left that could
 * change it.  Services at rest, faults, and tasks whose start condition never came true don't
 * count.
 */
#include "oracle/oracle.h"

static bool is_stuck(const struct hd_engine *engine, unsigned i)
{
    const struct hd_view *view = &engine->views[i];

    if (view->state == HD_ENDED || view->state == HD_OFF)
        return false;
    return engine->actor[i]->kind != HD_KIND_FAULT && view->pending.op != HD_OP_SERVE &&
           view->pending.op != HD_OP_START && view->pending.op != HD_OP_BEGIN;
}

uint32_t hd_oracle_stuck(const struct hd_engine *engine, struct hd_stuck *stuck)
{
    uint32_t count = 0;

    for (unsigned i = 0; i < engine->actors; i++) {
        const struct hd_view *view = &engine->views[i];
        struct hd_stuck *s = &stuck[count];

        if (!is_stuck(engine, i))
            continue;
        *s = (struct hd_stuck){ .actor = (hd_actor_id)i,
                                .op = view->pending.op,
                                .object = view->pending.object,
                                .site = view->site };
        s->holder = hd_engine_holder(engine, engine->actor[i], &s->since);
        count++;
    }
    return count;
}

static void deadlock_end(struct hd_engine *engine)
{
    hd_actor_id first = HD_ACTOR_NONE;

    if (engine->end != HD_END_STUCK)
        return;
    for (unsigned i = engine->actors; i-- > 0;)
        if (is_stuck(engine, i))
            first = (hd_actor_id)i;
    HD_ASSERT(first != HD_ACTOR_NONE);
    hd_oracle_judge(engine, HD_ORACLE_DEADLOCK, "deadlock", "no task can ever go on", first,
                    engine->views[first].site, engine->views[first].pending.object);
}

const struct hd_oracle_ops hd_oracle_deadlock = { .oracle = HD_ORACLE_DEADLOCK,
                                                  .end = deadlock_end };
