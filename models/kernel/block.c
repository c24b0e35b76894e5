/* SPDX-License-Identifier: GPL-2.0-only */
/* Requests and their completion: submit_bh() and friends of fs/buffer.c, Linux 6.1. */
#include "kernel/block.h"

/* Not freed at the end of an execution: the device still has it. */
static struct bio *bio_alloc(struct buffer_head *bh, bool write,
                             void (*end_io)(struct buffer_head *bh))
{
    struct bio *bio = hd_new(struct bio);

    hd_owned(bio);
    hd_name(bio, "bio", (int)bh->b_blocknr);
    bio->bdev = bh->b_bdev;
    bio->bh = bh;
    bio->end_io = end_io;
    bio->block = bh->b_blocknr;
    bio->write = write;
    if (write)
        bio->data = hd_read_once(bh_data(bh));
    return bio;
}

void submit_bh(struct buffer_head *bh, bool write, void (*end_io)(struct buffer_head *bh))
{
    struct bio *bio = bio_alloc(bh, write, end_io);

    hd_push(&bio->bdev->queue, bio);
}

static void end_buffer_read_sync(struct buffer_head *bh)
{
    HD_CALL("end_buffer_read_sync");
    if (!bh->b_bdev->unreadable)
        set_buffer_uptodate(bh);
    unlock_buffer(bh);
    brelse(bh);
}

/* The reference keeps the buffer while nobody looks after it.  The kernel waits for BH_Lock to
 * clear; waiting for this one request comes to the same, as its end is what clears it. */
bool bh_read(struct buffer_head *bh)
{
    struct bio *bio;
    bool failed;

    HD_CALL("bh_read");
    lock_buffer(bh);
    get_bh(bh);
    bio = bio_alloc(bh, false, end_buffer_read_sync);
    bio->waited_for = true;
    hd_push(&bio->bdev->queue, bio);
    hd_wait_for_completion(&bio->done);
    failed = bio->failed;
    hd_free(bio);
    return !failed;
}

static void transfer(struct bio *bio)
{
    uint64_t data;

    if (bio->write) {
        hd_disk_write(bio->bdev->disk, bio->block, bio->data);
        return;
    }
    bio->failed = bio->bdev->unreadable;
    if (bio->failed)
        return;
    data = hd_disk_read(bio->bdev->disk, bio->block);
    hd_write_once(bh_data(bio->bh), data);
}

void end_bio_bh_io_sync(struct bio *bio)
{
    HD_CALL("end_bio_bh_io_sync");
    transfer(bio);
    bio->end_io(bio->bh);
    if (bio->waited_for)
        hd_complete(&bio->done);
    else
        hd_free(bio);
}
