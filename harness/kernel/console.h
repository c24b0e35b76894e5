/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a kernel's console says of an oops. */
#ifndef HD_CONSOLE_H
#define HD_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

struct hd_oops {
    char headline[160]; /* "kernel BUG at fs/gfs2/aops.c:43!" */
    char function[64];  /* in which it happened; "" if the console doesn't say */
    char stack[512];    /* "inner < outer < ...": without what the kernel marks as unsure */
    size_t begin, end;  /* the whole of it, bytes of the console */
};

/* Looks for the first oops, BUG, panic or file system that gave itself up.  The console's text may
 * be anything; it need not end with NUL. */
bool hd_console_oops(const char *console, size_t length, struct hd_oops *ret_oops);

#endif
