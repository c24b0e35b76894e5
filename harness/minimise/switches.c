/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The third pass: fewer switches.  Segments are removed in chunks of half the schedule, a quarter,
 * and so on to one; what a removed segment did is done by its actor's next one (it runs on for as
 * many steps more), or not at all.  Single segments are also moved up, to join an earlier one.
 *
 * Source     chunks: Zeller, Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE
 *            TSE 2002.  Joining earlier or later: Jalbert, Sen, "A Trace Simplification Technique
 *            for Effective Debugging of Concurrent Programs", FSE 2010.
 * Guarantee  when it returns without a change, no single segment can be removed or joined with
 *            another of its actor.
 * Departs    from ddmin in trying only what is left, never a chunk alone: a chunk of a schedule is
 *            seldom one.
 * Cost       O(n) executions where most can go, O(n^2) at worst, n segments.
 */
#include <string.h>

#include "minimise/shrink.h"

#define ROLES (HD_ROLE_FAULT + HD_FAULTS_MAX)

/* Steps that an actor is yet to take for segments that were removed. */
struct debts {
    uint32_t steps[ROLES][HD_ACTORS_MAX];
};

static uint32_t *debt_of(struct debts *debts, const struct hd_segment *segment)
{
    return &debts->steps[segment->role][segment->instance];
}

static void pay(struct debts *debts, struct hd_segment *segment)
{
    uint32_t *debt = debt_of(debts, segment);

    if (segment->until == HD_UNTIL_COUNT && *debt <= HD_SEGMENT_COUNT_MAX - segment->count)
        segment->count += *debt;
    *debt = 0;
}

/* The best without count segments from first on; later: their steps are taken later. */
static struct hd_case *without(struct hd_shrink *shrink, uint32_t first, uint32_t count, bool later)
{
    struct hd_case *candidate = hd_shrink_copy(shrink);
    struct debts debts;
    uint32_t kept = first;

    if (!candidate)
        return NULL;
    memset(&debts, 0, sizeof debts);
    for (uint32_t i = first; i < candidate->segment_count; i++) {
        struct hd_segment segment = candidate->segments[i];

        if (i - first < count) {
            if (later)
                *debt_of(&debts, &segment) += shrink->best_steps[i];
        } else {
            pay(&debts, &segment);
            candidate->segments[kept++] = segment;
        }
    }
    candidate->segment_count = kept;
    return candidate;
}

static bool remove_chunk(struct hd_shrink *shrink, uint32_t first, uint32_t count)
{
    return hd_shrink_try(shrink, without(shrink, first, count, true)) ||
           hd_shrink_try(shrink, without(shrink, first, count, false));
}

/* Segment i runs as far as its actor's next one did, and that one goes. */
static bool join_next(struct hd_shrink *shrink, uint32_t i)
{
    const struct hd_case *best = shrink->best;
    struct hd_case *candidate;
    struct hd_segment joined;
    uint32_t next = i + 1;

    while (next < best->segment_count &&
           !hd_segment_same_actor(&best->segments[i], &best->segments[next]))
        next++;
    if (next >= best->segment_count)
        return false;
    joined = best->segments[next];
    if (joined.until == HD_UNTIL_COUNT) {
        if (joined.count > HD_SEGMENT_COUNT_MAX - shrink->best_steps[i])
            return false;
        joined.count += shrink->best_steps[i];
    }
    candidate = without(shrink, next, 1, false);
    if (candidate)
        candidate->segments[i] = joined;
    return hd_shrink_try(shrink, candidate);
}

/* Every chunk of this size once; true if one could go. */
static bool round_of(struct hd_shrink *shrink, uint32_t size)
{
    bool any = false;
    uint32_t at = 0;

    while (at < shrink->best->segment_count && !hd_shrink_is_over(shrink)) {
        if (remove_chunk(shrink, at, size) || (size == 1 && join_next(shrink, at)))
            any = true; /* another chunk stands here now */
        else
            at += size;
    }
    return any;
}

bool hd_pass_switches(struct hd_shrink *shrink)
{
    uint32_t size = (shrink->best->segment_count + 1) / 2;
    bool any = false;

    while (size > 0 && !hd_shrink_is_over(shrink)) {
        if (round_of(shrink, size))
            any = true;
        else
            size /= 2;
        if (size > shrink->best->segment_count)
            size = shrink->best->segment_count;
    }
    return any;
}
