/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A store through a mapping: mm/filemap.c, fs/xfs/xfs_file.c and fs/iomap/buffered-io.c, Linux 6.1
 * and 6.2.
 *
 * Page tables are left out: the store is done before page_mkwrite() unlocks the folio.  A store
 * that comes later finds its page-table entry as the fault left it, and then the folio has stayed
 * dirty all the time and the store could as well have come earlier; or it finds it gone, because
 * the folio was cleaned or truncated, and then it faults again from the start.
 */
#include "xfs/xfs.h"

/* What filemap_fault() brings in: a read of the folio.  Returns with the lock. */
static void read_folio(struct xfs_file *file, struct folio *folio)
{
    uint32_t first = (uint32_t)folio->index * SECTORS_PER_FOLIO;
    enum extent_type type;

    HD_CALL("iomap_read_folio");
    type = extent_lookup(&file->extents, (uint32_t)folio->index);
    for (uint32_t i = 0; i < SECTORS_PER_FOLIO; i++)
        folio->data[i] =
            type == EXTENT_WRITTEN ? hd_disk_read(file->disk, first + i) : 0;
    folio_set_uptodate(folio);
}

static struct folio *filemap_fault(struct xfs_file *file, uint32_t block)
{
    struct folio *folio;

    HD_CALL("filemap_fault");
    folio = filemap_get_folio(&file->mapping, block);
    if (folio) {
        bool uptodate = folio_test_uptodate(folio);

        if (uptodate)
            return folio;
        folio_put(folio);
    }
    hd_down_read(&file->invalidate_lock);
    folio = filemap_grab_folio(&file->mapping, block);
    if (!folio_test_uptodate(folio))
        read_folio(file, folio);
    folio_unlock(folio);
    hd_up_read(&file->invalidate_lock);
    return folio;
}

/* The mapping loop of a locked folio.  False: it was cut short. */
static bool map_folio(struct xfs_file *file, struct folio *folio)
{
    struct iomap_iter iter = { .file = file, .pos = (uint32_t)folio->index * SECTORS_PER_FOLIO,
                               .len = SECTORS_PER_FOLIO };
    const struct iomap_ops *ops = file->rules->fault_cleans_up ? &xfs_buffered_write_iomap_ops
                                                               : &xfs_page_mkwrite_iomap_ops;
    bool failed = false;

    while (iomap_iter(&iter, ops)) {
        failed = file->faults_fail;
        iter.failed = failed;
        if (failed)
            continue;
        (void)folio_test_set_dirty(folio);
        iter.processed = iomap_length(&iter);
    }
    return !failed;
}

/* False: the folio is no longer the file's, the fault is to be taken again. */
static bool iomap_page_mkwrite(struct xfs_file *file, struct folio *folio, uint32_t sector)
{
    bool present;

    HD_CALL("iomap_page_mkwrite");
    folio_lock(folio);
    present = folio->mapping != NULL; /* folio_mkwrite_check_truncate() */
    if (present && map_folio(file, folio)) {
        hd_write_once(&folio->data[sector % SECTORS_PER_FOLIO], XFS_STORE);
        xfs_accept(file, sector, XFS_STORE);
    }
    folio_unlock(folio);
    return present;
}

static bool xfs_filemap_page_mkwrite(struct xfs_file *file, struct folio *folio, uint32_t sector)
{
    bool present;

    HD_CALL("xfs_filemap_page_mkwrite");
    hd_down_read(&file->invalidate_lock);
    present = iomap_page_mkwrite(file, folio, sector);
    hd_up_read(&file->invalidate_lock);
    folio_put(folio);
    return present;
}

void xfs_store(struct xfs_file *file, uint32_t sector)
{
    struct folio *folio;

    do {
        folio = filemap_fault(file, sector / SECTORS_PER_FOLIO);
    } while (!xfs_filemap_page_mkwrite(file, folio, sector));
}
