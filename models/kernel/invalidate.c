/* SPDX-License-Identifier: GPL-2.0-only */
/* mm/truncate.c and mm/page-writeback.c, Linux 6.1. */
#include "kernel/invalidate.h"

void folio_wait_writeback(struct folio *folio, struct hd_waitq *queue)
{
    HD_CALL("folio_wait_writeback");
    hd_wait_event(queue, !folio_test_writeback(folio));
}

void truncate_inode_folio(struct address_space *mapping, struct folio *folio)
{
    HD_CALL("truncate_inode_folio");
    if (mapping->a_ops && mapping->a_ops->invalidate_folio && folio_has_private(folio))
        mapping->a_ops->invalidate_folio(folio);
    (void)folio_test_clear_dirty(folio); /* folio_cancel_dirty() */
    hd_spin_lock(&mapping->i_pages);
    folio->mapping = NULL;
    hd_write_once(&mapping->slot[folio->index], NULL);
    hd_spin_unlock(&mapping->i_pages);
    folio_put(folio); /* the page cache's */
}

void truncate_pagecache_range(struct address_space *mapping, struct hd_waitq *queue,
                              uint64_t first, uint64_t end)
{
    HD_CALL("truncate_pagecache_range");
    for (uint64_t index = first; index < end; index++) {
        struct folio *folio = filemap_lock_folio(mapping, index);

        if (!folio)
            continue;
        folio_wait_writeback(folio, queue);
        truncate_inode_folio(mapping, folio);
        folio_unlock(folio);
        folio_put(folio);
    }
}
