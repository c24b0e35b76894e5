/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Delay bounding, held to the schedules that so many delays reach, and to its probability.
 *
 * Two and two steps, 0 first.  Choices: at the start, after the first step, and after the second if
 * both actors have one left.  Without a delay 0011.  One delay: at the first choice 1100, at the
 * second 0110.  Two: at different choices of 1100 and 0110 what is left, 1001 and 0101; 1010 takes
 * three.
 */
#include "strategy/fake.h"

static void explore(uint32_t bound, uint64_t seed, uint32_t executions, struct fake_tally *tally)
{
    struct hd_strategy_options options = { .seed = seed, .depth = bound };
    struct hd_strategy *strategy = fake_strategy("delay", &options);
    struct fake fake;

    *tally = (struct fake_tally){ 0 };
    fake_open(&fake, &fake_two_by_two);
    for (uint32_t i = 0; i < executions; i++) {
        assert_true(fake_execute(&fake, strategy));
        fake_count(tally, fake_schedule(&fake));
    }
    fake_close(&fake);
    hd_strategy_free(strategy);
}

static void each_bound_reaches_the_schedules_it_should(void **state)
{
    static const uint32_t reached[] = { 3, 5, 6 };

    (void)state;
    for (uint32_t bound = 1; bound <= 3; bound++)
        for (uint64_t seed = 1; seed <= 5; seed++) {
            struct fake_tally tally;

            explore(bound, seed, 2000, &tally);
            assert_int_equal(tally.distinct, reached[bound - 1]);
        }
}

/* 1 / ((d + 1) * k^d), with k = 3 choices: of 9000 one delay at the first of them has 1500 at least
 * (deviation 35), two delays at the first two 333 (deviation 18). */
static void each_is_taken_as_often_as_promised(void **state)
{
    struct fake_tally tally;

    (void)state;
    explore(1, 7, 9000, &tally);
    assert_true(fake_times(&tally, "1100") >= 1325);
    assert_true(fake_times(&tally, "0110") >= 1325);
    explore(2, 7, 9000, &tally);
    assert_true(fake_times(&tally, "1001") >= 240);
    assert_true(fake_times(&tally, "0101") >= 240);
}

static void too_many_delays_are_refused(void **state)
{
    struct hd_strategy_options options = { .depth = HD_PCT_DEPTH_MAX + 1 };
    struct hd_strategy *strategy = NULL;

    (void)state;
    assert_int_equal(hd_strategy_find("delay")->create(&options, &strategy), HD_E_RANGE);
    assert_null(strategy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_bound_reaches_the_schedules_it_should),
        cmocka_unit_test(each_is_taken_as_often_as_promised),
        cmocka_unit_test(too_many_delays_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
