/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A set of 64-bit hashes: candidates that are known to pass. */
#ifndef HD_SEEN_H
#define HD_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heddle/error.h"

/* All zero is an empty set. */
struct hd_seen {
    uint64_t *slots; /* open addressing; 0: free */
    size_t count, room;
};

bool hd_seen_has(const struct hd_seen *seen, uint64_t hash);
/* HD_OK, also if it is there already; or HD_E_NOMEM. */
enum hd_error hd_seen_add(struct hd_seen *seen, uint64_t hash);
void hd_seen_free(struct hd_seen *seen);

#endif
