/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Happens-before through shared memory: a release leaves what its actor knows with the bytes it
 * writes, and an acquire of any of these bytes learns it.
 *
 * A store replaces what was left there, a plain or marked one by nothing: who reads its value has
 * not read the released one.  Locks, counts and atomic read-modify-writes add to it, as a release
 * sequence does in C11 (5.1.2.4, without the clause on stores by the same thread, which C++20 took
 * out).
 *
 * Cost: a walk over the few such places in the same 16 bytes.
 */
#include "engine/step.h"

/* The bytes of the pending operation among the 16 around p; what lies beyond them is left out. */
static uint16_t bytes_at(const struct hd_actor *self, const volatile void *p)
{
    size_t first = hd_arena_offset(&self->engine->arena, p) % HD_UNIT;

    return (uint16_t)(((1u << self->view->pending.bytes) - 1) << first);
}

void hd_edge_join(struct hd_actor *self, const volatile void *p)
{
    struct hd_engine *engine = self->engine;
    uint16_t bytes = bytes_at(self, p);

    for (uint32_t i = hd_ghost_now(engine, p)->sync; i; i = engine->syncs[i].next)
        if (engine->syncs[i].bytes & bytes)
            hd_hb_acquire(&engine->hb, self->id, engine->syncs[i].clock);
}

void hd_edge_cut(struct hd_actor *self, const volatile void *p)
{
    struct hd_engine *engine = self->engine;
    uint16_t bytes = bytes_at(self, p);

    for (uint32_t i = hd_ghost_now(engine, p)->sync; i; i = engine->syncs[i].next)
        engine->syncs[i].bytes &= (uint16_t)~bytes;
}

/* The place of exactly these bytes, or one that was written over, or a new one. */
static struct hd_sync *place_for(struct hd_engine *engine, struct hd_ghost *ghost, uint16_t bytes)
{
    struct hd_sync *sync = NULL;

    for (uint32_t i = ghost->sync; i; i = engine->syncs[i].next) {
        if (engine->syncs[i].bytes == bytes)
            return &engine->syncs[i];
        if (!engine->syncs[i].bytes)
            sync = &engine->syncs[i];
    }
    if (!sync) {
        HD_ASSERT_IS(engine->sync_count, <, HD_SYNC_OBJECTS_MAX);
        sync = &engine->syncs[engine->sync_count];
        *sync = (struct hd_sync){ .next = ghost->sync };
        ghost->sync = engine->sync_count++;
    }
    return sync;
}

void hd_edge_leave(struct hd_actor *self, const volatile void *p, bool replace)
{
    struct hd_engine *engine = self->engine;
    struct hd_ghost *ghost = hd_ghost_now(engine, p);
    uint16_t bytes = bytes_at(self, p);
    struct hd_sync *sync = place_for(engine, ghost, bytes);

    if (sync->clock && (replace || sync->bytes != bytes))
        hd_hb_forget(&engine->hb, sync->clock);
    if (sync->bytes != bytes) {
        hd_edge_cut(self, p); /* of other widths: an atomic operation has learnt from them all */
        sync->bytes = bytes;
    }
    hd_hb_release(&engine->hb, self->id, &sync->clock);
}
