/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Relatives of the gfs2 race, in ext4, jbd2, ocfs2, btrfs and fs/buffer.c: each broken order is
 * found by its name, and each order that holds does so by search and, where the space is small,
 * throughout.  Seeds are fixed and counts are exact: a point more or less in a model changes them.
 */
#include "models/search.h"

static const struct broken {
    const char *subject, *workload, *kind, *site;
    uint32_t preemptions; /* the fewest that do it */
} broken[] = {
    { "ext4-journalled-writepage/linux-6.1", NULL, "buffers-missing",
      "__ext4_journalled_writepage", 0 },
    { "ext4-zero-length-writepage/unpinned", NULL, "use-after-free", "ext4_walk_page_buffers", 1 },
    { "btrfs-prepare-pages/weak-recheck", NULL, "private-missing", "btrfs_dirty_pages", 0 },
    { "buffer-completion/unlock-then-put", NULL, "use-after-free", "end_buffer_read_sync", 1 },
    { "lost-dirty-bit/late-clear", NULL, "data-lost", "check", 1 },
    { "jbd2-free-vs-commit/fail-at-once", NULL, "spurious-failure", "generic_file_direct_write",
      0 },
    { "ocfs2-handle-restart/two-handles", NULL, "no-write-access", "jbd2_journal_dirty_metadata",
      1 },
    { "ocfs2-handle-restart/two-handles", NULL, "use-after-free", "jbd2_journal_dirty_metadata",
      2 },
};

static const struct broken mutants[] = {
    { "ext4-journalled-writepage/mutant-dirty-only", "reclaim=active", "data-lost", "check", 0 },
    { "ext4-journalled-writepage/mutant-no-retest", "reclaim=active", "buffers-missing",
      "__ext4_journalled_writepage", 0 },
    { "ext4-zero-length-writepage/mutant-put-before-lock", "truncater=off", "use-after-free",
      "ext4_walk_page_buffers", 1 },
    { "btrfs-prepare-pages/mutant-early-recheck", NULL, "private-missing", "btrfs_dirty_pages",
      0 },
    { "buffer-completion/mutant-no-lock-test", "workload=in-cache", "use-after-free",
      "end_buffer_read_sync", 1 },
    { "lost-dirty-bit/mutant-unlocked-dirty", NULL, "use-after-free", "block_dirty_folio", 1 },
    { "jbd2-free-vs-commit/mutant-retry-at-once", NULL, "spurious-failure",
      "generic_file_direct_write", 0 },
    { "ocfs2-handle-restart/mutant-no-wait", NULL, "no-write-access",
      "jbd2_journal_dirty_metadata", 1 },
    { "jbd2-unmap-buffer/no-folio-lock", "joined=0", "use-after-free",
      "jbd2_journal_invalidate_folio", 1 },
    { "jbd2-unmap-buffer/mutant-no-ebusy", NULL, "stale-dirty", "check", 0 },
    { "jbd2-unmap-buffer/mutant-not-freed", "size=0", "stale-dirty", "check", 0 },
};

static const char *const sound[] = {
    "ext4-journalled-writepage/redirty-first", "ext4-zero-length-writepage/pinned",
    "btrfs-prepare-pages/full-recheck",        "buffer-completion/put-then-unlock",
    "lost-dirty-bit/linux-6.1",                "jbd2-free-vs-commit/wait-and-retry",
    "ocfs2-handle-restart/one-handle",         "jbd2-unmap-buffer/linux-6.1",
};

/* ---- What fires ------------------------------------------------------------------------------ */

static void is_found(const struct broken *one)
{
    struct search search = { .subject = one->subject, .workload = one->workload,
                             .strategy = "random", .runs = 20000, .kind = one->kind,
                             .site = one->site, .until_found = true };

    for (search.seed = 1; search.seed <= 5; search.seed++)
        if (!run_search(&search).found)
            fail_msg("%s: no %s at %s from seed %d", one->subject, one->kind, one->site,
                     (int)search.seed);
}

static void every_broken_order_is_found(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        is_found(&broken[i]);
}

static void every_mutant_is_found(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof mutants / sizeof *mutants; i++)
        is_found(&mutants[i]);
}

/* With so many preemptions it happens, with fewer it never does. */
static void takes_so_many(const struct broken *one)
{
    struct search search = { .subject = one->subject, .workload = one->workload,
                             .strategy = "dfs", .preemptions = one->preemptions,
                             .kind = one->kind, .site = one->site, .until_found = true };
    struct outcome outcome = run_search(&search);

    if (!outcome.found)
        fail_msg("%s: not with %u preemptions", one->subject, one->preemptions);
    if (one->preemptions == 0)
        return;
    search.preemptions--;
    outcome = run_search(&search);
    if (outcome.found)
        fail_msg("%s: with %u preemptions already", one->subject, search.preemptions);
}

static void the_fewest_preemptions_are_as_stated(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        takes_so_many(&broken[i]);
    for (size_t i = 0; i < sizeof mutants / sizeof *mutants; i++)
        takes_so_many(&mutants[i]);
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

static void every_sound_order_holds_in_100000_executions(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof sound / sizeof *sound; i++) {
        silent(sound[i], NULL, "random", 50000);
        silent(sound[i], NULL, "pct", 50000);
    }
}

/* Each lies next to the bug, in the broken order. */
static void the_negatives_are_silent(void **unused)
{
    static const char *const negatives[][2] = {
        { "ext4-journalled-writepage/linux-6.1", "workload=drop-caches" },
        { "ext4-journalled-writepage/linux-6.1", "workload=joined" },
        { "ext4-zero-length-writepage/unpinned", "workload=reclaim" },
        { "ext4-zero-length-writepage/unpinned", "workload=to-a-byte" },
        { "ext4-zero-length-writepage/unpinned", "workload=cut-before" },
        { "btrfs-prepare-pages/weak-recheck", "workload=aligned" },
        { "btrfs-prepare-pages/weak-recheck", "workload=drop-caches" },
        { "buffer-completion/unlock-then-put", "workload=in-cache" },
        { "lost-dirty-bit/late-clear", "workload=not-stored" },
        { "lost-dirty-bit/late-clear", "workload=unmapped-before" },
        { "jbd2-free-vs-commit/fail-at-once", "workload=reclaim" },
        { "jbd2-free-vs-commit/fail-at-once", "workload=after" },
        { "ocfs2-handle-restart/two-handles", "workload=no-restart" },
        { "ocfs2-handle-restart/two-handles", "workload=no-commit" },
        { "jbd2-unmap-buffer/no-folio-lock", "workload=no-reclaim" },
        { "jbd2-unmap-buffer/mutant-no-ebusy", "workload=no-commit" },
    };

    (void)unused;
    for (size_t i = 0; i < sizeof negatives / sizeof *negatives; i++)
        silent(negatives[i][0], negatives[i][1], "pct", 10000);
}

/* ---- All executions with so many preemptions, or all there are ------------------------------- */

static void counts(const char *subject, uint32_t preemptions, uint64_t executions,
                   uint64_t violations)
{
    struct search search = { .subject = subject, .strategy = "dfs", .preemptions = preemptions };
    struct outcome outcome = run_search(&search);

    if (outcome.executions != executions || outcome.violations != violations)
        fail_msg("%s: %d executions, %d violations", subject, (int)outcome.executions,
                 (int)outcome.violations);
}

static void the_small_ones_are_counted_out(void **unused)
{
    (void)unused;
    counts("btrfs-prepare-pages/weak-recheck", 2, 421, 36);
    counts("btrfs-prepare-pages/full-recheck", 2, 467, 0);
    counts("buffer-completion/unlock-then-put", 100, 596, 50);
    counts("buffer-completion/put-then-unlock", 100, 253, 0);
    counts("jbd2-free-vs-commit/fail-at-once", 2, 5372, 1506);
    counts("jbd2-free-vs-commit/wait-and-retry", 2, 5780, 0);
    counts("ocfs2-handle-restart/two-handles", 2, 475, 160);
    counts("ocfs2-handle-restart/one-handle", 2, 385, 0);
    counts("lost-dirty-bit/late-clear", 1, 287, 4);
    counts("lost-dirty-bit/linux-6.1", 1, 288, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_broken_order_is_found),
        cmocka_unit_test(every_mutant_is_found),
        cmocka_unit_test(the_fewest_preemptions_are_as_stated),
        cmocka_unit_test(every_sound_order_holds_in_100000_executions),
        cmocka_unit_test(the_negatives_are_silent),
        cmocka_unit_test(the_small_ones_are_counted_out),
    };

    return cmocka_run_group_tests_name("relatives", tests, NULL, NULL);
}
