/* SPDX-License-Identifier: GPL-2.0-only */
/* The page cache: mm/filemap.c and the removing half of mm/vmscan.c, Linux 6.1. */
#include "kernel/folio.h"

struct folio *folio_alloc(struct address_space *mapping, uint64_t index)
{
    struct folio *folio = hd_new(struct folio);
    int i = (int)index;

    hd_owned(folio); /* page structures are never freed */
    folio->mapping = mapping;
    folio->index = index;
    folio->ref.count = 1;
    for (unsigned block = 0; block < FOLIO_BLOCKS; block++)
        folio->data[block] = UINT64_C(0xa5a5a5a5a5a5a5a5); /* fresh memory */
    hd_name(&folio->lock, "folio.lock", i);
    hd_name(&folio->ref, "folio.ref", i);
    hd_name(&folio->dirty, "folio.dirty", i);
    hd_name(&folio->writeback, "folio.writeback", i);
    hd_name(&folio->uptodate, "folio.uptodate", i);
    hd_name(&folio->checked, "folio.checked", i);
    hd_name(&folio->reclaim, "folio.reclaim", i);
    hd_name(&folio->on_lru, "folio.lru", i);
    hd_name(&folio->private, "folio.private", i);
    hd_name(folio->data, "folio.data", i);
    return folio;
}

void folio_attach_private(struct folio *folio, struct buffer_head *head)
{
    folio_get(folio);
    hd_write_once(&folio->private, head);
}

void folio_detach_private(struct folio *folio)
{
    hd_write_once(&folio->private, NULL);
    folio_put(folio);
}

/* No wake-up: nobody in these models sleeps on PG_writeback, a flusher of WB_SYNC_NONE skips it. */
void folio_end_writeback(struct folio *folio)
{
    HD_CALL("folio_end_writeback");

    if (folio_test_reclaim(folio))
        folio_clear_reclaim(folio);
    folio_clear_writeback(folio);
}

/*
 * The speculative reference: the slot is read again afterwards, since between the look and the
 * reference the folio may have left the cache.  A count of 0 is frozen by __remove_mapping(), whose
 * caller holds the xarray's lock until the slot is empty; the kernel spins so long, and here that
 * wait is a wait for the lock.
 */
struct folio *filemap_get_folio(struct address_space *mapping, uint64_t index)
{
    struct folio *folio, *again;

    for (;;) {
        folio = hd_read_once(&mapping->slot[index]);
        if (!folio)
            return NULL;
        if (!folio_try_get(folio)) {
            hd_spin_lock(&mapping->i_pages);
            hd_spin_unlock(&mapping->i_pages);
            continue;
        }
        again = hd_read_once(&mapping->slot[index]);
        if (again == folio)
            return folio;
        folio_put(folio);
    }
}

/* Under the lock folio->mapping is looked at again: truncation may have taken the folio out while
 * we waited. */
struct folio *filemap_lock_folio(struct address_space *mapping, uint64_t index)
{
    for (;;) {
        struct folio *folio = filemap_get_folio(mapping, index);

        if (!folio)
            return NULL;
        folio_lock(folio);
        if (folio->mapping == mapping)
            return folio;
        folio_unlock(folio);
        folio_put(folio);
    }
}

/* False: another was faster.  The new folio is locked and its count is 2, the cache's and the
 * caller's; the loser's is never heard of again. */
static bool filemap_add_folio(struct address_space *mapping, struct folio *folio)
{
    bool empty;

    hd_spin_lock(&mapping->i_pages);
    empty = !mapping->slot[folio->index]; /* plain: only changed under this lock */
    if (empty)
        hd_write_once(&mapping->slot[folio->index], folio);
    hd_spin_unlock(&mapping->i_pages);
    if (!empty)
        folio_unlock(folio);
    return empty;
}

struct folio *filemap_grab_folio(struct address_space *mapping, uint64_t index)
{
    struct folio *folio;

    HD_CALL("__filemap_get_folio");
    for (;;) {
        folio = filemap_lock_folio(mapping, index);
        if (folio)
            return folio;
        folio = folio_alloc(mapping, index);
        folio->ref.count = 2; /* nobody else knows the folio yet */
        folio_lock(folio);
        if (filemap_add_folio(mapping, folio))
            return folio; /* in a per-CPU batch: on no LRU list, so reclaim won't meet it */
    }
}

bool __remove_mapping(struct address_space *mapping, struct folio *folio)
{
    int32_t before;
    bool frozen;

    HD_CALL("__remove_mapping");
    hd_spin_lock(&mapping->i_pages);
    before = hd_cmpxchg(&folio->ref.count, 2, 0); /* folio_ref_freeze() */
    frozen = before == 2;
    if (frozen && folio_test_dirty(folio)) {
        hd_write_once(&folio->ref.count, 2); /* folio_ref_unfreeze() */
        frozen = false;
    }
    if (frozen) {
        folio->mapping = NULL;
        hd_write_once(&mapping->slot[folio->index], NULL);
    }
    hd_spin_unlock(&mapping->i_pages);
    return frozen;
}
