/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fixed orders of the xfs and iomap scenarios: no false alarm in a million executions of each
 * declared workload. */
#include <stdio.h>

#include "models/search.h"

static const char *const scenarios[] = { "iomap-stale", "iomap-zero-range", "xfs-short-write-punch",
                                         "xfs-punch-race", "xfs-enospc-fault" };

static void silent(const char *scenario, const char *workload, const char *strategy, uint64_t runs)
{
    char subject[2 * HD_NAME_BYTES], keys[2 * HD_NAME_BYTES];
    struct search search = { .subject = subject, .workload = keys, .strategy = strategy, .seed = 7,
                             .runs = runs };
    struct outcome outcome;

    (void)snprintf(subject, sizeof subject, "%s/merged", scenario);
    (void)snprintf(keys, sizeof keys, "workload=%s", workload);
    outcome = run_search(&search);
    if (outcome.violations)
        fail_msg("%s, %s, %s: %s", subject, keys, strategy, outcome.other);
    assert_int_equal(outcome.executions, runs);
}

static void merged_holds_in_a_million_executions(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++) {
        const struct hd_scenario *scenario = hd_scenario_find(&hd_models, scenarios[i]);

        assert_non_null(scenario);
        for (const struct hd_workload_info *w = scenario->workloads; w->name; w++) {
            silent(scenario->name, w->name, "random", 600000);
            silent(scenario->name, w->name, "pos", 200000);
            silent(scenario->name, w->name, "pct", 200000);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(merged_holds_in_a_million_executions) };

    return cmocka_run_group_tests_name("long xfs", tests, NULL, NULL);
}
