/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gate/judge.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

static void judge(struct hd_judgement *judgement, enum hd_judged judged, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void judge(struct hd_judgement *judgement, enum hd_judged judged, const char *format, ...)
{
    va_list arguments;

    judgement->judged = judged;
    va_start(arguments, format);
    vsnprintf(judgement->text, sizeof judgement->text, format, arguments);
    va_end(arguments);
}

/* "first differs at step 12: line 7 was not carried out, its actor was blocked" */
static void format_departure(const struct hd_case *the_case, const struct hd_run *run, char *text,
                             size_t bytes)
{
    const struct hd_segment_report *departure = hd_run_departure(run);

    if (departure)
        snprintf(text, bytes,
                 "first differs at step %u: the segment in line %u was not carried "
                 "out, %s",
                 departure->first_step, the_case->segments[departure->segment].line,
                 hd_run_outcome(departure->outcome));
    else
        snprintf(text, bytes,
                 "every segment was carried out until step %u, so the code under test "
                 "has changed, not the schedule",
                 run->execution.trace.length);
}

static void judge_digest(const struct hd_case *the_case, const struct hd_run *run,
                         struct hd_judgement *judgement)
{
    unsigned variant = run->variant;

    if (!the_case->has_digest[variant])
        judgement->stale = true;
    else if (the_case->digest[variant] != run->execution.digest) {
        judgement->stale = true;
        judge(judgement, HD_STALE,
              "stale: the verdict is as expected, but the digest is %016" PRIx64
              " instead of %016" PRIx64 "; --rebless records it",
              run->execution.digest, the_case->digest[variant]);
    }
}

static void judge_exact(const struct hd_case *the_case, const struct hd_run *run,
                        struct hd_judgement *judgement)
{
    char why[256];

    judge_digest(the_case, run, judgement);
    if (judgement->judged == HD_AS_EXPECTED && judgement->stale && hd_run_departure(run)) {
        format_departure(the_case, run, why, sizeof why);
        judge(judgement, HD_DIVERGED, "diverged: %s", why);
    }
}

void hd_replay_judge(const struct hd_case *the_case, const struct hd_run *run,
                     struct hd_judgement *ret_judgement)
{
    const struct hd_verdict *verdict = &run->execution.verdict;
    const struct hd_expect *expect = hd_case_expect(the_case, run->variant);
    bool exact = run->variant == the_case->setting.variant;
    char why[256];

    memset(ret_judgement, 0, sizeof *ret_judgement);
    if (expect && !hd_verdict_meets(verdict, expect)) {
        char expected[2 * HD_NAME_BYTES + 8];
        char got[2 * HD_NAME_BYTES + 8];

        snprintf(expected, sizeof expected, "%s%s%s", expect->holds ? "holds" : expect->kind,
                 expect->site[0] ? " at " : "", expect->site);
        hd_verdict_format(verdict, got, sizeof got);
        format_departure(the_case, run, why, sizeof why);
        if (exact)
            judge(ret_judgement, HD_DIVERGED, "diverged: expected %s, got %s; %s", expected, got,
                  why);
        else
            judge(ret_judgement, expect->holds ? HD_WRONG : HD_DIVERGED, "expected %s, got %s",
                  expected, got);
        return;
    }
    if (exact)
        judge_exact(the_case, run, ret_judgement);
    else
        judge_digest(the_case, run, ret_judgement);
    if (!expect && !verdict->holds)
        ret_judgement->judged = HD_WRONG; /* whatever else: a finding wins */
}

uint32_t hd_replay_vacuous(const struct hd_case *the_case, const struct hd_run *run)
{
    const struct hd_view *views = hd_engine_views(run->engine);

    for (uint32_t i = 0; i < the_case->segment_count; i++) {
        const struct hd_segment *segment = &the_case->segments[i];
        hd_actor_id actor = hd_engine_actor_find(run->engine, segment->role, segment->instance);
        uint32_t needed = segment->nth ? segment->nth : 1;

        if (segment->until == HD_UNTIL_LANDMARK &&
            (actor == HD_ACTOR_NONE || views[actor].landmark_hits[segment->landmark] < needed))
            return i;
    }
    return UINT32_MAX;
}
