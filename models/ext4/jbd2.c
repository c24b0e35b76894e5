/* SPDX-License-Identifier: GPL-2.0-only */
/* fs/jbd2/transaction.c, journal.c and commit.c, Linux 6.1, as far as journalled_file.h says.
 * ext4_commit_transaction() is jbd2_journal_commit_transaction(). */
#include "ext4/journalled_file.h"

void ext4_journal_init(struct ext4_file *file)
{
    file->handles.fair = 1;
    file->log = hd_disk_new(DEVICE_BLOCKS);
    hd_name(&file->handles, "handles", -1);
    hd_name(&file->j_list_lock, "j_list_lock", -1);
}

void ext4_journal_start(struct ext4_file *file)
{
    HD_CALL("ext4_journal_start");
    hd_down_read(&file->handles);
    hd_hold("handle");
}

void ext4_journal_stop(struct ext4_file *file)
{
    HD_CALL("ext4_journal_stop");
    hd_release("handle");
    hd_up_read(&file->handles);
}

/* Looks for the journal head, or adds one with a reference on the buffer.  Only who has the folio
 * locked comes here, so nobody adds a second. */
static struct journal_head *jbd2_journal_add_journal_head(struct buffer_head *bh)
{
    struct journal_head *jh = hd_read_once(&bh->b_private);

    HD_CALL("jbd2_journal_add_journal_head");
    if (jh)
        return jh;
    jh = hd_new(struct journal_head);
    jh->b_bh = bh;
    get_bh(bh);
    hd_write_once(&bh->b_private, jh);
    return jh;
}

static void file_buffer(struct ext4_file *file, struct journal_head *jh)
{
    hd_spin_lock(&file->j_list_lock);
    if (!hd_read_once(&jh->in_transaction)) {
        HD_CHECK(file->count < EXT4_LIST_MAX, "list-full", "the model's list is too short");
        hd_write_once(&jh->in_transaction, 1);
        hd_write_once(&jh->modified, 0);
        file->list[file->count++] = jh;
    }
    hd_spin_unlock(&file->j_list_lock);
}

/* A dirty buffer would be written in place before the commit: its dirt becomes the journal's. */
void do_journal_get_write_access(struct ext4_file *file, struct buffer_head *bh)
{
    struct journal_head *jh;
    bool dirty;

    HD_CALL("do_journal_get_write_access");
    dirty = test_clear_buffer_dirty(bh);
    jh = jbd2_journal_add_journal_head(bh);
    file_buffer(file, jh);
    if (dirty)
        ext4_handle_dirty_metadata(file, bh);
}

void ext4_handle_dirty_metadata(struct ext4_file *file, struct buffer_head *bh)
{
    struct journal_head *jh;
    bool joined;

    HD_CALL("jbd2_journal_dirty_metadata");
    jh = hd_read_once(&bh->b_private);
    HD_CHECK(jh != NULL, "no-write-access", "the buffer has no journal head");
    hd_spin_lock(&file->j_list_lock);
    joined = hd_read_once(&jh->in_transaction);
    HD_CHECK(joined, "no-write-access", "the buffer is in no transaction");
    hd_write_once(&jh->modified, 1);
    hd_spin_unlock(&file->j_list_lock);
}

/* Content goes to the journal; then the buffer is dirty, to be written in place some time.  After
 * that the journal head is not looked at again: whoever releases the folio may free it. */
static void commit_buffer(struct ext4_file *file, struct journal_head *jh)
{
    struct buffer_head *bh = hd_read_once(&jh->b_bh);
    bool modified = hd_read_once(&jh->modified); /* nobody has a handle to change it */
    uint64_t data;

    if (modified) {
        (void)buffer_uptodate(bh); /* b_state is looked at first; in a mutant, of a freed buffer */
        data = hd_read_once(bh_data(bh));
        hd_disk_write(file->log, bh->b_blocknr, data);
    }
    hd_spin_lock(&file->j_list_lock);
    if (modified)
        mark_buffer_dirty(bh);
    hd_write_once(&jh->in_transaction, 0);
    hd_spin_unlock(&file->j_list_lock);
}

void ext4_commit_transaction(struct ext4_file *file)
{
    HD_CALL("jbd2_journal_commit_transaction");
    hd_down_write(&file->handles);
    for (uint32_t i = 0; i < file->count; i++)
        commit_buffer(file, file->list[i]);
    file->count = 0;
    hd_up_write(&file->handles);
}

/* One buffer: false if it is the running transaction's, or committed and not yet in place. */
static bool release_journal_head(struct ext4_file *file, struct buffer_head *bh)
{
    struct journal_head *jh = hd_read_once(&bh->b_private);
    bool busy;

    if (!jh)
        return true;
    hd_spin_lock(&file->j_list_lock);
    busy = hd_read_once(&jh->in_transaction);
    if (!busy)
        busy = buffer_dirty(bh);
    if (!busy)
        busy = buffer_locked(bh);
    hd_spin_unlock(&file->j_list_lock);
    if (busy)
        return false;
    hd_write_once(&bh->b_private, NULL);
    brelse(bh);
    hd_free(jh);
    return true;
}

bool jbd2_journal_try_to_free_buffers(struct folio *folio)
{
    struct ext4_file *file = hd_state();
    struct buffer_head *head, *bh;

    HD_CALL("jbd2_journal_try_to_free_buffers");
    head = bh = folio_buffers(folio);
    if (!head)
        return false;
    do {
        if (!release_journal_head(file, bh))
            return false;
        bh = next_buffer(bh);
    } while (bh != head);
    return try_to_free_buffers(folio);
}
