/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Minimising: what each pass cuts, what none may, what is refused, and when it stops. */
#include "lost.h"

#include "base/alloc.h"
#include "minimise/shrink.h"

#define FAILS "expect plain lost-update at nothing_is_lost\n"

static void everything_goes_that_does_not_matter(void **state)
{
    struct hd_case *the_case = lost_case(
        "variant plain\n"
        "workload adders=4 rounds=3 noise=50 spike=choice bystander.after=added\n"
        "run adder[3] for 1\n"
        "run adder[0] for 5\n"
        "run spike until end\n"
        "run bystander for 20\n"
        "run adder[1] for 1\n"
        "run adder[3] for 2\n"
        "run adder[2] until end\n" FAILS);
    struct hd_minimise_result result = minimise(the_case, CONFIRM);

    (void)state;
    assert_lines(result.the_case, "workload",
                 "workload  adders=2 rounds=1 noise=0\n"
                 "workload  spike=off\n"
                 "workload  adder=on adder.after=none bystander=off bystander.after=none\n");
    assert_lines(result.the_case, "run",
                 "run       adder[0]  until store\n"
                 "run       adder[1]  until end\n");
    assert_lines(result.the_case, "expect",
                 "expect    plain     lost-update at nothing_is_lost\n"
                 "expect    locked    holds\n");
    assert_int_equal(result.segments_before, 7);
    assert_int_equal(result.segments, 2);
    assert_int_equal(result.preemptions, 1);
    assert_int_equal(result.steps, 5);
    assert_true(result.fewest);
    assert_false(result.stopped);
    assert_minimal(result.the_case);
    hd_case_free(result.the_case);
    hd_case_free(the_case);
}

/* Equal cases, equal results and equal accounts. */
static void it_is_deterministic(void **state)
{
    struct hd_case *the_case = lost_case("variant plain\nworkload adders=3 rounds=2\n"
                                         "run adder[2] for 1\nrun adder[0] for 3\n"
                                         "run adder[1] for 2\nrun adder[2] until end\n");
    struct hd_minimise_result a = minimise(the_case, CONFIRM), b = minimise(the_case, CONFIRM);
    char *text_a = hd_case_print(a.the_case), *text_b = hd_case_print(b.the_case);

    (void)state;
    assert_string_equal(text_a, text_b);
    assert_memory_equal(a.attempts, b.attempts, sizeof a.attempts);
    assert_memory_equal(a.kept, b.kept, sizeof a.kept);
    assert_int_equal(a.repeated, b.repeated);
    assert_int_equal(a.searched, b.searched);
    free(text_a);
    free(text_b);
    hd_case_free(a.the_case);
    hd_case_free(b.the_case);
    hd_case_free(the_case);
}

/* Raw schedules become segments. */
static void choices_become_segments(void **state)
{
    struct hd_case *the_case = lost_case("variant plain\nworkload bystander=off\n"
                                         "choices adder[0] adder[1]*2\n" FAILS);
    struct hd_minimise_result result = minimise(the_case, 0);

    (void)state;
    assert_lines(result.the_case, "run",
                 "run       adder[0]  until store\n"
                 "run       adder[1]  until end\n");
    assert_minimal(result.the_case);
    hd_case_free(result.the_case);
    hd_case_free(the_case);
}

/* A random schedule of more than a thousand steps and some ninety switches: it comes down to
 * the same two lines, and in no more executions than take a moment. */
static void a_long_random_schedule_comes_down_to_two_lines(void **state)
{
    struct hd_setting setting = { .scenario = &lost_scenario, .variant = LOST_PLAIN };
    struct hd_minimise_result result;
    struct hd_case *the_case;
    uint64_t attempts = 0;

    (void)state;
    hd_workload_default(&lost_scenario, &setting.workload);
    assert_int_equal(hd_workload_set_all(&lost_scenario, &setting.workload,
                                         "adders=8 rounds=8 noise=1000 spike=choice", NULL),
                     HD_OK);
    the_case = find(&setting, "pos", 1, NULL);
    result = minimise(the_case, CONFIRM);
    assert_true(result.segments_before > 90);
    assert_true(result.steps_before > 1000);
    assert_int_equal(result.segments, 2);
    assert_int_equal(result.preemptions, 1);
    assert_int_equal(result.steps, 5);
    for (unsigned i = 0; i < HD_PASS_COUNT; i++)
        attempts += result.attempts[i];
    assert_true(attempts < 200);
    assert_minimal(result.the_case);
    hd_case_free(result.the_case);
    hd_case_free(the_case);
}

/* A smaller workload that is wrong under every schedule is no smaller case: one adder alone can't
 * lose, but rounds=0 or no adder would "lose" by definition. */
static void it_stays_a_race(void **state)
{
    struct hd_setting setting;
    struct hd_case *the_case;
    struct hd_minimise_result result;

    (void)state;
    assert_int_equal(hd_setting_parse(&hd_models, "lost-wakeup/check-then-sleep", &setting, NULL),
                     HD_OK);
    the_case = find(&setting, "random", 1, NULL);
    result = minimise(the_case, CONFIRM);
    assert_lines(result.the_case, "workload",
                 "workload  sleeper=on sleeper.after=none waker=on waker.after=none\n");
    assert_lines(result.the_case, "expect",
                 "expect    check-then-sleep  deadlock at check_then_sleep\n"
                 "expect    wait-event        holds\n");
    assert_minimal(result.the_case);
    hd_case_free(result.the_case);
    hd_case_free(the_case);
}

/* ---- The predicate ------------------------------------------------------------------------- */

static void the_same_way_is_oracle_kind_and_site(void **state)
{
    struct hd_execution execution = { .verdict = { .oracle = HD_ORACLE_MEMORY,
                                                   .kind = "use-after-free",
                                                   .site = "here" } };
    struct hd_failure failure;

    (void)state;
    hd_failure_of(&execution.verdict, &failure);
    assert_true(hd_failure_is(&failure, &execution));
    execution.verdict.step = 7; /* somewhere else in the trace is still the same */
    assert_true(hd_failure_is(&failure, &execution));
    execution.verdict.site = "there";
    assert_false(hd_failure_is(&failure, &execution));
    execution.verdict.site = NULL;
    assert_false(hd_failure_is(&failure, &execution));
    execution.verdict.site = "here";
    execution.verdict.kind = "double-free";
    assert_false(hd_failure_is(&failure, &execution));
    execution.verdict.kind = "use-after-free";
    execution.verdict.oracle = HD_ORACLE_PROPERTY;
    assert_false(hd_failure_is(&failure, &execution));
    execution.verdict.oracle = HD_ORACLE_MEMORY;
    execution.cut = true;
    assert_false(hd_failure_is(&failure, &execution));
    execution.cut = false;
    execution.verdict.holds = true;
    assert_false(hd_failure_is(&failure, &execution));
}

/* ---- Refused ------------------------------------------------------------------------------- */

static void assert_refused(const char *lines, enum hd_error expected, const char *words)
{
    struct hd_case *the_case = lost_case(lines);
    struct hd_minimise_options options = { .attempts = 0 };
    struct hd_minimise_result result = { .segments = 77 };
    struct hd_diag diag = { .text = "" };

    assert_int_equal(hd_minimise(the_case, &options, &result, &diag), expected);
    if (!strstr(diag.text, words))
        fail_msg("'%s' lacks '%s'", diag.text, words);
    assert_int_equal(result.segments, 77); /* untouched */
    hd_case_free(the_case);
}

static void what_does_not_fail_is_refused(void **state)
{
    (void)state;
    assert_refused("variant plain\n", HD_E_MALFORMED, "does not fail");
    assert_refused("variant plain\nrun adder[0] until end\nexpect plain holds\n", HD_E_MALFORMED,
                   "does not fail");
    assert_refused("variant locked\nrun adder[0] for 2\nrun adder[1] until end\n", HD_E_MALFORMED,
                   "does not fail");
}

static void what_diverged_is_refused(void **state)
{
    (void)state;
    assert_refused("variant plain\n" FAILS, HD_E_DIVERGED,
                   "expected lost-update at nothing_is_lost, got holds");
    assert_refused("variant plain\nrun adder[0] for 1\nrun adder[1] until end\n"
                   "expect plain holds\n",
                   HD_E_DIVERGED, "expected holds, got lost-update");
    assert_refused("variant plain\nrun adder[0] for 1\nrun adder[1] until end\n" FAILS
                   "digest plain 0123456789abcdef\n",
                   HD_E_DIVERGED, "instead of 0123456789abcdef");
}

static void what_differs_when_run_twice_is_refused(void **state)
{
    (void)state;
    assert_refused("variant unsteady\nrun adder[0] for 2\nrun adder[1] until end\n",
                   HD_E_NONDETERMINISTIC, "differs when executed");
}

/* ---- Stopped ------------------------------------------------------------------------------- */

static const char four_adders[] = "variant plain\nworkload adders=4\n"
                                  "run adder[0] for 1\nrun adder[1] for 1\nrun adder[2] for 1\n"
                                  "run adder[3] for 1\nrun adder[0] until end\n" FAILS;

/* However few attempts there are: the result fails, and says that it was stopped. */
static void it_can_be_stopped(void **state)
{
    struct hd_case *the_case = lost_case(four_adders);
    struct hd_engine *engine = new_engine();
    uint32_t segments = UINT32_MAX;
    bool stopped = true;

    (void)state;
    for (uint64_t attempts = 1; stopped; attempts++) {
        struct hd_minimise_options options = { .attempts = attempts };
        struct hd_minimise_result result;
        struct hd_execution execution;

        assert_int_equal(hd_minimise(the_case, &options, &result, NULL), HD_OK);
        assert_string_equal(verdict_of(engine, result.the_case, &execution),
                            "lost-update at nothing_is_lost");
        assert_true(result.segments <= segments);
        segments = result.segments;
        stopped = result.stopped;
        hd_case_free(result.the_case);
    }
    assert_int_equal(segments, 2);
    hd_engine_free(engine);
    hd_case_free(the_case);
}

static void a_stop_is_obeyed_at_once(void **state)
{
    atomic_bool stop = true;
    struct hd_minimise_options options = { .stop = &stop, .confirm = CONFIRM };
    struct hd_minimise_result result;
    struct hd_case *the_case = lost_case(four_adders);

    (void)state;
    assert_int_equal(hd_minimise(the_case, &options, &result, NULL), HD_OK);
    assert_true(result.stopped);
    for (unsigned i = 0; i < HD_PASS_COUNT; i++)
        assert_int_equal(result.attempts[i], 0);
    assert_int_equal(result.searched, 0);
    hd_case_free(result.the_case);
    hd_case_free(the_case);
}

/* Each allocation in turn: an error or a result, never a crash, and nothing lost. */
static void it_survives_every_failed_allocation(void **state)
{
    struct hd_case *the_case = lost_case(four_adders);
    struct hd_minimise_options options = { .attempts = 12 };
    enum hd_error error = HD_E_NOMEM;
    uint64_t failures = 0;

    (void)state;
    for (uint64_t n = 1; error; n++) {
        struct hd_minimise_result result;

        hd_alloc_fail_at(n, 0);
        error = hd_minimise(the_case, &options, &result, NULL);
        hd_alloc_fail_at(0, 0);
        if (!error)
            hd_case_free(result.the_case);
        else
            assert_int_equal(error, HD_E_NOMEM);
        failures += error != HD_OK;
    }
    assert_true(failures > 30);
    hd_case_free(the_case);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_goes_that_does_not_matter),
        cmocka_unit_test(it_is_deterministic),
        cmocka_unit_test(choices_become_segments),
        cmocka_unit_test(a_long_random_schedule_comes_down_to_two_lines),
        cmocka_unit_test(it_stays_a_race),
        cmocka_unit_test(the_same_way_is_oracle_kind_and_site),
        cmocka_unit_test(what_does_not_fail_is_refused),
        cmocka_unit_test(what_diverged_is_refused),
        cmocka_unit_test(what_differs_when_run_twice_is_refused),
        cmocka_unit_test(it_can_be_stopped),
        cmocka_unit_test(a_stop_is_obeyed_at_once),
        cmocka_unit_test(it_survives_every_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
