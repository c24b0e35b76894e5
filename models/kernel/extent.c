/* SPDX-License-Identifier: GPL-2.0-only */
/* xfs_bmapi_read(), xfs_bmapi_convert_delalloc(), xfs_iomap_write_unwritten() and
 * xfs_bmap_punch_delalloc_range(), Linux 6.1 (6.1.192 has the cookie of 6.2). */
#include "kernel/extent.h"

uint32_t extent_run(const struct extent_map *map, uint32_t first, uint32_t end)
{
    uint32_t block = first;

    while (block < end && map->type[block] == map->type[first])
        block++;
    return block - first;
}

void extent_set(struct extent_map *map, uint32_t first, uint32_t count, enum extent_type type)
{
    hd_write_once(&map->seq, map->seq + 1); /* xfs_iext_inc_seq() */
    for (uint32_t block = first; block < first + count; block++)
        map->type[block] = (uint8_t)type;
}

uint32_t extent_cookie(struct extent_map *map)
{
    return hd_read_once(&map->seq);
}

enum extent_type extent_lookup(struct extent_map *map, uint32_t block)
{
    enum extent_type type;

    hd_down_read(&map->lock);
    type = (enum extent_type)map->type[block];
    hd_up_read(&map->lock);
    return type;
}

void extent_convert_delalloc(struct extent_map *map, uint32_t block)
{
    uint32_t first = block;

    HD_CALL("xfs_bmapi_convert_delalloc");
    hd_down_write(&map->lock);
    if (map->type[block] == EXTENT_DELALLOC) {
        while (first > 0 && map->type[first - 1] == EXTENT_DELALLOC)
            first--;
        extent_set(map, first, extent_run(map, first, EXTENT_BLOCKS), EXTENT_UNWRITTEN);
    }
    hd_up_write(&map->lock);
}

void extent_convert_unwritten(struct extent_map *map, uint32_t block)
{
    HD_CALL("xfs_iomap_write_unwritten");
    hd_down_write(&map->lock);
    if (map->type[block] == EXTENT_UNWRITTEN && map->silent_conversion)
        map->type[block] = EXTENT_WRITTEN;
    else if (map->type[block] == EXTENT_UNWRITTEN)
        extent_set(map, block, 1, EXTENT_WRITTEN);
    hd_up_write(&map->lock);
}

void extent_punch_delalloc(struct extent_map *map, uint32_t first, uint32_t end)
{
    HD_CALL("xfs_bmap_punch_delalloc_range");
    hd_down_write(&map->lock);
    for (uint32_t block = first; block < end; block++)
        if (map->type[block] == EXTENT_DELALLOC)
            extent_set(map, block, 1, EXTENT_HOLE);
    hd_up_write(&map->lock);
}
