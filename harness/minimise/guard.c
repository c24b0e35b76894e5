/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A smaller workload must not be wrong by itself.  Without the actor that wakes, a sleeper sleeps
 * for ever whatever the schedule; that is no smaller case of a lost wake-up.  So what held in the
 * given workload must hold in a smaller one: the schedules without a preemption in which everybody
 * goes on, or one role does before the others, in the case's own variant and in those that are said
 * to be right.  The case's own schedule is not asked, so that the answer is the workload's alone.
 */
#include "base/assert.h"
#include "input/lists.h"
#include "minimise/shrink.h"

static_assert(HD_ROLES_MAX < 16, "the plain schedule and one for each role fit 16 bits");

/* The setting of the case, in a variant, with a schedule of one segment: the role goes first.  With
 * no role, none.  HD_OK and *ret_holds; or an error of the engine. */
static enum hd_error holds_in(struct hd_shrink *shrink, const struct hd_setting *setting,
                              unsigned variant, struct hd_segment *first, bool *ret_holds)
{
    struct hd_case as = { .setting = *setting, .segments = first, .segment_count = first != NULL };
    struct hd_attempt attempt;
    enum hd_error error;

    as.setting.variant = variant;
    error = hd_attempt_execute(shrink->engine, &as, &attempt, shrink->diag);
    if (error)
        return error;
    *ret_holds = attempt.execution.verdict.holds;
    hd_strategy_free(attempt.guided);
    return HD_OK;
}

/* Bit 0: the plain schedule held; bit 1 + r: the one in which role r goes first, or it is off. */
static enum hd_error look_at(struct hd_shrink *shrink, const struct hd_setting *setting,
                             unsigned variant, uint16_t *ret_held)
{
    unsigned roles = hd_list_count(setting->scenario, HD_LIST_ROLES);
    enum hd_error error;
    unsigned held;
    bool holds;

    error = holds_in(shrink, setting, variant, NULL, &holds);
    held = !error && holds;
    for (unsigned role = 0; role < roles && !error; role++) {
        struct hd_segment first = { .until = HD_UNTIL_END, .role = (uint8_t)role, .index = -1 };

        holds = true;
        if (!setting->workload.off[role])
            error = holds_in(shrink, setting, variant, &first, &holds);
        held |= (unsigned)holds << (1 + role);
    }
    *ret_held = (uint16_t)held;
    return error;
}

enum hd_error hd_guard_look(struct hd_shrink *shrink, const struct hd_setting *setting,
                            struct hd_guard *ret_guard)
{
    unsigned variants = hd_list_count(setting->scenario, HD_LIST_VARIANTS);
    struct hd_guard guard = { { 0 } };
    enum hd_error error = HD_OK;

    for (unsigned v = 0; v < variants && !error; v++) {
        enum hd_standing standing = setting->scenario->variants[v].standing;

        if (v == setting->variant || standing == HD_FIXED || standing == HD_POSITIVE)
            error = look_at(shrink, setting, v, &guard.held[v]);
    }
    if (!error)
        *ret_guard = guard;
    return error;
}

bool hd_guard_kept(const struct hd_guard *before, const struct hd_guard *now)
{
    for (unsigned v = 0; v < HD_VARIANTS_MAX; v++)
        if (before->held[v] & ~now->held[v])
            return false;
    return true;
}
