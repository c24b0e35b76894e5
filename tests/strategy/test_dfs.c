/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Depth-first search: exact numbers of schedules, each taken once, no false claim of being done. */
#include "strategy/fake.h"

#include "base/alloc.h"

struct result {
    uint32_t executions, violations, preemptions_max;
    struct fake_tally tally;
};

static void exhaust(const struct fake_program *program, uint32_t preemptions,
                    struct result *ret_result)
{
    struct hd_strategy *dfs =
        fake_strategy("dfs", &(struct hd_strategy_options){ .preemptions = preemptions });
    struct fake fake;

    *ret_result = (struct result){ 0 };
    fake_open(&fake, program);
    while (fake_execute(&fake, dfs)) {
        ret_result->executions++;
        ret_result->violations += fake.memory[1] != 2;
        if (ret_result->preemptions_max < fake.trace.preemptions)
            ret_result->preemptions_max = fake.trace.preemptions;
        fake_count(&ret_result->tally, fake_schedule(&fake));
    }
    assert_false(fake_execute(&fake, dfs)); /* and it stays so */
    assert_true(hd_strategy_complete(dfs));
    assert_int_equal(ret_result->executions, ret_result->tally.distinct); /* none twice */
    fake_close(&fake);
    hd_strategy_free(dfs);
}

/* clang-format off */
#define STEP { HD_OP_STEP, 1 }
/* clang-format on */

static const struct fake_program three_by_three = {
    .code = { { STEP, STEP, STEP }, { STEP, STEP, STEP } },
};

/* Steps that never block: the interleavings of m and n are (m + n)! / (m! n!) in number. */
static void takes_every_schedule_once(void **state)
{
    static const struct fake_program four_by_three = {
        .code = { { STEP, STEP, STEP, STEP }, { STEP, STEP, STEP } },
    };
    static const struct fake_program three_actors = {
        .code = { { STEP, STEP }, { STEP, STEP }, { STEP, STEP } },
    };
    static const struct fake_program alone = { .code = { { STEP, STEP } } };
    struct result result;

    (void)state;
    exhaust(&fake_two_by_two, HD_NO_BOUND, &result);
    assert_int_equal(result.executions, 6);
    exhaust(&three_by_three, HD_NO_BOUND, &result);
    assert_int_equal(result.executions, 20);
    exhaust(&four_by_three, HD_NO_BOUND, &result);
    assert_int_equal(result.executions, 35);
    exhaust(&three_actors, HD_NO_BOUND, &result);
    assert_int_equal(result.executions, 90); /* 6! / (2! 2! 2!) */
    exhaust(&alone, HD_NO_BOUND, &result);
    assert_int_equal(result.executions, 1);
}

/* Going on comes first, then the others in ascending order; the deepest choice changes first. */
static void its_order_is_fixed(void **state)
{
    static const char *const order[] = { "0011", "0110", "0101", "1100", "1001", "1010" };
    struct result result;

    (void)state;
    exhaust(&fake_two_by_two, HD_NO_BOUND, &result);
    for (uint32_t i = 0; i < 6; i++)
        assert_int_equal(result.tally.schedule[i], fake_schedule_of(order[i]));
}

/*
 * A schedule of two actors is a row of blocks, the first actor's and the second's in turn.  Of its
 * switches all are preemptions but the last, which leaves an actor that has ended: r blocks make
 * r - 2.  Three steps can be cut into b blocks in C(2, b - 1) ways: 1, 2, 1.  So r = 2, 3, 4, 5, 6
 * blocks give 2 * 1 * 1, 2 * 2 * 1, 2 * 2 * 2, 2 * 1 * 2 and 2 * 1 * 1 schedules: 2, 4, 8, 4, 2.
 */
static void the_bound_counts_preemptions(void **state)
{
    static const uint32_t schedules[] = { 2, 6, 14, 18, 20, 20 };

    (void)state;
    for (uint32_t bound = 0; bound < 6; bound++) {
        struct result result;

        exhaust(&three_by_three, bound, &result);
        assert_int_equal(result.executions, schedules[bound]);
        assert_int_equal(result.preemptions_max, bound < 4 ? bound : 4);
    }
}

/*
 * With locks, where a blocked actor makes a forced move of the other's: 10 schedules, 6 of which
 * lose an increment (5 places for the second read, 3 of them before the first write; twice).  Two
 * take two preemptions, both read and then the first to read locks first, and both of these lose
 * one.
 */
static void leaving_a_blocked_actor_is_no_preemption(void **state)
{
    struct result result;

    (void)state;
    exhaust(&fake_append_early, 0, &result);
    assert_int_equal(result.executions, 2);
    assert_int_equal(result.violations, 0);
    exhaust(&fake_append_early, 1, &result);
    assert_int_equal(result.executions, 8);
    assert_int_equal(result.violations, 4);
    exhaust(&fake_append_early, HD_NO_BOUND, &result);
    assert_int_equal(result.executions, 10);
    assert_int_equal(result.violations, 6);
    assert_int_equal(result.preemptions_max, 2);
}

/* 20000 and 20000 steps: 20000 choices without a preemption, more than there is room for. */
static const struct fake_program long_one = {
    .code = { { STEP }, { STEP } },
    .rounds = 20000,
};

static void a_longer_execution_is_repeated_with_more_room(void **state)
{
    struct hd_strategy *dfs =
        fake_strategy("dfs", &(struct hd_strategy_options){ .preemptions = 0 });
    static const hd_actor_id first[] = { 0, 0, 1 };
    struct fake fake;

    (void)state;
    fake_open(&fake, &long_one);
    for (unsigned i = 0; i < 3; i++) {
        assert_true(fake_execute(&fake, dfs));
        assert_int_equal(fake.steps[0].actor, first[i]);
        assert_int_equal(fake.trace.choices, 20000);
        assert_int_equal(fake.trace.preemptions, 0);
    }
    assert_false(fake_execute(&fake, dfs));
    assert_true(hd_strategy_complete(dfs));
    fake_close(&fake);
    hd_strategy_free(dfs);
}

static void without_room_it_claims_nothing(void **state)
{
    struct hd_strategy *dfs =
        fake_strategy("dfs", &(struct hd_strategy_options){ .preemptions = 0 });
    struct fake fake;

    (void)state;
    fake_open(&fake, &long_one);
    assert_true(hd_strategy_complete(dfs));
    hd_alloc_fail_at(1, 1);
    assert_true(fake_execute(&fake, dfs));
    assert_true(fake_execute(&fake, dfs));
    assert_false(fake_execute(&fake, dfs));
    hd_alloc_fail_at(0, 0);
    assert_false(hd_strategy_complete(dfs));
    fake_close(&fake);
    hd_strategy_free(dfs);
}

/* The second execution is another program's, in which the actor that was enabled is blocked. */
static void a_past_that_does_not_repeat_is_cut(void **state)
{
    static const struct fake_program other = {
        .code = { { STEP, STEP }, { { HD_OP_LOCK, 2 } }, { STEP } },
        .held = { [2] = 1 },
    };
    struct hd_strategy *dfs =
        fake_strategy("dfs", &(struct hd_strategy_options){ .preemptions = HD_NO_BOUND });
    struct fake fake;

    (void)state;
    fake_open(&fake, &fake_two_by_two);
    assert_true(fake_execute(&fake, dfs));
    assert_false(fake.cut);
    fake_close(&fake);
    fake_open(&fake, &other);
    assert_true(fake_execute(&fake, dfs));
    assert_true(fake.cut);
    assert_int_equal(fake.trace.length, 1);
    assert_false(hd_strategy_complete(dfs));
    fake_close(&fake);
    hd_strategy_free(dfs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_every_schedule_once),
        cmocka_unit_test(its_order_is_fixed),
        cmocka_unit_test(the_bound_counts_preemptions),
        cmocka_unit_test(leaving_a_blocked_actor_is_no_preemption),
        cmocka_unit_test(a_longer_execution_is_repeated_with_more_room),
        cmocka_unit_test(without_room_it_claims_nothing),
        cmocka_unit_test(a_past_that_does_not_repeat_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
