/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a schedule that says nothing means. */
#ifndef HD_DEFAULT_H
#define HD_DEFAULT_H

#include "heddle/strategy.h"

/* The running actor if it can go on, else the lowest-numbered enabled one. */
static inline hd_actor_id hd_go_on(const struct hd_choice *choice)
{
    return hd_set_has(choice->enabled, choice->running) ? choice->running
                                                        : hd_set_nth(choice->enabled, 0);
}

#endif
