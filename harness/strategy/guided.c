/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Guided: follows a case's segments, in its own variant or another, and keeps account of those that
 * could not be carried out.
 *
 * A segment runs one actor until its condition holds.  If the actor is blocked or has ended before,
 * the segment is abandoned, not resumed, and the account says why.  After the last: go on.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/assert.h"
#include "heddle/heddle.h"
#include "strategy/default.h"

struct guided {
    struct hd_strategy base; /* first */
    const struct hd_case *the_case;
    const struct hd_engine *engine;
    uint32_t current;  /* segment */
    bool begun;        /* the current one has */
    uint32_t hits;     /* of its landmark when it began */
    uint32_t steps;    /* of its actor when it began */
    uint32_t answered; /* choices, by the current one */
    bool seen[HD_ACTORS_MAX];
    uint32_t report_count;
    struct hd_segment_report reports[]; /* one a segment */
};

static struct guided *guided_of(struct hd_strategy *strategy)
{
    return (struct guided *)strategy;
}

static bool guided_begin(struct hd_strategy *strategy)
{
    struct guided *guided = guided_of(strategy);

    guided->current = guided->report_count = 0;
    guided->begun = false;
    memset(guided->seen, 0, sizeof guided->seen);
    return true;
}

static void begin_segment(struct guided *guided, const struct hd_choice *choice,
                          const struct hd_segment *segment, hd_actor_id actor)
{
    struct hd_segment_report *report = &guided->reports[guided->report_count++];

    *report = (struct hd_segment_report){ .segment = guided->current,
                                          .first_step = choice->trace->length,
                                          .holder = HD_ACTOR_NONE };
    guided->begun = true;
    guided->answered = 0;
    if (actor == HD_ACTOR_NONE)
        return;
    guided->steps = choice->views[actor].steps;
    /* An actor may stand at a landmark before it has taken a step: that entry counts for its first
     * segment. */
    guided->hits = guided->seen[actor] ? choice->views[actor].landmark_hits[segment->landmark] : 0;
    guided->seen[actor] = true;
}

/* An operation that has no object is written without one; a name nobody has given matches nothing.
 */
static bool is_object(const struct guided *guided, const struct hd_segment *segment,
                      hd_object_id object)
{
    if (!*segment->name)
        return object == HD_OBJECT_NONE;
    return object != HD_OBJECT_NONE &&
           object == hd_object_find(guided->engine, segment->name, segment->index);
}

static bool last_step_was(const struct guided *guided, const struct hd_choice *choice,
                          const struct hd_segment *segment, hd_actor_id actor)
{
    const struct hd_trace *trace = choice->trace;
    const struct hd_step *step = trace->length ? &trace->steps[trace->length - 1] : NULL;

    return choice->views[actor].steps > guided->steps && step->actor == actor &&
           step->op == segment->op && step->outcome && is_object(guided, segment, step->object);
}

static bool is_done(const struct guided *guided, const struct hd_choice *choice,
                    const struct hd_segment *segment, hd_actor_id actor)
{
    const struct hd_view *view = &choice->views[actor];
    uint32_t hits = view->landmark_hits[segment->landmark];

    switch (segment->until) {
    case HD_UNTIL_LANDMARK:
        return segment->nth ? hits >= segment->nth : hits > guided->hits;
    case HD_UNTIL_AFTER:
        return last_step_was(guided, choice, segment, actor);
    case HD_UNTIL_BLOCKED:
        return view->state == HD_BLOCKED;
    case HD_UNTIL_END:
        return view->state == HD_ENDED || view->state == HD_IDLE;
    case HD_UNTIL_COUNT:
        return view->steps - guided->steps >= segment->count;
    case HD_UNTIL_CHOICES:
        return guided->answered >= segment->count;
    }
    return true;
}

/* Why the actor, which is not enabled and not where it should be, cannot go on. */
static void account(struct guided *guided, const struct hd_choice *choice,
                    const struct hd_segment *segment, hd_actor_id actor)
{
    struct hd_segment_report *report = &guided->reports[guided->report_count - 1];
    const struct hd_view *view = &choice->views[actor];

    switch (view->state) {
    case HD_ENDED:
    case HD_IDLE:
        report->outcome = segment->until == HD_UNTIL_LANDMARK ? HD_NOT_REACHED : HD_NOT_ENDED;
        break;
    case HD_OFF:
        report->outcome = HD_NOT_PRESENT;
        break;
    default:
        report->outcome = HD_NOT_BLOCKED;
        report->pending = view->pending;
        report->site = view->site;
        report->holder = hd_holder(choice, actor, &report->since);
        break;
    }
}

/* Is the current segment over?  Accounts for it if it could not be carried out. */
static bool is_over(struct guided *guided, const struct hd_choice *choice,
                    const struct hd_segment *segment, hd_actor_id actor)
{
    struct hd_segment_report *report = &guided->reports[guided->report_count - 1];

    if (actor == HD_ACTOR_NONE) {
        report->outcome = HD_NOT_PRESENT;
        return true;
    }
    if (is_done(guided, choice, segment, actor)) {
        if (segment->until == HD_UNTIL_END && choice->views[actor].steps == guided->steps)
            report->outcome = HD_NOTHING_TO_DO;
        return true;
    }
    if (hd_set_has(choice->enabled, actor))
        return false;
    account(guided, choice, segment, actor);
    return true;
}

static hd_actor_id guided_pick(struct hd_strategy *strategy, const struct hd_choice *choice)
{
    struct guided *guided = guided_of(strategy);

    while (guided->current < guided->the_case->segment_count) {
        const struct hd_segment *segment = &guided->the_case->segments[guided->current];
        hd_actor_id actor = hd_engine_actor_find(guided->engine, segment->role, segment->instance);

        if (segment->until == HD_UNTIL_CHOICES && choice->enabled_count == 1)
            return hd_go_on(choice); /* a forced move is no choice */
        if (!guided->begun)
            begin_segment(guided, choice, segment, actor);
        if (!is_over(guided, choice, segment, actor)) {
            guided->answered++;
            return actor;
        }
        guided->current++;
        guided->begun = false;
    }
    return hd_go_on(choice);
}

/* A landmark that was waited for when everything ended was never reached. */
static void guided_end(struct hd_strategy *strategy, const struct hd_trace *trace)
{
    struct guided *guided = guided_of(strategy);
    const struct hd_segment *segment = &guided->the_case->segments[guided->current];

    (void)trace;
    if (guided->begun && segment->until == HD_UNTIL_LANDMARK)
        guided->reports[guided->report_count - 1].outcome = HD_NOT_REACHED;
}

static void guided_free(struct hd_strategy *strategy)
{
    hd_dealloc(strategy);
}

static const struct hd_strategy_ops guided_ops = {
    .name = "guided",
    .sees_forced = true,
    .begin = guided_begin,
    .pick = guided_pick,
    .end = guided_end,
    .free = guided_free,
};

enum hd_error hd_strategy_guided(const struct hd_case *the_case, const struct hd_engine *engine,
                                 struct hd_strategy **ret_strategy)
{
    size_t reports = (size_t)the_case->segment_count * sizeof(struct hd_segment_report);
    struct guided *guided = hd_alloc_array(1, sizeof *guided + reports);

    if (!guided)
        return HD_E_NOMEM;
    guided->base.ops = &guided_ops;
    guided->the_case = the_case;
    guided->engine = engine;
    *ret_strategy = &guided->base;
    return HD_OK;
}

const struct hd_segment_report *hd_guided_reports(const struct hd_strategy *guided,
                                                  uint32_t *ret_count)
{
    const struct guided *g = (const struct guided *)guided;

    HD_ASSERT(guided->ops == &guided_ops);
    *ret_count = g->report_count;
    return g->reports;
}
