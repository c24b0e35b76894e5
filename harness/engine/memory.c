/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Allocation, release, reference counts, and what is wrong with an address. */
#include "engine/step.h"

#define NULL_PAGE 4096u

/* What p is, if it is no live object; only called when that is known. */
void hd_memory_incident(struct hd_actor *self)
{
    struct hd_view *view = self->view;
    const struct hd_object *object = hd_arena_find(&self->engine->arena, self->address);
    uintptr_t address = (uintptr_t)self->address;
    bool freeing = view->pending.op == HD_OP_FREE;
    hd_object_id id = view->pending.object;

    if (object && !object->live)
        hd_incident(self, HD_ORACLE_MEMORY, freeing ? "double-free" : "use-after-free",
                    freeing ? "frees what has been freed" : "touches freed memory", view->site, id,
                    object->freed_at);
    else if (object)
        hd_incident(self, HD_ORACLE_MEMORY, freeing ? "invalid-free" : "out-of-bounds",
                    freeing ? "frees the middle of an object" : "reaches beyond the object's end",
                    view->site, id, UINT32_MAX);
    else if (address < NULL_PAGE)
        hd_incident(self, HD_ORACLE_MEMORY, "null-dereference", "follows a null pointer",
                    view->site, id, UINT32_MAX);
    else
        hd_incident(self, HD_ORACLE_MEMORY, "wild-pointer", "touches what is no object", view->site,
                    id, UINT32_MAX);
    /* The memory oracle is not in force.  Poisoned memory can still be touched; nothing else can.
     */
    if (!object || freeing)
        hd_finish(self, HD_END_CUT);
}

void *hd_alloc_(const struct hd_site *site, size_t bytes, unsigned char fill)
{
    struct hd_actor *self = hd_current;
    struct hd_engine *engine = self->engine;
    void *memory;

    hd_pend_bare(self, site, HD_OP_ALLOC);
    hd_point(self);
    if (engine->arena.reuse)
        hd_tsan_acquire(&engine->arena.dead);
    memory =
        hd_arena_alloc(&engine->arena, self->quiet ? HD_ACTOR_SETUP : self->id, bytes, fill, site);
    HD_ASSERT(memory != NULL); /* HD_OBJECTS_PER_ACTOR_MAX is part of the contract */
    hd_set_pending(self->view, self->id, hd_head(HD_OP_ALLOC, 0),
                   hd_arena_id(&engine->arena, hd_arena_find(&engine->arena, memory), memory));
    hd_record(self, bytes, true);
    return memory;
}

void hd_free_(const struct hd_site *site, void *p)
{
    struct hd_actor *self = hd_current;
    struct hd_engine *engine = self->engine;
    struct hd_object *object;

    if (!p)
        return; /* as kfree() and free() */
    hd_pend(self, site, HD_OP_FREE, p, 0);
    hd_point(self);
    object = hd_arena_find(&engine->arena, p);
    if (!object || !object->live || hd_object_byte(self->view->pending.object))
        hd_memory_incident(self);
    hd_record(self, object->bytes, true);
    hd_watch_access(self);
    if (engine->arena.reuse) /* an allocator orders what it takes back before what it hands out */
        hd_tsan_release(&engine->arena.dead);
    hd_arena_kill(&engine->arena, object, engine->length - 1, site);
    hd_reconsider(engine); /* whoever sleeps on a part of it now wakes up to a dead object */
}

void hd_owned(const void *p)
{
    struct hd_object *object = hd_arena_find(&hd_current->engine->arena, p);

    HD_ASSERT(object && object->live);
    object->owned = true;
}

static void move_count(struct hd_actor *self, struct hd_refcount *r, int32_t by, bool outcome)
{
    r->count += by;
    hd_record(self, (uint32_t)r->count, outcome);
    if (outcome) /* fully ordered: who drops the last reference sees what the others did */
        hd_edge_acquire(self, r);
    hd_watch_access(self);
    if (outcome)
        hd_edge_release(self, r);
}

static struct hd_actor *count_point(const struct hd_site *site, enum hd_op op,
                                    struct hd_refcount *r)
{
    struct hd_actor *self = hd_current;

    hd_pend(self, site, op, &r->count, sizeof r->count);
    hd_point(self);
    hd_touch(self);
    return self;
}

void hd_get_(const struct hd_site *site, struct hd_refcount *r)
{
    struct hd_actor *self = count_point(site, HD_OP_GET, r);

    if (r->count <= 0)
        hd_incident(self, HD_ORACLE_MEMORY, "refcount-resurrected",
                    "takes a reference to what has none left", site, self->view->pending.object,
                    UINT32_MAX);
    move_count(self, r, 1, true);
}

bool hd_tryget_(const struct hd_site *site, struct hd_refcount *r)
{
    struct hd_actor *self = count_point(site, HD_OP_TRYGET, r);
    bool alive = r->count > 0;

    move_count(self, r, alive ? 1 : 0, alive);
    return alive;
}

bool hd_put_(const struct hd_site *site, struct hd_refcount *r)
{
    struct hd_actor *self = count_point(site, HD_OP_PUT, r);

    if (r->count <= 0)
        hd_incident(self, HD_ORACLE_MEMORY, "refcount-underflow",
                    "drops a reference nobody has left", site, self->view->pending.object,
                    UINT32_MAX);
    move_count(self, r, -1, true);
    return r->count == 0;
}
