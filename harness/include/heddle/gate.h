/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The gate: stored cases held to what they say, what is said to be right looked for trouble, and
 * one verdict.  For programs that carry scenarios of their own; heddle gate is one.
 */
#ifndef HD_HEDDLE_GATE_H
#define HD_HEDDLE_GATE_H

#include "heddle/heddle.h"

/* What is done, in order: name, word, what it is. */
#define HD_GATE_STEPS(X)                                                                           \
    X(LOAD, "load", "reads the case")                                                              \
    X(REPLAY, "replay", "executes the case in a variant that it names")                            \
    X(NEIGHBOURS, "neighbours", "moves each switch of the case, in a variant that is right")       \
    X(PROOF, "proof", "executes every schedule of a variant that is right, up to a bound")         \
    X(FUZZ, "fuzz", "searches a variant that is right, for what is left of the time")
enum hd_gate_step {
#define HD_GATE_STEP_ENUM(name, word, summary) HD_GATE_##name,
    HD_GATE_STEPS(HD_GATE_STEP_ENUM)
#undef HD_GATE_STEP_ENUM
};

/* What came of it, the worst last: name, word. */
#define HD_GATE_OUTCOMES(X)                                                                        \
    X(PASSED, "passed")                                                                            \
    X(SKIPPED, "skipped")                                                                          \
    X(STOPPED, "stopped")                                                                          \
    X(ERROR, "error")                                                                              \
    X(FAILED, "failed")
enum hd_gate_outcome {
#define HD_GATE_OUTCOME_ENUM(name, word) HD_GATE_##name,
    HD_GATE_OUTCOMES(HD_GATE_OUTCOME_ENUM)
#undef HD_GATE_OUTCOME_ENUM
        HD_GATE_OUTCOME_COUNT
};

struct hd_gate_check {
    enum hd_gate_step step;
    enum hd_gate_outcome outcome;
    char name[4 * HD_NAME_BYTES]; /* of this check among those of its group */
    char text[HD_DIAG_BYTES];     /* what was seen, a line */
    /* Unless it passed: */
    char advice[2 * HD_DIAG_BYTES]; /* what to do, a line */
    char rule[HD_NAME_BYTES];       /* what is wrong, in a word: "stale", "use-after-free" */
    const char *file;               /* the case that was read, or NULL */
    uint32_t line;                  /* in it, from 1; 0: of no line in particular */
    uint64_t fingerprint;           /* equal failures have equal ones; 0 if there is none */
    const struct hd_site *where;    /* in the model, or NULL */
    char *path;                     /* owned: the case that was written for a finding, or NULL */
    /* What shows it when executed in `variant`: a case, or NULL. */
    const struct hd_case *evidence;
    unsigned variant;

    /* The gate's own. */
    const struct hd_case *the_case; /* of a file, or NULL */
    struct hd_setting setting;      /* of a proof or a search */
    struct hd_case *finding;        /* owned */
    uint64_t executions;            /* so far, of a search */
};

/* A file's checks, or those of all proofs, or searches. */
struct hd_gate_group {
    char *name; /* owned */
    uint32_t first, count;
    struct hd_case *the_case; /* owned, or NULL */
};

struct hd_gate_result {
    struct hd_gate_group *groups; /* owned, as the checks */
    uint32_t group_count;
    struct hd_gate_check *checks;
    uint32_t check_count;
    uint32_t counts[HD_GATE_OUTCOME_COUNT];
    uint32_t scenarios, scenarios_failed; /* that checks are about */
    enum hd_gate_outcome outcome;         /* the worst */
};

/* Zero means the default. */
struct hd_gate_options {
    const struct hd_catalogue *catalogue;
    const char *const *paths; /* case files, and directories that are searched for *.sched */
    unsigned path_count;
    struct hd_engine_options engine;
    uint64_t runs;           /* executions at most, of each bound of a proof; 0: HD_GATE_RUNS */
    uint64_t time_ns;        /* wall clock; 0: no searches, and equal gates give equal results */
    uint64_t seed;           /* of the searches */
    unsigned jobs;           /* OS threads; 0: 1.  Without time, the result doesn't depend on it */
    const char *program;     /* whose commands the advice names; NULL: "heddle" */
    const char *out;         /* directory for the cases of findings; NULL: they are not written */
    const atomic_bool *stop; /* set by somebody else: end cleanly; NULL for none */
    void (*progress)(void *context, uint32_t done, uint32_t of); /* by any thread, one at a time */
    void *progress_context;
};
#define HD_GATE_RUNS 50000

/*
 * For each case: it is replayed in every variant that it expects something of, exactly in its own;
 * `holds` counts for nothing where the schedule's landmarks were not reached.  Where it expects
 * that a fixed or positive variant holds, all single moves of its switches must hold there too, and
 * every schedule of its workload with no preemption, with one, ... up to the bound that `runs`
 * allows. What is then left of the time is searched at random.
 *
 * HD_OK, whatever the outcome; HD_E_IO or HD_E_MALFORMED, with a diag, if there is no case at all;
 * HD_E_NOMEM.  On success *ret_result is to be released with hd_gate_free().
 */
enum hd_error hd_gate(const struct hd_gate_options *options, struct hd_gate_result *ret_result,
                      struct hd_diag *diag);
void hd_gate_free(struct hd_gate_result *result);

const char *hd_gate_step_word(enum hd_gate_step step);
const char *hd_gate_outcome_word(enum hd_gate_outcome outcome);

/* ---- Formats ---------------------------------------------------------------------------------
 */

struct hd_gate_format {
    const char *name; /* text, ktap, junit, sarif, github, summary */
    const char *summary;
    /* HD_OK, HD_E_IO or HD_E_NOMEM, or what an engine can't do. */
    enum hd_error (*print)(const struct hd_gate_result *result, FILE *out);
};
extern const struct hd_gate_format hd_gate_formats[];
extern const size_t hd_gate_format_count;

#endif
