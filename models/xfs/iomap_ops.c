/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fs/xfs/xfs_iomap.c, Linux 6.1 and 6.2; the scan of the page cache is in fs/iomap/buffered-io.c.
 *
 * Left out: preallocation beyond what was asked for, which would make the unused part longer;
 * quotas and free space, of which there is enough; transactions and the log.
 */
#include "xfs/xfs.h"

/* Maps the block of the position and those behind it of the same type; a hole is reserved, but not
 * to be zeroed. */
static void xfs_buffered_write_iomap_begin(struct iomap_iter *iter)
{
    struct xfs_file *file = iter->file;
    struct extent_map *extents = &file->extents;
    struct iomap *iomap = &iter->iomap;
    uint32_t end = (iter->pos + iter->len + SECTORS_PER_FOLIO - 1) / SECTORS_PER_FOLIO;

    HD_CALL("xfs_buffered_write_iomap_begin");
    hd_down_write(&extents->lock);
    iomap->first = iter->pos / SECTORS_PER_FOLIO;
    iomap->count = extent_run(extents, iomap->first, end);
    iomap->type = (enum extent_type)extents->type[iomap->first];
    if (iomap->type == EXTENT_HOLE && !iter->zeroing) {
        extent_set(extents, iomap->first, iomap->count, EXTENT_DELALLOC);
        iomap->type = EXTENT_DELALLOC;
        iomap->is_new = true;
    }
    iomap->cookie = extent_cookie(extents);
    hd_up_write(&extents->lock);
}

bool xfs_iomap_valid(const struct iomap_iter *iter)
{
    struct xfs_file *file = iter->file;

    HD_CALL("xfs_iomap_valid");
    return extent_cookie(&file->extents) == iter->iomap.cookie;
}

/* One cached folio of the range: a dirty one keeps its reservation, and what lies before it and is
 * not needed goes. */
static void iomap_write_delalloc_scan(struct xfs_file *file, uint32_t block, uint32_t *punch_from)
{
    struct folio *folio;
    bool dirty;

    HD_CALL("iomap_write_delalloc_scan");
    folio = filemap_lock_folio(&file->mapping, block);
    if (!folio)
        return;
    dirty = folio_test_dirty(folio);
    if (dirty && *punch_from < block)
        extent_punch_delalloc(&file->extents, *punch_from, block);
    if (dirty)
        *punch_from = block + 1;
    folio_unlock(folio);
    folio_put(folio);
}

/* The search for data in the cache (SEEK_DATA) is one with the scan: a folio that it would pass
 * over is not up to date, and so not dirty. */
static void iomap_write_delalloc_release(struct xfs_file *file, uint32_t first, uint32_t end)
{
    bool late = file->rules->cleanup_lock == XFS_LOCK_LATE;
    uint32_t punch_from = first;

    HD_CALL("iomap_write_delalloc_release");
    for (uint32_t block = first; block < end; block++)
        iomap_write_delalloc_scan(file, block, &punch_from);
    if (late)
        hd_down_write(&file->invalidate_lock);
    if (punch_from < end)
        extent_punch_delalloc(&file->extents, punch_from, end);
    if (late)
        hd_up_write(&file->invalidate_lock);
}

static void clean_up(struct xfs_file *file, uint32_t first, uint32_t end)
{
    if (file->rules->cleanup == XFS_CLEANUP_SCAN) {
        iomap_write_delalloc_release(file, first, end);
        return;
    }
    if (file->rules->cleanup == XFS_CLEANUP_TRUNCATE)
        truncate_pagecache_range(&file->mapping, &file->writeback_done, first, end);
    extent_punch_delalloc(&file->extents, first, end);
}

/* The space that this very map has reserved, and that was not written to, is given back. */
static void xfs_buffered_write_iomap_end(struct iomap_iter *iter)
{
    struct xfs_file *file = iter->file;
    uint32_t first = (iter->pos + iter->processed) / SECTORS_PER_FOLIO;
    uint32_t end = iter->iomap.first + iter->iomap.count;

    HD_CALL("xfs_buffered_write_iomap_end");
    if (iter->iomap.type != EXTENT_DELALLOC || !iter->iomap.is_new)
        return;
    if (iter->processed)
        first = (iter->pos + iter->processed + SECTORS_PER_FOLIO - 1) / SECTORS_PER_FOLIO;
    if (first >= end)
        return;
    if (file->rules->cleanup_lock == XFS_LOCK_EXCLUSIVE)
        hd_down_write(&file->invalidate_lock);
    else if (file->rules->cleanup_lock == XFS_LOCK_SHARED)
        hd_down_read(&file->invalidate_lock);
    clean_up(file, first, end);
    HD_CHECK(xfs_reads_accepted(file, first * SECTORS_PER_FOLIO, end * SECTORS_PER_FOLIO),
             "data-lost", "accepted data was thrown away with the unused space");
    if (file->rules->cleanup_lock == XFS_LOCK_EXCLUSIVE)
        hd_up_write(&file->invalidate_lock);
    else if (file->rules->cleanup_lock == XFS_LOCK_SHARED)
        hd_up_read(&file->invalidate_lock);
}

const struct iomap_ops xfs_buffered_write_iomap_ops = {
    .begin = xfs_buffered_write_iomap_begin,
    .end = xfs_buffered_write_iomap_end,
};

const struct iomap_ops xfs_page_mkwrite_iomap_ops = { .begin = xfs_buffered_write_iomap_begin };
