/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One journaled-data file on one gfs2 mount, and who acts on it: the state that the gfs2 scenarios
 * share, its set-up, the bodies of the actors, and what must be true at the end.
 */
#ifndef GFS2_JDATA_H
#define GFS2_JDATA_H

#include "gfs2/gfs2.h"
#include "kernel/pte.h"

#define JDATA_OLD_DATA 1u /* version of what is on the disk at first */
#define JDATA_NEW_DATA 2u /* of what the first writer brings; the next one brings one more */
#define JDATA_WRITERS_MAX 2u

/* What differs at the start. */
struct gfs2_jdata_setup {
    const struct iomap_order *order;
    uint64_t i_size; /* bytes */
    uint32_t block_size;
    uint64_t pos;
    uint32_t len, readable;
    unsigned gates;
    bool cached;   /* the written folio is in the page cache, and so is the one at the old end */
    bool uptodate; /* and these are up to date */
    bool buffers;  /* and have buffers, mapped up to i_size */
    bool on_lru;   /* and are on the LRU */
    bool reclaim;  /* and PG_reclaim is set: an earlier reclaim met them dirty */
    uint8_t ail;   /* bit i: block i of the written folio is clean and on an AIL list */
    uint32_t holes;     /* bit i: block i of the file is in a hole */
    unsigned writers;   /* 0: one */
    bool mapped_dirty;  /* a process has stored to the page of the old end, by way of its mapping */
    bool unreadable;    /* every read fails */
    bool clears_redirtied; /* the repair of that name */
    bool fair;     /* writers that wait for sd_log_flush_lock stop later readers */
    bool synchronous;    /* -o sync */
    bool direct_reclaim; /* the writer's own allocations reclaim */
};

struct gfs2_jdata {
    struct gfs2_sbd sd; /* first: see gfs2_current() */
    struct block_device bdev;
    struct address_space mapping;
    struct gfs2_glock gl;
    struct gfs2_inode inode;
    struct lruvec lruvec;
    struct page_table pages;
    struct hd_rwsem i_rwsem; /* taken where there are two writers: who else would ask for it? */
    unsigned writers;
    struct iomap_write write[JDATA_WRITERS_MAX];
};

/* Who frees buffers, for a workload's key. */
enum gfs2_jdata_reclaim {
    RECLAIM_DIRECT, RECLAIM_KSWAPD, RECLAIM_ACTIVE, RECLAIM_DROP_CACHES,
    RECLAIM_FADVISE, RECLAIM_WORDS
};
#define GFS2_JDATA_RECLAIMS { "direct", "kswapd", "active", "drop-caches", "fadvise" }

void gfs2_jdata_init(struct gfs2_jdata *jdata, const struct gfs2_jdata_setup *setup);

/* Bodies of actors. */
void gfs2_jdata_writer(void *state, unsigned instance);
void gfs2_jdata_flusher(void *state, unsigned instance);
/* The log daemon, once. */
void gfs2_jdata_logd(void *state, unsigned instance);
void gfs2_jdata_reclaim(struct gfs2_jdata *jdata, enum gfs2_jdata_reclaim how);
void gfs2_jdata_completion(void *state, void *item);
void gfs2_jdata_fsync(void *state, unsigned instance);

/*
 * At the end: what the log has not written yet can still be flushed, each reference is accounted
 * for ("reference-left"), and what was written and accepted is dirty, journaled, in the log or in
 * its place ("data-lost").  Says what may stay in memory; all else is a leak.
 */
void gfs2_jdata_check(void *state);
/* What a power loss would leave: a block whose place holds what the log never had breaks the
 * write-ahead rule, kind "in-place-before-journal". */
void gfs2_jdata_recover(const void *state);

/* The kinds that code under gfs2/ and kernel/ reports. */
#define GFS2_KINDS                                                                                 \
    { "buffers-missing", "data-lost", "reference-left", "wrong-glock", "pin-refused",              \
      "unpin-unpinned", "brelse-free", "nested-transaction", "list-full",                          \
      "in-place-before-journal", "unread-block-journaled", "page-freed", NULL }

#endif
