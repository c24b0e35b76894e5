/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Wakeup trees: what is still to be explored from a node, as sequences of steps that share their
 * beginnings; and the suffixes of a path that are put into them.
 *
 * Source     Abdulla, Aronis, Jonsson, Sagonas, JACM 64(4), 2017: wakeup trees (section 5), weak
 *            initials (section 4).
 * Guarantee  after hd_wake_insert() some leaf of the tree is a prefix of the suffix, up to
 *            equivalence; a sequence once in the tree stays there as it is.
 * Departs    in nothing: the suffix is a cut of the path, a number for each actor, so that taking
 *            its first step away is to count it.
 */
#ifndef HD_DPOR_WAKE_H
#define HD_DPOR_WAKE_H

#include "strategy/dpor_path.h"

/* A step that somebody is to take. */
struct hd_wake {
    struct hd_wake *child; /* what follows; NULL: anything */
    struct hd_wake *next;  /* instead of it, later */
    struct hd_step step;   /* as far as it is known */
    bool final;            /* it may end the execution, and would then cover nothing else */
};

/* Steps in stock.  All zero is an empty pool. */
struct hd_wake_slab;
struct hd_wake_pool {
    struct hd_wake *spare;
    struct hd_wake_slab *slabs;
};
/* NULL if out of memory. */
struct hd_wake *hd_wake_new(struct hd_wake_pool *pool);
void hd_wake_release(struct hd_wake_pool *pool, struct hd_wake *wake);
/* The wake, what follows it and what stands instead of it. */
void hd_wake_release_all(struct hd_wake_pool *pool, struct hd_wake *wake);
/* Into takes over all that from has. */
void hd_wake_pool_merge(struct hd_wake_pool *into, struct hd_wake_pool *from);
void hd_wake_pool_destroy(struct hd_wake_pool *pool);

/*
 * Of a path, the events from `first` on that don't happen after it, and then one that was not
 * possible there: what is to be carried out in the place of `first`.
 */
struct hd_suffix {
    const struct hd_path *path;
    uint32_t first;
    uint32_t start[HD_ACTORS_MAX]; /* events of each actor before what is left of the suffix */
    uint32_t cut[HD_ACTORS_MAX];   /* and up to its end */
    bool whole;                    /* the events up to the first of each actor behind `first` */
    bool has_last;
    bool last_final, last_maybe_final; /* it will, or may, end the execution there as well */
    struct hd_step last;
    uint32_t last_clock[HD_ACTORS_MAX]; /* what comes before it */
};

/* Reverses the race.  pending: the operation, if it was never carried out, else NULL. */
void hd_suffix_make(struct hd_suffix *suffix, const struct hd_path *path,
                    const struct hd_path_race *race, const struct hd_step *pending);
/*
 * Could the suffix as well begin with this step: is it its first, up to equivalence, or independent
 * of all of it?  final: it ends the execution, so it covers itself only.
 */
bool hd_suffix_may_begin(const struct hd_suffix *suffix, const struct hd_step *step, bool final);
/* Takes the actor's first step away, if it has one. */
void hd_suffix_take(struct hd_suffix *suffix, hd_actor_id actor);
/* Does the actor's step come first whatever the rest of the execution is, up to event `until`? */
bool hd_suffix_surely_begins(const struct hd_suffix *suffix, hd_actor_id actor, uint32_t until);

/* Adds what is left of the suffix, unless it is covered.  HD_E_NOMEM. */
enum hd_error hd_wake_insert(struct hd_wake_pool *pool, struct hd_wake **tree,
                             struct hd_suffix *suffix, bool *ret_added);

#endif
