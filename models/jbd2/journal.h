/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * jbd2 where two transactions matter: the running one, which handles join, and the committing one,
 * which keeps its buffers until its blocks are in the journal.
 *
 * One spin lock stands for j_state_lock, the buffers' state locks and j_list_lock: wherever two of
 * them guard one decision the kernel holds both.  Handles are a fair read-write lock, whose writer
 * is the commit for as long as its transaction is locked (T_LOCKED).
 *
 * Left out: checkpoints (what is committed is dirty, and written in place by whoever likes),
 * credits, revoke records, frozen copies, a buffer's next transaction.
 */
#ifndef JBD2_JOURNAL_H
#define JBD2_JOURNAL_H

#include "kernel/plain_file.h"

#define JOURNAL_LIST_MAX 8u

/* What a buffer is to its transaction. */
enum jlist {
    BJ_RESERVED, /* somebody has write access, and has changed nothing yet */
    BJ_METADATA, /* changed: to be written to the journal */
    BJ_LOCKED,   /* data=ordered: its data is on the way to its place */
};

struct journal_head {
    struct buffer_head *b_bh;
    struct transaction *b_transaction; /* under j_list_lock, as the rest */
    enum jlist b_jlist;
    bool freed; /* BH_Freed: its block is gone, so it must not be dirty after the commit */
};

struct transaction {
    struct journal_head *list[JOURNAL_LIST_MAX];
    uint32_t count;
};

struct journal {
    struct hd_rwsem handles;
    struct hd_spinlock j_list_lock;
    struct transaction *running, *committing; /* under j_list_lock; committing may be NULL */
    struct transaction transactions[2];
    struct hd_completion commit_io; /* the commit record is on the disk */
    struct hd_completion committed; /* the scenario's one commit is over */
    struct hd_queue queue;          /* the journal's device: commits to be written */
    bool wait_for_updates;          /* the commit waits for open handles; fixed */
};

/* For set-up. */
void journal_init(struct journal *journal);
/* For set-up: the buffer is in a transaction. */
void journal_file_buffer(struct transaction *transaction, struct buffer_head *bh,
                         enum jlist jlist);

void jbd2_journal_start(struct journal *journal);
void jbd2_journal_stop(struct journal *journal);
/* A handle that goes on in the transaction that is running then. */
void jbd2_journal_restart(struct journal *journal);
void jbd2_journal_get_write_access(struct journal *journal, struct buffer_head *bh);
/* Kind "no-write-access": the buffer is not in the handle's transaction. */
void jbd2_journal_dirty_metadata(struct journal *journal, struct buffer_head *bh);

/* Locks the running transaction, writes it, lets go of its buffers.  Once an execution. */
void jbd2_journal_commit_transaction(struct journal *journal);
/* Sleeps until the transaction that is committing now, if any, has been. */
void jbd2_log_wait_commit(struct journal *journal);

/* The interrupt of the journal's device; item is the journal. */
void journal_end_buffer_io_sync(void *state, void *item);

/* Takes a buffer off its transaction and frees its journal head; j_list_lock is held. */
void __jbd2_journal_unfile_buffer(struct journal_head *jh);
/* Lets go of a locked folio's buffers, if the journal has no more business with them. */
bool jbd2_journal_release_buffers(struct journal *journal, struct folio *folio);

/* References that journal heads have on a buffer; for checks at the end. */
static inline int32_t journal_held(const struct buffer_head *bh)
{
    return bh->b_private != NULL;
}

#endif
