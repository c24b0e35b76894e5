/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The critical pair.  Two executions of the same actors, one fails and one passes.  Steps
 * correspond that are an actor's n-th in both.  The first step of the failing execution that saw
 * something else than its counterpart did is where they part; of the steps that conflict with it,
 * the one that stands on its other side in the passing execution made the difference.
 *
 * Where every value is the same, the verdict has the pair: the free and the use, two racing
 * accesses, a lock that is held and the attempt to take it.
 */
#include "minimise/differ.h"

#include "base/assert.h"
#include "minimise/place.h"

/* The step of a trace that is the actor's nth; the trace's length if there is none. */
static uint32_t step_of(const struct hd_trace *trace, hd_actor_id actor, uint32_t nth)
{
    uint32_t i = 0;

    for (; i < trace->length; i++)
        if (trace->steps[i].actor == actor && nth-- == 0)
            break;
    return i;
}

/* Where a step of one trace stands in the other. */
static uint32_t counterpart(const struct hd_trace *from, uint32_t step, const struct hd_trace *in)
{
    hd_actor_id actor = from->steps[step].actor;

    return step_of(in, actor, hd_steps_before(from, actor, step));
}

static bool is_same_operation(const struct hd_step *a, const struct hd_step *b)
{
    return a->op == b->op && a->object == b->object;
}

/* The first that saw something else; the failing trace's length if none did. */
static uint32_t first_difference(const struct hd_trace *failing, const struct hd_trace *passing)
{
    uint32_t i = 0;

    for (; i < failing->length; i++) {
        uint32_t other = counterpart(failing, i, passing);

        if (other < passing->length &&
            is_same_operation(&failing->steps[i], &passing->steps[other]) &&
            (failing->steps[i].value != passing->steps[other].value ||
             failing->steps[i].outcome != passing->steps[other].outcome))
            break;
    }
    return i;
}

/*
 * The latest step before `step` of one trace that conflicts with it and does not come before its
 * counterpart in the other; the trace's length if there is none.
 */
static uint32_t only_before_here(const struct hd_trace *here, uint32_t step,
                                 const struct hd_trace *there, uint32_t there_step)
{
    for (uint32_t i = step; i-- > 0;) {
        if (here->steps[i].actor == here->steps[step].actor ||
            !hd_may_conflict(&here->steps[i], &here->steps[step]))
            continue;
        if (counterpart(here, i, there) > there_step)
            return i;
    }
    return here->length;
}

static void set_pair(struct hd_explanation *explanation, struct hd_place first,
                     struct hd_place second)
{
    explanation->has_pair = true;
    explanation->first = first;
    explanation->second = second;
}

static void compare(struct hd_explanation *explanation)
{
    const struct hd_execution *failing = &explanation->failing, *passing = &explanation->passing;
    uint32_t here = first_difference(&failing->trace, &passing->trace), there, other;
    struct hd_place place;

    if (here == failing->trace.length)
        return;
    there = counterpart(&failing->trace, here, &passing->trace);
    place = hd_place_of_step(explanation->failing_engine, failing, here);
    explanation->has_difference = true;
    explanation->differs = place;
    explanation->instead = hd_place_of_step(explanation->passing_engine, passing, there);
    other = only_before_here(&failing->trace, here, &passing->trace, there);
    if (other < failing->trace.length) {
        set_pair(explanation, hd_place_of_step(explanation->failing_engine, failing, other), place);
        return;
    }
    other = only_before_here(&passing->trace, there, &failing->trace, here);
    if (other < passing->trace.length)
        set_pair(explanation, place,
                 hd_place_of_step(explanation->passing_engine, passing, other));
}

/* The actor as it stood at the end. */
static struct hd_place stand(const struct hd_explanation *explanation, hd_actor_id actor)
{
    const struct hd_trace *trace = &explanation->failing.trace;

    return hd_place_at(explanation->failing_engine, &explanation->failing, actor,
                       hd_steps_before(trace, actor, trace->length));
}

/* Of those who wait for somebody: the one whose obstacle came last. */
static void pair_of_deadlock(struct hd_explanation *explanation)
{
    const struct hd_execution *failing = &explanation->failing;
    const struct hd_stuck *last = NULL;

    for (uint32_t i = 0; i < failing->stuck_count; i++) {
        const struct hd_stuck *stuck = &failing->stuck[i];

        if (stuck->holder != HD_ACTOR_NONE && stuck->since < failing->trace.length &&
            (!last || stuck->since > last->since))
            last = stuck;
    }
    if (last)
        set_pair(explanation,
                 hd_place_of_step(explanation->failing_engine, failing, last->since),
                 stand(explanation, last->actor));
}

static void pair_of_verdict(struct hd_explanation *explanation)
{
    const struct hd_execution *failing = &explanation->failing;
    const struct hd_verdict *verdict = &failing->verdict;

    if (verdict->oracle == HD_ORACLE_DEADLOCK)
        pair_of_deadlock(explanation);
    else if (verdict->other_step < failing->trace.length && verdict->actor != HD_ACTOR_NONE)
        set_pair(explanation,
                 hd_place_of_step(explanation->failing_engine, failing, verdict->other_step),
                 stand(explanation, verdict->actor));
}

void hd_differ(struct hd_explanation *explanation)
{
    HD_ASSERT(!explanation->failing.verdict.holds);
    if (explanation->passing_case)
        compare(explanation);
    if (!explanation->has_pair)
        pair_of_verdict(explanation);
}
