/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mm/memory-failure.c, Linux 6.1: memory_failure() and me_pagecache_clean(), for a page of a file
 * that nobody maps.
 *
 * Left out: PG_hwpoison and the reference that is kept for ever on a bad page, which nobody here
 * looks at; the wait for writeback, which no declared workload has.  No lock of the filesystem's is
 * taken, and no reference of anybody's is looked at: that is as it is there.
 */
#include "kernel/memory_failure.h"

static void me_pagecache_clean(struct address_space *mapping, struct folio *folio)
{
    HD_CALL("me_pagecache_clean");
    (void)hd_xchg(&folio->on_lru, 0); /* delete_from_lru_cache() */
    truncate_inode_folio(mapping, folio); /* generic_error_remove_page() */
}

static bool is_struck(struct address_space *mapping, struct folio *folio,
                      bool (*spares)(struct folio *folio))
{
    return folio->mapping == mapping && !(spares && spares(folio));
}

void memory_failure(struct address_space *mapping, uint64_t index,
                    bool (*spares)(struct folio *folio))
{
    struct folio *folio;

    HD_CALL("memory_failure");
    folio = filemap_get_folio(mapping, index);
    if (!folio)
        return;
    if (!has_gate(mapping, GATE_LOCK) && is_struck(mapping, folio, spares))
        mapping->a_ops->invalidate_folio(folio); /* a mutant: before it has the lock */
    folio_lock(folio);
    if (is_struck(mapping, folio, spares))
        me_pagecache_clean(mapping, folio);
    folio_unlock(folio);
    folio_put(folio);
}
