/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One pass at a time, run until it can do no more: what it cuts, and what it leaves to others. */
#include "lost.h"

#include "base/alloc.h"
#include "minimise/shrink.h"

/* A minimisation that has begun, and the case it began with. */
struct pass_test {
    struct hd_case *given;
    struct hd_minimise_options options;
    struct hd_minimise_result counters;
    struct hd_shrink shrink;
};

static void open_test(struct pass_test *test, const char *lines)
{
    *test = (struct pass_test){ .given = lost_case(lines) };
    test->shrink = (struct hd_shrink){
        .options = &test->options, .result = &test->counters, .engine = new_engine()
    };
    assert_int_equal(hd_shrink_begin(&test->shrink, test->given), HD_OK);
}

static void run_pass(struct pass_test *test, enum hd_pass pass, bool (*run)(struct hd_shrink *))
{
    test->shrink.pass = pass;
    while (run(&test->shrink))
        ;
    assert_int_equal(test->shrink.error, HD_OK);
}

static void close_test(struct pass_test *test)
{
    hd_case_free(test->given);
    hd_case_free(test->shrink.best);
    hd_dealloc(test->shrink.best_steps);
    hd_seen_free(&test->shrink.seen);
    hd_engine_free(test->shrink.engine);
}

/* The bystander goes, and two of four adders with their segments; who is left moves up. */
static void actors_go_with_their_segments(void **state)
{
    struct pass_test test;

    (void)state;
    open_test(&test, "variant plain\nworkload adders=4 noise=3\n"
                     "run adder[1] for 1\nrun bystander until end\nrun adder[0] until end\n"
                     "run adder[3] until end\nrun adder[1] for 1\n");
    run_pass(&test, HD_PASS_ACTORS, hd_pass_actors);
    assert_lines(test.shrink.best, "workload",
                 "workload  adders=2 rounds=1 noise=3\nworkload  spike=off\n"
                 "workload  adder=on adder.after=none bystander=off bystander.after=none\n");
    assert_lines(test.shrink.best, "run",
                 "run       adder[1]  for 1\n"
                 "run       adder[0]  until end\n"
                 "run       adder[1]  for 1\n");
    assert_int_equal(test.counters.kept[HD_PASS_ACTORS], 3);
    assert_int_equal(test.counters.attempts[HD_PASS_TAIL], 0);
    close_test(&test);
}

/* Segments that never begin are gone before any pass; then the last, which is the default. */
static void the_tail_goes(void **state)
{
    struct pass_test test;

    (void)state;
    open_test(&test, "variant plain\nworkload bystander=off\n"
                     "run adder[0] for 1\nrun adder[1] until end\nrun adder[0] for 9\n"
                     "run adder[1] until end\nrun adder[0] until blocked\n");
    assert_lines(test.shrink.best, "run",
                 "run       adder[0]  for 1\nrun       adder[1]  until end\n"
                 "run       adder[0]  for 9\n");
    run_pass(&test, HD_PASS_TAIL, hd_pass_tail);
    assert_lines(test.shrink.best, "run",
                 "run       adder[0]  for 1\nrun       adder[1]  until end\n");
    assert_int_equal(test.counters.kept[HD_PASS_TAIL], 1);
    close_test(&test);
}

/* One switch decides; nine don't.  Counts add up, nothing is called by name yet. */
static void switches_go(void **state)
{
    struct pass_test test;

    (void)state;
    open_test(&test, "variant plain\nworkload rounds=2 noise=4\n"
                     "run adder[0] for 1\nrun bystander for 1\nrun adder[1] for 1\n"
                     "run bystander for 1\nrun adder[1] for 1\nrun bystander for 2\n"
                     "run adder[0] for 1\nrun adder[1] for 1\nrun adder[0] for 1\n"
                     "run adder[1] for 1\n");
    run_pass(&test, HD_PASS_SWITCHES, hd_pass_switches);
    assert_int_equal(test.shrink.best->segment_count, 2);
    assert_int_equal(test.shrink.best_preemptions, 1);
    for (uint32_t i = 0; i < 2; i++)
        assert_true(test.shrink.best->segments[i].until == HD_UNTIL_COUNT ||
                    test.shrink.best->segments[i].until == HD_UNTIL_END);
    assert_int_equal(test.counters.attempts[HD_PASS_WORDS], 0);
    close_test(&test);
}

static void a_switch_is_called_by_the_nearest_name(void **state)
{
    struct pass_test test;

    (void)state;
    open_test(&test, "variant plain\nworkload bystander=off\n"
                     "run adder[0] for 1\nrun adder[1] for 3\n");
    run_pass(&test, HD_PASS_WORDS, hd_pass_words);
    assert_lines(test.shrink.best, "run",
                 "run       adder[0]  until store\nrun       adder[1]  until end\n");
    assert_int_equal(test.counters.kept[HD_PASS_WORDS], 1); /* the other was called so at once */
    close_test(&test);
}

/* The third entry of the landmark since the execution began, not the next one. */
static void a_number_is_given_where_it_is_needed(void **state)
{
    struct pass_test test;

    (void)state;
    /* Only the last round loses: 1 reads behind 0's third read. */
    open_test(&test, "variant plain\nworkload bystander=off rounds=3\n"
                     "run adder[0] for 7\nrun adder[1] until end\n");
    run_pass(&test, HD_PASS_WORDS, hd_pass_words);
    assert_int_equal(test.shrink.best->segments[0].until, HD_UNTIL_LANDMARK);
    /* The next one fails as well, in an earlier round: the plain form is preferred. */
    assert_int_equal(test.shrink.best->segments[0].nth, 0);
    close_test(&test);
}

static void values_go_back(void **state)
{
    struct pass_test test;

    (void)state;
    open_test(&test, "variant plain\nworkload adders=2 rounds=8 noise=777 spike=on "
                     "bystander.after=added\n"
                     "run adder[0] until store\nrun adder[1] until end\n");
    run_pass(&test, HD_PASS_VALUES, hd_pass_values);
    assert_lines(test.shrink.best, "workload",
                 "workload  adders=2 rounds=1 noise=0\nworkload  spike=off\n"
                 "workload  adder=on adder.after=none bystander=on bystander.after=none\n");
    assert_int_equal(test.counters.kept[HD_PASS_VALUES], 4);
    close_test(&test);
}

/* What is kept strictly descends: no pass takes back what another did, and nothing that passed is
 * executed twice. */
static void nothing_is_executed_twice(void **state)
{
    struct pass_test test;
    uint64_t attempts;

    (void)state;
    open_test(&test, "variant plain\nworkload bystander=off\n"
                     "run adder[0] until store\nrun adder[1] until end\n");
    run_pass(&test, HD_PASS_SWITCHES, hd_pass_switches);
    attempts = test.counters.attempts[HD_PASS_SWITCHES];
    assert_true(attempts > 0);
    assert_int_equal(test.counters.kept[HD_PASS_SWITCHES], 0);
    run_pass(&test, HD_PASS_SWITCHES, hd_pass_switches);
    assert_int_equal(test.counters.attempts[HD_PASS_SWITCHES], attempts);
    close_test(&test);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(actors_go_with_their_segments),
        cmocka_unit_test(the_tail_goes),
        cmocka_unit_test(switches_go),
        cmocka_unit_test(a_switch_is_called_by_the_nearest_name),
        cmocka_unit_test(a_number_is_given_where_it_is_needed),
        cmocka_unit_test(values_go_back),
        cmocka_unit_test(nothing_is_executed_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
