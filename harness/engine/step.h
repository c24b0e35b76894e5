/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A point and the operation behind it, in four moves that every operation makes:
 *
 *   hd_pend*()     says what is about to be done, so that strategies see it
 *   hd_point()     may let others run; when it returns, this actor is to go on
 *   hd_touch()     is the memory still there?
 *   hd_record()    the step has been taken
 *
 * Inline and branch-light: this is the event path.
 */
#ifndef HD_STEP_H
#define HD_STEP_H

#include <string.h>

#include "engine/engine.h"

/*
 * The first half of a step, as one word.  It is written here and read in hd_record() at full width:
 * a byte-wise store followed by a wide load would stall the store buffer at every step.
 */
static inline void hd_set_pending(struct hd_view *view, hd_actor_id actor, uint32_t head,
                                  hd_object_id object)
{
    uint64_t word = actor | head | (uint64_t)object << 32;

    memcpy(&view->pending, &word, sizeof word);
}

static inline uint32_t hd_head(enum hd_op op, size_t bytes)
{
    return (uint32_t)op << 8 | (uint32_t)bytes << 16;
}

static_assert(offsetof(struct hd_step, op) == 1 && offsetof(struct hd_step, bytes) == 2 &&
                  offsetof(struct hd_step, outcome) == 3 && offsetof(struct hd_step, object) == 4 &&
                  offsetof(struct hd_step, value) == 8,
              "a step's head is one little-endian word");

/* Operations without an object. */
static inline void hd_pend_bare(struct hd_actor *self, const struct hd_site *site, enum hd_op op)
{
    struct hd_view *view = self->view;

    hd_set_pending(view, self->id, hd_head(op, 0), HD_OBJECT_NONE);
    view->site = site;
    self->object = NULL;
    self->address = NULL;
    self->checked = false;
}

/* An operation on the memory at p; head is operation and width, see HD_HEAD_ in model.h. */
static inline void hd_pend_head(struct hd_actor *self, const struct hd_site *site, uint32_t head,
                                const volatile void *p)
{
    struct hd_view *view = self->view;
    const struct hd_arena *arena = &self->engine->arena;
    const struct hd_object *object = hd_arena_find(arena, p);
    hd_object_id id = HD_OBJECT_NONE;

    if (__builtin_expect(object != NULL, 1)) {
        id = hd_arena_id(arena, object, p);
        if (HD_UNLIKELY(hd_object_byte(id) + (head >> 16) > object->bytes))
            object = NULL; /* reaches beyond it: hd_memory_incident() will say so */
    }
    hd_set_pending(view, self->id, head, id);
    view->site = site;
    self->object = object;
    self->address = p;
    self->checked = true;
}

static inline void hd_pend(struct hd_actor *self, const struct hd_site *site, enum hd_op op,
                           const volatile void *p, size_t bytes)
{
    hd_pend_head(self, site, hd_head(op, bytes), p);
}

/* After hd_pend: the operation can block.  Call before hd_point. */
static inline void hd_condition(struct hd_actor *self)
{
    struct hd_engine *engine = self->engine;

    engine->conditional |= self->bit;
    if (!hd_can_go(engine, self))
        engine->enabled &= ~self->bit;
}

static inline void hd_point(struct hd_actor *self)
{
    struct hd_engine *engine = self->engine;

    if (engine->enabled == self->bit && !engine->slow)
        engine->chosen = false;
    else
        hd_switch_point(self);
}

/* Ends the execution if the pending operation's memory is gone. */
static inline void hd_touch(struct hd_actor *self)
{
    const struct hd_object *object = self->object;

    if (HD_UNLIKELY(!object || !object->live))
        hd_memory_incident(self);
}

static inline void hd_record(struct hd_actor *self, uint64_t value, bool outcome)
{
    struct hd_engine *engine = self->engine;
    struct hd_view *view = self->view;
    uint32_t n = engine->length;
    uint64_t head;

    if (HD_UNLIKELY(self->quiet))
        return;
    if (HD_UNLIKELY(n == engine->step_limit)) /* this one would be beyond it */
        hd_finish(self, HD_END_LIMIT);
    memcpy(&head, &view->pending, sizeof head);
    head |= (uint64_t)outcome << 24;
    memcpy(&engine->steps[n], &head, sizeof head);
    engine->steps[n].value = hd_arena_value(&engine->arena, value);
    engine->wheres[n] = (struct hd_where){ view->site, self->depth, engine->chosen };
    view->steps++;
    view->landmarks = 0;
    engine->length = n + 1;
}

static inline void hd_reconsider_actor(struct hd_engine *engine, hd_actor_id actor)
{
    if (hd_can_go(engine, engine->actor[actor]))
        engine->enabled |= hd_actor_bit(actor);
    else
        engine->enabled &= ~hd_actor_bit(actor);
}

/* After a step that can let others go on, or stop them. */
static inline void hd_reconsider(struct hd_engine *engine)
{
    for (hd_actor_set set = engine->conditional; set; set &= set - 1)
        hd_reconsider_actor(engine, (hd_actor_id)__builtin_ctzll(set));
}

/* The same when only those who wait at p can be concerned. */
static inline void hd_reconsider_at(struct hd_engine *engine, const volatile void *p)
{
    for (hd_actor_set set = engine->conditional; set; set &= set - 1) {
        hd_actor_id actor = (hd_actor_id)__builtin_ctzll(set);

        if (engine->actor[actor]->address == p)
            hd_reconsider_actor(engine, actor);
    }
}

/* The conditional operation is being carried out. */
static inline void hd_condition_met(struct hd_actor *self)
{
    self->engine->conditional &= ~self->bit;
    self->ready = NULL;
}

/* Happens-before edges through shared memory; they cost nothing unless an oracle asks. */
static inline void hd_edge_acquire(struct hd_actor *self, const volatile void *p)
{
    if (HD_UNLIKELY(self->engine->hb_on) && !self->quiet)
        hd_edge_join(self, p);
    hd_tsan_acquire((void *)(uintptr_t)p);
}

static inline void hd_edge_release(struct hd_actor *self, const volatile void *p)
{
    if (HD_UNLIKELY(self->engine->hb_on) && !self->quiet)
        hd_edge_leave(self, p, false);
    hd_tsan_release((void *)(uintptr_t)p);
}

/* By a store: what others released there before is written over. */
static inline void hd_edge_store_release(struct hd_actor *self, const volatile void *p)
{
    if (HD_UNLIKELY(self->engine->hb_on) && !self->quiet)
        hd_edge_leave(self, p, true);
    hd_tsan_release((void *)(uintptr_t)p);
}

static inline void hd_edge_store(struct hd_actor *self, const volatile void *p)
{
    if (HD_UNLIKELY(self->engine->hb_on) && !self->quiet)
        hd_edge_cut(self, p);
}

/* The same at a place whose ghost is stale. */
static inline struct hd_ghost *hd_ghost_now(struct hd_engine *engine, const volatile void *p)
{
    struct hd_ghost *ghost = hd_arena_ghost(&engine->arena, p);

    if (ghost->epoch != engine->execution)
        *ghost = (struct hd_ghost){ .epoch = engine->execution };
    return ghost;
}

/* The same through something of the engine's own. */
static inline void hd_edge_acquire_own(struct hd_actor *self, uint32_t *clock)
{
    if (self->engine->hb_on && !self->quiet)
        hd_hb_acquire(&self->engine->hb, self->id, *clock);
    hd_tsan_acquire(clock);
}

static inline void hd_edge_release_own(struct hd_actor *self, uint32_t *clock)
{
    if (self->engine->hb_on && !self->quiet)
        hd_hb_release(&self->engine->hb, self->id, clock);
    hd_tsan_release(clock);
}

/* Tells the race oracle of an access just recorded. */
static inline void hd_watch_access(struct hd_actor *self)
{
    struct hd_engine *engine = self->engine;

    if (engine->watch.access && !self->quiet)
        engine->watch.access(engine->watch.access_context, self, self->address, engine->length - 1);
}

#endif
