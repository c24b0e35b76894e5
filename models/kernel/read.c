/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * filemap_read_folio() of mm/filemap.c and block_read_full_folio() of fs/buffer.c, Linux 6.1.
 *
 * The kernel submits all reads of a folio and lets the interrupt unlock it; here they are waited
 * for one by one with the folio locked, which excludes the same others.  Left out: read-ahead,
 * which is one more reader; read errors.
 */
#include "kernel/read.h"

/* A block behind the end of the file is no block yet: zeroes. */
static void read_block(struct buffer_head *bh, uint64_t i_size)
{
    bool mapped;

    if (buffer_uptodate(bh))
        return;
    mapped = buffer_mapped(bh);
    if (!mapped && (uint64_t)bh->b_blocknr * bh->b_size >= i_size) {
        hd_write_once(bh_data(bh), 0);
        set_buffer_uptodate(bh);
        return;
    }
    if (!mapped)
        set_buffer_mapped(bh);
    (void)bh_read(bh);
}

static void block_read_full_folio(struct folio *folio)
{
    struct buffer_head *head, *bh;
    uint64_t i_size;

    HD_CALL("block_read_full_folio");
    i_size = i_size_read(folio->mapping->host);
    head = folio_buffers(folio);
    if (!head)
        head = create_empty_buffers(folio);
    bh = head;
    do {
        read_block(bh, i_size);
        bh = next_buffer(bh);
    } while (bh != head);
    folio_set_uptodate(folio);
}

struct folio *filemap_read_folio(struct address_space *mapping, uint64_t index)
{
    struct folio *folio;

    HD_CALL("filemap_read_folio");
    folio = filemap_get_folio(mapping, index);
    if (folio && folio_test_uptodate(folio))
        return folio;
    if (folio)
        folio_lock(folio);
    else
        folio = filemap_grab_folio(mapping, index);
    if (!folio_test_uptodate(folio))
        block_read_full_folio(folio);
    folio_unlock(folio);
    return folio;
}
