/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shared mappings: folio_mkclean() of mm/rmap.c, the write fault of mm/memory.c (do_page_mkwrite()
 * to fault_dirty_shared_page()), block_page_mkwrite() and block_dirty_folio() of fs/buffer.c;
 * Linux 6.1.
 *
 * Left out: unmapping, protection changes, and reads, none of which lets a store in; mmap_lock and
 * invalidate_lock, held for reading in faults, which nobody here takes for writing; freezing.
 */
#include "kernel/pte.h"

unsigned folio_mkclean(struct folio *folio)
{
    struct page_table *table = folio->mapping->i_mmap;
    unsigned cleaned = 0;

    if (!table)
        return 0;
    HD_CALL("folio_mkclean");
    hd_spin_lock(&table->lock);
    for (unsigned task = 0; task < PAGE_TABLE_TASKS; task++) {
        struct pte *pte = &table->pte[task][folio->index];

        cleaned += pte->write || pte->dirty;
        pte->write = false;
        pte->dirty = false;
    }
    hd_spin_unlock(&table->lock);
    return cleaned;
}

void folio_mark_dirty(struct folio *folio)
{
    struct buffer_head *head, *bh;

    HD_CALL("block_dirty_folio");
    if (folio->mapping->a_ops && folio->mapping->a_ops->dirty_folio)
        folio->mapping->a_ops->dirty_folio(folio);
    hd_spin_lock(&folio->mapping->private_lock);
    head = bh = folio_buffers(folio);
    while (bh) {
        set_buffer_dirty(bh);
        bh = next_buffer(bh);
        if (bh == head)
            break;
    }
    (void)folio_test_set_dirty(folio);
    hd_spin_unlock(&folio->mapping->private_lock);
}

void zap_pte_range(struct address_space *mapping, unsigned task, uint64_t index,
                   void (*mark_dirty)(struct folio *folio))
{
    struct pte *pte = &mapping->i_mmap->pte[task][index];
    struct folio *folio;

    HD_CALL("zap_pte_range");
    hd_spin_lock(&mapping->i_mmap->lock);
    folio = pte->folio;
    if (pte->dirty)
        mark_dirty(folio);
    *pte = (struct pte){ .folio = NULL };
    hd_spin_unlock(&mapping->i_mmap->lock);
    if (folio)
        folio_put(folio);
}

/* The blocks of a locked folio up to its byte `end` exist from now on, and are to be written. */
static void commit_blocks(struct folio *folio, uint64_t end)
{
    struct buffer_head *head = folio_buffers(folio), *bh;

    if (!head)
        head = create_empty_buffers(folio);
    bh = head;
    do {
        if (bh_offset(bh) < end) {
            set_buffer_mapped(bh);
            set_buffer_uptodate(bh);
            mark_buffer_dirty(bh);
        }
        bh = next_buffer(bh);
    } while (bh != head);
}

/* True: the folio is locked, and its blocks up to i_size are there.  i_size is read once, and may
 * grow at once afterwards: that is what pagecache_isize_extended() is for. */
static bool block_page_mkwrite(struct folio *folio, uint64_t *ret_size)
{
    struct address_space *mapping = folio->mapping;
    uint64_t size, start = folio->index * FOLIO_SIZE;

    HD_CALL("block_page_mkwrite");
    folio_lock(folio);
    size = i_size_read(mapping->host);
    if (size <= start) {
        folio_unlock(folio);
        return false;
    }
    commit_blocks(folio, size - start < FOLIO_SIZE ? size - start : FOLIO_SIZE);
    (void)folio_test_set_dirty(folio);
    *ret_size = size;
    return true;
}

/* A write fault: the entry becomes writable while the folio is still locked.  It is dirty at once,
 * as the kernel makes it. */
static bool do_shared_fault(struct address_space *mapping, unsigned task, uint64_t index)
{
    struct pte *pte = &mapping->i_mmap->pte[task][index];
    struct folio *folio;
    uint64_t size;
    bool mapped;

    HD_CALL("do_shared_fault");
    size = i_size_read(mapping->host);
    if (size <= index * FOLIO_SIZE)
        return false; /* filemap_fault() */
    folio = filemap_read_folio(mapping, index);
    if (!block_page_mkwrite(folio, &size)) {
        folio_put(folio);
        return false;
    }
    hd_spin_lock(&mapping->i_mmap->lock);
    mapped = pte->folio == folio;
    *pte = (struct pte){ .folio = folio, .write = true, .dirty = true, .i_size = size };
    hd_spin_unlock(&mapping->i_mmap->lock);
    (void)folio_test_set_dirty(folio); /* fault_dirty_shared_page() */
    folio_unlock(folio);
    if (mapped)
        folio_put(folio); /* else the entry has it now */
    return true;
}

/* One attempt of the processor's: STORE_SIGBUS means that it has to fault. */
static enum store try_store(struct address_space *mapping, unsigned task, uint64_t byte,
                            uint64_t data)
{
    struct pte *pte = &mapping->i_mmap->pte[task][byte / FOLIO_SIZE];
    uint32_t size = mapping->host->block_size;
    enum store store = STORE_SIGBUS;

    hd_spin_lock(&mapping->i_mmap->lock);
    if (pte->write) {
        pte->dirty = true;
        hd_write_once(&pte->folio->data[byte % FOLIO_SIZE / size], data);
        store = byte / size * size < pte->i_size ? STORE_PREPARED : STORE_UNPREPARED;
    }
    hd_spin_unlock(&mapping->i_mmap->lock);
    return store;
}

/* Whoever takes the right away after the fault makes the store fault again; nobody here does so
 * more often than that. */
enum store user_store(struct address_space *mapping, unsigned task, uint64_t byte, uint64_t data)
{
    enum store store;

    HD_CALL("user_store");
    for (unsigned attempt = 0; attempt < 8; attempt++) {
        store = try_store(mapping, task, byte, data);
        if (store != STORE_SIGBUS || !do_shared_fault(mapping, task, byte / FOLIO_SIZE))
            return store;
    }
    HD_CHECK(false, "store-refused", "a store faults on and on");
    return STORE_SIGBUS;
}

bool page_is_writable_since(struct address_space *mapping, uint64_t index, uint64_t bytes)
{
    bool is = false;

    if (!mapping->i_mmap)
        return false;
    hd_spin_lock(&mapping->i_mmap->lock);
    for (unsigned task = 0; task < PAGE_TABLE_TASKS; task++) {
        const struct pte *pte = &mapping->i_mmap->pte[task][index];

        is = is || (pte->write && pte->i_size < bytes);
    }
    hd_spin_unlock(&mapping->i_mmap->lock);
    return is;
}
