/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The execution's memory.  One sub-arena an actor and one for set-up, so that an object's address
 * depends on its own actor's history only, and independent allocations commute.  Nothing is reused
 * inside an execution (but see `reuse`), so every dead access is seen, and resetting costs what was
 * used.
 *
 * Beside the objects lie, by the same offset: a map from each 16 bytes to the object that holds
 * them, and what the engine and the race oracle know of the 16 bytes (struct hd_ghost).
 */
#ifndef HD_ARENA_H
#define HD_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/assert.h"
#include "heddle/error.h"
#include "heddle/model.h"
#include "heddle/trace.h"

#define HD_SUB_COUNT   (HD_ACTORS_MAX + 1) /* the last is set-up's */
#define HD_SUB_BITS    20
#define HD_SUB_BYTES   (UINT32_C(1) << HD_SUB_BITS)
#define HD_ARENA_BYTES ((size_t)HD_SUB_COUNT << HD_SUB_BITS)

/*
 * Behind the sub-arenas, where a program is executed as it is, come its stacks; and behind those,
 * as if it lay there, its image, wherever it really lies.
 */
#define HD_STACK_BYTES  (UINT32_C(512) << 10)
#define HD_MAIN_STACK_BYTES (UINT32_C(8) << 20) /* of actor 0 */
#define HD_STACKS_BYTES (HD_MAIN_STACK_BYTES + HD_ACTORS_MAX * HD_STACK_BYTES)
#define HD_MAPPED_BYTES (HD_ARENA_BYTES + HD_STACKS_BYTES)
#define HD_WINDOW_SUBS  128u
#define HD_WINDOW_BYTES ((size_t)HD_WINDOW_SUBS << HD_SUB_BITS)
#define HD_UNIT        16u /* bytes; objects start at its multiples and are a unit apart at least */

static_assert(HD_ACTOR_SETUP < HD_SUB_COUNT, "set-up has a sub-arena");
static_assert(HD_MAPPED_BYTES + HD_IMAGE_BYTES_MAX <= HD_WINDOW_BYTES, "an image has room");
static_assert(HD_WINDOW_SUBS <= 1u << 7, "an identity has seven bits for the sub-arena");
static_assert(HD_OBJECT_BYTES_MAX <= UINT16_MAX, "an object's size fits its record");
static_assert(HD_OBJECTS_PER_ACTOR_MAX < UINT16_MAX, "the map holds a number and a zero");

struct hd_object {
    uint32_t start;    /* offset in the arena */
    uint32_t freed_at; /* step; UINT32_MAX while alive */
    uint32_t next;     /* under `reuse`, in the list of the dead: index; UINT32_MAX ends it */
    uint16_t bytes;
    bool live, owned;
    bool more; /* the next object goes on with the same allocation */
    const struct hd_site *allocated_by, *freed_by;
};

/* What is known of 16 bytes; of this execution only if epoch is its number. */
struct hd_ghost {
    uint32_t epoch;
    uint32_t sync;     /* first of the chain of locks, flags and counts here: edge.c; 0: none */
    uint32_t chain[2]; /* of accesses to each 8 bytes, in the race oracle's pool; 0: none */
};

struct hd_arena {
    unsigned char *base;
    size_t mapped;                /* bytes there: HD_ARENA_BYTES, or HD_MAPPED_BYTES with stacks */
    const unsigned char *image;   /* NULL for none */
    size_t image_bytes;
    struct hd_ghost *ghosts;      /* one a unit */
    uint16_t *map;                /* one a unit: number of the object + 1, or 0 */
    struct hd_object *objects;    /* HD_OBJECTS_PER_ACTOR_MAX a sub-arena */
    uint32_t top[HD_SUB_COUNT];   /* next free byte, from the sub-arena's start; 0: untouched */
    uint32_t count[HD_SUB_COUNT]; /* objects */
    uint32_t used[HD_SUB_COUNT];  /* sub-arenas with objects, in the order of their first */
    uint32_t used_count;
    uint32_t slot; /* in the table of fixed addresses; UINT32_MAX: elsewhere */
    bool reuse;        /* the newest dead object of its size is handed out again, to anybody */
    uint32_t dead;     /* under `reuse`, newest first: index of an object, UINT32_MAX: none */
    bool touchable;    /* dead memory is left to itself: nobody judges who touches it */
};

/* Maps the memory; HD_E_NOMEM. */
enum hd_error hd_arena_create(struct hd_arena *arena);
/* Adds stacks, and an image. HD_E_NOMEM, HD_E_RANGE if it is too large; once an arena. */
enum hd_error hd_arena_add_image(struct hd_arena *arena, const void *image, size_t bytes);
/* An actor's stack, in an arena that has them. */
void *hd_arena_stack(struct hd_arena *arena, hd_actor_id actor, size_t *ret_bytes);
void hd_arena_destroy(struct hd_arena *arena);
/* Forgets every object. */
void hd_arena_reset(struct hd_arena *arena);
/* Forgets what is known of every 16 bytes: no epoch that was ever used is met again. */
void hd_arena_forget_ghosts(struct hd_arena *arena);
/* A new object, filled; NULL when the sub-arena is full.  bytes: 1 .. HD_OBJECT_BYTES_MAX. */
void *hd_arena_alloc(struct hd_arena *arena, uint32_t sub, size_t bytes, unsigned char fill,
                     const struct hd_site *site);
/*
 * The same for any number of bytes, aligned to a power of two of at least HD_UNIT: if there are
 * more than HD_OBJECT_BYTES_MAX, they are several objects without a gap; `more` is set in all but
 * the last.  Never reuses.
 */
void *hd_arena_alloc_run(struct hd_arena *arena, uint32_t sub, size_t bytes, size_t align,
                         unsigned char fill, const struct hd_site *site);
/* Marks a live object dead and poisons it. */
void hd_arena_kill(struct hd_arena *arena, struct hd_object *object, uint32_t step,
                   const struct hd_site *site);
/* The objects that are neither freed nor owned; *ret_first is the first of them. */
uint32_t hd_arena_leaks(const struct hd_arena *arena, hd_object_id *ret_first);
/* A hash over all live objects by identity: equal states hash equally wherever they lie. */
uint64_t hd_arena_hash(const struct hd_arena *arena);

/* Where in the window p points; HD_WINDOW_BYTES or more if outside. */
static inline size_t hd_arena_offset(const struct hd_arena *arena, const volatile void *p)
{
    size_t offset = (uintptr_t)p - (uintptr_t)arena->base;
    size_t in_image;

    if (__builtin_expect(offset < arena->mapped, 1))
        return offset;
    in_image = (uintptr_t)p - (uintptr_t)arena->image;
    return in_image < arena->image_bytes ? HD_MAPPED_BYTES + in_image : SIZE_MAX;
}

/* The object that p points into, dead or alive; NULL if none. */
static inline struct hd_object *hd_arena_find(const struct hd_arena *arena, const volatile void *p)
{
    size_t offset = hd_arena_offset(arena, p);
    uint32_t number;

    if (HD_UNLIKELY(offset >= HD_WINDOW_BYTES))
        return NULL;
    number = arena->map[offset / HD_UNIT];
    if (HD_UNLIKELY(!number))
        return NULL;
    return &arena->objects[(offset >> HD_SUB_BITS) * HD_OBJECTS_PER_ACTOR_MAX + number - 1];
}

static inline hd_object_id hd_arena_id(const struct hd_arena *arena, const struct hd_object *object,
                                       const volatile void *p)
{
    uint32_t index = (uint32_t)(object - arena->objects);

    return index << 13 | (uint32_t)(hd_arena_offset(arena, p) - object->start);
}

/* The object of an identity that this execution has made. */
static inline struct hd_object *hd_arena_object(const struct hd_arena *arena, hd_object_id id)
{
    return &arena->objects[hd_object_allocation(id)];
}

static_assert(HD_OBJECTS_PER_ACTOR_MAX == 1u << 12 && HD_OBJECT_BYTES_MAX == 1u << 13,
              "an object's index in the table is the upper part of its identity");

static inline struct hd_ghost *hd_arena_ghost(const struct hd_arena *arena, const volatile void *p)
{
    return &arena->ghosts[hd_arena_offset(arena, p) / HD_UNIT];
}

/* A value as traces hold it: a pointer into the arena becomes the identity of what it points to. */
static inline uint64_t hd_arena_value(const struct hd_arena *arena, uint64_t value)
{
    const struct hd_object *object;

    if (__builtin_expect(value - (uintptr_t)arena->base >= arena->mapped &&
                             value - (uintptr_t)arena->image >= arena->image_bytes, 1))
        return value;
    object = hd_arena_find(arena, (const void *)(uintptr_t)value);
    if (!object)
        return HD_VALUE_POINTER | HD_OBJECT_NONE;
    return HD_VALUE_POINTER | hd_arena_id(arena, object, (const void *)(uintptr_t)value);
}

#endif
