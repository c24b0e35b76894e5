/* SPDX-License-Identifier: GPL-2.0-only */
/* fs/jbd2/transaction.c, commit.c and journal.c, Linux 6.1, as far as journal.h says. */
#include "jbd2/journal.h"

void journal_init(struct journal *journal)
{
    journal->handles.fair = 1;
    journal->running = &journal->transactions[0];
    journal->wait_for_updates = true;
    hd_name(&journal->handles, "handles", -1);
    hd_name(&journal->j_list_lock, "j_list_lock", -1);
    hd_name(&journal->queue, "log_queue", -1);
    hd_name(&journal->commit_io, "commit_io", -1);
    hd_name(&journal->committed, "committed", -1);
}

/* j_list_lock is held, or this is set-up. */
void journal_file_buffer(struct transaction *transaction, struct buffer_head *bh, enum jlist jlist)
{
    struct journal_head *jh = hd_new(struct journal_head);

    HD_CHECK(transaction->count < JOURNAL_LIST_MAX, "list-full", "the model's list is too short");
    jh->b_bh = bh;
    jh->b_transaction = transaction;
    jh->b_jlist = jlist;
    hd_name(jh, "jh", (int)bh->b_blocknr);
    transaction->list[transaction->count++] = jh;
    get_bh(bh);
    hd_write_once(&bh->b_private, jh);
}

void __jbd2_journal_unfile_buffer(struct journal_head *jh)
{
    struct transaction *transaction = jh->b_transaction;
    struct buffer_head *bh = jh->b_bh;
    uint32_t kept = 0;

    HD_CALL("__jbd2_journal_unfile_buffer");
    for (uint32_t i = 0; transaction && i < transaction->count; i++)
        if (transaction->list[i] != jh)
            transaction->list[kept++] = transaction->list[i];
    if (transaction)
        transaction->count = kept;
    hd_write_once(&bh->b_private, NULL);
    hd_free(jh);
    brelse(bh);
}

/* ---- Handles --------------------------------------------------------------------------------- */

void jbd2_journal_start(struct journal *journal)
{
    HD_CALL("jbd2_journal_start");
    hd_down_read(&journal->handles);
    hd_hold("handle");
}

void jbd2_journal_stop(struct journal *journal)
{
    HD_CALL("jbd2_journal_stop");
    hd_release("handle");
    hd_up_read(&journal->handles);
}

void jbd2_journal_restart(struct journal *journal)
{
    HD_CALL("jbd2_journal_restart");
    jbd2_journal_stop(journal);
    jbd2_journal_start(journal);
}

/* One that the committing transaction still has is waited for; none is, here. */
void jbd2_journal_get_write_access(struct journal *journal, struct buffer_head *bh)
{
    struct journal_head *jh;

    HD_CALL("jbd2_journal_get_write_access");
    hd_spin_lock(&journal->j_list_lock);
    jh = hd_read_once(&bh->b_private);
    if (!jh)
        journal_file_buffer(journal->running, bh, BJ_RESERVED);
    hd_spin_unlock(&journal->j_list_lock);
}

void jbd2_journal_dirty_metadata(struct journal *journal, struct buffer_head *bh)
{
    struct journal_head *jh;

    HD_CALL("jbd2_journal_dirty_metadata");
    jh = hd_read_once(&bh->b_private);
    HD_CHECK(jh != NULL, "no-write-access", "the buffer's journal head is gone");
    hd_spin_lock(&journal->j_list_lock);
    HD_CHECK(hd_read_once(&jh->b_transaction) == journal->running, "no-write-access",
             "the buffer is in another transaction than the handle");
    jh->b_jlist = BJ_METADATA;
    hd_spin_unlock(&journal->j_list_lock);
}

/* ---- The commit ------------------------------------------------------------------------------ */

/* From here on handles join the next transaction. */
static struct transaction *lock_transaction(struct journal *journal)
{
    struct transaction *transaction;

    if (journal->wait_for_updates)
        hd_down_write(&journal->handles); /* T_LOCKED */
    hd_spin_lock(&journal->j_list_lock);
    transaction = journal->running;
    journal->committing = transaction;
    journal->running = &journal->transactions[transaction == &journal->transactions[0]];
    hd_spin_unlock(&journal->j_list_lock);
    if (journal->wait_for_updates)
        hd_up_write(&journal->handles); /* T_FLUSH */
    return transaction;
}

void journal_end_buffer_io_sync(void *state, void *item)
{
    struct journal *journal = item;

    (void)state;
    HD_CALL("journal_end_buffer_io_sync");
    hd_complete(&journal->commit_io);
}

/* All blocks of the transaction, and its record, in one request. */
static void write_record(struct journal *journal)
{
    HD_CALL("journal_submit_commit_record");
    hd_push(&journal->queue, journal);
    hd_wait_for_completion(&journal->commit_io);
}

/* What was changed is dirty now, to be written in place; what was not, or is no block any more, is
 * the journal's business no longer.  j_list_lock is held. */
static void refile_buffer(struct journal_head *jh)
{
    bool dirty = jh->b_jlist == BJ_METADATA && !jh->freed;
    struct buffer_head *bh = jh->b_bh;

    HD_CALL("__jbd2_journal_refile_buffer");
    if (dirty)
        mark_buffer_dirty(bh);
    if (jh->freed)
        clear_buffer_dirty(bh);
    __jbd2_journal_unfile_buffer(jh);
}

void jbd2_journal_commit_transaction(struct journal *journal)
{
    struct transaction *transaction;

    HD_CALL("jbd2_journal_commit_transaction");
    transaction = lock_transaction(journal);
    write_record(journal);
    hd_spin_lock(&journal->j_list_lock);
    while (transaction->count > 0)
        refile_buffer(transaction->list[0]);
    journal->committing = NULL;
    hd_spin_unlock(&journal->j_list_lock);
    hd_complete_all(&journal->committed);
}

void jbd2_log_wait_commit(struct journal *journal)
{
    bool committing;

    HD_CALL("jbd2_log_wait_commit");
    hd_spin_lock(&journal->j_list_lock);
    committing = journal->committing != NULL;
    hd_spin_unlock(&journal->j_list_lock);
    if (committing)
        hd_wait_for_completion(&journal->committed);
}

/* ---- Release --------------------------------------------------------------------------------- */

/* A buffer whose data is in its place leaves its transaction; anything else of a transaction's
 * stays. */
static bool release_journal_head(struct journal *journal, struct buffer_head *bh)
{
    struct journal_head *jh;
    bool busy;

    hd_spin_lock(&journal->j_list_lock);
    jh = hd_read_once(&bh->b_private);
    busy = jh && jh->b_jlist != BJ_LOCKED;
    if (jh && !busy)
        busy = buffer_locked(bh) || buffer_dirty(bh);
    if (jh && !busy)
        __jbd2_journal_unfile_buffer(jh);
    hd_spin_unlock(&journal->j_list_lock);
    return !busy;
}

bool jbd2_journal_release_buffers(struct journal *journal, struct folio *folio)
{
    struct buffer_head *head, *bh;

    HD_CALL("jbd2_journal_try_to_free_buffers");
    head = bh = folio_buffers(folio);
    if (!head)
        return false;
    do {
        if (!release_journal_head(journal, bh))
            return false;
        bh = next_buffer(bh);
    } while (bh != head);
    return try_to_free_buffers(folio);
}
