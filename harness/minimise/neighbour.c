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

struct hd_case *hd_switch_moved(struct hd_shrink *shrink, uint32_t moved, uint32_t steps)
{
    struct hd_case *neighbour = hd_shrink_copy(shrink);
    int64_t rest = (int64_t)shrink->best_steps[moved] - steps;
    struct hd_segment *segment;
    uint32_t next = moved + 1;

    if (!neighbour)
        return NULL;
    segment = &neighbour->segments[moved];
    *segment = (struct hd_segment){ .until = HD_UNTIL_COUNT,
                                    .role = segment->role,
                                    .instance = segment->instance,
                                    .index = -1,
                                    .count = steps };
    while (next < neighbour->segment_count &&
           !hd_segment_same_actor(segment, &neighbour->segments[next]))
        next++;
    if (next < neighbour->segment_count && neighbour->segments[next].until == HD_UNTIL_COUNT) {
        rest += neighbour->segments[next].count;
        neighbour->segments[next].count = rest > 0 ? (uint32_t)rest : 1;
    }
    if (steps == 0) { /* no segment takes no steps: the others go first */
        neighbour->segment_count--;
        for (uint32_t i = moved; i < neighbour->segment_count; i++)
            neighbour->segments[i] = neighbour->segments[i + 1];
    }
    return neighbour;
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

bool hd_switch_taken(const struct hd_attempt *attempt, uint32_t segment, uint32_t steps)
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
    struct hd_case *moved = hd_switch_moved(shrink, mover->segment, steps);
    enum hd_neighbour outcome = HD_IMPOSSIBLE;
    struct hd_attempt attempt;

    if (!moved)
        return HD_IMPOSSIBLE;
    shrink->error = hd_attempt_execute(shrink->engine, moved, &attempt, shrink->diag);
    if (shrink->error)
        goto out;
    mover->neighbours->executions++;
    if (hd_switch_taken(&attempt, mover->segment, steps)) {
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
