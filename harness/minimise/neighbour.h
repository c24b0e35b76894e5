/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Schedules beside a failing one. */
#ifndef HD_NEIGHBOUR_H
#define HD_NEIGHBOUR_H

#include "minimise/shrink.h"

/* The best with the end of a segment that is not its last behind so many steps; its actor's next
 * segment, if that counts, takes the rest.  NULL: out of memory, and the shrink has failed. */
struct hd_case *hd_switch_moved(struct hd_shrink *shrink, uint32_t segment, uint32_t steps);
/* Was it carried out as it was moved?  Else its actor could not take the steps. */
bool hd_switch_taken(const struct hd_attempt *attempt, uint32_t segment, uint32_t steps);

/* The search for neighbours of shrink->best. */
struct hd_neighbours {
    struct hd_shrink *shrink;
    uint64_t executions;
    struct hd_case *passing; /* of those that pass, the one that parts latest; owned */
    uint32_t prefix;         /* steps that it has in common with the failing execution */
};

/* A switch that is being moved: the end of a segment that is not the last. */
struct hd_mover {
    struct hd_neighbours *neighbours;
    uint32_t segment;
    hd_actor_id actor;
    uint32_t steps;  /* that the segment takes */
    uint32_t before; /* its actor's steps before it */
    uint32_t start;  /* the step with which it begins */
};

enum hd_neighbour { HD_PASSES, HD_FAILS_SO, HD_FAILS_OTHERWISE, HD_IMPOSSIBLE };

enum hd_error hd_mover_begin(struct hd_neighbours *neighbours, uint32_t segment,
                             struct hd_mover *ret_mover);
/*
 * Executes with the switch behind so many steps of the segment, and keeps the case if it passes and
 * parts latest so far.  ret_place, if not NULL: where the switch then lies; untouched if the actor
 * cannot take the steps, or on an error, which shrink->error tells.
 */
enum hd_neighbour hd_mover_try(const struct hd_mover *mover, uint32_t steps,
                               struct hd_place *ret_place);
/* The same, only to look where the mover's actor stands after nth steps of its own. */
enum hd_neighbour hd_mover_look(const struct hd_mover *mover, uint32_t steps, uint32_t nth,
                                struct hd_place *ret_place);

/* Every switch, either way, until it passes. */
enum hd_error hd_neighbour_moves(struct hd_neighbours *neighbours);
/* Where no moved switch passes: exchanged segments, then no schedule at all. */
enum hd_error hd_neighbour_orders(struct hd_neighbours *neighbours);
/* Where each preemption's switch can lie; windows has room for HD_WINDOWS_MAX. */
enum hd_error hd_neighbour_windows(struct hd_neighbours *neighbours, struct hd_window *windows,
                                   uint32_t *ret_count);

#define HD_MOVES_MAX 4096u /* steps that a switch is moved, either way */

#endif
