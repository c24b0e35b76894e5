/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Classes of executions, counted over all schedules of small programs and derived by hand. */
#include "strategy/fake.h"

#include "strategy/classes.h"

static uint32_t count_classes(const struct fake_program *program, uint32_t *ret_executions)
{
    struct hd_strategy_options all = { .preemptions = HD_NO_BOUND };
    struct hd_strategy *dfs = fake_strategy("dfs", &all);
    struct hd_class_scratch *scratch = calloc(1, sizeof *scratch);
    struct fake_tally *tally = calloc(1, sizeof *tally);
    uint32_t distinct;
    struct fake fake;

    assert_non_null(scratch);
    assert_non_null(tally);
    fake_open(&fake, program);
    while (fake_execute(&fake, dfs))
        fake_count(tally, hd_class_hash(&fake.trace, scratch));
    *ret_executions = (uint32_t)fake.executions;
    distinct = tally->distinct;
    fake_close(&fake);
    hd_strategy_free(dfs);
    free(tally);
    free(scratch);
    return distinct;
}

/* Steps have nothing to do with each other: six schedules, one class. */
static void what_is_independent_is_one_class(void **state)
{
    uint32_t executions;

    (void)state;
    assert_int_equal(count_classes(&fake_two_by_two, &executions), 1);
    assert_int_equal(executions, 6);
}

/* Two writes each, of one word: every order is a class of its own. */
static void what_conflicts_is_told_apart(void **state)
{
    static const struct fake_program writes = {
        .code = {
            { { HD_OP_STORE, 1 }, { HD_OP_STORE, 1 } },
            { { HD_OP_STORE, 1 }, { HD_OP_STORE, 1 } },
        },
    };
    uint32_t executions;

    (void)state;
    assert_int_equal(count_classes(&writes, &executions), 6);
    assert_int_equal(executions, 6);
}

/* Two actors read what a third writes: each read is before the write or after it, 4 of 6 orders.
 * The two reads commute, before and after. */
static void reads_commute(void **state)
{
    static const struct fake_program reads = {
        .code = {
            { { HD_OP_LOAD, 1 } },
            { { HD_OP_LOAD, 1 } },
            { { HD_OP_STORE, 1 } },
        },
    };
    uint32_t executions;

    (void)state;
    assert_int_equal(count_classes(&reads, &executions), 4);
    assert_int_equal(executions, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_independent_is_one_class),
        cmocka_unit_test(what_conflicts_is_told_apart),
        cmocka_unit_test(reads_commute),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
