/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Running twice: silent on what is deterministic, exact about what is not. */
#include "strategy/fake.h"

#include "base/alloc.h"

static struct hd_strategy *twice_around(struct hd_strategy *inner)
{
    struct hd_strategy *twice = NULL;

    assert_int_equal(hd_strategy_twice(inner, &twice), HD_OK);
    return twice;
}

static struct hd_strategy *twice_named(const char *name)
{
    struct hd_strategy_options options = { .seed = 4, .preemptions = HD_NO_BOUND };

    return twice_around(fake_strategy(name, &options));
}

/* Each schedule of the inner search comes twice in a row, and none is lost. */
static void every_execution_is_repeated(void **state)
{
    struct hd_strategy *twice = twice_named("dfs");
    struct fake_tally tally = { 0 };
    struct fake fake;

    (void)state;
    fake_open(&fake, &fake_append_early);
    while (fake_execute(&fake, twice)) {
        uint64_t first = fake_schedule(&fake);

        fake_count(&tally, first);
        assert_true(fake_execute(&fake, twice));
        assert_int_equal(fake_schedule(&fake), first);
        assert_int_equal(fake.trace.length, 8);
        assert_false(fake.cut);
    }
    assert_int_equal(fake.executions, 20);
    assert_int_equal(tally.distinct, 10);
    assert_int_equal(hd_twice_difference(twice), UINT32_MAX);
    assert_true(hd_strategy_complete(twice));
    fake_close(&fake);
    hd_strategy_free(twice);
}

/* One wrong value, in any step of the first or second execution of any pair: named, and the end. */
static void one_wrong_value_is_named(void **state)
{
    (void)state;
    for (uint64_t in = 1; in <= 6; in++)
        for (uint32_t at = 0; at < 8; at++)
            for (size_t i = 0; i < hd_strategy_count; i++) {
                struct hd_strategy *twice = twice_named(hd_strategies[i].name);
                struct fake fake;

                fake_open(&fake, &fake_append_early);
                fake.noise_in = in;
                fake.noise_at = at;
                for (unsigned n = 0; n < 8; n++)
                    (void)fake_execute(&fake, twice);
                assert_int_equal(hd_twice_difference(twice), at);
                assert_int_equal(fake.executions, in + in % 2); /* up to the end of the pair */
                fake_close(&fake);
                hd_strategy_free(twice);
            }
}

/* An inner strategy that counts its calls, and cuts at a step if told to. */
struct counter {
    struct hd_strategy base;
    unsigned begun, picked, ended;
    uint32_t cut_at; /* a step; UINT32_MAX for never */
    uint32_t length; /* of the trace that end() was shown last */
};

static bool counter_begin(struct hd_strategy *strategy)
{
    ((struct counter *)strategy)->begun++;
    return true;
}

static hd_actor_id counter_pick(struct hd_strategy *strategy, const struct hd_choice *choice)
{
    struct counter *counter = (struct counter *)strategy;

    counter->picked++;
    if (choice->trace->length == counter->cut_at)
        return HD_ACTOR_NONE;
    return hd_set_nth(choice->enabled, choice->enabled_count - 1);
}

static void counter_end(struct hd_strategy *strategy, const struct hd_trace *trace)
{
    struct counter *counter = (struct counter *)strategy;

    counter->ended++;
    counter->length = trace->length;
}

static void counter_free(struct hd_strategy *strategy)
{
    (void)strategy; /* it is on the stack */
}

static const struct hd_strategy_ops counter_ops = {
    .name = "counter",
    .begin = counter_begin,
    .pick = counter_pick,
    .end = counter_end,
    .free = counter_free,
};

static const struct hd_strategy_ops counter_forced_ops = {
    .name = "counter",
    .sees_forced = true,
    .begin = counter_begin,
    .pick = counter_pick,
    .end = counter_end,
    .free = counter_free,
};

static void the_inner_strategy_sees_the_first_only(void **state)
{
    struct counter counter = { .base.ops = &counter_ops, .cut_at = UINT32_MAX };
    struct hd_strategy *twice = twice_around(&counter.base);
    struct fake fake;

    (void)state;
    fake_open(&fake, &fake_two_by_two);
    for (unsigned i = 0; i < 10; i++)
        assert_true(fake_execute(&fake, twice));
    assert_int_equal(counter.begun, 5);
    assert_int_equal(counter.ended, 5);
    assert_int_equal(counter.picked, 10); /* 1100: two choices each */
    assert_int_equal(counter.length, 4);
    fake_close(&fake);
    hd_strategy_free(twice);
}

static void forced_moves_are_passed_on(void **state)
{
    struct counter counter = { .base.ops = &counter_forced_ops, .cut_at = UINT32_MAX };
    struct hd_strategy *twice = twice_around(&counter.base);
    struct fake fake;

    (void)state;
    fake_open(&fake, &fake_two_by_two);
    for (unsigned i = 0; i < 2; i++) {
        assert_true(fake_execute(&fake, twice));
        assert_int_equal(fake.picks, 4);
    }
    assert_int_equal(counter.picked, 4);
    assert_int_equal(hd_twice_difference(twice), UINT32_MAX);
    fake_close(&fake);
    hd_strategy_free(twice);
}

/* A cut is repeated as a cut; a second execution that stops elsewhere differs. */
static void a_cut_is_repeated(void **state)
{
    for (uint32_t at = 0; at < 2; at++) {
        struct counter counter = { .base.ops = &counter_ops, .cut_at = at };
        struct hd_strategy *twice = twice_around(&counter.base);
        struct fake fake;

        (void)state;
        fake_open(&fake, &fake_two_by_two);
        for (unsigned i = 0; i < 4; i++) {
            assert_true(fake_execute(&fake, twice));
            assert_true(fake.cut);
            assert_int_equal(fake.trace.length, at);
        }
        assert_int_equal(counter.begun, 2);
        assert_int_equal(hd_twice_difference(twice), UINT32_MAX);
        fake_close(&fake);
        hd_strategy_free(twice);
    }
}

/* The last answer led to a step so wrong that it is not in the trace: repeated all the same. */
static void a_fatal_step_is_repeated(void **state)
{
    struct counter counter = { .base.ops = &counter_ops, .cut_at = UINT32_MAX };
    struct hd_strategy *twice = twice_around(&counter.base);
    struct fake fake;

    (void)state;
    fake_open(&fake, &fake_two_by_two);
    fake.fatal_actor = 1;
    fake.fatal_step = 1;
    for (unsigned i = 0; i < 4; i++) {
        assert_true(fake_execute(&fake, twice));
        assert_true(fake.fatal);
        assert_false(fake.cut);
        assert_int_equal(fake.trace.length, 1);
    }
    assert_int_equal(hd_twice_difference(twice), UINT32_MAX);
    fake_close(&fake);
    hd_strategy_free(twice);
}

/* One that ends, or fails, in only one of the two: the first step that the other has more. */
static void a_shorter_one_differs_where_it_ends(void **state)
{
    for (unsigned second = 0; second < 2; second++) {
        struct counter counter = { .base.ops = &counter_ops, .cut_at = UINT32_MAX };
        struct hd_strategy *twice = twice_around(&counter.base);
        struct fake fake;

        (void)state;
        fake_open(&fake, &fake_two_by_two);
        fake.fatal_step = 0;
        fake.fatal_actor = second ? HD_ACTOR_NONE : 0; /* "11", then 0 is fatal: a forced move */
        assert_true(fake_execute(&fake, twice));
        fake.fatal_actor = second ? 0 : HD_ACTOR_NONE;
        assert_true(fake_execute(&fake, twice));
        assert_int_equal(hd_twice_difference(twice), 2);
        assert_false(fake_execute(&fake, twice));
        fake_close(&fake);
        hd_strategy_free(twice);
    }
}

/*
 * The second execution is another program's, with a choice where the first had none or another.
 * After a fatal step the lengths can be equal: only that the strategy is asked tells them apart.
 */
static void a_choice_of_its_own_differs(void **state)
{
    static const struct fake_program blocked = {
        .code = {
            { { HD_OP_STEP, 1 }, { HD_OP_STEP, 1 } },
            { { HD_OP_LOCK, 2 } },
            { { HD_OP_STEP, 1 } },
        },
        .held = { [2] = 1 },
    };
    static const struct fake_program wider = {
        .code = {
            { { HD_OP_STEP, 1 }, { HD_OP_STEP, 1 } },
            { { HD_OP_STEP, 1 }, { HD_OP_STEP, 1 } },
            { { HD_OP_STEP, 1 } },
        },
    };
    static const struct {
        const struct fake_program *second;
        hd_actor_id fatal_actor; /* its first step, in the first execution */
        uint32_t difference;
    } cases[] = {
        { &blocked, HD_ACTOR_NONE, 0 }, /* 1 took step 0, and now can't */
        { &blocked, 1, 0 },             /* 1 was about to */
        { &wider, 0, 2 },               /* "11", then 0 was alone, and now isn't */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct counter counter = { .base.ops = &counter_ops, .cut_at = UINT32_MAX };
        struct hd_strategy *twice = twice_around(&counter.base);
        struct fake fake;

        fake_open(&fake, &fake_two_by_two);
        fake.fatal_actor = cases[i].fatal_actor;
        assert_true(fake_execute(&fake, twice));
        fake_close(&fake);
        fake_open(&fake, cases[i].second);
        assert_true(fake_execute(&fake, twice));
        assert_true(fake.cut);
        assert_int_equal(hd_twice_difference(twice), cases[i].difference);
        assert_false(fake_execute(&fake, twice));
        fake_close(&fake);
        hd_strategy_free(twice);
    }
}

static void without_memory_it_claims_nothing(void **state)
{
    struct counter counter = { .base.ops = &counter_ops, .cut_at = UINT32_MAX };
    struct hd_strategy *twice = twice_around(&counter.base);
    struct fake fake;

    (void)state;
    fake_open(&fake, &fake_two_by_two);
    assert_true(hd_strategy_complete(twice));
    hd_alloc_fail_at(1, 0);
    assert_true(fake_execute(&fake, twice)); /* not repeated */
    hd_alloc_fail_at(0, 0);
    assert_true(fake_execute(&fake, twice));
    assert_int_equal(counter.begun, 2);
    assert_false(hd_strategy_complete(twice));
    fake_close(&fake);
    hd_strategy_free(twice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_execution_is_repeated),
        cmocka_unit_test(one_wrong_value_is_named),
        cmocka_unit_test(the_inner_strategy_sees_the_first_only),
        cmocka_unit_test(forced_moves_are_passed_on),
        cmocka_unit_test(a_cut_is_repeated),
        cmocka_unit_test(a_fatal_step_is_repeated),
        cmocka_unit_test(a_shorter_one_differs_where_it_ends),
        cmocka_unit_test(a_choice_of_its_own_differs),
        cmocka_unit_test(without_memory_it_claims_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
