/* SPDX-License-Identifier: GPL-2.0-only */
/* Transactions: fs/gfs2/trans.c, Linux 6.1; 6.12 has the same. */
#include "gfs2/gfs2.h"

struct gfs2_task *gfs2_current(void)
{
    struct gfs2_sbd *sdp = hd_state();

    return &sdp->task[hd_self()];
}

void gfs2_trans_begin(struct gfs2_sbd *sdp)
{
    struct gfs2_task *task = gfs2_current();

    HD_CALL("gfs2_trans_begin");
    HD_CHECK(!task->journal_info, "nested-transaction", "the task has a transaction open already");
    hd_down_read(&sdp->sd_log_flush_lock);
    task->journal_info = &task->trans[task->trans[0].tr_attached];
    *task->journal_info = (struct gfs2_trans){ .tr_touched = false };
    hd_hold("transaction");
}

void gfs2_trans_end(struct gfs2_sbd *sdp)
{
    struct gfs2_task *task = gfs2_current();
    struct gfs2_trans *tr = task->journal_info;
    bool touched;

    HD_CALL("gfs2_trans_end");
    task->journal_info = NULL;
    hd_release("transaction");
    touched = tr->tr_touched;
    if (touched)
        gfs2_log_commit(sdp, tr);
    hd_up_read(&sdp->sd_log_flush_lock);
    if (touched && sdp->sb_synchronous)
        gfs2_log_flush(sdp);
}

void gfs2_name_bufdata(const struct gfs2_bufdata *bd, int block)
{
    hd_name(&bd->bd_bh, "bd.bd_bh", block);
    hd_name(&bd->bd_gl, "bd.bd_gl", block);
    hd_name(&bd->bd_tr, "bd.bd_tr", block);
    hd_name(&bd->bd_list, "bd.bd_list", block);
}

/* A5.  The allocation may sleep, and reclaim in the caller's own context.  bd is nobody else's
 * until its address is stored in the buffer head. */
static struct gfs2_bufdata *gfs2_alloc_bufdata(struct gfs2_glock *gl, struct buffer_head *bh)
{
    struct gfs2_bufdata *bd;

    HD_CALL("gfs2_alloc_bufdata");
    bd = hd_new(struct gfs2_bufdata);
    if (gl->gl_sbd->direct_reclaim)
        shrink_inactive_list(gl->gl_sbd->direct_reclaim, false);
    bd->bd_bh = bh;
    bd->bd_gl = gl;
    hd_write_once(&bh->b_private, bd);
    gfs2_name_bufdata(bd, (int)bh->b_blocknr); /* no point since the store: bh is still there */
    return bd;
}

void gfs2_trans_add_data(struct gfs2_glock *gl, struct buffer_head *bh)
{
    struct gfs2_trans *tr = gfs2_current()->journal_info;
    struct gfs2_sbd *sdp = gl->gl_sbd;
    const struct gfs2_glock *glock;
    struct gfs2_bufdata *bd;

    HD_CALL("gfs2_trans_add_data");
    lock_buffer(bh);         /* A1 */
    if (buffer_pinned(bh)) { /* A2: a buffer that is dirty again stays dirty */
        tr->tr_touched = true;
        if (sdp->clears_redirtied)
            clear_buffer_dirty(bh); /* gfs2_unpin() will set it */
        goto unlock;
    }
    gfs2_log_lock(sdp); /* A3 */
    bd = hd_read_once(&bh->b_private);
    if (!bd) { /* A4: the buffer is neither locked nor referenced from here to A6 */
        gfs2_log_unlock(sdp);
        unlock_buffer(bh);
        bd = hd_read_once(&bh->b_private); /* A5 */
        if (!bd)
            bd = gfs2_alloc_bufdata(gl, bh);
        lock_buffer(bh); /* A6: bd is a local variable, and not read again */
        gfs2_log_lock(sdp);
    }
    glock = hd_read_once(&bd->bd_gl); /* A7 */
    HD_CHECK(glock == gl, "wrong-glock", "gfs2_assert(bd->bd_gl == gl)");
    tr->tr_touched = true;
    if (!hd_read_once(&bd->bd_list)) { /* A8 */
        struct buffer_head *pinned = hd_read_once(&bd->bd_bh);

        gfs2_pin(sdp, pinned);
        if (tr->tr_num_databuf_new++ == 0)
            hd_mark(GFS2_MARK_FIRST_PIN);
        hd_write_once(&bd->bd_list, 1);
        gfs2_list_add(&tr->tr_databuf, bd);
    }
    gfs2_log_unlock(sdp); /* A9 */
unlock:
    unlock_buffer(bh);
}
