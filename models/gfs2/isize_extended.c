/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gfs2-isize-extended: D-1, why the hook can't just be called before the unlock.
 *
 * A write that starts beyond the end of the file has pagecache_isize_extended() lock the folio of
 * the old end.  If that is the folio under write, and iomap has not unlocked it yet, the writer
 * waits for itself.
 */
#include "gfs2/jdata.h"

enum param { POS, LEN, BLOCK_SIZE, I_SIZE };

static const char *const block_sizes[] = { "512", "1024", "2048", "4096" };

static const struct hd_param_info params[] = {
    [POS] = { "pos", "where the write starts, bytes", 2048, 0, MAPPING_FOLIOS * FOLIO_SIZE - 1 },
    [LEN] = { "len", "bytes written, cut at the folio's end", 1024, 1, FOLIO_SIZE },
    [BLOCK_SIZE] = { "block_size", "bytes", 1, 0, 3, block_sizes },
    [I_SIZE] = { "i_size", "size of the file before, bytes", 1024, 0, MAPPING_FOLIOS * FOLIO_SIZE },
    { NULL }
};

static const struct hd_variant_info variants[] = {
    { "literal", "the hook, and isize_extended, before the unlock", HD_BROKEN },
    { "old", "6.1: unlock, isize_extended, hook", HD_POSITIVE },
    { "merged", "6.3 and later: the hook unlocks, isize_extended comes last", HD_POSITIVE },
    { NULL }
};

static const struct iomap_order *const orders[] = { &gfs2_order_literal, &gfs2_order_old,
                                                    &gfs2_order_merged };

static void setup(void *state)
{
    const struct gfs2_jdata_setup start = {
        .order = orders[hd_variant()],
        .gates = GATES_ALL,
        .i_size = hd_param(I_SIZE),
        .block_size = 512u << hd_param(BLOCK_SIZE),
        .pos = hd_param(POS),
        .len = (uint32_t)hd_param(LEN),
        .readable = (uint32_t)hd_param(LEN),
        .cached = true,
        .uptodate = true,
        .buffers = true,
        .on_lru = true,
        .fair = true,
    };

    gfs2_jdata_init(state, &start);
}

static const struct hd_role_info roles[] = {
    { .name = "writer", .summary = "write(2)", .run = gfs2_jdata_writer },
    { .name = "flusher", .summary = "background writeback", .run = gfs2_jdata_flusher },
    { .name = "completion", .summary = "I/O completion, in interrupt context", .kind = HD_SERVICE,
      .serve = gfs2_jdata_completion,
      .queue_offset = offsetof(struct gfs2_jdata, bdev.queue) },
    { NULL }
};

static const struct hd_landmark_info landmarks[] = {
    { "hook", { "gfs2_iomap_page_done", "gfs2_iomap_page_done", "gfs2_iomap_put_folio" } },
    { "isize-extended", { "pagecache_isize_extended", "pagecache_isize_extended",
                          "pagecache_isize_extended" } },
    { "submit", { "__block_write_full_page", "__block_write_full_page",
                  "__block_write_full_page" } },
    { NULL }
};

static const char *const kinds[] = GFS2_KINDS;
static const char *const marks[] = GFS2_MARKS;

#define HOLDS(variant) { variant, "holds", NULL }

static const struct hd_workload_info workloads[] = {
    { "same-folio", "the old end lies in the folio under write", "",
      { { "literal", "deadlock", "folio_lock" }, HOLDS("old"), HOLDS("merged") } },
    { "other-folio", "it lies in another: nothing to wait for", "pos=8192",
      { HOLDS("literal"), HOLDS("old"), HOLDS("merged") } },
    { "aligned-end", "it is a folio's end: no folio is to be protected", "pos=8192 i_size=4096",
      { HOLDS("literal"), HOLDS("old"), HOLDS("merged") } },
    { "whole-folio-blocks", "a block is a folio: no block of it lies behind the end",
      "pos=2048 block_size=4096 len=100", { HOLDS("literal"), HOLDS("old"), HOLDS("merged") } },
    { NULL }
};

const struct hd_scenario gfs2_isize_extended = {
    .name = "gfs2-isize-extended",
    .summary = "a write beyond the end of the file, whose old end lies in the same folio",
    .passport = {
        .source = "Linux 6.1.192 and 6.12.117: fs/iomap/buffered-io.c, fs/gfs2/bmap.c, "
                  "mm/truncate.c",
        .functions = "iomap_write_iter, iomap_write_end, pagecache_isize_extended, "
                     "gfs2_iomap_page_done or gfs2_iomap_put_folio, gfs2_trans_add_data, "
                     "gfs2_trans_end",
        .kept = "all of gfs2-jdata-write's writer and flusher; i_size and the folio of the old end",
        .left_out = "page tables: no folio is mapped, so under its lock there is nothing to "
                    "protect, and the lock alone is the matter.  Reclaim: it only ever tries the "
                    "folio lock, so it can't be part of a deadlock.  rfc-v2: it had a helper in "
                    "place of pagecache_isize_extended() that takes no lock",
        .invariants = "V4 no actor is blocked for ever; V1 V2 V5 V6 as in gfs2-jdata-write, with "
                      "no reclaimer to break them",
        .reference = "Andreas Gruenbacher's remark, in the discussion of 2022, that "
                     "pagecache_isize_extended() fails if the folio is still locked; nobody posted "
                     "the literal order as code.  Preemptions: none",
        .evidence = HD_STATED_IN_MAIL,
    },
    .variants = variants,
    .params = params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .kinds = kinds,
    .marks = marks,
    .vary = "pos len block_size i_size flusher flusher.after",
    .state_bytes = sizeof(struct gfs2_jdata),
    .setup = setup,
    .check = gfs2_jdata_check,
};
