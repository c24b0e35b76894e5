/* SPDX-License-Identifier: CC0-1.0 */
/* A ring buffer between one thread that pushes and one that pops.  Zeroed memory is an empty one. */
#ifndef RING_H
#define RING_H

#include <stdbool.h>
#include <stdint.h>

#include "shared.h"

#define RING_SLOTS 2u

struct ring {
    uint32_t head; /* how many were pushed: the next goes into slot head % RING_SLOTS */
    uint32_t tail; /* how many were popped */
    uint32_t slot[RING_SLOTS];
};

/* False if it is full. */
static inline bool ring_push(struct ring *ring, uint32_t item)
{
    uint32_t head, tail;

    shared_function("ring_push");
    head = shared_load(&ring->head); /* nobody else writes it */
    tail = shared_load_acquire(&ring->tail);
    if (head - tail == RING_SLOTS)
        return false;
    shared_store(&ring->slot[head % RING_SLOTS], item);
    shared_store_release(&ring->head, head + 1); /* only now may the other look into the slot */
    return true;
}

/* False if it is empty. */
static inline bool ring_pop(struct ring *ring, uint32_t *ret_item)
{
    uint32_t head, tail;

    shared_function("ring_pop");
    tail = shared_load(&ring->tail);
    head = shared_load_acquire(&ring->head);
    if (head == tail)
        return false;
    *ret_item = shared_load(&ring->slot[tail % RING_SLOTS]);
    shared_store_release(&ring->tail, tail + 1);
    return true;
}

#endif
