/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The gfs2 scenarios on real kernels.
 *
 * The guest's file is journaled data (FS_JOURNAL_DATA_FL) on a RAM disk: one page, read in,
 * clean, up to date and in no transaction.  What an actor does was chosen so that it does it to
 * one page and nothing else: sync_file_range() is WB_SYNC_NONE writeback of a range, by the
 * function that the flusher calls; madvise(MADV_PAGEOUT) is shrink_folio_list() on a page.
 */
#include "gfs2/kernel_map.h"

static const struct hd_kernel_variant variants[] = {
    { "old", "gfs2_iomap_page_done", "before 6.3" },
    { "merged", "gfs2_iomap_put_folio", "6.3 and later" },
    { NULL }
};

#define WRITTEN_BY_THEN "the RAM disk completes a write inside submit_bio()"
static const struct hd_kernel_actor actors[] = {
    { "writer", NULL, "pwrite {pos} {len}", NULL },
    { "flusher", NULL, "writeback {pos} 1", NULL },
    { "completion", NULL, NULL, WRITTEN_BY_THEN, "flusher" },
    { "reclaimer", "reclaim=direct", "pageout {pos} 1", NULL },
    { "reclaimer", "reclaim=drop-caches", "drop-caches 0 0", NULL },
    { "reclaimer", "reclaim=fadvise", "fadvise {pos} 1", NULL },
    { "fsync", NULL, "fsync 0 0", NULL },
    { NULL }
};

static const struct hd_kernel_landmark landmarks[] = {
    { "hook", "gfs2_iomap_page_done|gfs2_iomap_put_folio", NULL },
    { "add-data", "gfs2_trans_add_data", NULL },
    { "add-databufs", "gfs2_page_add_databufs|gfs2_trans_add_databufs", NULL },
    { "trans-end", "gfs2_trans_end", NULL },
    { "alloc", NULL, "gfs2_alloc_bufdata() is inlined in these kernels" },
    { "pin", NULL, "gfs2_pin() runs under sd_log_lock, where nobody may sleep" },
    { NULL }
};

static const struct hd_kernel_symptom symptoms[] = {
    { "buffers-missing", "kernel BUG at fs/gfs2/aops.c", "gfs2_page_add_databufs" },
    /* The freed buffer is somebody else's by then: who pays is whoever comes next.  It looks pinned
     * or not, locked or not, as that memory happens to be. */
    { "use-after-free", .console = "kernel BUG at fs/gfs2/lops.c" },
    { "use-after-free", .console = "NULL pointer dereference", .function = "gfs2_pin" },
    { "use-after-free", .stuck = "gfs2_unpin" },
    { "in-place-before-journal", .disk = "new" },
    { NULL }
};

static const struct hd_kernel_wait waits[] = {
    { "folio_wait_bit_common", "locked=1", "the folio lock" },
    { "__folio_lock", "locked=1", "the folio lock" },
    { "gfs2_log_flush", NULL, "sd_log_flush_lock" },
    { NULL }
};

#define GFS2_FILE                                                                                  \
    .file = "/gfs2/file", .device = "/dev/ram0",                                                   \
    .check = "umount /gfs2 && /sbin/fsck.gfs2 -n /dev/ram0", .variants = variants,                 \
    .actors = actors, .landmarks = landmarks, .symptoms = symptoms, .waits = waits

const struct hd_kernel_map gfs2_jdata_write_kernel = {
    GFS2_FILE,
    .workload = "block_size=4096 i_size=4096 cached=1 uptodate=1 buffers=1 on_lru=1 pg_reclaim=0 "
                "ail=0 alloc_reclaims=0 writers=1 copied={len}",
    .written = "{pos} {len}",
};

const struct hd_kernel_map gfs2_write_ahead_kernel = {
    GFS2_FILE,
    .workload = "block_size=4096 i_size=4096 holes=0 writers=1 mapped_dirty=0 flushes=written "
                "copied={len}",
    .written = "{pos} {len}",
};

/* The copy finds its source gone: the writer is stopped once it has looked, and it is taken. */
static const struct hd_kernel_actor zero_copy_actors[] = {
    { "writer", "copied=0", "pwrite-mapped {pos} {len}", NULL },
    { "completion", NULL, NULL, WRITTEN_BY_THEN, "flusher" },
    { "reclaimer", "reclaim=direct", "pageout {pos} 1", NULL },
    { "reclaimer", "reclaim=drop-caches", "drop-caches 0 0", NULL },
    { "reclaimer", "reclaim=fadvise", "fadvise {pos} 1", NULL },
    { NULL }
};

const struct hd_kernel_map gfs2_zero_copy_kernel = {
    .file = "/gfs2/file", .device = "/dev/ram0",
    .check = "umount /gfs2 && /sbin/fsck.gfs2 -n /dev/ram0",
    .workload = "block_size=4096 uptodate=1",
    .written = "{pos} {len}",
    .vanish = "gfs2_iomap_page_prepare|gfs2_iomap_get_folio",
    .variants = variants,
    .actors = zero_copy_actors,
    .landmarks = landmarks,
    .symptoms = symptoms,
    .waits = waits,
};
