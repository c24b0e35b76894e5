/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The xfs and iomap scenarios, both ways: each broken order fires, by name, from several seeds;
 * each fixed order is silent where the broken one fires; each negative is silent next to the bug.
 * Seeds are fixed and counts are exact, so a failure is a change of the model and never bad luck.
 */
#include <stdio.h>

#include "models/search.h"

/* ---- What fires ------------------------------------------------------------------------------ */

struct firing {
    const char *subject, *workload, *kind, *site;
    uint64_t all, fires;  /* executions with the fewest preemptions that show it; of those, it is */
    uint32_t preemptions; /* the fewest */
};

static const struct firing firings[] = {
    { "iomap-stale/unchecked", "workload=unwritten",
      "data-zeroed", "__iomap_write_begin", 942, 28, 1 },
    { "iomap-stale/unchecked", "workload=delalloc",
      "data-zeroed", "__iomap_write_begin", 1002, 28, 1 },
    { "iomap-stale/checked-before-lock", "workload=unwritten",
      "data-zeroed", "__iomap_write_begin", 978, 4, 1 },
    { "iomap-stale/checked-before-lock", "workload=delalloc",
      "data-zeroed", "__iomap_write_begin", 1038, 4, 1 },
    { "xfs-short-write-punch/truncate-cache", "workload=stale",
      "data-lost", "xfs_buffered_write_iomap_end", 1435, 198, 1 },
    { "xfs-short-write-punch/truncate-cache", "workload=short-source",
      "data-lost", "xfs_buffered_write_iomap_end", 67, 20, 1 },
    { "xfs-punch-race/unlocked", "workload=failed-write",
      "dirty-over-hole", "xfs_map_blocks", 372, 3, 1 },
    { "xfs-punch-race/unlocked", "workload=truncated-store",
      "data-lost", "xfs_buffered_write_iomap_end", 372, 51, 1 },
    { "xfs-enospc-fault/infrastructure-alone", "workload=enospc",
      "deadlock", "xfs_buffered_write_iomap_end", 6, 6, 0 },
    { "xfs-enospc-fault/infrastructure-alone", "workload=alone",
      "deadlock", "xfs_buffered_write_iomap_end", 1, 1, 0 },
    { "iomap-zero-range/linux-6.1", "workload=dirty", "not-zeroed", "iomap_zero_iter", 9, 5, 0 },
    { "iomap-zero-range/linux-6.1", "workload=no-writeback",
      "not-zeroed", "iomap_zero_iter", 2, 2, 0 },
    { "iomap-zero-range/linux-6.1", "workload=delalloc",
      "not-zeroed", "iomap_zero_iter", 11, 3, 0 },
    { "iomap-zero-range/posted", "workload=z2", "not-zeroed", "iomap_write_begin", 631, 4, 1 },
    { "iomap-zero-range/posted", "workload=z3", "not-zeroed", "iomap_zero_iter", 3, 1, 0 },
    { "iomap-zero-range/posted", "workload=z4", "reference-left", "iomap_zero_range", 2, 1, 0 },
    { "iomap-zero-range/posted", "workload=delalloc", "not-zeroed", "iomap_zero_iter", 11, 3, 0 },
};

/* One thing dropped from the fixed order, and it fires. */
static const struct firing mutants[] = {
    { "iomap-stale/mutant-silent-conversion", "workload=unwritten",
      "data-zeroed", "__iomap_write_begin", 965, 30, 1 },
    { "iomap-stale/mutant-late-check", "workload=unwritten",
      "data-zeroed", "__iomap_write_begin", 974, 18, 1 },
    { "iomap-stale/mutant-exit-locked", "workload=unwritten",
      "deadlock", "iomap_write_begin", 974, 288, 1 },
    { "iomap-stale/mutant-exit-locked", "workload=read-error",
      "deadlock", "iomap_write_begin", 2, 2, 0 },
    { "iomap-stale/mutant-exit-referenced", "workload=unwritten",
      "reference-left", "xfs_file_check", 974, 288, 1 },
    { "iomap-stale/mutant-exit-referenced", "workload=read-error",
      "reference-left", "xfs_file_check", 2, 2, 0 },
    { "xfs-short-write-punch/mutant-blind", "workload=short-source",
      "dirty-over-hole", "xfs_map_blocks", 65, 20, 1 },
    { "xfs-short-write-punch/mutant-late-lock", "workload=short-source",
      "dirty-over-hole", "xfs_map_blocks", 67, 1, 1 },
    { "xfs-punch-race/mutant-shared", "workload=failed-write",
      "dirty-over-hole", "xfs_map_blocks", 384, 3, 1 },
    { "xfs-punch-race/mutant-late-lock", "workload=failed-write",
      "dirty-over-hole", "xfs_map_blocks", 404, 7, 1 },
    { "xfs-enospc-fault/mutant-no-invalidate-lock", "workload=alone",
      "deadlock", "iomap_write_delalloc_scan", 1, 1, 0 },
    { "iomap-zero-range/mutant-dirty-only", "workload=z3",
      "not-zeroed", "iomap_zero_iter", 5, 1, 0 },
    { "iomap-zero-range/mutant-no-wait", "workload=no-writeback",
      "not-zeroed", "iomap_zero_iter", 2, 2, 0 },
    { "iomap-zero-range/mutant-no-remap", "workload=no-writeback",
      "not-zeroed", "iomap_zero_iter", 4, 4, 0 },
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

static void found_from_five_seeds(const struct firing *firing)
{
    struct search search = { .subject = firing->subject, .workload = firing->workload,
                             .strategy = "random", .runs = 50000, .kind = firing->kind,
                             .site = firing->site, .until_found = true };

    for (search.seed = 1; search.seed <= 5; search.seed++)
        if (!run_search(&search).found)
            fail_msg("%s, %s: no %s at %s from seed %d", firing->subject, firing->workload,
                     firing->kind, firing->site, (int)search.seed);
}

/* All executions with so many preemptions: how many there are and how many show it; none does with
 * fewer. */
static void counted(const struct firing *firing)
{
    struct search search = { .subject = firing->subject, .workload = firing->workload,
                             .strategy = "dfs", .preemptions = firing->preemptions,
                             .kind = firing->kind, .site = firing->site };
    struct outcome outcome = run_search(&search);

    if (outcome.executions != firing->all || outcome.found != firing->fires)
        fail_msg("%s, %s: %d of %d, not %d of %d", firing->subject, firing->workload,
                 (int)outcome.found, (int)outcome.executions, (int)firing->fires,
                 (int)firing->all);
    assert_int_equal(outcome.preemptions, firing->preemptions);
    if (!search.preemptions)
        return;
    search.preemptions--;
    assert_int_equal(run_search(&search).found, 0);
}

static void each_broken_order_is_found_by_random_search(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(firings); i++)
        found_from_five_seeds(&firings[i]);
}

static void each_broken_order_fires_as_often_as_it_should(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(firings); i++)
        counted(&firings[i]);
}

static void each_mutant_fires_where_the_model_holds(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(mutants); i++) {
        found_from_five_seeds(&mutants[i]);
        counted(&mutants[i]);
    }
}

/* ---- What holds ------------------------------------------------------------------------------ */

static void silent(const char *subject, const char *workload, const char *strategy, uint64_t runs)
{
    struct search search = { .subject = subject, .workload = workload, .strategy = strategy,
                             .seed = 1, .runs = runs };
    struct outcome outcome = run_search(&search);

    if (outcome.violations)
        fail_msg("%s, %s: %s", subject, workload, outcome.other);
    assert_int_equal(outcome.executions, runs);
}

struct quiet {
    const char *subject, *workload;
    uint64_t all; /* executions with at most one preemption */
};

static void silent_with_one_preemption(const struct quiet *quiet)
{
    struct search search = { .subject = quiet->subject, .workload = quiet->workload,
                             .strategy = "dfs", .preemptions = 1 };
    struct outcome outcome = run_search(&search);

    if (outcome.violations)
        fail_msg("%s, %s: %s", quiet->subject, quiet->workload, outcome.other);
    if (outcome.executions != quiet->all)
        fail_msg("%s, %s: %d executions, not %d", quiet->subject, quiet->workload,
                 (int)outcome.executions, (int)quiet->all);
}

static const struct quiet fixed[] = {
    { "iomap-stale/merged", "workload=unwritten", 974 },
    { "iomap-stale/merged", "workload=delalloc", 1034 },
    { "iomap-stale/merged", "workload=read-error", 42 },
    { "xfs-short-write-punch/merged", "workload=stale", 1435 },
    { "xfs-short-write-punch/merged", "workload=short-source", 67 },
    { "xfs-punch-race/merged", "workload=failed-write", 404 },
    { "xfs-enospc-fault/merged", "workload=enospc", 334 },
    { "iomap-zero-range/merged", "workload=dirty", 1971 },
    { "iomap-zero-range/merged", "workload=z4", 20 },
    { "iomap-zero-range/merged", "workload=delalloc", 905 },
};

static void fixed_orders_hold_in_100000_executions(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(fixed); i++) {
        silent(fixed[i].subject, fixed[i].workload, "random", 100000);
        silent(fixed[i].subject, fixed[i].workload, "pct", 20000);
        silent_with_one_preemption(&fixed[i]);
    }
}

/* The broken orders themselves, one step from their bug. */
static const struct quiet negatives[] = {
    { "iomap-stale/unchecked", "workload=no-reclaim", 118 },
    { "iomap-stale/unchecked", "workload=io-in-flight", 1278 },
    { "iomap-stale/unchecked", "workload=whole-folio", 956 },
    { "iomap-stale/unchecked", "workload=written", 902 },
    { "iomap-stale/unchecked", "workload=read-error", 39 },
    { "iomap-stale/checked-before-lock", "workload=no-reclaim", 124 },
    { "iomap-stale/checked-before-lock", "workload=io-in-flight", 1322 },
    { "xfs-short-write-punch/truncate-cache", "workload=other-folio", 1351 },
    { "xfs-short-write-punch/truncate-cache", "workload=not-cut-short", 60 },
    { "xfs-punch-race/unlocked", "workload=other-folio", 221 },
    { "xfs-punch-race/unlocked", "workload=allocated", 253 },
    { "xfs-punch-race/unlocked", "workload=whole-source", 638 },
    { "xfs-enospc-fault/infrastructure-alone", "workload=enough-space", 449 },
    { "xfs-enospc-fault/mutant-no-invalidate-lock", "workload=enough-space", 320 },
    { "iomap-zero-range/linux-6.1", "workload=z4", 16 },
    { "iomap-zero-range/linux-6.1", "workload=written", 664 },
    { "iomap-zero-range/posted", "workload=no-writeback", 25 },
    { "iomap-zero-range/posted", "workload=written", 664 },
    { "iomap-zero-range/mutant-dirty-only", "workload=no-writeback", 128 },
};

static void negatives_are_silent(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(negatives); i++) {
        silent(negatives[i].subject, negatives[i].workload, "random", 20000);
        silent_with_one_preemption(&negatives[i]);
    }
}

/* ---- What the scenarios declare ------------------------------------------------------------ */

static const char *const scenarios[] = { "iomap-stale", "iomap-zero-range", "xfs-short-write-punch",
                                         "xfs-punch-race", "xfs-enospc-fault" };

static void declared(const char *scenario, const char *workload,
                     const struct hd_expect_info *expect)
{
    char subject[2 * HD_NAME_BYTES], keys[2 * HD_NAME_BYTES];
    struct firing firing = { .subject = subject, .workload = keys, .kind = expect->kind,
                             .site = expect->site };

    (void)snprintf(subject, sizeof subject, "%s/%s", scenario, expect->variant);
    (void)snprintf(keys, sizeof keys, "workload=%s", workload);
    if (strcmp(expect->kind, "holds") == 0)
        silent(subject, keys, "random", 5000);
    else
        found_from_five_seeds(&firing);
}

/* Whatever a workload says of a variant is so; and it speaks of each variant somewhere. */
static void each_declared_expectation_is_met(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(scenarios); i++) {
        const struct hd_scenario *scenario = hd_scenario_find(&hd_models, scenarios[i]);
        unsigned spoken_of = 0, variants = 0;

        assert_non_null(scenario);
        while (scenario->variants[variants].name)
            variants++;
        for (const struct hd_workload_info *w = scenario->workloads; w->name; w++)
            for (const struct hd_expect_info *e = w->expects; e->variant; e++) {
                declared(scenario->name, w->name, e);
                spoken_of |= 1u << hd_variant_find(scenario, e->variant);
            }
        assert_int_equal(spoken_of, (1u << variants) - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_broken_order_is_found_by_random_search),
        cmocka_unit_test(each_broken_order_fires_as_often_as_it_should),
        cmocka_unit_test(each_mutant_fires_where_the_model_holds),
        cmocka_unit_test(fixed_orders_hold_in_100000_executions),
        cmocka_unit_test(negatives_are_silent),
        cmocka_unit_test(each_declared_expectation_is_met),
    };

    return cmocka_run_group_tests_name("xfs", tests, NULL, NULL);
}
