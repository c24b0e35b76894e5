/* SPDX-License-Identifier: GPL-2.0-only */
/* Writing a folio's dirty buffers in place: submission here, completion in the interrupt. */
#ifndef KERNEL_WRITEBACK_H
#define KERNEL_WRITEBACK_H

#include "kernel/block.h"

/*
 * Writes the dirty buffers of a locked folio whose dirty flag has been cleared, and unlocks it.
 * WB_SYNC_NONE: a buffer that another has locked is passed over, and the folio made dirty again.
 */
void __block_write_full_page(struct folio *folio);

#endif
