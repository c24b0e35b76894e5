/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the minimised case expects: of its own variant what was seen, of others what is evidence. */
#include <stdio.h>

#include "input/lists.h"
#include "minimise/shrink.h"

static void add_expect(struct hd_case *the_case, unsigned variant, const struct hd_verdict *verdict)
{
    struct hd_expect *expect = &the_case->expects[the_case->expect_count++];

    *expect = (struct hd_expect){ .variant = (uint8_t)variant, .holds = verdict->holds };
    if (verdict->holds)
        return;
    snprintf(expect->kind, sizeof expect->kind, "%s", verdict->kind);
    snprintf(expect->site, sizeof expect->site, "%s", verdict->site ? verdict->site : "");
}

/* Was every landmark of the schedule reached?  Else that nothing went wrong says nothing. */
static bool reached_landmarks(const struct hd_case *the_case, const struct hd_attempt *attempt)
{
    uint32_t count;
    const struct hd_segment_report *reports = hd_guided_reports(attempt->guided, &count);

    for (uint32_t i = 0; i < the_case->segment_count; i++)
        if (the_case->segments[i].until == HD_UNTIL_LANDMARK &&
            (i >= count || reports[i].outcome != HD_CARRIED))
            return false;
    return true;
}

/* Mutants are of interest only to a case that spoke of them. */
static bool is_wanted(const struct hd_case *given, unsigned variant)
{
    return given->setting.scenario->variants[variant].standing != HD_MUTANT ||
           hd_case_expect(given, variant);
}

enum hd_error hd_shrink_finish(struct hd_shrink *shrink, const struct hd_case *given)
{
    struct hd_case *best = shrink->best;
    unsigned own = best->setting.variant;
    unsigned variants = hd_list_count(best->setting.scenario, HD_LIST_VARIANTS);
    enum hd_error error = HD_OK;

    best->expect_count = 0;
    for (unsigned v = 0; v < variants && !error; v++) {
        struct hd_case as = *best;
        struct hd_attempt attempt;

        if (v != own && !is_wanted(given, v))
            continue;
        as.setting.variant = v;
        error = hd_attempt_execute(shrink->engine, &as, &attempt, shrink->diag);
        if (error)
            break;
        if (v == own && attempt.execution.digest != shrink->best_digest)
            error = hd_fail(shrink->diag, HD_E_NONDETERMINISTIC,
                            "the minimised case differs when executed again");
        else if (v == own || !attempt.execution.verdict.holds ||
                 reached_landmarks(best, &attempt))
            add_expect(best, v, &attempt.execution.verdict);
        hd_strategy_free(attempt.guided);
    }
    best->has_digest[own] = true;
    best->digest[own] = shrink->best_digest;
    return error;
}
