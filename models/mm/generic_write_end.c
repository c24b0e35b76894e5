/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * generic-write-end: what most filesystems do after the copy, and why in that order.
 *
 * i_size grows before the unlock: afterwards writeback may come, and what lies wholly beyond
 * i_size it takes for never written.  pagecache_isize_extended() comes after the unlock: it locks a
 * folio, maybe this one.
 */
#include "kernel/plain_file.h"

enum param { POS, LEN, COPIED, BLOCK_SIZE, I_SIZE, CACHED, UPTODATE, FIRST, LATER };

static const char *const block_sizes[] = { "512", "1024", "2048", "4096" };

#define FILE_MAX (MAPPING_FOLIOS * FOLIO_SIZE)

static const struct hd_param_info params[] = {
    [POS] = { "pos", "where the write starts, bytes", 2048, 0, FILE_MAX - 1 },
    [LEN] = { "len", "bytes asked for, cut at the folio's end", 1024, 1, FOLIO_SIZE },
    [COPIED] = { "copied", "bytes that the copy finds resident", FOLIO_SIZE, 0, FOLIO_SIZE },
    [BLOCK_SIZE] = { "block_size", "bytes", 1, 0, 3, block_sizes },
    [I_SIZE] = { "i_size", "size of the file before, bytes", 1024, 0, FILE_MAX },
    [CACHED] = { "cached", "the folio is in the page cache", 1, 0, 1 },
    [UPTODATE] = { "uptodate", "and is up to date", 1, 0, 1 },
    [FIRST] = { "first", "byte that the mapper stores to at any time", 0, 0, FILE_MAX - 1 },
    [LATER] = { "later", "and then, once the write is back", 1500, 0, FILE_MAX - 1 },
    { NULL }
};

static const struct hd_variant_info variants[] = {
    { "linux-6.1", "i_size, unlock, put, isize_extended", HD_POSITIVE },
    { "linux-6.12", "the same", HD_POSITIVE },
    { "mutant-late-size", "unlock, then i_size", HD_MUTANT },
    { "mutant-extended-under-lock", "isize_extended before the unlock", HD_MUTANT },
    { "mutant-no-extended", "no isize_extended", HD_MUTANT },
    { NULL }
};

static void isize_extended(const struct iomap_write *write)
{
    if (write->old_size < write->pos)
        pagecache_isize_extended(write->inode, write->old_size, write->pos);
}

static void unlock_and_put(const struct iomap_write *write)
{
    folio_unlock(write->folio);
    folio_put(write->folio);
}

static void generic_write_end(struct iomap_write *write)
{
    HD_CALL("generic_write_end");
    block_write_end(write);
    iomap_update_i_size(write);
    unlock_and_put(write);
    isize_extended(write);
}

static void late_size(struct iomap_write *write)
{
    HD_CALL("generic_write_end");
    block_write_end(write);
    unlock_and_put(write);
    iomap_update_i_size(write);
    isize_extended(write);
}

static void extended_under_lock(struct iomap_write *write)
{
    HD_CALL("generic_write_end");
    block_write_end(write);
    iomap_update_i_size(write);
    isize_extended(write);
    unlock_and_put(write);
}

static void no_extended(struct iomap_write *write)
{
    HD_CALL("generic_write_end");
    block_write_end(write);
    iomap_update_i_size(write);
    unlock_and_put(write);
}

static const struct write_operations orders[] = {
    { block_write_begin, generic_write_end }, { block_write_begin, generic_write_end },
    { block_write_begin, late_size },         { block_write_begin, extended_under_lock },
    { block_write_begin, no_extended },
};

static void setup(void *state)
{
    const struct plain_setup start = {
        .ops = &orders[hd_variant()],
        .a_ops = &block_aops,
        .gates = GATES_ALL,
        .i_size = hd_param(I_SIZE),
        .block_size = 512u << hd_param(BLOCK_SIZE),
        .pos = hd_param(POS),
        .len = (uint32_t)hd_param(LEN),
        .readable = (uint32_t)hd_param(COPIED),
        .cached = hd_param(CACHED),
        .uptodate = hd_param(UPTODATE),
        .store = { hd_param(FIRST), hd_param(LATER) },
    };

    plain_file_init(state, &start);
}

static void check(void *state)
{
    plain_check(state, NULL, NULL);
}

static const struct hd_role_info roles[] = {
    { .name = "writer", .summary = "write(2)", .run = plain_writer },
    { .name = "flusher", .summary = "background writeback", .run = plain_flusher },
    { .name = "completion", .summary = "I/O completion, in interrupt context", .kind = HD_SERVICE,
      .serve = plain_completion, .queue_offset = offsetof(struct plain_file, bdev.queue) },
    { .name = "reclaimer", .summary = "memory pressure", .run = plain_reclaimer },
    { .name = "reader", .summary = "read(2) of the same folio", .run = plain_reader, .off = true },
    { .name = "mapper", .summary = "stores to a shared mapping, before and after",
      .run = plain_mapper, .off = true },
    { NULL }
};

#define EVERYWHERE(name) { name, name, name, name, name }
static const struct hd_landmark_info landmarks[] = {
    { "write-end", EVERYWHERE("generic_write_end") },
    { "commit-write", EVERYWHERE("__block_commit_write") },
    { "isize-extended", EVERYWHERE("pagecache_isize_extended") },
    { "submit", EVERYWHERE("__block_write_full_page") },
    { "free", EVERYWHERE("try_to_free_buffers") },
    { "fault", EVERYWHERE("do_shared_fault") },
    { NULL }
};

static const char *const kinds[] = { PLAIN_KINDS, NULL };

#define HOLDS(variant) { variant, "holds", NULL }
#define BOTH_HOLD HOLDS("linux-6.1"), HOLDS("linux-6.12")

static const struct hd_workload_info workloads[] = {
    { "extend", "a write beyond the end, in the folio of the old end", "",
      { BOTH_HOLD, { "mutant-late-size", "data-lost", "plain_check" },
        { "mutant-extended-under-lock", "deadlock", "folio_lock" }, HOLDS("mutant-no-extended") } },
    { "mapped", "and the folio is mapped", "mapper=on reclaimer=off",
      { BOTH_HOLD, { "mutant-extended-under-lock", "deadlock", "folio_lock" },
        { "mutant-no-extended", "page-not-protected", "inode_unlock" } } },
    { "far", "a write some folios behind the old end, which is mapped",
      "pos=10000 len=100 later=4095 mapper=on reclaimer=off cached=0",
      { BOTH_HOLD, HOLDS("mutant-extended-under-lock"),
        { "mutant-no-extended", "page-not-protected", "inode_unlock" } } },
    { "overwrite", "no growth: i_size and the old end are no matter", "pos=0 i_size=4096",
      { BOTH_HOLD, HOLDS("mutant-late-size"), HOLDS("mutant-extended-under-lock"),
        HOLDS("mutant-no-extended") } },
    { "uncached", "whole blocks of a folio that is not cached, and a reader",
      "pos=0 i_size=4096 cached=0 len=4096 reader=on",
      { BOTH_HOLD, HOLDS("mutant-late-size") } },
    { "read-first", "a part of a block that must be read", "pos=100 i_size=4096 cached=0 len=100",
      { BOTH_HOLD, HOLDS("mutant-late-size") } },
    { "short", "a copy that ends early", "len=2048 copied=1000", { BOTH_HOLD } },
    { "nothing-copied", "nothing is copied, and i_size still moves", "copied=0", { BOTH_HOLD } },
    { NULL }
};

const struct hd_scenario generic_write_end_scenario = {
    .name = "generic-write-end",
    .summary = "a buffered write that grows a file, against writeback, reclaim and a mapping",
    .passport = {
        .source = "Linux 6.1.192 and 6.12.117: fs/buffer.c, mm/filemap.c, mm/truncate.c",
        .functions = "writer: generic_perform_write, block_write_begin, __block_write_begin_int, "
                     "block_write_end, i_size_write, folio_unlock, folio_put, "
                     "pagecache_isize_extended.  flusher: __block_write_full_page.  completion: "
                     "end_buffer_async_write.  reclaimer: shrink_folio_list, "
                     "filemap_release_folio, try_to_free_buffers.  reader: filemap_read_folio, "
                     "block_read_full_folio.  mapper: do_shared_fault, block_page_mkwrite",
        .kept = "the folio lock, references, flags and buffers as in gfs2-jdata-write; i_size, "
                "i_rwsem; contents of blocks in memory and in place; page tables",
        .left_out = "mark_inode_dirty(), which comes last and touches no folio.  The loop and its "
                    "retry: each round is another write.  What a filesystem truncates after a "
                    "failed or short write: only what lies beyond i_size, which nobody was "
                    "promised.  Allocation errors: they come in write_begin, before anything is "
                    "dirty.  Stable pages: a wait more, before the copy",
        .invariants = "V1 no access to a freed buffer; V2 the folio has its buffers while locked; "
                      "V4 no deadlock; V5 locks and references balanced; V6 accepted data is dirty "
                      "or on the disk; V7 the page of the old end is protected",
        .reference = "read in both sources, which have the same order.  The mutants are ours.  "
                     "Fewest preemptions: the late size one, the missing call and the call under "
                     "the lock none",
        .evidence = HD_READ_IN_SOURCE,
    },
    .variants = variants,
    .params = params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .kinds = kinds,
    .state_bytes = sizeof(struct plain_file),
    .setup = setup,
    .check = check,
};
