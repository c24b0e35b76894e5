/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A minimisation under way.
 *
 *   minimise.c  the order of the passes         attempt.c   executes, compares, keeps
 *   actors.c tail.c switches.c words.c values.c             one pass each
 *   tidy.c      a segment called what it was    fewest.c    would fewer preemptions do?
 *   guard.c     is it still a race?             finish.c    what each variant is expected to do
 */
#ifndef HD_SHRINK_H
#define HD_SHRINK_H

#include "heddle/minimise.h"
#include "minimise/seen.h"

/* What "in the same way" means. */
struct hd_failure {
    enum hd_oracle oracle;
    char kind[HD_NAME_BYTES];
    char site[HD_NAME_BYTES]; /* "" for none */
};

void hd_failure_of(const struct hd_verdict *verdict, struct hd_failure *ret_failure);
bool hd_failure_is(const struct hd_failure *failure, const struct hd_execution *execution);

/* An execution by a case's schedule; release the strategy with hd_strategy_free(). */
struct hd_attempt {
    struct hd_execution execution;
    struct hd_strategy *guided;
};

/* What held in a workload: for each variant that is asked, schedules without a preemption. */
struct hd_guard {
    uint16_t held[HD_VARIANTS_MAX];
};

struct hd_shrink {
    const struct hd_minimise_options *options;
    struct hd_engine *engine;
    struct hd_minimise_result *result; /* counters */
    struct hd_diag *diag;
    struct hd_failure failure;
    struct hd_guard guard; /* of the given case */
    enum hd_pass pass;

    struct hd_case *best;  /* the smallest so far that fails; owned, raw schedules never */
    uint32_t *best_steps;  /* [i]: steps that its segment i took; not known of the last */
    uint64_t best_digest;
    uint32_t best_preemptions, best_length;

    struct hd_seen seen;
    enum hd_error error; /* ends everything; diag says why */
};

/*
 * Executes what is given, refuses it if it does not fail as it should, and makes it the best, said
 * in segments.  shrink: with options, engine, result and diag, else zero.
 */
enum hd_error hd_shrink_begin(struct hd_shrink *shrink, const struct hd_case *given);

/* Executes a case on the engine, prepared for it if need be. */
enum hd_error hd_attempt_execute(struct hd_engine *engine, const struct hd_case *the_case,
                                 struct hd_attempt *ret_attempt, struct hd_diag *diag);

/* ---- Candidates --------------------------------------------------------------------------------
 */

/* A copy of the best, to be changed and then given to hd_shrink_try(); without expects, digests and
 * text.  NULL: out of memory, and the shrink has failed. */
struct hd_case *hd_shrink_copy(struct hd_shrink *shrink);
/*
 * Takes the candidate over (NULL is allowed).  True: it fails in the same way and is the best now.
 * False: it doesn't, or was known not to; or nothing more may be tried: hd_shrink_is_over().
 */
bool hd_shrink_try(struct hd_shrink *shrink, struct hd_case *candidate);
/* By an error, by `stop`, or because the attempts are used up. */
bool hd_shrink_is_over(const struct hd_shrink *shrink);
/* Makes a case that is known to fail the best, tidied; takes it over.  It was executed last. */
enum hd_error hd_shrink_adopt(struct hd_shrink *shrink, struct hd_case *the_case,
                              const struct hd_attempt *attempt);

/* Asks the setting's own variant and those that are said to be right. */
enum hd_error hd_guard_look(struct hd_shrink *shrink, const struct hd_setting *setting,
                            struct hd_guard *ret_guard);
/* Does everything that held before hold now? */
bool hd_guard_kept(const struct hd_guard *before, const struct hd_guard *now);

/* Says more plainly what was executed, in place; steps as of hd_segment_steps().  True if that
 * changed anything. */
bool hd_tidy(const struct hd_engine *engine, struct hd_case *the_case,
             const struct hd_attempt *attempt, uint32_t *steps);
/* Is it one of those in a deadlock? */
bool hd_is_stuck(const struct hd_execution *execution, hd_actor_id actor);
/* Steps that each segment took, into steps[segment_count]; of the last one: at least. */
void hd_segment_steps(const struct hd_case *the_case, const struct hd_attempt *attempt,
                      uint32_t *steps);
bool hd_segment_same_actor(const struct hd_segment *a, const struct hd_segment *b);

/* ---- Passes: true, the best has changed --------------------------------------------------------
 */

bool hd_pass_actors(struct hd_shrink *shrink);
bool hd_pass_tail(struct hd_shrink *shrink);
bool hd_pass_switches(struct hd_shrink *shrink);
bool hd_pass_words(struct hd_shrink *shrink);
bool hd_pass_values(struct hd_shrink *shrink);

/* ---- The end -----------------------------------------------------------------------------------
 */

/*
 * Looks for a failure of the kind with fewer preemptions than the best.  Sets *ret_case to it, to
 * be owned by the caller, or to NULL; *ret_exhausted: there is none.
 */
enum hd_error hd_shrink_fewer(struct hd_shrink *shrink, struct hd_case **ret_case,
                              bool *ret_exhausted);
/* Gives the case its expects and its digest.  given: what was to be minimised. */
enum hd_error hd_shrink_finish(struct hd_shrink *shrink, const struct hd_case *given);

#endif
