/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gfs2-write-ahead: I-5, the first of the two defects of the old order.
 *
 * Journaled data goes to the log first and to its place second.  In 6.1 the folio is unlocked with
 * its buffers dirty and not yet pinned, so a flusher may write them in place; if the power fails
 * before the transaction commits, the disk has half of an update that never was.
 *
 * The merged order pins before it unlocks, so what the write has brought is safe.  What the hook
 * doesn't add, or adds in vain, is still written in place, in both orders: the exceptions.
 */
#include "gfs2/jdata.h"
#include "gfs2/kernel_map.h"

enum param { POS, COPIED, LEN, BLOCK_SIZE, I_SIZE, HOLES, WRITERS, MAPPED_DIRTY, FLUSHES };

enum flushes { FLUSHES_WRITTEN, FLUSHES_OLD_END };

static const char *const block_sizes[] = { "512", "1024", "2048", "4096" };
static const char *const folios[] = { "written", "old-end" };

static const struct hd_param_info params[] = {
    [POS] = { "pos", "where the write starts, bytes", 0, 0, MAPPING_FOLIOS * FOLIO_SIZE - 1 },
    [COPIED] = { "copied", "bytes that the copy finds resident", 4096, 0, FOLIO_SIZE },
    [LEN] = { "len", "bytes asked for, cut at the folio's end", 4096, 1, FOLIO_SIZE },
    [BLOCK_SIZE] = { "block_size", "bytes", 3, 0, 3, block_sizes },
    [I_SIZE] = { "i_size", "size of the file before, bytes", 4096, 1, MAPPING_FOLIOS * FOLIO_SIZE },
    [HOLES] = { "holes", "blocks of the file that are in a hole, a bit each", 0, 0, 255 },
    [WRITERS] = { "writers", "how many write the same range", 1, 1, JDATA_WRITERS_MAX },
    [MAPPED_DIRTY] = { "mapped_dirty", "a process has stored to the old end's page", 0, 0, 1 },
    [FLUSHES] = { "flushes", "the folio that the flusher writes", 0, 0, 1, folios },
    { NULL }
};

static const struct hd_variant_info variants[] = {
    { "old", "6.1: iomap unlocks the folio, then calls the hook", HD_BROKEN },
    { "merged", "6.3 and later: the hook adds the buffers, then unlocks", HD_FIXED },
    { "mutant-unlock-first", "the hook unlocks, then adds: RFC v2 of 2022", HD_MUTANT },
    { NULL }
};

static void setup(void *state)
{
    static const struct iomap_order *const orders[] = { &gfs2_order_old, &gfs2_order_merged,
                                                        &gfs2_order_rfc_v2 };
    const struct gfs2_jdata_setup start = {
        .order = orders[hd_variant()],
        .gates = GATES_ALL,
        .i_size = hd_param(I_SIZE),
        .block_size = 512u << hd_param(BLOCK_SIZE),
        .pos = hd_param(POS),
        .len = (uint32_t)hd_param(LEN),
        .readable = (uint32_t)hd_param(COPIED),
        .holes = (uint32_t)hd_param(HOLES),
        .writers = (unsigned)hd_param(WRITERS),
        .mapped_dirty = hd_param(MAPPED_DIRTY),
        .cached = true,
        .uptodate = true,
        .buffers = true,
        .on_lru = true,
        .fair = true,
    };

    gfs2_jdata_init(state, &start);
}

static void flusher(void *state, unsigned instance)
{
    struct gfs2_jdata *jdata = state;
    uint64_t index = write_index(jdata->write);

    (void)instance;
    if (hd_param(FLUSHES) == FLUSHES_OLD_END)
        index = (hd_param(I_SIZE) - 1) / FOLIO_SIZE;
    gfs2_jdata_writepages(&jdata->mapping, index);
}

static const struct hd_role_info roles[] = {
    { .name = "writer", .summary = "write(2)", .run = gfs2_jdata_writer,
      .count_param = WRITERS + 1 },
    { .name = "flusher", .summary = "background writeback", .run = flusher },
    { .name = "completion", .summary = "I/O completion, in interrupt context", .kind = HD_SERVICE,
      .serve = gfs2_jdata_completion,
      .queue_offset = offsetof(struct gfs2_jdata, bdev.queue) },
    { .name = "logd", .summary = "the log daemon, which flushes the log", .run = gfs2_jdata_logd },
    { NULL }
};

#define EVERYWHERE(name) { name, name, name }
static const struct hd_landmark_info landmarks[] = {
    { "hook", { "gfs2_iomap_page_done", "gfs2_iomap_put_folio", "gfs2_iomap_folio_done" } },
    { "add-databufs", { "gfs2_page_add_databufs", "gfs2_trans_add_databufs",
                        "gfs2_page_add_databufs" } },
    { "submit", EVERYWHERE("__block_write_full_page") },
    { "log-flush", EVERYWHERE("gfs2_log_flush") },
    { NULL }
};

static const char *const kinds[] = GFS2_KINDS;
static const char *const marks[] = GFS2_MARKS;

#define FIRES(variant) { variant, "in-place-before-journal", "gfs2_jdata_recover" }
#define HOLDS(variant) { variant, "holds", NULL }

static const struct hd_workload_info workloads[] = {
    { "overwrite", "a whole block of a clean, cached folio", "",
      { FIRES("old"), HOLDS("merged"), FIRES("mutant-unlock-first") } },
    { "four-blocks", "a folio of four blocks, all written", "block_size=1024",
      { FIRES("old"), HOLDS("merged") } },
    { "partial", "100 bytes inside a block", "pos=100 len=100 copied=100",
      { FIRES("old"), HOLDS("merged") } },
    { "append", "a block behind the end",
      "pos=1024 len=1024 copied=1024 block_size=1024 i_size=1024",
      { FIRES("old"), HOLDS("merged") } },
    { "journal-first", "the flusher comes after the log flush, and that after the write",
      "logd.after=writer.end flusher.after=logd.end", { HOLDS("old"), HOLDS("merged") } },
    { "exception-pinned", "(a) a block is written again before the log is flushed", "writers=2",
      { FIRES("old"), FIRES("merged") } },
    { "exception-hole", "(b) a short copy leaves a new block behind what it has brought",
      "block_size=1024 len=2048 copied=1024 holes=2",
      { FIRES("old"), FIRES("merged") } },
    { "exception-old-end", "(c) the old end's page, dirtied outside any transaction",
      "pos=8192 len=1024 copied=1024 block_size=1024 i_size=1024 mapped_dirty=1 flushes=old-end",
      { HOLDS("old"), FIRES("merged") } },
    { "old-end-clean", "the same where nobody has stored to it",
      "pos=8192 len=1024 copied=1024 block_size=1024 i_size=1024 flushes=old-end",
      { HOLDS("old"), HOLDS("merged") } },
    { NULL }
};

const struct hd_scenario gfs2_write_ahead = {
    .name = "gfs2-write-ahead",
    .summary = "journaled data in its place before it is in the log, and the power fails",
    .passport = {
        .source = "Linux 6.1.192 and 6.12.117: fs/iomap/buffered-io.c, fs/gfs2/bmap.c, aops.c, "
                  "trans.c, log.c, lops.c, fs/buffer.c, mm/truncate.c",
        .functions = "writer: as in gfs2-jdata-write; with a hole, page_zero_new_buffers; beyond "
                     "the end, pagecache_isize_extended, folio_mkclean, jdata_dirty_folio.  "
                     "flusher: gfs2_jdata_writepages, gfs2_write_jdata_pagevec, "
                     "__gfs2_jdata_writepage, __block_write_full_page.  completion: "
                     "end_buffer_async_write.  logd: gfs2_log_flush, gfs2_unpin.  Power loss: "
                     "after each write to the disk, what recovery would make of it",
        .kept = "all of gfs2-jdata-write's writer and flusher; of each block the content in "
                "memory, in its place and in the log; PG_checked, and who sets it; i_rwsem where "
                "there are two writers",
        .left_out = "reclaim: it writes nothing (gfs2-jdata-write has it).  The log's header: a "
                    "block counts as committed when the log has it, a little early; all blocks of "
                    "a flush are pinned until its end, so none is written in place meanwhile, "
                    "unless it was submitted before, and then it has broken the rule already.  "
                    "The disk's cache: what is done is durable.  Metadata: an allocation that "
                    "never commits makes the block's content nobody's, in exception (b); the rule "
                    "is judged literally",
        .invariants = "V3 what is in a block's place is what was there, or the log has it, or "
                      "something later; V1 V2 V4 V5 V6 as in gfs2-jdata-write",
        .reference = "the first of the two defects that kernel commit 80baab88bb93 names.  The "
                     "exceptions are derived from the source, nobody has confirmed them; (c) is "
                     "new in the merged order, which calls pagecache_isize_extended() outside the "
                     "transaction, so that PG_checked stays clear.  Fewest preemptions: one (in "
                     "the kernel none, where the writer sleeps in gfs2_alloc_bufdata)",
        .evidence = HD_STATED_IN_MAIL,
    },
    .oracles = HD_ORACLES_ALL & ~HD_ORACLE_BIT(RACE),
    .variants = variants,
    .params = params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .kinds = kinds,
    .marks = marks,
    .vary = "block_size writer flusher flusher.after completion.after logd logd.after",
    .state_bytes = sizeof(struct gfs2_jdata),
    .setup = setup,
    .check = gfs2_jdata_check,
    .recover = gfs2_jdata_recover,
    .kernel = &gfs2_write_ahead_kernel,
};
