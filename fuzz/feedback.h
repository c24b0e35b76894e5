/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an execution did, told to libFuzzer: not which code ran, but how the actors met. */
#ifndef HD_FUZZ_FEEDBACK_H
#define HD_FUZZ_FEEDBACK_H

#include "heddle/heddle.h"

/*
 * The one list of kinds: name, word for HEDDLE_FEEDBACK, what one counter stands for.  Sites are
 * places in the model's source.
 */
#define FUZZ_FEEDBACKS(X)                                                                          \
    X(VALUES, "values", "a value read at a site")                                                  \
    X(PAIRS, "pairs", "a site that reads what another actor wrote at a site")                      \
    X(ORDER, "order", "a site, and the conflicting one that came before it in another actor")      \
    X(CHAINS, "chains", "two switches in a row, each from a site to a site")                       \
    X(FAILED, "failed", "a site whose attempt failed, or that came right after another's wake-up") \
    X(NEAR, "near", "how little was missing: steps from a touch to a free, locks held by others")

enum fuzz_feedback {
#define FUZZ_FEEDBACK_ENUM(name, word, summary) FUZZ_FEEDBACK_##name,
    FUZZ_FEEDBACKS(FUZZ_FEEDBACK_ENUM)
#undef FUZZ_FEEDBACK_ENUM
        FUZZ_FEEDBACK_COUNT
};

/* From $HEDDLE_FEEDBACK: words separated by commas, "none" or, by default, what the ablation chose:
 * bits.  Exits with status 2 at an unknown word. */
unsigned fuzz_feedback_read(void);
/* Counts what the execution did. */
void fuzz_feedback(unsigned kinds, const struct hd_execution *execution);

#endif
