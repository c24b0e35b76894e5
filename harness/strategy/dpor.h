/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Optimal dynamic partial order reduction: one execution of each class of equivalent ones.
 *
 * Source     Abdulla, Aronis, Jonsson, Sagonas: "Source Sets: A Foundation for Optimal Dynamic
 *            Partial Order Reduction", JACM 64(4), 2017 (Optimal-DPOR, its algorithm 2).  Workers
 *            on one tree: Lång, Sagonas, "Parallel Graph-Based Stateless Model Checking", ATVA
 *            2020.
 * Guarantee  every class of maximal executions is executed, and none twice: two executions are of
 *            one class if they order all conflicting steps (trace/depend.c) alike.  An execution
 *            that is cut as redundant is counted as blocked; there are none in programs whose
 *            outcomes the trace foretells (all but compare-and-exchange and readers' trylocks).
 * Departs    blocking, early ends: see dpor_path.h.  With several workers, what is being explored
 *            counts as explored; its steps are waited for where a decision needs them, so that the
 *            classes, and what is blocked, are those of one worker.
 * Cost       an execution, plus for each new event its happens-before, plus for each race a look at
 *            who sleeps at its first event.  Memory: one path and the branches that hang off it.
 */
#ifndef HD_DPOR_H
#define HD_DPOR_H

#include "heddle/heddle.h"

/* What is explored and what is not, shared by workers. */
struct hd_dpor_tree;
/* For an engine's prepared setting.  HD_E_NOMEM. */
enum hd_error hd_dpor_tree_create(const struct hd_engine *engine, struct hd_dpor_tree **ret_tree);
/* After all its workers.  NULL is allowed. */
void hd_dpor_tree_free(struct hd_dpor_tree *tree);
/* Every begin() returns false from now on; workers that wait for work are woken. */
void hd_dpor_tree_stop(struct hd_dpor_tree *tree);
/* Is nothing left? */
bool hd_dpor_tree_done(const struct hd_dpor_tree *tree);

/*
 * A worker, with an engine prepared like the tree's.  Its begin() waits while others may still have
 * work to give; false: nothing is left, or the tree was stopped.
 */
enum hd_error hd_dpor_create(struct hd_dpor_tree *tree, const struct hd_engine *engine,
                             struct hd_strategy **ret_worker);

struct hd_dpor_lesson {
    bool blocked;   /* redundant: no new class */
    uint64_t class; /* its hash, without the verdict */
    /* HD_E_NONDETERMINISTIC: the first step that is not as it was; else UINT32_MAX. */
    uint32_t differs;
};
/*
 * To be called after each execution, before the next: learns what else is to be explored.  HD_OK;
 * HD_E_NONDETERMINISTIC if the execution did not repeat what it was to repeat;
 * HD_E_UNSUPPORTED if it does what cannot be reduced (virtual time, yielding); HD_E_NOMEM.
 */
enum hd_error hd_dpor_learn(struct hd_strategy *worker, const struct hd_execution *execution,
                            struct hd_dpor_lesson *ret_lesson);
/* The part of the whole that is explored, 0 .. 1, as seen from where this worker stands. */
double hd_dpor_progress(const struct hd_strategy *worker);
/* Gives back to the tree what this worker had before it; it may go on afterwards. */
void hd_dpor_retire(struct hd_strategy *worker);

#endif
