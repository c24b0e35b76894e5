/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What stands still between two steps: the shared state as far as the trace shows it, and what each
 * actor is about to do or waits for.  Worked out from the trace alone, as everything in a story.
 *
 * A moment is a number of steps: moment n is after n of them, so 0 is the beginning, and step n is
 * taken between the moments n and n + 1.  Both sequences hold differences only, in order.
 */
#ifndef HD_SCENE_H
#define HD_SCENE_H

#include "heddle/trace.h"

/* A piece of shared state that some step changes. */
struct hd_cell {
    hd_object_id object; /* HD_OBJECT_NONE: the RCU read sections */
    const char *name;
    const char *first; /* before its first change; NULL if no step has looked at it until then */
};

/* Step `step` has changed a cell.  A free changes all cells of its object. */
struct hd_change {
    uint32_t step;
    uint32_t cell;
    const char *before; /* NULL: not known */
    const char *after;
};

enum hd_stance_kind {
    HD_STANCE_NEXT,  /* can go on: what it is about to do */
    HD_STANCE_WAITS, /* cannot: for what */
    HD_STANCE_IDLE,  /* a service without anything to do */
    HD_STANCE_FAILS, /* stands where the execution went wrong */
    HD_STANCE_ENDED,
    HD_STANCE_OFF, /* takes no part, or was not started */
};

/* From this moment on, until the actor's next entry. */
struct hd_stance {
    uint32_t moment;
    hd_actor_id actor;
    enum hd_stance_kind kind;
    const char *text; /* "lock folio[0].lock in folio_lock()"; may be empty */
};

struct hd_scenes {
    struct hd_cell *cells; /* in the order of their first change */
    uint32_t cell_count;
    struct hd_change *changes;
    uint32_t change_count;
    struct hd_stance *stances; /* each actor has one of moment 0 */
    uint32_t stance_count;
};

/* How the actor stands at the moment. */
const struct hd_stance *hd_stance_at(const struct hd_scenes *scenes, hd_actor_id actor,
                                     uint32_t moment);
/* "next", "waits for", "idle", "fails", "ended", "takes no part". */
const char *hd_stance_word(enum hd_stance_kind kind);

#endif
