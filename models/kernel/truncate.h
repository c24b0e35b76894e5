/* SPDX-License-Identifier: GPL-2.0-only */
/* What a growing file means to the pages that are mapped: mm/truncate.c. */
#ifndef KERNEL_TRUNCATE_H
#define KERNEL_TRUNCATE_H

#include "kernel/folio.h"

/* unit: a power of two.  The caller sees to it that the sum does not overflow. */
static inline uint64_t size_round_down(uint64_t bytes, uint64_t unit)
{
    return bytes & ~(unit - 1);
}

static inline uint64_t size_round_up(uint64_t bytes, uint64_t unit)
{
    return size_round_down(bytes + unit - 1, unit);
}

/* Does an extension from one size to another put blocks behind the old end of the file into the
 * page of that end?  The kernel's condition; block and page in bytes. */
bool isize_extension_exposes(uint64_t from, uint64_t to, uint64_t block, uint64_t page);

/*
 * What is needed, whatever the kernel does: is there a block in the page of the old end that was
 * not in the file, and is now, without its writer's help?  A write makes the block that it begins
 * in by itself; a truncation makes none.
 */
bool isize_extension_needs_fault(uint64_t from, uint64_t to, uint64_t block, uint64_t page,
                                 bool truncate);

/* E5: makes user stores beyond the old end of file, in its folio, fault again.  Locks that folio;
 * to be called after i_size was changed. */
void pagecache_isize_extended(struct inode *inode, uint64_t from, uint64_t to);
/* ftruncate(2) to a larger size, as far as the page cache is concerned.  The caller has i_rwsem. */
void truncate_setsize_up(struct inode *inode, uint64_t to);

#endif
