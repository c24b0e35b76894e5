/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ocfs2-handle-restart: write access asked for in one transaction, used in the next.
 *
 * A handle that runs out of credits is restarted, and may go on in another transaction.  The first
 * is free to commit then, and lets go of every buffer that nobody has changed: the access is gone.
 */
#include "jbd2/journal.h"

enum param { RESTART };
enum variant { TWO_HANDLES, ONE_HANDLE, NO_WAIT };

static const struct hd_param_info params[] = {
    [RESTART] = { "restart", "the handle runs out of credits", 1, 0, 1 },
    { NULL }
};

static const struct hd_variant_info variants[] = {
    { "two-handles", "get access, restart, dirty", HD_BROKEN },
    { "one-handle", "restart, get access, dirty", HD_FIXED },
    { "mutant-no-wait", "one-handle, and the commit does not wait for open handles", HD_MUTANT },
    { NULL }
};

struct ocfs2_file {
    struct plain_file plain;
    struct journal journal;
    struct buffer_head *di_bh; /* the inode's block; the writer has a reference */
};

static void ocfs2_write_end_nolock(void *state, unsigned instance)
{
    struct ocfs2_file *file = state;
    struct journal *journal = &file->journal;
    bool early = hd_variant() == TWO_HANDLES;

    (void)instance;
    HD_CALL("ocfs2_write_end_nolock");
    jbd2_journal_start(journal);
    if (early)
        jbd2_journal_get_write_access(journal, file->di_bh);
    if (hd_param(RESTART))
        jbd2_journal_restart(journal);
    if (!early)
        jbd2_journal_get_write_access(journal, file->di_bh);
    jbd2_journal_dirty_metadata(journal, file->di_bh);
    jbd2_journal_stop(journal);
}

static void committer(void *state, unsigned instance)
{
    struct ocfs2_file *file = state;

    (void)instance;
    jbd2_journal_commit_transaction(&file->journal);
}

static void setup(void *state)
{
    const struct plain_setup start = { .a_ops = &block_aops, .gates = GATES_ALL,
                                       .i_size = FOLIO_SIZE, .block_size = FOLIO_SIZE,
                                       .len = FOLIO_SIZE, .cached = true, .uptodate = true };
    struct ocfs2_file *file = state;

    plain_file_init(&file->plain, &start);
    journal_init(&file->journal);
    file->journal.wait_for_updates = hd_variant() != NO_WAIT;
    file->di_bh = file->plain.mapping.slot[0]->private;
    get_bh(file->di_bh);
}

/* The writer has its reference, the journal another while the change is in a transaction. */
static void check(void *state)
{
    const struct ocfs2_file *file = state;
    const struct buffer_head *bh = file->di_bh;
    const struct journal_head *jh = bh->b_private;

    HD_CHECK(bh->b_count == 1 + (jh != NULL), "reference-left",
             "a buffer's count is not what the writer and the journal hold");
    HD_CHECK(bh->dirty || (jh && jh->b_jlist == BJ_METADATA), "data-lost",
             "the change is in no transaction, and was in none that committed");
    hd_owned(bh);
    if (jh)
        hd_owned(jh);
}

static const struct hd_role_info roles[] = {
    { .name = "writer", .summary = "the end of write(2)", .run = ocfs2_write_end_nolock },
    { .name = "committer", .summary = "jbd2's thread", .run = committer },
    { .name = "log-device", .summary = "I/O completion of the journal's device",
      .kind = HD_SERVICE, .serve = journal_end_buffer_io_sync,
      .queue_offset = offsetof(struct ocfs2_file, journal.queue) },
    { NULL }
};

#define EVERYWHERE(name) { name, name, name }
static const struct hd_landmark_info landmarks[] = {
    { "start", EVERYWHERE("jbd2_journal_start") },
    { "access", EVERYWHERE("jbd2_journal_get_write_access") },
    { "dirty", EVERYWHERE("jbd2_journal_dirty_metadata") },
    { "commit", EVERYWHERE("jbd2_journal_commit_transaction") },
    { "refile", EVERYWHERE("__jbd2_journal_refile_buffer") },
    { NULL }
};

static const char *const kinds[] = { PLAIN_KINDS, "no-write-access", "list-full", NULL };

#define HOLDS(variant) { variant, "holds", NULL }
#define FIRES(variant) { variant, "no-write-access", "jbd2_journal_dirty_metadata" }

static const struct hd_workload_info workloads[] = {
    { "restart", "the handle is restarted between the two", "",
      { FIRES("two-handles"), HOLDS("one-handle"), FIRES("mutant-no-wait") } },
    { "freed", "the same, seen where the journal head is freed between look and lock", "",
      { { "two-handles", "use-after-free", "jbd2_journal_dirty_metadata" },
        HOLDS("one-handle") } },
    { "no-restart", "negative: credits suffice, so both are one handle", "restart=0",
      { HOLDS("two-handles"), HOLDS("one-handle"), FIRES("mutant-no-wait") } },
    { "no-commit", "negative: nobody commits, so the transaction stays the same",
      "committer=off", { HOLDS("two-handles"), HOLDS("one-handle"), HOLDS("mutant-no-wait") } },
    { NULL }
};

const struct hd_scenario ocfs2_handle_restart = {
    .name = "ocfs2-handle-restart",
    .summary = "a journal handle restarted between write access and change, against the commit",
    .passport = {
        .source = "Linux 6.1: fs/ocfs2/aops.c, fs/jbd2/transaction.c, commit.c",
        .functions = "writer: ocfs2_write_end_nolock, jbd2_journal_get_write_access, "
                     "jbd2_journal_restart, jbd2_journal_dirty_metadata, jbd2_journal_stop.  "
                     "committer: jbd2_journal_commit_transaction, "
                     "__jbd2_journal_refile_buffer, __jbd2_journal_unfile_buffer",
        .kept = "handles against the commit, which waits for those of its own transaction only; "
                "the running and the committing transaction; journal heads and their memory; the "
                "buffer's references",
        .left_out = "Credits: whether they run out is the key `restart`.  ocfs2's cluster locks, "
                    "inode and allocation: the writer holds them throughout, and the journal's "
                    "thread asks for none.  Error returns: the check stands where the kernel "
                    "returns -EUCLEAN or -EINVAL, upon which ocfs2 calls BUG().  Checkpoints: an "
                    "unchanged buffer has none.  The order of the restart's parts: the old handle "
                    "is given back before the new one is asked for, as in the kernel",
        .invariants = "V1 no access to a freed journal head; V2 what is dirtied is in the handle's "
                      "transaction; V4 V5; V6 the change is in a transaction or committed",
        .reference = "kernel commit 7f27ec978b0e, stated there.  Preemptions: one",
        .evidence = HD_STATED_IN_MAIL,
    },
    .variants = variants,
    .params = params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .kinds = kinds,
    .vary = "restart writer.after committer committer.after",
    .state_bytes = sizeof(struct ocfs2_file),
    .setup = setup,
    .check = check,
};
