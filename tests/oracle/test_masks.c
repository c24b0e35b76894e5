/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Each oracle fires where it should, not a step earlier or later, and is silent when it is switched
 * off.  The table has one lone actor a row; by the row's own oracle it is wrong at that step, and
 * with all oracles but that one nothing is said of it.
 */
#include "tiny.h"

struct state {
    struct hd_mutex mutex;
    struct hd_spinlock spin;
    struct hd_bitlock bit;
    struct hd_rwsem sem;
    struct hd_waitq queue;
    struct hd_completion completion;
    struct hd_refcount refs;
    struct hd_disk *disk;
    uint64_t *object;
};

static void setup(void *state)
{
    struct state *s = state;

    s->object = hd_zalloc(12);
    hd_owned(s->object);
    s->disk = hd_disk_new(1);
}

static void recover(const void *state)
{
    HD_CHECK(((const struct state *)state)->disk->block[0] == 0, "not-zero", "it must stay zero");
}

#define ACTOR(name)                                                                                \
    static void name(void *state, unsigned instance);                                              \
    TINY(of_##name, struct state, ROLES(TASK(name)), .setup = setup, .recover = recover,           \
         .step_limit = 20);                                                                        \
    static void name(void *state, unsigned instance)
#define S                                                                                          \
    struct state *s = state;                                                                       \
    (void)instance

ACTOR(violates)
{
    (void)state;
    (void)instance;
    hd_step();
    HD_CHECK(false, "always", "it always does");
    hd_step();
}

ACTOR(uses_freed)
{
    S;
    hd_free(s->object);
    (void)hd_load(s->object);
    hd_step();
}

ACTOR(locks_freed)
{
    struct state *other = hd_new(struct state);

    (void)state;
    (void)instance;
    hd_free(other);
    hd_mutex_lock(&other->mutex);
    hd_mutex_unlock(&other->mutex);
    hd_down_read(&other->sem);
    hd_up_read(&other->sem);
    hd_wake_up(&other->queue);
    hd_complete(&other->completion);
    hd_wait_for_completion(&other->completion);
}

ACTOR(reaches_beyond)
{
    S;
    hd_store(&s->object[1], 1);
    hd_step();
}

ACTOR(underflows)
{
    S;
    (void)hd_put(&s->refs);
    hd_step();
}

ACTOR(resurrects)
{
    S;
    hd_get(&s->refs);
    hd_step();
}

ACTOR(leaks)
{
    (void)state;
    (void)instance;
    (void)hd_alloc(1);
}

ACTOR(spins)
{
    (void)state;
    (void)instance;
    for (;;)
        hd_step();
}

ACTOR(is_just_short_enough)
{
    (void)state;
    (void)instance;
    for (int i = 0; i < 20; i++)
        hd_step();
}

ACTOR(is_one_too_long)
{
    (void)state;
    (void)instance;
    for (int i = 0; i < 21; i++)
        hd_step();
}

ACTOR(hangs)
{
    S;
    hd_mutex_lock(&s->mutex);
    hd_mutex_lock(&s->mutex);
}

ACTOR(leaves_mutex)
{
    S;
    hd_mutex_lock(&s->mutex);
    hd_step();
}

ACTOR(leaves_spin)
{
    S;
    (void)hd_spin_trylock(&s->spin);
}

ACTOR(leaves_bit)
{
    S;
    hd_bit_lock(&s->bit);
}

ACTOR(leaves_reader)
{
    S;
    hd_down_read(&s->sem);
    hd_down_read(&s->sem);
    hd_up_read(&s->sem);
}

ACTOR(leaves_writer)
{
    S;
    hd_down_write(&s->sem);
}

ACTOR(leaves_section)
{
    (void)state;
    (void)instance;
    hd_rcu_read_lock();
    hd_rcu_read_lock();
    hd_rcu_read_unlock();
}

ACTOR(leaves_transaction)
{
    (void)state;
    (void)instance;
    hd_hold("a page");
    hd_hold("a transaction");
    hd_release("a page");
    hd_step();
}

ACTOR(unlocks)
{
    S;
    hd_step();
    hd_mutex_unlock(&s->mutex);
    hd_step();
}

ACTOR(writes_one)
{
    S;
    hd_disk_write(s->disk, 0, 0);
    hd_disk_write(s->disk, 0, 1);
    hd_disk_write(s->disk, 0, 0);
}

ACTOR(is_right)
{
    S;
    hd_mutex_lock(&s->mutex);
    hd_down_read(&s->sem);
    hd_rcu_read_lock();
    hd_hold("a page");
    hd_free(hd_alloc(8));
    hd_release("a page");
    hd_rcu_read_unlock();
    hd_up_read(&s->sem);
    hd_mutex_unlock(&s->mutex);
    s->refs.count = 1;
    hd_get(&s->refs);
    (void)hd_put(&s->refs);
    (void)hd_put(&s->refs);
}

static const struct {
    const struct hd_scenario *scenario;
    enum hd_oracle oracle;
    const char *said;
    uint32_t step;     /* the wrong one */
    hd_actor_id actor; /* who took it */
    uint32_t without;  /* the steps it takes with that oracle switched off */
} table[] = {
    { &of_violates, HD_ORACLE_PROPERTY, "always at violates", 1, 0, 2 },
    { &of_uses_freed, HD_ORACLE_MEMORY, "use-after-free at uses_freed", 1, 0, 3 },
    { &of_locks_freed, HD_ORACLE_MEMORY, "use-after-free at locks_freed", 2, 0, 9 },
    { &of_reaches_beyond, HD_ORACLE_MEMORY, "out-of-bounds at reaches_beyond", 0, 0, 2 },
    { &of_underflows, HD_ORACLE_MEMORY, "refcount-underflow at underflows", 0, 0, 2 },
    { &of_resurrects, HD_ORACLE_MEMORY, "refcount-resurrected at resurrects", 0, 0, 2 },
    { &of_leaks, HD_ORACLE_MEMORY, "leak at leaks", 1, HD_ACTOR_NONE, 1 },
    { &of_spins, HD_ORACLE_LIVELOCK, "livelock at spins", 20, 0, 20 },
    { &of_is_one_too_long, HD_ORACLE_LIVELOCK, "livelock at is_one_too_long", 20, 0, 20 },
    { &of_hangs, HD_ORACLE_DEADLOCK, "deadlock at hangs", 1, 0, 1 },
    { &of_leaves_mutex, HD_ORACLE_BALANCE, "lock-left at leaves_mutex", 2, 0, 2 },
    { &of_leaves_spin, HD_ORACLE_BALANCE, "lock-left at leaves_spin", 1, 0, 1 },
    { &of_leaves_bit, HD_ORACLE_BALANCE, "lock-left at leaves_bit", 1, 0, 1 },
    { &of_leaves_reader, HD_ORACLE_BALANCE, "lock-left at leaves_reader", 3, 0, 3 },
    { &of_leaves_writer, HD_ORACLE_BALANCE, "lock-left at leaves_writer", 1, 0, 1 },
    { &of_leaves_section, HD_ORACLE_BALANCE, "rcu-left", 3, 0, 3 },
    { &of_leaves_transaction, HD_ORACLE_BALANCE, "hold-left", 1, 0, 1 },
    { &of_unlocks, HD_ORACLE_BALANCE, "unlock-unheld at unlocks", 1, 0, 1 },
    { &of_writes_one, HD_ORACLE_DURABILITY, "not-zero at recover", 1, 0, 3 },
};
#define ROWS (sizeof table / sizeof *table)

static void each_fires_at_its_step(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &of_is_right, TINY_BACKEND(state));
    for (size_t i = 0; i < ROWS; i++) {
        const struct hd_verdict *verdict = &tiny.execution.verdict;

        tiny_use(&tiny, table[i].scenario);
        for (int alone = 0; alone < 2; alone++) { /* among all, or by itself */
            tiny_oracles(&tiny, alone ? 1u << table[i].oracle : HD_ORACLES_ALL);
            assert_string_equal(tiny_run(&tiny, ""), table[i].said);
            assert_int_equal(verdict->oracle, table[i].oracle);
            assert_int_equal(verdict->step, table[i].step);
            assert_int_equal(tiny.execution.trace.length, table[i].step);
            assert_int_equal(verdict->actor, table[i].actor);
            assert_non_null(verdict->detail);
        }
    }
    tiny_close(&tiny);
}

/* "cut" where it cannot go on: then the verdict means nothing, and says so. */
static void each_is_silent_when_switched_off(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &of_is_right, TINY_BACKEND(state));
    for (size_t i = 0; i < ROWS; i++) {
        bool goes_on = table[i].oracle != HD_ORACLE_LIVELOCK &&
                       table[i].oracle != HD_ORACLE_DEADLOCK && table[i].scenario != &of_unlocks;

        tiny_use(&tiny, table[i].scenario);
        tiny_oracles(&tiny, HD_ORACLES_ALL & ~(1u << table[i].oracle));
        assert_string_equal(tiny_run(&tiny, ""), goes_on ? "holds" : "cut");
        assert_int_equal(tiny.execution.trace.length, table[i].without);
    }
    tiny_close(&tiny);
}

static void what_is_right_is_right(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &of_is_right, TINY_BACKEND(state));
    tiny_oracles(&tiny, HD_ORACLES_ALL);
    assert_string_equal(tiny_run(&tiny, ""), "holds");
    assert_int_equal(tiny.execution.trace.length, 11);
    tiny_use(&tiny, &of_is_just_short_enough);
    assert_string_equal(tiny_run(&tiny, ""), "holds");
    assert_int_equal(tiny.execution.trace.length, 20);
    tiny_close(&tiny);
}

/* Nobody who is not asked is told: without a list, all but race and durability. */
static void the_default_list(void **state)
{
    struct tiny tiny;

    tiny_open(&tiny, &of_writes_one, TINY_BACKEND(state));
    assert_string_equal(tiny_run(&tiny, ""), "holds");
    tiny_use(&tiny, &of_leaks);
    assert_string_equal(tiny_run(&tiny, ""), "leak at leaks");
    tiny_close(&tiny);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(each_fires_at_its_step),
        EACH(each_is_silent_when_switched_off),
        EACH(what_is_right_is_right),
        EACH(the_default_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
