/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* gfs2's scenarios: wherever a fixed or positive variant is said to hold, it does; in a million
 * executions of the first workload, and a fifth of that of each other. */
#include <stdio.h>

#include "models/search.h"

static const char *const scenarios[] = {
    "gfs2-jdata-write",    "gfs2-memory-failure", "gfs2-zero-copy",        "gfs2-write-ahead",
    "gfs2-redirty-pinned", "gfs2-begin-error",    "gfs2-long-transaction", "gfs2-inline-data",
    "iomap-put-before-hook",
};

static void silent(const struct hd_scenario *scenario, const char *variant, const char *workload,
                   const char *strategy, uint64_t runs)
{
    char subject[2 * HD_NAME_BYTES], keys[2 * HD_NAME_BYTES];
    struct search search = { .subject = subject, .workload = keys, .strategy = strategy, .seed = 7,
                             .runs = runs };
    struct outcome outcome;

    (void)snprintf(subject, sizeof subject, "%s/%s", scenario->name, variant);
    (void)snprintf(keys, sizeof keys, "workload=%s", workload);
    outcome = run_search(&search);
    if (outcome.violations)
        fail_msg("%s, %s, %s: %s", subject, keys, strategy, outcome.other);
    assert_int_equal(outcome.executions, runs);
}

/* The broken variants are silent beside the bug too, and tests/models/test_gfs2*.c say so; what
 * must never give a false alarm is what is called right. */
static bool is_right(const struct hd_scenario *scenario, const struct hd_expect_info *expect)
{
    int variant = hd_variant_find(scenario, expect->variant);
    enum hd_standing standing;

    assert_true(variant >= 0);
    standing = scenario->variants[variant].standing;
    return (standing == HD_FIXED || standing == HD_POSITIVE) && !strcmp(expect->kind, "holds");
}

static void what_is_right_holds(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++) {
        const struct hd_scenario *scenario = hd_scenario_find(&hd_models, scenarios[i]);

        assert_non_null(scenario);
        for (const struct hd_workload_info *w = scenario->workloads; w->name; w++)
            for (unsigned e = 0; e < HD_EXPECTS_MAX && w->expects[e].variant; e++) {
                uint64_t share = w == scenario->workloads ? 200000 : 40000;

                if (!is_right(scenario, &w->expects[e]))
                    continue;
                silent(scenario, w->expects[e].variant, w->name, "random", 3 * share);
                silent(scenario, w->expects[e].variant, w->name, "pos", share);
                silent(scenario, w->expects[e].variant, w->name, "pct", share);
            }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_right_holds),
    };

    return cmocka_run_group_tests_name("gfs2, at length", tests, NULL, NULL);
}
