/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The orders under test: what iomap does after the copy and what gfs2's hooks do,
 * fs/iomap/buffered-io.c and fs/gfs2/bmap.c.  Read the four write_end functions side by side; they
 * differ in where folio_unlock() stands.
 */
#include "gfs2/gfs2.h"

static struct gfs2_sbd *sbd_of(const struct iomap_write *write)
{
    return GFS2_I(write->inode)->i_gl->gl_sbd;
}

static struct folio *grab_folio(const struct iomap_write *write)
{
    return filemap_grab_folio(write->inode->i_mapping, write_index(write));
}

/* E5, where the order has it. */
static void isize_extended(const struct iomap_write *write)
{
    if (write->old_size < write->pos)
        pagecache_isize_extended(write->inode, write->old_size, write->pos);
}

/* ---- old: 6.1.  iomap unlocks, the hook runs after that. ------------------------------------- */

static void gfs2_iomap_page_prepare(struct iomap_write *write)
{
    HD_CALL("gfs2_iomap_page_prepare");
    gfs2_trans_begin(sbd_of(write));
}

static struct folio *get_folio_old(struct iomap_write *write)
{
    gfs2_iomap_page_prepare(write);
    return grab_folio(write);
}

static void gfs2_iomap_page_done(struct iomap_write *write)
{
    HD_CALL("gfs2_iomap_page_done");
    gfs2_page_add_databufs(GFS2_I(write->inode), write->folio, write_offset(write), write->copied);
    gfs2_trans_end(sbd_of(write));
}

static void write_end_old(struct iomap_write *write)
{
    HD_CALL("iomap_write_end");
    block_write_end(write);
    iomap_update_i_size(write);
    folio_unlock(write->folio);  /* E4: the window opens */
    isize_extended(write);       /* E5 */
    gfs2_iomap_page_done(write); /* E6 */
    folio_put(write->folio);     /* E7 */
}

/* Out of luck: the hook gets no page, and only ends the transaction. */
static void begin_failed_old(struct iomap_write *write)
{
    folio_unlock(write->folio);
    folio_put(write->folio);
    gfs2_trans_end(sbd_of(write));
}

const struct iomap_order gfs2_order_old = { .get_folio = get_folio_old,
                                            .write_end = write_end_old,
                                            .begin_failed = begin_failed_old };

/* A mutant: after an error the hook gets the page as well. */
static void begin_failed_with_page(struct iomap_write *write)
{
    folio_unlock(write->folio);
    gfs2_iomap_page_done(write);
    folio_put(write->folio);
}

const struct iomap_order gfs2_order_page_on_error = { .get_folio = get_folio_old,
                                                      .write_end = write_end_old,
                                                      .begin_failed = begin_failed_with_page };

/* ---- literal: the suggestion of 2022, to call the hook as it is before the unlock. ----------- */

static void write_end_literal(struct iomap_write *write)
{
    HD_CALL("iomap_write_end");
    block_write_end(write);
    iomap_update_i_size(write);
    isize_extended(write);
    gfs2_iomap_page_done(write);
    folio_unlock(write->folio);
    folio_put(write->folio);
}

const struct iomap_order gfs2_order_literal = { .get_folio = get_folio_old,
                                                .write_end = write_end_literal };

/* ---- rfc-v2: unlock and put have moved into the hook, in the old order. ---------------------- */

static struct folio *gfs2_iomap_folio_prepare(struct iomap_write *write)
{
    HD_CALL("gfs2_iomap_folio_prepare");
    gfs2_trans_begin(sbd_of(write));
    return grab_folio(write);
}

static void gfs2_iomap_folio_done(struct iomap_write *write)
{
    HD_CALL("gfs2_iomap_folio_done");
    folio_unlock(write->folio);
    gfs2_page_add_databufs(GFS2_I(write->inode), write->folio, write_offset(write), write->copied);
    folio_put(write->folio);
    gfs2_trans_end(sbd_of(write));
}

/* Its helper for the old end of file protects the folio under write, without taking a lock. */
static void write_end_rfc_v2(struct iomap_write *write)
{
    HD_CALL("iomap_write_end");
    block_write_end(write);
    iomap_update_i_size(write);
    gfs2_iomap_folio_done(write);
}

const struct iomap_order gfs2_order_rfc_v2 = { .get_folio = gfs2_iomap_folio_prepare,
                                               .write_end = write_end_rfc_v2 };

/* ---- merged: 6.3.  The hook adds the buffers, unlocks, puts, ends the transaction. ----------- */

static struct folio *gfs2_iomap_get_folio(struct iomap_write *write)
{
    HD_CALL("gfs2_iomap_get_folio");
    gfs2_trans_begin(sbd_of(write));
    return grab_folio(write);
}

static void gfs2_iomap_put_folio(struct iomap_write *write)
{
    HD_CALL("gfs2_iomap_put_folio");
    gfs2_trans_add_databufs(GFS2_I(write->inode), write->folio, write_offset(write), write->copied);
    folio_unlock(write->folio);
    folio_put(write->folio);
    gfs2_trans_end(sbd_of(write));
}

static void write_end_merged(struct iomap_write *write)
{
    block_write_end(write);
    iomap_update_i_size(write);
    gfs2_iomap_put_folio(write);
    isize_extended(write); /* outside the transaction, and of every lock but i_rwsem */
}

/* With ->copied 0, the hook is what it always is. */
const struct iomap_order gfs2_order_merged = { .get_folio = gfs2_iomap_get_folio,
                                               .write_end = write_end_merged,
                                               .begin_failed = gfs2_iomap_put_folio };
