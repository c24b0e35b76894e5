/* SPDX-License-Identifier: GPL-2.0-only */
/* A page whose memory has gone bad: mm/memory-failure.c. */
#ifndef KERNEL_MEMORY_FAILURE_H
#define KERNEL_MEMORY_FAILURE_H

#include "kernel/invalidate.h"
#include "kernel/reclaim.h"

/*
 * Takes the folio out of the page cache, whoever uses it, dirty or not.  spares, if not NULL, is
 * asked under the folio lock: true, and the error is taken to have struck elsewhere.
 */
void memory_failure(struct address_space *mapping, uint64_t index,
                    bool (*spares)(struct folio *folio));

#endif
