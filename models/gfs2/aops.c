/* SPDX-License-Identifier: GPL-2.0-only */
/* Journaled data and the page cache: fs/gfs2/aops.c, Linux 6.1, and gfs2_trans_add_databufs() of
 * 6.12. */
#include "gfs2/gfs2.h"

/*
 * Every buffer that takes part joins the open transaction.  BH_Uptodate is set first; where that
 * changes anything, nobody has filled the block: false, and no more is added.
 */
static bool add_databufs(struct gfs2_inode *ip, struct buffer_head *head, uint32_t size,
                         uint32_t from, uint32_t to)
{
    struct buffer_head *bh = head;
    uint32_t start = 0;

    do {
        if (start >= to)
            break;
        if (block_overlaps(start, start + size, from, to)) {
            bool before = set_buffer_uptodate(bh);

            if (!before)
                return false;
            gfs2_trans_add_data(ip->i_gl, bh);
        }
        start += size;
        bh = next_buffer(bh);
    } while (bh != head);
    return true;
}

#define CHECK_READ(all_read)                                                                       \
    HD_CHECK(all_read, "unread-block-journaled",                                                   \
             "set_buffer_uptodate() on a block that was neither read nor written")

/*
 * page_buffers() is a BUG_ON(!PagePrivate(page)) and a read of page->private.  Here that is one
 * read: between the two a release would show as a NULL pointer in place of the BUG, for the same
 * reason.
 */
void gfs2_page_add_databufs(struct gfs2_inode *ip, struct folio *folio,
                            uint32_t from, uint32_t len)
{
    struct buffer_head *head;
    uint32_t size;
    bool all_read;

    HD_CALL("gfs2_page_add_databufs");
    head = folio_buffers(folio);
    HD_CHECK(head != NULL, "buffers-missing", "page_buffers(): BUG_ON(!PagePrivate(page))");
    size = hd_read_once(&head->b_size);
    all_read = add_databufs(ip, head, size, from, from + len);
    CHECK_READ(all_read);
}

void gfs2_trans_add_databufs(struct gfs2_inode *ip, struct folio *folio,
                             uint32_t from, uint32_t len)
{
    struct buffer_head *head;
    uint32_t size;
    bool all_read;

    HD_CALL("gfs2_trans_add_databufs");
    head = folio_buffers(folio);
    HD_CHECK(head != NULL, "buffers-missing", "folio_buffers() is NULL");
    size = hd_read_once(&head->b_size);
    all_read = add_databufs(ip, head, size, from, from + len);
    CHECK_READ(all_read);
}

/* R7 for one buffer.  BH_Lock is not looked at. */
static bool cannot_release(struct buffer_head *bh, const struct address_space *mapping)
{
    struct gfs2_bufdata *bd;
    int32_t count = hd_read_once(&bh->b_count);

    if (count && has_gate(mapping, GATE_B_COUNT))
        return true;
    bd = hd_read_once(&bh->b_private);
    if (bd && hd_read_once(&bd->bd_tr))
        return true;
    if (buffer_dirty(bh) && has_gate(mapping, GATE_DIRTY))
        return true;
    return buffer_pinned(bh); /* the kernel warns as well */
}

/* R8 for one buffer.  A bd on a transaction's list can't be here: its buffer is pinned, under
 * the same lock.  One that waits as a revoke isn't either: no buffer points to it. */
static void release_bufdata(struct buffer_head *bh)
{
    struct gfs2_bufdata *bd = hd_read_once(&bh->b_private);

    if (!bd)
        return;
    hd_write_once(&bd->bd_bh, NULL);
    hd_write_once(&bh->b_private, NULL);
    hd_free(bd);
}

static bool gfs2_release_folio(struct folio *folio)
{
    struct gfs2_sbd *sdp = GFS2_I(folio->mapping->host)->i_gl->gl_sbd;
    struct buffer_head *head, *bh;

    HD_CALL("gfs2_release_folio");
    head = bh = folio_buffers(folio);
    if (!head)
        return false;
    gfs2_log_lock(sdp);
    do { /* R7 */
        if (cannot_release(bh, folio->mapping)) {
            gfs2_log_unlock(sdp);
            return false;
        }
        bh = next_buffer(bh);
    } while (bh != head);
    do { /* R8 */
        release_bufdata(bh);
        bh = next_buffer(bh);
    } while (bh != head);
    gfs2_log_unlock(sdp);
    return try_to_free_buffers(folio); /* R9 .. R12: a gap lies before it */
}

static void gfs2_discard(struct gfs2_sbd *sdp, struct buffer_head *bh)
{
    struct gfs2_bufdata *bd;

    HD_CALL("gfs2_discard");
    lock_buffer(bh);
    gfs2_log_lock(sdp);
    clear_buffer_dirty(bh);
    bd = hd_read_once(&bh->b_private);
    if (bd) {
        hd_spin_lock(&sdp->sd_ail_lock);
        gfs2_remove_from_journal(sdp, bh);
        hd_spin_unlock(&sdp->sd_ail_lock);
    }
    clear_buffer_mapped(bh);
    gfs2_log_unlock(sdp);
    unlock_buffer(bh);
}

/* Of a whole folio.  Dirty buffers are no obstacle: they are made clean. */
static void gfs2_invalidate_folio(struct folio *folio)
{
    struct gfs2_sbd *sdp = GFS2_I(folio->mapping->host)->i_gl->gl_sbd;
    struct buffer_head *head, *bh;

    HD_CALL("gfs2_invalidate_folio");
    folio_clear_checked(folio);
    head = bh = folio_buffers(folio);
    while (bh) {
        gfs2_discard(sdp, bh);
        bh = next_buffer(bh);
        if (bh == head)
            break;
    }
    (void)filemap_release_folio(folio);
}

/* PG_checked: "journal me at writeback". */
static void jdata_dirty_folio(struct folio *folio)
{
    HD_CALL("jdata_dirty_folio");
    if (gfs2_current()->journal_info)
        folio_set_checked(folio);
}

/* A folio that was dirtied inside a transaction (PG_checked) is journaled first. */
static void __gfs2_jdata_writepage(struct folio *folio)
{
    HD_CALL("__gfs2_jdata_writepage");
    if (folio_test_checked(folio)) {
        folio_clear_checked(folio);
        if (!folio_has_private(folio))
            (void)create_empty_buffers(folio);
        gfs2_page_add_databufs(GFS2_I(folio->mapping->host), folio, 0, FOLIO_SIZE);
    }
    __block_write_full_page(folio);
}

/* kswapd's way, outside any transaction: what wants journaling is not for it. */
static void gfs2_jdata_writepage(struct folio *folio)
{
    HD_CALL("gfs2_jdata_writepage");
    if (folio_test_checked(folio)) {
        (void)folio_test_set_dirty(folio);
        folio_unlock(folio);
        return;
    }
    __gfs2_jdata_writepage(folio);
}

const struct address_space_operations gfs2_jdata_aops = {
    .release_folio = gfs2_release_folio,
    .writepage = gfs2_jdata_writepage,
    .invalidate_folio = gfs2_invalidate_folio,
    .dirty_folio = jdata_dirty_folio,
};

/* WB_SYNC_NONE: a folio that is under writeback already is passed over. */
static void gfs2_write_jdata_pagevec(struct gfs2_sbd *sdp, struct folio *folio)
{
    HD_CALL("gfs2_write_jdata_pagevec");
    gfs2_trans_begin(sdp);
    folio_lock(folio);
    if (!folio_test_dirty(folio) || folio_test_writeback(folio) || !folio_clear_dirty_for_io(folio))
        folio_unlock(folio);
    else
        __gfs2_jdata_writepage(folio);
    gfs2_trans_end(sdp);
}

/* The look at PG_dirty stands for the search by the xarray's dirty tag, which is set after it and
 * cleared later than it. */
void gfs2_jdata_writepages(struct address_space *mapping, uint64_t index)
{
    struct gfs2_sbd *sdp = GFS2_I(mapping->host)->i_gl->gl_sbd;
    struct folio *folio;

    HD_CALL("gfs2_jdata_writepages");
    folio = filemap_get_folio(mapping, index);
    if (!folio)
        return;
    if (folio_test_dirty(folio))
        gfs2_write_jdata_pagevec(sdp, folio);
    folio_put(folio);
}
