/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Races.  Earlier events on the same memory are looked at from the latest back.  One that conflicts
 * and is not yet known to come before is a direct predecessor: the two race, and the clock takes
 * over what it knows.  Behind the latest event that conflicts with its like on all the bytes,
 * nothing can be new.
 *
 * For operations that block, order and races part: an unlock orders a lock and doesn't race with
 * it.  Their races are those they could have come before, from the latest back to one that orders
 * the rest.
 */
#include "strategy/dpor_race.h"

#include <string.h>

#include "base/alloc.h"
#include "base/assert.h"
#include "strategy/dpor_slot.h"

#define RACES_FIRST 64u

/* What is asked of each earlier event: NULL clock or no races wanted. */
struct search {
    struct hd_path *path;
    const struct hd_step *step;
    uint32_t *clock; /* what is known to come before */
    bool races;      /* each new predecessor is a race */
    bool blocks;     /* only those it may go before; those alone are joined */
    bool pending;
    struct hd_path_next next;
    enum hd_error error;
};

static enum hd_error add_race(struct hd_path *path, uint32_t first, uint32_t second, bool nearest)
{
    if (path->race_count == path->race_room) {
        uint32_t room = path->race_room ? 2 * path->race_room : RACES_FIRST;
        struct hd_path_race *races = hd_realloc_array(path->races, room, sizeof *races);

        if (!races)
            return HD_E_NOMEM;
        path->races = races;
        path->race_room = room;
    }
    path->races[path->race_count++] =
        (struct hd_path_race){ .first = first, .second = second, .nearest = nearest };
    return HD_OK;
}

static void join(uint32_t *into, const uint32_t *from, uint32_t width)
{
    for (uint32_t i = 0; i < width; i++)
        into[i] = into[i] < from[i] ? from[i] : into[i];
}

static bool spans(const struct hd_step *outer, const struct hd_step *inner)
{
    return outer->object <= inner->object &&
           outer->object + outer->bytes >= inner->object + inner->bytes;
}

/* Could the operation have come in the place of this event?  If so it is a race. */
static bool try_before(struct search *search, uint32_t k)
{
    struct hd_path *path = search->path;
    uint32_t limit[HD_ACTORS_MAX], second = search->pending ? UINT32_MAX : path->length;
    const uint32_t *before = hd_path_before(path, k), *own = search->next.clock;
    bool nearest = false;

    hd_path_limits(path, k, limit);
    if (!hd_path_may_go(path, &search->next, limit, k)) {
        for (uint32_t r = 0; r < path->width; r++) {
            uint32_t needed = own[r] < before[r] ? before[r] : own[r];

            nearest |= needed < limit[r];
            limit[r] = needed < limit[r] ? needed : limit[r];
        }
        limit[search->step->actor] = path->count[search->step->actor];
        if (!nearest || !hd_path_may_go(path, &search->next, limit, k))
            return false;
    }
    search->error = add_race(path, k, second, nearest);
    return true;
}

/* Returns whether what lies behind this event may still be new. */
static bool meet(struct search *search, uint32_t k)
{
    struct hd_path *path = search->path;
    const struct hd_path_event *event = &path->events[k];
    bool last = event->exclusive && event->slot[0] != HD_SLOT_BARE && !event->wide &&
                spans(&event->step, search->step);

    if (event->nth <= search->clock[event->step.actor])
        return !last;
    if (!hd_conflict(&event->step, search->step))
        return true;
    if (search->blocks && !try_before(search, k))
        return true;
    if (search->races && !search->blocks)
        search->error = add_race(path, k, path->length, false);
    join(search->clock, hd_path_clock(path, k), path->width);
    return !last && !search->error;
}

/* Every earlier event that may conflict with the step. */
static void walk(struct search *search, bool wide)
{
    struct hd_path *path = search->path;
    const struct hd_step *step = search->step;
    uint32_t place = 0, link;

    if (path->inert[step->op])
        return;
    if (step->object != HD_OBJECT_NONE)
        place = hd_slot_find(path, hd_slot_place(step));
    if (place && wide) {
        for (link = path->slots[place].head; link && meet(search, link - 1);)
            link = path->events[link - 1].older_here;
        return;
    }
    if (place)
        for (link = path->slots[place].wide; link && meet(search, link - 1);)
            link = path->events[link - 1].older_wide;
    for (unsigned part = 0; part < 2; part++) {
        uint32_t slot = hd_path_slot_of(path, step, part);

        for (link = slot ? path->slots[slot].head : 0; link && meet(search, link - 1);) {
            const struct hd_path_event *event = &path->events[link - 1];

            link = event->older[event->slot[0] != slot];
        }
    }
}

/* START after ROLE.end, and the end of an RCU barrier: ordered by what is no step. */
static void join_ends(struct hd_path *path, const struct hd_step *step, uint32_t *clock)
{
    if (step->op == HD_OP_START) {
        for (hd_actor_set set = path->actors[step->actor].after; set; set &= set - 1) {
            uint32_t actor = (uint32_t)__builtin_ctzll(set);

            if (path->count[actor])
                join(clock, hd_path_clock(path, hd_path_of(path, actor, path->count[actor] - 1)),
                     path->width);
        }
    } else if (step->op == HD_OP_RCU_WAIT) {
        uint32_t link = hd_path_barrier(path, step->actor);

        if (link)
            join(clock, hd_path_clock(path, link - 1), path->width);
    }
}

/* The last step of all: it races with the latest events of the others. */
static enum hd_error order_final(struct search *search)
{
    struct hd_path *path = search->path;

    for (uint32_t k = path->length; k-- > 0 && !search->error;) {
        const struct hd_path_event *event = &path->events[k];

        if (event->nth <= search->clock[event->step.actor])
            continue;
        if (!hd_path_blocks((enum hd_op)search->step->op))
            search->error = add_race(path, k, path->length, false);
        else
            try_before(search, k);
        join(search->clock, hd_path_clock(path, k), path->width);
    }
    return search->error;
}

/* What the actor's latest event knows; zeroes before its first. */
static const uint32_t *clock_of(const struct hd_path *path, hd_actor_id actor,
                                const uint32_t *zeroes)
{
    uint32_t count = path->count[actor];

    return count ? hd_path_clock(path, hd_path_of(path, actor, count - 1)) : zeroes;
}

enum hd_error hd_path_order(struct hd_path *path, const struct hd_path_event *event,
                            enum hd_path_kind kind, uint32_t *clock)
{
    const struct hd_step *step = &event->step;
    uint32_t zeroes[HD_ACTORS_MAX] = { 0 }, known[HD_ACTORS_MAX];
    struct search search = { .path = path, .step = step, .clock = clock };
    size_t bytes = path->width * sizeof *clock;

    search.next = (struct hd_path_next){ *step, clock_of(path, step->actor, zeroes),
                                         kind == HD_PATH_TRIED };
    search.blocks = hd_path_blocks((enum hd_op)step->op);
    search.races = !search.blocks;
    if (search.blocks && !event->final) { /* races first: they leave the clock alone */
        memcpy(known, search.next.clock, bytes);
        search.clock = known;
        walk(&search, event->wide);
        search.clock = clock;
        search.blocks = false;
    }
    memcpy(clock, search.next.clock, bytes);
    if (event->final) {
        search.blocks = false;
        order_final(&search);
    } else {
        join_ends(path, step, clock);
        walk(&search, event->wide);
    }
    clock[step->actor] = event->nth;
    return search.error;
}

enum hd_error hd_path_pend(struct hd_path *path, const struct hd_step *pending)
{
    uint32_t zeroes[HD_ACTORS_MAX] = { 0 }, known[HD_ACTORS_MAX];
    struct search search = { .path = path, .step = pending, .clock = known, .pending = true };

    search.next = (struct hd_path_next){ *pending, clock_of(path, pending->actor, zeroes), true };
    search.blocks = true;
    memcpy(known, search.next.clock, path->width * sizeof *known);
    walk(&search, false);
    return search.error;
}
