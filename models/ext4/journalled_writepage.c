/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ext4-journalled-writepage: the sibling that crashed in public.
 *
 * Writeback of a folio with data=journal clears PG_dirty and PG_checked, and then lets go of the
 * folio lock to start a handle.  A store by way of a mapping left the buffers clean, so nothing is
 * between them and reclaim; back under the lock the mapping and the size are looked at again, the
 * buffers are not.
 */
#include "ext4/writepage.h"

enum param { RECLAIM, BLOCK_SIZE_KEY, JOINED };
enum variant { LINUX_6_1, REDIRTY_FIRST, DIRTY_ONLY, NO_RETEST };
enum reclaim { RECLAIM_DIRECT, RECLAIM_ACTIVE, RECLAIM_DROP_CACHES };

static const char *const reclaims[] = { "direct", "active", "drop-caches" };
static const char *const block_sizes[] = { "512", "1024", "2048", "4096" };

static const struct hd_param_info params[] = {
    [RECLAIM] = { "reclaim", "what the reclaimer is", RECLAIM_DIRECT, 0, 2, reclaims },
    [BLOCK_SIZE_KEY] = { "block_size", "bytes", 3, 0, 3, block_sizes },
    [JOINED] = { "joined", "the buffers are in the running transaction", 0, 0, 1 },
    { NULL }
};

static const struct hd_variant_info variants[] = {
    { "linux-6.1", "clear PG_dirty and PG_checked, unlock, start a handle, lock", HD_BROKEN },
    { "redirty-first", "set both again before the unlock, test PG_dirty after the lock", HD_FIXED },
    { "mutant-dirty-only", "redirty-first, but PG_dirty alone is set again", HD_MUTANT },
    { "mutant-no-retest", "mutant-dirty-only, and PG_dirty is not tested", HD_MUTANT },
    { NULL }
};

/* Through ->dirty_folio both are set; by filemap_dirty_folio(), PG_dirty alone. */
static void redirty(struct folio *folio)
{
    HD_CALL("redirty_page_for_writepage");
    if (hd_variant() == REDIRTY_FIRST)
        folio_set_checked(folio);
    (void)folio_test_set_dirty(folio);
}

/* Back under the lock: is the folio still ours to write? */
static bool is_still_dirty(struct folio *folio)
{
    bool dirty;

    switch ((enum variant)hd_variant()) {
    case LINUX_6_1:
        return true;
    case NO_RETEST:
        (void)folio_clear_dirty_for_io(folio);
        return true;
    case REDIRTY_FIRST:
    case DIRTY_ONLY:
        break;
    }
    dirty = folio_clear_dirty_for_io(folio);
    folio_clear_checked(folio);
    return dirty;
}

/* Not truncated meanwhile, nor written by another? */
static bool is_still_ours(struct ext4_file *file, struct folio *folio, uint64_t size)
{
    if (folio->mapping != &file->plain.mapping || folio->index * FOLIO_SIZE > size)
        return false;
    return is_still_dirty(folio);
}

static void __ext4_journalled_writepage(struct ext4_file *file, struct folio *folio)
{
    uint64_t size;

    HD_CALL("__ext4_journalled_writepage");
    folio_clear_checked(folio);
    if (hd_variant() != LINUX_6_1)
        redirty(folio);
    folio_get(folio);
    folio_unlock(folio);
    ext4_journal_start(file);
    folio_lock(folio);
    folio_put(folio);
    size = i_size_read(&file->plain.inode);
    if (is_still_ours(file, folio, size)) {
        struct buffer_head *head = folio_buffers(folio);

        HD_CHECK(head != NULL, "buffers-missing", "page_buffers(): BUG_ON(!PagePrivate(page))");
        ext4_journal_ring(file, head, ext4_folio_len(folio, size));
    }
    ext4_journal_stop(file);
    folio_unlock(folio);
}

/* A folio without buffers was dirtied past the filesystem: it warns and gives up.  One without
 * PG_checked has its content in the journal already, and its dirty buffers go in place. */
static void ext4_writepage(struct folio *folio)
{
    HD_CALL("ext4_writepage");
    if (!folio_has_private(folio))
        folio_unlock(folio);
    else if (folio_test_checked(folio))
        __ext4_journalled_writepage(hd_state(), folio);
    else
        __block_write_full_page(folio);
}

static bool ext4_release_folio(struct folio *folio)
{
    HD_CALL("ext4_release_folio");
    if (folio_test_checked(folio))
        return false;
    return jbd2_journal_try_to_free_buffers(folio);
}

static const struct address_space_operations ext4_journalled_aops = {
    .release_folio = ext4_release_folio,
    .writepage = ext4_writepage,
};

static void setup(void *state)
{
    struct ext4_mapped_file *mapped = state;
    struct ext4_file *file = &mapped->ext4;

    ext4_mapped_file_init(mapped, &ext4_journalled_aops, 512u << hd_param(BLOCK_SIZE_KEY));
    if (hd_param(JOINED))
        ext4_journal_ring(file, file->plain.mapping.slot[0]->private, FOLIO_SIZE);
}

static void reclaimer(void *state, unsigned instance)
{
    struct ext4_mapped_file *mapped = state;
    struct plain_file *file = &mapped->ext4.plain;

    (void)instance;
    switch ((enum reclaim)hd_param(RECLAIM)) {
    case RECLAIM_DIRECT:
        shrink_inactive_list(&file->lruvec, false);
        break;
    case RECLAIM_ACTIVE:
        shrink_active_list(&file->lruvec);
        break;
    case RECLAIM_DROP_CACHES:
        invalidate_mapping_pages(&file->mapping);
        break;
    }
}

static void committer(void *state, unsigned instance)
{
    struct ext4_mapped_file *mapped = state;

    (void)instance;
    ext4_commit_transaction(&mapped->ext4);
}

/* ---- The end --------------------------------------------------------------------------------- */

static int32_t held(const struct buffer_head *bh)
{
    return bh->b_private != NULL;
}

static bool is_in_transaction(const struct buffer_head *bh)
{
    const struct journal_head *jh = bh ? bh->b_private : NULL;

    return jh && jh->in_transaction && jh->modified;
}

static const struct buffer_head *buffer_of(const struct folio *folio, uint32_t block)
{
    const struct buffer_head *bh = folio ? folio->private : NULL;

    for (uint32_t i = 0; bh && i < block; i++)
        bh = bh->b_this_page;
    return bh;
}

static void check(void *state)
{
    const struct ext4_mapped_file *mapped = state;
    const struct ext4_file *file = &mapped->ext4;
    const struct folio *folio = file->plain.mapping.slot[0];

    plain_check(&file->plain, held, NULL);
    for (uint32_t block = 0; block < FOLIO_SIZE / file->plain.inode.block_size; block++) {
        bool dirty = folio && folio->dirty && folio->private;

        HD_CHECK(dirty || file->log->block[block] == STORED_DATA ||
                     is_in_transaction(buffer_of(folio, block)),
                 "data-lost", "a store is not in the journal, nor is its folio dirty");
    }
}

static const struct hd_role_info roles[] = {
    { .name = "flusher", .summary = "background writeback", .run = ext4_writepages },
    { .name = "completion", .summary = "I/O completion, in interrupt context", .kind = HD_SERVICE,
      .serve = plain_completion,
      .queue_offset = offsetof(struct ext4_mapped_file, ext4.plain.bdev.queue) },
    { .name = "reclaimer", .summary = "memory pressure, see the key reclaim", .run = reclaimer },
    { .name = "committer", .summary = "jbd2's thread", .run = committer },
    { .name = "other", .summary = "has a handle open, and reads", .run = ext4_other_task },
    { .name = "fsync", .summary = "fsync(2): the same writeback by another task",
      .run = ext4_writepages, .off = true },
    { NULL }
};

#define EVERYWHERE(name) { name, name, name, name }
static const struct hd_landmark_info landmarks[] = {
    { "writepage", EVERYWHERE("__ext4_journalled_writepage") },
    { "start", EVERYWHERE("ext4_journal_start") },
    { "walk", EVERYWHERE("ext4_walk_page_buffers") },
    { "read", EVERYWHERE("bh_read") },
    { "commit", EVERYWHERE("jbd2_journal_commit_transaction") },
    { "release", EVERYWHERE("ext4_release_folio") },
    { "free", EVERYWHERE("try_to_free_buffers") },
    { NULL }
};

static const char *const kinds[] = EXT4_KINDS;

#define HOLDS(variant) { variant, "holds", NULL }
#define FIRES(variant) { variant, "buffers-missing", "__ext4_journalled_writepage" }

static const struct hd_workload_info workloads[] = {
    { "store", "a folio dirtied by way of a mapping, buffers clean", "",
      { FIRES("linux-6.1"), HOLDS("redirty-first") } },
    { "active", "active folios stripped of buffers; PG_dirty is not looked at", "reclaim=active",
      { FIRES("linux-6.1"), HOLDS("redirty-first"),
        { "mutant-dirty-only", "data-lost", "check" }, FIRES("mutant-no-retest") } },
    { "fsync", "another task writes the folio back as well", "fsync=on",
      { FIRES("linux-6.1"), HOLDS("redirty-first") } },
    { "blocks", "a folio of two blocks", "block_size=2048",
      { FIRES("linux-6.1"), HOLDS("redirty-first") } },
    { "drop-caches", "negative: drop_caches counts references, and writeback has one",
      "reclaim=drop-caches",
      { HOLDS("linux-6.1"), HOLDS("redirty-first"), HOLDS("mutant-dirty-only") } },
    { "joined", "negative: the buffers are still in the running transaction",
      "joined=1 committer=off", { HOLDS("linux-6.1"), HOLDS("redirty-first") } },
    { "no-reclaim", "negative: nobody wants the memory", "reclaimer=off fsync=on",
      { HOLDS("linux-6.1"), HOLDS("redirty-first") } },
    { NULL }
};

const struct hd_scenario ext4_journalled_writepage = {
    .name = "ext4-journalled-writepage",
    .summary = "writeback of a mapped folio with data=journal against reclaim of its buffers",
    .passport = {
        .source = "Linux 6.1.192: fs/ext4/inode.c, fs/jbd2/transaction.c, commit.c, fs/buffer.c, "
                  "mm/vmscan.c",
        .functions = "flusher: ext4_writepages, write_cache_pages, clear_page_dirty_for_io, "
                     "ext4_writepage, __ext4_journalled_writepage, folio_unlock, "
                     "ext4_journal_start, folio_lock, ext4_walk_page_buffers, "
                     "do_journal_get_write_access, write_end_fn, jbd2_journal_dirty_metadata, "
                     "ext4_journal_stop.  reclaimer: shrink_inactive_list, filemap_release_folio, "
                     "ext4_release_folio, jbd2_journal_try_to_free_buffers, try_to_free_buffers, "
                     "drop_buffers; or shrink_active_list; or mapping_evict_folio.  committer: "
                     "jbd2_journal_commit_transaction.  other: ext4_journal_start, bh_read",
        .kept = "PG_dirty, PG_checked, the folio lock and references, the buffers and their "
                "memory, journal heads, handles against the commit, every gate of reclaim; "
                "contents in memory, in the journal and in place",
        .left_out = "The store and its page fault: they are over, and what the fault journaled is "
                    "committed and in place, which is how buffers get clean under a dirty folio; a "
                    "store that comes later finds the entry write-protected by "
                    "clear_page_dirty_for_io() and begins a fault of its own.  Truncation: it has "
                    "a scenario of its own, and the checks against it are made here.  Inline data: "
                    "it has no buffers.  The upstream cure of 6.3 and 6.4, which rewrote this path "
                    "so that a handle is started before folios are locked.  The list of inodes "
                    "whose data a commit waits for: it orders, and frees nothing",
        .invariants = "V2 writeback finds the buffers it is to journal; V1 V4 V5; V6 a store is in "
                      "the journal or its folio is dirty, with buffers to write",
        .reference = "report c9e47bc3-3c5f-09ae-9dcc-eb5957d78b1b@icdsoft.com (\"kernel BUG at "
                     "fs/ext4/inode.c:1914\"), analysis 20230112150708.y2ws5q3wu2xxow3p@quack3; "
                     "introduced by 5c48a7df9149, read in 6.1.192.  redirty-first is proposed "
                     "there and was never merged; that PG_checked is set again with PG_dirty is "
                     "our reading of it, and mutant-dirty-only shows what is lost otherwise.  "
                     "Preemptions: none, the flusher sleeps for the handle",
        .evidence = HD_READ_IN_SOURCE,
    },
    .variants = variants,
    .params = params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .kinds = kinds,
    .vary = "reclaim block_size fsync fsync.after reclaimer reclaimer.after committer "
            "committer.after other other.after flusher.after",
    .state_bytes = sizeof(struct ext4_mapped_file),
    .setup = setup,
    .check = check,
};
