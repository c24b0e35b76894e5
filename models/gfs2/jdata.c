/* SPDX-License-Identifier: GPL-2.0-only */
/* A journaled-data file: set-up, actors, final check. */
#include "gfs2/jdata.h"

/* ---- Set-up ---------------------------------------------------------------------------------- */

static void map_to_i_size(struct folio *folio, uint64_t i_size)
{
    struct buffer_head *head = create_empty_buffers(folio), *bh = head;

    do {
        bh->mapped = (uint64_t)bh->b_blocknr * bh->b_size < i_size &&
                     !(folio->mapping->host->holes & 1u << bh->b_blocknr);
        bh = bh->b_this_page;
    } while (bh != head);
}

/* A block that was journaled, flushed to the log and written in place: the AIL has the last
 * reference. */
static void put_on_ail(struct gfs2_jdata *jdata, struct buffer_head *bh)
{
    struct gfs2_bufdata *bd = hd_new(struct gfs2_bufdata);

    *bd = (struct gfs2_bufdata){ .bd_bh = bh, .bd_gl = &jdata->gl, .bd_tr = &jdata->sd.flushed };
    bh->b_private = bd;
    bh->b_count = 1;
    gfs2_list_add(&jdata->gl.gl_ail, bd);
    gfs2_name_bufdata(bd, (int)bh->b_blocknr);
}

/* Bits of blocks that the folio doesn't have, or that lie beyond the end of the file, say
 * nothing. */
static void put_blocks_on_ail(struct gfs2_jdata *jdata, struct folio *folio, uint8_t blocks)
{
    struct buffer_head *bh = folio->private;
    uint32_t count = bh ? FOLIO_SIZE / bh->b_size : 0;

    for (uint32_t i = 0; i < count; i++, bh = bh->b_this_page)
        if (bh->mapped && blocks & 1u << i)
            put_on_ail(jdata, bh);
}

static void cache_folio(struct gfs2_jdata *jdata, const struct gfs2_jdata_setup *setup,
                        uint64_t index)
{
    struct folio *folio;

    if (index >= MAPPING_FOLIOS || jdata->mapping.slot[index])
        return;
    folio = folio_alloc(&jdata->mapping, index);
    jdata->mapping.slot[index] = folio;
    folio->uptodate = setup->uptodate;
    folio->reclaim = setup->reclaim;
    for (unsigned i = 0; setup->uptodate && i < FOLIO_SIZE / setup->block_size; i++) {
        uint32_t block = (uint32_t)index * (FOLIO_SIZE / setup->block_size) + i;

        folio->data[i] = setup->holes & 1u << block ? 0 : JDATA_OLD_DATA;
    }
    if (setup->buffers)
        map_to_i_size(folio, setup->i_size);
    if (setup->on_lru)
        lruvec_add_folio(&jdata->lruvec, folio);
}

static void name_filesystem(const struct gfs2_jdata *jdata)
{
    hd_name(&jdata->sd.sd_log_flush_lock, "sd_log_flush_lock", -1);
    hd_name(&jdata->sd.sd_log_lock, "sd_log_lock", -1);
    hd_name(&jdata->sd.sd_ail_lock, "sd_ail_lock", -1);
    hd_name(&jdata->mapping.i_pages, "i_pages", -1);
    hd_name(&jdata->mapping.private_lock, "private_lock", -1);
    hd_name(&jdata->inode.i_inode.i_size, "i_size", -1);
    hd_name(&jdata->bdev.queue, "bio_queue", -1);
    for (int i = 0; i < (int)MAPPING_FOLIOS; i++)
        hd_name(&jdata->mapping.slot[i], "page_cache", i);
    for (int i = 0; i < (int)DEVICE_BLOCKS; i++) {
        hd_name(&jdata->bdev.disk->block[i], "disk", i);
        hd_name(&jdata->sd.sd_jdisk->block[i], "log", i);
    }
}

static void init_filesystem(struct gfs2_jdata *jdata, const struct gfs2_jdata_setup *setup)
{
    jdata->sd.sd_log_flush_lock.fair = setup->fair;
    jdata->sd.sb_synchronous = setup->synchronous;
    jdata->sd.clears_redirtied = setup->clears_redirtied;
    jdata->sd.direct_reclaim = setup->direct_reclaim ? &jdata->lruvec : NULL;
    jdata->sd.sd_jdisk = hd_disk_new(DEVICE_BLOCKS);
    jdata->bdev.disk = hd_disk_new(DEVICE_BLOCKS);
    for (unsigned block = 0; block < DEVICE_BLOCKS; block++)
        jdata->bdev.disk->block[block] = jdata->sd.sd_jdisk->block[block] = JDATA_OLD_DATA;
    jdata->bdev.unreadable = setup->unreadable;
    jdata->gl.gl_sbd = &jdata->sd;
    jdata->inode.i_gl = &jdata->gl;
    jdata->inode.i_inode.i_size = setup->i_size;
    jdata->inode.i_inode.i_mapping = &jdata->mapping;
    jdata->inode.i_inode.block_size = setup->block_size;
    jdata->inode.i_inode.holes = setup->holes;
    jdata->mapping.a_ops = &gfs2_jdata_aops;
    jdata->mapping.bdev = &jdata->bdev;
    jdata->mapping.host = &jdata->inode.i_inode;
    jdata->mapping.gates = setup->gates;
    jdata->lruvec.mapping = &jdata->mapping;
    name_filesystem(jdata);
}

/* A user's store, that only the page table knows of so far. */
static void store_by_mapping(struct gfs2_jdata *jdata, const struct gfs2_jdata_setup *setup)
{
    uint64_t index = (setup->i_size - 1) / FOLIO_SIZE;
    struct folio *folio = jdata->mapping.slot[index];

    jdata->mapping.i_mmap = &jdata->pages;
    jdata->pages.pte[0][index] = (struct pte){ .folio = folio, .write = true, .dirty = true };
    folio->ref.count++;
    folio->data[0] = JDATA_NEW_DATA;
    hd_name(&jdata->pages.lock, "page_table.lock", -1);
}

void gfs2_jdata_init(struct gfs2_jdata *jdata, const struct gfs2_jdata_setup *setup)
{
    uint32_t room = FOLIO_SIZE - (uint32_t)(setup->pos % FOLIO_SIZE);

    init_filesystem(jdata, setup);
    jdata->writers = setup->writers ? setup->writers : 1;
    for (unsigned i = 0; i < jdata->writers; i++)
        jdata->write[i] = (struct iomap_write){
            .order = setup->order,
            .inode = &jdata->inode.i_inode,
            .pos = setup->pos,
            .len = setup->len < room ? setup->len : room, /* B2 */
            .readable = setup->readable,
            .data = JDATA_NEW_DATA + i,
        };
    if (!setup->cached)
        return;
    cache_folio(jdata, setup, write_index(jdata->write));
    if (setup->i_size)
        cache_folio(jdata, setup, (setup->i_size - 1) / FOLIO_SIZE);
    put_blocks_on_ail(jdata, jdata->mapping.slot[write_index(jdata->write)], setup->ail);
    if (setup->mapped_dirty)
        store_by_mapping(jdata, setup);
}

/* ---- Actors ---------------------------------------------------------------------------------- */

void gfs2_jdata_writer(void *state, unsigned instance)
{
    struct gfs2_jdata *jdata = state;

    if (jdata->writers > 1)
        hd_down_write(&jdata->i_rwsem);
    iomap_write_iter(&jdata->write[instance]);
    if (jdata->writers > 1)
        hd_up_write(&jdata->i_rwsem);
}

void gfs2_jdata_flusher(void *state, unsigned instance)
{
    struct gfs2_jdata *jdata = state;

    (void)instance;
    gfs2_jdata_writepages(&jdata->mapping, write_index(jdata->write));
}

void gfs2_jdata_logd(void *state, unsigned instance)
{
    struct gfs2_jdata *jdata = state;

    (void)instance;
    HD_CALL("gfs2_logd");
    gfs2_log_flush(&jdata->sd);
}

void gfs2_jdata_reclaim(struct gfs2_jdata *jdata, enum gfs2_jdata_reclaim how)
{
    switch (how) {
    case RECLAIM_KSWAPD:
        shrink_inactive_list(&jdata->lruvec, true);
        break;
    case RECLAIM_ACTIVE:
        shrink_active_list(&jdata->lruvec);
        break;
    case RECLAIM_DROP_CACHES:
        invalidate_mapping_pages(&jdata->mapping);
        break;
    case RECLAIM_FADVISE:
        gfs2_jdata_flusher(jdata, 0); /* __filemap_fdatawrite_range(), WB_SYNC_NONE */
        invalidate_mapping_pages(&jdata->mapping);
        break;
    case RECLAIM_DIRECT:
    case RECLAIM_WORDS:
        shrink_inactive_list(&jdata->lruvec, false);
        break;
    }
}

void gfs2_jdata_completion(void *state, void *item)
{
    (void)state;
    end_bio_bh_io_sync(item);
}

/* The part of gfs2_fsync() after its own writeback: that came before the writer's transaction. */
void gfs2_jdata_fsync(void *state, unsigned instance)
{
    struct gfs2_jdata *jdata = state;

    (void)instance;
    HD_CALL("gfs2_fsync");
    gfs2_ail_flush(&jdata->gl);
}

/* ---- The end: plain C, nobody else runs ------------------------------------------------------ */

static bool on_ail(const struct buffer_head *bh)
{
    const struct gfs2_bufdata *bd = bh->b_private;

    return bd && bd->bd_tr;
}

/*
 * The log has just been flushed: what is journaled is in it, and dirty or written in place.  A
 * clean buffer is what the disk has, unless a short copy has put data into it that was not
 * accepted: the caller is to write that once more.  A block wholly beyond the end of the file is
 * never written, though it may have been filled and dirtied: see claim_buffer().
 */
static void check_buffer(const struct buffer_head *bh, bool excused)
{
    const struct folio *folio = bh->b_folio;
    const struct hd_disk *disk = folio->mapping->bdev->disk;

    HD_CHECK(!bh->pinned, "data-lost", "a pinned buffer belongs to no transaction");
    HD_CHECK(!bh->dirty || folio->dirty, "data-lost", "nobody looks for a dirty buffer here");
    HD_CHECK(bh->b_count == on_ail(bh), "reference-left", "b_count is not what the AIL holds");
    if ((uint64_t)bh->b_blocknr * bh->b_size >= folio->mapping->host->i_size)
        excused = true;
    if (bh->mapped && bh->uptodate && !bh->dirty && !excused)
        HD_CHECK(disk->block[bh->b_blocknr] == *bh_data(bh), "data-lost",
                 "a clean buffer is not what the disk has");
    hd_owned(bh);
    if (bh->b_private)
        hd_owned(bh->b_private);
}

/* A store that only the page table knows of is not lost: protecting or unmapping the page finds
 * it. */
static bool stored_by_mapping(const struct page_table *pages, uint64_t index)
{
    bool dirty = false;

    for (unsigned task = 0; pages && task < PAGE_TABLE_TASKS; task++)
        dirty |= pages->pte[task][index].dirty;
    return dirty;
}

static void check_folio(const struct folio *folio, bool refused)
{
    const struct page_table *pages = folio->mapping->i_mmap;
    bool excused = refused || stored_by_mapping(pages, folio->index);
    const struct buffer_head *bh = folio->private;

    HD_CHECK(folio->ref.count == 1 + (bh != NULL) + page_mapcount(pages, folio),
             "reference-left", "a folio's count is not what page cache, buffers and tables hold");
    if (!bh)
        return;
    do {
        check_buffer(bh, excused);
        bh = bh->b_this_page;
    } while (bh != folio->private);
}

/* What was accepted is where check_buffer() has looked, or, without buffers, on the disk; or what a
 * later writer brought is. */
static void check_written(const struct gfs2_jdata *jdata, const struct iomap_write *write)
{
    uint32_t size = write->inode->block_size;
    const struct folio *folio = jdata->mapping.slot[write_index(write)];
    const struct buffer_head *bh = folio ? folio->private : NULL;
    uint64_t block = write->pos / size;

    if (!write->copied)
        return;
    for (; block <= (write->pos + write->copied - 1) / size; block++) {
        uint64_t data = jdata->bdev.disk->block[block];

        while (bh && bh->b_blocknr != block)
            bh = bh->b_this_page;
        if (bh)
            data = *bh_data(bh);
        HD_CHECK(data >= JDATA_NEW_DATA && data < JDATA_NEW_DATA + jdata->writers, "data-lost",
                 "a reader would not find what was accepted");
    }
}

/* First the log is flushed, as the next fsync or unmount would: a buffer that was freed with its
 * pin on comes to light there. */
void gfs2_jdata_check(void *state)
{
    struct gfs2_jdata *jdata = state;
    bool refused = false;

    for (unsigned i = 0; i < jdata->writers; i++)
        if (jdata->write[i].readable && !jdata->write[i].copied)
            refused = true;
    gfs2_log_flush(&jdata->sd);
    for (unsigned i = 0; i < MAPPING_FOLIOS; i++)
        if (jdata->mapping.slot[i])
            check_folio(jdata->mapping.slot[i], refused);
    for (unsigned i = 0; i < jdata->writers; i++)
        check_written(jdata, &jdata->write[i]);
}

/* ---- Power loss: plain C --------------------------------------------------------------------- */

/* The order in which contents come to a block: what was there, zeroes, the writers' in their
 * order.  Fresh memory, which nobody ever filled, is the last. */
static uint64_t rank(uint64_t content)
{
    if (content == JDATA_OLD_DATA)
        return 0;
    return content ? content : 1;
}

/* Recovery copies from the log to the places: a place that is older than the log becomes right. */
void gfs2_jdata_recover(const void *state)
{
    const struct gfs2_jdata *jdata = state;

    for (unsigned block = 0; block < DEVICE_BLOCKS; block++)
        HD_CHECK(rank(jdata->bdev.disk->block[block]) <= rank(jdata->sd.sd_jdisk->block[block]),
                 "in-place-before-journal",
                 "a block's place holds what no transaction in the log has");
}
