/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Neighbours: a switch moved step by step, until the case passes; or two segments exchanged.
 *
 * A switch moves as long as its actor can take the steps.  On the way it may fail otherwise; both
 * are reported, the window of any failure and within it that of this one.
 */
#include "minimise/neighbour.h"

#include "minimise/place.h"

#define STEPS_MAX 4096u /* that a switch is moved, either way */

enum outcome { PASSES, FAILS_SO, FAILS_OTHERWISE, IMPOSSIBLE };

/* A switch that is being moved. */
struct mover {
    struct hd_neighbours *neighbours;
    uint32_t segment; /* whose end it is */
    uint32_t steps;   /* that it takes now */
    uint32_t before;  /* its actor's steps before it */
    hd_actor_id actor;
};

/* The best with the segment's end moved by so many steps; its actor's next segment, if that counts,
 * takes the rest.  NULL: out of memory. */
static struct hd_case *moved_case(const struct mover *mover, uint32_t steps)
{
    struct hd_case *moved = hd_shrink_copy(mover->neighbours->shrink);
    struct hd_segment *segment, *next;
    int64_t rest = (int64_t)mover->steps - steps;

    if (!moved)
        return NULL;
    segment = next = &moved->segments[mover->segment];
    *segment = (struct hd_segment){ .until = HD_UNTIL_COUNT,
                                    .role = segment->role,
                                    .instance = segment->instance,
                                    .index = -1,
                                    .count = steps };
    while (++next < moved->segments + moved->segment_count)
        if (hd_segment_same_actor(segment, next))
            break;
    if (next < moved->segments + moved->segment_count && next->until == HD_UNTIL_COUNT) {
        rest += next->count;
        next->count = rest > 0 && rest <= (int64_t)HD_SEGMENT_COUNT_MAX ? (uint32_t)rest : 1;
    }
    if (steps == 0) { /* no segment takes no steps: the others go first */
        for (uint32_t i = mover->segment + 1; i < moved->segment_count; i++)
            moved->segments[i - 1] = moved->segments[i];
        moved->segment_count--;
    }
    return moved;
}

/* Is the moved segment carried out?  Else its actor could not take the steps. */
static bool took_steps(const struct hd_attempt *attempt, uint32_t segment, uint32_t steps)
{
    uint32_t count;
    const struct hd_segment_report *reports = hd_guided_reports(attempt->guided, &count);

    return steps == 0 || (segment + 1 < count && reports[segment].outcome == HD_CARRIED);
}

/* A switch that comes too late shows what the others must not have done by then; one that comes too
 * early often only that somebody was kept out. */
static bool is_nearer(const struct hd_neighbours *neighbours, bool later, uint32_t distance)
{
    if (!neighbours->passing || later != neighbours->later)
        return !neighbours->passing || later;
    return distance < neighbours->distance;
}

/* Executes with the switch behind so many steps of the segment; *ret_place: where it then lies.
 * A case that passes is kept if it is the nearest. */
static enum outcome execute_moved(const struct mover *mover, uint32_t steps,
                                  struct hd_place *ret_place)
{
    struct hd_neighbours *neighbours = mover->neighbours;
    struct hd_shrink *shrink = neighbours->shrink;
    struct hd_case *moved = moved_case(mover, steps);
    bool later = steps > mover->steps;
    uint32_t distance = later ? steps - mover->steps : mover->steps - steps;
    enum outcome outcome = IMPOSSIBLE;
    struct hd_attempt attempt;

    if (!moved)
        return IMPOSSIBLE;
    shrink->error = hd_attempt_execute(shrink->engine, moved, &attempt, shrink->diag);
    if (shrink->error)
        goto out;
    neighbours->executions++;
    if (took_steps(&attempt, mover->segment, steps)) {
        outcome = attempt.execution.verdict.holds                    ? PASSES
                  : hd_failure_is(&shrink->failure, &attempt.execution) ? FAILS_SO
                                                                        : FAILS_OTHERWISE;
        *ret_place =
            hd_place_at(shrink->engine, &attempt.execution, mover->actor, mover->before + steps);
    }
    hd_strategy_free(attempt.guided);
    if (outcome == PASSES && is_nearer(neighbours, later, distance)) {
        hd_case_free(neighbours->passing);
        neighbours->passing = moved;
        neighbours->later = later;
        neighbours->distance = distance;
        moved = NULL;
    }
out:
    hd_case_free(moved);
    return outcome;
}

/* Moves the switch in one direction until it passes; *edge and *so_edge follow.  True if it does
 * pass. */
static bool move(const struct mover *mover, bool later, struct hd_place *edge,
                 struct hd_place *so_edge)
{
    uint32_t room = later || mover->steps > STEPS_MAX ? STEPS_MAX : mover->steps;
    bool so = true;

    for (uint32_t distance = 1; distance <= room; distance++) {
        struct hd_place place;
        uint32_t steps = later ? mover->steps + distance : mover->steps - distance;
        enum outcome outcome = execute_moved(mover, steps, &place);

        if (outcome == PASSES || outcome == IMPOSSIBLE)
            return outcome == PASSES;
        *edge = place;
        so = so && outcome == FAILS_SO;
        if (so)
            *so_edge = place;
        if (hd_shrink_is_over(mover->neighbours->shrink))
            break;
    }
    return false;
}

/* Does the segment end where its actor could have gone on? */
static bool ends_early(const struct hd_segment *segment)
{
    return segment->until == HD_UNTIL_COUNT || segment->until == HD_UNTIL_LANDMARK ||
           segment->until == HD_UNTIL_AFTER;
}

/* The step before the first point, as the best takes it. */
static enum hd_error look_at_opening(const struct mover *mover, struct hd_window *window)
{
    struct hd_shrink *shrink = mover->neighbours->shrink;
    struct hd_attempt attempt;

    if (!window->opens)
        return HD_OK;
    shrink->error = hd_attempt_execute(shrink->engine, shrink->best, &attempt, shrink->diag);
    if (shrink->error)
        return shrink->error;
    window->opened_by =
        hd_place_at(shrink->engine, &attempt.execution, mover->actor, window->first.nth - 1);
    hd_strategy_free(attempt.guided);
    return HD_OK;
}

static enum hd_error window_of(struct mover *mover, struct hd_window *window)
{
    struct hd_shrink *shrink = mover->neighbours->shrink;
    const struct hd_segment *segment = &shrink->best->segments[mover->segment];
    const struct hd_segment_report *reports;
    struct hd_attempt attempt;
    uint32_t count;

    shrink->error = hd_attempt_execute(shrink->engine, shrink->best, &attempt, shrink->diag);
    if (shrink->error)
        return shrink->error;
    reports = hd_guided_reports(attempt.guided, &count);
    mover->actor = hd_engine_actor_find(shrink->engine, segment->role, segment->instance);
    mover->before = hd_steps_before(&attempt.execution.trace, mover->actor,
                                    reports[mover->segment].first_step);
    window->segment = mover->segment;
    window->at = hd_place_at(shrink->engine, &attempt.execution, mover->actor,
                             mover->before + mover->steps);
    hd_strategy_free(attempt.guided);
    window->first = window->last = window->so_first = window->so_last = window->at;
    window->closes = move(mover, true, &window->last, &window->so_last);
    if (!shrink->error)
        window->opens = move(mover, false, &window->first, &window->so_first);
    return shrink->error ? shrink->error : look_at_opening(mover, window);
}

enum hd_error hd_neighbour_windows(struct hd_neighbours *neighbours, struct hd_window *windows,
                                   uint32_t *ret_count)
{
    struct hd_shrink *shrink = neighbours->shrink;
    enum hd_error error = HD_OK;
    uint32_t count = 0;

    for (uint32_t i = 0; i + 1 < shrink->best->segment_count && count < HD_WINDOWS_MAX; i++) {
        struct mover mover = { .neighbours = neighbours,
                               .segment = i,
                               .steps = shrink->best_steps[i] };

        if (!ends_early(&shrink->best->segments[i]))
            continue;
        windows[count] = (struct hd_window){ .segment = i };
        error = window_of(&mover, &windows[count]);
        if (error)
            return error;
        count++;
    }
    *ret_count = count;
    return HD_OK;
}

/* Keeps the candidate if it passes; takes it over. */
static bool keep_passing(struct hd_neighbours *neighbours, struct hd_case *candidate)
{
    struct hd_shrink *shrink = neighbours->shrink;
    struct hd_attempt attempt;
    bool holds;

    if (!candidate)
        return false;
    shrink->error = hd_attempt_execute(shrink->engine, candidate, &attempt, shrink->diag);
    if (shrink->error) {
        hd_case_free(candidate);
        return false;
    }
    neighbours->executions++;
    holds = attempt.execution.verdict.holds;
    hd_strategy_free(attempt.guided);
    if (!holds) {
        hd_case_free(candidate);
        return false;
    }
    neighbours->passing = candidate;
    return true;
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
        if (keep_passing(neighbours, candidate) || shrink->error)
            return shrink->error;
    }
    candidate = hd_shrink_copy(shrink);
    if (candidate)
        candidate->segment_count = 0;
    keep_passing(neighbours, candidate);
    return shrink->error;
}
