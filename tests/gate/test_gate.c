/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The gate over small directories: what it checks, what it makes of what is wrong in each way. */
#include "gate/cases.h"
#include "models.h"

#define COUNTER  "heddle case 1@scenario counter@variant marked@"
#define SCHEDULE "run actor[0] after value.read@run actor[1] until end@run actor[0] until end@"
#define LOST     "expect marked lost-update at no_update_is_lost@"
#define DIGEST   "digest marked %016llx@"

/* The digest of the lost update, from the only place that knows it. */
static const char *whole_case(void)
{
    static char text[512];
    struct hd_engine *engine;
    struct hd_strategy *guided;
    struct hd_execution execution;
    struct hd_engine_options options = { .describe = true };
    struct hd_case *the_case;
    char lines[512];
    char *at;

    snprintf(lines, sizeof lines, "%s", COUNTER SCHEDULE LOST);
    for (at = lines; *at; at++)
        if (*at == '@')
            *at = '\n';
    assert_int_equal(hd_case_parse(&hd_models, "lost", lines, strlen(lines), &the_case, NULL), 0);
    assert_int_equal(hd_engine_create(&options, &engine, NULL), HD_OK);
    assert_int_equal(hd_engine_prepare(engine, &the_case->setting, NULL), HD_OK);
    assert_int_equal(hd_strategy_guided(the_case, engine, &guided), HD_OK);
    assert_int_equal(hd_execute(engine, guided, &execution), HD_OK);
    snprintf(text, sizeof text, COUNTER SCHEDULE LOST "expect locked holds@" DIGEST,
             (unsigned long long)execution.digest);
    hd_strategy_free(guided);
    hd_engine_free(engine);
    hd_case_free(the_case);
    return text;
}

static void a_case_that_keeps_its_word_passes(void **state)
{
    struct hd_gate_result result;
    struct cases cases;

    (void)state;
    cases_open(&cases);
    cases_add(&cases, "lost.sched", whole_case());
    cases_add(&cases, "notes.txt", "not a case");
    cases_gate(&cases, &hd_models, 1, &result);
    assert_int_equal(result.outcome, HD_GATE_PASSED);
    assert_int_equal(result.group_count, 2);
    assert_int_equal(result.check_count, 4);
    assert_int_equal(result.counts[HD_GATE_PASSED], 4);
    assert_int_equal(result.scenarios, 1);
    assert_int_equal(result.scenarios_failed, 0);
    assert_has(cases_check(&result, "lost.sched", "replay marked")->text, "lost-update at ");
    assert_has(cases_check(&result, "lost.sched", "replay locked")->text, "holds, digest ");
    /* Two switches, each before, between and behind four steps, less where it is; and one step that
     * is not there. */
    assert_string_equal(cases_check(&result, "lost.sched", "neighbours locked")->text,
                        "all 10 neighbours hold");
    assert_has(cases_check(&result, NULL, "proof counter/locked")->text, "proved: all ");
    hd_gate_free(&result);
    cases_close(&cases);
}

static void each_way_to_be_wrong_says_what_to_do(void **state)
{
    struct hd_gate_result result;
    struct cases cases;

    (void)state;
    cases_open(&cases);
    cases_add(&cases, "diverged.sched", COUNTER "run actor[0] until end@" LOST);
    cases_add(&cases, "stale.sched", COUNTER SCHEDULE LOST "digest marked 0123456789abcdef@");
    cases_add(&cases, "unpinned.sched", COUNTER SCHEDULE LOST);
    cases_add(&cases, "silent.sched", COUNTER SCHEDULE);
    cases_add(&cases, "wrong.sched", COUNTER SCHEDULE LOST "expect plain holds@");
    cases_add(&cases, "malformed.sched", COUNTER "run actr until end@");
    cases_gate(&cases, &hd_models, 1, &result);
    assert_failed(cases_check(&result, "diverged.sched", "replay marked"), "diverged",
                  "expected lost-update at no_update_is_lost, got holds", "`heddle replay ");
    assert_failed(cases_check(&result, "stale.sched", "replay marked"), "stale",
                  "instead of 0123456789abcdef", "`heddle replay --rebless ");
    assert_int_equal(cases_check(&result, "stale.sched", "replay marked")->line, 8);
    assert_failed(cases_check(&result, "unpinned.sched", "replay marked"), "no-digest", "no digest",
                  "` records it");
    assert_failed(cases_check(&result, "silent.sched", "load"), "no-expectation", "marked",
                  "add a line 'expect'");
    assert_failed(cases_check(&result, "wrong.sched", "replay plain"), "data-race",
                  "expected holds, got data-race", "` tells the story: mend");
    assert_has(cases_check(&result, "wrong.sched", "replay plain")->advice, "--variant plain ");
    assert_non_null(cases_check(&result, "wrong.sched", "replay plain")->where);
    assert_int_equal(cases_check(&result, "wrong.sched", "replay plain")->line, 8);
    assert_int_equal(cases_check(&result, "malformed.sched", "load")->outcome, HD_GATE_ERROR);
    assert_int_equal(cases_check(&result, "malformed.sched", "load")->line, 4);
    assert_string_equal(cases_check(&result, "malformed.sched", "load")->rule, "malformed");
    assert_has(cases_check(&result, "malformed.sched", "load")->advice, "case --check ");
    assert_int_equal(result.outcome, HD_GATE_FAILED);
    assert_int_equal(result.counts[HD_GATE_ERROR], 1);
    hd_gate_free(&result);
    cases_close(&cases);
}

/* With its digest, so that nothing else is wrong with it.  Under the lock, increment_plain() is
 * a second entry of the landmark; there is no third. */
static void a_holds_that_never_came_there_is_none(void **state)
{
    struct hd_gate_result result;
    struct cases cases;

    (void)state;
    cases_open(&cases);
    cases_add(&cases, "never.sched",
              "heddle case 1@scenario counter@variant locked@run actor[1] until increment#3@"
              "expect locked holds@digest locked 68aa5e027844445c@");
    cases_add(&cases, "once.sched",
              "heddle case 1@scenario counter@variant locked@run actor[1] until increment#1@"
              "expect locked holds@digest locked 68aa5e027844445c@");
    cases_gate(&cases, &hd_models, 1, &result);
    assert_failed(cases_check(&result, "never.sched", "replay locked"), "vacuous",
                  "nobody ever came to increment", "` tells who was in the way");
    assert_int_equal(cases_check(&result, "never.sched", "replay locked")->line, 4);
    hd_gate_free(&result);
    cases_close(&cases);
}

/* The whole outcome as text. */
static char *printed(const struct hd_gate_result *result, const char *format)
{
    size_t length;
    char *text;
    FILE *out = open_memstream(&text, &length);

    assert_non_null(out);
    for (size_t i = 0; i < hd_gate_format_count; i++)
        if (!strcmp(hd_gate_formats[i].name, format))
            assert_int_equal(hd_gate_formats[i].print(result, out), HD_OK);
    assert_int_equal(fclose(out), 0);
    assert_true(length > 0);
    return text;
}

static void every_format_is_the_same_for_any_number_of_workers(void **state)
{
    struct hd_gate_result one, four;
    struct cases cases;

    (void)state;
    cases_open(&cases);
    cases_add(&cases, "lost.sched", whole_case());
    cases_add(&cases, "stale.sched", COUNTER SCHEDULE LOST "digest marked 0123456789abcdef@");
    cases_add(&cases, "wrong.sched", COUNTER SCHEDULE LOST "expect plain holds@");
    cases_gate(&cases, &hd_models, 1, &one);
    cases_gate(&cases, &hd_models, 4, &four);
    for (size_t i = 0; i < hd_gate_format_count; i++) {
        char *a = printed(&one, hd_gate_formats[i].name);
        char *b = printed(&four, hd_gate_formats[i].name);

        assert_string_equal(a, b);
        free(a);
        free(b);
    }
    hd_gate_free(&one);
    hd_gate_free(&four);
    cases_close(&cases);
}

static void no_case_is_no_gate(void **state)
{
    const char *missing[] = { "/nowhere/at/all" };
    struct hd_gate_options options = { .catalogue = &hd_models, .paths = missing, .path_count = 1 };
    struct hd_gate_result result;
    struct hd_diag diag;
    struct cases cases;
    const char *empty[] = { cases.directory };

    (void)state;
    assert_int_equal(hd_gate(&options, &result, &diag), HD_E_IO);
    cases_open(&cases);
    options.paths = empty;
    assert_int_equal(hd_gate(&options, &result, &diag), HD_E_MALFORMED);
    assert_has(diag.text, "no case");
    cases_close(&cases);
}

/* Asked to stop, it says so of each check, and finds nothing. */
static void stopped_is_no_verdict(void **state)
{
    atomic_bool stop = true;
    struct hd_gate_result result;
    struct cases cases;
    const char *paths[] = { cases.directory };
    const struct hd_gate_options options = {
        .catalogue = &hd_models, .paths = paths, .path_count = 1, .stop = &stop
    };

    (void)state;
    cases_open(&cases);
    cases_add(&cases, "lost.sched", whole_case());
    assert_int_equal(hd_gate(&options, &result, NULL), HD_OK);
    assert_int_equal(result.outcome, HD_GATE_STOPPED);
    assert_int_equal(result.counts[HD_GATE_STOPPED], 4);
    hd_gate_free(&result);
    cases_close(&cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_case_that_keeps_its_word_passes),
        cmocka_unit_test(each_way_to_be_wrong_says_what_to_do),
        cmocka_unit_test(a_holds_that_never_came_there_is_none),
        cmocka_unit_test(every_format_is_the_same_for_any_number_of_workers),
        cmocka_unit_test(no_case_is_no_gate),
        cmocka_unit_test(stopped_is_no_verdict),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
