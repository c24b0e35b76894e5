/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * PCT, held to its paper on two late locks, a bug of depth 2: both reads come before either write.
 * Every seed is fixed, so a failure here is a change in behaviour and never bad luck.
 */
#include "strategy/fake.h"

#define EXECUTIONS 1000u

struct result {
    uint64_t violations;
    uint32_t choices_max;
    struct fake_tally tally;
};

static void explore(const struct fake_program *program, uint32_t depth, uint64_t seed,
                    struct result *ret_result)
{
    struct hd_strategy *pct =
        fake_strategy("pct", &(struct hd_strategy_options){ .seed = seed, .depth = depth });
    struct fake fake;

    *ret_result = (struct result){ 0 };
    fake_open(&fake, program);
    for (uint32_t i = 0; i < EXECUTIONS; i++) {
        assert_true(fake_execute(&fake, pct));
        ret_result->violations += fake.memory[1] != 2;
        if (ret_result->choices_max < fake.trace.choices)
            ret_result->choices_max = fake.trace.choices;
        fake_count(&ret_result->tally, fake_schedule(&fake));
    }
    fake_close(&fake);
    hd_strategy_free(pct);
}

/* The guarantee, kept in integers: violations / executions >= 1 / (n * k^(d-1)), with n = d = 2.
 * Below the depth of the bug there is none: one actor ends before the other starts. */
static void finds_the_bug_as_often_as_promised(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct result result;

        explore(&fake_append_early, 2, seed, &result);
        assert_true(result.violations * 2 * result.choices_max >= EXECUTIONS);
        explore(&fake_append_early, 1, seed, &result);
        assert_int_equal(result.violations, 0);
    }
}

/*
 * Say actor 0 locks first: actor 1 can read before any of actor 0's four operations or after the
 * last, 5 ways.  Twice that, for actor 1 first: 10 schedules.  d - 1 demotions reach those of up to
 * d - 1 preemptions, and 1000 executions reach all of them.  Two of the 10 take two: both read,
 * then the first to read locks first.
 */
static void each_depth_reaches_the_schedules_it_should(void **state)
{
    static const uint32_t reached[] = { 0, 2, 8, 10 };

    (void)state;
    for (uint32_t depth = 1; depth <= 3; depth++) {
        struct result result;

        explore(&fake_append_early, depth, 1, &result);
        assert_int_equal(result.tally.distinct, reached[depth]);
    }
}

/* At depth 1 the schedule is the order of the actors, so each of 3! comes 1000 / 6 = 167 times,
 * with a deviation of 12. */
static void every_initial_order_is_equally_likely(void **state)
{
    static const struct fake_program three = {
        .code = {
            { { HD_OP_STEP, 1 }, { HD_OP_STEP, 1 } },
            { { HD_OP_STEP, 1 }, { HD_OP_STEP, 1 } },
            { { HD_OP_STEP, 1 }, { HD_OP_STEP, 1 } },
        },
    };
    struct result result;

    (void)state;
    explore(&three, 1, 1, &result);
    assert_int_equal(result.tally.distinct, 6);
    for (uint32_t i = 0; i < 6; i++)
        assert_in_range(result.tally.times[i], 110, 225);
    assert_true(fake_times(&result.tally, "001122") > 0);
    assert_true(fake_times(&result.tally, "221100") > 0);
}

/*
 * An actor that is blocked and then freed is back at its place: the lock's owner goes first only
 * because the others can't.  Actor 0 holds object 2; whoever stands first in the order takes over
 * as soon as it may.
 */
static void a_freed_actor_takes_its_place_again(void **state)
{
    static const struct fake_program held = {
        .code = {
            { { HD_OP_UNLOCK, 2 }, { HD_OP_STEP, 1 } },
            { { HD_OP_LOCK, 2 }, { HD_OP_STEP, 1 } },
        },
        .held = { [2] = 1 },
    };
    struct result result;

    (void)state;
    explore(&held, 1, 1, &result);
    assert_int_equal(result.tally.distinct, 2);
    assert_in_range(fake_times(&result.tally, "0011"), 420, 580);
    assert_in_range(fake_times(&result.tally, "0110"), 420, 580);
}

/* k is learnt from the longest execution so far, starting from 1 without a first guess.  With a
 * guess far too large nearly all demotions miss: 5 of 1000 choices exist. */
static void k_is_learnt_or_given(void **state)
{
    struct hd_strategy_options options = { .seed = 1, .depth = 2 };
    uint64_t violations[2] = { 0 };

    (void)state;
    for (unsigned guess = 0; guess < 2; guess++) {
        struct hd_strategy *pct;
        struct fake fake;

        options.choices = guess ? 1000 : 0;
        pct = fake_strategy("pct", &options);
        fake_open(&fake, &fake_append_early);
        for (uint32_t i = 0; i < EXECUTIONS; i++) {
            assert_true(fake_execute(&fake, pct));
            violations[guess] += fake.memory[1] != 2;
        }
        fake_close(&fake);
        hd_strategy_free(pct);
    }
    assert_true(violations[0] > 300);
    assert_true(violations[1] < 10);
}

static void refuses_a_depth_out_of_range(void **state)
{
    struct hd_strategy_options options = { .depth = HD_PCT_DEPTH_MAX + 1 };
    struct hd_strategy *pct = NULL;

    (void)state;
    assert_int_equal(hd_strategy_find("pct")->create(&options, &pct), HD_E_RANGE);
    assert_null(pct);
    options.depth = HD_PCT_DEPTH_MAX;
    assert_int_equal(hd_strategy_find("pct")->create(&options, &pct), HD_OK);
    hd_strategy_free(pct);
}

/* Depth 0 means 3: it reaches what takes two preemptions. */
static void depth_is_three_by_default(void **state)
{
    struct result standard, three;

    (void)state;
    explore(&fake_append_early, 0, 5, &standard);
    explore(&fake_append_early, 3, 5, &three);
    assert_int_equal(standard.tally.distinct, 10);
    assert_memory_equal(&standard.tally, &three.tally, sizeof three.tally);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_bug_as_often_as_promised),
        cmocka_unit_test(each_depth_reaches_the_schedules_it_should),
        cmocka_unit_test(every_initial_order_is_equally_likely),
        cmocka_unit_test(a_freed_actor_takes_its_place_again),
        cmocka_unit_test(k_is_learnt_or_given),
        cmocka_unit_test(refuses_a_depth_out_of_range),
        cmocka_unit_test(depth_is_three_by_default),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
