/* SPDX-License-Identifier: GPL-2.0-only */
/* Whoever wants memory back: the callers that can free a folio's buffers, and their gates. */
#ifndef KERNEL_RECLAIM_H
#define KERNEL_RECLAIM_H

#include "kernel/buffer_head.h"

/* Folios that set-up has put on the LRU.  A flag of each says whether it is there now. */
struct lruvec {
    struct address_space *mapping;
    uint32_t count;
    struct folio *folio[MAPPING_FOLIOS];
};

/* For set-up. */
void lruvec_add_folio(struct lruvec *lruvec, struct folio *folio);

/* Lets go of a locked folio's private data, if nothing of it is in use. */
bool filemap_release_folio(struct folio *folio);
/* Steps R0 .. R13 for every folio on the list.  kswapd may also write a dirty folio out (R5). */
void shrink_inactive_list(struct lruvec *lruvec, bool kswapd);
/* What the kernel does while buffer_heads_over_limit: strips the buffers of active folios.  It does
 * not look at PG_dirty; each buffer's own bits must refuse. */
void shrink_active_list(struct lruvec *lruvec);
/* drop_caches, fadvise(DONTNEED): only folios that nobody else has a reference on. */
void invalidate_mapping_pages(struct address_space *mapping);

#endif
