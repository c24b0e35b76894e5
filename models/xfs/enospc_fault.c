/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * xfs-enospc-fault: S-4, why page faults need iomap operations of their own before anything else of
 * the series goes in.
 *
 * A fault maps its folio with the invalidate_lock shared and the folio locked.  If its map ends as
 * a write's does, giving back unused space, it waits for both: for itself.
 */
#include "xfs/actors.h"

enum param { ENOSPC = XFS_OWN_PARAMS };

static const struct hd_param_info params[] = {
    XFS_PARAMS(4, 2, 0, 1, 0),
    [ENOSPC] = { "enospc", "the fault's mapping loop is cut short, with new space unused", 1, 0,
                 1 },
    { NULL }
};

static const struct hd_variant_info variants[] = {
    { "infrastructure-alone", "the new clean-up, and faults end their maps as writes do",
      HD_BROKEN },
    { "merged", "6.2, 6.1.92: faults have operations that end nothing", HD_FIXED },
    { "mutant-no-invalidate-lock", "the first, without the invalidate_lock: the folio lock is left",
      HD_MUTANT },
    { NULL }
};

static const struct xfs_rules rules[] = {
    { .fault_cleans_up = true },
    { .fault_cleans_up = false },
    { .fault_cleans_up = true, .cleanup_lock = XFS_LOCK_NONE },
};

static_assert(sizeof rules / sizeof *rules + 1 == sizeof variants / sizeof *variants,
              "one for each variant");

static void setup(void *state)
{
    struct xfs_file *file = state;

    xfs_file_init(file, &rules[hd_variant()]);
    file->faults_fail = hd_param(ENOSPC);
}

static const struct hd_role_info roles[] = { XFS_MAPPER, XFS_WRITER, XFS_FLUSHER, XFS_COMPLETION,
                                             { NULL } };

#define EVERYWHERE(name) { name, name, name }
static const struct hd_landmark_info landmarks[] = {
    { "mkwrite", EVERYWHERE("iomap_page_mkwrite") },
    { "reserve", EVERYWHERE("xfs_buffered_write_iomap_begin") },
    { "clean-up", EVERYWHERE("xfs_buffered_write_iomap_end") },
    { "scan", EVERYWHERE("iomap_write_delalloc_scan") },
    { NULL }
};

static const char *const kinds[] = XFS_KINDS;

#define HOLDS(variant) { variant, "holds", NULL }
#define STUCK                                                                                      \
    { "infrastructure-alone", "deadlock", "xfs_buffered_write_iomap_end" }, HOLDS("merged"),       \
        { "mutant-no-invalidate-lock", "deadlock", "iomap_write_delalloc_scan" }

static const struct hd_workload_info workloads[] = {
    { "enospc", "S-4: the loop is cut short; a failed write elsewhere in the file", "", { STUCK } },
    { "alone", "the fault alone", "writer=off flusher=off", { STUCK } },
    { "enough-space", "near by: the loop goes through, no space is left unused", "enospc=0",
      { HOLDS("infrastructure-alone"), HOLDS("merged"), HOLDS("mutant-no-invalidate-lock") } },
    { NULL }
};

const struct hd_scenario xfs_enospc_fault = {
    .name = "xfs-enospc-fault",
    .summary = "a page fault whose mapping loop is cut short, against its own locks",
    .passport = {
        .source = "Linux 6.2 and a tree between, reconstructed: fs/xfs/xfs_iomap.c, "
                  "fs/xfs/xfs_file.c, fs/iomap/buffered-io.c",
        .functions = "mapper: filemap_fault, xfs_filemap_page_mkwrite, iomap_page_mkwrite, "
                     "iomap_iter, xfs_buffered_write_iomap_begin, xfs_buffered_write_iomap_end, "
                     "iomap_write_delalloc_release, iomap_write_delalloc_scan.  writer: the same "
                     "clean-up, from a write",
        .kept = "invalidate_lock with its fairness, the folio lock, ILOCK; which space is new; the "
                "rounds of iomap_iter",
        .left_out = "how the loop is cut short.  In 6.1 its body can't fail for a folio without "
                    "buffer heads; an error from it, or a map found stale in it, are what the "
                    "series had to be safe against, and come to the same: a new map of which "
                    "nothing was used.  Which tree had this state can't be told from what was "
                    "published.  In merged the space stays reserved after the error, as in the "
                    "kernel: unused, and no harm to data.  Page tables, i_size: as in "
                    "xfs-short-write-punch",
        .invariants = "V4 no actor is blocked for ever, by itself or others; V5; V6",
        .reference = "reconstructed from kernel commits 118e021b4b66 (page faults are not "
                     "buffered writes) and 198dd8aedee6; the one mail speaks of a deadlock at "
                     "ENOSPC on write page faults and gives no path.  Preemptions: none",
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
