/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The neighbourhood of a schedule: every single move of every switch, in any variant.  What is
 * right under one schedule by luck is wrong under one of these.
 *
 * Cost       one execution for each step of each segment but the last, and for each step that its
 *            actor could go further.
 * Leaves out two switches moved at once, and switches where the schedule has none: that is for a
 *            search.
 */
#include <string.h>

#include "base/alloc.h"
#include "minimise/neighbour.h"

/* The case in the variant, said in segments; shrink->best and its steps are set. */
static enum hd_error stand_at(struct hd_shrink *shrink, const struct hd_case *the_case,
                              unsigned variant)
{
    struct hd_case as = *the_case;
    struct hd_attempt attempt;
    enum hd_error error;

    as.setting.variant = variant;
    error = hd_attempt_execute(shrink->engine, &as, &attempt, shrink->diag);
    if (error)
        return error;
    if (hd_case_is_raw(&as)) {
        error = hd_case_from_execution(shrink->engine, &attempt.execution, &shrink->best);
        hd_strategy_free(attempt.guided);
        attempt.guided = NULL;
        if (!error)
            error = hd_attempt_execute(shrink->engine, shrink->best, &attempt, shrink->diag);
    } else {
        shrink->best = &as; /* to be copied, and no longer */
        shrink->best = hd_shrink_copy(shrink);
        error = shrink->error;
    }
    if (!error) {
        shrink->best_steps =
            hd_alloc_array((size_t)shrink->best->segment_count + 1, sizeof *shrink->best_steps);
        if (shrink->best_steps)
            hd_segment_steps(shrink->best, &attempt, shrink->best_steps);
        else
            error = hd_fail(shrink->diag, HD_E_NOMEM, "out of memory for a neighbourhood");
    }
    hd_strategy_free(attempt.guided);
    return error;
}

/* Counts a neighbour's verdict; keeps the first that is wrong. */
static enum hd_error judge(struct hd_shrink *shrink, const struct hd_execution *execution,
                           struct hd_neighbourhood *around)
{
    enum hd_error error;

    around->executions++;
    if (execution->verdict.holds)
        return HD_OK;
    around->violations++;
    if (around->wrong)
        return HD_OK;
    error = hd_case_from_execution(shrink->engine, execution, &around->wrong);
    if (error)
        return hd_fail(shrink->diag, error, "out of memory for a neighbour");
    around->verdict = execution->verdict;
    return HD_OK;
}

/* Executes with the segment's end behind so many steps; *ret_taken: its actor could take them. */
static enum hd_error try_move(struct hd_shrink *shrink, uint32_t segment, uint32_t steps,
                              struct hd_neighbourhood *around, bool *ret_taken)
{
    struct hd_case *moved = hd_switch_moved(shrink, segment, steps);
    struct hd_attempt attempt = { .guided = NULL };
    enum hd_error error = shrink->error;

    *ret_taken = false;
    if (!error)
        error = hd_attempt_execute(shrink->engine, moved, &attempt, shrink->diag);
    if (!error) {
        *ret_taken = hd_switch_taken(&attempt, segment, steps);
        error = judge(shrink, &attempt.execution, around);
    }
    hd_strategy_free(attempt.guided);
    hd_case_free(moved);
    return error;
}

static bool is_over(const struct hd_minimise_options *options,
                    const struct hd_neighbourhood *around)
{
    return (options->attempts && around->executions >= options->attempts) ||
           (options->stop && atomic_load_explicit(options->stop, memory_order_relaxed));
}

static enum hd_error look_around(struct hd_shrink *shrink, struct hd_neighbourhood *around)
{
    for (uint32_t i = 0; i + 1 < shrink->best->segment_count; i++) {
        uint32_t most = shrink->best_steps[i] + HD_MOVES_MAX;
        bool taken = true;

        for (uint32_t steps = 0; taken && steps <= most; steps++) {
            enum hd_error error;

            if (steps == shrink->best_steps[i])
                continue; /* where it lies now */
            if (is_over(shrink->options, around)) {
                around->stopped = true;
                return HD_OK;
            }
            error = try_move(shrink, i, steps, around, &taken);
            if (error)
                return error;
            taken |= steps < shrink->best_steps[i];
        }
    }
    return HD_OK;
}

enum hd_error hd_neighbourhood(const struct hd_case *the_case, unsigned variant,
                               const struct hd_minimise_options *options,
                               struct hd_neighbourhood *ret_neighbourhood, struct hd_diag *diag)
{
    struct hd_minimise_result counters = { .the_case = NULL };
    struct hd_shrink shrink = { .options = options, .result = &counters, .diag = diag };
    struct hd_neighbourhood around = { .verdict = { .holds = true } };
    enum hd_error error = hd_engine_create(&options->engine, &shrink.engine, diag);

    if (!error)
        error = stand_at(&shrink, the_case, variant);
    if (!error)
        error = look_around(&shrink, &around);
    if (error)
        hd_case_free(around.wrong);
    else
        *ret_neighbourhood = around;
    hd_case_free(shrink.best);
    hd_dealloc(shrink.best_steps);
    hd_engine_free(shrink.engine);
    return error;
}
