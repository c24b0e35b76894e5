/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A scenario with something for every pass to cut: adders that read and write apart, a bystander
 * who matters to nobody, a fault that matters to him alone; and helpers to execute and minimise.
 */
#ifndef HD_TESTS_LOST_H
#define HD_TESTS_LOST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "heddle/heddle.h"
#include "models.h"

enum { LOST_ADDERS, LOST_ROUNDS, LOST_NOISE };
enum { LOST_PLAIN, LOST_LOCKED, LOST_UNSTEADY };

struct lost {
    struct hd_mutex lock;
    uint32_t value;
    uint32_t own;
};

/* Outside of the engine's memory: what makes an execution differ when run twice. */
static atomic_uint lost_outside;

static void store_sum(struct lost *lost, uint32_t sum)
{
    HD_CALL("store_sum");
    hd_write_once(&lost->value, sum);
}

static void lost_adder(void *state, unsigned instance)
{
    struct lost *lost = state;

    HD_CALL("add");
    for (uint64_t i = 0; i < hd_param(LOST_ROUNDS); i++) {
        uint32_t sum;

        if (hd_variant() == LOST_LOCKED)
            hd_mutex_lock(&lost->lock);
        if (hd_variant() == LOST_UNSTEADY)
            hd_write_once(&lost->own, lost_outside++);
        sum = hd_read_once(&lost->value);
        store_sum(lost, sum + 1);
        if (hd_variant() == LOST_LOCKED)
            hd_mutex_unlock(&lost->lock);
        if (instance == 0)
            hd_mark(0);
    }
}

static void lost_bystander(void *state, unsigned instance)
{
    struct lost *lost = state;

    (void)instance;
    HD_CALL("stand_by");
    if (hd_fault(0))
        hd_write_once(&lost->own, 7);
    for (uint64_t i = 0; i < hd_param(LOST_NOISE); i++)
        hd_write_once(&lost->own, (uint32_t)i);
}

static void lost_setup(void *state)
{
    struct lost *lost = state;

    hd_name(&lost->lock, "lock", -1);
    hd_name(&lost->value, "value", -1);
}

static void nothing_is_lost(void *state)
{
    const struct lost *lost = state;

    HD_CHECK(lost->value == hd_param(LOST_ADDERS) * hd_param(LOST_ROUNDS), "lost-update",
             "an addition was lost");
}

static const struct hd_scenario lost_scenario = {
    .name = "lost",
    .summary = "adders and a bystander",
    .passport = { .evidence = HD_SYNTHETIC },
    .variants =
        (const struct hd_variant_info[]){
            [LOST_PLAIN] = { "plain", "no lock", HD_BROKEN },
            [LOST_LOCKED] = { "locked", "a lock", HD_FIXED },
            [LOST_UNSTEADY] = { "unsteady", "with a value from outside", HD_MUTANT },
            { NULL },
        },
    .params =
        (const struct hd_param_info[]){
            [LOST_ADDERS] = { "adders", "who add", 2, 1, 8, NULL },
            [LOST_ROUNDS] = { "rounds", "of each", 1, 1, 8, NULL },
            [LOST_NOISE] = { "noise", "steps of the bystander", 0, 0, 1000, NULL },
            { NULL },
        },
    .roles =
        (const struct hd_role_info[]){
            { .name = "adder",
              .summary = "adds",
              .run = lost_adder,
              .count_param = LOST_ADDERS + 1 },
            { .name = "bystander", .summary = "does not matter", .run = lost_bystander },
            { NULL },
        },
    .landmarks =
        (const struct hd_landmark_info[]){
            { "store", { "store_sum", "store_sum", "store_sum" } },
            { "bystander", { "stand_by", "stand_by", "stand_by" } },
            { NULL },
        },
    .workloads = (const struct hd_workload_info[]){ { .name = "two", .keys = "" }, { NULL } },
    .kinds = (const char *const[]){ "lost-update", NULL },
    .faults = (const char *const[]){ "spike", NULL },
    .marks = (const char *const[]){ "added", NULL },
    .state_bytes = sizeof(struct lost),
    .setup = lost_setup,
    .check = nothing_is_lost,
};

static const struct hd_scenario *const lost_scenarios[] = { &lost_scenario };
static const struct hd_catalogue lost_catalogue = { lost_scenarios, 1 };

/* A case of `lost` from its lines behind the first two. */
static inline struct hd_case *lost_case(const char *lines)
{
    struct hd_diag diag = { .text = "" };
    struct hd_case *the_case = NULL;
    char text[4096];

    snprintf(text, sizeof text, "heddle case 1\nscenario lost\n%s", lines);
    if (hd_case_parse(&lost_catalogue, "case", text, strlen(text), &the_case, &diag))
        fail_msg("%s", diag.text);
    return the_case;
}

static inline struct hd_engine *new_engine(void)
{
    struct hd_engine_options options = { .describe = true };
    struct hd_engine *engine = NULL;

    assert_int_equal(hd_engine_create(&options, &engine, NULL), HD_OK);
    return engine;
}

/* The verdict of a case under its own schedule, to be read before the next call. */
static inline const char *verdict_of(struct hd_engine *engine, const struct hd_case *the_case,
                              struct hd_execution *execution)
{
    static char text[160];
    struct hd_strategy *guided = NULL;

    assert_int_equal(hd_engine_prepare(engine, &the_case->setting, NULL), HD_OK);
    assert_int_equal(hd_strategy_guided(the_case, engine, &guided), HD_OK);
    assert_int_equal(hd_execute(engine, guided, execution), HD_OK);
    hd_strategy_free(guided);
    hd_verdict_format(&execution->verdict, text, sizeof text);
    return text;
}

#define CONFIRM 100000

static inline struct hd_minimise_result minimise(const struct hd_case *the_case, uint64_t confirm)
{
    struct hd_minimise_options options = { .confirm = confirm };
    struct hd_minimise_result result;
    struct hd_diag diag = { .text = "" };
    enum hd_error error = hd_minimise(the_case, &options, &result, &diag);

    if (error)
        fail_msg("%s: %s", hd_error_text(error), diag.text);
    return result;
}

/* The lines of a case that begin with a word, as one string; to be freed. */
static inline char *lines_of(const struct hd_case *the_case, const char *word)
{
    char *text = hd_case_print(the_case), *lines = calloc(1, strlen(text) + 1);
    size_t used = 0;

    for (const char *at = text; *at;) {
        size_t length = strcspn(at, "\n") + 1;

        if (!strncmp(at, word, strlen(word))) {
            memcpy(lines + used, at, length);
            used += length;
        }
        at += length;
    }
    free(text);
    return lines;
}

static inline void assert_lines(const struct hd_case *the_case, const char *word,
                                const char *expected)
{
    char *lines = lines_of(the_case, word);

    assert_string_equal(lines, expected);
    free(lines);
}

/* What hd_minimise() promises of a result, by brute force: it fails as it expects and with its
 * digest, without any one of its segments it does not, and minimising it again changes nothing. */
static inline void assert_minimal(const struct hd_case *result)
{
    struct hd_engine *engine = new_engine();
    const struct hd_expect *expect = hd_case_expect(result, result->setting.variant);
    struct hd_segment *segments = malloc((result->segment_count + 1) * sizeof *segments);
    struct hd_minimise_result again;
    struct hd_execution execution;
    char before[160], *first, *second;

    assert_non_null(expect);
    snprintf(before, sizeof before, "%s", verdict_of(engine, result, &execution));
    assert_true(hd_verdict_meets(&execution.verdict, expect));
    assert_false(expect->holds);
    assert_true(execution.digest == result->digest[result->setting.variant]);
    for (uint32_t cut = 0; cut < result->segment_count; cut++) {
        struct hd_case smaller = *result;

        smaller.segments = segments;
        smaller.segment_count = 0;
        for (uint32_t i = 0; i < result->segment_count; i++)
            if (i != cut)
                segments[smaller.segment_count++] = result->segments[i];
        assert_string_not_equal(verdict_of(engine, &smaller, &execution), before);
    }
    free(segments);
    hd_engine_free(engine);
    again = minimise(result, 0);
    first = hd_case_print(result);
    second = hd_case_print(again.the_case);
    assert_string_equal(second, first);
    for (unsigned i = 0; i < HD_PASS_COUNT; i++)
        assert_int_equal(again.kept[i], 0);
    free(first);
    free(second);
    hd_case_free(again.the_case);
}

/* The first finding of a search, of anything or of `what`; to be freed. */
static inline struct hd_case *find(const struct hd_setting *setting, const char *strategy,
                                   uint64_t seed, const char *what)
{
    struct hd_explore_options options = {
        .setting = *setting,
        .strategy = hd_strategy_find(strategy),
        .strategy_options = { .seed = seed },
        .runs = 200000,
        .find = what,
    };
    struct hd_explore_result *result = calloc(1, sizeof *result);
    struct hd_diag diag = { .text = "" };
    struct hd_case *the_case;

    if (hd_explore(&options, result, &diag))
        fail_msg("%s", diag.text);
    assert_int_equal(result->finding_count, 1);
    the_case = result->findings[0].the_case;
    result->findings[0].the_case = NULL;
    hd_explore_result_free(result);
    free(result);
    return the_case;
}

/* Failures of the kind and site among all schedules with at most so many preemptions. */
static inline uint64_t count_failures(const struct hd_case *the_case, uint32_t preemptions)
{
    struct hd_strategy_options options = { .preemptions = preemptions };
    const struct hd_expect *expect = hd_case_expect(the_case, the_case->setting.variant);
    struct hd_engine *engine = new_engine();
    struct hd_strategy *dfs = NULL;
    struct hd_execution execution;
    uint64_t count = 0;

    assert_int_equal(hd_engine_prepare(engine, &the_case->setting, NULL), HD_OK);
    assert_int_equal(hd_strategy_find("dfs")->create(&options, &dfs), HD_OK);
    while (hd_execute(engine, dfs, &execution) == HD_OK)
        count += !execution.verdict.holds && hd_verdict_meets(&execution.verdict, expect) &&
                 !strcmp(execution.verdict.site, expect->site);
    assert_true(hd_strategy_complete(dfs));
    hd_strategy_free(dfs);
    hd_engine_free(engine);
    return count;
}

#endif
