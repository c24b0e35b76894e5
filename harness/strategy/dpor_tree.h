/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tree's nodes: states on the way of some worker, with what is still to be done there. */
#ifndef HD_DPOR_TREE_H
#define HD_DPOR_TREE_H

#include <pthread.h>
#include <stdatomic.h>

#include "strategy/dpor.h"
#include "strategy/dpor_wake.h"

/*
 * The state before a step.  A private node belongs to one worker; a shared one is guarded by the
 * tree's lock.  All nodes above a shared one are shared.
 */
struct hd_node {
    struct hd_node *parent;
    struct hd_wake *pending;  /* what is to be explored from here, in this order */
    struct hd_node *previous, *following; /* in the tree's list of shared nodes with pending */
    hd_actor_set asleep;  /* whose steps need not be taken here: explored, or being explored */
    hd_actor_set final;   /* of these: they ended the execution */
    hd_actor_set unknown; /* of these: taken by a worker who has not come back with the step */
    uint32_t depth;       /* steps before it */
    uint32_t refs;        /* nodes right below it, and workers that stand here */
    uint32_t begun;       /* branches taken so far */
    hd_actor_id via;      /* who took the step before it */
    bool shared, listed;
    struct hd_step steps[]; /* [actor], of those asleep */
};

struct hd_dpor_tree {
    unsigned width;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct hd_node *listed; /* the latest one first */
    unsigned working;       /* workers that have a path */
    atomic_uint idle;       /* workers that wait for one */
    atomic_bool stopping;
    bool fresh; /* nothing was executed yet */
    struct hd_node *spare;
    struct hd_node_slab *slabs;
    struct hd_wake_pool pool; /* the stock that workers leave behind */
};

/* With the lock held, or for a private node by its worker: */

/* A node in stock for this worker; NULL if out of memory. */
struct hd_node *hd_node_new(struct hd_dpor_tree *tree, struct hd_node **spare);
/* Takes the first pending branch; the caller holds a reference to the node from now on.  NULL if
 * there is none; those that are covered meanwhile are dropped. */
struct hd_wake *hd_node_take(struct hd_dpor_tree *tree, struct hd_node *node,
                             struct hd_wake_pool *pool);
/* Puts the node into the list, or out of it, as it should be.  Shared nodes only. */
void hd_node_list(struct hd_dpor_tree *tree, struct hd_node *node);

static inline void hd_node_lock(struct hd_dpor_tree *tree, const struct hd_node *node)
{
    if (node->shared)
        pthread_mutex_lock(&tree->lock);
}

static inline void hd_node_unlock(struct hd_dpor_tree *tree, const struct hd_node *node)
{
    if (node->shared)
        pthread_mutex_unlock(&tree->lock);
}

#endif
