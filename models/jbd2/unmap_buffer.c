/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * jbd2-unmap-buffer: the same lock used well.
 *
 * Truncation throws away the buffers of a folio that the journal may still need.  It holds the
 * folio lock, so nobody can free them meanwhile; and a buffer of the committing transaction, in a
 * folio that the file keeps a part of, makes it let go of everything, wait and start again.
 */
#include "jbd2/journal.h"
#include "kernel/invalidate.h"

enum param { SIZE_AFTER, JOINED };
enum variant { LINUX_6_1, NO_FOLIO_LOCK, NO_EBUSY, NOT_FREED };
enum unmap { UNMAP_BUSY, UNMAP_KEEP, UNMAP_FREE };

#define BLOCK 2048u

static const struct hd_param_info params[] = {
    [SIZE_AFTER] = { "size", "the truncation's, in blocks of 2048 bytes", 1, 0, 1 },
    [JOINED] = { "joined", "the second block is in the running transaction", 1, 0, 1 },
    { NULL }
};

static const struct hd_variant_info variants[] = {
    { "linux-6.1", "under the folio lock; -EBUSY, or BH_Freed, if the buffer is committing",
      HD_POSITIVE },
    { "no-folio-lock", "without the folio lock", HD_MUTANT },
    { "mutant-no-ebusy", "a committing buffer is thrown away like any other", HD_MUTANT },
    { "mutant-not-freed", "a committing buffer is left alone, without BH_Freed", HD_MUTANT },
    { NULL }
};

struct truncated_file {
    struct plain_file plain;
    struct journal journal;
    struct folio *folio; /* the file's one, wherever it is */
};

/* BH_Lock is held.  The first look needs no lock of the journal's: only with the folio locked does
 * a buffer join. */
static enum unmap journal_unmap_buffer(struct journal *journal, struct buffer_head *bh,
                                       bool partial)
{
    struct journal_head *jh = hd_read_once(&bh->b_private);

    HD_CALL("journal_unmap_buffer");
    if (jh) {
        hd_spin_lock(&journal->j_list_lock);
        jh = hd_read_once(&bh->b_private);
        if (jh && jh->b_transaction == journal->committing && hd_variant() != NO_EBUSY) {
            if (!partial && hd_variant() != NOT_FREED)
                jh->freed = true;
            hd_spin_unlock(&journal->j_list_lock);
            return partial ? UNMAP_BUSY : UNMAP_KEEP;
        }
        if (jh && jh->b_transaction == journal->running)
            __jbd2_journal_unfile_buffer(jh);
        hd_spin_unlock(&journal->j_list_lock);
    }
    clear_buffer_dirty(bh);
    clear_buffer_mapped(bh);
    return UNMAP_FREE;
}

/* Buffers from byte `offset` on.  False: -EBUSY. */
static bool jbd2_journal_invalidate_folio(struct journal *journal, struct folio *folio,
                                          uint32_t offset)
{
    struct buffer_head *head, *bh, *next;
    bool may_free = true;
    uint32_t start = 0;

    HD_CALL("jbd2_journal_invalidate_folio");
    head = bh = folio_buffers(folio);
    if (!head)
        return true;
    do {
        next = next_buffer(bh);
        if (offset <= start) {
            enum unmap unmap;

            lock_buffer(bh);
            unmap = journal_unmap_buffer(journal, bh, offset != 0);
            unlock_buffer(bh);
            if (unmap == UNMAP_BUSY)
                return false;
            may_free = may_free && unmap == UNMAP_FREE;
        }
        start += BLOCK;
        bh = next;
    } while (bh != head);
    if (offset == 0 && may_free)
        (void)try_to_free_buffers(folio);
    return true;
}

static void invalidate_whole(struct folio *folio)
{
    struct truncated_file *file = hd_state();

    (void)jbd2_journal_invalidate_folio(&file->journal, folio, 0);
}

static bool release_folio(struct folio *folio)
{
    struct truncated_file *file = hd_state();

    HD_CALL("ext4_release_folio");
    return jbd2_journal_release_buffers(&file->journal, folio);
}

static const struct address_space_operations journalled_aops = {
    .release_folio = release_folio,
    .writepage = __block_write_full_page,
    .invalidate_folio = invalidate_whole,
};

/* The folio that the file keeps a part of; another than the cached one would have no buffers. */
static void ext4_wait_for_tail_page_commit(struct truncated_file *file)
{
    bool lock = hd_variant() != NO_FOLIO_LOCK, done;
    struct folio *folio;

    HD_CALL("ext4_wait_for_tail_page_commit");
    do {
        folio = filemap_get_folio(&file->plain.mapping, 0);
        if (!folio)
            return;
        if (lock)
            folio_lock(folio);
        done = jbd2_journal_invalidate_folio(&file->journal, folio, BLOCK);
        if (lock)
            folio_unlock(folio);
        folio_put(folio);
        if (!done)
            jbd2_log_wait_commit(&file->journal);
    } while (!done);
}

static void truncater(void *state, unsigned instance)
{
    struct truncated_file *file = state;
    struct address_space *mapping = &file->plain.mapping;
    struct folio *folio;

    (void)instance;
    HD_CALL("ext4_setattr");
    i_size_write(&file->plain.inode, hd_param(SIZE_AFTER) * BLOCK);
    if (hd_param(SIZE_AFTER)) {
        ext4_wait_for_tail_page_commit(file);
        return;
    }
    folio = filemap_lock_folio(mapping, 0);
    if (!folio)
        return;
    truncate_inode_folio(mapping, folio);
    folio_unlock(folio);
    folio_put(folio);
}

static void committer(void *state, unsigned instance)
{
    struct truncated_file *file = state;

    (void)instance;
    jbd2_journal_commit_transaction(&file->journal);
}

/* ---- Set-up and end -------------------------------------------------------------------------- */

static void setup(void *state)
{
    const struct plain_setup start = { .a_ops = &journalled_aops, .gates = GATES_ALL,
                                       .i_size = FOLIO_SIZE, .block_size = BLOCK,
                                       .len = FOLIO_SIZE, .cached = true, .uptodate = true };
    struct truncated_file *file = state;

    plain_file_init(&file->plain, &start);
    journal_init(&file->journal);
    file->folio = file->plain.mapping.slot[0];
    if (hd_param(JOINED))
        journal_file_buffer(file->journal.running, file->folio->private->b_this_page, BJ_METADATA);
}

static void check(void *state)
{
    const struct truncated_file *file = state;
    const struct folio *folio = file->folio;
    const struct buffer_head *bh = folio->private;

    HD_CHECK(folio->ref.count == (folio->mapping != NULL) + (bh != NULL), "reference-left",
             "a folio's count is not what page cache and buffers hold");
    while (bh) {
        bool inside = (uint64_t)bh->b_blocknr * BLOCK < file->plain.inode.i_size;

        HD_CHECK(bh->b_count == journal_held(bh), "reference-left",
                 "a buffer's count is not what the journal holds");
        HD_CHECK(inside || !bh->dirty, "stale-dirty",
                 "a block beyond the end of the file will be written, whoever has it by then");
        hd_owned(bh);
        bh = bh->b_this_page;
        if (bh == folio->private)
            break;
    }
}

static const struct hd_role_info roles[] = {
    { .name = "truncater", .summary = "ftruncate(2)", .run = truncater },
    { .name = "committer", .summary = "jbd2's thread", .run = committer },
    { .name = "reclaimer", .summary = "memory pressure", .run = plain_reclaimer },
    { .name = "log-device", .summary = "I/O completion of the journal's device",
      .kind = HD_SERVICE, .serve = journal_end_buffer_io_sync,
      .queue_offset = offsetof(struct truncated_file, journal.queue) },
    { .name = "flusher", .summary = "background writeback", .run = plain_flusher, .off = true },
    { .name = "completion", .summary = "I/O completion, in interrupt context", .kind = HD_SERVICE,
      .serve = plain_completion,
      .queue_offset = offsetof(struct truncated_file, plain.bdev.queue) },
    { NULL }
};

#define EVERYWHERE(name) { name, name, name, name }
static const struct hd_landmark_info landmarks[] = {
    { "invalidate", EVERYWHERE("jbd2_journal_invalidate_folio") },
    { "unmap", EVERYWHERE("journal_unmap_buffer") },
    { "commit", EVERYWHERE("jbd2_journal_commit_transaction") },
    { "record", EVERYWHERE("journal_submit_commit_record") },
    { "wait-commit", EVERYWHERE("jbd2_log_wait_commit") },
    { "release", EVERYWHERE("ext4_release_folio") },
    { "free", EVERYWHERE("try_to_free_buffers") },
    { NULL }
};

static const char *const kinds[] = { PLAIN_KINDS, "stale-dirty", "list-full", NULL };

#define HOLDS(variant) { variant, "holds", NULL }
#define UAF(site) { "no-folio-lock", "use-after-free", site }

static const struct hd_workload_info workloads[] = {
    { "tail", "the file keeps the first block; the second is being committed", "",
      { HOLDS("linux-6.1"), UAF("jbd2_journal_invalidate_folio"),
        { "mutant-no-ebusy", "stale-dirty", "check" } } },
    { "clean", "neither block is the journal's: only the lock keeps them", "joined=0",
      { HOLDS("linux-6.1"), UAF("jbd2_journal_invalidate_folio") } },
    { "written-back", "the second block is committed and written in place meanwhile",
      "flusher=on",
      { HOLDS("linux-6.1"), UAF("jbd2_journal_invalidate_folio") } },
    { "whole", "the file keeps nothing", "size=0",
      { HOLDS("linux-6.1"), { "mutant-not-freed", "stale-dirty", "check" } } },
    { "no-commit", "negative: the buffer stays in the running transaction", "committer=off",
      { HOLDS("linux-6.1"), HOLDS("mutant-no-ebusy") } },
    { "no-reclaim", "negative: nobody frees, so nothing needs the lock",
      "joined=0 reclaimer=off", { HOLDS("linux-6.1"), HOLDS("no-folio-lock") } },
    { NULL }
};

const struct hd_scenario jbd2_unmap_buffer = {
    .name = "jbd2-unmap-buffer",
    .summary = "truncation throws away journaled buffers, against commit and reclaim",
    .passport = {
        .source = "Linux 6.1.192: fs/jbd2/transaction.c, commit.c, fs/ext4/inode.c, fs/buffer.c, "
                  "mm/truncate.c",
        .functions = "truncater: ext4_setattr, ext4_wait_for_tail_page_commit, "
                     "jbd2_journal_invalidate_folio, journal_unmap_buffer, jbd2_log_wait_commit; "
                     "or truncate_inode_folio.  committer: jbd2_journal_commit_transaction, "
                     "__jbd2_journal_refile_buffer.  reclaimer: shrink_inactive_list, "
                     "ext4_release_folio, jbd2_journal_try_to_free_buffers, try_to_free_buffers",
        .kept = "the folio lock, BH_Lock, the journal's locks as one, the buffers and journal "
                "heads with their memory, running and committing transaction, BH_Freed, the wait "
                "for the commit and the second attempt",
        .left_out = "Checkpoint lists and BJ_Forget: they keep the journal's tail, and no buffer "
                    "is freed by way of them.  The transaction of the truncation itself, and the "
                    "reuse of its blocks: a buffer that is dirty beyond the end is the verdict "
                    "already.  release_buffer_page(): a folio out of the page cache keeps its "
                    "buffers here until reclaim, which is later.  The second look for BH_Freed "
                    "with a next transaction: nobody writes meanwhile",
        .invariants = "V1 no access to a freed buffer or journal head; V4; V5; V6 no block beyond "
                      "the end is left dirty",
        .reference = "read in 6.1.192.  no-folio-lock and the mutants are ours: one preemption",
        .evidence = HD_READ_IN_SOURCE,
    },
    .variants = variants,
    .params = params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .kinds = kinds,
    .vary = "size joined truncater.after committer committer.after reclaimer "
            "reclaimer.after",
    .state_bytes = sizeof(struct truncated_file),
    .setup = setup,
    .check = check,
};
