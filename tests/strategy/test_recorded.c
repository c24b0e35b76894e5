/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A recorded trace repeats itself, and where it can't, says so. */
#include "strategy/fake.h"

/* A copy of the latest trace: the fake reuses its arrays. */
static struct hd_trace copy_of(const struct hd_trace *trace, struct hd_step *steps)
{
    struct hd_trace copy = *trace;

    memcpy(steps, trace->steps, trace->length * sizeof *steps);
    copy.steps = steps;
    return copy;
}

static void repeats_every_schedule(void **state)
{
    struct hd_strategy *dfs =
        fake_strategy("dfs", &(struct hd_strategy_options){ .preemptions = HD_NO_BOUND });
    struct fake fake;
    unsigned executions = 0;

    (void)state;
    fake_open(&fake, &fake_append_early);
    while (fake_execute(&fake, dfs)) {
        struct hd_strategy *recorded = NULL;
        struct hd_step steps[8];
        struct hd_trace record = copy_of(&fake.trace, steps);

        assert_int_equal(record.length, 8);
        assert_int_equal(hd_strategy_recorded(&record, HD_ACTOR_NONE, &recorded), HD_OK);
        memset(steps, 0xff, sizeof steps); /* it has its own copy */
        record = copy_of(&fake.trace, steps);
        for (unsigned i = 0; i < 2; i++) {
            assert_true(fake_execute(&fake, recorded));
            assert_int_equal(fake.picks, 8); /* forced moves, too */
            assert_int_equal(fake.trace.length, 8);
            assert_memory_equal(fake.trace.steps, steps, sizeof steps);
            assert_int_equal(hd_recorded_divergence(recorded), UINT32_MAX);
        }
        hd_strategy_free(recorded);
        executions++;
    }
    assert_int_equal(executions, 10);
    fake_close(&fake);
    hd_strategy_free(dfs);
}

/*
 * Recorded where the lock came late, replayed where it comes first: 0 locks, then 1 should read at
 * step 1 but waits for the lock.  0 goes on; 1 takes over at the end.
 */
static void names_the_first_step_it_cannot_follow(void **state)
{
    static const struct fake_program locked = {
        .code = {
            { { HD_OP_LOCK, 2 }, { HD_OP_LOAD, 1 }, { HD_OP_STORE, 1 }, { HD_OP_UNLOCK, 2 } },
            { { HD_OP_LOCK, 2 }, { HD_OP_LOAD, 1 }, { HD_OP_STORE, 1 }, { HD_OP_UNLOCK, 2 } },
        },
    };
    static const uint8_t actors[] = { 0, 1, 1, 1, 1, 0, 0, 0 };
    struct hd_step steps[8] = { 0 };
    struct hd_trace record = { .steps = steps, .length = 8 };
    struct hd_strategy *recorded = NULL;
    struct fake fake;

    (void)state;
    for (unsigned i = 0; i < 8; i++)
        steps[i].actor = actors[i];
    assert_int_equal(hd_strategy_recorded(&record, HD_ACTOR_NONE, &recorded), HD_OK);
    fake_open(&fake, &locked);
    assert_true(fake_execute(&fake, recorded));
    assert_int_equal(hd_recorded_divergence(recorded), 1);
    assert_int_equal(fake_schedule(&fake), fake_schedule_of("00001111"));
    fake_close(&fake);

    /* The mark is of the latest execution only. */
    fake_open(&fake, &fake_append_early);
    assert_true(fake_execute(&fake, recorded));
    assert_int_equal(hd_recorded_divergence(recorded), UINT32_MAX);
    assert_int_equal(fake_schedule(&fake), fake_schedule_of("01111000"));
    fake_close(&fake);
    hd_strategy_free(recorded);
}

/* A record that ends early, or is empty, goes on by itself. */
static void goes_on_behind_the_end(void **state)
{
    struct hd_step steps[2] = { { .actor = 1 }, { .actor = 0 } };
    struct hd_trace record = { .steps = steps };
    struct hd_strategy *recorded = NULL;
    struct fake fake;

    (void)state;
    fake_open(&fake, &fake_two_by_two);
    assert_int_equal(hd_strategy_recorded(&record, HD_ACTOR_NONE, &recorded), HD_OK);
    assert_true(fake_execute(&fake, recorded));
    assert_int_equal(fake_schedule(&fake), fake_schedule_of("0011"));
    hd_strategy_free(recorded);
    record.length = 2;
    assert_int_equal(hd_strategy_recorded(&record, HD_ACTOR_NONE, &recorded), HD_OK);
    assert_true(fake_execute(&fake, recorded));
    assert_int_equal(fake_schedule(&fake), fake_schedule_of("1001"));
    assert_int_equal(hd_recorded_divergence(recorded), UINT32_MAX);
    hd_strategy_free(recorded);
    fake_close(&fake);
}

/* The choice of who takes the fatal step is the record's too: without it, 0 would go on. */
static void repeats_a_step_that_was_never_taken(void **state)
{
    struct hd_strategy *recorded = NULL;
    struct hd_trace record = { 0 };
    struct fake fake;

    (void)state;
    fake_open(&fake, &fake_two_by_two);
    fake.fatal_actor = 1;
    fake.fatal_step = 0;
    for (unsigned known = 0; known < 2; known++) {
        hd_actor_id last = known ? 1 : HD_ACTOR_NONE;

        assert_int_equal(hd_strategy_recorded(&record, last, &recorded), HD_OK);
        assert_true(fake_execute(&fake, recorded));
        assert_true(fake.fatal);
        assert_int_equal(fake.trace.length, known ? 0 : 2);
        assert_int_equal(hd_recorded_divergence(recorded), UINT32_MAX);
        hd_strategy_free(recorded);
    }
    fake_close(&fake);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repeats_every_schedule),
        cmocka_unit_test(names_the_first_step_it_cannot_follow),
        cmocka_unit_test(goes_on_behind_the_end),
        cmocka_unit_test(repeats_a_step_that_was_never_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
