/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * iomap's iteration: map a part of a range, work on it, say how far it got, and again.  After
 * fs/iomap/iter.c, Linux 6.2 (6.1.192 has the part about stale maps).
 *
 * Positions count sectors.  A sector is half a folio: the smallest part that can be told from the
 * other, and the least that a partly written folio needs.
 */
#ifndef KERNEL_IOMAP_H
#define KERNEL_IOMAP_H

#include "kernel/extent.h"

#define SECTORS_PER_FOLIO 2u
#define FILE_SECTORS      (SECTORS_PER_FOLIO * MAPPING_FOLIOS)

/* What the filesystem said of blocks [first, first + count), and when.  count is 0: nothing yet. */
struct iomap {
    uint32_t first, count;
    enum extent_type type;
    bool is_new;     /* IOMAP_F_NEW: reserved by this very call */
    bool stale;      /* IOMAP_F_STALE: found to be no longer so */
    uint32_t cookie; /* the map's sequence number then */
};

struct iomap_iter {
    void *file;         /* the filesystem's */
    uint32_t pos, len;  /* sectors still to do */
    struct iomap iomap;
    uint32_t processed; /* sectors done with this map */
    bool failed;        /* by an error, and nothing was done */
    bool absent;        /* no folio is cached, and none was to be created */
    bool zeroing;       /* IOMAP_ZERO: a hole stays one */
    uint32_t folios;    /* references to folios that are held: no kernel field, for checks */
};

struct iomap_ops {
    void (*begin)(struct iomap_iter *iter); /* fills in ->iomap */
    void (*end)(struct iomap_iter *iter);   /* undoes what was not used of it; may be NULL */
};

/* Ends the current map, goes on by what was processed, and maps what follows.  False: all done, or
 * failed.  No progress ends it too, unless the map was stale: then it is mapped again. */
bool iomap_iter(struct iomap_iter *iter, const struct iomap_ops *ops);

/* How many sectors from the position on the map covers. */
static inline uint32_t iomap_length(const struct iomap_iter *iter)
{
    uint32_t end = (iter->iomap.first + iter->iomap.count) * SECTORS_PER_FOLIO;

    return end - iter->pos < iter->len ? end - iter->pos : iter->len;
}

/* The end of the part of [sector, end) that lies in the folio of sector. */
static inline uint32_t folio_part(uint32_t sector, uint32_t end)
{
    uint32_t next = (sector / SECTORS_PER_FOLIO + 1) * SECTORS_PER_FOLIO;

    return next < end ? next : end;
}

#endif
