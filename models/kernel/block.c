/* SPDX-License-Identifier: GPL-2.0-only */
/* Requests and their completion: submit_bh() and friends of fs/buffer.c, Linux 6.1. */
#include "kernel/block.h"

void submit_bh(struct buffer_head *bh, bool write, void (*end_io)(struct buffer_head *bh))
{
    struct block_device *bdev = bh->b_folio->mapping->bdev;
    struct bio *bio = &bdev->bio[bh->b_blocknr];

    bio->bdev = bdev;
    bio->bh = bh;
    bio->end_io = end_io;
    bio->block = bh->b_blocknr;
    bio->write = write;
    if (write)
        bio->data = hd_read_once(bh_data(bh));
    hd_push(&bdev->queue, bio);
}

static void end_buffer_read_sync(struct buffer_head *bh)
{
    HD_CALL("end_buffer_read_sync");
    if (!bh->b_folio->mapping->bdev->unreadable)
        set_buffer_uptodate(bh);
    unlock_buffer(bh);
    brelse(bh);
}

/* The reference keeps the buffer while nobody looks after it.  The kernel waits for BH_Lock to
 * clear; waiting for this one request comes to the same, as its end is what clears it. */
bool bh_read(struct buffer_head *bh)
{
    struct bio *bio = &bh->b_folio->mapping->bdev->bio[bh->b_blocknr];

    HD_CALL("bh_read");
    lock_buffer(bh);
    get_bh(bh);
    submit_bh(bh, false, end_buffer_read_sync);
    hd_wait_for_completion(&bio->done);
    return !bio->failed;
}

void end_bio_bh_io_sync(struct bio *bio)
{
    struct buffer_head *bh = bio->bh;
    uint64_t data;

    HD_CALL("end_bio_bh_io_sync");
    if (bio->write) {
        hd_disk_write(bio->bdev->disk, bio->block, bio->data);
        bio->end_io(bh);
        return;
    }
    bio->failed = bio->bdev->unreadable;
    if (!bio->failed) {
        data = hd_disk_read(bio->bdev->disk, bio->block);
        hd_write_once(bh_data(bh), data);
    }
    bio->end_io(bh);
    hd_complete(&bio->done);
}
