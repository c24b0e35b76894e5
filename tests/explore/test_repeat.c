/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Searches that can be repeated: executions run twice, the probe, and the case of a finding. */
#include "explore/counter.h"

/* Repetitions are not counted: the sums are those without. */
static void running_twice_changes_nothing(void **unused)
{
    struct hd_explore_options options = options_for(RARE, "pct", 1000);
    struct hd_explore_result once, twice;

    (void)unused;
    options.keep_going = true;
    once = explore(&options);
    options.twice = true;
    twice = explore(&options);
    assert_equal_results(&once, &twice);
    hd_explore_result_free(&once);
    hd_explore_result_free(&twice);
}

static void running_twice_catches_a_value_from_outside(void **unused)
{
    struct hd_explore_options options = options_for(UNSTEADY, "random", 1000);
    struct hd_explore_result result;
    struct hd_diag diag = { { 0 } };

    (void)unused;
    options.keep_going = true;
    options.twice = true;
    assert_int_equal(hd_explore(&options, &result, &diag), HD_E_NONDETERMINISTIC);
    assert_string_equal(diag.text, "execution 1 differs when run twice, first at step 0");
    options.setting.variant = UNSURE;
    assert_int_equal(hd_explore(&options, &result, &diag), HD_E_NONDETERMINISTIC);
    assert_string_equal(diag.text, "execution 1 differs when run twice, only in its verdict");
}

static uint32_t choices_without_preemption(const struct hd_explore_options *options)
{
    struct hd_engine *engine = NULL;
    struct hd_strategy *straight = NULL;
    struct hd_execution execution;

    assert_int_equal(hd_engine_create(&options->engine, &engine, NULL), HD_OK);
    assert_int_equal(hd_engine_prepare(engine, &options->setting, NULL), HD_OK);
    assert_int_equal(hd_strategy_bytes(NULL, 0, &straight), HD_OK);
    assert_int_equal(hd_execute(engine, straight, &execution), HD_OK);
    assert_int_equal(execution.trace.preemptions, 0);
    hd_strategy_free(straight);
    hd_engine_free(engine);
    return execution.trace.choices;
}

/* PCT begins with a guess at k: told that of an execution without preemption, it does the same. */
static void the_first_guess_is_that_of_a_probe(void **unused)
{
    struct hd_explore_options options = options_for(RARE, "pct", 512);
    uint32_t choices = choices_without_preemption(&options);
    struct hd_explore_result guessed, told;

    (void)unused;
    options.keep_going = true;
    guessed = explore(&options);
    assert_int_equal(guessed.executions, 512); /* the probe is none of them */
    options.strategy_options.choices = choices;
    told = explore(&options);
    assert_equal_results(&guessed, &told);
    hd_explore_result_free(&told);
    options.strategy_options.choices = 1;
    told = explore(&options);
    assert_int_not_equal(guessed.digest, told.digest);
    hd_explore_result_free(&told);
    hd_explore_result_free(&guessed);
}

static void a_finding_repeats_by_its_case(void **unused)
{
    struct hd_explore_options options = options_for(EARLY, "random", 1000);
    struct hd_explore_result result = explore(&options);
    struct hd_engine *engine = NULL;
    struct hd_strategy *guided = NULL;
    struct hd_execution execution;

    (void)unused;
    assert_int_equal(result.finding_count, 1);
    assert_int_equal(hd_engine_create(&options.engine, &engine, NULL), HD_OK);
    assert_int_equal(hd_engine_prepare(engine, &options.setting, NULL), HD_OK);
    assert_int_equal(hd_strategy_guided(result.findings[0].the_case, engine, &guided), HD_OK);
    assert_int_equal(hd_execute(engine, guided, &execution), HD_OK);
    assert_int_equal(execution.digest, result.findings[0].digest);
    hd_strategy_free(guided);
    hd_engine_free(engine);
    hd_explore_result_free(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(running_twice_changes_nothing),
        cmocka_unit_test(running_twice_catches_a_value_from_outside),
        cmocka_unit_test(the_first_guess_is_that_of_a_probe),
        cmocka_unit_test(a_finding_repeats_by_its_case),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
