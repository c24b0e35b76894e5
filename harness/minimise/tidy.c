/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A schedule called by what it was: segments that never began or did nothing go, what was
 * abandoned says where, neighbours of one actor become one.  The execution stays the same.
 */
#include <string.h>

#include "base/assert.h"
#include "minimise/shrink.h"

bool hd_segment_same_actor(const struct hd_segment *a, const struct hd_segment *b)
{
    return a->role == b->role && a->instance == b->instance;
}

void hd_segment_steps(const struct hd_case *the_case, const struct hd_attempt *attempt,
                      uint32_t *steps)
{
    const struct hd_trace *trace = &attempt->execution.trace;
    uint32_t count, end;
    const struct hd_segment_report *reports = hd_guided_reports(attempt->guided, &count);

    memset(steps, 0, the_case->segment_count * sizeof *steps);
    for (uint32_t i = 0; i + 1 < count; i++) {
        HD_ASSERT_IS(reports[i].segment, ==, i);
        steps[i] = reports[i + 1].first_step - reports[i].first_step;
    }
    if (!count)
        return;
    end = reports[count - 1].first_step;
    while (end < trace->length &&
           trace->steps[end].actor == trace->steps[reports[count - 1].first_step].actor)
        end++;
    steps[count - 1] = end - reports[count - 1].first_step;
}

bool hd_is_stuck(const struct hd_execution *execution, hd_actor_id actor)
{
    for (uint32_t i = 0; i < execution->stuck_count; i++)
        if (execution->stuck[i].actor == actor)
            return true;
    return false;
}

/* Abandoned segments end where their actor could not go on; in a deadlock nobody is left to ask. */
static bool name_outcome(struct hd_segment *segment, const struct hd_segment_report *report,
                         bool stuck)
{
    enum hd_until until = segment->until;

    if (report->outcome == HD_NOT_BLOCKED)
        until = HD_UNTIL_BLOCKED;
    else if (report->outcome == HD_NOT_ENDED || report->outcome == HD_NOT_REACHED)
        until = HD_UNTIL_END;
    if (stuck && until == HD_UNTIL_END)
        until = HD_UNTIL_BLOCKED;
    if (until == segment->until)
        return false;
    *segment = (struct hd_segment){
        .until = until, .role = segment->role, .instance = segment->instance, .index = -1
    };
    return true;
}

static bool is_idle(const struct hd_segment_report *reports, uint32_t count, uint32_t i,
                    const uint32_t *steps)
{
    if (i >= count || reports[i].outcome == HD_NOT_PRESENT)
        return true;
    return steps[i] == 0 && i + 1 < count; /* the last may stand before the wrong step */
}

/* `before` runs on into `after`, which is the same actor's. */
static bool join(const struct hd_segment *before, uint32_t before_steps, struct hd_segment *after)
{
    if (!hd_segment_same_actor(before, after))
        return false;
    if (after->until == HD_UNTIL_COUNT) {
        if (after->count > HD_SEGMENT_COUNT_MAX - before_steps)
            return false;
        after->count += before_steps;
    }
    return true;
}

bool hd_tidy(const struct hd_engine *engine, struct hd_case *the_case,
             const struct hd_attempt *attempt, uint32_t *steps)
{
    struct hd_segment *segments = the_case->segments;
    uint32_t reported, kept = 0;
    const struct hd_segment_report *reports = hd_guided_reports(attempt->guided, &reported);
    bool changed = false;

    for (uint32_t i = 0; i < the_case->segment_count; i++) {
        struct hd_segment segment = segments[i];

        if (is_idle(reports, reported, i, steps))
            continue;
        changed |= name_outcome(&segment, &reports[i],
                                hd_is_stuck(&attempt->execution,
                                            hd_engine_actor_find(engine, segment.role,
                                                                 segment.instance)));
        steps[kept] = steps[i];
        if (kept && join(&segments[kept - 1], steps[kept - 1], &segment)) {
            kept--;
            steps[kept] += steps[kept + 1];
        }
        segments[kept++] = segment;
    }
    changed |= kept != the_case->segment_count;
    the_case->segment_count = kept;
    return changed;
}
