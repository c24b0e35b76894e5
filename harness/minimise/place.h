/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Points of an actor, looked up in a described execution. */
#ifndef HD_PLACE_H
#define HD_PLACE_H

#include "heddle/minimise.h"

/* Where the actor stands after nth steps of its own; at most as many as it took. */
struct hd_place hd_place_at(const struct hd_engine *engine, const struct hd_execution *execution,
                            hd_actor_id actor, uint32_t nth);
/* The place of a step of the trace. */
struct hd_place hd_place_of_step(const struct hd_engine *engine,
                                 const struct hd_execution *execution, uint32_t step);
/* Steps of an actor before a step of the trace. */
uint32_t hd_steps_before(const struct hd_trace *trace, hd_actor_id actor, uint32_t step);

#endif
