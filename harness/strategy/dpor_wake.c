/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Wakeup trees as a container, and insertion. */
#include "strategy/dpor_wake.h"

#include "base/alloc.h"
#include "base/assert.h"

#define SLAB_WAKES 1000

struct hd_wake_slab {
    struct hd_wake_slab *next;
    struct hd_wake wakes[SLAB_WAKES];
};

/* ---- Stock ----------------------------------------------------------------------------------- */

static bool stock_up(struct hd_wake_pool *pool)
{
    struct hd_wake_slab *slab = hd_alloc_array(1, sizeof *slab);

    if (!slab)
        return false;
    slab->next = pool->slabs;
    pool->slabs = slab;
    for (unsigned i = 0; i < SLAB_WAKES; i++)
        hd_wake_release(pool, &slab->wakes[i]);
    return true;
}

struct hd_wake *hd_wake_new(struct hd_wake_pool *pool)
{
    struct hd_wake *wake;

    if (!pool->spare && !stock_up(pool))
        return NULL;
    wake = pool->spare;
    pool->spare = wake->next;
    *wake = (struct hd_wake){ 0 };
    return wake;
}

void hd_wake_release(struct hd_wake_pool *pool, struct hd_wake *wake)
{
    wake->next = pool->spare;
    pool->spare = wake;
}

/* Without recursion: what follows is put in front of what stands instead. */
void hd_wake_release_all(struct hd_wake_pool *pool, struct hd_wake *wake)
{
    while (wake) {
        struct hd_wake *next = wake->next;

        if (wake->child) {
            struct hd_wake *last = wake->child;

            while (last->next)
                last = last->next;
            last->next = next;
            next = wake->child;
        }
        hd_wake_release(pool, wake);
        wake = next;
    }
}

void hd_wake_pool_merge(struct hd_wake_pool *into, struct hd_wake_pool *from)
{
    while (from->slabs) {
        struct hd_wake_slab *slab = from->slabs;

        from->slabs = slab->next;
        slab->next = into->slabs;
        into->slabs = slab;
    }
    while (from->spare) {
        struct hd_wake *wake = from->spare;

        from->spare = wake->next;
        hd_wake_release(into, wake);
    }
}

void hd_wake_pool_destroy(struct hd_wake_pool *pool)
{
    while (pool->slabs) {
        struct hd_wake_slab *slab = pool->slabs;

        pool->slabs = slab->next;
        hd_dealloc(slab);
    }
    pool->spare = NULL;
}

/* ---- Insertion ------------------------------------------------------------------------------- */

static struct hd_wake *new_wake(struct hd_wake_pool *pool, const struct hd_step *step, bool final)
{
    struct hd_wake *wake = hd_wake_new(pool);

    if (wake) {
        wake->step = *step;
        wake->final = final;
    }
    return wake;
}

/* The suffix as one branch, in the order of the path. */
static struct hd_wake *make_branch(struct hd_wake_pool *pool, const struct hd_suffix *suffix)
{
    const struct hd_path *path = suffix->path;
    struct hd_wake *branch = NULL, **end = &branch;

    for (uint32_t k = suffix->first + 1; k < path->length; k++) {
        const struct hd_path_event *event = &path->events[k];
        hd_actor_id actor = event->step.actor;

        if (event->nth <= suffix->start[actor] || event->nth > suffix->cut[actor])
            continue;
        *end = new_wake(pool, &event->step, false);
        if (!*end)
            goto fail;
        end = &(*end)->child;
    }
    if (suffix->has_last) {
        *end = new_wake(pool, &suffix->last, suffix->last_maybe_final);
        if (!*end)
            goto fail;
    }
    return branch;
fail:
    hd_wake_release_all(pool, branch);
    return NULL;
}

enum hd_error hd_wake_insert(struct hd_wake_pool *pool, struct hd_wake **tree,
                             struct hd_suffix *suffix, bool *ret_added)
{
    struct hd_wake **at = tree;

    *ret_added = false;
    while (*at) {
        struct hd_wake *wake = *at;

        if (!hd_suffix_may_begin(suffix, &wake->step, wake->final)) {
            at = &wake->next;
            continue;
        }
        hd_suffix_take(suffix, wake->step.actor);
        if (!wake->child)
            return HD_OK; /* a leaf: everything that begins so will be explored */
        at = &wake->child;
    }
    *at = make_branch(pool, suffix);
    if (!*at)
        return HD_E_NOMEM;
    *ret_added = true;
    return HD_OK;
}
