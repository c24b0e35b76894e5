/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gfs2-jdata-write: a write to a journaled-data file against writeback and reclaim of the same
 * folio.
 *
 * In 6.1 iomap unlocks the folio and then calls the hook that adds its buffers to the
 * transaction.  In between, writeback can clean the buffers and reclaim can free them.  The
 * writer's reference on the folio doesn't help: release_folio never looks at it.  Nor does its
 * transaction: writeback takes the same lock for reading.
 */
#include "gfs2/jdata.h"
#include "gfs2/kernel_map.h"

enum param {
    POS, COPIED, LEN, BLOCK_SIZE, I_SIZE, CACHED, UPTODATE, BUFFERS, ON_LRU, PG_RECLAIM, AIL,
    RECLAIM, ALLOC_RECLAIMS, FAIR, WRITERS
};

static const char *const block_sizes[] = { "512", "1024", "2048", "4096" };
static const char *const reclaims[] = GFS2_JDATA_RECLAIMS;

static const struct hd_param_info params[] = {
    [POS] = { "pos", "where the write starts, bytes", 0, 0, MAPPING_FOLIOS * FOLIO_SIZE - 1 },
    [COPIED] = { "copied", "bytes that the copy finds resident", 4096, 0, FOLIO_SIZE },
    [LEN] = { "len", "bytes asked for, cut at the folio's end", 4096, 1, FOLIO_SIZE },
    [BLOCK_SIZE] = { "block_size", "bytes", 3, 0, 3, block_sizes },
    [I_SIZE] = { "i_size", "size of the file before, bytes", 4096, 0, MAPPING_FOLIOS * FOLIO_SIZE },
    [CACHED] = { "cached", "the folio is in the page cache at the start", 1, 0, 1 },
    [UPTODATE] = { "uptodate", "and is up to date", 1, 0, 1 },
    [BUFFERS] = { "buffers", "and has buffers, clean and mapped", 1, 0, 1 },
    [ON_LRU] = { "on_lru", "and is on the LRU", 1, 0, 1 },
    [PG_RECLAIM] = { "pg_reclaim", "and an earlier reclaim has met it dirty", 0, 0, 1 },
    [AIL] = { "ail", "blocks of the folio on an AIL list, a bit each", 0, 0, 255 },
    [RECLAIM] = { "reclaim", "what the reclaimer is", RECLAIM_DIRECT, 0, 4, reclaims },
    [ALLOC_RECLAIMS] = { "alloc_reclaims", "the writer's own allocations reclaim", 0, 0, 1 },
    [FAIR] = { "fair", "a waiting log flush stops later transactions", 1, 0, 1 },
    [WRITERS] = { "writers", "how many write the same range", 1, 1, JDATA_WRITERS_MAX },
    { NULL }
};

/* Each variant: an order of the writer's, and the gates that reclaim respects. */
static const struct hd_variant_info variants[] = {
    { "old", "6.1: iomap unlocks the folio, then calls the hook", HD_BROKEN },
    { "merged", "6.3 and later: the hook adds the buffers, then unlocks", HD_FIXED },
    { "rfc-v2", "RFC v2 of 2022, patch 2: the hook unlocks, then adds the buffers", HD_BROKEN },
    { "literal", "the suggestion of 2022: the whole hook before the unlock", HD_POSITIVE },
    { "mutant-no-refcount-gate", "old, and no caller of release counts references", HD_MUTANT },
    { "mutant-no-dirty-test", "old, and reclaim frees what is dirty", HD_MUTANT },
    { "mutant-no-writeback-test", "old, and reclaim frees what is being written", HD_MUTANT },
    { "mutant-free-before-unlock", "merged, and reclaim ignores the folio lock", HD_MUTANT },
    { NULL }
};

static const struct {
    const struct iomap_order *order;
    unsigned gates;
} behind[] = {
    { &gfs2_order_old, GATES_ALL },
    { &gfs2_order_merged, GATES_ALL },
    { &gfs2_order_rfc_v2, GATES_ALL },
    { &gfs2_order_literal, GATES_ALL },
    { &gfs2_order_old, GATES_ALL & ~GATE_REFCOUNT },
    { &gfs2_order_old, GATES_ALL & ~GATE_DIRTY },
    { &gfs2_order_old, GATES_ALL & ~GATE_WRITEBACK },
    { &gfs2_order_merged, GATES_ALL & ~GATE_LOCK },
};

static_assert(sizeof behind / sizeof *behind + 1 == sizeof variants / sizeof *variants,
              "one for each variant");

static void setup(void *state)
{
    const struct gfs2_jdata_setup start = {
        .order = behind[hd_variant()].order,
        .gates = behind[hd_variant()].gates,
        .i_size = hd_param(I_SIZE),
        .block_size = 512u << hd_param(BLOCK_SIZE),
        .pos = hd_param(POS),
        .len = (uint32_t)hd_param(LEN),
        .readable = (uint32_t)hd_param(COPIED),
        .cached = hd_param(CACHED),
        .uptodate = hd_param(UPTODATE),
        .buffers = hd_param(BUFFERS),
        .on_lru = hd_param(ON_LRU),
        .reclaim = hd_param(PG_RECLAIM),
        .ail = (uint8_t)hd_param(AIL),
        .fair = hd_param(FAIR),
        .writers = (unsigned)hd_param(WRITERS),
        .direct_reclaim = hd_param(ALLOC_RECLAIMS),
    };

    gfs2_jdata_init(state, &start);
}

static void reclaimer(void *state, unsigned instance)
{
    (void)instance;
    gfs2_jdata_reclaim(state, (enum gfs2_jdata_reclaim)hd_param(RECLAIM));
}

static const struct hd_role_info roles[] = {
    { .name = "writer", .summary = "write(2)", .run = gfs2_jdata_writer,
      .count_param = WRITERS + 1 },
    { .name = "flusher", .summary = "background writeback", .run = gfs2_jdata_flusher },
    { .name = "completion", .summary = "I/O completion, in interrupt context", .kind = HD_SERVICE,
      .serve = gfs2_jdata_completion,
      .queue_offset = offsetof(struct gfs2_jdata, bdev.queue) },
    { .name = "reclaimer", .summary = "memory pressure, see the key reclaim", .run = reclaimer },
    { .name = "fsync", .summary = "fsync(2) by another task, past its own writeback",
      .run = gfs2_jdata_fsync, .off = true },
    { NULL }
};

#define EVERYWHERE(name) { name, name, name, name, name, name, name, name }
static const struct hd_landmark_info landmarks[] = {
    { "hook", { "gfs2_iomap_page_done", "gfs2_iomap_put_folio", "gfs2_iomap_folio_done",
                "gfs2_iomap_page_done", "gfs2_iomap_page_done", "gfs2_iomap_page_done",
                "gfs2_iomap_page_done", "gfs2_iomap_put_folio" } },
    { "add-databufs", { "gfs2_page_add_databufs", "gfs2_trans_add_databufs",
                        "gfs2_page_add_databufs", "gfs2_page_add_databufs",
                        "gfs2_page_add_databufs", "gfs2_page_add_databufs",
                        "gfs2_page_add_databufs", "gfs2_trans_add_databufs" } },
    { "add-data", EVERYWHERE("gfs2_trans_add_data") },
    { "alloc", EVERYWHERE("gfs2_alloc_bufdata") },
    { "pin", EVERYWHERE("gfs2_pin") },
    { "trans-end", EVERYWHERE("gfs2_trans_end") },
    { "commit-write", EVERYWHERE("__block_commit_write") },
    { "submit", EVERYWHERE("__block_write_full_page") },
    { "shrink", EVERYWHERE("shrink_folio_list") },
    { "release", EVERYWHERE("gfs2_release_folio") },
    { "free", EVERYWHERE("try_to_free_buffers") },
    { NULL }
};

static const char *const kinds[] = GFS2_KINDS;
static const char *const marks[] = GFS2_MARKS;

#define FIRES(variant) { variant, "buffers-missing", "gfs2_page_add_databufs" }
#define HOLDS(variant) { variant, "holds", NULL }
#define ALL_HOLD HOLDS("old"), HOLDS("merged"), HOLDS("rfc-v2"), HOLDS("literal")

static const struct hd_workload_info workloads[] = {
    { "overwrite", "I-1: a whole block of a clean, cached folio", "",
      { FIRES("old"), HOLDS("merged"), FIRES("rfc-v2"), HOLDS("literal"),
        { "mutant-free-before-unlock", "buffers-missing", "__block_commit_write" } } },
    { "i3", "I-3: the same, seen where the writer waits for a buffer under I/O", "",
      { { "old", "use-after-free", "lock_buffer" }, HOLDS("merged"),
        { "rfc-v2", "use-after-free", "lock_buffer" }, HOLDS("literal") } },
    { "i4", "I-4: the same, seen where the writer allocates", "",
      { { "old", "use-after-free", "gfs2_alloc_bufdata" }, HOLDS("merged"),
        { "rfc-v2", "use-after-free", "gfs2_alloc_bufdata" }, HOLDS("literal") } },
    { "self-reclaim", "I-4 where the writer's own allocation frees the buffers",
      "reclaimer=off alloc_reclaims=1",
      { { "old", "use-after-free", "gfs2_alloc_bufdata" }, HOLDS("merged"),
        { "rfc-v2", "use-after-free", "gfs2_alloc_bufdata" }, HOLDS("literal") } },
    { "partial", "100 bytes inside a block", "pos=100 len=100 copied=100",
      { FIRES("old"), HOLDS("merged"), FIRES("rfc-v2"), HOLDS("literal") } },
    { "four-blocks", "a folio of four blocks, all written", "block_size=1024",
      { FIRES("old"), HOLDS("merged"), FIRES("rfc-v2"), HOLDS("literal") } },
    { "two-writers", "two write the same block, one after the other", "writers=2",
      { FIRES("old"), HOLDS("merged"), FIRES("rfc-v2"), HOLDS("literal") } },
    { "active-list", "active folios stripped of buffers; PG_dirty is not looked at",
      "reclaim=active",
      { FIRES("old"), HOLDS("merged"), FIRES("rfc-v2"), HOLDS("literal") } },
    { "fresh", "the folio is not cached: the writer brings it in, on no list", "cached=0",
      { ALL_HOLD } },
    { "read-first", "a part of a block that must be read", "cached=0 pos=100 len=100 copied=100",
      { ALL_HOLD } },
    { "n1", "N1: reclaim alone, buffers dirty", "flusher=off",
      { ALL_HOLD, { "mutant-no-dirty-test", "buffers-missing", "gfs2_page_add_databufs" } } },
    { "n1-active", "N1 with active folios", "flusher=off reclaim=active",
      { ALL_HOLD, { "mutant-no-dirty-test", "buffers-missing", "gfs2_page_add_databufs" } } },
    { "n2", "N2: writeback is submitted, the I/O not done before reclaim is through",
      "completion.after=reclaimer.end",
      { ALL_HOLD, { "mutant-no-writeback-test", "buffers-missing", "gfs2_page_add_databufs" } } },
    { "n3", "N3: drop_caches, everything clean", "reclaim=drop-caches",
      { ALL_HOLD, { "mutant-no-refcount-gate", "buffers-missing", "gfs2_page_add_databufs" } } },
    { "n4", "N4: kswapd would write the folio itself", "flusher=off reclaim=kswapd pg_reclaim=1",
      { ALL_HOLD, { "mutant-no-refcount-gate", "buffers-missing", "gfs2_page_add_databufs" } } },
    { "n5", "N5: all that, but after the first pin",
      "block_size=2048 flusher.after=first-pin reclaimer.after=first-pin", { ALL_HOLD } },
    { "n6", "N6: the neighbouring block is on the AIL",
      "block_size=2048 len=2048 copied=2048 ail=2",
      { ALL_HOLD } },
    { "n6-fsync", "N6': and an fsync revokes it",
      "block_size=2048 len=2048 copied=2048 ail=2 fsync=on",
      { { "old", "use-after-free", "lock_buffer" }, HOLDS("merged"),
        { "rfc-v2", "use-after-free", "lock_buffer" }, HOLDS("literal") } },
    { "n7", "N7: nothing copied, inside a block", "pos=100 len=100 copied=0 flusher=off",
      { ALL_HOLD } },
    { NULL }
};

const struct hd_scenario gfs2_jdata_write = {
    .name = "gfs2-jdata-write",
    .summary = "a journaled-data write against writeback and reclaim of its folio",
    .passport = {
        .source = "Linux 6.1.192 and 6.12.117: fs/iomap/buffered-io.c, fs/gfs2/bmap.c, aops.c, "
                  "trans.c, log.c, lops.c, fs/buffer.c, mm/vmscan.c, mm/truncate.c, mm/filemap.c",
        .functions = "writer: iomap_write_iter, gfs2_iomap_page_prepare (merged: "
                     "gfs2_iomap_get_folio), gfs2_trans_begin, __filemap_get_folio, "
                     "__block_write_begin_int, block_write_end, __block_commit_write, "
                     "mark_buffer_dirty, folio_unlock, gfs2_iomap_page_done (merged: "
                     "gfs2_iomap_put_folio), gfs2_page_add_databufs (merged: "
                     "gfs2_trans_add_databufs), gfs2_trans_add_data, gfs2_alloc_bufdata, gfs2_pin, "
                     "gfs2_trans_end, gfs2_log_commit.  flusher: gfs2_jdata_writepages, "
                     "gfs2_write_jdata_pagevec, __block_write_full_page.  completion: "
                     "end_buffer_async_write, folio_end_writeback.  reclaimer: "
                     "shrink_inactive_list, shrink_folio_list, pageout, filemap_release_folio, "
                     "gfs2_release_folio, try_to_free_buffers, drop_buffers, __remove_mapping; or "
                     "shrink_active_list; or mapping_evict_folio.  fsync: gfs2_ail_flush, "
                     "gfs2_add_revoke, gfs2_log_flush",
        .kept = "the folio lock, its references, PG_dirty, PG_writeback, PG_uptodate, PG_checked, "
                "PG_reclaim and the LRU flag; of each buffer BH_Lock, BH_Dirty, BH_Uptodate, "
                "BH_Async_Write, BH_Pinned, b_count, b_private, the ring, and its memory; bufdata; "
                "sd_log_flush_lock with its fairness, sd_log_lock, sd_ail_lock, private_lock, the "
                "page cache's lock and speculative references; every gate of reclaim in its order; "
                "contents of blocks in memory, in place and in the log",
        .left_out = "i_rwsem and the glock: the writer holds them throughout, and only another "
                    "writer would ask for them (with two, i_rwsem is there).  Mapping and "
                    "referenced tests of reclaim: they can only refuse.  Log "
                    "space and freezing: a transaction can only wait longer before it begins.  A "
                    "second round of any loop: it would be another write, flush or reclaim.  The "
                    "dirty tag: the flusher looks at PG_dirty, which is set before the tag and "
                    "cleared before it, so it finds less, and under the folio lock the kernel "
                    "looks at PG_dirty too.  PG_private is one with page->private: apart, a "
                    "release between the two reads shows as a NULL pointer, not as a BUG.  "
                    "BH_Mapped and BH_New are no points: only who has the folio lock looks.  Page "
                    "migration, splice and memory failure: other callers of the same release, each "
                    "takes the folio lock, and so is stopped where these are",
        .invariants = "V1 no access to a freed buffer, bufdata or folio; V2 the hook finds the "
                      "buffers; V4 no deadlock; V5 locks, references and transactions balanced; V6 "
                      "accepted data is dirty, journaled or written.  V3, the write-ahead rule, is "
                      "not judged here: in the old order writeback breaks it whenever it comes "
                      "between the unlock and the hook",
        .reference = "kernel commit 80baab88bb93 (unlock and put the folio in page_done); I-1 was "
                     "also forced on stock Debian 6.1.192 kernels (BUG at fs/gfs2/aops.c:43) and "
                     "is blocked on 6.12.117; I-3 and I-4 are read in source.  Fewest preemptions: "
                     "I-1, I-3, I-4 one",
        .evidence = HD_READ_IN_SOURCE,
    },
    .variants = variants,
    .params = params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .kinds = kinds,
    .marks = marks,
    .vary = "pos copied len block_size i_size cached uptodate buffers on_lru pg_reclaim ail "
            "reclaim alloc_reclaims fair writer writer.after flusher flusher.after "
            "reclaimer reclaimer.after fsync fsync.after",
    .state_bytes = sizeof(struct gfs2_jdata),
    .setup = setup,
    .check = gfs2_jdata_check,
    .kernel = &gfs2_jdata_write_kernel,
};
