/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A swarm: searches of one scenario, each with other actors and faults. */
#ifndef HD_SWARM_H
#define HD_SWARM_H

#include "heddle/heddle.h"

/* The workload of the number-th chunk of a search.  Equal arguments give equal workloads. */
void hd_swarm_draw(const struct hd_setting *given, enum hd_swarm swarm, uint64_t seed,
                   uint64_t number, struct hd_workload *ret_workload);

#endif
