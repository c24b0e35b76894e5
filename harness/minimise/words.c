/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The fourth pass: names instead of counts.  A switch is moved to the nearest place that has a name
 * and still fails, so that the result says `until hook` and survives an edit of the model.
 */
#include "minimise/words.h"

#include "base/alloc.h"

/* Says segment i in the first way that still fails. */
static bool reword(struct hd_shrink *shrink, const struct hd_attempt *attempt, uint32_t i,
                   struct hd_wording wordings[HD_WORDINGS_MAX])
{
    /* All of them first: the candidates' executions overwrite the trace. */
    uint32_t count = hd_wordings(shrink->engine, shrink->best, attempt, shrink->best_steps, i,
                                 wordings);

    for (uint32_t k = 0; k < count && !hd_shrink_is_over(shrink); k++) {
        struct hd_case *candidate = hd_shrink_copy(shrink);

        if (candidate)
            candidate->segments[i] = wordings[k].segment;
        if (hd_shrink_try(shrink, candidate))
            return true;
    }
    return false;
}

bool hd_pass_words(struct hd_shrink *shrink)
{
    struct hd_wording *wordings = hd_alloc_array(HD_WORDINGS_MAX, sizeof *wordings);
    struct hd_attempt attempt;
    bool changed = false;

    if (!wordings)
        shrink->error = hd_fail(shrink->diag, HD_E_NOMEM, "out of memory for wordings");
    for (uint32_t i = 0; i < shrink->best->segment_count && !changed; i++) {
        if (hd_wording_rank(&shrink->best->segments[i]) == 0)
            continue;
        if (hd_shrink_is_over(shrink))
            break;
        shrink->error =
            hd_attempt_execute(shrink->engine, shrink->best, &attempt, shrink->diag);
        if (shrink->error)
            break;
        changed = reword(shrink, &attempt, i, wordings);
        hd_strategy_free(attempt.guided);
    }
    hd_dealloc(wordings);
    return changed;
}
