/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Scenarios for the report's tests, small enough to know every row by heart.  They live here and
 * not in models/, so that a table can be held word for word while the models go on changing.
 */
#ifndef TOY_H
#define TOY_H

#include "toy_write.h"

/* toy-count: every writer adds to one number, reading and writing it apart, or under a lock. */
struct count {
    struct hd_mutex lock;
    uint32_t value;
};

static void count_writer(void *state, unsigned instance)
{
    struct count *c = state;
    uint32_t v;

    (void)instance;
    if (hd_variant() == 1)
        hd_mutex_lock(&c->lock);
    v = hd_read_once(&c->value);
    hd_write_once(&c->value, v + 1);
    if (hd_variant() == 1)
        hd_mutex_unlock(&c->lock);
}

static void count_setup(void *state)
{
    struct count *c = state;

    hd_name(&c->lock, "count.lock", -1);
    hd_name(&c->value, "count.value", -1);
}

static void count_check(void *state)
{
    struct count *c = state;

    HD_CHECK(c->value == hd_param(0), "lost-update", "an addition was lost");
}

static const struct hd_variant_info plain_and_locked[] = {
    { "plain", "no lock", HD_BROKEN },
    { "locked", "one lock", HD_FIXED },
    { NULL },
};
static const struct hd_param_info count_params[] = {
    { "writers", "how many", 2, 1, 8, NULL },
    { NULL },
};
static const struct hd_role_info count_roles[] = {
    { .name = "t", .summary = "adds one", .run = count_writer, .count_param = 1 },
    { NULL },
};
static const char *const count_kinds[] = { "lost-update", NULL };
static const struct hd_scenario toy_count = {
    .name = "toy-count",
    .summary = "a lost update",
    .passport = { .evidence = HD_SYNTHETIC },
    .variants = plain_and_locked,
    .params = count_params,
    .roles = count_roles,
    .kinds = count_kinds,
    .state_bytes = sizeof(struct count),
    .setup = count_setup,
    .check = count_check,
};

/* toy-locks: two locks, taken in both orders; or taken, tried and dropped by helpers. */
struct locks {
    struct hd_mutex a, b;
};

enum { ABBA, SHORT, LONG };

static void take_what_both_of_them_want_to_have(struct hd_mutex *lock)
{
    hd_mutex_lock(lock);
}

static void drop(struct hd_mutex *lock)
{
    hd_mutex_unlock(lock);
}

/* Two operations: the first succeeds, the second, on another lock, may not. */
static bool peek_and_try(struct locks *l)
{
    (void)hd_read_once(&l->b.held);
    return hd_mutex_trylock(&l->a);
}

static void one_by_helpers(struct locks *l)
{
    take_what_both_of_them_want_to_have(&l->a);
    if (hd_variant() == LONG)
        hd_step();
    drop(&l->a);
    take_what_both_of_them_want_to_have(&l->b);
    drop(&l->b);
}

static void two_by_helpers(struct locks *l)
{
    HD_CALL("two_by_helpers");
    for (unsigned i = 0; i < 2; i++)
        if (peek_and_try(l))
            drop(&l->a);
    hd_step();
    take_what_both_of_them_want_to_have(&l->b);
    take_what_both_of_them_want_to_have(&l->a);
    drop(&l->b);
    drop(&l->a);
}

static void locks_one(void *state, unsigned instance)
{
    struct locks *l = state;

    (void)instance;
    if (hd_variant() != ABBA) {
        one_by_helpers(l);
        return;
    }
    hd_mutex_lock(&l->a);
    hd_mutex_lock(&l->b);
    hd_mutex_unlock(&l->b);
    hd_mutex_unlock(&l->a);
}

static void locks_two(void *state, unsigned instance)
{
    struct locks *l = state;

    (void)instance;
    if (hd_variant() != ABBA) {
        two_by_helpers(l);
        return;
    }
    hd_mutex_lock(&l->b);
    hd_mutex_lock(&l->a);
    hd_mutex_unlock(&l->a);
    hd_mutex_unlock(&l->b);
}

static void locks_setup(void *state)
{
    struct locks *l = state;

    hd_name(&l->a, "a", -1);
    hd_name(&l->b, "b", -1);
}

static const struct hd_variant_info locks_variants[] = {
    { "abba", "both orders", HD_BROKEN },
    { "short", "by helpers", HD_POSITIVE },
    { "long", "by helpers, and one of them holds its lock longer", HD_POSITIVE },
    { NULL },
};
static const struct hd_role_info locks_roles[] = {
    { .name = "one", .summary = "a, then b", .run = locks_one },
    { .name = "two", .summary = "b, then a", .run = locks_two },
    { NULL },
};
static const struct hd_scenario toy_locks = {
    .name = "toy-locks",
    .summary = "two locks, both orders",
    .passport = { .evidence = HD_SYNTHETIC },
    .variants = locks_variants,
    .roles = locks_roles,
    .state_bytes = sizeof(struct locks),
    .setup = locks_setup,
};

/* toy-long: one actor does much between two shared steps, in calls and out of them; and spins. */
struct lengthy {
    uint32_t shared[40];
    uint32_t flag;
};

enum { CALLS, FLAT, SPIN, MANY, SPOILT };

static void long_inner(struct lengthy *l, unsigned first)
{
    HD_CALL("inner");
    for (unsigned i = first; i < first + 4; i++)
        hd_write_once(&l->shared[i], i);
    hd_step();
}

static void set_flag(struct lengthy *l)
{
    hd_write_once(&l->flag, 1);
}

static void long_spoil(struct lengthy *l)
{
    HD_CALL("spoil");
    long_inner(l, 8);
    set_flag(l);
    long_inner(l, 12);
}

static void long_walk(void *state, unsigned instance)
{
    struct lengthy *l = state;

    HD_CALL("walk");
    (void)instance;
    if (hd_variant() == SPOILT)
        long_spoil(l);
    if (hd_variant() == CALLS || hd_variant() == MANY) {
        long_inner(l, 0);
        long_inner(l, 4);
    }
    for (unsigned i = 0; i < (hd_variant() == MANY ? 40 : 16); i++)
        hd_write_once(&l->shared[i], i);
    if (hd_variant() != SPOILT)
        set_flag(l);
}

static void long_look(void *state, unsigned instance)
{
    struct lengthy *l = state;

    HD_CALL("look");
    (void)instance;
    for (unsigned i = 0; i < (hd_variant() == MANY ? 40 : 16); i++)
        (void)hd_read_once(&l->shared[i]);
    if (hd_variant() == SPOILT) {
        uint32_t flag = hd_read_once(&l->flag);

        HD_CHECK(flag == 0, "spoilt", "the flag was set");
    }
    while (hd_variant() == SPIN && !hd_read_once(&l->flag))
        hd_write_once(&l->shared[0], 7);
}

static const struct hd_variant_info long_variants[] = {
    { "calls", "with inner calls", HD_POSITIVE },
    { "flat", "without", HD_POSITIVE },
    { "spin", "one waits for the other without yielding", HD_BROKEN },
    { "many", "with inner calls, and too much for a table that shows all", HD_POSITIVE },
    { "spoilt", "what is wrong at the end was done deep in a call", HD_BROKEN },
    { NULL },
};
static const char *const long_kinds[] = { "spoilt", NULL };
static const struct hd_role_info long_roles[] = {
    { .name = "walk", .summary = "walks", .run = long_walk },
    { .name = "look", .summary = "looks", .run = long_look },
    { NULL },
};
static const struct hd_scenario toy_long = {
    .name = "toy-long",
    .summary = "long runs",
    .passport = { .evidence = HD_SYNTHETIC },
    .step_limit = 2000,
    .variants = long_variants,
    .kinds = long_kinds,
    .roles = long_roles,
    .state_bytes = sizeof(struct lengthy),
};

static const struct hd_scenario *const toy_list[] = {
    &toy_write, &toy_count, &toy_locks, &toy_long
};
static const struct hd_catalogue toys = { toy_list, sizeof toy_list / sizeof toy_list[0] };

#endif
