/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ext4-write-end: a buffered write with data=ordered, whose handle is open from before the folio is
 * locked until after it is unlocked.
 */
#include "ext4/journalled_file.h"

static const struct hd_variant_info variants[] = {
    { "linux-6.1", "i_size, unlock, put, isize_extended, stop", HD_POSITIVE },
    { "linux-6.12", "the same, and partial blocks are zeroed before the stop", HD_POSITIVE },
    { "mutant-late-size", "unlock, then i_size", HD_MUTANT },
    { "mutant-start-under-lock", "the handle is started with the folio locked", HD_MUTANT },
    { "mutant-no-extended", "no isize_extended", HD_MUTANT },
    { NULL }
};

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
    HD_CALL("ext4_write_end");
    block_write_end(write);
    iomap_update_i_size(write); /* ext4_update_inode_size() */
    unlock_and_put(write);
    isize_extended(write);
    ext4_journal_stop(EXT4_FILE(write));
}

static void write_end_6_12(struct iomap_write *write)
{
    HD_CALL("ext4_write_end");
    block_write_end(write);
    iomap_update_i_size(write);
    unlock_and_put(write);
    isize_extended(write);
    if (write->old_size < write->pos)
        ext4_zero_partial_blocks(write, false);
    ext4_journal_stop(EXT4_FILE(write));
}

static void late_size(struct iomap_write *write)
{
    HD_CALL("ext4_write_end");
    block_write_end(write);
    unlock_and_put(write);
    iomap_update_i_size(write);
    isize_extended(write);
    ext4_journal_stop(EXT4_FILE(write));
}

static void no_extended(struct iomap_write *write)
{
    HD_CALL("ext4_write_end");
    block_write_end(write);
    iomap_update_i_size(write);
    unlock_and_put(write);
    ext4_journal_stop(EXT4_FILE(write));
}

static void start_under_lock(struct iomap_write *write)
{
    HD_CALL("ext4_write_begin");
    write->folio = filemap_grab_folio(write->inode->i_mapping, write_index(write));
    ext4_journal_start(EXT4_FILE(write));
    (void)__block_write_begin_int(write);
}

static const struct write_operations orders[] = {
    { ext4_write_begin, write_end_6_1 }, { ext4_write_begin, write_end_6_12 },
    { ext4_write_begin, late_size },     { start_under_lock, write_end_6_1 },
    { ext4_write_begin, no_extended },
};

/* Buffers of an ordered file's data are none of the journal's. */
static bool ext4_release_folio(struct folio *folio)
{
    HD_CALL("ext4_release_folio");
    return try_to_free_buffers(folio);
}

static const struct address_space_operations ext4_aops = {
    .release_folio = ext4_release_folio,
    .writepage = __block_write_full_page,
};

static void setup(void *state)
{
    ext4_file_init(state, &orders[hd_variant()], &ext4_aops);
}

static void check(void *state)
{
    const struct ext4_file *file = state;

    plain_check(&file->plain, NULL, NULL);
}

/* The handle comes before the folio lock. */
static void flusher(void *state, unsigned instance)
{
    HD_CALL("ext4_writepages");
    ext4_journal_start(state);
    plain_flusher(state, instance);
    ext4_journal_stop(state);
}

/* A commit in ordered mode writes the data first, with every handle stopped and none let in. */
static void committer(void *state, unsigned instance)
{
    struct ext4_file *file = state;

    HD_CALL("jbd2_journal_commit_transaction");
    hd_down_write(&file->handles);
    plain_flusher(state, instance); /* jbd2_journal_submit_inode_data_buffers() */
    hd_up_write(&file->handles);
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
    { "write-end", EVERYWHERE("ext4_write_end") },
    { "commit-write", EVERYWHERE("__block_commit_write") },
    { "isize-extended", EVERYWHERE("pagecache_isize_extended") },
    { "zero-partial", EVERYWHERE("ext4_zero_partial_blocks") },
    { "start", EVERYWHERE("ext4_journal_start") },
    { "stop", EVERYWHERE("ext4_journal_stop") },
    { "submit", EVERYWHERE("__block_write_full_page") },
    { "commit", EVERYWHERE("jbd2_journal_commit_transaction") },
    { NULL }
};

static const char *const kinds[] = EXT4_KINDS;

#define HOLDS(variant) { variant, "holds", NULL }
#define BOTH_HOLD HOLDS("linux-6.1"), HOLDS("linux-6.12")

static const struct hd_workload_info workloads[] = {
    { "extend", "a write beyond the end, in the folio of the old end", "",
      { BOTH_HOLD, { "mutant-late-size", "data-lost", "plain_check" },
        HOLDS("mutant-start-under-lock"), HOLDS("mutant-no-extended") } },
    { "dirty", "a block of the folio is dirty already: the commit wants the folio", "dirty=1",
      { BOTH_HOLD, { "mutant-start-under-lock", "deadlock", "ext4_journal_start" } } },
    { "mapped", "and the folio is mapped",
      "mapper=on reclaimer=off committer=off",
      { BOTH_HOLD, { "mutant-no-extended", "page-not-protected", "inode_unlock" } } },
    { "far", "a write some folios behind the old end, which is mapped",
      "pos=10000 len=100 later=4095 mapper=on reclaimer=off cached=0 i_size=1000",
      { BOTH_HOLD, { "mutant-no-extended", "page-not-protected", "inode_unlock" } } },
    { "unaligned", "neither end is a block's", "pos=2100 len=700 i_size=1000", { BOTH_HOLD } },
    { "overwrite", "no growth: i_size and the old end are no matter", "pos=0 i_size=4096",
      { BOTH_HOLD, HOLDS("mutant-late-size"), HOLDS("mutant-no-extended") } },
    { "no-commit", "nobody commits: the handle is in nobody's way",
      "dirty=1 committer=off flusher=off",
      { BOTH_HOLD, HOLDS("mutant-late-size"), HOLDS("mutant-start-under-lock") } },
    { "uncached", "whole blocks of a folio that is not cached, and a reader",
      "pos=0 i_size=4096 cached=0 len=4096 reader=on", { BOTH_HOLD, HOLDS("mutant-late-size") } },
    { "short", "a copy that ends early", "len=2048 copied=1000", { BOTH_HOLD } },
    { "nothing-copied", "nothing is copied, and i_size still moves", "copied=0", { BOTH_HOLD } },
    { NULL }
};

const struct hd_scenario ext4_write_end = {
    .name = "ext4-write-end",
    .summary = "a write that grows a file on ext4, data=ordered, against writeback and commit",
    .passport = {
        .source = "Linux 6.1.192 and 6.12.117: fs/ext4/inode.c, fs/jbd2/commit.c, fs/buffer.c, "
                  "mm/truncate.c",
        .functions = "writer: ext4_write_begin, ext4_journal_start, __block_write_begin_int, "
                     "ext4_write_end, block_write_end, ext4_update_inode_size, folio_unlock, "
                     "folio_put, pagecache_isize_extended, 6.12: ext4_zero_partial_blocks, "
                     "ext4_journal_stop.  flusher: ext4_writepages.  committer: "
                     "jbd2_journal_commit_transaction.  Others as in generic-write-end",
        .kept = "all of generic-write-end; handles against the commit, which lets no new one start "
                "while it waits; the commit's writing of ordered data",
        .left_out = "i_disksize and the orphan list: metadata, of which no folio depends.  The "
                    "truncation of a failed tail: it takes only what lies beyond i_size.  Verity: "
                    "its writes leave i_size alone.  Delayed allocation: ext4_da_write_end has its "
                    "own order.  Allocation, credits, and errors: they come in write_begin.  "
                    "Contents between blocks' versions: a zeroed part of a block keeps it",
        .invariants = "V1 V2 V4 V5 V6 V7 as in generic-write-end; V5 also the handle",
        .reference = "the orders of write_end are read in both sources.  The mutants are ours.  "
                     "Fewest preemptions: the late size and the handle under the folio lock one, "
                     "the missing call none",
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
