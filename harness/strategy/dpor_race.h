/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a new event is ordered after those on the path, and which of them it races with. */
#ifndef HD_DPOR_RACE_H
#define HD_DPOR_RACE_H

#include "strategy/dpor_path.h"

/* Fills in the clock of an event that is about to be added, and adds its races.  HD_E_NOMEM. */
enum hd_error hd_path_order(struct hd_path *path, const struct hd_path_event *event,
                            enum hd_path_kind kind, uint32_t *clock);

#endif
