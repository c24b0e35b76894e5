/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The other scenarios of gfs2 and of iomap's hook: each bug is found where it is, each repair is
 * silent, each mutant is caught, and what lies next to a bug is silent too.  Seeds are fixed and
 * counts exact: a failure is a change of the model.
 */
#include "models/search.h"

/* Kind and site. */
#define PLACE "in-place-before-journal", "gfs2_jdata_recover"
#define MISSING "buffers-missing", "gfs2_page_add_databufs"

static struct outcome bounded(const char *subject, const char *workload, uint32_t preemptions,
                              const char *kind, const char *site)
{
    struct search search = { .subject = subject, .workload = workload, .strategy = "dfs",
                             .preemptions = preemptions, .kind = kind, .site = site };

    return run_search(&search);
}

static void finds(const char *subject, const char *workload, const char *kind, const char *site)
{
    struct search search = { .subject = subject, .workload = workload, .strategy = "random",
                             .runs = 100000, .kind = kind, .site = site, .until_found = true };

    for (search.seed = 1; search.seed <= 5; search.seed++)
        if (!run_search(&search).found)
            fail_msg("%s, %s: no %s at %s from seed %d", subject, workload ? workload : "default",
                     kind, site, (int)search.seed);
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

/* A hundred thousand executions, half of each kind of search. */
static void silent_at_length(const char *subject, const char *workload)
{
    silent(subject, workload, "random", 50000);
    silent(subject, workload, "pct", 50000);
}

/* ---- Counts: all executions with so many preemptions ----------------------------------------- */

struct counted {
    const char *subject, *workload;
    uint32_t preemptions; /* at most */
    const char *kind, *site;
    uint64_t executions, violations, found;
};

static void comes_to(const struct counted *counted)
{
    struct outcome outcome = bounded(counted->subject, counted->workload, counted->preemptions,
                                     counted->kind, counted->site);

    if (outcome.executions != counted->executions || outcome.violations != counted->violations ||
        outcome.found != counted->found)
        fail_msg("%s, %s, %d preemptions: %d executions, %d violations, %d found",
                 counted->subject, counted->workload ? counted->workload : "default",
                 (int)counted->preemptions, (int)outcome.executions, (int)outcome.violations,
                 (int)outcome.found);
}

/* One row for one preemption less than it takes, where it takes any; one where it suffices; one for
 * the repaired order. */
static const struct counted counts[] = {
    { "gfs2-zero-copy/old", NULL, 0, MISSING, 2, 0, 0 },
    { "gfs2-zero-copy/old", NULL, 1, MISSING, 61, 2, 1 },
    { "gfs2-zero-copy/merged", NULL, 2, NULL, NULL, 548, 0, 0 },
    { "gfs2-memory-failure/old", NULL, 0, MISSING, 2, 0, 0 },
    { "gfs2-memory-failure/old", NULL, 1, MISSING, 105, 19, 1 },
    { "gfs2-memory-failure/merged", NULL, 2, NULL, NULL, 1044, 0, 0 },
    { "gfs2-write-ahead/old", NULL, 0, PLACE, 6, 0, 0 },
    { "gfs2-write-ahead/old", NULL, 1, PLACE, 479, 48, 48 },
    { "gfs2-write-ahead/merged", NULL, 2, NULL, NULL, 10432, 0, 0 },
    { "gfs2-redirty-pinned/merged", NULL, 0, PLACE, 10, 6, 6 },
    { "gfs2-redirty-pinned/repaired", NULL, 1, NULL, NULL, 508, 0, 0 },
    { "gfs2-begin-error/merged", "flusher=off", 0, "unread-block-journaled",
      "gfs2_trans_add_databufs", 1, 1, 1 },
    { "gfs2-begin-error/old", NULL, 2, NULL, NULL, 417, 0, 0 },
    { "gfs2-long-transaction/linux-5.1", "flusher=off logd=off", 0, "deadlock", "gfs2_log_flush",
      1, 1, 1 },
    { "gfs2-long-transaction/linux-5.2", NULL, 1, NULL, NULL, 2124, 0, 0 },
    { "gfs2-inline-data/released", NULL, 0, "use-after-free", "iomap_write_end_inline", 2, 0, 0 },
    { "gfs2-inline-data/released", NULL, 1, "use-after-free", "iomap_write_end_inline", 54, 2, 2 },
    { "gfs2-inline-data/referenced", NULL, 2, NULL, NULL, 458, 0, 0 },
    { "iomap-put-before-hook/linux-5.1", NULL, 0, "page-freed", NULL, 2, 0, 0 },
    { "iomap-put-before-hook/linux-5.1", NULL, 1, "page-freed", NULL, 70, 3, 1 },
    { "iomap-put-before-hook/linux-5.2", NULL, 2, NULL, NULL, 846, 0, 0 },
};

static void the_counts_come_out(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        comes_to(&counts[i]);
}

/* ---- What fires, and what is silent beside it ------------------------------------------------ */

static void nothing_copied_needs_no_flusher(void **unused)
{
    (void)unused;
    finds("gfs2-zero-copy/old", NULL, MISSING);
    finds("gfs2-zero-copy/old", "workload=refused", MISSING);
    silent_at_length("gfs2-zero-copy/merged", NULL);
    silent("gfs2-zero-copy/old", "workload=unaligned", "random", 20000);
    silent("gfs2-zero-copy/old", "workload=all", "random", 20000);
    silent("gfs2-zero-copy/old", "workload=drop-caches", "random", 20000);
    finds("gfs2-zero-copy/mutant-no-refcount-gate", "workload=drop-caches", MISSING);
    finds("gfs2-zero-copy/mutant-free-before-unlock", NULL, "buffers-missing",
          "__block_commit_write");
}

static void a_bad_page_takes_dirty_buffers_along(void **unused)
{
    (void)unused;
    finds("gfs2-memory-failure/old", NULL, MISSING);
    silent_at_length("gfs2-memory-failure/merged", NULL);
    silent("gfs2-memory-failure/merged", "workload=four-blocks", "pct", 20000);
    silent("gfs2-memory-failure/old", "workload=neighbour", "pct", 20000);
    finds("gfs2-memory-failure/mutant-invalidate-unlocked", NULL, "buffers-missing",
          "__block_commit_write");
    finds("gfs2-memory-failure/merged", "workload=exception-journaled", "null-dereference",
          "gfs2_remove_from_journal");
    finds("gfs2-memory-failure/merged", "workload=neighbour journaled=1", "null-dereference",
          "gfs2_remove_from_journal");
}

static void writeback_breaks_the_write_ahead_rule(void **unused)
{
    (void)unused;
    finds("gfs2-write-ahead/old", NULL, PLACE);
    silent_at_length("gfs2-write-ahead/merged", NULL);
    silent("gfs2-write-ahead/merged", "workload=four-blocks", "pct", 20000);
    silent("gfs2-write-ahead/merged", "workload=append", "pct", 20000);
    silent("gfs2-write-ahead/old", "workload=journal-first", "pct", 20000);
    finds("gfs2-write-ahead/mutant-unlock-first", NULL, PLACE);
}

/* Each exception breaks the merged order, and doesn't without what makes it one. */
static void each_exception_is_one(void **unused)
{
    (void)unused;
    finds("gfs2-write-ahead/merged", "workload=exception-pinned", PLACE);
    silent("gfs2-write-ahead/merged", "workload=exception-pinned writers=1", "pct", 20000);
    finds("gfs2-write-ahead/merged", "workload=exception-hole", PLACE);
    silent("gfs2-write-ahead/merged", "workload=exception-hole holes=0", "pct", 20000);
    silent("gfs2-write-ahead/merged", "workload=exception-hole copied=2048", "pct", 20000);
    finds("gfs2-write-ahead/merged", "workload=exception-old-end", PLACE);
    silent("gfs2-write-ahead/merged", "workload=old-end-clean", "pct", 20000);
    silent("gfs2-write-ahead/merged", "workload=exception-old-end i_size=4096", "pct", 20000);
    silent("gfs2-write-ahead/old", "workload=exception-old-end", "pct", 20000);
}

static void a_pinned_block_is_written_in_place(void **unused)
{
    (void)unused;
    finds("gfs2-redirty-pinned/old", NULL, PLACE);
    finds("gfs2-redirty-pinned/merged", NULL, PLACE);
    silent_at_length("gfs2-redirty-pinned/repaired", NULL);
    silent_at_length("gfs2-redirty-pinned/repaired", "workload=any-time");
    silent("gfs2-redirty-pinned/merged", "workload=once", "pct", 20000);
    silent("gfs2-redirty-pinned/merged", "workload=flushed", "pct", 20000);
    finds("gfs2-redirty-pinned/mutant-unlock-first", "workload=any-time", PLACE);
}

static void a_failed_begin_journals_what_it_has_not_read(void **unused)
{
    (void)unused;
    finds("gfs2-begin-error/merged", NULL, "unread-block-journaled", "gfs2_trans_add_databufs");
    silent_at_length("gfs2-begin-error/old", NULL);
    silent("gfs2-begin-error/merged", "workload=block-start", "random", 20000);
    silent("gfs2-begin-error/merged", "workload=whole-block", "random", 20000);
    silent("gfs2-begin-error/merged", "workload=readable", "random", 20000);
    finds("gfs2-begin-error/mutant-page-on-error", NULL, "unread-block-journaled",
          "gfs2_page_add_databufs");
}

static void a_long_transaction_waits_for_itself(void **unused)
{
    (void)unused;
    finds("gfs2-long-transaction/linux-5.1", NULL, "deadlock", "gfs2_log_flush");
    silent_at_length("gfs2-long-transaction/linux-5.2", NULL);
    silent("gfs2-long-transaction/linux-5.2", "workload=unfair", "pct", 20000);
    silent("gfs2-long-transaction/linux-5.1", "workload=below-limit", "pct", 20000);
    finds("gfs2-long-transaction/mutant-balance-inside", NULL, "deadlock", "gfs2_log_flush");
}

static void a_pointer_does_not_hold_the_dinode(void **unused)
{
    (void)unused;
    finds("gfs2-inline-data/released", NULL, "use-after-free", "iomap_write_end_inline");
    finds("gfs2-inline-data/released", "workload=drop-caches", "use-after-free",
          "iomap_write_end_inline");
    silent_at_length("gfs2-inline-data/referenced", NULL);
    silent("gfs2-inline-data/referenced", "workload=drop-caches", "pct", 20000);
    silent("gfs2-inline-data/released", "workload=active-list", "pct", 20000);
    silent("gfs2-inline-data/released", "workload=fresh", "pct", 20000);
    finds("gfs2-inline-data/mutant-no-count-test", NULL, "use-after-free",
          "iomap_write_end_inline");
}

static void the_hook_needs_a_reference(void **unused)
{
    (void)unused;
    finds("iomap-put-before-hook/linux-5.1", NULL, "page-freed", "gfs2_iomap_journaled_page_done");
    silent_at_length("iomap-put-before-hook/linux-5.2", NULL);
    silent("iomap-put-before-hook/linux-5.2", "workload=written-back", "pct", 20000);
    silent("iomap-put-before-hook/linux-5.1", "workload=dirty", "pct", 20000);
    finds("iomap-put-before-hook/mutant-no-refcount-gate", NULL, MISSING);
    finds("iomap-put-before-hook/linux-5.2", "workload=exception-reclaim", MISSING);
}

/* A second writer waits for i_rwsem, and changes nothing. */
static void two_writers_are_as_good_as_one(void **unused)
{
    (void)unused;
    finds("gfs2-jdata-write/old", "workload=two-writers", "use-after-free", "lock_buffer");
    silent_at_length("gfs2-jdata-write/merged", "workload=two-writers");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_counts_come_out),
        cmocka_unit_test(nothing_copied_needs_no_flusher),
        cmocka_unit_test(a_bad_page_takes_dirty_buffers_along),
        cmocka_unit_test(writeback_breaks_the_write_ahead_rule),
        cmocka_unit_test(each_exception_is_one),
        cmocka_unit_test(a_pinned_block_is_written_in_place),
        cmocka_unit_test(a_failed_begin_journals_what_it_has_not_read),
        cmocka_unit_test(a_long_transaction_waits_for_itself),
        cmocka_unit_test(a_pointer_does_not_hold_the_dinode),
        cmocka_unit_test(the_hook_needs_a_reference),
        cmocka_unit_test(two_writers_are_as_good_as_one),
    };

    return cmocka_run_group_tests_name("gfs2 relatives", tests, NULL, NULL);
}
