/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The random walk, held to its exact probabilities.  Every seed is fixed, so a failure here is a
 * change in behaviour and never bad luck.
 */
#include "strategy/fake.h"

#define EXECUTIONS 16000u

static void walk(const struct fake_program *program, uint64_t seed, struct fake_tally *tally)
{
    struct hd_strategy *random =
        fake_strategy("random", &(struct hd_strategy_options){ .seed = seed });
    struct fake fake;

    *tally = (struct fake_tally){ 0 };
    fake_open(&fake, program);
    for (uint32_t i = 0; i < EXECUTIONS; i++) {
        assert_true(fake_execute(&fake, random));
        fake_count(tally, fake_schedule(&fake));
    }
    fake_close(&fake);
    hd_strategy_free(random);
}

/*
 * With patience j the actor that took the first step takes the next choice with s = 1 - 2^-j / 2.
 * 0011 and 1100 take two choices (then one actor has ended): s / 2.  0101 and 1010 switch twice:
 * (1 - s)^2 / 2.  0110 and 1001 switch, then stay: (1 - s) s / 2.  Averaged over j = 0 .. 6, and of
 * 16000: 6866, 381 and 753, with standard deviations of 63, 19 and 27.  The bands are over 5 wide.
 */
static void takes_each_schedule_as_often_as_its_patience_says(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 5; seed++) {
        struct fake_tally tally;

        walk(&fake_two_by_two, seed, &tally);
        assert_int_equal(tally.distinct, 6);
        assert_in_range(fake_times(&tally, "0011"), 6540, 7190);
        assert_in_range(fake_times(&tally, "1100"), 6540, 7190);
        assert_in_range(fake_times(&tally, "0101"), 280, 482);
        assert_in_range(fake_times(&tally, "0110"), 615, 891);
        assert_in_range(fake_times(&tally, "1001"), 615, 891);
        assert_in_range(fake_times(&tally, "1010"), 280, 482);
    }
}

/* Three actors: each order of three single steps has 1/3 * 1/2, so 2667 of 16000, deviation 47. */
static void is_uniform_among_three(void **state)
{
    static const struct fake_program three = {
        .code = { { { HD_OP_STEP, 1 } }, { { HD_OP_STEP, 1 } }, { { HD_OP_STEP, 1 } } },
    };
    struct fake_tally tally;

    (void)state;
    walk(&three, 3, &tally);
    assert_int_equal(tally.distinct, 6);
    for (uint32_t i = 0; i < tally.distinct; i++)
        assert_in_range(tally.times[i], 2425, 2910);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_each_schedule_as_often_as_its_patience_says),
        cmocka_unit_test(is_uniform_among_three),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
