/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Explaining: the neighbours of a failing case, and what is different in one that passes. */
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

/* The best with the segments of `whole` behind it that begin at this step or later.  NULL: out of
 * memory. */
static struct hd_case *extended(struct hd_shrink *shrink, const struct hd_case *whole,
                                uint32_t step)
{
    struct hd_case *copy = hd_shrink_copy(shrink);
    uint32_t room = shrink->best->segment_count + whole->segment_count + 1, start = 0;
    struct hd_segment *segments =
        copy ? hd_realloc_array(copy->segments, room, sizeof *segments) : NULL;

    if (!segments) {
        hd_case_free(copy);
        return NULL;
    }
    copy->segments = segments;
    for (uint32_t i = 0; i < whole->segment_count; start += whole->segments[i++].count)
        if (start >= step)
            copy->segments[copy->segment_count++] = whole->segments[i];
    return copy;
}

/* Writes out what the default does behind the schedule, so that those switches can be moved too;
 * unless that would be another execution. */
static enum hd_error write_out(struct hd_shrink *shrink)
{
    struct hd_case *whole = NULL, *candidate = NULL;
    struct hd_attempt attempt = { .guided = NULL };
    uint32_t count, step = 0;
    const struct hd_segment_report *reports;

    shrink->error = hd_attempt_execute(shrink->engine, shrink->best, &attempt, shrink->diag);
    if (shrink->error)
        return shrink->error;
    reports = hd_guided_reports(attempt.guided, &count);
    if (count)
        step = reports[count - 1].first_step + shrink->best_steps[count - 1];
    if (!hd_case_from_execution(shrink->engine, &attempt.execution, &whole))
        candidate = extended(shrink, whole, step);
    hd_strategy_free(attempt.guided);
    attempt.guided = NULL;
    if (!candidate)
        shrink->error = hd_fail(shrink->diag, HD_E_NOMEM, "out of memory for a schedule");
    else
        shrink->error = hd_attempt_execute(shrink->engine, candidate, &attempt, shrink->diag);
    if (!shrink->error && attempt.execution.digest == shrink->best_digest) {
        hd_shrink_adopt(shrink, candidate, &attempt);
        candidate = NULL;
    }
    hd_strategy_free(attempt.guided);
    hd_case_free(candidate);
    hd_case_free(whole);
    return shrink->error;
}

static enum hd_error look_around(struct hd_shrink *shrink, struct hd_explanation *explanation)
{
    struct hd_neighbours neighbours = { .shrink = shrink };
    enum hd_error error = write_out(shrink);

    if (!error)
        error = hd_neighbour_moves(&neighbours);
    if (!error)
        error = hd_neighbour_windows(&neighbours, explanation->windows, &explanation->window_count);
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
    if (!error && hd_differ(explanation))
        error = hd_fail(shrink->diag, HD_E_NOMEM, "out of memory to compare executions");
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
