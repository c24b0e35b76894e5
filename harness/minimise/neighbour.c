/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Neighbours: one switch moved, or two segments exchanged.
 *
 * Of those that pass, the one that parts latest from the failing execution tells most: up to there
 * nothing was lost.  (Other tools call it the inflection point: the first step after which every
 * schedule fails.  Here it is one among single moves.)
 */
#include "minimise/neighbour.h"

#include "minimise/place.h"

/* The best with the segment's end moved; its actor's next segment, if that counts, takes the rest.
 * NULL: out of memory. */
static struct hd_case *moved_case(const struct hd_mover *mover, uint32_t steps)
{
    struct hd_case *moved = hd_shrink_copy(mover->neighbours->shrink);
    int64_t rest = (int64_t)mover->steps - steps;
    struct hd_segment *segment;
    uint32_t next = mover->segment + 1;

    if (!moved)
        return NULL;
    segment = &moved->segments[mover->segment];
    *segment = (struct hd_segment){ .until = HD_UNTIL_COUNT,
                                    .role = segment->role,
                                    .instance = segment->instance,
                                    .index = -1,
                                    .count = steps };
    while (next < moved->segment_count && !hd_segment_same_actor(segment, &moved->segments[next]))
        next++;
    if (next < moved->segment_count && moved->segments[next].until == HD_UNTIL_COUNT) {
        rest += moved->segments[next].count;
        moved->segments[next].count = rest > 0 ? (uint32_t)rest : 1;
    }
    if (steps == 0) { /* no segment takes no steps: the others go first */
        moved->segment_count--;
        for (uint32_t i = mover->segment; i < moved->segment_count; i++)
            moved->segments[i] = moved->segments[i + 1];
    }
    return moved;
}

enum hd_error hd_mover_begin(struct hd_neighbours *neighbours, uint32_t segment,
                             struct hd_mover *ret_mover)
{
    struct hd_shrink *shrink = neighbours->shrink;
    const struct hd_segment *moved = &shrink->best->segments[segment];
    const struct hd_segment_report *reports;
    struct hd_attempt attempt;
    uint32_t count;

    shrink->error = hd_attempt_execute(shrink->engine, shrink->best, &attempt, shrink->diag);
    if (shrink->error)
        return shrink->error;
    reports = hd_guided_reports(attempt.guided, &count);
    *ret_mover = (struct hd_mover){
        .neighbours = neighbours,
        .segment = segment,
        .actor = hd_engine_actor_find(shrink->engine, moved->role, moved->instance),
        .steps = shrink->best_steps[segment],
        .start = segment < count ? reports[segment].first_step : attempt.execution.trace.length,
    };
    ret_mover->before =
        hd_steps_before(&attempt.execution.trace, ret_mover->actor, ret_mover->start);
    hd_strategy_free(attempt.guided);
    return HD_OK;
}

/* Is the moved segment carried out?  Else its actor could not take the steps. */
static bool took_steps(const struct hd_attempt *attempt, uint32_t segment, uint32_t steps)
{
    uint32_t count;
    const struct hd_segment_report *reports = hd_guided_reports(attempt->guided, &count);

    return steps == 0 || (segment + 1 < count && reports[segment].outcome == HD_CARRIED);
}

/* Keeps a case that passes, or releases it. */
static void offer(struct hd_neighbours *neighbours, struct hd_case *passing, uint32_t prefix)
{
    if (neighbours->passing && prefix <= neighbours->prefix) {
        hd_case_free(passing);
        return;
    }
    hd_case_free(neighbours->passing);
    neighbours->passing = passing;
    neighbours->prefix = prefix;
}

enum hd_neighbour hd_mover_try(const struct hd_mover *mover, uint32_t steps,
                               struct hd_place *ret_place)
{
    return hd_mover_look(mover, steps, mover->before + steps, ret_place);
}

enum hd_neighbour hd_mover_look(const struct hd_mover *mover, uint32_t steps, uint32_t nth,
                                struct hd_place *ret_place)
{
    struct hd_shrink *shrink = mover->neighbours->shrink;
    struct hd_case *moved = moved_case(mover, steps);
    enum hd_neighbour outcome = HD_IMPOSSIBLE;
    struct hd_attempt attempt;

    if (!moved)
        return HD_IMPOSSIBLE;
    shrink->error = hd_attempt_execute(shrink->engine, moved, &attempt, shrink->diag);
    if (shrink->error)
        goto out;
    mover->neighbours->executions++;
    if (took_steps(&attempt, mover->segment, steps)) {
        outcome = hd_failure_is(&shrink->failure, &attempt.execution) ? HD_FAILS_SO
                  : attempt.execution.verdict.holds                   ? HD_PASSES
                                                                      : HD_FAILS_OTHERWISE;
        if (ret_place)
            *ret_place = hd_place_at(shrink->engine, &attempt.execution, mover->actor, nth);
    }
    hd_strategy_free(attempt.guided);
    if (outcome == HD_PASSES) {
        offer(mover->neighbours, moved,
              mover->start + (steps < mover->steps ? steps : mover->steps));
        moved = NULL;
    }
out:
    hd_case_free(moved);
    return outcome;
}

/* One direction, until it passes. */
static void move(const struct hd_mover *mover, bool later)
{
    uint32_t room = later || mover->steps > HD_MOVES_MAX ? HD_MOVES_MAX : mover->steps;

    for (uint32_t distance = 1; distance <= room; distance++) {
        enum hd_neighbour outcome = hd_mover_try(
            mover, later ? mover->steps + distance : mover->steps - distance, NULL);

        if (outcome == HD_PASSES || outcome == HD_IMPOSSIBLE ||
            hd_shrink_is_over(mover->neighbours->shrink))
            break;
    }
}

/* From the last switch to the first, so that those that part latest come first. */
enum hd_error hd_neighbour_moves(struct hd_neighbours *neighbours)
{
    struct hd_shrink *shrink = neighbours->shrink;
    struct hd_mover mover;

    for (uint32_t i = shrink->best->segment_count; i-- > 1 && !hd_shrink_is_over(shrink);) {
        if (hd_mover_begin(neighbours, i - 1, &mover))
            break;
        if (neighbours->passing && mover.start + mover.steps <= neighbours->prefix)
            break; /* this one and all before it part earlier */
        move(&mover, true);
        if (!shrink->error)
            move(&mover, false);
    }
    return shrink->error;
}

/* Offers the candidate if it passes; takes it over. */
static bool try_order(struct hd_neighbours *neighbours, struct hd_case *candidate)
{
    struct hd_shrink *shrink = neighbours->shrink;
    struct hd_attempt attempt;

    if (candidate)
        shrink->error = hd_attempt_execute(shrink->engine, candidate, &attempt, shrink->diag);
    if (!candidate || shrink->error) {
        hd_case_free(candidate);
        return false;
    }
    neighbours->executions++;
    if (attempt.execution.verdict.holds)
        offer(neighbours, candidate, 0);
    else
        hd_case_free(candidate);
    hd_strategy_free(attempt.guided);
    return neighbours->passing != NULL;
}

enum hd_error hd_neighbour_orders(struct hd_neighbours *neighbours)
{
    struct hd_shrink *shrink = neighbours->shrink;
    struct hd_case *candidate;

    for (uint32_t i = shrink->best->segment_count; i-- > 1;) {
        candidate = hd_shrink_copy(shrink);
        if (candidate) {
            candidate->segments[i] = shrink->best->segments[i - 1];
            candidate->segments[i - 1] = shrink->best->segments[i];
        }
        if (try_order(neighbours, candidate) || hd_shrink_is_over(shrink))
            return shrink->error;
    }
    candidate = hd_shrink_copy(shrink);
    if (candidate)
        candidate->segment_count = 0;
    try_order(neighbours, candidate);
    return shrink->error;
}
