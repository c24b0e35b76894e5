/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gfs2-begin-error: the trap of the merged order's error path.
 *
 * A write that starts inside a block has to read the block first.  If the read fails, write_begin
 * fails, and in 6.1 the hook is called without a page.  The merged hook is called with the folio
 * and `copied` 0; its loop selects the block around an unaligned position even so, marks it up to
 * date, though it was never read, and journals what is in it.
 */
#include "gfs2/jdata.h"

enum param { POS, LEN, BLOCK_SIZE, I_SIZE, CACHED, READ_ERROR };

static const char *const block_sizes[] = { "512", "1024", "2048", "4096" };

static const struct hd_param_info params[] = {
    [POS] = { "pos", "where the write starts, bytes", 100, 0, FOLIO_SIZE - 1 },
    [LEN] = { "len", "bytes written, cut at the folio's end", 100, 1, FOLIO_SIZE },
    [BLOCK_SIZE] = { "block_size", "bytes", 3, 0, 3, block_sizes },
    [I_SIZE] = { "i_size", "size of the file before, bytes", 4096, 0, FOLIO_SIZE },
    [CACHED] = { "cached", "the folio is cached, not up to date", 0, 0, 1 },
    [READ_ERROR] = { "read_error", "every read fails", 1, 0, 1 },
    { NULL }
};

static const struct hd_variant_info variants[] = {
    { "merged", "6.3 and later: the hook gets the folio, and copied 0", HD_BROKEN },
    { "old", "6.1: the hook gets no page after an error", HD_POSITIVE },
    { "mutant-page-on-error", "6.1, but the hook gets the page after an error too", HD_MUTANT },
    { NULL }
};

static void setup(void *state)
{
    static const struct iomap_order *const orders[] = { &gfs2_order_merged, &gfs2_order_old,
                                                        &gfs2_order_page_on_error };
    const struct gfs2_jdata_setup start = {
        .order = orders[hd_variant()],
        .gates = GATES_ALL,
        .i_size = hd_param(I_SIZE),
        .block_size = 512u << hd_param(BLOCK_SIZE),
        .pos = hd_param(POS),
        .len = (uint32_t)hd_param(LEN),
        .readable = (uint32_t)hd_param(LEN),
        .cached = hd_param(CACHED),
        .on_lru = true,
        .fair = true,
        .unreadable = hd_param(READ_ERROR),
    };

    gfs2_jdata_init(state, &start);
}

static const struct hd_role_info roles[] = {
    { .name = "writer", .summary = "write(2)", .run = gfs2_jdata_writer },
    { .name = "completion", .summary = "I/O completion, in interrupt context", .kind = HD_SERVICE,
      .serve = gfs2_jdata_completion,
      .queue_offset = offsetof(struct gfs2_jdata, bdev.queue) },
    { .name = "flusher", .summary = "background writeback", .run = gfs2_jdata_flusher },
    { NULL }
};

#define EVERYWHERE(name) { name, name, name }
static const struct hd_landmark_info landmarks[] = {
    { "begin", EVERYWHERE("__block_write_begin_int") },
    { "hook", { "gfs2_iomap_put_folio", "gfs2_iomap_page_done", "gfs2_iomap_page_done" } },
    { NULL }
};

static const char *const kinds[] = GFS2_KINDS;
static const char *const marks[] = GFS2_MARKS;

#define HOLDS(variant) { variant, "holds", NULL }

static const struct hd_workload_info workloads[] = {
    { "inside", "the write starts inside a block that can't be read", "",
      { { "merged", "unread-block-journaled", "gfs2_trans_add_databufs" }, HOLDS("old"),
        { "mutant-page-on-error", "unread-block-journaled", "gfs2_page_add_databufs" } } },
    { "cached", "the same, the folio being cached already", "cached=1",
      { { "merged", "unread-block-journaled", "gfs2_trans_add_databufs" }, HOLDS("old") } },
    { "second-block", "the same in the second of four blocks", "pos=1100 block_size=1024",
      { { "merged", "unread-block-journaled", "gfs2_trans_add_databufs" }, HOLDS("old") } },
    { "block-start", "the write starts where a block does: an empty range selects none",
      "pos=0", { HOLDS("merged"), HOLDS("old") } },
    { "whole-block", "nothing needs to be read", "pos=0 len=4096",
      { HOLDS("merged"), HOLDS("old") } },
    { "readable", "the read succeeds", "read_error=0", { HOLDS("merged"), HOLDS("old") } },
    { NULL }
};

const struct hd_scenario gfs2_begin_error = {
    .name = "gfs2-begin-error",
    .summary = "a journaled-data write whose first read fails",
    .passport = {
        .source = "Linux 6.1.192 and 6.12.117: fs/iomap/buffered-io.c, fs/buffer.c, "
                  "fs/gfs2/bmap.c, aops.c, trans.c",
        .functions = "iomap_write_begin, __block_write_begin_int, bh_read, page_zero_new_buffers; "
                     "6.1: folio_unlock, folio_put, gfs2_iomap_page_done without a page; 6.12: "
                     "gfs2_iomap_put_folio, gfs2_trans_add_databufs, gfs2_trans_add_data",
        .kept = "all of gfs2-jdata-write's writer and flusher; which block an empty range selects; "
                "a read that fails, and what is undone after it",
        .left_out = "what follows: a log flush would write the unread memory to the log, and then "
                    "over good data; the first wrong step ends the execution.  "
                    "iomap_write_failed(): no page cache lies behind i_size.  Reclaim: the race is "
                    "gfs2-jdata-write's, and no part of this.  Errors but of reads: a failed "
                    "allocation gets no folio, and the hook is not called in 6.12",
        .invariants = "V8 a write_begin that failed makes no block up to date and adds none to the "
                      "transaction; V4 V5 V6 as in gfs2-jdata-write",
        .reference = "derived from the source: nobody has confirmed it; later kernels that were "
                     "looked at have no guard for copied == 0 either.  Preemptions: none",
        .evidence = HD_DERIVED,
    },
    .variants = variants,
    .params = params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .kinds = kinds,
    .marks = marks,
    .vary = "pos len block_size i_size cached read_error flusher flusher.after",
    .state_bytes = sizeof(struct gfs2_jdata),
    .setup = setup,
    .check = gfs2_jdata_check,
};
