/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tree as a container: stock, and the list of where other workers can find something to do. */
#include "strategy/dpor_tree.h"

#include "base/alloc.h"
#include "base/assert.h"

#define SLAB_NODES 64u

struct hd_node_slab {
    struct hd_node_slab *next;
    _Alignas(16) unsigned char nodes[];
};

enum hd_error hd_dpor_tree_create(const struct hd_engine *engine, struct hd_dpor_tree **ret_tree)
{
    struct hd_dpor_tree *tree = hd_alloc_array(1, sizeof *tree);

    if (!tree)
        return HD_E_NOMEM;
    tree->width = hd_engine_actors(engine);
    tree->fresh = true;
    pthread_mutex_init(&tree->lock, NULL);
    pthread_cond_init(&tree->changed, NULL);
    atomic_init(&tree->idle, 0);
    atomic_init(&tree->stopping, false);
    *ret_tree = tree;
    return HD_OK;
}

void hd_dpor_tree_free(struct hd_dpor_tree *tree)
{
    if (!tree)
        return;
    while (tree->slabs) {
        struct hd_node_slab *slab = tree->slabs;

        tree->slabs = slab->next;
        hd_dealloc(slab);
    }
    hd_wake_pool_destroy(&tree->pool);
    pthread_cond_destroy(&tree->changed);
    pthread_mutex_destroy(&tree->lock);
    hd_dealloc(tree);
}

void hd_dpor_tree_stop(struct hd_dpor_tree *tree)
{
    pthread_mutex_lock(&tree->lock);
    atomic_store(&tree->stopping, true);
    pthread_cond_broadcast(&tree->changed);
    pthread_mutex_unlock(&tree->lock);
}

bool hd_dpor_tree_done(const struct hd_dpor_tree *tree)
{
    return !tree->fresh && !tree->listed && !tree->working;
}

static size_t node_bytes(const struct hd_dpor_tree *tree)
{
    return (sizeof(struct hd_node) + tree->width * sizeof(struct hd_step) + 15) / 16 * 16;
}

struct hd_node *hd_node_new(struct hd_dpor_tree *tree, struct hd_node **spare)
{
    struct hd_node *node = *spare;
    size_t bytes = node_bytes(tree);

    if (!node) {
        struct hd_node_slab *slab = hd_alloc_array(1, sizeof *slab + SLAB_NODES * bytes);

        if (!slab)
            return NULL;
        for (unsigned i = 0; i < SLAB_NODES; i++) {
            node = (struct hd_node *)(void *)(slab->nodes + i * bytes);
            node->parent = *spare;
            *spare = node;
        }
        pthread_mutex_lock(&tree->lock);
        slab->next = tree->slabs;
        tree->slabs = slab;
        pthread_mutex_unlock(&tree->lock);
    }
    *spare = node->parent;
    *node = (struct hd_node){ 0 };
    return node;
}

/* Takes away pending branches that begin with a step that sleeps by now. */
static void drop_covered(struct hd_node *node, struct hd_wake_pool *pool)
{
    while (node->pending && hd_set_has(node->asleep, node->pending->step.actor)) {
        struct hd_wake *wake = node->pending;

        node->pending = wake->next;
        wake->next = NULL;
        hd_wake_release_all(pool, wake);
    }
}

struct hd_wake *hd_node_take(struct hd_dpor_tree *tree, struct hd_node *node,
                             struct hd_wake_pool *pool)
{
    struct hd_wake *wake;

    drop_covered(node, pool);
    wake = node->pending;
    if (wake) {
        hd_actor_set bit = hd_actor_bit(wake->step.actor);

        node->pending = wake->next;
        wake->next = NULL;
        node->asleep |= bit;
        node->unknown |= bit;
        node->steps[wake->step.actor] = wake->step;
        node->refs++;
        node->begun++;
    }
    if (node->shared)
        hd_node_list(tree, node);
    return wake;
}

void hd_node_list(struct hd_dpor_tree *tree, struct hd_node *node)
{
    bool wanted = node->pending && !node->unknown;

    if (wanted == node->listed)
        return;
    node->listed = wanted;
    if (wanted) {
        node->previous = NULL;
        node->following = tree->listed;
        if (node->following)
            node->following->previous = node;
        tree->listed = node;
        pthread_cond_broadcast(&tree->changed);
        return;
    }
    if (node->previous)
        node->previous->following = node->following;
    else
        tree->listed = node->following;
    if (node->following)
        node->following->previous = node->previous;
}
