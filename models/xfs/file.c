/* SPDX-License-Identifier: GPL-2.0-only */
/* A file on xfs: set-up, what a reader sees, final check. */
#include "xfs/xfs.h"

/* ---- Set-up ---------------------------------------------------------------------------------- */

static void name_file(const struct xfs_file *file)
{
    hd_name(&file->invalidate_lock, "invalidate_lock", -1);
    hd_name(&file->extents.lock, "i_lock", -1);
    hd_name(&file->extents.seq, "if_seq", -1);
    hd_name(&file->mapping.i_pages, "i_pages", -1);
    hd_name(&file->writeback_done, "folio_waitqueue", -1);
    hd_name(&file->queue, "ioend_queue", -1);
    for (int i = 0; i < (int)MAPPING_FOLIOS; i++)
        hd_name(&file->mapping.slot[i], "page_cache", i);
    for (int i = 0; i < (int)FILE_SECTORS; i++)
        hd_name(&file->disk->block[i], "disk", i);
}

void xfs_file_init(struct xfs_file *file, const struct xfs_rules *rules)
{
    file->rules = rules;
    file->disk = hd_disk_new(FILE_SECTORS);
    file->inode.i_size = (uint64_t)MAPPING_FOLIOS * FOLIO_SIZE;
    file->inode.i_mapping = &file->mapping;
    file->inode.block_size = FOLIO_SIZE;
    file->mapping.host = &file->inode;
    file->mapping.gates = GATES_ALL;
    file->invalidate_lock.fair = 1;
    file->extents.lock.fair = 1;
    file->extents.silent_conversion = rules->silent_conversion;
    file->lruvec.mapping = &file->mapping;
    name_file(file);
}

void xfs_file_extent(struct xfs_file *file, uint32_t block, enum extent_type type)
{
    file->extents.type[block] = (uint8_t)type;
    if (type != EXTENT_WRITTEN)
        return;
    for (uint32_t i = 0; i < SECTORS_PER_FOLIO; i++) {
        uint32_t sector = block * SECTORS_PER_FOLIO + i;

        file->disk->block[sector] = XFS_DISK;
        file->accepted[sector] = XFS_DISK;
    }
}

void xfs_file_cache(struct xfs_file *file, uint32_t block, bool dirty)
{
    struct folio *folio = folio_alloc(&file->mapping, block);
    uint32_t first = block * SECTORS_PER_FOLIO;

    if (dirty)
        file->accepted[first + 1] = XFS_CACHE;
    for (uint32_t i = 0; i < SECTORS_PER_FOLIO; i++)
        folio->data[i] = file->accepted[first + i];
    folio->uptodate = 1;
    folio->dirty = dirty;
    file->mapping.slot[block] = folio;
    lruvec_add_folio(&file->lruvec, folio);
}

HD_GHOST void xfs_accept(struct xfs_file *file, uint32_t sector, uint64_t data)
{
    file->accepted[sector] = data;
}

/* ---- What a reader sees ---------------------------------------------------------------------- */

HD_GHOST uint64_t xfs_visible(const struct xfs_file *file, uint32_t sector)
{
    uint32_t block = sector / SECTORS_PER_FOLIO;
    const struct folio *folio = file->mapping.slot[block];

    if (folio && folio->uptodate)
        return folio->data[sector % SECTORS_PER_FOLIO];
    if (file->extents.type[block] == EXTENT_WRITTEN)
        return file->disk->block[sector];
    return 0;
}

HD_GHOST bool xfs_reads_zero(const struct xfs_file *file, uint32_t sector, uint32_t end)
{
    for (; sector < end; sector++)
        if (xfs_visible(file, sector))
            return false;
    return true;
}

HD_GHOST bool xfs_reads_accepted(const struct xfs_file *file, uint32_t sector, uint32_t end)
{
    for (; sector < end; sector++)
        if (xfs_visible(file, sector) != file->accepted[sector])
            return false;
    return true;
}

/* ---- The end: nobody else runs --------------------------------------------------------------- */

/* As an fsync now would: dirty folios reach the disk, if there is a place for them. */
static void sync_folio(struct xfs_file *file, struct folio *folio)
{
    uint32_t block = (uint32_t)folio->index;

    (void)xfs_map_blocks(file, block);
    for (uint32_t i = 0; i < SECTORS_PER_FOLIO; i++)
        file->disk->block[block * SECTORS_PER_FOLIO + i] = folio->data[i];
    file->extents.type[block] = EXTENT_WRITTEN;
    folio->dirty = 0;
}

static uint64_t on_disk(const struct xfs_file *file, uint32_t sector)
{
    if (file->extents.type[sector / SECTORS_PER_FOLIO] != EXTENT_WRITTEN)
        return 0;
    return file->disk->block[sector];
}

void xfs_file_check(struct xfs_file *file)
{
    for (uint32_t block = 0; block < MAPPING_FOLIOS; block++) {
        struct folio *folio = file->mapping.slot[block];

        if (!folio)
            continue;
        HD_CHECK(folio->ref.count == 1, "reference-left",
                 "a folio's count is not what the page cache holds");
        if (folio->dirty)
            sync_folio(file, folio);
    }
    HD_CHECK(xfs_reads_accepted(file, 0, FILE_SECTORS), "data-lost",
             "a reader does not get what was accepted");
    for (uint32_t sector = 0; sector < FILE_SECTORS; sector++)
        HD_CHECK(on_disk(file, sector) == file->accepted[sector], "data-lost",
                 "after a sync, the disk does not have what was accepted");
}
