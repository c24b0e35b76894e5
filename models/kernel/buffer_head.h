/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Buffer heads: one for each block of a folio, linked to a ring.
 *
 * As with folios, each bit of b_state is a byte of its own and a marked access.  A buffer head is
 * real memory, freed at once by drop_buffers(): whoever keeps a pointer to one without a reference
 * is what these models are about.
 */
#ifndef KERNEL_BUFFER_HEAD_H
#define KERNEL_BUFFER_HEAD_H

#include <assert.h>

#include "kernel/folio.h"

struct buffer_head {
    uint8_t dirty; /* first, as b_state is: a NULL buffer head faults at address 0 */
    uint8_t uptodate, async_write, pinned, mapped, new;
    struct hd_bitlock lock; /* BH_Lock; sleepers hold no reference */
    int32_t b_count;
    uint32_t b_blocknr; /* fixed, as all below but b_private */
    uint32_t b_size;
    struct block_device *b_bdev;
    struct folio *b_folio;
    struct buffer_head *b_this_page; /* the ring */
    void *b_private; /* the filesystem's */
};

static_assert(offsetof(struct buffer_head, dirty) == 0, "gfs2_pin() relies on it");

#define BUFFER_FLAG(name)                                                                          \
    static inline bool buffer_##name(struct buffer_head *bh)                                       \
    {                                                                                              \
        return hd_read_once(&bh->name);                                                            \
    }                                                                                              \
    static inline void set_buffer_##name(struct buffer_head *bh)                                   \
    {                                                                                              \
        hd_write_once(&bh->name, 1);                                                               \
    }                                                                                              \
    static inline void clear_buffer_##name(struct buffer_head *bh)                                 \
    {                                                                                              \
        hd_write_once(&bh->name, 0);                                                               \
    }                                                                                              \
    static inline bool test_set_buffer_##name(struct buffer_head *bh)                              \
    {                                                                                              \
        return hd_xchg(&bh->name, 1);                                                              \
    }                                                                                              \
    static inline bool test_clear_buffer_##name(struct buffer_head *bh)                            \
    {                                                                                              \
        return hd_xchg(&bh->name, 0);                                                              \
    }

BUFFER_FLAG(dirty)
BUFFER_FLAG(async_write)
BUFFER_FLAG(pinned)
BUFFER_FLAG(mapped)
BUFFER_FLAG(new)

static inline bool buffer_uptodate(struct buffer_head *bh)
{
    return hd_read_once(&bh->uptodate);
}

/* Looks first, as the kernel does: usually it is set already.  Says so. */
static inline bool set_buffer_uptodate(struct buffer_head *bh)
{
    bool before = hd_read_once(&bh->uptodate);

    if (!before)
        hd_write_once(&bh->uptodate, 1);
    return before;
}

/* Sleeps while another has BH_Lock, without a reference on bh. */
void lock_buffer(struct buffer_head *bh);
bool trylock_buffer(struct buffer_head *bh);
void unlock_buffer(struct buffer_head *bh);
static inline bool buffer_locked(struct buffer_head *bh)
{
    return hd_bit_is_locked(&bh->lock);
}

static inline void get_bh(struct buffer_head *bh)
{
    (void)hd_fetch_add(&bh->b_count, 1);
}

/* Kind "brelse-free": releases what has no reference. */
void brelse(struct buffer_head *bh);

static inline struct buffer_head *next_buffer(struct buffer_head *bh)
{
    return hd_read_once(&bh->b_this_page);
}

/* Byte in the folio at which the block starts. */
static inline uint32_t bh_offset(const struct buffer_head *bh)
{
    return bh->b_blocknr * bh->b_size % FOLIO_SIZE;
}

/* Where the folio keeps the block's content. */
static inline uint64_t *bh_data(const struct buffer_head *bh)
{
    return &bh->b_folio->data[bh_offset(bh) / bh->b_size];
}

/*
 * Does the block [start, end) take part in a write to [from, to) of its folio?  The kernel's test,
 * with its edge: an empty range inside a block selects that block, at a block's start it selects
 * none.
 */
static inline bool block_overlaps(uint32_t start, uint32_t end, uint32_t from, uint32_t to)
{
    return end > from && start < to;
}

/* Gives a locked folio its buffers, unmapped, and returns the first. */
struct buffer_head *create_empty_buffers(struct folio *folio);
/* Sets BH_Dirty, and with it the folio's dirty flag; not through ->dirty_folio, so not
 * PG_checked. */
void mark_buffer_dirty(struct buffer_head *bh);
/* R9 .. R12: frees all buffers of a locked folio, or none. */
bool try_to_free_buffers(struct folio *folio);

#endif
