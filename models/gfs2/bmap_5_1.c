/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The order of Linux 5.1: fs/gfs2/bmap.c and fs/iomap.c.  The transaction is as long as the write,
 * and the hook has the folio after its last reference has gone.
 */
#include "gfs2/gfs2.h"

void gfs2_iomap_begin_5_1(struct gfs2_sbd *sdp)
{
    HD_CALL("gfs2_iomap_begin");
    gfs2_trans_begin(sdp);
}

void gfs2_iomap_end_5_1(struct gfs2_sbd *sdp)
{
    HD_CALL("gfs2_iomap_end");
    gfs2_trans_end(sdp);
}

static struct folio *get_folio_5_1(struct iomap_write *write)
{
    return filemap_grab_folio(write->inode->i_mapping, write_index(write));
}

/* The page is read through its struct page alone; whose it is by now, that doesn't say. */
static void gfs2_iomap_journaled_page_done(struct iomap_write *write)
{
    int32_t references;

    HD_CALL("gfs2_iomap_journaled_page_done");
    references = folio_ref_count(write->folio);
    HD_CHECK(references > 0, "page-freed", "page_done(): the page is free, or another's by now");
    gfs2_page_add_databufs(GFS2_I(write->inode), write->folio, write_offset(write), write->copied);
}

/* generic_write_end() unlocks and puts; then comes iomap's hook. */
static void write_end_5_1(struct iomap_write *write)
{
    HD_CALL("iomap_write_end");
    block_write_end(write);
    iomap_update_i_size(write);
    folio_unlock(write->folio);
    folio_put(write->folio);
    if (write->old_size < write->pos)
        pagecache_isize_extended(write->inode, write->old_size, write->pos);
    gfs2_iomap_journaled_page_done(write);
}

const struct iomap_order gfs2_order_linux_5_1 = { .get_folio = get_folio_5_1,
                                                  .write_end = write_end_5_1 };
