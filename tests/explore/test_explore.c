/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Exploring, held to its contract: one answer whatever the number of workers, an end at the lowest
 * execution that was searched for, and totals that leave out what came after it.
 */
#include <pthread.h>

#include "base/alloc.h"
#include "explore/counter.h"

/* ---- Exhaustive strategies ------------------------------------------------------------------- */

/*
 * By hand: four operations, two each, have C(4, 2) = 6 orders; an addition is lost in the four
 * where both read before either writes.  Without preemption there are two orders, and nothing is
 * lost.
 */
static void an_exhausted_space_is_complete(void **unused)
{
    struct hd_explore_options options = options_for(EARLY, "dfs", 0);
    struct hd_explore_result result;

    (void)unused;
    options.strategy_options.preemptions = HD_NO_BOUND;
    options.keep_going = true;
    options.jobs = 3;
    result = explore(&options);
    assert_true(result.complete);
    assert_false(result.stopped);
    assert_int_equal(result.executions - result.redundant, 6);
    assert_int_equal(result.violations, 4);
    assert_int_equal(result.finding_count, 1);
    assert_int_equal(result.findings[0].hits, 4);
    hd_explore_result_free(&result);

    options.strategy_options.preemptions = 0;
    result = explore(&options);
    assert_true(result.complete);
    assert_int_equal(result.executions - result.redundant, 2);
    assert_int_equal(result.violations, 0);
    hd_explore_result_free(&result);
}

/* Two roads to the same sums: hd_explore(), and a loop. */
static void the_digest_is_the_sum_of_all(void **unused)
{
    struct hd_explore_options options = options_for(EARLY, "dfs", 0);
    struct hd_explore_result result;
    struct hd_engine *engine = NULL;
    struct hd_strategy *dfs = NULL;
    struct hd_execution execution;
    uint64_t digest = 0, steps = 0;

    (void)unused;
    options.strategy_options.preemptions = HD_NO_BOUND;
    options.keep_going = true;
    result = explore(&options);
    assert_int_equal(hd_engine_create(&options.engine, &engine, NULL), HD_OK);
    assert_int_equal(hd_engine_prepare(engine, &options.setting, NULL), HD_OK);
    assert_int_equal(options.strategy->create(&options.strategy_options, &dfs), HD_OK);
    while (hd_execute(engine, dfs, &execution) == HD_OK) {
        digest += execution.cut ? 0 : execution.digest;
        steps += execution.trace.length;
    }
    assert_int_equal(result.digest, digest);
    assert_int_equal(result.steps, steps);
    hd_strategy_free(dfs);
    hd_engine_free(engine);
    hd_explore_result_free(&result);
}

static void a_space_cut_by_the_budget_is_not(void **unused)
{
    struct hd_explore_options options = options_for(LOCKED, "dfs", 1);
    struct hd_explore_result result = explore(&options);

    (void)unused;
    assert_int_equal(result.executions, 1);
    assert_false(result.complete);
    assert_false(result.stopped);
    hd_explore_result_free(&result);
}

/* ---- Workers --------------------------------------------------------------------------------- */

/* The runs are no multiple of a chunk, on purpose. */
static void any_number_of_workers_gives_one_answer(void **unused)
{
    static const char *const strategies[] = { "random", "pct", "pos", "dfs" };

    (void)unused;
    for (size_t i = 0; i < sizeof strategies / sizeof strategies[0]; i++) {
        struct hd_explore_options options = options_for(RARE, strategies[i], 5000);
        struct hd_explore_result one, many;

        options.keep_going = true;
        options.jobs = 1;
        one = explore(&options);
        assert_int_equal(one.executions, strcmp(strategies[i], "dfs") ? 5000 : one.executions);
        for (options.jobs = 2; options.jobs <= 3; options.jobs++) {
            many = explore(&options);
            assert_equal_results(&one, &many);
            hd_explore_result_free(&many);
        }
        options.strategy_options.seed++;
        many = explore(&options);
        if (!options.strategy->exhausts)
            assert_int_not_equal(one.digest, many.digest);
        hd_explore_result_free(&many);
        hd_explore_result_free(&one);
    }
}

/* Whatever the workers ahead have done by then: many seeds, and more workers than processors. */
static void it_ends_at_the_lowest_execution(void **unused)
{
    struct hd_explore_options options = options_for(RARE, "random", 1000000);
    struct hd_explore_result one, other;
    unsigned late = 0;

    (void)unused;
    options.find = "climb";
    for (uint64_t seed = 1; seed <= 20; seed++) {
        options.strategy_options.seed = seed;
        options.jobs = 1;
        one = explore(&options);
        assert_int_equal(one.finding_count, 1);
        assert_string_equal(one.findings[0].verdict, "top-reached at climb");
        assert_int_equal(one.executions, one.findings[0].execution);
        assert_true(one.violations > 1); /* lost updates, which were not searched for */
        late += one.findings[0].execution > 256; /* behind the first chunk, or it says little */
        for (options.jobs = 2; options.jobs <= 5; options.jobs++) {
            other = explore(&options);
            assert_equal_results(&one, &other);
            hd_explore_result_free(&other);
        }
        hd_explore_result_free(&one);
    }
    assert_true(late >= 10);
}

/* Here every chunk has one, so several workers have one at the same time. */
static void of_several_at_once_the_lowest_counts(void **unused)
{
    struct hd_explore_options options = options_for(EARLY, "random", 1000000);
    struct hd_explore_result one, other;

    (void)unused;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        options.strategy_options.seed = seed;
        options.jobs = 1;
        one = explore(&options);
        options.jobs = 5;
        other = explore(&options);
        assert_equal_results(&one, &other);
        hd_explore_result_free(&other);
        hd_explore_result_free(&one);
    }
}

static void one_execution_less_finds_nothing(void **unused)
{
    struct hd_explore_options options = options_for(RARE, "random", 1000000);
    struct hd_explore_result one, other;

    (void)unused;
    options.find = "climb";
    options.jobs = 3;
    one = explore(&options);
    options.runs = one.executions - 1;
    other = explore(&options);
    assert_int_equal(other.finding_count, 0);
    assert_int_equal(other.executions, options.runs);
    assert_false(other.stopped);
    hd_explore_result_free(&other);
    hd_explore_result_free(&one);
}

static uint64_t first_of(const char *find, const char *verdict)
{
    struct hd_explore_options options = options_for(RARE, "random", 100000);
    struct hd_explore_result result;
    uint64_t execution;

    options.find = find;
    result = explore(&options);
    assert_int_equal(result.finding_count, verdict ? 1 : 0);
    if (verdict)
        assert_string_equal(result.findings[0].verdict, verdict);
    execution = result.executions;
    hd_explore_result_free(&result);
    return execution;
}

static void what_is_searched_for_has_three_forms(void **unused)
{
    uint64_t top = first_of("climb", "top-reached at climb");

    (void)unused;
    assert_int_equal(first_of("top-reached", "top-reached at climb"), top);
    assert_int_equal(first_of("top-reached at climb", "top-reached at climb"), top);
    assert_true(first_of("lost-update", "lost-update at nothing_is_lost") < top);
    assert_int_equal(first_of("top at climb", NULL), 100000);
    assert_int_equal(first_of("lost-update at climb", NULL), 100000);
}

static void equal_findings_are_one(void **unused)
{
    struct hd_explore_options options = options_for(RARE, "random", 20000);
    struct hd_explore_result result;

    (void)unused;
    options.keep_going = true;
    options.jobs = 2;
    result = explore(&options);
    assert_int_equal(result.finding_count, 2);
    assert_int_equal(result.findings[0].hits + result.findings[1].hits, result.violations);
    assert_true(result.findings[0].execution < result.findings[1].execution);
    assert_int_not_equal(result.findings[0].fingerprint, result.findings[1].fingerprint);
    hd_explore_result_free(&result);
}

/* ---- Ends that are not the search's own ------------------------------------------------------ */

static void a_stop_ends_it_and_says_so(void **unused)
{
    struct hd_explore_options options = options_for(LOCKED, "random", UINT64_C(1) << 40);
    atomic_bool stop = true;
    struct hd_explore_result result;

    (void)unused;
    options.jobs = 2;
    options.stop = &stop;
    result = explore(&options);
    assert_true(result.stopped);
    assert_true(result.executions < options.runs);
    hd_explore_result_free(&result);
}

struct told {
    pthread_t thread;
    unsigned calls;
    uint64_t executions;
};

static void tell(void *context, uint64_t executions, double seconds, unsigned findings)
{
    struct told *told = context;

    assert_true(pthread_equal(told->thread, pthread_self()));
    assert_true(seconds > 0);
    assert_int_equal(findings, 0);
    assert_true(executions >= told->executions);
    told->executions = executions;
    told->calls++;
}

static void a_time_budget_ends_it_and_progress_is_told(void **unused)
{
    struct hd_explore_options options = options_for(LOCKED, "random", 0);
    struct told told = { .thread = pthread_self() };
    struct hd_explore_result result;

    (void)unused;
    options.jobs = 2;
    options.time_ns = UINT64_C(700000000);
    options.progress = tell;
    options.progress_context = &told;
    result = explore(&options);
    assert_true(result.stopped);
    assert_true(result.executions > 0);
    assert_true(result.seconds >= 0.7);
    assert_true(told.calls >= 1);
    hd_explore_result_free(&result);
}

/* ---- Memory ---------------------------------------------------------------------------------- */

static void it_survives_the_failure_of_any_allocation(void **unused)
{
    struct hd_explore_options options = options_for(EARLY, "random", 300);
    enum hd_error error;
    uint64_t n = 0;

    (void)unused;
    options.jobs = 2;
    do {
        struct hd_explore_result result = { 0 };

        hd_alloc_fail_at(++n, 1);
        error = hd_explore(&options, &result, NULL);
        hd_alloc_fail_at(0, 0);
        assert_true(error == HD_OK || error == HD_E_NOMEM);
        if (!error)
            hd_explore_result_free(&result);
    } while (error && n < 10000);
    assert_int_equal(error, HD_OK);
    assert_true(n > 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_exhausted_space_is_complete),
        cmocka_unit_test(the_digest_is_the_sum_of_all),
        cmocka_unit_test(a_space_cut_by_the_budget_is_not),
        cmocka_unit_test(any_number_of_workers_gives_one_answer),
        cmocka_unit_test(it_ends_at_the_lowest_execution),
        cmocka_unit_test(of_several_at_once_the_lowest_counts),
        cmocka_unit_test(one_execution_less_finds_nothing),
        cmocka_unit_test(what_is_searched_for_has_three_forms),
        cmocka_unit_test(equal_findings_are_one),
        cmocka_unit_test(a_stop_ends_it_and_says_so),
        cmocka_unit_test(a_time_budget_ends_it_and_progress_is_told),
        cmocka_unit_test(it_survives_the_failure_of_any_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
