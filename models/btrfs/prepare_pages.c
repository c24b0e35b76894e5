/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * btrfs-prepare-pages: a second look that looks at too little.
 *
 * A write into a folio that isn't up to date has it read, and the end of the read unlocks it.  When
 * the writer has the lock again it sees that the folio is still the file's, but reclaim may have
 * taken its private data in between: a folio with a reference stays in the page cache without.
 */
#include "kernel/reclaim.h"

enum param { POS, UPTODATE, RECLAIM };
enum variant { WEAK_RECHECK, FULL_RECHECK, EARLY_RECHECK };
enum reclaim { RECLAIM_DIRECT, RECLAIM_DROP_CACHES };

static const char *const reclaims[] = { "direct", "drop-caches" };

static const struct hd_param_info params[] = {
    [POS] = { "pos", "where the write starts, bytes", 100, 0, FOLIO_SIZE - 1 },
    [UPTODATE] = { "uptodate", "the cached folio is up to date", 0, 0, 1 },
    [RECLAIM] = { "reclaim", "what the reclaimer is", RECLAIM_DIRECT, 0, 1, reclaims },
    { NULL }
};

static const struct hd_variant_info variants[] = {
    { "weak-recheck", "after the read: is the folio still the file's?", HD_BROKEN },
    { "full-recheck", "and does it still have its private data?", HD_FIXED },
    { "mutant-early-recheck", "the same, but the private data is looked at before the lock",
      HD_MUTANT },
    { NULL }
};

/* What btrfs keeps of the blocks of a folio; folio->private points to it. */
struct btrfs_subpage {
    uint8_t dirty;
};

struct btrfs_file {
    struct address_space mapping;
    struct inode inode;
    struct lruvec lruvec;
    struct hd_queue bios; /* of folios under read */
};

/* The field's type is the one that most filesystems use. */
static struct btrfs_subpage *folio_subpage(struct folio *folio)
{
    return (struct btrfs_subpage *)(void *)folio_buffers(folio);
}

static void set_page_extent_mapped(struct folio *folio)
{
    struct btrfs_subpage *subpage;

    HD_CALL("set_page_extent_mapped");
    if (folio_has_private(folio))
        return;
    subpage = hd_new(struct btrfs_subpage);
    folio_attach_private(folio, (struct buffer_head *)(void *)subpage);
}

static bool btrfs_release_folio(struct folio *folio)
{
    struct btrfs_subpage *subpage;

    HD_CALL("btrfs_release_folio");
    if (folio_test_writeback(folio) || folio_test_dirty(folio))
        return false;
    subpage = folio_subpage(folio);
    if (!subpage)
        return true;
    folio_detach_private(folio);
    hd_free(subpage);
    return true;
}

static const struct address_space_operations btrfs_aops = { .release_folio = btrfs_release_folio };

static void end_page_read(void *state, void *item)
{
    struct folio *folio = item;

    (void)state;
    HD_CALL("end_bio_extent_readpage");
    folio_set_uptodate(folio);
    folio_unlock(folio);
}

/* ---- The writer ------------------------------------------------------------------------------ */

/* False: -EAGAIN, and the folio is unlocked. */
static bool prepare_uptodate_page(struct btrfs_file *file, struct folio *folio)
{
    bool private;

    HD_CALL("prepare_uptodate_page");
    if (hd_param(POS) % FOLIO_SIZE == 0)
        return true; /* all of it will be written */
    if (folio_test_uptodate(folio))
        return true;
    hd_push(&file->bios, folio); /* btrfs_read_folio(); its end unlocks the folio */
    private = hd_variant() != EARLY_RECHECK || folio_has_private(folio);
    folio_lock(folio);
    if (hd_variant() == FULL_RECHECK)
        private = folio_has_private(folio);
    if (folio->mapping == &file->mapping && private)
        return true;
    folio_unlock(folio);
    return false;
}

static struct folio *prepare_pages(struct btrfs_file *file)
{
    struct folio *folio;

    HD_CALL("prepare_pages");
    for (;;) {
        folio = filemap_grab_folio(&file->mapping, 0);
        set_page_extent_mapped(folio);
        if (prepare_uptodate_page(file, folio))
            return folio;
        folio_put(folio);
    }
}

static void btrfs_dirty_pages(struct folio *folio)
{
    struct btrfs_subpage *subpage;

    HD_CALL("btrfs_dirty_pages");
    subpage = folio_subpage(folio);
    HD_CHECK(subpage != NULL, "private-missing", "btrfs_subpage_assert(): PagePrivate(page)");
    hd_write_once(&subpage->dirty, 1);
    (void)folio_test_set_dirty(folio);
}

static void btrfs_buffered_write(void *state, unsigned instance)
{
    struct btrfs_file *file = state;
    struct folio *folio;

    (void)instance;
    HD_CALL("btrfs_buffered_write");
    folio = prepare_pages(file);
    folio_set_uptodate(folio); /* the copy completes it, if the read has not */
    btrfs_dirty_pages(folio);
    folio_unlock(folio);
    folio_put(folio);
}

static void reclaimer(void *state, unsigned instance)
{
    struct btrfs_file *file = state;

    (void)instance;
    if (hd_param(RECLAIM) == RECLAIM_DROP_CACHES)
        invalidate_mapping_pages(&file->mapping);
    else
        shrink_inactive_list(&file->lruvec, false);
}

/* ---- Set-up and end -------------------------------------------------------------------------- */

static void setup(void *state)
{
    struct btrfs_file *file = state;
    struct folio *folio = folio_alloc(&file->mapping, 0);

    file->inode = (struct inode){ .i_size = FOLIO_SIZE, .i_mapping = &file->mapping,
                                  .block_size = FOLIO_SIZE };
    file->mapping.a_ops = &btrfs_aops;
    file->mapping.host = &file->inode;
    file->mapping.gates = GATES_ALL;
    file->mapping.slot[0] = folio;
    folio->uptodate = (uint8_t)hd_param(UPTODATE);
    set_page_extent_mapped(folio);
    file->lruvec.mapping = &file->mapping;
    lruvec_add_folio(&file->lruvec, folio);
    hd_name(&file->mapping.i_pages, "i_pages", -1);
    hd_name(&file->mapping.slot[0], "page_cache", 0);
    hd_name(&file->bios, "bio_queue", -1);
}

static void check(void *state)
{
    const struct btrfs_file *file = state;
    const struct folio *folio = file->mapping.slot[0];

    HD_CHECK(folio && folio->dirty && folio->private, "data-lost", "what was written is not dirty");
    HD_CHECK(folio->ref.count == 2, "reference-left",
             "a folio's count is not what page cache and private data hold");
    hd_owned(folio->private);
}

static const struct hd_role_info roles[] = {
    { .name = "writer", .summary = "write(2)", .run = btrfs_buffered_write },
    { .name = "completion", .summary = "the end of a read, which unlocks the folio",
      .kind = HD_SERVICE, .serve = end_page_read,
      .queue_offset = offsetof(struct btrfs_file, bios) },
    { .name = "reclaimer", .summary = "memory pressure, see the key reclaim", .run = reclaimer },
    { NULL }
};

#define EVERYWHERE(name) { name, name, name }
static const struct hd_landmark_info landmarks[] = {
    { "prepare", EVERYWHERE("prepare_pages") },
    { "uptodate", EVERYWHERE("prepare_uptodate_page") },
    { "dirty", EVERYWHERE("btrfs_dirty_pages") },
    { "shrink", EVERYWHERE("shrink_folio_list") },
    { "release", EVERYWHERE("btrfs_release_folio") },
    { NULL }
};

static const char *const kinds[] = { "private-missing", "data-lost", "reference-left", NULL };

#define HOLDS(variant) { variant, "holds", NULL }
#define FIRES(variant) { variant, "private-missing", "btrfs_dirty_pages" }

static const struct hd_workload_info workloads[] = {
    { "partial", "a write inside a folio that must be read", "",
      { FIRES("weak-recheck"), HOLDS("full-recheck"), FIRES("mutant-early-recheck") } },
    { "aligned", "negative: a write from the start on, which needs no read", "pos=0",
      { HOLDS("weak-recheck"), HOLDS("full-recheck"), HOLDS("mutant-early-recheck") } },
    { "uptodate", "negative: the folio is up to date, which needs no read", "uptodate=1",
      { HOLDS("weak-recheck"), HOLDS("full-recheck"), HOLDS("mutant-early-recheck") } },
    { "drop-caches", "negative: drop_caches counts references, and the writer has one",
      "reclaim=drop-caches",
      { HOLDS("weak-recheck"), HOLDS("full-recheck"), HOLDS("mutant-early-recheck") } },
    { NULL }
};

const struct hd_scenario btrfs_prepare_pages = {
    .name = "btrfs-prepare-pages",
    .summary = "a btrfs write whose folio is read, against reclaim of its private data",
    .passport = {
        .source = "Linux 5.15: fs/btrfs/file.c, extent_io.c, subpage.c, inode.c; mm/vmscan.c",
        .functions = "writer: btrfs_buffered_write, prepare_pages, set_page_extent_mapped, "
                     "prepare_uptodate_page, btrfs_dirty_pages.  completion: "
                     "end_bio_extent_readpage.  reclaimer: shrink_inactive_list, "
                     "shrink_folio_list, filemap_release_folio, btrfs_release_folio, "
                     "__remove_mapping; or mapping_evict_folio",
        .kept = "the folio lock, that the read unlocks it, references, PG_dirty, PG_uptodate, the "
                "private data and its memory, the page cache, every gate of reclaim",
        .left_out = "The extent lock and the extent map: they decide whether a folio may be "
                    "released at all, and refuse only while a range is locked, which in this gap "
                    "it is not yet.  Space reservation: before the gap.  Read errors: they end "
                    "the write.  Truncation, which the weak look was made for and stops: folios "
                    "here leave the cache by reclaim alone.  Writeback: a folio that it could "
                    "write is dirty, and then the writer is through",
        .invariants = "V2 the folio that is dirtied has its private data; V1 V4 V5 V6",
        .reference = "kernel commit e0467866198f, found by generic/095.  Preemptions: none, the "
                     "writer sleeps for the read",
        .evidence = HD_STATED_IN_MAIL,
    },
    .variants = variants,
    .params = params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .kinds = kinds,
    .vary = "pos uptodate reclaim reclaimer reclaimer.after",
    .state_bytes = sizeof(struct btrfs_file),
    .setup = setup,
    .check = check,
};
