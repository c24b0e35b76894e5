/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gfs2's journal as a writer of journaled data sees it: transactions, the log, its buffers.
 *
 * Lock order: sd_log_flush_lock (read) -> folio lock -> BH_Lock -> sd_log_lock -> sd_ail_lock.
 *
 * Left out: i_rwsem and the inode glock, which the writer holds throughout and nobody else here
 * asks for; log space, of which there is always enough; freezing; metadata buffers, since a
 * rewrite of allocated blocks adds none (tr_num_buf_new stays 0); glock flags and statistics,
 * which nobody here reads.
 */
#ifndef GFS2_GFS2_H
#define GFS2_GFS2_H

#include "kernel/buffered_write.h"
#include "kernel/reclaim.h"
#include "kernel/writeback.h"

#define GFS2_TASKS_MAX 8u
#define GFS2_LIST_MAX 16u /* entries of a list: a scenario's blocks, at most twice */

struct gfs2_bufdata;
struct gfs2_glock;

/* A list of buffers; whose lock guards it is said at each, and being guarded, it is plain. */
struct gfs2_list {
    uint32_t count;
    struct gfs2_bufdata *item[GFS2_LIST_MAX];
};

struct gfs2_trans {
    bool tr_touched;               /* its owner's alone, until it is attached */
    bool tr_attached;              /* is sd_log_tr; under the read side of sd_log_flush_lock */
    uint32_t tr_num_databuf_new;   /* its owner's */
    struct gfs2_list tr_databuf;   /* likewise; then sd_log_lock's */
};

/* What hangs off `current`. */
struct gfs2_task {
    struct gfs2_trans *journal_info; /* the open transaction, or NULL */
    struct gfs2_trans trans[2];      /* an earlier one may still be attached to the log */
};

/* The journal's hold on a buffer; buffer_head.b_private points to it. */
struct gfs2_bufdata {
    struct buffer_head *bd_bh;
    struct gfs2_glock *bd_gl;
    struct gfs2_trans *bd_tr; /* not NULL: on an AIL list of that transaction */
    uint8_t bd_list;          /* on a transaction's tr_databuf */
    uint64_t bd_blkno;        /* of a revoke that waits for the next log flush */
};

struct gfs2_sbd {
    struct hd_rwsem sd_log_flush_lock; /* read: a transaction is open; write: the log is flushed */
    struct hd_spinlock sd_log_lock;
    struct hd_spinlock sd_ail_lock;
    struct gfs2_trans *sd_log_tr;      /* committed, not yet in the log; under sd_log_lock */
    struct gfs2_list sd_log_revokes;   /* under sd_log_lock */
    struct hd_disk *sd_jdisk;          /* of each block, the last content that the log has */
    struct gfs2_trans flushed;         /* what buffers on the AIL point to */
    struct gfs2_trans in_flush;        /* under the write side of sd_log_flush_lock */
    bool sb_synchronous;               /* -o sync; fixed */
    bool clears_redirtied;             /* a repair of ours, see gfs2_trans_add_data(); fixed */
    struct lruvec *direct_reclaim;     /* what allocations reclaim from, or NULL; fixed */
    struct gfs2_task task[GFS2_TASKS_MAX]; /* by actor */
};

struct gfs2_glock {
    struct gfs2_sbd *gl_sbd;
    struct gfs2_list gl_ail; /* under sd_ail_lock */
};

struct gfs2_inode {
    struct inode i_inode; /* first: see GFS2_I() */
    struct gfs2_glock *i_gl;
};

static inline struct gfs2_inode *GFS2_I(struct inode *inode)
{
    return (struct gfs2_inode *)inode;
}

/* Marks, by the index that every gfs2 scenario gives them. */
enum gfs2_mark { GFS2_MARK_FIRST_PIN };
#define GFS2_MARKS { "first-pin", NULL }

/* The running task; the scenario's state begins with its struct gfs2_sbd. */
struct gfs2_task *gfs2_current(void);

/* trans.c */
void gfs2_trans_begin(struct gfs2_sbd *sdp);
void gfs2_trans_end(struct gfs2_sbd *sdp);
/* A1 .. A9: makes the buffer part of the open transaction.  Kind "wrong-glock": A7. */
void gfs2_trans_add_data(struct gfs2_glock *gl, struct buffer_head *bh);
void gfs2_name_bufdata(const struct gfs2_bufdata *bd, int block);

/* log.c */
void gfs2_log_lock(struct gfs2_sbd *sdp);
void gfs2_log_unlock(struct gfs2_sbd *sdp);
/* Keeps a journaled buffer in memory and off the disk until the log is flushed.  Kind
 * "pin-refused". */
void gfs2_pin(struct gfs2_sbd *sdp, struct buffer_head *bh);
void gfs2_log_commit(struct gfs2_sbd *sdp, struct gfs2_trans *tr);
void gfs2_log_flush(struct gfs2_sbd *sdp);
/* Writeback of the inode: of journaled data, that is a log flush. */
void gfs2_write_inode(struct gfs2_sbd *sdp);
/* Takes a buffer's bufdata apart; the caller has BH_Lock, sd_log_lock and sd_ail_lock. */
void gfs2_remove_from_journal(struct gfs2_sbd *sdp, struct buffer_head *bh);
/* fsync's last part: revokes what is clean on the glock's AIL list, then flushes the log. */
void gfs2_ail_flush(struct gfs2_glock *gl);
/* Appends; a list is as long as its scenario needs. */
void gfs2_list_add(struct gfs2_list *list, struct gfs2_bufdata *bd);

/* aops.c */
extern const struct address_space_operations gfs2_jdata_aops;
/* Kind "buffers-missing": the page has lost its buffers; "unread-block-journaled": what would be
 * marked up to date was never read.  The first is 6.1's, the second 6.12's. */
void gfs2_page_add_databufs(struct gfs2_inode *ip, struct folio *folio,
                            uint32_t from, uint32_t len);
void gfs2_trans_add_databufs(struct gfs2_inode *ip, struct folio *folio,
                             uint32_t from, uint32_t len);
/* Background writeback of one folio, WB_SYNC_NONE. */
void gfs2_jdata_writepages(struct address_space *mapping, uint64_t index);

/* bmap.c: the orders under test. */
extern const struct iomap_order gfs2_order_old, gfs2_order_merged;
extern const struct iomap_order gfs2_order_rfc_v2, gfs2_order_literal;
extern const struct iomap_order gfs2_order_page_on_error;

/* bmap_5_1.c: one transaction for all folios of a write, between these two. */
extern const struct iomap_order gfs2_order_linux_5_1;
void gfs2_iomap_begin_5_1(struct gfs2_sbd *sdp);
void gfs2_iomap_end_5_1(struct gfs2_sbd *sdp);

#endif
