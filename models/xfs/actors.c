/* SPDX-License-Identifier: GPL-2.0-only */
#include "xfs/actors.h"

const char *const xfs_extent_words[] = { "hole", "delalloc", "unwritten", "written" };

static uint32_t param(enum xfs_param key)
{
    return (uint32_t)hd_param(key);
}

/* What reaches beyond the file is cut off. */
static uint32_t length(void)
{
    uint32_t pos = param(XFS_POS), room = FILE_SECTORS - pos;

    return param(XFS_LEN) < room ? param(XFS_LEN) : room;
}

void xfs_actor_write(void *state, unsigned instance)
{
    (void)instance;
    xfs_file_buffered_write(state, param(XFS_POS), length(), param(XFS_READABLE));
}

void xfs_actor_zero(void *state, unsigned instance)
{
    (void)instance;
    iomap_zero_range(state, param(XFS_POS), length());
}

void xfs_actor_store(void *state, unsigned instance)
{
    (void)instance;
    xfs_store(state, param(XFS_STORE_AT));
}

void xfs_actor_flush(void *state, unsigned instance)
{
    uint32_t block = param(XFS_FLUSH);

    (void)instance;
    xfs_vm_writepages(state, block, block + 1, false);
}

void xfs_actor_complete(void *state, void *item)
{
    xfs_end_ioend(state, item);
}

void xfs_actor_reclaim(void *state, unsigned instance)
{
    struct xfs_file *file = state;

    (void)instance;
    shrink_inactive_list(&file->lruvec, false);
}

void xfs_actor_check(void *state)
{
    xfs_file_check(state);
}
