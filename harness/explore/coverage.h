/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What coverage keeps, for those that print it. */
#ifndef HD_COVERAGE_H
#define HD_COVERAGE_H

#include "heddle/heddle.h"

#define HD_SPOTS_MAX 1024

struct hd_spot {
    const char *role;
    uint8_t rank;               /* of the role, in the order of the actors */
    const struct hd_site *site; /* of several equal ones, that of the first step */
    struct hd_step step;        /* the first one taken here */
};

/* How to find a step's place; the addresses of sites are no order, and none is needed. */
struct hd_spot_slot {
    const struct hd_site *site; /* NULL: free */
    uint8_t rank, op;
    uint16_t place;
};
#define HD_SPOT_SLOTS (4 * HD_SPOTS_MAX)

struct hd_coverage {
    const struct hd_scenario *scenario; /* NULL: nothing was added */
    unsigned variant;
    uint64_t executions;
    uint32_t place_count;
    bool full; /* there were more places */
    struct hd_spot places[HD_SPOTS_MAX];
    struct hd_spot_slot slots[HD_SPOT_SLOTS];
    uint64_t before[HD_SPOTS_MAX][HD_SPOTS_MAX / 64]; /* bit b of [a]: a came before b */
    bool again[HD_SPOTS_MAX]; /* before the same place of an actor with a lower number */
};

enum hd_pair { HD_PAIR_NONE, HD_PAIR_BOTH, HD_PAIR_FORWARD, HD_PAIR_BACKWARD, HD_PAIR_NEVER };
/* What is known of two places, or of one in two actors.  FORWARD: a before b, never after. */
enum hd_pair hd_coverage_pair(const struct hd_coverage *coverage, uint32_t a, uint32_t b);
/* The places by role, and as they were first met; order has room for HD_SPOTS_MAX. */
void hd_coverage_sort(const struct hd_coverage *coverage, uint16_t *ret_order);

#endif
