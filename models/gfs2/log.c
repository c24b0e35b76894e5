/* SPDX-License-Identifier: GPL-2.0-only */
/* The log: fs/gfs2/lops.c, log.c and glops.c, Linux 6.1; 6.12 has the same. */
#include "gfs2/gfs2.h"

void gfs2_log_lock(struct gfs2_sbd *sdp)
{
    hd_spin_lock(&sdp->sd_log_lock);
}

void gfs2_log_unlock(struct gfs2_sbd *sdp)
{
    hd_spin_unlock(&sdp->sd_log_lock);
}

void gfs2_list_add(struct gfs2_list *list, struct gfs2_bufdata *bd)
{
    HD_CHECK(list->count < GFS2_LIST_MAX, "list-full", "the model's list is too short");
    list->item[list->count++] = bd;
}

static void list_del(struct gfs2_list *list, const struct gfs2_bufdata *bd)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (list->item[i] == bd) {
            list->item[i] = list->item[--list->count];
            return;
        }
}

/*
 * BH_Dirty gives way to BH_Pinned.  From here on the buffer cannot be freed, nor can any other of
 * its folio.  bh is bd->bd_bh, which is NULL once gfs2_release_folio() has taken the bd apart; so
 * the first access is to b_state as such, at offset 0.
 */
void gfs2_pin(struct gfs2_sbd *sdp, struct buffer_head *bh)
{
    struct gfs2_bufdata *bd;
    bool was_pinned;

    HD_CALL("gfs2_pin");
    hd_write_once((uint8_t *)bh, 0); /* clear_buffer_dirty() */
    was_pinned = test_set_buffer_pinned(bh);
    HD_CHECK(!was_pinned, "pin-refused", "the buffer is pinned already");
    HD_CHECK(buffer_uptodate(bh), "pin-refused", "the buffer is not up to date");
    bd = hd_read_once(&bh->b_private);
    hd_spin_lock(&sdp->sd_ail_lock);
    if (hd_read_once(&bd->bd_tr))
        hd_write_once(&bd->bd_tr, &sdp->flushed); /* from ail1 to ail2 of its transaction */
    hd_spin_unlock(&sdp->sd_ail_lock);
    get_bh(bh);
}

/* The first transaction to commit becomes the log's, later ones are merged into it.  One that was
 * touched only through A2 brings nothing. */
void gfs2_log_commit(struct gfs2_sbd *sdp, struct gfs2_trans *tr)
{
    HD_CALL("gfs2_log_commit");
    gfs2_log_lock(sdp);
    if (sdp->sd_log_tr) {
        for (uint32_t i = 0; i < tr->tr_databuf.count; i++)
            gfs2_list_add(&sdp->sd_log_tr->tr_databuf, tr->tr_databuf.item[i]);
    } else if (tr->tr_num_databuf_new) {
        sdp->sd_log_tr = tr;
        tr->tr_attached = true;
    }
    gfs2_log_unlock(sdp);
}

/* Writes the block to the log.  The kernel unlocks the buffer when the log's I/O is done. */
static void databuf_lo_before_commit(struct gfs2_sbd *sdp, struct gfs2_bufdata *bd)
{
    struct buffer_head *bh = hd_read_once(&bd->bd_bh);
    uint64_t data;

    HD_CALL("databuf_lo_before_commit");
    get_bh(bh);
    lock_buffer(bh);
    data = hd_read_once(bh_data(bh));
    hd_disk_write(sdp->sd_jdisk, bh->b_blocknr, data);
    unlock_buffer(bh);
    brelse(bh);
}

/* The content is in the log: now it may go to its place.  The pin's reference becomes the AIL's. */
static void gfs2_unpin(struct gfs2_sbd *sdp, struct gfs2_bufdata *bd)
{
    struct buffer_head *bh = hd_read_once(&bd->bd_bh);

    HD_CALL("gfs2_unpin");
    HD_CHECK(buffer_pinned(bh), "unpin-unpinned", "the log's buffer is not pinned");
    lock_buffer(bh);
    mark_buffer_dirty(bh);
    clear_buffer_pinned(bh);
    hd_spin_lock(&sdp->sd_ail_lock);
    if (hd_read_once(&bd->bd_tr))
        brelse(bh);
    else
        gfs2_list_add(&bd->bd_gl->gl_ail, bd);
    hd_write_once(&bd->bd_tr, &sdp->flushed);
    hd_spin_unlock(&sdp->sd_ail_lock);
    unlock_buffer(bh);
}

/* Revokes that the log has now need no memory any more. */
static void revoke_lo_after_commit(struct gfs2_sbd *sdp)
{
    HD_CALL("revoke_lo_after_commit");
    while (sdp->sd_log_revokes.count)
        hd_free(sdp->sd_log_revokes.item[--sdp->sd_log_revokes.count]);
}

/* The write side excludes every transaction, so nobody else looks at what is plain here. */
void gfs2_log_flush(struct gfs2_sbd *sdp)
{
    struct gfs2_list *list = &sdp->in_flush.tr_databuf;

    HD_CALL("gfs2_log_flush");
    hd_down_write(&sdp->sd_log_flush_lock);
    gfs2_log_lock(sdp);
    list->count = 0;
    if (sdp->sd_log_tr) {
        *list = sdp->sd_log_tr->tr_databuf;
        sdp->sd_log_tr->tr_attached = false;
    }
    sdp->sd_log_tr = NULL;
    gfs2_log_unlock(sdp);
    for (uint32_t i = 0; i < list->count; i++)
        databuf_lo_before_commit(sdp, list->item[i]);
    revoke_lo_after_commit(sdp);
    for (uint32_t i = 0; i < list->count; i++) {
        hd_write_once(&list->item[i]->bd_list, 0);
        gfs2_unpin(sdp, list->item[i]);
    }
    hd_up_write(&sdp->sd_log_flush_lock);
}

void gfs2_write_inode(struct gfs2_sbd *sdp)
{
    HD_CALL("gfs2_write_inode");
    gfs2_log_flush(sdp);
}

/* The buffer is on the disk, the log need not remember it: bd leaves it, and waits for the next
 * flush with the number of the block. */
static void gfs2_add_revoke(struct gfs2_sbd *sdp, struct gfs2_bufdata *bd, struct buffer_head *bh)
{
    HD_CALL("gfs2_add_revoke");
    hd_write_once(&bh->b_private, NULL);
    bd->bd_blkno = bh->b_blocknr;
    hd_write_once(&bd->bd_tr, NULL);
    list_del(&bd->bd_gl->gl_ail, bd);
    hd_write_once(&bd->bd_bh, NULL);
    gfs2_list_add(&sdp->sd_log_revokes, bd);
    brelse(bh); /* of gfs2_remove_from_ail() */
}

/*
 * Both ways in count in the caller's transaction, and don't ask whether it has one.  A bufdata that
 * is in neither place stays, for the release of the folio.  BH_Uptodate stays too: the folio is on
 * its way out.
 */
void gfs2_remove_from_journal(struct gfs2_sbd *sdp, struct buffer_head *bh)
{
    struct gfs2_trans *tr = gfs2_current()->journal_info;
    struct gfs2_bufdata *bd = hd_read_once(&bh->b_private);
    bool was_pinned, on_ail;

    HD_CALL("gfs2_remove_from_journal");
    was_pinned = test_clear_buffer_pinned(bh);
    on_ail = hd_read_once(&bd->bd_tr) != NULL;
    if (was_pinned || on_ail)
        hd_write_once((bool *)tr, true); /* tr_touched; of NULL, outside a transaction */
    if (was_pinned)
        brelse(bh);
    if (on_ail)
        gfs2_add_revoke(sdp, bd, bh);
    clear_buffer_dirty(bh);
}

/* Clean, unlocked, unpinned: only such a buffer's content is in its place for certain. */
static bool ail_buffer_done(struct buffer_head *bh)
{
    return !buffer_dirty(bh) && !buffer_pinned(bh) && !buffer_locked(bh);
}

void gfs2_ail_flush(struct gfs2_glock *gl)
{
    struct gfs2_sbd *sdp = gl->gl_sbd;

    HD_CALL("gfs2_ail_flush");
    gfs2_trans_begin(sdp);
    gfs2_log_lock(sdp);
    hd_spin_lock(&sdp->sd_ail_lock);
    for (uint32_t i = gl->gl_ail.count; i-- > 0;) {
        struct gfs2_bufdata *bd = gl->gl_ail.item[i];
        struct buffer_head *bh = hd_read_once(&bd->bd_bh);

        if (ail_buffer_done(bh))
            gfs2_add_revoke(sdp, bd, bh);
    }
    hd_spin_unlock(&sdp->sd_ail_lock);
    gfs2_log_unlock(sdp);
    gfs2_trans_end(sdp);
    gfs2_log_flush(sdp);
}
