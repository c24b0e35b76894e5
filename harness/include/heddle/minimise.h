/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Minimising and explaining: a failure said in the fewest words, and why it is one.  A part of
 * heddle.h, which includes it.
 */
#ifndef HD_HEDDLE_MINIMISE_H
#define HD_HEDDLE_MINIMISE_H

#include "heddle/heddle.h"

/* ---- Minimising ------------------------------------------------------------------------------ */

/* The one list of passes, largest cut first: name, word in reports, what it does. */
#define HD_PASSES(X)                                                                               \
    X(ACTORS, "actors", "switches roles off, drops instances")                                     \
    X(TAIL, "tail", "cuts what comes after the failure")                                           \
    X(SWITCHES, "switches", "removes segments, joins them with others of their actor")             \
    X(WORDS, "words", "says where a segment ends by name instead of by count")                     \
    X(VALUES, "values", "takes faults, start conditions and parameters back to their defaults")

enum hd_pass {
#define HD_PASS_ENUM(name, word, summary) HD_PASS_##name,
    HD_PASSES(HD_PASS_ENUM)
#undef HD_PASS_ENUM
        HD_PASS_COUNT
};

/* Zero means the default. */
struct hd_minimise_options {
    struct hd_engine_options engine; /* `describe` is switched on */
    uint64_t attempts; /* executions of candidates at most; 0: until nothing can be cut */
    /* Executions at most to find out whether fewer preemptions would do, by a depth-first search
     * below their number; 0: don't ask. */
    uint64_t confirm;
    const atomic_bool *stop; /* set by somebody else: end cleanly; NULL for none */
};

struct hd_minimise_result {
    struct hd_case *the_case; /* owned: hd_case_free() */
    uint32_t segments_before, preemptions_before, steps_before;
    uint32_t segments, preemptions, steps;
    uint64_t attempts[HD_PASS_COUNT]; /* executions, by pass */
    uint64_t kept[HD_PASS_COUNT];     /* candidates that still failed */
    uint64_t repeated; /* candidates that were known to pass, and not executed again */
    uint64_t searched; /* executions of the search for fewer preemptions */
    bool fewest;       /* no schedule of this setting with fewer preemptions fails in this way */
    bool stopped;      /* by `attempts` or `stop`: more could perhaps be cut */
};

/*
 * Makes a failing case smaller, as long as it fails in the same way: the same oracle, kind and
 * site, and no more preemptions.  Every step is verified by an execution; equal cases give equal
 * results.  A workload is only made smaller where that is not wrong by itself: schedules without a
 * preemption that held must go on to hold, in the case's variant and in those that are right.
 *
 * The result is 1-minimal, unless stopped: with any one segment removed it no longer fails so.  It
 * replays exactly; it expects the verdict of its own variant, with the digest, and those of the
 * other variants under the same schedule, except of mutants, and except a `holds` for which a
 * landmark was not reached: that would be no evidence.
 *
 * HD_OK; HD_E_MALFORMED if the case does not fail; HD_E_DIVERGED if it doesn't do what it expects,
 * or has another digest; HD_E_NONDETERMINISTIC if it differs when executed twice; or what an engine
 * can't do.
 */
enum hd_error hd_minimise(const struct hd_case *the_case, const struct hd_minimise_options *options,
                          struct hd_minimise_result *ret_result, struct hd_diag *diag);

/* The word of a pass, and what it does; constants. */
const char *hd_pass_word(enum hd_pass pass);
const char *hd_pass_summary(enum hd_pass pass);

/* ---- The neighbourhood -----------------------------------------------------------------------
 */

struct hd_neighbourhood {
    uint64_t executions; /* of neighbours */
    uint64_t violations;
    struct hd_case *wrong; /* the first that violates, exactly; owned: hd_case_free().  Or NULL */
    struct hd_verdict verdict; /* its verdict; holds if there is none */
    bool stopped;              /* by `attempts` or `stop`: there are more neighbours */
};

/*
 * Executes all schedules with one switch of the case moved, in a variant: each segment but the last
 * ends after no step, after one, ... as many as its actor can take.  Where a segment can't be
 * carried out in this variant, the switch lies where the actor stopped.  `confirm` is not used.
 * HD_OK, whatever the verdicts; else what an engine can't do.
 */
enum hd_error hd_neighbourhood(const struct hd_case *the_case, unsigned variant,
                               const struct hd_minimise_options *options,
                               struct hd_neighbourhood *ret_neighbourhood, struct hd_diag *diag);

/* ---- Explaining ------------------------------------------------------------------------------ */

/* A point of an actor: where it stands after so many steps of its own, and what it does there. */
struct hd_place {
    hd_actor_id actor;
    uint32_t nth;            /* its own steps before this one */
    bool taken;              /* it took the step */
    bool waits;              /* it is about to, for ever: op and object of step are known */
    struct hd_step step;     /* means nothing unless one of the two */
    const struct hd_site *site; /* NULL: not known */
    const char *function;    /* innermost one entered by HD_CALL around it; NULL for none */
    int landmark;            /* one that it stands at, the outermost; -1 for none */
};

/* Where one switch can lie: points of the actor that is preempted.  Between them there may be some
 * at which it passes, such as those under a lock. */
struct hd_window {
    uint32_t segment;                  /* of the explained case */
    struct hd_place at;                /* where it lies now */
    struct hd_place first, last;       /* at which it fails in any way */
    struct hd_place so_first, so_last; /* ... and in this way */
    uint32_t points, so_points;        /* how many */
    bool opens, closes;                /* it passes one point before first, and behind last */
    struct hd_place opened_by;         /* if it opens: the step without which it passes */
};
#define HD_WINDOWS_MAX 16

/* Why a case fails: the nearest schedules that pass, and what is different in them. */
struct hd_explanation {
    struct hd_case *failing_case;         /* the given one, said in segments */
    struct hd_case *passing_case;         /* NULL: no neighbour passes */
    struct hd_engine *failing_engine, *passing_engine; /* describing */
    struct hd_execution failing, passing; /* of these engines */
    uint64_t executions;                  /* made to find them */

    bool has_pair;               /* ... of steps whose order decides: first before second fails */
    struct hd_place first, second;

    bool has_difference;         /* the first step that went otherwise */
    struct hd_place differs, instead; /* in the failing and in the passing execution */

    uint32_t window_count;
    struct hd_window windows[HD_WINDOWS_MAX]; /* one a preemption, in order */
};

/*
 * Explains a failing case.  Neighbours are schedules with one switch moved; of those that pass, the
 * one that parts latest from the failing schedule shows the last moment at which all could have
 * been well.  Where none passes, two segments are exchanged, and last everybody just goes on.
 * Errors as hd_minimise(), but HD_E_MALFORMED says that there is nothing to explain.
 * *ret_explanation is to be released with hd_explanation_free().
 */
enum hd_error hd_explain(const struct hd_case *the_case, const struct hd_minimise_options *options,
                         struct hd_explanation **ret_explanation, struct hd_diag *diag);
/* NULL is allowed. */
void hd_explanation_free(struct hd_explanation *explanation);

#endif
