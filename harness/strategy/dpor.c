/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The search: where to go on, and who goes next.
 *
 * A worker stands at the deepest node of its path.  If something is pending there it takes the
 * first branch; else it leaves the node and stands at its parent.  An execution repeats the way to
 * the branch, does what the branch says, and then goes on with whoever is not asleep, first with
 * the one that ran last.
 */
#include "strategy/dpor.h"

#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "base/assert.h"
#include "strategy/dpor_worker.h"

static_assert(offsetof(struct hd_dpor, base) == 0, "hd_dpor_of() casts a strategy to the worker");

/* ---- Moving in the tree ---------------------------------------------------------------------- */

bool hd_dpor_leave(struct hd_dpor *dpor)
{
    struct hd_node *node = dpor->nodes[dpor->depth - 1], *parent = node->parent;

    if (node->refs || node->pending) {
        dpor->depth = 0; /* somebody else will come by */
        return false;
    }
    HD_ASSERT(!node->listed);
    node->parent = dpor->spare;
    dpor->spare = node;
    dpor->depth--;
    if (parent)
        HD_ASSERT(dpor->depth && dpor->nodes[dpor->depth - 1] == parent);
    return parent != NULL;
}

/* From the deepest node up to one with something pending.  NULL: nothing is left on this path. */
static struct hd_wake *climb(struct hd_dpor *dpor)
{
    while (dpor->depth) {
        struct hd_node *node = dpor->nodes[dpor->depth - 1];
        struct hd_wake *wake = NULL;
        bool shared = node->shared; /* the node may be gone when the lock is given back */

        if (shared)
            pthread_mutex_lock(&dpor->tree->lock);
        node->refs--;
        if (!node->unknown)
            wake = hd_node_take(dpor->tree, node, &dpor->pool);
        if (!wake)
            hd_dpor_leave(dpor);
        if (shared)
            pthread_mutex_unlock(&dpor->tree->lock);
        if (wake)
            return wake;
    }
    return NULL;
}

/* Makes the way from the root to the node this worker's path.  False: out of memory. */
static bool move_to(struct hd_dpor *dpor, struct hd_node *node)
{
    uint32_t depth = node->depth + 1;

    if (depth > dpor->room) {
        struct hd_node **nodes = hd_realloc_array(dpor->nodes, depth, sizeof(struct hd_node *));

        if (!nodes)
            return false;
        dpor->nodes = nodes;
        dpor->room = depth;
    }
    dpor->depth = depth;
    for (; node; node = node->parent) {
        dpor->nodes[node->depth] = node;
        if (node->depth)
            dpor->decisions[node->depth - 1].picked = node->via;
    }
    return true;
}

/* Waits for something to do elsewhere in the tree.  True: the tree is fresh, or *ret_wake. */
static bool find_elsewhere(struct hd_dpor *dpor, struct hd_wake **ret_wake)
{
    struct hd_dpor_tree *tree = dpor->tree;
    bool found = false;

    hd_path_cut(&dpor->path, 0);
    pthread_mutex_lock(&tree->lock);
    atomic_fetch_add(&tree->idle, 1);
    while (!atomic_load(&tree->stopping) && !found &&
           (tree->fresh || tree->listed || tree->working)) {
        struct hd_node *node = tree->listed;

        if (tree->fresh) {
            found = true;
            tree->fresh = false;
        } else if (!node) {
            pthread_cond_wait(&tree->changed, &tree->lock);
        } else {
            *ret_wake = hd_node_take(tree, node, &dpor->pool);
            found = *ret_wake && move_to(dpor, node);
        }
    }
    tree->working += found;
    atomic_fetch_sub(&tree->idle, 1);
    if (!found)
        pthread_cond_broadcast(&tree->changed);
    pthread_mutex_unlock(&tree->lock);
    return found;
}

static void stop_working(struct hd_dpor_tree *tree)
{
    pthread_mutex_lock(&tree->lock);
    HD_ASSERT(tree->working > 0);
    if (--tree->working == 0)
        pthread_cond_broadcast(&tree->changed);
    pthread_mutex_unlock(&tree->lock);
}

/* Where the next execution leaves the path, and with which step.  False: nothing is left. */
static bool find_branch(struct hd_dpor *dpor, struct hd_wake **ret_wake)
{
    if (dpor->depth) {
        *ret_wake = climb(dpor);
        if (*ret_wake)
            return true;
        stop_working(dpor->tree);
    }
    return find_elsewhere(dpor, ret_wake);
}

static bool dpor_begin(struct hd_strategy *strategy)
{
    struct hd_dpor *dpor = hd_dpor_of(strategy);
    struct hd_wake *wake = NULL;

    if (atomic_load_explicit(&dpor->tree->stopping, memory_order_relaxed) ||
        !find_branch(dpor, &wake))
        return false;
    dpor->asked = dpor->branch = 0;
    dpor->asleep = dpor->final = 0;
    dpor->blocked = dpor->astray = false;
    hd_wake_release_all(&dpor->pool, dpor->guide); /* of an execution that ended before it */
    dpor->guide = NULL;
    if (wake) {
        const struct hd_node *node = dpor->nodes[dpor->depth - 1];
        hd_actor_id actor = wake->step.actor;

        dpor->branch = node->depth;
        hd_path_cut(&dpor->path, dpor->branch);
        dpor->decisions[dpor->branch].picked = actor;
        dpor->asleep = node->asleep & ~hd_actor_bit(actor);
        dpor->final = node->final;
        memcpy(dpor->steps, node->steps, dpor->tree->width * sizeof *dpor->steps);
        dpor->guide = wake->child;
        hd_wake_release(&dpor->pool, wake);
    }
    return true;
}

/* ---- Deciding -------------------------------------------------------------------------------- */

/* Whoever conflicts with the latest step wakes up. */
static void wake_up(struct hd_dpor *dpor, const struct hd_step *step)
{
    for (hd_actor_set set = dpor->asleep; set; set &= set - 1) {
        hd_actor_id actor = (hd_actor_id)__builtin_ctzll(set);
        bool final = dpor->final & hd_actor_bit(actor);

        if (final || hd_conflict(&dpor->steps[actor], step))
            dpor->asleep &= ~hd_actor_bit(actor);
    }
}

/*
 * The first of the guide's actors that is enabled; what turned out not to be there is dropped.  So
 * is what turned out to be covered, though it could have been otherwise when it was put in.
 */
static hd_actor_id follow(struct hd_dpor *dpor, hd_actor_set enabled, struct hd_wake **ret_rest)
{
    while (dpor->guide) {
        struct hd_wake *wake = dpor->guide;
        hd_actor_id actor = wake->step.actor;

        if (hd_set_has(enabled & ~dpor->asleep, actor)) {
            *ret_rest = wake->next;
            dpor->guide = wake->child;
            hd_wake_release(&dpor->pool, wake);
            return actor;
        }
        dpor->guide = wake->next;
        wake->next = NULL;
        hd_wake_release_all(&dpor->pool, wake);
    }
    return HD_ACTOR_NONE;
}

/* A fault is armed only where that matters, which the races tell; or when nobody else can go. */
static hd_actor_id go_on(const struct hd_dpor *dpor, const struct hd_choice *choice)
{
    hd_actor_set candidates = choice->enabled & ~dpor->asleep;

    if (choice->enabled & ~dpor->faults)
        candidates &= ~dpor->faults;
    if (hd_set_has(candidates, choice->running))
        return choice->running;
    return candidates ? hd_set_nth(candidates, 0) : HD_ACTOR_NONE;
}

static hd_actor_id repeat(struct hd_dpor *dpor, const struct hd_choice *choice, uint32_t k)
{
    struct hd_decision *decision = &dpor->decisions[k];

    decision->enabled = choice->enabled;
    if (HD_UNLIKELY(!hd_set_has(choice->enabled, decision->picked))) {
        dpor->astray = true;
        return HD_ACTOR_NONE;
    }
    return decision->picked;
}

static hd_actor_id dpor_pick(struct hd_strategy *strategy, const struct hd_choice *choice)
{
    struct hd_dpor *dpor = hd_dpor_of(strategy);
    uint32_t k = choice->trace->length;
    struct hd_decision *decision = &dpor->decisions[k];
    hd_actor_id picked;

    dpor->asked = k + 1;
    if (k < dpor->branch || (k == dpor->branch && dpor->depth))
        return repeat(dpor, choice, k);
    if (dpor->asleep && k)
        wake_up(dpor, &choice->trace->steps[k - 1]);
    *decision = (struct hd_decision){ .enabled = choice->enabled, .asleep = dpor->asleep };
    picked = follow(dpor, choice->enabled, &decision->rest);
    if (picked == HD_ACTOR_NONE)
        picked = go_on(dpor, choice);
    if (picked == HD_ACTOR_NONE)
        dpor->blocked = true;
    decision->picked = picked;
    return picked;
}

static void dpor_end(struct hd_strategy *strategy, const struct hd_trace *trace)
{
    (void)strategy; /* hd_dpor_learn() needs the verdict as well */
    (void)trace;
}

static void dpor_free(struct hd_strategy *strategy)
{
    struct hd_dpor *dpor = hd_dpor_of(strategy);
    struct hd_dpor_tree *tree = dpor->tree;

    /* Others may still use what came from this worker's stock. */
    pthread_mutex_lock(&tree->lock);
    hd_wake_pool_merge(&tree->pool, &dpor->pool);
    pthread_mutex_unlock(&tree->lock);
    hd_path_destroy(&dpor->path);
    hd_dealloc(dpor->nodes);
    hd_dealloc(dpor->decisions);
    hd_dealloc(dpor);
}

static const struct hd_strategy_ops dpor_ops = {
    .name = "dpor",
    .sees_forced = true,
    .begin = dpor_begin,
    .pick = dpor_pick,
    .end = dpor_end,
    .free = dpor_free,
};

static hd_actor_set fault_actors(const struct hd_engine *engine)
{
    hd_actor_set faults = 0;

    for (unsigned i = 0; i < hd_engine_actors(engine); i++) {
        uint8_t role, instance;

        hd_engine_actor_role(engine, (hd_actor_id)i, &role, &instance);
        if (role >= HD_ROLE_FAULT)
            faults |= hd_actor_bit((hd_actor_id)i);
    }
    return faults;
}

enum hd_error hd_dpor_create(struct hd_dpor_tree *tree, const struct hd_engine *engine,
                             struct hd_strategy **ret_worker)
{
    struct hd_dpor *dpor = hd_alloc_array(1, sizeof *dpor);
    uint32_t limit = hd_engine_step_limit(engine);

    if (!dpor)
        return HD_E_NOMEM;
    HD_ASSERT_IS(hd_engine_actors(engine), ==, tree->width);
    dpor->base.ops = &dpor_ops;
    dpor->tree = tree;
    dpor->engine = engine;
    dpor->faults = fault_actors(engine);
    dpor->limit = limit;
    dpor->decisions = hd_alloc_array((size_t)limit + 1, sizeof *dpor->decisions);
    if (!dpor->decisions || hd_path_create(&dpor->path, engine)) {
        hd_dealloc(dpor->decisions);
        hd_dealloc(dpor);
        return HD_E_NOMEM;
    }
    *ret_worker = &dpor->base;
    return HD_OK;
}
