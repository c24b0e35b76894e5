/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fs/iomap/buffered-io.c and fs/buffer.c, Linux 6.1: the steps B1 .. B7 and E1 .. E3.  E5 is in
 * kernel/truncate.c.
 *
 * Left out: the loop over folios and the retry after a short copy, each of which is another write;
 * signals; iomap_valid(), which gfs2 doesn't have; iomap_write_failed(), which takes page cache
 * behind i_size away after a short or failed write: no declared workload has any there.
 */
#include "kernel/buffered_write.h"

/* The iomap says where the block is; one that starts beyond i_size is new, and so is one that
 * fills a hole. */
static void map_buffer(struct buffer_head *bh, const struct inode *inode)
{
    set_buffer_mapped(bh);
    if ((uint64_t)bh->b_blocknr * bh->b_size >= inode->i_size) /* ours to read: i_rwsem */
        set_buffer_new(bh);
    if (inode->holes & 1u << bh->b_blocknr)
        set_buffer_new(bh);
}

/* A buffer that has just been mapped to a new block: there is nothing to read. */
static void prepare_new_buffer(struct buffer_head *bh, bool partly, bool uptodate)
{
    if (uptodate) {
        clear_buffer_new(bh);
        set_buffer_uptodate(bh);
        mark_buffer_dirty(bh);
    } else if (partly) {
        hd_write_once(bh_data(bh), 0); /* zeroes around the data to come */
    }
}

/* B6 for a buffer that takes part.  True: it must be read first. */
static bool prepare_buffer(struct iomap_write *write, struct buffer_head *bh, bool uptodate)
{
    uint32_t start = bh_offset(bh), end = start + bh->b_size;
    uint32_t from = write_offset(write), to = from + write->len;
    bool partly = start < from || end > to;

    if (buffer_new(bh))
        clear_buffer_new(bh);
    if (!buffer_mapped(bh)) {
        map_buffer(bh, write->inode);
        if (buffer_new(bh)) {
            prepare_new_buffer(bh, partly, uptodate);
            return false;
        }
    }
    if (uptodate) {
        set_buffer_uptodate(bh);
        return false;
    }
    return partly && !buffer_uptodate(bh);
}

/* A short copy leaves new blocks behind the copied part, a failed read leaves them all: they become
 * zeroes, and dirty. */
static void page_zero_new_buffers(struct iomap_write *write, uint32_t from, uint32_t to)
{
    struct buffer_head *head, *bh;

    HD_CALL("page_zero_new_buffers");
    head = bh = folio_buffers(write->folio);
    HD_CHECK(head != NULL, "buffers-missing", "the locked folio has lost its buffers");
    do {
        uint32_t start = bh_offset(bh);

        if (buffer_new(bh) && block_overlaps(start, start + bh->b_size, from, to)) {
            clear_buffer_new(bh);
            hd_write_once(bh_data(bh), 0);
            set_buffer_uptodate(bh);
            mark_buffer_dirty(bh);
        }
        bh = next_buffer(bh);
    } while (bh != head);
}

bool __block_write_begin_int(struct iomap_write *write)
{
    uint32_t from = write_offset(write), to = from + write->len;
    struct buffer_head *head, *bh;
    bool uptodate, failed = false;

    HD_CALL("__block_write_begin_int");
    uptodate = folio_test_uptodate(write->folio);
    head = folio_buffers(write->folio);
    if (!head)
        head = create_empty_buffers(write->folio);
    bh = head;
    do {
        uint32_t start = bh_offset(bh);

        if (block_overlaps(start, start + bh->b_size, from, to)) {
            if (prepare_buffer(write, bh, uptodate) && !bh_read(bh))
                failed = true;
        } else if (uptodate) {
            set_buffer_uptodate(bh);
        }
        bh = next_buffer(bh);
    } while (bh != head);
    if (failed)
        page_zero_new_buffers(write, from, to);
    return !failed;
}

static void iomap_write_begin(struct iomap_write *write)
{
    HD_CALL("iomap_write_begin");
    write->folio = write->order->get_folio(write);
    write->failed = !__block_write_begin_int(write);
    if (write->failed)
        write->order->begin_failed(write);
}

/* E1.  Page faults are off: what is not resident is not copied. */
void copy_page_from_iter_atomic(struct iomap_write *write)
{
    uint32_t size = write->inode->block_size, from = write_offset(write);

    HD_CALL("copy_page_from_iter_atomic");
    write->copied = write->readable < write->len ? write->readable : write->len;
    if (!write->copied)
        return;
    for (uint32_t block = from / size; block <= (from + write->copied - 1) / size; block++)
        hd_write_once(&write->folio->data[block], write->data);
}

/* Every buffer that takes part becomes up to date and dirty.  With nothing copied that is still the
 * block around an unaligned start: see block_overlaps(). */
static void __block_commit_write(struct folio *folio, uint32_t from, uint32_t to)
{
    struct buffer_head *head, *bh;
    bool partial = false;

    HD_CALL("__block_commit_write");
    head = bh = folio_buffers(folio);
    HD_CHECK(head != NULL, "buffers-missing", "the locked folio has lost its buffers");
    do {
        uint32_t start = bh_offset(bh);

        if (block_overlaps(start, start + bh->b_size, from, to)) {
            set_buffer_uptodate(bh);
            mark_buffer_dirty(bh);
        } else if (!buffer_uptodate(bh)) {
            partial = true;
        }
        if (buffer_new(bh))
            clear_buffer_new(bh);
        bh = next_buffer(bh);
    } while (bh != head);
    if (!partial && !folio_test_uptodate(folio))
        folio_set_uptodate(folio);
}

void block_write_end(struct iomap_write *write)
{
    uint32_t from = write_offset(write);

    HD_CALL("block_write_end");
    if (write->copied < write->len) {
        if (!folio_test_uptodate(write->folio))
            write->copied = 0; /* half a block of data and half of garbage is no block */
        page_zero_new_buffers(write, from + write->copied, from + write->len);
    }
    __block_commit_write(write->folio, from, from + write->copied);
}

/* Also with nothing copied: a write at pos beyond the end moves i_size to pos. */
void iomap_update_i_size(struct iomap_write *write)
{
    write->old_size = write->inode->i_size; /* plain: i_rwsem makes the writer its only writer */
    if (write->pos + write->copied > write->old_size)
        i_size_write(write->inode, write->pos + write->copied);
}

void iomap_write_iter(struct iomap_write *write)
{
    HD_CALL("iomap_write_iter");
    iomap_write_begin(write);
    if (write->failed)
        return;
    copy_page_from_iter_atomic(write);
    write->order->write_end(write);
}
