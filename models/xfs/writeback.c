/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writeback of folios without buffer heads: fs/iomap/buffered-io.c and fs/xfs/xfs_aops.c, Linux
 * 6.1.
 *
 * Left out: ioends of several folios, since one by one they end in more orders; the errors of the
 * disk; the dirty tag, as the walk looks at each folio of its range itself.
 */
#include "xfs/xfs.h"

/* What a dirty folio is to be written to.  Over a hole the kernel writes nothing, and calls the
 * folio clean. */
enum extent_type xfs_map_blocks(struct xfs_file *file, uint32_t block)
{
    enum extent_type type;

    HD_CALL("xfs_map_blocks");
    type = extent_lookup(&file->extents, block);
    HD_CHECK(type != EXTENT_HOLE, "dirty-over-hole",
             "a dirty folio has no space reserved: its data can't be written");
    if (type != EXTENT_DELALLOC)
        return type;
    extent_convert_delalloc(&file->extents, block);
    return EXTENT_UNWRITTEN;
}

/* The folio is locked, its dirty flag has been cleared. */
static void iomap_writepage_map(struct xfs_file *file, struct folio *folio)
{
    struct xfs_ioend *ioend;
    enum extent_type type;

    HD_CALL("iomap_writepage_map");
    type = xfs_map_blocks(file, (uint32_t)folio->index);
    folio_start_writeback(folio);
    ioend = hd_new(struct xfs_ioend);
    hd_owned(ioend); /* the device may still have it at the end of an execution */
    hd_name(ioend, "ioend", (int)folio->index);
    ioend->folio = folio;
    ioend->type = type;
    for (uint32_t i = 0; i < SECTORS_PER_FOLIO; i++)
        ioend->data[i] = hd_read_once(&folio->data[i]);
    folio_unlock(folio);
    hd_push(&file->queue, ioend);
}

/* The folio is locked on entry, and not on return. */
static void write_folio(struct xfs_file *file, struct folio *folio, bool sync)
{
    if (!folio_test_dirty(folio)) {
        folio_unlock(folio);
        return;
    }
    if (folio_test_writeback(folio)) {
        if (!sync) {
            folio_unlock(folio);
            return;
        }
        folio_wait_writeback(folio, &file->writeback_done);
    }
    if (folio_clear_dirty_for_io(folio))
        iomap_writepage_map(file, folio);
    else
        folio_unlock(folio);
}

void xfs_vm_writepages(struct xfs_file *file, uint32_t first, uint32_t end, bool sync)
{
    HD_CALL("xfs_vm_writepages");
    for (uint32_t block = first; block < end; block++) {
        struct folio *folio = filemap_lock_folio(&file->mapping, block);

        if (!folio)
            continue;
        write_folio(file, folio, sync);
        folio_put(folio);
    }
}

void filemap_fdatawait_range(struct xfs_file *file, uint32_t first, uint32_t end)
{
    HD_CALL("filemap_fdatawait_range");
    for (uint32_t block = first; block < end; block++) {
        struct folio *folio = filemap_get_folio(&file->mapping, block);

        if (!folio)
            continue;
        folio_wait_writeback(folio, &file->writeback_done);
        folio_put(folio);
    }
}

/* The extent becomes written before the folio's writeback ends. */
void xfs_end_ioend(struct xfs_file *file, struct xfs_ioend *ioend)
{
    uint32_t block = (uint32_t)ioend->folio->index;

    HD_CALL("xfs_end_ioend");
    for (uint32_t i = 0; i < SECTORS_PER_FOLIO; i++)
        hd_disk_write(file->disk, block * SECTORS_PER_FOLIO + i, ioend->data[i]);
    if (ioend->type == EXTENT_UNWRITTEN)
        extent_convert_unwritten(&file->extents, block);
    folio_end_writeback(ioend->folio); /* no one can remove it before */
    hd_wake_up(&file->writeback_done);
    hd_free(ioend);
}
