/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A worker from inside: dpor.c decides and moves about in the tree, dpor_learn.c learns. */
#ifndef HD_DPOR_WORKER_H
#define HD_DPOR_WORKER_H

#include "strategy/dpor_tree.h"

/* What was decided at one point of the execution under way. */
struct hd_decision {
    hd_actor_set enabled;
    hd_actor_set asleep; /* when it was decided */
    struct hd_wake *rest; /* what is to be explored from here later */
    hd_actor_id picked;
};

struct hd_dpor {
    struct hd_strategy base; /* first: hd_dpor_of() relies on it */
    struct hd_dpor_tree *tree;
    const struct hd_engine *engine;
    struct hd_path path; /* of the latest execution, as far as the next one repeats it */
    hd_actor_set faults; /* who only arms one */

    /* nodes[i] is the state before event i; the worker holds a reference to the last. */
    struct hd_node **nodes;
    uint32_t depth, room;

    /* The execution under way. */
    struct hd_decision *decisions; /* limit + 1 of them */
    uint32_t limit;                /* steps */
    uint32_t branch;               /* the first step that is new */
    uint32_t asked;                /* points decided */
    struct hd_wake *guide;         /* what is to be done next; NULL: anything */
    hd_actor_set asleep;           /* at the latest point */
    hd_actor_set final;            /* of these */
    bool blocked;                  /* all who could go are asleep */
    bool astray;                   /* the actor to be repeated is not enabled */
    struct hd_step steps[HD_ACTORS_MAX]; /* of those asleep */

    struct hd_node *spare;
    struct hd_wake_pool pool;
};

static inline struct hd_dpor *hd_dpor_of(struct hd_strategy *strategy)
{
    return (struct hd_dpor *)strategy;
}

/* Leaves the deepest node, for good; true if it is the worker's turn at its parent now. */
bool hd_dpor_leave(struct hd_dpor *dpor);

#endif
