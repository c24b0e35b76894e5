/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ways to say where a segment ends. */
#ifndef HD_MINIMISE_WORDS_H
#define HD_MINIMISE_WORDS_H

#include "minimise/shrink.h"

/* The lower the better: end, blocked, landmark, landmark#n, after an operation, a count. */
unsigned hd_wording_rank(const struct hd_segment *segment);

struct hd_wording {
    struct hd_segment segment;
    uint32_t distance; /* steps of the actor between this end and the one it has now */
    uint32_t order;    /* in which it was found: earlier first, outer functions before inner */
};

#define HD_WORDINGS_MAX 256
/*
 * All that would be better said than segment `index`, best first, nearest first among equals; at
 * most HD_WORDINGS_MAX, which leaves out the farthest.  The attempt executed the case last, with a
 * describing engine.
 */
uint32_t hd_wordings(const struct hd_engine *engine, const struct hd_case *the_case,
                     const struct hd_attempt *attempt, const uint32_t *steps, uint32_t index,
                     struct hd_wording wordings[HD_WORDINGS_MAX]);

/* The landmark that a function stands for in a variant; -1 for none. */
int hd_landmark_of(const struct hd_scenario *scenario, unsigned variant, const char *function);

#endif
