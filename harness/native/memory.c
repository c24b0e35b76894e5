/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The program's heap is the execution's arena.  What the C library allocates for itself is not the
 * program's: it outlives an execution.
 *
 * An allocation of more than HD_OBJECT_BYTES_MAX is several objects side by side.
 */
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>

#include "native/native.h"

#define FRESH 0xa5 /* what uninitialised memory holds */

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

/* The actor, if it is the program itself that asks. */
static struct hd_actor *asker(const void *pc)
{
    return hd_in_text(pc) ? hd_caller(pc) : NULL;
}

static bool in_heap(const struct hd_actor *self, const void *p)
{
    return self && hd_arena_offset(&self->engine->arena, p) < HD_ARENA_BYTES;
}

static void *allocate(struct hd_actor *self, size_t bytes, size_t align, unsigned char fill,
                      const void *pc)
{
    struct hd_engine *engine = self->engine;
    const struct hd_site *site = hd_site_at(pc);
    void *memory;

    hd_pend_bare(self, site, HD_OP_ALLOC);
    hd_point(self);
    memory = hd_arena_alloc_run(&engine->arena, self->id, bytes ? bytes : 1, align, fill, site);
    if (!memory)
        hd_unsupported(self, "more than a MiB, or 4096 blocks, of memory from one thread", pc);
    if (!engine->setting.workload.params[HD_PROGRAM_LEAKS])
        for (struct hd_object *object = hd_arena_find(&engine->arena, memory);; object++) {
            object->owned = true;
            if (!object->more)
                break;
        }
    hd_set_pending(self->view, self->id, hd_head(HD_OP_ALLOC, 0),
                   hd_arena_id(&engine->arena, hd_arena_find(&engine->arena, memory), memory));
    hd_record(self, bytes, true);
    return memory;
}

void *hd_program_allocate(struct hd_actor *self, size_t bytes, const void *pc)
{
    return allocate(self, bytes, HD_UNIT, FRESH, pc);
}

static void release(struct hd_actor *self, void *p, const void *pc)
{
    struct hd_arena *arena = &self->engine->arena;
    const struct hd_object *object = hd_arena_find(arena, p);
    bool more = object && object->more;

    hd_free_(hd_site_at(pc), p);
    while (more) { /* the pieces that follow it */
        object++;
        more = object->more;
        hd_free_(hd_site_at(pc), arena->base + object->start);
    }
}

/* Of all pieces together; p is the first's. */
static size_t size_of(const struct hd_arena *arena, const void *p)
{
    const struct hd_object *object = hd_arena_find(arena, p);
    size_t bytes = 0;

    if (!object)
        return 0;
    for (; object->more; object++)
        bytes += object->bytes;
    return bytes + object->bytes;
}

HD_EXPORT void *malloc(size_t bytes)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = asker(pc);

    return self ? allocate(self, bytes, HD_UNIT, FRESH, pc) : __libc_malloc(bytes);
}

HD_EXPORT void *calloc(size_t count, size_t bytes)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = asker(pc);
    size_t all;

    if (!self)
        return __libc_calloc(count, bytes);
    if (__builtin_mul_overflow(count, bytes, &all)) {
        errno = ENOMEM;
        return NULL;
    }
    return allocate(self, all, HD_UNIT, 0, pc);
}

HD_EXPORT void free(void *p)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = hd_runner();

    if (!p)
        return;
    if (self && (in_heap(self, p) || (asker(pc) && hd_in_text(p)))) {
        hd_settle(self);
        release(self, p, pc);
    } else {
        __libc_free(p);
    }
}

HD_EXPORT void *realloc(void *p, size_t bytes)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = asker(pc);
    size_t before;
    void *memory;

    if (!self || (p && !in_heap(self, p)))
        return __libc_realloc(p, bytes);
    memory = allocate(self, bytes, HD_UNIT, FRESH, pc);
    if (p) {
        before = size_of(&self->engine->arena, p);
        memcpy(memory, p, before < bytes ? before : bytes);
        release(self, p, pc);
    }
    return memory;
}

static void *allocate_aligned(struct hd_actor *self, size_t align, size_t bytes, const void *pc)
{
    return allocate(self, bytes, align < HD_UNIT ? HD_UNIT : align, FRESH, pc);
}

HD_EXPORT void *memalign(size_t align, size_t bytes)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = asker(pc);

    return self ? allocate_aligned(self, align, bytes, pc) : __libc_memalign(align, bytes);
}

HD_EXPORT void *aligned_alloc(size_t align, size_t bytes)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = asker(pc);

    return self ? allocate_aligned(self, align, bytes, pc) : __libc_memalign(align, bytes);
}

HD_EXPORT int posix_memalign(void **ret_memory, size_t align, size_t bytes)
{
    const void *pc = HD_CALLER();
    struct hd_actor *self = asker(pc);
    void *memory = self ? allocate_aligned(self, align, bytes, pc) : __libc_memalign(align, bytes);

    if (!memory)
        return ENOMEM;
    *ret_memory = memory;
    return 0;
}

HD_EXPORT size_t malloc_usable_size(void *p)
{
    struct hd_actor *self = hd_runner();

    return in_heap(self, p) ? size_of(&self->engine->arena, p) : HD_REAL(malloc_usable_size)(p);
}
