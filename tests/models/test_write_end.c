/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The other users of write_end, in both kernels' orders: nothing fires; each thing moved or dropped
 * does, and is silent one step beside.  Seeds are fixed and counts are exact, so a failure is a
 * change of the model and never bad luck.
 */
#include "models/search.h"

static struct outcome bounded(const char *subject, const char *workload, uint32_t preemptions)
{
    struct search search = { .subject = subject, .workload = workload, .strategy = "dfs",
                             .preemptions = preemptions };

    return run_search(&search);
}

static void finds(const char *subject, const char *workload, const char *kind, const char *site)
{
    struct search search = { .subject = subject, .workload = workload, .strategy = "random",
                             .runs = 20000, .kind = kind, .site = site, .until_found = true };

    for (search.seed = 1; search.seed <= 5; search.seed++)
        if (!run_search(&search).found)
            fail_msg("%s: no %s at %s from seed %d", subject, kind, site, (int)search.seed);
}

static void silent(const char *subject, const char *workload, const char *strategy, uint64_t runs)
{
    struct search search = { .subject = subject, .workload = workload, .strategy = strategy,
                             .seed = 1, .runs = runs };
    struct outcome outcome = run_search(&search);

    if (outcome.violations)
        fail_msg("%s, %s: %s", subject, workload ? workload : "default", outcome.other);
    assert_int_equal(outcome.executions, runs);
}

static const char *const positives[] = {
    "generic-write-end/linux-6.1",         "generic-write-end/linux-6.12",
    "ext4-write-end/linux-6.1",            "ext4-write-end/linux-6.12",
    "ext4-journalled-write-end/linux-6.1", "ext4-journalled-write-end/linux-6.12",
};
#define POSITIVES (sizeof positives / sizeof *positives)

static void positives_hold_in_100000_executions(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < POSITIVES; i++) {
        silent(positives[i], NULL, "random", 50000);
        silent(positives[i], NULL, "pct", 50000);
    }
}

/* In every declared workload. */
static void positives_hold_wherever_they_are_declared(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < POSITIVES; i++) {
        struct hd_setting setting = setting_of(positives[i], NULL);
        const struct hd_workload_info *workload = setting.scenario->workloads;

        for (; workload->name; workload++)
            silent(positives[i], workload->keys, "random", 5000);
    }
}

/* All there are with one preemption: the models' fingerprints. */
static void positives_hold_with_one_preemption(void **unused)
{
    static const uint64_t executions[POSITIVES] = { 810, 810, 7872, 7872, 7778, 7778 };

    (void)unused;
    for (size_t i = 0; i < POSITIVES; i++) {
        struct outcome outcome = bounded(positives[i], NULL, 1);

        assert_int_equal(outcome.executions, executions[i]);
        assert_int_equal(outcome.violations, 0);
    }
}

static void i_size_must_grow_before_the_unlock(void **unused)
{
    (void)unused;
    finds("generic-write-end/mutant-late-size", NULL, "data-lost", "plain_check");
    finds("ext4-write-end/mutant-late-size", NULL, "data-lost", "plain_check");
    assert_int_equal(bounded("generic-write-end/mutant-late-size", NULL, 0).violations, 0);
    silent("generic-write-end/mutant-late-size", "flusher=off", "random", 10000);
    silent("generic-write-end/mutant-late-size", "workload=overwrite", "random", 10000);
}

static void isize_extended_must_come_after_the_unlock(void **unused)
{
    struct outcome outcome = bounded("generic-write-end/mutant-extended-under-lock",
                                     "flusher=off reclaimer=off", 2);

    (void)unused;
    finds("generic-write-end/mutant-extended-under-lock", NULL, "deadlock", "folio_lock");
    assert_int_equal(outcome.executions, 1); /* the writer alone, and it is stuck */
    assert_int_equal(outcome.violations, 1);
    silent("generic-write-end/mutant-extended-under-lock", "workload=far", "random", 10000);
}

static void isize_extended_must_come(void **unused)
{
    static const char *const mutants[] = { "generic-write-end/mutant-no-extended",
                                           "ext4-write-end/mutant-no-extended",
                                           "ext4-journalled-write-end/mutant-no-extended" };

    (void)unused;
    for (size_t i = 0; i < sizeof mutants / sizeof *mutants; i++) {
        finds(mutants[i], "workload=mapped", "page-not-protected", "inode_unlock");
        silent(mutants[i], NULL, "random", 10000); /* nobody maps the file */
    }
}

static void the_handle_must_come_before_the_folio_lock(void **unused)
{
    const char *mutant = "ext4-write-end/mutant-start-under-lock";

    (void)unused;
    finds(mutant, "workload=dirty", "deadlock", "ext4_journal_start");
    silent(mutant, "workload=no-commit", "random", 10000);
    silent("ext4-write-end/linux-6.1", "workload=dirty", "random", 50000);
}

/* gfs2's old order, and half of it, on ext4. */
static void the_journal_must_have_the_buffers_before_the_unlock(void **unused)
{
    (void)unused;
    finds("ext4-journalled-write-end/mutant-late-access", "workload=overwrite", "buffers-missing",
          "ext4_walk_page_buffers");
    silent("ext4-journalled-write-end/mutant-late-access", "workload=no-reclaim", "random", 10000);
    finds("ext4-journalled-write-end/mutant-late-dirty", "workload=uncached", "data-lost",
          "plain_check");
    silent("ext4-journalled-write-end/mutant-late-dirty", "workload=no-reader", "random", 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(positives_hold_in_100000_executions),
        cmocka_unit_test(positives_hold_wherever_they_are_declared),
        cmocka_unit_test(positives_hold_with_one_preemption),
        cmocka_unit_test(i_size_must_grow_before_the_unlock),
        cmocka_unit_test(isize_extended_must_come_after_the_unlock),
        cmocka_unit_test(isize_extended_must_come),
        cmocka_unit_test(the_handle_must_come_before_the_folio_lock),
        cmocka_unit_test(the_journal_must_have_the_buffers_before_the_unlock),
    };

    return cmocka_run_group_tests_name("write_end", tests, NULL, NULL);
}
