/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The critical pair.  Two executions of the same actors, one fails and one passes.  Steps
 * correspond that are an actor's n-th in both.  The first step of the failing execution that saw
 * something else than its counterpart did is where they part; of the steps that conflict with it,
 * the one that stands on its other side in the passing execution made the difference.
 *
 * Where every value is the same, the verdict has the pair: the free and the use, two racing
 * accesses, a lock that is held and the attempt to take it.  Where it has none, it is the first two
 * conflicting steps whose order is another.
 *
 * Cost       O(n^2) looks at the table of conflicts for n steps.
 */
#include "minimise/differ.h"

#include "base/alloc.h"
#include "base/assert.h"
#include "minimise/place.h"

/* Where each step of one trace stands in the other: there[i] for step i, the other's length for a
 * step that it doesn't have. */
static void match(const struct hd_trace *here, const struct hd_trace *other, uint32_t *there)
{
    uint32_t next[HD_ACTORS_MAX] = { 0 };

    for (uint32_t i = 0; i < here->length; i++) {
        hd_actor_id actor = here->steps[i].actor;
        uint32_t at = next[actor];

        while (at < other->length && other->steps[at].actor != actor)
            at++;
        there[i] = at;
        next[actor] = at + (at < other->length);
    }
}

static bool is_same_operation(const struct hd_step *a, const struct hd_step *b)
{
    return a->op == b->op && a->object == b->object;
}

/* The first that saw something else; the failing trace's length if none did. */
static uint32_t first_difference(const struct hd_trace *failing, const struct hd_trace *passing,
                                 const uint32_t *in_passing)
{
    uint32_t i = 0;

    for (; i < failing->length; i++) {
        uint32_t other = in_passing[i];

        if (other < passing->length &&
            is_same_operation(&failing->steps[i], &passing->steps[other]) &&
            (failing->steps[i].value != passing->steps[other].value ||
             failing->steps[i].outcome != passing->steps[other].outcome))
            break;
    }
    return i;
}

/* The latest step before `step` that conflicts with it and stands behind its counterpart in the
 * other trace, or is not there at all; the trace's length if there is none. */
static uint32_t only_before_here(const struct hd_trace *here, uint32_t step, const uint32_t *there)
{
    for (uint32_t i = step; i-- > 0;)
        if (here->steps[i].actor != here->steps[step].actor &&
            hd_may_conflict(&here->steps[i], &here->steps[step]) && there[i] > there[step])
            return i;
    return here->length;
}

/* The first step before which a conflicting one stands that comes behind it in the other trace; the
 * trace's length if there is none. */
static uint32_t first_reversal(const struct hd_trace *here, const struct hd_trace *other,
                               const uint32_t *there, uint32_t *ret_before)
{
    for (uint32_t i = 0; i < here->length; i++) {
        uint32_t before = there[i] < other->length ? only_before_here(here, i, there) : i;

        if (before < i) {
            *ret_before = before;
            return i;
        }
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

/* By what was seen; false if nobody saw anything else. */
static bool compare_values(struct hd_explanation *explanation, const uint32_t *in_passing,
                           const uint32_t *in_failing)
{
    const struct hd_execution *failing = &explanation->failing, *passing = &explanation->passing;
    uint32_t here = first_difference(&failing->trace, &passing->trace, in_passing), there, other;
    struct hd_place place;

    if (here == failing->trace.length)
        return false;
    there = in_passing[here];
    place = hd_place_of_step(explanation->failing_engine, failing, here);
    explanation->has_difference = true;
    explanation->differs = place;
    explanation->instead = hd_place_of_step(explanation->passing_engine, passing, there);
    other = only_before_here(&failing->trace, here, in_passing);
    if (other < failing->trace.length) {
        set_pair(explanation, hd_place_of_step(explanation->failing_engine, failing, other), place);
        return true;
    }
    other = only_before_here(&passing->trace, there, in_failing);
    if (other < passing->trace.length)
        set_pair(explanation, place,
                 hd_place_of_step(explanation->passing_engine, passing, other));
    return explanation->has_pair;
}

/* By order alone: what is read in plain C, under a lock, shows in no step. */
static void compare_orders(struct hd_explanation *explanation, const uint32_t *in_passing)
{
    const struct hd_execution *failing = &explanation->failing;
    uint32_t before,
        step = first_reversal(&failing->trace, &explanation->passing.trace, in_passing, &before);

    if (step < failing->trace.length)
        set_pair(explanation, hd_place_of_step(explanation->failing_engine, failing, before),
                 hd_place_of_step(explanation->failing_engine, failing, step));
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

/* False if the verdict has none. */
static bool pair_of_verdict(struct hd_explanation *explanation)
{
    const struct hd_execution *failing = &explanation->failing;
    const struct hd_verdict *verdict = &failing->verdict;

    if (verdict->oracle == HD_ORACLE_DEADLOCK)
        pair_of_deadlock(explanation);
    else if (verdict->other_step < failing->trace.length && verdict->actor != HD_ACTOR_NONE)
        set_pair(explanation,
                 hd_place_of_step(explanation->failing_engine, failing, verdict->other_step),
                 stand(explanation, verdict->actor));
    return explanation->has_pair;
}

/*
 * What a power loss leaves is decided by the order of writes to blocks that need not be the same.
 * The one that was wrong ended the execution, so the passing one shows it, and which it came too
 * early for.
 */
static bool compare_disks(struct hd_explanation *explanation, const uint32_t *in_failing)
{
    const struct hd_execution *failing = &explanation->failing, *passing = &explanation->passing;
    struct hd_place wrong;
    uint32_t there = 0;

    if (failing->verdict.oracle != HD_ORACLE_DURABILITY || failing->verdict.actor == HD_ACTOR_NONE)
        return false;
    wrong = hd_place_at(explanation->passing_engine, passing, failing->verdict.actor,
                        stand(explanation, failing->verdict.actor).nth);
    for (uint32_t left = wrong.nth + 1; there < passing->trace.length; there++)
        if (passing->trace.steps[there].actor == wrong.actor && --left == 0)
            break;
    while (wrong.taken && there-- > 0)
        if (passing->trace.steps[there].op == HD_OP_DISK_WRITE &&
            in_failing[there] == failing->trace.length) {
            set_pair(explanation, wrong,
                     hd_place_of_step(explanation->passing_engine, passing, there));
            return true;
        }
    return false;
}

static enum hd_error compare(struct hd_explanation *explanation)
{
    const struct hd_trace *failing = &explanation->failing.trace;
    const struct hd_trace *passing = &explanation->passing.trace;
    uint32_t *in_passing = hd_alloc_array((size_t)failing->length + 1, sizeof *in_passing);
    uint32_t *in_failing = hd_alloc_array((size_t)passing->length + 1, sizeof *in_failing);
    enum hd_error error = in_passing && in_failing ? HD_OK : HD_E_NOMEM;

    if (!error) {
        match(failing, passing, in_passing);
        match(passing, failing, in_failing);
        if (!compare_disks(explanation, in_failing) &&
            !compare_values(explanation, in_passing, in_failing) &&
            !pair_of_verdict(explanation))
            compare_orders(explanation, in_passing);
    }
    hd_dealloc(in_passing);
    hd_dealloc(in_failing);
    return error;
}

enum hd_error hd_differ(struct hd_explanation *explanation)
{
    HD_ASSERT(!explanation->failing.verdict.holds);
    if (explanation->passing_case)
        return compare(explanation);
    pair_of_verdict(explanation);
    return HD_OK;
}
