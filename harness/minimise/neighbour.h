/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Schedules beside a failing one. */
#ifndef HD_NEIGHBOUR_H
#define HD_NEIGHBOUR_H

#include "minimise/shrink.h"

/* The search for neighbours of shrink->best. */
struct hd_neighbours {
    struct hd_shrink *shrink;
    uint64_t executions;
    struct hd_case *passing; /* the nearest so far that passes; owned */
    bool later;              /* its switch was moved later */
    uint32_t distance;       /* ... by so many steps */
};

/* Says where each preemption's switch can lie, and keeps the nearest neighbour that passes.
 * windows has room for HD_WINDOWS_MAX. */
enum hd_error hd_neighbour_windows(struct hd_neighbours *neighbours, struct hd_window *windows,
                                   uint32_t *ret_count);
/* Where no moved switch passes: exchanged segments, then no schedule at all. */
enum hd_error hd_neighbour_orders(struct hd_neighbours *neighbours);

#endif
