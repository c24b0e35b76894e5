/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ext4-journalled-write-end: a buffered write with data=journal.
 *
 * The buffers join the transaction in write_begin and become dirty in it in write_end, both with
 * the folio locked.  So the journal has had, all along, the order that gfs2 got in 6.3: what the
 * journal needs from the folio happens before the unlock.
 */
#include "ext4/journalled_file.h"

static const struct hd_variant_info variants[] = {
    { "linux-6.1", "journal the buffers, i_size, unlock, put, isize_extended, stop", HD_POSITIVE },
    { "linux-6.12", "the same, and partial blocks are zeroed before the stop", HD_POSITIVE },
    { "mutant-late-dirty", "the buffers become dirty in the handle after the unlock", HD_MUTANT },
    { "mutant-late-access", "and join the transaction only then: gfs2's old order", HD_MUTANT },
    { "mutant-no-extended", "no isize_extended", HD_MUTANT },
    { NULL }
};

static void write_end_fn(struct ext4_file *file, struct buffer_head *bh)
{
    if (!buffer_mapped(bh))
        return;
    set_buffer_uptodate(bh);
    ext4_handle_dirty_metadata(file, bh);
}

/* In a folio that is up to date, a new buffer is so too, and was journaled as it came. */
static void zero_new_buffer(struct ext4_file *file, struct buffer_head *bh)
{
    if (!buffer_new(bh))
        return;
    clear_buffer_new(bh);
    if (folio_test_uptodate(bh->b_folio))
        return;
    hd_write_once(bh_data(bh), 0);
    write_end_fn(file, bh);
}

/* A short copy into a folio that is not up to date counts for nothing. */
static void journal_buffers(struct iomap_write *write)
{
    uint32_t from = write_offset(write), to = from + write->len;
    bool complete;

    if (write->copied < write->len && !folio_test_uptodate(write->folio)) {
        write->copied = 0;
        (void)ext4_walk_page_buffers(write, from, to, zero_new_buffer);
        return;
    }
    if (write->copied < write->len)
        (void)ext4_walk_page_buffers(write, from + write->copied, to, zero_new_buffer);
    complete = ext4_walk_page_buffers(write, from, from + write->copied, write_end_fn);
    if (complete)
        folio_set_uptodate(write->folio);
}

static void unlock_and_put(const struct iomap_write *write)
{
    folio_unlock(write->folio);
    folio_put(write->folio);
}

static void isize_extended(const struct iomap_write *write)
{
    if (write->old_size < write->pos)
        pagecache_isize_extended(write->inode, write->old_size, write->pos);
}

static void write_end_6_1(struct iomap_write *write)
{
    HD_CALL("ext4_journalled_write_end");
    journal_buffers(write);
    iomap_update_i_size(write); /* ext4_update_inode_size() */
    unlock_and_put(write);
    isize_extended(write);
    ext4_journal_stop(EXT4_FILE(write));
}

static void write_end_6_12(struct iomap_write *write)
{
    HD_CALL("ext4_journalled_write_end");
    journal_buffers(write);
    iomap_update_i_size(write);
    unlock_and_put(write);
    isize_extended(write);
    if (write->old_size < write->pos)
        ext4_zero_partial_blocks(write, true);
    ext4_journal_stop(EXT4_FILE(write));
}

static void late_dirty(struct iomap_write *write)
{
    HD_CALL("ext4_journalled_write_end");
    iomap_update_i_size(write);
    folio_unlock(write->folio);
    journal_buffers(write);
    folio_put(write->folio);
    isize_extended(write);
    ext4_journal_stop(EXT4_FILE(write));
}

static void late_access(struct iomap_write *write)
{
    uint32_t from = write_offset(write);

    HD_CALL("ext4_journalled_write_end");
    iomap_update_i_size(write);
    folio_unlock(write->folio);
    (void)ext4_walk_page_buffers(write, from, from + write->len, do_journal_get_write_access);
    journal_buffers(write);
    folio_put(write->folio);
    isize_extended(write);
    ext4_journal_stop(EXT4_FILE(write));
}

static void no_extended(struct iomap_write *write)
{
    HD_CALL("ext4_journalled_write_end");
    journal_buffers(write);
    iomap_update_i_size(write);
    unlock_and_put(write);
    ext4_journal_stop(EXT4_FILE(write));
}

static const struct write_operations orders[] = {
    { ext4_journalled_write_begin, write_end_6_1 },
    { ext4_journalled_write_begin, write_end_6_12 },
    { ext4_journalled_write_begin, late_dirty },
    { ext4_write_begin, late_access },
    { ext4_journalled_write_begin, no_extended },
};

static bool ext4_release_folio(struct folio *folio)
{
    HD_CALL("ext4_release_folio");
    return jbd2_journal_try_to_free_buffers(folio);
}

static const struct address_space_operations ext4_journalled_aops = {
    .release_folio = ext4_release_folio,
    .writepage = __block_write_full_page,
};

static void setup(void *state)
{
    ext4_file_init(state, &orders[hd_variant()], &ext4_journalled_aops);
}

/* The journal head's reference. */
static int32_t held(const struct buffer_head *bh)
{
    return bh->b_private != NULL;
}

static bool is_in_transaction(const struct plain_file *file, const struct buffer_head *bh)
{
    const struct journal_head *jh = bh->b_private;

    (void)file;
    return jh && jh->in_transaction && jh->modified;
}

static void check(void *state)
{
    const struct ext4_file *file = state;

    plain_check(&file->plain, held, is_in_transaction);
}

static void flusher(void *state, unsigned instance)
{
    HD_CALL("ext4_writepages");
    plain_flusher(state, instance);
}

static void committer(void *state, unsigned instance)
{
    (void)instance;
    ext4_commit_transaction(state);
}

static const struct hd_role_info roles[] = {
    { .name = "writer", .summary = "write(2)", .run = plain_writer },
    { .name = "flusher", .summary = "background writeback", .run = flusher },
    { .name = "completion", .summary = "I/O completion, in interrupt context", .kind = HD_SERVICE,
      .serve = plain_completion, .queue_offset = offsetof(struct ext4_file, plain.bdev.queue) },
    { .name = "reclaimer", .summary = "memory pressure", .run = plain_reclaimer },
    { .name = "committer", .summary = "jbd2's thread", .run = committer },
    { .name = "reader", .summary = "read(2) of the same folio", .run = plain_reader, .off = true },
    { .name = "mapper", .summary = "stores to a shared mapping, before and after",
      .run = plain_mapper, .off = true },
    { NULL }
};

#define EVERYWHERE(name) { name, name, name, name, name }
static const struct hd_landmark_info landmarks[] = {
    { "write-begin", EVERYWHERE("ext4_write_begin") },
    { "write-end", EVERYWHERE("ext4_journalled_write_end") },
    { "walk", EVERYWHERE("ext4_walk_page_buffers") },
    { "dirty", EVERYWHERE("jbd2_journal_dirty_metadata") },
    { "isize-extended", EVERYWHERE("pagecache_isize_extended") },
    { "stop", EVERYWHERE("ext4_journal_stop") },
    { "commit", EVERYWHERE("jbd2_journal_commit_transaction") },
    { "read", EVERYWHERE("filemap_read_folio") },
    { "release", EVERYWHERE("ext4_release_folio") },
    { "free", EVERYWHERE("try_to_free_buffers") },
    { NULL }
};

static const char *const kinds[] = EXT4_KINDS;

#define HOLDS(variant) { variant, "holds", NULL }
#define BOTH_HOLD HOLDS("linux-6.1"), HOLDS("linux-6.12")

static const struct hd_workload_info workloads[] = {
    { "extend", "a write beyond the end, in the folio of the old end", "",
      { BOTH_HOLD, { "mutant-late-access", "no-write-access", "jbd2_journal_dirty_metadata" },
        HOLDS("mutant-no-extended") } },
    { "overwrite", "whole blocks of a clean, cached folio", "pos=0 i_size=4096",
      { BOTH_HOLD, { "mutant-late-access", "buffers-missing", "ext4_walk_page_buffers" } } },
    { "uncached", "whole blocks of a folio that is not cached, and a reader",
      "pos=0 i_size=4096 cached=0 len=4096 reader=on",
      { BOTH_HOLD, { "mutant-late-dirty", "data-lost", "plain_check" } } },
    { "no-reader", "the same, and nobody reads: nobody overwrites what is new in memory",
      "pos=0 i_size=4096 cached=0 len=4096", { BOTH_HOLD, HOLDS("mutant-late-dirty") } },
    { "no-reclaim", "nobody frees what the writer left unreferenced",
      "pos=0 i_size=4096 reclaimer=off", { BOTH_HOLD, HOLDS("mutant-late-access") } },
    { "unaligned", "neither end is a block's", "pos=2100 len=700 i_size=1000", { BOTH_HOLD } },
    { "mapped", "and the folio is mapped", "mapper=on reclaimer=off committer=off",
      { BOTH_HOLD, { "mutant-no-extended", "page-not-protected", "inode_unlock" } } },
    { "dirty", "a block of the folio is dirty already", "dirty=1", { BOTH_HOLD } },
    { "short", "a copy that ends early", "len=2048 copied=1000", { BOTH_HOLD } },
    { "nothing-copied", "nothing is copied, and i_size still moves", "copied=0", { BOTH_HOLD } },
    { NULL }
};

const struct hd_scenario ext4_journalled_write_end = {
    .name = "ext4-journalled-write-end",
    .summary = "a write on ext4, data=journal, against commit, reclaim, writeback and a reader",
    .passport = {
        .source = "Linux 6.1.192 and 6.12.117: fs/ext4/inode.c, fs/jbd2/transaction.c, commit.c, "
                  "journal.c, fs/buffer.c, mm/truncate.c",
        .functions = "writer: ext4_write_begin, ext4_journal_start, __block_write_begin_int, "
                     "do_journal_get_write_access, ext4_journalled_write_end, write_end_fn, "
                     "jbd2_journal_dirty_metadata, ext4_update_inode_size, folio_unlock, "
                     "folio_put, pagecache_isize_extended, 6.12: ext4_zero_partial_blocks, "
                     "ext4_journal_stop.  committer: jbd2_journal_commit_transaction.  reclaimer: "
                     "ext4_release_folio, jbd2_journal_try_to_free_buffers, try_to_free_buffers.  "
                     "reader: filemap_read_folio, block_read_full_folio",
        .kept = "all of generic-write-end; journal heads with their memory and their reference on "
                "the buffer; handles against the commit; membership of the running transaction; "
                "contents in memory, in the journal and in place",
        .left_out = "PG_checked, and with it the journalling of pages that were dirtied by way of "
                    "a mapping when they are written back: another path, which this write does "
                    "not take; so with the mapper only its protection is judged.  The forget list, "
                    "revokes and frozen copies: they need a second transaction on the same block.  "
                    "i_disksize and the orphan list: metadata.  The truncation of a failed tail: "
                    "only beyond i_size.  Whether the journal head's lock is held: one holder of "
                    "the folio lock at a time adds or frees it",
        .invariants = "V1 no access to a freed buffer or journal head; V2 the folio has its "
                      "buffers when they are journaled; V4 V5; V6 accepted data is in the "
                      "transaction, dirty, or in place; V7",
        .reference = "the orders of write_end are read in both sources: the buffers are journaled "
                     "under the folio lock.  The mutants are ours.  Fewest preemptions: one for "
                     "both late ones, none for the missing call",
        .evidence = HD_READ_IN_SOURCE,
    },
    .variants = variants,
    .params = ext4_params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .kinds = kinds,
    .state_bytes = sizeof(struct ext4_file),
    .setup = setup,
    .check = check,
};
