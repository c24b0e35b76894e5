/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * iomap-stale: S-1, a write that trusts what it was told of the extents before.
 *
 * A large write maps its range once.  While it copies, somebody else's data further on is written
 * back, the extent there turns from unwritten to written, and the folio is reclaimed.  The write
 * comes there, finds no folio, and from the old map concludes that the rest of the folio is zeroes.
 */
#include "xfs/actors.h"

enum param { EXTENT = XFS_OWN_PARAMS, CACHED };

static const struct hd_param_info params[] = {
    XFS_PARAMS(0, 3, FILE_SECTORS, 3, 1),
    [EXTENT] = { "extent", "what is behind the folios of the write", EXTENT_UNWRITTEN,
                 EXTENT_DELALLOC, EXTENT_WRITTEN, xfs_extent_words },
    [CACHED] = { "cached", "the second folio is cached, its second half new and dirty", 1, 0, 1 },
    { NULL }
};

static const struct hd_variant_info variants[] = {
    { "unchecked", "up to 6.1: the map is taken for granted", HD_BROKEN },
    { "checked-before-lock", "the cookie is compared before the folio is looked for", HD_BROKEN },
    { "merged", "6.2, 6.1.92: the cookie is compared under the folio lock", HD_FIXED },
    { "mutant-silent-conversion", "merged, but completion doesn't count as a change", HD_MUTANT },
    { "mutant-late-check", "merged, but the folio is filled in before the check", HD_MUTANT },
    { "mutant-exit-locked", "merged, but the stale exit leaves the folio locked", HD_MUTANT },
    { "mutant-exit-referenced", "merged, but the stale exit keeps its reference", HD_MUTANT },
    { NULL }
};

static const struct xfs_rules rules[] = {
    { .check = XFS_CHECK_NEVER },
    { .check = XFS_CHECK_UNLOCKED },
    { .check = XFS_CHECK_LOCKED },
    { .silent_conversion = true },
    { .check = XFS_CHECK_LATE },
    { .exit = XFS_EXIT_LOCKED },
    { .exit = XFS_EXIT_REFERENCED },
};

static_assert(sizeof rules / sizeof *rules + 1 == sizeof variants / sizeof *variants,
              "one for each variant");

static void setup(void *state)
{
    struct xfs_file *file = state;

    xfs_file_init(file, &rules[hd_variant()]);
    file->reads_may_fail = true;
    xfs_file_extent(file, 0, (enum extent_type)hd_param(EXTENT));
    xfs_file_extent(file, 1, (enum extent_type)hd_param(EXTENT));
    if (hd_param(CACHED))
        xfs_file_cache(file, 1, true);
}

static const struct hd_role_info roles[] = { XFS_WRITER, XFS_FLUSHER, XFS_COMPLETION,
                                             XFS_RECLAIMER, { NULL } };

#define EVERYWHERE(name) { name, name, name, name, name, name, name }
static const struct hd_landmark_info landmarks[] = {
    { "map", EVERYWHERE("xfs_buffered_write_iomap_begin") },
    { "begin", EVERYWHERE("iomap_write_begin") },
    { "lookup", EVERYWHERE("__filemap_get_folio") },
    { "check", { NULL, "xfs_iomap_valid", "xfs_iomap_valid", "xfs_iomap_valid", "xfs_iomap_valid",
                 "xfs_iomap_valid", "xfs_iomap_valid" } },
    { "fill", EVERYWHERE("__iomap_write_begin") },
    { "submit", EVERYWHERE("iomap_writepage_map") },
    { "convert", EVERYWHERE("xfs_iomap_write_unwritten") },
    { "shrink", EVERYWHERE("shrink_folio_list") },
    { NULL }
};

static const char *const kinds[] = XFS_KINDS;
static const char *const faults[] = { "read-error", NULL };

#define FIRES(variant) { variant, "data-zeroed", "__iomap_write_begin" }
#define HOLDS(variant) { variant, "holds", NULL }
#define ALL_HOLD                                                                                   \
    HOLDS("unchecked"), HOLDS("checked-before-lock"), HOLDS("merged"),                             \
        HOLDS("mutant-silent-conversion"), HOLDS("mutant-late-check")

static const struct hd_workload_info workloads[] = {
    { "unwritten", "S-1: into the first half of a folio whose second half is new", "",
      { FIRES("unchecked"), FIRES("checked-before-lock"), HOLDS("merged"),
        FIRES("mutant-silent-conversion"), FIRES("mutant-late-check"),
        { "mutant-exit-locked", "deadlock", "iomap_write_begin" },
        { "mutant-exit-referenced", "reference-left", "xfs_file_check" } } },
    { "delalloc", "the same over space that is only reserved", "extent=delalloc",
      { FIRES("unchecked"), FIRES("checked-before-lock"), HOLDS("merged"),
        FIRES("mutant-silent-conversion"), FIRES("mutant-late-check") } },
    { "no-reclaim", "near by: the folio stays cached", "reclaimer=off", { ALL_HOLD } },
    { "io-in-flight", "near by: the folio's I/O is not done before reclaim is through",
      "completion.after=reclaimer.end", { ALL_HOLD } },
    { "whole-folio", "near by: the write covers all of the folio", "len=4", { ALL_HOLD } },
    { "written", "near by: the extent is written from the start", "extent=written",
      { ALL_HOLD } },
    { "read-error", "write_begin fails with the folio locked, and leaves nothing behind",
      "extent=written cached=0 read-error=on",
      { ALL_HOLD, { "mutant-exit-locked", "deadlock", "iomap_write_begin" },
        { "mutant-exit-referenced", "reference-left", "xfs_file_check" } } },
    { NULL }
};

const struct hd_scenario iomap_stale = {
    .name = "iomap-stale",
    .summary = "a write with an old map, against writeback and reclaim further on",
    .passport = {
        .source = "Linux 6.1 (before 6.1.92), 6.1.192 and 6.2: fs/iomap/buffered-io.c, "
                  "fs/iomap/iter.c, fs/xfs/xfs_iomap.c, fs/xfs/xfs_aops.c, mm/filemap.c, "
                  "mm/vmscan.c",
        .functions = "writer: iomap_file_buffered_write, iomap_iter, "
                     "xfs_buffered_write_iomap_begin, iomap_write_iter, iomap_write_begin, "
                     "__filemap_get_folio, xfs_iomap_valid, __iomap_write_begin, "
                     "iomap_read_folio_sync, copy_folio_from_iter_atomic, iomap_write_end, "
                     "xfs_buffered_write_iomap_end.  flusher: xfs_vm_writepages, "
                     "iomap_writepage_map, xfs_map_blocks.  completion: xfs_end_ioend, "
                     "xfs_iomap_write_unwritten, folio_end_writeback.  reclaimer: "
                     "shrink_inactive_list, shrink_folio_list, __remove_mapping",
        .kept = "the extent map with ILOCK and its sequence number, compared without the lock; "
                "the folio lock, references, PG_dirty, PG_writeback, PG_uptodate; the page "
                "cache's lock and speculative references; reclaim's gates in order; the order of "
                "conversion and end of writeback; contents of half folios in memory and on the "
                "disk; the exits of write_begin with a locked folio; the rounds of iomap_iter",
        .left_out = "i_rwsem: only the writer takes it.  Blocks smaller than a folio: a legal "
                    "configuration, and the half that is not written is enough to lose data.  The "
                    "COW fork and its half of the cookie: no extent is shared.  The wait for a "
                    "read: the folio is new and locked so long, nobody else can use it.  Copies "
                    "by less than a sector: a short copy comes to a shorter write.  Other folios "
                    "of the flush and other changes of the map: the cookie counts all alike",
        .invariants = "V6 what was accepted is what is read and what reaches the disk; V4 no "
                      "deadlock; V5 lock and reference balanced on each exit of write_begin; V8 a "
                      "write_begin that failed changes nothing visible",
        .reference = "analysis 20220817093627.GZ3600936@dread.disaster.area; kernel commits "
                     "d7b64041164c (iomap) and 304a68b9c63b (xfs).  checked-before-lock was never "
                     "upstream: it shows why the check is where it is.  Fewest preemptions: one",
        .evidence = HD_STATED_IN_MAIL,
    },
    .variants = variants,
    .params = params,
    .roles = roles,
    .landmarks = landmarks,
    .workloads = workloads,
    .kinds = kinds,
    .faults = faults,
    .state_bytes = sizeof(struct xfs_file),
    .setup = setup,
    .check = xfs_actor_check,
};
