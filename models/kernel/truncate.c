/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pagecache_isize_extended() and the growing half of truncate_setsize(): mm/truncate.c, Linux 6.1;
 * 6.12 has the same, but compares the block size by >= where 6.1 has ==, which is one for blocks
 * of at most a page, and no rounded size is inside a page for larger ones.
 */
#include "kernel/truncate.h"

#include "kernel/pte.h"

bool isize_extension_exposes(uint64_t from, uint64_t to, uint64_t block, uint64_t page)
{
    uint64_t rounded = size_round_up(from, block);

    if (from >= to || block >= page)
        return false;
    return to > rounded && rounded % page != 0;
}

/* Both rounded to blocks, the old end must lie inside a page, and before the new reach. */
bool isize_extension_needs_fault(uint64_t from, uint64_t to, uint64_t block, uint64_t page,
                                 bool truncate)
{
    uint64_t first = size_round_up(from, block);
    uint64_t reach = truncate ? to : size_round_down(to, block);

    if (block >= page || from >= to)
        return false;
    return first % page != 0 && first < reach;
}

/* Where no page table maps the file, there is nothing to protect under the lock; but it is taken,
 * and that is what some scenarios are about. */
void pagecache_isize_extended(struct inode *inode, uint64_t from, uint64_t to)
{
    struct folio *folio;

    HD_CALL("pagecache_isize_extended");
    if (!isize_extension_exposes(from, to, inode->block_size, FOLIO_SIZE))
        return;
    folio = filemap_lock_folio(inode->i_mapping, from / FOLIO_SIZE);
    if (!folio)
        return;
    if (folio_mkclean(folio))
        folio_mark_dirty(folio);
    folio_unlock(folio);
    folio_put(folio);
}

void truncate_setsize_up(struct inode *inode, uint64_t to)
{
    uint64_t from = inode->i_size; /* ours to read: i_rwsem */

    HD_CALL("truncate_setsize");
    i_size_write(inode, to);
    if (to > from)
        pagecache_isize_extended(inode, from, to);
}
