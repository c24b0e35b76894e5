/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fuzzing: a case as bytes, and how bytes mutate.  A part of heddle.h, which includes it. */
#ifndef HD_HEDDLE_FUZZ_H
#define HD_HEDDLE_FUZZ_H

#include "heddle/heddle.h"

/* ---- Cases as bytes -------------------------------------------------------------------------- */

/*
 * Any bytes are a case of a given scenario and variant.  From the front, the answers to the
 * choices, as hd_strategy_bytes() reads them.  From the end, read backwards, the workload: a byte
 * that says how many keys are set; then for each its number, among those that the scenario lets
 * vary, and its value, counted from the smallest, in as many bytes as the largest takes, the least
 * significant first.  Numbers and values are taken modulo how many there are; what is missing is
 * zero.  So no bytes at all are the default workload without a preemption.
 *
 * HD_FUZZ_ANY as the last byte means that the count stands before it, and that keys are numbered
 * among all the scenario has: for cases made by hand, whose workload may be such that even a fixed
 * variant goes wrong.  Any other last byte above HD_FUZZ_KEYS_MAX: no keys.
 */
#define HD_FUZZ_KEYS_MAX 63
#define HD_FUZZ_ANY      0xa7

/* What it takes to read bytes for a scenario: computed once, by hd_fuzz_format(). */
struct hd_fuzz_keys {
    unsigned count;
    uint8_t number[HD_FUZZ_KEYS_MAX];
    uint64_t last[HD_FUZZ_KEYS_MAX]; /* the largest value, counted from the smallest */
};
struct hd_fuzz_format {
    const struct hd_scenario *scenario;
    struct hd_fuzz_keys vary, any;
};
void hd_fuzz_format(const struct hd_scenario *scenario, struct hd_fuzz_format *ret_format);

/* Changes the workload in *setting, which comes with the default one.  Returns how many bytes at
 * the front are choices. */
size_t hd_fuzz_decode(const struct hd_fuzz_format *format, const uint8_t *bytes, size_t count,
                      struct hd_setting *setting);
/*
 * Executes the bytes once and records what was done as a case, exactly repeatable.  setting:
 * as hd_setting_parse() leaves it.  On success *ret_case is to be released with hd_case_free().
 */
enum hd_error hd_case_from_fuzz(const struct hd_setting *setting, const uint8_t *bytes,
                                size_t count, struct hd_case **ret_case, struct hd_diag *diag);
/*
 * Executes the case once, in its own variant, and writes down what was answered at each choice:
 * bytes that lead to the same execution.  malloc()ed, to be released with free(); without zeroes
 * that change nothing.
 */
enum hd_error hd_case_to_fuzz(const struct hd_case *the_case, uint8_t **ret_bytes,
                              size_t *ret_count, struct hd_diag *diag);

/* ---- Mutating -------------------------------------------------------------------------------- */

/*
 * The one list of mutations: name, word, what it does.  The first ones change bytes; those from
 * CONFLICT on execute the parent first, and look at what it did.
 */
#define HD_MUTATIONS(X)                                                                            \
    X(ADD, "add", "a switch where there was none")                                                 \
    X(DROP, "drop", "one switch")                                                                  \
    X(MOVE, "move", "a switch to a point nearby, or anywhere")                                     \
    X(OTHER, "other", "a switch leads to another actor")                                           \
    X(WORKLOAD, "workload", "another value for one key")                                           \
    X(CONFLICT, "conflict", "a switch just before an operation that somebody else conflicts with") \
    X(REVERSE, "reverse", "one pair of conflicting operations, in the other order")                \
    X(MERGE, "merge", "two runs of an actor become one")                                           \
    X(SWAP, "swap", "two actors take each other's turns from some step on")

enum hd_mutation {
#define HD_MUTATION_ENUM(name, word, summary) HD_MUTATION_##name,
    HD_MUTATIONS(HD_MUTATION_ENUM)
#undef HD_MUTATION_ENUM
        HD_MUTATION_COUNT
};
const char *hd_mutation_word(enum hd_mutation mutation);

/* Mutates bytes of one scenario and variant, knowing what they mean. */
struct hd_mutator;
/* setting: as hd_setting_parse() leaves it; copied. */
enum hd_error hd_mutator_create(const struct hd_setting *setting,
                                struct hd_mutator **ret_mutator, struct hd_diag *diag);
/* NULL is allowed. */
void hd_mutator_free(struct hd_mutator *mutator);
/*
 * Changes bytes in place, of which there is room for `room`, and returns how many there are then.
 * Equal bytes, room and seed give equal results.  Every result decodes; one that HD_FUZZ_ANY marks
 * stays so.  hd_mutate() draws the mutation; where one finds nothing to do, ADD is done instead.
 */
size_t hd_mutate(struct hd_mutator *mutator, uint8_t *bytes, size_t count, size_t room,
                 uint64_t seed);
size_t hd_mutate_as(struct hd_mutator *mutator, enum hd_mutation mutation, uint8_t *bytes,
                    size_t count, size_t room, uint64_t seed);
/*
 * Crosses two: the first's schedule up to a landmark that both enter, the second's from there on,
 * with the first's workload; cut anywhere if they have no landmark in common.  Writes at most room
 * bytes, and returns how many.
 */
size_t hd_cross(struct hd_mutator *mutator, const uint8_t *first, size_t first_count,
                const uint8_t *second, size_t second_count, uint8_t *ret_bytes, size_t room,
                uint64_t seed);

#endif
