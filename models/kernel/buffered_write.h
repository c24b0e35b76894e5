/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * iomap's buffered write through buffer heads, one folio of it: begin, copy, end.
 *
 * The steps that the orders under test share are here.  What they do differently, where the
 * transaction begins and everything after the data is in place, is a struct iomap_order.
 */
#ifndef KERNEL_BUFFERED_WRITE_H
#define KERNEL_BUFFERED_WRITE_H

#include "kernel/block.h"
#include "kernel/truncate.h"

/* One round of the loop: what it was asked for, and the writer's local variables. */
struct iomap_write {
    const struct iomap_order *order;
    struct inode *inode;
    uint64_t pos;     /* bytes */
    uint32_t len;     /* asked for, within one folio */
    uint32_t readable; /* how much of it the copy will find resident in user space */
    uint64_t data;    /* the new content's version */

    struct folio *folio;
    uint64_t old_size; /* i_size before */
    uint32_t copied;   /* bytes accepted */
    bool failed;       /* write_begin did, with -EIO */
};

struct iomap_order {
    /* B3, B4: begins the transaction, gets and locks the folio. */
    struct folio *(*get_folio)(struct iomap_write *write);
    /* From the copied data, folio locked, to the end of the transaction and of the reference. */
    void (*write_end)(struct iomap_write *write);
    /* The same if the folio could not be made ready; NULL where no read fails. */
    void (*begin_failed)(struct iomap_write *write);
};

/* The folio under write, and the byte in it where the write starts. */
static inline uint64_t write_index(const struct iomap_write *write)
{
    return write->pos / FOLIO_SIZE;
}
static inline uint32_t write_offset(const struct iomap_write *write)
{
    return (uint32_t)(write->pos % FOLIO_SIZE);
}

void iomap_write_iter(struct iomap_write *write);

/* For other loops than iomap's: B6, the buffers that take part are mapped, and read where they
 * must (false: a read failed); E1, the copy, which sets ->copied. */
bool __block_write_begin_int(struct iomap_write *write);
void copy_page_from_iter_atomic(struct iomap_write *write);
/* For orders: E2, the buffers of what was copied become dirty; sets ->copied. */
void block_write_end(struct iomap_write *write);
/* E3: i_size grows.  The folio is locked. */
void iomap_update_i_size(struct iomap_write *write);
#endif
