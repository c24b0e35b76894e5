/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A smaller workload must not be wrong by itself.  Without the actor that wakes, a sleeper sleeps
 * for ever whatever the schedule; that is no smaller case of a lost wake-up.  So what held in the
 * given workload must hold in a smaller one: the plain schedule, in which everybody goes on, and
 * both that and the case's own in the variants that are said to be right.
 */
#include "base/assert.h"
#include "input/lists.h"
#include "minimise/shrink.h"

static_assert(HD_VARIANTS_MAX <= 8, "a set of variants fits a byte");

/* Executes the case, with or without its schedule, in a variant.  HD_OK and *ret_holds; or an error
 * of the engine. */
static enum hd_error holds_in(struct hd_shrink *shrink, const struct hd_case *the_case,
                              unsigned variant, bool plain, bool *ret_holds)
{
    struct hd_case as = *the_case;
    struct hd_attempt attempt;
    enum hd_error error;

    as.setting.variant = variant;
    if (plain)
        as.segment_count = 0;
    error = hd_attempt_execute(shrink->engine, &as, &attempt, shrink->diag);
    if (error)
        return error;
    *ret_holds = attempt.execution.verdict.holds;
    hd_strategy_free(attempt.guided);
    return HD_OK;
}

static bool is_right(const struct hd_case *the_case, unsigned variant)
{
    enum hd_standing standing = the_case->setting.scenario->variants[variant].standing;

    return standing == HD_FIXED || standing == HD_POSITIVE;
}

enum hd_error hd_guard_look(struct hd_shrink *shrink, const struct hd_case *the_case,
                            struct hd_guard *ret_guard)
{
    unsigned variants = hd_list_count(the_case->setting.scenario, HD_LIST_VARIANTS);
    unsigned own = the_case->setting.variant;
    struct hd_guard guard = { 0 };
    enum hd_error error = HD_OK;

    for (unsigned v = 0; v < variants && !error; v++) {
        bool right = is_right(the_case, v), plain = false, guided = false;

        if (v == own || right)
            error = holds_in(shrink, the_case, v, true, &plain);
        if (!error && v != own && right)
            error = holds_in(shrink, the_case, v, false, &guided);
        guard.plain = (uint8_t)(guard.plain | plain << v);
        guard.guided = (uint8_t)(guard.guided | guided << v);
    }
    if (!error)
        *ret_guard = guard;
    return error;
}

bool hd_guard_kept(const struct hd_guard *before, const struct hd_guard *now)
{
    return !(before->plain & ~now->plain) && !(before->guided & ~now->guided);
}
