/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The block device: a queue of requests, a disk, and the interrupt that says a request is done.
 *
 * A struct bio belongs to the submitter until it is pushed and to the interrupt after that, which
 * frees it; unless somebody waits for it, who then has it back. So its fields are plain.
 */
#ifndef KERNEL_BLOCK_H
#define KERNEL_BLOCK_H

#include "kernel/buffer_head.h"

#define DEVICE_BLOCKS (MAPPING_FOLIOS * FOLIO_BLOCKS)

struct bio {
    struct hd_completion done; /* if `waited_for` */
    struct buffer_head *bh;
    struct block_device *bdev; /* of bh, as is block: bh may be gone when they are needed */
    void (*end_io)(struct buffer_head *bh);
    uint64_t data; /* read from memory when a write is submitted */
    uint32_t block;
    bool write;
    bool waited_for;
    bool failed; /* a read: the device had an error */
};

struct block_device {
    struct hd_queue queue; /* of struct bio, for the service "completion" */
    struct hd_disk *disk;  /* what is in each block, in place */
    bool unreadable;       /* every read fails; fixed by set-up */
};

/* bh is locked; end_io is called in interrupt context once the request is done. */
void submit_bh(struct buffer_head *bh, bool write, void (*end_io)(struct buffer_head *bh));
/* Reads a buffer that is not up to date, and waits; false: -EIO, and it still isn't. */
bool bh_read(struct buffer_head *bh);
/* The interrupt: serves one item of the queue. */
void end_bio_bh_io_sync(struct bio *bio);

#endif
