/* SPDX-License-Identifier: GPL-2.0-only */
/* Waiting for writeback, and taking folios out of the page cache whoever uses them. */
#ifndef KERNEL_INVALIDATE_H
#define KERNEL_INVALIDATE_H

#include "kernel/folio.h"

/* Sleeps until the folio is not under writeback.  queue is what the filesystem's completions wake,
 * after folio_end_writeback(): the kernel hashes folios to queues, here a file has one. */
void folio_wait_writeback(struct folio *folio, struct hd_waitq *queue);

/* Takes one locked folio out of the page cache, with its private data, whoever uses it. */
void truncate_inode_folio(struct address_space *mapping, struct folio *folio);
/* Takes the folios [first, end) out of the page cache, dirty or not; waits for their locks, and
 * their writeback.  Page tables: whoever maps a folio is the caller's to unmap. */
void truncate_pagecache_range(struct address_space *mapping, struct hd_waitq *queue,
                              uint64_t first, uint64_t end);

#endif
