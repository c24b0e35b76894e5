/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exit statuses: heddle/command.h has the list. */
#ifndef HD_EXIT_H
#define HD_EXIT_H

#include "heddle/command.h"

/* What git bisect run takes for: this commit can't be judged. */
#define HD_EXIT_BISECT_SKIP 125
/* Not an outcome: the user asked twice to be let out at once. */
#define HD_EXIT_INTERRUPTED 130

/* Of several, the one to exit with: a finding wins, then the lowest number that isn't 0. */
static inline enum hd_exit hd_exit_worst(enum hd_exit a, enum hd_exit b)
{
    if (a == HD_EXIT_OK)
        return b;
    return b == HD_EXIT_OK || a < b ? a : b;
}

#endif
