/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Folios, and the page cache that finds them.
 *
 * A flag is a byte of its own where the kernel has a bit in folio->flags: its bit operations are
 * atomic and two bits never disturb each other, so neither do two bytes.  All of them are marked
 * accesses.  Pages are never freed as memory, so a struct folio isn't either: one that has left the
 * page cache stays with a reference count of 0, and a speculative lookup may still try it.
 *
 * Left out: rcu_read_lock() in lookups, since it protects the xarray's nodes, and here a slot is a
 * word; large folios, which gfs2 doesn't use.  Page tables are in kernel/pte.h.
 */
#ifndef KERNEL_FOLIO_H
#define KERNEL_FOLIO_H

#include <stdbool.h>

#include "heddle/model.h"

#define FOLIO_SIZE 4096u
#define FOLIO_BLOCKS 8u   /* of 512 bytes, at most */
#define MAPPING_FOLIOS 4u /* folios a file can have, cached or not */

struct block_device;
struct buffer_head;
struct folio;
struct page_table;

struct address_space_operations {
    /* Lets go of private data; the folio is locked.  False: it can't. */
    bool (*release_folio)(struct folio *folio);
    /* Writes a locked folio whose dirty flag has been cleared, and unlocks it. */
    void (*writepage)(struct folio *folio);
    /* Throws the private data of a locked folio away, dirty or not; NULL: there never is any. */
    void (*invalidate_folio)(struct folio *folio);
    /* What is done first when a folio becomes dirty as a whole; NULL: nothing. */
    void (*dirty_folio)(struct folio *folio);
};

/*
 * The gates that stand between a folio and its release.  A faithful variant has all of them; each
 * mutant drops one, to show that the model holds because of it.
 */
enum gate {
    GATE_LOCK = 1 << 0,      /* reclaim needs the folio lock (R1) */
    GATE_DIRTY = 1 << 1,     /* PG_dirty and BH_Dirty refuse (R4, R7, R10) */
    GATE_WRITEBACK = 1 << 2, /* PG_writeback and BH_Lock refuse (R2, R6, R9, R10) */
    GATE_REFCOUNT = 1 << 3,  /* a foreign reference refuses (R5, drop_caches) */
    GATE_B_COUNT = 1 << 4,   /* a reference on a buffer refuses (R7, R10) */
    GATE_CANCEL = 1 << 5,    /* PG_dirty falls with private_lock held (R11) */
    GATES_ALL = (1 << 6) - 1,
};

struct address_space {
    struct hd_spinlock i_pages;      /* the xarray's lock */
    struct hd_spinlock private_lock; /* guards the attaching of buffers */
    struct folio *slot[MAPPING_FOLIOS];
    const struct address_space_operations *a_ops;
    struct block_device *bdev;
    struct inode *host;
    struct page_table *i_mmap; /* of the processes that map the file; NULL: nobody does */
    unsigned gates; /* enum gate, in force; fixed by set-up */
};

struct inode {
    uint64_t i_size; /* bytes; written by the holder of i_rwsem only */
    struct address_space *i_mapping;
    uint32_t block_size; /* bytes, 512 .. FOLIO_SIZE, a power of two */
    uint32_t holes; /* bit i: block i is in the file and not on the disk; fixed by set-up */
};

struct folio {
    struct hd_bitlock lock; /* PG_locked */
    struct hd_refcount ref; /* page cache 1, private data 1, each user 1 */
    uint8_t dirty, writeback, uptodate, checked, reclaim, on_lru;
    struct buffer_head *private; /* PG_private and page->private in one: see page_buffers() */
    struct address_space *mapping; /* NULL once out of the page cache; under the folio lock */
    uint64_t index;                /* fixed */
    uint64_t data[FOLIO_BLOCKS];   /* what is in each block: a version number */
    void *memory; /* freed with the page, for who keeps a pointer into it; or NULL; fixed */
};

#define FOLIO_FLAG(name)                                                                           \
    static inline bool folio_test_##name(struct folio *folio)                                      \
    {                                                                                              \
        return hd_read_once(&folio->name);                                                         \
    }                                                                                              \
    static inline void folio_set_##name(struct folio *folio)                                       \
    {                                                                                              \
        hd_write_once(&folio->name, 1);                                                            \
    }                                                                                              \
    static inline void folio_clear_##name(struct folio *folio)                                     \
    {                                                                                              \
        hd_write_once(&folio->name, 0);                                                            \
    }                                                                                              \
    static inline bool folio_test_set_##name(struct folio *folio)                                  \
    {                                                                                              \
        return hd_xchg(&folio->name, 1);                                                           \
    }                                                                                              \
    static inline bool folio_test_clear_##name(struct folio *folio)                                \
    {                                                                                              \
        return hd_xchg(&folio->name, 0);                                                           \
    }

FOLIO_FLAG(dirty)
FOLIO_FLAG(writeback)
FOLIO_FLAG(uptodate)
FOLIO_FLAG(checked)
FOLIO_FLAG(reclaim)

static inline void folio_lock(struct folio *folio)
{
    hd_bit_lock(&folio->lock);
}

static inline bool folio_trylock(struct folio *folio)
{
    return hd_bit_trylock(&folio->lock);
}

static inline void folio_unlock(struct folio *folio)
{
    hd_bit_unlock(&folio->lock);
}

static inline void folio_get(struct folio *folio)
{
    hd_get(&folio->ref);
}

static inline bool folio_try_get(struct folio *folio)
{
    return hd_tryget(&folio->ref);
}

/* The page is back in nobody's hands. */
static inline void folio_free(struct folio *folio)
{
    if (folio->memory)
        hd_free(folio->memory);
}

/* Whoever drops the last reference frees the page. */
static inline void folio_put(struct folio *folio)
{
    bool last = hd_put(&folio->ref);

    if (last)
        folio_free(folio);
}

static inline int32_t folio_ref_count(struct folio *folio)
{
    return hd_ref_read(&folio->ref);
}

/* The buffers, or NULL: folio_test_private() and folio_get_private() in one look. */
static inline struct buffer_head *folio_buffers(struct folio *folio)
{
    return hd_read_once(&folio->private);
}

static inline bool folio_has_private(struct folio *folio)
{
    return hd_read_once(&folio->private) != NULL;
}

/* Private data holds a reference of its own. */
void folio_attach_private(struct folio *folio, struct buffer_head *head);
void folio_detach_private(struct folio *folio);

/* Clears PG_dirty on the way to the disk; false if it was clear.  The folio is locked. */
static inline bool folio_clear_dirty_for_io(struct folio *folio)
{
    return folio_test_clear_dirty(folio);
}

static inline void folio_start_writeback(struct folio *folio)
{
    folio_set_writeback(folio);
}

/* Also turns a folio that reclaim wants back over to it: "rotated" to the tail of the LRU list. */
void folio_end_writeback(struct folio *folio);

static inline bool has_gate(const struct address_space *mapping, enum gate gate)
{
    return mapping->gates & gate;
}

static inline uint64_t i_size_read(struct inode *inode)
{
    return hd_read_once(&inode->i_size);
}

static inline void i_size_write(struct inode *inode, uint64_t bytes)
{
    hd_write_once(&inode->i_size, bytes);
}

/* The folio with a reference more, or NULL: not cached. */
struct folio *filemap_get_folio(struct address_space *mapping, uint64_t index);
/* The same, locked. */
struct folio *filemap_lock_folio(struct address_space *mapping, uint64_t index);
/* As FGP_LOCK | FGP_CREAT: if there is none, a new one, locked, not up to date, not yet on the
 * LRU. */
struct folio *filemap_grab_folio(struct address_space *mapping, uint64_t index);
/* Takes a locked folio out of the page cache, if the caller's and the cache's are its only
 * references; they are gone then, and nobody can find it any more. */
bool __remove_mapping(struct address_space *mapping, struct folio *folio);

/* For set-up: a clean folio, unlocked, referenced by the page cache alone. */
struct folio *folio_alloc(struct address_space *mapping, uint64_t index);

#endif
