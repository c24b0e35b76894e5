/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the two halves of the mutator share: the bytes taken apart, and the parent's execution. */
#ifndef HD_MUTATE_H
#define HD_MUTATE_H

#include "base/prng.h"
#include "heddle/heddle.h"
#include "input/fuzz_bytes.h"

/* Longer schedules are mutated in this many choices or steps at most. */
#define HD_MUTATE_MAX 4096

/* Bytes, taken apart. */
struct hd_mutant {
    uint8_t choices[HD_MUTATE_MAX];
    size_t count; /* zeroes behind it are understood */
    uint8_t tail[HD_FUZZ_TAIL_MAX];
    size_t tail_count;
};

/* Who took the steps, in order. */
struct hd_turns {
    hd_actor_id actor[HD_MUTATE_MAX];
    uint32_t count;
};

struct hd_mutator {
    struct hd_setting setting; /* with the default workload */
    struct hd_fuzz_format format;
    struct hd_engine *engine;
    struct hd_workload workload; /* what the engine is prepared for */
    bool refused;                /* and that it cannot execute */
    struct hd_strategy *bytes;   /* answers from a mutant's choices */
    struct hd_strategy *follow;  /* follows turns[0] */
    struct hd_strategy *tap;     /* on follow, into mutant.choices */
    struct hd_prng prng;
    struct hd_mutant mutant, other;
    struct hd_turns turns[2];
};

/* The mutations that look at an execution; false: nothing to do, and nothing is changed. */
bool hd_mutate_turns(struct hd_mutator *mutator, enum hd_mutation mutation);
/* Crosses mutant and other, into mutant; false: they have no landmark in common. */
bool hd_cross_turns(struct hd_mutator *mutator);

/* A strategy that gives the turns as far as they can be given: one whose actor is not enabled is
 * left out.  Borrows turns. */
enum hd_error hd_follow_create(const struct hd_turns *turns, struct hd_strategy **ret_strategy);

#endif
