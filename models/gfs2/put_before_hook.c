/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * iomap-put-before-hook: the hook that had the page after its last reference had gone.
 *
 * In 5.1 the page is unlocked and put, and then the hook gets it.  Nothing keeps it: whoever drops
 * clean page cache may free it in between.  In 5.2 the put comes after the hook.  That was the
 * reference; the lock took three more years, see gfs2-jdata-write.
 */
#include "gfs2/jdata.h"

enum param { COPIED, BLOCK_SIZE, RECLAIM };
enum variant { LINUX_5_1, LINUX_5_2, NO_REFCOUNT_GATE };

static const char *const block_sizes[] = { "512", "1024", "2048", "4096" };
static const char *const reclaims[] = GFS2_JDATA_RECLAIMS;

static const struct hd_param_info params[] = {
    [COPIED] = { "copied", "bytes that the copy finds resident", 0, 0, FOLIO_SIZE },
    [BLOCK_SIZE] = { "block_size", "bytes", 3, 0, 3, block_sizes },
    [RECLAIM] = { "reclaim", "what the reclaimer is", RECLAIM_DROP_CACHES, 0, 3, reclaims },
    { NULL }
};

static const struct hd_variant_info variants[] = {
    [LINUX_5_1] = { "linux-5.1", "unlock, put, hook", HD_BROKEN },
    [LINUX_5_2] = { "linux-5.2", "unlock, hook, put", HD_FIXED },
    [NO_REFCOUNT_GATE] = { "mutant-no-refcount-gate", "5.2, and drop_caches counts no references",
                           HD_MUTANT },
    { NULL }
};

static void setup(void *state)
{
    const struct gfs2_jdata_setup start = {
        .order = hd_variant() == LINUX_5_1 ? &gfs2_order_linux_5_1 : &gfs2_order_old,
        .gates = hd_variant() == NO_REFCOUNT_GATE ? GATES_ALL & ~GATE_REFCOUNT : GATES_ALL,
        .i_size = FOLIO_SIZE,
        .block_size = 512u << hd_param(BLOCK_SIZE),
        .len = FOLIO_SIZE,
        .readable = (uint32_t)hd_param(COPIED),
        .cached = true,
        .uptodate = true,
        .buffers = true,
        .on_lru = true,
        .fair = true,
    };

    gfs2_jdata_init(state, &start);
}

static void writer(void *state, unsigned instance)
{
    struct gfs2_jdata *jdata = state;
    bool whole = hd_variant() == LINUX_5_1;

    (void)instance;
    if (whole)
        gfs2_iomap_begin_5_1(&jdata->sd);
    iomap_write_iter(jdata->write);
    if (whole)
        gfs2_iomap_end_5_1(&jdata->sd);
}

static void reclaimer(void *state, unsigned instance)
{
    (void)instance;
    gfs2_jdata_reclaim(state, (enum gfs2_jdata_reclaim)hd_param(RECLAIM));
}

static const struct hd_role_info roles[] = {
    { .name = "writer", .summary = "write(2)", .run = writer },
    { .name = "reclaimer", .summary = "drop_caches, see the key reclaim", .run = reclaimer },
    { .name = "flusher", .summary = "background writeback", .run = gfs2_jdata_flusher,
      .off = true },
    { .name = "completion", .summary = "I/O completion, in interrupt context", .kind = HD_SERVICE,
      .serve = gfs2_jdata_completion,
      .queue_offset = offsetof(struct gfs2_jdata, bdev.queue) },
    { NULL }
};

#define EVERYWHERE(name) { name, name, name }
static const struct hd_landmark_info landmarks[] = {
    { "hook", { "gfs2_iomap_journaled_page_done", "gfs2_iomap_page_done",
                "gfs2_iomap_page_done" } },
    { "evict", EVERYWHERE("mapping_evict_folio") },
    { "remove", EVERYWHERE("__remove_mapping") },
    { NULL }
};

static const char *const kinds[] = GFS2_KINDS;
static const char *const marks[] = GFS2_MARKS;

#define FIRES(variant) { variant, "page-freed", "gfs2_iomap_journaled_page_done" }
#define MISSES(variant) { variant, "buffers-missing", "gfs2_page_add_databufs" }
#define HOLDS(variant) { variant, "holds", NULL }

static const struct hd_workload_info workloads[] = {
    { "clean", "nothing is copied, so the page is clean; and drop_caches", "",
      { FIRES("linux-5.1"), HOLDS("linux-5.2"), MISSES("mutant-no-refcount-gate") } },
    { "four-blocks", "the same with four buffers", "block_size=1024",
      { FIRES("linux-5.1"), HOLDS("linux-5.2") } },
    { "written-back", "a whole page is copied, and writeback cleans it", "copied=4096 flusher=on",
      { FIRES("linux-5.1"), HOLDS("linux-5.2") } },
    { "dirty", "a whole page is copied, and nobody cleans it", "copied=4096",
      { HOLDS("linux-5.1"), HOLDS("linux-5.2") } },
    { "exception-reclaim", "memory pressure counts no references: that is the lock's race",
      "reclaim=direct", { FIRES("linux-5.1"), MISSES("linux-5.2") } },
    { NULL }
};

const struct hd_scenario iomap_put_before_hook = {
    .name = "iomap-put-before-hook",
    .summary = "iomap's page_done hook after the page's last reference has gone",
    .passport = {
        .source = "Linux 5.1 and 5.2: fs/iomap.c, fs/gfs2/bmap.c, mm/truncate.c",
        .functions = "writer: iomap_write_iter, iomap_write_end, block_write_end, folio_unlock, "
                     "folio_put, gfs2_iomap_journaled_page_done (5.2: gfs2_iomap_page_done, then "
                     "folio_put), gfs2_page_add_databufs.  reclaimer: invalidate_mapping_pages, "
                     "mapping_evict_folio, filemap_release_folio, gfs2_release_folio, "
                     "__remove_mapping.  flusher, completion: as in gfs2-jdata-write",
        .kept = "the folio's lock and every reference on it; all gates between a clean folio and "
                "its removal; the buffers",
        .left_out = "what becomes of the freed page: that it is nobody's is wrong enough.  Memory "
                    "pressure, in the fixed variant's workloads: it looks at no reference, and "
                    "what it does there is gfs2-jdata-write's race, which 5.2 has (the exception "
                    "shows it).  Truncation: the writer holds i_rwsem.  The names of 5.1, where "
                    "they were of pages: the folio calls of later kernels do the same to one page",
        .invariants = "V1 no access to a page without a reference on it, nor to its freed buffers; "
                      "V2 the hook finds the buffers; V5 locks, references and transactions "
                      "balanced",
        .reference = "kernel commit 7a77dad7e3be (2019), which fixes 63899c6f8851.  Fewest "
                     "preemptions: one",
        .evidence = HD_STATED_IN_MAIL,
    },
    .variants = variants,
    .params = params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .kinds = kinds,
    .marks = marks,
    .vary = "copied block_size flusher flusher.after reclaimer reclaimer.after",
    .state_bytes = sizeof(struct gfs2_jdata),
    .setup = setup,
    .check = gfs2_jdata_check,
};
