/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Actors that the xfs scenarios share.  Each scenario's state is a struct xfs_file, its other
 * parameters are looked up by the actors; so the keys come first in each params[], in this order.
 */
#ifndef XFS_ACTORS_H
#define XFS_ACTORS_H

#include "xfs/xfs.h"

/* pos, len, readable: of write(2), or of zeroing; store: of the mapping; flush: of writeback. */
enum xfs_param { XFS_POS, XFS_LEN, XFS_READABLE, XFS_STORE_AT, XFS_FLUSH, XFS_OWN_PARAMS };

/* In sectors, but for flush: a folio's index. */
#define XFS_PARAMS(pos, len, readable, store, flush)                                               \
    [XFS_POS] = { "pos", "where the range starts, half folios", pos, 0, FILE_SECTORS - 1 },        \
    [XFS_LEN] = { "len", "its length, half folios", len, 1, FILE_SECTORS },                        \
    [XFS_READABLE] = { "readable", "how much of the source can be read, half folios", readable, 0, \
                       FILE_SECTORS },                                                             \
    [XFS_STORE_AT] = { "store", "half folio that is stored to", store, 0, FILE_SECTORS - 1 },      \
    [XFS_FLUSH] = { "flush", "folio that is written back", flush, 0, MAPPING_FOLIOS - 1 }

extern const char *const xfs_extent_words[]; /* of enum extent_type */

void xfs_actor_write(void *state, unsigned instance);
void xfs_actor_zero(void *state, unsigned instance);
void xfs_actor_store(void *state, unsigned instance);
void xfs_actor_flush(void *state, unsigned instance);
void xfs_actor_complete(void *state, void *item);
void xfs_actor_reclaim(void *state, unsigned instance);
void xfs_actor_check(void *state);

#define XFS_WRITER    { .name = "writer", .summary = "write(2)", .run = xfs_actor_write }
#define XFS_MAPPER                                                                                 \
    { .name = "mapper", .summary = "a store to a mapped page", .run = xfs_actor_store }
#define XFS_FLUSHER                                                                                \
    { .name = "flusher", .summary = "background writeback of one folio", .run = xfs_actor_flush }
#define XFS_COMPLETION                                                                             \
    { .name = "completion", .summary = "I/O completion, in a workqueue", .kind = HD_SERVICE,       \
      .serve = xfs_actor_complete, .queue_offset = offsetof(struct xfs_file, queue) }
#define XFS_RECLAIMER                                                                              \
    { .name = "reclaimer", .summary = "memory pressure", .run = xfs_actor_reclaim }

#endif
