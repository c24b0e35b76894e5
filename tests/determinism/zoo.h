/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A few scenarios that between them use every operation, for tests of determinism. */
#ifndef HD_TESTS_ZOO_H
#define HD_TESTS_ZOO_H

#include "tiny.h"

struct zoo {
    struct hd_mutex mutex;
    struct hd_spinlock spin;
    struct hd_bitlock bit;
    struct hd_rwsem sem;
    struct hd_waitq queue;
    struct hd_completion completion;
    struct hd_refcount refs;
    struct hd_queue items;
    struct hd_disk *disk;
    uint64_t *pointer;
    uint32_t word, other;
    uint8_t byte;
};

static void zoo_setup(void *state)
{
    struct zoo *zoo = state;

    zoo->pointer = hd_alloc(24);
    hd_owned(zoo->pointer);
    zoo->refs.count = 1;
    zoo->sem.fair = 1;
    zoo->disk = hd_disk_new(2);
}

static void zoo_locks(void *state, unsigned instance)
{
    struct zoo *zoo = state;

    (void)instance;
    hd_mutex_lock(&zoo->mutex);
    hd_down_read(&zoo->sem);
    if (hd_spin_trylock(&zoo->spin))
        hd_spin_unlock(&zoo->spin);
    hd_up_read(&zoo->sem);
    hd_mutex_unlock(&zoo->mutex);
}

static void zoo_locks_more(void *state, unsigned instance)
{
    struct zoo *zoo = state;

    (void)instance;
    hd_down_write(&zoo->sem);
    hd_spin_lock(&zoo->spin);
    hd_spin_unlock(&zoo->spin);
    hd_up_write(&zoo->sem);
    if (hd_mutex_trylock(&zoo->mutex))
        hd_mutex_unlock(&zoo->mutex);
}

static void zoo_accesses(void *state, unsigned instance)
{
    struct zoo *zoo = state;
    uint64_t *fresh = hd_zalloc(8);

    (void)instance;
    hd_store(fresh, UINT64_C(0x0123456789abcdef));
    hd_store_release(&zoo->pointer, fresh);
    hd_write_once(&zoo->byte, 0x80);
    hd_fetch_or(&zoo->word, 0xff00);
    hd_cmpxchg(&zoo->word, 0xff00, 1);
}

static void zoo_looks(void *state, unsigned instance)
{
    struct zoo *zoo = state;
    uint64_t *pointer = hd_load_acquire(&zoo->pointer);

    (void)instance;
    (void)hd_load(pointer);
    (void)hd_read_once(&zoo->byte);
    hd_xchg(&zoo->word, 7);
}

static void zoo_waits(void *state, unsigned instance)
{
    struct zoo *zoo = state;

    (void)instance;
    hd_wait_event(&zoo->queue, hd_read_once(&zoo->word));
    hd_wait_for_completion(&zoo->completion);
}

static void zoo_wakes(void *state, unsigned instance)
{
    struct zoo *zoo = state;

    (void)instance;
    hd_write_once(&zoo->word, 1);
    hd_wake_up(&zoo->queue);
    hd_push(&zoo->items, &zoo->other);
    hd_complete(&zoo->completion);
}

static void zoo_serve(void *state, void *item)
{
    (void)state;
    hd_fetch_add((uint32_t *)item, 1);
}

static void zoo_callback(void *argument)
{
    hd_free(argument);
}

static void zoo_updates(void *state, unsigned instance)
{
    struct zoo *zoo = state;
    uint64_t *old = zoo->pointer;

    (void)instance;
    hd_rcu_assign_pointer(&zoo->pointer, NULL);
    hd_call_rcu(zoo_callback, old);
    hd_synchronize_rcu();
    hd_rcu_barrier();
}

static void zoo_reads(void *state, unsigned instance)
{
    struct zoo *zoo = state;
    uint64_t *pointer;

    (void)instance;
    hd_rcu_read_lock();
    pointer = hd_rcu_dereference(&zoo->pointer);
    if (pointer)
        (void)hd_load(pointer);
    hd_rcu_read_unlock();
}

static void zoo_counts(void *state, unsigned instance)
{
    struct zoo *zoo = state;

    (void)instance;
    hd_mark(0);
    if (hd_tryget(&zoo->refs)) {
        hd_sleep(3);
        (void)hd_put(&zoo->refs);
    }
    if (hd_fault(0))
        hd_disk_write(zoo->disk, 1, 9);
    (void)hd_now();
}

static void zoo_drops(void *state, unsigned instance)
{
    struct zoo *zoo = state;

    (void)instance;
    hd_yield();
    (void)hd_put(&zoo->refs);
    hd_sleep(2);
    (void)hd_disk_read(zoo->disk, 1);
    HD_CHECK(!hd_bit_is_locked(&zoo->bit), "locked", "nobody locks it");
}

static void zoo_frees(void *state, unsigned instance)
{
    struct zoo *zoo = state;

    (void)instance;
    hd_step();
    hd_free(zoo->pointer);
}

static void zoo_pulls(void *state, unsigned instance)
{
    struct zoo *zoo = state;

    (void)instance;
    hd_disk_write(zoo->disk, 1, 1);
    hd_disk_write(zoo->disk, 0, 1);
    hd_power_loss();
}

static void zoo_recover(const void *state)
{
    const struct zoo *zoo = state;

    HD_CHECK(zoo->word == 0 || zoo->disk->block[0] == 1, "early", "the word came before the block");
}

static void zoo_sets(void *state, unsigned instance)
{
    struct zoo *zoo = state;

    (void)instance;
    hd_store(&zoo->word, 1);
    (void)hd_load(&zoo->other);
}

static const char *const zoo_marks[] = { "begun", NULL };
static const char *const zoo_faults[] = { "torn", NULL };
static const struct hd_role_info zoo_counters[] = {
    TASK(zoo_counts),
    { .name = "drops", .summary = "", .run = zoo_drops, .started = "begun" },
    { NULL },
};

#define ZOO(id, ...) TINY(id, struct zoo, .setup = zoo_setup, __VA_ARGS__)
ZOO(zoo_locking, ROLES(TASK(zoo_locks), TASK(zoo_locks_more)));
ZOO(zoo_accessing, ROLES(TASK(zoo_accesses), TASK(zoo_looks)), .oracles = HD_ORACLE_BIT(PROPERTY));
ZOO(zoo_waiting,
    ROLES(TASK(zoo_waits), TASK(zoo_wakes), SERVICE(zoo_serve, struct zoo, items)));
ZOO(zoo_rcu, ROLES(TASK(zoo_updates), TASK(zoo_reads)), .uses_rcu_callbacks = true);
ZOO(zoo_counting, .roles = zoo_counters, .marks = zoo_marks, .faults = zoo_faults);
ZOO(zoo_freeing, ROLES(TASK(zoo_frees), TASK(zoo_looks)));
ZOO(zoo_losing, ROLES(TASK(zoo_pulls), TASK(zoo_sets)), .recover = zoo_recover,
    .oracles = HD_ORACLES_ALL & ~HD_ORACLE_BIT(RACE));
ZOO(zoo_racing, ROLES(TASK(zoo_sets), TASK(zoo_sets)), .oracles = HD_ORACLES_ALL);

static const struct hd_scenario *const zoo[] = {
    &zoo_locking,  &zoo_accessing, &zoo_waiting, &zoo_rcu,
    &zoo_counting, &zoo_freeing,   &zoo_losing,  &zoo_racing,
};
#define ZOO_COUNT (sizeof zoo / sizeof *zoo)

/* As every test of these uses them: with their fault as a choice. */
static inline void zoo_use(struct tiny *tiny, unsigned index)
{
    tiny_use(tiny, zoo[index]);
    if (zoo[index]->faults)
        tiny_keys(tiny, "torn=choice");
}

#endif
