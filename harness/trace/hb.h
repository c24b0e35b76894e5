/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Happens-before by vector clocks.
 *
 * Source     Fidge 1988, Mattern 1989; locks as in Flanagan and Freund, "FastTrack", PLDI 2009.
 * Guarantee  an access by actor a at its time t happens before what actor b does now if and only if
 *            hd_hb_covers(b, a, t).
 * Cost       O(actors) an edge; nothing is allocated after hd_hb_create().
 *
 * An actor's own component counts its releases, so that two accesses between the same two releases
 * share a time.
 */
#ifndef HD_HB_H
#define HD_HB_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/assert.h"
#include "heddle/error.h"
#include "heddle/trace.h"

struct hd_hb {
    uint32_t width;  /* actors; a row of the arrays below */
    uint32_t rows;   /* of the pool, handed out so far; row 0 is never handed out */
    uint32_t room;   /* rows in the pool */
    uint32_t *actor; /* width rows: what each actor knows */
    uint32_t *pool;  /* room rows: what each lock, mark, queue carries */
};

/* For at most `width` actors and `room` synchronisation objects an execution. */
enum hd_error hd_hb_create(struct hd_hb *hb, uint32_t width, uint32_t room);
void hd_hb_destroy(struct hd_hb *hb);
/* Nobody knows of anybody. */
void hd_hb_reset(struct hd_hb *hb, uint32_t width);

static inline uint32_t *hd_hb_row(const struct hd_hb *hb, hd_actor_id actor)
{
    return hb->actor + (size_t)actor * hb->width;
}

/* Now, as actor a counts it. */
static inline uint32_t hd_hb_time(const struct hd_hb *hb, hd_actor_id actor)
{
    return hd_hb_row(hb, actor)[actor];
}

static inline bool hd_hb_covers(const struct hd_hb *hb, hd_actor_id later, hd_actor_id earlier,
                                uint32_t time)
{
    return hd_hb_row(hb, later)[earlier] >= time;
}

static inline void hd_hb_join(const struct hd_hb *hb, uint32_t *into, const uint32_t *from)
{
    for (uint32_t i = 0; i < hb->width; i++)
        if (into[i] < from[i])
            into[i] = from[i];
}

/* The actor learns what the object carries.  clock: the object's, 0 if none yet. */
static inline void hd_hb_acquire(struct hd_hb *hb, hd_actor_id actor, uint32_t clock)
{
    if (clock)
        hd_hb_join(hb, hd_hb_row(hb, actor), hb->pool + (size_t)clock * hb->width);
}

/* The object forgets what it carried.  No memset(): TSan would see the engine's own write, as one
 * by the actor that happens to run. */
static inline void hd_hb_forget(struct hd_hb *hb, uint32_t clock)
{
    volatile uint32_t *row = hb->pool + (size_t)clock * hb->width;

    for (uint32_t i = 0; i < hb->width; i++)
        row[i] = 0;
}

/* The object learns what the actor knows, and keeps what it carried; *clock is set if it was 0. */
static inline void hd_hb_release(struct hd_hb *hb, hd_actor_id actor, uint32_t *clock)
{
    uint32_t *row = hd_hb_row(hb, actor);

    if (!*clock) {
        HD_ASSERT_IS(hb->rows, <, hb->room);
        *clock = hb->rows++;
        hd_hb_forget(hb, *clock);
    }
    hd_hb_join(hb, hb->pool + (size_t)*clock * hb->width, row);
    row[actor]++;
}

#endif
