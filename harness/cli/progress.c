/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The progress line of a search.  Without colours or escapes, so NO_COLOR has nothing to do. */
#include "cli/explore.h"

#include <inttypes.h>

#define LINE_WIDTH 76

void hd_explore_progress(void *context, uint64_t executions, double seconds, unsigned findings)
{
    char line[LINE_WIDTH + 1];

    (void)context;
    snprintf(line, sizeof line, "%" PRIu64 " executions, %.0f/s, %u finding%s, %.0f s", executions,
             seconds > 0 ? (double)executions / seconds : 0, findings, findings == 1 ? "" : "s",
             seconds);
    fprintf(stderr, "\r%-*s", LINE_WIDTH, line);
}

void hd_explore_progress_end(void)
{
    fprintf(stderr, "\r%-*s\r", LINE_WIDTH, "");
}
