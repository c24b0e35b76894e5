/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reclaim: mm/vmscan.c and mm/truncate.c, Linux 6.1.  The steps R0 .. R13 are those that stand
 * between a folio on the LRU list and the release of its buffers, in the kernel's order; each
 * either goes on or refuses.
 *
 * Left out, as they can only refuse or only count: mapped and referenced folios (R3; an unmapped
 * clean folio is never spared for ever), cgroup-v1's wait for writeback, anonymous memory,
 * statistics, PG_active.
 */
#include "kernel/reclaim.h"

enum fate { FREED, KEEP, KEEP_LOCKED };

void lruvec_add_folio(struct lruvec *lruvec, struct folio *folio)
{
    folio->on_lru = 1;
    lruvec->folio[lruvec->count++] = folio;
}

/* R0: takes the folio off its list, and a reference on it.  lru_lock is left out: it orders the
 * list, and what decides here is one atomic test of the flag. */
static bool isolate_lru_folio(struct folio *folio)
{
    HD_CALL("isolate_lru_folios");
    if (!folio_try_get(folio))
        return false;
    if (hd_xchg(&folio->on_lru, 0))
        return true;
    folio_put(folio);
    return false;
}

static void putback_lru_folio(struct folio *folio)
{
    hd_write_once(&folio->on_lru, 1);
    folio_put(folio);
}

/* R6.  The number of references is no matter. */
bool filemap_release_folio(struct folio *folio)
{
    struct address_space *mapping = folio->mapping;

    HD_CALL("filemap_release_folio");
    if (folio_test_writeback(folio) && has_gate(mapping, GATE_WRITEBACK))
        return false;
    return mapping->a_ops->release_folio(folio);
}

/* A folio is freeable if only isolation, page cache and buffers refer to it. */
static bool is_page_cache_freeable(struct folio *folio)
{
    int32_t references = folio_ref_count(folio);

    return references == 2 + folio_has_private(folio);
}

/* R5: kswapd writes the folio itself.  KEEP: it went to the disk, and is unlocked; FREED: it is
 * clean, locked, and reclaim may go on with it. */
static enum fate pageout(struct folio *folio)
{
    struct address_space *mapping = folio->mapping;

    HD_CALL("pageout");
    if (!is_page_cache_freeable(folio) && has_gate(mapping, GATE_REFCOUNT))
        return KEEP_LOCKED;
    if (!folio_clear_dirty_for_io(folio))
        return FREED;
    folio_set_reclaim(folio);
    mapping->a_ops->writepage(folio);
    if (folio_test_writeback(folio))
        return KEEP;
    folio_clear_reclaim(folio);
    /* The I/O is over already: once more from the start. */
    if (folio_test_dirty(folio) || !folio_trylock(folio))
        return KEEP;
    if (folio_test_dirty(folio) || folio_test_writeback(folio))
        return KEEP_LOCKED;
    return FREED;
}

/* R2 .. R13.  KEEP, unlike KEEP_LOCKED, has unlocked the folio. */
static enum fate shrink_locked_folio(struct folio *folio, bool kswapd)
{
    struct address_space *mapping = folio->mapping;

    if (!mapping)
        return KEEP_LOCKED; /* drop_caches has been here: the last reference will free it */
    if (folio_test_writeback(folio) && has_gate(mapping, GATE_WRITEBACK)) { /* R2 */
        folio_set_reclaim(folio);
        return KEEP_LOCKED;
    }
    if (folio_test_dirty(folio) && has_gate(mapping, GATE_DIRTY)) { /* R4 */
        enum fate fate;

        if (!kswapd || !folio_test_reclaim(folio)) {
            folio_set_reclaim(folio);
            return KEEP_LOCKED;
        }
        fate = pageout(folio); /* R5 */
        if (fate != FREED)
            return fate;
    }
    if (folio_has_private(folio) && !filemap_release_folio(folio)) /* R6 .. R12 */
        return KEEP_LOCKED;
    return __remove_mapping(mapping, folio) ? FREED : KEEP_LOCKED; /* R13 */
}

/* One folio's turn, isolated.  The kernel has a list of them and treats each so. */
static bool shrink_folio_list(const struct lruvec *lruvec, struct folio *folio, bool kswapd)
{
    bool lock = has_gate(lruvec->mapping, GATE_LOCK);
    enum fate fate;

    HD_CALL("shrink_folio_list");
    if (lock && !folio_trylock(folio)) /* R1 */
        return false;
    fate = shrink_locked_folio(folio, kswapd);
    if (lock && fate != KEEP)
        folio_unlock(folio);
    if (fate == FREED)
        folio_free(folio);
    return fate == FREED;
}

void shrink_inactive_list(struct lruvec *lruvec, bool kswapd)
{
    HD_CALL("shrink_inactive_list");
    for (uint32_t i = 0; i < lruvec->count; i++) {
        struct folio *folio = lruvec->folio[i];

        if (isolate_lru_folio(folio) && !shrink_folio_list(lruvec, folio, kswapd))
            putback_lru_folio(folio);
    }
}

static void strip_buffers(struct folio *folio)
{
    if (!folio_has_private(folio) || !folio_trylock(folio))
        return;
    if (folio_has_private(folio))
        (void)filemap_release_folio(folio);
    folio_unlock(folio);
}

void shrink_active_list(struct lruvec *lruvec)
{
    HD_CALL("shrink_active_list");
    for (uint32_t i = 0; i < lruvec->count; i++) {
        if (!isolate_lru_folio(lruvec->folio[i]))
            continue;
        strip_buffers(lruvec->folio[i]);
        putback_lru_folio(lruvec->folio[i]);
    }
}

/* The one caller that counts references first: page cache, buffers, and its own. */
static void mapping_evict_folio(struct address_space *mapping, struct folio *folio)
{
    int32_t references;

    HD_CALL("mapping_evict_folio");
    if (folio_test_dirty(folio) || folio_test_writeback(folio))
        return;
    references = folio_ref_count(folio);
    if (references > 2 + folio_has_private(folio) && has_gate(mapping, GATE_REFCOUNT))
        return;
    if (folio_has_private(folio) && !filemap_release_folio(folio))
        return;
    if (__remove_mapping(mapping, folio))
        hd_write_once(&folio->ref.count, 1); /* unfrozen: the caller's is the last */
}

void invalidate_mapping_pages(struct address_space *mapping)
{
    HD_CALL("invalidate_mapping_pages");
    for (uint64_t index = 0; index < MAPPING_FOLIOS; index++) {
        struct folio *folio = filemap_get_folio(mapping, index);

        if (!folio)
            continue;
        if (folio_trylock(folio)) {
            mapping_evict_folio(mapping, folio);
            folio_unlock(folio);
        }
        folio_put(folio);
    }
}
