/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Executions that end anywhere: cut, violated, stuck, too long, with locks held, sections open,
 * functions entered, items half served.  Each is followed by a clean one, which must be the same to
 * the digest, and memory must not grow.
 */
#ifndef HD_TESTS_ABANDON_H
#define HD_TESTS_ABANDON_H

#include <unistd.h>

#include "base/prng.h"
#include "tiny.h"

struct mess {
    struct hd_mutex first, second;
    struct hd_rwsem sem;
    struct hd_bitlock bit;
    struct hd_waitq queue;
    struct hd_completion completion;
    struct hd_refcount refs;
    struct hd_queue items;
    uint64_t *object;
    uint32_t turn, ended, count;
};

enum { MESS_MARK };
static const char *const mess_marks[] = { "begun", NULL };
static const char *const mess_faults[] = { "late", NULL };

static void mess_setup(void *state)
{
    struct mess *mess = state;

    mess->object = hd_zalloc(64);
    hd_owned(mess->object);
    mess->refs.count = 2;
    mess->sem.fair = 1;
}

static void mess_called(void *argument)
{
    HD_CALL("mess_called");
    hd_step();
    hd_free(argument);
}

/* Depth first and back, so that an end in the middle leaves frames behind. */
static void mess_down(struct mess *mess, uint32_t depth)
{
    volatile char frame[100]; /* something that a sanitizer keeps account of */

    HD_CALL("mess_down");
    frame[depth] = (char)depth;
    hd_step();
    if (depth < 4)
        mess_down(mess, depth + 1);
    hd_fetch_add(&mess->count, (uint32_t)frame[depth]);
}

static void mess_locker(void *state, unsigned instance)
{
    struct mess *mess = state;
    uint64_t *own;

    (void)instance;
    HD_CALL("mess_locker");
    hd_mark(MESS_MARK);
    hd_mutex_lock(&mess->first);
    own = hd_alloc(16);
    hd_down_write(&mess->sem);
    mess_down(mess, 0);
    hd_rcu_read_lock();
    hd_push(&mess->items, mess->object);
    hd_mutex_lock(&mess->second);
    HD_CHECK(!hd_fault(0), "faulted", "the fault came in time");
    hd_mutex_unlock(&mess->second);
    hd_rcu_read_unlock();
    hd_up_write(&mess->sem);
    hd_free(own);
    hd_mutex_unlock(&mess->first);
    hd_complete(&mess->completion);
    hd_write_once(&mess->ended, 1);
    hd_wake_up(&mess->queue);
}

/* Takes the two in the other order: it may hang. */
static void mess_crosser(void *state, unsigned instance)
{
    struct mess *mess = state;

    (void)instance;
    HD_CALL("mess_crosser");
    hd_hold("a page");
    hd_mutex_lock(&mess->second);
    hd_down_read(&mess->sem);
    mess_down(mess, 0);
    hd_mutex_lock(&mess->first);
    hd_mutex_unlock(&mess->first);
    hd_up_read(&mess->sem);
    hd_mutex_unlock(&mess->second);
    hd_release("a page");
    hd_rcu_read_lock();
    hd_call_rcu(mess_called, hd_alloc(32));
    HD_CHECK(hd_read_once(&mess->turn) % 5 == 0, "turned", "the other was in between");
    hd_bit_lock(&mess->bit);
    hd_bit_unlock(&mess->bit);
    hd_rcu_read_unlock();
}

static void mess_waiter(void *state, unsigned instance)
{
    struct mess *mess = state;

    (void)instance;
    HD_CALL("mess_waiter");
    for (int i = 0; i < 12; i++) { /* the clean one comes here at the end, others go round */
        if (hd_read_once(&mess->ended))
            break;
        hd_yield();
    }
    hd_sleep(10);
    hd_bit_lock(&mess->bit);
    for (uint32_t i = 0; i < 5; i++)
        hd_fetch_add(&mess->turn, 1);
    hd_bit_unlock(&mess->bit);
    hd_synchronize_rcu();
    hd_wait_for_completion(&mess->completion);
    hd_wait_event(&mess->queue, hd_read_once(&mess->ended));
    (void)hd_put(&mess->refs);
}

static void mess_serve(void *state, void *item)
{
    struct mess *mess = state;

    HD_CALL("mess_serve");
    (void)item;
    hd_down_read(&mess->sem);
    hd_rcu_read_lock();
    mess_down(mess, 2);
    hd_rcu_read_unlock();
    hd_up_read(&mess->sem);
}

static const struct hd_role_info mess_roles[] = {
    TASK(mess_locker),
    TASK(mess_crosser),
    { .name = "waiter", .summary = "", .run = mess_waiter, .started = "begun" },
    SERVICE(mess_serve, struct mess, items),
    { NULL },
};

TINY(mess_scenario, struct mess, .roles = mess_roles, .marks = mess_marks, .faults = mess_faults,
     .setup = mess_setup, .uses_rcu_callbacks = true, .step_limit = 84);

/* ---- A random walk that gives up anywhere ---------------------------------------------------- */

struct mess_walk {
    struct hd_strategy base; /* first */
    struct hd_strategy *random;
    struct hd_prng prng;
    uint32_t left; /* choices until it gives up */
};

static inline bool mess_begin(struct hd_strategy *strategy)
{
    struct mess_walk *walk = (struct mess_walk *)strategy;

    walk->left = hd_prng_below(&walk->prng, 120);
    return walk->random->ops->begin(walk->random);
}

HIDDEN static inline hd_actor_id mess_pick(struct hd_strategy *strategy,
                                           const struct hd_choice *choice)
{
    struct mess_walk *walk = (struct mess_walk *)strategy;

    if (!walk->left--)
        return HD_ACTOR_NONE;
    return walk->random->ops->pick(walk->random, choice);
}

static inline void mess_end(struct hd_strategy *strategy, const struct hd_trace *trace)
{
    struct mess_walk *walk = (struct mess_walk *)strategy;

    walk->random->ops->end(walk->random, trace);
}

static const struct hd_strategy_ops mess_walk_ops = {
    .name = "walk",
    .begin = mess_begin,
    .pick = mess_pick,
    .end = mess_end,
    .free = tiny_plan_free,
};

/* ---- Many of them ---------------------------------------------------------------------------- */

static inline long resident_pages(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    long pages = 0;

    assert_non_null(file);
    assert_int_equal(fscanf(file, "%*d %ld", &pages), 1);
    fclose(file);
    return pages;
}

/* What became of them, each at least so often that nothing is untested. */
struct mess_tally {
    uint64_t cut, held, kinds[4];
};
static const char *const mess_kinds[4] = { "deadlock", "livelock", "faulted", "turned" };

static inline void mess_count(struct mess_tally *tally, const struct hd_execution *execution)
{
    tally->cut += execution->cut;
    tally->held += !execution->cut && execution->verdict.holds;
    for (unsigned i = 0; i < 4; i++)
        if (!execution->verdict.holds && !strcmp(execution->verdict.kind, mess_kinds[i]))
            tally->kinds[i]++;
}

/* Of the clean one, whatever went before: the same on every machine, see test_digests.c. */
#define MESS_CLEAN UINT64_C(0x053a98f70575bec0)

/* A mess and a clean one, `pairs` times. */
static inline void mess_repeat(struct tiny *tiny, uint64_t pairs)
{
    struct mess_walk walk = { .base = { &mess_walk_ops }, .random = tiny_strategy("random", 7) };
    struct tiny_plan clean = tiny_plan("");
    struct mess_tally tally = { 0 };
    long pages = 0;

    hd_prng_seed(&walk.prng, 99);
    for (uint64_t i = 0; i < pairs; i++) {
        if (i == pairs / 10) /* whatever is made once has been made */
            pages = resident_pages();
        assert_int_equal(hd_execute(tiny->engine, &walk.base, &tiny->execution), HD_OK);
        mess_count(&tally, &tiny->execution);
        assert_int_equal(hd_execute(tiny->engine, &clean.base, &tiny->execution), HD_OK);
        assert_true(tiny->execution.verdict.holds);
        assert_int_equal(tiny->execution.digest, MESS_CLEAN);
    }
    hd_strategy_free(walk.random);
    /* A sanitizer's own books grow in steps of some megabytes, and no more in the end. */
    assert_in_range(resident_pages(), 0, pages + (hd_light_supported() ? 64 : 4096));
    assert_true(tally.cut > pairs / 20 && tally.held > pairs / 200);
    for (unsigned k = 0; k < 4; k++)
        assert_true(tally.kinds[k] >= pairs / 2000);
}

/* Opens the engine, with the fault as a choice that the clean executions never need. */
static inline void mess_open(struct tiny *tiny, enum hd_backend backend)
{
    tiny_open(tiny, &mess_scenario, backend);
    tiny_keys(tiny, "late=choice");
}

#endif
