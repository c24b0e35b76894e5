/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writing back a folio that was dirtied by way of a mapping, with data=journal: what the orders of
 * fs/ext4/inode.c before 6.3 share.  The folio must be unlocked before the handle is started, as
 * everybody takes the handle first, and be locked again after.
 */
#ifndef EXT4_WRITEPAGE_H
#define EXT4_WRITEPAGE_H

#include "ext4/journalled_file.h"

struct ext4_mapped_file {
    struct ext4_file ext4;     /* first: the bodies of actors rely on it */
    struct buffer_head *inode; /* a block of the inode table, to be read */
};

/* For set-up: a file of one folio, PG_dirty and PG_checked, whose buffers are clean and have no
 * journal head.  A process has stored to all of it. */
void ext4_mapped_file_init(struct ext4_mapped_file *mapped,
                           const struct address_space_operations *a_ops, uint32_t block_size);

/* fn for each buffer of the ring that takes part in [from, to).  Reads the ring even where that is
 * empty. */
void ext4_walk_ring(struct ext4_file *file, struct buffer_head *head, uint64_t from, uint64_t to,
                    void (*fn)(struct ext4_file *file, struct buffer_head *bh));
/* The buffers of [0, len) join the handle's transaction and are dirty in it. */
void ext4_journal_ring(struct ext4_file *file, struct buffer_head *head, uint64_t len);
/* How much of the folio lies within the file, when it has `size` bytes. */
uint64_t ext4_folio_len(const struct folio *folio, uint64_t size);

/* Bodies of actors.  A flusher: the folio's turn in write_cache_pages().  Another task, that has a
 * handle open while it reads a block of its own; whoever waits for all handles to be stopped waits
 * for it, and lets nobody start one meanwhile. */
void ext4_writepages(void *state, unsigned instance);
void ext4_other_task(void *state, unsigned instance);

#endif
