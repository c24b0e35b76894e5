/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What no case says: all schedules of a variant that is right, as far as they can be counted; then
 * some more, at random.
 *
 * A proof explores depth-first with no preemption, with one, with two, ... each bound whole or not
 * at all, so that what it says does not depend on a clock.  A bound that adds no schedule to the
 * one before it has come to the end: every schedule with more preemptions begins like one with
 * fewer.
 */
#include <inttypes.h>

#include "gate/gate.h"

#define SEARCH_RUNS 20000 /* executions of each search in a round */

static struct hd_explore_options explore_options(const struct hd_gate *gate,
                                                 const struct hd_gate_check *check,
                                                 const char *strategy)
{
    uint64_t left = hd_gate_left(gate);

    return (struct hd_explore_options){
        .setting = check->setting,
        .engine = gate->options->engine,
        .strategy = hd_strategy_find(strategy),
        .time_ns = left == UINT64_MAX ? 0
                   : left             ? left
                                      : 1,
        .jobs = 1,
        .stop = gate->options->stop,
    };
}

static void take_finding(const struct hd_gate *gate, struct hd_gate_check *check,
                         struct hd_explore_result *result, const char *what)
{
    struct hd_case *found = result->findings[0].the_case;

    result->findings[0].the_case = NULL;
    hd_gate_found(gate, check, found, what);
}

/* What is known when a bound could not be finished. */
static void conclude(struct hd_gate_check *check, uint32_t bound, uint64_t schedules)
{
    if (bound == 0)
        hd_gate_pass(check, "the first %" PRIu64 " schedules without a preemption hold", schedules);
    else if (bound == 1)
        hd_gate_pass(check, "all %" PRIu64 " schedules without a preemption hold", schedules);
    else
        hd_gate_pass(check, "all %" PRIu64 " schedules with at most %" PRIu32 " preemption%s hold",
                     schedules, bound - 1, bound == 2 ? "" : "s");
}

void hd_gate_prove(const struct hd_gate *gate, struct hd_gate_check *check)
{
    uint64_t schedules = 0;

    for (uint32_t bound = 0;; bound++) {
        struct hd_explore_options options = explore_options(gate, check, "dfs");
        struct hd_explore_result result = { 0 };
        struct hd_diag diag = { { 0 } };
        bool complete, stopped;
        uint64_t executions;
        enum hd_error error;

        options.strategy_options.preemptions = bound;
        options.runs = gate->options->runs ? gate->options->runs : HD_GATE_RUNS;
        error = hd_explore(&options, &result, &diag);
        if (error) {
            hd_gate_error(check, "not-executed", &diag);
            return;
        }
        complete = result.complete;
        stopped = result.stopped;
        executions = result.executions;
        if (result.finding_count > 0)
            take_finding(gate, check, &result, "by a proof");
        else if (stopped)
            hd_gate_stop(
                check, "%s after %" PRIu64 " schedules with at most %" PRIu32 " preemptions",
                hd_gate_is_stopped(gate) ? "interrupted" : "out of time", executions, bound);
        else if (complete && executions == schedules)
            hd_gate_pass(check, "proved: all %" PRIu64 " schedules hold", schedules);
        else if (!complete)
            conclude(check, bound, bound ? schedules : executions);
        hd_explore_result_free(&result);
        if (check->outcome != HD_GATE_SKIPPED)
            return;
        schedules = executions;
    }
}

void hd_gate_search(const struct hd_gate *gate, struct hd_gate_check *check, uint32_t round)
{
    struct hd_explore_options options = explore_options(gate, check, "portfolio");
    struct hd_explore_result result = { 0 };
    struct hd_diag diag = { { 0 } };
    enum hd_error error;

    if (check->outcome > HD_GATE_SKIPPED)
        return; /* an earlier round has ended it */
    if (hd_gate_left(gate) == 0) {
        if (check->executions == 0)
            hd_gate_advise(check, "no time was left: give more, or fewer cases");
        return;
    }
    options.strategy_options.seed = gate->options->seed + round;
    options.runs = SEARCH_RUNS;
    error = hd_explore(&options, &result, &diag);
    if (error) {
        hd_gate_error(check, "not-executed", &diag);
        return;
    }
    check->executions += result.executions;
    if (result.finding_count > 0)
        take_finding(gate, check, &result, "by a search");
    else
        hd_gate_pass(check, "%" PRIu64 " executions hold", check->executions);
    hd_explore_result_free(&result);
}
