/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * xfs-punch-race: S-3, a failed write drops folios and then the space under them, and in between a
 * page fault brings in a folio that relies on that space.
 */
#include "xfs/actors.h"

enum param { EXTENT = XFS_OWN_PARAMS };

static const struct hd_param_info params[] = {
    XFS_PARAMS(2, 2, 0, 3, 1),
    [EXTENT] = { "extent", "what is behind the folio of the write", EXTENT_HOLE, EXTENT_HOLE,
                 EXTENT_WRITTEN, xfs_extent_words },
    { NULL }
};

static const struct hd_variant_info variants[] = {
    { "unlocked", "before 198dd8aedee6: only i_rwsem, which faults don't take", HD_BROKEN },
    { "merged", "6.2, 6.1.92: invalidate_lock for writing over all of it, and a scan", HD_FIXED },
    { "mutant-shared", "merged, but the invalidate_lock is taken for reading", HD_MUTANT },
    { "mutant-late-lock", "merged, but the scan comes before the invalidate_lock", HD_MUTANT },
    { NULL }
};

static const struct xfs_rules rules[] = {
    { .cleanup = XFS_CLEANUP_TRUNCATE, .cleanup_lock = XFS_LOCK_NONE },
    { .cleanup = XFS_CLEANUP_SCAN, .cleanup_lock = XFS_LOCK_EXCLUSIVE },
    { .cleanup_lock = XFS_LOCK_SHARED },
    { .cleanup_lock = XFS_LOCK_LATE },
};

static_assert(sizeof rules / sizeof *rules + 1 == sizeof variants / sizeof *variants,
              "one for each variant");

static void setup(void *state)
{
    struct xfs_file *file = state;

    xfs_file_init(file, &rules[hd_variant()]);
    xfs_file_extent(file, 1, (enum extent_type)hd_param(EXTENT));
}

static const struct hd_role_info roles[] = { XFS_WRITER, XFS_MAPPER, XFS_FLUSHER, XFS_COMPLETION,
                                             { NULL } };

#define EVERYWHERE(name) { name, name, name, name }
static const struct hd_landmark_info landmarks[] = {
    { "reserve", EVERYWHERE("xfs_buffered_write_iomap_begin") },
    { "clean-up", EVERYWHERE("xfs_buffered_write_iomap_end") },
    { "truncate", { "truncate_pagecache_range", NULL, NULL, NULL } },
    { "punch", EVERYWHERE("xfs_bmap_punch_delalloc_range") },
    { "mkwrite", EVERYWHERE("iomap_page_mkwrite") },
    { "map", EVERYWHERE("xfs_map_blocks") },
    { NULL }
};

static const char *const kinds[] = XFS_KINDS;

#define FIRES(variant) { variant, "dirty-over-hole", "xfs_map_blocks" }
#define HOLDS(variant) { variant, "holds", NULL }
#define ALL_HOLD                                                                                   \
    HOLDS("unlocked"), HOLDS("merged"), HOLDS("mutant-shared"), HOLDS("mutant-late-lock")

static const struct hd_workload_info workloads[] = {
    { "failed-write", "S-3: the write's source can't be read; a store to the same folio", "",
      { FIRES("unlocked"), HOLDS("merged"), FIRES("mutant-shared"), FIRES("mutant-late-lock") } },
    { "truncated-store", "the same, seen where the store comes first and is dropped", "",
      { { "unlocked", "data-lost", "xfs_buffered_write_iomap_end" }, HOLDS("merged") } },
    { "other-folio", "near by: the store is to another folio", "store=5", { ALL_HOLD } },
    { "allocated", "near by: there is space already, the write reserves none",
      "extent=unwritten", { ALL_HOLD } },
    { "whole-source", "near by: the write goes through", "readable=2", { ALL_HOLD } },
    { NULL }
};

const struct hd_scenario xfs_punch_race = {
    .name = "xfs-punch-race",
    .summary = "a failed write gives back its reservation, against a page fault",
    .passport = {
        .source = "Linux 6.1 (before 6.1.92), 6.1.192 and 6.2: fs/xfs/xfs_iomap.c, "
                  "fs/xfs/xfs_bmap_util.c, fs/xfs/xfs_file.c, fs/xfs/xfs_aops.c, "
                  "fs/iomap/buffered-io.c, mm/truncate.c",
        .functions = "writer: iomap_file_buffered_write, iomap_iter, "
                     "xfs_buffered_write_iomap_begin, xfs_buffered_write_iomap_end, "
                     "truncate_pagecache_range or iomap_write_delalloc_release, "
                     "xfs_bmap_punch_delalloc_range.  mapper: filemap_fault, "
                     "xfs_filemap_page_mkwrite, iomap_page_mkwrite.  flusher: xfs_vm_writepages, "
                     "iomap_writepage_map, xfs_map_blocks.  completion: xfs_end_ioend",
        .kept = "as in xfs-short-write-punch; writeback of the folio that is stored to",
        .left_out = "as in xfs-short-write-punch.  In the unlocked variant faults already have "
                    "operations of their own (118e021b4b66 came right before): with the old ones "
                    "a fault's own reservation could be given back too, which makes more ways to "
                    "fail and takes none away.  That a kernel writes nothing over a hole and "
                    "calls the folio clean is judged where it finds the hole, or, if nobody "
                    "writes the folio, at the end",
        .invariants = "V6 a dirty folio has its space, what was stored reaches the disk; V4; V5",
        .reference = "kernel commit 198dd8aedee6 (punching delalloc extents on write failure is "
                     "racy).  Fewest preemptions: one",
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
