/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Follows a list of turns that may not fit: what the mutator has made of a trace.
 *
 * Source     strategy/recorded.c, which stops following where it must.
 * Guarantee  a list that fits is followed to the letter.
 * Departs    from recorded.c: a turn whose actor is not enabled is left out, and the next is looked
 *            at, so that a list with a step too many is still followed behind it.
 * Cost       O(1) a turn; one allocation, when created.
 */
#include "base/alloc.h"
#include "base/assert.h"
#include "explore/mutate.h"
#include "strategy/default.h"

struct follow {
    struct hd_strategy base; /* first: follow_of() relies on it */
    const struct hd_turns *turns;
    uint32_t next;
};

static_assert(offsetof(struct follow, base) == 0,
              "follow_of() casts a strategy to the follow around it");

static struct follow *follow_of(struct hd_strategy *strategy)
{
    return (struct follow *)strategy;
}

static bool follow_begin(struct hd_strategy *strategy)
{
    follow_of(strategy)->next = 0;
    return true;
}

static hd_actor_id follow_pick(struct hd_strategy *strategy, const struct hd_choice *choice)
{
    struct follow *follow = follow_of(strategy);

    while (follow->next < follow->turns->count) {
        hd_actor_id actor = follow->turns->actor[follow->next++];

        if (hd_set_has(choice->enabled, actor))
            return actor;
    }
    return hd_go_on(choice);
}

static void follow_end(struct hd_strategy *strategy, const struct hd_trace *trace)
{
    (void)strategy;
    (void)trace;
}

static void follow_free(struct hd_strategy *strategy)
{
    hd_dealloc(follow_of(strategy));
}

static const struct hd_strategy_ops follow_ops = {
    .name = "follow",
    .sees_forced = true,
    .begin = follow_begin,
    .pick = follow_pick,
    .end = follow_end,
    .free = follow_free,
};

enum hd_error hd_follow_create(const struct hd_turns *turns, struct hd_strategy **ret_strategy)
{
    struct follow *follow = hd_alloc_array(1, sizeof *follow);

    if (!follow)
        return HD_E_NOMEM;
    follow->base.ops = &follow_ops;
    follow->turns = turns;
    *ret_strategy = &follow->base;
    return HD_OK;
}
