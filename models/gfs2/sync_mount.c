/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gfs2-sync-mount: D-2, the other reason why the whole hook can't run under the folio lock.
 *
 * On a mount with -o sync the end of a transaction flushes the log, which waits until every
 * transaction is over.  A flusher opens its transaction first and locks the folio second.  If the
 * writer ends its transaction with the folio locked, each waits for the other.
 */
#include "gfs2/jdata.h"

enum param { BLOCK_SIZE, SYNC, FAIR };

static const char *const block_sizes[] = { "512", "1024", "2048", "4096" };

static const struct hd_param_info params[] = {
    [BLOCK_SIZE] = { "block_size", "bytes", 3, 0, 3, block_sizes },
    [SYNC] = { "sync", "mounted with -o sync", 1, 0, 1 },
    [FAIR] = { "fair", "a waiting log flush stops later transactions", 1, 0, 1 },
    { NULL }
};

static const struct hd_variant_info variants[] = {
    { "literal", "the whole hook, and with it the log flush, before the unlock", HD_BROKEN },
    { "old", "6.1: unlock, then the hook", HD_POSITIVE },
    { "merged", "6.3 and later: the hook unlocks before it ends the transaction", HD_FIXED },
    { NULL }
};

static const struct iomap_order *const orders[] = { &gfs2_order_literal, &gfs2_order_old,
                                                    &gfs2_order_merged };

static void setup(void *state)
{
    const struct gfs2_jdata_setup start = {
        .order = orders[hd_variant()],
        .gates = GATES_ALL,
        .i_size = FOLIO_SIZE,
        .block_size = 512u << hd_param(BLOCK_SIZE),
        .len = FOLIO_SIZE,
        .readable = FOLIO_SIZE,
        .cached = true,
        .uptodate = true,
        .buffers = true,
        .on_lru = true,
        .fair = hd_param(FAIR),
        .synchronous = hd_param(SYNC),
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
    { "trans-end", { "gfs2_trans_end", "gfs2_trans_end", "gfs2_trans_end" } },
    { "log-flush", { "gfs2_log_flush", "gfs2_log_flush", "gfs2_log_flush" } },
    { NULL }
};

static const char *const kinds[] = GFS2_KINDS;
static const char *const marks[] = GFS2_MARKS;

#define HOLDS(variant) { variant, "holds", NULL }

static const struct hd_workload_info workloads[] = {
    { "sync", "each transaction's end flushes the log", "",
      { { "literal", "deadlock", "gfs2_log_flush" }, HOLDS("old"), HOLDS("merged") } },
    { "unfair", "the same, and later transactions may overtake a waiting flush", "fair=0",
      { { "literal", "deadlock", "gfs2_log_flush" }, HOLDS("old"), HOLDS("merged") } },
    { "async", "no -o sync: the log is flushed by somebody else, some time", "sync=0",
      { HOLDS("literal"), HOLDS("old"), HOLDS("merged") } },
    { NULL }
};

const struct hd_scenario gfs2_sync_mount = {
    .name = "gfs2-sync-mount",
    .summary = "on a mount with -o sync, the folio lock against the log flush",
    .passport = {
        .source = "Linux 6.1.192 and 6.12.117: fs/gfs2/trans.c, log.c, lops.c, bmap.c, aops.c",
        .functions = "iomap_write_iter, gfs2_iomap_page_done or gfs2_iomap_put_folio, "
                     "gfs2_trans_end, gfs2_log_flush, gfs2_unpin; flusher: "
                     "gfs2_write_jdata_pagevec",
        .kept = "all of gfs2-jdata-write's writer and flusher; the log flush from the write side "
                "of sd_log_flush_lock to the last unpin",
        .left_out = "reclaim: it only ever tries the folio lock, so it can't be part of a deadlock "
                    "(and in the old order its race is gfs2-jdata-write's business).  The log's "
                    "own I/O: nobody waits for it with a lock that another needs.  Who has i_rwsem "
                    "and the glock: the writer, all along, and the flusher asks for neither",
        .invariants = "V4 no deadlock; V1 V2 V5 V6 as in gfs2-jdata-write, with no reclaimer to "
                      "break them",
        .reference = "derived from the source: nobody has confirmed it.  The merged hook unlocks "
                     "before gfs2_trans_end() (kernel commit 80baab88bb93).  Fewest preemptions: "
                     "one",
        .evidence = HD_DERIVED,
    },
    .variants = variants,
    .params = params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .kinds = kinds,
    .marks = marks,
    .vary = "block_size sync fair flusher flusher.after",
    .state_bytes = sizeof(struct gfs2_jdata),
    .setup = setup,
    .check = gfs2_jdata_check,
};
