/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the targets that execute a scenario share: a prepared engine, and what becomes of a finding.
 *
 * The environment says what is searched:
 *   HEDDLE_SCENARIO   SCENARIO[/VARIANT], default gfs2-jdata-write/old
 *   HEDDLE_FIND       only this counts as a violation: a kind, or a function it happened in
 *   HEDDLE_EXPECTED   ok: a violation is no crash (to measure, or to compare digests)
 *   HEDDLE_FAULTS     all: also workloads that the scenario does not let vary
 *   HEDDLE_MUTATOR    stock: the fuzzer's own mutations only; ours: only those that know what the
 *                     bytes mean; default: one in eight is the fuzzer's own
 *   HEDDLE_FEEDBACK   what guides fuzz_schedule besides edges: see feedback.h
 *   HEDDLE_COVERAGE   PREFIX: what fuzz_schedule's inputs covered of interleavings, see coverage.h
 *   HEDDLE_DIGEST     1: each input's verdict and digest, as `heddle replay` prints them
 */
#ifndef HD_FUZZ_SUBJECT_H
#define HD_FUZZ_SUBJECT_H

#include "heddle/heddle.h"

struct fuzz_options {
    const char *scenario, *find; /* find: NULL for anything */
    bool expected, digest, any;
    const char *artifact_prefix; /* borrowed from argv; "" for the current directory */
};

/* From the environment and, for -artifact_prefix=, the command line. */
struct fuzz_options fuzz_options_read(int argc, char **argv);

struct fuzz_subject {
    struct hd_setting setting;   /* as it was named, with the default workload */
    struct hd_fuzz_format format;
    bool any;                    /* HD_FUZZ_ANY is welcome */
    struct hd_workload workload; /* what the engine is prepared for */
    bool refused;                /* and that it cannot execute */
    struct hd_engine *engine;
    struct hd_strategy *bytes;
};

/* Exits with status 2 and a line on stderr if it cannot be done. */
void fuzz_subject_open(struct fuzz_subject *subject, const struct fuzz_options *options);
/* The same scenario in another variant. */
void fuzz_subject_open_variant(struct fuzz_subject *subject, const struct hd_setting *setting,
                               unsigned variant);
/* Is it what is looked for? */
bool fuzz_wanted(const struct fuzz_options *options, const struct hd_execution *execution);
/* False if the workload that the bytes ask for cannot be executed, or is not to be. */
bool fuzz_subject_execute(struct fuzz_subject *subject, const uint8_t *data, size_t size,
                          struct hd_execution *ret_execution);

/* For LLVMFuzzerCustomMutator() and LLVMFuzzerCustomCrossOver(). */
struct fuzz_mutator {
    struct hd_mutator *mutator;
    unsigned stock_in_8; /* how many of eight mutations are the fuzzer's own */
    size_t (*stock)(uint8_t *data, size_t size, size_t max_size); /* NULL without a fuzzer */
};
void fuzz_mutator_open(struct fuzz_mutator *mutator, const struct hd_setting *setting,
                       size_t (*stock)(uint8_t *data, size_t size, size_t max_size));
size_t fuzz_mutator_mutate(struct fuzz_mutator *mutator, uint8_t *data, size_t size,
                           size_t max_size, unsigned seed);
/* Now and then a splice of both; mostly a mutant of the first. */
size_t fuzz_mutator_cross(struct fuzz_mutator *mutator, const uint8_t *first, size_t first_size,
                          const uint8_t *second, size_t second_size, uint8_t *out,
                          size_t max_size, unsigned seed);

/*
 * Tells what the bytes did, and aborts: the minimised case is written beside the artifact, then its
 * table and the command that repeats it go to stderr.  why: a sentence, or NULL for the verdict.
 */
_Noreturn void fuzz_crash(const struct fuzz_options *options, const struct hd_setting *setting,
                          const uint8_t *data, size_t size, const char *why);
/* "verdict ..." and "digest ..." on stdout. */
void fuzz_print_digest(const struct hd_execution *execution);

#endif
