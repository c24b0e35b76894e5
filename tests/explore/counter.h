/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A scenario for tests of exploring: two writers add one to a counter; an addition may be lost. */
#ifndef HD_TESTS_COUNTER_H
#define HD_TESTS_COUNTER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "heddle/heddle.h"

enum { LOCKED, EARLY, RARE, UNSTEADY, UNSURE };

struct counter {
    struct hd_mutex lock;
    uint64_t value;
    uint64_t stage;
};

/* Outside the engine's memory: what a model must not have.  Atomic, for TSan would tell as well. */
static atomic_uint_fast64_t unsteady;

static void add(struct counter *counter)
{
    uint64_t value = hd_read_once(&counter->value);

    hd_write_once(&counter->value, value + 1);
}

/* Each writer must find the stage as the other has just left it, three times over. */
static void climb(struct counter *counter, hd_actor_id self)
{
    for (uint64_t i = 0; i < 3; i++) {
        uint64_t stage = hd_read_once(&counter->stage);

        if (stage == 2 * i + self)
            hd_write_once(&counter->stage, stage + 1);
    }
    if (self == 1)
        HD_CHECK(counter->stage != 6, "top-reached", "both have climbed in step");
}

static void write_one(void *state, unsigned instance)
{
    struct counter *counter = state;

    (void)instance;
    switch (hd_variant()) {
    case LOCKED:
    case UNSURE:
        hd_mutex_lock(&counter->lock);
        add(counter);
        hd_mutex_unlock(&counter->lock);
        break;
    case UNSTEADY:
        hd_write_once(&counter->stage, unsteady++);
        add(counter);
        break;
    case RARE:
        climb(counter, hd_self());
        add(counter);
        break;
    default:
        add(counter);
        break;
    }
}

static void nothing_is_lost(void *state)
{
    const struct counter *counter = state;

    HD_CHECK(counter->value == 2, "lost-update", "an addition was lost");
    HD_CHECK(hd_variant() != UNSURE || unsteady++ % 2 == 0, "top-reached", "said every other time");
}

static const struct hd_scenario scenario = {
    .name = "counter",
    .summary = "two writers, one counter",
    .variants =
        (const struct hd_variant_info[]){
            [LOCKED] = { "locked", "under a lock", HD_FIXED },
            [EARLY] = { "early", "without", HD_BROKEN },
            [RARE] = { "rare", "without, after a climb in step", HD_BROKEN },
            [UNSTEADY] = { "unsteady", "with a value from outside", HD_MUTANT },
            [UNSURE] = { "unsure", "judged by a value from outside", HD_MUTANT },
            { 0 },
        },
    .params = (const struct hd_param_info[]){ { 0 } },
    .roles =
        (const struct hd_role_info[]){
            { .name = "first", .summary = "adds one", .kind = HD_TASK, .run = write_one },
            { .name = "second", .summary = "adds one", .kind = HD_TASK, .run = write_one },
            { 0 },
        },
    .landmarks = (const struct hd_landmark_info[]){ { 0 } },
    .workloads = (const struct hd_workload_info[]){ { .name = "default", .keys = "" }, { 0 } },
    .kinds = (const char *const[]){ "lost-update", "top-reached", NULL },
    .faults = (const char *const[]){ NULL },
    .marks = (const char *const[]){ NULL },
    .state_bytes = sizeof(struct counter),
    .check = nothing_is_lost,
};

static struct hd_explore_options options_for(unsigned variant, const char *strategy, uint64_t runs)
{
    struct hd_explore_options options = {
        .setting = { .scenario = &scenario, .variant = variant },
        .strategy = hd_strategy_find(strategy),
        .strategy_options = { .seed = 7 },
        .runs = runs,
    };

    hd_workload_default(&scenario, &options.setting.workload);
    assert_non_null(options.strategy);
    return options;
}

static struct hd_explore_result explore(const struct hd_explore_options *options)
{
    struct hd_explore_result result;
    struct hd_diag diag = { { 0 } };
    enum hd_error error = hd_explore(options, &result, &diag);

    if (error)
        fail_msg("%s: %s", hd_error_text(error), diag.text);
    return result;
}

static inline void assert_equal_results(const struct hd_explore_result *a,
                                        const struct hd_explore_result *b)
{
    assert_int_equal(a->executions, b->executions);
    assert_int_equal(a->steps, b->steps);
    assert_int_equal(a->choices_max, b->choices_max);
    assert_int_equal(a->violations, b->violations);
    assert_int_equal(a->digest, b->digest);
    assert_int_equal(a->complete, b->complete);
    assert_int_equal(a->finding_count, b->finding_count);
    for (unsigned i = 0; i < a->finding_count; i++) {
        assert_int_equal(a->findings[i].execution, b->findings[i].execution);
        assert_int_equal(a->findings[i].fingerprint, b->findings[i].fingerprint);
        assert_int_equal(a->findings[i].hits, b->findings[i].hits);
        assert_int_equal(a->findings[i].digest, b->findings[i].digest);
        assert_string_equal(a->findings[i].verdict, b->findings[i].verdict);
    }
}

#endif
