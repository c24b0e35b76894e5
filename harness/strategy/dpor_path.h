/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The path: one execution's events with their happens-before, kept from execution to execution as
 * far as they are the same.
 *
 * Source     vector clocks: Fidge 1988, Mattern 1989.  Races and their reversal: Abdulla, Aronis,
 *            Jonsson, Sagonas, "Source Sets: A Foundation for Optimal Dynamic Partial Order
 *            Reduction", JACM 64(4), 2017.
 * Guarantee  event a happens before b if and only if b's clock has a's number at a's actor; two
 *            executions are equivalent if and only if their sums of hashes are equal (but for
 *            collisions of 64 bits).
 * Departs    from the paper in three ways, all for programs that block and that end early:
 *            - An operation that blocks races with the earlier ones that it could have come before,
 *              even where others lie between (a lock with the latest acquisition, not with the
 *              unlock that enabled it); hd_path_may_go() says when.
 *            - A step that ends the execution (a violation, a power loss) conflicts with all.
 *            - An actor that waits for ROLE.end happens after the last steps of that role, and an
 *              RCU barrier after its callbacks', though ends are no steps.
 * Cost       an event is compared with the earlier ones on its 8 bytes of memory back to the latest
 *            write; nothing is allocated but to grow.
 */
#ifndef HD_DPOR_PATH_H
#define HD_DPOR_PATH_H

#include <stdbool.h>
#include <stdint.h>

#include "heddle/heddle.h"

/* One event.  Links are indices plus one; 0 is none. */
struct hd_path_event {
    struct hd_step step;
    hd_actor_set enabled; /* who could have gone instead */
    uint64_t sum;         /* of the hashes of this and all earlier events */
    uint32_t nth;         /* of its actor's events, from 1 */
    uint32_t slot[2];     /* the 8 bytes that it touches, or two of them; 0: none */
    uint32_t older[2];    /* the event before it there */
    uint32_t place;       /* slot of the allocation; 0: none */
    uint32_t older_here;  /* the event before it in the allocation */
    uint32_t older_wide;  /* the latest that touches the allocation as a whole, it excluded */
    uint32_t races;       /* those of earlier events: races[0 .. races - 1] */
    bool exclusive;       /* conflicts with its like: whatever came before is ordered by it */
    bool wide;            /* touches the allocation as a whole */
    bool final;           /* ended the execution */
};

/* Steps, and how an execution ended that didn't come to its own end. */
enum hd_path_kind {
    HD_PATH_STEP,
    HD_PATH_LAST,  /* carried out; what its actor did behind it was wrong */
    HD_PATH_TRIED, /* so wrong that it was never carried out */
};

/* `second` could have been carried out in the place of `first`. */
struct hd_path_race {
    uint32_t first, second; /* events; second is UINT32_MAX for one that is only pending */
    bool nearest; /* only if of the events between just those are kept that it needs */
    bool settled; /* the other order is known to be covered as long as `second` is on the path */
};

struct hd_path_slot {
    uint64_t key;
    uint32_t head; /* the latest event */
    uint32_t wide; /* of an allocation: the latest wide one */
};

/* What is known of an actor before the first execution. */
struct hd_path_actor {
    hd_actor_set after; /* START waits for the end of these */
    uint8_t mark;       /* START waits for this mark, plus one; 0: for none */
    uint8_t fault;      /* what its ARM arms */
};

struct hd_path {
    uint32_t width;  /* actors; a row of the arrays below */
    uint32_t length; /* events */
    uint32_t room;
    struct hd_path_event *events;
    uint32_t *clocks;     /* [event][actor]: the actor's events that happen before or are it */
    uint32_t *before;     /* [event][actor]: how many of the actor's events precede it */
    uint32_t *of_actor;   /* [actor][i]: event; rows of room */
    uint32_t count[HD_ACTORS_MAX]; /* events of each actor */
    struct hd_path_race *races;
    uint32_t race_count, race_room;
    struct hd_path_slot *slots; /* [0] is none, [1] what has no object */
    uint32_t slot_count, slot_room;
    uint32_t *index; /* hash table of slots, index_room of them, a power of two; 0: empty */
    uint32_t index_room;
    bool inert[HD_OP_COUNT]; /* conflicts with nothing */
    hd_actor_id rcu;         /* runs RCU callbacks; HD_ACTOR_NONE: nobody */
    uint32_t arms;           /* ARM events on the path */
    struct hd_path_actor actors[HD_ACTORS_MAX];
};

/* An operation that is to be placed behind events of the path: carried out there, or pending. */
struct hd_path_next {
    struct hd_step step;
    const uint32_t *clock; /* of its actor's latest event; zeroes before the first */
    bool pending;          /* it was not carried out, so it says nothing of what it waits for */
};

/* All zero is a path to be released.  HD_OK or HD_E_NOMEM. */
enum hd_error hd_path_create(struct hd_path *path, const struct hd_engine *engine);
void hd_path_destroy(struct hd_path *path);
/* Forgets all events from this one on. */
void hd_path_cut(struct hd_path *path, uint32_t length);
/* Adds an event, with its races.  HD_OK; or HD_E_NOMEM, and the path is as before. */
enum hd_error hd_path_push(struct hd_path *path, const struct hd_step *step, hd_actor_set enabled,
                           enum hd_path_kind kind);
/* Adds the races of an operation that is pending at the end; they are the last ones, for the caller
 * to take away again. */
enum hd_error hd_path_pend(struct hd_path *path, const struct hd_step *pending);
/* The hash of the class that the path, as a whole execution, belongs to. */
uint64_t hd_path_class(const struct hd_path *path);

/*
 * limit[actor]: how many of each actor's events are neither `first` nor happen after it, up to the
 * first of each that does.
 */
void hd_path_limits(const struct hd_path *path, uint32_t first, uint32_t *limit);
/* Can the operation block?  If not, it can come anywhere. */
bool hd_path_blocks(enum hd_op op);
/* Could it be carried out where only the first limit[actor] events of each actor came before it?
 * Never a false no. */
bool hd_path_may_go(const struct hd_path *path, const struct hd_path_next *next,
                    const uint32_t *limit, uint32_t first);
/* The operation as it would be there: a trylock that would fail has failed. */
struct hd_step hd_path_guess(const struct hd_path *path, const struct hd_path_next *next,
                             const uint32_t *limit);
/* RCU_WAIT of a barrier: the latest event that it waited for, as a link. */
uint32_t hd_path_barrier(const struct hd_path *path, hd_actor_id actor);

static inline const uint32_t *hd_path_clock(const struct hd_path *path, uint32_t event)
{
    return path->clocks + (size_t)event * path->width;
}

static inline const uint32_t *hd_path_before(const struct hd_path *path, uint32_t event)
{
    return path->before + (size_t)event * path->width;
}

/* The actor's i-th event, from 0. */
static inline uint32_t hd_path_of(const struct hd_path *path, uint32_t actor, uint32_t i)
{
    return path->of_actor[(size_t)actor * path->room + i];
}

/* Is it one of the first limit[] of its actor? */
static inline bool hd_path_kept(const struct hd_path *path, uint32_t event, const uint32_t *limit)
{
    return path->events[event].nth <= limit[path->events[event].step.actor];
}

/* The slot of what the step touches, 0 if it was never touched; part 0 or 1. */
uint32_t hd_path_slot_of(const struct hd_path *path, const struct hd_step *step, unsigned part);

#endif
