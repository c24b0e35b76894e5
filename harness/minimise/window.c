/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Windows: at which points of the preempted actor does the switch still fail?  Every one is
 * executed, from the actor's first step in the segment to the last that it can take.
 */
#include "minimise/neighbour.h"
#include "minimise/place.h"

/* Widens the window by a point; points come in the actor's order. */
static void add_point(struct hd_window *window, const struct hd_place *place, bool so)
{
    if (!window->points++)
        window->first = *place;
    window->last = *place;
    if (!so)
        return;
    if (!window->so_points++)
        window->so_first = *place;
    window->so_last = *place;
}

static enum hd_error scan(const struct hd_mover *mover, struct hd_window *window)
{
    struct hd_shrink *shrink = mover->neighbours->shrink;
    uint32_t from = mover->steps > HD_MOVES_MAX ? mover->steps - HD_MOVES_MAX : 0;
    bool passed = false; /* at the latest point */

    for (uint32_t steps = from; steps <= mover->steps + HD_MOVES_MAX; steps++) {
        struct hd_place place;
        enum hd_neighbour outcome = hd_mover_try(mover, steps, &place);

        if (outcome == HD_IMPOSSIBLE || hd_shrink_is_over(shrink))
            break;
        if (steps == mover->steps)
            window->at = place;
        if (outcome != HD_PASSES) {
            if (!window->points)
                window->opens = passed;
            add_point(window, &place, outcome == HD_FAILS_SO);
        }
        passed = outcome == HD_PASSES;
    }
    window->closes = passed && window->points;
    return shrink->error;
}

/* The step before the first point, as the failing execution takes it. */
static enum hd_error look_at_opening(const struct hd_mover *mover, struct hd_window *window)
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

/* A point at the end of an execution that failed before the actor went on: one step more shows what
 * it would have done. */
static enum hd_error look_further(const struct hd_mover *mover, struct hd_place *place)
{
    struct hd_shrink *shrink = mover->neighbours->shrink;
    struct hd_place next;

    if (place->taken || place->site)
        return HD_OK;
    next = *place;
    hd_mover_look(mover, place->nth - mover->before + 1, place->nth, &next);
    if (next.taken)
        *place = next;
    return shrink->error;
}

static enum hd_error look_at_points(const struct hd_mover *mover, struct hd_window *window)
{
    struct hd_place *places[] = { &window->at, &window->first, &window->last, &window->so_first,
                                  &window->so_last };
    enum hd_error error = HD_OK;

    for (unsigned i = 0; i < sizeof places / sizeof places[0] && !error; i++)
        error = look_further(mover, places[i]);
    return error;
}

/* Does the segment end where its actor could have gone on? */
static bool is_preempted(const struct hd_segment *segment)
{
    return segment->until == HD_UNTIL_COUNT || segment->until == HD_UNTIL_LANDMARK ||
           segment->until == HD_UNTIL_AFTER;
}

enum hd_error hd_neighbour_windows(struct hd_neighbours *neighbours, struct hd_window *windows,
                                   uint32_t *ret_count)
{
    struct hd_shrink *shrink = neighbours->shrink;
    uint32_t count = 0;
    struct hd_mover mover;

    for (uint32_t i = 0; i + 1 < shrink->best->segment_count && count < HD_WINDOWS_MAX; i++) {
        struct hd_window window = { .segment = i };

        if (!is_preempted(&shrink->best->segments[i]))
            continue;
        if (hd_mover_begin(neighbours, i, &mover) || scan(&mover, &window) ||
            look_at_opening(&mover, &window) || look_at_points(&mover, &window))
            return shrink->error;
        if (window.points) /* none: stopped before the first */
            windows[count++] = window;
    }
    *ret_count = count;
    return HD_OK;
}
