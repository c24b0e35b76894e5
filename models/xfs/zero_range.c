/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * iomap-zero-range: Z-1 .. Z-4, zeroing over an unwritten extent that has data in the page cache.
 *
 * An unwritten extent reads as zeroes, so there seems to be nothing to do.  But a folio over it may
 * be dirty, and when that is written the extent has data.
 */
#include "xfs/actors.h"

enum param { EXTENT = XFS_OWN_PARAMS, DIRTY };

static const struct hd_param_info params[] = {
    XFS_PARAMS(3, 1, 0, 0, 1),
    [EXTENT] = { "extent", "what is behind the folio", EXTENT_UNWRITTEN, EXTENT_DELALLOC,
                 EXTENT_WRITTEN, xfs_extent_words },
    [DIRTY] = { "dirty", "its second half is new data, and dirty; else it is clean", 1, 0, 1 },
    { NULL }
};

static const struct hd_variant_info variants[] = {
    { "linux-6.1", "holes and unwritten extents are passed over", HD_BROKEN },
    { "posted", "December 2022: a cached, dirty folio over an unwritten extent is zeroed",
      HD_BROKEN },
    { "merged", "6.12: what is dirty is written first, and mapped again", HD_FIXED },
    { "mutant-dirty-only", "merged, but asks for PG_dirty only", HD_MUTANT },
    { "mutant-no-wait", "merged, but doesn't wait for the I/O", HD_MUTANT },
    { "mutant-no-remap", "merged, but goes on with the old map", HD_MUTANT },
    { NULL }
};

static const struct xfs_rules rules[] = {
    { .zeroing = XFS_ZERO_SKIP },    { .zeroing = XFS_ZERO_LOOKUP },
    { .zeroing = XFS_ZERO_FLUSH },   { .zeroing = XFS_ZERO_DIRTY_ONLY },
    { .zeroing = XFS_ZERO_NO_WAIT }, { .zeroing = XFS_ZERO_NO_REMAP },
};

static_assert(sizeof rules / sizeof *rules + 1 == sizeof variants / sizeof *variants,
              "one for each variant");

static void setup(void *state)
{
    struct xfs_file *file = state;

    xfs_file_init(file, &rules[hd_variant()]);
    xfs_file_extent(file, 1, (enum extent_type)hd_param(EXTENT));
    xfs_file_cache(file, 1, hd_param(DIRTY));
}

static const struct hd_role_info roles[] = {
    { .name = "zeroer", .summary = "zeroes a part of the file", .run = xfs_actor_zero },
    XFS_FLUSHER,
    XFS_COMPLETION,
    XFS_RECLAIMER,
    { NULL },
};

#define EVERYWHERE(name) { name, name, name, name, name, name }
static const struct hd_landmark_info landmarks[] = {
    { "sample", { NULL, NULL, "filemap_range_needs_writeback", "filemap_range_needs_writeback",
                  "filemap_range_needs_writeback", "filemap_range_needs_writeback" } },
    { "map", EVERYWHERE("xfs_buffered_write_iomap_begin") },
    { "zero", EVERYWHERE("iomap_zero_iter") },
    { "begin", EVERYWHERE("iomap_write_begin") },
    { "flush", { NULL, NULL, "iomap_zero_iter_flush_and_stale", "iomap_zero_iter_flush_and_stale",
                 "iomap_zero_iter_flush_and_stale", "iomap_zero_iter_flush_and_stale" } },
    { "submit", EVERYWHERE("iomap_writepage_map") },
    { "convert", EVERYWHERE("xfs_iomap_write_unwritten") },
    { "shrink", EVERYWHERE("shrink_folio_list") },
    { NULL }
};

static const char *const kinds[] = XFS_KINDS;

#define FIRES(variant) { variant, "not-zeroed", "iomap_zero_iter" }
#define HOLDS(variant) { variant, "holds", NULL }
#define LEAKS { "posted", "reference-left", "iomap_zero_range" }

static const struct hd_workload_info workloads[] = {
    { "dirty", "Z-1, Z-3: dirty data over an unwritten extent", "",
      { FIRES("linux-6.1"), FIRES("posted"), HOLDS("merged"), FIRES("mutant-dirty-only"),
        FIRES("mutant-no-wait"), FIRES("mutant-no-remap") } },
    { "z2", "Z-2: the same, seen where the folio is reclaimed before it is looked for", "",
      { { "posted", "not-zeroed", "iomap_write_begin" }, HOLDS("merged") } },
    { "z3", "Z-3: no reclaim: the folio is under writeback", "reclaimer=off",
      { FIRES("linux-6.1"), FIRES("posted"), HOLDS("merged"), FIRES("mutant-dirty-only") } },
    { "z4", "Z-4: a clean folio; the way out that forgets the reference", "dirty=0 flusher=off",
      { HOLDS("linux-6.1"), LEAKS, HOLDS("merged"), HOLDS("mutant-dirty-only"),
        HOLDS("mutant-no-wait"), HOLDS("mutant-no-remap") } },
    { "delalloc", "dirty data over space that is only reserved, until it is written",
      "extent=delalloc",
      { FIRES("linux-6.1"), FIRES("posted"), HOLDS("merged") } },
    { "no-writeback", "near by: nobody writes the dirty folio meanwhile", "flusher=off",
      { FIRES("linux-6.1"), HOLDS("posted"), HOLDS("merged"), HOLDS("mutant-dirty-only"),
        FIRES("mutant-no-wait"), FIRES("mutant-no-remap") } },
    { "written", "near by: the extent is written from the start", "extent=written",
      { HOLDS("linux-6.1"), HOLDS("posted"), HOLDS("merged"), HOLDS("mutant-dirty-only"),
        HOLDS("mutant-no-wait"), HOLDS("mutant-no-remap") } },
    { NULL }
};

const struct hd_scenario iomap_zero_range_scenario = {
    .name = "iomap-zero-range",
    .summary = "zeroing over an unwritten extent with data in the page cache",
    .passport = {
        .source = "Linux 6.1.192 and 6.12.117, and the patch posted between: "
                  "fs/iomap/buffered-io.c, fs/xfs/xfs_iomap.c, fs/xfs/xfs_aops.c, mm/filemap.c, "
                  "mm/vmscan.c",
        .functions = "zeroer: iomap_zero_range, filemap_range_needs_writeback, iomap_iter, "
                     "xfs_buffered_write_iomap_begin, iomap_zero_iter, "
                     "iomap_zero_iter_flush_and_stale, filemap_fdatawait_range, "
                     "iomap_write_begin, xfs_iomap_valid, iomap_write_end.  flusher: "
                     "xfs_vm_writepages, iomap_writepage_map, xfs_map_blocks.  completion: "
                     "xfs_end_ioend, xfs_iomap_write_unwritten, folio_end_writeback.  reclaimer: "
                     "shrink_inactive_list, shrink_folio_list, __remove_mapping",
        .kept = "the extent map with ILOCK and its sequence number; the folio lock, references, "
                "PG_dirty, PG_writeback, PG_uptodate; the order of conversion and end of "
                "writeback; the three flags that the 6.12 sample asks for, in its order; the check "
                "of the cookie, which all variants have; contents of half folios",
        .left_out = "i_rwsem: only the zeroer takes it; stores through a mapping take none, but a "
                    "store that comes while a range is zeroed has no promised outcome.  What xfs "
                    "writes out before a truncation: it hides the bug for that caller only.  "
                    "Copy-on-write over a hole: an open question of the patch itself.  NOWAIT.  "
                    "The hook on the posted exits, which would leave gfs2's transaction open: xfs "
                    "has none, and the reference shows the same way out.  The tags that the 6.12 "
                    "sample looks at first: one is set as long as a folio is dirty, on its way or "
                    "under writeback; without them a folio that is merely locked makes the model "
                    "flush where the kernel goes on, and then there is nothing to flush",
        .invariants = "V6 a range that was zeroed reads as zeroes, at once and for good; V5 "
                      "references balanced on each exit; V4",
        .reference = "posted: 20221201005214.3836105-1-david@fromorbit.com; Z-2: Brian Foster's "
                     "review, Y5iX2Ilw1JrUU47z@bfoster; merged: kernel commits c5c810b94cfd and "
                     "7d9b474ee4cc.  Z-3 and Z-4 are derived from the posted text: nobody has "
                     "confirmed them.  Fewest preemptions: Z-1, Z-3 and Z-4 none, Z-2 one",
        .evidence = HD_DERIVED,
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
