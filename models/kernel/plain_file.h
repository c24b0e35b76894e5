/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A file on blocks, without a journal of its own, and who acts on it: write(2), ftruncate(2),
 * read(2), a process that has it mapped, writeback, I/O completion, reclaim.  A scenario brings the
 * filesystem's write_begin and write_end.
 */
#ifndef KERNEL_PLAIN_FILE_H
#define KERNEL_PLAIN_FILE_H

#include "kernel/buffered_write.h"
#include "kernel/pte.h"
#include "kernel/reclaim.h"
#include "kernel/writeback.h"

/* Versions of what is in a block; a block with none of them has zeroes, or fresh memory. */
enum { OLD_DATA = 1, WRITTEN_DATA = 2, STORED_DATA = 3 };

struct write_operations {
    /* Gets the folio, locked, and prepares its blocks. */
    void (*write_begin)(struct iomap_write *write);
    /* From the copied data, folio locked, to where the folio is unlocked and put. */
    void (*write_end)(struct iomap_write *write);
};

/* What differs at the start. */
struct plain_setup {
    const struct write_operations *ops;
    const struct address_space_operations *a_ops;
    uint64_t i_size; /* bytes */
    uint32_t block_size;
    uint64_t pos;
    uint32_t len, readable;
    unsigned gates;
    bool cached;   /* the written folio is in the page cache; the one of the old end always is */
    bool uptodate; /* the written folio is up to date; the one of the old end always is */
    bool dirty;    /* the folio of the old end is dirty, with the blocks that it has */
    bool truncate; /* the writer calls ftruncate(2) to `pos` bytes in place of write(2) */
    bool stores_only; /* V7 is judged by what becomes of stores, not when i_rwsem is released */
    uint64_t store[2]; /* bytes that a mapper stores to: at any time; once the writer is back */
};

struct plain_file {
    struct block_device bdev;
    struct address_space mapping;
    struct inode inode;
    struct hd_rwsem i_rwsem;
    struct page_table table;
    struct lruvec lruvec;
    const struct write_operations *ops;
    struct iomap_write write;
    struct hd_completion written; /* the writer's call has returned */
    bool truncate, stores_only;   /* fixed, as is store[] */
    uint64_t store[2];
};

void plain_file_init(struct plain_file *file, const struct plain_setup *setup);

/* pagecache: write_begin of block_write_begin(): grab the folio, prepare its blocks. */
void block_write_begin(struct iomap_write *write);
/* The loop's one round: begin, copy, end. */
void generic_perform_write(const struct write_operations *ops, struct iomap_write *write);
/* The address space of a filesystem that leaves everything to fs/buffer.c. */
extern const struct address_space_operations block_aops;

/*
 * Bodies of actors; state begins with the struct plain_file.
 *
 * Before the writer releases i_rwsem, V7: the page of the old end is writable for nobody who was
 * let in before the file grew, if the growth exposes blocks of that page ("page-not-protected").  A
 * mapper that stores after that must find its block prepared ("store-lost").
 */
void plain_writer(void *state, unsigned instance);
void plain_flusher(void *state, unsigned instance);
void plain_completion(void *state, void *item);
void plain_reclaimer(void *state, unsigned instance);
void plain_reader(void *state, unsigned instance);
void plain_mapper(void *state, unsigned instance);

/* At the end: the references on folios are those of cache, buffers and page tables
 * ("reference-left"), and each block written is dirty with its new content or has it on the disk,
 * as `safe` may also say for a buffer ("data-lost").  held: the references that a filesystem has on
 * a buffer.  Either may be NULL. */
void plain_check(const struct plain_file *file, int32_t (*held)(const struct buffer_head *bh),
                 bool (*safe)(const struct plain_file *file, const struct buffer_head *bh));

#define PLAIN_KINDS                                                                                \
    "buffers-missing", "data-lost", "reference-left", "brelse-free", "page-not-protected",         \
        "store-lost", "store-refused"

#endif
