/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The suffix that reverses a race, and what it may begin with.
 *
 * What does not happen after `first` is, of each actor, a run of events: from those that precede it
 * up to the first that does happen after it.
 */
#include <string.h>

#include "base/assert.h"
#include "strategy/dpor_wake.h"

/*
 * What must come before the last step: all that its actor knew, and what it meets in the suffix.
 * Only for an operation that blocks may the two differ from what its own clock says, since others
 * lay between it and `first`.
 */
static void order_last(struct hd_suffix *suffix, hd_actor_id actor)
{
    const struct hd_path *path = suffix->path;
    uint32_t own = suffix->cut[actor];

    memset(suffix->last_clock, 0, path->width * sizeof *suffix->last_clock);
    if (own)
        memcpy(suffix->last_clock, hd_path_clock(path, hd_path_of(path, actor, own - 1)),
               path->width * sizeof *suffix->last_clock);
    for (uint32_t r = 0; r < path->width; r++)
        for (uint32_t i = suffix->cut[r]; i > suffix->start[r]; i--) {
            uint32_t k = hd_path_of(path, r, i - 1);

            if (suffix->last_clock[r] >= i)
                break;
            if (hd_conflict(&path->events[k].step, &suffix->last)) {
                for (uint32_t s = 0; s < path->width; s++)
                    if (suffix->last_clock[s] < hd_path_clock(path, k)[s])
                        suffix->last_clock[s] = hd_path_clock(path, k)[s];
                break;
            }
        }
}

/* Keeps of the suffix only what the last step's actor needs. */
static void keep_nearest(struct hd_suffix *suffix, hd_actor_id actor)
{
    const struct hd_path *path = suffix->path;
    uint32_t own = suffix->cut[actor];

    for (uint32_t r = 0; r < path->width; r++) {
        uint32_t needed =
            own ? hd_path_clock(path, hd_path_of(path, actor, own - 1))[r] : 0;

        if (r != actor && needed < suffix->cut[r])
            suffix->cut[r] = needed < suffix->start[r] ? suffix->start[r] : needed;
    }
    suffix->whole = false;
}

void hd_suffix_make(struct hd_suffix *suffix, const struct hd_path *path,
                    const struct hd_path_race *race, const struct hd_step *pending)
{
    const struct hd_path_event *event = pending ? NULL : &path->events[race->second];
    const struct hd_step *step = pending ? pending : &event->step;
    struct hd_path_next next = { .step = *step, .pending = pending != NULL };

    suffix->path = path;
    suffix->first = race->first;
    memcpy(suffix->start, hd_path_before(path, race->first),
           path->width * sizeof *suffix->start);
    hd_path_limits(path, race->first, suffix->cut);
    suffix->whole = true;
    if (event) {
        HD_ASSERT_IS(suffix->cut[step->actor], >=, event->nth - 1);
        suffix->cut[step->actor] = event->nth - 1;
    }
    if (race->nearest)
        keep_nearest(suffix, step->actor);
    suffix->has_last = true;
    /* What made it wrong is still there, unless the step that it now precedes had part in it. */
    suffix->last_maybe_final = event && event->final;
    suffix->last_final =
        suffix->last_maybe_final && (step->op == HD_OP_POWER_LOSS ||
                                     !hd_conflict(&path->events[race->first].step, step));
    suffix->last = hd_path_guess(path, &next, suffix->cut);
    if (event && !event->final && !hd_path_blocks((enum hd_op)step->op))
        memcpy(suffix->last_clock, hd_path_clock(path, race->second),
               path->width * sizeof *suffix->last_clock);
    else
        order_last(suffix, step->actor);
}

static bool comes_first(const struct hd_suffix *suffix, const uint32_t *clock, hd_actor_id actor)
{
    for (uint32_t r = 0; r < suffix->path->width; r++) {
        uint32_t known = clock[r] < suffix->cut[r] ? clock[r] : suffix->cut[r];

        if (known > suffix->start[r] && r != actor)
            return false;
    }
    return true;
}

/* Is the last step all that is left? */
static bool is_alone(const struct hd_suffix *suffix)
{
    for (uint32_t r = 0; r < suffix->path->width; r++)
        if (suffix->start[r] < suffix->cut[r])
            return false;
    return true;
}

/* Conflicts with nothing of what is left?  event: the actor's next one on the path, if its step is
 * this one: it knows which of them it met. */
static bool is_independent(const struct hd_suffix *suffix, const struct hd_step *step,
                           const uint32_t *clock)
{
    const struct hd_path *path = suffix->path;

    for (uint32_t r = 0; r < path->width; r++) {
        uint32_t end = suffix->cut[r];

        if (clock && clock[r] < end)
            end = clock[r];
        for (uint32_t i = suffix->start[r]; i < end; i++)
            if (hd_conflict(step, &path->events[hd_path_of(path, r, i)].step))
                return false;
    }
    return !suffix->has_last || (!suffix->last_final && !hd_conflict(step, &suffix->last));
}

bool hd_suffix_may_begin(const struct hd_suffix *suffix, const struct hd_step *step, bool final)
{
    const struct hd_path *path = suffix->path;
    hd_actor_id actor = step->actor;
    uint32_t at = suffix->start[actor];
    const uint32_t *clock = NULL;

    if (at < suffix->cut[actor])
        return comes_first(suffix, hd_path_clock(path, hd_path_of(path, actor, at)), actor);
    if (suffix->has_last && suffix->last.actor == actor)
        return final ? is_alone(suffix) : comes_first(suffix, suffix->last_clock, actor);
    if (final)
        return false;
    if (at < path->count[actor] && suffix->whole) {
        uint32_t k = hd_path_of(path, actor, at);

        if (memcmp(&path->events[k].step, step, sizeof *step) == 0)
            clock = hd_path_clock(path, k);
    }
    return is_independent(suffix, step, clock);
}

void hd_suffix_take(struct hd_suffix *suffix, hd_actor_id actor)
{
    if (suffix->start[actor] < suffix->cut[actor])
        suffix->start[actor]++;
    else if (suffix->has_last && suffix->last.actor == actor)
        suffix->has_last = false;
}

bool hd_suffix_surely_begins(const struct hd_suffix *suffix, hd_actor_id actor, uint32_t until)
{
    uint32_t at = suffix->start[actor];

    if (at < suffix->cut[actor])
        return hd_path_of(suffix->path, actor, at) < until;
    return suffix->has_last && suffix->last.actor == actor;
}
