/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where events meet: slots of the path, one for each 8 bytes and each allocation ever touched. */
#ifndef HD_DPOR_SLOT_H
#define HD_DPOR_SLOT_H

#include "strategy/dpor_path.h"

#define HD_SLOT_BARE 1 /* of operations without an object */

/* Room for three more slots. */
enum hd_error hd_slots_reserve(struct hd_path *path);
/* The slot of a key, made if need be: call hd_slots_reserve() before.  0 if it isn't there and
 * `make` is false. */
uint32_t hd_slot_find(const struct hd_path *path, uint64_t key);
uint32_t hd_slot_make(struct hd_path *path, uint64_t key);

/* Part 0 or 1 of what the step touches: the second only if it reaches over an 8-byte boundary. */
static inline uint64_t hd_slot_word(const struct hd_step *step, unsigned part)
{
    return UINT64_C(1) << 40 | ((uint64_t)(step->object >> 3) + part);
}

static inline uint64_t hd_slot_place(const struct hd_step *step)
{
    return UINT64_C(2) << 40 | hd_object_allocation(step->object);
}

static inline unsigned hd_slot_parts(const struct hd_step *step)
{
    return (step->object & 7) + step->bytes > 8 ? 2 : 1;
}

#endif
