/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A case from an execution: who ran for how long, step by step, with what is to be expected. */
#include <stdio.h>

#include "base/alloc.h"
#include "engine/engine.h"

static void begin_segment(const struct hd_engine *engine, struct hd_case *the_case,
                          hd_actor_id actor)
{
    struct hd_segment *segment = &the_case->segments[the_case->segment_count++];

    *segment = (struct hd_segment){ .until = HD_UNTIL_COUNT, .index = -1 };
    hd_engine_actor_role(engine, actor, &segment->role, &segment->instance);
}

/* Segments `for N`, and at the end, for a step that went wrong and so is none of the trace's,
 * `until end`. */
static void fill_segments(const struct hd_engine *engine, const struct hd_execution *execution,
                          struct hd_case *the_case)
{
    const struct hd_trace *trace = &execution->trace;
    const struct hd_verdict *verdict = &execution->verdict;
    hd_actor_id running = HD_ACTOR_NONE;

    for (uint32_t i = 0; i < trace->length; i++) {
        if (trace->steps[i].actor != running) {
            running = trace->steps[i].actor;
            begin_segment(engine, the_case, running);
        }
        the_case->segments[the_case->segment_count - 1].count++;
    }
    if (!verdict->holds && verdict->actor != HD_ACTOR_NONE &&
        verdict->oracle != HD_ORACLE_DEADLOCK) {
        if (verdict->actor != running)
            begin_segment(engine, the_case, verdict->actor);
        the_case->segments[the_case->segment_count - 1].until = HD_UNTIL_END;
        the_case->segments[the_case->segment_count - 1].count = 0;
    }
}

static void fill_expect(const struct hd_engine *engine, const struct hd_execution *execution,
                        struct hd_case *the_case)
{
    const struct hd_verdict *verdict = &execution->verdict;
    struct hd_expect *expect = &the_case->expects[0];
    unsigned variant = engine->setting.variant;

    the_case->expect_count = 1;
    expect->variant = (uint8_t)variant;
    expect->holds = verdict->holds;
    if (!verdict->holds) {
        snprintf(expect->kind, sizeof expect->kind, "%s", verdict->kind);
        snprintf(expect->site, sizeof expect->site, "%s", verdict->site ? verdict->site : "");
    }
    the_case->has_digest[variant] = true;
    the_case->digest[variant] = execution->digest;
}

enum hd_error hd_case_from_execution(const struct hd_engine *engine,
                                     const struct hd_execution *execution,
                                     struct hd_case **ret_case)
{
    struct hd_case *the_case = hd_alloc_array(1, sizeof *the_case);
    uint32_t room = 1;

    if (!the_case)
        return HD_E_NOMEM;
    for (uint32_t i = 0; i < execution->trace.length; i++)
        room += i == 0 || execution->trace.steps[i].actor != execution->trace.steps[i - 1].actor;
    the_case->segments = hd_alloc_array(room, sizeof *the_case->segments);
    if (!the_case->segments) {
        hd_dealloc(the_case);
        return HD_E_NOMEM;
    }
    the_case->setting = engine->setting;
    fill_segments(engine, execution, the_case);
    fill_expect(engine, execution, the_case);
    *ret_case = the_case;
    return HD_OK;
}
