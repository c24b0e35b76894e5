/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * jbd2-free-vs-commit: a failure for no reason.
 *
 * The commit of an ordered transaction takes a reference on a data buffer while it waits for its
 * I/O.  O_DIRECT must get the page out of the cache and calls the journal to free its buffers: the
 * I/O is over and nothing is dirty, but the reference is still there, and the write fails.
 */
#include "jbd2/journal.h"

enum param { CALLER };
enum variant { FAIL_AT_ONCE, WAIT_AND_RETRY, RETRY_AT_ONCE };
enum caller { CALLER_DIRECT_IO, CALLER_RECLAIM };

static const char *const callers[] = { "direct-io", "reclaim" };

static const struct hd_param_info params[] = {
    [CALLER] = { "caller", "who wants the buffers freed; reclaim may be refused",
                 CALLER_DIRECT_IO, 0, 1, callers },
    { NULL }
};

static const struct hd_variant_info variants[] = {
    { "fail-at-once", "2.6.26: buffers with a reference are not freed", HD_BROKEN },
    { "wait-and-retry", "2.6.27: wait for the commit, and try again", HD_FIXED },
    { "mutant-retry-at-once", "try again without waiting", HD_MUTANT },
    { NULL }
};

struct ordered_file {
    struct plain_file plain;
    struct journal journal;
    struct hd_waitq bit_wait; /* where BH_Lock is waited for */
};

static void wait_on_buffer(struct ordered_file *file, struct buffer_head *bh)
{
    HD_CALL("wait_on_buffer");
    hd_wait_event(&file->bit_wait, !buffer_locked(bh));
}

static void end_buffer_write_sync(struct buffer_head *bh)
{
    struct ordered_file *file = hd_state();

    HD_CALL("end_buffer_write_sync");
    set_buffer_uptodate(bh);
    unlock_buffer(bh);
    hd_wake_up(&file->bit_wait);
}

/* The second half of the commit, over its buffers of data: each is waited for, and let go.  Whoever
 * came meanwhile may have taken the buffer off the transaction; our reference keeps it. */
static void journal_commit_transaction(void *state, unsigned instance)
{
    struct ordered_file *file = state;
    struct journal *journal = &file->journal;
    struct transaction *transaction = journal->committing;

    (void)instance;
    HD_CALL("jbd2_journal_commit_transaction");
    hd_spin_lock(&journal->j_list_lock);
    while (transaction->count > 0) {
        struct buffer_head *bh = transaction->list[0]->b_bh;
        struct journal_head *jh;

        get_bh(bh);
        if (buffer_locked(bh)) {
            hd_spin_unlock(&journal->j_list_lock);
            wait_on_buffer(file, bh);
            hd_spin_lock(&journal->j_list_lock);
        }
        jh = hd_read_once(&bh->b_private);
        if (jh)
            __jbd2_journal_unfile_buffer(jh);
        brelse(bh);
    }
    journal->committing = NULL;
    hd_spin_unlock(&journal->j_list_lock);
    hd_complete_all(&journal->committed);
}

static bool release_folio(struct folio *folio)
{
    struct ordered_file *file = hd_state();
    bool may_wait = hd_param(CALLER) == CALLER_DIRECT_IO;

    HD_CALL("ext4_release_folio");
    if (jbd2_journal_release_buffers(&file->journal, folio))
        return true;
    if (hd_variant() == FAIL_AT_ONCE || !may_wait)
        return false;
    if (hd_variant() == WAIT_AND_RETRY)
        jbd2_log_wait_commit(&file->journal);
    return try_to_free_buffers(folio);
}

static const struct address_space_operations ordered_aops = {
    .release_folio = release_folio,
    .writepage = __block_write_full_page,
};

/* The page is written and waited for, so by then it is clean; then it has to go. */
static void generic_file_direct_write(struct ordered_file *file)
{
    struct folio *folio;
    bool released;

    HD_CALL("generic_file_direct_write");
    folio = filemap_lock_folio(&file->plain.mapping, 0);
    if (!folio)
        return;
    wait_on_buffer(file, folio_buffers(folio)); /* filemap_write_and_wait_range() */
    released = release_folio(folio);            /* invalidate_inode_pages2_range() */
    HD_CHECK(released, "spurious-failure",
             "-EIO: the page is clean and nobody writes to it, but it could not be freed");
    folio_unlock(folio);
    folio_put(folio);
}

static void freer(void *state, unsigned instance)
{
    struct ordered_file *file = state;

    (void)instance;
    if (hd_param(CALLER) == CALLER_DIRECT_IO)
        generic_file_direct_write(file);
    else
        shrink_inactive_list(&file->plain.lruvec, false);
}

/* The commit has submitted the buffer: locked, under I/O, on the transaction's list. */
static void setup(void *state)
{
    const struct plain_setup start = { .a_ops = &ordered_aops, .gates = GATES_ALL,
                                       .i_size = FOLIO_SIZE, .block_size = FOLIO_SIZE,
                                       .len = FOLIO_SIZE, .cached = true, .uptodate = true };
    struct ordered_file *file = state;
    struct buffer_head *bh;

    plain_file_init(&file->plain, &start);
    journal_init(&file->journal);
    hd_name(&file->bit_wait, "bit_wait", -1);
    file->journal.committing = &file->journal.transactions[1];
    bh = file->plain.mapping.slot[0]->private;
    journal_file_buffer(file->journal.committing, bh, BJ_LOCKED);
    lock_buffer(bh);
    submit_bh(bh, true, end_buffer_write_sync);
}

static void check(void *state)
{
    const struct ordered_file *file = state;

    plain_check(&file->plain, journal_held, NULL);
}

static const struct hd_role_info roles[] = {
    { .name = "committer", .summary = "jbd2's thread", .run = journal_commit_transaction },
    { .name = "freer", .summary = "O_DIRECT, or memory pressure; see the key caller",
      .run = freer },
    { .name = "completion", .summary = "I/O completion, in interrupt context", .kind = HD_SERVICE,
      .serve = plain_completion,
      .queue_offset = offsetof(struct ordered_file, plain.bdev.queue) },
    { NULL }
};

#define EVERYWHERE(name) { name, name, name }
static const struct hd_landmark_info landmarks[] = {
    { "commit", EVERYWHERE("jbd2_journal_commit_transaction") },
    { "wait", EVERYWHERE("wait_on_buffer") },
    { "release", EVERYWHERE("ext4_release_folio") },
    { "free", EVERYWHERE("try_to_free_buffers") },
    { NULL }
};

static const char *const kinds[] = { PLAIN_KINDS, "spurious-failure", "list-full", NULL };

#define HOLDS(variant) { variant, "holds", NULL }
#define FIRES(variant) { variant, "spurious-failure", "generic_file_direct_write" }

static const struct hd_workload_info workloads[] = {
    { "direct-io", "O_DIRECT into a range that is cached", "",
      { FIRES("fail-at-once"), HOLDS("wait-and-retry"), FIRES("mutant-retry-at-once") } },
    { "reclaim", "negative: reclaim may be refused, and comes again", "caller=reclaim",
      { HOLDS("fail-at-once"), HOLDS("wait-and-retry"), HOLDS("mutant-retry-at-once") } },
    { "after", "negative: O_DIRECT comes when the commit is over", "freer.after=committer.end",
      { HOLDS("fail-at-once"), HOLDS("wait-and-retry"), HOLDS("mutant-retry-at-once") } },
    { "no-commit", "negative: nobody looks after the buffer", "committer=off",
      { HOLDS("fail-at-once"), HOLDS("wait-and-retry") } },
    { NULL }
};

const struct hd_scenario jbd2_free_vs_commit = {
    .name = "jbd2-free-vs-commit",
    .summary = "O_DIRECT frees a folio's buffers while the commit waits for them",
    .passport = {
        .source = "Linux 2.6.26 and 2.6.27: fs/jbd2/transaction.c, commit.c, mm/truncate.c, "
                  "mm/filemap.c",
        .functions = "committer: jbd2_journal_commit_transaction from its wait for data buffers "
                     "on.  freer: generic_file_direct_write, wait for the page, "
                     "invalidate_inode_pages2_range, release_folio, "
                     "jbd2_journal_try_to_free_buffers, try_to_free_buffers, jbd2_log_wait_commit; "
                     "or shrink_inactive_list.  completion: end_buffer_write_sync",
        .kept = "the folio lock, BH_Lock and who waits for it without taking it, the buffer's "
                "references, the journal head, the transaction's list, the end of the commit",
        .left_out = "The commit's submission: it is over at the start.  The request's own "
                    "reference: it goes in the interrupt that unlocks.  The rest of the commit: "
                    "it keeps no reference on data.  New writes to the folio: they make a refusal "
                    "right, and this is about one that is not.  The folio's removal after the "
                    "release: it has no more gates of the journal's",
        .invariants = "V9 nobody is refused what nothing speaks against; V1 V4 V5",
        .reference = "kernel commit 530576bbf379.  Later kernels no longer keep data buffers on "
                     "the transaction.  Preemptions: none, both sleep for the I/O",
        .evidence = HD_STATED_IN_MAIL,
    },
    .variants = variants,
    .params = params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .kinds = kinds,
    .vary = "caller committer committer.after freer freer.after",
    .state_bytes = sizeof(struct ordered_file),
    .setup = setup,
    .check = check,
};
