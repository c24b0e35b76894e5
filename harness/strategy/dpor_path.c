/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The path's events: added at the end, taken away from the end.  dpor_race.c finds their races. */
#include "strategy/dpor_path.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/alloc.h"
#include "base/assert.h"
#include "strategy/dpor_race.h"
#include "strategy/dpor_slot.h"

#define EVENTS_FIRST 256u

/* ---- Memory ---------------------------------------------------------------------------------- */

/* A power loss conflicts with all that conflicts with anything. */
static bool is_inert(enum hd_op op)
{
    const struct hd_step crash = { .actor = 0, .op = HD_OP_POWER_LOSS, .outcome = 1 };
    const struct hd_step step = { .actor = 1, .op = (uint8_t)op, .outcome = 1 };

    return !hd_conflict(&crash, &step);
}

static hd_actor_set role_actors(const struct hd_engine *engine, unsigned role)
{
    hd_actor_set actors = 0;

    for (unsigned i = 0; i < hd_engine_actors(engine); i++) {
        uint8_t own, instance;

        hd_engine_actor_role(engine, (hd_actor_id)i, &own, &instance);
        if (own == role)
            actors |= hd_actor_bit((hd_actor_id)i);
    }
    return actors;
}

static void learn_actor(struct hd_path *path, const struct hd_engine *engine, hd_actor_id actor)
{
    const struct hd_workload *workload = &hd_engine_setting(engine)->workload;
    struct hd_path_actor *known = &path->actors[actor];
    uint8_t role, instance;
    unsigned after;

    hd_engine_actor_role(engine, actor, &role, &instance);
    if (role == HD_ROLE_RCU) {
        path->rcu = actor;
    } else if (role >= HD_ROLE_FAULT) {
        known->fault = (uint8_t)(role - HD_ROLE_FAULT);
    } else if ((after = workload->after[role]) >= HD_AFTER_END) {
        known->after = role_actors(engine, after - HD_AFTER_END);
    } else if (after != HD_AFTER_NONE) {
        known->mark = (uint8_t)(after - HD_AFTER_MARK + 1);
    }
}

/* Copies rows of the old width to where they are with the new one, last first. */
static void spread(struct hd_path *path, uint32_t room)
{
    for (uint32_t actor = path->width; actor-- > 1;)
        memmove(path->of_actor + (size_t)actor * room,
                path->of_actor + (size_t)actor * path->room,
                path->count[actor] * sizeof *path->of_actor);
}

static enum hd_error resize(uint32_t **array, uint32_t room, uint32_t width)
{
    uint32_t *bigger = hd_realloc_array(*array, (size_t)room * width, sizeof *bigger);

    if (!bigger)
        return HD_E_NOMEM;
    *array = bigger;
    return HD_OK;
}

static enum hd_error grow(struct hd_path *path)
{
    uint32_t room = path->room ? 2 * path->room : EVENTS_FIRST;
    struct hd_path_event *events = hd_realloc_array(path->events, room, sizeof *events);

    if (events)
        path->events = events;
    if (!events || resize(&path->clocks, room, path->width) ||
        resize(&path->before, room, path->width) || resize(&path->of_actor, room, path->width))
        return HD_E_NOMEM;
    spread(path, room);
    path->room = room;
    return HD_OK;
}

enum hd_error hd_path_create(struct hd_path *path, const struct hd_engine *engine)
{
    *path = (struct hd_path){ .width = hd_engine_actors(engine), .rcu = HD_ACTOR_NONE };
    for (unsigned op = 0; op < HD_OP_COUNT; op++)
        path->inert[op] = is_inert((enum hd_op)op);
    for (unsigned i = 0; i < path->width; i++)
        learn_actor(path, engine, (hd_actor_id)i);
    if (grow(path) || hd_slots_reserve(path)) {
        hd_path_destroy(path);
        return HD_E_NOMEM;
    }
    return HD_OK;
}

void hd_path_destroy(struct hd_path *path)
{
    hd_dealloc(path->events);
    hd_dealloc(path->clocks);
    hd_dealloc(path->before);
    hd_dealloc(path->of_actor);
    hd_dealloc(path->races);
    hd_dealloc(path->slots);
    hd_dealloc(path->index);
    *path = (struct hd_path){ 0 };
}

/* ---- Events ---------------------------------------------------------------------------------- */

/* Enters the event in the chains of what it touches. */
static void enter(struct hd_path *path, struct hd_path_event *event, uint32_t link)
{
    const struct hd_step *step = &event->step;
    struct hd_path_slot *place;

    if (path->inert[step->op])
        return;
    if (step->object == HD_OBJECT_NONE) {
        event->slot[0] = HD_SLOT_BARE;
    } else {
        for (unsigned part = 0; part < hd_slot_parts(step); part++)
            event->slot[part] = hd_slot_make(path, hd_slot_word(step, part));
        event->place = hd_slot_make(path, hd_slot_place(step));
        place = &path->slots[event->place];
        event->older_here = place->head;
        event->older_wide = place->wide;
        place->head = link;
        if (event->wide)
            place->wide = link;
    }
    for (unsigned part = 0; part < 2 && event->slot[part]; part++) {
        event->older[part] = path->slots[event->slot[part]].head;
        path->slots[event->slot[part]].head = link;
    }
}

static void leave(struct hd_path *path, const struct hd_path_event *event)
{
    for (unsigned part = 0; part < 2 && event->slot[part]; part++)
        path->slots[event->slot[part]].head = event->older[part];
    if (event->place) {
        path->slots[event->place].head = event->older_here;
        path->slots[event->place].wide = event->older_wide;
    }
}

/* Does it conflict with its like, and with its like at other bytes of the allocation? */
static void classify(struct hd_path_event *event)
{
    struct hd_step like = event->step;

    like.actor ^= 1;
    event->exclusive = hd_conflict(&event->step, &like);
    like.object ^= 64;
    event->wide = like.object != (HD_OBJECT_NONE ^ 64) && hd_conflict(&event->step, &like);
}

static uint64_t hash_of(const struct hd_path *path, const struct hd_step *step,
                        const uint32_t *clock)
{
    return XXH3_64bits_withSeed(clock, path->width * sizeof *clock,
                                XXH3_64bits(step, sizeof *step));
}

enum hd_error hd_path_push(struct hd_path *path, const struct hd_step *step, hd_actor_set enabled,
                           enum hd_path_kind kind)
{
    uint32_t k = path->length, races = path->race_count;
    struct hd_path_event *event;
    uint32_t *clock;

    HD_ASSERT_IS(step->actor, <, path->width);
    if ((k == path->room && grow(path)) || hd_slots_reserve(path))
        return HD_E_NOMEM;
    event = &path->events[k];
    *event = (struct hd_path_event){ .step = *step,
                                     .enabled = enabled,
                                     .nth = path->count[step->actor] + 1,
                                     .races = races,
                                     .final = kind != HD_PATH_STEP };
    classify(event);
    clock = path->clocks + (size_t)k * path->width;
    memcpy(path->before + (size_t)k * path->width, path->count, path->width * sizeof *clock);
    if (hd_path_order(path, event, kind, clock)) {
        path->race_count = races;
        return HD_E_NOMEM;
    }
    event->sum = (k ? path->events[k - 1].sum : 0) + hash_of(path, step, clock);
    enter(path, event, k + 1);
    path->of_actor[(size_t)step->actor * path->room + path->count[step->actor]++] = k;
    path->arms += step->op == HD_OP_ARM;
    path->length++;
    return HD_OK;
}

void hd_path_cut(struct hd_path *path, uint32_t length)
{
    while (path->length > length) {
        const struct hd_path_event *event = &path->events[--path->length];

        leave(path, event);
        path->count[event->step.actor]--;
        path->race_count = event->races;
        path->arms -= event->step.op == HD_OP_ARM;
    }
}

/* Was this fault's arming ever looked at? */
static bool mattered(const struct hd_path *path, uint32_t arm)
{
    for (uint32_t k = arm + 1; k < path->length; k++)
        if (path->events[k].step.op == HD_OP_FAULT &&
            hd_conflict(&path->events[arm].step, &path->events[k].step))
            return true;
    return false;
}

uint64_t hd_path_class(const struct hd_path *path)
{
    uint64_t sum = path->length ? path->events[path->length - 1].sum : 0;

    if (path->length && path->events[path->length - 1].final)
        return sum;
    /* A fault that comes too late is none: the engine doesn't wait for it at the end either. */
    for (uint32_t k = 0; path->arms && k < path->length; k++)
        if (path->events[k].step.op == HD_OP_ARM && !mattered(path, k))
            sum -= path->events[k].sum - (k ? path->events[k - 1].sum : 0);
    return sum;
}

void hd_path_limits(const struct hd_path *path, uint32_t first, uint32_t *limit)
{
    const uint32_t *before = hd_path_before(path, first);
    hd_actor_id actor = path->events[first].step.actor;
    uint32_t nth = path->events[first].nth;

    for (uint32_t r = 0; r < path->width; r++) {
        uint32_t low = before[r], high = path->count[r];

        /* What happens before an event happens before its actor's later ones. */
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;

            if (hd_path_clock(path, hd_path_of(path, r, middle))[actor] >= nth)
                high = middle;
            else
                low = middle + 1;
        }
        limit[r] = low;
    }
    limit[actor] = before[actor];
}
