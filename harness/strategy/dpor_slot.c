/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An open-addressed table that only grows: a program touches the same few hundred places in all of
 * its executions.
 */
#include "strategy/dpor_slot.h"

#include <string.h>

#include "base/alloc.h"
#include "base/assert.h"
#include "base/prng.h"

#define SLOTS_FIRST 256u

static uint32_t *entry(uint32_t *index, uint32_t room, const struct hd_path_slot *slots,
                       uint64_t key)
{
    uint32_t at = (uint32_t)hd_mix64(key);

    for (;; at++) {
        uint32_t *found = &index[at & (room - 1)];

        if (!*found || slots[*found].key == key)
            return found;
    }
}

static enum hd_error grow(struct hd_path *path)
{
    uint32_t room = path->slot_room ? 2 * path->slot_room : SLOTS_FIRST;
    uint32_t *index = hd_alloc_array(2 * (size_t)room, sizeof *index);
    struct hd_path_slot *slots = hd_realloc_array(path->slots, room, sizeof *slots);

    if (slots) {
        memset(slots + path->slot_room, 0, (room - path->slot_room) * sizeof *slots);
        path->slots = slots;
    }
    if (!slots || !index) {
        hd_dealloc(index);
        return HD_E_NOMEM;
    }
    path->slot_room = room;
    if (!path->slot_count)
        path->slot_count = HD_SLOT_BARE + 1;
    for (uint32_t i = HD_SLOT_BARE + 1; i < path->slot_count; i++)
        *entry(index, 2 * room, slots, slots[i].key) = i;
    hd_dealloc(path->index);
    path->index = index;
    path->index_room = 2 * room;
    return HD_OK;
}

enum hd_error hd_slots_reserve(struct hd_path *path)
{
    return path->slot_count + 3 <= path->slot_room ? HD_OK : grow(path);
}

uint32_t hd_slot_find(const struct hd_path *path, uint64_t key)
{
    return *entry(path->index, path->index_room, path->slots, key);
}

uint32_t hd_slot_make(struct hd_path *path, uint64_t key)
{
    uint32_t *found = entry(path->index, path->index_room, path->slots, key);

    if (!*found) {
        HD_ASSERT_IS(path->slot_count, <, path->slot_room);
        path->slots[path->slot_count].key = key;
        *found = path->slot_count++;
    }
    return *found;
}

uint32_t hd_path_slot_of(const struct hd_path *path, const struct hd_step *step, unsigned part)
{
    if (path->inert[step->op] || part >= hd_slot_parts(step))
        return 0;
    if (step->object == HD_OBJECT_NONE)
        return part ? 0 : HD_SLOT_BARE;
    return hd_slot_find(path, hd_slot_word(step, part));
}
