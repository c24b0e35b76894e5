/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gfs2-inline-data: a pointer into a block that nobody holds any more.
 *
 * A small file's data lies in its dinode's block.  iomap_begin reads that block, keeps a pointer to
 * the data in it, and lets go of the buffer.  From then on the block is clean and unused, and
 * reclaim may free its page; iomap_write_end_inline() copies through the pointer all the same.
 */
#include "gfs2/jdata.h"

enum param { UPTODATE, RECLAIM, CACHED };
enum variant { RELEASED, REFERENCED, NO_COUNT_TEST };

static const char *const reclaims[] = GFS2_JDATA_RECLAIMS;

static const struct hd_param_info params[] = {
    [UPTODATE] = { "uptodate", "the file's own page is up to date", 1, 0, 1 },
    [RECLAIM] = { "reclaim", "what the reclaimer is", RECLAIM_DIRECT, 0, 3, reclaims },
    [CACHED] = { "cached", "the dinode's block is cached at the start", 1, 0, 1 },
    { NULL }
};

static const struct hd_variant_info variants[] = {
    [RELEASED] = { "released", "before the fix: iomap_begin releases the dinode's buffer",
                   HD_BROKEN },
    [REFERENCED] = { "referenced", "iomap->private keeps it until iomap_end", HD_FIXED },
    [NO_COUNT_TEST] = { "mutant-no-count-test", "referenced, and release ignores b_count",
                        HD_MUTANT },
    { NULL }
};

/* The bytes of a dinode's block behind its header; they live as long as the page. */
struct inline_data {
    uint64_t data;
};

static void give_memory(struct folio *folio)
{
    struct inline_data *memory = hd_new(struct inline_data);

    hd_owned(memory); /* pages are never leaked */
    hd_name(memory, "dinode.data", -1);
    memory->data = JDATA_OLD_DATA;
    folio->memory = memory;
}

/* The one mapping here is the dinode's glock's address space; block 0 is the dinode. */
static void setup(void *state)
{
    struct gfs2_jdata *jdata = state;
    const struct gfs2_jdata_setup start = {
        .gates = hd_variant() == NO_COUNT_TEST ? GATES_ALL & ~GATE_B_COUNT : GATES_ALL,
        .i_size = FOLIO_SIZE,
        .block_size = FOLIO_SIZE,
        .len = 1,
        .cached = hd_param(CACHED),
        .uptodate = true,
        .buffers = true,
        .on_lru = true,
        .fair = true,
    };

    gfs2_jdata_init(jdata, &start);
    if (jdata->mapping.slot[0])
        give_memory(jdata->mapping.slot[0]);
}

/* With a reference on the buffer.  A new page is nobody else's while it is locked. */
static struct buffer_head *gfs2_getbuf(struct address_space *mapping)
{
    struct buffer_head *bh;
    struct folio *folio;

    HD_CALL("gfs2_getbuf");
    folio = filemap_grab_folio(mapping, 0);
    bh = folio_buffers(folio);
    if (!bh) {
        if (!folio->memory)
            give_memory(folio);
        bh = create_empty_buffers(folio);
        set_buffer_mapped(bh);
    }
    get_bh(bh);
    folio_unlock(folio);
    folio_put(folio);
    return bh;
}

static struct buffer_head *gfs2_meta_inode_buffer(struct address_space *mapping)
{
    struct buffer_head *bh;

    HD_CALL("gfs2_meta_inode_buffer");
    bh = gfs2_getbuf(mapping);
    if (!buffer_uptodate(bh))
        (void)bh_read(bh);
    return bh;
}

static struct inline_data *gfs2_iomap_begin(struct address_space *mapping,
                                            struct buffer_head **ret_dibh)
{
    struct buffer_head *dibh;
    struct inline_data *data;

    HD_CALL("gfs2_iomap_begin");
    dibh = gfs2_meta_inode_buffer(mapping);
    data = dibh->b_folio->memory;
    if (hd_variant() == RELEASED)
        brelse(dibh); /* release_metapath() */
    *ret_dibh = dibh;
    return data;
}

static void gfs2_iomap_end(struct buffer_head *dibh)
{
    HD_CALL("gfs2_iomap_end");
    if (hd_variant() != RELEASED)
        brelse(dibh);
}

static void iomap_read_inline_data(struct inline_data *inline_data)
{
    HD_CALL("iomap_read_inline_data");
    (void)hd_read_once(&inline_data->data);
}

static void iomap_write_end_inline(struct inline_data *inline_data)
{
    HD_CALL("iomap_write_end_inline");
    hd_write_once(&inline_data->data, JDATA_NEW_DATA);
}

static void writer(void *state, unsigned instance)
{
    struct gfs2_jdata *jdata = state;
    struct inline_data *inline_data;
    struct buffer_head *dibh;

    (void)instance;
    inline_data = gfs2_iomap_begin(&jdata->mapping, &dibh);
    gfs2_trans_begin(&jdata->sd); /* gfs2_iomap_page_prepare() */
    if (!hd_param(UPTODATE))
        iomap_read_inline_data(inline_data);
    iomap_write_end_inline(inline_data);
    gfs2_trans_end(&jdata->sd); /* gfs2_iomap_page_done() */
    gfs2_iomap_end(dibh);
}

static void reclaimer(void *state, unsigned instance)
{
    (void)instance;
    gfs2_jdata_reclaim(state, (enum gfs2_jdata_reclaim)hd_param(RECLAIM));
}

static const struct hd_role_info roles[] = {
    { .name = "writer", .summary = "write(2) to a small file", .run = writer },
    { .name = "reclaimer", .summary = "memory pressure, see the key reclaim", .run = reclaimer },
    { .name = "completion", .summary = "I/O completion, in interrupt context", .kind = HD_SERVICE,
      .serve = gfs2_jdata_completion,
      .queue_offset = offsetof(struct gfs2_jdata, bdev.queue) },
    { NULL }
};

#define EVERYWHERE(name) { name, name, name }
static const struct hd_landmark_info landmarks[] = {
    { "begin", EVERYWHERE("gfs2_iomap_begin") },
    { "trans-begin", EVERYWHERE("gfs2_trans_begin") },
    { "copy", EVERYWHERE("iomap_write_end_inline") },
    { "release", EVERYWHERE("gfs2_release_folio") },
    { NULL }
};

static const char *const kinds[] = GFS2_KINDS;
static const char *const marks[] = GFS2_MARKS;

#define FIRES(variant) { variant, "use-after-free", "iomap_write_end_inline" }
#define READS(variant) { variant, "use-after-free", "iomap_read_inline_data" }
#define HOLDS(variant) { variant, "holds", NULL }

static const struct hd_workload_info workloads[] = {
    { "write", "a write to a small file, and memory pressure", "",
      { FIRES("released"), HOLDS("referenced"), FIRES("mutant-no-count-test") } },
    { "read-first", "the file's own page must be filled first", "uptodate=0",
      { READS("released"), HOLDS("referenced") } },
    { "drop-caches", "drop_caches: nobody has a reference on the dinode's page",
      "reclaim=drop-caches", { FIRES("released"), HOLDS("referenced") } },
    { "active-list", "active folios lose their buffers, not their memory", "reclaim=active",
      { HOLDS("released"), HOLDS("referenced") } },
    { "fresh", "the dinode's page has just been read: it is on no list yet", "cached=0",
      { HOLDS("released"), HOLDS("referenced") } },
    { NULL }
};

const struct hd_scenario gfs2_inline_data = {
    .name = "gfs2-inline-data",
    .summary = "a write to a file whose data lies in its dinode's block",
    .passport = {
        .source = "Linux 5.2 to 6.12: fs/gfs2/bmap.c, meta_io.c, aops.c, fs/iomap/buffered-io.c, "
                  "mm/vmscan.c",
        .functions = "writer: gfs2_iomap_begin, gfs2_meta_inode_buffer, gfs2_getbuf, "
                     "release_metapath, gfs2_trans_begin, iomap_read_inline_data, "
                     "iomap_write_end_inline, gfs2_trans_end, gfs2_iomap_end.  reclaimer: as in "
                     "gfs2-jdata-write",
        .kept = "the dinode's folio with its lock, references and LRU flag; its buffer, with "
                "b_count; its memory, freed with the page; every gate of reclaim",
        .left_out = "the file's own page: the writer has it locked, nobody else looks.  What marks "
                    "the dinode dirty after the copy: it looks the buffer up again, with a "
                    "reference of its own.  i_rwsem and the glock: the writer holds them, reclaim "
                    "asks for neither.  The metadata's writepage: the block is clean",
        .invariants = "V1 no access to freed memory; V5 every buffer reference is dropped",
        .reference = "kernel commit faddeb848305, which fixes d0a22a4b03b8 (2019); both Debian "
                     "kernels have it.  Fewest preemptions: one",
        .evidence = HD_STATED_IN_MAIL,
    },
    .variants = variants,
    .params = params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .kinds = kinds,
    .marks = marks,
    .vary = "uptodate reclaim cached reclaimer reclaimer.after writer.after",
    .state_bytes = sizeof(struct gfs2_jdata),
    .setup = setup,
    .check = gfs2_jdata_check,
};
