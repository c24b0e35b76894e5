/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gfs2-zero-copy: I-2, the window of the old order where nothing needs to be cleaned first.
 *
 * Page faults are off during the copy.  If the source page has gone since it was looked at, nothing
 * is copied; at a block's start that dirties nothing, and the hook is called all the same.  So all
 * that it takes is a writer and somebody who wants memory back.
 */
#include "gfs2/jdata.h"
#include "gfs2/kernel_map.h"

enum param { POS, COPIED, LEN, BLOCK_SIZE, UPTODATE, RECLAIM };

static const char *const block_sizes[] = { "512", "1024", "2048", "4096" };
static const char *const reclaims[] = GFS2_JDATA_RECLAIMS;

static const struct hd_param_info params[] = {
    [POS] = { "pos", "where the write starts, bytes", 0, 0, FOLIO_SIZE - 1 },
    [COPIED] = { "copied", "bytes that the copy finds resident", 0, 0, FOLIO_SIZE },
    [LEN] = { "len", "bytes asked for, cut at the folio's end", 4096, 1, FOLIO_SIZE },
    [BLOCK_SIZE] = { "block_size", "bytes", 3, 0, 3, block_sizes },
    [UPTODATE] = { "uptodate", "the cached folio is up to date", 1, 0, 1 },
    [RECLAIM] = { "reclaim", "what the reclaimer is", RECLAIM_DIRECT, 0, 3, reclaims },
    { NULL }
};

static const struct hd_variant_info variants[] = {
    { "old", "6.1: iomap unlocks the folio, then calls the hook", HD_BROKEN },
    { "merged", "6.3 and later: the hook adds the buffers, then unlocks", HD_FIXED },
    { "mutant-free-before-unlock", "merged, and reclaim ignores the folio lock", HD_MUTANT },
    { "mutant-no-refcount-gate", "old, and drop_caches counts no references", HD_MUTANT },
    { NULL }
};

static void setup(void *state)
{
    static const struct iomap_order *const orders[] = { &gfs2_order_old, &gfs2_order_merged,
                                                        &gfs2_order_merged, &gfs2_order_old };
    static const unsigned gates[] = { GATES_ALL, GATES_ALL, GATES_ALL & ~GATE_LOCK,
                                      GATES_ALL & ~GATE_REFCOUNT };
    const struct gfs2_jdata_setup start = {
        .order = orders[hd_variant()],
        .gates = gates[hd_variant()],
        .i_size = FOLIO_SIZE,
        .block_size = 512u << hd_param(BLOCK_SIZE),
        .pos = hd_param(POS),
        .len = (uint32_t)hd_param(LEN),
        .readable = (uint32_t)hd_param(COPIED),
        .cached = true,
        .uptodate = hd_param(UPTODATE),
        .buffers = true,
        .on_lru = true,
        .fair = true,
    };

    gfs2_jdata_init(state, &start);
}

static void reclaimer(void *state, unsigned instance)
{
    (void)instance;
    gfs2_jdata_reclaim(state, (enum gfs2_jdata_reclaim)hd_param(RECLAIM));
}

static const struct hd_role_info roles[] = {
    { .name = "writer", .summary = "write(2)", .run = gfs2_jdata_writer },
    { .name = "reclaimer", .summary = "memory pressure, see the key reclaim", .run = reclaimer },
    { .name = "completion", .summary = "I/O completion, in interrupt context", .kind = HD_SERVICE,
      .serve = gfs2_jdata_completion,
      .queue_offset = offsetof(struct gfs2_jdata, bdev.queue) },
    { NULL }
};

#define EVERYWHERE(name) { name, name, name, name }
static const struct hd_landmark_info landmarks[] = {
    { "hook", { "gfs2_iomap_page_done", "gfs2_iomap_put_folio", "gfs2_iomap_put_folio",
                "gfs2_iomap_page_done" } },
    { "commit-write", EVERYWHERE("__block_commit_write") },
    { "shrink", EVERYWHERE("shrink_folio_list") },
    { "release", EVERYWHERE("gfs2_release_folio") },
    { NULL }
};

static const char *const kinds[] = GFS2_KINDS;
static const char *const marks[] = GFS2_MARKS;

#define FIRES(variant) { variant, "buffers-missing", "gfs2_page_add_databufs" }
#define HOLDS(variant) { variant, "holds", NULL }

static const struct hd_workload_info workloads[] = {
    { "nothing", "nothing is copied, at a block's start", "",
      { FIRES("old"), HOLDS("merged"),
        { "mutant-free-before-unlock", "buffers-missing", "__block_commit_write" } } },
    { "refused", "a part is copied, but the folio isn't up to date: nothing is accepted",
      "copied=512 uptodate=0", { FIRES("old"), HOLDS("merged") } },
    { "active-list", "active folios are stripped of buffers", "reclaim=active",
      { FIRES("old"), HOLDS("merged") } },
    { "unaligned", "nothing is copied inside a block: the block around it becomes dirty",
      "pos=100 len=100", { HOLDS("old"), HOLDS("merged") } },
    { "all", "everything is copied: the buffers are dirty", "copied=4096",
      { HOLDS("old"), HOLDS("merged") } },
    { "drop-caches", "drop_caches counts the writer's reference", "reclaim=drop-caches",
      { HOLDS("old"), HOLDS("merged"), FIRES("mutant-no-refcount-gate") } },
    { NULL }
};

const struct hd_scenario gfs2_zero_copy = {
    .name = "gfs2-zero-copy",
    .summary = "a write that copies nothing against reclaim of its folio",
    .passport = {
        .source = "Linux 6.1.192 and 6.12.117: fs/iomap/buffered-io.c, fs/buffer.c, "
                  "fs/gfs2/bmap.c, aops.c, mm/vmscan.c, mm/truncate.c",
        .functions = "writer: as in gfs2-jdata-write, where copy_page_from_iter_atomic finds "
                     "nothing resident.  reclaimer: as there",
        .kept = "all of gfs2-jdata-write's writer and reclaimer; which blocks an empty range "
                "selects",
        .left_out = "writeback: nothing is dirty, so it has nothing to do (with it, and data, it "
                    "is gfs2-jdata-write).  The check for residence before the folio is locked: "
                    "it passes, or the write is not tried.  The second try, with fewer bytes: it "
                    "is another write",
        .invariants = "V1 no access to a freed buffer or bufdata; V2 the hook finds the buffers; "
                      "V4 no deadlock; V5 locks, references and transactions balanced",
        .reference = "the mechanism is read in source; that it was ever met is not known.  Fixed "
                     "by kernel commit 80baab88bb93.  Fewest preemptions: one",
        .evidence = HD_DERIVED,
    },
    .variants = variants,
    .params = params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .kinds = kinds,
    .marks = marks,
    .vary = "pos copied len block_size uptodate reclaim writer reclaimer reclaimer.after",
    .state_bytes = sizeof(struct gfs2_jdata),
    .setup = setup,
    .check = gfs2_jdata_check,
    .kernel = &gfs2_zero_copy_kernel,
};
