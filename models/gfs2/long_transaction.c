/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gfs2-long-transaction: a transaction that lasts as long as the whole write.
 *
 * In 5.1 iomap_begin opens the transaction and iomap_end ends it.  Between two folios the writer
 * may be asked to help with writeback, by balance_dirty_pages(); that writes inodes, an inode with
 * journaled data by flushing the log, and the flush waits until every transaction is over: the
 * writer's too.
 */
#include "gfs2/jdata.h"

enum param { BLOCK_SIZE, FOLIOS, OVER_LIMIT, FAIR };
enum variant { LINUX_5_1, LINUX_5_2, BALANCE_INSIDE };

static const char *const block_sizes[] = { "512", "1024", "2048", "4096" };

static const struct hd_param_info params[] = {
    [BLOCK_SIZE] = { "block_size", "bytes", 3, 0, 3, block_sizes },
    [FOLIOS] = { "folios", "how many are written", 2, 1, JDATA_WRITERS_MAX },
    [OVER_LIMIT] = { "over_limit", "too much is dirty: the writer is to help", 1, 0, 1 },
    [FAIR] = { "fair", "a waiting log flush stops later transactions", 1, 0, 1 },
    { NULL }
};

static const struct hd_variant_info variants[] = {
    [LINUX_5_1] = { "linux-5.1", "one transaction for the whole write", HD_BROKEN },
    [LINUX_5_2] = { "linux-5.2", "one for each folio, over before the next", HD_FIXED },
    [BALANCE_INSIDE] = { "mutant-balance-inside", "one for each folio, over after the writer has "
                         "helped with writeback", HD_MUTANT },
    { NULL }
};

/* One struct iomap_write a folio; the same writer does them all. */
static void setup(void *state)
{
    struct gfs2_jdata *jdata = state;
    const struct gfs2_jdata_setup start = {
        .order = hd_variant() == LINUX_5_2 ? &gfs2_order_old : &gfs2_order_linux_5_1,
        .gates = GATES_ALL,
        .i_size = hd_param(FOLIOS) * FOLIO_SIZE,
        .block_size = 512u << hd_param(BLOCK_SIZE),
        .len = FOLIO_SIZE,
        .readable = FOLIO_SIZE,
        .writers = (unsigned)hd_param(FOLIOS),
        .cached = true,
        .uptodate = true,
        .buffers = true,
        .on_lru = true,
        .fair = hd_param(FAIR),
    };

    gfs2_jdata_init(jdata, &start);
    for (unsigned i = 0; i < jdata->writers; i++)
        jdata->write[i].pos = i * FOLIO_SIZE;
}

static void balance_dirty_pages(struct gfs2_sbd *sdp)
{
    HD_CALL("balance_dirty_pages");
    if (hd_param(OVER_LIMIT))
        gfs2_write_inode(sdp);
}

static void writer(void *state, unsigned instance)
{
    struct gfs2_jdata *jdata = state;
    bool whole = hd_variant() == LINUX_5_1, each = hd_variant() == BALANCE_INSIDE;

    (void)instance;
    HD_CALL("iomap_file_buffered_write");
    if (whole)
        gfs2_iomap_begin_5_1(&jdata->sd);
    for (unsigned i = 0; i < jdata->writers; i++) {
        if (each)
            gfs2_iomap_begin_5_1(&jdata->sd);
        iomap_write_iter(&jdata->write[i]);
        balance_dirty_pages(&jdata->sd);
        if (each)
            gfs2_iomap_end_5_1(&jdata->sd);
    }
    if (whole)
        gfs2_iomap_end_5_1(&jdata->sd);
}

static const struct hd_role_info roles[] = {
    { .name = "writer", .summary = "write(2) of several folios", .run = writer },
    { .name = "flusher", .summary = "background writeback", .run = gfs2_jdata_flusher },
    { .name = "completion", .summary = "I/O completion, in interrupt context", .kind = HD_SERVICE,
      .serve = gfs2_jdata_completion,
      .queue_offset = offsetof(struct gfs2_jdata, bdev.queue) },
    { .name = "logd", .summary = "the log daemon, which flushes the log", .run = gfs2_jdata_logd },
    { NULL }
};

#define EVERYWHERE(name) { name, name, name }
static const struct hd_landmark_info landmarks[] = {
    { "hook", { "gfs2_iomap_journaled_page_done", "gfs2_iomap_page_done",
                "gfs2_iomap_journaled_page_done" } },
    { "balance", EVERYWHERE("balance_dirty_pages") },
    { "log-flush", EVERYWHERE("gfs2_log_flush") },
    { NULL }
};

static const char *const kinds[] = GFS2_KINDS;
static const char *const marks[] = GFS2_MARKS;

#define FIRES(variant) { variant, "deadlock", "gfs2_log_flush" }
#define HOLDS(variant) { variant, "holds", NULL }

static const struct hd_workload_info workloads[] = {
    { "over-limit", "two folios, and too much is dirty", "",
      { FIRES("linux-5.1"), HOLDS("linux-5.2"), FIRES("mutant-balance-inside") } },
    { "one-folio", "one folio is enough", "folios=1",
      { FIRES("linux-5.1"), HOLDS("linux-5.2"), FIRES("mutant-balance-inside") } },
    { "unfair", "later transactions may overtake a waiting flush", "fair=0",
      { FIRES("linux-5.1"), HOLDS("linux-5.2") } },
    { "below-limit", "the writer need not help; somebody else flushes the log", "over_limit=0",
      { HOLDS("linux-5.1"), HOLDS("linux-5.2") } },
    { NULL }
};

const struct hd_scenario gfs2_long_transaction = {
    .name = "gfs2-long-transaction",
    .summary = "a writer that has a transaction open, and has to help with writeback",
    .passport = {
        .source = "Linux 5.1 and 5.2: fs/iomap.c, fs/gfs2/bmap.c, trans.c, log.c, super.c",
        .functions = "iomap_file_buffered_write, gfs2_iomap_begin, gfs2_trans_begin, "
                     "iomap_write_iter, iomap_write_end, gfs2_iomap_journaled_page_done (5.2: "
                     "gfs2_iomap_page_done), balance_dirty_pages, gfs2_write_inode, "
                     "gfs2_log_flush, gfs2_iomap_end, gfs2_trans_end",
        .kept = "sd_log_flush_lock with its fairness, from the first transaction to the last; the "
                "folio lock; the log flush; a flusher and the log daemon",
        .left_out = "when too much is dirty: it is, or it isn't, for a whole execution.  What "
                    "else balance_dirty_pages() does: it sleeps, with the same locks held.  "
                    "Writeback of this inode's folios in the writer's own context: it comes before "
                    "the inode is written, and takes the folio lock, which the writer hasn't.  "
                    "Reclaim: 5.1 and 5.2 have gfs2-jdata-write's race, which is no part of this.  "
                    "The glock: the log flush asks for none",
        .invariants = "V4 no deadlock; V5 locks, references and transactions balanced; V6 accepted "
                      "data is dirty, journaled or written",
        .reference = "kernel commit d0a22a4b03b8 (2019).  Preemptions: none",
        .evidence = HD_STATED_IN_MAIL,
    },
    .variants = variants,
    .params = params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .kinds = kinds,
    .marks = marks,
    .vary = "block_size folios over_limit fair flusher flusher.after logd logd.after",
    .state_bytes = sizeof(struct gfs2_jdata),
    .setup = setup,
    .check = gfs2_jdata_check,
};
