/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Would fewer preemptions do?  The passes descend to a local minimum; a depth-first search of all
 * schedules with fewer preemptions says whether it is the least, or gives a better place to start.
 */
#include <stdatomic.h>

#include "base/assert.h"
#include "minimise/shrink.h"

static bool is_stopped(const struct hd_shrink *shrink)
{
    return shrink->options->stop &&
           atomic_load_explicit(shrink->options->stop, memory_order_relaxed);
}

/* HD_E_STOPPED: the strategy has nothing left. */
static enum hd_error search(struct hd_shrink *shrink, struct hd_strategy *strategy,
                            struct hd_case **ret_case)
{
    struct hd_execution execution;
    enum hd_error error = HD_OK;

    while (!error && shrink->result->searched < shrink->options->confirm && !is_stopped(shrink)) {
        error = hd_execute(shrink->engine, strategy, &execution);
        if (error)
            break;
        shrink->result->searched++;
        if (hd_failure_is(&shrink->failure, &execution))
            return hd_case_from_execution(shrink->engine, &execution, ret_case);
    }
    return error;
}

enum hd_error hd_shrink_fewer(struct hd_shrink *shrink, struct hd_case **ret_case,
                              bool *ret_exhausted)
{
    const struct hd_strategy_info *dfs = hd_strategy_find("dfs");
    struct hd_strategy_options options = { .preemptions = shrink->best_preemptions - 1 };
    struct hd_strategy *strategy = NULL;
    enum hd_error error;

    HD_ASSERT(dfs != NULL);
    HD_ASSERT_IS(shrink->best_preemptions, >, 0);
    *ret_case = NULL;
    *ret_exhausted = false;
    error = hd_engine_prepare(shrink->engine, &shrink->best->setting, shrink->diag);
    if (error)
        return error;
    error = dfs->create(&options, &strategy);
    if (!error)
        error = search(shrink, strategy, ret_case);
    if (error == HD_E_STOPPED) {
        *ret_exhausted = hd_strategy_complete(strategy);
        error = HD_OK;
    }
    hd_strategy_free(strategy);
    return error ? hd_fail(shrink->diag, error, "the search for fewer preemptions: %s",
                           hd_error_text(error))
                 : HD_OK;
}
