/* SPDX-License-Identifier: GPL-2.0-only */
/* A journaled-data file: set-up, actors, final check. */
#include "gfs2/jdata.h"

/* ---- Set-up ---------------------------------------------------------------------------------- */

static void map_to_i_size(struct folio *folio, uint64_t i_size)
{
    struct buffer_head *head = create_empty_buffers(folio), *bh = head;

    do {
        bh->mapped = (uint64_t)bh->b_blocknr * bh->b_size < i_size;
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
    for (unsigned block = 0; setup->uptodate && block < FOLIO_BLOCKS; block++)
        folio->data[block] = JDATA_OLD_DATA;
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
    jdata->sd.direct_reclaim = setup->direct_reclaim ? &jdata->lruvec : NULL;
    jdata->sd.sd_jdisk = hd_disk_new(DEVICE_BLOCKS);
    jdata->bdev.disk = hd_disk_new(DEVICE_BLOCKS);
    for (unsigned block = 0; block < DEVICE_BLOCKS; block++)
        jdata->bdev.disk->block[block] = JDATA_OLD_DATA;
    jdata->gl.gl_sbd = &jdata->sd;
    jdata->inode.i_gl = &jdata->gl;
    jdata->inode.i_inode.i_size = setup->i_size;
    jdata->inode.i_inode.i_mapping = &jdata->mapping;
    jdata->inode.i_inode.block_size = setup->block_size;
    jdata->mapping.a_ops = &gfs2_jdata_aops;
    jdata->mapping.bdev = &jdata->bdev;
    jdata->mapping.host = &jdata->inode.i_inode;
    jdata->mapping.gates = setup->gates;
    jdata->lruvec.mapping = &jdata->mapping;
    name_filesystem(jdata);
}

void gfs2_jdata_init(struct gfs2_jdata *jdata, const struct gfs2_jdata_setup *setup)
{
    uint32_t room = FOLIO_SIZE - (uint32_t)(setup->pos % FOLIO_SIZE);

    init_filesystem(jdata, setup);
    jdata->write = (struct iomap_write){
        .order = setup->order,
        .inode = &jdata->inode.i_inode,
        .pos = setup->pos,
        .len = setup->len < room ? setup->len : room, /* B2 */
        .readable = setup->readable,
        .data = JDATA_NEW_DATA,
    };
    if (!setup->cached)
        return;
    cache_folio(jdata, setup, write_index(&jdata->write));
    if (setup->i_size)
        cache_folio(jdata, setup, (setup->i_size - 1) / FOLIO_SIZE);
    put_blocks_on_ail(jdata, jdata->mapping.slot[write_index(&jdata->write)], setup->ail);
}

/* ---- Actors ---------------------------------------------------------------------------------- */

void gfs2_jdata_writer(void *state, unsigned instance)
{
    struct gfs2_jdata *jdata = state;

    (void)instance;
    iomap_write_iter(&jdata->write);
}

void gfs2_jdata_flusher(void *state, unsigned instance)
{
    struct gfs2_jdata *jdata = state;

    (void)instance;
    gfs2_jdata_writepages(&jdata->mapping, write_index(&jdata->write));
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
 * accepted: the caller is to write that once more.
 */
static void check_buffer(const struct buffer_head *bh, bool refused)
{
    const struct folio *folio = bh->b_folio;
    const struct hd_disk *disk = folio->mapping->bdev->disk;

    HD_CHECK(!bh->pinned, "data-lost", "a pinned buffer belongs to no transaction");
    HD_CHECK(!bh->dirty || folio->dirty, "data-lost", "nobody looks for a dirty buffer here");
    HD_CHECK(bh->b_count == on_ail(bh), "reference-left", "b_count is not what the AIL holds");
    if (bh->mapped && bh->uptodate && !bh->dirty && !refused)
        HD_CHECK(disk->block[bh->b_blocknr] == *bh_data(bh), "data-lost",
                 "a clean buffer is not what the disk has");
    hd_owned(bh);
    if (bh->b_private)
        hd_owned(bh->b_private);
}

static void check_folio(const struct folio *folio, bool refused)
{
    const struct buffer_head *bh = folio->private;

    HD_CHECK(folio->ref.count == 1 + (bh != NULL), "reference-left",
             "a folio's count is not what page cache and buffers hold");
    if (!bh)
        return;
    do {
        check_buffer(bh, refused);
        bh = bh->b_this_page;
    } while (bh != folio->private);
}

/* What was accepted is where check_buffer() has looked, or, without buffers, on the disk. */
static void check_written(const struct gfs2_jdata *jdata)
{
    const struct iomap_write *write = &jdata->write;
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
        HD_CHECK(data == JDATA_NEW_DATA, "data-lost", "a reader would not find what was accepted");
    }
}

/* First the log is flushed, as the next fsync or unmount would: a buffer that was freed with its
 * pin on comes to light there. */
void gfs2_jdata_check(void *state)
{
    struct gfs2_jdata *jdata = state;
    bool refused = jdata->write.readable && !jdata->write.copied;

    gfs2_log_flush(&jdata->sd);
    for (unsigned i = 0; i < MAPPING_FOLIOS; i++)
        if (jdata->mapping.slot[i])
            check_folio(jdata->mapping.slot[i], refused);
    check_written(jdata);
}
