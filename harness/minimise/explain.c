/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Explaining: the neighbours of a failing case, and what is different in the nearest that passes. */
#include "base/alloc.h"
#include "minimise/differ.h"
#include "minimise/neighbour.h"

/* Executes a case on an engine of its own, so that both traces can be looked at side by side. */
static enum hd_error execute_apart(const struct hd_engine_options *options,
                                   const struct hd_case *the_case, struct hd_engine **ret_engine,
                                   struct hd_execution *ret_execution, struct hd_diag *diag)
{
    struct hd_engine *engine = NULL;
    struct hd_attempt attempt;
    enum hd_error error = hd_engine_create(options, &engine, diag);

    if (!error)
        error = hd_attempt_execute(engine, the_case, &attempt, diag);
    if (error) {
        hd_engine_free(engine);
        return error;
    }
    *ret_execution = attempt.execution;
    *ret_engine = engine;
    hd_strategy_free(attempt.guided);
    return HD_OK;
}

static enum hd_error look_around(struct hd_shrink *shrink, struct hd_explanation *explanation)
{
    struct hd_neighbours neighbours = { .shrink = shrink };
    enum hd_error error =
        hd_neighbour_windows(&neighbours, explanation->windows, &explanation->window_count);

    if (!error && !neighbours.passing)
        error = hd_neighbour_orders(&neighbours);
    explanation->passing_case = neighbours.passing;
    explanation->executions = neighbours.executions;
    return error;
}

static enum hd_error explain(struct hd_shrink *shrink, const struct hd_case *given,
                             const struct hd_engine_options *engine,
                             struct hd_explanation *explanation)
{
    enum hd_error error = hd_shrink_begin(shrink, given);

    if (!error)
        error = look_around(shrink, explanation);
    explanation->failing_case = shrink->best;
    shrink->best = NULL;
    if (!error)
        error = execute_apart(engine, explanation->failing_case, &explanation->failing_engine,
                              &explanation->failing, shrink->diag);
    if (!error && explanation->passing_case)
        error = execute_apart(engine, explanation->passing_case, &explanation->passing_engine,
                              &explanation->passing, shrink->diag);
    if (!error)
        hd_differ(explanation);
    return error;
}

enum hd_error hd_explain(const struct hd_case *the_case, const struct hd_minimise_options *options,
                         struct hd_explanation **ret_explanation, struct hd_diag *diag)
{
    struct hd_minimise_result counters = { .the_case = NULL };
    struct hd_shrink shrink = { .options = options, .result = &counters, .diag = diag };
    struct hd_explanation *explanation = hd_alloc_array(1, sizeof *explanation);
    struct hd_engine_options engine = options->engine;
    enum hd_error error;

    if (!explanation)
        return hd_fail(diag, HD_E_NOMEM, "out of memory for an explanation");
    engine.describe = true;
    error = hd_engine_create(&engine, &shrink.engine, diag);
    if (!error)
        error = explain(&shrink, the_case, &engine, explanation);
    if (error)
        hd_explanation_free(explanation);
    else
        *ret_explanation = explanation;
    hd_case_free(shrink.best);
    hd_dealloc(shrink.best_steps);
    hd_seen_free(&shrink.seen);
    hd_engine_free(shrink.engine);
    return error;
}

void hd_explanation_free(struct hd_explanation *explanation)
{
    if (!explanation)
        return;
    hd_engine_free(explanation->failing_engine);
    hd_engine_free(explanation->passing_engine);
    hd_case_free(explanation->failing_case);
    hd_case_free(explanation->passing_case);
    hd_dealloc(explanation);
}
