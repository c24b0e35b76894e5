/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "minimise/seen.h"

#include "base/alloc.h"

#define ROOM_FIRST 1024 /* a power of two, as every room */

/* 0 marks a free slot. */
static uint64_t key_of(uint64_t hash)
{
    return hash ? hash : 1;
}

/* Where the key is, or would go: there is always a free slot. */
static size_t slot_of(const struct hd_seen *seen, uint64_t key)
{
    size_t at = (size_t)key & (seen->room - 1);

    while (seen->slots[at] && seen->slots[at] != key)
        at = (at + 1) & (seen->room - 1);
    return at;
}

bool hd_seen_has(const struct hd_seen *seen, uint64_t hash)
{
    return seen->room && seen->slots[slot_of(seen, key_of(hash))];
}

static enum hd_error grow(struct hd_seen *seen)
{
    struct hd_seen larger = { .room = seen->room ? 2 * seen->room : ROOM_FIRST };

    larger.slots = hd_alloc_array(larger.room, sizeof *larger.slots);
    if (!larger.slots)
        return HD_E_NOMEM;
    for (size_t i = 0; i < seen->room; i++)
        if (seen->slots[i])
            larger.slots[slot_of(&larger, seen->slots[i])] = seen->slots[i];
    larger.count = seen->count;
    hd_seen_free(seen);
    *seen = larger;
    return HD_OK;
}

enum hd_error hd_seen_add(struct hd_seen *seen, uint64_t hash)
{
    enum hd_error error = 2 * seen->count >= seen->room ? grow(seen) : HD_OK;
    size_t at;

    if (error)
        return error;
    at = slot_of(seen, key_of(hash));
    seen->count += !seen->slots[at];
    seen->slots[at] = key_of(hash);
    return HD_OK;
}

void hd_seen_free(struct hd_seen *seen)
{
    hd_dealloc(seen->slots);
    *seen = (struct hd_seen){ 0 };
}
