/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One file on xfs, through iomap without buffer heads, and who acts on it: a write, a store through
 * a mapping, zeroing, writeback, its completion, reclaim.
 *
 * Lock order: invalidate_lock -> folio lock -> ILOCK.
 *
 * Left out: i_rwsem, which only write() and zeroing take, and a scenario has one of the two;
 * blocks smaller than a folio, so a folio is up to date and dirty as a whole, as 6.1 has it anyway
 * for dirty; the COW fork and its half of the cookie; i_size, which no workload changes; the time a
 * read takes, since its reader waits with the folio locked.
 */
#ifndef XFS_XFS_H
#define XFS_XFS_H

#include "kernel/invalidate.h"
#include "kernel/iomap.h"
#include "kernel/reclaim.h"

/* Versions of a sector's content; 0 reads as zeroes. */
#define XFS_DISK  1u /* on the disk from the start */
#define XFS_CACHE 2u /* written by somebody before: dirty in the cache, and accepted */
#define XFS_WRITE 3u /* the writer's */
#define XFS_STORE 4u /* stored through the mapping */

/* When a write compares the map's cookie. */
enum xfs_check {
    XFS_CHECK_LOCKED, /* first thing under the folio lock */
    XFS_CHECK_NEVER,
    XFS_CHECK_UNLOCKED, /* before it looks for the folio */
    XFS_CHECK_LATE,     /* under the lock, but after the folio was filled in */
};
/* What the end of a short write does to the space that it has reserved and not used. */
enum xfs_cleanup {
    XFS_CLEANUP_SCAN, /* gives back what no dirty folio needs */
    XFS_CLEANUP_TRUNCATE, /* drops the folios, then gives everything back */
    XFS_CLEANUP_BLIND,    /* gives everything back */
};
/* And with the invalidate_lock held how? */
enum xfs_cleanup_lock { XFS_LOCK_EXCLUSIVE, XFS_LOCK_NONE, XFS_LOCK_SHARED, XFS_LOCK_LATE };
/* How zeroing tells that there is nothing to zero over a hole or an unwritten extent. */
enum xfs_zeroing {
    XFS_ZERO_FLUSH,  /* 6.12: write dirty folios out first, and map again */
    XFS_ZERO_SKIP,   /* 6.1: there never is */
    XFS_ZERO_LOOKUP, /* posted: if no folio is cached, or a clean one */
    XFS_ZERO_DIRTY_ONLY, /* the rest are mutants of the first: only PG_dirty is asked for */
    XFS_ZERO_NO_WAIT,    /* the I/O is not waited for */
    XFS_ZERO_NO_REMAP,   /* the old map goes on being used */
};
/* How write_begin leaves when it can't go on. */
enum xfs_exit { XFS_EXIT_BALANCED, XFS_EXIT_LOCKED, XFS_EXIT_REFERENCED };

/* An order under test.  All zeroes: as merged. */
struct xfs_rules {
    enum xfs_check check;
    enum xfs_cleanup cleanup;
    enum xfs_cleanup_lock cleanup_lock;
    enum xfs_zeroing zeroing;
    enum xfs_exit exit;
    bool fault_cleans_up;   /* page faults end their maps as writes do */
    bool silent_conversion; /* completion does not count as a change of the map */
};

/* One folio's write on its way; the completion frees it. */
struct xfs_ioend {
    struct folio *folio;
    enum extent_type type; /* when it was submitted */
    uint64_t data[SECTORS_PER_FOLIO];
};

struct xfs_file {
    struct inode inode;
    struct address_space mapping;
    struct hd_rwsem invalidate_lock;
    struct extent_map extents;
    struct hd_waitq writeback_done;
    struct hd_queue queue; /* of struct xfs_ioend, for the service "completion" */
    struct hd_disk *disk; /* a sector each */
    struct lruvec lruvec;
    const struct xfs_rules *rules;
    bool reads_may_fail; /* the scenario has XFS_FAULT_READ; fixed */
    bool faults_fail;    /* the mapping loop of a page fault is cut short; fixed */
    /* What users were promised to read, of each sector: no kernel field, for checks. */
    uint64_t accepted[FILE_SECTORS];
};

/* ---- file.c: set-up and checks --------------------------------------------------------------- */

void xfs_file_init(struct xfs_file *file, const struct xfs_rules *rules);
/* For set-up: the type of a block.  If written, the disk has XFS_DISK there, and it is accepted. */
void xfs_file_extent(struct xfs_file *file, uint32_t block, enum extent_type type);
/* For set-up: a cached folio, up to date, on the LRU.  dirty: its second sector is XFS_CACHE. */
void xfs_file_cache(struct xfs_file *file, uint32_t block, bool dirty);
/* A reader of the sector was promised this. */
void xfs_accept(struct xfs_file *file, uint32_t sector, uint64_t data);
/* What read() would return of a sector now.  Not a point: for checks. */
uint64_t xfs_visible(const struct xfs_file *file, uint32_t sector);
bool xfs_reads_zero(const struct xfs_file *file, uint32_t sector, uint32_t end);
bool xfs_reads_accepted(const struct xfs_file *file, uint32_t sector, uint32_t end);
/*
 * At the end: no reference is left ("reference-left"); what is dirty can be written ("dirty-over-
 * hole"); and then, what was accepted is in the cache and on the disk ("data-lost").
 */
void xfs_file_check(struct xfs_file *file);

#define XFS_KINDS                                                                                  \
    { "data-zeroed", "data-lost", "dirty-over-hole", "not-zeroed", "reference-left", NULL }

/* ---- iomap_ops.c ----------------------------------------------------------------------------- */

extern const struct iomap_ops xfs_buffered_write_iomap_ops;
extern const struct iomap_ops xfs_page_mkwrite_iomap_ops; /* the same without an end */
/* Is the map still what it was? */
bool xfs_iomap_valid(const struct iomap_iter *iter);

/* ---- write.c --------------------------------------------------------------------------------- */

/* The index in faults[] of: a folio that must be read first can't be. */
#define XFS_FAULT_READ 0
/* write(2): sectors [pos, pos + len), of which the source has the first `readable` in reach.  Kind
 * "data-zeroed". */
void xfs_file_buffered_write(struct xfs_file *file, uint32_t pos, uint32_t len, uint32_t readable);
/*
 * A folio for a write to [pos, end) of it, locked, up to date but for that part.  NULL: the map is
 * stale, and says so; or an error, ->failed; or none is cached and creat is false, ->absent.  Kind
 * "not-zeroed": none is cached, and that is no reason to take the range for zeroes.
 */
struct folio *iomap_write_begin(struct iomap_iter *iter, uint32_t pos, uint32_t end, bool creat);
/* Up to date, dirty, unlocked, and the reference is dropped. */
void iomap_write_end(struct iomap_iter *iter, struct folio *folio);

/* ---- zero.c ---------------------------------------------------------------------------------- */

/* Zeroes sectors [pos, pos + len).  Kinds "not-zeroed", "reference-left". */
void iomap_zero_range(struct xfs_file *file, uint32_t pos, uint32_t len);

/* ---- writeback.c ----------------------------------------------------------------------------- */

/* Writes the dirty folios of blocks [first, end).  sync: also those that are being written already.
 * Kind "dirty-over-hole". */
void xfs_vm_writepages(struct xfs_file *file, uint32_t first, uint32_t end, bool sync);
/* Waits for the I/O of all that is being written there. */
void filemap_fdatawait_range(struct xfs_file *file, uint32_t first, uint32_t end);
void xfs_end_ioend(struct xfs_file *file, struct xfs_ioend *ioend);
/* Kind "dirty-over-hole". */
enum extent_type xfs_map_blocks(struct xfs_file *file, uint32_t block);

/* ---- fault.c --------------------------------------------------------------------------------- */

/* A store to a sector, by a process that has the file mapped.  If ->faults_fail, nothing is
 * stored. */
void xfs_store(struct xfs_file *file, uint32_t sector);

#endif
