/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A file on ext4 and as much of jbd2 as a write touches: one running transaction, handles on it,
 * its commit, and the journal heads that keep buffers.
 *
 * Lock order: handle -> folio lock -> j_list_lock.  A commit waits until every handle is stopped
 * and lets no new one start meanwhile; that is a fair read-write lock.
 *
 * Left out: credits and restarts, of which a small write has enough; the checkpoint list as such: a
 * buffer whose transaction is committed is dirty until it is in place, and that is what its release
 * looks at; the journal's superblock and its tail.
 */
#ifndef EXT4_JOURNALLED_FILE_H
#define EXT4_JOURNALLED_FILE_H

#include "kernel/plain_file.h"

#define EXT4_LIST_MAX 16u

/* The journal's hold on a buffer; buffer_head.b_private points to it, and it has a reference. */
struct journal_head {
    struct buffer_head *b_bh;
    uint8_t in_transaction; /* under j_list_lock, as the next; marked, for it may be freed */
    uint8_t modified;       /* and has content to commit */
};

struct ext4_file {
    struct plain_file plain; /* first: the bodies of actors rely on it */
    struct hd_rwsem handles; /* read: a handle is open; write: a commit */
    struct hd_spinlock j_list_lock;
    struct journal_head *list[EXT4_LIST_MAX]; /* of the running transaction */
    uint32_t count;
    struct hd_disk *log; /* of each block, what the journal has */
};

static inline struct ext4_file *EXT4_FILE(const struct iomap_write *write)
{
    return (struct ext4_file *)((char *)write->inode - offsetof(struct ext4_file, plain.inode));
}

/* What the two scenarios' workloads say; the keys have these numbers in both. */
enum ext4_param { POS, LEN, COPIED, BLOCK_SIZE, I_SIZE, CACHED, UPTODATE, DIRTY, FIRST, LATER };
extern const struct hd_param_info ext4_params[];
void ext4_file_init(struct ext4_file *file, const struct write_operations *ops,
                    const struct address_space_operations *a_ops);

/* jbd2.c */
/* For set-up: nothing is journaled, nobody has a handle. */
void ext4_journal_init(struct ext4_file *file);
void ext4_journal_start(struct ext4_file *file);
void ext4_journal_stop(struct ext4_file *file);
/* The buffer joins the running transaction, and can't be freed from here on. */
void do_journal_get_write_access(struct ext4_file *file, struct buffer_head *bh);
/* Its content is the transaction's.  Kind "no-write-access": it has not joined. */
void ext4_handle_dirty_metadata(struct ext4_file *file, struct buffer_head *bh);
void ext4_commit_transaction(struct ext4_file *file);
/* Lets go of a locked folio's buffers, if the journal has no more business with them. */
bool jbd2_journal_try_to_free_buffers(struct folio *folio);

/* write_begin.c: both modes, with and without data in the journal. */
void ext4_write_begin(struct iomap_write *write);
void ext4_journalled_write_begin(struct iomap_write *write);
/* The folio, locked, with a handle started before that. */
void ext4_grab_folio(struct iomap_write *write);
/* Every buffer of [from, to) of the folio; the others say whether all is up to date.  Kind
 * "buffers-missing". */
bool ext4_walk_page_buffers(struct iomap_write *write, uint32_t from, uint32_t to,
                            void (*fn)(struct ext4_file *file, struct buffer_head *bh));
/* 6.12: the part of a block that comes in between the old end and the write becomes zeroes. */
void ext4_zero_partial_blocks(struct iomap_write *write, bool journalled);

#define EXT4_KINDS { PLAIN_KINDS, "no-write-access", "list-full", NULL }

#endif
