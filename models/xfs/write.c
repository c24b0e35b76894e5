/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The buffered write: fs/iomap/buffered-io.c, Linux 6.1 and 6.2, without buffer heads.
 *
 * Left out: the retry with what could be copied, since the source is in reach by whole sectors;
 * what is done behind i_size when write_begin fails, as nothing here writes there; waiting for
 * stable pages, which is for devices with checksums; balance_dirty_pages().
 */
#include "xfs/xfs.h"

/* Reads what the write leaves as it is.  False: an I/O error. */
static bool iomap_read_folio_sync(struct xfs_file *file, struct folio *folio)
{
    uint32_t first = (uint32_t)folio->index * SECTORS_PER_FOLIO;

    HD_CALL("iomap_read_folio_sync");
    if (file->reads_may_fail && hd_fault(XFS_FAULT_READ))
        return false;
    for (uint32_t i = 0; i < SECTORS_PER_FOLIO; i++)
        folio->data[i] = hd_disk_read(file->disk, first + i); /* nobody else sees the folio yet */
    return true;
}

/*
 * What the map says decides: a block that is not written reads as zeroes.  If the map is stale, the
 * zeroes go over what is on the disk, and will be written there.
 */
static bool __iomap_write_begin(struct iomap_iter *iter, struct folio *folio, uint32_t pos,
                                uint32_t end)
{
    struct xfs_file *file = iter->file;
    uint32_t first = (uint32_t)folio->index * SECTORS_PER_FOLIO;

    HD_CALL("__iomap_write_begin");
    if (folio_test_uptodate(folio))
        return true;
    if (pos == first && end == first + SECTORS_PER_FOLIO)
        return true; /* all of it will be overwritten */
    if (iter->iomap.type == EXTENT_WRITTEN) {
        if (!iomap_read_folio_sync(file, folio))
            return false;
    } else {
        for (uint32_t i = 0; i < SECTORS_PER_FOLIO; i++)
            folio->data[i] = 0;
    }
    folio_set_uptodate(folio);
    for (uint32_t i = 0; i < SECTORS_PER_FOLIO; i++)
        HD_CHECK((first + i >= pos && first + i < end) ||
                     folio->data[i] == file->accepted[first + i],
                 "data-zeroed", "zeroes where accepted data should have been read");
    return true;
}

/* The exit with a locked folio.  All but the first are mutants. */
static void leave_folio(struct iomap_iter *iter, struct folio *folio)
{
    const struct xfs_file *file = iter->file;

    if (file->rules->exit != XFS_EXIT_LOCKED)
        folio_unlock(folio);
    if (file->rules->exit != XFS_EXIT_REFERENCED)
        folio_put(folio);
}

struct folio *iomap_write_begin(struct iomap_iter *iter, uint32_t pos, uint32_t end, bool creat)
{
    struct xfs_file *file = iter->file;
    enum xfs_check check = file->rules->check;
    uint32_t block = pos / SECTORS_PER_FOLIO;
    struct folio *folio;

    HD_CALL("iomap_write_begin");
    if (check == XFS_CHECK_UNLOCKED && !xfs_iomap_valid(iter)) {
        iter->iomap.stale = true;
        return NULL;
    }
    folio = creat ? filemap_grab_folio(&file->mapping, block)
                  : filemap_lock_folio(&file->mapping, block);
    iter->absent = !folio;
    if (!folio) { /* -ENODATA, as posted: the caller goes on behind it */
        HD_CHECK(xfs_reads_zero(file, pos, end), "not-zeroed",
                 "nothing is cached any more, and the disk has data by now");
        return NULL;
    }
    if (check == XFS_CHECK_LOCKED && !xfs_iomap_valid(iter)) {
        iter->iomap.stale = true;
        leave_folio(iter, folio);
        return NULL;
    }
    if (!__iomap_write_begin(iter, folio, pos, end)) {
        iter->failed = true;
        leave_folio(iter, folio);
        return NULL;
    }
    if (check == XFS_CHECK_LATE && !xfs_iomap_valid(iter)) {
        iter->iomap.stale = true;
        leave_folio(iter, folio);
        return NULL;
    }
    iter->folios++;
    return folio;
}

void iomap_write_end(struct iomap_iter *iter, struct folio *folio)
{
    HD_CALL("iomap_write_end");
    if (!folio_test_uptodate(folio))
        folio_set_uptodate(folio);
    (void)folio_test_set_dirty(folio); /* filemap_dirty_folio() */
    folio_unlock(folio);
    folio_put(folio);
    iter->folios--;
}

static void copy_folio_from_iter_atomic(struct xfs_file *file, struct folio *folio, uint32_t pos,
                                        uint32_t end)
{
    HD_CALL("copy_folio_from_iter_atomic");
    for (; pos < end; pos++) {
        hd_write_once(&folio->data[pos % SECTORS_PER_FOLIO], XFS_WRITE);
        xfs_accept(file, pos, XFS_WRITE);
    }
}

/* readable: the end of the part that the source has. */
static void iomap_write_iter(struct iomap_iter *iter, uint32_t readable)
{
    uint32_t pos = iter->pos, end = pos + iomap_length(iter);

    HD_CALL("iomap_write_iter");
    while (pos < end) {
        uint32_t upto = folio_part(pos, end < readable ? end : readable);
        struct folio *folio;

        if (pos >= readable) { /* fault_in_iov_iter_readable(): -EFAULT */
            iter->failed = true;
            break;
        }
        folio = iomap_write_begin(iter, pos, upto, true);
        if (!folio)
            break;
        copy_folio_from_iter_atomic(iter->file, folio, pos, upto);
        iomap_write_end(iter, folio);
        pos = upto;
    }
    iter->processed = pos - iter->pos;
    iter->failed = iter->failed && !iter->processed; /* what was done counts first */
}

void xfs_file_buffered_write(struct xfs_file *file, uint32_t pos, uint32_t len, uint32_t readable)
{
    struct iomap_iter iter = { .file = file, .pos = pos, .len = len };

    HD_CALL("iomap_file_buffered_write");
    while (iomap_iter(&iter, &xfs_buffered_write_iomap_ops))
        iomap_write_iter(&iter, pos + readable);
}
