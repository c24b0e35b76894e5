/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/arena.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* The ASan interface is there only in builds that have ASan. */
void __asan_poison_memory_region(const volatile void *p, size_t bytes) __attribute__((weak));
void __asan_unpoison_memory_region(const volatile void *p, size_t bytes) __attribute__((weak));

/*
 * Each engine of a process has its own address from this table, so that pointers have equal values
 * in every run.  The range is ordinary memory to ASan, TSan and MSan alike on x86-64.  Where it is
 * taken the arena lies elsewhere: identities, not addresses, reach the digest.
 */
#define SLOT_BASE  UINT64_C(0x551000000000)
#define SLOT_BYTES (UINT64_C(1) << 30)
#define SLOTS      64

static _Atomic uint64_t slots_taken;

static uint32_t take_slot(void)
{
    uint64_t taken = atomic_load(&slots_taken);

    while (~taken) {
        uint32_t slot = (uint32_t)__builtin_ctzll(~taken);

        if (atomic_compare_exchange_weak(&slots_taken, &taken, taken | UINT64_C(1) << slot))
            return slot;
    }
    return UINT32_MAX;
}

static void *map_memory(uint64_t address, size_t bytes)
{
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    void *memory = MAP_FAILED;

    if (address)
        memory = mmap((void *)(uintptr_t)address, bytes, PROT_READ | PROT_WRITE,
                      flags | MAP_FIXED_NOREPLACE, -1, 0);
    if (memory == MAP_FAILED)
        memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

#define GHOST_BYTES   (HD_WINDOW_BYTES / HD_UNIT * sizeof(struct hd_ghost))
#define MAP_BYTES     (HD_WINDOW_BYTES / HD_UNIT * sizeof(uint16_t))
#define OBJECTS_BYTES ((size_t)HD_WINDOW_SUBS * HD_OBJECTS_PER_ACTOR_MAX * sizeof(struct hd_object))

enum hd_error hd_arena_create(struct hd_arena *arena)
{
    memset(arena, 0, sizeof *arena);
    arena->slot = take_slot();
    arena->base = map_memory(arena->slot == UINT32_MAX ? 0 : SLOT_BASE + arena->slot * SLOT_BYTES,
                             HD_MAPPED_BYTES);
    arena->mapped = HD_ARENA_BYTES;
    arena->ghosts = map_memory(0, GHOST_BYTES);
    arena->map = map_memory(0, MAP_BYTES);
    arena->objects = map_memory(0, OBJECTS_BYTES);
    if (!arena->base || !arena->ghosts || !arena->map || !arena->objects) {
        hd_arena_destroy(arena);
        return HD_E_NOMEM;
    }
    if (__asan_poison_memory_region)
        __asan_poison_memory_region(arena->base, HD_ARENA_BYTES);
    arena->dead = UINT32_MAX;
    return HD_OK;
}

static void unmap(void *memory, size_t bytes)
{
    if (memory)
        munmap(memory, bytes);
}

void hd_arena_destroy(struct hd_arena *arena)
{
    if (arena->base && __asan_unpoison_memory_region)
        __asan_unpoison_memory_region(arena->base, HD_ARENA_BYTES);
    unmap(arena->base, HD_MAPPED_BYTES);
    unmap(arena->ghosts, GHOST_BYTES);
    unmap(arena->map, MAP_BYTES);
    unmap(arena->objects, OBJECTS_BYTES);
    if (arena->slot != UINT32_MAX)
        atomic_fetch_and(&slots_taken, ~(UINT64_C(1) << arena->slot));
    *arena = (struct hd_arena){ .slot = UINT32_MAX };
}

/* Makes objects of memory that the arena doesn't hand out: alive for ever, one after the other. */
static void adopt(struct hd_arena *arena, size_t offset, size_t bytes)
{
    size_t end = offset + bytes;

    while (offset < end) {
        size_t sub = offset >> HD_SUB_BITS;
        size_t number = (offset & (HD_SUB_BYTES - 1)) / HD_OBJECT_BYTES_MAX;
        size_t piece = HD_OBJECT_BYTES_MAX - (offset & (HD_OBJECT_BYTES_MAX - 1));
        struct hd_object *object = &arena->objects[sub * HD_OBJECTS_PER_ACTOR_MAX + number];

        if (piece > end - offset)
            piece = end - offset;
        *object = (struct hd_object){ .start = (uint32_t)offset,
                                      .freed_at = UINT32_MAX,
                                      .bytes = (uint16_t)piece,
                                      .live = true,
                                      .owned = true };
        for (size_t unit = 0; unit < (piece + HD_UNIT - 1) / HD_UNIT; unit++)
            arena->map[offset / HD_UNIT + unit] = (uint16_t)(number + 1);
        offset += piece;
    }
}

enum hd_error hd_arena_add_image(struct hd_arena *arena, const void *image, size_t bytes)
{
    HD_ASSERT(!arena->image);
    HD_ASSERT((uintptr_t)image % HD_UNIT == 0);
    if (bytes > HD_IMAGE_BYTES_MAX)
        return HD_E_RANGE;
    arena->mapped = HD_MAPPED_BYTES;
    arena->image = image;
    arena->image_bytes = bytes;
    adopt(arena, HD_MAPPED_BYTES, bytes);
    return HD_OK;
}

#define GUARD_BYTES 16384u

void *hd_arena_stack(struct hd_arena *arena, hd_actor_id actor, size_t *ret_bytes)
{
    size_t offset = HD_ARENA_BYTES;

    HD_ASSERT(arena->mapped == HD_MAPPED_BYTES);
    *ret_bytes = actor ? HD_STACK_BYTES : HD_MAIN_STACK_BYTES;
    if (actor)
        offset += HD_MAIN_STACK_BYTES + (size_t)(actor - 1) * HD_STACK_BYTES;
    adopt(arena, offset, *ret_bytes);
    /* Below it lies another's; a program that recurses for ever must not reach that. */
    mprotect(arena->base + offset, GUARD_BYTES, PROT_NONE);
    return arena->base + offset;
}

/* Where a sub-arena's first object lies: skewed, or all actors' objects would meet in the same
 * lines of a cache. */
static uint32_t first_byte(uint32_t sub)
{
    return (sub * 320u) % 4096u / HD_UNIT * HD_UNIT;
}

void hd_arena_reset(struct hd_arena *arena)
{
    for (uint32_t i = 0; i < arena->used_count; i++) {
        uint32_t sub = arena->used[i];
        size_t start = ((size_t)sub << HD_SUB_BITS) + first_byte(sub);
        size_t bytes = ((size_t)sub << HD_SUB_BITS) + arena->top[sub] - start;

        memset(arena->map + start / HD_UNIT, 0, bytes / HD_UNIT * sizeof *arena->map);
        if (__asan_poison_memory_region)
            __asan_poison_memory_region(arena->base + start, bytes);
        arena->top[sub] = 0;
        arena->count[sub] = 0;
    }
    arena->used_count = 0;
    arena->dead = UINT32_MAX;
}

void hd_arena_forget_ghosts(struct hd_arena *arena)
{
    int failed = madvise(arena->ghosts, GHOST_BYTES, MADV_DONTNEED); /* zeroes them */

    HD_ASSERT(!failed);
}

static struct hd_object *sub_objects(const struct hd_arena *arena, uint32_t sub)
{
    return &arena->objects[(size_t)sub * HD_OBJECTS_PER_ACTOR_MAX];
}

static uint32_t units_of(size_t bytes)
{
    return (uint32_t)((bytes + HD_UNIT - 1) / HD_UNIT);
}

/* Under `reuse`: the newest dead object of the same size in units, taken out of the list. */
static struct hd_object *reusable_object(struct hd_arena *arena, size_t bytes)
{
    uint32_t *link = &arena->dead;

    while (*link != UINT32_MAX) {
        struct hd_object *object = &arena->objects[*link];

        if (units_of(object->bytes) == units_of(bytes)) {
            *link = object->next;
            /* To those who come now it is a new object: allocators order a free before the
             * allocation that follows it. */
            for (uint32_t unit = 0; unit < units_of(bytes); unit++)
                arena->ghosts[object->start / HD_UNIT + unit].epoch = 0;
            return object;
        }
        link = &object->next;
    }
    return NULL;
}

static struct hd_object *fresh_object(struct hd_arena *arena, uint32_t sub, size_t bytes)
{
    uint32_t units = units_of(bytes);
    uint32_t number = arena->count[sub];
    struct hd_object *object;
    uint32_t start;

    if (!number) {
        if (!arena->top[sub])
            arena->top[sub] = first_byte(sub);
        arena->used[arena->used_count++] = sub;
    }
    start = arena->top[sub];
    if (number == HD_OBJECTS_PER_ACTOR_MAX || start + (units + 1) * HD_UNIT > HD_SUB_BYTES)
        return NULL;
    arena->top[sub] = start + (units + 1) * HD_UNIT; /* one unit between, so that overflow shows */
    arena->count[sub] = number + 1;
    object = sub_objects(arena, sub) + number;
    object->start = (sub << HD_SUB_BITS) + start;
    for (uint32_t unit = 0; unit < units; unit++)
        arena->map[object->start / HD_UNIT + unit] = (uint16_t)(number + 1);
    return object;
}

static void *begin_object(struct hd_arena *arena, struct hd_object *object, size_t bytes,
                          unsigned char fill, const struct hd_site *site)
{
    unsigned char *memory;

    object->bytes = (uint16_t)bytes;
    object->more = false;
    object->live = true;
    object->owned = false;
    object->freed_at = UINT32_MAX;
    object->allocated_by = site;
    object->freed_by = NULL;
    memory = arena->base + object->start;
    if (__asan_unpoison_memory_region)
        __asan_unpoison_memory_region(memory, bytes);
    memset(memory, fill, bytes);
    return memory;
}

void *hd_arena_alloc(struct hd_arena *arena, uint32_t sub, size_t bytes, unsigned char fill,
                     const struct hd_site *site)
{
    struct hd_object *object = reusable_object(arena, bytes);

    HD_ASSERT(bytes >= 1 && bytes <= HD_OBJECT_BYTES_MAX);
    if (!object)
        object = fresh_object(arena, sub, bytes);
    return object ? begin_object(arena, object, bytes, fill, site) : NULL;
}

void *hd_arena_alloc_run(struct hd_arena *arena, uint32_t sub, size_t bytes, size_t align,
                         unsigned char fill, const struct hd_site *site)
{
    unsigned char *memory = NULL;

    HD_ASSERT(align >= HD_UNIT && (align & (align - 1)) == 0);
    if (bytes > HD_SUB_BYTES || align > HD_SUB_BYTES)
        return NULL;
    if (!arena->count[sub] && !arena->top[sub])
        arena->top[sub] = first_byte(sub);
    arena->top[sub] = (uint32_t)((arena->top[sub] + align - 1) & ~(align - 1));
    while (bytes) {
        size_t piece = bytes < HD_OBJECT_BYTES_MAX ? bytes : HD_OBJECT_BYTES_MAX;
        struct hd_object *object = fresh_object(arena, sub, piece);

        if (!object)
            return NULL;
        bytes -= piece;
        begin_object(arena, object, piece, fill, site);
        object->more = bytes != 0;
        if (object->more)
            arena->top[sub] -= HD_UNIT;
        if (!memory)
            memory = arena->base + object->start;
    }
    return memory;
}

void hd_arena_kill(struct hd_arena *arena, struct hd_object *object, uint32_t step,
                   const struct hd_site *site)
{
    HD_ASSERT(object->live);
    object->live = false;
    object->freed_at = step;
    object->freed_by = site;
    if (arena->reuse) {
        object->next = arena->dead;
        arena->dead = (uint32_t)(object - arena->objects);
    }
    if (__asan_poison_memory_region && !arena->touchable)
        __asan_poison_memory_region(arena->base + object->start, object->bytes);
}

/* The first in the order of identities, whichever actor came first. */
uint32_t hd_arena_leaks(const struct hd_arena *arena, hd_object_id *ret_first)
{
    uint32_t leaks = 0;

    *ret_first = HD_OBJECT_NONE;
    for (uint32_t i = 0; i < arena->used_count; i++) {
        const struct hd_object *objects = sub_objects(arena, arena->used[i]);

        for (uint32_t n = 0; n < arena->count[arena->used[i]]; n++) {
            hd_object_id id = hd_arena_id(arena, &objects[n], arena->base + objects[n].start);

            if (!objects[n].live || objects[n].owned)
                continue;
            leaks++;
            if (id < *ret_first)
                *ret_first = id;
        }
    }
    return leaks;
}

static uint64_t object_hash(const struct hd_arena *arena, const struct hd_object *object)
{
    const unsigned char *memory = arena->base + object->start;
    uint64_t words[HD_OBJECT_BYTES_MAX / 8 + 1];

    words[0] = hd_arena_id(arena, object, memory);
    words[(object->bytes + 7) / 8] = 0;
    memcpy(words + 1, memory, object->bytes);
    for (uint32_t i = 1; i <= object->bytes / 8; i++)
        words[i] = hd_arena_value(arena, words[i]);
    return XXH3_64bits(words, 8 + object->bytes);
}

/* A sum, so that the order in which actors first allocated makes no difference. */
uint64_t hd_arena_hash(const struct hd_arena *arena)
{
    uint64_t hash = 0;

    for (uint32_t i = 0; i < arena->used_count; i++) {
        const struct hd_object *objects = sub_objects(arena, arena->used[i]);

        for (uint32_t n = 0; n < arena->count[arena->used[i]]; n++)
            if (objects[n].live)
                hash += object_hash(arena, &objects[n]);
    }
    return hash;
}
