/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gfs2-redirty-pinned: a block that is written twice before the log is flushed.
 *
 * The first write pins the buffer, which keeps it clean.  The second makes it dirty again and asks
 * the transaction to add it; gfs2_trans_add_data() sees that it is pinned, and leaves BH_Dirty as
 * it is.  Writeback doesn't look at BH_Pinned: it writes the block in place, before the log has it.
 *
 * The repair is ours: what is pinned already loses BH_Dirty again.  gfs2_unpin() sets it when the
 * log has the content.
 */
#include "gfs2/jdata.h"

enum param { BLOCK_SIZE, WRITERS };
enum variant { OLD, MERGED, REPAIRED, UNLOCK_FIRST };

static const char *const block_sizes[] = { "512", "1024", "2048", "4096" };

static const struct hd_param_info params[] = {
    [BLOCK_SIZE] = { "block_size", "bytes", 3, 0, 3, block_sizes },
    [WRITERS] = { "writers", "how many write the same folio", 2, 1, JDATA_WRITERS_MAX },
    { NULL }
};

static const struct hd_variant_info variants[] = {
    [OLD] = { "old", "6.1: iomap unlocks the folio, then calls the hook", HD_BROKEN },
    [MERGED] = { "merged", "6.3 and later: the hook adds the buffers, then unlocks", HD_BROKEN },
    [REPAIRED] = { "repaired", "ours: merged, and a pinned buffer is made clean again", HD_FIXED },
    [UNLOCK_FIRST] = { "mutant-unlock-first", "the repair, in a hook that unlocks first",
                       HD_MUTANT },
    { NULL }
};

static void setup(void *state)
{
    static const struct iomap_order *const orders[] = {
        [OLD] = &gfs2_order_old,
        [MERGED] = &gfs2_order_merged,
        [REPAIRED] = &gfs2_order_merged,
        [UNLOCK_FIRST] = &gfs2_order_rfc_v2,
    };
    const struct gfs2_jdata_setup start = {
        .order = orders[hd_variant()],
        .gates = GATES_ALL,
        .i_size = FOLIO_SIZE,
        .block_size = 512u << hd_param(BLOCK_SIZE),
        .len = FOLIO_SIZE,
        .readable = FOLIO_SIZE,
        .writers = (unsigned)hd_param(WRITERS),
        .cached = true,
        .uptodate = true,
        .buffers = true,
        .on_lru = true,
        .fair = true,
        .clears_redirtied = hd_variant() >= REPAIRED,
    };

    gfs2_jdata_init(state, &start);
}

static const struct hd_role_info roles[] = {
    { .name = "writer", .summary = "write(2)", .run = gfs2_jdata_writer,
      .count_param = WRITERS + 1 },
    { .name = "flusher", .summary = "background writeback", .run = gfs2_jdata_flusher,
      .started = "writer.end" },
    { .name = "completion", .summary = "I/O completion, in interrupt context", .kind = HD_SERVICE,
      .serve = gfs2_jdata_completion,
      .queue_offset = offsetof(struct gfs2_jdata, bdev.queue) },
    { .name = "logd", .summary = "the log daemon, which flushes the log", .run = gfs2_jdata_logd },
    { NULL }
};

#define EVERYWHERE(name) { name, name, name, name }
static const struct hd_landmark_info landmarks[] = {
    { "hook", { "gfs2_iomap_page_done", "gfs2_iomap_put_folio", "gfs2_iomap_put_folio",
                "gfs2_iomap_folio_done" } },
    { "add-data", EVERYWHERE("gfs2_trans_add_data") },
    { "submit", EVERYWHERE("__block_write_full_page") },
    { "log-flush", EVERYWHERE("gfs2_log_flush") },
    { NULL }
};

static const char *const kinds[] = GFS2_KINDS;
static const char *const marks[] = GFS2_MARKS;

#define FIRES(variant) { variant, "in-place-before-journal", "gfs2_jdata_recover" }
#define HOLDS(variant) { variant, "holds", NULL }

static const struct hd_workload_info workloads[] = {
    { "twice", "two writers, one after the other; the flusher comes after both", "",
      { FIRES("old"), FIRES("merged"), HOLDS("repaired") } },
    { "any-time", "the flusher comes whenever it likes", "flusher.after=none",
      { FIRES("old"), FIRES("merged"), HOLDS("repaired"), FIRES("mutant-unlock-first") } },
    { "four-blocks", "a folio of four blocks, all written twice", "block_size=1024",
      { FIRES("old"), FIRES("merged"), HOLDS("repaired") } },
    { "once", "one writer: nothing is dirty and pinned", "writers=1",
      { HOLDS("old"), HOLDS("merged"), HOLDS("repaired") } },
    { "flushed", "the log is flushed between the last write and the flusher",
      "logd.after=writer.end flusher.after=logd.end",
      { HOLDS("old"), HOLDS("merged"), HOLDS("repaired") } },
    { NULL }
};

const struct hd_scenario gfs2_redirty_pinned = {
    .name = "gfs2-redirty-pinned",
    .summary = "a block written twice before the log is flushed, and the power fails",
    .passport = {
        .source = "Linux 6.1.192 and 6.12.117: fs/gfs2/trans.c, lops.c, aops.c, fs/buffer.c",
        .functions = "writer: as in gfs2-jdata-write, twice; gfs2_trans_add_data, step A2.  "
                     "flusher: gfs2_write_jdata_pagevec, __block_write_full_page.  logd: "
                     "gfs2_log_flush, gfs2_unpin",
        .kept = "all of gfs2-jdata-write's writer and flusher, the log flush, i_rwsem; of each "
                "block the content in memory, in its place and in the log",
        .left_out = "reclaim: a pinned folio can't be freed.  The log's header and the disk's "
                    "cache: as in gfs2-write-ahead.  The glock: i_rwsem keeps the writers apart "
                    "already.  In the default workload the flusher comes last, so that the old "
                    "order's window (gfs2-write-ahead) is not what fires",
        .invariants = "V3 what is in a block's place is what was there, or the log has it, or "
                      "something later; V4 V5 V6 as in gfs2-jdata-write",
        .reference = "derived from the source, for both orders: nobody has confirmed it, and the "
                     "repair is ours alone.  Preemptions: none",
        .evidence = HD_DERIVED,
    },
    .oracles = HD_ORACLES_ALL & ~HD_ORACLE_BIT(RACE),
    .variants = variants,
    .params = params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .kinds = kinds,
    .marks = marks,
    .vary = "block_size writers flusher flusher.after logd logd.after",
    .state_bytes = sizeof(struct gfs2_jdata),
    .setup = setup,
    .check = gfs2_jdata_check,
    .recover = gfs2_jdata_recover,
};
