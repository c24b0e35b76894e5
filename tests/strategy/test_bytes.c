/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bytes as a schedule: any input is valid, and any schedule has an input. */
#include "strategy/fake.h"

static const struct fake_program three_actors = {
    .code = {
        { { HD_OP_STEP, 1 }, { HD_OP_STEP, 1 } },
        { { HD_OP_STEP, 1 }, { HD_OP_STEP, 1 } },
        { { HD_OP_STEP, 1 }, { HD_OP_STEP, 1 } },
    },
};

static uint64_t run(struct fake *fake, const uint8_t *bytes, size_t count)
{
    struct hd_strategy *strategy = NULL;

    assert_int_equal(hd_strategy_bytes(bytes, count, &strategy), HD_OK);
    assert_true(fake_execute(fake, strategy));
    hd_strategy_free(strategy);
    return fake_schedule(fake);
}

static void nothing_and_zeroes_go_on(void **state)
{
    static const uint8_t zeroes[8] = { 0 };
    struct fake fake;

    (void)state;
    fake_open(&fake, &three_actors);
    assert_int_equal(run(&fake, NULL, 0), fake_schedule_of("001122"));
    assert_int_equal(fake.trace.preemptions, 0);
    assert_int_equal(run(&fake, zeroes, sizeof zeroes), fake_schedule_of("001122"));
    fake_close(&fake);
}

/* One byte a choice, none for a forced move: a number picks among the others, modulo how many. */
static void a_byte_picks_among_the_others(void **state)
{
    struct fake fake;

    (void)state;
    fake_open(&fake, &three_actors);
    /* At first nobody runs: going on would be 0, the others are 1 and 2. */
    assert_int_equal(run(&fake, (const uint8_t[]){ 1 }, 1), fake_schedule_of("110022"));
    assert_int_equal(run(&fake, (const uint8_t[]){ 2 }, 1), fake_schedule_of("220011"));
    assert_int_equal(run(&fake, (const uint8_t[]){ 3 }, 1), fake_schedule_of("110022"));
    assert_int_equal(run(&fake, (const uint8_t[]){ 255 }, 1), fake_schedule_of("110022"));
    /* Running 1, the others are 0 and 2. */
    assert_int_equal(run(&fake, (const uint8_t[]){ 1, 1 }, 2), fake_schedule_of("100122"));
    assert_int_equal(run(&fake, (const uint8_t[]){ 1, 2 }, 2), fake_schedule_of("122001"));
    /* Then 2 goes on and ends; going on would be 0, the only other is 1; and 0 is alone. */
    assert_int_equal(run(&fake, (const uint8_t[]){ 1, 2, 0, 9, 1 }, 5), fake_schedule_of("122100"));
    fake_close(&fake);
}

/* Five choices at most, three answers each: 3^5 inputs reach all 90 schedules. */
static void every_schedule_has_its_bytes(void **state)
{
    struct fake_tally *tally = calloc(1, sizeof *tally);
    struct fake fake;

    (void)state;
    assert_non_null(tally);
    fake_open(&fake, &three_actors);
    for (uint32_t i = 0; i < 243; i++) {
        uint8_t bytes[5];

        for (uint32_t digit = 0, rest = i; digit < 5; digit++, rest /= 3)
            bytes[digit] = (uint8_t)(rest % 3);
        fake_count(tally, run(&fake, bytes, sizeof bytes));
        assert_true(fake.picks <= 5);
    }
    assert_int_equal(tally->distinct, 90);
    fake_close(&fake);
    free(tally);
}

/* The same strategy again is the same execution again. */
static void each_execution_starts_from_the_first_byte(void **state)
{
    static const uint8_t bytes[] = { 2, 1, 1, 0, 2 };
    struct hd_strategy *strategy = NULL;
    struct fake fake;
    uint64_t first;

    (void)state;
    fake_open(&fake, &three_actors);
    first = run(&fake, bytes, sizeof bytes);
    assert_int_not_equal(first, fake_schedule_of("001122"));
    assert_int_equal(hd_strategy_bytes(bytes, sizeof bytes, &strategy), HD_OK);
    for (unsigned i = 0; i < 3; i++) {
        assert_true(fake_execute(&fake, strategy));
        assert_int_equal(fake_schedule(&fake), first);
    }
    hd_strategy_free(strategy);
    fake_close(&fake);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_and_zeroes_go_on),
        cmocka_unit_test(a_byte_picks_among_the_others),
        cmocka_unit_test(every_schedule_has_its_bytes),
        cmocka_unit_test(each_execution_starts_from_the_first_byte),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
