/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The Trace Event Format, which Perfetto and chrome://tracing open: a track for each actor with the
 * functions that it is in and the steps that it takes, one above all for who runs, and arrows where
 * one actor lets another go on.
 *
 * Source  "Trace Event Format", Google, the JSON object form: M metadata, X complete events, s and
 *         f the two ends of a flow, i an instant.
 * Time    a step is a microsecond: ts n for step n.  Events of one track must nest, and a parent
 *         must come before what begins with it, so functions are written before steps.
 */
#include "report/formats.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#define PROCESS 1
#define SCHEDULE 1 /* the track of who runs */
#define FIRST_TRACK 2

struct chrome {
    const struct hd_story *story;
    json_t *events;
    uint32_t flows;
    bool ok;
};

static int track_of(hd_actor_id actor)
{
    return FIRST_TRACK + (int)actor;
}

/* Takes the event over. */
static void add(struct chrome *chrome, json_t *event)
{
    if (!event || json_array_append_new(chrome->events, event))
        chrome->ok = false;
}

static void name_track(struct chrome *chrome, int track, const char *name)
{
    add(chrome, json_pack("{s:s,s:s,s:i,s:i,s:{s:s}}", "ph", "M", "name", "thread_name", "pid",
                          PROCESS, "tid", track, "args", "name", name));
    add(chrome, json_pack("{s:s,s:s,s:i,s:i,s:{s:i}}", "ph", "M", "name", "thread_sort_index",
                          "pid", PROCESS, "tid", track, "args", "sort_index", track));
}

static void name_tracks(struct chrome *chrome)
{
    add(chrome, json_pack("{s:s,s:s,s:i,s:{s:s}}", "ph", "M", "name", "process_name", "pid",
                          PROCESS, "args", "name", chrome->story->title));
    name_track(chrome, SCHEDULE, "who runs");
    for (unsigned i = 0; i < chrome->story->actor_count; i++)
        name_track(chrome, track_of((hd_actor_id)i), chrome->story->actors[i].name);
}

static void add_slice(struct chrome *chrome, int track, const char *category, const char *name,
                      uint32_t from, uint32_t to, json_t *arguments)
{
    add(chrome, json_pack("{s:s,s:s,s:s,s:i,s:i,s:I,s:I,s:o*}", "ph", "X", "cat", category, "name",
                          name, "pid", PROCESS, "tid", track, "ts", (json_int_t)from, "dur",
                          (json_int_t)(to - from), "args", arguments));
}

/* The rows in which an actor runs without another in between. */
static void add_runs(struct chrome *chrome)
{
    const struct hd_story *story = chrome->story;
    uint32_t first = 0;

    for (uint32_t i = 1; i <= story->row_count; i++) {
        const struct hd_story_row *row = &story->rows[first], *last = &story->rows[i - 1];
        uint32_t from = row->moment - (row->kind == HD_ROW_STEP);

        if (i < story->row_count && story->rows[i].actor == row->actor)
            continue;
        if (last->moment > from)
            add_slice(chrome, SCHEDULE, "run", story->actors[row->actor].name, from, last->moment,
                      json_pack("{s:b}", "preempts", row->preempts));
        first = i;
    }
}

/* From the function's first step to its last; one in which no step was taken has no length. */
static void add_call(struct chrome *chrome, uint32_t at)
{
    const struct hd_story *story = chrome->story;
    const struct hd_story_row *call = &story->rows[at];
    uint32_t from = HD_STEP_NONE, to = 0;

    for (uint32_t i = at + 1; i < story->row_count; i++) {
        const struct hd_story_row *row = &story->rows[i];

        if (row->actor != call->actor)
            continue;
        if (row->depth <= call->depth)
            break;
        if (row->step == HD_STEP_NONE)
            continue;
        from = from == HD_STEP_NONE ? row->step : from;
        to = row->step + 1;
    }
    if (from == HD_STEP_NONE)
        return;
    add_slice(chrome, track_of(call->actor), "function", call->text, from, to,
              json_pack("{s:s,s:I}", "file", call->site->file, "line",
                        (json_int_t)call->site->line));
}

static void add_step(struct chrome *chrome, const struct hd_story_row *row)
{
    const struct hd_story *story = chrome->story;
    json_t *arguments = json_pack("{s:I,s:s,s:s,s:s?,s:s?}", "step", (json_int_t)row->step, "op",
                                  hd_op_word(row->op), "code", row->text, "object", row->object,
                                  "value", row->value);
    char name[160];

    if (arguments && row->site)
        json_object_update_new(arguments, json_pack("{s:s,s:s,s:I}", "function",
                                                    row->site->function, "file", row->site->file,
                                                    "line", (json_int_t)row->site->line));
    if (arguments && row->holder < story->actor_count)
        json_object_set_new(arguments, row->waited ? "waited for" : "held by",
                            json_string(hd_story_actor_name(story, row->holder)));
    snprintf(name, sizeof name, "%s%s%s%s", hd_op_word(row->op), row->object ? " " : "",
             row->object ? row->object : "", row->failed ? " fails" : "");
    add_slice(chrome, track_of(row->actor), row->wrong ? "step,wrong" : "step", name, row->step,
              row->step + 1, arguments);
}

/* An arrow from one step to another.  Each end binds to the slice around it, so both lie within. */
static void add_flow(struct chrome *chrome, const char *name, const struct hd_step *steps,
                     uint32_t from, uint32_t to)
{
    json_int_t id = (json_int_t)++chrome->flows;

    add(chrome, json_pack("{s:s,s:s,s:s,s:I,s:i,s:i,s:f}", "ph", "s", "cat", "flow", "name", name,
                          "id", id, "pid", PROCESS, "tid", track_of(steps[from].actor), "ts",
                          from + 0.9));
    add(chrome, json_pack("{s:s,s:s,s:s,s:s,s:I,s:i,s:i,s:f}", "ph", "f", "bp", "e", "cat", "flow",
                          "name", name, "id", id, "pid", PROCESS, "tid",
                          track_of(steps[to].actor), "ts", to + 0.1));
}

/* Who gives the word to whom; and whose step a waiting or failing one depended on. */
static void add_flows(struct chrome *chrome)
{
    const struct hd_story *story = chrome->story;
    const struct hd_step *steps = story->report->execution->trace.steps;
    bool preempts = false;

    for (uint32_t i = 0; i < story->row_count; i++) {
        const struct hd_story_row *row = &story->rows[i];
        bool wakes = row->waited || row->op == HD_OP_WAIT || row->op == HD_OP_AWAIT ||
                     row->op == HD_OP_SERVE || row->op == HD_OP_RCU_WAIT;

        preempts = row->switched ? row->preempts : preempts;
        if (row->kind != HD_ROW_STEP)
            continue;
        if (row->step > 0 && steps[row->step - 1].actor != row->actor)
            add_flow(chrome, preempts ? "preemption" : "hand-over", steps, row->step - 1,
                     row->step);
        if (row->sees != HD_STEP_NONE && (wakes || row->failed || row->wrong))
            add_flow(chrome, wakes ? "wake" : "conflict", steps, row->sees, row->step);
    }
}

static void add_verdict(struct chrome *chrome)
{
    const struct hd_story *story = chrome->story;
    const struct hd_verdict *verdict = story->verdict;

    if (verdict->holds)
        return;
    add(chrome,
        json_pack("{s:s,s:s,s:s,s:s,s:i,s:i,s:I,s:{s:s?,s:s?}}", "ph", "i", "s", "g", "cat",
                  "wrong", "name", verdict->kind, "pid", PROCESS, "tid",
                  verdict->actor < story->actor_count ? track_of(verdict->actor) : SCHEDULE, "ts",
                  (json_int_t)verdict->step, "args", "detail", verdict->detail, "site",
                  verdict->site));
}

static json_t *trace_of(struct chrome *chrome)
{
    const struct hd_story *story = chrome->story;
    char digest[17];

    name_tracks(chrome);
    add_runs(chrome);
    for (uint32_t i = 0; i < story->row_count; i++)
        if (story->rows[i].kind == HD_ROW_CALL)
            add_call(chrome, i);
    for (uint32_t i = 0; i < story->row_count; i++)
        if (story->rows[i].kind == HD_ROW_STEP)
            add_step(chrome, &story->rows[i]);
    add_flows(chrome);
    add_verdict(chrome);
    snprintf(digest, sizeof digest, "%016" PRIx64, story->report->execution->digest);
    return json_pack("{s:O,s:s,s:{s:s,s:s,s:s,s:s}}", "traceEvents", chrome->events,
                     "displayTimeUnit", "ns", "otherData", "tool", "heddle " HD_VERSION,
                     "scenario", story->scenario->name, "variant", story->variant->name, "digest",
                     digest);
}

enum hd_error hd_format_chrome(const struct hd_story *story, FILE *out)
{
    struct chrome chrome = { .story = story, .events = json_array(), .ok = true };
    json_t *trace = trace_of(&chrome);
    enum hd_error error = chrome.ok && trace ? HD_OK : HD_E_NOMEM;

    if (!error && json_dumpf(trace, out, JSON_COMPACT))
        error = ferror(out) ? HD_E_IO : HD_E_NOMEM;
    if (!error)
        fputc('\n', out);
    json_decref(trace);
    json_decref(chrome.events);
    return error;
}
