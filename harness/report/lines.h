/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Between lines.c, which picks what a table shows, and fold.c, which shortens long runs of it. */
#ifndef HD_LINES_H
#define HD_LINES_H

#include "report/story.h"

/* One or more rows that are told in one line. */
struct hd_candidate {
    uint32_t row;      /* the first; it decides actor, depth and call */
    uint32_t text_row; /* where object and value come from, or HD_ROW_NONE */
    uint32_t step;     /* the first step, or HD_STEP_NONE */
    uint32_t parts;    /* steps told in it */
    uint32_t hidden;   /* an elision: how many lines it stands for */
    bool whole;        /* a function's name says it: a call, or all that a helper did */
    bool shown;
    bool vital;        /* failed, waited, decisive or wrong, or a call around such: never folded */
    bool wrong;
};

/* Hides what makes a run of one actor too long: first the insides of calls, then the middle. */
void hd_fold_runs(const struct hd_story *story, struct hd_candidate *candidates, uint32_t count);

#endif
