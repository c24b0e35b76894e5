/* SPDX-License-Identifier: GPL-2.0-only */
/* Writeback through buffer heads: fs/buffer.c, Linux 6.1. */
#include "kernel/writeback.h"

/*
 * Interrupt: one buffer of a folio under writeback is done; with the last of them, the folio.
 * After unlock_buffer() the ring is safe to walk, since PG_writeback still refuses its release.
 *
 * Left out: b_uptodate_lock.  It keeps two completions apart, and here they come one by one.
 */
static void end_buffer_async_write(struct buffer_head *bh)
{
    struct buffer_head *other;
    struct folio *folio;

    HD_CALL("end_buffer_async_write");
    set_buffer_uptodate(bh);
    folio = bh->b_folio;
    clear_buffer_async_write(bh);
    unlock_buffer(bh);
    other = next_buffer(bh);
    while (other != bh) {
        if (buffer_async_write(other))
            return;
        other = next_buffer(other);
    }
    folio_end_writeback(folio);
}

/* Takes a dirty buffer for writing, or leaves it unlocked. */
static void claim_buffer(struct buffer_head *bh, uint64_t i_size)
{
    if (!buffer_mapped(bh))
        return;
    if ((uint64_t)bh->b_blocknr * bh->b_size >= i_size) {
        clear_buffer_dirty(bh); /* wholly beyond the end of the file: never written */
        return;
    }
    if (!trylock_buffer(bh)) {
        (void)folio_test_set_dirty(bh->b_folio); /* redirty_page_for_writepage() */
        return;
    }
    if (test_clear_buffer_dirty(bh))
        set_buffer_async_write(bh);
    else
        unlock_buffer(bh);
}

static unsigned submit_claimed(struct buffer_head *head)
{
    struct buffer_head *bh = head, *next;
    unsigned submitted = 0;

    do {
        bool claimed = buffer_async_write(bh);

        next = next_buffer(bh); /* before the submission: the interrupt may come at once */
        if (claimed) {
            submit_bh(bh, true, end_buffer_async_write);
            submitted++;
        }
        bh = next;
    } while (bh != head);
    return submitted;
}

/* The folio was dirty and had no buffers: all of it is to be written, and what lies within the file
 * has a place on the disk, which get_block() would find. */
static struct buffer_head *create_dirty_buffers(struct folio *folio, uint64_t i_size)
{
    struct buffer_head *head = create_empty_buffers(folio), *bh = head;

    do {
        if ((uint64_t)bh->b_blocknr * bh->b_size < i_size)
            set_buffer_mapped(bh);
        set_buffer_uptodate(bh);
        set_buffer_dirty(bh);
        bh = next_buffer(bh);
    } while (bh != head);
    return head;
}

void __block_write_full_page(struct folio *folio)
{
    struct buffer_head *head, *bh;
    uint64_t i_size;
    unsigned submitted;

    HD_CALL("__block_write_full_page");
    i_size = i_size_read(folio->mapping->host);
    head = folio_buffers(folio);
    if (!head)
        head = create_dirty_buffers(folio, i_size);
    bh = head;
    do {
        claim_buffer(bh, i_size);
        bh = next_buffer(bh);
    } while (bh != head);
    folio_start_writeback(folio);
    submitted = submit_claimed(head);
    folio_unlock(folio);
    if (!submitted)
        folio_end_writeback(folio);
}
