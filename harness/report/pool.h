/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory of one report: pieces that are released together.  A failed allocation sticks. */
#ifndef HD_POOL_H
#define HD_POOL_H

#include <stdbool.h>
#include <stddef.h>

/* All zero is an empty pool. */
struct hd_pool {
    struct hd_pool_piece *pieces;
    bool failed; /* some call below could not allocate: what was built is incomplete */
};

/* Zeroed; room for count items, at least one.  NULL when out of memory. */
void *hd_pool_array(struct hd_pool *pool, size_t count, size_t bytes);
/* Never NULL: when out of memory, a constant empty text. */
const char *hd_pool_format(struct hd_pool *pool, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void hd_pool_free(struct hd_pool *pool);

#endif
