/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading a file through the page cache: filemap_read() and page faults. */
#ifndef KERNEL_READ_H
#define KERNEL_READ_H

#include "kernel/block.h"

/* The folio, up to date, unlocked, with a reference more: from the cache, else from the disk. */
struct folio *filemap_read_folio(struct address_space *mapping, uint64_t index);

#endif
