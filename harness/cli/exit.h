/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exit statuses: the same for every command; heddle(1) has the table for users. */
#ifndef HD_EXIT_H
#define HD_EXIT_H

enum hd_exit {
    HD_EXIT_OK = 0,       /* nothing wrong, or all as the case expects */
    HD_EXIT_FOUND = 1,    /* a violation found, or a gate that failed */
    HD_EXIT_USAGE = 2,    /* usage, unreadable or malformed input, output that can't be written */
    HD_EXIT_DIVERGED = 3, /* a replay that diverged, or is stale */
    HD_EXIT_MISSING = 4,  /* something needed isn't here */
    HD_EXIT_STOPPED = 5,  /* stopped before complete, and nothing found */
};
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
