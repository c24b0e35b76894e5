/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * gfs2-jdata-write, both ways: what the kernel can do, the model does; what the kernel can't, it
 * doesn't. Seeds are fixed and counts are exact, so a failure is a change of the model and never
 * bad luck.
 */
#include "models/search.h"

#define OLD "gfs2-jdata-write/old"
#define MERGED "gfs2-jdata-write/merged"

static struct outcome bounded(const char *subject, const char *workload, uint32_t preemptions,
                              const char *kind, const char *site)
{
    struct search search = { .subject = subject, .workload = workload, .strategy = "dfs",
                             .preemptions = preemptions, .kind = kind, .site = site };

    return run_search(&search);
}

/* ---- What fires ------------------------------------------------------------------------------ */

/* Found by its own name, from ten seeds, within a budget that is some ten times the mean. */
static void finds(const char *subject, const char *workload, const char *kind, const char *site)
{
    struct search search = { .subject = subject, .workload = workload, .strategy = "pct",
                             .runs = 20000, .kind = kind, .site = site, .until_found = true };

    for (search.seed = 1; search.seed <= 10; search.seed++)
        if (!run_search(&search).found)
            fail_msg("%s: no %s at %s from seed %d", subject, kind, site, (int)search.seed);
}

static void i1_is_found_from_ten_seeds(void **unused)
{
    (void)unused;
    finds(OLD, NULL, "buffers-missing", "gfs2_page_add_databufs");
    finds("gfs2-jdata-write/rfc-v2", NULL, "buffers-missing", "gfs2_page_add_databufs");
}

static void i3_is_found_from_ten_seeds(void **unused)
{
    (void)unused;
    finds(OLD, NULL, "use-after-free", "lock_buffer");
}

static void i4_is_found_from_ten_seeds(void **unused)
{
    (void)unused;
    finds(OLD, NULL, "use-after-free", "gfs2_alloc_bufdata");
    finds(OLD, "workload=self-reclaim", "use-after-free", "gfs2_alloc_bufdata");
}

/* The random walk needs more: some 1 in 15000 for the hook's own symptom. */
static void a_random_walk_finds_i1_from_ten_seeds(void **unused)
{
    struct search search = { .subject = OLD, .strategy = "random", .runs = 100000,
                             .kind = "buffers-missing", .site = "gfs2_page_add_databufs",
                             .until_found = true };

    (void)unused;
    for (search.seed = 1; search.seed <= 10; search.seed++)
        assert_int_equal(run_search(&search).found, 1);
}

static void pos_finds_the_race_too(void **unused)
{
    struct search search = { .subject = OLD, .strategy = "pos", .runs = 50000, .seed = 4,
                             .kind = "buffers-missing", .site = "gfs2_page_add_databufs",
                             .until_found = true };

    (void)unused;
    assert_int_equal(run_search(&search).found, 1);
}

/*
 * Without preemption nothing goes wrong; one suffices, at each of the places where the buffers can
 * be missed.  These are all executions with one preemption, so the numbers are the model's
 * fingerprint: a point more or less changes them.
 */
static void one_preemption_suffices_and_none_does_not(void **unused)
{
    struct outcome outcome = bounded(OLD, NULL, 0, NULL, NULL);

    (void)unused;
    assert_int_equal(outcome.executions, 6);
    assert_int_equal(outcome.violations, 0);
    outcome = bounded(OLD, NULL, 1, "buffers-missing", "gfs2_page_add_databufs");
    assert_int_equal(outcome.executions, 645);
    assert_int_equal(outcome.violations, 14);
    assert_int_equal(outcome.found, 1);
    assert_int_equal(outcome.preemptions, 1);
    assert_int_equal(bounded(OLD, NULL, 1, "use-after-free", "lock_buffer").found, 8);
    assert_int_equal(bounded(OLD, NULL, 1, "use-after-free", "gfs2_alloc_bufdata").found, 2);
    assert_int_equal(bounded(OLD, NULL, 1, "use-after-free", "gfs2_trans_add_data").found, 11);
    /* With two, reclaim can also look at b_count just before the pin and at the state just after:
     * the pinned buffer is freed, and the next log flush trips over it. */
    outcome = bounded(OLD, NULL, 2, "use-after-free", "get_bh");
    assert_int_equal(outcome.executions, 24647);
    assert_int_equal(outcome.violations, 802);
    assert_int_equal(outcome.found, 85);
    assert_int_equal(outcome.preemptions, 2);
}

/* ---- What holds ------------------------------------------------------------------------------ */

static void silent(const char *subject, const char *workload, const char *strategy, uint64_t runs)
{
    struct search search = { .subject = subject, .workload = workload, .strategy = strategy,
                             .seed = 1, .runs = runs };
    struct outcome outcome = run_search(&search);

    if (outcome.violations)
        fail_msg("%s, %s: %s", subject, workload ? workload : "default", outcome.other);
    assert_int_equal(outcome.executions, runs);
}

static void merged_holds_in_200000_executions(void **unused)
{
    (void)unused;
    silent(MERGED, NULL, "pct", 100000);
    silent(MERGED, NULL, "pos", 50000);
    silent(MERGED, NULL, "random", 50000);
}

static void merged_holds_with_up_to_two_preemptions(void **unused)
{
    struct outcome outcome = bounded(MERGED, NULL, 2, NULL, NULL);

    (void)unused;
    assert_int_equal(outcome.executions, 17973);
    assert_int_equal(outcome.violations, 0);
}

static const char *const negatives[] = { "workload=n1", "workload=n1-active", "workload=n2",
                                         "workload=n3", "workload=n4",        "workload=n5",
                                         "workload=n6", "workload=n7" };

static void the_negatives_are_silent_in_the_old_order(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof negatives / sizeof *negatives; i++) {
        silent(OLD, negatives[i], "pct", 10000);
        assert_int_equal(bounded(OLD, negatives[i], 1, NULL, NULL).violations, 0);
    }
}

/* Each negative lies next to the bug: with the one thing that it leaves out, the model fires. */
static void each_negative_is_one_step_from_the_bug(void **unused)
{
    (void)unused;
    finds(OLD, "workload=n1 flusher=on", "buffers-missing", "gfs2_page_add_databufs");
    finds(OLD, "workload=n2 completion.after=none", "buffers-missing", "gfs2_page_add_databufs");
    finds(OLD, "workload=n3 reclaim=direct", "buffers-missing", "gfs2_page_add_databufs");
    finds(OLD, "workload=n4 flusher=on", "buffers-missing", "gfs2_page_add_databufs");
    finds(OLD, "workload=n5 flusher.after=none reclaimer.after=none", "use-after-free",
          "gfs2_trans_add_data");
    finds(OLD, "workload=n6 ail=0", "use-after-free", "gfs2_trans_add_data");
    finds(OLD, "workload=n6-fsync", "use-after-free", "gfs2_trans_add_data");
    finds(OLD, "workload=n7 pos=0", "buffers-missing", "gfs2_page_add_databufs");
}

/* ---- Mutants of the model -------------------------------------------------------------------- */

static void each_mutant_fires_where_the_model_holds(void **unused)
{
    (void)unused;
    finds("gfs2-jdata-write/mutant-no-dirty-test", "workload=n1", "buffers-missing",
          "gfs2_page_add_databufs");
    finds("gfs2-jdata-write/mutant-no-writeback-test", "workload=n2", "use-after-free",
          "lock_buffer");
    finds("gfs2-jdata-write/mutant-no-refcount-gate", "workload=n3", "buffers-missing",
          "gfs2_page_add_databufs");
    finds("gfs2-jdata-write/mutant-no-refcount-gate", "workload=n4", "buffers-missing",
          "gfs2_page_add_databufs");
    finds("gfs2-jdata-write/mutant-free-before-unlock", NULL, "buffers-missing",
          "__block_commit_write");
}

/* A mutant changes what it says and nothing else: with every gate but its own, it is as silent. */
static void a_mutant_drops_one_gate(void **unused)
{
    (void)unused;
    silent("gfs2-jdata-write/mutant-no-dirty-test", "workload=n3", "pct", 5000);
    silent("gfs2-jdata-write/mutant-no-writeback-test", "workload=n1", "pct", 5000);
    silent("gfs2-jdata-write/mutant-no-refcount-gate", "workload=n1", "pct", 5000);
    silent("gfs2-jdata-write/mutant-no-refcount-gate", "workload=n2", "pct", 5000);
}

/* ---- The literal order's deadlocks ----------------------------------------------------------- */

static void isize_extended_waits_for_its_own_caller(void **unused)
{
    struct outcome outcome;

    (void)unused;
    outcome = bounded("gfs2-isize-extended/literal", "flusher=off", 0, "deadlock", "folio_lock");
    assert_int_equal(outcome.executions, 1);
    assert_int_equal(outcome.found, 1);
    outcome = bounded("gfs2-isize-extended/literal", NULL, 2, "deadlock", "folio_lock");
    assert_int_equal(outcome.found, outcome.executions); /* whatever the flusher does */
    outcome = bounded("gfs2-isize-extended/literal", "pos=8192", 2, NULL, NULL);
    assert_int_equal(outcome.violations, 0);
    assert_int_equal(bounded("gfs2-isize-extended/old", NULL, 2, NULL, NULL).violations, 0);
    assert_int_equal(bounded("gfs2-isize-extended/merged", NULL, 2, NULL, NULL).violations, 0);
}

static void the_log_flush_waits_for_who_waits_for_the_folio(void **unused)
{
    struct outcome outcome;

    (void)unused;
    assert_int_equal(bounded("gfs2-sync-mount/literal", NULL, 0, NULL, NULL).violations, 0);
    outcome = bounded("gfs2-sync-mount/literal", NULL, 1, "deadlock", "gfs2_log_flush");
    assert_true(outcome.found > 0);
    assert_int_equal(outcome.found, outcome.violations);
    assert_int_equal(bounded("gfs2-sync-mount/literal", "sync=0", 2, NULL, NULL).violations, 0);
    assert_int_equal(bounded("gfs2-sync-mount/old", NULL, 2, NULL, NULL).violations, 0);
    assert_int_equal(bounded("gfs2-sync-mount/merged", NULL, 2, NULL, NULL).violations, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(i1_is_found_from_ten_seeds),
        cmocka_unit_test(i3_is_found_from_ten_seeds),
        cmocka_unit_test(i4_is_found_from_ten_seeds),
        cmocka_unit_test(a_random_walk_finds_i1_from_ten_seeds),
        cmocka_unit_test(pos_finds_the_race_too),
        cmocka_unit_test(one_preemption_suffices_and_none_does_not),
        cmocka_unit_test(merged_holds_in_200000_executions),
        cmocka_unit_test(merged_holds_with_up_to_two_preemptions),
        cmocka_unit_test(the_negatives_are_silent_in_the_old_order),
        cmocka_unit_test(each_negative_is_one_step_from_the_bug),
        cmocka_unit_test(each_mutant_fires_where_the_model_holds),
        cmocka_unit_test(a_mutant_drops_one_gate),
        cmocka_unit_test(isize_extended_waits_for_its_own_caller),
        cmocka_unit_test(the_log_flush_waits_for_who_waits_for_the_folio),
    };

    return cmocka_run_group_tests_name("gfs2", tests, NULL, NULL);
}
