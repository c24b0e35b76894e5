/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The orders of the relatives that hold: no false alarm in a million executions of each declared
 * workload. */
#include <stdio.h>

#include "models/search.h"

static const char *const sound[][2] = {
    { "ext4-journalled-writepage", "redirty-first" },
    { "ext4-zero-length-writepage", "pinned" },
    { "btrfs-prepare-pages", "full-recheck" },
    { "buffer-completion", "put-then-unlock" },
    { "lost-dirty-bit", "linux-6.1" },
    { "jbd2-free-vs-commit", "wait-and-retry" },
    { "ocfs2-handle-restart", "one-handle" },
    { "jbd2-unmap-buffer", "linux-6.1" },
};

static void silent(const char *const *order, const char *workload, const char *strategy,
                   uint64_t runs)
{
    char subject[2 * HD_NAME_BYTES], keys[2 * HD_NAME_BYTES];
    struct search search = { .subject = subject, .workload = keys, .strategy = strategy, .seed = 7,
                             .runs = runs };
    struct outcome outcome;

    (void)snprintf(subject, sizeof subject, "%s/%s", order[0], order[1]);
    (void)snprintf(keys, sizeof keys, "workload=%s", workload);
    outcome = run_search(&search);
    if (outcome.violations)
        fail_msg("%s, %s, %s: %s", subject, keys, strategy, outcome.other);
    assert_int_equal(outcome.executions, runs);
}

static void sound_orders_hold_in_a_million_executions(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof sound / sizeof *sound; i++) {
        const struct hd_scenario *scenario = hd_scenario_find(&hd_models, sound[i][0]);

        assert_non_null(scenario);
        for (const struct hd_workload_info *w = scenario->workloads; w->name; w++) {
            silent(sound[i], w->name, "random", 600000);
            silent(sound[i], w->name, "pos", 200000);
            silent(sound[i], w->name, "pct", 200000);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_orders_hold_in_a_million_executions),
    };

    return cmocka_run_group_tests_name("long relatives", tests, NULL, NULL);
}
