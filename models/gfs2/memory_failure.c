/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gfs2-memory-failure: the window of the old order, and the one caller that needs no writeback.
 *
 * A page whose memory has gone bad is thrown out of the page cache with its buffers.  Dirty ones
 * are made clean on the way, no reference is counted, and no lock but the folio's is taken.  So in
 * 6.1 two actors are enough: the hook finds the folio without buffers.
 *
 * The merged order closes that window.  What it doesn't close, and nobody has confirmed: where the
 * journal has the buffers already, gfs2_remove_from_journal() counts them in the transaction of a
 * caller that has none.
 */
#include "gfs2/jdata.h"
#include "kernel/memory_failure.h"

enum param { POS, COPIED, LEN, BLOCK_SIZE, JOURNALED, AIL };

static const char *const block_sizes[] = { "512", "1024", "2048", "4096" };

static const struct hd_param_info params[] = {
    [POS] = { "pos", "where the write starts, bytes", 0, 0, FOLIO_SIZE - 1 },
    [COPIED] = { "copied", "bytes that the copy finds resident", 4096, 0, FOLIO_SIZE },
    [LEN] = { "len", "bytes asked for, cut at the folio's end", 4096, 1, FOLIO_SIZE },
    [BLOCK_SIZE] = { "block_size", "bytes", 3, 0, 3, block_sizes },
    [JOURNALED] = { "journaled", "the error may also strike what the journal holds", 0, 0, 1 },
    [AIL] = { "ail", "blocks of the folio on an AIL list, a bit each", 0, 0, 255 },
    { NULL }
};

static const struct hd_variant_info variants[] = {
    { "old", "6.1: iomap unlocks the folio, then calls the hook", HD_BROKEN },
    { "merged", "6.3 and later: the hook adds the buffers, then unlocks", HD_FIXED },
    { "mutant-invalidate-unlocked", "merged, and memory failure locks the folio too late",
      HD_MUTANT },
    { NULL }
};

static void setup(void *state)
{
    static const struct iomap_order *const orders[] = { &gfs2_order_old, &gfs2_order_merged,
                                                        &gfs2_order_merged };
    static const unsigned gates[] = { GATES_ALL, GATES_ALL, GATES_ALL & ~GATE_LOCK };
    const struct gfs2_jdata_setup start = {
        .order = orders[hd_variant()],
        .gates = gates[hd_variant()],
        .i_size = FOLIO_SIZE,
        .block_size = 512u << hd_param(BLOCK_SIZE),
        .pos = hd_param(POS),
        .len = (uint32_t)hd_param(LEN),
        .readable = (uint32_t)hd_param(COPIED),
        .cached = true,
        .uptodate = true,
        .buffers = true,
        .on_lru = true,
        .ail = (uint8_t)hd_param(AIL),
        .fair = true,
    };

    gfs2_jdata_init(state, &start);
}

/* Chooses where the error strikes, and stands for nothing in the kernel.  The folio is locked, and
 * only under its lock the journal takes hold of a buffer (in the merged order): this can't become
 * wrong before the lock is dropped. */
static bool journal_holds(struct folio *folio)
{
    struct buffer_head *head = folio_buffers(folio), *bh = head;

    while (bh) {
        const struct gfs2_bufdata *bd;

        if (buffer_pinned(bh))
            return true;
        bd = hd_read_once(&bh->b_private);
        if (bd && hd_read_once(&bd->bd_tr))
            return true;
        bh = next_buffer(bh);
        if (bh == head)
            break;
    }
    return false;
}

static void fail_memory(void *state, unsigned instance)
{
    struct gfs2_jdata *jdata = state;

    (void)instance;
    memory_failure(&jdata->mapping, 0, hd_param(JOURNALED) ? NULL : journal_holds);
}

static const struct hd_role_info roles[] = {
    { .name = "writer", .summary = "write(2)", .run = gfs2_jdata_writer },
    { .name = "memory-failure", .summary = "a page's memory has gone bad", .run = fail_memory },
    { .name = "completion", .summary = "I/O completion, in interrupt context", .kind = HD_SERVICE,
      .serve = gfs2_jdata_completion,
      .queue_offset = offsetof(struct gfs2_jdata, bdev.queue) },
    { NULL }
};

#define EVERYWHERE(name) { name, name, name }
static const struct hd_landmark_info landmarks[] = {
    { "hook", { "gfs2_iomap_page_done", "gfs2_iomap_put_folio", "gfs2_iomap_put_folio" } },
    { "commit-write", EVERYWHERE("__block_commit_write") },
    { "discard", EVERYWHERE("gfs2_discard") },
    { "release", EVERYWHERE("gfs2_release_folio") },
    { NULL }
};

static const char *const kinds[] = GFS2_KINDS;
static const char *const marks[] = GFS2_MARKS;

#define FIRES(variant) { variant, "buffers-missing", "gfs2_page_add_databufs" }
#define HOLDS(variant) { variant, "holds", NULL }
#define TRIPS(variant) { variant, "null-dereference", "gfs2_remove_from_journal" }

static const struct hd_workload_info workloads[] = {
    { "overwrite", "a whole block; the error strikes what the journal doesn't hold", "",
      { FIRES("old"), HOLDS("merged"),
        { "mutant-invalidate-unlocked", "buffers-missing", "__block_commit_write" } } },
    { "four-blocks", "a folio of four blocks, all written", "block_size=1024",
      { FIRES("old"), HOLDS("merged") } },
    { "partial", "100 bytes inside a block", "pos=100 len=100 copied=100",
      { FIRES("old"), HOLDS("merged") } },
    { "zero-copy", "nothing is copied", "copied=0", { FIRES("old"), HOLDS("merged") } },
    { "neighbour", "a block that isn't written is on the AIL: struck, it would be the exception's",
      "block_size=2048 len=2048 copied=2048 ail=2", { HOLDS("old"), HOLDS("merged") } },
    { "exception-journaled", "the error strikes buffers that the journal holds (derived)",
      "journaled=1", { TRIPS("old"), TRIPS("merged") } },
    { NULL }
};

const struct hd_scenario gfs2_memory_failure = {
    .name = "gfs2-memory-failure",
    .summary = "a journaled-data write, and the memory of its page goes bad",
    .passport = {
        .source = "Linux 6.1.192 and 6.12.117: mm/memory-failure.c, mm/truncate.c, "
                  "fs/gfs2/aops.c, meta_io.c, bmap.c, trans.c, fs/iomap/buffered-io.c",
        .functions = "writer: as in gfs2-jdata-write.  memory-failure: memory_failure, "
                     "me_pagecache_clean, truncate_inode_folio, gfs2_invalidate_folio, "
                     "gfs2_discard, gfs2_remove_from_journal, filemap_release_folio, "
                     "gfs2_release_folio, try_to_free_buffers",
        .kept = "all of gfs2-jdata-write's writer; the folio lock, each buffer's lock and the "
                "journal's locks in the order in which invalidation takes them; what it clears",
        .left_out = "writeback: invalidation waits for it under the folio lock, so it comes "
                    "before or after; with it gfs2-jdata-write's race is there as well.  The mark "
                    "of the bad page and the reference kept on it: nobody here looks.  That the "
                    "data is lost, and fsync told so: memory errors do that.  Page tables: nobody "
                    "maps the page, unmapping comes before all this.  A log flush between the end "
                    "of the write and the error: it turns pinned into on the AIL, and both are "
                    "the exception's",
        .invariants = "V1 no access to a freed buffer or bufdata; V2 the hook finds the buffers; "
                      "V4 no deadlock; V5 locks, references and transactions balanced",
        .reference = "the callers that can free buffers, read in source; kernel commit "
                     "80baab88bb93 names reclaim only.  The exception (a pinned buffer, or one on "
                     "the AIL, met by a caller without a transaction) is derived: nobody has "
                     "confirmed it.  Fewest preemptions: one",
        .evidence = HD_READ_IN_SOURCE,
    },
    .variants = variants,
    .params = params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .kinds = kinds,
    .marks = marks,
    .vary = "pos copied len block_size ail writer memory-failure memory-failure.after",
    .state_bytes = sizeof(struct gfs2_jdata),
    .setup = setup,
    .check = gfs2_jdata_check,
};
