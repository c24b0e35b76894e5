/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The shared state, step by step.  What a cell holds is known from the first step that looks at it
 * or changes it: a value that is read was there before.  Of a lock it is the holders that count, of
 * a queue the items.
 *
 * Cost: steps times cells, of which there are few.
 */
#include "report/story.h"

#include <inttypes.h>
#include <string.h>

#include "base/assert.h"

/* A cell while the trace is followed. */
struct known {
    hd_object_id object;
    bool is_lock;
    const char *first, *now; /* NULL: not known yet */
    int64_t items;
    uint32_t cell; /* its number among those that change, or UINT32_MAX */
};

struct following {
    struct hd_story *story;
    const struct hd_trace *trace;
    struct hd_waits waits;
    struct known *known;
    uint32_t known_count, room;
};

static bool locks(uint8_t op)
{
    return hd_op_takes(op) || hd_op_drops(op);
}

static bool counts(uint8_t op)
{
    return op == HD_OP_GET || op == HD_OP_TRYGET || op == HD_OP_PUT || op == HD_OP_COMPLETE ||
           op == HD_OP_AWAIT;
}

static bool queues(uint8_t op)
{
    return op == HD_OP_PUSH || op == HD_OP_SERVE;
}

static bool tells_state(const struct hd_step *step)
{
    if (step->op == HD_OP_RCU_LOCK || step->op == HD_OP_RCU_UNLOCK)
        return true;
    return step->object != HD_OBJECT_NONE &&
           (locks(step->op) || counts(step->op) || hd_op_reads(step->op) || hd_op_writes(step->op));
}

static struct known *known_of(struct following *following, const struct hd_step *step)
{
    struct known *known = following->known;
    uint32_t i = 0;

    while (i < following->known_count && known[i].object != step->object)
        i++;
    if (i == following->known_count)
        known[following->known_count++] =
            (struct known){ .object = step->object, .cell = UINT32_MAX };
    return &known[i];
}

/* "free", "writer", "a, b (shared)": who holds it now. */
static const char *holders(struct following *following, hd_object_id object)
{
    struct hd_story *story = following->story;
    const char *text = "free";
    bool any = false, shared = false;

    for (uint32_t i = 0; i < following->waits.held_count; i++) {
        const struct hd_hold *hold = &following->waits.held[i];
        const char *name = hd_story_actor_name(story, hold->actor);

        if (hold->object != object)
            continue;
        text = any ? hd_pool_format(&story->pool, "%s, %s", text, name) : name;
        any = true;
        shared |= hold->shared && object != HD_OBJECT_NONE;
    }
    return shared ? hd_pool_format(&story->pool, "%s (shared)", text) : text;
}

static void change(struct following *following, struct known *known, uint32_t step,
                   const char *after)
{
    struct hd_scenes *scenes = &following->story->scenes;

    if (known->now && strcmp(known->now, after) == 0)
        return;
    if (known->cell == UINT32_MAX) {
        known->cell = scenes->cell_count++;
        scenes->cells[known->cell] = (struct hd_cell){
            .object = known->object,
            .name = known->object == HD_OBJECT_NONE
                        ? "RCU readers"
                        : hd_story_object(following->story, following->story->report->engine,
                                          known->object),
            .first = known->now,
        };
    }
    HD_ASSERT_IS(scenes->change_count, <, following->room);
    scenes->changes[scenes->change_count++] = (struct hd_change){
        .step = step, .cell = known->cell, .before = known->now, .after = after
    };
    known->now = after;
}

/* The value is in decimal what was counted. */
static const char *count_text(struct following *following, uint64_t count)
{
    return hd_pool_format(&following->story->pool, "%" PRId32, (int32_t)(uint32_t)count);
}

static void follow_lock(struct following *following, struct known *known, uint32_t at)
{
    if (!known->now) { /* held from set-up on it would have no taker; but who drops it held it */
        known->now = hd_op_takes(following->trace->steps[at].op) ? "free" : NULL;
        if (known->object == HD_OBJECT_NONE)
            known->now = "free";
    }
    change(following, known, at, holders(following, known->object));
}

static void follow_queue(struct following *following, struct known *known, uint32_t at)
{
    known->items += following->trace->steps[at].op == HD_OP_PUSH ? 1 : -1;
    if (!known->now)
        known->now = known->items < 0 ? NULL : "empty";
    if (known->items <= 0)
        change(following, known, at, "empty");
    else
        change(following, known, at,
               hd_pool_format(&following->story->pool, "%" PRId64 " item%s", known->items,
                              known->items == 1 ? "" : "s"));
}

static void follow_step(struct following *following, uint32_t at)
{
    const struct hd_step *step = &following->trace->steps[at];
    struct known *known;
    const char *value;

    if (!tells_state(step))
        return;
    known = known_of(following, step);
    if (locks(step->op)) {
        follow_lock(following, known, at);
        return;
    }
    if (known->is_lock)
        return; /* who holds it says more than the word that says it */
    if (queues(step->op)) {
        follow_queue(following, known, at);
        return;
    }
    value = counts(step->op) ? count_text(following, step->value) :
                               hd_story_value(following->story, step);
    if ((hd_op_writes(step->op) || counts(step->op)) && step->outcome)
        change(following, known, at, value);
    else
        known->now = value;
}

static bool is_part(const struct known *known, const struct hd_step *free)
{
    return known->object != HD_OBJECT_NONE &&
           hd_object_allocation(known->object) == hd_object_allocation(free->object);
}

/* All that is told of the object; the object itself if nothing is. */
static void follow_free(struct following *following, uint32_t at)
{
    const struct hd_step *step = &following->trace->steps[at];
    bool told = false;

    for (uint32_t i = 0; i < following->known_count; i++) {
        struct known *known = &following->known[i];

        if (!is_part(known, step) || known->cell == UINT32_MAX)
            continue;
        change(following, known, at, "freed");
        told = true;
    }
    if (!told)
        change(following, known_of(following, step), at, "freed");
}

/* Each step changes one cell, and each free every cell of its object. */
static uint32_t changes_at_most(const struct hd_trace *trace)
{
    uint32_t most = trace->length;

    for (uint32_t i = 0; i < trace->length; i++)
        for (uint32_t j = 0; trace->steps[i].op == HD_OP_FREE && j < i; j++)
            most += hd_object_allocation(trace->steps[j].object) ==
                    hd_object_allocation(trace->steps[i].object);
    return most;
}

void hd_story_cells(struct hd_story *story)
{
    const struct hd_trace *trace = &story->report->execution->trace;
    struct following following = { .story = story, .trace = trace };

    following.room = changes_at_most(trace);
    following.known = hd_pool_array(&story->pool, trace->length, sizeof *following.known);
    following.waits.held = hd_pool_array(&story->pool, trace->length, sizeof(struct hd_hold));
    story->scenes.cells = hd_pool_array(&story->pool, trace->length, sizeof(struct hd_cell));
    story->scenes.changes = hd_pool_array(&story->pool, following.room, sizeof(struct hd_change));
    if (!following.known || !following.waits.held || !story->scenes.cells ||
        !story->scenes.changes)
        return;
    for (uint32_t i = 0; i < trace->length; i++)
        if (tells_state(&trace->steps[i]) && locks(trace->steps[i].op))
            known_of(&following, &trace->steps[i])->is_lock = true;
    for (uint32_t i = 0; i < trace->length; i++) {
        hd_waits_apply(&following.waits, trace, i);
        if (trace->steps[i].op == HD_OP_FREE)
            follow_free(&following, i);
        else
            follow_step(&following, i);
    }
}
