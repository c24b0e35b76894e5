/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RCU on real liburcu beside the engine's own: equal verdicts and digests, whatever is abandoned
 * half-way.  That the two agree about grace periods is asserted by the engine itself.
 */
#include "tsan/reports.h"

struct cell {
    uint64_t *shared;
    uint32_t called;
};

static void publish(void *state)
{
    ((struct cell *)state)->shared = hd_zalloc(8);
}

static void reader(void *state, unsigned instance)
{
    struct cell *cell = state;
    uint64_t *p;

    (void)instance;
    hd_rcu_read_lock();
    p = hd_rcu_dereference(&cell->shared);
    if (p)
        (void)hd_read_once(p);
    hd_rcu_read_lock();
    hd_rcu_read_unlock();
    if (p)
        (void)hd_read_once(p);
    hd_rcu_read_unlock();
}

static void free_at_once(void *state, unsigned instance)
{
    struct cell *cell = state;
    uint64_t *old = cell->shared;

    (void)instance;
    hd_rcu_assign_pointer(&cell->shared, NULL);
    hd_free(old);
}

static void free_after_grace(void *state, unsigned instance)
{
    struct cell *cell = state;
    uint64_t *old = cell->shared;

    (void)instance;
    hd_rcu_assign_pointer(&cell->shared, NULL);
    hd_synchronize_rcu();
    hd_free(old);
    hd_synchronize_rcu();
}

static void free_it(void *p)
{
    hd_free(p);
}

static void free_by_callback(void *state, unsigned instance)
{
    struct cell *cell = state;
    uint64_t *old = cell->shared;

    (void)instance;
    hd_rcu_assign_pointer(&cell->shared, NULL);
    hd_call_rcu(free_it, old);
}

static void count_it(void *argument)
{
    ((struct cell *)argument)->called++;
}

static void call_and_wait(void *state, unsigned instance)
{
    struct cell *cell = state;
    uint64_t *old = cell->shared;

    (void)instance;
    hd_rcu_assign_pointer(&cell->shared, NULL);
    hd_call_rcu(count_it, cell);
    hd_call_rcu(count_it, cell);
    hd_rcu_barrier();
    HD_CHECK(cell->called == 2, "not-called", "both callbacks before the barrier's return");
    hd_free(old);
}

static void wait_inside(void *state, unsigned instance)
{
    (void)state;
    (void)instance;
    hd_rcu_read_lock();
    hd_step();
    hd_synchronize_rcu();
    hd_rcu_read_unlock();
}

static void leave_open(void *state, unsigned instance)
{
    (void)state;
    (void)instance;
    hd_rcu_read_lock();
    hd_rcu_read_lock();
}

#define SCENARIO(updater, ...)                                                                     \
    TINY(with_##updater, struct cell, ROLES(TASK(reader), TASK(updater), TASK(reader)),            \
         .setup = publish, __VA_ARGS__)
SCENARIO(free_at_once, .kinds = NULL);
SCENARIO(free_after_grace, .kinds = NULL);
SCENARIO(free_by_callback, .uses_rcu_callbacks = true);
SCENARIO(call_and_wait, .uses_rcu_callbacks = true);
SCENARIO(wait_inside, .kinds = NULL);
SCENARIO(leave_open, .kinds = NULL);

static const struct {
    const struct hd_scenario *scenario;
    bool violates;
} table[] = {
    { &with_free_at_once, true },      { &with_free_after_grace, false },
    { &with_free_by_callback, false }, { &with_call_and_wait, false },
    { &with_wait_inside, true },       { &with_leave_open, true },
};
#define SCENARIOS (sizeof table / sizeof *table)

#define RUNS 170

/* The digests of so many random executions, each of which may be violated or stuck anywhere. */
static uint64_t run_all(struct tiny *tiny, unsigned which, uint64_t *digests)
{
    struct hd_strategy *random = tiny_strategy("random", 11 + which);
    uint64_t violations = 0;

    tiny_use(tiny, table[which].scenario);
    for (unsigned i = 0; i < RUNS; i++) {
        assert_int_equal(hd_execute(tiny->engine, random, &tiny->execution), HD_OK);
        digests[i] = tiny->execution.digest;
        violations += !tiny->execution.verdict.holds;
    }
    hd_strategy_free(random);
    return violations;
}

static void real_and_own_are_equal(void **state)
{
    struct hd_engine_options options = { .backend = TINY_BACKEND(state), .liburcu = true };
    uint64_t own[RUNS], real[RUNS];
    struct tiny with, without;

    tiny_open_with(&with, table[0].scenario, &options);
    tiny_open(&without, table[0].scenario, TINY_BACKEND(state));
    for (unsigned i = 0; i < SCENARIOS; i++) {
        uint64_t violations = run_all(&without, i, own);

        assert_int_equal(run_all(&with, i, real), violations);
        assert_memory_equal(own, real, sizeof own);
        assert_int_equal(violations > 0, table[i].violates);
    }
    tiny_close(&without);
    tiny_close(&with);
}

/* liburcu keeps its readers by process. */
static void a_second_one_is_refused(void **state)
{
    struct hd_engine_options options = { .backend = TINY_BACKEND(state), .liburcu = true };
    struct hd_engine *second = NULL;
    struct hd_diag diag = { "" };
    struct tiny tiny;

    for (int i = 0; i < 3; i++) { /* and can be had again when the first has gone */
        tiny_open_with(&tiny, &with_free_at_once, &options);
        assert_int_equal(hd_engine_create(&options, &second, &diag), HD_E_UNSUPPORTED);
        assert_null(second);
        assert_string_equal(diag.text, "liburcu: not supported here");
        tiny_close(&tiny);
    }
}

#if !HD_WITH_URCU
static void without_it_none_is_to_be_had(void **state)
{
    struct hd_engine_options options = { .liburcu = true };
    struct hd_engine *engine = NULL;

    (void)state;
    assert_int_equal(hd_engine_create(&options, &engine, NULL), HD_E_UNSUPPORTED);
    assert_null(engine);
}
#endif

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
#if HD_WITH_URCU
        ON(real_and_own_are_equal, FIBER), /* no LIGHT: readers are in TLS */
        ON(real_and_own_are_equal, THREAD),
        ON(a_second_one_is_refused, FIBER),
#else
        cmocka_unit_test(without_it_none_is_to_be_had),
#endif
    };

    (void)argc;
    /* liburcu as Debian has it is not instrumented, and orders by barriers that TSan can't see. */
    restart_with(argv, "ignore_noninstrumented_modules=1:halt_on_error=1:exitcode=99");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
