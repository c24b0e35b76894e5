/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Run it twice: the check that an execution is a function of its schedule, around any strategy.
 *
 * The first of each two executions is the inner strategy's own; its steps are kept.  The second is
 * steered along them and compared.  After a difference there is nothing more to learn, and begin()
 * ends the search.
 *
 * Source     shuttle's uncontrolled-nondeterminism check; the double runs of zstd's fuzz targets.
 * Guarantee  a program whose steps depend on anything else than the schedule is caught in the first
 *            execution where that shows, and the first step that differs is named.
 * Departs    from shuttle in comparing whole steps, with values and outcomes, not only who could
 *            run.  Where the copy of the steps can't be allocated, that execution is not repeated
 *            and hd_strategy_complete() is false.
 * Cost       each execution twice, and a copy of its steps; allocates in end() only, by doubling.
 */
#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "base/assert.h"
#include "heddle/heddle.h"

struct twice {
    struct hd_strategy base;   /* first: twice_of() relies on it */
    struct hd_strategy *inner; /* owned */
    uint32_t difference;       /* hd_twice_difference() */
    bool second;               /* the execution under way, or the next one, is a repetition */
    bool partial;              /* an execution was not repeated, for want of memory */
    hd_actor_id last;          /* the inner strategy's latest answer, HD_ACTOR_NONE for a cut */
    uint32_t last_at;          /* the step it was for; UINT32_MAX before the first */
    uint32_t length;           /* of the first execution */
    size_t room;
    struct hd_step *steps; /* of the first execution */
};

static_assert(offsetof(struct twice, base) == 0,
              "twice_of() casts a strategy to the one around it");
static_assert(sizeof(struct hd_step) == 16, "steps are compared as bytes: no padding");

static struct twice *twice_of(struct hd_strategy *strategy)
{
    return (struct twice *)strategy;
}

static bool twice_begin(struct hd_strategy *strategy)
{
    struct twice *twice = twice_of(strategy);

    if (twice->difference != UINT32_MAX)
        return false;
    if (twice->second)
        return true;
    twice->last_at = UINT32_MAX;
    return twice->inner->ops->begin(twice->inner);
}

/*
 * The actor that took this step the first time.  Behind the last step there may have been one more
 * answer: a cut, or an actor whose step was so wrong that it was never taken.
 */
static hd_actor_id repeat(struct twice *twice, const struct hd_choice *choice)
{
    uint32_t step = choice->trace->length;
    hd_actor_id actor = HD_ACTOR_NONE;

    if (step < twice->length)
        actor = twice->steps[step].actor;
    else if (step == twice->length && twice->last_at == step)
        actor = twice->last;
    else
        twice->difference = twice->length;
    if (actor != HD_ACTOR_NONE && !hd_set_has(choice->enabled, actor)) {
        twice->difference = step;
        return HD_ACTOR_NONE;
    }
    return actor;
}

static hd_actor_id twice_pick(struct hd_strategy *strategy, const struct hd_choice *choice)
{
    struct twice *twice = twice_of(strategy);

    if (twice->second)
        return repeat(twice, choice);
    twice->last = twice->inner->ops->pick(twice->inner, choice);
    twice->last_at = choice->trace->length;
    return twice->last;
}

static bool keep(struct twice *twice, const struct hd_trace *trace)
{
    size_t room = twice->room ? twice->room : 256;
    struct hd_step *steps;

    while (room < trace->length)
        room *= 2;
    if (room > twice->room) {
        steps = hd_realloc_array(twice->steps, room, sizeof *steps);
        if (!steps)
            return false;
        twice->steps = steps;
        twice->room = room;
    }
    if (trace->length)
        memcpy(twice->steps, trace->steps, trace->length * sizeof *trace->steps);
    twice->length = trace->length;
    return true;
}

/* What it finds is never later than what repeat() has found: that one ended the execution. */
static void compare(struct twice *twice, const struct hd_trace *trace)
{
    uint32_t shorter = trace->length < twice->length ? trace->length : twice->length;

    for (uint32_t i = 0; i < shorter; i++)
        if (memcmp(&trace->steps[i], &twice->steps[i], sizeof trace->steps[i]) != 0) {
            twice->difference = i;
            return;
        }
    if (trace->length != twice->length)
        twice->difference = shorter;
}

static void twice_end(struct hd_strategy *strategy, const struct hd_trace *trace)
{
    struct twice *twice = twice_of(strategy);

    if (twice->second) {
        compare(twice, trace);
        twice->second = false;
        return;
    }
    twice->second = keep(twice, trace);
    twice->partial |= !twice->second;
    twice->inner->ops->end(twice->inner, trace);
}

static void twice_free(struct hd_strategy *strategy)
{
    struct twice *twice = twice_of(strategy);

    hd_strategy_free(twice->inner);
    hd_dealloc(twice->steps);
    hd_dealloc(twice);
}

static bool twice_complete(const struct hd_strategy *strategy)
{
    const struct twice *twice = (const struct twice *)strategy;

    return !twice->partial && hd_strategy_complete(twice->inner);
}

/* One for each answer to sees_forced, which has to be the inner strategy's. */
static const struct hd_strategy_ops twice_ops[2] = {
    {
        .name = "twice",
        .begin = twice_begin,
        .pick = twice_pick,
        .end = twice_end,
        .free = twice_free,
        .complete = twice_complete,
    },
    {
        .name = "twice",
        .sees_forced = true,
        .begin = twice_begin,
        .pick = twice_pick,
        .end = twice_end,
        .free = twice_free,
        .complete = twice_complete,
    },
};

enum hd_error hd_strategy_twice(struct hd_strategy *inner, struct hd_strategy **ret_strategy)
{
    struct twice *twice = hd_alloc_array(1, sizeof *twice);

    if (!twice)
        return HD_E_NOMEM;
    twice->base.ops = &twice_ops[inner->ops->sees_forced];
    twice->inner = inner;
    twice->difference = UINT32_MAX;
    *ret_strategy = &twice->base;
    return HD_OK;
}

uint32_t hd_twice_difference(const struct hd_strategy *twice)
{
    HD_ASSERT(twice->ops == &twice_ops[0] || twice->ops == &twice_ops[1]);
    return ((const struct twice *)twice)->difference;
}
