/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A file's extent map: what stands behind each block, and the sequence number that says whether it
 * is still what somebody saw.  After fs/xfs/libxfs/xfs_bmap.c and xfs_iext_tree.c, Linux 6.1.
 *
 * The types are guarded by the lock (ILOCK), so they are plain.  The sequence number is changed
 * under the lock and read without: that is what makes it a cookie.
 *
 * Left out: the tree, and where on the disk an extent is.  A block has one place for good, so a
 * stale map can be wrong about the state of a block and not about its address.
 */
#ifndef KERNEL_EXTENT_H
#define KERNEL_EXTENT_H

#include "kernel/folio.h"

#define EXTENT_BLOCKS MAPPING_FOLIOS /* a block is a folio */

enum extent_type {
    EXTENT_HOLE,
    EXTENT_DELALLOC,  /* space is reserved, not yet chosen */
    EXTENT_UNWRITTEN, /* chosen, reads as zeroes */
    EXTENT_WRITTEN,
};

struct extent_map {
    struct hd_rwsem lock;         /* ILOCK */
    uint32_t seq;                 /* if_seq: counts changes */
    uint8_t type[EXTENT_BLOCKS];  /* enum extent_type, under the lock */
    bool silent_conversion;       /* a mutant: conversion after I/O does not count */
};

/* Blocks from `first` on, before `end`, that have one type.  The caller has the lock. */
uint32_t extent_run(const struct extent_map *map, uint32_t first, uint32_t end);
/* Counts the change, then makes it.  The caller has the lock for writing. */
void extent_set(struct extent_map *map, uint32_t first, uint32_t count, enum extent_type type);
/* The sequence number, with the lock or without. */
uint32_t extent_cookie(struct extent_map *map);
/* Takes the lock: what is behind a block. */
enum extent_type extent_lookup(struct extent_map *map, uint32_t block);
/* Takes the lock: the reserved extent around a block gets its place on the disk, and is unwritten;
 * what is not reserved stays what it is. */
void extent_convert_delalloc(struct extent_map *map, uint32_t block);
/* Takes the lock: I/O is done, the block is written. */
void extent_convert_unwritten(struct extent_map *map, uint32_t block);
/* Takes the lock: what is only reserved in [first, end) becomes a hole. */
void extent_punch_delalloc(struct extent_map *map, uint32_t first, uint32_t end);

#endif
