/* SPDX-License-Identifier: GPL-2.0-only */
#include "kernel/iomap.h"

bool iomap_iter(struct iomap_iter *iter, const struct iomap_ops *ops)
{
    HD_CALL("iomap_iter");
    if (iter->iomap.count) {
        if (ops->end)
            ops->end(iter);
        if (iter->failed || (!iter->processed && !iter->iomap.stale))
            return false;
        iter->pos += iter->processed;
        iter->len -= iter->processed;
    }
    iter->processed = 0;
    iter->iomap = (struct iomap){ .count = 0 };
    if (!iter->len)
        return false;
    ops->begin(iter);
    return true;
}
