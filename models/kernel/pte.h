/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page tables, as far as shared mappings of a file need them: of each page and each process that
 * maps it, may it be stored to, and has it been.
 *
 * The table's lock stands for the page-table lock and for the processor: what the hardware does in
 * one atomic step (look at the write bit, set the dirty bit, store) is done here with the lock
 * held, and so is what the kernel does (clear both bits, flush the TLBs).  So fields are plain.
 */
#ifndef KERNEL_PTE_H
#define KERNEL_PTE_H

#include "kernel/read.h"

#define PAGE_TABLE_TASKS 2u /* processes that may map the file */

struct pte {
    struct folio *folio; /* what it maps, with a reference; NULL: nothing yet */
    bool write, dirty;
    uint64_t i_size; /* the file's when page_mkwrite() let stores in; for checks only */
};

struct page_table {
    struct hd_spinlock lock;
    struct pte pte[PAGE_TABLE_TASKS][MAPPING_FOLIOS];
};

/* The references that entries have on a folio; for checks at the end. */
static inline int32_t page_mapcount(const struct page_table *table, const struct folio *folio)
{
    int32_t count = 0;

    for (unsigned task = 0; table && task < PAGE_TABLE_TASKS; task++)
        count += table->pte[task][folio->index].folio == folio;
    return count;
}

/* Takes the right to store from every process, and moves PTE dirty bits out: how many entries had
 * either.  The caller has the folio locked, unless it is a mutant.  A file that nobody maps
 * (i_mmap is NULL) costs no point. */
unsigned folio_mkclean(struct folio *folio);
/* Dirty as a whole, with every buffer of it: block_dirty_folio().  The folio is locked. */
void folio_mark_dirty(struct folio *folio);

/* A process unmaps a page, or ends: a PTE dirty bit is handed on to the folio by mark_dirty
 * (folio_mark_dirty() in the kernel), without the folio lock; then the entry's reference goes. */
void zap_pte_range(struct address_space *mapping, unsigned task, uint64_t index,
                   void (*mark_dirty)(struct folio *folio));

/* What became of a user's store. */
enum store {
    STORE_SIGBUS,     /* beyond the end of the file */
    STORE_PREPARED,   /* page_mkwrite() had prepared the block */
    STORE_UNPREPARED, /* it had not: the file has grown, and the entry was left writable */
};

/* A store of a user's, by way of its mapping, to a byte of the file: faults if it must, and then
 * the page's blocks up to i_size are prepared.  Kind "store-refused": it faults on and on. */
enum store user_store(struct address_space *mapping, unsigned task, uint64_t byte, uint64_t data);

/* Is the page writable for a process that was let in when the file was smaller than bytes? */
bool page_is_writable_since(struct address_space *mapping, uint64_t index, uint64_t bytes);

#endif
