/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Zeroing a range: fs/iomap/buffered-io.c, Linux 6.1, 6.12, and as posted in December 2022.
 *
 * Left out: what xfs itself writes out before a truncation, since other callers of zeroing don't;
 * copy-on-write, whose source map is the map here.
 */
#include "xfs/xfs.h"

/* Is the map by itself a reason to do nothing? */
static bool skips(const struct iomap_iter *iter)
{
    const struct xfs_file *file = iter->file;

    if (iter->iomap.type == EXTENT_UNWRITTEN)
        return file->rules->zeroing != XFS_ZERO_LOOKUP;
    return iter->iomap.type == EXTENT_HOLE;
}

/* A folio in the cache that reads as something else than what the extents say, or soon will not. */
static bool filemap_range_needs_writeback(struct xfs_file *file, uint32_t first, uint32_t end)
{
    HD_CALL("filemap_range_needs_writeback");
    for (uint32_t block = first; block < end; block++) {
        struct folio *folio = hd_read_once(&file->mapping.slot[block]);

        if (!folio)
            continue;
        if (folio_test_dirty(folio))
            return true;
        if (file->rules->zeroing == XFS_ZERO_DIRTY_ONLY)
            continue;
        if (hd_bit_is_locked(&folio->lock))
            return true;
        if (folio_test_writeback(folio))
            return true;
    }
    return false;
}

/* Everything dirty in the range goes to the disk, and with it the extents change: look again. */
static void iomap_zero_iter_flush_and_stale(struct iomap_iter *iter)
{
    struct xfs_file *file = iter->file;
    uint32_t first = iter->pos / SECTORS_PER_FOLIO;
    uint32_t end = (iter->pos + iter->len + SECTORS_PER_FOLIO - 1) / SECTORS_PER_FOLIO;

    HD_CALL("iomap_zero_iter_flush_and_stale");
    iter->iomap.stale = true;
    xfs_vm_writepages(file, first, end, true);
    if (file->rules->zeroing != XFS_ZERO_NO_WAIT)
        filemap_fdatawait_range(file, first, end);
}

static void note_zeroed(struct xfs_file *file, uint32_t sector, uint32_t end)
{
    for (; sector < end; sector++)
        xfs_accept(file, sector, 0);
}

/* As posted: over an unwritten extent, only a folio that is there and dirty needs zeroing.  True:
 * a clean one is passed over; it is unlocked, and its reference forgotten. */
static bool skip_clean(const struct iomap_iter *iter, struct folio *folio)
{
    const struct xfs_file *file = iter->file;

    if (file->rules->zeroing != XFS_ZERO_LOOKUP || iter->iomap.type != EXTENT_UNWRITTEN)
        return false;
    if (folio_test_dirty(folio))
        return false;
    folio_unlock(folio);
    return true;
}

static void zero_folio(struct folio *folio, uint32_t pos, uint32_t end)
{
    for (; pos < end; pos++)
        hd_write_once(&folio->data[pos % SECTORS_PER_FOLIO], 0);
}

/* A map that reads as zeroes is done at once; but in 6.12, if something was dirty, written out and
 * mapped again first.  (6.13 asks that in the caller.) */
static void iomap_zero_iter(struct iomap_iter *iter, bool *range_dirty)
{
    struct xfs_file *file = iter->file;
    uint32_t pos = iter->pos, end = pos + iomap_length(iter);
    bool creat = file->rules->zeroing != XFS_ZERO_LOOKUP || iter->iomap.type != EXTENT_UNWRITTEN;

    HD_CALL("iomap_zero_iter");
    if (skips(iter)) {
        if (*range_dirty) {
            *range_dirty = false; /* once */
            iomap_zero_iter_flush_and_stale(iter);
            if (file->rules->zeroing != XFS_ZERO_NO_REMAP)
                return; /* nothing done yet */
        }
        HD_CHECK(xfs_reads_zero(file, pos, end), "not-zeroed",
                 "the map says zeroes, the page cache has data");
        note_zeroed(file, pos, end);
        pos = end;
    }
    while (pos < end) {
        uint32_t upto = folio_part(pos, end);
        struct folio *folio = iomap_write_begin(iter, pos, upto, creat);

        if (!folio && !iter->absent)
            break;
        if (folio && skip_clean(iter, folio)) {
            HD_CHECK(xfs_reads_zero(file, pos, upto), "not-zeroed",
                     "the folio is clean, but being written: it has data");
        } else if (folio) {
            zero_folio(folio, pos, upto);
            iomap_write_end(iter, folio);
        }
        note_zeroed(file, pos, upto);
        pos = upto;
    }
    iter->processed = pos - iter->pos;
    iter->failed = iter->failed && !iter->processed;
}

void iomap_zero_range(struct xfs_file *file, uint32_t pos, uint32_t len)
{
    struct iomap_iter iter = { .file = file, .pos = pos, .len = len, .zeroing = true };
    enum xfs_zeroing rule = file->rules->zeroing;
    uint32_t end = (pos + len + SECTORS_PER_FOLIO - 1) / SECTORS_PER_FOLIO;
    bool range_dirty = false;

    HD_CALL("iomap_zero_range");
    if (rule != XFS_ZERO_SKIP && rule != XFS_ZERO_LOOKUP)
        range_dirty = filemap_range_needs_writeback(file, pos / SECTORS_PER_FOLIO, end);
    while (iomap_iter(&iter, &xfs_buffered_write_iomap_ops))
        iomap_zero_iter(&iter, &range_dirty);
    HD_CHECK(!iter.folios, "reference-left", "a reference on a folio was never dropped");
}
