/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * xfs-short-write-punch: S-2, what a write gives back that it has reserved and not used.
 *
 * A store through a mapping may have dirtied a folio over the very space.  Dropping the folios of
 * the range first, to have none without space, drops that store as well.
 */
#include "xfs/actors.h"

static const struct hd_param_info params[] = {
    XFS_PARAMS(0, 3, FILE_SECTORS, 3, 3),
    { NULL }
};

static const struct hd_variant_info variants[] = {
    { "truncate-cache", "before f43dc4dc3eff: drop the folios, then the reservation", HD_BROKEN },
    { "merged", "6.2, 6.1.92: keep what dirty folios need, drop no folio", HD_FIXED },
    { "mutant-blind", "merged, but it does not look for dirty folios", HD_MUTANT },
    { "mutant-late-lock", "merged, but the scan comes before the invalidate_lock", HD_MUTANT },
    { NULL }
};

static const struct xfs_rules rules[] = {
    { .cleanup = XFS_CLEANUP_TRUNCATE },
    { .cleanup = XFS_CLEANUP_SCAN },
    { .cleanup = XFS_CLEANUP_BLIND },
    { .cleanup_lock = XFS_LOCK_LATE },
};

static_assert(sizeof rules / sizeof *rules + 1 == sizeof variants / sizeof *variants,
              "one for each variant");

/* The last block is somebody's data that is not yet written: its writeback makes maps stale. */
static void setup(void *state)
{
    struct xfs_file *file = state;

    xfs_file_init(file, &rules[hd_variant()]);
    xfs_file_extent(file, 3, EXTENT_UNWRITTEN);
    xfs_file_cache(file, 3, true);
}

static const struct hd_role_info roles[] = { XFS_WRITER, XFS_MAPPER, XFS_FLUSHER, XFS_COMPLETION,
                                             { NULL } };

#define EVERYWHERE(name) { name, name, name, name }
static const struct hd_landmark_info landmarks[] = {
    { "begin", EVERYWHERE("iomap_write_begin") },
    { "check", EVERYWHERE("xfs_iomap_valid") },
    { "clean-up", EVERYWHERE("xfs_buffered_write_iomap_end") },
    { "truncate", { "truncate_pagecache_range", NULL, NULL, NULL } },
    { "scan", { NULL, "iomap_write_delalloc_scan", NULL, "iomap_write_delalloc_scan" } },
    { "punch", EVERYWHERE("xfs_bmap_punch_delalloc_range") },
    { "mkwrite", EVERYWHERE("iomap_page_mkwrite") },
    { "convert", EVERYWHERE("xfs_iomap_write_unwritten") },
    { NULL }
};

static const char *const kinds[] = XFS_KINDS;

#define FIRES { "truncate-cache", "data-lost", "xfs_buffered_write_iomap_end" }
#define HOLE(variant) { variant, "dirty-over-hole", "xfs_map_blocks" }
#define HOLDS(variant) { variant, "holds", NULL }
#define ALL_HOLD                                                                                   \
    HOLDS("truncate-cache"), HOLDS("merged"), HOLDS("mutant-blind"), HOLDS("mutant-late-lock")

static const struct hd_workload_info workloads[] = {
    { "stale", "S-2: a stale map cuts the write short", "",
      { FIRES, HOLDS("merged") } },
    { "short-source", "the source ends before the second folio", "readable=2 flusher=off",
      { FIRES, HOLDS("merged"), HOLE("mutant-blind"), HOLE("mutant-late-lock") } },
    { "other-folio", "near by: the store is behind what the write has reserved", "store=5",
      { ALL_HOLD } },
    { "not-cut-short", "near by: no map gets stale, the write uses all it reserves",
      "flusher=off", { ALL_HOLD } },
    { NULL }
};

const struct hd_scenario xfs_short_write_punch = {
    .name = "xfs-short-write-punch",
    .summary = "a short write gives back its reservation, against a store to a mapped page",
    .passport = {
        .source = "Linux 6.1.192 and 6.2, and the series before f43dc4dc3eff: "
                  "fs/xfs/xfs_iomap.c, fs/xfs/xfs_bmap_util.c, fs/xfs/xfs_file.c, "
                  "fs/iomap/buffered-io.c, mm/truncate.c",
        .functions = "writer: iomap_file_buffered_write, iomap_iter, "
                     "xfs_buffered_write_iomap_begin, iomap_write_begin, xfs_iomap_valid, "
                     "xfs_buffered_write_iomap_end, truncate_pagecache_range or "
                     "iomap_write_delalloc_release and iomap_write_delalloc_scan, "
                     "xfs_bmap_punch_delalloc_range.  mapper: filemap_fault, "
                     "xfs_filemap_page_mkwrite, iomap_page_mkwrite.  flusher and completion: as "
                     "in iomap-stale, on another folio",
        .kept = "the extent map with ILOCK and its sequence number; invalidate_lock, shared by "
                "faults and taken for writing by the clean-up, with its fairness; the folio lock, "
                "the look at folio->mapping under it, PG_dirty, PG_writeback; which space is new; "
                "contents of half folios",
        .left_out = "that no released tree had both truncate-cache and the check of the cookie: "
                    "the check came last in the series, and this is why; the workload "
                    "short-source shows the loss without a stale map.  Page tables: the store is "
                    "done under the lock of the page_mkwrite, to which "
                    "each later order comes down (see fault.c).  Preallocation behind the write: "
                    "it makes the range longer and changes nothing in it.  The search for data in "
                    "the cache: it passes over folios that are not up to date, which aren't "
                    "dirty.  i_size: the file is larger than all that is done here, and the scan "
                    "is limited by it.  i_rwsem: only the writer takes it.  Reclaim: a dirty "
                    "folio is not for it, and a clean one over reserved space is zeroes",
        .invariants = "V6 what was stored or accepted is read and reaches the disk; a dirty folio "
                      "has its space; V4; V5",
        .reference = "fstests generic/346; kernel commits f43dc4dc3eff (failure must not truncate "
                     "the page cache), 9c7babf94a0d.  Fewest preemptions: one",
        .evidence = HD_STATED_IN_MAIL,
    },
    .variants = variants,
    .params = params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .kinds = kinds,
    .state_bytes = sizeof(struct xfs_file),
    .setup = setup,
    .check = xfs_actor_check,
};
